//! The main job: a folder of releases in, units in the memory and findings out.

use super::{
    Watch,
    check::{self, Group},
    documents::{self, LoadError, Reading},
    pair::{ByContent, Known as Sources},
    segmentation::Rules,
    sets::{self, PassedOver, Set, SetsError},
    sift::{self, Sifting},
    terms::{Glossaries, hex},
};
use crate::{
    align::{self, Evidence, Lexicon},
    lang::{self, Language},
    memory::{Memory, MemoryError, Mode, Reader, StoredSet},
    model::{Bead, Bitext, Concept, Context, Kind, Origin, Provenance, Segment, State, Unit, Variant},
    report::Located,
    segment,
    terms::{RuleSet, Termbase},
};
use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

/// Changes whenever segmentation or alignment would make other units of the same files, so that a memory made by
/// an older version is brought up to date.
const METHOD: u32 = 1;

#[derive(Debug)]
pub struct Options {
    /// Beads at or above this confidence are published, others wait as pending. 0 to 1.
    pub accept: f32,
    /// Say what would be done and write nothing.
    pub dry_run: bool,
    pub rules: RuleSet,
    /// What documents are split by.
    pub segmenting: Rules,
    /// Whether files must be what their names say.
    pub sifting: Sifting,
    /// Who the batch is by.
    pub who: String,
    pub now: Timestamp,
}

/// What became of one set.
#[derive(Debug, Clone)]
pub struct SetReport {
    /// Its name in the memory.
    pub name: String,
    pub change: Change,
    /// Segments a language, footers left out.
    pub segments: BTreeMap<Language, usize>,
    /// Beads with a segment in two languages or more.
    pub beads: usize,
    /// Of these, how many wait as pending.
    pub pending: usize,
    /// Segments without counterpart.
    pub alone: usize,
    /// The lowest confidence of a bead; `None` without beads.
    pub lowest: Option<f32>,
    pub findings: Vec<Located>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    New,
    Changed,
    Unchanged,
}

