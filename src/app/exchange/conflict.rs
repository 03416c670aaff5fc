//! What becomes of an imported unit whose source the memory has with another translation.

use crate::{
    lang::Language,
    memory::{Added, Batch, MemoryError},
    model::{Context, Unit, UnitId, Variant},
};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// A conflict is a unit with the same source text and, in a language both have, another translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// Both are in the memory: a sentence may rightly have two translations, and nothing is lost.
    #[default]
    KeepBoth,
    /// The file's translation takes the place of the stored one, which goes to the history. Where one of the stored
    /// units stands at the same place as the file's, only that one is meant. A unit in a higher state than the file's
    /// stays, and the file's is stored beside it.
    Overwrite,
    /// The file's is not stored.
    Skip,
}

/// What became of an imported unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    New(UnitId),
    Same,
    /// So many stored units have its translation now.
    Overwrote(usize),
    LeftOut,
    /// It is new, beside another translation that is in a higher state.
    Outranked,
}

/// The memory's units by their texts, as far as conflicts are minded.
pub(super) struct Stored {
    on_conflict: OnConflict,
    source: Option<Language>,
    by_text: FxHashMap<u64, Vec<UnitId>>,
    /// The last unit that was there before, where the file is OmegaT's: what was in the memory then may stand in the
    /// file because OmegaT put it there.
    echoed: Option<UnitId>,
}

impl Stored {
    pub fn new(
        on_conflict: OnConflict,
        source: Option<Language>,
        of_omegat: bool,
        batch: &mut Batch<'_>,
    ) -> Result<Stored, MemoryError> {
        let mut by_text: FxHashMap<u64, Vec<UnitId>> = FxHashMap::default();
        let mut last = None;
        if of_omegat || on_conflict != OnConflict::KeepBoth {
            batch.texts(|unit, language, text| {
                last = last.max(Some(unit));
                by_text.entry(hashed(language, text)).or_default().push(unit);
            })?;
        }
        Ok(Stored { on_conflict, source, by_text, echoed: last.filter(|_| of_omegat) })
    }

    /// Stores `unit` as its conflicts allow.
    pub fn put(&mut self, batch: &mut Batch<'_>, unit: Unit) -> Result<Became, MemoryError> {
        if self.is_echo(batch, &unit)? {
            return Ok(Became::Same);
        }
        let conflicts = self.conflicts(batch, &unit)?;
        if conflicts.is_empty() {
            return self.add(batch, &unit).map(|added| match added {
                Added::New(id) => Became::New(id),
                Added::Same(_) => Became::Same,
            });
        }
        if self.on_conflict == OnConflict::Skip {
            return Ok(Became::LeftOut);
        }
        let of_omegat = self.echoed.is_some();
        let at_its_place = |stored: &Unit| same_place(stored, &unit) || of_omegat && same_default(stored, &unit);
        let here = conflicts.iter().any(|(_, stored)| at_its_place(stored));
        let meant = conflicts.iter().filter(|(_, stored)| !here || at_its_place(stored));
        let (mut overwritten, mut outranked) = (0, false);
        for (id, stored) in meant {
            if stored.state > unit.state {
                outranked = true;
                continue;
            }
            let new = overwritten_by(stored, &unit);
            batch.replace(*id, &new)?;
            self.enter(*id, &new);
            overwritten += 1;
        }
        match (overwritten, outranked) {
            (0, true) => self.add(batch, &unit).map(|added| match added {
                Added::New(_) => Became::Outranked,
                Added::Same(_) => Became::Same,
            }),
            (count, _) => Ok(Became::Overwrote(count)),
        }
    }

    fn add(&mut self, batch: &mut Batch<'_>, unit: &Unit) -> Result<Added, MemoryError> {
        let added = batch.add(unit)?;
        if let Added::New(id) = added
            && self.on_conflict != OnConflict::KeepBoth
        {
            self.enter(id, unit);
        }
        Ok(added)
    }

