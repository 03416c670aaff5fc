//! A pattern to keywords in context, both sides.
//!
//! Texts are compared in folded form: lower case by the rules of their own language, one kind of space, quote
//! and dash, letters that stand for one another made one. What is shown is the text as stored.

mod candidates;

use crate::{
    lang::{Folder, Language},
    memory::{Cached, Filter, MemoryError, Reader, words::Analyser},
    model::{State, UnitId},
    text::{Span, normal, tokens},
};
use candidates::{Candidates, candidates, shortest_first};
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

/// How a pattern is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Letters anywhere.
    Text,
    /// Whole words.
    Word,
    /// Whole words in any of their forms, as far as their stems tell.
    Forms,
    /// A regular expression (syntax of the crate `regex`, linear time), over folded text.
    Regex,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub text: String,
    pub form: Form,
    /// In this language only.
    pub language: Option<Language>,
    /// In pending units too.
    pub pending: bool,
    /// In units that pass only.
    pub only: Option<Filter>,
}

/// One place of the pattern in a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub unit: UnitId,
    pub language: Language,
    pub left: String,
    pub key: String,
    pub right: String,
    /// The unit's other languages, the first variant of each.
    pub others: BTreeMap<Language, String>,
}

/// The pattern is no regular expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no regular expression: {what}")]
pub struct PatternError {
    pattern: String,
    what: String,
}

impl Pattern {
    /// # Errors
    /// A regular expression that is not well-formed or too large.
    pub fn new(text: &str, form: Form, language: Option<Language>, pending: bool) -> Result<Pattern, PatternError> {
        let pattern = Pattern { text: text.to_owned(), form, language, pending, only: None };
        if form == Form::Regex {
            regex(&Folds::new(language.unwrap_or(Language::EN)), text).map_err(|error| PatternError {
                pattern: text.to_owned(),
                what: error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
            })?;
        }
        Ok(pattern)
    }
}

/// The first `max` places of `pattern`, by language, then in the order the texts were stored; of a pattern that stands in
/// more than a thousand texts those in short texts come first, once the texts stored first are looked through.
pub fn concordance(memory: &Reader<'_>, pattern: &Pattern, max: usize) -> Result<Vec<Line>, MemoryError> {
    let languages = match pattern.language {
        Some(language) => vec![language],
        None => memory.languages()?,
    };
    let mut lines = Vec::new();
    for language in languages {
        if lines.len() < max {
            in_language(memory, pattern, language, max, &mut lines)?;
        }
    }
    Ok(lines)
}

/// Texts looked through from the first on before the index is asked: frequent patterns are found among them.
const LOOKED_THROUGH: usize = 1_000;

/// The units that hold `pattern`, all of them, by number.
pub fn units_with(memory: &Reader<'_>, pattern: &Pattern) -> Result<Vec<UnitId>, MemoryError> {
    let mut units = Vec::new();
    each_unit_with(memory, pattern, |unit| {
        units.push(unit);
        Ok(true)
    })?;
    units.sort_unstable();
    Ok(units)
}

/// Units with texts in `language` that may hold one of the words, which are keys, in some form: of each word the first
/// `most`. Nothing but the index is asked, so some of the units hold none of them.
///
/// # Errors
/// What the memory refuses.
pub fn units_with_words(
    memory: &Reader<'_>,
    language: Language,
    words: &[String],
    most: usize,
) -> Result<Vec<UnitId>, MemoryError> {
    let units = candidates::with_words(memory, language, words, most)?;
    let mut units: Vec<UnitId> = units.into_iter().map(|unit| UnitId(i64::from(unit))).collect();
    units.sort_unstable();
    Ok(units)
}

