//! How well files of two languages explain each other. Only candidates are compared: an index from rare words to
//! the files that hold them finds those worth it, so that cost grows with the files and not with their pairs.

use super::shelf::Shelf;
use crate::align::{
    Evidence, lexicon,
    links::Links,
    shares::{SHARE, Shares},
    words::{Side, Vocabulary},
};
use rayon::prelude::*;

/// How many files each file is compared with because they share rare words.
const CANDIDATES: usize = 96;
/// And how many because they stand at even distances: what chance gives.
const STRANGERS: usize = 32;
/// Both for files whose counterparts are named: nothing has to be found, only a better one not to be missed.
const CANDIDATES_OF_NAMED: usize = 16;
const STRANGERS_OF_NAMED: usize = 16;
/// Entries of the index looked at to find one file's candidates, those of the rarest words first.
const MOST_ENTRIES: usize = 16_000;
/// How many neighbours tell how much a file resembles others in general.
const NEIGHBOURS: usize = 3;
/// How well files fit that have nothing to do with each other, in log-likelihood per word, where there are no
/// others to tell it.
const USUAL: f32 = -0.05;
/// Standard deviation of the logarithm of two counterparts' lengths' ratio; the remarks of one office run freer
/// than sentences do.
const LENGTH_DEVIATION: f32 = 0.5;
/// What the length signal weighs beside words, per word.
const LENGTH_WEIGHT: f32 = 0.01;

/// For each file of one language, the files of another it was compared with, rising, and how well each fits: the
/// log-likelihood ratio of their words, per word, both ways.
pub(super) struct Fits {
    pub rows: Vec<Vec<(u32, f32)>>,
    /// For each file of the other language, the files it was compared with, rising.
    pub columns: Vec<Vec<u32>>,
    /// For each file of either language, how well it fits where it should not.
    pub usual: (Vec<f32>, Vec<f32>),
    pub chance: (Vec<f32>, Vec<f32>),
}

impl Fits {
    /// `named` are pairs to compare whatever they share.
    pub fn new(a: &Shelf, b: &Shelf, named: &[(usize, usize)], evidence: &Evidence) -> Fits {
        let (va, vb) = (&a.vocabulary, &b.vocabulary);
        let plain = Links::plain(va, vb);
        let known = |from: &Vocabulary, to: &Vocabulary| {
            let prior = evidence.lexicon.prior(from, to);
            lexicon::table(std::iter::empty(), from.stems.len(), &prior)
        };
        let there = plain.0.with(&known(va, vb), va, vb);
        let back = plain.1.with(&known(vb, va), vb, va);
        let mut pairs: Vec<(u32, u32)> = named.iter().map(|(i, j)| (*i as u32, *j as u32)).collect();
        let (mut settled_a, mut settled_b) = (vec![false; a.len()], vec![false; b.len()]);
        named.iter().for_each(|(i, j)| (settled_a[*i], settled_b[*j]) = (true, true));
        pairs.extend(compared(a, b, &there, &settled_a));
        pairs.extend(compared(b, a, &back, &settled_b).into_iter().map(|(j, i)| (i, j)));
        pairs.sort_unstable();
        pairs.dedup();
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); a.len()];
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); b.len()];
        for (i, j) in &pairs {
            columns[*i as usize].push(*j);
            rows[*j as usize].push(*i);
        }
        let forward = explained(&a.side, &b.side, &there, &columns);
        let backward = explained(&b.side, &a.side, &back, &rows);
        let mean = |side: &Side| side.length.iter().sum::<f32>() / side.len().max(1) as f32;
        let ratio = mean(&b.side) / mean(&a.side).max(1.0);
        let per_word = |value: f32, side: &Side, at: usize| value / side.words[at].len().max(1) as f32;
        let fit = |i: usize, j: usize, there: f32| {
            let at = rows[j].binary_search(&(i as u32)).expect("both ways hold the same pairs");
            let difference = (b.side.length[j] / (a.side.length[i] * ratio)).ln() / LENGTH_DEVIATION;
            per_word(there, &b.side, j) + per_word(backward[j][at], &a.side, i)
                - LENGTH_WEIGHT * (difference * difference / 2.0).min(10.0)
        };
        let fitting: Vec<Vec<(u32, f32)>> = columns
            .iter()
            .enumerate()
            .map(|(i, columns)| {
                columns.iter().zip(&forward[i]).map(|(j, there)| (*j, fit(i, *j as usize, *there))).collect()
            })
            .collect();
        let mut of_column: Vec<Vec<f32>> = vec![Vec::new(); b.len()];
        fitting.iter().flatten().for_each(|(j, fit)| of_column[*j as usize].push(*fit));
        let of_row: Vec<Vec<f32>> = fitting.iter().map(|row| row.iter().map(|(_, fit)| *fit).collect()).collect();
        let each = |of: &dyn Fn(&[f32]) -> f32| {
            (of_row.iter().map(|all| of(all)).collect(), of_column.iter().map(|all| of(all)).collect())
        };
        Fits { usual: each(&usual), chance: each(&chance), rows: fitting, columns: rows }
    }

    /// How well two files fit, where they were compared.
    pub fn fit(&self, i: usize, j: usize) -> Option<f32> {
        let row = &self.rows[i];
        row.binary_search_by_key(&(j as u32), |(column, _)| *column).ok().map(|at| row[at].1)
    }

    /// How much better two files fit than their neighbours do.
    pub fn margin(&self, i: usize, j: usize, fit: f32) -> f32 {
        fit - (self.usual.0[i] + self.usual.1[j]) / 2.0
    }

    /// How much better two files fit than chance would have it.
    pub fn over_chance(&self, i: usize, j: usize, fit: f32) -> f32 {
        fit - (self.chance.0[i] + self.chance.1[j]) / 2.0
    }
}

