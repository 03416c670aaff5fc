//! The key under which two texts count as the same: NFC, one kind of space, quote, dash and apostrophe.
//! Case is not touched here: it belongs to the language (`lang::Language::lower`).

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// One character as the key writes it, or nothing where the key leaves it out.
///
/// Soft hyphens and zero-width characters are left out; every space is U+0020; quotes, dashes and
/// apostrophes are their ASCII forms.
pub fn folded(c: char) -> Option<char> {
    Some(match c {
        // The letters and digits nearly all texts are made of come first: this is asked of every character.
        'a'..='z' | 'A'..='Z' | '0'..='9' | '\u{c0}'..='\u{24f}' | '\u{400}'..='\u{52f}' => c,
        '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' => return None,
        c if c.is_whitespace() => ' ',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' | 'ʼ' | 'ʻ' | '‹' | '›' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        c => c,
    })
}

/// A character that NFC leaves alone whatever stands beside it, told without its tables.
pub fn is_stable(c: char) -> bool {
    matches!(c, ..'\u{300}' | '\u{400}'..='\u{482}' | '\u{2010}'..='\u{2027}')
}

/// `text` in NFC with folded characters, runs of white space as one space, none at the ends.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut push = |c: char| {
        if let Some(c) = folded(c)
            && !(c == ' ' && (out.is_empty() || out.ends_with(' ')))
        {
            out.push(c);
        }
    };
    if text.chars().all(is_stable) || is_nfc(text) {
        text.chars().for_each(&mut push)
    } else {
        text.nfc().for_each(&mut push)
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_characters_are_nfc_in_any_company() {
        let all: Vec<char> = ('\0'..'\u{3000}').filter(|c| is_stable(*c)).collect();
        for c in &all {
            assert_eq!(
                unicode_normalization::is_nfc_quick(std::iter::once(*c)),
                unicode_normalization::IsNormalized::Yes
            );
            assert_eq!(unicode_normalization::char::canonical_combining_class(*c), 0, "{c:?}");
        }
        let text: String = all.iter().collect();
        assert!(is_nfc(&text));
        assert_eq!(folded('ə'), Some('ə'));
        for c in ('\u{c0}'..='\u{24f}').chain('\u{400}'..='\u{52f}') {
            assert!(!c.is_whitespace());
        }
    }

    #[test]
    fn spaces_quotes_and_dashes_fold() {
        assert_eq!(normal(" 30\u{a0}manat –  “çox” \n"), "30 manat - \"çox\"");
        assert_eq!(normal("mü\u{ad}ha\u{200b}cir"), "mühacir");
        assert_eq!(normal("c\u{327}ay"), "çay");
        assert_eq!(normal(" \n "), "");
    }
}
