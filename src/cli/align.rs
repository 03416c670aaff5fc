//! `yaddash align`: which segments of a text answer which in its other languages.

use super::{CliError, Desk, Exit, glossary, segment, ui::Bars};
use crate::{
    Language,
    align::{Reason, Signal},
    app::{
        align::{self, AlignError, Aligned, Texts},
        apply,
        pair::Known,
        sets::{Found, PassedOver},
        sift::{self, Sifting},
    },
    memory::Memory,
    report::{ReviewBead, ReviewSet, review},
};
use serde_json::{Map, json};
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Align the texts of a set, or of all sets in a folder, segment by segment
///
/// A set is the files of one text: `001.en.txt 001.az.txt 001.ru.txt`, or `en/001.txt az/001.txt`. The sets of a
/// folder are aligned together: what is learned from one serves the others. So do the glossary and the words the
/// memory has learned, where there are any. Files of a folder whose names tell no set are paired by their content where
/// that is sure. A file in another language than its name says, or a copy of another, is left out.
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
    /// Do not use what the memory has learned
    #[arg(long)]
    no_memory: bool,
    /// Pair no files by their content, only by their names
    #[arg(long)]
    by_name: bool,
    /// Take files for what their names say, even if their texts are in another language or copies
    #[arg(long)]
    trust_names: bool,
    /// How to print the beads
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    format: Form,
    /// Beads below this confidence (0 to 1) are in doubt; the page of `--format html` shows them first
    #[arg(long, value_name = "SCORE", default_value_t = 0.9)]
    accept: f32,
    /// Say why a bead was chosen: SET is the set's name, N the number of the bead
    #[arg(long, value_name = "SET:N", value_parser = place, conflicts_with = "format")]
    explain: Option<Place>,
    /// Take the beads from FILE, an edited table of `--format tsv`, instead of aligning; each segment must be in it once
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    apply: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Side by side, for reading
    Text,
    /// A line a bead: set, segment numbers, texts, score
    Tsv,
    /// A JSON object a bead
    Jsonl,
    /// A page for review: side by side, those in doubt first, with the reasons
    Html,
}

/// A bead of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    set: String,
    /// From 1.
    number: usize,
}

fn place(text: &str) -> Result<Place, String> {
    let parts = text.rsplit_once(':').and_then(|(set, number)| Some((set, number.parse().ok()?)));
    match parts {
        Some((set, number)) if number > 0 => Ok(Place { set: set.to_owned(), number }),
        _ => Err("this is not a set and the number of a bead, as in `001:4`".to_owned()),
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
        if !(0.0..=1.0).contains(&self.accept) {
            return Err(CliError::new(format_args!("--accept is a confidence from 0 to 1, not `{}`", self.accept)));
        }
        let found = self.sets(desk)?;
        let refused = found.passed_over.iter().any(PassedOver::is_refused);
        let texts = if self.segmented { Texts::Segmented } else { Texts::Documents };
        let rules = segment::configured(desk)?;
        let (aligned, failed) = match &self.apply {
            Some(file) => (apply::apply(found.sets, texts, &rules, file)?, Vec::new()),
            None => {
                let (memory, concepts) = match self.no_memory {
                    true => (None, glossary::given(desk, &self.terms)?.map(|g| g.concepts).unwrap_or_default()),
                    false => (Memory::open_existing(&desk.global.memory)?, glossary::in_force(desk, &self.terms)?),
                };
                let evidence = align::evidence(memory.as_ref(), concepts, &found.sets)?;
                let explain = self.explain.is_some() || self.format == Form::Html;
                let progress = desk.ui.progress("aligning", found.sets.len() as u64);
                align::align_sets(found.sets, texts, &rules, &evidence, explain, &|| progress.advance(1))
            }
        };
        let exit = if failed.is_empty() && !refused { Exit::Done } else { Exit::Failed };
        failed.into_iter().for_each(|error| desk.ui.complain(&error.into()));
        let mut languages = self.langs.clone();
        for language in aligned.iter().flat_map(|set| set.bitext.texts.keys()) {
            if !languages.contains(language) {
                languages.push(*language);
            }
        }
        if let Some(place) = &self.explain {
            explain(desk, &aligned, &languages, place)?;
            return Ok(exit);
        }
        match self.format {
            Form::Text => text(desk, &aligned, &languages),
            Form::Tsv => tsv(desk, &aligned, &languages),
            Form::Jsonl => jsonl(desk, &aligned, &languages),
            Form::Html => html(desk, &aligned, &languages, self.accept),
        }?;
        Ok(exit)
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
            writeln!(desk.ui, "{}", json!({ "set": set.set.name, "sides": sides, "score": score }))?;
        }
    }
    Ok(())
}

