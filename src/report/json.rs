//! JSON: one object with all findings, or one object a line. The keys are a contract with other programs.

use super::Located;
use crate::model::{Fix, Level, Rule, UnitId};
use serde::Serialize;
use std::io::{self, Write};

/// A finding as programs read it; the order of the keys is theirs.
#[derive(Serialize)]
struct Record<'f> {
    rule: Rule,
    level: Level,
    message: &'f str,
    file: &'f str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_start: usize,
    byte_end: usize,
    concept: Option<&'f str>,
    term: Option<&'f str>,
    unit: Option<UnitId>,
    fix: Option<&'f Fix>,
}

impl<'f> From<&'f Located> for Record<'f> {
    fn from(located: &'f Located) -> Record<'f> {
        let Located { finding, source, line, column, end_line, end_column, byte_start, byte_end, .. } = located;
        Record {
            rule: finding.rule,
            level: finding.level,
            message: &finding.message,
            file: &source.name,
            line: *line,
            column: *column,
            end_line: *end_line,
            end_column: *end_column,
            byte_start: *byte_start,
            byte_end: *byte_end,
            concept: finding.concept.as_deref(),
            term: finding.term.as_deref(),
            unit: finding.unit,
            fix: finding.fix.as_ref(),
        }
    }
}

pub(super) fn render(findings: &[Located], to: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Report<'f> {
        version: u32,
        findings: Vec<Record<'f>>,
    }
    let report = Report { version: 1, findings: findings.iter().map(Record::from).collect() };
    serde_json::to_writer_pretty(&mut *to, &report)?;
    writeln!(to)
}

pub(super) fn render_lines(findings: &[Located], to: &mut dyn Write) -> io::Result<()> {
    for located in findings {
        serde_json::to_writer(&mut *to, &Record::from(located))?;
        writeln!(to)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::report::{Form, Options, tests::*};

    const LINES: &str = concat!(
        r#"{"rule":"forbidden-term","level":"error","message":"`Milli Mejlis` is a forbidden variant","#,
        r#""file":"releases/004.en.txt","line":3,"column":118,"end_line":3,"end_column":130,"#,
        r#""byte_start":137,"byte_end":149,"concept":"parliament","term":"Milli Majlis","unit":null,"#,
        r#""fix":{"text":"Milli Majlis","certain":true}}"#,
        "\n",
        r#"{"rule":"deprecated-term","level":"warning","message":"`=mühacir` is <out> of use: 100%\nfor good","#,
        r#""file":"releases/004.az.txt","line":2,"column":9,"end_line":2,"end_column":17,"#,
        r#""byte_start":37,"byte_end":46,"concept":"migrant","term":null,"unit":null,"#,
        r#""fix":{"text":"miqrant","certain":false}}"#,
        "\n",
    );

    #[test]
    fn snapshot_of_lines() {
        assert_eq!(rendered(&sample(), Form::Jsonl, Options::default()), LINES);
    }

    #[test]
    fn the_whole_report_holds_the_same_objects() {
        let whole: serde_json::Value =
            serde_json::from_str(&rendered(&sample(), Form::Json, Options::default())).unwrap();
        let lines: Vec<serde_json::Value> = LINES.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(whole, serde_json::json!({ "version": 1, "findings": lines }));
    }

    #[test]
    fn a_finding_without_fix_says_null() {
        let mut found = sample().remove(0);
        found.finding.fix = None;
        found.finding.unit = Some(crate::model::UnitId(7));
        let line = rendered(&[found], Form::Jsonl, Options::default());
        assert!(line.contains(r#""unit":7,"fix":null}"#), "{line}");
    }
}
