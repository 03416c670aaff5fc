//! The index of candidates: for each key of a text the texts that hold it.
//!
//! A key is a stem or number class with its language and its occurrence in the text (the second `the` is
//! another key than the first), or the class of the whole text. Keys are hashes: two that meet by chance only
//! make a bound too high, and each candidate is read before it is scored. Postings are written in sorted runs
//! (segments), and runs of one size are merged (a log-structured merge tree, O'Neil et al. 1996), so that an
//! import writes in order and a single unit writes little. Texts are only ever added, so postings never change.

use super::{
    MemoryError,
    hash::StableHash,
    words::{Analyser, Word, WordKind, class},
};
use crate::lang::Language;
use rusqlite::{CachedStatement, Connection, params};
use rustc_hash::FxHashMap;

/// Postings held before they are written: 16 bytes each.
const HELD: usize = 1 << 20;

/// Segments of one size that are merged into the next.
const FAN: usize = 6;

/// That a text holds a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    key: i64,
    bucket: u8,
    text: u32,
    words: u8,
    marks: u8,
}

/// A text the index offers: how many words and numbers and how many punctuation marks it has. 255 stands for
/// 255 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub text: u32,
    pub words: u8,
    pub marks: u8,
}

/// The keys of a text of these words: one an occurrence of each word and number, in order of the words.
pub(crate) fn query_keys(language: Language, words: &[Word]) -> Vec<i64> {
    let mut counts: FxHashMap<i64, u64> = FxHashMap::default();
    words
        .iter()
        .filter(|word| word.kind != WordKind::Punctuation)
        .map(|word| {
            let count = counts.entry(word.key).or_insert(0);
            *count += 1;
            key(language, *count, word.key)
        })
        .collect()
}

/// The key of the class of texts these words belong to.
pub(crate) fn class_key(language: Language, words: &[Word]) -> i64 {
    key(language, 0, class(words))
}

fn key(language: Language, occurrence: u64, of: i64) -> i64 {
    let mut hash = StableHash::new();
    hash.bytes(language.as_str().as_bytes());
    hash.number(occurrence);
    hash.number(of as u64);
    hash.finish()
}

/// How many words and numbers, and how many punctuation marks.
pub(crate) fn size(words: &[Word]) -> (usize, usize) {
    let marks = words.iter().filter(|word| word.kind == WordKind::Punctuation).count();
    (words.len() - marks, marks)
}

/// Texts of like length share a bucket: 0, 1-2, 3-4, 5-8, 9-16 and so on, in words.
pub(crate) fn bucket(words: usize) -> u8 {
    match words.min(255) {
        0 => 0,
        1 => 1,
        n => ((n - 1).ilog2() + 1) as u8,
    }
}

/// Gathers the postings of new texts and writes them in sorted segments.
#[derive(Debug, Default)]
pub(super) struct Builder {
    held: Vec<Posting>,
    analysers: FxHashMap<Language, Analyser>,
}

impl Builder {
    /// Notes the postings of a text; returns how many they are.
    pub fn add(&mut self, db: &Connection, id: i64, language: Language, body: &str) -> Result<usize, MemoryError> {
        let text = u32::try_from(id)
            .map_err(|_| rusqlite::Error::ToSqlConversionFailure("the memory holds no more texts".into()))?;
        let found = self.analysers.entry(language).or_insert_with(|| Analyser::new(language)).words(body);
        let (number, marks) = size(&found);
        let bucket = bucket(number);
        let (words, marks) = (number.min(255) as u8, marks.min(255) as u8);
        let before = self.held.len();
        let posting = |key| Posting { key, bucket, text, words, marks };
        self.held.extend(query_keys(language, &found).into_iter().map(posting));
        self.held.push(posting(class_key(language, &found)));
        let keys = self.held.len() - before;
        if self.held.len() >= HELD {
            self.flush(db)?;
        }
        Ok(keys)
    }

    /// Writes what is held and merges segments where many have gathered.
    pub fn finish(&mut self, db: &Connection) -> Result<(), MemoryError> {
        self.flush(db)
    }

    fn flush(&mut self, db: &Connection) -> Result<(), MemoryError> {
        if self.held.is_empty() {
            return Ok(());
        }
        self.held.sort_unstable();
        let mut writer = Writer::new(db)?;
        for run in self.held.chunk_by(|a, b| (a.key, a.bucket) == (b.key, b.bucket)) {
            writer.row(run)?;
        }
        writer.end(db)?;
        self.held.clear();
        while let Some(segments) = crowded(db)? {
            merge(db, &segments)?;
        }
        Ok(())
    }
}

/// Writes one segment, rows in rising order of key and bucket.
struct Writer<'d> {
    insert: CachedStatement<'d>,
    segment: i64,
    size: usize,
    body: Vec<u8>,
}

