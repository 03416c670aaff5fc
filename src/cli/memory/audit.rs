//! Units in quarantine: looked through, accepted, refused; and what origins from outside are worth less.

use super::{Form, Format, json, open_existing, shown, told, units, who};
use crate::{
    app::{
        check::accepted::By,
        quarantine::{self, AuditRule, Chosen, Faults, Flaw, Origins, RULES, Sought, Tally, Waiting},
        terms,
        upkeep::{Deed, Selection},
    },
    cli::{
        CliError, Desk, Exit, glossary, memories,
        run::counted,
        today,
        ui::Bars,
        wrap::{cut, visible},
    },
    lang::Language,
    lookup::{Penalty, Score},
    memory::{Memory, Reader},
    model::{Concept, State, Unit, UnitId},
    report,
};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;
use serde_json::json as object;
use std::{collections::BTreeMap, io::Write};

/// Waiting units by what they are. All that are given must hold.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Which units")]
struct Which {
    /// The numbers of the units, as `yaddash memory audit` shows them
    #[arg(value_name = "UNIT")]
    units: Vec<i64>,
    /// From these files: `agency/*.tmx`
    #[arg(long, value_name = "GLOB")]
    origin: Option<String>,
    /// With a text in this language
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// With a text in this language too
    #[arg(short = 't', long, value_name = "LANG")]
    to: Option<Language>,
    /// In which nothing was found
    #[arg(long, group = "found")]
    clean: bool,
    /// In which one of these rules found something
    #[arg(long, alias = "only", group = "found", value_name = "RULES", value_delimiter = ',', value_parser = rules())]
    rule: Vec<&'static AuditRule>,
    /// In which none of these rules found anything, whatever others did
    #[arg(long, group = "found", value_name = "RULES", value_delimiter = ',', value_parser = rules(), hide_possible_values = true)]
    without: Vec<&'static AuditRule>,
}

/// The names of the rules, each with what it finds.
fn rules() -> impl TypedValueParser<Value = &'static AuditRule> {
    let values = RULES.iter().map(|rule| PossibleValue::new(rule.name).help(rule.summary));
    PossibleValuesParser::new(values).map(|name| quarantine::rule(&name).unwrap_or(&RULES[0]))
}

impl Which {
    fn sought(&self) -> Sought {
        let faults = match (self.clean, &self.rule[..], &self.without[..]) {
            (true, ..) => Faults::None,
            (_, [], []) => Faults::Any,
            (_, [], without) => Faults::Without(without.to_vec()),
            (_, with, _) => Faults::With(with.to_vec()),
        };
        Sought {
            numbered: self.units.iter().copied().map(UnitId).collect(),
            origin: self.origin.clone(),
            languages: self.from.into_iter().chain(self.to).collect(),
            faults,
        }
    }

    fn is_empty(&self) -> bool {
        let Which { units, origin, from, to, clean, rule, without } = self;
        units.is_empty()
            && (origin, from, to, clean) == (&None, &None, &None, &false)
            && rule.is_empty()
            && without.is_empty()
    }
}

/// Look through the units in quarantine: what came with `yaddash import --quarantine` and waits
///
/// Lists them with what is wrong with each: by default those in which something was found. Ends with 1 where there are
/// any. What is found is told of the units as they are now: one that was edited is audited anew, and so are all when the
/// termbase forbids more.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// No more than this; left out: 20 as text, else all
    #[arg(long, value_name = "N")]
    max: Option<usize>,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Text)]
    format: Shape,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    /// A table of the rules, and the units below it
    Text,
    /// One unit a line
    Jsonl,
    /// One unit a row, for Excel
    Csv,
}

/// Units listed where nobody asks for more.
const LISTED: usize = 20;

impl Args {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let sought = self.which.sought();
        // Units in which nothing was found are counted, and shown where they are asked for.
        let all = self.which.clean || !self.which.units.is_empty();
        let concepts = forbidding(desk)?;
        let Some(memory) = Memory::open_existing(&desk.global.memory)? else {
            desk.ui.remark(memories::missing(&desk.global.memory));
            return Ok(Exit::Done);
        };
        let reader = memory.read()?;
        let most = self.max.unwrap_or(if self.format == Shape::Text { LISTED } else { usize::MAX });
        let mut tally = Tally::default();
        let mut listed: Vec<(Waiting, Vec<Flaw>)> = Vec::new();
        let mut more = 0usize;
        let bars = Bars::new(&desk.ui);
        let name = desk.global.memory.display().to_string();
        quarantine::audit(&reader, &name, concepts, &sought, &bars, |waiting, flaws| {
            tally.add(&waiting, &flaws);
            if all || !flaws.is_empty() {
                match listed.len() < most {
                    true => listed.push((waiting, flaws)),
                    false => more += 1,
                }
            }
            Ok::<_, CliError>(())
        })?;
        drop(bars);
        match self.format {
            Shape::Text => {
                tallied(desk, &tally)?;
                for (waiting, flaws) in &listed {
                    writeln!(desk.ui)?;
                    audited(desk, waiting, flaws)?;
                }
            }
            Shape::Jsonl => {
                for (waiting, flaws) in &listed {
                    json(desk, &record(waiting, flaws))?;
                }
            }
            Shape::Csv => table(desk, &reader, &listed)?,
        }
        if more > 0 {
            desk.ui.remark(format_args!("and {} more; `--max N` shows them", counted(more, "unit", "units")));
        }
        Ok(if tally.clean < tally.units { Exit::Found } else { Exit::Done })
    }
}

