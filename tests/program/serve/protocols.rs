//! The HTTP that CAT tools speak: what they send, and what they rely on in the answers.

use super::{Server, office, quoted};
use serde_json::{Value, json};

const STORED: &str = "The service opened 5 offices in Baku.";

#[test]
fn tmserver_answers_as_its_clients_expect() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let text = quoted(STORED);
    for place in ["/tmserver", "/api/v1"] {
        for (path, quality, target) in [
            // As Virtaal and Weblate write it.
            (format!("en/az/unit/{text}"), Some(100.0), "Xidmət Bakıda 5 ofis açdı."),
            (format!("en_us/az/unit/{text}"), Some(100.0), "Xidmət Bakıda 5 ofis açdı."),
            (format!("en_US/az_AZ/unit/{text}"), Some(100.0), "Xidmət Bakıda 5 ofis açdı."),
            (
                format!("EN-GB/RU/unit/{text}?min_similarity=75&max_candidates=1"),
                Some(100.0),
                "Служба открыла 5 офисов в Баку.",
            ),
            (format!("en/az/unit/?source={text}"), Some(100.0), "Xidmət Bakıda 5 ofis açdı."),
            (format!("en/az/unit?source={text}"), Some(100.0), "Xidmət Bakıda 5 ofis açdı."),
            (format!("en/az/unit/{text}?style=tmx&min_similarity=no"), Some(100.0), "Xidmət Bakıda 5 ofis açdı."),
            // The other way round, and between two that are not English.
            (
                format!("az/en/unit/{}", quoted("Qapılar bazar ertəsi açıqdır.")),
                Some(100.0),
                "The doors are open on Monday.",
            ),
            (
                format!("ru/az/unit/{}", quoted("Двери открыты в понедельник.")),
                Some(100.0),
                "Qapılar bazar ertəsi açıqdır.",
            ),
            // Fuzzy: a word differs, the number is carried over.
            (
                format!("en/az/unit/{}", quoted("The service opened 7 offices in Baku.")),
                None,
                "Xidmət Bakıda 7 ofis açdı.",
            ),
            (format!("en/az/unit/{}", quoted("The doors are open on Friday.")), None, "Qapılar bazar ertəsi açıqdır."),
        ] {
            let answer = server.get(&format!("{place}/{path}"));
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
            let first = &answer.json()[0];
            assert_eq!(first["target"], target, "{path}");
            assert_eq!(first["rank"], 100.0, "{path}");
            let found = first["quality"].as_f64().unwrap();
            assert!(quality.map_or((60.0..100.0).contains(&found), |quality| quality == found), "{path}: {found}");
            // Okapi casts it to a Double: an integer ends the client.
            let shown = answer.text();
            let shown = shown.split("\"quality\":").nth(1).unwrap().split([',', '}']).next().unwrap();
            assert!(shown.contains('.'), "{path}: {shown}");
        }
    }
}

#[test]
fn tmserver_gives_nothing_where_there_is_nothing() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for path in [
        "en/az/unit/Nothing%20like%20it%20at%20all".to_owned(),
        format!("en/de/unit/{}", quoted(STORED)),
        format!("xx/az/unit/{}", quoted(STORED)),
        format!("!/az/unit/{}", quoted(STORED)),
        format!("en/en/unit/{}", quoted(STORED)),
        format!("en/az/unit/{}?max_candidates=0", quoted(STORED)),
        format!("en/az/unit/{}?min_similarity=100", quoted("The doors are open on Friday.")),
        "en/az/unit/?source=".to_owned(),
        "en/az/unit/".to_owned(),
    ] {
        let answer = server.get(&format!("/tmserver/{path}"));
        assert_eq!((answer.status, answer.text().as_str()), (200, "[]"), "{path}");
    }
}

#[test]
fn tmserver_has_falling_scores_and_texts_with_slashes() {
    let (folder, memory) = office();
    let table = "en\taz\nand/or a visa\tvə/və ya viza\nThe door is open on Monday and Friday.\tA\n\
        The doors are open on Monday and Friday.\tB\nThe doors are open on Monday evening.\tC\n";
    std::fs::write(folder.path().join("more.tsv"), table).unwrap();
    let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"));
    assert!(
        import
            .arg("-m")
            .arg(&memory)
            .arg("import")
            .arg(folder.path().join("more.tsv"))
            .output()
            .unwrap()
            .status
            .success()
    );
    let server = Server::start(&memory, &[]);
    for path in ["and%2For%20a%20visa", "?source=and%2For+a+visa", "?source=and/or%20a%20visa"] {
        let answer = server.get(&format!("/tmserver/en/az/unit/{path}"));
        assert_eq!(answer.json()[0]["target"], "və/və ya viza", "{path}");
    }
    let path =
        format!("/tmserver/en/az/unit/{}?min_similarity=10&max_candidates=50", quoted("The doors are open on Monday."));
    let qualities: Vec<f64> =
        server.get(&path).json().as_array().unwrap().iter().map(|m| m["quality"].as_f64().unwrap()).collect();
    assert!(qualities.len() >= 4 && qualities[0] == 100.0, "{qualities:?}");
    assert!(qualities.is_sorted_by(|a, b| a >= b), "{qualities:?}");
    let fewer = server.get(&path.replace("=50", "=2")).json();
    assert_eq!(fewer.as_array().unwrap().len(), 2);
    let higher = server.get(&path.replace("=10&", "=99&")).json();
    assert_eq!(higher.as_array().unwrap().len(), 1);
}

