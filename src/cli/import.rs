//! `yaddash import`: files of other tools into the memory and its termbase.

mod report;

use super::{CliError, Desk, Exit, ui::Bars};
use crate::{
    app::documents::language_of,
    app::exchange::{self, ExchangeError, Import, Imported, OnConflict, Remarks},
    app::quarantine::Quarantine,
    lang::Language,
    lookup::Score,
    memory::Carried,
};
use jiff::Timestamp;
use report::Report;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Take units and terms from TMX, TBX, XLIFF, PO, CSV, TSV, XLSX and JSON Lines
///
/// What a file is, is told by its content. Units go to the memory, terms to its termbase. A file that is not
/// sound is refused whole; an incomplete unit of a sound file is skipped and named. Of a project of OmegaT, what its
/// translators have entered is taken. With --from and --to, also lines of `source<TAB>target`, and two text files line
/// by line.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The files, or folders of OmegaT projects; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Take from a broken file what can be read
    #[arg(long)]
    lenient: bool,
    /// Change nothing, tell what would be imported
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// The source language: of files that do not tell it (PO, else English), and of what `--on-conflict` compares (else
    /// each unit's first)
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// The language of the translations in files that do not tell it: a PO without `Language`, an XLIFF; with `--from`,
    /// lines of `source<TAB>target` without a header, and two files of which the second translates the first line by line
    #[arg(short = 't', long, value_name = "LANG")]
    to: Option<Language>,
    /// What becomes of a source that the memory has with another translation
    #[arg(long, value_enum, value_name = "WAY", default_value_t = Way::KeepBoth)]
    on_conflict: Way,
    /// Keep the units of these files apart: they are pending until you have looked through them with `yaddash memory
    /// audit` and taken them in with `yaddash memory accept`. Tells what the audit finds in them
    #[arg(long)]
    quarantine: bool,
    /// Points that matches of these files are worth less, accepted or not; `yaddash memory penalty` changes it [default:
    /// 5 for files not met before]
    #[arg(long, value_name = "POINTS", requires = "quarantine", value_parser = super::memories::points)]
    penalty: Option<Score>,
    /// Take no backup before a file of more than 1,000 units
    #[arg(long)]
    no_backup: bool,
    /// Write everything that was skipped or doubtful to this JSON file; the terminal shows the first 20 of each
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Way {
    /// Both are in the memory: a sentence may rightly have two translations, and nothing is lost. Answers come in the
    /// order of their states, then of their dates
    KeepBoth,
    /// The file's takes the place of the stored one, which goes to the history: for a finished job that comes back. A
    /// unit at the same place is meant before others. One in a higher state than the file's stays, and the file's is
    /// stored beside it
    Overwrite,
    /// The file's is not stored
    Skip,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        let who = super::memory::who();
        let carried = if self.no_backup { Vec::new() } else { desk.carried() };
        let mut report = self.report.clone().map(Report::new).transpose()?;
        let files: Vec<(&Path, Option<&Path>)> = match self.line_by_line() {
            Some([source, target]) => vec![(source, Some(target))],
            None => self.files.iter().map(|file| (file.as_path(), None)).collect(),
        };
        for (file, beside) in files {
            let found = exchange::translations(file).map_err(CliError::new);
            let name = named(found.as_deref().unwrap_or(file));
            let done = found.and_then(|file| self.one(desk, (&file, beside), (&who, &carried), report.as_ref()));
            if let Some(report) = &mut report {
                report.file(&name, done.as_ref());
            }
            if let Err(error) = done {
                desk.ui.complain(&error);
                exit = Exit::Failed;
            }
        }
        report.map_or(Ok(()), Report::end)?;
        desk.remind_of_backups()?;
        Ok(exit)
    }

    /// The two files of which the second translates the first; names that tell the languages put them in order.
    fn line_by_line(&self) -> Option<[&Path; 2]> {
        let (from, to) = self.from.zip(self.to)?;
        let [first, second] = &self.files[..] else { return None };
        let reversed = (language_of(first), language_of(second)) == (Some(to), Some(from)) && from != to;
        let files = if reversed { [second, first] } else { [first, second] };
        exchange::are_line_by_line(files[0], files[1]).then_some(files.map(PathBuf::as_path))
    }

    fn quarantined(&self, desk: &mut Desk) -> Result<Quarantine, CliError> {
        if self.on_conflict == Way::Overwrite {
            return Err(CliError::new("what goes into quarantine overwrites nothing")
                .hint("leave out `--on-conflict overwrite`"));
        }
        Ok(Quarantine { penalty: self.penalty, concepts: super::memory::forbidding(desk)? })
    }

    fn one(
        &self,
        desk: &mut Desk,
        (file, beside): (&Path, Option<&Path>),
        (who, carried): (&str, &[Carried]),
        report: Option<&Report>,
    ) -> Result<Imported, CliError> {
        let stdin = (file == Path::new("-")).then(spooled).transpose()?;
        let path = stdin.as_ref().map_or(file, |spooled| spooled.path());
        let name = named(file);
        let quarantine = self.quarantine.then(|| self.quarantined(desk)).transpose()?;
        let backups = desk.backups();
        let bars = Bars::new(&desk.ui);
        let options = Import {
            name: &name,
            lenient: self.lenient,
            dry_run: self.dry_run,
            source: self.from,
            target: self.to,
            beside,
            now: Timestamp::now(),
            who,
            on_conflict: match self.on_conflict {
                Way::KeepBoth => OnConflict::KeepBoth,
                Way::Overwrite => OnConflict::Overwrite,
                Way::Skip => OnConflict::Skip,
            },
            backups: (!self.no_backup).then_some((&backups, carried)),
            quarantine: quarantine.as_ref(),
            watch: &bars,
            remarks: &|skipped, remark| {
                if let Some(report) = report {
                    report.remark(&name, skipped, remark);
                }
            },
        };
        let done = exchange::import(&desk.global.memory, path, &options);
        drop(bars);
        let done = done.map_err(|error| told(error, file, self.lenient))?;
        if done.is_misnamed {
            desk.ui.remark(format_args!("{name}: this is {}, read as such", done.kind));
        }
        for remark in &done.warnings.first {
            desk.ui.warn(format_args!("{name}: line {}: {}", remark.line, remark.what));
        }
        for remark in &done.skipped.first {
            desk.ui.warn(format_args!("{name}: line {}: skipped: {}", remark.line, remark.what));
        }
        let unsaid = |remarks: &Remarks| remarks.count - remarks.first.len();
        if unsaid(&done.warnings) + unsaid(&done.skipped) > 0 {
            let (skipped, other) = (unsaid(&done.skipped), unsaid(&done.warnings));
            let rest = match self.report {
                Some(_) => "all are in the report",
                None => "`--report FILE.json` writes all",
            };
            desk.ui.warn(format_args!("{name}: and {skipped} more skipped, {other} more warnings; {rest}"));
        }
        if let Some(backup) = &done.backup {
            desk.ui.remark(format_args!("the memory as it was is in {}", backup.display()));
        }
        desk.ui.remark(summary(&name, &done, self.dry_run));
        if let Some(tally) = &done.audit {
            super::memory::tallied(desk, tally)?;
        }
        Ok(done)
    }
}

