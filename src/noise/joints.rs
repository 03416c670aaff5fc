//! Function words that run together with their neighbours: rows of `joints/*.tsv`, whose head explains the columns.

use crate::lang::Language;
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

static TABLES: LazyLock<Vec<(Language, Vec<Joint>)>> = LazyLock::new(|| {
    let tables = [
        (Language::EN, include_str!("joints/en.tsv")),
        (Language::AZ, include_str!("joints/az.tsv")),
        (Language::RU, include_str!("joints/ru.tsv")),
    ];
    tables.into_iter().map(|(language, table)| (language, rows(table))).collect()
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

/// The rows of `language`; none for a language without a table.
pub(super) fn of(language: Language) -> &'static [Joint] {
    TABLES.iter().find(|(other, _)| *other == language).map_or(&[], |(_, joints)| joints)
}

/// Whether `key` is one of the function words.
pub(super) fn is_word(language: Language, key: &str) -> bool {
    of(language).iter().any(|joint| joint.word == key)
}

/// `word` as two function words: `ofthe`.
pub(super) fn pair(language: Language, word: &str) -> Option<(&'static str, &'static str)> {
    let joints = of(language);
    let free = |joint: &&Joint| joint.side != Side::Capital;
    if word.chars().count() < 5 || joints.iter().any(|joint| joint.not.contains(&word)) {
        return None;
    }
    joints.iter().filter(free).find_map(|first| {
        let rest = word.strip_prefix(first.word)?;
        let second = joints.iter().filter(free).find(|second| second.word == rest)?;
        Some((first.word, second.word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_an_example_that_falls_into_its_words() {
        for (language, joints) in &*TABLES {
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
        for (_, joints) in &*TABLES {
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
