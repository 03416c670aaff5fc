//! The part of the table of two texts that is looked at: all of it for short texts, else a band round anchors,
//! so that cost grows with the length of the texts and not with its square.

use super::{links::Links, words::Side};
use rustc_hash::FxHashMap;

/// Tables of up to so many cells are looked at whole.
const WHOLE: usize = 60_000;
/// Sentences round the way between anchors that are always looked at.
const MARGIN: usize = 16;
/// Farther than this from the straight way between two anchors nothing is looked at.
const FARTHEST: usize = 120;
/// A word that occurs in more sentences is no anchor.
const RARE: usize = 3;
/// Weights of shared rare words that make two sentences an anchor.
const ENOUGH: f32 = 0.8;

/// For each row (a sentence boundary of the one text) the columns looked at, both ends included. Both ends
/// never fall from row to row, and neighbouring rows overlap, so that a way leads through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub rows: Vec<(usize, usize)>,
    /// Where each row's cells begin; one more than rows.
    pub offsets: Vec<usize>,
}

impl Band {
    /// The band for texts of `n` and `m` sentences: rows 0 to `n`, columns 0 to `m`.
    pub fn new(a: &Side, b: &Side, links: &Links) -> Band {
        let (n, m) = (a.len(), b.len());
        if (n + 1).saturating_mul(m + 1) <= WHOLE {
            return Band::of(vec![(0, m); n + 1]);
        }
        Band::round(&anchors(a, b, links), n, m)
    }

    fn of(rows: Vec<(usize, usize)>) -> Band {
        let mut offsets = Vec::with_capacity(rows.len() + 1);
        let mut at = 0;
        for (low, high) in &rows {
            offsets.push(at);
            at += high - low + 1;
        }
        offsets.push(at);
        Band { rows, offsets }
    }

    /// The band round a rising chain of anchors.
    fn round(anchors: &[(usize, usize)], n: usize, m: usize) -> Band {
        let mut chain = vec![(0, 0)];
        chain.extend(anchors.iter().filter(|(i, j)| *i > 0 && *j > 0 && *i < n && *j < m));
        chain.push((n, m));
        let mut rows: Vec<(usize, usize)> = Vec::with_capacity(n + 1);
        let mut next = 1; // the first anchor past the row
        for i in 0..=n {
            while next + 1 < chain.len() && chain[next].0 <= i {
                next += 1;
            }
            let (from, to) = (chain[next - 1], chain[next]);
            let rise = (to.0 - from.0).max(1);
            let centre = from.1 + (to.1 - from.1) * i.saturating_sub(from.0).min(rise) / rise;
            // One anchor farther each way, so that a single false one does no harm.
            let low = chain[next.saturating_sub(2)].1.saturating_sub(MARGIN);
            let high = chain[(next + 1).min(chain.len() - 1)].1 + MARGIN;
            rows.push((low.max(centre.saturating_sub(FARTHEST)), high.min(centre + FARTHEST).min(m)));
        }
        rows[0].0 = 0;
        rows[n].1 = m;
        for i in 1..=n {
            rows[i].1 = rows[i].1.max(rows[i - 1].1);
            rows[i - 1].1 = rows[i - 1].1.max(rows[i].0);
            rows[i].1 = rows[i].1.max(rows[i - 1].1);
        }
        for i in (0..n).rev() {
            rows[i].0 = rows[i].0.min(rows[i + 1].0);
        }
        Band::of(rows)
    }

    /// The number of the cell, where it is in the band.
    pub fn cell(&self, i: usize, j: usize) -> Option<usize> {
        let (low, high) = *self.rows.get(i)?;
        (low <= j && j <= high).then(|| self.offsets[i] + j - low)
    }

