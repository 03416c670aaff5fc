//! What recurs in translated texts and may belong into the glossary, and where the texts contradict it.
//!
//! Phrases that recur are counted in each language by stems ([`phrases`]), linked with one another across languages
//! ([`links`]) and given in their dictionary forms ([`cite`]). What a language has to say of it stands in rows
//! ([`words`]). Nothing here knows where the texts come from.

mod cite;
mod contradict;
mod corpus;
mod links;
mod phrases;
mod words;

pub use contradict::{Contradiction, contradictions};
pub use corpus::{Corpus, Read};

use crate::{align::Lexicon, lang::Language, model::UnitId};
use cite::Citer;
use corpus::{Side, flag};
use links::{ByUnit, LEAST_RATIO, Link, Words, common, company, link, ratio};
use phrases::{Phrase, phrases};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// A phrase must stand in so many units.
    pub least: usize,
    /// Examples of each proposal.
    pub examples: usize,
}

/// Told how far the work is.
pub trait Progress: Sync {
    /// So many steps of a stage are to come.
    fn stage(&self, what: &'static str, steps: usize);
    fn step(&self);
}

/// A concept the glossary may want.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The leading language first; one that has no sure counterpart is missing.
    pub terms: Vec<Proposed>,
    /// Units that have the term of the leading language, or its abbreviation.
    pub units: usize,
    /// Documents these stand in.
    pub documents: usize,
    /// From 0 on, the higher the more of a term; comparable within one memory only.
    pub score: f64,
    /// Units where the terms stand together.
    pub examples: Vec<UnitId>,
}

/// A term of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    pub language: Language,
    /// In its dictionary form.
    pub text: String,
    /// Of the proposal's units those that have it.
    pub units: usize,
    /// What was introduced in brackets behind it, and the units that have it.
    pub abbreviation: Option<Counted>,
    /// What stands in the other units for it, the most frequent first.
    pub others: Vec<Counted>,
}

/// A text and the units it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub text: String,
    pub units: usize,
}

/// A lower bound for counterparts: a translation need not be as consistent as its source.
const LEAST_OTHER: usize = 2;
/// Share of the units without the usual translation that another one must stand in.
const OTHER_SHARE: f64 = 0.3;
/// How well the words of another translation must answer the source.
const OTHER_COVERED: f64 = 0.6;
/// Other translations told.
const OTHERS: usize = 3;

/// The weight of a single common word: most of them are everyday ones.
const COMMON_WORD: f64 = 0.3;
/// The weight of what stands in one document alone.
const ONE_DOCUMENT: f64 = 0.6;

/// All a search needs of one language.
pub(crate) struct Looked<'c> {
    side: &'c Side,
    phrases: Vec<Phrase>,
    by_unit: ByUnit,
    citer: Citer<'c>,
}

