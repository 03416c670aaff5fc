//! `term add`, `edit`, `forbid`, `remove`, `merge`: the glossary changed, in its file and in the memory.

use super::shown;
use crate::{
    app::termbase::{self, Change, Deed, Former, Given, Target, TermbaseError},
    cli::{CliError, Desk, Exit, memory::who},
    lang::Language,
    model::Status,
};
use jiff::{Timestamp, civil::Date};
use std::path::PathBuf;

/// Where an edit goes: `--terms`, else `[terms] files` of yaddash.toml, else the memory's copy
#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// The glossary file to be changed; of several the one that has the concept
    #[arg(long, value_name = "GLOSSARY")]
    terms: Vec<PathBuf>,
    /// Say what would be changed and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// What is said of a concept
#[derive(Debug, clap::Args)]
struct Fields {
    /// What the concept is; an empty text takes it away, here and below
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,
    /// The field it belongs to; may be given several times
    #[arg(long, value_name = "DOMAIN")]
    domain: Vec<String>,
    /// The reason for a ruling
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Where the definition or the ruling comes from
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// The first day it is in force: `2018-01-31`
    #[arg(long, value_name = "DATE", value_parser = day)]
    valid_from: Option<Day>,
    /// The last day it is in force
    #[arg(long, value_name = "DATE", value_parser = day)]
    valid_until: Option<Day>,
    /// What the column `flags` of a glossary says: `case:en=Service`, `exception:en=SMS message`; may be given several times
    #[arg(long, value_name = "FLAG")]
    flag: Vec<String>,
}

/// A day, or none.
#[derive(Debug, Clone, Copy)]
struct Day(Option<Date>);

fn day(text: &str) -> Result<Day, String> {
    if text.is_empty() {
        return Ok(Day(None));
    }
    text.parse().map(|date| Day(Some(date))).map_err(|_| "a day is written `2018-01-31`".to_owned())
}

/// `LANG=TERM` or `LANG:STATUS=TERM`.
pub(super) fn given(text: &str) -> Result<Given, String> {
    let form = "a term is written en=\"State Agency\", or en:deprecated=\"Agency\"";
    let (about, term) = text.split_once('=').ok_or(form)?;
    let (code, status) = about.split_once(':').map_or((about, None), |(code, status)| (code, Some(status)));
    let language: Language = code.trim().parse().map_err(|error| format!("{error}: {form}"))?;
    let status = match status {
        None => None,
        Some(word) => {
            let known = Status::ALL.into_iter().find(|status| status.as_str() == word.trim());
            let names = Status::ALL.map(Status::as_str).join(", ");
            Some(known.ok_or_else(|| format!("`{word}` is no status: there are {names}"))?)
        }
    };
    match term.trim() {
        "" => Err(format!("`{text}` names no term: {form}")),
        term => Ok(Given { language, status, text: term.to_owned() }),
    }
}

/// Add a concept: `term add en="State Agency" az="Dövlət Agentliyi"`
///
/// The first term of a language is the preferred one, others are admitted; `en:forbidden="…"` says otherwise.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// Its terms, as LANG=TERM or LANG:STATUS=TERM
    #[arg(required = true, value_name = "LANG=TERM", value_parser = given)]
    given: Vec<Given>,
    /// A short name that never changes; else it is made of the English term
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Of several glossary files the one that gets it, else the first
    #[arg(long, value_name = "GLOSSARY")]
    into: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Was {
    /// It may still be written
    Admitted,
    /// It is out of use: a warning
    Deprecated,
    /// It is wrong: an error
    Forbidden,
    /// It is a term no more
    Removed,
}

/// Change a concept: its terms, definition, domain, note, dates
///
/// `az="…"` is the new preferred term, and what was preferred is admitted from then on, or what `--former` says.
/// `az:admitted="…"` adds a term or gives one that is there another status. `yaddash term impact` then finds what was
/// written with the former term.
#[derive(Debug, clap::Args)]
pub(super) struct Edit {
    /// The concept's id, or one of its terms
    concept: String,
    /// Terms, as LANG=TERM or LANG:STATUS=TERM
    #[arg(value_name = "LANG=TERM", value_parser = given)]
    given: Vec<Given>,
    /// What becomes of a preferred term that gives way to another
    #[arg(long, value_enum, value_name = "STATUS", default_value_t = Was::Admitted)]
    former: Was,
    /// Take back a flag, as `term show` tells it; may be given several times
    #[arg(long, value_name = "FLAG")]
    no_flag: Vec<String>,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    place: Place,
}

