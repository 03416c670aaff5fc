//! Backups: whole copies of a memory, made while others write, and what is brought back from them.

use super::{Memory, MemoryError, Mode, Reader, SCHEMA, Status, hash::StableHash, schema, seal};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, backup::Backup, params};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// The folder beside a memory that its backups go to where none is named.
const FOLDER: &str = "yaddash-backups";
/// How many backups that were taken by themselves are kept.
const KEPT: usize = 10;
/// Pages copied at a time.
const PAGES: i32 = 4096;
/// When a backup was taken, in its name: UTC.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// Where the backups of a memory go. Their names tell whose they are and when they were taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    folder: PathBuf,
    /// What their names begin with.
    stem: String,
}

/// A file that a backup carries beside the memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The path below the folder of the settings, with `/`.
    pub name: String,
    pub body: Vec<u8>,
}

/// What a restored memory is, and what became of the one in whose place it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the memory that was there before is kept; `None` where there was none.
    pub kept: Option<PathBuf>,
    pub carried: Vec<Carried>,
}

impl Backups {
    /// In a folder of their own beside the memory.
    pub fn beside(memory: &Path) -> Backups {
        Backups { folder: folder_of(memory).join(FOLDER), stem: stem_of(memory) }
    }

    /// In a folder that other memories may have theirs in too: the names tell them apart by their place.
    pub fn in_folder(memory: &Path, folder: &Path) -> Backups {
        let place = folder_of(memory);
        let place = place.canonicalize().unwrap_or(place);
        let mut hash = StableHash::new();
        hash.bytes(place.to_string_lossy().as_bytes());
        let sign = hash.finish() as u16;
        Backups { folder: folder.to_owned(), stem: format!("{}-{sign:04x}", stem_of(memory)) }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The backups that are there with their dates, newest first. A folder that cannot be read has none.
    pub fn list(&self) -> Vec<(PathBuf, Timestamp)> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let dated = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let stamp = name.strip_prefix(&self.stem)?.strip_prefix('.')?.strip_suffix(".db")?;
            // Two of one second are told apart by a number.
            let stamp = stamp.split('-').next().unwrap_or(stamp);
            let made = jiff::civil::DateTime::strptime(STAMP, stamp).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some((entry.path(), made.timestamp()))
        };
        let mut found: Vec<_> = entries.flatten().filter_map(dated).collect();
        found.sort_by(|a, b| (b.1, &b.0).cmp(&(a.1, &a.0)));
        found
    }

    /// A name for a backup taken `now`; the folder is made where there is none.
    fn name(&self, now: Timestamp) -> Result<PathBuf, MemoryError> {
        self.make_folder()?;
        let stamp = now.strftime(STAMP);
        let names = (1..).map(|n: usize| match n {
            1 => format!("{}.{stamp}.db", self.stem),
            n => format!("{}.{stamp}-{n}.db", self.stem),
        });
        let mut free = names.map(|name| self.folder.join(name)).filter(|path| !path.exists());
        Ok(free.next().expect("numbers go on for ever"))
    }

    /// The name of the copy made before a memory of schema `version` is brought to ours. There is one a schema, and it
    /// is not among those that are cleared away.
    pub(super) fn before_migration(&self, version: i64) -> Result<PathBuf, MemoryError> {
        self.make_folder()?;
        Ok(self.folder.join(format!("{}.schema-{version}-before-{SCHEMA}.db", self.stem)))
    }

    fn make_folder(&self) -> Result<(), MemoryError> {
        fs::create_dir_all(&self.folder).map_err(|error| io(&self.folder, error))
    }

    /// Takes away all but the ten newest.
    fn clear(&self) {
        for (path, _) in self.list().into_iter().skip(KEPT) {
            // One that cannot be taken away is in nobody's way.
            let _ = fs::remove_file(path);
        }
    }
}

