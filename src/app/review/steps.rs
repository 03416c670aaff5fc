//! What a person does to beads, as plain functions of a bitext.
//!
//! Every segment stays in exactly one bead, and nothing alters a text; a segment may become two ([`Segment::parted`]).
//! What a person made is accepted as it stands, as rows changed in a table are (`app::apply`). Segments without
//! counterpart stand alone. Where the order of the beads is that of each language, it stays so, but for segments that
//! are moved to a bead which is not beside their own.

use super::super::stored::is_footer;
use crate::{
    lang::Language,
    model::{Bead, Bitext, Kind, Mark},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Something done to the beads of a set. Beads and segments count from 0, segments within their side of the bead.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Step {
    /// The bead and the one after it become one.
    Merge {
        bead: usize,
    },
    /// The bead becomes two: in the languages named at the segment and its code point, in the others at the boundary of
    /// segments that is nearest in proportion.
    Split {
        bead: usize,
        at: BTreeMap<Language, (usize, usize)>,
    },
    /// A segment goes to another bead.
    Move {
        bead: usize,
        language: Language,
        segment: usize,
        to: usize,
    },
    /// All segments of the bead stand alone, or only the one named.
    Unlink {
        bead: usize,
        only: Option<(Language, usize)>,
    },
    Accept {
        bead: usize,
    },
    /// No longer accepted: in doubt, until it is aligned anew or accepted again.
    Withdraw {
        bead: usize,
    },
    /// All beads at or above this confidence, 0 to 1.
    AcceptAll {
        above: f32,
    },
}

/// Why a step cannot be taken, in words for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    #[error("there is no such bead")]
    NoBead,
    #[error("no bead comes after this one")]
    Last,
    #[error("the bead has no such segment")]
    NoSegment,
    #[error("there is nothing to part there: both sides of the caret must have words")]
    NothingToPart,
    #[error("both beads have only this language: bring a counterpart to one of them first")]
    NoCounterpart,
    #[error("its segments stand alone already")]
    Alone,
    #[error("footers go with footers only, and are not parted")]
    Footer,
    #[error("it is in that bead already")]
    SameBead,
    #[error("nothing changes")]
    Nothing,
    #[error("the bead has no unit that could be edited")]
    NoUnit,
}

/// The bitext after the step, and what the history says of it.
pub fn taken(bitext: &Bitext, step: &Step) -> Result<(Bitext, String), NotTaken> {
    let mut new = bitext.clone();
    let note = match step {
        Step::Merge { bead } => merge(&mut new, *bead)?,
        Step::Split { bead, at } => split(&mut new, *bead, at)?,
        Step::Move { bead, language, segment, to } => move_segment(&mut new, *bead, (*language, *segment), *to)?,
        Step::Unlink { bead, only } => unlink(&mut new, *bead, *only)?,
        Step::Accept { bead } => {
            let old = new.beads.get(*bead).ok_or(NotTaken::NoBead)?;
            new.beads[*bead] = accepted(bitext, old.sides.clone());
            format!("accept bead {}", bead + 1)
        }
        Step::Withdraw { bead } => {
            let bead_of = new.beads.get_mut(*bead).ok_or(NotTaken::NoBead)?;
            if bead_of.mark == Mark::Accepted {
                (bead_of.mark, bead_of.score) = (Mark::Computed, 0.0);
            }
            format!("bead {} is no longer accepted", bead + 1)
        }
        Step::AcceptAll { above } => {
            let mut count = 0;
            for at in 0..new.beads.len() {
                let bead = &new.beads[at];
                let sure = bead.mark != Mark::Accepted && bead.filled() > 1 && bead.score >= *above;
                if sure && !is_footer(bitext, bead) {
                    new.beads[at] = accepted(bitext, bead.sides.clone());
                    count += 1;
                }
            }
            format!("accept {count} beads of {:.0}% and more", above * 100.0)
        }
    };
    if new == *bitext { Err(NotTaken::Nothing) } else { Ok((new, note)) }
}

