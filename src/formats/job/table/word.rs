//! The table as a Word document (ECMA-376, WordprocessingML), and the rows of the tables of one.

use super::LIMIT;
use crate::formats::{
    self, Event, FormatError,
    xml::{Reader, escape_text},
};
use std::io::{self, Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/word/document.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"word/document.xml\"/></Relationships>";
const BEGIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:tbl><w:tblPr>\
    <w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/>\
    <w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/>\
    <w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr>";
/// A4 on its side; Word wants a paragraph behind a table.
const END: &str = "</w:tbl><w:p/><w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>\
    <w:pgMar w:top=\"720\" w:right=\"720\" w:bottom=\"720\" w:left=\"720\" w:header=\"360\" w:footer=\"360\" w:gutter=\"0\"/>\
    </w:sectPr></w:body></w:document>";
/// Twentieths of a point, for the columns of the table.
const WIDTHS: [u32; 8] = [600, 3900, 3900, 900, 700, 2900, 1200, 1300];

pub(super) fn write(header: &[&str], rows: &[[String; 8]], to: &mut dyn Write) -> io::Result<()> {
    let mut out = String::from(BEGIN);
    out.push_str("<w:tblGrid>");
    WIDTHS.iter().for_each(|width| out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>")));
    out.push_str("</w:tblGrid>");
    row(header.iter().copied(), true, &mut out);
    rows.iter().for_each(|cells| row(cells.iter().map(String::as_str), false, &mut out));
    out.push_str(END);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &out)] {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    to.write_all(&zip.finish()?.into_inner())
}

fn row<'c>(cells: impl Iterator<Item = &'c str>, head: bool, out: &mut String) {
    out.push_str(if head { "<w:tr><w:trPr><w:tblHeader/></w:trPr>" } else { "<w:tr><w:trPr><w:cantSplit/></w:trPr>" });
    for (cell, width) in cells.zip(WIDTHS) {
        out.push_str(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"));
        for line in cell.split('\n') {
            out.push_str("<w:p><w:r>");
            if head {
                out.push_str("<w:rPr><w:b/></w:rPr>");
            }
            for (at, piece) in line.split('\t').enumerate() {
                if at > 0 {
                    out.push_str("<w:tab/>");
                }
                out.push_str("<w:t xml:space=\"preserve\">");
                escape_text(piece, out);
                out.push_str("</w:t>");
            }
            out.push_str("</w:r></w:p>");
        }
        out.push_str("</w:tc>");
    }
    out.push_str("</w:tr>");
}

/// The rows of the tables of a Word document, cell by cell; `None` where the archive is none.
pub(super) fn rows(bytes: &[u8]) -> Result<Option<Vec<Vec<String>>>, FormatError> {
    let damaged = |error: ZipError| FormatError::Unsuitable(format!("the file is damaged: {error}"));
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let part = match zip.by_name("word/document.xml") {
        Ok(part) => part,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(damaged(error)),
    };
    let mut text = Vec::new();
    part.take(LIMIT + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LIMIT {
        return Err(FormatError::Unsuitable(format!("the text unpacks to more than {} MiB", LIMIT >> 20)));
    }
    let source = formats::open(&text[..])?.source();
    let mut xml = Reader::new(source.map_err(|encoding| super::unknown(&encoding))?);
    let mut rows: Vec<Vec<String>> = Vec::new();
    // Cells may hold tables: what stands in those belongs to the cell.
    let mut tables = 0;
    loop {
        match xml.next()? {
            Event::Eof => return Ok(Some(rows)),
            Event::Text => {}
            Event::Start => match xml.local() {
                "tbl" => tables += 1,
                "tr" if tables == 1 => rows.push(Vec::new()),
                "tc" if tables == 1 => rows.last_mut().into_iter().for_each(|row| row.push(String::new())),
                // Deletions and fields' instructions are no text.
                "del" | "moveFrom" | "instrText" | "delText" => xml.skip()?,
                "t" => {
                    let words = xml.whole_text(formats::MAX_SEGMENT)?;
                    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()).filter(|_| tables > 0) {
                        cell.push_str(&words);
                    }
                }
                name @ ("br" | "cr" | "tab") => {
                    let c = if name == "tab" { '\t' } else { '\n' };
                    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()).filter(|_| tables > 0) {
                        cell.push(c);
                    }
                }
                _ => {}
            },
            Event::End => match xml.local() {
                "tbl" => tables -= 1,
                "p" => {
                    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()).filter(|_| tables > 0) {
                        cell.push('\n');
                    }
                }
                "tc" if tables == 1 => {
                    if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                        cell.truncate(cell.trim_end_matches('\n').len());
                    }
                }
                _ => {}
            },
        }
    }
}