/// The numbers of segments as they are printed: `3,4`, or `-`.
fn numbers(segments: &[usize]) -> String {
    match segments {
        [] => "-".to_owned(),
        segments => segments.iter().map(|s| (s + 1).to_string()).collect::<Vec<_>>().join(","),
    }
}

fn tsv(desk: &mut Desk, aligned: &[Aligned], languages: &[Language]) -> Result<(), CliError> {
    let cell = |text: String| text.replace(['\t', '\n', '\r'], " ");
    let header: Vec<String> = std::iter::once("set".to_owned())
        .chain(languages.iter().map(|l| format!("{l}_segments")))
        .chain(languages.iter().map(Language::to_string))
        .chain(std::iter::once("score".to_owned()))
        .collect();
    writeln!(desk.ui, "{}", header.join("\t"))?;
    for set in aligned {
        for bead in &set.bitext.beads {
            let numbers = languages.iter().map(|l| numbers(bead.side(*l)));
            let texts = languages.iter().map(|l| cell(set.bitext.text(bead, *l)));
            let cells: Vec<String> = std::iter::once(cell(set.set.name.clone())).chain(numbers).chain(texts).collect();
            writeln!(desk.ui, "{}\t{:.4}", cells.join("\t"), bead.score)?;
        }
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
            let score = format!("{:.2}", bead.score);
            table.add_row(std::iter::once(score).chain(of_set.iter().map(|l| set.bitext.text(bead, *l))));
        }
        writeln!(desk.ui, "{}\n{table}\n", set.set.name)?;
    }
    Ok(())
}

fn html(desk: &mut Desk, aligned: &[Aligned], languages: &[Language], accept: f32) -> Result<(), CliError> {
    let sets: Vec<ReviewSet> = aligned
        .iter()
        .map(|set| {
            let of_set = of_set(set, languages);
            let beads = set.bitext.beads.iter().enumerate().map(|(at, bead)| ReviewBead {
                score: bead.score,
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

fn explain(desk: &mut Desk, aligned: &[Aligned], languages: &[Language], place: &Place) -> Result<(), CliError> {
    let Some(set) = aligned.iter().find(|set| set.set.name == place.set) else {
        return Err(CliError::new(format_args!("there is no set `{}`", place.set)));
    };
    let Some(bead) = set.bitext.beads.get(place.number - 1) else {
        let count = set.bitext.beads.len();
        return Err(CliError::new(format_args!("`{}` has {count} beads, no bead {}", place.set, place.number)));
    };
    writeln!(desk.ui, "{} bead {}, score {:.3}", place.set, place.number, bead.score)?;
    for language in of_set(set, languages) {
        writeln!(desk.ui, "  {language} {:<6} {}", numbers(bead.side(language)), set.bitext.text(bead, language))?;
    }
    let reasons = &set.reasons[place.number - 1];
    if reasons.is_empty() {
        writeln!(desk.ui, "\nno other language has a segment here; the score is how sure that is")?;
    }
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
        assert_eq!(place("2024/017:3"), Ok(Place { set: "2024/017".to_owned(), number: 3 }));
        assert!(place("017").is_err() && place("017:0").is_err() && place("017:x").is_err());
    }

    #[test]
    fn a_reason_in_one_line() {
        let pair = WordPair { words: ("baku".to_owned(), "bakı".to_owned()), weight: 3.0 };
        let signals = BTreeMap::from([(Signal::Kind, -0.8), (Signal::Words, 9.06), (Signal::Paragraphs, 0.0)]);
        let reason = Reason { languages: (Language::EN, Language::AZ), signals, words: vec![pair] };
        assert_eq!(in_short(&reason), "en-az: words +9.1 (baku = bakı), kind -0.8");
    }
}
