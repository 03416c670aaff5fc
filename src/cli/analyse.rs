//! `yaddash analyse`: how much of a job the memory has.

use super::{CliError, Desk, Exit, Ui, lookup, memories, segment, ui::Bars};
use crate::{
    app::{
        analyse::{Analysis, Asking, Band, Bands, Counts, analyse},
        documents::{self, How},
        lookup::Memories,
        segmentation::Rules,
        texts::{self, Text},
    },
    lang::Language,
    lookup::Penalty,
};
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// Count what a translation will take: segments, words and characters by how much of them the memory has
///
/// Bands: `context` is the same text between the same neighbours, `exact` the same text, `repetitions` what stands
/// earlier in the texts analysed and is neither, then the best match by its score, `none` what has no match of 50 or
/// more. Words are counted by Unicode word boundaries (UAX 29): words and numbers, no punctuation, so that `DMX-nin` is
/// two and `1,250` one. Characters are code points, the spaces inside of segments among them. Footers and segments of
/// numbers alone count like others. Several memories are asked as if they were one (`-m office.db -m archive.db:-5`).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Documents (txt, md, html, docx, odt), XLIFF files, of which the sources count, or folders of them; `-` is
    /// standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language of the texts, instead of what their names, headers or letters tell. Of a folder, only what is in
    /// it by its name
    #[arg(short = 's', long, value_name = "LANG")]
    from: Option<Language>,
    /// The languages translated into, a table each
    #[arg(short = 't', long, required = true, value_name = "LANGUAGES", value_delimiter = ',')]
    to: Vec<Language>,
    /// Pending units count too
    #[arg(long)]
    pending: bool,
    /// Take points from the matches whose origin fits: `mt*=15`; of several that fit the highest counts
    #[arg(long, value_name = "GLOB=POINTS", value_parser = lookup::penalty)]
    penalty: Vec<Penalty>,
    /// How results are written
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for people
    Text,
    /// A row a file and band, for spreadsheets
    Csv,
    /// One object
    Json,
    /// A page
    Html,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let rules = segment::configured(desk)?;
        let listed = texts::listed(&self.files, self.from).map_err(CliError::new)?;
        if !listed.other_languages.is_empty() {
            let count = super::run::counted(listed.other_languages.len(), "file", "files");
            desk.ui.remark(format_args!("{count} in other languages passed over; `--from` says which to analyse"));
        }
        let mut exit = Exit::Done;
        let mut all: Vec<Text> = Vec::new();
        for path in &listed.files {
            match bytes(path).and_then(|bytes| read(desk, path, bytes, self.from, &rules)) {
                Ok(read) => all.extend(read),
                Err(error) => {
                    desk.ui.complain(&error);
                    exit = Exit::Failed;
                }
            }
        }
        if all.is_empty() {
            return match exit {
                Exit::Failed => Ok(exit),
                _ => Err(CliError::new("there is no text in what is named")
                    .hint("txt, md, html, docx, odt and XLIFF are texts")),
            };
        }
        let Desk { global, ui, .. } = desk;
        let opened = Memories::open(&global.memories)?;
        for path in opened.missing() {
            ui.remark(memories::missing(path));
        }
        let views = opened.read()?;
        let asking = Asking { pending: self.pending, penalties: self.penalty, threads: rayon::current_num_threads() };
        let mut by_language: BTreeMap<Language, Vec<&Text>> = BTreeMap::new();
        all.iter().for_each(|text| by_language.entry(text.language).or_default().push(text));
        let to = distinct(&self.to);
        lookup::remark_languages(ui, &views, by_language.keys().copied().chain(to.iter().copied()))?;
        let mut analyses = Vec::new();
        for (from, texts) in &by_language {
            for to in to.iter().filter(|to| *to != from) {
                let watch = Bars::new(ui);
                analyses.push(analyse(&views, texts, (*from, *to), &asking, &watch)?);
            }
            if to.contains(from) {
                ui.warn(format_args!(
                    "{} in `{from}` are not counted for `--to {from}`",
                    super::run::counted(texts.len(), "text", "texts")
                ));
            }
        }
        match self.format {
            Format::Text => text(ui, &analyses)?,
            Format::Csv => csv(ui, &analyses)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut *ui, &object(&analyses)).map_err(io::Error::from)?;
                writeln!(ui)?;
            }
            Format::Html => html(ui, &analyses)?,
        }
        Ok(exit)
    }
}

