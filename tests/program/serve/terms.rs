//! The pages of terms.

use super::{Answer, Server, quoted};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const GLOSSARY: &str = "concept,en,en_forbidden,az,ru,domain,note,flags\n\
    parliament,Milli Majlis,Milli Mejlis,Milli Məclis,Милли Меджлис,state,Its own spelling.,\n\
    visa,visa,,viza,виза,migration,,exception:en=Visa card\n\
    old,Old Office,,Köhnə İdarə,,state,,\n";

fn yaddash(folder: &Path, arguments: &[&str]) -> String {
    let mut run = Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let run = run.current_dir(folder).args(["-m", "office.db"]).args(arguments).env("USER", "anna");
    let out = run.stderr(Stdio::inherit()).output().unwrap();
    assert!(out.status.success(), "{arguments:?}");
    String::from_utf8(out.stdout).unwrap()
}

/// A folder with a memory, and a glossary file that `yaddash.toml` names.
fn office() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let table = "en\taz\tru\n\
        The Milli Mejlis met today.\tMilli Məclis bu gün toplandı.\tСегодня собрался Милли Меджлис.\n\
        They asked for a visa.\tOnlar viza istədilər.\tОни просили визу.\n\
        The Milli Majlis voted.\tSəs verildi.\tМилли Меджлис проголосовал.\n\
        The Border Guard opened a gate.\tSərhəd Mühafizəsi qapı açdı.\tПограничная охрана открыла ворота.\n\
        We thank the Border Guard.\tSərhəd Mühafizəsinə təşəkkür edirik.\tБлагодарим Пограничную охрану.\n\
        Nobody saw the Border Guard there.\tSərhəd Mühafizəsini orada heç kim görmədi.\tНикто не видел там Пограничную охрану.\n\
        The Border Guard has new cars.\tSərhəd Mühafizəsinin yeni maşınları var.\tУ Пограничной охраны новые машины.\n\
        Two men of the Border Guard came to Baku.\tSərhəd Mühafizəsinin iki nəfəri Bakıya gəldi.\tДвое из Пограничной охраны приехали в Баку.\n\
        They asked the Border Guard about the road.\tOnlar yol haqqında Sərhəd Mühafizəsindən soruşdular.\tОни спросили Пограничную охрану о дороге.\n\
        It rains today.\tBu gün yağış yağır.\tСегодня идёт дождь.\n\
        Apples are red.\tAlmalar qırmızıdır.\tЯблоки красные.\n\
        She reads a book.\tO, kitab oxuyur.\tОна читает книгу.\n\
        The sea is calm.\tDəniz sakitdir.\tМоре спокойно.\n\
        He went home early.\tO, evə erkən getdi.\tОн рано ушёл домой.\n\
        Dogs bark at night.\tİtlər gecə hürür.\tСобаки лают ночью.\n";
    fs::write(folder.path().join("units.tsv"), table).unwrap();
    fs::write(folder.path().join("g.csv"), GLOSSARY).unwrap();
    fs::write(folder.path().join("yaddash.toml"), "[terms]\nfiles = [\"g.csv\"]\n").unwrap();
    yaddash(folder.path(), &["import", "units.tsv"]);
    let memory = folder.path().join("office.db");
    (folder, memory)
}

/// What stands in a page's hidden field.
fn seen(server: &Server, concept: &str) -> String {
    let text = server.get(&format!("/terms/{}", quoted(concept))).text();
    let rest = text.split("name=\"seen\" value=\"").nth(1).unwrap_or_else(|| panic!("{text}"));
    rest.split('"').next().unwrap().to_owned()
}

fn glossary(folder: &Path) -> String {
    fs::read_to_string(folder.join("g.csv")).unwrap()
}

fn batch_of(answer: &Answer) -> String {
    let place = answer.header("location").unwrap_or_else(|| panic!("{}", answer.text()));
    place.split("done=").nth(1).unwrap_or_else(|| panic!("{place}")).to_owned()
}

