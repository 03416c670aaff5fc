//! JSON: one object with all findings, or one object a line. The keys are a contract with other programs.

use super::{Accepted, Located};
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
    id: &'f str,
    /// Why it is let stand; null where it is not.
    accepted: Option<&'f Accepted>,
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
            id: &located.id,
            accepted: located.accepted.as_deref(),
        }
    }
}

pub(super) fn render(findings: &[Located], to: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Report<'f> {
        version: u32,
        findings: Vec<Record<'f>>,
        /// Those that are let stand.
        accepted: Vec<Record<'f>>,
    }
    let (accepted, open): (Vec<_>, Vec<_>) = findings.iter().partition(|located| located.accepted.is_some());
    let report = Report {
        version: 1,
        findings: open.into_iter().map(Record::from).collect(),
        accepted: accepted.into_iter().map(Record::from).collect(),
    };
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
        r#""fix":{"text":"Milli Majlis","certain":true},"id":"3fa9c1d2","accepted":null}"#,
        "\n",
        r#"{"rule":"deprecated-term","level":"warning","message":"`=mühacir` is <out> of use: 100%\nfor good","#,
        r#""file":"releases/004.az.txt","line":2,"column":9,"end_line":2,"end_column":17,"#,
        r#""byte_start":37,"byte_end":46,"concept":"migrant","term":null,"unit":null,"#,
        r#""fix":{"text":"miqrant","certain":false},"id":"07bb21e0","accepted":"#,
        r#"{"reason":"A title.","who":"leyla","date":"2026-03-01T10:00:00Z"}}"#,
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
        assert_eq!(whole, serde_json::json!({ "version": 1, "findings": lines[..1], "accepted": lines[1..] }));
    }

    #[test]
    fn a_finding_without_fix_says_null() {
        let mut found = sample().remove(0);
        found.finding.fix = None;
        found.finding.unit = Some(crate::model::UnitId(7));
        let line = rendered(&[found], Form::Jsonl, Options::default());
        assert!(line.contains(r#""unit":7,"fix":null,"id":"#), "{line}");
    }
}
