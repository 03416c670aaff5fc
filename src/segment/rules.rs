//! The rules a language is segmented by: ordered rows of data (`rules/*.tsv`), abbreviations in classes
//! (`abbreviations/*.tsv`) and words that begin sentences (`starters/*.txt`).
//!
//! The rules of the language come first, among them those its abbreviations make by their class, then the common
//! ones.
//! A language without rows has the common rules only.

use super::{
    engine::{Engine, Pattern},
    lists,
};
use crate::lang::Language;
use std::{borrow::Cow, sync::OnceLock};

/// The rules of one language, compiled.
pub struct Rules {
    language: Option<Language>,
    pub(super) engine: Engine,
    names: Vec<Cow<'static, str>>,
    breaks: Vec<bool>,
}

/// The data of one language.
struct Table {
    language: Option<Language>,
    rules: &'static str,
    abbreviations: &'static str,
    starters: &'static str,
    compiled: OnceLock<Rules>,
}

macro_rules! table {
    ($language:expr, $tag:literal) => {
        Table {
            language: Some($language),
            rules: include_str!(concat!("rules/", $tag, ".tsv")),
            abbreviations: include_str!(concat!("abbreviations/", $tag, ".tsv")),
            starters: include_str!(concat!("starters/", $tag, ".txt")),
            compiled: OnceLock::new(),
        }
    };
}

static TABLES: [Table; 3] = [table!(Language::EN, "en"), table!(Language::AZ, "az"), table!(Language::RU, "ru")];

/// For languages without rows of their own.
static PLAIN: Table = Table { language: None, rules: "", abbreviations: "", starters: "", compiled: OnceLock::new() };

const COMMON: &str = include_str!("rules/common.tsv");

/// The row of a rules file that stands for the rules of the abbreviations.
const ABBREVIATIONS: &str = "abbreviations";

/// What patterns may call by name.
const PARTS: &[(&str, &str)] = &[
    ("{edge}", r"(?:^|[^\p{L}\p{N}])"),
    // An abbreviation is not the tail of one with inner stops: `v.` in `i.v.`.
    ("{apart}", r"(?:^|[^\p{L}\p{N}.])"),
    ("{stop}", "[.!?…]"),
    ("{close}", r#"["”“’'»)\]*_]"#),
    ("{open}", r#"["“”„«‘'(\[*_¿¡]"#),
    ("{openers}", r#""“„«‘'(\["#),
    ("{dash}", "[—–-]"),
    ("{bullet}", "[•⁃▪◦‣●■]"),
];

/// A class of abbreviations: what stands after one decides whether it ends its sentence.
struct Class {
    name: &'static str,
    /// One can begin a sentence, and then has a capital. Of the others a capital letter alone is an initial.
    starts: bool,
    /// (what the rule is called, breaks, what follows the stop)
    rules: &'static [(&'static str, bool, &'static str)],
}

const CLASSES: &[Class] = &[
    // A name follows for certain: `Mr. Huseynov`.
    Class { name: "title", starts: true, rules: &[("title", false, "")] },
    // Never the end of a sentence: `e.g.`.
    Class { name: "inside", starts: true, rules: &[("inside", false, "")] },
    // Goes on where a number follows: `No. 5`; anything else ends as any word would.
    Class {
        name: "before-number",
        starts: true,
        rules: &[("before-number", false, r"\s*(?:[№#]\s?)?(?:\p{N}|[IVXLCM]+(?:[^\p{L}]|$))")],
    },
    // A name may follow, so that a capital says nothing: `U.S. Embassy`. Ends before a word that begins sentences.
    Class {
        name: "name-follows",
        starts: false,
        rules: &[
            ("name-follows, before a sentence", true, r"\s+{open}{0,3}{starter}"),
            ("name-follows", false, r"\s*{open}{0,3}[\p{Lu}\p{N}]"),
        ],
    },
    // Ends before a capital: `etc. Visitors liked it.`; goes on before a number: `9 ч. 30 мин.`.
    Class {
        name: "may-end",
        starts: false,
        rules: &[("may-end, before a number", false, r"\s*\p{N}"), ("may-end", true, r"\s+{open}{0,3}\p{Lu}")],
    },
];

/// One row of a rules file.
struct Row {
    name: &'static str,
    breaks: bool,
    before: &'static str,
    after: &'static str,
    #[cfg_attr(not(test), allow(dead_code))]
    example: &'static str,
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn rows(file: &'static str) -> impl Iterator<Item = Row> {
    lines(file).map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        Row { name: cell(), breaks: cell() == "break", before: cell(), after: cell(), example: cell() }
    })
}

/// The rows of an abbreviations file: abbreviation without its last stop, class, example.
fn abbreviations(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    lines(file).map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (abbreviation, class, _meaning, example) = (cell(), cell(), cell(), cell());
        (abbreviation, class, example)
    })
}

