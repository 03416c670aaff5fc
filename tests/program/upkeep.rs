//! Looking after a memory: its units, its history, copies of it.

use crate::desk::Desk;
use serde_json::Value;
use std::fs;

const TABLE: &str = "en,az,ru\nThe centre is open.,Mərkəz açıqdır.,Центр открыт.\nThank you.,Sağ olun.,\n";

fn units(desk: &Desk) -> Vec<Value> {
    desk.run(&["export", "--as", "jsonl", "--pending"]).ok().objects()
}

fn text(unit: &Value, language: &str) -> String {
    let variants = unit["variants"].as_array().unwrap();
    let found = variants.iter().find(|variant| variant["language"] == language);
    found.map_or_else(String::new, |variant| variant["text"].as_str().unwrap().to_owned())
}

fn with_table() -> Desk {
    let desk = Desk::new();
    desk.put("a.csv", TABLE);
    desk.run(&["import", "a.csv"]).ok();
    desk
}

#[test]
fn a_unit_is_found_changed_and_taken_back() {
    let desk = with_table();
    let found = desk.run(&["memory", "find", "MƏRKƏZ", "--format", "jsonl"]).ok().objects();
    assert_eq!((found.len(), &found[0]["unit"]), (1, &Value::from(1)));
    for (text, how, code) in [
        ("nothing so", None, 1),
        ("mərkə", None, 0),
        ("mərkə", Some("--word"), 1),
        ("mərkəzin", Some("--forms"), 0),
        ("m.rk.z a", Some("--regex"), 0),
    ] {
        let words: Vec<&str> = ["memory", "find", text].into_iter().chain(how).collect();
        assert_eq!(desk.run(&words).code, code, "{words:?}");
    }
    desk.run(&["memory", "find", "x", "--word", "--regex"]).refused("cannot be used with");

    let before = units(&desk);
    let edit = ["memory", "edit", "1", "--set", "az=Yeni mərkəz açıqdır.", "--note", "by the editor"];
    let trial = desk.run(&[&edit[..], &["--dry-run"]].concat()).ok();
    assert!(trial.out.contains("[-Mərkəz-]{+Yeni mərkəz+}"), "{}", trial.out);
    assert_eq!(units(&desk), before, "a trial changes nothing");
    let done = desk.run(&edit).ok();
    assert!(done.err.contains("`yaddash memory undo 2` takes it back"), "{}", done.err);
    let after = units(&desk);
    assert_eq!(text(&after[0], "az"), "Yeni mərkəz açıqdır.");
    assert_eq!(after[0]["state"], "approved");
    assert_eq!(after[0]["notes"][0]["text"], "by the editor");

    // Where it comes from, and what it was.
    let shown = desk.run(&["memory", "show", "1", "--format", "json"]).ok().objects().remove(0);
    assert_eq!(shown[0]["history"][0]["batch"]["note"], "import a.csv");
    assert_eq!(shown[0]["history"][1]["before"]["texts"]["az"][0], "Mərkəz açıqdır.");
    assert_eq!(shown[0]["now"]["texts"]["az"][0], "Yeni mərkəz açıqdır.");
    let batch = desk.run(&["memory", "history", "2"]).ok().out;
    assert!(batch.contains("edit unit 1") && batch.contains("{+Yeni mərkəz+}"), "{batch}");

    desk.run(&["memory", "undo", "2"]).ok();
    assert_eq!(units(&desk), before);
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(units(&desk), after, "the undoing is undone");
}

