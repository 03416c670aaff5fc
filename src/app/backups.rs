//! When backups are taken, and what goes with them: the settings, and the glossaries they name.

use super::in_words;
use crate::memory::{Backups, Carried, Memory, MemoryError, Mode, Restored};
use jiff::{SignedDuration, Timestamp};
use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

/// A backup older than this is worth a warning.
const OLD: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Memory(#[from] MemoryError),
    #[error("{}: {}", .path.display(), in_words(.error))]
    File { path: PathBuf, error: io::Error },
}

/// The files that go with a backup: the settings and the glossaries they name, as far as these lie below the folder of
/// the settings; and the names of those that do not, or cannot be read.
pub fn carried(settings: Option<&Path>, glossaries: &[PathBuf]) -> (Vec<Carried>, Vec<PathBuf>) {
    let Some(settings) = settings else { return (Vec::new(), Vec::new()) };
    let home = settings.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
    let (mut out, mut left) = (Vec::new(), Vec::new());
    for path in std::iter::once(settings).chain(glossaries.iter().map(PathBuf::as_path)) {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = whole.strip_prefix(&home).ok().map(|name| name.to_string_lossy().replace('\\', "/"));
        match (name, fs::read(path)) {
            (Some(name), Ok(body)) => out.push(Carried { name, body }),
            _ => left.push(path.to_owned()),
        }
    }
    (out, left)
}

/// For how long what is in the memory has not been backed up, where that is longer than a week: since the newest backup,
/// or since the first batch where there is none.
pub fn overdue(memory: &Memory, backups: &Backups, now: Timestamp) -> Result<Option<SignedDuration>, MemoryError> {
    let since = match backups.list().first() {
        Some((_, made)) => Some(*made),
        None => memory.read()?.begun()?,
    };
    Ok(since.map(|since| now.duration_since(since)).filter(|age| *age > OLD))
}

/// What restoring did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    pub restored: Restored,
    /// Files of the backup that were written, and those that were there already with other contents and stay.
    pub written: Vec<PathBuf>,
    pub stayed: Vec<PathBuf>,
    /// Units, in the restored memory.
    pub units: u64,
}

/// Restores the memory from a backup, and the files that came with it into `folder` where they are missing.
pub fn restore(
    memory: &Path,
    from: &Path,
    backups: &Backups,
    folder: &Path,
    now: Timestamp,
) -> Result<Returned, BackupError> {
    let restored = Memory::restore(memory, from, backups, now)?;
    let (mut written, mut stayed) = (Vec::new(), Vec::new());
    for Carried { name, body } in &restored.carried {
        let relative = Path::new(name);
        // Names are labels from a file: none leads out of the folder.
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            continue;
        }
        let path = folder.join(relative);
        let failed = |error| BackupError::File { path: path.clone(), error };
        if path.exists() {
            if fs::read(&path).ok().as_deref() != Some(body) {
                stayed.push(path);
            }
            continue;
        }
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(failed)?;
        let mut beside = tempfile::NamedTempFile::new_in(parent).map_err(failed)?;
        io::Write::write_all(&mut beside, body).map_err(failed)?;
        beside.as_file().sync_all().map_err(failed)?;
        beside.persist(&path).map_err(|error| failed(error.error))?;
        written.push(path);
    }
    let units = Memory::open(memory, Mode::Read)?.read()?.status()?.units;
    Ok(Returned { restored, written, stayed, units })
}
