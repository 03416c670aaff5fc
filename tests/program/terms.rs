//! Checking terms and writing what is certain.

use crate::{
    desk::Desk,
    fill::{part, word},
};
use std::fs;

const GLOSSARY: &str = "concept,en,en_forbidden,az,az_forbidden,ru,ru_forbidden,domain,flags\n\
    parliament,Milli Majlis,Milli Mejlis,Milli Məclis,Milli Mejlis,Милли Меджлис,Милли Мейлис,state,\n\
    service,State Migration Service;SMS,,Dövlət Miqrasiya Xidməti;DMX,,Государственная миграционная служба,,,exception:en=SMS message\n\
    refugee,refugee,refuge seeker,qaçqın,,беженец,,migration,\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("g.csv", GLOSSARY);
    desk
}

fn fix(desk: &Desk, more: &[&str]) -> crate::desk::Ended {
    desk.run(&[&["check", "--terms", "g.csv"], more].concat())
}

#[test]
fn certain_fixes_are_shown_then_written_in_every_format() {
    let desk = desk();
    desk.put("1.en.txt", "The Milli Mejlis’s session.\r\n\r\nIt ended.\r\n");
    desk.put("2.az.md", "# İclas\n\nBu gün **Milli Mejlisdə** [iclas](https://e.az/Mejlis) olub.\n");
    desk.put("3.ru.html", "<html><body><p>В <b>Милли</b> Мейлисе &amp; ГМС.</p></body></html>\n");
    let utf16: Vec<u8> = "\u{feff}en\taz\nThe Milli Majlis met.\tMilli Mejlisin iclası.\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    desk.put("4.tsv", &utf16);
    desk.put(
        "5.tmx",
        "<tmx version='1.4'><header srclang='en'/><body><tu>\n<tuv xml:lang='en'><seg>A &amp; the Milli Mejlis</seg></tuv>\n\
         <tuv xml:lang='az'><seg>A &amp; Milli <ph>1</ph>Mejlis</seg></tuv></tu></body></tmx>\n",
    );
    let files = ["1.en.txt", "2.az.md", "3.ru.html", "4.tsv", "5.tmx"];
    let before: Vec<Vec<u8>> = files.iter().map(|file| fs::read(desk.path(file)).unwrap()).collect();

    let shown = fix(&desk, &[&["--only", "forbidden-term", "--diff"], &files[..]].concat());
    assert!(shown.out.contains("-The Milli Mejlis’s session.\r\n+The Milli Majlis’s session.\r\n"), "{}", shown.out);
    assert!(shown.out.contains("+Bu gün **Milli Məclisdə** [iclas](https://e.az/Mejlis) olub.\n"), "{}", shown.out);
    assert!(shown.err.contains("could be written into 5 files"), "{}", shown.err);
    let same: Vec<Vec<u8>> = files.iter().map(|file| fs::read(desk.path(file)).unwrap()).collect();
    assert_eq!(same, before, "a diff writes nothing");

    let done = fix(&desk, &[&["--only", "forbidden-term", "--fix", "--format", "concise"], &files[..]].concat());
    assert!(done.err.contains("5 fixes written into 5 files"), "{}", done.err);
    let text = |file: &str| String::from_utf8(fs::read(desk.path(file)).unwrap()).unwrap();
    assert_eq!(text("1.en.txt"), "The Milli Majlis’s session.\r\n\r\nIt ended.\r\n");
    assert_eq!(text("2.az.md"), "# İclas\n\nBu gün **Milli Məclisdə** [iclas](https://e.az/Mejlis) olub.\n");
    let html = text("3.ru.html");
    assert!(html.contains("Меджлисе") && !html.contains("Мейлисе") && html.contains("&amp; ГМС.</p>"), "{html}");
    let table = fs::read(desk.path("4.tsv")).unwrap();
    let units: Vec<u16> = table.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    assert_eq!(String::from_utf16(&units).unwrap(), "\u{feff}en\taz\nThe Milli Majlis met.\tMilli Məclisin iclası.\n");
    // Where markup stands inside a term of a bilingual file, a person has to look.
    assert!(
        text("5.tmx").contains("<seg>A &amp; the Milli Majlis</seg>") && text("5.tmx").contains("<ph>1</ph>Mejlis")
    );
    assert!(done.err.contains("5.tmx:3:") && done.err.contains("is not fixed: markup stands in it"), "{}", done.err);
    assert_eq!(done.code, 1, "what is left is an error");
    assert!(done.out.starts_with("5.tmx:3:"), "{}", done.out);
}

