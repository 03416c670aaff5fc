//! `term history`, `term undo`: who changed what in the termbase, and taking it back.

use super::{Format, edit, shown};
use crate::{
    app::{
        termbase::{self, Target},
        terms,
    },
    cli::{CliError, Desk, Exit, memory::who, wrap::visible},
    memory::{BatchId, BatchInfo, ConceptChange, Memory},
    model::Concept,
};
use jiff::Timestamp;
use serde_json::json;
use std::io::Write;

/// Batches with more changes than this are told by their numbers.
const MANY: usize = 10;

/// What was changed in the termbase, when and by whom, the last change first
#[derive(Debug, clap::Args)]
pub(super) struct History {
    /// Of this concept only: its id, or one of its terms
    concept: Option<String>,
    /// No more changes than this
    #[arg(long, value_name = "N", default_value_t = 50)]
    max: usize,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Take an edit of the termbase back, in the glossary file and in the memory
///
/// Edits are those of `term add`, `edit`, `forbid`, `remove` and `merge`. A concept that somebody changed since is left,
/// and nothing is undone.
#[derive(Debug, clap::Args)]
pub(super) struct Undo {
    /// The batch's number in `yaddash term history`; left out: the last edit
    #[arg(value_name = "BATCH")]
    batch: Option<i64>,
    #[command(flatten)]
    place: edit::Place,
}

impl History {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let Some(memory) = Memory::open_existing(&desk.global.memory)? else { return Ok(Exit::Done) };
        let reader = memory.read()?;
        let id = match &self.concept {
            None => None,
            // One that is gone has a history too.
            Some(wanted) if !reader.concept_changes(Some(wanted), 1)?.is_empty() => Some(wanted.clone()),
            Some(wanted) => Some(terms::concept(&reader.concepts()?, wanted)?.id.clone()),
        };
        let changes = reader.concept_changes(id.as_deref(), self.max)?;
        let mut batch: Option<BatchInfo> = None;
        for change in &changes {
            let known = batch.as_ref().is_some_and(|batch| batch.id == change.batch);
            if !known {
                batch = reader.batch(change.batch)?;
            }
            let Some(info) = &batch else { continue };
            if self.format == Format::Jsonl {
                writeln!(desk.ui, "{}", record(change, info))?;
                continue;
            }
            if !known {
                let undone = info.undone_by.map(|by| format!("  (undone by {by})")).unwrap_or_default();
                let (date, who) = (info.made.strftime("%F %T"), visible(&info.who));
                writeln!(desk.ui, "batch {}  {date}  {who}  {}{undone}", info.id, visible(&info.note))?;
            }
            let of_batch = changes.iter().filter(|other| other.batch == change.batch);
            if id.is_none() && of_batch.clone().count() > MANY {
                // A glossary taken in: the names are enough.
                if !known {
                    let what = |new: bool, gone: bool| {
                        of_batch.clone().filter(|c| (c.before.is_none(), c.after.is_none()) == (new, gone)).count()
                    };
                    let (new, gone, changed) = (what(true, false), what(false, true), what(false, false));
                    writeln!(desk.ui, "  concepts: {new} new, {changed} changed, {gone} removed")?;
                }
                continue;
            }
            shown::planned(&mut desk.ui, &change.id, change.before.as_ref(), change.after.as_ref())?;
        }
        if changes.len() == self.max {
            desk.ui.detail(format_args!("no more than {} changes are shown (--max)", self.max));
        }
        Ok(Exit::Done)
    }
}

fn record(change: &ConceptChange, batch: &BatchInfo) -> serde_json::Value {
    let form = |concept: &Option<Concept>| concept.as_ref().map(super::object);
    json!({
        "batch": batch.id.0,
        "date": batch.made.to_string(),
        "who": batch.who,
        "note": batch.note,
        "undone_by": batch.undone_by.map(|by| by.0),
        "concept": change.id,
        "changes": termbase::differences(change.before.as_ref(), change.after.as_ref())
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        "before": form(&change.before),
        "after": form(&change.after),
    })
}

impl Undo {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let files = self.place.files(desk);
        let memory = desk.global.memory.clone();
        let target = Target { memory: &memory, files: &files };
        let wanted = self.batch.map(BatchId);
        let (batch, plan, done) =
            termbase::undo(target, wanted, Timestamp::now(), &who(), self.place.dry_run()).map_err(edit::told)?;
        for planned in &plan {
            shown::planned(&mut desk.ui, &planned.id, planned.before.as_ref(), planned.after.as_ref())?;
        }
        let place = edit::place(&files, plan.iter().map(|planned| planned.file), &memory);
        match done.batch {
            None => desk.ui.remark(format_args!("batch {batch} would be undone in {place} (nothing was changed)")),
            Some(by) => desk.ui.remark(format_args!("batch {batch} is undone by batch {by}, in {place}")),
        }
        Ok(Exit::Done)
    }
}
