//! What may follow the stem of a name without making it another name: a row an ending, with an example.
//!
//! Rough on purpose: an ending too many hides a misspelling now and then, an ending too few makes a false alarm
//! of every text. Endings that derive a word from a name (Россия → российский) stand here too.

use crate::lang::Language;

/// The endings of one language.
pub(super) struct Endings {
    language: Language,
    vowels: &'static str,
    rows: &'static [Row],
    /// How the end of a stem may change before an ending: (as it stands then, as it is else, an example).
    changes: &'static [(&'static str, &'static str, &'static str)],
    /// Names that end so have no other form: (ending, an example) …
    indeclinable: &'static [(&'static str, &'static str)],
    /// … but for those that end so.
    declinable: &'static [(&'static str, &'static str)],
}

/// (place in the word, what it follows, ending, a form that has it, cut before and after it), lower case.
///
/// Places are counted from the stem: an ending follows only endings of lower places, so 0 is for words made of
/// names, the highest for what ends a word for good.
type Row = (u8, After, &'static str, &'static str);

/// What letter an ending follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Any,
    Vowel,
    Consonant,
}
use After::{Any, Consonant, Vowel};

impl Endings {
    pub fn of(language: Language) -> Option<&'static Endings> {
        TABLES.iter().find(|table| table.language == language)
    }

    /// The places in `key` where a stem of at least `least` characters may end, from the longest stem on.
    /// The first is always the whole.
    pub fn cuts(&self, key: &str, least: usize) -> Vec<usize> {
        let mut cuts = vec![key.len()];
        let Some((shortest, _)) = key.char_indices().nth(least) else { return cuts };
        // Each cut with the place of the ending that was cut off last.
        let mut open = vec![(key.len(), u8::MAX)];
        while let Some((end, above)) = open.pop() {
            for (place, after, ending, _) in self.rows.iter().filter(|row| row.0 < above) {
                let Some(stem) = key[..end].strip_suffix(ending) else { continue };
                if stem.len() >= shortest && self.follows(*after, stem) && !open.contains(&(stem.len(), *place)) {
                    open.push((stem.len(), *place));
                    cuts.push(stem.len());
                }
            }
        }
        cuts.sort_unstable_by(|a, b| b.cmp(a));
        cuts.dedup();
        cuts
    }

    fn follows(&self, after: After, stem: &str) -> bool {
        let vowel = stem.chars().next_back().is_some_and(|c| self.vowels.contains(c));
        match after {
            Any => true,
            Vowel => vowel,
            Consonant => !vowel,
        }
    }

    /// `key` looks like a name that is never inflected.
    pub fn indeclinable(&self, key: &str) -> bool {
        let one_of = |rows: &[(&str, &str)]| rows.iter().any(|(ending, _)| key.ends_with(ending));
        one_of(self.indeclinable) && !one_of(self.declinable)
    }

    /// `stem` as it is before no ending, where its end may have changed.
    pub fn unchanged<'s>(&self, stem: &'s str) -> impl Iterator<Item = String> + use<'_, 's> {
        self.changes.iter().filter_map(|(changed, plain, _)| Some(format!("{}{plain}", stem.strip_suffix(changed)?)))
    }
}

