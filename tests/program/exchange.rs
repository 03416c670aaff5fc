//! Files of other tools in and out again: nothing lost, nothing altered.

use crate::desk::Desk;
use serde_json::Value;
use std::fs;

/// In the manner of Trados Studio: a head with fields, codes without content, context, a confirmation level.
const STUDIO: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<tmx version="1.4">
<header creationtool="SDL Language Platform" creationtoolversion="8.1" o-tmf="SDL TM8 Format" datatype="xml" segtype="sentence" adminlang="en-US" srclang="en-US" creationdate="20240212T080000Z" creationid="PRESS\leyla">
<prop type="x-Recognizers">RecognizeAll</prop>
<prop type="x-TMName">press &amp; web</prop>
<note>Checked</note>
</header>
<body>
<tu creationdate="20240212T080000Z" creationid="PRESS\leyla" changedate="20240213T080000Z" usagecount="3" lastusagedate="20240213T080000Z">
<prop type="x-Context">-123, 456</prop>
<prop type="x-ContextContent">Before. |  | After. | </prop>
<prop type="x-ConfirmationLevel">ApprovedTranslation</prop>
<tuv xml:lang="en-US"><seg>The <bpt i="1" type="1001" x="1"/>Service<ept i="1"/> held an event.</seg></tuv>
<tuv xml:lang="az-Latn-AZ"><seg><bpt i="1" type="1001" x="1"/>Xidmət<ept i="1"/> tədbir keçirib. </seg></tuv>
</tu>
<tu creationdate="20240212T090000Z">
<note>Second</note>
<tuv xml:lang="en-US"><seg>Two.</seg></tuv>
<tuv xml:lang="az-Latn-AZ"><seg>İki.</seg></tuv>
<tuv xml:lang="az-Latn-AZ"><seg>İkinci.</seg></tuv>
</tu>
</body>
</tmx>
"#;

/// A file as a list of lines, white space around them left out.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn what_a_tool_wrote_goes_out_again() {
    let desk = Desk::new();
    desk.put("studio.tmx", STUDIO);
    desk.run(&["import", "studio.tmx"]).ok();
    let out = desk.run(&["export", "--as", "tmx"]).ok().out;
    // Everything the file said but who wrote it stands in ours, line by line.
    let written = lines(&out);
    for line in lines(STUDIO).into_iter().skip(2).filter(|line| !line.starts_with("<header")) {
        assert!(written.contains(&line), "{line}\n{out}");
    }
    let head = written.iter().find(|line| line.starts_with("<header")).unwrap();
    for part in [
        "creationtool=\"yaddash\"",
        "datatype=\"xml\"",
        "segtype=\"sentence\"",
        "adminlang=\"en-US\"",
        "srclang=\"en-US\"",
        "creationdate=\"20240212T080000Z\"",
        "creationid=\"PRESS\\leyla\"",
    ] {
        assert!(head.contains(part), "{part}: {head}");
    }

    // Imported again it adds nothing; into an empty memory it brings all of it, and goes out the same.
    desk.put("ours.tmx", &out);
    let again = desk.run(&["import", "ours.tmx"]).ok();
    assert!(again.err.contains("2 units: 0 new, 2 there already") && !again.err.contains("undo"), "{}", again.err);
    let other = Desk::new();
    other.put("ours.tmx", &out);
    other.run(&["import", "ours.tmx"]).ok();
    let second = other.run(&["export", "--as", "tmx"]).ok().out;
    let undated = |text: &str| -> Vec<String> {
        let head = |line: &str| line.split(" changedate").next().unwrap_or_default().to_owned();
        lines(text)
            .into_iter()
            .map(|line| if line.starts_with("<header") { head(line) } else { line.to_owned() })
            .collect()
    };
    assert_eq!(undated(&second), undated(&out));
}

#[test]
fn an_edit_touches_nothing_else() {
    let desk = Desk::new();
    desk.put("studio.tmx", STUDIO);
    desk.run(&["import", "studio.tmx"]).ok();
    let before = desk.run(&["export", "--as", "tmx"]).ok().out;
    let units = desk.run(&["memory", "find", "--format", "jsonl"]).ok().objects();
    let second = units.iter().find(|unit| unit.to_string().contains("Two.")).unwrap();
    let id = second["unit"].to_string();
    desk.run(&["memory", "edit", &id, "--set", "az=İki!"]).ok();
    let after = desk.run(&["export", "--as", "tmx"]).ok().out;
    let (before, after) = (lines(&before), lines(&after));
    let lost: Vec<&&str> = before.iter().filter(|line| !after.contains(line)).collect();
    let told = |lost: &[&&str]| {
        lost.iter().all(|line| {
            line.contains("İki.")
                || line.starts_with("<tu ")
                || line.starts_with("<header")
                || line.starts_with("<prop type=\"x-yaddash")
        })
    };
    assert!(told(&lost), "{lost:?}");
    let first = before.iter().position(|line| line.contains("usagecount=\"3\"")).unwrap();
    let end = before.iter().position(|line| *line == "</tu>").unwrap();
    let unit = &before[first..=end];
    assert!(after.windows(unit.len()).any(|lines| lines == unit), "the other unit is as it was");
    assert!(
        after.iter().any(|line| line.contains("<seg>İki!</seg>"))
            && after.iter().any(|line| line.contains("<seg>İkinci.</seg>"))
    );
}

