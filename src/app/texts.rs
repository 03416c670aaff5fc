//! Texts to be translated, segment by segment: documents, and the sources of XLIFF files.

use super::{
    documents::{self, How, LoadError},
    in_words,
    segmentation::Rules,
    sets,
};
use crate::{
    formats::{
        self, FormatError, Kind as FileKind, detect,
        documents::{DocumentError, Given, Template},
        job::{self, Marked, Returned},
    },
    lang::{self, Language},
    lookup::Query,
    model::{Code, Context, Document, Kind},
    segment::segment,
    text::Span,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A text as a file gives it.
#[derive(Debug)]
pub struct Text {
    /// The file's path as the user gave it.
    pub name: String,
    pub language: Language,
    pub told: How,
    pub pieces: Vec<Piece>,
    pub origin: Origin,
}

/// What a text was read from.
#[derive(Debug)]
pub enum Origin {
    /// A document that can be written anew with other words.
    Template { template: Box<Template>, bytes: Vec<u8> },
    /// A document that can only be read, and why.
    Document(DocumentError),
    /// One of the documents in an XLIFF.
    Xliff(Returned),
}

/// A segment of a text.
#[derive(Debug, Clone)]
pub struct Piece {
    pub source: Marked,
    /// What the marks of the source are, in a document that can be written anew.
    pub codes: Vec<Code>,
    pub kind: Kind,
    pub paragraph: usize,
    /// In the document's text; empty in an XLIFF.
    pub span: Span,
}

#[derive(Debug, thiserror::Error)]
pub enum TextError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{name}:{error}")]
    Broken { name: String, error: FormatError },
    #[error("{name}: {what}")]
    Unsuitable { name: String, what: String },
    #[error("{}: {}", .folder.display(), in_words(.error))]
    Folder { folder: PathBuf, error: io::Error },
}

/// Endings of the files of a folder that are taken for texts.
const ENDINGS: &[&str] =
    &["txt", "text", "md", "markdown", "html", "htm", "xhtml", "docx", "odt", "xlf", "xliff", "sdlxliff", "mqxliff"];
/// Folders deeper than this are not searched.
const MAX_DEPTH: usize = 16;

/// What files were named, and what was passed over.
#[derive(Debug, Default)]
pub struct Listed {
    pub files: Vec<PathBuf>,
    /// In folders: files in another language than the one translated from, by their names.
    pub other_languages: Vec<PathBuf>,
}

/// The files named, and those of the folders named that are in `from` as far as their names tell; where nobody says
/// `from`, in English if a name of that folder tells that, else in the first language told.
///
/// # Errors
/// A folder that cannot be read.
pub fn listed(paths: &[PathBuf], from: Option<Language>) -> Result<Listed, TextError> {
    let mut out = Listed::default();
    for path in paths {
        if !path.is_dir() {
            out.files.push(path.clone());
            continue;
        }
        let mut files = Vec::new();
        list(path, 0, &mut files).map_err(|(folder, error)| TextError::Folder { folder, error })?;
        files.sort();
        let told = |file: &PathBuf| sets::named(file).map(|(_, language)| language);
        let from = from.or_else(|| lang::lead(files.iter().filter_map(told)));
        let (ours, others) =
            files.into_iter().partition(|file| from.is_none() || told(file).is_none_or(|l| Some(l) == from));
        out.files.extend::<Vec<_>>(ours);
        out.other_languages.extend::<Vec<_>>(others);
    }
    Ok(out)
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let named = |error| (folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(named)? {
        let path = entry.map_err(named)?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~'])) {
            continue;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH {
                list(&path, depth + 1, files)?;
            }
        } else if path.extension().is_some_and(|e| ENDINGS.contains(&e.to_string_lossy().to_lowercase().as_str())) {
            files.push(path);
        }
    }
    Ok(())
}

