//! The best way through a grid, and how sure each step of it is (forward-backward).

use super::grid::{ALONE, ALONE_AGAIN, Grid, KINDS};

/// A step of the way: `rows` segments of the first text from `i` on answer `columns` of the second from `j` on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub i: usize,
    pub j: usize,
    pub rows: usize,
    pub columns: usize,
    /// Posterior probability of the bead.
    pub score: f32,
    /// The bead's own score in its grid: how well the two sides fit, wherever they stand.
    pub fit: f32,
}

/// A bead whose sides fit so badly is as likely false as true, however few places are left for them.
const DOUBTFUL_FIT: f32 = -4.0;
/// How much better a fit divides the doubt by e.
const FIT_SCALE: f32 = 2.0;

impl Step {
    /// How sure the bead is, 0 to 1: its posterior, less where it rests on position more than on fit. The
    /// posterior alone is too sure of two sentences that are both left over between good beads.
    pub fn sure(&self) -> f32 {
        self.score / (1.0 + ((DOUBTFUL_FIT - self.fit) / FIT_SCALE).exp())
    }
}

/// Where a way stands: after a bead, in a run of segments of the first text that stay alone, or in one of the
/// second. A run of the second may follow one of the first, not the reverse, so that each way is counted once.
const BEAD: usize = 0;
const FIRST: usize = 1;
const SECOND: usize = 2;

const NONE: f64 = f64::NEG_INFINITY;

/// ln(e^a + e^b + …)
fn log_sum(of: &[f64]) -> f64 {
    let most = of.iter().copied().fold(NONE, f64::max);
    if most == NONE {
        return NONE;
    }
    most + of.iter().map(|x| (x - most).exp()).sum::<f64>().ln()
}

/// The posterior probability of every bead in the grid.
pub(super) struct Posteriors {
    /// For each cell, of each kind.
    pub beads: Vec<[f32; KINDS.len()]>,
}

impl Posteriors {
    pub fn new(grid: &Grid) -> Posteriors {
        let band = &grid.band;
        let (alone, again) = (f64::from(ALONE), f64::from(ALONE_AGAIN));
        let mut forward = vec![[NONE; 3]; band.cells()];
        let mut backward = vec![[NONE; 3]; band.cells()];
        let mut terms: Vec<f64> = Vec::with_capacity(KINDS.len());
        for (i, (low, high)) in band.rows.iter().enumerate() {
            for j in *low..=*high {
                let at = band.offsets[i] + j - low;
                if (i, j) == (0, 0) {
                    forward[at][BEAD] = 0.0;
                    continue;
                }
                terms.clear();
                for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                    if i >= *x
                        && j >= *y
                        && let Some(from) = band.cell(i - x, j - y)
                    {
                        terms.push(log_sum(&forward[from]) + f64::from(grid.scores[from][kind]));
                    }
                }
                forward[at][BEAD] = log_sum(&terms);
                if i > 0
                    && let Some(from) = band.cell(i - 1, j)
                {
                    forward[at][FIRST] = log_sum(&[forward[from][BEAD] + alone, forward[from][FIRST] + again]);
                }
                if j > 0
                    && let Some(from) = band.cell(i, j - 1)
                {
                    let [bead, first, second] = forward[from];
                    forward[at][SECOND] = log_sum(&[bead + alone, first + alone, second + again]);
                }
            }
        }
        let (n, m) = (band.rows.len() - 1, band.rows[band.rows.len() - 1].1);
        let end = band.cell(n, m).expect("the last cell is in the band");
        let whole = log_sum(&forward[end]);
        let mut beads = vec![[0.0f32; KINDS.len()]; band.cells()];
        for (i, (low, high)) in band.rows.iter().enumerate().rev() {
            for j in (*low..=*high).rev() {
                let at = band.offsets[i] + j - low;
                if at == end {
                    backward[at] = [0.0; 3];
                    continue;
                }
                terms.clear();
                let before = log_sum(&forward[at]);
                for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                    let score = grid.scores[at][kind];
                    if score > f32::NEG_INFINITY
                        && let Some(to) = band.cell(i + x, j + y)
                    {
                        let after = backward[to][BEAD] + f64::from(score);
                        terms.push(after);
                        beads[at][kind] = (before + after - whole).exp().min(1.0) as f32;
                    }
                }
                let bead = log_sum(&terms);
                let first = band.cell(i + 1, j).map_or(NONE, |to| backward[to][FIRST]);
                let second = band.cell(i, j + 1).map_or(NONE, |to| backward[to][SECOND]);
                backward[at] = [
                    log_sum(&[bead, first + alone, second + alone]),
                    log_sum(&[bead, first + again, second + alone]),
                    log_sum(&[bead, second + again]),
                ];
            }
        }
        Posteriors { beads }
    }

    /// The steps with their posterior probabilities.
    pub fn scored(&self, grid: &Grid, mut steps: Vec<Step>) -> Vec<Step> {
        for step in &mut steps {
            let (cell, kind) = grid.place(step);
            step.score = self.beads[cell][kind];
            step.fit = grid.scores[cell][kind];
        }
        steps
    }
}

