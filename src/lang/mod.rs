//! The one place that knows languages: rows of data for en, az and ru, and plain behaviour for all others.

mod alike;
pub mod anchors;
mod fold;
pub mod forms;
mod guess;
mod month;
mod reads;
mod rows;
mod stem;
mod tag;
pub mod translit;

pub use alike::Script;
pub use fold::Folder;
pub use guess::guess;
pub use month::month;
pub use reads::{Reads, TURKISH, reads_otherwise};
pub use rows::{Casing, ROWS, Row};
pub use stem::stem;
pub use tag::TagError;

use crate::text::normal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A language by its canonical BCP 47 tag: the language subtag, and the script where it is not the usual one.
///
/// `az`, `AZ`, `az_AZ`, `az-Latn-AZ` and `aze` are one language; `az-Cyrl` is another. The spelling a file used
/// is kept beside it (see `model::Variant::tag`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language {
    /// ASCII, lower case, padded with zeros.
    tag: [u8; Language::MAX],
}

impl Language {
    /// The longest canonical tag kept, in bytes.
    pub const MAX: usize = 16;

    pub const EN: Language = Language::literal("en");
    pub const AZ: Language = Language::literal("az");
    pub const RU: Language = Language::literal("ru");

    /// A language written in the source as its canonical tag.
    pub const fn literal(tag: &str) -> Language {
        let bytes = tag.as_bytes();
        let mut out = [0; Language::MAX];
        let mut at = 0;
        while at < bytes.len() {
            out[at] = bytes[at];
            at += 1;
        }
        Language { tag: out }
    }

    pub fn as_str(&self) -> &str {
        let end = self.tag.iter().position(|b| *b == 0).unwrap_or(Language::MAX);
        std::str::from_utf8(&self.tag[..end]).expect("a tag is made of ASCII")
    }

    /// The rows written for this language, if there are any.
    pub fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.language == self)
    }

    /// The languages rows are written for.
    pub fn with_rows() -> impl Iterator<Item = Language> {
        ROWS.iter().map(|row| row.language)
    }

    /// What people call the language in English: `Azerbaijani`; the tag where it has no rows.
    pub fn name(&self) -> &str {
        self.row().map_or(self.as_str(), |row| row.name)
    }

    /// The tag that office programs know the language by: `az-Latn-AZ`; its own where it has no rows.
    pub fn locale(&self) -> &str {
        self.row().map_or(self.as_str(), |row| row.locale)
    }

    fn casing(self) -> Casing {
        self.row().map_or(Casing::Default, |row| row.casing)
    }

    /// Lower case by the rules of the language: `İ` → `i` and `I` → `ı` in Azerbaijani.
    pub fn lower(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        text.chars().for_each(|c| self.lower_char(c, &mut out));
        out
    }

    /// Appends the lower case of `c` to `out`.
    pub fn lower_char(self, c: char, out: &mut String) {
        match (self.casing(), c) {
            (Casing::DottedI, 'I') => out.push('ı'),
            (_, 'İ') => out.push('i'),
            // I + combining dot is the decomposed İ.
            (Casing::DottedI, '\u{307}') if out.ends_with('ı') => {
                out.pop();
                out.push('i');
            }
            // What programs without these rules make of İ; an i has its dot.
            (_, '\u{307}') if out.ends_with('i') => {}
            // The letters nearly all texts are made of, without a look into Unicode's tables.
            (_, 'a'..='z' | 'а'..='я') => out.push(c),
            (_, 'A'..='Z') => out.push(c.to_ascii_lowercase()),
            (_, c) => out.extend(c.to_lowercase()),
        }
    }

    /// Upper case by the rules of the language: `i` → `İ` in Azerbaijani.
    pub fn upper(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match (self.casing(), c) {
                (Casing::DottedI, 'i') => out.push('İ'),
                (_, c) => out.extend(c.to_uppercase()),
            }
        }
        out
    }

    /// `text` with its first letter in upper case, the rest as it was.
    pub fn capitalised(self, text: &str) -> String {
        let mut chars = text.chars();
        match chars.next() {
            Some(first) => self.upper(first.encode_utf8(&mut [0; 4])) + chars.as_str(),
            None => String::new(),
        }
    }

    /// The key for comparing: NFC, one kind of space, quote and dash (`text::normal`), look-alike letters of the
    /// other script in their words' own, lower case by the language, letters that stand for one another folded
    /// (ё → е; in Azerbaijani and English all Cyrillic look-alikes, `ә` and `ǝ` → `ə`). Two texts with one key differ at most in spacing, case and typography.
    pub fn key(self, text: &str) -> String {
        let folds = self.row().map_or(&[][..], |row| row.folds);
        let lower = self.lower(&self.unmixed(normal::normal(text)));
        // No row folds a letter of ASCII.
        let fold = |c: char| folds.iter().find(|(from, _)| !c.is_ascii() && *from == c).map(|(_, to)| *to);
        if folds.is_empty() || lower.is_ascii() || lower.chars().all(|c| fold(c).is_none()) {
            return lower;
        }
        lower.chars().map(|c| fold(c).unwrap_or(c)).collect()
    }
}

/// Characters `language` needs for what English says in one; a language without a row is taken to be as long.
pub fn length(language: Language) -> f32 {
    language.row().map_or(1.0, |row| row.length)
}

