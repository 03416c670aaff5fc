//! Words that say the same everywhere: numbers, months, weekdays, states, bodies. Rows of `anchors.tsv`: a key,
//! then for each language the forms it goes by, parted by `;`.
//!
//! A form may be several words; a word that ends in `*` stands for itself with any ending; a form in capitals
//! is an acronym and matched only in capitals. The key of a number is its digits.

use super::Language;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// One meaning and how the languages say it.
pub struct Anchor {
    pub key: &'static str,
    /// The forms, words parted by a space.
    pub forms: Vec<(Language, &'static str)>,
}

/// All rows of `anchors.tsv`, in the table's order.
pub static ANCHORS: LazyLock<Vec<Anchor>> = LazyLock::new(|| rows(include_str!("anchors.tsv")));

/// Common words of news and releases, written alike in `common.tsv`; their forms are looser than the anchors'.
pub static COMMON: LazyLock<Vec<Anchor>> = LazyLock::new(|| rows(include_str!("common.tsv")));

fn rows(table: &'static str) -> Vec<Anchor> {
    let mut lines = table.lines();
    let header = lines.next().unwrap_or_default();
    let languages: Vec<Language> = header.split('\t').skip(1).map(Language::literal).collect();
    lines
        .map(|line| {
            let mut cells = line.split('\t');
            let key = cells.next().unwrap_or_default();
            let forms = languages
                .iter()
                .zip(cells)
                .flat_map(|(language, cell)| cell.split(';').map(move |form| (*language, form)))
                .filter(|(_, form)| !form.is_empty())
                .collect();
            Anchor { key, forms }
        })
        .collect()
}

/// The longest ending a form with a `*` may have, in letters: a longer rest makes another word.
const ENDING: usize = 6;

/// The single words of both tables in one language.
#[derive(Default)]
struct Words {
    whole: FxHashSet<&'static str>,
    /// Those that take any ending.
    begin: FxHashSet<&'static str>,
}

static WORDS: LazyLock<FxHashMap<Language, Words>> = LazyLock::new(|| {
    let mut out: FxHashMap<Language, Words> = FxHashMap::default();
    for (language, form) in ANCHORS.iter().chain(&*COMMON).flat_map(|anchor| &anchor.forms) {
        let words = out.entry(*language).or_default();
        match form.strip_suffix('*') {
            _ if form.contains(' ') => {}
            Some(stem) => {
                words.begin.insert(stem);
            }
            None => {
                words.whole.insert(form);
            }
        }
    }
    out
});

/// Whether `word`, a key, is among the frequent words and bodies of the tables just as it is.
pub fn is_listed(language: Language, word: &str) -> bool {
    WORDS.get(&language).is_some_and(|words| words.whole.contains(word) || words.begin.contains(word))
}

/// The same for `word` with an ending, where the tables allow any.
pub fn is_known(language: Language, word: &str) -> bool {
    let begun = |words: &Words| {
        let mut cuts = word.char_indices().rev().map(|(at, _)| at).take(ENDING);
        cuts.any(|at| words.begin.contains(&word[..at]))
    };
    is_listed(language, word) || WORDS.get(&language).is_some_and(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_whole() {
        for table in [include_str!("anchors.tsv"), include_str!("common.tsv")] {
            let columns = table.lines().next().unwrap().split('\t').count();
            for line in table.lines() {
                assert_eq!(line.split('\t').count(), columns, "{line}");
                assert!(line.split('\t').all(|cell| cell.split(';').all(|form| !form.trim().is_empty())), "{line}");
            }
        }
    }

    #[test]
    fn keys_and_forms_stand_once() {
        for table in [&*ANCHORS, &*COMMON] {
            let mut keys: Vec<&str> = table.iter().map(|a| a.key).collect();
            keys.sort_unstable();
            assert!(keys.windows(2).all(|w| w[0] != w[1]), "a key stands twice");
            let mut forms: Vec<(Language, &str)> = table.iter().flat_map(|a| a.forms.clone()).collect();
            forms.sort_unstable();
            for pair in forms.windows(2) {
                assert_ne!(pair[0], pair[1], "a form stands under two keys");
            }
        }
    }

    #[test]
    fn a_row_holds_its_languages() {
        let monday = ANCHORS.iter().find(|a| a.key == "day-1").unwrap();
        let az: Vec<&str> = monday.forms.iter().filter(|(l, _)| *l == Language::AZ).map(|(_, f)| *f).collect();
        assert_eq!(az, ["bazar ertəsi*"]);
    }

    #[test]
    fn frequent_words_are_known_with_their_endings() {
        for (language, word) in [(Language::EN, "said"), (Language::AZ, "nazirlikdə"), (Language::RU, "службы")]
        {
            assert!(is_known(language, word), "{word}");
        }
        for (language, word) in [(Language::EN, "aidd"), (Language::AZ, "naz"), (Language::RU, "слу")] {
            assert!(!is_known(language, word), "{word}");
        }
        assert!(!is_known("kk".parse().unwrap(), "said"));
    }
}
