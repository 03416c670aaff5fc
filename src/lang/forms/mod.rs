//! Inflection both ways: a word of a text to the form it is in (read), a term to that form (write).
//!
//! A word is a stem and an ending. Each language has tables of endings; [`stems`] says which stems a word of a
//! term has and to which row each belongs, [`read`] says which forms a stem with the rest of a word can be, and
//! [`write`] puts a term into a form. Derivation is not inflection: `vətəndaşlıq` is another word than
//! `vətəndaş`. A language without tables has words that never change.

mod az;
mod en;
mod ends;
mod ru;

use super::Language;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What the letters of a term do not tell of its inflection, said by whoever keeps the glossary.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Grammar {
    /// Never inflected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub indeclinable: bool,
    /// The word that is inflected, as it stands in the term; the words after it stay as they are. `None`: by the
    /// rules of the language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Azerbaijani: whether the last word ends in a possessive, as the head of an izafet does (`xidməti` of
    /// `miqrasiya xidməti`). `None`: by its letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub izafet: Option<bool>,
    /// How an abbreviation is read aloud: its endings follow the sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// Forms given by hand, beside those the rows generate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<String>,
}

impl Grammar {
    /// Whether `word` may be named as the head of `term`.
    pub fn may_be_head(term: &str, word: &str) -> bool {
        term.split([' ', '-', '\u{a0}']).any(|own| own == word)
    }

    /// Where the phrase that inflects ends: after the head, if one is named and stands among `words`.
    fn inflected(&self, words: &[Word<'_>]) -> usize {
        let named = self.head.as_deref();
        let at = named.and_then(|head| words.iter().position(|word| word.text == head));
        at.map_or(words.len(), |at| at + 1)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Number {
    #[default]
    Singular,
    Plural,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Case {
    #[default]
    Nominative,
    Genitive,
    Dative,
    Accusative,
    Instrumental,
    /// The Russian prepositional too.
    Locative,
    Ablative,
}

/// Whose it is, where the noun itself says so (Azerbaijani: `xidmətimiz`, our service).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Possessor {
    #[default]
    None,
    Mine,
    Yours,
    Third,
    Ours,
    YoursAll,
}

/// What stands after the case: a relative `-ki` and the case after it, a copula, a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tail {
    Relative,
    Until,
    /// According to it: `qanununca`.
    Equative,
    Plural,
    Case(Case),
    Copula,
    /// The person of the verb, told as whose it would be: `vətəndaşıq`, we are citizens.
    Person(Possessor),
    /// `idi`, `imiş` and `isə` grown to the word.
    Was,
    Reported,
    If,
    Question,
    /// A form of a verb other than the one it is given in; what the numbers mean is the language's own affair.
    Verb(u8),
}

/// The form of a verb, where the term is one (Azerbaijani: `qeydiyyata almaq`). Its number, possessor and case are
/// those of the noun it is then, its person stands in the tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Verb {
    /// A noun, or an infinitive as it is cited.
    #[default]
    None,
    Infinitive,
    /// `alma`, the taking.
    Action,
    Present,
    Past,
    /// `almış` and `alıb`.
    Perfect,
    Told,
    Future,
    Aorist,
    Must,
    If,
    /// `alsın`, let it take.
    Let,
    /// `alan`, who takes.
    Doing,
    /// `aldığı`, what it takes.
    Done,
    /// `alaraq`, by taking.
    By,
    Until,
}

/// A form of a noun phrase. The default is the citation form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Form {
    pub number: Number,
    pub case: Case,
    pub possessor: Possessor,
    pub verb: Verb,
    /// Of a verb: that it is not so.
    pub negative: bool,
    pub tail: [Option<Tail>; 4],
}

impl Form {
    pub fn new(number: Number, case: Case) -> Form {
        Form { number, case, ..Form::default() }
    }

    fn with_tail(mut self, tail: Tail) -> Option<Form> {
        let free = self.tail.iter_mut().find(|slot| slot.is_none())?;
        *free = Some(tail);
        Some(self)
    }
}

