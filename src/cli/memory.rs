//! `yaddash memory`: what is in it, whether it is sound, a copy of it, and its history.

use super::{CliError, Desk, Exit};
use crate::memory::{BatchId, BatchInfo, Memory, MemoryError, Mode, Status, Undone};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Look after the memory: status, check, reindex, backup, history, undo
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    /// What is in the memory
    Status(Form),
    /// Whether the memory is sound
    ///
    /// SQLite's own check, and ours: each unit has two variants or more, the index leads to every text, the
    /// history adds up. Ends with 2 when something is wrong.
    Check(Form),
    /// Make the index for look-ups anew, from the texts
    ///
    /// Nothing else is changed. It is right after every write and every crash; this is for a file damaged from
    /// outside, and when `memory check` says so.
    Reindex,
    /// Write one consistent copy, while others may go on working
    Backup {
        /// The copy; it appears when it is whole
        #[arg(value_name = "COPY")]
        to: PathBuf,
    },
    /// The last batches: what was done to the memory, by whom, when
    History {
        /// No more than this
        #[arg(long, value_name = "N", default_value_t = 20)]
        max: usize,
        #[command(flatten)]
        form: Form,
    },
    /// Put back what stood before a batch
    ///
    /// What a later batch has changed stays as it is and is named. Undoing is a batch like any other, and can
    /// be undone.
    Undo {
        /// The batch's number in `yaddash memory history`; left out: the last one
        #[arg(value_name = "BATCH")]
        batch: Option<i64>,
        /// Say what would be put back and change nothing
        #[arg(short = 'n', long)]
        dry_run: bool,
        #[command(flatten)]
        form: Form,
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
            Job::Check(form) => check(desk, form.format),
            Job::Reindex => {
                // A memory is not made by looking after it.
                let mut memory = match Memory::open_existing(&desk.global.memory)? {
                    Some(_) => Memory::open(&desk.global.memory, Mode::Write)?,
                    None => return Err(MemoryError::Missing(desk.global.memory.clone()).into()),
                };
                memory.reindex()?;
                let status = memory.read()?.status()?;
                desk.ui.remark(format_args!("the index of {} units was made anew", status.units));
                Ok(Exit::Done)
            }
            Job::Backup { to } => {
                let memory = Memory::open(&desk.global.memory, Mode::Read)?;
                memory.read()?.backup(&to, &[])?;
                desk.ui.remark(format_args!("{} is a copy of {}", to.display(), memory.path().display()));
                Ok(Exit::Done)
            }
            Job::History { max, form } => history(desk, max, form.format),
            Job::Undo { batch, dry_run, form } => undo(desk, batch.map(BatchId), dry_run, form.format),
        }
    }
}

fn json(desk: &mut Desk, value: &impl Serialize) -> Result<(), CliError> {
    serde_json::to_writer(&mut desk.ui, value).map_err(io::Error::from)?;
    writeln!(desk.ui)?;
    Ok(())
}

fn status(desk: &mut Desk, format: Format) -> Result<Exit, CliError> {
    let path = desk.global.memory.clone();
    let memory = Memory::open_existing(&path)?;
    let status = match &memory {
        Some(memory) => memory.read()?.status()?,
        None => Status::default(),
    };
    if format == Format::Json {
        json(desk, &status)?;
        return Ok(Exit::Done);
    }
    let ui = &mut desk.ui;
    if memory.is_none() {
        writeln!(ui, "{}: no memory yet", path.display())?;
        return Ok(Exit::Done);
    }
    writeln!(ui, "{}", path.display())?;
    writeln!(ui, "  units     {}", status.units)?;
    writeln!(ui, "  pending   {}", status.pending)?;
    writeln!(ui, "  sets      {}", status.sets)?;
    writeln!(ui, "  concepts  {}", status.concepts)?;
    for (language, count) in &status.variants {
        writeln!(ui, "  {:<9} {count} variants", language.as_str())?;
    }
    writeln!(ui, "  size      {:.1} MB", status.size_bytes as f64 / 1e6)?;
    writeln!(ui, "  schema    {}", status.schema)?;
    Ok(Exit::Done)
}

