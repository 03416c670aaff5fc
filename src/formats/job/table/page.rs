//! The table as a page, and the rows of the first table of any page.

use crate::formats::{FormatError, Source, job::Job, source::Fault, xml::escape_text};
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use std::{
    cell::RefCell,
    io::{self, Write},
};

const STYLE: &str = "body{font:16px/1.5 sans-serif;margin:1.5em}table{border-collapse:collapse;width:100%}\
                     th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top;white-space:pre-wrap}\
                     th{background:#eee;position:sticky;top:0}td[contenteditable]{background:#ffe}";

pub(super) fn write(job: &Job, header: &[&str], rows: &[[String; 8]], to: &mut dyn Write) -> io::Result<()> {
    let escaped = |text: &str| {
        let mut out = String::new();
        escape_text(text, &mut out);
        out.replace('\n', "<br>")
    };
    let (source, target) = (job.source, job.target);
    writeln!(to, "<!DOCTYPE html>\n<html lang=\"{source}\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(to, "<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>", escaped(&job.name))?;
    writeln!(to, "<h1>{}</h1>", escaped(&job.name))?;
    writeln!(
        to,
        "<p lang=\"en\">Write the translation into the column <b>{target}</b>. Keep the codes in braces, as {{1}} … {{/1}}.</p>"
    )?;
    let head: String = header.iter().map(|name| format!("<th>{name}</th>")).collect();
    writeln!(to, "<table>\n<tr>{head}</tr>")?;
    for row in rows {
        write!(to, "<tr>")?;
        for (column, cell) in row.iter().enumerate() {
            let attributes = match column {
                1 => format!(" lang=\"{source}\""),
                2 => format!(" lang=\"{target}\" contenteditable"),
                3 => " contenteditable".to_owned(),
                5 => format!(" lang=\"{target}\""),
                _ => String::new(),
            };
            write!(to, "<td{attributes}>{}</td>", escaped(cell))?;
        }
        writeln!(to, "</tr>")?;
    }
    writeln!(to, "</table>\n</body>\n</html>")
}

/// The rows of the tables of a page, cell by cell. White space collapses; paragraphs and `br` begin new lines.
pub(super) fn rows(mut source: Source<'_>) -> Result<Vec<Vec<String>>, FormatError> {
    let tokenizer = Tokenizer::new(Rows::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut text = String::new();
    loop {
        text.clear();
        let more = source.more(&mut text).map_err(|fault| match fault {
            Fault::Io(error) => FormatError::Io(error),
            fault => FormatError::Unsuitable(fault.to_string()),
        })?;
        queue.push_back(text.as_str().into());
        let _ = tokenizer.feed(&queue); // scripts do not run
        if !more {
            break;
        }
    }
    tokenizer.end();
    let mut rows = tokenizer.sink.0.into_inner();
    rows.end_cell();
    Ok(rows.rows)
}

#[derive(Default)]
struct Rows(RefCell<State>);

#[derive(Default)]
struct State {
    rows: Vec<Vec<String>>,
    /// The cell being read.
    cell: Option<String>,
}

impl State {
    fn end_cell(&mut self) {
        if let (Some(cell), Some(row)) = (self.cell.take(), self.rows.last_mut()) {
            let lines = cell.split('\n').map(|line| line.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
            row.push(lines.collect::<Vec<_>>().join("\n").trim().to_owned());
        }
    }

    /// A new line, unless the cell is at the beginning of one.
    fn line(&mut self) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| !cell.trim_end_matches(' ').is_empty())
            && !cell.trim_end_matches(' ').ends_with('\n')
        {
            cell.push('\n');
        }
    }
}

impl TokenSink for Rows {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            TagToken(Tag { kind, name, .. }) => match (kind, &*name) {
                (StartTag, "tr") => {
                    state.end_cell();
                    state.rows.push(Vec::new());
                }
                (StartTag, "td" | "th") => {
                    state.end_cell();
                    state.cell = Some(String::new());
                }
                (EndTag, "td" | "th" | "tr" | "table") => state.end_cell(),
                (_, "br") => {
                    if let Some(cell) = &mut state.cell {
                        cell.push('\n');
                    }
                }
                (_, "p" | "div" | "li") => state.line(),
                _ => {}
            },
            CharacterTokens(words) => {
                if let Some(cell) = &mut state.cell {
                    // Line ends of the file are white space.
                    cell.extend(words.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