#[cfg(unix)]
#[test]
fn the_editor_of_the_user_opens() {
    let desk = with_table();
    let editor = desk
        .put("editor.sh", "sed -i -e 's/^az = Sağ/az = Çox sağ/' -e 's/^state = imported/state = approved/' \"$1\"\n");
    let with = |editor: &str, arguments: &[&str]| {
        let program = env!("CARGO_BIN_EXE_yaddash");
        let folder = desk.path("");
        let mut command = std::process::Command::new(program);
        command.args(arguments).current_dir(folder).env("EDITOR", editor).env_remove("VISUAL");
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, err) = with(&format!("sh {}", editor.display()), &["memory", "edit", "--all"]);
    assert_eq!(code, 0, "{err}");
    let after = units(&desk);
    assert_eq!(text(&after[1], "az"), "Çox sağ olun.");
    assert!(after.iter().all(|unit| unit["state"] == "approved"));
    let history = desk.run(&["memory", "history", "--format", "json"]).ok().objects().remove(0);
    assert_eq!((&history[0]["changed"], history.as_array().unwrap().len()), (&Value::from(2), 2), "one batch");
    // What cannot be read changes nothing, and is not thrown away.
    desk.put("editor.sh", "echo 'unit 1\nen = ' > \"$1\"\n");
    let (code, err) = with(&format!("sh {}", editor.display()), &["memory", "edit", "1"]);
    assert_eq!(code, 2);
    let kept = err.lines().find_map(|line| line.strip_prefix("what you wrote is in ")).unwrap();
    assert!(fs::read_to_string(kept).unwrap().starts_with("unit 1"));
    fs::remove_file(kept).unwrap();
    let (code, err) = with("no-such-editor", &["memory", "edit", "1"]);
    assert!(code == 2 && err.contains("`no-such-editor` could not be started"), "{err}");
    assert_eq!(units(&desk), after);
}

#[test]
fn nothing_is_changed_that_was_not_chosen() {
    let desk = with_table();
    let before = units(&desk);
    for job in ["delete", "approve", "edit"] {
        desk.run(&["memory", job]).refused("no units are chosen");
        desk.run(&["memory", job, "7"]).refused("there is no unit 7");
        desk.run(&["memory", job, "1", "--state", "imported"]).refused("not by both");
    }
    assert_eq!(units(&desk), before);
    let deleted = desk.run(&["memory", "delete", "--text", "thank"]).ok();
    assert!(deleted.out.contains("unit 2 is deleted") && deleted.out.contains("Sağ olun."), "{}", deleted.out);
    assert_eq!(units(&desk), before[..1]);
    assert!(desk.run(&["memory", "show", "2"]).ok().out.starts_with("unit 2 was deleted"));
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(units(&desk), before);
    assert_eq!(desk.run(&["memory", "delete", "--origin", "nowhere"]).code, 1, "no unit is so");
    desk.run(&["-m", "none.db", "memory", "delete", "--all"]).refused("there is no such memory");
    assert!(!desk.path("none.db").exists());
}

#[test]
fn an_undo_says_its_conflicts_and_minds_the_flag() {
    let desk = with_table();
    desk.run(&["memory", "edit", "2", "--set", "az=Çox sağ olun."]).ok();
    let kept = desk.run(&["memory", "undo", "1", "-n"]).ok();
    assert!(kept.out.contains("would be undone: 1 put back"), "{}", kept.out);
    assert!(kept.out.contains("left as it is: unit 2: batch 2 came later"), "{}", kept.out);
    desk.run(&["memory", "undo", "1", "--on-conflict", "stop"]).refused("1 thing was changed later");
    assert_eq!(units(&desk).len(), 2);
    desk.run(&["memory", "undo", "1", "--on-conflict", "overwrite"]).ok();
    assert_eq!(units(&desk).len(), 0);
    desk.run(&["memory", "undo", "3"]).ok();
    assert_eq!(text(&units(&desk)[1], "az"), "Çox sağ olun.");
    let again = desk.run(&["memory", "undo", "3"]).ok();
    assert!(again.out.contains("batch 3 was undone before, by batch 4"), "{}", again.out);
    desk.run(&["memory", "check"]).ok();
}

