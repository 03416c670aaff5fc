//! Documents on their way to a translator and back.
//!
//! [`fill`] makes a job of a document: its segments with what the memory and the glossary have for them. `previous`
//! carries over what was done in an earlier edition of the job; `extract` writes what goes along with it; `back`
//! makes the document in the other language of a finished job.

pub mod back;
pub mod extract;
pub mod offers;
pub mod previous;
pub mod xliff;

use super::{
    Watch,
    lookup::{Manner, Views, lookup_all},
    texts::{Origin, Piece, Text},
};
use crate::{
    formats::{
        documents::DocumentError,
        job::{Job, Proposal, ProposalKind, Returned, Segment, Skeleton, Status, Target, TermNote, meanings},
    },
    lang::Language,
    lookup::{Match, Options, Penalty, Query, Score},
    memory::MemoryError,
    model::{Concept, Unit},
    terms::{Overlap, Termbase},
};
use offers::{Offered, Offers};
use previous::Carrying;
use std::collections::BTreeSet;

/// Matches below this are not offered, whatever a target is filled in from.
const OFFERED: f64 = 60.0;

/// How a job is made.
#[derive(Debug, Clone)]
pub struct Filling {
    /// Targets are filled in from the best match at or above this; `None`: from none.
    pub min: Option<Score>,
    /// Matches offered with a segment.
    pub max: usize,
    pub pending: bool,
    pub penalties: Vec<Penalty>,
    pub threads: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum FillError {
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// A document that could not be written back.
    #[error("{0}")]
    Document(String),
}

/// A job, and what goes along with it.
#[derive(Debug)]
pub struct Filled {
    pub job: Job,
    /// The units behind the matches offered, each once.
    pub units: Vec<Unit>,
    /// The concepts that occur in the source, by their places in the termbase.
    pub concepts: BTreeSet<usize>,
    /// What an earlier edition had and this one has not: its sources.
    pub dropped: Vec<String>,
}

/// How many segments have what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub segments: usize,
    pub carried: usize,
    pub context: usize,
    pub exact: usize,
    pub fuzzy: usize,
}

impl Filled {
    pub fn tally(&self) -> Tally {
        let mut out = Tally { segments: self.job.segments.len(), ..Tally::default() };
        for segment in &self.job.segments {
            if let Some(target) = &segment.target {
                count(&mut out, target.status);
            }
        }
        out
    }
}

/// Makes a job of a document. With `previous`, an earlier edition of it, what was done there is carried over.
///
/// # Errors
/// Those of the memory, and a document that cannot be written anew.
pub fn fill(
    views: &Views<'_>,
    text: &Text,
    to: Language,
    filling: &Filling,
    termbase: &Termbase,
    previous: Option<&Returned>,
    watch: &dyn Watch,
) -> Result<Filled, FillError> {
    let bytes = match &text.origin {
        Origin::Template { bytes, .. } => bytes,
        Origin::Document(error @ DocumentError::Unwritable { .. }) => {
            return Err(FillError::Document(error.to_string()));
        }
        Origin::Document(_) | Origin::Xliff(_) => {
            return Err(FillError::Document(format!("{}: this is no document", text.name)));
        }
    };
    let carrying = previous.map(|previous| Carrying::new(previous, text, to));
    let mut carried = carrying.as_ref().map(|carrying| carrying.segments.iter()).into_iter().flatten();
    let queries = text.queries();
    watch.begin("looking up", queries.len());
    let mut out = Filled {
        job: Job {
            name: file_name(&text.name),
            source: text.language,
            target: to,
            skeleton: Skeleton::of(bytes),
            notes: carrying.as_ref().map(Carrying::notes).unwrap_or_default(),
            segments: Vec::with_capacity(queries.len()),
        },
        units: Vec::new(),
        concepts: BTreeSet::new(),
        dropped: carrying.as_ref().map(|carrying| carrying.dropped.clone()).unwrap_or_default(),
    };
    let offers = Offers { views, from: text.language, to };
    let mut pieces = text.pieces.iter();
    let each = |query: &Query, found: &[Match]| -> Result<(), MemoryError> {
        watch.step();
        let Some(piece) = pieces.next() else { return Ok(()) };
        let offered = offers.all(query, piece, found)?;
        let mut segment = segment(out.job.segments.len() + 1, piece, &offered, filling.min);
        if let Some(carried) = carried.next() {
            carried.into(&mut segment, filling.min);
        }
        out.units.extend(offered.into_iter().filter_map(|offered| offered.unit));
        segment.terms = terms(termbase, piece, text.language, to, &mut out.concepts);
        out.job.segments.push(segment);
        Ok(())
    };
    let options = options(filling, text.language, to);
    let manner = Manner { options, verify: false, load: true, threads: filling.threads };
    lookup_all(views, &manner, queries.into_iter().map(Ok), each)?;
    extract::distinct(&mut out.units);
    Ok(out)
}

