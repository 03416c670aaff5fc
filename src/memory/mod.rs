//! The SQLite file that holds the units; nobody else speaks SQL.
//!
//! - [`Memory`] opens the file; [`Memory::read`] gives a [`Reader`], one consistent view.
//! - [`Memory::write`] is the only way to write: one transaction, one named and dated batch, all or nothing.
//! - What a batch replaces or removes goes into the history, so that [`Memory::undo`] can bring it back.
//! - [`Batch::rule`] keeps what people decided about findings and said of releases.
//! - `schema` holds settings and migrations, `index` the candidates for look-ups, `health` the check, `backup` copies
//!   and what is brought back from them, `place` where a memory may not lie.

mod backup;
mod batch;
mod error;
mod hash;
mod health;
mod index;
mod journal;
mod old_set;
mod place;
mod reader;
mod record;
mod ruling;
mod schema;
mod seal;
mod search;
mod terms;
pub(crate) mod words;

pub use backup::{Backups, Carried, Restored};
pub use batch::{Added, Batch, SetCounts, SetState};
pub use error::MemoryError;
pub use health::{Mend, Report};
pub use journal::{BatchInfo, Change, ConceptChange, Conflict, OnConflict, Thing, Undone};
pub use reader::{Filter, Learned, Reader, Status};
pub use ruling::{About, Ruling};
pub use schema::SCHEMA;

pub(crate) use index::{
    Entry, Letters, Sign, Skeleton, Sketch, Step, WORD, key, shortened, size, skeleton_number, unfolded,
};
pub(crate) use search::Cached;
pub use search::Loaded;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// What a memory is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is created or changed; a memory that does not exist is [`MemoryError::Missing`].
    Read,
    /// Made where there is none.
    Write,
}

/// The number of a batch; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub i64);

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One text in its languages as it was last stored: a release with its documents and how they are aligned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSet {
    pub name: String,
    /// Of all the set was made from; an equal one means there is nothing to do.
    pub fingerprint: String,
    /// JSON that the writer understands: documents, segments, beads.
    pub body: String,
}

/// What is to become of what a job did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Keep(T),
    /// Nothing is stored: the job was a trial, or failed in a way that is no error of the memory.
    Discard(T),
}

/// An open memory.
#[derive(Debug)]
pub struct Memory {
    db: Connection,
    path: PathBuf,
}

impl Memory {
    /// Opens the memory at `path`.
    ///
    /// # Errors
    /// A folder, a file of another program, a newer schema, a file cut short: refused and left as it is.
    pub fn open(path: &Path, mode: Mode) -> Result<Memory, MemoryError> {
        Memory::open_with(path, mode, &Backups::beside(path))
    }

    /// Like [`Memory::open`]; one of an older schema is copied to `backups` before it is brought to this one's.
    ///
    /// # Errors
    /// As for [`Memory::open`].
    pub fn open_with(path: &Path, mode: Mode, backups: &Backups) -> Result<Memory, MemoryError> {
        Ok(Memory { db: schema::open(path, mode, backups)?, path: path.to_owned() })
    }

    /// The memory at `path` for reading, or `None` where there is no file: then nothing is created.
    pub fn open_existing(path: &Path) -> Result<Option<Memory>, MemoryError> {
        match Memory::open(path, Mode::Read) {
            Ok(memory) => Ok(Some(memory)),
            Err(MemoryError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// One consistent view of the memory: what others write meanwhile is not seen.
    pub fn read(&self) -> Result<Reader<'_>, MemoryError> {
        Reader::new(&self.db, &self.path)
    }

    /// Runs `job` in one transaction. What it did is one batch, named `note`, by `who`, at `now`; when it or
    /// the commit fails nothing is stored. A job that changes nothing leaves no batch.
    pub fn write<T>(
        &mut self,
        note: &str,
        now: Timestamp,
        who: &str,
        job: impl FnOnce(&mut Batch<'_>) -> Result<T, MemoryError>,
    ) -> Result<T, MemoryError> {
        self.attempt(note, now, who, |batch| job(batch).map(Outcome::Keep))
    }

    /// Like [`Memory::write`], but what the job did is stored only if it says so.
    pub fn attempt<T>(
        &mut self,
        note: &str,
        now: Timestamp,
        who: &str,
        job: impl FnOnce(&mut Batch<'_>) -> Result<Outcome<T>, MemoryError>,
    ) -> Result<T, MemoryError> {
        let path = self.path.clone();
        self.written(note, now, who, None, job).map_err(|error| error.at(&path))
    }

    /// Like [`Memory::write`], for a long job that stores its work part by part: each part is a transaction of its
    /// own and stays when a later one is never written, and all are undone together. `batch` is the first one's batch:
    /// nothing before the first part, which sets it.
    pub fn write_part<T>(
        &mut self,
        batch: &mut Option<BatchId>,
        note: &str,
        now: Timestamp,
        who: &str,
        job: impl FnOnce(&mut Batch<'_>) -> Result<T, MemoryError>,
    ) -> Result<T, MemoryError> {
        let path = self.path.clone();
        let part = (|| {
            let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut open = Batch::begin_part(&change, *batch, note, now, who)?;
            let out = job(&mut open)?;
            let written = open.end()?;
            change.commit()?;
            *batch = written.or(*batch);
            Ok(out)
        })();
        part.map_err(|error: MemoryError| error.at(&path))
    }

    fn written<T>(
        &mut self,
        note: &str,
        now: Timestamp,
        who: &str,
        undoes: Option<BatchId>,
        job: impl FnOnce(&mut Batch<'_>) -> Result<Outcome<T>, MemoryError>,
    ) -> Result<T, MemoryError> {
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(batch) = undoes {
            let known = change.query_row("SELECT 1 FROM batch WHERE id = ?1", [batch.0], |_| Ok(())).optional()?;
            known.ok_or(MemoryError::NoBatch(batch))?;
        }
        let mut batch = Batch::begin(&change, note, now, who, undoes)?;
        match job(&mut batch)? {
            Outcome::Keep(out) => {
                batch.end()?;
                change.commit()?;
                Ok(out)
            }
            // A transaction dropped is rolled back.
            Outcome::Discard(out) => Ok(out),
        }
    }
}

#[cfg(test)]
mod tests;
