//! What people decide on beads: accepted in a spreadsheet, stored, and kept when texts are edited.

use crate::desk::Desk;
use serde_json::Value;

const ENGLISH: &str = "A new service centre has opened in Ganja

The State Migration Service opened its fourth regional centre on 14 June.

Visitors praised the bright rooms. A concert was given in the evening.
";

const AZERBAIJANI: &str = "Gəncədə yeni xidmət mərkəzi açılıb

Dövlət Miqrasiya Xidmətinin dördüncü regional mərkəzi iyunun 14-də açılıb.

Axşam konsert verilib. Qonaqlar işıqlı otaqları bəyəniblər.
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("r/1.en.txt", ENGLISH);
    desk.put("r/1.az.txt", AZERBAIJANI);
    desk
}

/// The beads as `align` gives them: English and Azerbaijani segment numbers.
fn beads(desk: &Desk, more: &[&str]) -> Vec<(String, String)> {
    let out = desk.run(&[&["align", "r", "--format", "jsonl"], more].concat()).ok();
    let numbers = |bead: &Value, language: &str| bead["sides"][language]["segments"].to_string();
    out.objects().iter().map(|bead| (numbers(bead, "en"), numbers(bead, "az"))).collect()
}

fn units(desk: &Desk) -> Vec<Value> {
    desk.run(&["export", "--as", "jsonl", "--pending"]).ok().objects()
}

/// The table of beads, its rows as the user would see them.
fn table(desk: &Desk) -> String {
    desk.run(&["align", "r", "--format", "tsv"]).ok().out
}

/// The table with the last two sentences parted and crossed, which the aligner joins, and the first row marked.
fn edited(desk: &Desk) -> String {
    let table = table(desk);
    let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
    let header: Vec<String> = lines[0].split('\t').map(str::to_owned).collect();
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let (accept, en, az) = (column("accept"), column("en_segments"), column("az_segments"));
    lines.retain(|line| !line.split('\t').nth(en).is_some_and(|cell| cell.contains(['3', '4'])));
    let mut row = |number: &str, answer: &str| {
        let mut cells = vec![String::new(); header.len()];
        (cells[0], cells[en], cells[az]) = ("1".to_owned(), number.to_owned(), answer.to_owned());
        lines.push(cells.join("\t"));
    };
    row("3", "4");
    row("4", "3");
    let mut first: Vec<String> = lines[1].split('\t').map(str::to_owned).collect();
    first[accept] = "x".to_owned();
    lines[1] = first.join("\t");
    lines.join("\n")
}

#[test]
fn decisions_are_stored_and_outlive_edits() {
    let desk = desk();
    desk.run(&["run", "r"]).ok();
    desk.put("beads.tsv", edited(&desk));
    let dry = desk.run(&["align", "r", "--apply", "beads.tsv", "--save", "--dry-run"]).ok();
    assert!(dry.out.contains("would do: 1 set") && dry.out.contains("nothing was written"), "{}", dry.out);
    assert!(!units(&desk).iter().any(|unit| unit["origin"]["score"] == 1.0), "a dry run writes nothing");
    let saved = desk.run(&["align", "r", "--apply", "beads.tsv", "--save"]).ok();
    assert!(saved.err.contains("1 row accepted, 2 more that were changed, 1 left to the aligner"), "{}", saved.err);
    assert!(saved.out.contains("3 beads accepted by a person"), "{}", saved.out);
    let concert = |units: &[Value]| {
        let unit = units
            .iter()
            .find(|unit| unit["variants"].to_string().contains("concert"))
            .expect("there is a unit on the concert")
            .clone();
        assert!(unit.to_string().contains("konsert"), "{unit}");
        (unit["state"].as_str().unwrap().to_owned(), unit["origin"]["score"].as_f64().unwrap())
    };
    assert_eq!(concert(&units(&desk)), ("published".to_owned(), 1.0));
    let again = desk.run(&["align", "r", "--apply", "beads.tsv", "--save"]).ok();
    assert!(again.out.contains("1 set (1 unchanged), 0 units added"), "{}", again.out);
    // Neither command puts its own beads in their place.
    desk.run(&["run", "r"]).ok();
    assert_eq!(concert(&units(&desk)), ("published".to_owned(), 1.0));
    assert!(beads(&desk, &[]).contains(&("[4]".to_owned(), "[3]".to_owned())), "{:?}", beads(&desk, &[]));

    // A paragraph put in before, and a number and a word changed in an accepted sentence.
    let english = ENGLISH
        .replace("on 14 June.\n", "on 14 June.\n\nIt stands in the centre of the town.\n")
        .replace("A concert was given in the evening.", "A long concert was given in the evening.");
    desk.put("r/1.en.txt", english);
    let ran = desk.run(&["run", "r", "--format", "jsonl"]).ok();
    let set = &ran.objects()[0];
    assert_eq!((&set["change"], &set["accepted"], &set["lost"]), (&"changed".into(), &3.into(), &Value::Array(vec![])));
    assert_eq!(concert(&units(&desk)), ("published".to_owned(), 1.0));
    assert!(beads(&desk, &[]).contains(&("[5]".to_owned(), "[3]".to_owned())), "{:?}", beads(&desk, &[]));

    // A sentence rewritten takes its bead with it, and that is said.
    desk.put(
        "r/1.en.txt",
        ENGLISH.replace("A concert was given in the evening.", "Everybody went home early, though."),
    );
    let ran = desk.run(&["run", "r"]).ok();
    assert!(
        ran.err.contains("which a person accepted, could not be kept") && ran.err.contains("A long concert"),
        "{}",
        ran.err
    );
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(concert(&units(&desk)), ("published".to_owned(), 1.0), "undoing brings it back");
}

