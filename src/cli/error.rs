//! What the user is told when a command cannot go on: what was found, and what to do.

use std::{fmt, io, path::Path};

#[derive(Debug)]
pub struct CliError {
    pub message: String,
    pub hint: Option<String>,
    /// The reader of our output has gone: end quietly.
    pub(super) closed_pipe: bool,
}

impl CliError {
    pub fn new(message: impl fmt::Display) -> CliError {
        CliError { message: message.to_string(), hint: None, closed_pipe: false }
    }

    pub fn hint(mut self, hint: impl fmt::Display) -> CliError {
        self.hint = Some(hint.to_string());
        self
    }

    /// An error of the system about a file, in words people know.
    pub fn io(path: &Path, error: &io::Error) -> CliError {
        let what = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "no permission".to_owned(),
            io::ErrorKind::IsADirectory => "this is a folder, not a file".to_owned(),
            io::ErrorKind::StorageFull => "the disk is full".to_owned(),
            _ => error.to_string(),
        };
        CliError::new(format_args!("{}: {what}", path.display()))
    }
}

/// Writing our own output failed.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> CliError {
        let mut out = CliError::new(format_args!("the output could not be written: {error}"));
        out.closed_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        out
    }
}
