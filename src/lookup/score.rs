//! The published score: how like a stored source is to a query, 0 to 100, and over 100 in its context.
//!
//! `docs/score.md` tells it with worked examples. Its parts are whole numbers, tenths of a word, so that every
//! machine gives the same answer: a word or number weighs 10, a punctuation mark 2.

use super::distance::levenshtein;
use crate::{
    lang::Language,
    memory::words::{Analyser, Word, WordKind, class},
};
use serde::{Serialize, Serializer};
use std::fmt;

/// A score in tenths: 875 is 87.5. Always rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u16);

impl Score {
    /// The highest: same text between the same neighbours.
    pub const CONTEXT: Score = Score(1020);
    /// Same text.
    pub const EXACT: Score = Score(1000);
    /// The highest of what is not the same text, and the lowest of what has the same words.
    pub const NEAR: Score = Score(990);
    pub const SAME_WORDS: Score = Score(950);
    /// The highest where a word differs.
    pub const FUZZY: Score = Score(949);

    pub const fn from_tenths(tenths: u16) -> Score {
        Score(tenths)
    }

    pub fn tenths(self) -> u16 {
        self.0
    }

    /// From percent; below 0 is 0.
    pub fn from_percent(percent: f64) -> Score {
        Score((percent * 10.0).ceil().clamp(0.0, 1020.0) as u16)
    }

    /// Less by so many points, never below 0.
    pub(super) fn lowered(self, by: Score) -> Score {
        Score(self.0.saturating_sub(by.0))
    }

    /// What [`Score::lowered`] makes this of.
    pub(super) fn raised(self, by: Score) -> Score {
        Score(self.0.saturating_add(by.0))
    }

    /// `part` of `whole`, at most 100, rounded down; 0 of nothing.
    pub(super) fn share(part: u32, whole: u32) -> Score {
        match u64::from(part).saturating_mul(1000).checked_div(u64::from(whole)) {
            Some(tenths) => Score(tenths.min(1000) as u16),
            None => Score(0),
        }
    }
}

impl fmt::Display for Score {
    /// `87.5`, `99`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % 10 {
            0 => write!(f, "{}", self.0 / 10),
            tenth => write!(f, "{}.{tenth}", self.0 / 10),
        }
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 % 10 {
            0 => to.serialize_u16(self.0 / 10),
            _ => to.serialize_f64(f64::from(self.0) / 10.0),
        }
    }
}

/// What kind of match it is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// Two or three stored sources in a row are the query.
    Assembled,
    /// The query stands inside of the stored source.
    Fragment,
    /// The words of the query in another order.
    Reordered,
    /// Words differ.
    Fuzzy,
    /// The same words; numbers, dates differ.
    Number,
    /// The same words and numbers; case, punctuation, quotes, spaces or tags differ.
    Near,
    /// The same text.
    Exact,
    /// The same text between the same neighbours.
    Context,
}

impl MatchKind {
    pub fn as_str(self) -> &'static str {
        match self {
            MatchKind::Assembled => "assembled",
            MatchKind::Fragment => "fragment",
            MatchKind::Reordered => "reordered",
            MatchKind::Fuzzy => "fuzzy",
            MatchKind::Number => "number",
            MatchKind::Near => "near",
            MatchKind::Exact => "exact",
            MatchKind::Context => "context",
        }
    }
}

const WORD: u32 = 10;
const MARK: u32 = 2;
/// Two forms of one stem.
const FORM: u32 = 3;
/// A number in the place of a number.
const NUMBER: u32 = 1;
/// In words and marks; a longer text is a document, and compared as the same or not.
pub(super) const LONGEST: usize = 2000;

/// A text made ready for comparing.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub text: String,
    pub(crate) words: Vec<Word>,
    pub(super) class: i64,
    /// In tenths of a word.
    pub(super) weight: u32,
}

impl Prepared {
    pub fn new(analyser: &mut Analyser, text: String) -> Prepared {
        let words = analyser.words(&text);
        let weight = words.iter().map(weight).sum();
        Prepared { class: class(&words), text, words, weight }
    }

    /// How many words and numbers.
    pub(super) fn content(&self) -> usize {
        self.ends_of_words().count()
    }

