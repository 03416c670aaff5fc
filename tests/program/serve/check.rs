//! The page of checks: texts that are typed, files that are dropped.

use super::{Answer, Server, quoted};
use std::{fs, path::PathBuf, process::Command};

const GLOSSARY: &str = "concept\ten\ten_forbidden\taz\taz_forbidden\n\
    parliament\tMilli Majlis\tMilli Mejlis\tMilli Məclis\tMilli Mejlis\n";

/// A folder with a glossary that the configuration names, and no memory yet.
fn desk() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("terms.tsv"), GLOSSARY).unwrap();
    fs::write(folder.path().join("yaddash.toml"), "[terms]\nfiles = [\"terms.tsv\"]\n").unwrap();
    let memory = folder.path().join("office.db");
    (folder, memory)
}

/// A part of a form: its name, what a file is called, what it holds.
type Part<'p> = (&'p str, Option<&'p str>, &'p [u8]);

fn send(server: &Server, path: &str, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        body.extend(format!("--b0\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0--\r\n");
    let kind = [("content-type", "multipart/form-data; boundary=b0"), ("sec-fetch-site", "same-origin")];
    server.request("POST", path, &kind, &body)
}

/// The values of an attribute, in their order.
fn values<'t>(page: &'t str, attribute: &str) -> Vec<&'t str> {
    let begin = format!("{attribute}=\"");
    page.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn what_is_wrong_with_a_text_is_told_with_its_place_and_its_fix() {
    let (_folder, memory) = desk();
    let server = Server::start(&memory, &[]);
    let page = server.get("/check").text();
    assert!(values(&page, "name").contains(&"text.az") && page.contains("enctype=\"multipart/form-data\""), "{page}");
    let text = "𝕏 The Milli Mejlis met.\r\n\r\nThe Milli Majlis sat & left.";
    let found = send(&server, "/check/found", &[("text.en", None, text.as_bytes())]).text();
    assert_eq!((values(&found, "data-start"), values(&found, "data-end")), (vec!["7"], vec!["19"]), "{found}");
    assert_eq!(values(&found, "data-fix"), ["Milli Majlis"]);
    assert!(found.contains("href=\"/terms/parliament\"") && found.contains("forbidden-term"), "{found}");
    // The same texts side by side: what one says must stand in the other.
    let pair: [Part<'_>; 2] = [
        ("text.en", None, b"The Milli Majlis met on 5 May."),
        ("text.az", None, "Parlament 5 mayda toplaşıb.".as_bytes()),
    ];
    let found = send(&server, "/check/found", &pair).text();
    assert!(found.contains("missing-term") && found.contains("Milli Məclis"), "{found}");
    let none = send(&server, "/check/found", &[("text.en", None, b"All is well.")]).text();
    assert!(none.contains("Nothing found"), "{none}");
    assert_eq!(send(&server, "/check/found", &[("text.en", None, b" \n ")]).text().trim(), "");
}

