//! Why a bead was chosen: its signals, named and weighed, and the words that answer one another.

use super::{
    Part, Tongues,
    grid::KINDS,
    length::Length,
    links::Links,
    shares::Shares,
    words::{Side, words},
};
use crate::{
    lang::Language,
    model::{Bead, Segment},
};
use std::collections::{BTreeMap, HashMap};

/// What speaks for or against two sides of a bead being translations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// How usual it is for so many segments to answer so many.
    Kind,
    /// Whether the lengths fit.
    Length,
    /// Numbers, addresses, names, terms and learned words.
    Words,
    /// Whether lines that recur are translated as they mostly are.
    Habit,
    /// Paragraphs that begin on one side only, or inside the bead.
    Paragraphs,
}

impl Signal {
    pub const ALL: [Signal; 5] = [Signal::Kind, Signal::Length, Signal::Words, Signal::Habit, Signal::Paragraphs];

    pub fn as_str(self) -> &'static str {
        match self {
            Signal::Kind => "kind",
            Signal::Length => "length",
            Signal::Words => "words",
            Signal::Habit => "habit",
            Signal::Paragraphs => "paragraphs",
        }
    }

    /// What the signal looks at, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Signal::Kind => "how usual it is that so many segments answer so many",
            Signal::Length => "whether the lengths fit",
            Signal::Words => "numbers, addresses, names, terms, learned words",
            Signal::Habit => "whether lines that recur are translated as they mostly are",
            Signal::Paragraphs => "paragraphs that begin on one side only or inside",
        }
    }
}

/// Two words that answer one another, as they are compared (lower case, digits without separators).
#[derive(Debug, Clone, PartialEq)]
pub struct WordPair {
    pub words: (String, String),
    /// What the pair adds to the bead's score, a log-likelihood ratio.
    pub weight: f32,
}

/// What speaks for two sides of a bead. All weights are log-likelihood ratios: above 0 for, below 0 against.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub languages: (Language, Language),
    pub signals: BTreeMap<Signal, f32>,
    /// The words that count most, the strongest first.
    pub words: Vec<WordPair>,
}

impl Reason {
    /// All signals together.
    pub fn sum(&self) -> f32 {
        self.signals.values().sum()
    }
}

/// Word pairs named in a reason.
const MOST_WORDS: usize = 12;
/// Word pairs that add less are not worth naming.
const LEAST_WEIGHT: f32 = 0.1;

impl Part {
    /// Why a bead was chosen, for each pair of its filled sides; none where the bead is not of this part.
    pub(super) fn reasons(
        &self,
        bead: &Bead,
        texts: &BTreeMap<Language, Vec<Segment>>,
        tongues: &BTreeMap<(Language, Language), Tongues>,
    ) -> Vec<Reason> {
        let side = |language: &Language, segments: &[usize]| -> Option<Chosen> {
            let side = self.sides.get(language)?;
            let places = segments.iter().map(|at| side.index.binary_search(at).ok()).collect::<Option<Vec<_>>>()?;
            Some(Chosen::new(*language, side, &places, &texts[language]))
        };
        let filled = bead.sides.iter().filter(|(_, segments)| !segments.is_empty());
        let sides: Vec<Chosen> = filled.filter_map(|(language, segments)| side(language, segments)).collect();
        let mut out = Vec::new();
        for (at, a) in sides.iter().enumerate() {
            for b in &sides[at + 1..] {
                if let Some(tongues) = tongues.get(&(a.language, b.language)) {
                    out.push(reason(a, b, tongues));
                }
            }
        }
        out
    }
}

/// One side of a bead: its sentences taken together.
struct Chosen {
    language: Language,
    sentences: usize,
    characters: f32,
    forms: Vec<u32>,
    rarity: Vec<f32>,
    /// The words' texts.
    keys: Vec<String>,
    /// The first sentence's number among lines.
    line: u64,
    opens: bool,
    opens_inside: usize,
}