/// The way of the greatest score: its beads in order, without the segments that stay alone.
pub(super) fn best(grid: &Grid) -> Vec<Step> {
    let band = &grid.band;
    let mut scores = vec![[NONE; 3]; band.cells()];
    // Where each state came from: the kind of the bead (or 255), and the state before.
    let mut from = vec![[(u8::MAX, 0u8); 3]; band.cells()];
    let top = |of: &[f64; 3]| (0..3).fold((NONE, 0u8), |b, s| if of[s] > b.0 { (of[s], s as u8) } else { b });
    for (i, (low, high)) in band.rows.iter().enumerate() {
        for j in *low..=*high {
            let at = band.offsets[i] + j - low;
            if (i, j) == (0, 0) {
                scores[at][BEAD] = 0.0;
                continue;
            }
            for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                if i >= *x
                    && j >= *y
                    && let Some(before) = band.cell(i - x, j - y)
                {
                    let (score, state) = top(&scores[before]);
                    let score = score + f64::from(grid.scores[before][kind]);
                    if score > scores[at][BEAD] {
                        scores[at][BEAD] = score;
                        from[at][BEAD] = (kind as u8, state);
                    }
                }
            }
            let mut alone = |state: usize, before: Option<usize>| {
                let Some(before) = before else { return };
                for earlier in [BEAD, FIRST, SECOND] {
                    if (state, earlier) == (FIRST, SECOND) {
                        continue;
                    }
                    let cost = if earlier == state { ALONE_AGAIN } else { ALONE };
                    let score = scores[before][earlier] + f64::from(cost);
                    if score > scores[at][state] {
                        scores[at][state] = score;
                        from[at][state] = (u8::MAX, earlier as u8);
                    }
                }
            };
            alone(FIRST, i.checked_sub(1).and_then(|i| band.cell(i, j)));
            alone(SECOND, j.checked_sub(1).and_then(|j| band.cell(i, j)));
        }
    }
    let (mut i, mut j) = (band.rows.len() - 1, band.rows[band.rows.len() - 1].1);
    let mut state = band.cell(i, j).map_or(0, |end| usize::from(top(&scores[end]).1));
    let mut out = Vec::new();
    while let Some(at) = band.cell(i, j).filter(|_| (i, j) != (0, 0)) {
        let (kind, before) = from[at][state];
        match state {
            FIRST => i -= 1,
            SECOND => j -= 1,
            _ => {
                let (x, y, _) = KINDS[usize::from(kind)];
                (i, j) = (i - x, j - y);
                out.push(Step { i, j, rows: x, columns: y, score: 0.0, fit: 0.0 });
            }
        }
        state = usize::from(before);
    }
    out.reverse();
    out
}