/// Reads a file: one text, or one for each document of an XLIFF. The language is the one given, else what the name
/// tells, else what the file declares, else a guess.
///
/// # Errors
/// A file that is not there, and one that is neither a document nor a sound XLIFF.
pub fn read(path: &Path, from: Option<Language>, rules: &Rules) -> Result<Vec<Text>, TextError> {
    of_bytes(path, documents::bytes(path)?, from, rules)
}

/// Reads what is at hand, as from the file at `path`.
///
/// # Errors
/// Bytes that are neither a document nor a sound XLIFF.
pub fn of_bytes(path: &Path, bytes: Vec<u8>, from: Option<Language>, rules: &Rules) -> Result<Vec<Text>, TextError> {
    let name = path.display().to_string();
    match xliff(&name, &bytes)? {
        Some(files) => Ok(of_xliff(&name, files)),
        None => {
            let by_name = documents::language_of(path).filter(|_| from.is_none());
            let mut text = of_document(&name, bytes, from.or(by_name), rules)?;
            if by_name.is_some() {
                text.told = How::Name;
            }
            Ok(vec![text])
        }
    }
}

/// The documents of an XLIFF; `None` where the file is none.
pub fn xliff(name: &str, bytes: &[u8]) -> Result<Option<Vec<Returned>>, TextError> {
    let unreadable = |error: io::Error| TextError::Unsuitable { name: name.to_owned(), what: in_words(&error) };
    let opened = formats::open(bytes).map_err(unreadable)?;
    if detect::detect(&opened) != FileKind::Xliff {
        return Ok(None);
    }
    let unknown = |encoding| TextError::Unsuitable {
        name: name.to_owned(),
        what: format!("the encoding `{encoding}` it declares is not known"),
    };
    match job::read(opened.source().map_err(unknown)?) {
        Ok(files) => Ok(Some(files)),
        Err(error) if error.is_broken() => Err(TextError::Broken { name: name.to_owned(), error }),
        Err(error) => Err(TextError::Unsuitable { name: name.to_owned(), what: error.to_string() }),
    }
}

fn of_xliff(name: &str, files: Vec<Returned>) -> Vec<Text> {
    let several = files.len() > 1;
    files
        .into_iter()
        .map(|file| Text {
            name: if several { format!("{name} ({})", file.name) } else { name.to_owned() },
            language: file.source,
            told: How::Declaration,
            pieces: file
                .segments
                .iter()
                .enumerate()
                .filter(|(_, segment)| segment.translate)
                .flat_map(|(at, segment)| segment.sources().map(move |source| (at, source)))
                .filter(|(_, source)| !source.text.trim().is_empty())
                .map(|(at, source)| Piece {
                    source: source.clone(),
                    codes: source.bare_codes(),
                    kind: Kind::Body,
                    paragraph: at + 1,
                    span: Span::new(0, 0),
                })
                .collect(),
            origin: Origin::Xliff(file),
        })
        .collect()
}

/// Reads a document that is at hand.
///
/// # Errors
/// Bytes that are no document.
pub fn of_document(name: &str, bytes: Vec<u8>, from: Option<Language>, rules: &Rules) -> Result<Text, TextError> {
    let given = Given { language: from, encoding: None };
    let pieces = |document: &Document, codes: &dyn Fn(Span) -> Vec<Code>| {
        let piece = |segment: crate::model::Segment| {
            let codes = codes(segment.span);
            let source = Marked::of(&segment.text, &codes);
            Piece { source, codes, kind: segment.kind, paragraph: segment.paragraph, span: segment.span }
        };
        segment(document, &rules.of(document.language)).into_iter().map(piece).collect()
    };
    match Template::open(name, bytes.clone(), given) {
        Ok(template) => Ok(Text {
            name: name.to_owned(),
            language: template.document().language,
            told: How::from(template.told()),
            pieces: pieces(template.document(), &|span| template.codes(span)),
            origin: Origin::Template { template: Box::new(template), bytes },
        }),
        Err(error @ DocumentError::Unwritable { .. }) => {
            let (document, told) = formats::documents::read_told(name, &bytes, given).map_err(LoadError::from)?;
            Ok(Text {
                name: name.to_owned(),
                language: document.language,
                told: How::from(told),
                pieces: pieces(&document, &|_| Vec::new()),
                origin: Origin::Document(error),
            })
        }
        Err(error) => Err(LoadError::from(error).into()),
    }
}

