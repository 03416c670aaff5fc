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
    model::{Code, Context, Provenance, Unit, Variant},
};
use std::cmp::Reverse;

/// Makes offers of matches, in one pair of languages.
pub struct Offers<'v, 'm> {
    pub views: &'v Views<'m>,
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

impl Offers<'_, '_> {
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
        if found.kind < MatchKind::Fuzzy {
            let target = Marked::plain(&found.target().text);
            let kind = ProposalKind::Labelled(found.kind.as_str());
            let proposal = proposed(found, target, (found.score, kind), found.target().repaired);
            return Ok(Offered { proposal, unit: None });
        }
        // Of the units that hold these texts, one may have the codes of the segment.
        let plain = piece.codes.is_empty() && found.kind != MatchKind::Near;
        let mut best: Option<Offered> = None;
        for id in found.places.iter().copied().take(if plain { 1 } else { PLACES }) {
            let Some(unit) = self.views.unit(found, id)?.map(|unit| self.restricted(unit)) else { continue };
            let offered = self.of_unit(query, piece, found, unit);
            let worth = |offered: &Offered| (offered.proposal.tenths, offered.proposal.target.marks.len());
            if best.as_ref().is_none_or(|best| worth(best) < worth(&offered)) {
                best = Some(offered);
            }
        }
        Ok(best.unwrap_or_else(|| {
            let target = Marked::plain(&found.target().text);
            let score = (found.score.min(Score::NEAR), ProposalKind::Fuzzy);
            Offered { proposal: proposed(found, target, score, found.target().repaired), unit: None }
        }))
    }

    fn of_unit(&self, query: &Query, piece: &Piece, found: &Match, unit: Unit) -> Offered {
        let carried = self.carried(piece, &unit, found);
        let fits = carried.alike && carried.whole;
        let same = matches!(found.kind, MatchKind::Near | MatchKind::Exact | MatchKind::Context);
        // What the memory takes off stays off.
        let taken = self.untouched(query, found).tenths().saturating_sub(found.score.tenths());
        let score = if !same {
            (found.score, ProposalKind::Fuzzy)
        } else if !(fits && found.source == query.text) {
            (Score::from_tenths(Score::NEAR.tenths().saturating_sub(taken)).min(found.score), ProposalKind::Fuzzy)
        } else if piece.codes.is_empty() {
            (found.score, kind(found.kind))
        } else {
            // The same text with its codes: the neighbours are those of this unit.
            let level = self.level(query, &unit.context);
            let tenths = (Score::EXACT.tenths() + 10 * level).saturating_sub(taken);
            (Score::from_tenths(tenths), if level == 0 { ProposalKind::Exact } else { ProposalKind::Context })
        };
        Offered { proposal: proposed(found, carried.target, score, carried.repaired), unit: Some(unit) }
    }

    /// The score of the same text before any penalty.
    fn untouched(&self, query: &Query, found: &Match) -> Score {
        match found.kind {
            MatchKind::Near => Score::NEAR,
            MatchKind::Exact => Score::EXACT,
            MatchKind::Context => {
                Score::from_tenths(Score::EXACT.tenths() + 10 * self.level(query, &found.context).max(1))
            }
            _ => found.score,
        }
    }

    /// How many of the neighbours are those the unit was stored between.
    fn level(&self, query: &Query, stored: &Context) -> u16 {
        let same = |asked: &Option<String>, stored: &Option<String>| match (asked, stored) {
            (Some(asked), Some(stored)) => u16::from(self.from.key(asked) == self.from.key(stored)),
            _ => 0,
        };
        same(&query.context.previous, &stored.previous) + same(&query.context.next, &stored.next)
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
        // Where nothing differs nothing is repaired; where words differ codes may be put in all the same.
        match (target.text == offered.text).then(|| by_order(piece, source, target)).flatten() {
            Some(marked) => {
                let same = same_codes(&source.codes, &piece.codes);
                let places = source.codes.iter().map(|code| code.at).eq(piece.codes.iter().map(|code| code.at));
                Carried { target: marked, whole: true, repaired: offered.repaired || !same, alike: same && places }
            }
            None => plain(offered.repaired),
        }
    }
}

/// A stored target with the codes of a segment in the places of those of its source, the first for the first and so
/// on; `None` where they are not of the same kinds, or the target has others.
fn by_order(piece: &Piece, source: &Variant, target: &Variant) -> Option<Marked> {
    let (own, stored) = (&piece.source.marks, Marked::of(&source.text, &source.codes).marks);
    if own.len() != stored.len() || own.iter().zip(&stored).any(|(own, stored)| own.role != stored.role) {
        return None;
    }
    let mut out = Marked::of(&target.text, &target.codes);
    for mark in &mut out.marks {
        let at = stored.iter().position(|other| (other.role, &other.id) == (mark.role, &mark.id))?;
        mark.id.clone_from(&own[at].id);
    }
    out.codes(&piece.codes).1.is_empty().then_some(out)
}

/// Units looked at for their codes.
const PLACES: usize = 16;

fn kind(kind: MatchKind) -> ProposalKind {
    match kind {
        MatchKind::Context => ProposalKind::Context,
        _ => ProposalKind::Exact,
    }
}

