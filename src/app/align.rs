//! Aligning: files of sets to beads with texts, offsets and scores.

use super::{
    Aligning, Watch,
    decisions::{self, Lost},
    documents::{self, LoadError, Reading},
    footers, in_words,
    pair::ByContent,
    segmentation::Rules,
    sets::{self, Found, PassedOver, Set, SetsError},
    stored::{self, Lessons, Shelf, Taught},
};
use crate::{
    Bitext, Document, Language,
    align::{self, Evidence, Reason},
    memory::{Memory, MemoryError, Mode, Outcome},
    model::{Bead, Concept, Kind, Mark, Segment, SourceMap, State},
    segment::segment,
    text::Span,
};
use jiff::Timestamp;
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
    #[error("the memory has `{name}` in {} as well, and would lose it", languages(.more))]
    FewerLanguages { name: String, more: Vec<Language> },
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
    /// What a person accepted in the memory's copy of this set and is there no more.
    pub lost: Vec<Lost>,
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

/// How the files of sets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Texts {
    /// Documents, to be split into segments.
    #[default]
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

/// How sets are to be aligned.
#[derive(Debug, Default)]
pub struct Options {
    pub texts: Texts,
    /// What documents are split by.
    pub segmenting: Rules,
    /// The glossary in force.
    pub concepts: Vec<Concept>,
    /// Beads at or above this confidence are sure: learned from, and published where they are stored. 0 to 1.
    pub accept: f32,
    /// Tell the reasons for each bead.
    pub explain: bool,
}

/// A set read, not yet aligned.
pub(super) struct Unaligned {
    pub set: Set,
    pub documents: BTreeMap<Language, Document>,
    pub texts: BTreeMap<Language, Vec<Segment>>,
}

/// Reads the sets. One with a file that cannot be read is left out, and the error told.
pub(super) fn read_all(sets: Vec<Set>, options: &Options) -> (Vec<Unaligned>, Vec<AlignError>) {
    let read: Vec<Result<Unaligned, AlignError>> = sets
        .into_par_iter()
        .map(|set| {
            let (documents, texts) = read(&set, options.texts, &options.segmenting)?;
            Ok(Unaligned { set, documents, texts })
        })
        .collect();
    let (mut sound, mut failed): (Vec<Unaligned>, _) = (Vec::new(), Vec::new());
    for read in read {
        match read {
            Ok(set) => sound.push(set),
            Err(error) => failed.push(error),
        }
    }
    if options.texts == Texts::Documents {
        footers::mark(sound.iter_mut().map(|set| (&set.documents, &mut set.texts)));
    }
    (sound, failed)
}