impl<'d> Writer<'d> {
    fn new(db: &'d Connection) -> Result<Writer<'d>, MemoryError> {
        let segment = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM segment", [], |row| row.get(0))?;
        let insert = db.prepare_cached("INSERT INTO posting (segment, key, bucket, body) VALUES (?1, ?2, ?3, ?4)")?;
        Ok(Writer { insert, segment, size: 0, body: Vec::new() })
    }

    /// Writes the postings of one key and bucket, in order of their texts.
    fn row(&mut self, run: &[Posting]) -> Result<(), MemoryError> {
        let Some(first) = run.first() else { return Ok(()) };
        self.body.clear();
        let mut last = 0;
        for posting in run {
            put(&mut self.body, posting.text - last);
            self.body.extend([posting.words, posting.marks]);
            last = posting.text;
        }
        self.insert.execute(params![self.segment, first.key, first.bucket, self.body])?;
        self.size += run.len();
        Ok(())
    }

    fn end(self, db: &Connection) -> Result<(), MemoryError> {
        db.prepare_cached("INSERT INTO segment (id, size) VALUES (?1, ?2)")?
            .execute(params![self.segment, self.size as i64])?;
        Ok(())
    }
}

/// A number in seven-bit groups, lowest first, as in Protocol Buffers.
fn put(to: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// The candidates of one row; a body that is cut short ends early.
pub(crate) fn candidates(body: &[u8]) -> impl Iterator<Item = Candidate> + '_ {
    let mut at = 0;
    let mut text = 0u32;
    std::iter::from_fn(move || {
        let mut delta = 0u32;
        let mut shift = 0;
        loop {
            let byte = *body.get(at)?;
            at += 1;
            delta |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                break;
            }
            shift += 7;
        }
        text = text.wrapping_add(delta);
        let (words, marks) = (*body.get(at)?, *body.get(at + 1)?);
        at += 2;
        Some(Candidate { text, words, marks })
    })
}

/// Segments of one size, where there are enough of them to merge.
fn crowded(db: &Connection) -> Result<Option<Vec<i64>>, MemoryError> {
    let mut select = db.prepare_cached("SELECT id, size FROM segment ORDER BY id")?;
    let mut tiers: std::collections::BTreeMap<u32, Vec<i64>> = std::collections::BTreeMap::new();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let size: i64 = row.get(1)?;
        tiers.entry((size.max(1) as u64).ilog(FAN as u64)).or_default().push(row.get(0)?);
    }
    Ok(tiers.into_values().find(|segments| segments.len() >= FAN))
}

/// Merges segments into one, row by row.
fn merge(db: &Connection, segments: &[i64]) -> Result<(), MemoryError> {
    const SCAN: &str = "SELECT key, bucket, body FROM posting WHERE segment = ?1 ORDER BY key, bucket";
    // Each walks its own segment at the same time as the others, so they are separate statements.
    let mut scans = segments.iter().map(|_| db.prepare(SCAN)).collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::new();
    for (scan, segment) in scans.iter_mut().zip(segments) {
        rows.push(scan.query([segment])?);
    }
    let mut heads = Vec::new();
    for rows in &mut rows {
        heads.push(head(rows)?);
    }
    let mut writer = Writer::new(db)?;
    let mut run: Vec<Posting> = Vec::new();
    while let Some(least) = heads.iter().flatten().map(|(key, bucket, _)| (*key, *bucket)).min() {
        run.clear();
        for (head, rows) in heads.iter_mut().zip(&mut rows) {
            if let Some((key, bucket, body)) = head.as_ref().filter(|(key, bucket, _)| (*key, *bucket) == least) {
                run.extend(candidates(body).map(|c| Posting {
                    key: *key,
                    bucket: *bucket,
                    text: c.text,
                    words: c.words,
                    marks: c.marks,
                }));
                *head = self::head(rows)?;
            }
        }
        run.sort_unstable();
        writer.row(&run)?;
    }
    drop(rows);
    writer.end(db)?;
    for segment in segments {
        db.prepare_cached("DELETE FROM posting WHERE segment = ?1")?.execute([segment])?;
        db.prepare_cached("DELETE FROM segment WHERE id = ?1")?.execute([segment])?;
    }
    Ok(())
}

type Head = (i64, u8, Vec<u8>);

fn head(rows: &mut rusqlite::Rows<'_>) -> Result<Option<Head>, MemoryError> {
    Ok(match rows.next()? {
        Some(row) => Some((row.get(0)?, row.get(1)?, row.get(2)?)),
        None => None,
    })
}

/// Whether the postings lead to every text as often as it has keys, and to no other.
pub(super) fn check(db: &Connection, mut problem: impl FnMut(String)) -> Result<(), MemoryError> {
    let texts: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM text", [], |row| row.get(0))?;
    let mut counts = vec![0u32; usize::try_from(texts).unwrap_or(0) + 1];
    let mut select = db.prepare_cached("SELECT body, segment FROM posting")?;
    let mut rows = select.query([])?;
    let mut strays = 0;
    while let Some(row) = rows.next()? {
        for candidate in candidates(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?) {
            match counts.get_mut(candidate.text as usize) {
                Some(count) => *count += 1,
                None => strays += 1,
            }
        }
    }
    if strays > 0 {
        problem(format!("the index leads {strays} times to texts that are not there"));
    }
    let mut select = db.prepare_cached("SELECT id, keys FROM text")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (id, keys): (i64, u32) = (row.get(0)?, row.get(1)?);
        let count = usize::try_from(id).ok().and_then(|id| counts.get(id)).copied().unwrap_or(0);
        if count != keys {
            problem(format!("the index leads {count} times to text {id}, which has {keys} keys"));
        }
    }
    Ok(())
}
