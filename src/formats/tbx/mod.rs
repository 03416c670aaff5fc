//! TBX: terms of version 2 (ISO 30042:2008, `martif`, with `tig` and `ntig`) and version 3 (ISO 30042:2019, data
//! categories as attributes or as tags) in, version 2 valid by its core DTD out.
//!
//! | here | in TBX |
//! |---|---|
//! | preferred, admitted | `preferredTerm-admn-sts`, `admittedTerm-admn-sts` |
//! | deprecated (out of use) | `supersededTerm-admn-sts` |
//! | forbidden (wrong) | `deprecatedTerm-admn-sts`, and a note `FORBIDDEN` for tools that show notes only |
//! | abbreviation | `termType` `acronym`; read from `abbreviation` and `initialism` too |
//! | definition, domain | `definition`, `subjectField` of the entry |
//! | proposed, case, no inflection, forms, exceptions, ids that are no XML ids | `x-yaddash-…` of ours |
//!
//! A term without a status is preferred if it is the first of its language, else admitted.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::read;
pub use write::Writer;

use crate::model::Status;

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

const FORBIDDEN: &str = "FORBIDDEN";