#[test]
fn a_decision_is_taken_back_by_its_mark() {
    let desk = desk();
    desk.put("beads.tsv", edited(&desk));
    desk.run(&["align", "r", "--apply", "beads.tsv", "--save"]).ok();
    let kept = table(&desk);
    assert_eq!(kept.matches("\tyes\t").count(), 3, "{kept}");
    desk.put("beads.tsv", kept.replace("\tyes\t", "\t\t"));
    let saved = desk.run(&["align", "r", "--apply", "beads.tsv", "--save"]).ok();
    assert!(saved.err.contains("0 rows accepted, 4 left to the aligner"), "{}", saved.err);
    assert_eq!(table(&desk).matches("\tyes\t").count(), 0);
}

#[test]
fn a_table_by_itself_stores_nothing() {
    let desk = desk();
    desk.put("beads.tsv", edited(&desk));
    let applied = desk.run(&["align", "r", "--apply", "beads.tsv", "--format", "jsonl"]).ok();
    assert!(applied.err.contains("nothing was stored"), "{}", applied.err);
    assert_eq!(applied.objects().len(), 4);
    assert!(!desk.path("yaddash.db").exists());
    let csv = desk.run(&["align", "r", "--format", "csv"]).ok().out;
    assert!(csv.starts_with("\u{feff}set,accept,") && csv.contains("\r\n"), "{csv}");
    desk.put("beads.csv", csv);
    desk.run(&["align", "r", "--apply", "beads.csv"]).ok();
}

#[test]
fn what_align_saves_run_finds_unchanged() {
    let desk = desk();
    desk.run(&["align", "r", "--save"]).ok();
    assert_eq!(units(&desk).len(), desk.run(&["memory", "status", "--format", "json"]).ok().objects()[0]["units"]);
    let ran = desk.run(&["run", "r", "--format", "jsonl"]).ok();
    assert_eq!(ran.objects()[0]["change"], "unchanged");
    desk.put("r/1.ru.txt", "В Гяндже открылся новый центр обслуживания\n");
    desk.run(&["run", "r"]).ok();
    desk.run(&["align", "r", "--langs", "en,az", "--save"]).refused("the memory has `1` in ru as well");
}

