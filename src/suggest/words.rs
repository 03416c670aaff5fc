//! What the words of a language may be in a term: rows of `words/*.tsv`.

use crate::lang::{self, Language, anchors::ANCHORS};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// Where in a term a word may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Anywhere.
    Word,
    NotFirst,
    NotLast,
    /// Anywhere in a term of several words.
    Part,
    /// Between two others: `registration at the place of stay`.
    Inside,
    /// Between two others of a name: `Ministry of Labour and Social Protection`.
    Joins,
    Never,
}

impl Role {
    fn named(name: &str) -> Option<Role> {
        Some(match name {
            "word" => Role::Word,
            "not-first" => Role::NotFirst,
            "not-last" => Role::NotLast,
            "part" => Role::Part,
            "inside" => Role::Inside,
            "joins" => Role::Joins,
            "never" => Role::Never,
            _ => return None,
        })
    }

    pub fn begins(self) -> bool {
        matches!(self, Role::Word | Role::NotLast | Role::Part)
    }

    pub fn ends(self) -> bool {
        matches!(self, Role::Word | Role::NotFirst | Role::Part)
    }

    /// Says something by itself.
    pub fn is_content(self) -> bool {
        !matches!(self, Role::Inside | Role::Joins | Role::Never)
    }
}

struct Rows {
    language: Language,
    table: &'static str,
}

static ROWS: &[Rows] = &[
    Rows { language: Language::EN, table: include_str!("words/en.tsv") },
    Rows { language: Language::AZ, table: include_str!("words/az.tsv") },
    Rows { language: Language::RU, table: include_str!("words/ru.tsv") },
];

/// A row of a table: words or endings, what they may be, an example.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Role, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, Role::named(cells.next()?)?, cells.next()?))
    })
}

/// Letters that stand before an ending at the least.
const BEFORE_ENDING: usize = 2;

/// The rows of one language, ready to be asked.
#[derive(Default)]
pub(super) struct Roles {
    language: Option<Language>,
    words: FxHashMap<&'static str, Role>,
    endings: FxHashMap<&'static str, Role>,
    /// The longest ending, in letters.
    longest: usize,
    /// Words that say the same everywhere: days, months, numbers, countries. Nobody asks how they are translated.
    anchors: FxHashSet<&'static str>,
    begun: Vec<&'static str>,
}

impl Roles {
    pub fn of(language: Language) -> &'static Roles {
        static NONE: LazyLock<Roles> = LazyLock::new(Roles::default);
        static ALL: LazyLock<FxHashMap<Language, Roles>> =
            LazyLock::new(|| ROWS.iter().map(|rows| (rows.language, Roles::new(rows))).collect());
        ALL.get(&language).unwrap_or(&NONE)
    }

    fn new(from: &Rows) -> Roles {
        let mut out = Roles { language: Some(from.language), ..Roles::default() };
        for (words, role, _) in rows(from.table) {
            for word in words.split(' ') {
                match word.strip_prefix('*') {
                    Some(ending) => {
                        out.longest = out.longest.max(ending.chars().count());
                        out.endings.insert(ending, role);
                    }
                    None => {
                        out.words.insert(word, role);
                    }
                }
            }
        }
        let named = |key: &str| key.starts_with("state-") || key.starts_with("day-") || key.starts_with("month-");
        for anchor in ANCHORS.iter().filter(|anchor| named(anchor.key)) {
            for (_, form) in anchor.forms.iter().filter(|(language, _)| *language == from.language) {
                match form.strip_suffix('*') {
                    Some(stem) => out.begun.push(stem),
                    None => {
                        out.anchors.insert(form);
                    }
                }
            }
        }
        out
    }

    /// What `key` (a word's key) may be.
    pub fn role(&self, key: &str) -> Role {
        if let Some(role) = self.words.get(key) {
            return *role;
        }
        if self.language.is_some_and(|language| lang::month(language, key).is_some()) {
            return Role::Never;
        }
        // An address.
        if key.contains(['.', '_']) {
            return Role::Never;
        }
        let letters = key.chars().count();
        let most = self.longest.min(letters.saturating_sub(BEFORE_ENDING));
        let starts = key.char_indices().map(|(at, _)| at).skip(letters - most);
        for at in starts {
            if let Some(role) = self.endings.get(&key[at..]) {
                return *role;
            }
        }
        Role::Word
    }

    /// Whether the word names a country, a month or a day.
    pub fn says_the_same(&self, key: &str) -> bool {
        self.anchors.contains(key) || self.begun.iter().any(|stem| key.starts_with(stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_whole_and_their_examples_fit() {
        for Rows { language, table } in ROWS {
            for line in table.lines().filter(|line| !line.starts_with('#')) {
                let cells: Vec<&str> = line.split('\t').collect();
                assert_eq!(cells.len(), 3, "{language}: {line}");
                let role = Role::named(cells[1]).unwrap_or_else(|| panic!("{language}: no role: {line}"));
                for word in cells[0].split(' ') {
                    assert!(word == "*" || language.key(word) == word, "{language}: `{word}` is no key");
                }
                let fits = |word: &str| match word.strip_prefix('*') {
                    Some(ending) => cells[2].ends_with(ending),
                    None => cells[2] == word,
                };
                assert!(cells[0].split(' ').any(fits), "{language}: the example does not fit: {line}");
                assert_eq!(Roles::of(*language).role(cells[2]), role, "{language}: {line}");
            }
        }
    }

    #[test]
    fn a_word_stands_once() {
        for Rows { language, table } in ROWS {
            let mut seen = FxHashSet::default();
            for word in rows(table).flat_map(|(words, ..)| words.split(' ')) {
                assert!(seen.insert(word), "{language}: `{word}` stands twice");
            }
        }
    }

    #[test]
    fn longer_endings_and_words_go_before() {
        for (language, word, role) in [
            (Language::EN, "family", Role::Word),
            (Language::EN, "firmly", Role::Never),
            (Language::EN, "september", Role::Never),
            (Language::AZ, "məktub", Role::Word),
            (Language::AZ, "keçirilib", Role::Never),
            (Language::RU, "портал", Role::Word),
            (Language::RU, "миграционной", Role::NotLast),
            (Language::RU, "регистрацией", Role::Word),
            (Language::literal("kk"), "тіл", Role::Word),
        ] {
            assert_eq!(Roles::of(language).role(word), role, "{word}");
        }
        assert!(Roles::of(Language::AZ).says_the_same("rusiyada"));
        assert!(!Roles::of(Language::AZ).says_the_same("xidmət"));
    }
}
