//! What two states of a concept differ in.

use super::Planned;
use crate::{
    formats::glossary::flags_of,
    lang::Language,
    model::{Concept, Status},
};
use std::fmt;

/// One thing two states of a concept differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A term with its status before and after; `None` where it is not there.
    Term { language: Language, text: String, before: Option<Status>, after: Option<Status> },
    /// What a concept has once: `definition`, `domain`, `note`, `source`, `valid from`, `valid until`.
    Field { name: &'static str, before: Option<String>, after: Option<String> },
    /// A flag, come or gone.
    Flag { flag: String, comes: bool },
    /// What another tool said, come or gone.
    Kept { said: String, comes: bool },
}

impl Difference {
    /// `+` for what comes, `-` for what goes, `~` for what changes.
    pub fn sign(&self) -> char {
        let (before, after) = match self {
            Difference::Term { before, after, .. } => (before.is_some(), after.is_some()),
            Difference::Field { before, after, .. } => (before.is_some(), after.is_some()),
            Difference::Flag { comes, .. } | Difference::Kept { comes, .. } => (!comes, *comes),
        };
        match (before, after) {
            (false, _) => '+',
            (_, false) => '-',
            _ => '~',
        }
    }
}

/// `+ en Agency (admitted)`, `~ domain: state → people`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.sign())?;
        match self {
            Difference::Term { language, text, before: Some(before), after: Some(after) } => {
                write!(f, "{language} {text}: {} → {}", before.as_str(), after.as_str())
            }
            Difference::Term { language, text, before, after } => {
                write!(f, "{language} {text} ({})", before.or(*after).map_or("", Status::as_str))
            }
            Difference::Field { name, before: Some(before), after: Some(after) } => {
                write!(f, "{name}: {before} → {after}")
            }
            Difference::Field { name, before, after } => {
                write!(f, "{name}: {}", before.as_ref().or(after.as_ref()).map_or("", String::as_str))
            }
            Difference::Flag { flag, .. } => write!(f, "flag {flag}"),
            Difference::Kept { said, .. } => f.write_str(said),
        }
    }
}

/// What two states of a concept differ in: terms, what it has once, flags, what other tools said.
pub fn differences(before: Option<&Concept>, after: Option<&Concept>) -> Vec<Difference> {
    let none = Concept::default();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let mut out = Vec::new();
    let term = |of: &crate::model::Term, before, after| Difference::Term {
        language: of.language,
        text: of.text.clone(),
        before,
        after,
    };
    for old in &before.terms {
        let now = after.terms_in(old.language).find(|t| t.text == old.text).map(|now| now.status);
        if now != Some(old.status) {
            out.push(term(old, Some(old.status), now));
        }
    }
    for new in &after.terms {
        if !before.terms_in(new.language).any(|t| t.text == new.text) {
            out.push(term(new, None, Some(new.status)));
        }
    }
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    for (name, before, after) in [
        ("definition", before.definition.clone(), after.definition.clone()),
        ("domain", before.domain.clone(), after.domain.clone()),
        ("note", before.note.clone(), after.note.clone()),
        ("source", before.source.clone(), after.source.clone()),
        ("valid from", date(before.valid.from), date(after.valid.from)),
        ("valid until", date(before.valid.until), date(after.valid.until)),
    ] {
        if before != after {
            out.push(Difference::Field { name, before, after });
        }
    }
    for (said, comes) in changed(flags_of(before), flags_of(after)) {
        out.push(Difference::Flag { flag: said, comes });
    }
    let kept = |concept: &Concept| {
        let own = concept.kept.iter().chain(concept.terms.iter().flat_map(|term| &term.remarks().kept));
        own.map(|kept| kept.element.said()).collect::<Vec<_>>()
    };
    for (said, comes) in changed(kept(before), kept(after)) {
        out.push(Difference::Kept { said, comes });
    }
    out
}

/// What went, then what came.
fn changed(old: Vec<String>, new: Vec<String>) -> Vec<(String, bool)> {
    let gone = old.iter().filter(|said| !new.contains(said)).map(|said| (said.clone(), false));
    let come = new.iter().filter(|said| !old.contains(said)).map(|said| (said.clone(), true));
    gone.chain(come).collect()
}

/// A new term that another concept has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    pub text: String,
    pub language: Language,
    /// The concept that has it, and what it is there.
    pub concept: String,
    pub status: Status,
}

impl fmt::Display for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Double { text, concept, status, .. } = self;
        write!(f, "`{text}` is a term of concept `{concept}` too, {} there", status.as_str())
    }
}

/// New terms that another concept has already.
pub fn doubles(known: &[Concept], plan: &[Planned]) -> Vec<Double> {
    let mut out = Vec::new();
    for planned in plan {
        let Some(after) = &planned.after else { continue };
        for term in &after.terms {
            let mut old = planned.before.iter().flat_map(|before| before.terms_in(term.language));
            if old.any(|old| old.text == term.text) {
                continue;
            }
            let key = term.language.key(&term.text);
            for other in known.iter().filter(|concept| plan.iter().all(|planned| planned.id != concept.id)) {
                if let Some(same) = other.terms_in(term.language).find(|t| t.language.key(&t.text) == key) {
                    out.push(Double {
                        text: term.text.clone(),
                        language: term.language,
                        concept: other.id.clone(),
                        status: same.status,
                    });
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;

    #[test]
    fn a_change_is_told_line_by_line() {
        let term = |text: &str, status| Term::new(text, Language::EN, status);
        let before = Concept {
            id: "c".to_owned(),
            terms: vec![term("Old", Status::Preferred), term("Gone", Status::Admitted)],
            domain: Some("state".to_owned()),
            ..Concept::default()
        };
        let after = Concept {
            terms: vec![term("New", Status::Preferred), term("Old", Status::Deprecated)],
            domain: Some("people".to_owned()),
            note: Some("n".to_owned()),
            do_not_translate: true,
            ..before.clone()
        };
        let told = |before, after| differences(before, after).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            told(Some(&before), Some(&after)),
            [
                "~ en Old: preferred → deprecated",
                "- en Gone (admitted)",
                "+ en New (preferred)",
                "~ domain: state → people",
                "+ note: n",
                "+ flag do-not-translate"
            ]
        );
        assert!(told(Some(&before), Some(&before)).is_empty());
        assert_eq!(told(None, Some(&after))[0], "+ en New (preferred)");
    }
}
