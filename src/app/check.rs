//! Checking files: texts alone, sets (aligned first), bilingual files, and the units of the memory.

pub mod accepted;
mod baseline;
mod bilingual;
mod consistent;
mod dictionaries;
mod fix;
mod hushed;
mod names;
mod stale;
mod units;

use super::{
    ACCEPT, Aligning, Watch,
    documents::{self, How, LoadError, Loaded, Reading},
    footers,
    pair::{ByContent, Known},
    segmentation::Rules,
    sets::{self, PassedOver, SetsError},
    sift::{self, Sifting},
    stored,
};
use crate::align::{self, Evidence, Lexicon};
use crate::formats::{bixml, glossary::GlossaryError};
use crate::lang::{self, Language};
use crate::memory::{Memory, MemoryError};
use crate::model::{Bead, Bitext, Concept, Document, Finding, Place, Rule, Segment, UnitId};
use crate::noise::{self, Vocabulary};
use crate::qa;
use crate::report::{self, Located, Source};
use crate::rules::RuleSet;
use crate::segment;
use crate::terms::{
    self, Termbase,
    names::{Usage, drift_against},
};
use crate::text::Span;
pub use baseline::{Baseline, BaselineError};
use bilingual::bilingual;
pub use dictionaries::{DictionaryError, dictionaries};
pub use fix::{Corrected, Refused, corrections, corrections_of};
pub use hushed::{NoRule, hush, hush_of};
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};
pub(in crate::app) use units::{STRIDE, Strides};
pub use units::{UnitFix, check_some_units, check_units, correct_units};

/// What to check and how.
#[derive(Debug, Default)]
pub struct Job {
    pub inputs: Vec<Input>,
    /// The text all inputs are translations of.
    pub against: Option<PathBuf>,
    /// The language of texts whose names do not tell it.
    pub language: Option<Language>,
    pub concepts: Vec<Concept>,
    /// The same concepts ready to be found, where somebody has them at hand; they count instead.
    pub termbase: Option<Arc<Termbase>>,
    pub rules: RuleSet,
    /// What is a word, where the user has dictionaries.
    pub dictionaries: qa::Dictionaries,
    /// A memory that has seen the like: what its runs learned helps to align. It need not exist.
    pub memory: Option<PathBuf>,
    /// What documents are split by.
    pub segmenting: Rules,
    /// Whether the files of folders must be what their names say.
    pub sifting: Sifting,
    /// What came otherwise, in names that tell no set, is one text if each is in a language of its own.
    pub together: bool,
}

impl Job {
    fn concepts(&self) -> &[Concept] {
        self.termbase.as_deref().map_or(&self.concepts, Termbase::concepts)
    }
}

#[derive(Debug, Clone)]
pub enum Input {
    /// A file or a folder.
    Path(PathBuf),
    /// What came otherwise, with a name for messages. Those whose names tell it are files of a set; no name is looked
    /// up on the disk.
    Bytes { name: String, bytes: Vec<u8> },
    /// One text in its languages, as it was typed.
    Typed(BTreeMap<Language, String>),
}

/// What came of it. A file that cannot be read spoils nothing of the others.
#[derive(Debug, Default)]
pub struct Checked {
    /// By file, place and rule.
    pub findings: Vec<Located>,
    pub passed_over: Vec<PassedOver>,
    /// Sets that were made by content, not by names.
    pub paired: Vec<ByContent>,
    /// How many texts were checked.
    pub texts: usize,
    /// Files whose language only their letters told.
    pub guessed: Vec<(String, Language)>,
    pub failed: Vec<CheckError>,
}

#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Sets(#[from] SetsError),
    #[error(transparent)]
    Table(#[from] GlossaryError),
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// A TMX or XLIFF that is not sound.
    #[error("{file}:{line}:{column}: {what}")]
    Broken { file: String, line: usize, column: usize, what: String },
    #[error("{file}: {what}")]
    Unsuitable { file: String, what: String },
    #[error("{0}: the text to check against is in the same language")]
    SameLanguage(String),
    #[error("{0}: the language cannot be told from its name or its letters")]
    NoLanguage(String),
}

/// Texts that belong together, with the segments of each.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// What the memory would call it, where it is a set.
    pub name: Option<String>,
    /// What of it is out of step with the memory.
    pub stale: Vec<Finding>,
    pub documents: BTreeMap<Language, Document>,
    pub bitext: Bitext,
    /// The beads are given by the file, all languages stand in one text.
    pub given: bool,
    /// For each bead the unit it is, in a file that has units.
    pub units: Vec<bixml::Place>,
    /// The inline codes of the segments, where the file has any.
    pub codes: qa::Codes,
    /// Where markup stands in the texts, ascending: what it parts need be no word, even without a space.
    pub markup: BTreeMap<Language, Vec<usize>>,
}

