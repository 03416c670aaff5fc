//! Keeping the termbase: edits of the glossary file, their history, checking it, what a change leaves to be done.

use crate::desk::Desk;
use std::fs;

const GLOSSARY: &str = "# kept by the editors\r\n\
    concept,en,az,az_forbidden,colour,domain\r\n\
    parliament,Milli Majlis,\"Milli Məclis\",Milli Mejlis,\"red, dark\",state\r\n\
    visa,visa,viza,,,law\r\n\
    asylum,asylum,sığınacaq,,green,law\r\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("g.csv", GLOSSARY);
    desk.put("yaddash.toml", "[terms]\nfiles = [\"g.csv\"]\n");
    desk
}

fn glossary(desk: &Desk) -> String {
    fs::read_to_string(desk.path("g.csv")).unwrap()
}

/// A line of the glossary with another one in its place.
fn with(line: &str, new: &str) -> String {
    assert!(GLOSSARY.contains(line), "{line}");
    GLOSSARY.replace(line, new)
}

#[test]
fn an_edit_changes_its_rows_in_the_file_and_the_memory_and_is_undone_in_both() {
    let desk = desk();
    let add = ["term", "add", "en=permit", "az=icazə", "az:forbidden=icaze", "--domain", "law"];
    let trial = desk.run(&[&add[..], &["-n"]].concat()).ok();
    assert_eq!(glossary(&desk), GLOSSARY);
    assert!(!desk.path("yaddash.db").exists());
    let done = desk.run(&add).ok();
    assert_eq!(trial.out, done.out, "a trial says the same");
    assert!(done.out.contains("concept permit: new\n  + en permit (preferred)\n"), "{}", done.out);
    assert_eq!(glossary(&desk), format!("{GLOSSARY}permit,permit,icazə,icaze,,law\r\n"));

    desk.run(&["term", "edit", "viza", "az=giriş vizası", "--former", "deprecated", "--note", "as the law has it"])
        .ok();
    let changed = glossary(&desk);
    assert!(changed.contains("concept,en,az,az_forbidden,colour,domain,az_deprecated,note\r\n"), "{changed}");
    assert!(changed.contains("visa,visa,giriş vizası,,,law,viza,as the law has it\r\n"), "{changed}");
    assert!(changed.contains("parliament,Milli Majlis,\"Milli Məclis\",Milli Mejlis,\"red, dark\",state\r\n"));
    let shown = desk.run(&["term", "show", "visa", "--no-config"]).ok();
    assert!(shown.out.contains("az viza (deprecated)"), "the memory has it too: {}", shown.out);

    let history = desk.run(&["term", "history", "visa", "--format", "jsonl"]).ok().objects();
    assert_eq!(history[0]["note"], "term edit visa");
    let changes = history[0]["changes"].as_array().unwrap();
    assert!(changes.iter().any(|change| change == "~ az viza: preferred → deprecated"), "{changes:?}");

    let undone = desk.run(&["term", "undo"]).ok();
    assert!(undone.out.contains("~ az viza: deprecated → preferred"), "{}", undone.out);
    assert!(glossary(&desk).contains("\r\nvisa,visa,viza,,,law,,\r\n"), "{}", glossary(&desk));
    desk.run(&["term", "undo"]).ok();
    assert!(!glossary(&desk).contains("permit"));
    assert!(
        desk.run(&["term", "show", "permit", "--no-config"]).refused("there is no concept `permit`").out.is_empty()
    );
    desk.run(&["term", "undo"]).refused("there is no edit of terms to undo");
}

