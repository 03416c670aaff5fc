//! The automaton of suffixes, and the vowel harmony that spells them.
//!
//! What comes after the stem of a noun stands here, what comes after that of a verb in [`super::verbs`].

use super::{is_vowel, verbs::VERB_SUFFIXES};
use crate::lang::forms::{Case, Form, Number, Possessor, Tail, Verb};
use std::sync::LazyLock;

/// Where in a word the automaton stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After the bare stem.
    Stem,
    /// After the bare stem of a word of one syllable, which takes no person: `ad-am` would be `adam`, a man.
    Short,
    /// After the stem of an izafet head without its own possessive: `Xidmət` of `Miqrasiya Xidməti`. It is no
    /// form until a possessor or a plural has been put on.
    Base,
    /// After an izafet head as it is cited: it takes no other possessive.
    Owned,
    /// After an acronym, a number or a quotation: what a stem takes, and what is written of numbers.
    Apart,
    Plural,
    /// After a possessive of the first or second person.
    Own,
    Third,
    Genitive,
    Case,
    Dative,
    Locative,
    Relative,
    RelativePlural,
    RelativeCase,
    Copula,
    /// After a past or a condition, which takes persons of its own: `idi-k`.
    Past,
    End,
    /// After the stem of a verb: no form yet.
    Verb,
    /// After a tense that takes the persons of the verb to be.
    Tense,
    /// After the future before a consonant: `alacaq-san`.
    Future,
    /// After the future before a vowel, q and k softened: `alacağ-am`; no form yet.
    SoftFuture,
    /// After a participle before a vowel: `aldığ-ı`; no form yet.
    Soft,
    /// The same before a consonant: `aldıq-da`; no form yet.
    Hard,
    Let,
}

/// The last of them, to count them by.
const PLACES: usize = Place::Let as usize + 1;

impl Place {
    /// A word may end here.
    fn is_form(self) -> bool {
        !matches!(self, P::Base | P::Verb | P::SoftFuture | P::Soft | P::Hard)
    }
}

/// What a suffix says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Plural,
    Possessor(Possessor),
    Case(Case),
    Tail(Tail),
    /// The form of a verb, and whether it is denied.
    Verb(Verb, bool),
}

/// A suffix. In `letters`, `A` is a or ə, `I` is ı, i, u or ü, `K` is q or k and `Ğ` is ğ or y by the vowel
/// before; a letter in brackets is written only after a vowel if it is a consonant, only after a consonant if it
/// is `I`.
pub(super) struct Suffix {
    pub from: &'static [Place],
    pub letters: &'static str,
    pub to: Place,
    pub says: Says,
    #[cfg_attr(not(test), allow(dead_code))]
    pub example: (&'static str, &'static str),
}

pub(super) const fn row(
    from: &'static [Place],
    letters: &'static str,
    to: Place,
    says: Says,
    example: (&'static str, &'static str),
) -> Suffix {
    Suffix { from, letters, to, says, example }
}

use Place as P;
use Possessor::{Mine, Ours, Third, Yours, YoursAll};
use Says::{Case as C, Plural, Possessor as Of, Tail as T};

const STEMS: &[Place] = &[P::Stem, P::Short, P::Base, P::Owned, P::Apart];
const OWNED: &[Place] = &[P::Stem, P::Short, P::Base, P::Apart, P::Plural];
const BARE: &[Place] = &[P::Stem, P::Short, P::Owned, P::Apart, P::Plural, P::Own];
/// What may be said to be so. A bare word of one syllable may not: see [`Place::Short`].
const PERSONS: &[Place] = &[
    P::Stem,
    P::Owned,
    P::Apart,
    P::Plural,
    P::Own,
    P::Third,
    P::Genitive,
    P::Locative,
    P::Case,
    P::Relative,
    P::RelativePlural,
];
const IS: &[Place] = &[
    P::Stem,
    P::Short,
    P::Owned,
    P::Apart,
    P::Plural,
    P::Own,
    P::Third,
    P::Genitive,
    P::Case,
    P::Dative,
    P::Locative,
    P::Relative,
    P::RelativePlural,
    P::RelativeCase,
];
/// `idi`, `imiş` and `isə` stand apart from a bare noun by rule; grown together they are met after its suffixes.
const WAS: &[Place] =
    &[P::Plural, P::Own, P::Third, P::Genitive, P::Case, P::Dative, P::Locative, P::Relative, P::RelativePlural];
