//! The exact top k from the index: no stored source that scores higher than what is given is left out.
//!
//! A source that scores `s` shares keys (stems, number classes) of a weight of at least `s` of the heavier
//! side, so the lists of the query's keys are read, shortest first, until what is still unread cannot lift a
//! new skeleton to the score that is needed. This is prefix filtering (Chaudhuri, Ganti and Kaushik 2006) with a
//! rising threshold. The skeletons found are then taken in order of their bounds: the sketches of their texts are
//! compared with the query's, which bounds the score and the characters that differ, and texts are read best bound
//! first, as in the threshold algorithm of Fagin, Lotem and Naor (2003), until no bound is as good as the last answer.
//! Sources of the same words score higher than their keys say; their skeleton is looked up first.

use super::{
    MatchKind,
    bound::{ANAGRAM, Bound, Chance, Hopes, Look, Short, in_a_row, missing, numbers},
    score::{LONGEST, Prepared, Score, characters, compare},
};
use crate::memory::{
    Cached, Entry, Loaded, MemoryError, Reader, Sign, Sketch, skeleton_number,
    words::{Analyser, Word},
};
use std::{cmp::Reverse, collections::BinaryHeap, ops::RangeInclusive, sync::Arc};

/// What searches of one view and one language share.
pub(super) struct Searcher<'r, 'm> {
    pub reader: &'r Reader<'m>,
    pub analyser: Analyser,
    pub index: Cached<'r, 'm>,
    /// For each skeleton how many of the query's keys it is known to hold; all zero between searches.
    counts: Vec<u16>,
    /// Where the skeletons of each segment begin in `counts`.
    bases: Vec<u32>,
    /// Of the last search: skeletons that share nearly all words with the query and score low.
    anagrams: Vec<Anagram>,
}

/// A skeleton with nearly the same words, the best last: the share of words, segment and place.
type Anagram = (Score, usize, u32);

/// Anagrams kept.
const ANAGRAMS: usize = 4;

/// So few candidates are looked at rather than made fewer.
const READ_ON: usize = 32;

/// Sources that contain the query, of which the best are taken.
const CONTAINING: usize = 512;

/// Numbers of a list that are looked through for sources that contain the query.
const LOOKED_THROUGH: usize = 20_000;

/// Takes what scores well enough, and says what is well enough from now on.
pub(super) trait Taker {
    fn needed(&self) -> Score;

    /// How many answers are still wanted, where each is worth what its text scores; `None` where penalties may lower
    /// some of them.
    fn wanted(&self) -> Option<usize>;

    /// Whether a source of at most this score and kind, of which at least so many characters differ, may be an
    /// answer.
    fn may_take(&self, score: Score, kind: MatchKind, apart: usize) -> bool;

    /// Takes a text of a unit.
    fn take(&mut self, unit: u32, stored: &Prepared, score: (Score, MatchKind)) -> Result<(), MemoryError>;
}

/// A search under way.
struct Hunt<'q, 's, 'r, 'm> {
    query: &'q Prepared,
    short: &'q Short,
    searcher: &'s mut Searcher<'r, 'm>,
    /// Best first.
    chances: BinaryHeap<Chance>,
    words: Vec<Word>,
    hopes: Hopes,
}

/// A skeleton that needs no counting any more.
const DONE: u16 = u16::MAX;

/// Skeletons looked at before each list that is read to tell the others apart.
const BEST: usize = 16;

/// Skeletons looked at after each list, and texts read of them: a good one early raises what is needed.
const PROBES: usize = 4;

impl<'r, 'm> Searcher<'r, 'm> {
    pub fn new(
        reader: &'r Reader<'m>,
        analyser: Analyser,
        loaded: Option<Arc<Loaded>>,
    ) -> Result<Searcher<'r, 'm>, MemoryError> {
        let index = Cached::new(reader, analyser.language(), loaded)?;
        let mut bases = Vec::new();
        let mut sum = 0u32;
        for segment in &index.segments {
            bases.push(sum);
            sum += segment.head.skeletons;
        }
        Ok(Searcher { reader, analyser, index, counts: vec![0; sum as usize], bases, anagrams: Vec::new() })
    }

