//! Questions to one or several memories: matches for queries, keywords in context.

mod batch;
mod lines;
mod record;
mod shelf;

pub use batch::{Manner, lookup_all};
pub use lines::{lines_csv, lines_json};
pub use record::{Answer, Record};
pub use shelf::Shelf;

use super::quarantine;
use crate::{
    concordance::{self, Line, Pattern},
    lang::Language,
    lookup::{Finder, Match, Options, Query, Score, Source},
    memory::{BatchInfo, Filter, Memory, MemoryError, Reader},
    model::{Unit, UnitId},
};
use std::path::{Path, PathBuf};

/// A memory to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub path: PathBuf,
    /// What its matches are worth less.
    pub penalty: Score,
}

/// The memories asked, those that exist opened for reading; nothing is created.
pub struct Memories {
    asked: Vec<Asked>,
    open: Vec<(usize, Memory)>,
}

impl Memories {
    pub fn open(asked: &[Asked]) -> Result<Memories, MemoryError> {
        let mut open = Vec::new();
        for (number, Asked { path, .. }) in asked.iter().enumerate() {
            open.extend(Memory::open_existing(path)?.map(|memory| (number, memory)));
        }
        Ok(Memories { asked: asked.to_vec(), open })
    }

    /// Those that do not exist: they have no matches.
    pub fn missing(&self) -> impl Iterator<Item = &Path> {
        let is_open = |number: &usize| self.open.iter().any(|(open, _)| open == number);
        (0..self.asked.len()).filter(move |number| !is_open(number)).map(|number| self.asked[number].path.as_path())
    }

    /// One consistent view of each.
    pub fn read(&self) -> Result<Views<'_>, MemoryError> {
        let views = self.open.iter().map(|(number, memory)| Ok((*number, memory.read()?)));
        Ok(Views { asked: &self.asked, open: views.collect::<Result<_, MemoryError>>()?, shelf: None })
    }
}

/// Views of the memories asked. A memory is named by its place among those asked.
pub struct Views<'m> {
    asked: &'m [Asked],
    open: Vec<(usize, Reader<'m>)>,
    /// Where indexes lie that were read for others.
    shelf: Option<&'m Shelf>,
}

impl<'m> Views<'m> {
    /// Look-ups use the indexes that lie on a shelf.
    pub fn on(self, shelf: &'m Shelf) -> Views<'m> {
        Views { shelf: Some(shelf), ..self }
    }

    /// Answers each query as soon as it comes; `each` gets it with its matches, best first. Returns how many
    /// matches there were.
    ///
    /// With `verify` each answer is compared with brute force; a difference is [`MemoryError::Unverified`].
    pub fn lookup<E: From<MemoryError>>(
        &self,
        options: Options,
        verify: bool,
        queries: impl IntoIterator<Item = Result<Query, E>>,
        mut each: impl FnMut(&Query, &[Match]) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut finder = self.finder(options)?;
        let mut count = 0;
        for query in queries {
            let query = query?;
            let found = self.named(if verify { finder.verified(&query)? } else { finder.find(&query)? });
            count += found.len();
            each(&query, &found)?;
        }
        Ok(count)
    }

    /// The matches of one query among the units that pass `only`, best first.
    pub fn matches(&self, options: Options, only: Option<&Filter>, query: &Query) -> Result<Vec<Match>, MemoryError> {
        let mut finder = self.finder(options)?;
        if let Some(only) = only {
            finder = finder.only(only.clone());
        }
        Ok(self.named(finder.find(query)?))
    }

    /// The scored matches of one query, best first, without the labelled ones behind them.
    pub fn scored(&self, options: Options, query: &Query) -> Result<Vec<Match>, MemoryError> {
        Ok(self.named(self.finder(options)?.find_scored(query)?))
    }

    fn finder(&self, options: Options) -> Result<Finder<'_, 'm>, MemoryError> {
        let sources = self.open.iter().map(|(number, reader)| {
            let (penalty, origins) = (self.asked[*number].penalty, quarantine::penalties(reader)?);
            let loaded = match self.shelf {
                Some(shelf) => shelf.get(self.asked, *number, reader, options.from)?,
                None => None,
            };
            Ok(Source { reader, penalty, origins, loaded })
        });
        Finder::over(&sources.collect::<Result<Vec<_>, MemoryError>>()?, options)
    }

    /// The matches of a finder over all views, each with its memory's place among those asked.
    fn named(&self, mut found: Vec<Match>) -> Vec<Match> {
        found.iter_mut().for_each(|found| found.memory = self.open[found.memory].0);
        found
    }

    /// The memories there are, each with the state it is in.
    fn state(&self) -> Result<Vec<(usize, i64, i64)>, MemoryError> {
        self.open
            .iter()
            .map(|(number, reader)| reader.state().map(|(batch, segment)| (*number, batch, segment)))
            .collect()
    }

    /// The first `max` places of a pattern, memory by memory, each with its memory.
    pub fn concordance(&self, pattern: &Pattern, max: usize) -> Result<Vec<(usize, Line)>, MemoryError> {
        let mut out = Vec::new();
        for (number, reader) in &self.open {
            let lines = concordance::concordance(reader, pattern, max - out.len())?;
            out.extend(lines.into_iter().map(|line| (*number, line)));
            if out.len() >= max {
                break;
            }
        }
        Ok(out)
    }

    /// The languages there are, where none of the memories has `language`; `None` where one has it, or where there
    /// is no memory.
    pub fn instead_of(&self, language: Language) -> Result<Option<Vec<Language>>, MemoryError> {
        let mut known: Vec<Language> = Vec::new();
        for (_, reader) in &self.open {
            known.extend(reader.languages()?);
        }
        known.sort_unstable();
        known.dedup();
        Ok((!self.open.is_empty() && !known.contains(&language)).then_some(known))
    }

    /// The view of the first memory asked, where it exists.
    pub fn first(&self) -> Option<&Reader<'m>> {
        self.open.iter().find(|(number, _)| *number == 0).map(|(_, reader)| reader)
    }

