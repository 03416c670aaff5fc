//! Reading a glossary table, a row at a time: what is wrong with one is told and spoils nothing of the others.

use super::{
    Column, Glossary, GlossaryError, MAX_FILE, Skipped, column, decoded,
    flags::{apply, mark_abbreviations},
    layout::{self, parts},
    tag,
};
use crate::formats::Opened;
use crate::model::{Concept, Status, Term};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

/// The longest term, in characters: what is longer is a text that got into the wrong cell.
const LONGEST: usize = 1_000;

/// Reads a glossary from a file, gzipped or not.
pub fn read_file(name: &str, file: Opened<'_>) -> Result<Glossary, GlossaryError> {
    match file.bytes(MAX_FILE)? {
        Some(bytes) => read(name, &bytes),
        None => Err(GlossaryError::TooLong { name: name.to_owned() }),
    }
}

/// Reads a glossary; `name` is what messages call it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Glossary, GlossaryError> {
    let text = decoded(name, bytes)?;
    let mut reading: Option<Reading> = None;
    for row in layout::rows(&text, layout::delimiter(&text)) {
        match &mut reading {
            Some(reading) => reading.row(row.line, &row.texts()),
            None => reading = Some(Reading::new(name, row.line, &row.texts())?),
        }
    }
    match reading {
        Some(reading) => Ok(reading.out),
        None => Err(GlossaryError::Empty { name: name.to_owned() }),
    }
}

/// A table being read, row by row.
pub(in crate::formats) struct Reading {
    columns: Columns,
    /// Concepts by their ids.
    known: FxHashMap<String, usize>,
    pub out: Glossary,
}

/// What the columns of a table hold.
pub(super) struct Columns {
    pub list: Vec<Column>,
    /// The column that names the concept.
    named: usize,
}

impl Columns {
    pub fn of(header: &[&str]) -> Columns {
        let list: Vec<Column> = header.iter().map(|name| column(name)).collect();
        let named = list.iter().position(|c| *c == Column::Concept).unwrap_or(0);
        Columns { list, named }
    }

    /// The id of the concept a row is about.
    pub fn id(&self, cells: &[&str]) -> Option<String> {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let first = |cell: &str| parts(cell).into_iter().next().map(|part| part.into_owned());
        let named = match self.list.get(self.named) {
            Some(Column::Concept) => Some(cell(self.named).to_owned()).filter(|id| !id.is_empty()),
            _ => first(cell(self.named)),
        };
        named.or_else(|| {
            let terms = |c: &Column| matches!(c, Column::Approved(_) | Column::Terms(..));
            let mut own = self.list.iter().enumerate().filter(|(_, c)| terms(c)).map(|(at, _)| cell(at));
            own.find(|cell| !cell.is_empty()).and_then(first)
        })
    }
}

impl Reading {
    /// `header`: the cells of the first row.
    pub fn new(name: &str, line: usize, header: &[&str]) -> Result<Reading, GlossaryError> {
        let columns = Columns::of(header);
        let list = &columns.list;
        if !list.iter().any(|c| matches!(c, Column::Approved(_) | Column::Terms(..))) {
            return Err(GlossaryError::NoLanguage { name: name.to_owned() });
        }
        let mut out = Glossary::default();
        for (at, column) in list.iter().enumerate() {
            if matches!(column, Column::Approved(_)) && list[..at].contains(column) {
                return Err(GlossaryError::Twice {
                    name: name.to_owned(),
                    column: at + 1,
                    column_name: header[at].trim().to_owned(),
                });
            }
            if *column == Column::Other && is_nearly_a_language(header[at]) {
                let reason = format!(
                    "`{}` is no column of terms: they are named as `az`, `az_admitted`, `az_deprecated`, \
                     `az_forbidden`, `az_proposed` are; what stands below is passed over",
                    header[at].trim()
                );
                out.skipped.push(Skipped { line, column: at + 1, reason });
            }
        }
        Ok(Reading { columns, known: FxHashMap::default(), out })
    }

