//! What recurs in one language: runs of words counted by their stems, and which of them may be terms.
//!
//! A run of n words is counted only where both runs of n-1 words in it recur (Agrawal and Srikant 1994), so the cost
//! grows with the texts. What holds its words together is the fair symmetric conditional probability of Silva and
//! Lopes (1999): the square of its frequency over the mean, for all ways to part it, of the product of the
//! frequencies of the parts.

use super::{
    corpus::{Side, flag},
    words::{Role, Roles},
};
use rustc_hash::FxHashMap;

/// Words of the longest term looked for.
pub(super) const LONGEST: usize = 9;
/// Runs held together less are chance.
const LEAST_COHESION: f64 = 0.01;
/// From this share of capitals on a word is written with one.
const CAPITAL: f64 = 0.6;
const NAME: f64 = 0.9;

/// A run of words that may be a term.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Where it stands, each time in a form that may be a term.
    pub places: Vec<u32>,
    /// The units it stands in, sorted.
    pub units: Vec<u32>,
    pub words: u8,
    /// 0 to 1.
    pub cohesion: f64,
    /// The share of its words that are written with a capital where no sentence begins.
    pub capitals: f64,
    pub acronym: bool,
}

impl Phrase {
    /// Of a single word hardly any occurrence may be written small: `Service` and `Department` are parts of names.
    pub fn is_name(&self) -> bool {
        self.capitals >= if self.words == 1 { NAME } else { CAPITAL }
    }

    /// A single word that is no name.
    pub fn is_common(&self) -> bool {
        self.words == 1 && !self.is_name() && !self.acronym
    }
}

/// A run of words: the two runs it is made of, which share all words but the first and the last.
struct Gram {
    left: u32,
    right: u32,
    count: u32,
}

const NONE: u32 = u32::MAX;

/// Counts something once a unit.
#[derive(Clone, Copy)]
struct Count {
    units: u32,
    occurrences: u32,
    last: u32,
}

impl Count {
    const ZERO: Count = Count { units: 0, occurrences: 0, last: NONE };

    fn see(&mut self, unit: u32) {
        self.occurrences += 1;
        if self.last != unit {
            self.last = unit;
            self.units += 1;
        }
    }
}

/// How often the words of a language are capitalised where no sentence begins.
pub(super) struct Capitals {
    seen: Vec<(u32, u32)>,
}

impl Capitals {
    pub fn new(side: &Side) -> Capitals {
        let mut seen = vec![(0, 0); side.stems.len()];
        for (word, flags) in side.words.iter().zip(&side.flags) {
            let surface = &side.surfaces[*word as usize];
            if flags & flag::INITIAL == 0 {
                let (all, capital) = &mut seen[surface.stem as usize];
                *all += 1;
                *capital += u32::from(surface.capital);
            }
        }
        Capitals { seen }
    }

    pub fn share(&self, stem: u32) -> f64 {
        match self.seen[stem as usize] {
            (0, _) => 0.0,
            (all, capital) => f64::from(capital) / f64::from(all),
        }
    }
}

/// The phrases of a side that stand in at least `least` units.
pub(super) fn phrases(side: &Side, least: usize) -> Vec<Phrase> {
    let least = least.max(1) as u32;
    let mut grams: Vec<Gram> = Vec::new();
    let mut out = Vec::new();
    let capitals = Capitals::new(side);
    let units = units_of_places(side);
    // By place: the run of the length at hand that begins there.
    let mut runs = first_level(side, &units, least, &mut grams);
    for length in 1..=LONGEST {
        out.extend(of_level(side, &units, &runs, length, least, &grams, &capitals));
        let next = next_level(side, &units, &runs, length, least, &mut grams);
        match next {
            Some(next) if length < LONGEST => runs = next,
            _ => break,
        }
    }
    out
}

fn units_of_places(side: &Side) -> Vec<u32> {
    let mut out = Vec::with_capacity(side.words.len());
    for (unit, ends) in side.starts.windows(2).enumerate() {
        out.resize(out.len() + (ends[1] - ends[0]) as usize, unit as u32);
    }
    out
}

fn first_level(side: &Side, units: &[u32], least: u32, grams: &mut Vec<Gram>) -> Vec<u32> {
    let mut counts = vec![Count::ZERO; side.stems.len()];
    let usable = |word: u32| side.surfaces[word as usize].role != Role::Never;
    for (word, unit) in side.words.iter().zip(units).filter(|(word, _)| usable(**word)) {
        counts[side.surfaces[*word as usize].stem as usize].see(*unit);
    }
    grams.extend(counts.iter().map(|count| Gram { left: NONE, right: NONE, count: count.occurrences }));
    let run = |word: &u32| {
        let stem = side.surfaces[*word as usize].stem;
        if usable(*word) && counts[stem as usize].units >= least { stem } else { NONE }
    };
    side.words.iter().map(run).collect()
}

