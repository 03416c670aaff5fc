//! One unit: all it holds, what it was before, and the form that changes it.

use super::{
    STATES,
    between::{Between, between},
    state_of,
};
use crate::{
    app::{
        Unwatched,
        upkeep::{self, Deed, Edits, Job, Revised, Revision, Selection, UpkeepError, marked},
    },
    lang::Language,
    memory::{BatchId, BatchInfo, Reader},
    model::{State, Unit, UnitId},
    web::{
        error::WebError,
        search::language_of,
        visit::{Frame, Role, Visit, page},
    },
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

/// Steps of the history shown; the last ones.
const STEPS: usize = 50;

/// A step of a unit's history.
#[derive(Debug, Clone)]
struct Step {
    batch: BatchId,
    info: Option<BatchInfo>,
    /// There was none before.
    new: bool,
    /// There is none after.
    gone: bool,
    between: Between,
}

/// A text in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    language: Language,
    /// As it is in the field: inline codes as `{1}`.
    text: String,
    /// As it is stored now, where somebody has changed it since.
    stored: Option<String>,
    codes: usize,
    /// Alternatives of one language stay as they are.
    fixed: bool,
    removed: bool,
}

/// The form of a unit, with what is typed in it.
#[derive(Debug, Clone, Default)]
struct Sheet {
    seen: i64,
    fields: Vec<Field>,
    state: State,
    /// The state when the form was made: one that was left alone follows from what else is changed.
    was: State,
    notes: Vec<String>,
    drop_codes: bool,
    /// Languages that the memory has and the unit lacks.
    lacking: Vec<Language>,
    added: Option<(Language, String)>,
    error: Option<String>,
    overtaken: bool,
}

#[derive(Template)]
#[template(path = "unit.html")]
struct Page {
    frame: Frame,
    id: UnitId,
    /// `None` where it was deleted.
    unit: Option<Unit>,
    set: Option<String>,
    sheet: Sheet,
    steps: Vec<Step>,
    /// The batch that was just stored.
    done: Option<i64>,
}

impl Page {
    fn states(&self) -> &'static [State] {
        STATES
    }

    fn date(&self) -> Option<String> {
        self.unit.as_ref()?.origin.date.map(|date| date.strftime("%F %H:%M").to_string())
    }

    /// Whether approving changes anything.
    fn may_rise(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| unit.state < State::Approved)
    }

    fn has_codes(&self) -> bool {
        self.sheet.fields.iter().any(|field| field.codes > 0)
    }

    fn score(&self) -> Option<String> {
        self.unit.as_ref()?.origin.score.map(|score| format!("{score:.2}"))
    }
}

impl Sheet {
    fn of(unit: &Unit, seen: i64, known: &[Language]) -> Sheet {
        let count = |language: Language| unit.variants.iter().filter(|v| v.language == language).count();
        let fields = unit.variants.iter().map(|variant| Field {
            language: variant.language,
            text: marked(variant),
            stored: None,
            codes: variant.codes.len(),
            fixed: count(variant.language) > 1,
            removed: false,
        });
        Sheet {
            seen,
            fields: fields.collect(),
            state: unit.state,
            was: unit.state,
            notes: unit.notes.iter().map(|note| note.text.clone()).collect(),
            lacking: known.iter().copied().filter(|language| count(*language) == 0).collect(),
            ..Sheet::default()
        }
    }

    /// The sheet with what was typed into an older one.
    fn typed(mut self, typed: &Typed, overtaken: bool) -> Sheet {
        for field in self.fields.iter_mut().filter(|field| !field.fixed) {
            if let Some((_, text)) = typed.texts.iter().find(|(language, _)| *language == field.language) {
                let stored = std::mem::replace(&mut field.text, text.clone());
                field.stored = Some(stored).filter(|stored| overtaken && stored != text);
            }
            field.removed = typed.removed.contains(&field.language);
        }
        self.state = typed.state.unwrap_or(self.state);
        let stored = std::mem::replace(&mut self.notes, typed.notes.clone());
        // What somebody else has noted meanwhile is not lost.
        if overtaken {
            self.notes.extend(stored.into_iter().filter(|note| !typed.notes.contains(note)));
        }
        self.drop_codes = typed.drop_codes;
        // A language that somebody else has taken out or put in meanwhile.
        let here = |language: &Language| self.fields.iter().any(|field| field.language == *language);
        self.added = typed.texts.iter().find(|(language, _)| !here(language)).cloned();
        self.overtaken = overtaken;
        self
    }
}

/// What a form says.
#[derive(Debug, Clone, Default)]
struct Typed {
    seen: i64,
    texts: Vec<(Language, String)>,
    removed: Vec<Language>,
    state: Option<State>,
    notes: Vec<String>,
    drop_codes: bool,
}

