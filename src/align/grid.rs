//! Scores of all beads that fit in a band: log-likelihood ratios of "these segments translate one another"
//! against "they happen to stand here".
//!
//! A bead's score is the sum of named terms: its kind and the paragraphs (`usage`), the lengths (`length`), the words
//! (numbers, names, terms, lexicon: `links`, weighed by `shares`) and lines that recur (`habits`).

use super::{
    band::{Band, turned},
    habits::Habits,
    length::Length,
    links::Links,
    path::Step,
    shares::Shares,
    usage::Usage,
    words::Side,
};

/// The greatest number of segments on a side of one bead.
pub(super) const LARGEST: usize = 4;

/// Bead kinds with a segment on both sides, and the logarithm of how likely each is beside the others before anything
/// is counted (`usage`).
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

/// What scoring needs of two languages.
#[derive(Clone, Copy)]
pub(super) struct Scale<'s> {
    pub length: Length,
    /// From the first language to the second and back.
    pub links: (&'s Links, &'s Links),
    pub shares: &'s Shares,
    pub usage: &'s Usage,
    pub habits: &'s Habits,
}

/// The scores of all beads in a band.
pub(super) struct Grid {
    pub band: Band,
    /// The score of a segment without counterpart: the first of a run, and each after it.
    pub alone: f32,
    pub again: f32,
    /// For each cell (the boundary before a bead) the score of each of [`KINDS`]; minus infinity where the bead
    /// does not fit.
    pub scores: Vec<[f32; KINDS.len()]>,
}

impl Grid {
    pub fn new(a: &Side, b: &Side, scale: &Scale, band: Band) -> Grid {
        let (n, m) = (a.len(), b.len());
        let ranges = band.sentences(LARGEST, m);
        let columns = turned(&ranges, m);
        let forward = Explained::new(a, b, scale.links.0, ranges, scale.shares);
        let backward = Explained::new(b, a, scale.links.1, columns, scale.shares);
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
        let recurs_a: Vec<bool> = a.lines.iter().map(|line| scale.habits.has_first(*line)).collect();
        let recurs_b: Vec<bool> = b.lines.iter().map(|line| scale.habits.has_second(*line)).collect();
        // What `y` sentences from `j` on are long, against any others.
        let random: Vec<[f32; LARGEST]> = (0..m)
            .map(|j| {
                std::array::from_fn(|y| match j + y < m {
                    true => Length::random(length_b[j + y + 1] - length_b[j], y + 1),
                    false => 0.0,
                })
            })
            .collect();
        let mut scores = vec![[f32::NEG_INFINITY; KINDS.len()]; band.cells()];
        for (i, (low, high)) in band.rows.iter().enumerate() {
            for j in *low..=*high {
                let cell = &mut scores[band.offsets[i] + j - low];
                let habit = match i < n && j < m && (recurs_a[i] || recurs_b[j]) {
                    true => scale.habits.score(a.lines[i], b.lines[j]),
                    false => 0.0,
                };
                for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                    if i + x > n || j + y > m || band.cell(i + x, j + y).is_none() {
                        continue;
                    }
                    let words = (j..j + y).map(|j| forward.of(i, j, *x)).sum::<f32>()
                        + (i..i + x).map(|i| backward.of(j, i, *y)).sum::<f32>();
                    let (from, to) = (length_a[i + x] - length_a[i], length_b[j + y] - length_b[j]);
                    let length = scale.length.score(from, to, random[j][y - 1]);
                    let begins = if a.opens[i] != b.opens[j] { scale.usage.one_side } else { 0.0 };
                    let inside = opened_a[i + x] - opened_a[i + 1] + opened_b[j + y] - opened_b[j + 1];
                    let habit = if (*x, *y) == (1, 1) { habit } else { 0.0 };
                    cell[kind] =
                        scale.usage.kinds[kind] + length + words / 2.0 + begins + scale.usage.inside * inside + habit;
                }
            }
        }
        Grid { band, alone: scale.usage.alone, again: scale.usage.again, scores }
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
        let (n, m) = self.band.end();
        let ranges = self.band.sentences(LARGEST, m);
        // The pairs of the sentences from the row at work on.
        let mut window: std::collections::VecDeque<Vec<f32>> = Default::default();
        for (i, (low, high)) in rows.iter().enumerate().take(n).rev() {
            let (from, to) = ranges[i];
            window.push_front((from..to).map(|j| of(i, j)).collect());
            window.truncate(LARGEST);
            for j in *low..=*high {
                for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                    let score = &mut self.scores[offsets[i] + j - low][kind];
                    if *score > f32::NEG_INFINITY {
                        let pairs = (0..*x).flat_map(|row| (j..j + y).map(move |j| (row, j)));
                        let sum: f32 = pairs.map(|(row, j)| window[row][j - ranges[i + row].0]).sum();
                        *score += sum / *x.max(y) as f32;
                    }
                }
            }
        }
    }

    /// A grid of any scores, looked at whole.
    #[cfg(test)]
    pub fn of_scores(n: usize, m: usize, score: impl Fn(usize, usize, usize) -> f32) -> Grid {
        let band = Band::whole(n, m);
        let mut scores = vec![[f32::NEG_INFINITY; KINDS.len()]; band.cells()];
        for (i, j) in (0..=n).flat_map(|i| (0..=m).map(move |j| (i, j))) {
            let cell = band.cell(i, j).expect("all cells are in the band");
            for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                if i + x <= n && j + y <= m {
                    scores[cell][kind] = score(i, j, kind);
                }
            }
        }
        Grid { band, alone: -2.5, again: -1.0, scores }
    }
}

