//! `yaddash term`: the termbase: find its terms in texts, list and show concepts, the forms of a term; change it, take it
//! in and out.

mod check;
mod edit;
mod export;
mod history;
mod impact;
mod shown;

use super::{CliError, Desk, Exit, glossary};
use crate::app::{exchange::ExchangeError, terms};
use crate::formats::glossary::flags_of;
use crate::lang::{Language, forms::Grammar};
use crate::memory::{Memory, Mode};
use crate::model::{Concept, Kept, Period, Status, Term};
use crate::terms::{Overlap, Termbase};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use std::{
    fs,
    io::{self, Write},
    mem::ManuallyDrop,
    path::PathBuf,
};

/// Terms: find them in texts, list and show concepts; change, check and exchange the glossary
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    Find(Find),
    List(List),
    Show(Show),
    Forms(Forms),
    Add(Box<edit::Add>),
    Edit(Box<edit::Edit>),
    Forbid(edit::Forbid),
    Remove(edit::Remove),
    Merge(edit::Merge),
    History(history::History),
    Undo(history::Undo),
    Check(check::Check),
    Impact(impact::Impact),
    Import(Import),
    Export(export::Export),
    Suggest(crate::cli::suggest::Args),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

/// Where the terms of a text stand, in whatever form
#[derive(Debug, clap::Args)]
struct Find {
    /// The texts; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language of the texts
    #[arg(short = 's', long, value_name = "LANG")]
    from: Language,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// The glossary as it is in force on this day (`2018-01-31`); else today
    #[arg(long, value_name = "DATE")]
    date: Option<jiff::civil::Date>,
    /// Each line is a text of its own
    #[arg(long)]
    lines: bool,
    /// Terms inside longer terms too
    #[arg(long)]
    overlapping: bool,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The concepts with their terms
#[derive(Debug, clap::Args)]
struct List {
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// All there is on one concept
#[derive(Debug, clap::Args)]
struct Show {
    /// The concept's id, or one of its terms
    concept: String,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
}

/// Take glossary files into the memory, in place of the copy that is there
///
/// The files rule; the memory holds a copy so that `check` works in any folder. What was there before stays in the
/// history.
#[derive(Debug, clap::Args)]
struct Import {
    /// The glossary files: CSV, TSV, XLSX, TBX, or OmegaT's
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The source language of a glossary of OmegaT whose name does not tell it (`NAME.en-az.txt`)
    #[arg(short = 's', long, value_name = "LANG", requires = "to")]
    from: Option<Language>,
    /// Its target language
    #[arg(short = 't', long, value_name = "LANG", requires = "from")]
    to: Option<Language>,
    /// Say what would be taken in and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// The forms in which a term is met, as they would be proposed
///
/// What the glossary says of a term's inflection counts where it has the term. The flags try out what it could say:
/// `head:LANG=TERM>WORD` and the like in its column `flags`.
#[derive(Debug, clap::Args)]
struct Forms {
    /// The term in its citation form
    term: String,
    /// Its language
    #[arg(short = 's', long, value_name = "LANG")]
    from: Language,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// The word of the term that is inflected; those after it stay
    #[arg(long, value_name = "WORD")]
    head: Option<String>,
    /// Azerbaijani: the last word ends in a possessive (`xidməti`)
    #[arg(long, conflicts_with = "no_izafet")]
    izafet: bool,
    /// Azerbaijani: the last word only looks as if it ended in a possessive
    #[arg(long)]
    no_izafet: bool,
    /// How an abbreviation is read aloud
    #[arg(long, value_name = "READING")]
    reading: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self.job {
            Job::Find(find) => find.run(desk),
            Job::List(list) => list.run(desk),
            Job::Show(show) => show.run(desk),
            Job::Forms(forms) => forms.run(desk),
            Job::Add(add) => add.run(desk),
            Job::Edit(edit) => edit.run(desk),
            Job::Forbid(forbid) => forbid.run(desk),
            Job::Remove(remove) => remove.run(desk),
            Job::Merge(merge) => merge.run(desk),
            Job::History(history) => history.run(desk),
            Job::Undo(undo) => undo.run(desk),
            Job::Check(check) => check.run(desk),
            Job::Impact(impact) => impact.run(desk),
            Job::Import(import) => import.run(desk),
            Job::Export(export) => export.run(desk),
            Job::Suggest(suggest) => suggest.run(desk),
        }
    }
}

/// The concepts of the glossary in force, where there must be one.
fn concepts(desk: &mut Desk, files: &[PathBuf]) -> Result<Vec<Concept>, CliError> {
    let concepts = glossary::in_force(desk, files)?;
    if concepts.is_empty() {
        return Err(no_glossary());
    }
    Ok(concepts)
}

fn no_glossary() -> CliError {
    CliError::new("there is no glossary").hint(
        "give one with --terms FILE, or in yaddash.toml: [terms] files = [\"…\"]; \
         `yaddash term import FILE` takes one into the memory",
    )
}

impl Import {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let read = glossary::read_in(desk, &self.files, self.from.zip(self.to))?;
        let concepts = read.concepts.len();
        if self.dry_run {
            desk.ui.remark(format_args!("{concepts} concepts would be taken into {}", desk.global.memory.display()));
            return Ok(Exit::Done);
        }
        let names: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        let note = format!("term import {}", names.join(" "));
        let mut memory = Memory::open(&desk.global.memory, Mode::Write)?;
        memory.write(&note, Timestamp::now(), &super::memory::who(), |batch| {
            batch.put_concepts(&read.concepts, &read.fingerprint)
        })?;
        desk.ui.remark(format_args!("{concepts} concepts taken into {}", desk.global.memory.display()));
        Ok(Exit::Done)
    }
}

/// A term found, as a line of JSON.
#[derive(Serialize)]
struct HitLine<'h> {
    file: &'h str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    term: &'h str,
    surface: &'h str,
    concept: &'h str,
}

