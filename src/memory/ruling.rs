//! What people decided about findings and said of releases, and what imported files say of all their units: a line
//! each, with its history like all else.

use super::{Batch, BatchId, MemoryError, Reader, batch::Kind, seal};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

/// What a ruling is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A finding that is let stand, by its id.
    Finding,
    /// A release, by the name of its set.
    Release,
    /// An imported file, by the name that is the origin of its units: its head.
    File,
    /// What came from outside, by a glob over the origins of its units: what of it waits, what it is worth less.
    Quarantine,
    /// Somebody who may ask a server of the office, by name.
    Person,
    /// A proposal for the glossary that was refused, by its language and term.
    Suggestion,
}

impl About {
    pub const ALL: [About; 6] =
        [About::Finding, About::Release, About::File, About::Quarantine, About::Person, About::Suggestion];

    pub(super) fn kind(self) -> Kind {
        match self {
            About::Finding => Kind::Finding,
            About::Release => Kind::Release,
            About::File => Kind::File,
            About::Quarantine => Kind::Quarantine,
            About::Person => Kind::Person,
            About::Suggestion => Kind::Suggestion,
        }
    }

    /// What it is in messages, before its key.
    pub(super) fn word(self) -> &'static str {
        match self {
            About::Finding => "accepted finding",
            About::Release => "state of release",
            About::File => "head of the file",
            About::Quarantine => "quarantine of",
            About::Person => "token of",
            About::Suggestion => "refused proposal",
        }
    }

    pub(super) fn of(kind: i64) -> Option<About> {
        About::ALL.into_iter().find(|about| about.kind() as i64 == kind)
    }
}

/// A ruling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    pub key: String,
    /// JSON that the writer understands.
    pub body: String,
    /// The batch that gave it this form.
    pub batch: BatchId,
}

const RULING: &str = "key, body, revision FROM ruling";

fn read(row: &Row<'_>) -> rusqlite::Result<Ruling> {
    Ok(Ruling { key: row.get(0)?, body: row.get(1)?, batch: BatchId(row.get(2)?) })
}

impl Reader<'_> {
    /// All rulings about things of one kind, by their keys.
    pub fn rulings(&self, about: About) -> Result<Vec<Ruling>, MemoryError> {
        let mut select = self.cached(&format!("SELECT {RULING} WHERE kind = ?1 ORDER BY key"))?;
        let rulings = select.query_map([about.kind() as i64], read)?;
        Ok(rulings.collect::<Result<_, _>>()?)
    }

    /// The ruling about one of them.
    pub fn ruling(&self, about: About, key: &str) -> Result<Option<Ruling>, MemoryError> {
        let mut select = self.cached(&format!("SELECT {RULING} WHERE kind = ?1 AND key = ?2"))?;
        Ok(select.query_row(params![about.kind() as i64, key], read).optional()?)
    }
}

impl Batch<'_> {
    /// The ruling that stands about one of them.
    pub fn ruling(&self, about: About, key: &str) -> Result<Option<String>, MemoryError> {
        Ok(stored(self.db, about.kind() as i64, key)?.map(|ruling| ruling.body))
    }

    /// Rules on one of them, in place of what was ruled before; `None` takes that back. Whether it made a
    /// difference.
    pub fn rule(&mut self, about: About, key: &str, body: Option<&str>) -> Result<bool, MemoryError> {
        let old = stored(self.db, about.kind() as i64, key)?;
        if old.as_ref().map(|old| old.body.as_str()) == body {
            return Ok(false);
        }
        let before = old.map(|old| serde_json::to_string(&old)).transpose()?;
        self.note_change(about.kind(), &key, before.as_deref(), body.map(|_| self.id))?;
        let new = body.map(|body| OldRuling { revision: self.id, body: body.to_owned() });
        self.write_ruling(about.kind(), key, new.as_ref())?;
        Ok(true)
    }

    pub(super) fn write_ruling(&self, kind: Kind, key: &str, ruling: Option<&OldRuling>) -> Result<(), MemoryError> {
        let kind = kind as i64;
        match ruling {
            Some(ruling) => self
                .db
                .prepare_cached(
                    "INSERT OR REPLACE INTO ruling (kind, key, revision, body, seal) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    kind,
                    key,
                    ruling.revision,
                    ruling.body,
                    seal::of(&[key.as_bytes(), ruling.body.as_bytes()])
                ])?,
            None => self.db.prepare_cached("DELETE FROM ruling WHERE kind = ?1 AND key = ?2")?.execute((kind, key))?,
        };
        Ok(())
    }
}

pub(super) fn stored(db: &Connection, kind: i64, key: &str) -> Result<Option<OldRuling>, MemoryError> {
    Ok(db
        .prepare_cached("SELECT revision, body FROM ruling WHERE kind = ?1 AND key = ?2")?
        .query_row((kind, key), |row| Ok(OldRuling { revision: row.get(0)?, body: row.get(1)? }))
        .optional()?)
}

/// A ruling's row, as the history keeps it too.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OldRuling {
    pub revision: i64,
    body: String,
}