impl Typed {
    /// Fields: `text.az`, `remove` with a language, `add` with a language and `added`, `note` once for each.
    fn of(fields: &[(String, String)]) -> Result<Typed, WebError> {
        let mut out = Typed::default();
        let mut add = None;
        let mut was = None;
        let mut added = String::new();
        for (name, value) in fields {
            // Browsers send line ends as two characters.
            let value = value.replace("\r\n", "\n");
            match name.as_str() {
                "seen" => out.seen = value.parse().unwrap_or(0),
                "remove" => out.removed.extend(language_of(&value)?),
                "state" => out.state = state_of(&value)?,
                "was" => was = state_of(&value)?,
                "note" if !value.trim().is_empty() => out.notes.push(value),
                "drop_codes" => out.drop_codes = true,
                "add" => add = language_of(&value)?,
                "added" => added = value,
                name => {
                    if let Some(language) = name.strip_prefix("text.") {
                        let language = language_of(language)?.ok_or(WebError::Bad("a text has no language".into()))?;
                        out.texts.push((language, value));
                    }
                }
            }
        }
        if let Some(language) = add.filter(|_| !added.trim().is_empty()) {
            out.texts.push((language, added));
        }
        out.state = out.state.filter(|state| was != Some(*state));
        out.texts.retain(|(language, _)| !out.removed.contains(language));
        Ok(out)
    }

    fn edits(&self, unit: &Unit) -> Edits {
        Edits {
            texts: self.texts.clone(),
            removed: self.removed.clone(),
            state: self.state.filter(|state| *state != unit.state),
            note: None,
            drop_codes: self.drop_codes,
        }
    }
}

fn number(text: &str) -> Result<UnitId, WebError> {
    text.parse().map(UnitId).map_err(|_| WebError::NotFound)
}

/// The unit as it is now with its history; `None` where there never was one.
type Known = (Option<Unit>, i64, Option<String>, Vec<Step>, Vec<Language>);