/// Whether so many files tell what is usual among them.
pub(super) fn has_neighbours(n: usize, m: usize) -> bool {
    n.min(m) > 1
}

/// The mean of the best few beside the best one: how well a file fits where it should not.
fn usual(fits: &[f32]) -> f32 {
    let mut all = fits.to_vec();
    all.sort_unstable_by(|x, y| y.total_cmp(x));
    let neighbours: Vec<f32> = all.into_iter().skip(1).take(NEIGHBOURS).collect();
    match neighbours.is_empty() {
        true => USUAL,
        false => neighbours.iter().sum::<f32>() / neighbours.len() as f32,
    }
}

/// The lower quartile, in which no counterpart and no other release of its template is; at most the usual.
fn chance(fits: &[f32]) -> f32 {
    let mut all = fits.to_vec();
    all.sort_unstable_by(f32::total_cmp);
    match all.len() {
        0 | 1 => USUAL,
        many => all[many / 4].min(USUAL),
    }
}

/// The pairs worth comparing, as each file of `a` sees it: those that share its rarest words, and strangers.
/// `settled` are files whose counterparts are named.
fn compared(a: &Shelf, b: &Shelf, links: &Links, settled: &[bool]) -> Vec<(u32, u32)> {
    let (n, m) = (a.len(), b.len());
    if m == 0 {
        return Vec::new();
    }
    let strangers = |i: usize| {
        let count = if settled[i] { STRANGERS_OF_NAMED } else { STRANGERS };
        (0..count).map(move |k| ((i * n.max(7) + k * m / count) % m) as u32)
    };
    if m <= CANDIDATES + STRANGERS {
        return (0..n as u32).flat_map(|i| (0..m as u32).map(move |j| (i, j))).collect();
    }
    let of = |weights: &mut Vec<f32>, i: usize| {
        let forms = a.forms_of(i);
        let answers = || forms.iter().flat_map(|form| &links.of[*form as usize]);
        // How many entries the words in so many files have, by powers of two.
        let mut entries = [0usize; usize::BITS as usize];
        for (form, _) in answers() {
            let files = b.files_of(*form).len();
            entries[files.checked_ilog2().unwrap_or(0) as usize] += files;
        }
        let mut spent = 0;
        let rare = entries.iter().take_while(|entries| {
            spent += **entries;
            spent <= MOST_ENTRIES
        });
        let most_files = 1usize << rare.count().min(31);
        let mut touched: Vec<u32> = Vec::new();
        for (form, weight) in answers() {
            let files = b.files_of(*form);
            if files.len() < most_files {
                let weight = weight * (m as f32 / files.len() as f32).ln_1p();
                for file in files {
                    let held = &mut weights[*file as usize];
                    if *held == 0.0 {
                        touched.push(*file);
                    }
                    *held += weight;
                }
            }
        }
        let mut best: Vec<(f32, u32)> = touched.iter().map(|file| (weights[*file as usize], *file)).collect();
        touched.iter().for_each(|file| weights[*file as usize] = 0.0);
        best.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        let candidates = if settled[i] { CANDIDATES_OF_NAMED } else { CANDIDATES };
        let best = best.into_iter().take(candidates).map(|(_, j)| j);
        best.chain(strangers(i)).map(|j| (i as u32, j)).collect::<Vec<_>>()
    };
    let each: Vec<Vec<(u32, u32)>> = (0..n).into_par_iter().map_init(|| vec![0.0f32; m], of).collect();
    each.into_iter().flatten().collect()
}

/// How well each file of `given` explains the words of the files of `of` in its columns: a sum of log-likelihood
/// ratios over the words, as for sentences in `grid`.
fn explained(given: &Side, of: &Side, links: &Links, columns: &[Vec<u32>]) -> Vec<Vec<f32>> {
    let shares = Shares::even(SHARE);
    let row = |(weights, touched): &mut (Vec<f32>, Vec<u32>), (i, columns): (usize, &Vec<u32>)| {
        for form in &given.words[i] {
            for (other, weight) in &links.of[*form as usize] {
                let held = &mut weights[*other as usize];
                if *held == 0.0 {
                    touched.push(*other);
                }
                *held += weight;
            }
        }
        let each = 1.0 / given.words[i].len().max(1) as f32;
        let words = |j: usize| of.words[j].iter().zip(&of.rarity[j]);
        let value = |j: &u32| {
            let said = words(*j as usize).map(|(form, rarity)| {
                let known = links.known[*form as usize];
                let weight = weights[*form as usize] * rarity * shares.odds(known) * each;
                shares.unexplained(known) + if weight > 0.0 { weight.ln_1p() } else { 0.0 }
            });
            said.sum()
        };
        let values = columns.iter().map(value).collect();
        touched.drain(..).for_each(|other| weights[other as usize] = 0.0);
        values
    };
    columns.par_iter().enumerate().map_init(|| (vec![0.0f32; links.known.len()], Vec::new()), row).collect()
}
