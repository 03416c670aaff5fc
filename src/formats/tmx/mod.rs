//! TMX 1.1 to 1.4b, level 2: every variant, attribute, property, note and inline code, in and out.
//!
//! The standard is TMX 1.4b (LISA OSCAR, 2005). What a unit holds beyond it goes out as properties of ours, all
//! behind one marker, so that our export is read back as it was (see `header` for those of the head):
//!
//! | property | holds |
//! |---|---|
//! | `x-yaddash` | the marker; what follows it is ours. Its words say which fields the unit takes from there (`context`, `date`), and whether `changedate` is ours |
//! | `x-yaddash-state` | `pending`, `approved` or `published`; `imported` is not written |
//! | `x-yaddash-provenance` | `release` or `edit`; `import` is not written |
//! | `x-yaddash-origin` | the set of a release or the imported file's name |
//! | `x-yaddash-score` | the aligner's confidence, 0 to 1 |
//! | `x-yaddash-date` | the unit's date, where its own attributes do not tell it |
//! | `x-yaddash-attribute` | of a unit or variant: the place of an attribute, its name and value, where the standard has it otherwise or not at all |
//! | `x-yaddash-lang` | of a variant: its tag as the file spelled it, where readers do not know it so |
//! | `x-yaddash-said` | of a unit or variant: its notes and properties as JSON, where one has an attribute that the standard has not |
//! | `x-yaddash-codes` | of a variant: its inline codes as JSON, where the standard has no such codes |
//! | `prev`, `next` | the text before and after, as OmegaT names it |
//! | `x-context-pre`, `x-context-post` | the same, as MateCat names it |
//! | `x-yaddash-document`, `x-yaddash-id` | the document and the place in it. OmegaT's own names for them, `file` and `id`, would tie the unit to one place in one of its files |

mod context;
mod header;
mod read;
#[cfg(test)]
mod tests;
mod write;

use crate::model::{Note, Prop};
pub use context::context_of as context;
pub use header::{Encoding, Header, Settings};
pub use read::read;
pub use write::Writer;
pub(super) use write::told_date;

/// Attributes the 1.4 DTD allows on `tu`; `tuv` allows the same but the last three. `tuid` stands apart.
const UNIT_ATTRIBUTES: [&str; 13] = [
    "o-encoding",
    "datatype",
    "usagecount",
    "lastusagedate",
    "creationtool",
    "creationtoolversion",
    "creationdate",
    "creationid",
    "changedate",
    "changeid",
    "o-tmf",
    "segtype",
    "srclang",
];
const VARIANT_ATTRIBUTES: &[&str] = UNIT_ATTRIBUTES.split_at(11).0;
const DATES: [&str; 3] = ["creationdate", "changedate", "lastusagedate"];

/// Properties of ours; see above.
const ATTRIBUTE: &str = "x-yaddash-attribute";
const LANGUAGE: &str = "x-yaddash-lang";
const CODES: &str = "x-yaddash-codes";
const SAID: &str = "x-yaddash-said";
/// Attributes of notes and properties.
const OF_TEXT: [&str; 3] = ["o-encoding", "xml:lang", "lang"];

/// The notes and properties of a unit or variant.
#[derive(serde::Serialize, serde::Deserialize)]
struct Said<'s> {
    notes: std::borrow::Cow<'s, [Note]>,
    props: std::borrow::Cow<'s, [Prop]>,
}

/// Whether readers know a tag of this form: OmegaT takes nothing from a file with `EN_us` or `eng`.
fn plain_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts.next().is_some_and(|first| first.len() == 2 && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| matches!(part.len(), 2..=4) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The date a TMX attribute holds, in the standard's form or one of those met instead of it.
fn date(text: &str) -> Option<jiff::Timestamp> {
    let text = text.trim();
    let basic = text.trim_end_matches("UTC").trim_end_matches('Z');
    let utc = |date: jiff::civil::DateTime| date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp());
    let form = |form: &str| jiff::civil::DateTime::strptime(form, basic).ok().and_then(utc);
    form("%Y%m%dT%H%M%S")
        .or_else(|| text.parse().ok())
        .or_else(|| basic.parse::<jiff::civil::DateTime>().ok().and_then(utc))
        .or_else(|| form("%a %b %e %H:%M:%S %Y"))
}

/// A date as the standard writes it.
pub(super) fn written(date: jiff::Timestamp) -> String {
    date.strftime("%Y%m%dT%H%M%SZ").to_string()
}