    fn enter(&mut self, id: UnitId, unit: &Unit) {
        for variant in &unit.variants {
            let units = self.by_text.entry(hashed(variant.language, &variant.text)).or_default();
            if units.last() != Some(&id) {
                units.push(id);
            }
        }
    }

    /// The units `unit` is at odds with; none where the memory has it as it is.
    fn conflicts(&self, batch: &mut Batch<'_>, unit: &Unit) -> Result<Vec<(UnitId, Unit)>, MemoryError> {
        if self.on_conflict == OnConflict::KeepBoth {
            return Ok(Vec::new());
        }
        let Some(source) = self.source_of(unit) else { return Ok(Vec::new()) };
        let mut ids = self.by_text.get(&hashed(source.language, &source.text)).cloned().unwrap_or_default();
        ids.sort_unstable();
        ids.dedup();
        let mut out = Vec::new();
        for id in ids {
            let Some((stored, _)) = batch.unit(id)? else { continue };
            if !stored.variants.iter().any(|v| v.language == source.language && v.text == source.text) {
                continue; // another text of the same hash, or overwritten since
            }
            match odds(&stored, unit, source.language) {
                Odds::Agree => return Ok(Vec::new()),
                Odds::Conflict => out.push((id, stored)),
                Odds::Apart => {}
            }
        }
        Ok(out)
    }

    /// Whether the memory had these translations when the import began, for every place or for this one.
    fn is_echo(&self, batch: &mut Batch<'_>, unit: &Unit) -> Result<bool, MemoryError> {
        let (Some(last), Some(source)) = (self.echoed, unit.variants.first()) else { return Ok(false) };
        for id in self.by_text.get(&hashed(source.language, &source.text)).into_iter().flatten() {
            let Some((stored, _)) = batch.unit(*id)?.filter(|_| *id <= last) else { continue };
            let has = |variant: &Variant| {
                let known = |v: &Variant| v.language == variant.language && v.text == variant.text;
                stored.variants.iter().any(known)
            };
            let placed = unit.context != Context::default() && unit.context != stored.context;
            if !placed && unit.variants.iter().all(has) && unit.notes.iter().all(|note| stored.notes.contains(note)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The source is in the language said, else the first one.
    fn source_of<'u>(&self, unit: &'u Unit) -> Option<&'u Variant> {
        let said = self.source.and_then(|language| unit.variants.iter().find(|v| v.language == language));
        said.or(unit.variants.first())
    }
}

enum Odds {
    /// In every language of the file's unit the same text.
    Agree,
    Conflict,
    /// No other language in common.
    Apart,
}

fn odds(stored: &Unit, unit: &Unit, source: Language) -> Odds {
    let has = |language: Language, text: &str| {
        let mut texts = stored.variants.iter().filter(|v| v.language == language).peekable();
        texts.peek().is_some().then(|| texts.any(|v| v.text == text))
    };
    let targets = unit.variants.iter().filter(|v| v.language != source);
    let found: Vec<Option<bool>> = targets.map(|v| has(v.language, &v.text)).collect();
    if found.contains(&Some(false)) {
        Odds::Conflict
    } else if found.iter().all(|found| *found == Some(true)) {
        Odds::Agree
    } else {
        Odds::Apart
    }
}

/// Both stand between the same neighbours, or at the same place of the same document.
fn same_place(a: &Unit, b: &Unit) -> bool {
    let neighbour = |of: fn(&Context) -> &Option<String>| of(&a.context).is_some() && of(&a.context) == of(&b.context);
    let place = neighbour(|c| &c.document) && neighbour(|c| &c.id);
    place
        || neighbour(|c| &c.previous) && (neighbour(|c| &c.next) || a.context.next.is_none())
        || neighbour(|c| &c.next) && a.context.previous.is_none()
}

/// Both are the default translation of one project of OmegaT, which has one for each source.
fn same_default(a: &Unit, b: &Unit) -> bool {
    a.origin.name == b.origin.name && [a, b].iter().all(|unit| unit.context == Context::default())
}

/// The stored unit with the file's translations in the languages the file has.
fn overwritten_by(stored: &Unit, unit: &Unit) -> Unit {
    let mut new = stored.clone();
    let theirs: Vec<Language> = unit.variants.iter().map(|v| v.language).collect();
    new.variants.retain(|v| !theirs.contains(&v.language));
    let mut variants = unit.variants.clone();
    variants.append(&mut new.variants);
    new.variants = variants;
    new.state = unit.state;
    new.origin = unit.origin.clone();
    for note in &unit.notes {
        if !new.notes.contains(note) {
            new.notes.push(note.clone());
        }
    }
    new
}

fn hashed(language: Language, text: &str) -> u64 {
    let mut hash = FxHasher::default();
    (language.as_str(), text).hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        memory::{Filter, Memory, Mode},
        model::State,
    };

