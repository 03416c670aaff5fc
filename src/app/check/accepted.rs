//! Findings that people let stand: each has an id that stays while its sentence does, and the memory keeps who let
//! it stand, when and why.
//!
//! An id is a hash of the rule, the language, the concept, the marked words and the sentence, white space folded, and
//! of how many equal findings stand before it in the document. Lines and names of files are not in it, so it is the
//! same on the next run, after text was put in above, and in a file that was moved. 32 bits are enough to name a
//! finding among some thousands; what was let stand is compared word by word as well, so that two findings that
//! happen to share an id are not taken for one another.

use crate::app::{sets, terms::hex};
use crate::lang::Language;
use crate::memory::{About, Batch, BatchId, Memory, MemoryError, Outcome, Reader};
use crate::model::{Bitext, Rule};
use crate::report::{Accepted, Located};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

/// Digits of an id.
const DIGITS: usize = 8;

/// A finding let stand, as the memory keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub rule: Rule,
    pub language: Language,
    pub concept: Option<String>,
    /// The marked words, and the sentence they stand in.
    pub marked: String,
    pub text: String,
    pub message: String,
    /// The file it was found in.
    pub file: String,
    pub reason: String,
    pub who: String,
    pub date: Timestamp,
}

/// Gives the findings of a document or bitext their ids and sentences.
pub(super) fn identify(found: &mut [Located], bitext: &Bitext) {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|at| (found[*at].byte_start, found[*at].byte_end));
    let mut seen: HashMap<[u8; 32], usize> = HashMap::new();
    for at in order {
        let located = &mut found[at];
        let place = located.finding.place;
        let segments = bitext.texts.get(&place.language).map_or(&[][..], Vec::as_slice);
        let segment = segments.get(segments.partition_point(|segment| segment.span.end <= place.span.start));
        located.sentence = segment.map(|s| s.span).filter(|span| span.start <= place.span.start);
        let base = base(located);
        let count = seen.entry(base).or_default();
        let mut hash = Sha256::new();
        hash.update(base);
        hash.update(count.to_le_bytes().get(..4).unwrap_or_default());
        *count += 1;
        located.id = hex(&hash.finalize()[..DIGITS / 2]);
    }
}

/// What makes a finding what it is.
fn base(located: &Located) -> [u8; 32] {
    let mut hash = Sha256::new();
    let concept = located.finding.concept.as_deref().unwrap_or_default();
    let parts = [located.finding.rule.as_str(), located.finding.place.language.as_str(), concept];
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    for part in [located.surface(), located.sentence_text()] {
        hash.update(folded(part));
        hash.update([0]);
    }
    hash.finalize().into()
}

/// `text` with each run of white space as one space.
fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// What people let stand, by id.
#[derive(Debug, Default)]
pub struct Decisions {
    by_id: HashMap<String, (Decision, Arc<Accepted>)>,
}

impl Decisions {
    /// What the memory keeps of them.
    ///
    /// # Errors
    /// What the memory refuses.
    pub fn of(reader: &Reader<'_>) -> Result<Decisions, MemoryError> {
        let by_id = decisions(reader)?.into_iter().map(|(id, decision, _)| {
            let Decision { reason, who, date, .. } = decision.clone();
            (id, (decision, Arc::new(Accepted { reason, who, date })))
        });
        Ok(Decisions { by_id: by_id.collect() })
    }

    /// The same of the memory at `path`; none where there is no memory.
    ///
    /// # Errors
    /// As for [`Decisions::of`].
    pub fn at(path: &Path) -> Result<Decisions, MemoryError> {
        match Memory::open_existing(path)? {
            Some(memory) => Decisions::of(&memory.read()?),
            None => Ok(Decisions::default()),
        }
    }

    /// Marks the findings that are let stand.
    pub fn mark(&self, found: &mut [Located]) {
        if self.by_id.is_empty() {
            return;
        }
        for located in found {
            if let Some((decision, accepted)) = self.by_id.get(&located.id)
                && decision.is_about(located)
            {
                located.accepted = Some(Arc::clone(accepted));
            }
        }
    }
}

impl Decision {
    fn of(located: &Located, reason: &str, who: &str, date: Timestamp) -> Decision {
        Decision {
            rule: located.finding.rule,
            language: located.finding.place.language,
            concept: located.finding.concept.clone(),
            marked: located.surface().to_owned(),
            text: located.sentence_text().to_owned(),
            message: located.finding.message.clone(),
            file: located.source.name.clone(),
            reason: reason.to_owned(),
            who: who.to_owned(),
            date,
        }
    }

    /// Whether this finding is the one that was let stand.
    pub fn is_about(&self, located: &Located) -> bool {
        self.rule == located.finding.rule
            && self.language == located.finding.place.language
            && self.concept == located.finding.concept
            && folded(&self.marked) == folded(located.surface())
            && folded(&self.text) == folded(located.sentence_text())
    }
}

