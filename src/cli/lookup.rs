//! `yaddash lookup`: the best matches of each query, with what differs.

use super::{CliError, Desk, Exit, Ui};
use crate::{
    app,
    lang::Language,
    lookup::{Match, Options, Query, Score},
    model::{Context, State},
    text::diff::{EditKind, edits},
};
use anstyle::{AnsiColor, Effects, Style};
use jiff::Timestamp;
use serde::Serialize;
use std::io::{self, BufRead, Write};

/// Find the best matches of a text in the memory
///
/// Ends with 1 when nothing was found.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The text; `-` or none: each line of standard input is a query, answered as soon as it is read
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// The language of the query
    #[arg(short = 's', long, value_name = "LANGUAGE", default_value = "en")]
    from: Language,
    /// The language translated into
    #[arg(short = 't', long, value_name = "LANGUAGE", default_value = "az")]
    to: Language,
    /// Nothing below this score: 0 to 100
    #[arg(long, value_name = "PERCENT", default_value_t = 60.0, value_parser = percent)]
    min: f64,
    /// No more matches than this
    #[arg(long, value_name = "N", default_value_t = 5)]
    max: usize,
    /// Offer pending units too
    #[arg(long)]
    pending: bool,
    /// Compare each answer with brute force over all units
    #[arg(long)]
    verify: bool,
    /// The segment before the text: the same one before a match makes it 101
    #[arg(long, value_name = "TEXT")]
    previous: Option<String>,
    /// The segment after the text
    #[arg(long, value_name = "TEXT")]
    next: Option<String>,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

fn percent(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(percent) if (0.0..=102.0).contains(&percent) => Ok(percent),
        _ => Err("a score is a number from 0 to 102".into()),
    }
}

/// One object of `--format jsonl`.
#[derive(Serialize)]
struct Answer<'a> {
    query: &'a str,
    matches: Vec<Record<'a>>,
}

#[derive(Serialize)]
struct Record<'a> {
    unit: i64,
    tuid: Option<&'a str>,
    score: Score,
    kind: &'static str,
    source: &'a str,
    target: &'a str,
    repaired: bool,
    state: State,
    origin: &'a str,
    date: Option<String>,
    places: Vec<i64>,
}

impl<'a> From<&'a Match> for Record<'a> {
    fn from(found: &'a Match) -> Record<'a> {
        Record {
            unit: found.unit.0,
            tuid: found.tuid.as_deref(),
            score: found.score,
            kind: found.kind.as_str(),
            source: &found.source,
            target: &found.target,
            repaired: found.repaired,
            state: found.state,
            origin: &found.origin,
            date: found.date.as_ref().map(Timestamp::to_string),
            places: found.places.iter().map(|unit| unit.0).collect(),
        }
    }
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.from == self.to {
            return Err(CliError::new(format_args!("`--from` and `--to` are both `{}`", self.from)));
        }
        let options = Options {
            from: self.from,
            to: self.to,
            min: Score::from_percent(self.min),
            max: self.max,
            pending: self.pending,
        };
        let context = Context { previous: self.previous, next: self.next, ..Context::default() };
        let lines = self.text.is_empty() || self.text == ["-"];
        let queries: Box<dyn Iterator<Item = Result<String, CliError>>> = match lines {
            true => Box::new(Lines { from: io::stdin().lock(), number: 0 }),
            false => Box::new(std::iter::once(Ok(self.text.join(" ")))),
        };
        let queries = queries.map(|text| text.map(|text| Query { text, context: context.clone() }));
        let Desk { global, ui, .. } = desk;
        let found = app::lookup::lookup(&global.memory, options, self.verify, queries, |query, matches| {
            match self.format {
                Format::Jsonl => {
                    let answer = Answer { query: &query.text, matches: matches.iter().map(Record::from).collect() };
                    serde_json::to_writer(&mut *ui, &answer).map_err(io::Error::from)?;
                    writeln!(ui)?;
                }
                Format::Text => show(ui, query, matches, lines)?,
            }
            ui.flush()
        })?;
        if found == 0 && self.format == Format::Text && !lines {
            desk.ui.remark(format_args!("no match at or above {} %", self.min));
        }
        Ok(if found > 0 { Exit::Done } else { Exit::Found })
    }
}

/// The lines of a stream, one at a time, without their ends.
struct Lines<R> {
    from: R,
    number: usize,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<String, CliError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        self.number += 1;
        match self.from.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => return Some(Err(CliError::new(format_args!("standard input: {error}")))),
        }
        if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.ends_with(b"\n") {
            line.pop();
        }
        if line.ends_with(b"\r") {
            line.pop();
        }
        let number = self.number;
        Some(
            String::from_utf8(line)
                .map_err(|_| CliError::new(format_args!("standard input:{number}: the line is not UTF-8"))),
        )
    }
}

fn show(ui: &mut Ui, query: &Query, matches: &[Match], many: bool) -> Result<(), CliError> {
    if many {
        writeln!(ui, "{}", ui.paint(Style::new().bold(), &query.text))?;
    }
    for found in matches {
        let score = ui.paint(score_style(found.score), &format!("{:>5}%", found.score.to_string()));
        writeln!(ui, "{score} {:<7} {}", found.kind.as_str(), differences(ui, &query.text, &found.source))?;
        writeln!(ui, "{:14} {}", "", found.target)?;
        let mut from: Vec<String> = Vec::new();
        if !found.origin.is_empty() {
            from.push(found.origin.clone());
        }
        from.push(found.state.as_str().to_owned());
        from.extend(found.date.map(|date| date.strftime("%F").to_string()));
        from.push(match found.places.len() {
            1 => format!("unit {}", found.unit),
            more => format!("unit {} and {} more", found.unit, more - 1),
        });
        writeln!(ui, "{:14} {}", "", ui.paint(Style::new().dimmed(), &from.join(", ")))?;
    }
    Ok(())
}

fn score_style(score: Score) -> Style {
    let color = match score {
        score if score >= Score::EXACT => AnsiColor::Green,
        score if score >= Score::SAME_WORDS => AnsiColor::Cyan,
        _ => AnsiColor::Yellow,
    };
    color.on_default().bold()
}

/// The stored source with what differs from the query marked: `[-only asked-]{+only stored+}`; in colour
/// where there is colour.
fn differences(ui: &Ui, query: &str, source: &str) -> String {
    let only_asked = AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH);
    let only_stored = AnsiColor::Green.on_default().effects(Effects::UNDERLINE);
    let mut out = String::new();
    let mut at = 0;
    for edit in edits(query, source) {
        out.push_str(&source[at..edit.new.start]);
        at = edit.new.end;
        let (asked, stored) = (edit.old.of(query), edit.new.of(source));
        if edit.kind == EditKind::Equal {
            out.push_str(stored);
        } else if ui.color() {
            out.push_str(&ui.paint(only_asked, asked));
            if !asked.is_empty() && !stored.is_empty() {
                out.push(' ');
            }
            out.push_str(&ui.paint(only_stored, stored));
        } else {
            if !asked.is_empty() {
                out.push_str(&format!("[-{asked}-]"));
            }
            if !stored.is_empty() {
                out.push_str(&format!("{{+{stored}+}}"));
            }
        }
    }
    out.push_str(&source[at..]);
    out
}
