//! Questions to the memory: matches for queries, keywords in context.

use crate::{
    concordance::{self, Line, Pattern},
    lookup::{Finder, Match, Options, Query},
    memory::{Memory, MemoryError},
};
use std::path::Path;

/// Answers each query as soon as it comes; `each` gets it with its matches, best first. Returns how many
/// matches there were. A memory that does not exist has none.
///
/// With `verify` each answer is compared with brute force; a difference is [`MemoryError::Unverified`].
pub fn lookup<E: From<MemoryError>>(
    memory: &Path,
    options: Options,
    verify: bool,
    queries: impl IntoIterator<Item = Result<Query, E>>,
    mut each: impl FnMut(&Query, &[Match]) -> Result<(), E>,
) -> Result<usize, E> {
    let memory = Memory::open_existing(memory)?;
    let reader = memory.as_ref().map(Memory::read).transpose()?;
    let mut finder = reader.as_ref().map(|reader| Finder::new(reader, options)).transpose()?;
    let mut count = 0;
    for query in queries {
        let query = query?;
        let found = match &mut finder {
            None => Vec::new(),
            Some(finder) if verify => finder.verified(&query)?,
            Some(finder) => finder.find(&query)?,
        };
        count += found.len();
        each(&query, &found)?;
    }
    Ok(count)
}

/// The first `max` places of a pattern. A memory that does not exist has none.
pub fn concordance(memory: &Path, pattern: &Pattern, max: usize) -> Result<Vec<Line>, MemoryError> {
    match Memory::open_existing(memory)? {
        None => Ok(Vec::new()),
        Some(memory) => concordance::concordance(&memory.read()?, pattern, max),
    }
}