/// All that is let stand, with the batch it was decided in, by date. What another version wrote may not be readable:
/// that is left out.
///
/// # Errors
/// What the memory refuses.
pub fn decisions(reader: &Reader<'_>) -> Result<Vec<(String, Decision, BatchId)>, MemoryError> {
    let read = reader.rulings(About::Finding)?.into_iter();
    let read = read.filter_map(|ruling| Some((ruling.key, serde_json::from_str(&ruling.body).ok()?, ruling.batch)));
    let mut out: Vec<(String, Decision, BatchId)> = read.collect();
    out.sort_by(|a, b| (a.1.date, &a.0).cmp(&(b.1.date, &b.0)));
    Ok(out)
}

/// How a person names a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Id(String),
    /// `FILE:LINE` or `FILE:LINE:COLUMN`.
    Place {
        file: PathBuf,
        line: usize,
        column: Option<usize>,
    },
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Named::Id(id) => f.write_str(id),
            Named::Place { file, line, column: None } => write!(f, "{}:{line}", file.display()),
            Named::Place { file, line, column: Some(column) } => write!(f, "{}:{line}:{column}", file.display()),
        }
    }
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Named, String> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Named::Id(text.to_ascii_lowercase()));
        }
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
        let split = |text: &str| text.rsplit_once(':').and_then(|(head, last)| Some((head.to_owned(), number(last)?)));
        let place = split(text).map(|(head, last)| match split(&head) {
            Some((file, line)) => Named::Place { file: file.into(), line, column: Some(last) },
            None => Named::Place { file: head.into(), line: last, column: None },
        });
        place.ok_or_else(|| "a finding is named by its id (eight hexadecimal digits) or FILE:LINE:COLUMN".to_owned())
    }
}

impl Named {
    /// The findings it names.
    pub fn among<'f>(&self, found: &'f [Located]) -> Vec<&'f Located> {
        let plain = |name: &str| name.replace('\\', "/").trim_start_matches("./").to_owned();
        let is_it = |located: &&Located| match self {
            Named::Id(id) => located.id == *id,
            Named::Place { file, line, column } => {
                located.line == *line
                    && column.is_none_or(|column| located.column == column)
                    && plain(&located.source.name) == plain(&file.to_string_lossy())
            }
        };
        found.iter().filter(is_it).collect()
    }

    /// What to look through for it where nobody said: the files of its set.
    pub fn files(&self) -> Vec<PathBuf> {
        let Named::Place { file, .. } = self else { return Vec::new() };
        let Some((stem, _)) = sets::named(file) else { return vec![file.clone()] };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let listed = |folder: &Path| -> Vec<PathBuf> {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
        };
        // `LANG/STEM.EXT` has its counterparts in the folders beside its own.
        let beside = std::fs::read_dir(folder.join("..")).into_iter().flatten().flatten().map(|entry| entry.path());
        let beside = beside.filter(|path| path.is_dir()).map(|path| {
            let above = folder.parent().unwrap_or(Path::new(""));
            path.file_name().map_or_else(|| path.clone(), |name| above.join(name))
        });
        let all = listed(folder).into_iter().chain(beside.flat_map(|folder| listed(&folder)));
        let plain = |path: &Path| path.strip_prefix("./").unwrap_or(path).to_owned();
        let same = |path: &PathBuf| sets::named(path).is_some_and(|(other, _)| plain(&other) == plain(&stem));
        let mut files: Vec<PathBuf> = all.map(|path| plain(&path)).filter(same).collect();
        files.push(plain(file));
        files.sort();
        files.dedup();
        files
    }
}

/// Who decides, when, and whether it is a trial.
#[derive(Debug, Clone, Copy)]
pub struct By<'b> {
    pub who: &'b str,
    pub now: Timestamp,
    pub dry_run: bool,
}

/// Lets findings stand for a reason: one batch. How many are new or have another reason now.
///
/// # Errors
/// What the memory refuses.
pub fn accept(
    memory: &mut Memory,
    found: &[&Located],
    reason: &str,
    by: By<'_>,
) -> Result<(usize, Option<BatchId>), MemoryError> {
    let wanted: BTreeMap<&str, &Located> = found.iter().map(|located| (located.id.as_str(), *located)).collect();
    let ids: Vec<&str> = wanted.keys().copied().collect();
    decided(memory, &format!("check accept {}", ids.join(" ")), by, |batch| {
        let mut done = 0;
        for (id, located) in &wanted {
            let same = |old: Decision| old.reason == reason && old.is_about(located);
            let old = batch.ruling(About::Finding, id)?;
            if old.and_then(|old| serde_json::from_str(&old).ok()).is_some_and(same) {
                continue;
            }
            let decision = Decision::of(located, reason, by.who, by.now);
            done += usize::from(batch.rule(About::Finding, id, Some(&serde_json::to_string(&decision)?))?);
        }
        Ok(done)
    })
}

/// Takes back what was let stand: one batch. How many there were.
///
/// # Errors
/// What the memory refuses.
pub fn revoke(memory: &mut Memory, ids: &[String], by: By<'_>) -> Result<(usize, Option<BatchId>), MemoryError> {
    decided(memory, &format!("check revoke {}", ids.join(" ")), by, |batch| {
        let mut done = 0;
        for id in ids {
            done += usize::from(batch.rule(About::Finding, id, None)?);
        }
        Ok(done)
    })
}

