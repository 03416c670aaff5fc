//! Units that say the same twice become one.
//!
//! Two units say the same when they have the same texts with the same inline codes in the same languages. Where a unit
//! stands between its neighbours is what makes a context match, so units of different places stay, each of them: only a
//! unit of the same place, or of none, is taken in. The one that stays has the highest state, belongs to a set, is the
//! newest; notes, properties and an id that only the other had are added to it.

use super::{Job, UpkeepError};
use crate::{
    memory::{Batch, BatchId, Filter, Memory, MemoryError, Outcome},
    model::{Context, Unit, UnitId},
};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// Units that were taken in by another.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub stays: UnitId,
    /// As it is afterwards.
    pub unit: Unit,
    /// These go into it, each with what it was.
    pub taken: Vec<(UnitId, Unit)>,
    /// Units of the same texts that stand in other places, and stay.
    pub elsewhere: Vec<UnitId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deduped {
    pub batch: Option<BatchId>,
    /// Units that stay and took others in.
    pub stay: usize,
    pub gone: usize,
    /// Units that have the texts of another one and another place.
    pub elsewhere: usize,
}

/// Makes one of units that say the same; `each` is told of every unit that takes others in.
pub fn dedupe(
    memory: &mut Memory,
    filter: &Filter,
    job: &Job<'_>,
    each: &mut dyn FnMut(&Taken),
) -> Result<Deduped, UpkeepError> {
    let mut groups: FxHashMap<u64, Vec<UnitId>> = FxHashMap::default();
    let mut units = 0;
    memory.read()?.units(filter, |id, unit| -> Result<(), MemoryError> {
        units += 1;
        groups.entry(hashed(&unit)).or_default().push(id);
        Ok(())
    })?;
    let mut groups: Vec<Vec<UnitId>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    let mut done = Deduped::default();
    if groups.is_empty() {
        return Ok(done);
    }
    job.watch.begin("comparing units", groups.len());
    let batch = memory.attempt(job.note, job.now, job.who, |batch| {
        for group in &groups {
            job.watch.step();
            // As they are now: others may have written since.
            let mut found = Vec::new();
            for id in group {
                if let Some((unit, _)) = batch.unit(*id)? {
                    found.push((*id, unit));
                }
            }
            for same in alike(found) {
                of_one_text(batch, same, &mut done, each)?;
            }
        }
        let id = batch.id();
        Ok::<_, MemoryError>(if job.dry_run { Outcome::Discard(None) } else { Outcome::Keep(Some(id)) })
    })?;
    done.batch = batch.filter(|_| done.gone > 0);
    Ok(done)
}

/// What units must share to be the same; order of variants does not matter.
fn hashed(unit: &Unit) -> u64 {
    use std::hash::{Hash, Hasher};
    let of_variant = |variant: &crate::model::Variant| {
        let mut hash = rustc_hash::FxHasher::default();
        (variant.language.as_str(), &variant.text).hash(&mut hash);
        hash.finish()
    };
    unit.variants.iter().map(of_variant).fold(0, u64::wrapping_add)
}

/// Parts a group of equal hashes by what the hash stands for.
fn alike(units: Vec<(UnitId, Unit)>) -> Vec<Vec<(UnitId, Unit)>> {
    let key = |unit: &Unit| {
        let mut texts: Vec<_> = unit.variants.iter().map(|v| (v.language, v.text.clone(), v.codes.clone())).collect();
        texts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        texts
    };
    let mut out: Vec<(_, Vec<(UnitId, Unit)>)> = Vec::new();
    for (id, unit) in units {
        let own = key(&unit);
        match out.iter_mut().find(|(known, _)| *known == own) {
            Some((_, list)) => list.push((id, unit)),
            None => out.push((own, vec![(id, unit)])),
        }
    }
    out.into_iter().map(|(_, list)| list).filter(|list| list.len() > 1).collect()
}

/// A unit that stays, and those that go into it.
struct Staying {
    id: UnitId,
    unit: Unit,
    taken: Vec<(UnitId, Unit)>,
}

fn of_one_text(
    batch: &mut Batch<'_>,
    mut units: Vec<(UnitId, Unit)>,
    done: &mut Deduped,
    each: &mut dyn FnMut(&Taken),
) -> Result<(), MemoryError> {
    let placed = |unit: &Unit| unit.context != Context::default();
    // The best first; a unit with a place before one without, so that no place is lost.
    let mut rank = FxHashMap::default();
    for (id, unit) in &units {
        let in_set = batch.set_of(*id)?.is_some();
        rank.insert(*id, (Reverse(placed(unit)), Reverse(unit.state), Reverse(in_set), Reverse(unit.origin.date), *id));
    }
    units.sort_by_key(|(id, _)| rank[id]);
    let mut stays: Vec<Staying> = Vec::new();
    for (id, unit) in units {
        let home = stays.iter_mut().find(|there| !placed(&unit) || there.unit.context == unit.context);
        match home {
            Some(there) => there.taken.push((id, unit)),
            None => stays.push(Staying { id, unit, taken: Vec::new() }),
        }
    }
    done.elsewhere += stays.len() - 1;
    let all: Vec<UnitId> = stays.iter().map(|there| there.id).collect();
    for Staying { id, unit: before, taken } in stays.into_iter().filter(|there| !there.taken.is_empty()) {
        let mut unit = before.clone();
        for (_, other) in &taken {
            take_in(&mut unit, other);
        }
        if unit != before {
            batch.replace(id, &unit)?;
        }
        for (gone, _) in &taken {
            batch.remove(*gone)?;
        }
        done.stay += 1;
        done.gone += taken.len();
        let elsewhere = all.iter().copied().filter(|other| *other != id).collect();
        each(&Taken { stays: id, unit, taken, elsewhere });
    }
    Ok(())
}

/// Adds to `unit` what only `other` says.
fn take_in(unit: &mut Unit, other: &Unit) {
    unit.state = unit.state.max(other.state);
    unit.tuid = unit.tuid.take().or_else(|| other.tuid.clone());
    for note in &other.notes {
        if !unit.notes.contains(note) {
            unit.notes.push(note.clone());
        }
    }
    for prop in &other.props {
        if !unit.props.contains(prop) {
            unit.props.push(prop.clone());
        }
    }
}
