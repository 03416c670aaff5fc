//! Documents from files or from what came on standard input, each in its language.

use super::sets;
use crate::{
    formats::documents::{self, DocumentError, Given},
    lang::Language,
    model::Document,
};
pub use documents::{Encoding, Told};
use std::{fs, io, path::Path};

/// A document and how its language was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    pub document: Document,
    pub told: How,
}

/// What told the language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The user said so.
    Flag,
    /// The file's name or folder.
    Name,
    /// The document itself.
    Declaration,
    /// Letters and words: a guess.
    Letters,
    /// Nothing; the language is `und`.
    Nothing,
}

/// How a document is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// The language, where the user gave one.
    pub from: Option<Language>,
    /// Each line is one paragraph of running text.
    pub lines: bool,
    /// The encoding, where the user gave one.
    pub encoding: Option<Encoding>,
}

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}: there is no such file")]
    NotFound(String),
    #[error("{0}: this is a folder, not a file")]
    Folder(String),
    #[error("{0}: no permission to read it")]
    Permission(String),
    #[error("{name}: {error}")]
    Unreadable { name: String, error: io::Error },
    #[error(transparent)]
    Document(#[from] DocumentError),
}

/// The language a file's name or folder tells, as for the files of a set.
pub fn language_of(path: &Path) -> Option<Language> {
    sets::named(path).map(|(_, language)| language)
}

/// Reads the file at `path`. Its language is the one given, else what its name tells, else what it declares,
/// else a guess from its letters.
///
/// # Errors
/// A file that is not there or cannot be read, and bytes that are no document.
pub fn load(path: &Path, reading: Reading) -> Result<Loaded, LoadError> {
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound(name.clone()),
        io::ErrorKind::PermissionDenied => LoadError::Permission(name.clone()),
        _ if path.is_dir() => LoadError::Folder(name.clone()),
        _ => LoadError::Unreadable { name: name.clone(), error },
    })?;
    let by_name = if reading.from.is_none() { language_of(path) } else { None };
    let mut loaded = load_bytes(&name, &bytes, Reading { from: reading.from.or(by_name), ..reading })?;
    if by_name.is_some() {
        loaded.told = How::Name;
    }
    Ok(loaded)
}

/// Reads what did not come from a file; `name` stands for it in messages.
///
/// # Errors
/// Bytes that are no document.
pub fn load_bytes(name: &str, bytes: &[u8], reading: Reading) -> Result<Loaded, LoadError> {
    let read = if reading.lines { documents::read_lines } else { documents::read_told };
    let (document, told) = read(name, bytes, Given { language: reading.from, encoding: reading.encoding })?;
    let told = match told {
        Told::Given => How::Flag,
        Told::Declared => How::Declaration,
        Told::Guessed => How::Letters,
        Told::Unknown => How::Nothing,
    };
    Ok(Loaded { document, told })
}

#[cfg(test)]
mod tests;
