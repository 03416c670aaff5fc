//! A query to scored matches.
//!
//! `score` is the published score, `search` finds the sources that may reach it. [`Finder::find`] answers from
//! the index; [`Finder::brute`] scores everything, and [`Finder::verified`] compares the two.

pub mod score;
mod search;

#[cfg(test)]
mod tests;

pub use score::{MatchKind, Score};

use crate::{
    lang::Language,
    memory::{MemoryError, Reader, words::Analyser},
    model::{Context, State, Unit, UnitId},
};
use jiff::Timestamp;
use score::{Prepared, characters};
use search::{Searcher, Taker};
use std::cmp::Reverse;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    /// Where the text stands: what makes an exact match a context match.
    pub context: Context,
}

impl From<&str> for Query {
    fn from(text: &str) -> Query {
        Query { text: text.to_owned(), context: Context::default() }
    }
}

/// What counts as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub from: Language,
    pub to: Language,
    /// Nothing below this.
    pub min: Score,
    /// No more than this.
    pub max: usize,
    /// Pending units too.
    pub pending: bool,
}

/// A stored pair of texts that answers a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The best of the units that hold the pair.
    pub unit: UnitId,
    pub tuid: Option<String>,
    pub score: Score,
    pub kind: MatchKind,
    pub source: String,
    pub target: String,
    /// The target is not as stored: numbers of the query were put in.
    pub repaired: bool,
    pub state: State,
    pub origin: String,
    pub date: Option<Timestamp>,
    /// All units that hold the pair, the best first.
    pub places: Vec<UnitId>,
}

/// Answers queries of one pair of languages from one view of a memory.
pub struct Finder<'r, 'm> {
    searcher: Searcher<'r, 'm>,
    options: Options,
}

impl<'r, 'm> Finder<'r, 'm> {
    pub fn new(reader: &'r Reader<'m>, options: Options) -> Result<Finder<'r, 'm>, MemoryError> {
        Ok(Finder { searcher: Searcher::new(reader, Analyser::new(options.from), None)?, options })
    }

    /// The matches, best first: by score, then by kind, by how few characters differ, by state, the newer, the
    /// lower number. None that scores as much is left out.
    pub fn find(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        self.answer(query, self.options.max, |searcher, query, best| searcher.search(query, best))
    }

    /// The same answer, by scoring every unit.
    pub fn brute(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        self.answer(query, self.options.max, |searcher, query, best| searcher.brute(query, best))
    }

    /// The answer, compared with brute force.
    ///
    /// # Errors
    /// [`MemoryError::Unverified`] where they differ.
    pub fn verified(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        let found = self.find(query)?;
        // One more than asked for keeps brute force from using the threshold that is being tested.
        let mut all = self.answer(query, usize::MAX, |searcher, query, best| searcher.brute(query, best))?;
        all.truncate(self.options.max);
        if found == all {
            return Ok(found);
        }
        let told = |matches: &[Match]| {
            matches.iter().map(|m| format!("{} ({})", m.unit, m.score)).collect::<Vec<_>>().join(", ")
        };
        let what = format!("the index gave units {}, brute force {}", told(&found), told(&all));
        Err(MemoryError::Unverified { query: query.text.clone(), what })
    }

    fn answer(
        &mut self,
        query: &Query,
        max: usize,
        job: impl FnOnce(&mut Searcher<'r, 'm>, &Prepared, &mut Best<'_, 'r, 'm>) -> Result<(), MemoryError>,
    ) -> Result<Vec<Match>, MemoryError> {
        if max == 0 {
            return Ok(Vec::new());
        }
        let prepared = Prepared::new(&mut self.searcher.analyser, query.text.clone());
        let options = Options { max, ..self.options };
        let mut best = Best { reader: self.searcher.reader, query, options, found: Vec::new() };
        job(&mut self.searcher, &prepared, &mut best)?;
        let mut found: Vec<Match> = best.found.into_iter().map(|(_, found)| found).collect();
        found.iter_mut().try_for_each(|found| places(&mut self.searcher, &options, found))?;
        Ok(found)
    }
}

/// The order of answers, best first.
type Rank = (Reverse<Score>, Reverse<MatchKind>, usize, Reverse<State>, Reverse<Option<Timestamp>>, UnitId, usize);

/// The best answers so far.
struct Best<'q, 'r, 'm> {
    reader: &'r Reader<'m>,
    query: &'q Query,
    options: Options,
    /// In order, no more than asked for.
    found: Vec<(Rank, Match)>,
}

impl Best<'_, '_, '_> {
    fn last(&self) -> Option<&Rank> {
        match self.found.len() {
            full if full == self.options.max => self.found.last().map(|(rank, _)| rank),
            _ => None,
        }
    }
}

