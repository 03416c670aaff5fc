//! The main job: a folder of releases in, units in the memory and findings out.
//!
//! A long run stores its work portion by portion, so that one broken off has not been for nothing. All sets are learned
//! from together before the first portion is aligned, and the memory notes which sets the run is about ([`Plan`]): the
//! next run learns from the same sets again, with what was known before, and so makes the same beads of those that
//! are left. What the run itself has learned is written at its end. Its portions are one batch.

use super::{
    Aligning, Watch,
    check::{self, Group, Shared, accepted::Decisions},
    decisions::{self, Lost},
    documents::{self, LoadError, Reading},
    footers,
    pair::{ByContent, Known as Sources},
    segmentation::Rules,
    sets::{self, PassedOver, Set, SetsError},
    sift::{self, Sifting},
    stored::{self, Kept, Lessons, Shelf, Taught},
    terms::{Glossaries, day_of, valid_at},
};
use crate::{
    align::{self, Evidence, Lexicon},
    lang::Language,
    memory::{Batch, BatchId, Memory, MemoryError, Mode, Reader},
    model::{Bead, Bitext, Kind, Mark, Segment},
    report::Located,
    rules::RuleSet,
    segment,
    terms::Termbase,
};
use jiff::Timestamp;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Sets stored at a time: so many are done again when a run is broken off, and each portion costs the disk a moment.
const PORTION: usize = 64;

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
    /// Beads that a person accepted.
    pub accepted: usize,
    /// Beads that a person accepted and that could not be kept, since their segments are gone.
    pub lost: Vec<Lost>,
    /// Those that nobody has let stand.
    pub findings: Vec<Located>,
    /// Findings that a person lets stand.
    pub let_stand: usize,
    pub files: BTreeMap<Language, String>,
    /// Languages whose text is another than the one stored.
    pub reworded: BTreeSet<Language>,
    /// For each language the segments of others that it has no counterpart for.
    pub lacking: BTreeMap<Language, usize>,
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
    /// Sets of this run that were stored before it was broken off the last time.
    pub resumed: usize,
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

/// One set on its way through a run.
struct Work {
    /// The name it has in the memory.
    name: String,
    /// Where its files lie, as in [`Kept`].
    stem: PathBuf,
    fingerprint: String,
    group: Group,
    change: Change,
    /// What a person accepted of it, and what of that is gone.
    standing: Vec<Bead>,
    lost: Vec<Lost>,
    /// What it taught before it changed.
    taught: Option<Taught>,
    /// It was stored by a run that was broken off, and is learned from once more.
    again: bool,
    /// Languages whose text is another than the one stored.
    reworded: BTreeSet<Language>,
}

/// The sets a run is about to store, by their names in the memory, with their fingerprints: kept in the memory until
/// the run has ended.
type Plan = BTreeMap<String, String>;

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
    let mut report = unsettled(folder, memory_path, glossary, options, watch)?;
    let decisions = Decisions::at(memory_path)?;
    report.sets.iter_mut().for_each(|set| drop(set.settle(&decisions)));
    Ok(report)
}

/// As [`run`], with all findings, those too that people let stand.
pub(super) fn unsettled(
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
    footers::mark(works.iter_mut().map(|work| (&work.group.documents, &mut work.group.bitext.texts)));
    for work in &mut works {
        let Group { documents, bitext, .. } = &work.group;
        work.fingerprint = stored::fingerprint(documents, &bitext.texts, "", &options.segmenting, options.accept);
    }

    let plan_name = plan_name(folder);
    let mut evidence = Evidence::default();
    let mut refreshed = glossary.is_some();
    let mut planned = false;
    if let Some(memory) = &memory {
        let reader = memory.read()?;
        let plan = plan(&reader, &plan_name)?;
        planned = !plan.is_empty();
        recall_all(&mut works, &reader, &plan, options.accept)?;
        report.resumed = works.iter().filter(|work| work.again).count();
        let again = works.iter().filter(|work| work.again).map(|work| work.name.clone()).collect();
        evidence.lexicon = stored::lexicon(&reader, &pairs_of(&works), options.accept, &again)?;
        evidence.concepts = reader.concepts()?;
        refreshed = glossary.is_some_and(|glossary| {
            reader.concepts_fingerprint().ok().flatten().as_deref() != Some(&glossary.fingerprint)
        });
    }
    if let Some(glossary) = glossary {
        evidence.concepts.clone_from(&glossary.concepts);
    }
    let in_force = valid_at(evidence.concepts.clone(), day_of(options.now));
    let mut job = Job {
        shared: Shared::of(works.par_iter().map(|work| &work.group), Arc::new(Termbase::new(in_force)), &options.rules),
        memory: memory.as_mut().filter(|_| !options.dry_run),
        note: format!("run {}", folder.display()),
        batch: None,
        options,
        watch,
        report,
    };
    let fresh = works.iter().any(|work| work.change != Change::Unchanged);
    if refreshed || fresh {
        let plan = works.iter().filter(|work| work.is_learned_from());
        let plan: Plan = plan.map(|work| (work.name.clone(), work.fingerprint.clone())).collect();
        job.begin(glossary.filter(|_| refreshed), fresh.then_some(&plan), &plan_name)?;
    }
    let learned_from = works.iter().filter(|work| work.is_learned_from());
    let learned_from: Vec<(String, Option<Taught>)> =
        learned_from.map(|work| (work.name.clone(), work.taught.clone())).collect();
    let lexicon = job.through(works, evidence)?;
    if fresh || planned {
        job.end(&learned_from, lexicon, &plan_name)?;
    }
    Ok(job.report)
}

