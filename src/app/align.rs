//! Aligning: files of sets to beads with texts, offsets and scores.

use super::{
    documents::{self, LoadError, Reading},
    in_words,
    pair::ByContent,
    run::stored_lexicon,
    segmentation::Rules,
    sets::{self, Found, PassedOver, Set, SetsError},
};
use crate::{
    Bitext, Document, Language,
    align::{self, Evidence, Lexicon, Reason},
    memory::{Memory, MemoryError},
    model::{Bead, Concept, Kind, Segment, SourceMap},
    segment::segment,
    text::Span,
};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

#[derive(Debug, thiserror::Error)]
pub enum AlignError {
    #[error(transparent)]
    Sets(#[from] SetsError),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{}: no sets were found: a set is the files of one text in {}", .folder.display(), languages(.wanted))]
    NoSets { folder: PathBuf, wanted: Vec<Language>, passed_over: Vec<PassedOver> },
    #[error(transparent)]
    Memory(#[from] MemoryError),
    #[error("the files do not make up one set in {}: {}", languages(.wanted), paths(.files))]
    NotOneSet { files: Vec<PathBuf>, wanted: Vec<Language>, passed_over: Vec<PassedOver> },
    #[error("{}: {}", .file.display(), in_words(.error))]
    Unreadable { file: PathBuf, error: io::Error },
    #[error("{}:{line}: this is not UTF-8", .file.display())]
    NotUtf8 { file: PathBuf, line: usize },
}

fn languages(wanted: &[Language]) -> String {
    match wanted {
        [] => "two or more languages".to_owned(),
        wanted => wanted.iter().map(Language::as_str).collect::<Vec<_>>().join(" and "),
    }
}

fn paths(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// A set read, and its beads.
#[derive(Debug, Clone)]
pub struct Aligned {
    pub set: Set,
    pub documents: BTreeMap<Language, Document>,
    pub bitext: Bitext,
    /// For each bead why it was chosen, where that was asked for.
    pub reasons: Vec<Vec<Reason>>,
}

/// One side of a bead as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Numbers of the segments, from 1.
    pub segments: Vec<usize>,
    /// Code points of the document's text, half-open, from the first segment to the last.
    pub start: usize,
    pub end: usize,
    pub text: String,
}

impl Aligned {
    /// For each bead its filled sides, in the order of the beads.
    pub fn shown(&self) -> Vec<BTreeMap<Language, Shown>> {
        let offsets: BTreeMap<Language, Vec<(usize, usize)>> = self
            .bitext
            .texts
            .iter()
            .map(|(language, segments)| (*language, code_points(&self.documents[language].text, segments)))
            .collect();
        let side = |language: &Language, segments: &[usize], text: String| {
            let of = &offsets[language];
            let (first, last) = (segments.first()?, segments.last()?);
            let numbers = segments.iter().map(|at| at + 1).collect();
            Some(Shown { segments: numbers, start: of[*first].0, end: of[*last].1, text })
        };
        self.bitext
            .beads
            .iter()
            .map(|bead| {
                let sides = bead.sides.iter();
                sides.filter_map(|(l, at)| Some((*l, side(l, at, self.bitext.text(bead, *l))?))).collect()
            })
            .collect()
    }
}

/// Where segments (in order) start and end, in code points of the text.
fn code_points(text: &str, segments: &[Segment]) -> Vec<(usize, usize)> {
    let (mut byte, mut point) = (0, 0);
    let mut at = |offset: usize| {
        if offset >= byte {
            point += text[byte..offset].chars().count();
        } else {
            point -= text[offset..byte].chars().count();
        }
        byte = offset;
        point
    };
    segments.iter().map(|segment| (at(segment.span.start), at(segment.span.end))).collect()
}

/// The sets of `folder` in the languages wanted (all, where none is named), what is passed over, and what `sift` paired
/// by content.
pub fn sets_in(
    folder: &Path,
    wanted: &[Language],
    sift: impl FnOnce(&mut Found) -> Result<Vec<ByContent>, MemoryError>,
) -> Result<(Found, Vec<ByContent>), AlignError> {
    let mut found = sets::find(folder)?;
    let paired = sift(&mut found)?;
    only(&mut found, wanted);
    match found.sets.is_empty() {
        true => {
            let passed_over = found.passed_over;
            Err(AlignError::NoSets { folder: folder.to_owned(), wanted: wanted.to_vec(), passed_over })
        }
        false => Ok((found, paired)),
    }
}

/// The one set that `files` are: by their names, else in the order of the languages wanted. `sift` as for [`sets_in`].
pub fn set_of(
    files: &[PathBuf],
    wanted: &[Language],
    sift: impl FnOnce(&mut Found) -> Result<Vec<ByContent>, MemoryError>,
) -> Result<(Found, Vec<ByContent>), AlignError> {
    let mut found = sets::of_files(files);
    let told = found.sets.iter().map(|set| set.files.len()).sum::<usize>() == files.len();
    if told && found.sets.len() == 1 {
        only(&mut found, wanted);
    } else if wanted.len() == files.len() {
        let name = files[0].file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let files = wanted.iter().copied().zip(files.iter().cloned()).collect();
        found = Found { sets: vec![Set { name, files }], passed_over: Vec::new() };
    }
    let paired = sift(&mut found)?;
    match found.sets.len() {
        1 => Ok((found, paired)),
        _ => {
            let passed_over = found.passed_over;
            Err(AlignError::NotOneSet { files: files.to_vec(), wanted: wanted.to_vec(), passed_over })
        }
    }
}

/// Leaves the languages wanted, and says which files are then alone.
fn only(found: &mut Found, wanted: &[Language]) {
    if wanted.is_empty() {
        return;
    }
    for set in &mut found.sets {
        set.files.retain(|language, _| wanted.contains(language));
        if set.files.len() == 1 {
            found.passed_over.extend(set.files.values().cloned().map(PassedOver::Alone));
        }
    }
    found.sets.retain(|set| set.files.len() > 1);
}

/// What is known before aligning `sets`: the glossary in force, and what the memory has learned of their languages.
pub fn evidence(memory: Option<&Memory>, concepts: Vec<Concept>, sets: &[Set]) -> Result<Evidence, MemoryError> {
    let mut pairs = BTreeSet::new();
    for set in sets {
        let languages: Vec<Language> = set.files.keys().copied().collect();
        for (at, from) in languages.iter().enumerate() {
            pairs.extend(languages[at + 1..].iter().map(|to| (*from, *to)));
        }
    }
    let lexicon = match memory {
        Some(memory) => stored_lexicon(&memory.read()?, &pairs)?,
        None => Lexicon::default(),
    };
    Ok(Evidence { concepts, lexicon })
}

/// How the files of sets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Documents, to be split into segments.
    Documents,
    /// One segment a line; an empty line is a paragraph break, and every line counts.
    Segmented,
}

/// The texts of one set, read and split.
pub(super) type Read = (BTreeMap<Language, Document>, BTreeMap<Language, Vec<Segment>>);

pub(super) fn read(set: &Set, texts: Texts, rules: &Rules) -> Result<Read, AlignError> {
    let mut out = Read::default();
    for (language, file) in &set.files {
        let (document, segments) = match texts {
            Texts::Documents => split(file, *language, rules)?,
            Texts::Segmented => lines(file, *language)?,
        };
        out.0.insert(*language, document);
        out.1.insert(*language, segments);
    }
    Ok(out)
}

/// Reads sets and aligns them together, with the reasons for each bead where `explain` asks for them. `step` as in
/// [`align::align_all`]. A set with a file that cannot be read is left out, and the error told.
pub fn align_sets(
    sets: Vec<Set>,
    texts: Texts,
    rules: &Rules,
    evidence: &Evidence,
    explain: bool,
    step: &(dyn Fn() + Sync),
) -> (Vec<Aligned>, Vec<AlignError>) {
    let tried: Vec<Result<Read, AlignError>> = sets.par_iter().map(|set| read(set, texts, rules)).collect();
    let mut failed = Vec::new();
    let mut sound = Vec::new();
    let (mut documents, mut texts) = (Vec::new(), Vec::new());
    for (set, read) in sets.into_iter().zip(tried) {
        match read {
            Ok((of_set, segments)) => {
                sound.push(set);
                documents.push(of_set);
                texts.push(segments);
            }
            Err(error) => failed.push(error),
        }
    }
    let beads: Vec<(Vec<Bead>, Vec<Vec<Reason>>)> = match explain {
        true => align::align_with_reasons(&texts, evidence, step)
            .into_iter()
            .map(|of_set| of_set.into_iter().unzip())
            .collect(),
        false => align::align_all(&texts, evidence, step).into_iter().map(|beads| (beads, Vec::new())).collect(),
    };
    let whole = sound.into_iter().zip(documents).zip(texts.into_iter().zip(beads));
    let aligned = whole
        .map(|((set, documents), (texts, (beads, reasons)))| Aligned {
            set,
            documents,
            bitext: Bitext { texts, beads },
            reasons,
        })
        .collect();
    (aligned, failed)
}

/// A document and its segments.
fn split(file: &Path, language: Language, rules: &Rules) -> Result<(Document, Vec<Segment>), AlignError> {
    let document = documents::load(file, Reading { from: Some(language), lines: false })?.document;
    let segments = segment(&document, &rules.of(language));
    Ok((document, segments))
}

/// A file of one segment a line.
fn lines(file: &Path, language: Language) -> Result<(Document, Vec<Segment>), AlignError> {
    let bytes = fs::read(file).map_err(|error| AlignError::Unreadable { file: file.to_owned(), error })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        AlignError::NotUtf8 { file: file.to_owned(), line }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    let segments = line_segments(&text);
    let name = file.display().to_string();
    Ok((Document { name, language, text, blocks: Vec::new(), map: SourceMap::Same }, segments))
}

/// Each line with anything in it is a segment; empty lines part paragraphs.
fn line_segments(text: &str) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut paragraph = 0;
    let mut broken = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trimmed(text);
        at += line.len();
        if span.is_empty() {
            broken = true;
            continue;
        }
        paragraph += usize::from(broken);
        broken = false;
        segments.push(Segment { span, text: span.of(text).to_owned(), kind: Kind::Body, paragraph });
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn lines_are_segments_and_empty_lines_part_paragraphs() {
        let got = line_segments("Bir\nİki \n\n\n Üç\n");
        let shown: Vec<(&str, usize, usize)> =
            got.iter().map(|s| (s.text.as_str(), s.paragraph, s.span.start)).collect();
        assert_eq!(shown, [("Bir", 1, 0), ("İki", 1, 4), ("Üç", 2, 13)]);
        assert!(line_segments("\n \n").is_empty());
    }

