//! A job as a table, for people without a CAT tool: `id`, the two languages, `approved`, the best match and the terms.
//!
//! The column of the target language is filled in by the translator; it holds what the memory has of the same text
//! already. Inline codes are written `{1}`, `{/1}`, `{2/}`. A table does not hold the document.

mod page;
mod word;

use super::{Done, Job, Marked, ProposalKind, Segment, Status};
use crate::{
    formats::{
        self, FormatError, Item, Kind as FileKind, detect,
        table::{self, Column, Header},
        xlsx,
    },
    lang::Language,
    model::{Prop, Unit},
};
use std::io::{self, Cursor, Write};

/// What a table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// For spreadsheets: RFC 4180 with a byte order mark, and with an apostrophe before what would be a formula.
    Csv,
    /// A page whose targets can be written into.
    Html,
    /// A Word document.
    Docx,
}

/// A table as it came back.
#[derive(Debug, Clone)]
pub struct ReturnedTable {
    pub source: Language,
    pub target: Language,
    pub rows: Vec<ReturnedRow>,
    /// Rows without a translation.
    pub open: usize,
}

#[derive(Debug, Clone)]
pub struct ReturnedRow {
    pub number: Option<usize>,
    pub source: Marked,
    pub target: Marked,
    pub done: Done,
}

const APPROVED: &str = "approved";
const SCORE: &str = "score";
const MATCH: &str = "match";
/// Bytes of a part of a Word document, unpacked.
const LIMIT: u64 = 64 << 20;

/// Writes a job as a table.
pub fn write(job: &Job, sheet: Sheet, to: &mut dyn Write) -> io::Result<()> {
    let header = ["id", job.source.as_str(), job.target.as_str(), APPROVED, SCORE, MATCH, "origin", "terms"];
    let rows: Vec<[String; 8]> = job.segments.iter().map(row).collect();
    match sheet {
        Sheet::Csv => csv(&header, &rows, to),
        Sheet::Html => page::write(job, &header, &rows, to),
        Sheet::Docx => word::write(&header, &rows, to),
    }
}

fn row(segment: &Segment) -> [String; 8] {
    let target = segment.target.as_ref().filter(|target| target.status != Status::Fuzzy);
    let approved = target.is_some_and(|target| target.status == Status::Approved);
    let best = segment.proposals.first();
    let score = best.map(|best| match best.kind {
        ProposalKind::Context => format!("{}", best.tenths / 10),
        _ => best.percent(),
    });
    let said = segment.terms.iter().map(|term| term.told()).chain(segment.notes.iter().map(|note| note.text.clone()));
    [
        segment.number.to_string(),
        segment.source.shown(),
        target.map(|target| target.text.shown()).unwrap_or_default(),
        if approved { "x" } else { "" }.to_owned(),
        score.unwrap_or_default(),
        best.map(|best| best.target.shown()).unwrap_or_default(),
        best.map(|best| best.told()).unwrap_or_default(),
        said.collect::<Vec<_>>().join("\n"),
    ]
}

fn csv(header: &[&str], rows: &[[String; 8]], to: &mut dyn Write) -> io::Result<()> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
    out.write_record(header).map_err(io::Error::other)?;
    for row in rows {
        out.write_record(row.iter().map(|cell| table::guarded(cell).into_owned())).map_err(io::Error::other)?;
    }
    out.flush()
}

/// Reads a table of any of the forms, or the same saved as XLSX; `None` where the bytes are no table of languages.
///
/// # Errors
/// A table that is not sound.
pub fn read(bytes: &[u8]) -> Result<Option<ReturnedTable>, FormatError> {
    let (mut units, mut open) = (Vec::new(), 0);
    let mut keep = |item: Item| {
        match item {
            Item::Unit(unit) => units.push(unit),
            Item::Skipped(_) => open += 1,
            _ => {}
        }
        Ok(())
    };
    let opened = formats::open(bytes)?;
    let header = match detect::detect(&opened) {
        FileKind::Table => {
            let source = opened.source().map_err(|encoding| unknown(&encoding))?;
            table::read(source, &mut keep)?.languages().collect()
        }
        FileKind::Zip => match word::rows(bytes)? {
            Some(rows) => of_rows(rows, &mut units, &mut open),
            None if xlsx::archive(Cursor::new(bytes))? == xlsx::Archive::Xlsx => {
                xlsx::read(Cursor::new(bytes), false, &mut keep)?;
                units.first().map(|unit| unit.variants.iter().map(|v| v.language).collect()).unwrap_or_default()
            }
            None => return Ok(None),
        },
        FileKind::Html => {
            let source = opened.source().map_err(|encoding| unknown(&encoding))?;
            of_rows(page::rows(source)?, &mut units, &mut open)
        }
        _ => return Ok(None),
    };
    let [source, target] = header[..] else { return Ok(None) };
    let rows = units.into_iter().filter_map(|unit| returned(unit, source, target)).collect();
    Ok(Some(ReturnedTable { source, target, rows, open }))
}

fn unknown(encoding: &str) -> FormatError {
    FormatError::Unsuitable(format!("the encoding `{encoding}` it declares is not known"))
}

