//! Glossaries from files, and the terms of texts.

use super::in_words;
use crate::formats::glossary::{self, Glossary, GlossaryError, Skipped};
use crate::formats::{self, FormatError, Item, Kind, detect, tbx};
use crate::lang::{Language, forms};
use crate::model::{Concept, Term};
use crate::terms::{Overlap, Termbase};
use crate::text::{LineIndex, Position};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    #[error("{}: {}", path.display(), in_words(error))]
    Read { path: PathBuf, error: io::Error },
    #[error(transparent)]
    Glossary(#[from] GlossaryError),
    /// A TBX that is not sound at a place, or a file of another kind.
    #[error("{}:{}{error}", path.display(), if error.is_broken() { "" } else { " " })]
    Format { path: PathBuf, error: FormatError },
    #[error("there is no concept `{0}`")]
    NoConcept(String),
}

/// What glossary files hold, in their order, and what was left out of each.
#[derive(Debug, Default)]
pub struct Glossaries {
    pub concepts: Vec<Concept>,
    pub skipped: Vec<(PathBuf, Skipped)>,
    /// Equal for equal files: a copy of the concepts is refreshed when it differs.
    pub fingerprint: String,
}

/// Reads glossary files, tables or TBX as their content tells, one after the other.
///
/// A concept that more than one file has, with the same id and a term in common, is one with the terms of both.
pub fn glossaries(paths: &[PathBuf]) -> Result<Glossaries, TermsError> {
    let mut concepts = Concepts::default();
    let mut skipped = Vec::new();
    let mut hash = Sha256::new();
    for path in paths {
        let bytes = fs::read(path).map_err(|error| TermsError::Read { path: path.clone(), error })?;
        hash.update(bytes.len().to_le_bytes());
        hash.update(&bytes);
        let read = one_glossary(path, &bytes)?;
        // The ids of one file are unique already.
        if concepts.list.is_empty() {
            concepts = Concepts::new(read.concepts);
        } else {
            for concept in read.concepts {
                concepts.add(concept, glossary::join);
            }
        }
        skipped.extend(read.skipped.into_iter().map(|skipped| (path.clone(), skipped)));
    }
    Ok(Glossaries { concepts: concepts.list, skipped, fingerprint: hex(&hash.finalize()) })
}

fn one_glossary(path: &Path, bytes: &[u8]) -> Result<Glossary, TermsError> {
    let named = |error| TermsError::Format { path: path.to_owned(), error };
    let opened = formats::open(bytes).map_err(|error| named(error.into()))?;
    match detect::detect(&opened) {
        Kind::Tbx => {
            let unknown =
                |encoding| FormatError::Unsuitable(format!("the encoding `{encoding}` it declares is not known"));
            let source = opened.source().map_err(|encoding| named(unknown(encoding)))?;
            let mut out = Glossary::default();
            let mut concepts = Concepts::default();
            tbx::read(source, &mut |item| {
                match item {
                    Item::Concept(concept) => {
                        concepts.add(concept, glossary::join);
                    }
                    Item::Skipped(remark) | Item::Warning(remark) => {
                        out.skipped.push(Skipped { line: remark.line, column: 0, reason: remark.what });
                    }
                    Item::Unit(_) => {}
                }
                Ok(())
            })
            .map_err(named)?;
            out.concepts = concepts.list;
            Ok(out)
        }
        kind @ (Kind::Tmx | Kind::Xliff | Kind::Xml(_) | Kind::Html | Kind::Zip | Kind::Po | Kind::JsonLines) => {
            Err(named(FormatError::Unsuitable(format!("this is {kind}, not a glossary (CSV, TSV or TBX)"))))
        }
        Kind::Table | Kind::Glossary | Kind::Text | Kind::Empty => {
            Ok(glossary::read_file(&path.display().to_string(), opened)?)
        }
    }
}

/// Concepts under ids of their own.
#[derive(Debug, Default)]
pub(super) struct Concepts {
    pub list: Vec<Concept>,
    /// Where each id stands; made when the first concept is added to the list.
    places: Option<FxHashMap<String, usize>>,
}

impl Concepts {
    pub fn new(list: Vec<Concept>) -> Concepts {
        Concepts { list, places: None }
    }

    /// Adds a concept; `again` joins it with the one it is: with the same id and a term in common. If they have no
    /// term in common the id is used by chance (every tool counts `c1`, `c2`), and the new one gets another. Tells
    /// whether it is one more.
    pub fn add(&mut self, mut concept: Concept, again: impl FnOnce(&mut Concept, Concept)) -> bool {
        let related = |a: &Concept, b: &Concept| {
            a.terms.iter().any(|term| b.terms_in(term.language).any(|other| other.text == term.text))
        };
        let Concepts { list, places } = self;
        let places = places
            .get_or_insert_with(|| list.iter().enumerate().map(|(at, concept)| (concept.id.clone(), at)).collect());
        let base = concept.id.clone();
        let mut number = 1;
        while let Some(at) = places.get(&concept.id) {
            let known = &mut list[*at];
            if related(known, &concept) {
                again(known, concept);
                return false;
            }
            number += 1;
            concept.id = format!("{base}-{number}");
        }
        places.insert(concept.id.clone(), list.len());
        list.push(concept);
        true
    }
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
pub fn forms_of(term: &Term) -> Vec<(String, Vec<forms::Form>)> {
    let mut out: Vec<(String, Vec<forms::Form>)> = Vec::new();
    for form in forms::forms(term.language) {
        let Some(text) = crate::terms::written(term, form) else { continue };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glossaries_of_both_kinds_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let table = file("a.csv", "concept,en,az\nc1,visa,viza\nc2,asylum,sığınacaq\n");
        // Told by its content, not its name.
        let tbx = file(
            "b.txt",
            "<martif type='TBX'><text><body>\
             <termEntry id='c1'><langSet xml:lang='en'><tig><term>visa</term></tig></langSet>\
             <langSet xml:lang='ru'><tig><term>виза</term></tig></langSet></termEntry>\
             <termEntry id='c2'><langSet xml:lang='en'><tig><term>permit</term></tig></langSet></termEntry>\
             <termEntry id='c3'></termEntry></body></text></martif>",
        );
        let read = glossaries(&[table.clone(), tbx.clone()]).unwrap();
        let shown: Vec<String> = read
            .concepts
            .iter()
            .map(|c| format!("{}: {}", c.id, c.terms.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")))
            .collect();
        assert_eq!(shown, ["c1: visa viza виза", "c2: asylum sığınacaq", "c2-2: permit"]);
        assert_eq!(read.skipped.len(), 1);
        assert_eq!((&read.skipped[0].0, read.skipped[0].1.line), (&tbx, 1));
        assert_ne!(read.fingerprint, glossaries(&[table]).unwrap().fingerprint);
    }

    #[test]
    fn what_is_no_glossary_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let fault = |text: &str| {
            let path = folder.path().join("terms.tbx");
            fs::write(&path, text).unwrap();
            glossaries(&[path]).unwrap_err().to_string().replace(&*folder.path().to_string_lossy(), "")
        };
        assert_eq!(fault("<tmx version='1.4'/>"), "/terms.tbx: this is TMX, not a glossary (CSV, TSV or TBX)");
        assert_eq!(
            fault("<tbx>\n<a></tbx>"),
            "/terms.tbx:2:4: end tag `</tbx>` where `</a>` was due (opened on line 2)"
        );
        assert_eq!(fault(""), "/terms.tbx: the file is empty");
    }
}
