//! The index of candidates: which texts may be like a query, and how like at most.
//!
//! Texts of the same words share a **skeleton**: they differ in numbers, case, punctuation at most, so that ninety
//! thousand fillings of a template are one. A skeleton holds an **entry** a text, the unit and variant it stands in
//! with a sketch of it. For each **key** (a stem with its occurrence in the text, or the class of all numbers) a list
//! tells the skeletons that hold it. Keys are hashes: two that meet by chance only make a bound too high, and each
//! text is read before it is scored.
//!
//! Skeletons and lists lie in **segments**, each of one language and complete in itself. Skeletons are numbered by
//! their length, so a list is sorted by length too. New texts make new segments, and segments of one size are merged.
//! The words met in a language lie there too, for who looks for a part of a word.
//! A unit that is changed or removed leaves stale entries, which merging drops; a reader meets the unit as it is now
//! and scores that, so they cost time and never an answer.
//!
//! - `sketch` is what the index keeps of a text, `block` the bytes, `gather` makes segments, `merge` merges them.

mod block;
mod check;
mod gather;
mod merge;
mod sketch;

pub(crate) use block::{A_BLOCK, Entry, Head, Kind, Skeleton, lists, skeleton_at};
pub(super) use check::check;
pub(crate) use sketch::{
    Letters, SIGN, Sign, Sketch, Step, WORD, key, length, shortened, size, skeleton_number, unfolded,
};

use super::{MemoryError, seal};
use crate::lang::Language;
use gather::{Chunk, Gatherer, Segment, Worker};
use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;

/// Of how texts become sketches and keys; an index of another method is made anew.
pub(super) const METHOD: &str = "5";

/// Texts handed to the worker at once, in bytes; a write with less needs no worker.
const CHUNK: usize = 256 << 10;

/// Entries of a large write.
const LARGE: u64 = 10_000;

/// Gathers the texts of a write and puts segments of them into the file.
#[derive(Debug, Default)]
pub(super) struct Builder {
    chunks: Vec<(Language, Chunk)>,
    worker: Option<Worker>,
    /// Entries written.
    wrote: u64,
}

impl Builder {
    /// Notes a variant.
    pub fn add(
        &mut self,
        db: &Connection,
        unit: i64,
        number: usize,
        language: Language,
        text: &str,
    ) -> Result<(), MemoryError> {
        let unit = u32::try_from(unit).map_err(|_| MemoryError::TooMany)?;
        let number = u32::try_from(number).map_err(|_| MemoryError::TooMany)?;
        let at = match self.chunks.iter().position(|(known, _)| *known == language) {
            Some(at) => at,
            None => {
                self.chunks.push((language, Chunk::default()));
                self.chunks.len() - 1
            }
        };
        let chunk = &mut self.chunks[at].1;
        chunk.push(unit, number, text);
        if chunk.size() >= CHUNK {
            let chunk = std::mem::take(chunk);
            let worker = self.worker.get_or_insert_with(|| Worker::new(Gatherer::default()));
            worker.add(language, chunk);
            while let Some(segment) = self.worker.as_ref().and_then(Worker::ready) {
                self.write(db, &segment)?;
            }
        }
        Ok(())
    }

    /// What the index says of a unit so far is no longer so.
    pub fn forget(&mut self, db: &Connection, unit: i64) -> Result<(), MemoryError> {
        let held = u32::try_from(unit).is_ok_and(|unit| self.chunks.iter().any(|(_, chunk)| chunk.holds(unit)));
        if held || self.worker.is_some() {
            self.flush(db)?; // so that the segment its entries are in is told
        }
        let last = next_segment(db)? - 1;
        db.prepare_cached("INSERT OR REPLACE INTO stale (unit, segment) VALUES (?1, ?2)")?.execute([unit, last])?;
        Ok(())
    }