impl Rules {
    /// The rules of `language`, compiled the first time they are asked for.
    pub fn of(language: Language) -> &'static Rules {
        let table = TABLES.iter().find(|table| table.language == Some(language)).unwrap_or(&PLAIN);
        table.compiled.get_or_init(|| Rules::compile(table))
    }

    /// The rules of `language`, compiled anew.
    pub fn compiled(language: Language) -> Rules {
        Rules::compile(TABLES.iter().find(|table| table.language == Some(language)).unwrap_or(&PLAIN))
    }

    /// The bytes of `paragraph` at which its sentences end, the last one not among them; ascending.
    pub fn boundaries(&self, paragraph: &str) -> Vec<usize> {
        let mut ends = Vec::new();
        self.engine.decide(paragraph, |at, rule| {
            if self.breaks[rule] {
                ends.push(at);
            }
        });
        lists::amend(paragraph, &mut ends);
        ends
    }

    /// The language these rules were written for; `None` where only the common ones hold.
    pub fn language(&self) -> Option<Language> {
        self.language
    }

    /// What rule `number` is called.
    pub fn name(&self, number: usize) -> &str {
        &self.names[number]
    }

    /// Whether rule `number` ends a segment where it holds, or keeps it together.
    pub fn breaks(&self, number: usize) -> bool {
        self.breaks[number]
    }

    fn compile(table: &Table) -> Rules {
        let starters = starters(table.starters);
        let mut names = Vec::new();
        let mut patterns = Vec::new();
        let mut push = |name: Cow<'static, str>, breaks: bool, before: &str, after: &str| {
            names.push(name);
            patterns.push(Pattern {
                breaks,
                before: written_out(before, &starters),
                after: written_out(after, &starters),
            });
        };
        for row in rows(table.rules).chain(rows(COMMON)) {
            if row.name != ABBREVIATIONS {
                push(row.name.into(), row.breaks, row.before, row.after);
                continue;
            }
            for class in CLASSES {
                let before = table.language.and_then(|language| any_of(table.abbreviations, class, language));
                let Some(before) = before else { continue };
                for (name, breaks, after) in class.rules {
                    // A sentence ends behind its closing quotes and parentheses.
                    let closed = if *breaks { "{close}{0,3}" } else { "" };
                    push(format!("abbreviation: {name}").into(), *breaks, &format!("{before}{closed}"), after);
                }
            }
        }
        let breaks = patterns.iter().map(|pattern| pattern.breaks).collect();
        let engine = Engine::new(&patterns).expect("the rows are well-formed: a test compiles them all");
        Rules { language: table.language, engine, names, breaks }
    }
}

/// A before-pattern for all abbreviations of `class`; `None` where there are none.
fn any_of(file: &'static str, class: &Class, language: Language) -> Option<String> {
    let mut out = String::from("{apart}(?:");
    let mut first = true;
    for (abbreviation, _, _) in abbreviations(file).filter(|(_, of, _)| *of == class.name) {
        let capital = language.capitalised(abbreviation);
        let spellings = if class.starts && capital != abbreviation { 2 } else { 1 };
        for spelling in [abbreviation, &capital].into_iter().take(spellings) {
            if !std::mem::take(&mut first) {
                out.push('|');
            }
            out.push_str(&escaped(spelling));
        }
    }
    out.push_str(r")\.");
    (!first).then_some(out)
}

fn escaped(text: &str) -> String {
    regex::escape(text).replace(' ', r"\s")
}

fn starters(file: &'static str) -> String {
    let mut out = String::from("(?:");
    for (n, word) in file.split_ascii_whitespace().enumerate() {
        if n > 0 {
            out.push('|');
        }
        out.push_str(word);
    }
    out.push_str(r")(?:[\s,’']|$)");
    out
}

/// `pattern` with its named parts written out.
fn written_out(pattern: &str, starters: &str) -> String {
    let mut out = pattern.replace("{starter}", starters);
    for (name, meaning) in PARTS {
        if out.contains(name) {
            out = out.replace(name, meaning);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of an example and the place it marks, with whether it breaks there.
    fn marked(example: &str) -> (String, usize, bool) {
        let at = example.find(['‖', '¦']).unwrap_or_else(|| panic!("no mark in {example:?}"));
        let breaks = example[at..].starts_with('‖');
        (example.replace(['‖', '¦'], ""), at, breaks)
    }

    fn decision(rules: &Rules, text: &str, place: usize) -> Option<usize> {
        let mut found = None;
        rules.engine.decide(text, |at, rule| {
            if at == place {
                found = Some(rule);
            }
        });
        found
    }

    #[test]
    fn every_rule_decides_its_example() {
        for table in TABLES.iter().chain([&PLAIN]) {
            let rules = table.compiled.get_or_init(|| Rules::compile(table));
            let common = if table.language.is_none() { COMMON } else { "" };
            for row in rows(table.rules).chain(rows(common)).filter(|row| row.name != ABBREVIATIONS) {
                let (text, at, breaks) = marked(row.example);
                assert_eq!(breaks, row.breaks, "{}: {text}", row.name);
                let rule = decision(rules, &text, at).map(|rule| rules.name(rule));
                assert_eq!(rule, Some(row.name), "{text}");
            }
        }
    }

    #[test]
    fn every_abbreviation_decides_its_example() {
        for table in &TABLES {
            let rules = table.compiled.get_or_init(|| Rules::compile(table));
            for (abbreviation, class, example) in abbreviations(table.abbreviations) {
                assert!(CLASSES.iter().any(|c| c.name == class), "{abbreviation}: {class}");
                let (text, at, breaks) = marked(example);
                assert!(text[..at].to_lowercase().ends_with(&format!("{}.", abbreviation.to_lowercase())), "{example}");
                // Where the sentence goes on in lower case no rule has to speak.
                let broken = decision(rules, &text, at).is_some_and(|rule| rules.breaks(rule));
                assert_eq!(broken, breaks, "{example}");
            }
        }
    }

    #[test]
    fn starters_are_capitalised_and_stand_once() {
        for table in &TABLES {
            let words: Vec<&str> = table.starters.split_ascii_whitespace().collect();
            for (n, word) in words.iter().enumerate() {
                assert!(word.starts_with(char::is_uppercase), "{word}");
                assert!(!words[..n].contains(word), "{word} stands twice");
            }
        }
    }
}
