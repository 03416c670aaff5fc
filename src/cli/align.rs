//! `yaddash align`: which segments of a text answer which in its other languages.

use super::{CliError, Desk, Exit, Ui, config::nearest, glossary, run::counted, segment, ui::Bars};
use crate::{
    Language,
    align::{Reason, Signal},
    app::{
        ACCEPT,
        align::{self, AlignError, Aligned, Options, Saving, Texts},
        apply,
        decisions::Lost,
        pair::Known,
        sets::{Found, PassedOver},
        sift::{self, Sifting},
    },
    memory::Memory,
    model::{Bead, Mark},
    report::{ReviewBead, ReviewSet, ReviewState, review},
};
use jiff::Timestamp;
use serde_json::{Map, json};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Align the texts of a set, or of all sets in a folder, segment by segment
///
/// A set is the files of one text: `001.en.txt 001.az.txt 001.ru.txt`, or `en/001.txt az/001.txt`. The sets of a
/// folder are aligned together: what is learned from one serves the others. So do the glossary and the words the
/// memory has learned, where there are any; and beads a person accepted there stand, unless a segment of theirs is gone.
/// Files of a folder whose names tell no set are paired by their content where that is sure. A file in another language
/// than its name says, or a copy of another, is left out.
///
/// To go over the beads in a spreadsheet: `--format csv -o beads.csv`, mark rows with an x in the column `accept`,
/// merge and part rows by their segment numbers (`3+4`), and give the table back with `--apply beads.csv --save`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of sets, or the files of one set
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// The languages to align, parted by commas; all that are found where none are named
    #[arg(long, value_name = "LANGS", value_delimiter = ',')]
    langs: Vec<Language>,
    /// The files hold one segment a line, an empty line is a paragraph break, and every line counts
    #[arg(long)]
    segmented: bool,
    /// Glossary files (CSV, TSV, TBX) instead of the configured ones or the copy in the memory
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,
    /// Do not use the memory: what it has learned, and what people accepted
    #[arg(long, conflicts_with = "save")]
    no_memory: bool,
    /// Pair no files by their content, only by their names
    #[arg(long)]
    by_name: bool,
    /// Take files for what their names say, even if their texts are in another language or copies
    #[arg(long)]
    trust_names: bool,
    /// How to print the beads; with --save they are printed only where this is given
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Beads below this confidence (0 to 1) are in doubt: first on the page of `--format html`, pending where they are
    /// stored. The `accept` of `[align]` in yaddash.toml serves `run` too. Left out: 0.9
    #[arg(long, value_name = "SCORE")]
    accept: Option<f32>,
    /// Say why a bead was chosen: SET is the set's name, N the number of the bead; N alone where there is one set
    #[arg(long, value_name = "SET:N", value_parser = place, conflicts_with_all = ["format", "save"])]
    explain: Option<Place>,
    /// Take decisions from FILE, an edited table of `--format csv` or `tsv`: rows marked in its column `accept` or changed
    /// stand, between them the aligner goes on. Each segment must be in the table once
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    apply: Option<PathBuf>,
    /// Store the beads in the memory as `run` would: those in doubt as pending, those a person accepted as published
    #[arg(long)]
    save: bool,
    /// With --save: say what would change and write nothing
    #[arg(short = 'n', long, requires = "save")]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Side by side, for reading
    Text,
    /// A line a bead: set, segment numbers, texts, score
    Tsv,
    /// The same for spreadsheets, quoted and with a byte order mark
    Csv,
    /// A JSON object a bead
    Jsonl,
    /// A page for review: side by side, those in doubt first, with the reasons
    Html,
}

/// A bead of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Nothing where only one set is aligned.
    set: Option<String>,
    /// From 1.
    number: usize,
}

fn place(text: &str) -> Result<Place, String> {
    let (set, number) = match text.rsplit_once(':') {
        Some((set, number)) => (Some(set.to_owned()), number),
        None => (None, text),
    };
    match number.parse() {
        Ok(number) if number > 0 => Ok(Place { set, number }),
        _ => Err("this is not a set and the number of a bead, as in `001:4`".to_owned()),
    }
}

