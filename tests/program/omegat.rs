//! Into a project of OmegaT, and back out of it.

use crate::desk::Desk;
use std::{collections::BTreeSet, fs};

const UNITS: &str = "id,en,az,ru
1,Yes,Bəli,Да
2,The office is open.,İdarə açıqdır.,Отдел открыт.
3,In Russian only,,Только по-русски
";

/// A `project_save.tmx` as OmegaT 3.6 writes it: each translation in `units`, one with `#` belongs to that place.
fn saved(units: &[(&str, &str)]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx11.dtd\">\n<tmx version=\"1.1\">\n  \
         <header creationtool=\"OmegaT\" o-tmf=\"OmegaT TMX\" adminlang=\"EN-US\" datatype=\"plaintext\" \
         creationtoolversion=\"3.6.0_10\" segtype=\"sentence\" srclang=\"EN-US\"/>\n  <body>\n",
    );
    let (defaults, placed): (Vec<_>, Vec<_>) = units.iter().partition(|(source, _)| !source.contains('#'));
    for (comment, units) in [("Default", defaults), ("Alternative", placed)] {
        out += &format!("<!-- {comment} translations -->\n");
        for (source, target) in units {
            let (source, place) = source.split_once('#').unwrap_or((source, ""));
            out += "    <tu>\n";
            if !place.is_empty() {
                out += &format!(
                    "      <prop type=\"file\">a.txt</prop>\n      <prop type=\"prev\">{place}</prop>\n      \
                     <prop type=\"next\">Next.</prop>\n"
                );
                out += "      <note>as agreed</note>\n";
            }
            out += &format!(
                "      <tuv lang=\"EN-US\">\n        <seg>{source}</seg>\n      </tuv>\n      <tuv lang=\"AZ\" \
                 changeid=\"leyla\" changedate=\"20240601T101010Z\" creationid=\"leyla\" \
                 creationdate=\"20240601T101010Z\">\n        <seg>{target}</seg>\n      </tuv>\n    </tu>\n"
            );
        }
    }
    out + "  </body>\n</tmx>\n"
}

fn with_units() -> Desk {
    let desk = Desk::new();
    desk.put("units.csv", UNITS);
    desk.put("terms.csv", "concept,en,az,az_forbidden\nparliament,Milli Majlis,Milli Məclis,Milli Meclis\n");
    desk.run(&["import", "units.csv"]).ok();
    desk.run(&["term", "import", "terms.csv"]).ok();
    desk
}

