//! The edge: readers and writers of files, each to and from `model` only.
//!
//! Readers take a [`Source`] (decoded text as a stream) and hand each [`Item`] to a callback as soon as it is
//! read; none holds the file. A file that is not sound is an error with its place; an incomplete unit of a sound
//! file is an [`Item::Skipped`]. A source set to `lenient` is read on behind what is broken.

pub mod bitable;
pub mod bixml;
pub mod detect;
pub mod documents;
pub mod glossary;
pub mod job;
pub mod jsonl;
pub mod omegat;
pub mod pairs;
pub mod po;
pub mod source;
pub mod srx;
pub mod table;
pub mod tbx;
pub mod tmx;
pub mod xliff;
pub mod xlsx;
pub mod xml;

pub use detect::Kind;
pub use source::{Opened, Source, open};
pub use xml::Event;

use crate::model::{Concept, Unit};
use std::io;

/// The longest segment stored, in bytes; a longer one is skipped and named.
pub const MAX_SEGMENT: usize = 1 << 20;
/// The most bytes one unit may hold with all its variants, codes, properties and notes.
pub const MAX_UNIT: usize = 16 << 20;

/// What a reader hands over, in file order.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Unit(Unit),
    Concept(Concept),
    /// A unit or concept that cannot be stored, and why.
    Skipped(Remark),
    /// Something lost or doubtful in what was stored all the same.
    Warning(Remark),
}

/// What is to be said of a place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// From 1.
    pub line: usize,
    pub what: String,
}

impl Item {
    pub fn skipped(line: usize, what: impl Into<String>) -> Item {
        Item::Skipped(Remark { line, what: what.into() })
    }

    pub fn warning(line: usize, what: impl Into<String>) -> Item {
        Item::Warning(Remark { line, what: what.into() })
    }
}

/// Why the one who takes the items wants no more.
pub type Stop = Box<dyn std::error::Error + Send + Sync>;

/// Takes the items of a file one by one.
pub type Each<'e> = dyn FnMut(Item) -> Result<(), Stop> + 'e;

/// Why a file cannot be read or written. The file is named by the caller, who knows it.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The file is not sound at this place (both from 1; the column counts code points).
    #[error("{line}:{column}: {what}")]
    Broken { line: usize, column: usize, what: String },
    /// The file as a whole is not what it should be.
    #[error("{0}")]
    Unsuitable(String),
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The callback's own error.
    #[error("{0}")]
    Stopped(Stop),
}

impl FormatError {
    /// A file read leniently may be read on behind this.
    pub fn is_broken(&self) -> bool {
        matches!(self, FormatError::Broken { .. })
    }
}

/// The mark of a character lost in an earlier conversion; never stored.
pub(crate) const LOST: &str = "a character was lost (U+FFFD, or a byte or character that may not be there)";

/// The character boundary of `text` at byte `at` or before it.
pub(crate) fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// `text` or its beginning, for a message.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
