//! What the memory has of the sentences that are checked: how else they have been translated.

use super::{Group, units::unit_group};
use crate::lang::Language;
use crate::lookup::{Finder, Options, Query, Score};
use crate::memory::{Memory, MemoryError, Reader};
use crate::model::UnitId;
use crate::qa::Translations;
use crate::rules::RuleSet;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::{
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
        let from = rules.source_among(group.bitext.texts.keys().copied());
        let Some(from) = from.filter(|from| stored.contains(from)) else { continue };
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
pub(super) fn repeated(reader: &Reader<'_>, rules: &RuleSet) -> Result<Translations, MemoryError> {
    let mut out = Translations::default();
    let Some(source) = rules.source_among(reader.languages()?.into_iter()) else { return Ok(out) };
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
                out.add(&unit_group("", *id, &unit).bitext);
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        Unwatched,
        check::{Input, Job, check, check_units},
    };
    use crate::memory::Mode;
    use crate::model::{Rule, Unit, Variant};
    use std::fs;

    const RULES: [Rule; 2] = [Rule::InconsistentTarget, Rule::InconsistentSource];

    fn memory(folder: &Path, pairs: &[(&str, &str)]) -> std::path::PathBuf {
        let path = folder.join("m.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let unit = |(en, az): &(&str, &str)| Unit {
            variants: vec![Variant::new(Language::EN, *en), Variant::new(Language::AZ, *az)],
            ..Unit::default()
        };
        let all =
            |batch: &mut crate::memory::Batch<'_>| pairs.iter().try_for_each(|pair| batch.add(&unit(pair)).map(drop));
        memory.write("test", "2024-05-01T00:00:00Z".parse().unwrap(), "test", all).unwrap();
        path
    }

    #[test]
    fn the_memory_translates_it_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let path = memory(folder.path(), &[("The office opens on Monday.", "Ofis bazar ertəsi açılır.")]);
        let told = |az: &str| {
            let body = format!("en\taz\nThe office opens on Monday.\t{az}\n");
            let file = folder.path().join("1.tsv");
            fs::write(&file, body).unwrap();
            let rules = RuleSet::new(&RULES, &[], &[]);
            let checked = check(
                Job { inputs: vec![Input::Path(file)], memory: Some(path.clone()), rules, ..Job::default() },
                &Unwatched,
            );
            checked.findings.into_iter().map(|l| (l.finding.rule, l.finding.message)).collect::<Vec<_>>()
        };
        assert_eq!(told("Ofis bazar ertəsi açılır."), []);
        assert_eq!(told("Ofislər bazar ertəsi açılır."), [], "endings aside");
        let message = "the same source is translated otherwise once: `Ofis bazar ertəsi açılır.`".to_owned();
        assert_eq!(told("İdarə birinci gün işləyir."), [(Rule::InconsistentTarget, message)]);
    }

    #[test]
    fn units_that_contradict_one_another() {
        let folder = tempfile::tempdir().unwrap();
        let (en, usual) = ("The office opens on Monday.", "Ofis bazar ertəsi açılır.");
        let others =
            [("It closes on Friday at six.", "Cümə günü saat altıda bağlanır."), (en, "İdarə birinci gün işləyir.")];
        let path = memory(folder.path(), &[(en, usual), (en, "Ofis bazar ertəsi açılır!"), others[0], others[1]]);
        let mut told = Vec::new();
        check_units(&path, Vec::new(), &RuleSet::new(&RULES, &[], &[]), &Unwatched, |some| {
            told.extend(some.into_iter().map(|l| (l.finding.unit.unwrap().0, l.finding.message)));
            Ok::<(), MemoryError>(())
        })
        .unwrap();
        let message = "the same source is translated otherwise 2 times: `Ofis bazar ertəsi açılır!`".to_owned();
        assert_eq!(told, [(4, message)]);
    }
}
