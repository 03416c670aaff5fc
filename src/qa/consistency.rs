//! One source with several translations, and one translation of several sources.
//!
//! Texts are compared by their stems, numbers aside: neither an ending nor a date makes another translation.

use super::{Pair, Text, shown, stretch};
use crate::{
    lang::{Language, stem},
    model::{Bead, Bitext, Finding, Kind, Mark, Rule, Segment},
    rules::RuleSet,
    text::{Span, TokenKind, tokens},
};
use rustc_hash::{FxHashMap, FxHasher};
use std::{
    cmp::Reverse,
    hash::{Hash, Hasher},
};

/// Words below which a text says little by itself: `Yes`, `Photo`.
const WORDS: usize = 3;

/// How the texts that are checked together are translated, by hashes of their stems.
#[derive(Debug, Default)]
pub struct Translations {
    /// Of a text in the first language, how often each text of the second stands for it; both ways.
    pairs: FxHashMap<(Language, Language, u64), Vec<Times>>,
}

#[derive(Debug, Clone)]
struct Times {
    text: u64,
    count: u32,
    /// The memory has it: of two that are as frequent it is the usual one.
    stored: bool,
    /// As first met; in the order of the files, so that output does not depend on threads.
    example: String,
}

impl Translations {
    /// Adds the beads of a group of texts.
    pub fn add(&mut self, bitext: &Bitext) {
        for bead in bitext.beads.iter().filter(|bead| bead.score >= super::SURE || bead.mark != Mark::Computed) {
            let sides: Vec<(Language, String, u64)> = bead
                .sides
                .keys()
                .filter_map(|language| {
                    let text = side(bitext, bead, *language)?;
                    let key = key(*language, &text)?;
                    Some((*language, text, key))
                })
                .collect();
            for (from, _, source) in &sides {
                for (to, text, target) in sides.iter().filter(|(to, _, _)| to != from) {
                    let list = self.pairs.entry((*from, *to, *source)).or_default();
                    match list.iter_mut().find(|times| times.text == *target) {
                        Some(times) => {
                            times.count += 1;
                            if *text < times.example {
                                times.example.clone_from(text);
                            }
                        }
                        None => list.push(Times { text: *target, count: 1, stored: false, example: text.clone() }),
                    }
                }
            }
        }
    }

    /// Adds that a text has been translated so this many times more.
    pub fn add_times(&mut self, source: (Language, &str), target: (Language, &str), times: u32) {
        let (Some(from), Some(to)) = (key(source.0, source.1), key(target.0, target.1)) else { return };
        let list = self.pairs.entry((source.0, target.0, from)).or_default();
        match list.iter_mut().find(|known| known.text == to) {
            Some(known) => {
                known.count += times;
                known.stored = true;
            }
            None => list.push(Times { text: to, count: times, stored: true, example: target.1.to_owned() }),
        }
    }

    /// Adds what another one holds.
    pub fn join(&mut self, other: Translations) {
        for (key, list) in other.pairs {
            let own = self.pairs.entry(key).or_default();
            for more in list {
                match own.iter_mut().find(|times| times.text == more.text) {
                    Some(times) => {
                        times.count += more.count;
                        times.stored |= more.stored;
                        if more.example < times.example {
                            times.example = more.example;
                        }
                    }
                    None => own.push(more),
                }
            }
        }
    }

    /// The usual translation into `to`, where `text` is another one and not as frequent: how often each stands.
    fn usual(&self, from: Language, to: Language, source: u64, text: u64) -> Option<(&Times, u32)> {
        let list = self.pairs.get(&(from, to, source)).filter(|list| list.len() > 1)?;
        let best = list.iter().max_by_key(|times| (times.count, times.stored, Reverse(times.example.as_str())))?;
        let own = list.iter().find(|times| times.text == text)?;
        (best.text != text).then_some((best, own.count))
    }
}

fn side(bitext: &Bitext, bead: &Bead, language: Language) -> Option<String> {
    let segments = bitext.texts.get(&language)?;
    let side: Vec<&Segment> = bead.side(language).iter().filter_map(|at| segments.get(*at)).collect();
    if side.is_empty() || side.iter().any(|segment| segment.kind == Kind::Boilerplate) {
        return None;
    }
    Some(side.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(" "))
}

/// The stems of a text, numbers aside; `None` for a text of too few words.
fn key(language: Language, text: &str) -> Option<u64> {
    let mut hasher = FxHasher::default();
    let mut count = 0;
    for token in tokens(text).filter(|token| token.kind == TokenKind::Word) {
        let word = token.text(text);
        if word.chars().any(char::is_numeric) {
            continue;
        }
        stem(language, &language.key(word)).hash(&mut hasher);
        count += 1;
    }
    (count >= WORDS).then(|| hasher.finish())
}

pub(super) fn findings(pair: &Pair<'_>, known: &Translations, rules: &RuleSet, out: &mut Vec<Finding>) {
    let wanted = [Rule::InconsistentTarget, Rule::InconsistentSource];
    if known.pairs.is_empty() || !wanted.into_iter().any(|rule| rules.has(rule)) {
        return;
    }
    for (_, [from, to]) in pair.matched() {
        let joined = |text: &Text<'_>, side: &[&Segment]| -> Option<(u64, Span)> {
            let all = side.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(" ");
            Some((key(text.language, &all)?, stretch(side)))
        };
        let (Some((source, there)), Some((target, here))) = (joined(&pair.source, &from), joined(&pair.target, &to))
        else {
            continue;
        };
        let languages = (pair.source.language, pair.target.language);
        if rules.has(Rule::InconsistentTarget)
            && let Some((usual, own)) = known.usual(languages.0, languages.1, source, target)
        {
            let message =
                format!("the same source is translated otherwise {}: `{}`", times(usual.count), shown(&usual.example));
            let mut finding = pair.target.finding(Rule::InconsistentTarget, here, message);
            finding.notes.push(format!("so as here {}", times(own)));
            out.push(finding);
        }
        if rules.has(Rule::InconsistentSource)
            && let Some((usual, own)) = known.usual(languages.1, languages.0, target, source)
        {
            let message = format!(
                "what stands here in {} translates something else {}: `{}`",
                languages.1.name(),
                times(usual.count),
                shown(&usual.example)
            );
            let mut finding = pair.source.finding(Rule::InconsistentSource, there, message);
            finding.notes.push(format!("so as here {}", times(own)));
            out.push(finding);
        }
    }
}

fn times(count: u32) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}
