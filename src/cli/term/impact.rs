//! `term impact`: where the memory and files say what a concept is not called any more.

use super::{Format, edit};
use crate::{
    app::{
        check::{self, Input, UnitFix},
        impact::{self, Hit, ImpactError},
        sets::PassedOver,
        termbase::Given,
        terms,
    },
    cli::{CliError, Desk, Exit, check::fix, run::counted, segment, ui::Bars, wrap::visible},
};
use serde_json::json;
use std::{collections::BTreeMap, io::Write, path::PathBuf};

/// Where the memory and files say what a concept is not called any more: a worklist, the newest first
///
/// After a term was changed: every unit of the memory, and every text of the files and folders named, with a term of the
/// concept that is deprecated or forbidden, or that was preferred before (`--was`), in whatever form; with its date, its
/// place, the sentence, and the right term in the form the sentence needs.
#[derive(Debug, clap::Args)]
pub(super) struct Impact {
    /// The concept's id, or one of its terms
    concept: String,
    /// Texts to look through beside the memory; a folder stands for the texts in it
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A term the concept had before, as LANG=TERM; may be given several times
    #[arg(long, value_name = "LANG=TERM", value_parser = edit::given)]
    was: Vec<Given>,
    /// Write the fixes that are certain, into the units as one batch that can be undone, and into the files; what is left is
    /// told
    #[arg(long)]
    fix: bool,
    /// With --fix: show as a diff what would be written, and write nothing
    #[arg(short = 'n', long, requires = "fix")]
    dry_run: bool,
    /// The glossary; several may be given
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Impact {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let concepts = terms::valid_at(super::concepts(desk, &self.terms)?, crate::cli::today());
        let concept = terms::concept(&concepts, &self.concept)?;
        let sought = impact::sought(concept, &self.was).map_err(told)?;
        let memory = desk.global.memory.clone();
        let bars = Bars::new(&desk.ui);
        let mut hits = impact::in_memory(&memory, &sought, &bars)?;
        drop(bars);
        let mut sound = true;
        if !self.paths.is_empty() {
            let job = check::Job {
                inputs: self.paths.iter().cloned().map(Input::Path).collect(),
                memory: Some(memory),
                segmenting: segment::configured(desk)?,
                ..check::Job::default()
            };
            let bars = Bars::new(&desk.ui);
            let (found, checked) = impact::in_files(job, &sought, &bars);
            drop(bars);
            crate::cli::passed_over(&mut desk.ui, &checked.passed_over);
            checked.failed.iter().for_each(|error| desk.ui.complain(&CliError::new(error)));
            sound = checked.failed.is_empty() && !checked.passed_over.iter().any(PassedOver::is_refused);
            hits.extend(found);
            impact::newest_first(&mut hits);
        }
        let all = hits.len();
        if self.fix {
            sound &= self.fixed(desk, &concept.id, &mut hits)?;
        }
        if !self.dry_run {
            hits.iter().try_for_each(|hit| self.tell(desk, hit))?;
        }
        if self.format == Format::Text {
            let left = if self.fix && !self.dry_run { format!(", {} left", hits.len()) } else { String::new() };
            desk.ui.remark(format_args!("concept {}: {}{left}", concept.id, counted(all, "place", "places")));
        }
        Ok(if sound { Exit::Done } else { Exit::Failed })
    }

    /// Writes what is certain and takes it out of `hits`.
    fn fixed(&self, desk: &mut Desk, concept: &str, hits: &mut Vec<Hit>) -> Result<bool, CliError> {
        let (units, files): (Vec<Hit>, Vec<Hit>) =
            std::mem::take(hits).into_iter().partition(|hit| hit.state.is_some());
        let fixes: Vec<UnitFix> = units.iter().filter_map(|hit| UnitFix::of(&hit.located)).collect();
        fix::units(desk, &fixes, &format!("term impact {concept} --fix"), self.dry_run)?;
        hits.extend(units.into_iter().filter(|hit| hit.located.certain_fix().is_none()));
        let mut sound = true;
        if !files.is_empty() {
            let dates: BTreeMap<String, _> =
                files.iter().map(|hit| (hit.located.source.name.clone(), hit.date)).collect();
            let mut found: Vec<_> = files.into_iter().map(|hit| hit.located).collect();
            sound = fix::files(desk, &mut found, self.dry_run)?;
            hits.extend(found.into_iter().map(|located| {
                let date = dates.get(&located.source.name).copied().flatten();
                Hit { located, date, state: None }
            }));
            impact::newest_first(hits);
        }
        Ok(sound)
    }

    fn tell(&self, desk: &mut Desk, hit: &Hit) -> Result<(), CliError> {
        let located = &hit.located;
        let unit = located.finding.unit;
        let fix = located.finding.fix.as_ref();
        if self.format == Format::Jsonl {
            let record = json!({
                "date": hit.date.map(|date| date.to_string()),
                "file": located.source.name,
                "line": located.line,
                "column": located.column,
                "unit": unit,
                "state": hit.state,
                "language": located.finding.place.language,
                "concept": located.finding.concept,
                "term": located.finding.term,
                "surface": located.surface(),
                "fix": fix.map(|fix| json!({ "text": fix.text, "certain": fix.certain })),
                "sentence": hit.sentence(),
            });
            writeln!(desk.ui, "{record}")?;
            return Ok(());
        }
        let date = hit.date.map_or("          ".to_owned(), |date| date.strftime("%F").to_string());
        let place = match unit {
            Some(unit) if hit.state.is_some() => format!("unit {unit} {}", located.finding.place.language),
            _ => format!("{}:{}:{}", located.source.name, located.line, located.column),
        };
        let fix = match fix {
            Some(fix) if fix.certain => format!(" → {}", fix.text),
            Some(fix) => format!(" → {}?", fix.text),
            None => String::new(),
        };
        writeln!(desk.ui, "{date}  {}: {}{}", visible(&place), visible(located.surface()), visible(&fix))?;
        writeln!(desk.ui, "            {}", visible(hit.sentence()))?;
        Ok(())
    }
}

fn told(error: ImpactError) -> CliError {
    match error {
        ImpactError::Nothing(_) => CliError::new(&error).hint("name what it was called before: --was az=\"…\""),
        error => CliError::new(error),
    }
}
