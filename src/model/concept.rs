//! The termbase: concepts and their terms in any number of languages.

use crate::lang::{Language, forms::Grammar};
use serde::{Deserialize, Serialize};

/// One meaning and the terms for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concept {
    pub id: String,
    pub terms: Vec<Term>,
    pub definition: Option<String>,
    pub domain: Option<String>,
    pub note: Option<String>,
    /// Phrases in which a term's letters mean something else: `SMS message` is not the Service.
    pub exceptions: Vec<(Language, String)>,
    /// Stands in every language as it is written, endings aside: `ASAN Viza`.
    pub do_not_translate: bool,
}

impl Concept {
    /// The term to write in `language`: the first preferred one, else the first admitted one.
    pub fn preferred(&self, language: Language) -> Option<&Term> {
        let of = |status| self.terms.iter().find(move |t| t.language == language && t.status == status);
        of(Status::Preferred).or_else(|| of(Status::Admitted))
    }

    pub fn terms_in(&self, language: Language) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |t| t.language == language)
    }
}

/// How a term may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Proposed,
    Preferred,
    Admitted,
    /// Out of use: a warning.
    Deprecated,
    /// Wrong: an error.
    Forbidden,
}

impl Status {
    pub const ALL: [Status; 5] =
        [Status::Proposed, Status::Preferred, Status::Admitted, Status::Deprecated, Status::Forbidden];

    pub fn as_str(self) -> &'static str {
        match self {
            Status::Proposed => "proposed",
            Status::Preferred => "preferred",
            Status::Admitted => "admitted",
            Status::Deprecated => "deprecated",
            Status::Forbidden => "forbidden",
        }
    }

    /// A translator may write it.
    pub fn approved(self) -> bool {
        matches!(self, Status::Preferred | Status::Admitted)
    }
}

/// One way of saying a concept in one language, in its citation form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub text: String,
    pub language: Language,
    pub status: Status,
    /// An abbreviation that may stand for the long form once it has been introduced: `SMS`, `DMX`, `ГМС`.
    pub abbreviation: bool,
    /// Matched only in its own case.
    pub case_sensitive: bool,
    pub grammar: Grammar,
}

impl Term {
    pub fn new(text: impl Into<String>, language: Language, status: Status) -> Term {
        Term {
            text: text.into(),
            language,
            status,
            abbreviation: false,
            case_sensitive: false,
            grammar: Grammar::default(),
        }
    }
}