fn proposed(found: &Match, target: Marked, (score, kind): (Score, ProposalKind), repaired: bool) -> Proposal {
    Proposal {
        tenths: score.tenths(),
        kind,
        source: found.source.clone(),
        target,
        origin: whence(found),
        repaired,
        state: Some(found.state),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::lookup::{Asked, Memories},
        lookup::Options,
        memory::{Memory, Mode},
        model::Kind,
        text::Span,
    };

    fn codes(shown: &str) -> (String, Vec<Code>) {
        let marked = Marked::from_shown(shown);
        (marked.text.clone(), marked.bare_codes())
    }

    fn variant(language: Language, shown: &str) -> Variant {
        let (text, codes) = codes(shown);
        Variant { codes, ..Variant::new(language, text) }
    }

    /// Best first: score and target for a segment, of a memory of these pairs.
    fn offered(pairs: &[(&str, &str)], segment: &str, penalty: f64) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let now = "2024-03-12T10:00:00Z".parse().unwrap();
        let job = |batch: &mut crate::memory::Batch<'_>| {
            pairs.iter().try_for_each(|(en, az)| {
                let variants = vec![variant(Language::EN, en), variant(Language::AZ, az)];
                let context = Context { previous: Some("Before".to_owned()), ..Context::default() };
                batch.add(&Unit { variants, context, ..Unit::default() }).map(drop)
            })
        };
        memory.write("import", now, "anna", job).unwrap();
        let all = [Asked { path, penalty: Score::from_percent(penalty) }];
        let memories = Memories::open(&all).unwrap();
        let views = memories.read().unwrap();
        let (text, codes) = codes(segment);
        let piece =
            Piece { source: Marked::of(&text, &codes), codes, kind: Kind::Body, paragraph: 1, span: Span::new(0, 0) };
        let query = Query { text, context: Context { previous: Some("before".to_owned()), ..Context::default() } };
        let options = Options {
            from: Language::EN,
            to: vec![Language::AZ],
            min: Score::from_percent(50.0),
            max: 5,
            pending: false,
            penalties: Vec::new(),
        };
        let mut found = Vec::new();
        let each = |_: &Query, matches: &[Match]| {
            found.extend(matches.to_vec());
            Ok::<_, MemoryError>(())
        };
        views.lookup(options, false, [Ok(query.clone())], each).unwrap();
        let offers = Offers { views: &views, from: Language::EN, to: Language::AZ };
        let all = offers.all(&query, &piece, &found).unwrap();
        all.iter()
            .map(|offered| (Score::from_tenths(offered.proposal.tenths).to_string(), offered.proposal.target.shown()))
            .collect()
    }

    #[test]
    fn codes_decide_what_a_match_is_worth() {
        let one = |pair: (&str, &str), segment: &str| offered(&[pair], segment, 0.0).remove(0);
        let told = |score: &str, target: &str| (score.to_owned(), target.to_owned());
        let plain = ("The office is open.", "Ofis açıqdır.");
        let coded = ("The {1}office{/1} is open.", "{1}Ofis{/1} açıqdır.");
        assert_eq!(one(plain, "The office is open."), told("101", "Ofis açıqdır."));
        assert_eq!(one(coded, "The {1}office{/1} is open."), told("101", "{1}Ofis{/1} açıqdır."));
        assert_eq!(one(coded, "The {4}office{/4} is open."), told("101", "{4}Ofis{/4} açıqdır."), "by another number");
        assert_eq!(one(coded, "The office is open."), told("99", "Ofis açıqdır."));
        assert_eq!(one(plain, "The {1}office{/1} is open."), told("99", "Ofis açıqdır."), "where is not known");
        assert_eq!(
            one(plain, "{1}The office is open.{/1}{2/}"),
            told("99", "{1}Ofis açıqdır.{/1}{2/}"),
            "round all words"
        );
        assert_eq!(one(coded, "The office {1}is{/1} open."), told("99", "{1}Ofis{/1} açıqdır."), "at another place");
        assert_eq!(one(coded, "The {3}office{/3} is shut.").1, "{3}Ofis{/3} açıqdır.", "a word differs");
        assert_eq!(one(coded, "The {3/}office is shut.").1, "Ofis açıqdır.", "codes of another kind");
        let dated = ("On {1}5 May{/1} the office closed.", "Ofis {1}mayın 5-də{/1} bağlandı.");
        assert_eq!(one(dated, "On {1}7 May{/1} the office closed."), told("99", "Ofis {1}mayın 7-də{/1} bağlandı."));
    }

    #[test]
    fn of_equal_pairs_the_one_with_the_codes_is_taken_and_penalties_stay() {
        let pairs = [("The office is open.", "Ofis açıqdır."), ("The {1}office{/1} is open.", "{1}Ofis{/1} açıqdır.")];
        let told = |segment: &str, penalty: f64| offered(&pairs, segment, penalty);
        assert_eq!(told("The {1}office{/1} is open.", 0.0), [("101".to_owned(), "{1}Ofis{/1} açıqdır.".to_owned())]);
        assert_eq!(told("The {1}office{/1} is open.", 5.0), [("96".to_owned(), "{1}Ofis{/1} açıqdır.".to_owned())]);
        assert_eq!(told("The office is open.", 5.0), [("96".to_owned(), "Ofis açıqdır.".to_owned())]);
    }
}
