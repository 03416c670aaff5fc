//! Work done on an earlier edition of a document, carried over to the present one.
//!
//! The segments of both are laid side by side by an edit script over their keys (Myers 1986), so that a text is carried
//! over at its place, between its neighbours. What changed is paired with what stood in its place by the score of the
//! memory, what was moved by its text alone.

use super::filled;
use crate::{
    app::texts::{Piece, Text},
    formats::job::{Done, Marked, Proposal, ProposalKind, Remark, Returned, ReturnedSegment, Segment, Status, Target},
    lang::Language,
    lookup::{
        Score,
        repair::{Side, repair},
        score::score,
    },
    text::diff::{EditKind, edits},
};
use similar::{
    DiffOp,
    algorithms::{Capture, Replace, myers},
};
use std::{cmp::Reverse, collections::HashMap};

/// A changed text like an old one by less than this is a new one.
const LIKE: f64 = 50.0;
/// Comparisons made for one stretch that was written anew; of a longer one nothing is carried.
const COMPARED: usize = 40_000;

/// What an earlier edition has for each segment.
#[derive(Debug)]
pub struct Carrying {
    pub segments: Vec<Carried>,
    /// Sources of what was translated and is not there any more.
    pub dropped: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Carried {
    Nothing,
    /// The same text, with what was done to it.
    Same(Target),
    /// Another text: a match, and what differs.
    Changed(Proposal, String),
}

impl Carrying {
    pub fn new(previous: &Returned, text: &Text, to: Language) -> Carrying {
        let old: Vec<&ReturnedSegment> = previous.segments.iter().filter(|segment| segment.translate).collect();
        let key = |source: &Marked| text.language.key(&source.shown());
        let old_keys: Vec<String> = old.iter().map(|segment| key(&segment.source)).collect();
        let new_keys: Vec<String> = text.pieces.iter().map(|piece| key(&piece.source)).collect();
        let like = |o: usize, n: usize| {
            let (score, _) = score(text.language, &text.pieces[n].source.text, &old[o].source.text)?;
            (score >= Score::from_percent(LIKE)).then_some(score)
        };
        let pairs = paired(&old_keys, &new_keys, like);
        let mut used = vec![false; old.len()];
        let segments = text.pieces.iter().zip(&pairs).map(|(piece, pair)| match pair {
            None => Carried::Nothing,
            Some(at) => {
                used[*at] = true;
                carried(old[*at], piece, text.language, to)
            }
        });
        let segments = segments.collect();
        let left = old.iter().zip(&used).filter(|(segment, used)| !**used && is_done(segment));
        Carrying { segments, dropped: left.map(|(segment, _)| segment.source.text.clone()).collect() }
    }

    /// Notes on the job: what is not there any more.
    pub fn notes(&self) -> Vec<Remark> {
        let note = |source: &String| Remark { from: "previous", text: format!("no longer in the document: {source}") };
        self.dropped.iter().map(note).collect()
    }
}

impl Carried {
    /// Puts into a segment what was carried over for it. Before a match of another text the memory's own matches of
    /// this one go.
    pub fn into(&self, segment: &mut Segment, min: Option<Score>) {
        match self {
            Carried::Nothing => {}
            Carried::Same(target) => {
                // What a target nobody touched was filled in from stands first.
                let first = segment.proposals.first().is_some_and(|first| first.target == target.text);
                if target.status == Status::Exact && !first {
                    segment
                        .proposals
                        .insert(0, edition(&segment.source.text, target.text.clone(), ProposalKind::Exact, 1000));
                }
                segment.target = Some(target.clone());
            }
            Carried::Changed(proposal, note) => {
                let at = segment.proposals.partition_point(|other| {
                    !matches!(other.kind, ProposalKind::Labelled(_)) && other.tenths > proposal.tenths
                });
                segment.proposals.insert(at, proposal.clone());
                if at == 0 {
                    // It was written for this place: it stands there even if it is not like enough.
                    let low = Score::from_tenths(proposal.tenths);
                    segment.target = min.and_then(|_| filled(&segment.proposals, low));
                }
                segment.notes.push(Remark { from: "previous", text: note.clone() });
            }
        }
    }
}

fn is_done(segment: &ReturnedSegment) -> bool {
    matches!(segment.done(), Done::Kept | Done::Translated | Done::Approved)
}

fn carried(old: &ReturnedSegment, piece: &Piece, from: Language, to: Language) -> Carried {
    let (Some(target), true) = (&old.target, is_done(old)) else { return Carried::Nothing };
    let target = target.trimmed();
    if old.source == piece.source {
        let status = match old.done() {
            Done::Approved => Status::Approved,
            Done::Kept => Status::Exact,
            _ => Status::Translated,
        };
        return Carried::Same(Target { text: target, status });
    }
    fn side(text: &str) -> Side<'_> {
        Side { text, codes: &[] }
    }
    let plain = target.marks.is_empty();
    let numbers =
        repair(side(&piece.source.text), side(&old.source.text), side(&target.text), from, to).filter(|_| plain);
    let repaired = numbers.is_some();
    let target = match numbers {
        Some(repaired) => Marked::plain(repaired.text),
        None => Marked::of(&target.text, &target.codes(&piece.codes).0),
    };
    let tenths = score(from, &piece.source.text, &old.source.text).map_or(0, |(score, _)| score.tenths().min(990));
    let note = format!("the source was changed: {}", differences(&old.source.text, &piece.source.text));
    let proposal = edition(&old.source.text, target, ProposalKind::Fuzzy, tenths);
    Carried::Changed(Proposal { repaired, ..proposal }, note)
}

