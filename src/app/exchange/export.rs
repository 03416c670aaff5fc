//! Out of the memory, for other tools.

use super::ExchangeError;
use crate::{
    formats::{jsonl, table, tbx, tmx, xliff},
    lang::{Language, ROWS},
    memory::{self, Filter, Memory, Mode},
    model::{Concept, Unit, UnitId},
};
use jiff::Timestamp;
use std::{
    io::{self, Write},
    path::Path,
};

/// The forms units go out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    Tmx,
    /// 1.2, of one pair of languages.
    Xliff,
    /// The concepts of the termbase.
    Tbx,
    Csv,
    Tsv,
    JsonLines,
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

/// Writes the units (or concepts) that are asked for; tells how many.
pub fn export(memory: &Path, wanted: &Export, to: &mut dyn Write) -> Result<usize, ExchangeError> {
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let mut writer = match wanted.form {
        ExportForm::Tbx => return concepts(&reader.concepts()?, to).map_err(ExchangeError::Output),
        form => UnitWriter::new(form, wanted, &reader, to)?,
    };
    let filter = Filter {
        language: wanted.from,
        origin: wanted.origin.clone(),
        since: wanted.since,
        pending: wanted.pending,
        ..Filter::default()
    };
    let mut count = 0;
    reader.units(&filter, |id, unit| {
        let Some(unit) = chosen(unit, wanted) else { return Ok(()) };
        count += 1;
        writer.unit(id, &unit).map_err(ExchangeError::Output)
    })?;
    writer.finish().map_err(ExchangeError::Output)?;
    Ok(count)
}

fn concepts(concepts: &[Concept], to: &mut dyn Write) -> io::Result<usize> {
    let mut writer = tbx::Writer::new(to, tbx::Form::V2)?;
    concepts.iter().try_for_each(|concept| writer.concept(concept))?;
    writer.finish()?;
    Ok(concepts.len())
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
    Xliff(xliff::Writer<&'w mut dyn Write>),
    Table(table::Writer<&'w mut dyn Write>),
    JsonLines(jsonl::Writer<&'w mut dyn Write>),
}

impl<'w> UnitWriter<'w> {
    fn new(
        form: ExportForm,
        wanted: &Export,
        reader: &memory::Reader<'_>,
        to: &'w mut dyn Write,
    ) -> Result<UnitWriter<'w>, ExchangeError> {
        let writer = match form {
            ExportForm::Tmx => {
                let settings = tmx::Settings { source: wanted.from, date: Some(wanted.now) };
                tmx::Writer::new(to, &settings).map(UnitWriter::Tmx)
            }
            ExportForm::Xliff => match (wanted.from, &wanted.to[..]) {
                (Some(source), [target]) => xliff::Writer::new(to, source, *target).map(UnitWriter::Xliff),
                _ => return Err(ExchangeError::Wanting("XLIFF holds one pair of languages: give --from and one --to")),
            },
            ExportForm::Csv | ExportForm::Tsv => {
                let form = if form == ExportForm::Csv { table::Form::Csv } else { table::Form::Tsv };
                let languages = columns(wanted, reader.status()?.variants.into_keys().collect());
                table::Writer::new(to, form, languages).map(UnitWriter::Table)
            }
            ExportForm::JsonLines => Ok(UnitWriter::JsonLines(jsonl::Writer::new(to))),
            ExportForm::Tbx => unreachable!("a TBX holds concepts, not units"),
        };
        writer.map_err(ExchangeError::Output)
    }

    fn unit(&mut self, id: UnitId, unit: &Unit) -> io::Result<()> {
        match self {
            UnitWriter::Tmx(writer) => writer.unit(unit),
            UnitWriter::Xliff(writer) => writer.unit(unit),
            UnitWriter::Table(writer) => writer.unit(unit),
            UnitWriter::JsonLines(writer) => writer.unit(Some(id), unit),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            UnitWriter::Tmx(writer) => writer.finish().map(drop),
            UnitWriter::Xliff(writer) => writer.finish().map(drop),
            UnitWriter::Table(writer) => writer.finish().map(drop),
            UnitWriter::JsonLines(writer) => writer.finish().map(drop),
        }
    }
}
