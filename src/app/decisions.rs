//! What people accepted, carried over to texts that were edited since.
//!
//! A bead a person accepted stands as long as each of its segments is still there. A segment is still there when its
//! text is: in its place between the others, or moved where the text stands once. One that was edited is the same
//! while it scores [`SAME`] or more against what it was (the published score of look-ups, `docs/score.md`) and
//! stands between the same neighbours. What is put in or taken out elsewhere does not matter.
//!
//! A person may also part a segment ([`super::review`]). A file that is read again has it whole; as long as its text is
//! the same it is parted again ([`parted_again`]), and what was accepted of its parts stands.

use crate::{
    lang::{self, Language},
    lookup::{Score, score::score},
    model::{Bead, Bitext, Mark, Segment},
};
use similar::{
    DiffOp,
    algorithms::{Capture, Replace, myers},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
};

/// Edited text at or above this score is the same segment still: about one word in four may be another.
const SAME: Score = Score::from_tenths(750);
/// Pairs of segments compared in one stretch that was replaced; a longer one is another text.
const MOST_PAIRS: usize = 10_000;

/// An accepted bead that no longer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Its number in the set as it was, from 1.
    pub number: usize,
    /// What it was, in the set's first language that it has.
    pub text: String,
}

/// The accepted beads of `old` as beads of `new`, and those that cannot be kept. Each has a list, empty at times, for
/// every language it was accepted in; a language that has come since may join it.
pub fn carried_over(old: &Bitext, new: &BTreeMap<Language, Vec<Segment>>) -> (Vec<Bead>, Vec<Lost>) {
    carried_over_where(old, new, |bead| bead.mark == Mark::Accepted && bead.filled() > 0)
}

/// Like [`carried_over`], for the beads `chosen`, accepted or not.
pub fn carried_over_where(
    old: &Bitext,
    new: &BTreeMap<Language, Vec<Segment>>,
    chosen: impl Fn(&Bead) -> bool,
) -> (Vec<Bead>, Vec<Lost>) {
    if !old.beads.iter().any(&chosen) {
        return (Vec::new(), Vec::new());
    }
    let places: BTreeMap<Language, Vec<Option<usize>>> = old
        .texts
        .iter()
        .filter_map(|(language, segments)| Some((*language, places(*language, segments, new.get(language)?))))
        .collect();
    let (mut beads, mut lost) = (Vec::new(), Vec::new());
    for (number, bead) in old.beads.iter().enumerate().filter(|(_, bead)| chosen(bead)) {
        let side = |(language, places): (&Language, &Vec<Option<usize>>)| {
            let side = bead.side(*language).iter().map(|at| places.get(*at).copied().flatten());
            Some((*language, side.collect::<Option<Vec<usize>>>()?))
        };
        let sides: Option<BTreeMap<Language, Vec<usize>>> = places.iter().map(side).collect();
        let filled = |sides: &BTreeMap<Language, Vec<usize>>| sides.values().filter(|side| !side.is_empty()).count();
        // Of a language that is gone from the set only its own part goes.
        match sides.filter(|sides| filled(sides) >= bead.filled().min(2)) {
            Some(sides) => beads.push(Bead { sides, ..bead.clone() }),
            None => {
                let lead = lang::lead(bead.sides.iter().filter(|(_, side)| !side.is_empty()).map(|(l, _)| *l));
                let text = lead.map(|language| old.text(bead, language)).unwrap_or_default();
                lost.push(Lost { number: number + 1, text });
            }
        }
    }
    (beads, lost)
}

/// Parts the segments of `new` that are made up of several of `old` which a person took for beads of their own.
pub fn parted_again(old: &Bitext, new: &mut BTreeMap<Language, Vec<Segment>>) {
    for (language, segments) in new {
        let Some(before) = old.texts.get(language) else { continue };
        let mut holders: Vec<Option<usize>> = vec![None; before.len()];
        for (number, bead) in old.beads.iter().enumerate().filter(|(_, bead)| bead.mark == Mark::Accepted) {
            for at in bead.side(*language) {
                holders.get_mut(*at).into_iter().for_each(|holder| *holder = Some(number));
            }
        }
        if !holders.windows(2).any(|two| two[0] != two[1]) {
            continue;
        }
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (at, segment) in before.iter().enumerate() {
            segment.text.chars().next().into_iter().for_each(|first| by_first.entry(first).or_default().push(at));
        }
        let known: HashSet<&str> = before.iter().map(|segment| segment.text.as_str()).collect();
        let mut out = Vec::with_capacity(segments.len());
        for segment in segments.drain(..) {
            let starts = segment.text.chars().next().and_then(|first| by_first.get(&first)).into_iter().flatten();
            let parts = match known.contains(segment.text.as_str()) {
                true => None,
                false => starts.filter_map(|from| parts(&segment, before, &holders, *from)).next(),
            };
            match parts {
                Some(parts) => out.extend(parts),
                None => out.push(segment),
            }
        }
        *segments = out;
    }
}

