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
    assert!(
        listed.iter().any(|l| text(l, "text") == "Parlament 12 iyunda toplaşıb." && !l["present"].as_bool().unwrap())
    );
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

#[test]
fn releases_are_listed_with_how_far_they_are() {
    let desk = office();
    desk.run(&["run", "releases"]).ok();
    desk.put("releases/3.en.txt", "A new centre opened in Baku.\n\nIt has 12 rooms.\n");
    desk.put("releases/3.ru.txt", "В Баку открылся новый центр.\n\nВ нём 12 комнат.\n");
    let list = |arguments: &[&str]| {
        let arguments: Vec<&str> =
            ["release", "list", "--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
        let mut out = desk.run(&arguments).ok().objects().remove(0);
        out["releases"].take().as_array().unwrap().clone()
    };
    let names = |releases: &[Value]| releases.iter().map(|r| text(r, "release").to_owned()).collect::<Vec<_>>();
    let state = |release: &Value, language: &str| release["languages"][language]["state"].as_str().unwrap().to_owned();
    let all = list(&[]);
    assert_eq!(names(&all), ["1", "2", "3"]);
    assert_eq!((state(&all[0], "en"), state(&all[0], "ru")), ("published".to_owned(), "in-translation".to_owned()));
    assert_eq!(state(&all[2], "ru"), "draft", "it is not in the memory yet");
    assert_eq!(all[0]["findings"]["errors"], 2);
    assert_eq!(all[2]["missing"], serde_json::json!(["az"]));
    assert_eq!(names(&list(&["--state", "draft"])), ["3"]);
    // Which languages there are to be, the office says.
    desk.put(
        "yaddash.toml",
        "memory = \"office.db\"\n[terms]\nfiles = [\"glossary.tsv\"]\n[project]\nlanguages = [\"en\", \"az\"]\n",
    );
    assert_eq!(names(&list(&["--missing"])), ["3"]);

    // A file is changed: it is not as the memory has it; once it is stored, the other language is behind.
    assert_eq!(names(&list(&["--stale"])), [""; 0]);
    desk.put("releases/2.en.txt", "The Milli Majlis met on 12 June.\n\nIt had 14 hard questions.\n");
    let stale = list(&["--stale"]);
    assert_eq!(names(&stale), ["2"]);
    assert_eq!((state(&stale[0], "en"), state(&stale[0], "az")), ("corrected".to_owned(), "published".to_owned()));
    desk.run(&["run", "releases"]).ok();
    let stale = list(&["--stale"]);
    assert_eq!(stale[0]["stale"][0]["changed"], serde_json::json!(["en"]));
    assert_eq!(stale[0]["stale"][0]["behind"], serde_json::json!(["az"]));
    let shown = desk.run(&["release", "show", "2"]).ok().out;
    assert!(shown.contains("az behind en in 1 unit") && shown.contains("releases/2.az.txt"), "{shown}");
    let status = desk.run(&["release", "status"]).ok().out;
    assert!(status.starts_with("3 releases\n") && status.contains("need attention:\n  1 "), "{status}");
    assert!(desk.run(&["release", "list", "--format", "csv"]).ok().out.contains("2,az,published"));
    // The name is looked at, a near one is proposed, and what is no state is refused.
    desk.run(&["release", "show", "9"]).refused("there is no release `9`");
    desk.run(&["release", "set", "2"]).refused("nothing to say of it");

    desk.run(&["release", "set", "2", "--lang", "az", "--state", "reviewed", "-n"]).ok();
    assert_eq!(list(&["--stale"]).len(), 1, "a trial");
    let done = desk.run(&["release", "set", "2", "--lang", "az", "--state", "reviewed", "--date", "2026-06-13"]).ok();
    assert!(done.err.contains("1 release told of"), "{}", done.err);
    assert_eq!(list(&["--stale"]).len(), 0, "it was looked at since");
    let second = &list(&[])[1];
    assert_eq!(
        (state(second, "az"), second["languages"]["az"]["date"].as_str()),
        ("reviewed".to_owned(), Some("2026-06-13"))
    );
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(list(&["--stale"]).len(), 1);
    desk.run(&["memory", "check"]).ok();
}

#[test]
fn a_folder_without_a_memory_has_releases_too() {
    let desk = office();
    let out = desk.run(&["release", "status"]).ok().out;
    assert!(out.contains("2 releases") && out.contains("2 draft"), "{out}");
    assert!(!desk.path("office.db").exists(), "nothing is written");
    let nothing = Desk::new();
    assert!(nothing.run(&["release", "list"]).ok().err.contains("there are no releases"));
}

#[test]
fn the_gate_says_whether_releases_may_go_out() {
    let desk = office();
    let judged = desk.run(&["check", "--gate"]);
    assert_eq!(judged.code, 1);
    assert!(judged.out.starts_with("MUST NOT GO OUT (2 releases)"), "{}", judged.out);
    assert!(judged.out.contains("2 errors of the rule forbidden-term") && judged.out.contains("releases/1.en.txt:1:5"));
    assert!(judged.out.contains("check accept NUMBER"), "{}", judged.out);
    assert!(judged.out.lines().count() < 25);
    assert_eq!(desk.run(&["check", "--gate", "--exit-zero"]).code, 0);
    let second = desk.run(&["check", "--gate", "releases/2.en.txt", "releases/2.az.txt"]).ok().out;
    assert!(second.starts_with("MAY GO OUT"), "{second}");
    for finding in findings(&desk, &["releases"]) {
        desk.run(&["check", "accept", text(&finding, "id"), "--reason", "Known."]).ok();
    }
    let judged = desk.run(&["check", "--gate"]).ok().out;
    assert!(judged.starts_with("MAY GO OUT") && judged.contains("3 findings are accepted"), "{judged}");

    let config = |gate: &str| {
        let rest = "memory = \"office.db\"\n[terms]\nfiles = [\"glossary.tsv\"]\n";
        desk.put("yaddash.toml", format!("{rest}[gate]\n{gate}\n"));
    };
    config("languages = [\"en\", \"az\", \"ru\"]");
    let judged = desk.run(&["check", "--gate", "--format", "json"]);
    assert_eq!(judged.code, 1);
    let gate = &judged.objects()[0]["gate"];
    assert_eq!((&gate["may_go_out"], &gate["reasons"][0]["kind"]), (&Value::from(false), &Value::from("languages")));
    assert_eq!(gate["reasons"][0]["count"], 2);
    config("states = [\"reviewed\"]");
    assert!(desk.run(&["check", "--gate"]).out.contains("4 texts that are draft"));
    desk.run(&["release", "set", "1", "2", "--state", "reviewed"]).ok();
    desk.run(&["check", "--gate"]).ok();
    // `run` asks the same.
    let ran = desk.run(&["run", "releases", "--gate"]).ok().out;
    assert!(ran.contains("\nMAY GO OUT (2 releases)"), "{ran}");
    config("stale = \"stop\"");
    desk.put("releases/2.en.txt", "The Milli Majlis met on 12 June.\n\nIt had 14 hard questions.\n");
    assert!(desk.run(&["check", "--gate"]).out.contains("1 release changed in one language"));
    config("stale = \"sometimes\"");
    desk.run(&["check", "--gate"]).refused("[gate] stale: `sometimes` is neither `stop` nor `warn`");
    config("levle = \"error\"");
    desk.run(&["check", "--gate"]).refused("there is no key `levle`");
    desk.run(&["check", "--gate", "--format", "csv", "--no-config", "releases"]).refused("--gate is not told as csv");
}
