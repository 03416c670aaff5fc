//! `yaddash run`: the whole job, a table of sets and the findings.

use super::{CliError, Desk, Exit, Ui, align, check, glossary, segment, ui::Bars};
use crate::{
    app::{
        release::Release,
        run::{self, Change, Options, Report, RunError, SetReport},
        sets::PassedOver,
        sift::{Reason, Sifting},
    },
    lang::Language,
    model::Rule,
    report::{self, Form, Located, Summary},
    rules::RuleSet,
};
use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, Table, presets};
use jiff::Timestamp;
use serde_json::json;
use std::{collections::BTreeSet, io::Write, path::PathBuf};

/// Rows of sets in which nothing happened are left out of a table longer than this.
const LONG_TABLE: usize = 40;

/// Do the whole job: find the releases in a folder, segment, align, store, check terms
///
/// The files of a release are told by their names: NAME.en.txt NAME.az.txt NAME.ru.txt, or en/NAME.txt az/NAME.txt.
/// Files whose names do not tell are paired by their content where that is sure. A file whose text is in another
/// language than its name says, or clearly no translation of the others, is left out of its set, and the run ends
/// with 2.
/// A set that has not changed since the last run is not touched; a changed one replaces its own units, and the old
/// ones stay in the history.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of releases
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Beads at or above this confidence (0 to 1) are published; others are kept as pending. Left out: the `accept` of
    /// `[align]` in yaddash.toml, else 0.9
    #[arg(long, value_name = "SCORE")]
    accept: Option<f32>,
    /// Glossary files (CSV, TSV, TBX) instead of the glossary/ folder beside the releases
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,
    /// Not these rules, parted by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = check::rule)]
    ignore: Vec<Rule>,
    /// Pair no files by their content, only by their names
    #[arg(long)]
    by_name: bool,
    /// Take files for what their names say, even if their texts do not fit
    #[arg(long)]
    trust_names: bool,
    /// Say whether the releases may go out, by `[gate]` of yaddash.toml, as `check --gate` does, and end with 1 where
    /// they must not
    #[arg(long)]
    gate: bool,
    /// Say what would be done and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// How to print
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Shape::Text)]
    format: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    /// A table and the findings
    Text,
    /// One object a set
    Jsonl,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let accept = align::accept(desk, self.accept)?;
        let glossary = glossary::for_run(desk, &self.terms, &self.folder)?;
        let mut rules = RuleSet::new(&[], &[], &self.ignore);
        rules.source = check::drafted(desk)?;
        let options = Options {
            accept,
            dry_run: self.dry_run,
            rules,
            segmenting: segment::configured(desk)?,
            sifting: Sifting { by_name: self.by_name, trust_names: self.trust_names, fit: true },
            who: super::memory::who(),
            now: Timestamp::now(),
        };
        let watch = Bars::new(&desk.ui);
        let ran = run::run(&self.folder, &desk.global.memory, glossary.as_ref(), &options, &watch);
        drop(watch);
        if let Err(RunError::NoSets { passed_over, .. }) = &ran {
            super::passed_over(&mut desk.ui, passed_over);
        }
        let report = ran?;
        report.paired.iter().for_each(|paired| desk.ui.remark(paired));
        super::passed_over(&mut desk.ui, &report.passed_over);
        if report.passed_over.iter().any(PassedOver::is_refused) {
            desk.ui.remark("(--trust-names takes files for what their names say)");
        }
        for error in &report.failed {
            desk.ui.complain(&CliError::new(error).hint("the set of this file was left as it is"));
        }
        if report.resumed > 0 {
            desk.ui.remark(format_args!(
                "the last run was broken off: {} it had stored were left as they are",
                counted(report.resumed, "set", "sets")
            ));
        }
        for set in &report.sets {
            align::tell_lost(&mut desk.ui, &set.name, &set.lost);
        }
        let mut findings: Vec<Located> = report.sets.iter().flat_map(|set| &set.findings).cloned().collect();
        report::sort(&mut findings);
        check::tell_let_stand(&mut desk.ui, report.sets.iter().map(|set| set.let_stand).sum());
        match self.format {
            Shape::Text => text(&mut desk.ui, &report, &findings, self.dry_run)?,
            Shape::Jsonl => jsonl(&mut desk.ui, &report)?,
        }
        if !self.dry_run {
            desk.remind_of_backups()?;
        }
        let refused = report.passed_over.iter().filter(|passed| passed.is_refused()).map(ToString::to_string);
        let failed: Vec<String> = report.failed.iter().map(ToString::to_string).chain(refused).collect();
        if self.gate {
            let mut rules = RuleSet::new(&[], &[], &self.ignore);
            rules.source = check::drafted(desk)?;
            let known = super::release::overview(desk, Some(&self.folder), &self.terms, rules)?.releases;
            let here = |release: &Release| release.sides.values().any(|side| side.file.is_some());
            let releases: Vec<Release> = known.into_iter().filter(here).collect();
            if self.format == Shape::Text {
                writeln!(desk.ui)?;
            }
            return super::gate::tell(desk, &findings, &releases, &failed, self.format == Shape::Jsonl);
        }
        Ok(if failed.is_empty() { Exit::Done } else { Exit::Failed })
    }
}

