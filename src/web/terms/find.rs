//! Finding concepts as one types: by the beginning of a term, a part of it, or any form it is met in.

use crate::{
    lang::Language,
    model::{Concept, Status},
    terms::{Overlap, Termbase},
};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, sync::Arc};

/// What the concepts of a glossary are found by.
#[derive(Debug)]
pub struct Finder {
    concepts: Arc<Vec<Concept>>,
    /// The key of each term, with the concept it is of.
    keys: Vec<(u32, Language, Box<str>)>,
    ids: FxHashMap<String, u32>,
    /// Each with the concepts that have it, by name.
    pub domains: BTreeMap<String, usize>,
    /// The languages of terms, those with the most terms first.
    pub languages: Vec<Language>,
}

/// Which concepts are wanted.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    pub text: String,
    pub domain: String,
    pub status: Option<Status>,
    pub language: Option<Language>,
}

/// How well a concept fits what was typed; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Form,
    Beginning,
    Word,
    /// The term stands in what was typed.
    Within,
    Part,
}

/// No more of what was typed is looked at, in bytes.
const LONGEST: usize = 2_000;
/// Letters that may be the beginning of an ending nobody has typed to its end.
const ENDING: usize = 6;
/// Letters of a word that stay.
const STEM: usize = 3;

impl Finder {
    pub fn new(concepts: Arc<Vec<Concept>>) -> Finder {
        let mut keys = Vec::new();
        let mut ids = FxHashMap::default();
        let mut domains: BTreeMap<String, usize> = BTreeMap::new();
        let mut counts: BTreeMap<Language, usize> = BTreeMap::new();
        for (at, concept) in concepts.iter().enumerate() {
            ids.insert(concept.id.clone(), at as u32);
            for term in &concept.terms {
                keys.push((at as u32, term.language, term.language.key(&term.text).into()));
                *counts.entry(term.language).or_default() += 1;
            }
            for domain in concept.domains() {
                *domains.entry(domain.to_owned()).or_default() += 1;
            }
        }
        let mut languages: Vec<Language> = counts.keys().copied().collect();
        languages.sort_by_key(|language| std::cmp::Reverse(counts[language]));
        Finder { concepts, keys, ids, domains, languages }
    }

    /// The concept of this id.
    pub fn at(&self, id: &str) -> Option<usize> {
        self.ids.get(id).map(|at| *at as usize)
    }

    /// The concepts that fit, the best first, those that fit as well in the order of the glossary.
    pub fn find(&self, sought: &Sought, termbase: impl FnOnce() -> Arc<Termbase>) -> Vec<usize> {
        let suits = |at: &usize| sought.suits(&self.concepts[*at]);
        let text = sought.text.trim();
        if text.is_empty() {
            return (0..self.concepts.len()).filter(suits).collect();
        }
        let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let text = &text[..end];
        let languages: Vec<Language> = match sought.language {
            Some(language) => vec![language],
            None => self.languages.clone(),
        };
        let mut fits: FxHashMap<u32, Fit> = FxHashMap::default();
        let mut put = |at: u32, fit: Fit| {
            fits.entry(at).and_modify(|known| *known = fit.min(*known)).or_insert(fit);
        };
        if let Some(at) = self.ids.get(text) {
            put(*at, Fit::Whole);
        }
        self.by_letters(text, &languages, &mut put);
        let termbase = termbase();
        for language in &languages {
            for found in termbase.find(*language, text, Overlap::All) {
                let Some(at) = self.ids.get(&termbase.concept_of(&found).id) else { continue };
                put(*at, if found.span.len() == text.len() { Fit::Form } else { Fit::Within });
            }
        }
        if fits.is_empty() {
            // The ending may not be typed to its end.
            let mut put = |at: u32, fit: Fit| {
                fits.entry(at).or_insert(fit);
            };
            let mut rest = text;
            for _ in 0..ENDING {
                let Some((cut, _)) = rest.char_indices().next_back() else { break };
                rest = &rest[..cut];
                let word = rest.rsplit(char::is_whitespace).next().unwrap_or_default();
                if word.chars().count() < STEM || self.by_letters(rest, &languages, &mut put) {
                    break;
                }
            }
        }
        let mut out: Vec<(Fit, usize)> = fits.into_iter().map(|(at, fit)| (fit, at as usize)).collect();
        out.retain(|(_, at)| suits(at));
        out.sort_unstable();
        out.into_iter().map(|(_, at)| at).collect()
    }

