//! Three and more languages: what the pairs say of one another (triangulation), and the pairs' beads joined.

use super::{
    grid::KINDS,
    path::{Posteriors, Step},
};
use crate::{
    lang::Language,
    model::{Bead, Mark},
};
use std::collections::BTreeMap;

/// Links less probable than this are not carried over a third language.
const LEAST_LINK: f32 = 0.01;
/// How much a third language counts beside the words of the two.
const WEIGHT: f32 = 1.2;
/// What a pair of segments is worth when the third language does not join them, and what is added when it does:
/// the logarithm of `UNJOINED + JOINED * p`.
const UNJOINED: f32 = 0.2;
const JOINED: f32 = 1.6;
/// Beads less sure than this do not join beads of other pairs.
const LEAST_SURE: f32 = 0.6;

/// How probable each pair of segments of two texts is, for each segment of the first.
#[derive(Debug, Clone, Default)]
pub(super) struct LinkTable {
    rows: Vec<Vec<(u32, f32)>>,
}

impl LinkTable {
    /// The links of all beads of a grid, and of steps found outside it. The first text has `n` segments.
    pub fn new(n: usize, posteriors: &Posteriors, moved: &[Step]) -> LinkTable {
        let mut rows: Vec<Vec<(u32, f32)>> = vec![Vec::new(); n];
        let mut add = |i: usize, j: usize, x: usize, y: usize, p: f32| {
            for row in &mut rows[i..i + x] {
                row.extend((j..j + y).map(|column| (column as u32, p)));
            }
        };
        for chance in posteriors.beads.iter().filter(|chance| chance.probability > LEAST_LINK) {
            let (x, y, _) = KINDS[chance.kind];
            add(chance.i, chance.j, x, y, chance.probability);
        }
        for step in moved {
            add(step.i, step.j, step.rows, step.columns, step.score);
        }
        LinkTable { rows: rows.into_iter().map(summed).collect() }
    }

    /// The same links from the second text's side, which has `m` segments.
    pub fn turned(&self, m: usize) -> LinkTable {
        let mut rows = vec![Vec::new(); m];
        for (i, row) in self.rows.iter().enumerate() {
            for (j, p) in row {
                rows[*j as usize].push((i as u32, *p));
            }
        }
        LinkTable { rows }
    }

    /// The links over a third text: these lead to it, `onward` from it.
    pub fn over(&self, onward: &LinkTable) -> LinkTable {
        let rows = self.rows.iter().map(|row| {
            let over = row.iter().flat_map(|(k, p)| onward.rows[*k as usize].iter().map(move |(j, q)| (*j, p * q)));
            let mut row = summed(over.collect());
            row.retain(|(_, p)| *p > LEAST_LINK);
            row
        });
        LinkTable { rows: rows.collect() }
    }

    /// The mean of several tables of one pair.
    pub fn mean(tables: &[LinkTable]) -> LinkTable {
        let rows = (0..tables.first().map_or(0, |t| t.rows.len())).map(|i| {
            let all = tables.iter().flat_map(|table| &table.rows[i]);
            summed(all.map(|(j, p)| (*j, p / tables.len() as f32)).collect())
        });
        LinkTable { rows: rows.collect() }
    }

    /// What these links add to the score of a pair of segments.
    pub fn hint(&self, i: usize, j: usize) -> f32 {
        let row = &self.rows[i];
        let p = row.binary_search_by_key(&(j as u32), |(column, _)| *column).map_or(0.0, |at| row[at].1);
        WEIGHT * (UNJOINED + JOINED * p.min(1.0)).ln()
    }

    /// How probable it is that segment `i` has any counterpart.
    pub fn any(&self, i: usize) -> f32 {
        self.rows[i].iter().map(|(_, p)| *p).sum::<f32>().min(1.0)
    }
}

/// The columns rising, each once, with the sum of what was said of it.
fn summed(mut row: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    row.sort_by_key(|(column, _)| *column);
    row.dedup_by(|next, held| {
        let same = next.0 == held.0;
        if same {
            held.1 += next.1;
        }
        same
    });
    row.shrink_to_fit();
    row
}

/// The steps of one pair of languages, and how probable it is for each segment of either to have a counterpart.
pub(super) struct Pair {
    pub languages: (Language, Language),
    pub steps: Vec<Step>,
    pub linked: (Vec<f32>, Vec<f32>),
}

