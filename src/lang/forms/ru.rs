//! Russian: which words of a term inflect, and which stems and rows each of them has.
//!
//! Adjectives before the head inflect with it, words after it stay: `торговлю людьми`. Reading is lenient: a
//! word gets every row its letters allow. Writing takes the first row that has the cell.
//! Source of the rows: Зализняк, «Грамматический словарь русского языка» (the classes, not the word list).

mod nouns;
mod tables;
mod words;
mod write;

use nouns::{is_feminine_surname, masculine_row, noun, surname};
use tables::{ADJECTIVES, IRREGULAR, NOUNS, NounRow};
use words as words_of;
pub(super) use write::{forms, write};

use super::{Case, Class, Form, Grammar, Number, Possessor, Stem, Word};

const VOWELS: &str = "аеиоуыэюя";
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

// `Class::row`: nouns first, then adjectives, then adjectives with -ся, then the irregular words.
const ADJECTIVE: u8 = 64;
const REFLEXIVE: u8 = 96;
const LISTED: u8 = 128;
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
    VOWELS.contains(c)
}

fn last(text: &str) -> char {
    text.chars().next_back().unwrap_or(' ')
}

/// `text` without its last `n` letters (Cyrillic letters are two bytes).
fn cut(text: &str, n: usize) -> &str {
    let end = text.char_indices().rev().nth(n.wrapping_sub(1)).map_or(0, |(at, _)| at);
    if n == 0 { text } else { &text[..end] }
}

fn row(name: &str) -> u8 {
    NOUNS.iter().position(|row| row.name == name).expect("rows are asked for by their names") as u8
}

fn adjective_row(name: &str) -> u8 {
    ADJECTIVES.iter().position(|row| row.name == name).expect("rows are asked for by their names") as u8
}

fn push(out: &mut Vec<Stem>, text: impl Into<String>, row: u8, cells: u16) {
    let stem = Stem { text: text.into(), class: Class { row, cells } };
    if !out.contains(&stem) {
        out.push(stem);
    }
}

// ---------------------------------------------------------------- reading

/// The endings of a cell of a noun row; the accusative `*` is that of the nominative or the genitive.
fn noun_endings(row: &NounRow, cell: usize) -> impl Iterator<Item = &'static str> + use<> {
    let own = row.cells[cell];
    let (first, second) = match own {
        "*" => (row.cells[cell - 3], row.cells[cell - 2]),
        own => (own, "-"),
    };
    first.split('/').chain(second.split('/')).filter(|ending| *ending != "-")
}

pub(super) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    let rest = &word[at..];
    let mut tell = |cell: usize| {
        let form = form_of(cell);
        if class.cells & (1 << cell) != 0 && !out.contains(&form) {
            out.push(form);
        }
    };
    match class.row {
        EVERY_CASE => {
            if rest.is_empty() {
                (0..12).for_each(tell);
            }
        }
        LISTED.. => {
            let Some(listed) = IRREGULAR.get(usize::from(class.row - LISTED)) else { return };
            for (cell, forms) in listed.iter().enumerate() {
                if forms.split('/').any(|form| form == word) {
                    tell(cell);
                }
            }
        }
        ADJECTIVE.. => {
            let reflexive = class.row >= REFLEXIVE;
            let rest = match (reflexive, rest.strip_suffix("ся")) {
                (true, Some(rest)) => rest,
                (true, None) => return,
                (false, _) => rest,
            };
            let number = usize::from(class.row - if reflexive { REFLEXIVE } else { ADJECTIVE });
            let Some(adjective) = ADJECTIVES.get(number) else { return };
            for gender in adjective.genders {
                for (cell, endings) in gender.cells.iter().enumerate() {
                    if endings.split('/').any(|ending| ending == rest) {
                        tell(gender.first + cell);
                    }
                }
            }
        }
        number => {
            let Some(noun) = NOUNS.get(usize::from(number)) else { return };
            for cell in 0..12 {
                if noun_endings(noun, cell).any(|ending| ending == rest) {
                    tell(cell);
                }
            }
        }
    }
}

// ---------------------------------------------------------------- the words of a term

/// What a word does when its term inflects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Adjective,
    Head,
    /// An adjective after the head.
    After,
    /// Part of a person's or a body's name: declines with the head if it declines at all.
    Name,
    Stays,
}

