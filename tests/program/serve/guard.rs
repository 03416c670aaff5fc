//! Who is let in.

use super::{Server, office};

#[test]
fn only_our_own_host_names_are_answered() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let port = server.address.port();
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("LOCALHOST:{port}"), 200),
        ("localhost".to_owned(), 421),
        (format!("evil.example:{port}"), 421),
        (format!("127.0.0.1.evil.example:{port}"), 421),
        (format!("127.0.0.1:{}", port ^ 1), 421),
        (format!("127.0.0.2:{port}"), 421),
        (format!("anna@127.0.0.1:{port}"), 421),
        (String::new(), 421),
    ] {
        let answer = server.request("GET", "/changes", &[("host", &host)], b"");
        assert_eq!(answer.status, status, "{host}");
    }
}

#[test]
fn another_site_may_not_write() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let ours = format!("http://{}", server.address);
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (headers, status) in [
        (vec![], 303),
        (vec![("sec-fetch-site", "same-origin")], 303),
        (vec![("origin", ours.as_str())], 303),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "null")], 303),
        (vec![("sec-fetch-site", "cross-site")], 421),
        (vec![("sec-fetch-site", "same-site")], 421),
        (vec![("origin", "http://evil.example")], 421),
        (vec![("origin", "null")], 421),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "http://evil.example")], 421),
    ] {
        let all: Vec<(&str, &str)> = headers.iter().copied().chain([form]).collect();
        let answer = server.request("POST", "/language", &all, b"language=az&back=/");
        assert_eq!(answer.status, status, "{headers:?}");
    }
}

#[test]
fn every_answer_forbids_what_is_not_ours() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for path in ["/", "/static/frame.js", "/no-such-page", "/changes"] {
        let answer = server.get(path);
        assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'self'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}
