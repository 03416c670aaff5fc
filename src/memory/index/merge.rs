//! Many segments to one: a log-structured merge tree (O'Neil et al. 1996), so that an import writes in order and a
//! single unit writes little.

use super::{
    block::{Composer, Entry, Head, Kind, List, Sink, Skeleton, next_list, next_skeleton},
    delete, heads, insert_block, insert_head,
};
use crate::memory::MemoryError;
use rusqlite::{CachedStatement, Connection};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// Segments of one size and language that are merged into the next.
pub(super) const FAN: usize = 8;

/// The same in the middle of a write, which merges once more when it ends.
pub(super) const WIDE: usize = 24;

/// Segments of one size, where there are enough of them to merge.
pub(super) fn crowded(db: &Connection, fan: usize) -> Result<Option<Vec<i64>>, MemoryError> {
    let mut select = db.prepare_cached("SELECT id, language, entries FROM segment ORDER BY id")?;
    let mut tiers: std::collections::BTreeMap<(i64, u32), Vec<i64>> = std::collections::BTreeMap::new();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let size: i64 = row.get(2)?;
        tiers.entry((row.get(1)?, (size.max(1) as u64).ilog(FAN as u64))).or_default().push(row.get(0)?);
    }
    Ok(tiers.into_values().find(|segments| segments.len() >= fan))
}

/// All segments of each language that has several.
pub(super) fn scattered(db: &Connection) -> Result<Vec<Vec<i64>>, MemoryError> {
    let mut select = db.prepare_cached("SELECT id, language FROM segment ORDER BY id")?;
    let mut found: std::collections::BTreeMap<i64, Vec<i64>> = std::collections::BTreeMap::new();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        found.entry(row.get(1)?).or_default().push(row.get(0)?);
    }
    Ok(found.into_values().filter(|segments| segments.len() > 1).collect())
}

/// Blocks go straight to the file.
struct Stored<'d> {
    db: &'d Connection,
    segment: i64,
}

impl Sink for Stored<'_> {
    type Error = MemoryError;

    fn block(&mut self, kind: Kind, number: u32, body: &[u8]) -> Result<(), MemoryError> {
        insert_block(self.db, self.segment, kind, number, body)
    }
}

/// A segment's skeletons or lists in order, read block by block.
struct Walk<'d> {
    select: CachedStatement<'d>,
    kind: Kind,
    segment: i64,
    next: u32,
    end: u32,
    block: Vec<u8>,
    /// Where in the block the present one begins, and the key before it.
    at: usize,
    key: u32,
    /// The number of the present skeleton, or the key of the present list: what segments are merged by.
    order: Option<u64>,
}

impl<'d> Walk<'d> {
    fn new(db: &'d Connection, segment: i64, kind: Kind, head: &Head) -> Result<Walk<'d>, MemoryError> {
        let select = db.prepare_cached(super::select_block(kind))?;
        let end = head.blocks_of(kind);
        let mut walk = Walk { select, kind, segment, next: 0, end, block: Vec::new(), at: 0, key: 0, order: None };
        walk.settle()?;
        Ok(walk)
    }

    /// Reads the next block where the present one is used up.
    fn settle(&mut self) -> Result<(), MemoryError> {
        while self.at >= self.block.len() && self.next < self.end {
            (self.at, self.key) = (0, 0);
            self.block.clear();
            let mut rows = self.select.query([super::block_id(self.segment, self.next)])?;
            if let Some(row) = rows.next()? {
                self.block.extend(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
            }
            self.next += 1;
        }
        self.order = match self.kind {
            Kind::Skeletons => self.skeleton().map(|found| found.number),
            Kind::Lists => self.list().map(|found| u64::from(found.key)),
            Kind::Words | Kind::Signs => None,
        };
        Ok(())
    }

    fn skeleton(&self) -> Option<Skeleton<'_>> {
        next_skeleton(&mut &self.block[self.at..])
    }

    fn list(&self) -> Option<List<'_>> {
        next_list(&mut &self.block[self.at..], self.key)
    }

    /// The present word; the line feed before it is at the present place.
    fn word(&self) -> Option<&[u8]> {
        let rest = self.block.get(self.at + 1..)?;
        rest.iter().position(|byte| *byte == b'\n').map(|end| &rest[..end])
    }

    fn pass_word(&mut self) -> Result<(), MemoryError> {
        let length = self.word().map_or(0, <[u8]>::len);
        self.at += length + 1;
        if self.at + 1 >= self.block.len() {
            self.at = self.block.len();
        }
        self.settle()
    }

    fn pass_skeleton(&mut self) -> Result<(), MemoryError> {
        let mut rest = &self.block[self.at..];
        next_skeleton(&mut rest);
        self.at = self.block.len() - rest.len();
        self.settle()
    }

    fn pass_list(&mut self) -> Result<(), MemoryError> {
        let mut rest = &self.block[self.at..];
        self.key = next_list(&mut rest, self.key).map_or(0, |list| list.key);
        self.at = self.block.len() - rest.len();
        self.settle()
    }
}

