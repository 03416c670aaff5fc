//! The report of an import: everything that was skipped or remarked, for a program or a closer look.

use crate::{
    app::{exchange::Imported, save::Beside},
    cli::CliError,
    formats::Remark,
};
use serde::Serialize;
use std::{cell::RefCell, collections::BTreeMap, io::Write, path::PathBuf};

/// A JSON file that is written remark by remark, so that a million of them are no burden, and stands in its place
/// when it is whole.
pub(super) struct Report {
    path: PathBuf,
    to: RefCell<Written>,
    files: Vec<File>,
}

struct Written {
    file: Beside,
    any: bool,
    failed: Option<std::io::Error>,
}

#[derive(Serialize)]
struct File {
    file: String,
    /// `null` for a file that was refused.
    kind: Option<String>,
    units: usize,
    new: usize,
    same: usize,
    overwritten: usize,
    left_out: usize,
    concepts: usize,
    new_concepts: usize,
    skipped: usize,
    warnings: usize,
    batch: Option<i64>,
    /// Of files that go into quarantine: the units in which each rule found something.
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<BTreeMap<&'static str, usize>>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    line: usize,
    kind: &'static str,
    reason: &'a str,
}

impl Report {
    pub fn new(path: PathBuf) -> Result<Report, CliError> {
        let begun = || -> std::io::Result<Beside> {
            let mut file = Beside::new(&path)?;
            file.write_all(b"{\"version\":1,\"remarks\":[")?;
            Ok(file)
        };
        let file = begun().map_err(|error| CliError::io(&path, &error))?;
        Ok(Report { path, to: RefCell::new(Written { file, any: false, failed: None }), files: Vec::new() })
    }

    /// Notes what was skipped or doubtful; an error is told at the end.
    pub fn remark(&self, file: &str, skipped: bool, remark: &Remark) {
        let kind = if skipped { "skipped" } else { "warning" };
        let line = Line { file, line: remark.line, kind, reason: &remark.what };
        let mut to = self.to.borrow_mut();
        let comma: &[u8] = if std::mem::replace(&mut to.any, true) { b",\n" } else { b"\n" };
        let written = to
            .file
            .write_all(comma)
            .and_then(|()| serde_json::to_writer(&mut to.file, &line).map_err(std::io::Error::from));
        to.failed = to.failed.take().or(written.err());
    }

    /// What became of a file.
    pub fn file(&mut self, file: &str, done: Result<&Imported, &CliError>) {
        let error = done.err().map(|error| error.message.clone());
        let default = Imported::default();
        let done = done.ok();
        let counts = done.unwrap_or(&default);
        self.files.push(File {
            file: file.to_owned(),
            kind: done.map(|done| done.kind.clone()),
            units: counts.units,
            new: counts.new,
            same: counts.same,
            overwritten: counts.overwritten,
            left_out: counts.left_out,
            concepts: counts.concepts,
            new_concepts: counts.new_concepts,
            skipped: counts.skipped.count,
            warnings: counts.warnings.count,
            batch: counts.batch.map(|batch| batch.0),
            audit: counts.audit.as_ref().map(|tally| tally.rules.iter().map(|of| (of.rule.name, of.units)).collect()),
            error,
        });
    }

    pub fn end(self) -> Result<(), CliError> {
        let Written { mut file, any: _, failed } = self.to.into_inner();
        let ended = || -> std::io::Result<()> {
            failed.map_or(Ok(()), Err)?;
            file.write_all(b"\n],\"files\":")?;
            serde_json::to_writer(&mut file, &self.files)?;
            file.write_all(b"}\n")?;
            file.put(&self.path)
        };
        ended().map_err(|error| CliError::io(&self.path, &error))
    }
}