/// The confidence from which on a bead is accepted: as `given`, else as `[align] accept` says, one meaning for all
/// commands.
pub(super) fn accept(desk: &Desk, given: Option<f32>) -> Result<f32, CliError> {
    let configured = desk.config.other("align", "accept").and_then(<[String]>::first);
    let (name, accept) = match (given, configured) {
        (Some(given), _) => ("--accept", Ok(given)),
        (None, Some(text)) => ("`[align] accept`", text.parse().map_err(|_| text.clone())),
        (None, None) => ("", Ok(ACCEPT)),
    };
    match accept {
        Ok(accept) if (0.0..=1.0).contains(&accept) => Ok(accept),
        Ok(other) => Err(CliError::new(format_args!("{name} is a confidence from 0 to 1, not `{other}`"))),
        Err(other) => Err(CliError::new(format_args!("{name} is a confidence from 0 to 1, not `{other}`"))),
    }
}

/// Says what a person accepted and could not be kept.
pub(super) fn tell_lost(ui: &mut Ui, set: &str, lost: &[Lost]) {
    /// Characters of a bead's text that are shown.
    const SHOWN: usize = 60;
    for lost in lost {
        let mut text: String = lost.text.chars().take(SHOWN).collect();
        if text.len() < lost.text.len() {
            text.push('…');
        }
        ui.warn(format_args!(
            "{set}: bead {}, which a person accepted, could not be kept, for its text was changed: {text}",
            lost.number
        ));
    }
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.langs.len() == 1 {
            return Err(CliError::new("`--langs` names one language").hint("name two or more: `--langs en,az`"));
        }
        if let Some(at) = (1..self.langs.len()).find(|at| self.langs[..*at].contains(&self.langs[*at])) {
            return Err(CliError::new(format_args!("`--langs` names {} twice", self.langs[at])));
        }
        let accept = accept(desk, self.accept)?;
        let found = self.sets(desk)?;
        let refused = found.passed_over.iter().any(PassedOver::is_refused);
        let (memory, concepts) = match self.no_memory {
            true => (None, glossary::given(desk, &self.terms)?.map(|g| g.concepts).unwrap_or_default()),
            false => (Memory::open_existing(&desk.global.memory)?, glossary::in_force(desk, &self.terms)?),
        };
        let options = Options {
            texts: if self.segmented { Texts::Segmented } else { Texts::Documents },
            segmenting: segment::configured(desk)?,
            concepts,
            accept,
            explain: self.explain.is_some() || self.format == Some(Form::Html),
        };
        let watch = Bars::new(&desk.ui);
        let (aligned, failed, applied) = match &self.apply {
            Some(file) => {
                let applied = apply::apply(found.sets, memory.as_ref(), &options, file, &watch)?;
                let counts = (applied.marked, applied.changed, applied.left);
                (applied.aligned, applied.failed, Some((file, counts)))
            }
            None => {
                let (aligned, failed) = align::align_sets(found.sets, memory.as_ref(), &options, &watch)?;
                (aligned, failed, None)
            }
        };
        drop(watch);
        drop(memory);
        let exit = if failed.is_empty() && !refused { Exit::Done } else { Exit::Failed };
        failed.into_iter().for_each(|error| desk.ui.complain(&error.into()));
        for set in &aligned {
            tell_lost(&mut desk.ui, &set.set.name, &set.lost);
        }
        if let Some((file, (marked, changed, left))) = applied {
            let changed = match changed {
                0 => String::new(),
                changed => format!(", {changed} more that were changed"),
            };
            let rows = counted(marked, "row", "rows");
            desk.ui.remark(format_args!("{}: {rows} accepted{changed}, {left} left to the aligner", file.display()));
            if !self.save {
                desk.ui.remark("nothing was stored: --save keeps this in the memory");
            }
        }
        let mut languages = self.langs.clone();
        for language in aligned.iter().flat_map(|set| set.bitext.texts.keys()) {
            if !languages.contains(language) {
                languages.push(*language);
            }
        }
        if let Some(place) = &self.explain {
            explain(desk, &aligned, &languages, place, accept)?;
            return Ok(exit);
        }
        if self.save {
            self.save(desk, &aligned, &options)?;
        }
        match self.format.or((!self.save).then_some(Form::Text)) {
            Some(Form::Text) => text(desk, &aligned, &languages)?,
            Some(Form::Tsv) => table(desk, &aligned, &languages, Form::Tsv)?,
            Some(Form::Csv) => table(desk, &aligned, &languages, Form::Csv)?,
            Some(Form::Jsonl) => jsonl(desk, &aligned, &languages)?,
            Some(Form::Html) => html(desk, &aligned, &languages, accept)?,
            None => {}
        }
        Ok(exit)
    }

    /// Stores the beads, and says so: on standard output where no beads are printed there.
    fn save(&self, desk: &mut Desk, aligned: &[Aligned], options: &Options) -> Result<(), CliError> {
        let what: Vec<String> = self.paths.iter().map(|path| path.display().to_string()).collect();
        let note = match &self.apply {
            Some(file) => format!("align --apply {} {}", file.display(), what.join(" ")),
            None => format!("align {}", what.join(" ")),
        };
        let saving = Saving { note, who: super::memory::who(), now: Timestamp::now(), dry_run: self.dry_run };
        let saved = align::save(&desk.global.memory, aligned, options, &saving)?;
        let mut told = format!(
            "{} {}{}, {} units added, {} moved to the history",
            if self.dry_run { "would do:" } else { "done:" },
            counted(saved.sets, "set", "sets"),
            if saved.unchanged > 0 { format!(" ({} unchanged)", saved.unchanged) } else { String::new() },
            saved.added,
            saved.removed
        );
        if saved.pending > 0 {
            told += &format!(", {} in doubt wait as pending", saved.pending);
        }
        if saved.accepted > 0 {
            told += &format!(", {} accepted by a person", counted(saved.accepted, "bead", "beads"));
        }
        if self.dry_run {
            told += "; nothing was written";
        }
        match self.format {
            None => writeln!(desk.ui, "{told}")?,
            Some(_) => desk.ui.remark(told),
        }
        Ok(())
    }
}

