//! Bad input is normal: a clear line, exit 2, nothing lost and nothing half-written.

use crate::desk::Desk;
use std::fs;

#[test]
fn folders_without_releases() {
    let desk = Desk::new();
    fs::create_dir(desk.path("empty")).unwrap();
    desk.run(&["run", "empty"]).refused("empty: there are no releases here");
    desk.put("unnamed/report.txt", "Text.");
    let unnamed = desk.run(&["run", "unnamed"]).refused("unnamed: there are no releases here");
    assert!(unnamed.err.contains("report.txt: passed over, its name tells no language"), "{}", unnamed.err);
    desk.run(&["run", "nowhere"]).refused("nowhere: there is no such folder");
    desk.put("file.en.txt", "Text.");
    desk.run(&["run", "file.en.txt"]).refused("file.en.txt: this is a file, not a folder");
    assert!(!desk.path("yaddash.db").exists(), "a refused run makes no memory");
}

#[test]
fn a_missing_counterpart_is_a_remark() {
    let desk = Desk::new();
    desk.put("r/1.en.txt", "The event was held.");
    desk.put("r/1.az.txt", "Tədbir keçirilib.");
    desk.put("r/2.en.txt", "Alone.");
    desk.put("r/README.md", "# Notes");
    let ran = desk.run(&["run", "r"]).ok();
    assert!(ran.err.contains("2.en.txt: passed over, it has no counterpart"), "{}", ran.err);
    assert!(ran.err.contains("README.md: passed over, its name tells no language"), "{}", ran.err);
}

#[test]
fn one_bad_file_leaves_its_set_and_not_the_others() {
    let desk = Desk::new();
    desk.put("r/1.en.txt", "The event was held.");
    desk.put("r/1.az.txt", "Tədbir keçirilib.");
    desk.put("r/2.en.txt", "Another event was held.");
    desk.put("r/2.az.txt", b"T\x00\x01\xff\xfe\x00dbir".as_slice());
    let ran = desk.run(&["run", "r"]).refused("2.az.txt");
    assert!(ran.err.contains("hint: "), "{}", ran.err);
    let out = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out;
    assert!(out.contains("The event was held.") && !out.contains("Another"), "{out}");
}

#[test]
fn commands_that_read_files_name_what_is_wrong() {
    let desk = Desk::new();
    fs::create_dir(desk.path("folder")).unwrap();
    desk.put(
        "broken.tmx",
        r#"<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>One</seg></tuv>"#,
    );
    for command in ["segment", "check"] {
        desk.run(&[command, "nowhere.en.txt"]).refused("nowhere.en.txt");
    }
    desk.run(&["segment", "folder"]).refused("folder");
    desk.run(&["import", "nowhere.tmx"]).refused("nowhere.tmx");
    desk.run(&["import", "folder"]).refused("folder");
    let refused = desk.run(&["import", "broken.tmx"]).refused("broken.tmx:1:");
    assert!(refused.err.contains("hint: "), "{}", refused.err);
    let status = desk.run(&["memory", "status", "--format", "json"]).ok();
    assert_eq!(status.objects()[0]["units"], 0);
}

#[test]
fn memories_that_are_none_are_left_as_they_are() {
    let desk = Desk::with_samples();
    let text = "this is a letter, not a memory, and it is long enough to look like something";
    desk.put("letter.db", text);
    for arguments in [&["memory", "status"][..], &["run", "releases"], &["lookup", "--from", "en", "--to", "az", "x"]] {
        let arguments: Vec<&str> = ["-m", "letter.db"].iter().chain(arguments).copied().collect();
        desk.run(&arguments).refused("letter.db");
    }
    assert_eq!(fs::read_to_string(desk.path("letter.db")).unwrap(), text);
    desk.run(&["-m", "releases", "run", "releases"]).refused("releases");
    desk.run(&["run", "releases"]).ok();
    let whole = fs::read(desk.path("yaddash.db")).unwrap();
    desk.put("half.db", &whole[..whole.len() / 2]);
    desk.run(&["-m", "half.db", "memory", "check"]).refused("half.db");
    assert_eq!(fs::read(desk.path("half.db")).unwrap(), &whole[..whole.len() / 2]);
}

