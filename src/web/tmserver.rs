//! The protocol of tmserver and amaGama, which Virtaal, Weblate, Okapi and Pootle speak.
//!
//! <https://docs.translatehouse.org/projects/amagama/en/latest/api.html>; what their clients rely on beyond it:
//! `quality` is a number with a decimal point and falls from match to match.

use super::{
    Web,
    error::WebError,
    guard::FILE,
    matches::{Question, known, matches},
    visit::{Role, Visit},
};
use crate::{
    app::{
        Unwatched,
        exchange::{Import, OnConflict, import},
    },
    lang::Language,
    lookup::Score,
    memory::{Added, Batch},
    model::{Context, Origin, Provenance, Unit, Variant},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, rejection::JsonRejection},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Write;

/// Where it is found: tmserver's own place, and amaGama's.
const PLACES: [&str; 2] = ["/tmserver", "/api/v1"];

/// Matches below are no help to anybody: what Okapi takes at least.
const MIN: f64 = 60.0;
/// What amaGama gives.
const MAX: usize = 5;
const MOST: usize = 100;

/// What a unit is said to come from.
const ORIGIN: &str = "tmserver";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    source: String,
    min_similarity: String,
    max_candidates: String,
}

impl Wanted {
    /// What cannot be read is as if it were not there, as with amaGama.
    fn min(&self) -> Score {
        let min = self.min_similarity.parse().ok().filter(|min: &f64| min.is_finite());
        Score::from_percent(min.unwrap_or(MIN).clamp(0.0, 100.0))
    }

    fn max(&self) -> usize {
        self.max_candidates.parse().unwrap_or(MAX).min(MOST)
    }
}

#[derive(Serialize)]
struct Candidate {
    source: String,
    target: String,
    /// 0 to 100; no integer in JSON.
    quality: f64,
    /// How it was found there: always this.
    rank: f64,
}

