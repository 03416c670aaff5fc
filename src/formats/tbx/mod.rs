//! TBX: terms of version 2 (ISO 30042:2008, `martif`, with `tig` and `ntig`) and version 3 (ISO 30042:2019, data
//! categories as attributes or as tags), in and out. Version 2 goes out valid by its core DTD, version 3 in one of the
//! public dialects.
//!
//! | here | in TBX |
//! |---|---|
//! | preferred, admitted | `preferredTerm-admn-sts`, `admittedTerm-admn-sts` |
//! | deprecated (out of use) | `supersededTerm-admn-sts` |
//! | forbidden (wrong) | `deprecatedTerm-admn-sts`, and a note `FORBIDDEN` for tools that show notes only |
//! | abbreviation | `termType` `acronym`; read from `abbreviation` and `initialism` too |
//! | definition, domains, source | `definition`, `subjectField`, `source` of the entry |
//! | note, source and context of a term | `note`, `source`, `context` of the term |
//! | proposed, dates, case, no inflection, forms, exceptions, ids that are no XML ids | `x-yaddash-…` of ours |
//!
//! A term without a status is preferred if it is the first of its language, else admitted. What is not understood is
//! kept as it is ([`crate::model::Kept`]) and goes out again. Where a dialect has no place for something, it stands in
//! a note, `x-yaddash-status: proposed`, which is read back; so no form loses anything.

mod categories;
mod element;
mod patch;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use patch::{Patch, entries, patched};
pub use read::read;
pub use write::Writer;

use crate::model::Status;

/// Which TBX a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// ISO 30042:2008, what OmegaT and translate-toolkit read.
    V2,
    /// ISO 30042:2019. Without a dialect anything may stand in it.
    V3 { dialect: Option<Dialect>, style: Style },
}

/// The public dialects of version 3; each has what the ones before it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    Core,
    Min,
    Basic,
}

impl Dialect {
    pub const ALL: [Dialect; 3] = [Dialect::Core, Dialect::Min, Dialect::Basic];

    /// As the root element names it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Core => "TBX-Core",
            Dialect::Min => "TBX-Min",
            Dialect::Basic => "TBX-Basic",
        }
    }

    /// The prefix of the data categories it adds.
    fn module(self) -> &'static str {
        if self == Dialect::Min { "min" } else { "basic" }
    }
}

/// Whether data categories are attributes (`<termNote type="partOfSpeech">`) or tags (`<min:partOfSpeech>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Dca,
    Dct,
}

/// The namespaces of the modules, without their prefix.
const MODULES: &str = "http://www.tbxinfo.net/ns/";
const CORE_NAMESPACE: &str = "urn:iso:std:iso:30042:ed-2";

/// The picklist of TBX, and those of other tools that say the same. Compared in lower case without the
/// ending `term-admn-sts`.
const STATUS: &[(&str, Status)] = &[
    ("preferred", Status::Preferred),
    ("standardized", Status::Preferred),
    ("legal", Status::Preferred),
    ("admitted", Status::Admitted),
    ("deprecated", Status::Forbidden),
    ("notrecommended", Status::Forbidden),
    ("forbidden", Status::Forbidden),
    ("superseded", Status::Deprecated),
    ("obsolete", Status::Deprecated),
    ("proposed", Status::Proposed),
];

fn status(value: &str) -> Option<Status> {
    let plain = value.trim().to_ascii_lowercase();
    let plain = plain.strip_suffix("-admn-sts").unwrap_or(&plain);
    let plain = plain.strip_suffix("term").unwrap_or(plain);
    STATUS.iter().find(|(name, _)| *name == plain).map(|(_, status)| *status)
}

/// How TBX itself calls a status; it has no word for one that is only proposed.
fn status_name(status: Status) -> Option<&'static str> {
    match status {
        Status::Preferred => Some("preferredTerm-admn-sts"),
        Status::Admitted => Some("admittedTerm-admn-sts"),
        Status::Deprecated => Some("supersededTerm-admn-sts"),
        Status::Forbidden => Some("deprecatedTerm-admn-sts"),
        Status::Proposed => None,
    }
}

const FORBIDDEN: &str = "FORBIDDEN";
/// What our own data categories begin with.
const OURS: &str = "x-yaddash-";
/// The category under which an element stands that a form has no place for.
const KEPT: &str = "x-yaddash-kept";