    /// Gives `taker` every source that may be good enough.
    pub fn search(&mut self, query: &Prepared, taker: &mut impl Taker) -> Result<(), MemoryError> {
        self.anagrams.clear();
        let short = Short::new(query);
        let mut hunt = Hunt {
            query,
            short: &short,
            searcher: self,
            chances: BinaryHeap::new(),
            words: Vec::new(),
            hopes: Hopes::default(),
        };
        hunt.same_words(taker)?;
        // The same words score 95 and more, no other source does; and documents are compared as the same or not.
        if taker.needed() > Score::FUZZY || short.keys.is_empty() || query.words.len() > LONGEST {
            return Ok(());
        }
        hunt.hopes.wanted = taker.wanted().filter(|wanted| *wanted > 0);
        hunt.by_keys(taker)?;
        if taker.needed() < hunt.hopes.least() {
            // Hashes that met by chance, units that are not offered, equal pairs: once more, without hopes.
            hunt.hopes = Hopes::default();
            hunt.by_keys(taker)?;
        }
        // Whether others are met depends on where the index is read from.
        let needed = taker.needed();
        self.anagrams.retain(|(shared, ..)| *shared >= needed);
        Ok(())
    }

    /// Calls `each` with every source there is and its unit.
    pub fn each_text(
        &mut self,
        mut each: impl FnMut(u32, &Prepared) -> Result<(), MemoryError>,
    ) -> Result<(), MemoryError> {
        let Searcher { reader, analyser, .. } = self;
        let language = analyser.language();
        reader.texts(language, |unit, body| each(unit, &Prepared::new(analyser, body.to_owned())).map(|()| true))
    }

    /// The skeletons of other orders that the last search met, best first.
    pub fn reordered(&self) -> Vec<(usize, u32)> {
        self.anagrams.iter().rev().map(|(_, segment, place)| (*segment, *place)).collect()
    }

    /// Skeletons that hold the words of the query in a row and others beside: those first that have a text with the
    /// query's numbers, then the shortest.
    pub fn containing(&mut self, query: &Prepared) -> Result<Vec<(usize, u32)>, MemoryError> {
        let Sketch { words, keys, rhythm, .. } = Sketch::new(&query.words, &query.text);
        let wanted = numbers(&rhythm);
        let Ok(longer) = u8::try_from(keys.len() + 1) else { return Ok(Vec::new()) };
        let mut found: Vec<(usize, u8, usize, u32)> = Vec::new();
        for segment in 0..self.bases.len() {
            let range = self.index.segments[segment].head.range(longer..=u8::MAX);
            let mut lists = Vec::with_capacity(keys.len());
            for key in &keys {
                lists.push((self.index.count(segment, *key, &range)?, *key));
            }
            lists.sort_unstable();
            if lists.first().is_none_or(|(size, _)| *size == 0) {
                continue;
            }
            let mut candidates: Vec<u32> = Vec::new();
            self.index.list(segment, lists[0].1, &range, |place| {
                if candidates.len() < LOOKED_THROUGH {
                    candidates.push(place);
                }
            })?;
            for (_, key) in &lists[1..] {
                if candidates.len() <= READ_ON {
                    break;
                }
                let mut kept = Vec::new();
                let mut at = 0;
                self.index.list(segment, *key, &range, |place| {
                    while at < candidates.len() && candidates[at] < place {
                        at += 1;
                    }
                    if candidates.get(at) == Some(&place) {
                        kept.push(place);
                    }
                })?;
                candidates = kept;
            }
            for place in candidates {
                let missing = self.index.skeleton(segment, place, |skeleton| {
                    let missing = |entry: Entry<'_>| missing(&wanted, &numbers(entry.rhythm));
                    in_a_row(skeleton.words, &words).then(|| skeleton.entries().map(missing).min()).flatten()
                })?;
                if let Some(missing) = missing.flatten() {
                    found.push((missing, self.index.segments[segment].head.length(place), segment, place));
                }
                if found.len() >= CONTAINING {
                    break;
                }
            }
        }
        found.sort_unstable();
        found.truncate(ANAGRAMS);
        Ok(found.into_iter().map(|(.., segment, place)| (segment, place)).collect())
    }