    pub fn cells(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// The sentences against which each sentence of the first text must be compared for all beads of up to
    /// `span` sentences that fit in the band: half-open ranges.
    pub fn sentences(&self, span: usize, m: usize) -> Vec<(usize, usize)> {
        let n = self.rows.len() - 1;
        (0..n).map(|i| (self.rows[i.saturating_sub(span - 1)].0.min(m), (self.rows[i].1 + span).min(m))).collect()
    }
}

/// The same ranges seen from the other side: for each of `m` columns its rows, half-open.
pub(super) fn turned(ranges: &[(usize, usize)], m: usize) -> Vec<(usize, usize)> {
    let (mut first, mut last) = (0, 0);
    (0..m)
        .map(|j| {
            while first < ranges.len() && ranges[first].1 <= j {
                first += 1;
            }
            last = last.max(first);
            while last < ranges.len() && ranges[last].0 <= j {
                last += 1;
            }
            (first, last)
        })
        .collect()
}

/// A rising chain of sentence pairs that share rare words: the heaviest one.
fn anchors(a: &Side, b: &Side, links: &Links) -> Vec<(usize, usize)> {
    let (rare_a, rare_b) = (rare(a), rare(b));
    let mut votes: FxHashMap<(usize, usize), f32> = FxHashMap::default();
    for (form, places) in &rare_a {
        for (other, weight) in &links.of[*form as usize] {
            let Some(others) = rare_b.get(other) else { continue };
            let share = weight / (places.len() * others.len()) as f32;
            for i in places {
                for j in others {
                    *votes.entry((*i, *j)).or_default() += share;
                }
            }
        }
    }
    let mut strong: Vec<((usize, usize), f32)> = votes.into_iter().filter(|(_, v)| *v >= ENOUGH).collect();
    strong.sort_unstable_by(|x, y| x.0.0.cmp(&y.0.0).then(y.0.1.cmp(&x.0.1)));
    heaviest_rising(&strong, b.len())
}

/// The forms that occur in few sentences, with those.
fn rare(side: &Side) -> std::collections::BTreeMap<u32, Vec<usize>> {
    let mut out: std::collections::BTreeMap<u32, Vec<usize>> = Default::default();
    for (at, words) in side.words.iter().enumerate() {
        for form in words {
            let places = out.entry(*form).or_default();
            if places.last() != Some(&at) && places.len() <= RARE {
                places.push(at);
            }
        }
    }
    out.retain(|_, places| places.len() <= RARE);
    out
}

/// The chain, rising in both texts, of the greatest weight. Pairs come sorted by the first text, falling in the
/// second where the first is the same, so that a sentence is used once.
fn heaviest_rising(pairs: &[((usize, usize), f32)], columns: usize) -> Vec<(usize, usize)> {
    // A Fenwick tree of the best chain that ends at or before a column: (weight, pair).
    let mut tree: Vec<(f32, Option<usize>)> = vec![(0.0, None); columns + 1];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let mut best: (f32, Option<usize>) = (0.0, None);
    for (at, ((_, j), weight)) in pairs.iter().enumerate() {
        let mut held = (0.0, None);
        let mut k = *j; // columns 0 to j - 1
        while k > 0 {
            if tree[k].0 > held.0 {
                held = tree[k];
            }
            k &= k - 1;
        }
        before.push(held.1);
        let chain = (held.0 + weight, Some(at));
        let mut k = j + 1;
        while k <= columns {
            if chain.0 > tree[k].0 {
                tree[k] = chain;
            }
            k += k & k.wrapping_neg();
        }
        if chain.0 > best.0 {
            best = chain;
        }
    }
    let mut out = Vec::new();
    let mut at = best.1;
    while let Some(pair) = at {
        out.push(pairs[pair].0);
        at = before[pair];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_chain_rises() {
        let pairs = [((0, 5), 1.0), ((1, 1), 1.0), ((2, 2), 1.0), ((3, 9), 1.5), ((3, 3), 1.0), ((4, 4), 1.0)];
        assert_eq!(heaviest_rising(&pairs, 10), [(1, 1), (2, 2), (3, 3), (4, 4)]);
        assert!(heaviest_rising(&[], 3).is_empty());
    }

    #[test]
    fn a_way_leads_through_any_band() {
        for (n, m, anchors) in [
            (1000, 1000, vec![(500, 500)]),
            (10, 90_000, vec![]),
            (90_000, 10, vec![]),
            (5000, 3000, vec![(10, 2900), (4000, 2950)]),
            (0, 70_000, vec![]),
        ] {
            let band = Band::round(&anchors, n, m);
            assert_eq!(band.rows.len(), n + 1);
            assert_eq!((band.rows[0].0, band.rows[n].1), (0, m));
            for rows in band.rows.windows(2) {
                assert!(rows[0].0 <= rows[1].0 && rows[0].1 <= rows[1].1, "both ends rise");
                assert!(rows[1].0 <= rows[0].1, "rows overlap");
            }
            assert!(band.cells() <= (n + m + 1) * (2 * FARTHEST + 2 * MARGIN + 2), "{n} {m}: {}", band.cells());
        }
    }

    #[test]
    fn ranges_turn() {
        let ranges = [(0, 2), (0, 3), (1, 4)];
        assert_eq!(turned(&ranges, 4), [(0, 2), (0, 3), (1, 3), (2, 3)]);
    }
}
