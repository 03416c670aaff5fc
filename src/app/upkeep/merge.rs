//! Two memories into one.

use super::{Job, UpkeepError};
use crate::{
    app::{
        quarantine::{self, Origins},
        terms::Concepts,
    },
    memory::{About, Added, BatchId, Filter, Memory, MemoryError, Mode, Outcome},
    model::{Concept, UnitId},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

/// What merging did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    pub batch: Option<BatchId>,
    /// Units that were not there.
    pub new: usize,
    /// Units that were there already, equal in everything.
    pub same: usize,
    /// Sets that were not there, with what people decided on them.
    pub sets: usize,
    /// Sets that both have in different forms: ours stays, and the other's units that we did not have came as units
    /// by themselves.
    pub kept_sets: Vec<String>,
    pub concepts: usize,
    /// Findings let stand and states of releases that were not there; where both have one, ours stays.
    pub rulings: usize,
    /// Concepts that both have in different forms: ours stays.
    pub kept_concepts: Vec<String>,
}

/// Brings all that the memory `other` holds into `memory`, as one batch. What both have stands once.
///
/// # Errors
/// Either memory gives one; then nothing is changed.
pub fn merge(memory: &mut Memory, other: &Path, job: &Job<'_>) -> Result<Merged, UpkeepError> {
    let whole = |path: &Path| path.canonicalize().ok();
    if whole(other).is_some() && whole(other) == whole(memory.path()) {
        return Err(MemoryError::Itself(other.to_owned()).into());
    }
    let other = Memory::open(other, Mode::Read)?;
    let theirs = other.read()?;
    let status = theirs.status()?;
    let known = memory.read()?.concepts()?;
    let mut done = Merged::default();
    let mut came: FxHashSet<UnitId> = FxHashSet::default();
    let origins = Origins::of(&theirs)?;
    let mut held: FxHashMap<UnitId, UnitId> = FxHashMap::default();
    job.watch.begin("merging units", status.units as usize);
    let batch = memory.attempt(job.note, job.now, job.who, |batch| {
        for (name, fingerprint) in theirs.sets()? {
            let units = theirs.set_units(&name)?;
            match batch.set_fingerprint(&name)? {
                None => {
                    let Some(set) = theirs.set(&name)? else { continue };
                    let counts = batch.put_set(&set, units.iter().map(|(_, unit)| unit))?;
                    done.sets += 1;
                    done.new += counts.added;
                    done.same += units.len() - counts.added;
                    came.extend(units.iter().map(|(id, _)| *id));
                    units.iter().for_each(|_| job.watch.step());
                }
                Some(ours) if ours == fingerprint => {}
                Some(_) => done.kept_sets.push(name),
            }
        }
        theirs.units(&Filter::all(), |id, unit| -> Result<(), MemoryError> {
            if came.contains(&id) {
                return Ok(());
            }
            job.watch.step();
            match batch.add(&unit)? {
                Added::New(ours) => {
                    done.new += 1;
                    if origins.filed(id).is_some() {
                        held.insert(id, ours);
                    }
                }
                Added::Same(_) => done.same += 1,
            }
            Ok(())
        })?;
        let (concepts, fresh) = joined(known, theirs.concepts()?, &mut done.kept_concepts);
        done.concepts = fresh;
        if fresh > 0 {
            batch.put_concepts(&concepts, job.note)?;
        }
        // Of units from outside the numbers are others here: see below. Who may ask there may not ask here.
        for about in About::ALL.into_iter().filter(|about| !matches!(about, About::Quarantine | About::Person)) {
            for ruling in theirs.rulings(about)? {
                if batch.ruling(about, &ruling.key)?.is_none() {
                    batch.rule(about, &ruling.key, Some(&ruling.body))?;
                    done.rulings += 1;
                }
            }
        }
        for (origin, theirs) in origins.each() {
            let changed = quarantine::adopt(batch, origin, theirs, |unit| held.get(&unit).copied())?;
            done.rulings += usize::from(changed);
        }
        let id = batch.id();
        Ok::<_, MemoryError>(if job.dry_run { Outcome::Discard(None) } else { Outcome::Keep(Some(id)) })
    })?;
    done.batch = batch.filter(|_| done.new + done.concepts + done.sets + done.rulings > 0);
    Ok(done)
}

/// Our concepts and those of theirs that we do not have; how many these are.
fn joined(ours: Vec<Concept>, theirs: Vec<Concept>, kept: &mut Vec<String>) -> (Vec<Concept>, usize) {
    let mut out = Concepts::new(ours);
    let mut fresh = 0;
    for concept in theirs {
        let id = concept.id.clone();
        let added = out.add(concept, |ours, theirs| {
            if *ours != theirs {
                kept.push(id);
            }
        });
        fresh += usize::from(added);
    }
    (out.list, fresh)
}
