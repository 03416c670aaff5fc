//! Batches, the history, and undoing.
//!
//! Every thing (unit, set, concept, ruling) bears the number of the batch that gave it its present form, its revision. A change
//! notes what stood before, so what a batch made of a thing is what the next change of that thing found.
//!
//! A batch *stands* unless one that undoes it stands; undoing an undo lets it stand again. What a thing is follows from
//! the batches that stand: the form that the last of them which wrote it gave it, or nothing. Undoing a batch brings
//! the things it wrote to that form. So any run of writes and undos ends where the same run without the undone ones
//! ends, in whatever order they were undone.
//!
//! Where a later batch that stands has written a thing too, its form stays: that is a conflict, and said. On demand what
//! stood before is put in its place all the same, which is a write like any other.

use super::{
    Batch, BatchId, Memory, MemoryError, Outcome, Reader,
    batch::Kind,
    old_set::{self, OldSet},
    reader::stored_unit,
    record::{self, StoredUnit},
    ruling::{self, About, OldRuling},
    terms::{OldConcept, concept_of, stored},
};
use crate::model::{Concept, Unit, UnitId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, types::Value};
use rustc_hash::FxHashMap;

/// A batch as the history lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchInfo {
    pub id: BatchId,
    pub made: Timestamp,
    pub who: String,
    pub note: String,
    /// The batch this one undid.
    pub undoes: Option<BatchId>,
    /// The batch this one goes on with; all are undone together.
    pub part_of: Option<BatchId>,
    /// The batch that undid this one; `None` while it stands.
    pub undone_by: Option<BatchId>,
    /// Units.
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
}

/// A thing of the history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Unit(UnitId),
    Set(String),
    Concept(String),
    /// What was decided or said about something, by its key.
    Ruling(About, String),
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Thing::Unit(id) => write!(f, "unit {id}"),
            Thing::Set(name) => write!(f, "set {name}"),
            Thing::Concept(id) => write!(f, "concept {id}"),
            Thing::Ruling(about, key) => write!(f, "{} {key}", about.word()),
        }
    }
}

/// What a batch did to one thing. All but units are named only.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub batch: BatchId,
    pub thing: Thing,
    /// A unit as it was; `None` where there was none.
    pub before: Option<Unit>,
    /// A unit as the batch left it; `None` where it took it out.
    pub after: Option<Unit>,
}

/// What becomes of things that later batches have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// They stay as they are.
    #[default]
    Keep,
    /// What stood before the batch is put back all the same.
    Overwrite,
}

/// What undoing a batch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The batch that undid it; `None` where nothing was left to undo.
    pub batch: Option<BatchId>,
    /// Things put back as they were.
    pub restored: u64,
    /// Things that later batches have changed, or that are not as they should be.
    pub conflicts: Vec<Conflict>,
    /// It had been undone already, by this batch.
    pub already: Option<BatchId>,
}

/// A thing that a later batch has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// `unit 12`, `set 004`, `concept c1`.
    pub thing: String,
    /// The batch that gave it its present form; `None` where the history does not tell.
    pub by: Option<BatchId>,
}

