//! Boilerplate by recurrence: lines at the beginning or the end of most documents of one folder in one language,
//! such as the service's address or `About the Service`, say nothing of their own document.

use crate::{
    lang::Language,
    model::{Document, Kind, Segment},
};
use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

/// Fewer documents than this, in one language, tell nothing.
const FEWEST_DOCUMENTS: usize = 3;
/// How many paragraphs are looked at from either end of a document.
const EDGE: usize = 12;
/// A longer paragraph, in bytes, is looked at no closer.
const LONGEST: usize = 2000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    Start,
    Finish,
}

/// The lines at the ends of the documents of one folder: how many documents have each.
#[derive(Debug, Default)]
pub struct Recurrence {
    sizes: HashMap<Language, usize>,
    counts: HashMap<(Language, End, Line), usize>,
}

/// What a line has in common with its like in other documents, as a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Line(u64);

/// The lines at the ends of one document, from the end inwards.
#[derive(Debug)]
pub struct Edges {
    language: Language,
    start: Vec<Option<Line>>,
    finish: Vec<Option<Line>>,
}

impl Edges {
    pub fn of(document: &Document, segments: &[Segment]) -> Edges {
        let paragraphs = by_paragraph(segments);
        let line = |range: &Range<usize>| line(document, &segments[range.clone()]);
        Edges {
            language: document.language,
            start: paragraphs.iter().take(EDGE).map(line).collect(),
            finish: paragraphs.iter().rev().take(EDGE).map(line).collect(),
        }
    }
}

impl Recurrence {
    /// Counts the lines of one document.
    pub fn add(&mut self, edges: &Edges) {
        *self.sizes.entry(edges.language).or_default() += 1;
        for (end, lines) in [(End::Start, &edges.start), (End::Finish, &edges.finish)] {
            for line in lines.iter().flatten().collect::<HashSet<_>>() {
                *self.counts.entry((edges.language, end, *line)).or_default() += 1;
            }
        }
    }

    /// Turns the paragraphs that recur at one end of more than half of the documents of their language, and of
    /// [`FEWEST_DOCUMENTS`] at least, into boilerplate, each one segment. Numbers may differ (`© 2023`, `© 2024`).
    /// Paragraphs count from the end inwards, up to the first that is neither recurring nor boilerplate anyway; a
    /// document that would lose more than half of its paragraphs is a copy of the others, and is left as it is.
    pub fn mark(&self, document: &Document, edges: &Edges, segments: &mut Vec<Segment>) {
        let size = self.sizes.get(&document.language).copied().unwrap_or_default();
        if size < FEWEST_DOCUMENTS {
            return;
        }
        let paragraphs = by_paragraph(segments);
        let is_footer = |at: usize| segments[paragraphs[at].start].kind == Kind::Boilerplate;
        let recurs = |end: End, line: &Option<Line>| {
            let Some(line) = line else { return false };
            let count = self.counts.get(&(document.language, end, *line)).copied().unwrap_or_default();
            count >= FEWEST_DOCUMENTS && 2 * count > size
        };
        let mut found: HashSet<usize> = HashSet::new();
        let mut look = |end: End, lines: &[Option<Line>], order: &mut dyn Iterator<Item = usize>| {
            let kept = order.zip(lines).map(|(at, line)| (at, recurs(end, line)));
            let kept = kept.take_while(|(at, recurs)| *recurs || is_footer(*at));
            found.extend(kept.filter(|(_, recurs)| *recurs).map(|(at, _)| at));
        };
        look(End::Start, &edges.start, &mut (0..paragraphs.len()));
        look(End::Finish, &edges.finish, &mut (0..paragraphs.len()).rev());
        let new = found.iter().filter(|at| !is_footer(**at)).count();
        if !found.is_empty() && 2 * new <= paragraphs.len() {
            *segments = joined(document, segments, &paragraphs, &found);
        }
    }
}

/// Marks the recurring lines of documents held together; `segments` are those of the documents, in the same order.
pub fn mark_recurring(documents: &[&Document], segments: &mut [Vec<Segment>]) {
    let mut recurrence = Recurrence::default();
    let edges: Vec<Edges> = documents.iter().zip(segments.iter()).map(|(d, s)| Edges::of(d, s)).collect();
    edges.iter().for_each(|edges| recurrence.add(edges));
    for ((document, segments), edges) in documents.iter().zip(segments).zip(&edges) {
        recurrence.mark(document, edges, segments);
    }
}

/// The segments of each paragraph.
fn by_paragraph(segments: &[Segment]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (n, segment) in segments.iter().enumerate() {
        match out.last_mut() {
            Some(range) if segments[range.start].paragraph == segment.paragraph => range.end = n + 1,
            _ => out.push(n..n + 1),
        }
    }
    out
}

fn text<'d>(document: &'d Document, paragraph: &[Segment]) -> &'d str {
    let (Some(first), Some(last)) = (paragraph.first(), paragraph.last()) else { return "" };
    &document.text[first.span.start..last.span.end]
}

