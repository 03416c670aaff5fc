//! What look-ups and concordances read: the index, single variants, all texts of a language.

use super::{
    MemoryError, Reader,
    index::{self, A_BLOCK, Head, Kind, SIGN, Sign, Skeleton, lists, skeleton_at},
    reader::stored_unit,
};
use crate::{
    lang::Language,
    model::{Unit, UnitId},
};
use rusqlite::OptionalExtension;
use rustc_hash::FxHashMap;
use std::{borrow::Cow, ops::Range, rc::Rc, sync::Arc};

/// A segment of the index and what its row says.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    id: i64,
    pub head: Arc<Head>,
}

/// All of a language's index in memory, for threads to share.
#[derive(Debug)]
pub struct Loaded {
    segments: Vec<Segment>,
    /// Of skeletons and of lists.
    blocks: Vec<[Vec<Box<[u8]>>; 2]>,
    signs: Vec<Arc<[Sign]>>,
    texts: Texts,
}

/// The texts of a language, as many as there is room for.
#[derive(Debug, Default)]
struct Texts {
    /// Of each text the unit, the number of the variant, how long it is; and the text.
    chunks: Vec<Vec<u8>>,
    /// For each unit the chunk its texts are in, plus one, and where they begin; for the one behind the last as well.
    starts: Vec<(u32, u32)>,
}

/// Bytes of texts in memory, and in one chunk of them.
const TEXTS: usize = 192 << 20;
const CHUNK: usize = 1 << 20;

/// What stands before a text: three numbers of four bytes.
const HEAD: usize = 12;

impl Texts {
    fn push(&mut self, unit: u32, number: u32, text: &str) {
        if self.chunks.last().is_none_or(|chunk| chunk.len() + text.len() + HEAD > chunk.capacity()) {
            // All texts of a unit lie together: where they do not, those behind are read from the file.
            self.chunks.push(Vec::with_capacity(CHUNK.max(text.len() + HEAD)));
        }
        let at = self.chunks.len() as u32;
        let Some(chunk) = self.chunks.last_mut() else { return };
        let index = unit as usize;
        if self.starts.len() <= index {
            self.starts.resize(index + 1, (0, 0));
        }
        if self.starts[index].0 == 0 {
            self.starts[index] = (at, chunk.len() as u32);
        }
        chunk.extend(unit.to_le_bytes());
        chunk.extend(number.to_le_bytes());
        chunk.extend((text.len() as u32).to_le_bytes());
        chunk.extend(text.as_bytes());
    }

    /// The text of a unit's variant, where it is here.
    fn get(&self, unit: u32, number: u32) -> Option<&str> {
        let (chunk, start) = *self.starts.get(unit as usize)?;
        let mut rest = self.chunks.get(chunk.checked_sub(1)? as usize)?.get(start as usize..)?;
        loop {
            let (head, body) = rest.split_at_checked(HEAD)?;
            let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
            let (text, behind) = body.split_at_checked(word(8) as usize)?;
            if word(0) != unit || word(4) > number {
                return None;
            }
            if word(4) == number {
                return std::str::from_utf8(text).ok();
            }
            rest = behind;
        }
    }
}

/// The index of one language as one reader sees it: from memory, or block by block from the file.
pub(crate) struct Cached<'r, 'm> {
    reader: &'r Reader<'m>,
    pub segments: Vec<Segment>,
    loaded: Option<Arc<Loaded>>,
    blocks: FxHashMap<(i64, Kind, u32), Rc<[u8]>>,
    size: usize,
    signs: Vec<Option<Arc<[Sign]>>>,
}

/// Blocks kept, in bytes; each thread that answers from the file keeps its own.
const KEPT: usize = 16 << 20;

/// A block, shared.
pub(crate) enum Block<'c> {
    Loaded(&'c [u8]),
    Kept(Rc<[u8]>),
}