const ASKED: &[Place] = &[
    P::Stem,
    P::Short,
    P::Owned,
    P::Apart,
    P::Plural,
    P::Own,
    P::Third,
    P::Genitive,
    P::Case,
    P::Dative,
    P::Locative,
    P::Relative,
    P::RelativePlural,
    P::RelativeCase,
    P::Copula,
    P::Past,
];

static NOUN_SUFFIXES: &[Suffix] = &[
    row(STEMS, "lAr", P::Plural, Plural, ("qanun", "qanunlar")),
    row(OWNED, "(I)m", P::Own, Of(Mine), ("ev", "evim")),
    row(OWNED, "(I)n", P::Own, Of(Yours), ("ata", "atan")),
    row(OWNED, "(s)I", P::Third, Of(Third), ("komitə", "komitəsi")),
    row(OWNED, "(I)mIz", P::Own, Of(Ours), ("ölkə", "ölkəmiz")),
    row(OWNED, "(I)nIz", P::Own, Of(YoursAll), ("söz", "sözünüz")),
    row(BARE, "(n)In", P::Genitive, C(Case::Genitive), ("prezident", "prezidentin")),
    row(BARE, "(y)A", P::Dative, C(Case::Dative), ("Bakı", "Bakıya")),
    row(BARE, "(n)I", P::Case, C(Case::Accusative), ("ölkə", "ölkəni")),
    row(BARE, "dA", P::Locative, C(Case::Locative), ("şəhər", "şəhərdə")),
    row(BARE, "dAn", P::Case, C(Case::Ablative), ("yol", "yoldan")),
    row(BARE, "(y)lA", P::Case, C(Case::Instrumental), ("Bakı", "Bakıyla")),
    row(BARE, "lA", P::Case, C(Case::Instrumental), ("qatar", "qatarla")),
    row(&[P::Third], "nIn", P::Genitive, C(Case::Genitive), ("sədri", "sədrinin")),
    row(&[P::Third], "nA", P::Dative, C(Case::Dative), ("sədri", "sədrinə")),
    row(&[P::Third], "nI", P::Case, C(Case::Accusative), ("sədri", "sədrini")),
    row(&[P::Third], "ndA", P::Locative, C(Case::Locative), ("mərkəzi", "mərkəzində")),
    row(&[P::Third], "ndAn", P::Case, C(Case::Ablative), ("mərkəzi", "mərkəzindən")),
    row(&[P::Third], "ylA", P::Case, C(Case::Instrumental), ("köməyi", "köməyiylə")),
    row(&[P::Third], "lA", P::Case, C(Case::Instrumental), ("köməyi", "köməyilə")),
    // According to whom. After a bare noun it names a language or a manner, which is another word: azərbaycanca.
    row(&[P::Own], "cA", P::End, T(Tail::Equative), ("fikrim", "fikrimcə")),
    row(&[P::Third], "ncA", P::End, T(Tail::Equative), ("qanunu", "qanununca")),
    row(&[P::Locative], "kI", P::Relative, T(Tail::Relative), ("Bakıda", "Bakıdakı")),
    row(&[P::Genitive], "kI", P::Relative, T(Tail::Relative), ("dövlətin", "dövlətinki")),
    row(&[P::Dative], "dək", P::End, T(Tail::Until), ("sərhədə", "sərhədədək")),
    row(&[P::Dative], "cAn", P::End, T(Tail::Until), ("axşama", "axşamacan")),
    row(&[P::Apart], "dək", P::End, T(Tail::Until), ("31", "31dək")),
    row(&[P::Relative], "lAr", P::RelativePlural, T(Tail::Plural), ("evdəki", "evdəkilər")),
    row(&[P::Relative], "nIn", P::RelativeCase, T(Tail::Case(Case::Genitive)), ("evdəki", "evdəkinin")),
    row(&[P::Relative], "nA", P::RelativeCase, T(Tail::Case(Case::Dative)), ("evdəki", "evdəkinə")),
    row(&[P::Relative], "nI", P::RelativeCase, T(Tail::Case(Case::Accusative)), ("evdəki", "evdəkini")),
    row(&[P::Relative], "ndA", P::RelativeCase, T(Tail::Case(Case::Locative)), ("evdəki", "evdəkində")),
    row(&[P::Relative], "ndAn", P::RelativeCase, T(Tail::Case(Case::Ablative)), ("evdəki", "evdəkindən")),
    row(&[P::Relative], "lA", P::RelativeCase, T(Tail::Case(Case::Instrumental)), ("evdəki", "evdəkilə")),
    row(&[P::RelativePlural], "In", P::RelativeCase, T(Tail::Case(Case::Genitive)), ("evdəkilər", "evdəkilərin")),
    row(&[P::RelativePlural], "A", P::RelativeCase, T(Tail::Case(Case::Dative)), ("evdəkilər", "evdəkilərə")),
    row(&[P::RelativePlural], "I", P::RelativeCase, T(Tail::Case(Case::Accusative)), ("evdəkilər", "evdəkiləri")),
    row(&[P::RelativePlural], "dA", P::RelativeCase, T(Tail::Case(Case::Locative)), ("evdəkilər", "evdəkilərdə")),
    row(&[P::RelativePlural], "dAn", P::RelativeCase, T(Tail::Case(Case::Ablative)), ("evdəkilər", "evdəkilərdən")),
    row(&[P::RelativePlural], "lA", P::RelativeCase, T(Tail::Case(Case::Instrumental)), ("evdəkilər", "evdəkilərlə")),
    row(IS, "dIr", P::Copula, T(Tail::Copula), ("paytaxt", "paytaxtdır")),
    row(&[P::Copula], "lAr", P::Copula, T(Tail::Plural), ("vətəndaşdır", "vətəndaşdırlar")),
    row(PERSONS, "(y)Am", P::Copula, T(Tail::Person(Mine)), ("vətəndaş", "vətəndaşam")),
    row(PERSONS, "sAn", P::Copula, T(Tail::Person(Yours)), ("tələbə", "tələbəsən")),
    row(PERSONS, "(y)IK", P::Copula, T(Tail::Person(Ours)), ("qonşu", "qonşuyuq")),
    row(PERSONS, "sInIz", P::Copula, T(Tail::Person(YoursAll)), ("üzvlər", "üzvlərsiniz")),
    row(WAS, "(y)dI", P::Past, T(Tail::Was), ("evdə", "evdəydi")),
    row(WAS, "(y)mIş", P::Tense, T(Tail::Reported), ("sədri", "sədriymiş")),
    row(WAS, "(y)sA", P::Past, T(Tail::If), ("üzvlərdən", "üzvlərdənsə")),
    row(&[P::Past], "m", P::Copula, T(Tail::Person(Mine)), ("evdəydi", "evdəydim")),
    row(&[P::Past], "n", P::Copula, T(Tail::Person(Yours)), ("evdəydi", "evdəydin")),
    row(&[P::Past], "K", P::Copula, T(Tail::Person(Ours)), ("evdəydi", "evdəydik")),
    row(&[P::Past], "nIz", P::Copula, T(Tail::Person(YoursAll)), ("aldı", "aldınız")),
    row(&[P::Past], "lAr", P::Copula, T(Tail::Plural), ("aldı", "aldılar")),
    row(ASKED, "mI", P::End, T(Tail::Question), ("qanun", "qanunmu")),
];

