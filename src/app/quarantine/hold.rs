//! What the memory knows of units from outside: which of them wait, what their files made of them, and what their
//! matches are worth less. A ruling for each origin, with its history like all else.
//!
//! A unit waits as long as it is pending and stands in one of these lists, so that nothing has to be noted when it is
//! accepted, approved, refused, or put back by an undo.

use crate::{
    lookup::{Penalty, Score},
    memory::{About, Batch, BatchId, Memory, MemoryError, Outcome, Reader},
    model::{State, UnitId},
};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeMap};

/// What came from one origin.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::app) struct Held {
    /// What its matches are worth less, in tenths.
    #[serde(default)]
    penalty: u16,
    /// The numbers of its units, by the states their files gave them: first and last of each run, ascending.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    units: BTreeMap<State, Vec<(i64, i64)>>,
}

/// What matches of an origin are worth less where nobody says otherwise: as much as one other word in a sentence of
/// some twenty. So a text of ours goes before the same one from outside, and that one before ours with two words other.
pub const PENALTY: Score = Score::from_tenths(50);

impl Held {
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Enters a unit; its number is above those there.
    pub fn add(&mut self, unit: UnitId, filed: State) {
        let runs = self.units.entry(filed).or_default();
        match runs.last_mut() {
            Some((_, last)) if unit.0 == *last + 1 => *last = unit.0,
            _ => runs.push((unit.0, unit.0)),
        }
    }

    /// What its file made of a unit of this origin.
    fn filed(&self, unit: UnitId) -> Option<State> {
        let among = |runs: &[(i64, i64)]| {
            let place = |(first, last): &(i64, i64)| match unit.0 {
                id if id < *first => Ordering::Greater,
                id if id > *last => Ordering::Less,
                _ => Ordering::Equal,
            };
            runs.binary_search_by(place).is_ok()
        };
        self.units.iter().find(|(_, runs)| among(runs)).map(|(state, _)| *state)
    }

    /// All units with what their files made of them, ascending.
    pub fn each(&self) -> impl Iterator<Item = (UnitId, State)> {
        let mut all: Vec<(i64, i64, State)> = Vec::new();
        for (state, runs) in &self.units {
            all.extend(runs.iter().map(|(first, last)| (*first, *last, *state)));
        }
        all.sort_unstable();
        all.into_iter().flat_map(|(first, last, state)| (first..=last).map(move |id| (UnitId(id), state)))
    }
}

/// What is known of all origins from outside.
#[derive(Debug, Default)]
pub struct Origins {
    /// By the glob over their names.
    all: Vec<(String, Held)>,
}

impl Origins {
    /// # Errors
    /// What the memory refuses. What another version wrote and cannot be read is passed over.
    pub fn of(reader: &Reader<'_>) -> Result<Origins, MemoryError> {
        let read = |body: &str| serde_json::from_str(body).ok();
        let all = reader.rulings(About::Quarantine)?.into_iter();
        Ok(Origins { all: all.filter_map(|ruling| Some((ruling.key, read(&ruling.body)?))).collect() })
    }

    /// No unit came from outside.
    pub fn is_empty(&self) -> bool {
        self.all.iter().all(|(_, held)| held.is_empty())
    }

    /// What its file made of a unit from outside.
    pub fn filed(&self, unit: UnitId) -> Option<State> {
        self.all.iter().find_map(|(_, held)| held.filed(unit))
    }

    /// The penalties that are set, as they were said.
    pub fn penalties(&self) -> impl Iterator<Item = Penalty> {
        let set = self.all.iter().filter(|(_, held)| held.penalty > 0);
        set.map(|(origin, held)| Penalty { origin: origin.clone(), points: Score::from_tenths(held.penalty) })
    }

    pub(in crate::app) fn each(&self) -> impl Iterator<Item = (&str, &Held)> {
        self.all.iter().map(|(origin, held)| (origin.as_str(), held))
    }
}

/// What lookups take off: each penalty for its origin, and for what came in its files from origins of their own.
pub fn penalties(reader: &Reader<'_>) -> Result<Vec<Penalty>, MemoryError> {
    let twice = |penalty: Penalty| {
        let within = Penalty { origin: format!("{}{WITHIN}*", penalty.origin), ..penalty };
        [penalty, within]
    };
    Ok(Origins::of(reader)?.penalties().flat_map(twice).collect())
}

/// Between the name of a file from outside and the origin it gives a unit: an origin of ours must not be taken for it.
pub(super) const WITHIN: &str = ": ";

