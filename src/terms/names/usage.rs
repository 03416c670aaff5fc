//! How often each name stands in many texts, and in how many of them.
//!
//! Built a text at a time or in parts that are joined; the result is the same whatever the order, as long as nothing
//! was pruned. What is kept is bounded: past [`MOST`] forms of a language those are let go that stand there least
//! often. They could neither be the usual spelling of a name nor, at once or twice, vouch for another.

use super::{
    Names,
    endings::Endings,
    near::{Neighbourhood, one_edit},
};
use crate::{
    lang::Language,
    text::{Span, TokenKind, tokens},
};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    sync::OnceLock,
};

/// How often a name must stand elsewhere before it is established there, …
pub(super) const ESTABLISHED: u32 = 4;

/// … and in how many texts: one text may be wrong throughout.
pub(super) const ESTABLISHED_TEXTS: u32 = 2;

/// The most forms of names kept of one language, and as many words in lower case. A memory of a million units holds
/// about half of that.
const MOST: usize = 400_000;

/// The names of many texts, by language.
#[derive(Debug, Default)]
pub struct Usage {
    languages: BTreeMap<Language, Spellings>,
}

/// The names of one language.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// By key.
    forms: FxHashMap<Box<str>, Written>,
    stems: FxHashMap<Box<str>, Count>,
    /// Pairs of names that stood side by side, each by its shortest stem.
    pairs: FxHashSet<u64>,
    /// How often words stand in lower case, by the hash of their keys.
    common: FxHashMap<u64, u32>,
    /// Keys of the names of approved terms, with the way they are written.
    approved: BTreeMap<Box<str>, Box<str>>,
    /// Which texts are in it.
    held: FxHashSet<u64>,
    pruned: bool,
    index: OnceLock<Index>,
}

/// How a form is written, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    surface: Box<str>,
    count: u32,
}

/// Occurrences of all forms on a stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub all: u32,
    /// Those that begin no sentence.
    pub inner: u32,
    /// Those beside another name.
    pub named: u32,
    /// Texts that have any.
    pub texts: u32,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.all = self.all.saturating_add(other.all);
        self.inner = self.inner.saturating_add(other.inner);
        self.named = self.named.saturating_add(other.named);
        self.texts = self.texts.saturating_add(other.texts);
    }

    pub fn without(self, other: Count) -> Count {
        Count {
            all: self.all.saturating_sub(other.all),
            inner: self.inner.saturating_sub(other.inner),
            named: self.named.saturating_sub(other.named),
            texts: self.texts.saturating_sub(other.texts),
        }
    }
}

/// The established names, ready to be found by what is like them.
#[derive(Debug)]
pub(super) struct Index {
    pub families: Vec<Established>,
    pub near: Neighbourhood,
}

/// A name that is established: its stem and the forms on it.
#[derive(Debug)]
pub(super) struct Established {
    pub stem: Box<str>,
    /// Keys, the commonest first.
    pub forms: Vec<Box<str>>,
    pub approved: bool,
}

fn hash_of(parts: &[&str]) -> u64 {
    let mut hasher = FxHasher::default();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The shortest stem whose neighbours are looked for in great numbers of words, in characters.
const LONG_ENOUGH: usize = 5;

/// What a word is to the names of some texts: which stems, by number, it may stand on, or is a letter off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Like {
    Same(Vec<usize>),
    Near(Vec<usize>),
}

/// The words that may be a name of some texts, or a letter off one.
pub struct Likes<'u> {
    stems: Vec<&'u str>,
    near: Neighbourhood,
    endings: Option<&'static Endings>,
}

