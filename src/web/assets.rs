//! Scripts and styles: out of a table in the program, so that no path reaches the disk.

use super::{Web, error::WebError};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

/// A file of the program: its name below `/static/`, its type, its text.
struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

macro_rules! assets {
    ($($name:literal = $kind:ident,)*) => {
        const ASSETS: &[Asset] = &[$(Asset { name: $name, kind: $kind, text: include_str!(concat!("static/", $name)) }),*];
    };
}

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

assets! {
    "align.css" = CSS,
    "align.js" = JS,
    "check.css" = CSS,
    "check.js" = JS,
    "enter.js" = JS,
    "files.css" = CSS,
    "files.js" = JS,
    "findings.css" = CSS,
    "frame.css" = CSS,
    "frame.js" = JS,
    "mark.svg" = SVG,
    "releases.css" = CSS,
    "releases.js" = JS,
    "search.css" = CSS,
    "search.js" = JS,
    "terms.css" = CSS,
    "terms.js" = JS,
    "unit.js" = JS,
    "units.css" = CSS,
    "units.js" = JS,
}

/// Changes with the program, so that a browser asks whether a file is as it has it.
const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, WebError> {
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(WebError::NotFound)?;
    let tag = format!("{}-{:x}\"", TAG.trim_end_matches('"'), asset.text.len());
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let about = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "no-cache"), (header::ETAG, tag.as_str())];
    Ok(match known {
        true => (StatusCode::NOT_MODIFIED, about).into_response(),
        false => (about, asset.text).into_response(),
    })
}

pub fn routes() -> Router<Web> {
    Router::new().route("/static/{name}", get(asset))
}
