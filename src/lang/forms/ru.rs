//! Russian: which words of a term inflect, and which stems and rows each of them has.
//!
//! Adjectives before the head inflect with it, words after it stay: `торговлю людьми`. Reading is lenient: a
//! word gets every row its letters allow. Writing takes the first row that has the cell.
//! Source of the rows: Зализняк, «Грамматический словарь русского языка» (the classes, not the word list).

mod kinds;
mod nouns;
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
            Role::Head if phrase.named_noun => noun(word, phrase.given, &mut out),
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The forms `text` is read in as the word `term`.
    fn read_as(term: &str, text: &str) -> Vec<Form> {
        let word = Word { text: term, key: term, hyphen: false };
        let mut out = Vec::new();
        for stem in stems(&[word], &Grammar::default()).pop().unwrap_or_default() {
            if text.starts_with(&stem.text) {
                read(stem.class, text, stem.text.len(), &mut out);
            }
        }
        out
    }

    #[test]
    fn derivations_are_other_words() {
        for (term, others) in [
            ("служба", "служебный служить службист служка"),
            ("миграция", "миграционный мигрант мигрировать"),
            ("агент", "агентство агентский агентура"),
            ("гражданин", "гражданство гражданка гражданский"),
            ("область", "областной"),
            ("порт", "портной портовый портье портик"),
            ("совет", "советник советский советовать"),
            ("виза", "визит визовый визави"),
            ("закон", "законный законник закономерность"),
            ("конь", "конец коньки конный"),
            ("весть", "веста вестовой вестник"),
            ("депортировать", "депортация депорт депортный"),
            ("балахон", "балахна"),
            ("воробей", "воробьиный"),
            ("право", "правый правило правда"),
            ("рабочая", "рабочий рабочего"),
            ("трудовой", "труд трудовик"),
        ] {
            for other in others.split(' ') {
                assert_eq!(read_as(term, other), [], "{other} is no form of {term}");
            }
        }
    }

    proptest! {
        #[test]
        fn made_up_words_are_read_in_all_forms_written(
            stem in "[бвгджзклмнпрстфхцчшщ]{1,2}[аеиоуыюя][бвгджзклмнпрстфх]{1,2}",
            ends in prop::sample::select(vec![
                "", "а", "я", "о", "е", "ь", "ий", "ия", "ие", "ье", "ья", "ы", "и", "ок", "ец", "ек", "ей", "анин", "енок", "ник", "тель",
                "ость", "ство", "ация", "ения", "ица", "ка", "ня", "цо", "ник", "ный", "ской", "щий", "щая", "нее", "ные", "щийся",
                "овать", "ать", "ить", "нуть", "еть", "иться", "мочь", "йти", "ерий",
            ]),
        ) {
            let term = format!("{stem}{ends}");
            let word = [Word { text: &term, key: &term, hyphen: false }];
            let number = |form: &Form| form.number;
            for form in forms() {
                let Some(text) = write(&word, &Grammar::default(), form).map(|words| words.concat()) else { continue };
                let read = read_as(&term, &text);
                // A word given in the plural stands in it whatever is asked for.
                let plural = !read.is_empty() && read.iter().map(number).all(|number| number == Number::Plural);
                let asked = Form { number: if plural { Number::Plural } else { form.number }, ..form };
                prop_assert!(read.contains(&asked), "{} as {:?} of {} is read as {:?}", text, form, term, read);
            }
        }
    }

    fn written(term: &str, number: Number, case: Case) -> String {
        let keys: Vec<String> = term.split(' ').map(|word| word.to_lowercase().replace('ё', "е")).collect();
        let words: Vec<Word<'_>> =
            term.split(' ').zip(&keys).map(|(text, key)| Word { text, key, hyphen: false }).collect();
        write(&words, &Grammar::default(), Form::new(number, case)).unwrap_or_default().join(" ")
    }

    #[test]
    fn hyphens_join_what_declines_and_what_does_not() {
        let written = |parts: &[&str], case| {
            let keys: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
            let words: Vec<Word<'_>> = parts
                .iter()
                .zip(&keys)
                .enumerate()
                .map(|(at, (text, key))| Word { text, key, hyphen: at > 0 })
                .collect();
            write(&words, &Grammar::default(), Form::new(Number::Singular, case)).unwrap_or_default().join("-")
        };
        for (parts, case, form) in [
            (&["премьер", "министр"][..], Case::Accusative, "премьер-министра"),
            (&["член", "корреспондент"], Case::Genitive, "члена-корреспондента"),
            (&["школа", "интернат"], Case::Locative, "школе-интернате"),
            (&["Ростов", "на", "Дону"], Case::Instrumental, "Ростовом-на-Дону"),
            (&["Нью", "Йорк"], Case::Locative, "Нью-Йорке"),
            (&["Салтыков", "Щедрин"], Case::Instrumental, "Салтыковым-Щедриным"),
            (&["уголовно", "процессуальный"], Case::Dative, "уголовно-процессуальному"),
        ] {
            assert_eq!(written(parts, case), form);
        }
    }

    #[test]
    fn a_named_head_is_a_noun() {
        let words = ["русская", "борзая"].map(|text| Word { text, key: text, hyphen: false });
        let grammar = Grammar { head: Some("борзая".to_owned()), ..Grammar::default() };
        assert_eq!(roles(&words, &grammar).roles, [Role::Adjective, Role::Head]);
        let words = ["старший", "простой"].map(|text| Word { text, key: text, hyphen: false });
        let grammar = Grammar { head: Some("простой".to_owned()), ..Grammar::default() };
        let form = Form::new(Number::Singular, Case::Genitive);
        assert_eq!(write(&words, &grammar, form), Some(vec!["старшего".to_owned(), "простоя".to_owned()]));
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
            ("три", Singular, Genitive, "трех"),
            ("чертёж", Singular, Genitive, "чертежа"),
            ("врач", Singular, Instrumental, "врачом"),
            ("отец", Singular, Instrumental, "отцом"),
            ("товарищ", Singular, Instrumental, "товарищем"),
            ("учительница", Plural, Accusative, "учительниц"),
            ("граница", Plural, Accusative, "границы"),
            ("показатель", Singular, Accusative, "показатель"),
            ("участок", Plural, Genitive, "участков"),
            ("пекарня", Plural, Genitive, "пекарен"),
            ("гостья", Plural, Genitive, "гостий"),
            ("яблоко", Plural, Nominative, "яблоки"),
            ("войско", Plural, Genitive, "войск"),
            ("Пётр", Singular, Genitive, "Петра"),
            ("вооружённые силы", Plural, Genitive, "вооружённых сил"),
            ("внутренние дела", Plural, Instrumental, "внутренними делами"),
            ("иностранные граждане", Plural, Accusative, "иностранных граждан"),
            ("правовой и социальный статус", Singular, Genitive, "правового и социального статуса"),
            ("беженцы и переселенцы", Plural, Dative, "беженцам и переселенцам"),
            ("третья страна", Plural, Genitive, "третьих стран"),
            ("наш адрес", Singular, Dative, "нашему адресу"),
            ("Кабинет Министров", Singular, Dative, "Кабинету Министров"),
            ("Совет Европы", Singular, Instrumental, "Советом Европы"),
            ("Ильхам Гейдар оглы Алиев", Singular, Instrumental, "Ильхамом Гейдар оглы Алиевым"),
            ("Владимир Владимирович Путин", Singular, Accusative, "Владимира Владимировича Путина"),
            ("Ангела Меркель", Singular, Genitive, "Ангелы Меркель"),
            ("Сахиба Гафарова", Singular, Dative, "Сахибе Гафаровой"),
            ("Тарас Шевченко", Singular, Dative, "Тарасу Шевченко"),
            ("Минтруда", Singular, Dative, "Минтруда"),
            ("Ростов", Singular, Instrumental, "Ростовом"),
        ] {
            assert_eq!(written(term, number, case), form);
        }
    }
}
