//! Where a finding stands: from bytes of a document's text to lines and columns of its file.

use crate::{
    lang::Language,
    model::{Anchor, Document, Finding, Fix, SourceMap},
    text::{LineIndex, Position, Span},
};
use jiff::Timestamp;
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// A document as far as reports need it, with its lines indexed once.
#[derive(Debug)]
pub struct Source {
    /// The file as the user named it.
    pub name: String,
    pub language: Language,
    pub text: Arc<str>,
    map: SourceMap,
    lines: LineIndex,
    /// Code points before every `STEP`th byte, so that a column in a line of any length is found at once.
    counts: Vec<usize>,
}

const STEP: usize = 1024;

impl Source {
    pub fn new(name: impl Into<String>, language: Language, text: impl Into<Arc<str>>, map: SourceMap) -> Source {
        let text = text.into();
        let mut total = 0;
        let mut counts = vec![0];
        for block in text.as_bytes().chunks(STEP) {
            total += code_points(block);
            counts.push(total);
        }
        Source { name: name.into(), language, lines: LineIndex::new(&text), text, map, counts }
    }

    /// Code points before byte `offset`.
    fn count(&self, offset: usize) -> usize {
        let block = offset / STEP;
        self.counts[block] + code_points(&self.text.as_bytes()[block * STEP..offset])
    }

    /// Line and column of the file for byte `offset` of the text; an offset past the end counts as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.lines.line_of(offset);
        let start = self.lines.line(&self.text, line).map_or(0, |span| span.start);
        let within = |from: usize| self.count(offset) - self.count(from);
        let SourceMap::Anchors(anchors) = &self.map else {
            return Position { line, column: within(start) + 1 };
        };
        let after = anchors.partition_point(|anchor| anchor.text <= offset);
        let Some(anchor) = after.checked_sub(1).map(|at| anchors[at]) else {
            let first = anchors.first().copied().unwrap_or(Anchor { text: 0, line, column: 1 });
            return Position { line: first.line, column: first.column };
        };
        match self.lines.line_of(anchor.text) {
            same if same == line => Position { line: anchor.line, column: anchor.column + within(anchor.text) },
            above => Position { line: anchor.line + (line - above), column: within(start) + 1 },
        }
    }

    /// The bytes of the text's line that byte `offset` stands in, without the line end.
    pub(super) fn line_at(&self, offset: usize) -> Span {
        let whole = Span::new(0, self.text.len());
        self.lines.line(&self.text, self.lines.line_of(offset)).unwrap_or(whole)
    }
}

impl From<&Document> for Source {
    fn from(document: &Document) -> Source {
        Source::new(document.name.clone(), document.language, document.text.as_str(), document.map.clone())
    }
}

fn code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// A finding with its place in a file.
#[derive(Debug, Clone)]
pub struct Located {
    pub finding: Finding,
    pub source: Arc<Source>,
    /// From 1, of the file.
    pub line: usize,
    /// From 1, in code points.
    pub column: usize,
    pub end_line: usize,
    /// One past the last.
    pub end_column: usize,
    /// In the document's text, which for a txt is the file.
    pub byte_start: usize,
    pub byte_end: usize,
    /// What stands on the other side of the bead, where a pair was checked.
    pub counterpart: Option<Counterpart>,
    /// The sentence it stands in, where that is known: bytes of the document's text.
    pub sentence: Option<Span>,
    /// Eight hexadecimal digits that stay while its sentence does; empty where nobody gave it any.
    pub id: String,
    /// A person lets it stand.
    pub accepted: Option<Arc<Accepted>>,
}

/// Why a finding is let stand, by whom and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    pub reason: String,
    pub who: String,
    pub date: Timestamp,
}

/// The text a finding's segment is a translation of, or is translated by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterpart {
    pub language: Language,
    pub text: String,
}

impl Located {
    /// The marked stretch of text.
    pub fn surface(&self) -> &str {
        self.source.text.get(self.byte_start..self.byte_end).unwrap_or_default()
    }

    /// The sentence it stands in, else the line.
    pub fn sentence_text(&self) -> &str {
        let sentence = self.sentence.unwrap_or_else(|| self.source.line_at(self.byte_start));
        self.source.text.get(sentence.range()).unwrap_or_default()
    }

    /// What is to stand there, where that is certain.
    pub fn certain_fix(&self) -> Option<&Fix> {
        self.finding.fix.as_ref().filter(|fix| fix.certain)
    }

    pub fn with_counterpart(mut self, language: Language, text: impl Into<String>) -> Located {
        self.counterpart = Some(Counterpart { language, text: text.into() });
        self
    }
}

