//! ODT (OASIS OpenDocument 1.x text): the text as it stands with all tracked changes accepted.
//!
//! What was deleted lies apart and is left out, as are comments and hidden text. Table cells are blocks; footnotes
//! and endnotes follow the body; headers, footers and tables of contents are boilerplate. White space is collapsed
//! as the standard says, but for what `text:s` and `text:tab` write out. [OpenDocument 1.3 part 3, 6.1.2]
//! The place of a word is its paragraph's number in the file's order and its column in the paragraph.

use super::{
    Builder, DocumentError, Read,
    package::{Package, Xml, XmlError, attribute, local, resolved},
};
use crate::model::BlockKind;
use quick_xml::events::{BytesStart, Event};
use std::collections::{HashMap, HashSet};

/// Text documents, their templates and master documents all begin so.
const MIME: &str = "application/vnd.oasis.opendocument.text";

/// The most spaces one `text:s` stands for.
const MOST_SPACES: usize = 1000;

/// The package says that it is an OpenDocument text.
pub(super) fn is(package: &mut Package) -> Result<bool, DocumentError> {
    if package.holds("mimetype") {
        return Ok(package.part("mimetype")?.is_some_and(|kind| kind.trim().starts_with(MIME)));
    }
    // Some tools leave the type out.
    Ok(package.holds("content.xml") && package.holds("META-INF/manifest.xml"))
}

pub(super) fn read(mut package: Package) -> Result<Read, DocumentError> {
    if package.part("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains(":encryption-data")) {
        return Err(DocumentError::Unsupported {
            name: package.name.to_owned(),
            what: "protected by a password (save it without one)",
        });
    }
    let styles_xml = package.part("styles.xml")?.unwrap_or_default();
    let Some(content) = package.part("content.xml")? else {
        return Err(package.damaged("content.xml", "there is no such part"));
    };
    let mut styles = Styles::default();
    styles.read(&styles_xml).map_err(|error| package.damaged("styles.xml", error))?;
    styles.read(&content).map_err(|error| package.damaged("content.xml", error))?;
    let mut body = Body { styles, ..Body::default() };
    body.read(&content, "body", None).map_err(|error| package.damaged("content.xml", error))?;
    for note in std::mem::take(&mut body.notes) {
        body.put(note, BlockKind::Running);
    }
    let edges = Some(BlockKind::Boilerplate);
    body.read(&styles_xml, "master-styles", edges).map_err(|error| package.damaged("styles.xml", error))?;
    Ok(body.builder.finish())
}

/// What the styles say of their paragraphs and spans.
#[derive(Debug, Default)]
struct Styles {
    kinds: HashMap<String, BlockKind>,
    parents: HashMap<String, String>,
    hidden: HashSet<String>,
}

