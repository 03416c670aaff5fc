//! XLIFF 1.0 to 1.2 and 2.x in, 1.2 and 2.1 out.
//!
//! A segment with a translation becomes a unit. Suggestions (`alt-trans`, `mtc:match`) never do.
//!
//! | in the file | the unit |
//! |---|---|
//! | `approved="yes"`, `final`, `signed-off`, `reviewed` | approved |
//! | `translated`, or nothing said | imported |
//! | `approved="no"`, `needs-…` but those below, `initial`, a fuzzy or machine-made `state-qualifier` | pending |
//! | `new`, `needs-translation`, `translate="no"`, no target, a copy of the source nobody approved | skipped and named |
//!
//! Where a tool has words of its own for the state (Trados Studio, memoQ, Phrase), those decide.
//!
//! Inline codes come in as TMX has them: `g`, `pc` and `mrk` as `bpt` and `ept`, `x` and `ph` as `ph`, `bx`, `ex`, `sc`,
//! `ec`, `sm` and `em` as `it`; the tag itself is their native code, and goes out again as a tag.
//!
//! A file of this program's export is told by its `original`. Its units have their ids and contexts from what stands
//! beside them, not from their places in the file.

mod codes;
mod inline;
mod read;
mod said;
#[cfg(test)]
mod tests;
mod write;
mod write2;

pub use read::read;
pub use write::Writer;
pub use write2::Writer as Writer2;

use crate::model::{Note, Unit};

/// The `original` of an export.
const EXPORT: &str = "yaddash";
/// Begins the types of contexts that an export of 1.2 keeps of a unit.
const KEPT: &str = "x-yaddash-";
/// Begins the names of properties among what is kept.
const PROP: &str = "prop-";

/// What of a note's attributes is kept.
const NOTE_ATTRIBUTES: &[&str] = &["from", "priority", "annotates", "category", "appliesTo", "xml:lang"];

/// What of a unit's attributes is kept as properties `x-xliff-…`: its name and kind in the program, the room it has. The
/// last two are of the module Size and Length Restriction.
const UNIT_ATTRIBUTES: &[&str] = &[
    "resname",
    "restype",
    "name",
    "type",
    "help-id",
    "extradata",
    "maxwidth",
    "minwidth",
    "maxheight",
    "minheight",
    "maxbytes",
    "minbytes",
    "size-unit",
    "sizeRestriction",
    "storageRestriction",
];

/// What XLIFF has no place of its own for and an export keeps: the context, and properties.
fn kept(unit: &Unit) -> Vec<(String, &str)> {
    let context = &unit.context;
    let places = [
        ("previous", &context.previous),
        ("next", &context.next),
        ("document", &context.document),
        ("id", &context.id),
    ];
    let context = places.into_iter().filter_map(|(kind, value)| Some((kind.to_owned(), value.as_deref()?)));
    let named = unit.props.iter().filter(|prop| !prop.kind.is_empty() && !prop.kind.contains(char::is_whitespace));
    context.chain(named.map(|prop| (format!("{PROP}{}", prop.kind), prop.value.as_str()))).collect()
}

/// An attribute of a note by the first of these names it has, with a value that is allowed.
fn of_note<'n>(note: &'n Note, names: &[&str], allowed: impl Fn(&str) -> bool) -> Option<&'n str> {
    let value = |name: &&str| note.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    names.iter().find_map(value).filter(|value| allowed(value))
}

fn is_priority(value: &str) -> bool {
    value.parse::<u8>().is_ok_and(|n| (1..=10).contains(&n)) && !value.starts_with('+')
}
