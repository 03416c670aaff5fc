//! What a memory bears: being killed at any moment, many at once, a full disk, flipped bytes.

use crate::desk::Desk;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use yaddash::{
    Language, Unit, Variant,
    memory::{Filter, Memory, MemoryError, Mode},
};

/// How many rounds of a campaign; the long ones of `.ci/long` set the variable.
fn rounds(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

/// Numbers that look random and are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % limit.max(1)
    }
}

const FILES: [&str; 3] = ["office.db", "office.db-wal", "office.db-shm"];

fn saved(desk: &Desk) -> Vec<(PathBuf, Vec<u8>)> {
    FILES
        .iter()
        .map(|name| desk.path(name))
        .filter(|path| path.exists())
        .map(|p| (p.clone(), fs::read(p).unwrap()))
        .collect()
}

fn put_back(desk: &Desk, saved: &[(PathBuf, Vec<u8>)]) {
    for name in FILES {
        let _ = fs::remove_file(desk.path(name));
    }
    saved.iter().for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
}

/// All that is in the memory, dates left out: they differ from one run of a job to the next.
fn contents(desk: &Desk) -> Vec<String> {
    let exported = desk.run(&["-m", "office.db", "export", "--as", "jsonl", "--pending"]).ok();
    let mut units: Vec<String> = exported
        .objects()
        .into_iter()
        .map(|mut unit| {
            unit["origin"]["date"] = serde_json::Value::Null;
            unit.to_string()
        })
        .collect();
    units.sort_unstable();
    units
}

/// Every job is killed at moments spread over the time it takes, and each time the memory is sound and is either as it
/// was or as it would be: a job that said it was done was done.
#[test]
fn killed_at_any_moment_a_memory_is_whole() {
    let desk = Desk::with_samples();
    for entry in fs::read_dir(desk.path("releases")).unwrap().flatten() {
        if !entry.file_name().to_str().unwrap().starts_with("00") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    let table = |from: usize, to: usize| -> String {
        let rows =
            (from..to).map(|n| format!("Sentence {} of the office.\tİdarənin {} cümləsi.\tp{n}\n", n / 2, n / 2));
        format!("en\taz\tnote\n{}", rows.collect::<String>())
    };
    desk.put("first.tsv", table(0, 600));
    desk.put("second.tsv", table(600, 1_800));
    desk.run(&["-m", "office.db", "import", "first.tsv", "--no-backup"]).ok();
    // A document for a translator, and the table that came back.
    let document: String = (0..300).map(|n| format!("Visitor {n} came by bus {}.\n\n", n % 9)).collect();
    let table: String =
        (0..300).map(|n| format!("{},Visitor {n} came by bus {}.,Qonaq {n} gəldi.\n", n + 1, n % 9)).collect();
    desk.put("visit.en.txt", &document);
    desk.put("done.csv", format!("id,en,az\n{table}"));
    let start = saved(&desk);
    let jobs: &[&[&str]] = &[
        &["-m", "office.db", "import", "second.tsv"],
        &["-m", "office.db", "memory", "undo"],
        &["-m", "office.db", "memory", "dedupe"],
        &["-m", "office.db", "memory", "delete", "--text", "Sentence 1"],
        &["-m", "office.db", "run", "releases"],
        &["-m", "office.db", "memory", "compact"],
        &["-m", "office.db", "fill", "visit.en.txt", "--to", "az", "-o", "job.xlf"],
        &["-m", "office.db", "fill", "--back", "done.csv", "--source", "visit.en.txt", "-o", "visit.az.txt"],
    ];
    const OUTPUTS: [&str; 2] = ["job.xlf", "visit.az.txt"];
    let outputs = || OUTPUTS.map(|name| fs::read(desk.path(name)).ok());
    let cleared = || OUTPUTS.iter().for_each(|name| drop(fs::remove_file(desk.path(name))));
    let before = contents(&desk);
    let mut random = Random(6);
    let outcomes: Vec<_> = jobs
        .iter()
        .map(|job| {
            put_back(&desk, &start);
            cleared();
            let begun = Instant::now();
            desk.run(job).ok();
            let takes = begun.elapsed();
            (contents(&desk), outputs(), takes)
        })
        .collect();
    assert!(outcomes[6].1[0].is_some() && outcomes[7].1[1].is_some() && outcomes[7].0.len() == before.len() + 300);
    let mut killed = 0;
    for round in 0..rounds("YADDASH_KILL_ROUNDS", 24) {
        let job = jobs[round % jobs.len()];
        let (after, files, takes) = &outcomes[round % jobs.len()];
        put_back(&desk, &start);
        cleared();
        let moment = Duration::from_micros(random.below(takes.as_micros() as u64));
        let begun = Instant::now();
        let at_work = desk.broken_off(job, || begun.elapsed() >= moment);
        killed += usize::from(at_work);
        let check = desk.run(&["-m", "office.db", "memory", "check"]);
        assert_eq!(check.code, 0, "round {round}, {job:?} killed after {moment:?}: {}{}", check.out, check.err);
        let now = contents(&desk);
        let whole = now == *after || at_work && now == before;
        assert!(whole, "round {round}, {job:?} killed after {moment:?}: {} of {} units", now.len(), after.len());
        for (found, want) in outputs().iter().zip(files) {
            assert!(found == want || at_work && found.is_none(), "round {round}, {job:?}: half a file");
        }
    }
    println!("{killed} jobs killed at work");
}

fn unit(en: String, az: String) -> Unit {
    Unit { variants: vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)], ..Unit::default() }
}

