//! `yaddash export`: units and terms for other tools.

use super::{CliError, Desk, Exit, date};
use crate::{
    app::exchange::{self, ExchangeError, Export, ExportForm},
    lang::Language,
};
use jiff::Timestamp;

/// Write units or terms for other tools
///
/// Units that are not pending, unless asked for. CSV is made for Excel: with a byte order mark, and with an
/// apostrophe before cells that Excel would take for formulas; importing takes it off again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The form of the file
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = Form::Tmx)]
    form: Form,
    /// Units with this language only, as the source
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
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let form = match self.form {
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
}
