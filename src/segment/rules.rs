//! The rules a language is segmented by: ordered rows of data (`rules/*.tsv`), abbreviations in classes
//! (`abbreviations/*.tsv`) and words that begin sentences (`starters/*.txt`).
//!
//! The rules of the language come first, among them those its abbreviations make by their class, then the common
//! ones.
//! A language without rows has the common rules only. What a user adds ([`Additions`]) comes before all of them; a
//! user's own list ([`Written`]) takes their place.

use super::{
    coarse::coarse,
    custom::{self, Additions, Unusable, Written},
    engine::{Engine, Pattern},
    foreign, lists,
};
use crate::lang::{Language, Script};
use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

/// The rules of one language, compiled. A clone costs nothing.
#[derive(Clone)]
pub struct Rules(Arc<Compiled>);

struct Compiled {
    language: Option<Language>,
    engine: Engine,
    names: Vec<Cow<'static, str>>,
    breaks: Vec<bool>,
    /// Running lists fall into items: what no rule can say, and no list of rules from elsewhere asks for.
    lists: bool,
    unusable: Vec<Unusable>,
}

/// A rule as a list holds it: what ends at the place, and what begins there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub name: Cow<'static, str>,
    pub breaks: bool,
    pub before: String,
    pub after: String,
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
    // Characters without width stand anywhere in texts copied from the web.
    ("{unseen}", "[\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}]"),
    ("{close}", "[\"”“’'»)\\]*_\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}]"),
    ("{open}", "[\"“”„«‘'(\\[*_¿¡\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}]"),
    ("{openers}", r#""“„«‘'(\["#),
    ("{dash}", "[—–-]"),
    ("{bullet}", "[•⁃▪◦‣●■]"),
];

/// A class of abbreviations: what stands after one decides whether it ends its sentence.
struct Class {
    name: &'static str,
    /// One can begin a sentence, and then has a capital. Of the others a capital letter alone is an initial.
    starts: bool,
    /// (why it decides, in words; breaks; what follows the stop)
    rules: &'static [(&'static str, bool, &'static str)],
}

