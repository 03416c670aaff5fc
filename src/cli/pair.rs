//! `yaddash pair`: which files are counterparts.

use super::{CliError, Desk, Exit, glossary, ui::Bars};
use crate::{
    Language,
    app::{
        pair::{self, Known, Paired},
        sets::PassedOver,
    },
    lang::ROWS,
};
use serde_json::{Map, Value, json};
use std::{io::Write, path::PathBuf};

/// Find out which files are one text in several languages
///
/// By the files' names where they tell (`001.en.txt`, `az/001.txt`), else by what stands in them: numbers, names,
/// dates, addresses, terms of the glossary, words the memory has learned. Releases of one template are told apart by
/// their dates, numbers and names. A file without counterpart is listed alone, with the reason.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders, one a language or one for all, or files
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// Glossary files (CSV, TSV, TBX) instead of the configured ones or the copy in the memory
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,
    /// Do not use what the memory has learned
    #[arg(long)]
    no_memory: bool,
    /// Take files for what their names say, even if their texts do not fit
    #[arg(long)]
    trust_names: bool,
    /// How to print the groups
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A line a group: score, then the files
    Text,
    /// A header and a line a group: the files by language, score, reason
    Tsv,
    /// A JSON object a group
    Jsonl,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let concepts = glossary::given(desk, &self.terms)?.map(|glossary| glossary.concepts);
        let memory = (!self.no_memory).then(|| desk.global.memory.clone());
        let known = Known { concepts: concepts.as_deref(), memory: memory.as_deref() };
        let bars = Bars::new(&desk.ui);
        let found = pair::pair(&self.paths, known, self.trust_names, &bars);
        drop(bars);
        let found = found?;
        super::passed_over(&mut desk.ui, &found.passed_over);
        let refused = found.passed_over.iter().any(PassedOver::is_refused);
        let mut languages: Vec<Language> = ROWS.iter().map(|row| row.language).collect();
        for language in found.groups.iter().flat_map(|group| group.files.keys()) {
            if !languages.contains(language) {
                languages.push(*language);
            }
        }
        if self.format == Form::Tsv {
            let header: Vec<&str> = languages.iter().map(Language::as_str).chain(["score", "reason"]).collect();
            writeln!(desk.ui, "{}", header.join("\t"))?;
        }
        for group in &found.groups {
            match self.format {
                Form::Text => text(desk, group, &languages)?,
                Form::Tsv => tsv(desk, group, &languages)?,
                Form::Jsonl => jsonl(desk, group, &languages)?,
            }
        }
        let exit = if found.failed.is_empty() && !refused { Exit::Done } else { Exit::Failed };
        found.failed.into_iter().for_each(|error| desk.ui.complain(&CliError::new(error)));
        Ok(exit)
    }
}

fn tsv(desk: &mut Desk, group: &Paired, languages: &[Language]) -> Result<(), CliError> {
    let cell = |text: String| text.replace(['\t', '\n', '\r'], " ");
    let file = |l| group.files.get(l).map_or_else(String::new, |file| cell(file.display().to_string()));
    let files: Vec<String> = languages.iter().map(file).collect();
    let reason = group.why.as_ref().map_or_else(String::new, |why| cell(why.to_string()));
    Ok(writeln!(desk.ui, "{}\t{:.4}\t{reason}", files.join("\t"), group.score)?)
}

fn jsonl(desk: &mut Desk, group: &Paired, languages: &[Language]) -> Result<(), CliError> {
    let mut line = Map::new();
    for language in languages {
        let file = group.files.get(language).map(|file| file.display().to_string());
        line.insert(language.to_string(), json!(file));
    }
    line.insert("score".to_owned(), json!(f64::from((group.score * 1e4).round()) / 1e4));
    line.insert("reason".to_owned(), json!(group.why.as_ref().map(ToString::to_string)));
    Ok(writeln!(desk.ui, "{}", Value::Object(line))?)
}

fn text(desk: &mut Desk, group: &Paired, languages: &[Language]) -> Result<(), CliError> {
    let files = languages.iter().filter_map(|l| Some((l, group.files.get(l)?)));
    let named: Vec<String> = files.map(|(language, file)| format!("{language} {}", file.display())).collect();
    let alone = group.why.as_ref().map_or_else(String::new, |why| format!("  (no counterpart: {why})"));
    Ok(writeln!(desk.ui, "{:.2}  {}{alone}", group.score, named.join("  "))?)
}
