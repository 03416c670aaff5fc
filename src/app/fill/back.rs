//! A finished job back: the document in the other language, and its units for the memory.

use crate::{
    app::{
        documents::LoadError,
        segmentation::Rules,
        texts::{self, Origin, Text, TextError, contexts},
    },
    formats::{
        documents::{DocumentError, Replacement},
        job::{
            Done, Lost, Marked, Returned, ReturnedSegment, Skeleton,
            table::{ReturnedRow, ReturnedTable},
        },
    },
    lang::Language,
    lookup::{Finder, Options, Query, Score},
    memory::{Added, Memory, MemoryError, Mode, Outcome, Reader},
    model::{Code, Context, Origin as UnitOrigin, Provenance, State, Unit, UnitId, Variant},
    text::prefix,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    path::Path,
};

/// A job as it came back, whatever file it is in.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Of the document.
    pub name: String,
    pub source: Language,
    pub target: Language,
    pub skeleton: Skeleton,
    pub segments: Vec<FinishedSegment>,
    /// Rows of a table that were left empty.
    pub open: usize,
}

#[derive(Debug, Clone)]
pub struct FinishedSegment {
    /// From 1; what is no number of this program's belongs nowhere.
    pub number: Option<usize>,
    pub source: Marked,
    pub target: Option<Marked>,
    pub done: Done,
}

#[derive(Debug, thiserror::Error)]
pub enum BackError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Memory(#[from] MemoryError),
    #[error("{0}: the file does not tell the language of its translations")]
    NoTarget(String),
    #[error("{name}: the job is of the document `{document}`, which is not in it")]
    NoSource { name: String, document: String },
    #[error("{source_name}: this is not the document the job was made of (`{document}`): its SHA-256 differs")]
    OtherSource { source_name: String, document: String },
    #[error(
        "{source_name}: segment {number} is “{found}”, in the job it is “{wanted}”: this is not the document the job was made of"
    )]
    OtherSegment { source_name: String, number: usize, found: String, wanted: String },
    #[error(
        "{source_name}: the document has {found} segments, the job has {wanted}: this is not the document the job was made of"
    )]
    OtherCount { source_name: String, found: usize, wanted: usize },
    #[error("{0}: no segment of it is of a job this program made")]
    NoJob(String),
}

/// The document made of a finished job, and what is to be said of it.
#[derive(Debug)]
pub struct Backed {
    pub bytes: Vec<u8>,
    pub units: Vec<Unit>,
    /// By number: the source text stands there.
    pub untranslated: Vec<(usize, String)>,
    /// By number, with the source: a match stands there that nobody confirmed.
    pub unreviewed: Vec<(usize, String)>,
    pub lost: Vec<(usize, Lost)>,
    pub segments: usize,
    /// The file is in UTF-8 now, for its own encoding lacks letters of the translation.
    pub recoded: bool,
}

impl Finished {
    /// # Errors
    /// A file that does not tell the language of its translations.
    pub fn of_xliff(name: &str, returned: Returned) -> Result<Finished, BackError> {
        let target = returned.target.ok_or_else(|| BackError::NoTarget(name.to_owned()))?;
        let segment = |segment: ReturnedSegment| FinishedSegment {
            number: segment.id.parse().ok(),
            done: segment.done(),
            source: segment.source,
            target: segment.target,
        };
        Ok(Finished {
            name: super::file_name(&returned.name),
            source: returned.source,
            target,
            skeleton: returned.skeleton,
            segments: returned.segments.into_iter().map(segment).collect(),
            open: 0,
        })
    }
}

impl Finished {
    /// A table does not tell what it is a table of: `name` does.
    pub fn of_table(name: &str, table: ReturnedTable) -> Finished {
        let segment = |row: ReturnedRow| FinishedSegment {
            number: row.number,
            source: row.source,
            target: Some(row.target),
            done: row.done,
        };
        Finished {
            name: super::file_name(name),
            source: table.source,
            target: table.target,
            skeleton: Skeleton::default(),
            segments: table.rows.into_iter().map(segment).collect(),
            open: table.open,
        }
    }
}

