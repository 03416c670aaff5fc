//! Beads that stand before aligning begins, because a person accepted them: what is aligned is the rest, between them.
//!
//! A standing bead is a step of its grid that outweighs all others, and no other step may touch its segments; so the
//! best way leads through it, and what lies between two of them is aligned as a text of its own. One that does not fit
//! in a grid (its segments are parted, or it crosses another) is taken out of it: its segments stay alone there and are
//! put together at the end ([`gathered`]). A language that a standing bead says nothing of may still join it; one
//! for which it has an empty list may not.

use super::{
    Texts,
    grid::{Grid, KINDS, LARGEST, Scale},
    moved::with_moved,
    path::Step,
    words::Side,
};
use crate::{
    lang::Language,
    model::{Bead, Mark},
};
use std::collections::BTreeMap;

/// What a standing bead's step is worth: more than any way without it.
const STANDS: f32 = 1000.0;

/// Those of `beads` that can stand in `texts`: with segments that are there and in no bead before.
pub(super) fn sound(beads: &[Bead], texts: &Texts) -> Vec<Bead> {
    let mut free: BTreeMap<Language, Vec<bool>> = texts.iter().map(|(l, list)| (*l, vec![true; list.len()])).collect();
    let mut out: Vec<Bead> = Vec::new();
    for bead in beads {
        let mut bead = bead.clone();
        bead.sides.retain(|language, _| texts.contains_key(language));
        for side in bead.sides.values_mut() {
            side.sort_unstable();
            side.dedup();
        }
        let is_free = |(language, side): (&Language, &Vec<usize>)| {
            side.iter().all(|at| free.get(language).and_then(|free| free.get(*at)) == Some(&true))
        };
        if bead.filled() == 0 || !bead.sides.iter().all(is_free) {
            continue;
        }
        for (language, side) in &bead.sides {
            if let Some(free) = free.get_mut(language) {
                side.iter().for_each(|at| free[*at] = false);
            }
        }
        out.push(bead);
    }
    out
}

/// What stands in one part of a set.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    /// For each language and segment of the part the bead that holds it; languages without any are left out.
    held: BTreeMap<Language, Vec<Option<Hold>>>,
    /// For each bead the languages it says something of.
    known: Vec<Vec<Language>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Hold {
    bead: usize,
    /// The first segment of its side and how many there are, where they follow one another within the part.
    run: Option<(usize, usize)>,
}

impl Fixed {
    /// The part of `beads` that lies in these sides; the beads must be [`sound`].
    pub fn new(beads: &[Bead], sides: &BTreeMap<Language, Side>) -> Fixed {
        let mut out = Fixed::default();
        for (number, bead) in beads.iter().enumerate() {
            out.known.push(bead.sides.keys().copied().collect());
            for (language, segments) in &bead.sides {
                let Some(side) = sides.get(language) else { continue };
                let places: Vec<usize> = segments.iter().filter_map(|at| side.index.binary_search(at).ok()).collect();
                let (Some(first), Some(last)) = (places.first(), places.last()) else { continue };
                let whole = places.len() == segments.len() && last - first + 1 == places.len();
                let hold = Hold { bead: number, run: whole.then_some((*first, places.len())) };
                let held = out.held.entry(*language).or_insert_with(|| vec![None; side.len()]);
                places.iter().for_each(|place| held[*place] = Some(hold));
            }
        }
        out
    }

    /// Takes from the grid every step that touches a segment held and is no bead that stands.
    pub fn mask(&self, (a, b): (Language, Language), grid: &mut Grid) {
        if !self.held.contains_key(&a) && !self.held.contains_key(&b) {
            return;
        }
        let (n, m) = grid.band.end();
        let (near_a, near_b) = (self.near(a, n), self.near(b, m));
        for (i, (low, high)) in grid.band.rows.iter().enumerate() {
            for j in (*low..=*high).filter(|j| near_a[i] || near_b[*j]) {
                let cell = &mut grid.scores[grid.band.offsets[i] + j - low];
                for (score, (x, y, _)) in cell.iter_mut().zip(&KINDS).filter(|(score, _)| **score > f32::NEG_INFINITY) {
                    match (self.touched(a, i, *x), self.touched(b, j, *y)) {
                        (Touched::None, Touched::None) => {}
                        (Touched::Whole(bead), Touched::Whole(other)) if bead == other => *score += STANDS,
                        (Touched::Whole(bead), Touched::None) if !self.known[bead].contains(&b) => {}
                        (Touched::None, Touched::Whole(bead)) if !self.known[bead].contains(&a) => {}
                        _ => *score = f32::NEG_INFINITY,
                    }
                }
            }
        }
    }

