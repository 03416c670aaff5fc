//! Files whose names do not tell what they are, and files that are not what their names say.

use crate::desk::Desk;
use serde_json::Value;
use std::fs;

/// The samples in a desk of their own, each language under names that have nothing in common.
fn renamed() -> Desk {
    let desk = Desk::with_samples();
    for entry in fs::read_dir(desk.path("releases")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut parts = name.split('.');
        let (stem, language) = (parts.next().unwrap(), parts.next().unwrap());
        // No two languages of a release have a stem in common.
        let Ok(number) = stem.parse::<u32>() else { continue };
        let new = match language {
            "en" => format!("release-{number}.en.txt"),
            "az" => format!("{}-xeber.txt", (number * 5) % 17),
            _ => format!("{}.ru.txt", 100 - number),
        };
        fs::rename(&path, desk.path(&format!("releases/{new}"))).unwrap();
    }
    desk
}

#[test]
fn pair_finds_the_counterparts_of_the_samples() {
    let desk = renamed();
    let found = desk.run(&["pair", "releases", "--format", "jsonl"]).ok();
    let groups = found.objects();
    let whole: Vec<&Value> = groups.iter().filter(|g| ["en", "az", "ru"].iter().all(|l| g[l].is_string())).collect();
    assert_eq!(whole.len(), 14, "{}", found.out);
    for group in &whole {
        let number = |language: &str| -> u32 {
            let name = group[language].as_str().unwrap();
            let digits: String = name.chars().filter(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        };
        assert_eq!(number("az"), (number("en") * 5) % 17, "{group}");
        assert_eq!(number("ru"), 100 - number("en"), "{group}");
        assert!(group["reason"].is_null());
    }
    // README.md has no counterpart, and the reason is said in every form.
    let alone: Vec<&Value> = groups.iter().filter(|g| g["reason"].is_string()).collect();
    assert_eq!(alone.len(), 1, "{}", found.out);
    assert!(alone[0]["en"].as_str().unwrap().ends_with("README.md"), "{}", alone[0]);
    let text = desk.run(&["pair", "releases"]).ok().out;
    assert!(text.lines().any(|line| line.contains("README.md  (no counterpart: ")), "{text}");
    let table = desk.run(&["pair", "releases", "--format", "tsv"]).ok().out;
    assert!(
        table.starts_with("az\ten\tru\tscore\treason\n") || table.starts_with("en\taz\tru\tscore\treason\n"),
        "{table}"
    );
    assert!(table.lines().all(|line| line.split('\t').count() == 5), "{table}");
}

#[test]
fn run_pairs_by_content_and_knows_the_sets_again() {
    let desk = renamed();
    let first = desk.run(&["run", "releases", "--format", "jsonl"]).ok();
    assert_eq!(first.objects().len(), 14, "{}", first.out);
    assert!(first.err.contains("paired by content: releases/release-1.en.txt + releases/"), "{}", first.err);
    let names: Vec<String> = first.objects().iter().map(|s| s["set"].as_str().unwrap().to_owned()).collect();
    assert!(names.contains(&"release-7".to_owned()), "{names:?}");
    let again = desk.run(&["run", "releases", "--format", "jsonl"]).ok();
    assert!(again.objects().iter().all(|set| set["change"] == "unchanged"), "{}", again.out);
    let by_name = desk.run(&["run", "releases", "--by-name"]);
    assert_eq!(by_name.code, 2);
    assert!(by_name.err.contains("there are no releases here"), "{}", by_name.err);
}

#[test]
fn align_and_check_pair_by_content_too() {
    let desk = renamed();
    let aligned = desk.run(&["align", "releases", "--langs", "en,az", "--format", "jsonl"]).ok();
    assert!(aligned.objects().iter().any(|bead| bead["set"] == "release-3" && bead["sides"]["az"].is_object()));
    let checked = desk.run(&["check", "releases", "--terms", "glossary/sms.csv", "--format", "jsonl"]);
    assert!(checked.err.contains("paired by content: "), "{}", checked.err);
    assert!(checked.objects().iter().any(|finding| finding["rule"] == "forbidden-term"), "{}", checked.out);
}

#[test]
fn a_swapped_text_stays_out_of_the_memory_and_is_said() {
    let desk = Desk::with_samples();
    let (one, other) = (desk.path("releases/001.az.txt"), desk.path("releases/005.az.txt"));
    let (a, b) = (fs::read(&one).unwrap(), fs::read(&other).unwrap());
    fs::write(&one, b).unwrap();
    fs::write(&other, a).unwrap();
    let ran = desk.run(&["run", "releases"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    for (set, fits) in [("001", "005"), ("005", "001")] {
        let said = format!(
            "warning: releases/{set}.az.txt: left out of the set `{set}`, it does not look like a translation of \
             releases/{set}.en.txt: releases/{set}.az.txt fits releases/{fits}.en.txt better"
        );
        assert!(ran.err.contains(&said), "{}", ran.err);
        assert!(
            ran.out.lines().any(|line| line.trim_start().starts_with(set) && line.ends_with("az refused")),
            "{}",
            ran.out
        );
    }
    assert_eq!(ran.err.matches("left out of the set").count(), 2, "{}", ran.err);
    // English and Russian of these sets went in, Azerbaijani did not.
    let units = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().objects();
    let of = |set: &str| units.iter().filter(|u| u["origin"]["name"] == set).collect::<Vec<_>>();
    assert!(!of("001").is_empty() && of("001").iter().all(|unit| !unit["variants"].to_string().contains("\"az\"")));
    assert!(of("002").iter().any(|unit| unit["variants"].to_string().contains("\"az\"")));
    // Trusted, it goes in.
    let trusted = desk.run(&["run", "releases", "--trust-names", "--format", "jsonl"]).ok();
    let changed: Vec<Value> = trusted.objects().into_iter().filter(|set| set["change"] == "changed").collect();
    assert_eq!(changed.len(), 2, "{}", trusted.out);
}

#[test]
fn a_text_in_another_language_or_untranslated_is_refused() {
    let desk = Desk::with_samples();
    fs::copy(desk.path("releases/002.ru.txt"), desk.path("releases/002.az.txt")).unwrap();
    let draft = fs::read_to_string(desk.path("releases/003.en.txt")).unwrap();
    desk.put("draft/1.en.txt", &draft);
    desk.put("draft/1.az.txt", &draft);
    let ran = desk.run(&["run", "releases", "--format", "jsonl"]);
    assert_eq!(ran.code, 2);
    let copy =
        "releases/002.az.txt: left out of the set `002`, it is the same text as releases/002.ru.txt, not a translation";
    assert!(ran.err.contains(copy), "{}", ran.err);
    let refused: Vec<Value> = ran.objects().into_iter().filter(|set| set["change"] == "refused").collect();
    assert_eq!((refused.len(), &refused[0]["language"]), (1, &"az".into()), "{}", ran.out);
    let ran = desk.run(&["run", "draft", "-m", "other.db"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("it is the same text as draft/1.en.txt"), "{}", ran.err);
    assert!(!desk.path("other.db").exists(), "nothing went in");
    let aligned = desk.run(&["align", "draft/1.en.txt", "draft/1.az.txt"]);
    assert_eq!(aligned.code, 2);
    assert!(aligned.err.contains("not a translation"), "{}", aligned.err);
}
