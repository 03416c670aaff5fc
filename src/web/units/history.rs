//! The history: batches, what each did, and taking it back.

use super::between::{Between, between};
use crate::{
    memory::{BatchId, BatchInfo, Change, Conflict, OnConflict, Thing, Undone},
    model::{Unit, UnitId},
    web::{
        error::WebError,
        visit::{Frame, Role, Visit, page},
    },
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

/// Batches shown at once.
const BATCHES: usize = 50;
/// Changes of a batch shown at first, then on demand.
const STEPS: &[usize] = &[50, 200, 500];
/// Conflicts named one by one.
const NAMED: usize = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    before: Option<i64>,
    n: Option<usize>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct List {
    frame: Frame,
    batches: Vec<BatchInfo>,
    /// There are older ones before this.
    next: Option<BatchId>,
}

pub(super) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let before = BatchId(wanted.before.unwrap_or(i64::MAX));
    let mut batches = visit.office.read(move |_, reader| Ok(reader.history_before(before, BATCHES + 1)?)).await?;
    let more = batches.len() > BATCHES;
    batches.truncate(BATCHES);
    let next = batches.last().map(|batch| batch.id).filter(|_| more);
    page(&List { frame: visit.frame("units"), batches, next })
}

/// What a batch did to one thing.
#[derive(Debug, Clone)]
struct Row {
    unit: Option<UnitId>,
    name: String,
    new: bool,
    gone: bool,
    /// A new unit, or one that only its state or place has changed: its texts as they are.
    texts: Option<Unit>,
    between: Between,
}

impl From<Change> for Row {
    fn from(change: Change) -> Row {
        let name = change.thing.to_string();
        let Thing::Unit(id) = change.thing else {
            return Row { unit: None, name, new: false, gone: false, texts: None, between: Between::default() };
        };
        let (new, gone) = (change.before.is_none(), change.after.is_none());
        let between = match new {
            true => Between::default(),
            false => between(change.before.as_ref(), change.after.as_ref()),
        };
        let texts = change.after.filter(|_| between.texts.is_empty());
        Row { unit: Some(id), name, new, gone, texts, between }
    }
}

#[derive(Template)]
#[template(path = "batch.html")]
struct Batch {
    frame: Frame,
    batch: BatchInfo,
    rows: Vec<Row>,
    /// How many to ask for to see more.
    more: Option<usize>,
    cut: bool,
    /// Whether this visitor may undo it.
    may_undo: bool,
}

fn number(text: &str) -> Result<BatchId, WebError> {
    text.parse().map(BatchId).map_err(|_| WebError::NotFound)
}

/// One's own batches a translator may take back, those of others an editor.
fn role_to_undo(visit: &Visit, batch: &BatchInfo) -> Role {
    if batch.who == visit.person.name { Role::Translator } else { Role::Editor }
}

async fn batch_of(visit: &Visit, id: BatchId) -> Result<BatchInfo, WebError> {
    visit.office.read(move |_, reader| Ok(reader.batch(id)?)).await?.ok_or(WebError::NotFound)
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let id = number(&id)?;
    let batch = batch_of(&visit, id).await?;
    let asked = wanted.n.unwrap_or(0);
    let most = STEPS.iter().copied().find(|step| *step >= asked).unwrap_or(STEPS[STEPS.len() - 1]);
    let changes = visit.office.read(move |_, reader| Ok(reader.changes(id, most + 1)?)).await?;
    let there_is_more = changes.len() > most;
    let more = STEPS.iter().copied().find(|step| *step > most).filter(|_| there_is_more);
    let may_undo = visit.may(role_to_undo(&visit, &batch)).is_ok();
    let rows = changes.into_iter().take(most).map(Row::from).collect();
    let cut = there_is_more && more.is_none();
    page(&Batch { frame: visit.frame("units"), batch, rows, more, cut, may_undo })
}

#[derive(Template)]
#[template(path = "undo.html")]
struct Trial {
    frame: Frame,
    batch: BatchInfo,
    restored: u64,
    conflicts: Vec<Later>,
    count: usize,
    /// It had been undone already, by this batch.
    already: Option<BatchId>,
    /// There are other conflicts than the user has seen.
    overtaken: bool,
}

/// A thing that a later batch has changed.
#[derive(Debug, Clone)]
struct Later {
    thing: String,
    unit: Option<String>,
    by: Option<BatchId>,
}

impl From<&Conflict> for Later {
    fn from(conflict: &Conflict) -> Later {
        let unit = conflict.thing.strip_prefix("unit ").map(str::to_owned);
        Later { thing: conflict.thing.clone(), unit, by: conflict.by }
    }
}

/// What undoing would do; nothing is changed.
pub(super) async fn trial(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    tried(visit, number(&id)?, false).await
}

async fn tried(visit: Visit, id: BatchId, overtaken: bool) -> Result<Response, WebError> {
    let batch = batch_of(&visit, id).await?;
    visit.may(role_to_undo(&visit, &batch))?;
    let who = visit.person.name.clone();
    let Undone { restored, conflicts, already, .. } = visit
        .office
        .write(move |office, memory| Ok(memory.undo_on_trial(id, OnConflict::Keep, office.now(), &who)?))
        .await?;
    let count = conflicts.len();
    let conflicts = conflicts.iter().take(NAMED).map(Later::from).collect();
    page(&Trial { frame: visit.frame("units"), batch, restored, conflicts, count, already, overtaken })
}

#[derive(Debug, Deserialize)]
pub(super) struct Order {
    #[serde(default)]
    on_conflict: String,
    /// How many conflicts the user was shown.
    #[serde(default)]
    seen: usize,
}

pub(super) async fn undo(visit: Visit, Path(id): Path<String>, Form(order): Form<Order>) -> Result<Response, WebError> {
    let id = number(&id)?;
    let way = match order.on_conflict.as_str() {
        "" | "keep" => OnConflict::Keep,
        "overwrite" => OnConflict::Overwrite,
        other => return Err(WebError::bad(format!("`{other}` is nothing that becomes of a conflict"))),
    };
    let batch = batch_of(&visit, id).await?;
    visit.may(role_to_undo(&visit, &batch))?;
    let who = visit.person.name.clone();
    let undone = visit
        .office
        .write(move |office, memory| {
            let trial = memory.undo_on_trial(id, OnConflict::Keep, office.now(), &who)?;
            if trial.conflicts.len() != order.seen {
                return Ok(None);
            }
            Ok(Some(memory.undo(id, way, office.now(), &who)?))
        })
        .await?;
    match undone {
        None => {
            let mut response = tried(visit, id, true).await?;
            *response.status_mut() = WebError::Conflict(String::new()).status();
            Ok(response)
        }
        Some(Undone { batch, already, .. }) => {
            let to = batch.or(already).unwrap_or(id);
            Ok(Redirect::to(&format!("/history/{to}")).into_response())
        }
    }
}
