//! The glossary in force: its files where there are any, else the memory's copy; read once and kept for as long as
//! nobody changes it.

use super::{error::WebError, office::Office, terms::Finder};
use crate::{
    app::terms::{self, day_of},
    memory::{BatchId, Reader},
    model::Concept,
    terms::Termbase,
};
use jiff::civil::Date;
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, SystemTime},
};

/// A glossary as it was read.
#[derive(Debug)]
pub struct Glossary {
    /// All concepts, those out of date among them.
    pub all: Arc<Vec<Concept>>,
    /// The concepts and terms that are in force on the day.
    pub in_force: Arc<Vec<Concept>>,
    pub day: Date,
    source: Source,
    termbase: OnceLock<Arc<Termbase>>,
    finder: OnceLock<Finder>,
}

impl Glossary {
    fn new(all: Vec<Concept>, day: Date, source: Source) -> Glossary {
        let all = Arc::new(all);
        let holds = |c: &Concept| c.valid.holds(day) && c.terms.iter().all(|term| term.valid.holds(day));
        let in_force = match all.iter().all(holds) {
            true => Arc::clone(&all),
            false => Arc::new(terms::valid_at(all.to_vec(), day)),
        };
        Glossary { all, in_force, day, source, termbase: OnceLock::new(), finder: OnceLock::new() }
    }

    /// What its concepts are found by, those out of date among them.
    pub fn finder(&self) -> &Finder {
        self.finder.get_or_init(|| Finder::new(Arc::clone(&self.all)))
    }

    /// The concepts in force, ready to be found in texts.
    pub fn termbase(&self) -> Arc<Termbase> {
        Arc::clone(self.termbase.get_or_init(|| Arc::new(Termbase::new(self.in_force.to_vec()))))
    }
}

/// What tells whether a glossary is still as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Files(Vec<Stamp>),
    /// The memory's copy, as the newest of all batches left it.
    Copy {
        newest: i64,
        fingerprint: Option<String>,
    },
}

/// A file by what changes when it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    path: PathBuf,
    length: u64,
    /// `None`: written so short a time before that it may be written again within the same tick of the disk's clock.
    written: Option<SystemTime>,
}

/// The coarsest clocks of file systems tick every two seconds.
const TICK: Duration = Duration::from_secs(2);

impl Stamp {
    fn of(path: &PathBuf, now: SystemTime) -> Option<Stamp> {
        let file = fs::metadata(path).ok()?;
        let written = file.modified().ok();
        let written = written.filter(|time| now.duration_since(*time).is_ok_and(|age| age > TICK));
        Some(Stamp { path: path.clone(), length: file.len(), written })
    }
}

impl Source {
    fn now(office: &Office, reader: &Reader<'_>) -> Result<Source, WebError> {
        let files = &office.setup.glossary;
        if files.is_empty() {
            let (newest, _) = reader.state()?;
            return Ok(Source::Copy { newest, fingerprint: reader.concepts_fingerprint()? });
        }
        // One that is not there is told by those who read it.
        let time = SystemTime::from(office.now());
        Ok(Source::Files(files.iter().filter_map(|file| Stamp::of(file, time)).collect()))
    }

    /// Whether what was read from this is what there is now.
    fn holds(&self, now: &Source, reader: &Reader<'_>) -> Result<bool, WebError> {
        Ok(match (self, now) {
            (Source::Files(old), Source::Files(new)) => old == new && new.iter().all(|stamp| stamp.written.is_some()),
            (Source::Copy { newest, fingerprint }, Source::Copy { newest: last, fingerprint: said }) => {
                last == newest
                    || last > newest && fingerprint == said && !reader.concepts_changed_since(BatchId(*newest))?
            }
            _ => false,
        })
    }
}

/// The glossary kept.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Option<Arc<Glossary>>>);

impl Office {
    /// The concepts in force today, as the command line's checks have them.
    pub fn concepts(&self, reader: &Reader<'_>) -> Result<Arc<Vec<Concept>>, WebError> {
        Ok(Arc::clone(&self.glossary(reader)?.in_force))
    }