    /// Writes what is held and merges segments where many have gathered.
    pub fn finish(&mut self, db: &Connection) -> Result<(), MemoryError> {
        self.flush(db)?;
        let wrote = std::mem::take(&mut self.wrote);
        if wrote == 0 {
            return Ok(());
        }
        let all: i64 = db.query_row("SELECT sum(entries) FROM segment", [], |row| row.get(0))?;
        // A write that made a good part of the index pays for making it whole.
        if wrote >= LARGE && wrote >= all as u64 / 4 {
            return compact(db);
        }
        while let Some(segments) = merge::crowded(db, merge::FAN)? {
            merge::merge(db, &segments)?;
        }
        tidy(db)
    }

    fn flush(&mut self, db: &Connection) -> Result<(), MemoryError> {
        let chunks = std::mem::take(&mut self.chunks);
        match self.worker.take() {
            Some(mut worker) => {
                chunks.into_iter().for_each(|(language, chunk)| worker.add(language, chunk));
                for segment in worker.end() {
                    self.write(db, &segment)?;
                }
            }
            None => {
                let mut gatherer = Gatherer::default();
                let mut segments = Vec::new();
                segments.extend(chunks.iter().filter_map(|(language, chunk)| gatherer.add(*language, chunk)));
                segments.extend(gatherer.rest());
                segments.iter().try_for_each(|segment| self.write(db, segment))?;
            }
        }
        Ok(())
    }

    fn write(&mut self, db: &Connection, segment: &Segment) -> Result<(), MemoryError> {
        let id = next_segment(db)?;
        for (kind, number, body) in segment.blocks.iter() {
            insert_block(db, id, kind, number, body)?;
        }
        let language: i64 = db
            .prepare_cached("SELECT id FROM language WHERE tag = ?1")?
            .query_row([segment.language.as_str()], |row| row.get(0))?;
        insert_head(db, id, language, &segment.head)?;
        self.wrote += segment.head.entries;
        while let Some(segments) = merge::crowded(db, merge::WIDE)? {
            merge::merge(db, &segments)?;
        }
        Ok(())
    }
}

/// Makes the index anew from the units.
pub(super) fn rebuild(db: &Connection) -> Result<(), MemoryError> {
    db.execute_batch(
        "DELETE FROM skeletons; DELETE FROM lists; DELETE FROM words; DELETE FROM signs; DELETE FROM segment; DELETE FROM stale;",
    )?;
    let mut languages = super::reader::Languages::default();
    let mut builder = Builder::default();
    let mut select = db.prepare("SELECT unit, number, language, text FROM variant ORDER BY unit, number")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let language = languages.tag(db, row.get(2)?)?;
        let text = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        builder.add(db, row.get(0)?, row.get::<_, i64>(1)? as usize, language, text)?;
    }
    builder.finish(db)?;
    compact(db)?;
    db.execute("INSERT OR REPLACE INTO fact (name, value) VALUES ('index', ?1)", [METHOD])?;
    Ok(())
}

/// Merges the segments of each language into one.
pub(super) fn compact(db: &Connection) -> Result<(), MemoryError> {
    merge::scattered(db)?.iter().try_for_each(|segments| merge::merge(db, segments))?;
    tidy(db)
}

/// Whether the index was made by [`METHOD`].
pub(super) fn current(db: &Connection) -> Result<bool, MemoryError> {
    let method: Option<String> =
        db.query_row("SELECT value FROM fact WHERE name = 'index'", [], |row| row.get(0)).optional()?;
    Ok(method.as_deref() == Some(METHOD))
}

/// Forgets what was stale in segments that are gone.
fn tidy(db: &Connection) -> Result<(), MemoryError> {
    db.execute("DELETE FROM stale WHERE segment < (SELECT coalesce(min(id), 9223372036854775807) FROM segment)", [])?;
    Ok(())
}

/// The number under which a block of a segment lies.
pub(super) fn block_id(segment: i64, number: u32) -> i64 {
    segment << 32 | i64::from(number)
}

