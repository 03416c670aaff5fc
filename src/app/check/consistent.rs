//! What the memory has of the sentences that are checked: how else they have been translated.

use super::Group;
use crate::lang::{self, Language};
use crate::lookup::{Finder, Options, Query, Score};
use crate::memory::{Memory, MemoryError, Reader};
use crate::model::{Bead, Bitext, Kind, Mark, Segment, Unit, UnitId};
use crate::qa::Translations;
use crate::rules::RuleSet;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    path::Path,
};

/// Translations of one sentence that are looked at.
const MOST: usize = 20;

/// Adds how the memory translates the source sentences of `groups`. What a sentence's own release has stored of it
/// does not count.
///
/// # Errors
/// What the memory refuses.
pub(super) fn add_stored(
    known: &mut Translations,
    groups: &[Group],
    memory: &Path,
    rules: &RuleSet,
) -> Result<(), MemoryError> {
    let Some(memory) = Memory::open_existing(memory)? else { return Ok(()) };
    let reader = memory.read()?;
    let stored: FxHashSet<Language> = reader.languages()?.into_iter().collect();
    let mut finders: FxHashMap<Language, Finder<'_, '_>> = FxHashMap::default();
    let mut asked: FxHashSet<String> = FxHashSet::default();
    for group in groups {
        let languages = group.bitext.texts.keys().copied();
        let source = rules.source.filter(|source| group.bitext.texts.contains_key(source));
        let Some(from) = source.or_else(|| lang::lead(languages.clone())).filter(|from| stored.contains(from)) else {
            continue;
        };
        let finder = match finders.entry(from) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let to: Vec<Language> = stored.iter().copied().filter(|language| *language != from).collect();
                let options = Options { from, to, min: Score::EXACT, max: MOST, pending: false, penalties: Vec::new() };
                free.insert(Finder::new(&reader, options)?)
            }
        };
        for bead in &group.bitext.beads {
            let text = group.bitext.text(bead, from);
            if text.split_whitespace().count() < 3 || !asked.insert(text.clone()) {
                continue;
            }
            for found in
                finder.find(&Query::from(text.as_str()))?.into_iter().filter(|found| found.score >= Score::EXACT)
            {
                for target in found.targets.into_iter().filter(|target| !target.repaired) {
                    let own = u32::from(group.bitext.text(bead, target.language) == target.text);
                    let times = found.places.len() as u32 - own.min(found.places.len() as u32);
                    if times > 0 {
                        known.add_times((from, &text), (target.language, &target.text), times);
                    }
                }
            }
        }
    }
    Ok(())
}

/// How the sentences that stand in more than one unit of the memory are translated.
///
/// # Errors
/// What the memory refuses.
pub(super) fn repeated(reader: &Reader<'_>, source: Option<Language>) -> Result<Translations, MemoryError> {
    let mut out = Translations::default();
    let languages = reader.languages()?;
    let Some(source) = source.or_else(|| lang::lead(languages)) else { return Ok(out) };
    let mut hashes: Vec<(u64, UnitId)> = Vec::new();
    reader.each_text(source, |unit, text| {
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        hashes.push((hasher.finish(), unit));
    })?;
    hashes.sort_unstable();
    for same in hashes.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        for (_, id) in same {
            if let Some(unit) = reader.unit(*id)? {
                out.add(&bitext(&unit));
            }
        }
    }
    Ok(out)
}

fn bitext(unit: &Unit) -> Bitext {
    let mut sides: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    let mut texts: BTreeMap<Language, Vec<Segment>> = BTreeMap::new();
    for variant in &unit.variants {
        let own = texts.entry(variant.language).or_default();
        sides.entry(variant.language).or_default().push(own.len());
        let span = Span::new(0, variant.text.len());
        own.push(Segment { span, text: variant.text.clone(), kind: Kind::Body, paragraph: 1 });
    }
    Bitext { texts, beads: vec![Bead { sides, score: 1.0, mark: Mark::Given }] }
}
