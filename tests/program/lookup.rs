//! `lookup` and `concordance` as the program prints them: several languages, several memories, every form.

use crate::desk::Desk;
use serde_json::{Value, json};

const OFFICE: &str = "id,en,az,ru\n\
    o1,The office is open today.,Ofis bu gün açıqdır.,Офис сегодня открыт.\n\
    o2,The office is closed.,Ofis bağlıdır.,\n";
const ARCHIVE: &str = "id,en,az\n\
    a1,The office is open today.,İdarə bu gün açıqdır.\n\
    a2,The office is closed.,Ofis bağlıdır.\n";

fn with_memories() -> Desk {
    let desk = Desk::new();
    desk.put("office.csv", OFFICE);
    desk.put("archive.csv", ARCHIVE);
    desk.run(&["-m", "office.db", "import", "office.csv"]).ok();
    desk.run(&["-m", "archive.db", "import", "archive.csv"]).ok();
    desk
}

/// (score, target, memory) of each match of the first answer.
fn matches(answer: &Value) -> Vec<(Value, Value, Value)> {
    let matches = answer["matches"].as_array().unwrap();
    matches.iter().map(|m| (m["score"].clone(), m["target"].clone(), m["memory"].clone())).collect()
}

#[test]
fn two_languages_at_once() {
    let desk = with_memories();
    let ask = |to: &str, text: &str| {
        let ended = desk.run(&["-m", "office.db", "lookup", "--to", to, "--format", "jsonl", text]).ok();
        ended.objects()[0]["matches"][0].clone()
    };
    let both = ask("ru,az", "The office is open today.");
    assert_eq!(both["target"], "Офис сегодня открыт.", "of the first language asked for");
    assert_eq!(both["targets"], json!({"ru": "Офис сегодня открыт.", "az": "Ofis bu gün açıqdır."}));
    assert_eq!(both["repaired"], false);
    assert!(both.get("memory").is_none(), "one memory need not be named");
    let one = ask("ru,az", "The office is closed.");
    assert_eq!((&one["target"], &one["targets"]), (&json!("Ofis bağlıdır."), &json!({"az": "Ofis bağlıdır."})));

    let text = desk.run(&["-m", "office.db", "lookup", "--to", "az,ru", "The office is open now."]).ok().out;
    assert!(text.contains("The office is open [-now-]{+today+}."), "{text}");
    assert!(text.contains(" az Ofis bu gün açıqdır.\n") && text.contains(" ru Офис сегодня открыт.\n"), "{text}");
    assert!(text.contains(" import office.csv, imported, ") && text.contains(", unit 1\n"), "{text}");

    desk.run(&["lookup", "--from", "az", "--to", "ru,az", "x"]).refused("`--from` and `--to` are both `az`");
    let from_az = desk.run(&["-m", "office.db", "lookup", "--from", "az", "Ofis bağlıdır."]).ok();
    assert!(from_az.out.contains("The office is closed."), "without --to, English answers Azerbaijani");
}

