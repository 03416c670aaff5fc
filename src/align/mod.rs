//! Two or more segment lists to beads, and counterparts among files.
//!
//! # How
//!
//! Every pair of languages is aligned by dynamic programming over beads of up to four segments a side
//! (`path`), in a band round anchors (`band`). A bead's score is a log-likelihood ratio (`grid`), the sum of
//! what lengths say (`length`), what words say (`links`: numbers, addresses, names by sound, months and states,
//! terms of the glossary, a lexicon), what became of lines that recur (`habits`) and what paragraphs say. The lexicon (`lexicon`) is learned from a first
//! alignment of all sets together and added to what the caller knows; then all is aligned again. What stays
//! alone on both sides is compared without regard to order (`moved`). With three and more languages each pair
//! hears what the others say of it, and the pairs' beads are joined (`many`).
//!
//! Results do not depend on the number of threads.

mod band;
mod fixed;
mod grid;
mod habits;
mod length;
mod lexicon;
mod links;
mod many;
mod moved;
pub mod pairing;
mod path;
mod reason;
mod shares;
mod usage;
mod words;

pub use lexicon::Lexicon;
pub use many::ordered as in_order;
pub use reason::{Reason, Signal, WordPair};

use crate::{
    lang::Language,
    model::{Bead, Concept, Kind, Segment},
};
use band::{Band, is_short};
use fixed::Fixed;
use grid::{Grid, Scale};
use habits::Habits;
use length::Length;
use lexicon::{MOST_COST, Prior, Table};
use links::Links;
use many::{LinkTable, Pair, joined};
use path::{Posteriors, Step, best};
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use shares::{SHARE, Seen, Shares};
use std::collections::{BTreeMap, BTreeSet};
use usage::{Counts, Usage};
use words::{Side, Vocabulary};

/// Alignments made to learn from before the one that counts, each from sets of about so much to learn
/// ([`lexicon::cost`]): the first need not know much. Larger archives are sampled evenly.
const LESSONS: [usize; 2] = [2_000_000, MOST_COST];
/// Beads at least so sure are learned from.
const SURE_ENOUGH: f32 = 0.5;

/// What is known before aligning.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The glossary: a term of a concept answers every term of it in the other languages.
    pub concepts: Vec<Concept>,
    /// Which words translate which, as learned from earlier sets.
    pub lexicon: Lexicon,
    /// For each set the beads that stand, because a person accepted them; empty where none do. A language for which
    /// such a bead has no list may join it, one with an empty list may not.
    pub fixed: Vec<Vec<Bead>>,
}

/// Told how far an alignment is; called from any thread.
pub trait Progress: Sync {
    /// So many lessons (a set and a pair of languages) go before the alignment.
    fn lessons(&self, _: usize) {}
    fn lesson(&self) {}
    /// A set is aligned.
    fn set(&self);
}

impl<F: Fn() + Sync> Progress for F {
    fn set(&self) {
        self();
    }
}

/// The segments of one set, a list a language.
pub type Texts = BTreeMap<Language, Vec<Segment>>;

/// Takes the sets of a turn: their places, and what was made of each.
pub type Each<'e, T, E> = dyn FnMut(&[usize], Vec<Vec<T>>) -> Result<(), E> + 'e;

/// The beads of one set: [`align_all`] for a single one.
pub fn align(texts: &Texts, evidence: &Evidence) -> Vec<Bead> {
    align_all(std::slice::from_ref(texts), evidence, &|| ()).pop().unwrap_or_default()
}

/// The beads of each set. Every segment is in exactly one bead, one without counterpart in a bead of its own;
/// beads come in the order of the set's first language. Boilerplate is aligned with boilerplate only. What is
/// learned from one set serves the others.
pub fn align_all(sets: &[Texts], evidence: &Evidence, progress: &dyn Progress) -> Vec<Vec<Bead>> {
    at_once(sets, evidence, progress, |_, _, _, bead| bead)
}

