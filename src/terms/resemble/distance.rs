//! How far a stem is from the beginnings of a word.

use std::sync::LazyLock;

/// Letters taken for one another more often than others.
const NEAR: &[&str] = &[
    "dt",
    "bp",
    "qkgğ",
    "zs",
    "cç",
    "sş",
    "vf",
    "xh",
    "дт",
    "бп",
    "гк",
    "зс",
    "вф",
    "жш",
    "шщ",
    "чц",
    "aeiouyəıöüаеиоуыэюяё",
];

/// An insertion, a deletion, a swap of neighbours, a letter for one that is not near it.
const WHOLE: u32 = 10;
/// A letter for one near it.
const PART: u32 = 6;

/// Which rows of [`NEAR`] a letter is in, a bit each. All of them stand before U+0500.
static ROWS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut out = vec![0; 0x500];
    for (row, letters) in NEAR.iter().enumerate() {
        letters.chars().for_each(|c| out[c as usize] |= 1 << row);
    }
    out
});

/// Letters ready to be compared: each with the rows it is near others by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letters(Vec<(char, u32)>);

impl Letters {
    pub fn new(text: &str) -> Letters {
        let rows: &[u32] = &ROWS;
        Letters(text.chars().map(|c| (c, rows.get(c as usize).copied().unwrap_or(0))).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn nth(&self, at: usize) -> Option<char> {
        self.0.get(at).map(|(c, _)| *c)
    }

    pub fn last(&self) -> Option<char> {
        self.0.last().map(|(c, _)| *c)
    }
}

/// Buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    before: Vec<u32>,
    last: Vec<u32>,
    now: Vec<u32>,
    pub out: Vec<u32>,
}

/// The edit distance between `stem` and each beginning of `word`, by its number of letters, in tenths of an edit; in
/// `scratch.out`. Swapped neighbours count as one edit (optimal string alignment), a letter for one near it as less.
pub(super) fn distances(stem: &Letters, word: &Letters, scratch: &mut Scratch) {
    let stem = &stem.0;
    let width = stem.len() + 1;
    let Scratch { before, last, now, out } = scratch;
    before.clear();
    before.resize(width, 0);
    now.clear();
    now.resize(width, 0);
    last.clear();
    last.extend((0..width).map(|at| at as u32 * WHOLE));
    out.clear();
    out.push(stem.len() as u32 * WHOLE);
    let mut previous = '\0';
    for (row, (c, near)) in word.0.iter().enumerate() {
        now[0] = (row as u32 + 1) * WHOLE;
        for at in 1..width {
            let (own, rows) = stem[at - 1];
            let replaced = last[at - 1]
                + match own == *c {
                    true => 0,
                    false if rows & near != 0 => PART,
                    false => WHOLE,
                };
            let mut least = replaced.min(last[at] + WHOLE).min(now[at - 1] + WHOLE);
            if row > 0 && at > 1 && own == previous && stem[at - 2].0 == *c {
                least = least.min(before[at - 2] + WHOLE);
            }
            now[at] = least;
        }
        out.push(now[stem.len()]);
        std::mem::swap(before, last);
        std::mem::swap(last, now);
        previous = *c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(stem: &str, word: &str) -> Vec<u32> {
        let mut scratch = Scratch::default();
        distances(&Letters::new(stem), &Letters::new(word), &mut scratch);
        scratch.out
    }

    #[test]
    fn distances_of_all_beginnings() {
        assert_eq!(of("abc", "abcd"), [30, 20, 10, 0, 10]);
        assert_eq!(of("bz", "zb"), [20, 10, 10], "swapped neighbours are one edit");
        assert_eq!(of("dağ", "dak"), [30, 20, 10, 6], "letters taken for one another");
    }

    proptest! {
        #[test]
        fn far_letters_are_edits_apart(a in "[bmlrn]{0,7}", b in "[bmlrn]{0,7}") {
            prop_assert_eq!(of(&a, &b)[b.chars().count()], 10 * strsim::osa_distance(&a, &b) as u32);
        }
    }
}
