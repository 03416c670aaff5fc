use super::*;
use crate::{
    lang::Language,
    model::{
        Code, CodeKind, Concept, Context, Note, Origin, Prop, Provenance, State, Status as TermStatus, Term, Unit,
        UnitId, Variant,
    },
};
use proptest::prelude::*;
use std::{collections::BTreeMap, fs};
use tempfile::TempDir;

fn now() -> Timestamp {
    "2024-03-12T10:00:00Z".parse().unwrap()
}

fn fresh() -> (TempDir, Memory) {
    let folder = tempfile::tempdir().unwrap();
    let memory = Memory::open(&folder.path().join("office.db"), Mode::Write).unwrap();
    (folder, memory)
}

fn unit(en: &str, az: &str) -> Unit {
    Unit {
        variants: vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)],
        origin: Origin { date: Some(now()), ..Origin::default() },
        ..Unit::default()
    }
}

fn all(memory: &Memory) -> Vec<(UnitId, Unit)> {
    let mut out = Vec::new();
    let filter = Filter { pending: true, ..Filter::default() };
    let each = |id, unit| {
        out.push((id, unit));
        Ok::<_, MemoryError>(())
    };
    memory.read().unwrap().units(&filter, each).unwrap();
    out
}

fn add(memory: &mut Memory, units: &[Unit]) -> (BatchId, Vec<Added>) {
    memory
        .write("test", now(), "me", |batch| {
            let added = units.iter().map(|unit| batch.add(unit)).collect::<Result<_, _>>()?;
            Ok((batch.id(), added))
        })
        .unwrap()
}

fn sound(memory: &Memory) {
    assert_eq!(memory.read().unwrap().check().unwrap().problems, Vec::<String>::new());
    assert_eq!(memory.read().unwrap().check_thoroughly().unwrap().problems, Vec::<String>::new());
}

