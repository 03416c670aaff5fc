//! Where backups go, by the configuration, and when the user is reminded of them.

use super::{CliError, Desk};
use crate::{
    app::backups,
    memory::{Backups, Carried, Memory, Mode},
};
use jiff::Timestamp;

impl Desk {
    /// Where the backups of the memory go.
    pub(super) fn backups(&self) -> Backups {
        match self.config.backup_folder() {
            Some(folder) => Backups::in_folder(&self.global.memory, &folder),
            None => Backups::beside(&self.global.memory),
        }
    }

    /// The settings and glossaries that go with a backup.
    pub(super) fn carried(&mut self) -> Vec<Carried> {
        let (carried, left) = backups::carried(self.config.path.as_deref(), &self.config.glossaries());
        for path in left {
            self.ui.detail(format_args!(
                "{}: not in the backup, it does not lie below the folder of yaddash.toml",
                path.display()
            ));
        }
        carried
    }

    /// Says when the last backup was long ago.
    pub(super) fn remind_of_backups(&mut self) -> Result<(), CliError> {
        let Some(memory) = Memory::open_existing(&self.global.memory)? else { return Ok(()) };
        if let Some(age) = backups::overdue(&memory, &self.backups(), Timestamp::now())? {
            let days = age.as_hours() / 24;
            let path = memory.path().display();
            self.ui.warn(format_args!("{path}: not backed up for {days} days; `yaddash memory backup` does it"));
        }
        Ok(())
    }
}

/// Brings a memory of an older schema to ours once its copy lies where the configuration says. What is wrong with the
/// memory the command itself will say.
pub(super) fn before_migration(desk: &Desk) {
    if desk.config.backup_folder().is_some() && desk.global.memory.is_file() {
        let _ = Memory::open_with(&desk.global.memory, Mode::Read, &desk.backups());
    }
}
