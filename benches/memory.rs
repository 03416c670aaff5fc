//! What is done to a memory as a whole, at sizes that tell how its cost grows: `cargo bench --bench memory`.

use divan::Bencher;
use std::path::Path;
use yaddash::{
    Language, Unit, Variant,
    memory::{BatchId, Memory, Mode, OnConflict},
};

fn main() {
    divan::main();
}

fn unit(n: usize) -> Unit {
    // Half of the words are the same in all, half in few.
    let en = format!("Service centre {} of the region {} received {n} visitors in room {}.", n % 97, n % 1_009, n % 7);
    let az = format!("Regionun {} xidmət mərkəzi {} otaq {} üzrə {n} qonaq qəbul edib.", n % 1_009, n % 97, n % 7);
    Unit { variants: vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)], ..Unit::default() }
}

/// A memory of `count` units in one batch.
fn memory(folder: &Path, count: usize) -> (Memory, BatchId) {
    let mut memory = Memory::open(&folder.join("bench.db"), Mode::Write).expect("the memory is made");
    let now = "2024-03-12T10:00:00Z".parse().expect("a date");
    let batch = memory
        .write("bench", now, "bench", |batch| {
            (0..count).try_for_each(|n| batch.add(&unit(n)).map(drop))?;
            Ok(batch.id())
        })
        .expect("the units are stored");
    (memory, batch)
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 3, sample_size = 1)]
fn undoing_an_import(bencher: Bencher, count: usize) {
    let now = "2024-03-12T10:00:00Z".parse().expect("a date");
    bencher
        .with_inputs(|| {
            let folder = tempfile::tempdir().expect("a folder");
            let (memory, batch) = memory(folder.path(), count);
            (folder, memory, batch)
        })
        .bench_local_values(|(folder, mut memory, batch)| {
            memory.undo(batch, OnConflict::Keep, now, "bench").expect("the import is undone");
            (folder, memory)
        });
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5, sample_size = 1)]
fn checking(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (memory, _) = memory(folder.path(), count);
    bencher.bench_local(|| memory.read().and_then(|reader| reader.check()).expect("the memory can be checked"));
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5, sample_size = 1)]
fn backing_up(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (memory, _) = memory(folder.path(), count);
    let copy = folder.path().join("copy.db");
    bencher.bench_local(|| memory.read().and_then(|reader| reader.backup(&copy, &[])).expect("the copy is written"));
}