impl<'c> Looked<'c> {
    fn new(side: &'c Side, units: usize, least: usize) -> Looked<'c> {
        let phrases = phrases(side, least);
        let by_unit = ByUnit::new(units, &phrases);
        Looked { side, phrases, by_unit, citer: Citer::new(side) }
    }
}

/// The concepts that `corpus` has and its glossary lacks, the best first. `lexicon` helps to tell which words answer
/// one another; it may be empty.
pub fn suggest(corpus: &Corpus, lexicon: &Lexicon, options: Options, progress: &dyn Progress) -> Vec<Proposal> {
    let Some((lead, others)) = corpus.sides.split_first() else { return Vec::new() };
    progress.stage("counting", corpus.sides.len());
    let look = |side, least| {
        let out = Looked::new(side, corpus.len(), least);
        progress.step();
        out
    };
    let lead = look(lead, options.least.max(1));
    let others: Vec<Looked<'_>> = others.iter().map(|side| look(side, LEAST_OTHER.min(options.least.max(1)))).collect();
    progress.stage("linking", others.len());
    let links: Vec<(Words<'_>, Vec<Link>)> = others
        .iter()
        .map(|other| {
            let words = Words::new(lead.side, other.side, lexicon);
            let links = link(&words, &lead.phrases, &other.phrases, corpus.len());
            progress.step();
            (words, links)
        })
        .collect();
    let search = Search { corpus, lead, others, links, options };
    search.proposals(progress)
}

struct Search<'c> {
    corpus: &'c Corpus,
    lead: Looked<'c>,
    others: Vec<Looked<'c>>,
    /// By other language.
    links: Vec<(Words<'c>, Vec<Link>)>,
    options: Options,
}

/// A phrase of the leading language with its counterparts.
struct Linked {
    phrase: u32,
    links: Vec<Option<Link>>,
    score: f64,
}

impl Search<'_> {
    fn proposals(&self, progress: &dyn Progress) -> Vec<Proposal> {
        let mut linked: FxHashMap<u32, Vec<Option<Link>>> = FxHashMap::default();
        for (at, (_, links)) in self.links.iter().enumerate() {
            for link in links {
                linked.entry(link.from).or_insert_with(|| vec![None; self.others.len()])[at] = Some(*link);
            }
        }
        let mut all: Vec<Linked> = linked
            .into_iter()
            .map(|(phrase, links)| {
                let score = self.score(&self.lead.phrases[phrase as usize], &links);
                Linked { phrase, links, score }
            })
            .collect();
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.phrase.cmp(&b.phrase)));
        // An abbreviation belongs to the phrase that introduces it.
        let short: FxHashSet<u32> = all
            .iter()
            .filter_map(|linked| abbreviation(self.lead.side, &self.lead.phrases[linked.phrase as usize]))
            .collect();
        all.retain(|linked| {
            let phrase = &self.lead.phrases[linked.phrase as usize];
            !(phrase.acronym && short.contains(&self.lead.side.stem(phrase.places[0])))
        });
        progress.stage("citing", all.len());
        let made: Vec<Option<Proposal>> = all
            .par_iter()
            .map(|linked| {
                let out = self.proposal(linked);
                progress.step();
                out
            })
            .collect();
        made.into_iter().flatten().collect()
    }

    fn score(&self, phrase: &Phrase, links: &[Option<Link>]) -> f64 {
        let fit = links.iter().flatten().map(|link| link.fit).sum::<f64>() / links.len().max(1) as f64;
        let length = f64::from(phrase.words + 1).log2();
        let documents = self.documents(&phrase.units);
        let spread = if documents < 2 { ONE_DOCUMENT } else { 1.0 + 0.1 * (documents as f64).ln() };
        let kind = match () {
            () if phrase.is_name() || phrase.acronym => 1.2,
            () if phrase.words == 1 => COMMON_WORD,
            () => 1.0,
        };
        (1.0 + phrase.weight).ln() * length * fit * spread * kind * (0.5 + 0.5 * phrase.cohesion.sqrt().min(1.0))
    }

    fn documents(&self, units: &[u32]) -> usize {
        let documents: FxHashSet<u32> = units.iter().map(|unit| self.corpus.documents[*unit as usize]).collect();
        documents.len()
    }

    fn proposal(&self, linked: &Linked) -> Option<Proposal> {
        let phrase = &self.lead.phrases[linked.phrase as usize];
        let (short, units) = with_short(&self.lead, phrase);
        let cited = self.lead.citer.cite(phrase);
        let mut terms = vec![Proposed {
            language: self.lead.side.language,
            text: cited.text,
            units: phrase.units.len(),
            abbreviation: short,
            others: Vec::new(),
        }];
        let mut together = units.clone();
        for (at, link) in linked.links.iter().enumerate() {
            let (Some(link), other) = (link, &self.others[at]) else { continue };
            let answer = &other.phrases[link.to as usize];
            let (short, own) = with_short(other, answer);
            let both = units.iter().filter(|unit| answer.units.binary_search(unit).is_ok()).count();
            let left: Vec<u32> = units
                .iter()
                .copied()
                .filter(|unit| other.side.has(*unit) && own.binary_search(unit).is_err())
                .collect();
            let others = self.others(at, phrase, link.to, &left);
            together.retain(|unit| own.binary_search(unit).is_ok());
            terms.push(Proposed {
                language: other.side.language,
                text: other.citer.cite(answer).text,
                units: both,
                abbreviation: short,
                others,
            });
        }
        if self.is_known(&terms) {
            return None;
        }
        let shown = if together.is_empty() { &units } else { &together };
        Some(Proposal {
            terms,
            documents: self.documents(&units),
            score: linked.score,
            examples: spread(shown, self.options.examples).map(|unit| self.corpus.units[unit as usize]).collect(),
            units: units.len(),
        })
    }

    /// What stands for `phrase` in `left`, the units without its usual translation `usual`.
    fn others(&self, at: usize, phrase: &Phrase, usual: u32, left: &[u32]) -> Vec<Counted> {
        let other = &self.others[at];
        if left.len() < LEAST_OTHER {
            return Vec::new();
        }
        let (seen, sample) = company(left, &other.by_unit);
        let mut met: Vec<(usize, u32)> = seen
            .into_iter()
            .filter(|(number, both)| {
                let met = &other.phrases[*number as usize];
                let both_of_all = common(&phrase.units, &met.units);
                *number != usual
                    && *both as usize >= LEAST_OTHER
                    && f64::from(*both) >= OTHER_SHARE * sample as f64
                    && ratio(both_of_all, phrase.units.len(), met.units.len(), self.corpus.len()) > LEAST_RATIO
                    && self.links[at].0.covered(phrase, met) >= OTHER_COVERED
            })
            .map(|(number, both)| (both as usize * left.len() / sample, number))
            .collect();
        met.sort_by_key(|(units, number)| {
            let words = other.phrases[*number as usize].words;
            (std::cmp::Reverse(*units), std::cmp::Reverse(words), *number)
        });
        met.truncate(OTHERS);
        met.into_iter()
            .map(|(units, number)| Counted { text: other.citer.cite(&other.phrases[number as usize]).text, units })
            .collect()
    }

    /// Whether the glossary has the term of the leading language, or all others.
    fn is_known(&self, terms: &[Proposed]) -> bool {
        let known = |term: &Proposed| {
            let found = self.corpus.termbase.find(term.language, &term.text, crate::terms::Overlap::Longest);
            found.iter().any(|found| found.span.len() == term.text.len())
        };
        known(&terms[0]) || terms[1..].iter().all(known)
    }
}

