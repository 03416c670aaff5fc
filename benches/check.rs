//! How long a termbase takes to load, to search a sentence, and to check a pair.

use divan::{Bencher, black_box};
use yaddash::{
    Bead, Bitext, Concept, Language, Segment, Status, Term,
    model::{Kind, Mark},
    rules::RuleSet,
    terms::{Overlap, Termbase, check},
    text::Span,
};

fn main() {
    divan::main();
}

/// Syllables put together: no two of the first hundred thousand words are the same.
fn word(mut number: usize, syllables: &[&str]) -> String {
    let mut out = String::new();
    for _ in 0..4 {
        out.push_str(syllables[number % syllables.len()]);
        number /= syllables.len();
    }
    out
}

const LATIN: &[&str] = &[
    "ba", "də", "ki", "lo", "mu", "nə", "rı", "si", "tö", "və", "zar", "qan", "şəh", "mər", "bil", "gül", "dur", "han",
];
const CYRILLIC: &[&str] = &[
    "ба", "де", "ки", "ло", "му", "на", "ры", "си", "то", "ве", "зар", "ган", "шах", "мер", "бил", "гул", "дур", "хан",
];

/// Concepts with a term in az and ru each, every third of two words.
fn concepts(count: usize) -> Vec<Concept> {
    let text = |number: usize, syllables: &[&str], end: &str| match number % 3 {
        0 => format!("{} {}{end}", word(number / 3, syllables), word(number, syllables)),
        _ => format!("{}{end}", word(number, syllables)),
    };
    (0..count)
        .map(|number| Concept {
            id: number.to_string(),
            terms: vec![
                Term::new(text(number, LATIN, "t"), Language::AZ, Status::Preferred),
                Term::new(text(number, CYRILLIC, "т"), Language::RU, Status::Preferred),
            ],
            ..Concept::default()
        })
        .collect()
}

const AZ: &str = "Dövlət Miqrasiya Xidmətinin rəhbəri badəkilotun iclasında çıxış edərək əcnəbilərin və \
                  vətəndaşlığı olmayan şəxslərin hüquqlarının qorunmasından danışıb, suallara cavab verib.";
const RU: &str = "Руководитель службы на заседании бадекилота рассказал о защите прав иностранцев и лиц без \
                  гражданства и ответил на вопросы журналистов.";

/// Each concept is two terms.
#[divan::bench(args = [5_000, 50_000])]
fn load(bencher: Bencher, count: usize) {
    let concepts = concepts(count);
    bencher.with_inputs(|| concepts.clone()).bench_values(Termbase::new);
}

#[divan::bench(args = [5_000, 50_000])]
fn find_az(bencher: Bencher, count: usize) {
    let termbase = Termbase::new(concepts(count));
    bencher.bench(|| termbase.find(Language::AZ, black_box(AZ), Overlap::Longest));
}

#[divan::bench(args = [5_000, 50_000])]
fn find_ru(bencher: Bencher, count: usize) {
    let termbase = Termbase::new(concepts(count));
    bencher.bench(|| termbase.find(Language::RU, black_box(RU), Overlap::Longest));
}

#[divan::bench(args = [5_000])]
fn check_pair(bencher: Bencher, count: usize) {
    let termbase = Termbase::new(concepts(count));
    let segment =
        |text: &str| Segment { span: Span::new(0, text.len()), text: text.to_owned(), kind: Kind::Body, paragraph: 1 };
    let bitext = Bitext {
        texts: [(Language::AZ, vec![segment(AZ)]), (Language::RU, vec![segment(RU)])].into(),
        beads: vec![Bead {
            sides: [(Language::AZ, vec![0]), (Language::RU, vec![0])].into(),
            score: 1.0,
            mark: Mark::Given,
        }],
    };
    bencher.bench(|| check(&termbase, black_box(&bitext), &RuleSet::default()));
}
