//! The history: what was done, to what, and taking it back.

use super::{Form, Format, json, shown, who};
use crate::{
    app::upkeep::Changed,
    cli::{CliError, Desk, Exit, run::counted, wrap::visible},
    memory::{BatchId, BatchInfo, Change, Conflict, Memory, MemoryError, Mode, OnConflict, Thing, Undone},
    model::{Unit, UnitId},
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json as object};
use std::{collections::BTreeMap, io::Write};

/// The last batches: what was done to the memory, by whom, when; or what one of them did
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show what this batch did, unit by unit
    #[arg(value_name = "BATCH")]
    batch: Option<i64>,
    /// No more than this
    #[arg(long, value_name = "N", default_value_t = 20)]
    max: usize,
    #[command(flatten)]
    form: Form,
}

/// Put back what stood before a batch
///
/// The memory is then as if the batch had never been, whatever was undone before it and after. What a later batch has
/// changed too stays as that one left it, and is named. Undoing is a batch like any other, and can be undone.
#[derive(Debug, clap::Args)]
pub(super) struct Undo {
    /// The batch's number in `yaddash memory history`; left out: the last one
    #[arg(value_name = "BATCH")]
    batch: Option<i64>,
    /// What becomes of what a later batch has changed too
    #[arg(long, value_enum, value_name = "WAY", default_value_t = Way::Keep)]
    on_conflict: Way,
    /// Say what would be put back and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Way {
    /// It stays as it is
    Keep,
    /// What stood before the batch is put back all the same
    Overwrite,
    /// Then nothing at all is undone
    Stop,
}

/// A batch as the history shows it.
#[derive(Serialize)]
pub(super) struct History<'a> {
    batch: i64,
    date: String,
    who: &'a str,
    note: &'a str,
    undoes: Option<i64>,
    part_of: Option<i64>,
    undone_by: Option<i64>,
    added: u64,
    changed: u64,
    removed: u64,
}

impl<'a> From<&'a BatchInfo> for History<'a> {
    fn from(info: &'a BatchInfo) -> History<'a> {
        History {
            batch: info.id.0,
            date: info.made.to_string(),
            who: &info.who,
            note: &info.note,
            undoes: info.undoes.map(|batch| batch.0),
            part_of: info.part_of.map(|batch| batch.0),
            undone_by: info.undone_by.map(|batch| batch.0),
            added: info.added,
            changed: info.changed,
            removed: info.removed,
        }
    }
}

impl History<'_> {
    /// `   12  2024-03-12 10:00:00  leyla  run releases  (34 added)`.
    pub fn line(batch: &BatchInfo) -> String {
        let counts = [(batch.added, "added"), (batch.changed, "changed"), (batch.removed, "removed")];
        let counts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        let counts = if counts.is_empty() { "no units".to_owned() } else { counts.join(", ") };
        let date = batch.made.strftime("%F %T");
        let part = batch.part_of.map(|first| format!(", goes on with {first}")).unwrap_or_default();
        let undone = batch.undone_by.map(|by| format!(", undone by {by}")).unwrap_or_default();
        let (who, note) = (visible(&batch.who), visible(&batch.note));
        format!("{:>5}  {date}  {who:<10}  {note}  ({counts}{part}{undone})", batch.id.0)
    }
}

impl Args {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self.batch {
            Some(batch) => self.changes(desk, BatchId(batch)),
            None => self.list(desk),
        }
    }

    fn list(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let batches = match Memory::open_existing(&desk.global.memory)? {
            Some(memory) => memory.read()?.history(self.max)?,
            None => Vec::new(),
        };
        if self.form.format == Format::Json {
            json(desk, &batches.iter().map(History::from).collect::<Vec<_>>())?;
            return Ok(Exit::Done);
        }
        for batch in &batches {
            writeln!(desk.ui, "{}", History::line(batch))?;
        }
        Ok(Exit::Done)
    }

    fn changes(&self, desk: &mut Desk, id: BatchId) -> Result<Exit, CliError> {
        let memory = Memory::open(&desk.global.memory, Mode::Read)?;
        let reader = memory.read()?;
        let batch = reader.batch(id)?.ok_or(MemoryError::NoBatch(id))?;
        let changes = reader.changes(id, self.max.saturating_add(1))?;
        let shown = &changes[..changes.len().min(self.max)];
        if self.form.format == Format::Json {
            let changes: Vec<Value> = shown.iter().map(change_record).collect();
            json(desk, &object!({ "batch": History::from(&batch), "changes": changes }))?;
        } else {
            writeln!(desk.ui, "{}", History::line(&batch))?;
            for change in shown {
                told(desk, change)?;
            }
        }
        if changes.len() > shown.len() {
            desk.ui.remark("and more; `--max N` shows them");
        }
        Ok(Exit::Done)
    }
}

