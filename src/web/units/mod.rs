//! Memory: units found, looked at, changed; the history of batches, each of which can be undone.

mod act;
mod between;
mod history;
mod one;

use super::{
    Web,
    error::WebError,
    office::Office,
    search::{date_of, form_of, forms, language_of, text_of},
    visit::{Frame, Visit, page, query_of},
};
use crate::{
    app::{
        Unwatched,
        quarantine::{self, AuditRule, Faults, Flaw, RULES, Sought},
        terms,
        upkeep::{Halt, Selection},
    },
    concordance::{self, Pattern},
    lang::Language,
    memory::{Filter, Reader},
    model::{Concept, State, Unit, UnitId},
};
use askama::Template;
use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

pub(super) const STATES: &[State] = &State::ALL;

/// The word of a state.
pub(super) fn state_word(state: &State) -> &'static str {
    match state {
        State::Pending => "units.state-pending",
        State::Imported => "units.state-imported",
        State::Approved => "units.state-approved",
        State::Published => "units.state-published",
    }
}

/// A field that names a state, or is left open.
pub(super) fn state_of(field: &str) -> Result<Option<State>, WebError> {
    if field.is_empty() {
        return Ok(None);
    }
    let found = State::ALL.into_iter().find(|state| state.as_str() == field);
    found.map(Some).ok_or_else(|| WebError::bad(format!("`{field}` is no state")))
}

/// Units shown at once.
const SHOWN: usize = 50;
/// Units with a text that are paged through; beyond them the text is to say more.
const THROUGH: usize = 2_000;

/// Which units, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Wanted {
    q: String,
    form: String,
    language: String,
    origin: String,
    set: String,
    state: String,
    since: String,
    before: String,
    /// `1`: those in quarantine.
    waiting: String,
    /// Of those in quarantine: `none`, or the name of a rule that found something.
    fault: String,
    /// The page begins behind this unit; with a text, behind so many.
    after: String,
}

impl Wanted {
    /// The fields that say which units, with their names.
    fn fields(&self) -> [(&'static str, &String); 10] {
        let Wanted { q, form, language, origin, set, state, since, before, waiting, fault, after: _ } = self;
        [
            ("q", q),
            ("form", form),
            ("language", language),
            ("origin", origin),
            ("set", set),
            ("state", state),
            ("since", since),
            ("before", before),
            ("waiting", waiting),
            ("fault", fault),
        ]
    }

    fn is_waiting(&self) -> bool {
        self.waiting == "1"
    }

    fn selection(&self) -> Result<Selection, WebError> {
        let language = language_of(&self.language)?;
        let filter = Filter {
            language,
            origin: text_of(&self.origin),
            set: text_of(&self.set),
            state: state_of(&self.state)?,
            since: date_of(&self.since)?,
            before: date_of(&self.before)?,
            ..Filter::all()
        };
        let text = text_of(&self.q);
        let pattern = text.map(|text| Pattern::new(&text, form_of(&self.form)?, language, true).map_err(WebError::bad));
        Ok(Selection { numbered: Vec::new(), filter, pattern: pattern.transpose()? })
    }

    /// Which units of the quarantine.
    fn sought(&self) -> Result<Sought, WebError> {
        let faults = match self.fault.as_str() {
            "" => Faults::Any,
            "none" => Faults::None,
            name => {
                let rule = quarantine::rule(name);
                Faults::With(vec![rule.ok_or_else(|| WebError::bad(format!("`{name}` is no rule of the audit")))?])
            }
        };
        Ok(Sought {
            numbered: Vec::new(),
            origin: text_of(&self.origin),
            languages: language_of(&self.language)?.into_iter().collect(),
            faults,
        })
    }

    fn query(&self) -> String {
        query_of(&self.fields())
    }
}

#[derive(Template)]
#[template(path = "units.html")]
struct Page {
    frame: Frame,
    wanted: Wanted,
    languages: Vec<Language>,
    found: Found,
}

#[derive(Template)]
#[template(path = "units-found.html")]
struct Part {
    frame: Frame,
    wanted: Wanted,
    found: Found,
}

impl Page {
    fn forms(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        forms()
    }

    fn states(&self) -> &'static [State] {
        STATES
    }

    fn rules(&self) -> &'static [AuditRule] {
        RULES
    }

    fn narrowed(&self) -> bool {
        let Wanted { language, origin, set, state, since, before, .. } = &self.wanted;
        [language, origin, set, state, since, before].iter().any(|field| !field.is_empty())
    }
}

#[derive(Debug, Clone, Default)]
struct Found {
    rows: Vec<Row>,
    /// What the next page begins behind.
    next: Option<String>,
    /// All that were found are too many to go through.
    cut: bool,
    /// How many units wait in quarantine, told where one did not ask for them.
    waiting: usize,
    /// The newest batch when this was made.
    seen: i64,
}

#[derive(Debug, Clone)]
struct Row {
    id: UnitId,
    unit: Unit,
    state: &'static str,
    date: Option<String>,
    flaws: Vec<Flaw>,
}

impl Row {
    fn new(id: UnitId, unit: Unit, flaws: Vec<Flaw>) -> Row {
        let date = unit.origin.date.map(|date| date.strftime("%F").to_string());
        Row { id, state: state_word(&unit.state), date, unit, flaws }
    }
}

