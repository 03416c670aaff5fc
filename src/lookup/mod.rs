//! A query to scored matches.
//!
//! `score` is the published score (`distance` its ties), `search` finds the sources that may reach it. [`Finder::find`] answers from
//! the index; [`Finder::brute`] scores everything, and [`Finder::verified`] compares the two.

mod bound;
mod distance;
mod labelled;
pub mod repair;
pub mod score;
mod search;

#[cfg(test)]
mod tests;

pub use score::{MatchKind, Score};

use crate::{
    lang::Language,
    memory::{Filter, Loaded, MemoryError, Reader, words::Analyser},
    model::{Context, Provenance, State, Unit, UnitId, Variant},
    text::glob,
};
use jiff::Timestamp;
use labelled::{LABELLED, Labels};
use repair::{Side, repair};
use score::{Prepared, characters, compare};
use search::{Searcher, Taker};
use std::{cmp::Reverse, sync::Arc};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub from: Language,
    /// Units with one of these languages are offered, with all of these they have, in this order.
    pub to: Vec<Language>,
    /// Nothing below this.
    pub min: Score,
    /// No more than this.
    pub max: usize,
    /// Pending units too.
    pub pending: bool,
    /// Of those that name a unit's origin, the highest lowers its score.
    pub penalties: Vec<Penalty>,
}

/// What matches of an origin are worth less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalty {
    /// Over the origin's name (see `text::glob`).
    pub origin: String,
    pub points: Score,
}

/// One of the memories asked.
#[derive(Clone)]
pub struct Source<'r, 'm> {
    pub reader: &'r Reader<'m>,
    /// The index of the language asked from, where it was loaded: else it is read from the file as far as needed.
    pub loaded: Option<Arc<Loaded>>,
    /// What its matches are worth less than those of others.
    pub penalty: Score,
    /// What it says itself that matches of some origins are worth less: beside the penalties asked for.
    pub origins: Vec<Penalty>,
}

/// A stored source with its translations that answers a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The memory it is from, by its place among those asked.
    pub memory: usize,
    /// The best of the units that hold these texts.
    pub unit: UnitId,
    pub tuid: Option<String>,
    pub score: Score,
    pub kind: MatchKind,
    pub source: String,
    /// At least one, in the order asked for.
    pub targets: Vec<Target>,
    pub state: State,
    pub origin: String,
    pub provenance: Provenance,
    pub date: Option<Timestamp>,
    /// Where the unit stands.
    pub context: Context,
    /// All units of this memory that hold these texts, the best first.
    pub places: Vec<UnitId>,
}

/// A translation that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub language: Language,
    pub text: String,
    /// It is not as stored: numbers of the query were put in.
    pub repaired: bool,
}

impl Match {
    fn of(
        memory: usize,
        (id, unit): (UnitId, &Unit),
        (score, kind): (Score, MatchKind),
        source: String,
        targets: Vec<Target>,
    ) -> Match {
        Match {
            memory,
            unit: id,
            tuid: unit.tuid.clone(),
            score,
            kind,
            source,
            targets,
            state: unit.state,
            origin: unit.origin.name.clone(),
            provenance: unit.origin.provenance,
            date: unit.origin.date,
            context: unit.context.clone(),
            places: vec![id],
        }
    }

    /// The translation into the first of the languages asked for that the unit has.
    pub fn target(&self) -> &Target {
        &self.targets[0]
    }
}

/// What matches of a memory are worth less.
struct Worth {
    penalty: Score,
    origins: Vec<Penalty>,
}

impl Worth {
    /// Of the penalties asked for and the memory's own the highest that fits an origin, beside that of the memory.
    fn lowered(&self, score: Score, origin: &str, options: &Options) -> Score {
        let fits = |penalty: &&Penalty| glob::matches(&penalty.origin, origin);
        let of_origin = options.penalties.iter().chain(&self.origins).filter(fits).map(|penalty| penalty.points).max();
        score.lowered(self.penalty).lowered(of_origin.unwrap_or_default())
    }
}

/// Answers queries from one language from one view of each memory.
pub struct Finder<'r, 'm> {
    memories: Vec<(Searcher<'r, 'm>, Worth)>,
    options: Options,
    /// Units that do not pass are as if they were not there.
    only: Option<Filter>,
}