/// As [`align_all`], the sets handed over turn by turn, each turn a list of their places in `sets`. Sets that are in no
/// turn are learned from and not aligned. The beads do not depend on the turns.
///
/// # Errors
/// What `each` gives; the turns after that are not aligned.
pub fn align_in_turn<E>(
    sets: &[Texts],
    turns: &[Vec<usize>],
    evidence: &Evidence,
    progress: &dyn Progress,
    each: &mut Each<'_, Bead, E>,
) -> Result<(), E> {
    aligned(sets, turns, evidence, progress, |_, _, _, bead| bead, each)
}

/// As [`align_all`], each bead with the reasons for it: one for each pair of its filled sides.
pub fn align_with_reasons(
    sets: &[Texts],
    evidence: &Evidence,
    progress: &dyn Progress,
) -> Vec<Vec<(Bead, Vec<Reason>)>> {
    at_once(sets, evidence, progress, |parts, texts, tongues, bead| {
        let reasons = parts.iter().flat_map(|part| part.reasons(&bead, texts, tongues)).collect();
        (bead, reasons)
    })
}

fn at_once<T: Send>(
    sets: &[Texts],
    evidence: &Evidence,
    progress: &dyn Progress,
    told: impl Fn(&[Part], &Texts, &BTreeMap<(Language, Language), Tongues>, Bead) -> T + Sync,
) -> Vec<Vec<T>> {
    let mut out = Vec::new();
    let all: Vec<usize> = (0..sets.len()).collect();
    let Ok(()) = aligned(sets, &[all], evidence, progress, told, &mut |_, beads| {
        out = beads;
        Ok::<(), std::convert::Infallible>(())
    });
    out
}

/// The beads of each set, each as `told` makes it from the set's parts, its texts and what is known of its
/// languages; handed to `each` turn by turn.
fn aligned<T: Send, E>(
    sets: &[Texts],
    turns: &[Vec<usize>],
    evidence: &Evidence,
    progress: &dyn Progress,
    told: impl Fn(&[Part], &Texts, &BTreeMap<(Language, Language), Tongues>, Bead) -> T + Sync,
    each: &mut Each<'_, T, E>,
) -> Result<(), E> {
    let standing: Vec<Vec<Bead>> = (sets.iter().enumerate())
        .map(|(at, texts)| evidence.fixed.get(at).map_or_else(Vec::new, |beads| fixed::sound(beads, texts)))
        .collect();
    let languages: BTreeSet<Language> = sets.iter().flat_map(|texts| texts.keys().copied()).collect();
    let read: Vec<(Vocabulary, Vec<BothSides>)> =
        languages.par_iter().map(|language| read(sets, *language, evidence)).collect();
    let mut vocabularies: BTreeMap<Language, Vocabulary> = BTreeMap::new();
    let mut parts: Vec<Part> = (0..2 * sets.len()).map(|_| Part::default()).collect();
    for (vocabulary, sides) in read {
        for (set, [text, boilerplate]) in sides {
            parts[2 * set].sides.insert(vocabulary.language, text);
            parts[2 * set + 1].sides.insert(vocabulary.language, boilerplate);
        }
        vocabularies.insert(vocabulary.language, vocabulary);
    }
    for (at, part) in parts.iter_mut().enumerate() {
        part.fixed = Fixed::new(&standing[at / 2], &part.sides);
    }
    let count = |texts: &Texts| texts.len() * texts.len().saturating_sub(1) / 2;
    progress.lessons(LESSONS.len() * sets.iter().map(count).sum::<usize>());
    let pairs = languages.iter().flat_map(|a| languages.range(*a..).skip(1).map(move |b| (*a, *b)));
    let learned = pairs.collect::<Vec<_>>().into_par_iter().map(|(a, b)| {
        let mut pair = Tongues::new(&vocabularies[&a], &vocabularies[&b], &evidence.lexicon);
        for most in LESSONS {
            pair.learn(&parts, most, progress);
        }
        ((a, b), pair)
    });
    let tongues: BTreeMap<(Language, Language), Tongues> = learned.collect::<Vec<_>>().into_iter().collect();
    for turn in turns {
        let beads = turn.par_iter().map(|set| {
            let (texts, parts) = (&sets[*set], &parts[2 * set..2 * set + 2]);
            let beads = parts.iter().enumerate().flat_map(|(k, part)| part.beads(2 * set + k, &tongues)).collect();
            let lengths = texts.iter().map(|(language, segments)| (*language, segments.len())).collect();
            let ordered = many::ordered(fixed::gathered(&standing[*set], beads), &lengths);
            progress.set();
            ordered.into_iter().map(|bead| told(parts, texts, &tongues, bead)).collect()
        });
        each(turn, beads.collect())?;
    }
    Ok(())
}

