//! The stems and rows of nouns, by their last letters: the first that has a cell is the one to write.

use super::plurals::{plural_in_a, plural_only};
use super::tables::IRREGULAR;
use super::vowels::{self, fallen, falls, without_ending};
use super::{
    ACCUSATIVE, ACCUSATIVE_PLURAL, ALL, EVERY_CASE, GENITIVE_PLURAL, LISTED, N, NOMINATIVE, PLURAL, SIBILANTS,
    SINGULAR, adjective, cut, is_vowel, kinds, last, own_gender, push, words as words_of,
};
use crate::lang::forms::{Stem, Word};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// How a noun stands in the glossary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// In the singular, or in the plural where its letters say so.
    Citation,
    /// In the plural: its adjectives do.
    Plural,
}

/// The cells of a stem from which the vowel has fallen: not the nominative, nor the accusative that equals it.
const OBLIQUE: u16 = ALL & !(1 << NOMINATIVE);
pub(super) const GENITIVES_PLURAL: u16 = 1 << GENITIVE_PLURAL | 1 << ACCUSATIVE_PLURAL;

/// The place in [`IRREGULAR`] of a citation form.
static IRREGULAR_BY_WORD: LazyLock<FxHashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut out = FxHashMap::default();
    for (at, cells) in IRREGULAR.iter().enumerate() {
        // Of люди the row of its own comes before the plural of человек.
        cells[0].split('/').for_each(|form| _ = out.insert(form, at as u8));
    }
    for (at, cells) in IRREGULAR.iter().enumerate() {
        if cells[0] == "-" {
            out.insert(cells[6], at as u8);
        }
    }
    for (at, cells) in IRREGULAR.iter().enumerate() {
        cells[6].split('/').for_each(|form| _ = out.entry(form).or_insert(at as u8));
    }
    out.remove("-");
    out
});

/// Whether letters and capital say that a name never changes: Осло, Баку, Чили.
pub(super) fn is_indeclinable(word: &Word<'_>) -> bool {
    let key = word.key;
    if words_of::INDECLINABLE.has(key) || words_of::INDECLINABLE_BY_END.get(key).is_some() {
        return true;
    }
    word.is_capitalised()
        && key.ends_with(['о', 'и', 'е'])
        && ![
            "ство",
            "ово",
            "ево",
            "ёво",
            "ино",
            "ыно",
            "ние",
            "тие",
            "вие",
            "ье",
            "це",
            "море",
            "поле",
            "озеро",
            "ане",
            "яне",
        ]
        .iter()
        .any(|end| key.ends_with(end))
}

/// Every stem and row a noun may have, the likeliest first.
pub(super) fn noun(word: &Word<'_>, given: Given, out: &mut Vec<Stem>) {
    let key = word.key;
    let letters = key.chars().count();
    if !key.chars().any(char::is_alphabetic) {
        return;
    }
    if letters < 3 && !is_vowel(last(key)) && letters < 2 {
        return push(out, key, EVERY_CASE, ALL);
    }
    if let Some(at) = IRREGULAR_BY_WORD.get(key) {
        return irregular(usize::from(*at), key, out);
    }
    if is_indeclinable(word) {
        push(out, key, EVERY_CASE, ALL);
        // Нации, Нидерланды: a capital and -и may be a plural.
        if !(word.is_capitalised() && key.ends_with('и')) || words_of::INDECLINABLE.has(key) {
            return;
        }
    }
    match last(key) {
        'а' | 'я' | 'е' if given == Given::Plural => plural_in_a(key, out),
        'а' => feminine_a(word, out),
        'я' => feminine_ya(word, out),
        'ь' => soft_sign(key, out),
        'й' => short_i(key, out),
        'о' => neuter_o(key, out),
        'е' => neuter_e(key, out),
        'ы' | 'и' => plural_only(key, out),
        c if c.is_alphabetic() && !is_vowel(c) => masculine(word, out),
        c if c.is_alphabetic() => push(out, key, EVERY_CASE, ALL),
        _ => {}
    }
}

