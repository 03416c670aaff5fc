//! XLIFF files of other makers: what is empty in them is filled in, and nothing else is touched.

use super::{FillError, Filling, Tally, count, filled, offers::Offers, options};
use crate::{
    app::{
        Watch,
        lookup::{Manner, Views, lookup_all},
        texts::{Origin, Text},
    },
    formats::job::{self, Done, Proposal, Refill, ReturnedSegment},
    lang::Language,
    lookup::{Match, Query},
    memory::MemoryError,
    model::Unit,
};

/// A file with what was put into it.
#[derive(Debug)]
pub struct Refilled {
    pub bytes: Vec<u8>,
    /// Of the segments that were open.
    pub tally: Tally,
    /// The units behind the matches offered, each once.
    pub units: Vec<Unit>,
}

/// Fills the open segments of an XLIFF, whose documents are `texts`, and puts matches beside them. A segment that is
/// translated is not touched. Of a unit that its maker parted into several segments only the matches are given.
///
/// # Errors
/// Those of the memory.
pub fn refill(
    views: &Views<'_>,
    bytes: &[u8],
    texts: &[Text],
    to: Language,
    filling: &Filling,
    watch: &dyn Watch,
) -> Result<Refilled, FillError> {
    let mut refills: Vec<Option<Refill>> = Vec::new();
    let mut units = Vec::new();
    let mut tally = Tally::default();
    let mut from = to;
    for text in texts {
        let Origin::Xliff(file) = &text.origin else { continue };
        from = text.language;
        let first = refills.len();
        refills.resize(first + file.segments.len(), None);
        let queries = text.queries();
        watch.begin("looking up", queries.len());
        let offers = Offers { views, from, to };
        let mut pieces = text.pieces.iter();
        let each = |query: &Query, found: &[Match]| -> Result<(), MemoryError> {
            watch.step();
            let Some(piece) = pieces.next() else { return Ok(()) };
            let segment = &file.segments[piece.paragraph - 1];
            if segment.done() != Done::Untranslated {
                return Ok(());
            }
            let offered = offers.all(query, piece, found)?;
            let proposals: Vec<Proposal> = offered.iter().map(|offered| offered.proposal.clone()).collect();
            units.extend(offered.into_iter().filter_map(|offered| offered.unit));
            let target = match is_open(segment) && segment.parts.len() <= 1 {
                true => filling.min.and_then(|min| filled(&proposals, min)),
                false => None,
            };
            tally.segments += 1;
            if let Some(target) = &target {
                count(&mut tally, target.status);
            }
            if !proposals.is_empty() {
                let refill = refills[first + piece.paragraph - 1].get_or_insert_default();
                refill.target = target.map(|target| (target.text, target.status));
                refill.proposals.extend(proposals);
            }
            Ok(())
        };
        let options = options(filling, from, to);
        let manner = Manner { options, verify: false, load: true, threads: filling.threads };
        lookup_all(views, &manner, queries.into_iter().map(Ok), each)?;
    }
    super::extract::distinct(&mut units);
    let changed = job::recoded(bytes, |text| job::refilled(text, &refills, (from, to)));
    let bytes = changed.map_err(|error| FillError::Document(error.to_string()))?;
    Ok(Refilled { bytes, tally, units })
}

/// Nothing stands there, or a copy of the source that the file says is no translation.
fn is_open(segment: &ReturnedSegment) -> bool {
    let empty = segment.target.as_ref().is_none_or(|target| target.is_blank());
    let said = matches!(segment.said.state.as_deref(), Some("new" | "needs-translation" | "initial"));
    empty || said
}