/// A bead as a person made it: for each language of the set it says what there is, be it nothing.
fn accepted(bitext: &Bitext, mut sides: BTreeMap<Language, Vec<usize>>) -> Bead {
    for language in bitext.texts.keys() {
        sides.entry(*language).or_default();
    }
    sides.values_mut().for_each(|side| side.sort_unstable());
    Bead { sides, score: 1.0, mark: Mark::Accepted }
}

/// What these segments make up: a bead, or beads of one segment where all are in one language; none without segments.
fn made(bitext: &Bitext, sides: BTreeMap<Language, Vec<usize>>) -> Vec<Bead> {
    let whole = accepted(bitext, sides);
    match whole.filled() {
        0 => Vec::new(),
        1 => alone(bitext, &whole),
        _ => vec![whole],
    }
}

/// Each segment of a bead by itself.
fn alone(bitext: &Bitext, bead: &Bead) -> Vec<Bead> {
    let segments = bead.sides.iter().flat_map(|(language, side)| side.iter().map(|at| (*language, *at)));
    segments.map(|(language, at)| accepted(bitext, BTreeMap::from([(language, vec![at])]))).collect()
}

fn merge(bitext: &mut Bitext, at: usize) -> Result<String, NotTaken> {
    let first = bitext.beads.get(at).ok_or(NotTaken::NoBead)?;
    let second = bitext.beads.get(at + 1).ok_or(NotTaken::Last)?;
    if is_footer(bitext, first) != is_footer(bitext, second) {
        return Err(NotTaken::Footer);
    }
    let mut sides = first.sides.clone();
    second.sides.iter().for_each(|(language, side)| sides.entry(*language).or_default().extend(side));
    let merged = made(bitext, sides);
    if merged.len() != 1 {
        return Err(NotTaken::NoCounterpart);
    }
    bitext.beads.splice(at..at + 2, merged);
    Ok(format!("merge beads {} and {}", at + 1, at + 2))
}

fn split(bitext: &mut Bitext, at: usize, carets: &BTreeMap<Language, (usize, usize)>) -> Result<String, NotTaken> {
    let mut bead = bitext.beads.get(at).ok_or(NotTaken::NoBead)?.clone();
    let footer = is_footer(bitext, &bead);
    let mut cuts: BTreeMap<Language, usize> = BTreeMap::new();
    let mut shares = Vec::new();
    for (language, (place, point)) in carets {
        let number = *bead.side(*language).get(*place).ok_or(NotTaken::NoSegment)?;
        let segments = bitext.texts.get_mut(language).ok_or(NotTaken::NoSegment)?;
        let segment = segments.get(number).ok_or(NotTaken::NoSegment)?;
        let text = &segment.text;
        let byte = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(*point);
        let byte = byte.ok_or(NotTaken::NoSegment)?;
        let cut = match segment.parted(byte) {
            None if text[..byte].trim().is_empty() => *place,
            None => place + 1,
            Some(_) if footer => return Err(NotTaken::Footer),
            Some((left, right)) => {
                segments.splice(number..=number, [left, right]);
                let later = |index: &mut usize| *index += usize::from(*index > number);
                let sides = bitext.beads.iter_mut().chain([&mut bead]).filter_map(|bead| bead.sides.get_mut(language));
                sides.for_each(|side| side.iter_mut().for_each(later));
                bead.sides.entry(*language).or_default().insert(place + 1, number + 1);
                place + 1
            }
        };
        let lengths = lengths(bitext, &bead, *language);
        let all: usize = lengths.iter().sum();
        shares.push(lengths[..cut].iter().sum::<usize>() as f64 / all.max(1) as f64);
        cuts.insert(*language, cut);
    }
    let share = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    let (mut first, mut second) = (BTreeMap::new(), BTreeMap::new());
    for (language, side) in &bead.sides {
        let cut = cuts.get(language).copied().unwrap_or_else(|| nearest(&lengths(bitext, &bead, *language), share));
        first.insert(*language, side[..cut].to_vec());
        second.insert(*language, side[cut..].to_vec());
    }
    let (first, second) = (made(bitext, first), made(bitext, second));
    if carets.is_empty() || first.is_empty() || second.is_empty() {
        return Err(NotTaken::NothingToPart);
    }
    bitext.beads.splice(at..=at, first.into_iter().chain(second));
    Ok(format!("split bead {}", at + 1))
}