    /// Units and variants of a skeleton, those first that have most of the query's numbers and letters, so many.
    pub fn entries(
        &mut self,
        query: &Prepared,
        segment: usize,
        place: u32,
        most: usize,
    ) -> Result<Vec<(u32, u32)>, MemoryError> {
        let sketch = Sketch::new(&query.words, &query.text);
        let wanted = numbers(&sketch.rhythm);
        let mut found: Vec<(usize, usize, u32, u32)> = Vec::new();
        self.index.skeleton(segment, place, |skeleton| {
            found.extend(skeleton.entries().map(|entry| {
                (
                    missing(&wanted, &numbers(entry.rhythm)),
                    entry.letters.apart(sketch.letters),
                    entry.unit,
                    entry.number,
                )
            }));
        })?;
        found.sort_unstable();
        found.truncate(most);
        Ok(found.into_iter().map(|(.., unit, number)| (unit, number)).collect())
    }

    /// Units and variants that hold just these words and numbers, the first so many.
    pub fn of_words(&mut self, words: &[Word], most: usize) -> Result<Vec<(u32, u32)>, MemoryError> {
        let number = skeleton_number(words);
        let mut found = Vec::new();
        for segment in 0..self.bases.len() {
            for place in self.index.numbered(segment, number)? {
                self.index.skeleton(segment, place, |skeleton| {
                    found.extend(skeleton.entries().take(most).map(|entry| (entry.unit, entry.number)));
                })?;
            }
        }
        Ok(found)
    }