    /// The glossary as it stands; empty where there is none.
    pub fn glossary(&self, reader: &Reader<'_>) -> Result<Arc<Glossary>, WebError> {
        // Those who ask meanwhile wait for the one reading instead of reading it too.
        let mut kept = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (source, day) = (Source::now(self, reader)?, day_of(self.now()));
        if let Some(glossary) = &*kept
            && glossary.day == day
            && glossary.source.holds(&source, reader)?
        {
            return Ok(Arc::clone(glossary));
        }
        let all = match self.setup.glossary.as_slice() {
            [] => reader.concepts()?,
            files => terms::glossaries(files)?.concepts,
        };
        let glossary = Arc::new(Glossary::new(all, day, source));
        *kept = Some(Arc::clone(&glossary));
        Ok(glossary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        memory::{Memory, Mode},
        model::{Status, Term, Unit, Variant},
    };

    fn concept(id: &str, until: Option<&str>) -> Concept {
        let terms = vec![Term::new(id, Language::EN, Status::Preferred)];
        let mut concept = Concept { id: id.to_owned(), terms, ..Concept::default() };
        concept.valid.until = until.map(|day| day.parse().unwrap());
        concept
    }

    fn put(memory: &mut Memory, concepts: &[Concept]) {
        let now = "2024-05-01T00:00:00Z".parse().unwrap();
        memory.write("term edit a", now, "me", |batch| batch.put_concepts(concepts, "term edit a")).unwrap();
    }

    #[test]
    fn the_copy_is_read_anew_when_a_concept_changes_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let office = Office::of_test(&path, Vec::new());
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let read = || {
            let memory = Memory::open(&path, Mode::Read).unwrap();
            office.glossary(&memory.read().unwrap()).unwrap()
        };
        put(&mut memory, &[concept("a", None), concept("gone", Some("2020-01-01"))]);
        let first = read();
        assert_eq!((first.all.len(), first.in_force.len()), (2, 1));
        assert_eq!(first.termbase().concepts(), *first.in_force);
        let now = "2024-05-01T00:00:00Z".parse().unwrap();
        let variants = vec![Variant::new(Language::EN, "one"), Variant::new(Language::AZ, "bir")];
        memory.write("x", now, "me", |batch| batch.add(&Unit { variants, ..Unit::default() })).unwrap();
        assert!(Arc::ptr_eq(&first, &read()));
        // The same name of the batch, the same fingerprint.
        put(&mut memory, &[concept("b", None)]);
        let second = read();
        assert_eq!((second.all[0].id.as_str(), second.all.len()), ("b", 1));
        assert!(Arc::ptr_eq(&second.all, &second.in_force));
    }

    #[test]
    fn files_rule_and_are_read_anew_when_they_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("g.csv");
        let path = folder.path().join("m.db");
        let office = Office::of_test(&path, vec![file.clone()]);
        let memory = Memory::open(&path, Mode::Read).unwrap();
        let write = |text: &str, seconds: u64| {
            std::fs::write(&file, text).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            std::fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
        };
        let read = || office.glossary(&memory.read().unwrap()).map(|glossary| (glossary.all[0].id.clone(), glossary));
        write("concept,en\nvisa,visa\n", 1_000_000_000);
        let (id, first) = read().unwrap();
        assert_eq!(id, "visa");
        assert!(Arc::ptr_eq(&first, &read().unwrap().1));
        write("concept,en\nvis2,visa\n", 1_000_000_007);
        assert_eq!(read().unwrap().0, "vis2");
        // The clock of the office says 2024: what is written after that is too young to be trusted.
        write("concept,en\nvis3,visa\n", 1_900_000_000);
        assert_eq!(read().unwrap().0, "vis3");
        write("concept,en\nvis4,visa\n", 1_900_000_000);
        assert_eq!(read().unwrap().0, "vis4");
        std::fs::remove_file(&file).unwrap();
        assert!(matches!(read(), Err(WebError::Bad(text)) if text.contains("g.csv")));
    }
}
