//! Who may ask a server of the office: names, roles, and hashes of the tokens they show.
//!
//! A token is shown once, when it is made; the memory keeps its SHA-256 only. A token is 192 bits of chance, so a hash
//! of it needs no salt and no slowness.

use super::terms::hex;
use crate::memory::{About, Batch, BatchId, Memory, MemoryError, Outcome, Reader};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// What somebody may do; each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look things up, check texts.
    Reader,
    /// Add and edit units, go over alignments.
    Translator,
    /// Approve, delete, change terms, import, undo what others did.
    Editor,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Reader, Role::Translator, Role::Editor];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Translator => "translator",
            Role::Editor => "editor",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(name: &str) -> Result<Role, String> {
        let found = Role::ALL.into_iter().find(|role| role.as_str() == name);
        found.ok_or_else(|| format!("`{name}` is no role: reader, translator, editor"))
    }
}

/// Somebody with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub name: String,
    pub role: Role,
    pub token: TokenHash,
    /// The batch that let them in.
    pub batch: BatchId,
}

/// The SHA-256 of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    pub fn of(token: &str) -> TokenHash {
        TokenHash(Sha256::digest(token.as_bytes()).into())
    }

    /// Compares all bytes, whatever they are: how long it takes tells nothing.
    fn is(&self, other: &TokenHash) -> bool {
        self.0.iter().zip(other.0).fold(0, |differing, (own, other)| differing | (own ^ other)) == 0
    }
}

/// What the memory keeps of somebody.
#[derive(Serialize, Deserialize)]
struct Kept {
    role: Role,
    sha256: String,
}

impl Kept {
    fn hash(&self) -> Option<TokenHash> {
        let mut out = [0; 32];
        let digits = self.sha256.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(TokenHash(out))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Memory(#[from] MemoryError),
    #[error("`{0}` is no name: 1 to 60 characters on one line, none of them `:`")]
    Name(String),
    #[error("{name} has a token already, as {}", role.as_str())]
    There { name: String, role: Role },
    #[error("nobody of the name {wanted} has a token{}", known(known_names))]
    Nobody { wanted: String, known_names: Vec<String> },
}

fn known(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("; these have: {}", names.join(", ")) }
}

/// How many random bytes a token is made of.
pub const CHANCE: usize = 24;

/// A token of random bytes; its beginning tells what it is where somebody comes across one.
pub fn token(chance: &[u8; CHANCE]) -> String {
    format!("yaddash-{}", hex(chance))
}

/// All who have a token, by name. What this program does not understand lets nobody in.
pub fn people(reader: &Reader<'_>) -> Result<Vec<Known>, MemoryError> {
    let known = reader.rulings(About::Person)?.into_iter().filter_map(|ruling| {
        let kept: Kept = serde_json::from_str(&ruling.body).ok()?;
        Some(Known { name: ruling.key, role: kept.role, token: kept.hash()?, batch: ruling.batch })
    });
    Ok(known.collect())
}

/// Whose token it is. All are compared, so that the time it takes does not tell who has one.
pub fn whose<'p>(people: &'p [Known], token: &TokenHash) -> Option<&'p Known> {
    people.iter().fold(None, |found, known| if known.token.is(token) { Some(known) } else { found })
}

/// Who lets people in and shuts them out, and when.
#[derive(Debug, Clone, Copy)]
pub struct By<'b> {
    pub who: &'b str,
    pub now: Timestamp,
    /// Tell what would be and store nothing.
    pub dry_run: bool,
}

/// Lets somebody in by a token.
///
/// # Errors
/// A name that has a token, or that is none.
pub fn add(memory: &mut Memory, name: &str, role: Role, token: &str, by: By<'_>) -> Result<(), PeopleError> {
    let fits = (1..=60).contains(&name.chars().count()) && name.trim() == name;
    if !fits || name.chars().any(|c| c.is_control() || c == ':') {
        return Err(PeopleError::Name(name.escape_debug().to_string()));
    }
    let TokenHash(hash) = TokenHash::of(token);
    let kept = Kept { role, sha256: hex(&hash) };
    attempted(memory, &format!("token for {name} ({})", role.as_str()), by, |batch| {
        if let Some(body) = batch.ruling(About::Person, name)? {
            let role = serde_json::from_str::<Kept>(&body)?.role;
            return Ok(Err(PeopleError::There { name: name.to_owned(), role }));
        }
        batch.rule(About::Person, name, Some(&serde_json::to_string(&kept)?)).map(|_| Ok(()))
    })
}

/// Shuts somebody out: the token is worth nothing from now on.
///
/// # Errors
/// A name without a token.
pub fn revoke(memory: &mut Memory, name: &str, by: By<'_>) -> Result<(), PeopleError> {
    let known_names = people(&memory.read()?)?.into_iter().map(|known| known.name).collect();
    attempted(memory, &format!("token of {name} revoked"), by, |batch| {
        Ok(match batch.rule(About::Person, name, None)? {
            true => Ok(()),
            false => Err(PeopleError::Nobody { wanted: name.to_owned(), known_names }),
        })
    })
}

