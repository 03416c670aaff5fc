//! Which glossary a command uses: `--terms`, else `[terms] files` of the configuration, else the copy in the memory.

use super::{CliError, Desk};
use crate::{
    app::terms::{self, Glossaries},
    lang::Language,
    memory::Memory,
    model::Concept,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// The concepts a command checks against; none where there is no glossary anywhere.
pub fn in_force(desk: &mut Desk, named: &[PathBuf]) -> Result<Vec<Concept>, CliError> {
    if let Some(glossary) = given(desk, named)? {
        return Ok(glossary.concepts);
    }
    match Memory::open_existing(&desk.global.memory)? {
        Some(memory) => Ok(memory.read()?.concepts()?),
        None => Ok(Vec::new()),
    }
}

/// The glossary files of `run DIR`: what is named or configured, else `glossary/` in DIR, beside it or in the
/// working folder; nothing where the memory's copy has to serve.
pub fn for_run(desk: &mut Desk, named: &[PathBuf], folder: &Path) -> Result<Option<Glossaries>, CliError> {
    if let Some(glossary) = given(desk, named)? {
        return Ok(Some(glossary));
    }
    if desk.config.path.is_some() && desk.config.other("terms", "files").is_some() {
        return Ok(None);
    }
    let places = terms::places_beside(folder);
    let seen = BTreeSet::from_iter(&places);
    for place in &places {
        let files = terms::files_in(place);
        if !files.is_empty() {
            desk.ui.detail(format_args!("glossary: {}", place.display()));
            return read(desk, &files).map(Some);
        }
    }
    let looked: Vec<String> = seen.iter().map(|place| place.display().to_string()).collect();
    desk.ui.detail(format_args!("no glossary in {}", looked.join(", ")));
    Ok(None)
}

/// The glossary named or configured, without the copy in the memory.
pub fn given(desk: &mut Desk, named: &[PathBuf]) -> Result<Option<Glossaries>, CliError> {
    let files = if named.is_empty() { desk.config.glossaries() } else { named.to_vec() };
    if files.is_empty() { Ok(None) } else { read(desk, &files).map(Some) }
}

/// Reads glossary files, with a remark for each row left out.
pub fn read(desk: &mut Desk, files: &[PathBuf]) -> Result<Glossaries, CliError> {
    read_in(desk, files, None)
}

/// As [`read`]; a glossary of OmegaT is in this pair of languages.
pub fn read_in(desk: &mut Desk, files: &[PathBuf], pair: Option<(Language, Language)>) -> Result<Glossaries, CliError> {
    let glossary = terms::glossaries_in(files, pair)?;
    for (file, skipped) in &glossary.skipped {
        let place = format!("{}:{}", file.display(), skipped.line);
        match skipped.column {
            0 => desk.ui.warn(format_args!("{place}: left out: {}", skipped.reason)),
            column => desk.ui.warn(format_args!("{place}: column {column}: {}", skipped.reason)),
        }
    }
    Ok(glossary)
}
