//! The memory and the termbase into an OmegaT project, and a project's translations back.

use super::ExchangeError;
use crate::{
    app::save::{Change, Draft},
    formats::{
        glossary,
        omegat::{self, FOLDERS, PROJECT, Project, SAVED},
        tmx,
    },
    lang::Language,
    memory::{Filter, Memory, Mode},
    model::{State, Unit, UnitId},
};
use rustc_hash::{FxHashMap, FxHasher};
use std::{
    fs,
    hash::{Hash, Hasher},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Below the project's `tm`: all translations; those OmegaT inserts by itself; those nobody has confirmed, which count 30
/// percent less.
const MATCHES: &str = "yaddash.tmx";
const INSERTED: &str = "auto/yaddash.tmx";
const DOUBTFUL: &str = "penalty-030/yaddash.tmx";
const GLOSSARY: &str = "yaddash.utf8";

/// What goes into a project.
#[derive(Debug, Clone)]
pub struct ToProject<'a> {
    pub folder: &'a Path,
    /// The languages: of a project that is not there yet both are needed.
    pub from: Option<Language>,
    pub to: Option<Language>,
    /// A glob over the name of the origin.
    pub origin: Option<String>,
    pub since: Option<jiff::Timestamp>,
    /// Pending units too, as matches that count less.
    pub pending: bool,
    /// Change nothing, tell what would be.
    pub dry_run: bool,
}

/// A file of the project, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub path: PathBuf,
    pub holds: Holds,
    pub change: Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The settings of a new project.
    Project,
    /// Units of one source and one target.
    Pairs(usize),
    /// Terms of the source with their targets.
    Terms(usize),
}

/// Writes what OmegaT needs into a project, which is made if it is not there. Files of others stay untouched.
///
/// # Errors
/// A project in another pair of languages, a project without languages, files that cannot be written.
pub fn export_project(memory: &Path, wanted: &ToProject<'_>) -> Result<Vec<Placed>, ExchangeError> {
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let (project, new) = match known(wanted.folder)? {
        Some(project) => (agreed(project, wanted)?, false),
        None => (fresh(wanted)?, true),
    };
    let places = Places::of(&project, wanted)?;
    let draft = |path: PathBuf| Draft::new(path.clone(), wanted.dry_run).map_err(|error| at(&path, error));
    let mut out = Vec::new();
    if new {
        let mut file = draft(wanted.folder.join(PROJECT))?;
        file.write_all(project.written().as_bytes()).map_err(|error| at(file.path(), error))?;
        out.push(settled(file, Holds::Project)?);
    }

    let filter = Filter {
        language: Some(project.from),
        origin: wanted.origin.clone(),
        since: wanted.since,
        pending: wanted.pending,
        ..Filter::default()
    };
    let mut best = FxHashMap::default();
    reader.units(&filter, |id, unit| {
        let preference = omegat::preference(&unit);
        for pair in project.pairs(&unit).into_iter().filter(|_| unit.state != State::Pending) {
            let entry = best.entry(hashed(&pair.variants[0].text)).or_insert((preference, id));
            if entry.0 < preference {
                *entry = (preference, id);
            }
        }
        Ok::<_, ExchangeError>(())
    })?;
    // The same file again when nothing has changed: so there is no date of writing in it.
    let settings = tmx::Settings { source: Some(project.from), ..tmx::Settings::default() };
    let tmx = |path: PathBuf| -> Result<Tmx, ExchangeError> {
        let to = draft(path.clone())?;
        let writer = tmx::Writer::new(to, &settings).map_err(|error| at(&path, error))?;
        Ok(Tmx { path, writer, count: 0 })
    };
    let mut matches = tmx(places.tm.join(MATCHES))?;
    let mut inserted = tmx(places.tm.join(INSERTED))?;
    let doubtful = places.tm.join(DOUBTFUL);
    let mut doubtful = (wanted.pending || doubtful.exists()).then(|| tmx(doubtful)).transpose()?;
    reader.units(&filter, |id, unit| {
        let place = omegat::place(&unit);
        for pair in project.pairs(&unit) {
            if unit.state == State::Pending {
                doubtful.as_mut().map_or(Ok(()), |file| file.unit(&pair))?;
                continue;
            }
            matches.unit(&pair)?;
            if taken(&mut best, &pair, id) {
                inserted.unit(&pair)?;
            }
            if let Some(props) = &place {
                inserted.unit(&Unit { props: props.clone(), context: tmx::context(props, &pair.variants), ..pair })?;
            }
        }
        Ok::<_, ExchangeError>(())
    })?;
    out.push(matches.settled()?);
    out.push(inserted.settled()?);
    if let Some(file) = doubtful {
        out.push(file.settled()?);
    }

    let concepts = reader.concepts()?;
    let text = glossary::omegat::written(&concepts.iter().collect::<Vec<_>>(), project.from, project.to);
    let mut file = draft(places.glossary.join(GLOSSARY))?;
    file.write_all(text.as_bytes()).map_err(|error| at(file.path(), error))?;
    out.push(settled(file, Holds::Terms(text.lines().filter(|line| line.contains('\t')).count()))?);
    Ok(out)
}

