//! `yaddash check`: what is wrong with the terms of texts, sets, bilingual files and the memory.

use super::{CliError, Desk, Exit, config::nearest, glossary, segment, ui::Bars};
use crate::app::check::{self, Checked, Input, Job};
use crate::app::{sets::PassedOver, sift::Sifting};
use crate::lang::Language;
use crate::model::{Level, Rule};
use crate::report::{Form, Options, Summary, render};
use crate::terms::{RuleSet, rules};
use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Check the terms of texts
///
/// A file may be a text in one language, several files of one set (`001.en.txt 001.az.txt`: they are aligned first
/// and checked side by side), or bilingual: a TSV whose first line is language codes, a TMX, an XLIFF. Of a folder
/// all sets are checked. Where there is a memory, what it has learned helps to align.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The files, or folders of sets; `-` is standard input
    #[arg(required_unless_present = "memory_units", value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Check all units of the memory, pending ones too; a finding's lines and columns are those of the unit's text
    #[arg(long)]
    memory_units: bool,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// Only these rules, parted by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    only: Vec<Rule>,
    /// Not these rules, parted by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    ignore: Vec<Rule>,
    /// The text the files are translations of
    #[arg(long, value_name = "SRC")]
    against: Option<PathBuf>,
    /// The language drafted in, whose terms must stand in the others; of a text alone, its language
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// How findings are written: full, concise, json, jsonl, sarif, github, html or csv
    #[arg(long, value_name = "FORM", default_value = "full", value_parser = form)]
    format: Form,
    /// In folders, pair no files by their content, only by their names
    #[arg(long)]
    by_name: bool,
    /// In folders, take files for what their names say, even if their texts are in another language or copies
    #[arg(long)]
    trust_names: bool,
    /// End with 0 whatever was found, for editors' hooks
    #[arg(long)]
    exit_zero: bool,
}

fn form(text: &str) -> Result<Form, String> {
    text.parse().map_err(|error: crate::report::UnknownForm| error.to_string())
}

pub(super) fn rule(text: &str) -> Result<Rule, String> {
    let names = || Rule::ALL.iter().map(|rule| rule.as_str());
    Rule::ALL.into_iter().find(|rule| rule.as_str() == text).ok_or_else(|| match nearest(text, names()) {
        Some(near) => format!("there is no rule `{text}`: did you mean `{near}`?"),
        None => format!("there is no rule `{text}`: there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// The language releases are drafted in, where the configuration says.
pub(super) fn drafted(desk: &Desk) -> Result<Option<Language>, CliError> {
    let tag = desk.config.other("project", "drafted").and_then(<[String]>::first);
    tag.map(|tag| tag.parse()).transpose().map_err(CliError::new)
}

/// What a rule finds, for forms that list the rules.
pub(super) fn describe(rule: Rule) -> &'static str {
    rules::info(rule).map_or("", |info| info.summary)
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut set = RuleSet::new(&self.only, &[], &self.ignore);
        set.source = self.from.or(drafted(desk)?);
        let needs_terms = Rule::ALL.into_iter().any(|rule| rule.needs_terms() && set.has(rule));
        let concepts = glossary::in_force(desk, &self.terms)?;
        if needs_terms && concepts.is_empty() {
            desk.ui.warn(
                "there is no glossary (--terms FILE, [terms] files in yaddash.toml, or the memory's copy): \
                 terms are not checked",
            );
        }
        if self.against.is_some() && set.source.is_none() {
            set.source = self.against.as_deref().and_then(crate::app::documents::language_of);
        }
        let inputs = self.paths.iter().map(|path| input(path)).collect::<Result<Vec<_>, CliError>>()?;
        let memory = &desk.global.memory.clone();
        let segmenting = segment::configured(desk)?;
        let bars = Bars::new(&desk.ui);
        let units = match self.memory_units {
            true => check::check_units(memory, concepts.clone(), &set, &bars)?,
            false => Vec::new(),
        };
        let mut checked = Checked::default();
        if !inputs.is_empty() {
            let memory = Some(memory.clone());
            let sifting = Sifting { by_name: self.by_name, trust_names: self.trust_names, fit: false };
            let job = Job {
                inputs,
                against: self.against,
                language: self.from,
                concepts,
                rules: set,
                memory,
                segmenting,
                sifting,
            };
            checked = check::check(job, &bars);
        }
        drop(bars);
        checked.findings.extend(units);
        checked.paired.iter().for_each(|paired| desk.ui.remark(paired));
        for (file, language) in &checked.guessed {
            desk.ui.remark(format_args!("{file}: taken for {} by its letters", language.name()));
        }
        super::passed_over(&mut desk.ui, &checked.passed_over);
        checked.failed.iter().for_each(|error| desk.ui.complain(&CliError::new(error)));
        let options = Options { color: desk.ui.color(), width: desk.ui.width(), describe };
        render(&checked.findings, self.format, options, &mut desk.ui)?;
        if self.format == Form::Full && checked.failed.is_empty() {
            desk.ui.remark(Summary::of(&checked.findings));
        }
        let wrong = checked.findings.iter().any(|l| l.finding.level == Level::Error);
        let sound = checked.failed.is_empty() && !checked.passed_over.iter().any(PassedOver::is_refused);
        Ok(match (sound, wrong && !self.exit_zero) {
            (false, _) => Exit::Failed,
            (true, true) => Exit::Found,
            (true, false) => Exit::Done,
        })
    }
}

fn input(path: &Path) -> Result<Input, CliError> {
    if path != Path::new("-") {
        return Ok(Input::Path(path.to_owned()));
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| CliError::io(Path::new("standard input"), &error))?;
    Ok(Input::Bytes { name: "<stdin>".to_owned(), bytes })
}
