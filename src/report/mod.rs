//! Findings as text, JSON and other forms: a file a form.

mod concise;
mod csv;
mod full;
mod github;
mod html;
mod json;
mod review;
mod sarif;
mod source;

pub use self::csv::table;
pub use review::{ReviewBead, ReviewSet, ReviewState, review};
pub use source::{Accepted, Counterpart, Located, Source, locate, sort};

use crate::model::{Finding, Level, Rule};
use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
    fmt,
    io::{self, Write},
    str::FromStr,
};

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// The marked line with carets under the mark, for reading at a terminal.
    Full,
    /// One line a finding, as compilers write them.
    Concise,
    /// One object with all findings.
    Json,
    /// One object a line.
    Jsonl,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// One page for a browser, with filters.
    Html,
    /// A table for a spreadsheet.
    Csv,
}

impl Form {
    pub const ALL: [Form; 8] =
        [Form::Full, Form::Concise, Form::Json, Form::Jsonl, Form::Sarif, Form::Github, Form::Html, Form::Csv];

    pub fn as_str(self) -> &'static str {
        match self {
            Form::Full => "full",
            Form::Concise => "concise",
            Form::Json => "json",
            Form::Jsonl => "jsonl",
            Form::Sarif => "sarif",
            Form::Github => "github",
            Form::Html => "html",
            Form::Csv => "csv",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no form `{0}`: it is one of {forms}", forms = Form::ALL.map(Form::as_str).join(", "))]
pub struct UnknownForm(String);

impl Form {
    /// Findings can be written in portions, one after the other: nothing stands before, between or after them all.
    pub fn is_stream(self) -> bool {
        matches!(self, Form::Full | Form::Concise | Form::Jsonl | Form::Github)
    }

    /// The form has a place of its own for findings that are let stand; in the others they stand among those that are
    /// not, marked.
    pub fn sets_accepted_apart(self) -> bool {
        matches!(self, Form::Json | Form::Sarif | Form::Html)
    }
}

impl FromStr for Form {
    type Err = UnknownForm;

    fn from_str(text: &str) -> Result<Form, UnknownForm> {
        Form::ALL.into_iter().find(|form| form.as_str() == text).ok_or_else(|| UnknownForm(text.to_owned()))
    }
}

/// What a form needs to know beside the findings.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// `full` and `concise` may carry colour.
    pub color: bool,
    /// Columns `full` may take.
    pub width: usize,
    /// What a rule finds, in a sentence, where a form lists the rules; may be empty.
    pub describe: fn(Rule) -> &'static str,
    /// Why that matters, in some sentences; may be empty.
    pub explain: fn(Rule) -> &'static str,
}

impl Default for Options {
    fn default() -> Options {
        Options { color: false, width: 100, describe: |_| "", explain: |_| "" }
    }
}

/// Writes `findings` in the order they have.
pub fn render(findings: &[Located], form: Form, options: Options, to: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Full => full::render(findings, options, to),
        Form::Concise => concise::render(findings, options, to),
        Form::Json => json::render(findings, to),
        Form::Jsonl => json::render_lines(findings, to),
        Form::Sarif => sarif::render(findings, options, to),
        Form::Github => github::render(findings, to),
        Form::Html => html::render(findings, &Heading::default(), options, to),
        Form::Csv => csv::render(findings, to),
    }
}

/// What a page tells of the check it shows.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    /// The files and folders, as they were named.
    pub checked: Vec<String>,
    /// How many texts that were.
    pub texts: Option<usize>,
    pub made: Option<Timestamp>,
}

/// Writes `findings` as a page for a browser.
///
/// # Errors
/// What writing to `to` gives.
pub fn page(findings: &[Located], heading: &Heading, options: Options, to: &mut dyn Write) -> io::Result<()> {
    html::render(findings, heading, options, to)
}

/// How many findings there are, for a last line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    /// Files with a finding.
    pub files: BTreeSet<String>,
}

/// Of the findings that nobody lets stand.
impl Summary {
    pub fn of(findings: &[Located]) -> Summary {
        let mut out = Summary::default();
        out.add(findings);
        out
    }

    pub fn add(&mut self, findings: &[Located]) {
        for located in findings.iter().filter(|located| located.accepted.is_none()) {
            *match located.finding.level {
                Level::Error => &mut self.errors,
                Level::Warning => &mut self.warnings,
                Level::Info => &mut self.infos,
            } += 1;
            if !self.files.contains(&located.source.name) {
                self.files.insert(located.source.name.clone());
            }
        }
    }
}

