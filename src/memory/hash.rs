//! A 64-bit hash that is the same on every machine and in every version: its values are stored.

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xbf58_476d_1ce4_e5b9;
const THIRD: u64 = 0x94d0_49bb_1331_11eb;

/// Hashes a run of byte strings; each is told apart from its neighbours by its length.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StableHash(u64);

impl StableHash {
    pub fn new() -> StableHash {
        StableHash(FIRST)
    }

    pub fn number(&mut self, value: u64) {
        self.0 = mixed(self.0.rotate_left(23) ^ value);
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.number(u64::from_le_bytes(word.try_into().expect("the chunk has eight bytes")));
        }
        let rest = words.remainder();
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.number(u64::from_le_bytes(word));
        }
    }

    /// The hash as SQLite stores it.
    pub fn finish(self) -> i64 {
        self.0 as i64
    }
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014, variant 13 of Stafford).
fn mixed(mut x: u64) -> u64 {
    x = x.wrapping_add(FIRST);
    x = (x ^ (x >> 30)).wrapping_mul(SECOND);
    x = (x ^ (x >> 27)).wrapping_mul(THIRD);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&str]) -> i64 {
        let mut hash = StableHash::new();
        parts.iter().for_each(|part| hash.bytes(part.as_bytes()));
        hash.finish()
    }

    #[test]
    fn values_are_fixed_and_parts_told_apart() {
        assert_eq!(of(&["Milli Məclis"]), of(&["Milli Məclis"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["", "a"]), of(&["a", ""]));
        assert_ne!(of(&["a\0"]), of(&["a"]));
        // Stored memories rely on this very value.
        assert_eq!(of(&["yaddash"]), 3_391_882_213_641_632_811);
    }
}
