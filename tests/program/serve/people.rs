//! An office: people with tokens, roles, and who did what.

use super::{Server, office};
use serde_json::json;
use std::{path::Path, process::Command};

fn yaddash(memory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let run = run.current_dir(memory.parent().unwrap()).arg("-m").arg(memory).args(arguments).env("USER", "root");
    let output = run.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn token(memory: &Path, name: &str, role: &str) -> String {
    let (code, out, err) = yaddash(memory, &["serve", "token", "add", name, "--role", role]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("this is the only time the token is shown"), "{err}");
    out.trim().to_owned()
}

const LISTEN: [&str; 2] = ["--listen", "127.0.0.1"];

#[test]
fn tokens_are_given_listed_and_taken_away() {
    let (_folder, memory) = office();
    let run = |arguments: &[&str]| yaddash(&memory, arguments);
    let (code, out, err) = run(&["serve", "token", "add", "Anna", "--role", "editor", "-n"]);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    assert!(err.contains("Anna would be let in as editor"), "{err}");
    assert_eq!(run(&["serve", "token", "list", "--format", "json"]).1.trim(), "[]");
    let first = token(&memory, "Anna", "translator");
    let second = token(&memory, "Борис", "reader");
    assert_ne!(first, second);
    assert_eq!(first.len(), "yaddash-".len() + 48, "192 bits");
    let (_, out, _) = run(&["serve", "token", "list"]);
    assert!(out.contains("translator") && out.contains("Anna") && out.contains("by root"), "{out}");
    assert!(!out.contains(&first), "{out}");
    let listed: serde_json::Value =
        serde_json::from_str(&run(&["serve", "token", "list", "--format", "json"]).1).unwrap();
    assert_eq!(listed[1]["name"], "Борис");
    for (arguments, said) in [
        (&["serve", "token", "add", "Anna", "--role", "reader"][..], "Anna has a token already, as translator"),
        (&["serve", "token", "revoke", "Vera"], "nobody of the name Vera has a token; these have: Anna, Борис"),
        (&["serve", "token", "add", "a:b", "--role", "reader"], "is no name"),
        (&["serve", "token", "add", "Vera", "--role", "chief"], "reader, translator, editor"),
        (&["serve", "token", "add", "Vera"], "--role"),
    ] {
        let (code, _, err) = run(arguments);
        assert!(code == Some(2) && err.contains(said), "{arguments:?}: {err}");
    }
    let (code, _, err) = run(&["serve", "token", "revoke", "Anna", "--dry-run"]);
    assert!(code == Some(0) && err.contains("would be shut out"), "{err}");
    assert!(run(&["serve", "token", "list"]).1.contains("Anna"));
    assert_eq!(run(&["serve", "token", "revoke", "Anna"]).0, Some(0));
    assert!(!run(&["serve", "token", "list"]).1.contains("Anna"));
    assert_eq!(run(&["memory", "check"]).0, Some(0));
    let history = run(&["memory", "history"]).1;
    assert!(history.contains("token of Anna revoked") && history.contains("token for Anna (translator)"), "{history}");
    assert!(!history.contains(&first), "{history}");
}

#[test]
fn without_a_token_nobody_is_let_in_from_elsewhere() {
    let (_folder, memory) = office();
    let said = Server::try_start(&memory, &LISTEN).err().unwrap();
    assert!(said.contains("nobody has one") && said.contains("yaddash serve token add NAME"), "{said}");
    let (code, _, err) = yaddash(&memory, &["serve", "--name", "tm.office.example"]);
    assert!(code == Some(2) && err.contains("--listen"), "{err}");
    token(&memory, "anna", "editor");
    let server = Server::start(&memory, &LISTEN);
    for path in [
        "/changes",
        "/api/yaddash/status",
        "/api/yaddash/openapi.json",
        "/tmserver/languages/",
        "/tmserver/en/az/unit/x",
        "/translate?q=a&langpair=en|az&key=",
        "/languages",
        "/MTRestService/TranslateJson?tokenCode=&input=a&srcLangCode=en&trgLangCode=az",
        "/no-such-page",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 401, "{path}");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"), "{path}");
        assert_eq!(answer.json()["error"]["message"], "A token is needed", "{path}");
    }
    for path in ["/enter", "/static/frame.css"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    // A person is led to where a token is shown, and from there to where they wanted to go.
    let answer = server.request("GET", "/?q=a&from=en", &[("accept", "text/html")], b"");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/enter?back=%2F%3Fq%3Da%26from%3Den")));
    let answer = server.request("GET", "/translate?q=a&langpair=en|az&key=x", &[("accept", "text/html")], b"");
    assert_eq!((answer.status, answer.header("location")), (401, None), "no token gets into an address of ours");
}

#[test]
fn a_token_is_taken_from_wherever_a_tool_puts_it() {
    let (_folder, memory) = office();
    let token = token(&memory, "anna", "reader");
    let server = Server::start(&memory, &LISTEN);
    let basic = |pair: &str| {
        use base64::{Engine, prelude::BASE64_STANDARD};
        format!("Basic {}", BASE64_STANDARD.encode(pair))
    };
    for (path, header) in [
        ("/api/yaddash/status".to_owned(), Some(("authorization", format!("Bearer {token}")))),
        ("/tmserver/languages/".to_owned(), Some(("authorization", basic(&format!("tm:{token}"))))),
        ("/tmserver/languages/".to_owned(), Some(("authorization", basic(&format!(":{token}"))))),
        ("/changes".to_owned(), Some(("cookie", format!("yaddash-token={token}")))),
        (format!("/translate?q=a&langpair=en|az&key={token}"), None),
        (format!("/languages?api_key={token}"), None),
        (format!("/MTRestService/TranslateJson?tokenCode={token}&input=a&srcLangCode=en&trgLangCode=az"), None),
    ] {
        let headers: Vec<(&str, &str)> = header.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(server.request("GET", &path, &headers, b"").status, 200, "{path} {headers:?}");
    }
    let fields =
        [("q", "The doors are open on Monday."), ("source", "en"), ("target", "az"), ("api_key", token.as_str())];
    assert_eq!(server.form("/translate", &fields).json()["translatedText"], "Qapılar bazar ertəsi açıqdır.");
    // Elsewhere an address is no place for it.
    assert_eq!(server.get(&format!("/changes?key={token}")).status, 401);
    assert_eq!(server.get(&format!("/api/yaddash/status?api_key={token}")).status, 401);
    assert!(!server.said().contains(&token), "{}", server.said());
}

#[test]
fn one_enters_by_the_page_and_leaves_again() {
    let (_folder, memory) = office();
    let token = token(&memory, "anna", "reader");
    let server = Server::start(&memory, &LISTEN);
    let page = server.get("/enter?back=%2F%3Fq%3Da").text();
    assert!(page.contains("name=\"back\" value=\"/?q=a\""), "{page}");
    assert!(!page.contains("<nav"), "{page}");
    let answer = server.form("/enter", &[("token", &format!(" {token}\n")), ("back", "/?q=a")]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/?q=a")));
    let cookie = answer.header("set-cookie").unwrap();
    assert_eq!(cookie, format!("yaddash-token={token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"));
    let mine = format!("yaddash-token={token}");
    let page = server.request("GET", "/", &[("cookie", &mine)], b"").text();
    assert!(page.contains("action=\"/leave\""), "{page}");
    // Through a proxy with TLS the cookie goes over TLS only.
    let form = [("content-type", "application/x-www-form-urlencoded"), ("x-forwarded-proto", "https")];
    let answer = server.request("POST", "/enter", &form, format!("token={token}").as_bytes());
    assert!(answer.header("set-cookie").unwrap().ends_with("; Secure"));
    for back in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""] {
        let answer = server.form("/enter", &[("token", &token), ("back", back)]);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{back}");
    }
    let answer = server.form("/leave", &[]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/enter")));
    assert!(answer.header("set-cookie").unwrap().starts_with("yaddash-token=; Path=/; Max-Age=0;"));
    let wrong = server.form("/enter", &[("token", "yaddash-wrong"), ("back", "/")]);
    assert!(wrong.status == 401 && wrong.text().contains("not known here") && wrong.header("set-cookie").is_none());
    // At one's own computer there is nothing to enter by.
    let own = Server::start(&memory, &[]);
    let answer = own.get("/enter?back=%2Fchanges");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/changes")));
}

#[test]
fn a_role_allows_what_it_says_and_the_history_tells_who_did_it() {
    let (_folder, memory) = office();
    let tokens = [("anna", "reader"), ("Борис", "translator"), ("vera", "editor")].map(|(n, r)| token(&memory, n, r));
    let server = Server::start(&memory, &["--listen", "127.0.0.1", "--writable"]);
    let po = "msgid \"Three\"\nmsgstr \"Üç\"\n";
    for (who, read, unit, file) in [(0, 200, 403, 403), (1, 200, 200, 403), (2, 200, 200, 200)] {
        let bearer = format!("Bearer {}", tokens[who]);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let ask = |method: &str, path: &str, body: &str| server.request(method, path, &headers, body.as_bytes()).status;
        assert_eq!(ask("GET", "/api/yaddash/status", ""), read, "{who}");
        assert_eq!(ask("PUT", &format!("/tmserver/en/az/unit/By{who}"), "{\"target\": \"x\"}"), unit, "{who}");
        let texts = json!({"texts": {"en": format!("Api {who}"), "az": "y"}}).to_string();
        let status = ask("POST", "/api/yaddash/units", &texts);
        assert_eq!(status, if unit == 200 { 201 } else { 403 }, "{who}");
        assert_eq!(ask("PUT", "/tmserver/en/az/store/a.po", po), file, "{who}");
    }
    let history = yaddash(&memory, &["memory", "history"]).1;
    assert_eq!(history.matches("Борис").count(), 1 + 2, "{history}");
    assert_eq!(history.matches("vera").count(), 1 + 3, "{history}");
    assert_eq!(history.matches("anna").count(), 1 + 1, "a reader wrote nothing: {history}");
}

#[test]
fn a_revoked_token_is_worth_nothing_at_once() {
    let (_folder, memory) = office();
    let (anna, boris) = (token(&memory, "anna", "editor"), token(&memory, "boris", "reader"));
    let server = Server::start(&memory, &LISTEN);
    let status = |token: &str| {
        let bearer = format!("Bearer {token}");
        server.request("GET", "/changes", &[("authorization", &bearer)], b"").status
    };
    assert_eq!((status(&anna), status(&boris)), (200, 200));
    assert_eq!(yaddash(&memory, &["serve", "token", "revoke", "anna"]).0, Some(0));
    assert_eq!((status(&anna), status(&boris)), (401, 200));
    // A browser that has it is led to the page, and told to forget it.
    let cookie = format!("yaddash-token={anna}");
    let answer = server.request("GET", "/", &[("cookie", &cookie), ("accept", "text/html")], b"");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/enter?back=%2F")));
    assert!(answer.header("set-cookie").unwrap().starts_with("yaddash-token=; Path=/; Max-Age=0;"));
    // One given later is known at once too.
    let vera = token(&memory, "vera", "reader");
    assert_eq!(status(&vera), 200);
}

#[test]
fn guessing_is_held_up() {
    let (_folder, memory) = office();
    let token = token(&memory, "anna", "reader");
    let server = Server::start(&memory, &LISTEN);
    let from = |token: &str, address: &str| {
        let bearer = format!("Bearer {token}");
        server.request("GET", "/changes", &[("authorization", &bearer), ("x-forwarded-for", address)], b"")
    };
    assert_eq!(from(&token, "10.0.0.1").status, 200);
    for n in 0..10 {
        assert_eq!(from(&format!("yaddash-{n:048}"), "10.0.0.1").status, 401, "{n}");
    }
    let answer = from("yaddash-11", "10.0.0.1");
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("60")));
    assert_eq!(from(&token, "10.0.0.1").status, 200, "who was in is not shut out by others");
    assert_eq!(from(&token, "10.0.0.2").status, 200);
    assert_eq!(from("yaddash-11", "10.0.0.2").status, 401, "others are counted for themselves");
    // By the page too.
    let form = [("content-type", "application/x-www-form-urlencoded"), ("x-forwarded-for", "10.0.0.1")];
    let answer = server.request("POST", "/enter", &form, b"token=yaddash-12");
    assert!(answer.status == 429 && answer.text().contains("Too many wrong tokens"), "{}", answer.text());
    // No token at all is no guess.
    for _ in 0..20 {
        assert_eq!(server.get("/changes").status, 401);
    }
    assert!(!server.said().contains("yaddash-"), "{}", server.said());
}

#[test]
fn a_proxy_has_its_own_name() {
    let (_folder, memory) = office();
    let token = token(&memory, "anna", "reader");
    let server =
        Server::start(&memory, &["--listen", "127.0.0.1", "--name", "TM.office.example", "--name", "b.example:8443"]);
    let bearer = format!("Bearer {token}");
    let port = server.address.port();
    for (host, status) in [
        ("tm.office.example".to_owned(), 200),
        (format!("tm.office.example:{port}"), 200),
        ("b.example:8443".to_owned(), 200),
        (format!("127.0.0.1:{port}"), 200),
        ("tm.office.example:81".to_owned(), 421),
        ("b.example".to_owned(), 421),
        ("evil.tm.office.example".to_owned(), 421),
    ] {
        let headers = [("host", host.as_str()), ("authorization", bearer.as_str())];
        assert_eq!(server.request("GET", "/changes", &headers, b"").status, status, "{host}");
    }
    let headers = [
        ("host", "tm.office.example"),
        ("origin", "https://tm.office.example"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    assert_eq!(server.request("POST", "/language", &headers, b"language=az&back=/").status, 303);
}
