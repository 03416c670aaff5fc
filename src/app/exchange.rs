//! Files into the memory and out of it.

use crate::{
    formats::{self, FormatError, Item, Kind, Remark, Source, detect, table, tmx},
    lang::{Language, ROWS},
    memory::{Added, Batch, Filter, Memory, MemoryError, Mode},
    model::{Concept, Unit},
};
use jiff::Timestamp;
use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

/// Remarks of which the first are kept and all are counted.
const SHOWN: usize = 20;

#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The file is not sound at this place.
    #[error("{file}:{line}:{column}: {what}")]
    Broken { file: String, line: usize, column: usize, what: String },
    /// The file as a whole is nothing that can be imported.
    #[error("{file}: {what}")]
    Unsuitable { file: String, what: String },
    #[error("{file}: {error}")]
    File { file: String, error: io::Error },
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// What was to be written could not be.
    #[error("the output could not be written: {0}")]
    Output(io::Error),
}

/// How a file is to be imported.
#[derive(Debug, Clone)]
pub struct Import<'a> {
    /// What the file is called in messages and as the origin of its units.
    pub name: &'a str,
    /// Take from a broken file what can be read.
    pub lenient: bool,
    /// Change nothing, tell what would be.
    pub dry_run: bool,
    pub now: Timestamp,
    pub who: &'a str,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// What the file is: `TMX`, `TBX`.
    pub kind: String,
    /// Units handed over by the file.
    pub units: usize,
    pub new: usize,
    /// Equal in everything to a unit that was there.
    pub same: usize,
    pub concepts: usize,
    pub new_concepts: usize,
    pub skipped: Remarks,
    pub warnings: Remarks,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Remarks {
    /// The first twenty.
    pub first: Vec<Remark>,
    pub count: usize,
}

impl Remarks {
    fn add(&mut self, remark: Remark) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(remark);
        }
    }
}

/// Imports one file as one batch: units into the memory, concepts into its termbase.
///
/// # Errors
/// A file that is not sound leaves the memory as it was.
pub fn import(memory: &Path, file: &Path, options: &Import<'_>) -> Result<Imported, ExchangeError> {
    let named = |error| file_error(options.name, error);
    if file.is_dir() {
        return Err(ExchangeError::Unsuitable { file: options.name.to_owned(), what: "this is a folder".to_owned() });
    }
    let opened = formats::open(File::open(file).map_err(|e| named(e.into()))?).map_err(|e| named(e.into()))?;
    let kind = detect::detect(&opened);
    let reader = Reader::of(&kind).map_err(named)?;
    let mut source = opened.source().map_err(|encoding| {
        named(FormatError::Unsuitable(format!("the encoding `{encoding}` it declares is not known")))
    })?;
    source.lenient = options.lenient;
    let mut done = Imported { kind: kind.to_string(), ..Imported::default() };

    // A trial run on a memory that does not exist needs one to try on.
    let trial = tempfile::TempDir::new().map_err(|e| named(e.into()))?;
    let missing = options.dry_run && !memory.exists();
    let path = if missing { &trial.path().join("trial.db") } else { memory };
    let mut memory = Memory::open(path, Mode::Write)?;
    let known = memory.read()?.concepts()?;

    let note = format!("import {}", options.name);
    written(&mut memory, &note, options, |batch| {
        let mut concepts = Vec::new();
        reader
            .read(source, &mut |item| {
                match item {
                    Item::Unit(mut unit) => {
                        done.units += 1;
                        if unit.origin.name.is_empty() {
                            unit.origin.name = options.name.to_owned();
                        }
                        match batch.add(&unit)? {
                            Added::New(_) => done.new += 1,
                            Added::Same(_) => done.same += 1,
                        }
                    }
                    Item::Concept(concept) => concepts.push(concept),
                    Item::Skipped(remark) => done.skipped.add(remark),
                    Item::Warning(remark) => done.warnings.add(remark),
                }
                Ok(())
            })
            .map_err(named)?;
        done.concepts = concepts.len();
        if !concepts.is_empty() {
            let (merged, new) = merged(known, concepts);
            done.new_concepts = new;
            batch.put_concepts(&merged, &note)?;
        }
        Ok(())
    })?;
    Ok(done)
}