    #[test]
    fn a_folder_is_aligned_with_offsets_in_code_points() {
        let folder = folder(&[
            ("1.en.txt", "\u{feff}The Service opened in Şamaxı on 5 May.\r\nIt has 12 rooms.\r\n"),
            ("1.az.txt", "Xidmət 5 mayda Şamaxıda açılıb.\nOnun 12 otağı var.\n"),
            ("1.ru.txt", "Служба открылась 5 мая.\n"),
        ]);
        let found = sets_in(folder.path(), &[Language::EN, Language::AZ], |_| Ok(Vec::new())).unwrap().0;
        let aligned =
            align_sets(found.sets, Texts::Segmented, &Rules::default(), &Evidence::default(), false, &|| ()).0;
        assert_eq!(aligned.len(), 1);
        let shown = aligned[0].shown();
        assert_eq!(shown.len(), 2);
        let second = &shown[1];
        assert_eq!(
            second[&Language::EN],
            Shown { segments: vec![2], start: 39, end: 55, text: "It has 12 rooms.".to_owned() }
        );
        assert_eq!(second[&Language::AZ].start, 32);
        assert!(!second.contains_key(&Language::RU));
    }

    #[test]
    fn documents_are_split_and_their_footers_kept_apart() {
        let folder = folder(&[
            (
                "7.en.txt",
                "New office\n\nThe office opened on 5 May. It has 12 rooms.\n\n© 2019 State Migration Service\n",
            ),
            ("7.az.txt", "Yeni idarə\n\nİdarə 5 mayda açılıb. Onun 12 otağı var.\n\n© 2019 Dövlət Miqrasiya Xidməti\n"),
        ]);
        let found = sets_in(folder.path(), &[], |_| Ok(Vec::new())).unwrap().0;
        let aligned =
            align_sets(found.sets, Texts::Documents, &Rules::default(), &Evidence::default(), false, &|| ()).0;
        let shown = aligned[0].shown();
        let english: Vec<&str> = shown.iter().map(|bead| bead[&Language::EN].text.as_str()).collect();
        assert_eq!(
            english,
            ["New office", "The office opened on 5 May.", "It has 12 rooms.", "© 2019 State Migration Service"]
        );
        assert_eq!(shown[2][&Language::AZ].text, "Onun 12 otağı var.");
        assert_eq!((shown[2][&Language::AZ].start, shown[2][&Language::AZ].end), (34, 52));
    }

    #[test]
    fn files_without_a_language_are_taken_in_order() {
        let folder = folder(&[("a.txt", "One.\n"), ("b.txt", "Bir.\n")]);
        let files = [folder.path().join("a.txt"), folder.path().join("b.txt")];
        let found = set_of(&files, &[Language::EN, Language::AZ], |_| Ok(Vec::new())).unwrap().0;
        assert_eq!(found.sets[0].files[&Language::AZ], files[1]);
        assert!(matches!(set_of(&files, &[], |_| Ok(Vec::new())), Err(AlignError::NotOneSet { .. })));
    }

    #[test]
    fn what_is_not_utf_8_is_named_by_line() {
        let folder = folder(&[("1.en.txt", "One.\n"), ("1.az.txt", "Bir.\n")]);
        fs::write(folder.path().join("1.az.txt"), b"Bir.\n\xff\xfe").unwrap();
        let found = sets_in(folder.path(), &[], |_| Ok(Vec::new())).unwrap().0;
        let failed = align_sets(found.sets, Texts::Segmented, &Rules::default(), &Evidence::default(), false, &|| ()).1;
        let error = &failed[0];
        assert!(error.to_string().ends_with("1.az.txt:2: this is not UTF-8"), "{error}");
    }
}