/// What a paragraph has in common with its like in other documents; `None` for one too long or without letters.
fn line(document: &Document, paragraph: &[Segment]) -> Option<Line> {
    let text = text(document, paragraph);
    if text.len() > LONGEST || !text.contains(char::is_alphabetic) {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    let mut after_digit = false;
    for c in document.language.key(text).chars() {
        let digit = c.is_numeric();
        match digit {
            true if after_digit => {}
            true => '#'.hash(&mut hasher),
            false => c.hash(&mut hasher),
        }
        after_digit = digit;
    }
    Some(Line(hasher.finish()))
}

fn joined(
    document: &Document,
    segments: &[Segment],
    paragraphs: &[Range<usize>],
    found: &HashSet<usize>,
) -> Vec<Segment> {
    let mut out = Vec::with_capacity(segments.len());
    for (n, range) in paragraphs.iter().enumerate() {
        let paragraph = &segments[range.clone()];
        match paragraph.first() {
            Some(first) if found.contains(&n) => {
                let text = text(document, paragraph).to_owned();
                let mut span = first.span;
                span.end = span.start + text.len();
                out.push(Segment { span, text, kind: Kind::Boilerplate, paragraph: first.paragraph });
            }
            _ => out.extend_from_slice(paragraph),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Block, BlockKind, SourceMap},
        segment::{Rules, segment},
        text::Span,
    };

    fn document(language: Language, text: &str) -> Document {
        let mut blocks = Vec::new();
        for line in text.split_inclusive('\n') {
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            blocks.push(Block { span: Span::new(start, start + line.len()), kind: BlockKind::Plain });
        }
        Document { name: "x".to_owned(), language, text: text.to_owned(), blocks, map: SourceMap::Same }
    }

    /// The boilerplate of each document, and how many other segments it has.
    fn marked(documents: &[Document]) -> Vec<(Vec<String>, usize)> {
        let mut segments: Vec<Vec<Segment>> =
            documents.iter().map(|document| segment(document, Rules::of(document.language))).collect();
        mark_recurring(&documents.iter().collect::<Vec<_>>(), &mut segments);
        segments
            .into_iter()
            .map(|segments| {
                let (boilerplate, body): (Vec<_>, Vec<_>) =
                    segments.into_iter().partition(|segment| segment.kind == Kind::Boilerplate);
                (boilerplate.into_iter().map(|segment| segment.text).collect(), body.len())
            })
            .collect()
    }

    const ABOUT: &str = "The Service is an office of the state. It was founded in 2007.";

    fn release(n: usize) -> String {
        let subjects = ["new centre", "mobile office", "call centre", "school of law"];
        let subject = subjects[n % subjects.len()];
        format!(
            "News of the Service\nThe Service opens a {subject}\nThe {subject} was opened on {n} March. It is the first one.\n\
             Visitors of the {subject} are welcome.\nBackground\nThere was no {subject} before.\n{ABOUT}\nCall 919 or 12 {n}"
        )
    }

    #[test]
    fn lines_at_the_ends_of_most_documents() {
        let mut documents: Vec<_> = (0..4).map(|n| document(Language::EN, &release(n))).collect();
        documents.push(document(Language::EN, "A letter\nThis one is of another kind. It has no lines of theirs."));
        // Another language is another matter.
        documents.push(document(Language::AZ, &format!("Məktub\nBu başqa məktubdur.\n{ABOUT}")));
        let got = marked(&documents);
        for (n, (boilerplate, body)) in got[..4].iter().enumerate() {
            assert_eq!(*boilerplate, ["News of the Service", ABOUT, &format!("Call 919 or 12 {n}")]);
            assert_eq!(*body, 6, "`Background` recurs too, but not at an end");
        }
        assert_eq!(got[4].0, Vec::<String>::new());
        assert_eq!(got[5].0, Vec::<String>::new());
    }

    #[test]
    fn two_documents_tell_nothing_nor_do_copies() {
        let two: Vec<_> = (0..2).map(|n| document(Language::EN, &release(n))).collect();
        assert!(marked(&two).iter().all(|(boilerplate, _)| boilerplate.is_empty()));
        let copies: Vec<_> = (0..4).map(|_| document(Language::EN, &release(1))).collect();
        assert!(marked(&copies).iter().all(|(boilerplate, _)| boilerplate.is_empty()));
        // Lines that only a few of many share.
        let mut few: Vec<_> = (0..3).map(|n| document(Language::EN, &release(n))).collect();
        few.extend(
            (0..3).map(|n| document(Language::EN, &format!("Letter {n} of {}\nIt is short.", ["a", "b", "c"][n]))),
        );
        assert!(marked(&few).iter().all(|(boilerplate, _)| boilerplate.is_empty()));
    }

    #[test]
    fn empty_documents_are_no_matter() {
        let documents: Vec<_> = (0..3).map(|_| document(Language::EN, "")).collect();
        assert!(marked(&documents).iter().all(|(boilerplate, body)| boilerplate.is_empty() && *body == 0));
    }
}
