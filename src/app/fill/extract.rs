//! What goes along with a job: the matches offered as TMX, the terms that occur as an OmegaT glossary and as TBX.

use super::{to_avoid, to_write};
use crate::{
    formats::{tbx, tmx},
    lang::Language,
    model::{Concept, Unit},
};
use jiff::Timestamp;
use rustc_hash::FxHashSet;
use std::io;

/// Takes out units that say the same as an earlier one.
pub(super) fn distinct(units: &mut Vec<Unit>) {
    let mut seen: FxHashSet<Vec<(Language, String)>> = FxHashSet::default();
    units.retain(|unit| seen.insert(unit.variants.iter().map(|v| (v.language, v.text.clone())).collect()));
}

/// Units as TMX, each text once.
pub fn matches(mut units: Vec<Unit>, source: Language, now: Timestamp) -> io::Result<Vec<u8>> {
    distinct(&mut units);
    let mut writer = tmx::Writer::new(Vec::new(), &tmx::Settings { source: Some(source), date: Some(now) })?;
    units.iter().try_for_each(|unit| writer.unit(unit))?;
    writer.finish()
}

/// A glossary for OmegaT: source term, target term, comment, parted by tabs. [OmegaT manual, Glossaries]
pub fn glossary(concepts: &[&Concept], from: Language, to: Language) -> String {
    let mut out = String::from("# -*- coding: utf-8 -*-\n");
    for concept in concepts {
        let avoid = to_avoid(concept, to);
        let avoid = (!avoid.is_empty()).then(|| format!("FORBIDDEN: {}", avoid.join("; ")));
        let comment: Vec<String> =
            avoid.into_iter().chain(concept.note.clone()).chain(concept.definition.clone()).collect();
        for term in to_write(concept, from) {
            for word in to_write(concept, to) {
                let cells =
                    [term.as_str(), &word, &comment.join(". ")].map(|cell| cell.replace(['\t', '\n', '\r'], " "));
                out.push_str(&cells.join("\t"));
                out.push('\n');
            }
        }
    }
    out
}

/// The concepts as TBX, with their terms in the two languages.
pub fn termbase(concepts: &[&Concept], from: Language, to: Language) -> io::Result<Vec<u8>> {
    let mut writer = tbx::Writer::new(Vec::new())?;
    for concept in concepts {
        let mut concept = (*concept).clone();
        concept.terms.retain(|term| term.language == from || term.language == to);
        writer.concept(&concept)?;
    }
    writer.finish()
}
