//! Which words the texts at hand hold, and how often.

use super::{joints, words::Words};
use crate::lang::{Language, anchors};
use rustc_hash::FxHashMap;

/// The words of all texts that are checked together, by language.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary(FxHashMap<Language, FxHashMap<String, Seen>>);

/// How often a word stands in the texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub all: u32,
    /// Of these, how often it begins in lower case.
    pub lower: u32,
    /// Of these, how often it stands by itself: no letter, stop, hyphen or apostrophe touches it.
    pub free: u32,
}

impl Seen {
    fn add(&mut self, more: Seen) {
        self.all += more.all;
        self.lower += more.lower;
        self.free += more.free;
    }
}

impl Vocabulary {
    /// Adds the words of a text.
    pub fn add(&mut self, words: &Words<'_>) {
        let text = words.text;
        let seen = self.0.entry(words.language).or_default();
        for word in words.parts.iter().flat_map(|(_, words)| words).filter(|word| !word.key.is_empty()) {
            let lower = !word.starts_upper(text);
            let before = text[..word.span.start].chars().next_back();
            let mut after = text[word.span.end..].chars();
            let (next, over) = (after.next(), after.next());
            // `answered.The` is no place where `answered` stands by itself; `answered. The` is.
            let touched = match next {
                Some('.' | '-' | '\'' | '’' | '_') => true,
                Some(',' | ';' | ':' | '!' | '?') => over.is_some_and(char::is_alphabetic),
                Some(c) => c.is_alphanumeric(),
                None => false,
            };
            let touched = touched || before.is_some_and(|c| c.is_alphanumeric() || ".,;:-'’_)]”»".contains(c));
            let one = Seen { all: 1, lower: u32::from(lower), free: u32::from(!touched) };
            match seen.get_mut(&word.key) {
                Some(known) => known.add(one),
                None => {
                    seen.insert(word.key.clone(), one);
                }
            }
        }
    }

    /// Adds what another one holds.
    pub fn join(&mut self, other: Vocabulary) {
        for (language, words) in other.0 {
            let mine = self.0.entry(language).or_default();
            for (word, seen) in words {
                mine.entry(word).or_default().add(seen);
            }
        }
    }

    pub(super) fn of(&self, language: Language) -> Known<'_> {
        Known { seen: self.0.get(&language), language }
    }
}

/// The vocabulary of one language.
#[derive(Clone, Copy)]
pub(super) struct Known<'v> {
    seen: Option<&'v FxHashMap<String, Seen>>,
    language: Language,
}

impl Known<'_> {
    /// How often `key` stands in the texts.
    pub fn seen(&self, key: &str) -> Seen {
        self.seen.and_then(|seen| seen.get(key)).copied().unwrap_or_default()
    }

    /// A word for certain: the texts hold it by itself in lower case, or it is a frequent one with any ending.
    pub fn is_word(&self, key: &str) -> bool {
        self.is_form(key) || anchors::is_known(self.language, key)
    }

    /// The same, just in this form.
    pub fn is_form(&self, key: &str) -> bool {
        self.stands(key) || self.is_listed(key)
    }

    /// A function word, or a frequent one just in this form.
    pub fn is_listed(&self, key: &str) -> bool {
        joints::is_word(self.language, key) || anchors::is_listed(self.language, key)
    }

    fn stands(&self, key: &str) -> bool {
        let seen = self.seen(key);
        seen.lower > 0 && seen.free > 0
    }

    /// A word or name for certain.
    pub fn is_known(&self, key: &str) -> bool {
        self.seen(key).free > 1 || self.is_word(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn words_are_counted_by_how_they_stand() {
        let text = "The law and the Law. One law, a by-law.The law";
        let mut vocabulary = Vocabulary::default();
        vocabulary.add(&Words::new(text, &[Span::new(0, text.len())], Language::EN));
        let words = vocabulary.of(Language::EN);
        assert_eq!(words.seen("law"), Seen { all: 5, lower: 4, free: 3 });
        assert_eq!(words.seen("the"), Seen { all: 3, lower: 1, free: 2 });
        assert!(words.is_word("law") && words.is_word("said") && !words.is_known("lows"));
        let mut both = vocabulary.clone();
        both.join(vocabulary);
        assert_eq!(both.of(Language::EN).seen("law").all, 10);
    }
}