/// A gone skeleton in the table of new places.
const GONE: u32 = u32::MAX;

/// Merges segments of one language into one, leaving out what is stale.
pub(super) fn merge(db: &Connection, segments: &[i64]) -> Result<(), MemoryError> {
    let heads = heads(db, segments)?;
    let stale = super::stale(db)?;
    let language = db.query_row("SELECT language FROM segment WHERE id = ?1", [segments[0]], |row| row.get(0))?;
    let segment = super::next_segment(db)?;
    let mut composer = Composer::new(Stored { db, segment });
    let places = merge_skeletons(db, segments, &heads, &stale, &mut composer)?;
    merge_lists(db, segments, &heads, &places, &mut composer)?;
    composer.lists_end()?;
    merge_words(db, segments, &heads, &mut composer)?;
    let (_, head) = composer.end()?;
    segments.iter().try_for_each(|old| delete(db, *old))?;
    insert_head(db, segment, language, &head)
}

/// Returns for each segment the new place of each of its skeletons.
fn merge_skeletons(
    db: &Connection,
    segments: &[i64],
    heads: &[Head],
    stale: &FxHashMap<u32, i64>,
    composer: &mut Composer<Stored<'_>>,
) -> Result<Vec<Vec<u32>>, MemoryError> {
    let mut walks = Vec::new();
    for (segment, head) in segments.iter().zip(heads) {
        walks.push(Walk::new(db, *segment, Kind::Skeletons, head)?);
    }
    let mut places: Vec<Vec<u32>> = heads.iter().map(|head| Vec::with_capacity(head.skeletons as usize)).collect();
    let mut same: Vec<usize> = Vec::new();
    let fresh = |segment: i64, entry: &Entry<'_>| stale.get(&entry.unit).is_none_or(|until| segment > *until);
    loop {
        same.clear();
        let mut least: Option<Skeleton<'_>> = None;
        let Some(first) = walks.iter().filter_map(|walk| walk.order).min() else { break };
        for (at, walk) in walks.iter().enumerate().filter(|(_, walk)| walk.order == Some(first)) {
            let Some(found) = walk.skeleton() else { continue };
            let order = least.map_or(Ordering::Less, |l| (found.number, found.words).cmp(&(l.number, l.words)));
            match order {
                Ordering::Less => {
                    least = Some(found);
                    same.clear();
                    same.push(at);
                }
                Ordering::Equal => same.push(at),
                Ordering::Greater => {}
            }
        }
        let Some(least) = least else { break };
        let of = |at: &usize| {
            let entries = walks[*at].skeleton().into_iter().flat_map(|found| found.entries());
            let segment = segments[*at];
            entries.filter(move |entry| fresh(segment, entry))
        };
        let mut entries: Vec<Entry<'_>> = same.iter().flat_map(of).collect();
        entries.sort_by_key(|entry| (entry.unit, entry.number));
        entries.dedup_by_key(|entry| (entry.unit, entry.number));
        let place = match entries.is_empty() {
            true => GONE,
            false => composer.skeleton(least.number, least.words, entries.into_iter())?,
        };
        for at in &same {
            places[*at].push(place);
            walks[*at].pass_skeleton()?;
        }
    }
    composer.skeletons_end()?;
    Ok(places)
}

fn merge_lists(
    db: &Connection,
    segments: &[i64],
    heads: &[Head],
    places: &[Vec<u32>],
    composer: &mut Composer<Stored<'_>>,
) -> Result<(), MemoryError> {
    let mut walks = Vec::new();
    for (segment, head) in segments.iter().zip(heads) {
        walks.push(Walk::new(db, *segment, Kind::Lists, head)?);
    }
    let mut merged: Vec<u32> = Vec::new();
    while let Some(order) = walks.iter().filter_map(|walk| walk.order).min() {
        let key = order as u32;
        merged.clear();
        let mut runs = 0;
        for (walk, places) in walks.iter_mut().zip(places).filter(|(walk, _)| walk.order == Some(order)) {
            let before = merged.len();
            while let Some(list) = walk.list().filter(|list| list.key == key) {
                let new = list.skeletons().filter_map(|old| places.get(old as usize).copied());
                merged.extend(new.filter(|place| *place != GONE));
                walk.pass_list()?;
            }
            runs += usize::from(merged.len() > before);
        }
        if runs > 1 {
            merged.sort(); // of sorted runs, which this sort finds
            merged.dedup();
        }
        composer.list(key, &merged)?;
    }
    Ok(())
}

fn merge_words(
    db: &Connection,
    segments: &[i64],
    heads: &[Head],
    composer: &mut Composer<Stored<'_>>,
) -> Result<(), MemoryError> {
    let mut walks = Vec::new();
    for (segment, head) in segments.iter().zip(heads) {
        walks.push(Walk::new(db, *segment, Kind::Words, head)?);
    }
    while let Some(least) = walks.iter().filter_map(Walk::word).min() {
        let word = least.to_vec();
        composer.word(&word)?;
        for walk in &mut walks {
            if walk.word() == Some(&word) {
                walk.pass_word()?;
            }
        }
    }
    Ok(())
}
