//! Names and addresses with digits in them, which are carried as they stand.

use super::{EndingKind, PieceKind, Text};
use std::ops::Range;

impl Text<'_> {
    /// Where an address or a name with digits in it ends that begins at `at`: `AZ1114`, `52-IVQD`, `12/3`.
    pub(super) fn verbatim(&self, at: usize) -> Option<usize> {
        let bound = |mark: char| !matches!(mark, '-' | '/' | '_' | '.' | '@' | ':');
        if at == 0 || self.space(at - 1).is_some() || self.mark(at - 1).is_some_and(bound) {
            let end = (at..self.pieces.len()).find(|next| self.space(*next).is_some()).unwrap_or(self.pieces.len());
            let chunk = self.span(at..end).of(self.text);
            let mail = chunk.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
            if mail || chunk.contains("://") || chunk.starts_with("www.") {
                let trailing = |next: &usize| self.mark(*next).is_none_or(|c| c == '/');
                return (at..end).rev().find(trailing).map(|last| last + 1);
            }
        }
        self.code(at)
    }

    fn code(&self, at: usize) -> Option<usize> {
        let is_part = |next: usize| {
            self.pieces.get(next).is_some_and(|piece| !matches!(piece.kind, PieceKind::Space | PieceKind::Mark))
        };
        let mut words = Vec::new();
        let mut next = at;
        loop {
            let start = next;
            while is_part(next) {
                next += 1;
            }
            words.push(start..next);
            match self.mark(next) {
                Some('-' | '‑' | '/' | '_') if is_part(next + 1) => next += 1,
                _ => break,
            }
        }
        // `COVID-19-un`: the ending is not part of the name. `2018-CI` is a number with its ending.
        while let [.., before, last] = &words[..]
            && let Some(letters) = self.letters(last.start).filter(|_| last.len() == 1)
            && self.mark(before.end).is_some_and(|c| c != '/')
            && (letters.chars().all(|c| !c.is_uppercase()) || self.is_ending_of(before.end - 1, letters))
        {
            words.pop();
        }
        let has = |kind: PieceKind| words.iter().flat_map(Range::clone).any(|piece| self.pieces[piece].kind == kind);
        if !has(PieceKind::Digits) && !has(PieceKind::OtherDigit) {
            return None;
        }
        let end = words.last()?.end;
        let mixed = |word: &Range<usize>| word.len() > 1 && !self.is_glued(word.clone());
        if has(PieceKind::OtherDigit) || words.iter().any(mixed) {
            return Some(end);
        }
        let capital = |word: &Range<usize>| {
            let letters = self.letters(word.start).unwrap_or_default();
            match word.start == at {
                true => letters.chars().any(char::is_uppercase),
                false => !letters.is_empty() && letters.chars().all(|c| !c.is_lowercase()),
            }
        };
        let joined = words.len() > 1 && (words.iter().any(capital) || self.mark(words[0].end) == Some('/'));
        (joined && self.numeric_date(at).is_none()).then_some(end)
    }

    /// Whether `letters`, in capitals, is an ending of the number that piece `at` is.
    fn is_ending_of(&self, at: usize, letters: &str) -> bool {
        self.digits(at).is_some_and(|digits| {
            let kind = self.ending_kind(true, digits, &self.language.lower(letters));
            kind != EndingKind::Unknown && letters.chars().count() > 1
        })
    }
}
