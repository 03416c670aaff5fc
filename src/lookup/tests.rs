use super::{score::score, *};
use crate::{
    memory::{Memory, Mode},
    model::{Code, CodeKind, Origin, Variant},
};
use proptest::prelude::*;
use tempfile::TempDir;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;
const RU: Language = Language::RU;

fn now() -> Timestamp {
    "2024-03-12T10:00:00Z".parse().unwrap()
}

fn memory(units: &[Unit]) -> (TempDir, Memory) {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
    memory.write("test", now(), "me", |batch| units.iter().try_for_each(|unit| batch.add(unit).map(drop))).unwrap();
    (folder, memory)
}

fn unit(source: &str, target: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(EN, source), Variant::new(AZ, target)],
        origin: Origin { date: Some(now()), ..Origin::default() },
        ..Unit::default()
    }
}

fn options() -> Options {
    Options { from: EN, to: vec![AZ], min: Score::from_percent(60.0), max: 5, pending: false, penalties: Vec::new() }
}

fn find(memory: &Memory, options: Options, query: impl Into<Query>) -> Vec<Match> {
    Finder::new(&memory.read().unwrap(), options).unwrap().verified(&query.into()).unwrap()
}

fn targets(found: &[Match]) -> Vec<(&str, String)> {
    found.iter().map(|m| (m.target().text.as_str(), m.score.to_string())).collect()
}

