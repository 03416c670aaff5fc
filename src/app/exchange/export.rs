//! Out of the memory, for other tools.

use super::ExchangeError;
use crate::{
    formats::{
        glossary::{self, GlossaryError},
        jsonl, po, table, tbx, tmx, xliff, xlsx,
    },
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
    /// 2.1, of one pair of languages.
    Xliff2,
    /// The concepts of the termbase.
    Tbx,
    Csv,
    Tsv,
    JsonLines,
    /// Of one pair of languages.
    Po,
    Xlsx,
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

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Units, or concepts.
    pub count: usize,
    /// Translations the form has no place for beside others of the same text.
    pub left_out: usize,
}

/// Writes the units (or concepts) that are asked for.
pub fn export(memory: &Path, wanted: &Export, to: &mut dyn Write) -> Result<Written, ExchangeError> {
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let filter = Filter {
        language: wanted.from,
        origin: wanted.origin.clone(),
        since: wanted.since,
        pending: wanted.pending,
        ..Filter::default()
    };
    let mut writer = match wanted.form {
        ExportForm::Tbx => {
            let done = export_terms(&reader.concepts()?, TermForm::Tbx(tbx::Form::V2), to)?;
            return Ok(Written { count: done.concepts, left_out: 0 });
        }
        form => UnitWriter::new(form, wanted, (&reader, &filter), to)?,
    };
    let mut count = 0;
    reader.units(&filter, |id, unit| {
        let Some(unit) = chosen(unit, wanted) else { return Ok(()) };
        count += 1;
        writer.unit(id, &unit).map_err(ExchangeError::Output)
    })?;
    let left_out = writer.finish().map_err(ExchangeError::Output)?;
    Ok(Written { count, left_out })
}

/// The forms concepts go out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermForm {
    Tbx(tbx::Form),
    /// With this delimiter; a tab makes it a TSV.
    Table(char),
    Xlsx,
    Omegat {
        from: Language,
        to: Language,
    },
}

/// What an export of concepts wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    pub concepts: usize,
    /// Concepts of which the form has no room for what other tools said.
    pub unsaid: usize,
}

/// Writes concepts for other tools.
///
/// # Errors
/// An output that cannot be written, a concept that a table has no room for.
pub fn export_terms(concepts: &[Concept], form: TermForm, to: &mut dyn Write) -> Result<Exported, ExchangeError> {
    let written = match form {
        TermForm::Tbx(form) => (|| {
            let mut writer = tbx::Writer::new(&mut *to, form)?;
            concepts.iter().try_for_each(|concept| writer.concept(concept))?;
            writer.finish().map(drop)
        })(),
        TermForm::Table(delimiter) => match glossary::write(concepts, delimiter, to) {
            Err(GlossaryError::Io(error)) => Err(error),
            done => return done.map(|()| exported(concepts)).map_err(ExchangeError::Glossary),
        },
        TermForm::Xlsx => {
            let written = xlsx::write("Terms", &glossary::rows(concepts)?, to);
            return written.map(|()| exported(concepts)).map_err(ExchangeError::Output);
        }
        TermForm::Omegat { from, to: target } => {
            let all: Vec<&Concept> = concepts.iter().collect();
            to.write_all(glossary::omegat::written(&all, from, target).as_bytes())
        }
    };
    written.map_err(ExchangeError::Output)?;
    Ok(Exported { concepts: concepts.len(), unsaid: 0 })
}

