//! Answers as programs read them: one object a query. The keys are a contract with other programs.

use crate::{
    lookup::{Match, Score},
    model::State,
};
use serde::Serialize;

/// One query with its matches.
#[derive(Debug, Serialize)]
pub struct Answer<'a> {
    pub query: &'a str,
    pub matches: Vec<Record<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Record<'a> {
    unit: i64,
    tuid: Option<&'a str>,
    score: Score,
    kind: &'static str,
    source: &'a str,
    target: &'a str,
    repaired: bool,
    state: State,
    origin: &'a str,
    date: Option<String>,
    targets: serde_json::Map<String, serde_json::Value>,
    places: Vec<i64>,
    /// Where several are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
}

impl<'a> Record<'a> {
    /// `memory` is what the match's memory is called, where several are asked.
    pub fn of(found: &'a Match, memory: Option<String>) -> Record<'a> {
        let targets = found.targets.iter().map(|t| (t.language.to_string(), t.text.as_str().into()));
        Record {
            unit: found.unit.0,
            tuid: found.tuid.as_deref(),
            score: found.score,
            kind: found.kind.as_str(),
            source: &found.source,
            target: &found.target().text,
            repaired: found.target().repaired,
            state: found.state,
            origin: &found.origin,
            date: found.date.as_ref().map(jiff::Timestamp::to_string),
            targets: targets.collect(),
            places: found.places.iter().map(|unit| unit.0).collect(),
            memory,
        }
    }
}