/// The termbase that units from outside are held against.
pub(in crate::cli) fn forbidding(desk: &mut Desk) -> Result<Vec<Concept>, CliError> {
    Ok(terms::valid_at(glossary::in_force(desk, &[])?, today()))
}

/// Bytes of an example in the table.
const EXAMPLE: usize = 60;

/// `12 units wait: 5 are clean`, and a line for each rule that found something.
pub(in crate::cli) fn tallied(desk: &mut Desk, tally: &Tally) -> Result<(), CliError> {
    let Tally { units, clean, rules } = tally;
    writeln!(desk.ui, "{}; nothing is wrong with {clean}", counted(*units, "unit waits", "units wait"))?;
    let widest = rules.iter().map(|found| found.rule.name.len()).max().unwrap_or(0);
    for found in rules {
        let language = found.flaw.language.map(|language| format!("{language} ")).unwrap_or_default();
        let message = cut(&found.flaw.message, EXAMPLE);
        let unit = found.example.id;
        writeln!(desk.ui, "  {:<widest$}  {:>6}  unit {unit}: {language}{message}", found.rule.name, found.units)?;
    }
    Ok(())
}

/// A unit, and below it what is wrong with it.
fn audited(desk: &mut Desk, waiting: &Waiting, flaws: &[Flaw]) -> Result<(), CliError> {
    shown::unit(&mut desk.ui, waiting.id, &waiting.unit)?;
    if waiting.filed > State::Imported {
        writeln!(desk.ui, "  its file says that it is {}", waiting.filed.as_str())?;
    }
    for flaw in flaws {
        let language = flaw.language.map(|language| format!("{language} ")).unwrap_or_default();
        writeln!(desk.ui, "  {}: {language}{}", flaw.rule.name, visible(&flaw.message))?;
    }
    Ok(())
}

fn record(waiting: &Waiting, flaws: &[Flaw]) -> serde_json::Value {
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for variant in &waiting.unit.variants {
        texts.entry(variant.language.as_str()).or_default().push(&variant.text);
    }
    let findings: Vec<serde_json::Value> = flaws
        .iter()
        .map(|flaw| object!({ "rule": flaw.rule.name, "language": flaw.language, "message": flaw.message }))
        .collect();
    object!({
        "unit": waiting.id,
        "origin": waiting.unit.origin.name,
        "file_state": waiting.filed,
        "texts": texts,
        "findings": findings,
    })
}

fn table(desk: &mut Desk, reader: &Reader<'_>, listed: &[(Waiting, Vec<Flaw>)]) -> Result<(), CliError> {
    let languages = reader.languages()?;
    let head = ["unit", "origin", "file_state", "rules", "findings"].into_iter();
    let head = head.chain(languages.iter().map(Language::as_str));
    let rows = listed.iter().map(|(waiting, flaws)| {
        let Waiting { id, unit, filed } = waiting;
        let mut names: Vec<&str> = flaws.iter().map(|flaw| flaw.rule.name).collect();
        names.dedup();
        let messages: Vec<&str> = flaws.iter().map(|flaw| flaw.message.as_str()).collect();
        let mut row = vec![
            id.to_string(),
            unit.origin.name.clone(),
            filed.as_str().to_owned(),
            names.join(" "),
            messages.join("; "),
        ];
        row.extend(languages.iter().map(|language| texts(unit, *language)));
        row
    });
    Ok(report::table(head, rows, &mut desk.ui)?)
}

fn texts(unit: &Unit, language: Language) -> String {
    let all: Vec<&str> = unit.variants.iter().filter(|v| v.language == language).map(|v| v.text.as_str()).collect();
    all.join(" | ")
}

