//! The exact top k from the index: no stored source that scores higher than what is given is left out.
//!
//! A source that scores `s` shares keys (stems, number classes) of a weight of at least `s` of the heavier
//! side, so the lists of the query's keys are read, shortest first, until what is still unread cannot lift a
//! new source to the score that is needed; the sources found are read and scored in order of their bounds,
//! and what is needed rises with each good one. This is prefix filtering (Chaudhuri, Ganti and Kaushik 2006)
//! with a rising threshold. Sources of the same words score higher than their keys say; they have a key of
//! their own, looked up first.

use super::score::{Prepared, Score, compare, weight};
use crate::memory::{
    Candidate, MemoryError, Reader, bucket, class_key, query_keys, size,
    words::{Analyser, WordKind},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::RangeInclusive;

/// What searches of one view and one language share: texts made ready.
pub(super) struct Searcher<'r, 'm> {
    pub reader: &'r Reader<'m>,
    pub analyser: Analyser,
    prepared: FxHashMap<u32, Option<Prepared>>,
}

/// Texts kept ready: some 30 MB of sentences.
const KEPT: usize = 20_000;

/// Takes what scores well enough, and says what is well enough from now on.
pub(super) trait Taker {
    fn needed(&self) -> Score;
    fn take(&mut self, text: u32, stored: &Prepared, score: (Score, super::MatchKind)) -> Result<(), MemoryError>;
}

/// One list of postings: all texts that hold one key of the query.
struct List {
    key: i64,
    bytes: usize,
}

/// A source that was met: how many of the query's keys it holds so far.
#[derive(Debug, Clone, Copy)]
struct Met {
    shared: u32,
    words: u8,
    marks: u8,
}

impl<'r, 'm> Searcher<'r, 'm> {
    pub fn new(reader: &'r Reader<'m>, analyser: Analyser) -> Searcher<'r, 'm> {
        Searcher { reader, analyser, prepared: FxHashMap::default() }
    }

    /// Scores every source that may be good enough for `taker`.
    pub fn search(&mut self, query: &Prepared, taker: &mut impl Taker) -> Result<(), MemoryError> {
        let language = self.analyser.language();
        let mut done: FxHashSet<u32> = FxHashSet::default();
        let mut class: Vec<u32> = Vec::new();
        let (words, _) = size(&query.words);
        let own = bucket(words)..=bucket(words);
        self.reader.postings(class_key(language, &query.words), &own, |c| class.push(c.text))?;
        for text in class {
            done.insert(text);
            self.score(query, text, taker)?;
        }
        // The same words score 95 and more; no other source does.
        if taker.needed() > Score::FUZZY || words == 0 {
            return Ok(());
        }
        self.by_keys(query, &mut done, taker)
    }

    fn by_keys(
        &mut self,
        query: &Prepared,
        done: &mut FxHashSet<u32>,
        taker: &mut impl Taker,
    ) -> Result<(), MemoryError> {
        let bound = Bound::new(query);
        let buckets = bound.buckets(taker.needed());
        let mut lists = Vec::new();
        for key in query_keys(self.analyser.language(), &query.words) {
            lists.push(List { key, bytes: self.reader.postings_size(key, &buckets)? });
        }
        lists.sort_by_key(|list| (list.bytes, list.key));
        let mut met: FxHashMap<u32, Met> = FxHashMap::default();
        let mut read = 0;
        // Until a source not met so far could no longer be good enough.
        while read < lists.len() && bound.unmet(lists.len() - read) >= taker.needed() {
            let left = (lists.len() - read) as u32;
            let needed = taker.needed();
            self.reader.postings(lists[read].key, &buckets, |found| {
                if let Some(met) = met.get_mut(&found.text) {
                    met.shared += 1;
                } else if bound.of(left, &found) >= needed && !done.contains(&found.text) {
                    met.insert(found.text, Met { shared: 1, words: found.words, marks: found.marks });
                }
            })?;
            read += 1;
            self.probe(query, &bound, &mut met, done, taker)?;
        }
        // Reading a list on is cheaper than reading the sources it would rule out.
        let mut rest: Vec<(u32, Met)> = met.into_iter().collect();
        loop {
            let left = (lists.len() - read) as u32;
            let needed = taker.needed();
            rest.retain(|(_, met)| bound.met(met, left) >= needed);
            if read == lists.len() || rest.len() * BYTES_A_SOURCE < lists[read].bytes {
                break;
            }
            let mut at: FxHashMap<u32, &mut Met> = rest.iter_mut().map(|(text, met)| (*text, met)).collect();
            self.reader.postings(lists[read].key, &buckets, |found| {
                if let Some(met) = at.get_mut(&found.text) {
                    met.shared += 1;
                }
            })?;
            read += 1;
        }
        let left = (lists.len() - read) as u32;
        rest.sort_unstable_by_key(|(text, met)| (std::cmp::Reverse(bound.met(met, left)), *text));
        for (text, met) in rest {
            if bound.met(&met, left) < taker.needed() {
                break;
            }
            self.score(query, text, taker)?;
        }
        Ok(())
    }

    /// Scores the few sources that share most so far: a good one early raises what is needed.
    fn probe(
        &mut self,
        query: &Prepared,
        bound: &Bound,
        met: &mut FxHashMap<u32, Met>,
        done: &mut FxHashSet<u32>,
        taker: &mut impl Taker,
    ) -> Result<(), MemoryError> {
        let mut best: Vec<(Score, u32)> = Vec::with_capacity(PROBES + 1);
        for (text, found) in met.iter() {
            let so_far = (bound.met(found, 0), *text);
            if best.len() == PROBES && best[PROBES - 1] >= so_far {
                continue;
            }
            let at = best.partition_point(|other| *other > so_far);
            best.insert(at, so_far);
            best.truncate(PROBES);
        }
        for (_, text) in best {
            met.remove(&text);
            done.insert(text);
            self.score(query, text, taker)?;
        }
        Ok(())
    }

    fn score(&mut self, query: &Prepared, text: u32, taker: &mut impl Taker) -> Result<(), MemoryError> {
        let needed = taker.needed();
        let Some(stored) = self.text(text)? else { return Ok(()) };
        match compare(query, stored, needed) {
            Some(score) => taker.take(text, stored, score),
            None => Ok(()),
        }
    }

    fn text(&mut self, text: u32) -> Result<Option<&Prepared>, MemoryError> {
        if self.prepared.len() >= KEPT {
            self.prepared.clear();
        }
        Ok(match self.prepared.entry(text) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut().as_ref(),
            std::collections::hash_map::Entry::Vacant(slot) => {
                let found = self.reader.text(text)?;
                slot.insert(found.map(|found| Prepared::new(&mut self.analyser, found))).as_ref()
            }
        })
    }

    /// Scores every source there is.
    pub fn brute(&mut self, query: &Prepared, taker: &mut impl Taker) -> Result<(), MemoryError> {
        let Searcher { reader, analyser, .. } = self;
        let language = analyser.language();
        reader.texts(language, |text, body| {
            let stored = Prepared::new(analyser, body.to_owned());
            if let Some(score) = compare(query, &stored, taker.needed()) {
                taker.take(text, &stored, score)?;
            }
            Ok(true)
        })
    }
}

