use super::*;
use crate::{
    app::Unwatched,
    concordance::Form,
    lang::Language,
    memory::{Mode, OnConflict, StoredSet},
    model::{Context, Note, Origin, Prop, Provenance, Variant},
};
use tempfile::TempDir;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;

fn now() -> Timestamp {
    "2024-03-12T10:00:00Z".parse().unwrap()
}

fn job(note: &str) -> Job<'_> {
    Job { note, who: "me", now: now(), dry_run: false, watch: &Unwatched }
}

fn unit(en: &str, az: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(EN, en), Variant::new(AZ, az)],
        origin: Origin { name: "a.tmx".into(), date: Some(now()), ..Origin::default() },
        ..Unit::default()
    }
}

fn placed(unit: Unit, document: &str) -> Unit {
    Unit { context: Context { document: Some(document.into()), ..Context::default() }, ..unit }
}

fn with(units: &[Unit]) -> (TempDir, Memory) {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
    memory.write("add", now(), "me", |batch| units.iter().try_for_each(|unit| batch.add(unit).map(drop))).unwrap();
    (folder, memory)
}

fn all(memory: &Memory) -> Vec<(i64, Unit)> {
    let mut out = Vec::new();
    let each = |id: UnitId, unit| {
        out.push((id.0, unit));
        Ok::<_, MemoryError>(())
    };
    memory.read().unwrap().units(&Filter::all(), each).unwrap();
    out
}

fn selection(filter: Filter, text: Option<&str>) -> Selection {
    let pattern = text.map(|text| Pattern::new(text, Form::Text, None, true).unwrap());
    Selection { filter, pattern, ..Selection::default() }
}

#[test]
fn units_are_chosen_by_all_that_is_said_of_them() {
    let mut low = unit("The hotline is open", "Qaynar xətt açıqdır");
    (low.state, low.origin.score) = (State::Pending, Some(0.4));
    let mut russian = unit("The hotline is free", "Qaynar xətt pulsuzdur");
    russian.variants.push(Variant::new(Language::RU, "Звонок бесплатный"));
    russian.origin.name = "b.tmx".into();
    let old = Unit {
        origin: Origin { date: Some("2020-01-01T00:00:00Z".parse().unwrap()), ..Origin::default() },
        ..unit("İşçilər", "işçilər")
    };
    let (_folder, memory) = with(&[low, russian, old, unit("Thanks", "Təşəkkürlər")]);
    let found = |selection: Selection| -> Vec<i64> {
        let mut out = Vec::new();
        selection
            .each(&memory.read().unwrap(), |id, _| -> Result<(), MemoryError> {
                out.push(id.0);
                Ok(())
            })
            .unwrap();
        out
    };
    let all = Filter::all;
    assert_eq!(found(selection(all(), None)), [1, 2, 3, 4]);
    assert_eq!(found(selection(all(), Some("hotline"))), [1, 2]);
    assert_eq!(found(selection(all(), Some("İŞÇİ"))), [3], "az letters by az rules");
    assert_eq!(found(selection(Filter::default(), Some("hotline"))), [2], "pending ones on demand");
    let dated = Filter { before: Some("2021-01-01T00:00:00Z".parse().unwrap()), ..all() };
    assert_eq!(found(selection(dated, None)), [3]);
    let scored = Filter { most_score: Some(0.5), ..all() };
    assert_eq!(found(selection(scored.clone(), None)), [1]);
    assert_eq!(found(selection(scored, Some("free"))), [] as [i64; 0]);
    assert_eq!(found(selection(Filter { language: Some(Language::RU), ..all() }, None)), [2]);
    assert_eq!(found(selection(Filter { origin: Some("b*".into()), ..all() }, Some("hotline"))), [2]);
    let first = |text: Option<&str>, most: usize| {
        let (units, more) = selection(all(), text).first(&memory.read().unwrap(), most).unwrap();
        (units.into_iter().map(|(id, _)| id.0).collect::<Vec<_>>(), more)
    };
    assert_eq!(first(None, 2), (vec![1, 2], true));
    assert_eq!(first(None, 4), (vec![1, 2, 3, 4], false));
    assert!(first(Some("hotline"), 1).1);
    assert_eq!(first(Some("hotline"), 2), (vec![1, 2], false));
    let numbered = Selection { numbered: vec![UnitId(4), UnitId(2), UnitId(4)], ..Selection::default() };
    assert_eq!(found(numbered), [2, 4]);
    let missing = Selection { numbered: vec![UnitId(9)], ..Selection::default() };
    let error = missing.each(&memory.read().unwrap(), |_, _| Ok::<_, MemoryError>(())).unwrap_err();
    assert!(matches!(error, MemoryError::NoUnit(UnitId(9))));
}

