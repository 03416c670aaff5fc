//! A crowd at the server: `cargo bench --bench serve`. 50 clients at once put 10,000 questions as CAT tools do, and how
//! long they wait is printed; before that the first page alone.
//!
//! `YADDASH_BENCH_MEMORY` and `YADDASH_BENCH_QUERIES` (a question a line, in English) take the place of the 100,000 made-up
//! units and of questions made from them. `YADDASH_BENCH_IDLE` seconds are waited in the end before the size of the
//! resting server is read.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};
use yaddash::{
    Language, Unit, Variant,
    memory::{Memory, Mode},
};

const CLIENTS: usize = 50;
const QUESTIONS: usize = 10_000;
const UNITS: usize = 100_000;

/// A row of numbers that looks random and is the same each time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % end as u64) as usize
    }
}

/// Words by Zipf's law: the few first ones are most of the text.
fn word(numbers: &mut Numbers) -> String {
    const PARTS: [&str; 12] = ["ba", "ki", "mi", "qra", "si", "ya", "xid", "mət", "ser", "vi", "na", "lo"];
    let bits = 1 + numbers.below(14);
    let mut rank = numbers.below(1 << bits);
    let mut out = String::new();
    loop {
        out.push_str(PARTS[rank % PARTS.len()]);
        rank /= PARTS.len();
        if rank == 0 {
            return out;
        }
    }
}

fn sentence(numbers: &mut Numbers) -> String {
    let length = 4 + numbers.below(24);
    let words: Vec<String> = (0..length).map(|_| word(numbers)).collect();
    words.join(" ") + "."
}

/// A memory of made-up units, and questions that are some of them with a word exchanged.
fn made_up(folder: &Path) -> (PathBuf, Vec<String>) {
    let path = folder.join("bench.db");
    let mut numbers = Numbers(1);
    let mut questions = Vec::new();
    let mut memory = Memory::open(&path, Mode::Write).expect("the folder is writable");
    let stored = memory.write("bench", "2024-03-12T10:00:00Z".parse().expect("a date"), "bench", |batch| {
        for n in 0..UNITS {
            let (en, az) = (sentence(&mut numbers), sentence(&mut numbers));
            if n % 50 == 0 {
                let mut words: Vec<&str> = en.split(' ').collect();
                let at = numbers.below(words.len());
                words[at] = "elsewhere";
                questions.push(words.join(" "));
            }
            let variants = vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)];
            batch.add(&Unit { variants, ..Unit::default() })?;
        }
        Ok(())
    });
    stored.expect("the units are stored");
    (path, questions)
}

struct Server(Child, SocketAddr);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn server(memory: &Path) -> Server {
    let mut run = Command::new(env!("CARGO_BIN_EXE_yaddash"));
    let run = run.arg("--no-config").arg("-m").arg(memory).args(["serve", "--port", "0"]).stderr(Stdio::piped());
    let mut child = run.spawn().expect("the program is there");
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    said.read_line(&mut line).expect("the server names its address");
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    let address = address.parse().expect("an address");
    thread::spawn(move || said.read_to_string(&mut String::new()));
    Server(child, address)
}

/// Megabytes of a process in memory: all, and its own without the pages of files it has mapped.
fn resident(server: &Server) -> Option<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.0.id())).ok()?;
    let of = |name: &str| -> Option<f64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
    };
    Some((of("VmRSS:")?, of("RssAnon:")?))
}

fn quoted(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// Asks over a connection that stays; the body of the answer.
fn ask(stream: &mut BufReader<TcpStream>, host: SocketAddr, path: &str) -> Option<Vec<u8>> {
    let head = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: */*\r\n\r\n");
    stream.get_mut().write_all(head.as_bytes()).ok()?;
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let well = line.contains(" 200 ");
    let mut length = None;
    loop {
        line.clear();
        stream.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut body = vec![0; length?];
    stream.read_exact(&mut body).ok()?;
    well.then_some(body)
}

fn main() {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let (memory, questions) = match env::var_os("YADDASH_BENCH_MEMORY") {
        Some(memory) => {
            let file = env::var_os("YADDASH_BENCH_QUERIES").expect("YADDASH_BENCH_QUERIES names a file");
            let text = fs::read_to_string(file).expect("the file of questions is read");
            (PathBuf::from(memory), text.lines().map(str::to_owned).collect())
        }
        None => made_up(folder.path()),
    };
    let server = server(&memory);
    let connect = || BufReader::new(TcpStream::connect(server.1).expect("the server is there"));

    let (mut first, mut size) = (Duration::MAX, 0);
    let mut alone = connect();
    for n in 0..20 {
        let begun = Instant::now();
        size = ask(&mut alone, server.1, "/").expect("the first page").len();
        if n == 0 {
            println!("first page, the very first time  {:8.1} ms", begun.elapsed().as_secs_f64() * 1e3);
        }
        first = first.min(begun.elapsed());
    }
    println!("first page                       {:8.1} ms, {:.1} KB", first.as_secs_f64() * 1e3, size as f64 / 1e3);
    if let Some((all, own)) = resident(&server) {
        println!("resident before the crowd        {all:8.1} MB ({own:.1} of its own)");
    }

    let (next, failed, found) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = connect();
                    let mut times = Vec::new();
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= QUESTIONS {
                            return times;
                        }
                        let path = format!("/tmserver/en/az/unit/{}", quoted(&questions[n % questions.len()]));
                        let begun = Instant::now();
                        match ask(&mut stream, server.1, &path) {
                            Some(body) => {
                                found.fetch_add(usize::from(body.len() > 2), Ordering::Relaxed);
                            }
                            None => {
                                failed.fetch_add(1, Ordering::Relaxed);
                                stream = connect();
                            }
                        }
                        times.push(begun.elapsed());
                    }
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("a client does not panic")).collect()
    });
    let took = begun.elapsed();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{QUESTIONS} look-ups by {CLIENTS} clients    {:8.1} s, {:.0} a second",
        took.as_secs_f64(),
        QUESTIONS as f64 / took.as_secs_f64()
    );
    println!("p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, longest {:.1} ms", at(0.5), at(0.95), at(0.99), at(1.0));
    println!("{} with a match, {} errors", found.into_inner(), failed.load(Ordering::Relaxed));
    if let Some((all, own)) = resident(&server) {
        println!("resident after it                {all:8.1} MB ({own:.1} of its own)");
    }
    if let Some(seconds) = env::var("YADDASH_BENCH_IDLE").ok().and_then(|seconds| seconds.parse().ok()) {
        thread::sleep(Duration::from_secs(seconds));
        if let Some((all, own)) = resident(&server) {
            println!("resident at rest                 {all:8.1} MB ({own:.1} of its own)");
        }
    }
    assert_eq!(failed.into_inner(), 0, "all were answered");
}