    pub fn row(&mut self, line: usize, cells: &[&str]) {
        let columns = &self.columns.list;
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let mut remarks: Vec<(usize, String)> = Vec::new();
        let beyond = cells.get(columns.len()..).unwrap_or_default();
        if beyond.iter().any(|cell| !cell.trim().is_empty()) {
            let reason = format!("{} cells, but the first line names {} columns", cells.len(), columns.len());
            return self.out.skipped.push(Skipped { line, column: 0, reason });
        }
        let Some(id) = self.columns.id(cells) else {
            let reason = "the row has no term in any language".to_owned();
            return self.out.skipped.push(Skipped { line, column: 0, reason });
        };
        let mut concept = Concept { id, ..Concept::default() };
        let filled = columns.iter().zip(cells).filter(|(column, cell)| {
            matches!(column, Column::Approved(_) | Column::Terms(..)) && !cell.trim().is_empty()
        });
        concept.terms.reserve_exact(filled.count());
        for (at, column) in columns.iter().enumerate() {
            let text = cell(at);
            if text.is_empty() {
                continue;
            }
            match column {
                Column::Approved(language) => {
                    let mut status = Status::Preferred;
                    for term in parts(text) {
                        let term = Term::new(term, *language, status);
                        status = Status::Admitted;
                        remarks.extend(taken(&mut concept, term).map(|reason| (at + 1, reason)));
                    }
                }
                Column::Terms(language, status) => {
                    for term in parts(text) {
                        let term = Term::new(term, *language, *status);
                        remarks.extend(taken(&mut concept, term).map(|reason| (at + 1, reason)));
                    }
                }
                Column::Definition => concept.definition = Some(text.to_owned()),
                Column::Domain => concept.domain = Some(text.to_owned()),
                Column::Note => concept.note = Some(text.to_owned()),
                Column::Source => concept.source = Some(text.to_owned()),
                Column::ValidFrom | Column::ValidUntil => match text.parse::<Date>() {
                    Ok(date) if *column == Column::ValidFrom => concept.valid.from = Some(date),
                    Ok(date) => concept.valid.until = Some(date),
                    Err(_) => {
                        remarks.push((at + 1, format!("`{text}` is no day: it is written `2018-01-31`")));
                    }
                },
                Column::Concept | Column::Flags | Column::Other => {}
            }
        }
        mark_abbreviations(&mut concept);
        for (at, _) in columns.iter().enumerate().filter(|(_, c)| **c == Column::Flags) {
            for flag in parts(cell(at)) {
                remarks.extend(apply(&mut concept, &flag).err().map(|reason| (at + 1, reason)));
            }
        }
        if concept.terms.is_empty() {
            remarks.push((0, format!("concept `{}` has no term in any language", concept.id)));
        } else {
            match self.known.get(&concept.id) {
                Some(at) => remarks.extend(contradictions(&self.out.concepts[*at], &concept)),
                None => {
                    self.known.insert(concept.id.clone(), self.out.concepts.len());
                }
            }
            match self.known.get(&concept.id) {
                Some(at) if *at < self.out.concepts.len() => join(&mut self.out.concepts[*at], concept),
                _ => self.out.concepts.push(concept),
            }
        }
        let remarks = remarks.into_iter().map(|(column, reason)| Skipped { line, column, reason });
        self.out.skipped.extend(remarks);
    }
}

/// Whether a column that is none of the known ones was meant to hold terms: `az_forbiden`, `azr`.
fn is_nearly_a_language(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let mut parts = name.splitn(2, ['_', '-', ' ']);
    let head = parts.next().unwrap_or_default();
    let code = (2..=3).contains(&head.len()) && head.bytes().all(|byte| byte.is_ascii_lowercase());
    let rest = parts.next();
    code && match rest {
        Some(rest) => tag(head).is_some() && !rest.is_empty(),
        None => !matches!(head, "no" | "nr" | "id" | "url" | "pos"),
    }
}

/// Puts a term among those of its concept; tells what is wrong with it. One without any word stays: it is kept and
/// exported, but no text will be found to hold it.
fn taken(concept: &mut Concept, term: Term) -> Option<String> {
    let length = term.text.chars().count();
    if length > LONGEST {
        let begins: String = term.text.chars().take(20).collect();
        return Some(format!("left out: a term of {length} characters, at most {LONGEST} are taken: `{begins}…`"));
    }
    let known = concept.terms.iter().find(|t| t.language == term.language && t.text == term.text);
    if let Some(known) = known {
        let (first, second) = (known.status.as_str(), term.status.as_str());
        return (first != second)
            .then(|| format!("`{}` is both {first} and {second} in one concept: it counts as {first}", term.text));
    }
    let wordless = !term.text.contains(char::is_alphanumeric);
    let reason = wordless.then(|| format!("`{}` has neither letter nor digit: it will be found nowhere", term.text));
    concept.terms.push(term);
    reason
}

/// What two rows of one concept do not agree in.
fn contradictions(known: &Concept, more: &Concept) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    for term in &more.terms {
        let same = known.terms_in(term.language).find(|t| t.text == term.text);
        let preferred = known.preferred(term.language);
        match (same, preferred) {
            (Some(same), _) if same.status != term.status => {
                let (first, second) = (same.status.as_str(), term.status.as_str());
                out.push(format!(
                    "`{}` is {second} here and {first} in another row of concept `{}`: it counts as {first}",
                    term.text, known.id
                ));
            }
            (None, Some(preferred)) if term.status == Status::Preferred => out.push(format!(
                "concept `{}` has a preferred term in {} already, `{}`: `{}` counts as admitted",
                known.id, term.language, preferred.text, term.text
            )),
            _ => {}
        }
    }
    // Told of the row; it is not left out.
    out.into_iter().map(|reason| (1, reason)).collect()
}

/// Another row of the same concept.
pub(crate) fn join(into: &mut Concept, more: Concept) {
    into.definition = into.definition.take().or(more.definition);
    into.domain = into.domain.take().or(more.domain);
    into.note = into.note.take().or(more.note);
    into.source = into.source.take().or(more.source);
    into.valid.from = into.valid.from.or(more.valid.from);
    into.valid.until = into.valid.until.or(more.valid.until);
    into.kept.extend(more.kept);
    into.do_not_translate |= more.do_not_translate;
    for exception in more.exceptions {
        if !into.exceptions.contains(&exception) {
            into.exceptions.push(exception);
        }
    }
    for mut term in more.terms {
        if into.terms.iter().any(|t| t.language == term.language && t.text == term.text) {
            continue;
        }
        if term.status == Status::Preferred && into.preferred(term.language).is_some() {
            term.status = Status::Admitted;
        }
        into.terms.push(term);
    }
}
