//! `fill`: a document out as a job, and back in the other language.

use crate::desk::Desk;
use std::fs;

const SOURCE: &str = "The open day\r\n\r\nThe office is open today. Come at 10:30 on 12 May 2026.\r\n\r\nNobody has said this before.\r\n";

/// A memory of two units that stood beside one another, and of one that is like a sentence.
fn with_memory() -> Desk {
    let desk = Desk::new();
    desk.put(
        "m.csv",
        "id,en,az\n\
         1,The open day,Açıq qapı günü\n\
         2,The office is open today.,Ofis bu gün açıqdır.\n\
         3,Come at 10:30 on 13 May 2026.,13 may 2026-cı il saat 10:30-da gəlin.\n",
    );
    desk.put("terms.csv", "concept,en,az,az_forbidden\noffice,office,ofis,kontor\nhall,hall,zal,\n");
    desk.run(&["-m", "m.db", "import", "m.csv"]).ok();
    desk.put("a.en.txt", SOURCE);
    desk
}

fn read(desk: &Desk, name: &str) -> String {
    fs::read_to_string(desk.path(name)).unwrap()
}

/// The job with the target of a segment, counted from 1, replaced whole.
fn translated(job: &str, number: usize, target: &str) -> String {
    let unit = job.find(&format!("<trans-unit id=\"{number}\"")).unwrap();
    let start = unit + job[unit..].find("<target").unwrap();
    let end = start + job[start..].find("</target>").unwrap() + "</target>".len();
    format!("{}{target}{}", &job[..start], &job[end..])
}

