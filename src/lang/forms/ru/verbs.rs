//! Verbs: terms whose first word is an infinitive, `депортировать`, `приобрести гражданство`.
//!
//! Finite forms, imperatives and gerunds; participles are adjectives, words of their own. Source of the classes:
//! Зализняк, verbs 1 to 16 and those by the word.

use super::super::ends::Ends;
use super::{VERB, cut, last, push};
use crate::lang::forms::{Class, Form, Stem, Tail, Verb};
use std::sync::LazyLock;

/// [`Tail::Verb`]: the infinitive has no tail; present 1 to 6, past 7 to 10, imperative 11 and 12, gerund 13.
const FORMS: u8 = 14;
/// In the cells of a class: -ся follows.
const REFLEXIVE: u16 = 1 << 15;
const ALL: u16 = 0x3fff;
const FIRST_SINGULAR: u16 = 1 << 1;
const FIRST_SINGULAR_AND_THIRD_PLURAL: u16 = 1 << 1 | 1 << 6;

/// The rows of verbs, in the order of [`ROWS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum V {
    Past,
    PastBare,
    PastGo,
    FirstAfterVowel,
    FirstAfterConsonant,
    Second,
    SecondSibilant,
    Give,
}

struct Row {
    row: V,
    /// A form and its ending; the first of a form is the one to write.
    endings: &'static [(u8, &'static str)],
    #[cfg_attr(not(test), allow(dead_code))]
    example: (&'static str, u8, &'static str),
}

#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { row: V::Past, endings: &[(0, "ть"), (7, "л"), (8, "ла"), (9, "ло"), (10, "ли"), (13, "в"), (13, "вши")],
        example: ("депортирова", 8, "депортировала") },
    Row { row: V::PastBare, endings: &[(0, "ти"), (7, ""), (8, "ла"), (9, "ло"), (10, "ли"), (13, "ши")], example: ("перевез", 7, "перевез") },
    Row { row: V::PastGo, endings: &[(0, "йти"), (7, "шел"), (8, "шла"), (9, "шло"), (10, "шли"), (13, "йдя")], example: ("пере", 8, "перешла") },
    Row { row: V::FirstAfterVowel, endings: &[(1, "ю"), (2, "ешь"), (3, "ет"), (4, "ем"), (5, "ете"), (6, "ют"), (11, "й"), (12, "йте"), (13, "я")],
        example: ("депортиру", 6, "депортируют") },
    Row { row: V::FirstAfterConsonant, endings: &[(1, "у"), (2, "ешь"), (3, "ет"), (4, "ем"), (5, "ете"), (6, "ут"), (11, "и"), (12, "ите"),
        (11, "ь"), (12, "ьте"), (13, "я"), (13, "а")], example: ("укаж", 3, "укажет") },
    Row { row: V::Second, endings: &[(1, "ю"), (2, "ишь"), (3, "ит"), (4, "им"), (5, "ите"), (6, "ят"), (11, "и"), (12, "ите"), (11, "ь"),
        (12, "ьте"), (13, "я")], example: ("уточн", 6, "уточнят") },
    Row { row: V::SecondSibilant, endings: &[(1, "у"), (2, "ишь"), (3, "ит"), (4, "им"), (5, "ите"), (6, "ат"), (11, "и"), (12, "ите"), (11, "ь"),
        (12, "ьте"), (13, "а")], example: ("обеспеч", 6, "обеспечат") },
    Row { row: V::Give, endings: &[(1, "м"), (2, "шь"), (3, "ст"), (4, "дим"), (5, "дите"), (6, "дут"), (11, "й"), (12, "йте")],
        example: ("выда", 6, "выдадут") },
];

/// A stem: how many letters of the infinitive go, what comes instead, its row and forms.
type Made = &'static [(usize, &'static str, V, u16)];

static MADE: LazyLock<Ends<Made>> = LazyLock::new(|| Ends::new(MADE_BY_END));

