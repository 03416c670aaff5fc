//! What is known of all releases. Looking through the files of an archive takes its time, so it is done beside the
//! requests, and kept for as long as neither the files nor the glossary nor the sets of the memory change. What the
//! memory says is put to it anew whenever somebody has written into it.

use crate::web::{Web, error::WebError, glossary::Glossary, office::Office};
use crate::{
    app::{
        Watch,
        gate::Verdict,
        release::{self, Files, Overview, Release, Where},
        run::Options,
        segmentation,
        sift::Sifting,
        terms::{self, day_of},
    },
    memory::{MemoryError, Reader},
};
use jiff::Timestamp;
use rustc_hash::FxHasher;
use std::{
    fs,
    hash::{Hash, Hasher},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// What is known, and whether more is being found out.
#[derive(Default)]
pub struct Board(Mutex<State>);

#[derive(Default)]
struct State {
    files: Option<(Made, Arc<Files>)>,
    known: Option<Known>,
    running: Option<Arc<Progress>>,
    /// What went wrong, and of what.
    failed: Option<(Key, String)>,
}

/// All releases as they were when they were looked at.
#[derive(Clone)]
pub struct Known {
    key: Key,
    /// Their files have been looked through.
    pub whole: bool,
    pub overview: Arc<Overview>,
    pub verdict: Arc<Verdict>,
    pub made: Timestamp,
}

/// What the files were looked through with.
#[derive(Clone)]
struct Made {
    files: u64,
    glossary: Arc<Glossary>,
}

impl PartialEq for Made {
    fn eq(&self, other: &Made) -> bool {
        self.files == other.files && Arc::ptr_eq(&self.glossary, &other.glossary)
    }
}

#[derive(Clone, PartialEq)]
struct Key {
    made: Made,
    /// The newest batch of the memory.
    batch: i64,
}

/// How far it is.
#[derive(Default)]
pub struct Progress {
    stage: Mutex<&'static str>,
    length: AtomicUsize,
    done: AtomicUsize,
}

impl Watch for Progress {
    fn begin(&self, what: &'static str, length: usize) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = what;
        self.length.store(length, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
    }

    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Progress {
    /// The stage, and how many of its steps are done.
    pub fn now(&self) -> (&'static str, usize, usize) {
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        (stage, self.done.load(Ordering::Relaxed), self.length.load(Ordering::Relaxed))
    }
}

/// What a page may show.
pub struct Standing {
    pub known: Option<Known>,
    pub running: Option<Arc<Progress>>,
    pub failed: Option<String>,
}

impl Standing {
    pub fn release(&self, name: &str) -> Option<&Release> {
        self.known.as_ref()?.overview.releases.iter().find(|release| release.name == name)
    }
}

impl Board {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known by now. Where that is out of date, finding out begins, and nobody waits for it.
    pub fn ask(office: &Web, reader: &Reader<'_>) -> Result<Standing, WebError> {
        let key = key(office, reader)?;
        let mut state = office.board.state();
        let fresh = state.known.as_ref().is_some_and(|known| known.whole && known.key == key);
        let failed = state.failed.as_ref().filter(|(of, _)| *of == key).map(|(_, error)| error.clone());
        if !fresh && failed.is_none() && state.running.is_none() {
            let progress = Arc::new(Progress::default());
            state.running = Some(Arc::clone(&progress));
            let office = Arc::clone(office);
            // Not one of the server's threads: it may take long, and the server does not wait for it to end.
            thread::spawn(move || {
                let _end = End(Arc::clone(&office));
                if let Err(error) = find_out(&office, &key, &progress) {
                    (office.setup.complain)(&error);
                    office.board.state().failed = Some((key, error));
                }
            });
        }
        Ok(Standing { known: state.known.clone(), running: state.running.clone(), failed })
    }
}

/// Notes that finding out has ended, however it did.
struct End(Web);

impl Drop for End {
    fn drop(&mut self) {
        self.0.board.state().running = None;
    }
}

fn key(office: &Office, reader: &Reader<'_>) -> Result<Key, WebError> {
    let mut hash = FxHasher::default();
    if let Some(folder) = &office.setup.releases {
        stamp(folder, 0, &mut hash);
        if office.setup.glossary.is_empty() {
            terms::places_beside(folder).iter().for_each(|place| stamp(place, DEEPEST, &mut hash));
        }
    }
    reader.sets()?.hash(&mut hash);
    day_of(office.now()).hash(&mut hash);
    let made = Made { files: hash.finish(), glossary: office.glossary(reader)? };
    Ok(Key { made, batch: reader.state()?.0 })
}

/// Folders deeper than this are not searched for releases.
const DEEPEST: usize = 16;

/// The names, sizes and times of the files in a folder.
fn stamp(folder: &Path, depth: usize, hash: &mut FxHasher) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() && depth < DEEPEST {
            entry.file_name().hash(hash);
            stamp(&entry.path(), depth + 1, hash);
        } else if about.is_file() {
            (entry.file_name(), about.len(), about.modified().ok()).hash(hash);
        }
    }
}

fn find_out(office: &Web, key: &Key, progress: &Progress) -> Result<(), String> {
    let setup = &office.setup;
    let place = Where {
        folder: setup.releases.as_deref(),
        memory: office.memory(),
        languages: &setup.languages,
        drafted: setup.drafted,
    };
    let told = |error: MemoryError| error.to_string();
    let (files, known) = {
        let state = office.board.state();
        let files = state.files.clone().filter(|(made, _)| *made == key.made).map(|(_, files)| files);
        (files, state.known.is_some())
    };
    let files = match files {
        Some(files) => files,
        None => {
            if !known {
                // What the memory says is there at once.
                let overview = release::together(place, &Files::default()).map_err(told)?;
                put(office, key, overview, false);
            }
            let files = Arc::new(looked_through(office, place, progress)?);
            office.board.state().files = Some((key.made.clone(), Arc::clone(&files)));
            files
        }
    };
    let overview = release::together(place, &files).map_err(told)?;
    put(office, key, overview, true);
    Ok(())
}

fn looked_through(office: &Office, place: Where<'_>, progress: &Progress) -> Result<Files, String> {
    let setup = &office.setup;
    let paths = match (&setup.glossary[..], place.folder) {
        ([], Some(folder)) => {
            terms::places_beside(folder).iter().map(|place| terms::files_in(place)).find(|files| !files.is_empty())
        }
        ([], None) => None,
        (some, _) => Some(some.to_vec()),
    };
    let glossary = paths.map(|paths| terms::glossaries(&paths)).transpose().map_err(|error| error.to_string())?;
    let options = Options {
        accept: setup.accept,
        dry_run: true,
        rules: setup.rules.clone(),
        segmenting: segmentation::Rules::new(&setup.segmenting).map_err(|error| error.to_string())?,
        sifting: Sifting { by_name: false, trust_names: false, fit: true },
        who: setup.who.clone(),
        now: office.now(),
    };
    // Those who type are not to wait for this: one core stays theirs.
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().map_err(|error| error.to_string())?;
    pool.install(|| release::files(place, glossary.as_ref(), options, progress)).map_err(|error| error.to_string())
}

fn put(office: &Office, key: &Key, overview: Overview, whole: bool) {
    // As `check --gate` does: those that are in the folder.
    let here = |release: &&Release| release.sides.values().any(|side| side.file.is_some());
    let releases: Vec<Release> = overview.releases.iter().filter(here).cloned().collect();
    let mut verdict = office.setup.gate.judge(&overview.findings, &releases, &overview.failed);
    verdict.accepted = overview.accepted.len();
    let (overview, verdict) = (Arc::new(overview), Arc::new(verdict));
    office.board.state().known = Some(Known { key: key.clone(), whole, overview, verdict, made: office.now() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{Memory, Mode};
    use std::time::{Duration, Instant};

    fn wait(office: &Web) -> Standing {
        let memory = Memory::open(office.memory(), Mode::Read).unwrap();
        let began = Instant::now();
        loop {
            let standing = Board::ask(office, &memory.read().unwrap()).unwrap();
            if standing.running.is_none() {
                return standing;
            }
            assert!(began.elapsed() < Duration::from_secs(120));
            thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn what_is_known_is_kept_until_something_changes() {
        let folder = tempfile::tempdir().unwrap();
        let releases = folder.path().join("releases");
        fs::create_dir(&releases).unwrap();
        let write = |name: &str, text: &str| fs::write(releases.join(name), text).unwrap();
        write("1.en.txt", "The office opens on Monday at nine.\n");
        write("1.az.txt", "Ofis bazar ertəsi saat doqquzda açılır.\n");
        let office = Office::of_test(&folder.path().join("m.db"), Vec::new());
        let mut office = Arc::try_unwrap(office).ok().unwrap();
        office.setup.releases = Some(releases.clone());
        let office = Arc::new(office);
        let first = wait(&office).known.unwrap();
        let names = |known: &Known| known.overview.releases.iter().map(|r| r.name.clone()).collect::<Vec<_>>();
        assert_eq!((first.whole, names(&first)), (true, vec!["1".to_owned()]));
        assert!(Arc::ptr_eq(&wait(&office).known.unwrap().overview, &first.overview), "nothing has changed");
        write("2.en.txt", "It has twelve rooms for visitors.\n");
        write("2.az.txt", "Orada qonaqlar üçün on iki otaq var.\n");
        let second = wait(&office).known.unwrap();
        assert_eq!(names(&second), ["1", "2"]);
        // What is said of a release needs no look into the files.
        let kept = office.board.state().files.clone().unwrap().1;
        let mut memory = Memory::open(office.memory(), Mode::Write).unwrap();
        let by = crate::app::check::accepted::By { who: "anna", now: office.now(), dry_run: false };
        let saying = release::Saying { state: Some(release::State::Reviewed), ..release::Saying::default() };
        let meant = [("2".to_owned(), vec![crate::Language::EN])];
        release::say(&mut memory, &meant, &saying, by).unwrap();
        let third = wait(&office).known.unwrap();
        assert_eq!(third.overview.releases[1].sides[&crate::Language::EN].state, Some(release::State::Reviewed));
        assert!(Arc::ptr_eq(&office.board.state().files.clone().unwrap().1, &kept));
    }
}
