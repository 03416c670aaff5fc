//! The writing side: one open transaction, what it did counted and kept for undoing.

use super::{
    BatchId, MemoryError, StoredSet,
    index::Builder,
    journal,
    old_set::OldSet,
    reader::{FoundUnit, Languages, UNIT_COLUMNS, read_set, read_unit, stored_unit},
    record::{self, Date, StoredUnit},
    seal,
};
use crate::{
    lang::Language,
    model::{Provenance, Unit, UnitId},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What became of a unit that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    New(UnitId),
    /// An equal unit was there already.
    Same(UnitId),
}

impl Added {
    pub fn id(self) -> UnitId {
        match self {
            Added::New(id) | Added::Same(id) => id,
        }
    }
}

/// What storing a set changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SetCounts {
    pub added: usize,
    /// Units that have other texts now, and the same number.
    pub changed: usize,
    pub removed: usize,
    pub kept: usize,
}

/// The things the history keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unit = 1,
    Set = 2,
    Concept = 3,
    /// A finding let stand.
    Finding = 4,
    /// What is said of a release.
    Release = 5,
    /// The head of an imported file.
    File = 6,
    /// What is known of units from outside.
    Quarantine = 7,
    /// Somebody with a token.
    Person = 8,
    /// A proposal for the glossary that was refused.
    Suggestion = 9,
}

/// A batch being written; see [`super::Memory::write`].
pub struct Batch<'t> {
    pub(super) db: &'t Connection,
    pub(super) id: i64,
    /// The batch it goes on with, else itself: under this number it is undone.
    first: i64,
    pub(super) now: Timestamp,
    /// It undoes another one, and so is kept though it should change nothing.
    undoes: bool,
    pub(super) languages: Languages,
    index: Builder,
}

