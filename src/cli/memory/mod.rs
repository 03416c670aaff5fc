//! `yaddash memory`: what is in it and whether it is sound, its units, its history, copies of it.

mod audit;
mod copies;
mod history;
mod shown;
mod units;

use super::{CliError, Desk, Exit, ui::Bars, wrap::visible};
use crate::{
    lookup::Score,
    memory::{BatchId, Memory, MemoryError, Mend, Mode, Status},
};
pub(in crate::cli) use audit::{forbidding, tallied};
use history::History;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Look after the memory: its units, its history, its health, copies of it
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    /// What is in the memory
    Status(Form),
    Find(units::Find),
    Show(units::Show),
    Edit(units::Edit),
    Approve(units::Approve),
    Delete(units::Delete),
    Audit(audit::Args),
    Accept(audit::Accept),
    Refuse(audit::Refuse),
    Penalty(audit::Penalties),
    Dedupe(units::Dedupe),
    History(history::Args),
    Undo(history::Undo),
    Backup(copies::Backup),
    Restore(copies::Restore),
    Merge(copies::Merge),
    /// Whether the memory is sound
    ///
    /// SQLite's own check, and ours: each unit has two variants or more and is what was stored, the index leads to
    /// every text, the history adds up. Ends with 2 when something is wrong, and says what mends it.
    Check {
        /// Analyse every text anew and compare all the index says of it: takes longer
        #[arg(long)]
        thorough: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Make the index for look-ups anew, from the texts
    ///
    /// Nothing else is changed. It is right after every write and every crash; this is for a file damaged from
    /// outside, and when `memory check` says so.
    Reindex,
    /// Give unused room in the file back to the disk
    ///
    /// After large imports, deletions and undos the file keeps the room they took. The history stays whole. While it
    /// is at it the disk needs room for two more copies, and others have to wait.
    Compact {
        /// Change nothing, tell how much room there is
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Form {
    /// How results are written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self.job {
            Job::Status(form) => status(desk, form.format),
            Job::Find(job) => job.run(desk),
            Job::Show(job) => job.run(desk),
            Job::Edit(job) => job.run(desk),
            Job::Approve(job) => job.run(desk),
            Job::Delete(job) => job.run(desk),
            Job::Audit(job) => job.run(desk),
            Job::Accept(job) => job.run(desk),
            Job::Refuse(job) => job.run(desk),
            Job::Penalty(job) => job.run(desk),
            Job::Dedupe(job) => job.run(desk),
            Job::History(job) => job.run(desk),
            Job::Undo(job) => job.run(desk),
            Job::Backup(job) => job.run(desk),
            Job::Restore(job) => job.run(desk),
            Job::Merge(job) => job.run(desk),
            Job::Check { thorough, form } => check(desk, thorough, form.format),
            Job::Reindex => {
                let mut memory = open_existing(desk, false)?;
                memory.reindex()?;
                let status = memory.read()?.status()?;
                desk.ui.remark(format_args!("the index of {} units was made anew", status.units));
                Ok(Exit::Done)
            }
            Job::Compact { dry_run: true } => {
                let unused = open_existing(desk, true)?.unused()?;
                desk.ui.remark(format_args!("{:.1} MB at least would be given back", unused as f64 / 1e6));
                Ok(Exit::Done)
            }
            Job::Compact { dry_run: false } => {
                let mut memory = open_existing(desk, false)?;
                let bars = Bars::new(&desk.ui);
                let compacted = memory.compact();
                drop(bars);
                let (before, after) = compacted?;
                let [before, after] = [before, after].map(|size| size as f64 / 1e6);
                desk.ui.remark(format_args!("{before:.1} MB before, {after:.1} MB now"));
                Ok(Exit::Done)
            }
        }
    }
}

/// The memory for a job that writes, or tries to: a memory is not made by looking after it.
pub(in crate::cli) fn open_existing(desk: &Desk, dry_run: bool) -> Result<Memory, CliError> {
    let path = &desk.global.memory;
    match Memory::open_existing(path)? {
        None => Err(MemoryError::Missing(path.clone()).into()),
        // A trial of some jobs goes the whole way and takes it back.
        Some(_) => Ok(Memory::open(path, Mode::Write).or_else(|error| match (dry_run, error) {
            (true, MemoryError::ReadOnly(_)) => Memory::open(path, Mode::Read),
            (_, error) => Err(error),
        })?),
    }
}

