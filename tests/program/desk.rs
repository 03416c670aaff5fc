//! The program run in a folder of its own, as a user would.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

pub struct Desk {
    folder: tempfile::TempDir,
}

pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The objects of JSON Lines on standard output.
    pub fn objects(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }

    #[track_caller]
    pub fn ok(self) -> Ended {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Ended with 2, said one `error:` line that holds `message`, and printed nothing.
    #[track_caller]
    pub fn refused(self, message: &str) -> Ended {
        assert_eq!(self.code, 2, "stdout: {}\nstderr: {}", self.out, self.err);
        let errors: Vec<&str> = self.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert!(errors.iter().any(|line| line.contains(message)), "no `{message}` in: {}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A copy of the sample releases and their glossary.
    pub fn with_samples() -> Desk {
        let desk = Desk::new();
        for folder in ["releases", "glossary"] {
            for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
                let entry = entry.unwrap();
                desk.put(&format!("{folder}/{}", entry.file_name().to_str().unwrap()), fs::read(entry.path()).unwrap());
            }
        }
        desk
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    /// The same, started in a folder below.
    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Ended {
        self.started(folder, arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        self.started("", arguments, input)
    }

    /// Starts the program and kills it once `ripe` says so; whether it was still at work then.
    pub fn broken_off(&self, arguments: &[&str], mut ripe: impl FnMut() -> bool) -> bool {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yaddash"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("YADDASH_MEMORY")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while child.try_wait().unwrap().is_none() && !ripe() {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        let at_work = child.try_wait().unwrap().is_none();
        // It may end by itself this very moment.
        let _ = child.kill();
        child.wait().unwrap();
        at_work
    }

    fn started(&self, folder: &str, arguments: &[&str], input: &str) -> Ended {
        let mut child = Command::new(env!("CARGO_BIN_EXE_yaddash"))
            .args(arguments)
            .current_dir(self.folder.path().join(folder))
            .env_remove("YADDASH_MEMORY")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let input = input.to_owned();
        let feed = std::thread::spawn(move || {
            // A command that does not read its input closes the pipe early.
            let _ = std::io::Write::write_all(&mut pipe, input.as_bytes());
        });
        let output = child.wait_with_output().unwrap();
        feed.join().unwrap();
        Ended {
            code: output.status.code().expect("the program was not killed"),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }
}