impl Chosen {
    fn new(language: Language, side: &Side, places: &[usize], segments: &[Segment]) -> Chosen {
        let all = |of: &[Vec<u32>]| places.iter().flat_map(|at| of[*at].clone()).collect::<Vec<u32>>();
        Chosen {
            language,
            sentences: places.len(),
            characters: places.iter().map(|at| side.length[*at]).sum(),
            forms: all(&side.words),
            rarity: places.iter().flat_map(|at| side.rarity[*at].iter().copied()).collect(),
            keys: places
                .iter()
                .flat_map(|at| words(language, &segments[side.index[*at]].text))
                .map(|word| word.key)
                .collect(),
            line: places.first().map_or(0, |at| side.lines[*at]),
            opens: places.first().is_some_and(|at| side.opens[*at]),
            opens_inside: places.iter().skip(1).filter(|at| side.opens[**at]).count(),
        }
    }
}

fn reason(a: &Chosen, b: &Chosen, tongues: &Tongues) -> Reason {
    let usage = &tongues.usage;
    let kind = KINDS.iter().position(|(x, y, _)| (*x, *y) == (a.sentences, b.sentences));
    // Kinds beyond the table come of joining the beads of several languages; they are no usual ones.
    let unusual = usage.kinds.iter().copied().fold(0.0, f32::min);
    let length = tongues.length.score(a.characters, b.characters, Length::random(b.characters, b.sentences));
    let mut pairs: HashMap<(usize, usize), f32> = HashMap::new();
    let there = explained(a, b, &tongues.links.0, &tongues.shares, &mut |from, to, weight| {
        *pairs.entry((from, to)).or_default() += weight / 2.0;
    });
    let back = explained(b, a, &tongues.links.1, &tongues.shares, &mut |from, to, weight| {
        *pairs.entry((to, from)).or_default() += weight / 2.0;
    });
    let single = (a.sentences, b.sentences) == (1, 1);
    let habit = if single { tongues.habits.score(a.line, b.line) } else { 0.0 };
    let begins = if a.opens != b.opens { usage.one_side } else { 0.0 };
    let signals = BTreeMap::from([
        (Signal::Kind, kind.map_or(unusual, |kind| usage.kinds[kind])),
        (Signal::Length, length),
        (Signal::Words, (there + back) / 2.0),
        (Signal::Habit, habit),
        (Signal::Paragraphs, begins + usage.inside * (a.opens_inside + b.opens_inside) as f32),
    ]);
    let mut strongest: Vec<((usize, usize), f32)> = pairs.into_iter().filter(|(_, w)| *w >= LEAST_WEIGHT).collect();
    strongest.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    strongest.truncate(MOST_WORDS);
    let named =
        |((x, y), weight): ((usize, usize), f32)| WordPair { words: (a.keys[x].clone(), b.keys[y].clone()), weight };
    Reason { languages: (a.language, b.language), signals, words: strongest.into_iter().map(named).collect() }
}

/// How well the words of `given` explain those of `of`, as the grid counts it. `each` is told for every explained
/// word the place of the word that explains it best, its own place, and what it adds.
fn explained(
    given: &Chosen,
    of: &Chosen,
    links: &Links,
    shares: &Shares,
    each: &mut dyn FnMut(usize, usize, f32),
) -> f32 {
    // For each form of the other language: all weights, the greatest of them, and whose it is.
    let mut weights: HashMap<u32, (f32, f32, usize)> = HashMap::new();
    for (place, form) in given.forms.iter().enumerate() {
        for (other, weight) in &links.of[*form as usize] {
            let held = weights.entry(*other).or_insert((0.0, 0.0, place));
            held.0 += weight;
            if *weight > held.1 {
                (held.1, held.2) = (*weight, place);
            }
        }
    }
    let count = given.forms.len().max(1) as f32;
    let mut sum = 0.0;
    for (place, form) in of.forms.iter().enumerate() {
        sum += shares.unexplained(links.known[*form as usize]);
        if let Some((weight, _, by)) = weights.get(form) {
            let ratio = (weight * of.rarity[place] * shares.odds(links.known[*form as usize]) / count).ln_1p();
            each(*by, place, ratio);
            sum += ratio;
        }
    }
    sum
}
