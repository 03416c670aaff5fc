//! Translation units: one meaning in any number of variants, with all that exchange formats say of them.

use crate::lang::Language;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A unit's number in its memory; never used again for another unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub i64);

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How far a unit can be trusted. Later is higher; a lower state never overwrites a higher one in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Aligned below the threshold, or marked fuzzy by its file: never offered unless asked for.
    Pending,
    #[default]
    Imported,
    /// A person said so.
    Approved,
    /// From a release as it went out.
    Published,
}

impl State {
    pub const ALL: [State; 4] = [State::Pending, State::Imported, State::Approved, State::Published];

    pub fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Imported => "imported",
            State::Approved => "approved",
            State::Published => "published",
        }
    }
}

/// A translation unit. Everything a TMX says of a `tu` has a place here, so that it can go out as it came in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unit {
    /// The import's own id: TMX `tuid`, a CSV's column `id`, an XLIFF unit's id.
    pub tuid: Option<String>,
    /// At least two; several of one language are alternatives.
    pub variants: Vec<Variant>,
    pub context: Context,
    pub state: State,
    pub origin: Origin,
    /// Attributes of the `tu` beyond `tuid`, in file order and spelling.
    pub attributes: Vec<(String, String)>,
    pub props: Vec<Prop>,
    pub notes: Vec<Note>,
}

/// One language's text of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub language: Language,
    /// The tag as the file spelled it, where that differs from the canonical one.
    pub tag: Option<String>,
    /// The words, without inline codes.
    pub text: String,
    /// Inline codes in order of their places.
    pub codes: Vec<Code>,
    /// Attributes of the `tuv` beyond its language, in file order and spelling.
    pub attributes: Vec<(String, String)>,
    pub props: Vec<Prop>,
    pub notes: Vec<Note>,
}

impl Variant {
    pub fn new(language: Language, text: impl Into<String>) -> Variant {
        Variant {
            language,
            tag: None,
            text: text.into(),
            codes: Vec::new(),
            attributes: Vec::new(),
            props: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// An inline code: markup that stands at a place in the words without being words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Byte offset in the variant's text; codes at one place keep their order.
    pub at: usize,
    pub kind: CodeKind,
    /// The element as TMX names it: `bpt`, `ept`, `it`, `ph`, `hi`, `ut`.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// The native code between its tags as escaped XML, `sub` elements included.
    pub content: String,
}

impl Code {
    /// What tells it from the other codes of its text, and is the same in a translation: its name, with the number
    /// that TMX (`x`) or XLIFF (`id`) matches codes by.
    pub fn sign(&self) -> String {
        let value =
            |name: &str| self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        code_sign(&self.name, value("x").or_else(|| value("id")))
    }
}

/// See [`Code::sign`].
pub fn code_sign(name: &str, number: Option<&str>) -> String {
    match number {
        Some(number) => format!("{name} {number}"),
        None => name.to_owned(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// Begins a stretch of text that a `Close` of the same name ends (`hi`).
    Open,
    Close,
    /// One element at one place (`bpt`, `ept`, `ph` and the like).
    Alone,
}

/// A named property of a unit or variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prop {
    pub kind: String,
    /// `xml:lang` and `o-encoding`, where given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

/// The neighbours a unit was seen between: what makes a match a context match.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Context {
    /// Source text before and after.
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The document it stands in: a set's name, a file.
    pub document: Option<String>,
    /// An id inside the document (OmegaT's `id`, a software key).
    pub id: Option<String>,
}

/// Where a unit came from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Origin {
    /// The set of a release, or the imported file's name.
    pub name: String,
    pub provenance: Provenance,
    /// When it was made or last changed, as its file says, else when it was stored.
    pub date: Option<Timestamp>,
    /// The aligner's confidence, 0 to 1.
    pub score: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Aligned from a release's documents.
    Release,
    #[default]
    Import,
    /// Written by a person.
    Edit,
}
