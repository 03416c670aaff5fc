//! The termbase's copy: the glossary file rules, the memory holds its concepts for speed.

use super::{Batch, BatchId, MemoryError, Reader, batch::Kind, seal};
use crate::{
    lang::{Language, forms::Grammar},
    model::{Concept, Kept, Period, Remarks, Status, Term},
};
use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

const SOURCE: &str = "termbase";

impl Reader<'_> {
    /// The concepts in the order of their glossary.
    pub fn concepts(&self) -> Result<Vec<Concept>, MemoryError> {
        let mut select = self.cached("SELECT body FROM concept ORDER BY place, id")?;
        let mut rows = select.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            out.push(serde_json::from_str::<StoredConcept>(text)?.concept());
        }
        Ok(out)
    }

    /// The fingerprint of the glossary the concepts were copied from.
    pub fn concepts_fingerprint(&self) -> Result<Option<String>, MemoryError> {
        Ok(self.cached("SELECT value FROM fact WHERE name = ?1")?.query_row([SOURCE], |row| row.get(0)).optional()?)
    }

    /// Whether any batch after this one touched the concepts.
    pub fn concepts_changed_since(&self, batch: BatchId) -> Result<bool, MemoryError> {
        let mut select = self.cached(
            "SELECT EXISTS (SELECT 1 FROM batch WHERE id > ?1
             AND EXISTS (SELECT 1 FROM change WHERE batch = batch.id AND kind = 3))",
        )?;
        Ok(select.query_row([batch.0], |row| row.get(0))?)
    }
}

impl Batch<'_> {
    /// The concepts as they stand now.
    pub fn concepts(&self) -> Result<Vec<Concept>, MemoryError> {
        let mut select = self.db.prepare_cached("SELECT body FROM concept ORDER BY place, id")?;
        let mut rows = select.query([])?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            out.push(serde_json::from_str::<StoredConcept>(text)?.concept());
        }
        Ok(out)
    }

    /// Makes the termbase's copy equal to `concepts`; concepts no longer among them are removed. What was
    /// there goes to the history.
    pub fn put_concepts(&mut self, concepts: &[Concept], fingerprint: &str) -> Result<(), MemoryError> {
        let known: FxHashMap<String, i64> = {
            let mut select = self.db.prepare_cached("SELECT id, place FROM concept")?;
            select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        let mut gone: FxHashSet<&str> = known.keys().map(String::as_str).collect();
        let old: Vec<Option<i64>> = concepts.iter().map(|concept| known.get(&concept.id).copied()).collect();
        for (place, concept) in places(&old).into_iter().zip(concepts) {
            gone.remove(&*concept.id);
            let new =
                OldConcept { revision: self.id, place, body: serde_json::to_string(&StoredConcept::new(concept))? };
            let old = stored(self.db, &concept.id)?;
            if old.as_ref().is_some_and(|old| old.body == new.body && old.place == new.place) {
                continue;
            }
            let before = old.map(|old| serde_json::to_string(&old)).transpose()?;
            self.note_change(Kind::Concept, &concept.id, before.as_deref(), Some(self.id))?;
            self.write_concept(&concept.id, &new)?;
        }
        let mut gone: Vec<&str> = gone.into_iter().collect();
        gone.sort_unstable();
        for id in gone {
            let before = stored(self.db, id)?.map(|old| serde_json::to_string(&old)).transpose()?;
            self.note_change(Kind::Concept, &id, before.as_deref(), None)?;
            self.delete_concept(id)?;
        }
        self.set_concepts_fingerprint(fingerprint)
    }

    pub(super) fn set_concepts_fingerprint(&mut self, fingerprint: &str) -> Result<(), MemoryError> {
        self.put_fact(SOURCE, Some(fingerprint))
    }

    pub(super) fn write_concept(&self, id: &str, concept: &OldConcept) -> Result<(), MemoryError> {
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO concept (id, revision, place, body, seal) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                id,
                concept.revision,
                concept.place,
                concept.body,
                seal::of(&[concept.body.as_bytes()])
            ])?;
        Ok(())
    }

    pub(super) fn delete_concept(&self, id: &str) -> Result<(), MemoryError> {
        self.db.prepare_cached("DELETE FROM concept WHERE id = ?1")?.execute([id])?;
        Ok(())
    }
}

/// Between the places of two neighbours, so that others fit in between.
const GAP: i64 = 1 << 10;

