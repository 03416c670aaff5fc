//! Matches of the memory as a job offers them: with the codes of the segment they are for.
//!
//! The memory is asked for words alone. What codes the stored unit has decides then how much a match is worth, and
//! whether the codes of the segment can be put into its target.

use crate::{
    app::{lookup::Views, texts::Piece},
    formats::job::{Lost, Marked, Proposal, ProposalKind},
    lang::Language,
    lookup::{
        Match, MatchKind, Query, Score,
        repair::{Side, repair},
    },
    memory::MemoryError,
    model::{Code, Provenance, Unit, Variant},
};
use std::cmp::Reverse;

/// Makes offers of matches, in one pair of languages.
pub struct Offers<'v, 'a, 'm> {
    pub views: &'v Views<'a, 'm>,
    pub from: Language,
    pub to: Language,
}

/// A match and what is stored of it.
#[derive(Debug, Clone)]
pub struct Offered {
    pub proposal: Proposal,
    /// In the two languages of the job; none for what was put together.
    pub unit: Option<Unit>,
}

/// A target with the codes of its segment.
struct Carried {
    target: Marked,
    /// Every code of the segment is in it.
    whole: bool,
    /// Something was put in.
    repaired: bool,
    /// The stored source has codes like those of the segment.
    alike: bool,
}

impl Offers<'_, '_, '_> {
    /// What a match is worth for a segment with its codes.
    pub fn score(&self, query: &Query, piece: &Piece, found: &Match) -> Result<Score, MemoryError> {
        if piece.codes.is_empty() && found.kind != MatchKind::Near {
            return Ok(found.score);
        }
        Ok(Score::from_tenths(self.offer(query, piece, found)?.proposal.tenths))
    }

    /// The offers of matches, best first.
    pub fn all(&self, query: &Query, piece: &Piece, found: &[Match]) -> Result<Vec<Offered>, MemoryError> {
        let mut out = found.iter().map(|found| self.offer(query, piece, found)).collect::<Result<Vec<_>, _>>()?;
        out.sort_by_key(|offered| {
            let labelled = matches!(offered.proposal.kind, ProposalKind::Labelled(_));
            (labelled, Reverse(offered.proposal.tenths))
        });
        Ok(out)
    }

    fn offer(&self, query: &Query, piece: &Piece, found: &Match) -> Result<Offered, MemoryError> {
        let labelled = found.kind < MatchKind::Fuzzy;
        let unit = if labelled { None } else { self.views.unit(found)?.map(|unit| self.restricted(unit)) };
        let carried = match &unit {
            Some(unit) => self.carried(piece, unit, found),
            None => Carried {
                target: Marked::plain(&found.target().text),
                whole: piece.codes.is_empty(),
                repaired: found.target().repaired,
                alike: piece.codes.is_empty(),
            },
        };
        let same_text = found.source == query.text;
        let (score, kind) = match found.kind {
            kind if labelled => (found.score, ProposalKind::Labelled(kind.as_str())),
            // Codes of its own made the same text a near one: they are those of the segment.
            MatchKind::Near if same_text && carried.alike && carried.whole => match self.level(query, found) {
                0 => (Score::EXACT, ProposalKind::Exact),
                level => (Score::from_tenths(Score::EXACT.tenths() + 10 * level), ProposalKind::Context),
            },
            MatchKind::Context if carried.alike && carried.whole => (found.score, ProposalKind::Context),
            MatchKind::Exact if carried.alike && carried.whole => (found.score, ProposalKind::Exact),
            _ => (found.score.min(Score::NEAR), ProposalKind::Fuzzy),
        };
        let proposal = Proposal {
            tenths: score.tenths(),
            kind,
            source: found.source.clone(),
            target: carried.target,
            origin: whence(found),
            repaired: carried.repaired,
            state: Some(found.state),
        };
        Ok(Offered { proposal, unit })
    }

    /// How many of the neighbours are those the unit was stored between.
    fn level(&self, query: &Query, found: &Match) -> u16 {
        let same = |asked: &Option<String>, stored: &Option<String>| match (asked, stored) {
            (Some(asked), Some(stored)) => u16::from(self.from.key(asked) == self.from.key(stored)),
            _ => 0,
        };
        same(&query.context.previous, &found.context.previous) + same(&query.context.next, &found.context.next)
    }

    fn restricted(&self, mut unit: Unit) -> Unit {
        unit.variants.retain(|variant| variant.language == self.from || variant.language == self.to);
        unit
    }

    /// The target of a match with the codes of the segment.
    fn carried(&self, piece: &Piece, unit: &Unit, found: &Match) -> Carried {
        let offered = found.target();
        let plain = |repaired| Carried {
            target: Marked::plain(&offered.text),
            whole: piece.codes.is_empty(),
            repaired,
            alike: piece.codes.is_empty() && found.kind != MatchKind::Near,
        };
        if piece.codes.is_empty() {
            return plain(offered.repaired);
        }
        let source = unit.variants.iter().find(|v| v.language == self.from && v.text == found.source);
        let query = Side { text: &piece.source.text, codes: &piece.codes };
        let words = Side { text: &piece.source.text, codes: &[] };
        let gives = |target: &Variant| match (offered.repaired, source) {
            (false, _) => target.text == offered.text,
            (true, Some(source)) => repair(words, bare(source), bare(target), self.from, self.to)
                .is_some_and(|repaired| repaired.text == offered.text),
            (true, None) => false,
        };
        let target = unit.variants.iter().find(|v| v.language == self.to && gives(v));
        let (Some(source), Some(target)) = (source, target) else { return plain(offered.repaired) };
        if source.codes.is_empty() {
            return match outer(piece, &offered.text) {
                Some(target) => Carried { target, whole: true, repaired: true, alike: false },
                None => plain(offered.repaired),
            };
        }
        if let Some(repaired) = repair(query, side(source), side(target), self.from, self.to) {
            let target = Marked::of(&repaired.text, &repaired.codes);
            return Carried { target, whole: true, repaired: true, alike: true };
        }
        // Where nothing differs nothing is repaired: the codes are those of the segment.
        let stored = Marked::of(&target.text, &target.codes);
        let (_, lost) = stored.codes(&piece.codes);
        match lost.is_empty() && target.text == offered.text && same_codes(&source.codes, &piece.codes) {
            true => Carried { target: stored, whole: true, repaired: false, alike: true },
            false => plain(offered.repaired),
        }
    }
}