/// The glob that fits this name alone.
pub(super) fn exactly(name: &str) -> String {
    let special = |c: char| matches!(c, '*' | '?' | '[');
    name.chars().map(|c| if special(c) { format!("[{c}]") } else { c.to_string() }).collect()
}

/// Adds what came from an origin to what is known of it. Without a penalty the one known stays.
pub(in crate::app) fn hold(
    batch: &mut Batch<'_>,
    origin: &str,
    new: &Held,
    penalty: Option<Score>,
) -> Result<(), MemoryError> {
    let is_new = batch.ruling(About::Quarantine, origin)?.is_none();
    let mut held = known(batch, origin)?;
    if let Some(penalty) = penalty.or(is_new.then_some(PENALTY)) {
        held.penalty = penalty.tenths();
    }
    new.each().for_each(|(unit, filed)| held.add(unit, filed));
    let body = serde_json::to_string(&held)?;
    batch.rule(About::Quarantine, origin, Some(&body)).map(drop)
}

/// The same of another memory: its units under the numbers they have in this one. A penalty of ours stays.
pub(in crate::app) fn adopt(
    batch: &mut Batch<'_>,
    origin: &str,
    theirs: &Held,
    number: impl Fn(UnitId) -> Option<UnitId>,
) -> Result<bool, MemoryError> {
    let ours = batch.ruling(About::Quarantine, origin)?.is_some();
    let mut held = if ours { known(batch, origin)? } else { Held { penalty: theirs.penalty, ..Held::default() } };
    let mut units: Vec<(UnitId, State)> =
        theirs.each().filter_map(|(unit, filed)| number(unit).map(|unit| (unit, filed))).collect();
    units.sort_unstable();
    units.into_iter().for_each(|(unit, filed)| held.add(unit, filed));
    if held == Held::default() {
        return Ok(false);
    }
    batch.rule(About::Quarantine, origin, Some(&serde_json::to_string(&held)?))
}

fn known(batch: &Batch<'_>, origin: &str) -> Result<Held, MemoryError> {
    let body = batch.ruling(About::Quarantine, origin)?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or_default())
}

/// Sets what matches of these origins are worth less, 0 for nothing: one batch. How many are other than before.
///
/// # Errors
/// What the memory refuses.
pub fn set_penalties(
    memory: &mut Memory,
    penalties: &[Penalty],
    by: crate::app::check::accepted::By<'_>,
) -> Result<(usize, Option<BatchId>), MemoryError> {
    let words: Vec<String> = penalties.iter().map(|p| format!("{}={}", p.origin, p.points)).collect();
    let note = format!("penalty {}", words.join(" "));
    memory.attempt(&note, by.now, by.who, |batch| {
        let id = batch.id();
        let mut done = 0;
        for penalty in penalties {
            let mut held = known(batch, &penalty.origin)?;
            held.penalty = penalty.points.tenths();
            let body = (held != Held::default()).then(|| serde_json::to_string(&held)).transpose()?;
            done += usize::from(batch.rule(About::Quarantine, &penalty.origin, body.as_deref())?);
        }
        Ok(match by.dry_run {
            true => Outcome::Discard((done, None)),
            false => Outcome::Keep((done, Some(id).filter(|_| done > 0))),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::glob;

    #[test]
    fn runs_of_numbers_say_which_units_are_held() {
        let mut held = Held { penalty: 50, ..Held::default() };
        let all = [
            (3, State::Imported),
            (4, State::Imported),
            (5, State::Pending),
            (6, State::Imported),
            (9, State::Imported),
        ];
        all.iter().for_each(|(id, state)| held.add(UnitId(*id), *state));
        let body = serde_json::to_string(&held).unwrap();
        assert_eq!(body, r#"{"penalty":50,"units":{"pending":[[5,5]],"imported":[[3,4],[6,6],[9,9]]}}"#);
        let read: Held = serde_json::from_str(&body).unwrap();
        assert_eq!(read, held);
        assert_eq!(read.each().collect::<Vec<_>>(), all.map(|(id, state)| (UnitId(id), state)));
        for id in 0..12 {
            let filed = all.iter().find(|(known, _)| *known == id).map(|(_, state)| *state);
            assert_eq!(read.filed(UnitId(id)), filed, "{id}");
        }
    }

    #[test]
    fn a_name_is_a_glob_that_fits_it_alone() {
        for name in ["agency.tmx", "a*b?c[1].tmx", "[x]", "q]"] {
            assert!(glob::matches(&exactly(name), name), "{name}");
            assert!(!glob::matches(&exactly(name), "aXbYc1.tmx"));
        }
    }
}
