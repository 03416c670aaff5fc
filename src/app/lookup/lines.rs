//! The lines of a concordance as files: for spreadsheets and for programs.

use super::Asked;
use crate::{concordance::Line, lang::Language};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::{self, Write},
};

/// One object a line; where several memories are asked, each names its own.
#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    line: &'a Line,
    /// Where several are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
}

fn path(asked: &Asked) -> String {
    asked.path.display().to_string()
}

/// Writes one JSON object a line. `several`: the memories asked, where they are more than one.
///
/// # Errors
/// An output that cannot be written.
pub fn lines_json(lines: &[(usize, Line)], several: Option<&[Asked]>, to: &mut dyn Write) -> io::Result<()> {
    for (memory, line) in lines {
        let memory = several.map(|asked| path(&asked[*memory]));
        serde_json::to_writer(&mut *to, &Record { line, memory }).map_err(io::Error::from)?;
        writeln!(to)?;
    }
    Ok(())
}

/// Writes a table with a column for each other language. `several`: as for [`lines_json`].
///
/// # Errors
/// An output that cannot be written.
pub fn lines_csv(lines: &[(usize, Line)], several: Option<&[Asked]>, to: &mut dyn Write) -> io::Result<()> {
    let languages: BTreeSet<Language> = lines.iter().flat_map(|(_, line)| line.others.keys().copied()).collect();
    let mut to = csv::Writer::from_writer(to);
    let head = ["unit", "language", "left", "key", "right"];
    let memory = several.map(|_| "memory");
    to.write_record(head.into_iter().chain(languages.iter().map(Language::as_str)).chain(memory))
        .map_err(io::Error::other)?;
    for (memory, line) in lines {
        let unit = line.unit.to_string();
        let own = [unit.as_str(), line.language.as_str(), &line.left, &line.key, &line.right];
        let others = languages.iter().map(|language| line.others.get(language).map_or("", String::as_str));
        let memory = several.map(|asked| path(&asked[*memory]));
        to.write_record(own.into_iter().chain(others).chain(memory.as_deref())).map_err(io::Error::other)?;
    }
    to.flush()
}
