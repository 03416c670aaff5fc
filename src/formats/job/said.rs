//! What became of a segment, by what the file says of it.
//!
//! | the file says | it counts as |
//! |---|---|
//! | `approved="yes"`, `final`, `signed-off`, `reviewed` | approved |
//! | `translated` | approved; a match of the memory that nobody touched is as it was |
//! | `needs-…-translation` of a fuzzy match, `initial` with it | not looked at, if it is as it was filled in; else translated |
//! | `needs-review-…`, `needs-adaptation`, `needs-l10n` of anything else | not looked at |
//! | `new`, `needs-translation`, `initial`, nothing | translated, unless it is empty or a copy of the source |

use super::Marked;

/// What a file says of a translation, in its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    pub approved: Option<bool>,
    pub state: Option<String>,
    /// `state-qualifier`, or the `subState` behind its prefix.
    pub qualifier: Option<String>,
}

/// What became of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Untranslated,
    /// A match, or what somebody doubts, that nobody has confirmed.
    Unreviewed,
    /// A match of the same text, as the memory has it.
    Kept,
    /// A person wrote it, and does not say that it is right.
    Translated,
    /// A person says that it is right.
    Approved,
}

impl Said {
    /// `proposed` is what the target was filled in from, where the file still has that.
    pub fn judged(&self, source: &Marked, target: Option<&Marked>, proposed: Option<&Marked>) -> Done {
        let Some(target) = target.filter(|target| !target.is_blank()) else { return Done::Untranslated };
        let qualifier = self.qualifier.as_deref().unwrap_or_default();
        let same = matches!(qualifier, "exact-match" | "id-match");
        let guessed = matches!(qualifier, "fuzzy-match" | "mt-suggestion" | "leveraged-mt" | "tm-suggestion");
        let touched = proposed.is_some_and(|proposed| proposed.trimmed() != target.trimmed());
        let copied = source.trimmed() == target.trimmed() && source.text.chars().any(char::is_alphabetic);
        match self.state.as_deref().unwrap_or_default() {
            _ if self.approved == Some(true) => Done::Approved,
            "final" | "signed-off" | "reviewed" => Done::Approved,
            "translated" if same && !touched => Done::Kept,
            "translated" => Done::Approved,
            // A tool that leaves states alone: only the text tells.
            "initial" | "needs-review-translation" if guessed && touched => Done::Translated,
            "initial" if guessed => Done::Unreviewed,
            "" | "new" | "initial" | "needs-translation" => match copied {
                true => Done::Untranslated,
                false => Done::Translated,
            },
            _ => Done::Unreviewed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_says_and_the_text_shows() {
        let judged = |state: &str, qualifier: &str, approved: Option<bool>, target: &str, proposed: &str| {
            let some = |text: &str| (text != "-").then(|| text.to_owned());
            let said = Said { approved, state: some(state), qualifier: some(qualifier) };
            let proposed = some(proposed).map(Marked::plain);
            said.judged(&Marked::plain("Open day"), some(target).map(Marked::plain).as_ref(), proposed.as_ref())
        };
        for (state, qualifier, approved, target, proposed, done) in [
            ("-", "-", None, "-", "-", Done::Untranslated),
            ("final", "-", None, " ", "-", Done::Untranslated),
            ("needs-translation", "-", None, "Open day", "-", Done::Untranslated),
            ("needs-translation", "-", None, "Açıq qapı", "-", Done::Translated),
            ("-", "-", None, "Açıq qapı", "-", Done::Translated),
            ("-", "-", Some(true), "Open day", "-", Done::Approved),
            ("translated", "-", None, "Açıq qapı", "-", Done::Approved),
            ("translated", "exact-match", None, "Açıq qapı", "Açıq qapı", Done::Kept),
            ("translated", "exact-match", None, "Açıq qapı", "-", Done::Kept),
            ("translated", "id-match", None, "Açıq qapılar", "Açıq qapı", Done::Approved),
            ("needs-review-translation", "fuzzy-match", None, "Açıq qapı", "Açıq qapı", Done::Unreviewed),
            ("needs-review-translation", "fuzzy-match", None, "Açıq qapı", "-", Done::Unreviewed),
            ("needs-review-translation", "fuzzy-match", None, "Açıq qapılar", "Açıq qapı", Done::Translated),
            ("needs-review-translation", "-", None, "Açıq qapı", "-", Done::Unreviewed),
            ("translated", "fuzzy-match", None, "Açıq qapı", "Açıq qapı", Done::Approved),
            ("initial", "fuzzy-match", None, "Açıq qapı", "Açıq qapı", Done::Unreviewed),
            ("initial", "fuzzy-match", None, "Açıq qapılar", "Açıq qapı", Done::Translated),
            ("reviewed", "fuzzy-match", None, "Açıq qapı", "Açıq qapı", Done::Approved),
        ] {
            assert_eq!(
                judged(state, qualifier, approved, target, proposed),
                done,
                "{state} {qualifier} {target} {proposed}"
            );
        }
    }

    #[test]
    fn a_number_is_its_own_translation() {
        let number = Marked::plain("2,024");
        let said = Said { state: Some("needs-translation".to_owned()), ..Said::default() };
        assert_eq!(said.judged(&number, Some(&number), None), Done::Translated);
    }
}
