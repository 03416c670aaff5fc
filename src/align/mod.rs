//! Two or more segment lists to beads, and counterparts among files.
//!
//! # How
//!
//! Every pair of languages is aligned by dynamic programming over beads of up to four segments a side
//! (`path`), in a band round anchors (`band`). A bead's score is a log-likelihood ratio (`grid`), the sum of
//! what lengths say (`length`), what words say (`links`: numbers, addresses, names by sound, months and states,
//! terms of the glossary, a lexicon) and what paragraphs say. The lexicon (`lexicon`) is learned from a first
//! alignment of all sets together and added to what the caller knows; then all is aligned again. What stays
//! alone on both sides is compared without regard to order (`moved`). With three and more languages each pair
//! hears what the others say of it, and the pairs' beads are joined (`many`).
//!
//! Results do not depend on the number of threads.

mod band;
mod grid;
mod length;
mod lexicon;
mod links;
mod many;
mod moved;
pub mod pairing;
mod path;
mod words;

pub use lexicon::Lexicon;

use crate::{
    lang::Language,
    model::{Bead, Concept, Kind, Segment},
};
use band::Band;
use grid::{Grid, SHARE, SHARE_LEARNED, Scale, rarity};
use length::Length;
use lexicon::{MOST_PAIRS, Prior, Table};
use links::Links;
use many::{LinkTable, Pair, joined};
use moved::with_moved;
use path::{Posteriors, Step, best};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use words::{Side, Vocabulary};

/// Alignments made to learn from before the one that counts.
const LESSONS: usize = 2;
/// Beads at least so sure are learned from.
const SURE_ENOUGH: f32 = 0.5;

/// What is known before aligning.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The glossary: a term of a concept answers every term of it in the other languages.
    pub concepts: Vec<Concept>,
    /// Which words translate which, as learned from earlier sets.
    pub lexicon: Lexicon,
}

/// The segments of one set, a list a language.
pub type Texts = BTreeMap<Language, Vec<Segment>>;

/// The beads of one set: [`align_all`] for a single one.
pub fn align(texts: &Texts, evidence: &Evidence) -> Vec<Bead> {
    align_all(std::slice::from_ref(texts), evidence, &|| ()).pop().unwrap_or_default()
}

/// The beads of each set. Every segment is in exactly one bead, one without counterpart in a bead of its own;
/// beads come in the order of the set's first language. Boilerplate is aligned with boilerplate only. What is
/// learned from one set serves the others. `step` is called from any thread as each set is done.
pub fn align_all(sets: &[Texts], evidence: &Evidence, step: &(dyn Fn() + Sync)) -> Vec<Vec<Bead>> {
    let mut vocabularies: BTreeMap<Language, Vocabulary> = BTreeMap::new();
    let mut parts: Vec<Part> = Vec::new();
    for texts in sets {
        let mut text = Part::default();
        let mut boilerplate = Part::default();
        for (language, segments) in texts {
            let vocabulary =
                vocabularies.entry(*language).or_insert_with(|| Vocabulary::new(*language, &evidence.concepts));
            for (part, of_footers) in [(&mut text, false), (&mut boilerplate, true)] {
                let mine = segments.iter().enumerate().filter(|(_, s)| (s.kind == Kind::Boilerplate) == of_footers);
                part.sides.insert(*language, Side::new(mine, vocabulary));
            }
        }
        parts.push(text);
        parts.push(boilerplate);
    }
    let languages: Vec<Language> = vocabularies.keys().copied().collect();
    let mut tongues: BTreeMap<(Language, Language), Tongues> = BTreeMap::new();
    for (at, a) in languages.iter().enumerate() {
        for b in &languages[at + 1..] {
            let mut pair = Tongues::new(&vocabularies[a], &vocabularies[b], &evidence.lexicon);
            for _ in 0..LESSONS {
                pair.learn(&parts);
            }
            tongues.insert((*a, *b), pair);
        }
    }
    parts
        .par_chunks(2)
        .zip(sets)
        .map(|(parts, texts)| {
            let beads = parts.iter().flat_map(|part| part.beads(&tongues)).collect();
            step();
            many::ordered(beads, &texts.iter().map(|(language, segments)| (*language, segments.len())).collect())
        })
        .collect()
}

/// The segments of one set that may answer one another: its text, or its footers.
#[derive(Default)]
struct Part {
    sides: BTreeMap<Language, Side>,
}

/// Two languages and what is known of them.
struct Tongues<'v> {
    vocabularies: (&'v Vocabulary, &'v Vocabulary),
    length: Length,
    /// Links without any lexicon.
    plain: (Links, Links),
    prior: (Prior, Prior),
    /// Links with what has been learned so far.
    links: (Links, Links),
    share: f32,
}