    /// Where each word or number ends with the punctuation behind it, in tokens.
    pub(super) fn ends_of_words(&self) -> impl Iterator<Item = usize> + '_ {
        let is_word = |at: &usize| self.words[*at].kind != WordKind::Punctuation;
        let starts = (0..self.words.len()).filter(is_word).skip(1);
        let any = (0..self.words.len()).any(|at| is_word(&at));
        starts.chain(any.then_some(self.words.len()))
    }

    /// A text by itself.
    pub fn of(language: Language, text: &str) -> Prepared {
        Prepared::new(&mut Analyser::new(language), text.to_owned())
    }
}

pub(super) fn weight(word: &Word) -> u32 {
    match word.kind {
        WordKind::Punctuation => MARK,
        WordKind::Word | WordKind::Number => WORD,
    }
}

/// What it costs to put `b` in the place of `a`.
fn substitution(a: &Word, b: &Word) -> u32 {
    if a.surface == b.surface && a.kind == b.kind {
        return 0;
    }
    match (a.kind, b.kind) {
        (WordKind::Word, WordKind::Word) if a.key == b.key => FORM,
        (WordKind::Number, WordKind::Number) if a.key == b.key => NUMBER,
        _ => weight(a).max(weight(b)),
    }
}

/// The cost of the cheapest edit script from `a` to `b`: insertions and deletions cost the weight. `None` when
/// it is more than `most`.
///
/// Wagner and Fischer (1974), one row at a time, in the band that a script of at most `most` can pass through
/// (Ukkonen 1985): what stands before a cell and what stands after it differ in weight, and no step is cheaper than
/// the difference it makes.
pub(super) fn edit_cost(a: &[Word], b: &[Word], most: u32) -> Option<u32> {
    let start = a.iter().zip(b).take_while(|(a, b)| substitution(a, b) == 0).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| substitution(a, b) == 0).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    // More than any script costs, and room for one more step.
    const FAR: u32 = u32::MAX / 2;
    let whole: u32 = a.iter().map(weight).sum();
    let mut before: Vec<u32> = Vec::with_capacity(b.len() + 1);
    before.push(0);
    for word in b {
        before.push(before[before.len() - 1] + weight(word));
    }
    let other = before[b.len()];
    let within = |done: u32, at: usize| {
        done.abs_diff(before[at]).saturating_add((whole - done).abs_diff(other - before[at])) <= most
    };
    let mut row = vec![FAR; b.len() + 1];
    let (mut first, mut last) = (0, 0);
    let mut done = 0;
    for at in 0..=b.len() {
        if within(0, at) {
            row[at] = before[at];
            last = at;
        }
    }
    for word in a {
        let deleted = weight(word);
        done += deleted;
        first = (first..=b.len()).find(|at| within(done, *at))?;
        last = last.max(first);
        while last < b.len() && within(done, last + 1) {
            last += 1;
        }
        // The cell left of the band, in the row above and then in this one.
        let mut diagonal = match first.checked_sub(1) {
            Some(left) => std::mem::replace(&mut row[left], FAR),
            None => std::mem::replace(&mut row[0], done),
        };
        let mut least = if first == 0 { done } else { FAR };
        for at in first.max(1)..=last {
            let (above, inserted) = (row[at], &b[at - 1]);
            let cost =
                (diagonal + substitution(word, inserted)).min(above + deleted).min(row[at - 1] + weight(inserted));
            diagonal = above;
            row[at] = cost;
            least = least.min(cost);
        }
        if least > most {
            return None;
        }
    }
    Some(row[b.len()]).filter(|cost| *cost <= most)
}

/// The score of `stored` for `query` where it is at least `min`, without its context. Two texts that share no
/// word and no number do not match, nor do different ones of which one is longer than 2,000 words.
pub fn compare(query: &Prepared, stored: &Prepared, min: Score) -> Option<(Score, MatchKind)> {
    let heavier = query.weight.max(stored.weight);
    let (score, kind) = if query.text == stored.text {
        (Score::EXACT, MatchKind::Exact)
    } else if query.class == stored.class {
        same_words(&query.words, &stored.words, heavier)
    } else if query.words.len().max(stored.words.len()) > LONGEST {
        return None;
    } else {
        // The least share that rounds down to `min` bounds the cost.
        let kept = (u64::from(min.0) * u64::from(heavier)).div_ceil(1000) as u32;
        let cost = edit_cost(&query.words, &stored.words, heavier.saturating_sub(kept))?;
        if !share_a_word(query, stored) {
            return None;
        }
        (Score::share(heavier - cost.min(heavier), heavier).min(Score::FUZZY), MatchKind::Fuzzy)
    };
    (score >= min && heavier > 0).then_some((score, kind))
}