#[test]
fn output_that_cannot_be_written() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    fs::create_dir(desk.path("folder")).unwrap();
    desk.run(&["export", "--as", "tmx", "-o", "folder"]).refused("folder: this is a folder");
    desk.run(&["export", "--as", "tmx", "-o", "nowhere/x.tmx"]).refused("nowhere/x.tmx");
    desk.put("old.tmx", "old");
    desk.run(&["-m", "releases", "export", "--as", "tmx", "-o", "old.tmx"]).refused("releases");
    assert_eq!(fs::read_to_string(desk.path("old.tmx")).unwrap(), "old", "a failed export leaves the old file");
    let left: Vec<String> = fs::read_dir(desk.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".yaddash-"))
        .collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}

#[test]
fn results_never_replace_the_memory() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    desk.run(&["export", "--as", "tsv", "-o", "yaddash.db"]).refused("this is the memory itself");
    desk.run(&["memory", "backup", "yaddash.db"]).refused("this is the memory itself");
    desk.run(&["memory", "backup", "releases/001.en.txt"]).refused("001.en.txt: this is not a yaddash memory");
    desk.run(&["memory", "backup", "nowhere/copy.db"]).refused("there is no such folder");
    assert!(fs::read_to_string(desk.path("releases/001.en.txt")).unwrap().contains("Gabala"));
    desk.run(&["memory", "backup", "copy.db"]).ok();
    desk.run(&["memory", "backup", "copy.db"]).ok();
    desk.run(&["-m", "copy.db", "memory", "check"]).ok();
}

#[test]
fn a_configuration_speaks_from_its_own_folder() {
    let desk = Desk::with_samples();
    desk.put("yaddash.toml", "memory = \"office.db\"\n");
    desk.run(&["run", "releases"]).ok();
    fs::create_dir(desk.path("below")).unwrap();
    let below = desk.run_in("below", &["memory", "status", "--format", "json"]).ok();
    assert!(below.objects()[0]["units"].as_u64().unwrap() > 100, "{}", below.out);
    assert!(!desk.path("below/office.db").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_standard_output_is_an_error() {
    use std::process::{Command, Stdio};
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_yaddash"))
        .args(["-m", desk.path("yaddash.db").to_str().unwrap(), "export", "--as", "tmx"])
        .stdout(Stdio::from(full))
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("error: the output could not be written"));
}

#[test]
fn configuration_errors_name_their_place() {
    let desk = Desk::new();
    desk.put("yaddash.toml", "memory = \"office.db\"\n[run]\nacept = 0.8\n");
    let refused = desk.run(&["memory", "status"]).refused("yaddash.toml:3:1: there is no key `acept`");
    assert!(refused.err.contains("hint: did you mean `accept`?"), "{}", refused.err);
    desk.put("yaddash.toml", "memory = \"office.db\"\n");
    assert!(desk.run(&[]).ok().out.contains("office.db"));
    fs::create_dir(desk.path("below")).unwrap();
    desk.put("below/x.en.txt", "Text.");
    assert!(desk.run(&["--no-config"]).ok().out.contains("yaddash.db"));
}

#[test]
fn mistyped_words_get_a_suggestion() {
    let desk = Desk::new();
    let ended = desk.run(&["serch"]);
    assert_eq!(ended.code, 2);
    let ended = desk.run(&["segmnt", "x"]);
    assert!(ended.err.contains("segment"), "{}", ended.err);
    let ended = desk.run(&["explain", "forbiden-term"]).refused("forbiden-term");
    assert!(ended.err.contains("did you mean `forbidden-term`"), "{}", ended.err);
}