/// A set by its number, and one language's text and footers in it.
type BothSides = (usize, [Side; 2]);

/// The words of one language, and for each set that has it the two sides of its parts: text and footers.
fn read(sets: &[Texts], language: Language, evidence: &Evidence) -> (Vocabulary, Vec<BothSides>) {
    let mut vocabulary = Vocabulary::new(language, &evidence.concepts);
    let mut out: Vec<BothSides> = Vec::new();
    for (set, texts) in sets.iter().enumerate() {
        let Some(segments) = texts.get(&language) else { continue };
        let sides = [false, true].map(|of_footers| {
            let mine = segments.iter().enumerate().filter(|(_, s)| (s.kind == Kind::Boilerplate) == of_footers);
            Side::new(mine, &mut vocabulary)
        });
        out.push((set, sides));
    }
    out.par_iter_mut().for_each(|(_, sides)| sides.iter_mut().for_each(|side| side.weigh(&vocabulary)));
    (vocabulary, out)
}

/// The segments of one set that may answer one another: its text, or its footers.
#[derive(Default)]
struct Part {
    sides: BTreeMap<Language, Side>,
    /// What stands before aligning.
    fixed: Fixed,
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
    shares: Shares,
    usage: Usage,
    habits: Habits,
    /// For each part, if it is too long to be looked at whole, the way the last lesson found through it.
    ways: Vec<Vec<(usize, usize)>>,
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
        Tongues {
            vocabularies: (a, b),
            length,
            plain,
            prior,
            links,
            shares: Shares::even(SHARE),
            usage: Usage::default(),
            habits: Habits::default(),
            ways: Vec::new(),
        }
    }

    fn languages(&self) -> (Language, Language) {
        (self.vocabularies.0.language, self.vocabularies.1.language)
    }

    /// Aligns parts by what is known so far, and learns from what is sure: a lexicon, what is usual, and habits.
    fn learn(&mut self, parts: &[Part], most: usize, progress: &dyn Progress) {
        let (a, b) = self.languages();
        let sides: Vec<Option<(&Side, &Side)>> =
            parts.iter().map(|part| Some((part.sides.get(&a)?, part.sides.get(&b)?))).collect();
        let sides = sampled(sides, most);
        let (steps, (ways, counts)): (Vec<Vec<Step>>, (Vec<_>, Vec<_>)) = sides
            .par_iter()
            .enumerate()
            .map(|(part, sides)| {
                // A set is two parts; one that the lesson passes over is done as well.
                if part % 2 == 0 && [a, b].iter().all(|language| parts[part].sides.contains_key(language)) {
                    progress.lesson();
                }
                let Some((x, y)) = sides else { return Default::default() };
                let fixed = &parts[part].fixed;
                let view = self.view(part, x, y, fixed);
                let steps = view.steps();
                let way = if is_short(x.len(), y.len()) { Vec::new() } else { sure_way(&steps) };
                let counts = Counts::of(x, y, &steps);
                (fixed.with_moved((a, b), steps, (x, y), &view.scale, None), (way, counts))
            })
            .unzip();
        self.ways = ways;
        let mut all = Counts::default();
        counts.iter().for_each(|counts| all.add(counts));
        self.usage = all.usage();
        let aligned = || sides.iter().zip(&steps).filter_map(|(sides, steps)| Some(((*sides)?, steps)));
        let mut habits = Habits::default();
        for ((x, y), steps) in aligned() {
            habits.count(x, y, steps);
        }
        self.habits = habits.settled();
        let stems = |vocabulary: &Vocabulary, side: &Side, from: usize, count: usize| -> Vec<u32> {
            side.words[from..from + count].iter().flatten().map(|form| vocabulary.stem_of(*form)).collect()
        };
        // The same footer under every release would be learned as often as it stands there.
        let mut seen: FxHashSet<(Vec<u32>, Vec<u32>)> = FxHashSet::default();
        let mut pairs: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
        let mut spent = 0;
        for ((x, y), steps) in aligned() {
            for step in steps.iter().filter(|step| step.score >= SURE_ENOUGH) {
                let pair = (
                    stems(self.vocabularies.0, x, step.i, step.rows),
                    stems(self.vocabularies.1, y, step.j, step.columns),
                );
                spent += lexicon::cost(&pair.0, &pair.1);
                if spent <= MOST_COST && !seen.contains(&pair) {
                    seen.insert(pair.clone());
                    pairs.push(pair);
                }
            }
        }
        drop(seen);
        let (va, vb) = self.vocabularies;
        let (there, back): (Table, Table) = rayon::join(
            || lexicon::table(pairs.iter().map(|(x, y)| (x.as_slice(), y.as_slice())), va.stems.len(), &self.prior.0),
            || lexicon::table(pairs.iter().map(|(x, y)| (y.as_slice(), x.as_slice())), vb.stems.len(), &self.prior.1),
        );
        self.links = rayon::join(
            || self.plain.0.with(&there, va, vb).knowing(&self.plain.1, &back, vb),
            || self.plain.1.with(&back, vb, va).knowing(&self.plain.0, &there, va),
        );
        let mut words = Seen::default();
        'enough: for ((x, y), steps) in aligned() {
            for step in steps.iter().filter(|step| step.score >= SURE_ENOUGH) {
                if words.is_enough() {
                    break 'enough;
                }
                let (from, to) = (step.i..step.i + step.rows, step.j..step.j + step.columns);
                words.add(x, from.clone(), y, to.clone(), &self.links.0);
                words.add(y, to, x, from, &self.links.1);
            }
        }
        self.shares = words.shares();
    }

    /// The grid of two sides of a part, and its posteriors.
    fn view(&self, part: usize, a: &Side, b: &Side, fixed: &Fixed) -> View<'_> {
        let scale = Scale {
            length: self.length,
            links: (&self.links.0, &self.links.1),
            shares: &self.shares,
            usage: &self.usage,
            habits: &self.habits,
        };
        let band = match self.ways.get(part).filter(|way| !way.is_empty()) {
            Some(way) => Band::along(way, a.len(), b.len()),
            None => Band::new(a, b, &self.links.0),
        };
        let mut grid = Grid::new(a, b, &scale, band);
        fixed.mask(self.languages(), &mut grid);
        let posteriors = Posteriors::new(&grid);
        View { grid, posteriors, scale }
    }
}

