//! What recurs in translated texts and may belong into the glossary, and where the texts contradict it.
//!
//! Phrases that recur are counted in each language by stems ([`phrases`]), linked with one another across languages
//! ([`links`]) and given in their dictionary forms ([`cite`]). What a language has to say of it stands in rows
//! ([`words`]). Nothing here knows where the texts come from.

mod cite;
mod contradict;
mod corpus;
mod links;
mod nested;
mod phrases;
mod words;

pub use contradict::{Contradiction, contradictions};
pub use corpus::{Corpus, Read};

use crate::{align::Lexicon, lang::Language, model::UnitId};
use cite::{Citer, Hint};
use corpus::{Side, flag};
use links::{ByUnit, Link, Words, common, company, compete, pairs, ratio};
use phrases::{Phrase, phrases};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// A phrase must stand in so many units.
    pub least: usize,
    /// No more proposals than this; 0 is all.
    pub most: usize,
    /// Examples of each proposal.
    pub examples: usize,
}

/// Told how far the work is.
pub trait Progress: Sync {
    /// So many steps of a stage are to come.
    fn stage(&self, what: &'static str, steps: usize);
    fn step(&self);
}

/// The best proposals, as many as were asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    pub proposals: Vec<Proposal>,
    /// How many there are, those beyond included.
    pub all: usize,
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
const OTHER_COVERED: f64 = 0.5;
/// Of the log-likelihood ratio of another translation: chance gives more once in twenty times (chi-square), and the units
/// without the usual one are few already.
const OTHER_RATIO: f64 = 3.84;
/// Other translations told.
const OTHERS: usize = 3;

/// How often phrases that turned out to be none leave their counterparts to the others.
const ROUNDS: usize = 2;
/// Proposals worked out at a time.
const PORTION: usize = 64;
/// The weight of a single common word: most of them are everyday ones.
const COMMON_WORD: f64 = 0.3;
/// And its rank beside a term that holds it: `mobile` beside `mobile application`.
const COMMON_RANK: f64 = 0.75;
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
pub fn suggest(corpus: &Corpus, lexicon: &Lexicon, options: Options, progress: &dyn Progress) -> Found {
    let Some((lead, others)) = corpus.sides.split_first() else { return Found::default() };
    progress.stage("counting", corpus.sides.len());
    let look = |side, least| {
        let out = Looked::new(side, corpus.len(), least);
        progress.step();
        out
    };
    let lead = look(lead, options.least.max(1));
    let others: Vec<Looked<'_>> = others.iter().map(|side| look(side, LEAST_OTHER.min(options.least.max(1)))).collect();
    progress.stage("linking", others.len());
    let words: Vec<Words<'_>> = others.iter().map(|other| Words::new(lead.side, other.side, lexicon)).collect();
    let pairs: Vec<Vec<Link>> = others
        .iter()
        .zip(&words)
        .map(|(other, words)| {
            let pairs = pairs(words, &lead.phrases, &other.phrases, &other.by_unit, corpus.len());
            progress.step();
            pairs
        })
        .collect();
    let mut search = Search { corpus, lead, others, words, answered: Vec::new(), options };
    // Which of the phrases inside one another is a term is judged by the best counterparts each could have; those that
    // are none leave theirs to the others.
    let mut kept: Option<FxHashSet<u32>> = None;
    for _ in 0..ROUNDS {
        let links = search.linked(&pairs, kept.as_ref());
        kept = Some(links.iter().map(|linked| linked.phrase).collect());
    }
    let all = search.linked(&pairs, kept.as_ref());
    search.proposals(all, progress)
}

struct Search<'c> {
    corpus: &'c Corpus,
    lead: Looked<'c>,
    others: Vec<Looked<'c>>,
    /// By other language.
    words: Vec<Words<'c>>,
    /// By other language: which phrase of the leading one a phrase answers.
    answered: Vec<FxHashMap<u32, u32>>,
    options: Options,
}

