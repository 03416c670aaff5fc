//! The files of one language as pairing sees them: each one long sentence, its figures, and which file holds what.

use super::figures::{Figures, figures};
use crate::{
    align::words::{Side, Vocabulary},
    lang::Language,
    model::{Concept, Kind, Segment},
    text::Span,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// The files of one language.
pub(super) struct Shelf {
    /// A file is a sentence here.
    pub side: Side,
    pub vocabulary: Vocabulary,
    pub figures: Vec<Figures>,
    /// In how many files each figure stands.
    pub files_with: FxHashMap<String, u32>,
    /// Where the files of each form begin in `files`; one more at the end.
    starts: Vec<usize>,
    files: Vec<u32>,
}

impl Shelf {
    pub fn new(language: Language, texts: &[&str], concepts: &[Concept]) -> Shelf {
        let mut vocabulary = Vocabulary::new(language, concepts);
        let whole = texts.iter().map(|text| Segment {
            span: Span::new(0, text.len()),
            text: (*text).to_owned(),
            kind: Kind::Body,
            paragraph: 1,
        });
        let whole: Vec<Segment> = whole.collect();
        let mut side = Side::new(whole.iter().enumerate(), &mut vocabulary);
        side.weigh(&vocabulary);
        let figures: Vec<Figures> = side.words.iter().map(|words| figures(words, &vocabulary)).collect();
        let mut files_with: FxHashMap<String, u32> = FxHashMap::default();
        for value in figures.iter().flat_map(|figures| &figures.values) {
            *files_with.entry(value.clone()).or_default() += 1;
        }
        let distinct: Vec<Vec<u32>> = side.words.iter().map(|words| sorted(words)).collect();
        let mut starts = vec![0usize; vocabulary.forms.len() + 1];
        distinct.iter().flatten().for_each(|form| starts[*form as usize + 1] += 1);
        for form in 1..starts.len() {
            starts[form] += starts[form - 1];
        }
        let mut next = starts.clone();
        let mut files = vec![0u32; starts[vocabulary.forms.len()]];
        for (file, forms) in distinct.iter().enumerate() {
            for form in forms {
                files[next[*form as usize]] = file as u32;
                next[*form as usize] += 1;
            }
        }
        Shelf { side, vocabulary, figures, files_with, starts, files }
    }

    pub fn len(&self) -> usize {
        self.side.len()
    }

    /// The files that hold a form, rising.
    pub fn files_of(&self, form: u32) -> &[u32] {
        &self.files[self.starts[form as usize]..self.starts[form as usize + 1]]
    }

    /// The forms of a file, each once.
    pub fn forms_of(&self, file: usize) -> Vec<u32> {
        sorted(&self.side.words[file])
    }

    /// The share of the words of two files that both have, 0 to 1.
    pub fn shared(&self, a: usize, b: usize) -> f32 {
        let of = |file: usize| self.side.words[file].iter().copied().collect::<FxHashSet<u32>>();
        let (a, b) = (of(a), of(b));
        let both = a.intersection(&b).count();
        both as f32 / (a.len() + b.len() - both).max(1) as f32
    }
}

fn sorted(words: &[u32]) -> Vec<u32> {
    let mut out = words.to_vec();
    out.sort_unstable();
    out.dedup();
    out
}
