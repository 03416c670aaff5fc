//! Writing a term in a form: each word in the first row that has the cell.

use super::{
    ACCUSATIVE, ADJECTIVE, EVERY_CASE, LISTED, NOMINATIVE, REFLEXIVE, Role, adjective, cell_of, cut, form_of,
    is_adjective, is_cyrillic, last, looks_adjective,
    nouns::{is_feminine_surname, is_indeclinable, noun},
    roles, row,
    tables::{ADJECTIVES, IRREGULAR, NOUNS, PERSON_ENDS},
    words as words_of,
};
use crate::lang::forms::{Form, Grammar, Word};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Feminine,
    Neuter,
    Plural,
}

pub(in crate::lang::forms) fn write(words: &[Word<'_>], _: &Grammar, form: Form) -> Option<Vec<String>> {
    let cell = cell_of(form)?;
    if words.is_empty() {
        return None;
    }
    let roles = roles(words);
    let head = roles.iter().position(|role| *role == Role::Head);
    let only_adjective = words.len() == 1 && is_adjective(words[0].key);
    let gender = head.map_or(Gender::Masculine, |head| gender(&words[head]));
    let animate = head.is_some_and(|head| is_person(&words[head])) || roles.contains(&Role::Name) && head.is_none();
    // A term given in the plural has no singular.
    let cell = if gender == Gender::Plural && cell < 6 { cell + 6 } else { cell };
    let mut out = Vec::with_capacity(words.len());
    for (at, (word, role)) in words.iter().zip(&roles).enumerate() {
        let written = match role {
            Role::Stays => Some(word.text.to_owned()),
            Role::Adjective | Role::After => adjective_form(word, gender, animate, cell),
            Role::Head if word.is_acronym() || !is_cyrillic(word.key) => Some(word.text.to_owned()),
            Role::Head if only_adjective => adjective_form(word, own_gender(word.key), animate, cell),
            Role::Head => noun_form(word, animate, cell),
            Role::Name if words.get(at + 1).is_some_and(|next| next.hyphen) => Some(word.text.to_owned()),
            Role::Name if stays_in_name(words, at) => Some(word.text.to_owned()),
            Role::Name if is_feminine_surname(words, at) => feminine_surname_form(word, cell),
            Role::Name => noun_form(word, true, cell),
        };
        out.push(written?);
    }
    Some(out)
}

/// A word of a name that does not decline: a woman's first name in a consonant, a genitive after a body's name.
fn stays_in_name(words: &[Word<'_>], at: usize) -> bool {
    let key = words[at].key;
    let surname = words.last().map_or("", |w| w.key);
    let woman = surname.ends_with(['а', 'я']);
    is_indeclinable(&words[at])
        || (woman && !key.ends_with(['а', 'я']))
        || (at > 0 && key.ends_with(['ы', 'и']))
        || (at == 0 && words.len() == 2 && key.ends_with('и'))
}

/// The gender of an adjective by its own ending, for terms that are one.
fn own_gender(key: &str) -> Gender {
    let key = key.strip_suffix("ся").unwrap_or(key);
    match last(key) {
        'я' => Gender::Feminine,
        'е' if key.ends_with("ое") || key.ends_with("ее") => Gender::Neuter,
        'е' => Gender::Plural,
        _ => Gender::Masculine,
    }
}

fn gender(head: &Word<'_>) -> Gender {
    let key = head.key;
    if looks_adjective(key) {
        return own_gender(key);
    }
    match last(key) {
        _ if words_of::NEUTER_MYA.contains(&key) => Gender::Neuter,
        'а' if words_of::PLURAL_ONLY_A.contains(&key) => Gender::Plural,
        'а' | 'я' => Gender::Feminine,
        'о' | 'е' => Gender::Neuter,
        'ы' | 'и' if !is_indeclinable(head) => Gender::Plural,
        'ь' if words_of::feminine_soft_sign(key) => Gender::Feminine,
        _ => Gender::Masculine,
    }
}

/// A person (or a being), whose accusative is the genitive: by the ending, or a masculine name.
fn is_person(word: &Word<'_>) -> bool {
    let key = word.key;
    if words_of::THINGS.contains(&key) {
        return false;
    }
    words_of::PERSONS.contains(&key) || PERSON_ENDS.iter().any(|end| key.ends_with(end))
}

fn noun_form(word: &Word<'_>, animate: bool, cell: usize) -> Option<String> {
    if cell == NOMINATIVE || (cell == 6 && last(word.key) != 'а' && gender(word) == Gender::Plural) {
        return Some(word.text.to_owned());
    }
    let mut stems = Vec::new();
    noun(word, &mut stems);
    if looks_adjective(word.key) {
        return adjective_form(word, own_gender(word.key), animate, cell);
    }
    for stem in &stems {
        if stem.class.cells & (1 << cell) == 0 {
            continue;
        }
        let written = match stem.class.row {
            EVERY_CASE => return Some(word.text.to_owned()),
            row if row >= LISTED => {
                let cells = IRREGULAR.get(usize::from(row - LISTED))?;
                cells[cell].split('/').next().filter(|form| *form != "-").map(str::to_owned)
            }
            row if row < ADJECTIVE => {
                let noun = NOUNS.get(usize::from(row))?;
                let from = match (noun.cells[cell], animate && (cell >= 6 || !word.key.ends_with(['о', 'е']))) {
                    ("*", true) => cell - 2,
                    ("*", false) => cell - 3,
                    _ => cell,
                };
                // The accusative may stand on another stem than this one: беженец, беженца.
                if from != cell {
                    return noun_form(word, animate, from);
                }
                let ending = noun.cells[cell].split('/').next().unwrap_or("-");
                (ending != "-").then(|| format!("{}{ending}", stem.text))
            }
            _ => None,
        };
        if let Some(written) = written {
            return Some(cased(&written, word));
        }
    }
    None
}

/// A woman's surname; it has no plural.
fn feminine_surname_form(word: &Word<'_>, cell: usize) -> Option<String> {
    let ending = NOUNS[usize::from(row("surname feminine"))].cells[cell].split('/').next()?;
    (ending != "-").then(|| cased(&format!("{}{ending}", cut(word.key, 1)), word))
}

fn adjective_form(word: &Word<'_>, gender: Gender, animate: bool, cell: usize) -> Option<String> {
    let mut stems = Vec::new();
    adjective(word.key, &mut stems);
    let stem = stems.first()?;
    let reflexive = stem.class.row >= REFLEXIVE;
    let row = ADJECTIVES.get(usize::from(stem.class.row - if reflexive { REFLEXIVE } else { ADJECTIVE }))?;
    let plural = cell >= 6;
    let named = match gender {
        _ if plural => "plural",
        Gender::Feminine => "feminine",
        Gender::Neuter => "neuter",
        Gender::Masculine | Gender::Plural => "masculine",
    };
    let ending = |cell: usize| {
        let gender = row.genders.iter().find(|g| g.name == named)?;
        gender.cells[cell % 6].split('/').next()
    };
    if cell == NOMINATIVE && named == "masculine" {
        return Some(word.text.to_owned()); // -ый, -ий or -ой: as it stands
    }
    let from = match (named, cell % 6) {
        ("masculine" | "plural", ACCUSATIVE) if animate => cell - 2,
        ("masculine" | "plural", ACCUSATIVE) => cell - 3,
        _ => cell,
    };
    if from == NOMINATIVE && named == "masculine" {
        return Some(word.text.to_owned());
    }
    let mut written = format!("{}{}", stem.text, ending(from)?);
    if reflexive {
        written.push_str("ся");
    }
    Some(cased(&written, word))
}

/// `written`, a key, with the letters of the term as far as they agree: capitals and ё.
fn cased(written: &str, word: &Word<'_>) -> String {
    let mut agree = true;
    let capitals = word.text.chars().count() > 1 && word.text.chars().all(|c| !c.is_lowercase());
    let mut own = word.text.chars();
    written
        .chars()
        .map(|c| {
            let as_is = own.next().filter(|_| agree);
            match as_is {
                Some(o) if o == c => c,
                Some(o) if o.to_lowercase().eq([c]) => o,
                Some('ё') if c == 'е' => 'ё',
                _ => {
                    agree = false;
                    if capitals { c.to_uppercase().next().unwrap_or(c) } else { c }
                }
            }
        })
        .collect()
}

pub(in crate::lang::forms) fn forms() -> Vec<Form> {
    (0..12).map(form_of).collect()
}