impl Taker for Best<'_, '_, '_> {
    fn needed(&self) -> Score {
        self.last().map_or(self.options.min, |(score, ..)| score.0.max(self.options.min))
    }

    fn may_take(&self, score: Score, kind: MatchKind, apart: usize) -> bool {
        score >= self.needed() && !self.is_too_low((score, kind), apart)
    }

    fn take(
        &mut self,
        unit: u32,
        number: u32,
        stored: &Prepared,
        scored: (Score, MatchKind),
    ) -> Result<(), MemoryError> {
        let characters = characters(&self.query.text, &stored.text);
        if self.is_too_low(scored, characters) {
            return Ok(());
        }
        let Some((id, unit)) = self.reader.indexed_unit(unit)? else { return Ok(()) };
        if !self.options.pending && unit.state == State::Pending {
            return Ok(());
        }
        let Options { from, to, min, .. } = self.options;
        let (score, kind) = in_place(self.query, &unit, from, &stored.text, scored);
        if score < min {
            return Ok(());
        }
        let date = unit.origin.date;
        for (row, target) in unit.variants.iter().enumerate() {
            if target.language != to || (to == from && target.text == stored.text) {
                continue;
            }
            let rank = (Reverse(score), Reverse(kind), characters, Reverse(unit.state), Reverse(date), id, row);
            let found = Match {
                unit: id,
                tuid: unit.tuid.clone(),
                score,
                kind,
                source: stored.text.clone(),
                target: target.text.clone(),
                repaired: false,
                state: unit.state,
                origin: unit.origin.name.clone(),
                date,
                places: vec![id],
            };
            self.enter(rank, found);
        }
        Ok(())
    }
}

impl Best<'_, '_, '_> {
    fn is_too_low(&self, (score, kind): (Score, MatchKind), characters: usize) -> bool {
        let last = self.last().map(|(score, kind, characters, ..)| (*score, *kind, *characters));
        score < Score::EXACT && last.is_some_and(|last| (Reverse(score), Reverse(kind), characters) > last)
    }

    /// Takes in a match unless the same texts are there in a better one.
    fn enter(&mut self, rank: Rank, found: Match) {
        let same = |(_, known): &(Rank, Match)| known.source == found.source && known.target == found.target;
        if let Some(at) = self.found.iter().position(same) {
            if self.found[at].0 < rank {
                return;
            }
            self.found.remove(at);
        }
        let at = self.found.partition_point(|(other, _)| *other < rank);
        self.found.insert(at, (rank, found));
        self.found.truncate(self.options.max);
    }
}

/// Fills in the units that hold the texts of a match, the best first.
fn places(searcher: &mut Searcher<'_, '_>, options: &Options, found: &mut Match) -> Result<(), MemoryError> {
    let mut places = Vec::new();
    for (unit, _) in searcher.like(&found.source)? {
        let Some((id, unit)) = searcher.reader.indexed_unit(unit)? else { continue };
        let holds = |language, text: &str| unit.variants.iter().any(|v| v.language == language && v.text == text);
        let offered = options.pending || unit.state > State::Pending;
        if offered && holds(options.from, &found.source) && holds(options.to, &found.target) {
            places.push((id != found.unit, Reverse(unit.state), Reverse(unit.origin.date), id));
        }
    }
    places.sort_unstable();
    places.dedup();
    found.places = places.into_iter().map(|(.., id)| id).collect();
    Ok(())
}

/// The score where the unit stands: inline codes make the same text a near one, the same neighbours more.
fn in_place(
    query: &Query,
    unit: &Unit,
    from: Language,
    text: &str,
    (score, kind): (Score, MatchKind),
) -> (Score, MatchKind) {
    if kind != MatchKind::Exact {
        return (score, kind);
    }
    let mut sources = unit.variants.iter().filter(|variant| variant.language == from && variant.text == text);
    if sources.all(|source| !source.codes.is_empty()) {
        return (Score::NEAR, MatchKind::Near);
    }
    let (asked, stored) = (&query.context, &unit.context);
    let neighbour = |asked: &Option<String>, stored: &Option<String>| match (asked, stored) {
        (Some(asked), Some(stored)) => u16::from(from.key(asked) == from.key(stored)),
        _ => 0,
    };
    let given = |part: &Option<String>| part.is_some();
    let place =
        given(&asked.document) && given(&asked.id) && (&asked.document, &asked.id) == (&stored.document, &stored.id);
    let level = match place {
        true => 2,
        false => neighbour(&asked.previous, &stored.previous) + neighbour(&asked.next, &stored.next),
    };
    match level {
        0 => (score, kind),
        level => (Score::from_tenths(Score::EXACT.tenths() + 10 * level), MatchKind::Context),
    }
}
