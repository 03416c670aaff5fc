//! The units that may hold a pattern, by the index.
//!
//! A whole word of the pattern has a list in the index. A part of a word is looked for in the words of the language,
//! and the lists of those that hold it are joined. The part that leads to the fewest texts says where to look; the
//! texts say what is there.

use super::{Folds, Form, Pattern};
use crate::{
    lang::Language,
    memory::{Cached, MemoryError, Reader, key, words::Analyser},
};
use regex_syntax::hir::{Hir, literal::Extractor};
use rustc_hash::FxHashSet;

/// Words that hold a part of the pattern; more of them lead to too many texts.
const WORDS: usize = 2_000;

/// Texts the index may lead to that are put in the order of their units.
const SORTED: usize = 1_000;

/// What must stand in a text: one of these.
enum Wanted {
    /// Whole words, folded.
    Word(String),
    /// Parts of words, folded.
    Parts(Vec<String>),
}

/// Where a pattern may stand.
pub(super) enum Candidates {
    /// The index does not tell.
    Anywhere,
    /// In these units, in order.
    In(Vec<u32>),
    /// In the texts of these keys, which are many.
    Under(Vec<u32>),
}

/// The units that may hold `pattern`, by the index.
pub(super) fn candidates(
    index: &mut Cached<'_, '_>,
    folds: &Folds,
    pattern: &Pattern,
    language: Language,
) -> Result<Candidates, MemoryError> {
    let mut analyser = Analyser::new(language);
    let mut best: Option<(usize, Vec<u32>)> = None;
    for wanted in wanted(folds, pattern) {
        let Some(keys) = keys(index, &mut analyser, &wanted)? else { continue };
        let mut size = 0;
        for segment in 0..index.segments.len() {
            let all = index.segments[segment].head.range(0..=u8::MAX);
            for key in &keys {
                size += index.count(segment, *key, &all)?;
            }
        }
        if best.as_ref().is_none_or(|(least, _)| size < *least) {
            best = Some((size, keys));
        }
    }
    let Some((size, keys)) = best else { return Ok(Candidates::Anywhere) };
    if size > SORTED {
        return Ok(Candidates::Under(keys));
    }
    let mut units = Vec::new();
    shortest_first(index, &keys, |unit| {
        units.push(unit);
        Ok(true)
    })?;
    units.sort_unstable();
    units.dedup();
    Ok(Candidates::In(units))
}

/// Lengths of texts, in words, that are gone through one after the other.
const LENGTHS: [std::ops::RangeInclusive<u8>; 6] = [0..=4, 5..=8, 9..=12, 13..=18, 19..=30, 31..=u8::MAX];

/// Calls `each` with the units of texts under these keys, short texts first, while it answers `true`.
pub(super) fn shortest_first(
    index: &mut Cached<'_, '_>,
    keys: &[u32],
    mut each: impl FnMut(u32) -> Result<bool, MemoryError>,
) -> Result<(), MemoryError> {
    let mut units = Vec::new();
    for lengths in LENGTHS {
        for segment in 0..index.segments.len() {
            let range = index.segments[segment].head.range(lengths.clone());
            let mut places = Vec::new();
            for key in keys {
                index.list(segment, *key, &range, |place| places.push(place))?;
            }
            places.sort_unstable();
            places.dedup();
            for place in places {
                units.clear();
                index.skeleton(segment, place, |skeleton| units.extend(skeleton.entries().map(|entry| entry.unit)))?;
                for unit in &units {
                    if !each(*unit)? {
                        return Ok(());
                    }
                }
            }
        }
    }
    Ok(())
}

