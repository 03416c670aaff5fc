//! What the index keeps of a text: enough to say how well it could score without reading it.
//!
//! Words, numbers and marks are kept as short hashes. Two that differ may look the same, so that a score made of
//! sketches is never below the score of the texts: a bound, which reading the text then settles.

use crate::memory::{
    hash::StableHash,
    words::{Word, WordKind, class},
};
use rustc_hash::FxHashMap;

/// The sketch of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Length in words and numbers (255 for more), then the class of the text: texts that differ only in
    /// punctuation, case and the values of numbers share it, and it is the order of skeletons.
    pub skeleton: u64,
    /// Two bytes of the key and one of the surface for each word and number; of a number no surface.
    pub words: Vec<u8>,
    /// The keys of the words and numbers, under which the index lists the text.
    pub keys: Vec<u32>,
    /// How words, numbers and marks follow one another; see [`Step`].
    pub rhythm: Vec<u8>,
    pub letters: Letters,
}

/// Bytes of a word in a sketch.
pub(crate) const WORD: usize = 3;

impl Sketch {
    pub fn new(words: &[Word], text: &str) -> Sketch {
        let mut sketch = Sketch {
            skeleton: skeleton_number(words),
            keys: keys(words),
            letters: Letters::of(text),
            words: Vec::with_capacity(WORD * words.len()),
            rhythm: Vec::with_capacity(8),
        };
        let mut run = 0;
        for word in words {
            let key = (word.key as u64 >> 48) as u16;
            let step = match word.kind {
                WordKind::Word => {
                    sketch.words.extend(key.to_le_bytes());
                    sketch.words.push(surface(word));
                    run += 1;
                    if run < Step::LONGEST {
                        continue;
                    }
                    Step::Words(std::mem::take(&mut run))
                }
                WordKind::Number => {
                    sketch.words.extend(key.to_le_bytes());
                    sketch.words.push(0);
                    Step::Number(surface(word) >> 1)
                }
                WordKind::Punctuation => Step::Mark(surface(word) >> 2),
            };
            if run > 0 {
                sketch.rhythm.push(Step::Words(std::mem::take(&mut run)).byte());
            }
            sketch.rhythm.push(step.byte());
        }
        if run > 0 {
            sketch.rhythm.push(Step::Words(run).byte());
        }
        sketch
    }
}

fn surface(word: &Word) -> u8 {
    (word.surface as u64 >> 56) as u8
}

/// What stands next in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// So many words of the skeleton.
    Words(u8),
    /// A mark, as six bits.
    Mark(u8),
    /// A number of the skeleton, with seven bits of its value.
    Number(u8),
}

impl Step {
    const LONGEST: u8 = 64;

    fn byte(self) -> u8 {
        match self {
            Step::Words(n) => n - 1,
            Step::Mark(mark) => 0x40 | mark,
            Step::Number(number) => 0x80 | number,
        }
    }

    pub fn of(byte: u8) -> Step {
        match byte {
            0..0x40 => Step::Words(byte + 1),
            0x40..0x80 => Step::Mark(byte & 0x3f),
            _ => Step::Number(byte & 0x7f),
        }
    }
}

/// A word as short as a sketch keeps it: what a query is made of before it is compared with sketches.
pub(crate) fn shortened(word: &Word) -> Word {
    let key = i64::from((word.key as u64 >> 48) as u16);
    match word.kind {
        WordKind::Word => Word { kind: word.kind, key, surface: key << 8 | i64::from(surface(word)) },
        WordKind::Number => Word { kind: word.kind, key, surface: key << 8 | i64::from(surface(word) >> 1) },
        WordKind::Punctuation => mark(surface(word) >> 2),
    }
}

fn mark(code: u8) -> Word {
    Word { kind: WordKind::Punctuation, key: i64::from(code), surface: i64::from(code) }
}

/// The words of a sketch, as [`shortened`] makes them.
pub(crate) fn unfolded(words: &[u8], rhythm: &[u8], to: &mut Vec<Word>) {
    to.clear();
    let mut words = words.chunks_exact(WORD);
    let mut next = |kind, value: Option<u8>| {
        let word = words.next()?;
        let key = i64::from(u16::from_le_bytes([word[0], word[1]]));
        Some(Word { kind, key, surface: key << 8 | i64::from(value.unwrap_or(word[2])) })
    };
    for byte in rhythm {
        match Step::of(*byte) {
            Step::Words(n) => to.extend((0..n).map_while(|_| next(WordKind::Word, None))),
            Step::Number(value) => to.extend(next(WordKind::Number, Some(value))),
            Step::Mark(code) => to.push(mark(code)),
        }
    }
}

/// How many words and numbers, and how many punctuation marks.
pub(crate) fn size(words: &[Word]) -> (usize, usize) {
    let marks = words.iter().filter(|word| word.kind == WordKind::Punctuation).count();
    (words.len() - marks, marks)
}

/// The order of skeletons: by length, then by class.
pub(crate) fn skeleton_number(words: &[Word]) -> u64 {
    (size(words).0.min(255) as u64) << 56 | class(words) as u64 >> 8
}

/// The length a skeleton's number tells: in words and numbers, 255 for more.
pub(crate) fn length(skeleton: u64) -> u8 {
    (skeleton >> 56) as u8
}

/// The keys of these words: one an occurrence of each word and number (the second `the` is another key than the
/// first), in order of the words.
pub(crate) fn keys(words: &[Word]) -> Vec<u32> {
    let content = words.iter().filter(|word| word.kind != WordKind::Punctuation);
    // Most texts are short: a look back is cheaper than a table.
    if words.len() <= 64 {
        let mut seen: Vec<i64> = Vec::with_capacity(words.len());
        return content
            .map(|word| {
                seen.push(word.key);
                key(word.key, seen.iter().filter(|other| **other == word.key).count() as u64)
            })
            .collect();
    }
    let mut counts: FxHashMap<i64, u64> = FxHashMap::default();
    content
        .map(|word| {
            let count = counts.entry(word.key).or_insert(0);
            *count += 1;
            key(word.key, *count)
        })
        .collect()
}

