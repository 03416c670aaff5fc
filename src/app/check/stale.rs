//! What was corrected in one language and not in the others: by the memory's history, and by what `run` has stored of
//! the files that are checked.

use super::Group;
use crate::app::release;
use crate::lang::Language;
use crate::memory::{Memory, MemoryError, Reader};
use crate::model::{Finding, Kind, Rule};
use crate::rules;
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::{collections::BTreeMap, path::Path};

/// Notes in each group of files what of it is out of step. A group the memory has not stored has nothing to be held
/// against.
///
/// # Errors
/// What the memory refuses.
pub(super) fn note(groups: &mut [Group], memory: &Path) -> Result<(), MemoryError> {
    let Some(memory) = Memory::open_existing(memory)? else { return Ok(()) };
    let reader = memory.read()?;
    for group in groups.iter_mut().filter(|group| !group.given) {
        let Some(name) = group.name.clone() else { continue };
        if reader.set(&name)?.is_some() {
            group.stale = of_set(group, &reader, &name)?;
        }
    }
    Ok(())
}

/// The beads of a group by their texts, in each language.
type Texts = BTreeMap<Language, FxHashMap<String, usize>>;

fn of_set(group: &Group, reader: &Reader<'_>, name: &str) -> Result<Vec<Finding>, MemoryError> {
    let bitext = &group.bitext;
    let mut texts: Texts = BTreeMap::new();
    for (number, bead) in bitext.beads.iter().enumerate() {
        for language in bead.sides.keys() {
            let text = bitext.text(bead, *language);
            if !text.is_empty() {
                texts.entry(*language).or_default().entry(text).or_insert(number);
            }
        }
    }
    let place = |language: Language, text: &str| texts.get(&language).and_then(|own| own.get(text)).copied();
    let behind = release::stale(reader, name)?;
    let units = reader.set_units(name)?;
    let stored: FxHashSet<&str> =
        units.iter().flat_map(|(_, unit)| &unit.variants).map(|variant| variant.text.as_str()).collect();
    let mut out = Vec::new();
    for (id, unit) in &units {
        let told = behind.iter().find(|stale| stale.unit == *id);
        for variant in unit.variants.iter().filter(|variant| group.documents.contains_key(&variant.language)) {
            let Some(bead) = place(variant.language, &variant.text) else { continue };
            // In the file, another language says what was never stored.
            let fresh = |language: &Language| {
                let text = bitext.text(&bitext.beads[bead], *language);
                !text.is_empty() && !stored.contains(text.as_str())
            };
            let others = unit.variants.iter().map(|other| other.language).filter(|other| *other != variant.language);
            // One that was behind catches up.
            let catches_up = |other: &Language| {
                told.is_some_and(|stale| stale.behind.contains(other) && !stale.behind.contains(&variant.language))
            };
            let reworded = others.into_iter().find(|other| fresh(other) && !catches_up(other));
            let since = told.filter(|stale| stale.behind.contains(&variant.language));
            let message = match (reworded, since) {
                (Some(other), _) => {
                    format!("the {} text was changed after this was stored, this was not", other.name())
                }
                (None, Some(stale)) => {
                    let changed: Vec<&str> = stale.changed.iter().map(Language::name).collect();
                    format!(
                        "the {} text was changed after this was written (batch {})",
                        changed.join(" and the "),
                        stale.batch.0
                    )
                }
                (None, None) => continue,
            };
            out.extend(finding(group, bead, variant.language, message));
        }
    }
    Ok(out)
}

fn finding(group: &Group, bead: usize, language: Language, message: String) -> Option<Finding> {
    let segments = group.bitext.texts.get(&language)?;
    let side = group.bitext.beads[bead].side(language);
    let (first, last) = (segments.get(*side.first()?)?, segments.get(*side.last()?)?);
    let rule = Rule::StaleTranslation;
    let span = Span::new(first.span.start, last.span.end);
    (first.kind != Kind::Boilerplate).then(|| Finding::new(rule, rules::level(rule), language, span, message))
}

#[cfg(test)]
mod tests {
    use crate::app::{
        Unwatched,
        check::{Checked, Input, Job, check},
        run,
        segmentation::Rules,
        sift::Sifting,
    };
    use crate::model::Rule;
    use crate::rules::RuleSet;
    use std::{fs, path::Path};

    const EN: &str = "News of the day\n\nThe office opens on Monday at nine.\n\nIt has twelve rooms for visitors.\n";
    const AZ: &str =
        "Günün xəbəri\n\nOfis bazar ertəsi saat doqquzda açılır.\n\nOrada qonaqlar üçün on iki otaq var.\n";

    fn stored(folder: &Path) {
        let options = run::Options {
            accept: 0.5,
            dry_run: false,
            rules: RuleSet::default(),
            segmenting: Rules::default(),
            sifting: Sifting::default(),
            who: "test".to_owned(),
            now: "2024-05-01T00:00:00Z".parse().unwrap(),
        };
        run::run(folder, &folder.join("m.db"), None, &options, &Unwatched).unwrap();
    }

    fn stale(folder: &Path) -> Vec<(String, usize, String)> {
        let rules = RuleSet::new(&[Rule::StaleTranslation], &[], &[]);
        let memory = Some(folder.join("m.db"));
        let job = Job { inputs: vec![Input::Path(folder.to_owned())], rules, memory, ..Job::default() };
        let Checked { findings, failed, .. } = check(job, &Unwatched);
        assert!(failed.is_empty(), "{failed:?}");
        let shown = |l: crate::report::Located| {
            let file = Path::new(&l.source.name).file_name().unwrap().to_string_lossy().into_owned();
            (file, l.line, l.finding.message)
        };
        findings.into_iter().map(shown).collect()
    }

    #[test]
    fn a_correction_that_reached_one_language() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("1.en.txt", EN);
        write("1.az.txt", AZ);
        stored(folder.path());
        assert_eq!(stale(folder.path()), []);
        write("1.en.txt", &EN.replace("Monday at nine", "Tuesday at ten"));
        let message = "the English text was changed after this was stored, this was not";
        assert_eq!(stale(folder.path()), [("1.az.txt".to_owned(), 3, message.to_owned())]);
        stored(folder.path());
        let after = stale(folder.path());
        assert_eq!(after.len(), 1);
        assert!(after[0].2.starts_with("the English text was changed after this was written (batch "), "{after:?}");
        write("1.az.txt", &AZ.replace("bazar ertəsi saat doqquzda", "çərşənbə axşamı saat onda"));
        assert_eq!(stale(folder.path()), []);
        stored(folder.path());
        assert_eq!(stale(folder.path()), []);
    }
}
