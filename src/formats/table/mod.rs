//! CSV and TSV whose header row has language codes: one unit a row.
//!
//! CSV follows RFC 4180; its delimiter (`,` `;` `|` or a tab) is told by the header row. A table whose header row has
//! tabs and no quote is TSV: one record a line, never quoted. Columns named `id` and `note` hold the unit's id and
//! a note, other columns that name no language are kept as properties.
//!
//! Excel takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Such a cell of a CSV goes out with an
//! apostrophe before it, and comes in without; one that already begins so gets another, so that every text comes
//! back as it was.

mod read;
mod write;

pub use read::{Column, Header, header_of, read};
pub(super) use read::{guess_told, unit};
pub use write::{Form, Writer, head, rows};

/// What Excel would run.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A cell as Excel is to see it.
pub(super) fn guarded(text: &str) -> std::borrow::Cow<'_, str> {
    if is_guarded(text) { format!("'{text}").into() } else { text.into() }
}

fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}
