//! Scores of all beads that fit in a band: log-likelihood ratios of "these segments translate one another"
//! against "they happen to stand here".
//!
//! A bead's score is the sum of named terms: its kind ([`KINDS`]), the lengths (`length`), the words
//! (numbers, names, terms, lexicon: `links`), and the paragraphs ([`PARAGRAPH_ON_ONE_SIDE`],
//! [`PARAGRAPH_INSIDE`]).

use super::{
    band::{Band, turned},
    length::Length,
    links::Links,
    path::Step,
    words::{Side, Vocabulary},
};

/// The greatest number of segments on a side of one bead.
pub(super) const LARGEST: usize = 4;

/// Bead kinds with a segment on both sides, and the logarithm of how likely each is beside the others.
pub(super) const KINDS: [(usize, usize, f32); 11] = [
    (1, 1, -0.8),
    (1, 2, -2.6),
    (2, 1, -2.6),
    (2, 2, -6.0),
    (1, 3, -4.2),
    (3, 1, -4.2),
    (1, 4, -4.5),
    (4, 1, -4.5),
    (2, 3, -4.5),
    (3, 2, -4.5),
    (3, 3, -7.0),
];

/// A segment without counterpart: the first of a run, and each after it.
pub(super) const ALONE: f32 = -2.8;
pub(super) const ALONE_AGAIN: f32 = -1.0;

/// A paragraph begins with the bead on one side only.
const PARAGRAPH_ON_ONE_SIDE: f32 = -1.8;
/// A paragraph begins inside a bead.
const PARAGRAPH_INSIDE: f32 = -2.5;

/// The share of words explained by a translation rather than by chance, before anything is learned from the
/// texts, and with what was learned.
pub(super) const SHARE: f32 = 0.16;
pub(super) const SHARE_LEARNED: f32 = 0.2;

/// What scoring needs of two languages.
pub(super) struct Scale<'s> {
    pub length: Length,
    /// From the first language to the second and back.
    pub links: (&'s Links, &'s Links),
    /// See [`SHARE`].
    pub share: f32,
    /// How telling each form of the two texts is: see [`rarity`].
    pub rarity: (&'s [f32], &'s [f32]),
}

/// The scores of all beads in a band.
pub(super) struct Grid {
    pub band: Band,
    /// For each cell (the boundary before a bead) the score of each of [`KINDS`]; minus infinity where the bead
    /// does not fit.
    pub scores: Vec<[f32; KINDS.len()]>,
}

impl Grid {
    pub fn new(a: &Side, b: &Side, scale: &Scale, band: Band) -> Grid {
        let (n, m) = (a.len(), b.len());
        let ranges = band.sentences(LARGEST, m);
        let columns = turned(&ranges, m);
        let forward = Explained::new(a, b, scale.links.0, scale.rarity.1, ranges, scale.share);
        let backward = Explained::new(b, a, scale.links.1, scale.rarity.0, columns, scale.share);
        let sums = |of: &mut dyn Iterator<Item = f32>| {
            let mut out = vec![0.0f32];
            for x in of {
                out.push(out[out.len() - 1] + x);
            }
            out
        };
        let opened = |side: &Side| sums(&mut side.opens.iter().map(|opens| f32::from(u8::from(*opens))));
        // Lengths in f64 sums would be exact for longer; f32 is exact up to 16 million characters.
        let (length_a, length_b) = (sums(&mut a.length.iter().copied()), sums(&mut b.length.iter().copied()));
        let (opened_a, opened_b) = (opened(a), opened(b));
        let mut scores = vec![[f32::NEG_INFINITY; KINDS.len()]; band.cells()];
        for (i, (low, high)) in band.rows.iter().enumerate() {
            for j in *low..=*high {
                let cell = &mut scores[band.offsets[i] + j - low];
                for (kind, (x, y, prior)) in KINDS.iter().enumerate() {
                    if i + x > n || j + y > m || band.cell(i + x, j + y).is_none() {
                        continue;
                    }
                    let words = (j..j + y).map(|j| forward.of(i, j, *x)).sum::<f32>()
                        + (i..i + x).map(|i| backward.of(j, i, *y)).sum::<f32>();
                    let length = scale.length.score(length_a[i + x] - length_a[i], length_b[j + y] - length_b[j], *y);
                    let begins = if a.opens[i] != b.opens[j] { PARAGRAPH_ON_ONE_SIDE } else { 0.0 };
                    let inside = opened_a[i + x] - opened_a[i + 1] + opened_b[j + y] - opened_b[j + 1];
                    cell[kind] = prior + length + words / 2.0 + begins + PARAGRAPH_INSIDE * inside;
                }
            }
        }
        Grid { band, scores }
    }

    /// The cell and the kind of a step of this grid.
    pub fn place(&self, step: &Step) -> (usize, usize) {
        let cell = self.band.cell(step.i, step.j).expect("a step starts in its band");
        let kind = KINDS.iter().position(|(x, y, _)| (*x, *y) == (step.rows, step.columns));
        (cell, kind.expect("a step is of one of the kinds"))
    }

    /// Adds to every bead what is known of its cells from elsewhere: `of` says it of a pair of segments. A bead
    /// of several segments takes the sum over its pairs, shared out over its larger side.
    pub fn add(&mut self, of: impl Fn(usize, usize) -> f32) {
        let Band { rows, offsets } = &self.band;
        for (i, (low, high)) in rows.iter().enumerate() {
            for j in *low..=*high {
                for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                    let score = &mut self.scores[offsets[i] + j - low][kind];
                    if *score > f32::NEG_INFINITY {
                        let sum: f32 =
                            (i..i + x).flat_map(|i| (j..j + y).map(move |j| (i, j))).map(|(i, j)| of(i, j)).sum();
                        *score += sum / *x.max(y) as f32;
                    }
                }
            }
        }
    }
}

