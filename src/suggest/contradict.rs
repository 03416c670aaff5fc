//! Terms of the glossary whose translation in the texts is mostly another than the glossary's.

use super::{
    Looked, Progress,
    corpus::{Corpus, Hit},
    links::{LEAST_FIT, LEAST_RATIO, Words, common, company, content, longer, ratio},
    phrases::Phrase,
    spread,
};
use crate::{
    align::Lexicon,
    lang::Language,
    model::{Status, UnitId},
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A concept of the glossary that the texts mostly put otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    pub concept: String,
    /// The approved term of the source, and its language.
    pub from: Language,
    pub source: String,
    pub to: Language,
    /// The approved term of the target.
    pub approved: String,
    /// Units whose source has a term of the concept and that have a target.
    pub units: usize,
    /// Of these, those whose target has an approved term of it.
    pub kept: usize,
    /// What the others have: a term the glossary does not approve, or what recurs in them; none where nothing does.
    pub instead: Option<(String, usize)>,
    /// Units without the approved term.
    pub examples: Vec<UnitId>,
}

/// The concepts whose approved term of one language stands in `least` units or more and is translated as the glossary
/// has it in less than half of them, what is against it most often first.
pub fn contradictions(
    corpus: &Corpus,
    lexicon: &Lexicon,
    least: usize,
    examples: usize,
    progress: &dyn Progress,
) -> Vec<Contradiction> {
    progress.stage("comparing", corpus.sides.len());
    let looked: Vec<Looked<'_>> = corpus
        .sides
        .iter()
        .map(|side| {
            let out = Looked::new(side, corpus.len(), 2);
            progress.step();
            out
        })
        .collect();
    let mut of_concept: BTreeMap<u32, Vec<&Hit>> = BTreeMap::new();
    for hit in &corpus.hits {
        of_concept.entry(hit.concept).or_default().push(hit);
    }
    let mut out = Vec::new();
    let lead = 0;
    for to in 1..looked.len() {
        let words = Words::new(looked[lead].side, looked[to].side, lexicon);
        for (concept, hits) in &of_concept {
            let case = Case { corpus, looked: &looked, words: &words, concept: *concept, hits, to };
            out.extend(case.judged(least, examples));
        }
    }
    out.sort_by(|a, b| (b.units - b.kept).cmp(&(a.units - a.kept)).then_with(|| a.concept.cmp(&b.concept)));
    out
}

struct Case<'c> {
    corpus: &'c Corpus,
    looked: &'c [Looked<'c>],
    words: &'c Words<'c>,
    concept: u32,
    hits: &'c [&'c Hit],
    to: usize,
}

impl Case<'_> {
    /// The units where one of the terms of a status that passes stands in a side.
    fn units(&self, side: usize, passes: impl Fn(Status) -> bool) -> Vec<u32> {
        let terms = &self.corpus.termbase.concepts()[self.concept as usize].terms;
        let own = self.hits.iter().filter(|hit| usize::from(hit.side) == side);
        let mut out: Vec<u32> = own.filter(|hit| passes(terms[hit.term as usize].status)).map(|hit| hit.unit).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    fn judged(&self, least: usize, examples: usize) -> Option<Contradiction> {
        let concept = &self.corpus.termbase.concepts()[self.concept as usize];
        let (from, to) = (self.looked[0].side, self.looked[self.to].side);
        let (source, approved) = (concept.preferred(from.language)?, concept.preferred(to.language)?);
        let mut units = self.units(0, Status::approved);
        units.retain(|unit| to.has(*unit));
        let kept = self.units(self.to, Status::approved);
        let left: Vec<u32> = units.iter().copied().filter(|unit| kept.binary_search(unit).is_err()).collect();
        if units.len() < least || left.len() * 2 <= units.len() {
            return None;
        }
        Some(Contradiction {
            concept: concept.id.clone(),
            from: from.language,
            source: source.text.clone(),
            to: to.language,
            approved: approved.text.clone(),
            units: units.len(),
            kept: units.len() - left.len(),
            instead: self.unapproved(&left).or_else(|| self.recurring(&units, &left)),
            examples: spread(&left, examples).map(|unit| self.corpus.units[unit as usize]).collect(),
        })
    }

    /// The term of the concept that is not approved and stands in most of the units.
    fn unapproved(&self, left: &[u32]) -> Option<(String, usize)> {
        let concept = &self.corpus.termbase.concepts()[self.concept as usize];
        let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
        for hit in self.hits.iter().filter(|hit| usize::from(hit.side) == self.to) {
            let status = concept.terms[hit.term as usize].status;
            if !status.approved() && left.binary_search(&hit.unit).is_ok() {
                *counts.entry(hit.term).or_default() += 1;
            }
        }
        let (term, units) = counts.into_iter().max_by_key(|(term, units)| (*units, std::cmp::Reverse(*term)))?;
        Some((concept.terms[term as usize].text.clone(), units))
    }

    /// The phrase that recurs in the units without the approved term and goes best with the source.
    fn recurring(&self, units: &[u32], left: &[u32]) -> Option<(String, usize)> {
        let (from, to) = (self.looked[0].side, &self.looked[self.to]);
        let concept = &self.corpus.termbase.concepts()[self.concept as usize];
        let source = from.words_of(&concept.preferred(from.language)?.text);
        let (seen, sample) = company(left, &to.by_unit);
        let fit = |(number, both): (&u32, &u32)| {
            let met = &to.phrases[*number as usize];
            let both_of_all = common(units, &met.units);
            let certain = ratio(both_of_all, units.len(), met.units.len(), self.corpus.len()) > LEAST_RATIO;
            let dice = 2.0 * both_of_all as f64 / (units.len() + met.units.len()) as f64;
            let fit = dice.sqrt() * self.words.answered(&source, met);
            (*both >= 2 && f64::from(*both) * 3.0 >= sample as f64 && certain && fit >= LEAST_FIT).then_some((
                fit * longer(source.len(), content(to.side, met).len()),
                *number,
                *both as usize * left.len() / sample,
            ))
        };
        // What stands in the same units with the best one in it is the whole of it: `isti xətt`, not `xətt`.
        let whole = |best: &(f64, u32, usize)| {
            let inner = &to.phrases[best.1 as usize];
            let holds = |outer: &Phrase| {
                outer.words == inner.words + 1
                    && outer
                        .places
                        .iter()
                        .filter(|place| inner.places.iter().any(|own| own == *place || *own == **place + 1))
                        .count()
                        * 2
                        > outer.places.len()
            };
            let same = seen.iter().filter(|(_, both)| **both as usize * left.len() / sample == best.2);
            let outer = same.map(|(number, _)| *number).filter(|number| holds(&to.phrases[*number as usize]));
            outer.max_by_key(|number| (to.phrases[*number as usize].units.len(), std::cmp::Reverse(*number)))
        };
        let best = seen.iter().filter_map(fit).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
        let chosen = whole(&best).unwrap_or(best.1);
        Some((to.citer.cite(&to.phrases[chosen as usize], None), best.2))
    }
}
