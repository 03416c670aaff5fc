//! Units: found, shown, edited, deleted, approved, deduped.

use super::{Format, History, shown, who};
use crate::{
    app::upkeep::{self, Changed, Deed, Done, Edits, Job, Selection, Taken, UpkeepError},
    cli::{CliError, Desk, Exit, Ui, date, run::counted, ui::Bars, wrap::cut},
    concordance::{Form, Pattern},
    formats::jsonl,
    lang::Language,
    memory::{Filter, Memory, MemoryError, Mode},
    model::{State, Unit, UnitId},
};
use jiff::Timestamp;
use std::{fs, io::Write, process::Command};

/// Units by what they are. All that are given must hold.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Which units")]
pub(super) struct Which {
    /// TEXT is whole words
    #[arg(long, group = "form")]
    word: bool,
    /// TEXT is whole words in any of their forms
    #[arg(long, group = "form")]
    forms: bool,
    /// TEXT is a regular expression
    #[arg(long, group = "form")]
    regex: bool,
    /// With a text in this language; TEXT is then looked for in it only
    #[arg(long, value_name = "LANG")]
    language: Option<Language>,
    /// From these files or releases: `tmx/*.tmx`
    #[arg(long, value_name = "GLOB")]
    origin: Option<String>,
    /// Of these sets: `2024/*`
    #[arg(long = "in-set", value_name = "GLOB")]
    set: Option<String>,
    /// In this state
    #[arg(long, value_enum, value_name = "STATE")]
    state: Option<StateArg>,
    /// Made or changed at this date or later: `2024-05-01`
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Timestamp>,
    /// Made or changed before this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    before: Option<Timestamp>,
    /// Aligned with this confidence or more: 0 to 1
    #[arg(long, value_name = "SCORE")]
    min_score: Option<f32>,
    /// Aligned with this confidence or less
    #[arg(long, value_name = "SCORE")]
    max_score: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum StateArg {
    Pending,
    Imported,
    Approved,
    Published,
}

impl From<StateArg> for State {
    fn from(state: StateArg) -> State {
        State::ALL[state as usize]
    }
}

impl Which {
    fn selection(&self, text: Option<&str>) -> Result<Selection, CliError> {
        let form = match (self.word, self.forms, self.regex) {
            (true, ..) => Form::Word,
            (_, true, _) => Form::Forms,
            (_, _, true) => Form::Regex,
            _ => Form::Text,
        };
        let pattern = text.map(|text| Pattern::new(text, form, self.language, true)).transpose();
        let filter = Filter {
            language: self.language,
            origin: self.origin.clone(),
            set: self.set.clone(),
            state: self.state.map(State::from),
            since: self.since,
            before: self.before,
            least_score: self.min_score,
            most_score: self.max_score,
            pending: true,
        };
        Ok(Selection { numbered: Vec::new(), filter, pattern: pattern.map_err(CliError::new)? })
    }

    fn is_empty(&self) -> bool {
        let Which { word: _, forms: _, regex: _, language, origin, set, state, since, before, min_score, max_score } =
            self;
        language.is_none()
            && origin.is_none()
            && set.is_none()
            && state.is_none()
            && (since, before, min_score, max_score) == (&None, &None, &None, &None)
    }
}

/// Units that a job changes: numbers, or what they are.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Chosen {
    /// The numbers of the units, as `yaddash memory find` shows them
    #[arg(value_name = "UNIT")]
    units: Vec<i64>,
    /// Units with this text
    #[arg(long, value_name = "TEXT", conflicts_with = "units")]
    text: Option<String>,
    /// All units there are
    #[arg(long, conflicts_with_all = ["units", "text"])]
    all: bool,
    /// Change nothing, show what would be changed
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    which: Which,
}

impl Chosen {
    fn selection(&self) -> Result<Selection, CliError> {
        let by_number = !self.units.is_empty();
        if by_number && !self.which.is_empty() {
            return Err(CliError::new("units are chosen by their numbers or by what they are, not by both"));
        }
        if !by_number && self.text.is_none() && self.which.is_empty() && !self.all {
            return Err(CliError::new("no units are chosen").hint(
                "give their numbers, or what they are: `--in-set`, `--origin`, `--text` …; `--all` means every unit",
            ));
        }
        let numbered = self.units.iter().copied().map(UnitId).collect();
        Ok(Selection { numbered, ..self.which.selection(self.text.as_deref())? })
    }
}