/// Checks everything the job names.
pub fn check(mut job: Job, watch: &dyn Watch) -> Checked {
    if job.against.is_some() {
        // Several translations of one text are there to be compared.
        job.rules = job.rules.without(Rule::InconsistentTarget).without(Rule::InconsistentSource);
    }
    let mut out = Checked::default();
    let mut groups = read(&job, &mut out, watch);
    out.texts = groups.iter().map(|group| if group.given { 1 } else { group.documents.len() }).sum();
    let documents = groups.iter_mut().filter(|group| !group.given);
    footers::mark(documents.map(|group| (&group.documents, &mut group.bitext.texts)));
    align(&mut groups, &job, watch);
    if let Some(memory) = job.memory.as_deref().filter(|_| job.rules.has(Rule::StaleTranslation)) {
        // A memory that cannot be read is told by the commands that are about it.
        let _ = stale::note(&mut groups, memory);
    }
    let termbase = job.termbase.unwrap_or_else(|| Arc::new(Termbase::new(job.concepts)));
    let mut shared = Shared::of(groups.par_iter(), termbase, &job.rules);
    shared.qa.dictionaries = job.dictionaries;
    if let Some(memory) = job.memory.as_deref().filter(|_| job.rules.has(Rule::NameDrift)) {
        // A memory that cannot be read is told by the commands that are about it.
        let _ = names::add_stored(&mut shared.names, &groups, memory);
    }
    if let Some(memory) = job.memory.as_deref().filter(|_| job.rules.has(Rule::InconsistentTarget)) {
        let _ = consistent::add_stored(&mut shared.qa.translations, &groups, memory, &job.rules);
    }
    watch.begin("checking", groups.len());
    let each: Vec<Vec<Located>> = groups
        .par_iter()
        .map(|group| {
            let found = located(group, &shared, &job.rules);
            watch.step();
            found
        })
        .collect();
    out.findings = each.into_iter().flatten().collect();
    if let Some(memory) = job.memory.as_deref() {
        accepted::Decisions::at(memory).unwrap_or_default().mark(&mut out.findings);
    }
    report::sort(&mut out.findings);
    // A source that several texts are checked against is told of once.
    out.findings.dedup_by(|later, first| {
        let place = |l: &Located| (l.byte_start, l.byte_end, l.finding.rule);
        place(later) == place(first)
            && later.source.name == first.source.name
            && later.finding.message == first.finding.message
    });
    out
}

// ---------------------------------------------------------------- reading

fn read(job: &Job, out: &mut Checked, watch: &dyn Watch) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut texts: Vec<PathBuf> = Vec::new();
    let mut given = Given::default();
    let mut alone: Vec<Result<Loaded, CheckError>> = Vec::new();
    for input in &job.inputs {
        match input {
            Input::Path(path) if path.is_dir() => match found(path, job, watch, out) {
                Ok(found) => add_sets(found, job, &given, &mut groups, &mut alone, out, false),
                Err(error) => out.failed.push(error),
            },
            Input::Path(path) => match bilingual(path, None) {
                Some(Ok(group)) => groups.push(group),
                Some(Err(error)) => out.failed.push(error),
                None => texts.push(path.clone()),
            },
            Input::Bytes { name, bytes } => match bilingual(Path::new(name), Some(bytes)) {
                Some(Ok(group)) => groups.push(group),
                Some(Err(error)) => out.failed.push(error),
                None if documents::language_of(Path::new(name)).is_some() => {
                    given.0.insert(Path::new(name), bytes);
                    texts.push(PathBuf::from(name));
                }
                None => {
                    let reading = Reading { from: job.language, ..Reading::default() };
                    let loaded = documents::load_bytes(name, bytes, reading);
                    alone.push(loaded.map_err(CheckError::from));
                }
            },
            Input::Typed(typed) => {
                let document = |(language, text): (&Language, &String)| {
                    documents::typed(&format!("text.{language}"), text, *language)
                };
                groups.push(group_of(typed.iter().map(document), &job.segmenting));
            }
        }
    }
    match &job.against {
        Some(source) => {
            alone.extend(texts.iter().map(|path| load(path, job, &given)));
            pairs(source, job, alone, &mut groups, out);
        }
        None => {
            add_sets(sets::of_files(&texts), job, &given, &mut groups, &mut alone, out, true);
            let mut documents = Vec::new();
            for document in alone {
                match document.and_then(|loaded| with_language(loaded, &mut out.guessed)) {
                    Ok(document) => documents.push(document),
                    Err(error) => out.failed.push(error),
                }
            }
            let languages: BTreeSet<Language> = documents.iter().map(|document| document.language).collect();
            if job.together && groups.is_empty() && languages.len() == documents.len() && !documents.is_empty() {
                groups.push(group_of(documents, &job.segmenting));
            } else {
                groups.extend(documents.into_iter().map(|document| group_of([document], &job.segmenting)));
            }
        }
    }
    groups
}

/// What came with a name that tells its language, by the name.
#[derive(Default)]
struct Given<'j>(BTreeMap<&'j Path, &'j [u8]>);

impl Given<'_> {
    /// What came by this name, else the file.
    fn load(&self, path: &Path, from: Option<Language>) -> Result<Loaded, LoadError> {
        let reading = Reading { from, ..Reading::default() };
        match self.0.get(path) {
            Some(bytes) => documents::load_bytes(&path.display().to_string(), bytes, reading),
            None => documents::load(path, reading),
        }
    }
}

