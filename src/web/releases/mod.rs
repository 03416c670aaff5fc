//! Releases: how far each is, the office at a glance, and each with its texts side by side.

mod board;
mod one;
mod texts;

pub use board::Board;

use super::{
    Web,
    error::WebError,
    findings::native,
    visit::{Frame, Visit, page},
    words::Words,
};
use crate::{
    app::{
        gate::Verdict,
        release::{Counts, Release, State},
    },
    lang::Language,
};
use askama::Template;
use axum::{
    Json, Router,
    extract::Query,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use board::{Known, Standing};
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

/// Releases on one page.
const PAGE: usize = 100;
/// Reasons of the gate that are shown.
const REASONS: usize = 8;

/// What is asked for, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    q: String,
    state: String,
    missing: String,
    stale: String,
    attention: String,
    page: String,
    part: String,
}

impl Wanted {
    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn wants(&self, release: &Release) -> bool {
        let state = State::named(&self.state);
        let q = self.q.trim().to_lowercase();
        (q.is_empty() || release.name.to_lowercase().contains(&q))
            && state.is_none_or(|state| release.sides.values().any(|side| side.state == Some(state)))
            && (self.missing.is_empty() || !release.missing().is_empty())
            && (self.stale.is_empty() || release.is_stale())
            && (self.attention.is_empty() || needs_attention(release))
    }

    /// The address of another page of the same.
    fn address(&self, page: usize) -> String {
        let all = [("q", &self.q), ("state", &self.state), ("missing", &self.missing), ("stale", &self.stale)];
        let all = all.into_iter().chain([("attention", &self.attention)]).filter(|(_, value)| !value.is_empty());
        let asked: Vec<String> = all.map(|(name, value)| format!("{name}={}", quoted(value, ""))).collect();
        let asked = asked.into_iter().chain((page > 1).then(|| format!("page={page}")));
        format!("/releases?{}", asked.collect::<Vec<_>>().join("&"))
    }
}

/// As `release status` has it: errors, warnings, something missing or out of step.
fn needs_attention(release: &Release) -> bool {
    let found = release.findings.unwrap_or_default();
    found.errors + found.warnings > 0 || !release.missing().is_empty() || release.is_stale()
}

/// A state as it is shown.
#[derive(Debug, Clone)]
struct Shown {
    text: String,
    tag: &'static str,
    said: bool,
}

fn state_of(words: &Words, state: Option<State>, missing: bool, said: bool) -> Shown {
    let tag = match state {
        _ if missing && !said => "bad",
        None | Some(State::InTranslation) => "",
        Some(State::Draft | State::Corrected) => "warn",
        Some(State::Reviewed | State::Published) => "good",
    };
    let text = match state {
        _ if missing && !said => words.get("releases.missing").to_owned(),
        Some(state) => state_word(words, state).to_owned(),
        None => "–".to_owned(),
    };
    Shown { text, tag, said }
}

fn state_word(words: &Words, state: State) -> &'static str {
    match state {
        State::InTranslation => words.get("releases.in-translation"),
        State::Draft => words.get("releases.draft"),
        State::Reviewed => words.get("releases.reviewed"),
        State::Published => words.get("releases.published"),
        State::Corrected => words.get("releases.corrected"),
    }
}

struct Row {
    name: String,
    address: String,
    states: Vec<(String, Option<Shown>)>,
    date: String,
    units: usize,
    pending: usize,
    findings: Option<Counts>,
    attention: Vec<String>,
}

/// The list, and what stands above it.
#[derive(Template)]
#[template(path = "releases-list.html")]
struct List {
    frame: Frame,
    known: bool,
    whole: bool,
    stage: Option<Stage>,
    failed: Option<String>,
    total: usize,
    missing: usize,
    stale: usize,
    attention: usize,
    glance: Vec<(String, Vec<(String, usize)>)>,
    verdict: Option<Arc<Verdict>>,
    unreadable: Vec<String>,
    languages: Vec<String>,
    found: usize,
    rows: Vec<Row>,
    before: Option<String>,
    after: Option<String>,
}

struct Stage {
    text: &'static str,
    done: usize,
    length: usize,
}

#[derive(Template)]
#[template(path = "releases.html")]
struct Page {
    frame: Frame,
    wanted: Wanted,
    states: Vec<(&'static str, &'static str)>,
    list: String,
    running: bool,
}