fn roles(words: &[Word<'_>]) -> Vec<Role> {
    let adjectival: Vec<bool> = words.iter().map(|w| looks_adjective(w.key)).collect();
    let plain = |at: usize| !words[at].is_acronym() && is_cyrillic(words[at].key);
    // Бахар Мурадова, Милли Меджлис: capitals all through, and no adjective before a noun.
    let name = (2..=3).contains(&words.len())
        && words.iter().all(|w| w.is_capitalised() && !w.hyphen)
        && (0..words.len()).all(plain)
        && !adjectival[0];
    let mut out = Vec::with_capacity(words.len());
    let mut head: Option<usize> = None;
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1);
        let role = match next {
            _ if !plain(at) => match (head, next) {
                (None, None) => Role::Head,
                _ => Role::Stays,
            },
            _ if name => Role::Name,
            _ if head.is_some_and(|head| head + 1 == at && agrees_after(&words[head], word)) => Role::After,
            _ if head.is_some() => Role::Stays,
            // The first part of премьер-министр, школа-интернат.
            Some(next) if next.hyphen => Role::Name,
            // An adverb before its adjective: определённо направленное движение.
            Some(next) if adjectival[at + 1] && word.key.ends_with('о') && !next.key.ends_with("ой") => Role::Stays,
            Some(next) if is_adjective(word.key) && !words_of::PREPOSITIONS.contains(&next.key) => Role::Adjective,
            _ => Role::Head,
        };
        if matches!(role, Role::Head) {
            head = Some(at);
        }
        out.push(role);
    }
    out
}

fn is_cyrillic(key: &str) -> bool {
    key.chars().any(|c| matches!(c, 'а'..='я' | 'ё'))
}

/// An adjective that follows its noun: треска ледовая.
fn agrees_after(head: &Word<'_>, word: &Word<'_>) -> bool {
    let ends: &[&str] = match last(head.key) {
        'а' | 'я' => &["ая", "яя"],
        'о' | 'е' => &["ое", "ее"],
        'ы' | 'и' => &["ые", "ие"],
        _ => &["ый", "ий"],
    };
    looks_adjective(word.key) && !looks_adjective(head.key) && ends.iter().any(|end| word.key.ends_with(end))
}

/// An adjective before a noun, those in -ин and -ий of the possessive kind too.
fn is_adjective(key: &str) -> bool {
    looks_adjective(key) || possessive_stem(key).is_some() || words_of::SHORT_POSSESSIVES.contains(&short_stem(key))
}

/// чертова, чертовы → чертов.
fn short_stem(key: &str) -> &str {
    key.strip_suffix(['а', 'о', 'ы']).unwrap_or(key)
}

/// божий, божья, божье, божьи → бож.
fn possessive_stem(key: &str) -> Option<&str> {
    ["ий", "ья", "ье", "ьи"]
        .iter()
        .filter_map(|end| key.strip_suffix(end))
        .find(|stem| words_of::POSSESSIVE_ADJECTIVES.iter().any(|word| word.strip_suffix("ий") == Some(stem)))
}

/// An adjective or participle by its ending: the nouns in -ание, -ий and the like are left out.
fn looks_adjective(key: &str) -> bool {
    let stem = key.strip_suffix("ся").unwrap_or(key);
    key.chars().count() >= 5
        && words_of::ADJECTIVE_ENDS.iter().any(|end| stem.ends_with(end))
        && !words_of::NOUN_ENDS.iter().any(|end| stem.ends_with(end))
}