#[test]
fn a_term_is_found_by_any_form_of_it() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let ids = |query: &str| {
        let text = server.get(&format!("/terms?part=list&{query}")).text();
        let rows = text.split("class=\"open\">").skip(1).map(|row| row.split('<').next().unwrap().to_owned());
        rows.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(""), "parliament visa old");
    for form in ["Milli Məclisimizin", "милли меджлиса", "mejl", "MİLLİ MƏC"] {
        assert_eq!(ids(&format!("q={}", quoted(form))), "parliament", "{form}");
    }
    assert_eq!(ids("domain=state&language=ru"), "parliament");
    assert_eq!(ids("status=forbidden"), "parliament");
    assert_eq!(ids("q=nothing-of-this"), "");
    // What cannot be: the first page, all of it.
    for hostile in ["page=99999999999999999999", "page=-1", "status=x", "language=%00", "domain=&page=0"] {
        assert_eq!(ids(hostile), "parliament visa old", "{hostile}");
    }
    let page = server.get("/terms?q=%3Cscript%3E").text();
    assert!(page.contains("&#60;script&#62;") && !page.contains("<script>"), "{page}");
    assert!(page.contains("<h1>"), "{page}");
}

#[test]
fn a_concept_shows_its_forms_and_its_places() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let page = server.get("/terms/parliament").text();
    for part in ["lang=\"az\"", "Milli Məclis", "Its own spelling.", "Milli Mejlis"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let forms = server.get("/terms/parliament?part=forms&forms=2").text();
    assert!(forms.contains("<td lang=\"az\">Milli Məclisimizin</td>"), "{forms}");
    let uses = server.get("/terms/parliament?part=uses&show=wrong").text();
    for part in [
        "<mark class=\"bad\">Milli Mejlis</mark> met today.",
        "<strong lang=\"en\">Milli Majlis</strong>",
        "Səs verildi.",
    ] {
        assert!(uses.contains(part), "{part}: {uses}");
    }
    assert!(!uses.contains("visa"), "{uses}");
    let all = server.get("/terms/visa?part=uses&show=all").text();
    assert!(all.contains("<mark class=\"good\">визу</mark>"), "{all}");
    let rest = server.get("/terms/parliament?part=uses&show=wrong&before=3").text();
    assert!(rest.contains("met today") && !rest.contains("voted"), "{rest}");
    // The whole page with a part of it, as it is without scripts.
    assert!(server.get("/terms/parliament?show=wrong").text().contains("met today"));
    for nowhere in ["/terms/none", "/terms/%00", "/terms/..%2F..", "/terms/visa?part=forms&forms=99"] {
        assert_eq!(server.get(nowhere).status, 404, "{nowhere}");
    }
}

