//! Names of months, so that two sentences that differ in their dates alone are known as such.

use super::{Language, anchors::ANCHORS};
use std::sync::LazyLock;

/// A form a month goes by in a language: the word, or its beginning where any ending may follow.
struct Name {
    language: Language,
    form: &'static str,
    any_ending: bool,
    number: u8,
}

/// The rows `month-1` to `month-12` of the table of anchors.
static NAMES: LazyLock<Vec<Name>> = LazyLock::new(|| {
    let months = ANCHORS.iter().filter_map(|anchor| Some((anchor.key.strip_prefix("month-")?.parse().ok()?, anchor)));
    months
        .flat_map(|(number, anchor)| {
            anchor.forms.iter().map(move |(language, form)| Name {
                language: *language,
                form: form.trim_end_matches('*'),
                any_ending: form.ends_with('*'),
                number,
            })
        })
        .collect()
});

/// Which month `word` names, 1 to 12; `word` is in lower case and folded.
pub fn month(language: Language, word: &str) -> Option<u8> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let names = NAMES.iter().filter(|name| name.language == language);
    let is = |name: &&Name| if name.any_ending { word.starts_with(name.form) } else { word == name.form };
    names.into_iter().find(is).map(|name| name.number)
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
