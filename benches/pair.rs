//! How long pairing takes, by the number of files: releases in three languages made by rule, so that every run sees
//! the same. A third of them are of one template and differ in numbers alone.

use std::collections::BTreeMap;
use yaddash::{
    Language,
    align::{Evidence, pairing::counterparts},
};

fn main() {
    divan::main();
}

/// A small generator of numbers, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

/// How each language begins its words; names and numbers are the same in all.
const BEGINNINGS: [(Language, &str); 3] = [(Language::EN, "wo"), (Language::AZ, "sö"), (Language::RU, "сл")];
/// Different words, the frequent ones far more frequent; names; sentences of a release; words of a sentence.
const WORDS: u64 = 12_000;
const NAMES: u64 = 3_000;
const SENTENCES: u64 = 14;
const LENGTH: u64 = 16;

fn spelled(word: u64) -> String {
    const SYLLABLES: [&str; 10] = ["ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "tu"];
    word.to_string().bytes().map(|digit| SYLLABLES[usize::from(digit - b'0')]).collect()
}

/// `files` files in all, the releases of each language in another order.
fn folder(files: u64) -> BTreeMap<Language, Vec<String>> {
    let mut out: BTreeMap<Language, Vec<String>> = BTreeMap::new();
    let releases = files / 3;
    for (rank, (language, beginning)) in BEGINNINGS.into_iter().enumerate() {
        let mut list: Vec<(u64, String)> = Vec::new();
        for release in 0..releases {
            // A template's words are the same in each of its releases.
            let of_template = release % 3 == 0;
            let mut words = Dice(if of_template { 5 } else { release + 11 });
            let mut figures = Dice(release + 7);
            let mut text = String::new();
            for _ in 0..SENTENCES {
                for _ in 0..LENGTH {
                    let most = words.below(WORDS) + 1;
                    text += &format!("{beginning}{} ", spelled(words.below(most)));
                }
                text += &format!("{} ", 10 + figures.below(9_990));
                if !of_template {
                    text += &format!("Va{} ", spelled(figures.below(NAMES)));
                }
                text += ". ";
            }
            list.push((Dice(release * 3 + rank as u64).below(1 << 30), text));
        }
        list.sort();
        out.insert(language, list.into_iter().map(|(_, text)| text).collect());
    }
    out
}

#[divan::bench(args = [99, 300, 999, 3_000], sample_count = 3)]
fn files(bencher: divan::Bencher, files: u64) {
    let texts = folder(files);
    bencher.bench(|| counterparts(&texts, &Evidence::default()));
}
