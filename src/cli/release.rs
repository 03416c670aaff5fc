//! `yaddash release`: each release in its languages, how far it is, what is to be done.

use super::{
    CliError, Desk, Exit, align, check, config::nearest, gate, glossary, memory, run::counted, segment, ui::Bars,
};
use crate::{
    app::{
        check::accepted::By,
        release::{self, Counts, Overview, Release, Saying, Side, State, Where},
        run::Options,
        sift::Sifting,
    },
    lang::Language,
    memory::{Memory, Mode},
    report,
    rules::RuleSet,
};
use comfy_table::{Cell, CellAlignment, Table, presets};
use jiff::{Timestamp, civil};
use serde_json::{Value, json};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Releases in their languages: how far each is, what is missing, out of step or wrong
///
/// A release is a set of the memory, as `run` stores them, or of files in the folder of releases, and most are both. Its
/// files are read, aligned and checked as `run` would, and nothing is written.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    job: Job,
}

#[derive(Debug, clap::Subcommand)]
enum Job {
    List(List),
    Status(Status),
    Show(Show),
    Set(Set),
}

/// Where releases are.
#[derive(Debug, clap::Args)]
struct Places {
    /// The folder of releases; left out: `[project] releases`, else releases/, where there is one
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Glossary files (CSV, TSV, TBX) instead of those that `run` would take
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,
}

/// One line a release
#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    places: Places,
    /// Only those that lack a language
    #[arg(long)]
    missing: bool,
    /// Only those of which one language was changed and others were not, or whose files are not as in the memory
    #[arg(long)]
    stale: bool,
    /// Only those with a language in this state
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    /// How they are written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