pub(super) fn stems(words: &[Word<'_>], _: &Grammar) -> Vec<Vec<Stem>> {
    let roles = roles(words);
    words
        .iter()
        .zip(roles)
        .enumerate()
        .map(|(at, (word, role))| {
            let mut out = Vec::new();
            match role {
                Role::Stays => return super::fixed(word),
                Role::Adjective | Role::After => adjective(word.key, &mut out),
                Role::Head if word.is_acronym() => {
                    push(&mut out, word.key, EVERY_CASE, ALL);
                    // Read as a word, it declines: в МИДе, до СМЕРШа.
                    if words.len() == 1 && word.key.chars().any(is_vowel) && !is_vowel(last(word.key)) {
                        push(&mut out, word.key, masculine_row(word.key), ALL);
                    }
                }
                Role::Head if !is_cyrillic(word.key) => return super::fixed(word),
                Role::Head => {
                    noun(word, &mut out);
                    substantive(word.key, &mut out);
                }
                Role::Name => {
                    push(&mut out, word.key, EVERY_CASE, ALL);
                    surname(word.key, &mut out);
                    if !is_feminine_surname(words, at) {
                        noun(word, &mut out);
                    }
                }
            }
            if out.is_empty() { super::fixed(word) } else { out }
        })
        .collect()
}

/// A noun that declines as an adjective (рабочий, столовая), or a term that is one adjective.
fn substantive(key: &str, out: &mut Vec<Stem>) {
    let plain = key.strip_suffix("ся").unwrap_or(key);
    let adjectival = words_of::ADJECTIVE_ENDS.iter().any(|end| plain.ends_with(end))
        && !plain.ends_with("ие")
        && (!plain.ends_with("ий") || words_of::ADJECTIVE_IY.iter().any(|end| plain.ends_with(end)));
    if adjectival || possessive_stem(key).is_some() || words_of::SHORT_POSSESSIVES.contains(&short_stem(key)) {
        adjective(key, out);
    }
}

fn adjective(key: &str, out: &mut Vec<Stem>) {
    let (plain, first) = match key.strip_suffix("ся") {
        Some(plain) => (plain, REFLEXIVE),
        None => (key, ADJECTIVE),
    };
    if key.chars().count() < 4 {
        return;
    }
    if let Some(stem) = possessive_stem(plain) {
        push(out, stem, first + adjective_row("possessive"), ALL);
        return;
    }
    let short = short_stem(plain);
    if words_of::SHORT_POSSESSIVES.contains(&short) {
        push(out, short, first + adjective_row("short possessive"), ALL);
        return;
    }
    let stem = cut(plain, 2);
    let ending = &plain[stem.len()..];
    let soft = ending == "яя" || (matches!(ending, "ий" | "ее" | "ие") && last(stem) == 'н');
    let stressed = ending == "ой" || words_of::STRESSED_SIBILANTS.contains(&stem);
    let name = match last(stem) {
        _ if soft || words_of::SOFT_ADJECTIVES.contains(&stem) => "soft",
        c if SIBILANTS.contains(c) && stressed => "sibilant stressed",
        c if SIBILANTS.contains(c) => "sibilant",
        // большой and морской take the same endings.
        'г' | 'к' | 'х' if ending == "ой" => "sibilant stressed",
        'г' | 'к' | 'х' => "velar",
        _ if ending == "ой" => "hard stressed",
        _ => "hard",
    };
    push(out, stem, first + adjective_row(name), ALL);
    // разбойничий, говяжий: nothing in their letters tells them from горячий and свежий.
    if matches!(last(stem), 'ч' | 'ж') && ending == "ий" {
        push(out, stem, first + adjective_row("possessive"), ALL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_makes_its_example() {
        for noun in NOUNS {
            let (stem, cell, form) = noun.example;
            let made = noun_endings(noun, cell).any(|ending| format!("{stem}{ending}") == form);
            assert!(made, "{}: {stem} does not make {form}", noun.name);
        }
        for adjective in ADJECTIVES {
            let (stem, gender, cell, form) = adjective.example;
            let made = adjective.genders[gender].cells[cell].split('/').any(|end| format!("{stem}{end}") == form);
            assert!(made, "{}: {stem} does not make {form}", adjective.name);
        }
        assert!(NOUNS.len() <= usize::from(ADJECTIVE) && IRREGULAR.len() <= usize::from(EVERY_CASE - LISTED));
        assert!(ADJECTIVES.len() <= usize::from(REFLEXIVE - ADJECTIVE));
    }

    fn written(term: &str, number: Number, case: Case) -> String {
        let keys: Vec<String> = term.split(' ').map(str::to_lowercase).collect();
        let words: Vec<Word<'_>> =
            term.split(' ').zip(&keys).map(|(text, key)| Word { text, key, hyphen: false }).collect();
        write(&words, &Grammar::default(), Form::new(number, case)).unwrap_or_default().join(" ")
    }

    #[test]
    fn head_and_adjectives_inflect_together() {
        use Case::*;
        use Number::*;
        for (term, number, case, form) in [
            ("Государственная миграционная служба", Singular, Instrumental, "Государственной миграционной службой"),
            ("торговля людьми", Singular, Accusative, "торговлю людьми"),
            ("трудовой мигрант", Plural, Accusative, "трудовых мигрантов"),
            ("вид на жительство", Plural, Genitive, "видов на жительство"),
            ("Уполномоченный по правам человека", Singular, Dative, "Уполномоченному по правам человека"),
            ("беженец", Singular, Accusative, "беженца"),
            ("гражданин", Plural, Genitive, "граждан"),
            ("Вусал Гусейнов", Singular, Instrumental, "Вусалом Гусейновым"),
            ("Бахар Мурадова", Singular, Accusative, "Бахар Мурадову"),
            ("Милли Меджлис", Singular, Locative, "Милли Меджлисе"),
            ("переговоры", Plural, Genitive, "переговоров"),
            ("посол", Singular, Genitive, "посла"),
            ("область", Singular, Instrumental, "областью"),
            ("третий секретарь", Singular, Genitive, "третьего секретаря"),
            ("трудящийся", Plural, Dative, "трудящимся"),
            ("ООН", Singular, Genitive, "ООН"),
            ("время", Singular, Dative, "времени"),
            ("окно", Plural, Genitive, "окон"),
        ] {
            assert_eq!(written(term, number, case), form);
        }
    }
}