/// Puts the translations of a finished job into its document. `given` is the document with its name, where it is not
/// in the job.
///
/// # Errors
/// A document that is not the one the job was made of.
pub fn back(
    file: &str,
    finished: &Finished,
    given: Option<(&str, Vec<u8>)>,
    rules: &Rules,
) -> Result<Backed, BackError> {
    let (name, bytes) = match (given, &finished.skeleton.bytes) {
        (Some((name, bytes)), _) => {
            if !finished.skeleton.is(&bytes) {
                let document = finished.name.clone();
                return Err(BackError::OtherSource { source_name: name.to_owned(), document });
            }
            (name, bytes)
        }
        (None, Some(bytes)) => (finished.name.as_str(), bytes.clone()),
        (None, None) => {
            return Err(BackError::NoSource { name: file.to_owned(), document: finished.name.clone() });
        }
    };
    let text = texts::of_document(name, bytes, Some(finished.source), rules)?;
    let by_number = joined(file, name, finished, &text)?;
    let Text { pieces, origin: Origin::Template { template, .. }, .. } = &text else {
        return Err(match text.origin {
            Origin::Document(error) => error.into(),
            _ => BackError::NoJob(file.to_owned()),
        });
    };
    let mut out = Backed {
        bytes: Vec::new(),
        units: Vec::new(),
        untranslated: Vec::new(),
        unreviewed: Vec::new(),
        lost: Vec::new(),
        segments: pieces.len(),
        recoded: false,
    };
    let contexts = contexts(pieces.iter().map(|piece| (piece.kind, piece.source.text.as_str())));
    let mut targets: Vec<Option<(String, Vec<Code>)>> = Vec::with_capacity(pieces.len());
    for (at, (piece, context)) in pieces.iter().zip(contexts).enumerate() {
        let number = at + 1;
        let segment = by_number.get(&number);
        let done = segment.map_or(Done::Untranslated, |segment| segment.done);
        let target = segment.and_then(|segment| segment.target.as_ref()).filter(|_| done != Done::Untranslated);
        let Some(target) = target else {
            out.untranslated.push((number, piece.source.text.clone()));
            targets.push(None);
            continue;
        };
        let target = target.trimmed();
        let (codes, lost) = target.codes(&piece.codes);
        out.lost.extend(lost.into_iter().map(|lost| (number, lost)));
        let state = match done {
            Done::Approved => Some(State::Approved),
            Done::Translated | Done::Kept => Some(State::Imported),
            Done::Unreviewed | Done::Untranslated => None,
        };
        match state {
            Some(state) if !target.text.is_empty() => {
                let mut source = Variant::new(finished.source, piece.source.text.as_str());
                source.codes.clone_from(&piece.codes);
                let mut variant = Variant::new(finished.target, target.text.as_str());
                variant.codes.clone_from(&codes);
                out.units.push(Unit {
                    variants: vec![source, variant],
                    context: Context { document: Some(finished.name.clone()), ..context },
                    state,
                    origin: UnitOrigin {
                        name: finished.name.clone(),
                        provenance: Provenance::Edit,
                        ..UnitOrigin::default()
                    },
                    ..Unit::default()
                });
            }
            Some(_) => {}
            None => out.unreviewed.push((number, piece.source.text.clone())),
        }
        targets.push(Some((target.text, codes)));
    }
    let replacements: Vec<Replacement<'_>> = pieces
        .iter()
        .zip(&targets)
        .filter_map(|(piece, target)| {
            let (text, codes) = target.as_ref()?;
            Some(Replacement { span: piece.span, text, codes })
        })
        .collect();
    out.recoded = !template.encoding_kept(&replacements);
    out.bytes = template.write(finished.target, &replacements)?;
    Ok(out)
}

