//! One unit as a person has rewritten it on a page, where the page may be older than the unit.

use super::{Edits, Job, UpkeepError, edit::became};
use crate::{
    memory::{BatchId, Memory, Outcome},
    model::{Note, Unit, UnitId},
};

/// What a person made of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    pub unit: UnitId,
    /// The batch that gave the unit the form the person saw.
    pub seen: BatchId,
    pub edits: Edits,
    /// All the notes the unit is to have; those that stay keep what else is known of them.
    pub notes: Vec<String>,
}

/// What became of a revision.
#[derive(Debug, Clone, PartialEq)]
pub enum Revised {
    /// Stored by this batch; `None` where nothing differs.
    Stored(Option<BatchId>),
    /// Somebody has changed the unit since: as it is now, by this batch. Nothing was stored.
    Overtaken(Box<Unit>, BatchId),
    /// It is no longer there.
    Gone,
}

/// Stores what a person made of a unit, if it is still as the person saw it.
///
/// # Errors
/// An edit that cannot be made: then nothing is changed.
pub fn revise(memory: &mut Memory, revision: &Revision, job: &Job<'_>) -> Result<Revised, UpkeepError> {
    let id = revision.unit;
    memory.attempt(job.note, job.now, job.who, |batch| {
        let Some((unit, by)) = batch.unit(id)? else { return Ok(Outcome::Discard(Ok(Revised::Gone))) };
        if by != revision.seen {
            return Ok(Outcome::Discard(Ok(Revised::Overtaken(Box::new(unit), by))));
        }
        let edited = match revision.edits.apply(&unit) {
            Ok(edited) => edited,
            Err(what) => return Ok(Outcome::Discard(Err(UpkeepError::Edit { unit: id, what }))),
        };
        let mut new = edited.unwrap_or_else(|| unit.clone());
        let old = |text: &String| unit.notes.iter().find(|note| note.text == *text).cloned();
        let notes = revision.notes.iter();
        new.notes = notes
            .map(|text| old(text).unwrap_or_else(|| Note { attributes: Vec::new(), text: text.clone() }))
            .collect();
        let lowered = revision.edits.state.filter(|state| *state != unit.state);
        let Some(mut new) = became(&unit, &new) else { return Ok(Outcome::Discard(Ok(Revised::Stored(None)))) };
        // A state that was chosen is meant.
        new.state = lowered.unwrap_or(new.state);
        batch.replace(id, &new)?;
        let stored = Revised::Stored(Some(batch.id()));
        Ok(if job.dry_run { Outcome::Discard(Ok(Revised::Stored(None))) } else { Outcome::Keep(Ok(stored)) })
    })?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::Unwatched,
        lang::Language,
        memory::Mode,
        model::{State, Variant},
    };

    #[test]
    fn what_somebody_changed_meanwhile_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        let variants = vec![Variant::new(Language::EN, "Open day"), Variant::new(Language::AZ, "Açıq gün")];
        let notes = vec![Note { attributes: vec![("o-encoding".into(), "x".into())], text: "seen".into() }];
        let unit = Unit { variants, notes, ..Unit::default() };
        let id = memory.write("add", now, "leyla", |batch| batch.add(&unit)).unwrap().id();
        let seen = memory.read().unwrap().revision(id).unwrap().unwrap();
        let job = Job { note: "edit", who: "anna", now, dry_run: false, watch: &Unwatched };
        let of = |text: &str, notes: &[&str], state| Revision {
            unit: id,
            seen,
            edits: Edits { texts: vec![(Language::AZ, text.to_owned())], state, ..Edits::default() },
            notes: notes.iter().map(|note| (*note).to_owned()).collect(),
        };
        assert_eq!(revise(&mut memory, &of("Açıq gün", &["seen"], None), &job).unwrap(), Revised::Stored(None));
        assert!(revise(&mut memory, &of(" ", &[], None), &job).is_err());
        let first = of("Açıq qapı günü", &["seen", "by phone"], None);
        let Revised::Stored(Some(batch)) = revise(&mut memory, &first, &job).unwrap() else { panic!("not stored") };
        let stored = memory.read().unwrap().unit(id).unwrap().unwrap();
        assert_eq!((stored.state, stored.notes.len()), (State::Approved, 2));
        assert_eq!(stored.notes[0], unit.notes[0]);
        // The second has seen what the first saw.
        let second = revise(&mut memory, &of("Qapılar açıqdır", &[], None), &job).unwrap();
        assert_eq!(second, Revised::Overtaken(Box::new(stored.clone()), batch));
        assert_eq!(memory.read().unwrap().unit(id).unwrap().unwrap(), stored);
        let lowered = Revision { seen: batch, ..of("Qapılar açıqdır", &[], Some(State::Imported)) };
        assert!(matches!(revise(&mut memory, &lowered, &job).unwrap(), Revised::Stored(Some(_))));
        let stored = memory.read().unwrap().unit(id).unwrap().unwrap();
        assert_eq!((stored.state, stored.notes.len()), (State::Imported, 0));
        memory.write("delete", now, "leyla", |batch| batch.remove(id).map(drop)).unwrap();
        assert_eq!(revise(&mut memory, &lowered, &job).unwrap(), Revised::Gone);
    }
}