#[test]
fn a_finished_job_updates_the_memory() {
    let desk = with_table();
    desk.put("back.csv", "en,az\nThank you.,Təşəkkür edirik.\nThe centre is open.,Mərkəz açıqdır.\n");
    let skipped = desk.run(&["import", "back.csv", "--on-conflict", "skip"]).ok();
    assert!(skipped.err.contains("1 left out, there is another translation"), "{}", skipped.err);
    let overwritten = desk.run(&["import", "back.csv", "--on-conflict", "overwrite"]).ok();
    assert!(overwritten.err.contains("1 stored unit overwritten"), "{}", overwritten.err);
    let asked = desk.run(&["lookup", "--from", "en", "--to", "az", "--format", "jsonl", "Thank you."]).ok().objects();
    let targets: Vec<&str> =
        asked[0]["matches"].as_array().unwrap().iter().map(|m| m["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["Təşəkkür edirik."]);
    assert!(desk.run(&["memory", "show", "2"]).ok().out.contains("[-Sağ olun-]{+Təşəkkür edirik+}."));
    desk.put("other.csv", "en,az\nThank you.,Minnətdarıq.\n");
    desk.run(&["import", "other.csv"]).ok();
    assert_eq!(units(&desk).iter().filter(|unit| text(unit, "en") == "Thank you.").count(), 2, "both by default");
}

#[test]
fn final_texts_are_adopted() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let before = desk.run(&["memory", "find", "--in-set", "002", "--max", "999", "--format", "jsonl"]).ok().objects();
    let az = fs::read_to_string(desk.path("releases/002.az.txt")).unwrap();
    let sentence = text(&before[1], "az");
    assert!(az.contains(&sentence));
    let corrected = sentence.replacen(' ', " düzəliş ", 1);
    let last = desk.put("Downloads/final.txt", az.replace(&sentence, &corrected));

    let file = format!("az={}", last.display());
    let trial = desk.run(&["adopt", "002", &file, "--dry-run"]).ok();
    assert!(trial.out.contains("{+düzəliş+}"), "{}", trial.out);
    assert_eq!(trial.out.lines().filter(|line| line.starts_with("az")).count(), 1, "{}", trial.out);
    let done = desk.run(&["adopt", "002", &file]).ok();
    assert!(done.err.contains("1 changed, 0 new, 0 gone"), "{}", done.err);
    assert!(done.err.contains("002.az.txt: still has another text"), "{}", done.err);
    let after = desk.run(&["memory", "find", "--in-set", "002", "--max", "999", "--format", "jsonl"]).ok().objects();
    assert_eq!(after.len(), before.len());
    for (before, after) in before.iter().zip(&after) {
        let changed = text(before, "az") == sentence;
        assert_eq!(before["unit"], after["unit"]);
        assert_eq!(text(after, "az"), if changed { corrected.clone() } else { text(before, "az") });
        assert_eq!(after["state"], "published");
    }
    // A run over the folder as it was does not bring the old wording back.
    let ran = desk.run(&["run", "releases"]).ok();
    assert!(ran.out.contains("nothing to change in the memory"), "{}", ran.out);
    assert_eq!(desk.run(&["memory", "find", &corrected]).code, 0);
    // With the final text in its place nothing differs any more.
    fs::copy(&last, desk.path("releases/002.az.txt")).unwrap();
    let again = desk.run(&["adopt", "002"]).ok();
    assert_eq!(again.out, "");
    let ran = desk.run(&["run", "releases"]).ok();
    assert!(ran.out.contains("nothing to change in the memory"), "{}", ran.out);
    assert_eq!(desk.run(&["memory", "find", &corrected]).code, 0);
    desk.run(&["memory", "check"]).ok();
    desk.run(&["adopt", "2"]).refused("there is no set `2` in the memory");
    desk.run(&["adopt", "002", "tr=x.txt"]).refused("`002` has no tr text");
}

#[test]
fn an_edit_of_a_release_outlives_the_next_run() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let units = desk.run(&["memory", "find", "--in-set", "002", "--max", "999", "--format", "jsonl"]).ok().objects();
    let (edited, other) = (units[1]["unit"].to_string(), text(&units[3], "az"));
    desk.run(&["memory", "edit", &edited, "--set", "az=Redaktorun sözü."]).ok();
    // Another sentence of the release changes in its file.
    let path = desk.path("releases/002.az.txt");
    let az = fs::read_to_string(&path).unwrap();
    fs::write(&path, az.replace(&other, &other.replacen(' ', " yeni ", 1))).unwrap();
    desk.run(&["run", "releases"]).ok();
    let shown = desk.run(&["memory", "show", &edited]).ok().out;
    assert!(shown.contains("Redaktorun sözü."), "{shown}");
    assert_eq!(desk.run(&["memory", "find", &other.replacen(' ', " yeni ", 1)]).code, 0);
    desk.run(&["memory", "check"]).ok();
}