fn told(desk: &mut Desk, change: &Change) -> Result<(), CliError> {
    let Thing::Unit(unit) = change.thing else {
        writeln!(desk.ui, "{}", visible(&change.thing.to_string()))?;
        return Ok(());
    };
    match (&change.before, &change.after) {
        (Some(before), after) => {
            let what = if after.is_some() { "was changed" } else { "was deleted" };
            let (before, after) = (before.clone(), after.clone());
            shown::changed(&mut desk.ui, &Changed { unit, before, after }, what)
        }
        (None, Some(after)) => shown::unit(&mut desk.ui, unit, after),
        (None, None) => Ok(()),
    }
}

fn texts(unit: &Unit) -> BTreeMap<&str, Vec<&str>> {
    let mut out: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for variant in &unit.variants {
        out.entry(variant.language.as_str()).or_default().push(&variant.text);
    }
    out
}

fn form_record(unit: &Unit) -> Value {
    object!({
        "state": unit.state,
        "origin": unit.origin.name,
        "date": unit.origin.date.map(|date| date.to_string()),
        "score": unit.origin.score,
        "tuid": unit.tuid,
        "context": unit.context,
        "texts": texts(unit),
        "notes": unit.notes.iter().map(|note| &note.text).collect::<Vec<_>>(),
    })
}

fn change_record(change: &Change) -> Value {
    let form = |unit: &Option<Unit>| unit.as_ref().map(form_record);
    object!({ "thing": change.thing.to_string(), "before": form(&change.before), "after": form(&change.after) })
}

/// A unit with its history, for programs.
pub(super) fn unit_record(id: UnitId, unit: Option<&Unit>, history: &[(Change, Option<BatchInfo>)]) -> Value {
    let history: Vec<Value> = history
        .iter()
        .map(|(change, batch)| {
            let form = |unit: &Option<Unit>| unit.as_ref().map(form_record);
            let batch = batch.as_ref().map(History::from);
            object!({ "batch": batch, "before": form(&change.before), "after": form(&change.after) })
        })
        .collect();
    object!({ "unit": id, "now": unit.map(form_record), "history": history })
}

#[derive(Serialize)]
struct UndoneRecord {
    undone: i64,
    batch: Option<i64>,
    restored: u64,
    conflicts: Vec<String>,
}

/// Conflicts that are named one by one.
const NAMED: usize = 50;

impl Undo {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut memory = super::open_existing(desk, self.dry_run)?;
        let last = memory.read()?.history(1)?.first().map(|last| last.id);
        let Some(batch) = self.batch.map(BatchId).or(last) else {
            return Err(CliError::new(format_args!("{}: there is nothing to undo", memory.path().display())));
        };
        let way = match self.on_conflict {
            Way::Keep | Way::Stop => OnConflict::Keep,
            Way::Overwrite => OnConflict::Overwrite,
        };
        let (now, who) = (Timestamp::now(), who());
        if self.on_conflict == Way::Stop {
            let trial = memory.undo_on_trial(batch, way, now, &who)?;
            if let [first, ..] = &trial.conflicts[..] {
                let count = counted(trial.conflicts.len(), "thing was", "things were");
                return Err(CliError::new(format_args!("batch {batch}: {count} changed later ({})", later(first)))
                    .hint(
                        "nothing was undone; `--on-conflict keep` leaves these as they are, `overwrite` puts them back",
                    ));
            }
        }
        let job = if self.dry_run { Memory::undo_on_trial } else { Memory::undo };
        let Undone { batch: by, restored, conflicts, already } = job(&mut memory, batch, way, now, &who)?;
        let by = by.filter(|_| !self.dry_run);
        if self.form.format == Format::Json {
            let conflicts = conflicts.iter().map(later).collect();
            json(desk, &UndoneRecord { undone: batch.0, batch: by.map(|by| by.0), restored, conflicts })?;
            return Ok(Exit::Done);
        }
        match (by, already) {
            (_, Some(already)) => {
                writeln!(desk.ui, "batch {batch} was undone before, by batch {already}: nothing was changed")?;
            }
            (Some(by), _) => writeln!(desk.ui, "batch {batch} is undone by batch {by}: {restored} put back")?,
            (None, _) => writeln!(desk.ui, "batch {batch} would be undone: {restored} put back")?,
        }
        for conflict in conflicts.iter().take(NAMED) {
            writeln!(desk.ui, "left as it is: {}", later(conflict))?;
        }
        if conflicts.len() > NAMED {
            writeln!(desk.ui, "left as it is: {} more", conflicts.len() - NAMED)?;
        }
        Ok(Exit::Done)
    }
}

fn later(conflict: &Conflict) -> String {
    match conflict.by {
        Some(by) => format!("{}: batch {by} came later", conflict.thing),
        None => format!("{}: it is no longer there", conflict.thing),
    }
}
