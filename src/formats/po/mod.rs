//! PO of GNU gettext, in and out.
//!
//! In: what is translated becomes units; fuzzy entries are pending, obsolete and untranslated ones are named and passed
//! over. `msgctxt` is the context's id, the first place of `#:` its document. An entry with plural forms becomes a
//! unit for each form: the form that the number 1 takes is a translation of `msgid`, all others are of `msgid_plural`.
//! What else an entry says stands in properties of its units, so that it can be written again as it was.
//!
//! Out: entries are told apart by `msgctxt` and `msgid`, as gettext does; units that were one entry are one again.

mod plural;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use plural::Plural;
pub use read::read;
pub use write::Writer;

/// Of a plural form of the source: the entry's `msgid`.
const MSGID: &str = "x-po-msgid";
/// Of the singular of an entry with plural forms: its `msgid_plural`.
const MSGID_PLURAL: &str = "x-po-msgid-plural";
/// The `n` of `msgstr[n]`.
const FORM: &str = "x-po-form";
/// The `Plural-Forms` of the file, where they are not those of the language.
const PLURAL_FORMS: &str = "x-po-plural-forms";
/// All lines of `#:`, where there is more than the context's document in them.
const REFERENCES: &str = "x-po-references";
/// The flags but `fuzzy`: `c-format, no-wrap`.
const FLAGS: &str = "x-po-flags";
/// `#|`: what the entry was when a fuzzy translation was made.
const PREVIOUS: [(&str, &str); 3] = [
    ("msgctxt", "x-po-previous-msgctxt"),
    ("msgid", "x-po-previous-msgid"),
    ("msgid_plural", "x-po-previous-msgid-plural"),
];
/// Whom a note is from that stands behind `#.`, in XLIFF's words.
const EXTRACTED: &str = "developer";

/// Marks around a file's name with spaces in `#:`. [GNU gettext 0.22]
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

/// What an escape stands for, and how it is written. Other characters of control are none of a text's.
const ESCAPES: [(char, char); 5] = [('n', '\n'), ('t', '\t'), ('r', '\r'), ('\\', '\\'), ('"', '"')];
