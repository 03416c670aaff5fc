//! `yaddash explain`: what a rule of `check` finds, why it matters, and how it reads.

use super::{CliError, Desk, Exit, Ui, config::nearest};
use crate::{
    model::{Level, Rule},
    rules::{self, RuleInfo},
};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Say what a rule of check finds and why, or list the rules
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule, as findings name it; without it all rules are listed
    #[arg(value_name = "RULE")]
    rule: Option<String>,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self.rule {
            Some(name) => {
                let rule = rule_named(&name)?;
                rules::info(rule).into_iter().try_for_each(|info| explain(info, &mut desk.ui))?;
            }
            None => list(&mut desk.ui)?,
        }
        Ok(Exit::Done)
    }
}

/// The rule called `name`; the error for any other says which was meant.
pub(super) fn rule_named(name: &str) -> Result<Rule, CliError> {
    Rule::ALL.into_iter().find(|rule| rule.as_str() == name).ok_or_else(|| {
        let error = CliError::new(format_args!("there is no rule `{name}`"));
        match nearest(name, Rule::ALL.iter().map(|rule| rule.as_str())) {
            Some(near) => error.hint(format_args!("did you mean `{near}`?")),
            None => error.hint("`yaddash explain` lists the rules"),
        }
    })
}

fn explain(info: &RuleInfo, ui: &mut Ui) -> io::Result<()> {
    let title = ui.paint(Style::new().bold(), info.rule.as_str());
    let level = ui.paint(color(info.level), info.level.as_str());
    let asked = if info.opt_in { ", only where it is asked for" } else { "" };
    writeln!(ui, "{title} ({level}{asked})\n")?;
    let width = ui.width().min(100);
    for text in [info.summary, info.why] {
        writeln!(ui, "{}\n", wrapped(text, width, ""))?;
    }
    for (label, style, example) in [("bad: ", AnsiColor::Red, info.bad), ("good:", AnsiColor::Green, info.good)] {
        let label = ui.paint(style.on_default(), label);
        writeln!(ui, "{label} {}", wrapped(example, width - 6, "      "))?;
    }
    Ok(())
}

fn list(ui: &mut Ui) -> io::Result<()> {
    let longest = rules::all().map(|info| info.rule.as_str().len()).max().unwrap_or_default();
    for info in rules::all() {
        let level = ui.paint(color(info.level), &format!("{:7}", info.level.as_str()));
        let asked = if info.opt_in { " (Only where it is asked for.)" } else { "" };
        writeln!(ui, "{:longest$}  {level}  {}{asked}", info.rule.as_str(), info.summary)?;
    }
    Ok(())
}

fn color(level: Level) -> Style {
    match level {
        Level::Error => AnsiColor::Red.on_default(),
        Level::Warning => AnsiColor::Yellow.on_default(),
        Level::Info => AnsiColor::Cyan.on_default(),
    }
}

/// `text` in lines of at most `width` columns, all but the first after `indent`. A word wider than that has a
/// line of its own.
fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        if column > 0 && column + 1 + word.width() > width {
            out.push('\n');
            out.push_str(indent);
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.width();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_explained() {
        for rule in Rule::ALL {
            assert_eq!(rule_named(rule.as_str()).unwrap(), rule);
            assert_eq!(rules::all().filter(|info| info.rule == rule).count(), 1, "{}", rule.as_str());
        }
    }

    #[test]
    fn a_mistyped_rule_is_guessed() {
        let error = rule_named("nmae-drift").unwrap_err();
        assert_eq!(error.message, "there is no rule `nmae-drift`");
        assert_eq!(error.hint.unwrap(), "did you mean `name-drift`?");
        assert_eq!(rule_named("xyz").unwrap_err().hint.unwrap(), "`yaddash explain` lists the rules");
    }

    #[test]
    fn lines_are_wrapped_by_width() {
        assert_eq!(wrapped("one two  three\nfour", 9, "> "), "one two\n> three\n> four");
        assert_eq!(wrapped("漢字 漢字", 8, ""), "漢字\n漢字");
        assert_eq!(wrapped("incomprehensible word", 5, ""), "incomprehensible\nword");
    }
}