/// 25 writers with 40 batches each and 8 readers, each with an own view of the file.
#[test]
fn many_write_and_read_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.db");
    let now = "2024-03-12T10:00:00Z".parse().unwrap();
    let longest = Mutex::new(Duration::ZERO);
    let writing = AtomicBool::new(true);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..25)
            .map(|writer| {
                let (path, longest) = (&path, &longest);
                scope.spawn(move || {
                    let mut memory = Memory::open(path, Mode::Write).unwrap();
                    for n in 0..40 {
                        let begun = Instant::now();
                        let added = memory.write("add", now, "me", |batch| {
                            batch.add(&unit(format!("Writer {writer}, {n}"), format!("Yazan {writer}, {n}")))
                        });
                        added.unwrap();
                        let mut longest = longest.lock().unwrap();
                        *longest = longest.max(begun.elapsed());
                    }
                })
            })
            .collect();
        let readers: Vec<_> = (0..8)
            .map(|reader_number| {
                let (path, writing) = (&path, &writing);
                scope.spawn(move || {
                    let (mut seen, mut copies) = (0, 0);
                    while writing.load(Ordering::Relaxed) {
                        let Some(memory) = Memory::open_existing(path).unwrap() else { continue };
                        let reader = memory.read().unwrap();
                        let mut count = 0;
                        reader
                            .units(&Filter::all(), |_, unit| {
                                assert_eq!(unit.variants.len(), 2);
                                count += 1;
                                Ok::<_, MemoryError>(())
                            })
                            .unwrap();
                        assert_eq!(reader.status().unwrap().units, count);
                        assert!(count >= seen, "nothing is lost");
                        seen = count;
                        if reader_number == 0 && copies < 5 {
                            // A backup is whole while others write.
                            let copy = path.with_file_name(format!("copy-{copies}.db"));
                            reader.backup(&copy, &[]).unwrap();
                            let copy = Memory::open(&copy, Mode::Read).unwrap();
                            assert_eq!(copy.read().unwrap().status().unwrap().units, count);
                            assert_eq!(copy.read().unwrap().check().unwrap().problems, Vec::<String>::new());
                            copies += 1;
                        }
                        thread::sleep(Duration::from_millis(5));
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        writing.store(false, Ordering::Relaxed);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    });
    println!("the longest of 1,000 writes took {:?}", longest.into_inner().unwrap());
    let memory = Memory::open(&path, Mode::Read).unwrap();
    let reader = memory.read().unwrap();
    assert_eq!(reader.status().unwrap().units, 1_000);
    assert_eq!(reader.history(2_000).unwrap().len(), 1_000);
    assert_eq!(reader.check().unwrap().problems, Vec::<String>::new());
}

/// The same with processes, which come and go.
#[test]
fn many_processes_import_at_once() {
    let desk = Desk::new();
    thread::scope(|scope| {
        for writer in 0..10 {
            let desk = &desk;
            scope.spawn(move || {
                for n in 0..4 {
                    let row = format!("en\taz\nWriter {writer}, {n}\tYazan {writer}, {n}\n");
                    desk.run_with(&["-m", "office.db", "import", "-"], &row).ok();
                }
            });
        }
    });
    assert_eq!(contents(&desk).len(), 40);
    desk.run(&["-m", "office.db", "memory", "check"]).ok();
}

/// A limit on the size of files stands for a full disk: every write beyond it fails. The limit is raised in steps, so
/// that it strikes at every stage of the job.
#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_nothing_is_half_done() {
    /// The shell's unit for the limit, in bytes.
    const BLOCK: u64 = 512;
    let desk = Desk::new();
    let rows: String = (0..700).map(|n| format!("Sentence {n} of the office.\tİdarənin {n}-ci cümləsi.\n")).collect();
    desk.put("first.tsv", "en\taz\nOpen day\tAçıq qapı günü\n");
    desk.put("second.tsv", format!("en\taz\n{rows}"));
    desk.run(&["-m", "office.db", "import", "first.tsv"]).ok();
    let start = saved(&desk);
    let before = contents(&desk);
    desk.run(&["-m", "office.db", "import", "second.tsv"]).ok();
    let after = contents(&desk);
    let largest =
        FILES.iter().filter_map(|name| fs::metadata(desk.path(name)).ok()).map(|file| file.len()).max().unwrap();
    let smallest = start.iter().map(|(_, bytes)| bytes.len() as u64).max().unwrap();
    let limited = |limit: u64, arguments: &str| {
        let program = env!("CARGO_BIN_EXE_yaddash");
        // Ignored, the signal becomes an error of the write.
        let script = format!("trap '' XFSZ; ulimit -f {}; exec {program} {arguments}", limit / BLOCK);
        let output =
            Command::new("sh").args(["-c", &script]).current_dir(desk.path("")).stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let steps = rounds("YADDASH_FULL_STEPS", 50) as u64;
    let mut struck = 0;
    for step in 0..steps {
        put_back(&desk, &start);
        let limit = smallest / 2 + (largest + largest / 10) * step / steps;
        let (code, err) = limited(limit, "-m office.db import second.tsv");
        let now = contents(&desk);
        match code {
            Some(0) => assert_eq!(now, after, "limit {limit}"),
            Some(2) => {
                struck += 1;
                assert!(err.contains("error: ") && err.contains("office.db"), "limit {limit}: {err}");
                assert!(!err.contains("panicked"), "{err}");
                assert_eq!(now, before, "limit {limit}: {err}");
            }
            other => panic!("limit {limit}: ended with {other:?}: {err}"),
        }
        desk.run(&["-m", "office.db", "memory", "check"]).ok();
    }
    assert!(struck >= steps as usize / 4, "the limit struck {struck} times");
    // An older output stays whole where the new one does not fit.
    desk.put("out.tmx", "the old file");
    put_back(&desk, &start);
    desk.run(&["-m", "office.db", "import", "second.tsv"]).ok();
    let (code, err) = limited(20 * BLOCK, "-m office.db export -o out.tmx");
    assert_eq!(code, Some(2), "{err}");
    assert_eq!(fs::read_to_string(desk.path("out.tmx")).unwrap(), "the old file");
    assert!(
        !fs::read_dir(desk.path("")).unwrap().flatten().any(|f| f
            .file_name()
            .to_str()
            .unwrap()
            .starts_with(".yaddash"))
    );
}

/// One byte is turned over at places spread over the file. Whatever that changes in what is stored, a check finds.
#[test]
fn a_flipped_byte_is_found_or_changes_nothing() {
    let desk = Desk::with_samples();
    for entry in fs::read_dir(desk.path("releases")).unwrap().flatten() {
        if !entry.file_name().to_str().unwrap().starts_with("00") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    desk.put("a.csv", "en,az,note\nThe centre is open.,Mərkəz açıqdır.,checked\n");
    desk.run(&["-m", "office.db", "run", "releases"]).ok();
    desk.run(&["-m", "office.db", "import", "a.csv"]).ok();
    desk.run(&["-m", "office.db", "memory", "edit", "3", "--set", "az=Başqa söz", "--note", "x"]).ok();
    desk.run(&["-m", "office.db", "memory", "compact"]).ok();
    let whole = fs::read(desk.path("office.db")).unwrap();
    let told = |path: &Path| -> Option<Told> { told(path).ok() };
    let want = told(&desk.path("office.db")).unwrap();
    let mut random = Random(9);
    let (mut found, mut harmless) = (0, 0);
    for _ in 0..rounds("YADDASH_FLIPS", 60) {
        let mut bytes = whole.clone();
        let at = random.below(bytes.len() as u64) as usize;
        bytes[at] ^= 1 << random.below(8);
        fs::write(desk.path("flipped.db"), &bytes).unwrap();
        let _ = fs::remove_file(desk.path("flipped.db-wal"));
        let check = desk.run(&["-m", "flipped.db", "memory", "check"]);
        assert!(!check.err.contains("panicked"), "byte {at}: {}", check.err);
        if check.code == 0 {
            harmless += 1;
            assert_eq!(told(&desk.path("flipped.db")), Some(want.clone()), "byte {at} was changed and nothing said");
        } else {
            assert_eq!(check.code, 2);
            found += 1;
        }
    }
    println!("{found} found, {harmless} harmless");
    assert!(found > harmless, "most of a file is content");
}

type Told = (Vec<String>, Vec<String>, Vec<String>, BTreeMap<String, String>);

/// All that a memory tells: units, batches, what they did, concepts and sets.
fn told(path: &Path) -> Result<Told, MemoryError> {
    let memory = Memory::open(path, Mode::Read)?;
    let reader = memory.read()?;
    let (mut units, mut changes) = (Vec::new(), Vec::new());
    reader.units(&Filter::all(), |id, unit| {
        units.push(format!("{id} {unit:?}"));
        Ok::<_, MemoryError>(())
    })?;
    let history = reader.history(1_000)?;
    for batch in &history {
        changes.extend(reader.changes(batch.id, 10_000)?.iter().map(|change| format!("{change:?}")));
    }
    let history = history.iter().map(|batch| format!("{batch:?}")).collect();
    let mut rest = BTreeMap::new();
    for (name, _) in reader.sets()? {
        rest.insert(name.clone(), format!("{:?}", reader.set(&name)?));
    }
    rest.insert(" concepts".into(), format!("{:?}", reader.concepts()?));
    Ok((units, history, changes, rest))
}