/// What a translator expects: (language, stored, query, kind, lowest and highest percent).
#[rustfmt::skip]
const EXPECTED: &[(Language, &str, &str, MatchKind, f64, f64)] = &[
    // The same text, and what differs from it in typing alone.
    (EN, "The Service opened an office.", "The Service opened an office.", MatchKind::Exact, 100.0, 100.0),
    (AZ, "Xidmət ofis açıb.", "Xidmət ofis açıb.", MatchKind::Exact, 100.0, 100.0),
    (RU, "Служба открыла офис.", "Служба открыла офис.", MatchKind::Exact, 100.0, 100.0),
    (EN, "The Service opened an office.", "The Service opened an office", MatchKind::Near, 95.0, 98.9),
    (EN, "The Service opened an office.", "THE SERVICE OPENED AN OFFICE.", MatchKind::Near, 99.0, 99.0),
    (EN, "\"Open day\" is held.", "“Open day” is held.", MatchKind::Near, 99.0, 99.0),
    (EN, "Fee: 30 manats", "Fee: 30\u{a0}manats", MatchKind::Near, 99.0, 99.0),
    (EN, "Fee:  30 manats ", "Fee: 30 manats", MatchKind::Near, 99.0, 99.0),
    (EN, "Registration is free, quick and simple.", "Registration is free quick and simple", MatchKind::Near, 95.0, 98.9),
    (EN, "The desk – open daily", "The desk - open daily", MatchKind::Near, 99.0, 99.0),
    (EN, "The Service's portal", "The Service’s portal", MatchKind::Near, 99.0, 99.0),
    (EN, "Please wait…", "Please wait...", MatchKind::Near, 95.0, 99.0),
    (AZ, "Şamaxıda İclas keçirilib.", "ŞAMAXIDA İCLAS KEÇİRİLİB.", MatchKind::Near, 99.0, 99.0),
    (AZ, "Qeydiyyat pulsuz, sadə və sürətlidir.", "Qeydiyyat pulsuz, sadə və sürətlidir", MatchKind::Near, 95.0, 98.9),
    (AZ, "IŞIQ VƏ İSTİLİK", "Işıq və istilik", MatchKind::Near, 99.0, 99.0),
    (AZ, "“Yaşıl dəhliz” açıqdır.", "«Yaşıl dəhliz» açıqdır.", MatchKind::Near, 99.0, 99.0),
    (RU, "Её приняли в Баку.", "Ее приняли в Баку.", MatchKind::Near, 99.0, 99.0),
    (RU, "ЗАЯВЛЕНИЕ ПРИНЯТО", "Заявление принято", MatchKind::Near, 99.0, 99.0),
    (RU, "«Тёплый дом» — новая программа.", "\"Теплый дом\" - новая программа.", MatchKind::Near, 99.0, 99.0),
    // Letters of another keyboard or encoding.
    (EN, "Thе centre in Вaku is open.", "The centre in Baku is open.", MatchKind::Near, 99.0, 99.0),
    (EN, "Visitors i\u{307}n the city", "Visitors in the city", MatchKind::Near, 99.0, 99.0),
    (AZ, "Məcəllə qüvvəyə minib.", "Mәcəllə qüvvəyə minib.", MatchKind::Near, 99.0, 99.0),
    (AZ, "Мilli Mǝclis toplanıb.", "Milli Məclis toplanıb.", MatchKind::Near, 99.0, 99.0),
    (AZ, "Вakıda i\u{307}clas keçirilib.", "Bakıda iclas keçirilib.", MatchKind::Near, 99.0, 99.0),
    (RU, "Cлужба пpиняла граждан.", "Служба приняла граждан.", MatchKind::Near, 99.0, 99.0),
    // Numbers and dates alone.
    (EN, "About 50 people came.", "About 1,250 people came.", MatchKind::Number, 99.0, 99.0),
    (EN, "On March 3, 2016 it was signed.", "On July 21, 2019 it was signed.", MatchKind::Number, 95.0, 98.0),
    (EN, "The rate is 3.5%", "The rate is 4 %", MatchKind::Number, 99.0, 99.0),
    (AZ, "12 martda 45 nəfər gəlib.", "3 iyunda 1 450 nəfər gəlib.", MatchKind::Number, 95.0, 98.0),
    (AZ, "Görüş 7 aprel 2022 tarixində olub.", "Görüş 19 sentyabr 2024 tarixində olub.", MatchKind::Number, 95.0, 98.0),
    (RU, "Служба приняла 12 граждан.", "Служба приняла 4 граждан.", MatchKind::Number, 99.0, 99.0),
    (RU, "Встреча прошла 7 апреля 2022 года.", "Встреча прошла 19 сентября 2024 года.", MatchKind::Number, 95.0, 98.0),
    // A number with the ending it asks for.
    (AZ, "Qəbul saat 10-da başlayır.", "Qəbul saat 14-də başlayır.", MatchKind::Fuzzy, 90.0, 94.9),
    // One word of five, of eight to ten, and two of these.
    (EN, "It was opened in Baku.", "It was opened in Shaki.", MatchKind::Fuzzy, 75.0, 90.0),
    (EN, "The council approved the plan.", "The council rejected the plan.", MatchKind::Fuzzy, 75.0, 90.0),
    (EN, "Visitors must show a passport at the desk.", "Visitors must show a permit at the desk.", MatchKind::Fuzzy, 85.0, 94.9),
    (EN, "Visitors must show a passport at the desk.", "Guests must show a permit at the desk.", MatchKind::Fuzzy, 75.0, 84.9),
    (EN, "The Service held an open day for students of all schools.", "The Service held an open day for teachers of all schools.", MatchKind::Fuzzy, 85.0, 94.9),
    (EN, "Visitors must show a valid passport at the desk.", "Visitors must show a passport at the desk.", MatchKind::Fuzzy, 85.0, 94.9),
    (AZ, "Seminarda iştirakçılara sertifikat təqdim olunub.", "Seminarda qonaqlara sertifikat təqdim olunub.", MatchKind::Fuzzy, 75.0, 90.0),
    (AZ, "Yeni qaydalar gələn ay qüvvəyə minəcək və hamıya şamil ediləcək.", "Yeni qaydalar gələn il qüvvəyə minəcək və hamıya şamil ediləcək.", MatchKind::Fuzzy, 85.0, 94.9),
    (AZ, "Yeni qaydalar gələn ay qüvvəyə minəcək və hamıya şamil ediləcək.", "Yeni tələblər gələn il qüvvəyə minəcək və hamıya şamil ediləcək.", MatchKind::Fuzzy, 75.0, 84.9),
    (RU, "Совет утвердил новый план работы.", "Совет утвердил старый план работы.", MatchKind::Fuzzy, 75.0, 90.0),
    (RU, "Посетители предъявляют паспорт у стойки дежурного на входе.", "Посетители предъявляют пропуск у стойки дежурного на входе.", MatchKind::Fuzzy, 85.0, 94.9),
    (RU, "Посетители предъявляют паспорт у стойки дежурного на входе.", "Гости предъявляют пропуск у стойки дежурного на входе.", MatchKind::Fuzzy, 75.0, 84.9),
    // Other forms of the same words.
    (EN, "Citizens sign applications.", "Citizen signed application.", MatchKind::Fuzzy, 60.0, 80.0),
    (EN, "Our staff answers your calls.", "Our staff answered your call.", MatchKind::Fuzzy, 80.0, 94.9),
    (AZ, "Xidmətin binası açılıb.", "Xidmətində binalar açılıb.", MatchKind::Fuzzy, 75.0, 94.9),
    (AZ, "Müraciətlərə vaxtında baxılıb.", "Müraciətə vaxtında baxılır.", MatchKind::Fuzzy, 75.0, 94.9),
    (RU, "Новая служба сообщает.", "Новой службой сообщается.", MatchKind::Fuzzy, 70.0, 94.9),
    (RU, "Новый закон вступил в силу.", "Новые законы вступили в силу.", MatchKind::Fuzzy, 75.0, 94.9),
];

