//! `analyse`: what the memory has of texts, by bands.

use crate::desk::Desk;
use serde_json::{Value, json};

fn with_memory() -> Desk {
    let desk = Desk::new();
    desk.put(
        "m.csv",
        "id,en,az\n\
         1,The office is open today.,Ofis bu gün açıqdır.\n\
         2,The head of the service received the guests in the new hall of the ministry.,Rəis qonaqları qəbul etdi.\n",
    );
    desk.run(&["-m", "m.db", "import", "m.csv"]).ok();
    desk
}

fn analysed(desk: &Desk, files: &[&str]) -> Value {
    let words: Vec<&str> =
        ["-m", "m.db", "analyse", "--to", "az", "--format", "json"].iter().chain(files).copied().collect();
    serde_json::from_str(&desk.run(&words).ok().out).unwrap()
}

#[test]
fn segments_fall_into_bands_and_repeat_over_files() {
    let desk = with_memory();
    desk.put(
        "texts/a.en.txt",
        "The office is open today.\n\n\
         The head of the service received the guests in the old hall of the ministry.\n\n\
         Nothing like this was ever said.\n\n2026\n",
    );
    desk.put("texts/b.en.txt", "Nothing like this was ever said.\n\nThe office is open today.\n");
    desk.put("texts/b.az.txt", "Belə şey deyilməyib.\n");
    let told = analysed(&desk, &["texts"]);
    let analysis = &told["analyses"][0];
    assert_eq!((&analysis["from"], &analysis["to"]), (&json!("en"), &json!("az")));
    let files = analysis["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "b.az.txt is in another language by its name");
    let first = &files[0]["bands"];
    assert_eq!(first["exact"], json!({"segments": 1, "words": 5, "characters": 25}));
    assert_eq!(first["85-94"], json!({"segments": 1, "words": 15, "characters": 76}));
    assert_eq!(first["none"], json!({"segments": 2, "words": 7, "characters": 36}));
    let second = &files[1]["bands"];
    assert_eq!(second["repetitions"]["segments"], 1);
    assert_eq!(second["exact"]["segments"], 1, "what the memory has is no repetition");
    assert_eq!(analysis["total"]["all"], json!({"segments": 6, "words": 38, "characters": 194}));
}

#[test]
fn the_forms_say_the_same() {
    let desk = with_memory();
    desk.put("a.en.txt", "The office is open today.\n");
    let run = |form: &str| desk.run(&["-m", "m.db", "analyse", "--to", "az,ru", "--format", form, "a.en.txt"]).ok();
    let text = run("text");
    assert!(
        text.out.contains("English to Azerbaijani: 1 text\n") && text.out.contains("English to Russian: 1 text\n"),
        "{}",
        text.out
    );
    assert!(
        text.out.lines().any(|line| line.split_whitespace().eq(["exact", "1", "5", "25", "100.0"])),
        "{}",
        text.out
    );
    assert!(text.err.contains("nothing in the memory is in `ru`"), "{}", text.err);
    let csv = run("csv").out;
    assert!(csv.contains("en,az,a.en.txt,exact,1,5,25\n") && csv.contains("en,ru,a.en.txt,none,1,5,25\n"), "{csv}");
    let html = run("html").out;
    assert!(html.starts_with("<!doctype html>") && html.contains("<td>a.en.txt</td>"), "{html}");
    assert!(!desk.path("yaddash.db").exists());
}

#[test]
fn sources_of_an_xliff_and_faults() {
    let desk = with_memory();
    desk.put(
        "job.xlf",
        "<xliff version='1.2'><file original='a.txt' source-language='en' datatype='plaintext'><body>\
         <trans-unit id='1'><source>The office <g id='1'>is</g> open today.</source></trans-unit>\
         <trans-unit id='2'><source>The office is open today.</source></trans-unit></body></file></xliff>",
    );
    let bands = &analysed(&desk, &["job.xlf"])["analyses"][0]["files"][0]["bands"];
    assert_eq!(
        (&bands["exact"]["segments"], &bands["95-99"]["segments"]),
        (&json!(1), &json!(1)),
        "codes differ: {bands}"
    );
    desk.run(&["-m", "m.db", "analyse", "--to", "az", "none.txt"]).refused("none.txt: there is no such file");
    assert_eq!(desk.run(&["-m", "m.db", "analyse", "job.xlf"]).code, 2, "languages must be named");
    desk.put("broken.xlf", "<xliff version='1.2'><file source-language='en'></xliff>");
    desk.run(&["-m", "m.db", "analyse", "--to", "az", "broken.xlf"]).refused("broken.xlf:1:");
}