#[rustfmt::skip]
static MADE_BY_END: &[(Made, &str)] = &[
    // 1: делать, делаю
    (&[(2, "", V::Past, ALL), (2, "", V::FirstAfterVowel, ALL)], "ать ять еть"),
    // 2: депортировать, депортирую; воевать, воюю; but успевать, успеваю.
    (&[(2, "", V::Past, ALL), (5, "у", V::FirstAfterVowel, ALL)], "овать жевать чевать шевать щевать цевать"),
    (&[(2, "", V::Past, ALL), (5, "ю", V::FirstAfterVowel, ALL)], "евать"),
    (&[(2, "", V::Past, ALL), (2, "", V::FirstAfterVowel, ALL)], "девать певать севать зревать гревать левать тевать"),
    // 3: вернуть, верну
    (&[(2, "", V::Past, ALL), (3, "", V::FirstAfterConsonant, ALL)], "нуть"),
    (&[(2, "", V::Past, ALL), (3, "", V::FirstAfterConsonant, ALL), (4, "", V::PastBare, ALL & !1)], "гибнуть гнуть никнуть стигнуть зникнуть"),
    // 4: уточнить, уточню; see also the change of the first person
    (&[(2, "", V::Past, ALL), (3, "", V::Second, ALL)], "ить"),
    (&[(2, "", V::Past, ALL), (3, "", V::SecondSibilant, ALL)], "жить чить шить щить держать слышать лежать молчать кричать звучать мчать"),
    // 5: писать, пишу; видеть, вижу; стоять, стою
    (&[(2, "", V::Past, ALL), (4, "ш", V::FirstAfterConsonant, ALL)], "писать чесать плясать"),
    (&[(2, "", V::Past, ALL), (4, "ж", V::FirstAfterConsonant, ALL)], "казать вязать резать мазать"),
    (&[(2, "", V::Past, ALL), (5, "щ", V::FirstAfterConsonant, ALL)], "искать"),
    (&[(2, "", V::Past, ALL), (3, "", V::Second, ALL)], "видеть смотреть зависеть ненавидеть спать терпеть вертеть \
        обидеть гореть сидеть лететь велеть стоять бояться"),
    // 6: брать, звать, слать, гнать
    (&[(2, "", V::Past, ALL), (4, "ер", V::FirstAfterConsonant, ALL)], "брать драть"),
    (&[(2, "", V::Past, ALL), (4, "ов", V::FirstAfterConsonant, ALL)], "звать"),
    (&[(2, "", V::Past, ALL), (5, "шл", V::FirstAfterConsonant, ALL)], "слать"),
    (&[(2, "", V::Past, ALL), (4, "он", V::Second, ALL)], "гнать"),
    (&[(2, "", V::Past, ALL), (3, "", V::FirstAfterConsonant, ALL)], "^ждать ^обождать подождать рвать"),
    // 7, 9: нести, вести, расти, умереть
    (&[(2, "", V::PastBare, ALL), (2, "", V::FirstAfterConsonant, ALL)], "нести везти ползти спасти пасти"),
    (&[(2, "", V::PastBare, 1), (3, "", V::Past, ALL & !1), (3, "д", V::FirstAfterConsonant, ALL)], "вести блюсти"),
    (&[(2, "", V::PastBare, 1), (3, "", V::Past, ALL & !1), (3, "т", V::FirstAfterConsonant, ALL)], "брести обрести цвести мести"),
    (&[(2, "", V::PastBare, 1), (4, "ос", V::PastBare, ALL & !1), (2, "", V::FirstAfterConsonant, ALL)], "расти"),
    (&[(2, "", V::Past, 1), (3, "", V::PastBare, ALL & !1), (5, "р", V::FirstAfterConsonant, ALL)], "ереть"),
    // 8: помочь, привлечь, сберечь
    (&[(0, "", V::PastBare, 0), (2, "г", V::PastBare, ALL & !1), (2, "г", V::FirstAfterConsonant, FIRST_SINGULAR_AND_THIRD_PLURAL | 3 << 11),
        (2, "ж", V::FirstAfterConsonant, ALL & !FIRST_SINGULAR_AND_THIRD_PLURAL & !(3 << 11))], "мочь беречь стеречь пречь лечь"),
    (&[(0, "", V::PastBare, 0), (2, "к", V::PastBare, ALL & !1), (2, "к", V::FirstAfterConsonant, FIRST_SINGULAR_AND_THIRD_PLURAL | 3 << 11),
        (2, "ч", V::FirstAfterConsonant, ALL & !FIRST_SINGULAR_AND_THIRD_PLURAL & !(3 << 11))], "влечь сечь ^испечь ^истечь ^обречь ^изречь"),
    // 12: открыть, открою; 13: давать, даю; 14: принять, начать; 15: стать
    (&[(2, "", V::Past, ALL), (3, "о", V::FirstAfterVowel, ALL)], "крыть мыть рыть выть"),
    (&[(2, "", V::Past, ALL), (4, "", V::FirstAfterVowel, ALL)], "давать ставать знавать"),
    (&[(2, "", V::Past, ALL), (4, "м", V::FirstAfterConsonant, ALL)], "принять"),
    (&[(2, "", V::Past, ALL), (3, "им", V::FirstAfterConsonant, ALL)], "поднять снять отнять"),
    (&[(2, "", V::Past, ALL), (4, "йм", V::FirstAfterConsonant, ALL)], "занять нанять понять"),
    (&[(2, "", V::Past, ALL), (3, "н", V::FirstAfterConsonant, ALL)], "начать"),
    (&[(2, "", V::Past, ALL), (4, "озьм", V::FirstAfterConsonant, ALL)], "взять"),
    (&[(2, "", V::Past, ALL), (3, "им", V::FirstAfterConsonant, ALL)], "изъять"),
    (&[(2, "", V::Past, ALL), (2, "н", V::FirstAfterConsonant, ALL)], "стать деть"),
    // 16 and by the word: жить, плыть, пить, быть, дать, ехать, идти
    (&[(2, "", V::Past, ALL), (2, "в", V::FirstAfterConsonant, ALL)], "^жить ^прожить ^пережить плыть ^ожить ^нажить ^дожить слыть"),
    (&[(2, "", V::Past, ALL), (3, "ь", V::FirstAfterVowel, ALL & !(3 << 11)), (3, "е", V::FirstAfterVowel, 3 << 11)], "^пить \
        ^бить ^лить ^вить ^шить убить избить разбить забить добить отбить сбить перебить прибить развить пробить \
        выпить вылить залить пришить"),
    (&[(2, "", V::Past, ALL), (3, "уд", V::FirstAfterConsonant, ALL)], "быть"),
    (&[(2, "", V::Past, ALL), (2, "", V::Give, ALL)], "^дать выдать передать отдать придать подать сдать задать \
        создать продать предать раздать издать поддать"),
    (&[(2, "", V::Past, ALL), (4, "д", V::FirstAfterConsonant, ALL)], "ехать"),
    (&[(3, "", V::PastGo, ALL), (2, "д", V::FirstAfterConsonant, ALL)], "йти"),
    (&[(3, "", V::PastGo, ALL), (3, "д", V::FirstAfterConsonant, ALL)], "прийти"),
    (&[(2, "", V::PastBare, 1), (2, "", V::FirstAfterConsonant, ALL), (4, "", V::PastGo, ALL & !1)], "^идти"),
    // 7, 14: сесть, класть
    (&[(2, "", V::Past, 1), (3, "", V::Past, ALL & !1), (3, "д", V::FirstAfterConsonant, ALL)], "класть красть пасть"),
    (&[(2, "", V::Past, 1), (3, "", V::Past, ALL & !1), (4, "яд", V::FirstAfterConsonant, ALL)], "^сесть"),
];