/// Calls `each` with the units that hold `pattern`, each once, in the order of [`concordance`], until it says no.
pub fn each_unit_with(
    memory: &Reader<'_>,
    pattern: &Pattern,
    mut each: impl FnMut(UnitId) -> Result<bool, MemoryError>,
) -> Result<(), MemoryError> {
    let languages = match pattern.language {
        Some(language) => vec![language],
        None => memory.languages()?,
    };
    let mut known = FxHashSet::default();
    let mut on = true;
    for language in languages {
        texts_with(memory, pattern, language, |search, folds, unit, body| {
            if !search.places(folds, body).is_empty() && known.insert(unit) {
                on = each(UnitId(i64::from(unit)))?;
            }
            Ok(on)
        })?;
        if !on {
            break;
        }
    }
    Ok(())
}

fn in_language(
    memory: &Reader<'_>,
    pattern: &Pattern,
    language: Language,
    max: usize,
    lines: &mut Vec<Line>,
) -> Result<(), MemoryError> {
    let mut shown = Shown { memory, pattern, language, max, lines };
    texts_with(memory, pattern, language, |search, folds, unit, body| {
        shown.add(search, folds, unit, body)?;
        Ok(shown.lines.len() < max)
    })
}

/// Calls `each` with the texts of `language` that seem to hold `pattern`, until it says no.
fn texts_with(
    memory: &Reader<'_>,
    pattern: &Pattern,
    language: Language,
    mut each: impl FnMut(&mut Search, &Folds, u32, &str) -> Result<bool, MemoryError>,
) -> Result<(), MemoryError> {
    let folds = Folds::new(language);
    let Some(mut search) = Search::new(&folds, pattern) else { return Ok(()) };
    let mut folded = String::new();
    let full = Cell::new(false);
    let mut text = |unit: u32, body: &str| -> Result<bool, MemoryError> {
        folds.fold(body, &mut folded, |_, _| {});
        if search.is_in(&folded) && !each(&mut search, &folds, unit, body)? {
            full.set(true);
        }
        Ok(!full.get())
    };
    let mut index = Cached::new(memory, language, None)?;
    let mut seen = 0;
    let mut last = 0;
    let few = index.entries() <= 2 * LOOKED_THROUGH as u64;
    memory.texts_from(language, 0, |unit, body| {
        // A unit is looked through as a whole.
        if !few && seen >= LOOKED_THROUGH && unit != last {
            return Ok(false);
        }
        (seen, last) = (seen + 1, unit);
        text(unit, body)
    })?;
    if few || seen < LOOKED_THROUGH || full.get() {
        return Ok(());
    }
    match candidates(&mut index, &folds, pattern, language)? {
        Candidates::In(units) => {
            for unit in units.into_iter().filter(|unit| *unit > last) {
                if !memory.texts_of(unit, language, &mut text)? {
                    break;
                }
            }
            Ok(())
        }
        Candidates::Under(keys) => {
            // A unit with several texts stands under the keys several times.
            let mut known = FxHashSet::default();
            shortest_first(&mut index, &keys, |unit| match unit > last && known.insert(unit) {
                true => memory.texts_of(unit, language, &mut text),
                false => Ok(true),
            })
        }
        Candidates::Anywhere => memory.texts_from(language, last + 1, text),
    }
}

/// Where the lines go.
struct Shown<'s, 'r, 'm> {
    memory: &'r Reader<'m>,
    pattern: &'s Pattern,
    language: Language,
    max: usize,
    lines: &'s mut Vec<Line>,
}

