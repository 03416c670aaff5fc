//! Whether the index leads to every variant, by every key, and to nothing else.
//!
//! The quick way looks at the seals of its blocks, so that they are what was written, and compares what stands in them
//! of each variant with its text as far as that needs no analysis: that it is there, once, and with which letters. The
//! thorough way analyses every text anew and compares all of it.

use super::{Head, Kind, Letters, Sketch, heads, lists, select_block, stale};
use crate::{
    lang::Language,
    memory::{MemoryError, hash::StableHash, reader::Languages, seal, words::Analyser},
};
use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension};
use rustc_hash::FxHashMap;

/// Problems with single units that are told one by one.
const TOLD: usize = 20;

/// Compares what the index says of each unit with what its texts say, as sums of hashes.
pub(in crate::memory) fn check(
    db: &Connection,
    thorough: bool,
    mut problem: impl FnMut(String),
) -> Result<(), MemoryError> {
    if !super::current(db)? {
        problem("the index is that of another version".to_owned());
        return Ok(());
    }
    // Blocks of an index made before there were seals can only be compared with the texts.
    let (broken, unsealed) = sealed(db)?;
    if broken > 0 {
        problem(format!("{broken} parts of the index are missing or not as they were written"));
        return Ok(());
    }
    let thorough = thorough || unsealed;
    let last: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM unit", [], |row| row.get(0))?;
    let mut sums = vec![0u64; usize::try_from(last).unwrap_or(0) + 1];
    let mut strays = 0u64;
    indexed(db, thorough, |unit, hash| match sums.get_mut(unit as usize) {
        Some(sum) => *sum = sum.wrapping_add(hash),
        None => strays += 1,
    })?;
    texts(db, thorough, |unit, hash| {
        if let Some(sum) = usize::try_from(unit).ok().and_then(|unit| sums.get_mut(unit)) {
            *sum = sum.wrapping_sub(hash);
        }
    })?;
    let wrong: Vec<usize> = (0..sums.len()).filter(|unit| sums[*unit] != 0).collect();
    for unit in wrong.iter().take(TOLD) {
        problem(format!("the index does not lead to unit {unit} as its texts say"));
    }
    if wrong.len() > TOLD {
        problem(format!("nor to {} more units", wrong.len() - TOLD));
    }
    if strays > 0 {
        problem(format!("the index leads {strays} times to units that were never there"));
    }
    Ok(())
}

/// How many heads and blocks are missing or not as they were written, and whether any has no seal.
fn sealed(db: &Connection) -> Result<(usize, bool), MemoryError> {
    let (mut broken, mut unsealed) = (0, false);
    let mut told = |kept: Option<i64>, found: i64| match kept {
        Some(kept) => broken += usize::from(kept != found),
        None => unsealed = true,
    };
    let mut select = db.prepare("SELECT id, seal FROM segment ORDER BY id")?;
    let segments: Vec<(i64, Option<i64>)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut missing = 0;
    for (segment, kept) in segments {
        let head: Head = heads(db, &[segment])?.remove(0);
        told(kept, head.seal());
        for kind in [Kind::Skeletons, Kind::Lists, Kind::Words, Kind::Signs] {
            let mut select = db.prepare_cached(&select_block(kind).replace("SELECT body", "SELECT seal, body"))?;
            for number in 0..head.blocks_of(kind) {
                let of_block = |row: &rusqlite::Row<'_>| {
                    Ok((row.get::<_, Option<i64>>(0)?, seal::of(&[row.get_ref(1)?.as_blob()?])))
                };
                match select.query_row([super::block_id(segment, number)], of_block).optional()? {
                    Some((kept, found)) => told(kept, found),
                    None => missing += 1,
                }
            }
        }
    }
    Ok((broken + missing, unsealed))
}