/// Say that terms are wrong: `term forbid CONCEPT en="State Agensy"`
#[derive(Debug, clap::Args)]
pub(super) struct Forbid {
    /// The concept's id, or one of its terms
    concept: String,
    /// The wrong terms
    #[arg(required = true, value_name = "LANG=TERM", value_parser = given)]
    given: Vec<Given>,
    /// They are out of use only: a warning, not an error
    #[arg(long)]
    deprecate: bool,
    #[command(flatten)]
    place: Place,
}

/// Take out a concept, or terms of it
#[derive(Debug, clap::Args)]
pub(super) struct Remove {
    /// The concept's id, or one of its terms
    concept: String,
    /// These terms only
    #[arg(value_name = "LANG=TERM", value_parser = given)]
    given: Vec<Given>,
    #[command(flatten)]
    place: Place,
}

/// Make two concepts one: what the second has joins the first
///
/// Where both have a preferred term in a language, that of the first stays preferred. What both have once (definition,
/// note) stays as the first has it.
#[derive(Debug, clap::Args)]
pub(super) struct Merge {
    /// The concept that stays
    keep: String,
    /// The concept that joins it
    other: String,
    #[command(flatten)]
    place: Place,
}

impl Fields {
    fn change(&self, terms: &[Given]) -> Change {
        let text = |said: &Option<String>| {
            said.as_ref().map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        };
        let domains: Vec<&str> = self.domain.iter().map(|d| d.trim()).filter(|d| !d.is_empty()).collect();
        Change {
            terms: terms.to_vec(),
            definition: text(&self.definition),
            domain: (!self.domain.is_empty()).then(|| Some(domains.join(";")).filter(|all| !all.is_empty())),
            note: text(&self.note),
            source: text(&self.source),
            valid_from: self.valid_from.map(|day| day.0),
            valid_until: self.valid_until.map(|day| day.0),
            flags: self.flag.clone(),
            ..Change::default()
        }
    }
}

impl Add {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let files = self.place.files(desk);
        let file = match &self.into {
            None => 0,
            Some(into) => files.iter().position(|file| crate::app::save::is_same(file, into)).ok_or_else(|| {
                CliError::new(format_args!("{}: this is none of the glossary files", into.display()))
                    .hint("name them with --terms, or in yaddash.toml: [terms] files = [\"…\"]")
            })?,
        };
        let change = self.fields.change(&self.given);
        let deed = Deed::Add { id: self.id.clone(), change, file };
        self.place.act(desk, &deed, "add", "")
    }
}

impl Edit {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let former = match self.former {
            Was::Admitted => Former::Admitted,
            Was::Deprecated => Former::Deprecated,
            Was::Forbidden => Former::Forbidden,
            Was::Removed => Former::Removed,
        };
        let change = Change { former, flags_gone: self.no_flag.clone(), ..self.fields.change(&self.given) };
        self.place.act(desk, &Deed::Edit { concept: self.concept.clone(), change }, "edit", "")
    }
}

impl Forbid {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let deed = Deed::Forbid { concept: self.concept, terms: self.given, deprecate: self.deprecate };
        self.place.act(desk, &deed, "forbid", "")
    }
}

impl Remove {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let deed = Deed::Remove { concept: self.concept, terms: self.given };
        self.place.act(desk, &deed, "remove", "")
    }
}

impl Merge {
    pub fn run(self, desk: &mut Desk) -> Result<Exit, CliError> {
        let other = format!(" with {}", self.other);
        self.place.act(desk, &Deed::Merge { keep: self.keep, other: self.other }, "merge", &other)
    }
}