/// Nouns, numerals and others that end as infinitives do.
static NOT_VERBS: LazyLock<Ends<bool>> = LazyLock::new(|| {
    Ends::new(&[
        (
            true,
            "дцать ^треть ^подать нежить осеть цсеть печать кровать ^мать ^рать ^гать ^зять благодать память ^пять \
                девять десять ^пядь рукоять ^сеть соцсеть йросеть подсеть ^плеть ^клеть мечеть ^нить прыть ^тать ^сыть \
                ^ять пасть ^опять ^почать рукопечать прать ^опасть напасть отрасть",
        ),
        (false, "опечатать ^попасть ^упасть пропасть впасть выпасть отпасть"),
    ])
});

pub(super) fn is_infinitive(key: &str) -> bool {
    let plain = plain(key);
    plain.chars().count() >= 4 && MADE.get(plain).is_some() && NOT_VERBS.get(plain) != Some(true)
}

/// The verb without -ся.
fn plain(key: &str) -> &str {
    ["ться", "тись", "чься"].iter().find(|end| key.ends_with(**end)).map_or(key, |_| cut(key, 2))
}

pub(super) fn verb(key: &str, out: &mut Vec<Stem>) {
    let plain = plain(key);
    let reflexive = if plain.len() < key.len() { REFLEXIVE } else { 0 };
    let Some(made) = MADE.get(plain) else { return };
    // помочь: the infinitive is no stem with an ending.
    if plain.ends_with("чь") {
        push(out, plain, VERB + V::PastBare as u8, 1 | reflexive);
    }
    for (gone, come, row, forms) in made {
        let stem = format!("{}{come}", cut(plain, *gone));
        let changed = if *row == V::Second { first_person(&stem) } else { None };
        if let Some(changed) = changed {
            let row = if changed.ends_with('л') { V::Second } else { V::SecondSibilant };
            push(out, changed, VERB + row as u8, FIRST_SINGULAR | reflexive);
            push(out, stem, VERB + V::Second as u8, forms & !FIRST_SINGULAR | reflexive);
        } else if *forms != 0 {
            push(out, stem, VERB + *row as u8, forms | reflexive);
        }
    }
}