/// Reads sets and aligns them together, by what the memory has learned and between the beads that people accepted
/// there. A set with a file that cannot be read is left out, and the error told.
///
/// # Errors
/// Whatever the memory refuses.
pub fn align_sets(
    sets: Vec<Set>,
    memory: Option<&Memory>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<(Vec<Aligned>, Vec<AlignError>), MemoryError> {
    let (mut sets, failed) = read_all(sets, options);
    let decided = match memory {
        Some(memory) => recalled(&mut sets, memory, options)?,
        None => Vec::new(),
    };
    Ok((aligned(sets, decided, memory, options, watch)?, failed))
}

/// The beads people accepted that stand still, and those that do not.
pub(super) type Decided = (Vec<Bead>, Vec<Lost>);

/// What people decided on the sets in the memory: the beads they accepted, and segments they parted, which are parted
/// here.
pub(super) fn recalled(
    sets: &mut [Unaligned],
    memory: &Memory,
    options: &Options,
) -> Result<Vec<Decided>, MemoryError> {
    let reader = memory.read()?;
    let mut shelf = Shelf::new(&reader)?;
    let mut decided = Vec::new();
    for Unaligned { set, documents, texts } in sets {
        let fingerprint = fingerprint(documents, texts, options);
        let recalled = shelf.recall(&set.name, &stored::stem(set), &fingerprint)?;
        decided.push(match recalled.kept {
            Some((kept, _)) => {
                let old = kept.bitext();
                decisions::parted_again(&old, texts);
                decisions::carried_over(&old, texts)
            }
            None => Default::default(),
        });
    }
    Ok(decided)
}

/// Aligns sets between the beads decided for each.
pub(super) fn aligned(
    sets: Vec<Unaligned>,
    decided: Vec<(Vec<Bead>, Vec<Lost>)>,
    memory: Option<&Memory>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Vec<Aligned>, MemoryError> {
    let pairs = stored::language_pairs(sets.iter().map(|set| set.texts.keys().copied()));
    let mut evidence = Evidence { concepts: options.concepts.clone(), ..Evidence::default() };
    if let Some(memory) = memory {
        evidence.lexicon = stored::lexicon(&memory.read()?, &pairs, options.accept, &BTreeSet::new())?;
    }
    let mut lost = Vec::new();
    for (fixed, gone) in decided {
        evidence.fixed.push(fixed);
        lost.push(gone);
    }
    lost.resize(sets.len(), Vec::new());
    let (mut heads, mut texts) = (Vec::new(), Vec::new());
    for set in sets {
        heads.push((set.set, set.documents));
        texts.push(set.texts);
    }
    let progress = &Aligning::new(watch, texts.len());
    let beads: Vec<(Vec<Bead>, Vec<Vec<Reason>>)> = match options.explain {
        true => align::align_with_reasons(&texts, &evidence, progress)
            .into_iter()
            .map(|of_set| of_set.into_iter().unzip())
            .collect(),
        false => align::align_all(&texts, &evidence, progress).into_iter().map(|beads| (beads, Vec::new())).collect(),
    };
    let whole = heads.into_iter().zip(texts).zip(beads).zip(lost);
    let aligned = whole.map(|((((set, documents), texts), (beads, reasons)), lost)| Aligned {
        set,
        documents,
        bitext: Bitext { texts, beads },
        reasons,
        lost,
    });
    Ok(aligned.collect())
}

/// As [`stored::fingerprint`], so that `run` finds what was saved here unchanged.
fn fingerprint(
    documents: &BTreeMap<Language, Document>,
    texts: &BTreeMap<Language, Vec<Segment>>,
    options: &Options,
) -> String {
    let how = if options.texts == Texts::Segmented { "segmented " } else { "" };
    stored::fingerprint(documents, texts, how, &options.segmenting, options.accept)
}

/// What saving changed in the memory, or would change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Saved {
    pub sets: usize,
    /// Of these, those that are stored already, with nothing decided since: they are left as they are.
    pub unchanged: usize,
    /// Units written, and units that left the memory for the history.
    pub added: usize,
    pub removed: usize,
    /// Of the units of these sets, those that wait as pending.
    pub pending: usize,
    /// Beads that a person accepted.
    pub accepted: usize,
}

impl Saved {
    fn count(&mut self, bitext: &Bitext, accept: f32) {
        let units = stored::units("", bitext, accept);
        self.pending += units.iter().filter(|unit| unit.state == State::Pending).count();
        self.accepted += accepted(bitext).len();
    }
}

/// The beads a person accepted, by their filled sides.
fn accepted(bitext: &Bitext) -> Vec<BTreeMap<Language, &[usize]>> {
    let beads = bitext.beads.iter().filter(|bead| bead.mark == Mark::Accepted);
    let filled = |bead: &Bead| bead.sides.keys().copied().filter(|l| !bead.side(*l).is_empty()).collect::<Vec<_>>();
    beads.map(|bead| filled(bead).into_iter().map(|language| (language, bead.side(language))).collect()).collect()
}

/// Who saves, when, and whether only to see what that would change.
#[derive(Debug, Clone)]
pub struct Saving {
    pub note: String,
    pub who: String,
    pub now: Timestamp,
    pub dry_run: bool,
}

/// Stores aligned sets as [`super::run::run`] would, and learns from them: one batch, or nothing where it is on trial.
/// A set that is stored already, made of the same texts, is left as it is unless something else was decided on it.
///
/// # Errors
/// A set that the memory has in more languages, and whatever the memory refuses.
pub fn save(path: &Path, aligned: &[Aligned], options: &Options, saving: &Saving) -> Result<Saved, AlignError> {
    let mut out = Saved { sets: aligned.len(), ..Saved::default() };
    if saving.dry_run && !path.exists() {
        for set in aligned {
            out.added += stored::units("", &set.bitext, options.accept).len();
            out.count(&set.bitext, options.accept);
        }
        return Ok(out);
    }
    let mut memory = Memory::open(path, Mode::Write)?;
    let mut lessons = Lessons::default();
    let mut changed: Vec<(&Bitext, String, PathBuf, String)> = Vec::new();
    let mut lexicon = {
        let reader = memory.read()?;
        let mut shelf = Shelf::new(&reader)?;
        for Aligned { set, documents, bitext, .. } in aligned {
            let (stem, fingerprint) = (stored::stem(set), fingerprint(documents, &bitext.texts, options));
            let recalled = shelf.recall(&set.name, &stem, &fingerprint)?;
            let mut taught: Option<Taught> = None;
            if let Some((kept, same)) = recalled.kept {
                let old = kept.bitext();
                let gone = |language: &&Language| !bitext.texts.contains_key(language);
                let more: Vec<Language> = old.texts.keys().filter(gone).copied().collect();
                if !more.is_empty() {
                    return Err(AlignError::FewerLanguages { name: recalled.name, more });
                }
                if same && accepted(&old) == accepted(bitext) {
                    out.unchanged += 1;
                    out.count(&old, options.accept);
                    continue;
                }
                let mut before = Lessons::default();
                before.add(&old, options.accept, None);
                taught = Some(before.taught());
            }
            out.count(bitext, options.accept);
            lessons.add(bitext, options.accept, taught.as_ref());
            changed.push((bitext, recalled.name, stem, fingerprint));
        }
        let pairs = lessons.languages().collect();
        stored::lexicon(&reader, &pairs, options.accept, &BTreeSet::new())?
    };
    lessons.teach(&mut lexicon);
    let total = memory.attempt(&saving.note, saving.now, &saving.who, |batch| {
        let mut total = (0, 0);
        for (bitext, name, stem, fingerprint) in &changed {
            let counts = stored::put(batch, (name, stem, fingerprint), bitext, options.accept)?;
            total = (total.0 + counts.added + counts.changed, total.1 + counts.removed + counts.changed);
        }
        stored::put_lexicon(batch, &lexicon, &lessons)?;
        Ok(if saving.dry_run { Outcome::Discard(total) } else { Outcome::Keep(total) })
    })?;
    (out.added, out.removed) = total;
    Ok(out)
}

/// A document and its segments.
fn split(file: &Path, language: Language, rules: &Rules) -> Result<(Document, Vec<Segment>), AlignError> {
    let document = documents::load(file, Reading { from: Some(language), ..Reading::default() })?.document;
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
    use crate::app::Unwatched;

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
        let segmented = Options { texts: Texts::Segmented, ..Options::default() };
        let aligned = align_sets(found.sets, None, &segmented, &Unwatched).unwrap().0;
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
        let aligned = align_sets(found.sets, None, &Options::default(), &Unwatched).unwrap().0;
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
        let segmented = Options { texts: Texts::Segmented, ..Options::default() };
        let failed = align_sets(found.sets, None, &segmented, &Unwatched).unwrap().1;
        let error = &failed[0];
        assert!(error.to_string().ends_with("1.az.txt:2: this is not UTF-8"), "{error}");
    }
}
