//! Copies of the memory: taken, brought back, and brought together.

use super::{told, who};
use crate::{
    app::{
        backups::{self, BackupError},
        upkeep::{self, Job, Merged},
    },
    cli::{CliError, Desk, Exit, run::counted, ui::Bars},
    memory::{Memory, Mode},
};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Write one consistent copy of the memory, while others may go on working
///
/// The settings, and the glossaries they name, go with it. Without COPY the copy goes to the folder of backups, of which
/// the ten newest are kept: `[backup] dir` in yaddash.toml, else `yaddash-backups` beside the memory.
#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The copy; it appears when it is whole
    #[arg(value_name = "COPY")]
    to: Option<PathBuf>,
}

impl Backup {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let carried = desk.carried();
        let memory = Memory::open(&desk.global.memory, Mode::Read)?;
        let to = match &self.to {
            Some(to) => {
                memory.read()?.backup(to, &carried)?;
                to.clone()
            }
            None => memory.read()?.take_backup(&desk.backups(), &carried, Timestamp::now())?,
        };
        desk.ui.remark(format_args!("{} is a copy of {}", to.display(), memory.path().display()));
        Ok(Exit::Done)
    }
}

/// Put a backup in the place of the memory
///
/// The memory as it is now becomes a backup first; one too damaged for that is kept beside its place. Settings and
/// glossaries that came with the backup are written to the working folder where they are missing there. The backup
/// stays as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "BACKUP")]
    from: PathBuf,
    /// Change nothing, tell whether the backup is sound and what it holds
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Restore {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let backups = desk.backups();
        let memory = desk.global.memory.clone();
        if self.dry_run {
            let status = Memory::look_into_backup(&memory, &self.from)?;
            let units = counted(status.units as usize, "unit", "units");
            let (sets, concepts) = (status.sets, status.concepts);
            let from = self.from.display();
            desk.ui
                .remark(format_args!("{from}: sound, {units}, {sets} sets, {concepts} concepts (nothing was changed)"));
            return Ok(Exit::Done);
        }
        let done = backups::restore(&memory, &self.from, &backups, Path::new(""), Timestamp::now());
        let done = done.map_err(|error| match error {
            BackupError::Memory(error) => error.into(),
            error => CliError::new(error),
        })?;
        if let Some(kept) = &done.restored.kept {
            desk.ui.remark(format_args!("{} as it was is in {}", memory.display(), kept.display()));
        }
        for path in &done.written {
            desk.ui.remark(format_args!("{}: written, it came with the backup", path.display()));
        }
        for path in &done.stayed {
            desk.ui.warn(format_args!("{}: stays as it is, the backup has another one", path.display()));
        }
        let units = counted(done.units as usize, "unit", "units");
        desk.ui.remark(format_args!("{} is restored from {}: {units}", memory.display(), self.from.display()));
        Ok(Exit::Done)
    }
}

/// Bring all that another memory holds into this one
///
/// What both have stands once. Releases come with what was decided on them; where both have one of the same name in
/// different forms ours stays, and units we did not have come by themselves. Concepts likewise. The other memory stays
/// as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Merge {
    /// The other memory
    #[arg(value_name = "OTHER")]
    other: PathBuf,
    /// Change nothing, tell what would be brought in
    #[arg(short = 'n', long)]
    dry_run: bool,
}

impl Merge {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut memory = Memory::open(&desk.global.memory, Mode::Write)?;
        let bars = Bars::new(&desk.ui);
        let (note, who) = (format!("merge {}", self.other.display()), who());
        let job = Job { note: &note, who: &who, now: Timestamp::now(), dry_run: self.dry_run, watch: &bars };
        let Merged { batch, new, same, sets, kept_sets, concepts, kept_concepts, rulings } =
            upkeep::merge(&mut memory, &self.other, &job)?;
        drop(bars);
        for name in kept_sets {
            desk.ui.warn(format_args!("set `{name}`: both have one, and they differ: ours stays"));
        }
        for id in kept_concepts {
            desk.ui.warn(format_args!("concept `{id}`: both have one, and they differ: ours stays"));
        }
        let sets = counted(sets, "set", "sets");
        let concepts = counted(concepts, "concept", "concepts");
        let rulings =
            if rulings > 0 { format!(", {}", counted(rulings, "decision", "decisions")) } else { String::new() };
        let what = format!(
            "{new} new, {same} there already, {sets}, {concepts}{rulings}",
            new = counted(new, "unit", "units")
        );
        told(desk, batch, self.dry_run, &what);
        Ok(Exit::Done)
    }
}
