//! Noise in the letters of a text: look-alike letters of another script ([`mixed_script`]) and words that ran
//! together ([`glued_words`]). It is reported and never altered.
//!
//! There is no dictionary behind it. What a word is, the texts themselves tell ([`Vocabulary`]), with the frequent
//! words of `lang` and rows of function words (`joints/*.tsv`). What is not sure is not reported: a finding on a
//! clean text costs more than a slip that another reader finds.

mod glued;
mod joints;
mod script;
mod stops;
mod vocabulary;
mod words;

pub use glued::glued_words;
pub use script::mixed_script;
pub use vocabulary::Vocabulary;
pub use words::Words;

use crate::{
    lang::Language,
    model::{Finding, Fix, Level, Rule},
    text::Span,
};

/// A warning about the words at `span`.
fn finding(rule: Rule, language: Language, span: Span, message: String, fix: Option<Fix>) -> Finding {
    Finding { fix, ..Finding::new(rule, Level::Warning, language, span, message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LANGUAGES: [Language; 4] = [Language::EN, Language::AZ, Language::RU, Language::literal("kk")];

    fn all(text: &str, language: Language) -> Vec<Finding> {
        let parts = [Span::new(0, text.len())];
        let mut vocabulary = Vocabulary::default();
        let read = Words::new(text, &parts, language);
        vocabulary.add(&read);
        let mut out = mixed_script(&read, &vocabulary);
        out.extend(glued_words(&read, &vocabulary));
        out
    }

    #[test]
    fn hostile_text_is_linear() {
        // A regression shows as a test that does not end.
        for piece in
            ["a", "ofthe", "a ", "aB", "а", "aа", "a.B", "a,b", "(a)", "(", ".", "i\u{307}", "\u{ad}", "beenin "]
        {
            let text = piece.repeat(60_000 / piece.len());
            for language in LANGUAGES {
                assert!(all(&text, language).iter().all(|finding| !finding.message.is_empty()), "{piece}");
            }
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            "of",
            "the",
            "Division",
            "countries",
            "in",
            "və",
            "üçün",
            "ə",
            "ә",
            "ǝ",
            "İ",
            "ı",
            "i\u{307}",
            "в",
            "Баку",
            "Mилli",
            "о",
            ".",
            ",",
            ")",
            "(",
            "”",
            "-",
            "'",
            " ",
            " ",
            "\n",
            "\u{ad}",
            "\u{200b}",
            "5",
            "漢",
            "\u{307}",
            "ß",
            "ŉ",
            "U.S.",
            "www.a.az",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_is_borne(text in prop_oneof![texts(), "\\PC{0,100}"]) {
            for language in LANGUAGES {
                for finding in all(&text, language) {
                    let surface = finding.place.span.of(&text);
                    prop_assert!(!surface.is_empty());
                    prop_assert!(finding.fix.is_none_or(|fix| fix.text != surface), "{surface}");
                }
            }
        }

        #[test]
        fn a_fix_of_joined_words_moves_spaces_only(text in texts()) {
            for finding in all(&text, Language::EN).into_iter().filter(|finding| finding.rule == Rule::GluedWords) {
                let bare = |text: &str| text.replace(' ', "");
                let fix = finding.fix.expect("every finding proposes a text");
                prop_assert_eq!(bare(&fix.text), bare(finding.place.span.of(&text)));
            }
        }
    }
}
