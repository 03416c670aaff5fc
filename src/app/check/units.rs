//! Checking what is stored: the units of a memory, and correcting them.

use super::{Group, Shared, accepted::Decisions, consistent::repeated, located_among};
use crate::app::{
    Watch,
    upkeep::{self, Correction, Deed, Done, Job, Selection, UpkeepError},
};
use crate::formats::bixml::Place;
use crate::lang::Language;
use crate::memory::{Filter, Memory, MemoryError, Mode, Reader};
use crate::model::{Bead, Code, CodeKind, Concept, Document, Kind, Mark, Rule, Segment, SourceMap, Unit, UnitId};
use crate::noise::{Vocabulary, Words};
use crate::qa;
use crate::report::Located;
use crate::rules::RuleSet;
use crate::terms::{Termbase, names::Usage};
use crate::text::Span;
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, mpsc},
    thread,
};

/// Units checked at a time.
pub(in crate::app) const STRIDE: usize = 2048;

/// Checks the units of a memory, a stride at a time; the findings of each stride are handed to `each`, by unit, each
/// with its number. No more of them are held than those of one stride.
///
/// Lines and columns are those of the unit's own text. Name drift is about a document, which a unit is not.
///
/// # Errors
/// What the memory refuses, one that is not there too; what `each` gives.
pub fn check_units<E: From<MemoryError>>(
    memory: &Path,
    concepts: Vec<Concept>,
    rules: &RuleSet,
    watch: &dyn Watch,
    mut each: impl FnMut(Vec<Located>) -> Result<(), E>,
) -> Result<(), E> {
    let name = memory.display().to_string();
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    watch.begin("checking", reader.status()?.units as usize);
    // A unit is no document: its names and rare words are checked with the text they stand in.
    let rules = rules.without(Rule::NameDrift).without(Rule::RareWord);
    let consistent = rules.has(Rule::InconsistentTarget) || rules.has(Rule::InconsistentSource);
    let translations = if consistent { repeated(&reader, &rules)? } else { qa::Translations::default() };
    let decisions = Decisions::of(&reader)?;
    let termbase = Arc::new(Termbase::new(concepts));
    let mut strides = Strides { name, termbase, translations, rules, decisions, watch };
    // The units of one stride are checked while those of the next are read.
    let (to_check, waiting) = mpsc::sync_channel::<Vec<(UnitId, Unit)>>(1);
    let (checked, found) = mpsc::channel::<Vec<Located>>();
    thread::scope(|scope| {
        scope.spawn(move || {
            for units in waiting {
                if checked.send(strides.check(&units)).is_err() {
                    return;
                }
            }
        });
        let mut stride = Vec::with_capacity(STRIDE);
        let read: Result<(), E> = reader.units(&Filter { pending: true, ..Filter::default() }, |id, unit| {
            stride.push((id, unit));
            if stride.len() == STRIDE {
                // Where nobody takes them any more the other thread has panicked: the scope tells.
                let _ = to_check.send(std::mem::replace(&mut stride, Vec::with_capacity(STRIDE)));
                found.try_iter().try_for_each(&mut each)?;
            }
            Ok(())
        });
        if read.is_ok() {
            let _ = to_check.send(stride);
        }
        drop(to_check);
        read?;
        found.iter().try_for_each(&mut each)
    })
}

/// Checks these units; those that are gone are passed over.
///
/// # Errors
/// What the memory refuses.
pub fn check_some_units(
    reader: &Reader<'_>,
    name: &str,
    units: &[UnitId],
    termbase: &Arc<Termbase>,
    rules: &RuleSet,
    watch: &dyn Watch,
) -> Result<Vec<(Unit, Vec<Located>)>, MemoryError> {
    watch.begin("checking", units.len());
    let rules = rules.without(Rule::NameDrift);
    let (termbase, vocabulary) = (Arc::clone(termbase), Vocabulary::default());
    let shared = Shared { termbase, vocabulary, names: Usage::default(), qa: qa::Shared::default() };
    let mut out = Vec::new();
    for stride in units.chunks(STRIDE) {
        let mut read = Vec::with_capacity(stride.len());
        for id in stride {
            read.extend(reader.unit(*id)?.map(|unit| (*id, unit)));
        }
        let found: Vec<(Unit, Vec<Located>)> = read
            .into_par_iter()
            .map(|(id, unit)| {
                let group = unit_group(name, id, &unit);
                let found = located_among(&group, &[], &shared, &rules);
                watch.step();
                (unit, found)
            })
            .filter(|(_, found)| !found.is_empty())
            .collect();
        out.extend(found);
    }
    Ok(out)
}

/// What checks units, a stride of them at a time.
pub(in crate::app) struct Strides<'w> {
    name: String,
    termbase: Arc<Termbase>,
    /// Of the texts that stand in more than one unit.
    translations: qa::Translations,
    rules: RuleSet,
    decisions: Decisions,
    watch: &'w dyn Watch,
}

impl<'w> Strides<'w> {
    /// Checks units of the memory of this name, each by itself.
    pub fn new(
        name: String,
        concepts: Vec<Concept>,
        rules: RuleSet,
        decisions: Decisions,
        watch: &'w dyn Watch,
    ) -> Strides<'w> {
        let (termbase, translations) = (Arc::new(Termbase::new(concepts)), qa::Translations::default());
        Strides { name, termbase, translations, rules, decisions, watch }
    }
}