/// The segment as those of `before` from `from` on, where they say the same and are not all in one bead.
fn parts(segment: &Segment, before: &[Segment], holders: &[Option<usize>], from: usize) -> Option<Vec<Segment>> {
    let mut out = Vec::new();
    let mut rest = segment.clone();
    for (at, old) in before.iter().enumerate().skip(from) {
        if rest.text == old.text {
            out.push(rest);
            let several = holders[from..=at].iter().any(|holder| *holder != holders[from]);
            return (out.len() > 1 && several).then_some(out);
        }
        let (left, right) = rest.text.starts_with(&old.text).then(|| rest.parted(old.text.len()))??;
        if left.text != old.text {
            return None;
        }
        out.push(left);
        rest = right;
    }
    None
}

/// Where each segment of `old` is in `new`; no two are in one place.
pub fn places(language: Language, old: &[Segment], new: &[Segment]) -> Vec<Option<usize>> {
    let texts = |segments: &'_ [Segment]| segments.iter().map(|s| s.text.clone()).collect::<Vec<String>>();
    let (a, b) = (texts(old), texts(new));
    let mut out = vec![None; a.len()];
    let mut found = Replace::new(Capture::new());
    let Ok(()) = myers::diff(&mut found, &a, 0..a.len(), &b, 0..b.len());
    for op in found.into_inner().into_ops() {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                (0..len).for_each(|k| out[old_index + k] = Some(new_index + k));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                edited(language, &a, old_index..old_index + old_len, &b, new_index..new_index + new_len, &mut out);
            }
            DiffOp::Insert { .. } | DiffOp::Delete { .. } => {}
        }
    }
    let mut taken = vec![false; b.len()];
    out.iter().flatten().for_each(|at| taken[*at] = true);
    // Texts that stand once among what is left on either side have moved.
    let mut left: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for at in (0..a.len()).filter(|at| out[*at].is_none()) {
        left.entry(&a[at]).or_default().0.push(at);
    }
    for at in (0..b.len()).filter(|at| !taken[*at]) {
        left.entry(&b[at]).or_default().1.push(at);
    }
    for (from, to) in left.into_values() {
        if let ([from], [to]) = (from.as_slice(), to.as_slice()) {
            out[*from] = Some(*to);
        }
    }
    out
}