#[test]
fn matches_score_as_translators_expect() {
    for (language, stored, query, kind, low, high) in EXPECTED {
        let (found, found_kind) = score(*language, query, stored).unwrap();
        let range = Score::from_percent(*low)..=Score::from_percent(*high);
        assert_eq!(found_kind, *kind, "{stored} / {query}");
        assert!(range.contains(&found), "{stored} / {query}: {found}, wanted {low} to {high}");
        assert_eq!(score(*language, stored, query), Some((found, found_kind)), "the score has no direction");
    }
}

/// (language, query, what must score higher, what must score lower).
#[rustfmt::skip]
const ORDERED: &[(Language, &str, &str, &str)] = &[
    // A number before a word; case, punctuation and letters before both.
    (EN, "The seminar was attended by 40 teachers.", "The seminar was attended by 1,200 teachers.", "The seminar was attended by 40 doctors."),
    (EN, "The seminar ended.", "THE SEMINAR ENDED.", "The seminar began."),
    (AZ, "Seminarda 40 müəllim iştirak edib.", "Seminarda 1 200 müəllim iştirak edib.", "Seminarda 40 həkim iştirak edib."),
    (AZ, "Görüş Bakıda olub.", "Görüş Вakıda olub.", "Görüş Şəkidə olub."),
    (RU, "В семинаре участвовали 40 учителей.", "В семинаре участвовали 1 200 учителей.", "В семинаре участвовали 40 врачей."),
    (RU, "Пришёл ответ.", "Пришел ответ", "Пришёл запрос."),
    // Two forms before two words.
    (EN, "The inspectors visited factories.", "The inspector visits factories.", "The ministers closed factories."),
    (AZ, "İdarənin binasında görüş keçirilib.", "İdarə binalarında görüş keçirilib.", "İdarənin həyətində konsert keçirilib."),
    (RU, "Новый закон вступил в силу.", "Новые законы вступили в силу.", "Старый указ вступил в силу."),
    // One word before two, near the start and near the end.
    (EN, "Visitors must show a passport at the desk.", "Guests must show a passport at the desk.", "Guests must show a passport at the gate."),
    (AZ, "Qaydalar gələn ay qüvvəyə minəcək.", "Qaydalar gələn il qüvvəyə minəcək.", "Tələblər gələn il qüvvəyə minəcək."),
    (RU, "Гости предъявляют паспорт на входе.", "Гости предъявляют пропуск на входе.", "Дети предъявляют пропуск на входе."),
    // A word more is less of a difference in a long text.
    (EN, "The office opens at nine in the morning every day.", "The office opens at nine in the morning.", "The office opens."),
];

#[test]
fn what_is_more_alike_comes_first() {
    for (language, query, better, worse) in ORDERED {
        let target = if *language == AZ { EN } else { AZ };
        let stored = |source: &str| Unit {
            variants: vec![Variant::new(*language, source), Variant::new(target, source)],
            ..Unit::default()
        };
        let (_folder, memory) = memory(&[stored(worse), stored(better)]);
        let asked = Options { from: *language, to: vec![target], min: Score::default(), ..options() };
        let found = find(&memory, asked, *query);
        let order: Vec<&str> = found.iter().map(|m| m.source.as_str()).collect();
        assert_eq!(order, [*better, *worse], "{query}");
        assert!(found[0].score > found[1].score, "{query}: {} {}", found[0].score, found[1].score);
    }
}

/// (language, stored, query): never offered at 60 or more, for what they share are small words, or no words at all.
#[rustfmt::skip]
const UNRELATED: &[(Language, &str, &str)] = &[
    (EN, "The office was opened in Ganja.", "The event was held in Baku."),
    (EN, "The head of the agency met the ambassador of Japan.", "The price of the ticket rose in the middle of May."),
    (EN, "Doors open at noon.", "The minister travelled to Tokyo for talks."),
    (EN, "Contact us", "Contact them"),
    (EN, "We met in 2019.", "In 2019 prices fell."),
    (AZ, "Kitabxana şənbə günü bağlıdır.", "Yollarda hərəkət bərpa edildi."),
    (AZ, "İdarənin həyətində konsert keçirilib.", "İdarənin binasında görüş keçirilir."),
    (AZ, "Bakıda və Gəncədə sərgi var.", "Qızlar və oğlanlar məktəbdə oxuyur."),
    (RU, "Библиотека закрыта в субботу.", "Министр вылетел в Токио."),
    (RU, "Министр встретился с послом Японии.", "Погода в горах будет ясной."),
    (RU, "Центр открыт.", "Центр закрыт."),
];

#[test]
fn what_is_not_alike_is_not_offered() {
    for (language, stored, query) in UNRELATED {
        let found = score(*language, query, stored);
        assert!(found.is_none_or(|(found, _)| found < Score::from_percent(60.0)), "{stored} / {query}: {found:?}");
    }
}

