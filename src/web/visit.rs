//! One request: who asks, and in which language of the interface.

use super::{
    Web,
    error::WebError,
    office::{Access, Office},
    words::Words,
};
use axum::{
    Form, Router,
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::post,
};
use serde::Deserialize;
use std::{convert::Infallible, sync::Arc};

pub use crate::app::people::Role;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub role: Role,
}

/// A request on its way to a page.
#[derive(Clone)]
pub struct Visit {
    pub office: Web,
    pub person: Person,
    pub words: &'static Words,
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, office: &Web) -> Result<Visit, Infallible> {
        // The guard has let nobody in without a name.
        let person = parts.extensions.get::<Person>().cloned();
        let person = person.unwrap_or_else(|| Person { name: String::new(), role: Role::Reader });
        Ok(Visit { office: Arc::clone(office), person, words: words_for(&parts.headers) })
    }
}

impl Visit {
    /// Refuses who may not do what `role` may.
    pub fn may(&self, role: Role) -> Result<(), WebError> {
        if self.person.role >= role { Ok(()) } else { Err(WebError::Forbidden) }
    }

    /// What every page shows around its own part. `page` is its name in the navigation.
    pub fn frame(&self, page: &'static str) -> Frame {
        Frame {
            page,
            words: self.words,
            person: self.person.clone(),
            leaves: self.office.setup.access == Access::Tokens && !self.person.name.is_empty(),
            memory: Office::memory(&self.office).display().to_string(),
        }
    }
}

/// The language of the interface: what was chosen, else what the browser says.
pub fn words_for(headers: &HeaderMap) -> &'static Words {
    let chosen = cookie(headers, LANGUAGE).and_then(|tag| Words::all().iter().find(|words| words.language == tag));
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("en");
    chosen.unwrap_or_else(|| Words::accepted(accepted()))
}

const LANGUAGE: &str = "yaddash-language";

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
}

/// What every page shows around its own part; templates begin with `{% extends "frame.html" %}` and have it as `frame`.
#[derive(Debug, Clone)]
pub struct Frame {
    pub page: &'static str,
    pub words: &'static Words,
    pub person: Person,
    /// They came in by a token, and may put it away.
    pub leaves: bool,
    pub memory: String,
}

/// The pages, in the order of the navigation: name, address, word.
const PAGES: &[(&str, &str, &str)] = &[
    ("search", "/", "nav.search"),
    ("releases", "/releases", "nav.releases"),
    ("align", "/align", "nav.align"),
    ("terms", "/terms", "nav.terms"),
    ("check", "/check", "nav.check"),
    ("units", "/units", "nav.units"),
    ("files", "/files", "nav.files"),
];

impl Frame {
    /// A word of the interface.
    pub fn t<'k>(&self, key: &'k str) -> &'k str {
        self.words.get(key)
    }

    pub fn pages(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        PAGES
    }

    pub fn languages(&self) -> &'static [Words] {
        Words::all()
    }

    pub fn may_translate(&self) -> bool {
        self.person.role >= Role::Translator
    }

    pub fn may_edit(&self) -> bool {
        self.person.role >= Role::Editor
    }
}

/// Fields that are filled, as they stand behind the `?` of an address.
pub fn query_of(fields: &[(&str, &String)]) -> String {
    let filled: Vec<_> = fields.iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(filled).unwrap_or_default()
}

/// A page, made.
pub fn page(template: &impl askama::Template) -> Result<Response, WebError> {
    Ok(Html(template.render().map_err(|error| WebError::inside(&error))?).into_response())
}

#[derive(Deserialize)]
struct Chosen {
    language: String,
    back: String,
}

/// Chooses the language of the interface and goes back to where one was.
async fn choose(Form(chosen): Form<Chosen>) -> Response {
    let words = Words::of(&chosen.language);
    let cookie = format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; SameSite=Strict", words.language);
    ([(header::SET_COOKIE, cookie)], Redirect::to(own_page(&chosen.back))).into_response()
}

/// An address of this server that somebody wants to go back to; what leads elsewhere leads to the first page.
pub fn own_page(back: &str) -> &str {
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    if ours && back.bytes().all(|b| b.is_ascii_graphic()) { back } else { "/" }
}

pub fn routes() -> Router<Web> {
    Router::new().route("/language", post(choose))
}