/// The sides to learn from: all, or where there is more to learn than `most`, some evenly spread. Texts too long to be
/// looked at whole are always among them, as the lesson finds the way through them.
fn sampled<'p>(mut sides: Vec<Option<(&'p Side, &'p Side)>>, most: usize) -> Vec<Option<(&'p Side, &'p Side)>> {
    let words = |side: &Side| side.words.iter().map(Vec::len).sum::<usize>();
    let cost = |(a, b): &(&Side, &Side)| words(a) * words(b) / a.len().max(b.len()).max(1);
    let all: usize = sides.iter().flatten().map(cost).sum();
    let mut due = all;
    for part in &mut sides {
        if let Some((x, y)) = part
            && is_short(x.len(), y.len())
            && cost(&(*x, *y)) > 0
        {
            due += most;
            match due >= all {
                true => due -= all.max(most),
                false => *part = None,
            }
        }
    }
    sides
}

/// Steps at least so sure lead the way for the next lesson.
const SURE_WAY: f32 = 0.9;

/// Where the sure steps of a way begin.
fn sure_way(steps: &[Step]) -> Vec<(usize, usize)> {
    let sure = steps.iter().filter(|step| step.score >= SURE_WAY && step.fit > 0.0);
    sure.map(|step| (step.i, step.j)).collect()
}

