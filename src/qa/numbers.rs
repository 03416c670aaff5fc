//! Numbers, dates, times, ordinals and percentages that a text and its translation must both have.
//!
//! What stands in figures on one side must stand on the other, in figures or in words, in the same bead or the one
//! beside it: `250,000` is `250 min`, `15th` is `15-ci` and `on beşinci`, `5 p.m.` is `17:00`. Figures that differ on
//! both sides are a warning; one that the other side does not say is `info`, since a translator may leave it out.

use super::{LONGEST, Pair, Text, rows::row, stretch};
use crate::{
    lang::{Language, anchors::ANCHORS},
    lookup::repair::{Fact, FactKind, facts},
    model::{Bead, Finding, Level, Rule},
    rules::RuleSet,
    text::{Span, TokenKind, tokens},
};
use rustc_hash::FxHashMap;
use std::{cell::OnceCell, sync::LazyLock};

/// Counts up to this are left out, said in words, or said as “both” and “a pair”.
const SMALL: f64 = 12.0;

pub(super) fn findings(pairs: &[Pair<'_>], rules: &RuleSet, out: &mut Vec<Finding>) {
    let Some(first) = pairs.first().filter(|_| rules.has(Rule::NumberMismatch)) else { return };
    let source = Said::of_all(first.beads, &first.source);
    for pair in pairs {
        of_pair(pair, &source, &Said::of_all(pair.beads, &pair.target), out);
    }
}

fn of_pair(pair: &Pair<'_>, source: &[Said<'_>], target: &[Said<'_>], out: &mut Vec<Finding>) {
    let reach = usize::from(pair.source.runs_on);
    for (number, _) in pair.matched() {
        let near = number.saturating_sub(reach)..=(number + reach).min(pair.beads.len() - 1);
        let unmatched = |own: &Said<'_>, others: &[Said<'_>]| -> Vec<(Fact, Span)> {
            let has = |fact: &Fact| {
                let others = || near.clone().map(|bead| &others[bead]);
                let measured = || is_measured(own.language, own.text, fact.span.end);
                others().any(|other| other.has(fact)) || measured() && others().any(|other| other.converts(fact))
            };
            let missing = own.facts.iter().filter(|fact| fact.figures && !has(fact));
            missing.map(|fact| (fact.clone(), fact.span.shifted(own.start))).collect()
        };
        let mut there = unmatched(&source[number], target);
        let here = unmatched(&target[number], source);
        for (fact, span) in here {
            let surface = span.of(pair.target.text);
            match there.iter().position(|(other, _)| alike(other.kind, fact.kind)) {
                Some(at) => {
                    let (_, place) = there.remove(at);
                    let (language, text) = (pair.source.language, place.of(pair.source.text));
                    let message = format!("`{surface}` here, `{text}` in {language}");
                    out.push(pair.target.finding(Rule::NumberMismatch, span, message));
                }
                None => one_sided(&pair.target, &pair.source, &fact, span, out),
            }
        }
        for (fact, span) in there {
            one_sided(&pair.source, &pair.target, &fact, span, out);
        }
    }
}

fn one_sided(own: &Text<'_>, other: &Text<'_>, fact: &Fact, span: Span, out: &mut Vec<Finding>) {
    if fact.kind == FactKind::Month || fact.values.iter().all(|value| *value <= SMALL && value.fract() == 0.0) {
        return;
    }
    let message = format!("`{}` has no counterpart in {}", span.of(own.text), other.language.name());
    let mut finding = own.finding(Rule::NumberMismatch, span, message);
    finding.level = Level::Info;
    out.push(finding);
}

/// Months are only ever months; a count may be said as a percentage or a label.
fn alike(a: FactKind, b: FactKind) -> bool {
    (a == FactKind::Month) == (b == FactKind::Month) && (a == FactKind::Year) == (b == FactKind::Year)
}

/// What one unit of measurement makes of another: mile, foot, yard, inch, pound, acre, gallon, ounce.
const MEASURES: &[f64] = &[1.609, 0.3048, 0.9144, 2.54, 0.4536, 0.4047, 3.785, 28.35];
/// Figures are rounded when they are converted.
const ROUNDING: f64 = 0.06;

fn converted(x: f64, y: f64) -> bool {
    let close = |x: f64, y: f64| (x - y).abs() <= ROUNDING * x.abs().max(y.abs());
    let degrees = |x: f64, y: f64| ((x - 32.0) / 1.8 - y).abs() <= 1.0;
    MEASURES.iter().any(|factor| close(x * factor, y) || close(y * factor, x)) || degrees(x, y) || degrees(y, x)
}

/// Words after a figure among which that of its measure may be: 4 to 6 inches, 10-15 km.
const AFTER: usize = 3;

