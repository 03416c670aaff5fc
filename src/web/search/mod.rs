//! Search: one box, matches above concordance lines.

mod find;

use super::{
    Web,
    error::WebError,
    units::{STATES, state_word},
    visit::{Frame, Visit, page, query_of},
};
use crate::{
    app::lookup::{lines_csv, lines_json},
    concordance::Form,
    lang::Language,
    model::State,
};
use askama::Template;
use axum::{
    Router,
    extract::Query,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use find::{Found, Question};
pub(super) use find::{date_of, language_of, text_of};
use serde::Deserialize;

/// What is asked for, as it stands in the address. A form sends empty fields for what was left open.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    q: String,
    from: String,
    to: String,
    form: String,
    min: String,
    since: String,
    origin: String,
    state: String,
    /// How the lines are shown: `aligned`, else whole with the key marked.
    view: String,
    /// How many lines.
    n: String,
    /// The file lines are saved as.
    r#as: String,
}

/// How a text may be meant, for the choice on the page.
const FORMS: &[(&str, Form, &str)] = &[
    ("text", Form::Text, "search.form-text"),
    ("word", Form::Word, "search.form-word"),
    ("forms", Form::Forms, "search.form-forms"),
    ("regex", Form::Regex, "search.form-regex"),
];

/// The form of a name; letters anywhere where none is named.
pub(super) fn form_of(name: &str) -> Result<Form, WebError> {
    let found = FORMS.iter().find(|(own, ..)| *own == name || name.is_empty());
    found.map(|(_, form, _)| *form).ok_or_else(|| WebError::bad(format!("`{name}` is no way to look for a text")))
}

/// The forms with their names and words.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, &'static str)> {
    FORMS.iter().map(|(name, _, word)| (*name, *word))
}

/// Percent below which matches are not shown where nobody says otherwise.
const LEAST: &str = "60";
/// Lines shown at first, then on demand.
const STEPS: &[usize] = &[30, 100, 300];
/// Lines saved at most.
const SAVED: usize = 10_000;

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    frame: Frame,
    wanted: Wanted,
    languages: Vec<Language>,
    found: Found,
}

#[derive(Template)]
#[template(path = "search-found.html")]
struct Part {
    frame: Frame,
    found: Found,
}

impl Page {
    fn forms(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        forms()
    }

    fn states(&self) -> &'static [State] {
        STATES
    }

    /// Whether one of the fields that are folded away says something.
    fn narrowed(&self) -> bool {
        let Wanted { to, min, since, origin, state, form, .. } = &self.wanted;
        [to, since, origin, state].iter().any(|field| !field.is_empty())
            || !matches!(form.as_str(), "" | "text")
            || !matches!(min.as_str(), "" | LEAST)
    }

    fn usual_least(&self) -> &'static str {
        LEAST
    }

    fn least(&self) -> &str {
        if self.wanted.min.is_empty() { LEAST } else { &self.wanted.min }
    }
}

async fn search(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let languages = visit.office.read(|_, reader| Ok(reader.languages()?)).await?;
    let found = find(&visit, &wanted).await?;
    page(&Page { frame: visit.frame("search"), wanted, languages, found })
}

/// What is found, without the page around it: for results as one types.
async fn found(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let found = find(&visit, &wanted).await?;
    page(&Part { frame: visit.frame("search"), found })
}

async fn find(visit: &Visit, wanted: &Wanted) -> Result<Found, WebError> {
    let question = Question::of(wanted)?;
    if question.text.is_empty() {
        return Ok(Found::default());
    }
    let save = saving(wanted);
    let mut found = visit.office.ask(move |office, views| find::find(office, views, &question)).await?;
    found.save = save;
    Ok(found)
}

/// The query of the address that saves the lines found.
fn saving(wanted: &Wanted) -> String {
    let Wanted { q, from, form, since, origin, state, .. } = wanted;
    let fields = [("q", q), ("from", from), ("form", form), ("since", since), ("origin", origin), ("state", state)];
    query_of(&fields)
}

/// The lines as a file, in the forms of `yaddash concordance`.
async fn lines(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let question = Question::of(&wanted)?;
    let (json, kind) = match wanted.r#as.as_str() {
        "csv" => (false, "text/csv; charset=utf-8"),
        "jsonl" => (true, "application/jsonl; charset=utf-8"),
        other => return Err(WebError::bad(format!("`{other}` is no form lines are saved in: csv, jsonl"))),
    };
    let body = visit
        .office
        .ask(move |office, views| {
            let lines = views.concordance(&question.pattern().map_err(WebError::bad)?, SAVED)?;
            let several = (office.setup.memories.len() > 1).then_some(&office.setup.memories[..]);
            let mut out = Vec::new();
            let write = if json { lines_json } else { lines_csv };
            write(&lines, several, &mut out).map_err(|error| WebError::inside(&error))?;
            Ok(out)
        })
        .await?;
    let name = format!("attachment; filename=\"concordance.{}\"", if json { "jsonl" } else { "csv" });
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &name)], body).into_response())
}

pub fn routes() -> Router<Web> {
    Router::new().route("/", get(search)).route("/search", get(found)).route("/search/lines", get(lines))
}
