//! The bytes of the index: skeletons with their entries, lists of keys, and the blocks they lie in.
//!
//! | block | holds |
//! |---|---|
//! | of skeletons | [`A_BLOCK`] skeletons in order: the bytes each takes; its number; for 255 words and more how many; its words; its entries |
//! | of signs | a [`Sign`] for each skeleton, [`A_SIGNS`] in a block |
//! | of lists | keys in order: how far from the last; how many skeletons; the bytes they take; each how far from the last |
//! | of words | folded words in order, a line feed before and behind each: any of them can be found by its parts |
//!
//! Numbers of no fixed size stand in seven-bit groups, lowest first, as in Protocol Buffers. A list too long for its
//! block goes on in the next one. Bodies that are cut short or damaged end early; they never panic.

use super::sketch::{Letters, SIGN, Sign, WORD, length};
use std::ops::Range;

/// Skeletons in a block: some 1.2 kB.
pub(crate) const A_BLOCK: u32 = 16;

/// Signs in a block.
pub(crate) const A_SIGNS: u32 = 250;

/// A block of lists fits a page of the file (4096 bytes less what SQLite needs).
const LISTS: usize = 4_000;

/// One variant of a unit, as the index knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry<'b> {
    pub unit: u32,
    /// Which of the unit's variants.
    pub number: u32,
    pub letters: Letters,
    pub rhythm: &'b [u8],
}

/// A skeleton as it lies in its block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Skeleton<'b> {
    pub number: u64,
    pub words: &'b [u8],
    entries: &'b [u8],
}

impl<'b> Skeleton<'b> {
    pub fn entries(&self) -> impl Iterator<Item = Entry<'b>> + use<'b> {
        let mut rest = self.entries;
        let mut unit = 0u32;
        std::iter::from_fn(move || {
            unit = unit.wrapping_add(take(&mut rest)? as u32);
            let number = take(&mut rest)? as u32;
            let mut half = || Some(u64::from_le_bytes(bytes(&mut rest, 8)?.try_into().ok()?));
            let letters = Letters([half()?, half()?]);
            let size = take(&mut rest)? as usize;
            Some(Entry { unit, number, letters, rhythm: bytes(&mut rest, size)? })
        })
    }

    fn read(mut rest: &'b [u8]) -> Option<Skeleton<'b>> {
        let number = u64::from_le_bytes(bytes(&mut rest, 8)?.try_into().ok()?);
        let words = match length(number) {
            255 => take(&mut rest)? as usize,
            words => usize::from(words),
        };
        let words = bytes(&mut rest, words.checked_mul(WORD)?)?;
        let _count = take(&mut rest)?;
        Some(Skeleton { number, words, entries: rest })
    }
}

/// The first skeleton of what is left of a block, which goes on behind it.
pub(crate) fn next_skeleton<'b>(rest: &mut &'b [u8]) -> Option<Skeleton<'b>> {
    let size = take(rest)? as usize;
    Skeleton::read(bytes(rest, size)?)
}

/// The skeletons of a block, in order.
pub(crate) fn skeletons(body: &[u8]) -> impl Iterator<Item = Skeleton<'_>> {
    let mut rest = body;
    std::iter::from_fn(move || next_skeleton(&mut rest))
}

/// The skeleton of a block at this place.
pub(crate) fn skeleton_at(body: &[u8], place: u32) -> Option<Skeleton<'_>> {
    let mut rest = body;
    for _ in 0..place % A_BLOCK {
        let size = take(&mut rest)? as usize;
        bytes(&mut rest, size)?;
    }
    next_skeleton(&mut rest)
}

/// The list of one key, or the part of it that lies in one block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'b> {
    pub key: u32,
    pub count: u32,
    body: &'b [u8],
}

impl<'b> List<'b> {
    /// Calls `each` with the skeletons of the list that lie in `within`, in order; whether there may be more behind.
    pub fn each_within(&self, within: &Range<u32>, mut each: impl FnMut(u32)) -> bool {
        let mut rest = self.body;
        let mut last = 0u32;
        while let Some((byte, behind)) = rest.split_first() {
            // Nearly all numbers are short.
            let step = match byte {
                0..0x80 => {
                    rest = behind;
                    u32::from(*byte)
                }
                _ => match take(&mut rest) {
                    Some(step) => step as u32,
                    None => return true,
                },
            };
            last = last.wrapping_add(step);
            if last >= within.end {
                return false;
            }
            if last >= within.start {
                each(last);
            }
        }
        true
    }

