//! Phrases inside longer ones: which of them is the term.

use super::{
    corpus::{Side, flag},
    phrases::{LONGEST, Phrase},
};
use rustc_hash::{FxHashMap, FxHashSet};

/// The share of a phrase's occurrences that must stand outside longer ones, where these are not enough by themselves.
const ALONE: f64 = 0.34;
/// A longer phrase that holds so much of a shorter one is one with it: the better ranked of the two is the term.
const HOLDS: f64 = 0.6;
/// The share of the documents with a surname that have the whole name.
const NAMED_IN_FULL: f64 = 0.6;

/// For each phrase of `chosen` (its number and the rank of its links) that is a term of its own, how often it
/// stands outside longer ones that are (the idea of the C-value: Frantzi, Ananiadou and Mima 2000).
///
/// Of two that mostly stand together the better ranked is the term; a shorter one is a term beside a longer one where
/// it stands alone often enough.
pub(super) fn alone(
    side: &Side,
    phrases: &[Phrase],
    chosen: &[(u32, f64)],
    least: usize,
    documents: &[u32],
) -> FxHashMap<u32, usize> {
    let rank: FxHashMap<u32, f64> = chosen.iter().copied().collect();
    let mut longest_first: Vec<u32> = chosen.iter().map(|(number, _)| *number).collect();
    longest_first.sort_by_key(|number| (std::cmp::Reverse(phrases[*number as usize].words), *number));
    let mut begins: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for number in &longest_first {
        for place in &phrases[*number as usize].places {
            begins.entry(*place).or_default().push(*number);
        }
    }
    let mut out = FxHashMap::default();
    // By place: how far the longest phrase reaches that covers it from there or before.
    let mut reach = vec![0u32; side.words.len()];
    let mut surnames: FxHashSet<u32> = FxHashSet::default();
    for number in longest_first {
        let phrase = &phrases[number as usize];
        let length = u32::from(phrase.words);
        let first = phrase.places[0];
        let held = (first..first + length).flat_map(|place| {
            let own = begins.get(&place).into_iter().flatten().copied();
            own.filter(move |other| {
                let other = u32::from(phrases[*other as usize].words);
                other < length && place + other <= first + length
            })
        });
        let outdone = held.into_iter().any(|other| {
            let shorter = &phrases[other as usize];
            phrase.units.len() as f64 >= HOLDS * shorter.units.len() as f64 && rank[&number] < rank[&other]
        });
        let made = joins_two(side, phrase, &begins, phrases);
        if outdone
            || made
            || cuts(phrase, &begins, phrases, &rank, rank[&number])
            || is_surname(side, phrase, &surnames, documents)
        {
            continue;
        }
        let stands_alone = |place: &u32| {
            reach[*place as usize] < place + length && !(length == 1 && phrase.is_name() && !is_a_name(side, *place))
        };
        let alone: Vec<u32> = phrase.places.iter().copied().filter(stands_alone).collect();
        let mut units: Vec<u32> = alone.iter().map(|place| side.unit(*place)).collect();
        units.dedup();
        if units.is_empty() || units.len() < least && (units.len() as f64) < ALONE * phrase.units.len() as f64 {
            continue;
        }
        for place in &phrase.places {
            for covered in &mut reach[*place as usize..(place + length) as usize] {
                *covered = (*covered).max(place + length);
            }
        }
        if (2..=3).contains(&length) && phrase.is_name() {
            surnames.extend(&phrase.places);
        }
        out.insert(number, alone.len());
    }
    out
}

/// Whether a phrase is two of several words with nothing but a preposition between them, each more frequent than it.
fn joins_two(side: &Side, phrase: &Phrase, begins: &FxHashMap<u32, Vec<u32>>, phrases: &[Phrase]) -> bool {
    let first = phrase.places[0];
    let end = first + u32::from(phrase.words);
    let at = |place: u32| {
        let own = begins.get(&place).into_iter().flatten().map(|number| &phrases[*number as usize]);
        own.filter(|other| other.words > 1 && other.units.len() > phrase.units.len())
    };
    at(first).any(|left| {
        let mut next = first + u32::from(left.words);
        let from = next;
        while next < end && !side.surface(next).role.is_content() {
            next += 1;
        }
        next > from && next < end && at(next).any(|right| next + u32::from(right.words) == end)
    })
}

/// Whether most occurrences of a phrase end inside one that is as frequent and ranked as high: `citizenship of the Republic`
/// of Azerbaijan.
fn cuts(
    phrase: &Phrase,
    begins: &FxHashMap<u32, Vec<u32>>,
    phrases: &[Phrase],
    ranks: &FxHashMap<u32, f64>,
    rank: f64,
) -> bool {
    let length = u32::from(phrase.words);
    let cut = |place: &&u32| {
        let end = **place + length;
        let crosses = |first: u32| {
            begins.get(&first).into_iter().flatten().any(|other| {
                let own = &phrases[*other as usize];
                let last = first + u32::from(own.words);
                let across = if first < **place { **place < last && last < end } else { end < last };
                across && own.units.len() >= phrase.units.len() && ranks[other] >= rank
            })
        };
        (**place + 1..end).any(crosses) || (place.saturating_sub(LONGEST as u32)..**place).any(crosses)
    };
    phrase.places.iter().filter(cut).count() as f64 >= HOLDS * phrase.places.len() as f64
}

/// Whether the word at `place` is capitalised and no capitalised word stands beside it.
fn is_a_name(side: &Side, place: u32) -> bool {
    let flags = |place: u32| side.flags.get(place as usize).copied().unwrap_or(flag::BREAK);
    let before = flags(place) & flag::BREAK == 0
        && place > 0
        && side.surface(place - 1).capital
        && flags(place - 1) & flag::INITIAL == 0;
    let after = flags(place + 1) & flag::BREAK == 0 && side.surface(place + 1).capital;
    side.surface(place).capital && !before && !after
}

/// Whether a single word is the last one of names kept whose first words stand at `names`, in most of its documents.
fn is_surname(side: &Side, phrase: &Phrase, names: &FxHashSet<u32>, documents: &[u32]) -> bool {
    if phrase.words > 1 || !phrase.is_name() {
        return false;
    }
    let document = |place: u32| documents[side.unit(place) as usize];
    let follows = |place: &u32| {
        let next = side.flags.get(*place as usize + 1).is_none_or(|flags| flags & flag::BREAK > 0)
            || !side.surface(*place + 1).capital;
        let back = |by: u32| place.checked_sub(by).is_some_and(|first| names.contains(&first));
        next && (back(1) || back(2))
    };
    let all: FxHashSet<u32> = phrase.places.iter().map(|place| document(*place)).collect();
    let full: FxHashSet<u32> =
        phrase.places.iter().filter(|place| follows(place)).map(|place| document(*place)).collect();
    full.len() as f64 >= NAMED_IN_FULL * all.len() as f64
}
