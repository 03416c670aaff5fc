//! `yaddash fill --back`: the translated document, and its units into the memory.

use super::{Args, Outputs, renamed};
use crate::{
    app::{
        documents,
        fill::back::{self, BackError, Backed, Finished},
        segmentation::Rules,
        texts,
    },
    cli::{CliError, Desk, Exit, analyse, memory, run::counted},
    formats::{FormatError, job::table},
    model::Unit,
};
use jiff::Timestamp;

impl Args {
    pub(super) fn bring_back(self, desk: &mut Desk, rules: &Rules) -> Result<Exit, CliError> {
        let jobs = self.finished()?;
        let output = desk.global.output.clone();
        let mut outputs = Outputs::new(output.as_deref(), jobs.len(), false, self.dry_run || is_text(&jobs))?;
        outputs.keep_off(self.files.iter().chain(&self.source));
        let mut ready = Vec::new();
        for (file, job) in &jobs {
            let given = match &self.source {
                Some(path) => Some((path.display().to_string(), documents::bytes(path).map_err(CliError::new)?)),
                None => None,
            };
            let given = given.as_ref().map(|(name, bytes)| (name.as_str(), bytes.clone()));
            let backed = back::back(file, job, given, rules).map_err(refused)?;
            let ending = job.name.rsplit_once('.').map_or("txt", |(_, ending)| ending);
            let place = outputs.place(&renamed(&job.name, job.target, ending), job.target)?;
            ready.push((file, job, backed, place));
        }
        let mut exit = Exit::Done;
        for (file, job, backed, place) in &ready {
            if self.told_back(desk, file, backed) && !self.allow_untranslated {
                exit = Exit::Found;
            }
            if !self.dry_run {
                outputs.write(desk, place.as_deref(), &backed.bytes)?;
            }
            let open = backed.untranslated.len() + backed.unreviewed.len();
            let to = place.as_ref().map_or(String::new(), |place| format!("; {}", place.display()));
            let would = if self.dry_run { " (nothing was written)" } else { "" };
            desk.ui.remark(format_args!(
                "{file}: {} of {} in {}{to}{would}",
                backed.segments - open,
                counted(backed.segments, "segment", "segments"),
                job.target.name()
            ));
        }
        if !self.no_memory {
            let units: Vec<Unit> = ready.iter().flat_map(|(_, _, backed, _)| backed.units.iter().cloned()).collect();
            self.store(desk, &units)?;
        }
        Ok(exit)
    }

    /// The jobs in the files given, each with the name of its file.
    fn finished(&self) -> Result<Vec<(String, Finished)>, CliError> {
        let mut jobs: Vec<(String, Finished)> = Vec::new();
        for path in &self.files {
            let name = path.display().to_string();
            let bytes = analyse::bytes(path)?;
            match texts::xliff(&name, &bytes).map_err(CliError::new)? {
                Some(files) if files.is_empty() => {
                    return Err(CliError::new(format_args!("{name}: there is no document in it")));
                }
                Some(files) => {
                    for file in files {
                        jobs.push((name.clone(), Finished::of_xliff(&name, file).map_err(refused)?));
                    }
                }
                None => jobs.push((name.clone(), self.table(&name, &bytes)?)),
            }
        }
        if self.source.is_some() && jobs.len() > 1 {
            return Err(CliError::new("`--source` is the document of one job, and there are several"));
        }
        Ok(jobs)
    }

    fn store(&self, desk: &mut Desk, units: &[Unit]) -> Result<(), CliError> {
        let files: Vec<&str> = self.files.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        let note = format!("fill --back {}", files.join(" "));
        let who = memory::who();
        let stored = back::store(&desk.global.memory, units, &note, (Timestamp::now(), &who), self.dry_run)?;
        let would = if self.dry_run { " (nothing was changed)" } else { "" };
        let redone = match stored.replaced {
            0 => String::new(),
            count => format!(", {count} in the place of what came back earlier"),
        };
        desk.ui.remark(format_args!(
            "{}: {} new, {} there already{redone}{would}",
            counted(units.len(), "unit", "units"),
            stored.new,
            stored.same
        ));
        if !self.dry_run {
            desk.remind_of_backups()?;
        }
        Ok(())
    }

    /// A finished table, with the document it is of.
    fn table(&self, name: &str, bytes: &[u8]) -> Result<Finished, CliError> {
        let broken = |error: FormatError| match error.is_broken() {
            true => CliError::new(format_args!("{name}:{error}")),
            false => CliError::new(format_args!("{name}: {error}")),
        };
        let Some(read) = table::read(bytes).map_err(broken)? else {
            let error = CliError::new(format_args!("{name}: this is no job of `yaddash fill`"));
            return Err(error.hint("a job is an XLIFF, or a table with the columns `id` and two languages"));
        };
        match &self.source {
            Some(source) => Ok(Finished::of_table(&source.display().to_string(), read)),
            None => {
                let error = CliError::new(format_args!("{name}: a table does not hold the document it was made of"));
                Err(error.hint("give the document with `--source`"))
            }
        }
    }

    /// Says what is wrong with a finished job; whether anything is missing.
    fn told_back(&self, desk: &mut Desk, file: &str, backed: &Backed) -> bool {
        for (number, lost) in &backed.lost {
            desk.ui.warn(format_args!("{file}: segment {number}: {lost}"));
        }
        if backed.recoded {
            desk.ui.warn(format_args!("{file}: written in UTF-8, for the document's own encoding lacks letters of it"));
        }
        for (number, text) in &backed.untranslated {
            desk.ui.warn(format_args!("{file}: segment {number} is not translated: {text}"));
        }
        for (number, text) in &backed.unreviewed {
            desk.ui.warn(format_args!("{file}: segment {number} is a match nobody confirmed: {text}"));
        }
        !backed.untranslated.is_empty() || !backed.unreviewed.is_empty()
    }
}

/// What may stand on a terminal.
fn is_text(jobs: &[(String, Finished)]) -> bool {
    jobs.iter().all(|(_, job)| !job.name.to_ascii_lowercase().ends_with(".docx"))
}

/// What was wrong with a finished job, and what to do.
fn refused(error: BackError) -> CliError {
    let hint = match &error {
        BackError::Memory(_) => None,
        BackError::NoSource { .. } => Some("give the document with `--source`"),
        BackError::OtherSource { .. } => Some("give the document as it was when the job was made"),
        BackError::OtherSegment { .. } | BackError::OtherCount { .. } => {
            Some("give the document as it was when the job was made, with the same settings of `[segment]`")
        }
        _ => None,
    };
    match (error, hint) {
        (BackError::Memory(error), _) => error.into(),
        (error, Some(hint)) => CliError::new(error).hint(hint),
        (error, None) => CliError::new(error),
    }
}
