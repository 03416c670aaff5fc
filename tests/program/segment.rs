//! `yaddash segment` with rules of the user's own, many files, and explanations.

use crate::desk::Desk;

const SRX: &str = r#"<srx version="2.0" xmlns="http://www.lisa.org/srx20">
<header segmentsubflows="yes" cascade="yes"/><body><languagerules><languagerule languagerulename="En">
<rule break="no"><beforebreak>\bMr\.</beforebreak><afterbreak>\s</afterbreak></rule>
<rule break="no"><beforebreak>(\w)\1\.</beforebreak><afterbreak>\s</afterbreak></rule>
<rule break="yes"><beforebreak>[.;]</beforebreak><afterbreak>\s</afterbreak></rule>
</languagerule></languagerules><maprules>
<languagemap languagepattern="(EN|en).*" languagerulename="En"/></maprules></body></srx>"#;

#[test]
fn rules_of_an_srx_file() {
    let desk = Desk::new();
    desk.put("own.srx", SRX);
    desk.put("a.en.txt", "Ask Mr. Hill; he knows. He is here.");
    let want = "Ask Mr. Hill;\nhe knows.\nHe is here.\n";
    let ran = desk.run(&["segment", "--srx", "own.srx", "a.en.txt"]).ok();
    assert_eq!(ran.out, want);
    let named = r"own.srx:4: the rule is left out: in `beforebreak`: a back-reference `\1`";
    assert!(ran.err.contains(named), "{}", ran.err);
    // The same by the configuration.
    desk.put("yaddash.toml", "[segment]\nsrx = \"own.srx\"\n");
    assert_eq!(desk.run(&["segment", "a.en.txt"]).ok().out, want);
    let explained = desk.run(&["segment", "--explain", "a.en.txt"]).ok().out;
    assert!(explained.contains("Ask Mr.¦ Hill;"), "{explained}");
    assert!(explained.contains("    goes on: the rule at line 3 of own.srx"), "{explained}");
    desk.run(&["segment", "--srx", "none.srx", "a.en.txt"]).refused("none.srx: ");
    desk.run(&["segment", "--srx", "a.en.txt", "a.en.txt"]).refused("a.en.txt:1:1: ");
}

#[test]
fn rules_go_out_and_come_back() {
    let desk = Desk::with_samples();
    let exported = desk.run(&["segment", "--format", "srx"]).ok().out;
    desk.put("ours.srx", exported);
    for file in ["releases/001.en.txt", "releases/001.az.txt", "releases/001.ru.txt"] {
        let ours = desk.run(&["segment", file]).ok();
        let back = desk.run(&["segment", "--srx", "ours.srx", file]).ok();
        assert_eq!(back.out, ours.out);
        assert_eq!(back.err, ours.err);
    }
    desk.run(&["segment", "--format", "srx", "releases/001.en.txt"]).refused("it takes no documents");
    desk.run(&["segment"]).refused("no document is named");
}

#[test]
fn words_of_the_users_own() {
    let desk = Desk::new();
    desk.put("a.az.txt", "Müraciət X.K.M. Mərkəzinə verilib, 5 şöb. Əliyevə. Yahoo! Bakı ofisi açılıb.");
    desk.put("yaddash.toml", "[segment]\nabbreviation = [\"şöb.\"]\nno-break = [\"Yahoo!\"]\n");
    let out = desk.run(&["segment", "--lines", "a.az.txt"]).ok().out;
    assert_eq!(out, "Müraciət X.K.M. Mərkəzinə verilib, 5 şöb. Əliyevə.\nYahoo! Bakı ofisi açılıb.\n");
    desk.run(&["segment", "--abbreviation", ".", "a.az.txt"]).refused("`.` is no abbreviation");
}

#[test]
fn every_end_is_explained() {
    let desk = Desk::new();
    desk.put("a.en.txt", "New hours\n\nAsk Mr. Hill. He knows.\n\n© 2024 The U.S. Embassy");
    let out = desk.run(&["segment", "--explain", "a.en.txt"]).ok().out;
    let want = "a.en.txt:1:10: New hours‖
    ends: a heading ends
a.en.txt:3:8: Ask Mr.¦ Hill. He knows.
    goes on: abbreviation `Mr.`: a name follows a title
a.en.txt:3:14: Ask Mr. Hill.‖ He knows.
    ends: end of a sentence
a.en.txt:3:24: Ask Mr. Hill. He knows.‖
    ends: a paragraph ends
a.en.txt:5:16: © 2024 The U.S.¦ Embassy
    goes on: a line of a footer is one segment
a.en.txt:5:24: © 2024 The U.S. Embassy‖
    ends: a line of a footer ends
";
    assert_eq!(out, want);
}

#[test]
fn lines_that_recur_over_the_files_are_boilerplate() {
    let desk = Desk::new();
    let mut names = Vec::new();
    for (n, subject) in ["centre", "office", "school", "library"].iter().enumerate() {
        let name = format!("{n}.en.txt");
        let about = "The Service is an office of the state. It was founded in 2007.";
        desk.put(&name, format!("The {subject} was opened. It is new.\n\nThe {subject} is near.\n\n{about}\n"));
        names.push(name);
    }
    let mut words = vec!["segment", "--format", "jsonl"];
    words.extend(names.iter().map(String::as_str));
    let rows = desk.run(&words).ok().objects();
    let footers: Vec<_> = rows.iter().filter(|row| row["kind"] == "boilerplate").collect();
    assert_eq!(footers.len(), 4);
    assert_eq!(footers[0]["text"], "The Service is an office of the state. It was founded in 2007.");
    assert_eq!(rows.iter().filter(|row| row["kind"] != "boilerplate").count(), 12);
    // Of one file nothing is known to recur, and lone lines are no documents.
    let rows = desk.run(&words[..4]).ok().objects();
    assert!(rows.iter().all(|row| row["kind"] != "boilerplate"));
    words.push("--lines");
    let rows = desk.run(&words).ok().objects();
    assert!(rows.iter().all(|row| row["kind"] == "body"));
}
