//! The page of search.

use super::{Server, office, quoted};

#[test]
fn the_first_page_answers_in_the_language_asked_for() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let answer = server.request("GET", "/", &[("accept-language", "ru")], b"");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<html lang=\"ru\">"), "{}", answer.text());
    let chosen = server.form("/language", &[("language", "az"), ("back", "/?q=x")]);
    assert_eq!((chosen.status, chosen.header("location")), (303, Some("/?q=x")));
    let cookie = chosen.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let answer = server.request("GET", "/", &[("cookie", &cookie), ("accept-language", "ru")], b"");
    assert!(answer.text().contains("<html lang=\"az\">"));
}

#[test]
fn matches_stand_above_lines() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let text = server.get(&format!("/search?from=en&q={}", quoted("The service opened 6 offices in Baku."))).text();
    for part in ["Xidmət Bakıda 6 ofis açdı.", "Служба открыла 6 офисов в Баку."] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let text = server.get("/search?from=az&q=ofis").text();
    assert!(text.contains("<mark>ofis</mark>"), "{text}");
}

#[test]
fn what_was_put_in_and_where_it_is_from_are_told() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    // No language chosen: the words tell it.
    let text = server.get(&format!("/search?q={}", quoted("The service opened 6 offices in Baku."))).text();
    for part in [
        "Taken to be in: English",
        "<del class=\"asked\">5</del><ins class=\"stored\">6</ins>",
        "numbers put in",
        "other numbers",
        "data-key=\"1\"",
        "data-text=\"Xidmət Bakıda 6 ofis açdı.\"",
        "imported by anna",
        "units.tsv",
        "href=\"/units/1\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Into one language.
    let text = server.get(&format!("/search?to=ru&q={}", quoted("The doors are open on Monday."))).text();
    assert!(text.contains("100 %") && text.contains("Двери") && !text.contains("data-text=\"Qapılar"), "{text}");
}

#[test]
fn filters_leave_out_what_does_not_pass() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let q = quoted("The doors are open on Monday.");
    for (filter, found) in [
        ("", true),
        ("&origin=units.*", true),
        ("&origin=agency*", false),
        ("&state=imported", true),
        ("&state=approved", false),
        ("&since=2020-01-01", true),
        ("&since=2999-01-01", false),
        ("&form=regex", true),
    ] {
        let text = server.get(&format!("/search?from=en&q={q}{filter}")).text();
        assert_eq!(text.contains("bazar ertəsi"), found, "{filter}: {text}");
    }
    let text = server.get(&format!("/search?from=en&q={q}&min=101")).text();
    assert!(text.contains("No match") && text.contains("<mark>The doors"), "lines have no percentage: {text}");
    for wrong in ["&since=monday", "&min=lots", "&from=%2F", "&state=odd", "&form=odd"] {
        let answer = server.get(&format!("/search?q=x{wrong}"));
        assert_eq!(answer.status, 400, "{wrong}");
    }
    // Of an expression that is none the rest of the page stands.
    let answer = server.get("/search?form=regex&q=%28");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("no regular expression"), "{}", answer.text());
    // What is asked is text, whatever stands in it.
    let text = server.get(&format!("/?q={}", quoted("<script>alert(1)</script>"))).text();
    assert!(!text.contains("<script>alert") && text.contains("alert(1)"), "{text}");
    assert_eq!(server.get(&format!("/search?q={}", "x".repeat(11_000))).status, 413);
}

#[test]
fn lines_are_saved_as_the_command_line_writes_them() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for (form, name) in [("csv", "concordance.csv"), ("jsonl", "concordance.jsonl")] {
        let answer = server.get(&format!("/search/lines?q=ofis&from=az&as={form}"));
        assert_eq!(answer.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"))
            .current_dir(&folder)
            .arg("-m")
            .arg(&memory)
            .args(["concordance", "ofis", "--from", "az", "--format", form])
            .output()
            .unwrap();
        assert_eq!(answer.text(), String::from_utf8(run.stdout).unwrap());
    }
    assert_eq!(server.get("/search/lines?q=ofis&as=docx").status, 400);
}
