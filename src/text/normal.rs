//! The key under which two texts count as the same: NFC, one kind of space, quote, dash and apostrophe.
//! Case is not touched here: it belongs to the language (`lang::Language::lower`).

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// One character as the key writes it, or nothing where the key leaves it out.
///
/// Soft hyphens and zero-width characters are left out; every space is U+0020; quotes, dashes and
/// apostrophes are their ASCII forms.
pub fn folded(c: char) -> Option<char> {
    Some(match c {
        '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' => return None,
        c if c.is_whitespace() => ' ',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' | 'ʼ' | 'ʻ' | '‹' | '›' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        c => c,
    })
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
    if is_nfc(text) {
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
    fn spaces_quotes_and_dashes_fold() {
        assert_eq!(normal(" 30\u{a0}manat –  “çox” \n"), "30 manat - \"çox\"");
        assert_eq!(normal("mü\u{ad}ha\u{200b}cir"), "mühacir");
        assert_eq!(normal("c\u{327}ay"), "çay");
        assert_eq!(normal(" \n "), "");
    }
}
