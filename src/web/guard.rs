//! First in line: which hosts are ours, where a write may come from, how large and how slow a request may be, who asks;
//! and the headers every answer carries.
//!
//! A foreign page in the user's browser can send requests here, so `Host` must be a name of ours whatever `Origin`
//! says (a name that leads to this address is no name of ours: DNS rebinding), and what changes something must come
//! from a page of ours or from no page at all.

use super::{
    Web, access,
    error::WebError,
    office::Access,
    server::Ends,
    visit::{Person, Role, Visit, page, words_for},
};
use askama::Template;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{DefaultBodyLimit, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts, uri::Authority},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
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
        .method_not_allowed_fallback(|| async { WebError::Method })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state((Arc::clone(office), room), guard))
}

/// From where a request came: as far as a proxy on this computer, which is believed, tells.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub address: IpAddr,
    /// Over TLS.
    pub secure: bool,
}

impl Caller {
    fn of(headers: &HeaderMap, theirs: Option<SocketAddr>) -> Caller {
        let address = theirs.map_or(IpAddr::from(Ipv4Addr::UNSPECIFIED), |theirs| theirs.ip().to_canonical());
        let last = |name: &str| {
            let value = headers.get_all(name).into_iter().next_back().and_then(|value| value.to_str().ok())?;
            Some(value.rsplit(',').next().unwrap_or(value).trim())
        };
        match address.is_loopback() {
            // The last is what the proxy itself saw; those before it are what it was told.
            true => Caller {
                address: last("x-forwarded-for").and_then(|from| from.parse().ok()).unwrap_or(address),
                secure: last("x-forwarded-proto") == Some("https"),
            },
            false => Caller { address, secure: false },
        }
    }
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Caller, Infallible> {
        let theirs = parts.extensions.get::<Ends>().map(|ends| ends.theirs);
        Ok(Caller::of(&parts.headers, theirs))
    }
}