/// `2 errors, 1 warning in 2 files`; `nothing found`.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            _ => format!("{count} {what}s"),
        };
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "remark")];
        let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(n, what)).collect();
        match parts.is_empty() {
            true => f.write_str("nothing found"),
            false => write!(f, "{} in {}", parts.join(", "), counted(self.files.len(), "file")),
        }
    }
}

fn style(level: Level) -> Style {
    match level {
        Level::Error => AnsiColor::Red.on_default().bold(),
        Level::Warning => AnsiColor::Yellow.on_default().bold(),
        Level::Info => AnsiColor::Cyan.on_default().bold(),
    }
}

/// Text in a style, or plain.
struct Brush {
    color: bool,
}

impl Brush {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// `c` as it may stand in one line of a report: white space is a space, and what could steer a terminal or
/// reorder the line (control characters, bidirectional overrides) is U+FFFD.
fn harmless_char(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => {
            char::REPLACEMENT_CHARACTER
        }
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(harmless_char).collect()
}

/// Why a finding is let stand, by whom and since when: `a title (leyla, 2026-03-01)`.
fn because(accepted: &Accepted) -> String {
    format!("{} ({}, {})", accepted.reason, accepted.who, accepted.date.strftime("%F"))
}

/// What to do about a finding, as a clause: ``use `Milli Majlis` ``.
fn advice(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let verb = match finding.rule {
        Rule::MissingTerm => "expected",
        _ => "use",
    };
    let doubt = if fix.certain { "" } else { " (check the form)" };
    Some(format!("{verb} `{}`{doubt}", one_line(&fix.text)))
}

/// A stretch of one line round a mark, short enough to read.
struct Excerpt<'t> {
    before: &'t str,
    mark: &'t str,
    after: &'t str,
    /// Something of the line was left out before, in the mark, after.
    cut: [bool; 3],
}

/// The line round the mark of `located`, at most `room` wide by the measure `width` of a character.
///
/// Looks at no more than four times `room` characters each side, whatever they measure. A mark over several
/// lines ends with the first of them.
fn excerpt(located: &Located, room: usize, width: impl Fn(char) -> usize) -> Excerpt<'_> {
    let text: &str = &located.source.text;
    let line = located.source.line_at(located.byte_start);
    let line_end = line.start + line.of(text).trim_end_matches('\r').len();
    let mark_start = located.byte_start.min(line_end);
    let mark_end = located.byte_end.min(line_end);
    let (left, mark, right) = (&text[line.start..mark_start], &text[mark_start..mark_end], &text[mark_end..line_end]);
    let measure = |chars: &mut dyn Iterator<Item = char>| -> usize {
        chars.take(4 * room + 1).map(|c| width(c).max(1)).sum() // marks without width still take part
    };
    let (left_width, mark_width, right_width) =
        (measure(&mut left.chars().rev()), measure(&mut mark.chars()), measure(&mut right.chars()));
    if left_width + mark_width + right_width <= room {
        return Excerpt { before: left, mark, after: right, cut: [false; 3] };
    }
    let (mark, mark_cut) = head(mark, room, &width);
    let spare = room - mark_width.min(room);
    // Half a side, and what one side does not need goes to the other.
    let half = spare / 2;
    let for_left = left_width.min(half.max(spare.saturating_sub(right_width)));
    let for_right = spare - for_left;
    let (before, before_cut) = tail(left, for_left, &width);
    let (after, after_cut) = if mark_cut { ("", !right.is_empty()) } else { head(right, for_right, &width) };
    Excerpt { before, mark, after, cut: [before_cut, mark_cut, after_cut] }
}

/// The beginning of `text` no wider than `room`, up to a word's end where there is one near.
fn head<'t>(text: &'t str, room: usize, width: &impl Fn(char) -> usize) -> (&'t str, bool) {
    let mut taken = 0;
    let fit = text.char_indices().find(|(_, c)| {
        taken += width(*c).max(1);
        taken > room
    });
    let Some((end, first_out)) = fit else { return (text, false) };
    let part = &text[..end];
    let word = part.rfind(char::is_whitespace).filter(|at| *at >= end / 2 && !first_out.is_whitespace());
    (part[..word.unwrap_or(end)].trim_end(), true)
}