impl<'r, 'm> Finder<'r, 'm> {
    /// Asks one memory.
    pub fn new(reader: &'r Reader<'m>, options: Options) -> Result<Finder<'r, 'm>, MemoryError> {
        Finder::over(&[Source { reader, penalty: Score::default(), origins: Vec::new(), loaded: None }], options)
    }

    /// Asks several memories as if they were one.
    pub fn over(sources: &[Source<'r, 'm>], options: Options) -> Result<Finder<'r, 'm>, MemoryError> {
        let memories = sources.iter().map(|source| {
            let searcher = Searcher::new(source.reader, Analyser::new(options.from), source.loaded.clone())?;
            Ok((searcher, Worth { penalty: source.penalty, origins: source.origins.clone() }))
        });
        Ok(Finder { memories: memories.collect::<Result<_, MemoryError>>()?, options, only: None })
    }

    /// Answers with units that pass the filter only.
    pub fn only(self, filter: Filter) -> Finder<'r, 'm> {
        Finder { only: Some(filter), ..self }
    }

    /// The matches, best first: by score, then by kind, by how few characters differ, by state, the newer, the
    /// earlier memory, the lower number. None that scores as much is left out. Behind them at most two labelled ones,
    /// whatever their score. Numbers that differ are carried into the targets where that is certain.
    pub fn find(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        let found = self.scored(query)?;
        self.finished(query, found)
    }

    /// As [`Finder::find`], without the labelled ones: for tools that fill in what they get.
    pub fn find_scored(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        let mut found = self.scored(query)?;
        found.iter_mut().for_each(|found| repaired(query, self.options.from, found));
        Ok(found)
    }

    /// Adds labelled matches and repairs targets.
    fn finished(&mut self, query: &Query, mut found: Vec<Match>) -> Result<Vec<Match>, MemoryError> {
        let Finder { memories, options, only } = self;
        if options.max > 0 {
            let mut labelled = Vec::new();
            for (memory, (searcher, worth)) in memories.iter_mut().enumerate() {
                let mut labels = Labels { searcher, memory, worth, options, only: only.as_ref() };
                labelled.extend(labels.find(query, &found)?);
            }
            labelled.truncate(LABELLED);
            found.extend(labelled);
        }
        found.iter_mut().for_each(|found| repaired(query, options.from, found));
        Ok(found)
    }

    /// The scored matches as stored, best first.
    fn scored(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        let Finder { memories, options, only } = self;
        let mut found = Vec::new();
        if options.max == 0 {
            return Ok(Vec::new());
        }
        for (memory, (searcher, worth)) in memories.iter_mut().enumerate() {
            let prepared = Prepared::new(&mut searcher.analyser, query.text.clone());
            let (reader, worth) = (searcher.reader, &*worth);
            let mut best = Best { reader, memory, worth, query, options, only: only.as_ref(), found };
            searcher.search(&prepared, &mut best)?;
            found = best.found;
        }
        self.with_places(found)
    }

    /// The same answers, by scoring every unit.
    pub fn brute(&mut self, queries: &[Query]) -> Result<Vec<Vec<Match>>, MemoryError> {
        let Finder { memories, options, only } = self;
        let mut all: Vec<Vec<(Rank, Match)>> = vec![Vec::new(); queries.len()];
        for (memory, (searcher, worth)) in memories.iter_mut().enumerate() {
            let prepared: Vec<Prepared> =
                queries.iter().map(|query| Prepared::new(&mut searcher.analyser, query.text.clone())).collect();
            let (reader, worth) = (searcher.reader, &*worth);
            let mut bests: Vec<Best<'_, 'r, 'm>> = queries
                .iter()
                .zip(std::mem::take(&mut all))
                .map(|(query, found)| Best { reader, memory, worth, query, options, only: only.as_ref(), found })
                .collect();
            // What is needed rises with what is found; brute force does not rely on that.
            let min = options.min.raised(worth.penalty).min(Score::EXACT);
            searcher.each_text(|unit, stored| {
                prepared.iter().zip(&mut bests).try_for_each(|(query, best)| match compare(query, stored, min) {
                    Some(score) => best.take(unit, stored, score),
                    None => Ok(()),
                })
            })?;
            all = bests.into_iter().map(|best| best.found).collect();
        }
        all.into_iter().map(|found| self.with_places(found)).collect()
    }

