//! A row a language. What a command needs of a language beyond these stands in a table of its own beside
//! this one; a language without a row is handled by Unicode's defaults.

use super::Language;

/// How letters change case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// Unicode's default case mapping.
    Default,
    /// İ/i and I/ı are two letters (Azerbaijani, Turkish).
    DottedI,
}

pub struct Row {
    pub language: Language,
    /// What people call it in English.
    pub name: &'static str,
    /// The tag that office programs know it by.
    pub locale: &'static str,
    pub casing: Casing,
    /// The letters of its alphabet, lower case.
    pub letters: &'static str,
    /// Characters it needs for what English says in one: ratios of the totals over the newstest2019 stories of
    /// NTREX-128 (Microsoft, CC BY-SA 4.0).
    pub length: f32,
    /// Letters that keys fold: (as met, as kept), lower case.
    pub folds: &'static [(char, char)],
}

/// Letter noise of real texts in Latin letters: Cyrillic schwa and U+01DD for ə, and Cyrillic look-alikes typed on a
/// Russian layout.
const LOOK_ALIKES: &[(char, char)] = &[
    ('ә', 'ə'),
    ('ǝ', 'ə'),
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('х', 'x'),
    ('у', 'y'),
    ('і', 'i'),
    ('ј', 'j'),
    ('м', 'm'),
    ('к', 'k'),
    ('т', 't'),
];

pub static ROWS: &[Row] = &[
    Row {
        language: Language::EN,
        name: "English",
        locale: "en-US",
        casing: Casing::Default,
        letters: "abcdefghijklmnopqrstuvwxyz",
        length: 1.0,
        folds: LOOK_ALIKES,
    },
    Row {
        language: Language::AZ,
        name: "Azerbaijani",
        locale: "az-Latn-AZ",
        casing: Casing::DottedI,
        letters: "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
        length: 1.088,
        folds: LOOK_ALIKES,
    },
    Row {
        language: Language::RU,
        name: "Russian",
        locale: "ru-RU",
        casing: Casing::Default,
        letters: "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        length: 1.11,
        folds: &[('ё', 'е')],
    },
];
