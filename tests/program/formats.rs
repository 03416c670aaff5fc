//! Exchange formats in and out of a memory: what comes in goes out again, and what was guessed is said.

use crate::desk::Desk;
use std::fs;

const CATALOGUE: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: ru\\n\"\n\
    \"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n\"\n\n\
    # seen by visitors\n#: desk.c:7\n#, c-format\nmsgid \"%d visitor\"\nmsgid_plural \"%d visitors\"\n\
    msgstr[0] \"%d посетитель\"\nmsgstr[1] \"%d посетителя\"\nmsgstr[2] \"%d посетителей\"\n\n\
    #, fuzzy\nmsgctxt \"door\"\nmsgid \"Open\"\nmsgstr \"Открыто\"\n";

/// The file without its header, which names the day.
fn body(catalogue: &str) -> &str {
    catalogue.split_once("\n\n").unwrap().1
}

#[test]
fn a_catalogue_comes_in_and_goes_out_with_all_its_forms() {
    let desk = Desk::new();
    desk.put("ru.po", CATALOGUE);
    let done = desk.run(&["import", "ru.po"]).ok();
    assert!(done.err.contains("ru.po: PO; 4 units: 4 new"), "{}", done.err);
    let out = desk.run(&["export", "--as", "po", "--from", "en", "--to", "ru", "--pending"]).ok().out;
    assert_eq!(body(&out), body(CATALOGUE));
    assert!(out.contains("\"Language: ru\\n\"\n") && out.contains("charset=UTF-8"), "{out}");
    let certain = desk.run(&["export", "--as", "po", "--from", "en", "--to", "ru"]).ok().out;
    assert!(!certain.contains("Открыто"), "{certain}");
    desk.put("again.po", &out);
    let again = desk.run(&["import", "again.po"]).ok();
    assert!(again.err.contains("0 new, 4 there already"), "{}", again.err);
    desk.run(&["export", "--as", "po"]).refused("PO holds one pair of languages: give --from and one --to");

    desk.put("untold.po", "msgid \"\"\nmsgstr \"\"\n\nmsgid \"Door\"\nmsgstr \"Qapı\"\n");
    desk.run(&["import", "untold.po"]).refused("the header entry names no `Language`: say with `--to` what it is");
    desk.run(&["import", "untold.po", "--to", "az"]).ok();
    desk.put("other.csv", "en,az\nDoor,Giriş\n");
    desk.run(&["import", "other.csv"]).ok();
    let left = desk.run(&["export", "--as", "po", "--from", "en", "--to", "az"]).ok();
    assert!(left.err.contains("1 other translations of a text are left out"), "{}", left.err);
    assert!(left.out.contains("msgid \"Door\"\nmsgstr \"Qapı\"\n") && !left.out.contains("Giriş"), "{}", left.out);
}

