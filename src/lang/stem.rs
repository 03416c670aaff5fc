//! A light stem: endings cut from a word by a table a language, so that the forms of one word meet.
//!
//! It serves the likeness of sentences, where a false meeting costs little; terms are found by their own,
//! exact tables. The method is the "light stemming" of Savoy (2006): endings only, no derivation, and never
//! below a least length.

use super::Language;

/// What is cut from the words of one language.
pub struct Endings {
    pub language: Language,
    /// Letters that must remain.
    pub least: usize,
    /// How many endings may stand one after the other.
    pub rounds: usize,
    /// Lower case, in any order: the longest that fits is cut.
    pub endings: &'static [&'static str],
    /// The last letter of a stem as it stands before endings, and as it stands at the end of a word.
    pub alternations: &'static [(char, char)],
    /// Letters that are doubled before endings: a stem ends in one.
    pub doubled: &'static str,
    /// Words that are endings of numbers and acronyms, or say the same: the forms of one, by the vowels before it.
    pub alone: &'static [&'static [&'static str]],
}

pub static ENDINGS: &[Endings] = &[
    Endings {
        language: Language::EN,
        least: 3,
        rounds: 2,
        endings: &[
            "'s",  // service's
            "'",   // citizens'
            "s",   // citizens
            "es",  // processes
            "ed",  // signed
            "ing", // signing
            "e",   // update, beside updated and updating
            "ly",  // legally
        ],
        // countries, country
        alternations: &[('i', 'y')],
        // planned, plan; submitting, submit; controlled, control
        doubled: "bdglmnprt",
        alone: &[],
    },
    Endings {
        language: Language::AZ,
        // Verbs are short: edib, edilib of et-.
        least: 2,
        rounds: 4,
        endings: &[
            // plural: ölkələr, uşaqlar
            "lar", "lər", // possessor: məcəlləsi, xidməti, evimiz, eviniz
            "ı", "i", "u", "ü", "sı", "si", "su", "sü", "ım", "im", "um", "üm", "mız", "miz", "muz", "müz", "ımız",
            "imiz", "umuz", "ümüz", "ınız", "iniz", "unuz", "ünüz", // of: evin, ölkənin
            "ın", "in", "un", "ün", "nın", "nin", "nun", "nün", // to: evə, bakıya, xidmətinə
            "a", "ə", "ya", "yə", "na", "nə", // object: evi, ölkəni
            "nı", "ni", "nu", "nü", // at, from: evdə, xidmətində, evdən, xidmətindən
            "da", "də", "nda", "ndə", "dan", "dən", "ndan", "ndən",
            // is, was, with: hazırdır, keçirilib, xidmətlə
            "dır", "dir", "dur", "dür", "ıb", "ib", "ub", "üb", "dı", "di", "du", "dü", "la", "lə", "mış", "miş", "muş",
            "müş", "acaq", "əcək", // to do, being done: keçirmək, keçirilmək
            "maq", "mək", "ılıb", "ilib", "ulub", "ülüb", "ıl", "il", "ul", "ül", "an", "ən",
            // is being done: keçirilir, baxılır
            "ır", "ir", "ur", "ür", "ılır", "ilir", "ulur", "ülür",
        ],
        // uşağı, uşaq; ürəyi, ürək
        alternations: &[('ğ', 'q'), ('y', 'k')],
        doubled: "",
        alone: &[
            &["cı", "ci", "cu", "cü"],                             // 2016-cı, 2018-ci, 3-cü, 10-cu
            &["ı", "i", "u", "ü", "sı", "si", "su", "sü"],         // 111-i, 523-ü, 6-sı
            &["a", "ə", "ya", "yə"],                               // 10-a, 5-ə, 20-yə
            &["da", "də"],                                         // 26-da, 14-də, BMT-də
            &["dan", "dən"],                                       // 10-dan, 5-dən
            &["dək"],                                              // 31-dək
            &["ın", "in", "un", "ün", "nın", "nin", "nun", "nün"], // ABŞ-ın, MDB-nin, UNESKO-nun
            &["nı", "ni", "nu", "nü"],                             // 20-ni, BMT-ni
            &["lıq", "lik", "luq", "lük"],                         // 10-luq, 5-lik
        ],
    },
    Endings {
        language: Language::RU,
        least: 3,
        rounds: 2,
        endings: &[
            // nouns: служба, службы, службе, службу, службой, службам, службами, службах, граждан, граждане
            "а", "я", "ы", "и", "е", "у", "ю", "о", "ь", "й", "ой", "ей", "ою", "ею", "ом", "ем", "ам", "ям", "ами",
            "ями", "ах", "ях", "ов", "ев", "ия", "ии", "ию", "ие", "ием", "иям", "иями", "иях", "ий",
            // adjectives: новый, нового, новому, новым, новом, новая, новую, новое, новые, новых, новыми
            "ый", "ого", "его", "ому", "ему", "ым", "им", "ая", "яя", "ую", "юю", "ое", "ее", "ые", "ие", "ых", "их",
            "ыми", "ими",
            // verbs: сообщает, сообщают, сообщил, сообщила, сообщили, сообщить, сообщается
            "ет", "ют", "ит", "ят", "ат", "ут", "ал", "ала", "али", "ало", "ил", "ила", "или", "ило", "ать", "ить",
            "еть", "ает", "ают", "яет", "яют", "ся", "сь",
        ],
        alternations: &[],
        doubled: "",
        alone: &[],
    },
];

