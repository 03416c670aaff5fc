//! `term check`: what is wrong with the glossary itself.

use super::{Format, edit};
use crate::{
    app::termbase::{self, Fault, Target},
    cli::{CliError, Desk, Exit, run::counted, wrap::visible},
    model::Level,
};
use serde_json::json;
use std::{io::Write, path::PathBuf};

/// Look through the glossary itself: what doubles, contradicts, lacks or says nothing
///
/// Concepts that are there twice, terms of two concepts of a domain, terms both right and wrong, wrong terms that are a form
/// of the right one, exceptions that hold no term, languages that are missing, abbreviations without a long form, days
/// out of order, flags without effect. Ends with 1 where an error is found.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Check {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let files = if self.terms.is_empty() { desk.config.glossaries() } else { self.terms };
        let memory = desk.global.memory.clone();
        let read = Target { memory: &memory, files: &files }.read().map_err(edit::told)?;
        let concepts = read.merged().len();
        if concepts == 0 {
            return Err(super::no_glossary());
        }
        let faults = termbase::check(&read);
        for fault in &faults {
            match self.format {
                Format::Jsonl => writeln!(desk.ui, "{}", record(fault))?,
                Format::Text => {
                    writeln!(desk.ui, "{}[{}]: {}", fault.level.as_str(), fault.kind, visible(&fault.message))?;
                    let file = fault.file.as_ref().filter(|file| !file.as_os_str().is_empty());
                    let place = file.map(|file| format!("{}:{}", file.display(), fault.line.unwrap_or(1)));
                    let concept = Some(format!("concept {}", fault.concept)).filter(|_| !fault.concept.is_empty());
                    let place: Vec<String> = place.into_iter().chain(concept).collect();
                    writeln!(desk.ui, "  --> {}", visible(&place.join(", ")))?;
                    writeln!(desk.ui, "  = help: {}", visible(&fault.help))?;
                }
            }
        }
        let count = |level: Level| faults.iter().filter(|fault| fault.level == level).count();
        let (errors, warnings) = (count(Level::Error), count(Level::Warning));
        if self.format == Format::Text {
            desk.ui.remark(format_args!(
                "{}, {} in {}",
                counted(errors, "error", "errors"),
                counted(warnings, "warning", "warnings"),
                counted(concepts, "concept", "concepts")
            ));
        }
        Ok(if errors > 0 { Exit::Found } else { Exit::Done })
    }
}

fn record(fault: &Fault) -> serde_json::Value {
    json!({
        "rule": fault.kind,
        "level": fault.level.as_str(),
        "message": fault.message,
        "help": fault.help,
        "file": fault.file.as_ref().map(|file| file.display().to_string()).filter(|file| !file.is_empty()),
        "line": fault.line,
        "concept": Some(&fault.concept).filter(|id| !id.is_empty()),
    })
}
