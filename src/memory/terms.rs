//! The termbase's copy: the glossary file rules, the memory holds its concepts for speed.

use super::{Batch, MemoryError, Reader, batch::Kind, seal};
use crate::{
    lang::{Language, forms::Grammar},
    model::{Concept, Kept, Period, Remarks, Status, Term},
};
use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashSet;
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
}

impl Batch<'_> {
    /// Makes the termbase's copy equal to `concepts`; concepts no longer among them are removed. What was
    /// there goes to the history.
    pub fn put_concepts(&mut self, concepts: &[Concept], fingerprint: &str) -> Result<(), MemoryError> {
        let mut gone: FxHashSet<String> = {
            let mut select = self.db.prepare_cached("SELECT id FROM concept")?;
            select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for (place, concept) in concepts.iter().enumerate() {
            gone.remove(&concept.id);
            let new = OldConcept {
                revision: self.id,
                place: place as i64,
                body: serde_json::to_string(&StoredConcept::new(concept))?,
            };
            let old = stored(self.db, &concept.id)?;
            if old.as_ref().is_some_and(|old| old.body == new.body && old.place == new.place) {
                continue;
            }
            let before = old.map(|old| serde_json::to_string(&old)).transpose()?;
            self.note_change(Kind::Concept, &concept.id, before.as_deref(), Some(self.id))?;
            self.write_concept(&concept.id, &new)?;
        }
        let mut gone: Vec<String> = gone.into_iter().collect();
        gone.sort_unstable();
        for id in gone {
            let before = stored(self.db, &id)?.map(|old| serde_json::to_string(&old)).transpose()?;
            self.note_change(Kind::Concept, &id, before.as_deref(), None)?;
            self.delete_concept(&id)?;
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
    place: i64,
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