#[test]
fn tmserver_names_its_languages() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for path in ["/tmserver/languages/", "/api/v1/languages/", "/tmserver/languages"] {
        let languages = json!(["en", "az", "ru"]);
        assert_eq!(
            server.get(path).json(),
            json!({"sourceLanguages": languages, "targetLanguages": languages}),
            "{path}"
        );
    }
}

#[test]
fn tmserver_takes_units_where_that_is_allowed() {
    let (_folder, memory) = office();
    let body = json!({"source": "Open day", "target": "Açıq qapı günü", "context": "menu"}).to_string();
    let kind = [("content-type", "application/json")];
    let server = Server::start(&memory, &[]);
    for method in ["PUT", "POST"] {
        let answer = server.request(method, "/tmserver/en/az/unit/Open%20day", &kind, body.as_bytes());
        assert_eq!(answer.status, 403, "{method}");
    }
    drop(server);
    let server = Server::start(&memory, &["--writable"]);
    assert_eq!(server.get("/tmserver/en/az/unit/Open%20day").text(), "[]");
    let answer = server.request("PUT", "/tmserver/en/az/unit/Open%20day", &kind, body.as_bytes());
    assert_eq!((answer.status, answer.text().as_str()), (200, ""));
    assert_eq!(server.get("/tmserver/en/az/unit/Open%20day").json()[0]["target"], "Açıq qapı günü");
    // Twice is once; the source may stand in the address alone.
    let short = json!({"target": "Gəlin"}).to_string();
    for (method, path) in [("POST", "/api/v1/en/az/unit/Come"), ("PUT", "/api/v1/en/az/unit/?source=Come")] {
        assert_eq!(server.request(method, path, &kind, short.as_bytes()).status, 200, "{method} {path}");
    }
    let list = json!([{"source": "One", "target": "Bir"}, {"source": "Two", "target": "İki"}, {"source": "One", "target": "Bir"}]);
    let answer = server.request("POST", "/tmserver/en/az/store/a%2Fb.po", &kind, list.to_string().as_bytes());
    assert_eq!((answer.status, answer.text().as_str()), (200, "added 2 units from a/b.po"));
    let po = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"Three\"\nmsgstr \"Üç\"\n";
    let answer = server.request("PUT", "/tmserver/en/az/store/..%2F..%2Fx.po", &[], po.as_bytes());
    assert_eq!((answer.status, answer.text().as_str()), (200, "added 1 units from ../../x.po"));
    assert_eq!(server.get("/tmserver/en/az/unit/Three").json()[0]["target"], "Üç");
    assert_eq!(server.get("/api/yaddash/status").json()["units"], 3 + 2 + 2 + 1);
    for (method, path, headers, body, status) in [
        ("PUT", "/tmserver/en/az/unit/x", &kind[..], "{\"target\": \"\"}", 400),
        ("PUT", "/tmserver/en/az/unit/x", &kind[..], "{\"target\": 5}", 400),
        ("PUT", "/tmserver/en/az/unit/x", &kind[..], "{", 400),
        ("PUT", "/tmserver/en/az/unit/x", &[("content-type", "text/plain")], "{\"target\": \"y\"}", 415),
        ("PUT", "/tmserver/en/az/unit/x", &[], "{\"target\": \"y\"}", 415),
        ("PUT", "/tmserver/en/en_GB/unit/x", &kind[..], "{\"target\": \"y\"}", 400),
        ("PUT", "/tmserver/!/az/unit/x", &kind[..], "{\"target\": \"y\"}", 400),
        ("DELETE", "/tmserver/en/az/unit/x", &[], "", 405),
        ("PUT", "/tmserver/en/az/store/x.po", &[], "<tmx><body><tu></body></tmx>", 400),
        ("PUT", "/tmserver/en/az/store/x.po", &[], "", 400),
    ] {
        let answer = server.request(method, path, headers, body.as_bytes());
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text());
        assert!(
            answer.json()["error"]["message"].as_str().is_some_and(|message| !message.is_empty()),
            "{method} {path}"
        );
    }
    // Who did it stands in the history, and it can be undone.
    let mut history = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let history = history.arg("-m").arg(&memory).args(["memory", "history"]).output().unwrap();
    let history = String::from_utf8(history.stdout).unwrap();
    assert!(history.contains("tmserver: unit") && history.contains("import ../../x.po"), "{history}");
    assert_eq!(history.matches("anna").count(), 5, "the import, two units, a list, a file: {history}");
}