/// Words of other texts assumed beside those at hand, so that a word which stands once in a short text still
/// counts as a rare one.
const UNSEEN: f32 = 4000.0;

/// For each form of a side, one over how likely it is to stand anywhere: by its frequency in all texts, or in
/// this one where it is repeated.
pub(super) fn rarity(side: &Side, vocabulary: &Vocabulary) -> Vec<f32> {
    let total: f32 = vocabulary.counts.iter().map(|c| *c as f32).sum();
    let kinds = vocabulary.counts.len() as f32;
    let mut here = vec![0u32; vocabulary.stems.len()];
    let mut words = 0u32;
    for form in side.words.iter().flatten() {
        here[vocabulary.stem_of(*form) as usize] += 1;
        words += 1;
    }
    let everywhere = |stem: usize| (vocabulary.counts[stem] as f32 + 0.5) / (total + 0.5 * kinds + UNSEEN);
    vocabulary
        .forms
        .iter()
        .map(|form| {
            let stem = form.stem as usize;
            let local = if here[stem] > 1 { here[stem] as f32 / words.max(1) as f32 } else { 0.0 };
            1.0 / everywhere(stem).max(local)
        })
        .collect()
}

/// How well the words of one sentence are explained as a translation of 1 to [`LARGEST`] sentences of the other
/// text: a sum of log-likelihood ratios over the words.
struct Explained {
    ranges: Vec<(usize, usize)>,
    offsets: Vec<usize>,
    values: Vec<[f32; LARGEST]>,
}

/// A sentence's words that one sentence of the other text may have given: place and ratio, for each sentence of
/// a range.
struct Row {
    from: usize,
    ends: Vec<u32>,
    hits: Vec<(u32, f32)>,
}

impl Row {
    fn of(&self, column: usize) -> &[(u32, f32)] {
        match column.checked_sub(self.from) {
            Some(at) if at < self.ends.len() => {
                let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
                &self.hits[start..self.ends[at] as usize]
            }
            _ => &[],
        }
    }
}

impl Explained {
    /// For each sentence of `given`, how it explains the sentences of `of` in its range.
    fn new(
        given: &Side,
        of: &Side,
        links: &Links,
        rarity: &[f32],
        ranges: Vec<(usize, usize)>,
        share: f32,
    ) -> Explained {
        let mut offsets = Vec::with_capacity(ranges.len() + 1);
        let mut cells = 0;
        for (low, high) in &ranges {
            offsets.push(cells);
            cells += high - low;
        }
        let mut values = vec![[0.0f32; LARGEST]; cells];
        let mut weights = vec![0.0f32; rarity.len()];
        let mut touched: Vec<u32> = Vec::new();
        // The rows of this sentence and those after it.
        let mut window: std::collections::VecDeque<Row> = Default::default();
        let mut sums: Vec<f32> = Vec::new();
        let mut places: Vec<u32> = Vec::new();
        let odds = share / (1.0 - share);
        let unexplained = (1.0 - share).ln();
        for i in (0..given.len()).rev() {
            for form in &given.words[i] {
                for (other, weight) in &links.of[*form as usize] {
                    let held = &mut weights[*other as usize];
                    if *held == 0.0 {
                        touched.push(*other);
                    }
                    *held += weight * rarity[*other as usize];
                }
            }
            let (low, high) = ranges[i];
            let mut row = Row { from: low, ends: Vec::with_capacity(high - low), hits: Vec::new() };
            for j in low..high {
                for (place, form) in of.words[j].iter().enumerate() {
                    let weight = weights[*form as usize];
                    if weight > 0.0 {
                        row.hits.push((place as u32, weight));
                    }
                }
                row.ends.push(row.hits.len() as u32);
            }
            touched.drain(..).for_each(|other| weights[other as usize] = 0.0);
            window.push_front(row);
            window.truncate(LARGEST);
            for j in low..high {
                let value = &mut values[offsets[i] + j - low];
                sums.clear();
                sums.resize(of.words[j].len(), 0.0);
                places.clear();
                let base = unexplained * of.words[j].len() as f32;
                let mut words = 0usize;
                for (count, row) in window.iter().enumerate() {
                    words += given.words[i + count].len();
                    for (place, weight) in row.of(j) {
                        let held = &mut sums[*place as usize];
                        if *held == 0.0 {
                            places.push(*place);
                        }
                        *held += weight;
                    }
                    let odds = odds / words.max(1) as f32;
                    value[count] = base + places.iter().map(|p| (sums[*p as usize] * odds).ln_1p()).sum::<f32>();
                }
            }
        }
        Explained { ranges, offsets, values }
    }

    /// How `count` sentences from `i` on explain sentence `j`.
    fn of(&self, i: usize, j: usize, count: usize) -> f32 {
        let (low, _) = self.ranges[i];
        self.values[self.offsets[i] + j - low][count - 1]
    }
}

/// How well each sentence of `given` explains each of `of`: a row a sentence of `given`.
pub(super) fn explained_whole(given: &Side, of: &Side, links: &Links, rarity: &[f32], share: f32) -> Vec<f32> {
    let ranges = vec![(0, of.len()); given.len()];
    let explained = Explained::new(given, of, links, rarity, ranges, share);
    explained.values.into_iter().map(|value| value[0]).collect()
}
