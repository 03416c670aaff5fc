//! The stems and rows of nouns and surnames, by their last letters.

use super::{
    ACCUSATIVE, ALL, EVERY_CASE, GENITIVE_PLURAL, LISTED, NOMINATIVE, PLURAL, SIBILANTS, SINGULAR, adjective, cut,
    is_vowel, last, push, row,
    tables::{INDECLINABLE_ENDS, IRREGULAR},
    words as words_of,
};
use crate::lang::forms::{Stem, Word};

/// Surnames: -ов, -ев, -ин have -ым; their feminines decline as pronouns do.
pub(super) fn surname(key: &str, out: &mut Vec<Stem>) {
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
pub(super) fn is_feminine_surname(words: &[Word<'_>], at: usize) -> bool {
    at > 0 && at + 1 == words.len() && like_feminine_surname(words[at].key)
}

fn like_feminine_surname(key: &str) -> bool {
    ["ова", "ева", "ина", "ына"].iter().any(|end| key.ends_with(end)) && key.chars().count() > 5
}

/// Whether letters and capital say that a name never changes: Осло, Баку, Чили.
pub(super) fn is_indeclinable(word: &Word<'_>) -> bool {
    if words_of::INDECLINABLE.contains(&word.key) {
        return true;
    }
    word.is_capitalised()
        && INDECLINABLE_ENDS.iter().any(|end| word.key.ends_with(end))
        && !["ство", "ово", "ево", "ино", "ко", "ние", "ье"].iter().any(|end| word.key.ends_with(end))
}

/// Every stem and row a noun may have, the likeliest first.
pub(super) fn noun(word: &Word<'_>, out: &mut Vec<Stem>) {
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
pub(super) fn masculine_row(stem: &str) -> u8 {
    row(match last(stem) {
        'г' | 'к' | 'х' => "masculine velar",
        'ж' | 'ш' | 'ч' | 'щ' => "masculine sibilant",
        'ц' => "masculine ц",
        _ => "masculine hard",
    })
}

pub(super) fn masculine(word: &Word<'_>, out: &mut Vec<Stem>) {
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
