//! Glossaries from files, and the terms of texts.

use crate::formats::glossary::{self, GlossaryError, Skipped};
use crate::lang::{Language, forms};
use crate::model::{Concept, Term};
use crate::terms::{Overlap, Termbase};
use crate::text::{LineIndex, Position};
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::PathBuf,
};

#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    #[error("{}: {}", path.display(), read_error(error))]
    Read { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Glossary(#[from] GlossaryError),
    #[error("there is no concept `{0}`")]
    NoConcept(String),
}

fn read_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
        _ => error.to_string(),
    }
}

/// What glossary files hold, in their order, and the rows left out of each.
#[derive(Debug, Default)]
pub struct Glossaries {
    pub concepts: Vec<Concept>,
    pub skipped: Vec<(PathBuf, Skipped)>,
    /// Equal for equal files: a copy of the concepts is refreshed when it differs.
    pub fingerprint: String,
}

/// Reads glossary files one after the other.
pub fn glossaries(paths: &[PathBuf]) -> Result<Glossaries, TermsError> {
    let mut out = Glossaries::default();
    let mut hash = Sha256::new();
    for path in paths {
        let bytes = fs::read(path).map_err(|error| TermsError::Read { path: path.clone(), error })?;
        hash.update(bytes.len().to_le_bytes());
        hash.update(&bytes);
        let read = glossary::read(&path.display().to_string(), &bytes)?;
        out.concepts.extend(read.concepts);
        out.skipped.extend(read.skipped.into_iter().map(|skipped| (path.clone(), skipped)));
    }
    out.fingerprint = hex(&hash.finalize());
    Ok(out)
}

/// Bytes as people compare them.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A term in a text, as people count places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub start: Position,
    pub end: Position,
    /// As the glossary writes it.
    pub term: String,
    pub surface: String,
    pub concept: String,
}

/// The terms of one text. With `lines` each line is a text of its own.
pub fn find(termbase: &Termbase, language: Language, text: &str, lines: bool, overlap: Overlap) -> Vec<Hit> {
    let index = LineIndex::new(text);
    let mut out = Vec::new();
    let mut tell = |offset: usize, part: &str| {
        for found in termbase.find(language, part, overlap) {
            let span = found.span.shifted(offset);
            out.push(Hit {
                start: index.position(text, span.start),
                end: index.position(text, span.end),
                term: termbase.term_of(&found).text.clone(),
                surface: span.of(text).to_owned(),
                concept: termbase.concept_of(&found).id.clone(),
            });
        }
    };
    if lines {
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            tell(offset, line.trim_end_matches('\n'));
            offset += line.len();
        }
    } else {
        tell(0, text);
    }
    out
}

/// The concept of that id, or the one that holds the term.
pub fn concept<'c>(concepts: &'c [Concept], wanted: &str) -> Result<&'c Concept, TermsError> {
    let by_id = concepts.iter().find(|c| c.id == wanted);
    let by_term = || {
        let holds = |t: &Term| t.language.key(&t.text) == t.language.key(wanted);
        concepts.iter().find(|c| c.terms.iter().any(holds))
    };
    by_id.or_else(by_term).ok_or_else(|| TermsError::NoConcept(wanted.to_owned()))
}

/// The forms of a term, each with what it is; those that look the same stand together.
pub fn forms_of(language: Language, term: &str) -> Vec<(String, Vec<forms::Form>)> {
    let mut out: Vec<(String, Vec<forms::Form>)> = Vec::new();
    for form in forms::forms(language) {
        let Some(text) = crate::terms::written(language, term, form) else { continue };
        match out.iter_mut().find(|(known, _)| *known == text) {
            Some((_, forms)) => forms.push(form),
            None => out.push((text, vec![form])),
        }
    }
    out
}

/// The text of a file's bytes, UTF-8 or by the byte order mark, with LF line ends.
pub fn decoded(name: &str, bytes: &[u8]) -> Result<String, TermsError> {
    let text = glossary::decoded(name, bytes)?;
    Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
}
