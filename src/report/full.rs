//! The marked line with carets under the mark, the fix beside them and notes below, as compilers show them.

use super::{Brush, Located, Options, advice, because, excerpt, harmless_char, one_line, style};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(super) fn render(findings: &[Located], options: Options, to: &mut dyn Write) -> io::Result<()> {
    for located in findings {
        one(located, options, to)?;
    }
    Ok(())
}

fn one(located: &Located, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let Located { finding, source, line, column, .. } = located;
    let brush = Brush { color: options.color };
    let frame = AnsiColor::Blue.on_default().bold();
    let marked = style(finding.level);
    let number = line.to_string();
    let margin = " ".repeat(number.len());

    let accepted = located.accepted.as_deref();
    let stands = if accepted.is_some() { "accepted " } else { "" };
    let label = format!("{stands}{}[{}]", finding.level.as_str(), finding.rule.as_str());
    let message = format!(": {}", one_line(&finding.message));
    writeln!(to, "{}{}", brush.paint(marked, &label), brush.paint(Style::new().bold(), &message))?;
    let arrow = brush.paint(frame, "-->");
    writeln!(to, "{margin} {arrow} {}:{line}:{column}", one_line(&source.name))?;
    writeln!(to, "{margin}  {}", brush.paint(frame, "|"))?;

    let view = view(located, options.width.saturating_sub(number.len() + 4));
    let bar = brush.paint(frame, "|");
    let shown = format!("{}{}{}", view.before, brush.paint(marked, &view.mark), view.after);
    writeln!(to, " {} {bar} {}", brush.paint(frame, &number), shown.trim_end())?;
    let indent = view.before.width();
    let carets = "^".repeat(view.mark.width().max(1));
    let advice = advice(finding).unwrap_or_default();
    // Beside the carets where there is room, else under them.
    let beside = margin.len() + 4 + indent + carets.len() + 1 + advice.width() <= options.width;
    let below = match (advice.is_empty(), beside) {
        (true, _) => vec![carets],
        (false, true) => vec![format!("{carets} {advice}")],
        (false, false) => vec![carets, advice],
    };
    for line in below {
        writeln!(to, "{margin}  {bar} {:indent$}{}", "", brush.paint(marked, &line))?;
    }
    for note in &finding.notes {
        writeln!(to, "{margin}  {} {}", brush.paint(frame, "="), one_line(note))?;
    }
    if let Some(accepted) = accepted {
        let (equals, text) = (brush.paint(frame, "="), one_line(&because(accepted)));
        writeln!(to, "{margin}  {equals} accepted: {text}")?;
    }
    if !located.id.is_empty() {
        writeln!(to, "{margin}  {} id: {}", brush.paint(frame, "="), located.id)?;
    }
    writeln!(to)
}

/// The line as shown: every character in it harmless and as wide as counted.
struct View {
    before: String,
    mark: String,
    after: String,
}

fn view(located: &Located, room: usize) -> View {
    let width = |c: char| harmless_char(c).width().unwrap_or(1);
    // Two columns each side for the signs of something left out.
    let part = excerpt(located, room.max(24) - 4, width);
    let [cut_before, cut_mark, cut_after] = part.cut;
    let mut before = one_line(part.before);
    if cut_before {
        // A mark that belongs to a letter left out would sit on the dots.
        let rest = before.trim_start_matches(|c: char| c.width() == Some(0));
        before = format!("… {rest}");
    }
    let mark = one_line(part.mark) + if cut_mark { "…" } else { "" };
    let mut after = one_line(part.after);
    if cut_after && !cut_mark {
        after.push_str(" …");
    }
    View { before, mark, after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        model::{Finding, Fix, Level, Rule},
        report::{Form, tests::*},
    };

    fn shown(text: &str, mark: &str, width: usize) -> String {
        let found = placed("x.txt", Language::EN, text, mark, finding(Rule::ForbiddenTerm, Level::Error, "m"));
        let out = rendered(&[found], Form::Full, Options { width, ..Options::default() });
        out.lines().skip(3).take(2).map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn snapshot() {
        assert_eq!(
            rendered(&sample(), Form::Full, Options { width: 74, ..Options::default() }),
            "\
error[forbidden-term]: `Milli Mejlis` is a forbidden variant
  --> releases/004.en.txt:3:118
   |
 3 | … press conference with the Milli Mejlis (National Assembly) of the …
   |                             ^^^^^^^^^^^^ use `Milli Majlis`
   = concept: parliament (az Milli Məclis, ru Милли Меджлис)
   = id: 3fa9c1d2

accepted warning[deprecated-term]: `=mühacir` is <out> of use: 100% for good
  --> releases/004.az.txt:2:9
   |
 2 | Xidmət “=mühacir” sözünü işlətmir.
   |         ^^^^^^^^ use `miqrant` (check the form)
   = accepted: A title. (leyla, 2026-03-01)
   = id: 07bb21e0

"
        );
    }

    #[test]
    fn carets_stand_under_the_mark_whatever_its_letters() {
        assert_eq!(shown("Сёстры и Ильхам", "Ильхам", 80), " 1 | Сёстры и Ильхам\n   |          ^^^^^^\n");
        let combined = "I\u{307}clas və Gu\u{308}nel";
        assert_eq!(shown(combined, "Gu\u{308}nel", 80), format!(" 1 | {combined}\n   |          ^^^^^\n"));
        assert_eq!(shown("漢字 bax 日本", "日本", 80), " 1 | 漢字 bax 日本\n   |          ^^^^\n");
        assert_eq!(shown("a\tb\u{1b}c", "c", 80), " 1 | a b\u{fffd}c\n   |     ^\n");
        assert_eq!(shown("son", "", 80), " 1 | son\n   | ^\n", "an empty mark");
    }

    #[test]
    fn long_lines_are_cut_round_the_mark() {
        let words = "söz ".repeat(1000) + "Bakı" + &" söz".repeat(1000);
        let expected = " 1 | … söz söz söz söz Bakı söz söz söz söz …\n   |                   ^^^^\n";
        assert_eq!(shown(&words, "Bakı", 46), expected);
        let start = format!("Bakı{}", " söz".repeat(1000));
        assert_eq!(shown(&start, "Bakı", 30), " 1 | Bakı söz söz söz söz …\n   | ^^^^\n");
        let long = "x".repeat(1000);
        let x = "x".repeat(21);
        assert_eq!(shown(&long, &long, 30), format!(" 1 | {x}…\n   | {}\n", "^".repeat(22)));
        let marks = "e".to_owned() + &"\u{301}".repeat(100_000) + "Bakı";
        assert!(shown(&marks, "Bakı", 60).len() < 2000, "marks without width are cut too");
    }

    #[test]
    fn advice_stands_under_a_wide_mark() {
        let fix = Some(Fix { text: "Milli Majlis".into(), certain: false });
        let missing = Finding { fix, ..finding(Rule::MissingTerm, Level::Warning, "m") };
        let found = placed("x.txt", Language::EN, "The deputies met today.", "The deputies met today.", missing);
        let out = rendered(&[found], Form::Full, Options { width: 60, ..Options::default() });
        let lines: Vec<&str> = out.lines().skip(4).collect();
        let expected = ["   | ^^^^^^^^^^^^^^^^^^^^^^^", "   | expected `Milli Majlis` (check the form)", ""];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_mark_over_two_lines_ends_with_the_first() {
        assert_eq!(shown("Milli\r\nMəclis", "Milli\r\nMəclis", 80), " 1 | Milli\n   | ^^^^^\n");
    }
}
