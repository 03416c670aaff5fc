//! Which words translate which, learned from aligned sentences: IBM Model 1 (Brown et al. 1993, "The Mathematics
//! of Statistical Machine Translation") by expectation maximisation over stems, with absolute discounting so that
//! what was seen once stays doubtful.

use super::words::{Vocabulary, stem, words};
use crate::lang::Language;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const ROUNDS: usize = 4;
/// Taken off every count (absolute discounting).
const DISCOUNT: f32 = 0.5;
/// Pairs counted less often, or less probable, say nothing.
const LEAST_COUNT: f32 = 0.9;
const LEAST_PROBABILITY: f32 = 0.03;
/// Counts below are not kept between runs.
const LEAST_KEPT: f32 = 0.25;
/// Words of a side that are looked at; the cost of a pair is the product of its sides.
const LONGEST_SIDE: usize = 120;
/// Sentence pairs to learn from at a time, counted by their pairs of words ([`cost`]); more add time and room (four
/// bytes each) but hardly words.
pub(super) const MOST_COST: usize = 8_000_000;
/// How probable any word is as a translation of any, before anything is learned.
const EVEN: f32 = 0.1;

/// What it costs to learn from a pair of sentences with so many words.
pub(super) fn cost(source: &[u32], target: &[u32]) -> usize {
    source.len().min(LONGEST_SIDE) * target.len().min(LONGEST_SIDE)
}

/// For each stem of one vocabulary, the stems of the other it is translated by, with probabilities.
pub(super) type Table = Vec<Vec<(u32, f32)>>;

/// What is known of translations between stems, for any pairs of languages: kept by the memory, handed to the
/// aligner, added to by every accepted set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Lexicon {
    directions: Vec<Direction>,
}

/// Counts from the stems of one language to those of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Direction {
    from: Language,
    to: Language,
    rows: BTreeMap<String, Row>,
}

/// How often one stem was translated, and by what. Counts are expectations, so not whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Row {
    total: f32,
    counts: BTreeMap<String, f32>,
}

impl Lexicon {
    pub fn is_empty(&self) -> bool {
        self.directions.is_empty()
    }