/// One word of a term as written in the glossary.
#[derive(Debug, Clone, Copy)]
pub struct Word<'t> {
    /// As written.
    pub text: &'t str,
    /// Its key (`Language::key`).
    pub key: &'t str,
    /// Joined to the word before by a hyphen.
    pub hyphen: bool,
}

impl Word<'_> {
    /// Two to six letters, none of them small: an acronym.
    pub fn is_acronym(&self) -> bool {
        is_acronym(self.text)
    }

    fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Two to six letters, most of them capitals: `DMX`, `ГМС`, `BMqT`.
///
/// Stops between the letters do not count: `U.S.` is one too.
pub fn is_acronym(text: &str) -> bool {
    // Longer than six letters and their stops in any script.
    if text.len() > 30 {
        return false;
    }
    let (mut letters, mut capitals) = (0, 0);
    for c in text.chars() {
        letters += usize::from(c.is_alphabetic());
        capitals += usize::from(c.is_uppercase());
        if letters > 6 {
            return false;
        }
    }
    (2..=6).contains(&letters) && capitals >= 2 && letters - capitals <= 1 && {
        // `McX` is a name, `BMqT` is not: the small letter stands inside and the first is a capital.
        letters == capitals || (letters >= 4 && text.chars().next().is_some_and(char::is_uppercase))
    }
}

/// A stem of a word and the row of endings it takes. What the numbers mean is the language's own affair.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stem {
    /// In key letters.
    pub text: String,
    pub class: Class,
}

/// A row of endings and which of its cells this stem takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Class {
    row: u8,
    cells: u16,
}

impl Class {
    /// The word never changes; it stands in every form at once.
    pub const FIXED: Class = Class { row: u8::MAX, cells: 0 };

    /// The class as bytes, to be hashed.
    pub fn bytes(self) -> [u8; 3] {
        let [low, high] = self.cells.to_le_bytes();
        [self.row, low, high]
    }

    /// Never changes, and says nothing of the form of its term.
    pub fn is_fixed(self) -> bool {
        self == Class::FIXED
    }
}