/// The sets of a folder, those that content makes among them.
fn found(folder: &Path, job: &Job, watch: &dyn Watch, out: &mut Checked) -> Result<sets::Found, CheckError> {
    let found = sets::find(folder)?;
    let known = Known { concepts: Some(job.concepts()), memory: job.memory.as_deref() };
    let sifted = |known: Known<'_>| {
        let mut found = found.clone();
        let paired = sift::sift(&mut found, folder, known, job.sifting, watch)?;
        Ok::<_, MemoryError>((found, paired))
    };
    // As for aligning, a memory that cannot be read is no hindrance.
    let (found, paired) = sifted(known).or_else(|_| sifted(Known { memory: None, ..known }))?;
    out.paired.extend(paired);
    Ok(found)
}

/// The sets found, and the files that are in none: checked alone where their language is known or they were
/// `named` by the user.
fn add_sets(
    found: sets::Found,
    job: &Job,
    given: &Given<'_>,
    groups: &mut Vec<Group>,
    alone: &mut Vec<Result<Loaded, CheckError>>,
    out: &mut Checked,
    named: bool,
) {
    for set in found.sets {
        let loaded: Result<Vec<Document>, CheckError> =
            set.files.iter().map(|(language, path)| Ok(given.load(path, Some(*language))?.document)).collect();
        match loaded {
            Ok(documents) => {
                groups.push(Group { name: Some(set.name), ..group_of(documents, &job.segmenting) });
            }
            Err(error) => out.failed.push(error),
        }
    }
    for passed in found.passed_over {
        match passed {
            PassedOver::Alone(path) => alone.push(load(&path, job, given)),
            PassedOver::NoLanguage(path) if named => alone.push(load(&path, job, given)),
            passed => out.passed_over.push(passed),
        }
    }
}

fn load(path: &Path, job: &Job, given: &Given<'_>) -> Result<Loaded, CheckError> {
    Ok(given.load(path, documents::language_of(path).or(job.language))?)
}

/// The document, if its language is known; a guess is noted in `guessed`.
fn with_language(loaded: Loaded, guessed: &mut Vec<(String, Language)>) -> Result<Document, CheckError> {
    let Loaded { document, told } = loaded;
    match told {
        How::Nothing => return Err(CheckError::NoLanguage(document.name)),
        How::Letters => guessed.push((document.name.clone(), document.language)),
        How::Flag | How::Name | How::Declaration => {}
    }
    Ok(document)
}

/// Each text with the one it is a translation of.
fn pairs(source: &Path, job: &Job, texts: Vec<Result<Loaded, CheckError>>, groups: &mut Vec<Group>, out: &mut Checked) {
    let against = match load(source, job, &Given::default()).and_then(|loaded| with_language(loaded, &mut out.guessed))
    {
        Ok(document) => document,
        Err(error) => return out.failed.push(error),
    };
    for text in texts {
        match text.and_then(|loaded| with_language(loaded, &mut out.guessed)) {
            Ok(text) if text.language == against.language => out.failed.push(CheckError::SameLanguage(text.name)),
            Ok(text) => groups.push(group_of([against.clone(), text], &job.segmenting)),
            Err(error) => out.failed.push(error),
        }
    }
}

fn group_of(documents: impl IntoIterator<Item = Document>, rules: &Rules) -> Group {
    let mut group = Group::default();
    for document in documents {
        let segments = segment::segment(&document, &rules.of(document.language));
        group.bitext.texts.insert(document.language, segments);
        group.documents.insert(document.language, document);
    }
    group
}

/// Aligns all sets together.
fn align(groups: &mut [Group], job: &Job, watch: &dyn Watch) {
    let waiting: Vec<usize> =
        (0..groups.len()).filter(|at| !groups[*at].given && groups[*at].bitext.texts.len() > 1).collect();
    if waiting.is_empty() {
        return;
    }
    let texts: Vec<align::Texts> = waiting.iter().map(|at| groups[*at].bitext.texts.clone()).collect();
    // A memory that cannot be read is told by the commands that are about it; texts can be aligned without.
    let lexicon = learned(job, &texts).unwrap_or_default();
    let evidence = Evidence { concepts: job.concepts().to_vec(), lexicon, ..Evidence::default() };
    let beads = align::align_all(&texts, &evidence, &Aligning::new(watch, texts.len()));
    for (at, beads) in waiting.into_iter().zip(beads) {
        groups[at].bitext.beads = beads;
    }
}

/// What the memory has learned of the languages of `texts`, where there is one.
fn learned(job: &Job, texts: &[align::Texts]) -> Result<Lexicon, MemoryError> {
    let Some(path) = &job.memory else { return Ok(Lexicon::default()) };
    let Some(memory) = Memory::open_existing(path)? else { return Ok(Lexicon::default()) };
    let pairs = stored::language_pairs(texts.iter().map(|texts| texts.keys().copied()));
    stored::lexicon(&memory.read()?, &pairs, ACCEPT, &BTreeSet::new())
}

// ---------------------------------------------------------------- checking

impl Group {
    /// The texts with the parts of them that are in their language: the cells of a column, else the whole text.
    fn parts(&self) -> impl Iterator<Item = (Language, &str, Vec<Span>)> {
        self.documents.iter().map(|(language, document)| {
            let parts = match self.bitext.texts.get(language).filter(|_| self.given) {
                Some(cells) => cells.iter().map(|cell| cell.span).collect(),
                None => vec![Span::new(0, document.text.len())],
            };
            (*language, document.text.as_str(), parts)
        })
    }