/// Find units by their text and by what they are
#[derive(Debug, clap::Args)]
pub(super) struct Find {
    /// What stands in the text, in any language; left out: all units that pass
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    /// No more than this
    #[arg(long, value_name = "N", default_value_t = 50)]
    max: usize,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Text)]
    format: Shape,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    Text,
    /// One unit a line, with all it holds, as `export --as jsonl` writes it
    Jsonl,
}

impl Find {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let selection = self.which.selection(self.text.as_deref())?;
        let Some(memory) = Memory::open_existing(&desk.global.memory)? else {
            desk.ui.remark(crate::cli::memories::missing(&desk.global.memory));
            return Ok(Exit::Found);
        };
        let reader = memory.read()?;
        let (units, more) = selection.first(&reader, self.max)?;
        for (id, unit) in &units {
            match self.format {
                Shape::Text => shown::unit(&mut desk.ui, *id, unit)?,
                Shape::Jsonl => jsonl::Writer::new(&mut desk.ui).unit(Some(*id), unit)?,
            }
        }
        if more {
            desk.ui.remark(format_args!("there are more than these {}; `--max N` shows them", units.len()));
        }
        Ok(if units.is_empty() { Exit::Found } else { Exit::Done })
    }
}

/// Show units with all they hold: places, notes, and what they were before
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// The numbers of the units; one that was deleted shows what it was
    #[arg(required = true, value_name = "UNIT")]
    units: Vec<i64>,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

impl Show {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let memory = Memory::open(&desk.global.memory, Mode::Read)?;
        let reader = memory.read()?;
        let mut all = Vec::new();
        for id in self.units.iter().copied().map(UnitId) {
            let unit = reader.unit(id)?;
            let changes = reader.unit_changes(id)?;
            if unit.is_none() && changes.is_empty() {
                return Err(MemoryError::NoUnit(id).into());
            }
            let mut history = Vec::new();
            for change in changes {
                let batch = reader.batch(change.batch)?;
                history.push((change, batch));
            }
            if self.format == Format::Json {
                all.push(super::history::unit_record(id, unit.as_ref(), &history));
                continue;
            }
            match &unit {
                Some(unit) => {
                    shown::unit(&mut desk.ui, id, unit)?;
                    details(&mut desk.ui, unit)?;
                }
                None => writeln!(desk.ui, "unit {id} was deleted")?,
            }
            for (change, batch) in &history {
                let told = batch.as_ref().map_or_else(|| format!("batch {}", change.batch), History::line);
                writeln!(desk.ui, "  -- {told}")?;
                if change.before.is_some() {
                    shown::between(&mut desk.ui, change.before.as_ref(), change.after.as_ref())?;
                }
            }
        }
        if self.format == Format::Json {
            super::json(desk, &all)?;
        }
        Ok(Exit::Done)
    }
}

/// What a unit holds beside its texts.
fn details(ui: &mut Ui, unit: &Unit) -> Result<(), CliError> {
    const LONGEST: usize = 80;
    let context = &unit.context;
    let places = [
        ("id", &unit.tuid),
        ("document", &context.document),
        ("place", &context.id),
        ("after", &context.previous),
        ("before", &context.next),
    ];
    for (what, value) in places {
        if let Some(value) = value {
            writeln!(ui, "  {what:<8} {}", cut(value, LONGEST))?;
        }
    }
    for prop in &unit.props {
        writeln!(ui, "  {:<8} {} = {}", "prop", cut(&prop.kind, LONGEST), cut(&prop.value, LONGEST))?;
    }
    for note in unit.notes.iter().chain(unit.variants.iter().flat_map(|variant| &variant.notes)) {
        writeln!(ui, "  {:<8} {}", "note", cut(&note.text, LONGEST))?;
    }
    Ok(())
}

/// Delete units; `yaddash memory undo` brings them back
#[derive(Debug, clap::Args)]
pub(super) struct Delete {
    #[command(flatten)]
    chosen: Chosen,
}

/// Approve units: those that wait and those that were imported
///
/// What is published already stays so.
#[derive(Debug, clap::Args)]
pub(super) struct Approve {
    #[command(flatten)]
    chosen: Chosen,
}

impl Delete {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        act(desk, &self.chosen, &Deed::Delete, "delete", ["is deleted", "would be deleted"])
    }
}

impl Approve {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        act(desk, &self.chosen, &Deed::Approve(State::Approved), "approve", ["is approved", "would be approved"])
    }
}