fn check(desk: &mut Desk, format: Format) -> Result<Exit, CliError> {
    let memory = Memory::open(&desk.global.memory, Mode::Read)?;
    let report = memory.read()?.check()?;
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
    desk.ui.complain(
        &CliError::new(format_args!("{}: {count} problems", memory.path().display()))
            .hint("put the last backup in its place"),
    );
    Ok(Exit::Failed)
}

#[derive(Serialize)]
struct Batch<'a> {
    batch: i64,
    date: String,
    who: &'a str,
    note: &'a str,
    undoes: Option<i64>,
    added: u64,
    changed: u64,
    removed: u64,
}

impl<'a> From<&'a BatchInfo> for Batch<'a> {
    fn from(info: &'a BatchInfo) -> Batch<'a> {
        Batch {
            batch: info.id.0,
            date: info.made.to_string(),
            who: &info.who,
            note: &info.note,
            undoes: info.undoes.map(|batch| batch.0),
            added: info.added,
            changed: info.changed,
            removed: info.removed,
        }
    }
}

fn history(desk: &mut Desk, max: usize, format: Format) -> Result<Exit, CliError> {
    let batches = match Memory::open_existing(&desk.global.memory)? {
        Some(memory) => memory.read()?.history(max)?,
        None => Vec::new(),
    };
    if format == Format::Json {
        json(desk, &batches.iter().map(Batch::from).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    for batch in &batches {
        let counts = [(batch.added, "added"), (batch.changed, "changed"), (batch.removed, "removed")];
        let told: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        let told = if told.is_empty() { "no units".to_owned() } else { told.join(", ") };
        let date = batch.made.strftime("%F %T");
        writeln!(desk.ui, "{:>5}  {date}  {:<10}  {}  ({told})", batch.id.0, batch.who, batch.note)?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct UndoneRecord {
    undone: i64,
    batch: Option<i64>,
    restored: u64,
    conflicts: Vec<String>,
}

fn undo(desk: &mut Desk, batch: Option<BatchId>, dry_run: bool, format: Format) -> Result<Exit, CliError> {
    if !desk.global.memory.exists() {
        return Err(MemoryError::Missing(desk.global.memory.clone()).into());
    }
    let mut memory = Memory::open(&desk.global.memory, Mode::Write)?;
    let last = memory.read()?.history(1)?.first().map(|last| last.id);
    let Some(batch) = batch.or(last) else {
        return Err(CliError::new(format_args!("{}: there is nothing to undo", memory.path().display())));
    };
    let job = if dry_run { Memory::undo_on_trial } else { Memory::undo };
    let Undone { batch: by, restored, conflicts, .. } =
        job(&mut memory, batch, crate::memory::OnConflict::Keep, Timestamp::now(), &who())?;
    let by = by.filter(|_| !dry_run);
    let told = |conflict: &crate::memory::Conflict| match conflict.by {
        Some(by) => format!("{}: batch {by} came later", conflict.thing),
        None => format!("{}: it is no longer there", conflict.thing),
    };
    let conflicts: Vec<String> = conflicts.iter().map(told).collect();
    if format == Format::Json {
        json(desk, &UndoneRecord { undone: batch.0, batch: by.map(|by| by.0), restored, conflicts })?;
        return Ok(Exit::Done);
    }
    match by {
        Some(by) => writeln!(desk.ui, "batch {batch} is undone by batch {by}: {restored} put back")?,
        None if dry_run => writeln!(desk.ui, "batch {batch} would be undone: {restored} put back")?,
        None => writeln!(desk.ui, "batch {batch}: nothing was left to undo")?,
    }
    for conflict in conflicts {
        writeln!(desk.ui, "left as it is: {conflict}")?;
    }
    Ok(Exit::Done)
}

/// Who is at the keyboard, for the history.
pub(super) fn who() -> String {
    ["USER", "USERNAME"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default()
}
