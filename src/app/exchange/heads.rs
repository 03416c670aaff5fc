//! The heads of imported files, kept beside the units that came from them.

use super::ExchangeError;
use crate::{
    formats::tmx::Header,
    memory::{About, Batch, Filter, MemoryError, Reader},
};

/// Keeps the head of a file, and those that a file of ours brings along; how many say something new.
pub(super) fn keep(batch: &mut Batch<'_>, file: &str, header: Header) -> Result<usize, MemoryError> {
    let carried = header.carried.clone();
    // Our own head says nothing of its own: units of a file of ours have the origins they had where it was written.
    let own = (!header.is_ours()).then(|| (file.to_owned(), header));
    let mut new = 0;
    for (origin, header) in carried.into_iter().chain(own) {
        let old = batch.ruling(About::File, &origin)?;
        let old = old.and_then(|body| serde_json::from_str::<Header>(&body).ok());
        if !old.is_some_and(|old| old.says_as(&header)) {
            new += usize::from(batch.rule(About::File, &origin, Some(&serde_json::to_string(&header)?))?);
        }
    }
    Ok(new)
}

/// The heads of the files that the units came from, by their origins, and whether there are units of other origins.
pub(super) fn of_units(reader: &Reader<'_>, filter: &Filter) -> Result<(Vec<(String, Header)>, bool), ExchangeError> {
    let mut heads = Vec::new();
    for ruling in reader.rulings(About::File)? {
        if let Ok(header) = serde_json::from_str::<Header>(&ruling.body) {
            heads.push((ruling.key, header));
        }
    }
    if heads.is_empty() {
        return Ok((heads, true));
    }
    let origins = reader.origins(filter)?;
    // A file of no units is its head.
    if !(origins.is_empty() && heads.len() == 1) {
        heads.retain(|(origin, _)| origins.binary_search(origin).is_ok());
    }
    let mixed = origins.len() > heads.len();
    Ok((heads, mixed))
}
