//! Checking what is stored: the units of a memory.

use super::{Group, located, vocabulary};
use crate::app::Watch;
use crate::formats::bixml::Place;
use crate::lang::Language;
use crate::memory::{Filter, Memory, MemoryError, Mode};
use crate::model::{Bead, CodeKind, Concept, Document, Kind, Mark, Segment, SourceMap, Unit, UnitId};
use crate::report::Located;
use crate::terms::{RuleSet, Termbase};
use crate::text::Span;
use rayon::prelude::*;
use std::{collections::BTreeMap, path::Path};

/// Units checked at a time.
const STRIDE: usize = 2048;

/// Checks the units of a memory, a stride at a time; findings come by unit, each with its number.
///
/// Lines and columns are those of the unit's own text. Name drift is about a document, which a unit is not.
///
/// # Errors
/// What the memory refuses, one that is not there too.
pub fn check_units(
    memory: &Path,
    concepts: Vec<Concept>,
    rules: &RuleSet,
    watch: &dyn Watch,
) -> Result<Vec<Located>, MemoryError> {
    let name = memory.display().to_string();
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let termbase = Termbase::new(concepts);
    watch.begin("checking", reader.status()?.units as usize);
    let mut out = Vec::new();
    let mut waiting = Vec::new();
    let mut flush = |waiting: &mut Vec<(UnitId, Unit)>| {
        let groups: Vec<Group> = waiting.par_iter().map(|(id, unit)| unit_group(&name, *id, unit)).collect();
        // What is a word, the units checked at a time tell one another.
        let vocabulary = vocabulary(groups.par_iter(), rules);
        let found: Vec<Vec<Located>> = groups
            .par_iter()
            .map(|group| {
                let found = located(group, &termbase, &vocabulary, rules);
                watch.step();
                found
            })
            .collect();
        waiting.clear();
        out.extend(found.into_iter().flatten());
    };
    reader.units(&Filter { pending: true, ..Filter::default() }, |id, unit| {
        waiting.push((id, unit));
        if waiting.len() == STRIDE {
            flush(&mut waiting);
        }
        Ok::<(), MemoryError>(())
    })?;
    flush(&mut waiting);
    Ok(out)
}

/// A unit as a bitext of one bead, each language a text of its own.
fn unit_group(name: &str, id: UnitId, unit: &Unit) -> Group {
    let mut group = Group { units: vec![Place { number: id.0, id: unit.tuid.clone() }], ..Group::default() };
    let mut sides: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    for variant in &unit.variants {
        let document = group.documents.entry(variant.language).or_insert_with(|| Document {
            name: name.to_owned(),
            language: variant.language,
            text: String::new(),
            blocks: Vec::new(),
            map: SourceMap::Same,
        });
        if !document.text.is_empty() {
            document.text.push('\n');
        }
        let start = document.text.len();
        document.text.push_str(&variant.text);
        let alone = variant.codes.iter().filter(|code| code.kind == CodeKind::Alone);
        let markup = group.markup.entry(variant.language).or_default();
        markup.extend(alone.map(|code| start + code.at));
        markup.sort_unstable();
        let span = Span::new(start, document.text.len());
        let segments = group.bitext.texts.entry(variant.language).or_default();
        sides.entry(variant.language).or_default().push(segments.len());
        segments.push(Segment { span, text: variant.text.clone(), kind: Kind::Body, paragraph: 1 });
    }
    group.bitext.beads.push(Bead { sides, score: 1.0, mark: Mark::Given });
    group
}