impl Shown<'_, '_, '_> {
    /// Adds the lines of one text.
    fn add(&mut self, search: &mut Search, folds: &Folds, unit: u32, body: &str) -> Result<(), MemoryError> {
        let keys = search.places(folds, body);
        if keys.is_empty() {
            return Ok(());
        }
        let found = match &self.pattern.only {
            None => self.memory.indexed_unit(unit)?,
            Some(filter) => {
                let id = UnitId(i64::from(unit));
                self.memory.filtered(id, filter)?.map(|unit| (id, unit))
            }
        };
        let Some((id, unit)) = found else { return Ok(()) };
        if !self.pattern.pending && unit.state == State::Pending {
            return Ok(());
        }
        let mut others = BTreeMap::new();
        for variant in &unit.variants {
            if variant.language != self.language {
                others.entry(variant.language).or_insert_with(|| variant.text.clone());
            }
        }
        for key in keys {
            if self.lines.len() == self.max {
                return Ok(());
            }
            self.lines.push(Line {
                unit: id,
                language: self.language,
                left: body[..key.start].to_owned(),
                key: key.of(body).to_owned(),
                right: body[key.end..].to_owned(),
                others: others.clone(),
            });
        }
        Ok(())
    }
}

/// The pattern as it is looked for in the folded texts of one language.
enum Search {
    Text(String),
    Word(String),
    Forms { stems: Vec<i64>, analyser: Analyser },
    Regex(Regex),
}

impl Search {
    /// `None` where nothing can be found.
    fn new(folds: &Folds, pattern: &Pattern) -> Option<Search> {
        let mut folded = String::new();
        folds.fold(&pattern.text, &mut folded, |_, _| {});
        match pattern.form {
            Form::Regex => regex(folds, &pattern.text).ok().map(Search::Regex),
            _ if folded.is_empty() => None,
            Form::Text => Some(Search::Text(folded)),
            Form::Word => Some(Search::Word(folded)),
            Form::Forms => {
                let mut analyser = Analyser::new(folds.language);
                let stems: Vec<i64> = analyser.words(&pattern.text).iter().map(|word| word.key).collect();
                (!stems.is_empty()).then_some(Search::Forms { stems, analyser })
            }
        }
    }

    fn is_in(&self, folded: &str) -> bool {
        match self {
            Search::Text(text) | Search::Word(text) => folded.contains(text.as_str()),
            Search::Regex(regex) => regex.is_match(folded),
            Search::Forms { .. } => true, // the words of the text tell
        }
    }

    /// The places in `body`, in order, none empty, none over another.
    fn places(&mut self, folds: &Folds, body: &str) -> Vec<Span> {
        if let Search::Forms { stems, analyser } = self {
            return in_forms(stems, analyser, body);
        }
        let mut folded = String::new();
        // For each byte of the folded text where its character stands in the body.
        let mut from: Vec<Span> = Vec::new();
        folds.fold(body, &mut folded, |span, bytes| from.extend(std::iter::repeat_n(span, bytes)));
        let found: Vec<(usize, usize)> = match self {
            Search::Text(text) => folded.match_indices(text.as_str()).map(|(at, m)| (at, at + m.len())).collect(),
            Search::Word(text) => {
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                folded
                    .match_indices(text.as_str())
                    .map(|(at, m)| (at, at + m.len()))
                    .filter(|(start, end)| {
                        // Inside a word: letters or digits on both sides of an end of the match.
                        let before = word(folded[..*start].chars().next_back()) && word(text.chars().next());
                        let after = word(folded[*end..].chars().next()) && word(text.chars().next_back());
                        !before && !after
                    })
                    .collect()
            }
            Search::Regex(regex) => regex.find_iter(&folded).map(|m| (m.start(), m.end())).collect(),
            Search::Forms { .. } => Vec::new(),
        };
        found
            .into_iter()
            .filter(|(start, end)| start < end)
            .map(|(start, end)| Span::new(from[start].start, from[end - 1].end))
            .collect()
    }
}

/// The places of these stems one after the other, none over another.
fn in_forms(stems: &[i64], analyser: &mut Analyser, body: &str) -> Vec<Span> {
    let tokens: Vec<Span> = tokens(body).map(|token| token.span).collect();
    let keys: Vec<Option<i64>> = tokens
        .iter()
        .map(|span| match analyser.words(span.of(body))[..] {
            [word] => Some(word.key),
            _ => None,
        })
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at + stems.len() <= keys.len() {
        if keys[at..at + stems.len()].iter().zip(stems).all(|(key, stem)| *key == Some(*stem)) {
            found.push(Span::new(tokens[at].start, tokens[at + stems.len() - 1].end));
            at += stems.len();
        } else {
            at += 1;
        }
    }
    found
}