    /// The skeletons of the list, in order.
    pub fn skeletons(&self) -> impl Iterator<Item = u32> + use<'b> {
        let mut rest = self.body;
        let mut last = 0u32;
        std::iter::from_fn(move || {
            last = last.wrapping_add(take(&mut rest)? as u32);
            Some(last)
        })
    }
}

/// The first list of what is left of a block, which goes on behind it; `last` is the key before it, 0 at first.
pub(crate) fn next_list<'b>(rest: &mut &'b [u8], last: u32) -> Option<List<'b>> {
    let key = last.wrapping_add(take(rest)? as u32);
    let count = take(rest)? as u32;
    let size = take(rest)? as usize;
    Some(List { key, count, body: bytes(rest, size)? })
}

/// The lists of a block, in order of their keys.
pub(crate) fn lists(body: &[u8]) -> impl Iterator<Item = List<'_>> {
    let mut rest = body;
    let mut last = 0;
    std::iter::from_fn(move || {
        let list = next_list(&mut rest, last)?;
        last = list.key;
        Some(list)
    })
}

pub(crate) fn put(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn bytes<'b>(from: &mut &'b [u8], size: usize) -> Option<&'b [u8]> {
    let (found, rest) = from.split_at_checked(size)?;
    *from = rest;
    Some(found)
}

/// Takes blocks as they are made: `kind` of them, from number 0 on.
pub(super) trait Sink {
    type Error;
    fn block(&mut self, kind: Kind, number: u32, body: &[u8]) -> Result<(), Self::Error>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Skeletons,
    Lists,
    Words,
    Signs,
}

/// What a segment's row says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub skeletons: u32,
    pub entries: u64,
    /// Where skeletons of each length begin; last their number.
    pub starts: Vec<u32>,
    /// The first key and skeleton of each block of lists.
    pub lists: Vec<(u32, u32)>,
    /// How many blocks of words.
    pub words: u32,
}

impl Head {
    pub fn lengths_body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.starts.windows(2).for_each(|pair| put(&mut body, u64::from(pair[1] - pair[0])));
        body
    }

    pub fn lists_body(&self) -> Vec<u8> {
        self.lists.iter().flat_map(|(key, first)| [key.to_le_bytes(), first.to_le_bytes()]).flatten().collect()
    }

    pub fn read(skeletons: u32, entries: u64, mut lengths: &[u8], lists: &[u8], words: u32) -> Head {
        let mut starts = vec![0];
        let mut last = 0u32;
        while let Some(count) = take(&mut lengths) {
            // No further than there are skeletons: places within are safe to follow in a damaged file too.
            last = last.saturating_add(count as u32).min(skeletons);
            starts.push(last);
        }
        starts.resize(257, last);
        let number = |b: &[u8]| u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        let lists = lists.chunks_exact(8).map(|b| (number(b), number(&b[4..]))).collect();
        Head { skeletons, entries, starts, lists, words }
    }

    pub(crate) fn blocks_of(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Skeletons => self.skeletons.div_ceil(A_BLOCK),
            Kind::Lists => self.lists.len() as u32,
            Kind::Words => self.words,
            Kind::Signs => self.skeletons.div_ceil(A_SIGNS),
        }
    }

    /// The skeletons of these lengths.
    pub fn range(&self, lengths: std::ops::RangeInclusive<u8>) -> Range<u32> {
        self.starts[usize::from(*lengths.start())]..self.starts[usize::from(*lengths.end()) + 1]
    }

    /// The length of a skeleton, in words.
    pub fn length(&self, skeleton: u32) -> u8 {
        (self.starts.partition_point(|start| *start <= skeleton).saturating_sub(1)).min(255) as u8
    }

    /// The blocks that may hold a key's list as far as it leads to these skeletons.
    pub fn blocks(&self, key: u32, within: &Range<u32>) -> Range<u32> {
        let from = self.lists.partition_point(|first| *first <= (key, within.start)).saturating_sub(1);
        let to = self.lists.partition_point(|first| *first < (key, within.end));
        from as u32..(to.max(from) as u32)
    }
}

/// Composes a segment: skeletons in order first, then lists in order of their keys, then words in order.
pub(super) struct Composer<S> {
    pub sink: S,
    lengths: Vec<u32>,
    skeletons: u32,
    entries: u64,
    block: Vec<u8>,
    signs: Vec<u8>,
    one: Vec<u8>,
    last_key: u32,
    blocks: u32,
    heads: Vec<(u32, u32)>,
    words: u32,
}

impl<S: Sink> Composer<S> {
    pub fn new(sink: S) -> Composer<S> {
        Composer {
            sink,
            lengths: vec![0; 256],
            skeletons: 0,
            entries: 0,
            block: Vec::new(),
            signs: Vec::new(),
            one: Vec::new(),
            last_key: 0,
            blocks: 0,
            heads: Vec::new(),
            words: 0,
        }
    }