/// Whether `key` is the singular of a word with a paradigm of its own.
pub(super) fn is_irregular_singular(key: &str) -> bool {
    IRREGULAR_BY_WORD.get(key).is_some_and(|at| IRREGULAR[usize::from(*at)][0].split('/').any(|form| form == key))
}

/// All of its forms under stems that are its own; what has a plural as its citation form has no singular.
fn irregular(at: usize, key: &str, out: &mut Vec<Stem>) {
    let cells = &IRREGULAR[at];
    let own = if cells[0].split('/').any(|form| form == key) { ALL } else { PLURAL };
    let first: Vec<char> = key.chars().collect();
    let mut kept = first.len();
    let known =
        cells.iter().enumerate().filter(|(cell, _)| own & (1 << cell) != 0).flat_map(|(_, cell)| cell.split('/'));
    let known: Vec<&str> = known.filter(|form| *form != "-").collect();
    for form in &known {
        let common = first.iter().zip(form.chars()).take_while(|(a, b)| **a == *b).count();
        if common > 0 {
            kept = kept.min(common);
        }
    }
    let stem: String = first[..kept].iter().collect();
    // The plural of some stands far from the singular: человек, люди.
    for form in known.iter().filter(|form| !form.starts_with(&stem)) {
        push(out, *form, LISTED + at as u8, own);
    }
    out.insert(0, Stem { text: stem, class: super::Class { row: LISTED + at as u8, cells: own } });
}