/// Reads the block of a number.
pub(super) fn select_block(kind: Kind) -> &'static str {
    match kind {
        Kind::Skeletons => "SELECT body FROM skeletons WHERE id = ?1",
        Kind::Lists => "SELECT body FROM lists WHERE id = ?1",
        Kind::Words => "SELECT body FROM words WHERE id = ?1",
        Kind::Signs => "SELECT body FROM signs WHERE id = ?1",
    }
}

fn insert_block(db: &Connection, segment: i64, kind: Kind, number: u32, body: &[u8]) -> Result<(), MemoryError> {
    let sql = match kind {
        Kind::Skeletons => "INSERT INTO skeletons (id, body, seal) VALUES (?1, ?2, ?3)",
        Kind::Lists => "INSERT INTO lists (id, body, seal) VALUES (?1, ?2, ?3)",
        Kind::Words => "INSERT INTO words (id, body, seal) VALUES (?1, ?2, ?3)",
        Kind::Signs => "INSERT INTO signs (id, body, seal) VALUES (?1, ?2, ?3)",
    };
    db.prepare_cached(sql)?.execute(params![block_id(segment, number), body, seal::of(&[body])])?;
    Ok(())
}

fn insert_head(db: &Connection, segment: i64, language: i64, head: &Head) -> Result<(), MemoryError> {
    db.prepare_cached(
        "INSERT INTO segment (id, language, skeletons, entries, lengths, lists, words, seal)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        segment,
        language,
        head.skeletons,
        head.entries as i64,
        head.lengths_body(),
        head.lists_body(),
        head.words,
        head.seal()
    ])?;
    Ok(())
}

impl Head {
    fn seal(&self) -> i64 {
        let numbers = [u64::from(self.skeletons), self.entries, u64::from(self.words)].map(u64::to_le_bytes);
        seal::of(&[&self.lengths_body(), &self.lists_body(), numbers.as_flattened()])
    }
}

/// The number the next segment gets: never one that was in use.
fn next_segment(db: &Connection) -> Result<i64, MemoryError> {
    let last: Option<i64> = db
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'segment'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0) + 1)
}

fn delete(db: &Connection, segment: i64) -> Result<(), MemoryError> {
    let blocks = [block_id(segment, 0), block_id(segment, u32::MAX)];
    db.prepare_cached("DELETE FROM skeletons WHERE id BETWEEN ?1 AND ?2")?.execute(blocks)?;
    db.prepare_cached("DELETE FROM lists WHERE id BETWEEN ?1 AND ?2")?.execute(blocks)?;
    db.prepare_cached("DELETE FROM words WHERE id BETWEEN ?1 AND ?2")?.execute(blocks)?;
    db.prepare_cached("DELETE FROM signs WHERE id BETWEEN ?1 AND ?2")?.execute(blocks)?;
    db.prepare_cached("DELETE FROM segment WHERE id = ?1")?.execute([segment])?;
    Ok(())
}

/// The heads of these segments.
pub(super) fn heads(db: &Connection, segments: &[i64]) -> Result<Vec<Head>, MemoryError> {
    let mut select =
        db.prepare_cached("SELECT skeletons, entries, lengths, lists, words FROM segment WHERE id = ?1")?;
    segments
        .iter()
        .map(|segment| {
            Ok(select.query_row([segment], |row| {
                let blob = |at| row.get_ref(at)?.as_blob().map_err(rusqlite::Error::from);
                Ok(Head::read(row.get(0)?, row.get::<_, i64>(1)? as u64, blob(2)?, blob(3)?, row.get(4)?))
            })?)
        })
        .collect()
}

/// Units of which the segments up to the one named no longer hold.
fn stale(db: &Connection) -> Result<FxHashMap<u32, i64>, MemoryError> {
    let mut select = db.prepare_cached("SELECT unit, segment FROM stale")?;
    let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)? as u32, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
