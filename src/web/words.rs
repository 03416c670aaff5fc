//! The interface in its languages. Each part has a table in `words/`: `key`, then a column a language; a language of
//! the interface is a column in each of them.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// The words of the interface in one language.
#[derive(Debug)]
pub struct Words {
    /// Its tag, for `lang`.
    pub language: &'static str,
    texts: FxHashMap<&'static str, &'static str>,
}

/// The tables, by what they are about.
const TABLES: &[(&str, &str)] = &[
    ("frame", include_str!("words/frame.tsv")),
    ("search", include_str!("words/search.tsv")),
    ("units", include_str!("words/units.tsv")),
    ("files", include_str!("words/files.tsv")),
    ("findings", include_str!("words/findings.tsv")),
    ("releases", include_str!("words/releases.tsv")),
    ("check", include_str!("words/check.tsv")),
    ("enter", include_str!("words/enter.tsv")),
    ("align", include_str!("words/align.tsv")),
    ("terms", include_str!("words/terms.tsv")),
];

static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let mut all: Vec<Words> = Vec::new();
    for (_, table) in TABLES {
        let mut lines = table.lines();
        let languages: Vec<&str> = lines.next().unwrap_or_default().split('\t').skip(1).collect();
        for language in &languages {
            if all.iter().all(|words| words.language != *language) {
                all.push(Words { language, texts: FxHashMap::default() });
            }
        }
        for line in lines {
            let mut cells = line.split('\t');
            let key = cells.next().unwrap_or_default();
            for (language, text) in languages.iter().zip(cells) {
                if let Some(words) = all.iter_mut().find(|words| words.language == *language) {
                    words.texts.insert(key, text);
                }
            }
        }
    }
    all
});

impl Words {
    /// The languages of the interface; English is the first.
    pub fn all() -> &'static [Words] {
        &ALL
    }

    /// The interface in a language, or in English.
    pub fn of(language: &str) -> &'static Words {
        ALL.iter().find(|words| words.language == language).unwrap_or(&ALL[0])
    }

    /// The first language of an `Accept-Language` header that the interface has.
    pub fn accepted(header: &str) -> &'static Words {
        let mut wanted: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|part| {
                let mut parts = part.split(';');
                let tag = parts.next()?.trim();
                let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
                Some((weight, tag.split(['-', '_']).next().unwrap_or(tag)))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let known = |tag: &str| ALL.iter().find(|words| words.language.eq_ignore_ascii_case(tag));
        wanted.into_iter().find_map(|(_, tag)| known(tag)).unwrap_or(&ALL[0])
    }

    /// The text of a key. A key without a text is its own text; a test sees to it that there is none.
    pub fn get<'k>(&self, key: &'k str) -> &'k str {
        self.texts.get(key).copied().unwrap_or(key)
    }

    /// The text of a key with `{name}` replaced by values.
    pub fn with(&self, key: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        let mut text = self.get(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), &value.to_string());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    #[test]
    fn every_language_has_every_text() {
        let head = TABLES[0].1.lines().next().unwrap();
        assert_eq!(head, "key\ten\taz\tru");
        let mut seen = BTreeSet::new();
        for (name, table) in TABLES {
            assert_eq!(table.lines().next().unwrap(), head, "{name}");
            for line in table.lines().skip(1) {
                let cells: Vec<&str> = line.split('\t').collect();
                assert_eq!(cells.len(), 4, "{name}: {line}");
                assert!(cells.iter().all(|cell| !cell.trim().is_empty()), "{name}: {line}");
                assert!(seen.insert(cells[0]), "{name}: {} stands there twice", cells[0]);
                let holes = |text: &str| -> BTreeSet<String> {
                    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|p| p.0.to_owned()).collect()
                };
                for text in &cells[2..] {
                    assert_eq!(holes(text), holes(cells[1]), "{name}: {line}");
                }
            }
        }
    }

    /// What stands between quotes behind any of the ways to ask for a word, in programs and templates.
    fn asked(text: &str, out: &mut BTreeSet<String>) {
        for way in ["t(\"", "tf(\"", ".get(\"", ".with(\"", "key: \"", "=> \"error."] {
            for (at, _) in text.match_indices(way) {
                let from = if way.ends_with("error.") { at + way.len() - 6 } else { at + way.len() };
                let key = text[from..].split('"').next().unwrap_or_default();
                if key.contains('.')
                    && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c))
                {
                    out.insert(key.to_owned());
                }
            }
        }
    }

    #[test]
    fn every_word_asked_for_is_there() {
        let mut wanted = BTreeSet::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.extension().and_then(|ending| ending.to_str()) {
                    _ if path.is_dir() => folders.push(path),
                    Some("rs") if !path.ends_with("words.rs") => asked(&fs::read_to_string(path).unwrap(), &mut wanted),
                    Some("html") => asked(&fs::read_to_string(path).unwrap(), &mut wanted),
                    _ => {}
                }
            }
        }
        let there: BTreeSet<String> = TABLES
            .iter()
            .flat_map(|(_, table)| table.lines().skip(1))
            .map(|l| l.split('\t').next().unwrap().to_owned())
            .collect();
        let missing: Vec<&String> = wanted.difference(&there).collect();
        assert!(missing.is_empty(), "no table has {missing:?}");
    }

    #[test]
    fn a_browser_gets_the_first_language_there_is() {
        for (header, language) in [
            ("az-Latn-AZ,en;q=0.5", "az"),
            ("de,ru;q=0.7,az;q=0.9", "az"),
            ("ru-RU", "ru"),
            ("fr", "en"),
            ("", "en"),
            ("en;q=0.1, ru", "ru"),
        ] {
            assert_eq!(Words::accepted(header).language, language, "{header}");
        }
    }
}
