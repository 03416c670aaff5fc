//! Missing spaces after stops, commas and closing brackets.

use super::{
    glued::{Found, What},
    vocabulary::Known,
    words::Word,
};
use crate::text::Span;

/// Closing signs that may stand after a stop.
const CLOSING: &[char] = &['”', '’', '»', ')', ']'];

/// The endings of addresses that are written without anything before them: `Weather.com`.
const DOMAINS: &[&str] = &["com", "net", "org", "info", "gov", "edu", "az", "ru", "tr", "ge", "eu", "uk", "tv", "io"];

/// The longest text in brackets looked at, in bytes.
const BRACKET: usize = 256;

/// The places of `part` where a space is missing between two words.
pub(super) fn missing_spaces(text: &str, part: Span, words: &[Word], known: Known<'_>) -> Vec<Found> {
    let pairs = words.windows(2).filter(|pair| pair.iter().all(|word| !word.key.is_empty()));
    pairs
        .filter_map(|pair| {
            let [first, second] = pair else { return None };
            let gap = Span::new(first.span.end, second.span.start);
            // Between two words without a space stand two signs at most.
            if gap.is_empty() || gap.len() > 8 || gap.of(text).contains(char::is_whitespace) {
                return None;
            }
            let joint = Joint { text, part, first, second, known };
            let at = joint.after_stop(gap).or_else(|| joint.after_comma(gap)).or_else(|| joint.after_bracket(gap))?;
            let fixed = format!("{} {}", &text[first.span.start..at], &text[at..second.span.end]);
            let certain = known.seen(&second.key).free > 0 || known.is_word(&second.key);
            Some(Found::new(What::Unspaced, Span::new(first.span.start, second.span.end), fixed, certain))
        })
        .collect()
}

/// Two words with signs between them.
struct Joint<'t> {
    text: &'t str,
    part: Span,
    first: &'t Word,
    second: &'t Word,
    known: Known<'t>,
}

impl Joint<'_> {
    /// `answered.The`: where the space is missing. Not `P.Musayev`, `p.m`, `Weather.com`.
    fn after_stop(&self, gap: Span) -> Option<usize> {
        let signs = gap.of(self.text).trim_start_matches(CLOSING);
        let after = signs.strip_prefix(['.', '!', '?'])?;
        if !after.trim_start_matches(CLOSING).is_empty() {
            return None;
        }
        let (first, second) = (self.first.of(self.text), self.second.of(self.text));
        let letters = second.chars().count();
        let capitalised = second.starts_with(char::is_uppercase) && second.chars().skip(1).all(char::is_lowercase);
        let acronym = second.chars().all(char::is_uppercase);
        let begins = match (capitalised, acronym) {
            _ if DOMAINS.contains(&self.second.key.as_str()) => false,
            (true, _) if letters > 3 => true,
            (true, _) | (_, true) => self.known.is_known(&self.second.key),
            _ => false,
        };
        // An abbreviation never stands without its stop.
        let ends = first.ends_with(char::is_lowercase)
            && (first.chars().count() >= 6 || self.known.seen(&self.first.key).free > 0);
        let whole = self.ends_here();
        (begins && ends && whole && !self.first_joined()).then_some(gap.end)
    }

    /// `O,bazar`.
    fn after_comma(&self, gap: Span) -> Option<usize> {
        let signs = gap.of(self.text).trim_start_matches(CLOSING);
        if !matches!(signs, "," | ";") {
            return None;
        }
        let short = |word: &Word| word.of(self.text).chars().count() < 3;
        let single = |word: &Word| word.of(self.text).chars().count() < 2;
        let both_short = short(self.first) && short(self.second);
        let stand = |word: &Word| self.known.seen(&word.key).free > 0;
        let list =
            both_short && !(stand(self.first) && stand(self.second)) || single(self.first) && single(self.second);
        (!list && !self.first_joined()).then_some(gap.end)
    }

    /// `(IOM)and`. Not `söz(lər)in`, `(s)he`, `(re)use`, `(DMX)nin`.
    fn after_bracket(&self, gap: Span) -> Option<usize> {
        if gap.of(self.text).trim_start_matches(['”', '»', '.']) != ")" {
            return None;
        }
        let mut from = gap.start.saturating_sub(BRACKET).max(self.part.start);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let open = self.text[from..gap.start].rfind('(').map(|at| from + at)?;
        let inside = &self.text[open + 1..gap.start];
        let before = self.text[self.part.start..open].chars().next_back();
        let apart = before.is_none_or(char::is_whitespace);
        let phrase = inside.contains(|c: char| c.is_whitespace() || c.is_uppercase() || c.is_numeric());
        (apart && phrase && self.known.is_known(&self.second.key) && self.ends_here()).then_some(gap.end)
    }

    /// The second word is not the beginning of an abbreviation or address: `gov.az`, `U.S.`.
    fn ends_here(&self) -> bool {
        let mut after = self.text[self.second.span.end..].chars();
        match (after.next(), after.next()) {
            (Some('.'), Some(next)) => !next.is_alphanumeric(),
            (Some(c), _) => !c.is_alphanumeric() && !matches!(c, '/' | '(' | '='),
            (None, _) => true,
        }
    }

    /// The first word is itself the end of something with stops: `www.migration`, `std.Io`.
    fn first_joined(&self) -> bool {
        self.text[self.part.start..self.first.span.start].ends_with(['.', '/', ':', '='])
    }
}
