//! The review of a set's beads: a person goes over what the aligner made, bead by bead.
//!
//! Every deed is stored at once, as one small batch of the history, and so a review left half-way is found as it was.
//! What a person made of beads is accepted and outlives new runs ([`super::decisions`]); a segment that a person parted
//! is parted again as long as its text is the same. The deeds of a set's review are noted under its name, so that undo and
//! redo go back and forth through them and nothing else. A deed is done to the set as its author saw it, or not at all.
//!
//! Deeds teach the aligner nothing by themselves, so that each costs the same however large the memory is; what was
//! accepted teaches with the set's next change, or when what was learned is learned anew.

mod steps;

pub use steps::{NotTaken, Step};

use super::{
    stored::{self, Kept},
    upkeep::{Edits, NotEdited},
};
use crate::{
    align::{self, Evidence},
    lang::{self, Language},
    memory::{BatchId, Memory, MemoryError, Outcome, Reader, SetState},
    model::{Bead, Bitext, Mark, Unit, UnitId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
};

/// Deeds of one review that can be undone.
const STEPS: usize = 1000;

#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error("there is no set `{0}` in the memory")]
    NoSet(String),
    #[error("the set `{0}` was stored by another version and cannot be read")]
    Unreadable(String),
    /// The set or its units are no longer as they were seen.
    #[error("somebody else has changed this set meanwhile; nothing was done")]
    Stale,
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
    #[error(transparent)]
    NotEdited(#[from] NotEdited),
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("there is nothing to redo")]
    NothingToRedo,
    #[error("the last step is by {0}, who may undo it")]
    NotYours(String),
    #[error("what that step made has been changed since; the history of the memory shows by what")]
    Overtaken,
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// A bead as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The segments of each language that has some.
    pub sides: BTreeMap<Language, Vec<String>>,
    /// How sure the aligner is, 0 to 1.
    pub score: f32,
    pub mark: Mark,
    /// It waits for a decision.
    pub waits: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub footer: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// What a person made of the unit's texts, where that is not what the documents say.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub edited: BTreeMap<Language, String>,
}

/// A set under review, as it was at one moment.
#[derive(Debug)]
pub struct Review {
    pub name: String,
    /// The leading one first.
    pub languages: Vec<Language>,
    pub state: SetState,
    /// In the order of the text.
    pub rows: Vec<Row>,
    /// What undo and redo would take back, in the words of the history.
    pub undo: Option<String>,
    pub redo: Option<String>,
    stem: PathBuf,
    fingerprint: String,
    bitext: Bitext,
}

/// How far the review of a set is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Beads of two languages or more, footers left out.
    pub beads: usize,
    /// Of these, those below the threshold that nobody accepted.
    pub waiting: usize,
    /// Segments without counterpart.
    pub alone: usize,
    /// Beads that a person accepted.
    pub accepted: usize,
}

/// Something done in a review.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Deed {
    /// The unit of the bead gets another text; the documents say what they say.
    Edit { bead: usize, language: Language, text: String },
    /// What is in doubt is aligned anew between the beads that are accepted or sure.
    Realign,
    #[serde(untagged)]
    Step(Step),
}

/// By which settings, when and by whom something is done.
#[derive(Debug, Clone, Copy)]
pub struct Job<'j> {
    /// Beads at or above this confidence are sure. 0 to 1.
    pub accept: f32,
    pub who: &'j str,
    pub now: Timestamp,
}