/// Calls `each` with the unit and the hash of every entry that is not stale.
fn indexed(db: &Connection, thorough: bool, mut each: impl FnMut(u32, u64)) -> Result<(), MemoryError> {
    let stale = stale(db)?;
    let mut select = db.prepare("SELECT id, language FROM segment ORDER BY id")?;
    let segments: Vec<(i64, i64)> =
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (segment, language) in segments {
        let head = heads(db, &[segment])?.remove(0);
        let blocks = |kind: Kind, each: &mut dyn FnMut(&[u8])| -> Result<(), MemoryError> {
            let mut select = db.prepare_cached(select_block(kind))?;
            for number in 0..head.blocks_of(kind) {
                let mut rows = select.query([super::block_id(segment, number)])?;
                if let Some(row) = rows.next()? {
                    each(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
                }
            }
            Ok(())
        };
        let mut keys = vec![0u64; if thorough { head.skeletons as usize } else { 0 }];
        if thorough {
            blocks(Kind::Lists, &mut |body| {
                for list in lists(body) {
                    let hash = of_key(list.key);
                    for skeleton in list.skeletons() {
                        if let Some(sum) = keys.get_mut(skeleton as usize) {
                            *sum = sum.wrapping_add(hash);
                        }
                    }
                }
            })?;
        }
        let mut place = 0;
        blocks(Kind::Skeletons, &mut |body| {
            for skeleton in super::block::skeletons(body) {
                let sum = keys.get(place).copied().unwrap_or(0);
                place += 1;
                for entry in skeleton.entries() {
                    if stale.get(&entry.unit).is_none_or(|until| segment > *until) {
                        let quick = [u64::from(entry.number), entry.letters.0[0], entry.letters.0[1]];
                        let hash = match thorough {
                            false => of_entry(language, &quick),
                            true => {
                                let shape = of_shape(skeleton.words, entry.rhythm);
                                of_entry(language, &[&quick[..], &[skeleton.number, shape, sum]].concat())
                            }
                        };
                        each(entry.unit, hash);
                    }
                }
            }
        })?;
    }
    Ok(())
}

/// Texts analysed at a time, on all cores.
const PORTION: usize = 4_096;

/// A variant as far as the index minds it.
struct Text {
    unit: i64,
    number: i64,
    language: (i64, Language),
    body: String,
}

/// Calls `each` with the unit and the hash of every variant.
fn texts(db: &Connection, thorough: bool, mut each: impl FnMut(i64, u64)) -> Result<(), MemoryError> {
    let mut languages = Languages::default();
    let mut select = db.prepare("SELECT unit, number, language, text FROM variant ORDER BY unit, number")?;
    let mut rows = select.query([])?;
    if !thorough {
        while let Some(row) = rows.next()? {
            let letters = Letters::of(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?);
            let quick = [row.get::<_, i64>(1)? as u64, letters.0[0], letters.0[1]];
            each(row.get(0)?, of_entry(row.get(2)?, &quick));
        }
        return Ok(());
    }
    let mut portion: Vec<Text> = Vec::with_capacity(PORTION);
    // One a thread, from the first portion to the last: they know the words they have met.
    let mut analysers: Vec<FxHashMap<Language, Analyser>> = Vec::new();
    analysers.resize_with(rayon::current_num_threads(), FxHashMap::default);
    let mut analysed = |portion: &mut Vec<Text>| {
        let share = portion.len().div_ceil(analysers.len()).max(1);
        let shares: Vec<Vec<(i64, u64)>> = portion
            .par_chunks(share)
            .zip(analysers.par_iter_mut())
            .map(|(texts, analysers)| texts.iter().map(|text| (text.unit, text.hash(analysers))).collect())
            .collect();
        portion.clear();
        shares.into_iter().flatten().for_each(|(unit, hash)| each(unit, hash));
    };
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(2)?;
        let language = (number, languages.tag(db, number)?);
        portion.push(Text { unit: row.get(0)?, number: row.get(1)?, language, body: row.get(3)? });
        if portion.len() == PORTION {
            analysed(&mut portion);
        }
    }
    analysed(&mut portion);
    Ok(())
}

impl Text {
    fn hash(&self, analysers: &mut FxHashMap<Language, Analyser>) -> u64 {
        let (number, language) = self.language;
        let analyser = analysers.entry(language).or_insert_with(|| Analyser::new(language));
        let mut sketch = Sketch::new(&analyser.words(&self.body), &self.body);
        sketch.keys.sort_unstable();
        sketch.keys.dedup();
        let sum = sketch.keys.iter().fold(0u64, |sum, key| sum.wrapping_add(of_key(*key)));
        let shape = of_shape(&sketch.words, &sketch.rhythm);
        let [first, second] = sketch.letters.0;
        of_entry(number, &[self.number as u64, first, second, sketch.skeleton, shape, sum])
    }
}

fn of_key(key: u32) -> u64 {
    let mut hash = StableHash::new();
    hash.number(u64::from(key));
    hash.finish() as u64
}

fn of_shape(words: &[u8], rhythm: &[u8]) -> u64 {
    let mut hash = StableHash::new();
    hash.bytes(words);
    hash.bytes(rhythm);
    hash.finish() as u64
}

fn of_entry(language: i64, parts: &[u64]) -> u64 {
    let mut hash = StableHash::new();
    hash.number(language as u64);
    parts.iter().for_each(|part| hash.number(*part));
    hash.finish() as u64
}