/// The end of `text` no wider than `room`, from a word's beginning where there is one near.
fn tail<'t>(text: &'t str, room: usize, width: &impl Fn(char) -> usize) -> (&'t str, bool) {
    let mut taken = 0;
    let fit = text.char_indices().rev().find(|(_, c)| {
        taken += width(*c).max(1);
        taken > room
    });
    let Some((at, last_out)) = fit else { return (text, false) };
    let part = &text[at + last_out.len_utf8()..];
    let word = part.find(char::is_whitespace).filter(|at| *at <= part.len() / 2 && !last_out.is_whitespace());
    (part[word.unwrap_or(0)..].trim_start(), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        model::{Fix, Place, SourceMap},
        text::Span,
    };
    use std::{collections::BTreeMap, sync::Arc};

    pub(super) fn finding(rule: Rule, level: Level, message: &str) -> Finding {
        Finding {
            rule,
            level,
            message: message.to_owned(),
            place: Place { language: Language::EN, span: Span::new(0, 0) },
            concept: None,
            term: None,
            unit: None,
            fix: None,
            notes: Vec::new(),
        }
    }

    /// `finding` placed on the first `mark` of a document made of `text`.
    pub(super) fn placed(name: &str, language: Language, text: &str, mark: &str, finding: Finding) -> Located {
        let start = text.find(mark).expect("the sample holds the mark");
        let span = Span::new(start, start + mark.len());
        let source = Source::new(name, language, text, SourceMap::Same);
        let finding = Finding { place: Place { language, span }, ..finding };
        locate(finding, &BTreeMap::from([(language, Arc::new(source))])).expect("the source is there")
    }

    /// A few findings as a check gives them, the same for the snapshots of all forms.
    pub(super) fn sample() -> Vec<Located> {
        let en = "Baku hosts a forum\n\nThe Head of the State Migration Service, who has taken part in the meeting, \
                  met in a joint press conference with the Milli Mejlis (National Assembly) of the Republic of \
                  Azerbaijan on Monday.\n";
        let az = "Bakıda forum keçirilir.\nXidmət “=mühacir” sözünü işlətmir.\n";
        let mut found = vec![
            placed(
                "releases/004.en.txt",
                Language::EN,
                en,
                "Milli Mejlis",
                Finding {
                    concept: Some("parliament".into()),
                    term: Some("Milli Majlis".into()),
                    fix: Some(Fix { text: "Milli Majlis".into(), certain: true }),
                    notes: vec!["concept: parliament (az Milli Məclis, ru Милли Меджлис)".into()],
                    ..finding(Rule::ForbiddenTerm, Level::Error, "`Milli Mejlis` is a forbidden variant")
                },
            ),
            placed(
                "releases/004.az.txt",
                Language::AZ,
                az,
                "=mühacir",
                Finding {
                    concept: Some("migrant".into()),
                    fix: Some(Fix { text: "miqrant".into(), certain: false }),
                    ..finding(Rule::DeprecatedTerm, Level::Warning, "`=mühacir` is <out> of use: 100%\nfor good")
                },
            )
            .with_counterpart(Language::EN, "The Service does not use the word “migrant” & the like."),
        ];
        found[0].id = "3fa9c1d2".into();
        found[1].id = "07bb21e0".into();
        let date = "2026-03-01T10:00:00Z".parse().expect("a date");
        let accepted = Accepted { reason: "A title.".into(), who: "leyla".into(), date };
        found[1].accepted = Some(Arc::new(accepted));
        found
    }

    pub(super) fn rendered(findings: &[Located], form: Form, options: Options) -> String {
        let mut out = Vec::new();
        render(findings, form, options, &mut out).expect("a Vec takes all");
        String::from_utf8(out).expect("reports are UTF-8")
    }

    #[test]
    fn every_form_has_its_name() {
        for form in Form::ALL {
            assert_eq!(form.as_str().parse(), Ok(form));
        }
        assert_eq!(
            "xml".parse::<Form>().unwrap_err().to_string(),
            "there is no form `xml`: it is one of full, concise, json, jsonl, sarif, github, html, csv"
        );
    }

    #[test]
    fn findings_are_counted() {
        assert_eq!(Summary::of(&sample()).to_string(), "1 error in 1 file");
        assert_eq!(Summary::of(&sample()[..1]).to_string(), "1 error in 1 file");
        assert_eq!(Summary::of(&[]).to_string(), "nothing found");
    }

    #[test]
    fn findings_are_sorted_by_file_and_place() {
        let mut findings = sample();
        sort(&mut findings);
        let names: Vec<&str> = findings.iter().map(|l| l.source.name.as_str()).collect();
        assert_eq!(names, ["releases/004.az.txt", "releases/004.en.txt"]);
    }

    #[test]
    fn no_form_fails_on_nothing_or_on_odd_text() {
        let odd = "a\u{1b}[31m\u{202e}b\tc\r\nd\0";
        let odd = placed(odd, Language::EN, odd, "b\tc\r\nd", finding(Rule::NameDrift, Level::Info, odd));
        for form in Form::ALL {
            rendered(&[], form, Options::default());
            let text = rendered(std::slice::from_ref(&odd), form, Options::default());
            assert!(!text.contains(['\u{1b}', '\0']), "{form:?}: {text:?}");
        }
    }
}