impl Likes<'_> {
    /// `word` is a key. One that may stand on a stem is no slip of another.
    pub fn of(&self, word: &str) -> Option<Like> {
        let (mut same, mut near) = (Vec::new(), Vec::new());
        for cut in super::cuts(self.endings, word) {
            let stem = &word[..cut];
            let long = stem.chars().count() >= LONG_ENOUGH;
            for at in self.near.candidates(stem) {
                if self.stems[at] == stem {
                    same.push(at);
                } else if long && one_edit(self.stems[at], stem) {
                    near.push(at);
                }
            }
        }
        match (same.is_empty(), near.is_empty()) {
            (false, _) => Some(Like::Same(same)),
            (true, false) => Some(Like::Near(near)),
            (true, true) => None,
        }
    }
}

impl Usage {
    /// What is like the names of a language; `None` where there are none.
    pub fn likes(&self, language: Language) -> Option<Likes<'_>> {
        let stems: Vec<&str> = self.languages.get(&language)?.stems.keys().map(|stem| &**stem).collect();
        let near = Neighbourhood::new(stems.iter().copied());
        (!stems.is_empty()).then(|| Likes { stems, near, endings: Endings::of(language) })
    }

    /// Takes in a text, of which `parts` are in `language`. Units of a memory are best given together, those of one
    /// document as the parts of one text: counts are of texts too.
    pub fn add(&mut self, text: &str, parts: &[Span], language: Language) {
        let spellings = self.languages.entry(language).or_default();
        if spellings.held.insert(print(text, parts)) {
            spellings.add(&Names::read(text, parts, language));
        }
    }

    /// Takes in all that `other` has, but for texts: those must be others.
    pub fn join(&mut self, other: Usage) {
        for (language, theirs) in other.languages {
            self.languages.entry(language).or_default().join(theirs);
        }
    }

    /// The capitalised words of an approved term are right as they are, however rare, and what is near them is not.
    pub fn approve(&mut self, language: Language, term: &str) {
        let spellings = self.languages.entry(language).or_default();
        spellings.index = OnceLock::new();
        for token in tokens(term).filter(|token| token.kind == TokenKind::Word) {
            let word = super::word_before_apostrophe(token.text(term));
            if matches!(super::Shape::of(word), super::Shape::Name) {
                spellings.approved.insert(language.key(word).into(), word.into());
            }
        }
        let names = Names::read(term, &[Span::new(0, term.len())], language);
        spellings.pairs.extend(pairs_of(&names).map(|(before, after)| hash_of(&[before, after])));
    }

    pub(super) fn of(&self, language: Language) -> Option<&Spellings> {
        self.languages.get(&language)
    }
}

/// What tells one text from another.
fn print(text: &str, parts: &[Span]) -> u64 {
    let mut hasher = FxHasher::default();
    for part in parts {
        part.of(text).hash(&mut hasher);
    }
    hasher.finish()
}

impl Spellings {
    fn add(&mut self, names: &Names<'_>) {
        self.index = OnceLock::new();
        for form in &names.forms {
            let surface = names.surface(form.words[0]);
            note(&mut self.forms, &form.key, surface, form.words.len() as u32);
        }
        for (stem, count) in stems_of(names) {
            self.stems.entry(stem.into()).or_default().add(count);
        }
        for (before, after) in pairs_of(names) {
            self.pairs.insert(hash_of(&[before, after]));
        }
        for (word, count) in &names.common {
            *self.common.entry(hash_of(&[word])).or_default() += count;
        }
        self.prune();
    }

    fn join(&mut self, other: Spellings) {
        self.index = OnceLock::new();
        for (key, written) in &other.forms {
            note(&mut self.forms, key, &written.surface, written.count);
        }
        for (stem, count) in other.stems {
            self.stems.entry(stem).or_default().add(count);
        }
        for (word, count) in other.common {
            *self.common.entry(word).or_default() += count;
        }
        self.pairs.extend(other.pairs);
        self.approved.extend(other.approved);
        self.held.extend(other.held);
        self.pruned |= other.pruned;
        self.prune();
    }

