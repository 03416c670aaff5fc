//! What the aligner sees of a text: its words as numbered forms, its lengths, its paragraphs.

use crate::{
    lang::{
        Language,
        anchors::{ANCHORS, COMMON},
        translit,
    },
    model::{Concept, Segment},
    text::{TokenKind, tokens},
};
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::{hash::BuildHasher, ops::Range};

/// A number for an anchor or concept; 0 is none.
pub(super) type Sense = u32;

/// Words compared by their first letters, because endings vary: how many letters count. Prefixes of 5 to 6
/// are what a stemmer leaves of the average word in these languages.
const STEM_LETTERS: &[(Language, usize)] = &[(Language::EN, 6)];
const USUAL_STEM_LETTERS: usize = 5;

/// Longer endings than this make another word.
const LONGEST_ENDING: usize = 7;

/// The first letters of `word` (a key) that stand for all its forms.
pub(super) fn stem(language: Language, word: &str) -> &str {
    let letters = STEM_LETTERS.iter().find(|(l, _)| *l == language).map_or(USUAL_STEM_LETTERS, |(_, n)| *n);
    word.char_indices().nth(letters).map_or(word, |(end, _)| &word[..end])
}

/// A word of a text as comparisons see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower-case key; digits without separators or leading zeros; an address as it stands.
    pub key: String,
    pub kind: WordKind,
    /// Written in capitals only, two letters or more.
    capitals: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum WordKind {
    Plain,
    Number,
    Address,
}

/// The words of `text`: addresses whole, numbers as runs of digits, compounds in their parts.
pub(super) fn words(language: Language, text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut plain_from = 0;
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        if is_address(bare) {
            plain_words(language, &text[plain_from..at], &mut out);
            let key = language.lower(bare.trim_end_matches('/'));
            out.push(Word { key, kind: WordKind::Address, capitals: false });
            plain_from = at + piece.len();
        }
        at += piece.len();
    }
    plain_words(language, &text[plain_from..], &mut out);
    out
}