/// Says what a job did, and how it is taken back.
pub(in crate::cli) fn told(desk: &mut Desk, batch: Option<BatchId>, dry_run: bool, what: &str) {
    match batch {
        Some(batch) => desk.ui.remark(format_args!("{what}; `yaddash memory undo {batch}` takes it back")),
        None if dry_run => desk.ui.remark(format_args!("{what} (nothing was changed)")),
        None => desk.ui.remark("nothing was changed"),
    }
}

fn json(desk: &mut Desk, value: &impl Serialize) -> Result<(), CliError> {
    serde_json::to_writer(&mut desk.ui, value).map_err(io::Error::from)?;
    writeln!(desk.ui)?;
    Ok(())
}

/// What a memory holds, for programs.
#[derive(Serialize)]
struct WithWaiting {
    #[serde(flatten)]
    status: Status,
    /// Of the pending ones those in quarantine.
    waiting: usize,
    /// Points by origin.
    penalties: BTreeMap<String, Score>,
}

fn status(desk: &mut Desk, format: Format) -> Result<Exit, CliError> {
    let path = desk.global.memory.clone();
    let memory = Memory::open_existing(&path)?;
    let status = match &memory {
        Some(memory) => memory.read()?.status()?,
        None => Status::default(),
    };
    let (waiting, penalties) = match &memory {
        Some(memory) => audit::known(&memory.read()?)?,
        None => Default::default(),
    };
    if format == Format::Json {
        json(desk, &WithWaiting { status, waiting, penalties })?;
        return Ok(Exit::Done);
    }
    let Some(memory) = memory else {
        writeln!(desk.ui, "{}: no memory yet", path.display())?;
        return Ok(Exit::Done);
    };
    let backup =
        desk.backups().list().first().map(|(path, made)| format!("{}  {}", made.strftime("%F"), path.display()));
    let last = memory.read()?.history(1)?;
    let ui = &mut desk.ui;
    writeln!(ui, "{}", path.display())?;
    writeln!(ui, "  units     {}", status.units)?;
    writeln!(ui, "  pending   {}", status.pending)?;
    if waiting > 0 {
        writeln!(ui, "  waiting   {waiting}, in quarantine")?;
    }
    writeln!(ui, "  sets      {}", status.sets)?;
    writeln!(ui, "  concepts  {}", status.concepts)?;
    for (language, count) in &status.variants {
        writeln!(ui, "  {:<9} {count} variants", language.as_str())?;
    }
    for (origin, points) in &penalties {
        writeln!(ui, "  penalty   {points}  {}", visible(origin))?;
    }
    writeln!(ui, "  size      {:.1} MB", status.size_bytes as f64 / 1e6)?;
    writeln!(ui, "  schema    {}", status.schema)?;
    if let Some(last) = last.first() {
        writeln!(ui, "  last      {}", History::line(last))?;
    }
    writeln!(ui, "  backup    {}", backup.as_deref().unwrap_or("none"))?;
    desk.remind_of_backups()?;
    Ok(Exit::Done)
}

fn check(desk: &mut Desk, thorough: bool, format: Format) -> Result<Exit, CliError> {
    let memory = Memory::open(&desk.global.memory, Mode::Read)?;
    let reader = memory.read()?;
    let report = if thorough { reader.check_thoroughly()? } else { reader.check()? };
    match format {
        Format::Json => json(desk, &report)?,
        Format::Text if report.sound() => writeln!(desk.ui, "{}: sound", memory.path().display())?,
        Format::Text => {
            for problem in &report.problems {
                writeln!(desk.ui, "{problem}")?;
            }
        }
    }
    if report.sound() {
        return Ok(Exit::Done);
    }
    let count = report.problems.len();
    let newest = desk.backups().list().into_iter().next().map(|(path, _)| path.display().to_string());
    let newest = newest.unwrap_or_else(|| "BACKUP".to_owned());
    let hint = match report.mend[..] {
        [Mend::Reindex] => "only the index is wrong: `yaddash memory reindex` makes it anew".to_owned(),
        _ => format!("`yaddash memory restore {newest}` puts a backup in its place; what is there now is kept"),
    };
    let problems = super::run::counted(count, "problem", "problems");
    desk.ui.complain(&CliError::new(format_args!("{}: {problems}", memory.path().display())).hint(hint));
    Ok(Exit::Failed)
}

/// Who is at the keyboard, for the history.
pub(super) fn who() -> String {
    ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default()
}