/// What a file is called in messages and as an origin.
fn named(file: &Path) -> String {
    match file == Path::new("-") {
        true => "stdin".to_owned(),
        false => file.to_string_lossy().replace('\\', "/"),
    }
}

fn summary(name: &str, done: &Imported, dry_run: bool) -> String {
    let mut parts = Vec::new();
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    if done.units > 0 || done.concepts == 0 {
        parts.push(format!("{}: {} new, {} there already", plural(done.units, "unit"), done.new, done.same));
    }
    if done.overwritten > 0 {
        parts.push(format!("{} overwritten", plural(done.overwritten, "stored unit")));
    }
    if done.left_out > 0 {
        parts.push(format!("{} left out, there is another translation", done.left_out));
    }
    if done.outranked > 0 {
        parts.push(format!("{} beside translations in a higher state", done.outranked));
    }
    if done.concepts > 0 {
        parts.push(format!("{}: {} new or changed", plural(done.concepts, "concept"), done.new_concepts));
    }
    if done.skipped.count > 0 {
        parts.push(format!("{} skipped", done.skipped.count));
    }
    let trial = match done.batch {
        _ if dry_run => " (nothing was changed)".to_owned(),
        Some(batch) => format!("; `yaddash memory undo {batch}` takes it back"),
        None => String::new(),
    };
    format!("{name}: {}; {}{trial}", done.kind, parts.join("; "))
}

/// The error in the words of the command line; what was not read leniently may be tried so.
fn told(error: ExchangeError, file: &Path, lenient: bool) -> CliError {
    match error {
        ExchangeError::File { error, .. } => CliError::io(file, &error),
        ExchangeError::Broken { .. } if !lenient => CliError::new(&error)
            .hint("nothing was imported; `yaddash import --lenient` skips what is broken and names its lines"),
        ExchangeError::Memory(error) => error.into(),
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
