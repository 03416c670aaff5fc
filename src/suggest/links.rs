//! Which phrase of one language answers which of another.
//!
//! Two phrases belong together as they stand in the same units (the Dice coefficient, with the log-likelihood ratio
//! of Dunning 1993 to tell it from chance) and as their words answer one another: by the lexicon, by their own company,
//! by their sound. Each phrase takes one counterpart, the best pair first (competitive linking; Melamed 2000).

use super::{corpus::Side, phrases::Phrase};
use crate::{
    align::Lexicon,
    lang::{Language, translit},
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// Units of a phrase looked at; more are sampled evenly.
const SAMPLE: usize = 400;
/// Counterparts compared word by word.
const COMPARED: usize = 40;
const LEAST_DICE: f64 = 0.2;
/// Of the log-likelihood ratio: chance gives more once in a thousand (chi-square, one degree of freedom).
pub(super) const LEAST_RATIO: f64 = 10.83;
/// Pairs that fit less are none.
pub(super) const LEAST_FIT: f64 = 0.3;
/// What each word more that both phrases have adds to their rank.
const LONGER: f64 = 0.15;
/// What a second word of the counterpart of a single word adds: `hotline` is better answered by `qaynar xətt` than by half of it.
const UNEVEN: f64 = 0.03;
/// What company says of two words, beside what the lexicon says.
const COMPANY: f64 = 0.35;
/// Words hardly answer one another for certain: the power their probability is raised to.
const LENIENT: f64 = 0.6;
/// Names that sound so alike are one.
const ALIKE: f64 = 0.6;

/// A phrase of one side and what answers it on the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub from: u32,
    pub to: u32,
    /// 0 to 1.
    pub fit: f64,
    /// How well it does among others: of pairs that fit nearly as well the longer one goes before.
    pub rank: f64,
}

/// The phrases of each unit.
pub(super) struct ByUnit {
    starts: Vec<u32>,
    phrases: Vec<u32>,
}

impl ByUnit {
    pub fn new(units: usize, phrases: &[Phrase]) -> ByUnit {
        let mut starts = vec![0u32; units + 1];
        phrases.iter().flat_map(|phrase| &phrase.units).for_each(|unit| starts[*unit as usize + 1] += 1);
        for at in 0..units {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut out = vec![0u32; starts[units] as usize];
        for (number, phrase) in phrases.iter().enumerate() {
            for unit in &phrase.units {
                out[next[*unit as usize] as usize] = number as u32;
                next[*unit as usize] += 1;
            }
        }
        ByUnit { starts, phrases: out }
    }

    pub fn of(&self, unit: u32) -> &[u32] {
        &self.phrases[self.starts[unit as usize] as usize..self.starts[unit as usize + 1] as usize]
    }
}

/// How many of two sorted lists are in both.
pub(super) fn common(a: &[u32], b: &[u32]) -> usize {
    if a.len() > b.len() {
        return common(b, a);
    }
    // The short list is looked up in the long one where that is cheaper than going through both.
    if a.len() * 16 < b.len() {
        return a.iter().filter(|unit| b.binary_search(unit).is_ok()).count();
    }
    let (mut i, mut j, mut both) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, both) = (i + 1, j + 1, both + 1),
        }
    }
    both
}

fn dice(both: usize, a: usize, b: usize) -> f64 {
    2.0 * both as f64 / (a + b).max(1) as f64
}

/// The log-likelihood ratio of two events met together `both` times, apart `a` and `b` times, of `all` (Dunning 1993).
pub(super) fn ratio(both: usize, a: usize, b: usize, all: usize) -> f64 {
    let entropy = |counts: &[usize]| {
        let sum: usize = counts.iter().sum();
        let part = |count: &usize| if *count > 0 { *count as f64 * (*count as f64 / sum as f64).ln() } else { 0.0 };
        counts.iter().map(part).sum::<f64>()
    };
    let (only_a, only_b) = (a.saturating_sub(both), b.saturating_sub(both));
    let neither = all.saturating_sub(both + only_a + only_b);
    let cells = entropy(&[both, only_a, only_b, neither]);
    let rows = entropy(&[both + only_a, only_b + neither]);
    let columns = entropy(&[both + only_b, only_a + neither]);
    if both * all < a * b { 0.0 } else { 2.0 * (cells - rows - columns) }
}