/// OmegaT asks with a raw `|`.
#[test]
fn apertium_answers_as_omegat_expects() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let ask = |text: &str, pair: &str| format!("/translate?q={}&markUnknown=no&langpair={pair}&key=", quoted(text));
    for (path, text) in [
        (ask(STORED, "en|az"), "Xidmət Bakıda 5 ofis açdı."),
        (ask(STORED, "en%7Cru"), "Служба открыла 5 офисов в Баку."),
        (ask(STORED, "en_US|az_AZ"), "Xidmət Bakıda 5 ofis açdı."),
        (ask("The service opened 7 offices in Baku.", "en|az"), "Xidmət Bakıda 7 ofis açdı."),
        // Nothing is an empty text: `null` would be shown as such.
        (ask("Nothing like it", "en|az"), ""),
        (ask("", "en|az"), ""),
        (ask(STORED, "en|de"), ""),
    ] {
        let answer = server.get(&path);
        let want = json!({"responseStatus": 200, "responseData": {"translatedText": text}, "responseDetails": null});
        assert_eq!((answer.status, answer.json()), (200, want), "{path}");
    }
    let answer = server.get("/translate?q=a&langpair=enaz");
    assert_eq!((answer.status, &answer.json()["responseStatus"]), (400, &json!(400)));
    assert_eq!(server.get("/translate?q=a").status, 400);
    assert_eq!(server.get("/translate").status, 400);
}

#[test]
fn what_has_room_for_one_answer_gets_a_good_one_only() {
    let (_folder, memory) = office();
    let path = format!("/translate?q={}&langpair=en|az", quoted("The doors are open on Friday."));
    for (min, text) in [("60", "Qapılar bazar ertəsi açıqdır."), ("95", ""), ("102", "")] {
        let server = Server::start(&memory, &["--min", min]);
        assert_eq!(server.get(&path).json()["responseData"]["translatedText"], text, "{min}");
    }
}

#[test]
fn libretranslate_answers_as_weblate_expects() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let form = |q: &str, source: &str, target: &str| {
        server.form("/translate", &[("q", q), ("source", source), ("target", target), ("api_key", "")])
    };
    assert_eq!(form(STORED, "en", "az").json(), json!({"translatedText": "Xidmət Bakıda 5 ofis açdı."}));
    assert_eq!(form("Nothing like it", "en", "az").json(), json!({"translatedText": ""}));
    let asked = json!({"q": STORED, "source": "en", "target": "ru", "format": "text"});
    assert_eq!(server.post("/translate", &asked).json(), json!({"translatedText": "Служба открыла 5 офисов в Баку."}));
    let languages = server.get("/languages").json();
    let codes: Vec<&str> = languages.as_array().unwrap().iter().map(|l| l["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["en", "az", "ru"]);
    assert_eq!(languages[0], json!({"code": "en", "name": "English", "targets": ["az", "ru"]}));
    for (kind, body, status) in [
        (Some("text/plain"), "q=a&source=en&target=az", 415),
        (None, "q=a", 415),
        (Some("application/x-www-form-urlencoded"), "q=a&source=en", 400),
        (Some("application/json"), "[]", 400),
    ] {
        let headers: Vec<(&str, &str)> = kind.map(|kind| ("content-type", kind)).into_iter().collect();
        let answer = server.request("POST", "/translate", &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{kind:?}: {}", answer.text());
    }
}

#[test]
fn opus_cat_answers_as_its_plugins_expect() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let ask = |text: &str, from: &str, to: &str| {
        let text = quoted(text);
        server.get(&format!(
            "/MTRestService/TranslateJson?tokenCode=&input={text}&srcLangCode={from}&trgLangCode={to}&modelTag="
        ))
    };
    let translation = |answer: super::Answer| -> Value { answer.json()["translation"].clone() };
    assert_eq!(translation(ask(STORED, "en", "az")), "Xidmət Bakıda 5 ofis açdı.");
    assert_eq!(translation(ask("Двери открыты в понедельник.", "ru", "en")), "The doors are open on Monday.");
    assert_eq!(translation(ask("Nothing like it", "en", "az")), "");
    assert_eq!(server.get("/MTRestService/TranslateJson?input=a").status, 400);
    assert_eq!(server.get("/MTRestService/Other").status, 404);
}