impl Args {
    /// The sets to align; what is passed over, and what is paired by content, is said.
    fn sets(&self, desk: &mut Desk) -> Result<Found, CliError> {
        let concepts = glossary::given(desk, &self.terms)?.map(|glossary| glossary.concepts);
        let memory = (!self.no_memory).then(|| desk.global.memory.clone());
        let known = Known { concepts: concepts.as_deref(), memory: memory.as_deref() };
        let sifting = Sifting { by_name: self.by_name, trust_names: self.trust_names, fit: false };
        let bars = Bars::new(&desk.ui);
        let found = match self.paths.as_slice() {
            [folder] if folder.is_dir() => {
                align::sets_in(folder, &self.langs, |found| sift::sift(found, folder, known, sifting, &bars))
            }
            files => align::set_of(files, &self.langs, |found| {
                sift::sift(found, Path::new(""), known, Sifting { by_name: true, ..sifting }, &bars)
            }),
        };
        drop(bars);
        if let Err(AlignError::NoSets { passed_over, .. } | AlignError::NotOneSet { passed_over, .. }) = &found {
            super::passed_over(&mut desk.ui, passed_over);
        }
        let (found, paired) = found?;
        paired.iter().for_each(|paired| desk.ui.remark(paired));
        super::passed_over(&mut desk.ui, &found.passed_over);
        Ok(found)
    }
}

fn jsonl(desk: &mut Desk, aligned: &[Aligned], languages: &[Language]) -> Result<(), CliError> {
    for set in aligned {
        for (bead, mut shown) in set.bitext.beads.iter().zip(set.shown()) {
            let mut sides = Map::new();
            for (language, side) in languages.iter().filter_map(|l| Some((l, shown.remove(l)?))) {
                let side = json!({
                    "segments": side.segments, "start": side.start, "end": side.end, "text": side.text
                });
                sides.insert(language.to_string(), side);
            }
            let score = f64::from((bead.score * 1e6).round()) / 1e6;
            writeln!(
                desk.ui,
                "{}",
                json!({ "set": set.set.name, "sides": sides, "score": score, "accepted": bead.mark == Mark::Accepted })
            )?;
        }
    }
    Ok(())
}

/// The numbers of segments as they are printed: `3+4`, or `-`.
fn numbers(segments: &[usize]) -> String {
    match segments {
        [] => "-".to_owned(),
        segments => apply::listed(&from_one(segments)),
    }
}

fn from_one(segments: &[usize]) -> Vec<usize> {
    segments.iter().map(|at| at + 1).collect()
}

/// The table that `--apply` reads back.
fn table(desk: &mut Desk, aligned: &[Aligned], languages: &[Language], form: Form) -> Result<(), CliError> {
    if form == Form::Csv {
        // Without it Excel reads no Azerbaijani.
        write!(desk.ui, "\u{feff}")?;
    }
    let header = ["set".to_owned(), "accept".to_owned()]
        .into_iter()
        .chain(languages.iter().map(|l| format!("{l}_segments")))
        .chain(languages.iter().map(Language::to_string))
        .chain(["score".to_owned(), "aligned".to_owned()]);
    record(desk, header.collect(), form)?;
    for set in aligned {
        for bead in &set.bitext.beads {
            let sides = set.bitext.texts.keys().map(|language| (*language, from_one(bead.side(*language)))).collect();
            let accept = if bead.mark == Mark::Accepted { "yes" } else { "" };
            let numbers = languages.iter().map(|l| match bead.side(*l) {
                // A spreadsheet takes a lonely `-` for the beginning of a formula.
                [] if form == Form::Csv => String::new(),
                segments => numbers(segments),
            });
            let cells = [set.set.name.clone(), accept.to_owned()]
                .into_iter()
                .chain(numbers)
                .chain(languages.iter().map(|l| set.bitext.text(bead, *l)))
                .chain([format!("{:.4}", bead.score), apply::shown(&sides)]);
            record(desk, cells.collect(), form)?;
        }
    }
    Ok(())
}