#[test]
fn a_text_goes_out_and_comes_back_in_its_line_ends() {
    let desk = with_memory();
    let ended = desk.run(&["-m", "m.db", "fill", "--to", "az", "--terms", "terms.csv", "a.en.txt", "-o", "a.xlf"]).ok();
    assert!(ended.err.contains("a.en.txt to az: 4 segments: 2 exact, 1 fuzzy, 1 to translate; a.xlf"), "{}", ended.err);
    let job = read(&desk, "a.xlf");
    assert!(job.contains("<note from=\"glossary\">office → ofis (not: kontor)</note>"), "{job}");
    assert!(!job.contains("hall") && !job.contains("approved="), "{job}");
    assert!(job.contains("state-qualifier=\"fuzzy-match\">12 may 2026-cı il saat 10:30-da gəlin.</target>"), "{job}");

    let back = |job: &str, more: &[&str]| {
        desk.put("done.xlf", job);
        let words = ["-m", "m.db", "fill", "--back", "done.xlf", "-o", "a.az.txt"];
        desk.run(&[&words[..], more].concat())
    };
    let ended = back(&job, &["--dry-run"]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("segment 4 is not translated: Nobody has said this before."), "{}", ended.err);
    assert!(ended.err.contains("segment 3 is a match nobody confirmed: Come at 10:30"), "{}", ended.err);
    assert!(ended.err.contains("2 units: 2 new, 0 there already (nothing was changed)"), "{}", ended.err);
    assert!(!desk.path("a.az.txt").exists());

    let job = translated(&job, 3, "<target state=\"translated\">12 may 2026-cı il saat 10:30-da gəlin!</target>");
    let job = translated(&job, 4, "<target state=\"needs-translation\">Bunu hələ heç kim deməyib.</target>");
    back(&job, &[]).ok();
    let whole = "Açıq qapı günü\r\n\r\nOfis bu gün açıqdır. 12 may 2026-cı il saat 10:30-da gəlin!\r\n\r\nBunu hələ heç kim deməyib.\r\n";
    assert_eq!(read(&desk, "a.az.txt"), whole);

    let ask = |text: &str, more: &[&str]| {
        let words = ["-m", "m.db", "lookup", "--format", "jsonl", "--max", "1", text];
        desk.run(&[&words[..], more].concat()).ok().objects()[0]["matches"][0].clone()
    };
    let said = ask("Come at 10:30 on 12 May 2026.", &["--previous", "The office is open today."]);
    assert_eq!((said["state"].as_str(), said["score"].as_f64()), (Some("approved"), Some(101.0)));
    assert_eq!(ask("Nobody has said this before.", &[])["state"], "imported", "the tool left the state alone");
    let again = back(&job, &[]).ok();
    assert!(again.err.contains("4 units: 0 new, 4 there already"), "{}", again.err);
    let history = desk.run(&["-m", "m.db", "memory", "history"]).ok().out;
    assert!(history.contains("fill --back done.xlf"), "{history}");
    // The same job mended: what it brought back takes the place of what it brought before.
    let mended = job.replace("Bunu hələ heç kim deməyib.", "Bunu hələ deyən olmayıb.");
    let ended = back(&mended, &[]).ok();
    let told = "4 units: 0 new, 3 there already, 1 in the place of what came back earlier";
    assert!(ended.err.contains(told), "{}", ended.err);
    let found = desk.run(&["-m", "m.db", "lookup", "--format", "jsonl", "Nobody has said this before."]).ok().objects();
    let targets: Vec<&str> =
        found[0]["matches"].as_array().unwrap().iter().map(|m| m["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["Bunu hələ deyən olmayıb."]);
}

#[test]
fn what_is_open_is_listed_and_may_be_allowed() {
    let desk = with_memory();
    desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.txt", "-o", "a.xlf"]).ok();
    let words = ["-m", "m.db", "fill", "--back", "a.xlf", "-o", "a.az.txt", "--no-memory"];
    assert_eq!(desk.run(&words).code, 1);
    let text = read(&desk, "a.az.txt");
    assert!(text.ends_with("\r\n\r\nNobody has said this before.\r\n"), "the source stands there: {text}");
    desk.run(&[&words[..], &["--allow-untranslated"]].concat()).ok();
    let status = desk.run(&["-m", "m.db", "memory", "status", "--format", "json"]).ok();
    assert_eq!(status.objects()[0]["units"], 3, "--no-memory only writes");
}

#[test]
fn targets_for_tools_that_translate_targets() {
    let desk = with_memory();
    desk.run(&[
        "-m",
        "m.db",
        "fill",
        "--to",
        "az",
        "--no-prefill",
        "--job",
        "jobs",
        "--terms",
        "terms.csv",
        "a.en.txt",
    ])
    .ok();
    let job = read(&desk, "jobs/az/a.az.xlf");
    assert_eq!(job.matches("<target state=\"needs-translation\">").count(), 4);
    assert!(job.contains("<target state=\"needs-translation\">The open day</target>"), "{job}");
    let tmx = read(&desk, "jobs/az/matches.tmx");
    assert_eq!(tmx.matches("<tu ").count(), 3, "{tmx}");
    assert!(tmx.contains("Come at 10:30 on 13 May 2026."), "as it is stored: {tmx}");
    assert_eq!(read(&desk, "jobs/az/glossary.txt"), "# -*- coding: utf-8 -*-\noffice\tofis\tFORBIDDEN: kontor\n");
    assert!(read(&desk, "jobs/az/glossary.tbx").contains("<term>ofis</term>"));
    // As such a tool gives it back: the text of a target changes and nothing else.
    let job = job.replace("translation\">The open day</target>", "translation\">Açıq qapı günü</target>");
    desk.put("done.xlf", job);
    let ended = desk.run(&["-m", "m.db", "fill", "--back", "done.xlf", "-o", "a.az.txt"]);
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("done.xlf: 1 of 4 segments in Azerbaijani; a.az.txt"), "{}", ended.err);
}

#[test]
fn work_on_an_earlier_edition_is_carried_over() {
    let desk = with_memory();
    desk.put(
        "a.en.txt",
        "First of all.\n\nThe hall of the ministry was opened.\n\nThis goes away.\n\nThe last word.\n",
    );
    desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.txt", "-o", "old.xlf"]).ok();
    let mut job = read(&desk, "old.xlf");
    for (number, target) in
        [(1, "Hər şeydən əvvəl."), (2, "Nazirliyin zalı açıldı."), (3, "Bu gedir."), (4, "Son söz.")]
    {
        let state = if number == 4 { "final" } else { "translated" };
        job = translated(&job, number, &format!("<target state=\"{state}\">{target}</target>"));
    }
    desk.put("old.xlf", job);
    desk.put("a.en.txt", "The last word.\n\nFirst of all.\n\nThe hall of the service was opened.\n");
    let ended =
        desk.run(&["-m", "m.db", "fill", "--to", "az", "--previous", "old.xlf", "a.en.txt", "-o", "new.xlf"]).ok();
    assert!(ended.err.contains("3 segments: 2 carried over, 1 fuzzy; new.xlf"), "{}", ended.err);
    assert!(ended.err.contains("no longer in the document: This goes away."), "{}", ended.err);
    let job = read(&desk, "new.xlf");
    assert!(job.contains("approved=\"yes\""), "as it was");
    assert!(job.contains("<note from=\"previous\">no longer in the document: This goes away.</note>"));
    assert!(
        job.contains("the source was changed: The hall of the [-ministry-]{+service+} was opened.</note>"),
        "{job}"
    );
    assert!(job.contains("state-qualifier=\"fuzzy-match\">Nazirliyin zalı açıldı.</target>"), "{job}");
    let ended =
        desk.run(&["-m", "m.db", "fill", "--to", "ru", "--previous", "old.xlf", "a.en.txt", "-o", "ru.xlf"]).ok();
    assert!(ended.err.contains("old.xlf: not used"), "{}", ended.err);
}

#[test]
fn what_the_memory_gave_stays_that_in_the_next_edition() {
    let desk = with_memory();
    desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.txt", "-o", "old.xlf"]).ok();
    // Meanwhile the memory says something else.
    desk.put("n.csv", "id,en,az\n9,The open day,Qapıların açıq günü\n");
    desk.run(&["-m", "n.db", "import", "n.csv"]).ok();
    let ended =
        desk.run(&["-m", "n.db", "fill", "--to", "az", "--previous", "old.xlf", "a.en.txt", "-o", "new.xlf"]).ok();
    assert!(ended.err.contains("4 segments: 2 exact, 2 to translate; new.xlf"), "{}", ended.err);
    let job = read(&desk, "new.xlf");
    assert!(job.contains("state=\"translated\" state-qualifier=\"exact-match\">Açıq qapı günü</target>"), "{job}");
    assert!(job.contains(">Qapıların açıq günü</target></alt-trans>"), "offered beside it: {job}");
    let words = ["-m", "b.db", "fill", "--back", "new.xlf", "-o", "a.az.txt", "--allow-untranslated"];
    desk.run(&words).ok();
    let found = desk.run(&["-m", "b.db", "lookup", "--format", "jsonl", "The open day"]).ok().objects();
    assert_eq!(found[0]["matches"][0]["state"], "imported", "nobody approved it");
}

#[test]
fn a_larger_document_is_named_and_must_be_the_same() {
    let desk = with_memory();
    desk.put("large.en.txt", format!("The open day\n{}The end\n", "\n".repeat(8 << 20)));
    desk.run(&["-m", "m.db", "fill", "--to", "az", "large.en.txt", "-o", "l.xlf"]).ok();
    let words = ["-m", "m.db", "fill", "--back", "l.xlf", "-o", "l.az.txt", "--allow-untranslated"];
    desk.run(&words).refused("the job is of the document `large.en.txt`, which is not in it");
    let with = |source: &str| desk.run(&[&words[..], &["--source", source]].concat());
    with("a.en.txt").refused("this is not the document the job was made of (`large.en.txt`): its SHA-256 differs");
    with("large.en.txt").ok();
    assert!(read(&desk, "l.az.txt").starts_with("Açıq qapı günü\n\n"));
}

#[test]
fn several_files_and_languages_go_into_a_folder() {
    let desk = with_memory();
    desk.put("b.en.txt", "The open day\n");
    let words = ["-m", "m.db", "fill", "--to", "az,ru", "a.en.txt", "b.en.txt"];
    desk.run(&words).refused("4 files cannot go to standard output");
    desk.run(&[&words[..], &["-o", "out"]].concat()).ok();
    for name in ["a.az.xlf", "a.ru.xlf", "b.az.xlf", "b.ru.xlf"] {
        assert!(desk.path("out").join(name).exists(), "{name}");
    }
    desk.run(&["-m", "m.db", "fill", "--to", "en", "a.en.txt"]).refused("it is in `en`, and so is `--to`");
    desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.txt", "-o", "a.en.txt"])
        .refused("this is one of the files given");
    desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.txt", "-o", "m.db"]).refused("this is the memory itself");
    assert_eq!(read(&desk, "a.en.txt"), SOURCE);
    let out = desk.run(&["-m", "m.db", "fill", "--to", "az", "b.en.txt"]).ok().out;
    assert!(out.starts_with("<?xml") && out.ends_with("</xliff>\n"), "{out}");
    desk.run(&["-m", "m.db", "fill", "--back", "b.en.txt"]).refused("b.en.txt: this is no job");
    let piped = desk.run_with(&["-m", "m.db", "fill", "--from", "en", "--to", "az", "-"], "The open day\n").ok().out;
    let done = desk.run_with(&["-m", "m.db", "fill", "--back", "-", "--no-memory"], &piped).ok();
    assert_eq!(done.out, "Açıq qapı günü\n");
    let ended = desk.run(&["-m", "m.db", "fill", "-n", "--to", "az", "b.en.txt", "-o", "none.xlf"]).ok();
    assert!(ended.err.contains("1 segment: 1 exact; none.xlf") && !desk.path("none.xlf").exists(), "{}", ended.err);
    assert!(!desk.path("yaddash.db").exists());
}

#[test]
fn places_of_a_pair_are_one_match() {
    let desk = Desk::new();
    for n in 0..10 {
        let job = |from: &str, to: &str| format!("{from} {n}.\n\nThe office is open today.\n\n{to} {n}.\n");
        desk.put(&format!("r/{n}.en.txt"), job("Before it", "After it"));
        desk.put(
            &format!("r/{n}.az.txt"),
            job("Ondan əvvəl", "Ondan sonra").replace("The office is open today.", "Ofis bu gün açıqdır."),
        );
    }
    desk.run(&["-m", "m.db", "run", "r", "--accept", "0"]).ok();
    desk.put("a.en.txt", "The office is open today.\n");
    let job = desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.txt"]).ok().out;
    assert_eq!(job.matches("match-quality=\"100%\"").count(), 1, "{job}");
    assert!(job.contains("and 9 more places"), "{job}");
}

#[test]
fn tables_for_people_without_a_tool() {
    let desk = with_memory();
    desk.run(&["-m", "m.db", "fill", "--to", "az", "--as", "docx", "a.en.txt"]).refused("no text for standard output");
    for form in ["csv", "html", "docx"] {
        let (name, back) = (format!("a.{form}"), format!("back.{form}.txt"));
        desk.run(&["-m", "m.db", "fill", "--to", "az", "--as", form, "a.en.txt", "-o", &name]).ok();
        let words = ["-m", "m.db", "fill", "--back", &name, "-o", &back, "--no-memory"];
        desk.run(&words).refused("a table does not hold the document");
        let ended = desk.run(&[&words[..], &["--source", "a.en.txt"]].concat());
        assert_eq!(ended.code, 1, "{}", ended.err);
        assert!(ended.err.contains("segment 3 is not translated: Come at 10:30"), "a fuzzy match is not filled in");
        let text = read(&desk, &back);
        assert!(text.starts_with("Açıq qapı günü\r\n\r\nOfis bu gün açıqdır. Come at 10:30"), "{text}");
    }
    desk.put("b.en.txt", "Another day\n\nThe office is open today.\n");
    let ended = desk.run(&["-m", "m.db", "fill", "--back", "a.csv", "--source", "b.en.txt", "-o", "x.txt"]);
    ended.refused("segment 1 is “Another day”, in the job it is “The open day”");
    let table =
        read(&desk, "a.csv").replace("3,Come at 10:30 on 12 May 2026.,,", "3,Come at 10:30 on 12 May 2026.,Gəlin.,x");
    desk.put("a.csv", table);
    let ended = desk
        .run(&["-m", "m.db", "fill", "--back", "a.csv", "--source", "a.en.txt", "-o", "x.txt", "--allow-untranslated"])
        .ok();
    assert!(ended.err.contains("3 units: 3 new"), "{}", ended.err);
    let said = desk.run(&["-m", "m.db", "lookup", "--format", "jsonl", "Come at 10:30 on 12 May 2026."]).ok();
    assert_eq!(
        (&said.objects()[0]["matches"][0]["target"], &said.objects()[0]["matches"][0]["state"]),
        (&"Gəlin.".into(), &"approved".into())
    );
}

#[test]
fn an_xliff_of_another_maker_is_filled_where_it_is_empty() {
    let desk = with_memory();
    let xliff = "<?xml version=\"1.0\"?>\r\n<xliff version='1.2'>\r\n<file original='a.txt' source-language='en' target-language='az' \
                 datatype='plaintext'><body>\r\n\
                 <trans-unit id='a' approved='yes'><source>The open day</source><target>Mənim</target></trans-unit>\r\n\
                 <trans-unit id='b'><source>The office <g id='1'>is</g> open today.</source></trans-unit>\r\n\
                 <trans-unit id='c'>\r\n<source>The open day</source>\r\n<target/></trans-unit>\r\n</body></file></xliff>";
    desk.put("x.xlf", xliff);
    desk.run(&["-m", "m.db", "fill", "--to", "ru", "x.xlf"]).refused("x.xlf: its translations are in `az`");
    desk.run(&["-m", "m.db", "fill", "--to", "az", "--as", "csv", "x.xlf"]).refused("an XLIFF stays one");
    let ended = desk.run(&["-m", "m.db", "fill", "--to", "az,ru", "x.xlf", "-o", "y.xlf"]).ok();
    assert!(ended.err.contains("x.xlf to az: 2 segments: 1 exact, 1 fuzzy; y.xlf"), "{}", ended.err);
    let out = read(&desk, "y.xlf");
    assert!(
        out.contains("approved='yes'><source>The open day</source><target>Mənim</target></trans-unit>\r\n"),
        "{out}"
    );
    assert!(
        out.contains(
            "</source>\r\n<target state-qualifier=\"exact-match\" state=\"translated\">Açıq qapı günü</target>"
        ),
        "{out}"
    );
    assert!(out.contains("is</g> open today.</source><target state-qualifier=\"fuzzy-match\" state=\"needs-review-translation\">Ofis bu gün"), "{out}");
    let start = out.find("<target state-qualifier").unwrap();
    assert_eq!(out[..start], xliff[..start], "everything before the first target is as it was");
    let none = desk.run(&["fill", "--to", "az", "x.xlf"]).ok();
    assert_eq!(none.out, xliff, "without matches nothing changes");
}

/// The job with every target said to be right, its words (not its codes) put through `change`.
fn finished(job: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = job;
    while let Some(at) = rest.find("<target state=") {
        let start = at + rest[at..].find('>').unwrap() + 1;
        let end = at + rest[at..].find("</target>").unwrap();
        out.push_str(&rest[..at]);
        out.push_str("<target state=\"final\">");
        // Between the tags, references left alone.
        let mut inside = false;
        let mut words = String::new();
        for c in rest[start..end].chars() {
            if c == '<' || c == '&' {
                out.push_str(&change(&std::mem::take(&mut words)));
                inside = true;
            }
            match inside {
                true => out.push(c),
                false => words.push(c),
            }
            inside &= c != '>' && c != ';';
        }
        out.push_str(&change(&words));
        rest = &rest[end..];
    }
    out + rest
}

const MARKDOWN: &str = "---\ntitle: x\n---\n# The *open* day\n\nThe **office** is [open](http://a.az \"b\") today. Come `now`.\\\nSecond line.\n\n\
    * one item\n* another _item_\n\n| a | b |\n|---|---|\n| the cell | 1 |\n\n```\ncode\n```\n";
const PAGE: &str = "<!DOCTYPE html>\r\n<html lang=\"en\"><head><title>No</title><style>p{}</style></head>\r\n<body class='x'><h1>The <em>open</em> day</h1>\r\n\
    <p>The <b id=q>office</b> &amp; the <a href=\"http://a.az?b=1&amp;c=2\">hall</a> are open.<br>Come <!-- c --> now. <img src=i.png alt=x> Bye.</p>\r\n\
    <ul><li>one item<li>another</ul><script>let a = '<p>no</p>';</script><footer>Terms of use</footer></body></html>\r\n";

#[test]
fn documents_with_codes_come_back_as_they_were_but_for_words_and_language() {
    let desk = Desk::new();
    for (name, source) in [("a.en.md", MARKDOWN), ("a.en.html", PAGE), ("a.en.txt", SOURCE)] {
        desk.put(name, source);
        for form in ["xliff", "xliff2"] {
            desk.run(&["fill", "--to", "az", "--as", form, name, "-o", "job.xlf"]).ok();
            let job = read(&desk, "job.xlf");
            // A copy of the source, approved.
            let same = match form {
                "xliff" => finished(&job, str::to_owned),
                _ => job
                    .replace(" state=\"initial\"", " state=\"final\"")
                    .replace("</source>\n</segment>", "</source>\n<COPY/></segment>"),
            };
            let same = copied(&same);
            desk.put("done.xlf", same);
            let ended = desk.run(&["-m", "none.db", "fill", "--back", "done.xlf", "-o", "back", "--no-memory"]).ok();
            assert!(!ended.err.contains("warning"), "{}", ended.err);
            assert_eq!(read(&desk, "back").replace("lang=\"az\"", "lang=\"en\""), source, "{name} {form}");
        }
        let changed = |words: &str| words.replace("the ", "bu ").replace("The ", "Bu ").replace("item", "bənd");
        desk.run(&["fill", "--to", "az", name, "-o", "job.xlf"]).ok();
        desk.put("done.xlf", finished(&read(&desk, "job.xlf"), changed));
        let ended = desk.run(&["-m", "m.db", "fill", "--back", "done.xlf", "-o", "back"]).ok();
        assert!(!ended.err.contains("warning"), "{}", ended.err);
        assert_eq!(read(&desk, "back"), changed(source).replace("lang=\"en\"", "lang=\"az\""), "{name}");
    }
    // What came back is in the memory with its codes: the same page again is exact.
    let ended = desk.run(&["-m", "m.db", "fill", "--to", "az", "a.en.html", "-o", "again.xlf"]).ok();
    assert!(ended.err.contains(" in context; again.xlf"), "{}", ended.err);
    let job = read(&desk, "again.xlf");
    assert!(job.contains("state-qualifier=\"id-match\">Bu <g id=\"1\" ctype=\"bold\""), "{job}");
    desk.run(&["-m", "m.db", "fill", "--back", "again.xlf", "-o", "again.html", "--no-memory"]).ok();
    assert!(read(&desk, "again.html").contains("<p>Bu <b id=q>office</b> &amp; bu <a href"));
}

/// Targets that are the sources of their segments, in the place of `<COPY/>`.
fn copied(job: &str) -> String {
    let mut out = String::new();
    for part in job.split_inclusive("<COPY/>") {
        match part.strip_suffix("<COPY/>") {
            Some(before) => {
                let start = before.rfind("<source>").unwrap() + "<source>".len();
                let end = before.rfind("</source>").unwrap();
                out.push_str(&format!("{before}<target>{}</target>\n", &before[start..end]));
            }
            None => out.push_str(part),
        }
    }
    out
}

/// A Word document of one part, with formats, a link, a break, a table and a proofing language.
pub(crate) fn word(language: &str, body: &str) -> Vec<u8> {
    use std::io::{Cursor, Write};
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
             </Relationships>"
                .to_owned(),
        ),
        (
            "word/document.xml",
            format!(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{}</w:body></w:document>",
                body.replace("LANG", language)
            ),
        ),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The text of a part of a Word document.
pub(crate) fn part(bytes: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(zip.by_name("word/document.xml").unwrap()).unwrap()
}

const BODY: &str = "<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>The day</w:t></w:r></w:p>\
    <w:p><w:r><w:rPr><w:lang w:val=\"LANG\"/></w:rPr><w:t xml:space=\"preserve\">The </w:t></w:r><w:r><w:rPr><w:b/><w:lang w:val=\"LANG\"/></w:rPr>\
    <w:t>office</w:t></w:r><w:r><w:rPr><w:lang w:val=\"LANG\"/></w:rPr><w:t xml:space=\"preserve\"> is open. Come now.</w:t></w:r></w:p>\
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>the cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";

#[test]
fn word_documents_come_back_as_they_were_but_for_words_and_language() {
    let desk = Desk::new();
    let source = word("en-US", BODY);
    desk.put("a.docx", &source);
    desk.run(&["fill", "--from", "en", "--to", "az", "a.docx", "-o", "job.xlf"]).ok();
    let job = read(&desk, "job.xlf");
    assert!(job.contains("<source>The <g id=\"1\" ctype=\"bold\""), "{job}");
    let back = |job: &str| {
        desk.put("done.xlf", job);
        let ended = desk.run(&["-m", "m.db", "fill", "--back", "done.xlf", "-o", "back.docx"]).ok();
        assert!(!ended.err.contains("warning"), "{}", ended.err);
        part(&fs::read(desk.path("back.docx")).unwrap())
    };
    let language =
        |text: &str| text.replace("w:val=\"az-Latn-AZ\"", "w:val=\"en-US\"").replace("w:val=\"az\"", "w:val=\"en-US\"");
    assert_eq!(language(&back(&finished(&job, str::to_owned))), part(&source));
    let changed = |words: &str| words.replace("The", "Bu").replace("the", "bu");
    let text = back(&finished(&job, changed));
    assert_eq!(language(&text), part(&word("en-US", &changed(BODY))));
    desk.run(&["fill", "--back", "done.xlf"]).refused("no text for standard output");
    // A lost code and a doubled one are told, and the document stays sound.
    let broken = finished(&job, str::to_owned);
    let start = broken.find("<target state=\"final\">The <g").unwrap();
    let end = start + broken[start..].find("</target>").unwrap();
    desk.put(
        "done.xlf",
        format!("{}<target state=\"final\">Ofis açıqdır<x id=\"9\"/>{}", &broken[..start], &broken[end..]),
    );
    let ended = desk.run(&["fill", "--back", "done.xlf", "-o", "lost.docx", "--no-memory"]).ok();
    assert!(ended.err.contains("done.xlf: segment 2: the code {1} of the source is missing"), "{}", ended.err);
    assert!(ended.err.contains("segment 2: the code {9/} is none of this segment"), "{}", ended.err);
    let told = desk.run(&["segment", "lost.docx"]).ok().out;
    assert!(told.contains("Ofis açıqdır") && told.ends_with("the cell\n"), "{told}");
}