#[test]
fn one_threshold_for_run_and_align() {
    let desk = desk();
    desk.put("yaddash.toml", "[align]\naccept = 1.0\n");
    let pending = |desk: &Desk| {
        let status = desk.run(&["memory", "status", "--format", "json"]).ok().objects().remove(0);
        (status["units"].as_u64().unwrap(), status["pending"].as_u64().unwrap())
    };
    desk.run(&["run", "r"]).ok();
    let (units, waiting) = pending(&desk);
    assert!(units > 0 && waiting == units, "{waiting} of {units}");
    let asked = ["lookup", "--from", "en", "--to", "az", "A new service centre has opened in Ganja"];
    assert_eq!(desk.run(&asked).code, 1, "pending units are offered to those who ask");
    desk.run(&[&asked[..], &["--pending"]].concat()).ok();
    assert_eq!(desk.run(&["concordance", "Ganja"]).code, 1);
    desk.run(&["concordance", "Ganja", "--pending"]).ok();
    assert_eq!(desk.run(&["export", "--as", "jsonl"]).ok().out, "");
    // The flag goes before the key, and a key of its own before that of `align`.
    desk.run(&["run", "r", "--accept", "0"]).ok();
    assert_eq!(pending(&desk).1, 0);
    desk.put("yaddash.toml", "[align]\naccept = 1.0\n[run]\naccept = 0\n");
    let again = desk.run(&["run", "r", "--format", "jsonl"]).ok();
    assert_eq!(again.objects()[0]["change"], "unchanged");
    desk.put("yaddash.toml", "[align]\naccept = 7\n");
    desk.run(&["run", "r"]).refused("`[align] accept` is a confidence from 0 to 1");
}

#[test]
fn an_explanation_names_what_there_is() {
    let desk = desk();
    let told = desk.run(&["align", "r", "--explain", "2"]).ok();
    assert!(
        told.out.contains("1 bead 2") && told.out.contains("migration") && told.out.contains("words"),
        "{}",
        told.out
    );
    desk.run(&["align", "r", "--explain", "2:1"]).refused("there is no set `2`");
    let far = desk.run(&["align", "r", "--explain", "1:9"]).refused("`1` has 3 beads, no bead 9");
    assert!(far.err.contains("from 1 to 3"), "{}", far.err);
    desk.put("r/2.en.txt", "One.");
    desk.put("r/2.az.txt", "Bir.");
    let which = desk.run(&["align", "r", "--explain", "2"]).refused("bead 2 of which set?");
    assert!(which.err.contains("the sets are 1, 2"), "{}", which.err);
}

#[test]
fn a_later_set_is_aligned_better_with_what_earlier_ones_taught() {
    const WHO: [(&str, &str); 4] =
        [("Weavers", "Toxucular"), ("Potters", "Dulusçular"), ("Saddlers", "Sərraclar"), ("Shepherds", "Çobanlar")];
    const DID: [(&str, &str); 4] = [
        ("mended nets", "tor yamadılar"),
        ("plucked geese", "qaz yoldular"),
        ("carved spoons", "qaşıq yondular"),
        ("shod mules", "qatır nalladılar"),
    ];
    let sentence = |who: usize, did: usize| {
        let (who, did) = (WHO[who % 4], DID[did % 4]);
        (format!("{} {}.", who.0, did.0), format!("{} {}.", who.1, did.1))
    };
    let desk = Desk::new();
    // Every mixture, so that it can be told which words answer which.
    for at in 0..8 {
        let both: Vec<(String, String)> = (0..4).map(|k| sentence(at + k, k * (at % 4 + 1) + at / 4)).collect();
        let text = |side: fn(&(String, String)) -> &str| both.iter().map(side).collect::<Vec<_>>().join("\n\n");
        desk.put(&format!("old/{at}.en.txt"), text(|pair| &pair.0));
        desk.put(&format!("old/{at}.az.txt"), text(|pair| &pair.1));
    }
    desk.run(&["run", "old"]).ok();
    // Two sentences of which one is translated: nothing but the words tells which.
    let right = |more: &[&str]| {
        let mut right = 0;
        for at in 0..12 {
            let pair = [sentence(at, at + 1), sentence(at + 2, at + 3)];
            let which = (at + at / 4) % 2;
            desk.put(&format!("new{at}/1.en.txt"), format!("{}\n\n{}", pair[0].0, pair[1].0));
            desk.put(&format!("new{at}/1.az.txt"), &pair[which].1);
            let folder = format!("new{at}");
            let out = desk.run(&[&["align", &folder, "--format", "jsonl"], more].concat()).ok();
            let want = Value::from(vec![which + 1]);
            let answers =
                |bead: &Value| bead["sides"]["az"]["segments"].is_array() && bead["sides"]["en"]["segments"] == want;
            right += usize::from(out.objects().iter().any(answers));
        }
        right
    };
    let (with, without) = (right(&[]), right(&["--no-memory"]));
    assert_eq!(with, 12);
    assert!(without < 10, "{without} of 12 without the memory");
}