fn decided(
    memory: &mut Memory,
    note: &str,
    by: By<'_>,
    job: impl FnOnce(&mut Batch<'_>) -> Result<usize, MemoryError>,
) -> Result<(usize, Option<BatchId>), MemoryError> {
    memory.attempt(note, by.now, by.who, |batch| {
        let done = job(batch)?;
        let id = batch.id();
        Ok(match by.dry_run {
            true => Outcome::Discard((done, None)),
            false => Outcome::Keep((done, Some(id).filter(|_| done > 0))),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        Unwatched,
        check::{Input, Job, check},
    };
    use crate::formats::glossary;
    use crate::memory::{Mode, OnConflict};

    fn found(name: &str, text: &str) -> Vec<Located> {
        let concepts =
            glossary::read("g", b"concept\ten\ten_forbidden\np\tMilli Majlis\tMilli Mejlis\n").unwrap().concepts;
        let inputs = vec![Input::Bytes { name: name.to_owned(), bytes: text.as_bytes().to_vec() }];
        check(Job { inputs, concepts, language: Some(Language::EN), ..Job::default() }, &Unwatched).findings
    }

    fn ids(found: &[Located]) -> Vec<String> {
        found.iter().map(|located| located.id.clone()).collect()
    }

    #[test]
    fn an_id_stays_while_its_sentence_does() {
        let first = ids(&found("a/1.en.txt", "The Milli Mejlis met today.\n"));
        assert_eq!(first[0].len(), DIGITS);
        // Elsewhere, further down, with other spaces, and with a byte order mark.
        for text in [
            "\u{feff}The Milli Mejlis met today.\n",
            "A new line.\n\nThe Milli Mejlis met today.\n",
            "The Milli\u{a0}Mejlis met  today.\n",
        ] {
            assert_eq!(ids(&found("b/9.en.txt", text)), first, "{text}");
        }
        let other = ids(&found("a/1.en.txt", "The Milli Mejlis met yesterday.\n"));
        assert_ne!(other, first);
        let twice = ids(&found("a/1.en.txt", "The Milli Mejlis met today.\n\nThe Milli Mejlis met today.\n"));
        assert_eq!(twice[0], first[0]);
        assert_ne!(twice[1], first[0], "equal ones in one document are told apart");
    }

    #[test]
    fn findings_are_named_by_id_or_place() {
        assert_eq!("3FA9C1D2".parse(), Ok(Named::Id("3fa9c1d2".into())));
        let place = |file: &str, line, column| Ok(Named::Place { file: file.into(), line, column });
        assert_eq!("a b/1.en.txt:3:5".parse(), place("a b/1.en.txt", 3, Some(5)));
        assert_eq!("C:\\1.txt:3".parse(), place("C:\\1.txt", 3, None));
        for wrong in ["", "3fa9c1d", "1.txt", "1.txt:0", "1.txt:x:y"] {
            assert!(wrong.parse::<Named>().is_err(), "{wrong}");
        }
        let found = found("a/1.en.txt", "The Milli Mejlis met.\n");
        for name in ["./a/1.en.txt:1:5", "a\\1.en.txt:1", &found[0].id] {
            assert_eq!(name.parse::<Named>().unwrap().among(&found).len(), 1, "{name}");
        }
        assert_eq!("a/1.en.txt:1:4".parse::<Named>().unwrap().among(&found).len(), 0);
    }

    #[test]
    fn what_is_let_stand_is_marked_until_it_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let now = "2026-03-01T10:00:00Z".parse().unwrap();
        let by = By { who: "leyla", now, dry_run: false };
        let mut all = found("a.en.txt", "The Milli Mejlis met. The Milli Mejlis sat.");
        assert_eq!(
            accept(&mut memory, &[&all[0]], "a title", By { dry_run: true, ..by }).unwrap(),
            (1, None),
            "a trial leaves nothing"
        );
        assert_eq!(decisions(&memory.read().unwrap()).unwrap(), []);
        let (done, batch) = accept(&mut memory, &[&all[0]], "a title", by).unwrap();
        assert_eq!(done, 1);
        assert_eq!(accept(&mut memory, &[&all[0]], "a title", by).unwrap(), (0, None), "said before");
        Decisions::at(&path).unwrap().mark(&mut all);
        assert_eq!(all[0].accepted.as_ref().unwrap().reason, "a title");
        assert_eq!(all[1].accepted, None);
        // Another finding that happens to have the same id is not let stand.
        let mut other = found("a.en.txt", "The Milli Mejlis left.");
        other[0].id = all[0].id.clone();
        Decisions::at(&path).unwrap().mark(&mut other);
        assert_eq!(other[0].accepted, None);

        let id = vec![all[0].id.clone()];
        assert_eq!(revoke(&mut memory, &id, by).unwrap().0, 1);
        assert_eq!(revoke(&mut memory, &id, by).unwrap(), (0, None));
        memory.undo(batch.unwrap(), OnConflict::Keep, now, "x").unwrap();
        assert_eq!(decisions(&memory.read().unwrap()).unwrap(), []);
        assert!(memory.read().unwrap().check().unwrap().sound());
    }
}
