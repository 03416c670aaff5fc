//! Lines that recur over the texts of one folder are footers in all commands alike, so that none of them is aligned
//! with what a release says.

use crate::{
    lang::Language,
    model::{Document, Segment},
    segment::Recurrence,
};
use std::collections::BTreeMap;

type Documents = BTreeMap<Language, Document>;
type Texts = BTreeMap<Language, Vec<Segment>>;

/// Marks the recurring lines of sets that were read together.
pub(super) fn mark<'s>(sets: impl IntoIterator<Item = (&'s Documents, &'s mut Texts)>) {
    let mut sets: Vec<(&Documents, &mut Texts)> = sets.into_iter().collect();
    let mut recurrence = Recurrence::default();
    for (documents, texts) in &sets {
        for (language, document) in *documents {
            recurrence.add(document, texts.get(language).map_or(&[][..], Vec::as_slice));
        }
    }
    for (documents, texts) in &mut sets {
        for (language, segments) in texts.iter_mut() {
            if let Some(document) = documents.get(language) {
                recurrence.mark(document, segments);
            }
        }
    }
}