/// Sources scored after each list.
const PROBES: usize = 3;

/// What reading and scoring a source costs, in bytes of postings read at the same cost.
const BYTES_A_SOURCE: usize = 2_000;

/// The highest score a source can have, by what is known of it.
struct Bound {
    weight: u32,
    words: u32,
    marks: u32,
}

impl Bound {
    fn new(query: &Prepared) -> Bound {
        let (words, marks) = size(&query.words);
        debug_assert_eq!(query.weight, query.words.iter().map(weight).sum::<u32>());
        debug_assert_eq!(words, query.words.iter().filter(|w| w.kind != WordKind::Punctuation).count());
        Bound { weight: query.weight, words: words as u32, marks: marks as u32 }
    }

    /// A source of this size that shares `shared` words and numbers, and whatever punctuation there is.
    fn sized(&self, shared: u32, words: u8, marks: u8) -> Score {
        let shared_marks = if marks == u8::MAX { self.marks } else { self.marks.min(u32::from(marks)) };
        let heavier = self.weight.max(10 * u32::from(words) + 2 * u32::from(marks));
        Score::share(10 * shared.min(self.words) + 2 * shared_marks, heavier).min(Score::FUZZY)
    }

    fn of(&self, shared: u32, found: &Candidate) -> Score {
        self.sized(shared, found.words, found.marks)
    }

    /// A source with `left` lists unread.
    fn met(&self, met: &Met, left: u32) -> Score {
        self.sized(met.shared + left, met.words, met.marks)
    }

    /// A source met in none of the lists read.
    fn unmet(&self, left: usize) -> Score {
        Score::share(10 * left as u32 + 2 * self.marks, self.weight).min(Score::FUZZY)
    }

    /// The lengths a source of at least this score can have.
    fn buckets(&self, needed: Score) -> RangeInclusive<u8> {
        let reaches = |words: u32| self.with_marks(words) >= needed;
        let lengths = 1..=255u32;
        let least = lengths.clone().find(|words| reaches(*words)).unwrap_or(1);
        let most = lengths.rev().find(|words| reaches(*words)).unwrap_or(255);
        bucket(least as usize)..=bucket(most as usize)
    }

    /// The best a source of so many words can do with just the punctuation that helps.
    fn with_marks(&self, words: u32) -> Score {
        let heavier = self.weight.max(10 * words);
        let shared = if words == u32::from(u8::MAX) { self.words } else { words.min(self.words) };
        Score::share(10 * shared + 2 * self.marks, heavier).min(Score::FUZZY)
    }
}