/// Finds edited segments in the stretch that stands for them: in order, the likest together.
fn edited(
    language: Language,
    a: &[String],
    of_a: Range<usize>,
    b: &[String],
    of_b: Range<usize>,
    out: &mut [Option<usize>],
) {
    let (n, m) = (of_a.len(), of_b.len());
    if n * m > MOST_PAIRS {
        return;
    }
    let like = |i: usize, j: usize| {
        let (score, _) = score(language, &b[of_b.start + j], &a[of_a.start + i])?;
        (score >= SAME).then_some(u32::from(score.tenths()))
    };
    let pairs: Vec<Option<u32>> = (0..n * m).map(|at| like(at / m, at % m)).collect();
    // The heaviest way from each pair on.
    let mut best = vec![0u32; (n + 1) * (m + 1)];
    let at = |i: usize, j: usize| i * (m + 1) + j;
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let together = pairs[i * m + j].map_or(0, |score| score + best[at(i + 1, j + 1)]);
            best[at(i, j)] = together.max(best[at(i + 1, j)]).max(best[at(i, j + 1)]);
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        match pairs[i * m + j] {
            Some(score) if best[at(i, j)] == score + best[at(i + 1, j + 1)] => {
                out[of_a.start + i] = Some(of_b.start + j);
                (i, j) = (i + 1, j + 1);
            }
            _ if best[at(i, j)] == best[at(i + 1, j)] => i += 1,
            _ => j += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Kind, text::Span};

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;
    const RU: Language = Language::RU;

    fn segments(lines: &[&str]) -> Vec<Segment> {
        let segment =
            |line: &&str| Segment { span: Span::new(0, 0), text: (*line).to_owned(), kind: Kind::Body, paragraph: 1 };
        lines.iter().map(segment).collect()
    }

    const ENGLISH: [&str; 4] = [
        "The Service opened an office in Ganja.",
        "More than 60 people took part in the event.",
        "Applications are taken on weekdays.",
        "The ceremony ended with a concert.",
    ];
    const AZERBAIJANI: [&str; 3] =
        ["Xidmət Gəncədə idarə açıb.", "Tədbirdə 60-dan çox şəxs iştirak edib.", "Sonda konsert olub."];

    /// The second bead and the last accepted, and the third, which has no counterpart.
    fn old() -> Bitext {
        let bead = |en: &[usize], az: &[usize], mark| Bead {
            sides: BTreeMap::from([(EN, en.to_vec()), (AZ, az.to_vec())]),
            score: 1.0,
            mark,
        };
        let beads = vec![
            bead(&[0], &[0], Mark::Computed),
            bead(&[1], &[1], Mark::Accepted),
            bead(&[2], &[], Mark::Accepted),
            bead(&[3], &[2], Mark::Accepted),
        ];
        Bitext { texts: BTreeMap::from([(EN, segments(&ENGLISH)), (AZ, segments(&AZERBAIJANI))]), beads }
    }

    fn shown(beads: &[Bead]) -> Vec<(Vec<usize>, Vec<usize>)> {
        beads.iter().map(|bead| (bead.side(EN).to_vec(), bead.side(AZ).to_vec())).collect()
    }

    #[test]
    fn accepted_beads_bear_insertions_edits_and_moves() {
        let english = segments(&[
            ENGLISH[0],
            "It is the fourth in the country.",
            "More than 70 people took part in this event.",
            ENGLISH[3],
            ENGLISH[2],
        ]);
        let new = BTreeMap::from([(EN, english), (AZ, segments(&AZERBAIJANI))]);
        let (beads, lost) = carried_over(&old(), &new);
        assert_eq!(shown(&beads), [(vec![2], vec![1]), (vec![4], vec![]), (vec![3], vec![2])]);
        assert_eq!(lost, []);
        assert!(beads.iter().all(|bead| bead.sides.contains_key(&AZ) && bead.mark == Mark::Accepted));
    }

    #[test]
    fn what_is_rewritten_or_gone_is_told() {
        let new = BTreeMap::from([
            (EN, segments(&[ENGLISH[0], "Nobody knows what happened afterwards.", ENGLISH[3]])),
            (AZ, segments(&AZERBAIJANI)),
        ]);
        let (beads, lost) = carried_over(&old(), &new);
        assert_eq!(shown(&beads), [(vec![2], vec![2])]);
        let lost: Vec<(usize, &str)> = lost.iter().map(|lost| (lost.number, lost.text.as_str())).collect();
        assert_eq!(lost, [(2, ENGLISH[1]), (3, ENGLISH[2])]);
    }

    #[test]
    fn a_language_that_comes_may_join_and_one_that_goes_takes_its_part() {
        let with_russian = BTreeMap::from([
            (EN, segments(&ENGLISH)),
            (AZ, segments(&AZERBAIJANI)),
            (RU, segments(&["Служба открыла отделение в Гяндже."])),
        ]);
        let (beads, _) = carried_over(&old(), &with_russian);
        assert!(beads.len() == 3 && beads.iter().all(|bead| !bead.sides.contains_key(&RU)));
        let alone = BTreeMap::from([(EN, segments(&ENGLISH))]);
        let (beads, lost) = carried_over(&old(), &alone);
        assert_eq!(shown(&beads), [(vec![2], vec![])], "a bead of one language is none");
        assert_eq!(lost.len(), 2);
    }

    #[test]
    fn a_segment_a_person_parted_is_parted_again() {
        let accepted = |en: usize, az: usize| Bead {
            sides: BTreeMap::from([(EN, vec![en]), (AZ, vec![az])]),
            score: 1.0,
            mark: Mark::Accepted,
        };
        let texts = BTreeMap::from([
            (EN, segments(&["Doors open at nine;", "guests come at ten.", "The end."])),
            (AZ, segments(&["Qapılar doqquzda açılır.", "Qonaqlar onda gəlir.", "Son."])),
        ]);
        let old = Bitext { texts, beads: vec![accepted(0, 0), accepted(1, 1), accepted(2, 2)] };
        let read = |lines: &[&str]| BTreeMap::from([(EN, segments(lines)), (AZ, old.texts[&AZ].clone())]);
        let mut new = read(&["It is new.", "Doors open at nine; guests come at ten.", "The end."]);
        parted_again(&old, &mut new);
        let texts = |new: &BTreeMap<Language, Vec<Segment>>| -> Vec<String> {
            new[&EN].iter().map(|segment| segment.text.clone()).collect()
        };
        assert_eq!(texts(&new), ["It is new.", "Doors open at nine;", "guests come at ten.", "The end."]);
        assert_eq!(carried_over(&old, &new).1, []);
        // One that was rewritten is whole, and its beads are lost.
        let rewritten = ["Doors open at nine; nobody comes.", "The end."];
        let mut new = read(&rewritten);
        parted_again(&old, &mut new);
        assert_eq!(texts(&new), rewritten);
        assert_eq!(carried_over(&old, &new).1.len(), 2);
        // Rules that read the two as one, where nobody took them apart.
        let mut apart = old.clone();
        apart.beads.iter_mut().for_each(|bead| bead.mark = Mark::Computed);
        let whole = ["Doors open at nine; guests come at ten.", "The end."];
        let mut new = read(&whole);
        parted_again(&apart, &mut new);
        assert_eq!(texts(&new), whole);
    }

    #[test]
    fn nothing_accepted_is_nothing_to_carry() {
        let mut old = old();
        old.beads.iter_mut().for_each(|bead| bead.mark = Mark::Computed);
        assert_eq!(carried_over(&old, &old.texts.clone()), (Vec::new(), Vec::new()));
    }
}
