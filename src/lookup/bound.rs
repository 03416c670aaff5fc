//! What can be said of a source before it is read: bounds of its score by its length, its sign, its sketch.

use super::{
    MatchKind,
    score::{LONGEST, Prepared, Score, edit_cost, same_words, weight},
    search::Taker,
};
use crate::memory::{Letters, Sign, Skeleton, Sketch, Step, WORD, shortened, size, unfolded, words::Word};
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    ops::RangeInclusive,
};

/// The share of words that another order of the same words has in common with a query, and a score so high that it is
/// shown for itself.
pub(super) const ANAGRAM: Score = Score::from_tenths(850);

/// A text that may be an answer: how good it can be at best, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chance {
    pub score: Score,
    pub kind: MatchKind,
    pub apart: Reverse<usize>,
    /// The order of texts as good: a lower number is more likely to be read soon.
    pub place: Reverse<(u32, u32)>,
}

/// A query as sketches are compared with it.
pub(super) struct Short {
    pub words: Vec<Word>,
    /// The keys of the words, sorted.
    pub sorted: Vec<u16>,
    pub weight: u32,
    pub letters: Letters,
    pub rhythm: Vec<u8>,
    pub skeleton: u64,
    pub keys: Vec<u32>,
    /// For each byte of a rhythm the one that stands for it: numbers the query does not have are one.
    pub plain: Vec<u8>,
    /// The kinds of words the query has, and how many words of each.
    pub kinds: u128,
    pub of_kind: [u32; 128],
    /// Words beyond the first of each kind.
    pub more: u32,
}

impl Short {
    /// Like [`Short::at_most`], never less and soon told.
    pub fn roughly(&self, sign: Sign) -> u32 {
        (sign.0 & self.kinds).count_ones() + self.more
    }

    /// How many of the query's words a skeleton of this sign may hold.
    pub fn at_most(&self, sign: Sign) -> u32 {
        let mut shared = sign.0 & self.kinds;
        let mut sum = 0;
        while shared != 0 {
            sum += self.of_kind[shared.trailing_zeros() as usize];
            shared &= shared - 1;
        }
        sum
    }

    pub fn plain(&self, byte: u8) -> u8 {
        self.plain[usize::from(byte)]
    }

    pub fn new(query: &Prepared) -> Short {
        let sketch = Sketch::new(&query.words, &query.text);
        let sorted = sorted_keys(&sketch.words);
        let mut of_kind = [0u32; 128];
        for word in sketch.words.chunks_exact(WORD) {
            of_kind[Sign::kind(word)] += 1;
        }
        let kinds = Sign::of(&sketch.words).0;
        let more = (sketch.words.len() / WORD) as u32 - kinds.count_ones();
        let Sketch { letters, rhythm, skeleton, keys, .. } = sketch;
        let words = query.words.iter().map(shortened).collect();
        // A query with all 128 kinds of numbers has no byte to spare: then each stands for itself.
        let other = (0x80..=u8::MAX).find(|byte| !rhythm.contains(byte));
        let plain = (0..=u8::MAX)
            .map(|byte| match (byte, other) {
                (0x80.., Some(other)) if !rhythm.contains(&byte) => other,
                _ => byte,
            })
            .collect();
        Short { words, sorted, weight: query.weight, letters, rhythm, skeleton, keys, plain, kinds, of_kind, more }
    }

    /// Whether signs and lengths allow that nearly all words are in common.
    pub fn nearly_all(&self, words: &[u8]) -> bool {
        let longer = (self.sorted.len().max(words.len() / WORD)) as u32;
        let most = self.at_most(Sign::of(words)).min((words.len() / WORD) as u32);
        Score::share(most, longer) >= ANAGRAM
    }

    /// The share of words in common with those of a sketch, in any order.
    pub fn shared(&self, words: &[u8]) -> Score {
        let other = sorted_keys(words);
        let (mut a, mut b) = (self.sorted.iter().peekable(), other.iter().peekable());
        let mut shared = 0;
        while let (Some(one), Some(two)) = (a.peek(), b.peek()) {
            match one.cmp(two) {
                Ordering::Less => drop(a.next()),
                Ordering::Greater => drop(b.next()),
                Ordering::Equal => {
                    shared += 1;
                    a.next();
                    b.next();
                }
            }
        }
        Score::share(shared, self.sorted.len().max(other.len()) as u32)
    }
}

pub(super) fn sorted_keys(words: &[u8]) -> Vec<u16> {
    let mut keys: Vec<u16> = words.chunks_exact(WORD).map(|word| u16::from_le_bytes([word[0], word[1]])).collect();
    keys.sort_unstable();
    keys
}

/// The best scores that sketches promise for different texts: as many as are wanted. What scores less than the last of
/// them is no answer if they come true, so nothing less is looked at until they have been read.
#[derive(Default)]
pub(super) struct Hopes {
    pub wanted: Option<usize>,
    /// Best first.
    pub scores: Vec<Score>,
}

impl Hopes {
    pub fn least(&self) -> Score {
        match self.wanted {
            Some(wanted) if self.scores.len() == wanted => self.scores.last().copied().unwrap_or_default(),
            _ => Score::default(),
        }
    }

    pub fn add(&mut self, score: Score) {
        if let Some(wanted) = self.wanted {
            let at = self.scores.partition_point(|other| *other >= score);
            self.scores.insert(at, score);
            self.scores.truncate(wanted);
        }
    }
}

/// The best a text can score, where that is what is needed.
type Best = Option<(Score, MatchKind)>;

/// Compares the texts of a skeleton with a query.
pub(super) struct Look<'l> {
    pub query: &'l Prepared,
    pub short: &'l Short,
    pub words: &'l mut Vec<Word>,
    pub chances: &'l mut BinaryHeap<Chance>,
    pub hopes: &'l mut Hopes,
    pub needed: Score,
}

