//! Whether the target is a translation at all: left in the source's words, in another language, or far too long or short.

use super::{Pair, shown, stretch};
use crate::{
    lang,
    model::{Finding, Kind, Rule},
    rules::RuleSet,
    text::{TokenKind, tokens},
};

/// Words a text needs for its language to be told, and of which some must be in small letters: a row of names is the
/// same everywhere.
const WORDS: usize = 5;
const SMALL: usize = 3;

/// Characters below which a length says nothing.
const LONG: f32 = 60.0;
/// Deviations from the length to expect (Gale and Church 1993) that no free translation takes.
const DEVIATIONS: f32 = 5.0;
/// Variance of the difference for each character of the source, and that of any text. See `align::length`.
const VARIANCE: f32 = 5.1;
const LEAST_VARIANCE: f32 = 60.0;

pub(super) fn findings(pair: &Pair<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    if ![Rule::Untranslated, Rule::Length].into_iter().any(|rule| rules.has(rule)) {
        return;
    }
    let (source, target) = (pair.source, pair.target);
    for (_, [from, to]) in pair.matched() {
        if to[0].kind == Kind::Boilerplate {
            continue;
        }
        let (there, here) = (stretch(&from), stretch(&to));
        let (there, text) = (there.of(source.text), here.of(target.text));
        let told = rules.has(Rule::Untranslated).then(|| foreign(pair, there, text)).flatten();
        if let Some(message) = told {
            out.push(target.finding(Rule::Untranslated, here, message));
        } else if rules.has(Rule::Length)
            && let Some(message) = out_of_proportion(pair, there, text)
        {
            let mut finding = target.finding(Rule::Length, here, message);
            finding.notes.push(format!("source: {}", shown(there)));
            out.push(finding);
        }
    }
}

/// What is wrong where `text` is not in the language it should be in.
fn foreign(pair: &Pair<'_>, source: &str, text: &str) -> Option<String> {
    let words: Vec<&str> = tokens(text).filter(|t| t.kind == TokenKind::Word).map(|t| t.text(text)).collect();
    let small = words.iter().filter(|word| word.chars().next().is_some_and(char::is_lowercase)).count();
    if words.len() < WORDS || small < SMALL {
        return None;
    }
    let language = pair.target.language;
    let alike = source.len().abs_diff(text.len()) <= text.len() / 8;
    if alike && pair.source.language.key(source) == pair.source.language.key(text) {
        return Some(format!("is not translated: it is the {} text", pair.source.language.name()));
    }
    let told = lang::guess(text).filter(|told| *told != language && language.row().is_some())?;
    Some(format!("is in {}, not in {}", told.name(), language.name()))
}

fn out_of_proportion(pair: &Pair<'_>, source: &str, text: &str) -> Option<String> {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count() as f32;
    let ratio = lang::length(pair.target.language) / lang::length(pair.source.language);
    let (from, to) = (count(source), count(text));
    if from.max(to / ratio) < LONG {
        return None;
    }
    let difference = to - ratio * from;
    let deviation = (VARIANCE * (from + to / ratio) / 2.0 + LEAST_VARIANCE).sqrt();
    (difference.abs() > DEVIATIONS * deviation).then(|| {
        let (more, how) =
            if difference > 0.0 { (to / (ratio * from), "longer") } else { (ratio * from / to, "shorter") };
        format!("{more:.1} times {how} than a translation of its source would be")
    })
}
