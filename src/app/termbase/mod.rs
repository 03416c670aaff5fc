//! Keeping the termbase: concepts added, changed, merged and taken out, in the glossary file and in the memory.
//!
//! The file rules. An edit changes the rows it is about in the file and brings the memory's copy to the same state as one
//! batch of the history, or does neither. What others changed in the file meanwhile is taken in first, as a batch of its
//! own; where they changed the very concept, the edit is refused.

mod check;
mod edit;
mod files;
mod told;
mod write;

pub use check::{Fault, check};
pub use edit::{Change, Deed, EditError, Former, Given, new_id};
pub use files::{File, Files};
pub use told::{Difference, Double, differences, doubles};
pub use write::{Committed, Target, commit, is_edit, undo};

use super::terms::TermsError;
use crate::{
    formats::glossary::GlossaryError,
    memory::{BatchId, MemoryError},
    model::Concept,
};
use std::{io, path::PathBuf};

/// What becomes of one concept of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Which of the files; 0 where the memory's copy is all there is.
    pub file: usize,
    pub id: String,
    pub before: Option<Concept>,
    pub after: Option<Concept>,
    /// Of one that comes: the concept it is to stand behind, an empty name for the first place; `None` for the last.
    pub behind: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum TermbaseError {
    #[error(transparent)]
    Terms(#[from] TermsError),
    #[error(transparent)]
    Edit(#[from] EditError),
    #[error("{}: {error}", path.display())]
    Unwritable { path: PathBuf, error: GlossaryError },
    #[error("{}: {what}", path.display())]
    Fixed { path: PathBuf, what: String },
    #[error("{}: {}", path.display(), super::in_words(error))]
    Save { path: PathBuf, error: io::Error },
    /// Somebody else changed what the edit is about.
    #[error("concept `{id}` was changed in {place} meanwhile: nothing was written")]
    Conflict { id: String, place: String },
    #[error("batch {batch} left concept `{id}` otherwise than it is now in {place}: nothing was written")]
    ChangedSince { batch: BatchId, id: String, place: String },
    #[error("batch {0} is no edit of terms")]
    NoEdit(BatchId),
    #[error("there is no edit of terms to undo")]
    NothingToUndo,
    #[error("batch {batch} was undone before, by batch {by}")]
    Undone { batch: BatchId, by: BatchId },
    #[error(transparent)]
    Memory(#[from] MemoryError),
}