async fn releases(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let standing = standing(&visit).await?;
    if wanted.part == "progress" {
        return Ok(Json(progress(&visit, &standing)).into_response());
    }
    let running = standing.running.is_some();
    let frame = visit.frame("releases");
    let list = list(&visit, &wanted, standing).render().map_err(|error| WebError::inside(&error))?;
    if wanted.part == "list" {
        return Ok(Html(list).into_response());
    }
    let states = State::ALL.map(|state| (state.as_str(), state_word(visit.words, state))).to_vec();
    page(&Page { frame, wanted, states, list, running })
}

async fn standing(visit: &Visit) -> Result<Standing, WebError> {
    let office = Arc::clone(&visit.office);
    visit.office.read(move |_, reader| Board::ask(&office, reader)).await
}

fn progress(visit: &Visit, standing: &Standing) -> serde_json::Value {
    let stage = standing.running.as_ref().map(|_| stage(visit.words, standing)).and_then(|stage| stage);
    json!({
        "running": standing.running.is_some(),
        "stage": stage.as_ref().map(|stage| stage.text),
        "done": stage.as_ref().map(|stage| stage.done),
        "length": stage.as_ref().map(|stage| stage.length),
        "whole": standing.known.as_ref().is_some_and(|known| known.whole),
        "made": standing.known.as_ref().map(|known| (known.made.as_millisecond(), known.whole)),
    })
}

fn stage(words: &Words, standing: &Standing) -> Option<Stage> {
    let (what, done, length) = standing.running.as_ref()?.now();
    let text = match what {
        "reading" => words.get("releases.reading"),
        "checking" => words.get("releases.checking"),
        "aligning" | "learning" => words.get("releases.aligning"),
        _ => words.get("releases.looking"),
    };
    Some(Stage { text, done: done.min(length), length })
}

fn list(visit: &Visit, wanted: &Wanted, standing: Standing) -> List {
    let words = visit.words;
    let stage = stage(words, &standing);
    let mut out = List {
        frame: visit.frame("releases"),
        known: standing.known.is_some(),
        whole: standing.known.as_ref().is_some_and(|known| known.whole),
        stage,
        failed: standing.failed,
        total: 0,
        missing: 0,
        stale: 0,
        attention: 0,
        glance: Vec::new(),
        verdict: None,
        unreadable: Vec::new(),
        languages: Vec::new(),
        found: 0,
        rows: Vec::new(),
        before: None,
        after: None,
    };
    let Some(Known { overview, verdict, whole, .. }) = standing.known else { return out };
    let releases = &overview.releases;
    let mut languages: Vec<Language> = releases.iter().flat_map(|release| release.sides.keys().copied()).collect();
    languages.sort();
    languages.dedup();
    out.total = releases.len();
    out.missing = releases.iter().filter(|release| !release.missing().is_empty()).count();
    out.stale = releases.iter().filter(|release| release.is_stale()).count();
    out.attention = releases.iter().filter(|release| needs_attention(release)).count();
    out.unreadable = overview.failed.iter().take(PAGE).cloned().collect();
    out.verdict = (whole && visit.office.setup.releases.is_some()).then_some(verdict);
    out.languages = languages.iter().map(|language| native(*language)).collect();
    out.glance = languages
        .iter()
        .map(|language| {
            let in_state = |state: State| {
                let is_it = |release: &&Release| release.sides.get(language).is_some_and(|s| s.state == Some(state));
                (state_word(words, state).to_owned(), releases.iter().filter(is_it).count())
            };
            let counts = State::ALL.into_iter().rev().map(in_state).filter(|(_, count)| *count > 0);
            (native(*language), counts.collect())
        })
        .collect();
    let wanted_ones: Vec<&Release> = releases.iter().filter(|release| wanted.wants(release)).collect();
    out.found = wanted_ones.len();
    let last = out.found.div_ceil(PAGE).max(1);
    let number = wanted.page().min(last);
    out.before = (number > 1).then(|| wanted.address(number - 1));
    out.after = (number < last).then(|| wanted.address(number + 1));
    out.rows = wanted_ones
        .into_iter()
        .skip((number - 1) * PAGE)
        .take(PAGE)
        .map(|release| Row {
            name: release.name.clone(),
            address: address(&release.name),
            states: languages
                .iter()
                .map(|language| {
                    let side = release.sides.get(language);
                    let shown = side.map(|side| state_of(words, side.state, side.is_missing(), side.said));
                    (native(*language), shown)
                })
                .collect(),
            date: release.sides.values().filter_map(|side| side.date).min().map_or(String::new(), |d| d.to_string()),
            units: release.units,
            pending: release.pending,
            findings: release.findings,
            attention: attention(words, release),
        })
        .collect();
    out
}

