//! `yaddash serve token`: who may come in from elsewhere.

use crate::{
    app::people::{self, By, CHANCE, Known, PeopleError, Role},
    cli::{
        CliError, Desk, Exit,
        memory::{open_existing, who},
        wrap::visible,
    },
    memory::{Memory, Mode},
};
use jiff::Timestamp;
use serde::Serialize;
use std::io::{self, Write};

/// Tokens: who may come in where `serve --listen` is said
///
/// A token is shown once, when it is made; the memory keeps a hash of it. One that is revoked is worth nothing at once,
/// in a server that is running too.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    /// Let somebody in: prints the token, this once
    Add {
        /// Who it is for; what they do stands in the history under this name
        name: String,
        /// What they may do: `reader` looks up and checks; `translator` adds and edits units and goes over alignments;
        /// `editor` does all
        #[arg(long, value_name = "ROLE")]
        role: Role,
        /// Store nothing, tell what would be
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Shut somebody out
    Revoke {
        /// Whose token
        name: String,
        /// Store nothing, tell what would be
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
    /// Who has a token
    List {
        /// How results are written
        #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let by = |who, dry_run| By { who, now: Timestamp::now(), dry_run };
        let me = who();
        match self.job {
            Job::Add { name, role, dry_run } => {
                let mut chance = [0; CHANCE];
                getrandom::fill(&mut chance)
                    .map_err(|error| CliError::new(format_args!("no chance to be had: {error}")))?;
                let token = people::token(&chance);
                let mut memory = match dry_run {
                    true => open_existing(desk, true)?,
                    false => Memory::open(&desk.global.memory, Mode::Write)?,
                };
                people::add(&mut memory, &name, role, &token, by(&me, dry_run)).map_err(told)?;
                let would = if dry_run { "would be let in" } else { "is let in" };
                let role = role.as_str();
                if !dry_run {
                    writeln!(desk.ui, "{token}")?;
                }
                desk.ui.remark(format_args!("{} {would} as {role}", visible(&name)));
                if !dry_run {
                    desk.ui.remark("this is the only time the token is shown");
                }
            }
            Job::Revoke { name, dry_run } => {
                people::revoke(&mut open_existing(desk, dry_run)?, &name, by(&me, dry_run)).map_err(told)?;
                let would = if dry_run { "would be" } else { "is" };
                desk.ui.remark(format_args!("{} {would} shut out", visible(&name)));
            }
            Job::List { format } => list(desk, format)?,
        }
        Ok(Exit::Done)
    }
}

fn told(error: PeopleError) -> CliError {
    let hint = match &error {
        PeopleError::There { name, .. } => Some(format!("yaddash serve token revoke \"{name}\" takes it away first")),
        _ => None,
    };
    let error = CliError::new(error);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

#[derive(Serialize)]
struct Record<'p> {
    name: &'p str,
    role: Role,
    since: Option<String>,
    by: Option<String>,
}

fn list(desk: &mut Desk, format: Format) -> Result<(), CliError> {
    let memory = Memory::open_existing(&desk.global.memory)?;
    let reader = memory.as_ref().map(Memory::read).transpose()?;
    let known: Vec<Known> = reader.as_ref().map(people::people).transpose()?.unwrap_or_default();
    let mut records = Vec::new();
    for known in &known {
        let batch = reader.as_ref().map(|reader| reader.batch(known.batch)).transpose()?.flatten();
        let since = batch.as_ref().map(|batch| batch.made.strftime("%F").to_string());
        records.push(Record { name: &known.name, role: known.role, since, by: batch.map(|batch| batch.who) });
    }
    match format {
        Format::Json => {
            serde_json::to_writer(&mut desk.ui, &records).map_err(io::Error::from)?;
            writeln!(desk.ui)?;
        }
        Format::Text => {
            for Record { name, role, since, by } in &records {
                let since = since.as_deref().unwrap_or("-");
                let by = by.as_deref().map(|by| format!("by {}", visible(by))).unwrap_or_default();
                writeln!(desk.ui, "{:<10}  {since}  {}  {by}", role.as_str(), visible(name))?;
            }
            if records.is_empty() {
                desk.ui.remark("nobody has a token");
            }
        }
    }
    Ok(())
}
