//! Our own interface for scripts, under `/api/yaddash/`: what `yaddash lookup`, `concordance`, `check`, `term find` and
//! `memory status` say as JSON, in the same words. `static/openapi.json` describes it, and tests hold the two together.

use super::{
    Web,
    error::WebError,
    matches::{known, language},
    office::Office,
    visit::{Role, Visit},
};
use crate::{
    app::{
        Unwatched,
        check::{self, Input},
        lookup::{Answer, Record, Views},
        segmentation, terms,
    },
    concordance::{Form, Line, Pattern},
    lang::Language,
    lookup::{Options, Query as Asked, Score},
    memory::{Added, Status},
    model::{Note, Origin, Provenance, Unit, Variant},
    report,
    terms::Overlap,
};
use axum::{
    Json, Router,
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A language as scripts name it: `az`, `en-US`, `en_us`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Code(String);

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Code, String> {
        let (base, region) =
            text.split_once(['-', '_']).map_or((text.as_str(), None), |(base, region)| (base, Some(region)));
        let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
        };
        match letters(base, 2..=3) && region.is_none_or(|region| letters(region, 2..=2)) {
            true => Ok(Code(text)),
            false => Err("a language is written `az` or `en-US`".to_owned()),
        }
    }
}

impl Code {
    /// Among those there are, else itself.
    fn among(&self, known: &[Language]) -> Result<Language, WebError> {
        match language(&self.0, known) {
            Some(language) => Ok(language),
            None => self.0.parse().map_err(WebError::bad),
        }
    }
}

/// A number from 0 to 102.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
struct Percent(f64);

impl TryFrom<f64> for Percent {
    type Error = &'static str;

    fn try_from(percent: f64) -> Result<Percent, &'static str> {
        match (0.0..=102.0).contains(&percent) {
            true => Ok(Percent(percent)),
            false => Err("a score is a number from 0 to 102"),
        }
    }
}

/// How many answers are wanted: 1 to `MOST`. To JSON `5.0` is an integer too.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
struct Count<const MOST: usize>(usize);

impl<const MOST: usize> TryFrom<f64> for Count<MOST> {
    type Error = String;

    fn try_from(count: f64) -> Result<Count<MOST>, String> {
        match count.fract() == 0.0 && (1.0..=MOST as f64).contains(&count) {
            true => Ok(Count(count as usize)),
            false => Err(format!("a number from 1 to {MOST}")),
        }
    }
}

/// Languages of one request.
const LANGUAGES: usize = 8;

fn too_many() -> WebError {
    WebError::Bad(format!("no more than {LANGUAGES} languages at once"))
}

/// Characters of what stands in an address: it must fit into the head of a request in any script.
const SHORT: usize = 1_000;
/// Characters of a text in a body: it must fit in any script.
const LONG: usize = 15_000;
/// Characters of a text of a unit.
const UNIT: usize = 5_000;

/// A text of at least one character, and at most `MOST`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Filled<const MOST: usize>(String);

impl<const MOST: usize> TryFrom<String> for Filled<MOST> {
    type Error = String;

    fn try_from(text: String) -> Result<Filled<MOST>, String> {
        match (1..=MOST).contains(&text.chars().count()) {
            true => Ok(Filled(text)),
            false => Err(format!("a text of 1 to {MOST} characters")),
        }
    }
}

/// What may be left out, but is no `null`.
fn given<'d, T: Deserialize<'d>, D: Deserializer<'d>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lookup {
    text: Filled<LONG>,
    from: Code,
    /// All others, where left out.
    #[serde(default)]
    to: Vec<Code>,
    #[serde(default, deserialize_with = "given")]
    min: Option<Percent>,
    #[serde(default, deserialize_with = "given")]
    max: Option<Count<100>>,
    #[serde(default)]
    pending: bool,
}

/// The same as it stands in an address, where a list is one value with commas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LookupQuery {
    text: Filled<SHORT>,
    from: Code,
    to: Option<String>,
    min: Option<Percent>,
    max: Option<Count<100>>,
    #[serde(default)]
    pending: bool,
}

async fn lookup_query(visit: Visit, Query(asked): Query<LookupQuery>) -> Result<Response, WebError> {
    let LookupQuery { text, from, to, min, max, pending } = asked;
    let to = to.iter().flat_map(|list| list.split(',')).map(|code| Code::try_from(code.to_owned()));
    let to = to.collect::<Result<_, _>>().map_err(WebError::Bad)?;
    let text = Filled(text.0);
    lookup(visit, Json(Lookup { text, from, to, min, max, pending })).await
}

