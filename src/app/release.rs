//! Releases as the office thinks of them: one text in its languages, how far each is, and what is left to do.
//!
//! What is known of a release comes from three places: its files (found, aligned and checked as by `run`, nothing
//! written), its set in the memory with the history of its units, and what people said of it (`release set`).

use super::{
    Watch,
    check::accepted::Decisions,
    run::{self, Change, Options, RunError, SetReport},
    stored,
    terms::Glossaries,
};
use crate::{
    lang::Language,
    memory::{About, BatchId, BatchInfo, Memory, MemoryError, Outcome, Reader},
    model::{Bead, Bitext, Kind, Level, Segment, UnitId},
    report::Located,
};
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    path::Path,
};

/// How far one language of a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// There is no text yet, or a part of one.
    InTranslation,
    Draft,
    Reviewed,
    Published,
    /// Published, and changed since.
    Corrected,
}

impl State {
    /// The state of this name.
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == name)
    }

    pub const ALL: [State; 5] =
        [State::InTranslation, State::Draft, State::Reviewed, State::Published, State::Corrected];

    pub fn as_str(self) -> &'static str {
        match self {
            State::InTranslation => "in-translation",
            State::Draft => "draft",
            State::Reviewed => "reviewed",
            State::Published => "published",
            State::Corrected => "corrected",
        }
    }
}

/// What people said of a release, as the memory keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Said {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted: Option<Language>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<Language, SaidOf>,
}

/// The same of one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SaidOf {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<civil::Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The batch its state was told in: its text was looked at then, so what others changed before is no concern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<i64>,
}

/// A unit of which one language was changed and others were not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stale {
    pub unit: UnitId,
    /// Changed last, together.
    pub changed: Vec<Language>,
    /// As they were before that.
    pub behind: Vec<Language>,
    /// The batch that changed it.
    pub batch: BatchId,
}

/// A release.
#[derive(Debug, Clone)]
pub struct Release {
    pub name: String,
    /// The languages it has, and those it should have.
    pub sides: BTreeMap<Language, Side>,
    pub drafted: Option<Language>,
    /// Units in the memory, and how many of them wait as pending.
    pub units: usize,
    pub pending: usize,
    pub stale: Vec<Stale>,
    /// What its files have of findings, where they were checked: errors, warnings, remarks, and what is let stand.
    pub findings: Option<Counts>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub accepted: usize,
}

/// One language of a release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    pub state: Option<State>,
    /// Somebody said so; else it was told from what there is.
    pub said: bool,
    pub date: Option<civil::Date>,
    pub url: Option<String>,
    pub file: Option<String>,
    /// The memory has a text of it.
    pub stored: bool,
    /// The file says something else than the memory.
    pub reworded: bool,
    /// Segments, footers left out, and how many segments of the other languages have no counterpart in it.
    pub segments: usize,
    pub lacking: usize,
}

impl Side {
    /// There is no text of it.
    pub fn is_missing(&self) -> bool {
        self.segments == 0 && self.file.is_none() && !self.stored
    }
}

#[cfg(test)]
impl Release {
    /// One of three units, stored, with its languages in these states.
    pub fn of_test(name: &str, languages: &[(Language, State)]) -> Release {
        let side = |state: State| Side { state: Some(state), stored: true, segments: 3, ..Side::default() };
        Release {
            name: name.into(),
            sides: languages.iter().map(|(language, state)| (*language, side(*state))).collect(),
            drafted: None,
            units: 3,
            pending: 0,
            stale: Vec::new(),
            findings: None,
        }
    }
}

impl Release {
    pub fn missing(&self) -> Vec<Language> {
        self.sides.iter().filter(|(_, side)| side.is_missing()).map(|(language, _)| *language).collect()
    }

    /// Something in it is not as the rest is: one language was changed and others were not, or a file is another than
    /// what the memory has.
    pub fn is_stale(&self) -> bool {
        !self.stale.is_empty() || self.sides.values().any(|side| side.reworded)
    }