/// The language a set of several is led by where nobody says: English if it is among them, else the first.
pub fn lead(languages: impl IntoIterator<Item = Language>) -> Option<Language> {
    let mut first = None;
    for language in languages {
        if language == Language::EN {
            return Some(language);
        }
        first.get_or_insert(language);
    }
    first
}

impl FromStr for Language {
    type Err = TagError;

    /// Reads a tag in any of the spellings met in files: `en`, `EN-US`, `en_us`, `aze`, `az-Latn-AZ`.
    fn from_str(text: &str) -> Result<Self, TagError> {
        tag::canonical(text)
    }
}

impl TryFrom<String> for Language {
    type Error = TagError;

    fn try_from(text: String) -> Result<Self, TagError> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.as_str().to_owned()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_their_language() {
        for row in ROWS {
            assert_eq!(row.language.locale().parse(), Ok(row.language), "{}", row.locale);
        }
        assert_eq!(Language::literal("tr").locale(), "tr");
    }

    #[test]
    fn no_row_folds_a_letter_of_ascii() {
        for language in [Language::EN, Language::AZ, Language::RU] {
            assert!(language.row().unwrap().folds.iter().all(|(from, _)| !from.is_ascii()), "{language}");
        }
    }

    #[test]
    fn short_cuts_of_casing_are_unicodes() {
        for c in ('a'..='z').chain('A'..='Z').chain('а'..='я') {
            let mut out = String::new();
            Language::EN.lower_char(c, &mut out);
            assert_eq!(out, c.to_lowercase().collect::<String>());
        }
    }

    #[test]
    fn azerbaijani_casing() {
        assert_eq!(Language::AZ.lower("İCLAS ŞAMAXI"), "iclas şamaxı");
        assert_eq!(Language::AZ.upper("iclas şamaxı"), "İCLAS ŞAMAXI");
        assert_eq!(Language::AZ.lower("I\u{307}clas"), "iclas");
        assert_eq!(Language::AZ.capitalised("iclas"), "İclas");
        assert_eq!(Language::EN.lower("IOM"), "iom");
        assert_eq!(Language::RU.upper("съёмка"), "СЪЁМКА");
    }

    #[test]
    fn keys_fold_what_people_type_differently() {
        assert_eq!(Language::AZ.key("MİLLİ MƏCLİSİN"), Language::AZ.key("Milli Məclisin"));
        assert_eq!(Language::AZ.key("Miллi"), "miллi", "only look-alikes fold");
        assert_eq!(Language::AZ.key("Мilli Mәclis"), "milli məclis");
        assert_eq!(Language::RU.key("Сёстры"), "сестры");
        assert_eq!(Language::EN.key("“Legal”\u{a0}Migration"), "\"legal\" migration");
        assert_eq!(Language::AZ.key("Şamaxi"), "şamaxi", "i and ı stay apart");
    }

    /// A row a kind of damage: (language, as damaged, as meant).
    #[test]
    fn damaged_text_has_the_key_of_the_sound_one() {
        for (language, damaged, sound) in [
            (Language::AZ, "Mәcəllә", "Məcəllə"),
            (Language::AZ, "MӘCƏLLӘ", "Məcəllə"),
            (Language::AZ, "Mǝcǝllǝ", "Məcəllə"),
            (Language::AZ, "i\u{307}clas", "iclas"),
            (Language::AZ, "I\u{307}clas", "İclas"),
            (Language::AZ, "s\u{327}əhər", "şəhər"),
            (Language::AZ, "Вakı, Нava", "Bakı, Hava"),
            (Language::AZ, "хidmət", "xidmət"),
            (Language::AZ, "30\u{a0}manat – “əla”", "30 manat - \"əla\""),
            (Language::EN, "i\u{307}n İn I\u{307}n", "in in in"),
            (Language::EN, "Thе Sеrviсе", "The Service"),
            (Language::EN, "the\u{202f}Service’s «portal»", "the Service's \"portal\""),
            (Language::EN, "co\u{ad}operation\u{200b}", "cooperation"),
            (Language::RU, "Cлужба пpиняла гpaждaн", "Служба приняла граждан"),
            (Language::RU, "HAРОДНАЯ BEРCИЯ", "народная версия"),
            (Language::RU, "и\u{306}од, е\u{308}лка", "йод, елка"),
            (Language::RU, "Её „портал“ — 5\u{2009}000", "Ее \"портал\" - 5 000"),
        ] {
            assert_eq!(language.key(damaged), language.key(sound), "{damaged}");
        }
        for (language, one, other) in [
            (Language::AZ, "qız", "qiz"),
            (Language::AZ, "mal", "məl"),
            (Language::AZ, "məl", "mäl"),
            (Language::RU, "мир", "мыр"),
            (Language::EN, "IOM", "10M"),
        ] {
            assert_ne!(language.key(one), language.key(other), "{one}");
        }
    }

    #[test]
    fn an_unknown_language_works_plainly() {
        let kazakh: Language = "kk".parse().unwrap();
        assert_eq!(kazakh.lower("ҚАЗАҚ"), "қазақ");
        assert_eq!(kazakh.name(), "kk");
    }
}