impl Reader<'_> {
    /// The last `limit` batches, newest first.
    pub fn history(&self, limit: usize) -> Result<Vec<BatchInfo>, MemoryError> {
        self.history_before(BatchId(i64::MAX), limit)
    }

    /// The last `limit` batches before one, newest first.
    pub fn history_before(&self, before: BatchId, limit: usize) -> Result<Vec<BatchInfo>, MemoryError> {
        let mut select = self.cached(&format!("SELECT {BATCH} WHERE id < ?1 ORDER BY id DESC LIMIT ?2"))?;
        let rows = select.query_map(params![before.0, i64::try_from(limit).unwrap_or(i64::MAX)], batch_info)?;
        let mut standing = Standing::default();
        rows.map(|row| self.with_undoing(row?, &mut standing)).collect()
    }

    /// The last `limit` batches that touched a set, newest first: itself, the units that are in it, what was said of it.
    pub fn history_of_set(&self, name: &str, limit: usize) -> Result<Vec<BatchInfo>, MemoryError> {
        let mut select = self.cached(&format!(
            "SELECT {BATCH} WHERE id IN (
               SELECT batch FROM change WHERE kind IN (2, 5) AND thing = ?1
               UNION SELECT change.batch FROM unit JOIN change ON change.kind = 1 AND change.thing = +unit.id
                 WHERE unit.release = ?1)
             ORDER BY id DESC LIMIT ?2"
        ))?;
        let rows = select.query_map(params![name, i64::try_from(limit).unwrap_or(i64::MAX)], batch_info)?;
        let mut standing = Standing::default();
        rows.map(|row| self.with_undoing(row?, &mut standing)).collect()
    }

    /// One batch of the history.
    pub fn batch(&self, id: BatchId) -> Result<Option<BatchInfo>, MemoryError> {
        let mut select = self.cached(&format!("SELECT {BATCH} WHERE id = ?1"))?;
        let found = select.query_row([id.0], batch_info).optional()?;
        found.map(|info| self.with_undoing(info, &mut Standing::default())).transpose()
    }

    fn with_undoing(&self, mut info: BatchInfo, standing: &mut Standing) -> Result<BatchInfo, MemoryError> {
        info.undone_by = standing.undone_by(&self.db, info.id.0)?.map(BatchId);
        Ok(info)
    }

    /// What `batch` did, thing by thing: units, then sets, concepts and rulings; no more than `limit`.
    pub fn changes(&self, batch: BatchId, limit: usize) -> Result<Vec<Change>, MemoryError> {
        let mut select = self
            .cached("SELECT batch, kind, thing, before FROM change WHERE batch = ?1 ORDER BY kind, thing LIMIT ?2")?;
        let mut rows = select.query(params![batch.0, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.extend(self.change(row)?);
        }
        Ok(out)
    }

    /// What became of a unit, the first batch first; empty where there never was one of this number.
    pub fn unit_changes(&self, id: UnitId) -> Result<Vec<Change>, MemoryError> {
        let mut select =
            self.cached("SELECT batch, kind, thing, before FROM change WHERE kind = 1 AND thing = ?1 ORDER BY batch")?;
        let mut rows = select.query([id.0])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.extend(self.change(row)?);
        }
        Ok(out)
    }

    fn change(&self, row: &Row<'_>) -> Result<Option<Change>, MemoryError> {
        let (batch, kind, thing): (i64, i64, Value) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Some(thing) = of_thing(kind, &thing) else { return Ok(None) };
        let Thing::Unit(id) = thing else {
            return Ok(Some(Change { batch: BatchId(batch), thing, before: None, after: None }));
        };
        let before: Option<String> = row.get(3)?;
        let before = before.map(|before| serde_json::from_str::<StoredUnit>(&before)).transpose()?;
        let after = match next_before(&self.db, kind, &Value::Integer(id.0), batch)? {
            Some(before) => {
                before.map(|before| serde_json::from_str::<StoredUnit>(&before)).transpose()?.map(StoredUnit::unit)
            }
            None => self.unit(id)?,
        };
        Ok(Some(Change { batch: BatchId(batch), thing, before: before.map(StoredUnit::unit), after }))
    }
}

/// What a batch did to a concept of the termbase.
#[derive(Debug, Clone, PartialEq)]
pub struct ConceptChange {
    pub batch: BatchId,
    pub id: String,
    /// `None` where there was none.
    pub before: Option<Concept>,
    /// `None` where the batch took it out.
    pub after: Option<Concept>,
    /// Of one taken out: the concept that stands before its place now; empty where it stood first.
    pub behind: Option<String>,
}

impl Reader<'_> {
    /// What the batches did to concepts, the last first: to the one of this id, or to all. No more than `limit`.
    pub fn concept_changes(&self, id: Option<&str>, limit: usize) -> Result<Vec<ConceptChange>, MemoryError> {
        self.concept_rows(
            "SELECT batch, thing, before FROM change WHERE kind = 3 AND (?1 IS NULL OR thing = ?1)
             ORDER BY batch DESC, thing",
            &id,
            limit,
        )
    }

    /// What one batch did to concepts.
    pub fn concepts_of(&self, batch: BatchId) -> Result<Vec<ConceptChange>, MemoryError> {
        self.concept_rows(
            "SELECT batch, thing, before FROM change WHERE kind = 3 AND batch = ?1 ORDER BY thing",
            &batch.0,
            usize::MAX,
        )
    }

    /// The concept whose place is the last before `place`.
    fn concept_before(&self, place: i64) -> Result<Option<String>, MemoryError> {
        let mut select = self.cached("SELECT id FROM concept WHERE place < ?1 ORDER BY place DESC, id DESC LIMIT 1")?;
        Ok(select.query_row([place], |row| row.get(0)).optional()?)
    }

    fn concept_rows(&self, sql: &str, by: &dyn ToSql, limit: usize) -> Result<Vec<ConceptChange>, MemoryError> {
        let mut select = self.cached(sql)?;
        let mut rows = select.query([by])?;
        let mut out = Vec::new();
        while out.len() < limit
            && let Some(row) = rows.next()?
        {
            let (batch, id): (i64, String) = (row.get(0)?, row.get(1)?);
            let form = |text: Option<String>| -> Result<Option<Concept>, MemoryError> {
                text.map(|text| concept_of(&serde_json::from_str(&text)?)).transpose()
            };
            let old: Option<String> = row.get(2)?;
            let place = old.as_deref().map(serde_json::from_str::<OldConcept>).transpose()?.map(|old| old.place);
            let before = form(old)?;
            let after = match next_before(&self.db, Kind::Concept as i64, &Value::Text(id.clone()), batch)? {
                Some(before) => form(before)?,
                None => stored(&self.db, &id)?.map(|now| concept_of(&now)).transpose()?,
            };
            // One that only moved is as it was.
            if before != after {
                let behind = match place.filter(|_| after.is_none()) {
                    Some(place) => Some(self.concept_before(place)?.unwrap_or_default()),
                    None => None,
                };
                out.push(ConceptChange { batch: BatchId(batch), id, before, after, behind });
            }
        }
        Ok(out)
    }
}