fn regex(folds: &Folds, pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&folded_regex(folds, pattern)).size_limit(1 << 20).dfa_size_limit(1 << 20).build()
}

/// A regular expression over folded text: its letters are folded, what stands behind a backslash is not.
fn folded_regex(folds: &Folds, pattern: &str) -> String {
    let mut folded = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            match folds.of(c) {
                Fold::Char(c) if c != ' ' => folded.push(c),
                _ => folded.push(c),
            }
            continue;
        }
        folded.push(c);
        let Some(class) = chars.next() else { break };
        folded.push(class);
        if matches!(class, 'p' | 'P' | 'x' | 'u' | 'U') && chars.peek() == Some(&'{') {
            for c in chars.by_ref() {
                folded.push(c);
                if c == '}' {
                    break;
                }
            }
        }
    }
    folded
}

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Nothing,
    Char(char),
    /// More than one character.
    Long,
}

/// The folding of one language, a character at a time.
struct Folds {
    language: Language,
    folder: RefCell<Folder>,
}

impl Folds {
    fn new(language: Language) -> Folds {
        Folds { language, folder: RefCell::new(Folder::new(language)) }
    }

    fn computed(language: Language, c: char) -> Fold {
        let Some(c) = normal::folded(c) else { return Fold::Nothing };
        if c == ' ' {
            return Fold::Char(' ');
        }
        let mut folded = language.key(c.encode_utf8(&mut [0; 4]));
        let Some(first) = folded.pop() else { return Fold::Nothing };
        if folded.is_empty() { Fold::Char(first) } else { Fold::Long }
    }

    fn of(&self, c: char) -> Fold {
        match self.folder.borrow_mut().char(c) {
            Some(Some(c)) => Fold::Char(c),
            Some(None) => Fold::Nothing,
            None => Folds::computed(self.language, c),
        }
    }

    /// Writes the folded form of `text` to `to`; `each` learns where each folded character comes from and how
    /// many bytes it has. White space at the ends stays, so that a pattern may ask for it.
    fn fold(&self, text: &str, to: &mut String, mut each: impl FnMut(Span, usize)) {
        to.clear();
        if is_nfc(text) {
            for (at, c) in text.char_indices() {
                let span = Span::new(at, at + c.len_utf8());
                self.push(c, to, |bytes| each(span, bytes));
            }
        } else {
            for (at, cluster) in text.grapheme_indices(true) {
                let span = Span::new(at, at + cluster.len());
                cluster.nfc().for_each(|c| self.push(c, to, |bytes| each(span, bytes)));
            }
        }
    }

