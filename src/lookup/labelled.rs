//! Answers that no score finds: the words of the query in another order, the query inside of a longer source, the query
//! put together from stored units. They are labelled, stand behind the scored answers and are outside their promise.

use super::{
    Match, MatchKind, Options, Query, Target, Worth, alternatives,
    bound::ANAGRAM,
    offered,
    score::{Prepared, Score, compare, same_words},
    search::Searcher,
};
use crate::{
    lang::Language,
    memory::{
        Filter, MemoryError,
        words::{Word, class},
    },
    model::{State, Unit, UnitId},
};
use rustc_hash::FxHashSet;

/// Labelled answers to a query: no more than this.
pub(super) const LABELLED: usize = 2;

/// Words a query needs to be looked for in another order or inside of others.
const FEWEST: usize = 3;

/// Texts of one skeleton that are read to find the one that speaks for it.
const READ: usize = 16;

/// Parts of an assembled answer have so many words at least, and there are so many of them at most.
const PART: usize = 2;
const PARTS: usize = 3;

/// A unit, with the source that was found.
struct Found {
    id: UnitId,
    unit: Unit,
    source: String,
}

/// One memory, asked for one query.
pub(super) struct Labels<'s, 'r, 'm> {
    pub searcher: &'s mut Searcher<'r, 'm>,
    pub memory: usize,
    pub worth: &'s Worth,
    pub options: &'s Options,
    pub only: Option<&'s Filter>,
}

