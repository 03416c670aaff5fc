//! Writing a term in a form.

use super::{
    bases, is_vowel, softened,
    suffixes::{Place, SUFFIXES, Says, Sound, harmony},
    vowels,
    words::{DROPS_VOWEL, KEEPS_Q_OR_K, LETTER_NAMES, READINGS},
};
use crate::lang::{
    Language,
    forms::{Case, Form, Grammar, Number, Possessor, Tail, Word},
};
use Possessor::{Mine, Ours, Third, Yours, YoursAll};
use std::sync::LazyLock;

pub(in crate::lang::forms) fn write(words: &[Word<'_>], _: &Grammar, form: Form) -> Option<Vec<String>> {
    let (last, before) = words.split_last()?;
    let mut out: Vec<String> = before.iter().map(|w| w.text.to_owned()).collect();
    let izafet = bases(words).into_iter().next();
    let owned = match izafet {
        // The possessive of an izafet is part of its citation form.
        Some(_) if form.possessor == Possessor::None => Form { possessor: Third, ..form },
        _ => form,
    };
    let whole = form == Form::default() || (izafet.is_some() && owned == Form { possessor: Third, ..Form::default() });
    if whole {
        out.push(last.text.to_owned());
        return Some(out);
    }
    let acronym = last.is_acronym();
    let mut sound = if acronym { acronym_sound(last.key) } else { Sound::of(last.key) };
    let mut text = last.text.to_owned();
    let mut place = Place::Stem;
    if let Some(base) = &izafet {
        let kept = base.chars().count().min(last.text.chars().count());
        // The base in the letters of the term, with its own last letter where that alternates.
        text = last.text.chars().take(kept).collect();
        if let Some(end) = base.chars().next_back()
            && !Language::AZ.lower(&text).ends_with(end)
        {
            text.pop();
            text.push(end);
        }
        sound = Sound::of(base);
        place = Place::Base;
    }
    let mut first = true;
    for says in said(owned) {
        let suffix = SUFFIXES.iter().find(|s| s.says == says && s.from.contains(&place))?;
        let letters = spelt(suffix.letters, sound);
        if first {
            if acronym {
                text.push('-');
            } else if letters.starts_with(is_vowel) {
                text = alternated(&text);
            }
        }
        first = false;
        sound = sound.after(&letters);
        text.push_str(&letters);
        place = suffix.to;
    }
    out.push(text);
    Some(out)
}

/// What the suffixes of a form say, in order.
fn said(form: Form) -> impl Iterator<Item = Says> {
    let number = (form.number == Number::Plural).then_some(Says::Plural);
    let possessor = (form.possessor != Possessor::None).then_some(Says::Possessor(form.possessor));
    let case = (form.case != Case::Nominative).then_some(Says::Case(form.case));
    [number, possessor, case].into_iter().flatten().chain(form.tail.into_iter().flatten().map(Says::Tail))
}

pub(super) fn spelt(letters: &str, mut sound: Sound) -> String {
    let mut out = String::new();
    let mut rest = letters;
    if let Some((letter, tail)) = letters.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        let wanted = sound.ends_in_vowel.unwrap_or(false) == (letter != "I");
        rest = tail;
        if wanted {
            spell(letter, &mut sound, &mut out);
        }
    }
    spell(rest, &mut sound, &mut out);
    out
}

fn spell(letters: &str, sound: &mut Sound, out: &mut String) {
    for letter in letters.chars() {
        let (a, i) = harmony(sound.vowel.unwrap_or('ə'));
        let c = match letter {
            'A' => a,
            'I' => i,
            c => c,
        };
        if is_vowel(c) {
            sound.vowel = Some(c);
        }
        out.push(c);
    }
}

/// The stem before a vowel as it is written: uşaq → uşağ, but hüquq stays.
fn alternated(text: &str) -> String {
    let key = Language::AZ.key(text);
    if DROPS_VOWEL.contains(&key.as_str()) {
        let mut chars: Vec<char> = text.chars().collect();
        chars.remove(chars.len() - 2);
        return chars.into_iter().collect();
    }
    if key == "su" {
        return format!("{text}y");
    }
    // Words of one syllable keep theirs (xalq, tok), but çox, yox and the like have none.
    if vowels(&key) < 2 || KEEPS_Q_OR_K.contains(&key.as_str()) {
        return text.to_owned();
    }
    match softened(&key) {
        Some(soft) => {
            let mut out = text.to_owned();
            let last = out.pop();
            let end = soft.chars().next_back().unwrap_or_default();
            let capital = last.is_some_and(char::is_uppercase);
            out.extend(if capital { end.to_uppercase().next() } else { Some(end) });
            out
        }
        None => text.to_owned(),
    }
}

/// How an acronym sounds at its end: by its reading, its last vowel, or the name of its last letter.
fn acronym_sound(key: &str) -> Sound {
    if let Some((_, reading)) = READINGS.iter().find(|(acronym, _)| *acronym == key) {
        return Sound::of(reading);
    }
    let Some(last) = key.chars().next_back() else { return Sound::FREE };
    if is_vowel(last) {
        return Sound::of(key);
    }
    match LETTER_NAMES.iter().find(|(letter, _)| *letter == last) {
        Some((_, name)) => Sound::of(name),
        None => Sound::of("be"),
    }
}

/// The forms a term is met in: number, possessor and case, then the same with a tail.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    const CASES: [Case; 7] = [
        Case::Nominative,
        Case::Genitive,
        Case::Dative,
        Case::Accusative,
        Case::Locative,
        Case::Ablative,
        Case::Instrumental,
    ];
    let mut out = Vec::new();
    for possessor in [Possessor::None, Third, Ours, YoursAll, Mine, Yours] {
        for number in [Number::Singular, Number::Plural] {
            for case in CASES {
                let form = Form { number, case, possessor, ..Form::default() };
                out.push(form);
            }
        }
    }
    for at in 0..out.len() {
        let form: Form = out[at];
        out.extend(form.with_tail(Tail::Copula));
        if form.case == Case::Locative {
            out.extend(form.with_tail(Tail::Relative));
        }
    }
    out
});

pub(in crate::lang::forms) fn forms() -> Vec<Form> {
    FORMS.clone()
}