/// Where each concept of a list is to stand, by where it stood: as many as can keep their places, so that what is new
/// or gone changes nothing of the others.
fn places(old: &[Option<i64>]) -> Vec<i64> {
    // The longest run of places that rise: the ends of the best runs of each length, and what each follows on.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; old.len()];
    for (at, place) in old.iter().enumerate() {
        let Some(place) = place else { continue };
        let length = ends.partition_point(|end| old[*end] < Some(*place));
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut out: Vec<Option<i64>> = vec![None; old.len()];
    let mut at = ends.last().copied();
    while let Some(keeper) = at {
        out[keeper] = old[keeper];
        at = before[keeper];
    }
    let mut from = 0;
    let mut low: Option<i64> = None;
    while from < out.len() {
        let run = out[from..].iter().position(Option::is_some).unwrap_or(out.len() - from);
        let high = out.get(from + run).copied().flatten();
        let step = match (low, high) {
            (Some(low), Some(high)) => (high - low) / (run as i64 + 1),
            _ => GAP,
        };
        if run > 0 && step == 0 {
            // No room any more: all are placed anew.
            return (0..old.len() as i64).map(|place| place * GAP).collect();
        }
        let first = match (low, high) {
            (None, Some(high)) => high - GAP * run as i64,
            (None, None) => 0,
            (Some(low), _) => low + step,
        };
        for (nth, place) in out[from..from + run].iter_mut().enumerate() {
            *place = Some(first + step * nth as i64);
        }
        low = high;
        from += run + 1;
    }
    out.into_iter().flatten().collect()
}

pub(super) fn concept_of(body: &OldConcept) -> Result<Concept, MemoryError> {
    Ok(serde_json::from_str::<StoredConcept>(&body.body)?.concept())
}

pub(super) fn stored(db: &Connection, id: &str) -> Result<Option<OldConcept>, MemoryError> {
    Ok(db
        .prepare_cached("SELECT revision, place, body FROM concept WHERE id = ?1")?
        .query_row([id], |row| Ok(OldConcept { revision: row.get(0)?, place: row.get(1)?, body: row.get(2)? }))
        .optional()?)
}

/// A concept's row, as the history keeps it too.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OldConcept {
    pub revision: i64,
    pub place: i64,
    body: String,
}

#[derive(Serialize, Deserialize)]
struct StoredConcept {
    id: String,
    terms: Vec<StoredTerm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    definition: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_from: Option<StoredDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<StoredDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exceptions: Vec<(Language, String)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    do_not_translate: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kept: Vec<Kept>,
}

#[derive(Serialize, Deserialize)]
struct StoredTerm {
    text: String,
    language: Language,
    status: Status,
    #[serde(default)]
    abbreviation: bool,
    #[serde(default)]
    case_sensitive: bool,
    #[serde(flatten)]
    grammar: Grammar,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_from: Option<StoredDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<StoredDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kept: Vec<Kept>,
}

/// A day as `2018-01-31`.
#[derive(Serialize, Deserialize)]
struct StoredDate(String);

impl StoredDate {
    fn of(period: Period) -> [Option<StoredDate>; 2] {
        [period.from, period.until].map(|date| date.map(|date| StoredDate(date.to_string())))
    }

    fn period(from: Option<StoredDate>, until: Option<StoredDate>) -> Period {
        let date = |stored: Option<StoredDate>| stored.and_then(|stored| stored.0.parse().ok());
        Period { from: date(from), until: date(until) }
    }
}

impl StoredConcept {
    fn new(concept: &Concept) -> StoredConcept {
        let Concept { id, terms, definition, domain, note, source, valid, exceptions, do_not_translate, kept } =
            concept.clone();
        let [valid_from, valid_until] = StoredDate::of(valid);
        StoredConcept {
            id,
            terms: terms.into_iter().map(StoredTerm::new).collect(),
            definition,
            domain,
            note,
            source,
            valid_from,
            valid_until,
            exceptions,
            do_not_translate,
            kept,
        }
    }

    fn concept(self) -> Concept {
        Concept {
            id: self.id,
            terms: self.terms.into_iter().map(StoredTerm::term).collect(),
            definition: self.definition,
            domain: self.domain,
            note: self.note,
            source: self.source,
            valid: StoredDate::period(self.valid_from, self.valid_until),
            exceptions: self.exceptions,
            do_not_translate: self.do_not_translate,
            kept: self.kept,
        }
    }
}

impl StoredTerm {
    fn new(term: Term) -> StoredTerm {
        let Term { text, language, status, abbreviation, case_sensitive, grammar, valid, remarks } = term;
        let Remarks { note, source, context, kept } = remarks.map(|remarks| *remarks).unwrap_or_default();
        let [valid_from, valid_until] = StoredDate::of(valid);
        StoredTerm {
            text,
            language,
            status,
            abbreviation,
            case_sensitive,
            grammar,
            valid_from,
            valid_until,
            note,
            source,
            context,
            kept,
        }
    }

    fn term(self) -> Term {
        let StoredTerm { note, source, context, kept, .. } = self;
        let mut term = Term {
            text: self.text,
            language: self.language,
            status: self.status,
            abbreviation: self.abbreviation,
            case_sensitive: self.case_sensitive,
            grammar: self.grammar,
            valid: StoredDate::period(self.valid_from, self.valid_until),
            remarks: None,
        };
        term.set_remarks(Remarks { note, source, context, kept });
        term
    }
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn concepts_keep_their_places() {
        for (old, want) in [
            (vec![None, None], vec![0, 1024]),
            (vec![Some(0), Some(1), None], vec![0, 1, 1025]),
            (vec![Some(0), Some(2)], vec![0, 2]),
            (vec![Some(0), None, Some(1024)], vec![0, 512, 1024]),
            (vec![None, Some(0)], vec![-1024, 0]),
            // One moved to the front: the two others stay.
            (vec![Some(2048), Some(0), Some(1024)], vec![-1024, 0, 1024]),
            (vec![Some(0), None, Some(1)], vec![0, 1024, 2048]),
            (vec![], vec![]),
        ] {
            assert_eq!(places(&old), want, "{old:?}");
        }
    }
}
