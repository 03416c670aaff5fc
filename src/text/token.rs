//! Words, numbers and punctuation with their spans, by Unicode word boundaries (UAX 29).

use super::Span;
use unicode_segmentation::UnicodeSegmentation;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Holds a letter: `Məclisin`, `P`, `2018-ci` is three tokens.
    Word,
    /// Digits with inner separators as UAX 29 keeps them together: `1,250`, `12.03.2024`.
    Number,
    /// Everything else that is not white space, one character cluster at a time.
    Punctuation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

impl Token {
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        self.span.of(text)
    }
}

/// The tokens of `text` in order; what lies between them is white space.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    text.split_word_bound_indices().filter_map(|(start, piece)| {
        let kind = if piece.chars().any(char::is_alphabetic) {
            TokenKind::Word
        } else if piece.chars().any(char::is_numeric) {
            TokenKind::Number
        } else if piece.chars().all(char::is_whitespace) {
            return None;
        } else {
            TokenKind::Punctuation
        };
        Some(Token { kind, span: Span::new(start, start + piece.len()) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_spans() {
        let text = "DMX-nin 1,250 əməkdaşı «hazırdır».";
        let got: Vec<(TokenKind, &str)> = tokens(text).map(|t| (t.kind, t.text(text))).collect();
        use TokenKind::*;
        assert_eq!(
            got,
            [
                (Word, "DMX"),
                (Punctuation, "-"),
                (Word, "nin"),
                (Number, "1,250"),
                (Word, "əməkdaşı"),
                (Punctuation, "«"),
                (Word, "hazırdır"),
                (Punctuation, "»"),
                (Punctuation, "."),
            ]
        );
    }
}
