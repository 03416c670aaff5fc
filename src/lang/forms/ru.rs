//! Russian: which words of a term inflect, and which stems and rows each of them has.
//!
//! Adjectives before the head inflect with it, words after it stay: `торговлю людьми`. Reading is lenient: a
//! word gets every row its letters allow. Writing takes the first row that has the cell.
//! Source of the rows: Зализняк, «Грамматический словарь русского языка» (the classes, not the word list).

mod kinds;
mod nouns;
mod plurals;
mod read;
mod roles;
mod tables;
mod verbs;
mod vowels;
mod words;
mod write;

use nouns::{masculine_row, noun};
pub(super) use read::read;
use roles::{Role, roles};
use tables::{A, Gender, N};
use words as words_of;
pub(super) use write::{forms, write};

use super::{Case, Class, Form, Grammar, Number, Possessor, Stem, Word};

const SIBILANTS: &str = "жшчщ";
const CASES: [Case; 6] =
    [Case::Nominative, Case::Genitive, Case::Dative, Case::Accusative, Case::Instrumental, Case::Locative];
/// All twelve cells: six cases of the singular, six of the plural.
const ALL: u16 = 0xfff;
const SINGULAR: u16 = 0x03f;
const PLURAL: u16 = 0xfc0;
const NOMINATIVE: usize = 0;
const ACCUSATIVE: usize = 3;
const GENITIVE_PLURAL: usize = 7;
const ACCUSATIVE_PLURAL: usize = 9;
/// In the cells of an adjective: the genders of the singular it takes, as [`Gender`] counts them.
const GENDERS: [u16; 3] = [1 << 12, 1 << 13, 1 << 14];
const ANY_GENDER: u16 = GENDERS[0] | GENDERS[1] | GENDERS[2];
/// In the cells of an adjective of one gender: its noun is a person or an animal.
const ANIMATE_ADJECTIVE: u16 = 1 << 15;
/// In the cells of a noun: which of the two its accusative is. Neither: both, where no other word has to agree.
const INANIMATE: u16 = 1 << 12;
const ANIMATE: u16 = 1 << 13;

// `Class::row`: nouns first, then adjectives, then adjectives with -ся, then the irregular words, then verbs.
const ADJECTIVE: u8 = 64;
const REFLEXIVE: u8 = 80;
const LISTED: u8 = 96;
const VERB: u8 = 224;
/// Never changes, but stands in every case: names such as `Милли`, `Осло`.
const EVERY_CASE: u8 = 254;

fn form_of(cell: usize) -> Form {
    Form::new(if cell < 6 { Number::Singular } else { Number::Plural }, CASES[cell % 6])
}