/// The office at a glance: how many releases are how far, and what needs attention first
#[derive(Debug, clap::Args)]
struct Status {
    #[command(flatten)]
    places: Places,
    /// So many releases that need attention are named
    #[arg(long, value_name = "N", default_value_t = 10)]
    max: usize,
    /// How it is written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

/// All that is known of one release
#[derive(Debug, clap::Args)]
struct Show {
    /// Its name, as `release list` has it
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    places: Places,
    /// How it is written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

/// Say how far a release is: its state, the day it went out, where it is to be read
///
/// The memory keeps it, as a batch that can be undone. Where nothing was said, a text that `run` has stored counts as
/// published, one that has changed since as corrected, one not yet stored as a draft, and one that is not there as in
/// translation.
#[derive(Debug, clap::Args)]
struct Set {
    /// The releases
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Only these languages, parted by commas
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    lang: Vec<Language>,
    /// in-translation, draft, reviewed, published or corrected
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,
    /// The day it went out, as 2026-03-01
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<civil::Date>,
    /// Where it is to be read
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The language it was drafted in
    #[arg(long, value_name = "LANG")]
    drafted: Option<Language>,
    /// Forget what was said of it
    #[arg(long, conflicts_with_all = ["state", "date", "url", "drafted"])]
    clear: bool,
    /// Say what would be kept and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    places: Places,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

pub(super) fn state(text: &str) -> Result<State, String> {
    let names = || State::ALL.map(State::as_str);
    State::named(text).ok_or_else(|| match nearest(text, names().into_iter()) {
        Some(near) => format!("there is no state `{text}`: did you mean `{near}`?"),
        None => format!("there is no state `{text}`: it is one of {}", names().join(", ")),
    })
}

fn day(text: &str) -> Result<civil::Date, String> {
    text.parse().map_err(|_| "a day is written `2026-03-01`".to_owned())
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        match self.job {
            Job::List(job) => job.run(desk),
            Job::Status(job) => job.run(desk),
            Job::Show(job) => job.run(desk),
            Job::Set(job) => job.run(desk),
        }
    }
}

impl Places {
    fn overview(&self, desk: &mut Desk) -> Result<Overview, CliError> {
        let folder = match &self.dir {
            Some(dir) => Some(dir.clone()),
            None => Some(desk.config.releases()).filter(|folder| folder.is_dir()),
        };
        let mut rules = RuleSet::new(&[], &[], &[]);
        rules.source = check::drafted(desk)?;
        let out = overview(desk, folder.as_deref(), &self.terms, rules)?;
        for failed in &out.failed {
            desk.ui.warn(failed);
        }
        Ok(out)
    }
}

/// What is known of the releases in `folder` and the memory.
pub(super) fn overview(
    desk: &mut Desk,
    folder: Option<&Path>,
    terms: &[PathBuf],
    rules: RuleSet,
) -> Result<Overview, CliError> {
    let glossary = match folder {
        Some(folder) => glossary::for_run(desk, terms, folder)?,
        None => None,
    };
    let options = Options {
        accept: align::accept(desk, None)?,
        dry_run: true,
        rules,
        segmenting: segment::configured(desk)?,
        sifting: Sifting { by_name: false, trust_names: false, fit: true },
        who: memory::who(),
        now: Timestamp::now(),
    };
    let languages = gate::project_languages(desk)?;
    let path = desk.global.memory.clone();
    let place = Where { folder, memory: &path, languages: &languages, drafted: check::drafted(desk)? };
    Ok(release::overview(place, glossary.as_ref(), options, &Bars::new(&desk.ui))?)
}

// ---------------------------------------------------------------- list

impl List {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let mut releases = self.places.overview(desk)?.releases;
        let all = releases.len();
        releases.retain(|release| {
            (!self.missing || !release.missing().is_empty())
                && (!self.stale || release.is_stale())
                && self.state.is_none_or(|state| release.sides.values().any(|side| side.state == Some(state)))
        });
        match self.format {
            Format::Json => {
                let list: Vec<Value> = releases.iter().map(record).collect();
                writeln!(desk.ui, "{}", json!({ "version": 1, "releases": list }))?;
            }
            Format::Csv => csv(desk, &releases)?,
            Format::Text => table(desk, &releases)?,
        }
        if releases.len() < all {
            desk.ui.remark(format_args!("{} of {all} releases", releases.len()));
        }
        Ok(Exit::Done)
    }
}

fn languages_of(releases: &[Release]) -> Vec<Language> {
    let mut languages: Vec<Language> = releases.iter().flat_map(|release| release.sides.keys().copied()).collect();
    languages.sort();
    languages.dedup();
    languages
}

fn table(desk: &mut Desk, releases: &[Release]) -> Result<(), CliError> {
    if releases.is_empty() {
        desk.ui.remark("there are no releases; `yaddash run DIR` takes a folder of them into the memory");
        return Ok(());
    }
    let languages = languages_of(releases);
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let header = ["release".to_owned()].into_iter().chain(languages.iter().map(ToString::to_string));
    table.set_header(header.chain(["date", "units", "findings", "attention"].map(str::to_owned)));
    for release in releases {
        let states = languages.iter().map(|language| match release.sides.get(language) {
            Some(side) if side.is_missing() && !side.said => "missing".to_owned(),
            Some(side) => side.state.map_or("-", State::as_str).to_owned(),
            None => "-".to_owned(),
        });
        let findings = release.findings.map_or("?".to_owned(), |found| match found {
            Counts { errors: 0, warnings: 0, infos: 0, .. } => "-".to_owned(),
            Counts { errors, warnings, infos, .. } => (errors + warnings + infos).to_string(),
        });
        let row = [release.name.clone()].into_iter().chain(states);
        let rest = [date(release), release.units.to_string(), findings, release.attention().join("; ")];
        table.add_row(row.chain(rest).map(Cell::new));
    }
    for column in table.column_iter_mut().skip(1 + languages.len() + 1).take(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for line in table.lines() {
        writeln!(desk.ui, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The first day it went out in any language.
fn date(release: &Release) -> String {
    let first = release.sides.values().filter_map(|side| side.date).min();
    first.map_or(String::new(), |date| date.to_string())
}

fn record(release: &Release) -> Value {
    let sides: serde_json::Map<String, Value> = release
        .sides
        .iter()
        .map(|(language, side)| {
            let Side { state, said, date, url, file, stored, reworded, segments, lacking } = side;
            let side = json!({
                "state": state, "said": said, "date": date, "url": url, "file": file, "stored": stored,
                "reworded": reworded, "segments": segments, "lacking": lacking,
            });
            (language.to_string(), side)
        })
        .collect();
    json!({
        "release": release.name,
        "drafted": release.drafted,
        "languages": sides,
        "units": release.units,
        "pending": release.pending,
        "findings": release.findings,
        "missing": release.missing(),
        "stale": release.stale,
        "attention": release.attention(),
    })
}

fn csv(desk: &mut Desk, releases: &[Release]) -> Result<(), CliError> {
    let header = [
        "release",
        "language",
        "state",
        "date",
        "url",
        "file",
        "segments",
        "lacking",
        "errors",
        "warnings",
        "attention",
    ];
    let rows = releases.iter().flat_map(|release| {
        release.sides.iter().map(|(language, side)| {
            let found =
                |count: fn(Counts) -> usize| release.findings.map_or(String::new(), |found| count(found).to_string());
            [
                release.name.clone(),
                language.to_string(),
                side.state.map_or("", State::as_str).to_owned(),
                side.date.map_or(String::new(), |date| date.to_string()),
                side.url.clone().unwrap_or_default(),
                side.file.clone().unwrap_or_default(),
                side.segments.to_string(),
                side.lacking.to_string(),
                found(|found| found.errors),
                found(|found| found.warnings),
                release.attention().join("; "),
            ]
        })
    });
    Ok(report::table(header, rows, &mut desk.ui)?)
}

// ---------------------------------------------------------------- status

impl Status {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let releases = self.places.overview(desk)?.releases;
        let grave = |release: &&Release| gravity(release) != (0, 0, 0, 0);
        let mut attention: Vec<&Release> = releases.iter().filter(grave).collect();
        let lack = |release: &&Release| !grave(release) && !release.attention().is_empty();
        let lacking = releases.iter().filter(lack).count();
        attention.sort_by_key(|release| std::cmp::Reverse(gravity(release)));
        let languages = languages_of(&releases);
        let in_state = |language: Language, state: State| {
            let is_it = |release: &&Release| release.sides.get(&language).is_some_and(|side| side.state == Some(state));
            releases.iter().filter(is_it).count()
        };
        if self.format != Format::Text {
            let states = |language: Language| {
                let counts = State::ALL.map(|state| (state.as_str().to_owned(), json!(in_state(language, state))));
                (language.to_string(), Value::Object(counts.into_iter().collect()))
            };
            let states: serde_json::Map<String, Value> = languages.iter().map(|language| states(*language)).collect();
            let attention: Vec<Value> = attention.into_iter().map(record).collect();
            let out = json!({
                "version": 1, "releases": releases.len(), "states": states,
                "missing": releases.iter().filter(|release| !release.missing().is_empty()).count(),
                "stale": releases.iter().filter(|release| release.is_stale()).count(),
                "attention": attention,
            });
            match self.format {
                Format::Csv => csv(desk, &releases)?,
                _ => writeln!(desk.ui, "{out}")?,
            }
            return Ok(Exit::Done);
        }
        writeln!(desk.ui, "{}", counted(releases.len(), "release", "releases"))?;
        for language in &languages {
            let counts: Vec<String> = State::ALL
                .into_iter()
                .rev()
                .map(|state| (state, in_state(*language, state)))
                .filter(|(_, count)| *count > 0)
                .map(|(state, count)| format!("{count} {}", state.as_str()))
                .collect();
            writeln!(desk.ui, "  {:<12} {}", language.name(), counts.join(", "))?;
        }
        writeln!(desk.ui)?;
        if attention.is_empty() {
            writeln!(desk.ui, "Nothing needs attention.")?;
        } else {
            writeln!(
                desk.ui,
                "{} attention:",
                match attention.len() {
                    1 => "1 release needs".to_owned(),
                    more => format!("{more} releases need"),
                }
            )?;
            for release in attention.iter().take(self.max) {
                writeln!(desk.ui, "  {:<12} {}", release.name, release.attention().join("; "))?;
            }
            if attention.len() > self.max {
                let more = attention.len() - self.max;
                writeln!(desk.ui, "  and {more} more: `yaddash release list` has all")?;
            }
        }
        if lacking > 0 {
            let what = counted(lacking, "other release has", "other releases have");
            writeln!(desk.ui, "\n{what} sentences without counterpart (`yaddash release list`).")?;
        }
        Ok(Exit::Done)
    }
}

/// Errors before what is missing before what is out of step before the rest.
fn gravity(release: &Release) -> (usize, usize, usize, usize) {
    let found = release.findings.unwrap_or_default();
    (found.errors, release.missing().len(), usize::from(release.is_stale()), found.warnings)
}

// ---------------------------------------------------------------- show

impl Show {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let overview = self.places.overview(desk)?;
        let release = named(&overview.releases, &self.name)?;
        match self.format {
            Format::Json => writeln!(desk.ui, "{}", record(release))?,
            Format::Csv => csv(desk, std::slice::from_ref(release))?,
            Format::Text => {
                let ui = &mut desk.ui;
                writeln!(ui, "release {}", release.name)?;
                if let Some(drafted) = release.drafted {
                    writeln!(ui, "  drafted in {}", drafted.name())?;
                }
                let waiting =
                    if release.pending > 0 { format!(", {} pending", release.pending) } else { String::new() };
                writeln!(ui, "  {}{waiting}", counted(release.units, "unit", "units"))?;
                for (language, side) in &release.sides {
                    let state = side.state.map_or("-", State::as_str);
                    let told = if side.said { "" } else { " (nobody said so)" };
                    writeln!(ui, "  {:<12} {state}{told}", language.name())?;
                    let date = side.date.map(|date| date.to_string());
                    for line in [date, side.url.clone(), side.file.clone()].into_iter().flatten() {
                        writeln!(ui, "               {line}")?;
                    }
                    if !side.is_missing() {
                        writeln!(ui, "               {}", counted(side.segments, "segment", "segments"))?;
                    }
                }
                for line in release.attention() {
                    writeln!(ui, "  ! {line}")?;
                }
                for stale in &release.stale {
                    let names = |some: &[Language]| some.iter().map(Language::as_str).collect::<Vec<_>>().join(", ");
                    let (changed, behind) = (names(&stale.changed), names(&stale.behind));
                    writeln!(ui, "    unit {}: {changed} changed by batch {}, {behind} not", stale.unit, stale.batch)?;
                }
                let files: Vec<&String> = release.sides.values().filter_map(|side| side.file.as_ref()).collect();
                let own: Vec<_> =
                    overview.findings.iter().filter(|l| files.contains(&&l.source.name)).cloned().collect();
                if !own.is_empty() {
                    writeln!(ui)?;
                    let options = report::Options {
                        color: ui.color(),
                        width: ui.width(),
                        describe: check::describe,
                        explain: check::explain,
                    };
                    report::render(&own, report::Form::Full, options, ui)?;
                }
            }
        }
        Ok(Exit::Done)
    }
}

fn named<'r>(releases: &'r [Release], name: &str) -> Result<&'r Release, CliError> {
    let found = releases.iter().find(|release| release.name == name);
    found.ok_or_else(|| {
        let error = CliError::new(format_args!("there is no release `{name}`"));
        match nearest(name, releases.iter().map(|release| release.name.as_str())) {
            Some(near) => error.hint(format_args!("did you mean `{near}`?")),
            None => error.hint("`yaddash release list` has all"),
        }
    })
}

// ---------------------------------------------------------------- set

impl Set {
    fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let Set { names, lang, state, date, url, drafted, clear, dry_run, places } = self;
        if state.is_none() && date.is_none() && url.is_none() && drafted.is_none() && !clear {
            return Err(CliError::new("nothing to say of it").hint("--state, --date, --url, --drafted or --clear"));
        }
        if url.as_ref().is_some_and(|url| !release::is_address(url)) {
            return Err(CliError::new("the address is none").hint("an address is written `https://…`"));
        }
        let overview = places.overview(desk)?;
        let mut meant = Vec::new();
        for name in &names {
            let release = named(&overview.releases, name)?;
            let there = release.sides.iter().filter(|(_, side)| !side.is_missing() || side.said);
            meant.push((release.name.clone(), there.map(|(language, _)| *language).collect::<Vec<_>>()));
        }
        let path = desk.global.memory.clone();
        let who = memory::who();
        let by = By { who: &who, now: Timestamp::now(), dry_run };
        let saying = Saying { languages: lang, state, date, url, drafted, clear };
        let (done, batch) = match Memory::open_existing(&path)? {
            None if dry_run => (meant.len(), None),
            _ => release::say(&mut Memory::open(&path, Mode::Write)?, &meant, &saying, by)?,
        };
        memory::told(desk, batch, dry_run, &format!("{} told of", counted(done, "release", "releases")));
        Ok(Exit::Done)
    }
}