    /// For each boundary before a segment (and the last) whether a step from it may reach a segment held.
    fn near(&self, language: Language, length: usize) -> Vec<bool> {
        let held = self.held.get(&language).map_or(&[][..], Vec::as_slice);
        (0..=length).map(|at| held.iter().skip(at).take(LARGEST).any(Option::is_some)).collect()
    }

    /// What of the standing beads lies in `count` segments from `from` on.
    fn touched(&self, language: Language, from: usize, count: usize) -> Touched {
        let held = self.held.get(&language).and_then(|held| held.get(from..from + count)).unwrap_or(&[]);
        match held.iter().flatten().next() {
            None => Touched::None,
            Some(hold) if hold.run == Some((from, count)) => Touched::Whole(hold.bead),
            Some(_) => Touched::Partly,
        }
    }

    /// As [`with_moved`], which leaves alone what is held.
    pub fn with_moved(
        &self,
        languages: (Language, Language),
        mut steps: Vec<Step>,
        (a, b): (&Side, &Side),
        scale: &Scale,
        hint: Option<&dyn Fn(usize, usize) -> f32>,
    ) -> Vec<Step> {
        let held = |language| self.held.get(&language).into_iter().flatten().enumerate().filter(|(_, h)| h.is_some());
        // Steps of one side only: what they cover is spoken for.
        steps.extend(held(languages.0).map(|(i, _)| Step { i, j: 0, rows: 1, columns: 0, score: 0.0, fit: 0.0 }));
        steps.extend(held(languages.1).map(|(j, _)| Step { i: 0, j, rows: 0, columns: 1, score: 0.0, fit: 0.0 }));
        let mut out = with_moved(steps, a, b, scale, hint);
        out.retain(|step| step.rows > 0 && step.columns > 0);
        out
    }
}

#[derive(Debug, PartialEq)]
enum Touched {
    None,
    /// One whole side of this bead, and nothing else.
    Whole(usize),
    Partly,
}

/// The beads with those that stand put together from their parts, and what else got among these parted from them.
/// A standing bead is as sure as it was given, and as what joined it.
pub(super) fn gathered(standing: &[Bead], beads: Vec<Bead>) -> Vec<Bead> {
    if standing.is_empty() {
        return beads;
    }
    let mut holder: BTreeMap<(Language, usize), usize> = BTreeMap::new();
    for (number, bead) in standing.iter().enumerate() {
        let segments = bead.sides.iter().flat_map(|(language, side)| side.iter().map(|at| (*language, *at)));
        holder.extend(segments.map(|segment| (segment, number)));
    }
    let mut whole: Vec<Bead> = standing.iter().map(|bead| Bead { mark: Mark::Accepted, ..bead.clone() }).collect();
    let mut out = Vec::with_capacity(beads.len());
    for bead in beads {
        let segments: Vec<(Language, usize)> =
            bead.sides.iter().flat_map(|(language, side)| side.iter().map(|at| (*language, *at))).collect();
        let mut holders: Vec<usize> = segments.iter().filter_map(|segment| holder.get(segment).copied()).collect();
        holders.dedup();
        let Some(first) = holders.first().copied() else {
            out.push(bead);
            continue;
        };
        for (language, at) in segments.into_iter().filter(|segment| !holder.contains_key(segment)) {
            let joins = holders.len() == 1 && !standing[first].sides.contains_key(&language);
            if joins {
                whole[first].sides.entry(language).or_default().push(at);
                whole[first].score = whole[first].score.min(bead.score);
            } else {
                out.push(Bead { sides: BTreeMap::from([(language, vec![at])]), score: 0.0, mark: Mark::Computed });
            }
        }
    }
    for bead in &mut whole {
        bead.sides.retain(|_, side| !side.is_empty());
        bead.sides.values_mut().for_each(|side| side.sort_unstable());
    }
    out.extend(whole);
    out
}

#[cfg(test)]
mod tests {
    use super::{super::path::best, *};
    use proptest::prelude::*;

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;
    const RU: Language = Language::RU;

    fn bead(sides: &[(Language, &[usize])]) -> Bead {
        let sides = sides.iter().map(|(language, side)| (*language, side.to_vec())).collect();
        Bead { sides, score: 1.0, mark: Mark::Accepted }
    }

    fn side(length: usize) -> Side {
        Side { index: (0..length).collect(), ..Side::default() }
    }

    /// Some score for every step, the same for the same step.
    fn score(seed: usize, i: usize, j: usize, kind: usize) -> f32 {
        ((i * 31 + j * 17 + kind * 7 + seed * 13) % 101) as f32 / 10.0 - 7.0
    }