fn side(variant: &Variant) -> Side<'_> {
    Side { text: &variant.text, codes: &variant.codes }
}

fn bare(variant: &Variant) -> Side<'_> {
    Side { text: &variant.text, codes: &[] }
}

fn same_codes(a: &[Code], b: &[Code]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| a.name == b.name && a.attributes == b.attributes && a.content == b.content)
}

/// `target` with the codes of a segment that stand before and behind all of its words; `None` where others do.
fn outer(piece: &Piece, target: &str) -> Option<Marked> {
    let text = &piece.source.text;
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let mut marks = piece.source.marks.clone();
    for mark in &mut marks {
        mark.at = match mark.at {
            at if at <= start => 0,
            at if at >= end => target.len(),
            _ => return None,
        };
    }
    let out = Marked { text: target.to_owned(), marks };
    let missing = |lost: &Lost| !matches!(lost, Lost::Missing(..));
    (!out.codes(&piece.codes).1.iter().any(missing)).then_some(out)
}

/// `release 002`, `import a.tmx and 9 more places`.
fn whence(found: &Match) -> String {
    let from = match found.provenance {
        Provenance::Release => "release",
        Provenance::Import => "import",
        Provenance::Edit => "edit",
    };
    let mut out = format!("{from} {}", found.origin).trim_end().to_owned();
    match found.places.len() {
        0 | 1 => {}
        2 => out.push_str(" and 1 more place"),
        more => out.push_str(&format!(" and {} more places", more - 1)),
    }
    out
}