/// The change of the first person: возразить, возражу; оформить, оформлю.
fn first_person(stem: &str) -> Option<String> {
    let base = cut(stem, 1);
    Some(match last(stem) {
        'б' | 'п' | 'в' | 'м' | 'ф' => return Some(format!("{stem}л")),
        'т' if last(base) == 'с' => format!("{}щ", cut(base, 1)),
        // защитить, защищу; сократить, сокращу
        'т' if [
            "щит", "крат", "врат", "брат", "гат", "прет", "сет", "свет", "свят", "глот", "хит", "сыт", "мут", "трет",
            "рот",
        ]
        .iter()
        .any(|end| stem.ends_with(end)) =>
        {
            format!("{base}щ")
        }
        'т' => format!("{base}ч"),
        'д' | 'з' => format!("{base}ж"),
        'с' => format!("{base}ш"),
        _ => return None,
    })
}

/// Appends the forms `rest` is an ending of.
pub(super) fn read(class: Class, rest: &str, out: &mut Vec<Form>) {
    let Some(row) = ROWS.get(usize::from(class.row - VERB)) else { return };
    let rest = match (class.cells & REFLEXIVE != 0, rest.strip_suffix("ся").or_else(|| rest.strip_suffix("сь"))) {
        (true, Some(rest)) => rest,
        (true, None) => return,
        (false, _) => rest,
    };
    let bare = rest.is_empty() && class.cells & 1 != 0 && row.row == V::PastBare && class.cells & ALL == 1;
    for (form, ending) in row.endings {
        if (*ending == rest && class.cells & (1 << form) != 0) || (bare && *form == 0) {
            let form = form_of(*form);
            if !out.contains(&form) {
                out.push(form);
            }
        }
    }
}

fn form_of(form: u8) -> Form {
    let mut out = Form::default();
    if form > 0 {
        out.tail[0] = Some(Tail::Verb(form));
        out.verb = match form {
            1..=6 => Verb::Present,
            7..=10 => Verb::Past,
            11 | 12 => Verb::Let,
            _ => Verb::By,
        };
    }
    out
}

/// The verb in `form`, in key letters.
pub(super) fn write(key: &str, form: Form) -> Option<String> {
    let number = match form.tail {
        [None, ..] if form == Form::default() => return Some(key.to_owned()),
        [Some(Tail::Verb(number)), None, ..] => number,
        _ => return None,
    };
    let mut stems = Vec::new();
    verb(key, &mut stems);
    let made = stems.iter().find_map(|stem| {
        let row = ROWS.get(usize::from(stem.class.row - VERB))?;
        let ending = row.endings.iter().find(|(form, _)| *form == number)?.1;
        (stem.class.cells & (1 << number) != 0).then(|| (format!("{}{ending}", stem.text), stem.class.cells))
    });
    let (made, cells) = made?;
    Some(match (cells & REFLEXIVE != 0, super::is_vowel(last(&made))) {
        (false, _) => made,
        (true, true) => format!("{made}сь"),
        (true, false) => format!("{made}ся"),
    })
}

/// All forms of a verb, the infinitive first.
pub(super) fn forms() -> impl Iterator<Item = Form> {
    (1..FORMS).map(form_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_makes_its_example() {
        for (at, row) in ROWS.iter().enumerate() {
            assert_eq!(row.row as usize, at);
            let (stem, form, made) = row.example;
            assert!(row.endings.iter().any(|(f, ending)| *f == form && format!("{stem}{ending}") == made), "{made}");
        }
        assert!(ROWS.len() < usize::from(super::super::EVERY_CASE - VERB));
    }

    #[test]
    fn verbs_are_conjugated() {
        for (verb, form, made) in [
            ("депортировать", 3, "депортирует"),
            ("депортировать", 10, "депортировали"),
            ("обратиться", 1, "обращусь"),
            ("обратиться", 3, "обратится"),
            ("выдать", 6, "выдадут"),
            ("выдавать", 3, "выдает"),
            ("указать", 3, "укажет"),
            ("помочь", 3, "поможет"),
            ("помочь", 7, "помог"),
            ("приобрести", 6, "приобретут"),
            ("приобрести", 8, "приобрела"),
            ("прийти", 8, "пришла"),
            ("принять", 6, "примут"),
            ("открыть", 4, "откроем"),
            ("успевать", 1, "успеваю"),
            ("оформить", 1, "оформлю"),
        ] {
            assert_eq!(write(verb, form_of(form)).as_deref(), Some(made));
        }
        for word in ["область", "печать", "память", "роскошь", "гость"] {
            assert!(!is_infinitive(word), "{word}");
        }
    }
}
