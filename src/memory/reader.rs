//! One consistent view of the memory.

use super::{
    BatchId, MemoryError, SetState, StoredSet,
    batch::{own_units, set_state},
    record::{self, Date, StoredUnit, UnitExtra, VariantExtra, unjson},
};
use crate::{
    lang::Language,
    model::{Origin, State, Unit, UnitId, Variant},
};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, Transaction, named_params, params};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A view of the memory as it was when the reader was made. Dropping it ends the view.
pub struct Reader<'m> {
    pub(super) db: Transaction<'m>,
    pub(super) path: PathBuf,
    pub(super) languages: RefCell<Languages>,
}

/// Languages by their number in the file, read once.
#[derive(Debug, Default)]
pub(super) struct Languages {
    numbers: FxHashMap<Language, i64>,
    tags: FxHashMap<i64, Language>,
}

/// Which units to go through; by default all that are not pending.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Units with a variant in this language.
    pub language: Option<Language>,
    /// A glob over the origin's name: `tmx/*.tmx`.
    pub origin: Option<String>,
    /// A glob over the name of the set they belong to.
    pub set: Option<String>,
    pub state: Option<State>,
    /// Made or changed at this time or later.
    pub since: Option<Timestamp>,
    /// Made or changed before this time.
    pub before: Option<Timestamp>,
    /// The aligner's confidence, 0 to 1, of units that have one.
    pub least_score: Option<f32>,
    pub most_score: Option<f32>,
    /// Pending units too.
    pub pending: bool,
}

impl Filter {
    /// All units there are.
    pub fn all() -> Filter {
        Filter { pending: true, ..Filter::default() }
    }
}

/// What is in the memory.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Status {
    /// All stored units, pending ones too.
    pub units: u64,
    pub pending: u64,
    pub concepts: u64,
    pub variants: BTreeMap<Language, u64>,
    pub size_bytes: u64,
    /// 0 where there is no memory.
    pub schema: i64,
    /// Releases as sets of documents.
    pub sets: u64,
}

/// What the memory has of what an aligner learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learned {
    Nothing,
    /// Sets that taught it are no longer as they were: it is to be learned anew from those that are there.
    Forgotten,
    Body(Vec<u8>),
}

pub(super) const UNIT: &str = "id, revision, state, release, tuid, origin, provenance, date, score, extra FROM unit";
pub(super) const UNIT_COLUMNS: &str = "id, revision, state, release, tuid, origin, provenance, date, score, extra";

impl<'m> Reader<'m> {
    pub(super) fn new(db: &'m Connection, path: &Path) -> Result<Reader<'m>, MemoryError> {
        let view = (|| -> Result<Transaction<'m>, MemoryError> {
            let view = db.unchecked_transaction()?;
            // The view begins with the first read, not with BEGIN.
            view.query_row("SELECT count(*) FROM language", [], |_| Ok(()))?;
            Ok(view)
        })();
        let db = view.map_err(|error| error.at(path))?;
        Ok(Reader { db, path: path.to_owned(), languages: RefCell::default() })
    }

    fn told<T>(&self, result: Result<T, MemoryError>) -> Result<T, MemoryError> {
        result.map_err(|error| error.at(&self.path))
    }

    /// The unit, if it is in the memory.
    pub fn unit(&self, id: UnitId) -> Result<Option<Unit>, MemoryError> {
        self.told(stored_unit(&self.db, &mut self.languages.borrow_mut(), id.0))
            .map(|found| found.map(|found| found.unit))
    }

    /// Calls `each` with the units that pass `filter`, by number, one at a time, until it gives an error.
    pub fn units<E: From<MemoryError>>(
        &self,
        filter: &Filter,
        each: impl FnMut(UnitId, Unit) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk((None, None), filter, each)
    }

    /// Like [`Reader::units`], of those behind a number.
    pub fn units_after<E: From<MemoryError>>(
        &self,
        after: UnitId,
        filter: &Filter,
        each: impl FnMut(UnitId, Unit) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk((None, Some(after)), filter, each)
    }

