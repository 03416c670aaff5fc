//! Old findings: those of an earlier run that are not to be told again.
//!
//! A finding is known by its rule, its file, its concept and its message, which names the marked words, not by its
//! line: text put in above it does not make it new. What was found twice is hidden twice.

use crate::formats::glossary::{self, GlossaryError};
use crate::report::Located;
use serde::Deserialize;
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

/// What tells a finding from others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
struct Key {
    rule: String,
    file: String,
    #[serde(default)]
    concept: Option<String>,
    message: String,
}

/// The findings of an earlier run.
#[derive(Debug, Default)]
pub struct Baseline {
    counts: HashMap<Key, usize>,
}

#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    #[error("{}: {}", .0.display(), crate::app::in_words(.1))]
    Read(PathBuf, io::Error),
    #[error(transparent)]
    Encoding(#[from] GlossaryError),
    #[error("{}:{line}: this is no finding as `check --format jsonl` writes it: {error}", path.display())]
    NoFinding { path: PathBuf, line: usize, error: serde_json::Error },
}

impl Baseline {
    /// Reads what `check --format jsonl` or `--format json` wrote; UTF-16, as some shells redirect, will do too.
    pub fn read(path: &Path) -> Result<Baseline, BaselineError> {
        let bytes = fs::read(path).map_err(|error| BaselineError::Read(path.to_owned(), error))?;
        Baseline::of(path, &bytes)
    }

    fn of(path: &Path, bytes: &[u8]) -> Result<Baseline, BaselineError> {
        #[derive(Deserialize)]
        struct Report {
            findings: Vec<Key>,
        }
        let text = glossary::decoded(&path.display().to_string(), bytes)?;
        let mut out = Baseline::default();
        if let Ok(report) = serde_json::from_str::<Report>(&text) {
            report.findings.into_iter().for_each(|key| out.add(key));
            return Ok(out);
        }
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let key = serde_json::from_str(line);
            let broken = |error| BaselineError::NoFinding { path: path.to_owned(), line: at + 1, error };
            out.add(key.map_err(broken)?);
        }
        Ok(out)
    }

    fn add(&mut self, key: Key) {
        *self.counts.entry(Key { file: plain(&key.file), ..key }).or_default() += 1;
    }

    /// Takes the findings that are old out of `findings`; tells how many.
    pub fn hide(&mut self, findings: &mut Vec<Located>) -> usize {
        let before = findings.len();
        findings.retain(|located| {
            let key = Key {
                rule: located.finding.rule.as_str().to_owned(),
                file: plain(&located.source.name),
                concept: located.finding.concept.clone(),
                message: located.finding.message.clone(),
            };
            match self.counts.get_mut(&key) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    false
                }
                _ => true,
            }
        });
        before - findings.len()
    }
}

/// A file's name without what differs between systems and ways of calling.
fn plain(name: &str) -> String {
    let name = name.replace('\\', "/");
    name.strip_prefix("./").unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        Unwatched,
        check::{Input, Job, check},
    };
    use crate::lang::Language;
    use crate::report::{Form, Options, render};

    fn found(text: &str) -> Vec<Located> {
        let concepts =
            glossary::read("g", b"concept\ten\ten_forbidden\np\tMilli Majlis\tMilli Mejlis\n").unwrap().concepts;
        let inputs = vec![Input::Bytes { name: "a/1.en.txt".to_owned(), bytes: text.as_bytes().to_vec() }];
        check(Job { inputs, concepts, language: Some(Language::EN), ..Job::default() }, &Unwatched).findings
    }

    #[test]
    fn old_findings_are_hidden_wherever_they_moved_to() {
        for form in [Form::Jsonl, Form::Json] {
            let mut old = Vec::new();
            render(&found("The Milli Mejlis met."), form, Options::default(), &mut old).unwrap();
            let utf16: Vec<u8> = [0xff, 0xfe]
                .into_iter()
                .chain(
                    String::from_utf8(old.clone())
                        .unwrap()
                        .replace("a/1", ".\\\\a\\\\1")
                        .encode_utf16()
                        .flat_map(u16::to_le_bytes),
                )
                .collect();
            for bytes in [old, utf16] {
                let mut baseline = Baseline::of(Path::new("old"), &bytes).unwrap();
                let mut new = found("One line more.\n\nThe Milli Mejlis met. The Milli Mejlis sat.");
                assert_eq!((baseline.hide(&mut new), new.len()), (1, 1));
                assert_eq!(new[0].column, 27);
            }
        }
        let error = Baseline::of(Path::new("old.jsonl"), b"\n{\"rule\":1}\n").unwrap_err().to_string();
        assert!(error.starts_with("old.jsonl:2: this is no finding"), "{error}");
    }
}