impl Strides<'_> {
    pub fn check(&mut self, units: &[(UnitId, Unit)]) -> Vec<Located> {
        let rules = &self.rules;
        let groups: Vec<Group> = units.par_iter().map(|(id, unit)| unit_group(&self.name, *id, unit)).collect();
        let letters = rules.has(Rule::MixedScript) || rules.has(Rule::GluedWords);
        let words: Vec<Vec<Words<'_>>> =
            groups.par_iter().map(|group| if letters { group.words() } else { Vec::new() }).collect();
        // What is a word, the units checked at a time tell one another.
        let mut vocabulary = Vocabulary::default();
        words.iter().flatten().for_each(|words| vocabulary.add(words));
        let termbase = Arc::clone(&self.termbase);
        let qa = qa::Shared { translations: std::mem::take(&mut self.translations), ..qa::Shared::default() };
        let shared = Shared { termbase, vocabulary, names: Usage::default(), qa };
        let found: Vec<Vec<Located>> = groups
            .par_iter()
            .zip(&words)
            .map(|(group, words)| {
                let mut found = located_among(group, words, &shared, rules);
                self.decisions.mark(&mut found);
                self.watch.step();
                found
            })
            .collect();
        self.translations = shared.qa.translations;
        found.into_iter().flatten().collect()
    }
}

/// Writes what findings about units propose for certain into the memory: one batch that can be undone. What has
/// been changed since it was checked is left, and so is a stretch with an inline code in it.
///
/// # Errors
/// What the memory refuses; then nothing is changed.
pub fn correct_units(
    memory: &mut Memory,
    fixes: &[UnitFix],
    job: &Job<'_>,
    each: &mut dyn FnMut(&upkeep::Changed),
) -> Result<Done, UpkeepError> {
    if fixes.is_empty() {
        return Ok(Done::default());
    }
    let mut corrections: BTreeMap<UnitId, Vec<Correction>> = BTreeMap::new();
    {
        let reader = memory.read()?;
        for fix in fixes {
            let Some(unit) = reader.unit(fix.unit)? else { continue };
            let own = corrections.entry(fix.unit).or_default();
            own.extend(fix.correction(&unit));
        }
    }
    let selection = Selection { numbered: corrections.keys().copied().collect(), ..Selection::default() };
    upkeep::act(memory, &selection, &Deed::Correct(corrections), job, each)
}

/// A certain fix of a stretch of a unit's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFix {
    unit: UnitId,
    language: Language,
    /// In the texts of the language, one below the other.
    span: Span,
    old: String,
    new: String,
}

impl UnitFix {
    /// The fix of a finding about a unit, where it is certain.
    pub fn of(located: &Located) -> Option<UnitFix> {
        let fix = located.certain_fix()?;
        Some(UnitFix {
            unit: located.finding.unit?,
            language: located.finding.place.language,
            span: Span::new(located.byte_start, located.byte_end),
            old: located.surface().to_owned(),
            new: fix.text.clone(),
        })
    }

    /// The same in one variant of `unit`.
    fn correction(&self, unit: &Unit) -> Option<Correction> {
        let mut start = 0;
        for (number, variant) in unit.variants.iter().enumerate().filter(|(_, v)| v.language == self.language) {
            let whole = Span::new(start, start + variant.text.len());
            if whole.contains(self.span) {
                let span = Span::new(self.span.start - start, self.span.end - start);
                return Some(Correction { variant: number, span, old: self.old.clone(), new: self.new.clone() });
            }
            // A text of its own begins a line; an empty one before it takes none.
            start = whole.end + usize::from(whole.end > 0);
        }
        None
    }
}

/// A unit as a bitext of one bead, each language a text of its own.
pub(super) fn unit_group(name: &str, id: UnitId, unit: &Unit) -> Group {
    let mut group = Group { units: vec![Place { number: id.0, id: unit.tuid.clone() }], ..Group::default() };
    let mut sides: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    for variant in &unit.variants {
        let document = group.documents.entry(variant.language).or_insert_with(|| Document {
            name: name.to_owned(),
            language: variant.language,
            text: String::new(),
            blocks: Vec::new(),
            map: SourceMap::Same,
        });
        if !document.text.is_empty() {
            document.text.push('\n');
        }
        let start = document.text.len();
        document.text.push_str(&variant.text);
        let alone = variant.codes.iter().filter(|code| code.kind == CodeKind::Alone);
        let markup = group.markup.entry(variant.language).or_default();
        let codes = variant.codes.iter().filter(|code| code.kind != CodeKind::Close).map(Code::sign);
        group.codes.entry(variant.language).or_default().push(codes.collect());
        markup.extend(alone.map(|code| start + code.at));
        markup.sort_unstable();
        let span = Span::new(start, document.text.len());
        let segments = group.bitext.texts.entry(variant.language).or_default();
        sides.entry(variant.language).or_default().push(segments.len());
        segments.push(Segment { span, text: variant.text.clone(), kind: Kind::Body, paragraph: 1 });
    }
    group.bitext.beads.push(Bead { sides, score: 1.0, mark: Mark::Given });
    group
}