#[test]
fn both_versions_of_xliff_and_a_workbook_give_the_units_back() {
    let desk = Desk::new();
    desk.put(
        "job.sdlxliff",
        "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2' xmlns:sdl='http://sdl.com/FileTypes/SdlXliff/1.0'>\
         <file original='a.docx' source-language='en' target-language='az' datatype='x-sdlfilterframework2'><body>\
         <trans-unit id='t'><source>The <g id='5'>law</g>. Old.</source>\
         <seg-source><mrk mtype='seg' mid='1'>The <g id='5'>law</g>.</mrk> <mrk mtype='seg' mid='2'>Old.</mrk></seg-source>\
         <target><mrk mtype='seg' mid='2'>Köhnə.</mrk> <mrk mtype='seg' mid='1'><g id='5'>Qanun</g>.</mrk></target>\
         <note from='pm' priority='1'>mind the name</note>\
         <sdl:seg-defs><sdl:seg id='1' conf='ApprovedTranslation'/><sdl:seg id='2' conf='Draft'/></sdl:seg-defs>\
         </trans-unit></body></file></xliff>",
    );
    desk.run(&["import", "job.sdlxliff"]).ok();
    let units = |memory: &str| {
        let out = desk.run(&["-m", memory, "export", "--as", "jsonl", "--pending"]).ok();
        let kept = ["tuid", "variants", "state", "context", "notes"];
        out.objects().iter().map(|unit| kept.map(|key| unit[key].clone())).collect::<Vec<_>>()
    };
    let whole = units("yaddash.db");
    assert_eq!((&whole[0][2], &whole[1][2]), (&"approved".into(), &"pending".into()));
    for form in ["xliff", "xliff2"] {
        let pair = ["--from", "en", "--to", "az", "--pending"];
        let out = desk.run(&[&["export", "--as", form][..], &pair].concat()).ok().out;
        desk.put(&format!("{form}.xlf"), &out);
        let memory = format!("{form}.db");
        desk.run(&["-m", &memory, "import", &format!("{form}.xlf")]).ok();
        let back = units(&memory);
        let texts = |units: &[[serde_json::Value; 5]]| {
            units
                .iter()
                .map(|u| u[1].as_array().unwrap().iter().map(|v| v["text"].clone()).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(&back), texts(&whole), "{out}");
        assert_eq!(
            back.iter().map(|u| (&u[0], &u[2], &u[3])).collect::<Vec<_>>(),
            whole.iter().map(|u| (&u[0], &u[2], &u[3])).collect::<Vec<_>>()
        );
        if form == "xliff" {
            assert!(out.contains("<g id=\"5\">law</g>"), "tags of this version stay tags: {out}");
            assert_eq!(back, whole, "{out}");
        }
    }
    desk.run(&["export", "--as", "xlsx", "--pending", "-o", "units.xlsx"]).ok();
    desk.run(&["-m", "sheet.db", "import", "units.xlsx"]).ok();
    let texts: Vec<_> = units("sheet.db").iter().map(|unit| unit[1][1]["text"].clone()).collect();
    assert_eq!(texts, ["Qanun.", "Köhnə."]);
}

#[test]
fn tables_of_any_encoding_and_delimiter_say_what_was_guessed() {
    let desk = Desk::new();
    let rows = "English|Русский\nThe head of the service|Начальник службы встретился с послом\n\"A\nlaw\"|Закон о защите прав граждан\n";
    let old: Vec<u8> = encoded_in_windows_1251(rows);
    desk.put("old.csv", &old);
    let done = desk.run(&["import", "old.csv"]).ok();
    assert!(done.err.contains("old.csv: line 1: the file does not tell its encoding"), "{}", done.err);
    assert!(done.err.contains("read as windows-1251"), "{}", done.err);
    let out = desk.run(&["export", "--as", "jsonl"]).ok().out;
    assert!(out.contains("Начальник службы") && out.contains("A\\nlaw"), "{out}");
    let wide: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    desk.put("wide.csv", &wide);
    let wide = desk.run(&["import", "wide.csv"]).ok();
    assert!(wide.err.contains("read as UTF-16LE") && wide.err.contains("2 units: 0 new"), "{}", wide.err);
    desk.put(
        "release.csv",
        "{\"variants\":[{\"language\":\"en\",\"text\":\"a\"},{\"language\":\"az\",\"text\":\"b\"}]}\n",
    );
    let done = desk.run(&["import", "release.csv"]).ok();
    assert!(done.err.contains("release.csv: this is JSON Lines, read as such"), "{}", done.err);
}

/// Capitals and small letters of Russian stand in that encoding one behind the other from 0xC0 on.
fn encoded_in_windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| if c.is_ascii() { c as u8 } else { u8::try_from(c as u32 - 'А' as u32 + 0xC0).unwrap() };
    text.chars().map(byte).collect()
}

#[test]
fn lists_and_files_line_by_line() {
    let desk = Desk::new();
    desk.put("list.txt", "The law\tQanun\nThe court\tMəhkəmə\tof appeal\n");
    desk.run(&["import", "list.txt"]).refused("say with `--from` and `--to` in which languages");
    let done = desk.run(&["import", "list.txt", "--from", "en", "--to", "az"]).ok();
    assert!(done.err.contains("lines of source and target; 2 units: 2 new"), "{}", done.err);

    desk.put("corpus.en", "The first.\n\nThe second, with a\ttab.\n");
    desk.put("corpus.az", "Birinci.\n\nİkinci.\n");
    // The names say which is which.
    let done = desk.run(&["import", "--from", "en", "--to", "az", "corpus.az", "corpus.en"]).ok();
    assert!(done.err.contains("text line by line; 2 units: 2 new"), "{}", done.err);
    let out = desk.run(&["export", "--as", "csv", "--from", "en", "--to", "az"]).ok().out;
    assert!(out.contains(",The first.,Birinci.,\r\n") && out.contains(",İkinci.,"), "{out}");
    assert!(out.contains(",The court,Məhkəmə,of appeal\r\n"), "{out}");

    desk.put("short.az", "Birinci.\n");
    let refused = desk.run(&["import", "--from", "en", "--to", "az", "corpus.en", "short.az"]);
    refused.refused("corpus.en: short.az ends at line 1, and here is line 3: `The second, with a\ttab.`");
    desk.run(&["import", "--from", "en", "--to", "az", "corpus.en"])
        .refused("of two files that go line by line, give both");
    assert!(!fs::read_to_string(desk.path("corpus.en")).unwrap().is_empty());
}