#[test]
fn an_edit_is_shown_then_written_into_file_and_memory_and_undone() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let mark = seen(&server, "visa");
    let new = |step: &str| {
        let fields = [
            ("deed", "term"),
            ("concept", "visa"),
            ("seen", &*mark),
            ("language", "az"),
            ("status", "forbidden"),
            ("text", "vizə"),
            ("step", step),
        ];
        server.form("/terms", &fields)
    };
    let preview = new("").text();
    assert!(preview.contains("vizə") && preview.contains("g.csv"), "{preview}");
    assert_eq!(glossary(folder.path()), GLOSSARY, "looking changes nothing");
    let done = new("write");
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(glossary(folder.path()).contains("vizə"));
    assert!(yaddash(folder.path(), &["term", "show", "visa"]).contains("az vizə (forbidden)"));
    assert!(yaddash(folder.path(), &["term", "history", "visa"]).contains("+ az vizə (forbidden)"));
    let batch = batch_of(&done);
    let page = server.get(done.header("location").unwrap()).text();
    assert!(page.contains(&format!("name=\"batch\" value=\"{batch}\"")), "{page}");
    // Sent once more it is stale.
    let stale = new("write");
    assert_eq!(stale.status, 409, "{}", stale.text());
    let looked = server.form("/terms", &[("deed", "undo"), ("batch", &batch)]).text();
    assert!(looked.contains("vizə"), "{looked}");
    let undone = server.form("/terms", &[("deed", "undo"), ("batch", &batch), ("step", "write")]);
    assert_eq!((undone.status, undone.header("location")), (303, Some("/terms/visa")), "{}", undone.text());
    assert!(!glossary(folder.path()).contains("vizə"));
    // Twice is too much.
    assert_eq!(server.form("/terms", &[("deed", "undo"), ("batch", &batch), ("step", "write")]).status, 409);
    for batch in ["", "x", "99999999", "1"] {
        let refused = server.form("/terms", &[("deed", "undo"), ("batch", batch), ("step", "write")]);
        assert!((400..500).contains(&refused.status), "{batch}: {}", refused.text());
    }
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_never_overwritten() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let mark = seen(&server, "parliament");
    let note = |text: &str| {
        let fields =
            [("deed", "fields"), ("concept", "parliament"), ("seen", &*mark), ("note", text), ("step", "write")];
        server.form("/terms", &fields)
    };
    fs::write(folder.path().join("g.csv"), GLOSSARY.replace("Its own spelling.", "By hand.")).unwrap();
    let refused = note("By the page.");
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert!(glossary(folder.path()).contains("By hand.") && !glossary(folder.path()).contains("By the page."));
    // Of another concept it is taken in, and nothing of it is lost.
    fs::write(folder.path().join("g.csv"), GLOSSARY.replace("Old Office", "Older Office")).unwrap();
    assert_eq!(note("By the page.").status, 303);
    let text = glossary(folder.path());
    assert!(text.contains("Older Office") && text.contains("By the page."), "{text}");
    // The page shows what the file says by now.
    assert!(server.get("/terms/parliament").text().contains("By the page."));
}

#[test]
fn statuses_grammar_flags_merging_and_removal() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let send = |concept: &str, fields: &[(&str, &str)]| {
        let mark = seen(&server, concept);
        let mut all = vec![("concept", concept), ("seen", &*mark), ("step", "write")];
        all.extend_from_slice(fields);
        server.form("/terms", &all)
    };
    let shown = |concept: &str| yaddash(folder.path(), &["term", "show", concept]);
    // The order of terms is that of the file's columns.
    let place = |concept: &str, term: &str| {
        let page = server.get(&format!("/terms/{concept}")).text();
        let before = page.split(&format!(">{term}</span>")).next().unwrap().to_owned();
        before.rsplit("data-term=\"").next().unwrap().split('"').next().unwrap().to_owned()
    };
    // The only term to write cannot be forbidden.
    let refused = send("visa", &[("deed", "status"), ("term", &place("visa", "visa")), ("to", "forbidden")]);
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(
        send("parliament", &[("deed", "status"), ("term", &place("parliament", "Milli Mejlis")), ("to", "deprecated")])
            .status,
        303
    );
    assert!(shown("parliament").contains("en Milli Mejlis (deprecated)"));
    assert_eq!(
        send("parliament", &[("deed", "status"), ("term", &place("parliament", "Milli Mejlis")), ("to", "removed")])
            .status,
        303
    );
    assert!(!shown("parliament").contains("Mejlis"));
    let majlis = place("parliament", "Milli Majlis");
    let grammar = [
        ("deed", "grammar"),
        ("term", &*majlis),
        ("head", "Majlis"),
        ("more", "Majlises\r\n"),
        ("case_sensitive", "1"),
    ];
    assert_eq!(send("parliament", &grammar).status, 303);
    let text = shown("parliament");
    assert!(text.contains("en Milli Majlis (preferred, own case only, head Majlis, form Majlises)"), "{text}");
    let flags = [("deed", "flag"), ("gone", "exception:en=Visa card"), ("flag", "exception:en=visa waiver")];
    assert_eq!(send("visa", &flags).status, 303);
    assert!(shown("visa").contains("not in: visa waiver") && !shown("visa").contains("Visa card"));
    assert_eq!(send("visa", &[("deed", "flag"), ("flag", "no-such-flag")]).status, 400);
    assert_eq!(send("visa", &[("deed", "fields"), ("valid_until", "never")]).status, 400);
    let dates = [("deed", "fields"), ("valid_from", "2020-01-01"), ("domain", "people"), ("definition", "A stamp.")];
    assert_eq!(send("visa", &dates).status, 303);
    assert!(shown("visa").contains("valid from 2020-01-01") && shown("visa").contains("definition: A stamp."));
    assert_eq!(send("parliament", &[("deed", "merge"), ("other", "Old Office")]).status, 303);
    assert!(shown("parliament").contains("en Old Office (admitted)"));
    assert_eq!(send("visa", &[("deed", "remove")]).status, 303);
    assert!(!glossary(folder.path()).contains("visa,"));
    // What is gone has its history still, and comes back.
    let page = server.get("/terms/visa").text();
    let batch = page.split("name=\"batch\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(server.form("/terms", &[("deed", "undo"), ("batch", &batch), ("step", "write")]).status, 303);
    assert!(shown("visa").contains("definition: A stamp."));
    for deed in ["", "no-such-deed"] {
        assert_eq!(send("visa", &[("deed", deed)]).status, 400, "{deed}");
    }
    assert_eq!(send("visa", &[("deed", "status"), ("term", "77"), ("to", "admitted")]).status, 400);
    assert_eq!(send("visa", &[("deed", "status"), ("term", "1"), ("to", "wrong")]).status, 400);
}