    /// The units that hold a text like this one in all its sketch tells.
    pub fn alike(&mut self, text: &str) -> Result<Vec<u32>, MemoryError> {
        let sketch = Sketch::new(&self.analyser.words(text), text);
        let mut found = Vec::new();
        for segment in 0..self.bases.len() {
            for place in self.index.numbered(segment, sketch.skeleton)? {
                self.index.skeleton(segment, place, |skeleton| {
                    let same = skeleton.entries().filter(|e| e.letters == sketch.letters && e.rhythm == sketch.rhythm);
                    found.extend(same.map(|entry| entry.unit));
                })?;
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

impl Hunt<'_, '_, '_, '_> {
    fn same_words(&mut self, taker: &mut impl Taker) -> Result<(), MemoryError> {
        for segment in 0..self.searcher.bases.len() {
            for place in self.searcher.index.numbered(segment, self.short.skeleton)? {
                self.look_at(segment, place, taker)?;
            }
        }
        self.read_while(|_| true, taker)
    }

    /// What a source must score to be worth a look.
    fn needed(&self, taker: &impl Taker) -> Score {
        taker.needed().max(self.hopes.least())
    }

    fn by_keys(&mut self, taker: &mut impl Taker) -> Result<(), MemoryError> {
        let mut counts = std::mem::take(&mut self.searcher.counts);
        let mut met: Vec<u32> = Vec::new();
        let done = self.by_counts(&mut counts, &mut met, taker);
        met.iter().for_each(|handle| counts[*handle as usize] = 0);
        self.searcher.counts = counts;
        done
    }

    fn by_counts(&mut self, counts: &mut [u16], met: &mut Vec<u32>, taker: &mut impl Taker) -> Result<(), MemoryError> {
        let bound = Bound::new(self.query);
        let lists = self.lists(bound.lengths(self.needed(taker), bound.words))?;
        let mut read = 0;
        // Until a skeleton not met so far could no longer be good enough.
        while read < lists.len() && bound.unmet(lists.len() - read) >= self.needed(taker) {
            let needed = self.needed(taker);
            let all = bound.lengths(needed, bound.words);
            let new = bound.lengths(needed, (lists.len() - read) as u32);
            let mut top = Top::default();
            let key = lists[read];
            self.count(key, (&bound, needed), (all, new), counts, |handle, count| {
                if count == 1 {
                    met.push(handle);
                }
                top.note(count, handle);
            })?;
            read += 1;
            if usize::from(top.count) * 2 < read {
                continue;
            }
            for handle in top.handles() {
                counts[handle as usize] = DONE;
                let (segment, place) = self.place(handle);
                self.look_at(segment, place, taker)?;
            }
            if self.hopes.wanted.is_none() {
                let mut texts = 0..PROBES;
                self.read_while(|_| texts.next().is_some(), taker)?;
            }
        }
        self.settle(counts, met, &bound, &lists[read..], taker)
    }

    /// Counts the skeletons of a key's list that may still be good enough, those met first only where they have a length
    /// of `new`; tells `each` of them and its count.
    fn count(
        &mut self,
        key: u32,
        (bound, needed): (&Bound, Score),
        (all, new): (RangeInclusive<u8>, RangeInclusive<u8>),
        counts: &mut [u16],
        mut each: impl FnMut(u32, u16),
    ) -> Result<(), MemoryError> {
        let mut places: Vec<u32> = Vec::new();
        for segment in 0..self.searcher.bases.len() {
            let head = Arc::clone(&self.searcher.index.segments[segment].head);
            let (all, new) = (head.range(all.clone()), head.range(new.clone()));
            let base = self.searcher.bases[segment];
            places.clear();
            self.searcher.index.list(segment, key, &all, |place| places.push(place))?;
            let signs = self.searcher.index.signs(segment)?;
            let mut end = 0;
            let mut least = 0;
            for place in &places {
                // Skeletons are sorted by length.
                if *place >= end {
                    let words = head.length(*place);
                    end = head.range(words..=words).end;
                    least = bound.least(needed, words);
                }
                let sign = signs[*place as usize];
                if self.short.roughly(sign) < least || self.short.at_most(sign) < least {
                    continue;
                }
                let count = &mut counts[(base + place) as usize];
                if *count == DONE || *count == 0 && !new.contains(place) {
                    continue;
                }
                *count += 1;
                each(base + place, *count);
            }
        }
        Ok(())
    }

    /// Looks at what was met, best bound first.
    fn settle(
        &mut self,
        counts: &mut [u16],
        met: &[u32],
        bound: &Bound,
        lists: &[u32],
        taker: &mut impl Taker,
    ) -> Result<(), MemoryError> {
        // What looking at a skeleton costs, in numbers of a list read at the same cost.
        let a_look = if self.searcher.index.is_loaded() { 300 } else { 1_000 };
        let signs: Vec<Arc<[Sign]>> =
            (0..self.searcher.bases.len()).map(|at| self.searcher.index.signs(at)).collect::<Result<_, _>>()?;
        // With the length and what the sign allows.
        let mut rest: Vec<(u32, u8, u32)> = Vec::new();
        for handle in met.iter().filter(|handle| counts[**handle as usize] != DONE) {
            let (segment, place) = self.place(*handle);
            let most = self.short.at_most(signs[segment][place as usize]);
            rest.push((*handle, self.searcher.index.segments[segment].head.length(place), most));
        }
        let mut read = 0;
        loop {
            let left = (lists.len() - read) as u32;
            let needed = self.needed(taker);
            rest.retain(|(handle, words, most)| {
                bound.sized((u32::from(counts[*handle as usize]) + left).min(*most), *words) >= needed
            });
            if read == lists.len() || rest.is_empty() {
                break;
            }
            // The best of them, looked at early, raise what is needed.
            if rest.len() > BEST {
                let shared = |(handle, _, most): &(u32, u8, u32)| u32::from(counts[*handle as usize]).min(*most);
                rest.select_nth_unstable_by_key(BEST, |found| (Reverse(shared(found)), found.0));
                for (handle, ..) in rest.drain(..BEST) {
                    counts[handle as usize] = DONE;
                    let (segment, place) = self.place(handle);
                    self.look_at(segment, place, taker)?;
                }
                let needed = self.needed(taker);
                rest.retain(|(handle, words, most)| {
                    bound.sized((u32::from(counts[*handle as usize]) + left).min(*most), *words) >= needed
                });
            }
            let lengths = bound.lengths(needed, bound.words);
            let mut size = 0;
            for segment in 0..self.searcher.bases.len() {
                let range = self.searcher.index.segments[segment].head.range(lengths.clone());
                size += self.searcher.index.count(segment, lists[read], &range)?;
            }
            if rest.len() * a_look < size {
                break;
            }
            for segment in 0..self.searcher.bases.len() {
                let range = self.searcher.index.segments[segment].head.range(lengths.clone());
                let base = self.searcher.bases[segment];
                self.searcher.index.list(segment, lists[read], &range, |place| {
                    let count = &mut counts[(base + place) as usize];
                    if *count != 0 && *count != DONE {
                        *count += 1;
                    }
                })?;
            }
            read += 1;
        }
        let left = (lists.len() - read) as u32;
        let mut order: Vec<(Score, Reverse<u32>)> = rest
            .iter()
            .map(|(handle, words, most)| {
                let shared = (u32::from(counts[*handle as usize]) + left).min(*most);
                (bound.sized(shared, *words), Reverse(*handle))
            })
            .collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        for (best, Reverse(handle)) in order {
            if self.hopes.wanted.is_none() {
                self.read_while(|chance| chance.score >= best, taker)?;
            }
            if best < self.needed(taker) {
                break;
            }
            let (segment, place) = self.place(handle);
            self.look_at(segment, place, taker)?;
        }
        self.read_while(|_| true, taker)
    }

    /// The keys of the query, the shortest list first.
    fn lists(&mut self, lengths: RangeInclusive<u8>) -> Result<Vec<u32>, MemoryError> {
        let mut lists = Vec::with_capacity(self.short.keys.len());
        for key in &self.short.keys {
            let mut size = 0;
            for segment in 0..self.searcher.bases.len() {
                let range = self.searcher.index.segments[segment].head.range(lengths.clone());
                size += self.searcher.index.count(segment, *key, &range)?;
            }
            lists.push((size, *key));
        }
        lists.sort_unstable();
        Ok(lists.into_iter().map(|(_, key)| key).collect())
    }

    fn place(&self, handle: u32) -> (usize, u32) {
        let segment = self.searcher.bases.partition_point(|base| *base <= handle) - 1;
        (segment, handle - self.searcher.bases[segment])
    }

    /// Notes the texts of a skeleton that have a chance.
    fn look_at(&mut self, segment: usize, place: u32, taker: &impl Taker) -> Result<(), MemoryError> {
        let needed = self.needed(taker);
        let Hunt { query, short, searcher, chances, words, hopes } = self;
        let mut look = Look { query, short, words, chances, hopes, needed };
        let shared = searcher.index.skeleton(segment, place, |skeleton| match look.at(&skeleton, taker) {
            // High enough to be shown for what it is.
            Some(best) if best >= ANAGRAM => None,
            _ => short.nearly_all(skeleton.words).then(|| short.shared(skeleton.words)),
        })?;
        if let Some(shared) = shared.flatten().filter(|shared| *shared >= ANAGRAM) {
            let anagram = (shared, segment, place);
            let order = |(shared, segment, place): Anagram| (shared, Reverse((segment, place)));
            let at = searcher.anagrams.partition_point(|other| order(*other) < order(anagram));
            if searcher.anagrams.get(at) != Some(&anagram) {
                searcher.anagrams.insert(at, anagram);
            }
            if searcher.anagrams.len() > ANAGRAMS {
                searcher.anagrams.remove(0);
            }
        }
        Ok(())
    }

    /// Reads and scores texts, best chance first, while `go_on` says so of the next and it may be an answer.
    fn read_while(
        &mut self,
        mut go_on: impl FnMut(&Chance) -> bool,
        taker: &mut impl Taker,
    ) -> Result<(), MemoryError> {
        while let Some(chance) = self.chances.peek() {
            if !taker.may_take(chance.score, chance.kind, chance.apart.0) {
                // Nor may any that is no better.
                self.chances.clear();
                return Ok(());
            }
            if !go_on(chance) {
                return Ok(());
            }
            let Some(chance) = self.chances.pop() else { return Ok(()) };
            let Reverse((unit, number)) = chance.place;
            let Searcher { analyser, index, .. } = &mut *self.searcher;
            let Some(text) = index.text(unit, number, analyser.language())? else { continue };
            // Most of those that tie are told apart by their characters.
            if !taker.may_take(chance.score, chance.kind, characters(&self.query.text, &text)) {
                continue;
            }
            let stored = Prepared::new(analyser, text.into_owned());
            if let Some(score) = compare(self.query, &stored, taker.needed()) {
                taker.take(unit, &stored, score)?;
            }
        }
        Ok(())
    }
}

/// The skeletons with the highest count of a list just read.
#[derive(Default)]
struct Top {
    count: u16,
    handles: [u32; PROBES],
    len: usize,
}

impl Top {
    fn note(&mut self, count: u16, handle: u32) {
        if count > self.count {
            (self.count, self.len) = (count, 0);
        }
        if count == self.count && self.len < PROBES {
            self.handles[self.len] = handle;
            self.len += 1;
        }
    }

    fn handles(&self) -> impl Iterator<Item = u32> + '_ {
        self.handles[..self.len].iter().copied()
    }
}
