//! Final texts, corrected after they were stored, taken into the memory.
//!
//! The texts are aligned anew between the beads that are sure and whose segments are still there, edited or not, so
//! what was right stays as it was. Units whose texts were corrected keep their numbers; their older wordings are in the
//! history.

use super::{
    Aligning, Watch,
    decisions::{self, Lost},
    documents::{self, LoadError, Reading},
    save::is_same,
    segmentation::Rules,
    sets,
    stored::{self, Kept},
};
use crate::{
    align::{self, Evidence},
    lang::Language,
    memory::{BatchId, Memory, MemoryError, Outcome, SetCounts},
    model::{Bead, Bitext, Document, Kind, Mark, Segment},
    segment,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What is to be adopted, and how.
#[derive(Debug)]
pub struct Options<'o> {
    /// The set's name in the memory.
    pub set: &'o str,
    /// The final texts; none: those that lie where the set's files lay.
    pub files: &'o [(Option<Language>, PathBuf)],
    pub segmenting: Rules,
    /// Beads at or above this confidence are published. 0 to 1.
    pub accept: f32,
    pub who: &'o str,
    pub now: Timestamp,
    /// Say what differs and store nothing.
    pub dry_run: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error("there is no set `{name}` in the memory")]
    NoSet {
        name: String,
        /// Sets with names like it.
        alike: Vec<String>,
    },
    #[error("the set `{0}` was stored by another version and cannot be read")]
    Unreadable(String),
    #[error("{}: which of the set's languages it is in cannot be told", .0.display())]
    NoLanguage(PathBuf),
    #[error("{}: `{set}` has no {} text", .file.display(), .language.name())]
    NotInSet { file: PathBuf, set: String, language: Language },
    #[error("{} and {} are both the {} text", .first.display(), .second.display(), .language.name())]
    Doubled { first: PathBuf, second: PathBuf, language: Language },
    #[error("the files of `{set}` are no longer where they were, in {}", .folder.display())]
    NoFiles { set: String, folder: PathBuf },
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// A segment that differs between the stored text and the final one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub language: Language,
    /// As stored; `None` where it has come.
    pub old: Option<String>,
    /// `None` where it is gone.
    pub new: Option<String>,
}

/// What adopting did, or would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Adopted {
    pub set: String,
    pub differences: Vec<Difference>,
    pub counts: SetCounts,
    pub batch: Option<BatchId>,
    /// Beads that people accepted and whose segments are gone.
    pub lost: Vec<Lost>,
    /// Units of the set that wait as pending.
    pub pending: usize,
    /// Files of the set that still have another text.
    pub outdated: Vec<PathBuf>,
}

/// Takes corrected final texts of a set into the memory.
pub fn adopt(memory: &mut Memory, options: &Options<'_>, watch: &dyn Watch) -> Result<Adopted, AdoptError> {
    let (name, old, fingerprint) = known(memory, options.set)?;
    let stem = old.stem.clone();
    let old = old.bitext();
    let here = files_at(&stem);
    let given = given(options, &name, &old)?;
    let files = if given.is_empty() { here.clone() } else { given };
    if files.is_empty() {
        let folder = stem.parent().unwrap_or(Path::new(".")).to_owned();
        return Err(AdoptError::NoFiles { set: name, folder });
    }
    let mut read: BTreeMap<Language, (Document, Vec<Segment>)> = BTreeMap::new();
    for (language, path) in &files {
        read.insert(*language, read_one(path, *language, &old, &options.segmenting)?);
    }
    let mut texts = old.texts.clone();
    texts.extend(read.iter().map(|(language, (_, segments))| (*language, segments.clone())));
    decisions::parted_again(&old, &mut texts);

    let sure = |bead: &Bead| bead.filled() > 1 && (bead.mark == Mark::Accepted || bead.score >= options.accept);
    let (standing, _) = decisions::carried_over_where(&old, &texts, sure);
    let (_, lost) = decisions::carried_over(&old, &texts);
    let pairs = stored::language_pairs(std::iter::once(texts.keys().copied()));
    let (lexicon, concepts) = {
        let reader = memory.read()?;
        (stored::lexicon(&reader, &pairs, options.accept, &BTreeSet::new())?, reader.concepts()?)
    };
    let evidence = Evidence { concepts, lexicon, fixed: vec![standing.clone()] };
    let beads = align::align_all(std::slice::from_ref(&texts), &evidence, &Aligning::new(watch, 1));
    let mut beads = beads.into_iter().next().unwrap_or_default();
    // Those that stood for the while only are what they were.
    for bead in &mut beads {
        if let Some(stood) = standing.iter().find(|stood| same_sides(stood, bead)) {
            (bead.mark, bead.score) = (stood.mark, stood.score);
        }
    }
    let new = Bitext { texts, beads };

    let outdated: Vec<PathBuf> = here
        .iter()
        .filter(|(language, path)| {
            let is_adopted = files.get(language).is_some_and(|file| is_same(file, path));
            let read = || read_one(path, **language, &old, &options.segmenting);
            let says = |segments: &[Segment]| -> Vec<String> { segments.iter().map(|s| s.text.clone()).collect() };
            !is_adopted
                && new.texts.get(language).is_some_and(|new| read().is_ok_and(|(_, own)| says(&own) != says(new)))
        })
        .map(|(_, path)| path.clone())
        .collect();
    // A run goes by the files in their place: as long as these do not change, what was adopted stands.
    let whole =
        new.texts.keys().all(|language| files.get(language).is_some_and(|file| here.get(language) == Some(file)));
    let fingerprint = if whole {
        let documents = read.iter().map(|(language, (document, _))| (*language, document.clone())).collect();
        stored::fingerprint(&documents, &new.texts, "", &options.segmenting, options.accept)
    } else {
        fingerprint
    };
    let differences = differences(&old, &new);
    let note = format!("adopt {name}");
    let (counts, batch) = memory.attempt(&note, options.now, options.who, |batch| {
        let counts = stored::put(batch, (&name, &stem, &fingerprint), &new, options.accept)?;
        let id = batch.id();
        Ok::<_, MemoryError>(match options.dry_run {
            true => Outcome::Discard((counts, None)),
            false => Outcome::Keep((counts, Some(id))),
        })
    })?;
    let pending = new.beads.iter().filter(|bead| bead.filled() > 1 && bead.score < options.accept);
    let pending = pending.filter(|bead| !stored::is_footer(&new, bead)).count();
    let batch = batch.filter(|_| old != new);
    Ok(Adopted { set: name, differences, counts, batch, lost, pending, outdated })
}

