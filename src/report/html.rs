//! One page for a browser: no script, no other file; filters by rule and by file are plain CSS (`:has`).
//! A browser that does not know `:has` shows all findings.

use super::{Located, Options, Summary, advice, excerpt};
use crate::model::Rule;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

const STYLE: &str = include_str!("page.css");

/// Characters of a line shown round a mark.
const ROOM: usize = 400;

pub(super) fn render(findings: &[Located], options: Options, to: &mut dyn Write) -> io::Result<()> {
    let rules = counted(findings.iter().map(|l| l.finding.rule));
    let files = counted(findings.iter().map(|l| l.source.name.as_str()));

    writeln!(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(to, "<title>Findings</title>\n<style>\n{}", STYLE.trim_end())?;
    for (what, count) in [("rule", rules.len()), ("file", files.len())] {
        let letter = &what[..1];
        for at in 0..count {
            let chosen = format!("body:has(#{what} option[value=\"{letter}{at}\"]:checked)");
            writeln!(to, "{chosen} .finding:not(.{letter}{at}) {{ display: none }}")?;
            writeln!(to, "{chosen} section:not(:has(.{letter}{at})) {{ display: none }}")?;
        }
    }
    writeln!(to, "</style>\n</head>\n<body>\n<header>\n<h1>Findings</h1>\n<p>{}</p>", Summary::of(findings))?;
    if !findings.is_empty() {
        writeln!(to, "<form>")?;
        select(to, "rule", "Rule", rules.iter().map(|(rule, count)| (rule.as_str(), *count)))?;
        select(to, "file", "File", files.iter().map(|(file, count)| (*file, *count)))?;
        writeln!(to, "</form>")?;
    }
    writeln!(to, "</header>\n<main>")?;
    let mut by_file: BTreeMap<&str, Vec<&Located>> = BTreeMap::new();
    for located in findings {
        by_file.entry(&located.source.name).or_default().push(located);
    }
    for (at, (file, _)) in files.iter().enumerate() {
        writeln!(to, "<section>\n<h2>{}</h2>", escaped(file))?;
        for located in by_file.remove(file).unwrap_or_default() {
            let rule = rules.iter().position(|(rule, _)| *rule == located.finding.rule).unwrap_or_default();
            article(to, located, &format!("r{rule} f{at}"), options)?;
        }
        writeln!(to, "</section>")?;
    }
    writeln!(to, "</main>\n</body>\n</html>")
}

/// The values in the order they are first met, with how often.
fn counted<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut places = BTreeMap::new();
    let mut out: Vec<(T, usize)> = Vec::new();
    for value in values {
        let at = *places.entry(value).or_insert_with(|| {
            out.push((value, 0));
            out.len() - 1
        });
        out[at].1 += 1;
    }
    out
}

fn select<'n>(
    to: &mut dyn Write,
    id: &str,
    label: &str,
    values: impl Iterator<Item = (&'n str, usize)>,
) -> io::Result<()> {
    writeln!(to, "<label>{label} <select id=\"{id}\" autocomplete=\"off\">\n<option value=\"\">all</option>")?;
    for (at, (value, count)) in values.enumerate() {
        writeln!(to, "<option value=\"{}{at}\">{} ({count})</option>", &id[..1], escaped(value))?;
    }
    writeln!(to, "</select></label>")
}

fn article(to: &mut dyn Write, located: &Located, classes: &str, options: Options) -> io::Result<()> {
    let Located { finding, source, line, column, .. } = located;
    let level = finding.level.as_str();
    let rule: Rule = finding.rule;
    writeln!(to, "<article class=\"finding {level} {classes}\">")?;
    writeln!(
        to,
        "<p class=\"what\"><span class=\"level\">{level}</span> <span class=\"rule\" title=\"{}\">{}</span> \
         <span class=\"place\">{line}:{column}</span> {}</p>",
        escaped((options.describe)(rule)),
        rule.as_str(),
        message(&finding.message),
    )?;
    let part = excerpt(located, ROOM, |_| 1);
    let [cut_before, cut_mark, cut_after] = part.cut.map(|cut| if cut { "…" } else { "" });
    writeln!(to, "<div class=\"texts\">")?;
    writeln!(
        to,
        "<p lang=\"{}\">{cut_before}{}<mark>{}{cut_mark}</mark>{}{cut_after}</p>",
        source.language,
        escaped(part.before),
        escaped(part.mark),
        escaped(part.after),
    )?;
    if let Some(other) = &located.counterpart {
        writeln!(to, "<p lang=\"{}\">{}</p>", other.language, escaped(&other.text))?;
    }
    writeln!(to, "</div>")?;
    if let Some(advice) = advice(finding) {
        writeln!(to, "<p class=\"fix\" lang=\"en\">{}</p>", message(&advice))?;
    }
    for note in &finding.notes {
        writeln!(to, "<p class=\"note\">{}</p>", message(note))?;
    }
    writeln!(to, "</article>")
}

/// A message with the values between its backticks set apart.
fn message(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split('`').peekable();
    let mut inside = false;
    while let Some(part) = parts.next() {
        match inside && parts.peek().is_some() {
            true => out.push_str(&format!("<b>{}</b>", escaped(part))),
            false if inside => out.push_str(&format!("`{}", escaped(part))), // without its second backtick
            false => out.push_str(&escaped(part)),
        }
        inside = !inside;
    }
    out
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && !c.is_whitespace() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Form, tests::*};

    #[test]
    fn snapshot() {
        let options = Options { describe: |_| "what a rule finds", ..Options::default() };
        let page = rendered(&sample(), Form::Html, options);
        assert_eq!(page.replace("\r\n", "\n"), include_str!("page_snapshot.html").replace("\r\n", "\n"));
    }

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escaped("<a href='x'>\"&\u{0}"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;\u{fffd}");
        assert_eq!(message("`a<` and `b`, `c"), "<b>a&lt;</b> and <b>b</b>, `c");
    }

    #[test]
    fn values_keep_their_order() {
        assert_eq!(counted(["b", "a", "b"].into_iter()), [("b", 2), ("a", 1)]);
    }
}
