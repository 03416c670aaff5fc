//! Before a release goes out: findings let stand, reports, the state of releases, the gate.

use crate::desk::Desk;
use serde_json::Value;
use std::fs;

const GLOSSARY: &str = "concept\ten\ten_forbidden\taz\n\
    parliament\tMilli Majlis\tMilli Mejlis\tMilli Məclis\n";

/// A folder with a glossary, a text with two errors, and a pair with a term missing.
fn office() -> Desk {
    let desk = Desk::new();
    desk.put("yaddash.toml", "memory = \"office.db\"\n[terms]\nfiles = [\"glossary.tsv\"]\n");
    desk.put("glossary.tsv", GLOSSARY);
    desk.put("releases/1.en.txt", "The Milli Mejlis met.\n\nThe Milli Mejlis sat on 5 May.\n");
    desk.put("releases/1.az.txt", "Milli Məclis toplaşıb.\n\nMilli Məclis 5 mayda oturub.\n");
    desk.put("releases/2.en.txt", "The Milli Majlis met on 12 June.\n\nIt had 14 questions.\n");
    desk.put("releases/2.az.txt", "Parlament 12 iyunda toplaşıb.\n\nOnun 14 sualı var idi.\n");
    desk
}

fn findings(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let arguments: Vec<&str> = ["check", "--format", "jsonl"].into_iter().chain(arguments.iter().copied()).collect();
    desk.run(&arguments).objects()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

#[test]
fn a_finding_is_let_stand_listed_and_taken_back() {
    let desk = office();
    let before = findings(&desk, &["releases"]);
    assert_eq!(before.len(), 3);
    let id = text(&before[0], "id").to_owned();
    // It is found again in the folder of releases; a trial changes nothing and makes no memory.
    let trial = desk.run(&["check", "accept", &id, "--reason", "A title.", "-n"]).ok();
    assert!(trial.err.contains("1 finding accepted (nothing was changed)"), "{}", trial.err);
    assert!(!desk.path("office.db").exists());
    let done = desk.run(&["check", "accept", &id, "--reason", "A title."]).ok();
    assert!(done.out.contains(&id) && done.out.contains("releases/1.en.txt:1:5"), "{}", done.out);
    assert!(done.err.contains("memory undo 1"), "{}", done.err);

    let after = desk.run(&["check", "releases", "--format", "jsonl"]);
    assert_eq!(after.objects().len(), 2);
    assert!(after.err.contains("1 accepted finding is left out"), "{}", after.err);
    let shown = findings(&desk, &["releases", "--show-accepted"]);
    let stands: Vec<&Value> = shown.iter().filter(|finding| !finding["accepted"].is_null()).collect();
    assert_eq!(stands.len(), 1);
    assert_eq!((text(stands[0], "id"), &stands[0]["accepted"]["reason"]), (id.as_str(), &Value::from("A title.")));
    // The file moves and a text is put in above.
    fs::remove_file(desk.path("releases/1.en.txt")).unwrap();
    desk.put("new/9.en.txt", "Today.\n\nThe Milli Mejlis met.\n\nThe Milli Mejlis sat on 5 May.\n");
    let moved = findings(&desk, &["new/9.en.txt"]);
    assert_eq!(moved.iter().map(|f| f["line"].as_u64().unwrap()).collect::<Vec<_>>(), [5]);

    // By its place, with the files of its set looked through; the other one by both its names is one.
    let missing = desk.run(&["check", "accept", "releases/2.az.txt:1:1,new/9.en.txt:5", "--reason", "Said so."]).ok();
    assert!(missing.err.contains("2 findings accepted"), "{}", missing.err);
    desk.run(&["check", "new", "releases"]).ok();
    let listed = desk.run(&["check", "accepted", "new/9.en.txt", "--format", "jsonl"]).ok().objects();
    assert_eq!(listed.len(), 3);
    let present: Vec<bool> = listed.iter().map(|l| l["present"].as_bool().unwrap()).collect();
    assert_eq!(present.iter().filter(|present| **present).count(), 2);
    assert!(listed.iter().any(|l| text(l, "text") == "Parlament 12 iyunda toplaşıb." && !l["present"].as_bool().unwrap()));
    assert!(desk.run(&["check", "accepted"]).ok().out.contains("A title."));
    assert!(desk.run(&["check", "accepted", "--format", "csv"]).ok().out.contains("Said so."));

    desk.run(&["check", "revoke", &id]).ok();
    assert_eq!(findings(&desk, &["new/9.en.txt"]).len(), 1);
    // A batch like any other.
    let history = desk.run(&["memory", "history"]).ok().out;
    assert!(history.contains(&format!("check revoke {id}")), "{history}");
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(findings(&desk, &["new/9.en.txt"]).len(), 0);
    desk.run(&["memory", "check"]).ok();
}

#[test]
fn what_is_no_finding_is_not_let_stand() {
    let desk = office();
    let refused = |arguments: &[&str], message: &str| {
        let arguments: Vec<&str> = ["check"].into_iter().chain(arguments.iter().copied()).collect();
        desk.run(&arguments).refused(message);
    };
    refused(&["accept", "00000000", "--reason", "x"], "no finding `00000000`");
    refused(&["accept", "releases/1.en.txt:9:1", "--reason", "x"], "no finding `releases/1.en.txt:9:1`");
    refused(&["accept", "releases/1.en.txt:1:5", "--reason", " "], "the reason is empty");
    refused(&["revoke", "00000000"], "office.db");
    assert!(!desk.path("office.db").exists());
    // Files of the names of the commands.
    desk.put("accept", "x");
    desk.run(&["check", "--from", "en", "./accept"]).ok();
    // Two rules at one place are told apart by their ids.
    desk.put("3.en.txt", "The Milli Мejlis met.\n");
    let both = findings(&desk, &["3.en.txt"]);
    if both.len() > 1 {
        refused(&["accept", "3.en.txt:1", "--reason", "x"], "more than one finding");
    }
    desk.run(&["check", "accept", text(&both[0], "id"), "3.en.txt", "--reason", "x"]).ok();
    desk.run(&["check", "accept", text(&both[0], "id"), "3.en.txt", "--reason", "y"]).ok();
    let listed = desk.run(&["check", "accepted", "--format", "json"]).ok().objects();
    assert_eq!(listed[0]["accepted"][0]["reason"], "y", "the newer reason stands");
    refused(&["revoke", "00000000"], "no accepted finding has the id `00000000`");
}

#[test]
fn run_and_the_units_of_the_memory_mind_what_is_let_stand() {
    let desk = office();
    let ran = desk.run(&["run", "releases", "--gate"]);
    assert_eq!(ran.code, 1);
    for finding in findings(&desk, &["releases"]) {
        desk.run(&["check", "accept", text(&finding, "id"), "--reason", "Known."]).ok();
    }
    let ran = desk.run(&["run", "releases", "--gate"]).ok();
    assert!(ran.err.contains("3 accepted findings are left out"), "{}", ran.err);
    // The same sentences are units, and so the same findings.
    desk.run(&["check", "--memory-units"]).ok();
    desk.put("units.csv", "en,az\nThe Milli Mejlis rose.,Parlament qalxıb.\n");
    desk.run(&["import", "units.csv"]).ok();
    let units = findings(&desk, &["--memory-units"]);
    let wrong = units.iter().find(|finding| finding["rule"] == "forbidden-term").unwrap();
    desk.run(&["check", "accept", text(wrong, "id"), "--memory-units", "--reason", "Theirs."]).ok();
    assert_eq!(findings(&desk, &["--memory-units"]).len(), units.len() - 1);
    // They come with the memory: in a backup, and when two are brought together.
    desk.run(&["memory", "backup", "copy.db"]).ok();
    desk.run(&["-m", "other.db", "memory", "merge", "copy.db"]).ok();
    let there = desk.run(&["-m", "other.db", "check", "accepted", "--format", "jsonl"]).ok().objects();
    assert_eq!(there.len(), 4);
}