    /// The words of its texts.
    fn words(&self) -> Vec<noise::Words<'_>> {
        self.pieces().map(|(language, text, pieces)| noise::Words::new(text, &pieces, language)).collect()
    }

    /// The same parts, each cut where markup stands.
    fn pieces(&self) -> impl Iterator<Item = (Language, &str, Vec<Span>)> {
        self.parts().map(|(language, text, parts)| {
            let markup = self.markup.get(&language).map_or(&[][..], Vec::as_slice);
            let cut = |part: Span| {
                let first = markup.partition_point(|at| *at <= part.start);
                let inner = markup[first..].iter().copied().take_while(move |at| *at < part.end);
                let inner = inner.filter(move |at| text.is_char_boundary(*at));
                let starts = std::iter::once(part.start).chain(inner.clone());
                starts.zip(inner.chain([part.end])).map(|(start, end)| Span::new(start, end))
            };
            (language, text, parts.into_iter().flat_map(cut).collect())
        })
    }
}

/// What the texts that are checked together know in common.
pub(super) struct Shared {
    pub termbase: Arc<Termbase>,
    pub vocabulary: Vocabulary,
    pub names: Usage,
    pub qa: qa::Shared,
}

impl Shared {
    pub fn of<'g>(
        groups: impl ParallelIterator<Item = &'g Group> + Clone,
        termbase: Arc<Termbase>,
        rules: &RuleSet,
    ) -> Shared {
        let names = names::usage(groups.clone(), &termbase, rules);
        Shared { vocabulary: vocabulary(groups.clone(), rules), qa: in_common(groups, rules), termbase, names }
    }
}

/// The words of all texts that are checked together; none where no rule asks for them.
fn vocabulary<'g>(groups: impl ParallelIterator<Item = &'g Group>, rules: &RuleSet) -> Vocabulary {
    if !rules.has(Rule::MixedScript) && !rules.has(Rule::GluedWords) {
        return Vocabulary::default();
    }
    let add = |mut sum: Vocabulary, group: &Group| {
        group.words().iter().for_each(|words| sum.add(words));
        sum
    };
    let join = |mut sum: Vocabulary, other: Vocabulary| {
        sum.join(other);
        sum
    };
    groups.fold(Vocabulary::default, add).reduce(Vocabulary::default, join)
}

/// How the texts that are checked together are worded and translated, as far as rules ask for it.
fn in_common<'g>(groups: impl ParallelIterator<Item = &'g Group>, rules: &RuleSet) -> qa::Shared {
    let words = rules.has(Rule::RareWord);
    let translations = rules.has(Rule::InconsistentTarget) || rules.has(Rule::InconsistentSource);
    let add = |mut sum: qa::Shared, group: &Group| {
        if words {
            sum.frequencies.add(&group.bitext);
        }
        if translations {
            sum.translations.add(&group.bitext);
        }
        sum
    };
    let join = |mut sum: qa::Shared, other: qa::Shared| {
        sum.frequencies.join(other.frequencies);
        sum.translations.join(other.translations);
        sum
    };
    groups.fold(qa::Shared::default, add).reduce(qa::Shared::default, join)
}

/// What is wrong with the texts of a group, each finding with its place in a file.
pub(super) fn located(group: &Group, shared: &Shared, rules: &RuleSet) -> Vec<Located> {
    let letters = rules.has(Rule::MixedScript) || rules.has(Rule::GluedWords);
    let words = if letters { group.words() } else { Vec::new() };
    located_among(group, &words, shared, rules)
}

