//! Any request gets an answer, which is never that something is wrong here, and which carries what keeps browsers safe.
//! The first byte tells whom it is put to: a server of one's own, or one of an office, where nobody without a token is
//! told anything. Then comes the request as it stands on the line: a method and a target, headers, an empty line, a
//! body; `\n` ends lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaddash::web::{Access, Told, Trial};

struct Trials {
    own: Trial,
    office: Trial,
    _folder: tempfile::TempDir,
}

thread_local! {
    static TRIALS: Trials = {
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let path = folder.path().join("m.db");
        let own = Trial::new(&path, Access::Loopback).expect("a memory is made");
        let office = Trial::new(&path, Access::Tokens).expect("the memory is there");
        let unit = r#"{"texts":{"en":"The doors are open on Monday.","az":"Qapılar bazar ertəsi açıqdır."}}"#;
        let headers: [(&str, &[u8]); 2] = [("host", b"localhost:8080"), ("content-type", b"application/json")];
        let told = own.answer("POST", "/api/yaddash/units", &headers, unit.as_bytes()).expect("this is a request");
        assert_eq!(told.status, 201);
        Trials { own, office, _folder: folder }
    };
}

/// What holds of every answer.
fn check(told: &Told) {
    assert!(!matches!(told.status, 500 | 503), "{}", String::from_utf8_lossy(&told.body));
    assert!(told.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'self'")));
    assert_eq!(told.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(told.header("access-control-allow-origin"), None);
    let body = std::str::from_utf8(&told.body).expect("answers are UTF-8");
    if told.header("content-type") == Some("application/json") && !body.is_empty() {
        serde_json::from_str::<serde_json::Value>(body).expect("what says it is JSON is JSON");
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((first, input)) = input.split_first() else { return };
    let end = input.windows(2).position(|two| two == b"\n\n").unwrap_or(input.len());
    let (head, body) = (&input[..end], input.get(end + 2..).unwrap_or_default());
    let Ok(head) = std::str::from_utf8(head) else { return };
    let mut lines = head.lines();
    let Some((method, target)) = lines.next().and_then(|line| line.split_once(' ')) else { return };
    let mut headers: Vec<(&str, &[u8])> = vec![("host", b"localhost:8080")];
    headers.extend(lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name, value.as_bytes())));
    TRIALS.with(|trials| {
        let own = first % 3 != 0;
        let trial = if own { &trials.own } else { &trials.office };
        let Some(told) = trial.answer(method, target, &headers, body) else { return };
        check(&told);
        let path = target.split('?').next().unwrap_or(target);
        let open = path.starts_with("/static/") || matches!(path, "/enter" | "/language" | "/leave") || path.contains("://");
        let refused = matches!(told.status, 303 | 400 | 401 | 413 | 421 | 429);
        assert!(own || open || refused, "{} without a token", told.status);
    });
});