#[test]
fn several_memories_are_asked_as_one() {
    let desk = with_memories();
    let ask = |memories: &[&str], text: &str| {
        let mut arguments: Vec<&str> = memories.iter().flat_map(|memory| ["-m", memory]).collect();
        arguments.extend(["lookup", "--verify", "--format", "jsonl", text]);
        matches(&desk.run(&arguments).ok().objects()[0])
    };
    assert_eq!(
        ask(&["office.db", "archive.db:-5"], "The office is open today.")[..2],
        [
            (json!(100), json!("Ofis bu gün açıqdır."), json!("office.db")),
            (json!(95), json!("İdarə bu gün açıqdır."), json!("archive.db"))
        ]
    );
    let equal = ask(&["office.db:-3", "archive.db"], "The office is closed.");
    assert_eq!(equal[0], (json!(100), json!("Ofis bağlıdır."), json!("archive.db")), "the better of two equal pairs");
    assert_eq!(equal.iter().filter(|(_, target, _)| *target == "Ofis bağlıdır.").count(), 1);

    // In the configuration and the environment too; what writes takes the first.
    desk.put("yaddash.toml", "memory = [\"office.db\", \"archive.db:-5\"]\n[lookup]\npenalty = [\"office*=10\"]\n");
    let ended = desk.run(&["lookup", "--format", "jsonl", "The office is open today."]).ok();
    let found = matches(&ended.objects()[0]);
    assert_eq!(found[0], (json!(95), json!("İdarə bu gün açıqdır."), json!("archive.db")));
    assert_eq!(found[1], (json!(90), json!("Ofis bu gün açıqdır."), json!("office.db")));
    desk.put("more.csv", "en,az\nMore.,Daha.\n");
    desk.run(&["import", "more.csv"]).ok();
    let status =
        |memory: &str| desk.run(&["-m", memory, "memory", "status", "--format", "json"]).ok().objects()[0].clone();
    assert_eq!((&status("office.db")["units"], &status("archive.db")["units"]), (&json!(3), &json!(2)));

    let overview = desk.run(&[]).ok().out;
    assert!(overview.contains("asked    archive.db: by lookup and concordance too, 5 points less"), "{overview}");
    let text = desk.run(&["lookup", "The office is open today."]).ok().out;
    assert!(text.contains(", in archive.db\n"), "{text}");
    let lines = desk.run(&["concordance", "office", "--format", "jsonl"]).ok().objects();
    let memories: Vec<&str> = lines.iter().map(|line| line["memory"].as_str().unwrap()).collect();
    assert_eq!(memories, ["office.db", "office.db", "archive.db", "archive.db"]);
}

#[test]
fn a_memory_may_be_named_in_any_way() {
    let desk = with_memories();
    std::fs::copy(desk.path("office.db"), desk.path("of:fice.db")).unwrap();
    desk.run(&["-m", "of:fice.db", "lookup", "The office is closed."]).ok();
    desk.run(&["-m", "of:fice.db:-5", "lookup", "The office is closed."]).ok();
    desk.run(&["-m", "office.db:-200", "lookup", "x"]).refused("a penalty is a number from 0 to 100");
    desk.run(&["lookup", "--penalty", "mt", "x"]).refused("a penalty is `GLOB=POINTS`");

    let missing = desk.run(&["-m", "none.db", "-m", "office.db", "lookup", "The office is closed."]).ok();
    assert!(missing.err.contains("none.db: there is no such memory"), "{}", missing.err);
    let alone = desk.run(&["-m", "none.db", "lookup", "--format", "jsonl", "x"]);
    assert_eq!((alone.code, alone.out.as_str()), (1, "{\"query\":\"x\",\"matches\":[]}\n"));
    assert!(!desk.path("none.db").exists());
}

#[test]
fn every_form_holds_the_same_matches() {
    let desk = with_memories();
    let ask = |format: &str, input: &str| {
        let arguments = ["-m", "office.db", "lookup", "--to", "az,ru", "--format", format, "-"];
        desk.run_with(&arguments, input).out
    };
    let input = "The office is open\ttoday.\n\nNothing alike\n";
    let tsv: Vec<Vec<String>> =
        ask("tsv", input).lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    let head = "query score kind source az ru repaired state origin date unit memory";
    assert_eq!(tsv[0].join(" "), head);
    assert_eq!(
        tsv[1][..6].join("|"),
        "The office is open today.|99|near|The office is open today.|Ofis bu gün açıqdır.|Офис сегодня открыт."
    );
    assert!(tsv.iter().all(|row| row.len() == 12), "{tsv:?}");

    let answers: Value = serde_json::from_str(&ask("json", input)).unwrap();
    let lines: Vec<Value> = ask("jsonl", input).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers, Value::Array(lines));
    assert_eq!(answers.as_array().unwrap().len(), 3, "an answer a line, an empty one too");
    assert_eq!(ask("json", ""), "[]\n");
    assert_eq!(ask("tsv", "Nothing alike\n"), format!("{}\n", head.replace(' ', "\t")));

    let text = ask("text", "The office is open.\nNothing alike\n");
    assert!(text.contains("\nNothing alike\n     - no match\n"), "{text}");
    let long = "The office is open and so are very many other offices of ours in every city of the whole wide country.";
    let wrapped = ask("text", &format!("{long}\nThe office is open today, and more.\n"));
    assert!(wrapped.lines().all(|line| !line.ends_with(' ')), "{wrapped}");
}