#[test]
fn heads_of_several_files_are_carried_along() {
    let desk = Desk::new();
    desk.put("studio.tmx", STUDIO);
    desk.put(
        "other.tmx",
        "<tmx version=\"1.4\"><header creationtool=\"t\" creationtoolversion=\"1\" o-tmf=\"t\" segtype=\"paragraph\" adminlang=\"en\" \
         srclang=\"en\" datatype=\"html\"><prop type=\"client\">press</prop></header><body>\
         <tu><tuv xml:lang=\"en\"><seg>Three</seg></tuv><tuv xml:lang=\"az\"><seg>Üç</seg></tuv></tu></body></tmx>",
    );
    desk.run(&["import", "studio.tmx", "other.tmx"]).ok();
    let both = desk.run(&["export", "--as", "tmx"]).ok().out;
    assert!(
        both.contains(
            "segtype=\"sentence\" o-tmf=\"yaddash\" adminlang=\"en\" srclang=\"*all*\" datatype=\"plaintext\""
        ),
        "{both}"
    );
    assert!(both.contains(" segtype=\"paragraph\" srclang=\"en\" datatype=\"html\">"), "{both}");
    let one = desk.run(&["export", "--as", "tmx", "--origin", "other.tmx"]).ok().out;
    assert!(one.contains("<prop type=\"client\">press</prop>") && one.contains("datatype=\"html\""), "{one}");
    // From the file with both, each head comes back.
    let other = Desk::new();
    other.put("both.tmx", &both);
    other.run(&["import", "both.tmx"]).ok();
    let undated = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
    let one_again = other.run(&["export", "--as", "tmx", "--origin", "other.tmx"]).ok().out;
    assert_eq!(undated(&one_again), undated(&one));
    // An undone import takes its head along.
    desk.run(&["memory", "undo"]).ok();
    desk.run(&["import", "other.tmx"]).ok();
    desk.run(&["memory", "check"]).ok();
}

#[test]
fn the_report_tells_every_skip() {
    let desk = Desk::new();
    let mut table = "en,az\nOne,Bir\n".to_owned();
    for n in 0..45 {
        table.push_str(&format!("Alone {n},\n"));
    }
    desk.put("t.csv", table);
    desk.put("broken.tmx", "<tmx version=\"1.4\"><header srclang=\"en\"/><body><tu>");
    let ran = desk.run(&["import", "t.csv", "broken.tmx", "--report", "report.json"]).refused("broken.tmx");
    assert_eq!(ran.err.lines().filter(|line| line.contains("skipped: ")).count(), 20, "{}", ran.err);
    assert!(ran.err.contains("and 25 more skipped, 0 more warnings; all are in the report"), "{}", ran.err);
    let report: Value = serde_json::from_str(&fs::read_to_string(desk.path("report.json")).unwrap()).unwrap();
    let skipped: Vec<&Value> =
        report["remarks"].as_array().unwrap().iter().filter(|r| r["kind"] == "skipped").collect();
    assert_eq!(skipped.len(), 45);
    assert_eq!((&skipped[44]["line"], &skipped[44]["file"]), (&Value::from(47), &Value::from("t.csv")));
    assert!(skipped[0]["reason"].as_str().unwrap().contains("only one"), "{}", skipped[0]);
    let files = report["files"].as_array().unwrap();
    assert_eq!(
        (&files[0]["new"], &files[0]["skipped"], &files[0]["batch"]),
        (&Value::from(1), &Value::from(45), &Value::from(1))
    );
    assert!(files[1]["error"].as_str().unwrap().contains("broken.tmx:1:"), "{}", files[1]);
    // A trial run tells the same.
    let trial = desk.run(&["import", "-n", "t.csv", "--report", "trial.json"]).ok();
    assert!(trial.err.contains("1 unit: 0 new, 1 there already; 45 skipped (nothing was changed)"), "{}", trial.err);
    let nowhere = desk.run(&["import", "t.csv", "--report", "none/report.json"]).refused("none/report.json");
    assert!(!nowhere.err.contains("new"), "{}", nowhere.err);
}
