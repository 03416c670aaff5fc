//! The best way through a grid, and how sure each step of it is (forward-backward).
//!
//! Of what is worked out for a cell only a number or two is kept; the rest is needed for the next few rows only,
//! so that a long text takes little room beside its grid.

use super::{
    band::Band,
    grid::{Grid, KINDS, LARGEST},
};

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

/// A bead whose sides fit so badly is as likely false as true, however few places are left for them. From -6 to -2 the
/// area under the curve of confidence (levels c and e of the newstest2019 stories of NTREX-128 with synthetic losses)
/// moves by 0.006; nearer 0 true beads of few telling words are doubted too.
const DOUBTFUL_FIT: f32 = -3.0;
/// How much better a fit divides the doubt by e.
const FIT_SCALE: f32 = 2.0;

impl Step {
    /// How sure the bead is, 0 to 1: its posterior, less where it rests on position more than on fit. The
    /// posterior alone is too sure of two sentences that are both left over between good beads, or that are all there
    /// is.
    pub fn sure(&self) -> f32 {
        self.score / (1.0 + ((DOUBTFUL_FIT - self.fit) / FIT_SCALE).exp())
    }
}

/// Where a way stands: after a bead, in a run of segments of the first text that stay alone, or in one of the
/// second. A run of the second may follow one of the first, not the reverse, so that each way is counted once.
const BEAD: usize = 0;
const FIRST: usize = 1;
const SECOND: usize = 2;

type States = [f64; 3];

const NONE: f64 = f64::NEG_INFINITY;
const NOWHERE: States = [NONE; 3];

/// Terms smaller than the greatest by this factor (its logarithm) are lost in a sum: 1e-13.
const NEGLIGIBLE: f64 = -30.0;
/// Beads less probable than this are not remembered.
const LEAST: f64 = 1e-5;

/// ln(e^a + e^b + …)
fn log_sum(of: &[f64]) -> f64 {
    let most = of.iter().copied().fold(NONE, f64::max);
    if most == NONE {
        return NONE;
    }
    let sum: f64 = of.iter().map(|x| x - most).filter(|x| *x > NEGLIGIBLE).map(f64::exp).sum();
    if sum == 1.0 { most } else { most + sum.ln() }
}

/// The rows of a band that are still needed: the one at work and those up to [`LARGEST`] away.
struct Window<T> {
    rows: [Vec<T>; LARGEST + 1],
}

impl<T: Copy> Window<T> {
    fn new() -> Window<T> {
        Window { rows: std::array::from_fn(|_| Vec::new()) }
    }

    /// Makes room for row `i` of the band.
    fn open(&mut self, band: &Band, i: usize, blank: T) {
        let (low, high) = band.rows[i];
        let row = &mut self.rows[i % (LARGEST + 1)];
        row.clear();
        row.resize(high - low + 1, blank);
    }

    /// The cell, where it is in the band; its row must not be farther than [`LARGEST`] from the one at work.
    fn get(&self, band: &Band, i: usize, j: usize) -> Option<T> {
        let (low, high) = *band.rows.get(i)?;
        (low <= j && j <= high).then(|| self.rows[i % (LARGEST + 1)][j - low])
    }

    fn set(&mut self, band: &Band, i: usize, j: usize, value: T) {
        self.rows[i % (LARGEST + 1)][j - band.rows[i].0] = value;
    }
}

/// A bead that may be, and how probable it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Chance {
    pub i: usize,
    pub j: usize,
    /// Which of [`KINDS`].
    pub kind: usize,
    pub probability: f32,
}

/// The posterior probabilities of the beads of a grid, those that have any to speak of.
pub(super) struct Posteriors {
    /// By row, column and kind.
    pub beads: Vec<Chance>,
}

