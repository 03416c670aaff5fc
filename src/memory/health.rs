//! Whether a memory is sound.

use super::{
    Memory, MemoryError, Mode, Reader, StoredSet, index,
    reader::{Languages, UNIT, read_unit},
    record::{self, StoredUnit},
    seal,
};
use rusqlite::TransactionBehavior;
use serde::Serialize;

/// What a check of the memory found; it is sound when there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    pub problems: Vec<String>,
    /// What mends them, the gentlest first.
    pub mend: Vec<Mend>,
    /// SQLite itself finds the file damaged.
    #[serde(skip)]
    broken: bool,
}

/// What to do about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mend {
    /// Only the index is wrong, which is made of the texts: make it anew.
    Reindex,
    /// What was stored is no longer what it was: put a backup in its place.
    Restore,
}

/// How many problems are listed; a broken file has them by the thousand.
const LISTED: usize = 100;

/// What must hold beyond SQLite's own rules: (what is said of a row, the rows that break it).
const RULES: &[(&str, &str)] = &[
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
    (
        "is not in the history of its batch",
        "SELECT 'the ruling ' || kind || ' on ' || key FROM ruling
         WHERE NOT EXISTS (SELECT 1 FROM change
                           WHERE batch = ruling.revision AND kind = ruling.kind AND thing = ruling.key)",
    ),
    (
        "has an unknown state or provenance",
        "SELECT 'unit ' || id FROM unit WHERE state NOT BETWEEN 0 AND 3 OR provenance NOT BETWEEN 0 AND 2",
    ),
];

