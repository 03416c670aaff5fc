//! What look-ups and concordances read: postings, texts, and the units texts stand in.

use super::{
    MemoryError, Reader,
    index::{Candidate, candidates},
    reader::stored_unit,
};
use crate::{
    lang::Language,
    model::{Unit, UnitId},
};
use rusqlite::{OptionalExtension, params};
use std::ops::RangeInclusive;

/// A unit a text stands in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub id: UnitId,
    pub unit: Unit,
}

impl Reader<'_> {
    /// How many bytes the postings of a key take, for texts of these buckets.
    pub(crate) fn postings_size(&self, key: i64, buckets: &RangeInclusive<u8>) -> Result<usize, MemoryError> {
        let mut select = self.cached(
            "SELECT coalesce(sum(length(body)), 0) FROM posting
             WHERE segment = ?1 AND key = ?2 AND bucket BETWEEN ?3 AND ?4",
        )?;
        let mut sum = 0;
        for segment in self.segments()?.iter() {
            sum += select
                .query_row(params![segment, key, buckets.start(), buckets.end()], |row| row.get::<_, i64>(0))?
                as usize;
        }
        Ok(sum)
    }

    /// Calls `each` with the texts that hold a key, of these buckets, in no particular order.
    pub(crate) fn postings(
        &self,
        key: i64,
        buckets: &RangeInclusive<u8>,
        mut each: impl FnMut(Candidate),
    ) -> Result<(), MemoryError> {
        let mut select =
            self.cached("SELECT body FROM posting WHERE segment = ?1 AND key = ?2 AND bucket BETWEEN ?3 AND ?4")?;
        for segment in self.segments()?.iter() {
            let mut rows = select.query(params![segment, key, buckets.start(), buckets.end()])?;
            while let Some(row) = rows.next()? {
                candidates(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?).for_each(&mut each);
            }
        }
        Ok(())
    }

    /// A text by its number.
    pub(crate) fn text(&self, id: u32) -> Result<Option<String>, MemoryError> {
        Ok(self.cached("SELECT body FROM text WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Calls `each` with every text of a language, by number, while it answers `true`.
    pub(crate) fn texts(
        &self,
        language: Language,
        mut each: impl FnMut(u32, &str) -> Result<bool, MemoryError>,
    ) -> Result<(), MemoryError> {
        let Some(number) = self.number(language)? else { return Ok(()) };
        let mut select = self.cached("SELECT id, body FROM text WHERE language = ?1 ORDER BY id")?;
        let mut rows = select.query([number])?;
        while let Some(row) = rows.next()? {
            if !each(row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)? {
                break;
            }
        }
        Ok(())
    }

    /// The languages of the memory, in the order they were first met.
    pub fn languages(&self) -> Result<Vec<Language>, MemoryError> {
        let mut select = self.cached("SELECT id FROM language ORDER BY id")?;
        let numbers = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        numbers.into_iter().map(|number| self.languages.borrow_mut().tag(&self.db, number)).collect()
    }

    /// The units a text stands in, by number; pending ones only where asked for.
    pub(crate) fn places(&self, text: u32, pending: bool) -> Result<Vec<Place>, MemoryError> {
        let mut select = self.cached(
            "SELECT DISTINCT unit FROM variant JOIN unit ON unit.id = variant.unit
             WHERE variant.text = ?1 AND (?2 OR unit.state > 0) ORDER BY unit",
        )?;
        let mut rows = select.query(params![text, pending])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let found = stored_unit(&self.db, &mut self.languages.borrow_mut(), row.get(0)?)?;
            out.extend(found.map(|found| Place { id: UnitId(found.id), unit: found.unit }));
        }
        Ok(out)
    }
}