/// The review of the set of this name, as it stands.
pub fn open(reader: &Reader<'_>, name: &str, accept: f32) -> Result<Review, ReviewError> {
    let no_set = || ReviewError::NoSet(name.to_owned());
    let set = reader.set(name)?.ok_or_else(no_set)?;
    let kept: Kept = serde_json::from_str(&set.body).map_err(|_| ReviewError::Unreadable(name.to_owned()))?;
    let stem = kept.stem.clone();
    let bitext = kept.bitext();
    let is_there = |(language, side): (&Language, &Vec<usize>)| {
        let count = bitext.texts.get(language).map_or(0, Vec::len);
        side.iter().all(|at| *at < count)
    };
    if !bitext.beads.iter().all(|bead| bead.sides.iter().all(is_there)) {
        return Err(ReviewError::Unreadable(name.to_owned()));
    }
    let state = reader.set_state(name)?.ok_or_else(no_set)?;
    let rows = rows(reader, name, &bitext, accept)?;
    let lead = lang::lead(bitext.texts.keys().copied());
    let mut languages: Vec<Language> = bitext.texts.keys().copied().collect();
    languages.sort_by_key(|language| Some(*language) != lead);
    let journal = Journal::of(reader, name)?;
    let note = |id: Option<BatchId>| -> Result<Option<String>, MemoryError> {
        Ok(id.map(|id| reader.batch(id)).transpose()?.flatten().map(|batch| batch.note))
    };
    Ok(Review {
        name: name.to_owned(),
        languages,
        state,
        rows,
        undo: note(journal.last())?,
        redo: note(journal.next())?,
        stem,
        fingerprint: set.fingerprint,
        bitext,
    })
}

/// How far the review of this set is; nothing where it is not there or cannot be read.
pub fn progress(reader: &Reader<'_>, name: &str, accept: f32) -> Result<Option<Progress>, MemoryError> {
    let Some(kept) = stored::kept(reader, name)? else { return Ok(None) };
    let bitext = kept.bitext();
    let mut out = Progress::default();
    for bead in bitext.beads.iter().filter(|bead| !stored::is_footer(&bitext, bead)) {
        out.beads += usize::from(bead.filled() > 1);
        out.alone += usize::from(bead.filled() == 1);
        out.waiting += usize::from(waits(&bitext, bead, accept));
        out.accepted += usize::from(bead.mark == Mark::Accepted);
    }
    Ok(Some(out))
}

/// Whether a bead waits for a decision: it would be a unit and is not sure.
fn waits(bitext: &Bitext, bead: &Bead, accept: f32) -> bool {
    bead.mark != Mark::Accepted && bead.score < accept && stored::makes_unit(bitext, bead)
}

/// What tells the units of a set apart: their texts, and those they stand between.
fn key(unit: &Unit) -> String {
    let texts = unit.variants.iter().map(|variant| format!("{}\u{1}{}", variant.language, variant.text));
    let context = [&unit.context.previous, &unit.context.next].map(|text| text.as_deref().unwrap_or("\u{2}"));
    texts.chain(context.map(str::to_owned)).collect::<Vec<_>>().join("\u{3}")
}

fn rows(reader: &Reader<'_>, name: &str, bitext: &Bitext, accept: f32) -> Result<Vec<Row>, MemoryError> {
    let stored = reader.set_units_as_read(name)?;
    let by_key: HashMap<String, &(UnitId, Unit, Option<Unit>)> =
        stored.iter().map(|own| (key(own.2.as_ref().unwrap_or(&own.1)), own)).collect();
    let mut made = stored::units(name, bitext, accept).into_iter();
    let row = |bead: &Bead| {
        let own = if stored::makes_unit(bitext, bead) { made.next() } else { None };
        let own = own.and_then(|unit| by_key.get(&key(&unit)).copied());
        let mut edited = BTreeMap::new();
        if let Some((_, unit, Some(read))) = own {
            for variant in unit.variants.iter().filter(|variant| !read.variants.contains(variant)) {
                edited.insert(variant.language, variant.text.clone());
            }
        }
        let texts = |language: Language, side: &[usize]| -> Vec<String> {
            side.iter().map(|at| bitext.texts[&language][*at].text.clone()).collect()
        };
        let sides = bead.sides.iter().filter(|(_, side)| !side.is_empty());
        Row {
            sides: sides.map(|(language, side)| (*language, texts(*language, side))).collect(),
            score: bead.score,
            mark: bead.mark,
            waits: waits(bitext, bead, accept),
            footer: stored::is_footer(bitext, bead),
            unit: own.map(|own| own.0),
            edited,
        }
    };
    Ok(bitext.beads.iter().map(row).collect())
}