const BATCH: &str = "id, made, who, note, undoes, part_of, added, changed, removed FROM batch";

/// The batch of a row of [`BATCH`].
fn batch_info(row: &Row<'_>) -> rusqlite::Result<BatchInfo> {
    Ok(BatchInfo {
        id: BatchId(row.get(0)?),
        made: Timestamp::from_nanosecond(i128::from(row.get::<_, i64>(1)?)).unwrap_or_default(),
        who: row.get(2)?,
        note: row.get(3)?,
        undoes: row.get::<_, Option<i64>>(4)?.map(BatchId),
        part_of: row.get::<_, Option<i64>>(5)?.map(BatchId),
        undone_by: None,
        added: row.get::<_, i64>(6)? as u64,
        changed: row.get::<_, i64>(7)? as u64,
        removed: row.get::<_, i64>(8)? as u64,
    })
}

fn of_thing(kind: i64, thing: &Value) -> Option<Thing> {
    const UNIT: i64 = Kind::Unit as i64;
    const SET: i64 = Kind::Set as i64;
    const CONCEPT: i64 = Kind::Concept as i64;
    match (kind, thing) {
        (UNIT, Value::Integer(id)) => Some(Thing::Unit(UnitId(*id))),
        (SET, Value::Text(name)) => Some(Thing::Set(name.clone())),
        (CONCEPT, Value::Text(id)) => Some(Thing::Concept(id.clone())),
        (kind, Value::Text(key)) => Some(Thing::Ruling(About::of(kind)?, key.clone())),
        _ => None,
    }
}

/// What the first change of a thing after `batch` found: `Some(None)` where it found nothing, `None` without one.
fn next_before(db: &Connection, kind: i64, thing: &Value, batch: i64) -> Result<Option<Option<String>>, MemoryError> {
    let mut select = db.prepare_cached(
        "SELECT before FROM change WHERE kind = ?1 AND thing = ?2 AND batch > ?3 ORDER BY batch LIMIT 1",
    )?;
    Ok(select.query_row(params![kind, thing, batch], |row| row.get(0)).optional()?)
}

/// Which batches stand, as far as they were asked for.
#[derive(Default)]
struct Standing {
    known: FxHashMap<i64, Option<i64>>,
}

impl Standing {
    /// The first batch of the job that `batch` is a part of.
    fn first(db: &Connection, batch: i64) -> Result<i64, MemoryError> {
        let mut select = db.prepare_cached("SELECT coalesce(part_of, id) FROM batch WHERE id = ?1")?;
        Ok(select.query_row([batch], |row| row.get(0)).optional()?.unwrap_or(batch))
    }

