//! `check accept`, `check accepted`, `check revoke`: findings that people let stand.

use super::{What, form};
use crate::{
    app::check::{
        self,
        accepted::{self, By, Decision, Named},
    },
    cli::{CliError, Desk, Exit, memory, run::counted, ui::Bars, wrap::visible},
    memory::{BatchId, Memory, Mode},
    report::{Form, Located},
};
use jiff::Timestamp;
use serde_json::json;
use std::{io::Write, path::PathBuf};

/// Let findings stand, for a reason
///
/// A finding is named by its id, which stays the same while its sentence does, or by FILE:LINE:COLUMN. What is named is
/// checked once more, so that the memory keeps what it was about. Accepted findings are left out of `check` and `run`,
/// and count for nothing there; reports for others show them apart. It is a batch like any other: `yaddash memory
/// history` shows it, `undo` takes it back.
#[derive(Debug, clap::Args)]
pub(super) struct Accept {
    /// The findings, parted by commas
    #[arg(value_name = "FINDING", value_parser = list)]
    findings: List,
    /// Where they are; left out: the folder of releases, or the files beside the one named
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Why they may stand
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// They are findings in units of the memory
    #[arg(long)]
    memory_units: bool,
    #[command(flatten)]
    what: What,
    /// Say what would be accepted and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// The findings that people let stand: who, when and why
///
/// With files or folders these are checked, and it is told whether each finding is still there.
#[derive(Debug, clap::Args)]
pub(super) struct Accepted {
    /// The files, or folders of sets
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    what: What,
    /// How they are written: json, jsonl or csv; else as text
    #[arg(long, value_name = "FORM", default_value = "full", value_parser = form)]
    format: Form,
}

/// No longer let findings stand
#[derive(Debug, clap::Args)]
pub(super) struct Revoke {
    /// Their ids, which `check accepted` lists
    #[arg(value_name = "ID", required = true, value_delimiter = ',')]
    ids: Vec<String>,
    /// Say what would be taken back and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Findings as one argument, parted by commas: what follows are files.
#[derive(Debug, Clone)]
struct List(Vec<Named>);

fn list(text: &str) -> Result<List, String> {
    text.split(',').map(|one| one.trim().parse()).collect::<Result<_, _>>().map(List)
}

impl Accept {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.reason.trim().is_empty() {
            return Err(CliError::new("the reason is empty").hint("--reason \"TEXT\" says why the finding may stand"));
        }
        let found = self.found(desk)?;
        let mut chosen: Vec<&Located> = Vec::new();
        for named in &self.findings.0 {
            chosen.push(one(named, &found)?);
        }
        let who = memory::who();
        let by = By { who: &who, now: Timestamp::now(), dry_run: self.dry_run };
        let path = desk.global.memory.clone();
        let (done, batch) = match Memory::open_existing(&path)? {
            // Nothing is made by a trial.
            None if self.dry_run => (chosen.len(), None),
            _ => accepted::accept(&mut Memory::open(&path, Mode::Write)?, &chosen, self.reason.trim(), by)?,
        };
        for located in &chosen {
            let place = format!("{}:{}:{}", located.source.name, located.line, located.column);
            let message = format!("{} {}: {}", located.id, place, located.finding.message);
            writeln!(desk.ui, "{}", visible(&message))?;
        }
        memory::told(desk, batch, self.dry_run, &format!("{} accepted", counted(done, "finding", "findings")));
        Ok(Exit::Done)
    }

    /// All there is to find where the findings are.
    fn found(&self, desk: &mut Desk) -> Result<Vec<Located>, CliError> {
        let rules = self.what.rules(desk)?;
        let concepts = self.what.concepts(desk, &rules)?;
        let mut found = Vec::new();
        if self.memory_units {
            let path = desk.global.memory.clone();
            let bars = Bars::new(&desk.ui);
            let wanted = &self.findings.0;
            check::check_units(&path, concepts, &rules, &bars, |some| {
                found.extend(some.into_iter().filter(|located| {
                    wanted.iter().any(|named| !named.among(std::slice::from_ref(located)).is_empty())
                }));
                Ok::<_, CliError>(())
            })?;
            return Ok(found);
        }
        let mut paths = self.paths.clone();
        if paths.is_empty() {
            paths.extend(self.findings.0.iter().flat_map(Named::files));
            if self.findings.0.iter().any(|named| matches!(named, Named::Id(_))) {
                let releases = desk.config.releases();
                if !releases.is_dir() {
                    let error = CliError::new(format_args!("{}: there is no such folder", releases.display()));
                    return Err(error.hint("name the file or folder the finding is in after its id"));
                }
                paths.push(releases);
            }
            paths.sort();
            paths.dedup();
        }
        Ok(self.what.files(desk, &paths, rules, concepts)?.findings)
    }
}

/// The one finding meant.
fn one<'f>(named: &Named, found: &'f [Located]) -> Result<&'f Located, CliError> {
    let mut all = named.among(found);
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all.dedup_by(|a, b| a.id == b.id);
    match all[..] {
        [one] => Ok(one),
        [] => Err(CliError::new(format_args!("no finding `{named}`"))
            .hint("`yaddash check FILE|DIR` shows the findings with their ids; name the same files here")),
        _ => {
            let ids: Vec<String> = all.iter().map(|l| format!("{} ({})", l.id, l.finding.rule.as_str())).collect();
            Err(CliError::new(format_args!("`{named}` is more than one finding"))
                .hint(format_args!("name it by its id: {}", ids.join(", "))))
        }
    }
}

