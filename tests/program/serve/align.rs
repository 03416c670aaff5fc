//! The review of alignments.

use super::Server;
use crate::desk::Desk;
use serde_json::{Value, json};

const ENGLISH: &str = "A new service centre has opened in Ganja

The State Migration Service opened its fourth regional centre on 14 June; 60 people work there.

Visitors praised the bright rooms. A concert was given in the evening.
";

const AZERBAIJANI: &str = "Gəncədə yeni xidmət mərkəzi açılıb

Dövlət Miqrasiya Xidmətinin dördüncü regional mərkəzi iyunun 14-də açılıb; orada 60 nəfər çalışır.

Axşam konsert verilib. Qonaqlar işıqlı otaqları bəyəniblər.
";

/// A memory with one release, as `run` makes it.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("r/1.en.txt", ENGLISH);
    desk.put("r/1.az.txt", AZERBAIJANI);
    desk.run(&["run", "r"]).ok();
    desk
}

fn beads(server: &Server) -> Value {
    server.get("/aligning/beads?set=1").json()
}

/// Does a deed for the state as it is.
fn step(server: &Server, mut deed: Value) -> super::Answer {
    deed["set"] = "1".into();
    if deed.get("seen").is_none() {
        deed["seen"] = beads(server)["state"].clone();
    }
    server.post("/aligning/step", &deed)
}

