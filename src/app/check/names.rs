//! The names of all texts that are checked together, and of the memory's texts that hold the like.

use super::Group;
use crate::concordance::units_with_words;
use crate::lang::Language;
use crate::memory::{Memory, MemoryError, Reader};
use crate::model::Rule;
use crate::rules::RuleSet;
use crate::terms::{
    Termbase,
    names::{Like, Usage},
};
use crate::text::Span;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::{collections::BTreeMap, path::Path};

/// Of the memory's words that are a letter off a name checked, so many are looked at, …
const WORDS: usize = 200;

/// … and of each word so many units: enough to tell a usual spelling from a slip.
const UNITS: usize = 32;

/// How often names stand in the texts; the names of approved terms are right. None where no rule asks for them.
pub(in crate::app) fn usage<'g>(
    groups: impl ParallelIterator<Item = &'g Group>,
    termbase: &Termbase,
    rules: &RuleSet,
) -> Usage {
    if !rules.has(Rule::NameDrift) {
        return Usage::default();
    }
    let add = |mut sum: Usage, group: &Group| {
        group.parts().for_each(|(language, text, parts)| sum.add(text, &parts, language));
        sum
    };
    let join = |mut sum: Usage, other: Usage| {
        sum.join(other);
        sum
    };
    let mut out = groups.fold(Usage::default, add).reduce(Usage::default, join);
    for term in termbase.concepts().iter().flat_map(|concept| &concept.terms).filter(|term| term.status.approved()) {
        out.approve(term.language, &term.text);
    }
    out
}

/// Adds what the memory has of the names in `usage` and of names a letter off them.
///
/// Sentences of the texts that are checked count for nothing: they would vouch for themselves.
///
/// # Errors
/// What the memory refuses.
pub(super) fn add_stored(usage: &mut Usage, groups: &[Group], memory: &Path) -> Result<(), MemoryError> {
    let Some(memory) = Memory::open_existing(memory)? else { return Ok(()) };
    let reader = memory.read()?;
    let own: FxHashSet<&str> =
        groups.iter().flat_map(|group| group.bitext.texts.values().flatten()).map(|s| s.text.as_str()).collect();
    let languages: Vec<Language> = reader.languages()?;
    for language in languages {
        let mut words: Vec<String> = Vec::new();
        if let Some(likes) = usage.likes(language) {
            // A name that nothing in the memory is near to cannot be a slip of anything there.
            let mut doubted: FxHashSet<usize> = FxHashSet::default();
            let mut own: Vec<(String, Vec<usize>)> = Vec::new();
            reader.each_word(language, |word| match likes.of(word) {
                Some(Like::Near(stems)) if words.len() < WORDS => {
                    words.push(word.to_owned());
                    doubted.extend(stems);
                }
                Some(Like::Same(stems)) => own.push((word.to_owned(), stems)),
                _ => {}
            })?;
            own.retain(|(_, stems)| stems.iter().any(|stem| doubted.contains(stem)));
            own.truncate(WORDS);
            words.extend(own.into_iter().map(|(word, _)| word));
            words.sort_unstable();
            words.dedup();
        }
        for (_, texts) in stored(&reader, language, &words, &own)? {
            // The sentences of one document are one text.
            let mut text = String::new();
            let parts: Vec<Span> = texts
                .iter()
                .map(|part| {
                    let start = text.len();
                    text.push_str(part);
                    text.push('\n');
                    Span::new(start, start + part.len())
                })
                .collect();
            usage.add(&text, &parts, language);
        }
    }
    Ok(())
}

/// The texts of `language` that hold one of the words in any form, by the document they stand in; those of no document are each
/// one of their own.
fn stored(
    reader: &Reader<'_>,
    language: Language,
    words: &[String],
    own: &FxHashSet<&str>,
) -> Result<BTreeMap<String, Vec<String>>, MemoryError> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in units_with_words(reader, language, words, UNITS)? {
        let Some(unit) = reader.unit(id)? else { continue };
        let document = unit.context.document.clone().unwrap_or_else(|| format!("\0{id}"));
        let texts = unit.variants.into_iter().filter(|variant| variant.language == language).map(|v| v.text);
        out.entry(document).or_default().extend(texts.filter(|text| !own.contains(text.as_str())));
    }
    Ok(out)
}
