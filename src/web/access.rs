//! Who asks: the tokens that requests show, in the places tools have for them; the page where a person shows one; a
//! brake on guessing.

use super::{
    Web,
    error::WebError,
    guard::Caller,
    office::Access,
    visit::{Frame, Person, Visit, cookie, own_page, page},
};
use crate::app::people::{self, TokenHash};
use askama::Template;
use axum::{
    Form, Router,
    extract::Query,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const COOKIE: &str = "yaddash-token";
/// Thirty days.
const COOKIE_AGE: u32 = 2_592_000;

/// Where the protocols of CAT tools have room for a token: the beginning of the path, the field.
const KEYS: &[(&str, &str)] = &[
    ("/translate", "key"),            // Apertium
    ("/translate", "api_key"),        // LibreTranslate
    ("/languages", "api_key"),        // LibreTranslate
    ("/MTRestService/", "tokenCode"), // OPUS-CAT
];

/// Without a token: what is needed to show one, and to put one away that is worth nothing any more.
const OPEN: &[&str] = &["/enter", "/language", "/leave", "/static/"];

/// Paths that programs ask, which are told that they may send a name and a password too.
const PROGRAMS: &[&str] = &["/api/", "/languages", "/MTRestService/", "/tmserver/", "/translate"];

fn begins(path: &str, with: &[&str]) -> bool {
    with.iter().any(|start| if start.ends_with('/') { path.starts_with(start) } else { path == *start })
}

/// Whether a request needs no token.
pub fn is_open(path: &str) -> bool {
    begins(path, OPEN)
}

/// Whether programs ask there.
pub fn is_for_programs(path: &str) -> bool {
    begins(path, PROGRAMS)
}

/// The token a request shows, and whether it is the browser that does: a header, a field of a protocol, a cookie, in
/// this order.
pub fn shown(headers: &HeaderMap, uri: &Uri, form: &[u8]) -> Option<(String, bool)> {
    let of_program = authorization(headers).or_else(|| {
        let fields = KEYS.iter().filter(|(start, _)| begins(uri.path(), &[start])).map(|(_, field)| *field);
        fields
            .flat_map(|field| [field_of(uri.query().unwrap_or_default().as_bytes(), field), field_of(form, field)])
            .flatten()
            .next()
    });
    let of_program = of_program.map(|token| (token, false));
    of_program.or_else(|| cookie(headers, COOKIE).map(|token| (token.to_owned(), true)))
}

/// Whether a form may hold a token.
pub fn has_form_key(method: &Method, path: &str) -> bool {
    method == Method::POST && KEYS.iter().any(|(start, _)| begins(path, &[start]))
}

fn authorization(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(BASE64_STANDARD.decode(rest).ok()?).ok()?;
        // The name is whatever the tool wants one to be.
        return pair.split_once(':').map(|(_, password)| password.to_owned());
    }
    None
}

/// A field of a form or of a query, where it is filled.
fn field_of(form: &[u8], name: &str) -> Option<String> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(form).ok()?;
    fields.into_iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value)
}

/// Whose token it is.
///
/// # Errors
/// Nobody's; or too many wrong ones have come from that address.
pub async fn admitted(office: &Web, from: IpAddr, token: &str) -> Result<Person, WebError> {
    let hash = TokenHash::of(token);
    office.brake.begin(from, &hash, Instant::now())?;
    // Read anew each time, so that a token revoked is worth nothing at once.
    let known = office.read(move |_, reader| {
        let people = people::people(reader)?;
        Ok(people::whose(&people, &hash).map(|known| Person { name: known.name.clone(), role: known.role }))
    });
    let person = known.await?.ok_or(WebError::Unknown)?;
    office.brake.right(from, hash);
    Ok(person)
}

/// Wrong tokens an address may show in a minute.
const WRONG: u32 = 10;
const MINUTE: Duration = Duration::from_secs(60);
/// Addresses remembered.
const ADDRESSES: usize = 4096;
/// Right tokens remembered of an address.
const RIGHT: usize = 64;

/// What came from one address.
struct Tries {
    since: Instant,
    wrong: u32,
    /// Tokens that were right: who is in stays in, whatever others behind the same address do.
    right: Vec<TokenHash>,
}

/// Counts wrong tokens by address.
#[derive(Default)]
pub struct Brake {
    addresses: Mutex<FxHashMap<IpAddr, Tries>>,
}

impl Brake {
    /// A token is about to be tried. It counts as wrong until [`Brake::right`] says otherwise, so that many tries at
    /// once are no way around.
    fn begin(&self, from: IpAddr, hash: &TokenHash, now: Instant) -> Result<(), WebError> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.len() >= ADDRESSES && !addresses.contains_key(&from) {
            addresses.retain(|_, tries| now.duration_since(tries.since) < MINUTE);
            if addresses.len() >= ADDRESSES {
                return Err(WebError::Guessing);
            }
        }
        let tries = addresses.entry(from).or_insert_with(|| Tries { since: now, wrong: 0, right: Vec::new() });
        if now.duration_since(tries.since) >= MINUTE {
            (tries.since, tries.wrong) = (now, 0);
        }
        if tries.wrong >= WRONG && !tries.right.contains(hash) {
            return Err(WebError::Guessing);
        }
        tries.wrong += 1;
        Ok(())
    }

    fn right(&self, from: IpAddr, hash: TokenHash) {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tries) = addresses.get_mut(&from) {
            tries.wrong = tries.wrong.saturating_sub(1);
            if !tries.right.contains(&hash) {
                if tries.right.len() >= RIGHT {
                    tries.right.remove(0);
                }
                tries.right.push(hash);
            }
        }
    }
}