/// The key of the occurrence of a stem or class of numbers; the first is number 1.
pub(crate) fn key(stem: i64, occurrence: u64) -> u32 {
    let mut hash = StableHash::new();
    hash.number(occurrence);
    hash.number(stem as u64);
    (hash.finish() as u64 >> 32) as u32
}

/// Which words a skeleton may hold: a bit for each of 128 kinds (a Bloom filter of one hash, Bloom 1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sign(pub u128);

/// Bytes of a sign.
pub(crate) const SIGN: usize = 16;

impl Sign {
    /// The kind of a word, by the key in its sketch.
    pub fn kind(word: &[u8]) -> usize {
        usize::from(word[0] & 127)
    }

    pub fn of(words: &[u8]) -> Sign {
        Sign(words.chunks_exact(WORD).fold(0, |sign, word| sign | 1 << Sign::kind(word)))
    }

    pub fn read(body: &[u8]) -> Option<Sign> {
        Some(Sign(u128::from_le_bytes(body.get(..SIGN)?.try_into().ok()?)))
    }
}

/// How often letters and digits of 32 kinds stand in a text, each count in four bits that wrap around: ten digits, 22
/// kinds of other characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Letters(pub [u64; 2]);

impl Letters {
    pub fn of(text: &str) -> Letters {
        let mut counts = [0u8; 32];
        for c in text.chars() {
            let kind = match c {
                '0'..='9' => c as usize - '0' as usize,
                _ => 10 + ((c as u32).wrapping_mul(0x9e37_79b1) >> 16) as usize % 22,
            };
            counts[kind] = counts[kind].wrapping_add(1);
        }
        let half = |counts: &[u8]| counts.iter().rev().fold(0, |all, count| all << 4 | u64::from(count & 15));
        Letters([half(&counts[..16]), half(&counts[16..])])
    }

    /// So many characters at least must be put in, left out or exchanged to make one text of the other: a step
    /// changes two counts at most.
    pub fn apart(self, other: Letters) -> usize {
        let sum: u64 = self.0.iter().zip(other.0).map(|(a, b)| apart(*a, b)).sum();
        sum.div_ceil(2) as usize
    }
}

/// The sum of the differences of 16 counts, each the shorter way around the circle; all counts at once (Hacker's
/// Delight, Warren 2012, 2-18).
fn apart(a: u64, b: u64) -> u64 {
    const HIGH: u64 = 0x8888_8888_8888_8888;
    const LOW: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    let less = |a: u64, b: u64| ((a | HIGH) - (b & !HIGH)) ^ ((a ^ !b) & HIGH);
    let (one, other) = (less(a, b), less(b, a));
    // Eight or more one way is eight or less the other way.
    let far = ((one & HIGH) >> 3) * 15;
    let shorter = (one & !far) | (other & far);
    let pairs = (shorter & LOW) + (shorter >> 4 & LOW);
    pairs.wrapping_mul(0x0101_0101_0101_0101) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lang::Language, memory::words::Analyser};
    use proptest::prelude::*;

    fn sketch(text: &str) -> (Vec<Word>, Sketch) {
        let words = Analyser::new(Language::EN).words(text);
        let sketch = Sketch::new(&words, text);
        (words, sketch)
    }

    #[test]
    fn texts_that_differ_in_numbers_and_marks_share_a_skeleton() {
        let (_, a) = sketch("On May 5, 2018, the Service of 12 states met.");
        let (_, b) = sketch("On June 5 2019 the service of 12 states met");
        assert_eq!((a.skeleton, &a.words, &a.keys), (b.skeleton, &b.words, &b.keys));
        assert_ne!(a.rhythm, b.rhythm);
        assert_eq!(length(a.skeleton), 10);
    }

    #[test]
    fn a_word_has_a_key_for_each_time_it_stands_there() {
        let (_, twice) = sketch("the men and the women");
        let (_, once) = sketch("the end");
        assert_eq!(twice.keys[0], once.keys[0]);
        assert_ne!(twice.keys[3], once.keys[0]);
        let long = "the ".repeat(100);
        let (_, long) = sketch(&long);
        assert_eq!(long.keys[1], twice.keys[3]);
    }

    proptest! {
        #[test]
        fn a_sketch_unfolds_to_the_short_words_of_its_text(text in "(\\PC| the|,|7|12|[a-z]{1,5} ){0,90}") {
            let (words, sketch) = sketch(&text);
            let mut found = Vec::new();
            unfolded(&sketch.words, &sketch.rhythm, &mut found);
            prop_assert_eq!(found, words.iter().map(shortened).collect::<Vec<_>>());
        }

        #[test]
        fn counts_differ_the_shorter_way_around(a in any::<u64>(), b in any::<u64>()) {
            let count = |all: u64, at: u32| all >> (4 * at) & 15;
            let one = |at| count(a, at).abs_diff(count(b, at)).min(16 - count(a, at).abs_diff(count(b, at)));
            prop_assert_eq!(apart(a, b), (0..16).map(one).sum::<u64>());
        }

        #[test]
        fn letters_never_say_more_than_the_distance(a in "[a-z0-9 əш]{0,60}", b in "[a-z0-9 əш]{0,60}") {
            let apart = Letters::of(&a).apart(Letters::of(&b));
            prop_assert!(apart <= strsim::levenshtein(&a, &b));
        }
    }
}
