//! When backups are taken, and what goes with them: the settings, and the glossaries they name.

use super::{in_words, save::save};
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
        save(&path, body).map_err(failed)?;
        written.push(path);
    }
    let units = Memory::open(memory, Mode::Read)?.read()?.status()?.units;
    Ok(Returned { restored, written, stayed, units })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Language, Unit, Variant,
        memory::{Memory, Mode},
    };

    #[test]
    fn a_week_without_a_backup_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("office.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let backups = Backups::beside(&path);
        let day = |day: &str| -> Timestamp { format!("2024-03-{day}T10:00:00Z").parse().unwrap() };
        let days =
            |memory: &Memory, now: &str| overdue(memory, &backups, day(now)).unwrap().map(|age| age.as_hours() / 24);
        assert_eq!(days(&memory, "30"), None, "there is nothing to lose");
        let unit = Unit {
            variants: vec![Variant::new(Language::EN, "A"), Variant::new(Language::AZ, "Ə")],
            ..Unit::default()
        };
        memory.write("add", day("01"), "me", |batch| batch.add(&unit)).unwrap();
        assert_eq!(days(&memory, "08"), None);
        assert_eq!(days(&memory, "09"), Some(8));
        memory.read().unwrap().take_backup(&backups, &[], day("09")).unwrap();
        assert_eq!(days(&memory, "16"), None);
        assert_eq!(days(&memory, "20"), Some(11));
    }

    #[test]
    fn what_goes_with_a_backup_comes_back_and_leads_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        fs::create_dir_all(home.join("glossary")).unwrap();
        let put = |path: PathBuf, text: &str| {
            fs::write(&path, text).unwrap();
            path
        };
        let settings = put(home.join("yaddash.toml"), "[terms]\n");
        let inside = put(home.join("glossary/a.csv"), "en,az\n");
        let outside = put(folder.path().join("b.csv"), "en,ru\n");
        let (all, left) = carried(Some(&settings), &[inside, outside.clone(), home.join("none.csv")]);
        let names: Vec<&str> = all.iter().map(|file| file.name.as_str()).collect();
        assert_eq!((names, left), (vec!["yaddash.toml", "glossary/a.csv"], vec![outside, home.join("none.csv")]));
        assert_eq!(carried(None, &[]), (Vec::new(), Vec::new()));

        let path = folder.path().join("office.db");
        let memory = Memory::open(&path, Mode::Write).unwrap();
        let copy = folder.path().join("copy.db");
        let hostile = ["../out.txt", "/out.txt", "a/../../out.txt"];
        let hostile = hostile.map(|name| Carried { name: name.into(), body: b"x".to_vec() });
        memory.read().unwrap().backup(&copy, &[&all[..], &hostile].concat()).unwrap();
        let bare = folder.path().join("bare/office");
        fs::create_dir_all(&bare).unwrap();
        put(bare.join("yaddash.toml"), "# ours\n");
        let new = bare.join("office.db");
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        let done = restore(&new, &copy, &Backups::beside(&new), &bare, now).unwrap();
        assert_eq!((done.written, done.stayed), (vec![bare.join("glossary/a.csv")], vec![bare.join("yaddash.toml")]));
        assert_eq!(fs::read_to_string(bare.join("yaddash.toml")).unwrap(), "# ours\n");
        assert!(!folder.path().join("bare/out.txt").exists() && !folder.path().join("out.txt").exists());
        let again = Memory::open(&new, Mode::Read).unwrap();
        assert_eq!(again.read().unwrap().status().unwrap().units, 0);
    }
}