/// The set as the memory has it: its whole name, what is kept of it, its fingerprint.
fn known(memory: &Memory, wanted: &str) -> Result<(String, Kept, String), AdoptError> {
    let reader = memory.read()?;
    let sets = reader.sets()?;
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let mut alike: Vec<&(String, String)> = sets.iter().filter(|(name, _)| last(name) == last(wanted)).collect();
    let exact = sets.iter().find(|(name, _)| name == wanted);
    let found = exact.or(if alike.len() == 1 { alike.pop() } else { None });
    let Some((name, fingerprint)) = found else {
        let near = |name: &str| strsim::jaro_winkler(name, wanted) > 0.8;
        let alike = sets.iter().map(|(name, _)| name).filter(|name| last(name) == last(wanted) || near(name));
        return Err(AdoptError::NoSet { name: wanted.to_owned(), alike: alike.take(5).cloned().collect() });
    };
    let kept = stored::kept(&reader, name)?.ok_or_else(|| AdoptError::Unreadable(name.clone()))?;
    Ok((name.clone(), kept, fingerprint.clone()))
}

/// The files that lie where those of the set lay.
fn files_at(stem: &Path) -> BTreeMap<Language, PathBuf> {
    let Some(folder) = stem.parent() else { return BTreeMap::new() };
    let mut files = Vec::new();
    let mut list = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
    };
    list(folder);
    // `az/017.txt` beside `en/017.txt`.
    let folders = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    folders.filter(|path| path.is_dir()).for_each(|path| list(&path));
    files.retain(|path| sets::named(path).is_some_and(|(own, _)| own == stem));
    sets::of_files(&files).sets.into_iter().next().map(|set| set.files).unwrap_or_default()
}

/// The files given, each in its language: the one said, else the name's, else the document's own, else a guess.
fn given(options: &Options<'_>, set: &str, old: &Bitext) -> Result<BTreeMap<Language, PathBuf>, AdoptError> {
    let mut out: BTreeMap<Language, PathBuf> = BTreeMap::new();
    for (said, file) in options.files {
        let language = match said.or_else(|| documents::language_of(file)) {
            Some(language) => language,
            None => {
                let loaded = documents::load(file, Reading::default())?;
                let told = loaded.document.language;
                if !old.texts.contains_key(&told) {
                    return Err(AdoptError::NoLanguage(file.clone()));
                }
                told
            }
        };
        if !old.texts.contains_key(&language) {
            return Err(AdoptError::NotInSet { file: file.clone(), set: set.to_owned(), language });
        }
        if let Some(first) = out.insert(language, file.clone()) {
            return Err(AdoptError::Doubled { first, second: file.clone(), language });
        }
    }
    Ok(out)
}

/// Reads and splits one text. What was a footer is one still, though no other text of its folder is at hand to tell.
fn read_one(
    path: &Path,
    language: Language,
    old: &Bitext,
    rules: &Rules,
) -> Result<(Document, Vec<Segment>), LoadError> {
    let loaded = documents::load(path, Reading { from: Some(language), ..Reading::default() })?;
    let mut segments = segment::segment(&loaded.document, &rules.of(language));
    let known = old.texts.get(&language).into_iter().flatten();
    let footers: BTreeSet<&str> = known.filter(|s| s.kind == Kind::Boilerplate).map(|s| s.text.as_str()).collect();
    for segment in segments.iter_mut().filter(|segment| footers.contains(segment.text.as_str())) {
        segment.kind = Kind::Boilerplate;
    }
    Ok((loaded.document, segments))
}

fn same_sides(a: &Bead, b: &Bead) -> bool {
    let filled = |bead: &Bead| -> Vec<(Language, Vec<usize>)> {
        let sides = bead.sides.iter().filter(|(_, side)| !side.is_empty());
        sides.map(|(language, side)| (*language, side.clone())).collect()
    };
    filled(a) == filled(b)
}

/// What differs, language by language, in the order of the final texts; what is gone stands behind the rest.
fn differences(old: &Bitext, new: &Bitext) -> Vec<Difference> {
    let mut out = Vec::new();
    for (language, segments) in &new.texts {
        let before = old.texts.get(language).map_or(&[][..], Vec::as_slice);
        let places = decisions::places(*language, before, segments);
        let mut from: Vec<Option<usize>> = vec![None; segments.len()];
        for (at, place) in places.iter().enumerate() {
            if let Some(place) = place {
                from[*place] = Some(at);
            }
        }
        for (segment, from) in segments.iter().zip(from) {
            let was = from.map(|at| before[at].text.clone());
            if was.as_ref() != Some(&segment.text) {
                out.push(Difference { language: *language, old: was, new: Some(segment.text.clone()) });
            }
        }
        for (segment, _) in before.iter().zip(&places).filter(|(_, place)| place.is_none()) {
            out.push(Difference { language: *language, old: Some(segment.text.clone()), new: None });
        }
    }
    out
}
