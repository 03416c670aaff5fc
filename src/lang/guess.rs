//! Which language a text is in, from its letters and its most frequent words.

use super::Language;
use crate::text::prefix;

/// What tells a language: words so frequent that any paragraph holds some, in lower case, and letters none of
/// the other rows has. With a sentence that must be recognised.
struct Signs {
    language: Language,
    words: &'static str,
    letters: &'static str,
    /// A letter of the script: a text with few of them is not in this language.
    script: fn(char) -> bool,
    #[cfg_attr(not(test), allow(dead_code))]
    example: &'static str,
}

static SIGNS: &[Signs] = &[
    Signs {
        language: Language::EN,
        words: "the of and to in that is was for on with as by at from this are be were which it has have not or \
                an its their will they been more other also about all he she his her who but our we you your",
        letters: "",
        script: is_latin,
        example: "The service was opened in the city.",
    },
    Signs {
        language: Language::AZ,
        words: "və bu ilə üçün olan da də ki bir edib olub üzrə ildə edilib o həm haqqında qeyd daha sonra onun \
                kimi çox isə olaraq tərəfindən edir ən bütün hər olunub ilin barədə idi var deyil nə mən",
        letters: "əğışə",
        script: is_latin,
        example: "Xidmət şəhərdə yeni mərkəz açıb.",
    },
    Signs {
        language: Language::RU,
        words: "и в не на что с по для от как это к из о за был его а все но так до она они мы при или также года \
                было у же том будет их во может со",
        letters: "ыэъё",
        script: is_cyrillic,
        example: "Служба открыла новый центр в городе.",
    },
];

/// More of a text than this, in bytes, tells nothing new.
const ENOUGH: usize = 1 << 15;

fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{250}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4ff}')
}

/// The language of `text`, where its letters and words tell one of those with rows; `None` for a text that is
/// short of evidence or in another language.
pub fn guess(text: &str) -> Option<Language> {
    let text = prefix(text, ENOUGH);
    let mut best: Option<(usize, Language)> = None;
    let mut second = 0;
    for signs in SIGNS {
        let points = points(text, signs);
        match best {
            Some((most, _)) if points <= most => second = second.max(points),
            _ => {
                second = best.map_or(0, |(most, _)| most);
                best = (points > 0).then_some((points, signs.language));
            }
        }
    }
    best.filter(|(most, _)| *most > second).map(|(_, language)| language)
}

/// How much speaks for a language, per thousand words; nothing where its script or its letters do not fit.
fn points(text: &str, signs: &Signs) -> usize {
    let alphabet = signs.language.row().map_or("", |row| row.letters);
    let (mut letters, mut script, mut foreign, mut own) = (0usize, 0usize, 0usize, 0usize);
    // Unicode's lower case here: a capital I must not count as an ı.
    for c in text.chars().filter(|c| c.is_alphabetic()).filter_map(|c| c.to_lowercase().next()) {
        letters += 1;
        if (signs.script)(c) {
            script += 1;
            foreign += usize::from(!alphabet.contains(c));
            own += usize::from(signs.letters.contains(c));
        }
    }
    // Names and quotations in other languages occur in every text; a page of them is another language.
    if letters == 0 || script * 2 < letters || foreign * 50 > script {
        return 0;
    }
    let lower = signs.language.lower(text);
    let (mut words, mut frequent) = (0usize, 0usize);
    for word in lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        frequent += usize::from(signs.words.split_ascii_whitespace().any(|sign| sign == word));
    }
    // A language whose own letters make up a fair share needs no frequent words.
    let by_letters = if own * 100 >= script { own * 1000 / script.max(1) } else { 0 };
    let by_words = if frequent * 30 >= words { frequent * 1000 / words.max(1) } else { 0 };
    // A text in two scripts is in the one it has more of.
    (by_letters + by_words) * script / letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_recognised() {
        for signs in SIGNS {
            assert_eq!(guess(signs.example), Some(signs.language), "{}", signs.example);
            assert!(signs.language.row().is_some());
        }
    }

    #[test]
    fn other_languages_and_scraps_are_not_guessed() {
        for text in [
            "",
            "919",
            "MIGAZ",
            "Der Dienst wurde gestern in der Stadt eröffnet und für Bürger geöffnet.",
            "Служба відкрила новий центр у місті, її діяльність є важливою.",
            "移民局在城市开设了新中心。",
        ] {
            assert_eq!(guess(text), None, "{text}");
        }
    }

    #[test]
    fn names_in_another_script_do_not_confuse() {
        let text = "Служба сегодня запустила приложение MIGAZ вместе с организацией International Organization for Migration (IOM).";
        assert_eq!(guess(text), Some(Language::RU));
        assert_eq!(guess("Mobil tətbiq “Миграция” adlanır və pulsuzdur."), Some(Language::AZ));
    }
}