/// The worked examples of `docs/score.md`.
#[test]
fn the_documented_examples_hold() {
    let documented = include_str!("../../docs/score.md");
    for (language, stored, query, percent) in [
        (EN, "Open day is held.", "Open day is held.", "100"),
        (EN, "“Open day” is held.", "\"Open Day\" is held", "95.6"),
        (EN, "About 50 people came.", "About 1,250 people came.", "99"),
        (EN, "It was opened in Baku.", "It was opened in Shaki.", "80.7"),
        (EN, "Visitors must show a valid passport at the desk.", "Visitors must show a passport at the desk.", "89.1"),
        (AZ, "Sərgi açıldı.", "Sərgi açıldı.", "100"),
        (AZ, "Şamaxıda İclas keçirilib.", "ŞAMAXIDA İCLAS KEÇİRİLİB.", "99"),
        (AZ, "12 martda 45 nəfər gəlib.", "3 iyunda 1 450 nəfər gəlib.", "97"),
        (AZ, "Xidmətin binası açılıb.", "Xidmətində binalar açılıb.", "81.2"),
        (RU, "Выставка открыта.", "Выставка открыта.", "100"),
        (RU, "Её приняли в Баку.", "Ее приняли в Баку.", "99"),
        (RU, "Служба приняла 12 граждан.", "Служба приняла 4 граждан", "95"),
        (RU, "Новая служба сообщает.", "Новой службой сообщается.", "71.8"),
    ] {
        assert_eq!(score(language, query, stored).unwrap().0.to_string(), percent, "{stored} / {query}");
        let example = documented.split("\n\n").find(|e| e.contains(&format!("Stored: *{stored}* Query: *{query}*")));
        assert!(example.is_some_and(|example| example.contains(&format!("**{percent}**"))), "{stored}: {percent}");
    }
}

#[test]
fn what_shares_no_word_does_not_match() {
    assert_eq!(score(EN, "Open!!!!!!!!!!!!!!!!", "Closed!!!!!!!!!!!!!!!!"), None);
    assert_eq!(score(EN, "", ""), None);
    assert_eq!(score(EN, "...", "?"), None);
    assert_eq!(score(EN, "...", "...").unwrap().1, MatchKind::Exact);
}

#[test]
fn any_language_is_source_or_target() {
    let mut three = unit("The event was held.", "Tədbir keçirilib.");
    three.variants.push(Variant::new(RU, "Мероприятие состоялось."));
    let (_folder, memory) = memory(&[three]);
    for (from, to, query, target) in [
        (EN, RU, "The event was held", "Мероприятие состоялось."),
        (RU, AZ, "Мероприятие состоялось", "Tədbir keçirilib."),
        (AZ, EN, "Tədbir keçirildi.", "The event was held."),
    ] {
        let found = find(&memory, Options { from, to: vec![to], ..options() }, query);
        assert_eq!(found[0].target().text, target);
    }
    assert_eq!(find(&memory, Options { to: vec!["tr".parse().unwrap()], ..options() }, "The event was held."), []);
}

#[test]
fn all_languages_asked_for_are_in_one_match() {
    let three = |source: &str, az: &str, ru: &str| {
        let mut out = unit(source, az);
        out.variants.push(Variant::new(RU, ru));
        out
    };
    let only_ru = Unit { variants: vec![Variant::new(EN, "Open day"), Variant::new(RU, "День")], ..unit("", "") };
    let mut two_ways = three("Open night", "Gecə", "Ночь");
    two_ways.variants.push(Variant::new(AZ, "Açıq gecə"));
    let (_folder, memory) = memory(&[
        three("Open day", "Gün", "День"),
        Unit { tuid: Some("again".into()), ..three("Open day", "Gün", "День") },
        three("Open day", "Gün", "Сутки"),
        only_ru,
        two_ways,
    ]);
    let told = |to: Vec<Language>, query: &str| -> Vec<String> {
        let asked = Options { to, min: Score::EXACT, ..options() };
        let texts = |m: &Match| m.targets.iter().map(|t| format!("{} {}", t.language, t.text)).collect::<Vec<_>>();
        find(&memory, asked, query).iter().map(|m| texts(m).join(", ")).collect()
    };
    assert_eq!(told(vec![AZ, RU], "Open day"), ["az Gün, ru День", "az Gün, ru Сутки", "ru День"]);
    assert_eq!(told(vec![RU, AZ], "Open day")[0], "ru День, az Gün", "in the order asked for");
    assert_eq!(told(vec![AZ], "Open day"), ["az Gün"]);
    assert_eq!(told(vec![AZ, RU], "Open night"), ["az Gecə, ru Ночь", "az Açıq gecə, ru Ночь"]);
    assert_eq!(told(vec![], "Open day"), Vec::<String>::new());
    let asked = Options { to: vec![AZ, RU], ..options() };
    assert_eq!(find(&memory, asked, "Open day")[0].places, [UnitId(1), UnitId(2)]);
}

