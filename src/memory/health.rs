//! Check and backup.

use super::{Memory, MemoryError, Mode, Reader, index};
use rusqlite::{Connection, TransactionBehavior, backup::Backup};
use serde::Serialize;
use std::{path::Path, time::Duration};

/// What a check of the memory found; it is sound when there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    pub problems: Vec<String>,
}

/// How many problems are listed; a broken file has them by the thousand.
const LISTED: usize = 100;

/// What must hold beyond SQLite's own rules: (what is said of a row, the rows that break it).
const RULES: &[(&str, &str)] = &[
    (
        "has fewer than two variants",
        "SELECT 'unit ' || id FROM unit WHERE (SELECT count(*) FROM variant WHERE unit = unit.id) < 2",
    ),
    (
        "says another number of units than its history",
        "SELECT 'batch ' || id FROM batch WHERE
           added   != (SELECT count(*) FROM change WHERE batch = batch.id AND kind = 1 AND before IS NULL) OR
           removed != (SELECT count(*) FROM change WHERE batch = batch.id AND kind = 1 AND after IS NULL) OR
           changed != (SELECT count(*) FROM change
                       WHERE batch = batch.id AND kind = 1 AND before IS NOT NULL AND after IS NOT NULL)",
    ),
    (
        "is not in the history of its batch",
        "SELECT 'unit ' || id FROM unit
         WHERE NOT EXISTS (SELECT 1 FROM change WHERE batch = unit.revision AND kind = 1 AND thing = +unit.id)",
    ),
];

impl Reader<'_> {
    /// SQLite's integrity check, its foreign keys, and ours: each unit has two variants or more, the index
    /// leads to every text, the journal adds up.
    pub fn check(&self) -> Result<Report, MemoryError> {
        let mut report = Report::default();
        let mut integrity = self.cached(&format!("PRAGMA integrity_check({LISTED})"))?;
        let mut rows = integrity.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                report.problems.push(line);
            }
        }
        if !report.problems.is_empty() {
            return Ok(report); // what is read from a damaged file tells nothing more
        }
        let mut keys = self.cached("PRAGMA foreign_key_check")?;
        let mut rows = keys.query([])?;
        while let Some(row) = rows.next()? {
            report.add(format!(
                "a row of `{}` points to nothing in `{}`",
                row.get::<_, String>(0)?,
                row.get::<_, String>(2)?
            ));
        }
        for (said, sql) in RULES {
            let mut select = self.cached(sql)?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                report.add(format!("{} {said}", row.get::<_, String>(0)?));
            }
        }
        index::check(&self.db, |problem| report.add(problem))?;
        Ok(report)
    }

    /// Writes one consistent copy to `to`, while others may go on writing here. It is written beside `to`
    /// and renamed when whole.
    pub fn backup(&self, to: &Path) -> Result<(), MemoryError> {
        let io = |error: std::io::Error| MemoryError::Io { path: to.to_owned(), what: error.to_string() };
        if to.is_dir() {
            return Err(MemoryError::Folder(to.to_owned()));
        }
        if to.canonicalize().is_ok_and(|to| self.path.canonicalize().is_ok_and(|own| own == to)) {
            return Err(MemoryError::Itself(to.to_owned()));
        }
        // An older backup may be replaced, a file of another kind may not.
        if to.exists() {
            Memory::open(to, Mode::Read)?;
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(MemoryError::Io { path: to.to_owned(), what: "there is no such folder".to_owned() });
        }
        let beside = tempfile::Builder::new().prefix(".yaddash-backup-").tempfile_in(folder).map_err(io)?;
        let copied = (|| -> Result<(), MemoryError> {
            let mut copy = Connection::open(beside.path())?;
            {
                let backup = Backup::new(&self.db, &mut copy)?;
                backup.run_to_completion(4096, Duration::ZERO, None)?;
            }
            // A copy is one file: without a log beside it.
            copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
            copy.close().map_err(|(_, error)| error)?;
            Ok(())
        })();
        copied.map_err(|error| error.at(to))?;
        beside.as_file().sync_all().map_err(io)?;
        beside.persist(to).map_err(|error| io(error.error))?;
        Ok(())
    }
}

impl Memory {
    /// Makes the index of all texts anew.
    pub fn reindex(&mut self) -> Result<(), MemoryError> {
        let path = self.path.clone();
        let rebuilt = (|| {
            let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            index::rebuild(&change)?;
            Ok(change.commit()?)
        })();
        rebuilt.map_err(|error: MemoryError| error.at(&path))
    }
}

impl Report {
    fn add(&mut self, problem: String) {
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        }
    }

    pub fn sound(&self) -> bool {
        self.problems.is_empty()
    }
}