#[test]
fn a_trial_tells_what_the_job_then_does() {
    let (_folder, mut memory) = with(&[unit("A", "Ə"), unit("B", "Be"), unit("C", "Ce")]);
    let edits = Edits { texts: vec![(AZ, "Bé".into())], ..Edits::default() };
    for deed in [Deed::Delete, Deed::Approve(State::Approved), Deed::Edit(edits)] {
        let chosen = Selection { numbered: vec![UnitId(1), UnitId(2)], ..Selection::default() };
        let before = all(&memory);
        let mut run = |dry_run: bool| {
            let mut told = Vec::new();
            let job = Job { dry_run, ..job("test") };
            let done = act(&mut memory, &chosen, &deed, &job, &mut |changed| told.push(changed.clone())).unwrap();
            (done, told)
        };
        let (trial, would) = run(true);
        let (done, did) = run(false);
        assert_eq!(would, did, "{deed:?}");
        assert_eq!((trial.batch, trial.changed), (None, 2));
        let batch = done.batch.unwrap();
        let after = all(&memory);
        assert_ne!(after, before);
        for changed in did {
            let now = after.iter().find(|(id, _)| *id == changed.unit.0).map(|(_, unit)| unit);
            let texts = |unit: &Unit| (unit.variants.clone(), unit.state);
            assert_eq!(now.map(texts), changed.after.as_ref().map(texts));
        }
        memory.undo(batch, OnConflict::Keep, now(), "me").unwrap();
        assert_eq!(all(&memory), before, "{deed:?}");
    }
}

#[test]
fn an_edit_that_cannot_be_made_changes_nothing() {
    let (_folder, mut memory) = with(&[unit("A", "Ə"), unit("B", "Be")]);
    let before = all(&memory);
    let deed = Deed::Edit(Edits { removed: vec![AZ], ..Edits::default() });
    let error = act(&mut memory, &selection(Filter::all(), None), &deed, &job("edit"), &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), "unit 1: it would be left with fewer than two texts");
    assert_eq!(all(&memory), before);
    assert_eq!(memory.read().unwrap().history(9).unwrap().len(), 1);
}

