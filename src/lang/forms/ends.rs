//! What a word is by the way it ends: rules and their exceptions as one table.

use rustc_hash::FxHashMap;

/// Ends of words, each with what it says; the longest one a word has decides, so an exception is a longer end.
/// A trie of the letters from the last one on.
pub(super) struct Ends<V> {
    steps: FxHashMap<(u32, char), u32>,
    /// What an end says, and what a whole word does, by node.
    says: Vec<(Option<V>, Option<V>)>,
}

impl<V: Copy> Ends<V> {
    /// Of rows of ends parted by spaces; one that begins with `^` is a whole word. Of two the same, the later says it.
    pub fn new(rows: &[(V, &str)]) -> Ends<V> {
        let mut out = Ends { steps: FxHashMap::default(), says: vec![(None, None)] };
        for (says, ends) in rows {
            for end in ends.split_whitespace() {
                let word = end.strip_prefix('^');
                let mut node = 0;
                for c in word.unwrap_or(end).chars().rev() {
                    let next = out.says.len() as u32;
                    node = *out.steps.entry((node, c)).or_insert(next);
                    if node == next {
                        out.says.push((None, None));
                    }
                }
                match &mut out.says[node as usize] {
                    (_, whole) if word.is_some() => *whole = Some(*says),
                    (end, _) => *end = Some(*says),
                }
            }
        }
        out
    }

    pub fn get(&self, key: &str) -> Option<V> {
        let mut node = 0;
        let mut best = None;
        for c in key.chars().rev() {
            let Some(next) = self.steps.get(&(node, c)) else { return best };
            node = *next;
            best = self.says[node as usize].0.or(best);
        }
        self.says[node as usize].1.or(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_end_decides() {
        let table = Ends::new(&[(1, "er ^never"), (2, "ser water"), (3, "^water")]);
        for (word, says) in [("user", 2), ("taker", 1), ("water", 3), ("seawater", 2), ("never", 1), ("clever", 1)] {
            assert_eq!(table.get(word), Some(says), "{word}");
        }
        assert_eq!(table.get(""), None);
        assert_eq!(table.get("ж"), None);
    }
}
