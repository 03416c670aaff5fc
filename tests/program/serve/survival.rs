//! What a server bears: being killed while it writes, being told to end while it answers.

use super::{Server, office};
use serde_json::json;
use std::{
    collections::BTreeSet,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};
use yaddash::memory::{Filter, Memory, MemoryError, Mode};

/// Rounds of a campaign, eight writers each; the long ones of `.ci/long` set the variable.
fn rounds() -> usize {
    std::env::var("YADDASH_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(24) / 8
}

/// Every write that was acknowledged is there after the server was killed, and the memory is sound.
#[test]
fn killed_while_it_writes_a_server_loses_nothing_it_acknowledged() {
    let (_folder, memory) = office();
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    for round in 0..rounds().max(2) {
        let mut server = Server::start(&memory, &["--writable"]);
        let killed = AtomicBool::new(false);
        let written: Vec<Vec<String>> = thread::scope(|scope| {
            let writers: Vec<_> = (0..8)
                .map(|writer| {
                    let (server, killed) = (&server, &killed);
                    scope.spawn(move || {
                        let mut written = Vec::new();
                        for n in 0.. {
                            let source = format!("Round {round}, writer {writer}, unit {n}");
                            let done = match n % 2 {
                                0 => {
                                    server.try_post("/api/yaddash/units", &json!({"texts": {"en": source, "az": "x"}}))
                                }
                                _ => {
                                    let body = json!({"source": source, "target": "x"});
                                    server.try_post("/tmserver/en/az/unit/x", &body)
                                }
                            };
                            match done {
                                Some(answer) => {
                                    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                                    written.push(source);
                                }
                                None => {
                                    assert!(killed.load(Ordering::SeqCst), "the server went of itself");
                                    return written;
                                }
                            }
                        }
                        written
                    })
                })
                .collect();
            thread::sleep(Duration::from_millis(80 + 37 * (round as u64 % 12)));
            killed.store(true, Ordering::SeqCst);
            assert!(Command::new("kill").args(["-KILL", &server.pid().to_string()]).status().unwrap().success());
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        server.ended();
        assert!(written.iter().any(|written| !written.is_empty()), "round {round}: nothing was written");
        acknowledged.extend(written.into_iter().flatten());
        let memory = Memory::open(&memory, Mode::Read).unwrap();
        let reader = memory.read().unwrap();
        assert_eq!(reader.check().unwrap().problems, Vec::<String>::new(), "round {round}");
        let mut there = BTreeSet::new();
        reader
            .units(&Filter::all(), |_, unit| {
                assert_eq!(
                    unit.variants.iter().map(|variant| variant.language).collect::<BTreeSet<_>>().len(),
                    unit.variants.len()
                );
                there.insert(unit.variants[0].text.clone());
                Ok::<_, MemoryError>(())
            })
            .unwrap();
        let lost: Vec<&String> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "round {round}: {lost:?}");
    }
    println!("{} writes were acknowledged, all are there", acknowledged.len());
}

/// Told to end, it answers those it has begun to answer, and ends with 0.
#[cfg(unix)]
#[test]
fn told_to_end_it_answers_those_who_asked() {
    for signal in ["-TERM", "-INT"] {
        let (_folder, memory) = office();
        let mut server = Server::start(&memory, &[]);
        let address = server.address;
        let begun = thread::spawn(move || {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let body = json!({"texts": {"en": "The last one", "az": "Sonuncu"}}).to_string();
            let head = format!(
                "POST /api/yaddash/units HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(600));
            stream.write_all(body.as_bytes()).unwrap();
            let mut out = Vec::new();
            let _ = stream.read_to_end(&mut out);
            super::answer(&out)
        });
        thread::sleep(Duration::from_millis(300));
        assert!(Command::new("kill").args([signal, &server.pid().to_string()]).status().unwrap().success());
        let answered = begun.join().unwrap().unwrap_or_else(|| panic!("{signal}: no answer"));
        assert_eq!(answered.status, 201, "{signal}");
        assert_eq!(server.ended(), Some(0), "{signal}");
        assert!(std::net::TcpStream::connect(address).is_err());
        let memory = Memory::open(&memory, Mode::Read).unwrap();
        assert_eq!(memory.read().unwrap().status().unwrap().units, 4);
    }
}
