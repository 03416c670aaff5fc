//! A table with some of its concepts changed: all other rows stay byte for byte, and of a changed row every cell that
//! says the same. A row in which nothing can be changed so that the table reads as it should is written anew.

use super::{
    Column, GlossaryError, SINGLE, decoded,
    flags::flags_of,
    layout::{self, Row, joined, parts, rows, written},
    read,
    read::Columns,
    write::cell,
};
use crate::model::{Concept, Status};
use encoding_rs::Encoding;
use std::{collections::BTreeMap, ops::Range};

/// What becomes of one concept of a table.
#[derive(Debug, Clone, Copy)]
pub struct Patch<'c> {
    /// As the table has it; `None` for a new one.
    pub before: Option<&'c Concept>,
    /// `None` where it goes.
    pub after: Option<&'c Concept>,
    /// Of a new one: the concept it is to stand behind, an empty name for the first place. `None`, or one that is not
    /// there: the last place.
    pub behind: Option<&'c str>,
}

/// The lines on which rows begin, each with the id of its concept.
pub fn places(name: &str, bytes: &[u8]) -> Result<Vec<(String, usize)>, GlossaryError> {
    let text = decoded(name, bytes)?;
    let mut all = rows(&text, layout::delimiter(&text));
    let Some(header) = all.next() else { return Ok(Vec::new()) };
    let columns = Columns::of(&header.texts());
    Ok(all.filter_map(|row| Some((columns.id(&row.texts())?, row.line))).collect())
}

/// How much of a row is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// What is no longer true is taken out, what is new put in.
    Least,
    /// So are all flags.
    Flags,
    /// Every cell.
    Whole,
}

/// The bytes of the table with the concepts changed.
///
/// # Errors
/// A table that cannot be read; a concept that holds what no table has room for.
pub fn patched(name: &str, bytes: &[u8], patches: &[Patch<'_>]) -> Result<Vec<u8>, GlossaryError> {
    let text = decoded(name, bytes)?;
    let mut wrong = None;
    for way in [Way::Least, Way::Flags, Way::Whole] {
        let new = Table::new(&text).patched(patches, way);
        let read = read(name, new.as_bytes())?;
        let as_wanted = |patch: &&Patch<'_>| {
            let after = patch.after.map(|concept| (concept, read.concepts.iter().find(|c| c.id == concept.id)));
            after.is_none_or(|(wanted, got)| got.is_some_and(|got| same(got, wanted)))
        };
        wrong = patches.iter().find(|patch| !as_wanted(patch)).and_then(|patch| patch.after);
        if wrong.is_none() {
            return Ok(encoded(bytes, &new));
        }
    }
    let concept = wrong.map(|concept| concept.id.clone()).unwrap_or_default();
    let kept = wrong.is_some_and(|c| !c.kept.is_empty() || c.terms.iter().any(|t| !t.remarks().kept.is_empty()));
    let what = if kept { "what other tools say of it in a TBX" } else { "all it holds" };
    Err(GlossaryError::Unwritable { concept, what: what.to_owned() })
}

/// Whether two concepts say the same: a table keeps terms by language and status, and flags in no order.
fn same(a: &Concept, b: &Concept) -> bool {
    let sorted = |concept: &Concept| {
        let mut concept = concept.clone();
        concept.terms.sort_by_key(|term| (term.language, term.status));
        concept.exceptions.sort();
        concept
    };
    sorted(a) == sorted(b)
}

/// As the old file was encoded.
fn encoded(old: &[u8], text: &str) -> Vec<u8> {
    let utf_16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
        let mut out = mark.to_vec();
        out.extend(text.encode_utf16().flat_map(bytes));
        out
    };
    match Encoding::for_bom(old) {
        Some((encoding, _)) if encoding == encoding_rs::UTF_16LE => utf_16([0xff, 0xfe], u16::to_le_bytes),
        Some((encoding, _)) if encoding == encoding_rs::UTF_16BE => utf_16([0xfe, 0xff], u16::to_be_bytes),
        Some(_) => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        None => text.as_bytes().to_vec(),
    }
}

