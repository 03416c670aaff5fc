//! Lines that recur over the texts of one folder are footers in all commands alike, so that none of them is aligned
//! with what a release says.

use crate::{
    lang::Language,
    model::{Document, Segment},
    segment::{Edges, Recurrence},
};
use rayon::prelude::*;
use std::collections::BTreeMap;

type Documents = BTreeMap<Language, Document>;
type Texts = BTreeMap<Language, Vec<Segment>>;

/// Marks the recurring lines of sets that were read together.
pub(super) fn mark<'s>(sets: impl IntoIterator<Item = (&'s Documents, &'s mut Texts)>) {
    let mut each: Vec<(&Document, &mut Vec<Segment>)> = Vec::new();
    for (documents, texts) in sets {
        each.extend(texts.iter_mut().filter_map(|(language, segments)| Some((documents.get(language)?, segments))));
    }
    let edges: Vec<Edges> = each.par_iter().map(|(document, segments)| Edges::of(document, segments)).collect();
    let mut recurrence = Recurrence::default();
    edges.iter().for_each(|edges| recurrence.add(edges));
    each.par_iter_mut().zip(&edges).for_each(|((document, segments), edges)| {
        recurrence.mark(document, edges, segments);
    });
}
