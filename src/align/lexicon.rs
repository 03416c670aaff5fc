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
/// Sentence pairs to learn from at a time; more add time but hardly words.
pub(super) const MOST_PAIRS: usize = 20_000;

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
        for chunk in read.chunks(MOST_PAIRS) {
            self.add(&left, &right, chunk.iter().map(|(a, b)| (a.as_slice(), b.as_slice())));
            self.add(&right, &left, chunk.iter().map(|(a, b)| (b.as_slice(), a.as_slice())));
        }
    }

    fn add<'s>(&mut self, from: &Vocabulary, to: &Vocabulary, pairs: impl Iterator<Item = (&'s [u32], &'s [u32])>) {
        let counts = expected(pairs, from.stems.len(), &self.prior(from, to));
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

/// Expectation maximisation: each target word shares its one count among the source words of its sentence.
fn expected<'s>(pairs: impl Iterator<Item = (&'s [u32], &'s [u32])>, sources: usize, prior: &Prior) -> Counts {
    // Source number 0 is the empty word, which explains what nothing else does.
    let mut cells: FxHashMap<u64, u32> = FxHashMap::default();
    let mut source_of: Vec<u32> = Vec::new();
    let mut target_of: Vec<u32> = Vec::new();
    let mut read: Vec<(Vec<u32>, &[u32])> = Vec::new();
    for (source, target) in pairs.take(MOST_PAIRS) {
        let source: Vec<u32> =
            std::iter::once(0).chain(source.iter().take(LONGEST_SIDE).map(|stem| stem + 1)).collect();
        let target = &target[..target.len().min(LONGEST_SIDE)];
        for t in target {
            for s in &source {
                cells.entry(u64::from(*s) << 32 | u64::from(*t)).or_insert_with(|| {
                    source_of.push(*s);
                    target_of.push(*t);
                    (source_of.len() - 1) as u32
                });
            }
        }
        read.push((source, target));
    }
    let known: Vec<f32> = source_of
        .iter()
        .zip(&target_of)
        .map(|(s, t)| if *s == 0 { 0.0 } else { prior.pairs.get(&(s - 1, *t)).copied().unwrap_or(0.0) })
        .collect();
    let mut known_totals = vec![0.0f32; sources + 1];
    for (source, total) in &prior.totals {
        known_totals[*source as usize + 1] = *total;
    }
    // A stem known from before starts with what is known of it, the others evenly.
    let mut probability: Vec<f32> = source_of
        .iter()
        .zip(&known)
        .map(|(s, count)| {
            let total = known_totals[*s as usize];
            if total > 0.0 { (count + 0.1) / (total + 1.0) } else { 0.1 }
        })
        .collect();
    let mut counts = vec![0.0f32; source_of.len()];
    let mut totals = vec![0.0f32; sources + 1];
    let mut at: Vec<u32> = Vec::new();
    for round in 0..ROUNDS {
        counts.fill(0.0);
        for (source, target) in &read {
            for t in *target {
                at.clear();
                at.extend(source.iter().map(|s| cells[&(u64::from(*s) << 32 | u64::from(*t))]));
                let sum: f32 = at.iter().map(|cell| probability[*cell as usize]).sum();
                if sum > 0.0 {
                    at.iter().for_each(|cell| counts[*cell as usize] += probability[*cell as usize] / sum);
                }
            }
        }
        totals.fill(0.0);
        for (s, count) in source_of.iter().zip(&counts) {
            totals[*s as usize] += count;
        }
        if round + 1 < ROUNDS {
            for (cell, p) in probability.iter_mut().enumerate() {
                let total = totals[source_of[cell] as usize] + known_totals[source_of[cell] as usize];
                *p = if total > 0.0 { (counts[cell] + known[cell]) / total } else { 0.0 };
            }
        }
    }
    let mut pairs: Vec<((u32, u32), f32)> = (0..source_of.len())
        .filter(|cell| source_of[*cell] > 0 && counts[*cell] > 0.01)
        .map(|cell| ((source_of[cell] - 1, target_of[cell]), counts[cell]))
        .collect();
    pairs.sort_unstable_by_key(|(pair, _)| *pair);
    Counts { pairs, totals: totals.split_off(1) }
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
