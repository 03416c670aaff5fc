//! `yaddash export`: units and terms for other tools.

use super::{CliError, Desk, Exit, date};
use crate::{
    app::{
        exchange::{self, ExchangeError, Export, ExportForm, Holds, Placed, ToProject},
        save::Change,
    },
    lang::Language,
};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Write units or terms for other tools
///
/// Units that are not pending, unless asked for. CSV is made for Excel: with a byte order mark, and with an
/// apostrophe before cells that Excel would take for formulas; importing takes it off again.
///
/// `--as omegat PROJECT` puts translations and terms into the folder of an OmegaT project, or makes one: as matches, as
/// translations that OmegaT inserts by itself, and as a glossary. OmegaT reads them again while the project is open.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// OmegaT: the folder of the project, if `-o` does not name it
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,
    /// The form of the file
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = Form::Tmx)]
    form: Form,
    /// Units with this language only, as the source. A project of OmegaT that is there tells its languages itself
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// With these languages only
    #[arg(short = 't', long, value_name = "LANG", value_delimiter = ',')]
    to: Vec<Language>,
    /// Units of these files or releases only: `tmx/*.tmx`
    #[arg(long, value_name = "GLOB")]
    origin: Option<String>,
    /// Made or changed at this date or later: `2024-05-01`
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Timestamp>,
    /// Pending units too
    #[arg(long)]
    pending: bool,
    /// OmegaT: change nothing, tell what would be written
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Units with everything they hold, for all tools
    Tmx,
    /// Units of one pair of languages, XLIFF 1.2
    Xliff,
    /// The same, XLIFF 2.1
    Xliff2,
    /// The terms, TBX version 2
    Tbx,
    /// Units for Excel
    Csv,
    /// Units as a workbook of Excel
    Xlsx,
    /// Units, never quoted
    Tsv,
    /// Units with everything they hold, for programs
    Jsonl,
    /// Units of one pair of languages, a catalogue of GNU gettext
    Po,
    /// Units and terms in the folder of an OmegaT project
    Omegat,
}

impl Args {
    /// Whether `-o` names a folder.
    pub fn fills_folder(&self) -> bool {
        self.form == Form::Omegat
    }

    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if let Some(project) = self.project.as_ref().filter(|_| !self.fills_folder()) {
            let error = CliError::new(format_args!("{}: a project is for `--as omegat`", project.display()));
            return Err(error.hint("name the file to write with `-o`"));
        }
        if self.dry_run && !self.fills_folder() {
            return Err(CliError::new("`--dry-run` is for `--as omegat`: the other forms write what they are told to"));
        }
        let form = match self.form {
            Form::Omegat => return self.into_project(desk),
            Form::Tmx => ExportForm::Tmx,
            Form::Xliff => ExportForm::Xliff,
            Form::Xliff2 => ExportForm::Xliff2,
            Form::Tbx => ExportForm::Tbx,
            Form::Jsonl => ExportForm::JsonLines,
            Form::Csv => ExportForm::Csv,
            Form::Tsv => ExportForm::Tsv,
            Form::Po => ExportForm::Po,
            Form::Xlsx => ExportForm::Xlsx,
        };
        let wanted = Export {
            form,
            from: self.from,
            to: self.to,
            origin: self.origin,
            since: self.since,
            pending: self.pending,
            now: Timestamp::now(),
        };
        let done = exchange::export(&desk.global.memory, &wanted, &mut desk.ui).map_err(|error| match error {
            ExchangeError::Output(error) => CliError::from(error),
            ExchangeError::Memory(error) => CliError::from(error),
            other => CliError::new(other),
        })?;
        desk.ui.remark(format_args!("{} exported", done.count));
        if done.left_out > 0 {
            let what = "other translations of a text are left out: this form holds one of each text";
            desk.ui.warn(format_args!("{} {what}", done.left_out));
        }
        Ok(Exit::Done)
    }

    fn into_project(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let output = desk.global.output.as_deref().filter(|path| *path != Path::new("-"));
        let folder = match (self.project.as_deref(), output) {
            (Some(folder), None) | (None, Some(folder)) => folder,
            (Some(_), Some(_)) => return Err(CliError::new("the folder of the project is named twice")),
            (None, None) => {
                let error = CliError::new("which project of OmegaT?");
                return Err(error.hint("yaddash export --as omegat PROJECT; with --from and --to it is made"));
            }
        };
        if self.to.len() > 1 {
            return Err(CliError::new("a project of OmegaT has one pair of languages: give one --to"));
        }
        let wanted = ToProject {
            folder,
            from: self.from,
            to: self.to.first().copied(),
            origin: self.origin,
            since: self.since,
            pending: self.pending,
            dry_run: self.dry_run,
        };
        let placed = exchange::export_project(&desk.global.memory, &wanted).map_err(|error| match error {
            ExchangeError::File { file, error } => CliError::io(Path::new(&file), &error),
            ExchangeError::Memory(error) => CliError::from(error),
            other => CliError::new(other),
        })?;
        for file in &placed {
            desk.ui.remark(told(file, self.dry_run));
        }
        Ok(Exit::Done)
    }
}

fn told(file: &Placed, dry_run: bool) -> String {
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let holds = match file.holds {
        Holds::Project => "a new project".to_owned(),
        Holds::Pairs(n) => plural(n, "translation"),
        Holds::Terms(n) => plural(n, "term"),
    };
    let change = match (file.change, dry_run) {
        (Change::None, _) => "there already",
        (Change::New | Change::Updated, false) => "written",
        (Change::New, true) => "would be written",
        (Change::Updated, true) => "would be updated",
    };
    format!("{}: {holds}, {change}", file.path.display())
}
