//! The dictionary form of a phrase, found from the forms it was met in: of all that may be it the one whose forms
//! these are, read by the tables of `lang::forms`.

use super::{
    corpus::{Side, flag},
    phrases::{Capitals, Phrase},
};
use crate::{
    lang::{
        Language,
        forms::{Case, Form, Grammar, Number, Possessor, Verb},
    },
    model::{Concept, Status, Term},
    terms::{Overlap, Termbase, written_as},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Forms of a phrase looked at, the most frequent first.
const FORMS: usize = 16;
/// Letters taken off a word at the most to find its dictionary form.
const CUT: usize = 8;

/// How a dictionary form differs from the others, for one language.
struct Citing {
    language: Language,
    /// Which words change: the last one alone, or all to the first noun.
    agree: bool,
    /// Endings of dictionary forms that may stand where letters were taken off.
    nouns: &'static [&'static str],
    /// By gender, of words that agree with the noun.
    adjectives: &'static [&'static [&'static str]],
    /// Endings words that agree are met with.
    agreeing: &'static [&'static str],
    /// (As it stands before endings, as it stands at the end of a word.)
    alternations: &'static [(char, char)],
    /// The last word of several may be cited with a possessive.
    izafet: bool,
}

static CITING: &[Citing] = &[
    Citing {
        language: Language::EN,
        agree: false,
        nouns: &["", "y", "e"], // bodies, body; services, service
        adjectives: &[],
        agreeing: &[],
        alternations: &[],
        izafet: false,
    },
    Citing {
        language: Language::AZ,
        agree: false,
        nouns: &[""],
        adjectives: &[],
        agreeing: &[],
        alternations: &[('ğ', 'q'), ('y', 'k')], // uşağı, uşaq; ürəyi, ürək
        izafet: true,
    },
    Citing {
        language: Language::RU,
        agree: true,
        // закон, служба, неделя, право, соглашение, гость, случай, миграция; plural only: данные
        nouns: &["", "а", "я", "о", "е", "ь", "й"],
        adjectives: &[&["ый", "ий", "ой"], &["ая", "яя"], &["ое", "ее"]],
        agreeing: &[
            "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем",
            "ую", "юю", "ей", "ых", "их", "ыми", "ими",
        ],
        alternations: &[],
        izafet: false,
    },
];

/// The words of a phrase as met, in key letters, and how often so.
struct Met {
    words: Vec<String>,
    count: usize,
}

/// A phrase as a dictionary has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cited {
    pub text: String,
    /// Met in the plural only, or mostly.
    pub plural: bool,
}

/// Finds dictionary forms in one language.
pub(super) struct Citer<'c> {
    side: &'c Side,
    capitals: Capitals,
    /// The words there are, by key: one that is met goes before one that is made.
    known: FxHashSet<&'c str>,
}

