//! Text to segments: the sentences, headings and list items of a document, each an exact slice of its text.
//!
//! A block falls into paragraphs by its lines ([`form`]: headings, list items, footers, hard-wrapped lines), a
//! paragraph into sentences by ordered rules ([`rules`], run by [`engine`]) and by running lists ([`lists`]).
//! Nothing here depends on what stands in another block, and nothing changes the text.

mod coarse;
mod custom;
mod engine;
mod foreign;
mod form;
mod gate;
mod lists;
mod recurrence;
mod rules;
mod scan;

pub use custom::{AdditionError, Additions, TagPattern, Unusable, Written};
pub use recurrence::{Edges, Recurrence, mark_recurring};
pub use rules::{Listed, Rules, languages, listed, listed_of_all};

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
    /// What decided, in words.
    pub why: String,
}

/// Every place of `document` where a segment ends or a sentence might have ended, with what decided.
pub fn explain(document: &Document, rules: &Rules) -> Vec<Decision> {
    let mut out = Vec::new();
    for paragraph in form::paragraphs(document) {
        let slice = paragraph.span.of(&document.text);
        let (form, whole) = match paragraph.kind {
            Kind::Heading => ("a heading ends", Some("a heading is one segment")),
            Kind::Boilerplate => ("a line of a footer ends", Some("a line of a footer is one segment")),
            Kind::List => ("an item of a list ends", None),
            Kind::Quote => ("a quotation ends", None),
            Kind::Body => ("a paragraph ends", None),
        };
        let decided = rules.decided(slice);
        let by_rules: Vec<usize> = decided.iter().filter(|(_, rule)| rules.breaks(*rule)).map(|(at, _)| *at).collect();
        let mut ends = by_rules.clone();
        rules.amend(slice, &mut ends);
        let mut places: Vec<usize> = decided.iter().map(|(at, _)| *at).chain(ends.iter().copied()).collect();
        places.sort_unstable();
        places.dedup();
        for at in places {
            let by_rule = by_rules.binary_search(&at).is_ok();
            let breaks = ends.binary_search(&at).is_ok();
            let why = match decided.binary_search_by_key(&at, |(place, _)| *place).map(|found| decided[found]) {
                _ if whole.is_some() => whole.unwrap_or_default().to_owned(),
                Ok((_, rule)) if by_rule == breaks => rules.told(rule, &slice[..at]),
                _ if breaks => "the next item of a running list".to_owned(),
                _ => "the number of an item in a running list".to_owned(),
            };
            out.push(Decision { at: at + paragraph.span.start, breaks: breaks && whole.is_none(), why });
        }
        out.push(Decision { at: paragraph.span.end, breaks: true, why: form.to_owned() });
    }
    out
}

/// Like [`explain`], where lines that recur over several documents ([`mark_recurring`]) are marked in `segments`.
pub fn explain_marked(document: &Document, rules: &Rules, segments: &[Segment]) -> Vec<Decision> {
    let mut out = explain(document, rules);
    let mut footers = segments.iter().filter(|segment| segment.kind == Kind::Boilerplate).peekable();
    for decision in &mut out {
        while footers.next_if(|footer| footer.span.end < decision.at).is_some() {}
        if let Some(footer) = footers.peek()
            && footer.span.start < decision.at
            && decision.at < footer.span.end
            && decision.breaks
        {
            decision.breaks = false;
            decision.why = "a line that recurs in most of the files is one segment".to_owned();
        }
    }
    out
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