/// All suffixes.
pub(super) fn suffixes() -> impl Iterator<Item = &'static Suffix> {
    NOUN_SUFFIXES.iter().chain(VERB_SUFFIXES)
}

/// The suffixes that may follow at each place.
static FROM: LazyLock<[Vec<&'static Suffix>; PLACES]> = LazyLock::new(|| {
    let mut out: [Vec<&'static Suffix>; PLACES] = Default::default();
    for suffix in suffixes() {
        suffix.from.iter().for_each(|place| out[*place as usize].push(suffix));
    }
    out
});

/// What the next suffix's letters depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sound {
    /// The last vowel; `None` when any harmony will do (acronyms, foreign names).
    pub vowel: Option<char>,
    pub ends_in_vowel: Option<bool>,
}

impl Sound {
    pub const FREE: Sound = Sound { vowel: None, ends_in_vowel: None };

    pub fn of(text: &str) -> Sound {
        let vowel = text.chars().rev().find(|c| is_vowel(*c));
        Sound { vowel, ends_in_vowel: text.chars().next_back().map(is_vowel) }
    }

    pub fn after(self, text: &str) -> Sound {
        let next = Sound::of(text);
        Sound { vowel: next.vowel.or(self.vowel), ends_in_vowel: next.ends_in_vowel.or(self.ends_in_vowel) }
    }
}

