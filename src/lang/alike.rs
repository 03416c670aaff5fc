//! Letters of two scripts that look alike, as they get into a text from another keyboard layout.

use super::Language;

/// The scripts whose letters are mistaken for one another in what an office types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    Latin,
    Cyrillic,
}

/// (Latin, Cyrillic), both cases where both look alike; rows of Unicode's confusables (UTS 39) met in fonts of
/// newspapers and offices.
static PAIRS: &[(char, char)] = &[
    ('A', 'А'),
    ('a', 'а'),
    ('B', 'В'),
    ('C', 'С'),
    ('c', 'с'),
    ('E', 'Е'),
    ('e', 'е'),
    ('Ə', 'Ә'),
    ('ə', 'ә'),
    ('H', 'Н'),
    ('h', 'һ'),
    ('I', 'І'),
    ('i', 'і'),
    ('J', 'Ј'),
    ('j', 'ј'),
    ('K', 'К'),
    ('k', 'к'),
    ('M', 'М'),
    ('m', 'м'),
    ('O', 'О'),
    ('o', 'о'),
    ('P', 'Р'),
    ('p', 'р'),
    ('S', 'Ѕ'),
    ('s', 'ѕ'),
    ('T', 'Т'),
    ('t', 'т'),
    ('X', 'Х'),
    ('x', 'х'),
    ('Y', 'У'),
    ('y', 'у'),
];

impl Script {
    /// The script of a letter; `None` for signs, marks and other scripts.
    pub fn of(c: char) -> Option<Script> {
        match c {
            // The letters nearly all texts are made of, without a look into Unicode's tables.
            'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'ə' => Some(Script::Latin),
            'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' => Some(Script::Cyrillic),
            'ª' | 'º' => None,
            '\u{c0}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' if c.is_alphabetic() => Some(Script::Latin),
            '\u{400}'..='\u{52f}' if c.is_alphabetic() => Some(Script::Cyrillic),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Script::Latin => "Latin",
            Script::Cyrillic => "Cyrillic",
        }
    }

    /// The letter of this script that looks like `c`, a letter of the other one.
    pub fn twin(self, c: char) -> Option<char> {
        PAIRS.iter().find_map(|&(latin, cyrillic)| match self {
            Script::Latin => (c == cyrillic).then_some(latin),
            Script::Cyrillic => (c == latin).then_some(cyrillic),
        })
    }
}

impl Language {
    /// The script it is written in, where it has rows.
    pub fn script(self) -> Option<Script> {
        self.row().and_then(|row| row.letters.chars().next()).and_then(Script::of)
    }

    /// Whether `c`, in either case, is a letter of its alphabet. A language without rows has all letters.
    pub fn has_letter(self, c: char) -> bool {
        let Some(row) = self.row() else { return true };
        let mut lower = String::new();
        self.lower_char(c, &mut lower);
        // İ becomes i in every language, but is the capital of i in some only.
        row.letters.contains(&lower) && (lower.starts_with(c) || self.upper(&lower).starts_with(c))
    }

