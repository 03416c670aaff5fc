//! What the rules need to know of a language: a row a language, each fact with an example in the tests.

use crate::lang::Language;

pub(super) struct Row {
    pub language: Language,
    /// Quotation marks, the usual pair first: those a text of the language may use at the outer level.
    pub quotes: &'static [(char, char)],
    /// How words of measure begin that stand after a number: miles become kilometres.
    pub measures: &'static [&'static str],
    /// Words that may rightly stand twice in a row.
    pub doubled: &'static [&'static str],
    /// Of words that stand twice the second is wrong for certain: no sentence needs it.
    pub function: &'static [&'static str],
}

pub(super) static ROWS: &[Row] = &[
    Row {
        language: Language::EN,
        quotes: &[('“', '”'), ('"', '"')],
        measures: &[
            "mile", "feet", "foot", "ft", "inch", "yard", "pound", "lb", "acre", "gallon", "ounce", "degree", "mph",
            "km",
        ],
        // He said that that was all; they had had enough; a very, very long time.
        doubled: &[
            "had", "that", "very", "so", "is", "her", "bye", "no", "yes", "long", "many", "far", "really", "there",
        ],
        function: &[
            "the", "a", "an", "of", "to", "in", "and", "for", "with", "on", "at", "by", "from", "as", "or", "was",
            "are", "were", "be", "has", "have", "will", "its", "their", "his", "this", "these", "it", "but", "into",
            "about",
        ],
    },
    Row {
        language: Language::AZ,
        quotes: &[('“', '”'), ('"', '"'), ('«', '»')],
        measures: &[
            "mil", "fut", "düym", "yard", "funt", "akr", "km", "kilom", "metr", "sm", "sant", "hektar", "dərəc", "kq",
            "kiloq",
        ],
        // bir bir gəldilər, bəli, bəli; o o deməkdir.
        doubled: &["bir", "o", "bu", "yox", "hə", "çox", "tez", "ay", "yaxşı"],
        function: &[
            "və",
            "ilə",
            "üçün",
            "ki",
            "da",
            "də",
            "üzrə",
            "olan",
            "həm",
            "tərəfindən",
            "haqqında",
            "kimi",
            "isə",
            "amma",
            "olaraq",
            "onun",
            "onların",
            "ona",
            "hər",
            "edən",
            "olub",
            "edib",
        ],
    },
    Row {
        language: Language::RU,
        quotes: &[('«', '»'), ('“', '”'), ('"', '"')],
        measures: &[
            "мил",
            "фут",
            "дюйм",
            "ярд",
            "акр",
            "км",
            "килом",
            "метр",
            "см",
            "сант",
            "гектар",
            "градус",
            "кг",
            "килогр",
        ],
        // да, да; очень, очень; то, что что-то было.
        doubled: &["да", "нет", "очень", "так", "что", "еле", "чуть", "как", "ну", "вот", "много", "долго"],
        function: &[
            "и",
            "в",
            "на",
            "с",
            "по",
            "для",
            "от",
            "к",
            "из",
            "о",
            "за",
            "при",
            "или",
            "но",
            "а",
            "во",
            "со",
            "об",
            "его",
            "их",
            "был",
            "была",
            "были",
            "также",
            "этот",
            "эта",
            "это",
            "который",
            "которая",
            "которые",
        ],
    },
];

pub(super) fn row(language: Language) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.language == language)
}

pub(super) const BRACKETS: &[(char, char)] = &[('(', ')'), ('[', ']'), ('{', '}')];

/// What may end a sentence.
pub(super) const FINAL: &[char] = &['.', '!', '?', '…', ':', ';', '‽'];

/// What may stand after it.
pub(super) const CLOSING: &[char] = &['”', '“', '»', '"', '’', '\'', ')', ']', '›', '*', '_'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_keys_and_do_not_contradict_themselves() {
        for row in ROWS {
            for word in row.doubled.iter().chain(row.function) {
                assert_eq!(row.language.key(word), *word);
            }
            assert!(row.doubled.iter().all(|word| !row.function.contains(word)), "{}", row.language);
            assert!(!row.quotes.is_empty());
        }
    }
}