impl Posteriors {
    pub fn new(grid: &Grid) -> Posteriors {
        let band = &grid.band;
        let forward = forward(grid);
        let (alone, again) = (f64::from(grid.alone), f64::from(grid.again));
        let (n, m) = band.end();
        let whole = band.cell(n, m).map_or(NONE, |end| forward[end]);
        let mut window: Window<States> = Window::new();
        let mut terms: Vec<f64> = Vec::with_capacity(KINDS.len());
        let mut beads = Vec::new();
        for (i, (low, high)) in band.rows.iter().enumerate().rev() {
            window.open(band, i, NOWHERE);
            for j in (*low..=*high).rev() {
                if (i, j) == (n, m) {
                    window.set(band, i, j, [0.0; 3]);
                    continue;
                }
                let at = band.offsets[i] + j - low;
                terms.clear();
                for (kind, (x, y, _)) in KINDS.iter().enumerate().rev() {
                    let score = grid.scores[at][kind];
                    if score > f32::NEG_INFINITY
                        && let Some(to) = window.get(band, i + x, j + y)
                    {
                        let after = to[BEAD] + f64::from(score);
                        terms.push(after);
                        let sure = forward[at] + after - whole;
                        if sure > NEGLIGIBLE && sure.exp() > LEAST {
                            beads.push(Chance { i, j, kind, probability: sure.exp().min(1.0) as f32 });
                        }
                    }
                }
                let bead = log_sum(&terms);
                let first = window.get(band, i + 1, j).map_or(NONE, |to| to[FIRST]);
                let second = if j < *high { window.get(band, i, j + 1).map_or(NONE, |to| to[SECOND]) } else { NONE };
                let states = [
                    log_sum(&[bead, first + alone, second + alone]),
                    log_sum(&[bead, first + again, second + alone]),
                    log_sum(&[bead, second + again]),
                ];
                window.set(band, i, j, states);
            }
        }
        beads.reverse();
        Posteriors { beads }
    }

    /// The steps with their posterior probabilities.
    pub fn scored(&self, grid: &Grid, mut steps: Vec<Step>) -> Vec<Step> {
        for step in &mut steps {
            let (cell, kind) = grid.place(step);
            let place = (step.i, step.j, kind);
            let found = self.beads.binary_search_by_key(&place, |chance| (chance.i, chance.j, chance.kind));
            step.score = found.map_or(0.0, |at| self.beads[at].probability);
            step.fit = grid.scores[cell][kind];
        }
        steps
    }
}

/// For each cell the logarithm of the sum over all ways that lead there.
fn forward(grid: &Grid) -> Vec<f64> {
    let band = &grid.band;
    let (alone, again) = (f64::from(grid.alone), f64::from(grid.again));
    let mut totals = vec![NONE; band.cells()];
    let mut window: Window<States> = Window::new();
    let mut terms: Vec<f64> = Vec::with_capacity(KINDS.len());
    for (i, (low, high)) in band.rows.iter().enumerate() {
        window.open(band, i, NOWHERE);
        for j in *low..=*high {
            let mut states = NOWHERE;
            if (i, j) == (0, 0) {
                states[BEAD] = 0.0;
            } else {
                terms.clear();
                for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                    if i >= *x
                        && j >= *y
                        && let Some(from) = band.cell(i - x, j - y)
                    {
                        terms.push(totals[from] + f64::from(grid.scores[from][kind]));
                    }
                }
                states[BEAD] = log_sum(&terms);
                if i > 0
                    && let Some(from) = window.get(band, i - 1, j)
                {
                    states[FIRST] = log_sum(&[from[BEAD] + alone, from[FIRST] + again]);
                }
                if j > *low
                    && let Some([bead, first, second]) = window.get(band, i, j - 1)
                {
                    states[SECOND] = log_sum(&[bead + alone, first + alone, second + again]);
                }
            }
            totals[band.offsets[i] + j - low] = log_sum(&states);
            window.set(band, i, j, states);
        }
    }
    totals
}

/// How a way came to a cell, for each state: the kind of the bead and the state before it, or the state before.
#[derive(Debug, Clone, Copy, Default)]
struct From {
    kind: u8,
    before: [u8; 3],
}

