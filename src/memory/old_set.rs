//! Sets as the history keeps them.
//!
//! A review changes a few beads of a set at a time, and each time the whole set is written. So that its history does not
//! grow by all of it with every key, a form that is like the one that came after it is kept as what differs from that.
//! To bring one back, the history is read on to a whole form, at the latest to the present one.

use super::{MemoryError, StoredSet, batch::Kind, seal};
use rusqlite::{Connection, OptionalExtension, params, types::Value};
use serde::{Deserialize, Serialize};

/// A set as it was: whole, or by the form that came after it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OldSet {
    pub revision: i64,
    name: String,
    fingerprint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<Part>,
}

/// What differs: so many bytes at both ends are those of the later form, and this stood between.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    first: usize,
    last: usize,
    between: String,
    /// Of the body.
    seal: i64,
}

impl OldSet {
    pub fn new(revision: i64, set: StoredSet) -> OldSet {
        OldSet { revision, name: set.name, fingerprint: set.fingerprint, body: Some(set.body), part: None }
    }

    /// The set as it was before its body became `after`.
    pub fn before(revision: i64, set: StoredSet, after: Option<&str>) -> OldSet {
        let part = after.and_then(|after| Part::of(&set.body, after));
        OldSet { part: None, ..OldSet::new(revision, set) }.with(part)
    }

    fn with(self, part: Option<Part>) -> OldSet {
        match part {
            Some(part) => OldSet { body: None, part: Some(part), ..self },
            None => self,
        }
    }

    pub fn is_whole(&self) -> bool {
        self.body.is_some()
    }

    /// The whole of it, given what came after; nothing where that is not what it was told by.
    pub fn on(self, after: &str) -> Option<OldSet> {
        let Some(part) = &self.part else { return self.is_whole().then_some(self) };
        let last = after.len().checked_sub(part.last).filter(|last| *last >= part.first)?;
        let body = [after.get(..part.first)?, &part.between, after.get(last..)?].concat();
        (seal::of(&[body.as_bytes()]) == part.seal).then(|| OldSet { body: Some(body), part: None, ..self })
    }

    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    pub fn set(self) -> Option<StoredSet> {
        Some(StoredSet { name: self.name, fingerprint: self.fingerprint, body: self.body? })
    }
}

impl Part {
    /// Nothing where less than half of it is the same.
    fn of(body: &str, after: &str) -> Option<Part> {
        let same = body.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let first = (0..=same).rev().find(|at| body.is_char_boundary(*at))?;
        let (rest, rest_after) = (&body.as_bytes()[first..], &after.as_bytes()[first..]);
        let same = rest.iter().rev().zip(rest_after.iter().rev()).take_while(|(a, b)| a == b).count();
        let end = (body.len() - same..=body.len()).find(|at| body.is_char_boundary(*at))?;
        let between = body[first..end].to_owned();
        let part = Part { first, last: body.len() - end, between, seal: seal::of(&[body.as_bytes()]) };
        (part.between.len() * 2 < body.len()).then_some(part)
    }
}

/// What a set was as `batch` left it: `Some(None)` for nothing; `None` where no change came after it, or the history
/// does not tell.
pub(super) fn form(db: &Connection, name: &Value, batch: i64) -> Result<Option<Option<String>>, MemoryError> {
    let mut select =
        db.prepare_cached("SELECT before FROM change WHERE kind = ?1 AND thing = ?2 AND batch > ?3 ORDER BY batch")?;
    let mut rows = select.query(params![Kind::Set as i64, name, batch])?;
    let mut parts: Vec<OldSet> = Vec::new();
    let mut whole: Option<OldSet> = None;
    while let Some(row) = rows.next()? {
        let before: Option<String> = row.get(0)?;
        let Some(before) = before else { return Ok(parts.is_empty().then_some(None)) };
        let old: OldSet = serde_json::from_str(&before)?;
        if old.is_whole() {
            whole = Some(old);
            break;
        }
        parts.push(old);
    }
    if whole.is_none() {
        if parts.is_empty() {
            return Ok(None);
        }
        let present = db
            .prepare_cached("SELECT name, fingerprint, body, revision FROM release WHERE name = ?1")?
            .query_row([name], |row| Ok(OldSet::new(row.get(3)?, super::reader::read_set(row)?)))
            .optional()?;
        whole = present;
    }
    while let (Some(part), Some(after)) = (parts.pop(), &whole) {
        whole = after.body().and_then(|body| part.on(body));
    }
    Ok(whole.map(|whole| serde_json::to_string(&whole)).transpose()?.map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(body: &str) -> StoredSet {
        StoredSet { name: "001".to_owned(), fingerprint: "f".to_owned(), body: body.to_owned() }
    }

    #[test]
    fn little_is_kept_where_little_differs() {
        let (old, new) = ("{\"beads\":[1,2,3,4,5,6,7,8]}", "{\"beads\":[1,2,34,5,6,7,8]}");
        let kept = OldSet::before(7, set(old), Some(new));
        let json = serde_json::to_string(&kept).unwrap();
        assert!(!kept.is_whole() && json.contains("\"between\":\",\""), "{json}");
        assert!(kept.on("{\"beads\":[1,2,3,4,5,6,7,9]}").is_none(), "another form tells nothing");
        let read: OldSet = serde_json::from_str(&json).unwrap();
        assert_eq!(read.on(new).unwrap().set(), Some(set(old)));
        assert!(OldSet::before(7, set(old), Some("quite another")).is_whole());
        assert!(OldSet::before(7, set(old), None).is_whole());
        // As the history kept them before there were parts.
        let plain = r#"{"revision":3,"name":"001","fingerprint":"f","body":"b"}"#;
        let read: OldSet = serde_json::from_str(plain).unwrap();
        assert_eq!((serde_json::to_string(&read).unwrap().as_str(), read.set()), (plain, Some(set("b"))));
    }

    proptest! {
        #[test]
        fn what_differs_gives_the_whole(start in "[aəя]{0,20}", a in "[aəя]{0,6}", b in "[aəя]{0,6}", end in "[aəя]{0,20}") {
            let (old, new) = (format!("{start}{a}{end}"), format!("{start}{b}{end}"));
            let kept = OldSet::before(1, set(&old), Some(&new));
            prop_assert_eq!(kept.on(&new).and_then(OldSet::set), Some(set(&old)));
        }
    }
}
