//! Writing a term in a form: each word in the first row that has the cell.

use super::{
    ACCUSATIVE, ACCUSATIVE_PLURAL, ADJECTIVE, EVERY_CASE, Gender, LISTED, NOMINATIVE, REFLEXIVE, adjective, cell_of,
    form_of, is_adjective, is_cyrillic, kinds, last,
    nouns::{Given, is_indeclinable, is_irregular_singular, name, noun},
    own_gender,
    roles::{Phrase, Role, roles},
    tables::{ADJECTIVES, IRREGULAR, NOUNS},
    verbs, words as words_of,
};
use crate::lang::forms::{Form, Grammar, Stem, Word};

pub(in crate::lang::forms) fn write(words: &[Word<'_>], grammar: &Grammar, form: Form) -> Option<Vec<String>> {
    let (verb, rest) = words.split_first()?;
    let cell = cell_of(form);
    if cell.is_none() && !verbs::is_infinitive(verb.key) {
        return None;
    }
    let phrase = roles(words, grammar);
    if phrase.roles[0] == Role::Verb {
        let verb = cased(&verbs::write(verb.key, form)?, verb);
        return Some([verb].into_iter().chain(rest.iter().map(|word| word.text.to_owned())).collect());
    }
    let cell = cell?;
    let (plural, animate) = number_and_animacy(words, &phrase);
    // A term given in the plural has no singular.
    let cell = if plural && cell < 6 { cell + 6 } else { cell };
    let mut out = Vec::with_capacity(words.len());
    for (at, (word, role)) in words.iter().zip(&phrase.roles).enumerate() {
        let written = match role {
            Role::Stays | Role::FirstPart | Role::Verb => Some(word.text.to_owned()),
            Role::Adjective => adjective_form(word, animate, cell),
            Role::Head if word.is_acronym() || !is_cyrillic(word.key) => Some(word.text.to_owned()),
            Role::Head if is_adjective(word.key) && !phrase.named_noun => adjective_form(word, animate, cell),
            Role::Head => {
                let mut stems = Vec::new();
                noun(word, phrase.given, &mut stems);
                noun_form(word, &stems, animate, cell)
            }
            Role::Name if phrase.stays_in_name(words, at) => Some(word.text.to_owned()),
            Role::Name => {
                let mut stems = Vec::new();
                name(words, at, phrase.woman, &mut stems);
                match stems.first() {
                    Some(stem) if (ADJECTIVE..LISTED).contains(&stem.class.row) => {
                        adjective_form(word, phrase.person, cell)
                    }
                    _ => noun_form(word, &stems, phrase.person, cell),
                }
            }
        };
        out.push(written?);
    }
    Some(out)
}

/// Whether the term is given in the plural, and whether its accusative is the genitive.
fn number_and_animacy(words: &[Word<'_>], phrase: &Phrase) -> (bool, bool) {
    let Some(head) = phrase.head() else { return (false, phrase.person) };
    let head = &words[head];
    let gender = if phrase.given == Given::Plural { Gender::Plural } else { gender(head) };
    (gender == Gender::Plural, is_person(head, gender))
}

/// Whether the accusative of the term is its genitive.
pub(super) fn is_animate(words: &[Word<'_>], phrase: &Phrase) -> bool {
    number_and_animacy(words, phrase).1
}

pub(super) fn gender(head: &Word<'_>) -> Gender {
    let key = head.key;
    if is_adjective(key) {
        return own_gender(key);
    }
    match last(key) {
        _ if words_of::NEUTER_MYA.has(key) => Gender::Neuter,
        // три, двести; дитя
        'и' if is_irregular_singular(key) => Gender::Masculine,
        'а' | 'я' if words_of::is_plural_in_a(key) && !head.is_capitalised() => Gender::Plural,
        'е' if key.ends_with("ане") || key.ends_with("яне") => Gender::Plural,
        _ if matches!(key, "люди" | "дети" | "друзья" | "сыновья" | "соседи") => {
            Gender::Plural
        }
        'а' | 'я' => Gender::Feminine,
        'о' | 'е' => Gender::Neuter,
        'ы' | 'и' if !is_indeclinable(head) => Gender::Plural,
        'ь' if kinds::is_feminine_soft_sign(key) => Gender::Feminine,
        _ => Gender::Masculine,
    }
}

/// A person (or an animal), whose accusative is the genitive.
fn is_person(word: &Word<'_>, gender: Gender) -> bool {
    let key = word.key;
    match gender {
        Gender::Feminine => kinds::is_animate(key, true),
        Gender::Neuter => key == "существо" || key == "лицо" || key == "дитя",
        // рабочий, военный, Уполномоченный
        Gender::Masculine if is_adjective(key) => words_of::PERSONS.has(key),
        Gender::Masculine => {
            kinds::is_animate(key, false)
                || (word.is_capitalised()
                    && (words_of::MENS_NAMES.has(key)
                        || words_of::SURNAMES.get(key).is_some() && !words_of::PLACES.has(key)))
        }
        // переселенцы, студентки, граждане: by the singular.
        Gender::Plural => plural_person(key),
    }
}

fn plural_person(key: &str) -> bool {
    if matches!(key, "люди" | "дети" | "друзья" | "сыновья" | "соседи" | "ребята" | "лица")
        || key.ends_with("ане")
        || key.ends_with("яне")
    {
        return key != "лица";
    }
    if is_adjective(key) {
        return words_of::PERSONS.has(&format!("{}й", &key[..key.len() - 'е'.len_utf8()]));
    }
    let stem = super::cut(key, 1);
    let feminine = || kinds::is_animate(&format!("{stem}а"), true) || kinds::is_animate(&format!("{stem}я"), true);
    let masculine = || {
        // подростки, беженцы: the vowel that fell away.
        let base = super::cut(stem, 1).trim_end_matches(['ь', 'й']);
        let with = match last(stem) {
            'к' if !super::is_vowel(last(base)) => format!("{base}ок"),
            'ц' => format!("{base}ец"),
            _ => format!("{stem}ь"),
        };
        kinds::is_animate(stem, false) || kinds::is_animate(&with, false)
    };
    match words_of::PLURAL_ZERO.get(key) {
        Some(true) => feminine(),
        Some(false) => masculine(),
        None => masculine() || feminine(),
    }
}

fn noun_form(word: &Word<'_>, stems: &[Stem], animate: bool, cell: usize) -> Option<String> {
    if cell == NOMINATIVE {
        return Some(word.text.to_owned());
    }
    for stem in stems.iter().filter(|stem| stem.class.cells & (1 << cell) != 0) {
        let row = stem.class.row;
        if row == EVERY_CASE {
            return Some(word.text.to_owned());
        }
        let written = if row >= LISTED {
            let forms = IRREGULAR.get(usize::from(row - LISTED))?[cell];
            forms.split('/').next().filter(|form| *form != "-").map(str::to_owned)
        } else {
            let cells = NOUNS.get(usize::from(row))?.cells;
            if cells[cell] == "*" {
                // It may stand on another stem than this one: беженец, беженца.
                return match cell {
                    ACCUSATIVE if animate => noun_form(word, stems, animate, cell - 2),
                    ACCUSATIVE => Some(word.text.to_owned()),
                    _ if animate => noun_form(word, stems, animate, ACCUSATIVE_PLURAL - 2),
                    _ => noun_form(word, stems, animate, ACCUSATIVE_PLURAL - 3),
                };
            }
            let ending = cells[cell].split('/').next().filter(|ending| *ending != "-");
            ending.map(|ending| format!("{}{ending}", stem.text))
        };
        if let Some(written) = written {
            return Some(cased(&written, word));
        }
    }
    None
}

fn adjective_form(word: &Word<'_>, animate: bool, cell: usize) -> Option<String> {
    let own = own_gender(word.key);
    let mut stems = Vec::new();
    adjective(word.key, own, &mut stems);
    let stem = stems.first()?;
    let reflexive = stem.class.row >= REFLEXIVE;
    let row = ADJECTIVES.get(usize::from(stem.class.row - if reflexive { REFLEXIVE } else { ADJECTIVE }))?;
    let gender = if cell >= 6 { Gender::Plural } else { own };
    let from = match (gender, cell % 6) {
        (Gender::Masculine | Gender::Plural, ACCUSATIVE) if animate => cell - 2,
        (Gender::Masculine | Gender::Plural, ACCUSATIVE) => cell - 3,
        _ => cell,
    };
    if from == NOMINATIVE {
        return Some(word.text.to_owned()); // -ый, -ий or -ой: as it stands
    }
    let endings = row.genders.iter().find(|g| g.gender == gender)?.cells[from % 6];
    let mut written = format!("{}{}", stem.text, endings.split('/').next()?);
    if reflexive {
        written.push_str("ся");
    }
    Some(cased(&written, word))
}

/// `written`, a key, with the letters of the term as far as they agree: capitals and ё.
fn cased(written: &str, word: &Word<'_>) -> String {
    let mut agree = true;
    // чертёж, чертежа; Пётр, Петра: the stress has gone to the ending, and ё with it.
    let unstressed = written != word.key && (kinds::is_end_stressed(word.key) || word.key == "петр");
    let capitals = word.text.chars().count() > 1 && word.text.chars().all(|c| !c.is_lowercase());
    let mut own = word.text.chars();
    written
        .chars()
        .map(|c| {
            let as_is = own.next().filter(|_| agree);
            match as_is {
                Some(o) if o == c => c,
                Some(o) if o.to_lowercase().eq([c]) => o,
                Some('ё') if c == 'е' && !unstressed => 'ё',
                Some('Ё') if c == 'е' && !unstressed => 'Ё',
                Some('ё') if c == 'е' => 'е',
                _ => {
                    agree = false;
                    if capitals { c.to_uppercase().next().unwrap_or(c) } else { c }
                }
            }
        })
        .collect()
}

/// The commonest first: where one spelling stands for several cases, the likelier is meant.
pub(in crate::lang::forms) fn forms() -> Vec<Form> {
    (0..12).map(form_of).chain(verbs::forms()).collect()
}
