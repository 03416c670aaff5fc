//! Repair: what differs between a query and the stored source, carried into the stored target.
//!
//! Numbers, dates, times, percentages, amounts, ordinals and inline codes that differ are written into the target in the
//! target's own notation, with the endings that depend on them. It is all or nothing: where one of them cannot be
//! carried with certainty, or a word of the target would have to change with it, there is no repair.
//! `docs/repair.md` tells what is carried and what is not, with examples.
//!
//! The way: each text is read into its atoms (`atoms`), query and source are laid side by side (`align`), each atom that
//! differs is looked for in the target, written there (`write`), and the new target is read again: it must say what was
//! meant and nothing else.

mod align;
mod atoms;
mod codes;
mod facts;
mod rows;
mod write;

#[cfg(test)]
mod tests;

pub use facts::{Fact, FactKind, facts};

use crate::{lang::Language, model::Code, text::Span};
use align::{Sides, aligned, changes, elements, reads_as};
use atoms::{Atom, Reading, Text};

/// A text with its inline codes.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub text: &'a str,
    /// In order of their places. Who cannot say which codes the query has gives none on any side.
    pub codes: &'a [Code],
}

/// The stored target as the query needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    pub text: String,
    pub codes: Vec<Code>,
    /// What is new, in order, as spans of the new text. All else is the stored target byte by byte.
    pub changed: Vec<Span>,
}

/// Bytes of a text; what is longer is a document.
const LONGEST: usize = 1 << 14;

/// The target of a stored unit with what differs between `query` and `source` carried into it. `from` is the language of
/// these two, `to` that of the target.
///
/// `None` where nothing differs that could be carried, and where anything that differs cannot be carried with certainty.
pub fn repair(query: Side, source: Side, target: Side, from: Language, to: Language) -> Option<Repaired> {
    if [query, source, target].iter().any(|side| side.text.len() > LONGEST) {
        return None;
    }
    let (asked, stored) = (Text::new(from, query.text), Text::new(from, source.text));
    if asked.atoms.len() != stored.atoms.len() {
        return None;
    }
    let same_values = asked.atoms.iter().zip(&stored.atoms).all(|(a, b)| a.says(b));
    if same_values && codes::same(query.codes, source.codes) {
        return None;
    }
    let (query_elements, source_elements) = (elements(&asked), elements(&stored));
    let pairs = aligned((&asked, &query_elements), (&stored, &source_elements))?;
    let sides = Sides {
        query: &asked,
        source: &stored,
        query_elements: &query_elements,
        source_elements: &source_elements,
        pairs: &pairs,
    };
    let counterparts = sides.counterparts()?;
    let in_place = codes::in_place((query.codes, &query_elements), (source.codes, &source_elements), &pairs);
    let codes = codes::carried(query.codes, source.codes, target.codes).filter(|_| in_place)?;
    let there = Text::new(to, target.text);
    let changes = changes(&asked, &stored, &there, &counterparts)?;
    let readings = known(&there, &stored);
    let mut edits = Vec::new();
    for change in &changes {
        edits.extend(write::edits(&there, &readings, change)?);
    }
    edits.sort_by_key(|(span, _)| *span);
    let repaired = applied(target.text, codes, &edits)?;
    if repaired.text == target.text && repaired.codes == target.codes {
        return None;
    }
    reads_as(&there, &Text::new(to, &repaired.text), &changes).then_some(repaired)
}

/// How the atoms of a target are read, as far as they themselves or the source tell.
fn known<'t>(target: &'t Text<'_>, source: &Text<'_>) -> Vec<&'t Reading> {
    let said = |reading: &&Reading| {
        source.atoms.iter().any(|atom| atom.readings.len() == 1 && atom.readings[0].value == reading.value)
    };
    let read = |atom: &'t Atom| match &atom.readings[..] {
        [only] => Some(only),
        several => several.iter().find(said),
    };
    target.atoms.iter().filter_map(read).collect()
}

/// `text` with `edits`, in order, and its codes moved along; `None` where a code stands inside of an edit.
fn applied(text: &str, mut codes: Vec<Code>, edits: &[(Span, String)]) -> Option<Repaired> {
    let inside = |code: &Code| edits.iter().any(|(span, _)| span.start < code.at && code.at < span.end);
    if codes.iter().any(inside) || edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
        return None;
    }
    for code in &mut codes {
        let before = edits.iter().filter(|(span, _)| span.end <= code.at);
        let (old, new) = before.fold((0, 0), |(old, new), (span, text)| (old + span.len(), new + text.len()));
        code.at = code.at + new - old;
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut changed = Vec::with_capacity(edits.len());
    let mut at = 0;
    for (span, new) in edits {
        out.push_str(&text[at..span.start]);
        changed.push(Span::new(out.len(), out.len() + new.len()));
        out.push_str(new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    Some(Repaired { text: out, codes, changed })
}
