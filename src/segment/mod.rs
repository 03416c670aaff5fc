//! Text to segments: the sentences, headings and list items of a document, each an exact slice of its text.
//!
//! A block falls into paragraphs by its lines ([`form`]: headings, list items, footers, hard-wrapped lines), a
//! paragraph into sentences by ordered rules ([`rules`], run by [`engine`]) and by running lists ([`lists`]).
//! Nothing here depends on what stands in another block, and nothing changes the text.

mod engine;
mod form;
mod lists;
mod rules;

pub use rules::Rules;

use crate::{
    model::{Document, Kind, Segment},
    text::Span,
};

/// The segments of `document` in order.
///
/// Every segment's text is the slice its span marks; between the segments lie white space and markers only
/// (bullets, numbers of items, ruled lines).
pub fn segment(document: &Document, rules: &Rules) -> Vec<Segment> {
    let mut out = Vec::new();
    for (number, paragraph) in form::paragraphs(document).into_iter().enumerate() {
        let slice = paragraph.span.of(&document.text);
        let ends = if paragraph.is_whole() { Vec::new() } else { rules.boundaries(slice) };
        let mut start = 0;
        for end in ends.into_iter().chain([slice.len()]) {
            let span = Span::new(start, end).shifted(paragraph.span.start).trimmed(&document.text);
            start = end;
            if !span.is_empty() {
                let text = span.of(&document.text).to_owned();
                out.push(Segment { span, text, kind: paragraph.kind, paragraph: number + 1 });
            }
        }
    }
    out
}

/// What was decided at one place of a text, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The byte at which a segment ends, or would have ended.
    pub at: usize,
    pub breaks: bool,
    /// The name of the rule.
    pub rule: String,
}

/// Every place of `document` where a sentence might have ended, with the rule that decided. The ends of
/// paragraphs are not among them.
pub fn explain(document: &Document, rules: &Rules) -> Vec<Decision> {
    let mut out = Vec::new();
    for paragraph in form::paragraphs(document) {
        let slice = paragraph.span.of(&document.text);
        let whole = match paragraph.kind {
            Kind::Heading => Some("a heading is one segment"),
            Kind::Boilerplate => Some("a line of a footer is one segment"),
            _ => None,
        };
        let mut decided = Vec::new();
        rules.engine.decide(slice, |at, rule| decided.push((at, rule)));
        let by_rules: Vec<usize> = decided.iter().filter(|(_, rule)| rules.breaks(*rule)).map(|(at, _)| *at).collect();
        let mut ends = by_rules.clone();
        lists::amend(slice, &mut ends);
        let mut places: Vec<usize> = decided.iter().map(|(at, _)| *at).chain(ends.iter().copied()).collect();
        places.sort_unstable();
        places.dedup();
        for at in places {
            let by_rule = by_rules.binary_search(&at).is_ok();
            let breaks = ends.binary_search(&at).is_ok();
            let rule = match decided.iter().find(|(place, _)| *place == at) {
                _ if whole.is_some() => whole.unwrap_or_default(),
                Some((_, rule)) if by_rule == breaks => rules.name(*rule),
                _ if breaks => "the next item of a running list",
                _ => "the number of an item in a running list",
            };
            out.push(Decision {
                at: at + paragraph.span.start,
                breaks: breaks && whole.is_none(),
                rule: rule.to_owned(),
            });
        }
    }
    out
}
