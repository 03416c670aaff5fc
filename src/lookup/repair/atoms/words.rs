//! Months, numbers in words and Roman numerals.

use super::{Decimal, Ending, EndingKind, Notation, Reading, Text, Value};
use crate::{
    lang::{Language, anchors::ANCHORS},
    lookup::repair::{
        rows::{MONTHS, listed, row},
        write::suffixes,
    },
    text::Span,
};

impl Text<'_> {
    /// A month, a number in words or a Roman numeral; other words are passed over.
    pub(super) fn word(&mut self, at: usize) -> usize {
        let Some(letters) = self.letters(at) else { return self.push_text(at..at + 1) };
        if let Some((reading, ending)) = self.month(at, letters) {
            let mut span = self.pieces[at].span;
            if let Some(ending) = &ending {
                span.end = ending.span.start;
            }
            return self.push(at..at + 1, span, vec![reading], ending);
        }
        if let Some((end, reading)) = self.spelled(at) {
            return self.push(at..end, self.span(at..end), vec![reading], None);
        }
        if is_roman(letters) {
            return self.push_text(at..at + 1);
        }
        at + 1
    }

    fn month(&self, at: usize, letters: &str) -> Option<(Reading, Option<Ending>)> {
        let row = self.row?;
        let key = self.language.key(letters);
        let (name, rest) = MONTHS.iter().filter(|name| name.language == self.language).find_map(|name| {
            let rest = key.strip_prefix(name.key.as_str())?;
            let fits = rest.is_empty() || !suffixes(self.language, row, &name.key, rest).is_empty();
            fits.then_some((name, rest))
        })?;
        let doubtful = name.column == 0 && row.doubtful_months.contains(&name.month);
        if doubtful {
            let beside = self.digits(at + 2).is_some() && self.space(at + 1).is_some()
                || (at > 1
                    && self.space(at - 1).is_some()
                    && (self.digits(at - 2).is_some() || self.is_glued_at(at - 2)));
            let dashed = |dash: usize, other: usize| {
                matches!(self.mark(dash), Some('-' | '–' | '—'))
                    && self.letters(other).is_some_and(|word| {
                        let key = self.language.key(word);
                        MONTHS.iter().any(|name| name.language == self.language && name.key == key)
                    })
            };
            let beside = beside || dashed(at + 1, at + 2) || (at > 1 && dashed(at - 1, at - 2));
            let said = self.word_before(at).is_some_and(|word| row.before_month.contains(&word.as_str()));
            if !(letters.starts_with(char::is_uppercase) && (beside || said)) {
                return None;
            }
        }
        let ending = match rest {
            "" => None,
            rest => {
                // The ending as written has as many letters as in the key.
                let count = rest.chars().count();
                let end = self.pieces[at].span;
                let (start, _) = letters.char_indices().rev().nth(count - 1)?;
                let span = Span::new(end.start + start, end.end);
                Some(Ending { span, text: rest.to_owned(), kind: EndingKind::Harmony })
            }
        };
        let reading = Reading { value: Value::Month(name.month), notation: Notation::Name(name.column) };
        Some((reading, ending))
    }

    fn is_glued_at(&self, last: usize) -> bool {
        last > 0 && self.is_glued(last - 1..last + 1)
    }

    fn spelled(&self, at: usize) -> Option<(usize, Reading)> {
        let row = self.row?;
        let key = self.language.key(self.letters(at)?);
        let two = self
            .thin(at + 1)
            .and_then(|_| self.letters(at + 2))
            .map(|word| format!("{key} {}", self.language.key(word)));
        let find = |key: &str| {
            let mut forms =
                row.spelled.iter().flat_map(|row| row.forms.iter().enumerate().map(move |(at, form)| (row, at, form)));
            forms.find(|(_, _, form)| **form == key)
        };
        let (end, (spelled, column, _)) = match two.as_deref().and_then(find) {
            Some(found) => (at + 3, found),
            None => (at + 1, find(&key)?),
        };
        // Part of a longer number in words, or of a compound: then it says nothing by itself.
        let number =
            |at: usize| self.letters(at).is_some_and(|word| is_number_word(self.language, &self.language.key(word)));
        let beside = |gap: usize, at: usize| match self.mark(gap) {
            Some('-' | '‑' | '–' | '\'' | '’') => self.letters(at).is_some(),
            _ => self.space(gap).is_some() && number(at) && !self.is_scale(at),
        };
        if (at > 1 && beside(at - 1, at - 2)) || beside(end, end + 1) {
            return None;
        }
        let value = Value::Number(Decimal::whole(spelled.value));
        Some((end, Reading { value, notation: Notation::Spelled(column) }))
    }

    /// Million and more: a number in words before it stands for itself.
    fn is_scale(&self, at: usize) -> bool {
        let key = self.letters(at).map(|word| self.language.key(word)).unwrap_or_default();
        ["million", "billion"].iter().any(|scale| in_anchor(scale, self.language, &key))
    }
}

/// Two letters or more that make a Roman numeral.
fn is_roman(letters: &str) -> bool {
    if letters.len() < 2 || !letters.bytes().all(|b| b"IVXLCDM".contains(&b)) {
        return false;
    }
    let mut rest = letters.trim_start_matches('M');
    for [one, five, ten] in [["C", "D", "M"], ["X", "L", "C"], ["I", "V", "X"]] {
        let pair = [format!("{one}{ten}"), format!("{one}{five}")];
        if let Some(after) = pair.iter().find_map(|pair| rest.strip_prefix(pair.as_str())) {
            rest = after;
            continue;
        }
        rest = rest.strip_prefix(five).unwrap_or(rest);
        for _ in 0..3 {
            rest = rest.strip_prefix(one).unwrap_or(rest);
        }
    }
    rest.is_empty()
}

fn in_anchor(key: &str, language: Language, word: &str) -> bool {
    let mut forms = ANCHORS.iter().filter(|anchor| anchor.key == key).flat_map(|anchor| &anchor.forms);
    forms.any(|(known, form)| *known == language && listed(&[form], word))
}

/// Whether `word`, a key, is a number of two or more, part of one, or a day of the week, and so belongs to what is carried,
/// but has no row to be carried by: fifth, thousand, Monday.
pub(in crate::lookup::repair) fn is_number_word(language: Language, word: &str) -> bool {
    let number = |key: &str| key.starts_with("day-") || (key != "1" && key.bytes().all(|b| b.is_ascii_digit()));
    let mut forms = ANCHORS.iter().filter(|anchor| number(anchor.key)).flat_map(|anchor| &anchor.forms);
    forms.any(|(known, form)| *known == language && listed(&[form], word))
        || row(language)
            .is_some_and(|row| listed(row.scales, word) || row.spelled.iter().any(|row| row.forms.contains(&word)))
}
