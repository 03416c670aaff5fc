//! Boilerplate by recurrence: lines at the beginning or the end of most documents of one folder in one language,
//! such as the service's address or `About the Service`, say nothing of their own document.

use crate::{
    lang::Language,
    model::{Document, Kind, Segment},
};
use std::{
    collections::{HashMap, HashSet},
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

/// Turns the paragraphs that recur at one end of more than half of the documents of their language, and of
/// [`FEWEST_DOCUMENTS`] at least, into boilerplate, each one segment. `segments` are those of the documents, in the
/// same order. Numbers may differ (`© 2023`, `© 2024`). Paragraphs count from the end inwards, up to the first
/// that is neither recurring nor boilerplate anyway; a document that would lose more than half of its paragraphs is
/// a copy of the others, and is left as it is.
pub fn mark_recurring(documents: &[&Document], segments: &mut [Vec<Segment>]) {
    let mut sizes: HashMap<Language, usize> = HashMap::new();
    for document in documents {
        *sizes.entry(document.language).or_default() += 1;
    }
    if sizes.values().all(|size| *size < FEWEST_DOCUMENTS) {
        return;
    }
    let paragraphs: Vec<Vec<Range<usize>>> = segments.iter().map(|segments| by_paragraph(segments)).collect();
    // How many documents have the line at that end.
    let mut counts: HashMap<(Language, End, String), usize> = HashMap::new();
    let mut keys: Vec<[Vec<Option<String>>; 2]> = Vec::new();
    for ((document, segments), paragraphs) in documents.iter().zip(segments.iter()).zip(&paragraphs) {
        let key = |range: &Range<usize>| key(document, &segments[range.clone()]);
        let start: Vec<_> = paragraphs.iter().take(EDGE).map(key).collect();
        let finish: Vec<_> = paragraphs.iter().rev().take(EDGE).map(key).collect();
        for (end, keys) in [(End::Start, &start), (End::Finish, &finish)] {
            let once: HashSet<&String> = keys.iter().flatten().collect();
            for key in once {
                *counts.entry((document.language, end, key.clone())).or_default() += 1;
            }
        }
        keys.push([start, finish]);
    }
    for (((document, segments), paragraphs), [start, finish]) in
        documents.iter().zip(segments).zip(&paragraphs).zip(keys)
    {
        let size = sizes.get(&document.language).copied().unwrap_or_default();
        let recurs = |end: End, key: &Option<String>| {
            let Some(key) = key else { return false };
            let count = counts.get(&(document.language, end, key.clone())).copied().unwrap_or_default();
            count >= FEWEST_DOCUMENTS && 2 * count > size
        };
        let marked = |end, keys: &[Option<String>], order: &mut dyn Iterator<Item = usize>| {
            let mut out = Vec::new();
            for (at, key) in order.zip(keys) {
                if recurs(end, key) {
                    out.push(at);
                } else if segments[paragraphs[at].start].kind != Kind::Boilerplate {
                    break;
                }
            }
            out
        };
        let mut found: HashSet<usize> = marked(End::Start, &start, &mut (0..paragraphs.len())).into_iter().collect();
        found.extend(marked(End::Finish, &finish, &mut (0..paragraphs.len()).rev()));
        let new = found.iter().filter(|at| segments[paragraphs[**at].start].kind != Kind::Boilerplate).count();
        if 2 * new <= paragraphs.len() {
            *segments = joined(document, segments, paragraphs, &found);
        }
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
fn key(document: &Document, paragraph: &[Segment]) -> Option<String> {
    let text = text(document, paragraph);
    if text.len() > LONGEST || !text.contains(char::is_alphabetic) {
        return None;
    }
    let key = document.language.key(text);
    let mut out = String::with_capacity(key.len());
    for c in key.chars() {
        if !c.is_numeric() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    Some(out)
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