#[test]
fn what_is_taken_out_comes_back_to_its_place() {
    let desk = desk();
    desk.run(&["term", "merge", "visa", "asylum"]).ok();
    assert_eq!(
        glossary(&desk),
        with("visa,visa,viza,,,law\r\nasylum,asylum,sığınacaq,,green,law", "visa,visa;asylum,viza;sığınacaq,,,law")
    );
    desk.run(&["term", "remove", "parliament"]).ok();
    desk.run(&["term", "undo"]).ok();
    let text = glossary(&desk);
    assert!(text.contains("domain\r\nparliament,Milli Majlis,Milli Məclis,Milli Mejlis,,state\r\nvisa"), "{text}");
    desk.run(&["term", "undo"]).ok();
    let ids: Vec<String> =
        glossary(&desk).lines().skip(2).map(|row| row.split(',').next().unwrap().to_owned()).collect();
    assert_eq!(ids, ["parliament", "visa", "asylum"]);
}

#[test]
fn edits_that_cannot_be_made_say_why() {
    let desk = desk();
    for (arguments, message) in [
        (&["forbid", "parlament", "en=x"][..], "there is no concept `parlament`: did you mean `parliament`?"),
        (&["forbid", "visa", "en=visa"], "en=visa is the preferred term of concept `visa`: give another first"),
        (&["remove", "visa", "az=x"], "concept `visa` has no term az=x: it has az=viza"),
        (&["remove", "visa", "az=viza", "en=visa"], "concept `visa` would have no terms left"),
        (&["add", "en=visa"], "concept `visa` is there already"),
        (
            &["edit", "visa", "--valid-from", "2020-01-01", "--valid-until", "2019-01-01"],
            "valid until 2019-01-01, before",
        ),
        (&["edit", "visa", "--flag", "caase"], "flag `caase` is not known"),
        (&["merge", "visa", "viza"], "`visa` cannot be merged with itself"),
        (&["undo", "77"], "there is no batch 77"),
    ] {
        let ended = desk.run(&[&["term"], arguments].concat());
        assert_eq!(ended.code, 2, "{arguments:?}: {}{}", ended.out, ended.err);
        assert!(ended.err.contains(message), "{arguments:?}: {}", ended.err);
        assert_eq!(glossary(&desk), GLOSSARY, "{arguments:?}");
    }
    assert!(desk.run(&["term", "edit", "visa", "en=visa"]).ok().err.contains("all is so already"));
}

#[test]
fn what_others_write_into_the_file_stays_and_conflicts_are_refused() {
    let desk = desk();
    desk.run(&["term", "forbid", "visa", "az=vizə"]).ok();
    let mine = glossary(&desk);
    // Another concept, by hand: taken in first, in a batch of its own.
    desk.put("g.csv", mine.replace("sığınacaq", "siyasi sığınacaq"));
    let done = desk.run(&["term", "edit", "visa", "--domain", "travel"]).ok();
    assert!(done.err.contains("the memory took in the glossary as it was before"), "{}", done.err);
    assert!(glossary(&desk).contains("siyasi sığınacaq"));
    let batches = desk.run(&["term", "history", "asylum", "--format", "jsonl"]).ok().objects();
    assert!(batches[0]["note"].as_str().unwrap().starts_with("term import"), "{}", batches[0]);
    // The same concept: nothing is guessed.
    desk.put("g.csv", glossary(&desk).replace("travel", "borders"));
    let before = glossary(&desk);
    desk.run(&["term", "undo"]).refused("left concept `visa` otherwise than it is now in");
    assert_eq!(glossary(&desk), before);
}