fn folder_of(memory: &Path) -> PathBuf {
    memory.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn stem_of(memory: &Path) -> String {
    memory.file_stem().map_or_else(|| "memory".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn io(path: &Path, error: std::io::Error) -> MemoryError {
    match error.kind() {
        std::io::ErrorKind::StorageFull => MemoryError::Full(path.to_owned()),
        std::io::ErrorKind::PermissionDenied => MemoryError::Forbidden(path.to_owned()),
        _ => MemoryError::Io { path: path.to_owned(), what: error.to_string() },
    }
}

/// Copies a database as others see it now; the copy is written beside `to` and renamed when whole.
pub(super) fn copy(db: &Connection, to: &Path) -> Result<(), MemoryError> {
    written(db, to, &[])
}

fn written(db: &Connection, to: &Path, carried: &[Carried]) -> Result<(), MemoryError> {
    let folder = folder_of(to);
    if !folder.is_dir() {
        return Err(MemoryError::Io { path: to.to_owned(), what: "there is no such folder".to_owned() });
    }
    let beside =
        tempfile::Builder::new().prefix(".yaddash-backup-").tempfile_in(folder).map_err(|error| io(to, error))?;
    let copied = (|| -> Result<(), MemoryError> {
        let mut copy = Connection::open(beside.path())?;
        Backup::new(db, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        // A copy is one file: without a log beside it.
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        for Carried { name, body } in carried {
            copy.execute(
                "INSERT OR REPLACE INTO carried (name, body, seal) VALUES (?1, ?2, ?3)",
                params![name, body, seal::of(&[body])],
            )?;
        }
        copy.close().map_err(|(_, error)| error)?;
        Ok(())
    })();
    copied.map_err(|error| error.at(to))?;
    beside.as_file().sync_all().map_err(|error| io(to, error))?;
    beside.persist(to).map_err(|error| io(to, error.error))?;
    Ok(())
}

impl Reader<'_> {
    /// Writes one consistent copy to `to`, while others may go on writing here. It is written beside `to`
    /// and renamed when whole. An older backup is replaced, a file of another kind is not.
    ///
    /// # Errors
    /// A place that cannot be written to, the memory itself, a file that is no memory.
    pub fn backup(&self, to: &Path, carried: &[Carried]) -> Result<(), MemoryError> {
        if to.is_dir() {
            return Err(MemoryError::Folder(to.to_owned()));
        }
        if to.canonicalize().is_ok_and(|to| self.path.canonicalize().is_ok_and(|own| own == to)) {
            return Err(MemoryError::Itself(to.to_owned()));
        }
        if to.exists() {
            Memory::open(to, Mode::Read)?;
        }
        written(&self.db, to, carried)
    }

    /// Takes a backup among the memory's own, of which the ten newest are kept; where it is.
    pub fn take_backup(&self, backups: &Backups, carried: &[Carried], now: Timestamp) -> Result<PathBuf, MemoryError> {
        let to = backups.name(now)?;
        written(&self.db, &to, carried)?;
        backups.clear();
        Ok(to)
    }

    /// The files this memory carries: a backup's settings and glossaries.
    fn carried(&self) -> Result<Vec<Carried>, MemoryError> {
        let mut select = self.cached("SELECT name, body FROM carried ORDER BY name")?;
        let rows = select.query_map([], |row| Ok(Carried { name: row.get(0)?, body: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Memory {
    /// What the backup `from` holds, if it could be put in the place of the memory at `path`; nothing is changed.
    ///
    /// # Errors
    /// As for [`Memory::restore`].
    pub fn look_into_backup(path: &Path, from: &Path) -> Result<Status, MemoryError> {
        let (_trial, backup) = looked_into(path, from)?;
        match Memory::open(path, Mode::Read) {
            Ok(_) | Err(MemoryError::Missing(_) | MemoryError::Damaged { .. }) => backup.read()?.status(),
            Err(error) => Err(error),
        }
    }

    /// Puts the memory that the backup `from` holds in the place of the one at `path`, which is kept among `backups`;
    /// one too damaged for that is kept beside it, as it is.
    ///
    /// # Errors
    /// A backup that is not sound, and a file at `path` that is no memory, are refused; then nothing is changed.
    pub fn restore(path: &Path, from: &Path, backups: &Backups, now: Timestamp) -> Result<Restored, MemoryError> {
        let (_trial, backup) = looked_into(path, from)?;
        let reader = backup.read()?;
        let carried = reader.carried()?;
        let kept = match Memory::open(path, Mode::Write) {
            Err(MemoryError::Damaged { .. }) => {
                let aside = set_aside(path, now)?;
                written(&reader.db, path, &[])?;
                Some(aside)
            }
            Err(error) => return Err(error),
            Ok(mut memory) => {
                let reader_here = memory.read()?;
                let empty = reader_here.history(1)?.is_empty();
                let kept = if empty { None } else { Some(reader_here.take_backup(backups, &[], now)?) };
                drop(reader_here);
                let put = Backup::new(&reader.db, &mut memory.db)
                    .and_then(|copying| copying.run_to_completion(i32::MAX, Duration::from_millis(50), None));
                put.map_err(|error| MemoryError::from(error).at(path))?;
                kept
            }
        };
        let mut memory = Memory::open_with(path, Mode::Write, backups)?;
        let emptied = (|| -> Result<(), MemoryError> {
            let change = memory.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            change.execute("DELETE FROM carried", [])?;
            Ok(change.commit()?)
        })();
        emptied.map_err(|error| error.at(path))?;
        Ok(Restored { kept, carried })
    }
}

/// A copy of the backup `from` that is brought to our schema and sound, in a folder beside `path`: the backup itself
/// stays as it is.
fn looked_into(path: &Path, from: &Path) -> Result<(tempfile::TempDir, Memory), MemoryError> {
    if from.canonicalize().is_ok_and(|from| path.canonicalize().is_ok_and(|own| own == from)) {
        return Err(MemoryError::Itself(from.to_owned()));
    }
    let trial = tempfile::Builder::new()
        .prefix(".yaddash-restore-")
        .tempdir_in(folder_of(path))
        .map_err(|error| io(path, error))?;
    let copied = trial.path().join("memory.db");
    copy(&schema::open_as_it_is(from)?, &copied)?;
    let backup = Memory::open(&copied, Mode::Write).map_err(|error| error.of(&copied, from))?;
    if let Some(problem) = backup.read()?.check()?.problems.into_iter().next() {
        return Err(MemoryError::Damaged { path: from.to_owned(), what: problem });
    }
    Ok((trial, backup))
}

/// Gives a damaged memory, and the log beside it, another name.
fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, MemoryError> {
    let ending = |path: &Path, ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let aside = ending(path, &format!(".damaged-{}", now.strftime(STAMP)));
    for log in ["-wal", "-shm"] {
        let there = ending(path, log);
        if there.exists() {
            fs::rename(&there, ending(&aside, log)).map_err(|error| io(&there, error))?;
        }
    }
    fs::rename(path, &aside).map_err(|error| io(path, error))?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_are_named_by_their_memory_and_date_and_ten_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("office.db");
        let memory = Memory::open(&path, Mode::Write).unwrap();
        let reader = memory.read().unwrap();
        let backups = Backups::beside(&path);
        let day = |day: i8| {
            jiff::civil::date(2024, 3, day).at(10, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
        };
        assert_eq!(backups.list(), []);
        let first = reader.take_backup(&backups, &[], day(1)).unwrap();
        assert_eq!(first, folder.path().join("yaddash-backups").join("office.20240301T100000Z.db"));
        let second = reader.take_backup(&backups, &[], day(1)).unwrap();
        assert!(second.ends_with("office.20240301T100000Z-2.db"));
        fs::write(backups.folder().join("office.old.db"), "another file").unwrap();
        for n in 2..=12 {
            reader.take_backup(&backups, &[], day(n)).unwrap();
        }
        let dates: Vec<Timestamp> = backups.list().into_iter().map(|(_, made)| made).collect();
        assert_eq!(dates, (3..=12).rev().map(day).collect::<Vec<_>>());
        assert!(backups.folder().join("office.old.db").exists());
        // Elsewhere those of another memory are others.
        let disk = folder.path().join("disk");
        fs::create_dir(&disk).unwrap();
        let (own, other) = (Backups::in_folder(&path, &disk), Backups::in_folder(&disk.join("office.db"), &disk));
        reader.take_backup(&own, &[], day(1)).unwrap();
        assert_eq!((own.list().len(), other.list().len()), (1, 0));
    }
}
