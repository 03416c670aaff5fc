//! Proposals for the glossary, and what contradicts it.

use crate::desk::Desk;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};
use yaddash::{
    Concept, Language,
    app::terms::glossaries,
    terms::{Overlap, Termbase},
};

/// The sample releases in a memory that knows no glossary; the glossary lies beside as `kept.csv`.
fn bare() -> Desk {
    let desk = Desk::with_samples();
    fs::copy(desk.path("glossary/sms.csv"), desk.path("kept.csv")).unwrap();
    fs::remove_dir_all(desk.path("glossary")).unwrap();
    desk.run(&["run", "releases", "-q"]).ok();
    desk
}

fn proposals(desk: &Desk, more: &[&str]) -> Vec<Value> {
    desk.run(&[&["term", "suggest", "--format", "jsonl"], more].concat()).ok().objects()
}

/// The texts of a proposal in one language: the term and its abbreviation.
fn texts(proposal: &Value, language: &str) -> Vec<String> {
    let own = proposal["terms"].as_array().unwrap().iter().filter(|term| term["language"] == language);
    own.flat_map(|term| [term["text"].as_str(), term["abbreviation"]["text"].as_str()])
        .flatten()
        .map(str::to_owned)
        .collect()
}

/// Whether one of the texts is an approved term of the concept as a whole, in whatever form.
fn is_term_of(concept: &Concept, language: Language, texts: &[String]) -> bool {
    let termbase = Termbase::new(vec![concept.clone()]);
    texts.iter().any(|text| {
        let found = termbase.find(language, text, Overlap::All);
        found.iter().any(|found| found.span.len() == text.len() && termbase.term_of(found).status.approved())
    })
}

/// Of the glossary's concepts that the releases have three times and more, those that are proposed with the right
/// counterpart in one of the other languages.
#[test]
fn the_glossary_of_the_samples_is_found_again() {
    let desk = bare();
    let concepts = glossaries(&[desk.path("kept.csv")]).unwrap().concepts;
    let termbase = Termbase::new(concepts.clone());
    let mut units: BTreeMap<usize, usize> = BTreeMap::new();
    for unit in desk.run(&["export", "--as", "jsonl"]).ok().objects() {
        let english = unit["variants"].as_array().unwrap().iter().find(|variant| variant["language"] == "en");
        let Some(text) = english.and_then(|variant| variant["text"].as_str()) else { continue };
        let found = termbase.find(Language::EN, text, Overlap::Longest);
        let mut own: Vec<usize> =
            found.iter().filter(|f| termbase.term_of(f).status.approved()).map(|f| f.concept).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().for_each(|concept| *units.entry(concept).or_default() += 1);
    }
    let due: Vec<&Concept> =
        units.iter().filter(|(_, count)| **count >= 3).map(|(concept, _)| &concepts[*concept]).collect();
    let proposals = proposals(&desk, &["--max", "0"]);
    let is_found = |concept: &Concept| {
        proposals.iter().any(|proposal| {
            is_term_of(concept, Language::EN, &texts(proposal, "en"))
                && [Language::AZ, Language::RU]
                    .into_iter()
                    .any(|other| is_term_of(concept, other, &texts(proposal, other.as_str())))
        })
    };
    let (found, lost): (Vec<&Concept>, Vec<&Concept>) = due.iter().copied().partition(|concept| is_found(concept));
    let lost: Vec<&str> = lost.iter().map(|concept| concept.id.as_str()).collect();
    assert!(due.len() >= 30, "{}", due.len());
    eprintln!("{} of {} found again; not: {lost:?}", found.len(), due.len());
    assert!(found.len() * 100 >= due.len() * 70, "{} of {}; not: {lost:?}", found.len(), due.len());
}

/// `judged.tsv` says of each proposal whether it is one an editor would take. What nobody judged counts as bad.
#[test]
fn most_of_the_first_fifty_are_terms() {
    let desk = bare();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/suggest.tsv");
    let table = fs::read_to_string(table).unwrap();
    let judged: BTreeMap<&str, &str> = table
        .lines()
        .skip(1)
        .map(|line| {
            let (proposal, rest) = line.split_once('\t').unwrap();
            (proposal, rest.split('\t').next().unwrap())
        })
        .collect();
    let shown = |proposal: &Value| {
        let terms = proposal["terms"].as_array().unwrap();
        terms.iter().map(|term| term["text"].as_str().unwrap()).collect::<Vec<_>>().join(" | ")
    };
    let all: Vec<String> = proposals(&desk, &[]).iter().map(shown).collect();
    assert_eq!(all.len(), 50);
    let bad: Vec<&String> = all.iter().filter(|text| judged.get(text.as_str()) != Some(&"good")).collect();
    eprintln!("{} of 50 are good; not: {bad:#?}", 50 - bad.len());
    assert!(bad.len() <= 10, "{bad:#?}");
}