/// Change texts, states and notes of units
///
/// With `--set` and the like each chosen unit is changed so. Without, a form with the units opens in your editor
/// (`VISUAL` or `EDITOR`); what you save there is stored as one batch. Inline codes stand in a text as `{1}`, `{2}`.
#[derive(Debug, clap::Args)]
pub(super) struct Edit {
    /// The text in a language: `--set az="Yeni mətn"`
    #[arg(long = "set", value_name = "LANG=TEXT", value_parser = text_of)]
    texts: Vec<(Language, String)>,
    /// Take out the text in a language
    #[arg(long, value_name = "LANG")]
    remove: Vec<Language>,
    /// The state from now on
    #[arg(long, value_enum, value_name = "STATE")]
    to_state: Option<StateArg>,
    /// Add a note
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// New texts may leave inline codes out
    #[arg(long)]
    drop_codes: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// Units that fit into one form.
const EDITED: usize = 500;

fn text_of(word: &str) -> Result<(Language, String), String> {
    let (language, text) = word.split_once('=').ok_or("it is written `LANG=TEXT`")?;
    let language = language.trim().parse().map_err(|error| format!("`{}`: {error}", language.trim()))?;
    Ok((language, text.to_owned()))
}

impl Edit {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let edits = Edits {
            texts: self.texts.clone(),
            removed: self.remove.clone(),
            state: self.to_state.map(State::from),
            note: self.note.clone(),
            drop_codes: self.drop_codes,
        };
        let words = ["is changed", "would be changed"];
        if (Edits { drop_codes: false, ..edits.clone() }) != Edits::default() {
            return act(desk, &self.chosen, &Deed::Edit(edits), "edit", words);
        }
        let selection = self.chosen.selection()?;
        let mut known = Vec::new();
        Memory::open(&desk.global.memory, Mode::Read)?.read().map_err(CliError::from).and_then(|reader| {
            selection.each(&reader, |id, unit| -> Result<(), CliError> {
                known.push((id, unit));
                match known.len() {
                    0..=EDITED => Ok(()),
                    _ => Err(CliError::new(format_args!("more than {EDITED} units are too many for one form"))
                        .hint("choose fewer, or change them with `--set` and the like")),
                }
            })
        })?;
        if known.is_empty() {
            desk.ui.remark("no unit is so");
            return Ok(Exit::Found);
        }
        let changed = in_editor(desk, &known)?;
        if changed.is_empty() {
            desk.ui.remark("nothing was changed");
            return Ok(Exit::Done);
        }
        let numbered = changed.iter().map(|(id, _)| *id).collect();
        let selection = Selection { numbered, ..Selection::default() };
        done(desk, &selection, self.chosen.dry_run, &Deed::Become(changed), "edit", words)
    }
}

/// Lets the user edit the form of these units, and again where something is wrong with it.
fn in_editor(desk: &mut Desk, known: &[(UnitId, Unit)]) -> Result<Vec<(UnitId, Unit)>, CliError> {
    let failed = |error: std::io::Error| CliError::new(format_args!("the form could not be written: {error}"));
    let file = tempfile::Builder::new().prefix("yaddash-").suffix(".txt").tempfile().map_err(failed)?;
    fs::write(file.path(), upkeep::write_form(known)).map_err(failed)?;
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok()).filter(|e| !e.trim().is_empty());
    let editor = editor.unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let ended = Command::new(program).args(words).arg(file.path()).status();
    let ended = ended.map_err(|error| {
        CliError::new(format_args!("the editor `{editor}` could not be started: {error}"))
            .hint("set EDITOR to yours, or use `--set LANG=TEXT`")
    })?;
    if !ended.success() {
        return Err(CliError::new(format_args!("the editor `{editor}` ended with an error: nothing was changed")));
    }
    let form = fs::read_to_string(file.path()).map_err(failed)?;
    upkeep::read_form(&form, known).map_err(|error| {
        // What the user wrote is not thrown away.
        let kept = file.keep().map(|(_, path)| path.display().to_string()).unwrap_or_default();
        desk.ui.remark(format_args!("what you wrote is in {kept}"));
        CliError::new(format_args!("{kept}: {error}")).hint("nothing was changed")
    })
}

fn act(desk: &mut Desk, chosen: &Chosen, deed: &Deed, name: &str, words: [&str; 2]) -> Result<Exit, CliError> {
    let selection = chosen.selection()?;
    done(desk, &selection, chosen.dry_run, deed, name, words)
}

/// How many changes are shown where nobody asked to see all.
const SHOWN: usize = 10;