#[test]
fn odd_queries_have_an_answer() {
    let desk = with_memories();
    desk.put("odd.csv", "en,az\n\"a red\u{202e}\nflag\",bayraq\n12 345,12 345\n");
    desk.run(&["-m", "office.db", "import", "odd.csv"]).ok();
    let ask = |text: &str| desk.run(&["-m", "office.db", "lookup", text]);
    let empty = ask("");
    assert_eq!((empty.code, empty.out.as_str(), empty.err.trim()), (1, "", "the query is empty"));
    for text in ["office", "?!…", "12", "\u{7}", &"word ".repeat(10_000)] {
        let ended = ask(text);
        assert!(ended.code < 2 && !ended.err.contains("panicked"), "{text}: {}", ended.err);
    }
    assert!(ask("?!…").err.contains("no match at or above 60 %"));
    let numbers = ask("98 765");
    assert!(numbers.out.contains("99% number"), "{}", numbers.out);
    let controls = ask("a\u{1b} red\u{202e}\nflag!").out;
    assert!(controls.contains(r"a [-\u{1b}-] red\u{202e}\nflag[-!-]"), "{controls}");
    assert!(!controls.contains(['\u{1b}', '\u{202e}']), "{controls}");

    let lacking = desk.run(&["-m", "office.db", "lookup", "--from", "tr", "--to", "az,ka", "x"]);
    assert_eq!(lacking.code, 1);
    for language in ["tr", "ka"] {
        let remark = format!("nothing in the memory is in `{language}`; it has az, en, ru");
        assert!(lacking.err.contains(&remark), "{}", lacking.err);
    }
}

#[test]
fn what_stands_around_a_text_raises_its_match() {
    let desk = with_memories();
    let unit = |id: &str, props: &str, en: &str, az: &str| {
        format!(
            "<tu tuid='{id}'>{props}<tuv xml:lang='en'><seg>{en}</seg></tuv><tuv xml:lang='az'><seg>{az}</seg></tuv></tu>"
        )
    };
    let prop = |kind: &str, value: &str| format!("<prop type='{kind}'>{value}</prop>");
    let props = |id: &str, previous: &str, next: &str| {
        prop("file", "a.txt") + &prop("id", id) + &prop("prev", previous) + &prop("next", next)
    };
    let head = "<?xml version='1.0'?><tmx version='1.4'><header creationtool='x' creationtoolversion='1' \
        segtype='sentence' o-tmf='x' adminlang='en' srclang='en' datatype='plaintext'/><body>";
    let units = unit("1", &props("k1", "First.", "Third."), "Second.", "İkinci.")
        + &unit("2", &props("k2", "Other.", "Else."), "Second.", "Başqa.");
    desk.put("c.tmx", format!("{head}{units}</body></tmx>"));
    desk.run(&["-m", "c.db", "import", "c.tmx"]).ok();
    let ask = |more: &[&str], input: &str| -> Vec<Value> {
        let mut arguments = vec!["-m", "c.db", "lookup", "--format", "jsonl"];
        arguments.extend(more);
        let ended = desk.run_with(&arguments, input);
        ended.objects().iter().map(|answer| answer["matches"][0].clone()).collect()
    };
    let first = |more: &[&str], input: &str| {
        let found = ask(more, input);
        (found[0]["score"].clone(), found[0]["tuid"].clone())
    };
    assert_eq!(first(&["--previous", "Other.", "Second."], ""), (json!(101), json!("2")));
    assert_eq!(first(&["--document", "a.txt", "--id", "k2", "Second."], ""), (json!(102), json!("2")));
    let lines = ask(&["--in-context", "-"], "First.\n\nSecond.\nThird.\n");
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[2]["score"], &lines[2]["tuid"]), (&json!(102), &json!("1")));
    let without = ask(&["-"], "First.\n\nSecond.\nThird.\n");
    assert_eq!(without[2]["score"], json!(100));
    desk.run(&["lookup", "--in-context", "x"]).refused("for the lines of standard input");
    assert_eq!(desk.run(&["lookup", "--id", "k2", "x"]).code, 2, "an id is of a document");
}
