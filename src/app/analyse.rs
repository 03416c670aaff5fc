//! What a translation will take: segments, words and characters by how much of them the memory has.

use super::{
    Watch,
    fill::offers::Offers,
    lookup::{Manner, Views, lookup_all},
    texts::Text,
};
use crate::{
    formats::job::Marked,
    lang::Language,
    lookup::{Match, MatchKind, Options, Penalty, Query, Score},
    memory::MemoryError,
    text::{TokenKind, tokens},
};
use rustc_hash::FxHashSet;

/// How much of a segment is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// The same text in its context.
    Context,
    /// The same text and codes.
    Exact,
    /// Not in the memory as it is, but earlier in what is analysed.
    Repetition,
    From95,
    From85,
    From75,
    From50,
    /// Nothing of use.
    None,
}

impl Band {
    pub const ALL: [Band; 8] = [
        Band::Context,
        Band::Exact,
        Band::Repetition,
        Band::From95,
        Band::From85,
        Band::From75,
        Band::From50,
        Band::None,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Band::Context => "context",
            Band::Exact => "exact",
            Band::Repetition => "repetitions",
            Band::From95 => "95-99",
            Band::From85 => "85-94",
            Band::From75 => "75-84",
            Band::From50 => "50-74",
            Band::None => "none",
        }
    }

    /// By the score of the best match, in tenths.
    fn of(tenths: u16) -> Band {
        match tenths {
            1010.. => Band::Context,
            1000.. => Band::Exact,
            950.. => Band::From95,
            850.. => Band::From85,
            750.. => Band::From75,
            500.. => Band::From50,
            _ => Band::None,
        }
    }
}

/// How much text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub segments: usize,
    /// Words and numbers, by Unicode word boundaries (UAX 29).
    pub words: usize,
    /// Code points, spaces inside of segments among them.
    pub characters: usize,
}

impl Counts {
    fn of(text: &str) -> Counts {
        let words = tokens(text).filter(|token| token.kind != TokenKind::Punctuation).count();
        Counts { segments: 1, words, characters: text.chars().count() }
    }

    pub fn add(&mut self, other: Counts) {
        self.segments += other.segments;
        self.words += other.words;
        self.characters += other.characters;
    }
}

/// One text, or all, by bands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bands([Counts; Band::ALL.len()]);

impl Bands {
    pub fn of(&self, band: Band) -> Counts {
        self.0[band as usize]
    }

    pub fn total(&self) -> Counts {
        self.0.iter().fold(Counts::default(), |mut sum, counts| {
            sum.add(*counts);
            sum
        })
    }

    pub fn add(&mut self, other: &Bands) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, counts)| sum.add(*counts));
    }
}

/// The texts, in one pair of languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    pub from: Language,
    pub to: Language,
    pub files: Vec<(String, Bands)>,
}

impl Analysis {
    pub fn total(&self) -> Bands {
        self.files.iter().fold(Bands::default(), |mut sum, (_, bands)| {
            sum.add(bands);
            sum
        })
    }
}

/// How the memory is asked.
#[derive(Debug, Clone)]
pub struct Asking {
    pub pending: bool,
    pub penalties: Vec<Penalty>,
    pub threads: usize,
}

/// Analyses texts of one language in their order: what a text has in common with an earlier one is a repetition.
///
/// # Errors
/// Those of the memory.
pub fn analyse(
    views: &Views<'_>,
    texts: &[&Text],
    (from, to): (Language, Language),
    asking: &Asking,
    watch: &dyn Watch,
) -> Result<Analysis, MemoryError> {
    let queries: Vec<Query> = texts.iter().flat_map(|text| text.queries()).collect();
    watch.begin("analysing", queries.len());
    let options = Options {
        from,
        to: vec![to],
        min: Score::from_percent(50.0),
        max: 1,
        pending: asking.pending,
        penalties: asking.penalties.clone(),
    };
    let manner = Manner { options, verify: false, load: true, threads: asking.threads };
    let mut pieces = texts.iter().enumerate().flat_map(|(at, text)| text.pieces.iter().map(move |piece| (at, piece)));
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut files: Vec<(String, Bands)> = texts.iter().map(|text| (text.name.clone(), Bands::default())).collect();
    let offers = Offers { views, from, to };
    let each = |query: &Query, found: &[Match]| -> Result<(), MemoryError> {
        watch.step();
        let Some((at, piece)) = pieces.next() else { return Ok(()) };
        let scored = found.iter().find(|found| found.kind >= MatchKind::Fuzzy);
        let tenths = match scored {
            Some(found) => offers.score(query, piece, found)?.tenths(),
            None => 0,
        };
        let band = match Band::of(tenths) {
            band @ (Band::Context | Band::Exact) => band,
            _ if seen.contains(&key(&piece.source)) => Band::Repetition,
            band => band,
        };
        seen.insert(key(&piece.source));
        files[at].1.0[band as usize].add(Counts::of(&piece.source.text));
        Ok(())
    };
    lookup_all(views, &manner, queries.into_iter().map(Ok), each)?;
    Ok(Analysis { from, to, files })
}

/// Equal for texts an exact match would join: the same characters, with the same codes.
fn key(source: &Marked) -> String {
    source.shown()
}
