//! What translators carry over unchanged and what tells releases of one template apart: numbers, dates, addresses.

use super::shelf::Shelf;
use crate::{
    align::words::{Form, Vocabulary, WordKind},
    lang::anchors::ANCHORS,
};
use std::collections::BTreeSet;

/// How often a figure of a text stands in its translation: translators convert units, spell small numbers out and
/// leave sentences away.
const CARRIED: f32 = 0.85;
/// Before any file is seen, how likely another text is to hold a figure by chance, and how many files that is worth.
const BY_CHANCE: f32 = 0.15;
const WORTH: f32 = 4.0;

/// Figures that agree less than this, in nats, belong to two texts: where dates differ, ...
const OTHER_DATES: f32 = -3.0;
/// ... and where they do not. Miles and inches become kilometres and centimetres in a true translation.
const OTHER_FIGURES: f32 = -8.0;

/// The figures of one file.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// In digits or as addresses, and months: a translation should have them.
    pub due: BTreeSet<String>,
    /// These and numbers in words: what may answer them.
    pub values: BTreeSet<String>,
}

pub(super) fn figures(words: &[u32], vocabulary: &Vocabulary) -> Figures {
    let mut out = Figures::default();
    for form in words.iter().map(|form| &vocabulary.forms[*form as usize]) {
        let Some(value) = value(form) else { continue };
        if form.kind != WordKind::Plain || value.starts_with(MONTH) {
            out.due.insert(value.clone());
        }
        out.values.insert(value);
    }
    out
}

const MONTH: &str = "month-";

/// `15` for 15 and fifteen, `month-5` for May in any language, `250` for 250,000 as well as for 250 thousand.
fn value(form: &Form) -> Option<String> {
    if form.kind == WordKind::Address {
        return Some(form.sound.clone());
    }
    if form.kind == WordKind::Number {
        let mut digits = form.sound.as_str();
        while let Some(thousands) = digits.strip_suffix("000").filter(|rest| !rest.is_empty()) {
            digits = thousands;
        }
        return Some(digits.to_owned());
    }
    let key = ANCHORS.get((form.sense as usize).checked_sub(1)?)?.key;
    let tells = key.starts_with(MONTH) || key.bytes().all(|byte| byte.is_ascii_digit());
    tells.then(|| key.to_owned())
}

impl Figures {
    /// A month in words answers one in digits: 18.12.2018, 18 December 2018.
    fn answers(&self, value: &str) -> bool {
        let otherwise = match value.strip_prefix(MONTH) {
            Some(number) => number.to_owned(),
            None => format!("{MONTH}{value}"),
        };
        self.values.contains(value) || self.values.contains(&otherwise)
    }

    /// A year or month stands here alone, and another in `other` alone: the two speak of different days.
    fn dates_differ(&self, other: &Figures) -> bool {
        let alone = |a: &Figures, b: &Figures| a.unanswered(b).any(is_date);
        alone(self, other) && alone(other, self)
    }

    /// The figures `other` has no answer to, as people read them.
    pub fn unanswered<'f>(&'f self, other: &'f Figures) -> impl Iterator<Item = &'f str> {
        self.due.iter().map(String::as_str).filter(|value| !other.answers(value))
    }
}

fn is_date(value: &str) -> bool {
    value.starts_with(MONTH) || (value.len() == 4 && (value.starts_with("19") || value.starts_with("20")))
}

/// Whether the figures of two files rule out that they are one text.
pub(super) fn contradict(a: &Shelf, i: usize, b: &Shelf, j: usize) -> bool {
    let least = if a.figures[i].dates_differ(&b.figures[j]) { OTHER_DATES } else { OTHER_FIGURES };
    agreement(a, i, b, j) < least
}

/// What the figures of two files say of their being one text: a log-likelihood ratio in nats. One text may be
/// shorter, so the better direction counts: what stands in one should stand in the other.
fn agreement(a: &Shelf, i: usize, b: &Shelf, j: usize) -> f32 {
    one_way(a, i, b, j).max(one_way(b, j, a, i))
}

fn one_way(a: &Shelf, i: usize, b: &Shelf, j: usize) -> f32 {
    let say = |value: &String| {
        let files = b.files_with.get(value).copied().unwrap_or(0) as f32;
        let chance = (files + BY_CHANCE * WORTH) / (b.len() as f32 + WORTH);
        match b.figures[j].answers(value) {
            true => (CARRIED / chance).ln().max(0.0),
            false => ((1.0 - CARRIED) / (1.0 - chance)).ln().min(0.0),
        }
    };
    a.figures[i].due.iter().map(say).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Language;

    fn of(language: Language, text: &str) -> Figures {
        let shelf = Shelf::new(language, &[text], &[]);
        shelf.figures.into_iter().next().unwrap()
    }

    #[test]
    fn dates_in_words_and_in_digits_are_one() {
        let texts = [
            (Language::EN, "On 18 December 2018, 250,000 people and 5 guests"),
            (Language::AZ, "2018-ci il dekabrın 18-də 250 min nəfər və beş qonaq"),
            (Language::RU, "18.12.2018 250 тысяч человек и пять гостей"),
        ];
        for (a, x) in texts {
            for (b, y) in texts.iter().filter(|(b, _)| *b != a) {
                let (x, y) = (of(a, x), of(*b, y));
                assert_eq!(x.unanswered(&y).collect::<Vec<_>>(), Vec::<&str>::new(), "{a} {b}");
            }
        }
        let (may, june) = (of(Language::EN, "12 May"), of(Language::AZ, "12 iyun"));
        assert_eq!(may.unanswered(&june).collect::<Vec<_>>(), ["month-5"]);
    }

    #[test]
    fn other_figures_speak_against() {
        let en = Shelf::new(Language::EN, &["On 12 May 2019, 45 officers met for the 15 anniversary; call 919."], &[]);
        let own = Shelf::new(Language::AZ, &["12 may 2019-cu ildə 45 zabit 15 illik üçün görüşüb; zəng: 919."], &[]);
        let other = Shelf::new(Language::AZ, &["14 iyun 2018-ci ildə 52 zabit 14 illik üçün görüşüb; zəng: 919."], &[]);
        assert!(agreement(&en, 0, &own, 0) > 3.0);
        assert!(contradict(&en, 0, &other, 0) && !contradict(&en, 0, &own, 0));
        let shorter = Shelf::new(Language::AZ, &["12 may 2019-cu ildə görüş."], &[]);
        assert!(agreement(&en, 0, &shorter, 0) > 0.0, "a shorter text");
        let miles = Shelf::new(Language::EN, &["Rosa is 385 miles south and has winds of 85 miles an hour."], &[]);
        let metres = Shelf::new(Language::RU, &["Роза находится в 620 км к югу, скорость ветра 137 км/ч."], &[]);
        assert!(!contradict(&miles, 0, &metres, 0), "units are converted");
    }
}