/// The segments of a job by their numbers, each with the source of its segment in the document.
fn joined<'f>(
    file: &str,
    source_name: &str,
    finished: &'f Finished,
    text: &Text,
) -> Result<HashMap<usize, &'f FinishedSegment>, BackError> {
    let source_name = source_name.to_owned();
    let mut out = HashMap::new();
    for segment in &finished.segments {
        let Some(number) = segment.number else { continue };
        let Some(piece) = number.checked_sub(1).and_then(|at| text.pieces.get(at)) else {
            let (found, wanted) = (text.pieces.len(), number);
            return Err(BackError::OtherCount { source_name, found, wanted });
        };
        // A tool may have changed white space.
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words(&piece.source.text) != words(&segment.source.text) {
            let short = |text: &str| match prefix(text, 60) {
                whole if whole.len() == text.len() => whole.to_owned(),
                begin => format!("{begin}…"),
            };
            let (found, wanted) = (short(&piece.source.text), short(&segment.source.text));
            return Err(BackError::OtherSegment { source_name, number, found, wanted });
        }
        out.entry(number).or_insert(segment);
    }
    match out.is_empty() && finished.open == 0 && !text.pieces.is_empty() {
        true => Err(BackError::NoJob(file.to_owned())),
        false => Ok(out),
    }
}

/// What became of the units of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stored {
    pub new: usize,
    pub same: usize,
    /// In the place of what the same document brought back earlier.
    pub replaced: usize,
}

/// Takes the units of finished jobs into the memory as one batch; on a dry run says what would be new. A unit takes the
/// place of the one that the same document brought back at the same place, unless that is in a higher state.
///
/// # Errors
/// Those of the memory.
pub fn store(
    memory: &Path,
    units: &[Unit],
    note: &str,
    (now, who): (Timestamp, &str),
    dry_run: bool,
) -> Result<Stored, MemoryError> {
    if dry_run && !memory.exists() {
        return Ok(Stored { new: units.len(), ..Stored::default() });
    }
    let mut memory = Memory::open(memory, Mode::Write)?;
    let earlier = earlier(&memory.read()?, units)?;
    memory.attempt(note, now, who, |batch| {
        let mut out = Stored::default();
        for (unit, earlier) in units.iter().zip(&earlier) {
            if let Some(id) = earlier
                && let Some((stored, _)) = batch.unit(*id)?
                && is_redone(&stored, unit)
            {
                batch.replace(*id, unit)?;
                out.replaced += 1;
                continue;
            }
            match batch.add(unit)? {
                Added::New(_) => out.new += 1,
                Added::Same(_) => out.same += 1,
            }
        }
        Ok(if dry_run { Outcome::Discard(out) } else { Outcome::Keep(out) })
    })
}

/// Units of one source text that are looked at.
const ALIKE: usize = 50;

/// For each unit the one its document brought back at its place earlier, with another translation.
fn earlier(reader: &Reader<'_>, units: &[Unit]) -> Result<Vec<Option<UnitId>>, MemoryError> {
    let mut finders: BTreeMap<(Language, Language), Finder<'_, '_>> = BTreeMap::new();
    let mut out = Vec::with_capacity(units.len());
    for unit in units {
        let [source, target] = &unit.variants[..] else {
            out.push(None);
            continue;
        };
        let finder = match finders.entry((source.language, target.language)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let options = Options {
                    from: source.language,
                    to: vec![target.language],
                    // The same text with codes of its own is a near one.
                    min: Score::NEAR,
                    max: ALIKE,
                    pending: true,
                    penalties: Vec::new(),
                };
                place.insert(Finder::new(reader, options)?)
            }
        };
        let found = finder.find(&Query::from(source.text.as_str()))?;
        let mut redone = None;
        for id in found.iter().filter(|found| found.source == source.text).flat_map(|found| &found.places) {
            if reader.unit(*id)?.is_some_and(|stored| is_redone(&stored, unit)) {
                redone = Some(*id);
                break;
            }
        }
        out.push(redone);
    }
    Ok(out)
}

/// `unit` is what became of `stored`: the same document, place and source in another translation.
fn is_redone(stored: &Unit, unit: &Unit) -> bool {
    let ours = |unit: &Unit| unit.origin.provenance == Provenance::Edit;
    let texts = |unit: &Unit, at: usize| unit.variants.get(at).map(|v| (v.language, v.text.clone(), v.codes.clone()));
    ours(stored)
        && stored.origin.name == unit.origin.name
        && stored.context == unit.context
        && stored.variants.len() == 2
        && texts(stored, 0) == texts(unit, 0)
        && stored.variants[1].language == unit.variants[1].language
        && texts(stored, 1) != texts(unit, 1)
        && stored.state <= unit.state
}

impl From<LoadError> for BackError {
    fn from(error: LoadError) -> BackError {
        BackError::Text(error.into())
    }
}
