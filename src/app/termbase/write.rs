//! An edit written: the files and the memory's copy together.

use super::{
    File, Files, Planned, TermbaseError,
    files::{changed, read_again, says_the_same},
};
use crate::{
    app::save::save,
    memory::{BatchId, ConceptChange, Memory, MemoryError, Mode, OnConflict, Outcome},
    model::Concept,
};
use jiff::Timestamp;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the notes of edits begin with, in the history.
const EDITS: [&str; 5] = ["term add ", "term edit ", "term forbid ", "term remove ", "term merge "];

/// Whether a batch of this note is an edit of terms, which [`undo`] takes back.
pub fn is_edit(note: &str) -> bool {
    EDITS.iter().any(|edit| note.starts_with(edit))
}

/// Where an edit goes.
#[derive(Debug, Clone, Copy)]
pub struct Target<'t> {
    pub memory: &'t Path,
    /// None: the memory's copy is all there is.
    pub files: &'t [PathBuf],
}

impl Target<'_> {
    /// What is there to be edited.
    pub fn read(&self) -> Result<Files, TermbaseError> {
        if !self.files.is_empty() {
            return Ok(Files::read(self.files)?);
        }
        let memory = Memory::open_existing(self.memory)?;
        Ok(Files::copy(match memory {
            Some(memory) => memory.read()?.concepts()?,
            None => Vec::new(),
        }))
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Committed {
    /// Under this it can be undone; `None` where nothing changed.
    pub batch: Option<BatchId>,
    /// The batch in which the memory took in what the files had become by other hands.
    pub refreshed: Option<BatchId>,
}

/// Times an edit is begun anew when others write the same files meanwhile.
const TRIES: usize = 5;

/// Writes what is planned.
///
/// # Errors
/// A concept that is otherwise than the plan found it; files and a memory that cannot be written. Then nothing is
/// changed.
pub fn commit(
    target: Target<'_>,
    plan: &[Planned],
    note: &str,
    now: Timestamp,
    who: &str,
) -> Result<Committed, TermbaseError> {
    for _ in 0..TRIES {
        let files = target.read()?;
        for planned in plan {
            let found = files.list.get(planned.file).and_then(|file| file.concept(&planned.id));
            if found != planned.before.as_ref() {
                let place = place(files.list.get(planned.file));
                return Err(TermbaseError::Conflict { id: planned.id.clone(), place });
            }
        }
        let mut memory = Memory::open(target.memory, Mode::Write)?;
        if files.is_copy() {
            let batch = in_copy(&mut memory, plan, note, now, who)?;
            return Ok(Committed { batch, refreshed: None });
        }
        let new = changed(&files, plan)?;
        let refreshed = refreshed(&mut memory, &files, now, who)?;
        let read = read_again(&new)?;
        let written = memory.attempt(note, now, who, |batch| {
            // Under the memory's lock: of those who go through it nobody else writes now.
            if !unchanged(&files) {
                return Ok(Outcome::Discard(Ok(None)));
            }
            batch.put_concepts(&read.concepts, &read.fingerprint)?;
            match saved(&files, &new) {
                Ok(()) => Ok(Outcome::Keep(Ok(Some(batch.id())))),
                Err(error) => Ok(Outcome::Discard(Err(error))),
            }
        });
        match written {
            Ok(Ok(Some(batch))) => return Ok(Committed { batch: Some(batch), refreshed }),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => return Err(error),
            Err(error) => {
                put_back(&files, &new);
                return Err(error.into());
            }
        }
    }
    let id = plan.first().map(|planned| planned.id.clone()).unwrap_or_default();
    Err(TermbaseError::Conflict { id, place: "its file, again and again,".to_owned() })
}

fn place(file: Option<&File>) -> String {
    match file.filter(|file| !file.path.as_os_str().is_empty()) {
        Some(file) => file.path.display().to_string(),
        None => "the memory".to_owned(),
    }
}

/// The copy where there are no files.
fn in_copy(
    memory: &mut Memory,
    plan: &[Planned],
    note: &str,
    now: Timestamp,
    who: &str,
) -> Result<Option<BatchId>, TermbaseError> {
    memory.attempt(note, now, who, |batch| {
        let mut concepts = batch.concepts()?;
        for planned in plan {
            let at = concepts.iter().position(|concept| concept.id == planned.id);
            if at.map(|at| &concepts[at]) != planned.before.as_ref() {
                let error = TermbaseError::Conflict { id: planned.id.clone(), place: place(None) };
                return Ok(Outcome::Discard(Err(error)));
            }
            match (at, &planned.after) {
                (Some(at), Some(after)) => concepts[at] = after.clone(),
                (Some(at), None) => drop(concepts.remove(at)),
                (None, Some(after)) => concepts.push(after.clone()),
                (None, None) => {}
            }
        }
        batch.put_concepts(&concepts, note)?;
        Ok(Outcome::Keep(Ok(Some(batch.id()))))
    })?
}

/// Brings the copy to what the files say, where they have changed since it was made.
fn refreshed(memory: &mut Memory, files: &Files, now: Timestamp, who: &str) -> Result<Option<BatchId>, TermbaseError> {
    let all: Vec<(PathBuf, Vec<u8>)> = files.list.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
    let read = read_again(&all)?;
    {
        let reader = memory.read()?;
        if reader.concepts_fingerprint()?.as_deref() == Some(&read.fingerprint) || reader.concepts()? == read.concepts {
            return Ok(None);
        }
    }
    let names: Vec<String> = files.list.iter().map(|file| file.path.display().to_string()).collect();
    let note = format!("term import {}", names.join(" "));
    Ok(memory.write(&note, now, who, |batch| {
        batch.put_concepts(&read.concepts, &read.fingerprint)?;
        Ok(Some(batch.id()))
    })?)
}

/// Whether the files are as they were read.
fn unchanged(files: &Files) -> bool {
    files.list.iter().all(|file| fs::read(&file.path).is_ok_and(|bytes| bytes == file.bytes))
}

/// Saves what has changed; where one file cannot be saved, those before it are put back.
fn saved(files: &Files, new: &[(PathBuf, Vec<u8>)]) -> Result<(), TermbaseError> {
    for (at, (file, (path, bytes))) in files.list.iter().zip(new).enumerate() {
        if *bytes == file.bytes {
            continue;
        }
        // A link stays one: what it leads to is written.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if let Err(error) = save(&place, bytes) {
            for (file, (path, bytes)) in files.list.iter().zip(new).take(at) {
                if *bytes != file.bytes {
                    let _ = save(path, &file.bytes);
                }
            }
            return Err(TermbaseError::Save { path: path.clone(), error });
        }
    }
    Ok(())
}

