//! What a word is by the way it ends: rules and their exceptions as one table.

use rustc_hash::FxHashMap;

/// Ends of words, each with what it says; the longest one a word has decides, so an exception is a longer end.
pub(super) struct Ends<V> {
    ends: FxHashMap<&'static str, V>,
    whole: FxHashMap<&'static str, V>,
    longest: usize,
}

impl<V: Copy> Ends<V> {
    /// Of rows of ends parted by spaces; one that begins with `^` is a whole word.
    pub fn new(rows: &[(V, &'static str)]) -> Ends<V> {
        let mut out = Ends { ends: FxHashMap::default(), whole: FxHashMap::default(), longest: 0 };
        for (says, ends) in rows {
            for end in ends.split_whitespace() {
                match end.strip_prefix('^') {
                    Some(word) => out.whole.insert(word, *says),
                    None => {
                        out.longest = out.longest.max(end.len());
                        out.ends.insert(end, *says)
                    }
                };
            }
        }
        out
    }

    pub fn get(&self, key: &str) -> Option<V> {
        if let Some(says) = self.whole.get(key) {
            return Some(*says);
        }
        let long_enough = key.len().saturating_sub(self.longest);
        key.char_indices()
            .map(|(at, _)| at)
            .skip_while(|at| *at < long_enough)
            .find_map(|at| self.ends.get(&key[at..]).copied())
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
