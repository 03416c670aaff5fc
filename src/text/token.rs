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
    let plain = text.chars().all(is_plain);
    let by_tables = (!plain).then(|| text.split_word_bound_indices().filter_map(token));
    let by_class = plain.then_some(Plain { text, at: 0 });
    by_tables.into_iter().flatten().chain(by_class.into_iter().flatten())
}

fn token((start, piece): (usize, &str)) -> Option<Token> {
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
}

/// Letters of Latin and Cyrillic that join their like and nothing else.
fn is_letter(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'ə' | 'Ѐ'..='ҁ' | 'Ҋ'..='ԯ')
}

/// What the rules below know: nearly all texts are made of nothing else.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') || is_letter(c) || matches!(c, '«' | '»' | '“' | '”' | '„' | '–' | '—')
}

/// The tokens of a text of plain characters: the rules of UAX 29 for the few classes these belong to, at a fraction
/// of the cost of a look into its tables.
struct Plain<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Plain<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let mut rest = self.text[self.at..].chars();
        let first = loop {
            match rest.next()? {
                ' ' => {}
                c => break c,
            }
        };
        let start = self.text.len() - rest.as_str().len() - first.len_utf8();
        let mut kind = if is_letter(first) {
            TokenKind::Word
        } else if first.is_ascii_digit() {
            TokenKind::Number
        } else {
            TokenKind::Punctuation
        };
        let mut last = first;
        if kind != TokenKind::Punctuation || first == '_' {
            let mut next = rest.clone();
            while let Some(c) = next.next() {
                if is_letter(c) {
                    kind = TokenKind::Word;
                } else if c.is_ascii_digit() {
                    if kind == TokenKind::Punctuation {
                        kind = TokenKind::Number;
                    }
                } else if c != '_' {
                    // WB 6, 7, 11, 12: a mark that joins letters, or digits, on both sides of it.
                    let after = next.clone().next();
                    let letters = matches!(c, '.' | ':' | '\'') && is_letter(last) && after.is_some_and(is_letter);
                    let digits = matches!(c, '.' | ',' | ';' | '\'')
                        && last.is_ascii_digit()
                        && after.is_some_and(|after| after.is_ascii_digit());
                    if !letters && !digits {
                        break;
                    }
                }
                last = c;
                rest = next.clone();
            }
        }
        self.at = self.text.len() - rest.as_str().len();
        Some(Token { kind, span: Span::new(start, self.at) })
    }
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

    fn by_tables(text: &str) -> Vec<Token> {
        text.split_word_bound_indices().filter_map(token).collect()
    }

    #[test]
    fn plain_characters_join_as_the_tables_say() {
        let plain: Vec<char> = ('\0'..'\u{2100}').filter(|c| is_plain(*c)).collect();
        assert!(plain.len() > 700);
        for c in plain {
            for text in
                [format!("a{c}b"), format!("a{c}1"), format!("1{c}a"), format!("1{c}2"), format!(" {c} {c}{c}_")]
            {
                assert_eq!(tokens(&text).collect::<Vec<_>>(), by_tables(&text), "{text:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_way_gives_what_the_tables_give(text in "([a-cəşЖ]|[0-9]|[ ._,:;'\"-]|«|—|\\PC){0,24}") {
            proptest::prop_assert_eq!(tokens(&text).collect::<Vec<_>>(), by_tables(&text));
        }

        #[test]
        fn plain_texts_too(text in "([a-cəşЖ]|[0-9]|[ ._,:;'\"/&-]){0,24}") {
            proptest::prop_assert_eq!(tokens(&text).collect::<Vec<_>>(), by_tables(&text));
        }
    }
}
