//! Quotations: what stands between quotation marks and is somebody's words, not a name.

use super::{Span, TokenKind, tokens};

/// Opening marks with those that may close them.
pub const MARKS: &[(char, &[char])] =
    &[('“', &['”', '“']), ('«', &['»']), ('„', &['“', '”']), ('"', &['"']), ('‹', &['›']), ('‚', &['‘', '’'])];

/// With fewer words it is a name or a title in quotation marks: “ASAN xidmət”, «Дом и мигрант».
const LEAST: usize = 6;

/// Whether a stretch stands in quotation marks by itself, as a title does.
pub fn is_quoted(text: &str, span: Span) -> bool {
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    MARKS.iter().any(|(open, closing)| before == Some(*open) && after.is_some_and(|c| closing.contains(&c)))
}

/// The quotations of `text`, marks left out, outer ones only.
pub fn quotations(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let Some((_, closing)) = MARKS.iter().find(|(open, _)| *open == c) else { continue };
        let start = at + c.len_utf8();
        let mut depth = 1;
        let mut inner = text[start..].char_indices();
        let end = inner.find_map(|(at, inner)| {
            if closing.contains(&inner) {
                depth -= 1;
            } else if inner == c {
                depth += 1;
            }
            (depth == 0).then_some(start + at)
        });
        let Some(end) = end else { continue };
        let words = tokens(&text[start..end]).filter(|token| token.kind == TokenKind::Word).count();
        if words >= LEAST {
            out.push(Span::new(start, end));
        }
        // What is inside belongs to it; the closing mark opens nothing.
        while chars.as_str().len() > text.len() - end - text[end..].chars().next().map_or(0, char::len_utf8) {
            chars.next();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_of_others_and_names() {
        let of = |text: &'static str| quotations(text).into_iter().map(|span| span.of(text)).collect::<Vec<_>>();
        let said = "the session of the Milli Mejlis ended";
        assert_eq!(of("He wrote: “the session of the Milli Mejlis ended”."), [said]);
        assert_eq!(of("He wrote: \"the session of the Milli Mejlis ended\"."), [said]);
        assert_eq!(
            of("Сказал: «на заседании „Милли Мейлиса“ выступили трое гостей»."),
            ["на заседании „Милли Мейлиса“ выступили трое гостей"]
        );
        assert_eq!(of("The “Milli Mejlis” and “ASAN xidmət” centres of the capital and its districts"), [""; 0]);
        assert_eq!(of("an inch is 1\" and no more than that is known of it"), [""; 0]);
    }

    #[test]
    fn titles_stand_in_quotation_marks_by_themselves() {
        let text = "the film “Alien” and the “Alien Act”";
        let at = |from: usize| Span::new(from, from + "Alien".len());
        assert!(is_quoted(text, at("the film “".len())));
        assert!(!is_quoted(text, at(text.len() - "Alien Act”".len())));
    }

    proptest! {
        #[test]
        fn spans_are_slices(text in "[a-zəш“”«»„\" ]{0,60}") {
            let mut before = 0;
            for span in quotations(&text) {
                prop_assert!(text.get(span.range()).is_some() && span.start >= before);
                before = span.end;
            }
        }
    }
}