/// Compares words of two sides.
pub(super) struct Words<'c> {
    from: &'c Side,
    to: &'c Side,
    lexicon: &'c Lexicon,
    /// By stem: the units it stands in.
    from_units: Vec<Vec<u32>>,
    to_units: Vec<Vec<u32>>,
}

fn units_of_stems(side: &Side) -> Vec<Vec<u32>> {
    let mut out: Vec<Vec<u32>> = vec![Vec::new(); side.stems.len()];
    for (unit, ends) in side.starts.windows(2).enumerate() {
        for place in ends[0]..ends[1] {
            let own = &mut out[side.stem(place) as usize];
            if own.last() != Some(&(unit as u32)) {
                own.push(unit as u32);
            }
        }
    }
    out
}

impl<'c> Words<'c> {
    pub fn new(from: &'c Side, to: &'c Side, lexicon: &'c Lexicon) -> Words<'c> {
        Words { from, to, lexicon, from_units: units_of_stems(from), to_units: units_of_stems(to) }
    }

    /// How well two words, by their numbers as written, answer one another, 0 to 1.
    fn answer(&self, a: u32, b: u32) -> f64 {
        let (one, other) = (&self.from.surfaces[a as usize], &self.to.surfaces[b as usize]);
        let (from, to) = (self.from.language, self.to.language);
        if one.text == other.text {
            return 1.0;
        }
        let known = f64::from(
            self.lexicon.probability(from, &one.key, to, &other.key)
                * self.lexicon.probability(to, &other.key, from, &one.key),
        )
        .sqrt();
        let (from_units, to_units) = (&self.from_units[one.stem as usize], &self.to_units[other.stem as usize]);
        let company = dice(common(from_units, to_units), from_units.len(), to_units.len());
        let sound = if one.acronym || other.acronym { 0.0 } else { alike(from, &one.key, to, &other.key) };
        // Company alone does not tell the words of a phrase apart: it says less than the lexicon.
        known.max(company * COMPANY).max(if sound >= ALIKE { sound } else { 0.0 })
    }

    /// The share of the words of two phrases that answer one another.
    pub fn covered(&self, a: &Phrase, b: &Phrase) -> f64 {
        self.answered(&content(self.from, a), b)
    }

    /// The same for words of the first side by their numbers as written.
    pub fn answered(&self, left: &[u32], b: &Phrase) -> f64 {
        let right = content(self.to, b);
        if left.is_empty() || right.is_empty() {
            return 0.0;
        }
        let table: Vec<Vec<f64>> = left.iter().map(|a| right.iter().map(|b| self.answer(*a, *b)).collect()).collect();
        let best = |cells: &mut dyn Iterator<Item = f64>| cells.fold(0.0f64, f64::max).powf(LENIENT);
        let rows: f64 = table.iter().map(|row| best(&mut row.iter().copied())).sum();
        let columns: f64 = (0..right.len()).map(|at| best(&mut table.iter().map(|row| row[at]))).sum();
        let (rows, columns) = (rows / left.len() as f64, columns / right.len() as f64);
        // What lacks a counterpart on one side weighs more than what has one on the other.
        (2.0 * rows.min(columns) + rows.max(columns)) / 3.0
    }
}

/// The words of a phrase that say something, where it stands for the first time.
pub(super) fn content(side: &Side, phrase: &Phrase) -> Vec<u32> {
    let first = phrase.places[0] as usize;
    let words = side.words[first..first + usize::from(phrase.words)].iter().copied();
    words.filter(|word| side.surfaces[*word as usize].role.is_content()).collect()
}

/// How alike two words of two languages sound, 0 to 1: the share of the longer one that the edit distance leaves.
pub(super) fn alike(from: Language, a: &str, to: Language, b: &str) -> f64 {
    // дж is one sound.
    let sound = |language, word| translit::sound(language, word).replace("dj", "c");
    let (a, b) = (sound(from, a), sound(to, b));
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len());
    if a.len().min(b.len()) < 3 || a.first() != b.first() {
        return 0.0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = (before + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = row[j + 1];
            row[j + 1] = cost;
        }
    }
    1.0 - row[b.len()] as f64 / longest as f64
}

/// How often the phrases of the other side stand in the units of a phrase, in units of the sample, with its size.
pub(super) fn company(units: &[u32], others: &ByUnit) -> (FxHashMap<u32, u32>, usize) {
    let step = units.len().div_ceil(SAMPLE).max(1);
    let mut out: FxHashMap<u32, u32> = FxHashMap::default();
    let mut seen = 0;
    for unit in units.iter().step_by(step) {
        seen += 1;
        for phrase in others.of(*unit) {
            *out.entry(*phrase).or_default() += 1;
        }
    }
    (out, seen)
}

