use super::*;
use crate::lang::{
    Language,
    forms::{self, Case, Number, Possessor, Tail, Verb},
};
use proptest::prelude::*;

fn izafet(izafet: bool) -> Grammar {
    Grammar { izafet: Some(izafet), ..Grammar::default() }
}

fn read_aloud(reading: &str) -> Grammar {
    Grammar { reading: Some(reading.to_owned()), ..Grammar::default() }
}

/// The words of a term, with their keys.
fn with_words<T>(term: &str, job: impl FnOnce(&[Word<'_>]) -> T) -> T {
    let keys: Vec<String> = term.split(' ').map(|word| Language::AZ.key(word)).collect();
    let words: Vec<Word<'_>> =
        term.split(' ').zip(&keys).map(|(text, key)| Word { text, key, hyphen: false }).collect();
    job(&words)
}

fn written_by(term: &str, grammar: &Grammar, form: Form) -> Option<String> {
    with_words(term, |words| Some(write(words, grammar, form)?.join(" ")))
}

fn written(term: &str, form: Form) -> String {
    written_by(term, &Grammar::default(), form).unwrap_or_else(|| panic!("{term} has no {form:?}"))
}

/// The forms in which the last word of `term` is read in `word`.
fn read_in(term: &str, grammar: &Grammar, word: &str) -> Vec<Form> {
    let key = Language::AZ.key(word);
    with_words(term, |words| {
        let mut out = Vec::new();
        for stem in stems(words, grammar).pop().unwrap() {
            if let Some(rest) = key.strip_prefix(stem.text.as_str()) {
                forms::read(Language::AZ, stem.class, &key, key.len() - rest.len(), &mut out);
            }
        }
        out
    })
}

fn is_read(term: &str, word: &str) -> bool {
    !read_in(term, &Grammar::default(), word).is_empty()
}

const fn of(case: Case) -> Form {
    Form {
        number: Number::Singular,
        case,
        possessor: Possessor::None,
        verb: Verb::None,
        negative: false,
        tail: [None; 4],
    }
}

const GENITIVE: Form = of(Case::Genitive);
const DATIVE: Form = of(Case::Dative);
const PLURAL: Form = Form { number: Number::Plural, ..of(Case::Nominative) };
const THIRD: Form = Form { possessor: Possessor::Third, ..of(Case::Nominative) };
const OURS: Form = Form { possessor: Possessor::Ours, ..of(Case::Nominative) };

#[test]
fn alternation_is_marked_per_word() {
    for (word, form, text) in [
        ("uşaq", DATIVE, "uşağa"),
        ("ürək", DATIVE, "ürəyə"),
        ("hüquq", DATIVE, "hüquqa"),
        ("əmlak", DATIVE, "əmlaka"),
        ("iştirak", OURS, "iştirakımız"),
        ("Lerik", DATIVE, "Lerikə"),
        ("İraq", GENITIVE, "İraqın"),
        ("Tofiq", GENITIVE, "Tofiqin"),
        ("filoloq", DATIVE, "filoloqa"),
        ("vətəndaşlıq", DATIVE, "vətəndaşlığa"),
        ("VƏTƏNDAŞLIQ", THIRD, "VƏTƏNDAŞLIĞı"),
        ("şəkil", DATIVE, "şəklə"),
        ("şəkil", PLURAL, "şəkillər"),
        ("oğul", THIRD, "oğlu"),
        ("izin", GENITIVE, "iznin"),
        ("üzv", DATIVE, "üzvə"),
        ("hökm", DATIVE, "hökmə"),
        ("xətt", PLURAL, "xətlər"),
        ("xətt", DATIVE, "xəttə"),
        ("fənn", of(Case::Ablative), "fəndən"),
        ("su", DATIVE, "suya"),
        ("su", GENITIVE, "suyun"),
        ("su", OURS, "suyumuz"),
        ("mövqe", THIRD, "mövqeyi"),
        ("mövqe", GENITIVE, "mövqenin"),
        ("Bakı", DATIVE, "Bakıya"),
        ("Bakı", of(Case::Instrumental), "Bakıyla"),
        ("Hüseynov", GENITIVE, "Hüseynovun"),
        ("Muradova", DATIVE, "Muradovaya"),
        ("Paris", GENITIVE, "Parisin"),
        ("Volkswagen", GENITIVE, "Volkswagenin"),
        ("vasitələr", GENITIVE, "vasitələrin"),
        ("vasitələr", PLURAL, "vasitələr"),
    ] {
        assert_eq!(written(word, form), text, "{word}");
    }
}

#[test]
fn izafet_heads() {
    for (term, form, text) in [
        ("Dövlət Miqrasiya Xidməti", DATIVE, "Dövlət Miqrasiya Xidmətinə"),
        ("Dövlət Miqrasiya Xidməti", Form { case: Case::Genitive, ..OURS }, "Dövlət Miqrasiya Xidmətimizin"),
        ("Nazirlər Kabineti", DATIVE, "Nazirlər Kabinetinə"),
        ("Azərbaycan Respublikasının Prezidenti", DATIVE, "Azərbaycan Respublikasının Prezidentinə"),
        ("xidmət mərkəzi", Form { case: Case::Locative, ..PLURAL }, "xidmət mərkəzlərində"),
        ("qaçqın statusu", PLURAL, "qaçqın statusları"),
        ("ümumi şəkli", PLURAL, "ümumi şəkilləri"),
        ("insan hüquqları", GENITIVE, "insan hüquqlarının"),
        ("insan hüquqları", PLURAL, "insan hüquqları"),
        ("iş otağı", PLURAL, "iş otaqları"),
        ("gəlir mənbəyi", PLURAL, "gəlir mənbələri"),
        ("gəlir mənbəyi", DATIVE, "gəlir mənbəyinə"),
        // No izafet.
        ("yerli əhali", DATIVE, "yerli əhaliyə"),
        ("xarici işçi", DATIVE, "xarici işçiyə"),
        ("Əli Kərimli", DATIVE, "Əli Kərimliyə"),
        ("narkotik vasitələr", DATIVE, "narkotik vasitələrə"),
    ] {
        assert_eq!(written(term, form), text, "{term}");
    }
}

#[test]
fn the_glossary_says_what_letters_do_not() {
    let said = |term, grammar: Grammar, form| written_by(term, &grammar, form).unwrap();
    assert_eq!(said("Nizami Gəncəvi", izafet(false), DATIVE), "Nizami Gəncəviyə");
    assert_eq!(said("dəvəquşu", izafet(true), PLURAL), "dəvəquşları");
    assert_eq!(said("dəvəquşu", izafet(true), DATIVE), "dəvəquşuna");
    assert_eq!(said("milli vergi", izafet(true), DATIVE), "milli verginə");
    assert!(read_in("Nizami Gəncəvi", &izafet(false), "Gəncəviyə").contains(&DATIVE));
    assert_eq!(said("IOM", read_aloud("ay-o-em"), GENITIVE), "IOM-in");
    assert_eq!(said("ASK", read_aloud("a-se-ka"), GENITIVE), "ASK-nın");
    assert_eq!(said("Renault", read_aloud("reno"), GENITIVE), "Renaultnun");
    assert!(read_in("Renault", &read_aloud("reno"), "Renaultnun").contains(&GENITIVE));
}

#[test]
fn acronyms_and_numbers_take_endings_apart() {
    for (word, form, text) in [
        ("DMX", DATIVE, "DMX-yə"),
        ("DMX", GENITIVE, "DMX-nin"),
        ("ABŞ", DATIVE, "ABŞ-a"),
        ("UNESKO", DATIVE, "UNESKO-ya"),
        ("BDU", GENITIVE, "BDU-nun"),
        ("XİN", GENITIVE, "XİN-in"),
        ("AMEA", of(Case::Ablative), "AMEA-dan"),
        ("COVID 19", GENITIVE, "COVID 19-un"),
    ] {
        assert_eq!(written(word, form), text);
    }
}

#[test]
fn endings_that_stand_apart_suit_the_sound() {
    let spelt = |text: &str, grammar: Grammar, ending: &str| {
        let key = Language::AZ.key(text);
        forms::apart_spelt(Language::AZ, &Word { text, key: &key, hyphen: false }, &grammar, ending)
    };
    let plain = |text, ending| spelt(text, Grammar::default(), ending);
    for (text, wrong, right) in [
        ("DMX", "nın", "nin"),
        ("DMX", "in", "nin"),
        ("DMX", "ya", "yə"),
        ("DMX", "NIN", "nin"),
        ("DMX", "dakı", "dəki"),
        ("ABŞ", "nin", "ın"),
        ("ABŞ", "ə", "a"),
        ("XİN", "nin", "in"),
        ("BDU", "nin", "nun"),
        ("UNESKO", "nın", "nun"),
        ("Aİ", "dan", "dən"),
        ("CNN", "nin", "in"),
        ("2016", "ci", "cı"),
        ("31", "də", "də"),
        ("26", "də", "da"),
        ("müqaviləsi", "nın", "nin"),
        ("Microsoft", "in", "un"),
    ] {
        let expected = (wrong != right).then(|| right.to_owned());
        assert_eq!(plain(text, wrong), expected, "{text}-{wrong}");
    }
    for (text, right) in [
        ("DMX", "nin"),
        ("DMX", "lə"),
        ("DMX", "dədir"),
        ("ÜST", "nin"),
        ("ÜST", "ün"),
        ("PKK", "nın"),
        ("PKK", "nin"),
        ("DMİX", "in"),
        ("SMS", "in"),
        ("LSU", "nun"),
        ("2018", "ci"),
        ("31", "dək"),
        ("XIX", "cu"),
        ("müqaviləsi", "nə"),
        ("müqaviləsi", "nin"),
        ("Bakı", "ya"),
        // No ending, or nothing known of the sound.
        ("ABŞ", "Çin"),
        ("BMT", "üzvü"),
        ("000", "nin"),
    ] {
        assert_eq!(plain(text, right), None, "{text}-{right}");
    }
    assert_eq!(spelt("müqaviləsi", izafet(true), "yə"), Some("nə".to_owned()));
    assert_eq!(spelt("ASK", read_aloud("a-se-ka"), "nin"), Some("nın".to_owned()));
    assert_eq!(
        forms::apart_spelt(Language::RU, &Word { text: "ГМС", key: "гмс", hyphen: false }, &izafet(true), "ом"),
        None
    );
}

/// Words and forms of theirs, by what the forms are for.
const FOUND: &[(&str, &[&str])] = &[
    ("qanun", &["qanunlar", "qanunum", "qanunun", "qanunu", "qanunumuz", "qanununuz", "qanunları"]),
    ("ölkə", &["ölkəmin", "ölkənin", "ölkəsinin", "ölkəmizdən", "ölkələrinizə", "ölkələrində", "ölkəsiylə", "ölkəylə"]),
    ("miqrant", &["miqrantam", "miqrantsan", "miqrantdır", "miqrantıq", "miqrantsınız", "miqrantdırlar"]),
    ("miqrant", &["miqrantlarıydı", "miqrantlardıq", "miqrantlardansa", "miqrantlarmış", "miqrantdırmı", "miqrantmı"]),
    (
        "Bakı",
        &["Bakıdakı", "Bakıdakılar", "Bakıdakıların", "Bakıdakından", "Bakıdakılardandır", "Bakıdakıdır", "Bakıyadək"],
    ),
    ("dövlət", &["dövlətinki", "dövlətinkilər", "dövlətinkindən", "dövlətədək", "dövlətəcən"]),
    ("qanun", &["qanununca", "qanunlarınca", "qanunumuzca"]),
    ("xətt", &["xətlər", "xəttlər", "xətdə", "xəttin"]),
    ("Trump", &["Trump’ın", "Trump'a", "Trump-ın"]),
    ("mövqe", &["mövqeyi", "mövqeyinin", "mövqenin", "mövqelər", "mövqeyimiz"]),
    ("qeydiyyata almaq", &["almağa", "almağın", "almaqdan", "almaqdır", "almamaq", "almamağı", "almamaqla"]),
    ("qeydiyyata almaq", &["alması", "almasının"]),
    (
        "qeydiyyata almaq",
        &["alıram", "alırsan", "alır", "alırıq", "alırsınız", "alırlar", "almır", "almırlar", "alırdı"],
    ),
    ("qeydiyyata almaq", &["aldım", "aldın", "aldı", "aldıq", "aldınız", "aldılar", "almadı", "almadıq"]),
    ("qeydiyyata almaq", &["almışam", "almışdır", "almışdı", "alıb", "alıblar", "almayıb", "almamışdır"]),
    (
        "qeydiyyata almaq",
        &["alacaq", "alacağam", "alacağıq", "alacaqlar", "almayacaq", "alacaqdır", "alacağı", "alacaqları"],
    ),
    (
        "qeydiyyata almaq",
        &["alar", "alarıq", "almaz", "almalı", "almalıdır", "almalıyıq", "alsa", "alsalar", "alsın", "alsınlar"],
    ),
    ("qeydiyyata almaq", &["alan", "alanlar", "alanların", "almayan", "aldığı", "aldığımız", "aldıqları", "aldığına"]),
    ("qeydiyyata almaq", &["aldıqda", "aldıqdan", "almadıqda", "alaraq", "almayaraq", "almadan", "alınca", "almadığı"]),
    ("deportasiya etmək", &["edir", "edən", "etdi", "edəcək", "edib", "etmə", "etməsinə", "etdiyi", "edərək"]),
    ("işləmək", &["işləyir", "işləyən", "işləyəcəyəm", "işləyibmiş", "işlədiyimiz", "işləmirsiniz"]),
];

/// Other words that begin as a word does: derivations, and words that happen to.
const APART_FROM: &[(&str, &[&str])] = &[
    ("vətəndaş", &["vətəndaşlıq", "vətəndaşlığın", "vətəndaşsız", "vətəndaşlaşmaq"]),
    ("azərbaycan", &["azərbaycanca", "azərbaycanlı", "azərbaycançılıq", "azərbaycanlaşdırmaq"]),
    ("alma", &["almanca", "almaniya", "almalıq"]),
    ("ad", &["adam", "adsız", "adlı", "adətən", "addım"]),
    ("iş", &["işıq", "işçi", "işləmək", "işsiz", "işti"]),
    ("bal", &["balıq", "balet", "ballı"]),
    ("yaz", &["yazdı", "yazıq", "yazmış", "yazsa"]),
    ("in", &["insan", "inək"]),
    ("yol", &["yoldaş", "yolçu", "yolsuz"]),
    ("dövlət", &["dövlətçilik", "dövlətlərarası", "dövləti-", "dövlətvari", "dövlətcik"]),
    ("siyasət", &["siyasətçi", "siyasi"]),
    ("tək", &["təyyarə", "təyin", "təklif"]),
    ("qızıl", &["qızla"]),
    ("alim", &["alma", "almaz"]),
    ("dünən", &["dünənki"]),
    ("qeydiyyata almaq", &["alınmaq", "alınması", "alındı", "alınan", "alıcı", "alış", "alətlər"]),
    ("deportasiya etmək", &["edilmək", "edilir", "etdirmək", "edilməsi"]),
    ("xalq", &["xalqlaşdırmaq", "xalqçı"]),
];

#[test]
fn every_form_is_found_and_no_other_word() {
    for (term, found) in FOUND {
        for word in *found {
            assert!(is_read(term, word), "{word}, a form of {term}");
        }
    }
    for (term, apart) in APART_FROM {
        for word in *apart {
            assert!(!is_read(term, word), "{word} is no form of {term}");
        }
    }
}

#[test]
fn names_spelt_as_abroad_are_read_with_any_harmony() {
    for (letters, name) in FOREIGN {
        assert!(Language::AZ.key(name).contains(letters), "{name}");
        for ending in ["ın", "in", "nun", "dan", "dən"] {
            assert!(is_read(name, &format!("{name}{ending}")), "{name}{ending}");
        }
    }
    assert!(
        !is_read("Muradov", "Muradovin") && !is_read("washington", "washingtonin"),
        "only names, only of that kind"
    );
}

#[test]
fn finite_forms_are_written() {
    let form = |verb, negative, tail: Option<Tail>| Form { verb, negative, tail: [tail, None, None, None], ..DATIVE };
    let finite = |verb, negative, tail| Form { case: Case::Nominative, ..form(verb, negative, tail) };
    for (term, form, text) in [
        ("qeydiyyata almaq", finite(Verb::Present, false, None), "qeydiyyata alır"),
        ("qeydiyyata almaq", finite(Verb::Future, false, Some(Tail::Person(Possessor::Mine))), "qeydiyyata alacağam"),
        ("deportasiya etmək", finite(Verb::Told, false, Some(Tail::Plural)), "deportasiya ediblər"),
        ("deportasiya etmək", finite(Verb::Past, true, None), "deportasiya etmədi"),
        ("işləmək", finite(Verb::Doing, false, None), "işləyən"),
        ("işləmək", Form { possessor: Possessor::Third, ..form(Verb::Done, false, None) }, "işlədiyinə"),
        ("işləmək", DATIVE, "işləməyə"),
    ] {
        assert_eq!(written(term, form), text);
    }
    assert_eq!(written_by("vətəndaş", &Grammar::default(), finite(Verb::Past, false, None)), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever form is written of whatever word is read again as that form.
    #[test]
    fn what_is_written_is_read(word in "[bdgklmnrst][aıoueəiöü][bdgklmnrstvz]{1,2}([aıoueəiöü][bdglmnrstşqk]|[ıi]|lar|maq){0,2}", several in any::<bool>()) {
        let term = if several { format!("dövlət {word}") } else { word };
        for form in forms() {
            let Some(text) = written_by(&term, &Grammar::default(), form) else { continue };
            let last = text.rsplit(' ').next().unwrap();
            let read = read_in(&term, &Grammar::default(), last);
            let again = read.iter().any(|form| written_by(&term, &Grammar::default(), *form).as_deref() == Some(&text));
            prop_assert!(again, "{text} of {term} is read as {read:?}, not {form:?}");
        }
    }

    #[test]
    fn any_letters_are_borne(term in "[a-zəıöüğçşA-ZİƏ0-9’-]{0,8}( [a-zəıöüğçşqk]{0,6}){0,1}", word in "[a-zəıöüğçş’-]{0,16}") {
        for grammar in [Grammar::default(), izafet(true), read_aloud(&word)] {
            read_in(&term, &grammar, &word);
            written_by(&term, &grammar, GENITIVE);
            let key = Language::AZ.key(&term);
            forms::apart_spelt(Language::AZ, &Word { text: &term, key: &key, hyphen: false }, &grammar, &word);
        }
    }
}
