//! What the page's script asks: the beads of a set, and deeds done to them. Beads come whole, as compact JSON; a deed is
//! answered with what it changed.

use super::{
    super::{
        Web,
        error::WebError,
        visit::{Role, Visit},
    },
    told,
};
use crate::{
    app::review::{self, Deed, Job, Review, Row},
    lang::Language,
};
use axum::{
    Extension, Json, Router,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// Sets kept as they were last seen, so that the next deed need not read them again.
const SEEN: usize = 4;

/// Sets as they were last seen, the newest last.
#[derive(Default)]
struct Seen(Mutex<Vec<Arc<Review>>>);

impl Seen {
    fn get(&self, name: &str, state: &str) -> Option<Arc<Review>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|review| review.name == name && review.state.to_string() == state).cloned()
    }

    fn put(&self, review: &Arc<Review>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|known| known.name != review.name);
        all.push(Arc::clone(review));
        let more = all.len().saturating_sub(SEEN);
        all.drain(..more);
    }
}

type Known = Extension<Arc<Seen>>;

#[derive(Debug, Deserialize)]
struct Asked {
    set: String,
    /// The state the page shows.
    #[serde(default)]
    known: String,
}

#[derive(Debug, Serialize)]
struct Whole<'r> {
    state: String,
    languages: &'r [Language],
    undo: bool,
    redo: bool,
    beads: &'r [Row],
}

/// The beads of a set; nothing where the page shows them as they are.
async fn beads(visit: Visit, Extension(seen): Known, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let words = visit.words;
    let review = visit
        .office
        .read(move |office, reader| {
            let state = reader.set_state(&asked.set)?.map(|state| state.to_string());
            if state.as_ref() == Some(&asked.known) {
                return Ok(None);
            }
            let review = review::open(reader, &asked.set, office.setup.accept).map_err(|error| told(error, words))?;
            let review = Arc::new(review);
            seen.put(&review);
            Ok(Some(review))
        })
        .await?;
    Ok(match review {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(review) => Json(Whole {
            state: review.state.to_string(),
            languages: &review.languages,
            undo: review.undo.is_some(),
            redo: review.redo.is_some(),
            beads: &review.rows,
        })
        .into_response(),
    })
}

#[derive(Debug, Deserialize)]
struct Wish {
    set: String,
    /// The state the deed is meant for.
    seen: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum What {
    Back { back: Back },
    Deed(Deed),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Back {
    Undo,
    Redo,
}

/// What a deed changed: from bead `at` on so many are replaced by others.
#[derive(Debug, Serialize)]
struct Changed {
    state: String,
    undo: bool,
    redo: bool,
    at: usize,
    removed: usize,
    beads: Vec<Row>,
    /// Texts of units that people had edited and that are what the documents say again.
    dropped: usize,
}

impl Changed {
    fn between(before: &Review, after: &Review) -> Changed {
        let (old, new) = (&before.rows, &after.rows);
        let at = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let end = old[at..].iter().rev().zip(new[at..].iter().rev()).take_while(|(a, b)| a == b).count();
        let edited = |rows: &[Row]| rows.iter().map(|row| row.edited.len()).sum::<usize>();
        Changed {
            state: after.state.to_string(),
            undo: after.undo.is_some(),
            redo: after.redo.is_some(),
            at,
            removed: old.len() - end - at,
            beads: new[at..new.len() - end].to_vec(),
            dropped: edited(old).saturating_sub(edited(new)),
        }
    }
}

/// Does a deed and stores it.
async fn step(visit: Visit, Extension(known): Known, Json(wish): Json<Wish>) -> Result<Json<Changed>, WebError> {
    visit.may(Role::Translator)?;
    let (words, person) = (visit.words, visit.person.clone());
    let changed = visit
        .office
        .write(move |office, memory| {
            let accept = office.setup.accept;
            let job = Job { accept, who: &person.name, now: office.now() };
            let told = |error| told(error, words);
            let before = match known.get(&wish.set, &wish.seen) {
                Some(review) => review,
                None => Arc::new(review::open(&memory.read()?, &wish.set, accept).map_err(told)?),
            };
            if before.state.to_string() != wish.seen {
                return Err(told(review::ReviewError::Stale));
            }
            let back = match &wish.what {
                What::Deed(deed) => {
                    review::act(memory, &before, deed, &job).map_err(told)?;
                    false
                }
                What::Back { back } => {
                    let own = person.role < Role::Editor;
                    review::undo(memory, &before, *back == Back::Redo, own, &job).map_err(told)?;
                    true
                }
            };
            let after = Arc::new(review::open(&memory.read()?, &wish.set, accept).map_err(told)?);
            known.put(&after);
            let mut changed = Changed::between(&before, &after);
            // What is taken back on purpose is not told of.
            changed.dropped = if back { 0 } else { changed.dropped };
            Ok(changed)
        })
        .await?;
    Ok(Json(changed))
}

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/aligning/beads", get(beads))
        .route("/aligning/step", post(step))
        .layer(Extension(Arc::new(Seen::default())))
}