fn is_address(piece: &str) -> bool {
    piece.contains("://")
        || piece.starts_with("www.")
        || piece.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn plain_words(language: Language, text: &str, out: &mut Vec<Word>) {
    // Where the last number ended, so that `1 250` and `1,250` are one number.
    let mut open_number: Option<usize> = None;
    for token in tokens(text) {
        let piece = token.text(text);
        match token.kind {
            TokenKind::Punctuation => {}
            TokenKind::Number => {
                let digits = piece.chars().all(|c| c.is_ascii_digit()).then_some(piece.len());
                let joined = match (open_number, out.last_mut()) {
                    (Some(end), Some(last)) if digits == Some(3) && is_group_space(&text[end..token.span.start]) => {
                        last.key.push_str(piece);
                        true
                    }
                    _ => false,
                };
                if !joined {
                    number(piece, out);
                }
                // A number that goes on begins with up to three digits: not a year.
                open_number = (joined || digits.is_some_and(|n| n <= 3)).then_some(token.span.end);
            }
            TokenKind::Word => {
                for part in piece.split(['\'', '’', 'ʼ', '_']) {
                    if part.is_empty() || (part.len() == 1 && part.eq_ignore_ascii_case("s") && part != piece) {
                        continue; // the English genitive
                    }
                    let part = match part.find(char::is_alphabetic) {
                        Some(letters) if part.starts_with(|c: char| c.is_ascii_digit()) => {
                            let (digits, rest) = part.split_at(letters);
                            number(digits, out);
                            rest
                        }
                        _ => part,
                    };
                    if ORDINAL_ENDINGS.contains(&part) && part != piece {
                        continue; // `15th` is 15
                    }
                    let capitals = part.chars().count() > 1 && !part.chars().any(char::is_lowercase);
                    out.push(Word { key: language.key(part), kind: WordKind::Plain, capitals });
                }
            }
        }
    }
}

/// What English writes after the digits of an ordinal.
const ORDINAL_ENDINGS: &[&str] = &["st", "nd", "rd", "th"];

fn is_group_space(between: &str) -> bool {
    matches!(between, " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
}

/// `1,250` is one number, `12.03.2024` is three, `1.5` two.
fn number(piece: &str, out: &mut Vec<Word>) {
    let groups: Vec<&str> = piece.split(|c: char| !c.is_numeric()).filter(|g| !g.is_empty()).collect();
    let mut digits = String::new();
    let mut push = |digits: &str| {
        let bare = digits.trim_start_matches('0');
        let key = if bare.is_empty() { "0" } else { bare }.to_owned();
        out.push(Word { key, kind: WordKind::Number, capitals: false });
    };
    for (at, group) in groups.iter().enumerate() {
        if at > 0 && group.chars().count() == 3 && digits.len() <= 3 * at {
            digits.push_str(group);
            continue;
        }
        if at > 0 {
            push(&digits);
        }
        digits = (*group).to_owned();
    }
    if !groups.is_empty() {
        push(&digits);
    }
}

/// One word of a form to look for.
#[derive(Debug, Clone)]
struct Pattern {
    letters: String,
    /// Any ending may follow.
    open: bool,
    capitals: bool,
}

impl Pattern {
    fn fits(&self, word: &Word) -> bool {
        if word.kind == WordKind::Address || (self.capitals && !word.capitals) {
            return false;
        }
        match word.key.strip_prefix(self.letters.as_str()) {
            Some(ending) => ending.is_empty() || (self.open && ending.chars().count() <= LONGEST_ENDING),
            None => false,
        }
    }
}

/// The forms of anchors and glossary terms in one language, found in running words.
pub(super) struct Senses {
    /// By the first three letters of the first word.
    forms: FxHashMap<String, Vec<(Vec<Pattern>, Sense)>>,
}

/// Letters of the first word under which a form is filed.
const FILED_LETTERS: usize = 3;

impl Senses {
    pub fn new(language: Language, concepts: &[Concept]) -> Senses {
        let mut out = Senses { forms: FxHashMap::default() };
        for (at, anchor) in ANCHORS.iter().chain(COMMON.iter()).enumerate() {
            for (_, form) in anchor.forms.iter().filter(|(l, _)| *l == language) {
                let patterns = form.split(' ').map(|word| {
                    let (letters, open) = word.strip_suffix('*').map_or((word, false), |w| (w, true));
                    let capitals = letters.chars().filter(|c| c.is_uppercase()).count() > 1;
                    Pattern { letters: language.key(letters), open, capitals }
                });
                out.add(patterns.collect(), at as Sense + 1);
            }
        }
        let first = (ANCHORS.len() + COMMON.len()) as Sense + 1;
        for (at, concept) in concepts.iter().enumerate() {
            for term in concept.terms_in(language) {
                let patterns = words(language, &term.text).into_iter().map(|word| {
                    // Endings change the last letters of a citation form.
                    let count = word.key.chars().count();
                    let keep = if count <= 4 || word.capitals { count } else { (count - 2).max(4) };
                    let letters = word.key.chars().take(keep).collect();
                    Pattern { letters, open: word.kind == WordKind::Plain, capitals: word.capitals && count <= 6 }
                });
                out.add(patterns.collect(), first + at as Sense);
            }
        }
        out
    }

    fn add(&mut self, form: Vec<Pattern>, sense: Sense) {
        if let Some(first) = form.first() {
            self.forms.entry(first.letters.chars().take(FILED_LETTERS).collect()).or_default().push((form, sense));
        }
    }

    /// The sense that begins at each word, 0 where none does; the longest form wins.
    fn of(&self, words: &[Word]) -> Vec<Sense> {
        let mut out = vec![0; words.len()];
        let mut at = 0;
        while at < words.len() {
            match self.longest(&words[at..]) {
                Some((length, sense)) => {
                    out[at] = sense;
                    at += length;
                }
                None => at += 1,
            }
        }
        out
    }

    fn longest(&self, words: &[Word]) -> Option<(usize, Sense)> {
        let first = &words[0];
        if first.kind == WordKind::Number {
            let at = ANCHORS.iter().position(|anchor| anchor.key == first.key)?;
            return Some((1, at as Sense + 1));
        }
        let key = &first.key;
        (1..=FILED_LETTERS)
            .filter_map(|n| match key.char_indices().nth(n) {
                Some((end, _)) => Some(&key[..end]),
                None => (key.chars().count() == n).then_some(key.as_str()),
            })
            .filter_map(|filed| self.forms.get(filed))
            .flatten()
            .filter(|(form, _)| form.len() <= words.len() && form.iter().zip(words).all(|(p, w)| p.fits(w)))
            .map(|(form, sense)| (form.len(), form.iter().map(|p| p.letters.len()).sum::<usize>(), *sense))
            .max_by_key(|(length, letters, sense)| (*length, *letters, std::cmp::Reverse(*sense)))
            .map(|(length, _, sense)| (length, sense))
    }
}

/// A word form met in the texts, once for all its places.
#[derive(Debug)]
pub(super) struct Form {
    pub stem: u32,
    pub sense: Sense,
    pub kind: WordKind,
    /// As it sounds, for plain words; the key for others.
    pub sound: String,
}

impl Form {
    /// Translators carry it over: digits or an address. Numbers in words are not among them (`one` is too often no
    /// number), nor are states and bodies, which are named in more ways than the table holds.
    pub fn is_exact(&self) -> bool {
        self.kind != WordKind::Plain
    }
}

/// The word forms of one language over all texts being aligned.
pub(super) struct Vocabulary {
    pub language: Language,
    pub forms: Vec<Form>,
    pub stems: Vec<String>,
    /// How often each stem occurs.
    pub counts: Vec<u32>,
    numbered: FxHashMap<(String, Sense), u32>,
    numbered_stems: FxHashMap<String, u32>,
    senses: Senses,
}

impl Vocabulary {
    pub fn new(language: Language, concepts: &[Concept]) -> Vocabulary {
        Vocabulary {
            language,
            forms: Vec::new(),
            stems: Vec::new(),
            counts: Vec::new(),
            numbered: FxHashMap::default(),
            numbered_stems: FxHashMap::default(),
            senses: Senses::new(language, concepts),
        }
    }

    /// The words of `text` as numbered forms, counted.
    pub fn read(&mut self, text: &str) -> Vec<u32> {
        let words = words(self.language, text);
        let senses = self.senses.of(&words);
        words
            .into_iter()
            .zip(senses)
            .map(|(word, sense)| {
                let form = self.form(word, sense);
                self.counts[self.forms[form as usize].stem as usize] += 1;
                form
            })
            .collect()
    }

    fn form(&mut self, word: Word, sense: Sense) -> u32 {
        let key = (word.key, sense);
        if let Some(found) = self.numbered.get(&key) {
            return *found;
        }
        let plain = word.kind == WordKind::Plain;
        let stem_text = if plain { stem(self.language, &key.0) } else { &key.0 };
        let stem = match self.numbered_stems.get(stem_text) {
            Some(stem) => *stem,
            None => {
                let stem = self.stems.len() as u32;
                self.stems.push(stem_text.to_owned());
                self.counts.push(0);
                self.numbered_stems.insert(stem_text.to_owned(), stem);
                stem
            }
        };
        let sound = if plain { translit::sound(self.language, &key.0) } else { key.0.clone() };
        let number = self.forms.len() as u32;
        self.forms.push(Form { stem, sense, kind: word.kind, sound });
        self.numbered.insert(key, number);
        number
    }

    pub fn stem_of(&self, form: u32) -> u32 {
        self.forms[form as usize].stem
    }
}

/// Words of other texts assumed beside those at hand, so that a word which stands once in a short text still
/// counts as a rare one.
const UNSEEN: f32 = 4000.0;

/// One language's segments of one set, as the aligner sees them.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// Which segment of the text each is.
    pub index: Vec<usize>,
    pub words: Vec<Vec<u32>>,
    /// A number for each sentence's words: equal for equal sentences.
    pub lines: Vec<u64>,
    /// For each word how telling it is: see [`Side::weigh`].
    pub rarity: Vec<Vec<f32>>,
    /// Length in code points.
    pub length: Vec<f32>,
    /// It begins a paragraph.
    pub opens: Vec<bool>,
}

impl Side {
    pub fn new<'s>(segments: impl Iterator<Item = (usize, &'s Segment)>, vocabulary: &mut Vocabulary) -> Side {
        let mut out = Side::default();
        let mut paragraph = None;
        for (at, segment) in segments {
            out.index.push(at);
            let words = vocabulary.read(&segment.text);
            out.lines.push(FxBuildHasher.hash_one(&words));
            out.words.push(words);
            out.length.push(segment.text.chars().count().max(1) as f32);
            out.opens.push(paragraph != Some(segment.paragraph));
            paragraph = Some(segment.paragraph);
        }
        out
    }

    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Notes for each word one over how likely it is to stand anywhere: by its frequency in all texts, or in this
    /// one where it is repeated. To be called once the vocabulary has read all texts.
    pub fn weigh(&mut self, vocabulary: &Vocabulary) {
        let total: f32 = vocabulary.counts.iter().map(|count| *count as f32).sum();
        let all = total + 0.5 * vocabulary.counts.len() as f32 + UNSEEN;
        let mut here: FxHashMap<u32, u32> = FxHashMap::default();
        let mut words = 0u32;
        for form in self.words.iter().flatten() {
            *here.entry(vocabulary.stem_of(*form)).or_default() += 1;
            words += 1;
        }
        let rarity = |form: &u32| {
            let stem = vocabulary.stem_of(*form);
            let everywhere = (vocabulary.counts[stem as usize] as f32 + 0.5) / all;
            let local = if here[&stem] > 1 { here[&stem] as f32 / words.max(1) as f32 } else { 0.0 };
            1.0 / everywhere.max(local)
        };
        self.rarity = self.words.iter().map(|words| words.iter().map(rarity).collect()).collect();
    }

    /// The sentences of a range as a text of their own.
    pub fn part(&self, range: Range<usize>) -> Side {
        Side {
            index: self.index[range.clone()].to_vec(),
            words: self.words[range.clone()].to_vec(),
            lines: self.lines[range.clone()].to_vec(),
            rarity: self.rarity[range.clone()].to_vec(),
            length: self.length[range.clone()].to_vec(),
            opens: self.opens[range].to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(language: Language, text: &str) -> Vec<String> {
        words(language, text).into_iter().map(|w| w.key).collect()
    }

    #[test]
    fn numbers_are_read_alike_in_every_house_style() {
        for text in ["1,250", "1 250", "1.250", "1\u{a0}250", "1250"] {
            assert_eq!(keys(Language::EN, text), ["1250"], "{text}");
        }
        assert_eq!(keys(Language::AZ, "30.10.2018"), ["30", "10", "2018"]);
        assert_eq!(keys(Language::AZ, "2018-ci il 05"), ["2018", "ci", "il", "5"]);
        assert_eq!(keys(Language::EN, "1.5 0"), ["1", "5", "0"]);
        assert_eq!(keys(Language::RU, "18.12.2018 250 1 250 000"), ["18", "12", "2018", "250", "1250000"]);
        assert_eq!(keys(Language::EN, "the 15th, 5G and Th."), ["the", "15", "5", "g", "and", "th"]);
        assert_eq!(keys(Language::RU, "15-летие, 2018г."), ["15", "летие", "2018", "г"]);
    }

    #[test]
    fn addresses_stay_whole() {
        assert_eq!(
            keys(Language::RU, "Сайт (www.migration.gov.az), почта info@migration.gov.az."),
            ["сайт", "www.migration.gov.az", "почта", "info@migration.gov.az"]
        );
        assert_eq!(keys(Language::EN, "see https://e-gov.az/en/ now"), ["see", "https://e-gov.az/en", "now"]);
    }

    #[test]
    fn the_genitive_and_compounds() {
        assert_eq!(keys(Language::EN, "Baku's well-known DMX"), ["baku", "well", "known", "dmx"]);
    }

    fn senses(language: Language, text: &str) -> Vec<&'static str> {
        let senses = Senses::new(language, &[]);
        senses
            .of(&words(language, text))
            .into_iter()
            .filter(|s| *s > 0)
            .filter_map(|s| ANCHORS.get(s as usize - 1))
            .map(|anchor| anchor.key)
            .collect()
    }

    #[test]
    fn the_longest_anchor_wins() {
        assert_eq!(senses(Language::AZ, "çərşənbə axşamı, çərşənbə günü"), ["day-2", "day-3"]);
        assert_eq!(
            senses(Language::EN, "He told us on Tuesday, the US said seven of 7"),
            ["day-2", "state-us", "7", "7"]
        );
        assert_eq!(senses(Language::RU, "семи сентября в ООН"), ["7", "month-9", "body-un"]);
    }
}
