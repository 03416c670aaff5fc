//! Files that give their beads themselves: tables, TMX, XLIFF.

use super::{CheckError, Group};
use crate::app::documents::LoadError;
use crate::formats::{self, FormatError, Kind, bitable, bixml, detect, glossary};
use crate::lang::Language;
use crate::model::{Bitext, Document, SourceMap};
use std::{fs, io, path::Path};

/// The file with the beads it gives; `None` where it is something else.
pub(super) fn bilingual(path: &Path, bytes: Option<&[u8]>) -> Option<Result<Group, CheckError>> {
    table(path, bytes).or_else(|| xml(path, bytes).transpose())
}

/// The file as TMX or XLIFF, gzipped or not. What cannot be opened is left to the reader of documents, whose words
/// for it are better.
fn xml(path: &Path, bytes: Option<&[u8]>) -> Result<Option<Group>, CheckError> {
    let name = path.display().to_string();
    let opened = match bytes {
        Some(bytes) => formats::open(bytes),
        None => fs::File::open(path).and_then(formats::open),
    };
    let Ok(opened) = opened else { return Ok(None) };
    if !matches!(detect::detect(&opened), Kind::Tmx | Kind::Xliff) {
        return Ok(None);
    }
    let source = opened.source().map_err(|encoding| CheckError::Unsuitable {
        file: name.clone(),
        what: format!("the encoding `{encoding}` it declares is not known"),
    })?;
    let read = bixml::read(source).map_err(|error| match error {
        FormatError::Broken { line, column, what } => CheckError::Broken { file: name.clone(), line, column, what },
        FormatError::Io(error) => LoadError::Unreadable { name: name.clone(), error }.into(),
        other => CheckError::Unsuitable { file: name.clone(), what: other.to_string() },
    })?;
    // A run of text ends where an element or a reference stands.
    let runs: Vec<usize> = read.anchors.iter().map(|anchor| anchor.text).collect();
    let markup = read.bitext.texts.keys().map(|language| (*language, runs.clone())).collect();
    let mut group = given(&name, &read.text, SourceMap::Anchors(read.anchors), read.bitext);
    group.markup = markup;
    group.units = read.units;
    group.codes = read.codes;
    Ok(Some(group))
}

/// All languages of `bitext` in one text.
fn given(name: &str, text: &str, map: SourceMap, bitext: Bitext) -> Group {
    let document = |language: &Language| Document {
        name: name.to_owned(),
        language: *language,
        text: text.to_owned(),
        blocks: Vec::new(),
        map: map.clone(),
    };
    let documents = bitext.texts.keys().map(|language| (*language, document(language))).collect();
    Group { documents, bitext, given: true, ..Group::default() }
}

/// The file as a bilingual table; `None` where it is something else.
fn table(path: &Path, bytes: Option<&[u8]>) -> Option<Result<Group, CheckError>> {
    let name = path.display().to_string();
    let read;
    let bytes = match bytes {
        Some(bytes) => bytes,
        None => {
            if !begins_like_table(path).unwrap_or(false) {
                return None;
            }
            read = match fs::read(path) {
                Ok(bytes) => bytes,
                Err(error) => return Some(Err(LoadError::Unreadable { name, error }.into())),
            };
            &read
        }
    };
    let text = match glossary::decoded(&name, bytes) {
        Ok(text) => text,
        // Text of an unknown encoding is for the reader of documents, unless its first line tells a table.
        Err(error) => {
            let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let told = std::str::from_utf8(first).is_ok_and(bitable::is_table);
            return told.then(|| Err(error.into()));
        }
    };
    let bitext = bitable::read(&text)?;
    Some(Ok(given(&name, &text, SourceMap::Same, bitext)))
}

/// Whether the first bytes of a file could be the header of a table: they hold a tab before any line end, in
/// any encoding.
fn begins_like_table(path: &Path) -> io::Result<bool> {
    let mut first = [0; 512];
    let mut file = fs::File::open(path)?;
    let mut read = 0;
    while read < first.len() {
        match io::Read::read(&mut file, &mut first[read..])? {
            0 => break,
            more => read += more,
        }
    }
    let tab = first[..read].iter().position(|byte| *byte == b'\t');
    let end = first[..read].iter().position(|byte| *byte == b'\n').unwrap_or(read);
    Ok(tab.is_some_and(|tab| tab < end))
}
