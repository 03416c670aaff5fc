//! Which words of a text are names: capitalised where no sentence begins.

use crate::text::{Span, TokenKind};

/// What stood before a word, to tell whether a sentence begins with it.
#[derive(Default)]
pub(super) struct Before {
    end: usize,
    /// The last token was a capitalised word.
    pub(super) named: bool,
    /// A sentence has begun and no word of it has come yet.
    open: bool,
    /// The last word was short and capitalised: `Mr`, `A`; a full stop after it ends no sentence.
    short: bool,
    started: bool,
    /// The last token was a comma.
    comma: bool,
}

impl Before {
    /// Takes the next token; whether it begins a sentence, and whether only a space parts it from a name.
    pub(super) fn step(&mut self, text: &str, span: Span, kind: TokenKind) -> (bool, bool) {
        let gap = &text[self.end..span.start];
        if gap.contains('\n') || !self.started {
            self.open = true;
        }
        let joined = self.named && !gap.is_empty() && !gap.contains('\n');
        let token = span.of(text);
        self.started = true;
        self.end = span.end;
        self.named = false;
        let initial = self.open;
        match kind {
            TokenKind::Punctuation => match token {
                "." => self.open |= !self.short,
                "!" | "?" | "…" | ":" | "•" | "*" => self.open = true,
                // Speech begins after a comma; in the middle of a clause quotation marks hold a name.
                "\"" | "“" | "«" | "„" | "‘" | "'" => self.open |= self.comma,
                _ => {}
            },
            _ => {
                self.short = token.chars().count() <= 3 && token.chars().next().is_some_and(char::is_uppercase);
                self.open = false;
            }
        }
        self.comma = token == ",";
        (initial, joined)
    }
}

/// How a word is written.
pub(super) enum Shape {
    /// In lower case.
    Common,
    /// Capitalised.
    Name,
    /// An acronym, a word with digits, a word in capitals.
    Other,
}

impl Shape {
    pub(super) fn of(word: &str) -> Shape {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let upper = word.chars().filter(|c| c.is_uppercase()).count();
        if word.chars().any(char::is_numeric) || upper * 2 > letters {
            return Shape::Other;
        }
        match word.chars().next() {
            Some(first) if first.is_uppercase() => Shape::Name,
            Some(first) if first.is_lowercase() => Shape::Common,
            _ => Shape::Other,
        }
    }
}

/// A word without what an apostrophe parts from it (`Johnson's`, `Trump'ın`); a part of one or two letters
/// before the apostrophe belongs to the name (`O'Neill`, `D'Souza`).
pub(super) fn word_before_apostrophe(word: &str) -> &str {
    match word.char_indices().skip(3).find(|(_, c)| matches!(c, '\'' | '’' | 'ʼ')) {
        Some((at, _)) => &word[..at],
        None => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn sentences_begin_after_stops_and_lines() {
        let text = "Baku hosts. Then Mr. Hill said, “We go” to «Fund». “Well: Good.\nMore";
        let mut before = Before::default();
        let mut initial = Vec::new();
        for token in tokens(text) {
            let (begins, _) = before.step(text, token.span, token.kind);
            if begins && token.kind == TokenKind::Word {
                initial.push(token.text(text));
            }
        }
        assert_eq!(initial, ["Baku", "Then", "We", "Well", "Good", "More"]);
    }

    #[test]
    fn shapes() {
        for name in ["Bakı", "McDonald", "Şamaxı", "O'Neill", "Ли"] {
            assert!(matches!(Shape::of(name), Shape::Name), "{name}");
        }
        for other in ["BMqT", "DMX", "BAKI", "H1N1", "F1"] {
            assert!(matches!(Shape::of(other), Shape::Other), "{other}");
        }
        assert!(matches!(Shape::of("bakılı"), Shape::Common));
    }

    #[test]
    fn what_follows_an_apostrophe_is_an_ending() {
        for (word, name) in [("Johnson's", "Johnson"), ("Trump’ın", "Trump"), ("O'Neill", "O'Neill"), ("Bakı", "Bakı")]
        {
            assert_eq!(word_before_apostrophe(word), name);
        }
    }
}