const CLASSES: &[Class] = &[
    // A name follows for certain: `Mr. Huseynov`.
    Class { name: "title", starts: true, rules: &[("a name follows a title", false, "")] },
    // Never the end of a sentence: `e.g.`.
    Class { name: "inside", starts: true, rules: &[("it never ends a sentence", false, "")] },
    // Goes on where a number follows: `No. 5`; anything else ends as any word would.
    Class {
        name: "before-number",
        starts: true,
        rules: &[("a number follows it", false, r"\s*(?:[№#]\s?)?(?:\p{N}|[IVXLCM]+(?:[^\p{L}]|$))")],
    },
    // A name may follow, so that a capital says nothing: `U.S. Embassy`. Ends before a word that begins sentences.
    Class {
        name: "name-follows",
        starts: false,
        rules: &[
            ("a word follows that begins sentences", true, r"\s+{open}{0,3}{starter}"),
            ("a name or a number may follow it", false, r"\s*{open}{0,3}[\p{Lu}\p{N}]"),
        ],
    },
    // Ends before a capital: `etc. Visitors liked it.`; goes on before a number: `9 ч. 30 мин.`.
    Class {
        name: "may-end",
        starts: false,
        rules: &[
            ("a number follows it", false, r"\s*\p{N}"),
            ("it may end a sentence, and a capital letter follows", true, r"\s+{open}{0,3}\p{Lu}"),
        ],
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
        let table = Table::of(language);
        table.compiled.get_or_init(|| Rules::compiled(language))
    }

    /// The rules of `language`, compiled anew.
    pub fn compiled(language: Language) -> Rules {
        Rules::with(language, &Additions::default())
    }

    /// The rules of `language` behind those the user adds.
    pub fn with(language: Language, additions: &Additions) -> Rules {
        let table = Table::of(language);
        let listed = additions.listed(language, table.starters());
        let listed = listed.into_iter().chain(listed_of(table)).chain(listed_of_all());
        let (mut names, mut patterns) = (Vec::new(), Vec::new());
        for Listed { name, breaks, before, after } in listed {
            names.push(name);
            patterns.push(plain(breaks, &before, &after));
        }
        let rules = Compiled::new(table.language, names, patterns, true, Vec::new());
        Rules(Arc::new(rules.expect("the rows are well-formed: a test compiles them all")))
    }

    /// A user's own list of rules, in the place of those of `language`, behind what the user adds. Its patterns may
    /// be written for Java or ICU; what cannot be run is told by [`Rules::unusable`], the others serve.
    pub fn written(language: Language, additions: &Additions, list: &[Written]) -> Rules {
        let (mut names, mut patterns) = (Vec::new(), Vec::new());
        for Listed { name, breaks, before, after } in additions.listed(language, Table::of(language).starters()) {
            names.push(name);
            patterns.push(plain(breaks, &before, &after));
        }
        let mut unusable = Vec::new();
        custom::translate(list, &mut names, &mut patterns, &mut unusable);
        let rules = Compiled::new(Some(language), names, patterns, false, unusable).unwrap_or_else(|error| {
            // Each pattern is sound on its own, so that only their number or size can be at fault.
            let unusable = Unusable { name: "the list".to_owned(), line: 0, why: error.to_string() };
            Compiled::new(Some(language), Vec::new(), Vec::new(), false, vec![unusable]).expect("no rule is no fault")
        });
        Rules(Arc::new(rules))
    }

    /// The rules that cannot be run, of a list from elsewhere.
    pub fn unusable(&self) -> &[Unusable] {
        &self.0.unusable
    }

    /// The bytes of `paragraph` at which its sentences end, the last one not among them; ascending.
    pub fn boundaries(&self, paragraph: &str) -> Vec<usize> {
        let mut ends = Vec::new();
        self.0.engine.decide(paragraph, |at, rule| {
            if self.0.breaks[rule] {
                ends.push(at);
            }
        });
        self.amend(paragraph, &mut ends);
        ends
    }

    /// Every place of `paragraph` a breaking rule speaks of, in order, and the number of the rule that decides.
    pub(super) fn decided(&self, paragraph: &str) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        self.0.engine.decide(paragraph, |at, rule| out.push((at, rule)));
        out
    }

    /// Puts the boundaries of running lists right, where these rules have any.
    pub(super) fn amend(&self, paragraph: &str, ends: &mut Vec<usize>) {
        if self.0.lists {
            lists::amend(paragraph, ends);
        }
    }

    /// The language these rules were written for; `None` where only the common ones hold.
    pub fn language(&self) -> Option<Language> {
        self.0.language
    }

    /// What rule `number` is called.
    pub fn name(&self, number: usize) -> &str {
        &self.0.names[number]
    }

    /// What rule `number` is called, with the abbreviation at the end of `before` where it decided.
    pub(super) fn told(&self, number: usize, before: &str) -> String {
        let name = self.name(number);
        let Some(class) = name.strip_prefix(ABBREVIATION) else { return name.to_owned() };
        let word = before.split_whitespace().next_back().unwrap_or_default();
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(|c: char| c != '.');
        format!("abbreviation `{word}`: {class}")
    }

    /// Whether rule `number` ends a segment where it holds, or keeps it together.
    pub fn breaks(&self, number: usize) -> bool {
        self.0.breaks[number]
    }
}

impl Compiled {
    fn new(
        language: Option<Language>,
        names: Vec<Cow<'static, str>>,
        patterns: Vec<Pattern>,
        lists: bool,
        unusable: Vec<Unusable>,
    ) -> Result<Compiled, super::scan::EngineError> {
        let breaks = patterns.iter().map(|pattern| pattern.breaks).collect();
        Ok(Compiled { language, engine: Engine::new(&patterns)?, names, breaks, lists, unusable })
    }
}

/// How the names of rules that abbreviations make begin.
const ABBREVIATION: &str = "abbreviation: ";

impl Table {
    fn of(language: Language) -> &'static Table {
        TABLES.iter().find(|table| table.language == Some(language)).unwrap_or(&PLAIN)
    }

    /// A pattern for the words that begin sentences, where they are listed.
    fn starters(&self) -> Option<String> {
        (!self.starters.is_empty()).then(|| starters(self.starters))
    }
}