fn known(reader: &Reader<'_>, id: UnitId) -> Result<Known, WebError> {
    let unit = reader.unit(id)?;
    let changes = reader.unit_changes(id)?;
    if unit.is_none() && changes.is_empty() {
        return Err(WebError::NotFound);
    }
    let mut steps = Vec::new();
    for change in changes.iter().rev().take(STEPS) {
        steps.push(Step {
            batch: change.batch,
            info: reader.batch(change.batch)?,
            new: change.before.is_none(),
            gone: change.after.is_none(),
            between: match change.before {
                None => Between::default(),
                Some(_) => between(change.before.as_ref(), change.after.as_ref()),
            },
        });
    }
    let seen = reader.revision(id)?.map_or(0, |batch| batch.0);
    Ok((unit, seen, reader.set_of(id)?, steps, reader.languages()?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    done: Option<i64>,
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, WebError> {
    let id = number(&id)?;
    let (unit, seen, set, steps, languages) = visit.office.read(move |_, reader| known(reader, id)).await?;
    let sheet = unit.as_ref().map(|unit| Sheet::of(unit, seen, &languages)).unwrap_or_default();
    page(&Page { frame: visit.frame("units"), id, unit, set, sheet, steps, done: shown.done })
}

/// Stores what was typed, if nobody has changed the unit since it was shown.
pub(super) async fn edit(
    visit: Visit,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    visit.may(Role::Translator)?;
    let id = number(&id)?;
    let typed = Typed::of(&fields)?;
    // To approve is for editors; what a translator has written is theirs.
    if typed.state.is_some_and(|state| state > State::Imported) {
        let now = visit.office.read(move |_, reader| Ok(reader.unit(id)?.map(|unit| unit.state))).await?;
        if now.is_some_and(|now| typed.state > Some(now)) {
            visit.may(Role::Editor)?;
        }
    }
    let (asked, who) = (typed.clone(), visit.person.name.clone());
    let revised = visit
        .office
        .write(move |office, memory| {
            let Some(unit) = memory.read()?.unit(id)? else { return Ok(Ok(Revised::Gone)) };
            let (edits, notes) = (asked.edits(&unit), asked.notes.clone());
            let revision = Revision { unit: id, seen: BatchId(asked.seen), edits, notes };
            let note = format!("edit unit {id}");
            let job = Job { note: &note, who: &who, now: office.now(), dry_run: false, watch: &Unwatched };
            match upkeep::revise(memory, &revision, &job) {
                Err(UpkeepError::Memory(error)) => Err(error.into()),
                Err(UpkeepError::Edit { what, .. }) => Ok(Err(what.to_string())),
                Ok(revised) => Ok(Ok(revised)),
            }
        })
        .await?;
    let (error, overtaken) = match revised {
        Ok(Revised::Stored(None)) => return Ok(Redirect::to(&format!("/units/{id}")).into_response()),
        Ok(Revised::Stored(Some(batch))) => {
            return Ok(Redirect::to(&format!("/units/{id}?done={batch}")).into_response());
        }
        Ok(Revised::Gone) => return Err(WebError::Conflict(format!("unit {id} was deleted meanwhile"))),
        Ok(Revised::Overtaken(..)) => (None, true),
        Err(what) => (Some(what), false),
    };
    // What was typed stays in the form.
    let (unit, seen, set, steps, languages) = visit.office.read(move |_, reader| known(reader, id)).await?;
    let sheet = unit.as_ref().map(|unit| Sheet::of(unit, seen, &languages).typed(&typed, overtaken));
    let sheet = Sheet { error, ..sheet.unwrap_or_default() };
    let mut response = page(&Page { frame: visit.frame("units"), id, unit, set, sheet, steps, done: None })?;
    *response.status_mut() = if overtaken { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
    Ok(response)
}

#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    seen: i64,
}

async fn done(
    visit: Visit,
    id: UnitId,
    seen: i64,
    deed: Deed,
    name: &'static str,
) -> Result<Option<BatchId>, WebError> {
    visit.may(Role::Editor)?;
    let who = visit.person.name.clone();
    visit
        .office
        .write(move |office, memory| {
            let now = memory.read()?.revision(id)?;
            if now != Some(BatchId(seen)) {
                return Err(WebError::Conflict(format!("unit {id} was changed meanwhile: look at it again")));
            }
            let selection = Selection { numbered: vec![id], ..Selection::default() };
            let note = format!("{name} unit {id}");
            let job = Job { note: &note, who: &who, now: office.now(), dry_run: false, watch: &Unwatched };
            Ok(upkeep::act(memory, &selection, &deed, &job, &mut |_| {})?.batch)
        })
        .await
}

pub(super) async fn approve(
    visit: Visit,
    Path(id): Path<String>,
    Form(Seen { seen }): Form<Seen>,
) -> Result<Response, WebError> {
    let id = number(&id)?;
    let batch = done(visit, id, seen, Deed::Approve(State::Approved), "approve").await?;
    let done = batch.map(|batch| format!("?done={batch}")).unwrap_or_default();
    Ok(Redirect::to(&format!("/units/{id}{done}")).into_response())
}

pub(super) async fn delete(
    visit: Visit,
    Path(id): Path<String>,
    Form(Seen { seen }): Form<Seen>,
) -> Result<Response, WebError> {
    let id = number(&id)?;
    let batch = done(visit, id, seen, Deed::Delete, "delete").await?;
    let done = batch.map(|batch| format!("?done={batch}")).unwrap_or_default();
    Ok(Redirect::to(&format!("/units/{id}{done}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, CodeKind, Variant};

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Typed::of(&fields).unwrap()
    }

    #[test]
    fn a_form_says_texts_notes_and_what_goes() {
        let all = typed(&[
            ("seen", "7"),
            ("text.en", "A\r\nB"),
            ("text.az", "Ə"),
            ("remove", "az"),
            ("state", "approved"),
            ("note", "one"),
            ("note", " "),
            ("add", "ru"),
            ("added", "Я"),
        ]);
        assert_eq!(all.texts, [(Language::EN, "A\nB".to_owned()), (Language::RU, "Я".to_owned())]);
        assert_eq!((all.seen, all.removed, all.state), (7, vec![Language::AZ], Some(State::Approved)));
        assert_eq!(all.notes, ["one"]);
        assert_eq!(typed(&[("state", "imported"), ("was", "imported")]).state, None, "left alone");
        assert_eq!(typed(&[("state", "approved"), ("was", "imported")]).state, Some(State::Approved));
        assert_eq!(typed(&[("add", "ru"), ("added", " ")]).texts, []);
    }

    #[test]
    fn what_was_typed_stays_beside_what_somebody_stored() {
        let mut az = Variant::new(Language::AZ, "Yeni mərkəz");
        let code = Code { at: 4, kind: CodeKind::Alone, name: "ph".into(), attributes: vec![], content: "x".into() };
        az.codes.push(code);
        let variants = vec![Variant::new(Language::EN, "Centre"), az];
        let unit = Unit { variants, ..Unit::default() };
        let known = [Language::EN, Language::AZ, Language::RU];
        let sheet = Sheet::of(&unit, 9, &known);
        assert_eq!((sheet.fields[1].text.as_str(), sheet.fields[1].codes), ("Yeni{1} mərkəz", 1));
        assert_eq!(sheet.lacking, [Language::RU]);
        let mine = typed(&[("seen", "3"), ("text.en", "Centre"), ("text.az", "Bizim {1}mərkəz"), ("text.ru", "Центр")]);
        let both = sheet.clone().typed(&mine, true);
        assert_eq!((both.fields[0].stored.as_deref(), both.seen), (None, 9));
        assert_eq!(both.fields[1].text, "Bizim {1}mərkəz");
        assert_eq!(both.fields[1].stored.as_deref(), Some("Yeni{1} mərkəz"));
        assert_eq!(both.added, Some((Language::RU, "Центр".to_owned())));
        assert_eq!(sheet.typed(&mine, false).fields[1].stored, None);
    }
}