/// The abbreviation of a phrase with the units it stands in, and the units of either.
fn with_short(looked: &Looked<'_>, phrase: &Phrase) -> (Option<Counted>, Vec<u32>) {
    let Some(stem) = abbreviation(looked.side, phrase) else { return (None, phrase.units.clone()) };
    let acronym = looked.phrases.iter().find(|other| other.acronym && looked.side.stem(other.places[0]) == stem);
    let own = acronym.map_or(&[][..], |acronym| &acronym.units);
    let mut units: Vec<u32> = phrase.units.iter().chain(own).copied().collect();
    units.sort_unstable();
    units.dedup();
    let text = looked.side.stems[stem as usize].trim_start_matches('=').to_owned();
    let introduced = introductions(looked.side, phrase).filter(|of| *of == stem).count();
    (Some(Counted { text, units: own.len().max(introduced) }), units)
}

/// What stands alone in brackets behind a phrase and is an acronym.
fn introductions<'s>(side: &'s Side, phrase: &'s Phrase) -> impl Iterator<Item = u32> + 's {
    phrase.places.iter().filter_map(move |place| {
        let next = place + u32::from(phrase.words);
        let inside = (next as usize) < side.words.len() && side.unit(next) == side.unit(*place);
        let bracketed = inside && side.flags[next as usize] & flag::BRACKETED > 0;
        (bracketed && side.surface(next).acronym).then(|| side.stem(next))
    })
}

/// The acronym that is introduced behind the phrase most often, if it has letters of the phrase's words.
fn abbreviation(side: &Side, phrase: &Phrase) -> Option<u32> {
    if phrase.words < 2 {
        return None;
    }
    let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
    introductions(side, phrase).for_each(|stem| *counts.entry(stem).or_default() += 1);
    counts.into_iter().max_by_key(|(stem, count)| (*count, std::cmp::Reverse(*stem))).map(|(stem, _)| stem)
}

/// `most` of the units, evenly.
fn spread(units: &[u32], most: usize) -> impl Iterator<Item = u32> + '_ {
    let step = units.len().div_ceil(most.max(1)).max(1);
    units.iter().copied().step_by(step).take(most)
}