    /// Learns from sentences (or beads) and their translations, both ways. A pair that occurs twice is learned
    /// from once. What was known before helps to find what answers what, and is added to.
    pub fn learn<'t>(&mut self, from: Language, to: Language, pairs: impl IntoIterator<Item = (&'t str, &'t str)>) {
        let mut left = Vocabulary::new(from, &[]);
        let mut right = Vocabulary::new(to, &[]);
        let mut seen: FxHashSet<(&str, &str)> = FxHashSet::default();
        let mut read: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
        for pair in pairs {
            if seen.insert(pair) {
                let stems = |v: &mut Vocabulary, text| v.read(text).into_iter().map(|f| v.stem_of(f)).collect();
                read.push((stems(&mut left, pair.0), stems(&mut right, pair.1)));
            }
        }
        let mut rest = read.as_slice();
        while !rest.is_empty() {
            let mut spent = 0;
            let mut fits = |(a, b): &(Vec<u32>, Vec<u32>)| {
                spent += cost(a, b);
                spent <= MOST_COST
            };
            let (chunk, after) = rest.split_at(rest.iter().position(|pair| !fits(pair)).unwrap_or(rest.len()).max(1));
            let there = || {
                let pairs = chunk.iter().map(|(a, b)| (a.as_slice(), b.as_slice()));
                expected(pairs, left.stems.len(), &self.prior(&left, &right))
            };
            let back = || {
                let pairs = chunk.iter().map(|(a, b)| (b.as_slice(), a.as_slice()));
                expected(pairs, right.stems.len(), &self.prior(&right, &left))
            };
            let (there, back) = rayon::join(there, back);
            self.add(&left, &right, there);
            self.add(&right, &left, back);
            rest = after;
        }
    }

    /// Adds what was counted from the stems of one vocabulary to those of another.
    fn add(&mut self, from: &Vocabulary, to: &Vocabulary, counts: Counts) {
        let at = self.position(from.language, to.language).unwrap_or_else(|| {
            self.directions.push(Direction { from: from.language, to: to.language, rows: BTreeMap::new() });
            self.directions.len() - 1
        });
        let rows = &mut self.directions[at].rows;
        for ((source, target), count) in counts.pairs {
            if count > 0.1 {
                let row = rows.entry(from.stems[source as usize].clone()).or_default();
                *row.counts.entry(to.stems[target as usize].clone()).or_default() += count;
            }
        }
        for (source, total) in counts.totals.into_iter().enumerate().filter(|(_, total)| *total > 0.0) {
            rows.entry(from.stems[source].clone()).or_default().total += total;
        }
    }

    /// Takes out what is known of one pair of languages, both ways: to be added to apart, and joined again.
    pub fn take(&mut self, a: Language, b: Language) -> Lexicon {
        let concerns = |d: &Direction| (d.from, d.to) == (a, b) || (d.from, d.to) == (b, a);
        let (taken, left) = std::mem::take(&mut self.directions).into_iter().partition(concerns);
        self.directions = left;
        Lexicon { directions: taken }
    }

    /// What is worth keeping of one pair of languages, both ways: counts too small to grow into something are
    /// left out, the others rounded to hundredths.
    pub fn of_pair(&self, a: Language, b: Language) -> Lexicon {
        let concerns = |d: &&Direction| (d.from, d.to) == (a, b) || (d.from, d.to) == (b, a);
        let rounded = |count: f32| (count * 100.0).round() / 100.0;
        let mut out = Lexicon { directions: self.directions.iter().filter(concerns).cloned().collect() };
        for row in out.directions.iter_mut().flat_map(|direction| direction.rows.values_mut()) {
            row.total = rounded(row.total);
            row.counts.retain(|_, count| *count >= LEAST_KEPT);
            row.counts.values_mut().for_each(|count| *count = rounded(*count));
        }
        out
    }

    /// Adds the directions of another lexicon that this one does not have.
    pub fn join(&mut self, other: Lexicon) {
        for direction in other.directions {
            if self.position(direction.from, direction.to).is_none() {
                self.directions.push(direction);
            }
        }
    }

    /// How probable `to_word` is as a translation of `from_word`, 0 to 1; words in any form.
    pub fn probability(&self, from: Language, from_word: &str, to: Language, to_word: &str) -> f32 {
        let first = |language, text| words(language, text).into_iter().next().map(|w| w.key).unwrap_or_default();
        let (source, target) = (first(from, from_word), first(to, to_word));
        let row = self
            .position(from, to)
            .and_then(|at| self.directions[at].rows.get(stem(from, &source)))
            .filter(|row| row.total > 0.0);
        let count = row.and_then(|row| row.counts.get(stem(to, &target)).map(|count| (count, row.total)));
        count.map_or(0.0, |(count, total)| ((count - DISCOUNT) / (total + DISCOUNT)).max(0.0))
    }

    fn position(&self, from: Language, to: Language) -> Option<usize> {
        self.directions.iter().position(|d| d.from == from && d.to == to)
    }

    /// The rows that concern the stems of two vocabularies.
    pub(super) fn prior(&self, from: &Vocabulary, to: &Vocabulary) -> Prior {
        let mut out = Prior::default();
        let Some(at) = self.position(from.language, to.language) else { return out };
        let target: FxHashMap<&str, u32> =
            to.stems.iter().enumerate().map(|(at, stem)| (stem.as_str(), at as u32)).collect();
        let rows = &self.directions[at].rows;
        for (source, stem) in from.stems.iter().enumerate() {
            let Some(row) = rows.get(stem) else { continue };
            out.totals.insert(source as u32, row.total);
            for (word, count) in &row.counts {
                if let Some(word) = target.get(word.as_str()) {
                    out.pairs.insert((source as u32, *word), *count);
                }
            }
        }
        out
    }
}

/// Counts known before learning.
#[derive(Debug, Default)]
pub(super) struct Prior {
    pairs: FxHashMap<(u32, u32), f32>,
    totals: FxHashMap<u32, f32>,
}

/// Expected counts learned from sentence pairs, without what was known before.
struct Counts {
    /// Sorted by stems.
    pairs: Vec<((u32, u32), f32)>,
    totals: Vec<f32>,
}

/// The lexicon of one direction from pairs of stems and what is known already.
pub(super) fn table<'s>(pairs: impl Iterator<Item = (&'s [u32], &'s [u32])>, sources: usize, prior: &Prior) -> Table {
    let counts = expected(pairs, sources, prior);
    let mut all: FxHashMap<(u32, u32), f32> = prior.pairs.clone();
    for (pair, count) in counts.pairs {
        *all.entry(pair).or_default() += count;
    }
    let mut out: Table = vec![Vec::new(); sources];
    for ((source, target), count) in all {
        let total = counts.totals[source as usize] + prior.totals.get(&source).copied().unwrap_or(0.0);
        let probability = (count - DISCOUNT) / (total + DISCOUNT);
        if count > LEAST_COUNT && probability > LEAST_PROBABILITY {
            out[source as usize].push((target, probability.min(1.0)));
        }
    }
    for row in &mut out {
        row.sort_unstable_by_key(|(target, _)| *target);
    }
    out
}

