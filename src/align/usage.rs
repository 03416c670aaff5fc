//! What is usual in the texts being aligned: how often so many segments answer so many, how often one stays alone,
//! how often paragraphs begin together. Counted over the alignments made so far beside a prior that serves a first
//! or a short text (Viterbi training: Baum-Welch re-estimation by the best way alone; Rabiner 1989, "A Tutorial on
//! Hidden Markov Models", section VI).
//!
//! So an office whose translators merge sentences and drop none is aligned otherwise than one whose texts differ by
//! whole paragraphs, without a setting.

use super::{grid::KINDS, path::Step, words::Side};

/// A segment without counterpart, before anything is counted: the first of a run, and each after it.
const ALONE: f32 = -2.5;
const ALONE_AGAIN: f32 = -1.0;
/// A paragraph begins with the bead on one side only, and inside a bead, before anything is counted.
const PARAGRAPH_ON_ONE_SIDE: f32 = -1.8;
const PARAGRAPH_INSIDE: f32 = -2.5;

/// The prior counts as so many beads, runs or paragraphs. Between 10 and 100 strict F1 on the levels of NTREX-128
/// (newstest2019, synthetic merges, losses and moves) changes by 0.2.
const PRIOR: f32 = 50.0;
/// How much of the segments is taken to open a paragraph, at least and at most.
const OPENING: (f32, f32) = (0.05, 0.95);

/// Scores by how usual a thing is: log-likelihood ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Usage {
    /// For each of [`KINDS`].
    pub kinds: [f32; KINDS.len()],
    /// A segment without counterpart: the first of a run, and each after it.
    pub alone: f32,
    pub again: f32,
    /// A paragraph begins with the bead on one side only.
    pub one_side: f32,
    /// A paragraph begins inside the bead.
    pub inside: f32,
}

impl Default for Usage {
    fn default() -> Usage {
        Usage {
            kinds: KINDS.map(|(_, _, score)| score),
            alone: ALONE,
            again: ALONE_AGAIN,
            one_side: PARAGRAPH_ON_ONE_SIDE,
            inside: PARAGRAPH_INSIDE,
        }
    }
}

/// What was counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    kinds: [f32; KINDS.len()],
    /// Runs of segments alone, and how many of them go on after the first: a text cut off or a part left out is one
    /// event, however long.
    runs: f32,
    go_on: f32,
    /// Beads with which a paragraph begins on one side only.
    one_side: f32,
    /// Segments in a side of a bead after its first, and how many of them open a paragraph.
    within: f32,
    opened: f32,
    /// Segments, and how many of them open a paragraph.
    segments: f32,
    opening: f32,
}

impl Counts {
    /// Counts the way through one part: its steps in order, none moved.
    pub fn of(a: &Side, b: &Side, steps: &[Step]) -> Counts {
        let mut out = Counts::default();
        let mut gap = |from: usize, to: usize| {
            if to > from {
                out.runs += 1.0;
                out.go_on += f32::from(u8::from(to - from > 1));
            }
        };
        let (mut i, mut j) = (0, 0);
        for step in steps {
            gap(i, step.i);
            gap(j, step.j);
            (i, j) = (step.i + step.rows, step.j + step.columns);
        }
        gap(i, a.len());
        gap(j, b.len());
        let opens = |side: &Side, from: usize, to: usize| side.opens[from..to].iter().filter(|o| **o).count() as f32;
        for step in steps {
            if let Some(kind) = KINDS.iter().position(|(x, y, _)| (*x, *y) == (step.rows, step.columns)) {
                out.kinds[kind] += 1.0;
            }
            out.one_side += f32::from(u8::from(a.opens[step.i] != b.opens[step.j]));
            out.within += (step.rows + step.columns - 2) as f32;
            out.opened += opens(a, step.i + 1, step.i + step.rows) + opens(b, step.j + 1, step.j + step.columns);
        }
        out.segments = (a.len() + b.len()) as f32;
        out.opening = opens(a, 0, a.len()) + opens(b, 0, b.len());
        out
    }

