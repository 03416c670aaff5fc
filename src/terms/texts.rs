//! Texts kept once each, side by side in one buffer, found again by a hash that grows letter by letter.

use hashbrown::HashTable;

/// The hash of a text, built up byte by byte, so that all beginnings of a word cost one pass over it (FNV-1a with
/// the mixing step of `MurmurHash3` at the end).
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    pub const EMPTY: Hash = Hash(0xcbf2_9ce4_8422_2325);

    pub fn then(self, bytes: &[u8]) -> Hash {
        Hash(bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    pub fn done(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }
}

/// Texts under the numbers they came as.
#[derive(Debug, Default)]
pub(super) struct Texts {
    letters: String,
    /// Where each text ends in `letters`.
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Texts {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, number: u32) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.letters[start as usize..self.ends[number as usize] as usize]
    }

    /// The number of `text`, whose hash is `hash`, if it is there.
    pub fn find(&self, text: &str, hash: Hash) -> Option<u32> {
        self.table.find(hash.done(), |number| self.get(*number) == text).copied()
    }

    /// The number of `text`, a new one if it is not there. The buffer holds four gigabytes: more than the files a
    /// glossary may be read from.
    pub fn number(&mut self, text: &str) -> u32 {
        let hash = Hash::EMPTY.then(text.as_bytes());
        if let Some(number) = self.find(text, hash) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.letters.push_str(text);
        self.ends.push(self.letters.len() as u32);
        let Texts { letters, ends, table } = self;
        let again = |number: &u32| {
            let start = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
            let text = &letters[start as usize..ends[*number as usize] as usize];
            Hash::EMPTY.then(text.as_bytes()).done()
        };
        table.insert_unique(hash.done(), number, again);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn each_text_has_one_number(all in prop::collection::vec("[a-cəш]{0,4}", 0..60)) {
            let mut texts = Texts::default();
            let numbers: Vec<u32> = all.iter().map(|text| texts.number(text)).collect();
            for (text, number) in all.iter().zip(&numbers) {
                prop_assert_eq!(texts.get(*number), text);
                prop_assert_eq!(texts.number(text), *number);
                let hash = text.chars().fold(Hash::EMPTY, |hash, c| hash.then(c.to_string().as_bytes()));
                prop_assert_eq!(texts.find(text, hash), Some(*number));
            }
            prop_assert_eq!(texts.len(), all.iter().collect::<BTreeSet<_>>().len());
            prop_assert_eq!(texts.find("never", Hash::EMPTY.then(b"never")), None);
        }
    }
}
