//! The same text in two or more languages, and which segments answer which.

use super::Segment;
use crate::lang::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Segments that are translations of one another: the smallest group that cannot be parted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bead {
    /// Indices into the segments of each language, rising; a language without counterpart has an empty list
    /// or none.
    pub sides: BTreeMap<Language, Vec<usize>>,
    /// How sure the aligner is, 0 to 1.
    pub score: f32,
    pub mark: Mark,
}

impl Bead {
    /// The segments of `language` in this bead; empty where it has none.
    pub fn side(&self, language: Language) -> &[usize] {
        self.sides.get(&language).map_or(&[], Vec::as_slice)
    }

    /// How many languages have a segment here.
    pub fn filled(&self) -> usize {
        self.sides.values().filter(|side| !side.is_empty()).count()
    }
}

/// Who made a bead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The aligner.
    Computed,
    /// A person accepted or made it; a new alignment leaves it as it is.
    Accepted,
    /// Given by the file, as in a TSV, TMX or XLIFF.
    Given,
}

/// The segments of one set in its languages and the beads between them. A single text is a bitext of one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bitext {
    pub texts: BTreeMap<Language, Vec<Segment>>,
    pub beads: Vec<Bead>,
}

impl Bitext {
    /// The text of one side of a bead: its segments in order with a space between.
    pub fn text(&self, bead: &Bead, language: Language) -> String {
        let Some(segments) = self.texts.get(&language) else { return String::new() };
        let mut out = String::new();
        for index in bead.side(language) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&segments[*index].text);
        }
        out
    }
}