#[test]
fn a_preview_tells_what_the_memory_says_of_it() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let mark = seen(&server, "visa");
    let fields = [
        ("deed", "term"),
        ("concept", "visa"),
        ("seen", &*mark),
        ("language", "az"),
        ("status", "preferred"),
        ("former", "forbidden"),
        ("text", "giriş vizası"),
    ];
    let preview = server.form("/terms", &fields).text();
    assert!(preview.contains("<mark class=\"bad\">viza</mark>"), "{preview}");
    assert!(preview.contains("giriş vizası"), "{preview}");
    // A term another concept has is told.
    let fields = [("deed", "add"), ("language", "en"), ("status", "preferred"), ("text", "Visa")];
    let preview = server.form("/terms", &fields).text();
    assert!(preview.contains("<a href=\"/terms/visa\">visa</a>") || preview.contains("visa"), "{preview}");
    assert_eq!(glossary(folder.path()), GLOSSARY);
}

#[test]
fn a_concept_is_added_under_a_name_of_its_own() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let add = |id: &str| {
        let fields = [
            ("deed", "add"),
            ("id", id),
            ("language", "en"),
            ("status", "preferred"),
            ("text", "suggested"),
            ("language", "az"),
            ("status", "preferred"),
            ("text", ""),
            ("domain", "people"),
            ("step", "write"),
        ];
        server.form("/terms", &fields)
    };
    let done = add("");
    assert!(done.header("location").unwrap().starts_with("/terms?id=suggested&done="), "{:?}", done.header("location"));
    assert!(server.get("/terms?id=suggested").text().contains("<h1>suggested</h1>"));
    let twice = add("");
    assert_eq!(twice.status, 400);
    assert!(twice.text().contains("is there already"), "{}", twice.text());
    assert!(add("a/b?c").header("location").unwrap().starts_with("/terms/a%2Fb%3Fc?done="));
    assert_eq!(server.get("/terms/a%2Fb%3Fc").status, 200);
    let empty = server.form("/terms", &[("deed", "add"), ("step", "write")]);
    assert_eq!(empty.status, 400, "{}", empty.text());
    let long = "x".repeat(20_000);
    let long = server.form(
        "/terms",
        &[("deed", "add"), ("language", "en"), ("status", "preferred"), ("text", &long), ("step", "write")],
    );
    assert!((400..500).contains(&long.status), "{}", long.status);
    assert!(!glossary(folder.path()).contains("xxxx"));
}