impl<'t> Batch<'t> {
    pub(super) fn begin(
        db: &'t Connection,
        note: &str,
        now: Timestamp,
        who: &str,
        undoes: Option<BatchId>,
    ) -> Result<Batch<'t>, MemoryError> {
        Batch::made(db, (note, who), now, undoes, None)
    }

    fn made(
        db: &'t Connection,
        (note, who): (&str, &str),
        now: Timestamp,
        undoes: Option<BatchId>,
        part_of: Option<i64>,
    ) -> Result<Batch<'t>, MemoryError> {
        let made = now.as_nanosecond() as i64;
        db.prepare_cached("INSERT INTO batch (made, who, note, undoes, part_of) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![made, who, note, undoes.map(|batch| batch.0), part_of])?;
        let id = db.last_insert_rowid();
        Ok(Batch::open(db, (id, part_of.unwrap_or(id)), now, undoes.is_some()))
    }

    /// Goes on with `batch` where that is still there, else begins one. Where others wrote since, the job goes on in a
    /// batch of its own that is a part of the first: the history is in the order of its batches. One undone meanwhile
    /// does not go on.
    pub(super) fn begin_part(
        db: &'t Connection,
        batch: Option<BatchId>,
        note: &str,
        now: Timestamp,
        who: &str,
    ) -> Result<Batch<'t>, MemoryError> {
        let known: Option<i64> = match batch {
            Some(BatchId(id)) if journal::stands(db, id)? => db
                .query_row("SELECT max(id) FROM batch WHERE id = ?1 OR part_of = ?1", [id], |row| row.get(0))
                .optional()?
                .flatten(),
            _ => None,
        };
        let newest: Option<i64> = db.query_row("SELECT max(id) FROM batch", [], |row| row.get(0))?;
        match known {
            Some(id) if newest == Some(id) => Ok(Batch::open(db, (id, batch.map_or(id, |batch| batch.0)), now, false)),
            Some(_) => Batch::made(db, (note, who), now, None, batch.map(|batch| batch.0)),
            None => Batch::begin(db, note, now, who, None),
        }
    }

    fn open(db: &'t Connection, (id, first): (i64, i64), now: Timestamp, undoes: bool) -> Batch<'t> {
        Batch { db, id, first, now, undoes, languages: Languages::default(), index: Builder::default() }
    }

    /// Writes what is still in hand and the counts; a batch without changes leaves no trace. The number it can be
    /// undone under, if it left one.
    pub(super) fn end(mut self) -> Result<Option<BatchId>, MemoryError> {
        self.index.finish(self.db)?;
        let changed = self.db.execute(
            "UPDATE batch SET
               added   = (SELECT count(*) FROM change WHERE batch = ?1 AND kind = 1 AND before IS NULL),
               changed = (SELECT count(*) FROM change WHERE batch = ?1 AND kind = 1 AND before IS NOT NULL AND after IS NOT NULL),
               removed = (SELECT count(*) FROM change WHERE batch = ?1 AND kind = 1 AND after IS NULL)
             WHERE id = ?1 AND (?2 OR EXISTS (SELECT 1 FROM change WHERE batch = ?1))",
            params![self.id, self.undoes],
        )?;
        if changed == 0 {
            self.db.execute("DELETE FROM batch WHERE id = ?1", [self.id])?;
            return Ok(None);
        }
        let seal =
            self.db.query_row(&format!("SELECT {} FROM batch WHERE id = ?1", seal::BATCH), [self.id], seal::row)?;
        self.db.execute("UPDATE batch SET seal = ?2 WHERE id = ?1", [self.id, seal])?;
        Ok(Some(BatchId(self.first)))
    }

    /// The number under which this batch can be undone.
    pub fn id(&self) -> BatchId {
        BatchId(self.first)
    }

    /// The unit as it stands now, and the batch that gave it this form.
    pub fn unit(&mut self, id: UnitId) -> Result<Option<(Unit, BatchId)>, MemoryError> {
        let found = stored_unit(self.db, &mut self.languages, id.0)?;
        Ok(found.map(|found| (found.unit, BatchId(found.revision))))
    }

    /// Calls `each` with every text there is.
    pub fn texts(&mut self, mut each: impl FnMut(UnitId, Language, &str)) -> Result<(), MemoryError> {
        let mut select = self.db.prepare_cached("SELECT unit, language, text FROM variant")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let language = self.languages.tag(self.db, row.get(1)?)?;
            each(UnitId(row.get(0)?), language, row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    /// The set a unit belongs to.
    pub fn set_of(&mut self, id: UnitId) -> Result<Option<String>, MemoryError> {
        let mut select = self.db.prepare_cached("SELECT release FROM unit WHERE id = ?1")?;
        Ok(select.query_row([id.0], |row| row.get(0)).optional()?.flatten())
    }

    /// The fingerprint of the set of this name, if there is one.
    pub fn set_fingerprint(&mut self, name: &str) -> Result<Option<String>, MemoryError> {
        Ok(self.stored_set(name)?.map(|(_, set)| set.fingerprint))
    }

    /// Adds a unit, unless one that is equal in everything (texts, codes, attributes, props, notes, context,
    /// id) is there. An equal one in a lower state is raised to the new one's state. A unit without a date
    /// gets the batch's.
    ///
    /// # Errors
    /// A unit of fewer than two variants.
    pub fn add(&mut self, unit: &Unit) -> Result<Added, MemoryError> {
        let hash = record::hash(unit);
        if let Some(found) = self.equal(unit, hash)? {
            if found.unit.state < unit.state {
                let mut raised = found.unit.clone();
                raised.state = unit.state;
                raised.origin = unit.origin.clone();
                self.replace_found(found.id, &found, &raised)?;
            }
            return Ok(Added::Same(UnitId(found.id)));
        }
        self.insert(unit, hash, None).map(Added::New)
    }

    /// Puts `unit` in the place of the unit `id`; the old one goes to the history.
    pub fn replace(&mut self, id: UnitId, unit: &Unit) -> Result<(), MemoryError> {
        let found = self.found(id)?;
        self.replace_found(id.0, &found, unit)
    }

    /// Takes a unit out; it goes to the history.
    pub fn remove(&mut self, id: UnitId) -> Result<(), MemoryError> {
        let found = self.found(id)?;
        self.remove_found(found)
    }

    /// Stores a set and its units. A set that is in everything as stored is not touched; of a changed one the units
    /// that stay the same stay, with what people have edited in them. One of which a text stays is the same unit with another form: its number and its
    /// history stay. The others go, and new ones come.
    pub fn put_set<'u>(
        &mut self,
        set: &StoredSet,
        units: impl IntoIterator<Item = &'u Unit>,
    ) -> Result<SetCounts, MemoryError> {
        let old = self.stored_set(&set.name)?;
        let mut own = self.units_of(&set.name)?;
        if old.as_ref().is_some_and(|(_, old)| old == set) {
            return Ok(SetCounts { kept: own.len(), ..SetCounts::default() });
        }
        self.note_set(&set.name, old, Some((&set.body, self.id)), false)?;
        self.write_set(set, self.id)?;
        let mut counts = SetCounts::default();
        let mut seen: Vec<(i64, Vec<&Unit>)> = Vec::new();
        let mut at = FxHashMap::<i64, usize>::default();
        let mut fresh: Vec<(&Unit, i64)> = Vec::new();
        for unit in units {
            let hash = record::hash(unit);
            let slot = *at.entry(hash).or_insert_with(|| {
                seen.push((hash, Vec::new()));
                seen.len() - 1
            });
            if seen[slot].1.iter().any(|other| record::same(other, unit)) {
                continue;
            }
            seen[slot].1.push(unit);
            match own.get_mut(&hash).and_then(|list| {
                let read = |own: &OwnUnit| record::same(own.as_read.as_ref().unwrap_or(&own.found.unit), unit);
                let place = list.iter().position(read)?;
                Some(list.swap_remove(place))
            }) {
                // The documents say what they said, so what a person made of it stands.
                Some(OwnUnit { as_read: Some(_), .. }) => counts.kept += 1,
                Some(OwnUnit { found, .. }) => {
                    if found.unit.state != unit.state
                        || found.unit.origin != self.dated(&unit.origin, Some(&found.unit))
                    {
                        let mut new = unit.clone();
                        new.origin = self.dated(&unit.origin, Some(&found.unit));
                        self.replace_found(found.id, &found, &new)?;
                    }
                    counts.kept += 1;
                }
                None => fresh.push((unit, hash)),
            }
        }
        let mut gone: Vec<OwnUnit> = own.into_values().flatten().collect();
        gone.sort_by_key(|own| own.found.id);
        self.keep_edits(&mut gone, &mut fresh, &mut counts)?;
        let gone: Vec<FoundUnit> = gone.into_iter().map(|own| own.found).collect();
        let revised = revised(&gone, &fresh);
        let mut gone: Vec<Option<FoundUnit>> = gone.into_iter().map(Some).collect();
        for ((unit, hash), old) in fresh.into_iter().zip(revised) {
            match old.and_then(|at| gone[at].take()) {
                Some(old) => {
                    self.replace_found(old.id, &old, unit)?;
                    counts.changed += 1;
                }
                None => {
                    self.insert(unit, hash, Some(&set.name))?;
                    counts.added += 1;
                }
            }
        }
        for old in gone.into_iter().flatten() {
            self.remove_found(old)?;
            counts.removed += 1;
        }
        Ok(counts)
    }

    /// A unit that a person edited and of which the documents still say what they said is not made anew because it
    /// stands between other texts now: it gets its new neighbours and keeps its words.
    fn keep_edits(
        &mut self,
        gone: &mut Vec<OwnUnit>,
        fresh: &mut Vec<(&Unit, i64)>,
        counts: &mut SetCounts,
    ) -> Result<(), MemoryError> {
        if gone.iter().all(|own| own.as_read.is_none()) {
            return Ok(());
        }
        let mut left = Vec::with_capacity(fresh.len());
        for (unit, hash) in fresh.drain(..) {
            let says = |own: &OwnUnit| own.as_read.as_ref().is_some_and(|read| read.variants == unit.variants);
            let Some(place) = gone.iter().position(says) else {
                left.push((unit, hash));
                continue;
            };
            let own = gone.remove(place);
            let moved = Unit { context: unit.context.clone(), ..own.found.unit.clone() };
            self.replace_found(own.found.id, &own.found, &moved)?;
            counts.kept += 1;
        }
        *fresh = left;
        Ok(())
    }

    /// How the set of this name stands.
    pub fn set_state(&self, name: &str) -> Result<Option<SetState>, MemoryError> {
        set_state(self.db, name)
    }

    /// Takes out a set with its units; they go to the history. `false` where there is none of this name.
    pub fn remove_set(&mut self, name: &str) -> Result<bool, MemoryError> {
        let Some((revision, old)) = self.stored_set(name)? else { return Ok(false) };
        let mut own: Vec<FoundUnit> = self.units_of(name)?.into_values().flatten().map(|own| own.found).collect();
        own.sort_by_key(|found| found.id);
        own.into_iter().try_for_each(|found| self.remove_found(found))?;
        self.note_set(name, Some((revision, old)), None, false)?;
        self.db.execute("DELETE FROM release WHERE name = ?1", [name])?;
        Ok(true)
    }

    /// Keeps what an aligner learned for a pair of languages, in place of what was there. It can be learned anew from
    /// the sets, and so has no history.
    pub fn put_lexicon(&mut self, source: Language, target: Language, body: &[u8]) -> Result<(), MemoryError> {
        let source = self.languages.entered(self.db, source)?;
        let target = self.languages.entered(self.db, target)?;
        self.db
            .prepare_cached("INSERT OR REPLACE INTO lexicon (source, target, body, seal) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![source, target, body, seal::of(&[body])])?;
        Ok(())
    }

    /// Keeps a plain fact under a name, without history; `None` forgets it.
    pub fn put_fact(&mut self, name: &str, value: Option<&str>) -> Result<(), MemoryError> {
        match value {
            Some(value) => self
                .db
                .prepare_cached("INSERT OR REPLACE INTO fact (name, value, seal) VALUES (?1, ?2, ?3)")?
                .execute(params![name, value, seal::of(&[name.as_bytes(), value.as_bytes()])])?,
            None => self.db.prepare_cached("DELETE FROM fact WHERE name = ?1")?.execute([name])?,
        };
        Ok(())
    }

    fn dated(&self, origin: &crate::model::Origin, old: Option<&Unit>) -> crate::model::Origin {
        let date = origin.date.or_else(|| old.and_then(|old| old.origin.date)).or(Some(self.now));
        crate::model::Origin { date, ..origin.clone() }
    }

    fn found(&mut self, id: UnitId) -> Result<FoundUnit, MemoryError> {
        stored_unit(self.db, &mut self.languages, id.0)?.ok_or(MemoryError::NoUnit(id))
    }

    fn equal(&mut self, unit: &Unit, hash: i64) -> Result<Option<FoundUnit>, MemoryError> {
        let mut select = self.db.prepare_cached("SELECT id FROM unit WHERE hash = ?1 ORDER BY id")?;
        let mut rows = select.query([hash])?;
        while let Some(row) = rows.next()? {
            let found = stored_unit(self.db, &mut self.languages, row.get(0)?)?;
            if let Some(found) = found.filter(|found| record::same(&found.unit, unit)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    pub(super) fn stored_set(&self, name: &str) -> Result<Option<(i64, StoredSet)>, MemoryError> {
        Ok(self
            .db
            .prepare_cached("SELECT name, fingerprint, body, revision FROM release WHERE name = ?1")?
            .query_row([name], |row| Ok((row.get(3)?, read_set(row)?)))
            .optional()?)
    }

    pub(super) fn write_set(&self, set: &StoredSet, revision: i64) -> Result<(), MemoryError> {
        self.db
            .prepare_cached(
                "INSERT INTO release (name, revision, fingerprint, body, seal) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, fingerprint = excluded.fingerprint,
                   body = excluded.body, seal = excluded.seal",
            )?
            .execute(params![set.name, revision, set.fingerprint, set.body, seal::of_set(set)])?;
        Ok(())
    }

    /// The units of a set, under the hash of what its documents made them: a person may have edited them since.
    fn units_of(&mut self, set: &str) -> Result<FxHashMap<i64, Vec<OwnUnit>>, MemoryError> {
        let mut out = FxHashMap::<i64, Vec<OwnUnit>>::default();
        for own in own_units(self.db, &mut self.languages, set)? {
            let hash = own.as_read.as_ref().map_or(own.hash, record::hash);
            out.entry(hash).or_default().push(own);
        }
        Ok(out)
    }

    fn insert(&mut self, unit: &Unit, hash: i64, release: Option<&str>) -> Result<UnitId, MemoryError> {
        let id = self.write_unit(None, unit, hash, self.id, release)?;
        self.note_change(Kind::Unit, &id, None, Some(self.id))?;
        Ok(UnitId(id))
    }

    fn replace_found(&mut self, id: i64, old: &FoundUnit, new: &Unit) -> Result<(), MemoryError> {
        self.note_before(id, old, Some(self.id))?;
        self.delete_rows(id)?;
        let texts = |unit: &Unit| -> Vec<(Language, String)> {
            unit.variants.iter().map(|variant| (variant.language, variant.text.clone())).collect()
        };
        let same = texts(&old.unit) == texts(new);
        if !same {
            self.index.forget(self.db, id)?;
        }
        self.write_rows(Some(id), new, record::hash(new), self.id, old.release.as_deref())?;
        if !same { self.enter(id, new) } else { Ok(()) }
    }

    fn remove_found(&mut self, old: FoundUnit) -> Result<(), MemoryError> {
        self.note_before(old.id, &old, None)?;
        self.delete_unit(old.id)
    }

    fn note_before(&self, id: i64, old: &FoundUnit, after: Option<i64>) -> Result<(), MemoryError> {
        self.note_change(Kind::Unit, &id, Some(&old.json()?), after)
    }

    /// Enters a change into the history. Of several changes of one thing in one batch what stood before the
    /// first is kept; a thing made and removed within the batch was never there.
    pub(super) fn note_change(
        &self,
        kind: Kind,
        thing: &dyn rusqlite::ToSql,
        before: Option<&str>,
        after: Option<i64>,
    ) -> Result<(), MemoryError> {
        self.note(kind, thing, before, after, false)
    }

    /// Like [`Batch::note_change`]; what is `put_back` is an undoing, not a write.
    pub(super) fn note(
        &self,
        kind: Kind,
        thing: &dyn rusqlite::ToSql,
        before: Option<&str>,
        after: Option<i64>,
        put_back: bool,
    ) -> Result<(), MemoryError> {
        self.db
            .prepare_cached(
                "INSERT INTO change (batch, kind, thing, before, after, put_back, seal)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (batch, kind, thing) DO UPDATE SET after = excluded.after",
            )?
            .execute(params![
                self.id,
                kind as i64,
                thing,
                before,
                after,
                put_back,
                before.map(|before| seal::of(&[before.as_bytes()]))
            ])?;
        if after.is_none() {
            self.db
                .prepare_cached(
                    "DELETE FROM change
                     WHERE batch = ?1 AND kind = ?2 AND thing = ?3 AND before IS NULL AND after IS NULL",
                )?
                .execute(params![self.id, kind as i64, thing])?;
        }
        Ok(())
    }

    /// Enters a change of a set, from what it was to this body and revision.
    pub(super) fn note_set(
        &self,
        name: &str,
        old: Option<(i64, StoredSet)>,
        new: Option<(&str, i64)>,
        put_back: bool,
    ) -> Result<(), MemoryError> {
        // What this batch has noted of it goes by the form that is replaced now.
        if let Some((_, now)) = &old {
            let sql = "SELECT before FROM change WHERE batch = ?1 AND kind = ?2 AND thing = ?3";
            let noted: Option<Option<String>> = self
                .db
                .prepare_cached(sql)?
                .query_row(params![self.id, Kind::Set as i64, name], |row| row.get(0))
                .optional()?;
            let noted = noted.flatten().map(|noted| serde_json::from_str::<OldSet>(&noted)).transpose()?;
            let whole = noted.filter(|noted| !noted.is_whole()).and_then(|noted| noted.on(&now.body));
            let anew =
                whole.and_then(|whole| Some(OldSet::before(whole.revision, whole.set()?, new.map(|(body, _)| body))));
            if let Some(anew) = anew {
                let anew = serde_json::to_string(&anew)?;
                let sql = "UPDATE change SET before = ?4, seal = ?5 WHERE batch = ?1 AND kind = ?2 AND thing = ?3";
                let seal = seal::of(&[anew.as_bytes()]);
                self.db.prepare_cached(sql)?.execute(params![self.id, Kind::Set as i64, name, anew, seal])?;
            }
        }
        let before = old.map(|(revision, old)| OldSet::before(revision, old, new.map(|(body, _)| body)));
        let before = before.map(|before| serde_json::to_string(&before)).transpose()?;
        self.note(Kind::Set, &name, before.as_deref(), new.map(|(_, revision)| revision), put_back)
    }

    pub(super) fn delete_unit(&mut self, id: i64) -> Result<(), MemoryError> {
        self.index.forget(self.db, id)?;
        self.delete_rows(id)
    }

    fn delete_rows(&self, id: i64) -> Result<(), MemoryError> {
        self.db.prepare_cached("DELETE FROM variant WHERE unit = ?1")?.execute([id])?;
        self.db.prepare_cached("DELETE FROM unit WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    pub(super) fn write_unit(
        &mut self,
        id: Option<i64>,
        unit: &Unit,
        hash: i64,
        revision: i64,
        release: Option<&str>,
    ) -> Result<i64, MemoryError> {
        let id = self.write_rows(id, unit, hash, revision, release)?;
        self.enter(id, unit)?;
        Ok(id)
    }

    /// Enters the texts of a unit into the index.
    fn enter(&mut self, id: i64, unit: &Unit) -> Result<(), MemoryError> {
        for (number, variant) in unit.variants.iter().enumerate() {
            self.index.add(self.db, id, number, variant.language, &variant.text)?;
        }
        Ok(())
    }

    fn write_rows(
        &mut self,
        id: Option<i64>,
        unit: &Unit,
        hash: i64,
        revision: i64,
        release: Option<&str>,
    ) -> Result<i64, MemoryError> {
        if unit.variants.len() < 2 {
            return Err(MemoryError::Incomplete(unit.variants.len()));
        }
        let date = unit.origin.date.unwrap_or(self.now);
        self.db
            .prepare_cached(
                "INSERT INTO unit
                 (id, revision, hash, state, release, tuid, origin, provenance, date, score, extra, seal)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                id,
                revision,
                hash,
                record::state_number(unit.state),
                release,
                unit.tuid,
                unit.origin.name,
                record::provenance_number(unit.origin.provenance),
                Date(date),
                unit.origin.score.map(f64::from),
                record::extra_json(unit)?,
                seal::of_unit(unit, date, revision),
            ])?;
        let id = id.unwrap_or_else(|| self.db.last_insert_rowid());
        for (number, variant) in unit.variants.iter().enumerate() {
            let language = self.languages.entered(self.db, variant.language)?;
            self.db
                .prepare_cached(
                    "INSERT INTO variant (unit, number, language, text, tag, extra) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    id,
                    number as i64,
                    language,
                    variant.text,
                    variant.tag,
                    record::variant_extra_json(variant)?
                ])?;
        }
        Ok(id)
    }
}

/// A unit of a set.
pub(super) struct OwnUnit {
    pub found: FoundUnit,
    hash: i64,
    /// What the documents made it, where a person has edited it since. Nobody edits where a unit stands, so that is as
    /// it is now.
    pub as_read: Option<Unit>,
}

/// The units of a set, by number.
pub(super) fn own_units(db: &Connection, languages: &mut Languages, set: &str) -> Result<Vec<OwnUnit>, MemoryError> {
    let mut select =
        db.prepare_cached(&format!("SELECT {UNIT_COLUMNS}, hash FROM unit WHERE release = ?1 ORDER BY id"))?;
    let mut rows = select.query([set])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let found = read_unit(db, languages, row)?;
        let mut as_read = match found.unit.origin.provenance {
            Provenance::Edit => before_edits(db, found.id, found.revision)?,
            _ => None,
        };
        if let Some(read) = &mut as_read {
            read.context = found.unit.context.clone();
        }
        out.push(OwnUnit { hash: row.get(10)?, found, as_read });
    }
    Ok(out)
}

/// What the documents made a unit before people edited it: from the batch that gave it its present form back to the form
/// before that, and so on. What was undone on the way says nothing of it.
fn before_edits(db: &Connection, id: i64, mut revision: i64) -> Result<Option<Unit>, MemoryError> {
    let mut select = db.prepare_cached(
        "SELECT before FROM change WHERE batch = ?1 AND kind = 1 AND thing = ?2 AND before IS NOT NULL",
    )?;
    loop {
        let before: Option<String> = select.query_row(params![revision, id], |row| row.get(0)).optional()?;
        let Some(before) = before else { return Ok(None) };
        let stored: StoredUnit = serde_json::from_str(&before)?;
        // A form is older than what came after it, or the history is not sound.
        if stored.revision >= revision {
            return Ok(None);
        }
        revision = stored.revision;
        let unit = stored.unit();
        if unit.origin.provenance == Provenance::Release {
            return Ok(Some(unit));
        }
    }
}

/// How a set stands: equal where nothing was done to it or its units, or all that was done is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetState {
    /// The batch that gave the set its present form.
    pub revision: BatchId,
    /// How many units it has, and the sum of their revisions.
    pub units: (i64, i64),
}

impl std::fmt::Display for SetState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.revision, self.units.0, self.units.1)
    }
}