pub(super) fn done(
    desk: &mut Desk,
    selection: &Selection,
    dry_run: bool,
    deed: &Deed,
    name: &str,
    [is, would]: [&str; 2],
) -> Result<Exit, CliError> {
    let mut memory = super::open_existing(desk, dry_run)?;
    let note = format!("{name} {}", selection.told());
    let bars = Bars::new(&desk.ui);
    let job = Job { note: &note, who: &who(), now: Timestamp::now(), dry_run, watch: &bars };
    let (mut first, mut count) = (Vec::new(), 0usize);
    // A trial shows all of it, so all of it is kept.
    let most = if dry_run { usize::MAX } else { SHOWN };
    let Done { batch, changed, same, overtaken } =
        upkeep::act(&mut memory, selection, deed, &job, &mut |changed: &Changed| {
            count += 1;
            if first.len() < most {
                first.push(changed.clone());
            }
        })?;
    drop(bars);
    for change in &first {
        shown::changed(&mut desk.ui, change, if dry_run { would } else { is })?;
    }
    if count > first.len() {
        desk.ui.remark(format_args!("and {} more", counted(count - first.len(), "unit", "units")));
    }
    if same > 0 {
        desk.ui.remark(format_args!("{} already so", counted(same, "unit is", "units are")));
    }
    for id in overtaken {
        desk.ui.warn(format_args!("unit {id} was changed by somebody else meanwhile, and left as it is"));
    }
    super::told(desk, batch, dry_run, &counted(changed, "unit", "units"));
    Ok(if changed + same == 0 { Exit::Found } else { Exit::Done })
}

/// Make one of units that say the same
///
/// Units with the same texts and inline codes become one where they stand at the same place, or one of them at none.
/// Units of different places stay, each of them: their neighbours make context matches. The one that stays has the
/// highest state, then belongs to a release, then is the newest; notes, properties and an id that only the other had
/// are added to it.
#[derive(Debug, clap::Args)]
pub(super) struct Dedupe {
    /// Change nothing, show what would be changed
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    which: Which,
}

impl Dedupe {
    pub fn run(&self, desk: &mut Desk) -> Result<Exit, CliError> {
        let selection = self.which.selection(None)?;
        let mut memory = super::open_existing(desk, self.dry_run)?;
        let bars = Bars::new(&desk.ui);
        let who = who();
        let job = Job { note: "dedupe", who: &who, now: Timestamp::now(), dry_run: self.dry_run, watch: &bars };
        let mut first = Vec::new();
        let most = if self.dry_run { usize::MAX } else { SHOWN };
        let done = upkeep::dedupe(&mut memory, &selection.filter, &job, &mut |taken: &Taken| {
            if first.len() < most {
                first.push(taken.clone());
            }
        })?;
        drop(bars);
        for taken in &first {
            explained(&mut desk.ui, taken)?;
        }
        if done.stay > first.len() {
            desk.ui.remark(format_args!("and {} more", counted(done.stay - first.len(), "unit", "units")));
        }
        if done.elsewhere > 0 {
            desk.ui.remark(format_args!(
                "{} of the same texts at other places, and stay",
                counted(done.elsewhere, "unit is", "units are")
            ));
        }
        let what = format!("{} into {}", counted(done.gone, "unit", "units"), done.stay);
        super::told(desk, done.batch, self.dry_run, &what);
        Ok(Exit::Done)
    }
}

fn explained(ui: &mut Ui, taken: &Taken) -> Result<(), CliError> {
    shown::unit(ui, taken.stays, &taken.unit)?;
    for (id, unit) in &taken.taken {
        let place = if unit.context == taken.unit.context { "at the same place" } else { "at no place of its own" };
        let id_of = unit.tuid.as_deref().filter(|tuid| taken.unit.tuid.as_deref() != Some(tuid));
        let also = id_of.map(|tuid| format!(", id {}", cut(tuid, 40))).unwrap_or_default();
        let origin = cut(&unit.origin.name, 60);
        writeln!(ui, "  takes in unit {id} ({}, from {origin}, {place}{also})", unit.state.as_str())?;
    }
    if !taken.elsewhere.is_empty() {
        let list: Vec<String> = taken.elsewhere.iter().take(10).map(ToString::to_string).collect();
        writeln!(ui, "  at other places, and staying: {}", list.join(", "))?;
    }
    Ok(())
}

impl From<UpkeepError> for CliError {
    fn from(error: UpkeepError) -> CliError {
        match error {
            UpkeepError::Memory(error) => error.into(),
            error @ UpkeepError::Edit { .. } => {
                CliError::new(error).hint("nothing was changed; `--drop-codes` leaves inline codes out")
            }
        }
    }
}