impl Accepted {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let decisions = match Memory::open_existing(&desk.global.memory)? {
            Some(memory) => accepted::decisions(&memory.read()?)?,
            None => Vec::new(),
        };
        let found = match self.paths.is_empty() {
            true => None,
            false => {
                let rules = self.what.rules(desk)?;
                let concepts = self.what.concepts(desk, &rules)?;
                Some(self.what.files(desk, &self.paths, rules, concepts)?.findings)
            }
        };
        let listed: Vec<Listed> = decisions
            .iter()
            .map(|(id, decision, batch)| {
                let now = |found: &Vec<Located>| found.iter().find(|l| l.id == *id && decision.is_about(l)).map(place);
                Listed { id, decision, batch: *batch, now: found.as_ref().map(now) }
            })
            .collect();
        match self.format {
            Form::Json => {
                let all: Vec<_> = listed.iter().map(Listed::record).collect();
                writeln!(desk.ui, "{}", json!({ "version": 1, "accepted": all }))?;
            }
            Form::Jsonl => listed.iter().try_for_each(|listed| writeln!(desk.ui, "{}", listed.record()))?,
            Form::Csv => table(desk, &listed)?,
            _ => {
                for listed in &listed {
                    listed.text(desk)?;
                }
                desk.ui.remark(format_args!("{} accepted", counted(listed.len(), "finding", "findings")));
            }
        }
        Ok(Exit::Done)
    }
}

fn place(located: &Located) -> String {
    format!("{}:{}:{}", located.source.name, located.line, located.column)
}

/// A decision on its way to the reader.
struct Listed<'d> {
    id: &'d str,
    decision: &'d Decision,
    batch: BatchId,
    /// Where it stands now, of what was checked; `None` where nothing was.
    now: Option<Option<String>>,
}

impl Listed<'_> {
    fn record(&self) -> serde_json::Value {
        let Decision { rule, language, concept, marked, text, message, file, reason, who, date } = self.decision;
        json!({
            "id": self.id, "rule": rule, "language": language, "concept": concept, "marked": marked, "text": text,
            "message": message, "file": file, "reason": reason, "who": who, "date": date.to_string(),
            "batch": self.batch,
            "present": self.now.as_ref().map(Option::is_some),
            "place": self.now.as_ref().and_then(Option::as_ref),
        })
    }

    fn text(&self, desk: &mut Desk) -> Result<(), CliError> {
        let Decision { rule, message, text, file, reason, who, date, .. } = self.decision;
        let place = match &self.now {
            None => file.clone(),
            Some(Some(place)) => place.clone(),
            Some(None) => format!("{file}: no longer there"),
        };
        let ui = &mut desk.ui;
        writeln!(ui, "{}  {}: {}", self.id, rule.as_str(), visible(message))?;
        writeln!(ui, "          {}", visible(&place))?;
        writeln!(ui, "          {}", visible(text))?;
        let by = if who.is_empty() { String::new() } else { format!("{}, ", visible(who)) };
        writeln!(ui, "          {} ({by}{})", visible(reason), date.strftime("%F"))?;
        Ok(())
    }
}

fn table(desk: &mut Desk, listed: &[Listed<'_>]) -> Result<(), CliError> {
    let rows = listed.iter().map(|listed| {
        let Decision { rule, language, concept, marked, text, message, file, reason, who, date } = listed.decision;
        let now = listed.now.as_ref().map_or("", |now| if now.is_some() { "yes" } else { "no" });
        [
            listed.id.to_owned(),
            rule.as_str().to_owned(),
            language.to_string(),
            concept.clone().unwrap_or_default(),
            marked.clone(),
            text.clone(),
            message.clone(),
            file.clone(),
            reason.clone(),
            who.clone(),
            date.to_string(),
            now.to_owned(),
        ]
    });
    let header = ["id", "rule", "language", "concept", "marked", "text", "message", "file", "reason", "who", "date"];
    let header = header.into_iter().chain(["present"]);
    Ok(crate::report::table(header, rows, &mut desk.ui)?)
}

impl Revoke {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut store = memory::open_existing(desk, self.dry_run)?;
        let ids: Vec<String> = self.ids.iter().map(|id| id.trim().to_ascii_lowercase()).collect();
        let known = accepted::decisions(&store.read()?)?;
        if let Some(id) = ids.iter().find(|id| !known.iter().any(|(known, ..)| known == *id)) {
            let error = CliError::new(format_args!("no accepted finding has the id `{id}`"));
            return Err(error.hint("`yaddash check accepted` lists them; nothing was changed"));
        }
        let who = memory::who();
        let by = By { who: &who, now: Timestamp::now(), dry_run: self.dry_run };
        let (done, batch) = accepted::revoke(&mut store, &ids, by)?;
        let what = format!("{} no longer accepted", counted(done, "finding", "findings"));
        memory::told(desk, batch, self.dry_run, &what);
        Ok(Exit::Done)
    }
}