impl Find {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let date = self.date.unwrap_or_else(super::today);
        let in_force = terms::valid_at(concepts(desk, &self.terms)?, date);
        // The program ends with this: taking a great glossary apart again would be for nothing.
        let termbase = ManuallyDrop::new(Termbase::new(in_force));
        let overlap = if self.overlapping { Overlap::All } else { Overlap::Longest };
        for path in &self.files {
            let file = path.display().to_string();
            let bytes = match file.as_str() {
                "-" => io::read_to_string(io::stdin()).map(String::into_bytes),
                _ => fs::read(path),
            };
            let text = terms::decoded(&file, &bytes.map_err(|error| CliError::io(path, &error))?)?;
            for hit in terms::find(&termbase, self.from, &text, self.lines, overlap) {
                match self.format {
                    Format::Jsonl => {
                        let hit = HitLine {
                            file: &file,
                            line: hit.start.line,
                            column: hit.start.column,
                            end_line: hit.end.line,
                            end_column: hit.end.column,
                            term: &hit.term,
                            surface: &hit.surface,
                            concept: &hit.concept,
                        };
                        writeln!(desk.ui, "{}", serde_json::to_string(&hit).map_err(io::Error::from)?)?;
                    }
                    Format::Text => {
                        let surface = hit.surface.split_whitespace().collect::<Vec<_>>().join(" ");
                        let place = format!("{file}:{}:{}", hit.start.line, hit.start.column);
                        writeln!(desk.ui, "{place}: {surface} ({}; {})", hit.term, hit.concept)?;
                    }
                }
            }
        }
        Ok(Exit::Done)
    }
}

impl List {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        for concept in concepts(desk, &self.terms)? {
            match self.format {
                Format::Jsonl => writeln!(desk.ui, "{}", object(&concept))?,
                Format::Text => {
                    let mut preferred: Vec<String> = Vec::new();
                    for term in &concept.terms {
                        if concept.preferred(term.language) == Some(term) {
                            preferred.push(format!("{} {}", term.language, term.text));
                        }
                    }
                    writeln!(desk.ui, "{}: {}", concept.id, preferred.join(", "))?;
                }
            }
        }
        Ok(Exit::Done)
    }
}

fn object(concept: &Concept) -> serde_json::Value {
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let kept = |kept: &[Kept]| kept.iter().map(|kept| kept.element.said()).collect::<Vec<_>>();
    let terms: Vec<_> = concept
        .terms
        .iter()
        .map(|t| {
            let remarks = t.remarks();
            json!({
                "language": t.language,
                "text": t.text,
                "status": t.status,
                "abbreviation": t.abbreviation,
                "valid_from": date(t.valid.from),
                "valid_until": date(t.valid.until),
                "note": remarks.note,
                "source": remarks.source,
                "context": remarks.context,
                "kept": kept(&remarks.kept),
            })
        })
        .collect();
    json!({
        "concept": concept.id,
        "terms": terms,
        "definition": concept.definition,
        "domain": concept.domain,
        "note": concept.note,
        "source": concept.source,
        "valid_from": date(concept.valid.from),
        "valid_until": date(concept.valid.until),
        "flags": flags_of(concept),
        "kept": kept(&concept.kept),
    })
}