#[test]
fn reading_what_does_not_exist_creates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    assert!(Memory::open_existing(&path).unwrap().is_none());
    assert!(matches!(Memory::open(&path, Mode::Read), Err(MemoryError::Missing(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_not_ours_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    assert!(matches!(Memory::open(folder.path(), Mode::Write), Err(MemoryError::Folder(_))));
    let refused = |what: &str| {
        let before = fs::read(&path).unwrap();
        let errors = [Mode::Read, Mode::Write].map(|mode| Memory::open(&path, mode).unwrap_err().to_string());
        assert_eq!(fs::read(&path).unwrap(), before, "{what}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{what}: files were left beside it");
        assert_eq!(errors[0], errors[1]);
        errors[0].clone()
    };
    fs::write(&path, "just a text").unwrap();
    assert!(refused("a text").ends_with("x.db: this is not a yaddash memory"));

    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    assert!(refused("a foreign database").ends_with("x.db: this is not a yaddash memory"));

    fs::remove_file(&path).unwrap();
    drop(Memory::open(&path, Mode::Write).unwrap());
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(refused("half a file").contains("damaged: the file is cut short"));

    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99u32.to_be_bytes());
    fs::write(&path, &newer).unwrap();
    assert!(refused("a newer schema").contains("made by a newer yaddash (schema 99; this one knows 4)"));
}

#[test]
fn an_equal_unit_is_not_stored_again() {
    let (_folder, mut memory) = fresh();
    let first = unit("Baku", "Bakı");
    let mut noted = first.clone();
    noted.notes.push(Note { attributes: Vec::new(), text: "capital".into() });
    let (_, added) = add(&mut memory, &[first.clone(), first.clone(), noted.clone()]);
    assert_eq!(added, [Added::New(UnitId(1)), Added::Same(UnitId(1)), Added::New(UnitId(2))]);
    let (_, again) = add(&mut memory, &[noted, first]);
    assert_eq!(again, [Added::Same(UnitId(2)), Added::Same(UnitId(1))]);
    assert_eq!(memory.read().unwrap().history(10).unwrap().len(), 1, "a batch that changed nothing is not kept");
    sound(&memory);
}

#[test]
fn a_higher_state_is_taken_over_and_a_lower_one_not() {
    let (_folder, mut memory) = fresh();
    let state = |state| Unit { state, ..unit("Baku", "Bakı") };
    add(&mut memory, &[state(State::Approved)]);
    add(&mut memory, &[state(State::Pending)]);
    assert_eq!(all(&memory)[0].1.state, State::Approved);
    let (batch, added) = add(&mut memory, &[state(State::Published)]);
    assert_eq!(added, [Added::Same(UnitId(1))]);
    assert_eq!(all(&memory)[0].1.state, State::Published);
    memory.undo(batch, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(all(&memory)[0].1.state, State::Approved);
    sound(&memory);
}

#[test]
fn what_a_job_discards_leaves_nothing() {
    let (_folder, mut memory) = fresh();
    let trial = |batch: &mut Batch<'_>| batch.add(&unit("Baku", "Bakı")).map(Outcome::Discard);
    assert!(matches!(memory.attempt("trial", now(), "me", trial), Ok(Added::New(_))));
    assert_eq!(memory.read().unwrap().status().unwrap().units, 0);
    assert!(memory.read().unwrap().history(10).unwrap().is_empty());
    let earnest = |batch: &mut Batch<'_>| batch.add(&unit("Baku", "Bakı")).map(Outcome::Keep);
    assert!(matches!(memory.attempt("earnest", now(), "me", earnest), Ok(Added::New(_))));
    assert_eq!(memory.read().unwrap().status().unwrap().units, 1);
}

#[test]
fn a_failed_batch_leaves_nothing() {
    let (_folder, mut memory) = fresh();
    let failed = memory.write("test", now(), "me", |batch| {
        batch.add(&unit("Baku", "Bakı"))?;
        batch.add(&Unit { variants: vec![Variant::new(Language::EN, "alone")], ..Unit::default() })
    });
    assert!(matches!(failed, Err(MemoryError::Incomplete(1))));
    assert_eq!(memory.read().unwrap().status().unwrap().units, 0);
    assert!(memory.read().unwrap().history(10).unwrap().is_empty());
}

#[test]
fn sets_replace_their_own_units() {
    let (_folder, mut memory) = fresh();
    add(&mut memory, &[unit("Alone", "Tək")]);
    let set = |fingerprint: &str| StoredSet { name: "004".into(), fingerprint: fingerprint.into(), body: "{}".into() };
    let put = |memory: &mut Memory, fingerprint: &str, units: &[Unit]| {
        memory.write("run", now(), "me", |batch| Ok((batch.id(), batch.put_set(&set(fingerprint), units)?))).unwrap()
    };
    let (a, b, c) = (unit("A", "Ə"), unit("B", "Be"), unit("C", "Ce"));
    let (_, counts) = put(&mut memory, "1", &[a.clone(), b.clone(), a.clone()]);
    assert_eq!(counts, SetCounts { added: 2, ..SetCounts::default() });
    let (_, counts) = put(&mut memory, "1", std::slice::from_ref(&c));
    assert_eq!(counts, SetCounts { kept: 2, ..SetCounts::default() }, "an equal set is not looked into");
    let (batch, counts) = put(&mut memory, "2", &[b.clone(), c.clone()]);
    assert_eq!(counts, SetCounts { added: 1, changed: 0, removed: 1, kept: 1 });
    let texts = |memory: &Memory| {
        let units = memory.read().unwrap().set_units("004").unwrap();
        units.iter().map(|(_, unit)| unit.variants[0].text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&memory), ["B", "C"]);
    let undone = memory.undo(batch, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(undone.conflicts, []);
    assert_eq!(texts(&memory), ["A", "B"]);
    let reader = memory.read().unwrap();
    assert_eq!(reader.set("004").unwrap(), Some(set("1")));
    assert_eq!(reader.sets().unwrap(), [("004".to_owned(), "1".to_owned())]);
    assert_eq!(reader.status().unwrap().units, 3);
    drop(reader);
    // A text that stays keeps its unit's number: what was it before, can be asked.
    let number = |memory: &Memory, text: &str| {
        memory.read().unwrap().set_units("004").unwrap().into_iter().find(|(_, unit)| unit.variants[0].text == text)
    };
    let before = number(&memory, "B").unwrap().0;
    let (_, counts) = put(&mut memory, "3", &[a, unit("B", "Bé"), c]);
    assert_eq!(counts, SetCounts { added: 1, changed: 1, removed: 0, kept: 1 });
    assert_eq!(number(&memory, "B").unwrap().0, before);
    let became = memory.read().unwrap().unit_changes(before).unwrap();
    let target = |unit: &Option<Unit>| unit.as_ref().map(|unit| unit.variants[1].text.clone());
    assert_eq!(
        became.iter().map(|change| (target(&change.before), target(&change.after))).collect::<Vec<_>>(),
        [(None, Some("Be".to_owned())), (Some("Be".to_owned()), Some("Bé".to_owned()))]
    );
    memory.write("drop", now(), "me", |batch| batch.remove_set("004")).unwrap();
    assert_eq!(all(&memory).len(), 1);
    sound(&memory);
}

#[test]
fn any_form_of_a_set_is_found_in_the_history() {
    let (_folder, mut memory) = fresh();
    let long: String = (0..200).map(|n| format!("segment {n}, ")).collect();
    let set = |n: usize| StoredSet { name: "004".into(), fingerprint: "f".into(), body: format!("{long}{n}{long}") };
    let body = |memory: &Memory| memory.read().unwrap().set("004").unwrap().map(|set| set.body.len());
    let mut batches = Vec::new();
    for n in [1, 22, 333] {
        // Twice in one batch: what stood before the first counts.
        let job = |batch: &mut Batch<'_>| {
            batch.put_set(&set(n * 10), &[])?;
            batch.put_set(&set(n), &[])?;
            Ok(batch.id())
        };
        batches.push(memory.write("test", now(), "me", job).unwrap());
    }
    let whole = set(333).body.len();
    let back = |memory: &mut Memory, batch: BatchId| {
        let undone = memory.undo(batch, OnConflict::Keep, now(), "me").unwrap();
        assert_eq!(undone.conflicts, []);
        undone.batch.unwrap()
    };
    let last = back(&mut memory, batches[2]);
    assert_eq!(memory.read().unwrap().set("004").unwrap(), Some(set(22)));
    back(&mut memory, batches[1]);
    assert_eq!(memory.read().unwrap().set("004").unwrap(), Some(set(1)));
    back(&mut memory, last);
    assert_eq!(memory.read().unwrap().set("004").unwrap(), Some(set(333)));
    back(&mut memory, batches[2]);
    back(&mut memory, batches[0]);
    assert_eq!(body(&memory), None);
    let sql = "SELECT total(length(before)) FROM change WHERE kind = 2";
    let size: f64 = memory.db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(size < 2.0 * whole as f64, "{size} for forms of {whole} that differ little");
    sound(&memory);
}

#[test]
fn undo_says_what_it_leaves() {
    let (_folder, mut memory) = fresh();
    let (first, _) = add(&mut memory, &[unit("A", "Ə"), unit("B", "Be")]);
    let edit = memory
        .write("edit", now(), "me", |batch| {
            batch.replace(UnitId(1), &unit("A!", "Ə!"))?;
            Ok(batch.id())
        })
        .unwrap();
    let undone = memory.undo(first, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(undone.restored, 1);
    assert_eq!(undone.conflicts, [Conflict { thing: "unit 1".into(), by: Some(edit) }]);
    assert_eq!(all(&memory).len(), 1);
    // Undo of the undo, then of the edit, then of the first again.
    memory.undo(undone.batch.unwrap(), OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(all(&memory).len(), 2);
    assert_eq!(memory.undo(edit, OnConflict::Keep, now(), "me").unwrap().conflicts, []);
    assert_eq!(all(&memory)[0].1, unit("A", "Ə"));
    assert_eq!(memory.undo(first, OnConflict::Keep, now(), "me").unwrap().restored, 2);
    assert_eq!(all(&memory), []);
    let again = memory.undo(first, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!((again.batch, again.restored), (None, 0));
    assert!(matches!(memory.undo(BatchId(99), OnConflict::Keep, now(), "me"), Err(MemoryError::NoBatch(BatchId(99)))));
    sound(&memory);
}

#[test]
fn parts_of_a_batch_stay_and_are_undone_together() {
    let (_folder, mut memory) = fresh();
    let mut batch = None;
    let part = |memory: &mut Memory, batch: &mut Option<BatchId>, en: &str, az: &str| {
        memory.write_part(batch, "run", now(), "me", |open| open.add(&unit(en, az)))
    };
    memory.write_part(&mut batch, "run", now(), "me", |open| open.put_fact("plan", Some("A, B"))).unwrap();
    assert_eq!(batch, None, "a fact is no change to undo");
    assert_eq!(memory.read().unwrap().fact("plan").unwrap().as_deref(), Some("A, B"));
    part(&mut memory, &mut batch, "A", "Ə").unwrap();
    let first = batch;
    assert!(first.is_some());
    // Another writer comes between, and a part fails.
    add(&mut memory, &[unit("C", "Ce")]);
    let failed = memory.write_part(&mut batch, "run", now(), "me", |open| {
        open.add(&unit("lost", "itkin"))?;
        open.add(&Unit { variants: Vec::new(), ..Unit::default() })
    });
    assert!(failed.is_err() && batch == first);
    part(&mut memory, &mut batch, "B", "Be").unwrap();
    memory.write_part(&mut batch, "run", now(), "me", |open| open.put_fact("plan", None)).unwrap();
    assert_eq!(batch, first);
    assert_eq!(memory.read().unwrap().fact("plan").unwrap(), None);
    let history = memory.read().unwrap().history(9).unwrap();
    let told: Vec<_> = history.iter().map(|info| (info.note.as_str(), info.part_of, info.added)).collect();
    assert_eq!(told, [("run", first, 1), ("test", None, 1), ("run", None, 1)], "the history is in order");
    sound(&memory);
    assert_eq!(memory.undo(first.unwrap(), OnConflict::Keep, now(), "me").unwrap().restored, 2);
    assert_eq!(all(&memory).len(), 1);
    // What is written after that is no part of what was undone.
    part(&mut memory, &mut batch, "D", "De").unwrap();
    assert!(batch > first);
    assert_eq!(memory.undo(batch.unwrap(), OnConflict::Keep, now(), "me").unwrap().restored, 1);
    assert_eq!(all(&memory).len(), 1);
    sound(&memory);
}

#[test]
fn what_sets_taught_is_forgotten_with_them() {
    let (_folder, mut memory) = fresh();
    let learned = |memory: &Memory| memory.read().unwrap().lexicon(Language::EN, Language::AZ).unwrap();
    let set = StoredSet { name: "1".into(), fingerprint: "f".into(), body: "{}".into() };
    let put = |batch: &mut Batch<'_>| {
        batch.put_set(&set, &[unit("A", "Ə")])?;
        batch.put_lexicon(Language::EN, Language::AZ, b"words").map(|()| batch.id())
    };
    let run = memory.write("run", now(), "me", put).unwrap();
    let (import, _) = add(&mut memory, &[unit("B", "Be")]);
    memory.undo(import, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(learned(&memory), Learned::Body(b"words".to_vec()), "units by themselves teach nothing");
    memory.undo_on_trial(run, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(learned(&memory), Learned::Body(b"words".to_vec()));
    memory.undo(run, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(learned(&memory), Learned::Forgotten);
}

#[test]
fn concepts_and_lexicons_come_back() {
    let (_folder, mut memory) = fresh();
    let concept = |id: &str, text: &str| Concept {
        id: id.into(),
        terms: vec![Term {
            grammar: crate::lang::forms::Grammar { forms: vec!["x".into()], ..Default::default() },
            ..Term::new(text, Language::AZ, TermStatus::Preferred)
        }],
        note: Some("n".into()),
        exceptions: vec![(Language::EN, "SMS message".into())],
        ..Concept::default()
    };
    let put = |memory: &mut Memory, concepts: &[Concept]| {
        let job = |batch: &mut Batch<'_>| batch.put_concepts(concepts, "f").map(|()| batch.id());
        memory.write("terms", now(), "me", job).unwrap()
    };
    put(&mut memory, &[concept("b", "Milli Məclis"), concept("a", "Xidmət")]);
    assert_eq!(memory.read().unwrap().concepts_fingerprint().unwrap().as_deref(), Some("f"));
    let second = put(&mut memory, &[concept("b", "Məclis")]);
    assert_eq!(memory.read().unwrap().concepts().unwrap(), [concept("b", "Məclis")]);
    let since = |memory: &Memory, batch: BatchId| memory.read().unwrap().concepts_changed_since(batch).unwrap();
    assert!(since(&memory, BatchId(second.0 - 1)) && !since(&memory, second));
    memory.undo(second, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(memory.read().unwrap().concepts().unwrap(), [concept("b", "Milli Məclis"), concept("a", "Xidmət")]);
    assert!(since(&memory, second));
    memory.write("learn", now(), "me", |batch| batch.put_lexicon(Language::EN, Language::AZ, b"\x01\0")).unwrap();
    let reader = memory.read().unwrap();
    assert_eq!(reader.lexicon(Language::EN, Language::AZ).unwrap(), Learned::Body(b"\x01\0".to_vec()));
    assert_eq!(reader.lexicon(Language::AZ, Language::EN).unwrap(), Learned::Nothing);
}

#[test]
fn rulings_have_their_history() {
    let (_folder, mut memory) = fresh();
    let rule = |memory: &mut Memory, key: &str, body: Option<&str>| {
        let job = |batch: &mut Batch<'_>| batch.rule(About::Finding, key, body).map(|new| (new, batch.id()));
        memory.write("rule", now(), "me", job).unwrap()
    };
    let bodies = |memory: &Memory| -> Vec<(String, String)> {
        let rulings = memory.read().unwrap().rulings(About::Finding).unwrap();
        rulings.into_iter().map(|ruling| (ruling.key, ruling.body)).collect()
    };
    let pair = |key: &str, body: &str| (key.to_owned(), body.to_owned());
    let (new, first) = rule(&mut memory, "b", Some("1"));
    assert!(new);
    assert!(!rule(&mut memory, "b", Some("1")).0, "said before");
    let (_, second) = rule(&mut memory, "b", Some("2"));
    rule(&mut memory, "a", Some("3"));
    assert_eq!(bodies(&memory), [pair("a", "3"), pair("b", "2")]);
    assert_eq!(memory.read().unwrap().rulings(About::Release).unwrap(), [], "findings and releases are apart");
    assert_eq!(memory.read().unwrap().ruling(About::Finding, "b").unwrap().unwrap().batch, second);
    let undone = memory.undo(first, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(undone.conflicts[0].thing, "accepted finding b");
    let undone = memory.undo(second, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(bodies(&memory), [pair("a", "3")], "the first was undone before");
    memory.undo(undone.batch.unwrap(), OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(bodies(&memory), [pair("a", "3"), pair("b", "2")]);
    let changes = memory.read().unwrap().changes(second, 9).unwrap();
    assert_eq!(changes[0].thing, Thing::Ruling(About::Finding, "b".into()));
    let (_, gone) = rule(&mut memory, "a", None);
    assert_eq!(bodies(&memory), [pair("b", "2")]);
    memory.undo(gone, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(bodies(&memory), [pair("a", "3"), pair("b", "2")]);
    sound(&memory);
    memory.db.execute("UPDATE ruling SET body = '4' WHERE key = 'a'", []).unwrap();
    let problems = memory.read().unwrap().check().unwrap().problems;
    assert_eq!(problems, ["what was said of a is not as it was stored"]);
}

#[test]
fn filters_and_status() {
    let (_folder, mut memory) = fresh();
    let mut pending = Unit { state: State::Pending, ..unit("A", "Ə") };
    pending.origin.name = "tmx/a.tmx".into();
    let mut russian = unit("B", "Be");
    russian.variants.push(Variant::new(Language::RU, "Бэ"));
    russian.variants.push(Variant::new(Language::RU, "Б"));
    russian.origin.date = Some("2025-01-01T00:00:00Z".parse().unwrap());
    add(&mut memory, &[pending, russian]);
    let reader = memory.read().unwrap();
    let count = |filter: Filter| {
        let mut count = 0;
        let each = |_, _| {
            count += 1;
            Ok::<_, MemoryError>(())
        };
        reader.units(&filter, each).unwrap();
        count
    };
    assert_eq!(count(Filter::default()), 1);
    assert_eq!(count(Filter { pending: true, ..Filter::default() }), 2);
    assert_eq!(count(Filter { state: Some(State::Pending), ..Filter::default() }), 1);
    assert_eq!(count(Filter { pending: true, origin: Some("tmx/*".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { pending: true, language: Some(Language::RU), ..Filter::default() }), 1);
    assert_eq!(count(Filter { language: Some("tr".parse().unwrap()), ..Filter::default() }), 0);
    let since = Some("2024-12-01T00:00:00Z".parse().unwrap());
    assert_eq!(count(Filter { pending: true, since, ..Filter::default() }), 1);
    let status = reader.status().unwrap();
    assert_eq!((status.units, status.pending, status.schema), (2, 1, SCHEMA));
    assert_eq!(status.variants, BTreeMap::from([(Language::EN, 2), (Language::AZ, 2), (Language::RU, 2)]));
}

#[test]
fn a_backup_is_one_whole_file() {
    let (folder, mut memory) = fresh();
    add(&mut memory, &[unit("A", "Ə")]);
    let to = folder.path().join("copy.db");
    let reader = memory.read().unwrap();
    let mut other = Memory::open(memory.path(), Mode::Write).unwrap();
    add(&mut other, &[unit("B", "Be")]);
    reader.backup(&to, &[]).unwrap();
    drop(reader);
    let copy = Memory::open(&to, Mode::Read).unwrap();
    assert_eq!(all(&copy).len(), 1, "what others wrote meanwhile is not in it");
    sound(&copy);
    assert_eq!(all(&memory).len(), 2);
    assert!(matches!(memory.read().unwrap().backup(folder.path(), &[]), Err(MemoryError::Folder(_))));
}

#[test]
fn many_make_and_write_one_memory_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let path = &path;
            scope.spawn(move || {
                let mut memory = Memory::open(path, Mode::Write).unwrap();
                for number in 0..10 {
                    add(&mut memory, &[unit(&format!("{writer} {number}"), "x")]);
                    let seen = memory.read().unwrap().status().unwrap().units;
                    assert!(seen > number, "one's own writes are seen");
                }
            });
        }
    });
    let memory = Memory::open(&path, Mode::Read).unwrap();
    assert_eq!(all(&memory).len(), 60);
    sound(&memory);
}

#[test]
fn a_check_finds_what_is_wrong() {
    let (_folder, mut memory) = fresh();
    add(&mut memory, &[unit("One", "Bir"), unit("Two", "İki")]);
    memory
        .db
        .execute_batch(
            "PRAGMA foreign_keys = OFF; DELETE FROM variant WHERE unit = 1 AND number = 1;
             UPDATE batch SET added = 7; UPDATE variant SET text = 'Three' WHERE text = 'Two';
             DELETE FROM change WHERE thing = 2;",
        )
        .unwrap();
    let report = memory.read().unwrap().check().unwrap();
    assert_eq!(report.mend, [Mend::Reindex, Mend::Restore]);
    assert_eq!(
        report.problems,
        [
            "batch 1 says another number of units than its history",
            "unit 2 is not in the history of its batch",
            "unit 1 has fewer than two variants",
            "unit 1 is not as it was stored",
            "unit 2 is not as it was stored",
            "batch 1 is not as it was stored",
            "the index does not lead to unit 1 as its texts say",
            "the index does not lead to unit 2 as its texts say",
        ]
    );
}

/// Whatever is changed behind the program's back is found, and what mends it is said.
#[test]
fn each_damage_is_found() {
    let (_folder, mut memory) = fresh();
    let set = StoredSet { name: "004".into(), fingerprint: "f".into(), body: "{}".into() };
    let put = |batch: &mut Batch<'_>| {
        batch.put_set(&set, &[unit("Released", "Yayılıb")])?;
        batch.put_fact("plan", Some("A"))?;
        batch.put_concepts(&[Concept { id: "c1".into(), ..Concept::default() }], "glossary")?;
        batch.put_lexicon(Language::EN, Language::AZ, b"words")
    };
    memory.write("run", now(), "me", put).unwrap();
    add(&mut memory, &[unit("One", "Bir"), unit("Two", "İki")]);
    memory.write("edit", now(), "me", |batch| batch.replace(UnitId(2), &unit("One!", "Bir!"))).unwrap();
    memory.read().unwrap().backup(&memory.path().with_file_name("whole.db"), &[]).unwrap();
    sound(&memory);
    use Mend::{Reindex, Restore};
    for (damage, said, mend) in [
        ("DELETE FROM variant WHERE unit = 3 AND number = 1", "unit 3 has fewer than two variants", Restore),
        ("DELETE FROM unit WHERE id = 3", "points to nothing in `unit`", Restore),
        ("INSERT INTO variant VALUES (99, 0, 1, 'stray', NULL, NULL)", "points to nothing in `unit`", Restore),
        ("UPDATE variant SET text = 'Twice' WHERE unit = 3 AND number = 0", "unit 3 is not as it was stored", Restore),
        ("UPDATE unit SET state = 2 WHERE id = 3", "unit 3 is not as it was stored", Restore),
        ("UPDATE unit SET origin = 'x' WHERE id = 3", "unit 3 is not as it was stored", Restore),
        ("UPDATE unit SET date = date + 1 WHERE id = 3", "unit 3 is not as it was stored", Restore),
        ("UPDATE unit SET extra = '{\"notes\":[{\"text\":\"x\"}]}' WHERE id = 3", "unit 3 is not as it", Restore),
        ("UPDATE unit SET extra = '{' WHERE id = 3", "unit 3 cannot be read", Restore),
        ("UPDATE unit SET state = 7 WHERE id = 3", "unit 3 has an unknown state", Restore),
        ("UPDATE unit SET revision = 1 WHERE id = 3", "unit 3 is not in the history of its batch", Restore),
        ("UPDATE change SET before = replace(before, 'One', 'Two')", "the history of unit 2 in batch 3", Restore),
        ("DELETE FROM change WHERE batch = 3", "batch 3 says another number of units", Restore),
        ("UPDATE batch SET note = 'x' WHERE id = 3", "batch 3 is not as it was stored", Restore),
        ("UPDATE release SET body = '[]'", "set 004 is not as it was stored", Restore),
        ("UPDATE concept SET body = replace(body, 'c1', 'c2')", "concept c1 is not as it was stored", Restore),
        ("UPDATE fact SET value = 'B' WHERE name = 'plan'", "the fact plan is not as it was stored", Restore),
        ("UPDATE lexicon SET body = x'00'", "the lexicon 1-2 is not as it was stored", Restore),
        ("DELETE FROM lists WHERE id = (SELECT max(id) FROM lists)", "1 parts of the index are missing", Reindex),
        ("UPDATE skeletons SET body = x'00' WHERE id = (SELECT min(id) FROM skeletons)", "1 parts of", Reindex),
        ("UPDATE segment SET skeletons = skeletons + 1 WHERE id = 1", "1 parts of the index", Reindex),
        ("DELETE FROM segment WHERE id = 1", "the index does not lead to unit 1", Reindex),
        ("DELETE FROM stale", "the index does not lead to unit 2", Reindex),
        ("UPDATE fact SET value = '0' WHERE name = 'index'", "the index is that of another version", Reindex),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("damaged.db");
        fs::copy(memory.path().with_file_name("whole.db"), &path).unwrap();
        let mut damaged = Memory::open(&path, Mode::Write).unwrap();
        damaged.db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {damage}; PRAGMA foreign_keys = ON")).unwrap();
        // Opening it once more would make the index of another version anew.
        let report = damaged.read().unwrap().check().unwrap();
        assert!(report.problems.iter().any(|problem| problem.contains(said)), "{damage}: {report:?}");
        assert!(report.mend.contains(&mend), "{damage}: {report:?}");
        if mend == Reindex {
            assert_eq!(report.mend, [Reindex], "{damage}");
            damaged.reindex().unwrap();
            sound(&damaged);
        }
    }
}

/// Enough to be merged, changed, taken back, and made anew.
#[test]
fn the_index_is_sound_through_all_that_happens_to_it() {
    let (_folder, mut memory) = fresh();
    let text = |n: usize| format!("Unit {n} of the {} service, {} words", ["first", "second", "third"][n % 3], n % 7);
    let units: Vec<Unit> = (0..6_000).map(|n| unit(&text(n), &format!("vahid {n}"))).collect();
    let (first, _) = add(&mut memory, &units);
    sound(&memory);
    let segments =
        |memory: &Memory| -> i64 { memory.db.query_row("SELECT count(*) FROM segment", [], |row| row.get(0)).unwrap() };
    assert_eq!(segments(&memory), 2, "one a language after a large write");
    for n in 0..40i64 {
        let job = |batch: &mut Batch<'_>| {
            batch.replace(UnitId(n + 1), &unit(&format!("Changed {n}"), "dəyişib"))?;
            batch.remove(UnitId(n + 101))?;
            batch.add(&unit(&format!("Added {n}"), "əlavə"))?;
            // What is added and changed in one batch is in no segment yet.
            let added = batch.add(&unit(&format!("Twice {n}"), "iki dəfə"))?;
            batch.replace(added.id(), &unit(&format!("Thrice {n}"), "üç dəfə"))
        };
        memory.write("one", now(), "me", job).unwrap();
    }
    sound(&memory);
    assert!(segments(&memory) < 2 + 2 * 2 * 8, "small segments are merged");
    let before = all(&memory);
    memory.reindex().unwrap();
    sound(&memory);
    assert_eq!((segments(&memory), all(&memory)), (2, before));
    let undone = memory.undo(first, OnConflict::Keep, now(), "me").unwrap();
    assert_eq!(undone.conflicts.len(), 80, "what was changed since stays");
    sound(&memory);
}

#[test]
fn a_memory_of_the_first_schema_is_brought_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("migrations/0001_units.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO language VALUES (1, 'en'), (2, 'az');
         INSERT INTO batch (id, made, who, note, added) VALUES (1, 0, 'me', 'old', 1);
         INSERT INTO unit (id, revision, hash, state, origin, provenance, date) VALUES (1, 1, 7, 1, 'a.tmx', 1, 0);
         INSERT INTO change VALUES (1, 1, 1, NULL, 1);
         INSERT INTO text VALUES (1, 1, 5, 0, 'Open day'), (2, 2, 6, 0, 'Açıq qapı günü');
         INSERT INTO variant VALUES (1, 0, 1, 'en-GB', NULL), (1, 1, 2, NULL, NULL);
         PRAGMA application_id = 2036425828; PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let memory = Memory::open(&path, Mode::Read).unwrap();
    let units = all(&memory);
    assert_eq!(units.len(), 1);
    let texts: Vec<&str> = units[0].1.variants.iter().map(|variant| variant.text.as_str()).collect();
    assert_eq!((texts, units[0].1.variants[0].tag.as_deref()), (vec!["Open day", "Açıq qapı günü"], Some("en-GB")));
    sound(&memory);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, mut memory) = fresh();
    add(&mut memory, &[unit("A", "Ə")]);
    let path = memory.path().to_owned();
    drop(memory);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    assert!(matches!(Memory::open(&path, Mode::Write), Err(MemoryError::ReadOnly(_))));
    assert_eq!(all(&Memory::open(&path, Mode::Read).unwrap()).len(), 1);
    drop(folder);
}

prop_compose! {
    fn words()(text in "[A-Za-zəşıİ ,.0-9]{0,12}") -> String { text }
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("[a-z-]{1,5}", words()), 0..2)
}

fn props() -> impl Strategy<Value = Vec<Prop>> {
    prop::collection::vec(
        ("[a-z]{1,5}", pairs(), words()).prop_map(|(kind, attributes, value)| Prop { kind, attributes, value }),
        0..2,
    )
}

fn notes() -> impl Strategy<Value = Vec<Note>> {
    prop::collection::vec((pairs(), words()).prop_map(|(attributes, text)| Note { attributes, text }), 0..2)
}

fn codes() -> impl Strategy<Value = Vec<Code>> {
    let kind = prop_oneof![Just(CodeKind::Open), Just(CodeKind::Close), Just(CodeKind::Alone)];
    let code = (0usize..9, kind, "[a-z]{2,3}", pairs(), words())
        .prop_map(|(at, kind, name, attributes, content)| Code { at, kind, name, attributes, content });
    prop::collection::vec(code, 0..2)
}

fn variants() -> impl Strategy<Value = Vec<Variant>> {
    let language =
        prop_oneof![Just(Language::EN), Just(Language::AZ), Just(Language::RU), Just(Language::literal("az-cyrl"))];
    let variant = (language, prop::option::of("[a-zA-Z]{2}-[A-Z]{2}"), words(), codes(), pairs(), props(), notes())
        .prop_map(|(language, tag, text, codes, attributes, props, notes)| Variant {
            language,
            tag,
            text,
            codes,
            attributes,
            props,
            notes,
        });
    prop::collection::vec(variant, 2..5)
}

fn units() -> impl Strategy<Value = Unit> {
    let context = (prop::option::of(words()), prop::option::of(words()), prop::option::of(words()))
        .prop_map(|(previous, next, id)| Context { previous, next, document: None, id });
    let provenance = prop_oneof![Just(Provenance::Release), Just(Provenance::Import), Just(Provenance::Edit)];
    let date = (-300_000_000_000i64..250_000_000_000, 0i32..1_000_000_000)
        .prop_map(|(seconds, fraction)| Timestamp::new(seconds, fraction).unwrap_or(Timestamp::UNIX_EPOCH));
    let origin = (words(), provenance, date, prop::option::of(0f32..1.0))
        .prop_map(|(name, provenance, date, score)| Origin { name, provenance, date: Some(date), score });
    let rest = (prop::option::of(words()), prop::sample::select(&State::ALL[..]), pairs(), props(), notes());
    (variants(), context, origin, rest).prop_map(
        |(variants, context, origin, (tuid, state, attributes, props, notes))| Unit {
            tuid,
            variants,
            context,
            state,
            origin,
            attributes,
            props,
            notes,
        },
    )
}

/// What a run may do; numbers choose among the units or batches there are.
#[derive(Debug, Clone)]
enum Act {
    Add(String),
    Edit(usize, String),
    Remove(usize),
    Undo(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => "[ab]{1,3}".prop_map(Act::Add),
        2 => (0usize..9, "[cd]{1,3}").prop_map(|(at, text)| Act::Edit(at, text)),
        1 => (0usize..9).prop_map(Act::Remove),
        3 => (0usize..9).prop_map(Act::Undo),
    ];
    prop::collection::vec(act, 0..14)
}

/// The memory by the simplest means: all that was ever written, and which batches stand.
#[derive(Default)]
struct Model {
    /// (batch, unit, its text or nothing), in order.
    writes: Vec<(i64, i64, Option<String>)>,
    /// Every batch with the one it undoes.
    batches: BTreeMap<i64, Option<i64>>,
}

impl Model {
    fn write(&mut self, batch: i64, id: i64, text: Option<String>) {
        self.batches.insert(batch, None);
        self.writes.push((batch, id, text));
    }

    fn stands(&self, batch: i64) -> bool {
        !self.batches.iter().any(|(undoing, undoes)| *undoes == Some(batch) && self.stands(*undoing))
    }

    /// What a run of only the batches that stand ends with.
    fn units(&self) -> BTreeMap<i64, String> {
        let mut units = BTreeMap::new();
        for (_, id, text) in self.writes.iter().filter(|(batch, ..)| self.stands(*batch)) {
            match text {
                Some(text) => drop(units.insert(*id, text.clone())),
                None => drop(units.remove(id)),
            }
        }
        units
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn units_come_back_as_they_were(units in prop::collection::vec(units(), 1..5)) {
        let (_folder, mut memory) = fresh();
        let (_, added) = add(&mut memory, &units);
        let reader = memory.read().unwrap();
        for (unit, added) in units.iter().zip(added) {
            if let Added::New(id) = added {
                let mut found = reader.unit(id).unwrap().unwrap();
                if found.state > unit.state {
                    // An equal one came later in a higher state.
                    (found.state, found.origin) = (unit.state, unit.origin.clone());
                }
                prop_assert_eq!(&found, unit);
            }
        }
        prop_assert_eq!(reader.check_thoroughly().unwrap().problems, Vec::<String>::new());
    }

    #[test]
    fn writes_and_undos_end_as_the_run_without_the_undone_ones(acts in acts()) {
        let (_folder, mut memory) = fresh();
        let mut model = Model::default();
        let pick = |keys: Vec<i64>, at: usize| keys.get(at % keys.len().max(1)).copied();
        for act in acts {
            match act {
                Act::Add(text) => {
                    let (batch, added) = add(&mut memory, &[unit(&text, "x")]);
                    if let Added::New(id) = added[0] {
                        model.write(batch.0, id.0, Some(text));
                    }
                }
                Act::Edit(at, text) => {
                    let Some(id) = pick(model.units().keys().copied().collect(), at) else { continue };
                    let job = |batch: &mut Batch<'_>| batch.replace(UnitId(id), &unit(&text, "x")).map(|()| batch.id());
                    let batch = memory.write("edit", now(), "me", job).unwrap();
                    model.write(batch.0, id, Some(text));
                }
                Act::Remove(at) => {
                    let Some(id) = pick(model.units().keys().copied().collect(), at) else { continue };
                    let job = |batch: &mut Batch<'_>| batch.remove(UnitId(id)).map(|()| batch.id());
                    let batch = memory.write("remove", now(), "me", job).unwrap();
                    model.write(batch.0, id, None);
                }
                Act::Undo(at) => {
                    let Some(undone) = pick(model.batches.keys().copied().collect(), at) else { continue };
                    let out = memory.undo(BatchId(undone), OnConflict::Keep, now(), "me").unwrap();
                    prop_assert_eq!(out.batch.is_some(), model.stands(undone));
                    if let Some(batch) = out.batch {
                        model.batches.insert(batch.0, Some(undone));
                    }
                }
            }
            let found: BTreeMap<i64, String> =
                all(&memory).into_iter().map(|(id, unit)| (id.0, unit.variants[0].text.clone())).collect();
            prop_assert_eq!(found, model.units());
        }
        prop_assert_eq!(memory.read().unwrap().check_thoroughly().unwrap().problems, Vec::<String>::new());
    }
}