/// Two sides as one pair of languages sees them.
struct View<'s> {
    grid: Grid,
    posteriors: Posteriors,
    scale: Scale<'s>,
}

impl View<'_> {
    /// The best way, with how sure its steps are.
    fn steps(&self) -> Vec<Step> {
        self.posteriors.scored(&self.grid, best(&self.grid))
    }
}

impl Part {
    /// The beads of this part, the `number`th, by indices into the set's texts.
    fn beads(&self, number: usize, tongues: &BTreeMap<(Language, Language), Tongues>) -> Vec<Bead> {
        let lengths: BTreeMap<Language, usize> = self.sides.iter().map(|(l, side)| (*l, side.len())).collect();
        let languages: Vec<Language> = lengths.keys().copied().collect();
        let pairs: Vec<(Language, Language)> = languages
            .iter()
            .enumerate()
            .flat_map(|(at, a)| languages[at + 1..].iter().map(move |b| (*a, *b)))
            .collect();
        let solved = |pair: &(Language, Language), view: &View, hints: Option<&LinkTable>| {
            let (a, b) = (&self.sides[&pair.0], &self.sides[&pair.1]);
            let steps = view.steps();
            let hint = hints.map(|hints| move |i: usize, j: usize| hints.hint(i, j));
            let hint = hint.as_ref().map(|hint| hint as &dyn Fn(usize, usize) -> f32);
            let all = self.fixed.with_moved(*pair, steps.clone(), (a, b), &view.scale, hint);
            let place = |step: &Step| (step.i, step.j);
            let found = |step: &&Step| steps.binary_search_by_key(&place(step), place).is_err();
            let moved: Vec<Step> = all.iter().filter(found).copied().collect();
            (all, LinkTable::new(a.len(), &view.posteriors, &moved))
        };
        let view = |pair: &(Language, Language)| {
            tongues[pair].view(number, &self.sides[&pair.0], &self.sides[&pair.1], &self.fixed)
        };
        let mut views: Vec<View> = pairs.iter().map(view).collect();
        let mut results: BTreeMap<(Language, Language), (Vec<Step>, LinkTable)> =
            pairs.iter().zip(&views).map(|(pair, view)| (*pair, solved(pair, view, None))).collect();
        if languages.len() > 2 {
            let toward = |from: Language, to: Language| match results.get(&(from, to)) {
                Some((_, links)) => links.clone(),
                None => results[&(to, from)].1.turned(lengths[&from]),
            };
            let again = pairs.iter().zip(&mut views).map(|(pair, view)| {
                let thirds = languages.iter().filter(|third| **third != pair.0 && **third != pair.1);
                let over: Vec<LinkTable> =
                    thirds.map(|third| toward(pair.0, *third).over(&toward(*third, pair.1))).collect();
                let hints = LinkTable::mean(&over);
                view.grid.add(|i, j| hints.hint(i, j));
                view.posteriors = Posteriors::new(&view.grid);
                (*pair, solved(pair, view, Some(&hints)))
            });
            results = again.collect();
        }
        let pairs: Vec<Pair> = results
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