fn is_measured(language: Language, text: &str, end: usize) -> bool {
    let measures = row(language).map_or(&[][..], |row| row.measures);
    let words = tokens(&text[end..]).filter(|token| token.kind == TokenKind::Word).take(AFTER);
    words.into_iter().any(|token| {
        let key = language.key(token.text(&text[end..]));
        measures.iter().any(|begin| key.starts_with(begin))
    })
}

/// All that one side of a bead says in figures and words.
#[derive(Debug)]
struct Said<'s> {
    language: Language,
    text: &'s str,
    /// Where it stands.
    start: usize,
    facts: Vec<Fact>,
    values: Vec<f64>,
    months: Vec<f64>,
    minutes: Vec<f64>,
    /// Read where a figure has no figure to answer it.
    words: OnceCell<Vec<f64>>,
}

impl<'s> Said<'s> {
    fn of_all(beads: &[Bead], text: &Text<'s>) -> Vec<Said<'s>> {
        let of = |bead| {
            let place = stretch(&text.side(bead));
            let body = if place.len() > LONGEST { "" } else { place.of(text.text) };
            Said::of(text.language, body, place.start)
        };
        beads.iter().map(of).collect()
    }

    fn of(language: Language, text: &'s str, start: usize) -> Said<'s> {
        let facts = if text.is_empty() { Vec::new() } else { facts(language, text) };
        let (mut values, mut months, mut minutes) = (Vec::new(), Vec::new(), Vec::new());
        for fact in &facts {
            match fact.kind {
                FactKind::Month => months.extend(&fact.values),
                FactKind::Time => {
                    minutes.extend(&fact.values);
                    values.extend(fact.values.iter().map(|minutes| (minutes / 60.0).floor()));
                }
                _ => values.extend(&fact.values),
            }
        }
        // Figures inside codes, of endings and signs that no fact is read from.
        let digits = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        values.extend(digits.filter_map(|run| run.parse::<f64>().ok()));
        Said { language, text, start, facts, values, months, minutes, words: OnceCell::new() }
    }

    /// Numbers of the text that are so, in figures and then in words.
    fn any(&self, is: impl Fn(f64) -> bool) -> bool {
        let words = || {
            self.words.get_or_init(|| {
                let mut out = Vec::new();
                in_words(self.language, self.text, &mut out);
                out
            })
        };
        self.values.iter().any(|value| is(*value)) || words().iter().any(|value| is(*value))
    }

    /// The same in another unit of measurement.
    fn converts(&self, fact: &Fact) -> bool {
        fact.kind == FactKind::Number && fact.values.iter().any(|x| self.any(|y| converted(*x, y)))
    }

    fn has(&self, fact: &Fact) -> bool {
        let among = |list: &[f64], value: f64| list.iter().any(|known| same(*known, value));
        let century = |value: f64| value.rem_euclid(100.0);
        fact.values.iter().any(|value| match fact.kind {
            FactKind::Month => among(&self.months, *value),
            FactKind::Time => {
                let hour = (value / 60.0).floor();
                among(&self.minutes, *value) || self.any(|known| same(known, hour) || same(known, hour % 12.0))
            }
            // The 1990s are the 90s.
            FactKind::Year => self.any(|known| same(known, *value) || same(known, century(*value))),
            _ => self.any(|known| {
                let year = known >= 1000.0 && *value >= 10.0 && *value < 100.0;
                same(known, *value) || year && same(century(known), *value)
            }),
        })
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Numbers in words, by language: whole words, and beginnings that take any ending.
#[derive(Default)]
struct Words {
    whole: FxHashMap<&'static str, f64>,
    begin: Vec<(&'static str, f64)>,
}

static WORDS: LazyLock<FxHashMap<Language, Words>> = LazyLock::new(|| {
    let mut out: FxHashMap<Language, Words> = FxHashMap::default();
    for anchor in ANCHORS.iter() {
        let value = match anchor.key {
            "million" => 1e6,
            "billion" => 1e9,
            key => match key.parse::<f64>() {
                Ok(value) => value,
                Err(_) => continue,
            },
        };
        for (language, form) in anchor.forms.iter().filter(|(_, form)| !form.contains(' ')) {
            let words = out.entry(*language).or_default();
            match form.strip_suffix('*') {
                Some(begin) => words.begin.push((begin, value)),
                None => drop(words.whole.insert(form, value)),
            }
        }
    }
    out
});

/// An ending a number in words may have, in letters.
const ENDING: usize = 8;

impl Words {
    fn value(&self, word: &str) -> Option<f64> {
        self.whole.get(word).copied().or_else(|| {
            let fits = |begin: &str| word.strip_prefix(begin).is_some_and(|rest| rest.chars().count() <= ENDING);
            // The longest beginning: on altı is not on, seventeen not seven.
            let fitting = self.begin.iter().filter(|(begin, _)| fits(begin));
            fitting.max_by_key(|(begin, _)| begin.len()).map(|(_, value)| *value)
        })
    }
}

/// How words begin that count by themselves, and what one of them is: two decades are twenty years.
const MULTIPLES: &[(Language, &str, f64)] = &[
    (Language::EN, "decade", 10.0),
    (Language::AZ, "onillik", 10.0),
    (Language::RU, "десятилети", 10.0),
    (Language::EN, "dozen", 12.0),
    (Language::RU, "дюжин", 12.0),
    (Language::EN, "centur", 100.0),
];

fn multiple(language: Language, key: &str) -> Option<f64> {
    MULTIPLES.iter().find(|(own, begin, _)| *own == language && key.starts_with(begin)).map(|(_, _, by)| *by)
}

/// Adds the numbers that are said in words, each by itself and as they add up: twenty, five, twenty-five.
fn in_words(language: Language, text: &str, out: &mut Vec<f64>) {
    let Some(words) = WORDS.get(&language) else { return };
    let (mut total, mut current, mut count) = (0.0_f64, 0.0_f64, 0);
    let mut close = |total: &mut f64, current: &mut f64, count: &mut usize| {
        if *count > 0 {
            out.push(*total + *current);
        }
        (*total, *current, *count) = (0.0, 0.0, 0);
    };
    let mut singles = Vec::new();
    for token in tokens(text) {
        let surface = token.text(text);
        if token.kind == TokenKind::Punctuation && matches!(surface, "-" | "‑") {
            continue;
        }
        if token.kind == TokenKind::Word
            && let Some(roman) = roman(surface)
        {
            singles.push(roman);
        }
        let key = language.key(surface);
        let value = if token.kind == TokenKind::Word { words.value(&key) } else { None };
        match value {
            Some(value) => {
                singles.push(value);
                count += 1;
                if value >= 1000.0 {
                    total += current.max(1.0) * value;
                    current = 0.0;
                } else if value == 100.0 {
                    current = current.max(1.0) * value;
                } else {
                    current += value;
                }
            }
            None if count > 0 && key == "and" => {}
            // Two decades, a dozen.
            None if multiple(language, &key).is_some() => {
                let by = multiple(language, &key).unwrap_or(1.0);
                singles.push((total + current).max(1.0) * by);
            }
            None => close(&mut total, &mut current, &mut count),
        }
    }
    close(&mut total, &mut current, &mut count);
    out.extend(singles);
}

fn roman(word: &str) -> Option<f64> {
    if word.len() < 2 && !matches!(word, "V" | "X") {
        return None;
    }
    let digit = |c| {
        Some(match c {
            'I' => 1.0,
            'V' => 5.0,
            'X' => 10.0,
            'L' => 50.0,
            'C' => 100.0,
            'D' => 500.0,
            'M' => 1000.0,
            _ => return None,
        })
    };
    let digits: Vec<f64> = word.chars().map(digit).collect::<Option<_>>()?;
    let signed =
        |(at, value): (usize, &f64)| if digits.get(at + 1).is_some_and(|next| next > value) { -value } else { *value };
    Some(digits.iter().enumerate().map(signed).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_in_other_words() {
        let (en, az, ru) = (Language::EN, Language::AZ, Language::RU);
        for (from, source, to, target) in [
            (en, "250,000 people", az, "250 min nəfər"),
            (en, "2.5 million people", ru, "2,5 млн человек"),
            (en, "the 15th anniversary", az, "on beşinci ildönümü"),
            (en, "the 15th anniversary", ru, "пятнадцатилетие"),
            (en, "25 people", ru, "двадцать пять человек"),
            (en, "1,250 people", az, "min iki yüz əlli nəfər"),
            (en, "at 5 p.m.", az, "saat 17:00-da"),
            (en, "in the 1990s", az, "90-cı illərdə"),
            (en, "the 21st century", ru, "XXI век"),
            (en, "30.10.2018", az, "30 oktyabr 2018-ci il"),
            (ru, "20 лет назад", en, "two decades ago"),
            (az, "111-i", en, "a hundred and eleven"),
            (ru, "100 000", en, "one hundred thousand"),
        ] {
            let said = Said::of(to, target, 0);
            for fact in facts(from, source).iter().filter(|fact| fact.figures) {
                assert!(said.has(fact), "{source} / {target}: {fact:?} in {said:?}");
            }
        }
        let said = Said::of(az, "205 nəfər", 0);
        assert!(facts(en, "250 people").iter().all(|fact| !said.has(fact)));
    }

    #[test]
    fn miles_and_kilometres() {
        assert!(converted(5.0, 8.0) && converted(30.0, 86.0) && !converted(250.0, 205.0));
        assert!(is_measured(Language::EN, "4 to 6 inches of rain", 1) && !is_measured(Language::EN, "4 people", 1));
    }
}