    proptest! {
        #[test]
        fn between_standing_beads_lies_what_lies_there_alone(
            seed in 0usize..1000, before in (0usize..7, 0usize..7), after in (0usize..7, 0usize..7), kind in 0..KINDS.len(),
        ) {
            let (x, y, _) = KINDS[kind];
            let (i, j) = before;
            let (n, m) = (i + x + after.0, j + y + after.1);
            let sides = BTreeMap::from([(EN, side(n)), (AZ, side(m))]);
            let standing = bead(&[(EN, &(i..i + x).collect::<Vec<_>>()), (AZ, &(j..j + y).collect::<Vec<_>>())]);
            let mut grid = Grid::of_scores(n, m, |i, j, kind| score(seed, i, j, kind));
            Fixed::new(&[standing], &sides).mask((EN, AZ), &mut grid);
            let place = |steps: Vec<Step>, (i, j): (usize, usize)| {
                steps.into_iter().map(|s| (s.i + i, s.j + j, s.rows, s.columns)).collect::<Vec<_>>()
            };
            let first = best(&Grid::of_scores(i, j, |i, j, kind| score(seed, i, j, kind)));
            let rest = (i + x, j + y);
            let last = best(&Grid::of_scores(after.0, after.1, |i, j, kind| score(seed, i + rest.0, j + rest.1, kind)));
            let mut want = place(first, (0, 0));
            want.push((i, j, x, y));
            want.extend(place(last, rest));
            prop_assert_eq!(place(best(&grid), (0, 0)), want);
        }
    }

    #[test]
    fn a_language_not_spoken_of_may_join_and_another_may_not() {
        let sides = BTreeMap::from([(EN, side(3)), (AZ, side(3)), (RU, side(3))]);
        let allowed = |standing: Bead, pair, at: (usize, usize)| {
            let mut grid = Grid::of_scores(3, 3, |_, _, _| 1.0);
            Fixed::new(&[standing], &sides).mask(pair, &mut grid);
            grid.scores[grid.band.cell(at.0, at.1).unwrap()][0]
        };
        let open = bead(&[(EN, &[1]), (AZ, &[1])]);
        let closed = bead(&[(EN, &[1]), (AZ, &[1]), (RU, &[])]);
        assert_eq!(allowed(open.clone(), (EN, RU), (1, 2)), 1.0);
        assert_eq!(allowed(closed, (EN, RU), (1, 2)), f32::NEG_INFINITY);
        assert_eq!(allowed(open.clone(), (EN, AZ), (1, 1)), 1.0 + STANDS);
        assert_eq!(allowed(open.clone(), (EN, AZ), (1, 2)), f32::NEG_INFINITY);
        assert_eq!(allowed(open, (EN, AZ), (2, 0)), 1.0);
        let parted = bead(&[(EN, &[0, 2]), (AZ, &[1])]);
        assert_eq!(allowed(parted, (EN, AZ), (0, 1)), f32::NEG_INFINITY);
    }

    #[test]
    fn parts_are_gathered_and_others_parted_from_them() {
        let standing = [bead(&[(EN, &[0, 2]), (AZ, &[1])])];
        let computed = |sides: &[(Language, &[usize])], score| Bead { score, mark: Mark::Computed, ..bead(sides) };
        let beads = vec![
            computed(&[(EN, &[0]), (RU, &[0])], 0.7),
            computed(&[(EN, &[1]), (AZ, &[0])], 0.9),
            computed(&[(EN, &[2])], 0.4),
            computed(&[(AZ, &[1, 2]), (RU, &[1])], 0.8),
        ];
        let got = gathered(&standing, beads);
        assert_eq!(got.len(), 3, "{got:?}");
        assert_eq!(got[0], computed(&[(EN, &[1]), (AZ, &[0])], 0.9));
        assert_eq!(got[1], computed(&[(AZ, &[2])], 0.0));
        assert_eq!(got[2], Bead { score: 0.7, ..bead(&[(EN, &[0, 2]), (AZ, &[1]), (RU, &[0, 1])]) });
    }

    #[test]
    fn what_cannot_stand_is_left_out() {
        let segment = |text: &str| crate::model::Segment {
            span: crate::text::Span::new(0, 0),
            text: text.to_owned(),
            kind: crate::model::Kind::Body,
            paragraph: 1,
        };
        let texts = BTreeMap::from([(EN, vec![segment("a"), segment("b")]), (AZ, vec![segment("c")])]);
        let beads = [
            bead(&[(EN, &[1, 0]), (RU, &[4])]),
            bead(&[(EN, &[1]), (AZ, &[0])]),
            bead(&[(AZ, &[3])]),
            bead(&[(AZ, &[])]),
            bead(&[(AZ, &[0]), (EN, &[])]),
        ];
        assert_eq!(sound(&beads, &texts), [bead(&[(EN, &[0, 1])]), bead(&[(AZ, &[0]), (EN, &[])])]);
    }
}