    /// The answer, compared with brute force.
    ///
    /// # Errors
    /// [`MemoryError::Unverified`] where they differ.
    pub fn verified(&mut self, query: &Query) -> Result<Vec<Match>, MemoryError> {
        self.verified_all(std::slice::from_ref(query)).remove(0)
    }

    /// The answer to each query, compared with brute force: one walk through the units serves all.
    pub fn verified_all(&mut self, queries: &[Query]) -> Vec<Result<Vec<Match>, MemoryError>> {
        let all = match self.brute(queries) {
            Ok(all) => all.into_iter().map(Ok).collect(),
            Err(error) => {
                let mut first = Some(error);
                let told = |query: &Query| match first.take() {
                    Some(error) => Err(error),
                    None => self.find(query),
                };
                return queries.iter().map(told).collect();
            }
        };
        let all: Vec<Result<Vec<Match>, MemoryError>> = all;
        queries.iter().zip(all).map(|(query, brute)| self.compared(query, brute?)).collect()
    }

    fn compared(&mut self, query: &Query, brute: Vec<Match>) -> Result<Vec<Match>, MemoryError> {
        let found = self.scored(query)?;
        if found == brute {
            return self.finished(query, found);
        }
        let told = |matches: &[Match]| {
            matches.iter().map(|m| format!("{} ({})", m.unit, m.score)).collect::<Vec<_>>().join(", ")
        };
        let what = format!("the index gave units {}, brute force {}", told(&found), told(&brute));
        Err(MemoryError::Unverified { query: query.text.clone(), what })
    }

    /// Answers from what was loaded, where it is what the memories hold: one for each memory.
    pub(crate) fn adopt(&mut self, loaded: impl Iterator<Item = Option<Arc<Loaded>>>) {
        for ((searcher, _), loaded) in self.memories.iter_mut().zip(loaded) {
            searcher.index.adopt(loaded);
        }
    }

    fn with_places(&mut self, found: Vec<(Rank, Match)>) -> Result<Vec<Match>, MemoryError> {
        let mut found: Vec<Match> = found.into_iter().map(|(_, found)| found).collect();
        let Finder { memories, options, only } = self;
        let only = only.as_ref();
        found.iter_mut().try_for_each(|found| places(&mut memories[found.memory].0, options, only, found))?;
        Ok(found)
    }
}

/// The order of answers, best first: see [`Finder::find`]; the last number tells alternatives of a unit apart.
type Rank =
    (Reverse<Score>, Reverse<MatchKind>, usize, Reverse<State>, Reverse<Option<Timestamp>>, usize, UnitId, usize);

/// The best answers so far, as one memory is asked after the other.
struct Best<'q, 'r, 'm> {
    /// The memory being asked.
    reader: &'r Reader<'m>,
    memory: usize,
    worth: &'q Worth,
    query: &'q Query,
    options: &'q Options,
    only: Option<&'q Filter>,
    /// In order, no more than asked for.
    found: Vec<(Rank, Match)>,
}

impl Taker for Best<'_, '_, '_> {
    /// Before any penalty, and before its context: so 100 is always good enough.
    fn needed(&self) -> Score {
        let needed = self.last().map_or(self.options.min, |(score, ..)| score.0.max(self.options.min));
        needed.raised(self.worth.penalty).min(Score::EXACT)
    }

    fn wanted(&self) -> Option<usize> {
        (self.options.penalties.is_empty() && self.worth.origins.is_empty() && self.only.is_none())
            .then(|| self.options.max - self.found.len())
    }

    fn may_take(&self, score: Score, kind: MatchKind, apart: usize) -> bool {
        score >= self.needed() && !self.is_too_low((score, kind), apart)
    }

    fn take(&mut self, unit: u32, stored: &Prepared, scored: (Score, MatchKind)) -> Result<(), MemoryError> {
        let characters = characters(&self.query.text, &stored.text);
        if self.is_too_low(scored, characters) {
            return Ok(());
        }
        if let Some((id, unit)) = offered(self.reader, unit, self.only)?
            && (self.options.pending || unit.state > State::Pending)
        {
            let offered = self.offered(id, &unit, &stored.text, scored, characters);
            offered.into_iter().for_each(|(rank, found)| self.enter(rank, found));
        }
        Ok(())
    }
}

