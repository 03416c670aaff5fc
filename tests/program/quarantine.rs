//! Memories from outside: taken in apart, looked through, accepted and refused.

use crate::desk::Desk;
use serde_json::Value;

/// What each unit of the file is, and the rule that finds what is wrong with it: (rule, en, az).
const UNITS: &[(&str, &str, &str)] = &[
    ("", "The office is open on weekdays.", "Ofis iş günlərində açıqdır."),
    ("", "Some 1,200 people asked for help in 2024.", "2024-cü ildə 1200 nəfər kömək istəyib."),
    ("wrong-language", "The new office was opened in the city.", "Служба открыла новый центр в городе."),
    ("swapped-sides", "Şəhərdə yeni ofis açılıb və xidmət göstərir.", "The new office was opened in the city."),
    ("turkish", "A new service centre was opened for foreigners.", "Yabancılar için yeni bir hizmet merkezi açıldı."),
    ("without-letters", "State Migration Service", "Dovlet Miqrasiya Xidmeti"),
    ("cyrillic", "The service has a new office in the city.", "Хидмәтин шәһәрдә јени идарәси вар."),
    ("untranslated", "Please open the door of the office.", "Please open the door of the office."),
    ("number-mismatch", "The fee is 250 manats.", "Rüsum 205 manatdır."),
    ("link-mismatch", "Write to info@office.az today.", "Bu gün info@ofice.az ünvanına yazın."),
    ("forbidden-term", "The bureau is open today.", "Büro bu gün açıqdır."),
    ("inline-codes", "A <ph x=\"1\">b</ph>new hall was opened.", "Yeni zal açılıb."),
    (
        "length",
        "The committee met on Monday to talk about the new law on migration, and heard a report of its chairman on the work \
         that was done in the first half of the year in the districts of the country",
        "Komitə toplaşıb",
    ),
    ("mixed-script", "The Мilli Majlis met.", "Milli Məclis toplaşıb."),
    ("broken-characters", "The service is free.", "XidmÉ™t pulsuzdur."),
    ("empty", "Read more", "…"),
    ("doubled", "The office is open on weekdays.", "Ofis iş günlərində açıqdır."),
    ("unsure", "Come in.", "İçəri keçin."),
];

fn tmx() -> String {
    let mut out = "<tmx version=\"1.4\"><header srclang=\"en\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" \
                   datatype=\"plaintext\" creationtool=\"x\" creationtoolversion=\"1\"/><body>\n"
        .to_owned();
    for (number, (rule, en, az)) in UNITS.iter().enumerate() {
        let state = match *rule {
            "unsure" => "<prop type=\"x-yaddash\">date</prop><prop type=\"x-yaddash-state\">pending</prop>",
            "" => "<prop type=\"x-yaddash\">date</prop><prop type=\"x-yaddash-state\">published</prop>",
            _ => "",
        };
        out += &format!(
            "<tu tuid=\"{number}\">{state}<tuv xml:lang=\"en\"><seg>{en}</seg></tuv><tuv \
             xml:lang=\"az\"><seg>{az}</seg></tuv></tu>\n"
        );
    }
    out + "</body></tmx>\n"
}

fn with_agency() -> Desk {
    let desk = Desk::new();
    desk.put("terms.csv", "concept,en,en_forbidden,az,az_forbidden\noffice,office,bureau,ofis,büro\n");
    desk.run(&["import", "terms.csv"]).ok();
    desk.put("agency.tmx", tmx());
    desk
}

/// The state of each unit by its text in English.
fn states(desk: &Desk) -> Vec<(String, String)> {
    let all = desk.run(&["export", "--as", "jsonl", "--pending"]).ok().objects();
    let text = |unit: &Value| {
        let variants = unit["variants"].as_array().unwrap();
        variants.iter().find(|v| v["language"] == "en").unwrap()["text"].as_str().unwrap().to_owned()
    };
    all.iter().map(|unit| (text(unit), unit["state"].as_str().unwrap_or("imported").to_owned())).collect()
}

fn audited(desk: &Desk, more: &[&str]) -> Vec<Value> {
    desk.run(&[&["memory", "audit", "--format", "jsonl"], more].concat()).objects()
}