/// The stem of `word`, which is in lower case and folded (see [`Language::key`]); the word itself where the
/// language has no rows.
pub fn stem(language: Language, word: &str) -> String {
    let Some(row) = ENDINGS.iter().find(|row| row.language == language) else { return word.to_owned() };
    if let Some(forms) = row.alone.iter().find(|forms| forms.contains(&word)) {
        return forms[0].to_owned();
    }
    let mut rest = word;
    for _ in 0..row.rounds {
        // Most endings are ruled out by one byte.
        let last = rest.as_bytes().last();
        let cut = row
            .endings
            .iter()
            .filter(|ending| ending.as_bytes().last() == last)
            .filter(|ending| ending.len() < rest.len() && rest.ends_with(**ending))
            .filter(|ending| rest[..rest.len() - ending.len()].chars().nth(row.least - 1).is_some())
            .map(|ending| ending.len())
            .max();
        match cut {
            Some(cut) => rest = &rest[..rest.len() - cut],
            None => break,
        }
    }
    let mut stem = rest.to_owned();
    if let Some(last) = rest.chars().next_back()
        && let Some((_, usual)) = row.alternations.iter().find(|(met, _)| *met == last)
        && rest.len() > last.len_utf8()
    {
        stem.pop();
        stem.push(*usual);
    }
    let mut ends = stem.chars().rev();
    if let (Some(last), Some(before)) = (ends.next(), ends.next())
        && last == before
        && row.doubled.contains(last)
        && stem.chars().nth(row.least).is_some()
    {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forms that meet.
    const MEET: &[(Language, &[&str])] = &[
        (Language::EN, &["service", "services", "service's"]),
        (Language::EN, &["update", "updated", "updating", "updates"]),
        (Language::EN, &["country", "countries"]),
        (Language::EN, &["citizen", "citizens", "citizens'"]),
        (Language::EN, &["submit", "submits", "submitted", "submitting"]),
        (Language::EN, &["call", "calls", "called", "calling"]),
        (Language::EN, &["control", "controlled"]),
        (Language::AZ, &["xidmət", "xidməti", "xidmətinin", "xidmətində", "xidmətindən", "xidmətlər"]),
        (Language::AZ, &["məcəllə", "məcəlləsi", "məcəlləsini", "məcəlləsinin"]),
        (Language::AZ, &["baxılıb", "baxılır", "baxır", "baxmaq"]),
        (Language::AZ, &["olunub", "olunur"]),
        (Language::AZ, &["ci", "cı", "cu", "cü"]),
        (Language::AZ, &["da", "də"]),
        (Language::AZ, &["nin", "nun", "ın"]),
        (Language::AZ, &["uşaq", "uşağı", "uşaqlar", "uşaqların"]),
        (Language::AZ, &["ürək", "ürəyi", "ürəklər"]),
        (Language::RU, &["служба", "службы", "службе", "службой", "службами", "служб"]),
        (Language::RU, &["миграционная", "миграционной", "миграционную", "миграционные"]),
        (Language::RU, &["государственная", "государственной", "государственных"]),
        (Language::RU, &["сообщает", "сообщается", "сообщают"]),
    ];

    #[test]
    fn forms_of_a_word_meet() {
        for (language, forms) in MEET {
            let stems: Vec<String> = forms.iter().map(|form| stem(*language, form)).collect();
            assert!(stems.iter().all(|s| *s == stems[0]), "{forms:?} became {stems:?}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (language, a, b) in [
            (Language::EN, "service", "migration"),
            (Language::EN, "held", "head"),
            (Language::EN, "add", "ad"),
            (Language::AZ, "da", "dan"),
            (Language::AZ, "bakı", "gəncə"),
            (Language::AZ, "tədbir", "təhsil"),
            (Language::RU, "служба", "сообщает"),
            (Language::RU, "закон", "указ"),
        ] {
            assert_ne!(stem(language, a), stem(language, b));
        }
    }

    #[test]
    fn short_words_and_other_languages_stay_whole() {
        assert_eq!(stem(Language::EN, "is"), "is");
        assert_eq!(stem(Language::AZ, "və"), "və");
        assert_eq!(stem("kk".parse().unwrap(), "қазақтар"), "қазақтар");
        assert_eq!(stem(Language::RU, ""), "");
    }
}
