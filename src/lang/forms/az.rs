//! Azerbaijani: stems, and an automaton of suffixes with vowel harmony.
//!
//! Sources: the Azerbaijani orthographic rules (Azərbaycan dilinin orfoqrafiya qaydaları, 2019) and any school
//! grammar; the rows are ours.

use super::{Case, Class, Form, Number, Possessor, Stem, Tail, Word};
use crate::lang::Language;
use std::sync::LazyLock;

const VOWELS: &str = "aıoueəiöü";
/// Signs between a word and a suffix that stands apart.
const APART: [char; 3] = ['-', '\'', '’'];

/// Where in a word the automaton stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
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
enum Says {
    Plural,
    Possessor(Possessor),
    Case(Case),
    Tail(Tail),
}

/// A suffix. In `letters`, `A` is a or ə and `I` is ı, i, u or ü by the vowel before; a letter in brackets is
/// written only after a vowel if it is a consonant, only after a consonant if it is `I`.
struct Suffix {
    from: &'static [Place],
    letters: &'static str,
    to: Place,
    says: Says,
    #[cfg_attr(not(test), allow(dead_code))]
    example: (&'static str, &'static str),
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

static SUFFIXES: &[Suffix] = &[
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

/// Words that keep their q or k before a vowel: loans, and words of one syllable by rule.
const KEEPS_Q_OR_K: &[&str] = &[
    "hüquq",
    "ittifaq",
    "əmlak",
    "iştirak",
    "şərik",
    "vərəq",
    "müstəntiq",
    "ittihaq",
    "tədqiq",
    "təşviq",
    "təsdiq",
    "fəlak",
    "idrak",
    "dərk",
    "tabaşirik",
    "əxlaq",
    "fərq",
    "şövq",
    "məntiq",
    "rəfiq",
    "təfriq",
    "istintaq",
    "müştərək",
    "infaq",
    "təlaq",
    "sadiq",
    "aşiq",
    "xalq",
    "ərzaq",
    "mətbuq",
    "tətbiq",
    "təhqiq",
    "istehlak",
    "blok",
    "bank",
    "ştab",
    "plastik",
    "mexanik",
    "texnik",
    "fiziklik",
    "taktik",
    "məişətik",
    "estetik",
    "ittihamnak",
    "kritik",
    "statistik",
    "şok",
    "tok",
    "tank",
    "park",
    "disk",
    "risk",
    "çek",
    "pik",
    "tik",
    "brak",
    "frak",
    "tabak",
];

/// Words that drop the vowel of their last syllable before a vowel: şəkil, şəkli.
const DROPS_VOWEL: &[&str] = &[
    "şəkil", "fikir", "isim", "ağız", "burun", "boyun", "alın", "oğul", "könül", "ömür", "nəsil", "əsil", "qəbir",
    "səbir", "sinif", "cisim", "eyib", "ağıl", "qarın", "sinir", "üzür", "zehin", "ətir", "sətir", "mətin", "qədir",
    "hökm", "üzv", "qəsid", "qisim", "rəsim", "həcim", "çiyin", "bağır", "beyin", "heyif", "nəfis", "vəqif", "əmir",
    "ixtisas", "nəqil", "əqil",
];

/// Acronyms not read by the names of their letters, with the reading that gives the suffix.
const READINGS: &[(&str, &str)] = &[("abş", "abaş"), ("bəə", "bəə"), ("rf", "ref")];

/// What the name of a letter ends in, as a letter that stands for it in harmony: `be`, `el`.
const LETTER_NAMES: &[(char, &str)] = &[
    ('k', "ka"),
    ('q', "qe"),
    ('l', "el"),
    ('m', "em"),
    ('n', "en"),
    ('r', "er"),
    ('s', "es"),
    ('f', "ef"),
    ('x', "xe"),
    ('h', "he"),
    ('ş', "şe"),
    ('j', "je"),
    ('y', "ye"),
];

fn is_vowel(c: char) -> bool {
    VOWELS.contains(c)
}

/// What the next suffix's letters depend on.
#[derive(Debug, Clone, Copy)]
struct Sound {
    /// The last vowel; `None` when any harmony will do (acronyms, foreign names).
    vowel: Option<char>,
    ends_in_vowel: Option<bool>,
}

impl Sound {
    const FREE: Sound = Sound { vowel: None, ends_in_vowel: None };

    fn of(text: &str) -> Sound {
        let vowel = text.chars().rev().find(|c| is_vowel(*c));
        Sound { vowel, ends_in_vowel: text.chars().next_back().map(is_vowel) }
    }

    fn after(self, text: &str) -> Sound {
        let next = Sound::of(text);
        Sound { vowel: next.vowel.or(self.vowel), ends_in_vowel: next.ends_in_vowel.or(self.ends_in_vowel) }
    }
}

/// `A` and `I` after a vowel.
fn harmony(vowel: char) -> (char, char) {
    match vowel {
        'a' | 'ı' => ('a', 'ı'),
        'o' | 'u' => ('a', 'u'),
        'ö' | 'ü' => ('ə', 'ü'),
        _ => ('ə', 'i'),
    }
}

/// The ways the letters of a suffix begin `rest`: where the suffix ends, at most four of them.
fn matched(letters: &str, sound: Sound, rest: &str, ends: &mut Vec<usize>) {
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

fn walk(place: Place, sound: Sound, rest: &str, form: Form, out: &mut Vec<Form>) {
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

// Rows of `Class`: which way a stem takes suffixes.
const WHOLE: u8 = 0;
/// An alternant that stands only before a vowel: şəkl-, uşağ-.
const BEFORE_VOWEL: u8 = 1;
const IZAFET: u8 = 2;
const IZAFET_BEFORE_VOWEL: u8 = 3;
const ACRONYM: u8 = 4;
/// The first part of a closed compound whose possessive the plural parts: dəvəquşu, dəvəquşları.
const COMPOUND: u8 = 5;
/// The head of an izafet as it stands; it takes no other possessive.
const OWNED_WHOLE: u8 = 6;

pub(super) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    read_as(class, word, at, false, out);
}

pub(super) fn read_loose(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    read_as(class, word, at, true, out);
}

/// `free`: any harmony will do.
fn read_as(class: Class, word: &str, at: usize, free: bool, out: &mut Vec<Form>) {
    let (stem, mut rest) = word.split_at(at);
    let before_vowel = matches!(class.row, BEFORE_VOWEL | IZAFET_BEFORE_VOWEL);
    if before_vowel && !rest.starts_with(is_vowel) {
        return;
    }
    if class.row == COMPOUND && !rest.starts_with('l') {
        return;
    }
    let izafet = matches!(class.row, COMPOUND | IZAFET | IZAFET_BEFORE_VOWEL);
    let own = Sound::of(stem);
    let mut sound = match (class.row, free) {
        (ACRONYM, _) => Sound::FREE,
        (_, true) => Sound { vowel: None, ..own },
        _ => own,
    };
    if let Some(apart) = rest.strip_prefix(APART) {
        if apart.is_empty() {
            return;
        }
        rest = apart;
        sound = Sound::FREE;
    }
    let before = out.len();
    walk(if izafet { P::Base } else { P::Stem }, sound, rest, Form::default(), out);
    if class.row == OWNED_WHOLE {
        // Its possessive is there already.
        let mut at = 0;
        out.retain(|form| {
            at += 1;
            at <= before || form.possessor == Possessor::None
        });
    }
}

pub(super) fn read_apart(ending: &str, out: &mut Vec<Form>) {
    if !ending.is_empty() {
        walk(P::Stem, Sound::FREE, ending, Form::default(), out);
    }
}

pub(super) fn stems(words: &[Word<'_>]) -> Vec<Vec<Stem>> {
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let mut out: Vec<Vec<Stem>> = before.iter().map(super::fixed).collect();
    let mut stems = Vec::new();
    let mut push = |text: String, row| {
        let stem = Stem { text, class: Class { row, cells: 0 } };
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    };
    if last.is_acronym() {
        push(last.key.to_owned(), ACRONYM);
    } else {
        let izafet = bases(words);
        push(last.key.to_owned(), if izafet.is_empty() { WHOLE } else { OWNED_WHOLE });
        for alternant in before_vowel(last.key) {
            push(alternant, BEFORE_VOWEL);
        }
        if words.len() == 1 && last.key.chars().count() > 6 && last.key.ends_with(['ı', 'i', 'u', 'ü']) {
            for base in bases(&[*last, *last]) {
                push(base, COMPOUND);
            }
        }
        for base in izafet {
            push(base.clone(), IZAFET);
            for alternant in before_vowel(&base) {
                push(alternant, IZAFET_BEFORE_VOWEL);
            }
        }
    }
    out.push(stems);
    out
}

fn vowels(word: &str) -> usize {
    word.chars().filter(|c| is_vowel(*c)).count()
}

/// The stems a word may have before a vowel, beside its own: lenient, for reading.
fn before_vowel(word: &str) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(softened(word));
    let chars: Vec<char> = word.chars().collect();
    // CVC + high vowel + consonant, of two syllables: şəkil, oğul.
    if let [.., a, b, v, c] = chars[..]
        && is_vowel(a)
        && !is_vowel(b)
        && "ıiuü".contains(v)
        && !is_vowel(c)
        && !"qkçşt".contains(c)
        && vowels(word) == 2
    {
        out.push(chars[..chars.len() - 2].iter().chain([&c]).collect());
    }
    if word == "su" {
        out.push("suy".to_owned());
    }
    out
}

/// uşaq → uşağ, ürək → ürəy.
fn softened(word: &str) -> Option<String> {
    let last = word.chars().next_back()?;
    let rest = &word[..word.len() - last.len_utf8()];
    let soft = match last {
        'q' => 'ğ',
        'k' => 'y',
        _ => return None,
    };
    (rest.ends_with(is_vowel) && rest.chars().count() > 1).then(|| format!("{rest}{soft}"))
}

/// What the last word of an izafet is without its possessive: xidməti → xidmət, təsdiqi → təsdiq, komitəsi →
/// komitə. More than one where the letters do not tell.
fn bases(words: &[Word<'_>]) -> Vec<String> {
    let Some(last) = words.last() else { return Vec::new() };
    let key = last.key;
    if words.len() < 2 || !key.ends_with(['ı', 'i', 'u', 'ü']) || key.chars().count() <= 3 {
        return Vec::new();
    }
    let short = &key[..key.len() - key.chars().next_back().map_or(0, char::len_utf8)];
    let mut out = Vec::new();
    if let Some(base) = short.strip_suffix('s')
        && base.ends_with(is_vowel)
    {
        out.push(base.to_owned());
    }
    if short.ends_with(is_vowel) {
        return out; // qəhvəi: no possessive stands straight after a vowel
    }
    out.push(short.to_owned());
    for (soft, hard) in [('ğ', 'q'), ('y', 'k')] {
        if let Some(base) = short.strip_suffix(soft) {
            out.insert(0, format!("{base}{hard}"));
        }
    }
    out
}

pub(super) fn write(words: &[Word<'_>], form: Form) -> Option<Vec<String>> {
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
    let mut place = P::Stem;
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
        place = P::Base;
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
    let number = (form.number == Number::Plural).then_some(Plural);
    let possessor = (form.possessor != Possessor::None).then_some(Of(form.possessor));
    let case = (form.case != Case::Nominative).then_some(C(form.case));
    [number, possessor, case].into_iter().flatten().chain(form.tail.into_iter().flatten().map(T))
}

fn spelt(letters: &str, mut sound: Sound) -> String {
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

pub(super) fn forms() -> Vec<Form> {
    FORMS.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_makes_its_example() {
        for suffix in SUFFIXES {
            let (word, form) = suffix.example;
            assert_eq!(format!("{word}{}", spelt(suffix.letters, Sound::of(word))), form, "{}", suffix.letters);
            let mut ends = Vec::new();
            matched(suffix.letters, Sound::of(word), &form[word.len()..], &mut ends);
            assert!(ends.contains(&(form.len() - word.len())), "{form} is not read");
        }
    }

    fn written(term: &str, number: Number, case: Case, possessor: Possessor) -> String {
        let keys: Vec<String> = term.split(' ').map(|w| Language::AZ.key(w)).collect();
        let words: Vec<Word<'_>> =
            term.split(' ').zip(&keys).map(|(text, key)| Word { text, key, hyphen: false }).collect();
        write(&words, Form { number, case, possessor, ..Form::default() }).unwrap().join(" ")
    }

    #[test]
    fn alternation_is_marked_per_word() {
        let dative = |word| written(word, Number::Singular, Case::Dative, Possessor::None);
        for (word, form) in [
            ("uşaq", "uşağa"),
            ("ürək", "ürəyə"),
            ("hüquq", "hüquqa"),
            ("əmlak", "əmlaka"),
            ("şəkil", "şəklə"),
            ("su", "suya"),
            ("Bakı", "Bakıya"),
            ("DMX", "DMX-yə"),
            ("ABŞ", "ABŞ-a"),
            ("UNESKO", "UNESKO-ya"),
            ("Dövlət Miqrasiya Xidməti", "Dövlət Miqrasiya Xidmətinə"),
            ("Nazirlər Kabineti", "Nazirlər Kabinetinə"),
        ] {
            assert_eq!(dative(word), form);
        }
        let genitive = |word| written(word, Number::Singular, Case::Genitive, Possessor::Ours);
        assert_eq!(genitive("Dövlət Miqrasiya Xidməti"), "Dövlət Miqrasiya Xidmətimizin");
        assert_eq!(genitive("iştirak"), "iştirakımızın");
        let plural = |word| written(word, Number::Plural, Case::Locative, Possessor::None);
        assert_eq!(plural("xidmət mərkəzi"), "xidmət mərkəzlərində");
        assert_eq!(plural("uşaq"), "uşaqlarda");
    }

    #[test]
    fn no_possessive_straight_after_a_vowel() {
        let word = |text: &'static str| Word { text, key: text, hyphen: false };
        assert!(bases(&[word("mavi"), word("qəhvəi")]).is_empty());
        assert_eq!(bases(&[word("icra"), word("komitəsi")])[0], "komitə");
        assert_eq!(bases(&[word("sənəd"), word("surəti")]), ["surət"]);
    }
}