fn count(tally: &mut Tally, status: Status) {
    match status {
        Status::Context => tally.context += 1,
        Status::Exact => tally.exact += 1,
        Status::Fuzzy => tally.fuzzy += 1,
        Status::Translated | Status::Approved => tally.carried += 1,
    }
}

fn options(filling: &Filling, from: Language, to: Language) -> Options {
    Options {
        from,
        to: vec![to],
        min: filling.min.unwrap_or(Score::EXACT).min(Score::from_percent(OFFERED)),
        max: filling.max,
        pending: filling.pending,
        penalties: filling.penalties.clone(),
    }
}

/// The last part of a path; `document` for what has none. What a job says of its document's name leads nowhere else.
pub fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    if matches!(name, "" | "." | "..") { "document".to_owned() } else { name.to_owned() }
}

fn segment(number: usize, piece: &Piece, offered: &[Offered], min: Option<Score>) -> Segment {
    let proposals: Vec<Proposal> = offered.iter().map(|offered| offered.proposal.clone()).collect();
    let target = min.and_then(|min| filled(&proposals, min));
    Segment {
        number,
        paragraph: piece.paragraph,
        kind: piece.kind,
        source: piece.source.clone(),
        codes: meanings(&piece.codes),
        target,
        proposals,
        terms: Vec::new(),
        notes: Vec::new(),
    }
}

/// The target the first of the proposals gives, where that is good enough.
fn filled(proposals: &[Proposal], min: Score) -> Option<Target> {
    let best = proposals.first().filter(|best| best.tenths >= min.tenths())?;
    let status = match best.kind {
        ProposalKind::Context => Status::Context,
        ProposalKind::Exact => Status::Exact,
        ProposalKind::Fuzzy => Status::Fuzzy,
        ProposalKind::Labelled(_) => return None,
    };
    Some(Target { text: best.target.clone(), status })
}

/// The terms in a segment, each concept once; their concepts are noted.
fn terms(
    termbase: &Termbase,
    piece: &Piece,
    from: Language,
    to: Language,
    concepts: &mut BTreeSet<usize>,
) -> Vec<TermNote> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for found in termbase.find(from, &piece.source.text, Overlap::Longest) {
        if !seen.insert(found.concept) {
            continue;
        }
        concepts.insert(found.concept);
        let concept = termbase.concept_of(&found);
        let (write, avoid) = (to_write(concept, to), to_avoid(concept, to));
        if write.is_empty() && avoid.is_empty() {
            continue;
        }
        out.push(TermNote {
            surface: found.span.of(&piece.source.text).to_owned(),
            term: termbase.term_of(&found).text.clone(),
            write,
            avoid,
            note: concept.note.clone(),
        });
    }
    out
}

/// The preferred term of a concept, then those that may stand for it.
fn to_write(concept: &Concept, language: Language) -> Vec<String> {
    let preferred = concept.preferred(language).map(|term| term.text.clone());
    let approved = concept.terms_in(language).filter(|term| term.status.approved()).map(|term| term.text.clone());
    let mut out: Vec<String> = preferred.into_iter().collect();
    approved.for_each(|term| {
        if !out.contains(&term) {
            out.push(term)
        }
    });
    out
}

fn to_avoid(concept: &Concept, language: Language) -> Vec<String> {
    use crate::model::Status::{Deprecated, Forbidden};
    let wrong = |status| matches!(status, Deprecated | Forbidden);
    concept.terms_in(language).filter(|term| wrong(term.status)).map(|term| term.text.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere() {
        for (path, name) in [
            ("a/b.txt", "b.txt"),
            ("C:\\x\\b.txt", "b.txt"),
            ("file:///c:/b.docx", "b.docx"),
            ("..", "document"),
            ("a/..", "document"),
            ("", "document"),
            ("../../etc/passwd", "passwd"),
        ] {
            assert_eq!(file_name(path), name, "{path}");
        }
    }
}