/// All pairs of phrases that fit, the best first.
pub(super) fn pairs(words: &Words<'_>, from: &[Phrase], to: &[Phrase], by_unit: &ByUnit, units: usize) -> Vec<Link> {
    let mut out: Vec<Link> = from
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, phrase)| candidates(words, number as u32, phrase, to, by_unit, units))
        .collect();
    out.sort_by(|a, b| b.rank.total_cmp(&a.rank).then((a.from, a.to).cmp(&(b.from, b.to))));
    out
}

/// Of pairs, the best first, those whose phrases no better one has; only phrases `from` that pass take part.
pub(super) fn compete(pairs: &[Link], passes: impl Fn(u32) -> bool) -> Vec<Link> {
    let (mut used_from, mut used_to) = (FxHashSet::default(), FxHashSet::default());
    let free = |pair: &&Link| {
        let free = passes(pair.from) && !used_from.contains(&pair.from) && !used_to.contains(&pair.to);
        if free {
            used_from.insert(pair.from);
            used_to.insert(pair.to);
        }
        free
    };
    pairs.iter().filter(free).copied().collect()
}

/// What raises the rank of two phrases of so many words that say something.
pub(super) fn longer(left: usize, right: usize) -> f64 {
    1.0 + LONGER * left.min(right).saturating_sub(1) as f64 + if left == 1 && right == 2 { UNEVEN } else { 0.0 }
}

fn candidates(
    words: &Words<'_>,
    number: u32,
    phrase: &Phrase,
    to: &[Phrase],
    by_unit: &ByUnit,
    units: usize,
) -> Vec<Link> {
    // A translation is looked for only where there is one.
    let own: Vec<u32> = phrase.units.iter().copied().filter(|unit| words.to.has(*unit)).collect();
    let (seen, sample) = company(&own, by_unit);
    let mut met: Vec<(f64, u32)> = seen
        .into_iter()
        .filter_map(|(other, both)| {
            let size = to[other as usize].units.len();
            let both = (both as usize * own.len()).div_ceil(sample.max(1)).min(size);
            let dice = dice(both, own.len(), size);
            (both >= 2 && dice >= LEAST_DICE && ratio(both, own.len(), size, units) >= LEAST_RATIO)
                .then_some((dice, other))
        })
        .collect();
    met.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    met.truncate(COMPARED);
    let fit = |(dice, other): (f64, u32)| {
        let other_phrase = &to[other as usize];
        let covered = words.covered(phrase, other_phrase);
        let kind = if phrase.is_name() == other_phrase.is_name() { 1.0 } else { 0.9 };
        let acronym = if phrase.acronym == other_phrase.acronym { 1.0 } else { 0.7 };
        let fit = dice.sqrt() * covered * kind * acronym;
        let more = longer(content(words.from, phrase).len(), content(words.to, other_phrase).len());
        Link { from: number, to: other, fit, rank: fit * more }
    };
    met.into_iter().map(fit).filter(|link| link.fit >= LEAST_FIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_common() {
        assert_eq!(common(&[1, 4, 9], &[0, 1, 2, 9]), 2);
        let long: Vec<u32> = (0..100).collect();
        assert_eq!(common(&long, &[7, 99, 100]), 2);
        assert_eq!(common(&[], &long), 0);
    }

    #[test]
    fn chance_has_no_ratio() {
        assert!(ratio(1, 10, 10, 100) < 1e-9);
        assert_eq!(ratio(0, 10, 10, 100), 0.0, "less than chance is no company");
        // Dunning's own table has such counts: together 110, apart 2,442 and 111 of 31,777 gives 270.72.
        assert!((ratio(110, 2_552, 221, 31_777) - 270.72).abs() < 0.05, "{}", ratio(110, 2_552, 221, 31_777));
    }

    #[test]
    fn names_sound_alike() {
        assert!(alike(Language::EN, "azerbaijan", Language::RU, "азербайджан") >= 0.99);
        assert!(alike(Language::AZ, "mustafazadə", Language::RU, "мустафазаде") >= ALIKE);
        assert!(alike(Language::EN, "service", Language::RU, "служба") < ALIKE);
    }
}