/// Which words stand together in the sentence pairs learned from, each pair of words numbered once.
struct Company<'s> {
    pairs: Vec<(&'s [u32], &'s [u32])>,
    /// For each sentence pair, where its numbers begin: a row a source word, a column a target word.
    offsets: Vec<usize>,
    numbers: Vec<u32>,
    /// The two words of each number.
    source_of: Vec<u32>,
    target_of: Vec<u32>,
}

impl<'s> Company<'s> {
    fn new(pairs: impl Iterator<Item = (&'s [u32], &'s [u32])>, sources: usize) -> Company<'s> {
        let cut = |side: &'s [u32]| &side[..side.len().min(LONGEST_SIDE)];
        let pairs = pairs.filter(|(source, target)| !source.is_empty() && !target.is_empty());
        let pairs: Vec<(&[u32], &[u32])> = pairs.map(|(source, target)| (cut(source), cut(target))).collect();
        let mut offsets = Vec::with_capacity(pairs.len());
        let mut cells = 0;
        // The places of each source word, one after the other.
        let mut starts = vec![0usize; sources + 1];
        for (source, target) in &pairs {
            offsets.push(cells);
            cells += source.len() * target.len();
            source.iter().for_each(|s| starts[*s as usize + 1] += 1);
        }
        for s in 0..sources {
            starts[s + 1] += starts[s];
        }
        let mut places = vec![(0u32, 0u32); starts[sources]];
        let mut next = starts.clone();
        for (at, (source, _)) in pairs.iter().enumerate() {
            for (row, s) in source.iter().enumerate() {
                places[next[*s as usize]] = (at as u32, row as u32);
                next[*s as usize] += 1;
            }
        }
        let targets = pairs.iter().flat_map(|(_, target)| *target).max().map_or(0, |most| *most as usize + 1);
        // For each target word the source word it was last met with, and their number.
        let mut met = vec![(u32::MAX, 0u32); targets];
        let mut out = Company { pairs, offsets, numbers: vec![0; cells], source_of: Vec::new(), target_of: Vec::new() };
        for s in 0..sources {
            for (at, row) in &places[starts[s]..starts[s + 1]] {
                let (_, target) = out.pairs[*at as usize];
                let from = out.offsets[*at as usize] + *row as usize * target.len();
                for (number, t) in out.numbers[from..].iter_mut().zip(target) {
                    let held = &mut met[*t as usize];
                    if held.0 != s as u32 {
                        *held = (s as u32, out.source_of.len() as u32);
                        out.source_of.push(s as u32);
                        out.target_of.push(*t);
                    }
                    *number = held.1;
                }
            }
        }
        out
    }
}