pub(super) fn set_state(db: &Connection, name: &str) -> Result<Option<SetState>, MemoryError> {
    let mut select = db.prepare_cached(
        "SELECT revision, (SELECT count(*) FROM unit WHERE release = ?1),
                (SELECT total(revision) FROM unit WHERE release = ?1)
         FROM release WHERE name = ?1",
    )?;
    let state = select.query_row([name], |row| {
        Ok(SetState { revision: BatchId(row.get(0)?), units: (row.get(1)?, row.get::<_, f64>(2)? as i64) })
    });
    Ok(state.optional()?)
}

/// Of which of the `gone` units each of the `fresh` is a new form: one that shares a text with it, the one that shares
/// most, the first of these. None is taken twice.
fn revised(gone: &[FoundUnit], fresh: &[(&Unit, i64)]) -> Vec<Option<usize>> {
    let texts = |unit: &Unit| -> Vec<(Language, String)> {
        unit.variants.iter().map(|variant| (variant.language, variant.text.clone())).collect()
    };
    let mut holders: FxHashMap<(Language, String), Vec<usize>> = FxHashMap::default();
    for (at, found) in gone.iter().enumerate() {
        texts(&found.unit).into_iter().for_each(|text| holders.entry(text).or_default().push(at));
    }
    let mut taken = vec![false; gone.len()];
    fresh
        .iter()
        .map(|(unit, _)| {
            let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
            for at in texts(unit).iter().filter_map(|text| holders.get(text)).flatten().filter(|at| !taken[**at]) {
                *shared.entry(*at).or_default() += 1;
            }
            let best = shared.into_iter().max_by_key(|(at, count)| (*count, std::cmp::Reverse(*at)))?.0;
            taken[best] = true;
            Some(best)
        })
        .collect()
}
