//! `yaddash segment`: one segment a line, or one JSON object a segment.

use super::{CliError, Desk, Exit, Ui};
use crate::{
    app::documents::{How, LoadError, Loaded, Reading, load, load_bytes},
    lang::Language,
    model::Document,
    segment::{Decision, Rules, explain, segment},
    text::LineIndex,
};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Split documents into segments
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The documents (txt, md, html, docx); `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language of the documents, instead of what their names, headers or letters tell
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// Each line is one paragraph of running text: no headings, lists, footers or hard-wrapped lines
    #[arg(long)]
    lines: bool,
    /// How to print the segments
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    format: Form,
    /// Print every place where a segment ends or might have ended, and the rule that decided
    #[arg(long, conflicts_with = "format")]
    explain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One segment a line
    Text,
    /// One JSON object a line
    Jsonl,
}

/// One segment as JSON Lines give it; offsets are code points.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    number: usize,
    paragraph: usize,
    kind: &'static str,
    start: usize,
    end: usize,
    text: &'a str,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        let reading = Reading { from: self.from, lines: self.lines };
        for path in &self.files {
            let loaded = match read(path, reading) {
                Ok(loaded) => loaded,
                Err(error) => {
                    let guidance = match error {
                        LoadError::Folder(_) => Some("name the files in it"),
                        _ => None,
                    };
                    let mut complaint = CliError::new(error);
                    if let Some(guidance) = guidance {
                        complaint = complaint.hint(guidance);
                    }
                    desk.ui.complain(&complaint);
                    exit = Exit::Failed;
                    continue;
                }
            };
            remark(&mut desk.ui, &loaded);
            let document = &loaded.document;
            let rules = Rules::of(document.language);
            if self.explain {
                print_explained(&mut desk.ui, document, rules)?;
            } else {
                print_segments(&mut desk.ui, document, rules, self.format)?;
            }
        }
        Ok(exit)
    }
}

fn read(path: &Path, reading: Reading) -> Result<Loaded, LoadError> {
    if path != Path::new("-") {
        return load(path, reading);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| LoadError::Unreadable { name: "-".to_owned(), error })?;
    load_bytes("-", &bytes, reading)
}

/// Says how the language was told where that may be wrong.
fn remark(ui: &mut Ui, loaded: &Loaded) {
    let Loaded { document, told } = loaded;
    match told {
        How::Letters => ui.detail(format_args!("{}: taken for {}", document.name, document.language.name())),
        How::Nothing if document.text.chars().any(char::is_alphabetic) => ui.warn(format_args!(
            "{}: neither name nor letters tell the language; general rules are used (say --from en, az or ru)",
            document.name
        )),
        _ => {}
    }
}

fn print_segments(ui: &mut Ui, document: &Document, rules: &Rules, form: Form) -> Result<(), CliError> {
    let mut points = CodePoints { text: &document.text, at: 0, counted: 0 };
    for (index, segment) in segment(document, rules).iter().enumerate() {
        match form {
            Form::Text => {
                // A segment of hard-wrapped lines is still one line here.
                let mut between = "";
                for word in segment.text.split(['\n', '\r']).map(str::trim_ascii) {
                    if !word.is_empty() {
                        ui.write_all(between.as_bytes())?;
                        ui.write_all(word.as_bytes())?;
                        between = " ";
                    }
                }
            }
            Form::Jsonl => {
                let row = Row {
                    file: &document.name,
                    number: index + 1,
                    paragraph: segment.paragraph,
                    kind: segment.kind.as_str(),
                    start: points.before(segment.span.start),
                    end: points.before(segment.span.end),
                    text: &segment.text,
                };
                serde_json::to_writer(&mut *ui, &row).map_err(io::Error::from)?;
            }
        }
        ui.write_all(b"\n")?;
    }
    Ok(())
}

/// Counts code points before places that only grow.
struct CodePoints<'a> {
    text: &'a str,
    at: usize,
    counted: usize,
}

impl CodePoints<'_> {
    fn before(&mut self, at: usize) -> usize {
        self.counted += self.text[self.at..at].chars().count();
        self.at = at;
        self.counted
    }
}

/// How much of the text is shown on either side of a place, in characters.
const SHOWN: usize = 30;

fn print_explained(ui: &mut Ui, document: &Document, rules: &Rules) -> Result<(), CliError> {
    let index = LineIndex::new(&document.text);
    for Decision { at, breaks, rule } in explain(document, rules) {
        let position = index.position(&document.text, at);
        let (mark, style) = match breaks {
            true => ("‖", AnsiColor::Green.on_default().bold()),
            false => ("¦", AnsiColor::Yellow.on_default()),
        };
        let before = last(&document.text[..at]);
        let after = first(&document.text[at..]);
        let shown = format!("{before}{}{after}", ui.paint(style, mark));
        let what = if breaks { "ends" } else { "goes on" };
        let rule = ui.paint(Style::new().dimmed(), &format!("{what}: {rule}"));
        writeln!(ui, "{}:{}:{}: {shown}\n    {rule}", document.name, position.line, position.column)?;
    }
    Ok(())
}

fn last(text: &str) -> String {
    let start = text.char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
    text[start..].replace('\n', " ")
}

fn first(text: &str) -> String {
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    text[..end].replace('\n', " ")
}