async fn unit(
    visit: Visit,
    Path((from, to, text)): Path<(String, String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Candidate>>, WebError> {
    candidates(&visit, from, to, text, &wanted).await
}

async fn unit_by_source(
    visit: Visit,
    Path((from, to)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Candidate>>, WebError> {
    candidates(&visit, from, to, wanted.source.clone(), &wanted).await
}

async fn candidates(
    visit: &Visit,
    from: String,
    to: String,
    text: String,
    wanted: &Wanted,
) -> Result<Json<Vec<Candidate>>, WebError> {
    let found = matches(visit, Question { from, to, text, min: wanted.min(), max: wanted.max() }).await?;
    let candidate = |found: &crate::lookup::Match| Candidate {
        source: found.source.clone(),
        target: found.target().text.clone(),
        quality: f64::from(found.score.tenths().min(1000)) / 10.0,
        rank: 100.0,
    };
    Ok(Json(found.iter().map(candidate).collect()))
}

/// Every language is translated from and into every other.
async fn languages(visit: Visit) -> Result<Json<Value>, WebError> {
    let known = visit.office.read(|_, reader| known(reader)).await?;
    Ok(Json(json!({"sourceLanguages": known, "targetLanguages": known})))
}

/// A unit as programs hand it over.
#[derive(Debug, Deserialize)]
struct Given {
    #[serde(default)]
    source: String,
    target: String,
    /// Gettext's `msgctxt`.
    #[serde(default)]
    context: Option<String>,
}

impl Given {
    fn unit(self, from: Language, to: Language) -> Result<Unit, WebError> {
        if self.source.trim().is_empty() || self.target.trim().is_empty() {
            return Err(WebError::bad("a unit has a source and a target that are not empty"));
        }
        Ok(Unit {
            variants: vec![Variant::new(from, self.source), Variant::new(to, self.target)],
            context: Context { id: self.context.filter(|id| !id.is_empty()), ..Context::default() },
            origin: Origin { name: ORIGIN.to_owned(), provenance: Provenance::Edit, ..Origin::default() },
            ..Unit::default()
        })
    }
}

/// The languages of a write, which need not be in the memory yet.
fn languages_of(from: &str, to: &str) -> Result<(Language, Language), WebError> {
    let read = |code: &str| {
        let plain = code.split(['-', '_']).next().unwrap_or(code);
        code.parse::<Language>().or_else(|_| plain.parse()).map_err(WebError::bad)
    };
    let (from, to) = (read(from)?, read(to)?);
    match from == to {
        true => Err(WebError::bad(format_args!("source and target are both in `{from}`"))),
        false => Ok((from, to)),
    }
}

fn may_write(visit: &Visit) -> Result<(), WebError> {
    match visit.office.setup.writable {
        true => visit.may(Role::Translator),
        false => Err(WebError::ReadOnly),
    }
}

/// What was read as JSON, or why not: only with its content type, which no form of a foreign page has.
fn read<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, WebError> {
    match body {
        Ok(Json(read)) => Ok(read),
        Err(JsonRejection::MissingJsonContentType(error)) => Err(WebError::Unsupported(error.body_text())),
        Err(error) if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => Err(WebError::TooLarge),
        Err(error) => Err(WebError::bad(error.body_text())),
    }
}

async fn add(
    visit: Visit,
    Path((from, to, source)): Path<(String, String, String)>,
    body: Result<Json<Given>, JsonRejection>,
) -> Result<(), WebError> {
    may_write(&visit)?;
    let mut given = read(body)?;
    if given.source.is_empty() {
        given.source = source;
    }
    added(&visit, from, to, vec![given], "unit".to_owned()).await.map(drop)
}

async fn add_by_source(
    visit: Visit,
    Path((from, to)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    body: Result<Json<Given>, JsonRejection>,
) -> Result<(), WebError> {
    add(visit, Path((from, to, wanted.source)), body).await
}

async fn store_list(
    visit: Visit,
    Path((from, to, name)): Path<(String, String, String)>,
    body: Result<Json<Vec<Given>>, JsonRejection>,
) -> Result<String, WebError> {
    may_write(&visit)?;
    let count = added(&visit, from, to, read(body)?, label(&name)).await?;
    Ok(format!("added {count} units from {}", label(&name)))
}

async fn added(visit: &Visit, from: String, to: String, given: Vec<Given>, what: String) -> Result<usize, WebError> {
    let (from, to) = languages_of(&from, &to)?;
    let units: Vec<Unit> = given.into_iter().map(|given| given.unit(from, to)).collect::<Result<_, _>>()?;
    let who = visit.person.name.clone();
    let job = move |batch: &mut Batch<'_>| {
        let mut new = 0;
        for unit in &units {
            new += usize::from(matches!(batch.add(unit)?, Added::New(_)));
        }
        Ok(new)
    };
    visit
        .office
        .write(move |office, memory| Ok(memory.write(&format!("{ORIGIN}: {what}"), office.now(), &who, job)?))
        .await
}

/// A whole file in the body: PO, TMX, XLIFF, a table. It is written to a temporary file, as readers want one; its name
/// is a label only.
async fn store_file(
    visit: Visit,
    Path((from, to, name)): Path<(String, String, String)>,
    body: Bytes,
) -> Result<String, WebError> {
    may_write(&visit)?;
    // It may hold anything, terms too: that is an import.
    visit.may(Role::Editor)?;
    let (from, to) = languages_of(&from, &to)?;
    let who = visit.person.name.clone();
    let name = label(&name);
    let told = name.clone();
    let imported = visit
        .office
        .write(move |office, memory| {
            let mut file = tempfile::NamedTempFile::new().map_err(|error| WebError::inside(&error))?;
            file.write_all(&body).map_err(|error| WebError::inside(&error))?;
            let options = Import {
                name: &name,
                lenient: false,
                dry_run: false,
                source: Some(from),
                target: Some(to),
                beside: None,
                now: office.now(),
                who: &who,
                on_conflict: OnConflict::KeepBoth,
                backups: Some((&office.setup.backups, &[])),
                quarantine: None,
                watch: &Unwatched,
                remarks: &|_, _| {},
            };
            Ok(import(memory.path(), file.path(), &options)?)
        })
        .await?;
    Ok(format!("added {} units from {told}", imported.new))
}

/// The name of a file as a label: on one line, not endless.
fn label(name: &str) -> String {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    if shown.trim().is_empty() { ORIGIN.to_owned() } else { shown }
}

pub fn routes() -> Router<Web> {
    let mut router = Router::new();
    for place in PLACES {
        let whole = DefaultBodyLimit::max(FILE);
        router = router
            .route(&format!("{place}/languages"), get(languages))
            .route(&format!("{place}/languages/"), get(languages))
            .route(&format!("{place}/{{from}}/{{to}}/unit"), get(unit_by_source).put(add_by_source).post(add_by_source))
            .route(
                &format!("{place}/{{from}}/{{to}}/unit/"),
                get(unit_by_source).put(add_by_source).post(add_by_source),
            )
            .route(&format!("{place}/{{from}}/{{to}}/unit/{{text}}"), get(unit).put(add).post(add))
            .route(&format!("{place}/{{from}}/{{to}}/store/{{name}}"), post(store_list).put(store_file).layer(whole));
    }
    router
}