impl SetReport {
    /// Takes the findings out that people let stand, and gives them.
    pub(super) fn settle(&mut self, decisions: &Decisions) -> Vec<Located> {
        decisions.mark(&mut self.findings);
        let (accepted, open) =
            std::mem::take(&mut self.findings).into_iter().partition(|located| located.accepted.is_some());
        self.findings = open;
        let accepted: Vec<Located> = accepted;
        self.let_stand = accepted.len();
        accepted
    }
}

/// Under which name the memory keeps the plan of a run.
fn plan_name(folder: &Path) -> String {
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    format!("unfinished run of {}", place.display())
}

/// The plan of a run that was broken off; empty where there was none.
fn plan(reader: &Reader<'_>, name: &str) -> Result<Plan, MemoryError> {
    Ok(reader.fact(name)?.and_then(|plan| serde_json::from_str(&plan).ok()).unwrap_or_default())
}

/// Reads the documents of a set and splits them.
fn read_set(set: Set, options: &Options) -> Result<Work, Vec<LoadError>> {
    let stem = stored::stem(&set);
    let mut errors = Vec::new();
    let mut documents = BTreeMap::new();
    let mut texts = BTreeMap::new();
    for (language, path) in set.files {
        match documents::load(&path, Reading { from: Some(language), ..Reading::default() }) {
            Ok(loaded) => {
                texts.insert(language, segment::segment(&loaded.document, &options.segmenting.of(language)));
                documents.insert(language, loaded.document);
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Work {
        name: set.name,
        stem,
        fingerprint: String::new(),
        group: Group { documents, bitext: Bitext { texts, beads: Vec::new() }, ..Group::default() },
        change: Change::New,
        standing: Vec::new(),
        lost: Vec::new(),
        taught: None,
        again: false,
        reworded: BTreeSet::new(),
    })
}

/// Finds the sets in the memory: what they are called there, the beads of those that have not changed, and what
/// people accepted of those that have.
fn recall_all(works: &mut [Work], reader: &Reader<'_>, plan: &Plan, accept: f32) -> Result<(), MemoryError> {
    let mut shelf = Shelf::new(reader)?;
    for work in works {
        let recalled = shelf.recall(&work.name, &work.stem, &work.fingerprint)?;
        work.name = recalled.name;
        if recalled.there {
            work.change = Change::Changed;
        }
        match recalled.kept {
            Some((kept, true)) => {
                work.change = Change::Unchanged;
                work.again = plan.get(&work.name) == Some(&work.fingerprint);
                work.stands(kept.bitext());
                if work.again {
                    let bitext = &work.group.bitext;
                    work.standing = decisions::carried_over(bitext, &bitext.texts).0;
                }
            }
            Some((kept, false)) => work.decided(kept, accept),
            None => {}
        }
    }
    Ok(())
}

/// The pairs of languages that stand side by side in the sets to learn from.
fn pairs_of(works: &[Work]) -> BTreeSet<(Language, Language)> {
    let fresh = works.iter().filter(|work| work.is_learned_from());
    stored::language_pairs(fresh.map(|work| work.group.bitext.texts.keys().copied()))
}

impl Work {
    /// Takes over what was decided on this set before its texts changed.
    fn decided(&mut self, kept: Kept, accept: f32) {
        let old = kept.bitext();
        decisions::parted_again(&old, &mut self.group.bitext.texts);
        let words = |texts: &Vec<Segment>| texts.iter().map(|segment| segment.text.clone()).collect::<Vec<_>>();
        let is_other = |(language, now): (&Language, &Vec<Segment>)| {
            old.texts.get(language).is_some_and(|then| words(then) != words(now)).then_some(*language)
        };
        self.reworded = self.group.bitext.texts.iter().filter_map(is_other).collect();
        (self.standing, self.lost) = decisions::carried_over(&old, &self.group.bitext.texts);
        let mut lessons = Lessons::default();
        lessons.add(&old, accept, None);
        self.taught = Some(lessons.taught());
    }

    /// Takes over the beads stored for these documents.
    fn stands(&mut self, stored: Bitext) {
        let Group { documents, bitext, .. } = &mut self.group;
        let is_read = |(language, segments): (&Language, &Vec<Segment>)| {
            let text = documents.get(language).map_or("", |document| &document.text);
            segments.iter().all(|segment| text.get(segment.span.range()) == Some(&segment.text))
        };
        if stored.texts.iter().all(is_read) {
            *bitext = stored;
        } else {
            // Final texts from elsewhere were adopted: findings are told of the documents here, as far as they agree.
            bitext.beads = decisions::carried_over_where(&stored, &bitext.texts, |bead| bead.filled() > 1).0;
        }
    }

    /// This run learns from it, and aligns it unless it was stored before the run was broken off.
    fn is_learned_from(&self) -> bool {
        self.change != Change::Unchanged || self.again
    }
}

/// What a run does its work with.
struct Job<'r> {
    shared: Shared,
    /// Nothing where nothing is to be written.
    memory: Option<&'r mut Memory>,
    note: String,
    /// The run's own batch, once anything is written.
    batch: Option<BatchId>,
    options: &'r Options,
    watch: &'r dyn Watch,
    report: Report,
}

impl Job<'_> {
    /// Runs `job` on the run's batch; nothing where nothing is to be written.
    fn write<T: Default>(
        &mut self,
        job: impl FnOnce(&mut Batch<'_>) -> Result<T, MemoryError>,
    ) -> Result<T, MemoryError> {
        match &mut self.memory {
            Some(memory) => memory.write_part(&mut self.batch, &self.note, self.options.now, &self.options.who, job),
            None => Ok(T::default()),
        }
    }

    /// Writes what is known before any set is aligned.
    fn begin(
        &mut self,
        glossary: Option<&Glossaries>,
        plan: Option<&Plan>,
        plan_name: &str,
    ) -> Result<(), MemoryError> {
        self.report.glossary_refreshed = glossary.is_some() && self.memory.is_some();
        self.write(|batch| {
            if let Some(glossary) = glossary {
                batch.put_concepts(&glossary.concepts, &glossary.fingerprint)?;
            }
            if let Some(plan) = plan {
                batch.put_fact(plan_name, Some(&serde_json::to_string(plan)?))?;
            }
            Ok(())
        })
    }

    /// Aligns, checks and stores the sets, portion by portion. The lexicon known before comes back.
    fn through(&mut self, works: Vec<Work>, mut evidence: Evidence) -> Result<Lexicon, MemoryError> {
        let mut works: Vec<Option<Work>> = works.into_iter().map(Some).collect();
        let mut reports: Vec<Option<SetReport>> = works.iter().map(|_| None).collect();
        let learned_from: Vec<usize> =
            (0..works.len()).filter(|at| works[*at].as_ref().is_some_and(Work::is_learned_from)).collect();
        let mut texts = Vec::with_capacity(learned_from.len());
        let mut fresh: Vec<usize> = Vec::new();
        for (number, at) in learned_from.iter().enumerate() {
            let Some(work) = &mut works[*at] else { continue };
            evidence.fixed.push(std::mem::take(&mut work.standing));
            if work.again {
                texts.push(work.group.bitext.texts.clone());
            } else {
                texts.push(std::mem::take(&mut work.group.bitext.texts));
                fresh.push(number);
            }
        }
        if !fresh.is_empty() {
            let turns: Vec<Vec<usize>> = fresh.chunks(PORTION).map(<[usize]>::to_vec).collect();
            let told = Aligning::new(self.watch, fresh.len());
            align::align_in_turn(&texts, &turns, &evidence, &told, &mut |turn, beads| {
                let portion: Vec<(usize, Work)> = turn
                    .iter()
                    .zip(beads)
                    .filter_map(|(number, beads)| {
                        let mut work = works[learned_from[*number]].take()?;
                        work.group.bitext = Bitext { texts: texts[*number].clone(), beads };
                        Some((learned_from[*number], work))
                    })
                    .collect();
                self.store(&portion)?;
                self.checked(portion, None, &mut reports);
                Ok::<(), MemoryError>(())
            })?;
        }
        let rest: Vec<(usize, Work)> =
            works.into_iter().enumerate().filter_map(|(at, work)| Some((at, work?))).collect();
        self.watch.begin("checking", rest.len());
        self.checked(rest, Some(self.watch), &mut reports);
        self.report.sets = reports.into_iter().flatten().collect();
        Ok(evidence.lexicon)
    }

    /// Looks for findings in the sets and reports on them.
    fn checked(&self, works: Vec<(usize, Work)>, watch: Option<&dyn Watch>, reports: &mut [Option<SetReport>]) {
        let (shared, options) = (&self.shared, self.options);
        let checked: Vec<(usize, SetReport)> = works
            .into_par_iter()
            .map(|(at, work)| {
                let findings = check::located(&work.group, shared, &options.rules);
                watch.inspect(|watch| watch.step());
                (at, work.reported(findings, options.accept))
            })
            .collect();
        checked.into_iter().for_each(|(at, report)| reports[at] = Some(report));
    }

    /// Writes a portion of the sets and their units.
    fn store(&mut self, portion: &[(usize, Work)]) -> Result<(), MemoryError> {
        let accept = self.options.accept;
        let (added, removed) = self.write(|batch| {
            let mut total = (0, 0);
            for (_, work) in portion {
                let set = (work.name.as_str(), work.stem.as_path(), work.fingerprint.as_str());
                let counts = stored::put(batch, set, &work.group.bitext, accept)?;
                total = (total.0 + counts.added + counts.changed, total.1 + counts.removed + counts.changed);
            }
            Ok(total)
        })?;
        self.report.added += added;
        self.report.removed += removed;
        Ok(())
    }

    /// Learns from the sets stored, and notes that the run has ended.
    fn end(
        &mut self,
        learned_from: &[(String, Option<Taught>)],
        mut lexicon: Lexicon,
        plan_name: &str,
    ) -> Result<(), MemoryError> {
        let Some(memory) = &self.memory else { return Ok(()) };
        let mut lessons = Lessons::default();
        let reader = memory.read()?;
        for (name, taught) in learned_from {
            if let Some(kept) = stored::kept(&reader, name)? {
                lessons.add(&kept.bitext(), self.options.accept, taught.as_ref());
            }
        }
        drop(reader);
        lessons.teach(&mut lexicon);
        self.write(|batch| {
            stored::put_lexicon(batch, &lexicon, &lessons)?;
            batch.put_fact(plan_name, None)
        })
    }
}

impl Work {
    fn reported(self, findings: Vec<Located>, accept: f32) -> SetReport {
        let Work { name, group: Group { bitext, documents, .. }, change, lost, reworded, .. } = self;
        let body = |segments: &[Segment]| segments.iter().filter(|s| s.kind != Kind::Boilerplate).count();
        let beads: Vec<&Bead> = bitext.beads.iter().filter(|bead| !stored::is_footer(&bitext, bead)).collect();
        let filled = || beads.iter().filter(|bead| bead.filled() >= 2);
        let without = |language: Language| beads.iter().filter(|bead| bead.side(language).is_empty()).count();
        SetReport {
            segments: bitext.texts.iter().map(|(language, texts)| (*language, body(texts))).collect(),
            beads: filled().count(),
            pending: filled().filter(|bead| bead.score < accept).count(),
            alone: beads.iter().filter(|bead| bead.filled() < 2).count(),
            lowest: filled().map(|bead| bead.score).min_by(f32::total_cmp),
            accepted: bitext.beads.iter().filter(|bead| bead.mark == Mark::Accepted).count(),
            lost,
            name,
            change,
            findings,
            let_stand: 0,
            files: documents.into_iter().map(|(language, document)| (language, document.name)).collect(),
            reworded,
            lacking: bitext.texts.keys().map(|language| (*language, without(*language))).collect(),
        }
    }
}
