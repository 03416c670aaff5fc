//! Paragraphs that stand elsewhere in the translation: what stayed alone on both sides is compared once more,
//! run by run, without regard to order.

use super::{
    band::Band,
    grid::{Grid, Scale},
    path::{Posteriors, Step, best},
    words::Side,
};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A move costs so much against leaving both sides alone.
const MOVE: f32 = -3.0;
/// Runs longer than this are looked at in part only: moves are of paragraphs.
const LONGEST_RUN: usize = 400;
/// Pairs of runs compared at most, those of the most words in common first.
const MOST_PAIRS: usize = 2_000;
/// A word that stands in more runs does not tell one from another.
const MOST_PLACES: usize = 200;

/// The steps with the moved ones added; `hint` as in [`Grid::add`].
pub(super) fn with_moved(
    mut steps: Vec<Step>,
    a: &Side,
    b: &Side,
    scale: &Scale,
    hint: Option<&dyn Fn(usize, usize) -> f32>,
) -> Vec<Step> {
    let runs_a = runs(steps.iter().map(|s| s.i..s.i + s.rows), a.len());
    let runs_b = runs(steps.iter().map(|s| s.j..s.j + s.columns), b.len());
    let mut found: Vec<(f32, Vec<Step>)> = Vec::new();
    for (x, y) in promising(&runs_a, &runs_b, a, b, scale) {
        let (part_a, part_b) = (a.part(x.clone()), b.part(y.clone()));
        let band = Band::new(&part_a, &part_b, scale.links.0);
        let mut grid = Grid::new(&part_a, &part_b, scale, band);
        if let Some(hint) = hint {
            grid.add(|i, j| hint(x.start + i, y.start + j));
        }
        let mut gain = MOVE;
        let mut moved = Vec::new();
        for step in Posteriors::new(&grid).scored(&grid, best(&grid)) {
            if step.fit > 0.0 {
                gain += step.fit - grid.alone * (step.rows + step.columns) as f32 / 2.0;
                moved.push(Step { i: step.i + x.start, j: step.j + y.start, ..step });
            }
        }
        if gain > 0.0 && !moved.is_empty() {
            let sure = 1.0 / (1.0 + (-gain).exp());
            moved.iter_mut().for_each(|step| step.score *= sure);
            found.push((gain, moved));
        }
    }
    found.sort_by(|x, y| y.0.total_cmp(&x.0));
    let (mut used_a, mut used_b) = (vec![false; a.len()], vec![false; b.len()]);
    for step in found.into_iter().flat_map(|(_, moved)| moved) {
        let (of_a, of_b) = (step.i..step.i + step.rows, step.j..step.j + step.columns);
        if !used_a[of_a.clone()].contains(&true) && !used_b[of_b.clone()].contains(&true) {
            used_a[of_a].fill(true);
            used_b[of_b].fill(true);
            steps.push(step);
        }
    }
    steps.sort_by_key(|s| (s.i, s.j));
    steps
}

/// Runs of what none of the ranges covers.
fn runs(covered: impl Iterator<Item = Range<usize>>, length: usize) -> Vec<Range<usize>> {
    let mut alone = vec![true; length];
    covered.for_each(|range| alone[range].fill(false));
    let mut out: Vec<Range<usize>> = Vec::new();
    for at in (0..length).filter(|at| alone[*at]) {
        match out.last_mut() {
            Some(run) if run.end == at && run.len() < LONGEST_RUN => run.end += 1,
            _ => out.push(at..at + 1),
        }
    }
    out
}

/// Pairs of runs that share less (the sum of their common words' weights and rarity) are not compared.
const LEAST_SHARED: f32 = 0.5;

/// The pairs of runs worth comparing: those that share telling words, the most first.
fn promising(
    runs_a: &[Range<usize>],
    runs_b: &[Range<usize>],
    a: &Side,
    b: &Side,
    scale: &Scale,
) -> Vec<(Range<usize>, Range<usize>)> {
    // The runs of `b` in which each form stands, and how telling it is.
    let mut places: FxHashMap<u32, (f32, Vec<usize>)> = FxHashMap::default();
    for (at, run) in runs_b.iter().enumerate() {
        for (form, rarity) in run.clone().flat_map(|j| b.words[j].iter().zip(&b.rarity[j])) {
            let (_, places) = places.entry(*form).or_insert_with(|| (rarity.ln().max(0.0), Vec::new()));
            if places.last() != Some(&at) {
                places.push(at);
            }
        }
    }
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    let mut shared = vec![0.0f32; runs_b.len()];
    let mut touched: Vec<usize> = Vec::new();
    for (at, run) in runs_a.iter().enumerate() {
        for (other, weight) in a.words[run.clone()].iter().flatten().flat_map(|form| &scale.links.0.of[*form as usize])
        {
            if let Some((telling, places)) = places.get(other).filter(|(_, places)| places.len() <= MOST_PLACES) {
                let telling = weight * telling / places.len() as f32;
                for place in places {
                    if shared[*place] == 0.0 {
                        touched.push(*place);
                    }
                    shared[*place] += telling;
                }
            }
        }
        for other in touched.drain(..) {
            if shared[other] > LEAST_SHARED {
                pairs.push((shared[other], at, other));
            }
            shared[other] = 0.0;
        }
    }
    pairs.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    pairs.truncate(MOST_PAIRS);
    pairs.into_iter().map(|(_, x, y)| (runs_a[x].clone(), runs_b[y].clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_what_is_left() {
        assert_eq!(runs([1..2, 4..6].into_iter(), 8), [0..1, 2..4, 6..8]);
        assert_eq!(runs(std::iter::empty(), LONGEST_RUN + 1), [0..LONGEST_RUN, LONGEST_RUN..LONGEST_RUN + 1]);
        assert!(runs(std::iter::once(0..3), 3).is_empty());
    }
}