/// Rhythms of a skeleton of which the score is kept, and texts of it that are told apart.
const KNOWN: usize = 64;
const DIFFERENT: usize = 32;

impl Look<'_> {
    /// Notes the texts that may be answers, with what their sketches say of them; returns the best score that one of
    /// them may have, where it is what is needed.
    pub fn at(&mut self, skeleton: &Skeleton<'_>, taker: &impl Taker) -> Option<Score> {
        let same = skeleton.number == self.short.skeleton;
        let mut best = None;
        // Two texts with the same letters are taken for one here, which hopes for less.
        let mut different: Vec<Letters> = Vec::new();
        // The texts of a skeleton differ in numbers and marks; a number the query does not have is like any other.
        let mut known: Vec<(Vec<u8>, Best)> = Vec::new();
        let mut rhythm = Vec::new();
        for entry in skeleton.entries() {
            rhythm.clear();
            rhythm.extend(entry.rhythm.iter().map(|byte| self.short.plain(*byte)));
            let found = match known.iter().find(|(other, _)| *other == rhythm) {
                Some((_, found)) => *found,
                None => {
                    unfolded(skeleton.words, &rhythm, self.words);
                    let found = at_most(self.query, self.short, self.words, same, self.needed);
                    if known.len() < KNOWN {
                        known.push((rhythm.clone(), found));
                    }
                    found
                }
            };
            let Some((score, kind)) = found else { continue };
            best = best.max(Some(score));
            let alike = same && entry.letters == self.short.letters && entry.rhythm == self.short.rhythm;
            let (score, kind) = if alike { (Score::CONTEXT, MatchKind::Context) } else { (score, kind) };
            let apart = entry.letters.apart(self.short.letters);
            if score >= self.needed && taker.may_take(score, kind, apart) {
                if different.len() < DIFFERENT && !different.contains(&entry.letters) {
                    different.push(entry.letters);
                    self.hopes.add(score);
                }
                let place = Reverse((entry.unit, entry.number));
                self.chances.push(Chance { score, kind, apart: Reverse(apart), place });
            }
        }
        best
    }
}

/// How many of the numbers wanted are not there.
pub(super) fn missing(wanted: &[u8], there: &[u8]) -> usize {
    wanted.iter().filter(|number| !there.contains(number)).count()
}

/// The numbers of a text, as its sketch keeps them.
pub(super) fn numbers(rhythm: &[u8]) -> Vec<u8> {
    rhythm.iter().copied().filter(|byte| matches!(Step::of(*byte), Step::Number(_))).collect()
}

/// Whether the words of a sketch hold those of another in a row, forms of a word and numbers being one.
pub(super) fn in_a_row(words: &[u8], inner: &[u8]) -> bool {
    let same = |a: &[u8], b: &[u8]| a[..2] == b[..2];
    let all = |window: &[u8]| window.chunks_exact(WORD).zip(inner.chunks_exact(WORD)).all(|(a, b)| same(a, b));
    !inner.is_empty()
        && words.len() >= inner.len()
        && (0..=words.len() - inner.len()).step_by(WORD).any(|at| all(&words[at..at + inner.len()]))
}

/// The best a text of this sketch can score, where that is at least `needed`.
fn at_most(query: &Prepared, short: &Short, words: &[Word], same: bool, needed: Score) -> Option<(Score, MatchKind)> {
    let heavier = short.weight.max(words.iter().map(weight).sum());
    if same {
        return Some(same_words(&short.words, words, heavier));
    }
    if words.len().max(query.words.len()) > LONGEST {
        return None;
    }
    let kept = (u64::from(needed.tenths()) * u64::from(heavier)).div_ceil(1000) as u32;
    let cost = edit_cost(&short.words, words, heavier.saturating_sub(kept))?;
    Some((Score::share(heavier - cost.min(heavier), heavier).min(Score::FUZZY), MatchKind::Fuzzy))
}

/// The highest score a source can have, by what is known of it.
pub(super) struct Bound {
    pub weight: u32,
    pub words: u32,
    pub marks: u32,
}

impl Bound {
    pub fn new(query: &Prepared) -> Bound {
        let (words, marks) = size(&query.words);
        Bound { weight: query.weight, words: words as u32, marks: marks as u32 }
    }

    /// A source of so many words that shares `shared` of them, with just the punctuation that helps.
    pub fn sized(&self, shared: u32, words: u8) -> Score {
        let heavier = self.weight.max(10 * u32::from(words));
        let most = if words == u8::MAX { self.words } else { self.words.min(u32::from(words)) };
        Score::share(10 * shared.min(most) + 2 * self.marks, heavier).min(Score::FUZZY)
    }

    /// How many words a source of so many must share with the query to score `needed`; more than it has where none
    /// can.
    pub fn least(&self, needed: Score, words: u8) -> u32 {
        (0..=self.words).find(|shared| self.sized(*shared, words) >= needed).unwrap_or(u32::MAX)
    }

    /// A source met in none of the lists read.
    pub fn unmet(&self, left: usize) -> Score {
        Score::share(10 * left as u32 + 2 * self.marks, self.weight).min(Score::FUZZY)
    }

    /// The lengths a source that shares no more than `shared` words and scores at least `needed` can have.
    pub fn lengths(&self, needed: Score, shared: u32) -> RangeInclusive<u8> {
        let reaches = |words: &u8| self.sized(shared, *words) >= needed;
        let least = (1..=u8::MAX).find(reaches);
        let most = (1..=u8::MAX).rev().find(reaches);
        match (least, most) {
            (Some(least), Some(most)) => least..=most,
            // None: then any length does, for no source passes its bound.
            _ => u8::MAX..=u8::MAX,
        }
    }
}
