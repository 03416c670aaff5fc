//! `yaddash adopt`: corrected final texts into the memory.

use super::{
    CliError, Desk, Exit, align, differences::differences, memory::who, run::counted, segment, ui::Bars, wrap,
};
use crate::{
    app::adopt::{self, AdoptError, Adopted, Options},
    lang::Language,
    memory::{Memory, MemoryError, Mode},
};
use jiff::Timestamp;
use serde_json::json;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Take final texts that were corrected after they were stored
///
/// When a release was corrected in Word or on the site after `run` stored it, this takes the final wording: it is aligned
/// by what was stored, the differences are shown, and the units are published in the new wording. What they were stays
/// in the history, and `memory undo` brings it back.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The set, as `yaddash run` names it: `2024/017`
    #[arg(value_name = "SET")]
    set: String,
    /// The final texts, txt, md, html, docx or odt; `az=FILE` where the name does not tell the language. Left out: the
    /// files the set was made from
    #[arg(value_name = "FILE", value_parser = file)]
    files: Vec<(Option<Language>, PathBuf)>,
    /// Beads at or above this confidence are published, others wait; 0 to 1 [default: 0.9]
    #[arg(long, value_name = "SCORE")]
    accept: Option<f32>,
    /// Show the differences and store nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// How the differences are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Text)]
    format: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    Text,
    /// One object a difference
    Jsonl,
}

/// `FILE`, or `az=FILE`; a file that is there by the whole name is meant by it.
fn file(word: &str) -> Result<(Option<Language>, PathBuf), String> {
    if let Some((language, file)) = word.split_once('=')
        && let Ok(language) = language.parse()
        && !PathBuf::from(word).exists()
    {
        return Ok((Some(language), file.into()));
    }
    Ok((None, word.into()))
}

impl Args {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let accept = align::accept(desk, self.accept)?;
        let segmenting = segment::configured(desk)?;
        let path = desk.global.memory.clone();
        let mut memory = match Memory::open_existing(&path)? {
            Some(_) => Memory::open(&path, Mode::Write)?,
            None => return Err(MemoryError::Missing(path).into()),
        };
        let who = who();
        let options = Options {
            set: &self.set,
            files: &self.files,
            segmenting,
            accept,
            who: &who,
            now: Timestamp::now(),
            dry_run: self.dry_run,
        };
        let bars = Bars::new(&desk.ui);
        let done = adopt::adopt(&mut memory, &options, &bars);
        drop(bars);
        let done = done.map_err(told)?;
        self.show(desk, &done)?;
        align::tell_lost(&mut desk.ui, &done.set, &done.lost);
        for path in &done.outdated {
            desk.ui.warn(format_args!(
                "{}: still has another text; put the final one there, or the next `run` after a change of it takes that",
                path.display()
            ));
        }
        if done.pending > 0 {
            let units = counted(done.pending, "unit waits", "units wait");
            desk.ui.remark(format_args!("{units} as pending: where its counterpart is, is not sure"));
        }
        let counts = done.counts;
        let what = format!("{} changed, {} new, {} gone", counts.changed, counts.added, counts.removed);
        match (done.batch, self.dry_run) {
            (Some(batch), _) => {
                desk.ui.remark(format_args!("{}: {what}; `yaddash memory undo {batch}` takes it back", done.set))
            }
            (None, true) => desk.ui.remark(format_args!("{}: {what} (nothing was changed)", done.set)),
            (None, false) => desk.ui.remark(format_args!("{}: the memory has these texts already", done.set)),
        }
        Ok(Exit::Done)
    }

    fn show(&self, desk: &mut Desk, done: &Adopted) -> Result<(), CliError> {
        let color = desk.ui.color();
        for difference in &done.differences {
            let [old, new] = [&difference.old, &difference.new];
            if self.format == Shape::Jsonl {
                let record = json!({ "set": done.set, "language": difference.language, "old": old, "new": new });
                serde_json::to_writer(&mut desk.ui, &record).map_err(io::Error::from)?;
                writeln!(desk.ui)?;
                continue;
            }
            let [old, new] = [old, new].map(|text| text.as_deref().unwrap_or_default());
            let width = desk.ui.width().saturating_sub(6).max(30);
            for (number, line) in wrap::wrapped(&differences(color, old, new), width).into_iter().enumerate() {
                let line: String = line.iter().map(|(style, text)| desk.ui.paint(*style, text)).collect();
                let head = if number == 0 { difference.language.as_str() } else { "" };
                writeln!(desk.ui, "{head:<4}{line}")?;
            }
        }
        Ok(())
    }
}

fn told(error: AdoptError) -> CliError {
    let hint = match &error {
        AdoptError::Memory(_) => None,
        AdoptError::NoSet { alike, .. } if !alike.is_empty() => Some(format!("there is {}", alike.join(", "))),
        AdoptError::NoSet { .. } => Some("`yaddash run` stores sets; its table names them".to_owned()),
        AdoptError::NoLanguage(file) => Some(format!("say it: `az={}`", file.display())),
        AdoptError::NotInSet { .. } => Some("`yaddash run` takes a set with another language".to_owned()),
        AdoptError::NoFiles { .. } => Some("name the final texts: `yaddash adopt SET az=FILE`".to_owned()),
        AdoptError::Unreadable(_) => Some("`yaddash run` stores it anew".to_owned()),
        AdoptError::Doubled { .. } | AdoptError::Load(_) => None,
    };
    match (error, hint) {
        (AdoptError::Memory(error), _) => error.into(),
        (error, Some(hint)) => CliError::new(error).hint(hint),
        (error, None) => CliError::new(error),
    }
}
