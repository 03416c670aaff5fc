//! Terms: the concepts of the glossary in force, each with its forms, its places in the memory and its history; edits,
//! and proposals out of the memory.

mod concept;
mod edit;
mod find;
mod list;
mod suggested;
mod told;
mod uses;

pub use find::Finder;
pub use suggested::Suggestions;

use super::{Web, error::WebError};
use crate::{
    app::termbase::Target,
    lang::Language,
    model::{Concept, Status},
};
use axum::{Router, routing::get};
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/terms", get(list::page).post(edit::post))
        .route("/terms/suggested", get(suggested::page).post(suggested::post))
        .route("/terms/{id}", get(concept::page))
}

/// Where a concept is shown.
fn address(id: &str) -> String {
    // Names that mean something else as the last part of an address.
    let base = if matches!(id, "suggested" | "." | "..") { "/terms?id=" } else { "/terms/" };
    format!("{base}{}", quoted(id))
}

/// A text as a part of an address.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// What tells one state of a concept from another: a form shown carries it, so that one sent late is known.
fn mark(concept: &Concept) -> String {
    let mut hash = FxHasher::default();
    concept.hash(&mut hash);
    format!("{:016x}", hash.finish())
}

/// Where edits go: the glossary files and the memory's copy.
fn target(office: &super::Office) -> Target<'_> {
    Target { memory: office.memory(), files: &office.setup.glossary }
}

/// The word of the interface for a status.
fn status_word(status: Status) -> &'static str {
    match status {
        Status::Proposed => "terms.status.proposed",
        Status::Preferred => "terms.status.preferred",
        Status::Admitted => "terms.status.admitted",
        Status::Deprecated => "terms.status.deprecated",
        Status::Forbidden => "terms.status.forbidden",
    }
}

/// How a status looks, by a class of the style sheet.
fn status_class(status: Status) -> &'static str {
    match status {
        Status::Proposed => "new",
        Status::Preferred => "good",
        Status::Admitted => "",
        Status::Deprecated => "warn",
        Status::Forbidden => "bad",
    }
}

fn status_of(text: &str) -> Option<Status> {
    Status::ALL.into_iter().find(|status| status.as_str() == text)
}

fn language_of(text: &str) -> Result<Language, WebError> {
    text.trim().parse().map_err(|error| WebError::Bad(format!("`{text}`: {error}")))
}

/// The fields of a form, in their order; several may have one name.
#[derive(Debug, Clone, Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first of that name, its ends trimmed; empty where there is none.
    fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    fn all<'f, 'n>(&'f self, name: &'n str) -> impl Iterator<Item = &'f str> + use<'f, 'n> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.trim())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.one(name).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;

    #[test]
    fn every_id_has_an_address_of_its_own() {
        for (id, want) in [
            ("visa", "/terms/visa"),
            ("suggested", "/terms?id=suggested"),
            ("..", "/terms?id=.."),
            ("a/b?c#d", "/terms/a%2Fb%3Fc%23d"),
            ("sığınacaq", "/terms/s%C4%B1%C4%9F%C4%B1nacaq"),
            ("\"><script>", "/terms/%22%3E%3Cscript%3E"),
        ] {
            assert_eq!(address(id), want);
        }
    }

    #[test]
    fn a_mark_changes_with_the_concept() {
        let mut concept = Concept { id: "a".to_owned(), ..Concept::default() };
        concept.terms.push(Term::new("visa", Language::EN, Status::Preferred));
        let first = mark(&concept);
        assert_eq!(first, mark(&concept.clone()));
        concept.terms[0].grammar.forms.push("visae".to_owned());
        assert_ne!(first, mark(&concept));
    }
}