#[test]
fn several_memories_answer_as_one() {
    let dated = |source: &str, target: &str, date: &str| Unit {
        origin: Origin { date: Some(date.parse().unwrap()), ..Origin::default() },
        ..unit(source, target)
    };
    let (old, new) = ("2020-01-01T00:00:00Z", "2024-01-01T00:00:00Z");
    let (_a, first) = memory(&[
        dated("Open day for students", "one", old),
        dated("Open day for teachers", "both", old),
        dated("Open day", "tie", old),
    ]);
    let (_b, second) = memory(&[
        dated("Open day for students", "two", new),
        dated("Open day for teachers", "both", new),
        dated("Open day", "tie", old),
    ]);
    let (first, second) = (first.read().unwrap(), second.read().unwrap());
    let ask = |penalties: [u16; 2], max: usize, query: &str| -> Vec<(usize, String, String)> {
        let source =
            |reader, tenths| Source { reader, penalty: Score::from_tenths(tenths), origins: Vec::new(), loaded: None };
        let sources = [source(&first, penalties[0]), source(&second, penalties[1])];
        let mut finder = Finder::over(&sources, Options { max, ..options() }).unwrap();
        let found = finder.verified(&query.into()).unwrap();
        found.iter().map(|m| (m.memory, m.target().text.clone(), m.score.to_string())).collect()
    };
    let told = |memory: usize, target: &str, score: &str| (memory, target.to_owned(), score.to_owned());
    assert_eq!(
        ask([0, 0], 5, "Open day for students"),
        [told(1, "two", "100"), told(0, "one", "100"), told(1, "both", "75")],
        "the newer first, an equal pair once"
    );
    assert_eq!(
        ask([0, 50], 5, "Open day for students"),
        [told(0, "one", "100"), told(1, "two", "95"), told(0, "both", "75")],
        "a penalty hides no equal pair without one"
    );
    assert_eq!(ask([300, 0], 1, "Open day for students"), [told(1, "two", "100")]);
    assert_eq!(ask([0, 0], 5, "Open day"), [told(0, "tie", "100")], "of equals the earlier memory");
    assert_eq!(ask([410, 410], 5, "Open day"), []);
}

#[test]
fn a_penalty_lowers_the_matches_of_an_origin() {
    let from = |origin: &str, target: &str| Unit {
        origin: Origin { name: origin.into(), date: Some(now()), ..Origin::default() },
        context: Context { previous: Some("Before.".into()), ..Context::default() },
        ..unit("Open day", target)
    };
    let (_folder, memory) = memory(&[from("mt/engine.tmx", "maşın"), from("office.tmx", "insan"), from("mt/b", "b")]);
    let penalty = |origin: &str, points: f64| Penalty { origin: origin.into(), points: Score::from_percent(points) };
    let asked = Options { penalties: vec![penalty("mt*", 15.0), penalty("*.tmx", 2.0)], ..options() };
    assert_eq!(
        targets(&find(&memory, asked.clone(), "Open day")),
        [("insan", "98".into()), ("maşın", "85".into()), ("b", "85".into())],
        "of two that fit the higher counts"
    );
    let context = Context { previous: Some("Before.".into()), ..Context::default() };
    let found = find(&memory, asked.clone(), Query { text: "Open day".into(), context });
    assert_eq!((found[0].score.to_string().as_str(), found[0].kind), ("99", MatchKind::Context));
    let all = Options { penalties: vec![penalty("*", 100.0)], min: Score::default(), ..asked };
    assert_eq!(find(&memory, all, "Open day")[0].score, Score::default(), "never below 0");
}

#[test]
fn a_threshold_over_100_leaves_context_matches() {
    let mut stored = unit("Open day", "Gün");
    stored.context.previous = Some("Before.".into());
    let (_folder, memory) = memory(&[stored]);
    let context = Context { previous: Some("Before.".into()), ..Context::default() };
    let asked = Options { min: Score::from_percent(101.0), ..options() };
    assert_eq!(find(&memory, asked.clone(), "Open day"), []);
    assert_eq!(find(&memory, asked, Query { text: "Open day".into(), context }).len(), 1);
}

#[test]
fn equal_pairs_are_one_match_with_its_places() {
    let mut again = unit("Hello there", "Salam");
    again.tuid = Some("2".into());
    again.state = State::Approved;
    let (_folder, memory) = memory(&[unit("Hello there", "Salam"), again, unit("Hello there", "Sabahınız xeyir")]);
    let found = find(&memory, options(), "Hello there");
    assert_eq!(targets(&found), [("Salam", "100".into()), ("Sabahınız xeyir", "100".into())]);
    assert_eq!(found[0].places, [UnitId(2), UnitId(1)], "the approved one speaks for the pair");
    assert_eq!(found[0].tuid.as_deref(), Some("2"));
}

