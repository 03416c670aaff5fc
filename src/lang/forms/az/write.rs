//! Writing a term in a form, and telling whether an ending that stands apart is written well.

use super::{
    is_vowel, sound, stands_apart,
    stems::{self, Head},
    suffixes::{Place, Says, Sound, said, spelt, spelt_all, walk},
    words::{TAKES_Y, TAKES_Y_THROUGHOUT, listed},
};
use crate::lang::{
    Language,
    forms::{Case, Form, Grammar, Number, Possessor, Tail, Verb, Word},
};
use Possessor::{Mine, Ours, Third, Yours, YoursAll};
use std::sync::LazyLock;

pub(in crate::lang::forms) fn write(words: &[Word<'_>], grammar: &Grammar, form: Form) -> Option<Vec<String>> {
    let (last, before) = words.split_last()?;
    let text = if form == Form::default() { last.text.to_owned() } else { written(words, last, grammar, form)? };
    Some(before.iter().map(|word| word.text.to_owned()).chain([text]).collect())
}

fn written(words: &[Word<'_>], last: &Word<'_>, grammar: &Grammar, form: Form) -> Option<String> {
    if form.possessor == Yours && form.tail.contains(&Some(Tail::Equative)) {
        return None; // never read: see the rows
    }
    if form.verb != Verb::None {
        return written_verb(last, form);
    }
    if stands_apart(last) {
        let ending = spelt_all(Place::Apart, sounds(last, grammar).first().copied()?, &said(form))?;
        return Some(format!("{}-{ending}", last.text));
    }
    let head = stems::head(words, grammar).filter(|head| head.sure);
    let Some(Head { bases, plural, .. }) = head else {
        let plural = stems::singular(last.key).is_some();
        let place = match plural {
            true => Place::Plural,
            false if super::vowels(last.key) < 2 => Place::Short,
            false => Place::Stem,
        };
        // A word cited in the plural is in it already.
        let number = if plural { Number::Singular } else { form.number };
        return joined(last.text, last.key, place, &said(Form { number, ..form }), grammar);
    };
    // The possessive of an izafet is part of its citation form, and so is its plural.
    let possessor = if form.possessor == Possessor::None { Third } else { form.possessor };
    let number = if plural { Number::Plural } else { form.number };
    let form = Form { possessor, number, ..form };
    if form == (Form { possessor: Third, number, ..Form::default() }) && (plural || number == Number::Singular) {
        return Some(last.text.to_owned());
    }
    let base = bases.first()?;
    joined(&in_letters_of(base, last.text), base, Place::Base, &said(form), grammar)
}

/// `text`, whose key is `key`, with the suffixes that say `says`; its end changed where they ask for it.
fn joined(text: &str, key: &str, place: Place, says: &[Says], grammar: &Grammar) -> Option<String> {
    let throughout = |case| listed(TAKES_Y_THROUGHOUT, key) && matches!(case, Case::Genitive | Case::Accusative);
    let takes_y = listed(TAKES_Y, key)
        && match says.first() {
            Some(Says::Possessor(_)) => true,
            Some(Says::Case(case)) => throughout(*case),
            _ => false,
        };
    if takes_y {
        let sound = Sound { ends_in_vowel: Some(false), ..Sound::of(key) };
        return Some(format!("{text}y{}", spelt_all(place, sound, says)?));
    }
    let sound = match &grammar.reading {
        Some(reading) => Sound::of(&Language::AZ.key(reading)),
        None => Sound::of(key),
    };
    let ending = spelt_all(place, sound, says)?;
    let stem = match ending.chars().next() {
        Some(first) if is_vowel(first) => before_vowel(text, key),
        Some(_) => match stems::before_consonant(key) {
            Some(stem) => in_letters_of(stem, text),
            None => text.to_owned(),
        },
        None => text.to_owned(),
    };
    Some(stem + &ending)
}

/// A form of an infinitive: the tenses, participles and nouns made of its stem.
fn written_verb(last: &Word<'_>, form: Form) -> Option<String> {
    let stem = stems::verb(last.key)?;
    let ending = spelt_all(Place::Verb, Sound::of(stem), &said(form))?;
    let voiced = stems::voiced(stem).filter(|_| ending.starts_with(is_vowel));
    Some(in_letters_of(voiced.as_deref().unwrap_or(stem), last.text) + &ending)
}

/// `key`, mostly a beginning of `text`, in the letters of `text`.
fn in_letters_of(key: &str, text: &str) -> String {
    let same = |a: char, b: char| Language::AZ.key(a.encode_utf8(&mut [0; 4])) == b.to_string();
    let mut own = text.chars().peekable();
    let capitals = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let mut out = String::new();
    let mut apart = false;
    for letter in key.chars() {
        apart |= !own.peek().is_some_and(|c| same(*c, letter));
        match own.next() {
            Some(c) if !apart => out.push(c),
            _ if capitals => out.push_str(&Language::AZ.upper(letter.encode_utf8(&mut [0; 4]))),
            _ => out.push(letter),
        }
    }
    out
}

/// The stem before a vowel as it is written: uşaq → uşağ, but hüquq stays.
fn before_vowel(text: &str, key: &str) -> String {
    let capital = text.chars().next().is_some_and(char::is_uppercase);
    let softened = || stems::softened(key).filter(|_| !stems::keeps_end(key, capital));
    match stems::dropped(key).or_else(softened) {
        Some(stem) => in_letters_of(&stem, text),
        None => text.to_owned(),
    }
}

// ---------------------------------------------------------------- endings that stand apart

/// The sounds `word` may end in for an ending that stands apart, the one to write after first.
fn sounds(word: &Word<'_>, grammar: &Grammar) -> Vec<Sound> {
    if let Some(reading) = &grammar.reading {
        return vec![Sound::of(&Language::AZ.key(reading))];
    }
    let number = sound::number(word.text);
    match word.is_acronym() {
        _ if number.is_some() => number.into_iter().collect(),
        true => sound::acronym(word.key),
        false if word.key.chars().any(char::is_numeric) => Vec::new(),
        false => vec![Sound::of(word.key)],
    }
}

/// The endings of ordinal numbers, written after digits.
const ORDINAL: &str = "cI";

pub(in crate::lang::forms) fn apart_spelt(word: &Word<'_>, grammar: &Grammar, ending: &str) -> Option<String> {
    let sounds = sounds(word, grammar);
    let first = *sounds.first()?;
    if sound::number(word.text).is_some() && ["cı", "ci", "cu", "cü"].contains(&ending) {
        return Some(spelt(ORDINAL, first)).filter(|right| right != ending);
    }
    let places: &[Place] = match grammar.izafet {
        Some(true) => &[Place::Third],
        Some(false) => &[Place::Apart],
        // A word in a high vowel may be a possessive or not.
        None if !stands_apart(word) && word.key.ends_with(['ı', 'i', 'u', 'ü']) => &[Place::Third, Place::Apart],
        None => &[Place::Apart],
    };
    let mut forms = Vec::new();
    for place in places {
        for sound in &sounds {
            walk(*place, *sound, ending, Form::default(), &mut forms);
        }
    }
    if !forms.is_empty() {
        return None;
    }
    // What was meant: the likeliest form the letters can be, any harmony and buffer allowed.
    super::read_apart(ending, &mut forms);
    forms.sort_by_key(|form| FORMS.iter().position(|known| known == form).unwrap_or(FORMS.len()));
    places.iter().find_map(|place| forms.iter().find_map(|form| spelt_all(*place, first, &said(*form))))
}

// ---------------------------------------------------------------- the forms there are

const CASES: [Case; 7] = [
    Case::Nominative,
    Case::Genitive,
    Case::Dative,
    Case::Accusative,
    Case::Locative,
    Case::Ablative,
    Case::Instrumental,
];
const POSSESSORS: [Possessor; 6] = [Possessor::None, Third, Ours, YoursAll, Mine, Yours];
const NUMBERS: [Number; 2] = [Number::Singular, Number::Plural];
const PERSONS: [Option<Tail>; 6] = [
    None,
    Some(Tail::Plural),
    Some(Tail::Person(Ours)),
    Some(Tail::Person(Mine)),
    Some(Tail::Person(YoursAll)),
    Some(Tail::Person(Yours)),
];

/// The forms a term is met in: number, possessor and case, then the same with a tail, then those of verbs.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let mut out = Vec::new();
    for possessor in POSSESSORS {
        for number in NUMBERS {
            out.extend(CASES.map(|case| Form { number, case, possessor, ..Form::default() }));
        }
    }
    for at in 0..out.len() {
        let form: Form = out[at];
        out.extend(form.with_tail(Tail::Copula));
        match form.case {
            Case::Locative => out.extend(form.with_tail(Tail::Relative)),
            Case::Dative => out.extend(form.with_tail(Tail::Until)),
            Case::Nominative => {
                let persons = PERSONS.iter().flatten().filter(|tail| **tail != Tail::Plural);
                out.extend(persons.filter_map(|tail| form.with_tail(*tail)));
                out.extend(
                    form.with_tail(Tail::Equative).filter(|form| !matches!(form.possessor, Possessor::None | Yours)),
                );
            }
            _ => {}
        }
    }
    for negative in [false, true] {
        for verb in [Verb::Action, Verb::Doing, Verb::Done, Verb::Infinitive, Verb::Future] {
            let common = |form: &Form| {
                let own = matches!(form.possessor, Possessor::None | Third | Ours);
                form.verb == Verb::None && form.tail[0].is_none() && own
            };
            let nouns = out.clone().into_iter().filter(common);
            let nouns: Vec<Form> = nouns.map(|form| Form { verb, negative, ..form }).collect();
            out.extend(nouns);
        }
        for verb in [
            Verb::Told,
            Verb::Past,
            Verb::Present,
            Verb::Future,
            Verb::Perfect,
            Verb::Must,
            Verb::Aorist,
            Verb::If,
            Verb::Let,
            Verb::By,
            Verb::Until,
        ] {
            let form = Form { verb, negative, ..Form::default() };
            for person in PERSONS {
                out.extend(person.map_or(Some(form), |tail| form.with_tail(tail)));
            }
            out.extend(form.with_tail(Tail::Copula));
        }
    }
    // A form that nothing writes is none: `almağınam`.
    let writable = |form: &Form| {
        let places = [Place::Stem, Place::Verb];
        said(*form).is_empty() || places.iter().any(|place| spelt_all(*place, Sound::of("al"), &said(*form)).is_some())
    };
    out.retain(writable);
    let mut seen = rustc_hash::FxHashSet::default();
    out.retain(|form| seen.insert(*form));
    out
});

pub(in crate::lang::forms) fn forms() -> Vec<Form> {
    FORMS.clone()
}
