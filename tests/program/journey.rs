//! The main job from end to end: releases in, memory and findings out, and what a translator and an editor do next.

use crate::desk::Desk;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

fn status(desk: &Desk) -> Value {
    desk.run(&["memory", "status", "--format", "json"]).ok().objects().remove(0)
}

#[test]
fn releases_become_a_memory() {
    let desk = Desk::with_samples();
    let ran = desk.run(&["run", "releases"]).ok();
    assert!(ran.out.contains("error[forbidden-term]: `Milli Mejlis`"), "{}", ran.out);
    assert!(ran.out.contains("Milli Majlis"), "the fix is shown");
    let status = status(&desk);
    let units = status["units"].as_u64().unwrap();
    assert!(units >= 120, "{status}");
    assert!(status["concepts"].as_u64().unwrap() >= 60, "{status}");
    for language in ["en", "az", "ru"] {
        assert!(status["variants"][language].as_u64().unwrap() * 10 >= units * 9, "{status}");
    }
    // Footers stay out.
    let exported = desk.run(&["export", "--as", "jsonl", "--pending"]).ok();
    assert!(!exported.out.contains('©'), "a footer is in the memory");
    assert!(desk.run(&["memory", "check"]).ok().code == 0);
}

#[test]
fn lines_that_recur_over_a_folder_are_footers() {
    let desk = Desk::new();
    let subjects = [("centre", "mərkəz"), ("office", "idarə"), ("hotline", "qaynar xətt"), ("school", "məktəb")];
    for (n, (en, az)) in subjects.into_iter().enumerate() {
        let day = 10 + n;
        desk.put(
            &format!("news/{n}.en.txt"),
            format!("The {en} opened on {day} May.\n\nIt is the {en} of {n}00 people.\n\nOur house stands in Green Street. Come by bus {n}.\n"),
        );
        desk.put(
            &format!("news/{n}.az.txt"),
            format!("Mayın {day}-də {az} açılıb.\n\n{n}00 nəfərlik {az} budur.\n\nEvimiz Yaşıl küçədədir. {n} nömrəli avtobusla gəlin.\n"),
        );
    }
    desk.run(&["run", "news"]).ok();
    let exported = desk.run(&["export", "--as", "jsonl", "--pending"]).ok();
    assert!(exported.out.contains("The hotline opened on 12 May."), "{}", exported.out);
    assert!(!exported.out.contains("Green Street"), "{}", exported.out);
    let aligned = desk.run(&["align", "--langs", "en,az", "--format", "jsonl", "news"]).ok();
    let footers: Vec<Value> =
        aligned.objects().into_iter().filter(|bead| bead["sides"].to_string().contains("Green Street")).collect();
    assert_eq!(footers.len(), 4);
    for bead in footers {
        assert!(bead["sides"]["en"]["text"].as_str().unwrap().contains("Come by bus"), "{bead}");
        assert!(bead["sides"]["az"]["text"].as_str().unwrap().starts_with("Evimiz"), "{bead}");
    }
    // One release more changes nothing of what recurs, one release alone has no footers.
    assert!(desk.run(&["run", "news"]).ok().out.contains("nothing to change in the memory"));
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let before = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out;
    let again = desk.run(&["run", "releases", "--format", "jsonl"]).ok();
    assert!(again.objects().iter().all(|set| set["change"] == "unchanged"), "{}", again.out);
    let again = desk.run(&["run", "releases"]).ok();
    assert!(again.out.contains("nothing to change in the memory"), "{}", again.out);
    assert!(again.out.contains("`Milli Mejlis`"), "findings are shown again");
    assert_eq!(desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out, before);
    let history = desk.run(&["memory", "history", "--format", "json"]).ok().out;
    assert_eq!(history.matches("run releases").count(), 1, "{history}");
}

