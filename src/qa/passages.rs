//! Passages without counterpart: what the translation leaves out and what it adds.

use super::{Pair, Text, shown, stretch};
use crate::{
    model::{Finding, Kind, Level, Rule, Segment},
    rules::RuleSet,
    text::{TokenKind, tokens},
};

/// Words of a passage that is more than a label.
const WORDS: usize = 4;
/// Of the source left out more than this is an abridged translation: told once.
const ABRIDGED: f32 = 0.4;

pub(super) fn findings(pair: &Pair<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    if !pair.source.runs_on {
        return;
    }
    if rules.has(Rule::MissingPassage) {
        alone(pair, &pair.source, &pair.target, Rule::MissingPassage, out);
    }
    if rules.has(Rule::AddedPassage) {
        alone(pair, &pair.target, &pair.source, Rule::AddedPassage, out);
    }
}

/// What stands in `text` and has nothing in `other`.
fn alone(pair: &Pair<'_>, text: &Text<'_>, other: &Text<'_>, rule: Rule, out: &mut Vec<Finding>) {
    let mut answered = vec![false; text.segments.len()];
    let mut sure = vec![true; text.segments.len()];
    for bead in pair.beads {
        for at in bead.side(text.language) {
            if let Some(segment) = answered.get_mut(*at) {
                *segment = !bead.side(other.language).is_empty();
                sure[*at] = bead.score >= super::SURE;
            }
        }
    }
    let counts = |at: &usize| text.segments[*at].kind != Kind::Boilerplate;
    let all = (0..text.segments.len()).filter(counts).count();
    let missing: Vec<usize> = (0..text.segments.len()).filter(counts).filter(|at| !answered[*at]).collect();
    if missing.is_empty() || other.segments.is_empty() {
        return;
    }
    let (here, there) = (text.language.name(), other.language.name());
    let of = |passage: &[usize]| -> Vec<&Segment> { passage.iter().map(|at| &text.segments[*at]).collect() };
    if missing.len() as f32 > ABRIDGED * all as f32 && missing.len() > 3 {
        let span = stretch(&of(&missing[..1]));
        let message =
            format!("{} of {all} sentences in {here} have no counterpart in {there}: the first is here", missing.len());
        out.push(text.finding(rule, span, message));
        return;
    }
    for passage in missing.chunk_by(|a, b| a + 1 == *b) {
        let segments = of(passage);
        let span = stretch(&segments);
        let words = tokens(span.of(text.text)).filter(|token| token.kind == TokenKind::Word).count();
        let what = match (passage.len(), segments[0].kind) {
            (1, Kind::Heading) => "the heading has".to_owned(),
            (1, Kind::List) => "the list item has".to_owned(),
            (1, _) => "the sentence has".to_owned(),
            (count, _) => format!("{count} sentences have"),
        };
        let message = format!("{what} no counterpart in {there}: `{}`", shown(span.of(text.text)));
        let mut finding = text.finding(rule, span, message);
        if words < WORDS || !passage.iter().all(|at| sure[*at]) {
            finding.level = Level::Info;
        }
        out.push(finding);
    }
}