/// The languages of a header and the units of the rows below it, as in a table of text.
fn of_rows(rows: Vec<Vec<String>>, units: &mut Vec<Unit>, open: &mut usize) -> Vec<Language> {
    let mut header: Option<Header> = None;
    for cells in rows {
        match &header {
            None => header = Header::of(&cells, '\t', false).filter(|header| header.columns.contains(&Column::Id)),
            Some(header) => match table::unit(header, &cells).0 {
                Ok(unit) => units.push(unit),
                Err(_) => *open += 1,
            },
        }
    }
    header.map(|header| header.languages().collect()).unwrap_or_default()
}

fn returned(unit: Unit, source: Language, target: Language) -> Option<ReturnedRow> {
    let text = |language| {
        let variant = unit.variants.iter().find(|variant| variant.language == language)?;
        Some(Marked::from_shown(&variant.text).trimmed())
    };
    let prop = |kind: &str| unit.props.iter().find(|prop: &&Prop| prop.kind == kind).map(|prop| prop.value.trim());
    let (source, target) = (text(source)?, text(target)?);
    let same =
        prop(SCORE).and_then(|score| score.replace(',', ".").parse::<f64>().ok()).is_some_and(|score| score >= 100.0);
    let proposed = prop(MATCH).map(|text| Marked::from_shown(text).trimmed());
    let done = match prop(APPROVED) {
        Some(mark) if !matches!(mark.to_lowercase().as_str(), "no" | "0" | "-" | "") => Done::Approved,
        _ if same && proposed.as_ref() == Some(&target) => Done::Kept,
        _ if target == source && source.text.chars().any(char::is_alphabetic) => Done::Untranslated,
        _ => Done::Translated,
    };
    let number = unit.tuid.as_deref().and_then(|id| id.trim().parse().ok());
    Some(ReturnedRow { number, source, target, done })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::job::tests::job;

    fn written(sheet: Sheet) -> Vec<u8> {
        let mut out = Vec::new();
        write(&job(), sheet, &mut out).unwrap();
        out
    }

    #[test]
    fn tables_of_all_forms_come_back() {
        for sheet in [Sheet::Csv, Sheet::Html, Sheet::Docx] {
            let table = read(&written(sheet)).unwrap().unwrap();
            assert_eq!((table.source, table.target, table.open), (Language::EN, Language::AZ, 2), "{sheet:?}");
            let told: Vec<(usize, String, String, Done)> = table
                .rows
                .iter()
                .map(|row| (row.number.unwrap(), row.source.shown(), row.target.shown(), row.done))
                .collect();
            // Segment 1 has no target, 2 only a fuzzy match, which the translator has to write.
            let row = |number, source: &str, target: &str, done| (number, source.to_owned(), target.to_owned(), done);
            assert_eq!(
                told,
                [
                    row(3, "{1}a{2}b{/1}c{/2}", "{2}c{1}a{/2}b{/1}", Done::Translated),
                    row(4, "Two spaces\nand a line", "x", Done::Translated),
                    row(5, "5", "5", Done::Approved),
                    row(6, "Six", "Altı", Done::Translated),
                ],
                "{sheet:?}"
            );
        }
    }

    #[test]
    fn what_is_shown_beside_the_text() {
        let csv = String::from_utf8(written(Sheet::Csv)).unwrap();
        assert!(csv.starts_with("\u{feff}id,en,az,approved,score,match,origin,terms\r\n1,Open day,,,,,,\r\n"), "{csv}");
        assert!(csv.contains(
            ",87.5,{1}Milli{2/} Məclis{/1} toplandı.,\"release 002 & \"\"others\"\" (numbers or codes put in)\","
        ));
        assert!(csv.contains("Milli Majlis → Milli Məclis (not: Milli Mejlis) — the parliament"));
        let page = String::from_utf8(written(Sheet::Html)).unwrap();
        assert!(page.contains("&amp; &lt;sat&gt;.</td><td lang=\"az\" contenteditable></td>"), "{page}");
    }

    #[test]
    fn what_translators_do_to_tables() {
        let table = |text: &str| read(text.as_bytes()).unwrap().unwrap();
        let rows = |text: &str| -> Vec<(Option<usize>, String, Done)> {
            table(text).rows.iter().map(|row| (row.number, row.target.shown(), row.done)).collect()
        };
        let head = "id;en;az;approved;score;match\n";
        assert_eq!(rows(&format!("{head}1;One;'=Bir;;;\n")), [(Some(1), "=Bir".to_owned(), Done::Translated)]);
        assert_eq!(
            rows(&format!("{head}1;One;Bir;;100,0;Bir\n2;Two;Two;;;\n3;Three;Üç;X;;\n")),
            [
                (Some(1), "Bir".to_owned(), Done::Kept),
                (Some(2), "Two".to_owned(), Done::Untranslated),
                (Some(3), "Üç".to_owned(), Done::Approved),
            ]
        );
        // As browsers and Word write pages: tags left open, capitals, white space, attributes of all kinds.
        let page = "<html><body><TABLE><TR><th>id<th>en<th>az</tr>\n<tr class=x><td> 2 <td>Two\n  lines &amp; more<td><p>İki<br>\
                    sətir</p><p>və <b>daha</b> çox</p></table></body></html>";
        assert_eq!(rows(page), [(Some(2), "İki\nsətir\nvə daha çox".to_owned(), Done::Translated)]);
        assert_eq!(table(page).rows[0].source.text, "Two lines & more");
        for other in ["<html><p>no table</p></html>", "name,age\nx,1\n", "just words"] {
            assert!(read(other.as_bytes()).unwrap().is_none(), "{other}");
        }
    }
}
