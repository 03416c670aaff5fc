//! Documents from files or from what came on standard input, each in its language.

use super::sets;
use crate::{
    formats::documents::{self, DocumentError, Given, LongText},
    lang::Language,
    model::Document,
};
pub use documents::{Encoding, Told};
use std::{
    fs::{self, File},
    io,
    path::Path,
};

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
    let bytes = self::bytes(path)?;
    let by_name = if reading.from.is_none() { language_of(path) } else { None };
    let mut loaded = load_bytes(&name, &bytes, Reading { from: reading.from.or(by_name), ..reading })?;
    if by_name.is_some() {
        loaded.told = How::Name;
    }
    Ok(loaded)
}

/// The bytes of the file at `path`.
///
/// # Errors
/// A file that is not there or cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>, LoadError> {
    let name = || path.display().to_string();
    fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound(name()),
        io::ErrorKind::PermissionDenied => LoadError::Permission(name()),
        _ if path.is_dir() => LoadError::Folder(name()),
        _ => LoadError::Unreadable { name: name(), error },
    })
}

/// Reads what did not come from a file; `name` stands for it in messages.
///
/// # Errors
/// Bytes that are no document.
pub fn load_bytes(name: &str, bytes: &[u8], reading: Reading) -> Result<Loaded, LoadError> {
    let read = if reading.lines { documents::read_lines } else { documents::read_told };
    let (document, told) = read(name, bytes, Given { language: reading.from, encoding: reading.encoding })?;
    Ok(Loaded { document, told: How::from(told) })
}

/// A text that was typed, in a language the user chose. Its lines end in LF.
pub fn typed(name: &str, text: &str, language: Language) -> Document {
    let lines = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    documents::typed(name, lines, language)
}

impl From<Told> for How {
    fn from(told: Told) -> How {
        match told {
            Told::Given => How::Flag,
            Told::Declared => How::Declaration,
            Told::Guessed => How::Letters,
            Told::Unknown => How::Nothing,
        }
    }
}

/// The documents a file gives one after the other: the pieces of a plain text, whose blocks are those of the file and
/// whose texts together are its text, so that a text of any length takes the room of a piece; else the one document
/// the file is.
pub struct Pieces {
    pub language: Language,
    pub told: How,
    name: String,
    source: Source,
}

enum Source {
    Whole(Option<Document>),
    Long(LongText<File>),
}

/// Reads the file at `path` like [`load`], a piece at a time where that can be.
///
/// # Errors
/// A file that is not there or cannot be read, and bytes that are no document.
pub fn pieces(path: &Path, reading: Reading) -> Result<Pieces, LoadError> {
    if reading.encoding.is_some() {
        return Ok(Pieces::from(load(path, reading)?));
    }
    let name = path.display().to_string();
    let by_name = if reading.from.is_none() { language_of(path) } else { None };
    // Whatever goes wrong here goes wrong in `load` as well, which tells it.
    let long = File::open(path).and_then(|file| LongText::open(file, &name, reading.from.or(by_name), reading.lines));
    let Ok(Some(long)) = long else { return Ok(Pieces::from(load(path, reading)?)) };
    let told = if by_name.is_some() { How::Name } else { How::from(long.told()) };
    Ok(Pieces { language: long.language(), told, name, source: Source::Long(long) })
}

impl From<Loaded> for Pieces {
    fn from(Loaded { document, told }: Loaded) -> Pieces {
        Pieces { language: document.language, told, name: document.name.clone(), source: Source::Whole(Some(document)) }
    }
}

impl Pieces {
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Iterator for Pieces {
    type Item = Result<Document, LoadError>;

    fn next(&mut self) -> Option<Result<Document, LoadError>> {
        match &mut self.source {
            Source::Whole(document) => document.take().map(Ok),
            Source::Long(long) => {
                let unreadable = |error| LoadError::Unreadable { name: self.name.clone(), error };
                Some(long.next()?.map_err(unreadable))
            }
        }
    }
}

#[cfg(test)]
mod tests;
