//! Russian: which words of a term inflect, and which stems and rows each of them has.
//!
//! Adjectives before the head inflect with it, words after it stay: `торговлю людьми`. Reading is lenient: a
//! word gets every row its letters allow. Writing takes the first row that has the cell.
//! Source of the rows: Зализняк, «Грамматический словарь русского языка» (the classes, not the word list).

use super::ru_tables::{ADJECTIVES, INDECLINABLE_ENDS, IRREGULAR, NOUNS, NounRow, PERSON_ENDS};
use super::ru_words as words_of;
use super::{Case, Class, Form, Number, Possessor, Stem, Word};

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

pub(super) fn stems(words: &[Word<'_>]) -> Vec<Vec<Stem>> {
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
        push(out, stem, first + number("possessive"), ALL);
        return;
    }
    let short = short_stem(plain);
    if words_of::SHORT_POSSESSIVES.contains(&short) {
        push(out, short, first + number("short possessive"), ALL);
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
    push(out, stem, first + number(name), ALL);
    // разбойничий, говяжий: nothing in their letters tells them from горячий and свежий.
    if matches!(last(stem), 'ч' | 'ж') && ending == "ий" {
        push(out, stem, first + number("possessive"), ALL);
    }
}

fn number(name: &str) -> u8 {
    ADJECTIVES.iter().position(|row| row.name == name).expect("rows are asked for by their names") as u8
}

/// Surnames: -ов, -ев, -ин have -ым; their feminines decline as pronouns do.
fn surname(key: &str, out: &mut Vec<Stem>) {
    if ["ов", "ев", "ин", "ын"].iter().any(|end| key.ends_with(end)) {
        push(out, key, row("surname"), SINGULAR);
    }
    if ["ова", "ева", "ина", "ына"].iter().any(|end| key.ends_with(end)) {
        push(out, cut(key, 1), row("surname feminine"), SINGULAR);
    }
    if ["ский", "цкий", "ская", "цкая", "ый", "ой"].iter().any(|end| key.ends_with(end)) {
        adjective(key, out);
    }
}

/// A woman's surname: the last word of a name (a first name such as `Марина` is an ordinary noun).
fn is_feminine_surname(words: &[Word<'_>], at: usize) -> bool {
    at > 0 && at + 1 == words.len() && like_feminine_surname(words[at].key)
}

fn like_feminine_surname(key: &str) -> bool {
    ["ова", "ева", "ина", "ына"].iter().any(|end| key.ends_with(end)) && key.chars().count() > 5
}

/// Whether letters and capital say that a name never changes: Осло, Баку, Чили.
fn is_indeclinable(word: &Word<'_>) -> bool {
    if words_of::INDECLINABLE.contains(&word.key) {
        return true;
    }
    word.is_capitalised()
        && INDECLINABLE_ENDS.iter().any(|end| word.key.ends_with(end))
        && !["ство", "ово", "ево", "ино", "ко", "ние", "ье"].iter().any(|end| word.key.ends_with(end))
}

/// Every stem and row a noun may have, the likeliest first.
fn noun(word: &Word<'_>, out: &mut Vec<Stem>) {
    let key = word.key;
    if key.chars().count() < 2 || !key.chars().any(char::is_alphabetic) {
        return;
    }
    if let Some(at) = IRREGULAR.iter().position(|cells| cells[0].split('/').any(|form| form == key)) {
        let stem: String = common_prefix(&IRREGULAR[at]);
        push(out, stem, LISTED + at as u8, ALL);
        // The plural of some stands far from the singular: человек, люди.
        for cells in IRREGULAR[at].iter().flat_map(|cell| cell.split('/')) {
            push(out, cells, LISTED + at as u8, ALL);
        }
        return;
    }
    if is_indeclinable(word) {
        push(out, key, EVERY_CASE, ALL);
        // Нации, Нидерланды: a capital and -и may be a plural.
        if !key.ends_with('и') || words_of::INDECLINABLE.contains(&key) {
            return;
        }
    }
    match last(key) {
        'а' => feminine_a(key, out),
        'я' => feminine_ya(key, out),
        'ь' => soft_sign(word, out),
        'й' => {
            let stem = cut(key, 1);
            if last(stem) == 'и' {
                push(out, stem, row("ий"), ALL);
            } else {
                if last(stem) == 'е' {
                    // воробей, воробья; but музей, музея: by the list
                    let fleeting = words_of::FLEETING_EY.contains(&key);
                    let base = format!("{}ь", cut(stem, 1));
                    if fleeting {
                        push(out, base, row("й"), ALL & !(1 << NOMINATIVE));
                    }
                }
                push(out, stem, row("й"), ALL);
            }
        }
        'о' => neuter_o(key, out),
        'е' => neuter_e(key, out),
        'ы' | 'и' => plural_only(key, out),
        'у' | 'ю' | 'э' => push(out, key, EVERY_CASE, ALL),
        c if c.is_alphabetic() => masculine(word, out),
        _ => {}
    }
}

fn common_prefix(cells: &[&str; 12]) -> String {
    let first: Vec<char> = cells[0].split('/').next().unwrap_or_default().chars().collect();
    let mut kept = first.len();
    for form in cells.iter().flat_map(|cell| cell.split('/')).filter(|form| *form != "-") {
        kept = kept.min(first.iter().zip(form.chars()).take_while(|(a, b)| **a == *b).count());
    }
    first[..kept].iter().collect()
}

/// The row of a masculine noun in a consonant, by that consonant.
fn masculine_row(stem: &str) -> u8 {
    row(match last(stem) {
        'г' | 'к' | 'х' => "masculine velar",
        'ж' | 'ш' | 'ч' | 'щ' => "masculine sibilant",
        'ц' => "masculine ц",
        _ => "masculine hard",
    })
}

fn masculine(word: &Word<'_>, out: &mut Vec<Stem>) {
    let key = word.key;
    let own = masculine_row(key);
    if key.ends_with("анин") || key.ends_with("янин") {
        push(out, key, own, SINGULAR);
        push(out, cut(key, 2), row("plural of -анин"), PLURAL);
        return;
    }
    if let Some(base) = ["онок", "енок"].iter().find_map(|end| key.strip_suffix(end)) {
        let little = format!("{}к", cut(key, 2));
        let name = if SIBILANTS.contains(last(base)) { "plural of -чонок" } else { "plural of -енок" };
        if key.chars().count() > 5 {
            push(out, base, row(name), PLURAL);
        }
        push(out, key, own, 1);
        push(out, little, masculine_row("к"), ALL & !1);
        return;
    }
    let capital = word.is_capitalised();
    if capital && ["ов", "ев", "ин", "ын"].iter().any(|end| key.ends_with(end)) {
        surname(key, out);
    }
    if words_of::PLURAL_A.contains(&key) {
        push(out, key, row("plural in -а"), PLURAL);
    }
    let fleeting = fleeting(key);
    let drops = words_of::drops_vowel(key);
    if drops {
        for stem in &fleeting {
            push(out, stem.as_str(), masculine_row(stem), ALL & !1);
        }
        // The nominative, and the accusative that equals it.
        push(out, key, own, 1 | (1 << ACCUSATIVE));
    }
    push(out, key, own, ALL);
    if !drops && !words_of::KEEPS_VOWEL.contains(&key) {
        for stem in fleeting {
            push(out, stem.as_str(), masculine_row(&stem), ALL & !1);
        }
    }
    // A few have no ending in the genitive plural: пять человек, солдат.
    if words_of::ZERO_GENITIVE.contains(&key) {
        push(out, key, row("zero genitive plural"), 1 << GENITIVE_PLURAL | 1 << (ACCUSATIVE + 6));
    }
}

/// The stem without the vowel of its last syllable, where the letters allow it: посол → посл, китаец → китайц.
fn fleeting(key: &str) -> Vec<String> {
    let chars: Vec<char> = key.chars().collect();
    let [head @ .., a, v, c] = &chars[..] else { return Vec::new() };
    if !"оеё".contains(*v) || !"кцлнртвгм".contains(*c) {
        return Vec::new();
    }
    let base: String = head.iter().chain([a]).collect();
    if is_vowel(*a) {
        return if *v == 'е' { vec![format!("{base}й{c}")] } else { Vec::new() };
    }
    if *v == 'е' && *a == 'л' {
        return vec![format!("{base}ь{c}"), format!("{base}{c}")];
    }
    if *v == 'е' && *a != 'ь' && *c == 'к' && !SIBILANTS.contains(*a) {
        return vec![format!("{base}ь{c}")];
    }
    if *a == 'ь' {
        return vec![format!("{base}{c}")];
    }
    vec![format!("{base}{c}")]
}

/// The stems of a genitive plural without ending, a vowel put into its cluster: окно → окон, копейка → копеек.
/// The likeliest first.
fn inserted(stem: &str) -> Vec<String> {
    let chars: Vec<char> = stem.chars().collect();
    let [.., a, c] = &chars[..] else { return vec![stem.to_owned()] };
    let base = cut(stem, 1);
    if matches!(a, 'ь' | 'й') {
        return vec![format!("{}е{c}", cut(base, 1)), stem.to_owned()];
    }
    if is_vowel(*a) || is_vowel(*c) {
        return vec![stem.to_owned()];
    }
    let whole = stem.to_owned();
    let (o, e) = (format!("{base}о{c}"), format!("{base}е{c}"));
    if *c == 'к' {
        return if "жшчщц".contains(*a) { vec![e, whole] } else { vec![o, e, whole] };
    }
    if words_of::INSERTS_E.contains(&stem) {
        return vec![e, whole];
    }
    if words_of::INSERTS_O.contains(&stem) {
        return vec![o, whole];
    }
    // сестр, писем: before н, л, р, м a vowel may come in; служб, просьб and the like keep their cluster.
    if "нлрмц".contains(*c) && !"нлрм".contains(*a) {
        return vec![whole, e, o];
    }
    vec![whole, e, o]
}

/// The genitive plural without ending (and the accusative of persons).
fn zero_genitive(stem: &str, soft: bool, out: &mut Vec<Stem>) {
    let cells = 1 << GENITIVE_PLURAL | 1 << (ACCUSATIVE + 6);
    for (at, text) in inserted(stem).into_iter().enumerate() {
        let changed = text != stem;
        if soft && (!changed || at == 0) {
            push(out, text.as_str(), row("zero genitive plural soft"), cells);
        }
        if !soft || changed {
            push(out, text.as_str(), row("zero genitive plural"), cells);
        }
    }
}

fn feminine_a(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    surname_feminine_if_name(key, out);
    let name = match last(stem) {
        'г' | 'к' | 'х' => "feminine velar",
        'ж' | 'ш' | 'ч' | 'щ' => "feminine sibilant",
        'ц' => "feminine ц",
        _ => "feminine hard",
    };
    push(out, stem, row(name), ALL & !(1 << GENITIVE_PLURAL));
    zero_genitive(stem, false, out);
    // ворота, дрова: a plural
    if words_of::PLURAL_ONLY_A.contains(&key) {
        out.clear();
        push(out, stem, row("plural only -а"), PLURAL);
    }
}

fn surname_feminine_if_name(key: &str, out: &mut Vec<Stem>) {
    if like_feminine_surname(key) && !key.ends_with("ина") {
        push(out, cut(key, 1), row("surname feminine"), SINGULAR);
    }
}

fn feminine_ya(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    if let Some(base) = stem.strip_suffix('м')
        && words_of::NEUTER_MYA.contains(&key)
    {
        push(out, format!("{base}м"), row("мя"), ALL);
        return;
    }
    match last(stem) {
        'и' => push(out, stem, row("ия"), ALL),
        'ь' => push(out, cut(stem, 1), row("ья"), ALL),
        c if is_vowel(c) => push(out, stem, row("vowel я"), ALL),
        _ => {
            push(out, stem, row("feminine soft"), ALL & !(1 << GENITIVE_PLURAL));
            let hard = words_of::SOFT_TO_HARD.iter().any(|end| stem.ends_with(end));
            zero_genitive(stem, !hard, out);
            if hard {
                zero_genitive(stem, true, out);
            }
            push(out, stem, row("feminine soft"), 1 << GENITIVE_PLURAL);
        }
    }
}

fn soft_sign(word: &Word<'_>, out: &mut Vec<Stem>) {
    let key = word.key;
    let stem = cut(key, 1);
    let feminine = words_of::feminine_soft_sign(key);
    let drops = words_of::drops_vowel(key);
    let feminine_row = row(if SIBILANTS.contains(last(stem)) { "feminine sibilant ь" } else { "feminine ь" });
    let masculine_row = row("masculine ь");
    let order = if feminine { [feminine_row, masculine_row] } else { [masculine_row, feminine_row] };
    let fleeting: Vec<String> = fleeting(stem);
    if drops {
        for text in &fleeting {
            push(out, text.as_str(), order[0], ALL & !1 & !(if feminine { 1 << 4 | 1 << 3 } else { 0 }));
        }
        push(out, stem, order[0], if feminine { 1 | 1 << 3 | 1 << 4 } else { 1 | 1 << ACCUSATIVE });
        return;
    }
    for row in order {
        push(out, stem, row, ALL);
    }
    if stem.ends_with("ен") && !words_of::KEEPS_VOWEL.contains(&key) {
        for text in fleeting {
            push(out, text, masculine_row, ALL & !1);
        }
    }
}

fn neuter_o(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    push(out, stem, row("neuter -о"), ALL & !(1 << GENITIVE_PLURAL));
    zero_genitive(stem, false, out);
    if last(stem) == 'к' {
        push(out, stem, row("neuter -ко"), PLURAL);
    }
}

fn neuter_e(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    match last(stem) {
        'и' => {
            push(out, stem, row("ие"), ALL);
            // воскресение, воскресенье
            if stem.ends_with("ни") {
                push(out, cut(stem, 1), row("ье"), ALL & !(1 << GENITIVE_PLURAL));
            }
        }
        'ь' => push(out, cut(stem, 1), row("ье"), ALL),
        'ц' | 'щ' | 'ж' | 'ш' | 'ч' => {
            push(out, stem, row("neuter -це"), ALL & !(1 << GENITIVE_PLURAL));
            zero_genitive(stem, false, out);
        }
        _ => push(out, stem, row("neuter soft"), ALL),
    }
}

/// Nouns given in the plural: переговоры, выборы, сети, граждане.
fn plural_only(key: &str, out: &mut Vec<Stem>) {
    let stem = cut(key, 1);
    let name = match (last(key), last(stem)) {
        (_, 'ж' | 'ш' | 'ч' | 'щ') => "plural sibilant",
        ('и', 'г' | 'к' | 'х') => "plural velar",
        ('ы', _) => "plural hard",
        (_, 'и') => "plural ии",
        _ => "plural soft",
    };
    push(out, stem, row(name), PLURAL);
    if last(key) == 'ы' || "гкхжшчщ".contains(last(stem)) {
        zero_genitive(stem, false, out);
    }
}

// ---------------------------------------------------------------- writing

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gender {
    Masculine,
    Feminine,
    Neuter,
    Plural,
}

pub(super) fn write(words: &[Word<'_>], form: Form) -> Option<Vec<String>> {
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

pub(super) fn forms() -> Vec<Form> {
    (0..12).map(form_of).collect()
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
        write(&words, Form::new(number, case)).unwrap_or_default().join(" ")
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