    /// The standing batch that undoes `batch`.
    fn undone_by(&mut self, db: &Connection, batch: i64) -> Result<Option<i64>, MemoryError> {
        if let Some(known) = self.known.get(&batch) {
            return Ok(*known);
        }
        let first = Standing::first(db, batch)?;
        // An undoing is later than what it undoes, so this ends.
        let undoings: Vec<i64> = {
            let mut select = db.prepare_cached("SELECT id FROM batch WHERE undoes = ?1 AND id > ?1 ORDER BY id")?;
            select.query_map([first], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        let mut by = None;
        for undoing in undoings {
            if self.undone_by(db, undoing)?.is_none() {
                by = Some(undoing);
                break;
            }
        }
        self.known.insert(batch, by);
        Ok(by)
    }
}

/// Whether a batch stands.
pub(super) fn stands(db: &Connection, batch: i64) -> Result<bool, MemoryError> {
    Ok(Standing::default().undone_by(db, batch)?.is_none())
}

impl Memory {
    /// Puts back what stood before `batch`, except where a later batch has changed it: that is said, and
    /// `on_conflict` tells what becomes of it.
    ///
    /// # Errors
    /// A batch that is not there.
    pub fn undo(
        &mut self,
        batch: BatchId,
        on_conflict: OnConflict,
        now: Timestamp,
        who: &str,
    ) -> Result<Undone, MemoryError> {
        self.undone(batch, on_conflict, true, now, who, Outcome::Keep)
    }

    /// Like [`Memory::undo`], all of it or, where a later batch has changed something of it, nothing. For a batch that
    /// taught the aligner nothing: what the sets taught stays.
    pub fn undo_whole(&mut self, batch: BatchId, now: Timestamp, who: &str) -> Result<Undone, MemoryError> {
        self.undone(batch, OnConflict::Keep, false, now, who, |undone| match undone.conflicts.is_empty() {
            true => Outcome::Keep(undone),
            false => Outcome::Discard(undone),
        })
    }

    /// What [`Memory::undo`] would do; nothing is changed.
    pub fn undo_on_trial(
        &mut self,
        batch: BatchId,
        on_conflict: OnConflict,
        now: Timestamp,
        who: &str,
    ) -> Result<Undone, MemoryError> {
        self.undone(batch, on_conflict, true, now, who, Outcome::Discard)
    }

    fn undone(
        &mut self,
        batch: BatchId,
        on_conflict: OnConflict,
        taught: bool,
        now: Timestamp,
        who: &str,
        outcome: fn(Undone) -> Outcome<Undone>,
    ) -> Result<Undone, MemoryError> {
        let path = self.path.clone();
        let (first, already) = (|| -> Result<_, MemoryError> {
            let first = Standing::first(&self.db, batch.0)?;
            Ok((BatchId(first), Standing::default().undone_by(&self.db, first)?.map(BatchId)))
        })()
        .map_err(|error| error.at(&path))?;
        if already.is_some() {
            return Ok(Undone { batch: None, restored: 0, conflicts: Vec::new(), already });
        }
        let note = format!("undo of {first}");
        let job = |open: &mut Batch<'_>| open.undo(first, on_conflict, taught);
        self.written(&note, now, who, Some(first), |open| match job(open)? {
            // Another process was quicker.
            undone if undone.already.is_some() => Ok(Outcome::Discard(undone)),
            undone => Ok(outcome(undone)),
        })
        .map_err(|error| error.at(&path))
    }
}

/// A change as it stands in the history.
struct Write {
    batch: i64,
    /// It left nothing.
    removed: bool,
}

/// What is to become of a thing.
enum Fate {
    /// It is as it should be.
    Stays,
    Conflict(Option<i64>),
    /// As this batch left it; what that is, as the history keeps it (`None`: nothing).
    Becomes {
        form: Option<String>,
        own: bool,
    },
}

impl Batch<'_> {
    fn undo(&mut self, batch: BatchId, on_conflict: OnConflict, taught: bool) -> Result<Undone, MemoryError> {
        let mut undone = Undone { batch: None, restored: 0, conflicts: Vec::new(), already: None };
        // The batch that undoes is there already and stands, so of others only those before it count.
        let others: Vec<i64> = {
            let mut select = self.db.prepare("SELECT id FROM batch WHERE undoes = ?1 AND id <> ?2")?;
            select.query_map([batch.0, self.id], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        let mut standing = Standing::default();
        for other in others {
            if standing.undone_by(self.db, other)?.is_none() {
                undone.already = Some(BatchId(other));
                return Ok(undone);
            }
        }
        let mut sets = false;
        for (kind, thing) in self.things(batch.0)? {
            let fate = self.fate(kind, &thing, batch.0, on_conflict, &mut standing)?;
            let name = of_thing(kind, &thing).map_or_else(|| format!("{kind} {thing:?}"), |thing| thing.to_string());
            match fate {
                Fate::Stays => {}
                Fate::Conflict(by) => undone.conflicts.push(Conflict { thing: name, by: by.map(BatchId) }),
                Fate::Becomes { form, own } => {
                    match (kind, &thing) {
                        (kind, Value::Integer(id)) if kind == Kind::Unit as i64 => {
                            self.put_unit(*id, form.as_deref(), own)?;
                        }
                        (kind, Value::Text(name)) if kind == Kind::Set as i64 => {
                            sets = true;
                            self.put_back_set(name, form.as_deref(), own)?;
                        }
                        (kind, Value::Text(id)) if kind == Kind::Concept as i64 => {
                            self.put_back_concept(id, form.as_deref(), own)?;
                        }
                        (kind, Value::Text(key)) => match About::of(kind) {
                            Some(about) => self.put_back_ruling(about.kind(), key, form.as_deref(), own)?,
                            None => continue,
                        },
                        _ => continue,
                    }
                    undone.restored += 1;
                }
            }
        }
        self.settle_sets(&mut undone)?;
        if sets && taught {
            // What the sets taught goes with them.
            self.db.execute("UPDATE lexicon SET body = x'', seal = NULL", [])?;
        }
        undone.batch = Some(BatchId(self.id));
        Ok(undone)
    }

    /// The things that a batch with its parts has changed, and where it undid one, that one, and so on: rulings, then
    /// concepts, sets and units.
    fn things(&self, batch: i64) -> Result<Vec<(i64, Value)>, MemoryError> {
        let mut select = self.db.prepare_cached(
            "WITH RECURSIVE turned(id) AS (
               VALUES (?1)
               UNION SELECT batch.undoes FROM batch JOIN turned ON batch.id = turned.id WHERE batch.undoes IS NOT NULL
             )
             SELECT DISTINCT kind, thing FROM change
             WHERE batch IN (SELECT batch.id FROM batch JOIN turned ON turned.id IN (batch.id, batch.part_of))
             ORDER BY kind DESC, thing DESC",
        )?;
        let things = select.query_map([batch], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(things.collect::<Result<_, _>>()?)
    }

    /// What becomes of a thing once `undone` no longer stands.
    fn fate(
        &self,
        kind: i64,
        thing: &Value,
        undone: i64,
        on_conflict: OnConflict,
        standing: &mut Standing,
    ) -> Result<Fate, MemoryError> {
        let mut last: Option<Write> = None;
        let mut last_before: Option<Write> = None;
        {
            let mut select = self.db.prepare_cached(
                "SELECT batch, after IS NULL FROM change
                 WHERE kind = ?1 AND thing = ?2 AND NOT put_back ORDER BY batch",
            )?;
            let mut rows = select.query(params![kind, thing])?;
            while let Some(row) = rows.next()? {
                let write = Write { batch: row.get(0)?, removed: row.get(1)? };
                if standing.undone_by(self.db, write.batch)?.is_none() {
                    if write.batch < undone {
                        last_before = Some(Write { ..write });
                    }
                    last = Some(write);
                }
            }
        }
        let revision = self.revision_of(kind, thing)?;
        let leads_to = |write: &Option<Write>| write.as_ref().filter(|write| !write.removed).map(|write| write.batch);
        if let Some(later) = last.as_ref().filter(|write| write.batch > undone) {
            return match on_conflict {
                _ if leads_to(&last) != revision => Ok(Fate::Conflict(revision)),
                OnConflict::Keep => Ok(Fate::Conflict(Some(later.batch))),
                OnConflict::Overwrite => match self.form(kind, thing, &last_before)? {
                    Some(form) => Ok(Fate::Becomes { form, own: true }),
                    None => Ok(Fate::Conflict(None)),
                },
            };
        }
        if leads_to(&last) == revision {
            return Ok(Fate::Stays);
        }
        Ok(match self.form(kind, thing, &last)? {
            Some(form) => Fate::Becomes { form, own: false },
            None => Fate::Conflict(revision),
        })
    }

    /// What a thing was as `write` left it: `Some(None)` for nothing; `None` where the history does not tell.
    fn form(&self, kind: i64, thing: &Value, write: &Option<Write>) -> Result<Option<Option<String>>, MemoryError> {
        match write {
            None | Some(Write { removed: true, .. }) => Ok(Some(None)),
            Some(write) if kind == Kind::Set as i64 => old_set::form(self.db, thing, write.batch),
            Some(write) => next_before(self.db, kind, thing, write.batch),
        }
    }

    /// The batch that gave a thing its present form; `None` where it is not there.
    fn revision_of(&self, kind: i64, thing: &Value) -> Result<Option<i64>, MemoryError> {
        let sql = match kind {
            kind if kind == Kind::Unit as i64 => "SELECT revision FROM unit WHERE id = ?1",
            kind if kind == Kind::Set as i64 => "SELECT revision FROM release WHERE name = ?1",
            kind if kind == Kind::Concept as i64 => "SELECT revision FROM concept WHERE id = ?1",
            kind => {
                let mut select = self.db.prepare_cached("SELECT revision FROM ruling WHERE kind = ?1 AND key = ?2")?;
                return Ok(select.query_row(params![kind, thing], |row| row.get(0)).optional()?);
            }
        };
        Ok(self.db.prepare_cached(sql)?.query_row([thing], |row| row.get(0)).optional()?)
    }

    /// The revision a thing gets: that of the batch that wrote this form, or this batch where it is a write of its own.
    fn revised(&self, written: i64, own: bool) -> i64 {
        if own { self.id } else { written }
    }

    fn put_unit(&mut self, id: i64, form: Option<&str>, own: bool) -> Result<(), MemoryError> {
        let present = stored_unit(self.db, &mut self.languages, id)?;
        let form = form.map(serde_json::from_str::<StoredUnit>).transpose()?;
        let after = form.as_ref().map(|form| self.revised(form.revision, own));
        let before = present.as_ref().map(|found| found.json()).transpose()?;
        self.note(Kind::Unit, &id, before.as_deref(), after, !own)?;
        if present.is_some() {
            self.delete_unit(id)?;
        }
        if let (Some(mut form), Some(revision)) = (form, after) {
            let release = form.release.take();
            let unit = form.unit();
            self.write_unit(Some(id), &unit, record::hash(&unit), revision, release.as_deref())?;
        }
        Ok(())
    }

    fn put_back_set(&mut self, name: &str, form: Option<&str>, own: bool) -> Result<(), MemoryError> {
        let before = self.stored_set(name)?;
        let form = form.map(serde_json::from_str::<OldSet>).transpose()?;
        let form = form.and_then(|form| Some((self.revised(form.revision, own), form.set()?)));
        let after = form.as_ref().map(|(revision, set)| (set.body.as_str(), *revision));
        self.note_set(name, before, after, !own)?;
        match form {
            Some((revision, set)) => self.write_set(&set, revision)?,
            _ => drop(self.db.prepare_cached("DELETE FROM release WHERE name = ?1")?.execute([name])?),
        }
        Ok(())
    }

    fn put_back_concept(&mut self, id: &str, form: Option<&str>, own: bool) -> Result<(), MemoryError> {
        let before = stored(self.db, id)?.map(|old| serde_json::to_string(&old)).transpose()?;
        let mut form = form.map(serde_json::from_str::<OldConcept>).transpose()?;
        if let Some(form) = &mut form {
            form.revision = self.revised(form.revision, own);
        }
        self.note(Kind::Concept, &id, before.as_deref(), form.as_ref().map(|form| form.revision), !own)?;
        match &form {
            Some(form) => self.write_concept(id, form)?,
            None => self.delete_concept(id)?,
        }
        // The copy is no longer that of any glossary.
        self.set_concepts_fingerprint("")
    }

    fn put_back_ruling(&mut self, kind: Kind, key: &str, form: Option<&str>, own: bool) -> Result<(), MemoryError> {
        let before = ruling::stored(self.db, kind as i64, key)?;
        let before = before.map(|old| serde_json::to_string(&old)).transpose()?;
        let mut form = form.map(serde_json::from_str::<OldRuling>).transpose()?;
        if let Some(form) = &mut form {
            form.revision = self.revised(form.revision, own);
        }
        self.note(kind, &key, before.as_deref(), form.as_ref().map(|form| form.revision), !own)?;
        self.write_ruling(kind, key, form.as_ref())
    }

    /// A unit put back may belong to a set that is gone, or a set taken away may still have units that could
    /// not be: such units stand by themselves.
    fn settle_sets(&mut self, undone: &mut Undone) -> Result<(), MemoryError> {
        let orphans: Vec<(i64, i64)> = {
            let mut select = self.db.prepare_cached(
                "SELECT id, revision FROM unit
                 WHERE release IS NOT NULL AND release NOT IN (SELECT name FROM release) ORDER BY id",
            )?;
            select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        for (id, revision) in orphans {
            self.db.prepare_cached("UPDATE unit SET release = NULL WHERE id = ?1")?.execute(params![id])?;
            undone.conflicts.push(Conflict { thing: format!("unit {id} lost its set"), by: Some(BatchId(revision)) });
        }
        Ok(())
    }
}