/// A cookie with a token, or one that takes it away.
fn set_cookie(token: Option<&str>, secure: bool) -> String {
    let (value, age) = token.map_or(("", 0), |token| (token, COOKIE_AGE));
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
}

/// The answer to somebody whose cookie is not known any more takes it away.
pub fn forgetting(caller: &Caller) -> String {
    set_cookie(None, caller.secure)
}

#[derive(Template)]
#[template(path = "enter.html")]
struct Page {
    frame: Frame,
    back: String,
    /// The word for what was wrong.
    wrong: Option<&'static str>,
}

#[derive(Deserialize)]
#[serde(default)]
struct Back {
    back: String,
}

impl Default for Back {
    fn default() -> Back {
        Back { back: "/".to_owned() }
    }
}

async fn ask(visit: Visit, Query(back): Query<Back>) -> Result<Response, WebError> {
    let back = own_page(&back.back).to_owned();
    match visit.office.setup.access {
        Access::Loopback => Ok(Redirect::to(&back).into_response()),
        Access::Tokens => page(&Page { frame: visit.frame("enter"), back, wrong: None }),
    }
}

#[derive(Deserialize)]
struct Token {
    token: String,
    #[serde(default)]
    back: String,
}

async fn enter(visit: Visit, caller: Caller, Form(given): Form<Token>) -> Result<Response, WebError> {
    let back = own_page(&given.back).to_owned();
    if visit.office.setup.access == Access::Loopback {
        return Ok(Redirect::to(&back).into_response());
    }
    // Pasted, a token brings spaces along.
    let token = given.token.trim();
    let (wrong, status) = match admitted(&visit.office, caller.address, token).await {
        Ok(_) => {
            let cookie = set_cookie(Some(token), caller.secure);
            return Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&back)).into_response());
        }
        Err(WebError::Unknown) => ("enter.wrong", StatusCode::UNAUTHORIZED),
        Err(WebError::Guessing) => ("error.guessing", StatusCode::TOO_MANY_REQUESTS),
        Err(error) => return Err(error),
    };
    let mut response = page(&Page { frame: visit.frame("enter"), back, wrong: Some(wrong) })?;
    *response.status_mut() = status;
    Ok(response)
}

async fn leave(caller: Caller) -> Response {
    ([(header::SET_COOKIE, set_cookie(None, caller.secure))], Redirect::to("/enter")).into_response()
}

pub fn routes() -> Router<Web> {
    Router::new().route("/enter", get(ask).post(enter)).route("/leave", post(leave))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_where_tools_put_it() {
        for (path, headers, form, want) in [
            ("/tmserver/en/az/unit/x", vec![("authorization", "Bearer abc")], "", Some(("abc", false))),
            ("/tmserver/en/az/unit/x", vec![("authorization", "bearer  abc ")], "", Some(("abc", false))),
            // `anna:abc`.
            ("/", vec![("authorization", "Basic YW5uYTphYmM=")], "", Some(("abc", false))),
            ("/", vec![("authorization", "Basic %%%")], "", None),
            ("/", vec![("authorization", "Digest abc")], "", None),
            ("/translate?q=a&langpair=en|az&key=abc", vec![], "", Some(("abc", false))),
            ("/translate?q=a&langpair=en|az&key=", vec![], "", None),
            ("/translate", vec![], "q=a&api_key=a%2Bc", Some(("a+c", false))),
            ("/languages?api_key=abc", vec![], "", Some(("abc", false))),
            ("/MTRestService/TranslateJson?tokenCode=abc&input=x", vec![], "", Some(("abc", false))),
            // Elsewhere a field is no token: addresses are kept in logs and histories.
            ("/?key=abc", vec![], "", None),
            ("/translated?key=abc", vec![], "", None),
            ("/", vec![("cookie", "a=b; yaddash-token=abc")], "", Some(("abc", true))),
            ("/", vec![("cookie", "yaddash-token=abc"), ("authorization", "Bearer d")], "", Some(("d", false))),
            ("/", vec![], "", None),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(name, value.parse().unwrap());
            }
            let found = shown(&map, &path.parse().unwrap(), form.as_bytes());
            assert_eq!(found, want.map(|(token, cookie)| (token.to_owned(), cookie)), "{path}");
        }
    }

    #[test]
    fn guessing_is_braked_and_who_is_in_stays_in() {
        let (brake, here) = (Brake::default(), IpAddr::from([10, 0, 0, 1]));
        let (begun, known) = (Instant::now(), TokenHash::of("known"));
        let guess = |n: u32, from: IpAddr, at: Instant| brake.begin(from, &TokenHash::of(&n.to_string()), at);
        assert_eq!(brake.begin(here, &known, begun), Ok(()));
        brake.right(here, known);
        for n in 0..WRONG {
            assert_eq!(guess(n, here, begun), Ok(()), "{n}");
        }
        assert_eq!(guess(0, here, begun), Err(WebError::Guessing), "the same again too");
        assert_eq!(brake.begin(here, &known, begun), Ok(()));
        brake.right(here, known);
        assert_eq!(guess(99, IpAddr::from([10, 0, 0, 2]), begun), Ok(()), "others are not held up");
        assert_eq!(guess(98, here, begun + MINUTE), Ok(()), "after a minute");
        for n in 0..u32::try_from(ADDRESSES).unwrap() {
            let _ = guess(1, IpAddr::from(n.to_be_bytes()), begun + MINUTE);
        }
        assert!(brake.addresses.lock().unwrap().len() <= ADDRESSES);
    }
}