    fn push(&self, c: char, to: &mut String, each: impl FnOnce(usize)) {
        let before = to.len();
        match self.of(c) {
            Fold::Nothing => return,
            Fold::Char(' ') if to.ends_with(' ') => return,
            Fold::Char(c) => to.push(c),
            Fold::Long => to.push_str(&self.language.key(c.encode_utf8(&mut [0; 4]))),
        }
        each(to.len() - before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        memory::{Memory, Mode},
        model::{Unit, Variant},
    };
    use proptest::prelude::*;

    const ALL: [Language; 3] = [Language::EN, Language::AZ, Language::RU];

    fn with(units: &[[&str; 3]], job: impl FnOnce(&Reader<'_>)) {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        memory
            .write("test", now, "me", |batch| {
                units.iter().try_for_each(|texts| {
                    let variants = ALL.iter().zip(texts).map(|(l, text)| Variant::new(*l, *text)).collect();
                    batch.add(&Unit { variants, ..Unit::default() }).map(drop)
                })
            })
            .unwrap();
        job(&memory.read().unwrap());
    }

    fn find(reader: &Reader<'_>, text: &str, form: Form, language: Option<Language>) -> Vec<[String; 3]> {
        let pattern = Pattern::new(text, form, language, false).unwrap();
        let lines = concordance(reader, &pattern, 50).unwrap();
        lines.into_iter().map(|line| [line.left, line.key, line.right]).collect()
    }

    const UNITS: &[[&str; 3]] = &[
        ["The event was held in SHAMAKHI.", "Tədbir ŞAMAXI şəhərində keçirilib.", "Сёстры прибыли в ШЕМАХУ."],
        ["The events of “May”", "İclas  və mülki iclas", "Сестра и сестры"],
    ];

    #[test]
    fn case_and_letters_fold_by_the_language() {
        with(UNITS, |reader| {
            assert_eq!(find(reader, "şamaxı", Form::Text, None), [["Tədbir ", "ŞAMAXI", " şəhərində keçirilib."]]);
            assert_eq!(find(reader, "şamaxi", Form::Text, None).len(), 0, "ı and i are two letters");
            assert_eq!(find(reader, "iclas", Form::Text, Some(Language::AZ)).len(), 2);
            assert_eq!(find(reader, "сестры", Form::Text, None).len(), 2);
            assert_eq!(find(reader, "СЁСТРЫ", Form::Text, None)[0][1], "Сёстры");
            assert_eq!(find(reader, "\"may\"", Form::Text, None)[0][1], "“May”");
            assert_eq!(find(reader, "iclas və", Form::Text, None)[0][1], "İclas  və");
            assert_eq!(find(reader, "nothing", Form::Text, None).len(), 0);
            assert_eq!(find(reader, "", Form::Text, None).len(), 0);
        });
    }

    #[test]
    fn words_and_regular_expressions() {
        with(UNITS, |reader| {
            assert_eq!(find(reader, "event", Form::Text, None).len(), 2);
            assert_eq!(find(reader, "event", Form::Word, None).len(), 1);
            assert_eq!(find(reader, "EVENTS of", Form::Word, None)[0][1], "events of");
            assert_eq!(find(reader, "the", Form::Word, Some(Language::AZ)).len(), 0);
            assert_eq!(find(reader, r"EVENTS?\b", Form::Regex, None).len(), 2);
            assert_eq!(find(reader, r"\bŞAMA\w+I\b", Form::Regex, Some(Language::AZ))[0][1], "ŞAMAXI");
            assert_eq!(find(reader, r"\p{Lu}", Form::Regex, None).len(), 0, "texts are folded");
            assert_eq!(find(reader, "q*", Form::Regex, None).len(), 0, "an empty match is none");
        });
        let error = Pattern::new("(", Form::Regex, None, false).unwrap_err().to_string();
        assert_eq!(error, "`(` is no regular expression: unclosed group");
    }

    #[test]
    fn both_sides_are_shown_and_as_many_as_asked_for() {
        with(UNITS, |reader| {
            let pattern = Pattern::new("event", Form::Text, None, false).unwrap();
            let lines = concordance(reader, &pattern, 1).unwrap();
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].others[&Language::RU], "Сёстры прибыли в ШЕМАХУ.");
            assert_eq!(lines[0].others.len(), 2);
            assert_eq!(lines[0].unit, UnitId(1));
        });
    }

    #[test]
    fn decomposed_letters_are_found_and_shown_whole() {
        with(&[["c\u{327}ay bag\u{306}i", "x", "y"]], |reader| {
            assert_eq!(find(reader, "ÇAY", Form::Text, None), [["", "c\u{327}ay", " bag\u{306}i"]]);
        });
    }