/// Waiting units that a job changes.
#[derive(Debug, Clone, clap::Args)]
struct Meant {
    /// All that wait
    #[arg(long, conflicts_with_all = ["units", "origin", "found", "from", "to"])]
    all: bool,
    /// Change nothing, show what would be changed
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    which: Which,
}

/// Take units out of quarantine into the memory
///
/// They become `imported`, whatever better state their file gave them; `yaddash memory approve` raises them further. Units
/// that their own file marks as fuzzy or pending go on waiting unless you name them: by number, or with `--rule unsure`.
/// Matches of them are worth less by the penalty of their origin.
#[derive(Debug, clap::Args)]
pub(super) struct Accept {
    #[command(flatten)]
    meant: Meant,
}

/// Take units out of quarantine and out of the memory; `yaddash memory undo` brings them back
#[derive(Debug, clap::Args)]
pub(super) struct Refuse {
    #[command(flatten)]
    meant: Meant,
}

impl Accept {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let words = ["is accepted", "would be accepted"];
        self.meant.settle(desk, &Deed::Approve(State::Imported), "accept", words)
    }
}

impl Refuse {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        self.meant.settle(desk, &Deed::Delete, "refuse", ["is refused", "would be refused"])
    }
}

impl Meant {
    fn settle(&self, desk: &mut Desk, deed: &Deed, name: &str, words: [&str; 2]) -> Result<Exit, CliError> {
        if !self.all && self.which.is_empty() {
            return Err(CliError::new("no units are chosen").hint(
                "give their numbers, or what they are: `--clean`, `--origin`, `--rule`, `--without` …; `--all` means all that wait",
            ));
        }
        let concepts = forbidding(desk)?;
        let chosen = {
            let memory = open_existing(desk, true)?;
            let bars = Bars::new(&desk.ui);
            let path = desk.global.memory.display().to_string();
            let unsure = matches!(deed, Deed::Delete);
            quarantine::choose(&memory.read()?, &path, concepts, &self.which.sought(), unsure, &bars)?
        };
        let Chosen { units: numbered, unsure } = chosen;
        if unsure > 0 {
            desk.ui.remark(format_args!(
                "{} on waiting; `--rule unsure` takes such units in",
                counted(
                    unsure,
                    "unit that its file marks as pending goes",
                    "units that their file marks as pending go"
                )
            ));
        }
        if numbered.is_empty() {
            desk.ui.remark("no waiting unit is so");
            return Ok(Exit::Found);
        }
        let selection = Selection { numbered, ..Selection::default() };
        units::done(desk, &selection, self.dry_run, deed, name, words)
    }
}

/// Show or set what matches of an origin are worth less
///
/// `import --quarantine` sets it for the files it takes in. It counts in `lookup`, `fill` and `analyse`, for this memory;
/// of several penalties that fit an origin, those of `--penalty` among them, the highest counts.
#[derive(Debug, clap::Args)]
pub(super) struct Penalties {
    /// What to set: `agency*.tmx=10`; 0 takes it away. Left out: those that are set are shown
    #[arg(value_name = "GLOB=POINTS", value_parser = crate::cli::lookup::penalty)]
    penalties: Vec<Penalty>,
    /// Change nothing, tell how many would be other
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    form: Form,
}

impl Penalties {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.penalties.is_empty() {
            return self.list(desk);
        }
        let mut memory = open_existing(desk, self.dry_run)?;
        let who = who();
        let by = By { who: &who, now: Timestamp::now(), dry_run: self.dry_run };
        let (count, batch) = quarantine::set_penalties(&mut memory, &self.penalties, by)?;
        let what =
            format!("{} {}", counted(count, "penalty", "penalties"), if self.dry_run { "would be set" } else { "set" });
        told(desk, batch, self.dry_run, &what);
        Ok(Exit::Done)
    }

    fn list(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let penalties = match Memory::open_existing(&desk.global.memory)? {
            Some(memory) => points(&Origins::of(&memory.read()?)?),
            None => BTreeMap::new(),
        };
        if self.form.format == Format::Json {
            json(desk, &penalties)?;
            return Ok(Exit::Done);
        }
        for (origin, points) in &penalties {
            writeln!(desk.ui, "{:>5}  {}", points.to_string(), visible(origin))?;
        }
        Ok(Exit::Done)
    }
}

fn points(origins: &Origins) -> BTreeMap<String, Score> {
    origins.penalties().map(|penalty| (penalty.origin, penalty.points)).collect()
}

/// How many units wait, and what origins are worth less.
pub(super) fn known(reader: &Reader<'_>) -> Result<(usize, BTreeMap<String, Score>), CliError> {
    Ok((quarantine::waiting(reader)?, points(&Origins::of(reader)?)))
}
