//! `yaddash import`: files of other tools into the memory and its termbase.

use super::{CliError, Desk, Exit, ui::Bars};
use crate::{
    app::exchange::{self, ExchangeError, Import, Imported, Remarks},
    lang::Language,
};
use jiff::Timestamp;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Take units and terms from TMX, TBX, XLIFF, PO, CSV, TSV, XLSX and JSON Lines
///
/// What a file is, is told by its content. Units go to the memory, terms to its termbase. A file that is not
/// sound is refused whole; an incomplete unit of a sound file is skipped and named.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Take from a broken file what can be read
    #[arg(long)]
    lenient: bool,
    /// Change nothing, tell what would be imported
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// The source language of files that do not tell it (PO); else English
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        let who = super::memory::who();
        for file in &self.files {
            if let Err(error) = self.one(desk, file, &who) {
                desk.ui.complain(&error);
                exit = Exit::Failed;
            }
        }
        Ok(exit)
    }

    fn one(&self, desk: &mut Desk, file: &Path, who: &str) -> Result<(), CliError> {
        let stdin = (file == Path::new("-")).then(spooled).transpose()?;
        let (path, name) = match &stdin {
            Some(spooled) => (spooled.path(), "stdin".to_owned()),
            None => (file, file.to_string_lossy().replace('\\', "/")),
        };
        let bars = Bars::new(&desk.ui);
        let options = Import {
            name: &name,
            lenient: self.lenient,
            dry_run: self.dry_run,
            source: self.from,
            now: Timestamp::now(),
            who,
            on_conflict: exchange::OnConflict::KeepBoth,
            backups: None,
            watch: &bars,
        };
        let done = exchange::import(&desk.global.memory, path, &options);
        drop(bars);
        let done = done.map_err(|error| told(error, file, self.lenient))?;
        for remark in &done.warnings.first {
            desk.ui.warn(format_args!("{name}: line {}: {}", remark.line, remark.what));
        }
        for remark in &done.skipped.first {
            desk.ui.warn(format_args!("{name}: line {}: skipped: {}", remark.line, remark.what));
        }
        let unsaid = |remarks: &Remarks| remarks.count - remarks.first.len();
        if unsaid(&done.warnings) + unsaid(&done.skipped) > 0 {
            let (skipped, other) = (unsaid(&done.skipped), unsaid(&done.warnings));
            desk.ui.warn(format_args!("{name}: and {skipped} more skipped, {other} more warnings"));
        }
        desk.ui.remark(summary(&name, &done, self.dry_run));
        Ok(())
    }
}

fn summary(name: &str, done: &Imported, dry_run: bool) -> String {
    let mut parts = Vec::new();
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    if done.units > 0 || done.concepts == 0 {
        parts.push(format!("{}: {} new, {} there already", plural(done.units, "unit"), done.new, done.same));
    }
    if done.concepts > 0 {
        parts.push(format!("{}: {} new or changed", plural(done.concepts, "concept"), done.new_concepts));
    }
    if done.skipped.count > 0 {
        parts.push(format!("{} skipped", done.skipped.count));
    }
    let trial = if dry_run { " (nothing was changed)" } else { "" };
    format!("{name}: {}; {}{trial}", done.kind, parts.join("; "))
}

/// The error in the words of the command line; what was not read leniently may be tried so.
fn told(error: ExchangeError, file: &Path, lenient: bool) -> CliError {
    match error {
        ExchangeError::File { error, .. } => CliError::io(file, &error),
        ExchangeError::Broken { .. } if !lenient => CliError::new(&error)
            .hint("nothing was imported; `yaddash import --lenient` skips what is broken and names its lines"),
        error => CliError::new(error),
    }
}

/// Standard input in a temporary file: some formats are read twice.
fn spooled() -> Result<tempfile::NamedTempFile, CliError> {
    let read = || -> io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::NamedTempFile::new()?;
        io::copy(&mut io::stdin().lock(), &mut file)?;
        file.flush()?;
        Ok(file)
    };
    read().map_err(|error| CliError::new(format_args!("standard input could not be read: {error}")))
}
