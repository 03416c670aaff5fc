//! The trie of the terms of one language, and the words of a text that fit its steps.

use super::words::{Gap, SPACE, TextWord, words};
use crate::lang::{
    Language,
    forms::{self, Class, Form, Stem, Word},
};
use crate::model::Term;
use rustc_hash::FxHashMap;

/// The trie of one language.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Stem → the slots it belongs to and as what.
    stems: FxHashMap<Box<str>, Vec<(u32, Class)>>,
    slots: FxHashMap<Vec<Stem>, u32>,
    pub steps: FxHashMap<(u32, Gap, u32), u32>,
    /// Entries that end at a node.
    pub ends: FxHashMap<u32, Vec<u32>>,
    pub entries: Vec<Entry>,
    nodes: u32,
    longest_stem: usize,
}

/// What one path through the trie stands for.
#[derive(Debug)]
pub(super) struct Entry {
    pub concept: usize,
    /// `None`: a phrase in which the concept's terms mean something else.
    pub term: Option<usize>,
    /// For each word, how its letters must be cased.
    pub own_case: Vec<OwnCase>,
    /// Punctuation that must follow straight on.
    pub after: Box<str>,
    pub inflects: bool,
}

/// How the letters of a word of a text must be cased to be a word of a term.
#[derive(Debug)]
pub(super) enum OwnCase {
    Any,
    /// The word begins with an acronym as it is written: `DMXnin`.
    Whole(Box<str>),
    /// The letters the word has in common with this one are cased as here: `Исполнительной` is as
    /// `Исполнительная`, `исполнительная` is not.
    Common(Box<str>),
}

impl OwnCase {
    pub fn suits(&self, language: Language, surface: &str) -> bool {
        let own = match self {
            OwnCase::Any => return true,
            OwnCase::Whole(own) => {
                return surface.starts_with(&**own) || surface.replace('.', "").starts_with(&**own);
            }
            OwnCase::Common(own) => own,
        };
        let mut letter = [0; 4];
        let mut key = |c: char| language.key(c.encode_utf8(&mut letter));
        let said = surface.chars().filter(|c| c.is_alphanumeric());
        for (at, (own, said)) in own.chars().filter(|c| c.is_alphanumeric()).zip(said).enumerate() {
            let common = key(own) == key(said);
            // A stem may be another altogether (`Ребенок`, `Дети`): its first letter counts all the same.
            if (common || at == 0) && own.is_uppercase() != said.is_uppercase() {
                return false;
            }
            if !common {
                break;
            }
        }
        true
    }
}

/// A slot that a word of the text can fill, and the forms it is then in (`None`: all of them).
pub(super) struct Filled {
    pub slot: u32,
    pub forms: Option<Vec<Form>>,
}

impl Index {
    fn node(&mut self, from: u32, gap: Gap, slot: u32) -> u32 {
        let next = self.nodes + 1;
        let node = *self.steps.entry((from, gap, slot)).or_insert(next);
        self.nodes = self.nodes.max(node);
        node
    }

    fn slot(&mut self, stems: Vec<Stem>) -> u32 {
        if let Some(slot) = self.slots.get(&stems) {
            return *slot;
        }
        let slot = self.slots.len() as u32;
        for stem in &stems {
            self.longest_stem = self.longest_stem.max(stem.text.len());
            self.stems.entry(stem.text.as_str().into()).or_default().push((slot, stem.class));
        }
        self.slots.insert(stems, slot);
        slot
    }

    pub fn add(&mut self, language: Language, concept: usize, term: Option<usize>, given: &Term) {
        let all = words(language, &given.text);
        if all.is_empty() {
            return;
        }
        let ends_at = all.last().map_or(0, |word| word.span.end);
        let view: Vec<Word<'_>> =
            all.iter().map(|w| Word { text: w.span.of(&given.text), key: &w.key, hyphen: w.hyphen }).collect();
        let stems = forms::stems(language, &view, &given.grammar);
        let inflects = !given.grammar.indeclinable;
        let one_acronym = view.len() == 1 && view[0].is_acronym();
        let mut node = 0;
        let mut own_case = Vec::new();
        for ((at, word), stems) in all.iter().enumerate().zip(stems) {
            if stems.is_empty() {
                continue; // the `to` of a verb
            }
            let text = view[at].text;
            own_case.push(match (given.case_sensitive || one_acronym || given.abbreviation, view[at].is_acronym()) {
                (true, true) => OwnCase::Whole(text.replace('.', "").into()),
                (_, false) if given.case_sensitive => OwnCase::Common(text.into()),
                _ => OwnCase::Any,
            });
            let gap = if node == 0 { SPACE } else { word.gap.unwrap_or(SPACE) };
            let slot = self.slot(stems);
            node = self.node(node, gap, slot);
        }
        let after = given.text[ends_at..].trim_matches(|c: char| c.is_whitespace() || ".\"'”’»)".contains(c));
        let entry = Entry { concept, term, own_case, after: after.into(), inflects };
        self.ends.entry(node).or_default().push(self.entries.len() as u32);
        self.entries.push(entry);
    }

    /// The slots a word can fill, by its prefixes.
    pub fn fill(&self, language: Language, word: &TextWord) -> Vec<Filled> {
        let mut out: Vec<Filled> = Vec::new();
        let key = word.key.as_str();
        let mut ends: Vec<usize> = key.char_indices().map(|(at, _)| at).skip(1).collect();
        ends.push(key.len());
        let mut readings = Vec::new();
        for end in ends.into_iter().take_while(|end| *end <= self.longest_stem) {
            let Some(stems) = self.stems.get(&key[..end]) else { continue };
            for (slot, class) in stems {
                let forms = if class.is_fixed() {
                    if end < key.len() {
                        continue;
                    }
                    None
                } else {
                    readings.clear();
                    forms::read(language, *class, key, end, &mut readings);
                    if readings.is_empty() {
                        continue;
                    }
                    Some(readings.clone())
                };
                match out.iter_mut().find(|f| f.slot == *slot) {
                    Some(known) => match (&mut known.forms, forms) {
                        (Some(known), Some(more)) => more.into_iter().for_each(|form| {
                            if !known.contains(&form) {
                                known.push(form);
                            }
                        }),
                        (known, _) => *known = None,
                    },
                    None => out.push(Filled { slot: *slot, forms }),
                }
            }
        }
        out
    }
}