/// The files as they were, where they are as the edit left them.
fn put_back(files: &Files, new: &[(PathBuf, Vec<u8>)]) {
    for (file, (path, bytes)) in files.list.iter().zip(new) {
        if *bytes != file.bytes && fs::read(path).is_ok_and(|now| now == *bytes) {
            // What is told is why the edit failed; the file rules, and the next command takes it in.
            let _ = save(path, &file.bytes);
        }
    }
}

/// Takes an edit back, in the files and in the memory: the last one that stands, or `batch`. Tells which, and what
/// became of its concepts.
///
/// # Errors
/// A batch that is no edit of terms; a concept that somebody changed since.
pub fn undo(
    target: Target<'_>,
    batch: Option<BatchId>,
    now: Timestamp,
    who: &str,
    dry_run: bool,
) -> Result<(BatchId, Vec<Planned>, Committed), TermbaseError> {
    let mut memory = Memory::open(target.memory, if dry_run { Mode::Read } else { Mode::Write })?;
    let (batch, changes) = {
        let reader = memory.read()?;
        let batch = match batch {
            Some(batch) => batch,
            None => last_edit(&reader)?.ok_or(TermbaseError::NothingToUndo)?,
        };
        let info = reader.batch(batch)?.ok_or(MemoryError::NoBatch(batch))?;
        if let Some(by) = info.undone_by {
            return Err(TermbaseError::Undone { batch, by });
        }
        let edit = |note: &str| is_edit(note) || note.starts_with("undo of ");
        let changes = reader.concepts_of(batch)?;
        if changes.is_empty() || !edit(&info.note) {
            return Err(TermbaseError::NoEdit(batch));
        }
        (batch, changes)
    };
    let files = target.read()?;
    let plan = planned(&files, batch, &changes)?;
    if dry_run {
        return Ok((batch, plan, Committed::default()));
    }
    let mut new = Vec::new();
    let mut refresh = None;
    if !files.is_copy() {
        new = changed(&files, &plan)?;
        refresh = refreshed(&mut memory, &files, now, who)?;
    }
    let trial = memory.undo_on_trial(batch, OnConflict::Keep, now, who)?;
    if let Some(conflict) = trial.conflicts.first() {
        let id = conflict.thing.strip_prefix("concept ").unwrap_or(&conflict.thing).to_owned();
        return Err(TermbaseError::ChangedSince { batch, id, place: place(None) });
    }
    if !files.is_copy() {
        if !unchanged(&files) {
            let id = changes[0].id.clone();
            return Err(TermbaseError::Conflict { id, place: place(files.list.first()) });
        }
        saved(&files, &new)?;
    }
    let undone = match memory.undo(batch, OnConflict::Keep, now, who) {
        Ok(undone) => undone,
        Err(error) => {
            put_back(&files, &new);
            return Err(error.into());
        }
    };
    if !files.is_copy() {
        let read = read_again(&new)?;
        let note = format!("term import after the undo of {batch}");
        memory.write(&note, now, who, |batch| batch.put_concepts(&read.concepts, &read.fingerprint))?;
    }
    Ok((batch, plan, Committed { batch: undone.batch, refreshed: refresh }))
}