/// The beads of all pairs of languages joined where they share segments, and a bead of its own for each segment
/// left; in the order of the first language, the others' after what stands before them. `lengths` says how many
/// segments each language has.
pub(super) fn joined(lengths: &BTreeMap<Language, usize>, pairs: &[Pair]) -> Vec<Bead> {
    let languages: Vec<Language> = lengths.keys().copied().collect();
    let mut starts = vec![0];
    for length in lengths.values() {
        starts.push(starts[starts.len() - 1] + length);
    }
    let place = |language: Language| languages.binary_search(&language).expect("a pair is of the set's languages");
    let mut groups = Groups::new(starts[languages.len()]);
    let least = if languages.len() > 2 { LEAST_SURE } else { 0.0 };
    let taken = |pair: &Pair| {
        let (a, b) = (starts[place(pair.languages.0)], starts[place(pair.languages.1)]);
        let steps = pair.steps.iter().filter(move |step| step.score >= least);
        steps.map(move |step| (a + step.i, b + step.j, *step)).collect::<Vec<_>>()
    };
    for (a, b, step) in pairs.iter().flat_map(taken) {
        (1..step.rows).for_each(|k| groups.join(a, a + k));
        (0..step.columns).for_each(|k| groups.join(a, b + k));
    }
    // Members of each group, rising; groups by their first member.
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in 0..starts[languages.len()] {
        members.entry(groups.root(node)).or_default().push(node);
    }
    // A group is as sure as the pairs that made it, on average.
    let mut sure: BTreeMap<usize, (f32, f32)> = BTreeMap::new();
    for (a, _, step) in pairs.iter().flat_map(taken) {
        let entry = sure.entry(groups.root(a)).or_default();
        *entry = (entry.0 + step.sure(), entry.1 + 1.0);
    }
    let linked = |node: usize| {
        let language = starts.partition_point(|start| *start <= node) - 1;
        let at = node - starts[language];
        pairs
            .iter()
            .filter_map(|pair| match languages[language] {
                l if l == pair.languages.0 => Some(pair.linked.0[at]),
                l if l == pair.languages.1 => Some(pair.linked.1[at]),
                _ => None,
            })
            .fold(0.0, f32::max)
    };
    let mut beads: Vec<Bead> = Vec::with_capacity(members.len());
    for (root, nodes) in &members {
        let mut sides: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
        for node in nodes {
            let language = starts.partition_point(|start| *start <= *node) - 1;
            sides.entry(languages[language]).or_default().push(node - starts[language]);
        }
        let score = match sure.get(root) {
            Some((sum, count)) => sum / count,
            None => 1.0 - linked(nodes[0]),
        };
        beads.push(Bead { sides, score: score.clamp(0.0, 1.0), mark: Mark::Computed });
    }
    ordered(beads, lengths)
}

/// The beads in the order of the first language; those without it after what stands before them in the next.
/// `lengths` says how many segments each language has.
pub fn ordered(beads: Vec<Bead>, lengths: &BTreeMap<Language, usize>) -> Vec<Bead> {
    let mut order: Vec<Option<(usize, usize, usize)>> = vec![None; beads.len()];
    for (rank, (language, length)) in lengths.iter().enumerate() {
        let mut bead_of = vec![None; *length];
        for (at, bead) in beads.iter().enumerate() {
            bead.side(*language).iter().for_each(|segment| bead_of[*segment] = Some(at));
        }
        let mut after = 0;
        for (at, bead) in bead_of.into_iter().enumerate() {
            let Some(bead) = bead else { continue };
            let base = if rank == 0 { at + 1 } else { after };
            after = order[bead].get_or_insert((base, rank, at)).0;
        }
    }
    let mut sorted: Vec<_> = order.into_iter().zip(beads).collect();
    sorted.sort_by_key(|(place, _)| *place);
    sorted.into_iter().map(|(_, bead)| bead).collect()
}

/// Disjoint sets.
struct Groups {
    above: Vec<usize>,
}

impl Groups {
    fn new(size: usize) -> Groups {
        Groups { above: (0..size).collect() }
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.above[node] != node {
            self.above[node] = self.above[self.above[node]];
            node = self.above[node];
        }
        node
    }

    /// The lower root stays, so that a group is known by its first member.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.above[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(i: usize, j: usize, rows: usize, columns: usize, score: f32) -> Step {
        Step { i, j, rows, columns, score, fit: 40.0 }
    }

    fn pair(a: Language, b: Language, n: usize, m: usize, steps: Vec<Step>) -> Pair {
        Pair { languages: (a, b), steps, linked: (vec![0.5; n], vec![0.5; m]) }
    }

    fn shown(beads: &[Bead]) -> Vec<String> {
        let side = |bead: &Bead, l| bead.side(l).iter().map(|s| s.to_string()).collect::<Vec<_>>().join(",");
        let all = [Language::AZ, Language::EN, Language::RU];
        beads.iter().map(|bead| all.map(|l| side(bead, l)).join("|")).collect()
    }

    #[test]
    fn pairs_join_over_shared_segments() {
        let (az, en, ru) = (Language::AZ, Language::EN, Language::RU);
        let lengths = BTreeMap::from([(az, 3), (en, 2), (ru, 3)]);
        let pairs = [
            pair(az, en, 3, 2, vec![step(0, 0, 1, 1, 0.9), step(1, 1, 2, 1, 0.8)]),
            pair(en, ru, 2, 3, vec![step(0, 0, 1, 1, 0.7)]),
            pair(az, ru, 3, 3, vec![step(1, 2, 1, 1, 0.9), step(2, 1, 1, 1, 0.2)]),
        ];
        let beads = joined(&lengths, &pairs);
        assert_eq!(shown(&beads), ["0|0|0", "||1", "1,2|1|2"]);
        assert!((beads[0].score - 0.8).abs() < 1e-6);
        assert!((beads[1].score - 0.5).abs() < 1e-6);
    }

    #[test]
    fn a_third_text_joins_two() {
        let table = |rows: &[(usize, usize)], n: usize| {
            let mut out = vec![Vec::new(); n];
            rows.iter().for_each(|(i, j)| out[*i].push((*j as u32, 1.0)));
            LinkTable { rows: out }
        };
        let there = table(&[(0, 1), (1, 0)], 2);
        let onward = table(&[(0, 2), (1, 0)], 2);
        let over = there.over(&onward);
        assert!(over.hint(0, 0) > 0.0 && over.hint(1, 2) > 0.0);
        assert!(over.hint(0, 2) < 0.0);
        assert_eq!(over.turned(3).rows, [vec![(0, 1.0)], vec![], vec![(1, 1.0)]]);
    }
}
