//! Letters that were read in a wrong encoding, or lost on the way.

/// Rows of what breaks: how it is told, a text with it, one without.
struct Row {
    is_so: fn(&str) -> Option<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    broken: &'static [&'static str],
    #[cfg_attr(not(test), allow(dead_code))]
    sound: &'static [&'static str],
}

static ROWS: &[Row] = &[
    Row {
        is_so: |text| text.contains('\u{fffd}').then(|| "\u{fffd}".to_owned()),
        broken: &["D\u{fffd}vl\u{fffd}t"],
        sound: &["Dövlət"],
    },
    Row {
        is_so: twice_encoded,
        broken: &["DÃ¶vlÉ™t", "Ã–lkÉ™", "xidmÉ™ti", "ÅŸÉ™hÉ™r", "Ð¡Ð»ÑƒÐ¶Ð±Ð°", "itâ€™s", "Â«Ofis»"],
        sound: &["É uma", "Ñandú", "Şəhər Ağrı", "Â, â", "ÅLAND", "Ðorđe"],
    },
    Row {
        is_so: western,
        broken: &["Ñëóæáà îòêðûëà öåíòð", "ïðèâåò âñåì"],
        sound: &["déjà vu", "naïveté", "Öäö", "über"],
    },
    Row {
        is_so: question_marks,
        broken: &["D?vl?t", "???????? ??????"],
        sound: &["Who?What?", "Kim? Nə?", "https://a.az/?q=a&b=c?d", "What??", "a?b"],
    },
    Row {
        is_so: entity,
        broken: &["Fish &amp; Chips", "D&#246;vl&#601;t", "a&nbsp;b"],
        sound: &["Fish & Chips; more", "R&D; x", "A&#; b"],
    },
];

/// The first of what is broken in `text`.
pub(super) fn broken(text: &str) -> Option<String> {
    ROWS.iter().find_map(|row| (row.is_so)(text))
}

/// The first bytes of UTF-8 for the letters of the languages written here, each as the Western code page reads it, before
/// one that only a later byte is.
fn twice_encoded(text: &str) -> Option<String> {
    const FIRST: &[char] = &['Ã', 'Ä', 'Å', 'É', 'Æ', 'Ð', 'Ñ', 'Â', 'â'];
    // What the code page has at 0x80 to 0xBF; its capitals and marks are told by the pair.
    const LATER: &[char] = &[
        '€', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 'Ž', '‘', '’', '“', '”', '•', '–', '—', '˜', '™',
        'š', '›', 'œ', 'ž', 'Ÿ',
    ];
    // A quotation mark or dash may follow a capital of a foreign name, but hardly one of these.
    const MARKS: &[char] = &['\u{a0}', '»', '«', '’', '”', '“', '…', '–', '—'];
    const OFTEN: &[char] = &['Ã', 'Ð', 'Â'];
    let is_later = |c: char| matches!(c, '\u{80}'..='\u{bf}') || LATER.contains(&c);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if let Some((next_at, next)) = chars.peek()
            && FIRST.contains(&c)
            && is_later(*next)
            && (OFTEN.contains(&c) || !MARKS.contains(next))
        {
            return Some(text[at..next_at + next.len_utf8()].to_owned());
        }
    }
    None
}

/// Cyrillic letters of a Windows code page, read as Western ones: words of accented letters alone.
fn western(text: &str) -> Option<String> {
    const LEAST: usize = 4;
    let accented = |word: &&str| word.chars().count() >= LEAST && word.chars().all(|c| matches!(c, 'À'..='ÿ'));
    text.split(|c: char| !c.is_alphabetic()).find(accented).map(str::to_owned)
}

/// Question marks where letters were: two in a word, or words of nothing else.
fn question_marks(text: &str) -> Option<String> {
    let is_lost = |word: &&str| {
        let inside = word.trim_start_matches(|c: char| !c.is_alphabetic() && c != '?');
        let chars: Vec<char> = inside.chars().collect();
        let between = chars.windows(3).filter(|w| w[0].is_alphabetic() && w[1] == '?' && w[2].is_lowercase()).count();
        !word.contains(['/', '=', '&']) && (between >= 2 || chars.len() > 3 && chars.iter().all(|c| *c == '?'))
    };
    text.split_whitespace().find(is_lost).map(str::to_owned)
}

/// A character that is written as XML and HTML write it.
fn entity(text: &str) -> Option<String> {
    const NAMES: &[&str] = &["amp", "lt", "gt", "quot", "apos", "nbsp", "ndash", "mdash", "laquo", "raquo"];
    for (at, _) in text.match_indices('&') {
        let (name, _) = text[at + 1..].split_once(';')?;
        let number = name.strip_prefix('#').map(|number| number.trim_start_matches('x'));
        let is_number =
            number.is_some_and(|n| !n.is_empty() && n.len() < 7 && n.chars().all(|c| c.is_ascii_hexdigit()));
        if is_number || NAMES.contains(&name) {
            return Some(format!("&{name};"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_letters_are_told_and_sound_ones_are_not() {
        for row in ROWS {
            for text in row.broken {
                assert!((row.is_so)(text).is_some(), "{text}");
            }
            for text in row.sound {
                assert_eq!(broken(text), None, "{text}");
            }
        }
    }
}