/// The place of `finding` in the document of its language; `None` where `sources` has no such language.
///
/// A span that goes past the text or into the middle of a character is drawn back to the nearest character
/// boundary before.
pub fn locate(finding: Finding, sources: &BTreeMap<Language, Arc<Source>>) -> Option<Located> {
    let source = Arc::clone(sources.get(&finding.place.language)?);
    let boundary = |offset: usize| {
        let mut at = offset.min(source.text.len());
        while !source.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let Span { start, end } = finding.place.span;
    let (byte_start, byte_end) = (boundary(start), boundary(end.max(start)));
    let (from, to) = (source.position(byte_start), source.end_position(byte_start, byte_end));
    Some(Located {
        line: from.line,
        column: from.column,
        end_line: to.line,
        end_column: to.column,
        byte_start,
        byte_end,
        counterpart: None,
        sentence: None,
        id: String::new(),
        accepted: None,
        finding,
        source,
    })
}

impl Source {
    /// One past the last character of a stretch. The end of one block may be the start of the next one's
    /// anchor, so it is told from the last character itself.
    fn end_position(&self, start: usize, end: usize) -> Position {
        let Some(last) = self.text[start..end].chars().next_back() else { return self.position(start) };
        match (last, self.position(end - last.len_utf8())) {
            ('\n', at) => Position { line: at.line + 1, column: 1 },
            (_, at) => Position { line: at.line, column: at.column + 1 },
        }
    }
}

/// Puts findings in the order of their files' names, then of their places, then of the rules.
pub fn sort(findings: &mut [Located]) {
    findings.sort_by(|a, b| {
        let key = |l: &Located| (l.line, l.column, l.end_line, l.end_column, l.finding.rule);
        a.source.name.cmp(&b.source.name).then_with(|| key(a).cmp(&key(b)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Level, Place, Rule},
        report::tests::finding,
    };
    use proptest::prelude::*;

    fn located(text: &str, map: SourceMap, start: usize, end: usize) -> Located {
        let source = Arc::new(Source::new("x.txt", Language::AZ, text, map));
        let place = Place { language: Language::AZ, span: Span { start, end } };
        let finding = Finding { place, ..finding(Rule::ForbiddenTerm, Level::Error, "x") };
        locate(finding, &BTreeMap::from([(Language::AZ, source)])).unwrap()
    }

    fn place(l: &Located) -> (usize, usize, usize, usize) {
        (l.line, l.column, l.end_line, l.end_column)
    }

    #[test]
    fn the_text_is_the_file() {
        let text = "Şəki\nMilli Məclis\n";
        let at = text.find("Məclis").unwrap();
        let found = located(text, SourceMap::Same, at, at + "Məclis".len());
        assert_eq!(place(&found), (2, 7, 2, 13));
        assert_eq!((found.byte_start, found.byte_end, found.surface()), (at, at + 7, "Məclis"));
        assert_eq!(place(&located(text, SourceMap::Same, 0, text.len())), (1, 1, 3, 1));
        assert_eq!(place(&located("", SourceMap::Same, 0, 0)), (1, 1, 1, 1));
    }

    #[test]
    fn the_text_was_taken_out_of_a_file() {
        // Two cells of a bilingual table, and a paragraph that runs over two lines of the file.
        let text = "Bakı\nGəncə\nbir\niki\n";
        let anchor = |text, line, column| Anchor { text, line, column };
        let map = SourceMap::Anchors(vec![anchor(0, 2, 5), anchor(6, 3, 9), anchor(14, 7, 1)]);
        assert_eq!(place(&located(text, map.clone(), 0, 5)), (2, 5, 2, 9));
        let gence = text.find("Gəncə").unwrap();
        assert_eq!(place(&located(text, map.clone(), gence, gence + 7)), (3, 9, 3, 14));
        assert_eq!(place(&located(text, map.clone(), 14, 17)), (7, 1, 7, 4));
        assert_eq!(place(&located(text, map.clone(), 18, 21)), (8, 1, 8, 4));
        assert_eq!(place(&located(text, SourceMap::Anchors(vec![]), 6, 7)), (2, 1, 2, 2));
    }

    #[test]
    fn a_span_outside_the_text_is_drawn_back() {
        assert_eq!(place(&located("Şəki", SourceMap::Same, 1, 90)), (1, 1, 1, 5));
    }

    #[test]
    fn a_finding_in_a_language_without_source_has_no_place() {
        let place = Place { language: Language::RU, span: Span::new(0, 0) };
        let finding = Finding { place, ..finding(Rule::ForbiddenTerm, Level::Error, "x") };
        assert!(locate(finding, &BTreeMap::new()).is_none());
    }

    proptest! {
        #[test]
        fn positions_agree_with_the_line_index(words in prop::collection::vec("[aəж漢\n ]{0,400}", 0..8)) {
            let text = words.concat();
            let source = Source::new("x", Language::AZ, text.as_str(), SourceMap::Same);
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices() {
                prop_assert_eq!(source.position(offset), index.position(&text, offset));
            }
            prop_assert_eq!(source.position(text.len()), index.position(&text, text.len()));
        }
    }
}
