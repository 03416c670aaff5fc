//! XLSX: each sheet whose first row has language codes is a table like CSV, of units or a glossary; both go out too.
//!
//! Of a formula the value last computed counts; a row with an error in it (`#DIV/0!`) is skipped and named. Numbers
//! and dates come as the file stores them. [ECMA-376 Part 1, section 18]

mod write;

pub use write::write;

use super::{
    Each, Event, FormatError, Item, Opened,
    glossary::Reading,
    open, shortened,
    table::{self, Header},
    xml::Reader,
};
use std::io::{Read, Seek};
use zip::ZipArchive;

/// Bytes a workbook may unpack to, and how many times its packed size.
const MAX_UNPACKED: u64 = 256 << 20;
const MAX_RATIO: u64 = 200;
/// Columns and bytes of one row.
const MAX_COLUMNS: usize = 1024;
const MAX_TEXT: usize = 64 << 20;

/// What a zip archive holds, told by its directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Archive {
    Xlsx,
    /// A document for translators to align, not a table.
    Document(&'static str),
    Other,
}

/// Looks into the directory of a zip archive.
pub fn archive(file: impl Read + Seek + Send) -> Result<Archive, FormatError> {
    let zip = ZipArchive::new(file).map_err(unsound)?;
    let has = |name: &str| zip.index_for_name(name).is_some();
    Ok(if has("xl/workbook.xml") {
        Archive::Xlsx
    } else if has("word/document.xml") {
        Archive::Document("a Word document")
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        Archive::Document("an OpenDocument file")
    } else {
        Archive::Other
    })
}

/// Reads the tables of a workbook. Lines of remarks are rows of the sheet.
///
/// # Errors
/// A file that is no workbook, unpacks to too much, or has no sheet with languages in its first row.
pub fn read(file: impl Read + Seek + Send, lenient: bool, each: &mut Each<'_>) -> Result<(), FormatError> {
    let mut zip = ZipArchive::new(file).map_err(unsound)?;
    let mut sheets: Vec<String> = zip
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml") && !name.contains("_rels"))
        .map(|name| name.into_owned())
        .collect();
    sheets.sort_by_key(|name| (name.len(), name.clone()));
    let shared = match zip.index_for_name("xl/sharedStrings.xml") {
        Some(_) => part(&mut zip, "xl/sharedStrings.xml", lenient, shared_strings)?,
        None => Vec::new(),
    };
    let mut tables = 0;
    for name in &sheets {
        tables += usize::from(part(&mut zip, name, lenient, |xml| sheet(xml, &shared, each))?);
    }
    match tables {
        0 => Err(FormatError::Unsuitable("no sheet has language codes in its first row, as in `en`, `az`".to_owned())),
        _ => Ok(()),
    }
}

fn unsound(error: zip::result::ZipError) -> FormatError {
    match error {
        zip::result::ZipError::Io(error) => FormatError::Io(error),
        error => FormatError::Unsuitable(format!("the zip archive is not sound: {error}")),
    }
}

