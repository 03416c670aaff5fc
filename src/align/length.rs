//! How long a translation is: the length signal of Gale and Church (1993, "A Program for Aligning Sentences in
//! Bilingual Corpora"), as a likelihood ratio against a sentence drawn at random.

use crate::lang::{Language, length};

/// Variance of the length difference a character of source, from the same texts (3.75 to 4.11 for the three
/// pairs), with the widening by 1.3 that freer translations than news need.
const VARIANCE: f32 = 3.9 * 1.3;
/// Variance that headlines and other short sentences have whatever their length.
const LEAST_VARIANCE: f32 = 60.0;
/// Lengths of sentences drawn at random: mean and deviation of their logarithm, same texts.
const LOG_MEAN: f32 = 4.745; // ln 115
const LOG_DEVIATION: f32 = 0.75;
/// One signal alone never says more than this against a bead.
const LEAST: f32 = -4.0;

/// The length signal for one pair of languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    ratio: f32,
}

impl Length {
    pub fn new(from: Language, to: Language) -> Length {
        Length { ratio: length(to) / length(from) }
    }

    /// Log-likelihood ratio that `to` characters translate `from` characters; `random` is [`Length::random`] of
    /// the former.
    pub fn score(self, from: f32, to: f32, random: f32) -> f32 {
        let variance = VARIANCE * (from + to / self.ratio) / 2.0 + LEAST_VARIANCE;
        let difference = to - self.ratio * from;
        (-0.5 * difference * difference / variance - 0.5 * variance.ln() - random).max(LEAST)
    }

    /// The logarithm of how likely `parts` sentences drawn at random are to have `characters` together.
    pub fn random(characters: f32, parts: usize) -> f32 {
        let log = characters.ln();
        let spread = log - LOG_MEAN - (parts as f32).ln();
        -log - LOG_DEVIATION.ln() - spread * spread / (2.0 * LOG_DEVIATION * LOG_DEVIATION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitting_lengths_score_above_others() {
        let length = Length::new(Language::EN, Language::AZ);
        let score = |from, to| length.score(from, to, Length::random(to, 1));
        assert!(score(100.0, 109.0) > 1.0);
        assert!(score(100.0, 109.0) > score(100.0, 150.0));
        assert_eq!(score(100.0, 900.0), LEAST);
    }

    #[test]
    fn pairs_follow_from_the_rows() {
        let there = Length::new(Language::AZ, Language::RU);
        assert!((there.ratio - 1.02).abs() < 0.01);
        assert_eq!(Length::new("tr".parse().unwrap(), "de".parse().unwrap()).ratio, 1.0);
    }
}
