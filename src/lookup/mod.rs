//! A query to scored matches.
//!
//! `score` is the published score, `search` finds the sources that may reach it. [`Finder::find`] answers from
//! the index; [`Finder::brute`] scores everything, and [`Finder::verified`] compares the two.

pub mod repair;
pub mod score;
mod search;

#[cfg(test)]
mod tests;

pub use score::{MatchKind, Score};

use crate::{
    lang::Language,
    memory::{MemoryError, Place, Reader, words::Analyser},
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
    pub fn new(reader: &'r Reader<'m>, options: Options) -> Finder<'r, 'm> {
        Finder { searcher: Searcher::new(reader, Analyser::new(options.from)), options }
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
        Ok(best.found.into_iter().map(|(_, found)| found).collect())
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

    fn take(&mut self, text: u32, stored: &Prepared, (score, kind): (Score, MatchKind)) -> Result<(), MemoryError> {
        let characters = characters(&self.query.text, &stored.text);
        if let Some((last, last_kind, last_characters, ..)) = self.last()
            && score < Score::EXACT
            && (Reverse(score), Reverse(kind), characters) > (*last, *last_kind, *last_characters)
        {
            return Ok(());
        }
        let Options { from, to, min, pending, .. } = self.options;
        let mut pairs: Vec<(Rank, Match)> = Vec::new();
        for Place { id, unit } in self.reader.places(text, pending)? {
            let (score, kind) = in_place(self.query, &unit, from, &stored.text, score, kind);
            if score < min {
                continue;
            }
            for (number, target) in unit.variants.iter().enumerate() {
                if target.language != to || (to == from && target.text == stored.text) {
                    continue;
                }
                let date = unit.origin.date;
                let rank = (Reverse(score), Reverse(kind), characters, Reverse(unit.state), Reverse(date), id, number);
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
                match pairs.iter_mut().find(|(_, pair)| pair.target == found.target) {
                    None => pairs.push((rank, found)),
                    Some(pair) => join(pair, rank, found),
                }
            }
        }
        for (rank, pair) in pairs {
            let at = self.found.partition_point(|(other, _)| *other < rank);
            self.found.insert(at, (rank, pair));
        }
        self.found.truncate(self.options.max);
        Ok(())
    }
}

/// Another place of a pair: the better one speaks for it.
fn join(pair: &mut (Rank, Match), rank: Rank, mut found: Match) {
    let place = found.unit;
    if rank < pair.0 {
        std::mem::swap(&mut pair.1, &mut found);
        pair.0 = rank;
        pair.1.places.extend(found.places.into_iter().filter(|known| *known != place));
    } else if !pair.1.places.contains(&place) {
        pair.1.places.push(place);
    }
}

/// The score where the unit stands: inline codes make the same text a near one, the same neighbours more.
fn in_place(
    query: &Query,
    unit: &Unit,
    from: Language,
    text: &str,
    score: Score,
    kind: MatchKind,
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