    /// `text` with look-alike letters, in words that have letters of the language's own script too, as letters of
    /// that script: the Latin `C` in `Cлужба`, the Cyrillic `В` in `Вakı`. Words of one script stay.
    pub(super) fn unmixed(self, text: String) -> String {
        let Some(own) = self.script() else { return text };
        if text.is_ascii() {
            return text;
        }
        let mut before = None;
        let mut mixes = |c: char| {
            let (last, now) = (before, Script::of(c));
            before = now;
            last.is_some() && now.is_some() && last != now
        };
        if !text.chars().any(&mut mixes) {
            return text;
        }
        let meant = |c: char| own.twin(c).filter(|twin| self.has_letter(*twin)).unwrap_or(c);
        let mut out = String::with_capacity(text.len() + 8);
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| Script::of(c).is_none()).unwrap_or(rest.len()).max(first.len_utf8());
            let (word, after) = rest.split_at(end);
            let is_mixed = word.chars().any(|c| Script::of(c) == Some(own));
            out.extend(word.chars().map(|c| if is_mixed && Script::of(c).is_some() { meant(c) } else { c }));
            rest = after;
        }
        out
    }

    /// The letter of its alphabet that `c` was meant for, where `c` is a letter of its own script that keys fold
    /// and its alphabet has not: `ǝ` for `ə`.
    pub fn meant(self, c: char) -> Option<char> {
        if c.is_ascii() || self.has_letter(c) || Script::of(c) != self.script() {
            return None;
        }
        let lower = c.to_lowercase().next()?;
        let (_, kept) = self.row()?.folds.iter().find(|(from, _)| *from == lower)?;
        if c.is_uppercase() { self.upper(kept.encode_utf8(&mut [0; 4])).chars().next() } else { Some(*kept) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::ROWS;

    #[test]
    fn pairs_are_of_two_scripts_and_stand_once() {
        for (at, (latin, cyrillic)) in PAIRS.iter().enumerate() {
            assert_eq!((Script::of(*latin), Script::of(*cyrillic)), (Some(Script::Latin), Some(Script::Cyrillic)));
            assert_eq!(latin.is_uppercase(), cyrillic.is_uppercase());
            assert!(PAIRS[..at].iter().all(|(l, c)| l != latin && c != cyrillic), "{latin} stands twice");
        }
    }

    #[test]
    fn keys_fold_as_letters_look() {
        for row in ROWS {
            for (from, to) in row.folds {
                let alike = row.language.script().and_then(|script| script.twin(*from));
                assert!(alike.is_none_or(|twin| twin == *to), "{from} is folded to {to} in {}", row.name);
            }
        }
    }

    #[test]
    fn words_in_two_scripts_are_put_into_their_own() {
        for (language, damaged, whole) in [
            // Latin in Russian: C, a, o, p, x, T, H, B, K, M
            (Language::RU, "Cлужба", "Служба"),
            (Language::RU, "грaждaн", "граждан"),
            (Language::RU, "пpием зaявлeний", "прием заявлений"),
            (Language::RU, "Tехника, Hародная, Bизит, Kод, Mир", "Техника, Народная, Визит, Код, Мир"),
            (Language::RU, "IOM и SMS", "IOM и SMS"),
            (Language::RU, "IT-компания", "IT-компания"),
            (Language::RU, "sлужба", "sлужба"),
            // Cyrillic in Azerbaijani: М, В, Н, а, С
            (Language::AZ, "Мilli", "Milli"),
            (Language::AZ, "Вakı", "Bakı"),
            (Language::AZ, "Нüseyn", "Hüseyn"),
            (Language::AZ, "хidmət", "xidmət"),
            (Language::AZ, "Москва", "Москва"),
            // Cyrillic in English: е, Т, В
            (Language::EN, "Thе Тraining in Вaku", "The Training in Baku"),
            (Language::EN, "5М", "5М"),
        ] {
            assert_eq!(language.unmixed(damaged.to_owned()), whole, "{damaged}");
        }
        let kazakh: Language = "kk".parse().unwrap();
        assert_eq!(kazakh.unmixed("Cлужба".into()), "Cлужба", "nothing is known of it");
    }

    #[test]
    fn letters_and_scripts() {
        assert_eq!(Language::AZ.script(), Some(Script::Latin));
        assert_eq!(Language::RU.script(), Some(Script::Cyrillic));
        assert_eq!("kk".parse::<Language>().unwrap().script(), None);
        assert!(Language::AZ.has_letter('İ') && Language::AZ.has_letter('ı') && !Language::AZ.has_letter('w'));
        assert!(!Language::EN.has_letter('ı') && !Language::EN.has_letter('İ') && !Language::EN.has_letter('ə'));
        assert_eq!(Language::AZ.meant('ǝ'), Some('ə'));
        assert_eq!(Language::AZ.meant('Ǝ'), Some('Ə'));
        assert_eq!(Language::RU.meant('ё'), None);
        assert_eq!([Script::of('5'), Script::of('ª'), Script::of('×'), Script::of('λ')], [None; 4]);
    }
}
