//! `term export`: the concepts for other tools.

use crate::{
    app::exchange::{self, TermForm},
    cli::{CliError, Desk, Exit},
    formats::tbx,
    lang::Language,
};
use std::path::PathBuf;

/// Write the concepts for other tools, and as tables
///
/// TBX loses nothing: what a dialect has no place for stands in notes that are read back. A table has all but what other
/// tools said in a TBX; OmegaT's glossary has one pair of languages, and what is not to be written in the comment.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The form of the file
    #[arg(long = "as", value_enum, value_name = "FORM", default_value_t = Form::Tbx)]
    form: Form,
    /// Which dialect of TBX version 3
    #[arg(long, value_enum, value_name = "DIALECT", default_value_t = Dialect::Basic)]
    dialect: Dialect,
    /// How TBX version 3 names its data categories
    #[arg(long, value_enum, value_name = "STYLE", default_value_t = Style::Dca)]
    style: Style,
    /// OmegaT: the source language
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// OmegaT: the target language
    #[arg(short = 't', long, value_name = "LANG")]
    to: Option<Language>,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// TBX version 2, which OmegaT and most tools read
    Tbx,
    /// TBX version 3, ISO 30042:2019
    Tbx3,
    /// A table, as `--terms` reads it
    Csv,
    /// A table, never quoted
    Tsv,
    /// A table for Excel and others
    Xlsx,
    /// A glossary of OmegaT: source, target, comment
    Omegat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Dialect {
    Core,
    Min,
    Basic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Style {
    /// As attributes: `<termNote type="partOfSpeech">`
    Dca,
    /// As tags: `<min:partOfSpeech>`
    Dct,
}

impl Export {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let concepts = super::concepts(desk, &self.terms)?;
        let form = match (self.form, self.from, self.to) {
            (Form::Tbx, ..) => TermForm::Tbx(tbx::Form::V2),
            (Form::Tbx3, ..) => TermForm::Tbx(tbx::Form::V3 {
                dialect: Some(match self.dialect {
                    Dialect::Core => tbx::Dialect::Core,
                    Dialect::Min => tbx::Dialect::Min,
                    Dialect::Basic => tbx::Dialect::Basic,
                }),
                style: if self.style == Style::Dca { tbx::Style::Dca } else { tbx::Style::Dct },
            }),
            (Form::Csv, ..) => TermForm::Table(','),
            (Form::Tsv, ..) => TermForm::Table('\t'),
            (Form::Xlsx, ..) => TermForm::Xlsx,
            (Form::Omegat, Some(from), Some(to)) => TermForm::Omegat { from, to },
            (Form::Omegat, ..) => {
                return Err(CliError::new("a glossary of OmegaT holds one pair of languages: give --from and --to"));
            }
        };
        let done = exchange::export_terms(&concepts, form, &mut desk.ui).map_err(super::told)?;
        if done.unsaid > 0 {
            desk.ui.warn(format_args!(
                "{} have more from a TBX of another tool than a table has room for: --as tbx writes all of it",
                crate::cli::run::counted(done.unsaid, "concept", "concepts")
            ));
        }
        desk.ui.remark(format_args!("{} exported", crate::cli::run::counted(done.concepts, "concept", "concepts")));
        Ok(Exit::Done)
    }
}
