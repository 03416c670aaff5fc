//! What stands after the digits of a number and depends on it.

use super::{Atom, Ending, EndingKind, Text, Value};
use crate::lookup::repair::{rows::Set, write::suffixes};
use std::ops::Range;

impl Text<'_> {
    /// Digits and letters that belong to no code: 5th, 1990s, 10am.
    pub(super) fn is_glued(&self, word: Range<usize>) -> bool {
        let (Some(row), 2, Some(digits), Some(letters)) =
            (self.row, word.len(), self.digits(word.start), self.letters(word.start + 1))
        else {
            return false;
        };
        let lower = self.language.lower(letters);
        self.ending_kind(false, digits, &lower) != EndingKind::Unknown
            || (row.half_days && matches!(lower.as_str(), "am" | "pm"))
    }

    /// What the ending of a number can be.
    pub fn suffixes(&self, atom: &Atom) -> Vec<&'static str> {
        let said = match &atom.readings[0].value {
            Value::Number(number) => number.fraction.as_deref().unwrap_or(&number.whole),
            _ => self.digits(self.pieces.partition_point(|piece| piece.span.end < atom.span.end)).unwrap_or_default(),
        };
        let word = self.row.and_then(|row| Some((row, row.spoken?.last(said)?)));
        let ending = atom.ending.as_ref().map(|ending| ending.text.as_str());
        let found = word.zip(ending);
        found.map(|((row, word), ending)| suffixes(self.language, row, word, ending)).unwrap_or_default()
    }

    pub(super) fn ending_kind(&self, hyphen: bool, digits: &str, ending: &str) -> EndingKind {
        let Some(row) = self.row else { return EndingKind::Unknown };
        let has = |set: &Set| {
            set.hyphen == hyphen && set.endings.iter().any(|(known, rule)| *known == ending && rule.holds(digits))
        };
        if let Some(set) = row.sets.iter().position(has) {
            return EndingKind::Set(set);
        }
        let harmony = hyphen
            && row
                .spoken
                .and_then(|spoken| spoken.last(digits))
                .is_some_and(|word| !suffixes(self.language, row, word, ending).is_empty());
        if harmony { EndingKind::Harmony } else { EndingKind::Unknown }
    }

    /// The ending that stands at piece `at` after a number with these digits, of one or two pieces.
    pub(super) fn ending(&self, at: usize, digits: &str) -> Option<Ending> {
        if let Some(letters) = self.letters(at) {
            let text = self.language.lower(letters);
            let kind = self.ending_kind(false, digits, &text);
            return Some(Ending { span: self.pieces[at].span, text, kind });
        }
        let joined = self.mark(at).is_some_and(|c| matches!(c, '-' | '‐' | '‑' | '–' | '\'' | '’'));
        let letters = self.letters(at + 1).filter(|_| joined)?;
        let text = self.language.lower(letters);
        let kind = self.ending_kind(true, digits, &text);
        let span = self.pieces[at + 1].span;
        match (kind, self.row) {
            // No such endings, or a compound: 5-day, 5-летний.
            (EndingKind::Unknown, Some(row)) if !row.sets.iter().any(|set| set.hyphen) && row.suffixes.is_empty() => {
                None
            }
            (EndingKind::Unknown, Some(row)) if row.suffixes.is_empty() => {
                let compound = text.chars().count() > 3 && !row.slipped.iter().any(|start| text.starts_with(start));
                (!compound).then_some(Ending { span, text, kind })
            }
            _ => Some(Ending { span, text, kind }),
        }
    }

    /// The piece after an ending that stands at piece `at`.
    pub(super) fn past(&self, at: usize, ending: &Option<Ending>) -> usize {
        match ending {
            Some(ending) if self.pieces.get(at).is_some_and(|piece| piece.span == ending.span) => at + 1,
            Some(_) => at + 2,
            None => at,
        }
    }
}