impl Styles {
    fn read(&mut self, xml: &str) -> Result<(), XmlError> {
        let mut reader = Xml::new(xml);
        let mut open = String::new();
        loop {
            match reader.next()? {
                Event::Start(element) | Event::Empty(element) => match local(&element).as_str() {
                    "style" => {
                        open = attribute(&element, "name").unwrap_or_default();
                        let outline =
                            attribute(&element, "default-outline-level").is_some_and(|level| !level.is_empty());
                        let kind = if outline { Some(BlockKind::Heading) } else { style_kind(&open) };
                        self.kinds.extend(kind.map(|kind| (open.clone(), kind)));
                        let parent = attribute(&element, "parent-style-name");
                        self.parents.extend(parent.map(|parent| (open.clone(), parent)));
                    }
                    "text-properties" if attribute(&element, "display").is_some_and(|value| value == "none") => {
                        self.hidden.insert(open.clone());
                    }
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// What the style is, or the style it is based on.
    fn kind(&self, name: &str) -> Option<BlockKind> {
        // Chains are short; a circle ends all the same.
        let chain = std::iter::successors(Some(name), |name| self.parents.get(*name).map(String::as_str)).take(8);
        chain.into_iter().find_map(|name| self.kinds.get(name).copied().or_else(|| style_kind(name)))
    }
}

/// What a style's own name says; LibreOffice writes a space as `_20_`.
fn style_kind(name: &str) -> Option<BlockKind> {
    let name = name.replace("_20_", "").to_lowercase();
    if name == "title" || name == "subtitle" || name.strip_prefix("heading").is_some_and(|rest| rest.len() <= 2) {
        Some(BlockKind::Heading)
    } else if name == "quotations" || name.ends_with("quote") {
        Some(BlockKind::Quote)
    } else if name.starts_with("contents") && name != "contentsheading" {
        Some(BlockKind::Boilerplate)
    } else {
        None
    }
}

/// An open paragraph. A text box or a note opens another one inside.
#[derive(Debug)]
struct Paragraph {
    number: usize,
    text: String,
    kind: Option<BlockKind>,
    /// White space that follows counts for nothing: the paragraph began, or white space came before.
    spaced: bool,
}

#[derive(Default)]
struct Body {
    builder: Builder,
    styles: Styles,
    /// How many paragraphs began so far.
    paragraph: usize,
    /// The paragraphs of notes, to follow the body.
    notes: Vec<Paragraph>,
}

/// How deep the reader is in elements of each kind.
#[derive(Debug, Default)]
struct Depth {
    items: usize,
    cells: usize,
    indexes: usize,
    notes: usize,
}

impl Depth {
    fn of(&mut self, name: &str) -> Option<&mut usize> {
        match name {
            "list-item" => Some(&mut self.items),
            "table-cell" => Some(&mut self.cells),
            "index-body" => Some(&mut self.indexes),
            "note-body" => Some(&mut self.notes),
            _ => None,
        }
    }
}

impl Body {
    /// Reads what lies in the element `within`. `all` is what every paragraph there is, where that is known.
    fn read(&mut self, xml: &str, within: &str, all: Option<BlockKind>) -> Result<(), XmlError> {
        let mut reader = Xml::new(xml);
        let mut open: Vec<Paragraph> = Vec::new();
        let mut depth = Depth::default();
        let mut inside = false;
        // Elements open since one whose text is left out, that one included.
        let mut skipped = 0usize;
        loop {
            let event = reader.next()?;
            match &event {
                Event::Start(element) | Event::Empty(element) => {
                    let empty = matches!(event, Event::Empty(_));
                    let name = element.local_name();
                    let name: &str = name.as_ref();
                    inside |= name == within && !empty;
                    if !inside {
                        continue;
                    }
                    if skipped > 0 || self.is_skipped(name, element) {
                        skipped += usize::from(!empty);
                        continue;
                    }
                    if !empty && let Some(depth) = depth.of(name) {
                        *depth += 1;
                    }
                    match name {
                        "p" | "h" => {
                            self.paragraph += 1;
                            if !empty {
                                let style = attribute(element, "style-name").unwrap_or_default();
                                let kind =
                                    if name == "h" { Some(BlockKind::Heading) } else { self.styles.kind(&style) };
                                let number = self.paragraph;
                                open.push(Paragraph { number, text: String::new(), kind, spaced: true });
                            }
                        }
                        "s" => {
                            let count = attribute(element, "c").and_then(|count| count.parse().ok()).unwrap_or(1);
                            written(&mut open, &" ".repeat(usize::min(count, MOST_SPACES)));
                        }
                        "tab" => written(&mut open, "\t"),
                        "line-break" => written(&mut open, "\n"),
                        _ => {}
                    }
                }
                Event::End(_) if skipped > 0 => skipped -= 1,
                Event::End(element) if inside => {
                    let name = element.local_name();
                    let name: &str = name.as_ref();
                    if name == within {
                        inside = false;
                    }
                    if let Some(depth) = depth.of(name) {
                        *depth = depth.saturating_sub(1);
                    }
                    if matches!(name, "p" | "h")
                        && let Some(paragraph) = open.pop()
                    {
                        self.close(paragraph, all, &depth);
                    }
                }
                Event::Text(text) if skipped == 0 => collapsed(&mut open, text),
                Event::CData(text) if skipped == 0 => collapsed(&mut open, text),
                Event::GeneralRef(reference) if skipped == 0 => {
                    collapsed(&mut open, resolved(reference)?.encode_utf8(&mut [0; 4]));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        while let Some(paragraph) = open.pop() {
            self.close(paragraph, all, &depth);
        }
        Ok(())
    }

    /// Elements whose text is not the document's: deleted, remarked, hidden, there twice.
    fn is_skipped(&self, name: &str, element: &BytesStart) -> bool {
        let names = [
            "tracked-changes",
            "annotation",
            "note-citation",
            "covered-table-cell",
            "ruby-text",
            "hidden-text",
            "forms",
            "scripts",
            "title",
            "desc",
        ];
        if names.contains(&name) || name.ends_with("-source") {
            return true;
        }
        let hides = |key: &str, value: &str| attribute(element, key).is_some_and(|found| found == value);
        let style = || attribute(element, "style-name").is_some_and(|style| self.styles.hidden.contains(&style));
        match name {
            "section" => hides("display", "none"),
            "hidden-paragraph" => hides("is-hidden", "true"),
            "span" | "p" | "h" => style(),
            _ => false,
        }
    }

    fn close(&mut self, paragraph: Paragraph, all: Option<BlockKind>, depth: &Depth) {
        if depth.notes > 0 {
            self.notes.push(paragraph);
            return;
        }
        // A page number alone is no text.
        if all == Some(BlockKind::Boilerplate) && !paragraph.text.contains(char::is_alphabetic) {
            return;
        }
        let kind = match (all, paragraph.kind) {
            (Some(kind), _) => kind,
            _ if depth.indexes > 0 => BlockKind::Boilerplate,
            (None, Some(kind)) => kind,
            (None, None) if depth.items > 0 => BlockKind::List,
            (None, None) if depth.cells > 0 => BlockKind::Running,
            (None, None) => BlockKind::Plain,
        };
        self.put(paragraph, kind);
    }

    fn put(&mut self, paragraph: Paragraph, kind: BlockKind) {
        let trimmed = paragraph.text.trim_start();
        let column = paragraph.text[..paragraph.text.len() - trimmed.len()].chars().count() + 1;
        self.builder.push(trimmed, paragraph.number, column);
        self.builder.close(kind);
    }
}

/// Appends text whose white space counts.
fn written(open: &mut [Paragraph], text: &str) {
    if let Some(paragraph) = open.last_mut() {
        paragraph.text.push_str(text);
        paragraph.spaced = false;
    }
}

/// Appends text whose runs of white space are one space, and none at the start of a paragraph.
fn collapsed(open: &mut [Paragraph], text: &str) {
    let Some(paragraph) = open.last_mut() else { return };
    for c in text.chars() {
        if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            paragraph.text.push(c);
            paragraph.spaced = false;
        } else if !paragraph.spaced {
            paragraph.text.push(' ');
            paragraph.spaced = true;
        }
    }
}

#[cfg(test)]
mod tests;