/// The bytes of a file; `-` is standard input.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    if path != Path::new("-") {
        return documents::bytes(path).map_err(CliError::new);
    }
    let mut out = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut out);
    read.map_err(|error| CliError::new(format_args!("standard input could not be read: {error}")))?;
    Ok(out)
}

/// The texts of a file, with what is to be said of their language.
pub(super) fn read(
    desk: &mut Desk,
    path: &Path,
    bytes: Vec<u8>,
    from: Option<Language>,
    rules: &Rules,
) -> Result<Vec<Text>, CliError> {
    let texts = texts::of_bytes(path, bytes, from, rules).map_err(CliError::new)?;
    for text in &texts {
        match text.told {
            How::Letters => {
                desk.ui.remark(format_args!("{}: taken for {} by its letters", text.name, text.language.name()));
            }
            How::Nothing => desk.ui.warn(format_args!(
                "{}: neither name nor letters tell the language; general rules are used (say --from en, az or ru)",
                text.name
            )),
            How::Flag | How::Name | How::Declaration => {}
        }
    }
    Ok(texts)
}

/// Without what is named twice, in the order named.
pub(super) fn distinct(languages: &[Language]) -> Vec<Language> {
    let mut out: Vec<Language> = Vec::new();
    languages.iter().for_each(|language| {
        if !out.contains(language) {
            out.push(*language)
        }
    });
    out
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    table
}

fn printed(ui: &mut Ui, mut table: Table) -> Result<(), CliError> {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for line in table.lines() {
        writeln!(ui, "{}", line.trim_end())?;
    }
    Ok(writeln!(ui)?)
}

/// `-` for nothing.
fn number(count: usize) -> String {
    if count == 0 { "-".to_owned() } else { count.to_string() }
}

/// A share of all words, in percent rounded to a tenth.
fn share(part: Counts, whole: Counts) -> String {
    match whole.words {
        0 => "-".to_owned(),
        words => format!("{:.1}", part.words as f64 * 100.0 / words as f64),
    }
}

fn text(ui: &mut Ui, analyses: &[Analysis]) -> Result<(), CliError> {
    for analysis in analyses {
        let total = analysis.total();
        let whole = total.total();
        let files = super::run::counted(analysis.files.len(), "text", "texts");
        writeln!(ui, "{} to {}: {files}", analysis.from.name(), analysis.to.name())?;
        let mut bands = table(&["", "segments", "words", "characters", "% of words"]);
        for band in Band::ALL {
            let counts = total.of(band);
            bands.add_row(
                [
                    band.as_str().to_owned(),
                    number(counts.segments),
                    number(counts.words),
                    number(counts.characters),
                    share(counts, whole),
                ]
                .map(Cell::new),
            );
        }
        bands.add_row(
            [
                "all".to_owned(),
                number(whole.segments),
                number(whole.words),
                number(whole.characters),
                share(whole, whole),
            ]
            .map(Cell::new),
        );
        printed(ui, bands)?;
        if analysis.files.len() > 1 {
            let mut header = vec!["words"];
            header.extend(Band::ALL.map(Band::as_str));
            header.extend(["all", "segments", "characters"]);
            let mut files = table(&header);
            let all = ("all".to_owned(), total);
            for (name, bands) in analysis.files.iter().chain([&all]) {
                let whole = bands.total();
                let mut row = vec![name.clone()];
                row.extend(Band::ALL.map(|band| number(bands.of(band).words)));
                row.extend([whole.words, whole.segments, whole.characters].map(number));
                files.add_row(row.into_iter().map(Cell::new));
            }
            printed(ui, files)?;
        }
    }
    Ok(())
}

