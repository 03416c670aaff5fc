//! A folder of more sets than are stored at a time: runs broken off, gone on with, and taken back.

use crate::desk::Desk;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

const PLACES: [[&str; 3]; 6] = [
    ["Baku", "Bakıda", "Баку"],
    ["Ganja", "Gəncədə", "Гяндже"],
    ["Sheki", "Şəkidə", "Шеки"],
    ["Lankaran", "Lənkəranda", "Ленкорани"],
    ["Sumgait", "Sumqayıtda", "Сумгаите"],
    ["Gabala", "Qəbələdə", "Габале"],
];

/// Releases in three languages, alike but for places, numbers and what is left out.
fn archive(count: usize) -> Desk {
    let desk = Desk::new();
    for at in 0..count {
        let [en, az, ru] = PLACES[at % PLACES.len()];
        let (year, people, rooms) = (2000 + at % 20, 40 + 7 * at, 3 + at % 40);
        let english = [
            format!("A service centre was opened in {en} in {year}."),
            format!("Some {people} people came to the opening."),
            format!("The centre has {rooms} rooms and a hall."),
            "Documents are taken on weekdays.".to_owned(),
        ];
        let azerbaijani = [
            format!("{year}-ci ildə {az} xidmət mərkəzi açılıb."),
            format!("Açılışa {people} nəfər gəlib."),
            format!("Mərkəzin {rooms} otağı və bir zalı var."),
            "Sənədlər iş günləri qəbul olunur.".to_owned(),
        ];
        let russian = [
            format!("В {year} году в {ru} открылся центр обслуживания."),
            format!("На открытие пришли {people} человек."),
            format!("В центре {rooms} комнат и зал."),
            "Документы принимаются по будням.".to_owned(),
        ];
        for (language, lines) in [("en", english), ("az", azerbaijani), ("ru", russian)] {
            let leave_out = (at % 5 == 0).then_some(at % 3);
            let kept = lines.iter().enumerate().filter(|(line, _)| language == "en" || Some(*line) != leave_out);
            let text: Vec<&str> = kept.map(|(_, line)| line.as_str()).collect();
            desk.put(&format!("archive/{at:03}.{language}.txt"), text.join("\n\n"));
        }
    }
    desk
}

/// For each set what its units say, and how sure the aligner was; dates left out.
fn units(desk: &Desk, memory: &str) -> BTreeMap<String, Vec<String>> {
    let out = desk.run(&["-m", memory, "export", "--as", "jsonl", "--pending"]).ok();
    let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for unit in out.objects() {
        let told = format!("{} {} {}", unit["state"], unit["origin"]["score"], unit["variants"]);
        sets.entry(unit["origin"]["name"].as_str().unwrap().to_owned()).or_default().push(told);
    }
    sets
}

fn count(desk: &Desk, memory: &str, what: &str) -> u64 {
    let status = desk.run(&["-m", memory, "memory", "status", "--format", "json"]).ok().objects().remove(0);
    status[what].as_u64().unwrap()
}

#[test]
fn a_run_broken_off_goes_on_where_it_stopped() {
    let desk = archive(200);
    let since = Instant::now();
    desk.run(&["-m", "whole.db", "run", "archive"]).ok();
    let whole_time = since.elapsed();
    let whole = units(&desk, "whole.db");
    assert_eq!(whole.len(), 200);

    let run = ["-m", "broken.db", "run", "archive"];
    let stored = || if desk.path("broken.db").exists() { count(&desk, "broken.db", "sets") } else { 0 };
    let check = |stored: &BTreeMap<String, Vec<String>>| {
        desk.run(&["-m", "broken.db", "memory", "check"]).ok();
        for (set, units) in stored {
            assert_eq!(units, &whole[set], "{set} is stored whole or not at all");
        }
    };
    // Once as soon as something is stored, then at moments spread over a run.
    assert!(desk.broken_off(&run, || stored() > 0), "the run was over before it could be broken off");
    let first = units(&desk, "broken.db");
    assert!(!first.is_empty() && first.len() < 200, "{}", first.len());
    check(&first);
    for hundredths in [17, 83, 41] {
        let since = Instant::now();
        let moment: Duration = whole_time * hundredths / 100;
        desk.broken_off(&run, || since.elapsed() >= moment);
        let now = units(&desk, "broken.db");
        assert!(now.len() >= first.len(), "what was stored stays stored");
        check(&now);
    }
    let before = units(&desk, "broken.db").len();
    let ended = desk.run(&["-m", "broken.db", "run", "archive", "--format", "jsonl"]).ok();
    let fresh = ended.objects().iter().filter(|set| set["change"] == "new").count();
    assert_eq!(fresh, 200 - before, "only the rest is done");
    assert_eq!(units(&desk, "broken.db"), whole, "the same units as of a run undisturbed");
    let again = desk.run(&["-m", "broken.db", "run", "archive"]).ok();
    assert!(again.out.contains("nothing to change") && !again.err.contains("broken off"), "{}", again.err);
    desk.run(&["-m", "broken.db", "memory", "check"]).ok();
}

#[test]
fn a_run_in_portions_is_one_batch_and_taken_back_with_what_it_taught() {
    let desk = archive(150);
    desk.run(&["run", "archive"]).ok();
    let once = units(&desk, "yaddash.db");
    let history = desk.run(&["memory", "history", "--format", "json"]).ok();
    let batches: Vec<Value> = serde_json::from_str(&history.out).unwrap();
    assert_eq!(batches.len(), 1, "{}", history.out);
    assert_eq!(batches[0]["added"].as_u64(), Some(count(&desk, "yaddash.db", "units")));
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(count(&desk, "yaddash.db", "units"), 0);
    assert_eq!(count(&desk, "yaddash.db", "sets"), 0);
    desk.run(&["memory", "check"]).ok();
    // Had the words stayed, the second run would be surer than the first.
    desk.run(&["run", "archive"]).ok();
    assert_eq!(units(&desk, "yaddash.db"), once);
}
