//! Our own interface for scripts.

use super::{Server, office, quoted};
use serde_json::json;

#[test]
fn scripts_get_what_the_commands_say() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let mut lookup = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let text = "The service opened 7 offices in Baku.";
    let lookup =
        lookup.arg("-m").arg(&memory).args(["lookup", "--to", "az,ru", "--format", "jsonl", text]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&lookup.stdout).unwrap();
    let query = format!("/api/yaddash/lookup?text={}&from=en", quoted(text));
    for path in [query.clone(), format!("{query}&to=az,ru"), format!("{query}&to=az%2Cru&min=60&max=5&pending=false")] {
        assert_eq!(server.get(&path).json(), said, "{path}");
    }
    assert_eq!(said["matches"][0]["target"], "Xidmət Bakıda 7 ofis açdı.");
    let posted = server.post("/api/yaddash/lookup", &json!({"text": text, "from": "EN_us", "to": ["az", "ru"]}));
    assert_eq!(posted.json(), said);
    assert_eq!(server.get(&format!("{query}&to=en")).json()["matches"], json!([]));
    let lines = server.get("/api/yaddash/concordance?pattern=Qonaq&from=az&mode=forms").json();
    assert_eq!(lines["lines"][0]["key"], "Qonaqlarımız");
    assert_eq!(lines["lines"][0]["others"]["en"], "Our guests came from İstanbul.");
    let status = server.get("/api/yaddash/status").json();
    assert_eq!((&status["units"], &status["variants"]["az"]), (&json!(3), &json!(3)));
    assert_eq!(server.get("/api/yaddash/openapi.json").json()["openapi"], "3.1.0");
}

#[test]
fn scripts_check_texts_and_find_terms() {
    let (folder, memory) = office();
    let glossary = "concept\ten\ten_forbidden\nparliament\tMilli Majlis\tMilli Mejlis\n";
    std::fs::write(folder.path().join("terms.tsv"), glossary).unwrap();
    let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let import = import.arg("-m").arg(&memory).args(["term", "import"]).arg(folder.path().join("terms.tsv")).output();
    assert!(import.unwrap().status.success());
    let server = Server::start(&memory, &[]);
    let text = "The speaker.\r\nThe Milli Mejlis met the Milli Majlis.";
    let checked = server.post("/api/yaddash/check", &json!({"texts": {"en": text}})).json();
    let finding =
        checked["findings"].as_array().unwrap().iter().find(|found| found["rule"] == "forbidden-term").unwrap();
    assert_eq!((&finding["line"], &finding["column"]), (&json!(2), &json!(5)));
    assert_eq!(finding["concept"], "parliament");
    let pair = json!({"texts": {"en": "There are 5 offices.", "az": "6 ofis var."}});
    let checked = server.post("/api/yaddash/check", &pair).json();
    assert!(
        checked["findings"].as_array().unwrap().iter().any(|found| found["rule"] == "number-mismatch"),
        "{checked}"
    );
    let hits = server.post("/api/yaddash/terms", &json!({"text": text, "language": "en"})).json();
    let found: Vec<_> = hits["hits"].as_array().unwrap().iter().map(|hit| (&hit["surface"], &hit["line"])).collect();
    assert!(found.contains(&(&json!("Milli Majlis"), &json!(2))), "{hits}");
}

#[test]
fn scripts_add_units_once() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    let unit = json!({"texts": {"en": "Open day", "az": "Açıq qapı günü"}, "note": "from the calendar"});
    let added = server.post("/api/yaddash/units", &unit);
    assert_eq!((added.status, added.json()), (201, json!({"unit": 4, "new": true})));
    let again = server.post("/api/yaddash/units", &unit);
    assert_eq!((again.status, again.json()), (200, json!({"unit": 4, "new": false})));
    assert_eq!(server.get("/tmserver/en/az/unit/Open%20day").json()[0]["target"], "Açıq qapı günü");
    for body in [
        json!({"texts": {"en": "Open day"}}),
        json!({"texts": {"en": "Open day", "eng": "Open day"}}),
        json!({"texts": {"en": "Open day", "az": " "}}),
        json!({"texts": {"en": "Open day", "az": ""}}),
        json!({"texts": {"en": "Open day", "!": "x"}}),
        json!({"texts": {"en": "Open day", "az": "x"}, "state": "approved"}),
        json!({"texts": []}),
        json!([]),
        json!(null),
    ] {
        let refused = server.post("/api/yaddash/units", &body);
        assert!(matches!(refused.status, 400 | 422), "{body}: {}", refused.text());
    }
    assert_eq!(server.get("/api/yaddash/status").json()["units"], 4);
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let (_folder, memory) = office();
    let server = Server::start(&memory, &[]);
    for query in [
        "from=en",
        "text=&from=en",
        "text=a",
        "text=a&from=english",
        "text=a&from=e",
        "text=a&from=en&to=",
        "text=a&from=en&to=az,,ru",
        "text=a&from=en&min=NaN",
        "text=a&from=en&min=103",
        "text=a&from=en&min=-1",
        "text=a&from=en&max=0",
        "text=a&from=en&max=101",
        "text=a&from=en&max=1.5",
        "text=a&from=en&pending=maybe",
        "text=a&from=en&other=1",
        "text=a&text=b&from=en",
    ] {
        let refused = server.get(&format!("/api/yaddash/lookup?{query}"));
        assert_eq!(refused.status, 400, "{query}: {}", refused.text());
    }
}