/// The same, its words read already.
fn located_among(group: &Group, words: &[noise::Words<'_>], shared: &Shared, rules: &RuleSet) -> Vec<Located> {
    let Shared { termbase, vocabulary, names, qa } = shared;
    let mut findings = terms::check(termbase, &group.bitext, rules);
    for words in words {
        if rules.has(Rule::MixedScript) {
            findings.extend(noise::mixed_script(words, vocabulary));
        }
        if rules.has(Rule::GluedWords) {
            findings.extend(noise::glued_words(words, vocabulary));
        }
    }
    let subject = qa::Subject {
        texts: group.documents.iter().map(|(language, document)| (*language, document.text.as_str())).collect(),
        bitext: &group.bitext,
        codes: &group.codes,
    };
    let more = qa::check(&subject, qa, rules);
    // A word that is wrong in its letters is no rare word too; an abbreviation of the glossary has been remarked on.
    let told = |finding: &Finding| {
        let same = |known: &Finding| known.rule == finding.rule || finding.rule == Rule::RareWord;
        let here = |known: &Finding| {
            known.place.language == finding.place.language && known.place.span.overlaps(finding.place.span)
        };
        findings.iter().any(|known| same(known) && here(known))
    };
    let more: Vec<Finding> = more.into_iter().filter(|finding| !told(finding)).collect();
    findings.extend(more);
    findings.extend(group.stale.iter().cloned());
    if rules.has(Rule::NameDrift) {
        let wrong: Vec<Place> = findings.iter().filter(|f| f.rule != Rule::MissingTerm).map(|f| f.place).collect();
        let drift = group.parts().flat_map(|(language, text, parts)| drift_against(text, &parts, language, names));
        // What another rule already calls wrong needs no second remark.
        let told = |place: Place| wrong.iter().any(|w| w.language == place.language && w.span.contains(place.span));
        let drift: Vec<Finding> = drift.filter(|finding| !told(finding.place)).collect();
        findings.extend(drift);
    }
    if findings.is_empty() {
        return Vec::new();
    }
    findings.iter_mut().for_each(|finding| rules.settle(finding));
    let mut sources: BTreeMap<Language, Arc<Source>> = BTreeMap::new();
    for (language, document) in &group.documents {
        // The languages of a table share one text.
        let shared = group.given.then(|| sources.values().next().cloned()).flatten();
        sources.insert(*language, shared.unwrap_or_else(|| Arc::new(Source::from(document))));
    }
    let beads = beads_of(&group.bitext);
    let mut located: Vec<Located> = findings
        .into_iter()
        .filter_map(|mut finding| {
            let bead = bead_of(&group.bitext, &beads, finding.place);
            if let Some(unit) = bead.and_then(|number| group.units.get(number)) {
                finding.unit = Some(UnitId(unit.number));
                finding.notes.push(match &unit.id {
                    Some(id) => format!("unit: {}, `{id}`", unit.number),
                    None => format!("unit: {}", unit.number),
                });
            }
            let bead = bead.map(|number| &group.bitext.beads[number]);
            let counterpart = bead.and_then(|bead| counterpart(&group.bitext, bead, finding.place.language, rules));
            let located = report::locate(finding, &sources)?;
            Some(match counterpart {
                Some((language, text)) => located.with_counterpart(language, text),
                None => located,
            })
        })
        .collect();
    accepted::identify(&mut located, &group.bitext);
    located
}

/// For each segment of each language the bead it is in.
fn beads_of(bitext: &Bitext) -> BTreeMap<(Language, usize), usize> {
    let mut out = BTreeMap::new();
    for (number, bead) in bitext.beads.iter().enumerate() {
        for (language, side) in &bead.sides {
            out.extend(side.iter().map(|at| ((*language, *at), number)));
        }
    }
    out
}

/// The number of the bead the segment at `place` is in.
fn bead_of(bitext: &Bitext, beads: &BTreeMap<(Language, usize), usize>, place: Place) -> Option<usize> {
    let segments: &[Segment] = bitext.texts.get(&place.language)?;
    let at = segments.partition_point(|s| s.span.end <= place.span.start);
    beads.get(&(place.language, at)).copied()
}

/// What stands on the other side of a bead: the source, or for a finding in the source the first other language.
fn counterpart(bitext: &Bitext, bead: &Bead, language: Language, rules: &RuleSet) -> Option<(Language, String)> {
    let others = bead.sides.iter().filter(|(l, side)| **l != language && !side.is_empty()).map(|(l, _)| *l);
    let other = others.clone().find(|l| Some(*l) == rules.source).or_else(|| lang::lead(others))?;
    Some((other, bitext.text(bead, other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Unwatched;
    use crate::formats::glossary;
    use crate::memory::Mode;
    use crate::model::Rule;
    use crate::model::{self, Unit};
    use std::fs;

    const GLOSSARY: &str = "concept\ten\ten_forbidden\taz\taz_forbidden\n\
        parliament\tMilli Majlis\tMilli Mejlis\tMilli Məclis\tMilli Mejlis\n";

    fn run(files: &[(&str, &str)], paths: &[&str], against: Option<&str>) -> Checked {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let inputs = paths.iter().map(|name| Input::Path(folder.path().join(name))).collect();
        let concepts = glossary::read("g", GLOSSARY.as_bytes()).unwrap().concepts;
        let against = against.map(|name| folder.path().join(name));
        check(Job { inputs, against, concepts, ..Job::default() }, &Unwatched)
    }

    fn told(checked: &Checked) -> Vec<(Rule, usize, usize, &str)> {
        assert!(checked.failed.is_empty(), "{:?}", checked.failed);
        checked.findings.iter().map(|l| (l.finding.rule, l.line, l.column, l.surface())).collect()
    }

    #[test]
    fn a_text_alone() {
        let checked =
            run(&[("1.en.txt", "News\n\nThe Milli Mejlis met. The Milli Majlis met.\n")], &["1.en.txt"], None);
        assert_eq!(told(&checked), [(Rule::ForbiddenTerm, 3, 5, "Milli Mejlis")]);
    }

    #[test]
    fn letter_noise_has_its_place_in_the_file() {
        let html = "<html><body>\n<h1>Görüş</h1>\n<p>Dünən <b>Мilli</b> Məclisdə.</p>\n</body></html>";
        let en = "id\ten\taz\n1\tsome countriesin the world\tbəzi ölkələrdə\n2\tall countries\tbütün ölkәlər\n";
        let files = [("1.az.html", html), ("pairs.tsv", en), ("2.ru.txt", "Прибыл вБаку.\n\nОн вместе с нaми.\n")];
        let found = |name: &str| {
            let checked = run(&files, &[name], None);
            let told = |l: &Located| (l.finding.rule, l.line, l.column, l.surface().to_owned());
            checked.findings.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(found("1.az.html"), [(Rule::MixedScript, 3, 13, "Мilli".to_owned())]);
        let want =
            [(Rule::GluedWords, 2, 8, "countriesin".to_owned()), (Rule::MixedScript, 3, 23, "ölkәlər".to_owned())];
        assert_eq!(found("pairs.tsv"), want);
        let want = [(Rule::GluedWords, 1, 8, "вБаку".to_owned()), (Rule::MixedScript, 3, 13, "нaми".to_owned())];
        assert_eq!(found("2.ru.txt"), want);
    }

    #[test]
    fn markup_parts_words() {
        let tmx = |seg: &str| {
            format!(
                "<tmx version=\"1.4\"><header/><body>\n<tu><tuv xml:lang=\"en\"><seg>{seg}</seg></tuv></tu></body></tmx>"
            )
        };
        let found = |seg: &str| {
            let checked = run(&[("1.tmx", &tmx(seg))], &["1.tmx"], None);
            told(&checked)
                .iter()
                .map(|(rule, line, column, text)| (*rule, *line, *column, text.to_string()))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("It was answered.The law of countriesin &amp; more").len(), 2);
        let want = [(Rule::GluedWords, 2, 53, "countriesin".to_owned())];
        assert_eq!(found("answered.<ph x=\"1\"/>The countriesin"), want);
        assert_eq!(found("countries<ph x=\"1\"/>in the permit<ph x=\"2\">&lt;br&gt;</ph>of"), []);
    }

    #[test]
    fn the_other_texts_tell_what_a_word_is_and_a_slip_is_told_once() {
        let slip = "The turnipin hand. A meeting of the Мilli Majlis, the Milli Majlis and the Milli Majlis.\n";
        let files = [("1.en.txt", slip), ("2.en.txt", "Each turnip is new.\n")];
        let alone = run(&files, &["1.en.txt"], None);
        assert_eq!(told(&alone), [(Rule::MixedScript, 1, 37, "Мilli")]);
        let both = run(&files, &["1.en.txt", "2.en.txt"], None);
        assert_eq!(told(&both), [(Rule::GluedWords, 1, 5, "turnipin"), (Rule::MixedScript, 1, 37, "Мilli")]);
    }

    #[test]
    fn a_table_keeps_the_places_of_its_file() {
        let table =
            "id\ten\taz\n1\tThe Milli Majlis met.\tMilli Məclis toplaşıb.\n2\tIn the Milli Majlis\tMilli Mejlisdə\n";
        let checked = run(&[("pairs.txt", table)], &["pairs.txt"], None);
        assert_eq!(told(&checked), [(Rule::ForbiddenTerm, 3, 23, "Milli Mejlisdə")]);
        let fix = checked.findings[0].finding.fix.clone().unwrap();
        assert_eq!((fix.text.as_str(), fix.certain), ("Milli Məclisdə", true));
        assert_eq!(checked.findings[0].counterpart.as_ref().unwrap().text, "In the Milli Majlis");
    }

    #[test]
    fn a_tmx_keeps_the_places_of_its_file() {
        let tmx = "<tmx version='1.4'><header srclang='en'/><body>\n\
            <tu tuid='x'><tuv xml:lang='en'><seg>The Milli Majlis met.</seg></tuv>\n\
            <tuv xml:lang='az'><seg>Parlament toplaşıb.</seg></tuv></tu>\n\
            <tu><tuv xml:lang='en'><seg>In <ph>1</ph>the Milli Majlis</seg></tuv>\n\
            <tuv xml:lang='az'><seg>Bu gün <ph>1</ph>Milli\nMejlisdə</seg></tuv></tu></body></tmx>";
        let checked = run(&[("x.txt", tmx)], &["x.txt"], None);
        let want = [(Rule::MissingTerm, 3, 25, "Parlament toplaşıb."), (Rule::ForbiddenTerm, 5, 42, "Milli\nMejlisdə")];
        assert_eq!(told(&checked), want);
        let units: Vec<_> = checked.findings.iter().map(|l| l.finding.unit.map(|unit| unit.0)).collect();
        assert_eq!(units, [Some(1), Some(2)]);
        assert_eq!(checked.findings[0].finding.notes.last().unwrap(), "unit: 1, `x`");
        assert_eq!(checked.findings[1].end_line, 6);
        assert_eq!(checked.findings[1].counterpart.as_ref().unwrap().text, "In the Milli Majlis");
        let broken = run(&[("x.tmx", "<tmx version='1.4'>\n<body></tmx>")], &["x.tmx"], None);
        let told = broken.failed[0].to_string();
        assert!(told.contains("x.tmx:2:7: "), "{told}");
    }

    #[test]
    fn an_xliff_is_checked_by_unit() {
        let xliff = "<xliff version='1.2'><file source-language='en' target-language='az'><body>\n\
            <trans-unit id='7'><source>The Milli Majlis met.</source>\n<target>Milli Mejlis toplaşıb.</target>\
            </trans-unit></body></file></xliff>";
        let checked = run(&[("1.az.xlf", xliff)], &["1.az.xlf"], None);
        assert_eq!(told(&checked), [(Rule::ForbiddenTerm, 3, 9, "Milli Mejlis")]);
    }

    #[test]
    fn the_units_of_a_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let concepts = glossary::read("g", GLOSSARY.as_bytes()).unwrap().concepts;
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let ids = memory
            .write("test", "2024-05-01T00:00:00Z".parse().unwrap(), "test", |batch| {
                let pairs = [
                    ("The Milli Majlis met.", "Milli Məclis toplaşıb."),
                    ("In the Milli Majlis", "Bu gün Milli Mejlisdə"),
                    ("The Milli Majlis sat.", "Parlament toplaşıb."),
                ];
                let mut ids = Vec::new();
                for (en, az) in pairs {
                    let variants = vec![model::Variant::new(Language::EN, en), model::Variant::new(Language::AZ, az)];
                    ids.push(batch.add(&Unit { variants, ..Unit::default() })?.id());
                }
                Ok(ids)
            })
            .unwrap();
        drop(memory);
        let units = |path: &Path, concepts: Vec<Concept>| {
            let mut found = Vec::new();
            check_units(path, concepts, &RuleSet::default(), &Unwatched, |some| {
                found.extend(some);
                Ok::<(), MemoryError>(())
            })?;
            Ok::<_, MemoryError>(found)
        };
        let found = units(&path, concepts).unwrap();
        let told: Vec<_> = found.iter().map(|l| (l.finding.rule, l.finding.unit, l.line, l.column)).collect();
        let want = [(Rule::ForbiddenTerm, Some(ids[1]), 1, 8), (Rule::MissingTerm, Some(ids[2]), 1, 1)];
        assert_eq!(told, want);
        assert!(units(&folder.path().join("none.db"), Vec::new()).is_err());
    }

    #[test]
    fn a_set_is_aligned_first() {
        let files = [
            ("1.en.txt", "The Milli Majlis met on 5 May.\n\nThe session had 12 questions.\n"),
            ("1.az.txt", "Parlament 5 mayda toplaşıb.\n\nİclasda 12 məsələ olub.\n"),
        ];
        let by_names = run(&files, &["1.en.txt", "1.az.txt"], None);
        assert_eq!(told(&by_names), [(Rule::MissingTerm, 1, 1, "Parlament 5 mayda toplaşıb.")]);
        let against = run(&files, &["1.az.txt"], Some("1.en.txt"));
        assert_eq!(told(&against), told(&by_names));
    }

    #[test]
    fn texts_that_came_otherwise_are_sets_as_files_are() {
        let concepts = glossary::read("g", GLOSSARY.as_bytes()).unwrap().concepts;
        let termbase = Some(Arc::new(Termbase::new(concepts)));
        let run = |inputs: Vec<Input>, together: bool| {
            let job = Job { inputs, termbase: termbase.clone(), together, ..Job::default() };
            let checked = check(job, &Unwatched);
            let told = told(&checked);
            let told: Vec<_> = told.iter().map(|(rule, line, _, text)| (*rule, *line, text.to_string())).collect();
            (told, checked.texts)
        };
        let bytes = |name: &str, text: &str| Input::Bytes { name: name.to_owned(), bytes: text.into() };
        let (en, az) = ("The Milli Majlis met on 5 May.\n", "Parlament 5 mayda toplaşıb.\n");
        let missing = || (vec![(Rule::MissingTerm, 1, az.trim_end().to_owned())], 2);
        assert_eq!(run(vec![bytes("x/1.en.txt", en), bytes("x/1.az.txt", az)], false), missing());
        assert_eq!(run(vec![bytes("1.en.txt", en), bytes("2.az.txt", az)], false), (Vec::new(), 2));
        assert_eq!(run(vec![bytes("a", en), bytes("b", az)], false), (Vec::new(), 2));
        assert_eq!(run(vec![bytes("a", en), bytes("b", az)], true), missing());
        // Two of one language are no one text.
        assert_eq!(run(vec![bytes("a", en), bytes("b", en)], true), (Vec::new(), 2));
        let typed =
            |en: &str, az: &str| Input::Typed([(Language::EN, en.to_owned()), (Language::AZ, az.into())].into());
        assert_eq!(run(vec![typed(en, az)], false), missing());
        // What is typed is text, whatever it looks like.
        let html = "<p>id\ten\r\nThe Milli Mejlis met.";
        let found = run(vec![Input::Typed([(Language::EN, html.to_owned())].into())], false);
        assert_eq!(found, (vec![(Rule::ForbiddenTerm, 2, "Milli Mejlis".to_owned())], 1));
    }

    #[test]
    fn what_came_otherwise_is_corrected_and_hushed_from_its_bytes() {
        let html = b"<p>The <b>Milli Mejlis</b> met.</p>\n<!-- yaddash-ignore -->\n<p>The Milli Mejlis sat.</p>\n";
        let concepts = glossary::read("g", GLOSSARY.as_bytes()).unwrap().concepts;
        let inputs = vec![Input::Bytes { name: "1.en.html".into(), bytes: html.to_vec() }];
        let mut found = check(Job { inputs, concepts, ..Job::default() }, &Unwatched).findings;
        assert_eq!(found.len(), 2);
        hush_of(&mut found, &|_| html.to_vec());
        let (files, refused) = corrections_of(&found, &|_| Ok(html.to_vec()));
        assert_eq!((files.len(), refused), (1, Vec::new()));
        let want = "<p>The <b>Milli Majlis</b> met.</p>\n<!-- yaddash-ignore -->\n<p>The Milli Mejlis sat.</p>\n";
        assert_eq!(String::from_utf8_lossy(&files[0].bytes), want);
        let (files, refused) = corrections_of(&found, &|_| Err(std::io::ErrorKind::NotFound.into()));
        assert_eq!((files.len(), refused.len()), (0, 1));
    }

    #[test]
    fn a_source_of_several_texts_is_told_of_once() {
        let files = [
            ("1.en.txt", "The Milli Mejlis met.\n"),
            ("1.az.txt", "Milli Məclis toplaşıb.\n"),
            ("2.az.txt", "Milli Məclis iclas keçirib.\n"),
        ];
        let against = run(&files, &["1.az.txt", "2.az.txt"], Some("1.en.txt"));
        assert_eq!(told(&against), [(Rule::ForbiddenTerm, 1, 5, "Milli Mejlis")]);
    }

    #[test]
    fn a_file_that_cannot_be_read_spoils_nothing() {
        let files = [("1.en.txt", "The Milli Mejlis met.\n")];
        let checked = run(&files, &["gone.en.txt", "1.en.txt"], None);
        assert_eq!(checked.findings.len(), 1);
        assert_eq!(checked.failed.len(), 1);
        assert!(checked.failed[0].to_string().ends_with("gone.en.txt: there is no such file"));
    }

    /// The example of a rule as files: a pair (`en: … / az: …`) is a table, of several rows where `¶en:` goes on, a TMX
    /// where it has codes, documents where its paragraphs are parted by `¶`; anything else is a text.
    fn example(text: &str) -> (Vec<(String, String)>, Language) {
        let told = |part: &str| part.split_once(": ").map(|(tag, text)| (tag.to_owned(), text.to_owned()));
        let pair = |text: &str| text.split(" / ").map(told).collect::<Option<Vec<_>>>().filter(|sides| sides.len() > 1);
        let file = |name: &str, body: String| (vec![(name.to_owned(), body)], Language::EN);
        if let Some(rows) = text.split("¶").map(pair).collect::<Option<Vec<_>>>() {
            if text.contains("<ph") {
                let tuv = |(tag, text): &(String, String)| format!("<tuv xml:lang='{tag}'><seg>{text}</seg></tuv>");
                let tus: String =
                    rows.iter().map(|row| format!("<tu>{}</tu>", row.iter().map(tuv).collect::<String>())).collect();
                return file("1.tmx", format!("<tmx version='1.4'><header/><body>{tus}</body></tmx>"));
            }
            let row = |part: &dyn Fn(&(String, String)) -> String, row: &Vec<(String, String)>| {
                row.iter().map(part).collect::<Vec<_>>().join("\t") + "\n"
            };
            let texts: String = rows.iter().map(|sides| row(&|side| side.1.clone(), sides)).collect();
            return file("1.tsv", row(&|side| side.0.clone(), &rows[0]) + &texts);
        }
        if let Some(sides) = pair(text) {
            let document = |(tag, text): (String, String)| (format!("1.{tag}.txt"), text.replace("¶", "\n\n") + "\n");
            return (sides.into_iter().map(document).collect(), Language::EN);
        }
        let (language, text) =
            told(text).filter(|(tag, _)| tag.len() == 2).unwrap_or(("en".to_owned(), text.to_owned()));
        (vec![("1.txt".to_owned(), format!("{text}\n"))], language.parse().unwrap())
    }

    #[test]
    fn the_examples_of_the_rules_are_true() {
        let glossary = "concept\ten\ten_forbidden\taz\tru\tru_deprecated\n\
            parliament\tMilli Majlis\tMilli Mejlis\tMilli Məclis\tМилли Меджлис\t\n\
            service\tState Migration Service;SMS\t\tDövlət Miqrasiya Xidməti;DMX\t\
            Государственная миграционная служба\tГосударственный комитет по миграции\n\
            ombudsperson\tOmbudsperson\t\tOmbudsman\tомбудсмен\t\n";
        let concepts = glossary::read("g", glossary.as_bytes()).unwrap().concepts;
        for info in crate::rules::all() {
            for (text, found) in
                [(info.bad, true), (info.good, false)].into_iter().filter(|(text, _)| !text.starts_with("memory: "))
            {
                let (files, language) = example(text);
                let folder = tempfile::tempdir().unwrap();
                let write = |(name, body): (String, String)| {
                    let path = folder.path().join(name);
                    fs::write(&path, body).unwrap();
                    Input::Path(path)
                };
                let inputs = files.into_iter().map(write).collect();
                let rules = if info.opt_in { RuleSet::new(&[], &[info.rule], &[]) } else { RuleSet::default() };
                let concepts = concepts.clone();
                let checked =
                    check(Job { inputs, language: Some(language), concepts, rules, ..Job::default() }, &Unwatched);
                assert!(checked.failed.is_empty(), "{:?}", checked.failed);
                let rules: Vec<Rule> = checked.findings.iter().map(|l| l.finding.rule).collect();
                assert_eq!(rules, if found { vec![info.rule] } else { Vec::new() }, "{text}");
                assert!(checked.findings.iter().all(|l| l.finding.level == info.level));
            }
        }
    }
}
