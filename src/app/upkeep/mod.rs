//! Looking after the units of a memory: finding, showing, editing, deleting, approving, dedupeing them, and bringing two
//! memories together. Every write is one batch of the history; a trial run does all of it and stores nothing.

mod correct;
mod dedupe;
mod edit;
mod form;
mod merge;
mod revise;

pub use correct::Correction;
pub use dedupe::{Deduped, Taken, dedupe};
pub use edit::{Edits, NotEdited, marked};
pub use form::{FormError, read as read_form, write as write_form};
pub use merge::{Merged, merge};
pub use revise::{Revised, Revision, revise};

use super::Watch;
use crate::{
    concordance::{self, Pattern},
    memory::{BatchId, Filter, Memory, MemoryError, Outcome, Reader},
    model::{State, Unit, UnitId},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Which units a job is about: those numbered, or all that pass the filter and hold the pattern.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub numbered: Vec<UnitId>,
    pub filter: Filter,
    pub pattern: Option<Pattern>,
}

/// How a job is done, and by whom.
#[derive(Clone, Copy)]
pub struct Job<'j> {
    /// What the history calls it.
    pub note: &'j str,
    pub who: &'j str,
    pub now: Timestamp,
    /// Tell what would change and store nothing.
    pub dry_run: bool,
    pub watch: &'j dyn Watch,
}

/// What is done to each unit.
#[derive(Debug, Clone)]
pub enum Deed {
    Delete,
    /// Raised to this state; units in it or a higher one stay.
    Approve(State),
    Edit(Edits),
    /// Each unit becomes the one given for it.
    Become(Vec<(UnitId, Unit)>),
    /// Stretches of the units' texts are replaced, where they still stand.
    Correct(BTreeMap<UnitId, Vec<Correction>>),
}

/// A unit that a job changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub unit: UnitId,
    pub before: Unit,
    /// `None` where it is taken out.
    pub after: Option<Unit>,
}

/// What a job did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// Under this it can be undone; `None` on a trial, and where nothing changed.
    pub batch: Option<BatchId>,
    pub changed: usize,
    /// Units that are already as asked.
    pub same: usize,
    /// Units that others changed while the job was under way, and that were left alone.
    pub overtaken: Vec<UnitId>,
}

#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    #[error(transparent)]
    Memory(#[from] MemoryError),
    #[error("unit {unit}: {what}")]
    Edit { unit: UnitId, what: NotEdited },
}