/// Runs `job` as one batch; a trial run is rolled back.
fn written(
    memory: &mut Memory,
    note: &str,
    options: &Import<'_>,
    job: impl FnOnce(&mut Batch<'_>) -> Result<(), ExchangeError>,
) -> Result<(), ExchangeError> {
    // The batch is given up by an error of the memory's kind; what really happened is kept aside.
    let given_up = || MemoryError::Incomplete(0);
    let mut failed = None;
    let out = memory.write(note, options.now, options.who, |batch| match job(batch) {
        Ok(()) if options.dry_run => Err(given_up()),
        Ok(()) => Ok(()),
        Err(error) => {
            failed = Some(error);
            Err(given_up())
        }
    });
    match (failed, out) {
        (Some(error), _) => Err(error),
        (None, Err(_)) if options.dry_run => Ok(()),
        (None, out) => Ok(out?),
    }
}

/// The known concepts with the new ones, which take the place of those with the same id; and how many differ.
fn merged(mut known: Vec<Concept>, new: Vec<Concept>) -> (Vec<Concept>, usize) {
    let mut places: std::collections::HashMap<String, usize> =
        known.iter().enumerate().map(|(at, concept)| (concept.id.clone(), at)).collect();
    let mut differ = 0;
    for concept in new {
        match places.get(&concept.id) {
            Some(at) if known[*at] == concept => {}
            Some(at) => {
                differ += 1;
                known[*at] = concept;
            }
            None => {
                differ += 1;
                places.insert(concept.id.clone(), known.len());
                known.push(concept);
            }
        }
    }
    (known, differ)
}

/// The readers that importing knows.
enum Reader {
    Tmx,
    Table,
}

impl Reader {
    fn of(kind: &Kind) -> Result<Reader, FormatError> {
        Ok(match kind {
            Kind::Tmx => Reader::Tmx,
            Kind::Table => Reader::Table,
            Kind::Empty => return Err(FormatError::Unsuitable("the file is empty".to_owned())),
            kind => return Err(FormatError::Unsuitable(format!("this is {kind}, which cannot be imported"))),
        })
    }

    fn read(self, source: Source<'_>, each: &mut formats::Each<'_>) -> Result<(), FormatError> {
        match self {
            Reader::Tmx => tmx::read(source, each).map(drop),
            Reader::Table => table::read(source, each).map(drop),
        }
    }
}

fn file_error(name: &str, error: FormatError) -> ExchangeError {
    let file = name.to_owned();
    match error {
        FormatError::Broken { line, column, what } => ExchangeError::Broken { file, line, column, what },
        FormatError::Unsuitable(what) => ExchangeError::Unsuitable { file, what },
        FormatError::Io(error) => ExchangeError::File { file, error },
        FormatError::Stopped(stop) => match stop.downcast::<MemoryError>() {
            Ok(error) => ExchangeError::Memory(*error),
            Err(stop) => ExchangeError::Unsuitable { file, what: stop.to_string() },
        },
    }
}

/// The forms units go out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    Tmx,
    Csv,
    Tsv,
}

/// What is to go out, and how.
#[derive(Debug, Clone)]
pub struct Export {
    pub form: ExportForm,
    /// Units with this language only, which is then the source.
    pub from: Option<Language>,
    /// Units with one of these only; other languages but the source are left out. Empty: all.
    pub to: Vec<Language>,
    /// A glob over the name of the origin.
    pub origin: Option<String>,
    pub since: Option<Timestamp>,
    /// Pending units too.
    pub pending: bool,
    pub now: Timestamp,
}

/// Writes the units that are asked for; tells how many.
pub fn export(memory: &Path, wanted: &Export, to: &mut dyn Write) -> Result<usize, ExchangeError> {
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let mut writer = match wanted.form {
        ExportForm::Tmx => {
            let settings = tmx::Settings { source: wanted.from, date: Some(wanted.now) };
            UnitWriter::Tmx(tmx::Writer::new(to, &settings).map_err(ExchangeError::Output)?)
        }
        ExportForm::Csv | ExportForm::Tsv => {
            let form = if wanted.form == ExportForm::Csv { table::Form::Csv } else { table::Form::Tsv };
            let known = reader.status()?.variants;
            let languages = columns(wanted, known.into_keys().collect());
            UnitWriter::Table(table::Writer::new(to, form, languages).map_err(ExchangeError::Output)?)
        }
    };
    let filter = Filter {
        language: wanted.from,
        origin: wanted.origin.clone(),
        since: wanted.since,
        pending: wanted.pending,
        ..Filter::default()
    };
    let mut count = 0;
    let mut failed = None;
    let out = reader.units(&filter, |_, unit| {
        let Some(unit) = chosen(unit, wanted) else { return Ok(()) };
        count += 1;
        writer.unit(&unit).map_err(|error| {
            failed = Some(error);
            MemoryError::Incomplete(0) // ends the walk; the error itself is kept aside
        })
    });
    if let Some(error) = failed {
        return Err(ExchangeError::Output(error));
    }
    out?;
    writer.finish().map_err(ExchangeError::Output)?;
    Ok(count)
}

/// The unit with the languages asked for, if it has both sides.
fn chosen(mut unit: Unit, wanted: &Export) -> Option<Unit> {
    let source = |language: Language| wanted.from == Some(language);
    let target = |language: Language| !source(language) && (wanted.to.is_empty() || wanted.to.contains(&language));
    if wanted.from.is_some() || !wanted.to.is_empty() {
        unit.variants.retain(|v| source(v.language) || target(v.language));
    }
    let has = |side: &dyn Fn(Language) -> bool| unit.variants.iter().any(|v| side(v.language));
    let both = match wanted.from {
        Some(_) => has(&source) && has(&target),
        None => unit.variants.len() >= 2,
    };
    both.then_some(unit)
}

/// The languages of a table: source and targets as asked for, else all, the rows' first.
fn columns(wanted: &Export, known: Vec<Language>) -> Vec<Language> {
    let rank = |language: &Language| ROWS.iter().position(|row| row.language == *language).unwrap_or(ROWS.len());
    let mut rest = if wanted.to.is_empty() { known } else { wanted.to.clone() };
    if wanted.to.is_empty() {
        rest.sort_by_key(|language| (rank(language), *language));
    }
    rest.retain(|language| wanted.from != Some(*language));
    wanted.from.into_iter().chain(rest).collect()
}

enum UnitWriter<'w> {
    Tmx(tmx::Writer<&'w mut dyn Write>),
    Table(table::Writer<&'w mut dyn Write>),
}

impl UnitWriter<'_> {
    fn unit(&mut self, unit: &Unit) -> io::Result<()> {
        match self {
            UnitWriter::Tmx(writer) => writer.unit(unit),
            UnitWriter::Table(writer) => writer.unit(unit),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            UnitWriter::Tmx(writer) => writer.finish().map(drop),
            UnitWriter::Table(writer) => writer.finish().map(drop),
        }
    }
}
