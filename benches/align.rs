//! How long alignment takes, by the number of sentences: texts made by rule, so that every run sees the same.

use std::collections::BTreeMap;
use yaddash::{
    Language, Segment,
    align::{Evidence, align, align_all},
    model::Kind,
    text::Span,
};

fn main() {
    divan::main();
}

/// A small generator of numbers, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// `sentences` in English and as many in a made-up translation: a word of one is a word of the other, and every
/// tenth sentence is missing there.
fn texts(sentences: usize) -> BTreeMap<Language, Vec<Segment>> {
    made(sentences, 7)
}

fn made(sentences: usize, seed: u64) -> BTreeMap<Language, Vec<Segment>> {
    let mut dice = Dice(seed);
    let mut out: BTreeMap<Language, Vec<Segment>> = BTreeMap::new();
    for number in 0..sentences {
        let words: Vec<u64> = (0..12 + dice.below(12)).map(|_| dice.below(1 + number as u64 + 500)).collect();
        let paragraph = number / 4 + 1;
        for (language, prefix) in [(Language::EN, "wor"), (Language::AZ, "söz"), (Language::RU, "сло")] {
            if language != Language::EN && dice.below(10) == 0 {
                continue;
            }
            let mut text: Vec<String> = words.iter().map(|word| format!("{prefix}{}", spelled(*word))).collect();
            text.push(number.to_string());
            let text = text.join(" ");
            let span = Span::new(0, text.len());
            out.entry(language).or_default().push(Segment { span, text, kind: Kind::Body, paragraph });
        }
    }
    out
}

fn spelled(word: u64) -> String {
    word.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

#[divan::bench(args = [1_000, 3_000, 10_000, 30_000])]
fn two_languages(bencher: divan::Bencher, sentences: usize) {
    let mut texts = texts(sentences);
    texts.remove(&Language::RU);
    bencher.bench(|| align(&texts, &Evidence::default()));
}

#[divan::bench(args = [100, 1_000])]
fn three_languages(bencher: divan::Bencher, sentences: usize) {
    let texts = texts(sentences);
    bencher.bench(|| align(&texts, &Evidence::default()));
}

/// An archive of sets of twenty sentences in three languages, aligned together.
#[divan::bench(args = [100, 300, 1_000])]
fn archive(bencher: divan::Bencher, sets: usize) {
    let sets: Vec<_> = (0..sets as u64).map(|set| made(20, 7 + set)).collect();
    bencher.bench(|| align_all(&sets, &Evidence::default(), &|| ()));
}