fn texts(whole: &Value, language: &str) -> Vec<String> {
    let side = |bead: &Value| {
        let segments = bead["sides"][language].as_array().cloned().unwrap_or_default();
        segments.iter().map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    whole["beads"].as_array().unwrap().iter().map(side).collect()
}

#[test]
fn sets_are_listed_and_one_can_be_read_without_scripts() {
    let desk = desk();
    let server = Server::start(&desk.path("yaddash.db"), &[]);
    let list = server.get("/align").text();
    assert!(list.contains("<a href=\"/align/1\" translate=\"no\">1</a>"), "{list}");
    assert!(server.get("/align?q=nowhere&page=7").text().contains("no sets yet"));
    let page = server.request("GET", "/align/1?order=text", &[("accept-language", "ru")], b"");
    let text = page.text();
    assert!(text.contains("Visitors praised the bright rooms.") && text.contains("href=\"/releases/1\""), "{text}");
    assert!(text.contains("<td lang=\"az\">Gəncədə yeni xidmət mərkəzi açılıb</td>"), "{text}");
    assert!(text.contains("Порядок") || text.contains("Сначала сомнительные"), "{text}");
    for (address, status) in [
        ("/align/2", 404),
        ("/align/1?page=99999", 200),
        ("/align/1?page=-1", 400),
        ("/align/%00", 404),
        ("/align/../../etc", 404),
        ("/aligning/beads?set=none", 404),
        ("/aligning/beads", 400),
    ] {
        assert_eq!(server.get(address).status, status, "{address}");
    }
}

#[test]
fn deeds_are_stored_at_once_and_taken_back() {
    let desk = desk();
    let server = Server::start(&desk.path("yaddash.db"), &[]);
    let first = beads(&server);
    assert_eq!((&first["undo"], &first["languages"]), (&false.into(), &json!(["en", "az"])));
    let english = texts(&first, "en");
    let centre = english.iter().position(|text| text.contains("14 June")).unwrap();

    let at = english[centre].find(" 60").unwrap();
    let azerbaijani = &texts(&first, "az")[centre];
    let there = azerbaijani[..azerbaijani.find(" orada").unwrap()].chars().count();
    let split = step(&server, json!({"do": "split", "bead": centre, "at": {"en": [0, at], "az": [0, there]}}));
    assert_eq!(split.status, 200, "{}", split.text());
    let split = split.json();
    assert_eq!((&split["at"], &split["removed"]), (&centre.into(), &1.into()));
    assert_eq!(texts(&split, "en"), [&english[centre][..at], &english[centre][at + 1..]]);
    assert_eq!(texts(&split, "az")[1], "orada 60 nəfər çalışır.");
    let history = desk.run(&["memory", "history"]).ok().out;
    assert!(history.contains(&format!("review 1: split bead {}", centre + 1)) && history.contains("anna"), "{history}");
    // Another process sees it, a run leaves it.
    let ran = desk.run(&["run", "r", "--format", "jsonl"]).ok();
    assert_eq!(ran.objects()[0]["change"], "unchanged");
    let whole = beads(&server);
    assert_eq!(texts(&whole, "en").len(), english.len() + 1);
    assert_eq!(server.get(&format!("/aligning/beads?set=1&known={}", whole["state"].as_str().unwrap())).status, 204);
    // So does a text that changed elsewhere.
    desk.put("r/1.en.txt", ENGLISH.replace("in Ganja\n", "in Ganja today\n"));
    let ran = desk.run(&["run", "r", "--format", "jsonl"]).ok();
    let set = &ran.objects()[0];
    assert_eq!((&set["change"], &set["accepted"], &set["lost"]), (&"changed".into(), &2.into(), &json!([])));
    let after = beads(&server);
    assert!(texts(&after, "en").contains(&"60 people work there.".to_owned()), "{after}");
    // That run has the last word: what was done before is not taken back over it.
    let undo = step(&server, json!({"back": "undo"}));
    assert_eq!(undo.status, 409, "{}", undo.text());
    assert_eq!(beads(&server), after);

    let accepted = step(&server, json!({"do": "accept", "bead": 0})).json();
    assert_eq!((&accepted["beads"][0]["mark"], &accepted["undo"]), (&"accepted".into(), &true.into()));
    let undone = step(&server, json!({"back": "undo"})).json();
    assert_eq!((&undone["at"], &undone["redo"]), (&0.into(), &true.into()));
    assert_eq!(beads(&server)["beads"], after["beads"]);
    assert_eq!(step(&server, json!({"back": "redo"})).json()["beads"][0]["mark"], "accepted");
}

#[test]
fn a_split_lives_with_tables_and_with_align() {
    let desk = desk();
    let server = Server::start(&desk.path("yaddash.db"), &[]);
    let english = texts(&beads(&server), "en");
    let centre = english.iter().position(|text| text.contains("14 June")).unwrap();
    let at = english[centre].find(" 60").unwrap();
    assert_eq!(step(&server, json!({"do": "split", "bead": centre, "at": {"en": [0, at]}})).status, 200);
    let aligned = desk.run(&["align", "r", "--format", "jsonl"]).ok();
    let part = |bead: &Value| bead["sides"]["en"]["text"] == "60 people work there.";
    assert!(aligned.objects().iter().any(part), "{}", aligned.out);
    let saved = desk.run(&["align", "r", "--save"]).ok();
    assert!(saved.out.contains("1 set (1 unchanged)"), "{}", saved.out);
    desk.put("beads.tsv", desk.run(&["align", "r", "--format", "tsv"]).ok().out);
    let applied = desk.run(&["align", "r", "--apply", "beads.tsv", "--format", "jsonl"]).ok();
    assert!(applied.objects().iter().any(part), "{}", applied.out);
}

#[test]
fn an_edit_changes_the_unit_and_survives_its_neighbours() {
    let desk = desk();
    let server = Server::start(&desk.path("yaddash.db"), &[]);
    let edit = json!({"do": "edit", "bead": 1, "language": "az", "text": "Gəncədə mərkəz açılıb; 60 nəfər çalışır."});
    let changed = step(&server, edit).json();
    assert_eq!(changed["beads"][0]["edited"]["az"], "Gəncədə mərkəz açılıb; 60 nəfər çalışır.");
    assert_eq!(step(&server, json!({"do": "unlink", "bead": 0})).json()["dropped"], 0);
    let found = desk.run(&["memory", "find", "mərkəz açılıb"]).ok().out;
    assert!(found.contains("60 nəfər çalışır"), "{found}");
    let merged = step(&server, json!({"do": "merge", "bead": 2})).json();
    assert_eq!(merged["dropped"], 1, "told: {merged}");
    let page = server.get("/align/1").text();
    assert!(!page.contains("Gəncədə mərkəz açılıb;"), "{page}");
}

#[test]
fn late_and_hostile_deeds_change_nothing() {
    let desk = desk();
    let server = Server::start(&desk.path("yaddash.db"), &[]);
    let before = beads(&server);
    let seen = before["state"].clone();
    let huge = "x".repeat(100_000);
    for (deed, status) in [
        (json!({"do": "merge", "bead": 999}), 400),
        (json!({"do": "merge", "bead": -1}), 422),
        (json!({"do": "drop", "bead": 1}), 422),
        (json!({"do": "move", "bead": 0, "language": "en", "segment": 0, "to": 999}), 400),
        (json!({"do": "split", "bead": 0, "at": {"en": [0, 99999]}}), 400),
        (json!({"do": "split", "bead": 0, "at": {}}), 400),
        (json!({"do": "accept-all", "above": 2}), 400),
        (json!({"do": "edit", "bead": 0, "language": "az", "text": "  "}), 400),
        (json!({"do": "edit", "bead": 0, "language": "az", "text": huge}), 413),
        (json!({"do": "accept", "bead": 0, "seen": "1.2.3"}), 409),
        (json!({"back": "undo"}), 400),
        (json!({"back": "sideways"}), 422),
    ] {
        let answer = step(&server, deed.clone());
        assert_eq!(answer.status, status, "{deed}: {}", answer.text());
    }
    assert_eq!(beads(&server), before);
    // Two saw the same; the second is told, and loses nothing of what the first did.
    assert_eq!(step(&server, json!({"do": "accept", "bead": 0, "seen": seen.clone()})).status, 200);
    let late = step(&server, json!({"do": "merge", "bead": 0, "seen": seen}));
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Somebody else has changed this set"), "{}", late.text());
    assert_eq!(beads(&server)["beads"][0]["mark"], "accepted");
    // From another site nothing is taken.
    let body = json!({"set": "1", "seen": "", "do": "merge", "bead": 0}).to_string();
    let foreign = [("content-type", "application/json"), ("sec-fetch-site", "cross-site")];
    assert_eq!(server.request("POST", "/aligning/step", &foreign, body.as_bytes()).status, 421);
}
