use super::{steps::tests::segments, *};
use crate::{memory::Mode, model::State};
use proptest::prelude::*;
use std::path::Path;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;
const JOB: Job<'static> = Job { accept: 0.9, who: "anna", now: Timestamp::UNIX_EPOCH };

const ENGLISH: [&str; 6] = [
    "The Service opened an office in Ganja on 14 June.",
    "It has 12 rooms; 60 people work there.",
    "Visitors praised the bright halls.",
    "A concert was given in the evening.",
    "Applications are taken on 5 weekdays.",
    "The 2026 report follows.",
];
const AZERBAIJANI: [&str; 6] = [
    "Xidmət iyunun 14-də Gəncədə idarə açıb.",
    "Onun 12 otağı var; orada 60 nəfər işləyir.",
    "Qonaqlar işıqlı zalları bəyəniblər.",
    "Axşam konsert verilib.",
    "Müraciətlər həftənin 5 günü qəbul edilir.",
    "2026-cı il hesabatı sonra gələcək.",
];

/// A memory with one set of six beads, the third and the fourth in doubt.
fn office() -> (tempfile::TempDir, Memory) {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
    let bead = |at: usize| Bead {
        sides: BTreeMap::from([(EN, vec![at]), (AZ, vec![at])]),
        score: if at == 2 || at == 3 { 0.5 } else { 0.95 },
        mark: Mark::Computed,
    };
    let texts = BTreeMap::from([(EN, segments(&ENGLISH)), (AZ, segments(&AZERBAIJANI))]);
    let bitext = Bitext { texts, beads: (0..6).map(bead).collect() };
    let set = ("001", Path::new("/r/001"), "f");
    memory.write("run", JOB.now, "run", |batch| stored::put(batch, set, &bitext, 0.9).map(drop)).unwrap();
    (folder, memory)
}

fn seen(memory: &Memory) -> Review {
    open(&memory.read().unwrap(), "001", 0.9).unwrap()
}

fn step(memory: &mut Memory, step: Step) -> Result<String, ReviewError> {
    let now = seen(memory);
    act(memory, &now, &Deed::Step(step), &JOB)
}

fn edit(memory: &mut Memory, bead: usize, text: &str) -> Result<String, ReviewError> {
    let now = seen(memory);
    act(memory, &now, &Deed::Edit { bead, language: AZ, text: text.to_owned() }, &JOB)
}

fn back(memory: &mut Memory, again: bool) -> Result<String, ReviewError> {
    let now = seen(memory);
    undo(memory, &now, again, true, &JOB)
}

/// All that is to be seen of a set, and its units.
fn whole(memory: &Memory) -> (Vec<Row>, Bitext, Vec<(UnitId, Unit)>) {
    let now = seen(memory);
    (now.rows, now.bitext, memory.read().unwrap().set_units("001").unwrap())
}

#[test]
fn each_deed_is_stored_with_its_units() {
    let (_folder, mut memory) = office();
    let before = seen(&memory);
    assert_eq!(before.languages, [EN, AZ]);
    assert_eq!(before.rows.iter().filter(|row| row.waits).count(), 2);
    assert!(before.rows.iter().all(|row| row.unit.is_some() && row.edited.is_empty()));
    let note = step(&mut memory, Step::Merge { bead: 2 }).unwrap();
    assert_eq!(note, "review 001: merge beads 3 and 4");
    let after = seen(&memory);
    assert_eq!(after.rows.len(), 5);
    assert_eq!(after.rows[2].sides[&AZ], AZERBAIJANI[2..4]);
    let unit = memory.read().unwrap().unit(after.rows[2].unit.unwrap()).unwrap().unwrap();
    assert_eq!((unit.state, unit.variants[0].text.as_str()), (State::Published, AZERBAIJANI[2..4].join(" ").as_str()));
    assert_eq!(after.rows[1].unit, before.rows[1].unit, "a unit that only has another neighbour is the same");
    assert_eq!((after.undo.as_deref(), after.redo.as_deref()), (Some(note.as_str()), None));
    let progress = progress(&memory.read().unwrap(), "001", 0.9).unwrap().unwrap();
    assert_eq!(progress, Progress { beads: 5, waiting: 0, alone: 0, accepted: 1 });
}