    /// Lets go of what stands least often, until half of [`MOST`] is left at most.
    fn prune(&mut self) {
        let mut least = 1;
        while self.forms.len() > MOST || (least > 1 && self.forms.len() > MOST / 2) {
            self.forms.retain(|_, written| written.count > least);
            self.stems.retain(|_, count| count.all > least);
            self.pruned = true;
            least += 1;
        }
        let mut least = 1;
        while self.common.len() > MOST || (least > 1 && self.common.len() > MOST / 2) {
            self.common.retain(|_, count| *count > least);
            self.pruned = true;
            least += 1;
        }
        if self.pairs.len() > 2 * MOST {
            // Without its neighbours a name is judged by its count alone.
            self.pairs.clear();
            self.pruned = true;
        }
    }

    /// Whether the text is one of those counted.
    pub fn holds(&self, text: &str, parts: &[Span]) -> bool {
        self.held.contains(&print(text, parts))
    }

    pub fn count(&self, stem: &str) -> Count {
        self.stems.get(stem).copied().unwrap_or_default()
    }

    pub fn count_of_form(&self, key: &str) -> u32 {
        self.forms.get(key).map_or(0, |written| written.count)
    }

    /// How a form is written.
    pub fn surface(&self, key: &str) -> Option<&str> {
        self.approved.get(key).map(|surface| &**surface).or_else(|| Some(&*self.forms.get(key)?.surface))
    }

    /// The names stood side by side, each given by its shortest stem.
    pub fn beside(&self, before: &str, after: &str) -> bool {
        self.pairs.contains(&hash_of(&[before, after]))
    }

    /// A word that stands in lower case as often as it does with a capital is no name.
    pub fn is_common(&self, key: &str, capitals: u32) -> bool {
        self.common.get(&hash_of(&[key])).is_some_and(|count| *count >= capitals)
    }

    /// A form of a name in an approved term.
    pub fn is_approved(&self, key: &str, cuts: &[usize]) -> bool {
        self.approved.contains_key(key) || cuts.iter().any(|cut| self.approved.contains_key(&key[..*cut]))
    }

    pub fn index(&self, language: Language) -> &Index {
        self.index.get_or_init(|| self.indexed(language))
    }

    fn indexed(&self, language: Language) -> Index {
        let endings = Endings::of(language);
        let mut by_stem: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut cuts: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let approved = self.approved.keys().filter(|key| !self.forms.contains_key(*key));
        for key in self.forms.keys().chain(approved) {
            let own = super::cuts(endings, key);
            if self.is_common(key, self.count_of_form(key)) {
                continue;
            }
            own.iter().for_each(|cut| by_stem.entry(&key[..*cut]).or_default().push(key));
            cuts.insert(key, own);
        }
        let mut families = Vec::new();
        for (stem, forms) in &by_stem {
            let count = self.count(stem);
            let approved = self.approved.contains_key(*stem);
            let established = count.all >= ESTABLISHED && count.texts >= ESTABLISHED_TEXTS && count.inner > 0;
            // The longest stem a group of forms has in common.
            let longer = cuts[forms[0]].iter().take_while(|cut| **cut > stem.len());
            let longest = longer.into_iter().all(|cut| by_stem[&forms[0][..*cut]].len() < forms.len());
            if approved || (established && longest) {
                let mut forms: Vec<Box<str>> = forms.iter().map(|form| (*form).into()).collect();
                forms.sort_by_key(|form| (std::cmp::Reverse(self.count_of_form(form)), form.clone()));
                families.push(Established { stem: (*stem).into(), forms, approved });
            }
        }
        let near = Neighbourhood::new(families.iter().map(|family| &*family.stem));
        Index { families, near }
    }
}

fn note(forms: &mut FxHashMap<Box<str>, Written>, key: &str, surface: &str, count: u32) {
    match forms.get_mut(key) {
        Some(known) => {
            known.count = known.count.saturating_add(count);
            // The least of them, so that the order of the texts does not matter.
            if surface < &*known.surface {
                known.surface = surface.into();
            }
        }
        None => {
            forms.insert(key.into(), Written { surface: surface.into(), count });
        }
    }
}

