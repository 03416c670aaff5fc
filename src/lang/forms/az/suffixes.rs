//! The automaton of suffixes, and the vowel harmony that spells them.

use super::is_vowel;
use crate::lang::forms::{Case, Form, Number, Possessor, Tail};

/// Where in a word the automaton stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After the bare stem.
    Stem,
    /// After the stem of an izafet head without its own possessive: `Xidmət` of `Miqrasiya Xidməti`. It is no
    /// form until a possessor or a plural has been put on.
    Base,
    Plural,
    /// After a possessive of the first or second person.
    Own,
    Third,
    Case,
    Dative,
    Locative,
    Relative,
    RelativePlural,
    Copula,
    End,
}

/// What a suffix says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Plural,
    Possessor(Possessor),
    Case(Case),
    Tail(Tail),
}

/// A suffix. In `letters`, `A` is a or ə and `I` is ı, i, u or ü by the vowel before; a letter in brackets is
/// written only after a vowel if it is a consonant, only after a consonant if it is `I`.
pub(super) struct Suffix {
    pub from: &'static [Place],
    pub letters: &'static str,
    pub to: Place,
    pub says: Says,
    #[cfg_attr(not(test), allow(dead_code))]
    pub example: (&'static str, &'static str),
}

const fn row(
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

const STEMS: &[Place] = &[P::Stem, P::Base];
const OWNED: &[Place] = &[P::Stem, P::Base, P::Plural];
const BARE: &[Place] = &[P::Stem, P::Plural, P::Own];
const ANY: &[Place] = &[P::Stem, P::Plural, P::Own, P::Third, P::Case, P::Dative, P::Locative, P::Relative];

pub(super) static SUFFIXES: &[Suffix] = &[
    row(STEMS, "lAr", P::Plural, Plural, ("qanun", "qanunlar")),
    row(OWNED, "(I)m", P::Own, Of(Mine), ("ev", "evim")),
    row(OWNED, "(I)n", P::Own, Of(Yours), ("ata", "atan")),
    row(OWNED, "(s)I", P::Third, Of(Third), ("komitə", "komitəsi")),
    row(OWNED, "(I)mIz", P::Own, Of(Ours), ("ölkə", "ölkəmiz")),
    row(OWNED, "(I)nIz", P::Own, Of(YoursAll), ("söz", "sözünüz")),
    row(BARE, "(n)In", P::Case, C(Case::Genitive), ("prezident", "prezidentin")),
    row(BARE, "(y)A", P::Dative, C(Case::Dative), ("Bakı", "Bakıya")),
    row(BARE, "(n)I", P::Case, C(Case::Accusative), ("ölkə", "ölkəni")),
    row(BARE, "dA", P::Locative, C(Case::Locative), ("şəhər", "şəhərdə")),
    row(BARE, "dAn", P::Case, C(Case::Ablative), ("yol", "yoldan")),
    row(BARE, "lA", P::Case, C(Case::Instrumental), ("qatar", "qatarla")),
    row(BARE, "(y)lA", P::Case, C(Case::Instrumental), ("Bakı", "Bakıyla")),
    row(&[P::Third], "nIn", P::Case, C(Case::Genitive), ("sədri", "sədrinin")),
    row(&[P::Third], "nA", P::Dative, C(Case::Dative), ("sədri", "sədrinə")),
    row(&[P::Third], "nI", P::Case, C(Case::Accusative), ("sədri", "sədrini")),
    row(&[P::Third], "ndA", P::Locative, C(Case::Locative), ("mərkəzi", "mərkəzində")),
    row(&[P::Third], "ndAn", P::Case, C(Case::Ablative), ("mərkəzi", "mərkəzindən")),
    row(&[P::Third], "ylA", P::Case, C(Case::Instrumental), ("köməyi", "köməyiylə")),
    row(&[P::Third], "lA", P::Case, C(Case::Instrumental), ("köməyi", "köməyilə")),
    row(&[P::Locative], "kI", P::Relative, T(Tail::Relative), ("Bakıda", "Bakıdakı")),
    row(&[P::Dative], "dək", P::End, T(Tail::Until), ("sərhədə", "sərhədədək")),
    row(&[P::Relative], "lAr", P::RelativePlural, T(Tail::Plural), ("evdəki", "evdəkilər")),
    row(&[P::Relative], "nIn", P::End, T(Tail::Case(Case::Genitive)), ("evdəki", "evdəkinin")),
    row(&[P::Relative], "nA", P::End, T(Tail::Case(Case::Dative)), ("evdəki", "evdəkinə")),
    row(&[P::Relative], "nI", P::End, T(Tail::Case(Case::Accusative)), ("evdəki", "evdəkini")),
    row(&[P::Relative], "ndAn", P::End, T(Tail::Case(Case::Ablative)), ("evdəki", "evdəkindən")),
    row(&[P::RelativePlural], "In", P::End, T(Tail::Case(Case::Genitive)), ("evdəkilər", "evdəkilərin")),
    row(&[P::RelativePlural], "A", P::End, T(Tail::Case(Case::Dative)), ("evdəkilər", "evdəkilərə")),
    row(&[P::RelativePlural], "I", P::End, T(Tail::Case(Case::Accusative)), ("evdəkilər", "evdəkiləri")),
    row(&[P::RelativePlural], "dAn", P::End, T(Tail::Case(Case::Ablative)), ("evdəkilər", "evdəkilərdən")),
    row(ANY, "dIr", P::Copula, T(Tail::Copula), ("paytaxt", "paytaxtdır")),
    row(&[P::Copula], "lAr", P::End, T(Tail::Plural), ("vətəndaşdır", "vətəndaşdırlar")),
    row(
        &[P::Stem, P::Plural, P::Own, P::Third, P::Case, P::Locative, P::Copula],
        "mI",
        P::End,
        T(Tail::Question),
        ("qanun", "qanunmu"),
    ),
];

/// What the next suffix's letters depend on.
#[derive(Debug, Clone, Copy)]
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

/// `A` and `I` after a vowel.
pub(super) fn harmony(vowel: char) -> (char, char) {
    match vowel {
        'a' | 'ı' => ('a', 'ı'),
        'o' | 'u' => ('a', 'u'),
        'ö' | 'ü' => ('ə', 'ü'),
        _ => ('ə', 'i'),
    }
}

/// The ways the letters of a suffix begin `rest`: where the suffix ends, at most four of them.
pub(super) fn matched(letters: &str, sound: Sound, rest: &str, ends: &mut Vec<usize>) {
    ends.clear();
    let optional = letters.strip_prefix('(').map(|inner| {
        let (letter, tail) = inner.split_once(')').expect("brackets in the rows are closed");
        (letter, tail)
    });
    match optional {
        None => ends.extend(plain(letters, sound, rest)),
        Some((letter, tail)) => {
            let after_vowel = letter != "I";
            if sound.ends_in_vowel != Some(!after_vowel)
                && let Some(end) = plain(letter, sound, rest)
            {
                let inner = sound.after(&rest[..end]);
                ends.extend(plain(tail, inner, &rest[end..]).map(|more| end + more));
            }
            if sound.ends_in_vowel != Some(after_vowel) {
                ends.extend(plain(tail, sound, rest));
            }
        }
    }
}

/// Where the letters, without brackets, end in `rest`.
fn plain(letters: &str, mut sound: Sound, rest: &str) -> Option<usize> {
    let mut end = 0;
    for letter in letters.chars() {
        let c = rest[end..].chars().next()?;
        let fits = match (letter, sound.vowel) {
            ('A', Some(vowel)) => c == harmony(vowel).0,
            ('I', Some(vowel)) => c == harmony(vowel).1,
            ('A', None) => matches!(c, 'a' | 'ə'),
            ('I', None) => matches!(c, 'ı' | 'i' | 'u' | 'ü'),
            (letter, _) => c == letter,
        };
        if !fits {
            return None;
        }
        if is_vowel(c) {
            sound.vowel = Some(c);
        }
        end += c.len_utf8();
    }
    Some(end)
}

/// `form` with what a suffix says; `None` where it has too many tails.
fn told(mut form: Form, says: Says) -> Option<Form> {
    match says {
        Plural => form.number = Number::Plural,
        Of(possessor) => form.possessor = possessor,
        C(case) => form.case = case,
        T(tail) => return form.with_tail(tail),
    }
    Some(form)
}

pub(super) fn walk(place: Place, sound: Sound, rest: &str, form: Form, out: &mut Vec<Form>) {
    if rest.is_empty() {
        if place != P::Base && !out.contains(&form) {
            out.push(form);
        }
        return;
    }
    let mut ends = Vec::new();
    for suffix in SUFFIXES.iter().filter(|s| s.from.contains(&place)) {
        matched(suffix.letters, sound, rest, &mut ends);
        for end in &ends {
            if *end > 0
                && let Some(next) = told(form, suffix.says)
            {
                walk(suffix.to, sound.after(&rest[..*end]), &rest[*end..], next, out);
            }
        }
    }
}