#[test]
fn a_changed_release_replaces_its_own_units_only() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let units = |desk: &Desk| -> BTreeSet<String> {
        let out = desk.run(&["export", "--as", "jsonl", "--pending"]).ok();
        out.objects().iter().map(|unit| format!("{} {}", unit["origin"]["name"], unit["variants"])).collect()
    };
    let before = units(&desk);
    let text = fs::read_to_string(desk.path("releases/001.en.txt")).unwrap();
    let old = "More than 60 people took part in the event";
    assert!(text.contains(old));
    desk.put("releases/001.en.txt", text.replace(old, "More than 70 people took part in the event"));
    let ran = desk.run(&["run", "releases", "--format", "jsonl"]).ok();
    let changed: Vec<String> = ran
        .objects()
        .iter()
        .filter(|set| set["change"] != "unchanged")
        .map(|set| set["set"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(changed, ["001"]);
    let after = units(&desk);
    let gone: Vec<&String> = before.difference(&after).collect();
    let come: Vec<&String> = after.difference(&before).collect();
    assert_eq!((gone.len(), come.len()), (1, 1), "{gone:?} {come:?}");
    assert!(gone[0].contains("More than 60") && come[0].contains("More than 70"));
    // The old unit is in the history: undoing the run brings it back.
    let trial = desk.run(&["memory", "undo", "--dry-run"]).ok();
    assert!(trial.out.contains("would be undone"), "{}", trial.out);
    assert_eq!(units(&desk), after);
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(units(&desk), before);
}

#[test]
fn a_translator_finds_matches_and_examples() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let text = fs::read_to_string(desk.path("releases/001.en.txt")).unwrap();
    let sentence = text.lines().find(|line| line.starts_with("More than 60")).unwrap();
    let exact = desk.run(&["lookup", "--from", "en", "--to", "az", "--format", "jsonl", sentence]).ok();
    let answer = &exact.objects()[0];
    assert_eq!(answer["query"], sentence);
    assert!(answer["matches"][0]["score"].as_f64().unwrap() >= 100.0, "{answer}");
    assert!(answer["matches"][0]["target"].as_str().unwrap().contains("60-dan çox"), "{answer}");
    // Russian to Azerbaijani needs no English.
    let russian = fs::read_to_string(desk.path("releases/001.ru.txt")).unwrap();
    let sentence = russian.lines().find(|line| line.starts_with("В мероприятии")).unwrap().replace("60", "85");
    let near = desk.run(&["lookup", "--from", "ru", "--to", "az", "--format", "jsonl", &sentence]).ok();
    let best = &near.objects()[0]["matches"][0];
    let score = best["score"].as_f64().unwrap();
    assert!((95.0..100.0).contains(&score), "{best}");
    assert_eq!(best["kind"], "number");

    let lines =
        desk.run_with(&["lookup", "--from", "en", "--to", "ru", "--format", "jsonl", "-"], "nothing like it\n\n");
    assert_eq!(lines.objects().len(), 2, "an answer a line");

    let found = desk.run(&["concordance", "İNSAN ALVERİ", "--from", "az", "--format", "jsonl"]).ok();
    let keys: BTreeSet<String> = found.objects().iter().map(|line| line["key"].as_str().unwrap().to_owned()).collect();
    assert!(keys.iter().all(|key| yaddash::Language::AZ.lower(key) == "insan alveri"), "{keys:?}");
    assert!(found.objects().iter().all(|line| line["others"]["en"].is_string()), "{}", found.out);
    assert_eq!(desk.run(&["concordance", "zzzz"]).code, 1);
}

#[test]
fn an_editor_checks_a_release_in_any_folder() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let memory = desk.path("yaddash.db");
    let elsewhere = Desk::new();
    elsewhere.put("draft one.en.txt", "A headline\n\nThe Milli Mejlis has met. The Milli Majlis has met.\n");
    let checked = elsewhere.run(&["-m", memory.to_str().unwrap(), "check", "--format", "jsonl", "draft one.en.txt"]);
    assert_eq!(checked.code, 1, "{}", checked.err);
    let found = checked.objects();
    assert_eq!(found.len(), 1, "{}", checked.out);
    let finding = &found[0];
    assert_eq!(finding["rule"], "forbidden-term");
    assert_eq!((&finding["line"], &finding["column"], &finding["end_column"]), (&3.into(), &5.into(), &17.into()));
    assert_eq!(finding["fix"]["text"], "Milli Majlis");
    assert_eq!(finding["file"], "draft one.en.txt");
}

#[test]
fn an_exported_memory_reads_back_to_the_same_units() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    desk.run(&["export", "--as", "tmx", "-o", "all.tmx"]).ok();
    desk.run(&["-m", "copy.db", "import", "all.tmx"]).ok();
    let texts = |memory: &str| -> BTreeSet<String> {
        let out = desk.run(&["-m", memory, "export", "--as", "jsonl"]).ok();
        out.objects().iter().map(|unit| unit["variants"].to_string()).collect()
    };
    assert!(texts("yaddash.db").len() > 100);
    assert_eq!(texts("yaddash.db"), texts("copy.db"));
    let count = || desk.run(&["-m", "copy.db", "memory", "status", "--format", "json"]).ok().out;
    let before = count();
    desk.run(&["-m", "copy.db", "import", "all.tmx"]).ok();
    assert_eq!(
        serde_json::from_str::<Value>(&before).unwrap()["units"],
        serde_json::from_str::<Value>(&count()).unwrap()["units"],
        "importing twice adds none"
    );
}

