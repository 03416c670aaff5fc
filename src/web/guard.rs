//! First in line: which hosts are ours, where a write may come from, how large and how slow a request may be, who asks;
//! and the headers every answer carries.

use super::{
    Web,
    error::WebError,
    office::Access,
    server::Ends,
    visit::{Person, Role, Visit, page, words_for},
};
use askama::Template;
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, uri::Authority},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::time::timeout;

/// Of a request that looks something up; pages that take files have a larger one of their own.
pub const BODY: usize = 64 * 1024;
/// Of a request with a file.
pub const FILE: usize = 64 * 1024 * 1024;
/// How long one request may take.
const TIME: Duration = Duration::from_secs(30);
/// Requests being answered at once; those beyond wait, and are told so when it takes too long.
pub const AT_ONCE: usize = 64;

/// What every answer says: only our own scripts and styles, in no frame, never guessed at, told to nobody.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The pages behind the guard.
pub fn guarded(pages: Router<Web>, office: &Web) -> Router<Web> {
    let room = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    pages
        .fallback(|| async { WebError::NotFound })
        .method_not_allowed_fallback(|| async { WebError::NotFound })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state((Arc::clone(office), room), guard))
}

async fn guard(
    State((office, room)): State<(Web, Arc<tokio::sync::Semaphore>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let words = words_for(request.headers());
    let wants_page = wants_page(request.headers());
    let ends = request.extensions().get::<Ends>().map(|ends| ends.ours);
    let mut response = match admit(&office, ends, &mut request) {
        Err(error) => error.into_response(),
        Ok(()) => match timeout(TIME, async {
            let _permit = room.acquire().await;
            next.run(request).await
        })
        .await
        {
            Ok(response) => response,
            Err(_) => WebError::Busy.into_response(),
        },
    };
    let failed = response.extensions_mut().remove::<WebError>();
    if let Some(error) = failed {
        if let WebError::Inside(what) = &error {
            (office.setup.complain)(what);
        }
        if wants_page {
            let status = error.status();
            let person = Person { name: String::new(), role: Role::Reader };
            let frame = Visit { office: Arc::clone(&office), person, words }.frame("error");
            if let Ok(made) = page(&Failed { frame, error }) {
                response = made;
                *response.status_mut() = status;
            }
        }
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[derive(Template)]
#[template(path = "error.html")]
struct Failed {
    frame: super::visit::Frame,
    error: WebError,
}

/// Whether a person waits for a page: browsers ask for HTML by name, programs do not.
fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("text/html")
}

/// Lets a request in, with who asks, or says why not.
fn admit(office: &Web, ours: Option<SocketAddr>, request: &mut Request<Body>) -> Result<(), WebError> {
    let host = host_of(request)?;
    if !is_ours(office, ours, &host) {
        return Err(WebError::Foreign("this server does not answer to that host name"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        let site = request.headers().get("sec-fetch-site").map(|value| value.as_bytes() == b"same-origin");
        // A page that hides where it came from says `null`; then the browser's word on the site has to do.
        let origin = request.headers().get(header::ORIGIN).filter(|value| site != Some(true) || *value != "null");
        let origin = origin.map(|value| {
            let parts = value.to_str().ok().and_then(|origin| origin.split_once("://"));
            parts.is_some_and(|(scheme, authority)| {
                matches!(scheme, "http" | "https") && authority.parse().is_ok_and(|host| is_ours(office, ours, &host))
            })
        });
        if matches!(site, Some(false)) && origin != Some(true) || origin == Some(false) {
            return Err(WebError::Foreign("another site may not change anything here"));
        }
    }
    let person = person(office, request)?;
    request.extensions_mut().insert(person);
    Ok(())
}

/// The host a request is for. Exactly one is named.
fn host_of(request: &Request<Body>) -> Result<Authority, WebError> {
    let mut all = request.headers().get_all(header::HOST).into_iter();
    let (Some(host), None) = (all.next(), all.next()) else {
        return Err(WebError::Foreign("a request names one host"));
    };
    let named = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    // A target with a host of its own must mean the same.
    match (named, request.uri().authority()) {
        (Some(named), None) => Ok(named),
        (Some(named), Some(other)) if named == *other => Ok(named),
        _ => Err(WebError::Foreign("a request names one host")),
    }
}

/// Whether a host is one of the server's names, with its port.
fn is_ours(office: &Web, ours: Option<SocketAddr>, host: &Authority) -> bool {
    if host.as_str().contains('@') {
        return false;
    }
    let Some(ours) = ours else { return false };
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    // 80 is what a browser leaves out.
    if host.port_u16().unwrap_or(80) == ours.port() {
        let local = ours.ip().is_loopback() && name.eq_ignore_ascii_case("localhost");
        if local || name.parse().is_ok_and(|ip: std::net::IpAddr| ip == ours.ip().to_canonical() || ip == ours.ip()) {
            return true;
        }
    }
    office.setup.names.iter().any(|own| own.eq_ignore_ascii_case(host.as_str()))
}

/// Who asks.
fn person(office: &Web, _request: &Request<Body>) -> Result<Person, WebError> {
    match office.setup.access {
        Access::Loopback => Ok(Person { name: office.setup.who.clone(), role: Role::Editor }),
        Access::Tokens => Err(WebError::Unknown),
    }
}