/// A line of the table. TSV is never quoted; a cell of CSV that Excel would take for a formula gets an apostrophe.
fn record(desk: &mut Desk, cells: Vec<String>, form: Form) -> Result<(), CliError> {
    let cell = |text: String| {
        let text = text.replace(['\t', '\n', '\r'], " ");
        if form == Form::Tsv {
            return text;
        }
        let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
        match text.contains([',', ';', '"']) {
            true => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
            false => format!("{guard}{text}"),
        }
    };
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    match form {
        Form::Csv => write!(desk.ui, "{}\r\n", cells.join(","))?,
        _ => writeln!(desk.ui, "{}", cells.join("\t"))?,
    }
    Ok(())
}

/// The languages of one set, in the order they are printed.
fn of_set(set: &Aligned, languages: &[Language]) -> Vec<Language> {
    languages.iter().filter(|l| set.bitext.texts.contains_key(l)).copied().collect()
}

fn text(desk: &mut Desk, aligned: &[Aligned], languages: &[Language]) -> Result<(), CliError> {
    for set in aligned {
        let of_set = of_set(set, languages);
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
        table.set_content_arrangement(comfy_table::ContentArrangement::DynamicFullWidth);
        table.set_width(desk.ui.width().try_into().unwrap_or(u16::MAX));
        table.set_header(std::iter::once("score").chain(of_set.iter().map(Language::as_str)));
        for bead in &set.bitext.beads {
            let accepted = if bead.mark == Mark::Accepted { "\naccepted" } else { "" };
            let score = format!("{:.2}{accepted}", bead.score);
            table.add_row(std::iter::once(score).chain(of_set.iter().map(|l| set.bitext.text(bead, *l))));
        }
        writeln!(desk.ui, "{}\n{table}\n", set.set.name)?;
    }
    Ok(())
}

/// What becomes of a bead where it is stored.
fn state(bead: &Bead, accept: f32) -> ReviewState {
    match bead.mark {
        _ if bead.score < accept => ReviewState::Pending,
        Mark::Accepted => ReviewState::Accepted,
        _ => ReviewState::Sure,
    }
}

fn html(desk: &mut Desk, aligned: &[Aligned], languages: &[Language], accept: f32) -> Result<(), CliError> {
    let sets: Vec<ReviewSet> = aligned
        .iter()
        .map(|set| {
            let of_set = of_set(set, languages);
            let beads = set.bitext.beads.iter().enumerate().map(|(at, bead)| ReviewBead {
                score: bead.score,
                state: state(bead, accept),
                numbers: of_set.iter().map(|language| numbers(bead.side(*language))).collect(),
                texts: of_set.iter().map(|language| set.bitext.text(bead, *language)).collect(),
                why: set.reasons.get(at).into_iter().flatten().map(in_short).collect(),
            });
            ReviewSet { name: set.set.name.clone(), beads: beads.collect(), languages: of_set }
        })
        .collect();
    Ok(review(&sets, accept, &mut desk.ui)?)
}

/// Word pairs named in one line.
const FEW_WORDS: usize = 5;

/// `en-az: words +9.1 (919 = 919, baku = bakı), length +1.2, kind -0.8`
fn in_short(reason: &Reason) -> String {
    let mut signals: Vec<(Signal, f32)> = reason.signals.iter().map(|(signal, weight)| (*signal, *weight)).collect();
    signals.sort_by(|x, y| y.1.abs().total_cmp(&x.1.abs()));
    let words: Vec<String> =
        reason.words.iter().take(FEW_WORDS).map(|pair| format!("{} = {}", pair.words.0, pair.words.1)).collect();
    let signal = |(signal, weight): (Signal, f32)| match signal {
        Signal::Words if !words.is_empty() => format!("words {weight:+.1} ({})", words.join(", ")),
        signal => format!("{} {weight:+.1}", signal.as_str()),
    };
    let shown: Vec<String> = signals.into_iter().filter(|(_, weight)| weight.abs() >= 0.05).map(signal).collect();
    format!("{}-{}: {}", reason.languages.0, reason.languages.1, shown.join(", "))
}