/// The last batch that stands and is an edit of terms.
fn last_edit(reader: &crate::memory::Reader<'_>) -> Result<Option<BatchId>, MemoryError> {
    let mut last = None;
    for change in reader.concept_changes(None, usize::MAX)? {
        if last == Some(change.batch) {
            continue;
        }
        last = Some(change.batch);
        let Some(info) = reader.batch(change.batch)? else { continue };
        if info.undone_by.is_none() && is_edit(&info.note) {
            return Ok(Some(info.id));
        }
    }
    Ok(None)
}

/// What an undoing makes of the files.
fn planned(files: &Files, batch: BatchId, changes: &[ConceptChange]) -> Result<Vec<Planned>, TermbaseError> {
    let mut out = Vec::new();
    for ConceptChange { id, before, after, behind, .. } in changes {
        let found = files.named(id);
        let as_left = |now: Option<&Concept>| match (now, after) {
            (Some(now), Some(after)) => says_the_same(now, after),
            (now, after) => now.is_none() && after.is_none(),
        };
        if !as_left(found.map(|(_, concept)| concept)) {
            let file = found.map_or(0, |(file, _)| file);
            return Err(TermbaseError::ChangedSince { batch, id: id.clone(), place: place(files.list.get(file)) });
        }
        let file = found.map_or(0, |(file, _)| file);
        let now = found.map(|(_, concept)| concept.clone());
        out.push(Planned { file, id: id.clone(), before: now, after: before.clone(), behind: behind.clone() });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::termbase::{Deed, Given},
        lang::Language,
    };

    /// What somebody else writes between the reading and the writing.
    #[test]
    fn an_edit_is_made_on_what_the_file_has_become() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.csv");
        let table = "concept,en,az\nvisa,visa,viza\nasylum,asylum,sığınacaq\n";
        let memory = folder.path().join("m.db");
        let files = [path.clone()];
        let target = Target { memory: &memory, files: &files };
        let given = Given { language: Language::AZ, status: None, text: "vizə".to_owned() };
        let deed = Deed::Forbid { concept: "visa".to_owned(), terms: vec![given], deprecate: false };
        let edited = |meanwhile: &str| {
            fs::write(&path, table).unwrap();
            let plan = deed.planned(&target.read().unwrap()).unwrap();
            fs::write(&path, meanwhile).unwrap();
            let now = "2024-05-01T00:00:00Z".parse().unwrap();
            let done = commit(target, &plan, "term forbid visa", now, "me");
            (done.map_err(|error| error.to_string()), fs::read_to_string(&path).unwrap())
        };
        let other = table.replace("sığınacaq", "siyasi sığınacaq");
        let (done, text) = edited(&other);
        assert!(done.unwrap().batch.is_some());
        let want = "concept,en,az,az_forbidden\nvisa,visa,viza,vizə\nasylum,asylum,siyasi sığınacaq\n";
        assert_eq!(text, want);
        let copy = Memory::open(&memory, Mode::Read).unwrap().read().unwrap().concepts().unwrap();
        assert_eq!(copy, Files::read(&files).unwrap().merged());
        let same = table.replace("viza", "vizalar");
        let (done, text) = edited(&same);
        assert!(done.unwrap_err().starts_with("concept `visa` was changed in "));
        assert_eq!(text, same);
    }

    #[test]
    fn a_file_that_cannot_be_saved_leaves_the_memory_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.csv");
        fs::write(&path, "concept,en\nvisa,visa\n").unwrap();
        let files = Files::read(std::slice::from_ref(&path)).unwrap();
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let new = vec![(path.clone(), b"concept,en\n".to_vec())];
        assert!(matches!(saved(&files, &new), Err(TermbaseError::Save { .. })));
        assert!(!unchanged(&files));
    }
}
