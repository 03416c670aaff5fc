//! What becomes of a concept, in the words of the interface.

use crate::{
    app::termbase::Difference,
    web::{terms::status_word, words::Words},
};

/// A difference, for a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// `+`, `-` or `~`.
    pub sign: char,
    /// `good`, `bad` or nothing.
    pub class: &'static str,
    /// Of what is said in a language.
    pub language: String,
    /// What it is about: a language, a field.
    pub about: String,
    pub text: String,
    /// The status, or from what it changes to what.
    pub change: String,
}

impl Told {
    pub fn new(words: &Words, difference: &Difference) -> Told {
        let sign = difference.sign();
        let class = match sign {
            '+' => "good",
            '-' => "bad",
            _ => "",
        };
        let (language, about, text, change) = match difference {
            Difference::Term { language, text, before, after } => {
                let both = before.iter().chain(after).map(|status| words.get(status_word(*status)));
                let change = both.collect::<Vec<_>>().join(" → ");
                (language.to_string(), language.to_string(), text.clone(), change)
            }
            Difference::Field { name, before, after } => {
                let about = words.get(field_word(name)).to_owned();
                let both: Vec<&str> = before.iter().chain(after).map(String::as_str).collect();
                (String::new(), about, both.join(" → "), String::new())
            }
            Difference::Flag { flag, .. } => {
                (String::new(), words.get("terms.flag").to_owned(), flag.clone(), String::new())
            }
            Difference::Kept { said, .. } => (String::new(), String::new(), said.clone(), String::new()),
        };
        Told { sign, class, language, about, text, change }
    }

    pub fn all(words: &Words, differences: &[Difference]) -> Vec<Told> {
        differences.iter().map(|difference| Told::new(words, difference)).collect()
    }
}

fn field_word(name: &str) -> &'static str {
    match name {
        "definition" => "terms.definition",
        "domain" => "terms.domain",
        "note" => "terms.note",
        "source" => "terms.source",
        "valid from" => "terms.valid-from",
        _ => "terms.valid-until",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lang::Language, model::Status};

    #[test]
    fn differences_are_told_in_the_language_of_the_interface() {
        let said = |language: &str, difference: Difference| {
            let Told { sign, about, text, change, .. } = Told::new(Words::of(language), &difference);
            format!("{sign} {about}: {text} ({change})")
        };
        let term = |before, after| Difference::Term { language: Language::AZ, text: "viza".to_owned(), before, after };
        let changed = term(Some(Status::Preferred), Some(Status::Forbidden));
        assert_eq!(said("en", changed.clone()), "~ az: viza (preferred → forbidden)");
        let russian = said("ru", changed);
        assert!(russian.starts_with("~ az: viza (") && !russian.contains("preferred"), "{russian}");
        assert_eq!(said("en", term(None, Some(Status::Admitted))), "+ az: viza (admitted)");
        let field = Difference::Field { name: "valid from", before: None, after: Some("2024-01-01".to_owned()) };
        assert_eq!(said("en", field), "+ Valid from: 2024-01-01 ()");
    }
}