/// Names of sets listed in an error.
const MOST_NAMES: usize = 12;

/// The bead at `place`; what there is where there is none.
fn found<'a>(aligned: &'a [Aligned], place: &Place) -> Result<(&'a Aligned, &'a Bead), CliError> {
    let named = || {
        let names: Vec<&str> = aligned.iter().map(|set| set.set.name.as_str()).take(MOST_NAMES).collect();
        let more = if aligned.len() > MOST_NAMES {
            format!(" and {} more", aligned.len() - MOST_NAMES)
        } else {
            String::new()
        };
        format!("the sets are {}{more}", names.join(", "))
    };
    let set = match (&place.set, aligned) {
        (None, [set]) => set,
        (None, _) => {
            let error = CliError::new(format_args!("bead {} of which set? There are {}", place.number, aligned.len()));
            return Err(error.hint(format!("write SET:{}; {}", place.number, named())));
        }
        (Some(wanted), _) => aligned.iter().find(|set| set.set.name == *wanted).ok_or_else(|| {
            let near = nearest(wanted, aligned.iter().map(|set| set.set.name.as_str()));
            let near = near.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            CliError::new(format_args!("there is no set `{wanted}`")).hint(format!("{near}{}", named()))
        })?,
    };
    let bead = set.bitext.beads.get(place.number - 1).ok_or_else(|| {
        let beads = counted(set.bitext.beads.len(), "bead", "beads");
        CliError::new(format_args!("`{}` has {beads}, no bead {}", set.set.name, place.number))
            .hint(format!("number them from 1 to {}", set.bitext.beads.len()))
    })?;
    Ok((set, bead))
}

fn explain(
    desk: &mut Desk,
    aligned: &[Aligned],
    languages: &[Language],
    place: &Place,
    accept: f32,
) -> Result<(), CliError> {
    let (set, bead) = found(aligned, place)?;
    let sure = match state(bead, accept) {
        ReviewState::Accepted => "accepted by a person".to_owned(),
        ReviewState::Sure => format!("sure: {accept} or more, published where it is stored"),
        ReviewState::Pending => format!("in doubt: below {accept}, pending where it is stored"),
    };
    writeln!(desk.ui, "{} bead {}, score {:.3} ({sure})", set.set.name, place.number, bead.score)?;
    for language in of_set(set, languages) {
        writeln!(desk.ui, "  {language} {:<6} {}", numbers(bead.side(language)), set.bitext.text(bead, language))?;
    }
    let reasons = &set.reasons[place.number - 1];
    if reasons.is_empty() {
        writeln!(desk.ui, "\nno other language has a segment here; the score is how sure that is")?;
        return Ok(());
    }
    writeln!(
        desk.ui,
        "\nWhat speaks for the sides belonging together (+) and against it (-). 2.3 more is ten times likelier."
    )?;
    for reason in reasons {
        writeln!(desk.ui, "\n{}-{}", reason.languages.0, reason.languages.1)?;
        for signal in Signal::ALL {
            let weight = reason.signals.get(&signal).copied().unwrap_or_default();
            writeln!(desk.ui, "  {:<11} {weight:+7.2}  {}", signal.as_str(), signal.meaning())?;
        }
        writeln!(desk.ui, "  {:<11} {:+7.2}", "together", reason.sum())?;
        for pair in &reason.words {
            writeln!(desk.ui, "    {:+6.2}  {} = {}", pair.weight, pair.words.0, pair.words.1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::WordPair;
    use std::collections::BTreeMap;

    #[test]
    fn places() {
        assert_eq!(place("2024/017:3"), Ok(Place { set: Some("2024/017".to_owned()), number: 3 }));
        assert_eq!(place("17"), Ok(Place { set: None, number: 17 }));
        assert!(place("017:").is_err() && place("017:0").is_err() && place("017:x").is_err());
    }

    #[test]
    fn a_reason_in_one_line() {
        let pair = WordPair { words: ("baku".to_owned(), "bakı".to_owned()), weight: 3.0 };
        let signals = BTreeMap::from([(Signal::Kind, -0.8), (Signal::Words, 9.06), (Signal::Paragraphs, 0.0)]);
        let reason = Reason { languages: (Language::EN, Language::AZ), signals, words: vec![pair] };
        assert_eq!(in_short(&reason), "en-az: words +9.1 (baku = bakı), kind -0.8");
    }
}
