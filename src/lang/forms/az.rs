//! Azerbaijani: stems, and an automaton of suffixes with vowel harmony.
//!
//! Sources: the Azerbaijani orthographic rules (Azərbaycan dilinin orfoqrafiya qaydaları, 2019), the orthoepic rules
//! for how acronyms are read, and any school grammar; the rows are ours.

mod sound;
mod stems;
mod suffixes;
mod verbs;
mod words;
mod write;

use super::{Class, Form, Grammar, Stem, Word};
use suffixes::{Place, Sound, walk};
pub(super) use write::{apart_spelt, forms, write};

const VOWELS: &str = "aıoueəiöü";
/// Signs between a word and a suffix that stands apart.
const APART: [char; 3] = ['-', '\'', '’'];

fn is_vowel(c: char) -> bool {
    VOWELS.contains(c)
}

fn vowels(word: &str) -> usize {
    word.chars().filter(|c| is_vowel(*c)).count()
}

// Rows of `Class`: which way a stem takes suffixes.
const WHOLE: u8 = 0;
/// An alternant that stands only before a vowel: şəkl-, uşağ-.
const BEFORE_VOWEL: u8 = 1;
/// An alternant that stands only before a consonant: xət-lər.
const BEFORE_CONSONANT: u8 = 2;
const IZAFET: u8 = 3;
const IZAFET_BEFORE_VOWEL: u8 = 4;
const IZAFET_BEFORE_CONSONANT: u8 = 5;
/// An acronym, a number, a word that is not written as it is read: any harmony will do.
const ACRONYM: u8 = 6;
/// The first part of a closed compound whose possessive the plural parts: dəvəquşu, dəvəquşları.
const COMPOUND: u8 = 7;
/// The head of an izafet as it stands; it takes no other possessive.
const OWNED: u8 = 8;
/// A word cited in the plural.
const PLURAL: u8 = 9;
const VERB: u8 = 10;
/// The stem of a verb before a vowel: ed-ir.
const VERB_BEFORE_VOWEL: u8 = 11;

/// What no Azerbaijani word has, with a name that has it: spelt as abroad, it need not sound as it is written, and its
/// suffixes follow the sound (Kavanaugh-ın, kavano).
const FOREIGN: &[(&str, &str)] =
    &[("w", "Washington"), ("gh", "Kavanaugh"), ("ph", "Joseph"), ("ck", "Mack"), ("eau", "Bordeaux")];

/// In `Class::cells`: the word has one syllable.
const SHORT: u16 = 1;

pub(super) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    read_as(class, word, at, false, out);
}

pub(super) fn read_loose(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    read_as(class, word, at, true, out);
}

/// `free`: any harmony will do.
fn read_as(class: Class, word: &str, at: usize, free: bool, out: &mut Vec<Form>) {
    let (stem, mut rest) = word.split_at(at);
    let stands = match class.row {
        BEFORE_VOWEL | IZAFET_BEFORE_VOWEL | VERB_BEFORE_VOWEL => rest.starts_with(is_vowel),
        BEFORE_CONSONANT | IZAFET_BEFORE_CONSONANT => rest.starts_with(|c| !is_vowel(c)),
        COMPOUND => rest.starts_with('l'),
        _ => true,
    };
    if !stands {
        return;
    }
    let mut place = match class.row {
        IZAFET | IZAFET_BEFORE_VOWEL | IZAFET_BEFORE_CONSONANT | COMPOUND => Place::Base,
        OWNED => Place::Owned,
        PLURAL => Place::Plural,
        VERB | VERB_BEFORE_VOWEL => Place::Verb,
        ACRONYM => Place::Apart,
        _ if class.cells & SHORT != 0 => Place::Short,
        _ => Place::Stem,
    };
    let mut sound = match (class.row, free) {
        (ACRONYM, _) => Sound::FREE,
        (_, true) => Sound { vowel: None, ..Sound::of(stem) },
        (_, false) => Sound::of(stem),
    };
    if let Some(apart) = rest.strip_prefix(APART) {
        if apart.is_empty() {
            return;
        }
        rest = apart;
        sound = Sound::FREE;
        if place == Place::Stem || place == Place::Short {
            place = Place::Apart;
        }
    }
    // The number of a term is told from the one it is cited in.
    walk(place, sound, rest, Form::default(), out);
}

pub(super) fn read_apart(ending: &str, out: &mut Vec<Form>) {
    if !ending.is_empty() {
        walk(Place::Apart, Sound::FREE, ending, Form::default(), out);
        // After a quotation that ends in a possessive: “Əsrin müqaviləsi”nə.
        let from = out.len();
        walk(Place::Third, Sound::FREE, ending, Form::default(), out);
        let (known, more) = out.split_at(from);
        let new: Vec<Form> = more.iter().filter(|form| !known.contains(form)).copied().collect();
        out.truncate(from);
        out.extend(new);
    }
}

pub(super) fn suffix(letters: &str, word: &str) -> Option<String> {
    Some(suffixes::spelt(letters, Sound::of(word)))
}

/// A word that takes its endings after a hyphen.
fn stands_apart(word: &Word<'_>) -> bool {
    word.is_acronym() || word.key.chars().all(|c| c.is_ascii_digit())
}

pub(super) fn stems(words: &[Word<'_>], grammar: &Grammar) -> Vec<Vec<Stem>> {
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let mut out: Vec<Vec<Stem>> = before.iter().map(super::fixed).collect();
    out.push(last_stems(words, last, grammar));
    out
}

fn last_stems(words: &[Word<'_>], last: &Word<'_>, grammar: &Grammar) -> Vec<Stem> {
    let mut out: Vec<Stem> = Vec::new();
    let cells = if vowels(last.key) < 2 { SHORT } else { 0 };
    let mut push = |text: &str, row| {
        let stem = Stem { text: text.to_owned(), class: Class { row, cells } };
        if !out.contains(&stem) {
            out.push(stem);
        }
    };
    if stands_apart(last) {
        push(last.key, ACRONYM);
        return out;
    }
    let foreign = last.is_capitalised() && FOREIGN.iter().any(|(letters, _)| last.key.contains(letters));
    if grammar.reading.is_some() || foreign {
        push(last.key, ACRONYM);
    }
    let head = stems::head(words, grammar);
    let row = match &head {
        Some(head) if head.sure => OWNED,
        _ if stems::singular(last.key).is_some() => PLURAL,
        _ => WHOLE,
    };
    push(last.key, row);
    if row == WHOLE {
        stems::before_vowel(last.key).for_each(|alternant| push(&alternant, BEFORE_VOWEL));
        stems::before_consonant(last.key).into_iter().for_each(|alternant| push(alternant, BEFORE_CONSONANT));
    }
    for base in head.iter().flat_map(|head| &head.bases) {
        push(base, IZAFET);
        stems::before_vowel(base).for_each(|alternant| push(&alternant, IZAFET_BEFORE_VOWEL));
        stems::before_consonant(base).into_iter().for_each(|alternant| push(alternant, IZAFET_BEFORE_CONSONANT));
    }
    if words.len() == 1 && head.is_none() && last.key.chars().count() > 6 {
        stems::bases(last.key).0.iter().for_each(|base| push(base, COMPOUND));
    }
    if let Some(stem) = stems::verb(last.key) {
        push(stem, VERB);
        stems::voiced(stem).iter().for_each(|alternant| push(alternant, VERB_BEFORE_VOWEL));
    }
    out
}

#[cfg(test)]
mod tests;
