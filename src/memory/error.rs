//! What can go wrong with a memory, each with the file's name.

use super::BatchId;
use crate::model::UnitId;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    #[error("{}: there is no such memory", .0.display())]
    Missing(PathBuf),
    #[error("{}: this is a folder, not a memory", .0.display())]
    Folder(PathBuf),
    #[error("{}: this is the memory itself", .0.display())]
    Itself(PathBuf),
    #[error("{}: this is not a yaddash memory", .0.display())]
    Foreign(PathBuf),
    #[error("{}: made by a newer yaddash (schema {found}; this one knows {known})", .path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("{}: the memory is damaged: {what}", .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{}: the memory or its folder cannot be written to", .0.display())]
    ReadOnly(PathBuf),
    /// Processes of several machines could write to it at once, or a program copies it while it is written.
    #[error("{}: {what}, and a memory there would be damaged", .path.display())]
    Shared { path: PathBuf, what: String },
    #[error("{}: no permission", .0.display())]
    Forbidden(PathBuf),
    #[error("{}: another program is writing to the memory and did not finish in time", .0.display())]
    Busy(PathBuf),
    #[error("{}: the disk is full", .0.display())]
    Full(PathBuf),
    #[error("a memory holds 4,294,967,295 units and no more")]
    TooMany,
    #[error("there is no batch {0}")]
    NoBatch(BatchId),
    #[error("there is no unit {0}")]
    NoUnit(UnitId),
    #[error("unit {0} does not wait in quarantine")]
    NotWaiting(UnitId),
    #[error("a unit needs two variants, this one has {0}")]
    Incomplete(usize),
    #[error("{}: {what}", .path.display())]
    Io { path: PathBuf, what: String },
    #[error("the look-up of `{query}` differs from brute force: {what}")]
    Unverified { query: String, what: String },
    #[error("the memory gave an error: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a record of the memory cannot be read: {0}")]
    Record(#[from] serde_json::Error),
}

impl MemoryError {
    /// The error with the file's name and in words people know, where SQLite's code tells.
    pub(super) fn at(self, path: &Path) -> MemoryError {
        let MemoryError::Sqlite(error) = &self else { return self };
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => MemoryError::Damaged { path, what: error.to_string() },
            Some(ErrorCode::NotADatabase) => MemoryError::Foreign(path),
            Some(ErrorCode::ReadOnly) => MemoryError::ReadOnly(path),
            Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
                MemoryError::Forbidden(path)
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => MemoryError::Busy(path),
            Some(ErrorCode::DiskFull) => MemoryError::Full(path),
            Some(_) => MemoryError::Io { path, what: error.to_string() },
            None => self,
        }
    }
    /// The error of a copy as that of the file it was made of.
    pub(super) fn of(self, copy: &Path, file: &Path) -> MemoryError {
        match self {
            MemoryError::Damaged { path, what } if path == copy => MemoryError::Damaged { path: file.to_owned(), what },
            MemoryError::Newer { path, found, known } if path == copy => {
                MemoryError::Newer { path: file.to_owned(), found, known }
            }
            other => other,
        }
    }
}
