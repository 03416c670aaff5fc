//! `yaddash term suggest`: what recurs in the memory and is not in the glossary.

use super::{CliError, Desk, Exit, Ui, glossary, ui::Bars, wrap::visible};
use crate::{
    app::suggest::{self, SuggestError, Suggested, Wanted},
    formats::glossary as table,
    lang::Language,
    model::UnitId,
    suggest::{Contradiction, Counted, Options, Proposal, Proposed},
};
use anstyle::Style;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::PathBuf,
};

/// Names and terms that recur in the memory and are not in the glossary
///
/// Each with its counterparts in the other languages, in dictionary form, how often it is there, and what else it was
/// translated by. What the glossary has, in whatever form, is left out. `--format csv` or `tsv` writes a glossary file
/// whose terms are proposed: go over it, then `yaddash term import` takes it in.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language proposals are looked for in; left out, English if the memory has it
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// The languages of their counterparts; left out, all others of the memory
    #[arg(short = 't', long, value_name = "LANG", value_delimiter = ',')]
    to: Vec<Language>,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// In so many units at least
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    min_count: u32,
    /// No more than this, the best first; 0 is all
    #[arg(long, value_name = "N", default_value_t = 50)]
    max: usize,
    /// Instead: terms of the glossary that the memory mostly translates otherwise
    #[arg(long)]
    contradictions: bool,
    /// How they are written; text shows examples with -v
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A table for people
    Text,
    /// One object a line, with examples
    Jsonl,
    /// A glossary file
    Csv,
    /// A glossary file, never quoted
    Tsv,
}

/// Examples of each proposal.
const EXAMPLES: usize = 3;

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.contradictions && matches!(self.format, Format::Csv | Format::Tsv) {
            return Err(CliError::new("contradictions are no glossary")
                .hint("write them with --format text or jsonl, or leave --contradictions out"));
        }
        let concepts = glossary::in_force(desk, &self.terms)?;
        if self.contradictions && concepts.is_empty() {
            return Err(CliError::new("there is no glossary to contradict")
                .hint("give one with --terms FILE, or take one into the memory with `yaddash term import FILE`"));
        }
        let wanted = Wanted {
            from: self.from,
            to: self.to,
            options: Options { least: self.min_count as usize, most: self.max, examples: EXAMPLES },
            contradictions: self.contradictions,
        };
        let bars = Bars::new(&desk.ui);
        let found = suggest::suggest(&desk.global.memory, concepts, &wanted, &bars).map_err(|error| match error {
            SuggestError::Memory(error) => CliError::from(error),
            other => CliError::new(other),
        })?;
        drop(bars);
        let verbose = desk.global.verbose;
        let ui = &mut desk.ui;
        match self.format {
            Format::Jsonl => lines(ui, &found)?,
            Format::Csv => table::write(&suggest::concepts(&found.proposals), ',', ui).map_err(CliError::new)?,
            Format::Tsv => table::write(&suggest::concepts(&found.proposals), '\t', ui).map_err(CliError::new)?,
            Format::Text if self.contradictions => against(ui, &found, verbose)?,
            Format::Text => text(ui, &found, verbose)?,
        }
        let shown = found.proposals.len() + found.contradictions.len();
        let what = if self.contradictions { "contradictions" } else { "proposals" };
        let of = if shown < found.all { format!(" of {} (--max 0 shows all)", found.all) } else { String::new() };
        let refused = if found.refused > 0 { format!(", {} refused left out", found.refused) } else { String::new() };
        ui.remark(format_args!("{shown} {what}{of} from {} units{refused}", found.units));
        Ok(Exit::Done)
    }
}

/// A unit with its texts.
#[derive(Serialize)]
struct ExampleLine<'a> {
    unit: UnitId,
    texts: &'a BTreeMap<Language, String>,
}

#[derive(Serialize)]
struct CountedLine<'a> {
    text: &'a str,
    units: usize,
}

impl<'a> From<&'a Counted> for CountedLine<'a> {
    fn from(counted: &'a Counted) -> Self {
        CountedLine { text: &counted.text, units: counted.units }
    }
}

#[derive(Serialize)]
struct TermLine<'a> {
    language: Language,
    text: &'a str,
    units: usize,
    abbreviation: Option<CountedLine<'a>>,
    others: Vec<CountedLine<'a>>,
}

impl<'a> From<&'a Proposed> for TermLine<'a> {
    fn from(term: &'a Proposed) -> Self {
        TermLine {
            language: term.language,
            text: &term.text,
            units: term.units,
            abbreviation: term.abbreviation.as_ref().map(CountedLine::from),
            others: term.others.iter().map(CountedLine::from).collect(),
        }
    }
}

/// One object of `--format jsonl`.
#[derive(Serialize)]
struct ProposalLine<'a> {
    terms: Vec<TermLine<'a>>,
    units: usize,
    documents: usize,
    score: f64,
    examples: Vec<ExampleLine<'a>>,
}