/// The same words in the same order: one percent less for each number that differs, and less what the
/// punctuation between the words costs; between 95 and 99.
pub(super) fn same_words(query: &[Word], stored: &[Word], heavier: u32) -> (Score, MatchKind) {
    let (mut numbers, mut marks) = (0u32, 0u32);
    let (mut a, mut b) = (query, stored);
    loop {
        let gap = |words: &[Word]| words.iter().take_while(|word| word.kind == WordKind::Punctuation).count();
        let (end_a, end_b) = (gap(a), gap(b));
        marks = marks.saturating_add(between(&a[..end_a], &b[..end_b]));
        let (Some(word), Some(other)) = (a.get(end_a), b.get(end_b)) else { break };
        numbers += u32::from(word.surface != other.surface);
        (a, b) = (&a[end_a + 1..], &b[end_b + 1..]);
    }
    let punctuated = u32::from(Score::share(heavier.saturating_sub(marks), heavier).0);
    let tenths = punctuated.saturating_sub(numbers.saturating_mul(10));
    let score = Score(tenths as u16).clamp(Score::SAME_WORDS, Score::NEAR);
    (score, if numbers > 0 { MatchKind::Number } else { MatchKind::Near })
}

/// What the punctuation between two words costs. Over a hundred marks say nothing in detail.
fn between(a: &[Word], b: &[Word]) -> u32 {
    const MOST: usize = 100;
    match a.len().max(b.len()) {
        _ if a == b => 0,
        more if more > MOST => a.iter().map(weight).sum::<u32>().max(b.iter().map(weight).sum()),
        _ => edit_cost(a, b, u32::MAX).unwrap_or(0),
    }
}

fn share_a_word(a: &Prepared, b: &Prepared) -> bool {
    let content = |word: &&Word| word.kind != WordKind::Punctuation;
    a.words.iter().filter(content).any(|word| b.words.iter().filter(content).any(|other| other.key == word.key))
}

/// How many characters differ: what breaks ties between equal scores. Where what differs is longer than 4,000
/// characters, its length.
pub fn characters(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    // Beyond this the answer would cost more than the tie is worth.
    const LONGEST: usize = 4000;
    match a.len().max(b.len()) {
        longer if longer > LONGEST => longer,
        _ => levenshtein(a, b),
    }
}

/// The score of two texts of one language, without an index: for explaining and for tests.
pub fn score(language: Language, query: &str, stored: &str) -> Option<(Score, MatchKind)> {
    compare(&Prepared::of(language, query), &Prepared::of(language, stored), Score(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The whole matrix, without band or early end.
    fn plain_cost(a: &[Word], b: &[Word]) -> u32 {
        let mut rows = vec![vec![0u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                let mut steps = Vec::new();
                if i > 0 {
                    steps.push(rows[i - 1][j] + weight(&a[i - 1]));
                }
                if j > 0 {
                    steps.push(rows[i][j - 1] + weight(&b[j - 1]));
                }
                if i > 0 && j > 0 {
                    steps.push(rows[i - 1][j - 1] + substitution(&a[i - 1], &b[j - 1]));
                }
                rows[i][j] = steps.into_iter().min().unwrap_or(0);
            }
        }
        rows[a.len()][b.len()]
    }

    fn words() -> impl Strategy<Value = Vec<Word>> {
        let word = prop::sample::select(vec![
            "service", "services", "serviced", "held", "event", "events", "12", "1,250", "May", "June", ",", ".", "!",
        ]);
        prop::collection::vec(word, 0..30).prop_map(|words| Analyser::new(Language::EN).words(&words.join(" ")))
    }

    proptest! {
        #[test]
        fn the_band_changes_no_cost(a in words(), b in words(), most in 0u32..200) {
            let plain = plain_cost(&a, &b);
            prop_assert_eq!(edit_cost(&a, &b, u32::MAX), Some(plain));
            prop_assert_eq!(edit_cost(&a, &b, most), (plain <= most).then_some(plain));
            prop_assert_eq!(edit_cost(&a, &b, plain), Some(plain), "a cost just allowed");
        }
    }
}
