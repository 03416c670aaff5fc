//! The termbase: concepts and their terms in any number of languages.

use crate::lang::{Language, forms::Grammar};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One meaning and the terms for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Concept {
    pub id: String,
    pub terms: Vec<Term>,
    pub definition: Option<String>,
    /// Several are parted by `;`: see [`Concept::domains`].
    pub domain: Option<String>,
    pub note: Option<String>,
    /// Where the definition or the ruling comes from.
    pub source: Option<String>,
    /// When the concept is what it is: an office-holder, a body before it was renamed.
    pub valid: Period,
    /// Phrases in which a term's letters mean something else: `SMS message` is not the Service.
    pub exceptions: Vec<(Language, String)>,
    /// Stands in every language as it is written, endings aside: `ASAN Viza`.
    pub do_not_translate: bool,
    /// What other tools said of it.
    pub kept: Vec<Kept>,
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

    /// The fields it belongs to.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        self.domain.iter().flat_map(|all| all.split(';')).map(str::trim).filter(|domain| !domain.is_empty())
    }

    /// The languages of its terms, in their order.
    pub fn languages(&self) -> Vec<Language> {
        let mut out: Vec<Language> = Vec::new();
        for term in &self.terms {
            if !out.contains(&term.language) {
                out.push(term.language);
            }
        }
        out
    }
}

/// From one day to another, both included; an open side has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Period {
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Period {
    pub fn holds(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }

    /// Whether any day is in both.
    pub fn meets(&self, other: &Period) -> bool {
        let before = |a: &Period, b: &Period| a.until.zip(b.from).is_some_and(|(until, from)| until < from);
        !before(self, other) && !before(other, self)
    }

    pub fn is_always(&self) -> bool {
        *self == Period::default()
    }
}

/// An element of a TBX that means nothing here and is kept as it is, so that it goes out again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kept {
    /// Of a concept: the language whose section it stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    pub element: Element,
}

/// Markup as a tree. The names are those of TBX with data categories as attributes, whatever the file's style.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Element {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Content>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Element(Element),
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// All its text, white space at the ends aside.
    pub fn text(&self) -> String {
        fn gather(element: &Element, out: &mut String) {
            for part in &element.content {
                match part {
                    Content::Text(text) => out.push_str(text),
                    Content::Element(inner) => gather(inner, out),
                }
            }
        }
        let mut out = String::new();
        gather(self, &mut out);
        out.trim().to_owned()
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|part| match part {
            Content::Element(element) => Some(element),
            Content::Text(_) => None,
        })
    }

    /// What it says, for people: `partOfSpeech: noun`.
    pub fn said(&self) -> String {
        let name = self.attribute("type").unwrap_or(&self.name);
        let inner: Vec<String> = self.elements().map(Element::said).collect();
        match inner.is_empty() {
            true => format!("{name}: {}", self.text()),
            false => inner.join(", "),
        }
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    pub text: String,
    pub language: Language,
    pub status: Status,
    /// An abbreviation that may stand for the long form once it has been introduced: `SMS`, `DMX`, `ГМС`.
    pub abbreviation: bool,
    /// Matched only in its own case.
    pub case_sensitive: bool,
    pub grammar: Grammar,
    /// When its status holds: an old spelling is forbidden only from a day on.
    pub valid: Period,
    /// `None` where there are none: [`Term::remark`] keeps it so.
    pub remarks: Option<Box<Remarks>>,
}

/// What is said of a term for people. Few terms have any of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Remarks {
    pub note: Option<String>,
    /// Where the term comes from.
    pub source: Option<String>,
    /// A sentence in which it stands.
    pub context: Option<String>,
    /// What other tools said of it.
    pub kept: Vec<Kept>,
}

static NO_REMARKS: Remarks = Remarks { note: None, source: None, context: None, kept: Vec::new() };

impl Term {
    pub fn new(text: impl Into<String>, language: Language, status: Status) -> Term {
        Term {
            text: text.into(),
            language,
            status,
            abbreviation: false,
            case_sensitive: false,
            grammar: Grammar::default(),
            valid: Period::default(),
            remarks: None,
        }
    }

    pub fn remarks(&self) -> &Remarks {
        self.remarks.as_deref().unwrap_or(&NO_REMARKS)
    }

    pub fn set_remarks(&mut self, remarks: Remarks) {
        self.remarks = (remarks != NO_REMARKS).then(|| Box::new(remarks));
    }

    /// Changes its remarks.
    pub fn remark(&mut self, change: impl FnOnce(&mut Remarks)) {
        let mut remarks = self.remarks.take().map(|remarks| *remarks).unwrap_or_default();
        change(&mut remarks);
        self.set_remarks(remarks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_hold_both_their_ends() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let period = |from: &str, until: &str| Period { from: from.parse().ok(), until: until.parse().ok() };
        let office = period("2018-01-01", "2020-06-30");
        for (date, want) in [("2017-12-31", false), ("2018-01-01", true), ("2020-06-30", true), ("2020-07-01", false)] {
            assert_eq!(office.holds(day(date)), want, "{date}");
        }
        assert!(Period::default().holds(day("0001-01-01")) && Period::default().is_always());
        assert!(office.meets(&period("2020-06-30", "")) && !office.meets(&period("2020-07-01", "")));
        assert!(!period("", "2017-12-31").meets(&office) && period("", "").meets(&office));
    }

    #[test]
    fn a_term_without_remarks_is_as_one_never_given_any() {
        let mut term = Term::new("a", Language::EN, Status::Preferred);
        term.remark(|remarks| remarks.note = Some("n".to_owned()));
        assert_eq!(term.remarks().note.as_deref(), Some("n"));
        term.remark(|remarks| remarks.note = None);
        assert_eq!(term, Term::new("a", Language::EN, Status::Preferred));
    }
}