struct Table<'t> {
    text: &'t str,
    delimiter: char,
    columns: Columns,
    header: Option<Row<'t>>,
    rows: Vec<(Option<String>, Row<'t>)>,
    line_end: &'static str,
    /// Columns the header gets.
    added: Vec<Column>,
    /// What takes the place of what, by its first byte; at one place in the order given.
    edits: BTreeMap<(usize, usize), (Range<usize>, String)>,
    /// Cells that rows get behind their last one, by row and column.
    longer: BTreeMap<(usize, usize), String>,
    appended: String,
}

impl<'t> Table<'t> {
    fn new(text: &'t str) -> Table<'t> {
        let delimiter = layout::delimiter(text);
        let mut all = rows(text, delimiter);
        let header = all.next();
        let columns = Columns::of(&header.as_ref().map(Row::texts).unwrap_or_default());
        let rows = all.map(|row| (columns.id(&row.texts()), row)).collect();
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Table {
            text,
            delimiter,
            columns,
            header,
            rows,
            line_end,
            added: Vec::new(),
            edits: BTreeMap::new(),
            longer: BTreeMap::new(),
            appended: String::new(),
        }
    }

    fn patched(mut self, patches: &[Patch<'_>], way: Way) -> String {
        for patch in patches {
            let own: Vec<usize> = match patch.before {
                Some(before) => {
                    (0..self.rows.len()).filter(|at| self.rows[*at].0.as_ref() == Some(&before.id)).collect()
                }
                None => Vec::new(),
            };
            match (patch.after, &own[..]) {
                (None, own) => own.iter().for_each(|at| self.remove(*at)),
                (Some(after), []) => self.insert(after, patch.behind),
                (Some(after), [first, rest @ ..]) if way == Way::Whole => {
                    self.rewrite(*first, after);
                    rest.iter().for_each(|at| self.remove(*at));
                }
                (Some(after), own) => {
                    if let Some(before) = patch.before {
                        self.change(own, before, after, way);
                    }
                }
            }
        }
        self.finish()
    }

    fn finish(mut self) -> String {
        if let Some(header) = &self.header {
            let quoted = header.cells.iter().all(|cell| cell.quoted);
            let names: String = self
                .added
                .iter()
                .map(|column| format!("{}{}", self.delimiter, written(&column.name(), self.delimiter, quoted)))
                .collect();
            if !names.is_empty() {
                self.edits.insert((header.span.end, 0), (header.span.end..header.span.end, names));
            }
        }
        let mut tails: BTreeMap<usize, (usize, String)> = BTreeMap::new();
        for ((row, column), text) in &self.longer {
            let (cells, tail) = tails.entry(*row).or_insert_with(|| (self.rows[*row].1.cells.len(), String::new()));
            tail.extend(std::iter::repeat_n(self.delimiter, column + 1 - *cells));
            tail.push_str(&written(text, self.delimiter, false));
            *cells = column + 1;
        }
        for (row, (_, tail)) in tails {
            let end = self.rows[row].1.span.end;
            self.edits.insert((end, usize::MAX), (end..end, tail));
        }
        let mut out = String::with_capacity(self.text.len() + self.appended.len());
        let mut from = 0;
        for (place, new) in self.edits.into_values() {
            out.push_str(&self.text[from..place.start]);
            out.push_str(&new);
            from = place.end;
        }
        out.push_str(&self.text[from..]);
        if !self.appended.is_empty() {
            if !out.is_empty() && !out.ends_with(['\n', '\r']) {
                out.push_str(self.line_end);
            }
            out.push_str(&self.appended);
        }
        out
    }

    fn edit(&mut self, place: Range<usize>, new: String) {
        let turn = self.edits.len() + 1;
        self.edits.insert((place.start, turn), (place, new));
    }

    fn remove(&mut self, row: usize) {
        let row = &self.rows[row].1;
        self.edit(row.span.start..row.end, String::new());
    }

    /// The number of a column; one that is not there is added.
    fn column(&mut self, wanted: Column) -> usize {
        let known = self.columns.list.len();
        let all = self.columns.list.iter().chain(&self.added);
        all.clone().position(|column| *column == wanted).unwrap_or_else(|| {
            self.added.push(wanted);
            known + self.added.len() - 1
        })
    }

    fn has(&self, column: Column) -> bool {
        self.columns.list.contains(&column) || self.added.contains(&column)
    }

    /// The cells of a row of its own, to the last that is filled.
    fn cells(&mut self, concept: &Concept) -> Vec<(usize, String)> {
        let mut wanted: Vec<Column> = vec![Column::Concept];
        for term in &concept.terms {
            let column = match term.status {
                Status::Preferred => Column::Approved(term.language),
                status => Column::Terms(term.language, status),
            };
            if !wanted.contains(&column) {
                wanted.push(column);
            }
        }
        wanted.extend(SINGLE.into_iter().filter(|column| column.said(concept).is_some()));
        wanted.push(Column::Flags);
        let filled = wanted.into_iter().map(|column| (column, cell(concept, column)));
        filled
            .filter(|(_, text)| !text.is_empty())
            .filter(|(column, text)| {
                // A table whose first column is one of terms names the concept by its first term.
                *column != Column::Concept || self.has(Column::Concept) || !self.names(concept, text)
            })
            .collect::<Vec<_>>()
            .into_iter()
            .map(|(column, text)| (self.column(column), text))
            .collect()
    }

    /// Whether a row would be known by `id` without a column for it.
    fn names(&self, concept: &Concept, id: &str) -> bool {
        let cells: Vec<String> = self.columns.list.iter().map(|column| cell(concept, *column)).collect();
        self.columns.id(&cells.iter().map(String::as_str).collect::<Vec<_>>()).as_deref() == Some(id)
    }

    fn insert(&mut self, concept: &Concept, behind: Option<&str>) {
        let row = self.row_of(concept);
        let place = match behind {
            None => None,
            Some("") => self.header.as_ref().map(|header| (header.span.end, header.end)),
            Some(id) => {
                let mut rows = self.rows.iter().filter(|(own, _)| own.as_deref() == Some(id));
                rows.next_back().map(|(_, row)| (row.span.end, row.end))
            }
        };
        match place {
            Some((end, next)) if next > end => self.edit(next..next, row + self.line_end),
            _ => {
                self.appended.push_str(&row);
                self.appended.push_str(self.line_end);
            }
        }
    }

    fn row_of(&mut self, concept: &Concept) -> String {
        let cells = self.cells(concept);
        let count = self.columns.list.len().max(cells.iter().map(|(at, _)| at + 1).max().unwrap_or(0));
        let quoted = self.header.as_ref().is_some_and(|header| header.cells.iter().all(|cell| cell.quoted));
        let row: Vec<String> = (0..count)
            .map(|at| {
                let text = cells.iter().find(|(own, _)| *own == at).map_or("", |(_, text)| text);
                written(text, self.delimiter, quoted)
            })
            .collect();
        row.join(&self.delimiter.to_string())
    }

    /// One row with all the concept has; what columns of no meaning hold stays.
    fn rewrite(&mut self, row: usize, concept: &Concept) {
        let cells = self.cells(concept);
        for at in 0..self.columns.list.len() {
            let column = self.columns.list[at];
            if column != Column::Other && !cells.iter().any(|(own, _)| *own == at) {
                self.set(row, at, "");
            }
        }
        for (at, text) in cells {
            self.set(row, at, &text);
        }
    }

    /// Puts `text` into a cell, unless that says so already.
    fn set(&mut self, row: usize, column: usize, text: &str) {
        match self.rows[row].1.cells.get(column) {
            Some(cell) if cell.text.trim() == text => {}
            Some(cell) => {
                let (place, new) = (cell.span.clone(), written(text, self.delimiter, cell.quoted));
                self.edit(place, new);
            }
            None if text.is_empty() => {}
            None => drop(self.longer.insert((row, column), text.to_owned())),
        }
    }

    fn change(&mut self, own: &[usize], before: &Concept, after: &Concept, way: Way) {
        let Some(first) = own.first().copied() else { return };
        // By row and column, so that cells that are missing are put in from left to right.
        let mut cells: BTreeMap<(usize, usize), String> = BTreeMap::new();
        self.terms(own, after, &mut cells);
        for column in SINGLE {
            let said = column.said(after);
            if said == column.said(before) {
                continue;
            }
            if said.is_none() && !self.has(column) {
                continue;
            }
            let at = self.column(column);
            let filled = own.iter().copied().find(|row| !self.cell(*row, at).is_empty()).unwrap_or(first);
            own.iter().for_each(|row| drop(cells.insert((*row, at), String::new())));
            cells.insert((filled, at), said.unwrap_or_default());
        }
        let (old, new) = (flags_of(before), flags_of(after));
        if way == Way::Flags || old != new {
            let gone: Vec<&String> = old.iter().filter(|flag| !new.contains(flag)).collect();
            let at = self.column(Column::Flags);
            let mut known = Vec::new();
            for row in own {
                let mut flags: Vec<String> = match way {
                    Way::Least => parts(self.cell(*row, at)).into_iter().map(|flag| flag.into_owned()).collect(),
                    _ => Vec::new(),
                };
                flags.retain(|flag| !gone.contains(&flag));
                known.extend(flags.iter().cloned());
                cells.insert((*row, at), joined(&flags));
            }
            let more = new.iter().filter(|flag| if way == Way::Least { !old.contains(flag) } else { true });
            let more: Vec<String> = more.filter(|flag| !known.contains(flag)).cloned().collect();
            let cell = cells.entry((first, at)).or_default();
            let mut flags: Vec<String> = parts(cell).into_iter().map(|flag| flag.into_owned()).collect();
            flags.extend(more);
            *cell = joined(&flags);
        }
        for ((row, column), text) in cells {
            self.set(row, column, &text);
        }
    }

    fn cell(&self, row: usize, column: usize) -> &str {
        self.rows[row].1.cells.get(column).map_or("", |cell| cell.text.trim())
    }

    /// The cells of terms as they are to be.
    fn terms(&mut self, own: &[usize], after: &Concept, cells: &mut BTreeMap<(usize, usize), String>) {
        let mut placed = Vec::new();
        for at in 0..self.columns.list.len() {
            let (language, status) = match self.columns.list[at] {
                Column::Approved(language) => (language, None),
                Column::Terms(language, status) => (language, Some(status)),
                _ => continue,
            };
            let admitted_apart = self.has(Column::Terms(language, Status::Admitted));
            let preferred = after.terms_in(language).any(|term| term.status == Status::Preferred);
            for row in own {
                let old = parts(self.cell(*row, at));
                let mut new: Vec<(bool, String)> = Vec::new();
                for (nth, text) in old.iter().enumerate() {
                    let Some(term) = after.terms_in(language).find(|term| term.text == **text) else { continue };
                    let stays = match (status, term.status) {
                        (Some(status), own) => status == own,
                        (None, Status::Preferred) => true,
                        (None, Status::Admitted) => preferred && (nth > 0 || !admitted_apart),
                        (None, _) => false,
                    };
                    if stays {
                        placed.push((language, term.text.clone()));
                        new.push((status.is_none() && term.status != Status::Preferred, term.text.clone()));
                    }
                }
                // The first is read as the preferred one.
                new.sort_by_key(|(later, _)| *later);
                let new: Vec<String> = new.into_iter().map(|(_, text)| text).collect();
                if new != old {
                    cells.insert((*row, at), joined(&new));
                }
            }
        }
        for term in &after.terms {
            if placed.iter().any(|(language, text)| *language == term.language && *text == term.text) {
                continue;
            }
            let apart = Column::Terms(term.language, term.status);
            let preferred = after.terms_in(term.language).any(|term| term.status == Status::Preferred);
            let (column, first) = match term.status {
                Status::Preferred => (Column::Approved(term.language), true),
                Status::Admitted if preferred && !self.has(apart) && self.has(Column::Approved(term.language)) => {
                    (Column::Approved(term.language), false)
                }
                _ => (apart, false),
            };
            let at = self.column(column);
            let row = own.iter().copied().find(|row| !self.cell(*row, at).is_empty()).unwrap_or(own[0]);
            let there = cells.get(&(row, at)).map_or_else(|| self.cell(row, at).to_owned(), String::clone);
            let mut all: Vec<String> = parts(&there).into_iter().map(|text| text.into_owned()).collect();
            all.insert(if first { 0 } else { all.len() }, term.text.clone());
            cells.insert((row, at), joined(&all));
        }
    }
}