fn is_back(vowel: char) -> bool {
    matches!(vowel, 'a' | 'ı' | 'o' | 'u')
}

/// A letter of the rows after a vowel.
fn harmonised(letter: char, vowel: char) -> char {
    match letter {
        'A' => {
            if is_back(vowel) {
                'a'
            } else {
                'ə'
            }
        }
        'I' => match vowel {
            'a' | 'ı' => 'ı',
            'o' | 'u' => 'u',
            'ö' | 'ü' => 'ü',
            _ => 'i',
        },
        'K' if is_back(vowel) => 'q',
        'K' => 'k',
        'Ğ' if is_back(vowel) => 'ğ',
        'Ğ' => 'y',
        letter => letter,
    }
}

fn fits(letter: char, vowel: Option<char>, c: char) -> bool {
    match (letter, vowel) {
        (letter, Some(vowel)) => c == harmonised(letter, vowel),
        ('A', None) => matches!(c, 'a' | 'ə'),
        ('I', None) => matches!(c, 'ı' | 'i' | 'u' | 'ü'),
        ('K', None) => matches!(c, 'q' | 'k'),
        ('Ğ', None) => matches!(c, 'ğ' | 'y'),
        (letter, None) => c == letter,
    }
}

/// The letter in brackets, and the rest.
fn bracketed(letters: &str) -> Option<(&str, &str)> {
    letters.strip_prefix('(').and_then(|inner| inner.split_once(')'))
}

/// The ways the letters of a suffix begin `rest`: where the suffix ends.
pub(super) fn matched(letters: &str, sound: Sound, rest: &str) -> [Option<usize>; 2] {
    let Some((letter, tail)) = bracketed(letters) else { return [plain(letters, sound, rest), None] };
    let after_vowel = letter != "I";
    let with = || {
        let end = plain(letter, sound, rest)?;
        plain(tail, sound.after(&rest[..end]), &rest[end..]).map(|more| end + more)
    };
    [
        if sound.ends_in_vowel == Some(!after_vowel) { None } else { with() },
        if sound.ends_in_vowel == Some(after_vowel) { None } else { plain(tail, sound, rest) },
    ]
}

/// Where the letters, without brackets, end in `rest`.
fn plain(letters: &str, sound: Sound, rest: &str) -> Option<usize> {
    let mut vowel = sound.vowel;
    let mut said = rest.chars();
    for letter in letters.chars() {
        let c = said.next()?;
        if !fits(letter, vowel, c) {
            return None;
        }
        if is_vowel(c) {
            vowel = Some(c);
        }
    }
    Some(rest.len() - said.as_str().len())
}