#[test]
fn what_the_glossary_has_is_left_out_in_any_form() {
    let desk = bare();
    let concepts = glossaries(&[desk.path("kept.csv")]).unwrap().concepts;
    let all = proposals(&desk, &["--terms", "kept.csv", "--max", "0"]);
    assert!(!all.is_empty());
    for proposal in &all {
        let english = texts(proposal, "en");
        for concept in &concepts {
            let termbase = Termbase::new(vec![concept.clone()]);
            let found = termbase.find(Language::EN, &english[0], Overlap::All);
            assert!(!found.iter().any(|f| f.span.len() == english[0].len()), "{} is in the glossary", english[0]);
        }
    }
    let names: Vec<String> = all.iter().flat_map(|proposal| texts(proposal, "en")).collect();
    assert!(names.iter().any(|name| name == "Kamran Valikhanli"), "{names:?}");
    // What `run` took into the memory counts as well.
    desk.run(&["term", "import", "kept.csv"]).ok();
    let names_now: Vec<String> =
        proposals(&desk, &["--max", "0"]).iter().flat_map(|proposal| texts(proposal, "en")).collect();
    assert_eq!(names_now, names);
}

#[test]
fn a_file_of_proposals_is_read_back_as_proposed() {
    let desk = bare();
    for (form, file) in [("csv", "p.csv"), ("tsv", "p.tsv")] {
        desk.run(&["term", "suggest", "--max", "5", "--format", form, "-o", file]).ok();
        let read = glossaries(&[desk.path(file)]).unwrap();
        assert!(read.skipped.is_empty(), "{:?}", read.skipped);
        assert_eq!(read.concepts.len(), 5);
        let first = &read.concepts[0];
        let terms: Vec<(&str, &str)> =
            first.terms.iter().map(|term| (term.text.as_str(), term.status.as_str())).collect();
        assert_eq!(
            terms,
            [
                ("State Migration Service", "proposed"),
                ("SMS", "proposed"),
                ("Dövlət Miqrasiya Xidməti", "proposed"),
                ("DMX", "proposed"),
                ("Государственная миграционная служба", "proposed"),
                ("ГМС", "proposed"),
            ]
        );
    }
    desk.run(&["term", "import", "p.csv"]).ok();
    assert_eq!(desk.run(&["term", "list"]).ok().out.lines().count(), 5);
}

/// Sentences in which a term is translated in two ways, and another mostly not as the glossary has it.
const UNITS: &str = "en,az,ru\n\
    The fight against illegal migration goes on.,Qanunsuz miqrasiya ilə mübarizə davam edir.,Борьба с незаконной миграцией продолжается.\n\
    Illegal migration is a danger.,Qanunsuz miqrasiya təhlükədir.,Незаконная миграция опасна.\n\
    They spoke of illegal migration.,Onlar qanunsuz miqrasiyadan danışıblar.,Они говорили о незаконной миграции.\n\
    A booklet on illegal migration was read.,Qanunsuz miqrasiya haqqında buklet oxundu.,Прочитан буклет о незаконной миграции.\n\
    The causes of illegal migration are known.,Qeyri-qanuni miqrasiyanın səbəbləri məlumdur.,Причины незаконной миграции известны.\n\
    Illegal migration fell by a third.,Qeyri-qanuni miqrasiya üçdə bir azalıb.,Незаконная миграция снизилась на треть.\n\
    Call the hotline today.,Bu gün isti xəttə zəng edin.,Позвоните сегодня на горячую линию.\n\
    The hotline works at night.,İsti xətt gecə işləyir.,Горячая линия работает ночью.\n\
    Nobody knows the hotline.,İsti xətti heç kim tanımır.,Горячую линию никто не знает.\n\
    A hotline was opened.,Qaynar xətt açılıb.,Открыта горячая линия.\n\
    Legal migration grew.,Qanuni miqrasiya artıb.,Законная миграция выросла.\n\
    Migration is studied at school.,Miqrasiya məktəbdə öyrənilir.,Миграцию изучают в школе.\n\
    An illegal sale was stopped.,Qanunsuz satış dayandırılıb.,Незаконная продажа остановлена.\n\
    The illegal building fell.,Qanunsuz bina uçub.,Незаконное здание рухнуло.\n\
    The metro line grew longer.,Metro xətti uzanıb.,Линия метро стала длиннее.\n\
    A bus line was closed.,Avtobus xətti bağlanıb.,Автобусная линия закрыта.\n\
    The border line is long.,Sərhəd xətti uzundur.,Линия границы длинная.\n\
    The weather was fine.,Hava yaxşı idi.,Погода была хорошей.\n\
    A bus waited outside.,Çöldə avtobus gözləyirdi.,Снаружи ждал автобус.\n\
    Children sang songs.,Uşaqlar mahnı oxudular.,Дети пели песни.\n\
    The hall was full.,Zal dolu idi.,Зал был полон.\n\
    Tea was served.,Çay verildi.,Подали чай.\n\
    Guests left late.,Qonaqlar gec getdilər.,Гости ушли поздно.\n";

