//! What goes along with a job: the matches offered as TMX, the terms that occur as an OmegaT glossary and as TBX.

pub use crate::formats::glossary::omegat::written as glossary;
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
    let mut writer = tmx::Writer::new(
        Vec::new(),
        &tmx::Settings { source: Some(source), date: Some(now), ..tmx::Settings::default() },
    )?;
    units.iter().try_for_each(|unit| writer.unit(unit))?;
    writer.finish()
}

/// The concepts as TBX, with their terms in the two languages.
pub fn termbase(concepts: &[&Concept], from: Language, to: Language) -> io::Result<Vec<u8>> {
    let mut writer = tbx::Writer::new(Vec::new(), tbx::Form::V2)?;
    for concept in concepts {
        let mut concept = (*concept).clone();
        concept.terms.retain(|term| term.language == from || term.language == to);
        writer.concept(&concept)?;
    }
    writer.finish()
}