fn csv(ui: &mut Ui, analyses: &[Analysis]) -> Result<(), CliError> {
    let failed = |error: csv::Error| CliError::from(io::Error::other(error));
    let mut rows = csv::Writer::from_writer(&mut *ui);
    rows.write_record(["from", "to", "file", "band", "segments", "words", "characters"]).map_err(failed)?;
    for analysis in analyses {
        for (name, bands) in &analysis.files {
            for band in Band::ALL {
                let Counts { segments, words, characters } = bands.of(band);
                let numbers = [segments, words, characters].map(|n| n.to_string());
                let [segments, words, characters] = &numbers;
                let row =
                    [analysis.from.as_str(), analysis.to.as_str(), name, band.as_str(), segments, words, characters];
                rows.write_record(row).map_err(failed)?;
            }
        }
    }
    Ok(rows.flush()?)
}

fn object(analyses: &[Analysis]) -> Value {
    let counts =
        |counts: Counts| json!({"segments": counts.segments, "words": counts.words, "characters": counts.characters});
    let bands = |bands: &Bands| -> Value {
        let of: Map<String, Value> =
            Band::ALL.iter().map(|band| (band.as_str().to_owned(), counts(bands.of(*band)))).collect();
        json!({"bands": of, "all": counts(bands.total())})
    };
    let file = |(name, of): &(String, Bands)| {
        let mut out = json!({"file": name});
        if let (Value::Object(out), Value::Object(of)) = (&mut out, bands(of)) {
            out.extend(of);
        }
        out
    };
    let pair = |analysis: &Analysis| {
        json!({
            "from": analysis.from,
            "to": analysis.to,
            "files": analysis.files.iter().map(file).collect::<Vec<_>>(),
            "total": bands(&analysis.total()),
        })
    };
    json!({"version": 1, "analyses": analyses.iter().map(pair).collect::<Vec<_>>()})
}

fn html(ui: &mut Ui, analyses: &[Analysis]) -> Result<(), CliError> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    write!(
        ui,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Analysis</title>\n<style>\
         body{{font:16px/1.5 sans-serif;margin:2em}}table{{border-collapse:collapse;margin:1em 0}}\
         th,td{{border:1px solid #bbb;padding:.2em .7em;text-align:right}}th:first-child,td:first-child{{text-align:left}}\
         tr:last-child{{font-weight:bold}}</style>\n"
    )?;
    for analysis in analyses {
        let total = analysis.total();
        writeln!(ui, "<h2>{} to {}</h2>", escaped(analysis.from.name()), escaped(analysis.to.name()))?;
        let row = |tag: &str, cells: Vec<String>| -> String {
            let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let all = ("all".to_owned(), total);
        for (what, of) in UNITS {
            let head = std::iter::once(*what).chain(Band::ALL.map(Band::as_str)).chain(["all"]);
            writeln!(ui, "<table>\n{}", row("th", head.map(str::to_owned).collect()).trim_end())?;
            for (name, bands) in analysis.files.iter().chain([&all]) {
                let numbers = Band::ALL.map(|band| number(of(bands.of(band))));
                let cells = std::iter::once(name.clone()).chain(numbers).chain([number(of(bands.total()))]);
                write!(ui, "{}", row("td", cells.collect()))?;
            }
            writeln!(ui, "</table>")?;
        }
    }
    Ok(writeln!(ui, "</html>")?)
}

/// One of the three counts.
type Count = fn(Counts) -> usize;

/// What is counted.
const UNITS: &[(&str, Count)] = &[
    ("words", |counts| counts.words),
    ("segments", |counts| counts.segments),
    ("characters", |counts| counts.characters),
];