impl Place {
    pub(super) fn files(&self, desk: &Desk) -> Vec<PathBuf> {
        if self.terms.is_empty() { desk.config.glossaries() } else { self.terms.clone() }
    }

    pub(super) fn dry_run(&self) -> bool {
        self.dry_run
    }

    fn act(&self, desk: &mut Desk, deed: &Deed, verb: &str, more: &str) -> Result<Exit, CliError> {
        let files = self.files(desk);
        let memory = desk.global.memory.clone();
        let target = Target { memory: &memory, files: &files };
        let read = target.read().map_err(told)?;
        let plan = deed.planned(&read).map_err(told)?;
        let Some(first) = plan.first() else {
            desk.ui.remark("all is so already; nothing was changed");
            return Ok(Exit::Done);
        };
        for planned in &plan {
            shown::planned(&mut desk.ui, &planned.id, planned.before.as_ref(), planned.after.as_ref())?;
        }
        for warning in termbase::doubles(&read.merged(), &plan) {
            desk.ui.warn(warning);
        }
        let place = place(&files, plan.iter().map(|planned| planned.file), &memory);
        if self.dry_run {
            desk.ui.remark(format_args!("{place} would be changed (nothing was changed)"));
            return Ok(Exit::Done);
        }
        let note = format!("term {verb} {}{more}", first.id);
        let done = termbase::commit(target, &plan, &note, Timestamp::now(), &who()).map_err(told)?;
        if let Some(refreshed) = done.refreshed {
            desk.ui.remark(format_args!("the memory took in the glossary as it was before: batch {refreshed}"));
        }
        let undo = done.batch.map(|batch| format!("; `yaddash term undo {batch}` takes it back")).unwrap_or_default();
        desk.ui.remark(format_args!("written to {place}{undo}"));
        if files.is_empty() {
            desk.ui.detail("no glossary file is named (--terms, or [terms] files in yaddash.toml)");
        }
        Ok(Exit::Done)
    }
}

/// The files that change, in words.
pub(super) fn place(files: &[PathBuf], changed: impl Iterator<Item = usize>, memory: &std::path::Path) -> String {
    let mut names: Vec<String> =
        changed.filter_map(|at| files.get(at)).map(|file| file.display().to_string()).collect();
    names.dedup();
    match names.is_empty() {
        true => format!("the copy in {}", memory.display()),
        false => format!("{} and the copy in {}", names.join(", "), memory.display()),
    }
}

/// The error in the words of the command line.
pub(super) fn told(error: TermbaseError) -> CliError {
    match error {
        TermbaseError::Memory(error) => error.into(),
        TermbaseError::Terms(error) => error.into(),
        TermbaseError::Conflict { .. } => {
            CliError::new(&error).hint("look at it with `yaddash term show` and give the command again")
        }
        TermbaseError::ChangedSince { .. } => CliError::new(&error)
            .hint("`yaddash term history CONCEPT` tells what was changed later; undo that first, or edit the concept"),
        TermbaseError::NoEdit(batch) => CliError::new(&error)
            .hint(format_args!("`yaddash memory undo {batch}` undoes any batch, in the memory alone")),
        TermbaseError::Edit(termbase::EditError::Known(id)) => {
            CliError::new(format_args!("concept `{id}` is there already"))
                .hint(format_args!("`yaddash term edit {id} …` changes it; another concept needs another --id"))
        }
        error => CliError::new(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_as_people_write_them() {
        let got = given("en:forbidden= State = Agensy ").unwrap();
        assert_eq!(
            (got.language, got.status, got.text.as_str()),
            (Language::EN, Some(Status::Forbidden), "State = Agensy")
        );
        assert_eq!(given("az=x").unwrap().status, None);
        for (text, what) in [
            ("State Agency", "a term is written"),
            ("en:wrong=x", "`wrong` is no status: there are proposed, preferred"),
            ("en=", "names no term"),
            ("12=x", "a term is written"),
        ] {
            assert!(given(text).unwrap_err().contains(what), "{text}: {:?}", given(text));
        }
        assert!(day("2018-13-01").is_err() && day("").unwrap().0.is_none());
    }
}