/// Does a deed to the set as it was seen. What the history calls it comes back.
pub fn act(memory: &mut Memory, seen: &Review, deed: &Deed, job: &Job<'_>) -> Result<String, ReviewError> {
    match deed {
        Deed::Step(step) => {
            let (bitext, note) = steps::taken(&seen.bitext, step)?;
            store(memory, seen, &bitext, &note, job)
        }
        Deed::Realign => {
            let bitext = realigned(memory, &seen.bitext, job.accept)?;
            if bitext == seen.bitext {
                return Err(NotTaken::Nothing.into());
            }
            store(memory, seen, &bitext, "align anew what is in doubt", job)
        }
        Deed::Edit { bead, language, text } => {
            let row = seen.rows.get(*bead).ok_or(NotTaken::NoBead)?;
            let unit = row.unit.filter(|_| row.sides.contains_key(language)).ok_or(NotTaken::NoUnit)?;
            let edits = Edits { texts: vec![(*language, text.trim().to_owned())], ..Edits::default() };
            let what = format!("edit unit {unit} in {language}");
            write(memory, seen, &what, job, |batch| {
                let Some((old, _)) = batch.unit(unit)? else { return Ok(Err(ReviewError::Stale)) };
                Ok(match edits.apply(&old) {
                    Ok(Some(new)) => {
                        batch.replace(unit, &new)?;
                        Ok(())
                    }
                    Ok(None) => Err(NotTaken::Nothing.into()),
                    Err(error) => Err(error.into()),
                })
            })
        }
    }
}

fn store(
    memory: &mut Memory,
    seen: &Review,
    bitext: &Bitext,
    what: &str,
    job: &Job<'_>,
) -> Result<String, ReviewError> {
    write(memory, seen, what, job, |batch| {
        let set = (seen.name.as_str(), seen.stem.as_path(), seen.fingerprint.as_str());
        stored::put(batch, set, bitext, job.accept)?;
        Ok(Ok(()))
    })
}

