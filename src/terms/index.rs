//! The trie of the terms of one language, and the words of a text that fit its steps.
//!
//! All is kept in flat vectors and numbered: a glossary of a hundred thousand terms is loaded in a fraction of a
//! second and takes some tens of megabytes.

use super::{
    texts::{Hash, Texts},
    words::{Gap, SPACE, TextWord, words},
};
use crate::lang::{
    Language,
    forms::{self, Class, Form, Stem, Word},
};
use crate::model::Term;
use hashbrown::HashTable;
use rustc_hash::FxHashMap;

/// No more of the list follows.
const END: u32 = u32::MAX;

/// The trie of one language.
#[derive(Debug, Default)]
pub(super) struct Index {
    stems: Texts,
    /// For each stem the first of its links.
    first_link: Vec<u32>,
    links: Vec<Link>,
    /// What each slot is made of, slot after slot, and where it ends.
    slot_stems: Vec<(u32, Class)>,
    slot_ends: Vec<u32>,
    slots: HashTable<u32>,
    steps: FxHashMap<(u32, Gap, u32), u32>,
    /// For each node the first of the entries that end there.
    first_entry: Vec<u32>,
    entries: Vec<Entry>,
    longest_stem: usize,
}

/// A stem belongs to a slot, as what.
#[derive(Debug)]
struct Link {
    slot: u32,
    class: Class,
    next: u32,
}

/// What one path through the trie stands for.
#[derive(Debug)]
pub(super) struct Entry {
    pub concept: u32,
    /// `None`: a phrase in which the concept's terms mean something else.
    pub term: Option<u32>,
    /// For each word, how its letters must be cased; empty where any case will do.
    pub own_case: Box<[OwnCase]>,
    /// Punctuation that must follow straight on.
    pub after: Box<str>,
    pub inflects: bool,
    next: u32,
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

/// A slot that a word of the text can fill, and the forms it is then in (`None`: all of them), as a stretch of a
/// list of forms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled {
    pub slot: u32,
    pub forms: Option<Stretch>,
}

/// A stretch of a list, by its ends.
pub(super) type Stretch = (u32, u32);

/// A term taken apart: what can be worked out of one without the others.
pub(super) struct Prepared {
    concept: u32,
    term: Option<u32>,
    words: Vec<(Gap, Vec<Stem>)>,
    own_case: Box<[OwnCase]>,
    after: Box<str>,
    inflects: bool,
}

impl Prepared {
    /// `None` for a term without a word.
    pub fn new(language: Language, concept: u32, term: Option<u32>, given: &Term) -> Option<Prepared> {
        let all = words(language, &given.text);
        let ends_at = all.last()?.span.end;
        let view: Vec<Word<'_>> =
            all.iter().map(|w| Word { text: w.span.of(&given.text), key: &w.key, hyphen: w.hyphen }).collect();
        let stems = forms::stems(language, &view, &given.grammar);
        let one_acronym = view.len() == 1 && view[0].is_acronym();
        let cased = given.case_sensitive || one_acronym || given.abbreviation;
        let mut words = Vec::with_capacity(all.len());
        let mut own_case = Vec::new();
        for ((at, word), stems) in all.iter().enumerate().zip(stems) {
            if stems.is_empty() {
                continue; // the `to` of a verb
            }
            if cased {
                let text = view[at].text;
                own_case.push(match view[at].is_acronym() {
                    true => OwnCase::Whole(text.replace('.', "").into()),
                    false if given.case_sensitive => OwnCase::Common(text.into()),
                    false => OwnCase::Any,
                });
            }
            words.push((if words.is_empty() { SPACE } else { word.gap.unwrap_or(SPACE) }, stems));
        }
        let after = given.text[ends_at..].trim_matches(|c: char| c.is_whitespace() || ".\"'”’»)".contains(c));
        let inflects = !given.grammar.indeclinable;
        Some(Prepared { concept, term, words, own_case: own_case.into(), after: after.into(), inflects })
    }
}

impl Index {
    pub fn new() -> Index {
        Index { first_entry: vec![END], ..Index::default() }
    }