    /// What to look at, in words, the gravest first.
    pub fn attention(&self) -> Vec<String> {
        let names = |languages: &[Language]| languages.iter().map(Language::as_str).collect::<Vec<_>>().join(", ");
        let mut out = Vec::new();
        if let Some(Counts { errors, warnings, .. }) = self.findings {
            let said = |count: usize, what: &str| (count > 0).then(|| counted(count, what));
            let said: Vec<String> = [said(errors, "error"), said(warnings, "warning")].into_iter().flatten().collect();
            out.extend((!said.is_empty()).then(|| said.join(", ")));
        }
        let missing = self.missing();
        if !missing.is_empty() {
            out.push(format!("{} missing", names(&missing)));
        }
        let reworded: Vec<Language> =
            self.sides.iter().filter(|(_, side)| side.reworded).map(|(language, _)| *language).collect();
        if !reworded.is_empty() {
            out.push(format!("{} not as in the memory", names(&reworded)));
        }
        let mut behind: BTreeMap<(&[Language], &[Language]), usize> = BTreeMap::new();
        for stale in &self.stale {
            *behind.entry((&stale.behind, &stale.changed)).or_default() += 1;
        }
        for ((others, changed), count) in behind {
            out.push(format!("{} behind {} in {}", names(others), names(changed), counted(count, "unit")));
        }
        for (language, side) in self.sides.iter().filter(|(_, side)| side.lacking > 0 && !side.is_missing()) {
            out.push(format!("{language} lacks {}", counted(side.lacking, "sentence")));
        }
        out
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The units of a set of which one language was changed after the others were written, by the journal: what an undone
/// batch did counts for nothing, and a language that came later is not behind. Who told a language's state since has
/// seen the change.
///
/// # Errors
/// What the memory refuses.
pub fn stale(reader: &Reader<'_>, set: &str) -> Result<Vec<Stale>, MemoryError> {
    let said = said(reader, set)?.unwrap_or_default();
    let mut batches: BTreeMap<BatchId, Option<BatchInfo>> = BTreeMap::new();
    let mut out = Vec::new();
    for unit in reader.rewritten(set)? {
        out.extend(stale_unit(reader, unit, &said, &mut batches)?);
    }
    Ok(out)
}

/// The versions of a unit's texts: languages of one version say the same.
#[derive(Default)]
struct Versions {
    of: BTreeMap<Language, u32>,
    newest: u32,
    /// The batch that made the newest version.
    batch: i64,
}

impl Versions {
    /// Languages got other texts in a batch. A language that was behind has caught up; one that was not begins a version
    /// of its own.
    fn change(&mut self, languages: &[Language], batch: i64) {
        if languages.iter().any(|language| self.of.get(language) == Some(&self.newest)) {
            (self.newest, self.batch) = (self.newest + 1, batch);
        }
        self.of.extend(languages.iter().map(|language| (*language, self.newest)));
    }
}

fn stale_unit(
    reader: &Reader<'_>,
    unit: UnitId,
    said: &Said,
    batches: &mut BTreeMap<BatchId, Option<BatchInfo>>,
) -> Result<Option<Stale>, MemoryError> {
    let mut texts: BTreeMap<Language, Vec<String>> = BTreeMap::new();
    let mut versions = Versions::default();
    // The parts of one long job are one change.
    let mut waiting: Option<(i64, Vec<Language>)> = None;
    for change in reader.unit_changes(unit)? {
        let info = match batches.entry(change.batch) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(reader.batch(change.batch)?),
        };
        let Some(info) = info.as_ref().filter(|info| info.undone_by.is_none() && info.undoes.is_none()) else {
            continue;
        };
        let batch = info.part_of.unwrap_or(info.id).0;
        let mut now: BTreeMap<Language, Vec<String>> = BTreeMap::new();
        for variant in change.after.iter().flat_map(|unit| &unit.variants) {
            now.entry(variant.language).or_default().push(variant.text.clone());
        }
        versions.of.retain(|language, _| now.contains_key(language));
        let (known, new): (Vec<Language>, Vec<Language>) =
            now.keys().filter(|l| texts.get(*l) != now.get(*l)).partition(|l| texts.contains_key(*l));
        if let Some((before, changed)) = waiting.take_if(|(before, _)| *before != batch) {
            versions.change(&changed, before);
        }
        if !known.is_empty() {
            waiting.get_or_insert((batch, Vec::new())).1.extend(known);
        }
        // A translation that comes later is one of what stands there by then.
        let newest = versions.newest;
        versions.of.extend(new.into_iter().map(|language| (language, newest)));
        texts = now;
    }
    if let Some((batch, changed)) = waiting {
        versions.change(&changed, batch);
    }
    let Versions { of, newest, batch } = versions;
    let seen = |language: &Language| said.languages.get(language).and_then(|said| said.batch).unwrap_or(0);
    let is_behind = |(language, version): &(&Language, &u32)| **version < newest && seen(language) < batch;
    let behind: Vec<Language> = of.iter().filter(is_behind).map(|(language, _)| *language).collect();
    let changed = of.iter().filter(|(_, version)| **version == newest).map(|(language, _)| *language).collect();
    Ok((!behind.is_empty()).then_some(Stale { unit, changed, behind, batch: BatchId(batch) }))
}

/// What people said of a release. What another version wrote may not be readable.
///
/// # Errors
/// What the memory refuses.
pub fn said(reader: &Reader<'_>, name: &str) -> Result<Option<Said>, MemoryError> {
    let ruling = reader.ruling(About::Release, name)?;
    Ok(ruling.and_then(|ruling| serde_json::from_str(&ruling.body).ok()))
}

/// Whether this can be where a release is to be read.
pub fn is_address(url: &str) -> bool {
    !url.contains(char::is_whitespace) && url.contains("://")
}

/// What there is to say of a release, or of some languages of it.
#[derive(Debug, Clone, Default)]
pub struct Saying {
    /// The languages meant; all it has where there are none.
    pub languages: Vec<Language>,
    pub state: Option<State>,
    pub date: Option<civil::Date>,
    pub url: Option<String>,
    pub drafted: Option<Language>,
    /// Forget what was said before.
    pub clear: bool,
}

/// Says something of releases, each with the languages it has: one batch. How many were told something new.
///
/// # Errors
/// What the memory refuses.
pub fn say(
    memory: &mut Memory,
    releases: &[(String, Vec<Language>)],
    saying: &Saying,
    by: super::check::accepted::By<'_>,
) -> Result<(usize, Option<BatchId>), MemoryError> {
    let names: Vec<&str> = releases.iter().map(|(name, _)| name.as_str()).collect();
    let state = saying.state.map(|state| format!(" {}", state.as_str())).unwrap_or_default();
    let note = format!("release set {}{state}", names.join(" "));
    memory.attempt(&note, by.now, by.who, |batch| {
        let id = batch.id();
        let mut done = 0;
        for (name, languages) in releases {
            let old = batch.ruling(About::Release, name)?;
            let mut said: Said = old.and_then(|old| serde_json::from_str(&old).ok()).unwrap_or_default();
            let meant = if saying.languages.is_empty() { languages } else { &saying.languages };
            if saying.clear {
                said.languages.retain(|language, _| !meant.contains(language));
                said.drafted = said.drafted.filter(|_| !saying.languages.is_empty());
            }
            for language in meant.iter().filter(|_| !saying.clear) {
                let of = said.languages.entry(*language).or_default();
                of.date = saying.date.or(of.date);
                of.url = saying.url.clone().or(of.url.take());
                if saying.state.is_some() {
                    of.state = saying.state;
                    of.batch = Some(id.0);
                }
            }
            said.languages.retain(|_, of| *of != SaidOf::default());
            said.drafted = saying.drafted.or(said.drafted);
            let body = (said != Said::default()).then(|| serde_json::to_string(&said)).transpose()?;
            done += usize::from(batch.rule(About::Release, name, body.as_deref())?);
        }
        Ok(match by.dry_run {
            true => Outcome::Discard((done, None)),
            false => Outcome::Keep((done, Some(id).filter(|_| done > 0))),
        })
    })
}

/// All releases, and what was found in their files.
#[derive(Debug, Default)]
pub struct Overview {
    /// In natural order of their names.
    pub releases: Vec<Release>,
    pub findings: Vec<Located>,
    /// Those of them that people let stand.
    pub accepted: Vec<Located>,
    /// Files that could not be read, or are not what their names say.
    pub failed: Vec<String>,
}

/// Where releases are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Where<'w> {
    /// The folder of their files, where there is one.
    pub folder: Option<&'w Path>,
    pub memory: &'w Path,
    /// The languages each should have; none: those that any of them has.
    pub languages: &'w [Language],
    pub drafted: Option<Language>,
}

