//! XML 1.0 as a stream of events, within bounds: no DTD is read, no entity beyond the five is known, nothing is
//! fetched, and what is held at a time is one tag and one piece of text.
//!
//! Stricter than most quick readers, because a file with an error must be refused with its place: names of end
//! tags, attributes given twice, `<` in attributes, `]]>` in text, undeclared prefixes, text outside the root.

mod read;
mod write;

pub use read::{Event, Reader};
pub use write::{escape_attribute, escape_text};
