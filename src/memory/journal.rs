//! Batches, the history, and undoing.
//!
//! Every thing (unit, set, concept) bears the number of the batch that gave it its present form, its revision.
//! A change notes what stood before with its revision, and the revision it left. A change can be undone while
//! the thing still has the revision that the change left: then what stood before is put back, revision and
//! all, so that changes below it can be undone in turn, and the undoing itself is a batch like any other.

use super::{
    Batch, BatchId, Memory, MemoryError, Outcome, Reader,
    batch::{Kind, OldSet},
    reader::stored_unit,
    record::{self, StoredUnit},
    terms::{OldConcept, stored},
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params, types::Value};

/// A batch as the history lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchInfo {
    pub id: BatchId,
    pub made: Timestamp,
    pub who: String,
    pub note: String,
    /// The batch this one undid.
    pub undoes: Option<BatchId>,
    /// Units.
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
}

/// What undoing a batch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The batch that undid it; `None` where nothing was left to undo.
    pub batch: Option<BatchId>,
    /// Things put back as they were.
    pub restored: u64,
    /// Things left as they are.
    pub conflicts: Vec<Conflict>,
}

/// A thing that a later batch has changed: undo that one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// `unit 12`, `set 004`, `concept c1`.
    pub thing: String,
    /// The batch that gave it its present form; `None` where it is gone.
    pub by: Option<BatchId>,
}

impl Reader<'_> {
    /// The last `limit` batches, newest first.
    pub fn history(&self, limit: usize) -> Result<Vec<BatchInfo>, MemoryError> {
        let mut select = self.cached(&format!("SELECT {BATCH} ORDER BY id DESC LIMIT ?1"))?;
        let rows = select.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], batch_info)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One batch of the history.
    pub fn batch(&self, id: BatchId) -> Result<Option<BatchInfo>, MemoryError> {
        let mut select = self.cached(&format!("SELECT {BATCH} WHERE id = ?1"))?;
        Ok(select.query_row([id.0], batch_info).optional()?)
    }
}

const BATCH: &str = "id, made, who, note, undoes, added, changed, removed FROM batch";

/// The batch of a row of [`BATCH`].
fn batch_info(row: &Row<'_>) -> rusqlite::Result<BatchInfo> {
    Ok(BatchInfo {
        id: BatchId(row.get(0)?),
        made: Timestamp::from_nanosecond(i128::from(row.get::<_, i64>(1)?)).unwrap_or_default(),
        who: row.get(2)?,
        note: row.get(3)?,
        undoes: row.get::<_, Option<i64>>(4)?.map(BatchId),
        added: row.get::<_, i64>(5)? as u64,
        changed: row.get::<_, i64>(6)? as u64,
        removed: row.get::<_, i64>(7)? as u64,
    })
}

impl Memory {
    /// Puts back what stood before `batch`, except where a later batch has changed it: that is said.
    pub fn undo(&mut self, batch: BatchId, now: Timestamp, who: &str) -> Result<Undone, MemoryError> {
        self.undone(batch, now, who, Outcome::Keep)
    }

    /// What [`Memory::undo`] would do; nothing is changed.
    pub fn undo_on_trial(&mut self, batch: BatchId, now: Timestamp, who: &str) -> Result<Undone, MemoryError> {
        self.undone(batch, now, who, Outcome::Discard)
    }

    fn undone(
        &mut self,
        batch: BatchId,
        now: Timestamp,
        who: &str,
        outcome: fn(Undone) -> Outcome<Undone>,
    ) -> Result<Undone, MemoryError> {
        let path = self.path.clone();
        let note = format!("undo of {batch}");
        self.written(&note, now, who, Some(batch), |open| open.undo(batch).map(outcome))
            .map_err(|error| error.at(&path))
    }
}

struct Change {
    kind: i64,
    thing: Value,
    before: Option<String>,
    after: Option<i64>,
}