    pub fn add(&mut self, other: &Counts) {
        self.kinds.iter_mut().zip(other.kinds).for_each(|(held, more)| *held += more);
        self.runs += other.runs;
        self.go_on += other.go_on;
        self.one_side += other.one_side;
        self.within += other.within;
        self.opened += other.opened;
        self.segments += other.segments;
        self.opening += other.opening;
    }

    /// What is usual by the counts and the prior.
    pub fn usage(&self) -> Usage {
        let before = Usage::default();
        // What follows a bead: one of the kinds, or a run on either side.
        let usual = before.kinds.map(f32::exp);
        let all = usual.iter().sum::<f32>() + 2.0 * ALONE.exp();
        let beads: f32 = self.kinds.iter().sum();
        let share = |count: f32, usual: f32| (count + PRIOR * usual / all) / (beads + self.runs + PRIOR);
        let again = (self.go_on + PRIOR * ALONE_AGAIN.exp()) / (self.go_on + self.runs + PRIOR);
        let (least, most) = OPENING;
        let opening = (self.opening / self.segments.max(1.0)).clamp(least, most);
        // How often sides that have nothing to do with one another differ.
        let differ = 2.0 * opening * (1.0 - opening);
        let one_side = (self.one_side / differ + PRIOR * PARAGRAPH_ON_ONE_SIDE.exp()) / (beads + PRIOR);
        let inside = (self.opened / opening + PRIOR * PARAGRAPH_INSIDE.exp()) / (self.within + PRIOR);
        Usage {
            kinds: std::array::from_fn(|kind| share(self.kinds[kind], usual[kind]).ln()),
            alone: share(self.runs / 2.0, ALONE.exp()).ln(),
            again: again.ln(),
            one_side: one_side.ln(),
            inside: inside.ln(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(i: usize, j: usize, rows: usize, columns: usize) -> Step {
        Step { i, j, rows, columns, score: 1.0, fit: 1.0 }
    }

    fn side(opens: &[bool]) -> Side {
        Side { opens: opens.to_vec(), index: (0..opens.len()).collect(), ..Side::default() }
    }

    #[test]
    fn what_happens_often_becomes_usual() {
        let (a, b) = (side(&[true, false, false, false, true]), side(&[true, false, true]));
        // 1-1, 2-1, one alone, 1-1.
        let counts = Counts::of(&a, &b, &[step(0, 0, 1, 1), step(1, 1, 2, 1), step(4, 2, 1, 1)]);
        assert_eq!((counts.runs, counts.go_on, counts.within, counts.one_side), (1.0, 0.0, 1.0, 0.0));
        assert_eq!((counts.segments, counts.opening), (8.0, 4.0));
        let mut all = Counts::default();
        (0..200).for_each(|_| all.add(&counts));
        let (usage, before) = (all.usage(), Usage::default());
        let kind = |x, y| KINDS.iter().position(|(rows, columns, _)| (*rows, *columns) == (x, y)).unwrap();
        assert!(usage.kinds[kind(2, 1)] > before.kinds[kind(2, 1)], "merges are usual here");
        assert!(usage.kinds[kind(1, 2)] < before.kinds[kind(1, 2)], "splits are not");
        assert!(usage.one_side < -3.0 && usage.inside < -3.0, "paragraphs keep together");
        assert!(usage.again < -2.0, "who is alone is alone for one sentence");
    }

    #[test]
    fn a_part_left_out_is_one_event() {
        let (a, b) = (side(&[true; 500]), side(&[true]));
        let counts = Counts::of(&a, &b, &[step(0, 0, 1, 1)]);
        assert_eq!((counts.runs, counts.go_on), (1.0, 1.0));
    }

    #[test]
    fn scores_of_nothing_are_near_the_prior() {
        let usage = Counts::default().usage();
        let before = Usage::default();
        assert!((usage.again - before.again).abs() < 1e-3 && (usage.inside - before.inside).abs() < 1e-3);
        assert!(usage.kinds.iter().zip(before.kinds).all(|(x, y)| (x - y).abs() < 0.25));
    }
}
