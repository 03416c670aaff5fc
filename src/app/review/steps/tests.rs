use super::*;
use crate::{model::Segment, text::Span};
use proptest::prelude::*;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;
const RU: Language = Language::RU;

/// Segments that follow one another in their document, a space between them.
pub fn segments(texts: &[&str]) -> Vec<Segment> {
    let mut at = 0;
    let next = |text: &&str| {
        let span = Span::new(at, at + text.len());
        at += text.len() + 1;
        Segment { span, text: (*text).to_owned(), kind: Kind::Body, paragraph: 1 }
    };
    texts.iter().map(next).collect()
}

fn bead(sides: &[(Language, &[usize])], score: f32) -> Bead {
    let sides = sides.iter().map(|(language, side)| (*language, side.to_vec())).collect();
    Bead { sides, score, mark: Mark::Computed }
}

/// Two sentences in three languages, then one that Russian lacks, and the last in one bead with a heading.
fn sample() -> Bitext {
    let texts = BTreeMap::from([
        (EN, segments(&["One.", "Two; three.", "Four.", "Five."])),
        (AZ, segments(&["Bir.", "İki; üç.", "Dörd.", "Beş."])),
        (RU, segments(&["Один.", "Два; три.", "Пять."])),
    ]);
    let beads = vec![
        bead(&[(EN, &[0]), (AZ, &[0]), (RU, &[0])], 0.99),
        bead(&[(EN, &[1]), (AZ, &[1]), (RU, &[1])], 0.5),
        bead(&[(EN, &[2]), (AZ, &[2])], 0.7),
        bead(&[(EN, &[3]), (AZ, &[3]), (RU, &[2])], 0.95),
    ];
    Bitext { texts, beads }
}

/// The beads as `en|az|ru` with a star where a person made them.
fn shown(bitext: &Bitext) -> Vec<String> {
    let line = |bead: &Bead| {
        let texts = [EN, AZ, RU].map(|language| bitext.text(bead, language));
        format!("{}{}", texts.join("|"), if bead.mark == Mark::Accepted { "*" } else { "" })
    };
    bitext.beads.iter().map(line).collect()
}

fn after(step: Step) -> Vec<String> {
    shown(&taken(&sample(), &step).unwrap().0)
}

#[test]
fn beads_are_merged_and_split() {
    let first = "One.|Bir.|Один.";
    assert_eq!(after(Step::Merge { bead: 1 })[..2], [first, "Two; three. Four.|İki; üç. Dörd.|Два; три.*"]);
    // Within segments of two languages; the third goes to the larger half.
    let at = BTreeMap::from([(EN, (0, 4)), (AZ, (0, 4))]);
    assert_eq!(after(Step::Split { bead: 1, at })[1..3], ["Two;|İki;|*", "three.|üç.|Два; три.*"]);
    // What was merged is split between its segments, the others with it.
    let merged = taken(&sample(), &Step::Merge { bead: 0 }).unwrap().0;
    let step = Step::Split { bead: 0, at: BTreeMap::from([(EN, (1, 0))]) };
    let (split, note) = taken(&merged, &step).unwrap();
    assert_eq!(shown(&split)[..2], ["One.|Bir.|Один.*", "Two; three.|İki; üç.|Два; три.*"]);
    assert_eq!(note, "split bead 1");
    let end = Step::Split { bead: 0, at: BTreeMap::from([(EN, (0, 4)), (AZ, (0, 4)), (RU, (0, 5))]) };
    assert_eq!(taken(&sample(), &end).unwrap_err(), NotTaken::NothingToPart);
    assert_eq!(taken(&sample(), &Step::Merge { bead: 3 }).unwrap_err(), NotTaken::Last);
}

#[test]
fn segments_are_moved_and_unlinked() {
    let down = Step::Move { bead: 1, language: RU, segment: 0, to: 2 };
    assert_eq!(after(down)[1..3], ["Two; three.|İki; üç.|*", "Four.|Dörd.|Два; три.*"]);
    let only = Step::Unlink { bead: 1, only: Some((RU, 0)) };
    assert_eq!(after(only)[1..3], ["Two; three.|İki; üç.|*", "||Два; три.*"]);
    let all = Step::Unlink { bead: 2, only: None };
    let unlinked = taken(&sample(), &all).unwrap().0;
    assert_eq!(shown(&unlinked)[2..4], ["|Dörd.|*", "Four.||*"]);
    assert_eq!(taken(&unlinked, &all).unwrap_err(), NotTaken::Alone);
    // The one that stood alone comes back.
    let back = Step::Move { bead: 3, language: EN, segment: 0, to: 2 };
    assert_eq!(shown(&taken(&unlinked, &back).unwrap().0)[2..], ["Four.|Dörd.|*", "Five.|Beş.|Пять."]);
    let same = Step::Move { bead: 1, language: RU, segment: 0, to: 1 };
    assert_eq!(taken(&sample(), &same).unwrap_err(), NotTaken::SameBead);
}

