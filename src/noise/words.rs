//! The words of a text: runs of letters, addresses left out.

use crate::{
    lang::{Language, Script},
    text::Span,
};

/// The longest word looked at for what it is made of, in bytes: what is longer is no word.
const LONGEST: usize = 80;

/// A run of letters with the marks and invisible characters in it.
pub(super) struct Word {
    pub span: Span,
    /// `Language::key`; empty where the run is longer than [`LONGEST`].
    pub key: String,
}

/// The words of those parts of a text that are in one language: read once, for all rules.
pub struct Words<'t> {
    pub(super) text: &'t str,
    pub(super) language: Language,
    pub(super) parts: Vec<(Span, Vec<Word>)>,
}

impl<'t> Words<'t> {
    pub fn new(text: &'t str, parts: &[Span], language: Language) -> Words<'t> {
        Words { text, language, parts: parts.iter().map(|part| (*part, words(text, *part, language))).collect() }
    }
}

impl Word {
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        self.span.of(text)
    }

    pub fn starts_upper(&self, text: &str) -> bool {
        self.of(text).starts_with(char::is_uppercase)
    }
}

/// A letter of the scripts whose letters are told apart, or of any other.
fn is_letter(c: char) -> bool {
    Script::of(c).is_some() || c.is_alphabetic() && !matches!(c, 'ª' | 'º')
}

/// What may stand inside a word without being a letter: combining marks, soft hyphens, characters without width.
fn is_inner(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// The words of `part`, a stretch of `text`, in order.
pub(super) fn words(text: &str, part: Span, language: Language) -> Vec<Word> {
    let mut out = Vec::new();
    let mut at = part.start;
    for chunk in part.of(text).split_inclusive(char::is_whitespace) {
        if !is_address(chunk) {
            runs(text, Span::new(at, at + chunk.len()), language, &mut out);
        }
        at += chunk.len();
    }
    out
}

fn runs(text: &str, chunk: Span, language: Language, out: &mut Vec<Word>) {
    let mut open: Option<Span> = None;
    let mut close = |open: &mut Option<Span>| {
        if let Some(span) = open.take() {
            let key = if span.len() > LONGEST { String::new() } else { language.key(span.of(text)) };
            out.push(Word { span, key });
        }
    };
    for (offset, c) in chunk.of(text).char_indices() {
        let (start, end) = (chunk.start + offset, chunk.start + offset + c.len_utf8());
        match &mut open {
            // An invisible character belongs to the word only where the word goes on after it.
            Some(span) if is_letter(c) || matches!(c, '\u{300}'..='\u{36f}') => span.end = end,
            Some(_) if is_inner(c) => {}
            None if is_letter(c) => open = Some(Span::new(start, end)),
            _ => close(&mut open),
        }
    }
    close(&mut open);
}

/// Addresses, handles, hashtags, paths and names of programs: their letters run together rightly.
fn is_address(chunk: &str) -> bool {
    chunk.contains("://") || chunk.contains("www.") || chunk.contains(['@', '#', '_', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        words(text, Span::new(0, text.len()), Language::AZ).iter().map(|word| word.of(text)).collect()
    }

    #[test]
    fn words_are_runs_of_letters() {
        assert_eq!(of("COVID-19-un “IT-компания”, söz\u{ad}lər"), ["COVID", "un", "IT", "компания", "söz\u{ad}lər"]);
        assert_eq!(of("bir\u{200b} iki\u{307} 5"), ["bir", "iki\u{307}"]);
    }

    #[test]
    fn addresses_are_left_out() {
        assert_eq!(of("bax: https://e-gov.az/aB, info@migration.gov.az və #sosialMedia."), ["bax", "və"]);
    }
}
