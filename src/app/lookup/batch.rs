//! Many queries, answered on all cores in the order they came.
//!
//! Each thread has its own view of the memories, of the same state as the caller's. The index is read into memory in
//! the background; until it is there the answers come from the file, and they are the same.

use super::{Asked, Memories, Views};
use crate::{
    lookup::{Finder, Match, Options, Query},
    memory::{Loaded, MemoryError},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

/// How a batch is to be answered.
#[derive(Debug, Clone)]
pub struct Manner {
    pub options: Options,
    /// Compare each answer with brute force; a difference is [`MemoryError::Unverified`].
    pub verify: bool,
    /// Read the index and the texts into memory: faster, 200 to 300 MB for a million units.
    pub load: bool,
    /// At least one.
    pub threads: usize,
}

/// A query on its way: its place in the order, and what became of reading it.
type Job<E> = (usize, Result<Query, E>);
type Done<E> = (usize, Result<(Query, Vec<Match>), E>);

/// The index of each memory asked, as far as there are such memories.
type Index = Vec<Option<Arc<Loaded>>>;

/// Queries that wait for a thread.
const WAITING: usize = 256;

/// Queries that brute force scores in one walk through the units.
const TOGETHER: usize = 128;

/// Answers each query as soon as it comes and those before it are answered; `each` gets it with its matches, best
/// first. Returns how many matches there were.
pub fn lookup_all<E: From<MemoryError> + Send + 'static>(
    views: &Views<'_>,
    manner: &Manner,
    queries: impl Iterator<Item = Result<Query, E>> + Send + 'static,
    mut each: impl FnMut(&Query, &[Match]) -> Result<(), E>,
) -> Result<usize, E> {
    let state = views.state()?;
    let loaded = Arc::new(OnceLock::new());
    if manner.load {
        load(views.asked.to_vec(), manner.options.clone(), Arc::clone(&loaded));
    }
    // Threads are not waited for: reading the queries may go on for ever, and nothing is left half done.
    let (feed, jobs) = sync_channel::<Job<E>>(WAITING);
    let jobs = Arc::new(Mutex::new(jobs));
    let (give, done) = channel::<Done<E>>();
    // All begin at once, then each is waited for.
    let mut beginning = Vec::new();
    for _ in 0..manner.threads {
        let (ready, begun) = sync_channel(1);
        let worker = Worker { asked: views.asked.to_vec(), manner: manner.clone(), loaded: Arc::clone(&loaded) };
        let (state, jobs, give) = (state.clone(), Arc::clone(&jobs), give.clone());
        thread::spawn(move || worker.work(&state, &ready, &jobs, &give));
        beginning.push(begun);
    }
    drop(give);
    let working = beginning.into_iter().filter(|begun| begun.recv().unwrap_or(false)).count();
    if working == 0 {
        // Somebody wrote just now: the caller's own view answers.
        return views.lookup(manner.options.clone(), manner.verify, queries, each);
    }
    thread::spawn(move || {
        // As long as somebody takes them.
        let _ = queries.enumerate().all(|job| feed.send(job).is_ok());
    });
    let mut early = BTreeMap::new();
    let mut next = 0;
    let mut count = 0;
    for (number, result) in done {
        early.insert(number, result);
        while let Some(result) = early.remove(&next) {
            let (query, found) = result?;
            count += found.len();
            each(&query, &found)?;
            next += 1;
        }
    }
    Ok(count)
}

/// Reads the index of each memory in the background.
fn load(asked: Vec<Asked>, options: Options, to: Arc<OnceLock<Index>>) {
    thread::spawn(move || {
        let read = || -> Result<Index, MemoryError> {
            let memories = Memories::open(&asked)?;
            let views = memories.read()?;
            let mut index: Index = vec![None; asked.len()];
            for (number, reader) in &views.open {
                index[*number] = Some(Arc::new(reader.load(options.from)?));
            }
            Ok(index)
        };
        // What went wrong the threads that answer meet themselves.
        if let Ok(index) = read() {
            let _ = to.set(index);
        }
    });
}

struct Worker {
    asked: Vec<Asked>,
    manner: Manner,
    loaded: Arc<OnceLock<Index>>,
}

impl Worker {
    /// Answers jobs until there are no more, once its view is of `state`; says whether it is.
    fn work<E: From<MemoryError>>(
        &self,
        state: &[(usize, i64, i64)],
        ready: &SyncSender<bool>,
        jobs: &Mutex<Receiver<Job<E>>>,
        give: &Sender<Done<E>>,
    ) {
        let view = |memories: &Memories| -> Result<(), MemoryError> {
            let views = memories.read()?;
            let same = views.state()? == state;
            let mut finder = views.finder(self.manner.options.clone())?;
            let _ = ready.send(same);
            if same {
                while let Some(taken) = self.take(jobs) {
                    if let Some(index) = self.loaded.get() {
                        finder.adopt(views.open.iter().map(|(number, _)| index[*number].clone()));
                    }
                    if !self.answer(&views, &mut finder, taken, give) {
                        break;
                    }
                }
            }
            Ok(())
        };
        // A view that cannot be had is one that is not ready.
        if Memories::open(&self.asked).and_then(|memories| view(&memories)).is_err() {
            let _ = ready.send(false);
        }
    }

    /// The next job; of jobs to verify all that wait, up to a number.
    fn take<E>(&self, jobs: &Mutex<Receiver<Job<E>>>) -> Option<Vec<Job<E>>> {
        let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = vec![jobs.recv().ok()?];
        while self.manner.verify && taken.len() < TOGETHER {
            match jobs.recv_timeout(Duration::from_millis(20)) {
                Ok(job) => taken.push(job),
                Err(_) => break,
            }
        }
        Some(taken)
    }

    /// Whether anybody is left to take answers.
    fn answer<E: From<MemoryError>>(
        &self,
        views: &Views<'_>,
        finder: &mut Finder<'_, '_>,
        taken: Vec<Job<E>>,
        give: &Sender<Done<E>>,
    ) -> bool {
        let mut numbers = Vec::new();
        let mut queries = Vec::new();
        for (number, query) in taken {
            match query {
                Ok(query) => {
                    numbers.push(number);
                    queries.push(query);
                }
                Err(error) => {
                    if give.send((number, Err(error))).is_err() {
                        return false;
                    }
                }
            }
        }
        let found: Vec<Result<Vec<Match>, MemoryError>> = match self.manner.verify {
            true => finder.verified_all(&queries),
            false => queries.iter().map(|query| finder.find(query)).collect(),
        };
        numbers.into_iter().zip(queries).zip(found).all(|((number, query), found)| {
            let done = found.map(|found| (query, views.named(found))).map_err(E::from);
            give.send((number, done)).is_ok()
        })
    }
}
