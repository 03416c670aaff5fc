//! What the user is told when a command cannot go on: what was found, and what to do.

use crate::{
    app::{align::AlignError, apply::ApplyError, in_words, pair::PairError, run::RunError, terms::TermsError},
    memory::MemoryError,
};
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
        let what = in_words(error);
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

impl From<RunError> for CliError {
    fn from(error: RunError) -> CliError {
        match error {
            RunError::Memory(error) => error.into(),
            RunError::NoSets { .. } => CliError::new(&error).hint(
                "the files of a release are told by their names: NAME.en.txt NAME.az.txt NAME.ru.txt, \
                 or en/NAME.txt az/NAME.txt ru/NAME.txt",
            ),
            RunError::Sets(_) => CliError::new(&error).hint("name the folder that holds the releases"),
        }
    }
}

impl From<MemoryError> for CliError {
    fn from(error: MemoryError) -> CliError {
        let out = CliError::new(&error);
        match error {
            MemoryError::Missing(_) => out.hint("`yaddash run` and `yaddash import` make a memory"),
            MemoryError::Foreign(_) => out.hint("name another file with `--memory`"),
            MemoryError::Newer { .. } => out.hint("install the newer yaddash"),
            MemoryError::Damaged { .. } => out.hint(
                "`yaddash memory restore BACKUP` puts a backup in its place; the damaged file is kept beside it",
            ),
            MemoryError::Shared { .. } => out.hint(
                "keep it in a folder of this machine (`--memory`, or `memory = \"…\"` in yaddash.toml) and share it as a \
                 file: `yaddash memory backup COPY`, on the other side `yaddash memory merge COPY`",
            ),
            MemoryError::ReadOnly(_) => out.hint("name a memory in a folder that is there and yours"),
            MemoryError::NoBatch(_) => out.hint("`yaddash memory history` lists the batches"),
            _ => out,
        }
    }
}

impl From<AlignError> for CliError {
    fn from(error: AlignError) -> CliError {
        let hint = match &error {
            AlignError::NoSets { .. } => Some("name files `NAME.en.txt`, `NAME.az.txt` or put them in `en/`, `az/`"),
            AlignError::NotOneSet { .. } => Some("say what the files are: `--langs en,az`, in the files' order"),
            AlignError::FewerLanguages { .. } => {
                Some("leave out --langs, so that the set is stored in all its languages")
            }
            _ => None,
        };
        if let AlignError::Memory(error) = error {
            return error.into();
        }
        let out = CliError::new(error);
        match hint {
            Some(hint) => out.hint(hint),
            None => out,
        }
    }
}

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> CliError {
        let hint = match &error {
            ApplyError::Workbook { .. } => "save it as “CSV UTF-8” or “Unicode Text” and give that file",
            ApplyError::NotNumbers { .. } => {
                "write segments as in `3+4`; `3,4` or `3-4` a spreadsheet may take for a number or a date"
            }
            ApplyError::NotYesOrNo { .. } => "mark rows with `x`, and leave the others empty",
            ApplyError::NoColumn { column, .. } if column == "aligned" => {
                "keep the column `aligned`, or take out `accept` to accept every row"
            }
            ApplyError::NoColumn { .. } => "`yaddash align --format csv` writes such a table",
            ApplyError::Lost { .. } => "a segment without counterpart has a row of its own",
            ApplyError::NoSegment { .. } => "the text was changed since the table was written, or a number mistyped",
            _ => {
                return match error {
                    ApplyError::Align(error) => error.into(),
                    error => CliError::new(error),
                };
            }
        };
        CliError::new(&error).hint(hint)
    }
}

impl From<PairError> for CliError {
    fn from(error: PairError) -> CliError {
        CliError::new(error)
    }
}

impl From<TermsError> for CliError {
    fn from(error: TermsError) -> CliError {
        CliError::new(&error)
    }
}