impl std::ops::Deref for Block<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match self {
            Block::Loaded(body) => body,
            Block::Kept(body) => body,
        }
    }
}

impl Reader<'_> {
    fn index_segments(&self, language: Language) -> Result<Vec<Segment>, MemoryError> {
        let Some(number) = self.number(language)? else { return Ok(Vec::new()) };
        let mut select = self.cached("SELECT id FROM segment WHERE language = ?1 ORDER BY id")?;
        let ids = select.query_map([number], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        let heads = index::heads(&self.db, &ids)?;
        Ok(ids.into_iter().zip(heads).map(|(id, head)| Segment { id, head: Arc::new(head) }).collect())
    }

    /// Calls `each` with every folded word of the texts in `language`; some more than once, some of texts that are
    /// no longer there.
    pub fn each_word(&self, language: Language, mut each: impl FnMut(&str)) -> Result<(), MemoryError> {
        let mut select = self.cached(index::select_block(Kind::Words))?;
        for segment in self.index_segments(language)? {
            for number in 0..segment.head.words {
                let mut rows = select.query([index::block_id(segment.id, number)])?;
                let Some(row) = rows.next()? else { continue };
                let body = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                body.split(|byte| *byte == b'\n').filter_map(|word| std::str::from_utf8(word).ok()).for_each(&mut each);
            }
        }
        Ok(())
    }

    /// What tells two views of one memory apart: the last batch and the last segment of the index.
    pub(crate) fn state(&self) -> Result<(i64, i64), MemoryError> {
        let last = |name: &str| -> Result<i64, MemoryError> {
            let mut select = self.cached("SELECT seq FROM sqlite_sequence WHERE name = ?1")?;
            Ok(select.query_row([name], |row| row.get(0)).optional()?.unwrap_or(0))
        };
        Ok((last("batch")?, last("segment")?))
    }

    /// Reads all of a language's index into memory.
    pub fn load(&self, language: Language) -> Result<Loaded, MemoryError> {
        let segments = self.index_segments(language)?;
        let mut blocks = Vec::new();
        for segment in &segments {
            let read = |kind: Kind| -> Result<Vec<Box<[u8]>>, MemoryError> {
                let mut select = self.cached(index::select_block(kind))?;
                (0..segment.head.blocks_of(kind))
                    .map(|number| {
                        let id = index::block_id(segment.id, number);
                        let body = select.query_row([id], |row| {
                            Ok(Box::from(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?))
                        });
                        Ok(body.optional()?.unwrap_or_default())
                    })
                    .collect()
            };
            blocks.push([read(Kind::Skeletons)?, read(Kind::Lists)?]);
        }
        let signs = segments.iter().map(|segment| self.signs(segment)).collect::<Result<_, _>>()?;
        let mut texts = Texts::default();
        let mut size = 0;
        let Some(number) = self.number(language)? else { return Ok(Loaded { segments, blocks, signs, texts }) };
        let mut select =
            self.cached("SELECT unit, number, text FROM variant WHERE language = ?1 ORDER BY unit, number")?;
        let mut rows = select.query([number])?;
        while let Some(row) = rows.next()? {
            let text = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            size += text.len();
            if size > TEXTS {
                break;
            }
            texts.push(row.get(0)?, row.get(1)?, text);
        }
        Ok(Loaded { segments, blocks, signs, texts })
    }

    fn signs(&self, segment: &Segment) -> Result<Arc<[Sign]>, MemoryError> {
        let mut signs = Vec::with_capacity(segment.head.skeletons as usize);
        let mut select = self.cached(index::select_block(Kind::Signs))?;
        for number in 0..segment.head.blocks_of(Kind::Signs) {
            let mut rows = select.query([index::block_id(segment.id, number)])?;
            if let Some(row) = rows.next()? {
                let body = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                signs.extend(body.chunks_exact(SIGN).filter_map(Sign::read));
            }
        }
        // Without a sign it may hold anything.
        signs.resize(segment.head.skeletons as usize, Sign(u128::MAX));
        Ok(signs.into())
    }

    /// Calls `each` with every text of a language and its unit, by unit, while it answers `true`.
    pub(crate) fn texts(
        &self,
        language: Language,
        each: impl FnMut(u32, &str) -> Result<bool, MemoryError>,
    ) -> Result<(), MemoryError> {
        self.texts_from(language, 0, each)
    }

    /// Like [`Reader::texts`], from a unit on.
    pub(crate) fn texts_from(
        &self,
        language: Language,
        first: u32,
        mut each: impl FnMut(u32, &str) -> Result<bool, MemoryError>,
    ) -> Result<(), MemoryError> {
        let Some(number) = self.number(language)? else { return Ok(()) };
        let mut select =
            self.cached("SELECT unit, text FROM variant WHERE unit >= ?1 AND language = ?2 ORDER BY unit, number")?;
        let mut rows = select.query([i64::from(first), number])?;
        while let Some(row) = rows.next()? {
            if !each(row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Like [`Reader::texts`], of one unit; whether `each` wants more.
    pub(crate) fn texts_of(
        &self,
        unit: u32,
        language: Language,
        mut each: impl FnMut(u32, &str) -> Result<bool, MemoryError>,
    ) -> Result<bool, MemoryError> {
        let Some(number) = self.number(language)? else { return Ok(true) };
        let mut select = self.cached("SELECT text FROM variant WHERE unit = ?1 AND language = ?2 ORDER BY number")?;
        let mut rows = select.query([i64::from(unit), number])?;
        while let Some(row) = rows.next()? {
            if !each(unit, row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The text of a unit's variant, if it is there and in this language.
    pub(crate) fn text(&self, unit: u32, number: u32, language: Language) -> Result<Option<String>, MemoryError> {
        let Some(known) = self.number(language)? else { return Ok(None) };
        let mut select = self.cached("SELECT text FROM variant WHERE unit = ?1 AND number = ?2 AND language = ?3")?;
        Ok(select.query_row([i64::from(unit), i64::from(number), known], |row| row.get(0)).optional()?)
    }

    /// A unit by the number the index knows it by.
    pub(crate) fn indexed_unit(&self, unit: u32) -> Result<Option<(UnitId, Unit)>, MemoryError> {
        let found = stored_unit(&self.db, &mut self.languages.borrow_mut(), i64::from(unit))?;
        Ok(found.map(|found| (UnitId(found.id), found.unit)))
    }

    /// The languages of the memory, in the order they were first met.
    pub fn languages(&self) -> Result<Vec<Language>, MemoryError> {
        let mut select = self.cached("SELECT id FROM language ORDER BY id")?;
        let numbers = select.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        numbers.into_iter().map(|number| self.languages.borrow_mut().tag(&self.db, number)).collect()
    }
}

impl<'r, 'm> Cached<'r, 'm> {
    /// The index of `language`; what was loaded serves where the reader sees the same segments.
    pub fn new(
        reader: &'r Reader<'m>,
        language: Language,
        loaded: Option<Arc<Loaded>>,
    ) -> Result<Cached<'r, 'm>, MemoryError> {
        let segments = reader.index_segments(language)?;
        let mut out =
            Cached { reader, segments, loaded: None, blocks: FxHashMap::default(), size: 0, signs: Vec::new() };
        out.adopt(loaded);
        Ok(out)
    }

    /// Answers from what was loaded, where it is of these very segments.
    pub fn adopt(&mut self, loaded: Option<Arc<Loaded>>) {
        let ids = |segments: &[Segment]| segments.iter().map(|segment| segment.id).collect::<Vec<_>>();
        if self.loaded.is_none()
            && let Some(loaded) = loaded
            && ids(&loaded.segments) == ids(&self.segments)
        {
            self.loaded = Some(loaded);
            self.blocks = FxHashMap::default();
            self.size = 0;
            self.signs = Vec::new();
        }
    }

    pub fn is_loaded(&self) -> bool {
        self.loaded.is_some()
    }

    fn block(&mut self, segment: usize, kind: Kind, number: u32) -> Result<Block<'_>, MemoryError> {
        if let Some(loaded) = &self.loaded {
            let blocks = &loaded.blocks[segment][kind as usize];
            return Ok(Block::Loaded(blocks.get(number as usize).map_or(&[], |body| body)));
        }
        let id = self.segments[segment].id;
        if let Some(body) = self.blocks.get(&(id, kind, number)) {
            return Ok(Block::Kept(Rc::clone(body)));
        }
        let mut select = self.reader.cached(index::select_block(kind))?;
        let body: Rc<[u8]> = select
            .query_row([index::block_id(id, number)], |row| {
                Ok(Rc::from(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?))
            })
            .optional()?
            .unwrap_or_else(|| Rc::from([].as_slice()));
        if self.size + body.len() > KEPT {
            self.blocks.clear();
            self.size = 0;
        }
        self.size += body.len() + 64;
        self.blocks.insert((id, kind, number), Rc::clone(&body));
        Ok(Block::Kept(body))
    }

    /// How many skeletons the list of a key leads to in a segment, about, of those given: exactly where it is short.
    pub fn count(&mut self, segment: usize, key: u32, within: &Range<u32>) -> Result<usize, MemoryError> {
        let blocks = self.segments[segment].head.blocks(key, within);
        // A number takes a byte or two.
        const A_LIST_BLOCK: usize = 3_000;
        match blocks.len() {
            0 => Ok(0),
            1 => {
                let block = self.block(segment, Kind::Lists, blocks.start)?;
                Ok(lists(&block)
                    .find(|list| list.key >= key)
                    .filter(|list| list.key == key)
                    .map_or(0, |l| l.count as usize))
            }
            more => Ok(more * A_LIST_BLOCK),
        }
    }

    /// Calls `each` with the skeletons of a segment that hold a key, of those given, in order.
    pub fn list(
        &mut self,
        segment: usize,
        key: u32,
        within: &Range<u32>,
        mut each: impl FnMut(u32),
    ) -> Result<(), MemoryError> {
        for number in self.segments[segment].head.blocks(key, within) {
            let block = self.block(segment, Kind::Lists, number)?;
            for part in lists(&block).skip_while(|list| list.key < key).take_while(|list| list.key == key) {
                if !part.each_within(within, &mut each) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The folded words that hold `part`, in no particular order; `None` where they are more than `most`.
    pub fn words_with(&self, part: &str, most: usize) -> Result<Option<Vec<String>>, MemoryError> {
        let finder = memchr::memmem::Finder::new(part);
        let mut found = Vec::new();
        let mut select = self.reader.cached(index::select_block(Kind::Words))?;
        for segment in &self.segments {
            for number in 0..segment.head.words {
                let mut rows = select.query([index::block_id(segment.id, number)])?;
                let Some(row) = rows.next()? else { continue };
                let body = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                let mut at = 0;
                while let Some(place) = finder.find(&body[at..]).map(|place| at + place) {
                    let start = body[..place].iter().rposition(|byte| *byte == b'\n').map_or(0, |line| line + 1);
                    let end = body[place..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |n| place + n);
                    found.push(String::from_utf8_lossy(&body[start..end]).into_owned());
                    if found.len() > most {
                        return Ok(None);
                    }
                    at = end;
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(Some(found))
    }

    /// How many texts there are, stale ones too.
    pub fn entries(&self) -> u64 {
        self.segments.iter().map(|segment| segment.head.entries).sum()
    }

    /// Calls `job` with a skeleton of a segment, if it is there.
    pub fn skeleton<T>(
        &mut self,
        segment: usize,
        place: u32,
        job: impl FnOnce(Skeleton<'_>) -> T,
    ) -> Result<Option<T>, MemoryError> {
        let block = self.block(segment, Kind::Skeletons, place / A_BLOCK)?;
        Ok(skeleton_at(&block, place).map(job))
    }

    /// The text of a unit's variant, if it is there and in this language.
    pub fn text(&self, unit: u32, number: u32, language: Language) -> Result<Option<Cow<'_, str>>, MemoryError> {
        if let Some(text) = self.loaded.as_ref().and_then(|loaded| loaded.texts.get(unit, number)) {
            return Ok(Some(Cow::Borrowed(text)));
        }
        Ok(self.reader.text(unit, number, language)?.map(Cow::Owned))
    }

    /// The signs of all skeletons of a segment, read when they are first asked for: 16 bytes each.
    pub fn signs(&mut self, segment: usize) -> Result<Arc<[Sign]>, MemoryError> {
        if let Some(loaded) = &self.loaded {
            return Ok(Arc::clone(&loaded.signs[segment]));
        }
        if self.signs.is_empty() {
            self.signs = vec![None; self.segments.len()];
        }
        if let Some(signs) = &self.signs[segment] {
            return Ok(Arc::clone(signs));
        }
        let signs = self.reader.signs(&self.segments[segment])?;
        self.signs[segment] = Some(Arc::clone(&signs));
        Ok(signs)
    }

    /// The places in a segment of the skeletons of this number.
    pub fn numbered(&mut self, segment: usize, number: u64) -> Result<Range<u32>, MemoryError> {
        let length = index::length(number);
        let range = self.segments[segment].head.range(length..=length);
        let from = self.first_of(segment, range.clone(), number)?;
        let mut to = from;
        while to < range.end && self.skeleton(segment, to, |found| found.number)? == Some(number) {
            to += 1;
        }
        Ok(from..to)
    }

    /// The first place in `range`, which holds skeletons of one length, whose number is not below `number`. Classes are
    /// hashes and lie evenly, so where a number stands can be guessed (Perl, Itai and Avni 1978).
    fn first_of(&mut self, segment: usize, range: Range<u32>, number: u64) -> Result<u32, MemoryError> {
        const CLASSES: u64 = 1 << 56;
        let class = |number: u64| number % CLASSES;
        let (mut from, mut to) = (range.start, range.end);
        let (mut low, mut high) = (0, CLASSES);
        let mut guesses = 0;
        while from < to {
            let share = (class(number) - low) as f64 / (high - low).max(1) as f64;
            let guess = match guesses {
                0..8 => from + ((to - from) as f64 * share) as u32,
                _ => from + (to - from) / 2, // not so even after all
            };
            guesses += 1;
            let guess = guess.min(to - 1);
            match self.skeleton(segment, guess, |found| found.number)? {
                Some(found) if found < number => (from, low) = (guess + 1, class(found)),
                Some(found) => (to, high) = (guess, class(found).max(low)),
                None => to = guess,
            }
        }
        Ok(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_memory_are_found_by_unit_and_number() {
        let mut texts = Texts::default();
        let long = "x".repeat(CHUNK - 20);
        for (unit, number, text) in [(1, 0, "one"), (1, 2, "another"), (3, 1, ""), (3, 4, &long), (7, 0, "last")] {
            texts.push(unit, number, text);
        }
        assert_eq!(texts.get(1, 0), Some("one"));
        assert_eq!(texts.get(1, 2), Some("another"));
        assert_eq!(texts.get(3, 1), Some(""));
        assert_eq!(texts.get(7, 0), Some("last"));
        for (unit, number) in [(0, 0), (1, 1), (1, 3), (1, 4), (2, 0), (3, 4), (7, 1), (8, 0)] {
            assert_eq!(texts.get(unit, number), None, "{unit} {number}");
        }
    }
}