#[test]
fn a_word_document_keeps_all_but_the_term() {
    let desk = desk();
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">The Milli </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>Mejlis</w:t></w:r>\
        <w:r><w:t xml:space=\"preserve\"> met. Bye.</w:t></w:r></w:p>";
    desk.put("a.en.docx", word("en-US", body));
    let shown = fix(&desk, &["a.en.docx", "--diff"]);
    assert!(
        shown.out.contains("-The Milli Mejlis met. Bye.") && shown.out.contains("+The Milli Majlis met."),
        "{}",
        shown.out
    );
    let done = fix(&desk, &["a.en.docx", "--fix"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    let written = part(&fs::read(desk.path("a.en.docx")).unwrap());
    assert!(written.contains("<w:b/>") && !written.contains("Mejlis") && written.contains(" met. Bye."), "{written}");
    let text = desk.run(&["segment", "a.en.docx", "--format", "jsonl"]).ok().objects();
    assert_eq!(text[0]["text"], "The Milli Majlis met.");
}

#[test]
fn units_of_the_memory_are_fixed_as_one_batch() {
    let desk = desk();
    desk.put("a.csv", "en,az\nThe Milli Majlis met.,Milli Mejlisin iclası və Milli Mejlisdə çıxış.\nYes.,Bəli.\n");
    desk.run(&["import", "a.csv"]).ok();
    let texts = || {
        let units = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().objects();
        units.iter().map(|u| u["variants"][1]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = texts();
    let shown = fix(&desk, &["--memory-units", "--diff"]);
    assert!(shown.out.contains("+Milli Məclisin iclası və Milli Məclisdə çıxış.\n"), "{}", shown.out);
    assert_eq!(texts(), before);
    let done = fix(&desk, &["--memory-units", "--fix"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(done.err.contains("fixes in 1 unit; `yaddash memory undo 2` takes it back"), "{}", done.err);
    assert_eq!(texts(), ["Milli Məclisin iclası və Milli Məclisdə çıxış.", "Bəli."]);
    desk.run(&["memory", "undo", "2"]).ok();
    assert_eq!(texts(), before);
}

#[test]
fn what_is_old_or_hushed_is_not_told() {
    let desk = desk();
    desk.put("1.en.txt", "The Milli Mejlis met.\n");
    let old = fix(&desk, &["1.en.txt", "--format", "jsonl", "-o", "old.jsonl"]);
    assert_eq!(old.code, 1);
    desk.put("1.en.txt", "News.\n\nThe Milli Mejlis met. A refuge seeker came.\n");
    let new = fix(&desk, &["1.en.txt", "--format", "jsonl", "--baseline", "old.jsonl"]);
    assert_eq!(new.objects().iter().map(|f| f["concept"].clone()).collect::<Vec<_>>(), ["refugee"]);
    assert!(new.err.contains("1 of the baseline hidden"), "{}", new.err);
    fix(&desk, &["1.en.txt", "--baseline", "none.jsonl"]).refused("none.jsonl");

    desk.put("2.en.md", "<!-- yaddash-ignore forbidden-term -->\nThe Milli Mejlis met.\n\nThe Milli Mejlis sat.\n<!-- yaddash-ignore nonsense -->\n");
    let hushed = fix(&desk, &["2.en.md", "--format", "jsonl"]);
    assert_eq!(hushed.objects().iter().map(|f| f["line"].as_u64().unwrap()).collect::<Vec<_>>(), [4]);
    assert!(hushed.err.contains("2.en.md:5: there is no rule `nonsense` to ignore"), "{}", hushed.err);
}

#[test]
fn levels_domains_and_house_style() {
    let desk = desk();
    desk.put("1.en.txt", "The Milli Mejlis met. A refuge seeker came. The milli majlis sat.\n");
    let rules = |more: &[&str]| {
        let found = fix(&desk, &[&["1.en.txt", "--format", "jsonl"], more].concat());
        let told = |f: &serde_json::Value| format!("{} {}", f["level"].as_str().unwrap(), f["rule"].as_str().unwrap());
        (found.objects().iter().map(told).collect::<Vec<_>>(), found.code)
    };
    assert_eq!(rules(&[]), (vec!["error forbidden-term".to_owned(); 2], 1));
    let case = "info term-case".to_owned();
    let forbidden = "warning forbidden-term".to_owned();
    assert_eq!(
        rules(&["--also", "term-case", "--level", "forbidden-term=warning"]),
        (vec![forbidden.clone(), forbidden, case], 0)
    );
    assert_eq!(rules(&["--domain", "migration"]).0.len(), 1);
    fix(&desk, &["1.en.txt", "--domain", "sport"]).refused("no concept of the glossary is of the domain `sport`");
    fix(&desk, &["1.en.txt", "--level", "forbidden-term=loud"]).refused("a level is info, warning or error");
    desk.put("yaddash.toml", "[check]\nalso = [\"term-case\"]\nlevel = [\"forbidden-term=info\"]\n");
    assert_eq!(rules(&[]).0, ["info forbidden-term", "info forbidden-term", "info term-case"]);
}

#[test]
fn a_term_prints_its_forms() {
    let desk = desk();
    let forms = |arguments: &[&str]| desk.run(&[&["term", "forms"], arguments].concat()).ok().out;
    let out = forms(&["Dövlət Miqrasiya Xidməti", "--from", "az"]);
    assert!(out.contains("Dövlət Miqrasiya Xidmətinin\tsingular genitive"), "{out}");
    let out = forms(&["attorney general", "--from", "en", "--head", "attorney"]);
    assert!(out.contains("attorneys general\tplural nominative"), "{out}");
    desk.run(&["term", "forms", "attorney general", "--from", "en", "--head", "judge"]).refused("is no word of");
    // What the glossary says counts.
    desk.put("flags.csv", "concept,en,flags\nag,attorney general,head:en=attorney general>attorney\n");
    let out = forms(&["attorney general", "--from", "en", "--terms", "flags.csv"]);
    assert!(out.contains("attorneys general\t"), "{out}");
}

#[test]
fn a_name_is_checked_against_the_memory() {
    let desk = desk();
    let places = ["Baku", "Shaki", "Ganja", "Lankaran", "Guba", "Shirvan", "Zagatala", "Tovuz", "Agdam", "Shusha"];
    let rows = places.iter().map(|place| format!("Deputy Bahar Muradova spoke in {place} today.,x{place}\n"));
    desk.put("a.csv", format!("en,az\n{}", rows.collect::<String>()));
    desk.put("1.en.txt", "The guests met deputy Bahr Muradova yesterday.\n");
    let found = |desk: &Desk| desk.run(&["check", "1.en.txt", "--only", "name-drift", "--format", "jsonl"]).objects();
    assert!(found(&desk).is_empty(), "nothing tells yet how the name is spelt");
    desk.run(&["import", "a.csv"]).ok();
    let told = found(&desk);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["column"], &told[0]["fix"]["text"]), (&23.into(), &"Bahar".into()));
    assert!(told[0]["message"].as_str().unwrap().contains("10"), "{}", told[0]["message"]);
    // The memory's own sentences do not vouch for the text they come from.
    desk.put("2.en.txt", "Deputy Bahar Muradova spoke in Baku today.\n");
    assert!(desk.run(&["check", "2.en.txt", "--only", "name-drift", "--format", "jsonl"]).objects().is_empty());
}

#[test]
fn a_bad_row_is_named_and_the_others_serve() {
    let desk = Desk::new();
    let long = "x".repeat(10_000);
    desk.put(
        "g.csv",
        format!(
            "concept,en,en_forbidden,az_forbiden,ar,flags\n\
             p,Milli Majlis,Milli Mejlis,Mejlis,,\np,Parliament,,,,\nlong,{long},,,,\nsign,—,,,,\n,,,,,\n\
             both,permit,permit,,,\nmigration,migration policy,,,الهجرة,\nshort,migration,,,,head:en=migration>policy\n"
        ),
    );
    desk.put("1.en.txt", "The Milli Mejlis and the migration policy. A permit for migration.\n");
    let found = desk.run(&["term", "find", "--from", "en", "--terms", "g.csv", "--format", "jsonl", "1.en.txt"]).ok();
    let surfaces: Vec<String> = found.objects().iter().map(|hit| hit["surface"].as_str().unwrap().to_owned()).collect();
    assert_eq!(surfaces, ["Milli Mejlis", "migration policy", "permit", "migration"]);
    for reason in [
        "g.csv:1: column 4: `az_forbiden` is no column of terms",
        "g.csv:3: column 1: concept `p` has a preferred term in en already, `Milli Majlis`: `Parliament` counts as admitted",
        "g.csv:4: column 2: left out: a term of 10000 characters, at most 1000 are taken",
        "g.csv:5: column 2: `—` has neither letter nor digit",
        "g.csv:7: column 3: `permit` is both preferred and forbidden in one concept: it counts as preferred",
        "g.csv:9: column 6: flag `head:en=migration>policy`: `policy` is no word of the term",
    ] {
        assert!(found.err.contains(reason), "{reason}\n{}", found.err);
    }
    let arabic = desk.put("2.ar.txt", "سياسة الهجرة\n");
    let found =
        desk.run(&["term", "find", "--from", "ar", "--terms", "g.csv", "--format", "jsonl", arabic.to_str().unwrap()]);
    assert_eq!(found.ok().objects().len(), 1);
}
