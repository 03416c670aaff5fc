//! `yaddash` alone: which memory this is, what is in it, and what to do next.

use super::{CliError, Desk, Exit};
use crate::{
    lookup::Score,
    memory::{Memory, Status},
};
use std::io::Write;

pub fn show(desk: &mut Desk) -> Result<Exit, CliError> {
    let path = desk.global.memory.display().to_string();
    let status = match Memory::open_existing(&desk.global.memory)? {
        Some(memory) => Some(memory.read()?.status()?),
        None => None,
    };
    let told = match &status {
        None => "not made yet".to_owned(),
        Some(status) => contents(status),
    };
    writeln!(desk.ui, "memory   {path}: {told}")?;
    for asked in &desk.global.memories[1..] {
        let less = match asked.penalty {
            Score::NONE => String::new(),
            points => format!(", {points} points less"),
        };
        writeln!(desk.ui, "asked    {}: by lookup and concordance too{less}", asked.path.display())?;
    }
    if let Some(config) = &desk.config.path {
        let config = config.display().to_string();
        writeln!(desk.ui, "config   {config}")?;
    }
    writeln!(desk.ui)?;
    for (command, about) in next_steps(status.as_ref()) {
        writeln!(desk.ui, "  {command:<44} {about}")?;
    }
    writeln!(desk.ui, "\n`yaddash help` lists all commands.")?;
    desk.remind_of_backups()?;
    Ok(Exit::Done)
}

/// `243 units (en 243, az 243, ru 240), 4 pending, 98 concepts`.
fn contents(status: &Status) -> String {
    let languages: Vec<String> = status.variants.iter().map(|(language, n)| format!("{language} {n}")).collect();
    let mut out = format!("{} units", status.units);
    if !languages.is_empty() {
        out += &format!(" ({})", languages.join(", "));
    }
    if status.pending > 0 {
        out += &format!(", {} pending", status.pending);
    }
    out + &format!(", {} concepts", status.concepts)
}

/// Three commands that make sense now.
fn next_steps(status: Option<&Status>) -> [(&'static str, &'static str); 3] {
    match status {
        Some(status) if status.units > 0 => [
            ("yaddash lookup --from en --to az \"SENTENCE\"", "the best matches in the memory"),
            match cfg!(feature = "serve") {
                true => ("yaddash serve --open", "the workbench in the browser"),
                false => ("yaddash concordance \"WORDS\"", "where words were used, with their translations"),
            },
            ("yaddash check FILE", "forbidden, missing and wrong terms in a release"),
        ],
        _ => [
            ("yaddash run DIR", "make the memory from a folder of releases"),
            ("yaddash import FILE", "take in a TMX, XLIFF, CSV or TBX"),
            ("yaddash segment FILE", "see how a text is split"),
        ],
    }
}