/// A match of the earlier edition.
fn edition(source: &str, target: Marked, kind: ProposalKind, tenths: u16) -> Proposal {
    Proposal {
        tenths,
        kind,
        source: source.to_owned(),
        target,
        origin: "previous edition of this job".to_owned(),
        repaired: false,
        state: None,
    }
}

/// For each new segment the old one that answers it.
fn paired(old: &[String], new: &[String], like: impl Fn(usize, usize) -> Option<Score>) -> Vec<Option<usize>> {
    let mut script = Replace::new(Capture::new());
    let Ok(()) = myers::diff(&mut script, old, 0..old.len(), new, 0..new.len());
    let mut pairs: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    let mut changed = Vec::new();
    for op in script.into_inner().into_ops() {
        match op {
            DiffOp::Equal { old_index, new_index, len } => (0..len).for_each(|k| {
                pairs[new_index + k] = Some(old_index + k);
                taken[old_index + k] = true;
            }),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                changed.push((old_index..old_index + old_len, new_index..new_index + new_len));
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
    // What was moved stands somewhere else as it was.
    let mut moved: HashMap<&str, Vec<usize>> = HashMap::new();
    for at in (0..old.len()).rev().filter(|at| !taken[*at]) {
        moved.entry(&old[at]).or_default().push(at);
    }
    for (at, key) in new.iter().enumerate().filter(|(at, _)| pairs[*at].is_none()).collect::<Vec<_>>() {
        if let Some(from) = moved.get_mut(key.as_str()).and_then(Vec::pop) {
            pairs[at] = Some(from);
            taken[from] = true;
        }
    }
    for (olds, news) in changed {
        let olds: Vec<usize> = olds.filter(|at| !taken[*at]).collect();
        let news: Vec<usize> = news.filter(|at| pairs[*at].is_none()).collect();
        for (o, n) in in_order(&olds, &news, &like) {
            pairs[n] = Some(o);
            taken[o] = true;
        }
    }
    let olds: Vec<usize> = (0..old.len()).filter(|at| !taken[*at]).collect();
    let news: Vec<usize> = (0..new.len()).filter(|at| pairs[*at].is_none()).collect();
    for (o, n) in in_any_order(&olds, &news, &like) {
        pairs[n] = Some(o);
    }
    pairs
}

/// The pairs of the two lists, the best first: what was moved and changed.
fn in_any_order(olds: &[usize], news: &[usize], like: &impl Fn(usize, usize) -> Option<Score>) -> Vec<(usize, usize)> {
    if olds.len().saturating_mul(news.len()) > COMPARED {
        return Vec::new();
    }
    let scored = |o: &usize, n: &usize| like(*o, *n).map(|score| (Reverse(score), *n, *o));
    let mut all: Vec<(Reverse<Score>, usize, usize)> =
        olds.iter().flat_map(|o| news.iter().filter_map(move |n| scored(o, n))).collect();
    all.sort_unstable();
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (_, n, o) in all {
        if out.iter().all(|(other, place)| *other != o && *place != n) {
            out.push((o, n));
        }
    }
    out
}

/// The pairs of the two lists, in the order of both, whose scores are the most together.
fn in_order(olds: &[usize], news: &[usize], like: &impl Fn(usize, usize) -> Option<Score>) -> Vec<(usize, usize)> {
    if olds.len().saturating_mul(news.len()) > COMPARED {
        return Vec::new();
    }
    let width = news.len() + 1;
    let scores: Vec<u32> = olds
        .iter()
        .flat_map(|o| news.iter().map(move |n| like(*o, *n).map_or(0, |score| u32::from(score.tenths()))))
        .collect();
    let mut best = vec![0u32; (olds.len() + 1) * width];
    for o in (0..olds.len()).rev() {
        for n in (0..news.len()).rev() {
            let pair = match scores[o * news.len() + n] {
                0 => 0,
                score => score + best[(o + 1) * width + n + 1],
            };
            best[o * width + n] = pair.max(best[(o + 1) * width + n]).max(best[o * width + n + 1]);
        }
    }
    let mut out = Vec::new();
    let (mut o, mut n) = (0, 0);
    while o < olds.len() && n < news.len() {
        let here = best[o * width + n];
        let score = scores[o * news.len() + n];
        if score > 0 && here == score + best[(o + 1) * width + n + 1] {
            out.push((olds[o], news[n]));
            (o, n) = (o + 1, n + 1);
        } else if here == best[(o + 1) * width + n] {
            o += 1;
        } else {
            n += 1;
        }
    }
    out
}

/// The new text with what differs marked: `[-only old-]{+only new+}`.
fn differences(old: &str, new: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for edit in edits(old, new) {
        out.push_str(&new[at..edit.new.start]);
        at = edit.new.end;
        let (before, now) = (edit.old.of(old), edit.new.of(new));
        if edit.kind == EditKind::Equal {
            out.push_str(now);
            continue;
        }
        if !before.is_empty() {
            if now.is_empty() && !out.is_empty() && !out.ends_with(char::is_whitespace) {
                out.push(' ');
            }
            out.push_str(&format!("[-{before}-]"));
            // What is only in the old text has its spaces from there.
            if now.is_empty() && at < new.len() && old[edit.old.end..].starts_with(char::is_whitespace) {
                out.push(' ');
            }
        }
        if !now.is_empty() {
            out.push_str(&format!("{{+{now}+}}"));
        }
    }
    out.push_str(&new[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn segments_are_paired_by_place_text_and_likeness() {
        let told = |old: &str, new: &str| -> Vec<Option<usize>> {
            let (old, new) = (keys(old), keys(new));
            let like = |o: usize, n: usize| {
                score(Language::EN, &new[n], &old[o]).map(|(s, _)| s).filter(|s| *s >= Score::from_percent(LIKE))
            };
            paired(&old, &new, like)
        };
        assert_eq!(told("a|b|c", "a|b|c"), [Some(0), Some(1), Some(2)]);
        assert_eq!(told("a|b|c", "a|c"), [Some(0), Some(2)]);
        assert_eq!(told("a|b|c", "x|a|b|c"), [None, Some(0), Some(1), Some(2)]);
        assert_eq!(told("a|b|c|d", "d|a|b|c"), [Some(3), Some(0), Some(1), Some(2)], "moved");
        assert_eq!(told("thanks|b|thanks", "thanks|x|thanks"), [Some(0), None, Some(2)]);
        assert_eq!(
            told("a|the office is open|the hall was closed|z", "a|quite new words here|the hall was opened|z"),
            [Some(0), None, Some(2), Some(3)]
        );
        assert_eq!(
            told("a|the hall of the ministry was opened|b|c", "c|a|the hall of the service was opened"),
            [Some(3), Some(0), Some(1)],
            "moved and changed"
        );
    }

    #[test]
    fn differences_are_marked() {
        assert_eq!(differences("Held in Baku.", "Held in Ganja."), "Held in [-Baku-]{+Ganja+}.");
        assert_eq!(differences("The old hall", "The hall"), "The [-old-] hall");
        assert_eq!(differences("The hall", "The old hall"), "The {+old+} hall");
    }
}