/// A suffix as it is spelt after `sound`.
pub(super) fn spelt(letters: &str, mut sound: Sound) -> String {
    let mut out = String::new();
    let mut spell = |letters: &str| {
        for letter in letters.chars() {
            let c = harmonised(letter, sound.vowel.unwrap_or('ə'));
            if is_vowel(c) {
                sound.vowel = Some(c);
            }
            out.push(c);
        }
    };
    match bracketed(letters) {
        Some((letter, rest)) => {
            if sound.ends_in_vowel.unwrap_or(false) == (letter != "I") {
                spell(letter);
            }
            spell(rest);
        }
        None => spell(letters),
    }
    out
}

/// The suffixes that say `says`, in order, from `place` on; `None` where the rows have no such word.
pub(super) fn spelt_all(place: Place, sound: Sound, says: &[Says]) -> Option<String> {
    let Some((first, others)) = says.split_first() else { return place.is_form().then(String::new) };
    FROM[place as usize].iter().filter(|suffix| suffix.says == *first).find_map(|suffix| {
        let letters = spelt(suffix.letters, sound);
        let more = spelt_all(suffix.to, sound.after(&letters), others)?;
        Some(letters + &more)
    })
}

/// `almanca` is German, not "according to thy apple": what is thine has no equative.
fn is_language(form: &Form) -> bool {
    form.possessor == Yours
}

/// `form` with what a suffix says; `None` where it has too many tails.
fn told(mut form: Form, says: Says) -> Option<Form> {
    match says {
        Plural => form.number = Number::Plural,
        Of(possessor) => form.possessor = possessor,
        C(case) => form.case = case,
        Says::Verb(verb, negative) => (form.verb, form.negative) = (verb, negative),
        T(Tail::Equative) if is_language(&form) => return None,
        T(tail) => return form.with_tail(tail),
    }
    Some(form)
}

/// What a form says, in the order of its suffixes.
pub(super) fn said(form: Form) -> Vec<Says> {
    let verb = (form.verb != Verb::None).then_some(Says::Verb(form.verb, form.negative));
    let number = (form.number == Number::Plural).then_some(Plural);
    let possessor = (form.possessor != Possessor::None).then_some(Of(form.possessor));
    let case = (form.case != Case::Nominative).then_some(C(form.case));
    let tails = form.tail.into_iter().flatten().map(T);
    [verb, number, possessor, case].into_iter().flatten().chain(tails).collect()
}

/// Appends the forms that `rest` makes of a word that stands at `place`.
pub(super) fn walk(place: Place, sound: Sound, rest: &str, form: Form, out: &mut Vec<Form>) {
    if rest.is_empty() {
        if place.is_form() && !out.contains(&form) {
            out.push(form);
        }
        return;
    }
    for suffix in &FROM[place as usize] {
        for end in matched(suffix.letters, sound, rest).into_iter().flatten().filter(|end| *end > 0) {
            if let Some(next) = told(form, suffix.says) {
                walk(suffix.to, sound.after(&rest[..end]), &rest[end..], next, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_makes_its_example_and_reads_it() {
        for suffix in suffixes() {
            let (word, form) = suffix.example;
            let sound = Sound::of(word);
            assert_eq!(format!("{word}{}", spelt(suffix.letters, sound)), form, "{}", suffix.letters);
            let ends = matched(suffix.letters, sound, &form[word.len()..]);
            assert!(ends.contains(&Some(form.len() - word.len())), "{form} is not read");
        }
    }

    #[test]
    fn no_place_is_without_a_way_in_or_on() {
        for place in [P::Base, P::Verb, P::SoftFuture, P::Soft, P::Hard] {
            assert!(!FROM[place as usize].is_empty(), "{place:?} is no form and leads nowhere");
        }
        for (at, from) in FROM.iter().enumerate() {
            let reached = suffixes().any(|suffix| suffix.to as usize == at);
            assert!(reached || !from.is_empty(), "place {at}");
        }
    }
}