impl<'c> Citer<'c> {
    pub fn new(side: &'c Side) -> Citer<'c> {
        let known = side.surfaces.iter().map(|surface| surface.key.as_str()).collect();
        Citer { side, capitals: Capitals::new(side), known }
    }

    /// The dictionary form of a phrase, with capitals as most of its occurrences have them.
    pub fn cite(&self, phrase: &Phrase) -> Cited {
        let met = self.met(phrase);
        let (words, plural) = self.words(&met);
        Cited { text: self.cased(phrase, &words), plural }
    }

    fn met(&self, phrase: &Phrase) -> Vec<Met> {
        let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        for place in &phrase.places {
            let places = *place..place + u32::from(phrase.words);
            let words = places.map(|place| self.side.surface(place)).map(|s| if s.acronym { &s.text } else { &s.key });
            *counts.entry(words.map(String::as_str).collect()).or_default() += 1;
        }
        let owned = |(words, count): (Vec<&str>, usize)| Met { words: words.iter().map(|w| (*w).to_owned()).collect(), count };
        let mut out: Vec<Met> = counts.into_iter().map(owned).collect();
        out.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.words.cmp(&b.words)));
        out.truncate(FORMS);
        out
    }

    /// The words of the dictionary form, and whether it stands in the plural.
    fn words(&self, met: &[Met]) -> (Vec<String>, bool) {
        let language = self.side.language;
        let Some(citing) = CITING.iter().find(|citing| citing.language == language) else {
            return (met[0].words.clone(), false);
        };
        let guesses = self.guesses(citing, met);
        let texts: Vec<String> = guesses.iter().map(|words| words.join(" ")).collect();
        let read = readings(language, &texts, met);
        let all: usize = met.iter().map(|met| met.count).sum();
        let best = (0..guesses.len()).filter(|at| read[*at].covered * 5 >= all * 3).max_by_key(|at| {
            let words = &guesses[*at];
            let known = words.iter().filter(|word| self.known.contains(word.as_str())).count();
            let seen = met.iter().find(|met| met.words == *words).map_or(0, |met| met.count);
            let length: usize = words.iter().map(|word| word.chars().count()).sum();
            // An izafet is the longest that all forms come from, any other word the shortest.
            let izafet = citing.izafet && words.len() > 1;
            let length = if izafet { length as isize } else { -(length as isize) };
            (read[*at].covered, known, if izafet { length } else { 0 }, seen, length, std::cmp::Reverse(*at))
        });
        let Some(best) = best else { return (met[0].words.clone(), false) };
        let Reading { plural, covered } = read[best];
        let only_plural = plural > 0 && plural == covered;
        if only_plural
            && let Some(text) = written_as(
                language,
                &texts[best],
                &Grammar::default(),
                Form::new(Number::Plural, Case::Nominative),
            )
        {
            return (text.split(' ').map(str::to_owned).collect(), true);
        }
        (guesses[best].clone(), only_plural)
    }

    /// What may be the dictionary form of the phrase.
    fn guesses(&self, citing: &Citing, met: &[Met]) -> Vec<Vec<String>> {
        let common = &met[0].words;
        let length = common.len();
        let forms = |at: usize| -> Vec<&str> {
            let mut out: Vec<&str> = met.iter().map(|met| met.words[at].as_str()).collect();
            out.sort_unstable();
            out.dedup();
            out
        };
        let agrees = |at: usize| {
            citing.agree
                && at + 1 < length
                && forms(at).iter().all(|form| citing.agreeing.iter().any(|ending| form.ends_with(ending)))
                && !forms(at).iter().any(|form| self.is_noun(form))
        };
        let head = if citing.agree { (0..length).find(|at| !agrees(*at)).unwrap_or(length - 1) } else { self.head(common) };
        let nouns = self.nouns(citing, &forms(head), length > 1);
        let mut out = Vec::new();
        let genders: Vec<&[&str]> =
            if citing.agree && head > 0 { citing.adjectives.to_vec() } else { vec![&[][..]] };
        for gender in genders {
            for noun in &nouns {
                let mut words = common.clone();
                words[head].clone_from(noun);
                let mut made = vec![words];
                for at in 0..if citing.agree { head } else { 0 } {
                    let options = self.adjectives(citing, &forms(at), gender);
                    made = made
                        .iter()
                        .flat_map(|words| {
                            options.iter().map(move |option| {
                                let mut words = words.clone();
                                words[at].clone_from(option);
                                words
                            })
                        })
                        .take(64)
                        .collect();
                }
                out.append(&mut made);
            }
        }
        out
    }

    /// The word that changes, where it is one alone: before what hangs on it by a preposition, else the last.
    fn head(&self, words: &[String]) -> usize {
        let last = words.len() - 1;
        if self.side.language != Language::EN {
            return last;
        }
        let roles = super::words::Roles::of(self.side.language);
        (1..last).find(|at| !roles.role(&words[*at]).is_content()).map_or(last, |at| at - 1)
    }

    /// Whether a word with the ending of an adjective is cited with that of a noun in these texts: `миграцией`.
    fn is_noun(&self, form: &str) -> bool {
        let cut = |ending: &str| form.strip_suffix(ending);
        let pairs = [("ией", "ия"), ("ий", "ия"), ("ием", "ие"), ("ой", "а"), ("ей", "я"), ("ом", "о"), ("ие", "ия")];
        let roles = super::words::Roles::of(self.side.language);
        roles.role(form).ends() && pairs.iter().any(|(met, cited)| cut(met).is_some_and(|stem| self.known.contains(format!("{stem}{cited}").as_str())))
    }

    fn nouns(&self, citing: &Citing, forms: &[&str], several: bool) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut add = |word: String| {
            if !out.contains(&word) {
                out.push(word);
            }
        };
        for form in forms {
            add((*form).to_owned());
            let letters: Vec<usize> = form.char_indices().map(|(at, _)| at).collect();
            for at in letters.into_iter().skip(2).rev().take(CUT) {
                let base = &form[..at];
                for ending in citing.nouns {
                    add(format!("{base}{ending}"));
                }
                let last = base.chars().next_back();
                if let Some((met, cited)) = citing.alternations.iter().find(|(met, _)| last == Some(*met)) {
                    add(format!("{}{cited}", base.strip_suffix(*met).unwrap_or(base)));
                }
            }
        }
        if citing.izafet {
            out.retain(|word| forms.iter().any(|form| form == word) || !several || self.known.contains(word.as_str()));
            let plain = out.clone();
            out.retain(|word| !is_oblique(self.side.language, word, &plain));
        }
        out
    }

    fn adjectives(&self, citing: &Citing, forms: &[&str], gender: &[&str]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for form in forms {
            let ending = citing.agreeing.iter().filter(|ending| form.ends_with(**ending)).max_by_key(|e| e.len());
            let Some(base) = ending.and_then(|ending| form.strip_suffix(ending)) else { continue };
            for ending in gender {
                let word = format!("{base}{ending}");
                if !out.contains(&word) {
                    out.push(word);
                }
            }
        }
        let known: Vec<String> = out.iter().filter(|word| self.known.contains(word.as_str())).cloned().collect();
        if known.is_empty() { out } else { known }
    }

    /// The words of a phrase with the capitals most of its occurrences have.
    fn cased(&self, phrase: &Phrase, words: &[String]) -> String {
        let language = self.side.language;
        let (mut all, mut capital) = (vec![0usize; words.len()], vec![0usize; words.len()]);
        let mut spelt: FxHashMap<&str, &str> = FxHashMap::default();
        for place in &phrase.places {
            for offset in 0..phrase.words {
                let place = place + u32::from(offset);
                let surface = self.side.surface(place);
                let counted = self.side.flags[place as usize] & flag::INITIAL == 0;
                all[usize::from(offset)] += usize::from(counted);
                capital[usize::from(offset)] += usize::from(counted && surface.capital);
                // `McDonald`, `PhD`.
                if surface.text.chars().skip(1).any(char::is_uppercase) && !surface.acronym {
                    spelt.insert(&surface.key, &surface.text);
                }
            }
        }
        let place = phrase.places[0];
        let word = |(at, word): (usize, &String)| {
            let share = match all[at] {
                0 => self.capitals.share(self.side.stem(place + at as u32)),
                all => capital[at] as f64 / all as f64,
            };
            match spelt.get(word.as_str()) {
                Some(text) if share >= 0.5 => (*text).to_owned(),
                _ if share >= 0.5 => word.split('-').map(|part| language.capitalised(part)).collect::<Vec<_>>().join("-"),
                _ => word.clone(),
            }
        };
        words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// How often a phrase was met in a form of a guess, and in its plural.
#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    covered: usize,
    plural: usize,
}