#[test]
fn without_scripts_fixes_are_put_in_and_findings_accepted_by_the_form() {
    let (folder, memory) = desk();
    let server = Server::start(&memory, &[]);
    let text = "The Milli Mejlis met & sat. The Milli Mejlis left.";
    let page = send(&server, "/check", &[("text.en", None, text.as_bytes())]).text();
    let ids: Vec<String> = values(&page, "data-id").iter().map(|id| id.to_string()).collect();
    assert_eq!(ids.len(), 2, "{page}");
    let fixed = send(&server, "/check", &[("text.en", None, text.as_bytes()), ("fix", None, ids[0].as_bytes())]).text();
    assert!(fixed.contains("The Milli Majlis met &#38; sat. The Milli Mejlis left.</textarea>"), "{fixed}");
    let fixed = send(&server, "/check", &[("text.en", None, text.as_bytes()), ("fix-all", None, b"1")]).text();
    assert!(fixed.contains("sat. The Milli Majlis left.</textarea>") && fixed.contains("Nothing found"), "{fixed}");

    let accept = |reason: &str| {
        let name = format!("reason.{}", ids[1]);
        let parts: [Part<'_>; 3] =
            [("text.en", None, text.as_bytes()), (&name, None, reason.as_bytes()), ("accept", None, ids[1].as_bytes())];
        send(&server, "/check", &parts)
    };
    assert_eq!(accept(" ").status, 400);
    let page = accept("a <title>").text();
    assert!(page.contains("a &#60;title&#62;") && page.contains("(anna, "), "{page}");
    // The command line knows it too.
    let told = Command::new(env!("CARGO_BIN_EXE_yaddash"))
        .current_dir(&folder)
        .args(["-m", "office.db", "check", "accepted", "--format", "json"])
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((&told["accepted"][0]["id"], &told["accepted"][0]["who"]), (&ids[1].clone().into(), &"anna".into()));
    let revoke = || {
        let parts: [Part<'_>; 2] = [("text.en", None, text.as_bytes()), ("revoke", None, ids[1].as_bytes())];
        send(&server, "/check", &parts)
    };
    assert!(!revoke().text().contains("(anna, "));
    assert_eq!(revoke().status, 409, "somebody has taken it back already");
    let parts: [Part<'_>; 3] =
        [("text.en", None, b"All is well."), ("accept", None, b"00000000"), ("reason.00000000", None, b"x")];
    assert_eq!(send(&server, "/check", &parts).status, 409, "the text has changed since");
}

#[test]
fn files_are_checked_as_sets_and_come_back_corrected() {
    let (_folder, memory) = desk();
    let server = Server::start(&memory, &[]);
    let (en, az) = ("The Milli Majlis met on 5 May.\n", "Parlament 5 mayda toplaşıb.\n");
    let set = send(
        &server,
        "/check/found",
        &[("file", Some("a/1.en.txt"), en.as_bytes()), ("file", Some("a/1.az.txt"), az.as_bytes())],
    )
    .text();
    assert!(set.contains("missing-term") && set.contains("a/1.az.txt:1:1"), "{set}");
    let names = [("file", Some("first.txt"), en.as_bytes()), ("file", Some("second.txt"), az.as_bytes())];
    assert!(!send(&server, "/check/found", &names).text().contains("missing-term"), "two texts, not one");
    let together: Vec<Part<'_>> = names.into_iter().chain([("together", None, b"on".as_slice())]).collect();
    assert!(send(&server, "/check/found", &together).text().contains("missing-term"));

    let html = "<p>The <b>Milli Mejlis</b> met.</p>\n<!-- yaddash-ignore -->\n<p>The Milli Mejlis sat.</p>\n";
    let file: Part<'_> = ("file", Some("Xəbər.en.html"), html.as_bytes());
    let found = send(&server, "/check/found", &[file]).text();
    assert_eq!(values(&found, "data-id").len(), 1, "the comment hushes the other: {found}");
    let answer = send(&server, "/check/corrected", &[file]);
    assert_eq!(answer.text(), html.replacen("Mejlis", "Majlis", 1));
    let name = format!("attachment; filename*=UTF-8''{}", "X%C9%99b%C9%99r.en.html");
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    let nothing = send(&server, "/check/corrected", &[("file", Some("1.en.txt"), en.as_bytes())]);
    assert_eq!((nothing.status, nothing.header("content-disposition")), (400, None));
    assert_eq!(send(&server, "/check/corrected", &[]).status, 400);
    let two = [("file", Some("1.en.txt"), en.as_bytes()), ("file", Some("2.en.txt"), en.as_bytes())];
    assert_eq!(send(&server, "/check/corrected", &two).status, 400, "which of them");
}

#[test]
fn hostile_input_is_refused_and_names_are_no_paths() {
    let (folder, memory) = desk();
    fs::write(folder.path().join("secret.en.txt"), "The Milli Mejlis met in secret.\n").unwrap();
    let server = Server::start(&memory, &[]);
    // What counts is what was sent, not what lies there under the name.
    let found = send(&server, "/check/found", &[("file", Some("secret.en.txt"), b"All is well.\n")]).text();
    assert!(found.contains("Nothing found"), "{found}");
    let path = format!("../{}/secret.en.txt", folder.path().file_name().unwrap().to_str().unwrap());
    let found = send(&server, "/check/found", &[("file", Some(&path), b"The Milli Mejlis met.\n")]).text();
    assert!(!found.contains("secret.\n") && !found.contains("../"), "{found}");
    for (name, bytes) in
        [("1.docx", &b"PK\x03\x04 no zip at all"[..]), ("1.pdf", b"%PDF-1.4 x"), ("1.tmx", b"<tmx version='1.4'>")]
    {
        let found = send(&server, "/check/found", &[("file", Some(name), bytes)]);
        assert_eq!(found.status, 200);
        assert!(found.text().contains("class=\"error\"") && found.text().contains(name), "{name}: {}", found.text());
    }
    let twice = [("file", Some("1.en.txt"), &b"x"[..]), ("file", Some("1.en.txt"), b"y")];
    assert_eq!(send(&server, "/check/found", &twice).status, 400);
    assert_eq!(send(&server, "/check/found", &[("text.<x>", None, b"x")]).status, 400);
    let kind = [("content-type", "application/json")];
    assert_eq!(server.request("POST", "/check/found", &kind, b"{}").status, 415);
    let kind = [("content-type", "multipart/form-data; boundary=b0")];
    assert_eq!(server.request("POST", "/check/found", &kind, b"--b0\r\ncontent-").status, 400);
    let large = vec![b'x'; 65 * 1024 * 1024];
    assert_eq!(send(&server, "/check/found", &[("file", Some("1.en.txt"), &large)]).status, 413);
    let many: Vec<String> = (0..70).map(|number| format!("{number}.en.txt")).collect();
    let many: Vec<Part<'_>> = many.iter().map(|name| ("file", Some(name.as_str()), &b"x"[..])).collect();
    assert_eq!(send(&server, "/check/found", &many).status, 413);
    assert_eq!(server.get(&format!("/check?q={}", quoted("<script>"))).status, 200);
}