fn cell_of(form: Form) -> Option<usize> {
    if form.possessor != Possessor::None || form.tail[0].is_some() {
        return None;
    }
    let case = CASES.iter().position(|case| *case == form.case)?;
    Some(case + if form.number == Number::Plural { 6 } else { 0 })
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

fn last(text: &str) -> char {
    text.chars().next_back().unwrap_or(' ')
}

/// `text` without its last `n` letters (Cyrillic letters are two bytes).
fn cut(text: &str, n: usize) -> &str {
    let end = text.char_indices().rev().nth(n.wrapping_sub(1)).map_or(0, |(at, _)| at);
    if n == 0 { text } else { &text[..end] }
}

fn push(out: &mut Vec<Stem>, text: impl AsRef<str> + Into<String>, row: u8, cells: u16) {
    let class = Class { row, cells };
    if !out.iter().any(|known| known.class == class && known.text == text.as_ref()) {
        out.push(Stem { text: text.into(), class });
    }
}

pub(super) fn stems(words: &[Word<'_>], grammar: &Grammar) -> Vec<Vec<Stem>> {
    let phrase = roles(words, grammar);
    let agree = phrase.roles.iter().filter(|role| !matches!(role, Role::Stays | Role::FirstPart)).count() > 1;
    let animate = agree && write::is_animate(words, &phrase);
    let of = |at: usize| {
        let word = &words[at];
        let mut out = Vec::new();
        match phrase.roles[at] {
            Role::Stays => return super::fixed(word),
            Role::FirstPart => {
                push(&mut out, word.key, EVERY_CASE, ALL);
                if is_cyrillic(word.key) && word.key.chars().count() > 3 {
                    noun(word, phrase.given, &mut out);
                }
            }
            Role::Verb => verbs::verb(word.key, &mut out),
            Role::Adjective => adjective(word.key, own_gender(word.key), &mut out),
            Role::Head if word.is_acronym() => {
                push(&mut out, word.key, EVERY_CASE, ALL);
                // Read as a word, it declines: в МИДе, до СМЕРШа.
                if words.len() == 1 && word.key.chars().any(is_vowel) && !is_vowel(last(word.key)) {
                    push(&mut out, word.key, masculine_row(word.key), ALL);
                }
            }
            Role::Head if !is_cyrillic(word.key) => return super::fixed(word),
            Role::Head if phrase.named_noun => {
                noun(word, phrase.given, &mut out);
                adjective(word.key, own_gender(word.key), &mut out);
            }
            Role::Head => head(word, &phrase, &mut out),
            Role::Name if phrase.stays_in_name(words, at) => push(&mut out, word.key, EVERY_CASE, ALL),
            Role::Name => nouns::name(words, at, phrase.woman, &mut out),
        }
        if agree {
            out.iter_mut().for_each(|stem| stem.class = agreeing(stem.class, animate));
        }
        if out.is_empty() { super::fixed(word) } else { out }
    };
    (0..words.len()).map(of).collect()
}

/// The class with its accusative settled.
fn agreeing(class: Class, animate: bool) -> Class {
    let says = match class.row {
        LISTED.. => 0,
        ADJECTIVE.. if animate && class.cells & ANY_GENDER != ANY_GENDER => ANIMATE_ADJECTIVE,
        ADJECTIVE.. => 0,
        _ if animate => ANIMATE,
        _ => INANIMATE,
    };
    Class { cells: class.cells | says, ..class }
}

fn is_cyrillic(key: &str) -> bool {
    key.chars().any(|c| matches!(c, 'а'..='я' | 'ё'))
}

/// A noun, one that declines as an adjective (рабочий, столовая), or a term that is one adjective.
fn head(word: &Word<'_>, phrase: &roles::Phrase, out: &mut Vec<Stem>) {
    let key = word.key;
    if is_adjective(key) {
        // An adjective in the masculine stands for all genders; `столовая` is no form of `столовый`.
        let own = own_gender(key);
        adjective(key, if own == Gender::Masculine && phrase.alone { None } else { Some(own) }, out);
        // простой is a noun too.
        if !key.ends_with("ой") {
            return;
        }
    }
    noun(word, phrase.given, out);
}

/// The gender of an adjective by its own ending.
fn own_gender(key: &str) -> Gender {
    let key = key.strip_suffix("ся").unwrap_or(key);
    match last(key) {
        'я' | 'а' => Gender::Feminine,
        'о' => Gender::Neuter,
        'е' if key.ends_with("ое") || key.ends_with("ее") || key.ends_with("ье") => Gender::Neuter,
        'е' | 'и' | 'ы' => Gender::Plural,
        _ => Gender::Masculine,
    }
}

/// An adjective before a noun, those in -ин and -ий of the possessive kind too.
fn is_adjective(key: &str) -> bool {
    match last(key) {
        'й' | 'я' | 'е' => {
            kinds::is_adjectival(key) || possessive_stem(key).is_some() || pronoun_stem(key).is_some()
        }
        'а' | 'и' | 'ш' => pronoun_stem(key).is_some() || possessive_stem(key).is_some() || is_short_possessive(key),
        'о' | 'ы' | 'в' | 'н' => is_short_possessive(key),
        _ => false,
    }
}

fn is_short_possessive(key: &str) -> bool {
    words_of::SHORT_POSSESSIVES.has(short_stem(key))
}

/// чертова, чертовы → чертов.
fn short_stem(key: &str) -> &str {
    key.strip_suffix(['а', 'о', 'ы']).unwrap_or(key)
}

/// божий, божья, божье, божьи → бож.
fn possessive_stem(key: &str) -> Option<&str> {
    let stem = ["ий", "ья", "ье", "ьи"].iter().find_map(|end| key.strip_suffix(end))?;
    words_of::POSSESSIVE_ADJECTIVES.has(&format!("{stem}ий")).then_some(stem)
}

/// мой, наша: the stem and the row.
fn pronoun_stem(key: &str) -> Option<(&str, A)> {
    ["мо", "тво", "сво"]
        .iter()
        .find(|stem| key.strip_prefix(**stem).is_some_and(|end| ["й", "я", "е", "и"].contains(&end)))
        .map(|stem| (*stem, A::Pronoun))
        .or_else(|| {
            let own = ["наш", "ваш"]
                .iter()
                .find(|stem| key.strip_prefix(**stem).is_some_and(|end| ["", "а", "е", "и"].contains(&end)));
            own.map(|stem| (*stem, A::ShortPronoun))
        })
}

/// The stem and row of an adjective; of `gender`, or of all three.
fn adjective(key: &str, gender: impl Into<Option<Gender>>, out: &mut Vec<Stem>) {
    let (plain, first) = match key.strip_suffix("ся") {
        Some(plain) => (plain, REFLEXIVE),
        None => (key, ADJECTIVE),
    };
    let cells = match gender.into() {
        None => ALL | ANY_GENDER,
        Some(Gender::Plural) => PLURAL,
        Some(gender) => ALL | GENDERS[gender as usize],
    };
    if let Some((stem, row)) = pronoun_stem(plain) {
        return push(out, stem, first + row as u8, cells);
    }
    if let Some(stem) = possessive_stem(plain) {
        return push(out, stem, first + A::Possessive as u8, cells);
    }
    if is_short_possessive(plain) {
        return push(out, short_stem(plain), first + A::ShortPossessive as u8, cells);
    }
    if plain.chars().count() < 4 {
        return;
    }
    let stem = cut(plain, 2);
    let ending = &plain[stem.len()..];
    let soft = ending == "яя" || matches!(ending, "ий" | "ее" | "ие") && (last(stem) == 'н' || stem == "кар");
    let row = match last(stem) {
        _ if soft => A::Soft,
        c if SIBILANTS.contains(c) && (matches!(ending, "ой" | "ое") || words_of::STRESSED_SIBILANTS.has(stem)) => {
            A::SibilantStressed
        }
        // большая, большие: not of больший.
        'ш' if matches!(ending, "ая" | "ие") && stem.ends_with("больш") => A::SibilantStressed,
        c if SIBILANTS.contains(c) => A::Sibilant,
        // большой and морской take the same endings.
        'г' | 'к' | 'х' if ending == "ой" => A::SibilantStressed,
        'г' | 'к' | 'х' => A::Velar,
        _ if ending == "ой" => A::HardStressed,
        _ => A::Hard,
    };
    push(out, stem, first + row as u8, cells);
    // разбойничий, говяжий: nothing in their letters tells them from горячий and свежий.
    if matches!(last(stem), 'ч' | 'ж') && ending == "ий" {
        push(out, stem, first + A::Possessive as u8, cells);
    }
}

#[cfg(test)]
mod tests;