/// A word of a person's or a body's name.
pub(super) fn name(words: &[Word<'_>], at: usize, woman: bool, out: &mut Vec<Stem>) {
    let word = &words[at];
    if super::is_adjective(word.key) && at > 0 {
        return adjective(word.key, own_gender(word.key), out);
    }
    if woman && at > 0 && at + 1 == words.len() && is_womans_surname(word.key) {
        return push(out, cut(word.key, 1), N::SurnameFeminine as u8, SINGULAR);
    }
    noun(word, Given::Citation, out);
}

fn is_womans_surname(key: &str) -> bool {
    ["ова", "ева", "ина", "ына"].iter().any(|end| key.ends_with(end)) && key.chars().count() > 4
}

// ---------------------------------------------------------------- masculines

/// The row of a masculine noun in a consonant, by that consonant.
pub(super) fn masculine_row(stem: &str) -> u8 {
    row_of(stem, false)
}

fn row_of(stem: &str, stressed: bool) -> u8 {
    let row = match (last(stem), stressed) {
        ('г' | 'к' | 'х', _) => N::MasculineVelar,
        ('ж' | 'ш' | 'ч' | 'щ', false) => N::MasculineSibilant,
        ('ж' | 'ш' | 'ч' | 'щ', true) => N::MasculineSibilantStressed,
        ('ц', false) => N::MasculineTs,
        ('ц', true) => N::MasculineTsStressed,
        _ => N::MasculineHard,
    };
    row as u8
}

fn masculine(word: &Word<'_>, out: &mut Vec<Stem>) {
    let key = word.key;
    let stressed = kinds::is_end_stressed(key);
    let own = row_of(key, stressed);
    let surname = word.is_capitalised()
        && ["ов", "ев", "ин", "ын"].iter().any(|end| key.ends_with(end))
        && key.chars().count() > 3
        && !words_of::PLACES.has(key);
    // Бабанин is a surname, Россиянин is not.
    if words_of::ANIN.get(key) == Some(true) && !(surname && key.chars().count() < 8) {
        push(out, key, own, SINGULAR);
        push(out, cut(key, 2), N::PluralAnin as u8, PLURAL);
        return;
    }
    if let Some(base) = key.strip_suffix("ин").filter(|_| key.ends_with("хозяин")) {
        push(out, key, own, SINGULAR);
        return push(out, base, N::PluralEva as u8, PLURAL);
    }
    if let Some(base) = ["онок", "енок"].iter().find_map(|end| key.strip_suffix(end))
        && words_of::YOUNG.get(key) == Some(true)
    {
        let row = if SIBILANTS.contains(last(base)) { N::PluralAta } else { N::PluralYata };
        push(out, base, row as u8, PLURAL);
        push(out, key, own, 1 << NOMINATIVE | 1 << ACCUSATIVE);
        return push(out, format!("{}к", cut(key, 2)), masculine_row("к"), OBLIQUE);
    }
    if surname {
        push(out, key, N::Surname as u8, ALL);
        // A town of that name: Чеховом.
        return push(out, key, own, SINGULAR);
    }
    if words_of::PLURAL_A.get(key).is_some() {
        push(out, key, N::PluralA as u8, PLURAL);
    }
    if words_of::ZERO_GENITIVE.has(key) {
        push(out, key, N::ZeroGenitivePlural as u8, GENITIVES_PLURAL);
    }
    if falls(key)
        && let Some(stem) = fallen(key)
    {
        let row = row_of(&stem, stressed);
        push(out, stem, row, OBLIQUE);
        // The whole row, for a word of which the rule is wrong.
        return push(out, key, own, ALL);
    }
    push(out, key, own, ALL);
}

fn short_i(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    if words_of::FLEETING_EY.has(key) {
        push(out, format!("{}ь", cut(stem, 1)), N::ShortI as u8, OBLIQUE);
        return push(out, stem, N::ShortI as u8, 1 << NOMINATIVE | 1 << ACCUSATIVE);
    }
    if words_of::PLURAL_A.get(key).is_some() {
        push(out, stem, N::PluralSoftA as u8, PLURAL);
    }
    let row = if last(stem) == 'и' { N::Iy } else { N::ShortI };
    push(out, stem, row as u8, ALL);
}

fn soft_sign(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    let feminine = kinds::is_feminine_soft_sign(key);
    let row = match feminine {
        true if SIBILANTS.contains(last(stem)) => N::FeminineSibilantSoftSign,
        true => N::FeminineSoftSign,
        false => N::MasculineSoft,
    };
    if words_of::PLURAL_A.get(key).is_some() {
        push(out, stem, N::PluralSoftA as u8, PLURAL);
    }
    match fallen(stem).filter(|_| falls(key)) {
        Some(fallen) => {
            let kept = 1 << NOMINATIVE | 1 << ACCUSATIVE | if feminine { 1 << 4 } else { 0 };
            push(out, fallen, row as u8, ALL & !kept | if feminine { 0 } else { 1 << 4 | 1 << ACCUSATIVE });
            push(out, stem, row as u8, kept);
        }
        None => push(out, stem, row as u8, ALL),
    }
    if !kinds::is_sure_soft_sign(key) {
        let other = if feminine { N::MasculineSoft } else { N::FeminineSoftSign };
        push(out, stem, other as u8, ALL);
    }
}

// ---------------------------------------------------------------- feminines

/// The genitive plural without ending (and the accusative of persons).
pub(super) fn zero_genitive(stem: &str, out: &mut Vec<Stem>) {
    push(out, without_ending(stem), N::ZeroGenitivePlural as u8, GENITIVES_PLURAL);
}

fn feminine_a(word: &Word<'_>, out: &mut Vec<Stem>) {
    let key = word.key;
    let stem = cut(key, 1);
    if words_of::is_plural_in_a(key) && !word.is_capitalised() {
        return plural_in_a(key, out);
    }
    // Иванова may be a woman, Марина and Украина are not surnames.
    let surname = word.is_capitalised() && is_womans_surname(key);
    if surname && !key.ends_with("на") {
        push(out, stem, N::SurnameFeminine as u8, SINGULAR);
    }
    let stressed = kinds::is_stressed_a(key);
    let row = match (last(stem), stressed) {
        ('г' | 'к' | 'х', _) => N::FeminineVelar,
        ('ж' | 'ш' | 'ч' | 'щ', false) => N::FeminineSibilant,
        ('ж' | 'ш' | 'ч' | 'щ', true) => N::FeminineSibilantStressed,
        ('ц', false) => N::FeminineTs,
        ('ц', true) => N::FeminineTsStressed,
        _ => N::FeminineHard,
    };
    let ey = words_of::SOFT_GENITIVE.get(key) == Some("ей");
    push(out, stem, row as u8, if ey { ALL } else { ALL & !(1 << GENITIVE_PLURAL) });
    zero_genitive(stem, out);
    if SIBILANTS.contains(last(stem)) {
        push(out, stem, row as u8, GENITIVES_PLURAL);
    }
    if surname && key.ends_with("на") {
        push(out, stem, N::SurnameFeminine as u8, SINGULAR);
    }
}

fn feminine_ya(word: &Word<'_>, out: &mut Vec<Stem>) {
    let key = word.key;
    let stem = cut(key, 1);
    if words_of::NEUTER_MYA.has(key) {
        return push(out, stem, N::Mya as u8, ALL);
    }
    if words_of::is_plural_in_a(key) && !word.is_capitalised() {
        return plural_in_a(key, out);
    }
    match last(stem) {
        'и' => push(out, stem, N::Iya as u8, ALL),
        'ь' => {
            let row = if words_of::STRESSED_YA.get(key).is_some() { N::SoftYa } else { N::SoftYaUnstressed };
            push(out, cut(stem, 1), row as u8, ALL);
        }
        c if is_vowel(c) || c == 'й' => push(out, stem, N::VowelYa as u8, ALL),
        _ => {
            push(out, stem, N::FeminineSoft as u8, ALL & !(1 << GENITIVE_PLURAL));
            soft_genitive(key, stem, out);
        }
    }
}

/// недель, доли: долей, песня: песен, деревня: деревень.
fn soft_genitive(key: &str, stem: &str, out: &mut Vec<Stem>) {
    let own = words_of::SOFT_GENITIVE.get(key);
    let with_e = || vowels::with_e(stem).filter(|_| stem.ends_with('н') && own.is_none());
    let text = with_e().unwrap_or_else(|| without_ending(stem));
    let hard = text != stem && stem.ends_with('н') && own != Some("ь");
    let row = if hard { N::ZeroGenitivePlural } else { N::ZeroGenitivePluralSoft };
    let long = (stem, N::FeminineSoft);
    let short = (text.as_str(), row);
    for (stem, row) in if own == Some("ей") { [long, short] } else { [short, long] } {
        push(out, stem, row as u8, GENITIVES_PLURAL);
    }
}

// ---------------------------------------------------------------- neuters

fn neuter_o(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    if last(stem) == 'к' && !key.ends_with("войско") {
        // окошко, окошки; облако, облака, облаков
        if !words_of::NEUTER_KO_A.has(key) {
            push(out, stem, N::PluralNeuterKo as u8, PLURAL & !(1 << GENITIVE_PLURAL));
        }
        if !is_vowel(last(cut(stem, 1))) && !["очк", "яблочк"].contains(&stem) {
            zero_genitive(stem, out);
        }
        push(out, stem, N::PluralOv as u8, GENITIVES_PLURAL);
    }
    push(out, stem, N::NeuterO as u8, ALL & !(1 << GENITIVE_PLURAL));
    zero_genitive(stem, out);
}

fn neuter_e(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    if let Some(stem) = key.strip_suffix("ане").or_else(|| key.strip_suffix("яне")) {
        // граждане, россияне: a plural
        let stem = &key[..stem.len() + "ан".len()];
        return push(out, stem, N::PluralAnin as u8, PLURAL);
    }
    match last(stem) {
        'и' => {
            push(out, stem, N::Iye as u8, ALL);
            // воскресение, воскресенье
            push(out, cut(stem, 1), N::SoftYe as u8, ALL & !(1 << GENITIVE_PLURAL));
        }
        'ь' => {
            let row = match words_of::YE_GENITIVE.get(key) {
                Some("ей") => N::SoftYeStressed,
                Some(_) => N::SoftYeOv,
                None => N::SoftYe,
            };
            push(out, cut(stem, 1), row as u8, ALL);
        }
        'ц' | 'щ' | 'ж' | 'ш' | 'ч' => {
            push(out, stem, N::NeuterTse as u8, ALL & !(1 << GENITIVE_PLURAL));
            zero_genitive(stem, out);
            if last(stem) == 'ц' {
                push(out, stem, N::PluralEv as u8, GENITIVES_PLURAL);
            }
        }
        _ => push(out, stem, N::NeuterSoft as u8, ALL),
    }
}
