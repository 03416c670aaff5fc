//! The pages of the memory: units found, changed, taken back.

use super::{Server, office, quoted};

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let from = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}")).1;
    from.split('"').next().unwrap().to_owned()
}

#[test]
fn units_are_found_page_by_page() {
    let (folder, memory) = office();
    let rows: String = (0..120).map(|n| format!("Number {n} here\tBurada {n} nömrə\n")).collect();
    std::fs::write(folder.path().join("more.tsv"), format!("en\taz\n{rows}")).unwrap();
    let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"));
    assert!(
        import.current_dir(&folder).arg("-m").arg(&memory).args(["import", "more.tsv"]).status().unwrap().success()
    );
    let server = Server::start(&memory, &[]);
    for path in ["/units?origin=more.tsv", "/units?q=number&language=en"] {
        let (mut address, mut seen) = (path.to_owned(), std::collections::BTreeSet::new());
        for shown in [50, 50, 20] {
            let page = server.get(&address).text();
            let units: Vec<&str> =
                page.split("class=\"open\">").skip(1).map(|p| p.split('<').next().unwrap()).collect();
            assert_eq!(units.len(), shown, "{address}");
            seen.extend(units.iter().map(|unit| (*unit).to_owned()));
            if let Some((_, next)) = page.split_once("rel=\"next\" href=\"") {
                address = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
            }
        }
        assert_eq!(seen.len(), 120, "each once: {path}");
    }
    for (query, found) in [
        ("q=Qap%C4%B1lar", true),
        ("q=Qap%C4%B1lar&language=en", false),
        ("q=qap%C4%B1&form=word", false),
        ("state=approved&q=Qap%C4%B1lar", false),
        ("before=2000-01-01", false),
    ] {
        assert_eq!(server.get(&format!("/units?{query}")).text().contains("Qapılar bazar"), found, "{query}");
    }
    assert_eq!(server.get("/units?state=odd").status, 400);
    for path in ["/units/0", "/units/-1", "/units/99999999999999999999", "/units/x", "/history/0", "/history/x"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn an_edit_is_stored_once_and_an_older_one_shows_both() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let seen = hidden(&server.get("/units/2").text(), "seen");
    let texts = [("text.en", "The doors are open on Monday."), ("text.ru", "Двери открыты в понедельник.")];
    let fields = |az: &'static str, note: &'static str| {
        [
            ("seen", seen.as_str()),
            texts[0],
            texts[1],
            ("text.az", az),
            ("note", note),
            ("state", "imported"),
            ("was", "imported"),
        ]
    };
    let first = server.form("/units/2", &fields("Qapılar bazar ertəsi açıq olur.", "by phone"));
    assert_eq!(first.status, 303, "{}", first.text());
    assert_eq!(first.header("location"), Some("/units/2?done=2"));
    let page = server.get("/units/2?done=2").text();
    for part in ["açıq olur.", "by phone", "<del class=\"asked\">açıqdır</del>", "/history/2/undo", "approved"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Somebody who looked before.
    let second = server.form("/units/2", &fields("Qapılar bağlıdır.", ""));
    assert_eq!(second.status, 409);
    for part in ["Qapılar bağlıdır.", "Qapılar bazar ertəsi açıq olur.", "Somebody has changed this unit"] {
        assert!(second.text().contains(part), "{part}: {}", second.text());
    }
    // What cannot be stays in the form.
    let seen = hidden(&second.text(), "seen");
    let gone = server.form("/units/2", &[("seen", &seen), texts[0], ("remove", "az"), ("remove", "ru")]);
    assert_eq!(gone.status, 400);
    assert!(gone.text().contains("fewer than two texts") && gone.text().contains(texts[0].1), "{}", gone.text());
    let page = server.get("/units/2").text();
    assert!(!page.contains("bağlıdır"), "{page}");
    // Deleted, what it was is shown still; what is stale is not done.
    assert_eq!(server.form("/units/2/delete", &[("seen", "1")]).status, 409);
    assert_eq!(server.form("/units/2/delete", &[("seen", &seen)]).status, 303);
    assert!(server.get("/units/2").text().contains("This unit was deleted"));
    assert_eq!(server.form("/units/2", &fields("x", "")).status, 409);
}

#[test]
fn several_are_shown_before_they_are_changed() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let seen = hidden(&server.get("/units").text(), "seen");
    let all = [("deed", "approve"), ("all", "1"), ("origin", "units.tsv"), ("seen", seen.as_str())];
    let preview = server.form("/units/preview", &all);
    assert!(preview.text().contains("id=\"count\">3<"), "{}", preview.text());
    assert!(preview.text().contains("imported → approved"));
    assert!(server.get("/history").text().contains("import units.tsv"), "nothing was changed");
    assert!(!server.get("/history").text().contains("approve origin"), "nothing was changed");
    let done = server.form("/units/act", &all);
    assert_eq!((done.status, done.header("location")), (303, Some("/history/2")));
    assert!(server.get("/history/2").text().contains("approve origin units.tsv"));
    // The memory is another now than when it was shown.
    let late = server.form("/units/act", &[("deed", "delete"), ("unit", "1"), ("unit", "3"), ("seen", &seen)]);
    assert_eq!(late.status, 409);
    assert!(late.text().contains("id=\"count\">2<") && late.text().contains("has changed since"), "{}", late.text());
    let seen = hidden(&late.text(), "seen");
    let done = server.form("/units/act", &[("deed", "delete"), ("unit", "1"), ("unit", "3"), ("seen", &seen)]);
    assert_eq!(done.header("location"), Some("/history/3"));
    assert_eq!(server.get("/units").text().matches("class=\"open\"").count(), 1);
    for wrong in [&[("deed", "wipe")][..], &[("deed", "delete")], &[("deed", "delete"), ("unit", "x")]] {
        assert_eq!(server.form("/units/preview", wrong).status, 400, "{wrong:?}");
    }
    assert_eq!(server.form("/units/preview", &[("deed", "delete"), ("unit", "77")]).status, 400);
}

#[test]
fn any_batch_is_undone_and_the_undoing_too() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let seen = hidden(&server.get("/units/1").text(), "seen");
    let edit = [("seen", seen.as_str()), ("text.az", "Xidmət Bakıda beş ofis açdı.")];
    let rest = [("text.en", "The service opened 5 offices in Baku."), ("text.ru", "Служба открыла 5 офисов в Баку.")];
    assert_eq!(server.form("/units/1", &[edit, rest].concat()).status, 303);
    // The import stands below the edit: that is told before anything is done.
    let trial = server.get("/history/1/undo").text();
    assert!(trial.contains("Changed later by others: 1") && trial.contains("href=\"/units/1\""), "{trial}");
    assert!(trial.contains("<strong>2</strong>"), "{trial}");
    assert_eq!(server.form("/history/1/undo", &[("seen", "0")]).status, 409, "the conflict was not seen");
    assert_eq!(server.form("/history/1/undo", &[("seen", "1"), ("on_conflict", "wipe")]).status, 400);
    let done = server.form("/history/1/undo", &[("seen", "1"), ("on_conflict", "keep")]);
    assert_eq!((done.status, done.header("location")), (303, Some("/history/3")));
    assert_eq!(server.get("/units").text().matches("class=\"open\"").count(), 1, "the edited one stays");
    assert!(server.get("/history/1").text().contains("undone by batch"));
    let again = server.form("/history/3/undo", &[("seen", "0")]);
    assert_eq!(again.header("location"), Some("/history/4"));
    assert_eq!(server.get("/units").text().matches("class=\"open\"").count(), 3);
    assert!(server.get("/units?q=be%C5%9F").text().contains("beş ofis"));
    assert_eq!(server.form("/history/77/undo", &[]).status, 404);
}