fn text(ui: &mut Ui, report: &Report, findings: &[Located], dry_run: bool) -> Result<(), CliError> {
    let languages: BTreeSet<Language> = report.sets.iter().flat_map(|set| set.segments.keys().copied()).collect();
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let mut header = vec!["set".to_owned()];
    header.extend(languages.iter().map(|language| language.to_string()));
    let accepted = report.sets.iter().any(|set| set.accepted > 0);
    header.extend(["beads", "pending", "alone", "lowest"].map(str::to_owned));
    header.extend(accepted.then(|| "accepted".to_owned()));
    header.extend(["findings", ""].map(str::to_owned));
    table.set_header(header);
    let quiet = |set: &SetReport| set.change == Change::Unchanged && set.findings.is_empty();
    let long = report.sets.len() > LONG_TABLE;
    for set in report.sets.iter().filter(|set| !(long && quiet(set))) {
        let mut row = vec![set.name.clone()];
        row.extend(languages.iter().map(|l| set.segments.get(l).map_or_else(String::new, usize::to_string)));
        row.extend([
            set.beads.to_string(),
            none_as_dash(set.pending),
            none_as_dash(set.alone),
            set.lowest.map_or_else(String::new, |score| format!("{score:.2}")),
        ]);
        row.extend(accepted.then(|| none_as_dash(set.accepted)));
        row.extend([none_as_dash(set.findings.len()), change(set.change).to_owned()]);
        table.add_row(row.into_iter().map(Cell::new));
    }
    for (set, language, _) in refused(report) {
        let mut row = vec![String::new(); languages.len() + 7 + usize::from(accepted)];
        row[0] = set.to_owned();
        row[languages.len() + 6 + usize::from(accepted)] = format!("{language} refused");
        table.add_row(row.into_iter().map(Cell::new));
    }
    let numbers = languages.len() + 5 + usize::from(accepted);
    for column in table.column_iter_mut().skip(1).take(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for line in table.lines() {
        writeln!(ui, "{}", line.trim_end())?;
    }
    writeln!(ui)?;
    if !findings.is_empty() {
        let options = report::Options {
            color: ui.color(),
            width: ui.width(),
            describe: check::describe,
            explain: check::explain,
        };
        report::render(findings, Form::Full, options, ui)?;
        writeln!(ui)?;
    }
    let bold = AnsiColor::Green.on_default().effects(Style::new().bold().get_effects());
    let done = ui.paint(bold, if dry_run { "would do:" } else { "done:" });
    writeln!(ui, "{done} {}; checks: {}", summary(report, dry_run), Summary::of(findings))?;
    Ok(())
}

/// What was left out of sets: set, language, reason.
fn refused(report: &Report) -> impl Iterator<Item = (&str, Language, &Reason)> {
    report.passed_over.iter().filter_map(|passed| match passed {
        PassedOver::Refused { set, language, reason, .. } => Some((set.as_str(), *language, reason)),
        _ => None,
    })
}

fn none_as_dash(count: usize) -> String {
    if count == 0 { "-".to_owned() } else { count.to_string() }
}

/// `1 set`, `2 sets`.
pub(super) fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn change(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Changed => "changed",
        Change::Unchanged => "unchanged",
    }
}

/// `12 sets (3 new, 1 changed, 8 unchanged), 41 units added, 10 replaced`.
fn summary(report: &Report, dry_run: bool) -> String {
    let count = |change| report.sets.iter().filter(|set| set.change == change).count();
    let counts: Vec<String> = [Change::New, Change::Changed, Change::Unchanged]
        .into_iter()
        .filter(|kind| count(*kind) > 0)
        .map(|kind| format!("{} {}", count(kind), change(kind)))
        .collect();
    let mut out = format!("{} ({})", counted(report.sets.len(), "set", "sets"), counts.join(", "));
    let nothing = report.added == 0 && report.removed == 0 && !report.glossary_refreshed;
    if dry_run {
        let units: usize = report.sets.iter().filter(|s| s.change != Change::Unchanged).map(|s| s.beads).sum();
        out += &format!(", {units} units to store, nothing was written");
    } else if nothing {
        out += ", nothing to change in the memory";
    } else {
        out += &format!(", {} units added, {} moved to the history", report.added, report.removed);
        if report.glossary_refreshed {
            out += ", glossary taken into the memory";
        }
    }
    out
}

fn jsonl(ui: &mut Ui, report: &Report) -> Result<(), CliError> {
    for set in &report.sets {
        let line = json!({
            "set": set.name,
            "change": change(set.change),
            "segments": set.segments,
            "beads": set.beads,
            "pending": set.pending,
            "alone": set.alone,
            "lowest": set.lowest,
            "accepted": set.accepted,
            "lost": set.lost.iter().map(|lost| &lost.text).collect::<Vec<_>>(),
            "findings": set.findings.len(),
            "let_stand": set.let_stand,
        });
        writeln!(ui, "{line}")?;
    }
    for (set, language, reason) in refused(report) {
        let line = json!({ "set": set, "change": "refused", "language": language, "reason": reason.to_string() });
        writeln!(ui, "{line}")?;
    }
    Ok(())
}