#[test]
fn undo_and_redo_go_through_the_review_and_no_further() {
    let (_folder, mut memory) = office();
    assert!(matches!(back(&mut memory, false), Err(ReviewError::NothingToUndo)), "the run stands");
    let first = whole(&memory);
    step(&mut memory, Step::Accept { bead: 3 }).unwrap();
    edit(&mut memory, 4, "Müraciətlər 5 gün qəbul edilir.").unwrap();
    let edited = whole(&memory);
    assert_eq!(edited.0[4].edited[&AZ], "Müraciətlər 5 gün qəbul edilir.");
    step(&mut memory, Step::Unlink { bead: 0, only: None }).unwrap();
    let last = whole(&memory);
    assert_eq!(back(&mut memory, false).unwrap(), "review 001: unlink bead 1");
    assert_eq!(whole(&memory), edited);
    back(&mut memory, false).unwrap();
    back(&mut memory, false).unwrap();
    assert_eq!(whole(&memory), first);
    assert!(matches!(back(&mut memory, false), Err(ReviewError::NothingToUndo)));
    for _ in 0..3 {
        back(&mut memory, true).unwrap();
    }
    assert_eq!(whole(&memory), last);
    assert!(matches!(back(&mut memory, true), Err(ReviewError::NothingToRedo)));
    // Something new ends what could be brought back.
    back(&mut memory, false).unwrap();
    step(&mut memory, Step::Accept { bead: 5 }).unwrap();
    assert!(seen(&memory).redo.is_none());
    // Undone from elsewhere counts as well.
    let batch = memory.read().unwrap().history(1).unwrap()[0].id;
    memory.undo(batch, crate::memory::OnConflict::Keep, JOB.now, "otto").unwrap();
    assert_eq!(whole(&memory), edited);
    assert!(seen(&memory).redo.is_some());
}

#[test]
fn edits_outlive_deeds_on_other_beads() {
    let (_folder, mut memory) = office();
    edit(&mut memory, 4, "Müraciətlər 5 gün qəbul edilir.").unwrap();
    let unit = seen(&memory).rows[4].unit;
    // Its neighbours change.
    step(&mut memory, Step::Merge { bead: 2 }).unwrap();
    step(&mut memory, Step::Accept { bead: 3 }).unwrap();
    step(&mut memory, Step::Unlink { bead: 4, only: None }).unwrap();
    let row = &seen(&memory).rows[3];
    assert_eq!((row.unit, row.edited[&AZ].as_str()), (unit, "Müraciətlər 5 gün qəbul edilir."));
    // It changes itself: then its texts are what the documents say.
    step(&mut memory, Step::Merge { bead: 2 }).unwrap();
    let now = seen(&memory);
    assert!(now.rows.iter().all(|row| row.edited.is_empty()), "{:?}", now.rows);
    back(&mut memory, false).unwrap();
    assert_eq!(seen(&memory).rows[3].edited.len(), 1, "and undoing brings them back");
}

#[test]
fn what_others_changed_is_not_overwritten() {
    let (_folder, mut memory) = office();
    let old = seen(&memory);
    step(&mut memory, Step::Accept { bead: 0 }).unwrap();
    let late = act(&mut memory, &old, &Deed::Step(Step::Merge { bead: 0 }), &JOB);
    assert!(matches!(late, Err(ReviewError::Stale)));
    assert!(matches!(undo(&mut memory, &old, false, false, &JOB), Err(ReviewError::Stale)));
    let now = seen(&memory);
    let other = Job { who: "otto", ..JOB };
    let refused = undo(&mut memory, &now, false, true, &other);
    assert!(matches!(&refused, Err(ReviewError::NotYours(who)) if who == "anna"), "{refused:?}");
    // A run since has the last word.
    let bitext = Bitext { beads: now.bitext.beads[..5].to_vec(), ..now.bitext.clone() };
    let set = ("001", Path::new("/r/001"), "g");
    memory.write("run", JOB.now, "run", |batch| stored::put(batch, set, &bitext, 0.9).map(drop)).unwrap();
    let before = whole(&memory);
    assert!(matches!(back(&mut memory, false), Err(ReviewError::Overtaken)));
    assert_eq!(whole(&memory), before);
}

#[test]
fn what_cannot_be_is_refused_and_leaves_no_batch() {
    let (_folder, mut memory) = office();
    let newest = |memory: &Memory| memory.read().unwrap().history(1).unwrap()[0].id;
    let before = newest(&memory);
    assert!(matches!(edit(&mut memory, 0, " "), Err(ReviewError::NotEdited(_))));
    assert!(matches!(edit(&mut memory, 0, AZERBAIJANI[0]), Err(ReviewError::NotTaken(NotTaken::Nothing))));
    assert!(matches!(edit(&mut memory, 99, "x"), Err(ReviewError::NotTaken(NotTaken::NoBead))));
    let now = seen(&memory);
    let russian = Deed::Edit { bead: 0, language: Language::RU, text: "Да".to_owned() };
    assert!(matches!(act(&mut memory, &now, &russian, &JOB), Err(ReviewError::NotTaken(NotTaken::NoUnit))));
    assert!(matches!(step(&mut memory, Step::Merge { bead: 5 }), Err(ReviewError::NotTaken(NotTaken::Last))));
    let missing = open(&memory.read().unwrap(), "002", 0.9);
    assert!(matches!(missing, Err(ReviewError::NoSet(name)) if name == "002"));
    assert_eq!(newest(&memory), before);
}