#[test]
fn pending_units_are_offered_only_when_asked_for() {
    let pending = Unit { state: State::Pending, ..unit("Hello there", "Salam") };
    let (_folder, memory) = memory(&[pending]);
    assert_eq!(find(&memory, options(), "Hello there"), []);
    assert_eq!(find(&memory, Options { pending: true, ..options() }, "Hello there").len(), 1);
}

#[test]
fn neighbours_and_places_raise_an_exact_match() {
    let mut stored = unit("Hello there", "Salam");
    stored.context = Context {
        previous: Some("Before.".into()),
        next: Some("After.".into()),
        document: Some("004".into()),
        id: Some("7".into()),
    };
    let (_folder, memory) = memory(&[stored, unit("Hello there", "Sabahınız xeyir")]);
    let ask = |previous: Option<&str>, next: Option<&str>, id: Option<&str>| {
        let text = |part: Option<&str>| part.map(str::to_owned);
        let context =
            Context { previous: text(previous), next: text(next), document: id.map(|_| "004".into()), id: text(id) };
        let found = find(&memory, options(), Query { text: "Hello there".into(), context });
        (found[0].score.to_string(), found[0].kind)
    };
    assert_eq!(ask(None, None, None), ("100".into(), MatchKind::Exact));
    assert_eq!(ask(Some("before."), None, None), ("101".into(), MatchKind::Context));
    assert_eq!(ask(Some("Before."), Some("After."), None), ("102".into(), MatchKind::Context));
    assert_eq!(ask(None, None, Some("7")), ("102".into(), MatchKind::Context));
    assert_eq!(ask(Some("Other."), None, Some("8")), ("100".into(), MatchKind::Exact));
}

#[test]
fn inline_codes_make_the_same_text_a_near_one() {
    let mut coded = unit("Hello there", "Salam");
    let code = Code { at: 0, kind: CodeKind::Alone, name: "ph".into(), attributes: vec![], content: "x".into() };
    coded.variants[0].codes.push(code);
    let (_folder, memory) = memory(&[coded]);
    let found = find(&memory, options(), "Hello there");
    assert_eq!((found[0].score, found[0].kind), (Score::NEAR, MatchKind::Near));
}

#[test]
fn ties_go_by_characters_then_state_then_date_then_number() {
    let dated = |target: &str, source: &str, date: &str, state: State| Unit {
        state,
        origin: Origin { date: Some(date.parse().unwrap()), ..Origin::default() },
        ..unit(source, target)
    };
    let (_folder, memory) = memory(&[
        dated("old", "It was held in Xxxxxxxx", "2020-01-01T00:00:00Z", State::Imported),
        dated("older", "It was held in Xxxxxxxy", "2019-01-01T00:00:00Z", State::Imported),
        dated("approved", "It was held in Xxxxxxyy", "2018-01-01T00:00:00Z", State::Approved),
        dated("twin", "It was held in Xxxxxyyy", "2020-01-01T00:00:00Z", State::Imported),
        dated("near", "It was held in Bakou", "2010-01-01T00:00:00Z", State::Imported),
    ]);
    let found = find(&memory, options(), "It was held in Baku");
    let order: Vec<&str> = found.iter().map(|m| m.target().text.as_str()).collect();
    assert_eq!(order, ["near", "approved", "old", "twin", "older"]);
    let two = find(&memory, Options { max: 2, ..options() }, "It was held in Baku");
    assert_eq!(two.iter().map(|m| m.target().text.as_str()).collect::<Vec<_>>(), ["near", "approved"]);
}

#[test]
fn the_scored_ones_alone_are_those_before_the_labelled_ones() {
    let (_folder, memory) = memory(&[
        unit("Good morning, dear guests.", "Sabahınız xeyir, hörmətli qonaqlar."),
        unit("The meeting begins at ten.", "Görüş saat onda başlayır."),
        unit("The meeting in Ganja begins at 9.", "Gəncədə görüş saat 9-da başlayır."),
    ]);
    let reader = memory.read().unwrap();
    let mut finder = Finder::new(&reader, options()).unwrap();
    let mut labelled = 0;
    for query in [
        "Dear guests, good morning.",
        "The meeting in Ganja begins at 11.",
        "Good morning, dear guests. The meeting begins at ten.",
    ] {
        let query = Query::from(query);
        let mut all = finder.find(&query).unwrap();
        let count = all.len();
        all.retain(|found| found.kind >= MatchKind::Fuzzy);
        labelled += count - all.len();
        assert_eq!(finder.find_scored(&query).unwrap(), all);
    }
    assert!(labelled > 0);
}