#[test]
fn units_that_say_the_same_become_one_and_no_place_is_lost() {
    let mut noted = unit("A", "Ə");
    noted.tuid = Some("7".into());
    noted.notes = vec![Note { attributes: Vec::new(), text: "checked".into() }];
    noted.props = vec![Prop { kind: "project".into(), attributes: Vec::new(), value: "x".into() }];
    noted.state = State::Approved;
    let mut turned = unit("A", "Ə");
    turned.variants.reverse();
    let mut coded = unit("A", "Ə");
    coded.variants[0].codes.push(crate::model::Code {
        at: 0,
        kind: crate::model::CodeKind::Alone,
        name: "ph".into(),
        attributes: Vec::new(),
        content: String::new(),
    });
    let units = [
        placed(unit("A", "Ə"), "004"),                                    // 1
        noted,                                                            // 2
        placed(unit("A", "Ə"), "005"),                                    // 3
        turned,                                                           // 4: goes
        unit("A", "Əla"),                                                 // 5: another translation
        coded,                                                            // 6: another code
        placed(Unit { tuid: Some("8".into()), ..unit("A", "Ə") }, "005"), // 7: the same place as 3
    ];
    let (_folder, mut memory) = with(&units);
    let mut told = Vec::new();
    let done = dedupe(&mut memory, &Filter::all(), &job("dedupe"), &mut |taken| told.push(taken.clone())).unwrap();
    assert_eq!((done.stay, done.gone, done.elsewhere), (2, 3, 1));
    let left = all(&memory);
    assert_eq!(left.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [1, 3, 5, 6]);
    let (first, third) = (&left[0].1, &left[1].1);
    assert_eq!((first.state, first.tuid.as_deref()), (State::Approved, Some("7")));
    assert_eq!((first.notes.len(), first.props.len(), first.context.document.as_deref()), (1, 1, Some("004")));
    assert_eq!((third.tuid.as_deref(), third.context.document.as_deref()), (Some("8"), Some("005")));
    let explained: Vec<(i64, Vec<i64>, Vec<i64>)> = told
        .iter()
        .map(|taken| {
            let ids = |list: Vec<UnitId>| list.into_iter().map(|id| id.0).collect();
            (taken.stays.0, ids(taken.taken.iter().map(|(id, _)| *id).collect()), ids(taken.elsewhere.clone()))
        })
        .collect();
    assert_eq!(explained, [(1, vec![2, 4], vec![3]), (3, vec![7], vec![1])]);
    memory.undo(done.batch.unwrap(), OnConflict::Keep, now(), "me").unwrap();
    let back: Vec<Unit> = all(&memory).into_iter().map(|(_, unit)| unit).collect();
    assert_eq!(back, units);
    assert_eq!(memory.read().unwrap().check().unwrap().problems, Vec::<String>::new());
    let again = dedupe(&mut memory, &Filter::all(), &Job { dry_run: true, ..job("dedupe") }, &mut |_| {}).unwrap();
    assert_eq!((again.gone, again.batch, all(&memory).len()), (3, None, 7));
}

#[test]
fn two_memories_become_one_without_doubles() {
    let set = |name: &str, fingerprint: &str| StoredSet {
        name: name.into(),
        fingerprint: fingerprint.into(),
        body: format!("{{\"of\":\"{fingerprint}\"}}"),
    };
    let (_one, mut ours) = with(&[unit("A", "Ə"), unit("B", "Be")]);
    let (_two, mut theirs) = with(&[unit("A", "Ə"), unit("C", "Ce")]);
    let released = |en: &str| Unit {
        origin: Origin { name: "004".into(), provenance: Provenance::Release, date: Some(now()), score: Some(1.0) },
        state: State::Published,
        ..placed(unit(en, "x"), "004")
    };
    ours.write("run", now(), "me", |batch| batch.put_set(&set("004", "1"), &[released("D"), released("E")])).unwrap();
    theirs
        .write("run", now(), "you", |batch| {
            batch.put_set(&set("004", "2"), &[released("D"), released("F")])?;
            batch.put_set(&set("005", "3"), &[placed(unit("G", "Ge"), "005")])
        })
        .unwrap();
    let before = all(&ours);
    let trial = merge(&mut ours, theirs.path(), &Job { dry_run: true, ..job("merge") }).unwrap();
    assert_eq!(all(&ours), before);
    let done = merge(&mut ours, theirs.path(), &job("merge")).unwrap();
    assert_eq!((done.new, done.same, done.sets), (3, 2, 1), "C, F and G are new");
    assert_eq!(done.kept_sets, ["004"]);
    assert_eq!((trial.new, trial.same), (done.new, done.same));
    let texts: Vec<String> = all(&ours).into_iter().map(|(_, unit)| unit.variants[0].text.clone()).collect();
    assert_eq!(texts.len(), 7);
    assert_eq!(ours.read().unwrap().set("005").unwrap(), Some(set("005", "3")));
    assert_eq!(ours.read().unwrap().set("004").unwrap(), Some(set("004", "1")));
    let again = merge(&mut ours, theirs.path(), &job("merge")).unwrap();
    assert_eq!((again.new, again.batch), (0, None), "nothing comes twice");
    assert_eq!(ours.read().unwrap().check().unwrap().problems, Vec::<String>::new());
    ours.undo(done.batch.unwrap(), OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(all(&ours), before);
    let own = ours.path().to_owned();
    let itself = merge(&mut ours, &own, &job("merge"));
    assert!(matches!(itself, Err(UpkeepError::Memory(MemoryError::Itself(_)))));
}