#[test]
fn a_tbx_is_edited_in_place() {
    let desk = Desk::new();
    let entry = |id: &str, more: &str| {
        format!(
            "<termEntry id='{id}'><descrip type='x-own'>kept</descrip><langSet xml:lang='en'><tig><term>{id}</term>{more}</tig></langSet></termEntry>"
        )
    };
    let (first, second) = (entry("one", "<termNote type='partOfSpeech'>noun</termNote>"), entry("two", ""));
    let text = format!(
        "<martif type='TBX' xml:lang='en'><!-- ours --><text><body>\n{first}\n{second}\n</body></text></martif>"
    );
    desk.put("g.tbx", &text);
    desk.run(&["term", "edit", "one", "az=bir", "--terms", "g.tbx"]).ok();
    let now = fs::read_to_string(desk.path("g.tbx")).unwrap();
    assert!(now.contains(&second) && now.contains("<!-- ours -->"), "{now}");
    for part in [
        "<descrip type=\"x-own\">kept</descrip>",
        "<termNote type=\"partOfSpeech\">noun</termNote>",
        "<term>bir</term>",
    ] {
        assert!(now.contains(part), "{part}: {now}");
    }
    desk.run(&["term", "undo", "--terms", "g.tbx"]).ok();
    let list = desk.run(&["term", "list", "--terms", "g.tbx"]).ok();
    assert_eq!(list.out, "one: en one\ntwo: en two\n");
    // A file that cannot be written here is refused, whatever is asked.
    desk.run(&["term", "export", "--terms", "g.tbx", "--as", "xlsx", "-o", "g.xlsx"]).ok();
    desk.run(&["term", "remove", "one", "--terms", "g.xlsx"]).refused("only CSV, TSV and TBX that are not packed");
}

#[test]
fn without_a_file_the_copy_is_edited() {
    let desk = Desk::new();
    desk.put("g.csv", GLOSSARY);
    desk.run(&["term", "import", "g.csv"]).ok();
    desk.run(&["term", "remove", "visa"]).ok();
    desk.run(&["term", "show", "visa"]).refused("there is no concept `visa`");
    assert_eq!(glossary(&desk), GLOSSARY, "no file was named");
    desk.run(&["term", "undo"]).ok();
    let list = desk.run(&["term", "list"]).ok().out;
    let ids: Vec<&str> = list.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(ids, ["parliament", "visa", "asylum"]);
}

#[test]
fn every_form_is_read_back() {
    let desk = desk();
    desk.run(&["term", "edit", "visa", "--valid-from", "2018-01-31", "--flag", "note:en=visa>not the card; ever"]).ok();
    let want = desk.run(&["term", "list", "--format", "jsonl"]).ok().out;
    for (form, file) in [
        (&["tbx"][..], "o.tbx"),
        (&["tbx3"], "o3.tbx"),
        (&["tbx3", "--style", "dct"], "o3d.tbx"),
        (&["tbx3", "--dialect", "min"], "o3m.tbx"),
        (&["tbx3", "--dialect", "core", "--style", "dct"], "o3c.tbx"),
        (&["csv"], "o.csv"),
        (&["tsv"], "o.tsv"),
        (&["xlsx"], "o.xlsx"),
    ] {
        desk.run(&[&["term", "export", "-o", file, "--as"], form].concat()).ok();
        let back = desk.run(&["term", "list", "--terms", file, "--format", "jsonl"]).ok().out;
        assert_eq!(back, want, "{form:?}");
    }
    desk.run(&["term", "export", "--as", "omegat", "--from", "en", "--to", "az", "-o", "o.en-az.txt"]).ok();
    let list = desk.run(&["term", "list", "--terms", "o.en-az.txt"]).ok().out;
    assert!(list.contains("Milli Majlis: en Milli Majlis, az Milli Məclis\n"), "{list}");
    desk.run(&["term", "export", "--as", "omegat"]).refused("give --from and --to");
    // An XLSX of terms goes to the termbase by `import` too.
    assert!(desk.run(&["import", "o.xlsx", "-m", "new.db"]).ok().err.contains("3 concepts: 3 new"));
}

#[test]
fn a_glossary_is_looked_through() {
    let desk = desk();
    let sound = desk.run(&["term", "check"]).ok();
    assert!(
        sound.out.is_empty() && sound.err.contains("0 errors, 0 warnings in 3 concepts"),
        "{}{}",
        sound.out,
        sound.err
    );
    desk.put("g.csv", GLOSSARY.replace("asylum,asylum,sığınacaq", "asylum,Visa,viza"));
    let found = desk.run(&["term", "check", "--format", "jsonl"]);
    assert_eq!(found.code, 1);
    let fault = &found.objects()[0];
    assert_eq!(
        (&fault["rule"], &fault["line"], &fault["concept"]),
        (&"duplicate-concept".into(), &5.into(), &"asylum".into())
    );
    let text = desk.run(&["term", "check"]).out;
    assert!(text.starts_with("error[duplicate-concept]: ") && text.contains("g.csv:5, concept asylum\n"), "{text}");
    assert!(text.contains("= help: `yaddash term merge visa asylum`"), "{text}");
    // That of the project is sound.
    let samples = Desk::with_samples();
    let own = samples.run(&["term", "check", "--terms", "glossary/sms.csv"]);
    assert_eq!((own.code, own.out.as_str()), (0, ""));
}