impl Text {
    /// The segments as queries, each in its context: the segments beside it, footers passed over as they are in the
    /// memory's releases.
    pub fn queries(&self) -> Vec<Query> {
        let contexts = contexts(self.pieces.iter().map(|piece| (piece.kind, piece.source.text.as_str())));
        let query = |(piece, context): (&Piece, Context)| Query { text: piece.source.text.clone(), context };
        self.pieces.iter().zip(contexts).map(query).collect()
    }
}

/// Of each segment what stands before and after it: of a footer whatever is there, of the others what is no footer.
pub fn contexts<'t>(segments: impl Iterator<Item = (Kind, &'t str)>) -> Vec<Context> {
    let segments: Vec<(Kind, &str)> = segments.collect();
    let mut out = vec![Context::default(); segments.len()];
    let mut last: Option<&str> = None;
    for (at, (kind, text)) in segments.iter().enumerate() {
        let any = at.checked_sub(1).map(|before| segments[before].1);
        out[at].previous = if *kind == Kind::Boilerplate { any } else { last }.map(str::to_owned);
        if *kind != Kind::Boilerplate {
            last = Some(text);
        }
    }
    last = None;
    for (at, (kind, text)) in segments.iter().enumerate().rev() {
        let any = segments.get(at + 1).map(|(_, text)| *text);
        out[at].next = if *kind == Kind::Boilerplate { any } else { last }.map(str::to_owned);
        if *kind != Kind::Boilerplate {
            last = Some(text);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers_are_passed_over_by_all_but_footers() {
        let segments = [(Kind::Heading, "a"), (Kind::Boilerplate, "f"), (Kind::Body, "b"), (Kind::Boilerplate, "g")];
        let told = |part: &Option<String>| part.clone().unwrap_or("-".to_owned());
        let contexts: Vec<String> =
            contexts(segments.into_iter()).iter().map(|c| told(&c.previous) + &told(&c.next)).collect();
        assert_eq!(contexts, ["-b", "ab", "a-", "b-"]);
    }

    #[test]
    fn documents_and_both_kinds_of_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let rules = Rules::default();
        let sources = |path: &Path| -> Vec<(Language, Vec<String>)> {
            let texts = read(path, None, &rules).unwrap();
            texts.iter().map(|t| (t.language, t.pieces.iter().map(|p| p.source.text.clone()).collect())).collect()
        };
        let document = file("b.en.txt", "The day came. It went.\n");
        assert_eq!(sources(&document), [(Language::EN, vec!["The day came.".to_owned(), "It went.".to_owned()])]);
        let xliff = file(
            "a.xlf",
            "<xliff version='1.2'><file original='x' source-language='ru'><body><trans-unit id='1'><source>Да</source>\
             </trans-unit><trans-unit id='2' translate='no'><source>Нет</source></trans-unit></body></file></xliff>",
        );
        assert_eq!(sources(&xliff), [(Language::RU, vec!["Да".to_owned()])]);
        let other = file("deep/b.az.txt", "Gün gəldi.\n");
        file("picture.png", "");
        let all = listed(&[folder.path().to_owned()], None).unwrap();
        assert_eq!(all.files, [xliff, document]);
        assert_eq!(all.other_languages, [other]);
        let broken = file("c.xlf", "<xliff version='1.2'><file source-language='en'>");
        let error = read(&broken, None, &rules).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}:1:", broken.display())), "{error}");
        assert!(
            read(&folder.path().join("none"), None, &rules).unwrap_err().to_string().ends_with("there is no such file")
        );
    }
}