/// Writes into a set that is as it was seen, and notes the batch as a deed of its review.
fn write(
    memory: &mut Memory,
    seen: &Review,
    what: &str,
    job: &Job<'_>,
    deed: impl FnOnce(&mut crate::memory::Batch<'_>) -> Result<Result<(), ReviewError>, MemoryError>,
) -> Result<String, ReviewError> {
    let note = format!("review {}: {what}", seen.name);
    let mut journal = Journal::of(&memory.read()?, &seen.name)?;
    memory.attempt(&note, job.now, job.who, |batch| {
        if batch.set_state(&seen.name)? != Some(seen.state) {
            return Ok(Outcome::Discard(Err(ReviewError::Stale)));
        }
        if let Err(error) = deed(batch)? {
            return Ok(Outcome::Discard(Err(error)));
        }
        journal.enter(batch.id());
        batch.put_fact(&Journal::key(&seen.name), Some(&serde_json::to_string(&journal.all)?))?;
        Ok(Outcome::Keep(Ok(note.clone())))
    })?
}

/// The bitext with what is in doubt aligned anew; what a person accepted and what is sure stays as it is.
fn realigned(memory: &Memory, bitext: &Bitext, accept: f32) -> Result<Bitext, MemoryError> {
    let stands = |bead: &&Bead| bead.mark == Mark::Accepted || bead.filled() > 1 && bead.score >= accept;
    let standing: Vec<Bead> = bitext.beads.iter().filter(stands).cloned().collect();
    let closed = standing.iter().map(|bead| {
        let mut sides = bead.sides.clone();
        for language in bitext.texts.keys() {
            sides.entry(*language).or_default();
        }
        Bead { sides, ..bead.clone() }
    });
    let pairs = stored::language_pairs(std::iter::once(bitext.texts.keys().copied()));
    let reader = memory.read()?;
    let evidence = Evidence {
        concepts: reader.concepts()?,
        lexicon: stored::lexicon(&reader, &pairs, accept, &BTreeSet::new())?,
        fixed: vec![closed.collect()],
    };
    let mut beads = align::align(&bitext.texts, &evidence);
    let mut places: HashMap<(Language, usize), &Bead> = HashMap::new();
    for bead in &standing {
        let segments = bead.sides.iter().flat_map(|(language, side)| side.iter().map(|at| (*language, *at)));
        places.extend(segments.map(|segment| (segment, bead)));
    }
    for bead in &mut beads {
        let first = bead.sides.iter().find_map(|(language, side)| Some((*language, *side.first()?)));
        if let Some(stood) = first.and_then(|segment| places.get(&segment)) {
            *bead = (*stood).clone();
        }
    }
    Ok(Bitext { texts: bitext.texts.clone(), beads })
}

/// Takes back the last deed of the set's review, or brings back the one taken back last. Those who may take back only
/// their own are refused another's.
pub fn undo(
    memory: &mut Memory,
    seen: &Review,
    again: bool,
    only_own: bool,
    job: &Job<'_>,
) -> Result<String, ReviewError> {
    let (batch, note) = {
        let reader = memory.read()?;
        if reader.set_state(&seen.name)? != Some(seen.state) {
            return Err(ReviewError::Stale);
        }
        let journal = Journal::of(&reader, &seen.name)?;
        let (deed, batch) = if again {
            let deed = journal.next().ok_or(ReviewError::NothingToRedo)?;
            (deed, journal.undone.get(&deed).copied().unwrap_or(deed))
        } else {
            let deed = journal.last().ok_or(ReviewError::NothingToUndo)?;
            (deed, deed)
        };
        let info = reader.batch(batch)?.ok_or(MemoryError::NoBatch(batch))?;
        if only_own && info.who != job.who {
            return Err(ReviewError::NotYours(info.who));
        }
        (batch, reader.batch(deed)?.map(|deed| deed.note).unwrap_or_default())
    };
    let undone = memory.undo_whole(batch, job.now, job.who)?;
    match undone.already.is_some() || !undone.conflicts.is_empty() {
        true => Err(ReviewError::Overtaken),
        false => Ok(note),
    }
}

/// The deeds of a set's review, in order.
struct Journal {
    all: Vec<BatchId>,
    /// Those taken back, and by which batch.
    undone: HashMap<BatchId, BatchId>,
}

impl Journal {
    fn key(name: &str) -> String {
        format!("review of {name}")
    }

    fn of(reader: &Reader<'_>, name: &str) -> Result<Journal, MemoryError> {
        let all: Vec<BatchId> =
            reader.fact(&Journal::key(name))?.and_then(|known| serde_json::from_str(&known).ok()).unwrap_or_default();
        let mut undone = HashMap::new();
        // The last that stands ends the search: before it nothing is brought back, and after it nothing taken back.
        for id in all.iter().rev() {
            match reader.batch(*id)?.and_then(|batch| batch.undone_by) {
                Some(by) => drop(undone.insert(*id, by)),
                None => break,
            }
        }
        Ok(Journal { all, undone })
    }

    /// The last deed that stands.
    fn last(&self) -> Option<BatchId> {
        self.all.iter().rev().find(|id| !self.undone.contains_key(id)).copied()
    }

    /// The deed to be brought back next: the first of those taken back at the end.
    fn next(&self) -> Option<BatchId> {
        let standing = self.all.iter().rposition(|id| !self.undone.contains_key(id));
        self.all.get(standing.map_or(0, |at| at + 1)).copied()
    }

    /// Notes a new deed; those taken back before it are not brought back any more.
    fn enter(&mut self, batch: BatchId) {
        let undone = std::mem::take(&mut self.undone);
        self.all.retain(|id| !undone.contains_key(id));
        self.all.push(batch);
        let more = self.all.len().saturating_sub(STEPS);
        self.all.drain(..more);
    }
}

#[cfg(test)]
mod tests;
