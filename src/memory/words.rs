//! What two texts are compared by: words, numbers and punctuation in folded form, with the stems and classes
//! under which they may stand for one another. The index is made of these and the score compares them.

use super::hash::StableHash;
use crate::{
    lang::{Folder, Language, month, stem},
    text::{TokenKind, tokens},
};
use rustc_hash::FxHashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    Word,
    /// A number, or the name of a month: what changes in a date.
    Number,
    Punctuation,
}

/// One token for comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub kind: WordKind,
    /// Of the folded token; of a number its value, so that `1,250`, `1 250` and `1250` are one.
    pub surface: i64,
    /// Of the stem, or of the class of all numbers or all months; for punctuation the surface.
    pub key: i64,
}

/// Makes words of texts of one language; keeps the stems it has seen.
#[derive(Debug, Clone)]
pub struct Analyser {
    language: Language,
    folder: Folder,
    folded: String,
    /// By the hash of the folded word: its kind, surface and key.
    seen: FxHashMap<i64, Word>,
    /// The folded words that were met for the first time, each behind a line feed, where that is asked for.
    fresh: Option<String>,
}

/// Words an analyser keeps before it begins anew: some 4 MB.
const KEPT: usize = 1 << 16;

impl Analyser {
    pub fn new(language: Language) -> Analyser {
        Analyser {
            language,
            folder: Folder::new(language),
            folded: String::new(),
            seen: FxHashMap::default(),
            fresh: None,
        }
    }

    /// One that notes the words it meets for the first time.
    pub fn noting(language: Language) -> Analyser {
        Analyser { fresh: Some(String::new()), ..Analyser::new(language) }
    }

    /// The folded words met since this was asked last, each behind a line feed; some may have been told before.
    pub fn fresh(&mut self) -> String {
        self.fresh.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub fn language(&self) -> Language {
        self.language
    }

    fn word(&mut self, piece: &str) -> Word {
        let surface = hashed(b'w', piece.as_bytes());
        if let Some(word) = self.seen.get(&surface) {
            return *word;
        }
        if let Some(fresh) = &mut self.fresh {
            fresh.push('\n');
            fresh.push_str(piece);
        }
        let word = match month(self.language, piece) {
            Some(month) => Word { kind: WordKind::Number, surface: hashed(b'm', &[month]), key: hashed(b'm', b"*") },
            None => {
                let key = hashed(b's', stem(self.language, piece).as_bytes());
                Word { kind: WordKind::Word, surface, key }
            }
        };
        if self.seen.len() >= KEPT {
            self.seen.clear();
        }
        self.seen.insert(surface, word);
        word
    }

    /// The tokens of `text`. Case, quotes, dashes and spaces are folded (see [`Language::key`]).
    pub fn words(&mut self, text: &str) -> Vec<Word> {
        let mut folded = std::mem::take(&mut self.folded);
        self.folder.key(text, &mut folded);
        let mut out: Vec<Word> = Vec::with_capacity(folded.len() / 5 + 1);
        // Where a number ends that may go on, and its digits: `1` of `1 250`.
        let mut open: Option<(usize, String)> = None;
        for token in tokens(&folded) {
            let piece = token.text(&folded);
            let word = match token.kind {
                TokenKind::Word => self.word(piece),
                TokenKind::Number => {
                    let digits = piece.bytes().all(|b| b.is_ascii_digit());
                    let before = open.take().filter(|(end, _)| {
                        digits && piece.len() == 3 && *end + 1 == token.span.start && folded[*end..].starts_with(' ')
                    });
                    let joins = before.is_some() || digits && piece.len() <= 3;
                    let value = match before {
                        Some((_, before)) => {
                            out.pop();
                            before + piece
                        }
                        None => value(piece),
                    };
                    let word = Word {
                        kind: WordKind::Number,
                        surface: hashed(b'n', value.as_bytes()),
                        key: hashed(b'n', b"*"),
                    };
                    open = joins.then_some((token.span.end, value));
                    out.push(word);
                    continue;
                }
                TokenKind::Punctuation => {
                    let surface = hashed(b'p', piece.as_bytes());
                    Word { kind: WordKind::Punctuation, surface, key: surface }
                }
            };
            open = None;
            out.push(word);
        }
        self.folded = folded;
        out
    }
}

/// The key of all texts that differ from one another in punctuation and numbers at most.
pub fn class(words: &[Word]) -> i64 {
    let mut hash = StableHash::new();
    let mut empty = true;
    for word in words {
        match word.kind {
            WordKind::Word => hash.number(word.surface as u64),
            WordKind::Number => hash.number(word.key as u64),
            WordKind::Punctuation => continue,
        }
        empty = false;
    }
    if empty {
        // Nothing but punctuation: then punctuation is what tells texts apart.
        words.iter().for_each(|word| hash.number(word.surface as u64));
    }
    hash.finish()
}

fn hashed(space: u8, bytes: &[u8]) -> i64 {
    let mut hash = StableHash::new();
    hash.number(u64::from(space));
    hash.bytes(bytes);
    hash.finish()
}

/// A number without the separators of its thousands; `12.03.2024` and `3,5` stay as they are.
fn value(piece: &str) -> String {
    let mut groups = piece.split([',', '.', '\'']);
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let grouped = (1..=3).contains(&first.len()) && digits(first);
    if grouped && piece.len() > first.len() && groups.all(|group| group.len() == 3 && digits(group)) {
        piece.chars().filter(char::is_ascii_digit).collect()
    } else {
        piece.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: Language, text: &str) -> Vec<Word> {
        Analyser::new(language).words(text)
    }

    fn surfaces(language: Language, text: &str) -> Vec<i64> {
        words(language, text).iter().map(|w| w.surface).collect()
    }

    #[test]
    fn notations_of_a_number_are_one() {
        let en = |text| surfaces(Language::EN, text);
        assert_eq!(en("1,250 persons"), en("1 250 persons"));
        assert_eq!(en("1,250 persons"), en("1250 persons"));
        assert_eq!(en("1\u{a0}250\u{a0}000 persons"), en("1,250,000 persons"));
        assert_eq!(en("589.454"), en("589,454"));
        assert_ne!(en("3,5"), en("35"));
        assert_ne!(en("in 2018 250 came"), en("in 2018250 came"));
        assert_eq!(words(Language::EN, "in 2018 250 came").len(), 4);
        assert_eq!(words(Language::EN, "12.03.2024").len(), 1);
    }

    #[test]
    fn classes_ignore_numbers_and_punctuation() {
        let class = |text| class(&words(Language::EN, text));
        assert_eq!(class("On December 18, 2017 an event was held."), class("On November 5 2018, an event was held"));
        assert_ne!(class("The event was held in Baku."), class("The event was held in Ganja."));
        assert_ne!(class("!"), class("?"));
        assert_ne!(class("5"), class("May"), "a number is no month");
    }

    #[test]
    fn stems_meet_and_surfaces_differ() {
        let a = words(Language::AZ, "Məcəlləsi");
        let b = words(Language::AZ, "MƏCƏLLƏSİNİ");
        assert_eq!(a[0].key, b[0].key);
        assert_ne!(a[0].surface, b[0].surface);
        assert!(words(Language::AZ, "").is_empty());
    }
}
