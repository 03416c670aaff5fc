//! Lines that recur (footers, headings, greetings) are mostly translated as they were the other times: what the
//! first alignments made of them speaks for or against two of them answering one another.

use super::{path::Step, words::Side};
use rustc_hash::FxHashMap;

/// A line aligned so often has a habit.
const LEAST_TIMES: f32 = 3.0;
/// How often two lines that recur face one another by chance, where both are left over: texts have about three
/// such lines at their ends.
const BY_CHANCE: f32 = 0.3;
/// Times added to those counted, so that a few do not make a certainty.
const DOUBT: f32 = 0.5;

/// How often each line of one language was aligned with each of the other.
#[derive(Debug, Default)]
struct Times {
    all: FxHashMap<u64, f32>,
}

/// The habits of two languages.
#[derive(Debug, Default)]
pub(super) struct Habits {
    together: FxHashMap<(u64, u64), f32>,
    first: Times,
    second: Times,
}

impl Habits {
    /// Counts the pairs of single lines among the steps of one part.
    pub fn count(&mut self, a: &Side, b: &Side, steps: &[Step]) {
        for step in steps.iter().filter(|step| (step.rows, step.columns) == (1, 1)) {
            let (x, y) = (a.lines[step.i], b.lines[step.j]);
            *self.together.entry((x, y)).or_default() += step.score;
            *self.first.all.entry(x).or_default() += step.score;
            *self.second.all.entry(y).or_default() += step.score;
        }
    }

    /// Forgets the lines that do not recur.
    pub fn settled(mut self) -> Habits {
        for times in [&mut self.first, &mut self.second] {
            times.all.retain(|_, times| *times >= LEAST_TIMES);
        }
        self.together.retain(|(x, y), _| self.first.all.contains_key(x) || self.second.all.contains_key(y));
        self
    }

    /// What the habits of two lines say of their answering one another, as a log-likelihood ratio; 0 where neither
    /// has any.
    pub fn score(&self, x: u64, y: u64) -> f32 {
        let (of_x, of_y) = (self.first.all.get(&x), self.second.all.get(&y));
        if of_x.is_none() && of_y.is_none() {
            return 0.0;
        }
        let together = self.together.get(&(x, y)).copied().unwrap_or(0.0);
        let says = |all: &f32| ((together + DOUBT) / (all + 2.0 * DOUBT) / BY_CHANCE).ln();
        let said = [of_x.map(says), of_y.map(says)];
        said.iter().flatten().sum::<f32>() / said.iter().flatten().count() as f32
    }

    /// Whether lines of the first language have any habit: for most of them there is nothing to look up.
    pub fn has_first(&self, x: u64) -> bool {
        self.first.all.contains_key(&x)
    }

    pub fn has_second(&self, y: u64) -> bool {
        self.second.all.contains_key(&y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_counterpart() {
        let side = |lines: &[u64]| Side { lines: lines.to_vec(), ..Side::default() };
        let step = |i: usize, j: usize| Step { i, j, rows: 1, columns: 1, score: 1.0, fit: 1.0 };
        let mut habits = Habits::default();
        for _ in 0..8 {
            habits.count(&side(&[1, 7]), &side(&[2, 9]), &[step(0, 0)]);
        }
        habits.count(&side(&[1, 7]), &side(&[2, 9]), &[step(0, 1), step(1, 0)]);
        let habits = habits.settled();
        assert!(habits.score(1, 2) > 0.8);
        assert!(habits.score(1, 9) < -0.5, "{}", habits.score(1, 9));
        assert!(habits.score(5, 2) < -1.0, "a line met for the first time is not what the other usually answers");
        assert_eq!(habits.score(7, 9), 0.0, "too seldom to tell");
        assert!(habits.has_first(1) && habits.has_second(2) && !habits.has_first(7));
    }
}
