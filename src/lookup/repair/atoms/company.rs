//! What stands beside an atom and says what it is: a date, a unit, a label.

use super::{Notation, PieceKind, Reading, Role, Text, Unit, Value};
use crate::{
    lang::forms,
    lookup::repair::rows::{CURRENCY_CODES, CURRENCY_SIGNS, DayPlace, listed},
};
use std::ops::Range;

impl Text<'_> {
    /// Finds the day and the year beside each month in words.
    pub(super) fn dates(&mut self) {
        let Some(row) = self.row else { return };
        for month in 0..self.atoms.len() {
            let [Reading { value: Value::Month(_), notation: Notation::Name(_) }] = &self.atoms[month].readings[..]
            else {
                continue;
            };
            let before = month
                .checked_sub(1)
                .filter(|day| self.is_day(*day) && self.parted(*day, month, |word| row.of.contains(&word), false));
            let after = Some(month + 1).filter(|day| self.is_day(*day) && self.parted(month, *day, |_| false, false));
            let day = match row.day {
                DayPlace::Before => before,
                DayPlace::BeforeOrAfter => before.or(after),
                DayPlace::AfterSuffix(letters) => {
                    let ending = self.atoms[month].ending.as_ref().map(|ending| ending.text.as_str());
                    let name = match self.atoms[month].readings[0].value {
                        Value::Month(number) => row.months[usize::from(number) - 1][0],
                        _ => "",
                    };
                    match ending.is_some() && ending == forms::suffix(self.language, letters, name).as_deref() {
                        true => after,
                        false => before,
                    }
                }
            };
            let (first, last) = (day.map_or(month, |day| day.min(month)), day.map_or(month, |day| day.max(month)));
            let year_after =
                Some(last + 1).filter(|year| self.is_year(*year) && self.parted(last, *year, |_| false, true));
            let year_before = first.checked_sub(1).filter(|year| {
                let named = |word: &str| row.year.iter().any(|start| word.starts_with(start));
                self.is_year(*year) && !row.year.is_empty() && self.parted(*year, first, named, false)
            });
            let id = Some(month);
            (self.atoms[month].role, self.atoms[month].date) = (Role::Month, id);
            if let Some(day) = day {
                (self.atoms[day].role, self.atoms[day].date) = (Role::Day, id);
            }
            if let Some(year) = year_after.or(year_before) {
                (self.atoms[year].role, self.atoms[year].date) = (Role::Year, id);
            }
        }
    }

    fn is_day(&self, at: usize) -> bool {
        let Some(atom) = self.atoms.get(at).filter(|atom| atom.date.is_none()) else { return false };
        atom.solid().and_then(|digits| digits.parse::<u32>().ok()).is_some_and(|day| (1..=31).contains(&day))
    }

    fn is_year(&self, at: usize) -> bool {
        let Some(atom) = self.atoms.get(at).filter(|atom| atom.date.is_none()) else { return false };
        atom.solid().is_some_and(|digits| digits.len() == 4 && matches!(digits.as_bytes()[0], b'1' | b'2'))
    }

    /// Whether only white space, at most one of `words`, and where allowed a comma, parts two atoms.
    fn parted(&self, left: usize, right: usize, words: impl Fn(&str) -> bool, comma: bool) -> bool {
        let mut seen = 0;
        (self.atoms[left].pieces.end..self.atoms[right].pieces.start).all(|piece| match self.pieces[piece].kind {
            PieceKind::Space => true,
            PieceKind::Letters => {
                seen += 1;
                seen == 1 && words(&self.language.key(self.piece(piece).unwrap_or_default()))
            }
            PieceKind::Mark => {
                (comma && self.mark(piece) == Some(',')) || self.mark(piece) == Some('.') && self.abbreviated(left)
            }
            _ => false,
        })
    }

    /// `Dec.`: the stop belongs to the month.
    fn abbreviated(&self, atom: usize) -> bool {
        matches!(self.atoms[atom].readings[0].notation, Notation::Name(1..))
    }

    /// Units, labels and years by their looks.
    pub(super) fn company(&mut self) {
        for at in 0..self.atoms.len() {
            let atom = &self.atoms[at];
            let number = atom.readings.iter().any(|reading| matches!(reading.value, Value::Number(_)));
            if !number {
                continue;
            }
            let unit = self.unit(atom.pieces.clone());
            let label = self.is_label(atom.pieces.start);
            let year = atom.solid().is_some_and(|digits| {
                digits.len() == 4 && matches!(digits.as_bytes(), [b'1', b'9', ..] | [b'2', b'0', ..])
            });
            let role = match atom.role {
                Role::Plain if label => Role::Label,
                Role::Plain if year && unit == Unit::None => Role::Year,
                role => role,
            };
            (self.atoms[at].unit, self.atoms[at].role) = (unit, role);
        }
    }

    fn is_label(&self, at: usize) -> bool {
        let sign = |at: usize| matches!(self.mark(at), Some('№' | '#'));
        let signed = at > 0 && (sign(at - 1) || (at > 1 && self.space(at - 1).is_some() && sign(at - 2)));
        signed || self.row.is_some_and(|row| self.word_before(at).is_some_and(|word| listed(row.labels, &word)))
    }

    fn unit(&self, pieces: Range<usize>) -> Unit {
        let currency =
            |sign: char| CURRENCY_SIGNS.iter().find(|(known, _)| *known == sign).map(|(_, code)| Unit::Currency(code));
        let code = |word: &str| CURRENCY_CODES.iter().find(|code| **code == word).map(|code| Unit::Currency(code));
        let over = |at: usize| if self.space(at).is_some() { at + 1 } else { at };
        let mut after = over(pieces.end);
        for _ in 0..3 {
            if self.mark(after) == Some('%') {
                return Unit::Percent;
            }
            if let Some(unit) = self.mark(after).and_then(currency) {
                return unit;
            }
            let Some(letters) = self.letters(after) else { break };
            if let Some(unit) = code(letters) {
                return unit;
            }
            let Some(row) = self.row else { break };
            let key = self.language.key(letters);
            let two = || self.word_after(after + 1).map(|(_, next)| format!("{key} {next}"));
            if listed(row.percent, &key) || two().is_some_and(|two| listed(row.percent, &two)) {
                return Unit::Percent;
            }
            if let Some((code, _)) = row.currencies.iter().find(|(_, words)| listed(words, &key)) {
                return Unit::Currency(code);
            }
            if !listed(row.scales, &key) {
                break;
            }
            let stop = usize::from(self.mark(after + 1) == Some('.'));
            after = over(after + 1 + stop);
        }
        let mut before = pieces.start;
        if before > 0 && self.space(before - 1).is_some() {
            before -= 1;
        }
        let Some(before) = before.checked_sub(1) else { return Unit::None };
        self.mark(before).and_then(currency).or_else(|| self.letters(before).and_then(code)).unwrap_or(Unit::None)
    }
}