/// Stored in three languages, asked for in another order, in part, or as two in one.
#[test]
fn other_orders_parts_and_rows_are_offered_and_labelled() {
    let units = [
        (
            "Citizens of 12 states may ask for a visa within three days.",
            "Üç gün ərzində 12 dövlətin vətəndaşı viza istəyə bilər.",
        ),
        (
            "The new office in Ganja was opened on Monday by the head of the Service.",
            "Gəncədə yeni ofis bazar ertəsi açılıb.",
        ),
        ("Good morning, dear guests.", "Sabahınız xeyir, hörmətli qonaqlar."),
        ("The meeting begins at ten.", "Görüş saat onda başlayır."),
    ];
    let units: Vec<Unit> = units.iter().map(|(en, az)| unit(en, az)).collect();
    let (_folder, memory) = memory(&units);
    let labelled = |query: &str| -> Vec<(MatchKind, UnitId, String)> {
        let found = find(&memory, options(), query);
        let labelled = found.iter().filter(|m| m.kind < MatchKind::Fuzzy);
        labelled.map(|m| (m.kind, m.unit, m.target().text.clone())).collect()
    };
    let reordered = labelled("Within three days citizens of 12 states may ask for a visa.");
    assert_eq!(reordered, [(MatchKind::Reordered, UnitId(1), units[0].variants[1].text.clone())]);
    let part = labelled("office in Ganja was opened");
    assert_eq!(part, [(MatchKind::Fragment, UnitId(2), units[1].variants[1].text.clone())]);
    let both = labelled("Good morning, dear guests. The meeting begins at ten.");
    let target = "Sabahınız xeyir, hörmətli qonaqlar. Görüş saat onda başlayır.".to_owned();
    assert_eq!(both, [(MatchKind::Assembled, UnitId(3), target)]);
    let found = find(&memory, options(), "Good morning, dear guests. The meeting begins at ten.");
    assert_eq!(found.last().unwrap().places, [UnitId(3), UnitId(4)]);
    assert!(found.last().unwrap().score <= Score::FUZZY);
    assert_eq!(labelled("The meeting begins at ten."), [], "what is there needs no label");
    assert_eq!(labelled("Good morning, dear friends. The meeting begins at noon."), [], "no part of it is stored");
}

#[test]
fn other_orders_are_found_in_any_language() {
    for (language, stored, asked) in [
        (
            AZ,
            "Bakıda keçirilən tədbirdə xidmətin rəisi çıxış edib.",
            "Xidmətin rəisi çıxış edib Bakıda keçirilən tədbirdə.",
        ),
        (RU, "Граждане могут получить визу в течение трёх дней.", "В течение трех дней граждане могут получить визу."),
    ] {
        let variants = vec![Variant::new(language, stored), Variant::new(EN, "x")];
        let (_folder, memory) = memory(&[Unit { variants, ..Unit::default() }]);
        let asking = Options { from: language, to: vec![EN], ..options() };
        let found = find(&memory, asking, asked);
        assert_eq!(found.iter().map(|m| m.kind).collect::<Vec<_>>().last(), Some(&MatchKind::Reordered), "{asked}");
    }
}

#[test]
fn numbers_are_carried_into_the_target_and_marked() {
    let (_folder, memory) = memory(&[unit("About 50 people came.", "Təxminən 50 nəfər gəlib.")]);
    let found = find(&memory, options(), "About 1,250 people came.");
    assert_eq!((found[0].kind, found[0].target().repaired), (MatchKind::Number, true));
    assert_eq!(found[0].target().text, "Təxminən 1 250 nəfər gəlib.");
    let same = find(&memory, options(), "About 50 people came");
    assert_eq!((same[0].target().repaired, same[0].target().text.as_str()), (false, "Təxminən 50 nəfər gəlib."));
}

/// A template filled in more often than anything is told apart by: numbers only, and all scores tie.
#[test]
fn fillings_of_a_template_are_ranked_as_brute_force_ranks_them() {
    let units: Vec<Unit> = (0..600)
        .map(|n| unit(&format!("In total {} people came on May {}.", 7 * n + 11, n % 28 + 1), &format!("{n}")))
        .collect();
    let (_folder, memory) = memory(&units);
    let found = find(&memory, options(), "In total 9,999 people came on May 31.");
    assert_eq!((found.len(), found[0].kind), (5, MatchKind::Number));
    find(&memory, options(), "In total 9,999 guests came on May 31.");
    find(&memory, options(), "In total 18 people came on May 2.");
}

