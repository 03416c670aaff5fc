//! A plain workbook of one sheet: a header that stays in sight, and texts. [ECMA-376 Part 1, section 18]

use crate::formats::xml::escape_text;
use std::io::{self, Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The most characters (UTF-16 units) a cell of Excel holds.
const MAX_CELL: usize = 32_767;
const MAX_ROWS: usize = 1_048_576;

const PARTS: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="NAME" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    // Cell formats: 0 plain text at the top of its cell, 1 the bold header. Format 49 is text: nothing becomes a date.
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
    ),
];

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Writes rows of texts, the first of them the header, as a sheet of that name.
///
/// # Errors
/// A text too long for a cell of Excel, more rows than it has.
pub fn write(name: &str, rows: &[Vec<String>], to: &mut dyn Write) -> io::Result<()> {
    if rows.len() > MAX_ROWS {
        return Err(io::Error::other("more than 1,048,576 rows, the most Excel takes: export less, or as CSV"));
    }

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (part, text) in PARTS {
        zip.start_file(part, options).map_err(io::Error::other)?;
        zip.write_all(DECLARATION.as_bytes())?;
        zip.write_all(text.replace("\"NAME\"", &format!("\"{name}\"")).as_bytes())?;
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).map_err(io::Error::other)?;
    zip.write_all(sheet(rows)?.as_bytes())?;
    to.write_all(&zip.finish().map_err(io::Error::other)?.into_inner())
}

fn sheet(rows: &[Vec<String>]) -> io::Result<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut out = String::from(DECLARATION);
    out.push_str(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#);
    out.push_str(&format!(
        r#"<cols><col min="1" max="{columns}" width="28" style="0" customWidth="1"/></cols><sheetData>"#
    ));
    for (number, row) in rows.iter().enumerate() {
        out.push_str(&format!("<row r=\"{}\">", number + 1));
        for (at, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let place = format!("{}{}", letters(at), number + 1);
            if text.encode_utf16().count() > MAX_CELL {
                let begins: String = text.chars().take(20).collect();
                let what = format!("cell {place}: `{begins}…` has more than 32,767 characters, the most Excel takes");
                return Err(io::Error::other(what));
            }
            let style = usize::from(number == 0);
            out.push_str(&format!("<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"));
            escape_text(&escaped(text), &mut out);
            out.push_str("</t></is></c>");
        }
        out.push_str("</row>");
    }
    let last = format!("{}{}", letters(columns - 1), rows.len().max(1));
    out.push_str(&format!("</sheetData><autoFilter ref=\"A1:{last}\"/></worksheet>"));
    Ok(out)
}

/// A text that Excel would take for a character by its number (`_x000D_`) with that said of its stroke; CR so too.
/// [ECMA-376 Part 1, section 22.9.2.19]
fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") && !text.contains('\r') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '_' if super::number(&text[at..]).is_some() => out.push_str("_x005F_"),
            '\r' => out.push_str("_x000D_"),
            c => out.push(c),
        }
    }
    out.into()
}

/// How a column, counted from 0, is called: `A`, `Z`, `AA`.
fn letters(mut at: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.insert(0, b'A' + (at % 26) as u8);
        match at / 26 {
            0 => return String::from_utf8(out).unwrap_or_default(),
            rest => at = rest - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_by_letters() {
        for (at, want) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(super::letters(at), want, "{at}");
        }
    }
}
