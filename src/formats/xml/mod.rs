//! XML 1.0 as a stream of events, within bounds: no DTD is read, no entity beyond the five is known, nothing is
//! fetched, and what is held at a time is one tag and one piece of text.
//!
//! quick-xml takes the markup apart; [`Reader`] adds what it leaves to its caller:
//!
//! - Text is taken in pieces straight from the stream (`feed`): quick-xml holds text up to the next tag, and a
//!   file may be one segment of 50 MB or an SDLXLIFF with a whole document in its head.
//! - What is open is kept here, with lines, so that a fault says where the element began, and reading can go on
//!   behind a fault (`recover`), where quick-xml's own account would not fit any more.
//! - References are resolved here: quick-xml takes `&#x1F;`, and what may not stand in XML must have its place.
//! - A tag ends before the next `<`, or one missing quote would take in the units that follow.
//! - Names of elements and attributes, `]]>` in text, `--` in comments, what stands outside of the root, space
//!   between attributes: quick-xml lets these pass, and a file with an error must be refused with its place.

mod feed;
mod read;
mod reference;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Event, Reader};
pub use write::{escape_attribute, escape_text};
