//! Names a letter apart, found without comparing each with each.

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// A letter away from more names than this, a word is not a slip of one of them.
const CROWD: usize = 32;

/// Stems, by number, by what is left of them with one letter out.
#[derive(Debug)]
pub(super) struct Neighbourhood {
    by_rest: FxHashMap<u64, Vec<usize>>,
}

impl Neighbourhood {
    pub(super) fn new<'s>(stems: impl Iterator<Item = &'s str>) -> Neighbourhood {
        let mut by_rest: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (at, stem) in stems.enumerate() {
            for rest in rests(stem) {
                by_rest.entry(rest).or_default().push(at);
            }
        }
        by_rest.retain(|_, stems| stems.len() <= CROWD);
        Neighbourhood { by_rest }
    }

    /// The numbers of stems that may be an edit from `stem`, each once; a few that are not come along.
    pub(super) fn candidates(&self, stem: &str) -> Vec<usize> {
        let mut out: Vec<usize> = rests(stem).filter_map(|rest| self.by_rest.get(&rest)).flatten().copied().collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Hashes of `stem` and of what is left of it with each letter out.
fn rests(stem: &str) -> impl Iterator<Item = u64> + '_ {
    let hash = |parts: [&str; 2]| {
        let mut hasher = FxHasher::default();
        parts.iter().flat_map(|part| part.bytes()).for_each(|byte| byte.hash(&mut hasher));
        hasher.finish()
    };
    let whole = hash([stem, ""]);
    let without = stem.char_indices().map(move |(at, c)| hash([&stem[..at], &stem[at + c.len_utf8()..]]));
    std::iter::once(whole).chain(without)
}

/// One letter dropped, added, replaced, or swapped with its neighbour makes `b` of `a`.
pub(super) fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([_, rest @ ..], b) if rest == b => true,
        (a, [_, rest @ ..]) if a == rest => true,
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([p, q, x @ ..], [r, s, y @ ..]) => (p, q) == (s, r) && x == y,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_distance_is_one_edit() {
        for (a, b) in [("abc", "abcd"), ("abc", "ac"), ("abc", "acb"), ("abc", "axc"), ("ab", "ba"), ("a", "")] {
            assert!(one_edit(a, b) && one_edit(b, a), "{a} {b}");
        }
        for (a, b) in [("abc", "abc"), ("abcd", "ab"), ("abcd", "badc"), ("abc", "cba"), ("", "")] {
            assert!(!one_edit(a, b) && !one_edit(b, a), "{a} {b}");
        }
    }

    #[test]
    fn in_a_crowd_nobody_is_a_slip() {
        let crowd: Vec<String> = ('a'..='z').chain('а'..='я').map(|c| format!("nam{c}")).collect();
        let near = Neighbourhood::new(crowd.iter().map(String::as_str));
        assert!(near.candidates("nam1").is_empty());
        assert_eq!(near.candidates("naam"), [0]);
    }

    proptest! {
        #[test]
        fn candidates_hold_all_within_one_edit(a in "[abж]{1,6}", b in "[abж]{1,6}") {
            let near = Neighbourhood::new([a.as_str()].into_iter());
            prop_assert!(!one_edit(&a, &b) || near.candidates(&b) == [0]);
        }
    }
}