fn exported(concepts: &[Concept]) -> Exported {
    let more = |concept: &&Concept| {
        !concept.kept.is_empty() || concept.terms.iter().any(|term| !term.remarks().kept.is_empty())
    };
    Exported { concepts: concepts.len(), unsaid: concepts.iter().filter(more).count() }
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
    Xliff2(xliff::Writer2<&'w mut dyn Write>),
    Table(table::Writer<&'w mut dyn Write>),
    JsonLines(jsonl::Writer<&'w mut dyn Write>),
    Po(po::Writer<&'w mut dyn Write>),
    /// The rows of a workbook, which is written when all are there.
    Xlsx {
        to: &'w mut dyn Write,
        languages: Vec<Language>,
        rows: Vec<Vec<String>>,
    },
}

impl<'w> UnitWriter<'w> {
    fn new(
        form: ExportForm,
        wanted: &Export,
        (reader, filter): (&memory::Reader<'_>, &Filter),
        to: &'w mut dyn Write,
    ) -> Result<UnitWriter<'w>, ExchangeError> {
        let writer = match form {
            ExportForm::Tmx => {
                let (heads, mixed) = super::heads::of_units(reader, filter)?;
                let settings = tmx::Settings { source: wanted.from, date: Some(wanted.now), heads, mixed };
                tmx::Writer::new(to, &settings).map(UnitWriter::Tmx)
            }
            ExportForm::Xliff | ExportForm::Xliff2 => match (wanted.from, &wanted.to[..]) {
                (Some(source), [target]) if form == ExportForm::Xliff => {
                    xliff::Writer::new(to, source, *target).map(UnitWriter::Xliff)
                }
                (Some(source), [target]) => xliff::Writer2::new(to, source, *target).map(UnitWriter::Xliff2),
                _ => return Err(ExchangeError::Wanting("XLIFF holds one pair of languages: give --from and one --to")),
            },
            ExportForm::Csv | ExportForm::Tsv => {
                let form = if form == ExportForm::Csv { table::Form::Csv } else { table::Form::Tsv };
                let languages = columns(wanted, reader.status()?.variants.into_keys().collect());
                table::Writer::new(to, form, languages).map(UnitWriter::Table)
            }
            ExportForm::JsonLines => Ok(UnitWriter::JsonLines(jsonl::Writer::new(to))),
            ExportForm::Po => match (wanted.from, &wanted.to[..]) {
                (Some(source), [target]) => Ok(UnitWriter::Po(po::Writer::new(to, source, *target, wanted.now))),
                _ => return Err(ExchangeError::Wanting("PO holds one pair of languages: give --from and one --to")),
            },
            ExportForm::Xlsx => {
                let languages = columns(wanted, reader.status()?.variants.into_keys().collect());
                let rows = vec![table::head(&languages)];
                Ok(UnitWriter::Xlsx { to, languages, rows })
            }
            ExportForm::Tbx => unreachable!("a TBX holds concepts, not units"),
        };
        writer.map_err(ExchangeError::Output)
    }

    fn unit(&mut self, id: UnitId, unit: &Unit) -> io::Result<()> {
        match self {
            UnitWriter::Tmx(writer) => writer.unit(unit),
            UnitWriter::Xliff(writer) => writer.unit(unit),
            UnitWriter::Xliff2(writer) => writer.unit(unit),
            UnitWriter::Table(writer) => writer.unit(unit),
            UnitWriter::JsonLines(writer) => writer.unit(Some(id), unit),
            UnitWriter::Po(writer) => {
                writer.unit(unit);
                Ok(())
            }
            UnitWriter::Xlsx { languages, rows, .. } => {
                rows.extend(table::rows(unit, languages));
                Ok(())
            }
        }
    }

    /// Tells how many translations had no place.
    fn finish(self) -> io::Result<usize> {
        match self {
            UnitWriter::Tmx(writer) => writer.finish().map(|_| 0),
            UnitWriter::Xliff(writer) => writer.finish().map(|_| 0),
            UnitWriter::Xliff2(writer) => writer.finish().map(|_| 0),
            UnitWriter::Table(writer) => writer.finish().map(|_| 0),
            UnitWriter::JsonLines(writer) => writer.finish().map(|_| 0),
            UnitWriter::Po(writer) => writer.finish(),
            UnitWriter::Xlsx { to, rows, .. } => xlsx::write("Units", &rows, to).map(|()| 0),
        }
    }
}
