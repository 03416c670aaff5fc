//! The words of a text as terms see them, and what stands between them.

use crate::lang::Language;
use crate::text::{Span, normal};

/// What stands between two words of a term: nothing but space, a hyphen or quotation marks, or a sign.
pub(super) type Gap = u32;
pub(super) const SPACE: Gap = 0;

/// The number under which signs between words are kept.
fn gap(signs: &str) -> Gap {
    // FNV-1a: signs are a few bytes, and two different ones falling together costs one wrong candidate.
    let hash = signs.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    if signs.is_empty() { SPACE } else { hash.max(1) }
}

/// A word of a text, and what stands before it.
#[derive(Debug)]
pub(super) struct TextWord {
    pub span: Span,
    pub key: String,
    /// `None`: nothing joins it to the word before.
    pub gap: Option<Gap>,
    pub hyphen: bool,
}

fn in_word(c: char) -> bool {
    // The letters nearly all texts are made of first: Unicode's tables are slow to search.
    matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'ə' | 'Ѐ'..='ѿ')
        || c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`' | '´')
}

/// Where an abbreviation with stops ends that begins with the letter before `at`: `.S` of `U.S`. The last stop is
/// left out, it may end a sentence.
fn dotted(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    loop {
        let mut rest = text[end..].strip_prefix('.')?.chars();
        let letter = rest.next().filter(|c| c.is_uppercase())?;
        let next = end + 1 + letter.len_utf8();
        let more = rest.next();
        if more.is_some_and(in_word) {
            return None;
        }
        end = next;
        if more != Some('.') || !text[end + 1..].starts_with(char::is_uppercase) {
            return Some(end);
        }
    }
}

/// The words of `text`; an apostrophe between two letters belongs to its word, and so do the stops of `U.S.`.
pub(super) fn words(language: Language, text: &str) -> Vec<TextWord> {
    let mut out: Vec<TextWord> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut end_before = 0;
    while let Some((start, c)) = chars.next() {
        if !in_word(c) {
            continue;
        }
        let mut end = start + c.len_utf8();
        if c.is_uppercase()
            && let Some(last) = dotted(text, end)
        {
            end = last;
            while chars.peek().is_some_and(|(at, _)| *at < end) {
                chars.next();
            }
            let key = language.key(&text[start..end].replace('.', ""));
            let (gap, hyphen) = joined(&text[end_before..start]);
            out.push(TextWord { span: Span::new(start, end), key, gap, hyphen });
            end_before = end;
            continue;
        }
        while let Some((at, c)) = chars.peek().copied() {
            let inner = is_apostrophe(c) && text[at + c.len_utf8()..].chars().next().is_some_and(char::is_alphanumeric);
            if !in_word(c) && !inner {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let span = Span::new(start, end);
        let between = &text[end_before..start];
        let (gap, hyphen) = joined(between);
        out.push(TextWord { span, key: language.key(span.of(text)), gap, hyphen });
        end_before = end;
    }
    out
}

/// Whether what stands between two words may stand inside a term, and as what.
fn joined(between: &str) -> (Option<Gap>, bool) {
    if between == " " {
        return (Some(SPACE), false);
    }
    if between.matches('\n').count() > 1 {
        return (None, false);
    }
    let spaced = between.contains(char::is_whitespace);
    let signs: String = between.chars().filter_map(normal::folded).filter(|c| !matches!(c, ' ' | '"' | '\'')).collect();
    match signs.as_str() {
        "" => (Some(SPACE), false),
        "-" if !spaced => (Some(SPACE), true),
        signs if signs.len() <= 4 => (Some(gap(signs)), false),
        _ => (None, false),
    }
}
