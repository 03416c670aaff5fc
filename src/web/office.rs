//! What all requests share: the memory, with many readers and one writer, and what was set when the server began.

use super::{access::Brake, error::WebError, glossary::Kept, releases::Board, terms::Suggestions};
use crate::{
    app::{
        gate::Gate,
        lookup::{Asked, Memories, Shelf, Views},
        segmentation,
    },
    lang::Language,
    lookup::Score,
    memory::{Backups, Memory, MemoryError, Mode, Reader},
    rules::RuleSet,
};
use jiff::Timestamp;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex as Turn, Semaphore},
    task::spawn_blocking,
};

/// What the server is begun with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The memories asked; the first is read and written everywhere else. Not empty.
    pub memories: Vec<Asked>,
    /// The glossary files in force; none: the memory's copy is.
    pub glossary: Vec<PathBuf>,
    /// The folder of releases, where there is one.
    pub releases: Option<PathBuf>,
    /// The languages each release should have; none: those that are there.
    pub languages: Vec<Language>,
    /// By what is judged whether releases may go out.
    pub gate: Gate,
    /// The language releases are drafted in.
    pub drafted: Option<Language>,
    /// By which rules texts are checked.
    pub rules: RuleSet,
    /// What documents are split by.
    pub segmenting: segmentation::Settings,
    /// Beads at least so sure are accepted. 0 to 1.
    pub accept: f32,
    /// The file of settings, which goes with a backup.
    pub settings: Option<PathBuf>,
    /// Where backups go.
    pub backups: Backups,
    pub access: Access,
    /// Whether programs may add units by the protocols of CAT tools.
    pub writable: bool,
    /// What the protocols with room for one answer take at least.
    pub min: Score,
    /// Names the server answers to beside its own addresses: `tm.office.example`, with a port where it is not usual.
    pub names: Vec<String>,
    /// Who sits at this computer.
    pub who: String,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// Told what went wrong inside, which is not told to those who ask.
    pub complain: fn(&str),
}

impl Setup {
    /// A memory and nothing else, for Anna at her own computer, whose clock stands at the first second of 1970.
    pub(super) fn plain(memory: &Path) -> Setup {
        Setup {
            memories: vec![Asked { path: memory.to_owned(), penalty: Score::default() }],
            glossary: Vec::new(),
            releases: None,
            languages: Vec::new(),
            gate: Gate::default(),
            drafted: None,
            rules: RuleSet::default(),
            segmenting: segmentation::Settings::default(),
            accept: crate::app::ACCEPT,
            settings: None,
            backups: Backups::beside(memory),
            access: Access::Loopback,
            writable: false,
            min: Score::from_percent(75.0),
            names: Vec::new(),
            who: "anna".to_owned(),
            clock: || Timestamp::UNIX_EPOCH,
            complain: |_| {},
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody at this computer, and nobody else can.
    Loopback,
    /// Those who have a token, from wherever they come.
    Tokens,
}

/// The memory and what was set, for as long as the server runs.
pub struct Office {
    pub setup: Setup,
    /// Open memories that wait for the next reader.
    idle: Mutex<Vec<Memories>>,
    /// Places for readers: more at once would only wait for each other.
    readers: Semaphore,
    /// Indexes in memory, while many ask.
    shelf: Shelf,
    /// When somebody read last.
    used: Mutex<Instant>,
    /// One writes at a time; SQLite sees to it between programs, this within ours, so that nobody waits in vain.
    turn: Turn<()>,
    /// The glossary as it was read last.
    pub(super) kept: Kept,
    /// What is known of all releases.
    pub(super) board: Board,
    /// On guessing tokens.
    pub brake: Brake,
    /// Proposals for the glossary as they were worked out last.
    pub(super) suggestions: Suggestions,
}

/// Those who read at once: four a core, so that each has work while answers are handed on; more only hold each other up.
/// Each has the memories open, and leaves them open for the next.
fn readers() -> usize {
    4 * std::thread::available_parallelism().map_or(2, usize::from)
}
/// Nobody has read for so long: the memories are closed.
const REST: Duration = Duration::from_secs(120);

impl Office {
    /// Makes the memory where there is none.
    pub fn open(setup: Setup) -> Result<Office, MemoryError> {
        let office = Office {
            setup,
            idle: Mutex::default(),
            readers: Semaphore::new(readers()),
            shelf: Shelf::default(),
            used: Mutex::new(Instant::now()),
            turn: Turn::new(()),
            kept: Kept::default(),
            board: Board::default(),
            brake: Brake::default(),
            suggestions: Suggestions::default(),
        };
        Memory::open_with(office.memory(), Mode::Write, &office.setup.backups)?;
        Ok(office)
    }

    /// Where the memory is that is read and written.
    pub fn memory(&self) -> &Path {
        &self.setup.memories[0].path
    }

    pub fn now(&self) -> Timestamp {
        (self.setup.clock)()
    }

    /// Asks the memories, on a thread that may wait for the disk. No reader waits for a writer; as many read at once as
    /// [`readers`] says, and those beyond wait for a place.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Office, &Views<'_>) -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        let office = Arc::clone(self);
        let place = self.readers.acquire().await;
        let done = self.work(move || {
            let kept = office.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let memories = match kept {
                Some(memories) => memories,
                None => Memories::open(&office.setup.memories)?,
            };
            let done = job(&office, &memories.read()?.on(&office.shelf))?;
            *office.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            office.idle.lock().unwrap_or_else(PoisonError::into_inner).push(memories);
            Ok(done)
        });
        let done = done.await;
        drop(place);
        done
    }

    /// Gives back what a resting server does not need.
    pub fn tidy(&self, now: Instant) {
        self.shelf.tidy(now);
        let used = *self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(used) >= REST {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// As [`Office::ask`], of the first memory only.
    pub async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Office, &Reader<'_>) -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        self.ask(move |office, views| match views.first() {
            Some(reader) => job(office, reader),
            None => Err(WebError::Gone),
        })
        .await
    }

    /// Lets a job write into the memory: one at a time, in the order they came.
    pub async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Office, &mut Memory) -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        let office = Arc::clone(self);
        // A request that is broken off leaves its turn when its job has ended, not before.
        let turn = Arc::clone(self);
        tokio::spawn(async move {
            let _turn = turn.turn.lock().await;
            office
                .work({
                    let office = Arc::clone(&office);
                    move || {
                        let mut memory = Memory::open_with(office.memory(), Mode::Write, &office.setup.backups)?;
                        job(&office, &mut memory)
                    }
                })
                .await
        })
        .await
        .map_err(|error| WebError::inside(&error))?
    }

    /// Does something long that needs no memory of its own, on a thread that may wait.
    pub async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, WebError> + Send + 'static,
    ) -> Result<T, WebError> {
        spawn_blocking(job).await.map_err(|error| WebError::inside(&error))?
    }
}

#[cfg(test)]
impl Office {
    /// An office whose clock stands still, in May 2024.
    pub fn of_test(memory: &Path, glossary: Vec<PathBuf>) -> Arc<Office> {
        let setup = Setup {
            glossary,
            clock: || Timestamp::from_second(1_714_521_600).expect("a time"),
            ..Setup::plain(memory)
        };
        Arc::new(Office::open(setup).expect("a memory"))
    }
}