impl Reader<'_> {
    /// SQLite's integrity check, its foreign keys, and ours: each unit has two variants or more, the history adds up,
    /// nothing that was stored has changed since, the index leads to every text.
    pub fn check(&self) -> Result<Report, MemoryError> {
        self.check_all(false)
    }

    /// Like [`Reader::check`], and analyses every text anew to compare the index with it: some three times as long.
    pub fn check_thoroughly(&self) -> Result<Report, MemoryError> {
        self.check_all(true)
    }

    fn check_all(&self, thorough: bool) -> Result<Report, MemoryError> {
        let path = self.path.as_path();
        // The two halves ask nothing of one another, so each has a view of its own, and a core where there are two.
        let (structure, content) = std::thread::scope(|scope| {
            let aside = scope.spawn(move || -> Result<Report, MemoryError> {
                let memory = Memory::open(path, Mode::Read)?;
                memory.read()?.check_structure()
            });
            let content = self.check_content(thorough);
            (aside.join(), content)
        });
        let mut report = match structure {
            Ok(structure) => structure.map_err(|error| error.at(path))?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        if report.broken {
            return Ok(report); // what is read from a damaged file tells nothing more
        }
        let content = content.map_err(|error| error.at(path))?;
        report.problems.extend(content.problems);
        report.problems.truncate(LISTED);
        report.mend.extend(content.mend);
        report.mend.sort_unstable();
        report.mend.dedup();
        Ok(report)
    }

    /// Whether the file is sound as SQLite sees it, and its rows stand in the relations they should.
    fn check_structure(&self) -> Result<Report, MemoryError> {
        let mut report = Report::default();
        let mut integrity = self.cached(&format!("PRAGMA integrity_check({LISTED})"))?;
        let mut rows = integrity.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                report.broken = true;
                report.add(Mend::Restore, line);
            }
        }
        if report.broken {
            return Ok(report);
        }
        let mut keys = self.cached("PRAGMA foreign_key_check")?;
        let mut rows = keys.query([])?;
        while let Some(row) = rows.next()? {
            let (table, number, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let row = number.map_or_else(|| "a row".to_owned(), |number| format!("row {number}"));
            report.add(Mend::Restore, format!("{row} of `{table}` points to nothing in `{parent}`"));
        }
        for (said, sql) in RULES {
            let mut select = self.cached(sql)?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                report.add(Mend::Restore, format!("{} {said}", row.get::<_, String>(0)?));
            }
        }
        Ok(report)
    }

    /// Whether what was stored is what is there, and the index leads to it.
    fn check_content(&self, thorough: bool) -> Result<Report, MemoryError> {
        let mut report = Report::default();
        self.check_units(&mut report)?;
        self.check_seals(&mut report)?;
        index::check(&self.db, thorough, |problem| report.add(Mend::Reindex, problem))?;
        Ok(report)
    }

    /// Whether each unit is what was stored.
    fn check_units(&self, report: &mut Report) -> Result<(), MemoryError> {
        let mut languages = Languages::default();
        let mut select = self.db.prepare(&format!("SELECT {}", UNIT.replace(" FROM", ", hash, seal FROM")))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let Ok(found) = read_unit(&self.db, &mut languages, row) else {
                report.add(Mend::Restore, format!("unit {id} cannot be read"));
                continue;
            };
            if found.unit.variants.len() < 2 {
                report.add(Mend::Restore, format!("unit {id} has fewer than two variants"));
            }
            let (hash, sealed): (i64, Option<i64>) = (row.get("hash")?, row.get("seal")?);
            let date = found.unit.origin.date.unwrap_or_default();
            let kept = sealed.is_none_or(|sealed| sealed == seal::of_unit(&found.unit, date, found.revision));
            // Units of memories that had no seals yet may have hashes of then.
            if !kept || sealed.is_some() && record::hash(&found.unit) != hash {
                report.add(Mend::Restore, format!("unit {id} is not as it was stored"));
            }
        }
        Ok(())
    }

    /// Whether the history, sets, concepts and facts are what was stored.
    fn check_seals(&self, report: &mut Report) -> Result<(), MemoryError> {
        let mut wrong = |what: &str, name: String| {
            report.add(Mend::Restore, format!("{what} {name} is not as it was stored"));
        };
        let mut select = self.cached(
            "SELECT CASE kind WHEN 1 THEN 'unit ' WHEN 2 THEN 'set ' WHEN 3 THEN 'concept ' WHEN 4 THEN 'finding ' ELSE 'release ' END || thing || ' in batch ' || batch,
                    before, seal, kind
             FROM change WHERE before IS NOT NULL",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let before = row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?;
            let sound = match row.get::<_, Option<i64>>(2)? {
                Some(sealed) => sealed == seal::of(&[before]),
                None => row.get::<_, i64>(3)? != 1 || serde_json::from_slice::<StoredUnit>(before).is_ok(),
            };
            if !sound {
                wrong("the history of", row.get(0)?);
            }
        }
        let mut select = self.cached(&format!("SELECT {}, seal, id FROM batch WHERE seal IS NOT NULL", seal::BATCH))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(8)? != seal::row(row)? {
                wrong("batch", row.get::<_, i64>(9)?.to_string());
            }
        }
        let mut select = self.cached("SELECT name, fingerprint, body, seal FROM release WHERE seal IS NOT NULL")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let set = StoredSet { name: row.get(0)?, fingerprint: row.get(1)?, body: row.get(2)? };
            if row.get::<_, i64>(3)? != seal::of_set(&set) {
                wrong("set", set.name);
            }
        }
        // (what it is, its rows as name, seal and what is sealed)
        const PLAIN: &[(&str, &str)] = &[
            ("concept", "SELECT id, seal, body, NULL FROM concept WHERE seal IS NOT NULL"),
            ("what was said of", "SELECT key, seal, key, body FROM ruling"),
            ("the fact", "SELECT name, seal, name, value FROM fact WHERE seal IS NOT NULL"),
            ("the lexicon", "SELECT source || '-' || target, seal, body, NULL FROM lexicon WHERE seal IS NOT NULL"),
            ("the file", "SELECT name, seal, body, NULL FROM carried WHERE seal IS NOT NULL"),
        ];
        for (what, sql) in PLAIN {
            let mut select = self.cached(sql)?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                let first = row.get_ref(2)?.as_bytes().map_err(rusqlite::Error::from)?;
                let second = row.get_ref(3)?.as_bytes_or_null().map_err(rusqlite::Error::from)?;
                let sealed = match second {
                    Some(second) => seal::of(&[first, second]),
                    None => seal::of(&[first]),
                };
                if row.get::<_, i64>(1)? != sealed {
                    wrong(what, row.get(0)?);
                }
            }
        }
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

    /// Bytes of the file that hold nothing. Making the index anew may free more.
    pub fn unused(&self) -> Result<u64, MemoryError> {
        let sql = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size";
        let unused = self.db.query_row(sql, [], |row| row.get::<_, i64>(0));
        unused.map(|unused| unused as u64).map_err(|error| MemoryError::from(error).at(&self.path))
    }

    /// Gives unused room in the file back to the disk: bytes before and after. While it is at it the disk needs room
    /// for a second copy.
    pub fn compact(&mut self) -> Result<(u64, u64), MemoryError> {
        let path = self.path.clone();
        let compacted = (|| {
            let size = |db: &rusqlite::Connection| {
                db.query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", [], |row| {
                    row.get::<_, i64>(0).map(|size| size as u64)
                })
            };
            let before = size(&self.db)?;
            self.reindex()?;
            // Both: what is compacted stands in the log, and goes to the file with the checkpoint.
            self.db.execute_batch("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY")?;
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok((before, size(&self.db)?))
        })();
        compacted.map_err(|error: MemoryError| error.at(&path))
    }
}

impl Report {
    fn add(&mut self, mend: Mend, problem: String) {
        self.mend.push(mend);
        self.mend.dedup();
        if self.problems.len() < LISTED {
            self.problems.push(problem);
        }
    }

    pub fn sound(&self) -> bool {
        self.problems.is_empty()
    }
}
