//! The keys of many texts of one language, by a table made once.

use super::{Language, Script};
use crate::text::normal;

/// Makes the keys of [`Language::key`], at a fraction of the cost where there are many to make.
#[derive(Debug, Clone)]
pub struct Folder {
    language: Language,
    /// What becomes of each character of the scripts texts are mostly made of, as far as it was asked for.
    table: Vec<Fold>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Unknown,
    Nothing,
    /// With the script of the letter as it stood: in a word of two it may become another.
    Char(char, Option<Script>),
    /// More than one character, or something that depends on what stands beside it.
    Unsure,
}

/// Latin with its extensions, Greek, Cyrillic.
const TABLE: usize = 0x530;

impl Folder {
    pub fn new(language: Language) -> Folder {
        Folder { language, table: vec![Fold::Unknown; TABLE] }
    }

    fn of(language: Language, c: char) -> Fold {
        if !normal::is_stable(c) {
            return Fold::Unsure;
        }
        match normal::folded(c) {
            None => Fold::Nothing,
            Some(' ') => Fold::Char(' ', None),
            Some(c) => {
                let script = Script::of(c);
                let key = language.key(c.encode_utf8(&mut [0; 4]));
                let mut chars = key.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Fold::Char(c, script),
                    _ => Fold::Unsure,
                }
            }
        }
    }

    fn fold(&mut self, c: char) -> Fold {
        match self.table.get_mut(c as usize) {
            Some(fold) => {
                if *fold == Fold::Unknown {
                    *fold = Folder::of(self.language, c);
                }
                *fold
            }
            // Typographic quotes and dashes.
            None if matches!(c, '\u{2010}'..='\u{2027}') => {
                normal::folded(c).map_or(Fold::Nothing, |c| Fold::Char(c, None))
            }
            None => Fold::Unsure,
        }
    }

    /// What a key makes of a character by itself: another one, or nothing. `None` where it is more than one, or depends
    /// on what stands beside it.
    pub fn char(&mut self, c: char) -> Option<Option<char>> {
        match self.fold(c) {
            Fold::Char(c, _) => Some(Some(c)),
            Fold::Nothing => Some(None),
            Fold::Unsure | Fold::Unknown => None,
        }
    }

    /// Writes the key of `text` to `to`, in place of what stood there.
    pub fn key(&mut self, text: &str, to: &mut String) {
        to.clear();
        to.reserve(text.len());
        let mut space = true;
        let mut before = None;
        for c in text.chars() {
            match self.fold(c) {
                Fold::Char(' ', _) if space => {}
                Fold::Char(c, script) if before.is_none() || script.is_none() || before == script => {
                    space = c == ' ';
                    before = script;
                    to.push(c);
                }
                Fold::Nothing => {}
                Fold::Char(..) | Fold::Unsure | Fold::Unknown => {
                    to.clear();
                    to.push_str(&self.language.key(text));
                    return;
                }
            }
        }
        if to.ends_with(' ') {
            to.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Language; 4] = [Language::EN, Language::AZ, Language::RU, Language::literal("tr")];

    fn same(folders: &mut [Folder], text: &str) {
        for folder in folders {
            let mut key = String::from("what stood there");
            folder.key(text, &mut key);
            assert_eq!(key, folder.language.key(text), "{:?} {text:?}", folder.language);
        }
    }

    #[test]
    fn every_character_folds_as_in_a_key() {
        let folders = &mut ALL.map(Folder::new);
        for part in ('\0'..'\u{3100}').collect::<Vec<_>>().chunks(7) {
            same(folders, &part.iter().collect::<String>());
        }
        for c in '\0'..'\u{2100}' {
            same(folders, &format!("a{c}b"));
        }
        same(folders, "  İI\u{307}ı “Şə”\u{a0}– Ёж…  ");
        for text in ["Cлужба", "C\u{ad}лужба", "Вakı и Baku", "IT-компания", "i\u{307}n", "aбa C б"]
        {
            same(folders, text);
        }
    }

    proptest! {
        #[test]
        fn keys_are_those_of_the_language(text in "(\\PC|[İIıişəЁё «»—’aсBВ]|\u{307}|\\s){0,30}") {
            same(&mut ALL.map(Folder::new), &text);
        }
    }
}
