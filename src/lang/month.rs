//! Names of months, so that two sentences that differ in their dates alone are known as such.

use super::Language;

/// (language, the twelve names, the beginnings under which their forms are known). A form is the beginning
/// and up to `MOST` letters of endings.
pub static MONTHS: &[(Language, [&str; 12])] = &[
    (
        Language::EN,
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
    ),
    (
        Language::AZ,
        [
            "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr",
            "dekabr",
        ],
    ),
    (
        Language::RU,
        ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"],
    ),
];

/// Endings a month's name takes beyond the beginning above.
static FORMS: &[(Language, &[&str])] = &[
    (Language::EN, &["", "'s"]),
    (
        Language::AZ,
        // mart, martın, martda, martdan, marta, martı, martadək
        &[
            "", "ın", "in", "un", "ün", "da", "də", "dan", "dən", "a", "ə", "ı", "i", "u", "ü", "adək", "ədək",
            "ınadək", "inədək", "unadək",
        ],
    ),
    // январь, января, январю, январём, январе; март, марта; май, мая
    (Language::RU, &["", "ь", "я", "ю", "ем", "е", "а", "у", "ом", "й"]),
];

/// Which month `word` names, 1 to 12; `word` is in lower case and folded.
pub fn month(language: Language, word: &str) -> Option<u8> {
    let (_, names) = MONTHS.iter().find(|(row, _)| *row == language)?;
    let (_, forms) = FORMS.iter().find(|(row, _)| *row == language)?;
    names
        .iter()
        .position(|name| word.strip_prefix(name).is_some_and(|rest| forms.contains(&rest)) && word != "ма")
        .map(|at| at as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_their_forms() {
        for (language, word, number) in [
            (Language::EN, "december", Some(12)),
            (Language::EN, "may", Some(5)),
            (Language::EN, "marches", None),
            (Language::AZ, "dekabr", Some(12)),
            (Language::AZ, "sentyabrın", Some(9)),
            (Language::AZ, "iyunda", Some(6)),
            (Language::AZ, "martıcan", None),
            (Language::RU, "декабря", Some(12)),
            (Language::RU, "мая", Some(5)),
            (Language::RU, "мае", Some(5)),
            (Language::RU, "марте", Some(3)),
            (Language::RU, "марка", None),
        ] {
            assert_eq!(month(language, word), number, "{word}");
        }
        assert_eq!(month("kk".parse().unwrap(), "may"), None);
    }
}
