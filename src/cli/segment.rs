//! `yaddash segment`: one segment a line, or one JSON object a segment.

use super::{CliError, Desk, Exit, Ui};
use crate::{
    app::{
        documents::{Encoding, How, LoadError, Pieces, Reading, load, load_bytes, pieces},
        segmentation::{self, Rules, Settings},
    },
    lang::Language,
    model::{Document, Segment},
    segment::{self, Decision, explain_marked, mark_recurring, segment},
    text::LineIndex,
};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Split documents into segments
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The documents (txt, md, html, docx, odt); `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language of the documents, instead of what their names, headers or letters tell
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// Each line is one paragraph of running text: no headings, lists, footers or hard-wrapped lines
    #[arg(long)]
    lines: bool,
    /// The encoding of txt, Markdown and HTML, instead of what their bytes tell: windows-1251, koi8-r, utf-16le …
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// How to print the segments
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    format: Form,
    /// Print every place where a segment ends or might have ended, and the rule that decided
    #[arg(long, conflicts_with = "format")]
    explain: bool,
    /// Rules of an SRX file (1.0 or 2.0) instead of the program's own
    #[arg(long, value_name = "FILE")]
    srx: Option<PathBuf>,
    /// An abbreviation: a sentence goes on behind it, unless a word follows that begins sentences
    #[arg(long, value_name = "WORD")]
    abbreviation: Vec<String>,
    /// Text in which no segment ends, nor behind it: `Yahoo!`
    #[arg(long, value_name = "TEXT")]
    no_break: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One segment a line
    Text,
    /// One JSON object a line
    Jsonl,
    /// No segments, but the program's own rules as an SRX 2.0 file, for other tools
    Srx,
}

/// One segment as JSON Lines give it; offsets are code points.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    number: usize,
    paragraph: usize,
    kind: &'static str,
    start: usize,
    end: usize,
    text: &'a str,
}

/// The rules the configuration asks for, `[segment]`'s `srx`, `abbreviation` and `no-break`, for the other commands
/// that segment.
pub(super) fn configured(desk: &mut Desk) -> Result<Rules, CliError> {
    let rules = Rules::new(&settings(desk)).map_err(CliError::new)?;
    rules.remarks().iter().for_each(|remark| desk.ui.warn(remark));
    Ok(rules)
}

/// `[segment]` of the configuration.
pub(super) fn settings(desk: &Desk) -> Settings {
    let values = |key| desk.config.other("segment", key).unwrap_or_default().to_vec();
    Settings {
        srx: values("srx").first().map(PathBuf::from),
        abbreviations: values("abbreviation"),
        no_break: values("no-break"),
    }
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.format == Form::Srx {
            if !self.files.is_empty() {
                return Err(CliError::new("`--format srx` prints rules: it takes no documents"));
            }
            let languages: Vec<Language> = self.from.into_iter().collect();
            desk.ui.write_all(segmentation::exported(&languages).as_bytes())?;
            return Ok(Exit::Done);
        }
        if self.files.is_empty() {
            return Err(CliError::new("no document is named").hint("`yaddash segment FILE …`; `-` is standard input"));
        }
        let settings = Settings { srx: self.srx, abbreviations: self.abbreviation, no_break: self.no_break };
        let rules = Rules::new(&settings).map_err(CliError::new)?;
        rules.remarks().iter().for_each(|remark| desk.ui.warn(remark));
        let mut exit = Exit::Done;
        let mut languages = BTreeSet::new();
        let reading = Reading { from: self.from, lines: self.lines, encoding: self.encoding };
        // Lines recur over several documents; lone lines are no documents.
        let together = self.files.len() > 1 && !self.lines;
        let mut held = Vec::new();
        for path in &self.files {
            let pieces = match read(path, reading, together) {
                Ok(pieces) => pieces,
                Err(error) => {
                    exit = complain(&mut desk.ui, error);
                    continue;
                }
            };
            let (language, told) = (pieces.language, pieces.told);
            if told == How::Letters {
                desk.ui.remark(format_args!("{}: taken for {} by its letters", pieces.name(), language.name()));
            }
            if languages.insert(language) {
                rules.remarks_on(language).iter().for_each(|remark| desk.ui.warn(remark));
            }
            let rules = rules.of(language);
            let mut printer = Printer::new(&rules, self.format, self.explain);
            let mut any_letters = false;
            for piece in pieces {
                let document = match piece {
                    Ok(document) => document,
                    Err(error) => {
                        exit = complain(&mut desk.ui, error);
                        break;
                    }
                };
                if told == How::Nothing && !any_letters && document.text.chars().any(char::is_alphabetic) {
                    any_letters = true;
                    desk.ui.warn(format_args!(
                        "{}: neither name nor letters tell the language; general rules are used (say --from en, az or ru)",
                        document.name
                    ));
                }
                let segments = segment(&document, &rules);
                if together {
                    held.push((document, segments));
                } else {
                    printer.print(&mut desk.ui, &document, &segments)?;
                }
            }
        }
        let (documents, mut segments): (Vec<Document>, Vec<Vec<Segment>>) = held.into_iter().unzip();
        mark_recurring(&documents.iter().collect::<Vec<_>>(), &mut segments);
        for (document, segments) in documents.iter().zip(&segments) {
            let rules = rules.of(document.language);
            Printer::new(&rules, self.format, self.explain).print(&mut desk.ui, document, segments)?;
        }
        Ok(exit)
    }
}

fn complain(ui: &mut Ui, error: LoadError) -> Exit {
    let guidance = match error {
        LoadError::Folder(_) => Some("name the files in it"),
        _ => None,
    };
    let mut complaint = CliError::new(error);
    if let Some(guidance) = guidance {
        complaint = complaint.hint(guidance);
    }
    ui.complain(&complaint);
    Exit::Failed
}

fn read(path: &Path, reading: Reading, together: bool) -> Result<Pieces, LoadError> {
    if together {
        return Ok(load(path, reading)?.into());
    }
    if path != Path::new("-") {
        return pieces(path, reading);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| LoadError::Unreadable { name: "-".to_owned(), error })?;
    Ok(load_bytes("-", &bytes, reading)?.into())
}

/// Prints what a file holds, its pieces one after the other.
struct Printer<'r> {
    rules: &'r segment::Rules,
    form: Form,
    explained: bool,
    /// What the pieces before this one held.
    segments: usize,
    paragraphs: usize,
    points: usize,
    lines: usize,
}

impl Printer<'_> {
    fn new(rules: &segment::Rules, form: Form, explained: bool) -> Printer<'_> {
        Printer { rules, form, explained, segments: 0, paragraphs: 0, points: 0, lines: 0 }
    }

    fn print(&mut self, ui: &mut Ui, document: &Document, segments: &[Segment]) -> Result<(), CliError> {
        if self.explained {
            let decisions = explain_marked(document, self.rules, segments);
            print_explained(ui, document, &decisions, self.lines)?;
            self.lines += document.text.bytes().filter(|byte| *byte == b'\n').count();
            return Ok(());
        }
        let mut points = CodePoints { text: &document.text, at: 0, counted: self.points };
        for segment in segments {
            self.segments += 1;
            match self.form {
                Form::Text | Form::Srx => print_line(ui, &segment.text)?,
                Form::Jsonl => {
                    let row = Row {
                        file: &document.name,
                        number: self.segments,
                        paragraph: self.paragraphs + segment.paragraph,
                        kind: segment.kind.as_str(),
                        start: points.before(segment.span.start),
                        end: points.before(segment.span.end),
                        text: &segment.text,
                    };
                    serde_json::to_writer(&mut *ui, &row).map_err(io::Error::from)?;
                    ui.write_all(b"\n")?;
                }
            }
        }
        self.points = points.before(document.text.len());
        self.paragraphs += segments.last().map_or(0, |segment| segment.paragraph);
        Ok(())
    }
}

/// A segment of hard-wrapped lines is still one line here.
fn print_line(ui: &mut Ui, segment: &str) -> Result<(), CliError> {
    let mut between = "";
    for words in segment.split(['\n', '\r']).map(str::trim_ascii).filter(|words| !words.is_empty()) {
        ui.write_all(between.as_bytes())?;
        ui.write_all(words.as_bytes())?;
        between = " ";
    }
    ui.write_all(b"\n")?;
    Ok(())
}

/// Counts code points before places that only grow.
struct CodePoints<'a> {
    text: &'a str,
    at: usize,
    counted: usize,
}

impl CodePoints<'_> {
    fn before(&mut self, at: usize) -> usize {
        self.counted += self.text[self.at..at].chars().count();
        self.at = at;
        self.counted
    }
}

/// How much of the text is shown on either side of a place, in characters.
const SHOWN: usize = 30;

/// Prints the decisions; `lines` of the file stand before the document.
fn print_explained(ui: &mut Ui, document: &Document, decisions: &[Decision], lines: usize) -> Result<(), CliError> {
    let index = LineIndex::new(&document.text);
    for Decision { at, breaks, why } in decisions {
        let at = *at;
        let position = index.position(&document.text, at);
        let (mark, style) = match breaks {
            true => ("‖", AnsiColor::Green.on_default().bold()),
            false => ("¦", AnsiColor::Yellow.on_default()),
        };
        let before = last(&document.text[..at]);
        let after = first(&document.text[at..]);
        let shown = format!("{before}{}{after}", ui.paint(style, mark));
        let what = if *breaks { "ends" } else { "goes on" };
        let why = ui.paint(Style::new().dimmed(), &format!("{what}: {why}"));
        writeln!(ui, "{}:{}:{}: {shown}\n    {why}", document.name, lines + position.line, position.column)?;
    }
    Ok(())
}

/// The end of `text`, no more than its last paragraph.
fn last(text: &str) -> String {
    let text = text.rsplit("\n\n").next().unwrap_or_default();
    let start = text.char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
    text[start..].replace('\n', " ")
}

/// The beginning of `text`, no more than its first paragraph.
fn first(text: &str) -> String {
    let text = text.split("\n\n").next().unwrap_or_default();
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    text[..end].replace('\n', " ")
}
