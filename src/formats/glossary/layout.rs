//! Where the rows and cells of a table stand.
//!
//! TSV: a row a line, never quoted. CSV by RFC 4180: a cell that begins with a quote ends with one, two quotes in it are
//! one; a line end inside belongs to it.

use std::{borrow::Cow, ops::Range};

pub(super) struct Row<'t> {
    /// In bytes, without its line end.
    pub span: Range<usize>,
    /// Behind its line end.
    pub end: usize,
    /// From 1.
    pub line: usize,
    pub cells: Vec<Cell<'t>>,
}

pub(super) struct Cell<'t> {
    /// With its quotes.
    pub span: Range<usize>,
    pub quoted: bool,
    pub text: Cow<'t, str>,
}

impl Row<'_> {
    pub fn texts(&self) -> Vec<&str> {
        self.cells.iter().map(|cell| &*cell.text).collect()
    }
}

/// The sign that parts the cells, told by the header.
pub(super) fn delimiter(text: &str) -> char {
    let header = text.lines().find(|line| !line.trim().is_empty() && !is_comment(line)).unwrap_or_default();
    if header.contains('\t') {
        return '\t';
    }
    let count = |sign| header.matches(sign).count();
    if count(';') > count(',') { ';' } else { ',' }
}

/// A line for people: `# …`, or one of a single cell that begins with `#`.
fn is_comment(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.starts_with(' ') || !rest.contains(['\t', ',', ';']))
}

/// The rows, header first; blank lines and comments are none.
pub(super) fn rows(text: &str, delimiter: char) -> impl Iterator<Item = Row<'_>> {
    let bytes = text.as_bytes();
    let delimiter = delimiter as u8;
    let (mut at, mut line) = (0, 1);
    std::iter::from_fn(move || {
        loop {
            let start = at;
            let first = line;
            let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
            let plain = rest.find('\n').unwrap_or(rest.len());
            if rest[..plain].trim().is_empty() || is_comment(&rest[..plain]) {
                at = (start + plain + 1).min(text.len());
                line += 1;
                continue;
            }
            let mut cells = Vec::new();
            let mut from = start;
            loop {
                let (cell, end) = cell(text, from, delimiter);
                line += bytes[from..end].iter().filter(|byte| **byte == b'\n').count();
                cells.push(cell);
                match bytes.get(end) {
                    Some(byte) if *byte == delimiter => from = end + 1,
                    None => {
                        at = end;
                        return Some(Row { span: start..end, end, line: first, cells });
                    }
                    Some(_) => {
                        let length = if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
                        line += 1;
                        at = end + length;
                        return Some(Row { span: start..end, end: at, line: first, cells });
                    }
                }
            }
        }
    })
}

/// The cell that begins at `from`, and where it ends: at a delimiter, a line end or the end of the text.
fn cell(text: &str, from: usize, delimiter: u8) -> (Cell<'_>, usize) {
    let bytes = text.as_bytes();
    let ends = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    let plain_end =
        |from: usize| bytes[from..].iter().position(|byte| ends(*byte)).map_or(bytes.len(), |length| from + length);
    if delimiter == b'\t' {
        // A carriage return that ends no line belongs to the cell.
        let line = bytes[from..].iter().position(|byte| *byte == b'\t' || *byte == b'\n');
        let mut end = line.map_or(bytes.len(), |length| from + length);
        if end > from && bytes.get(end) != Some(&b'\t') && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        return (Cell { span: from..end, quoted: false, text: text[from..end].into() }, end);
    }
    if bytes.get(from) != Some(&b'"') {
        let end = plain_end(from);
        return (Cell { span: from..end, quoted: false, text: text[from..end].into() }, end);
    }
    let mut out = String::new();
    let mut at = from + 1;
    while let Some(length) = text[at..].find('"') {
        out.push_str(&text[at..at + length]);
        at += length + 1;
        if bytes.get(at) != Some(&b'"') {
            let end = plain_end(at);
            out.push_str(&text[at..end]);
            return (Cell { span: from..end, quoted: true, text: out.into() }, end);
        }
        out.push('"');
        at += 1;
    }
    // Never closed: the rest of the file is this cell.
    out.push_str(&text[at.min(text.len())..]);
    (Cell { span: from..text.len(), quoted: true, text: out.into() }, text.len())
}

/// The parts of a cell that holds several, parted by `;`; one that belongs to a part is written `\;`.
pub(super) fn parts(cell: &str) -> Vec<Cow<'_, str>> {
    let mut out: Vec<Cow<'_, str>> = Vec::new();
    let mut goes_on = false;
    for piece in cell.split(';') {
        let (piece, escaped) = piece.strip_suffix('\\').map_or((piece, false), |piece| (piece, true));
        match out.last_mut().filter(|_| goes_on) {
            Some(last) => {
                let whole = last.to_mut();
                whole.push(';');
                whole.push_str(piece);
            }
            None => out.push(piece.into()),
        }
        goes_on = escaped;
    }
    if goes_on && let Some(last) = out.last_mut() {
        last.to_mut().push('\\'); // nothing follows it
    }
    let trimmed = |part: Cow<'_, str>| -> String { part.trim().to_owned() };
    out.into_iter()
        .map(|part| match part {
            Cow::Borrowed(part) => Cow::Borrowed(part.trim()),
            owned => Cow::Owned(trimmed(owned)),
        })
        .filter(|part| !part.is_empty())
        .collect()
}

/// One cell of several parts.
pub(super) fn joined<T: AsRef<str>>(parts: &[T]) -> String {
    parts.iter().map(|part| part.as_ref().replace(';', "\\;")).collect::<Vec<_>>().join(";")
}

/// A cell as a table with this delimiter writes it.
pub(super) fn written(cell: &str, delimiter: char, quoted: bool) -> String {
    if delimiter == '\t' {
        return cell.replace(['\t', '\n', '\r'], " ");
    }
    let special = |c: char| c == delimiter || matches!(c, '"' | '\n' | '\r');
    if quoted || cell.contains(special) || cell.starts_with('#') || cell != cell.trim() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_cells_stand_where_they_stand() {
        let text = "# for people, \"not\" a row\na,\"b \"\"c\"\"\nd\",\n\n#x\n#y,z\r\nlast\"q,\"open";
        let found: Vec<(usize, Vec<&str>)> = rows(text, ',')
            .map(|row| {
                assert!(row.cells.iter().all(|c| text[c.span.clone()].starts_with('"') == c.quoted));
                (row.line, row.cells.iter().map(|c| &text[c.span.clone()]).collect())
            })
            .collect();
        assert_eq!(
            found,
            [(2, vec!["a", "\"b \"\"c\"\"\nd\"", ""]), (6, vec!["#y", "z"]), (7, vec!["last\"q", "\"open"])]
        );
        assert_eq!(rows(text, ',').next().unwrap().texts(), ["a", "b \"c\"\nd", ""]);
        let tsv: Vec<Vec<String>> = rows("a\t\"b\r\n\r\nc\td\r", '\t')
            .map(|row| row.cells.into_iter().map(|cell| cell.text.into_owned()).collect())
            .collect();
        assert_eq!(tsv, [["a", "\"b"], ["c", "d"]]);
    }

    #[test]
    fn parts_may_hold_what_parts_them() {
        for (cell, want) in
            [("a; b ;;c", vec!["a", "b", "c"]), ("a\\;b;c", vec!["a;b", "c"]), ("a\\", vec!["a\\"]), ("", vec![])]
        {
            assert_eq!(parts(cell), want, "{cell}");
        }
        assert_eq!(parts(&joined(&["a;b", "c"])), ["a;b", "c"]);
    }
}
