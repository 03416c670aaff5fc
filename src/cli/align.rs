//! `yaddash align`: which segments of a text answer which in its other languages.

use super::{CliError, Desk, Exit};
use crate::{
    Language,
    align::Evidence,
    app::align::{self, AlignError, Aligned, Texts},
};
use serde_json::{Map, json};
use std::{io::Write, path::PathBuf};

/// Align the texts of a set, or of all sets in a folder, segment by segment
///
/// A set is the files of one text: `001.en.txt 001.az.txt 001.ru.txt`, or `en/001.txt az/001.txt`. The sets of a
/// folder are aligned together: what is learned from one serves the others.
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
    /// How to print the beads
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Side by side, for reading
    Text,
    /// A line a bead: set, segment numbers, texts, score
    Tsv,
    /// A JSON object a bead
    Jsonl,
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        if self.langs.len() == 1 {
            return Err(CliError::new("`--langs` names one language").hint("name two or more: `--langs en,az`"));
        }
        let found = match self.paths.as_slice() {
            [folder] if folder.is_dir() => align::sets_in(folder, &self.langs)?,
            files => align::set_of(files, &self.langs)?,
        };
        found.passed_over.iter().for_each(|passed_over| desk.ui.remark(passed_over));
        let progress = desk.ui.progress("aligning", found.sets.len() as u64);
        let texts = if self.segmented { Texts::Segmented } else { Texts::Documents };
        let aligned = align::align_sets(found.sets, texts, &Evidence::default(), &|| progress.advance(1))?;
        drop(progress);
        let mut languages = self.langs.clone();
        for language in aligned.iter().flat_map(|set| set.bitext.texts.keys()) {
            if !languages.contains(language) {
                languages.push(*language);
            }
        }
        match self.format {
            Form::Text => text(desk, &aligned, &languages),
            Form::Tsv => tsv(desk, &aligned, &languages),
            Form::Jsonl => jsonl(desk, &aligned, &languages),
        }?;
        Ok(Exit::Done)
    }
}

impl From<AlignError> for CliError {
    fn from(error: AlignError) -> CliError {
        let hint = match &error {
            AlignError::NoSets { .. } => Some("name files `NAME.en.txt`, `NAME.az.txt` or put them in `en/`, `az/`"),
            AlignError::NotOneSet { .. } => Some("say what the files are: `--langs en,az`, in the files' order"),
            _ => None,
        };
        let out = CliError::new(error);
        match hint {
            Some(hint) => out.hint(hint),
            None => out,
        }
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

fn text(desk: &mut Desk, aligned: &[Aligned], languages: &[Language]) -> Result<(), CliError> {
    for set in aligned {
        let of_set: Vec<Language> = languages.iter().filter(|l| set.bitext.texts.contains_key(l)).copied().collect();
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