/// What to look at in a release, the findings left out.
fn attention(words: &Words, release: &Release) -> Vec<String> {
    let names = |languages: &[Language]| languages.iter().map(Language::as_str).collect::<Vec<_>>().join(", ");
    let mut out = Vec::new();
    let missing = release.missing();
    if !missing.is_empty() {
        out.push(words.with("releases.lacks", &[("languages", &names(&missing))]));
    }
    let reworded: Vec<Language> = release.sides.iter().filter(|(_, side)| side.reworded).map(|(l, _)| *l).collect();
    if !reworded.is_empty() {
        out.push(words.with("releases.reworded", &[("languages", &names(&reworded))]));
    }
    let mut behind: BTreeMap<(&[Language], &[Language]), usize> = BTreeMap::new();
    for stale in &release.stale {
        *behind.entry((&stale.behind, &stale.changed)).or_default() += 1;
    }
    for ((others, changed), count) in behind {
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("languages", &names(others)), ("changed", &names(changed)), ("count", &count)];
        out.push(words.with("releases.behind", &values));
    }
    for (language, side) in release.sides.iter().filter(|(_, side)| side.lacking > 0 && !side.is_missing()) {
        out.push(words.with("releases.lacking", &[("language", language), ("count", &side.lacking)]));
    }
    out
}

/// The page of a release.
pub fn address(name: &str) -> String {
    format!("/releases/{}", quoted(name, "/"))
}

/// Percent-encoded, all but what stands for itself in every part of an address, and what `keep` has.
fn quoted(text: &str, keep: &str) -> String {
    let byte = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) || keep.as_bytes().contains(&b) => {
            char::from(b).to_string()
        }
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

pub fn routes() -> Router<Web> {
    Router::new().route("/releases", get(releases)).route("/releases/{*name}", get(one::show).post(one::act))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::release::{Side, Stale};
    use crate::memory::BatchId;
    use crate::model::UnitId;

    #[test]
    fn names_stand_in_addresses() {
        assert_eq!(address("2024/0 1?#%ş"), "/releases/2024/0%201%3F%23%25%C5%9F");
        let wanted = Wanted { q: "a&b".into(), state: "draft".into(), ..Wanted::default() };
        assert_eq!(wanted.address(1), "/releases?q=a%26b&state=draft");
        assert_eq!(wanted.address(3), "/releases?q=a%26b&state=draft&page=3");
    }

    #[test]
    fn the_list_is_filtered() {
        let mut late =
            Release::of_test("2025/002", &[(Language::EN, State::Published), (Language::AZ, State::Published)]);
        late.stale =
            vec![Stale { unit: UnitId(7), changed: vec![Language::EN], behind: vec![Language::AZ], batch: BatchId(2) }];
        let mut half = Release::of_test("2024/001", &[(Language::EN, State::Draft)]);
        half.sides.insert(Language::RU, Side::default());
        let whole = Release::of_test("2024/003", &[(Language::EN, State::Draft)]);
        let all = [late, half, whole];
        let names = |wanted: Wanted| -> Vec<&str> {
            all.iter().filter(|release| wanted.wants(release)).map(|release| release.name.as_str()).collect()
        };
        let on = || "on".to_owned();
        assert_eq!(names(Wanted::default()).len(), 3);
        assert_eq!(names(Wanted { q: " 2024/ ".into(), ..Wanted::default() }), ["2024/001", "2024/003"]);
        assert_eq!(names(Wanted { state: "published".into(), ..Wanted::default() }), ["2025/002"]);
        assert_eq!(names(Wanted { missing: on(), ..Wanted::default() }), ["2024/001"]);
        assert_eq!(names(Wanted { stale: on(), ..Wanted::default() }), ["2025/002"]);
        assert_eq!(names(Wanted { attention: on(), ..Wanted::default() }), ["2025/002", "2024/001"]);
        assert_eq!(Wanted { page: "-7".into(), ..Wanted::default() }.page(), 1);
        let words = Words::of("en");
        assert_eq!(attention(words, &all[0]), ["az behind en, units: 1"]);
        assert_eq!(attention(words, &all[1]), ["missing: ru"]);
    }
}
