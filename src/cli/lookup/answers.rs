//! Answers as they are written: for people, and as tables and JSON for programs.

use crate::{
    app::lookup::{Answer, Asked, Record, Views},
    cli::{
        CliError, Ui,
        differences::differences,
        wrap::{Piece, cut, visible, wrapped},
    },
    lang::Language,
    lookup::{Match, Query, Score},
    model::{Provenance, State},
};
use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use std::{
    ffi::OsStr,
    io::{self, Write},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people: what differs is marked `[-only asked-]{+only stored+}`
    Text,
    /// A table with a header, one match a line
    Tsv,
    /// One array of all answers
    Json,
    /// One object a query, as soon as it is answered
    Jsonl,
}

/// Writes answers in one form.
pub(super) struct Answers<'a> {
    format: Format,
    memories: &'a [Asked],
    to: Vec<Language>,
    /// Each query is shown above its answer.
    many: bool,
    color: bool,
    given: usize,
}

impl<'a> Answers<'a> {
    pub fn new(format: Format, memories: &'a [Asked], to: &[Language], many: bool, color: bool) -> Answers<'a> {
        Answers { format, memories, to: to.to_vec(), many, color, given: 0 }
    }

    pub fn begin(&mut self, ui: &mut Ui) -> Result<(), CliError> {
        match self.format {
            Format::Tsv => {
                let head = ["query", "score", "kind", "source"].map(str::to_owned).into_iter();
                let tail = ["repaired", "state", "origin", "date", "unit", "memory"].map(str::to_owned);
                row(ui, head.chain(self.to.iter().map(Language::to_string)).chain(tail))
            }
            Format::Json => Ok(write!(ui, "[")?),
            Format::Text | Format::Jsonl => Ok(()),
        }
    }

    pub fn give(&mut self, ui: &mut Ui, views: &Views<'_>, query: &Query, matches: &[Match]) -> Result<(), CliError> {
        match self.format {
            Format::Text => self.text(ui, views, query, matches)?,
            Format::Tsv => matches.iter().try_for_each(|found| self.cells(ui, query, found))?,
            Format::Json => {
                ui.write_all(if self.given == 0 { b"\n" } else { b",\n" })?;
                self.object(ui, query, matches)?;
            }
            Format::Jsonl => {
                self.object(ui, query, matches)?;
                writeln!(ui)?;
            }
        }
        self.given += 1;
        Ok(())
    }

    pub fn end(&mut self, ui: &mut Ui) -> Result<(), CliError> {
        match self.format {
            Format::Json => Ok(ui.write_all(if self.given == 0 { b"]\n" } else { b"\n]\n" })?),
            _ => Ok(()),
        }
    }

    fn object(&self, ui: &mut Ui, query: &Query, matches: &[Match]) -> Result<(), CliError> {
        let matches = matches.iter().map(|found| self.record(found)).collect();
        let answer = Answer { query: &query.text, matches };
        Ok(serde_json::to_writer(&mut *ui, &answer).map_err(io::Error::from)?)
    }

    fn record<'m>(&self, found: &'m Match) -> Record<'m> {
        Record::of(found, (self.memories.len() > 1).then(|| self.path(found)))
    }

    fn path(&self, found: &Match) -> String {
        self.memories[found.memory].path.display().to_string()
    }

    fn cells(&self, ui: &mut Ui, query: &Query, found: &Match) -> Result<(), CliError> {
        let head = [query.text.clone(), found.score.to_string(), found.kind.as_str().to_owned(), found.source.clone()];
        let target = |language: &Language| found.targets.iter().find(|target| target.language == *language);
        let targets = self.to.iter().map(|language| target(language).map_or(String::new(), |t| t.text.clone()));
        let repaired: Vec<&str> =
            found.targets.iter().filter(|target| target.repaired).map(|target| target.language.as_str()).collect();
        let tail = [
            repaired.join(","),
            found.state.as_str().to_owned(),
            found.origin.clone(),
            found.date.as_ref().map(Timestamp::to_string).unwrap_or_default(),
            found.unit.to_string(),
            self.path(found),
        ];
        row(ui, head.into_iter().chain(targets).chain(tail))
    }

    fn text(&self, ui: &mut Ui, views: &Views<'_>, query: &Query, matches: &[Match]) -> Result<(), CliError> {
        if self.many {
            let asked = ui.paint(Style::new().bold(), &visible(&query.text));
            writeln!(ui, "{}", asked.trim_end())?;
            if matches.is_empty() {
                writeln!(ui, "     - {}", ui.paint(Style::new().dimmed(), "no match"))?;
            }
        }
        let kinds = matches.iter().map(|found| found.kind.as_str().len()).max().unwrap_or(0).max(7);
        let indent = "100.5% ".len() + kinds + 1;
        let width = ui.width().saturating_sub(indent).max(20);
        let dimmed = Style::new().dimmed();
        for found in matches {
            let score = ui.paint(score_style(found.score), &format!("{:>5}%", found.score.to_string()));
            let mut lead = format!("{score} {:<kinds$} ", found.kind.as_str());
            let mut paragraph = |pieces: &[Piece]| -> Result<(), CliError> {
                for line in wrapped(pieces, width) {
                    let line: String = line.iter().map(|(style, text)| ui.paint(*style, text)).collect();
                    writeln!(ui, "{lead}{line}")?;
                    lead = " ".repeat(indent);
                }
                Ok(())
            };
            paragraph(&differences(self.color, &query.text, &found.source))?;
            for target in &found.targets {
                let mut pieces = Vec::new();
                if self.to.len() > 1 {
                    pieces.push((dimmed, format!("{} ", target.language)));
                }
                pieces.push((Style::new(), visible(&target.text)));
                if target.repaired {
                    pieces.push((dimmed, " (numbers put in)".to_owned()));
                }
                paragraph(&pieces)?;
            }
            paragraph(&[(dimmed, self.whence(views, found)?)])?;
            if let Some(between) = neighbours(found, width) {
                paragraph(&[(dimmed, between)])?;
            }
        }
        Ok(())
    }

    /// `release 002, published, 2026-11-22, unit 19`.
    fn whence(&self, views: &Views<'_>, found: &Match) -> Result<String, CliError> {
        let from = match found.provenance {
            Provenance::Release => "release",
            Provenance::Import => "import",
            Provenance::Edit => "edit",
        };
        let mut parts = vec![format!("{from} {}", visible(&found.origin)).trim_end().to_owned()];
        parts.extend(
            found
                .context
                .document
                .iter()
                .filter(|name| **name != found.origin)
                .map(|d| format!("document {}", visible(d))),
        );
        parts.extend(found.context.id.iter().map(|id| format!("id {}", visible(id))));
        parts.push(found.state.as_str().to_owned());
        parts.extend(found.date.map(|date| date.strftime("%F").to_string()));
        // A release speaks for itself.
        let done = match (found.state, found.provenance) {
            (State::Approved, _) => Some("approved"),
            (_, Provenance::Import) => Some("imported"),
            (_, Provenance::Edit) => Some("written"),
            (_, Provenance::Release) => None,
        };
        if let Some(done) = done
            && let Some(batch) = views.batch_of(found)?
            && !batch.who.is_empty()
        {
            parts.push(format!("{done} by {}", visible(&batch.who)));
        }
        parts.push(match found.places.len() {
            1 => format!("unit {}", found.unit),
            more => format!("unit {} and {} more", found.unit, more - 1),
        });
        if self.memories.len() > 1 {
            parts.push(format!("in {}", visible(&self.name(found))));
        }
        Ok(parts.join(", "))
    }

    /// The name of the file of a memory, with its folder where two have one name.
    fn name(&self, found: &Match) -> String {
        let own = self.memories[found.memory].path.file_name();
        match self.memories.iter().filter(|memory| memory.path.file_name() == own).count() {
            1 => own.and_then(OsStr::to_str).map_or_else(|| self.path(found), str::to_owned),
            _ => self.path(found),
        }
    }
}

/// A line of a table without quotes: a tab or line end in a cell is a space.
fn row(ui: &mut Ui, cells: impl Iterator<Item = String>) -> Result<(), CliError> {
    let cells: Vec<String> = cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
    Ok(writeln!(ui, "{}", cells.join("\t"))?)
}

fn score_style(score: Score) -> Style {
    let color = match score {
        score if score >= Score::EXACT => AnsiColor::Green,
        score if score >= Score::SAME_WORDS => AnsiColor::Cyan,
        _ => AnsiColor::Yellow,
    };
    color.on_default().bold()
}

/// `between “…” and “…”`: what the unit was seen between.
fn neighbours(found: &Match, width: usize) -> Option<String> {
    let most = (width / 2).saturating_sub(10).max(10);
    let quoted = |text: &String| format!("“{}”", cut(text, most));
    match (&found.context.previous, &found.context.next) {
        (Some(previous), Some(next)) => Some(format!("between {} and {}", quoted(previous), quoted(next))),
        (Some(previous), None) => Some(format!("after {}", quoted(previous))),
        (None, Some(next)) => Some(format!("before {}", quoted(next))),
        (None, None) => None,
    }
}
