//! The edit distance of characters, 64 cells of the matrix at a time.
//!
//! Bit-parallel by Myers (1999), in the form of Hyyrö (2003): a column of the matrix is two rows of bits, where it
//! rises and where it falls by one, so that the next column is a few operations a word of 64 characters.

use rustc_hash::FxHashMap;

const BITS: usize = u64::BITS as usize;

/// Characters that have a number of their own: Latin and Cyrillic letters with their marks.
const NUMBERED: usize = 0x530;

/// Where each character stands in a pattern, as bits in blocks of 64.
struct Places {
    blocks: usize,
    /// The row of a character; 0 is that of all that are not in the pattern.
    numbered: Vec<u16>,
    others: FxHashMap<char, u16>,
    /// `blocks` words a row.
    bits: Vec<u64>,
}

impl Places {
    /// Of at most 65,535 characters.
    fn of(pattern: &[char]) -> Places {
        let blocks = pattern.len().div_ceil(BITS);
        let (numbered, others) = (vec![0; NUMBERED], FxHashMap::default());
        let mut out = Places { blocks, numbered, others, bits: vec![0; blocks] };
        let mut rows = 0u16;
        for (at, c) in pattern.iter().enumerate() {
            let row = match out.numbered.get_mut(*c as usize) {
                Some(row) => row,
                None => out.others.entry(*c).or_insert(0),
            };
            if *row == 0 {
                rows += 1;
                *row = rows;
                out.bits.resize(out.bits.len() + blocks, 0);
            }
            out.bits[usize::from(*row) * blocks + at / BITS] |= 1 << (at % BITS);
        }
        out
    }

    fn row(&self, c: char) -> &[u64] {
        let row = self.numbered.get(c as usize).or_else(|| self.others.get(&c)).copied().unwrap_or(0);
        &self.bits[usize::from(row) * self.blocks..][..self.blocks]
    }
}

/// The fewest insertions, deletions and substitutions of one character that lead from `a` to `b`.
///
/// Takes |a| · |b| ÷ 64 steps. Of at most 65,535 characters each.
pub(super) fn levenshtein(a: &[char], b: &[char]) -> usize {
    // The longer one is the pattern: fewer columns.
    let (text, pattern) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if text.is_empty() {
        return pattern.len();
    }
    let places = Places::of(pattern);
    let last = 1u64 << ((pattern.len() - 1) % BITS);
    let mut distance = pattern.len();
    // Where the column rises and falls from one row to the next.
    let mut column = vec![(u64::MAX, 0u64); places.blocks];
    for c in text {
        // Along the top of the matrix each cell is one more.
        let mut above = (1u64, 0u64);
        let mut row = (0, 0);
        for (same, (up, down)) in places.row(*c).iter().zip(&mut column) {
            let same = same | above.1;
            let diagonal = ((same & *up).wrapping_add(*up) ^ *up) | same | *down;
            row = (*down | !(diagonal | *up), diagonal & *up);
            let shifted = (row.0 << 1 | above.0, row.1 << 1 | above.1);
            above = (row.0 >> (BITS - 1), row.1 >> (BITS - 1));
            *up = shifted.1 | !(diagonal | shifted.0);
            *down = shifted.0 & diagonal;
        }
        distance += usize::from(row.0 & last != 0);
        distance -= usize::from(row.1 & last != 0);
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        levenshtein(&a, &b)
    }

    #[test]
    fn characters_count_not_bytes() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "şəhər", 5),
            ("məcəllə", "mәcəllə", 1),
            ("kitten", "sitting", 3),
            ("служба", "службой", 2),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
        let long = "ab".repeat(32);
        for shift in 0..3 {
            let longer = format!("{}{long}c", "x".repeat(shift));
            assert_eq!(distance(&long, &longer), shift + 1, "across the edge of a block");
        }
    }

    proptest! {
        #[test]
        fn it_is_the_distance_of_the_whole_matrix(a in "[abcəя“🚂]{0,200}", b in "[abcəя“🚂]{0,200}") {
            prop_assert_eq!(distance(&a, &b), strsim::levenshtein(&a, &b));
        }

        #[test]
        fn lengths_round_the_edges_of_blocks_do_not_matter(
            a in prop::sample::select(vec![1usize, 63, 64, 65, 127, 128, 129]),
            b in prop::sample::select(vec![1usize, 63, 64, 65, 127, 128, 129]),
            seed in any::<u64>(),
        ) {
            let text = |length: usize, salt: u64| -> String {
                let bits = seed.rotate_left(salt as u32) | 1;
                (0..length).map(|at| if bits.rotate_right(at as u32 * 7) & 1 == 0 { 'a' } else { 'b' }).collect()
            };
            let (a, b) = (text(a, 0), text(b, 13));
            prop_assert_eq!(distance(&a, &b), strsim::levenshtein(&a, &b));
        }
    }
}
