//! Search: one box, matches above concordance lines.

use super::{
    Web,
    error::WebError,
    marked::{Piece, marked},
    visit::{Frame, Visit, page},
};
use crate::{
    concordance::{Form, Line, Pattern},
    lang::Language,
    lookup::{Match, Options, Query as Asked, Score},
};
use askama::Template;
use axum::{Router, extract::Query, response::Response, routing::get};
use serde::Deserialize;

/// What is asked for, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    q: String,
    from: Option<Language>,
}

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

#[derive(Debug, Clone, Default)]
struct Found {
    asked: bool,
    matches: Vec<Shown>,
    lines: Vec<Line>,
}

/// A match, and its source with what differs from the query.
#[derive(Debug, Clone)]
struct Shown {
    found: Match,
    from: Language,
    pieces: Vec<Piece>,
}

async fn search(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let languages = visit.office.read(|_, reader| Ok(reader.languages()?)).await?;
    let found = find(&visit, wanted.clone()).await?;
    page(&Page { frame: visit.frame("search"), wanted, languages, found })
}

/// What is found, without the page around it: for results as one types.
async fn found(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let found = find(&visit, wanted).await?;
    page(&Part { frame: visit.frame("search"), found })
}

async fn find(visit: &Visit, wanted: Wanted) -> Result<Found, WebError> {
    let text = wanted.q.trim().to_owned();
    if text.is_empty() {
        return Ok(Found::default());
    }
    let from = wanted.from.unwrap_or(Language::EN);
    visit
        .office
        .ask(move |_, views| {
            let known = views.first().map(|reader| reader.languages()).transpose()?.unwrap_or_default();
            let to: Vec<Language> = known.into_iter().filter(|language| *language != from).collect();
            let pattern = Pattern::new(&text, Form::Text, None, true).map_err(WebError::bad)?;
            let mut found = Found {
                asked: true,
                lines: views.concordance(&pattern, 50)?.into_iter().map(|(_, line)| line).collect(),
                ..Found::default()
            };
            if !to.is_empty() {
                let options =
                    Options { from, to, min: Score::from_percent(60.0), max: 9, pending: true, penalties: Vec::new() };
                views.lookup(options, false, [Ok::<_, WebError>(Asked::from(text.as_str()))], |query, matches| {
                    found.matches.extend(matches.iter().map(|found| Shown {
                        from,
                        pieces: marked(&query.text, &found.source),
                        found: found.clone(),
                    }));
                    Ok(())
                })?;
            }
            Ok(found)
        })
        .await
}

pub fn routes() -> Router<Web> {
    Router::new().route("/", get(search)).route("/search", get(found))
}