impl<'v> Tongues<'v> {
    fn new(a: &'v Vocabulary, b: &'v Vocabulary, known: &Lexicon) -> Tongues<'v> {
        let plain = Links::plain(a, b);
        let prior = (known.prior(a, b), known.prior(b, a));
        let none = || std::iter::empty::<(&[u32], &[u32])>();
        let links = (
            plain.0.with(&lexicon::table(none(), a.stems.len(), &prior.0), a, b),
            plain.1.with(&lexicon::table(none(), b.stems.len(), &prior.1), b, a),
        );
        let length = Length::new(a.language, b.language);
        Tongues { vocabularies: (a, b), length, plain, prior, links, share: SHARE }
    }

    fn languages(&self) -> (Language, Language) {
        (self.vocabularies.0.language, self.vocabularies.1.language)
    }

    /// Aligns all parts by what is known so far, and learns a lexicon from what is sure.
    fn learn(&mut self, parts: &[Part]) {
        let (a, b) = self.languages();
        let sides: Vec<(&Side, &Side)> =
            parts.iter().filter_map(|part| Some((part.sides.get(&a)?, part.sides.get(&b)?))).collect();
        let steps: Vec<Vec<Step>> = sides
            .par_iter()
            .map(|(x, y)| {
                self.first_view(x, y, |view| {
                    let steps = view.posteriors.scored(&view.grid, best(&view.grid));
                    with_moved(steps, x, y, &view.scale, None)
                })
            })
            .collect();
        let stems = |vocabulary: &Vocabulary, side: &Side, from: usize, count: usize| -> Vec<u32> {
            side.words[from..from + count].iter().flatten().map(|form| vocabulary.stem_of(*form)).collect()
        };
        // The same footer under every release would be learned as often as it stands there.
        let mut seen: FxHashSet<(Vec<u32>, Vec<u32>)> = FxHashSet::default();
        let mut pairs: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
        for ((x, y), steps) in sides.iter().zip(&steps) {
            for step in steps.iter().filter(|step| step.score >= SURE_ENOUGH) {
                let pair = (
                    stems(self.vocabularies.0, x, step.i, step.rows),
                    stems(self.vocabularies.1, y, step.j, step.columns),
                );
                if pairs.len() < MOST_PAIRS && !seen.contains(&pair) {
                    seen.insert(pair.clone());
                    pairs.push(pair);
                }
            }
        }
        let (va, vb) = self.vocabularies;
        let there: Table =
            lexicon::table(pairs.iter().map(|(x, y)| (x.as_slice(), y.as_slice())), va.stems.len(), &self.prior.0);
        let back: Table =
            lexicon::table(pairs.iter().map(|(x, y)| (y.as_slice(), x.as_slice())), vb.stems.len(), &self.prior.1);
        self.share = SHARE_LEARNED;
        self.links = (self.plain.0.with(&there, va, vb), self.plain.1.with(&back, vb, va));
    }

    /// The grid of two sides and its posteriors, handed to `job`.
    fn first_view<T>(&self, a: &Side, b: &Side, job: impl FnOnce(View) -> T) -> T {
        let rarity = (rarity(a, self.vocabularies.0), rarity(b, self.vocabularies.1));
        let scale = Scale {
            length: self.length,
            links: (&self.links.0, &self.links.1),
            share: self.share,
            rarity: (&rarity.0, &rarity.1),
        };
        let grid = Grid::new(a, b, &scale, Band::new(a, b, &self.links.0));
        let posteriors = Posteriors::new(&grid);
        job(View { grid, posteriors, scale })
    }
}

/// Two sides as one pair of languages sees them.
struct View<'s> {
    grid: Grid,
    posteriors: Posteriors,
    scale: Scale<'s>,
}

impl Part {
    /// The beads of this part, by indices into the set's texts.
    fn beads(&self, tongues: &BTreeMap<(Language, Language), Tongues>) -> Vec<Bead> {
        let lengths: BTreeMap<Language, usize> = self.sides.iter().map(|(l, side)| (*l, side.len())).collect();
        let languages: Vec<Language> = lengths.keys().copied().collect();
        let of = |pair: &(Language, Language)| (&self.sides[&pair.0], &self.sides[&pair.1]);
        let pairs: Vec<(Language, Language)> = languages
            .iter()
            .enumerate()
            .flat_map(|(at, a)| languages[at + 1..].iter().map(move |b| (*a, *b)))
            .collect();
        let solve = |pair: &(Language, Language), hints: Option<&LinkTable>| {
            let (a, b) = of(pair);
            tongues[pair].first_view(a, b, |mut view| {
                if let Some(hints) = hints {
                    view.grid.add(|i, j| hints.hint(i, j));
                    view.posteriors = Posteriors::new(&view.grid);
                }
                let steps = view.posteriors.scored(&view.grid, best(&view.grid));
                let hint = hints.map(|hints| move |i: usize, j: usize| hints.hint(i, j));
                let hint = hint.as_ref().map(|hint| hint as &dyn Fn(usize, usize) -> f32);
                let steps_all = with_moved(steps.clone(), a, b, &view.scale, hint);
                let moved: Vec<Step> = steps_all.iter().filter(|s| !steps.contains(s)).copied().collect();
                (steps_all, LinkTable::new(&view.grid.band, &view.posteriors, &moved))
            })
        };
        let mut solved: BTreeMap<(Language, Language), (Vec<Step>, LinkTable)> =
            pairs.iter().map(|pair| (*pair, solve(pair, None))).collect();
        if languages.len() > 2 {
            let toward = |from: Language, to: Language| match solved.get(&(from, to)) {
                Some((_, links)) => links.clone(),
                None => solved[&(to, from)].1.turned(lengths[&from]),
            };
            let again = pairs.iter().map(|pair| {
                let thirds = languages.iter().filter(|third| **third != pair.0 && **third != pair.1);
                let over: Vec<LinkTable> =
                    thirds.map(|third| toward(pair.0, *third).over(&toward(*third, pair.1))).collect();
                (*pair, solve(pair, Some(&LinkTable::mean(&over))))
            });
            solved = again.collect();
        }
        let pairs: Vec<Pair> = solved
            .into_iter()
            .map(|(languages, (steps, links))| {
                let (n, m) = (lengths[&languages.0], lengths[&languages.1]);
                let back = links.turned(m);
                let linked = ((0..n).map(|i| links.any(i)).collect(), (0..m).map(|j| back.any(j)).collect());
                Pair { languages, steps, linked }
            })
            .collect();
        let mut beads = joined(&lengths, &pairs);
        for bead in &mut beads {
            for (language, side) in &mut bead.sides {
                side.iter_mut().for_each(|at| *at = self.sides[language].index[*at]);
            }
        }
        beads
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod samples;