    /// Tells of each concept with the text in a term of these languages; whether there is any.
    fn by_letters(&self, text: &str, languages: &[Language], put: &mut dyn FnMut(u32, Fit)) -> bool {
        let wanted: Vec<(Language, String)> = languages.iter().map(|own| (*own, own.key(text))).collect();
        let mut any = false;
        for (at, language, key) in &self.keys {
            let Some((_, wanted)) = wanted.iter().find(|(own, _)| own == language) else { continue };
            let Some(place) = key.find(wanted.as_str()).filter(|_| !wanted.is_empty()) else { continue };
            let fit = match place {
                0 if key.len() == wanted.len() => Fit::Whole,
                0 => Fit::Beginning,
                _ if key[..place].ends_with(|c: char| !c.is_alphanumeric()) => Fit::Word,
                _ => Fit::Part,
            };
            put(*at, fit);
            any = true;
        }
        any
    }
}

impl Sought {
    fn suits(&self, concept: &Concept) -> bool {
        let of_language = |language: Language| self.language.is_none_or(|wanted| wanted == language);
        let terms = || concept.terms.iter().filter(|term| of_language(term.language));
        (self.domain.is_empty() || concept.domains().any(|domain| domain == self.domain))
            && terms().any(|term| self.status.is_none_or(|status| status == term.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;

    fn glossary() -> (Finder, Arc<Termbase>) {
        let concept = |id: &str, domain: &str, terms: &[(&str, Language, Status)]| Concept {
            id: id.to_owned(),
            domain: Some(domain.to_owned()).filter(|domain| !domain.is_empty()),
            terms: terms.iter().map(|(text, language, status)| Term::new(*text, *language, *status)).collect(),
            ..Concept::default()
        };
        use Status::{Admitted, Forbidden, Preferred};
        let all = Arc::new(vec![
            concept(
                "service",
                "state; people",
                &[
                    ("State Migration Service", Language::EN, Preferred),
                    ("Dövlət Miqrasiya Xidməti", Language::AZ, Preferred),
                    ("Государственная миграционная служба", Language::RU, Preferred),
                ],
            ),
            concept("visa", "", &[("visa", Language::EN, Preferred), ("viza", Language::AZ, Preferred)]),
            concept(
                "entry-visa",
                "people",
                &[("entry visa", Language::EN, Admitted), ("visum", Language::EN, Forbidden)],
            ),
        ]);
        let termbase = Arc::new(Termbase::new(all.to_vec()));
        (Finder::new(all), termbase)
    }

    #[test]
    fn terms_are_found_in_any_form_and_as_they_are_typed() {
        let (finder, termbase) = glossary();
        let ids = ["service", "visa", "entry-visa"];
        for (text, want) in [
            ("", &ids[..]),
            ("vis", &["visa", "entry-visa"]),
            ("visa", &["visa", "entry-visa"]),
            ("VİZA", &["visa"]),
            ("vizanın", &["visa"]),
            ("xidmət", &["service"]),
            ("Dövlət Miqrasiya Xidmətinin", &["service"]),
            // An ending on its way, and one that the word cannot have.
            ("dövlət miqrasiya xidmətinizd", &["service"]),
            ("государственной миграционной службе", &["service"]),
            ("They need an entry visa of the State Migration Service’s.", &["service", "visa", "entry-visa"]),
            ("entry-visa", &["entry-visa", "visa"]),
            ("nothing of this", &[]),
            ("\u{301}", &[]),
        ] {
            let sought = Sought { text: text.to_owned(), ..Sought::default() };
            let found = finder.find(&sought, || Arc::clone(&termbase));
            let found: Vec<&str> = found.into_iter().map(|at| ids[at]).collect();
            assert_eq!(found, want, "{text}");
        }
        assert_eq!((finder.at("visa"), finder.at("vis")), (Some(1), None));
        assert_eq!(finder.languages[0], Language::EN);
        assert_eq!(finder.domains, BTreeMap::from([("people".to_owned(), 2), ("state".to_owned(), 1)]));
    }

    #[test]
    fn filters_hold_together() {
        let (finder, termbase) = glossary();
        let found = |text: &str, domain: &str, status: Option<Status>, language: Option<Language>| {
            let sought = Sought { text: text.to_owned(), domain: domain.to_owned(), status, language };
            finder.find(&sought, || Arc::clone(&termbase))
        };
        assert_eq!(found("", "people", None, None), [0, 2]);
        assert_eq!(found("", "", Some(Status::Forbidden), None), [2]);
        assert_eq!(found("", "", Some(Status::Forbidden), Some(Language::AZ)), [0; 0]);
        assert_eq!(found("vi", "", None, Some(Language::AZ)), [1]);
        assert_eq!(found("vi", "people", Some(Status::Admitted), Some(Language::EN)), [2]);
    }
}