#[test]
fn concepts_count_while_they_are_valid() {
    let desk = Desk::new();
    desk.put(
        "g.csv",
        "concept,en,en_forbidden,valid_until,flags\nminister,A. Oldman,A. Oldmann,2018-05-31,\n\
         majlis,Milli Majlis,Milli Mejlis,,from:en=Milli Mejlis>2015-01-01\n",
    );
    desk.put("a.en.txt", "A. Oldmann spoke in the Milli Mejlis.\n");
    let check = |date: &[&str]| {
        let ended = desk.run(
            &[&["check", "--terms", "g.csv", "--format", "concise", "a.en.txt", "--only", "forbidden-term"], date]
                .concat(),
        );
        ended.out.lines().count()
    };
    assert_eq!(check(&["--date", "2014-12-31"]), 1);
    assert_eq!(check(&["--date", "2018-05-31"]), 2);
    assert_eq!(check(&["--date", "2018-06-01"]), 1);
    assert_eq!(check(&[]), 1, "today");
}

#[test]
fn what_a_change_leaves_to_be_done_is_listed_and_mended() {
    let desk = desk();
    desk.put(
        "tm.tsv",
        "en\taz\nA visa is needed.\tViza tələb olunur.\nVisas are free.\tVizalar pulsuzdur.\nIt is late.\tGecdir.\n",
    );
    desk.run(&["import", "tm.tsv"]).ok();
    desk.put("2.az.txt", "Vizalar bitib.\n");
    desk.run(&["term", "edit", "visa", "az=giriş icazəsi", "--former", "removed"]).ok();
    let none = desk.run(&["term", "impact", "visa"]);
    assert!(none.err.contains("has no term that is deprecated or forbidden"), "{}", none.err);
    let impact = ["term", "impact", "visa", "2.az.txt", "--was", "az=viza"];
    let found = desk.run(&[&impact[..], &["--format", "jsonl"]].concat()).ok().objects();
    assert_eq!(found.len(), 3, "{found:?}");
    let file = found.iter().find(|hit| hit["unit"].is_null()).unwrap();
    assert_eq!((&file["file"], &file["surface"]), (&"2.az.txt".into(), &"Vizalar".into()));
    assert_eq!(file["fix"]["text"], "Giriş icazələri");
    assert_eq!(file["sentence"], "Vizalar bitib.");
    let trial = desk.run(&[&impact[..], &["--fix", "-n"]].concat()).ok();
    assert!(trial.out.contains("+Giriş icazələri bitib."), "{}", trial.out);
    assert_eq!(fs::read_to_string(desk.path("2.az.txt")).unwrap(), "Vizalar bitib.\n");
    let done = desk.run(&[&impact[..], &["--fix"]].concat()).ok();
    assert!(done.err.contains("concept visa: 3 places, 0 left"), "{}{}", done.out, done.err);
    assert_eq!(fs::read_to_string(desk.path("2.az.txt")).unwrap(), "Giriş icazələri bitib.\n");
    let units = desk.run(&["memory", "find", "giriş", "--format", "jsonl"]).ok().out;
    assert!(units.contains("Giriş icazəsi tələb olunur.") && units.contains("Giriş icazələri pulsuzdur."), "{units}");
    let batch = desk.run(&["memory", "history"]).ok().out;
    assert!(batch.lines().next().unwrap().contains("term impact visa --fix  (2 changed)"), "{batch}");
}
