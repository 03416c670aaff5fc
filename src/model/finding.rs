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

impl Finding {
    /// A finding about the text at `span`, with no more to say.
    pub fn new(rule: Rule, level: Level, language: Language, span: Span, message: String) -> Finding {
        Finding {
            rule,
            level,
            message,
            place: Place { language, span },
            concept: None,
            term: None,
            unit: None,
            fix: None,
            notes: Vec::new(),
        }
    }
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

/// Names the rules once: the variant, and what findings and users call it.
macro_rules! named {
    ($($rule:ident = $name:literal,)*) => {
        /// The rules, by the names findings carry. What each finds, why it matters and its examples stand in
        /// `rules`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $(#[serde(rename = $name)] $rule,)*
        }

        impl Rule {
            pub const ALL: [Rule; [$($name),*].len()] = [$(Rule::$rule),*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Rule::$rule => $name,)*
                }
            }
        }
    };
}

named! {
    ForbiddenTerm = "forbidden-term",
    DeprecatedTerm = "deprecated-term",
    MissingTerm = "missing-term",
    WrongTerm = "wrong-term",
    TermCount = "term-count",
    ExtraTerm = "extra-term",
    TermForm = "term-form",
    TermCase = "term-case",
    AcronymUndefined = "acronym-undefined",
    AcronymRedefined = "acronym-redefined",
    AcronymUnused = "acronym-unused",
    NameDrift = "name-drift",
    MixedScript = "mixed-script",
    GluedWords = "glued-words",
    RareWord = "rare-word",
    DoubledWord = "doubled-word",
    UnbalancedMarks = "unbalanced-marks",
    QuoteStyle = "quote-style",
    FinalPunctuation = "final-punctuation",
    LeadingCapital = "leading-capital",
    MissingPassage = "missing-passage",
    AddedPassage = "added-passage",
    StaleTranslation = "stale-translation",
    NumberMismatch = "number-mismatch",
    LinkMismatch = "link-mismatch",
    Untranslated = "untranslated",
    Length = "length",
    InlineCodes = "inline-codes",
    InconsistentTarget = "inconsistent-target",
    InconsistentSource = "inconsistent-source",
}

impl Rule {
    /// Whether it looks for terms, and so finds nothing without a glossary.
    pub fn needs_terms(self) -> bool {
        matches!(
            self,
            Rule::ForbiddenTerm
                | Rule::DeprecatedTerm
                | Rule::MissingTerm
                | Rule::WrongTerm
                | Rule::TermCount
                | Rule::ExtraTerm
                | Rule::TermForm
                | Rule::TermCase
        )
    }
}