impl Batch<'_> {
    fn undo(&mut self, batch: BatchId) -> Result<Undone, MemoryError> {
        let mut undone = Undone { batch: None, restored: 0, conflicts: Vec::new() };
        let mut select = self
            .db
            .prepare("SELECT kind, thing, before, after FROM change WHERE batch = ?1 ORDER BY kind DESC, thing DESC")?;
        let mut rows = select.query([batch.0])?;
        let mut sets = false;
        while let Some(row) = rows.next()? {
            let change = Change { kind: row.get(0)?, thing: row.get(1)?, before: row.get(2)?, after: row.get(3)? };
            match self.put_back(&change)? {
                None => {
                    undone.restored += 1;
                    sets |= change.kind == Kind::Set as i64;
                }
                Some(conflict) => undone.conflicts.push(conflict),
            }
        }
        self.settle_sets(&mut undone)?;
        if sets {
            // What the sets taught goes with them.
            self.db.execute("UPDATE lexicon SET body = x''", [])?;
        }
        undone.batch = (undone.restored > 0).then_some(BatchId(self.id));
        Ok(undone)
    }

    /// Undoes one change; the conflict where the thing is no longer as the change left it.
    fn put_back(&mut self, change: &Change) -> Result<Option<Conflict>, MemoryError> {
        match (change.kind, &change.thing) {
            (kind, Value::Integer(id)) if kind == Kind::Unit as i64 => self.put_back_unit(*id, change),
            (kind, Value::Text(name)) if kind == Kind::Set as i64 => self.put_back_set(name, change),
            (_, Value::Text(id)) => self.put_back_concept(id, change),
            (kind, thing) => Ok(Some(Conflict { thing: format!("{kind} {thing:?}"), by: None })),
        }
    }

    fn put_back_unit(&mut self, id: i64, change: &Change) -> Result<Option<Conflict>, MemoryError> {
        let present = stored_unit(self.db, &mut self.languages, id)?;
        if present.as_ref().map(|found| found.revision) != change.after {
            return Ok(conflict("unit", &id.to_string(), present.map(|found| found.revision)));
        }
        let before = change.before.as_deref().map(serde_json::from_str::<StoredUnit>).transpose()?;
        let after = before.as_ref().map(|before| before.revision);
        match &present {
            Some(found) => self.note_before(id, found, after)?,
            None => self.note_change(Kind::Unit, &id, None, after)?,
        }
        self.delete_unit(id)?;
        if let Some(mut before) = before {
            let release = before.release.take();
            let revision = before.revision;
            let unit = before.unit();
            self.write_unit(Some(id), &unit, record::hash(&unit), revision, release.as_deref())?;
        }
        Ok(None)
    }

    fn put_back_set(&mut self, name: &str, change: &Change) -> Result<Option<Conflict>, MemoryError> {
        let present = self.stored_set(name)?;
        if present.as_ref().map(|(revision, _)| *revision) != change.after {
            return Ok(conflict("set", name, present.map(|(revision, _)| revision)));
        }
        let now = present.map(|(revision, set)| serde_json::to_string(&OldSet::new(revision, set))).transpose()?;
        let before = change.before.as_deref().map(serde_json::from_str::<OldSet>).transpose()?;
        self.note_change(Kind::Set, &name, now.as_deref(), before.as_ref().map(|before| before.revision))?;
        match before {
            Some(before) => {
                let revision = before.revision;
                self.write_set(&before.set(), revision)?;
            }
            None => {
                self.db.prepare_cached("DELETE FROM release WHERE name = ?1")?.execute([name])?;
            }
        }
        Ok(None)
    }

    fn put_back_concept(&mut self, id: &str, change: &Change) -> Result<Option<Conflict>, MemoryError> {
        let present = stored(self.db, id)?;
        if present.as_ref().map(|old| old.revision) != change.after {
            return Ok(conflict("concept", id, present.map(|old| old.revision)));
        }
        let now = present.map(|old| serde_json::to_string(&old)).transpose()?;
        let before = change.before.as_deref().map(serde_json::from_str::<OldConcept>).transpose()?;
        self.note_change(Kind::Concept, &id, now.as_deref(), before.as_ref().map(|before| before.revision))?;
        match before {
            Some(before) => self.write_concept(id, &before)?,
            None => self.delete_concept(id)?,
        }
        // The copy is no longer that of any glossary.
        self.set_concepts_fingerprint("")?;
        Ok(None)
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

fn conflict(kind: &str, name: &str, revision: Option<i64>) -> Option<Conflict> {
    Some(Conflict { thing: format!("{kind} {name}"), by: revision.map(BatchId) })
}