/// The runs one word longer; `None` where none recurs.
fn next_level(
    side: &Side,
    units: &[u32],
    runs: &[u32],
    length: usize,
    least: u32,
    grams: &mut Vec<Gram>,
) -> Option<Vec<u32>> {
    let pair = |at: usize| {
        let last = at + length;
        let joined = last < runs.len() && side.flags[last] & flag::BREAK == 0;
        (joined && runs[at] != NONE && runs[at + 1] != NONE).then(|| (runs[at], runs[at + 1]))
    };
    let mut numbers: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut counts: Vec<Count> = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let Some(pair) = pair(at) else { continue };
        let number = *numbers.entry(pair).or_insert_with(|| {
            counts.push(Count::ZERO);
            counts.len() as u32 - 1
        });
        counts[number as usize].see(*unit);
    }
    let mut kept = vec![NONE; counts.len()];
    let mut out = vec![NONE; runs.len()];
    let mut any = false;
    for (at, run) in out.iter_mut().enumerate() {
        let Some(pair) = pair(at) else { continue };
        let number = numbers[&pair] as usize;
        if counts[number].units < least {
            continue;
        }
        if kept[number] == NONE {
            kept[number] = grams.len() as u32;
            grams.push(Gram { left: pair.0, right: pair.1, count: counts[number].occurrences });
        }
        *run = kept[number];
        any = true;
    }
    any.then_some(out)
}

/// The runs of one length that may be terms.
fn of_level(
    side: &Side,
    units: &[u32],
    runs: &[u32],
    length: usize,
    least: u32,
    grams: &[Gram],
    capitals: &Capitals,
) -> Vec<Phrase> {
    let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
    let mut found: Vec<(u32, Vec<u32>)> = Vec::new();
    for (at, run) in runs.iter().enumerate().filter(|(_, run)| **run != NONE) {
        if !may_be_term(side, at, length, capitals) {
            continue;
        }
        let number = *numbers.entry(*run).or_insert_with(|| {
            found.push((*run, Vec::new()));
            found.len() as u32 - 1
        });
        found[number as usize].1.push(at as u32);
    }
    found
        .into_iter()
        .filter_map(|(run, places)| {
            let mut own: Vec<u32> = places.iter().map(|place| units[*place as usize]).collect();
            own.dedup();
            let cohesion = cohesion(grams, run, length);
            let first = places[0];
            let stems: Vec<u32> = (first..first + length as u32).map(|place| side.stem(place)).collect();
            let content = |place: &u32| side.surface(*place).role.is_content();
            let words: Vec<u32> =
                (first..first + length as u32).filter(content).map(|place| side.stem(place)).collect();
            let capitals = words.iter().map(|stem| capitals.share(*stem)).sum::<f64>() / words.len().max(1) as f64;
            let repeated = (1..stems.len()).any(|at| stems[at] == stems[at - 1]);
            (own.len() as u32 >= least && cohesion >= LEAST_COHESION && !repeated).then(|| Phrase {
                acronym: length == 1 && side.surface(first).acronym,
                places,
                units: own,
                words: length as u8,
                cohesion,
                capitals,
            })
        })
        .collect()
}

/// Whether the words from place `at` on may be a term as they stand there.
fn may_be_term(side: &Side, at: usize, length: usize, capitals: &Capitals) -> bool {
    let place = |offset: usize| side.surface((at + offset) as u32);
    let (first, last) = (place(0), place(length - 1));
    if !first.role.begins() || !last.role.ends() {
        return false;
    }
    // No part of a term of the glossary, nor the term itself.
    let after = at + length;
    let starts = |at: usize| side.flags[at] & flag::CONTINUES == 0;
    let own = &side.flags[at..after];
    let cut = !starts(at) || side.flags.get(after).is_some_and(|flags| flags & flag::CONTINUES > 0);
    let whole =
        own.iter().all(|flags| flags & flag::KNOWN > 0) && own.iter().skip(1).all(|flags| flags & flag::CONTINUES > 0);
    if cut || whole {
        return false;
    }
    if length == 1 {
        let letters = first.key.chars().count();
        return (letters >= 4 || first.acronym || (first.capital && letters >= 3))
            && first.role == Role::Word
            && ![&first.key, &first.text].iter().any(|word| Roles::of(side.language).says_the_same(word));
    }
    let name = first.capital && capitals.share(first.stem) >= CAPITAL;
    let mut inside = 0;
    for offset in 1..length - 1 {
        let role = place(offset).role;
        inside = if role.is_content() { 0 } else { inside + 1 };
        if inside > 2 || role == Role::Joins && !name {
            return false;
        }
    }
    // A term says more than that something is of a country.
    let content = (0..length).map(place).filter(|word| word.role.is_content());
    !content.clone().all(|word| Roles::of(side.language).says_the_same(&word.key))
}

