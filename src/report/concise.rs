//! `FILE:LINE:COL: error[rule]: message`, one line a finding.

use super::{Brush, Located, Options, because, one_line, style};
use std::io::{self, Write};

pub(super) fn render(findings: &[Located], options: Options, to: &mut dyn Write) -> io::Result<()> {
    let brush = Brush { color: options.color };
    for located in findings {
        let Located { finding, source, line, column, .. } = located;
        let label = format!("{}[{}]", finding.level.as_str(), finding.rule.as_str());
        let label = brush.paint(style(finding.level), &label);
        let unit = finding.unit.map(|unit| format!(" (unit {unit})")).unwrap_or_default();
        let accepted = located.accepted.as_deref();
        let accepted = accepted.map(|a| format!(" (accepted: {})", one_line(&because(a)))).unwrap_or_default();
        let (file, message) = (one_line(&source.name), one_line(&finding.message));
        writeln!(to, "{file}:{line}:{column}: {label}: {message}{unit}{accepted}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::report::{Form, Options, tests::*};

    #[test]
    fn snapshot() {
        assert_eq!(
            rendered(&sample(), Form::Concise, Options::default()),
            "releases/004.en.txt:3:118: error[forbidden-term]: `Milli Mejlis` is a forbidden variant\n\
             releases/004.az.txt:2:9: warning[deprecated-term]: `=mühacir` is <out> of use: 100% for good \
             (accepted: A title. (leyla, 2026-03-01))\n"
        );
    }

    #[test]
    fn a_unit_is_told() {
        let mut found = sample()[..1].to_vec();
        found[0].finding.unit = Some(crate::model::UnitId(7));
        assert!(rendered(&found, Form::Concise, Options::default()).ends_with("a forbidden variant (unit 7)\n"));
    }

    #[test]
    fn colour_is_on_the_label_only() {
        let text = rendered(&sample()[..1], Form::Concise, Options { color: true, ..Options::default() });
        assert_eq!(
            text,
            "releases/004.en.txt:3:118: \u{1b}[1m\u{1b}[31merror[forbidden-term]\u{1b}[0m: `Milli Mejlis` is a \
             forbidden variant\n"
        );
    }
}