/// Expectation maximisation: each target word shares its one count among the source words of its sentence and the
/// empty word, which explains what nothing else does.
fn expected<'s>(pairs: impl Iterator<Item = (&'s [u32], &'s [u32])>, sources: usize, prior: &Prior) -> Counts {
    let company = Company::new(pairs, sources);
    let words = || company.source_of.iter().zip(&company.target_of);
    let known: Vec<f32> = words().map(|(s, t)| prior.pairs.get(&(*s, *t)).copied().unwrap_or(0.0)).collect();
    let mut known_totals = vec![0.0f32; sources];
    prior.totals.iter().for_each(|(source, total)| known_totals[*source as usize] = *total);
    let known_total = |source: u32| known_totals[source as usize];
    // A stem known from before starts with what is known of it, the others evenly.
    let mut probability: Vec<f32> = company
        .source_of
        .iter()
        .zip(&known)
        .map(|(s, count)| {
            let total = known_total(*s);
            if total > 0.0 { (count + EVEN) / (total + 1.0) } else { EVEN }
        })
        .collect();
    let targets = company.target_of.iter().max().map_or(0, |most| *most as usize + 1);
    let mut of_nothing = vec![EVEN; targets];
    let mut counts = vec![0.0f32; probability.len()];
    let mut counts_of_nothing = vec![0.0f32; targets];
    let mut totals = vec![0.0f32; sources];
    let mut sums: Vec<f32> = Vec::new();
    for round in 0..ROUNDS {
        counts.fill(0.0);
        counts_of_nothing.fill(0.0);
        for ((source, target), from) in company.pairs.iter().zip(&company.offsets) {
            let numbers = &company.numbers[*from..from + source.len() * target.len()];
            sums.clear();
            sums.extend(target.iter().map(|t| of_nothing[*t as usize]));
            for row in numbers.chunks(target.len()) {
                row.iter().zip(&mut sums).for_each(|(number, sum)| *sum += probability[*number as usize]);
            }
            sums.iter_mut().for_each(|sum| *sum = if *sum > 0.0 { 1.0 / *sum } else { 0.0 });
            for row in numbers.chunks(target.len()) {
                for (number, share) in row.iter().zip(&sums) {
                    counts[*number as usize] += probability[*number as usize] * share;
                }
            }
            for (t, share) in target.iter().zip(&sums) {
                counts_of_nothing[*t as usize] += of_nothing[*t as usize] * share;
            }
        }
        totals.fill(0.0);
        for (s, count) in company.source_of.iter().zip(&counts) {
            totals[*s as usize] += count;
        }
        if round + 1 < ROUNDS {
            for (number, p) in probability.iter_mut().enumerate() {
                let source = company.source_of[number];
                let total = totals[source as usize] + known_total(source);
                *p = if total > 0.0 { (counts[number] + known[number]) / total } else { 0.0 };
            }
            let total: f32 = counts_of_nothing.iter().sum();
            for (p, count) in of_nothing.iter_mut().zip(&counts_of_nothing) {
                *p = if total > 0.0 { count / total } else { 0.0 };
            }
        }
    }
    let mut pairs: Vec<((u32, u32), f32)> = words()
        .zip(&counts)
        .filter(|(_, count)| **count > 0.01)
        .map(|((source, target), count)| ((*source, *target), *count))
        .collect();
    pairs.sort_unstable_by_key(|(pair, _)| *pair);
    Counts { pairs, totals }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;

    const PAIRS: [(&str, &str); 5] = [
        ("The service works.", "Xidmət işləyir."),
        ("The new service opened.", "Yeni xidmət açıldı."),
        ("The new law works.", "Yeni qanun işləyir."),
        ("The law of the country.", "Ölkənin qanunu."),
        ("A service of the country.", "Ölkənin xidməti."),
    ];

    #[test]
    fn words_that_keep_company_are_translations() {
        let mut lexicon = Lexicon::default();
        assert!(lexicon.is_empty());
        lexicon.learn(EN, AZ, PAIRS);
        let p = |en, az| lexicon.probability(EN, en, AZ, az);
        assert!(p("service", "xidmətdən") > 0.4, "{}", p("service", "xidmətdən"));
        assert!(p("service", "xidmət") > 3.0 * p("service", "yeni"));
        assert!(p("laws", "qanunun") == 0.0, "another stem");
        assert!(lexicon.probability(AZ, "qanun", EN, "law") > lexicon.probability(AZ, "qanun", EN, "new"));
        assert_eq!(lexicon.probability(AZ, "yoxdur", EN, "law"), 0.0);
    }

    #[test]
    fn what_is_repeated_is_learned_once_and_what_is_new_is_added() {
        let (mut once, mut often) = (Lexicon::default(), Lexicon::default());
        once.learn(EN, AZ, PAIRS);
        often.learn(EN, AZ, PAIRS.into_iter().cycle().take(50));
        assert_eq!(once, often);
        assert_eq!(once.probability(EN, "large", AZ, "böyük"), 0.0);
        once.learn(EN, AZ, [("The large country.", "Böyük ölkə."), ("A large service.", "Böyük xidmət.")]);
        assert!(once.probability(EN, "large", AZ, "böyük") > 0.1);
        assert!(once.probability(EN, "service", AZ, "xidmət") > 0.4, "what was known stays");
    }

    #[test]
    fn it_can_be_kept() {
        let mut lexicon = Lexicon::default();
        lexicon.learn(EN, AZ, PAIRS);
        let kept = serde_json::to_string(&lexicon).unwrap();
        let back: Lexicon = serde_json::from_str(&kept).unwrap();
        assert_eq!(back.probability(EN, "service", AZ, "xidmət"), lexicon.probability(EN, "service", AZ, "xidmət"));
    }
}