/// The error in the words of the command line.
fn told(error: ExchangeError) -> CliError {
    match error {
        ExchangeError::Output(error) => CliError::from(error),
        other => CliError::new(other),
    }
}

impl Show {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let concepts = concepts(desk, &self.terms)?;
        let concept = terms::concept(&concepts, &self.concept)?;
        writeln!(desk.ui, "{}", concept.id)?;
        for term in &concept.terms {
            let mut says = vec![term.status.as_str()];
            says.extend(term.abbreviation.then_some("abbreviation"));
            says.extend(term.case_sensitive.then_some("own case only"));
            says.extend(term.grammar.indeclinable.then_some("never inflected"));
            let Grammar { head, izafet, reading, forms, .. } = &term.grammar;
            let mut says: Vec<String> = says.into_iter().map(str::to_owned).collect();
            says.extend(head.iter().map(|head| format!("head {head}")));
            says.extend(izafet.map(|izafet| if izafet { "izafet" } else { "no izafet" }.to_owned()));
            says.extend(reading.iter().map(|reading| format!("read {reading}")));
            says.extend(forms.iter().map(|form| format!("form {form}")));
            says.extend(period(term.valid));
            writeln!(desk.ui, "  {} {} ({})", term.language, term.text, says.join(", "))?;
            let remarks = term.remarks();
            for (name, text) in [("note", &remarks.note), ("source", &remarks.source), ("context", &remarks.context)] {
                if let Some(text) = text {
                    writeln!(desk.ui, "    {name}: {text}")?;
                }
            }
            for kept in remarks.kept.iter().filter(|kept| kept.element.name != "id") {
                writeln!(desk.ui, "    {}", kept.element.said())?;
            }
        }
        for (language, phrase) in &concept.exceptions {
            writeln!(desk.ui, "  {language} not in: {phrase}")?;
        }
        if concept.do_not_translate {
            writeln!(desk.ui, "  is not translated")?;
        }
        for (name, text) in [
            ("definition", &concept.definition),
            ("source", &concept.source),
            ("domain", &concept.domain),
            ("note", &concept.note),
        ] {
            if let Some(text) = text {
                writeln!(desk.ui, "  {name}: {text}")?;
            }
        }
        if let Some(period) = period(concept.valid) {
            writeln!(desk.ui, "  valid {period}")?;
        }
        for Kept { language, element } in &concept.kept {
            let language = language.map(|language| format!("{language} ")).unwrap_or_default();
            writeln!(desk.ui, "  {language}{}", element.said())?;
        }
        Ok(Exit::Done)
    }
}

/// `from 2018-01-31 until 2020-05-01`.
fn period(period: Period) -> Option<String> {
    let from = period.from.map(|date| format!("from {date}"));
    let until = period.until.map(|date| format!("until {date}"));
    let parts: Vec<String> = from.into_iter().chain(until).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

impl Forms {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let key = self.from.key(&self.term);
        let concepts = glossary::in_force(desk, &self.terms)?;
        let known = concepts.iter().flat_map(|c| c.terms_in(self.from)).find(|t| self.from.key(&t.text) == key);
        let mut term = known.cloned().unwrap_or_else(|| Term::new(self.term.as_str(), self.from, Status::Proposed));
        if let Some(head) = self.head {
            if !Grammar::may_be_head(&term.text, &head) {
                return Err(CliError::new(format_args!("`{head}` is no word of `{}`", term.text)));
            }
            term.grammar.head = Some(head);
        }
        if self.izafet || self.no_izafet {
            term.grammar.izafet = Some(self.izafet);
        }
        term.grammar.reading = self.reading.or(term.grammar.reading);
        for (text, forms) in terms::forms_of(&term) {
            let says: Vec<String> = forms.into_iter().map(|form| terms::described(form).join(" ")).collect();
            match self.format {
                Format::Text => writeln!(desk.ui, "{text}\t{}", says.join("; "))?,
                Format::Jsonl => writeln!(desk.ui, "{}", json!({ "term": term.text, "surface": text, "forms": says }))?,
            }
        }
        for form in &term.grammar.forms {
            match self.format {
                Format::Text => writeln!(desk.ui, "{form}\tgiven by the glossary")?,
                Format::Jsonl => writeln!(desk.ui, "{}", json!({ "term": term.text, "surface": form, "forms": [] }))?,
            }
        }
        Ok(Exit::Done)
    }
}