    /// Calls `each` with every text in `language`, unit by unit.
    pub fn each_text(&self, language: Language, mut each: impl FnMut(UnitId, &str)) -> Result<(), MemoryError> {
        let Some(number) = self.number(language)? else { return Ok(()) };
        let mut select = self.cached("SELECT unit, text FROM variant WHERE language = ?1")?;
        let mut rows = select.query([number])?;
        while let Some(row) = rows.next()? {
            each(UnitId(row.get(0)?), row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    /// The unit, if it is in the memory and passes `filter`.
    pub fn filtered(&self, id: UnitId, filter: &Filter) -> Result<Option<Unit>, MemoryError> {
        let mut found = None;
        self.walk((Some(id), None), filter, |_, unit| {
            found = Some(unit);
            Ok::<_, MemoryError>(())
        })?;
        Ok(found)
    }

    fn walk<E: From<MemoryError>>(
        &self,
        (only, after): (Option<UnitId>, Option<UnitId>),
        filter: &Filter,
        mut each: impl FnMut(UnitId, Unit) -> Result<(), E>,
    ) -> Result<(), E> {
        let language = match filter.language {
            None => None,
            Some(language) => match self.number(language)? {
                Some(number) => Some(number),
                None => return Ok(()),
            },
        };
        let one = if only.is_some() { "id = :only" } else { ":only IS NULL" };
        let walked = self.told((|| {
            let mut select = self.db.prepare_cached(&format!(
                "SELECT {UNIT}
                 WHERE {one} AND id > :after
                   AND (:pending OR state > 0)
                   AND (:state IS NULL OR state = :state)
                   AND (:origin IS NULL OR origin GLOB :origin)
                   AND (:set IS NULL OR release GLOB :set)
                   AND (:least IS NULL OR score >= :least)
                   AND (:most IS NULL OR score <= :most)
                   AND (:language IS NULL OR EXISTS (
                        SELECT 1 FROM variant WHERE variant.unit = unit.id AND variant.language = :language))
                 ORDER BY id"
            ))?;
            let mut rows = select.query(named_params! {
                ":only": only.map(|id| id.0),
                ":after": after.map_or(i64::MIN, |id| id.0),
                ":pending": filter.pending || filter.state == Some(State::Pending),
                ":state": filter.state.map(record::state_number),
                ":origin": filter.origin,
                ":set": filter.set,
                ":least": filter.least_score.map(f64::from),
                ":most": filter.most_score.map(f64::from),
                ":language": language,
            })?;
            while let Some(row) = rows.next()? {
                let found = read_unit(&self.db, &mut self.languages.borrow_mut(), row)?;
                let date = found.unit.origin.date;
                let recent = |since| date.is_some_and(|date| date >= since);
                let old = |before| date.is_some_and(|date| date < before);
                if !filter.since.is_none_or(recent) || !filter.before.is_none_or(old) {
                    continue;
                }
                if let Err(error) = each(UnitId(found.id), found.unit) {
                    return Ok(Err(error));
                }
            }
            Ok(Ok(()))
        })());
        walked?
    }

    /// The origins of the units that a filter lets through, by their names; of the filter only origin and state count.
    pub fn origins(&self, filter: &Filter) -> Result<Vec<String>, MemoryError> {
        self.told((|| {
            let mut select = self.db.prepare_cached(
                "SELECT DISTINCT origin FROM unit
                 WHERE (?1 OR state > 0) AND (?2 IS NULL OR origin GLOB ?2) ORDER BY origin",
            )?;
            let rows = select.query_map(params![filter.pending, filter.origin], |row| row.get(0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })())
    }

    /// The set of this name as last stored.
    pub fn set(&self, name: &str) -> Result<Option<StoredSet>, MemoryError> {
        self.told((|| {
            Ok(self
                .db
                .prepare_cached("SELECT name, fingerprint, body FROM release WHERE name = ?1")?
                .query_row([name], read_set)
                .optional()?)
        })())
    }

    /// The names and fingerprints of all sets, by name.
    pub fn sets(&self) -> Result<Vec<(String, String)>, MemoryError> {
        self.told((|| {
            let mut select = self.db.prepare_cached("SELECT name, fingerprint FROM release ORDER BY name")?;
            let sets = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(sets.collect::<Result<_, _>>()?)
        })())
    }

    /// The units of a set, by number: in the order they were stored.
    pub fn set_units(&self, name: &str) -> Result<Vec<(UnitId, Unit)>, MemoryError> {
        self.told((|| {
            let mut select = self.db.prepare_cached(&format!("SELECT {UNIT} WHERE release = ?1 ORDER BY id"))?;
            let mut rows = select.query([name])?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                let found = read_unit(&self.db, &mut self.languages.borrow_mut(), row)?;
                out.push((UnitId(found.id), found.unit));
            }
            Ok(out)
        })())
    }

    /// The units of a set by number, each with what the documents made it where a person has edited it since.
    pub fn set_units_as_read(&self, name: &str) -> Result<Vec<(UnitId, Unit, Option<Unit>)>, MemoryError> {
        let own = self.told(own_units(&self.db, &mut self.languages.borrow_mut(), name))?;
        Ok(own.into_iter().map(|own| (UnitId(own.found.id), own.found.unit, own.as_read)).collect())
    }

    /// How the set of this name stands.
    pub fn set_state(&self, name: &str) -> Result<Option<SetState>, MemoryError> {
        self.told(set_state(&self.db, name))
    }

    /// The units of a set that more than one batch has touched, by number.
    pub fn rewritten(&self, set: &str) -> Result<Vec<UnitId>, MemoryError> {
        let mut select = self.cached(
            "SELECT id FROM unit WHERE release = ?1
               AND (SELECT count(*) FROM change WHERE kind = 1 AND thing = +unit.id) > 1 ORDER BY id",
        )?;
        let units = select.query_map([set], |row| row.get(0).map(UnitId))?;
        Ok(units.collect::<Result<_, _>>()?)
    }

    /// How many units each set has, and how many of them wait as pending.
    pub fn set_sizes(&self) -> Result<BTreeMap<String, (usize, usize)>, MemoryError> {
        let mut select = self
            .cached("SELECT release, count(*), sum(state = 0) FROM unit WHERE release IS NOT NULL GROUP BY release")?;
        let sizes = select
            .query_map([], |row| Ok((row.get(0)?, (row.get::<_, i64>(1)? as usize, row.get::<_, i64>(2)? as usize))))?;
        Ok(sizes.collect::<Result<_, _>>()?)
    }

    /// What an aligner stored for this pair of languages.
    pub fn lexicon(&self, source: Language, target: Language) -> Result<Learned, MemoryError> {
        let (Some(source), Some(target)) = (self.number(source)?, self.number(target)?) else {
            return Ok(Learned::Nothing);
        };
        self.told((|| {
            let body: Option<Vec<u8>> = self
                .db
                .prepare_cached("SELECT body FROM lexicon WHERE source = ?1 AND target = ?2")?
                .query_row([source, target], |row| row.get(0))
                .optional()?;
            Ok(match body {
                None => Learned::Nothing,
                Some(body) if body.is_empty() => Learned::Forgotten,
                Some(body) => Learned::Body(body),
            })
        })())
    }

    /// The plain fact kept under this name.
    pub fn fact(&self, name: &str) -> Result<Option<String>, MemoryError> {
        Ok(self.cached("SELECT value FROM fact WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()?)
    }

    /// When the first batch was written.
    pub fn begun(&self) -> Result<Option<Timestamp>, MemoryError> {
        let mut select = self.cached("SELECT made FROM batch ORDER BY id LIMIT 1")?;
        let made: Option<i64> = select.query_row([], |row| row.get(0)).optional()?;
        Ok(made.and_then(|made| Timestamp::from_nanosecond(i128::from(made)).ok()))
    }

    pub fn status(&self) -> Result<Status, MemoryError> {
        self.told((|| {
            let count = |sql: &str| self.db.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|n| n as u64);
            let mut variants = BTreeMap::new();
            let mut select = self.db.prepare(
                "SELECT language.tag, count(*) FROM variant JOIN language ON language.id = variant.language
                 GROUP BY language.id",
            )?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                variants.insert(
                    language(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?,
                    row.get::<_, i64>(1)? as u64,
                );
            }
            Ok(Status {
                units: count("SELECT count(*) FROM unit")?,
                pending: count("SELECT count(*) FROM unit WHERE state = 0")?,
                concepts: count("SELECT count(*) FROM concept")?,
                sets: count("SELECT count(*) FROM release")?,
                variants,
                size_bytes: count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
                schema: self.db.query_row("PRAGMA user_version", [], |row| row.get(0))?,
            })
        })())
    }

    /// The number of a language in this file, if it was ever met.
    pub(super) fn number(&self, language: Language) -> Result<Option<i64>, MemoryError> {
        self.told(self.languages.borrow_mut().number(&self.db, language))
    }

    pub(super) fn cached(&self, sql: &str) -> Result<CachedStatement<'_>, MemoryError> {
        self.told(self.db.prepare_cached(sql).map_err(MemoryError::from))
    }

    /// The name of the set the unit belongs to.
    pub fn set_of(&self, id: UnitId) -> Result<Option<String>, MemoryError> {
        let mut select = self.cached("SELECT release FROM unit WHERE id = ?1")?;
        Ok(select.query_row([id.0], |row| row.get(0)).optional()?.flatten())
    }

    /// The last batch that touched the unit.
    pub fn revision(&self, id: UnitId) -> Result<Option<BatchId>, MemoryError> {
        self.told((|| {
            Ok(self
                .db
                .prepare_cached("SELECT revision FROM unit WHERE id = ?1")?
                .query_row([id.0], |row| row.get(0).map(BatchId))
                .optional()?)
        })())
    }
}

pub(super) fn read_set(row: &Row<'_>) -> rusqlite::Result<StoredSet> {
    Ok(StoredSet { name: row.get(0)?, fingerprint: row.get(1)?, body: row.get(2)? })
}

fn language(tag: &str) -> Result<Language, MemoryError> {
    tag.parse().map_err(|error: crate::lang::TagError| {
        MemoryError::Sqlite(rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into()))
    })
}

impl Languages {
    pub fn number(&mut self, db: &Connection, language: Language) -> Result<Option<i64>, MemoryError> {
        if let Some(number) = self.numbers.get(&language) {
            return Ok(Some(*number));
        }
        let found: Option<i64> = db
            .prepare_cached("SELECT id FROM language WHERE tag = ?1")?
            .query_row([language.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(number) = found {
            self.numbers.insert(language, number);
            self.tags.insert(number, language);
        }
        Ok(found)
    }

    /// The number of `language`, which is entered where it is new.
    pub fn entered(&mut self, db: &Connection, language: Language) -> Result<i64, MemoryError> {
        if let Some(number) = self.number(db, language)? {
            return Ok(number);
        }
        db.prepare_cached("INSERT INTO language (tag) VALUES (?1)")?.execute([language.as_str()])?;
        Ok(self.number(db, language)?.expect("the language was just entered"))
    }

    pub fn tag(&mut self, db: &Connection, number: i64) -> Result<Language, MemoryError> {
        if let Some(known) = self.tags.get(&number) {
            return Ok(*known);
        }
        let tag: String =
            db.prepare_cached("SELECT tag FROM language WHERE id = ?1")?.query_row([number], |row| row.get(0))?;
        let known = language(&tag)?;
        self.tags.insert(number, known);
        Ok(known)
    }
}

/// A unit with what the memory knows of it.
pub(super) struct FoundUnit {
    pub id: i64,
    pub revision: i64,
    pub release: Option<String>,
    pub unit: Unit,
}

impl FoundUnit {
    /// As the history keeps it.
    pub fn json(&self) -> Result<String, MemoryError> {
        let stored = StoredUnit::new(self.unit.clone(), self.revision, self.release.clone());
        Ok(serde_json::to_string(&stored)?)
    }
}

pub(super) fn stored_unit(
    db: &Connection,
    languages: &mut Languages,
    id: i64,
) -> Result<Option<FoundUnit>, MemoryError> {
    let mut select = db.prepare_cached(&format!("SELECT {UNIT} WHERE id = ?1"))?;
    let mut rows = select.query([id])?;
    rows.next()?.map(|row| read_unit(db, languages, row)).transpose()
}

/// The unit of a row of [`UNIT`], its variants read beside it.
pub(super) fn read_unit(db: &Connection, languages: &mut Languages, row: &Row<'_>) -> Result<FoundUnit, MemoryError> {
    let id: i64 = row.get(0)?;
    let extra: UnitExtra = unjson(row.get_ref(9)?.as_str_or_null().map_err(rusqlite::Error::from)?)?;
    let mut unit = Unit {
        tuid: row.get(4)?,
        variants: Vec::with_capacity(3),
        context: extra.context,
        state: record::state(row.get(2)?),
        origin: Origin {
            name: row.get(5)?,
            provenance: record::provenance(row.get(6)?),
            date: row.get::<_, Option<Date>>(7)?.map(|date| date.0),
            score: row.get::<_, Option<f64>>(8)?.map(|score| score as f32),
        },
        attributes: extra.attributes,
        props: extra.props,
        notes: extra.notes,
    };
    let mut select =
        db.prepare_cached("SELECT language, tag, text, extra FROM variant WHERE unit = ?1 ORDER BY number")?;
    let mut rows = select.query(params![id])?;
    while let Some(row) = rows.next()? {
        let extra: VariantExtra = unjson(row.get_ref(3)?.as_str_or_null().map_err(rusqlite::Error::from)?)?;
        unit.variants.push(Variant {
            language: languages.tag(db, row.get(0)?)?,
            tag: row.get(1)?,
            text: row.get(2)?,
            codes: extra.codes,
            attributes: extra.attributes,
            props: extra.props,
            notes: extra.notes,
        });
    }
    Ok(FoundUnit { id, revision: row.get(1)?, release: row.get(3)?, unit })
}