    fn unit(texts: &[(Language, &str)], state: State, place: Option<(&str, &str)>) -> Unit {
        let context = Context {
            previous: place.map(|(previous, _)| previous.to_owned()),
            next: place.map(|(_, next)| next.to_owned()),
            ..Context::default()
        };
        let variants = texts.iter().map(|(language, text)| Variant::new(*language, *text)).collect();
        Unit { variants, state, context, ..Unit::default() }
    }

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;
    const RU: Language = Language::RU;

    /// What becomes of `unit` in a memory of `known` ones, and the texts afterwards.
    fn put(known: &[Unit], on_conflict: OnConflict, unit: Unit) -> (Became, Vec<String>) {
        put_from(known, on_conflict, unit, false)
    }

    fn put_from(known: &[Unit], on_conflict: OnConflict, unit: Unit, of_omegat: bool) -> (Became, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        let became = memory
            .write("test", now, "me", |batch| {
                known.iter().try_for_each(|unit| batch.add(unit).map(drop))?;
                Stored::new(on_conflict, None, of_omegat, batch)?.put(batch, unit)
            })
            .unwrap();
        let mut texts = Vec::new();
        let each = |_, unit: Unit| {
            let all: Vec<&str> = unit.variants.iter().map(|v| v.text.as_str()).collect();
            texts.push(format!("{} {}", all.join("|"), unit.state.as_str()));
            Ok::<_, MemoryError>(())
        };
        memory.read().unwrap().units(&Filter::all(), each).unwrap();
        (became, texts)
    }

    #[test]
    fn each_way_does_what_it_says() {
        let known = [unit(&[(EN, "Thanks"), (AZ, "Sağ ol"), (RU, "Спасибо")], State::Imported, None)];
        let new = || unit(&[(EN, "Thanks"), (AZ, "Təşəkkürlər")], State::Approved, None);
        let (became, texts) = put(&known, OnConflict::KeepBoth, new());
        assert_eq!((became, texts.len()), (Became::New(UnitId(2)), 2));
        let (became, texts) = put(&known, OnConflict::Skip, new());
        assert_eq!((became, texts), (Became::LeftOut, vec!["Thanks|Sağ ol|Спасибо imported".to_owned()]));
        let (became, texts) = put(&known, OnConflict::Overwrite, new());
        assert_eq!(became, Became::Overwrote(1));
        assert_eq!(texts, ["Thanks|Təşəkkürlər|Спасибо approved"], "the third language stays");
    }

    #[test]
    fn a_lower_state_never_overwrites_a_higher_one() {
        let known = [unit(&[(EN, "Thanks"), (AZ, "Sağ ol")], State::Published, None)];
        let new = unit(&[(EN, "Thanks"), (AZ, "Təşəkkürlər")], State::Approved, None);
        let (became, texts) = put(&known, OnConflict::Overwrite, new);
        assert_eq!(became, Became::Outranked);
        assert_eq!(texts, ["Thanks|Sağ ol published", "Thanks|Təşəkkürlər approved"]);
    }

