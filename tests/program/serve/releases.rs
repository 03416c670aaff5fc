//! The pages of releases: the list, and one with its texts.

use super::{Server, quoted};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

const TEXTS: &[(&str, &str)] = &[
    (
        "2024/0 1.en.txt",
        "News of the day\n\nThe Milli Mejlis opens on Monday at nine.\n\nIt has twelve rooms for visitors.\n",
    ),
    (
        "2024/0 1.az.txt",
        "Günün xəbəri\n\nMilli Məclis bazar ertəsi saat doqquzda açılır.\n\nOrada qonaqlar üçün on iki otaq var.\n",
    ),
    ("2.en.txt", "Second news\n\nThe office has twelve rooms for visitors.\n"),
    ("2.az.txt", "İkinci xəbər\n\nOfisdə qonaqlar üçün on iki otaq var.\n"),
];

fn yaddash(folder: &Path, arguments: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_yaddash"))
        .current_dir(folder)
        .args(["-m", "office.db"])
        .args(arguments)
        .env("USER", "anna")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A folder of releases and the memory `run` makes of them.
fn archive() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in TEXTS {
        let path = folder.path().join("releases").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir(folder.path().join("glossary")).unwrap();
    let glossary = "concept,en,en_forbidden,az\nparliament,Milli Majlis,Milli Mejlis,Milli Məclis\n";
    fs::write(folder.path().join("glossary/terms.csv"), glossary).unwrap();
    yaddash(folder.path(), &["run", "releases"]);
    let memory = folder.path().join("office.db");
    (folder, memory)
}

/// Waits until all is found out, and gives the list.
fn list(server: &Server, asked: &str) -> String {
    let began = Instant::now();
    loop {
        let now = server.get("/releases?part=progress").json();
        if now["running"] == false && now["whole"] == true {
            return server.get(&format!("/releases?part=list&{asked}")).text();
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{now}");
        sleep(Duration::from_millis(20));
    }
}

fn names(list: &str) -> Vec<&str> {
    list.split("translate=\"no\">").skip(1).filter_map(|rest| rest.split('<').next()).collect()
}

const ONE: &str = "/releases/2024/0%201";

#[test]
fn the_list_comes_by_itself_and_is_filtered() {
    let (folder, memory) = archive();
    let server = Server::start(&memory, &[]);
    // Nobody waits for it.
    assert_eq!(server.get("/releases").status, 200);
    let all = list(&server, "");
    assert_eq!(names(&all), ["2", "2024/0 1"]);
    assert!(all.contains(&format!("href=\"{ONE}\"")) && all.contains("Must not go out"), "{all}");
    assert!(all.contains("error of the rule forbidden-term"), "{all}");
    assert_eq!(names(&list(&server, "attention=1")), ["2024/0 1"]);
    assert_eq!(names(&list(&server, "q=2024%2F")), ["2024/0 1"]);
    assert_eq!(names(&list(&server, "state=published&page=99999999999999999999")), ["2", "2024/0 1"]);
    assert_eq!(names(&list(&server, "state=draft")), Vec::<&str>::new());
    assert_eq!(names(&list(&server, "missing=1")), Vec::<&str>::new());
    // A file changes: it is seen, and out of step until it is stored.
    let text = TEXTS[3].1.replace("on iki", "on üç");
    fs::write(folder.path().join("releases/2.az.txt"), text).unwrap();
    let stale = list(&server, "stale=1");
    assert_eq!(names(&stale), ["2"]);
    assert!(stale.contains("not as in the memory: az"), "{stale}");
    // A language that is gone.
    fs::remove_file(folder.path().join("releases/2.az.txt")).unwrap();
    fs::write(folder.path().join("releases/3.en.txt"), "Third news\n").unwrap();
    fs::write(folder.path().join("releases/3.ru.txt"), "Третья новость\n").unwrap();
    let missing = list(&server, "missing=1");
    assert!(names(&missing).contains(&"3") && missing.contains("missing: az"), "{missing}");
    let unstored = server.get("/releases/3").text();
    assert!(unstored.contains("Third news") && unstored.contains("Третья новость"), "{unstored}");
    assert!(unstored.contains("does not have it yet"), "{unstored}");
}

#[test]
fn a_release_shows_its_texts_with_what_was_found() {
    let (_folder, memory) = archive();
    let server = Server::start(&memory, &[]);
    list(&server, "");
    let page = server.get(ONE).text();
    for part in [
        "<h1 translate=\"no\">2024/0 1</h1>",
        "id=\"mark-1\" href=\"#findings-1\"",
        "<mark class=\"error\">Milli Mejlis</mark>",
        "Orada qonaqlar üçün on iki otaq var.",
        "href=\"/align/2024/0%201\"",
        "href=\"/units/3\"",
        "run releases",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // A finding is let stand for a reason, and no longer.
    let id = page.split("data-id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let reason = format!("reason.{id}");
    assert_eq!(server.form(ONE, &[("accept", &id), (&reason, "")]).status, 400);
    let answer = server.form(ONE, &[("accept", &id), (&reason, "the name of a book")]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/releases/2024/0%201#found")));
    let page = server.get(ONE).text();
    assert!(page.contains("the name of a book") && page.contains("<mark class=\"accepted\">"), "{page}");
    let all = list(&server, "");
    assert!(all.contains("May go out") && names(&list(&server, "attention=1")).is_empty(), "{all}");
    assert_eq!(server.form(ONE, &[("revoke", &id)]).status, 303);
    assert_eq!(server.form(ONE, &[("revoke", &id)]).status, 409);
    assert!(list(&server, "").contains("Must not go out"));
    assert_eq!(server.form(ONE, &[("accept", "00000000"), ("reason.00000000", "x")]).status, 409);
    for gone in ["/releases/none", "/releases/2024", "/releases/..%2F2", "/releases/%FF", "/releases/"] {
        let status = server.get(gone).status;
        assert!(status == 404 || status == 400, "{gone}: {status}");
    }
    assert_eq!(server.form("/releases/none", &[("state", "draft")]).status, 404);
    assert_eq!(server.get(&format!("{ONE}?from=99999999999&kept=x{}", quoted("<"))).status, 200);
}

#[test]
fn how_far_a_release_is_can_be_said_and_taken_back() {
    let (folder, memory) = archive();
    let server = Server::start(&memory, &[]);
    list(&server, "");
    let said = [
        ("some", "1"),
        ("lang.az", "on"),
        ("state", "reviewed"),
        ("date", "2026-03-01"),
        ("url", "https://a.example/1?x=1&y"),
    ];
    let answer = server.form(ONE, &said);
    assert_eq!(answer.status, 303);
    let to = answer.header("location").unwrap().to_owned();
    let batch = to.strip_prefix("/releases/2024/0%201?kept=").unwrap().to_owned();
    let undo = format!("name=\"undo\" value=\"{batch}\"");
    let page = server.get(&to).text();
    for part in ["reviewed", "2026-03-01", "https://a.example/1?x=1&#38;y", undo.as_str(), "release set 2024/0 1"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(names(&list(&server, "state=reviewed")), ["2024/0 1"]);
    for wrong in [("state", "done"), ("date", "1.3.2026"), ("url", "nowhere"), ("lang.??", "on"), ("x", "y")] {
        assert_eq!(server.form(ONE, &[wrong]).status, 400, "{wrong:?}");
    }
    assert_eq!(server.form(ONE, &[("undo", &batch)]).status, 303);
    let page = server.get(ONE).text();
    assert!(page.contains("Undone by") && !page.contains("2026-03-01</td>"), "{page}");
    assert_eq!(server.form(ONE, &[("undo", &batch)]).status, 409, "somebody has undone it already");
    // An address that is no page is shown, not linked.
    assert_eq!(server.form(ONE, &[("url", "javascript://x")]).status, 303);
    assert!(!server.get(ONE).text().contains("href=\"javascript"));
    // A batch of another release is no business of this page.
    yaddash(folder.path(), &["release", "set", "2", "--state", "draft"]);
    let newest = server.get("/changes").json()["batch"].to_string();
    for foreign in [newest.as_str(), "77", "x", "-1"] {
        assert_eq!(server.form(ONE, &[("undo", foreign)]).status, 404, "{foreign}");
    }
}
