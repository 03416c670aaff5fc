//! Azerbaijani: stems, and an automaton of suffixes with vowel harmony.
//!
//! Sources: the Azerbaijani orthographic rules (Azərbaycan dilinin orfoqrafiya qaydaları, 2019) and any school
//! grammar; the rows are ours.

mod suffixes;
mod words;
mod write;

use super::{Class, Form, Grammar, Possessor, Stem, Word};
use suffixes::{Place, Sound, walk};
pub(super) use write::{forms, write};

const VOWELS: &str = "aıoueəiöü";
/// Signs between a word and a suffix that stands apart.
const APART: [char; 3] = ['-', '\'', '’'];

fn is_vowel(c: char) -> bool {
    VOWELS.contains(c)
}

// Rows of `Class`: which way a stem takes suffixes.
const WHOLE: u8 = 0;
/// An alternant that stands only before a vowel: şəkl-, uşağ-.
const BEFORE_VOWEL: u8 = 1;
const IZAFET: u8 = 2;
const IZAFET_BEFORE_VOWEL: u8 = 3;
const ACRONYM: u8 = 4;
/// The first part of a closed compound whose possessive the plural parts: dəvəquşu, dəvəquşları.
const COMPOUND: u8 = 5;
/// The head of an izafet as it stands; it takes no other possessive.
const OWNED_WHOLE: u8 = 6;

pub(super) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    read_as(class, word, at, false, out);
}

pub(super) fn read_loose(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    read_as(class, word, at, true, out);
}

/// `free`: any harmony will do.
fn read_as(class: Class, word: &str, at: usize, free: bool, out: &mut Vec<Form>) {
    let (stem, mut rest) = word.split_at(at);
    let before_vowel = matches!(class.row, BEFORE_VOWEL | IZAFET_BEFORE_VOWEL);
    if before_vowel && !rest.starts_with(is_vowel) {
        return;
    }
    if class.row == COMPOUND && !rest.starts_with('l') {
        return;
    }
    let izafet = matches!(class.row, COMPOUND | IZAFET | IZAFET_BEFORE_VOWEL);
    let own = Sound::of(stem);
    let mut sound = match (class.row, free) {
        (ACRONYM, _) => Sound::FREE,
        (_, true) => Sound { vowel: None, ..own },
        _ => own,
    };
    if let Some(apart) = rest.strip_prefix(APART) {
        if apart.is_empty() {
            return;
        }
        rest = apart;
        sound = Sound::FREE;
    }
    let before = out.len();
    walk(if izafet { Place::Base } else { Place::Stem }, sound, rest, Form::default(), out);
    if class.row == OWNED_WHOLE {
        // Its possessive is there already.
        let mut at = 0;
        out.retain(|form| {
            at += 1;
            at <= before || form.possessor == Possessor::None
        });
    }
}

pub(super) fn read_apart(ending: &str, out: &mut Vec<Form>) {
    if !ending.is_empty() {
        walk(Place::Stem, Sound::FREE, ending, Form::default(), out);
    }
}

pub(super) fn suffix(letters: &str, word: &str) -> Option<String> {
    Some(write::spelt(letters, Sound::of(word)))
}

pub(super) fn stems(words: &[Word<'_>], _: &Grammar) -> Vec<Vec<Stem>> {
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let mut out: Vec<Vec<Stem>> = before.iter().map(super::fixed).collect();
    let mut stems = Vec::new();
    let mut push = |text: String, row| {
        let stem = Stem { text, class: Class { row, cells: 0 } };
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    };
    if last.is_acronym() {
        push(last.key.to_owned(), ACRONYM);
    } else {
        let izafet = bases(words);
        push(last.key.to_owned(), if izafet.is_empty() { WHOLE } else { OWNED_WHOLE });
        for alternant in before_vowel(last.key) {
            push(alternant, BEFORE_VOWEL);
        }
        if words.len() == 1 && last.key.chars().count() > 6 && last.key.ends_with(['ı', 'i', 'u', 'ü']) {
            for base in bases(&[*last, *last]) {
                push(base, COMPOUND);
            }
        }
        for base in izafet {
            push(base.clone(), IZAFET);
            for alternant in before_vowel(&base) {
                push(alternant, IZAFET_BEFORE_VOWEL);
            }
        }
    }
    out.push(stems);
    out
}

fn vowels(word: &str) -> usize {
    word.chars().filter(|c| is_vowel(*c)).count()
}

/// The stems a word may have before a vowel, beside its own: lenient, for reading.
fn before_vowel(word: &str) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(softened(word));
    let chars: Vec<char> = word.chars().collect();
    // CVC + high vowel + consonant, of two syllables: şəkil, oğul.
    if let [.., a, b, v, c] = chars[..]
        && is_vowel(a)
        && !is_vowel(b)
        && "ıiuü".contains(v)
        && !is_vowel(c)
        && !"qkçşt".contains(c)
        && vowels(word) == 2
    {
        out.push(chars[..chars.len() - 2].iter().chain([&c]).collect());
    }
    if word == "su" {
        out.push("suy".to_owned());
    }
    out
}

