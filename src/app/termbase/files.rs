//! Glossary files as they were read, and with concepts changed.

use super::{Planned, TermbaseError};
use crate::{
    app::terms::{self, TermsError, glossaries_of, one_glossary},
    formats::{
        self, Item, Kind, detect,
        glossary::{self, Glossary, Patch, Skipped},
        tbx,
    },
    model::Concept,
};
use rustc_hash::FxHashMap;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where concepts stand: files, or the memory's copy as if it were one.
#[derive(Debug, Default)]
pub struct Files {
    pub list: Vec<File>,
}

/// One glossary file as it was read.
#[derive(Debug, Default)]
pub struct File {
    /// Empty for the memory's copy.
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub concepts: Vec<Concept>,
    /// The line on which each concept begins, by its id.
    pub lines: FxHashMap<String, usize>,
    /// What the reader told of its rows.
    pub skipped: Vec<Skipped>,
    /// Of a TBX: which of its entries make each concept.
    entries: FxHashMap<String, Vec<usize>>,
}

impl Files {
    pub fn read(paths: &[PathBuf]) -> Result<Files, TermsError> {
        let read = |path: &PathBuf| {
            let bytes = fs::read(path).map_err(|error| TermsError::Read { path: path.clone(), error })?;
            File::new(path, bytes)
        };
        Ok(Files { list: paths.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// The memory's copy.
    pub fn copy(concepts: Vec<Concept>) -> Files {
        Files { list: vec![File { concepts, ..File::default() }] }
    }

    pub(super) fn is_copy(&self) -> bool {
        self.list.iter().all(|file| file.path.as_os_str().is_empty())
    }

    /// All concepts; what several files have is one.
    pub fn merged(&self) -> Vec<Concept> {
        let mut out = terms::Concepts::default();
        for concept in self.list.iter().flat_map(|file| &file.concepts) {
            out.add(concept.clone(), glossary::join);
        }
        out.list
    }
}

impl File {
    fn new(path: &Path, bytes: Vec<u8>) -> Result<File, TermsError> {
        let Glossary { concepts, skipped } = one_glossary(path, &bytes, None)?;
        let mut out = File { path: path.to_owned(), concepts, skipped, ..File::default() };
        match out.kind(&bytes) {
            Some(Kind::Tbx) => out.find_entries(&bytes),
            Some(_) => {
                let places = glossary::places(&path.display().to_string(), &bytes)?;
                for (id, line) in places {
                    out.lines.entry(id).or_insert(line);
                }
            }
            None => {}
        }
        out.bytes = bytes;
        Ok(out)
    }

    /// What the file is, if it can be changed here.
    fn kind(&self, bytes: &[u8]) -> Option<Kind> {
        let opened = formats::open(bytes).ok()?;
        let kind = detect::detect(&opened);
        let table = matches!(kind, Kind::Table | Kind::Glossary | Kind::Text)
            && glossary::places(&self.path.display().to_string(), bytes).is_ok()
            && glossary::read("", bytes).is_ok();
        (!opened.gzip && (kind == Kind::Tbx || table)).then_some(kind)
    }

    /// The entries of each concept: a reader tells of each entry once, of one with a known id and a term in common as
    /// more of the same concept.
    fn find_entries(&mut self, bytes: &[u8]) {
        let Some(text) = decoded(bytes) else { return };
        let places = tbx::entries(&text);
        let mut known = terms::Concepts::default();
        let mut at = 0;
        let Ok(Ok(source)) = formats::open(bytes).map(formats::Opened::source) else { return };
        let entries = &mut self.entries;
        let lines = &mut self.lines;
        let read = tbx::read(source, &mut |item| {
            match item {
                Item::Concept(concept) => {
                    let mut id = concept.id.clone();
                    if known.add(concept, glossary::join) {
                        id = known.list.last().map_or(id, |last| last.id.clone());
                    }
                    let line = places.get(at).map_or(0, |place| text[..place.start].matches('\n').count() + 1);
                    lines.entry(id.clone()).or_insert(line);
                    entries.entry(id).or_default().push(at);
                    at += 1;
                }
                Item::Skipped(_) => at += 1,
                Item::Warning(_) | Item::Unit(_) => {}
            }
            Ok(())
        });
        if read.is_err() || at != places.len() {
            self.entries.clear();
        }
    }

    /// The file with the concepts changed, read again to be sure that it says what it should.
    pub(super) fn changed(&self, plan: &[&Planned]) -> Result<Vec<u8>, TermbaseError> {
        let fixed = |what: &str| TermbaseError::Fixed { path: self.path.clone(), what: what.to_owned() };
        let new = match self.kind(&self.bytes) {
            None => {
                return Err(fixed(
                    "only CSV, TSV and TBX that are not packed can be changed here: edit it in its own program, or make a \
                     table of it with `yaddash term export --as csv`",
                ));
            }
            Some(Kind::Tbx) => {
                let text = decoded(&self.bytes).ok_or_else(|| fixed("its encoding is not known"))?;
                let none = Vec::new();
                let patches: Vec<tbx::Patch<'_>> = plan
                    .iter()
                    .map(|planned| {
                        let entries = self.entries.get(&planned.id).filter(|_| planned.before.is_some());
                        let behind = match planned.behind.as_deref() {
                            None => None,
                            Some("") => Some(None),
                            Some(id) => self.entries.get(id).and_then(|all| all.last()).map(|at| Some(*at)),
                        };
                        tbx::Patch { entries: entries.unwrap_or(&none), concept: planned.after.as_ref(), behind }
                    })
                    .collect();
                if plan
                    .iter()
                    .zip(&patches)
                    .any(|(planned, patch)| planned.before.is_some() && patch.entries.is_empty())
                {
                    return Err(fixed("the entry of the concept cannot be told"));
                }
                let new = tbx::patched(&text, &patches).ok_or_else(|| fixed("it has no `body` for an entry"))?;
                encoded(&self.bytes, &new)
            }
            Some(_) => {
                let patches: Vec<Patch<'_>> = plan
                    .iter()
                    .map(|planned| Patch {
                        before: planned.before.as_ref(),
                        after: planned.after.as_ref(),
                        behind: planned.behind.as_deref(),
                    })
                    .collect();
                let unwritable = |error| TermbaseError::Unwritable { path: self.path.clone(), error };
                glossary::patched(&self.path.display().to_string(), &self.bytes, &patches).map_err(unwritable)?
            }
        };
        let read = match new.is_empty() {
            true => Vec::new(),
            false => one_glossary(&self.path, &new, None)?.concepts,
        };
        let stands = |planned: &&&Planned| match read.iter().find(|concept| concept.id == planned.id) {
            Some(got) => planned.after.as_ref().is_some_and(|after| says_the_same(got, after)),
            None => planned.after.is_none(),
        };
        match plan.iter().find(|planned| !stands(planned)) {
            Some(planned) => Err(fixed(&format!("what is new of concept `{}` cannot be written in it", planned.id))),
            None => Ok(new),
        }
    }

    /// The concept of that id.
    pub(super) fn concept(&self, id: &str) -> Option<&Concept> {
        self.concepts.iter().find(|concept| concept.id == id)
    }
}

/// Equal but for the order of what has none.
pub(super) fn says_the_same(a: &Concept, b: &Concept) -> bool {
    let sorted = |concept: &Concept| {
        let mut concept = concept.clone();
        concept.terms.sort_by_key(|term| (term.language, term.status));
        concept.exceptions.sort();
        concept.kept.sort_by_key(|kept| format!("{kept:?}"));
        for term in &mut concept.terms {
            term.remark(|remarks| remarks.kept.sort_by_key(|kept| format!("{kept:?}")));
        }
        concept
    };
    sorted(a) == sorted(b)
}

/// The text of a TBX, in whatever encoding it declares.
fn decoded(bytes: &[u8]) -> Option<String> {
    let encoding = encoding_of(bytes)?;
    let (text, _, broken) = encoding.decode(bytes);
    (!broken).then(|| text.into_owned())
}

fn encoding_of(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let source = formats::open(bytes).ok()?.source().ok()?;
    encoding_rs::Encoding::for_label(source.encoding().as_bytes())
}

/// The text in the encoding the old bytes have; letters it lacks become references.
fn encoded(old: &[u8], text: &str) -> Vec<u8> {
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let mark = encoding_rs::Encoding::for_bom(old).map_or(&[][..], |(_, length)| &old[..length]);
    let encoding = encoding_of(old).unwrap_or(encoding_rs::UTF_8);
    let body = if encoding == encoding_rs::UTF_16LE {
        wide(u16::to_le_bytes)
    } else if encoding == encoding_rs::UTF_16BE {
        wide(u16::to_be_bytes)
    } else {
        encoding.encode(text).0.into_owned()
    };
    [mark, &body].concat()
}

/// The files with their changes, whole.
pub(super) fn changed(files: &Files, plan: &[Planned]) -> Result<Vec<(PathBuf, Vec<u8>)>, TermbaseError> {
    let of = |(at, file): (usize, &File)| {
        let own: Vec<&Planned> = plan.iter().filter(|planned| planned.file == at).collect();
        let bytes = if own.is_empty() { file.bytes.clone() } else { file.changed(&own)? };
        Ok((file.path.clone(), bytes))
    };
    files.list.iter().enumerate().map(of).collect()
}

/// What the files say together.
pub(super) fn read_again(files: &[(PathBuf, Vec<u8>)]) -> Result<terms::Glossaries, TermbaseError> {
    let filled: Vec<(PathBuf, Vec<u8>)> = files.iter().filter(|(_, bytes)| !bytes.is_empty()).cloned().collect();
    Ok(glossaries_of(&filled, None)?)
}