/// Reads one part of the workbook; an error names the part.
fn part<T>(
    zip: &mut ZipArchive<impl Read + Seek + Send>,
    name: &str,
    lenient: bool,
    job: impl FnOnce(&mut Reader<'_>) -> Result<T, FormatError>,
) -> Result<T, FormatError> {
    let file = zip.by_name(name).map_err(unsound)?;
    if file.size() > MAX_UNPACKED || file.size() / MAX_RATIO > file.compressed_size().max(1024) {
        return Err(FormatError::Unsuitable(format!("`{name}` unpacks to too much ({} bytes)", file.size())));
    }
    // What the directory says of the size may be a lie.
    let opened: Opened<'_> = open(file.take(MAX_UNPACKED))?;
    let mut source = opened
        .source()
        .map_err(|encoding| FormatError::Unsuitable(format!("`{name}`: unknown encoding `{encoding}`")))?;
    source.lenient = lenient;
    job(&mut Reader::new(source)).map_err(|error| match error {
        FormatError::Broken { line, column, what } => {
            FormatError::Unsuitable(format!("`{name}` is not sound at {line}:{column}: {what}"))
        }
        error => error,
    })
}

/// The texts cells refer to, runs of rich text joined, phonetic hints left out.
fn shared_strings(xml: &mut Reader<'_>) -> Result<Vec<String>, FormatError> {
    let (mut out, mut size) = (Vec::new(), 0);
    loop {
        match xml.next()? {
            Event::Start if xml.local() == "si" => {
                let text = text(xml)?;
                size += text.len() + 32;
                if size > MAX_TEXT {
                    return Err(xml.error("more than 64 MiB of text"));
                }
                out.push(text);
            }
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// The text of the `si` or `is` just started.
fn text(xml: &mut Reader<'_>) -> Result<String, FormatError> {
    let depth = xml.depth();
    let mut out = String::new();
    loop {
        match xml.next()? {
            Event::Start if xml.local() == "t" => unescape(&xml.whole_text(MAX_TEXT)?, &mut out),
            Event::Start if xml.local() == "rPh" => xml.skip()?,
            Event::End if xml.depth() == depth => return Ok(out),
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// The unit of UTF-16 that `_xHHHH_` at the beginning of a text stands for.
fn number(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("_x")?.get(..5)?.strip_suffix('_')?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// Characters by their numbers, as Excel writes CR; those no text may hold stay as they stand.
fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match number(rest).and_then(|n| char::from_u32(n.into())).filter(|c| super::source::legal(*c)) {
            Some(c) => {
                out.push(c);
                rest = &rest[7..];
            }
            None => {
                out.push('_');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

/// What the rows of a sheet are, told by the first.
enum Table {
    Units(Header),
    Terms(Box<Reading>),
}

/// Reads a sheet; false where its first row names no languages.
fn sheet(xml: &mut Reader<'_>, shared: &[String], each: &mut Each<'_>) -> Result<bool, FormatError> {
    let mut table = None;
    let mut count = 0;
    loop {
        match xml.next()? {
            Event::Start if xml.local() == "row" => {
                count += 1;
                let number = xml.attribute("r").and_then(|r| r.parse().ok()).unwrap_or(count);
                count = number;
                let (mut cells, error) = row(xml, shared)?;
                if cells.iter().all(|cell| cell.trim().is_empty()) && error.is_none() {
                    continue;
                }
                let mut hand_over = |item| each(item).map_err(FormatError::Stopped);
                if let Some(error) = error.filter(|_| table.is_some()) {
                    let reason = format!("row {number}: the formula error `{}`", shortened(&error));
                    hand_over(Item::skipped(number, reason))?;
                    continue;
                }
                match &mut table {
                    None => match Header::of(&cells, '\t', false) {
                        Some(header) if header.is_glossary() => {
                            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                            let reading = Reading::new("the sheet", number, &cells);
                            let reading = reading.map_err(|error| FormatError::Unsuitable(error.to_string()))?;
                            table = Some(Table::Terms(Box::new(reading)));
                        }
                        Some(header) => table = Some(Table::Units(header)),
                        None => return Ok(false),
                    },
                    Some(Table::Terms(reading)) => {
                        reading.row(number, &cells.iter().map(String::as_str).collect::<Vec<_>>());
                    }
                    Some(Table::Units(header)) => {
                        cells.resize(cells.len().max(header.columns.len()), String::new());
                        match table::unit(header, &cells).0 {
                            Ok(unit) => hand_over(Item::Unit(unit))?,
                            Err(reason) => hand_over(Item::skipped(number, format!("row {number}: {reason}")))?,
                        }
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match table {
        None => Ok(false),
        Some(Table::Units(_)) => Ok(true),
        Some(Table::Terms(reading)) => {
            reading.out.items().try_for_each(|item| each(item).map_err(FormatError::Stopped))?;
            Ok(true)
        }
    }
}

/// The cells of the row just started, and the first error value among them.
fn row(xml: &mut Reader<'_>, shared: &[String]) -> Result<(Vec<String>, Option<String>), FormatError> {
    let depth = xml.depth();
    let (mut cells, mut error) = (Vec::<String>::new(), None);
    loop {
        match xml.next()? {
            Event::Start if xml.local() == "c" => {
                let column = xml.attribute("r").and_then(column).unwrap_or(cells.len());
                let kind = xml.attribute("t").unwrap_or("n").to_owned();
                let value = cell(xml)?;
                if column >= MAX_COLUMNS {
                    continue;
                }
                let value = match kind.as_str() {
                    "s" => value.trim().parse().ok().and_then(|n: usize| shared.get(n).cloned()).unwrap_or_default(),
                    "e" => {
                        error.get_or_insert(value);
                        String::new()
                    }
                    _ => value,
                };
                cells.resize(cells.len().max(column + 1), String::new());
                cells[column] = value;
            }
            Event::End if xml.depth() == depth => return Ok((cells, error)),
            Event::Eof => return Ok((cells, error)),
            _ => {}
        }
    }
}

/// The value of the cell just started: `v`, or the text inside `is`.
fn cell(xml: &mut Reader<'_>) -> Result<String, FormatError> {
    let depth = xml.depth();
    let mut out = String::new();
    loop {
        match xml.next()? {
            Event::Start => match xml.local() {
                "v" => out = xml.whole_text(MAX_TEXT)?,
                "is" => out = text(xml)?,
                _ => xml.skip()?,
            },
            Event::End if xml.depth() == depth => return Ok(out),
            Event::Eof => return Ok(out),
            Event::End | Event::Text => {}
        }
    }
}

/// The column of a reference such as `AB7`, from 0.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    letters.take(4).fold(None, |n, b| Some(n.map_or(0, |n: usize| (n + 1) * 26) + usize::from(b - b'A')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::glossary;
    use std::io::{Cursor, Write};

    fn workbook(strings: &str, rows: &str) -> Cursor<Vec<u8>> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, text) in [
            ("xl/workbook.xml", "<workbook/>".to_owned()),
            ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>")),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ] {
            zip.start_file(name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap()
    }

    fn items(file: Cursor<Vec<u8>>) -> Result<Vec<String>, String> {
        let mut out = Vec::new();
        read(file, false, &mut |item| {
            out.push(match item {
                Item::Unit(unit) => unit.variants.iter().map(|v| v.text.as_str()).collect::<Vec<_>>().join("|"),
                Item::Skipped(r) | Item::Warning(r) => r.what,
                Item::Concept(_) => unreachable!("a table of units"),
            });
            Ok(())
        })
        .map_err(|error| error.to_string())?;
        Ok(out)
    }

    const HEADER: &str =
        "<row r='1'><c r='A1' t='inlineStr'><is><t>en</t></is></c><c r='C1' t='inlineStr'><is><t>az</t></is></c></row>";

    #[test]
    fn cells_of_all_kinds() {
        let strings = "<si><t>plain</t></si><si><r><t>Rich </t></r><r><t>text</t></r><rPh><t>x</t></rPh></si>";
        let rows = format!(
            "{HEADER}<row r='2'><c r='A2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c></row>\
             <row r='3'><c r='A3' t='str'><f>A1&amp;C1</f><v>enaz</v></c><c r='C3'><v>7</v></c></row>\
             <row r='5'><c r='A5' t='e'><v>#DIV/0!</v></c><c r='C5' t='s'><v>0</v></c></row>\
             <row r='6'><c r='A6' t='s'><v>99</v></c><c r='C6' t='s'><v>0</v></c></row>"
        );
        assert_eq!(
            items(workbook(strings, &rows)).unwrap(),
            [
                "plain|Rich text",
                "enaz|7",
                "row 5: the formula error `#DIV/0!`",
                "row 6: only one language (az) is filled"
            ]
        );
    }

    #[test]
    fn what_is_no_table() {
        let no_header = HEADER.replace("az", "language");
        assert!(items(workbook("", &no_header)).unwrap_err().starts_with("no sheet has language codes"));
        let broken = items(workbook("", &format!("{HEADER}<row>"))).unwrap_err();
        assert!(broken.starts_with("`xl/worksheets/sheet1.xml` is not sound at 1:"), "{broken}");
        assert!(items(Cursor::new(b"PK\x03\x04 and nothing".to_vec())).unwrap_err().contains("not sound"));
        assert_eq!(archive(workbook("", "")).unwrap(), Archive::Xlsx);
    }

    #[test]
    fn a_bomb_is_refused() {
        let strings = format!("<si><t>{}</t></si>", " ".repeat(4 << 20));
        assert!(items(workbook(&strings, HEADER)).unwrap_err().contains("unpacks to too much"));
    }

    #[test]
    fn a_glossary_goes_out_and_comes_in() {
        let table = "concept,en,az,az_forbidden,note,flags\n\
                     parliament,Milli Majlis,Milli Məclis,Milli Meclis;<x>,\"a & b\n c\",case:en=Milli Majlis\n\
                     visa,visa,viza,,,\n";
        let concepts = glossary::read("g.csv", table.as_bytes()).unwrap().concepts;
        let mut bytes = Vec::new();
        write("Terms", &glossary::rows(&concepts).unwrap(), &mut bytes).unwrap();
        assert_eq!(archive(Cursor::new(&bytes)).unwrap(), Archive::Xlsx);
        let mut back = Vec::new();
        read(Cursor::new(&bytes), false, &mut |item| {
            match item {
                Item::Concept(concept) => back.push(concept),
                other => panic!("{other:?}"),
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(back, concepts);
        let cell = vec![vec!["x".repeat(40_000)]];
        assert!(write("Terms", &cell, &mut Vec::new()).unwrap_err().to_string().contains("32,767"));
    }

    #[test]
    fn units_go_out_and_come_in() {
        use crate::{
            lang::Language,
            model::{Note, Unit, Variant},
        };
        let mut unit = Unit { tuid: Some("=7".to_owned()), ..Unit::default() };
        unit.variants =
            vec![Variant::new(Language::EN, "=HYPERLINK(\"x\")\n_x0041_\r _x"), Variant::new(Language::AZ, " +1 'ə")];
        unit.notes.push(Note { attributes: Vec::new(), text: "<n>".to_owned() });
        let languages = [Language::EN, Language::AZ];
        let mut rows = vec![table::head(&languages)];
        rows.extend(table::rows(&unit, &languages));
        let mut bytes = Vec::new();
        write("Units", &rows, &mut bytes).unwrap();
        let mut back = Vec::new();
        read(Cursor::new(&bytes), false, &mut |item| {
            back.push(item);
            Ok(())
        })
        .unwrap();
        assert_eq!(back, [Item::Unit(unit)]);
        let mut zip = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut sheet = String::new();
        zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert!(!sheet.contains("<f>"), "a formula is a text, nothing to run: {sheet}");
    }

    #[test]
    fn columns_of_references() {
        for (reference, want) in [("A1", Some(0)), ("Z9", Some(25)), ("AA1", Some(26)), ("AB12", Some(27)), ("7", None)]
        {
            assert_eq!(column(reference), want, "{reference}");
        }
    }
}
