//! Words that say the same everywhere: numbers, months, weekdays, states, bodies. Rows of `anchors.tsv`: a key,
//! then for each language the forms it goes by, parted by `;`.
//!
//! A form may be several words; a word that ends in `*` stands for itself with any ending; a form in capitals
//! is an acronym and matched only in capitals. The key of a number is its digits.

use super::Language;
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
}