async fn guard(
    State((office, room)): State<(Web, Arc<tokio::sync::Semaphore>)>,
    request: Request,
    next: Next,
) -> Response {
    let words = words_for(request.headers());
    let wants_page = wants_page(request.headers());
    let method = request.method().clone();
    let uri = request.uri().clone();
    let caller = Caller::of(request.headers(), request.extensions().get::<Ends>().map(|ends| ends.theirs));
    let answered = timeout(TIME, async {
        let (mut parts, body) = request.into_parts();
        let body = match admit(&office, &caller, &mut parts, body).await {
            Ok(body) => body,
            Err((error, by_cookie)) => return refused(&error, by_cookie, &caller, &method, &uri, wants_page),
        };
        let _permit = room.acquire().await;
        next.run(Request::from_parts(parts, body)).await
    });
    let response = answered.await.unwrap_or_else(|_| WebError::Busy.into_response());
    let mut response = told(response).await;
    let failed = response.extensions_mut().remove::<WebError>();
    if let Some(error) = failed {
        if let WebError::Inside(what) = &error {
            (office.setup.complain)(what);
        }
        if wants_page {
            let person = Person { name: String::new(), role: Role::Reader };
            let frame = Visit { office: Arc::clone(&office), person, words }.frame("error");
            if let Ok(made) = page(&Failed { frame, error }) {
                let (parts, body) = made.into_parts();
                *response.body_mut() = body;
                response.headers_mut().remove(header::CONTENT_LENGTH);
                response.headers_mut().extend(parts.headers);
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

/// The answer to somebody who is not let in. A person without a token is led to where one is shown.
fn refused(
    error: &WebError,
    by_cookie: bool,
    caller: &Caller,
    method: &Method,
    uri: &Uri,
    wants_page: bool,
) -> Response {
    let mut response = match error {
        WebError::Unknown if wants_page && method == Method::GET && !access::is_for_programs(uri.path()) => {
            let back = uri.path_and_query().map_or("/", |back| back.as_str());
            let query = serde_urlencoded::to_string([("back", back)]).unwrap_or_default();
            Redirect::to(&format!("/enter?{query}")).into_response()
        }
        error => error.clone().into_response(),
    };
    let headers = response.headers_mut();
    if *error == WebError::Unknown {
        headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"yaddash\""));
        if access::is_for_programs(uri.path()) {
            let basic = HeaderValue::from_static("Basic realm=\"yaddash\", charset=\"UTF-8\"");
            headers.append(header::WWW_AUTHENTICATE, basic);
        }
        if by_cookie && let Ok(cookie) = access::forgetting(caller).parse() {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    if *error == WebError::Guessing {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// What a page's own reading of its request refused is said in our way.
async fn told(response: Response) -> Response {
    let status = response.status();
    let plain =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !status.is_client_error() || !plain || response.extensions().get::<WebError>().is_some() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let text =
        to_bytes(body, BODY).await.map_or_else(|_| String::new(), |text| String::from_utf8_lossy(&text).into_owned());
    let error = match status {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => WebError::Unsupported(text),
        StatusCode::UNPROCESSABLE_ENTITY => WebError::Unread(text),
        StatusCode::METHOD_NOT_ALLOWED => WebError::Method,
        StatusCode::NOT_FOUND => WebError::NotFound,
        _ => WebError::Bad(text),
    };
    let mut response = error.into_response();
    if let Some(allow) = parts.headers.get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
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

/// Lets a request in, with who asks, or says why not, and whether what was shown was a cookie.
async fn admit(office: &Web, caller: &Caller, parts: &mut Parts, body: Body) -> Result<Body, (WebError, bool)> {
    let no_cookie = |error| (error, false);
    let ours = parts.extensions.get::<Ends>().map(|ends| ends.ours);
    let host = host_of(parts).map_err(no_cookie)?;
    if !is_ours(office, ours, &host) {
        return Err(no_cookie(WebError::Foreign("this server does not answer to that host name")));
    }
    if !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        from_ours(office, ours, &parts.headers).map_err(no_cookie)?;
    }
    let (body, small) = whole(body).await.map_err(no_cookie)?;
    let person = person(office, caller, parts, &small).await?;
    parts.extensions.insert(person);
    Ok(body)
}

/// A write comes from a page of ours, or from no page.
fn from_ours(office: &Web, ours: Option<SocketAddr>, headers: &HeaderMap) -> Result<(), WebError> {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes() == b"same-origin");
    // A page that hides where it came from says `null`; then the browser's word on the site has to do.
    let origin = headers.get(header::ORIGIN).filter(|value| site != Some(true) || *value != "null");
    let origin = origin.map(|value| {
        let parts = value.to_str().ok().and_then(|origin| origin.split_once("://"));
        parts.is_some_and(|(scheme, authority)| {
            matches!(scheme, "http" | "https") && authority.parse().is_ok_and(|host| is_ours(office, ours, &host))
        })
    });
    match matches!(site, Some(false)) && origin != Some(true) || origin == Some(false) {
        true => Err(WebError::Foreign("another site may not change anything here")),
        false => Ok(()),
    }
}

/// Takes in the body of a request for which little is announced, before it has a place among those that are answered:
/// who sends slowly holds up nobody. Gives it back, and what it holds; nothing of a larger one.
async fn whole(body: Body) -> Result<(Body, Bytes), WebError> {
    match body.size_hint().exact() {
        Some(length) if length > FILE as u64 => Err(WebError::TooLarge),
        Some(length @ 1..) if length <= BODY as u64 => {
            // Broken off: nobody is there to hear the answer.
            let bytes = to_bytes(body, BODY).await.map_err(|_| WebError::bad("the body broke off"))?;
            Ok((Body::from(bytes.clone()), bytes))
        }
        _ => Ok((body, Bytes::new())),
    }
}

/// The host a request is for. Exactly one is named.
fn host_of(parts: &Parts) -> Result<Authority, WebError> {
    let mut all = parts.headers.get_all(header::HOST).into_iter();
    let (Some(host), None) = (all.next(), all.next()) else {
        return Err(WebError::Foreign("a request names one host"));
    };
    let named = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    // A target with a host of its own must mean the same.
    match (named, parts.uri.authority()) {
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
    let own_port = host.port_u16().unwrap_or(80) == ours.port();
    if own_port {
        let local = ours.ip().is_loopback() && name.eq_ignore_ascii_case("localhost");
        if local || name.parse().is_ok_and(|ip: IpAddr| ip == ours.ip().to_canonical() || ip == ours.ip()) {
            return true;
        }
    }
    // Without a port a name stands for the usual ones, as behind a proxy, and for our own.
    office.setup.names.iter().any(|own| {
        own.eq_ignore_ascii_case(host.as_str()) || own_port && !own.contains(':') && own.eq_ignore_ascii_case(name)
    })
}

/// Who asks; an error tells whether what was shown was a cookie.
async fn person(office: &Web, caller: &Caller, parts: &Parts, body: &[u8]) -> Result<Person, (WebError, bool)> {
    let headers = &parts.headers;
    if office.setup.access == Access::Loopback {
        // Whoever comes through a proxy does not sit at this computer, though the proxy does.
        return match ["forwarded", "via", "x-forwarded-for", "x-forwarded-host"]
            .iter()
            .any(|name| headers.contains_key(*name))
        {
            true => {
                Err((WebError::Foreign("this server is for this computer alone: `--listen` opens it to others"), false))
            }
            false => Ok(Person { name: office.setup.who.clone(), role: Role::Editor }),
        };
    }
    let path = parts.uri.path();
    let nobody = || Person { name: String::new(), role: Role::Reader };
    if access::is_open(path) {
        return Ok(nobody());
    }
    let form = if access::has_form_key(&parts.method, path) { body } else { &[] };
    let Some((token, by_cookie)) = access::shown(headers, &parts.uri, form) else {
        return Err((WebError::Unknown, false));
    };
    access::admitted(office, caller.address, &token).await.map_err(|error| (error, by_cookie))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_computer_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "1.2.3.4, 10.0.0.7".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        for (theirs, address, secure) in [
            ("127.0.0.1:5000", "10.0.0.7", true),
            ("[::1]:5000", "10.0.0.7", true),
            ("[::ffff:127.0.0.1]:5000", "10.0.0.7", true),
            ("192.168.0.9:5000", "192.168.0.9", false),
        ] {
            let caller = Caller::of(&headers, Some(theirs.parse().unwrap()));
            assert_eq!((caller.address, caller.secure), (address.parse().unwrap(), secure), "{theirs}");
        }
        let bare = Caller::of(&HeaderMap::new(), Some("127.0.0.1:5000".parse().unwrap()));
        assert_eq!((bare.address, bare.secure), ("127.0.0.1".parse().unwrap(), false));
    }
}