static TABLES: &[Endings] = &[
    Endings {
        language: Language::EN,
        vowels: "aeiouy",
        rows: &[
            (1, Any, "s", "ivanov|s"),
            (1, Consonant, "es", "hugh|es"),
            (1, Any, "ly", "week|ly"),
            (0, Vowel, "n", "korea|n"),
            (0, Consonant, "an", "mexic|an"),
            (0, Consonant, "ian", "iran|ian|s"),
            (0, Consonant, "ean", "europ|ean"),
            (0, Consonant, "ese", "japan|ese"),
            (0, Consonant, "ish", "finn|ish"),
            (0, Consonant, "i", "azerbaijan|i|s"),
            (0, Consonant, "ic", "democrat|ic"),
            (0, Consonant, "al", "continent|al"),
            (0, Consonant, "y", "german|y"),
            (0, Consonant, "er", "london|er|s"),
            (0, Consonant, "ist", "marx|ist|s"),
            (0, Consonant, "ism", "marx|ism"),
            (0, Consonant, "ed", "unit|ed"),
            (0, Consonant, "ing", "meet|ing|s"),
        ],
        changes: &[],
        indeclinable: &[],
        declinable: &[],
    },
    Endings {
        language: Language::AZ,
        vowels: "aıoueəiöü",
        rows: &[
            // The verb to be.
            (4, Any, "dır", "bakı|dır"),
            (4, Any, "dir", "gəncə|dir"),
            (4, Any, "dur", "toronto|dur"),
            (4, Any, "dür", "türk|dür"),
            // Cases; with n after the possessive of the third person.
            (3, Consonant, "ın", "azərbaycan|ın"),
            (3, Consonant, "in", "eldəniz|in"),
            (3, Consonant, "un", "nikol|un"),
            (3, Consonant, "ün", "göygöl|ün"),
            (3, Vowel, "nın", "muradova|nın"),
            (3, Vowel, "nin", "türkiyə|nin"),
            (3, Vowel, "nun", "toronto|nun"),
            (3, Vowel, "nün", "körpüsü|nün"),
            (3, Consonant, "a", "əliyev|a"),
            (3, Consonant, "ə", "berlin|ə"),
            (3, Vowel, "ya", "rusiya|ya"),
            (3, Vowel, "yə", "türkiyə|yə"),
            (3, Vowel, "na", "aparatı|na"),
            (3, Vowel, "nə", "məclisi|nə"),
            (3, Consonant, "ı", "əliyev|ı"),
            (3, Consonant, "i", "berlin|i"),
            (3, Consonant, "u", "nikol|u"),
            (3, Consonant, "ü", "göygöl|ü"),
            (3, Vowel, "nı", "bakı|nı"),
            (3, Vowel, "ni", "türkiyə|ni"),
            (3, Vowel, "nu", "toronto|nu"),
            (3, Vowel, "nü", "körpüsü|nü"),
            (3, Any, "da", "bakı|da|dır"),
            (3, Any, "də", "gəncə|də|dir"),
            (3, Any, "dan", "bakı|dan"),
            (3, Any, "dən", "gəncə|dən"),
            (3, Vowel, "nda", "aparatı|nda"),
            (3, Vowel, "ndə", "məclisi|ndə"),
            (3, Vowel, "ndan", "aparatı|ndan"),
            (3, Vowel, "ndən", "məclisi|ndən"),
            (3, Any, "la", "əliyev|la"),
            (3, Any, "lə", "berlin|lə"),
            (3, Vowel, "yla", "rusiya|yla"),
            (3, Vowel, "ylə", "türkiyə|ylə"),
            // Possession.
            (2, Consonant, "ı", "aparat|ı|nda"),
            (2, Consonant, "i", "məclis|i|nə"),
            (2, Consonant, "u", "fond|u|nun"),
            (2, Consonant, "ü", "göygöl|ü"),
            (2, Vowel, "sı", "akademiya|sı|nın"),
            (2, Vowel, "si", "idarə|si|nə"),
            (2, Vowel, "su", "büro|su"),
            (2, Vowel, "sü", "körpü|sü|nü"),
            (2, Consonant, "ımız", "azərbaycan|ımız|ın"),
            (2, Consonant, "imiz", "xidmət|imiz"),
            (2, Consonant, "umuz", "fond|umuz"),
            (2, Consonant, "ümüz", "göygöl|ümüz"),
            (2, Vowel, "mız", "rusiya|mız"),
            (2, Vowel, "miz", "türkiyə|miz"),
            // Plural.
            (1, Any, "lar", "əliyev|lar|ın"),
            (1, Any, "lər", "məmmədli|lər"),
            // Words made of names.
            (0, Any, "lı", "bakı|lı|lar"),
            (0, Any, "li", "gəncə|li"),
            (0, Any, "lu", "toronto|lu"),
            (0, Any, "lü", "göygöl|lü"),
            (0, Any, "lıq", "xan|lıq"),
            (0, Any, "lik", "demokrat|lik"),
            (0, Any, "ca", "alman|ca"),
            (0, Any, "cə", "ingilis|cə"),
            (0, Any, "dakı", "bakı|dakı|lar"),
            (0, Any, "dəki", "gəncə|dəki"),
            (0, Vowel, "ndakı", "aparatı|ndakı"),
            (0, Vowel, "ndəki", "məclisi|ndəki"),
        ],
        changes: &[("ğ", "q", "krallığ|ın"), ("y", "k", "birliy|in")],
        indeclinable: &[],
        declinable: &[],
    },
    Endings {
        language: Language::RU,
        vowels: "аеиоуыэюя",
        rows: &[
            // Nouns and surnames.
            (1, Consonant, "а", "ильхам|а"),
            (1, Consonant, "у", "ильхам|у"),
            (1, Consonant, "ом", "ильхам|ом"),
            (1, Consonant, "ым", "путин|ым"),
            (1, Any, "е", "ильхам|е"),
            (1, Consonant, "ы", "москв|ы"),
            (1, Consonant, "ой", "москв|ой"),
            (1, Consonant, "о", "министерств|о"),
            (1, Any, "и", "росси|и"),
            (1, Any, "я", "росси|я"),
            (1, Any, "ю", "росси|ю"),
            (1, Vowel, "й", "серге|й"),
            (1, Any, "ей", "росси|ей"),
            (1, Any, "ем", "серге|ем"),
            (1, Consonant, "ь", "рязан|ь"),
            (1, Consonant, "ью", "рязан|ью"),
            (1, Consonant, "ов", "демократ|ов"),
            (1, Any, "ев", "республиканц|ев"),
            (1, Consonant, "ам", "демократ|ам"),
            (1, Consonant, "ами", "демократ|ами"),
            (1, Consonant, "ах", "демократ|ах"),
            (1, Any, "ям", "учени|ям"),
            (1, Any, "ями", "учени|ями"),
            (1, Any, "ях", "учени|ях"),
            // Adjectives and surnames like them.
            (1, Consonant, "ый", "государственн|ый"),
            (1, Consonant, "ий", "чайковск|ий"),
            (1, Consonant, "ая", "чайковск|ая"),
            (1, Consonant, "яя", "верхн|яя"),
            (1, Consonant, "ое", "государственн|ое"),
            (1, Consonant, "ее", "верхн|ее"),
            (1, Consonant, "ого", "чайковск|ого"),
            (1, Consonant, "его", "верхн|его"),
            (1, Consonant, "ому", "чайковск|ому"),
            (1, Consonant, "ему", "верхн|ему"),
            (1, Consonant, "им", "чайковск|им"),
            (1, Consonant, "ую", "государственн|ую"),
            (1, Consonant, "юю", "верхн|юю"),
            (1, Consonant, "ые", "государственн|ые"),
            (1, Consonant, "ие", "чайковск|ие"),
            (1, Consonant, "ых", "государственн|ых"),
            (1, Consonant, "их", "чайковск|их"),
            (1, Consonant, "ыми", "государственн|ыми"),
            (1, Consonant, "ими", "чайковск|ими"),
            // Words made of names.
            (0, Consonant, "ск", "иран|ск|ий"),
            (0, Vowel, "йск", "росси|йск|ого"),
            (0, Consonant, "анск", "америк|анск|ая"),
            (0, Consonant, "енск", "пенз|енск|ий"),
            (0, Consonant, "ец", "голланд|ец"),
            (0, Consonant, "ц", "голланд|ц|ы"),
            (0, Vowel, "ец", "европе|ец"),
            (0, Vowel, "йц", "европе|йц|ы"),
            (0, Consonant, "анец", "америк|анец"),
            (0, Consonant, "анц", "америк|анц|ы"),
            (0, Vowel, "янин", "росси|янин"),
            (0, Vowel, "ян", "росси|ян|е"),
            (0, Consonant, "анин", "англич|анин"),
            (0, Consonant, "ан", "англич|ан|е"),
        ],
        // The vowel that falls out before the last consonant.
        changes: &[
            ("ок", "к", "кубок"),
            ("ек", "к", "чапек"),
            ("ец", "ц", "олимпиец"),
            ("ел", "л", "павел"),
            ("ь", "и", "казань"),
        ],
        indeclinable: &[("о", "кавано"), ("и", "кеннеди")],
        declinable: &[
            ("ство", "агентство"),
            ("ово", "иваново"),
            ("ево", "сараево"),
            ("ино", "пушкино"),
            ("ыно", "голицыно"),
            // Genitives and plurals.
            ("ии", "россии"),
            ("ьи", "натальи"),
            ("ки", "мексики"),
            ("ги", "праги"),
            ("хи", "чехи"),
            ("жи", "стражи"),
            ("ши", "наташи"),
            ("чи", "врачи"),
            ("щи", "плющи"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_is_cut_from_its_example() {
        for table in TABLES {
            for (_, _, ending, example) in table.rows {
                let form = example.replace('|', "");
                let (stem, rest) = example.split_once('|').unwrap();
                assert!(rest.starts_with(ending), "{example}");
                let least = stem.chars().count().min(4);
                assert!(table.cuts(&form, least).contains(&stem.len()), "{example}: {:?}", table.cuts(&form, least));
                assert_eq!(table.language.lower(&form), form, "{example} is in lower case");
            }
            for (changed, plain, example) in table.changes {
                let stem = example.split('|').next().unwrap();
                let expected = stem.strip_suffix(changed).unwrap().to_owned() + plain;
                assert!(table.unchanged(stem).any(|s| s == expected), "{example}");
            }
            for (ending, example) in table.indeclinable {
                assert!(example.ends_with(ending) && table.indeclinable(example), "{example}");
            }
            for (ending, example) in table.declinable {
                assert!(example.ends_with(ending) && !table.indeclinable(example), "{example}");
            }
        }
    }

    #[test]
    fn endings_keep_their_order() {
        let cut = |language, key: &str| -> Vec<String> {
            Endings::of(language).unwrap().cuts(key, 4).iter().map(|cut| key[..*cut].to_owned()).collect()
        };
        assert_eq!(cut(Language::AZ, "bakılıların"), ["bakılıların", "bakılılar", "bakılı", "bakı"]);
        assert_eq!(cut(Language::RU, "боливио"), ["боливио"], "no hard ending after a vowel");
        assert_eq!(cut(Language::RU, "иранцы"), ["иранцы", "иранц", "иран"]);
        assert_eq!(cut(Language::AZ, "rusia"), ["rusia"]);
    }
}