/// How well the words of one sentence are explained as a translation of 1 to [`LARGEST`] sentences of the other
/// text: a sum of log-likelihood ratios over the words.
struct Explained {
    ranges: Vec<(usize, usize)>,
    offsets: Vec<usize>,
    values: Vec<[f32; LARGEST]>,
}

/// The sum of ln(1 + x) over all, worked out as the logarithm of a product: one logarithm for many words.
fn log_of_product(of: impl Iterator<Item = f32>) -> f32 {
    let (mut product, mut sum) = (1.0f64, 0.0f64);
    for x in of {
        product *= 1.0 + f64::from(x);
        if product > 1e200 {
            sum += product.ln();
            product = 1.0;
        }
    }
    (sum + product.ln()) as f32
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
    fn new(given: &Side, of: &Side, links: &Links, ranges: Vec<(usize, usize)>, shares: &Shares) -> Explained {
        let mut offsets = Vec::with_capacity(ranges.len() + 1);
        let mut cells = 0;
        for (low, high) in &ranges {
            offsets.push(cells);
            cells += high - low;
        }
        let mut values = vec![[0.0f32; LARGEST]; cells];
        let mut weights = vec![0.0f32; links.known.len()];
        let mut touched: Vec<u32> = Vec::new();
        // The rows of this sentence and those after it.
        let mut window: std::collections::VecDeque<Row> = Default::default();
        let mut sums: Vec<f32> = Vec::new();
        let mut places: Vec<u32> = Vec::new();
        let unexplained = |form: &u32| shares.unexplained(links.known[*form as usize]);
        let bases: Vec<f32> = of.words.iter().map(|words| words.iter().map(unexplained).sum()).collect();
        for i in (0..given.len()).rev() {
            for form in &given.words[i] {
                for (other, weight) in &links.of[*form as usize] {
                    let held = &mut weights[*other as usize];
                    if *held == 0.0 {
                        touched.push(*other);
                    }
                    *held += weight;
                }
            }
            let (low, high) = ranges[i];
            let mut row = Row { from: low, ends: Vec::with_capacity(high - low), hits: Vec::new() };
            for j in low..high {
                for (place, form) in of.words[j].iter().enumerate() {
                    let weight = weights[*form as usize];
                    if weight > 0.0 {
                        let odds = shares.odds(links.known[*form as usize]);
                        row.hits.push((place as u32, weight * of.rarity[j][place] * odds));
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
                    let each = 1.0 / words.max(1) as f32;
                    value[count] = bases[j] + log_of_product(places.iter().map(|p| sums[*p as usize] * each));
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