/// The list of proposals, when it has been worked out.
fn suggestions(server: &Server) -> String {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let text = server.get("/terms/suggested?part=list").text();
        if !text.contains("data-running=\"1\"") {
            return text;
        }
        assert!(Instant::now() < end, "{text}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn proposals_are_accepted_and_refused() {
    let (folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let lead = "value=\"Border Guard\"";
    let text = suggestions(&server);
    assert!(text.contains(lead) && text.contains("Mühafizəsi\""), "{text}");
    let terms = [("language", "en"), ("text", "Border Guard"), ("language", "az"), ("text", "Sərhəd Mühafizəsi")];
    let send = |deed: &str, more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("deed", deed)];
        fields.extend_from_slice(&terms);
        fields.extend_from_slice(more);
        server.form("/terms/suggested", &fields)
    };
    assert_eq!(send("refuse", &[("reason", "a common noun")]).status, 303);
    assert!(!suggestions(&server).contains(lead));
    let page = server.get("/terms/suggested").text();
    assert!(page.contains("a common noun") && page.contains("anna"), "{page}");
    // Nor does it come back when all is worked out again, here or at the command line.
    assert_eq!(server.form("/terms/suggested", &[("deed", "again")]).status, 303);
    assert!(!suggestions(&server).contains(lead));
    assert!(!yaddash(folder.path(), &["term", "suggest"]).contains("Border Guard"));
    assert_eq!(send("back", &[]).status, 303);
    server.form("/terms/suggested", &[("deed", "again")]);
    assert!(suggestions(&server).contains(lead));
    let done = send("accept", &[]);
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(glossary(folder.path()).contains("border-guard,Border Guard,"), "{}", glossary(folder.path()));
    assert!(!suggestions(&server).contains(lead));
    let batch = batch_of(&done);
    let undone =
        server.form("/terms", &[("deed", "undo"), ("batch", &batch), ("back", "/terms/suggested"), ("step", "write")]);
    assert_eq!(undone.header("location"), Some("/terms/suggested"));
    assert!(!glossary(folder.path()).contains("Border Guard"));
    assert!(suggestions(&server).contains(lead));
    // A name that is taken gets a number.
    send("propose", &[]);
    let other = [("deed", "propose"), ("language", "en"), ("text", "Border guard")];
    assert_eq!(server.form("/terms/suggested", &other).status, 303);
    let text = glossary(folder.path());
    assert!(text.contains("border-guard-2,"), "{text}");
    assert!(yaddash(folder.path(), &["term", "show", "border-guard"]).contains("en Border Guard (proposed)"));
    for deed in ["refuse", "back"] {
        assert_eq!(server.form("/terms/suggested", &[("deed", deed)]).status, 404, "{deed}");
    }
    assert_eq!(server.form("/terms/suggested", &[("deed", "accept")]).status, 400);
}

#[test]
fn without_a_glossary_the_memory_s_copy_is_edited() {
    let (folder, memory) = super::office();
    let server = Server::start(&memory, &[]);
    assert!(server.get("/terms").text().contains("yaddash.toml"), "it says how to begin");
    let add = [("deed", "add"), ("language", "en"), ("status", "preferred"), ("text", "office"), ("step", "write")];
    let done = server.form("/terms", &add);
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(yaddash(folder.path(), &["term", "list"]).contains("office: en office"));
    assert!(server.get("/terms/office?part=uses&show=all").text().contains("<mark class=\"good\">offices</mark>"));
    // Changed from elsewhere, it is seen at once.
    yaddash(folder.path(), &["term", "edit", "office", "az=ofis"]);
    assert!(server.get("/terms/office").text().contains("ofis"));
}
