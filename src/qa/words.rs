//! Words nobody writes: a form that stands once in all texts, a slip away from one that stands often.
//!
//! The texts themselves tell what is frequent; a dictionary, where one is given, tells what is a word. Near words are
//! found by the letters they have left when one is taken out (SymSpell, Garbe 2012).

use super::{Quoted, Shared, Text};
use crate::{
    lang::{Language, stem},
    model::{Bitext, Finding, Fix, Kind, Level, Rule},
    rules::RuleSet,
    text::{TokenKind, tokens},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{collections::BTreeMap, fmt, sync::OnceLock};

/// Letters of a stem that can be misspelt for certain.
const LETTERS: usize = 5;
/// How often the usual word must stand.
const OFTEN: u32 = 5;
/// Letters at the beginning where another letter is another word: un-, in-, на-, за-.
const FIRST: usize = 2;

/// How often stems stand in the texts that are checked together.
#[derive(Debug, Default)]
pub struct Frequencies {
    languages: BTreeMap<Language, Stems>,
}

#[derive(Debug, Default)]
struct Stems {
    counts: FxHashMap<String, Seen>,
    /// By what is left of a frequent stem without one of its letters.
    near: OnceLock<FxHashMap<String, Vec<String>>>,
    /// In how many stems three letters stand together.
    threes: OnceLock<FxHashMap<[char; 3], u32>>,
}

/// How often a stem stands in the texts, and its shortest form (the first of the alphabet among these).
#[derive(Debug, Default, Clone)]
struct Seen {
    count: u32,
    form: String,
}

impl Seen {
    fn add(&mut self, count: u32, form: &str) {
        self.count += count;
        let order = |form: &str| (form.is_empty(), form.len());
        if (order(form), form) < (order(&self.form), &self.form) {
            self.form = form.to_owned();
        }
    }
}

impl Frequencies {
    /// Adds the words of a group of texts.
    pub fn add(&mut self, bitext: &Bitext) {
        for (language, segments) in &bitext.texts {
            let stems = self.languages.entry(*language).or_default();
            for segment in segments.iter().filter(|segment| segment.kind != Kind::Boilerplate) {
                for token in tokens(&segment.text).filter(|token| token.kind == TokenKind::Word) {
                    let key = language.key(token.text(&segment.text));
                    stems.counts.entry(stem(*language, &key)).or_default().add(1, &key);
                }
            }
        }
    }

    /// Adds what another one holds.
    pub fn join(&mut self, other: Frequencies) {
        for (language, stems) in other.languages {
            let own = self.languages.entry(language).or_default();
            for (stem, seen) in stems.counts {
                own.counts.entry(stem).or_default().add(seen.count, &seen.form);
            }
        }
    }
}

impl Stems {
    /// The frequent stem that `rare` is a slip of.
    fn usual(&self, rare: &str) -> Option<&str> {
        let near = self.near.get_or_init(|| {
            let mut out: FxHashMap<String, Vec<String>> = FxHashMap::default();
            for stem in self.counts.iter().filter(|(_, seen)| seen.count >= OFTEN).map(|(stem, _)| stem) {
                if stem.chars().count() >= LETTERS {
                    less(stem).into_iter().for_each(|less| out.entry(less).or_default().push(stem.clone()));
                }
            }
            out
        });
        let candidates = less(rare).into_iter().filter_map(|less| near.get(&less)).flatten();
        let slips = candidates.filter(|usual| match slip(usual, rare) {
            Some(Slip::Keyboard) => true,
            // A word nobody writes holds letters that stand together nowhere else.
            Some(Slip::Letters) => threes(rare).any(|three| self.threes().get(&three).is_none_or(|count| *count < 2)),
            None => false,
        });
        slips
            .max_by_key(|usual| (self.counts.get(*usual).map(|seen| seen.count), std::cmp::Reverse(*usual)))
            .map(String::as_str)
    }

    /// The word with its own ending on the usual stem; without one, the stem's shortest form.
    fn usual_form(&self, key: &str, stem: &str, usual: &str) -> String {
        match key.strip_prefix(stem).filter(|ending| !ending.is_empty()) {
            Some(ending) => format!("{usual}{ending}"),
            None => self.counts.get(usual).map_or_else(|| usual.to_owned(), |seen| seen.form.clone()),
        }
    }

    fn threes(&self) -> &FxHashMap<[char; 3], u32> {
        self.threes.get_or_init(|| {
            let mut out: FxHashMap<[char; 3], u32> = FxHashMap::default();
            for stem in self.counts.keys() {
                threes(stem)
                    .collect::<FxHashSet<_>>()
                    .into_iter()
                    .for_each(|three| *out.entry(three).or_default() += 1);
            }
            out
        })
    }
}

fn threes(word: &str) -> impl Iterator<Item = [char; 3]> {
    let letters: Vec<char> = word.chars().collect();
    (2..letters.len()).map(move |at| [letters[at - 2], letters[at - 1], letters[at]])
}

/// `word`, and what is left of it without one of its letters.
fn less(word: &str) -> FxHashSet<String> {
    let without = |(at, c): (usize, char)| format!("{}{}", &word[..at], &word[at + c.len_utf8()..]);
    word.char_indices().map(without).chain([word.to_owned()]).collect()
}

/// Letters that a keyboard without them writes as others.
const KEYBOARD: &[(char, char)] = &[
    ('ə', 'e'), // vətəndaş, vetəndaş
    ('ı', 'i'), // qızıl, qizil
    ('ö', 'o'),
    ('ü', 'u'),
    ('ş', 's'), // axşam, axsam
    ('ç', 'c'), // xərçəng, xərcəng
    ('ğ', 'g'),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slip {
    /// The letter was written that the keyboard had.
    Keyboard,
    /// A letter left out or put in, or two in each other's place.
    Letters,
}

/// What makes `rare` of `usual`, in one place that is neither the beginning nor the last letter, where endings are.
fn slip(usual: &str, rare: &str) -> Option<Slip> {
    let (a, b): (Vec<char>, Vec<char>) = (usual.chars().collect(), rare.chars().collect());
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let back = a[front..].iter().rev().zip(b[front..].iter().rev()).take_while(|(x, y)| x == y).count();
    if back == 0 {
        return None;
    }
    match (&a[front..a.len() - back], &b[front..b.len() - back]) {
        ([x], [y]) if KEYBOARD.contains(&(*x, *y)) => Some(Slip::Keyboard),
        ([_], []) | ([], [_]) if front >= FIRST => Some(Slip::Letters),
        ([x, y], [z, w]) if front >= FIRST && x == w && y == z => Some(Slip::Letters),
        _ => None,
    }
}

pub(super) fn findings(text: &Text<'_>, shared: &Shared, rules: &RuleSet, out: &mut Vec<Finding>) {
    let language = text.language;
    let Some(stems) = shared.frequencies.languages.get(&language).filter(|_| rules.has(Rule::RareWord)) else { return };
    let dictionary = shared.dictionaries.of(language);
    for segment in text.segments.iter().filter(|segment| segment.kind != Kind::Boilerplate) {
        let (body, quoted) = (&segment.text, Quoted::new(segment));
        for token in tokens(body).filter(|token| token.kind == TokenKind::Word) {
            let word = token.text(body);
            if !word.chars().all(char::is_lowercase) || touched(body, token.span.start, token.span.end) {
                continue;
            }
            let key = language.key(word);
            let stem = stem(language, &key);
            if stem.chars().count() + 1 < LETTERS || stems.counts.get(&stem).is_none_or(|seen| seen.count > 1) {
                continue;
            }
            if dictionary.is_some_and(|dictionary| dictionary.check(word)) {
                continue;
            }
            let usual = stems.usual(&stem);
            let message = match (usual, dictionary) {
                (Some(usual), _) => {
                    let Seen { count, form } = stems.counts.get(usual).cloned().unwrap_or_default();
                    format!("`{word}` stands nowhere else; `{form}` and its forms stand {count} times")
                }
                (None, Some(_)) => format!("`{word}` is in no dictionary and stands nowhere else"),
                (None, None) => continue,
            };
            let mut finding = text.finding(Rule::RareWord, token.span.shifted(segment.span.start), message);
            if usual.is_some() && dictionary.is_some() {
                finding.level = Level::Warning;
            }
            finding = quoted.lowered(finding);
            finding.fix = usual.map(|usual| Fix { text: stems.usual_form(&key, &stem, usual), certain: false });
            out.push(finding);
        }
    }
}

/// Parts of hyphened words, addresses and codes are no words by themselves.
fn touched(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| matches!(c, '-' | '‑' | '@' | '/' | '_' | '#' | '\'' | '’') || c.is_numeric();
    let dotted = text[end..].strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    text[..start].chars().next_back().is_some_and(|c| joins(c) || c == '.') || text[end..].starts_with(joins) || dotted
}

/// Hunspell dictionaries, by language.
#[derive(Default)]
pub struct Dictionaries(BTreeMap<Language, spellbook::Dictionary>);

impl fmt::Debug for Dictionaries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Dictionaries {
    /// Takes a dictionary: the text of its words (`az.dic`) and that of its endings (`az.aff`).
    ///
    /// # Errors
    /// What is wrong where they are no dictionary.
    pub fn add(&mut self, language: Language, words: &str, endings: &str) -> Result<(), String> {
        let read = spellbook::Dictionary::new(endings, words).map_err(|error| error.to_string())?;
        self.0.insert(language, read);
        Ok(())
    }

    fn of(&self, language: Language) -> Option<&spellbook::Dictionary> {
        self.0.get(&language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_other_words() {
        for (usual, rare, want) in [
            ("migration", "migrtion", Some(Slip::Letters)),
            ("migration", "migratoin", Some(Slip::Letters)),
            ("migration", "migrattion", Some(Slip::Letters)),
            ("məktəb", "mektəb", Some(Slip::Keyboard)),
            ("mektəb", "məktəb", None),
            ("axşam", "axsam", Some(Slip::Keyboard)),
            ("contract", "contrast", None),
            ("мигрант", "мигрнат", Some(Slip::Letters)),
            ("formal", "normal", None),
        ] {
            assert_eq!(slip(usual, rare), want, "{usual} {rare}");
        }
    }

    #[test]
    fn a_dictionary_and_its_endings() {
        let mut dictionaries = Dictionaries::default();
        dictionaries.add(Language::EN, "1\nmigrant/S\n", "SET UTF-8\nSFX S Y 1\nSFX S 0 s .\n").unwrap();
        let en = dictionaries.of(Language::EN).unwrap();
        assert!(en.check("migrants") && !en.check("migrnats"));
    }
}