#[test]
fn the_program_alone_says_where_it_is() {
    let desk = Desk::new();
    let alone = desk.run(&[]).ok();
    assert!(alone.out.contains("yaddash.db") && alone.out.contains("yaddash run"), "{}", alone.out);
    assert!(!desk.path("yaddash.db").exists(), "looking creates nothing");
}

#[test]
fn names_with_spaces_and_letters_just_work() {
    let desk = Desk::new();
    desk.put("Yeni xəbərlər/Şəki görüşü 1.en.txt", "A meeting was held in Sheki.\n\nIt was held on 5 May 2026.\n");
    desk.put(
        "Yeni xəbərlər/Şəki görüşü 1.az.txt",
        "Şəkidə görüş keçirilib.\n\nGörüş 2026-cı il mayın 5-də keçirilib.\n",
    );
    let ran = desk.run(&["run", "Yeni xəbərlər", "-m", "ofis yaddaşı.db"]).ok();
    assert!(ran.out.contains("Şəki görüşü 1"), "{}", ran.out);
    assert!(desk.path("ofis yaddaşı.db").exists());
}

#[test]
fn two_folders_with_sets_of_one_name_keep_both() {
    let desk = Desk::new();
    for (year, en, az) in [
        ("2025", "The office was opened in Sheki.", "Şəkidə ofis açılıb."),
        ("2026", "New rules are in force.", "Yeni qaydalar qüvvədədir."),
    ] {
        desk.put(&format!("{year}/001.en.txt"), en);
        desk.put(&format!("{year}/001.az.txt"), az);
    }
    desk.run(&["run", "2025"]).ok();
    desk.run(&["run", "2026"]).ok();
    let out = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out;
    assert!(out.contains("Sheki") && out.contains("New rules"), "{out}");
}

#[test]
fn the_sample_tmx_is_what_the_sample_releases_give() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx/releases.tmx");
    desk.run(&["-m", "sample.db", "import", sample.to_str().unwrap()]).ok();
    let texts = |memory: &str| -> BTreeSet<String> {
        let out = desk.run(&["-m", memory, "export", "--as", "jsonl"]).ok();
        out.objects().iter().map(|unit| unit["variants"].to_string()).collect()
    };
    assert_eq!(texts("sample.db"), texts("yaddash.db"), "tmx/README.md says how to export it anew");
}

#[test]
fn a_wider_folder_does_not_store_the_same_releases_again() {
    let desk = Desk::with_samples();
    desk.run(&["run", "releases"]).ok();
    let before = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out;
    let wider = desk.run(&["run", ".", "--format", "jsonl"]).ok();
    assert!(wider.objects().iter().all(|set| set["change"] == "unchanged"), "{}", wider.out);
    assert_eq!(desk.run(&["export", "--as", "jsonl", "--pending"]).ok().out, before);
    // A release corrected meanwhile is still the same set.
    let text = fs::read_to_string(desk.path("releases/005.en.txt")).unwrap();
    desk.put("releases/005.en.txt", text.replacen("Moldovan", "Moldavian", 1));
    let wider = desk.run(&["run", ".", "--format", "jsonl"]).ok();
    let changed: Vec<Value> = wider.objects().into_iter().filter(|set| set["change"] != "unchanged").collect();
    assert_eq!(changed.len(), 1, "{}", wider.out);
    assert_eq!((&changed[0]["set"], &changed[0]["change"]), (&"005".into(), &"changed".into()));
    // And one that moved to another folder.
    fs::rename(desk.path("releases"), desk.path("archive")).unwrap();
    let moved = desk.run(&["run", "archive", "--format", "jsonl"]).ok();
    assert!(moved.objects().iter().all(|set| set["change"] == "unchanged"), "{}", moved.out);
}

#[test]
fn empty_documents_are_a_set_like_any_other() {
    let desk = Desk::new();
    desk.put("r/1.en.txt", "");
    desk.put("r/1.az.txt", "\n\n");
    desk.run(&["run", "r"]).ok();
    let again = desk.run(&["run", "r", "--format", "jsonl"]).ok();
    assert_eq!(again.objects()[0]["change"], "unchanged");
}