#[test]
fn removed_units_are_not_found_and_come_back() {
    let (_folder, mut memory) = memory(&[unit("Hello there", "Salam")]);
    let job = |batch: &mut crate::memory::Batch<'_>| batch.remove(UnitId(1)).map(|()| batch.id());
    let batch = memory.write("remove", now(), "me", job).unwrap();
    assert_eq!(find(&memory, options(), "Hello there"), []);
    memory.undo(batch, crate::memory::OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(find(&memory, options(), "Hello there").len(), 1);
}

#[test]
fn what_is_long_or_empty_is_answered() {
    let long = "word ".repeat(5000);
    let (_folder, memory) = memory(&[unit(&long, "uzun"), unit("x", "y")]);
    assert_eq!(find(&memory, options(), "").len(), 0);
    assert_eq!(find(&memory, options(), " \t").len(), 0);
    assert_eq!(find(&memory, options(), long.as_str())[0].score, Score::EXACT);
    let mut punctuated = long.clone();
    punctuated.push('!');
    assert_eq!(find(&memory, options(), punctuated.as_str())[0].kind, MatchKind::Near);
    assert_eq!(find(&memory, options(), Query::from("word ".repeat(4000).as_str())), []);
}

/// Sentences of few words, so that many are alike.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "the", "The", "service", "services", "serviced", "held", "event", "events", "Baku", "12", "1,250", "May",
        "December", ",", ".", "!", "“", "in", "of",
    ]);
    prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lookup_equals_brute_force(
        sources in prop::collection::vec((sentence(), prop::sample::select(&State::ALL[..])), 1..60),
        queries in prop::collection::vec(sentence(), 1..8),
        min in 1u16..1000,
        max in 1usize..7,
        batches in 1usize..9,
    ) {
        let (_folder, mut memory) = memory(&[]);
        for (number, part) in sources.chunks(sources.len().div_ceil(batches)).enumerate() {
            memory.write("part", now(), "me", |batch| {
                part.iter().try_for_each(|(source, state)| {
                    batch.add(&Unit { state: *state, ..unit(source, &format!("{number}")) }).map(drop)
                })
            }).unwrap();
        }
        let reader = memory.read().unwrap();
        let mut finder = Finder::new(&reader, Options { min: Score::from_tenths(min), max, ..options() }).unwrap();
        let mut found = Vec::new();
        for query in &queries {
            let answer = finder.verified(&query.as_str().into());
            prop_assert!(answer.is_ok(), "{answer:?}");
            found.extend(answer.unwrap());
        }
        finder.adopt(std::iter::once(Some(Arc::new(reader.load(EN).unwrap()))));
        let mut loaded = Vec::new();
        for query in &queries {
            loaded.extend(finder.find(&query.as_str().into()).unwrap());
        }
        prop_assert_eq!(found, loaded, "where the index is read from makes no difference");
    }

    #[test]
    fn several_memories_with_penalties_equal_brute_force(
        parts in prop::collection::vec(
            (prop::collection::vec((sentence(), 0usize..3, any::<bool>()), 0..20), 0u16..200),
            1..4,
        ),
        queries in prop::collection::vec(sentence(), 1..5),
        min in 1u16..1000,
        max in 1usize..5,
        points in 0u16..400,
        own_only in any::<bool>(),
    ) {
        const ORIGINS: [&str; 3] = ["mt/a.tmx", "mt/b.tmx", "office.tmx"];
        let of = |(source, origin, russian): &(String, usize, bool)| {
            let mut out = unit(source, ORIGINS[*origin]);
            out.origin.name = ORIGINS[*origin].to_owned();
            if *russian {
                out.variants.push(Variant::new(RU, "ru"));
            }
            out
        };
        let memories: Vec<(TempDir, Memory)> =
            parts.iter().map(|(units, _)| memory(&units.iter().map(of).collect::<Vec<_>>())).collect();
        let readers: Vec<Reader<'_>> = memories.iter().map(|(_, memory)| memory.read().unwrap()).collect();
        let penalties = vec![Penalty { origin: "mt*".into(), points: Score::from_tenths(points) }];
        // What a memory says itself is taken off as what is asked for, in this one alone.
        let own = vec![Penalty { origin: "office*".into(), points: Score::from_tenths(points / 2) }];
        let source = |number: usize| {
            let origins = if number == 0 { own.clone() } else { Vec::new() };
            let penalty = Score::from_tenths(parts[number].1);
            Source { reader: &readers[number], penalty, origins, loaded: None }
        };
        let sources: Vec<Source<'_, '_>> = (0..parts.len()).map(source).collect();
        let penalties = if own_only { Vec::new() } else { penalties };
        let asked = Options { to: vec![AZ, RU], min: Score::from_tenths(min), max, penalties, ..options() };
        let mut finder = Finder::over(&sources, asked).unwrap();
        for query in &queries {
            let found = finder.verified(&query.as_str().into());
            prop_assert!(found.is_ok(), "{found:?}");
        }
    }

    #[test]
    fn equal_texts_alone_score_100(a in sentence(), b in sentence()) {
        if let Some((found, kind)) = score(EN, &a, &b) {
            prop_assert_eq!(found >= Score::EXACT, a == b);
            prop_assert_eq!(kind == MatchKind::Exact, a == b);
            prop_assert_eq!(score(EN, &b, &a), Some((found, kind)));
        }
    }
}