#[test]
fn beads_are_accepted_one_by_one_and_above_a_score() {
    let accepted = taken(&sample(), &Step::Accept { bead: 2 }).unwrap().0;
    assert_eq!(accepted.beads[2].score, 1.0);
    assert_eq!(accepted.beads[2].side(RU), &[] as &[usize]);
    assert!(accepted.beads[2].sides.contains_key(&RU), "it is said that Russian has nothing");
    assert_eq!(taken(&accepted, &Step::Accept { bead: 2 }).unwrap_err(), NotTaken::Nothing);
    let withdrawn = taken(&accepted, &Step::Withdraw { bead: 2 }).unwrap().0;
    assert_eq!((withdrawn.beads[2].mark, withdrawn.beads[2].score), (Mark::Computed, 0.0));
    let (all, note) = taken(&sample(), &Step::AcceptAll { above: 0.7 }).unwrap();
    let marks: Vec<bool> = all.beads.iter().map(|bead| bead.mark == Mark::Accepted).collect();
    assert_eq!((marks, note.as_str()), (vec![true, false, true, true], "accept 3 beads of 70% and more"));
}

#[test]
fn footers_stay_among_themselves() {
    let mut bitext = sample();
    for texts in bitext.texts.values_mut() {
        texts.last_mut().unwrap().kind = Kind::Boilerplate;
    }
    for step in [
        Step::Merge { bead: 2 },
        Step::Move { bead: 3, language: EN, segment: 0, to: 2 },
        Step::Move { bead: 2, language: EN, segment: 0, to: 3 },
        Step::Split { bead: 3, at: BTreeMap::from([(EN, (0, 2))]) },
    ] {
        assert_eq!(taken(&bitext, &step).unwrap_err(), NotTaken::Footer, "{step:?}");
    }
}

#[test]
fn what_is_not_there_is_said() {
    for step in [
        Step::Merge { bead: 9 },
        Step::Accept { bead: usize::MAX },
        Step::Withdraw { bead: 9 },
        Step::Unlink { bead: 9, only: None },
        Step::Unlink { bead: 0, only: Some((EN, 7)) },
        Step::Move { bead: 0, language: "kk".parse().unwrap(), segment: 0, to: 1 },
        Step::Move { bead: 0, language: EN, segment: 0, to: usize::MAX },
        Step::Split { bead: 0, at: BTreeMap::from([(EN, (0, 99))]) },
        Step::Split { bead: 0, at: BTreeMap::from([("kk".parse().unwrap(), (0, 1))]) },
    ] {
        let error = taken(&sample(), &step).unwrap_err();
        assert!([NotTaken::NoBead, NotTaken::NoSegment].contains(&error), "{step:?}: {error}");
    }
}

/// All that is written in a language, without white space.
fn words(bitext: &Bitext, language: Language) -> String {
    bitext.texts[&language].iter().flat_map(|segment| segment.text.chars()).filter(|c| !c.is_whitespace()).collect()
}

/// The segments of a language in the order of the beads.
fn order(bitext: &Bitext, language: Language) -> Vec<usize> {
    bitext.beads.iter().flat_map(|bead| bead.side(language).to_vec()).collect()
}

/// A step chosen by numbers; `near` keeps segments to the beads beside their own, from the end they are at.
fn step(kind: u8, a: usize, b: usize, c: usize, near: bool, bitext: &Bitext) -> Step {
    let bead = a % (bitext.beads.len() + 1);
    let language = [EN, AZ, RU][b % 3];
    let side = bitext.beads.get(bead).map_or(0, |bead| bead.side(language).len());
    match kind % 7 {
        0 => Step::Merge { bead },
        1 => Step::Split { bead, at: BTreeMap::from([(language, (c % (side + 1), b / 3 % 12))]) },
        2 if near && c.is_multiple_of(2) => Step::Move { bead, language, segment: 0, to: bead.wrapping_sub(1) },
        2 if near => Step::Move { bead, language, segment: side.wrapping_sub(1), to: bead + 1 },
        2 => Step::Move { bead, language, segment: c % (side + 1), to: c % (bitext.beads.len() + 1) },
        3 => Step::Unlink { bead, only: None },
        4 if near => Step::Unlink { bead, only: Some((language, if side < 3 { c % (side + 1) } else { 0 })) },
        4 => Step::Unlink { bead, only: Some((language, c % (side + 1))) },
        5 => Step::Accept { bead },
        _ => Step::AcceptAll { above: (c % 100) as f32 / 100.0 },
    }
}

proptest! {
    #[test]
    fn every_segment_stays_once_and_no_text_is_altered(
        numbers in prop::collection::vec((any::<u8>(), 0usize..40, 0usize..60, 0usize..40), 1..30), near in any::<bool>(),
    ) {
        let first = sample();
        let mut bitext = first.clone();
        for (kind, a, b, c) in numbers {
            let step = step(kind, a, b, c, near, &bitext);
            let Ok((new, _)) = taken(&bitext, &step) else { continue };
            prop_assert_ne!(&new, &bitext);
            for language in [EN, AZ, RU] {
                let mut all = order(&new, language);
                if near {
                    prop_assert!(all.is_sorted(), "{:?}: {:?}", step, all);
                }
                all.sort_unstable();
                prop_assert_eq!(all, (0..new.texts[&language].len()).collect::<Vec<_>>(), "{:?}", step);
                prop_assert_eq!(words(&new, language), words(&first, language), "{:?}", step);
                let document = first.texts[&language].iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ");
                for segment in &new.texts[&language] {
                    prop_assert_eq!(segment.span.of(&document), &segment.text);
                }
            }
            prop_assert!(new.beads.iter().all(|bead| bead.filled() > 0));
            let lone = |bead: &Bead| bead.filled() > 1 || bead.sides.values().map(Vec::len).sum::<usize>() == 1;
            prop_assert!(new.beads.iter().all(lone), "{:?}", step);
            bitext = new;
        }
    }
}