/// A phrase of the leading language with its counterparts.
struct Linked {
    phrase: u32,
    links: Vec<Option<Link>>,
    /// The mean of how well its counterparts fit, none for those missing.
    fit: f64,
    rank: f64,
    score: f64,
}

impl Search<'_> {
    /// The phrases of the leading language that are terms of their own, with their counterparts: those of `among`, in
    /// competition with one another; without it all, each with the best there is.
    fn linked(&mut self, pairs: &[Vec<Link>], among: Option<&FxHashSet<u32>>) -> Vec<Linked> {
        let mut linked: FxHashMap<u32, Vec<Option<Link>>> = FxHashMap::default();
        self.answered.clear();
        for (at, pairs) in pairs.iter().enumerate() {
            let links = among.map(|among| compete(pairs, |from| among.contains(&from)));
            let links = links.as_deref().unwrap_or(pairs);
            for link in links {
                let own = linked.entry(link.from).or_insert_with(|| vec![None; self.others.len()]);
                own[at].get_or_insert(*link);
            }
            self.answered.push(links.iter().map(|link| (link.to, link.from)).collect());
        }
        let mean = |links: &[Option<Link>], of: fn(&Link) -> f64| {
            links.iter().flatten().map(of).sum::<f64>() / links.len().max(1) as f64
        };
        let mut all: Vec<Linked> = linked
            .into_iter()
            .map(|(phrase, links)| {
                let common = self.lead.phrases[phrase as usize].is_common();
                let (fit, rank) = (mean(&links, |link| link.fit), mean(&links, |link| link.rank));
                let rank = rank * if common { COMMON_RANK } else { 1.0 };
                Linked { phrase, links, fit, rank, score: 0.0 }
            })
            .collect();
        all.sort_by_key(|linked| linked.phrase);
        let ranks: Vec<(u32, f64)> = all.iter().map(|linked| (linked.phrase, linked.rank)).collect();
        let alone =
            nested::alone(self.lead.side, &self.lead.phrases, &ranks, self.options.least, &self.corpus.documents);
        for linked in &mut all {
            let alone = alone.get(&linked.phrase).copied().unwrap_or(0);
            linked.score = if alone == 0 { 0.0 } else { self.score(linked, alone) };
        }
        all.retain(|linked| linked.score > 0.0);
        all
    }

    fn proposals(&self, mut all: Vec<Linked>, progress: &dyn Progress) -> Found {
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
        let most = if self.options.most == 0 { usize::MAX } else { self.options.most };
        progress.stage("citing", all.len().min(most));
        let mut out = Found { all: all.len(), proposals: Vec::new() };
        // No more dictionary forms are worked out than are asked for.
        for portion in all.chunks(PORTION) {
            let made: Vec<Option<Proposal>> = portion
                .par_iter()
                .map(|linked| {
                    let out = self.proposal(linked);
                    progress.step();
                    out
                })
                .collect();
            out.all -= made.iter().filter(|made| made.is_none()).count();
            out.proposals.extend(made.into_iter().flatten());
            if out.proposals.len() >= most {
                out.proposals.truncate(most);
                break;
            }
        }
        out
    }

    /// The C-value of a phrase that stands outside longer ones `alone` times, weighed by what else speaks for a term.
    fn score(&self, linked: &Linked, alone: usize) -> f64 {
        let phrase = &self.lead.phrases[linked.phrase as usize];
        let length = f64::from(phrase.words + 1).log2();
        let documents = self.documents(&phrase.units);
        let spread = if documents < 2 { ONE_DOCUMENT } else { 1.0 + 0.1 * (documents as f64).ln() };
        let kind = match () {
            () if phrase.is_name() || phrase.acronym => 1.2,
            () if phrase.is_common() => COMMON_WORD,
            () => 1.0,
        };
        (1.0 + alone as f64).ln() * length * linked.fit * spread * kind * (0.5 + 0.5 * phrase.cohesion.sqrt().min(1.0))
    }

    fn documents(&self, units: &[u32]) -> usize {
        let documents: FxHashSet<u32> = units.iter().map(|unit| self.corpus.documents[*unit as usize]).collect();
        documents.len()
    }

    fn proposal(&self, linked: &Linked) -> Option<Proposal> {
        let phrase = &self.lead.phrases[linked.phrase as usize];
        let (short, units) = with_short(&self.lead, phrase);
        let cited = self.lead.citer.cite(phrase, None);
        let mut terms = vec![Proposed {
            language: self.lead.side.language,
            text: cited,
            units: phrase.units.len(),
            abbreviation: short,
            others: Vec::new(),
        }];
        let hint = Hint { language: self.lead.side.language, text: terms[0].text.clone() };
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
            let text = other.citer.cite(answer, Some(&hint));
            // Other forms of the same, which the stems hold apart.
            let (same, others): (Vec<Counted>, Vec<Counted>) = others
                .into_iter()
                .partition(|met| other.side.language.key(&met.text) == other.side.language.key(&text));
            let both = both + same.iter().map(|met| met.units).sum::<usize>();
            together.retain(|unit| own.binary_search(unit).is_ok());
            terms.push(Proposed { language: other.side.language, text, units: both, abbreviation: short, others });
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
        let content = links::content(self.lead.side, phrase).len();
        // What another phrase of the source explains is no translation of this one.
        let explained = |number: u32, both: usize| {
            let own = self.answered[at].get(&number).map(|from| &self.lead.phrases[*from as usize]);
            own.is_some_and(|own| common(&own.units, left) * 2 >= both)
        };
        let mut met: Vec<(usize, u32)> = seen
            .into_iter()
            .filter(|(number, both)| {
                let met = &other.phrases[*number as usize];
                let both_of_all = common(&phrase.units, &met.units);
                *number != usual
                    && links::content(other.side, met).len().abs_diff(content) <= usize::from(content > 1)
                    && *both as usize >= LEAST_OTHER
                    && f64::from(*both) >= OTHER_SHARE * sample as f64
                    && ratio(both_of_all, phrase.units.len(), met.units.len(), self.corpus.len()) > OTHER_RATIO
                    && self.words[at].covered(phrase, met) >= OTHER_COVERED
                    && !explained(*number, *both as usize)
            })
            .map(|(number, both)| (both as usize * left.len() / sample, number))
            .collect();
        met.sort_by_key(|(units, number)| {
            let words = other.phrases[*number as usize].words;
            (std::cmp::Reverse(*units), std::cmp::Reverse(words), *number)
        });
        let mut out: Vec<Counted> = Vec::new();
        for (units, number) in met {
            let text = other.citer.cite(&other.phrases[number as usize], None);
            // A part of what is told already says no more.
            if out.iter().any(|told| told.text.contains(&text)) {
                continue;
            }
            out.push(Counted { text, units });
            if out.len() == OTHERS {
                break;
            }
        }
        out
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

/// The acronym that is introduced behind the phrase most often, if it begins as the phrase does.
fn abbreviation(side: &Side, phrase: &Phrase) -> Option<u32> {
    if phrase.words < 2 {
        return None;
    }
    let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
    introductions(side, phrase).for_each(|stem| *counts.entry(stem).or_default() += 1);
    let initial = |text: &str| {
        text.trim_start_matches('=').chars().next().map(|c| side.language.lower(c.encode_utf8(&mut [0; 4])))
    };
    let first = initial(&side.surface(phrase.places[0]).text);
    counts.retain(|stem, _| initial(&side.stems[*stem as usize]) == first);
    counts.into_iter().max_by_key(|(stem, count)| (*count, std::cmp::Reverse(*stem))).map(|(stem, _)| stem)
}

/// `most` of the units, evenly.
fn spread(units: &[u32], most: usize) -> impl Iterator<Item = u32> + '_ {
    let step = units.len().div_ceil(most.max(1)).max(1);
    units.iter().copied().step_by(step).take(most)
}