/// The code points of each segment of a side.
fn lengths(bitext: &Bitext, bead: &Bead, language: Language) -> Vec<usize> {
    let texts = bitext.texts.get(&language).map_or(&[][..], Vec::as_slice);
    bead.side(language).iter().map(|at| texts.get(*at).map_or(0, |segment| segment.text.chars().count())).collect()
}

/// The boundary between parts of these lengths that is nearest to `share` of the whole; of two the later one.
fn nearest(lengths: &[usize], share: f64) -> usize {
    let all = lengths.iter().sum::<usize>().max(1) as f64;
    let mut best = (f64::INFINITY, 0);
    let mut before = 0;
    for cut in 0..=lengths.len() {
        let distance = (before as f64 / all - share).abs();
        if distance <= best.0 {
            best = (distance, cut);
        }
        before += lengths.get(cut).copied().unwrap_or_default();
    }
    best.1
}

fn move_segment(
    bitext: &mut Bitext,
    from: usize,
    (language, place): (Language, usize),
    to: usize,
) -> Result<String, NotTaken> {
    let (source, target) = (bitext.beads.get(from), bitext.beads.get(to));
    let (source, target) = (source.ok_or(NotTaken::NoBead)?, target.ok_or(NotTaken::NoBead)?);
    let number = *source.side(language).get(place).ok_or(NotTaken::NoSegment)?;
    if from == to {
        return Err(NotTaken::SameBead);
    }
    let segment = bitext.texts.get(&language).and_then(|texts| texts.get(number)).ok_or(NotTaken::NoSegment)?;
    if (segment.kind == Kind::Boilerplate) != is_footer(bitext, target) {
        return Err(NotTaken::Footer);
    }
    let (mut left, mut grown) = (source.sides.clone(), target.sides.clone());
    left.entry(language).or_default().retain(|at| *at != number);
    grown.entry(language).or_default().push(number);
    let (left, grown) = (made(bitext, left), made(bitext, grown));
    // A segment beside others of its language only stands as it stood, by itself.
    if grown.len() > 1 {
        return Err(NotTaken::NoCounterpart);
    }
    // The later one first, so that the place of the other stays.
    let mut changes = [(from, left), (to, grown)];
    changes.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    for (at, beads) in changes {
        bitext.beads.splice(at..=at, beads);
    }
    Ok(format!("move {language} segment {} from bead {} to bead {}", number + 1, from + 1, to + 1))
}

fn unlink(bitext: &mut Bitext, at: usize, only: Option<(Language, usize)>) -> Result<String, NotTaken> {
    let bead = bitext.beads.get(at).ok_or(NotTaken::NoBead)?;
    let Some((language, place)) = only else {
        if bead.filled() < 2 {
            return Err(NotTaken::Alone);
        }
        let parts = alone(bitext, bead);
        bitext.beads.splice(at..=at, parts);
        return Ok(format!("unlink bead {}", at + 1));
    };
    let side = bead.side(language);
    let number = *side.get(place).ok_or(NotTaken::NoSegment)?;
    if bead.filled() < 2 {
        return Err(NotTaken::Alone);
    }
    // Before what is left, where it begins its side.
    let first = place == 0 && side.len() > 1;
    let mut left = bead.sides.clone();
    left.entry(language).or_default().retain(|at| *at != number);
    let left = made(bitext, left);
    let single = made(bitext, BTreeMap::from([(language, vec![number])]));
    let both = if first { [single, left] } else { [left, single] };
    bitext.beads.splice(at..=at, both.into_iter().flatten());
    Ok(format!("unlink {language} segment {} from bead {}", number + 1, at + 1))
}

#[cfg(test)]
pub(super) mod tests;