async fn lookup(visit: Visit, Json(asked): Json<Lookup>) -> Result<Response, WebError> {
    visit
        .office
        .ask(move |office, views| {
            let known = views.first().map(known).transpose()?.unwrap_or_default();
            if asked.to.len() > LANGUAGES {
                return Err(too_many());
            }
            let from = asked.from.among(&known)?;
            let mut to: Vec<Language> = Vec::new();
            match asked.to.is_empty() {
                true => to.extend(&known),
                false => asked.to.iter().try_for_each(|code| code.among(&known).map(|language| to.push(language)))?,
            }
            to.retain(|language| *language != from);
            let text = asked.text.0;
            if to.is_empty() {
                return Ok(Json(Answer { query: &text, matches: Vec::new() }).into_response());
            }
            let options = Options {
                from,
                to,
                min: Score::from_percent(asked.min.map_or(60.0, |Percent(min)| min)),
                max: asked.max.map_or(5, |Count(max)| max),
                pending: asked.pending,
                penalties: Vec::new(),
            };
            let mut response = StatusCode::OK.into_response();
            views.lookup(options, false, [Ok::<_, WebError>(Asked::from(text.as_str()))], |query, found| {
                let matches = found.iter().map(|found| Record::of(found, memory_of(office, found.memory))).collect();
                response = Json(Answer { query: &query.text, matches }).into_response();
                Ok(())
            })?;
            Ok(response)
        })
        .await
}

/// What a memory is called, where several are asked: its file without the folder.
fn memory_of(office: &Office, number: usize) -> Option<String> {
    let asked = office.setup.memories.get(number).filter(|_| office.setup.memories.len() > 1)?;
    asked.path.file_name().map(|name| name.to_string_lossy().into_owned())
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Text,
    Word,
    Forms,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Concordance {
    pattern: Filled<SHORT>,
    #[serde(default)]
    mode: Mode,
    from: Option<Code>,
    max: Option<Count<500>>,
    #[serde(default)]
    pending: bool,
}

#[derive(Serialize)]
struct Lines {
    lines: Vec<LineRecord>,
}

#[derive(Serialize)]
struct LineRecord {
    #[serde(flatten)]
    line: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
}

async fn concordance(visit: Visit, Query(asked): Query<Concordance>) -> Result<Json<Lines>, WebError> {
    visit
        .office
        .ask(move |office, views: &Views<'_>| {
            let known = views.first().map(known).transpose()?.unwrap_or_default();
            let from = asked.from.map(|code| code.among(&known)).transpose()?;
            let form = match asked.mode {
                Mode::Text => Form::Text,
                Mode::Word => Form::Word,
                Mode::Forms => Form::Forms,
            };
            let pattern = Pattern::new(&asked.pattern.0, form, from, asked.pending).map_err(WebError::bad)?;
            let lines = views.concordance(&pattern, asked.max.map_or(50, |Count(max)| max))?.into_iter();
            let lines = lines.map(|(memory, line)| LineRecord { line, memory: memory_of(office, memory) }).collect();
            Ok(Json(Lines { lines }))
        })
        .await
}

/// One text, in one language or in several: then they are checked side by side.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    texts: BTreeMap<Code, Filled<LONG>>,
}

