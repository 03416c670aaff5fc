//! A text read into its atoms: the numbers, months, times and codes that a repair may carry, each with what it says,
//! how it is written and what stands beside it.

mod company;
mod endings;
mod names;
mod numbers;
mod pieces;
mod words;

pub(super) use words::is_number_word;

use super::rows::{CURRENCY_SIGNS, Row, SPACES, row};
use crate::{lang::Language, text::Span};
use pieces::{Piece, PieceKind, pieces};
use std::ops::Range;

/// A number by its digits, without what parts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    pub negative: bool,
    /// No zeros before it.
    pub whole: String,
    pub fraction: Option<String>,
}

impl Decimal {
    pub fn whole(digits: &str) -> Decimal {
        Decimal { negative: false, whole: digits.to_owned(), fraction: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Number(Decimal),
    /// 1 to 12.
    Month(u8),
    /// Minutes since midnight.
    Time(u16),
    /// What is carried only as it stands.
    Text(String),
}

impl Value {
    pub fn is_like(&self, other: &Value) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// How a value is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Notation {
    Digits {
        group: Option<char>,
        point: Option<char>,
    },
    /// A number in words: the column of its row.
    Spelled(usize),
    /// A field of a date in digits, with zeros before it up to this many digits.
    Field(usize),
    /// The name of a month: the column of its row.
    Name(usize),
    Clock {
        /// Between hours and minutes; none where there are no minutes.
        separator: Option<char>,
        /// Digits of the hour.
        width: usize,
        /// The `a` or `p` of `a.m.`, `p.m.`
        half: Option<Span>,
    },
    Verbatim,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub value: Value,
    pub notation: Notation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Plain,
    /// The number only names: Article 5.
    Label,
    Day,
    Month,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    None,
    Percent,
    Currency(&'static str),
}

/// What stands after a number or a month and depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    pub span: Span,
    /// In lower case.
    pub text: String,
    pub kind: EndingKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndingKind {
    /// One of a set of the language's rows.
    Set(usize),
    /// A suffix with vowel harmony.
    Harmony,
    /// What it depends on is not known.
    Unknown,
}

#[derive(Debug, Clone)]
pub(super) struct Atom {
    /// The value alone, without its ending.
    pub span: Span,
    /// With its ending and `p.m.`
    pub pieces: Range<usize>,
    /// The likeliest first; never empty.
    pub readings: Vec<Reading>,
    pub ending: Option<Ending>,
    pub role: Role,
    pub unit: Unit,
    /// The date it is a part of.
    pub date: Option<usize>,
}

impl Atom {
    /// A number without fraction or sign, and how it is written, where it can be read in one way only.
    pub fn integer(&self) -> Option<(&str, &Notation)> {
        match &self.readings[..] {
            [Reading { value: Value::Number(Decimal { negative: false, whole, fraction: None }), notation }] => {
                Some((whole, notation))
            }
            _ => None,
        }
    }

    /// Digits with nothing between them.
    fn solid(&self) -> Option<&str> {
        let (whole, notation) = self.integer()?;
        (*notation == Notation::Digits { group: None, point: None }).then_some(whole)
    }

    /// Whether the two can say the same.
    pub fn says(&self, other: &Atom) -> bool {
        self.readings.iter().any(|reading| other.readings.iter().any(|there| there.value == reading.value))
    }
}

/// A text with its atoms.
pub(super) struct Text<'t> {
    pub text: &'t str,
    pub language: Language,
    pub row: Option<&'static Row>,
    pub pieces: Vec<Piece>,
    pub atoms: Vec<Atom>,
}

impl<'t> Text<'t> {
    pub fn new(language: Language, text: &'t str) -> Text<'t> {
        let mut out = Text { text, language, row: row(language), pieces: pieces(text), atoms: Vec::new() };
        let mut at = 0;
        while at < out.pieces.len() {
            at = match out.pieces[at].kind {
                PieceKind::Space | PieceKind::Mark => at + 1,
                kind => match out.verbatim(at) {
                    Some(end) => out.push_text(at..end),
                    None if kind == PieceKind::Digits => out.number(at),
                    None => out.word(at),
                },
            };
        }
        out.dates();
        out.company();
        out
    }

    pub fn piece(&self, at: usize) -> Option<&'t str> {
        Some(self.pieces.get(at)?.span.of(self.text))
    }

    fn of_kind(&self, at: usize, kind: PieceKind) -> Option<&'t str> {
        self.pieces.get(at).filter(|piece| piece.kind == kind).map(|piece| piece.span.of(self.text))
    }

    fn digits(&self, at: usize) -> Option<&'t str> {
        self.of_kind(at, PieceKind::Digits)
    }

    pub fn letters(&self, at: usize) -> Option<&'t str> {
        self.of_kind(at, PieceKind::Letters)
    }

    pub fn mark(&self, at: usize) -> Option<char> {
        self.of_kind(at, PieceKind::Mark)?.chars().next()
    }

    pub fn space(&self, at: usize) -> Option<&'t str> {
        self.of_kind(at, PieceKind::Space)
    }

    /// A single space that may part thousands.
    fn thin(&self, at: usize) -> Option<char> {
        let mut chars = self.space(at)?.chars();
        chars.next().filter(|c| SPACES.contains(c) && chars.as_str().is_empty())
    }

    /// The key of the word after piece `at`, over one stretch of white space.
    pub fn word_after(&self, at: usize) -> Option<(usize, String)> {
        let at = if self.space(at).is_some() { at + 1 } else { at };
        Some((at, self.language.key(self.letters(at)?)))
    }

    /// The key of the word before piece `at`, over white space and signs of currencies, and over a stop after a short
    /// word: `No. 5`.
    pub fn word_before(&self, mut at: usize) -> Option<String> {
        let mut stop = false;
        loop {
            at = at.checked_sub(1)?;
            let sign = self.mark(at).filter(|c| *c == '.' || CURRENCY_SIGNS.iter().any(|(sign, _)| sign == c));
            stop |= sign == Some('.');
            if self.space(at).is_none() && sign.is_none() {
                let letters = self.letters(at)?;
                return (!stop || letters.chars().count() <= 4).then(|| self.language.key(letters));
            }
        }
    }

    fn push(&mut self, pieces: Range<usize>, span: Span, readings: Vec<Reading>, ending: Option<Ending>) -> usize {
        let end = pieces.end;
        let role = Role::Plain;
        self.atoms.push(Atom { span, pieces, readings, ending, role, unit: Unit::None, date: None });
        end
    }

    fn span(&self, pieces: Range<usize>) -> Span {
        Span::new(self.pieces[pieces.start].span.start, self.pieces[pieces.end - 1].span.end)
    }

    fn push_text(&mut self, pieces: Range<usize>) -> usize {
        let span = self.span(pieces.clone());
        let value = Value::Text(span.of(self.text).to_owned());
        let ending = self.ending(pieces.end, "").map(|ending| Ending { kind: EndingKind::Unknown, ..ending });
        let end = self.past(pieces.end, &ending);
        self.push(pieces.start..end, span, vec![Reading { value, notation: Notation::Verbatim }], ending)
    }
}
