//! `yaddash concordance`: keywords in context, both sides.

use super::{CliError, Desk, Exit, Ui, memories, wrap::visible};
use crate::{
    app::lookup::{Asked, Memories, lines_csv, lines_json},
    concordance::{Form, Line, Pattern},
    lang::Language,
};
use anstyle::Style;
use std::io::Write;

/// Show a word or phrase in its contexts, with the other languages
///
/// Ends with 1 when nothing was found.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to look for; case, quotes and look-alike letters fold by the rules of each language
    #[arg(value_name = "PATTERN")]
    pattern: String,
    /// In this language only
    #[arg(short = 's', long, value_name = "LANGUAGE")]
    from: Option<Language>,
    /// No more lines than this
    #[arg(long, value_name = "N", default_value_t = 50)]
    max: usize,
    /// Whole words only
    #[arg(long, conflicts_with = "regex")]
    word: bool,
    /// Whole words in any of their forms: `xidmət` finds `xidmətinin`
    #[arg(long, conflicts_with_all = ["regex", "word"])]
    forms: bool,
    /// The pattern is a regular expression, over lower case
    #[arg(long)]
    regex: bool,
    /// Characters shown each side; 0 is all. Left out: what fits the line in text, all in jsonl and csv
    #[arg(long, value_name = "N")]
    width: Option<usize>,
    /// In pending units too
    #[arg(long)]
    pending: bool,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Jsonl,
    Csv,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let form = match (self.word, self.forms, self.regex) {
            (_, _, true) => Form::Regex,
            (_, true, _) => Form::Forms,
            (true, ..) => Form::Word,
            _ => Form::Text,
        };
        let pattern = Pattern::new(&self.pattern, form, self.from, self.pending).map_err(CliError::new)?;
        let Desk { global, ui, .. } = desk;
        let opened = Memories::open(&global.memories)?;
        for path in opened.missing() {
            ui.remark(memories::missing(path));
        }
        let mut lines = opened.read()?.concordance(&pattern, self.max)?;
        let several = (global.memories.len() > 1).then_some(&global.memories[..]);
        let width = match (self.width, self.format) {
            (Some(width), _) => width,
            (None, Format::Text) => (ui.width().saturating_sub(24) / 2).max(20),
            (None, _) => 0,
        };
        if width > 0 {
            lines.iter_mut().for_each(|(_, line)| cut(line, width));
        }
        match self.format {
            Format::Jsonl => lines_json(&lines, several, &mut *ui)?,
            Format::Csv => lines_csv(&lines, several, &mut *ui)?,
            Format::Text => text(ui, &lines, several)?,
        }
        if lines.is_empty() && self.format == Format::Text {
            ui.remark("nothing found");
        }
        Ok(if lines.is_empty() { Exit::Found } else { Exit::Done })
    }
}

fn path(asked: &Asked) -> String {
    asked.path.display().to_string()
}

/// Leaves `width` characters each side, an ellipsis where more stood.
fn cut(line: &mut Line, width: usize) {
    if let Some((at, _)) = line.left.char_indices().rev().nth(width) {
        let start = at + line.left[at..].chars().next().map_or(0, char::len_utf8);
        line.left = format!("…{}", &line.left[start..]);
    }
    if let Some((at, _)) = line.right.char_indices().nth(width) {
        line.right.truncate(at);
        line.right.push('…');
    }
}

fn text(ui: &mut Ui, lines: &[(usize, Line)], several: Option<&[Asked]>) -> Result<(), CliError> {
    let widest = lines.iter().map(|(_, line)| line.left.chars().count()).max().unwrap_or(0);
    for (memory, line) in lines {
        let gap = " ".repeat(widest - line.left.chars().count());
        let key = ui.paint(Style::new().bold(), &one_line(&line.key));
        let (left, right) = (one_line(&line.left), one_line(&line.right));
        writeln!(ui, "{:<3} {gap}{left}{key}{right}", line.language)?;
        for (language, text) in &line.others {
            writeln!(ui, "    {} {}", ui.paint(Style::new().dimmed(), language.as_str()), one_line(text))?;
        }
        if let Some(asked) = several {
            writeln!(
                ui,
                "    {}",
                ui.paint(Style::new().dimmed(), &format!("in {}", visible(&path(&asked[*memory]))))
            )?;
        }
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    visible(&text.replace(['\n', '\r', '\t'], " "))
}