/// What a text counts for: its stems, each once.
pub(super) fn stems_of<'n>(names: &'n Names<'_>) -> impl Iterator<Item = (&'n str, Count)> {
    names.stems.iter().map(|(stem, forms)| {
        let mut count = Count { texts: 1, ..Count::default() };
        for form in forms.iter().map(|form| &names.forms[*form]) {
            count.all += form.words.len() as u32;
            count.inner += form.inner as u32;
            count.named += form.words.iter().filter(|word| names.is_named(**word)).count() as u32;
        }
        (stem.as_str(), count)
    })
}

/// The names that stand side by side in a text, each by its shortest stem.
fn pairs_of<'n>(names: &'n Names<'_>) -> impl Iterator<Item = (&'n str, &'n str)> {
    (1..names.words.len()).filter(|at| names.words[*at].joined).filter_map(|at| {
        let short = |word: usize| shortest(&names.forms[names.words[word].form]);
        Some((short(at - 1)?, short(at)?))
    })
}

/// The shortest stem of a form.
pub(super) fn shortest(form: &super::Form) -> Option<&str> {
    Some(&form.key[..*form.cuts.last()?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn add(usage: &mut Usage, text: &str) {
        usage.add(text, &[Span::new(0, text.len())], Language::AZ);
    }

    /// All that is counted, in an order of its own.
    fn told(usage: &Usage) -> String {
        let Some(spellings) = usage.of(Language::AZ) else { return String::new() };
        let mut out: Vec<String> = spellings.forms.iter().map(|(key, written)| format!("{key} {written:?}")).collect();
        out.extend(spellings.stems.iter().map(|(stem, count)| format!("{stem} {count:?}")));
        out.extend(spellings.common.iter().map(|(word, count)| format!("{word} {count}")));
        out.extend(spellings.pairs.iter().map(|pair| format!("{pair}")));
        out.extend(spellings.index(Language::AZ).families.iter().map(|family| format!("{family:?}")));
        out.sort();
        out.join("\n")
    }

    #[test]
    fn occurrences_and_texts_are_counted() {
        let mut usage = Usage::default();
        for text in ["o Bahar Muradova, bu Baharın, evdə.", "və Baharla. Bahar gəldi", "və Baharla. Bahar gəldi"]
        {
            add(&mut usage, text);
        }
        let spellings = usage.of(Language::AZ).unwrap();
        assert_eq!(spellings.count("bahar"), Count { all: 4, inner: 3, named: 1, texts: 2 }, "a text counts once");
        assert_eq!((spellings.count_of_form("baharla"), spellings.surface("baharla")), (1, Some("Baharla")));
        assert!(spellings.beside("bahar", "muradov") && !spellings.beside("muradov", "bahar"));
        assert!(spellings.is_common("evdə", 1) && !spellings.is_common("evdə", 2));
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_usual_stays() {
        let mut spellings = Spellings::default();
        for number in 0..MOST + 1 {
            note(&mut spellings.forms, &format!("n{number}"), "N", if number < 10 { 5 } else { 1 });
        }
        spellings.prune();
        assert!(spellings.pruned && spellings.forms.len() == 10);
    }

    proptest! {
        #[test]
        fn joined_as_added_in_any_order(texts in prop::collection::vec("((Ba[hk]ar|Mura?dova|gül|Bakı)(nın|da)?[ .,]{1,2}){0,6}", 0..6), at in 0usize..6) {
            let mut texts: Vec<String> = texts;
            texts.sort();
            texts.dedup();
            let mut all = Usage::default();
            texts.iter().for_each(|text| add(&mut all, text));
            let (first, second) = texts.split_at(at.min(texts.len()));
            let (mut one, mut other) = (Usage::default(), Usage::default());
            first.iter().rev().for_each(|text| add(&mut one, text));
            second.iter().rev().for_each(|text| add(&mut other, text));
            other.join(one);
            prop_assert_eq!(told(&all), told(&other));
        }
    }
}