#[derive(Debug, Default)]
pub struct Report {
    pub sets: Vec<SetReport>,
    pub passed_over: Vec<PassedOver>,
    /// Sets that were made by content, not by names.
    pub paired: Vec<ByContent>,
    /// Files that could not be read; their sets were left as they are.
    pub failed: Vec<LoadError>,
    /// Units written, and units that left the memory for the history.
    pub added: usize,
    pub removed: usize,
    /// The glossary copy in the memory was refreshed.
    pub glossary_refreshed: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Sets(#[from] SetsError),
    #[error("{}: there are no releases here", .folder.display())]
    NoSets { folder: PathBuf, passed_over: Vec<PassedOver> },
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// A set as the memory keeps it: enough to check it again without aligning it again.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Where its files lie, without language and ending: what tells it from a set of the same name elsewhere.
    stem: PathBuf,
    texts: BTreeMap<Language, Vec<Segment>>,
    beads: Vec<Bead>,
}

/// What a run knows before it begins.
struct Known {
    concepts: Vec<Concept>,
    lexicon: Lexicon,
}

/// One set on its way through a run.
struct Work {
    /// The name it has in the memory.
    name: String,
    /// Where its files lie, as in [`Kept`].
    stem: PathBuf,
    fingerprint: String,
    group: Group,
    change: Change,
}

/// Reads, aligns, checks and stores the sets of `folder`.
///
/// All that is written is one batch; with `dry_run` nothing is. `glossary` is the termbase in force and the
/// fingerprint of its source, or nothing where the memory's copy serves.
///
/// # Errors
/// A folder that cannot be read or holds no set, and anything the memory refuses. A file that cannot be read is
/// reported and its set left as it is.
pub fn run(
    folder: &Path,
    memory_path: &Path,
    glossary: Option<&Glossaries>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Report, RunError> {
    let mut found = sets::find(folder)?;
    let sources = Sources { concepts: glossary.map(|given| given.concepts.as_slice()), memory: Some(memory_path) };
    let paired = sift::sift(&mut found, folder, sources, options.sifting, watch)?;
    if found.sets.is_empty() {
        return Err(RunError::NoSets { folder: folder.to_owned(), passed_over: found.passed_over });
    }
    let mut memory = match options.dry_run {
        true => Memory::open_existing(memory_path)?,
        false => Some(Memory::open(memory_path, Mode::Write)?),
    };
    let mut report = Report { passed_over: found.passed_over, paired, ..Report::default() };

    watch.begin("reading", found.sets.len());
    let read: Vec<_> = found
        .sets
        .into_par_iter()
        .map(|set| {
            let read = read_set(set, options);
            watch.step();
            read
        })
        .collect();
    let mut works = Vec::new();
    for set in read {
        match set {
            Ok(work) => works.push(work),
            Err(errors) => report.failed.extend(errors),
        }
    }

    let mut known = Known { concepts: Vec::new(), lexicon: Lexicon::default() };
    if let Some(memory) = &memory {
        let reader = memory.read()?;
        recall_all(&mut works, folder, &reader)?;
        known.lexicon = stored_lexicon(&reader, &pairs_of(&works))?;
        known.concepts = reader.concepts()?;
    }
    if let Some(glossary) = glossary {
        known.concepts.clone_from(&glossary.concepts);
    }
    let termbase = Termbase::new(known.concepts.clone());
    let evidence = Evidence { concepts: known.concepts, lexicon: known.lexicon };
    align_new(&mut works, &evidence, watch);

    watch.begin("checking", works.len());
    let checked: Vec<(Work, Vec<Located>)> = works
        .into_par_iter()
        .map(|work| {
            let findings = check::located(&work.group, &termbase, &options.rules);
            watch.step();
            (work, findings)
        })
        .collect();

    if let Some(memory) = memory.as_mut().filter(|_| !options.dry_run) {
        let changed: Vec<&Work> = checked.iter().map(|(w, _)| w).filter(|w| w.change != Change::Unchanged).collect();
        store(memory, folder, glossary, &changed, evidence.lexicon, options, &mut report)?;
    }
    report.sets = checked.into_iter().map(|(work, findings)| work.reported(findings, options.accept)).collect();
    Ok(report)
}

/// Reads the documents of a set and splits them.
fn read_set(set: Set, options: &Options) -> Result<Work, Vec<LoadError>> {
    let mut hash = Sha256::new();
    hash.update(format!("{METHOD} {} {} ", options.accept, options.segmenting.fingerprint()));
    let mut errors = Vec::new();
    let mut documents = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for (language, path) in set.files {
        match documents::load(&path, Reading { from: Some(language), lines: false }) {
            Ok(loaded) => {
                // What was read is hashed, not the file: a byte order mark or CRLF makes no other units.
                hash.update(format!("{language} {} {:?} ", loaded.document.text.len(), loaded.document.blocks));
                hash.update(&loaded.document.text);
                texts.insert(language, segment::segment(&loaded.document, &options.segmenting.of(language)));
                documents.insert(language, loaded.document);
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let fingerprint = hex(&hash.finalize());
    let group = Group { documents, bitext: Bitext { texts, beads: Vec::new() }, ..Group::default() };
    Ok(Work { name: set.name, stem: PathBuf::new(), fingerprint, group, change: Change::New })
}

/// Finds the sets in the memory: what they are called there, and the beads of those that have not changed.
fn recall_all(works: &mut [Work], folder: &Path, reader: &Reader<'_>) -> Result<(), RunError> {
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let stored = reader.sets()?;
    let mut taken: BTreeSet<String> = stored.iter().map(|(name, _)| name.clone()).collect();
    for work in works {
        work.stem = place.join(&work.name);
        recall(work, &place, &stored, reader)?;
        if work.change == Change::New {
            let free = names(work.name.clone(), &place).find(|name| !taken.contains(name));
            work.name = free.expect("names go on for ever");
        }
        taken.insert(work.name.clone());
    }
    Ok(())
}

/// The set in the memory that this one is: the one whose files lie in the same place, else one with the same
/// text (its folder was moved or copied), else one of the same name whose place is no more.
fn recall(work: &mut Work, place: &Path, stored: &[(String, String)], reader: &Reader<'_>) -> Result<(), RunError> {
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let wanted = last(&work.name);
    let mut best: Option<(Likeness, &str, Option<Kept>)> = None;
    for (name, fingerprint) in stored {
        let unchanged = *fingerprint == work.fingerprint;
        let alike = last(name) == wanted;
        if !alike && !unchanged {
            continue;
        }
        // What another version wrote may not be readable; then the set is made anew under its name.
        let kept = reader.set(name)?.and_then(|set| serde_json::from_str::<Kept>(&set.body).ok());
        let stem = kept.as_ref().map(|kept| kept.stem.clone());
        let gone = stem.as_ref().is_some_and(|stem| !stem.parent().is_some_and(Path::is_dir));
        let named_so = || names(work.name.clone(), place).take(4).any(|own| own == *name);
        let likeness = match stem {
            Some(stem) if stem == work.stem => Likeness::Place,
            None if alike => Likeness::Place,
            Some(_) if unchanged => Likeness::Text,
            Some(_) if gone && named_so() => Likeness::Name,
            _ => continue,
        };
        if best.as_ref().is_none_or(|(known, ..)| likeness > *known) {
            best = Some((likeness, name, kept.filter(|_| unchanged)));
        }
    }
    if let Some((_, name, unchanged)) = best {
        work.found(name, unchanged);
    }
    Ok(())
}

/// What speaks for a stored set being the one at hand; later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Name,
    Text,
    Place,
}

impl Work {
    /// This set is the one called `name` in the memory, unchanged where its beads are given.
    fn found(&mut self, name: &str, unchanged: Option<Kept>) {
        name.clone_into(&mut self.name);
        self.change = Change::Changed;
        if let Some(kept) = unchanged {
            self.change = Change::Unchanged;
            self.group.bitext = Bitext { texts: kept.texts, beads: kept.beads };
        }
    }
}

/// The names a set may go by, each longer by one more folder above it: `017`, `2025/017`, `news/2025/017`.
fn names(mut name: String, folder: &Path) -> impl Iterator<Item = String> + use<> {
    let normal = |part: Component<'_>| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        _ => None,
    };
    let mut folders = folder.components().rev().filter_map(normal).collect::<Vec<_>>().into_iter();
    std::iter::from_fn(move || {
        let given = name.clone();
        // A name past the root gets a sign of its own rather than taking another set's.
        name = match folders.next() {
            Some(folder) => format!("{folder}/{name}"),
            None => format!("+{name}"),
        };
        Some(given)
    })
}

/// The pairs of languages that stand side by side in the sets to align.
fn pairs_of<'w>(works: impl IntoIterator<Item = &'w Work>) -> BTreeSet<(Language, Language)> {
    let fresh = works.into_iter().filter(|work| work.change != Change::Unchanged);
    language_pairs(fresh.map(|work| work.group.bitext.texts.keys().copied()))
}

/// The pairs of languages that stand side by side, given the languages of each set in their order.
pub(super) fn language_pairs(
    sets: impl Iterator<Item = impl Iterator<Item = Language>>,
) -> BTreeSet<(Language, Language)> {
    let mut out = BTreeSet::new();
    for set in sets {
        let languages: Vec<Language> = set.collect();
        for (at, from) in languages.iter().enumerate() {
            out.extend(languages[at + 1..].iter().map(|to| (*from, *to)));
        }
    }
    out
}

/// What earlier runs learned about these pairs of languages. What cannot be read is learned anew.
pub(super) fn stored_lexicon(
    reader: &Reader<'_>,
    pairs: &BTreeSet<(Language, Language)>,
) -> Result<Lexicon, MemoryError> {
    let mut lexicon = Lexicon::default();
    for (from, to) in pairs {
        let stored = reader.lexicon(*from, *to)?;
        if let Some(part) = stored.and_then(|body| serde_json::from_slice(&body).ok()) {
            lexicon.join(part);
        }
    }
    Ok(lexicon)
}

/// Aligns the sets that are new or changed, all at once.
fn align_new(works: &mut [Work], evidence: &Evidence, watch: &dyn Watch) {
    let mut fresh: Vec<&mut Work> = works.iter_mut().filter(|work| work.change != Change::Unchanged).collect();
    if fresh.is_empty() {
        return;
    }
    watch.begin("aligning", fresh.len());
    let texts: Vec<_> = fresh.iter_mut().map(|work| std::mem::take(&mut work.group.bitext.texts)).collect();
    let beads = align::align_all(&texts, evidence, &|| watch.step());
    for ((work, texts), beads) in fresh.into_iter().zip(texts).zip(beads) {
        work.group.bitext = Bitext { texts, beads };
    }
}

/// Adds to the lexicon what the accepted beads of new sets teach. A changed set taught most of its words before.
fn learn(lexicon: &mut Lexicon, works: &[&Work], accept: f32) {
    for (from, to) in pairs_of(works.iter().copied()) {
        let mut texts = Vec::new();
        for work in works.iter().filter(|work| work.change == Change::New) {
            for bead in
                work.group.bitext.beads.iter().filter(|b| b.score >= accept && !is_footer(&work.group.bitext, b))
            {
                texts.push((work.group.bitext.text(bead, from), work.group.bitext.text(bead, to)));
            }
        }
        let both = |(a, b): &&(String, String)| !a.is_empty() && !b.is_empty();
        lexicon.learn(from, to, texts.iter().filter(both).map(|(a, b)| (a.as_str(), b.as_str())));
    }
}

/// Writes glossary, sets, units and what was learned: one batch, named after the folder.
fn store(
    memory: &mut Memory,
    folder: &Path,
    glossary: Option<&Glossaries>,
    changed: &[&Work],
    mut lexicon: Lexicon,
    options: &Options,
    report: &mut Report,
) -> Result<(), RunError> {
    let refreshed = match glossary {
        Some(glossary) => memory.read()?.concepts_fingerprint()?.as_deref() != Some(&glossary.fingerprint),
        None => false,
    };
    if !refreshed && changed.is_empty() {
        return Ok(());
    }
    let note = format!("run {}", folder.display());
    learn(&mut lexicon, changed, options.accept);
    let (added, removed) = memory.write(&note, options.now, &options.who, |batch| {
        if let Some(glossary) = glossary.filter(|_| refreshed) {
            batch.put_concepts(&glossary.concepts, &glossary.fingerprint)?;
        }
        let mut total = (0, 0);
        for work in changed {
            let kept = Kept {
                stem: work.stem.clone(),
                texts: work.group.bitext.texts.clone(),
                beads: work.group.bitext.beads.clone(),
            };
            let set = StoredSet {
                name: work.name.clone(),
                fingerprint: work.fingerprint.clone(),
                body: serde_json::to_string(&kept)?,
            };
            let counts = batch.put_set(&set, &units(&work.name, &work.group.bitext, options.accept))?;
            total = (total.0 + counts.added, total.1 + counts.removed);
        }
        for (from, to) in pairs_of(changed.iter().copied()) {
            batch.put_lexicon(from, to, &serde_json::to_vec(&lexicon.of_pair(from, to))?)?;
        }
        Ok(total)
    })?;
    report.added = added;
    report.removed = removed;
    report.glossary_refreshed = refreshed;
    Ok(())
}

impl Work {
    fn reported(self, findings: Vec<Located>, accept: f32) -> SetReport {
        let Work { name, group: Group { bitext, .. }, change, .. } = self;
        let body = |segments: &[Segment]| segments.iter().filter(|s| s.kind != Kind::Boilerplate).count();
        let beads: Vec<&Bead> = bitext.beads.iter().filter(|bead| !is_footer(&bitext, bead)).collect();
        let filled = || beads.iter().filter(|bead| bead.filled() >= 2);
        SetReport {
            segments: bitext.texts.iter().map(|(language, texts)| (*language, body(texts))).collect(),
            beads: filled().count(),
            pending: filled().filter(|bead| bead.score < accept).count(),
            alone: beads.iter().filter(|bead| bead.filled() < 2).count(),
            lowest: filled().map(|bead| bead.score).min_by(f32::total_cmp),
            name,
            change,
            findings,
        }
    }
}

/// The units of an aligned set: one a bead with two languages or more, in the order of the beads.
///
/// Footers make no units. The context is the neighbouring text in the set's first language.
fn units(name: &str, bitext: &Bitext, accept: f32) -> Vec<Unit> {
    let Some(lead) = lang::lead(bitext.texts.keys().copied()) else { return Vec::new() };
    let stored: Vec<&Bead> =
        bitext.beads.iter().filter(|bead| bead.filled() >= 2 && !is_footer(bitext, bead)).collect();
    let neighbour = |at: Option<usize>| {
        let text = bitext.text(stored.get(at?)?, lead);
        (!text.is_empty()).then_some(text)
    };
    let unit = |(at, bead): (usize, &&Bead)| Unit {
        variants: bead
            .sides
            .iter()
            .filter(|(_, side)| !side.is_empty())
            .map(|(language, _)| Variant::new(*language, bitext.text(bead, *language)))
            .collect(),
        context: Context {
            previous: neighbour(at.checked_sub(1)),
            next: neighbour(Some(at + 1)),
            document: Some(name.to_owned()),
            id: None,
        },
        state: if bead.score >= accept { State::Published } else { State::Pending },
        origin: Origin {
            name: name.to_owned(),
            provenance: Provenance::Release,
            // A unit that stays the same keeps the date it was first stored at.
            date: None,
            score: Some(bead.score),
        },
        ..Unit::default()
    };
    stored.iter().enumerate().map(unit).collect()
}

fn is_footer(bitext: &Bitext, bead: &Bead) -> bool {
    bead.sides.iter().flat_map(|(language, side)| side.iter().map(move |at| (language, at))).all(|(language, at)| {
        bitext.texts.get(language).and_then(|texts| texts.get(*at)).is_some_and(|s| s.kind == Kind::Boilerplate)
    })
}