/// The languages that have rules of their own.
pub fn languages() -> impl Iterator<Item = Language> {
    TABLES.iter().filter_map(|table| table.language)
}

/// The rules `language` has of its own, in order, written out; those of [`listed_of_all`] follow them.
pub fn listed(language: Language) -> Vec<Listed> {
    listed_of(Table::of(language))
}

/// The rules all languages have, in order, written out.
pub fn listed_of_all() -> Vec<Listed> {
    rows(COMMON).map(|row| written_row(&row, "")).collect()
}

fn listed_of(table: &Table) -> Vec<Listed> {
    let starters = starters(table.starters);
    let mut out = Vec::new();
    for row in rows(table.rules) {
        if row.name != ABBREVIATIONS {
            out.push(written_row(&row, &starters));
            continue;
        }
        for class in CLASSES {
            let before = table.language.and_then(|language| any_of(table.abbreviations, class, language));
            let Some(before) = before else { continue };
            for (name, breaks, after) in class.rules {
                // A sentence ends behind its closing quotes and parentheses.
                let closed = if *breaks { "{close}{0,3}" } else { "" };
                out.push(Listed {
                    name: format!("{ABBREVIATION}{name}").into(),
                    breaks: *breaks,
                    before: written_out(&format!("{before}{closed}"), &starters),
                    after: written_out(after, &starters),
                });
            }
        }
    }
    out
}

fn written_row(row: &Row, starters: &str) -> Listed {
    Listed {
        name: row.name.into(),
        breaks: row.breaks,
        before: written_out(row.before, starters),
        after: written_out(row.after, starters),
    }
}

/// A rule of our own, in the engine's terms.
fn plain(breaks: bool, before: &str, after: &str) -> Pattern {
    let parsed =
        |pattern| coarse(foreign::parsed(pattern).expect("the rows are well-formed: a test compiles them all"));
    Pattern { breaks, before: parsed(before), after: parsed(after), conditions: Vec::new() }
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
            out.push_str(&alike(&escaped(spelling)));
        }
    }
    out.push_str(r")\.{unseen}{0,2}");
    (!first).then_some(out)
}

/// `pattern` with each letter as itself or its look-alike of the other script, as typed on another layout.
fn alike(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    for c in pattern.chars() {
        let twin = [Script::Latin, Script::Cyrillic].iter().find_map(|script| script.twin(c));
        match twin {
            // `\s` is no letter.
            Some(twin) if !out.ends_with('\\') => out.extend(['[', c, twin, ']']),
            _ => out.push(c),
        }
    }
    out
}

pub(super) fn escaped(text: &str) -> String {
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
pub(super) fn written_out(pattern: &str, starters: &str) -> String {
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
        rules.decided(text).into_iter().find(|(at, _)| *at == place).map(|(_, rule)| rule)
    }

    #[test]
    fn every_rule_decides_its_example() {
        for table in TABLES.iter().chain([&PLAIN]) {
            let rules = Rules::of(table.language.unwrap_or(Language::literal("kk")));
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
            let rules = Rules::of(table.language.unwrap_or(Language::literal("kk")));
            for line in lines(table.abbreviations) {
                let doubt = line.split('\t').nth(4);
                assert!(doubt.is_none_or(|cell| cell == "?") && line.split('\t').count() <= 5, "{line}");
            }
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
    fn words_that_are_also_abbreviations_end_their_sentences() {
        for (language, text) in [
            (Language::RU, "Служба помогла им.‖ Они благодарны."),
            (Language::RU, "Прибыл полк.‖ Он расположился у реки."),
            (Language::RU, "Завершился первый тур.‖ Победители известны."),
            (Language::AZ, "Alimlər tapıb ki, bu, yeni gen.‖ Bu, vacibdir."),
            (Language::AZ, "O, milliyyətcə rus.‖ Bakıda yaşayır."),
        ] {
            let (text, at, _) = marked(text);
            assert_eq!(Rules::of(language).boundaries(&text), [at], "{text}");
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