    /// More texts than are looked through one by one: the index must lead to all the others.
    #[test]
    fn the_index_leads_to_every_place() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
        let words = ["xidmət", "xidmətin", "Xidmətinə", "ŞAMAXI", "İclas", "2018-ci", "məclis", "U.S.A", "x"];
        let text = |n: usize| {
            let rare = if n.is_multiple_of(997) { " nadirsöz, burada" } else { "" };
            format!("{} {} {}{rare}.", words[n % 9], words[n / 9 % 9], words[n / 81 % 9])
        };
        let units: Vec<Unit> = (0..5_000)
            .map(|n| {
                let variants = vec![Variant::new(Language::AZ, text(n)), Variant::new(Language::EN, format!("{n}"))];
                Unit { variants, ..Unit::default() }
            })
            .collect();
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        memory.write("t", now, "me", |batch| units.iter().try_for_each(|u| batch.add(u).map(drop))).unwrap();
        let reader = memory.read().unwrap();
        let folds = Folds::new(Language::AZ);
        for (pattern, form) in [
            ("nadirsöz", Form::Text),
            ("dirsö", Form::Text),
            ("NADIRSÖZ, bur", Form::Text),
            ("şamaxı iclas", Form::Text),
            ("xidmətin", Form::Word),
            ("nadirsöz", Form::Word),
            ("xidmət", Form::Forms),
            ("nadirsöz burada", Form::Forms),
            ("nadirs[a-zö]+", Form::Regex),
            ("2018", Form::Text),
            ("u.s", Form::Text),
            ("yoxdur", Form::Text),
            (". x", Form::Text),
        ] {
            let pattern = Pattern::new(pattern, form, Some(Language::AZ), false).unwrap();
            let mut search = Search::new(&folds, &pattern).unwrap();
            let mut wanted: Vec<(i64, String)> = Vec::new();
            for (n, unit) in units.iter().enumerate() {
                let body = &unit.variants[0].text;
                let places = search.places(&folds, body);
                wanted.extend(places.iter().map(|key| (n as i64 + 1, key.of(body).to_owned())));
            }
            let lines = concordance(&reader, &pattern, usize::MAX).unwrap();
            let mut found: Vec<(i64, String)> = lines.into_iter().map(|line| (line.unit.0, line.key)).collect();
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted, "{pattern:?}");
        }
    }

    #[test]
    fn pending_units_wait_to_be_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
        let variants = vec![Variant::new(Language::EN, "event"), Variant::new(Language::AZ, "tədbir")];
        let unit = Unit { variants, state: State::Pending, ..Unit::default() };
        memory.write("t", "2024-03-12T10:00:00Z".parse().unwrap(), "me", |b| b.add(&unit)).unwrap();
        let count = |pending| {
            let pattern = Pattern::new("event", Form::Text, None, pending).unwrap();
            concordance(&memory.read().unwrap(), &pattern, 9).unwrap().len()
        };
        assert_eq!((count(false), count(true)), (0, 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_place_is_found_and_gives_the_text_back(
            texts in prop::collection::vec("[abIıİi c\u{307}“]{0,12}", 1..9),
            pattern in "[abIıİi c]{1,3}",
        ) {
            let units: Vec<[&str; 3]> = texts.iter().map(|text| ["x1", text.as_str(), "y1"]).collect();
            with(&units, |reader| {
                let folds = Folds::new(Language::AZ);
                let folded = |text: &str| {
                    let mut out = String::new();
                    folds.fold(text, &mut out, |_, _| {});
                    out
                };
                let found = find(reader, &pattern, Form::Text, Some(Language::AZ));
                for line in &found {
                    assert!(texts.contains(&line.concat()));
                    assert!(folded(&line[1]).contains(folded(&pattern).trim()));
                }
                let mut distinct = texts.clone();
                distinct.sort_unstable();
                distinct.dedup();
                let wanted: usize = distinct.iter().map(|t| folded(t).matches(&folded(&pattern)).count()).sum();
                assert_eq!(found.len(), wanted.min(50));
            });
        }
    }
}
