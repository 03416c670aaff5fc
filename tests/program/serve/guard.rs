//! Who is let in.

use super::{Server, answer, office};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

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

#[test]
fn a_request_names_one_host_and_names_it_once() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let own = server.address;
    for (raw, status) in [
        (format!("GET /changes HTTP/1.1\r\nhost: {own}\r\nhost: {own}\r\n\r\n"), 421),
        (format!("GET /changes HTTP/1.1\r\nhost: {own}\r\nhost: evil.example\r\n\r\n"), 421),
        ("GET /changes HTTP/1.1\r\n\r\n".to_owned(), 421),
        ("GET /changes HTTP/1.0\r\n\r\n".to_owned(), 421),
        (format!("GET http://evil.example/changes HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n"), 421),
        (format!("GET http://{own}/changes HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n"), 421),
        (format!("GET http://{own}/changes HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n"), 200),
        // Whoever comes through a proxy does not sit at this computer.
        (format!("GET /changes HTTP/1.1\r\nhost: {own}\r\nx-forwarded-for: 10.0.0.1\r\n\r\n"), 421),
        (format!("GET /changes HTTP/1.1\r\nhost: {own}\r\nvia: 1.1 tm.example\r\n\r\n"), 421),
        (format!("GET /changes HTTP/1.1\r\nhost: {own}\r\nforwarded: for=10.0.0.1\r\n\r\n"), 421),
    ] {
        let raw = raw.replacen("\r\n\r\n", "\r\nconnection: close\r\n\r\n", 1);
        let told = answer(&server.raw(raw.as_bytes())).unwrap_or_else(|| panic!("{raw}"));
        assert_eq!(told.status, status, "{raw}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &["--writable"]);
    let long = |count: usize| "x".repeat(count);
    let kind = ("content-type", "application/json");
    let json = |count: usize| format!("{{\"texts\":{{\"en\":\"{}\"}}}}", long(count));
    for (what, method, path, headers, body, status) in [
        ("a long head", "GET", "/changes".to_owned(), vec![("x-long", long(15_000))], String::new(), 200),
        ("too long a head", "GET", "/changes".to_owned(), vec![("x-long", long(17_000))], String::new(), 431),
        ("too long an address", "GET", format!("/changes?{}", long(17_000)), vec![], String::new(), 431),
        ("a body", "POST", "/api/yaddash/check".to_owned(), vec![(kind.0, kind.1.to_owned())], json(14_000), 200),
        (
            "too large a body",
            "POST",
            "/api/yaddash/check".to_owned(),
            vec![(kind.0, kind.1.to_owned())],
            json(66_000),
            413,
        ),
        (
            "too large a unit",
            "PUT",
            "/tmserver/en/az/unit/x".to_owned(),
            vec![(kind.0, kind.1.to_owned())],
            json(66_000),
            413,
        ),
        (
            "a file",
            "PUT",
            "/tmserver/en/az/store/a.po".to_owned(),
            vec![],
            format!("msgid \"a\"\nmsgstr \"b\"\n\n# {}\nmsgid \"c\"\nmsgstr \"d\"\n", long(100_000)),
            200,
        ),
    ] {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(server.request(method, &path, &headers, body.as_bytes()).status, status, "{what}");
    }
    // Refused by what is announced, before any of it comes.
    let head = format!(
        "PUT /tmserver/en/az/store/a.po HTTP/1.1\r\nhost: {}\r\ncontent-length: 67108865\r\nconnection: close\r\n\r\n",
        server.address
    );
    assert_eq!(answer(&server.raw(head.as_bytes())).unwrap().status, 413);
    // And by what comes, where nothing is announced.
    let mut raw = format!(
        "POST /api/yaddash/check HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\
         connection: close\r\n\r\n",
        server.address
    );
    raw += &format!("{:x}\r\n{}\r\n0\r\n\r\n", 70_000, long(70_000));
    assert_eq!(answer(&server.raw(raw.as_bytes())).unwrap().status, 413);
}

#[test]
fn what_is_no_request_is_told_so() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let own = server.address;
    for raw in [
        "\0\0\0\0\r\n\r\n".to_owned(),
        "GET\r\n\r\n".to_owned(),
        format!("GET /changes HTTP/9.9\r\nhost: {own}\r\n\r\n"),
        format!("GET /changes HTTP/1.1\r\nhost: {own}\r\nbad header\r\n\r\n"),
        format!("POST /language HTTP/1.1\r\nhost: {own}\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"),
        format!("POST /language HTTP/1.1\r\nhost: {own}\r\ncontent-length: -1\r\n\r\n"),
        "\x16\x03\x01\x02\x00\x01\x00\x01".to_owned() + "\r\n\r\n",
    ] {
        let told = server.raw(raw.as_bytes());
        assert!(told.is_empty() || answer(&told).is_some_and(|told| told.status == 400), "{raw:?}");
    }
    assert_eq!(server.get("/changes").status, 200);
}

#[test]
fn json_is_taken_with_its_content_type_only() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let body = br#"{"texts":{"en":"a","az":"b"}}"#;
    for (kind, status) in [
        (Some("application/json"), 201),
        (Some("application/json; charset=utf-8"), 200),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data; boundary=x"), 415),
        (None, 415),
    ] {
        let headers: Vec<(&str, &str)> = kind.into_iter().map(|kind| ("content-type", kind)).collect();
        let told = server.request("POST", "/api/yaddash/units", &headers, body);
        assert_eq!(told.status, status, "{kind:?}: {}", told.text());
    }
}