#[test]
fn one_backup_brings_everything_back_on_a_bare_folder() {
    let desk = Desk::with_samples();
    desk.put("yaddash.toml", "[terms]\nfiles = [\"glossary/sms.csv\"]\n[backup]\ndir = \"disk\"\n");
    assert!(desk.path("glossary/sms.csv").exists(), "the sample glossary is there");
    desk.run(&["run", "releases"]).ok();
    // A decision of the editor: the beads of a set as a table, accepted whole.
    let table = desk.run(&["align", "releases", "--format", "tsv"]).ok().out;
    desk.put("beads.tsv", table.replace("\n008\t\t", "\n008\tx\t"));
    let decided = desk.run(&["align", "releases", "--apply", "beads.tsv", "--save"]).ok();
    assert!(decided.out.contains("beads accepted by a person"), "{}", decided.out);
    let backup = desk.run(&["memory", "backup"]).ok();
    assert!(backup.err.contains("disk"), "{}", backup.err);
    let copy = fs::read_dir(desk.path("disk")).unwrap().next().unwrap().unwrap().path();
    let exported = |desk: &Desk| desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out;
    let terms = |desk: &Desk| desk.run(&["term", "list"]).ok().out;

    let bare = Desk::new();
    let trial = bare.run(&["memory", "restore", copy.to_str().unwrap(), "--dry-run"]).ok();
    assert!(trial.err.contains("sound, 243 units, 14 sets"), "{}", trial.err);
    assert_eq!(fs::read_dir(bare.path("")).unwrap().count(), 0, "a trial leaves nothing");
    let restored = bare.run(&["memory", "restore", copy.to_str().unwrap()]).ok();
    assert!(restored.err.contains("243 units"), "{}", restored.err);
    assert_eq!(exported(&bare), exported(&desk));
    assert_eq!(terms(&bare), terms(&desk));
    for file in ["yaddash.toml", "glossary/sms.csv"] {
        assert_eq!(fs::read(bare.path(file)).unwrap(), fs::read(desk.path(file)).unwrap(), "{file}");
    }
    bare.run(&["memory", "check"]).ok();
    let history = |desk: &Desk| desk.run(&["memory", "history", "--format", "json"]).ok().out;
    assert_eq!(history(&bare), history(&desk));

    // The decisions came too: with the releases beside it there is nothing to do.
    for entry in fs::read_dir(desk.path("releases")).unwrap().flatten() {
        bare.put(&format!("releases/{}", entry.file_name().to_str().unwrap()), fs::read(entry.path()).unwrap());
    }
    let ran = bare.run(&["run", "releases"]).ok();
    assert!(ran.out.contains("nothing to change in the memory"), "{}", ran.out);
    assert_eq!(exported(&bare), exported(&desk));

    // What is there becomes a backup before it gives way.
    bare.run(&["memory", "delete", "--all"]).ok();
    let again = bare.run(&["memory", "restore", copy.to_str().unwrap()]).ok();
    assert!(again.err.contains("as it was is in"), "{}", again.err);
    assert_eq!(exported(&bare), exported(&desk));
    let kept = fs::read_dir(bare.path("disk")).unwrap().next().unwrap().unwrap().path();
    bare.run(&["memory", "restore", kept.to_str().unwrap()]).ok();
    assert_eq!(exported(&bare), "", "the deleted state came back");
}

