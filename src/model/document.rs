//! A document as read: its text, the blocks it falls into, and the way back to the file.

use crate::{lang::Language, text::Span};
use serde::{Deserialize, Serialize};

/// One text in one language.
///
/// `text` is what people read: for txt the decoded file with LF line ends and no byte order mark; for md, html
/// and docx the text without markup, one block after the other. `blocks` are in order and do not overlap; what
/// lies between them is white space or markers (a list's bullet, a table's bars).
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The file's path as the user gave it, or a name for what came otherwise.
    pub name: String,
    pub language: Language,
    pub text: String,
    pub blocks: Vec<Block>,
    pub map: SourceMap,
}

/// A stretch of a document that no segment crosses: a paragraph, a heading, a list item, a table cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub span: Span,
    pub kind: BlockKind,
}

/// What the format itself says of a block; `Plain` where it says nothing and the text must tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BlockKind {
    #[default]
    Plain,
    /// Running text for certain: no heading, list or footer is looked for in it.
    Running,
    Heading,
    List,
    Quote,
    Boilerplate,
}

/// The way from a document's text back to the file it was read from, for lines and columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SourceMap {
    /// The text is the file, line for line and column for column.
    #[default]
    Same,
    /// The text from each anchor on stands at the anchor's position in the file. Sorted by `text`.
    Anchors(Vec<Anchor>),
}

/// From byte `text` of the document's text on, the file is at `line` and `column` (from 1, in code points).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    pub text: usize,
    pub line: usize,
    pub column: usize,
}

/// What a segment is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Heading,
    Body,
    List,
    Quote,
    /// Footers, copyright lines, navigation: aligned only among themselves, never stored.
    Boilerplate,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Heading => "heading",
            Kind::Body => "body",
            Kind::List => "list",
            Kind::Quote => "quote",
            Kind::Boilerplate => "boilerplate",
        }
    }
}

/// A sentence, heading or list item: what a translator translates at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it stands in the document's text.
    pub span: Span,
    /// The exact slice.
    pub text: String,
    pub kind: Kind,
    /// The paragraph it belongs to, counted from 1 through the document.
    pub paragraph: usize,
}

impl Segment {
    /// The segment as two, parted at byte `at` of its text, without the white space there; nothing where one of them
    /// would be empty or `at` is no boundary of a character.
    pub fn parted(&self, at: usize) -> Option<(Segment, Segment)> {
        let (left, right) = (self.text.get(..at)?.trim_end(), self.text.get(at..)?.trim_start());
        if left.trim_start().is_empty() || right.trim_end().is_empty() {
            return None;
        }
        let part = |from: usize, text: &str| Segment {
            span: Span::new(self.span.start + from, self.span.start + from + text.len()),
            text: text.to_owned(),
            ..self.clone()
        };
        Some((part(0, left), part(self.text.len() - right.len(), right)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_slices_of_the_document() {
        let text = "Bir. Doors open; guests arrive.";
        let whole = Segment { span: Span::new(5, 31), text: text[5..].to_owned(), kind: Kind::Body, paragraph: 2 };
        let (left, right) = whole.parted(12).unwrap();
        assert_eq!((left.text.as_str(), right.text.as_str()), ("Doors open;", "guests arrive."));
        assert_eq!((left.span.of(text), right.span.of(text)), (left.text.as_str(), right.text.as_str()));
        assert_eq!((right.paragraph, whole.parted(11)), (2, Some((left, right))));
        assert!([0, 26, 27].iter().all(|at| whole.parted(*at).is_none()));
        let letters = Segment { span: Span::new(0, 4), text: "əə".to_owned(), ..whole };
        assert!(letters.parted(1).is_none() && letters.parted(2).is_some());
    }
}
