//! A table for a spreadsheet: RFC 4180, with a byte order mark so that Excel reads it as UTF-8.

use super::Located;
use std::{
    borrow::Cow,
    io::{self, Write},
};

const HEADER: [&str; 21] = [
    "rule",
    "level",
    "message",
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
    "byte_start",
    "byte_end",
    "concept",
    "term",
    "unit",
    "language",
    "text",
    "fix",
    "fix_certain",
    "id",
    "accepted",
    "accepted_by",
    "accepted_on",
];

pub(super) fn render(findings: &[Located], to: &mut dyn Write) -> io::Result<()> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
    table.write_record(HEADER)?;
    for located in findings {
        let Located { finding, source, line, column, end_line, end_column, byte_start, byte_end, .. } = located;
        let numbers = [line, column, end_line, end_column, byte_start, byte_end];
        let [line, column, end_line, end_column, byte_start, byte_end] = numbers.map(usize::to_string);
        let unit = finding.unit.map_or(String::new(), |unit| unit.to_string());
        let fix = finding.fix.as_ref();
        let accepted = located.accepted.as_deref();
        let certain = fix.map_or("", |fix| if fix.certain { "true" } else { "false" });
        table.write_record([
            finding.rule.as_str(),
            finding.level.as_str(),
            &cell(&finding.message),
            &cell(&source.name),
            &line,
            &column,
            &end_line,
            &end_column,
            &byte_start,
            &byte_end,
            &cell(finding.concept.as_deref().unwrap_or_default()),
            &cell(finding.term.as_deref().unwrap_or_default()),
            &unit,
            source.language.as_str(),
            &cell(located.surface()),
            &cell(fix.map_or("", |fix| fix.text.as_str())),
            certain,
            &located.id,
            &cell(accepted.map_or("", |accepted| &accepted.reason)),
            &cell(accepted.map_or("", |accepted| &accepted.who)),
            &accepted.map_or(String::new(), |accepted| accepted.date.to_string()),
        ])?;
    }
    table.flush()
}

/// A table of other things than findings, in the same form.
///
/// # Errors
/// What writing to `to` gives.
pub fn table<'h, R: AsRef<[String]>>(
    header: impl IntoIterator<Item = &'h str>,
    rows: impl IntoIterator<Item = R>,
    to: &mut dyn Write,
) -> io::Result<()> {
    to.write_all("\u{feff}".as_bytes())?;
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
    table.write_record(header)?;
    for row in rows {
        table.write_record(row.as_ref().iter().map(|text| cell(text).into_owned()))?;
    }
    table.flush()
}

/// A cell that no spreadsheet takes for a formula: one that would be gets an apostrophe before it (OWASP,
/// "CSV injection"). Control characters other than line ends are made visible.
fn cell(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let text: Cow<str> = match text.contains(steers) {
        true => text.replace(steers, "\u{fffd}").into(),
        false => text.into(),
    };
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{text}").into(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Form, Options, tests::*};

    #[test]
    fn snapshot() {
        assert_eq!(
            rendered(&sample(), Form::Csv, Options::default()),
            "\u{feff}rule,level,message,file,line,column,end_line,end_column,byte_start,byte_end,concept,term,unit,\
             language,text,fix,fix_certain,id,accepted,accepted_by,accepted_on\r\n\
             forbidden-term,error,`Milli Mejlis` is a forbidden variant,releases/004.en.txt,3,118,3,130,137,149,\
             parliament,Milli Majlis,,en,Milli Mejlis,Milli Majlis,true,3fa9c1d2,,,\r\n\
             deprecated-term,warning,\"`=mühacir` is <out> of use: 100%\nfor good\",releases/004.az.txt,2,9,2,17,37,\
             46,migrant,,,az,'=mühacir,miqrant,false,07bb21e0,A title.,leyla,2026-03-01T10:00:00Z\r\n"
        );
    }

    #[test]
    fn formulas_are_text() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM"), "'@SUM");
        assert_eq!(cell("-5"), "'-5");
        assert_eq!(cell("Bakı"), "Bakı");
    }
}
