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

/// Whether texts of so many sentences are looked at whole.
pub(super) fn is_short(n: usize, m: usize) -> bool {
    (n + 1).saturating_mul(m + 1) <= WHOLE
}

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
        match is_short(n, m) {
            true => Band::whole(n, m),
            false => Band::round(&anchors(a, b, links), n, m),
        }
    }

    /// The band round beads known from before, for texts too long to be looked at whole.
    pub fn along(way: &[(usize, usize)], n: usize, m: usize) -> Band {
        match is_short(n, m) {
            true => Band::whole(n, m),
            false => Band::round(way, n, m),
        }
    }

    pub fn whole(n: usize, m: usize) -> Band {
        Band::of(vec![(0, m); n + 1])
    }

    /// The last cell.
    pub fn end(&self) -> (usize, usize) {
        (self.rows.len() - 1, self.rows[self.rows.len() - 1].1)
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
        let chain = chained(anchors, n, m);
        let centres = centres(&chain, n);
        let mut rows: Vec<(usize, usize)> = Vec::with_capacity(n + 1);
        let mut next = 1; // the first anchor past the row
        for (i, centre) in centres.into_iter().enumerate() {
            while next + 1 < chain.len() && chain[next].0 <= i {
                next += 1;
            }
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

/// A rising chain of sentence pairs that share rare words: the heaviest one. First by words rare in the whole
/// texts, then, along that chain, by words rare thereabouts.
fn anchors(a: &Side, b: &Side, links: &Links) -> Vec<(usize, usize)> {
    let (places_a, places_b) = (places(a), places(b));
    let everywhere = Reach { centres: vec![0; a.len()], far: usize::MAX };
    let chain = heaviest_rising(&everywhere.votes(a, links, &places_a, &places_b), b.len());
    let round = Reach { centres: centres(&chained(&chain, a.len(), b.len()), a.len()), far: FARTHEST };
    heaviest_rising(&round.votes(a, links, &places_a, &places_b), b.len())
}

/// The chain with both ends of the texts.
fn chained(anchors: &[(usize, usize)], n: usize, m: usize) -> Vec<(usize, usize)> {
    let mut chain = vec![(0, 0)];
    chain.extend(anchors.iter().filter(|(i, j)| *i > 0 && *j > 0 && *i < n && *j < m));
    chain.push((n, m));
    chain
}

/// For rows 0 to `n` the column straight between the links of the chain.
fn centres(chain: &[(usize, usize)], n: usize) -> Vec<usize> {
    let mut next = 1;
    (0..=n)
        .map(|i| {
            while next + 1 < chain.len() && chain[next].0 <= i {
                next += 1;
            }
            let (from, to) = (chain[next - 1], chain[next]);
            let rise = (to.0 - from.0).max(1);
            from.1 + (to.1 - from.1) * i.saturating_sub(from.0).min(rise) / rise
        })
        .collect()
}

/// The sentences in which each form stands, rising.
fn places(side: &Side) -> FxHashMap<u32, Vec<u32>> {
    let mut out: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (at, words) in side.words.iter().enumerate() {
        for form in words {
            let places = out.entry(*form).or_default();
            if places.last() != Some(&(at as u32)) {
                places.push(at as u32);
            }
        }
    }
    out
}

/// Where a word must be rare to count: so far round a sentence and the column it is thought to answer.
struct Reach {
    centres: Vec<usize>,
    far: usize,
}

impl Reach {
    /// The places near `centre`, unless there are more than [`RARE`].
    fn near<'p>(&self, places: &'p [u32], centre: usize) -> Option<&'p [u32]> {
        let first = places.partition_point(|at| (*at as usize) < centre.saturating_sub(self.far));
        let near = &places[first..];
        let count =
            near.iter().take(RARE + 1).take_while(|at| **at as usize <= centre.saturating_add(self.far)).count();
        (count <= RARE).then(|| &near[..count])
    }

    /// The pairs of sentences that share enough rare words, by row and falling column, with their weight.
    fn votes(
        &self,
        a: &Side,
        links: &Links,
        places_a: &FxHashMap<u32, Vec<u32>>,
        places_b: &FxHashMap<u32, Vec<u32>>,
    ) -> Vec<((usize, usize), f32)> {
        let mut strong = Vec::new();
        let mut votes: Vec<(u32, f32)> = Vec::new();
        for (i, words) in a.words.iter().enumerate() {
            votes.clear();
            let mut forms = words.clone();
            forms.sort_unstable();
            forms.dedup();
            for form in forms {
                let Some(here) = self.near(&places_a[&form], i) else { continue };
                for (other, weight) in &links.of[form as usize] {
                    let there = places_b.get(other).and_then(|places| self.near(places, self.centres[i]));
                    let there = there.unwrap_or_default();
                    votes.extend(there.iter().map(|j| (*j, weight / (here.len() * there.len()) as f32)));
                }
            }
            votes.sort_unstable_by(|x, y| y.0.cmp(&x.0).then(x.1.total_cmp(&y.1)));
            for column in votes.chunk_by(|x, y| x.0 == y.0) {
                let weight: f32 = column.iter().map(|(_, weight)| weight).sum();
                if weight >= ENOUGH {
                    strong.push(((i, column[0].0 as usize), weight));
                }
            }
        }
        strong
    }
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