#[test]
fn no_path_reaches_the_disk() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for path in [
        "/static/../Cargo.toml",
        "/static/..%2FCargo.toml",
        "/static/%2e%2e/Cargo.toml",
        "/static/%2e%2e%2fCargo.toml",
        "/static/..%5cCargo.toml",
        "/static/%252e%252e%252fCargo.toml",
        "/static//etc/passwd",
        "/static/%2Fetc%2Fpasswd",
        "/static/C:%5Cwindows%5Cwin.ini",
        "/static/frame.js%00.css",
        "/static/",
        "/static",
        "/../Cargo.toml",
        "/office.db",
        "/.git/config",
        "//etc/passwd",
    ] {
        let told = server.get(path);
        assert_eq!(told.status, 404, "{path}");
        assert!(!told.text().contains("[package]") && !told.text().contains("root:"), "{path}");
    }
    assert_eq!(server.get("/static/frame.css").status, 200);
}

#[test]
fn a_method_that_is_not_there_is_told_with_those_that_are() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for (method, path, allow) in [
        ("DELETE", "/changes", "GET,HEAD"),
        ("POST", "/changes", "GET,HEAD"),
        ("OPTIONS", "/changes", "GET,HEAD"),
        ("TRACE", "/changes", "GET,HEAD"),
        ("GET", "/language", "POST"),
        ("PATCH", "/translate", "GET,HEAD,POST"),
        ("BREW", "/static/frame.css", "GET,HEAD"),
    ] {
        let told = server.request(method, path, &[], b"");
        assert_eq!((told.status, told.header("allow")), (405, Some(allow)), "{method} {path}");
        assert_eq!(told.header("access-control-allow-origin"), None, "{method} {path}");
        assert!(told.header("content-security-policy").is_some(), "{method} {path}");
    }
    let told = server.request("HEAD", "/changes", &[], b"");
    assert_eq!((told.status, told.body.len()), (200, 0));
    assert_eq!(server.request("PUT", "/no-such-page", &[], b"").status, 404);
}

#[test]
fn other_sites_are_told_nothing() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for (method, path) in [("GET", "/changes"), ("GET", "/api/yaddash/status"), ("OPTIONS", "/api/yaddash/units")] {
        let headers = [
            ("origin", "http://evil.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        let told = server.request(method, path, &headers, b"");
        let of_cors = told.headers.iter().filter(|(name, _)| name.starts_with("access-control-")).count();
        assert_eq!(of_cors, 0, "{method} {path}");
        assert_eq!(told.header("cross-origin-resource-policy"), Some("same-origin"), "{method} {path}");
    }
}

#[test]
fn errors_tell_nothing_of_the_inside() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &["--writable"]);
    let place = folder.path().to_str().unwrap();
    let answers = [
        server.get("/no-such-page"),
        server.get("/tmserver/en/az/unit/%ff%fe"),
        server.get("/api/yaddash/lookup?text=a&from=en&min=x"),
        server.request("POST", "/api/yaddash/units", &[("content-type", "application/json")], b"{\"texts\":5}"),
        server.request("PUT", "/tmserver/en/az/store/..%2Fx.tmx", &[], b"<tmx><body></tmx>"),
    ];
    for told in answers {
        let text = told.text();
        assert!((400..500).contains(&told.status), "{text}");
        assert!(told.json()["error"]["status"] == told.status, "{text}");
        for inside in [place, "/tmp", "src/", ".rs", "panicked", "sqlite", "axum", "serde", "::"] {
            assert!(!text.to_lowercase().contains(inside), "`{inside}` in {text}");
        }
    }
    // The memory is taken away while the server runs.
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", memory.display()));
    }
    for told in [server.get("/api/yaddash/status"), server.request("GET", "/", &[("accept", "text/html")], b"")] {
        assert!(!told.text().contains(place), "{}", told.text());
    }
}

/// Connections that say nothing, or half a head, hold up nobody and are cut.
#[test]
fn who_is_slow_holds_up_nobody() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let begun = Instant::now();
    let half_head = format!("GET /changes HTTP/1.1\r\nhost: {}\r\n", server.address);
    let half_body = format!(
        "POST /api/yaddash/check HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
        server.address
    );
    let mut slow: Vec<TcpStream> = Vec::new();
    for sent in ["", &half_head, &half_body] {
        for _ in 0..80 {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(sent.as_bytes()).unwrap();
            slow.push(stream);
        }
    }
    for _ in 0..20 {
        assert_eq!(server.get("/changes").status, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(9), "they were answered beside the slow ones");
    // A head has ten seconds.
    let mut rest = Vec::new();
    slow[80].set_read_timeout(Some(Duration::from_secs(25))).unwrap();
    let _ = slow[80].read_to_end(&mut rest);
    let waited = begun.elapsed();
    assert!(waited >= Duration::from_secs(9) && waited < Duration::from_secs(25), "{waited:?}");
    assert!(rest.is_empty() || answer(&rest).is_some_and(|told| told.status == 408), "{rest:?}");
}

/// More requests at once than are answered at once: all are answered.
#[test]
fn a_crowd_is_answered() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    std::thread::scope(|scope| {
        let crowd: Vec<_> = (0..200)
            .map(|n| {
                let server = &server;
                scope.spawn(move || server.get(&format!("/tmserver/en/az/unit/The%20doors%20are%20open%20{n}")).status)
            })
            .collect();
        assert!(crowd.into_iter().all(|one| one.join().unwrap() == 200));
    });
}
