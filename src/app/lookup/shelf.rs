//! Indexes in memory for a server: read when many ask, thrown away when nobody has asked for a while.
//!
//! An index that was read is of one state of the memory. Once somebody has written, answers come from the file until
//! it was read anew; they are the same.

use super::{Asked, Memories};
use crate::{
    lang::Language,
    memory::{Loaded, MemoryError, Reader},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// So many questions within [`WINDOW`] are a crowd, for whom an index is read.
const CROWD: u32 = 25;
const WINDOW: Duration = Duration::from_secs(10);
/// Nobody has asked for so long: the index goes.
const REST: Duration = Duration::from_secs(120);

/// The indexes of the memories asked, by the memory's place among them and the language.
#[derive(Default)]
pub struct Shelf {
    places: Arc<Mutex<BTreeMap<(usize, Language), Place>>>,
}

/// One index on the shelf, or the room for it.
struct Place {
    loaded: Option<(State, Arc<Loaded>)>,
    /// It is being read.
    reading: bool,
    /// When it was read last, or begun to be.
    read: Option<Instant>,
    /// Since when the questions are counted, and how many there were.
    since: Instant,
    asked: u32,
    used: Instant,
}

/// What tells two views of one memory apart.
type State = (i64, i64);

impl Shelf {
    /// The index of a memory, where there is one of the reader's very state. Where many ask, one is read for those who
    /// come later.
    pub(super) fn get(
        &self,
        asked: &[Asked],
        number: usize,
        reader: &Reader<'_>,
        language: Language,
    ) -> Result<Option<Arc<Loaded>>, MemoryError> {
        let now = Instant::now();
        let state = reader.state()?;
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.entry((number, language)).or_insert_with(|| Place {
            loaded: None,
            reading: false,
            read: None,
            since: now,
            asked: 0,
            used: now,
        });
        place.used = now;
        if now.duration_since(place.since) > WINDOW {
            (place.since, place.asked) = (now, 0);
        }
        place.asked += 1;
        if let Some((known, loaded)) = &place.loaded
            && *known == state
        {
            return Ok(Some(Arc::clone(loaded)));
        }
        let lately = place.read.is_some_and(|read| now.duration_since(read) < WINDOW);
        if place.asked >= CROWD && !place.reading && !lately {
            place.reading = true;
            place.read = Some(now);
            let (places, asked) = (Arc::clone(&self.places), asked[number].clone());
            thread::spawn(move || {
                // What went wrong those meet themselves who ask the file.
                let read = read(asked, language).ok();
                let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(place) = places.get_mut(&(number, language)) {
                    place.reading = false;
                    place.loaded = read;
                }
            });
        }
        Ok(None)
    }

    /// Throws away what nobody has asked for in a while. Whether anything is left.
    pub fn tidy(&self, now: Instant) -> bool {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|_, place| place.reading || now.saturating_duration_since(place.used) < REST);
        !places.is_empty()
    }
}

fn read(asked: Asked, language: Language) -> Result<(State, Arc<Loaded>), MemoryError> {
    let memories = Memories::open(&[asked])?;
    let views = memories.read()?;
    let reader = views.first().ok_or_else(|| MemoryError::Missing(memories.asked[0].path.clone()))?;
    Ok((reader.state()?, Arc::new(reader.load(language)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lookup::{Options, Query, Score},
        memory::{Memory, Mode},
        model::{Unit, Variant},
    };

    fn write(path: &std::path::Path, en: &str) {
        let mut memory = Memory::open(path, Mode::Write).unwrap();
        let unit =
            Unit { variants: vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, "x")], ..Unit::default() };
        memory.write("add", "2024-03-12T10:00:00Z".parse().unwrap(), "me", |batch| batch.add(&unit)).unwrap();
    }

    #[test]
    fn an_index_is_there_for_a_crowd_and_never_of_another_state() {
        let folder = tempfile::tempdir().unwrap();
        let asked = [Asked { path: folder.path().join("m.db"), penalty: Score::default() }];
        write(&asked[0].path, "The doors are open on Monday.");
        let shelf = Arc::new(Shelf::default());
        let is_there = || {
            let memories = Memories::open(&asked).unwrap();
            let views = memories.read().unwrap();
            shelf.get(&asked, 0, views.first().unwrap(), Language::EN).unwrap().is_some()
        };
        let found = |text: &str| {
            let memories = Memories::open(&asked).unwrap();
            let views = memories.read().unwrap().on(&shelf);
            let options = Options {
                from: Language::EN,
                to: vec![Language::AZ],
                min: Score::from_percent(60.0),
                max: 9,
                pending: false,
                penalties: Vec::new(),
            };
            views.lookup(options, true, [Ok::<_, MemoryError>(Query::from(text))], |_, _| Ok(())).unwrap()
        };
        assert!((1..CROWD).all(|_| !is_there()), "few ask");
        let begun = Instant::now();
        while !is_there() {
            assert!(begun.elapsed() < Duration::from_secs(30), "many ask, and nothing was read");
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(found("The doors are open on Monday."), 1);
        write(&asked[0].path, "The doors are open on Friday.");
        assert!(!is_there(), "it is of the state before");
        assert_eq!(found("The doors are open on Monday."), 2, "what was written just now is found");
        assert!(shelf.tidy(Instant::now()));
        assert!(!shelf.tidy(Instant::now() + REST));
    }
}