/// The file of an OmegaT project that holds its translations; any other path as it is.
///
/// # Errors
/// A project nobody has translated in yet.
pub fn translations(path: &Path) -> Result<PathBuf, ExchangeError> {
    if !path.join(PROJECT).is_file() {
        return Ok(path.to_owned());
    }
    let saved = path.join(SAVED);
    if saved.is_file() {
        return Ok(saved);
    }
    let what = format!("nothing has been translated in this project of OmegaT yet: there is no `{SAVED}` in it");
    Err(ExchangeError::Unsuitable { file: shown(path), what })
}

/// The project in the folder, if there is one.
fn known(folder: &Path) -> Result<Option<Project>, ExchangeError> {
    let path = folder.join(PROJECT);
    match fs::read(&path) {
        Ok(bytes) => Project::read(&bytes).map(Some).map_err(|error| super::file_error(&shown(&path), error)),
        Err(_) if folder.is_file() => {
            Err(ExchangeError::Unsuitable { file: shown(folder), what: "this is a file, not a folder".to_owned() })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(&path, error)),
    }
}

/// The project, unless another pair of languages was asked for.
fn agreed(project: Project, wanted: &ToProject<'_>) -> Result<Project, ExchangeError> {
    let differs = |asked: Option<Language>, has: Language| asked.is_some_and(|asked| asked != has);
    if !differs(wanted.from, project.from) && !differs(wanted.to, project.to) {
        return Ok(project);
    }
    let asked = |language: Option<Language>, tag: &str| language.map_or(tag.to_owned(), |l| l.to_string());
    let what = format!(
        "this project is from {} to {}, not from {} to {}: leave out --from and --to, or name another folder",
        project.source_tag,
        project.target_tag,
        asked(wanted.from, &project.source_tag),
        asked(wanted.to, &project.target_tag)
    );
    Err(ExchangeError::Unsuitable { file: shown(&wanted.folder.join(PROJECT)), what })
}

fn fresh(wanted: &ToProject<'_>) -> Result<Project, ExchangeError> {
    match (wanted.from, wanted.to) {
        (Some(from), Some(to)) if from != to => Ok(Project::new(from, to)),
        _ => {
            let what = format!("there is no `{PROJECT}` here: give --from and --to, and a project is made");
            Err(ExchangeError::Unsuitable { file: shown(wanted.folder), what })
        }
    }
}

/// The folders files go into.
struct Places {
    tm: PathBuf,
    glossary: PathBuf,
}

impl Places {
    /// Makes what is missing of a project in its usual places; what the project has elsewhere must be there.
    fn of(project: &Project, wanted: &ToProject<'_>) -> Result<Places, ExchangeError> {
        let made = |path: &Path| match wanted.dry_run {
            true => Ok(()),
            false => fs::create_dir_all(path).map_err(|error| at(path, error)),
        };
        let folder = |named: &str, element: &str| {
            let path = wanted.folder.join(named);
            if !FOLDERS.contains(&named) && !path.is_dir() {
                let what = format!("`{element}` names a folder that is not there: `{named}`");
                return Err(ExchangeError::Unsuitable { file: shown(&wanted.folder.join(PROJECT)), what });
            }
            Ok(path)
        };
        let places =
            Places { tm: folder(&project.tm, "tm_dir")?, glossary: folder(&project.glossary, "glossary_dir")? };
        if !wanted.folder.join(PROJECT).exists() {
            FOLDERS.iter().try_for_each(|name| made(&wanted.folder.join(name)))?;
        }
        for file in [places.tm.join(INSERTED), places.glossary.join(GLOSSARY)] {
            file.parent().map_or(Ok(()), made)?;
        }
        if wanted.pending {
            places.tm.join(DOUBTFUL).parent().map_or(Ok(()), made)?;
        }
        Ok(places)
    }
}

struct Tmx {
    path: PathBuf,
    writer: tmx::Writer<Draft>,
    count: usize,
}

impl Tmx {
    fn unit(&mut self, unit: &Unit) -> Result<(), ExchangeError> {
        self.count += 1;
        self.writer.unit(unit).map_err(|error| at(&self.path, error))
    }

    fn settled(self) -> Result<Placed, ExchangeError> {
        let file = self.writer.finish().map_err(|error| at(&self.path, error))?;
        settled(file, Holds::Pairs(self.count))
    }
}

fn settled(file: Draft, holds: Holds) -> Result<Placed, ExchangeError> {
    let path = file.path().to_owned();
    let change = file.settle().map_err(|error| at(&path, error))?;
    Ok(Placed { path, holds, change })
}

/// Whether this is the translation OmegaT is to insert for its source: one a source.
fn taken<P>(best: &mut FxHashMap<u64, (P, UnitId)>, pair: &Unit, id: UnitId) -> bool {
    let key = hashed(&pair.variants[0].text);
    let is_best = best.get(&key).is_some_and(|(_, best)| *best == id);
    if is_best {
        best.remove(&key);
    }
    is_best
}

fn hashed(text: &str) -> u64 {
    let mut hash = FxHasher::default();
    text.hash(&mut hash);
    hash.finish()
}

fn at(path: &Path, error: io::Error) -> ExchangeError {
    ExchangeError::File { file: shown(path), error }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
