//! Function words that run together with their neighbours: rows of `joints/*.tsv`, whose head explains the columns.

use crate::lang::Language;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// On which side of its neighbour a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
    /// Before its neighbour, and only where that begins with a capital.
    Capital,
}

pub(super) struct Joint {
    pub word: &'static str,
    pub side: Side,
    /// How many letters the neighbour must have.
    pub least: usize,
    /// Endings of the neighbour that make the joint sure; `*` for any.
    sure: Vec<&'static str>,
    /// Words that look joined and are not.
    not: Vec<&'static str>,
    #[cfg_attr(not(test), allow(dead_code))]
    example: &'static str,
}

impl Joint {
    /// What is left of `word` without this one; `None` where it does not stand on its side, or too little is left.
    pub fn rest<'w>(&self, word: &'w str) -> Option<&'w str> {
        let rest = match self.side {
            Side::After => word.strip_suffix(self.word)?,
            Side::Before | Side::Capital => word.strip_prefix(self.word)?,
        };
        (rest.chars().count() >= self.least && !self.not.contains(&word)).then_some(rest)
    }

    /// Whether no single word is made of this one and such a neighbour.
    pub fn is_sure(&self, neighbour: &str) -> bool {
        self.sure.iter().any(|ending| *ending == "*" || neighbour.len() > ending.len() && neighbour.ends_with(ending))
    }
}

/// The rows of a language, and their words to be looked up: every word of a text is.
struct Table {
    language: Language,
    joints: Vec<Joint>,
    words: FxHashSet<&'static str>,
    /// Those that join in lower case.
    free: FxHashSet<&'static str>,
    not: FxHashSet<&'static str>,
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let tables = [
        (Language::EN, include_str!("joints/en.tsv")),
        (Language::AZ, include_str!("joints/az.tsv")),
        (Language::RU, include_str!("joints/ru.tsv")),
    ];
    let table = |(language, table)| {
        let joints = rows(table);
        let free = joints.iter().filter(|joint| joint.side != Side::Capital);
        Table {
            language,
            words: joints.iter().map(|joint| joint.word).collect(),
            free: free.map(|joint| joint.word).collect(),
            not: joints.iter().flat_map(|joint| &joint.not).copied().collect(),
            joints,
        }
    };
    tables.into_iter().map(table).collect()
});

/// The rows of a table, longer words first: `the` of `forthe` is found before `he` could be.
fn rows(table: &'static str) -> Vec<Joint> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut out: Vec<Joint> = lines
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            let list = |cell: &'static str| cell.split(' ').filter(|word| *word != "-").collect();
            Joint {
                word: cell(),
                side: match cell() {
                    "before" => Side::Before,
                    "after" => Side::After,
                    _ => Side::Capital,
                },
                least: cell().parse().unwrap_or(usize::MAX),
                sure: list(cell()),
                not: list(cell()),
                example: cell(),
            }
        })
        .collect();
    out.sort_by_key(|joint| std::cmp::Reverse(joint.word.len()));
    out
}

fn table(language: Language) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.language == language)
}

/// The rows of `language`; none for a language without a table.
pub(super) fn of(language: Language) -> &'static [Joint] {
    table(language).map_or(&[], |table| &table.joints)
}

/// Whether `key` is one of the function words.
pub(super) fn is_word(language: Language, key: &str) -> bool {
    table(language).is_some_and(|table| table.words.contains(key))
}

/// `word` as two function words: `ofthe`.
pub(super) fn pair(language: Language, word: &str) -> Option<(&'static str, &'static str)> {
    let Table { free, not, .. } = table(language)?;
    if word.chars().count() < 5 || not.contains(word) {
        return None;
    }
    // The longer first word is the likelier one.
    word.char_indices().rev().find_map(|(at, _)| {
        let (first, second) = word.split_at(at);
        Some((*free.get(first)?, *free.get(second)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_an_example_that_falls_into_its_words() {
        for Table { language, joints, .. } in &*TABLES {
            assert!(joints.len() > 20, "{language}");
            for joint in joints {
                let (first, second) = joint.example.split_once('|').expect(joint.example);
                let (word, neighbour) = if joint.side == Side::After { (second, first) } else { (first, second) };
                assert_eq!(word, joint.word, "{}", joint.example);
                assert_eq!(joint.side == Side::Capital, neighbour.starts_with(char::is_uppercase), "{}", joint.example);
                assert_eq!(joint.rest(&joint.example.replace('|', "")), Some(neighbour), "{}", joint.example);
            }
        }
    }

    #[test]
    fn what_only_looks_joined_is_excepted() {
        for Table { joints, .. } in &*TABLES {
            for joint in joints {
                for word in &joint.not {
                    assert!(word.starts_with(joint.word) || word.ends_with(joint.word), "{word} at {}", joint.word);
                    assert_eq!(joint.rest(word), None, "{word}");
                }
            }
        }
        assert!(of(Language::EN).iter().all(|joint| joint.rest("within").is_none()));
    }

    #[test]
    fn two_function_words() {
        assert_eq!(pair(Language::EN, "ofthe"), Some(("of", "the")));
        assert_eq!(pair(Language::EN, "fromthe"), Some(("from", "the")));
        for word in ["within", "into", "areas", "the", "thereof"] {
            assert_eq!(pair(Language::EN, word), None, "{word}");
        }
    }
}