#[derive(Serialize)]
struct ContradictionLine<'a> {
    concept: &'a str,
    from: Language,
    source: &'a str,
    to: Language,
    approved: &'a str,
    units: usize,
    kept: usize,
    instead: Option<CountedLine<'a>>,
    examples: Vec<ExampleLine<'a>>,
}

fn examples<'a>(found: &'a Suggested, units: &'a [UnitId]) -> impl Iterator<Item = ExampleLine<'a>> {
    units.iter().filter_map(|unit| Some(ExampleLine { unit: *unit, texts: found.examples.get(unit)? }))
}

fn lines(ui: &mut Ui, found: &Suggested) -> Result<(), CliError> {
    for proposal in &found.proposals {
        let line = ProposalLine {
            terms: proposal.terms.iter().map(TermLine::from).collect(),
            units: proposal.units,
            documents: proposal.documents,
            score: (proposal.score * 100.0).round() / 100.0,
            examples: examples(found, &proposal.examples).collect(),
        };
        serde_json::to_writer(&mut *ui, &line).map_err(io::Error::from)?;
        writeln!(ui)?;
    }
    for found_here in &found.contradictions {
        let line = ContradictionLine {
            concept: &found_here.concept,
            from: found_here.from,
            source: &found_here.source,
            to: found_here.to,
            approved: &found_here.approved,
            units: found_here.units,
            kept: found_here.kept,
            instead: found_here.instead.as_ref().map(|(text, units)| CountedLine { text, units: *units }),
            examples: examples(found, &found_here.examples).collect(),
        };
        serde_json::to_writer(&mut *ui, &line).map_err(io::Error::from)?;
        writeln!(ui)?;
    }
    Ok(())
}

fn shown_examples(ui: &mut Ui, found: &Suggested, units: &[UnitId]) -> Result<(), CliError> {
    for example in examples(found, units) {
        let mut place = format!("unit {}", example.unit);
        for language in &found.languages {
            if let Some(text) = example.texts.get(language) {
                let head = ui.paint(Style::new().dimmed(), &format!("{place:>12} {language}"));
                writeln!(ui, "{head} {}", visible(&text.replace(['\n', '\r', '\t'], " ")))?;
                place.clear();
            }
        }
    }
    Ok(())
}

/// A term with its abbreviation.
fn with_short(term: &Proposed) -> String {
    let short = term.abbreviation.as_ref().map(|short| format!(" ({})", short.text)).unwrap_or_default();
    visible(&format!("{}{short}", term.text))
}

fn text(ui: &mut Ui, found: &Suggested, verbose: bool) -> Result<(), CliError> {
    if found.proposals.is_empty() {
        return Ok(());
    }
    let cell = |proposal: &Proposal, language: &Language| {
        proposal.terms.iter().find(|term| term.language == *language).map_or_else(|| "-".to_owned(), with_short)
    };
    let width = |language: &Language| {
        let widest = found.proposals.iter().map(|proposal| cell(proposal, language).chars().count()).max();
        widest.unwrap_or(0).max(2)
    };
    let widths: Vec<usize> = found.languages.iter().map(width).collect();
    let (last, before) = (found.languages.len() - 1, "units docs  ");
    let padded = |at: usize, text: &str| match at == last {
        true => text.to_owned(),
        false => format!("{text}{}  ", " ".repeat(widths[at].saturating_sub(text.chars().count()))),
    };
    let head: String = found.languages.iter().enumerate().map(|(at, language)| padded(at, language.as_str())).collect();
    writeln!(ui, "{}", ui.paint(Style::new().dimmed(), &format!("{before}{head}")))?;
    for proposal in &found.proposals {
        let row: String =
            found.languages.iter().enumerate().map(|(at, language)| padded(at, &cell(proposal, language))).collect();
        writeln!(ui, "{:>5} {:>4}  {row}", proposal.units, proposal.documents)?;
        for term in proposal.terms.iter().filter(|term| !term.others.is_empty()) {
            let all: Vec<String> = std::iter::once((&term.text, term.units))
                .chain(term.others.iter().map(|other| (&other.text, other.units)))
                .map(|(text, units)| format!("{} {units}", visible(text)))
                .collect();
            let note = format!("{}{}: {}", " ".repeat(before.len()), term.language, all.join(", "));
            writeln!(ui, "{}", ui.paint(anstyle::AnsiColor::Yellow.on_default(), &note))?;
        }
        if verbose {
            shown_examples(ui, found, &proposal.examples)?;
        }
    }
    Ok(())
}

fn against(ui: &mut Ui, found: &Suggested, verbose: bool) -> Result<(), CliError> {
    for Contradiction { concept, from, source, to, approved, units, kept, instead, examples } in &found.contradictions {
        let name = ui.paint(Style::new().bold(), &visible(concept));
        let instead = match instead {
            Some((text, units)) => format!("{} in {units}", visible(text)),
            None => "no one other term".to_owned(),
        };
        writeln!(
            ui,
            "{name}: {from} {} in {units} units; {to} {} in {kept} of them, {instead}",
            visible(source),
            visible(approved)
        )?;
        if verbose {
            shown_examples(ui, found, examples)?;
        }
    }
    Ok(())
}
