//! The stems and rows of nouns given in the plural.

use super::nouns::{GENITIVES_PLURAL, zero_genitive};
use super::vowels::without_ending;
use super::{GENITIVE_PLURAL, N, PLURAL, SIBILANTS, cut, is_vowel, last, push, words as words_of};
use crate::lang::forms::Stem;

/// Nouns given in the plural: переговоры, выборы, сети.
pub(super) fn plural_only(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    let zero = words_of::PLURAL_ZERO.get(key);
    let row = match (last(key), last(stem)) {
        (_, 'ж' | 'ш' | 'ч' | 'щ') => N::PluralSibilant,
        ('и', 'г' | 'к' | 'х') => N::PluralVelar,
        ('ы', 'ц') => N::PluralTs,
        (_, c) if is_vowel(c) && c != 'и' && !words_of::PLURAL_EV.get(key).unwrap_or(true) => N::PluralVowelYa,
        (_, c) if is_vowel(c) && c != 'и' => N::PluralVowel,
        (_, 'и') if words_of::PLURAL_EV.get(key) == Some(true) => N::PluralVowel,
        ('ы', _) => N::PluralHard,
        (_, 'и') => N::PluralIi,
        _ => N::PluralSoft,
    };
    if last(key) == 'ы' || "гкх".contains(last(stem)) {
        // Without a list to say so, both are read; the likelier is written.
        if zero == Some(true) {
            zero_genitive(stem, out);
            return push(out, stem, row as u8, PLURAL & !(1 << GENITIVE_PLURAL));
        }
        push(out, stem, row as u8, PLURAL);
        if zero.is_none() {
            zero_genitive(stem, out);
        }
        return;
    }
    if SIBILANTS.contains(last(stem)) {
        // задач, врачей
        if zero == Some(true) {
            zero_genitive(stem, out);
        }
        push(out, stem, row as u8, PLURAL);
        return zero_genitive(stem, out);
    }
    if row == N::PluralSoft && !is_vowel(last(stem)) && last(stem) != 'ь' {
        push(out, stem, row as u8, PLURAL);
        if "нл".contains(last(stem)) && without_ending(stem) != stem {
            return zero_genitive(stem, out); // песни, песен
        }
        return;
    }
    if let Some(base) = stem.strip_suffix('ь') {
        // статьи, статей
        push(out, stem, N::PluralSoft as u8, PLURAL & !(1 << GENITIVE_PLURAL));
        return push(out, format!("{base}е"), N::VowelYa as u8, GENITIVES_PLURAL);
    }
    push(out, stem, row as u8, PLURAL);
}

/// Plurals in -а, -я and -е: ворота, дела, паспорта, учреждения, граждане.
pub(super) fn plural_in_a(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    let ov = words_of::PLURAL_A_OV.has(key)
        || words_of::PLURAL_A.get(stem).is_some()
        || words_of::PLURAL_A.get(&format!("{stem}ь")).is_some();
    match (last(key), last(stem)) {
        ('е', _) => push(out, stem, N::PluralAnin as u8, PLURAL),
        ('я', 'и') => push(out, stem, N::PluralNeuterIya as u8, PLURAL),
        ('я', 'ь') => push(out, cut(stem, 1), N::PluralYa as u8, PLURAL),
        ('я', _) => push(out, stem, N::PluralSoftA as u8, PLURAL),
        _ if ov => push(out, stem, N::PluralA as u8, PLURAL),
        _ => {
            push(out, stem, N::PluralOnlyA as u8, PLURAL & !(1 << GENITIVE_PLURAL));
            zero_genitive(stem, out);
        }
    }
}