/// The greatest of three, and which it is.
fn top(of: &States) -> (f64, u8) {
    (0..3).fold((NONE, 0), |held, state| if of[state] > held.0 { (of[state], state as u8) } else { held })
}

/// The way of the greatest score: its beads in order, without the segments that stay alone.
pub(super) fn best(grid: &Grid) -> Vec<Step> {
    let band = &grid.band;
    let mut window: Window<States> = Window::new();
    let mut from = vec![From::default(); band.cells()];
    for (i, (low, high)) in band.rows.iter().enumerate() {
        window.open(band, i, NOWHERE);
        for j in *low..=*high {
            let at = band.offsets[i] + j - low;
            let mut states = NOWHERE;
            if (i, j) == (0, 0) {
                window.set(band, i, j, [0.0, NONE, NONE]);
                continue;
            }
            for (kind, (x, y, _)) in KINDS.iter().enumerate() {
                if i >= *x
                    && j >= *y
                    && let Some(before) = band.cell(i - x, j - y)
                    && grid.scores[before][kind] > f32::NEG_INFINITY
                    && let Some(reached) = window.get(band, i - x, j - y)
                {
                    let (score, state) = top(&reached);
                    let score = score + f64::from(grid.scores[before][kind]);
                    if score > states[BEAD] {
                        states[BEAD] = score;
                        from[at].kind = kind as u8;
                        from[at].before[BEAD] = state;
                    }
                }
            }
            let mut alone = |state: usize, before: Option<States>| {
                let Some(before) = before else { return };
                for earlier in [BEAD, FIRST, SECOND] {
                    if (state, earlier) == (FIRST, SECOND) {
                        continue;
                    }
                    let cost = if earlier == state { grid.again } else { grid.alone };
                    let score = before[earlier] + f64::from(cost);
                    if score > states[state] {
                        states[state] = score;
                        from[at].before[state] = earlier as u8;
                    }
                }
            };
            alone(FIRST, i.checked_sub(1).and_then(|i| window.get(band, i, j)));
            alone(SECOND, j.checked_sub(1).and_then(|j| window.get(band, i, j)));
            window.set(band, i, j, states);
        }
    }
    let (mut i, mut j) = band.end();
    let mut state = window.get(band, i, j).map_or(0, |end| usize::from(top(&end).1));
    let mut out = Vec::new();
    while let Some(at) = band.cell(i, j).filter(|_| (i, j) != (0, 0)) {
        let before = from[at].before[state];
        match state {
            FIRST => i -= 1,
            SECOND => j -= 1,
            _ => {
                let (x, y, _) = KINDS[usize::from(from[at].kind)];
                (i, j) = (i - x, j - y);
                out.push(Step { i, j, rows: x, columns: y, score: 0.0, fit: 0.0 });
            }
        }
        state = usize::from(before);
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_logarithms() {
        assert!((log_sum(&[1.0_f64.ln(), 3.0_f64.ln()]) - 4.0_f64.ln()).abs() < 1e-12);
        assert_eq!(log_sum(&[NONE, -7.0, -900.0]), -7.0);
        assert_eq!(log_sum(&[]), NONE);
    }

    #[test]
    fn the_beads_that_cover_a_segment_sum_to_at_most_one() {
        let (n, m) = (9, 7);
        let grid = Grid::of_scores(n, m, |i, j, kind| -(((i * 7 + j * 5 + kind * 3) % 11) as f32) / 2.0);
        let posteriors = Posteriors::new(&grid);
        let mut covered = vec![0.0; n];
        for chance in &posteriors.beads {
            covered[chance.i..chance.i + KINDS[chance.kind].0].iter_mut().for_each(|sum| *sum += chance.probability);
        }
        assert!(covered.iter().all(|sum| (0.0..1.001).contains(sum)), "{covered:?}");
        let steps = posteriors.scored(&grid, best(&grid));
        assert!(steps.windows(2).all(|w| w[0].i + w[0].rows <= w[1].i && w[0].j + w[0].columns <= w[1].j));
        assert!(!steps.is_empty() && steps.iter().all(|step| step.score > 0.0));
    }
}