#[test]
fn only_sound_backups_are_restored() {
    let desk = with_table();
    desk.run(&["memory", "backup", "copy.db"]).ok();
    let before = units(&desk);
    let whole = fs::read(desk.path("copy.db")).unwrap();
    desk.put("cut.db", &whole[..whole.len() / 2]);
    desk.put("text.db", "just a text");
    for (file, message) in [
        ("cut.db", "cut.db: the memory is damaged"),
        ("text.db", "text.db: this is not a yaddash memory"),
        ("none.db", "none.db: there is no such memory"),
        ("yaddash.db", "yaddash.db: this is the memory itself"),
    ] {
        desk.run(&["memory", "restore", file]).refused(message);
        assert_eq!(units(&desk), before);
    }
    assert_eq!(fs::read(desk.path("copy.db")).unwrap(), whole);
    // A memory that is damaged itself is kept beside, and the backup takes its place.
    let damaged = fs::read(desk.path("yaddash.db")).unwrap();
    fs::write(desk.path("yaddash.db"), &damaged[..damaged.len() / 2]).unwrap();
    for log in ["yaddash.db-wal", "yaddash.db-shm"] {
        let _ = fs::remove_file(desk.path(log));
    }
    desk.run(&["memory", "status"]).refused("the memory is damaged");
    let restored = desk.run(&["memory", "restore", "copy.db"]).ok();
    assert!(restored.err.contains(".damaged-"), "{}", restored.err);
    assert_eq!(units(&desk), before);
}

#[test]
fn a_large_import_is_preceded_by_a_backup() {
    let desk = with_table();
    let many: String = (0..1_200).map(|n| format!("Sentence {n}.\tCümlə {n}.\n")).collect();
    desk.put("many.tsv", format!("en\taz\n{many}"));
    desk.put("few.tsv", "en\taz\nOne\tBir\n");
    desk.run(&["import", "few.tsv"]).ok();
    assert!(!desk.path("yaddash-backups").exists(), "a small one is not");
    desk.run(&["import", "many.tsv", "--dry-run"]).ok();
    assert!(!desk.path("yaddash-backups").exists(), "a trial is not");
    let done = desk.run(&["import", "many.tsv"]).ok();
    let copy = fs::read_dir(desk.path("yaddash-backups")).unwrap().next().unwrap().unwrap().path();
    assert!(done.err.contains(copy.file_name().unwrap().to_str().unwrap()), "{}", done.err);
    let status = desk.run(&["-m", copy.to_str().unwrap(), "memory", "status", "--format", "json"]).ok().objects();
    assert_eq!(status[0]["units"], 3, "as it was before");
    desk.run(&["-m", "new.db", "import", "many.tsv", "--no-backup"]).ok();
    assert_eq!(fs::read_dir(desk.path("yaddash-backups")).unwrap().count(), 1);
}

#[test]
fn two_memories_are_brought_together() {
    let desk = with_table();
    desk.put("b.csv", "en,az\nThank you.,Sağ olun.\nGoodbye.,Sağlıqla.\n");
    desk.run(&["-m", "other.db", "import", "b.csv"]).ok();
    let other = fs::read(desk.path("other.db")).unwrap();
    let before = units(&desk);
    let trial = desk.run(&["memory", "merge", "other.db", "-n"]).ok();
    assert!(trial.err.contains("1 unit new, 1 there already"), "{}", trial.err);
    assert_eq!(units(&desk), before);
    desk.run(&["memory", "merge", "other.db"]).ok();
    assert_eq!(units(&desk).len(), 3);
    assert_eq!(fs::read(desk.path("other.db")).unwrap(), other, "the other stays as it is");
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(units(&desk), before);
}

#[test]
fn a_memory_in_a_synced_folder_is_refused() {
    let desk = Desk::new();
    desk.put("OneDrive - Press/a.csv", TABLE);
    let refused = desk.run_in("OneDrive - Press", &["import", "a.csv"]).refused("kept in step with other machines");
    assert!(refused.err.contains("hint: keep it in a folder of this machine"), "{}", refused.err);
    assert_eq!(fs::read_dir(desk.path("OneDrive - Press")).unwrap().count(), 1, "nothing was made there");
    desk.run_in("OneDrive - Press", &["-m", "../office.db", "import", "a.csv"]).ok();
}