#[test]
fn doubles_are_merged_after_they_were_shown() {
    let (folder, memory) = office();
    for name in ["a.tmx", "b.tmx"] {
        let note = format!("<note>{name}</note>");
        let tmx = format!(
            "<tmx version=\"1.4\"><header srclang=\"en\"/><body><tu>{note}<tuv xml:lang=\"en\"><seg>Bridge</seg></tuv>\
             <tuv xml:lang=\"az\"><seg>Körpü</seg></tuv></tu></body></tmx>"
        );
        std::fs::write(folder.path().join(name), tmx).unwrap();
        let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"));
        assert!(import.current_dir(&folder).arg("-m").arg(&memory).args(["import", name]).status().unwrap().success());
    }
    let server = Server::start(&memory, &[]);
    let preview = server.form("/units/preview", &[("deed", "dedupe"), ("seen", "0")]).text();
    assert!(preview.contains("id=\"count\">1<") && preview.contains("Takes in:"), "{preview}");
    let seen = hidden(&preview, "seen");
    assert_eq!(server.form("/units/act", &[("deed", "dedupe"), ("seen", &seen)]).status, 303);
    let page = server.get(&format!("/units?q={}", quoted("Körpü"))).text();
    assert_eq!(page.matches("class=\"open\"").count(), 1, "{page}");
}
