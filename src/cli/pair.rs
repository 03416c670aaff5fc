//! `yaddash pair`: which files are counterparts.

use super::{CliError, Desk, Exit};
use crate::{
    Language,
    align::Evidence,
    app::pair::{self, Paired},
    lang::ROWS,
};
use serde_json::{Map, Value, json};
use std::{io::Write, path::PathBuf};

/// Find out which files are one text in several languages
///
/// By the files' names where they tell (`001.en.txt`, `az/001.txt`), else by what stands in them: numbers, names,
/// dates, addresses. A file without counterpart is listed alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders, one a language or one for all, or files
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// How to print the groups
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A line a group: score, then the files
    Text,
    /// A JSON object a group
    Jsonl,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let found = pair::pair(&self.paths, &Evidence::default())?;
        found.passed_over.iter().for_each(|passed_over| desk.ui.remark(passed_over));
        let mut languages: Vec<Language> = ROWS.iter().map(|row| row.language).collect();
        for language in found.groups.iter().flat_map(|group| group.files.keys()) {
            if !languages.contains(language) {
                languages.push(*language);
            }
        }
        for group in &found.groups {
            match self.format {
                Form::Text => text(desk, group, &languages)?,
                Form::Jsonl => jsonl(desk, group, &languages)?,
            }
        }
        let exit = if found.failed.is_empty() { Exit::Done } else { Exit::Failed };
        found.failed.into_iter().for_each(|error| desk.ui.complain(&CliError::new(error)));
        Ok(exit)
    }
}

fn jsonl(desk: &mut Desk, group: &Paired, languages: &[Language]) -> Result<(), CliError> {
    let mut line = Map::new();
    for language in languages {
        let file = group.files.get(language).map(|file| file.display().to_string());
        line.insert(language.to_string(), json!(file));
    }
    line.insert("score".to_owned(), json!(f64::from((group.score * 1e4).round()) / 1e4));
    Ok(writeln!(desk.ui, "{}", Value::Object(line))?)
}

fn text(desk: &mut Desk, group: &Paired, languages: &[Language]) -> Result<(), CliError> {
    let files = languages.iter().filter_map(|l| Some((l, group.files.get(l)?)));
    let named: Vec<String> = files.map(|(language, file)| format!("{language} {}", file.display())).collect();
    let alone = if named.len() == 1 { "  (no counterpart)" } else { "" };
    Ok(writeln!(desk.ui, "{:.2}  {}{alone}", group.score, named.join("  "))?)
}