impl Labels<'_, '_, '_> {
    /// The labelled answers beside those of `scored`.
    pub fn find(&mut self, query: &Query, scored: &[Match]) -> Result<Vec<Match>, MemoryError> {
        let asked = Prepared::new(&mut self.searcher.analyser, query.text.clone());
        let best = scored.first().map_or(Score::default(), |found| found.score);
        if asked.content() < FEWEST || best >= Score::SAME_WORDS {
            return Ok(Vec::new());
        }
        let known: FxHashSet<UnitId> = scored.iter().flat_map(|found| found.places.iter().copied()).collect();
        let mut out: Vec<Match> = Vec::new();
        for (segment, place) in self.searcher.reordered() {
            out.extend(self.of_skeleton(&asked, MatchKind::Reordered, segment, place, &known)?);
            if !out.is_empty() {
                break;
            }
        }
        for (segment, place) in self.searcher.containing(&asked)? {
            if out.len() == LABELLED {
                break;
            }
            let found = self.of_skeleton(&asked, MatchKind::Fragment, segment, place, &known)?;
            out.extend(found.filter(|found| out.iter().all(|other| other.unit != found.unit)));
        }
        if out.is_empty() {
            out.extend(self.assembled(&asked)?);
        }
        Ok(out)
    }

    /// What speaks best for a skeleton: of those with the highest score the better state, the newer, the lower number.
    fn of_skeleton(
        &mut self,
        asked: &Prepared,
        kind: MatchKind,
        segment: usize,
        place: u32,
        known: &FxHashSet<UnitId>,
    ) -> Result<Option<Match>, MemoryError> {
        let entries = self.searcher.entries(asked, segment, place, READ)?;
        let mut best: Option<(Score, Match)> = None;
        for (unit, number) in entries {
            let Some(Found { id, unit, source }) = self.unit(unit, number)? else { continue };
            let stored = Prepared::new(&mut self.searcher.analyser, source);
            let score = compare(asked, &stored, Score::default()).map_or(Score::default(), |(score, _)| score);
            let Some(targets) = alternatives(&unit, &stored.text, self.options).into_iter().next() else { continue };
            if kind == MatchKind::Reordered && score >= ANAGRAM {
                continue; // it would be shown for itself
            }
            if known.contains(&id) {
                return Ok(None); // it is there already, with a score
            }
            let lowered = self.worth.lowered(score, &unit.origin.name, self.options);
            let found = Match::of(self.memory, (id, &unit), (lowered, kind), stored.text, targets);
            let rank = |score: Score, found: &Match| (score, found.state, found.date);
            if best.as_ref().is_none_or(|(known, other)| rank(score, &found) > rank(*known, other)) {
                best = Some((score, found));
            }
        }
        Ok(best.map(|(_, found)| found))
    }

    /// A unit that may be offered, with its text of this number.
    fn unit(&mut self, unit: u32, number: u32) -> Result<Option<Found>, MemoryError> {
        let Some((id, unit)) = offered(self.searcher.reader, unit, self.only)? else { return Ok(None) };
        let offered = self.options.pending || unit.state > State::Pending;
        let source = unit.variants.get(number as usize).filter(|v| v.language == self.options.from);
        Ok(source.filter(|_| offered).map(|v| v.text.clone()).map(|source| Found { id, unit, source }))
    }

    /// The query as two or three whole stored sources in a row.
    fn assembled(&mut self, asked: &Prepared) -> Result<Option<Match>, MemoryError> {
        if asked.content() < 2 * PART {
            return Ok(None);
        }
        let Some(parts) = self.parts(asked, 0, PARTS)? else { return Ok(None) };
        let source = parts.iter().map(|part| part.source.as_str()).collect::<Vec<_>>().join(" ");
        let text_of = |part: &Found, language: Language| {
            part.unit.variants.iter().find(|variant| variant.language == language).map(|variant| variant.text.clone())
        };
        let target = |language: &Language| {
            let texts = parts.iter().map(|part| text_of(part, *language)).collect::<Option<Vec<_>>>()?;
            Some(Target { language: *language, text: texts.join(" "), repaired: false })
        };
        let targets: Vec<Target> = self.options.to.iter().filter_map(target).collect();
        if targets.is_empty() {
            return Ok(None);
        }
        let stored = Prepared::new(&mut self.searcher.analyser, source);
        let score = compare(asked, &stored, Score::default()).map_or(Score::default(), |(score, _)| score);
        // The whole is not stored: nobody has said that its parts make a text.
        let of_part = |part: &Found| self.worth.lowered(score.min(Score::FUZZY), &part.unit.origin.name, self.options);
        let score = parts.iter().map(of_part).min().unwrap_or_default();
        let Found { id, unit, .. } = &parts[0];
        let mut found = Match::of(self.memory, (*id, unit), (score, MatchKind::Assembled), stored.text, targets);
        found.places = parts.iter().map(|part| part.id).collect();
        Ok(Some(found))
    }

    /// Units whose sources are the words of the query from `start` to its end, at most `most` of them; of several
    /// ways that with the longest first part.
    fn parts(&mut self, asked: &Prepared, start: usize, most: usize) -> Result<Option<Vec<Found>>, MemoryError> {
        let ends: Vec<usize> = asked.ends_of_words().filter(|end| *end > start).collect();
        // The whole query is no part of itself.
        let last = if start == 0 { ends.len().saturating_sub(1) } else { ends.len() };
        for at in (PART.saturating_sub(1)..last).rev() {
            // Marks between two parts belong to the one before.
            let end = ends[at];
            let rest = ends.len() - 1 - at;
            if rest > 0 && (most == 1 || rest < PART) {
                continue;
            }
            let Some(part) = self.whole(asked, start, end)? else { continue };
            if rest == 0 {
                return Ok(Some(vec![part]));
            }
            if let Some(others) = self.parts(asked, end, most - 1)? {
                return Ok(Some(std::iter::once(part).chain(others).collect()));
            }
        }
        Ok(None)
    }

    /// A unit whose source has the words and numbers of this stretch of the query.
    fn whole(&mut self, asked: &Prepared, start: usize, end: usize) -> Result<Option<Found>, MemoryError> {
        let words = &asked.words[start..end];
        for (unit, number) in self.searcher.of_words(words, READ)? {
            let Some(found) = self.unit(unit, number)? else { continue };
            let stored = self.searcher.analyser.words(&found.source);
            if same_class(words, &stored) && same_words(words, &stored, 1).1 != MatchKind::Number {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn same_class(a: &[Word], b: &[Word]) -> bool {
    class(a) == class(b)
}