/// One batch, unless the job refuses or it is a trial.
fn attempted(
    memory: &mut Memory,
    note: &str,
    by: By<'_>,
    job: impl FnOnce(&mut Batch<'_>) -> Result<Result<(), PeopleError>, MemoryError>,
) -> Result<(), PeopleError> {
    memory.attempt(note, by.now, by.who, |batch| {
        Ok(match job(batch)? {
            Ok(()) if !by.dry_run => Outcome::Keep(Ok(())),
            done => Outcome::Discard(done),
        })
    })?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Mode;

    const BY: By<'static> = By { who: "root", now: Timestamp::UNIX_EPOCH, dry_run: false };

    fn names(memory: &Memory) -> Vec<(String, Role)> {
        people(&memory.read().unwrap()).unwrap().into_iter().map(|known| (known.name, known.role)).collect()
    }

    #[test]
    fn a_token_lets_in_until_it_is_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
        let (anna, boris) = (token(&[1; CHANCE]), token(&[2; CHANCE]));
        assert_eq!(anna, format!("yaddash-{}", "01".repeat(CHANCE)));
        add(&mut memory, "Anna Məmmədova", Role::Translator, &anna, BY).unwrap();
        add(&mut memory, "Борис", Role::Reader, &boris, By { dry_run: true, ..BY }).unwrap();
        assert_eq!(names(&memory), [("Anna Məmmədova".to_owned(), Role::Translator)], "a trial stores nothing");
        add(&mut memory, "Борис", Role::Editor, &boris, BY).unwrap();
        let all = people(&memory.read().unwrap()).unwrap();
        let name = |token: &str| whose(&all, &TokenHash::of(token)).map(|known| known.name.as_str());
        assert_eq!(name(&anna), Some("Anna Məmmədova"));
        assert_eq!(name(&boris), Some("Борис"));
        for wrong in ["", "Anna Məmmədova", &anna[1..], &format!("{anna} ")] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
        let refused = add(&mut memory, "Борис", Role::Reader, &anna, BY).unwrap_err();
        assert_eq!(refused.to_string(), "Борис has a token already, as editor");
        revoke(&mut memory, "Anna Məmmədova", BY).unwrap();
        let refused = revoke(&mut memory, "Anna Məmmədova", BY).unwrap_err();
        assert_eq!(refused.to_string(), "nobody of the name Anna Məmmədova has a token; these have: Борис");
        assert_eq!(names(&memory), [("Борис".to_owned(), Role::Editor)]);
        let reader = memory.read().unwrap();
        let notes: Vec<String> = reader.history(9).unwrap().into_iter().map(|batch| batch.note).collect();
        let want =
            ["token of Anna Məmmədova revoked", "token for Борис (editor)", "token for Anna Məmmədova (translator)"];
        assert_eq!(notes, want, "refusals and trials leave no batch");
        assert_eq!(reader.check().unwrap().problems, Vec::<String>::new());
    }

    #[test]
    fn the_token_itself_is_nowhere_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let secret = token(&[0xa7; CHANCE]);
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        add(&mut memory, "anna", Role::Editor, &secret, BY).unwrap();
        revoke(&mut memory, "anna", BY).unwrap();
        drop(memory);
        for name in ["m.db", "m.db-wal"] {
            let bytes = std::fs::read(folder.path().join(name)).unwrap_or_default();
            assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{name}");
            assert!(memchr::memmem::find(&bytes, &secret.as_bytes()[8..]).is_none(), "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), Mode::Write).unwrap();
        for name in ["", " ", " anna", "anna ", "an\nna", "a:b", &"x".repeat(61)] {
            let refused = add(&mut memory, name, Role::Reader, "t", BY);
            assert!(matches!(refused, Err(PeopleError::Name(_))), "{name:?}");
        }
        assert_eq!(names(&memory), []);
    }

    #[test]
    fn another_memory_brings_no_people_along() {
        let folder = tempfile::tempdir().unwrap();
        let mut ours = Memory::open(&folder.path().join("a.db"), Mode::Write).unwrap();
        let mut theirs = Memory::open(&folder.path().join("b.db"), Mode::Write).unwrap();
        add(&mut theirs, "anna", Role::Editor, "secret", BY).unwrap();
        let job = crate::app::upkeep::Job {
            note: "merge",
            who: "root",
            now: Timestamp::UNIX_EPOCH,
            dry_run: false,
            watch: &crate::app::Unwatched,
        };
        crate::app::upkeep::merge(&mut ours, theirs.path(), &job).unwrap();
        assert_eq!(names(&ours), []);
    }
}
