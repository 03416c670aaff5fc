//! Look-ups in a memory of made-up sentences: `cargo bench --bench lookup`.

use divan::Bencher;
use std::path::Path;
use yaddash::{
    Language, Unit, Variant,
    concordance::{Form, Pattern, concordance},
    lookup::{
        Finder, Options, Score,
        score::{Prepared, characters, compare},
    },
    memory::{Memory, Mode},
};

const UNITS: usize = 20_000;

fn main() {
    divan::main();
}

/// A row of numbers that looks random and is the same each time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % end as u64) as usize
    }
}

/// Words by Zipf's law: the few first ones are most of the text.
fn word(numbers: &mut Numbers) -> String {
    const PARTS: [&str; 12] = ["ba", "ki", "mi", "qra", "si", "ya", "xid", "mət", "ser", "vi", "na", "lo"];
    let bits = 1 + numbers.below(14);
    let mut rank = numbers.below(1 << bits);
    let mut out = String::new();
    loop {
        out.push_str(PARTS[rank % PARTS.len()]);
        rank /= PARTS.len();
        if rank == 0 {
            return out;
        }
    }
}

fn sentence(numbers: &mut Numbers) -> String {
    let length = 4 + numbers.below(24);
    let mut words: Vec<String> = (0..length).map(|_| word(numbers)).collect();
    if numbers.below(3) == 0 {
        words.insert(length / 2, numbers.below(3000).to_string());
    }
    words.join(" ") + "."
}

fn units(count: usize) -> Vec<Unit> {
    let mut numbers = Numbers(1);
    let pair = |numbers: &mut Numbers| {
        vec![Variant::new(Language::EN, sentence(numbers)), Variant::new(Language::AZ, sentence(numbers))]
    };
    (0..count).map(|_| Unit { variants: pair(&mut numbers), ..Unit::default() }).collect()
}

fn memory(folder: &Path, units: &[Unit]) -> Memory {
    let mut memory = Memory::open(&folder.join("bench.db"), Mode::Write).expect("the folder is writable");
    memory
        .write("bench", "2024-03-12T10:00:00Z".parse().expect("a date"), "bench", |batch| {
            units.iter().try_for_each(|unit| batch.add(unit).map(drop))
        })
        .expect("the units are stored");
    memory
}

/// Stored sentences with a word exchanged.
fn queries(units: &[Unit]) -> Vec<String> {
    let mut numbers = Numbers(2);
    (0..100)
        .map(|_| {
            let text = &units[numbers.below(units.len())].variants[0].text;
            let mut words: Vec<&str> = text.split(' ').collect();
            let at = numbers.below(words.len());
            words[at] = "ganja";
            words.join(" ")
        })
        .collect()
}

/// The same hundred look-ups in memories of three sizes: their cost grows far slower than the memory.
#[divan::bench(args = [2_000, 20_000, 200_000], sample_count = 10)]
fn hundred_fuzzy_lookups(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let units = units(count);
    let memory = memory(folder.path(), &units);
    let queries = queries(&units);
    let reader = memory.read().expect("the memory is readable");
    let options = Options {
        from: Language::EN,
        to: vec![Language::AZ],
        min: Score::from_percent(60.0),
        max: 5,
        pending: false,
        penalties: Vec::new(),
    };
    let mut finder = Finder::new(&reader, options).expect("an index");
    bencher.bench_local(|| {
        queries.iter().map(|query| finder.find(&query.as_str().into()).expect("an answer").len()).sum::<usize>()
    });
}

/// Ties of a thousand sentences with the next one, bit by bit and by the whole matrix.
#[divan::bench(args = [false, true], sample_count = 20)]
fn character_distances_of_a_thousand_pairs(bencher: Bencher, by_matrix: bool) {
    let sources: Vec<String> = units(1_000).into_iter().map(|mut unit| unit.variants.swap_remove(0).text).collect();
    let distance = |a: &str, b: &str| if by_matrix { strsim::levenshtein(a, b) } else { characters(a, b) };
    bencher.bench_local(|| sources.windows(2).map(|pair| distance(&pair[0], &pair[1])).sum::<usize>());
}

/// Scores of texts of so many words with the same texts, a tenth of the words exchanged.
#[divan::bench(args = [20, 200, 2000], sample_count = 20)]
fn hundred_scores(bencher: Bencher, words: usize) {
    let mut numbers = Numbers(3);
    let mut pair = || {
        let text: Vec<String> = (0..words).map(|_| word(&mut numbers)).collect();
        let mut other = text.clone();
        (0..words.div_ceil(10)).for_each(|_| other[numbers.below(words)] = word(&mut numbers));
        [text, other].map(|words| Prepared::of(Language::EN, &words.join(" ")))
    };
    let pairs: Vec<[Prepared; 2]> = (0..100).map(|_| pair()).collect();
    let least = Score::from_percent(60.0);
    bencher.bench_local(|| pairs.iter().filter(|[a, b]| compare(a, b, least).is_some()).count());
}

#[divan::bench(sample_count = 20)]
fn concordance_of_a_frequent_and_a_missing_word(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a folder");
    let memory = memory(folder.path(), &units(UNITS));
    let reader = memory.read().expect("the memory is readable");
    let patterns = ["miqra", "ganja"].map(|text| Pattern::new(text, Form::Text, None, false).expect("a pattern"));
    bencher.bench_local(|| {
        patterns.iter().map(|pattern| concordance(&reader, pattern, 50).expect("lines").len()).sum::<usize>()
    });
}

/// What a translator waits for when a unit is confirmed: one batch, committed.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn storing_one_unit(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut memory = memory(folder.path(), &units(UNITS));
    let now = "2024-03-12T10:00:00Z".parse().expect("a date");
    let mut fresh = Numbers(7);
    bencher.with_inputs(|| sentence(&mut fresh)).bench_local_values(|text| {
        let variants = vec![Variant::new(Language::EN, text.as_str()), Variant::new(Language::AZ, text)];
        let unit = Unit { variants, ..Unit::default() };
        memory.write("bench", now, "bench", |batch| batch.add(&unit).map(drop)).expect("the unit is stored");
    });
}

#[divan::bench(sample_count = 5)]
fn storing_ten_thousand_units(bencher: Bencher) {
    let units = units(10_000);
    bencher.bench_local(|| {
        let folder = tempfile::tempdir().expect("a folder");
        drop(memory(folder.path(), &units));
    });
}