    /// A unit of the memory a match is from, as it is stored.
    pub fn unit(&self, found: &Match, id: UnitId) -> Result<Option<Unit>, MemoryError> {
        match self.open.iter().find(|(number, _)| *number == found.memory) {
            Some((_, reader)) => reader.unit(id),
            None => Ok(None),
        }
    }

    /// The batch that gave the unit of a match its present form: who did it, and how.
    pub fn batch_of(&self, found: &Match) -> Result<Option<BatchInfo>, MemoryError> {
        let Some((_, reader)) = self.open.iter().find(|(number, _)| *number == found.memory) else { return Ok(None) };
        match reader.revision(found.unit)? {
            Some(batch) => reader.batch(batch),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{concordance::Form, memory::Mode, model::Variant};

    fn asked(folder: &Path, name: &str, pairs: &[(&str, &str)]) -> Asked {
        let path = folder.join(name);
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let unit = |(en, az): &(&str, &str)| Unit {
            variants: vec![Variant::new(Language::EN, *en), Variant::new(Language::AZ, *az)],
            ..Unit::default()
        };
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        let job = |batch: &mut crate::memory::Batch<'_>| pairs.iter().try_for_each(|p| batch.add(&unit(p)).map(drop));
        memory.write("import a.tmx", now, "anna", job).unwrap();
        Asked { path, penalty: Score::default() }
    }

    #[test]
    fn a_missing_memory_is_named_and_the_others_answer() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Asked { path: folder.path().join("none.db"), penalty: Score::default() };
        let there = asked(folder.path(), "b.db", &[("Open day", "Açıq qapı günü")]);
        let all = [missing.clone(), there];
        let memories = Memories::open(&all).unwrap();
        assert_eq!(memories.missing().collect::<Vec<_>>(), [missing.path.as_path()]);
        assert!(!missing.path.exists());
        let views = memories.read().unwrap();
        let options = Options {
            from: Language::EN,
            to: vec![Language::AZ],
            min: Score::EXACT,
            max: 5,
            pending: false,
            penalties: Vec::new(),
        };
        let mut seen = Vec::new();
        let count = views.lookup(options, true, [Ok(Query::from("Open day"))], |_, found| {
            seen.extend(found.to_vec());
            Ok::<_, MemoryError>(())
        });
        assert_eq!((count.unwrap(), seen[0].memory, seen[0].unit), (1, 1, UnitId(1)));
        let batch = views.batch_of(&seen[0]).unwrap().unwrap();
        assert_eq!((batch.who.as_str(), batch.note.as_str()), ("anna", "import a.tmx"));
        assert_eq!(views.instead_of(Language::RU).unwrap(), Some(vec![Language::AZ, Language::EN]));
        assert_eq!(views.instead_of(Language::AZ).unwrap(), None);
    }

    #[test]
    fn a_concordance_goes_on_in_the_next_memory_up_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let all = [
            asked(folder.path(), "a.db", &[("The office opened", "x"), ("Our office closed", "y")]),
            asked(folder.path(), "b.db", &[("An office moved", "z"), ("No office at all", "w")]),
        ];
        let memories = Memories::open(&all).unwrap();
        let views = memories.read().unwrap();
        let pattern = Pattern::new("office", Form::Text, None, false).unwrap();
        let places = |max| -> Vec<(usize, i64)> {
            views.concordance(&pattern, max).unwrap().into_iter().map(|(memory, line)| (memory, line.unit.0)).collect()
        };
        assert_eq!(places(3), [(0, 1), (0, 2), (1, 1)]);
        assert_eq!(places(1), [(0, 1)]);
        assert_eq!(places(0), []);
    }

    #[test]
    fn many_queries_are_answered_in_order_and_as_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let texts: Vec<(String, String)> =
            (0..60).map(|n| (format!("Office {n} of the service was opened"), format!("{n}"))).collect();
        let pairs: Vec<(&str, &str)> = texts.iter().map(|(en, az)| (en.as_str(), az.as_str())).collect();
        let all = [asked(folder.path(), "a.db", &pairs[..30]), asked(folder.path(), "b.db", &pairs[30..])];
        let memories = Memories::open(&all).unwrap();
        let views = memories.read().unwrap();
        let options = Options {
            from: Language::EN,
            to: vec![Language::AZ],
            min: Score::from_percent(60.0),
            max: 3,
            pending: false,
            penalties: Vec::new(),
        };
        let queries: Vec<Query> =
            (0..300).map(|n| Query::from(format!("Office {} of the service was shut", n % 70).as_str())).collect();
        let mut one_by_one = Vec::new();
        let each = |query: &Query, found: &[Match]| {
            one_by_one.push((query.clone(), found.to_vec()));
            Ok::<_, MemoryError>(())
        };
        let count = views.lookup(options.clone(), false, queries.iter().cloned().map(Ok), each).unwrap();
        for (verify, load, threads) in [(false, false, 3), (false, true, 2), (true, true, 3)] {
            let manner = Manner { options: options.clone(), verify, load, threads };
            let mut together = Vec::new();
            let each = |query: &Query, found: &[Match]| {
                together.push((query.clone(), found.to_vec()));
                Ok::<_, MemoryError>(())
            };
            assert_eq!(lookup_all(&views, &manner, queries.clone().into_iter().map(Ok), each).unwrap(), count);
            assert!(together == one_by_one, "{manner:?}");
        }
    }
}