impl Selection {
    /// The units selected, in order, until `each` gives an error.
    ///
    /// # Errors
    /// A numbered unit that is not there.
    pub fn each<E: From<MemoryError>>(
        &self,
        reader: &Reader<'_>,
        mut each: impl FnMut(UnitId, Unit) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.numbered.is_empty() {
            let mut numbered = self.numbered.clone();
            numbered.sort_unstable();
            numbered.dedup();
            for id in numbered {
                let unit = reader.unit(id)?.ok_or(MemoryError::NoUnit(id))?;
                each(id, unit)?;
            }
            return Ok(());
        }
        match &self.pattern {
            None => reader.units(&self.filter, each),
            Some(pattern) => {
                // Few hold the pattern, as a rule: each is looked at by itself.
                for id in concordance::units_with(reader, pattern)? {
                    if let Some(unit) = reader.filtered(id, &self.filter)? {
                        each(id, unit)?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Selection {
    /// What units it is about, in words for the history.
    pub fn told(&self) -> String {
        let mut words = Vec::new();
        match &self.numbered[..] {
            [] => {}
            [one] => words.push(format!("unit {one}")),
            [first, .., last] => words.push(format!("{} units from {first} to {last}", self.numbered.len())),
        }
        if let Some(pattern) = &self.pattern {
            words.push(format!("`{}`", pattern.text));
        }
        let filter = &self.filter;
        let mut said = |what: &str, value: Option<String>| words.extend(value.map(|value| format!("{what} {value}")));
        if self.numbered.is_empty() {
            said("language", filter.language.map(|language| language.to_string()));
            said("origin", filter.origin.clone());
            said("set", filter.set.clone());
            said("state", filter.state.map(|state| state.as_str().to_owned()));
            said("since", filter.since.map(|date| date.strftime("%F").to_string()));
            said("before", filter.before.map(|date| date.strftime("%F").to_string()));
            said("score from", filter.least_score.map(|score| score.to_string()));
            said("score to", filter.most_score.map(|score| score.to_string()));
        }
        if words.is_empty() { "all units".to_owned() } else { words.join(", ") }
    }

    /// The first `most` units selected, and whether there are more. Of those with a pattern the ones found first, in
    /// order: a frequent word is not looked for in every text.
    ///
    /// # Errors
    /// Those of [`Selection::each`].
    pub fn first(&self, reader: &Reader<'_>, most: usize) -> Result<(Vec<(UnitId, Unit)>, bool), MemoryError> {
        let mut found = Vec::new();
        match &self.pattern {
            Some(pattern) if self.numbered.is_empty() => concordance::each_unit_with(reader, pattern, |id| {
                found.extend(reader.filtered(id, &self.filter)?.map(|unit| (id, unit)));
                Ok(found.len() <= most)
            })?,
            _ => {
                let walked = self.each(reader, |id, unit| {
                    found.push((id, unit));
                    if found.len() <= most { Ok(()) } else { Err(Halt::Enough) }
                });
                match walked {
                    Ok(()) | Err(Halt::Enough) => {}
                    Err(Halt::Memory(error)) => return Err(error),
                }
            }
        }
        let more = found.len() > most;
        found.truncate(most);
        found.sort_by_key(|(id, _)| *id);
        Ok((found, more))
    }
}

/// Why a walk through the units ends before their end.
pub(crate) enum Halt {
    Enough,
    Memory(MemoryError),
}

impl From<MemoryError> for Halt {
    fn from(error: MemoryError) -> Halt {
        Halt::Memory(error)
    }
}

/// Does `deed` to the units selected. `each` is told every change as it is made, in the order of the units.
///
/// # Errors
/// A numbered unit that is not there, an edit that cannot be made: then nothing is changed.
pub fn act(
    memory: &mut Memory,
    selection: &Selection,
    deed: &Deed,
    job: &Job<'_>,
    each: &mut dyn FnMut(&Changed),
) -> Result<Done, UpkeepError> {
    let mut done = Done::default();
    let mut chosen: Vec<(UnitId, Option<BatchId>)> = Vec::new();
    {
        let reader = memory.read()?;
        selection.each(&reader, |id, unit| -> Result<(), UpkeepError> {
            match outcome(deed, id, &unit)? {
                Some(after) if job.dry_run => {
                    done.changed += 1;
                    each(&Changed { unit: id, before: unit, after });
                }
                Some(_) => chosen.push((id, reader.revision(id)?)),
                None => done.same += 1,
            }
            Ok(())
        })?;
    }
    if chosen.is_empty() {
        return Ok(done);
    }
    job.watch.begin("changing units", chosen.len());
    let written = memory.attempt(job.note, job.now, job.who, |batch| {
        for (id, revision) in &chosen {
            job.watch.step();
            let found = batch.unit(*id)?.filter(|(_, found)| Some(*found) == *revision);
            let Some((before, _)) = found else {
                done.overtaken.push(*id);
                continue;
            };
            let after = match outcome(deed, *id, &before) {
                Ok(after) => after,
                Err(error) => return Ok(Outcome::Discard(Err(error))),
            };
            match after {
                None => continue,
                Some(Some(unit)) => {
                    batch.replace(*id, &unit)?;
                    each(&Changed { unit: *id, before, after: Some(unit) });
                }
                Some(None) => {
                    batch.remove(*id)?;
                    each(&Changed { unit: *id, before, after: None });
                }
            }
            done.changed += 1;
        }
        Ok(Outcome::Keep(Ok(batch.id())))
    })?;
    let batch = written?;
    done.batch = (done.changed > 0).then_some(batch);
    Ok(done)
}

/// What becomes of a unit: `None` where nothing does, `Some(None)` where it goes.
fn outcome(deed: &Deed, id: UnitId, unit: &Unit) -> Result<Option<Option<Unit>>, UpkeepError> {
    Ok(match deed {
        Deed::Delete => Some(None),
        Deed::Approve(state) => (unit.state < *state).then(|| Some(Unit { state: *state, ..unit.clone() })),
        Deed::Edit(edits) => {
            let edited = edits.apply(unit).map_err(|what| UpkeepError::Edit { unit: id, what })?;
            edited.map(Some)
        }
        Deed::Become(units) => {
            let new = units.iter().find(|(known, _)| *known == id).map(|(_, new)| new);
            new.and_then(|new| edit::became(unit, new)).map(Some)
        }
        Deed::Correct(units) => units.get(&id).and_then(|all| correct::corrected(unit, all)).map(Some),
    })
}

#[cfg(test)]
mod tests;