/// What a language has to say of inflection.
struct Morphology {
    language: Language,
    stems: fn(&[Word<'_>], &Grammar) -> Vec<Vec<Stem>>,
    read: fn(Class, &str, usize, &mut Vec<Form>),
    /// The same for a stem that may be misspelt: nothing is asked of how the ending suits it.
    read_loose: fn(Class, &str, usize, &mut Vec<Form>),
    /// The ending that stands apart from its word after a hyphen or apostrophe: `DMX-nin`.
    read_apart: fn(&str, &mut Vec<Form>),
    write: fn(&[Word<'_>], &Grammar, Form) -> Option<Vec<String>>,
    /// How an ending that stands apart is spelt after the word, if otherwise.
    apart_spelt: fn(&Word<'_>, &Grammar, &str) -> Option<String>,
    /// A suffix of the tables, spelt after a word.
    suffix: fn(&str, &str) -> Option<String>,
    forms: fn() -> Vec<Form>,
}

static MORPHOLOGIES: &[Morphology] = &[
    Morphology {
        language: Language::EN,
        stems: en::stems,
        read: en::read,
        read_loose: en::read,
        read_apart: |_, _| {},
        write: en::write,
        apart_spelt: |_, _, _| None,
        suffix: |_, _| None,
        forms: en::forms,
    },
    Morphology {
        language: Language::AZ,
        stems: az::stems,
        read: az::read,
        read_loose: az::read_loose,
        read_apart: az::read_apart,
        write: az::write,
        apart_spelt: az::apart_spelt,
        suffix: az::suffix,
        forms: az::forms,
    },
    Morphology {
        language: Language::RU,
        stems: ru::stems,
        read: ru::read,
        read_loose: ru::read,
        read_apart: |_, _| {},
        write: ru::write,
        apart_spelt: |_, _, _| None,
        suffix: |_, _| None,
        forms: ru::forms,
    },
];

fn of(language: Language) -> Option<&'static Morphology> {
    MORPHOLOGIES.iter().find(|m| m.language == language)
}

/// The stems of each word of a term, in order. A word that never changes has one fixed stem; a word that need
/// not stand in the text (the `to` of a verb) has none.
pub fn stems(language: Language, words: &[Word<'_>], grammar: &Grammar) -> Vec<Vec<Stem>> {
    match of(language) {
        Some(morphology) if !grammar.indeclinable => {
            let (phrase, rest) = words.split_at(grammar.inflected(words));
            let mut out = (morphology.stems)(phrase, grammar);
            out.extend(rest.iter().map(fixed));
            out
        }
        _ => words.iter().map(fixed).collect(),
    }
}

/// The stems of a word that never changes.
pub fn fixed(word: &Word<'_>) -> Vec<Stem> {
    vec![Stem { text: word.key.to_owned(), class: Class::FIXED }]
}

/// Appends the forms that `word`, a key, can be in when its stem of `class` ends at byte `at`; none when the
/// rest is no ending of that class. A fixed stem appends nothing: see [`Class::is_fixed`].
pub fn read(language: Language, class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    if let Some(morphology) = of(language)
        && !class.is_fixed()
    {
        (morphology.read)(class, word, at, out);
    }
}

/// As [`read`], for a word whose stem may be misspelt: the ending need not suit it.
pub fn read_loose(language: Language, class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    if let Some(morphology) = of(language)
        && !class.is_fixed()
    {
        (morphology.read_loose)(class, word, at, out);
    }
}

/// Appends the forms of an ending that stands after a hyphen, an apostrophe or a closing quotation mark.
pub fn read_apart(language: Language, ending: &str, out: &mut Vec<Form>) {
    if let Some(morphology) = of(language) {
        (morphology.read_apart)(ending, out);
    }
}

/// How `ending`, which stands apart from `word` (an acronym, a number, the last word in quotation marks), should be
/// spelt by the sound of the word: `nin` for the `nın` of `DMX-nın`. `None` where it suits, is no ending, or nothing
/// is known of the sound.
pub fn apart_spelt(language: Language, word: &Word<'_>, grammar: &Grammar, ending: &str) -> Option<String> {
    of(language).and_then(|morphology| (morphology.apart_spelt)(word, grammar, &language.key(ending)))
}

/// The words of a term in `form`, each in the case the glossary writes it in; `None` where the term has no
/// such form. A term that never changes stands in all of them.
pub fn write(language: Language, words: &[Word<'_>], grammar: &Grammar, form: Form) -> Option<Vec<String>> {
    let as_given = |words: &[Word<'_>]| words.iter().map(|w| w.text.to_owned()).collect::<Vec<_>>();
    match of(language) {
        Some(morphology) if !grammar.indeclinable => {
            let (phrase, rest) = words.split_at(grammar.inflected(words));
            let mut out = (morphology.write)(phrase, grammar, form)?;
            out.extend(as_given(rest));
            Some(out)
        }
        _ => (grammar.indeclinable || form == Form::default()).then(|| as_given(words)),
    }
}

/// The suffix `letters`, written as the tables of `language` write suffixes (`dA`, `(y)A`), as it is spelt after `word`, a
/// key: `də`, `yə`. `None` where the language has no such tables.
pub fn suffix(language: Language, letters: &str, word: &str) -> Option<String> {
    of(language).and_then(|morphology| (morphology.suffix)(letters, word))
}

/// Where a form stands among [`forms`]; behind them all where it is none of them.
pub fn rank(language: Language, form: Form) -> usize {
    static RANKS: LazyLock<FxHashMap<(Language, Form), usize>> = LazyLock::new(|| {
        let mut out = FxHashMap::default();
        for morphology in MORPHOLOGIES {
            let forms = (morphology.forms)().into_iter().enumerate();
            out.extend(forms.map(|(at, form)| ((morphology.language, form), at)));
        }
        out
    });
    RANKS.get(&(language, form)).copied().unwrap_or(usize::MAX)
}

/// The forms a term of `language` is commonly met in, the likeliest first.
pub fn forms(language: Language) -> Vec<Form> {
    of(language).map_or_else(|| vec![Form::default()], |morphology| (morphology.forms)())
}