/// The termbase that units from outside are held against.
pub(super) fn forbidding(office: &Office, reader: &Reader<'_>) -> Result<Vec<Concept>, WebError> {
    let files = &office.setup.glossary;
    let concepts = if files.is_empty() { reader.concepts()? } else { terms::glossaries(files)?.concepts };
    Ok(terms::valid_at(concepts, terms::day_of(office.now())))
}

fn find(office: &Office, reader: &Reader<'_>, wanted: &Wanted) -> Result<Found, WebError> {
    let mut found = Found { seen: reader.state()?.0, ..Found::default() };
    if wanted.is_waiting() {
        waiting(office, reader, wanted, &mut found)?;
        return Ok(found);
    }
    found.waiting = quarantine::waiting(reader)?;
    let selection = wanted.selection()?;
    let walked = match &selection.pattern {
        None => {
            let after = UnitId(wanted.after.parse().unwrap_or(i64::MIN));
            let walked = reader.units_after(after, &selection.filter, |id, unit| {
                found.rows.push(Row::new(id, unit, Vec::new()));
                if found.rows.len() > SHOWN { Err(Halt::Enough) } else { Ok(()) }
            });
            match walked {
                Err(Halt::Memory(error)) => Err(error),
                _ => Ok(()),
            }
        }
        Some(pattern) => {
            let skip: usize = wanted.after.parse().unwrap_or(0).min(THROUGH);
            let mut met = 0;
            let walked = concordance::each_unit_with(reader, pattern, |id| {
                if let Some(unit) = reader.filtered(id, &selection.filter)? {
                    met += 1;
                    if met > skip {
                        found.rows.push(Row::new(id, unit, Vec::new()));
                    }
                }
                Ok(found.rows.len() <= SHOWN)
            });
            found.cut = skip + SHOWN >= THROUGH && found.rows.len() > SHOWN;
            walked
        }
    };
    walked?;
    if found.rows.len() > SHOWN {
        found.rows.truncate(SHOWN);
        found.next = match &selection.pattern {
            _ if found.cut => None,
            Some(_) => Some((wanted.after.parse().unwrap_or(0) + SHOWN).to_string()),
            None => found.rows.last().map(|row| row.id.to_string()),
        };
    }
    Ok(found)
}

/// The units in quarantine, each with what is wrong with it.
fn waiting(office: &Office, reader: &Reader<'_>, wanted: &Wanted, found: &mut Found) -> Result<(), WebError> {
    let after: i64 = wanted.after.parse().unwrap_or(i64::MIN);
    let concepts = forbidding(office, reader)?;
    let name = office.memory().display().to_string();
    let audited = quarantine::audit(reader, &name, concepts, &wanted.sought()?, &Unwatched, |waiting, flaws| {
        if waiting.id.0 > after {
            found.rows.push(Row::new(waiting.id, waiting.unit, flaws));
        }
        if found.rows.len() > SHOWN { Err(Halt::Enough) } else { Ok(()) }
    });
    if let Err(Halt::Memory(error)) = audited {
        return Err(error.into());
    }
    if found.rows.len() > SHOWN {
        found.rows.truncate(SHOWN);
        found.next = found.rows.last().map(|row| row.id.to_string());
    }
    Ok(())
}

async fn units(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let asked = wanted.clone();
    let (languages, found) =
        visit.office.read(move |office, reader| Ok((reader.languages()?, find(office, reader, &asked)?))).await?;
    page(&Page { frame: visit.frame("units"), wanted, languages, found })
}

async fn found(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let asked = wanted.clone();
    let found = visit.office.read(move |office, reader| find(office, reader, &asked)).await?;
    page(&Part { frame: visit.frame("units"), wanted, found })
}

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/units", get(units))
        .route("/units/found", get(found))
        .route("/units/preview", post(act::preview))
        .route("/units/act", post(act::act))
        .route("/units/{unit}", get(one::show).post(one::edit))
        .route("/units/{unit}/approve", post(one::approve))
        .route("/units/{unit}/delete", post(one::delete))
        .route("/history", get(history::list))
        .route("/history/{batch}", get(history::show))
        .route("/history/{batch}/undo", get(history::trial).post(history::undo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_left_open_select_all_and_others_what_they_say() {
        let all = Wanted::default().selection().unwrap();
        assert!(all.pattern.is_none() && all.filter.pending && all.filter.origin.is_none());
        let wanted = Wanted {
            q: " xidmət ".into(),
            form: "forms".into(),
            language: "az".into(),
            origin: "tmx/*".into(),
            state: "approved".into(),
            since: "2024-05-01".into(),
            ..Wanted::default()
        };
        let selection = wanted.selection().unwrap();
        let pattern = selection.pattern.unwrap();
        assert_eq!((pattern.text.as_str(), pattern.form), ("xidmət", concordance::Form::Forms));
        assert_eq!(selection.filter.state, Some(State::Approved));
        assert_eq!(selection.filter.since, Some("2024-05-01T00:00:00Z".parse().unwrap()));
        assert_eq!(
            wanted.query(),
            "q=+xidm%C9%99t+&form=forms&language=az&origin=tmx%2F*&state=approved&since=2024-05-01"
        );
        for wrong in [
            Wanted { state: "done".into(), ..Wanted::default() },
            Wanted { since: "31.12.2024".into(), ..Wanted::default() },
            Wanted { q: "(".into(), form: "regex".into(), ..Wanted::default() },
        ] {
            assert!(matches!(wrong.selection(), Err(WebError::Bad(_))), "{wrong:?}");
        }
        assert!(matches!(Wanted { fault: "magic".into(), ..Wanted::default() }.sought(), Err(WebError::Bad(_))));
    }
}