    #[test]
    fn the_unit_at_the_same_place_is_meant() {
        let old = |az: &str, place| unit(&[(EN, "Yes"), (AZ, az)], State::Imported, Some(place));
        let known = [old("Bəli", ("A", "B")), old("Hə", ("C", "D"))];
        let new = |place| unit(&[(EN, "Yes"), (AZ, "Əlbəttə")], State::Imported, place);
        let (became, texts) = put(&known, OnConflict::Overwrite, new(Some(("C", "D"))));
        assert_eq!(
            (became, texts),
            (Became::Overwrote(1), vec!["Yes|Bəli imported".into(), "Yes|Əlbəttə imported".into()])
        );
        assert_eq!(put(&known, OnConflict::Overwrite, new(None)).0, Became::Overwrote(2));
    }

    #[test]
    fn what_is_no_conflict_is_added() {
        let known = [unit(&[(EN, "Thanks"), (AZ, "Sağ ol")], State::Imported, None)];
        for other in [
            unit(&[(EN, "Thanks"), (RU, "Спасибо")], State::Imported, None),
            unit(&[(EN, "Thank you"), (AZ, "Sağ ol")], State::Imported, None),
            unit(&[(EN, "Thanks"), (AZ, "Sağ ol")], State::Imported, Some(("A", "B"))),
        ] {
            assert_eq!(put(&known, OnConflict::Overwrite, other.clone()).0, Became::New(UnitId(2)));
            assert_eq!(put(&known, OnConflict::Skip, other).0, Became::New(UnitId(2)));
        }
        assert_eq!(put(&known, OnConflict::Skip, known[0].clone()).0, Became::Same);
    }

    #[test]
    fn what_omegat_got_from_the_memory_is_no_news() {
        let known = [unit(&[(EN, "Thanks"), (RU, "Спасибо"), (AZ, "Sağ ol")], State::Approved, None)];
        let echo = unit(&[(EN, "Thanks"), (AZ, "Sağ ol")], State::Imported, None);
        let from = |unit: &Unit| put_from(&known, OnConflict::KeepBoth, unit.clone(), true).0;
        let plainly = put(&known, OnConflict::KeepBoth, echo.clone()).0;
        assert!(matches!((plainly, from(&echo)), (Became::New(_), Became::Same)));
        let mut said = echo.clone();
        said.notes.push(crate::model::Note { attributes: Vec::new(), text: "To friends only.".to_owned() });
        for news in [
            unit(&[(EN, "Thanks"), (AZ, "Təşəkkürlər")], State::Imported, None),
            unit(&[(EN, "Thanks"), (AZ, "Sağ ol")], State::Imported, Some(("A", "B"))),
            said,
        ] {
            assert!(matches!(from(&news), Became::New(_)), "{news:?}");
        }
    }

    #[test]
    fn the_default_translation_of_a_project_is_meant_before_others() {
        let named = |texts: &[(Language, &str)], place, name: &str| {
            let mut unit = unit(texts, State::Imported, place);
            unit.origin.name = name.to_owned();
            unit
        };
        let known = [
            named(&[(EN, "Yes"), (AZ, "Bəli")], None, "p"),
            named(&[(EN, "Yes"), (AZ, "Hə")], Some(("A", "B")), "p"),
            named(&[(EN, "Yes"), (AZ, "Elədir")], None, "other"),
        ];
        let new = named(&[(EN, "Yes"), (AZ, "Əlbəttə")], None, "p");
        let (became, mut texts) = put_from(&known, OnConflict::Overwrite, new.clone(), true);
        texts.sort();
        assert_eq!(became, Became::Overwrote(1));
        assert_eq!(texts, ["Yes|Elədir imported", "Yes|Hə imported", "Yes|Əlbəttə imported"]);
        assert_eq!(put(&known, OnConflict::Overwrite, new).0, Became::Overwrote(3), "no project of OmegaT");
    }
}
