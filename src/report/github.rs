//! Workflow commands of GitHub Actions: each finding becomes a remark at its line.
//! <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::{Located, advice, because};
use crate::model::Level;
use std::io::{self, Write};

pub(super) fn render(findings: &[Located], to: &mut dyn Write) -> io::Result<()> {
    for located in findings {
        let Located { finding, source, line, column, end_line, end_column, .. } = located;
        let command = match finding.level {
            _ if located.accepted.is_some() => "notice",
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        write!(to, "::{command} title={},file={}", property(finding.rule.as_str()), property(&source.name))?;
        write!(to, ",line={line},endLine={end_line}")?;
        // Columns are taken only within one line.
        if line == end_line {
            write!(to, ",col={column},endColumn={end_column}")?;
        }
        let advice = advice(finding).map_or(String::new(), |advice| format!("; {advice}"));
        let accepted = located.accepted.as_deref().map_or(String::new(), |a| format!("; accepted: {}", because(a)));
        writeln!(to, "::{}", data(&(finding.message.clone() + &advice + &accepted)))?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Form, Options, tests::*};

    #[test]
    fn snapshot() {
        assert_eq!(
            rendered(&sample(), Form::Github, Options::default()),
            "::error title=forbidden-term,file=releases/004.en.txt,line=3,endLine=3,col=118,endColumn=130::\
             `Milli Mejlis` is a forbidden variant; use `Milli Majlis`\n\
             ::notice title=deprecated-term,file=releases/004.az.txt,line=2,endLine=2,col=9,endColumn=17::\
             `=mühacir` is <out> of use: 100%25%0Afor good; use `miqrant` (check the form); \
             accepted: A title. (leyla, 2026-03-01)\n"
        );
    }

    #[test]
    fn what_parts_properties_is_escaped() {
        assert_eq!(property("C:\\a,b%\r\n"), "C%3A\\a%2Cb%25%0D%0A");
    }
}