/// What is known of all releases. Nothing is written.
///
/// # Errors
/// A folder that cannot be read, and what the memory refuses.
pub fn overview(
    place: Where<'_>,
    glossary: Option<&Glossaries>,
    options: Options,
    watch: &dyn Watch,
) -> Result<Overview, RunError> {
    Ok(together(place, &files(place, glossary, options, watch)?)?)
}

/// What the files of releases say: read, aligned and checked. It takes long where there are many, and stays as it is
/// while the files, the glossary and the sets of the memory do.
#[derive(Debug, Default)]
pub struct Files {
    /// By the names of their sets, with all findings.
    reports: BTreeMap<String, SetReport>,
    failed: Vec<String>,
}

/// What the files of the folder say; nothing where there is no folder. Nothing is written.
///
/// # Errors
/// A folder that cannot be read, and what the memory refuses.
pub fn files(
    place: Where<'_>,
    glossary: Option<&Glossaries>,
    options: Options,
    watch: &dyn Watch,
) -> Result<Files, RunError> {
    let mut out = Files::default();
    if let Some(folder) = place.folder {
        let options = Options { dry_run: true, ..options };
        match run::unsettled(folder, place.memory, glossary, &options, watch) {
            Ok(report) => {
                out.failed.extend(report.failed.iter().map(ToString::to_string));
                let refused = report.passed_over.iter().filter(|passed| passed.is_refused());
                out.failed.extend(refused.map(ToString::to_string));
                out.reports.extend(report.sets.into_iter().map(|set| (set.name.clone(), set)));
            }
            Err(RunError::NoSets { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

/// What the files say with what the memory knows by now.
///
/// # Errors
/// What the memory refuses.
pub fn together(place: Where<'_>, files: &Files) -> Result<Overview, MemoryError> {
    let mut out = Overview { failed: files.failed.clone(), ..Overview::default() };
    let mut reports = files.reports.clone();
    let decisions = Decisions::at(place.memory)?;
    for report in reports.values_mut() {
        out.accepted.extend(report.settle(&decisions));
    }
    let mut releases: BTreeMap<String, Release> = BTreeMap::new();
    if let Some(memory) = Memory::open_existing(place.memory)? {
        let reader = memory.read()?;
        let sizes = reader.set_sizes()?;
        for (name, _) in reader.sets()? {
            let mut release = of_memory(&reader, &name)?;
            (release.units, release.pending) = sizes.get(&name).copied().unwrap_or_default();
            releases.insert(name, release);
        }
        for (name, report) in &reports {
            add_files(releases.entry(name.clone()).or_insert_with(|| Release::new(name)), report);
        }
        for release in releases.values_mut() {
            release.settle(place.drafted, said(&reader, &release.name)?.unwrap_or_default());
        }
    } else {
        for (name, report) in &reports {
            let mut release = Release::new(name);
            add_files(&mut release, report);
            release.settle(place.drafted, Said::default());
            releases.insert(name.clone(), release);
        }
    }
    let wanted: BTreeSet<Language> = match place.languages {
        [] => releases.values().flat_map(|release| release.sides.keys().copied()).collect(),
        some => some.iter().copied().collect(),
    };
    for release in releases.values_mut() {
        for language in &wanted {
            let side = release.sides.entry(*language).or_default();
            side.state = side.state.or(Some(State::InTranslation));
        }
    }
    out.releases = releases.into_values().collect();
    out.releases.sort_by(|a, b| super::sets::natural(&a.name).cmp(&super::sets::natural(&b.name)));
    out.findings = reports.into_values().flat_map(|report| report.findings).collect();
    crate::report::sort(&mut out.findings);
    crate::report::sort(&mut out.accepted);
    Ok(out)
}

/// A release as the memory has it.
fn of_memory(reader: &Reader<'_>, name: &str) -> Result<Release, MemoryError> {
    let mut release = Release::new(name);
    if let Some(kept) = stored::kept(reader, name)? {
        let bitext = kept.bitext();
        let beads: Vec<&Bead> = bitext.beads.iter().filter(|bead| !stored::is_footer(&bitext, bead)).collect();
        for (language, texts) in &bitext.texts {
            let side = release.sides.entry(*language).or_default();
            side.stored = true;
            side.segments = texts.iter().filter(|segment: &&Segment| segment.kind != Kind::Boilerplate).count();
            side.lacking = beads.iter().filter(|bead| bead.side(*language).is_empty()).count();
        }
    }
    release.stale = stale(reader, name)?;
    Ok(release)
}

/// A release as the memory has it now, its files as they are in `known`; `None` where neither knows it.
///
/// # Errors
/// What the memory refuses.
pub fn now(
    reader: &Reader<'_>,
    name: &str,
    drafted: Option<Language>,
    known: Option<&Release>,
) -> Result<Option<Release>, MemoryError> {
    if known.is_none() && reader.set(name)?.is_none() {
        return Ok(None);
    }
    let mut release = of_memory(reader, name)?;
    if let Some(known) = known {
        release.findings = known.findings;
        for (language, of_files) in known.sides.iter().filter(|(_, side)| side.file.is_some()) {
            let side = release.sides.entry(*language).or_default();
            side.file.clone_from(&of_files.file);
            (side.reworded, side.segments, side.lacking) = (of_files.reworded, of_files.segments, of_files.lacking);
        }
    }
    release.settle(drafted, said(reader, name)?.unwrap_or_default());
    for language in known.into_iter().flat_map(|known| known.sides.keys()) {
        let side = release.sides.entry(*language).or_default();
        side.state = side.state.or(Some(State::InTranslation));
    }
    Ok(Some(release))
}

/// The texts of a release as the memory has them, with their beads.
///
/// # Errors
/// What the memory refuses.
pub fn texts(reader: &Reader<'_>, name: &str) -> Result<Option<Bitext>, MemoryError> {
    Ok(stored::kept(reader, name)?.map(stored::Kept::bitext))
}

/// Adds what its files say.
fn add_files(release: &mut Release, report: &SetReport) {
    let mut counts = Counts { accepted: report.let_stand, ..Counts::default() };
    for located in &report.findings {
        *match located.finding.level {
            Level::Error => &mut counts.errors,
            Level::Warning => &mut counts.warnings,
            Level::Info => &mut counts.infos,
        } += 1;
    }
    release.findings = Some(counts);
    for (language, file) in &report.files {
        let side = release.sides.entry(*language).or_default();
        side.file = Some(file.clone());
        side.reworded = report.reworded.contains(language);
        side.segments = report.segments.get(language).copied().unwrap_or_default();
        // Of a set that changed the beads are known once it is stored.
        if report.change != Change::Changed {
            side.lacking = report.lacking.get(language).copied().unwrap_or_default();
        }
    }
}

impl Release {
    fn new(name: &str) -> Release {
        Release {
            name: name.to_owned(),
            sides: BTreeMap::new(),
            drafted: None,
            units: 0,
            pending: 0,
            stale: Vec::new(),
            findings: None,
        }
    }

    /// Settles the states: what people said, else what there is to be told from.
    fn settle(&mut self, drafted: Option<Language>, said: Said) {
        self.drafted = said.drafted.or(drafted);
        let changed: BTreeSet<Language> = self.stale.iter().flat_map(|stale| stale.changed.iter().copied()).collect();
        for (language, of) in &said.languages {
            let side = self.sides.entry(*language).or_default();
            side.said = of.state.is_some();
            (side.state, side.date, side.url) = (of.state, of.date, of.url.clone());
        }
        for (language, side) in self.sides.iter_mut().filter(|(_, side)| side.state.is_none()) {
            side.state = Some(if side.is_missing() {
                State::InTranslation
            } else if !side.stored {
                State::Draft
            } else if side.reworded || changed.contains(language) {
                State::Corrected
            } else {
                State::Published
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::check::accepted::By,
        memory::{Mode, OnConflict, StoredSet},
        model::{Unit, Variant},
    };
    use jiff::Timestamp;

    fn now() -> Timestamp {
        "2026-03-01T10:00:00Z".parse().unwrap()
    }

    fn unit(texts: &[(Language, &str)]) -> Unit {
        let variants = texts.iter().map(|(language, text)| Variant::new(*language, *text)).collect();
        Unit { variants, ..Unit::default() }
    }

    fn put(memory: &mut Memory, fingerprint: &str, units: &[Unit]) -> BatchId {
        let set = StoredSet { name: "1".into(), fingerprint: fingerprint.into(), body: "{}".into() };
        memory.write("run", now(), "x", |batch| batch.put_set(&set, units).map(|_| batch.id())).unwrap()
    }

    /// `en: az ru`: what was changed, and what was not.
    fn told(memory: &Memory) -> Vec<String> {
        let names = |languages: &[Language]| languages.iter().map(Language::as_str).collect::<Vec<_>>().join(" ");
        let stale = stale(&memory.read().unwrap(), "1").unwrap();
        stale.iter().map(|stale| format!("{}: {}", names(&stale.changed), names(&stale.behind))).collect()
    }

    #[test]
    fn the_journal_tells_which_language_was_changed_and_which_were_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
        let (en, az, ru) = (Language::EN, Language::AZ, Language::RU);
        let other = unit(&[(en, "Ten people came."), (az, "On nəfər gəldi.")]);
        put(&mut memory, "a", &[unit(&[(en, "It met."), (az, "Toplaşıb.")]), other.clone()]);
        assert!(told(&memory).is_empty());
        // A language that comes later is not behind, nor are the others.
        put(&mut memory, "b", &[unit(&[(en, "It met."), (az, "Toplaşıb."), (ru, "Собрался.")]), other.clone()]);
        assert!(told(&memory).is_empty());
        let changed = unit(&[(en, "It met on Monday."), (az, "Toplaşıb."), (ru, "Собрался.")]);
        let batch = put(&mut memory, "c", &[changed, other.clone()]);
        assert_eq!(told(&memory), ["en: az ru"]);
        // What was undone was never there; undone again it was.
        let undone = memory.undo(batch, OnConflict::Keep, now(), "x").unwrap();
        assert!(told(&memory).is_empty());
        memory.undo(undone.batch.unwrap(), OnConflict::Keep, now(), "x").unwrap();
        assert_eq!(told(&memory).len(), 1);
        // One follows; and for the last somebody says that it is right as it is.
        let followed = unit(&[(en, "It met on Monday."), (az, "Bazar ertəsi toplaşıb."), (ru, "Собрался.")]);
        put(&mut memory, "d", &[followed, other]);
        assert_eq!(told(&memory), ["az en: ru"]);
        let by = By { who: "leyla", now: now(), dry_run: false };
        let saying = Saying { languages: vec![en, ru], state: Some(State::Reviewed), ..Saying::default() };
        let meant = [("1".to_owned(), vec![en, az, ru])];
        assert_eq!(say(&mut memory, &meant, &saying, By { dry_run: true, ..by }).unwrap(), (1, None));
        assert_eq!(told(&memory).len(), 1, "a trial says nothing");
        let (done, batch) = say(&mut memory, &meant, &saying, by).unwrap();
        assert_eq!((done, told(&memory).len()), (1, 0));
        memory.undo(batch.unwrap(), OnConflict::Keep, now(), "x").unwrap();
        assert_eq!(told(&memory).len(), 1);
        assert!(memory.read().unwrap().check().unwrap().sound());
    }

    #[test]
    fn a_release_as_it_is_now_and_what_became_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
        let (en, az) = (Language::EN, Language::AZ);
        assert!(super::now(&memory.read().unwrap(), "1", None, None).unwrap().is_none());
        put(&mut memory, "a", &[unit(&[(en, "It met."), (az, "Toplaşıb.")])]);
        let by = By { who: "leyla", now: now(), dry_run: false };
        let saying = Saying { state: Some(State::Reviewed), ..Saying::default() };
        say(&mut memory, &[("1".to_owned(), vec![en])], &saying, by).unwrap();
        say(&mut memory, &[("2".to_owned(), vec![en])], &saying, by).unwrap();
        // The files are as they were looked at: the memory knows nothing of them.
        let side = Side { file: Some("1.en.txt".into()), reworded: true, segments: 7, ..Side::default() };
        let mut known = Release::new("1");
        known.findings = Some(Counts { errors: 2, ..Counts::default() });
        known.sides = BTreeMap::from([(en, side), (Language::RU, Side::default())]);
        let reader = memory.read().unwrap();
        let release = super::now(&reader, "1", Some(az), Some(&known)).unwrap().unwrap();
        assert_eq!((release.drafted, release.findings.unwrap().errors), (Some(az), 2));
        let side = &release.sides[&en];
        assert_eq!((side.state, side.said, side.reworded, side.segments), (Some(State::Reviewed), true, true, 7));
        assert_eq!(release.sides[&Language::RU].state, Some(State::InTranslation));
        let notes: Vec<String> = reader.history_of_set("1", 9).unwrap().into_iter().map(|batch| batch.note).collect();
        assert_eq!(notes, ["release set 1 reviewed", "run"]);
        assert_eq!(reader.history_of_set("1", 1).unwrap().len(), 1);
        assert!(reader.history_of_set("3", 9).unwrap().is_empty());
    }

    #[test]
    fn what_is_said_adds_up_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
        let by = By { who: "leyla", now: now(), dry_run: false };
        let meant = [("1".to_owned(), vec![Language::EN, Language::AZ])];
        let mut say = |saying: Saying| say(&mut memory, &meant, &saying, by).unwrap().0;
        let date = civil::date(2026, 3, 1);
        assert_eq!(say(Saying { date: Some(date), drafted: Some(Language::AZ), ..Saying::default() }), 1);
        assert_eq!(
            say(Saying { url: Some("https://a/1".into()), languages: vec![Language::EN], ..Saying::default() }),
            1
        );
        assert_eq!(say(Saying { date: Some(date), ..Saying::default() }), 0, "said before");
        let said = |memory: &Memory| super::said(&memory.read().unwrap(), "1").unwrap();
        let of = |url: Option<&str>| SaidOf { date: Some(date), url: url.map(str::to_owned), ..SaidOf::default() };
        let both = BTreeMap::from([(Language::EN, of(Some("https://a/1"))), (Language::AZ, of(None))]);
        assert_eq!(said(&memory).unwrap(), Said { drafted: Some(Language::AZ), languages: both });
        let clear = Saying { clear: true, ..Saying::default() };
        super::say(&mut memory, &meant, &Saying { languages: vec![Language::EN], ..clear.clone() }, by).unwrap();
        assert_eq!(said(&memory).unwrap().languages.len(), 1);
        super::say(&mut memory, &meant, &clear, by).unwrap();
        assert_eq!(said(&memory), None);
    }
}
