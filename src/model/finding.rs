//! What a check found: data, shown by `report`.

use super::UnitId;
use crate::{lang::Language, text::Span};
use serde::{Deserialize, Serialize};

/// One remark of one rule at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub rule: Rule,
    pub level: Level,
    /// One line, backticks round values.
    pub message: String,
    pub place: Place,
    /// The concept's id, for rules about terms.
    pub concept: Option<String>,
    /// The term in its citation form that the finding is about.
    pub term: Option<String>,
    pub unit: Option<UnitId>,
    pub fix: Option<Fix>,
    /// Lines of explanation under the marked text: the concept's terms, where else the form stands.
    pub notes: Vec<String>,
}

/// A stretch of the text of one language of the bitext that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub language: Language,
    /// In the text of that language's document.
    pub span: Span,
}

/// What to write instead of the marked text (or, for a missing term, the term to put in).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub text: String,
    /// The inflected form is sure, not a proposal to be looked at.
    pub certain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// The rules, by the names findings carry. What each finds, why it matters and its examples stand in
/// `terms::rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    ForbiddenTerm,
    DeprecatedTerm,
    MissingTerm,
    WrongTerm,
    TermCount,
    ExtraTerm,
    TermForm,
    TermCase,
    AcronymUndefined,
    NameDrift,
    MixedScript,
    GluedWords,
}

impl Rule {
    pub const ALL: [Rule; 12] = [
        Rule::ForbiddenTerm,
        Rule::DeprecatedTerm,
        Rule::MissingTerm,
        Rule::WrongTerm,
        Rule::TermCount,
        Rule::ExtraTerm,
        Rule::TermForm,
        Rule::TermCase,
        Rule::AcronymUndefined,
        Rule::NameDrift,
        Rule::MixedScript,
        Rule::GluedWords,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Rule::ForbiddenTerm => "forbidden-term",
            Rule::DeprecatedTerm => "deprecated-term",
            Rule::MissingTerm => "missing-term",
            Rule::WrongTerm => "wrong-term",
            Rule::TermCount => "term-count",
            Rule::ExtraTerm => "extra-term",
            Rule::TermForm => "term-form",
            Rule::TermCase => "term-case",
            Rule::AcronymUndefined => "acronym-undefined",
            Rule::NameDrift => "name-drift",
            Rule::MixedScript => "mixed-script",
            Rule::GluedWords => "glued-words",
        }
    }

    /// Whether it looks for terms, and so finds nothing without a glossary.
    pub fn needs_terms(self) -> bool {
        !matches!(self, Rule::NameDrift | Rule::MixedScript | Rule::GluedWords)
    }
}