    pub fn add(&mut self, prepared: Prepared) {
        let mut node = 0;
        let mut slot_stems = Vec::new();
        for (gap, stems) in prepared.words {
            slot_stems.clear();
            slot_stems.extend(stems.iter().map(|stem| (self.stem(&stem.text), stem.class)));
            let slot = self.slot(&slot_stems);
            let next = self.first_entry.len() as u32;
            node = *self.steps.entry((node, gap, slot)).or_insert(next);
            if node == next {
                self.first_entry.push(END);
            }
        }
        let Prepared { concept, term, own_case, after, inflects, .. } = prepared;
        let next = std::mem::replace(&mut self.first_entry[node as usize], self.entries.len() as u32);
        self.entries.push(Entry { concept, term, own_case, after, inflects, next });
    }

    fn stem(&mut self, text: &str) -> u32 {
        let number = self.stems.number(text);
        if self.first_link.len() < self.stems.len() {
            self.longest_stem = self.longest_stem.max(text.len());
            self.first_link.push(END);
        }
        number
    }

    fn slot(&mut self, stems: &[(u32, Class)]) -> u32 {
        let Index { slots, slot_stems, slot_ends, .. } = self;
        let of = |slot: u32| {
            let start = slot.checked_sub(1).map_or(0, |before| slot_ends[before as usize]);
            &slot_stems[start as usize..slot_ends[slot as usize] as usize]
        };
        let hash = hash_of(stems);
        if let Some(slot) = slots.find(hash, |slot| of(*slot) == stems) {
            return *slot;
        }
        let slot = slot_ends.len() as u32;
        slots.insert_unique(hash, slot, |slot| hash_of(of(*slot)));
        slot_stems.extend_from_slice(stems);
        slot_ends.push(slot_stems.len() as u32);
        for (stem, class) in stems {
            let next = std::mem::replace(&mut self.first_link[*stem as usize], self.links.len() as u32);
            self.links.push(Link { slot, class: *class, next });
        }
        slot
    }

    /// The node that a word in `slot` after `gap` leads to.
    pub fn step(&self, node: u32, gap: Gap, slot: u32) -> Option<u32> {
        self.steps.get(&(node, gap, slot)).copied()
    }

    /// The entries that end at a node, with their numbers.
    pub fn entries_at(&self, node: u32) -> impl Iterator<Item = &Entry> {
        let entry = |number: u32| self.entries.get(number as usize);
        std::iter::successors(entry(self.first_entry[node as usize]), move |before| entry(before.next))
    }

    /// Appends the slots a word can fill, told by its beginnings, to `out`, and their forms to `forms`.
    pub fn fill(&self, language: Language, word: &TextWord, out: &mut Vec<Filled>, forms: &mut Vec<Form>) {
        let mut read = Vec::new();
        let key = word.key.as_str();
        let first = out.len();
        let mut hash = Hash::EMPTY;
        let mut from = 0;
        let ends = key.char_indices().map(|(at, _)| at).skip(1).chain([key.len()]);
        for end in ends.take_while(|end| *end <= self.longest_stem) {
            hash = hash.then(&key.as_bytes()[from..end]);
            from = end;
            let Some(stem) = self.stems.find(&key[..end], hash) else { continue };
            let mut at = self.first_link[stem as usize];
            while let Some(Link { slot, class, next }) = self.links.get(at as usize) {
                at = *next;
                let own = if class.is_fixed() {
                    if end < key.len() {
                        continue;
                    }
                    None
                } else {
                    read.clear();
                    forms::read(language, *class, key, end, &mut read);
                    if read.is_empty() {
                        continue;
                    }
                    let start = forms.len() as u32;
                    forms.extend_from_slice(&read);
                    Some((start, forms.len() as u32))
                };
                match out[first..].iter_mut().find(|filled| filled.slot == *slot) {
                    Some(known) => known.forms = known.forms.zip(own).map(|(a, b)| joined(forms, a, b)),
                    None => out.push(Filled { slot: *slot, forms: own }),
                }
            }
        }
    }
}

fn hash_of(stems: &[(u32, Class)]) -> u64 {
    stems.iter().fold(Hash::EMPTY, |hash, (stem, class)| hash.then(&stem.to_le_bytes()).then(&class.bytes())).done()
}

/// The forms of two stretches of `forms`, each once, as one more stretch.
fn joined(forms: &mut Vec<Form>, a: Stretch, b: Stretch) -> Stretch {
    let start = forms.len();
    for at in (a.0..a.1).chain(b.0..b.1) {
        let form = forms[at as usize];
        if !forms[start..].contains(&form) {
            forms.push(form);
        }
    }
    (start as u32, forms.len() as u32)
}
