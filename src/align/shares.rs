//! How large a share of the words a translation explains, by how well their counterparts are known: estimated from
//! the alignments made so far by expectation maximisation (a mixture of translation and chance with known
//! densities; Dempster, Laird and Rubin 1977), beside a prior.
//!
//! A sentence that lacks the well-known counterparts of its neighbour's words is not its translation, however few
//! places are left for it; one of unknown words may well be.

use super::{
    links::{Known, Links},
    words::Side,
};
use std::ops::Range;

/// The share before anything is learned from the texts, whatever is known of a word.
pub(super) const SHARE: f32 = 0.16;
/// The same for numbers and addresses: translators carry them over, so that one without its counterpart speaks
/// against the bead.
const SHARE_EXACT: f32 = 0.5;

/// Shares to start from once a lexicon is learned, for each class of [`Known`]: near the even [`SHARE`], in the order
/// of what the estimation gives on the newstest2019 stories of NTREX-128 (0, 0.1, 0.47, 0.65, 0.9). Those are too high
/// for a start: the lexicon was learned from the same sentences, and one short text would believe whatever it first
/// aligned. Strict F1 on the levels of that corpus differs by less than 0.1 from starting halfway between.
const PRIOR: [f32; Known::COUNT] = [0.1, 0.15, 0.25, 0.3, 0.5];
/// The prior counts as so many words: an archive has many more of each class, a single release hardly more.
const PRIOR_WORDS: f32 = 1000.0;
/// No share is taken to be smaller or larger.
const LEAST: f32 = 0.01;
const MOST: f32 = 0.9;
const ROUNDS: usize = 20;
/// Words looked at: more make a share no surer.
const MOST_WORDS: usize = 100_000;

/// The share of words explained by a translation, for each class of [`Known`], as odds and as what one unexplained
/// word says.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    odds: [f32; Known::COUNT],
    unexplained: [f32; Known::COUNT],
}

impl Shares {
    fn new(shares: [f32; Known::COUNT]) -> Shares {
        Shares { odds: shares.map(|share| share / (1.0 - share)), unexplained: shares.map(|share| (1.0 - share).ln()) }
    }

    /// The same share for all words but those that translators carry over.
    pub fn even(share: f32) -> Shares {
        let mut shares = [share; Known::COUNT];
        shares[Known::Exact as usize] = share.max(SHARE_EXACT);
        Shares::new(shares)
    }

    pub fn odds(&self, known: Known) -> f32 {
        self.odds[known as usize]
    }

    pub fn unexplained(&self, known: Known) -> f32 {
        self.unexplained[known as usize]
    }
}

/// Words of beads that are sure, and how likely each is as a translation beside by chance.
#[derive(Debug, Default)]
pub(super) struct Seen {
    words: Vec<(Known, f32)>,
    weights: Vec<f32>,
}

impl Seen {
    pub fn is_enough(&self) -> bool {
        self.words.len() >= MOST_WORDS
    }

    /// Adds the words of some sentences of `of`, given those of `given` that they translate.
    pub fn add(&mut self, given: &Side, from: Range<usize>, of: &Side, to: Range<usize>, links: &Links) {
        let linked = || given.words[from.clone()].iter().flatten().flat_map(|form| &links.of[*form as usize]);
        self.weights.resize(links.known.len(), 0.0);
        linked().for_each(|(other, weight)| self.weights[*other as usize] += weight);
        let count = given.words[from.clone()].iter().map(Vec::len).sum::<usize>().max(1) as f32;
        for at in to {
            for (form, rarity) in of.words[at].iter().zip(&of.rarity[at]) {
                let ratio = self.weights[*form as usize] * rarity / count;
                self.words.push((links.known[*form as usize], ratio));
            }
        }
        linked().for_each(|(other, _)| self.weights[*other as usize] = 0.0);
    }

    /// The shares that make these words likeliest.
    pub fn shares(&self) -> Shares {
        let mut shares = PRIOR;
        for _ in 0..ROUNDS {
            let mut explained = PRIOR.map(|share| share * PRIOR_WORDS);
            let mut all = [PRIOR_WORDS; Known::COUNT];
            for (known, ratio) in &self.words {
                let share = shares[*known as usize];
                explained[*known as usize] += share * ratio / (1.0 - share + share * ratio);
                all[*known as usize] += 1.0;
            }
            shares = std::array::from_fn(|class| (explained[class] / all[class]).clamp(LEAST, MOST));
        }
        Shares::new(shares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_words_seen() {
        let mut seen = Seen::default();
        // Four of five well-known words are found, one in fifty of those that nothing is known of.
        seen.words.extend((0..5000).map(|n| (Known::Well, if n % 5 == 0 { 0.0 } else { 200.0 })));
        seen.words.extend((0..5000).map(|n| (Known::Nothing, if n % 50 == 0 { 200.0 } else { 0.0 })));
        let shares = seen.shares();
        let share = |known| 1.0 - shares.unexplained(known).exp();
        assert!((share(Known::Well) - 0.72).abs() < 0.03, "{}", share(Known::Well));
        assert!(share(Known::Nothing) < 0.05, "{}", share(Known::Nothing));
        assert!((share(Known::Half) - PRIOR[Known::Half as usize]).abs() < 1e-3, "no words, no change");
    }

    #[test]
    fn no_word_makes_no_certainty() {
        let mut seen = Seen::default();
        seen.words.extend((0..50_000).map(|_| (Known::Exact, 1e6)));
        seen.words.extend((0..50_000).map(|_| (Known::Little, 0.0)));
        assert!(seen.is_enough());
        let shares = seen.shares();
        assert!(shares.odds(Known::Exact) < 9.01 && shares.unexplained(Known::Little) < -0.009);
    }
}
