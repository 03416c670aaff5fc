//! The page of files: in with a preview, out, backups.

use super::{Answer, Server, office};

/// Sends files as a browser does: name and body of each, beside plain fields.
fn send(server: &Server, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, content) in files {
        let head = "Content-Disposition: form-data; name=\"file\"; filename=";
        body.extend_from_slice(format!("--cut\r\n{head}\"{name}\"\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--cut--\r\n");
    server.request("POST", "/files/import", &[("content-type", "multipart/form-data; boundary=cut")], &body)
}

/// The page of what was sent, when the job has ended.
fn settled(server: &Server, answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let address = answer.header("location").unwrap().to_owned();
    for _ in 0..300 {
        let page = server.get(&address).text();
        if !page.contains("http-equiv=\"refresh\"") {
            return (address, page);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the job does not end");
}

fn units(server: &Server) -> usize {
    server.get("/units").text().matches("class=\"open\"").count()
}

const TABLE: &[u8] = "en\taz\nThe library opens.\tKitabxana açılır.\nThe café is closed.\n".as_bytes();

#[test]
fn a_file_is_seen_before_it_is_imported() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let (address, page) = settled(&server, &send(&server, &[("../../library.tsv", TABLE)], &[]));
    for part in ["<h2>library.tsv</h2>", "Kitabxana açılır.", "nothing is stored yet", "Skipped", "Line 3"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(units(&server), 3, "a preview stores nothing");
    let (_, page) = settled(&server, &server.form(&address, &[("step", "import")]));
    assert!(page.contains("/history/2/undo"), "{page}");
    assert_eq!(units(&server), 4);
    let stored = server.get("/units?q=library").text();
    assert!(stored.contains(">library.tsv<"), "the label is the origin: {stored}");
    // Sent again it is not imported twice.
    assert_eq!(server.form(&address, &[("step", "import")]).status, 409);
    assert_eq!(server.form("/history/2/undo", &[("seen", "0")]).status, 303);
    assert_eq!(units(&server), 3);
}

#[test]
fn what_is_wrong_with_a_file_is_told_and_others_come_in() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let broken = b"<tmx version=\"1.4\"><header srclang=\"en\"/><body><tu>".as_slice();
    let files = [("page.tmx", b"<!DOCTYPE html><html>".as_slice()), ("cut.tmx", broken), ("library.tsv", TABLE)];
    let (address, page) = settled(&server, &send(&server, &files, &[]));
    assert!(page.contains("page.tmx: this is an HTML page") && page.contains("cut.tmx:1:"), "{page}");
    assert!(!page.contains("/tmp/"), "no path of the server is told: {page}");
    let (_, page) = settled(&server, &server.form(&address, &[("step", "import")]));
    assert!(page.contains("Imported."), "{page}");
    assert_eq!(units(&server), 4);
    for (files, fields, status) in [
        (&[][..], &[][..], 400),
        (&[("", b"".as_slice())], &[], 400),
        (&[("a.tsv", TABLE)], &[("on_conflict", "wipe")], 400),
        (&[("a.tsv", TABLE)], &[("quarantine", "1"), ("on_conflict", "overwrite")], 400),
    ] {
        assert_eq!(send(&server, files, fields).status, status, "{fields:?}");
    }
    let long = "x".repeat(2000);
    assert_eq!(send(&server, &[("a.tsv", TABLE)], &[("from", &long)]).status, 413);
    assert_eq!(server.get("/files/import/0123456789abcdef0123456789abcdef").status, 404);
    let raw = server.request("POST", "/files/import", &[("content-type", "multipart/form-data; boundary=x")], b"--y");
    assert_eq!(raw.status, 400);
}

#[test]
fn quarantine_holds_what_comes_from_outside() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let table = "en\taz\nWe have 5 rooms.\tBizim 7 otağımız var.\nThank you.\tTəşəkkür edirik.\n".as_bytes();
    let fields = [("quarantine", "1"), ("penalty", "10")];
    let (address, page) = settled(&server, &send(&server, &[("agency.tsv", table)], &fields));
    assert!(page.contains("Audited: 2") && page.contains("name=\"quarantine\" value=\"1\" checked"), "{page}");
    let answer = server.form(&address, &[("step", "import"), ("quarantine", "1"), ("penalty", "10")]);
    settled(&server, &answer);
    let waiting = server.get("/units?waiting=1").text();
    assert!(waiting.contains("number") && waiting.contains("nothing wrong found"), "{waiting}");
    let clean = server.get("/units?waiting=1&fault=none").text();
    assert!(clean.contains("Thank you.") && !clean.contains("5 rooms"), "{clean}");
    // Taken in, refused.
    let seen = |page: &str| page.split_once("name=\"seen\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let fields = [("deed", "accept"), ("all", "1"), ("waiting", "1"), ("fault", "none")];
    let preview = server.form("/units/preview", &fields).text();
    assert!(preview.contains("id=\"count\">1<"), "{preview}");
    let done = server.form("/units/act", &[&fields[..], &[("seen", &seen(&preview))]].concat());
    assert_eq!(done.status, 303, "{}", done.text());
    let refuse = [("deed", "refuse"), ("unit", "4"), ("waiting", "1")];
    let preview = server.form("/units/preview", &refuse).text();
    assert_eq!(server.form("/units/act", &[&refuse[..], &[("seen", &seen(&preview))]].concat()).status, 303);
    assert!(server.get("/units?waiting=1").text().contains("No unit is so"));
    assert_eq!(server.form("/units/preview", &refuse).status, 409, "it waits no longer");
}

#[test]
fn units_go_out_in_every_form() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for (query, kind, part) in [
        ("form=tmx", "application/x-tmx+xml", "<seg>Qapılar bazar ertəsi açıqdır.</seg>"),
        ("form=csv", "text/csv; charset=utf-8", "id,en,az,ru,note"),
        ("form=tsv&from=en&to=ru", "text/tab-separated-values; charset=utf-8", "id\ten\tru\tnote"),
        ("form=jsonl", "application/jsonl; charset=utf-8", "\"Qapılar bazar"),
        ("form=xliff&from=en&to=az", "application/xliff+xml", "version=\"1.2\""),
        ("form=xliff2&from=en&to=az", "application/xliff+xml", "version=\"2.1\""),
        ("form=po&from=en&to=az", "text/x-gettext-translation; charset=utf-8", "msgid \"The doors"),
        ("form=tbx", "application/x-tbx", "<martif"),
    ] {
        let answer = server.get(&format!("/files/export?{query}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{query}");
        assert!(answer.text().contains(part), "{query}: {}", answer.text());
        let length: usize = answer.header("content-length").unwrap().parse().unwrap();
        assert_eq!(length, answer.body.len(), "{query}");
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename=\"yaddash-2"));
    }
    assert!(server.get("/files/export?form=xlsx").body.starts_with(b"PK"));
    assert!(!server.get("/files/export?form=csv&origin=none*").text().contains("Qapılar"));
    for wrong in ["", "form=docx", "form=xliff", "form=po&from=en&to=az&to=ru", "form=tmx&from=%2F", "form=tmx&since=x"]
    {
        assert_eq!(server.get(&format!("/files/export?{wrong}")).status, 400, "{wrong}");
    }
}

#[test]
fn a_backup_is_taken_and_brought_home_and_no_other_file_is() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let done = server.form("/files/backup", &[]);
    assert_eq!(done.status, 303);
    let name = done.header("location").unwrap().split_once("done=").unwrap().1.split('#').next().unwrap().to_owned();
    assert!(server.get("/files").text().contains(&format!("href=\"/files/backup/{name}\"")));
    let copy = server.get(&format!("/files/backup/{name}"));
    assert_eq!(copy.status, 200);
    assert!(copy.body.starts_with(b"SQLite format 3\0"));
    std::fs::write(folder.path().join("yaddash-backups/secret.txt"), "x").unwrap();
    for other in ["secret.txt", "..%2Foffice.db", "..%2F..%2Fetc%2Fpasswd", "office.db", "."] {
        assert_eq!(server.get(&format!("/files/backup/{other}")).status, 404, "{other}");
    }
    assert!(server.get("/files/health").text().contains("The memory is sound."));
}