async fn check(visit: Visit, Json(asked): Json<Check>) -> Result<Response, WebError> {
    visit
        .office
        .read(move |office, reader| {
            let known = known(reader)?;
            let mut texts = BTreeMap::new();
            for (code, Filled(text)) in asked.texts {
                texts.insert(code.among(&known)?, text);
            }
            if texts.len() > LANGUAGES {
                return Err(too_many());
            }
            if texts.is_empty() {
                return Err(WebError::bad("there is no text to check"));
            }
            let job = check::Job {
                inputs: vec![Input::Typed(texts)],
                termbase: Some(office.glossary(reader)?.termbase()),
                rules: office.setup.rules.clone(),
                memory: Some(office.memory().to_owned()),
                segmenting: segmentation::Rules::new(&office.setup.segmenting).map_err(WebError::bad)?,
                ..check::Job::default()
            };
            let checked = check::check(job, &Unwatched);
            if let Some(error) = checked.failed.first() {
                return Err(WebError::bad(error));
            }
            let mut out = Vec::new();
            report::render(&checked.findings, report::Form::Json, report::Options::default(), &mut out)
                .map_err(|error| WebError::inside(&error))?;
            Ok(([(header::CONTENT_TYPE, "application/json")], out).into_response())
        })
        .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Find {
    text: Filled<LONG>,
    language: Code,
    /// Terms inside longer terms too.
    #[serde(default)]
    overlapping: bool,
}

async fn find(visit: Visit, Json(asked): Json<Find>) -> Result<Json<Value>, WebError> {
    visit
        .office
        .read(move |office, reader| {
            let language = asked.language.among(&known(reader)?)?;
            let termbase = office.glossary(reader)?.termbase();
            let overlap = if asked.overlapping { Overlap::All } else { Overlap::Longest };
            let text = asked.text.0.replace("\r\n", "\n");
            let hits = terms::find(&termbase, language, &text, false, overlap);
            let hits = hits.iter().map(|hit| {
                json!({
                    "line": hit.start.line, "column": hit.start.column,
                    "end_line": hit.end.line, "end_column": hit.end.column,
                    "term": hit.term, "surface": hit.surface, "concept": hit.concept,
                })
            });
            Ok(Json(json!({"hits": hits.collect::<Vec<_>>()})))
        })
        .await
}

async fn status(visit: Visit) -> Result<Json<Status>, WebError> {
    visit.office.read(|_, reader| Ok(Json(reader.status()?))).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    texts: BTreeMap<Code, Filled<UNIT>>,
    #[serde(default, deserialize_with = "given")]
    note: Option<Filled<SHORT>>,
}

async fn add(visit: Visit, Json(given): Json<Given>) -> Result<Response, WebError> {
    visit.may(Role::Translator)?;
    if given.texts.len() > LANGUAGES {
        return Err(too_many());
    }
    let mut variants: Vec<Variant> = Vec::new();
    for (code, Filled(text)) in given.texts {
        let language: Language = code.0.parse().map_err(WebError::bad)?;
        if text.trim().is_empty() {
            return Err(WebError::Bad(format!("the text in `{language}` is empty")));
        }
        variants.push(Variant::new(language, text));
    }
    if variants.iter().all(|variant| Some(variant.language) == variants.first().map(|first| first.language)) {
        return Err(WebError::bad("a unit has texts in two languages or more"));
    }
    // The language texts are written in first stands first, as in all units.
    variants.sort_by_key(|variant| Language::with_rows().position(|row| row == variant.language).unwrap_or(usize::MAX));
    let unit = Unit {
        variants,
        notes: given.note.into_iter().map(|Filled(text)| Note { attributes: Vec::new(), text }).collect(),
        origin: Origin { name: "api".to_owned(), provenance: Provenance::Edit, ..Origin::default() },
        ..Unit::default()
    };
    let who = visit.person.name.clone();
    let added = visit
        .office
        .write(move |office, memory| Ok(memory.write("api: unit", office.now(), &who, |batch| batch.add(&unit))?))
        .await?;
    let (status, new) = match added {
        Added::New(_) => (StatusCode::CREATED, true),
        Added::Same(_) => (StatusCode::OK, false),
    };
    Ok((status, Json(json!({"unit": added.id(), "new": new}))).into_response())
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("static/openapi.json"))
}

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/api/yaddash/openapi.json", get(openapi))
        .route("/api/yaddash/lookup", get(lookup_query).post(lookup))
        .route("/api/yaddash/concordance", get(concordance))
        .route("/api/yaddash/check", post(check))
        .route("/api/yaddash/terms", post(find))
        .route("/api/yaddash/status", get(status))
        .route("/api/yaddash/units", post(add))
}

#[cfg(test)]
mod tests {
    use crate::web::{Access, Trial};
    use serde_json::Value;

    fn description() -> Value {
        serde_json::from_str(include_str!("static/openapi.json")).unwrap()
    }

    #[test]
    fn the_description_has_every_address_and_no_other() {
        let description = description();
        assert_eq!(description["info"]["version"], env!("CARGO_PKG_VERSION"));
        let mut described: Vec<&str> = description["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        described.sort_unstable();
        let mut there: Vec<&str> = include_str!("api.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix(".route(\"")?.split('"').next())
            .collect();
        there.sort_unstable();
        assert_eq!(described, there);
    }

    #[test]
    fn methods_are_those_described() {
        let folder = tempfile::tempdir().unwrap();
        let trial = Trial::new(&folder.path().join("m.db"), Access::Loopback).unwrap();
        for (path, item) in description()["paths"].as_object().unwrap() {
            for method in ["get", "post", "put", "delete", "patch"] {
                let headers: [(&str, &[u8]); 2] = [("host", b"127.0.0.1:8080"), ("content-type", b"application/json")];
                let told = trial.answer(&method.to_uppercase(), path, &headers, b"{}").unwrap();
                let described = item.get(method).is_some();
                assert_eq!(told.status != 405, described, "{method} {path}: {}", told.status);
                if described {
                    let known = item[method]["responses"].get(told.status.to_string());
                    assert!(known.is_some(), "{method} {path}: {} is not described", told.status);
                } else {
                    assert!(told.header("allow").is_some(), "{method} {path}");
                }
            }
        }
    }
}