impl Best<'_, '_, '_> {
    fn last(&self) -> Option<&Rank> {
        match self.found.len() {
            full if full == self.options.max => self.found.last().map(|(rank, _)| rank),
            _ => None,
        }
    }

    /// Whether no unit with a source that scores so can be among the best: penalties only lower, and only the
    /// same text is raised by its context.
    fn is_too_low(&self, (score, kind): (Score, MatchKind), characters: usize) -> bool {
        let at_best = (Reverse(score.lowered(self.worth.penalty)), Reverse(kind), characters);
        let last = self.last().map(|(score, kind, characters, ..)| (*score, *kind, *characters));
        score < Score::EXACT && last.is_some_and(|last| at_best > last)
    }

    /// What a unit offers: a match for each of its alternatives.
    fn offered(
        &self,
        id: UnitId,
        unit: &Unit,
        source: &str,
        scored: (Score, MatchKind),
        characters: usize,
    ) -> Vec<(Rank, Match)> {
        let (score, kind) = in_place(self.query, unit, self.options.from, source, scored);
        let score = self.worth.lowered(score, &unit.origin.name, self.options);
        if score < self.options.min {
            return Vec::new();
        }
        let date = unit.origin.date;
        alternatives(unit, source, self.options)
            .into_iter()
            .enumerate()
            .map(|(number, targets)| {
                let rank = (
                    Reverse(score),
                    Reverse(kind),
                    characters,
                    Reverse(unit.state),
                    Reverse(date),
                    self.memory,
                    id,
                    number,
                );
                let found = Match::of(self.memory, (id, unit), (score, kind), source.to_owned(), targets);
                (rank, found)
            })
            .collect()
    }

    /// Takes in a match unless another memory has given the same texts in a better one.
    fn enter(&mut self, rank: Rank, found: Match) {
        let same = |(_, known): &(Rank, Match)| known.source == found.source && known.targets == found.targets;
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

/// The translations of a unit, as many rows as the language with the most alternatives has; a language with fewer
/// says the first again.
fn alternatives(unit: &Unit, source: &str, options: &Options) -> Vec<Vec<Target>> {
    let of = |language: Language| -> Vec<&Variant> {
        let itself = |variant: &Variant| language == options.from && variant.text == source;
        unit.variants.iter().filter(|variant| variant.language == language && !itself(variant)).collect()
    };
    let languages: Vec<Vec<&Variant>> = options.to.iter().map(|language| of(*language)).collect();
    let rows = languages.iter().map(Vec::len).max().unwrap_or(0);
    let target =
        |variant: &&Variant| Target { language: variant.language, text: variant.text.clone(), repaired: false };
    (0..rows).map(|row| languages.iter().filter_map(|v| v.get(row).or(v.first())).map(target).collect()).collect()
}

/// Carries what differs in numbers into the targets of a match. A query is plain text: it has no codes to carry.
fn repaired(query: &Query, from: Language, found: &mut Match) {
    if !matches!(found.kind, MatchKind::Number | MatchKind::Fuzzy) {
        return;
    }
    fn side(text: &str) -> Side<'_> {
        Side { text, codes: &[] }
    }
    for target in &mut found.targets {
        if let Some(new) = repair(side(&query.text), side(&found.source), side(&target.text), from, target.language) {
            (target.text, target.repaired) = (new.text, true);
        }
    }
}

/// A unit by the number the index knows it by, if it passes the filter.
fn offered(reader: &Reader<'_>, unit: u32, only: Option<&Filter>) -> Result<Option<(UnitId, Unit)>, MemoryError> {
    match only {
        None => reader.indexed_unit(unit),
        Some(filter) => {
            let id = UnitId(i64::from(unit));
            Ok(reader.filtered(id, filter)?.map(|unit| (id, unit)))
        }
    }
}

/// Fills in the units of its memory that hold the texts of a match, the best first.
fn places(
    searcher: &mut Searcher<'_, '_>,
    options: &Options,
    only: Option<&Filter>,
    found: &mut Match,
) -> Result<(), MemoryError> {
    let mut places = Vec::new();
    for unit in searcher.alike(&found.source)? {
        let Some((id, unit)) = offered(searcher.reader, unit, only)? else { continue };
        let offered = options.pending || unit.state > State::Pending;
        let source = unit.variants.iter().any(|v| v.language == options.from && v.text == found.source);
        if offered && source && alternatives(&unit, &found.source, options).contains(&found.targets) {
            places.push((id != found.unit, Reverse(unit.state), Reverse(unit.origin.date), id));
        }
    }
    places.sort_unstable();
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