/// uşaq → uşağ, ürək → ürəy.
fn softened(word: &str) -> Option<String> {
    let last = word.chars().next_back()?;
    let rest = &word[..word.len() - last.len_utf8()];
    let soft = match last {
        'q' => 'ğ',
        'k' => 'y',
        _ => return None,
    };
    (rest.ends_with(is_vowel) && rest.chars().count() > 1).then(|| format!("{rest}{soft}"))
}

/// What the last word of an izafet is without its possessive: xidməti → xidmət, təsdiqi → təsdiq, komitəsi →
/// komitə. More than one where the letters do not tell.
fn bases(words: &[Word<'_>]) -> Vec<String> {
    let Some(last) = words.last() else { return Vec::new() };
    let key = last.key;
    if words.len() < 2 || !key.ends_with(['ı', 'i', 'u', 'ü']) || key.chars().count() <= 3 {
        return Vec::new();
    }
    let short = &key[..key.len() - key.chars().next_back().map_or(0, char::len_utf8)];
    let mut out = Vec::new();
    if let Some(base) = short.strip_suffix('s')
        && base.ends_with(is_vowel)
    {
        out.push(base.to_owned());
    }
    if short.ends_with(is_vowel) {
        return out; // qəhvəi: no possessive stands straight after a vowel
    }
    out.push(short.to_owned());
    for (soft, hard) in [('ğ', 'q'), ('y', 'k')] {
        if let Some(base) = short.strip_suffix(soft) {
            out.insert(0, format!("{base}{hard}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{
        suffixes::{SUFFIXES, matched},
        words::DROPS_VOWEL,
        write::spelt,
        *,
    };
    use crate::lang::{
        Language,
        forms::{Case, Number},
    };

    #[test]
    fn every_suffix_makes_its_example() {
        for suffix in SUFFIXES {
            let (word, form) = suffix.example;
            assert_eq!(format!("{word}{}", spelt(suffix.letters, Sound::of(word))), form, "{}", suffix.letters);
            let mut ends = Vec::new();
            matched(suffix.letters, Sound::of(word), &form[word.len()..], &mut ends);
            assert!(ends.contains(&(form.len() - word.len())), "{form} is not read");
        }
    }

    fn written(term: &str, number: Number, case: Case, possessor: Possessor) -> String {
        let keys: Vec<String> = term.split(' ').map(|w| Language::AZ.key(w)).collect();
        let words: Vec<Word<'_>> =
            term.split(' ').zip(&keys).map(|(text, key)| Word { text, key, hyphen: false }).collect();
        write(&words, &Grammar::default(), Form { number, case, possessor, ..Form::default() }).unwrap().join(" ")
    }

    #[test]
    fn alternation_is_marked_per_word() {
        let dative = |word| written(word, Number::Singular, Case::Dative, Possessor::None);
        for (word, form) in [
            ("uşaq", "uşağa"),
            ("ürək", "ürəyə"),
            ("hüquq", "hüquqa"),
            ("əmlak", "əmlaka"),
            ("şəkil", "şəklə"),
            ("üzv", "üzvə"),
            ("hökm", "hökmə"),
            ("su", "suya"),
            ("Bakı", "Bakıya"),
            ("DMX", "DMX-yə"),
            ("ABŞ", "ABŞ-a"),
            ("UNESKO", "UNESKO-ya"),
            ("Dövlət Miqrasiya Xidməti", "Dövlət Miqrasiya Xidmətinə"),
            ("Nazirlər Kabineti", "Nazirlər Kabinetinə"),
        ] {
            assert_eq!(dative(word), form);
        }
        let genitive = |word| written(word, Number::Singular, Case::Genitive, Possessor::Ours);
        assert_eq!(genitive("Dövlət Miqrasiya Xidməti"), "Dövlət Miqrasiya Xidmətimizin");
        assert_eq!(genitive("iştirak"), "iştirakımızın");
        let plural = |word| written(word, Number::Plural, Case::Locative, Possessor::None);
        assert_eq!(plural("xidmət mərkəzi"), "xidmət mərkəzlərində");
        assert_eq!(plural("uşaq"), "uşaqlarda");
    }

    #[test]
    fn words_that_drop_a_vowel_have_one_to_drop() {
        for word in DROPS_VOWEL {
            let letters: Vec<char> = word.chars().rev().take(2).collect();
            assert!(matches!(letters[..], [end, vowel] if !is_vowel(end) && is_vowel(vowel)), "{word}");
        }
    }

    #[test]
    fn no_possessive_straight_after_a_vowel() {
        let word = |text: &'static str| Word { text, key: text, hyphen: false };
        assert!(bases(&[word("mavi"), word("qəhvəi")]).is_empty());
        assert_eq!(bases(&[word("icra"), word("komitəsi")])[0], "komitə");
        assert_eq!(bases(&[word("sənəd"), word("surəti")]), ["surət"]);
    }
}