fn small() -> Desk {
    let desk = Desk::new();
    desk.put("units.csv", UNITS);
    desk.run(&["import", "units.csv", "-q"]).ok();
    desk
}

#[test]
fn translations_that_compete_are_told_with_their_counts() {
    let desk = small();
    let all = proposals(&desk, &[]);
    let proposal = all.iter().find(|proposal| texts(proposal, "en") == ["illegal migration"]);
    let proposal = proposal.unwrap_or_else(|| panic!("{all:#?}"));
    for key in ["terms", "units", "documents", "score", "examples"] {
        assert!(proposal.get(key).is_some(), "{key}");
    }
    assert_eq!(proposal["units"], 6);
    let az = &proposal["terms"][1];
    assert_eq!((az["text"].as_str(), az["units"].as_u64()), (Some("qanunsuz miqrasiya"), Some(4)));
    assert_eq!(az["others"], serde_json::json!([{"text": "qeyri-qanuni miqrasiya", "units": 2}]));
    assert_eq!(proposal["terms"][2]["text"], "незаконная миграция");
    assert_eq!(proposal["terms"][2]["units"], 6);
    let examples = proposal["examples"].as_array().unwrap();
    assert_eq!(examples.len(), 2, "{examples:?}");
    assert!(examples[0]["texts"]["az"].as_str().unwrap().contains("anunsuz"), "{examples:?}");
    let text = desk.run(&["term", "suggest"]).ok();
    assert!(text.out.contains("az: qanunsuz miqrasiya 4, qeyri-qanuni miqrasiya 2"), "{}", text.out);
    assert!(text.err.contains("from 23 units"), "{}", text.err);
    let more = desk.run(&["term", "suggest", "-v"]).ok();
    assert!(more.out.contains("ru Борьба с незаконной миграцией"), "{}", more.out);
}

#[test]
fn terms_the_memory_contradicts_are_named() {
    let desk = small();
    desk.put("g.csv", "concept,en,az,ru\nhotline,hotline,qaynar xətt,горячая линия\n");
    let found = proposals(&desk, &["--contradictions", "--terms", "g.csv"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    let one = &found[0];
    assert_eq!((one["concept"].as_str(), one["to"].as_str()), (Some("hotline"), Some("az")));
    assert_eq!((one["units"].as_u64(), one["kept"].as_u64()), (Some(4), Some(1)));
    assert_eq!(one["instead"], serde_json::json!({"text": "isti xətt", "units": 3}));
    assert_eq!(one["examples"].as_array().unwrap().len(), 3);
    let text = desk.run(&["term", "suggest", "--contradictions", "--terms", "g.csv"]).ok();
    assert!(text.out.contains("az qaynar xətt in 1 of them, isti xətt in 3"), "{}", text.out);
    // A term out of use is named as the glossary has it.
    desk.put("g.csv", "concept,en,az,az_deprecated\nhotline,hotline,qaynar xətt,isti xətt\n");
    let found = proposals(&desk, &["--contradictions", "--terms", "g.csv"]);
    assert_eq!(found[0]["instead"], serde_json::json!({"text": "isti xətt", "units": 3}));
}

#[test]
fn languages_and_counts_are_as_asked() {
    let desk = small();
    let all = proposals(&desk, &["--from", "az", "--to", "ru", "--min-count", "2"]);
    let named: Vec<&str> =
        all.iter().flat_map(|p| p["terms"].as_array().unwrap()).map(|t| t["language"].as_str().unwrap()).collect();
    assert!(named.iter().all(|language| ["az", "ru"].contains(language)), "{named:?}");
    assert!(all.iter().any(|p| texts(p, "az") == ["qanunsuz miqrasiya"]), "{all:#?}");
    assert!(proposals(&desk, &["--min-count", "20"]).is_empty());
    assert_eq!(proposals(&desk, &["--max", "1"]).len(), 1);
    desk.run(&["term", "suggest", "--from", "kk"]).refused("the memory has no units in kk");
    desk.run(&["term", "suggest", "--from", "en", "--to", "en"]).refused("`en` is named as the source and as a target");
    desk.run(&["term", "suggest", "--contradictions"]).refused("there is no glossary to contradict");
    let g = ["--terms", "g.csv", "--contradictions", "--format", "csv"];
    desk.put("g.csv", "concept,en,az\nhotline,hotline,qaynar xətt\n");
    desk.run(&[&["term", "suggest"], &g[..]].concat()).refused("contradictions are no glossary");
    let other = Desk::new();
    other.run(&["term", "suggest"]).refused("yaddash.db");
    assert!(!other.path("yaddash.db").exists());
}