fn cohesion(grams: &[Gram], run: u32, length: usize) -> f64 {
    if length == 1 {
        return 1.0;
    }
    let whole = f64::from(grams[run as usize].count);
    let (mut left, mut right) = (vec![run], vec![run]);
    for _ in 1..length {
        left.push(grams[left[left.len() - 1] as usize].left);
        right.push(grams[right[right.len() - 1] as usize].right);
    }
    // `left[k]` lacks the last k words, `right[length - k]` has only these.
    let parts: f64 = (1..length)
        .map(|k| f64::from(grams[left[k] as usize].count) * f64::from(grams[right[length - k] as usize].count))
        .sum();
    whole * whole / (parts / (length - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        model::{Concept, Status, Term, UnitId},
        suggest::Corpus,
        terms::Termbase,
    };
    use proptest::prelude::*;

    fn corpus(language: Language, texts: &[&str], concepts: Vec<Concept>) -> Corpus {
        let mut corpus = Corpus::new(&[language], Termbase::new(concepts));
        for (number, text) in texts.iter().enumerate() {
            let read = corpus.read([(language, *text)]);
            corpus.add(UnitId(number as i64), "d", read);
        }
        corpus
    }

    fn found(corpus: &Corpus, least: usize) -> Vec<String> {
        let side = &corpus.sides[0];
        let text = |phrase: &Phrase| {
            let places = phrase.places[0]..phrase.places[0] + u32::from(phrase.words);
            places.map(|place| side.surface(place).text.clone()).collect::<Vec<_>>().join(" ")
        };
        let mut out: Vec<String> = phrases(side, least).iter().map(text).collect();
        out.sort();
        out
    }

    const TEXTS: &[&str] = &[
        "The registration at the place of stay was completed, 12 work permits were issued.",
        "His registration at the place of stay and his work permit, too.",
    ];

    #[test]
    fn runs_that_recur_in_any_form_and_may_be_terms() {
        let corpus = corpus(Language::EN, TEXTS, Vec::new());
        let all = found(&corpus, 2);
        assert!(all.contains(&"registration at the place of stay".to_owned()), "{all:?}");
        assert!(all.contains(&"work permits".to_owned()), "{all:?}");
        let edge = |text: &String| {
            ["the", "of", "at", "was", "his"].iter().any(|word| text.split(' ').next_back() == Some(word))
        };
        assert!(!all.iter().any(edge), "{all:?}");
        assert!(found(&corpus, 3).is_empty());
    }

    #[test]
    fn terms_of_the_glossary_are_neither_found_nor_cut() {
        let term = Term::new("registration at the place of stay", Language::EN, Status::Preferred);
        let concept = Concept { id: "r".to_owned(), terms: vec![term], ..Concept::default() };
        let all = found(&corpus(Language::EN, TEXTS, vec![concept]), 2);
        assert_eq!(all, ["permits", "work permits"]);
    }

    proptest! {
        #[test]
        fn phrases_stand_where_they_say(texts in prop::collection::vec("([a-d]{1,4}|[A-D][a-d]{3}|[.,(1-])( [a-d]{4}){0,6}", 1..12)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let corpus = corpus(Language::EN, &texts, Vec::new());
            let side = &corpus.sides[0];
            for phrase in phrases(side, 2) {
                prop_assert!(phrase.units.len() >= 2 && phrase.units.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(phrase.cohesion > 0.0 && phrase.cohesion <= 1.0 + 1e-9, "{}", phrase.cohesion);
                let stems = |place: u32| (place..place + u32::from(phrase.words)).map(|p| side.stem(p)).collect::<Vec<_>>();
                for place in &phrase.places {
                    prop_assert_eq!(stems(*place), stems(phrase.places[0]));
                    prop_assert_eq!(side.unit(*place), side.unit(place + u32::from(phrase.words) - 1));
                }
            }
        }
    }
}