fn read(desk: &Desk, path: &str) -> String {
    fs::read_to_string(desk.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// English and Azerbaijani of each unit.
fn pairs(desk: &Desk) -> BTreeSet<String> {
    let out = desk.run(&["export", "--as", "jsonl", "--from", "en", "--to", "az"]).ok();
    let unit = |unit: &serde_json::Value| {
        let texts: Vec<&str> =
            unit["variants"].as_array().unwrap().iter().map(|v| v["text"].as_str().unwrap()).collect();
        format!("{} {}", texts.join("|"), unit["state"].as_str().unwrap())
    };
    out.objects().iter().map(unit).collect()
}

#[test]
fn a_project_is_made_and_kept_up_to_date() {
    let desk = with_units();
    desk.run(&["export", "--as", "omegat", "p"]).refused("there is no `omegat.project` here: give --from and --to");
    desk.run(&["export", "--as", "omegat", "p", "--from", "en", "--to", "az,ru"]).refused("give one --to");
    let make = ["export", "--as", "omegat", "p", "--from", "en", "--to", "az"];
    let trial = desk.run(&[&make[..], &["--dry-run"]].concat()).ok();
    assert_eq!(trial.err.matches("would be written").count(), 4, "{}", trial.err);
    assert!(!desk.path("p").exists());
    let made = desk.run(&make).ok();
    assert!(made.err.contains("2 translations, written") && made.err.contains("1 term, written"), "{}", made.err);
    for folder in ["source", "target", "tm", "glossary", "dictionary", "omegat"] {
        assert!(desk.path(&format!("p/{folder}")).is_dir(), "OmegaT opens no project without `{folder}`");
    }
    let settings = read(&desk, "p/omegat.project");
    assert!(settings.contains("<source_lang>en<") && settings.contains("<target_lang>az<"), "{settings}");
    let tmx = read(&desk, "p/tm/yaddash.tmx");
    assert!(tmx.contains("srclang=\"en\"") && tmx.contains("<tuv xml:lang=\"az\"><seg>Bəli</seg>"), "{tmx}");
    assert!(!tmx.contains("lang=\"ru\"") && !tmx.contains("<prop"), "{tmx}");
    assert_eq!(read(&desk, "p/tm/auto/yaddash.tmx"), tmx);
    let glossary = read(&desk, "p/glossary/yaddash.utf8");
    assert!(glossary.contains("Milli Majlis\tMilli Məclis\tFORBIDDEN: Milli Meclis\n"), "{glossary}");

    // What others have put there stays; a project tells its languages itself, in its own spelling.
    let settings = settings.replace("<source_lang>en<", "<source_lang>EN-US<");
    desk.put("p/omegat.project", &settings);
    desk.put("p/tm/other.tmx", "theirs");
    desk.put("p/glossary/glossary.txt", "theirs");
    desk.put("more.csv", "en,az\nNo,Xeyr\n");
    desk.run(&["import", "more.csv"]).ok();
    let updated = desk.run(&["export", "--as", "omegat", "-o", "p"]).ok();
    assert!(updated.err.contains("yaddash.tmx: 3 translations, written"), "{}", updated.err);
    assert!(updated.err.contains("1 term, there already"), "{}", updated.err);
    assert!(read(&desk, "p/tm/yaddash.tmx").contains("<tuv xml:lang=\"EN-US\"><seg>No</seg>"));
    assert_eq!(read(&desk, "p/omegat.project"), settings);
    assert_eq!(read(&desk, "p/tm/other.tmx") + &read(&desk, "p/glossary/glossary.txt"), "theirstheirs");
    assert_eq!(fs::read_dir(desk.path("p/tm")).unwrap().count(), 3, "nothing is left behind");
    desk.run(&["export", "--as", "omegat", "p", "--to", "ru"])
        .refused("p/omegat.project: this project is from EN-US to az, not from EN-US to ru");
}

#[test]
fn one_translation_of_a_source_is_inserted_and_pending_ones_count_less() {
    let desk = Desk::new();
    desk.put(
        "units.tmx",
        "<tmx version=\"1.4\"><header srclang=\"en\"/><body>\
         <tu><tuv xml:lang=\"en\"><seg>Yes</seg></tuv><tuv xml:lang=\"az\"><seg>Hə</seg></tuv></tu>\
         <tu><prop type=\"x-yaddash\"/><prop type=\"x-yaddash-state\">approved</prop>\
         <tuv xml:lang=\"en\"><seg>Yes </seg></tuv><tuv xml:lang=\"az\"><seg>Bəli</seg></tuv></tu>\
         <tu><prop type=\"x-yaddash\"/><prop type=\"x-yaddash-state\">pending</prop>\
         <tuv xml:lang=\"en\"><seg>Maybe</seg></tuv><tuv xml:lang=\"az\"><seg>Bəlkə</seg></tuv></tu></body></tmx>",
    );
    desk.run(&["import", "units.tmx"]).ok();
    let make = ["export", "--as", "omegat", "p", "--from", "en", "--to", "az"];
    desk.run(&make).ok();
    let segments = |path: &str| read(&desk, path).matches("<tu ").count();
    let inserted = read(&desk, "p/tm/auto/yaddash.tmx");
    assert!(inserted.contains("Bəli") && !inserted.contains("Hə"), "{inserted}");
    assert_eq!(segments("p/tm/yaddash.tmx"), 2);
    assert!(!desk.path("p/tm/penalty-030").exists());
    desk.run(&[&make[..], &["--pending"]].concat()).ok();
    assert!(read(&desk, "p/tm/penalty-030/yaddash.tmx").contains("Bəlkə"));
    assert!(!read(&desk, "p/tm/auto/yaddash.tmx").contains("Bəlkə"));
    // Asked for no more: no doubtful match stays behind.
    desk.run(&make).ok();
    assert_eq!(segments("p/tm/penalty-030/yaddash.tmx"), 0);
    desk.run(&[&make[..], &["--origin", "nothing*"]].concat()).ok();
    assert_eq!(segments("p/tm/yaddash.tmx"), 0);
}

#[test]
fn folders_of_a_project_that_are_elsewhere() {
    let desk = with_units();
    desk.run(&["export", "--as", "omegat", "p", "--from", "en", "--to", "az"]).ok();
    let settings = read(&desk, "p/omegat.project").replace("<tm_dir>__DEFAULT__<", "<tm_dir>../memories<");
    desk.put("p/omegat.project", settings);
    desk.run(&["export", "--as", "omegat", "p"]).refused("`tm_dir` names a folder that is not there: `../memories`");
    fs::create_dir(desk.path("memories")).unwrap();
    desk.run(&["export", "--as", "omegat", "p"]).ok();
    assert!(read(&desk, "memories/auto/yaddash.tmx").contains("Bəli"));
    desk.put("q/omegat.project", "<omegat><project></project></omegat>");
    desk.run(&["export", "--as", "omegat", "q"]).refused("q/omegat.project: `source_lang` names no language");
    desk.put("r/omegat.project", "<omegat>");
    desk.run(&["export", "--as", "omegat", "r"]).refused("r/omegat.project:1:9");
}

#[test]
fn a_folder_is_asked_for_by_its_form_only() {
    let desk = with_units();
    desk.run(&["export", "--as", "omegat"]).refused("which project of OmegaT?");
    desk.run(&["export", "--as", "omegat", "p", "-o", "q"]).refused("the folder of the project is named twice");
    desk.run(&["export", "p"]).refused("p: a project is for `--as omegat`");
    desk.run(&["export", "--as", "tmx", "--dry-run"]).refused("`--dry-run` is for `--as omegat`");
    desk.run(&["export", "--as", "omegat", "units.csv", "--from", "en", "--to", "az"]).refused("this is a file");
    desk.run(&["import", "."]).refused("no project of OmegaT");
}

#[test]
fn what_a_project_saved_comes_into_the_memory_once() {
    let desk = with_units();
    let before = pairs(&desk);
    desk.run(&["export", "--as", "omegat", "p", "--from", "en", "--to", "az"]).ok();
    desk.run(&["import", "p"]).refused("nothing has been translated in this project of OmegaT yet");
    // The first is what OmegaT inserted by itself; the empty one is empty on purpose.
    let first = [("Yes", "Bəli"), ("No", "Xeyr"), ("No#Before.", "Yox"), ("...", "")];
    desk.put("p/omegat/project_save.tmx", saved(&first));
    let ran = desk.run(&["import", "p"]).ok();
    assert!(ran.err.contains("p/omegat/project_save.tmx: TMX; 3 units: 2 new, 1 there already"), "{}", ran.err);
    assert!(ran.err.contains("skipped: only one variant (en) that is not empty"), "{}", ran.err);
    let news = ["No|Xeyr imported", "No|Yox imported"].map(str::to_owned);
    assert_eq!(&pairs(&desk) - &before, news.clone().into());
    let placed = desk.run(&["export", "--as", "jsonl"]).ok();
    let placed = placed.objects().into_iter().find(|unit| unit.to_string().contains("Yox")).unwrap();
    assert_eq!(placed["context"]["document"], "a.txt");
    assert_eq!(placed["context"]["previous"], "Before.");
    assert_eq!(placed["notes"][0]["text"], "as agreed");
    assert_eq!(placed["origin"]["date"], "2024-06-01T10:10:10Z");

    // Again, and by the file alone, from elsewhere: nothing new.
    for name in ["p", "p/omegat/project_save.tmx", "moved.tmx"] {
        desk.put("moved.tmx", saved(&first));
        let again = desk.run(&["import", name]).ok();
        assert!(again.err.contains("3 units: 0 new, 3 there already"), "{name}: {}", again.err);
    }

    // One of them was changed: both are kept, or the new one takes the place of its own earlier edition.
    let second = [("Yes", "Bəli"), ("No", "Xeyr, olmaz"), ("No#Before.", "Yox")];
    desk.put("p/omegat/project_save.tmx", saved(&second));
    let ran = desk.run(&["import", "p", "--dry-run"]).ok();
    assert!(ran.err.contains("1 new, 2 there already"), "{}", ran.err);
    let ran = desk.run(&["import", "p", "--on-conflict", "overwrite"]).ok();
    assert!(ran.err.contains("0 new, 2 there already; 1 stored unit overwritten"), "{}", ran.err);
    let news = ["No|Xeyr, olmaz imported", "No|Yox imported"].map(str::to_owned);
    assert_eq!(&pairs(&desk) - &before, news.into());
    desk.run(&["memory", "undo"]).ok();
    assert!(pairs(&desk).contains("No|Xeyr imported"));
}

#[test]
fn what_belongs_to_a_place_in_a_project_goes_back_to_it() {
    let desk = Desk::new();
    desk.put("project_save.tmx", saved(&[("No", "Xeyr"), ("No#Before.", "Yox")]));
    desk.run(&["import", "project_save.tmx"]).ok();
    desk.run(&["export", "--as", "omegat", "p", "--from", "en", "--to", "az"]).ok();
    let inserted = read(&desk, "p/tm/auto/yaddash.tmx");
    let (default, placed) = inserted.split_once("<prop type=\"file\">a.txt</prop>").expect("a unit with its place");
    assert!(default.contains("Xeyr") && !default.contains("Yox"), "{inserted}");
    assert!(placed.contains("<prop type=\"prev\">Before.</prop>") && placed.contains("Yox"), "{inserted}");
    assert!(!read(&desk, "p/tm/yaddash.tmx").contains("<prop"));
}