fn readings(language: Language, guesses: &[String], met: &[Met]) -> Vec<Reading> {
    let terms: Vec<Term> = guesses.iter().map(|text| Term::new(text.as_str(), language, Status::Proposed)).collect();
    let termbase = Termbase::new(vec![Concept { id: "guess".to_owned(), terms, ..Concept::default() }]);
    let mut out = vec![Reading::default(); guesses.len()];
    for met in met {
        let text = met.words.join(" ");
        for found in termbase.find(language, &text, Overlap::All) {
            if found.span.len() == text.len() && found.forms.iter().all(|form| form.verb == Verb::None) {
                let reading = &mut out[found.term];
                reading.covered += met.count;
                let plural = !found.forms.is_empty() && found.forms.iter().all(|form| form.number == Number::Plural);
                reading.plural += if plural { met.count } else { 0 };
            }
        }
    }
    out
}

/// Whether `word` is nothing but a form of a shorter word of `words` that dictionaries do not cite.
fn is_oblique(language: Language, word: &str, words: &[String]) -> bool {
    let shorter: Vec<Term> = words
        .iter()
        .filter(|other| other.len() < word.len())
        .map(|other| Term::new(other.as_str(), language, Status::Proposed))
        .collect();
    let termbase = Termbase::new(vec![Concept { id: "word".to_owned(), terms: shorter, ..Concept::default() }]);
    let found = termbase.find(language, word, Overlap::All);
    let cited = |form: &Form| {
        form.case == Case::Nominative
            && matches!(form.possessor, Possessor::None | Possessor::Third)
            && form.tail.iter().all(Option::is_none)
            && form.verb == Verb::None
    };
    let whole: Vec<_> = found.iter().filter(|found| found.span.len() == word.len()).collect();
    !whole.is_empty() && !whole.iter().any(|found| found.forms.iter().any(cited))
}