    /// Writes the next skeleton; its entries in order of their units. Returns its place.
    pub fn skeleton<'e>(
        &mut self,
        number: u64,
        words: &[u8],
        entries: impl ExactSizeIterator<Item = Entry<'e>>,
    ) -> Result<u32, S::Error> {
        let one = &mut self.one;
        one.clear();
        one.extend(number.to_le_bytes());
        let length = length(number);
        if length == 255 {
            put(one, (words.len() / WORD) as u64);
        }
        one.extend(words);
        put(one, entries.len() as u64);
        let mut last = 0;
        for entry in entries {
            put(one, u64::from(entry.unit.wrapping_sub(last)));
            put(one, u64::from(entry.number));
            entry.letters.0.iter().for_each(|half| one.extend(half.to_le_bytes()));
            put(one, entry.rhythm.len() as u64);
            one.extend(entry.rhythm);
            last = entry.unit;
            self.entries += 1;
        }
        put(&mut self.block, one.len() as u64);
        self.block.extend(&*one);
        self.lengths[usize::from(length)] += 1;
        self.skeletons += 1;
        if self.skeletons.is_multiple_of(A_BLOCK) {
            self.sink.block(Kind::Skeletons, self.skeletons / A_BLOCK - 1, &self.block)?;
            self.block.clear();
        }
        self.signs.extend(Sign::of(words).0.to_le_bytes());
        if self.signs.len() == A_SIGNS as usize * SIGN {
            self.sink.block(Kind::Signs, self.skeletons / A_SIGNS - 1, &self.signs)?;
            self.signs.clear();
        }
        Ok(self.skeletons - 1)
    }

    /// All skeletons are written.
    pub fn skeletons_end(&mut self) -> Result<(), S::Error> {
        if !self.block.is_empty() {
            self.sink.block(Kind::Skeletons, self.skeletons / A_BLOCK, &self.block)?;
            self.block.clear();
        }
        if !self.signs.is_empty() {
            self.sink.block(Kind::Signs, self.skeletons / A_SIGNS, &self.signs)?;
            self.signs.clear();
        }
        Ok(())
    }

    /// Writes the list of the next key.
    pub fn list(&mut self, key: u32, skeletons: &[u32]) -> Result<(), S::Error> {
        // What stands before a list's numbers: three numbers of five bytes at most.
        const HEAD: usize = 15;
        let mut rest = skeletons;
        while let Some(first) = rest.first() {
            if self.block.len() + HEAD + 32 > LISTS {
                self.flush_lists()?;
            }
            if self.block.is_empty() {
                self.heads.push((key, *first));
                self.last_key = 0;
            }
            let room = LISTS - self.block.len() - HEAD;
            self.one.clear();
            let mut last = 0;
            let mut count = 0;
            for skeleton in rest {
                if self.one.len() + 5 > room {
                    break;
                }
                put(&mut self.one, u64::from(skeleton.wrapping_sub(last)));
                last = *skeleton;
                count += 1;
            }
            put(&mut self.block, u64::from(key.wrapping_sub(self.last_key)));
            put(&mut self.block, count as u64);
            put(&mut self.block, self.one.len() as u64);
            self.block.extend(&self.one);
            self.last_key = key;
            rest = &rest[count..];
        }
        Ok(())
    }

    fn flush_lists(&mut self) -> Result<(), S::Error> {
        if !self.block.is_empty() {
            self.sink.block(Kind::Lists, self.blocks, &self.block)?;
            self.blocks += 1;
            self.block.clear();
        }
        Ok(())
    }

    /// All lists are written.
    pub fn lists_end(&mut self) -> Result<(), S::Error> {
        self.flush_lists()
    }

    /// Writes the next word; one that fits no block is left out, and found by looking through the texts.
    pub fn word(&mut self, word: &[u8]) -> Result<(), S::Error> {
        if word.len() + 2 > LISTS {
            return Ok(());
        }
        if self.block.len() + word.len() + 1 > LISTS {
            self.flush_words()?;
        }
        if self.block.is_empty() {
            self.block.push(b'\n');
        }
        self.block.extend(word);
        self.block.push(b'\n');
        Ok(())
    }

    fn flush_words(&mut self) -> Result<(), S::Error> {
        if !self.block.is_empty() {
            self.sink.block(Kind::Words, self.words, &self.block)?;
            self.words += 1;
            self.block.clear();
        }
        Ok(())
    }

    pub fn end(mut self) -> Result<(S, Head), S::Error> {
        self.flush_words()?;
        let mut starts = vec![0];
        let mut sum = 0;
        for count in &self.lengths {
            sum += count;
            starts.push(sum);
        }
        let head =
            Head { skeletons: self.skeletons, entries: self.entries, starts, lists: self.heads, words: self.words };
        Ok((self.sink, head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Keeps blocks by kind.
    #[derive(Default)]
    struct Kept(Vec<Vec<u8>>, Vec<Vec<u8>>);

    impl Sink for Kept {
        type Error = std::convert::Infallible;
        fn block(&mut self, kind: Kind, number: u32, body: &[u8]) -> Result<(), Self::Error> {
            if kind == Kind::Signs {
                return Ok(());
            }
            let blocks = if kind == Kind::Skeletons { &mut self.0 } else { &mut self.1 };
            assert_eq!(blocks.len(), number as usize);
            blocks.push(body.to_vec());
            Ok(())
        }
    }

    fn composed(lists: &BTreeMap<u32, Vec<u32>>) -> (Kept, Head) {
        let mut composer = Composer::new(Kept::default());
        composer.skeletons_end().unwrap();
        lists.iter().for_each(|(key, list)| composer.list(*key, list).unwrap());
        composer.lists_end().unwrap();
        composer.end().unwrap()
    }

    #[test]
    fn long_lists_run_over_blocks_and_are_found_from_any_place() {
        let lists: BTreeMap<u32, Vec<u32>> =
            [(3, (0..9000).collect()), (7, (0..20_000).map(|n| 3 * n).collect()), (u32::MAX, vec![5])].into();
        let (kept, head) = composed(&lists);
        assert!(kept.1.len() > 5 && kept.1.iter().all(|block| block.len() <= LISTS));
        for (key, from, to) in [(7, 0, u32::MAX), (7, 30_000, 31_000), (3, 8999, 9001), (u32::MAX, 0, 6), (4, 0, 9)] {
            let found: Vec<u32> = head
                .blocks(key, &(from..to))
                .flat_map(|b| super::lists(&kept.1[b as usize]).filter(|list| list.key == key).collect::<Vec<_>>())
                .flat_map(|list| list.skeletons().collect::<Vec<_>>())
                .filter(|skeleton| (from..to).contains(skeleton))
                .collect();
            let wanted: Vec<u32> =
                lists.get(&key).into_iter().flatten().copied().filter(|s| (from..to).contains(s)).collect();
            assert_eq!(found, wanted, "{key} {from}..{to}");
        }
        assert!(head.blocks(7, &(30_000..31_000)).len() <= 2);
        assert_eq!(Head::read(0, 0, &head.lengths_body(), &head.lists_body(), 0), head);
    }

    #[test]
    fn skeletons_and_entries_come_back() {
        let mut composer = Composer::new(Kept::default());
        let long = vec![7; 300 * WORD];
        for n in 0..40u64 {
            let entry = |unit, rhythm| Entry { unit, number: 1, letters: Letters([n, 7]), rhythm };
            let entries = [entry(4, &[1, 2][..]), entry(4, &[]), entry(900_000, &[9])];
            composer.skeleton(2 << 56 | n, &[1, 2, 3, 4, 5, 6], entries.into_iter()).unwrap();
        }
        composer.skeleton(255 << 56, &long, [].into_iter()).unwrap();
        composer.skeletons_end().unwrap();
        let (kept, head) = composer.end().unwrap();
        let blocks = &kept.0;
        assert_eq!((blocks.len(), head.skeletons, head.entries), (3, 41, 120));
        let all: Vec<Skeleton<'_>> = blocks.iter().flat_map(|block| skeletons(block)).collect();
        assert_eq!(all.len(), 41);
        assert_eq!(all[17].number, 2 << 56 | 17);
        let entries: Vec<Entry<'_>> = all[17].entries().collect();
        assert_eq!(
            entries.iter().map(|e| (e.unit, e.rhythm.len())).collect::<Vec<_>>(),
            [(4, 2), (4, 0), (900_000, 1)]
        );
        assert_eq!(all[40].words, long);
        assert_eq!(head.range(2..=254), 0..40);
        assert_eq!((head.length(0), head.length(40)), (2, 255));
    }

    proptest! {
        #[test]
        fn damaged_bodies_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            skeletons(&body).for_each(|s| assert!(s.entries().count() <= body.len()));
            lists(&body).for_each(|l| assert!(l.skeletons().count() <= body.len()));
            let head = Head::read(7, 7, &body, &body, 7);
            head.blocks(3, &(0..9));
            prop_assert!(head.range(0..=u8::MAX).end <= 7);
        }
    }
}