/// Units with texts that hold one of the words in some form, as far as their stems tell: of each word the first `most`,
/// short texts first. The texts themselves are not looked at.
pub(super) fn with_words(
    memory: &Reader<'_>,
    language: Language,
    words: &[String],
    most: usize,
) -> Result<FxHashSet<u32>, MemoryError> {
    let mut index = Cached::new(memory, language, None)?;
    let mut analyser = Analyser::new(language);
    let mut out = FxHashSet::default();
    // Most forms of a word stand under one key.
    let mut known = FxHashSet::default();
    for word in words {
        let [word] = analyser.words(word)[..] else { continue };
        let key = key(word.key, 1);
        if !known.insert(key) {
            continue;
        }
        let mut left = most;
        shortest_first(&mut index, &[key], |unit| {
            out.insert(unit);
            left = left.saturating_sub(1);
            Ok(left > 0)
        })?;
    }
    Ok(out)
}

/// The keys under which texts with what is wanted are listed; `None` where they are too many.
fn keys(index: &Cached<'_, '_>, analyser: &mut Analyser, wanted: &Wanted) -> Result<Option<Vec<u32>>, MemoryError> {
    let mut of = |word: &str, keys: &mut Vec<u32>| {
        // What the pattern calls a word may be several to the index.
        if let [word] = analyser.words(word)[..] {
            keys.push(key(word.key, 1));
        }
    };
    let mut keys = Vec::new();
    match wanted {
        Wanted::Word(word) => of(word, &mut keys),
        Wanted::Parts(parts) => {
            for part in parts {
                let Some(words) = index.words_with(part, WORDS)? else { return Ok(None) };
                words.iter().for_each(|word| of(word, &mut keys));
            }
            keys.sort_unstable();
            keys.dedup();
            // No word holds it: then no text does.
            return Ok(Some(keys));
        }
    }
    Ok((!keys.is_empty()).then_some(keys))
}

/// What must stand in every text that holds the pattern.
fn wanted(folds: &Folds, pattern: &Pattern) -> Vec<Wanted> {
    let mut folded = String::new();
    folds.fold(&pattern.text, &mut folded, |_, _| {});
    match pattern.form {
        Form::Forms => letters(&folded).map(|run| Wanted::Word(run.to_owned())).collect(),
        Form::Text => in_text(&folded),
        // Signs beside a word may make another word of it, so its letters are looked for as a part.
        Form::Word => letters(&folded).map(|run| Wanted::Parts(vec![run.to_owned()])).collect(),
        Form::Regex => in_regex(folds, &pattern.text),
    }
}

/// Runs of letters: what no rule of word boundaries divides.
fn letters(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphabetic()).filter(|run| !run.is_empty())
}

/// A run of letters with spaces on both sides is a word, any other may be part of one.
fn in_text(folded: &str) -> Vec<Wanted> {
    letters(folded)
        .map(|run| {
            let start = run.as_ptr() as usize - folded.as_ptr() as usize;
            let (before, after) = (&folded[..start], &folded[start + run.len()..]);
            match before.ends_with(' ') && after.starts_with(' ') {
                true => Wanted::Word(run.to_owned()),
                false => Wanted::Parts(vec![run.to_owned()]),
            }
        })
        .collect()
}

/// One of the strings with which every match of the expression begins, or ends.
fn in_regex(folds: &Folds, pattern: &str) -> Vec<Wanted> {
    let Ok(hir) = regex_syntax::parse(&super::folded_regex(folds, pattern)) else { return Vec::new() };
    [literals(&hir, false), literals(&hir, true)].into_iter().flatten().collect()
}

fn literals(hir: &Hir, suffixes: bool) -> Option<Wanted> {
    let mut extractor = Extractor::new();
    if suffixes {
        extractor.kind(regex_syntax::hir::literal::ExtractKind::Suffix);
    }
    let mut parts = Vec::new();
    for literal in extractor.extract(hir).literals()? {
        let text = std::str::from_utf8(literal.as_bytes()).ok()?;
        // A short run leads to too many words.
        parts.push(letters(text).max_by_key(|run| run.len()).filter(|run| run.chars().count() >= 3)?.to_owned());
    }
    (!parts.is_empty()).then_some(Wanted::Parts(parts))
}
