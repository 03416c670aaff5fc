//! How what is not written as it is said sounds at its end: acronyms and numbers.
//!
//! An acronym is read by the orthoepic rules of the Cabinet of Ministers (4.1 of them): consonants alone, and
//! consonants after a first letter that is a vowel, by their names (DTX: de-te-xe; AŞ: a-şe); consonants about a
//! vowel further on, and acronyms of two vowels or more, as they are written (KİV; XDGTİB: xe-de-ge-tib; ATƏT).

use super::{is_vowel, suffixes::Sound};

/// Acronyms that are not written as the rules read them, with the reading that gives the suffix.
const READINGS: &[(&str, &str)] = &[
    // a-be-şe by the rules of today; written as it was read before them: ABŞ-ın, ABŞ-da.
    ("abş", "abış"),
];

/// The names of the letters that do not end in e. The first of each is the one suffixes are written after; suffixes
/// after the others are met as often.
const LETTER_NAMES: &[(char, &[&str])] = &[
    ('f', &["fe", "ef"]),
    ('k', &["ka", "ke"]),
    ('l', &["el"]),
    ('m', &["em"]),
    ('n', &["en"]),
    ('r', &["er"]),
    ('s', &["se", "es"]),
];

/// What a number ends in: units, tens, and what is left of the higher places.
const UNITS: [&str; 10] = ["sıfır", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz"];
const TENS: [&str; 10] = ["", "on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan"];
const PLACES: [(usize, &str); 4] = [(3, "yüz"), (6, "min"), (9, "milyon"), (12, "milliard")];

/// The sounds an acronym may end in, the one to write after first.
pub(super) fn acronym(key: &str) -> Vec<Sound> {
    if let Some((_, reading)) = READINGS.iter().find(|(acronym, _)| *acronym == key) {
        return vec![Sound::of(reading)];
    }
    let Some(last) = key.chars().next_back() else { return vec![Sound::FREE] };
    if is_vowel(last) {
        return vec![Sound::of(key)];
    }
    let known = LETTER_NAMES.iter().find(|(letter, _)| *letter == last);
    let letters = known.map_or(&["be"][..], |(_, names)| names).iter().map(|name| Sound::of(name));
    let vowels: Vec<usize> = key.chars().enumerate().filter(|(_, c)| is_vowel(*c)).map(|(at, _)| at).collect();
    let after = key.chars().rev().take_while(|c| !is_vowel(*c)).count();
    match vowels[..] {
        // No vowel at all, or only the first letter: by the names of the letters. Up to the rules of today some of
        // the latter were read as words: ÜST-nin, and ÜST-ün before.
        [] => letters.collect(),
        [0] => letters.chain((after <= 2).then(|| Sound::of(key))).collect(),
        // Four letters with two consonants before the vowel are met read by letter too.
        [2] if key.chars().count() == 4 => letters.chain([Sound::of(key)]).collect(),
        // Two consonants at the end may be read either way.
        _ if after > 1 => std::iter::once(Sound::of(key)).chain(letters).collect(),
        _ => vec![Sound::of(key)],
    }
}

/// How the number that `text` ends in sounds at its end; `None` where it ends in none, or in a group of zeros.
pub(super) fn number(text: &str) -> Option<Sound> {
    let digits: Vec<usize> =
        text.chars().rev().map_while(|c| c.to_digit(10)).map(|digit| digit as usize).take(15).collect();
    match digits.is_empty() {
        true => roman(text).and_then(|value| spoken(&[value % 10, value / 10 % 10])).map(Sound::of),
        false => spoken(&digits).map(Sound::of),
    }
}

/// The last word of a number whose digits come from the lowest on.
fn spoken(digits: &[usize]) -> Option<&'static str> {
    match digits.iter().position(|digit| *digit != 0) {
        None => (digits.len() == 1).then_some(UNITS[0]),
        Some(0) => Some(UNITS[digits[0]]),
        Some(1) => Some(TENS[digits[1]]),
        Some(at) => PLACES.iter().find(|(below, _)| at < *below).map(|(_, name)| *name),
    }
}

/// The value of a Roman number of I, V and X, as centuries and chapters have; of other letters acronyms are made too.
fn roman(text: &str) -> Option<usize> {
    let values: Option<Vec<usize>> = text
        .chars()
        .map(|c| match c {
            'I' => Some(1),
            'V' => Some(5),
            'X' => Some(10),
            _ => None,
        })
        .collect();
    let values = values.filter(|values| !values.is_empty() && values.len() <= 6)?;
    let mut sum = 0;
    for (at, value) in values.iter().enumerate() {
        let before_larger = values.get(at + 1).is_some_and(|next| next > value);
        sum = if before_larger { sum - *value as isize } else { sum + *value as isize };
    }
    usize::try_from(sum).ok().filter(|sum| *sum > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::forms::az::suffixes::spelt;

    #[test]
    fn acronyms_sound_as_they_are_read() {
        for (acronym_text, genitive) in [
            // Consonants alone.
            ("dmx", "nin"),
            ("dtx", "nin"),
            ("mdb", "nin"),
            ("bmt", "nin"),
            ("bmqt", "nin"),
            ("fhn", "in"),
            ("pkk", "nın"),
            ("msk", "nın"),
            ("dgk", "nın"),
            ("cnn", "in"),
            ("fbb", "nin"),
            // A vowel at the beginning only.
            ("aş", "nin"),
            ("abş", "ın"),
            ("üst", "nin"),
            ("üdm", "in"),
            ("asc", "nin"),
            // A vowel further on.
            ("yap", "ın"),
            ("kiv", "in"),
            ("din", "in"),
            ("xin", "in"),
            ("dak", "ın"),
            ("xdgtib", "in"),
            ("dmix", "nin"),
            // Two vowels or more, or a vowel at the end.
            ("atət", "in"),
            ("iət", "in"),
            ("işid", "in"),
            ("asean", "ın"),
            ("təbib", "in"),
            ("bdu", "nun"),
            ("amea", "nın"),
            ("unesko", "nun"),
            ("nato", "nun"),
            ("bəə", "nin"),
            ("ai", "nin"),
        ] {
            assert_eq!(spelt("(n)In", acronym(acronym_text)[0]), genitive, "{acronym_text}");
        }
    }

    #[test]
    fn numbers_sound_as_their_last_word() {
        for (digits, ordinal) in [
            ("1", "ci"),
            ("3", "cü"),
            ("6", "cı"),
            ("9", "cu"),
            ("10", "cu"),
            ("26", "cı"),
            ("40", "cı"),
            ("2016", "cı"),
            ("2018", "ci"),
            ("100", "cü"),
            ("1000", "ci"),
            ("5000000", "cu"),
            ("0", "cı"),
            ("XIX", "cu"),
            ("IV", "cü"),
        ] {
            assert_eq!(spelt("cI", number(digits).unwrap()), ordinal, "{digits}");
        }
        assert_eq!(number("000"), None, "the end of 1 000 or of 1 000 000");
        assert_eq!(number("MMC"), None);
        assert_eq!(number("9999999999999999"), number("9"));
    }
}
