//! The workbench: pages for translators and editors in the browser, and what CAT tools ask over HTTP.
//!
//! The server is another way to the functions of [`crate::app`], as the command line is: the same questions get the
//! same answers. Pages are made here, from templates the compiler checks; the scripts beside them only save the user
//! a reload.
//!
//! | file | what it does |
//! |---|---|
//! | `server` | connections, their bounds, a graceful end |
//! | `guard` | first in line: host, origin, size, time, who asks |
//! | `access` | tokens: where requests show them, the page to enter by, a brake on guessing |
//! | `matches` | what the protocols of CAT tools have in common; `tmserver`, `translate`: the protocols |
//! | `api` | our own, for scripts; `static/openapi.json` describes it |
//! | `trial` | requests answered without a socket |
//! | `office` | the memory: many readers, one writer, what is set |
//! | `glossary` | the glossary in force, read once |
//! | `visit` | one request: who asks, in which language of the interface |
//! | `words` | the interface in its languages, tables in `words/` |
//! | `error` | what goes wrong, as a page or as JSON, without the inside |
//! | `assets` | scripts and styles, out of a table |
//! | the others | a file a page |

mod access;
mod align;
mod api;
mod assets;
mod changes;
mod check;
mod error;
mod files;
mod findings;
mod glossary;
mod guard;
mod marked;
mod matches;
mod office;
mod releases;
mod search;
mod server;
mod terms;
mod tmserver;
mod translate;
mod trial;
mod units;
mod visit;
mod words;

pub use office::{Access, Office, Setup};
pub use server::{ServeError, Stop, serve};
pub use trial::{Told, Trial};

use axum::Router;
use std::sync::Arc;

type Web = Arc<Office>;

/// What the pages answer, without the guard.
fn pages() -> Router<Web> {
    Router::new()
        .merge(assets::routes())
        .merge(changes::routes())
        .merge(visit::routes())
        .merge(search::routes())
        .merge(releases::routes())
        .merge(align::routes())
        .merge(terms::routes())
        .merge(check::routes())
        .merge(units::routes())
        .merge(files::routes())
        .merge(access::routes())
        .merge(api::routes())
        .merge(tmserver::routes())
        .merge(translate::routes())
}