#[test]
fn deeds_are_read_from_json() {
    let read = |json: &str| serde_json::from_str::<Deed>(json).unwrap();
    assert_eq!(read(r#"{"do":"merge","bead":3}"#), Deed::Step(Step::Merge { bead: 3 }));
    assert_eq!(read(r#"{"do":"realign"}"#), Deed::Realign);
    let edit = Deed::Edit { bead: 1, language: AZ, text: "x".to_owned() };
    assert_eq!(read(r#"{"do":"edit","bead":1,"language":"az","text":"x"}"#), edit);
    let at = BTreeMap::from([(EN, (0, 4))]);
    assert_eq!(read(r#"{"do":"split","bead":1,"at":{"en":[0,4]}}"#), Deed::Step(Step::Split { bead: 1, at }));
    assert_eq!(read(r#"{"do":"accept-all","above":0.7}"#), Deed::Step(Step::AcceptAll { above: 0.7 }));
    let only = Step::Unlink { bead: 0, only: Some((AZ, 0)) };
    assert_eq!(read(r#"{"do":"unlink","bead":0,"only":["az",0]}"#), Deed::Step(only));
    assert!(serde_json::from_str::<Deed>(r#"{"do":"drop"}"#).is_err());
}

#[test]
fn realigning_mends_what_is_in_doubt() {
    let (_folder, mut memory) = office();
    // The third and the fourth bead crossed, and in doubt.
    let mut bitext = seen(&memory).bitext;
    bitext.beads[2].sides.insert(AZ, vec![3]);
    bitext.beads[3].sides.insert(AZ, vec![2]);
    bitext.beads[4].mark = Mark::Accepted;
    let set = ("001", Path::new("/r/001"), "g");
    memory.write("run", JOB.now, "run", |batch| stored::put(batch, set, &bitext, 0.9).map(drop)).unwrap();
    let now = seen(&memory);
    act(&mut memory, &now, &Deed::Realign, &JOB).unwrap();
    let after = seen(&memory).bitext;
    let sides: Vec<(&[usize], &[usize])> = after.beads.iter().map(|bead| (bead.side(EN), bead.side(AZ))).collect();
    assert_eq!(sides[2..4], [(&[2][..], &[2][..]), (&[3][..], &[3][..])]);
    assert_eq!(after.beads[4], bitext.beads[4]);
}

/// A step chosen by numbers, of all kinds.
fn chosen((kind, a, b): (u8, usize, usize), now: &Review) -> Deed {
    let bead = a % now.rows.len();
    let language = [EN, AZ][b % 2];
    Deed::Step(match kind % 9 {
        0 => Step::Merge { bead },
        1 => Step::Split { bead, at: BTreeMap::from([(language, (0, b % 30))]) },
        2 => Step::Move { bead, language, segment: 0, to: b % now.rows.len() },
        3 => Step::Unlink { bead, only: (b % 3 > 0).then_some((language, 0)) },
        4 => Step::Accept { bead },
        5 => Step::Withdraw { bead },
        6 => Step::AcceptAll { above: (b % 10) as f32 / 10.0 },
        7 => return Deed::Realign,
        _ => return Deed::Edit { bead, language, text: format!("Text {b}.") },
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn undo_and_redo_give_exactly_what_was(
        numbers in prop::collection::vec((any::<u8>(), 0usize..40, 0usize..60), 1..12), cut in 0usize..12,
    ) {
        let (_folder, mut memory) = office();
        let mut states = vec![whole(&memory)];
        for number in numbers {
            let now = seen(&memory);
            let deed = chosen(number, &now);
            let accepted = |review: &Review| -> Vec<Bead> {
                let accepted = review.bitext.beads.iter().filter(|bead| bead.mark == Mark::Accepted);
                let mut accepted: Vec<Bead> = accepted.cloned().collect();
                accepted.sort_by_key(|bead| bead.sides.clone());
                accepted
            };
            if act(&mut memory, &now, &deed, &JOB).is_ok() {
                if deed == Deed::Realign {
                    prop_assert_eq!(accepted(&seen(&memory)), accepted(&now));
                }
                states.push(whole(&memory));
            }
        }
        let back_to = cut % states.len();
        for want in states[back_to..states.len() - 1].iter().rev() {
            back(&mut memory, false).unwrap();
            prop_assert_eq!(&whole(&memory), want);
        }
        for want in &states[back_to + 1..] {
            back(&mut memory, true).unwrap();
            prop_assert_eq!(&whole(&memory), want);
        }
        let report = memory.read().unwrap().check_thoroughly().unwrap();
        prop_assert!(report.problems.is_empty(), "{:?}", report);
    }
}
