//! Seals: hashes of what rows hold, so that a check finds what was changed behind SQLite's back. SQLite itself has no
//! checksums: a flipped byte in a text is a text to it (<https://www.sqlite.org/cksumvfs.html>).
//!
//! A unit's texts, codes, notes and context are under its own hash (`record::hash`); its seal covers the rest.

use super::{StoredSet, hash::StableHash, record};
use crate::model::Unit;
use jiff::Timestamp;
use rusqlite::Row;

pub(super) fn of(parts: &[&[u8]]) -> i64 {
    let mut hash = StableHash::new();
    parts.iter().for_each(|part| hash.bytes(part));
    hash.finish()
}

/// What the memory knows of a unit beyond what makes it the same as another. The set it belongs to is not in it: that
/// the database holds together itself.
pub(super) fn of_unit(unit: &Unit, date: Timestamp, revision: i64) -> i64 {
    let mut hash = StableHash::new();
    hash.bytes(unit.origin.name.as_bytes());
    hash.bytes(&date.as_nanosecond().to_le_bytes());
    hash.number(unit.origin.score.map_or(u64::MAX, |score| f64::from(score).to_bits()));
    for number in [record::state_number(unit.state), record::provenance_number(unit.origin.provenance), revision] {
        hash.number(number as u64);
    }
    hash.finish()
}

pub(super) fn of_set(set: &StoredSet) -> i64 {
    of(&[set.name.as_bytes(), set.fingerprint.as_bytes(), set.body.as_bytes()])
}

/// The columns of a batch that [`row`] hashes.
pub(super) const BATCH: &str = "note, who, made, coalesce(undoes, 0), coalesce(part_of, 0), added, changed, removed";

/// The seal of a row of [`BATCH`].
pub(super) fn row(row: &Row<'_>) -> rusqlite::Result<i64> {
    let mut hash = StableHash::new();
    for column in 0..2 {
        hash.bytes(row.get_ref(column)?.as_str()?.as_bytes());
    }
    for column in 2..8 {
        hash.number(row.get::<_, i64>(column)? as u64);
    }
    Ok(hash.finish())
}