#[test]
fn a_memory_from_outside_is_looked_through_accepted_and_refused() {
    let desk = with_agency();
    let trial = desk.run(&["import", "--quarantine", "agency.tmx", "--dry-run"]).ok();
    assert_eq!(states(&desk), [], "a trial stores nothing");
    let taken = desk.run(&["import", "--quarantine", "agency.tmx"]).ok();
    assert_eq!(trial.out, taken.out);
    assert!(taken.out.starts_with("18 units wait; nothing is wrong with 2\n"), "{}", taken.out);
    assert!(states(&desk).iter().all(|(_, state)| state == "pending"));

    // Each unit has the fault it was made with, and no other.
    let found = audited(&desk, &[]);
    let told: Vec<(i64, Vec<&str>)> = found
        .iter()
        .map(|unit| {
            let mut rules: Vec<&str> =
                unit["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
            rules.dedup();
            (unit["unit"].as_i64().unwrap(), rules)
        })
        .collect();
    let made: Vec<(i64, Vec<&str>)> =
        (1..).zip(UNITS).filter(|(_, u)| !u.0.is_empty()).map(|(n, u)| (n, vec![u.0])).collect();
    assert_eq!(told, made);
    assert_eq!(desk.run(&["memory", "audit"]).code, 1);
    let listed = desk.run(&["memory", "audit", "--rule", "turkish"]).out;
    assert!(listed.contains("turkish: az reads as Turkish: `Yabancılar`, `için`"), "{listed}");
    let csv = desk.run(&["memory", "audit", "--format", "csv"]).out;
    assert!(csv.contains("unit,origin,file_state,rules,findings,en,az\r\n"), "{csv}");
    assert_eq!(csv.lines().count(), 17);

    // Nothing of it is offered before it is accepted.
    let asked = ["lookup", "The office is open on weekdays.", "--from", "en", "--to", "az", "--format", "jsonl"];
    assert_eq!(desk.run(&asked).code, 1);
    desk.run(&["memory", "accept"]).refused("no units are chosen");
    let trial = desk.run(&["memory", "accept", "--clean", "--dry-run"]).ok();
    assert!(trial.out.contains("would be accepted") && trial.err.contains("2 units"), "{}{}", trial.out, trial.err);
    desk.run(&["memory", "accept", "--clean"]).ok();
    let accepted = |desk: &Desk| -> Vec<String> {
        states(desk).into_iter().filter(|(_, state)| state == "imported").map(|(text, _)| text).collect()
    };
    assert_eq!(accepted(&desk), [UNITS[0].1, UNITS[1].1], "no more than imported, whatever the file says");
    let score = |desk: &Desk, more: &[&str]| -> Value {
        let ended = desk.run(&[&asked[..], more].concat()).ok();
        ended.objects()[0]["matches"][0]["score"].clone()
    };
    assert_eq!(score(&desk, &[]), 95);
    assert_eq!(score(&desk, &["--penalty", "agency*=12", "--verify"]), 88, "the highest counts");
    let doubled = audited(&desk, &["--rule", "doubled"]);
    assert_eq!(doubled.len(), 1, "what was accepted is doubled as well");

    // The penalty is seen, changed and undone.
    assert_eq!(desk.run(&["memory", "penalty"]).ok().out, "    5  agency.tmx\n");
    desk.run(&["memory", "penalty", "agency.tmx=2.5"]).ok();
    assert_eq!(score(&desk, &[]), 97.5);
    let status = desk.run(&["memory", "status"]).ok().out;
    assert!(status.contains("waiting   16, in quarantine") && status.contains("penalty   2.5  agency.tmx"), "{status}");
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(score(&desk, &[]), 95);
    desk.run(&["memory", "penalty", "agency.tmx=0"]).ok();
    assert_eq!((score(&desk, &[]), desk.run(&["memory", "penalty"]).out), (100.into(), String::new()));
    assert_eq!(audited(&desk, &[]).len(), 16, "without a penalty they wait all the same");
    desk.run(&["memory", "undo"]).ok();

    // By rules; what the file itself is not sure of is accepted by name only.
    let without = "wrong-language,swapped-sides,turkish,without-letters,cyrillic,untranslated,number-mismatch,doubled,empty,\
                   broken-characters,mixed-script,length,inline-codes,forbidden-term";
    let some = desk.run(&["memory", "accept", "--without", without]).ok();
    assert!(some.err.contains("1 unit that its file marks as pending goes on waiting"), "{}", some.err);
    assert_eq!(accepted(&desk).last().unwrap(), "Write to info@office.az today.");
    desk.run(&["memory", "accept", "--rule", "unsure"]).ok();
    assert_eq!(accepted(&desk).last().unwrap(), "Come in.");
    desk.run(&["memory", "accept", "1"]).refused("unit 1 does not wait in quarantine");

    // Edited, it is audited anew.
    desk.run(&["memory", "edit", "9", "--set", "az=Rüsum 250 manatdır.", "--to-state", "pending"]).ok();
    assert_eq!(audited(&desk, &["--clean"])[0]["unit"], 9);
    desk.run(&["memory", "accept", "9"]).ok();

    let before = states(&desk);
    let refused = desk.run(&["memory", "refuse", "--all"]).ok();
    assert!(refused.err.contains("13 units; `yaddash memory undo"), "{}", refused.err);
    assert_eq!(states(&desk).len(), 5);
    assert_eq!(desk.run(&["memory", "audit"]).ok().out, "0 units wait; nothing is wrong with 0\n");
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(states(&desk), before);
    assert_eq!(audited(&desk, &[]).len(), 13);
    assert!(desk.run(&["memory", "check", "--thorough"]).ok().out.contains("sound"));

    // The import as a whole is taken back.
    let desk = with_agency();
    desk.run(&["import", "--quarantine", "--penalty", "20", "agency.tmx", "--report", "report.json"]).ok();
    let report: Value = serde_json::from_slice(&std::fs::read(desk.path("report.json")).unwrap()).unwrap();
    assert_eq!(report["files"][0]["audit"]["turkish"], 1, "{report}");
    assert_eq!(desk.run(&["memory", "penalty"]).out, "   20  agency.tmx\n");
    desk.run(&["memory", "undo"]).ok();
    assert_eq!((states(&desk).len(), desk.run(&["memory", "penalty"]).ok().out), (0, String::new()));
    let history = desk.run(&["memory", "history"]).ok().out;
    assert!(history.contains("import --quarantine agency.tmx"), "{history}");
}

#[test]
fn every_form_of_file_can_wait() {
    let desk = Desk::new();
    desk.put("a.csv", "en,az\nThe centre is open.,Mərkəz açıqdır.\n");
    desk.put("b.po", "msgid \"\"\nmsgstr \"Language: az\\n\"\n\n#, fuzzy\nmsgid \"Save\"\nmsgstr \"Saxla\"\n");
    desk.put(
        "c.xlf",
        "<xliff version=\"1.2\"><file original=\"d\" source-language=\"en\" target-language=\"az\" datatype=\"plaintext\"><body>\
         <trans-unit id=\"1\" approved=\"yes\"><source>Thank you.</source><target>Sağ olun.</target></trans-unit>\
         </body></file></xliff>",
    );
    desk.put(
        "e.jsonl",
        "{\"variants\":[{\"language\":\"en\",\"text\":\"Open\"},{\"language\":\"az\",\"text\":\"Aç\"}],\
         \"state\":\"published\",\"origin\":{\"name\":\"2024/004\",\"provenance\":\"release\"}}\n",
    );
    let taken = desk.run(&["import", "--quarantine", "a.csv", "b.po", "c.xlf", "e.jsonl"]).ok();
    assert_eq!(taken.out.lines().filter(|line| line.starts_with("1 unit waits")).count(), 4, "{}", taken.out);
    let all = audited(&desk, &["1", "2", "3", "4"]);
    let filed: Vec<(&str, &str)> =
        all.iter().map(|u| (u["origin"].as_str().unwrap(), u["file_state"].as_str().unwrap())).collect();
    assert_eq!(
        filed,
        [("a.csv", "imported"), ("b.po", "pending"), ("c.xlf", "approved"), ("e.jsonl: 2024/004", "published")]
    );
    // The origin that the file gives is not taken for one of ours, and has the penalty of the file.
    desk.run(&["memory", "accept", "--origin", "e.jsonl*"]).ok();
    let found = desk.run(&["lookup", "Open", "--from", "en", "--to", "az", "--format", "jsonl"]).ok();
    assert_eq!(found.objects()[0]["matches"][0]["score"], 95);

    desk.put("terms.csv", "concept,en,az\noffice,office,ofis\n");
    desk.run(&["import", "--quarantine", "terms.csv"]).refused("only units can wait in quarantine");
    desk.run(&["import", "--quarantine", "--on-conflict", "overwrite", "a.csv"]).refused("overwrites nothing");
    desk.run(&["import", "--penalty", "3", "a.csv"]).refused("required arguments");
    // What is there already is not put back into quarantine.
    desk.run(&["memory", "accept", "1"]).ok();
    let again = desk.run(&["import", "--quarantine", "a.csv"]).ok();
    assert!(
        again.out.starts_with("0 units wait") && again.err.contains("1 there already"),
        "{}{}",
        again.out,
        again.err
    );
}

#[test]
fn what_waits_goes_with_a_merge() {
    let desk = with_agency();
    desk.run(&["import", "--quarantine", "agency.tmx", "--memory", "other.db"]).ok();
    desk.put("own.csv", "en,az\nThe centre is open.,Mərkəz açıqdır.\n");
    desk.run(&["import", "own.csv"]).ok();
    desk.run(&["memory", "merge", "other.db"]).ok();
    let waiting = audited(&desk, &[]);
    assert_eq!((waiting.len(), &waiting[0]["unit"]), (16, &Value::from(4)));
    assert_eq!(waiting.last().unwrap()["file_state"], "pending");
    assert_eq!(desk.run(&["memory", "penalty", "--format", "json"]).ok().out, "{\"agency.tmx\":5}\n");
    desk.run(&["memory", "undo"]).ok();
    assert_eq!(audited(&desk, &[]), Vec::<Value>::new());
}
