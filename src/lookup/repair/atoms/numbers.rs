//! Numbers, dates in digits, times and phone numbers.

use super::{Decimal, Notation, Reading, Role, Text, Value};
use crate::{lookup::repair::rows::Row, text::Span};
use std::ops::Range;

impl Text<'_> {
    /// Reads the number that begins at `at`, and says where to go on.
    pub(super) fn number(&mut self, at: usize) -> usize {
        if let Some((fields, end)) = self.numeric_date(at) {
            return match fields {
                Some(fields) => self.push_date(&fields, end),
                None => self.push_text(at..end),
            };
        }
        if let Some(end) = self.clock(at) {
            return end;
        }
        let digits = self.digits(at).unwrap_or_default();
        let plus = at > 0 && self.mark(at - 1) == Some('+');
        let bracket = at > 0 && self.mark(at - 1) == Some('(');
        let zero = digits.starts_with('0') && digits.len() > 1;
        if plus || zero {
            let end = self.groups(at, true).0;
            let closed = bracket && (at..end).any(|next| self.mark(next) == Some(')'));
            return self.push_text(if plus || closed { at - 1 } else { at }..end);
        }
        let (end, count) = self.groups(at, false);
        if count > 2 && digits.len() > 1 && !self.is_grouped(at, end) {
            return self.push_text(at..end);
        }
        match self.dotted(at) {
            Some((end, readings)) => self.push_number(at..end, readings),
            None => {
                let mut end = at + 1;
                while matches!(self.mark(end), Some('.' | ',' | '\'')) && self.digits(end + 1).is_some() {
                    end += 2;
                }
                self.push_text(at..end)
            }
        }
    }

    fn push_number(&mut self, pieces: Range<usize>, mut readings: Vec<Reading>) -> usize {
        let minus = pieces.start > 0 && matches!(self.mark(pieces.start - 1), Some('-' | '−'));
        let free = minus
            && (pieces.start == 1
                || self.space(pieces.start - 2).is_some()
                || self.mark(pieces.start - 2) == Some('('));
        for reading in &mut readings {
            if let Value::Number(number) = &mut reading.value {
                number.negative = free;
            }
        }
        let span = self.span(pieces.clone());
        if let Some((end, half)) = self.half_day(pieces.end)
            && let [Reading { value: Value::Number(number), notation: Notation::Digits { group: None, point: None } }] =
                &readings[..]
            && let Some(hour) = number.whole.parse::<u16>().ok().filter(|hour| (1..=12).contains(hour))
        {
            let value = Value::Time(minutes(hour, 0, Some(half.of(self.text))));
            let notation = Notation::Clock { separator: None, width: number.whole.len(), half: Some(half) };
            return self.push(pieces.start..end, span, vec![Reading { value, notation }], None);
        }
        let last = self.digits(pieces.end - 1).unwrap_or_default();
        let said = match &readings[0].value {
            Value::Number(number) => number.fraction.as_deref().unwrap_or(&number.whole),
            _ => last,
        };
        let ending = self.ending(pieces.end, said);
        let end = self.past(pieces.end, &ending);
        self.push(pieces.start..end, span, readings, ending)
    }

    /// The fields of a date in digits, day, month and year, and where it ends; no fields where the order is not
    /// certain: 05/06/2017.
    #[allow(clippy::type_complexity)]
    pub(super) fn numeric_date(&self, at: usize) -> Option<(Option<[usize; 3]>, usize)> {
        let parts = [self.digits(at)?, self.digits(at + 2)?, self.digits(at + 4)?];
        let sign = self.mark(at + 1).filter(|sign| self.mark(at + 3) == Some(*sign))?;
        if self.mark(at + 5) == Some(sign) && self.digits(at + 6).is_some() {
            return None;
        }
        let number = |field: usize| parts[field].parse::<u16>().unwrap_or(0);
        let is = |day: usize, month: usize| (1..=31).contains(&number(day)) && (1..=12).contains(&number(month));
        let short = |field: usize| parts[field].len() <= 2;
        let fields = match (sign, parts[2].len()) {
            ('.', 4) if short(0) && short(1) && is(0, 1) => Some([at, at + 2, at + 4]),
            ('/', 4) if short(0) && short(1) && (is(0, 1) || is(1, 0)) => match (is(0, 1), is(1, 0)) {
                (true, false) => Some([at, at + 2, at + 4]),
                (false, true) => Some([at + 2, at, at + 4]),
                _ => None,
            },
            ('-', 2) if parts[0].len() == 4 && parts[1].len() == 2 && is(2, 1) => Some([at + 4, at + 2, at]),
            _ => return None,
        };
        Some((fields, at + 5))
    }

    fn push_date(&mut self, fields: &[usize; 3], end: usize) -> usize {
        let id = self.atoms.len();
        let mut order = *fields;
        order.sort_unstable();
        for piece in order {
            let digits = self.digits(piece).unwrap_or_default();
            let bare = digits.trim_start_matches('0');
            let (role, value) = match fields.iter().position(|field| *field == piece) {
                Some(1) => (Role::Month, Value::Month(bare.parse().unwrap_or(1))),
                Some(0) => (Role::Day, Value::Number(Decimal::whole(bare))),
                _ => (Role::Year, Value::Number(Decimal::whole(digits))),
            };
            let ending = if piece + 1 == end { self.ending(end, digits) } else { None };
            let last = self.past(piece + 1, &ending);
            let span = self.pieces[piece].span;
            let notation = Notation::Field(digits.len());
            self.push(piece..last, span, vec![Reading { value, notation }], ending);
            if let Some(atom) = self.atoms.last_mut() {
                (atom.role, atom.date) = (role, Some(id));
            }
        }
        self.atoms.last().map_or(end, |atom| atom.pieces.end)
    }

    /// A time with minutes: 10:30, 07:55, 10.30 p.m.
    fn clock(&mut self, at: usize) -> Option<usize> {
        let (hours, minute) = (self.digits(at)?, self.digits(at + 2)?);
        let separator = self.mark(at + 1).filter(|c| matches!(c, ':' | '.'))?;
        if hours.len() > 2 || minute.len() != 2 {
            return None;
        }
        let (hour, minute) = (hours.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
        if hour > 24 || minute > 59 {
            return None;
        }
        if self.mark(at + 3) == Some(separator) && self.digits(at + 4).is_some() {
            return (separator == ':').then(|| self.push_text(at..at + 5));
        }
        let span = self.span(at..at + 3);
        let half = self.half_day(at + 3).filter(|_| (1..=12).contains(&hour));
        if separator == '.' && half.is_none() {
            // As likely a decimal: it has both readings there.
            if hours.len() == 2 && hours.starts_with('0') {
                let text = Reading { value: Value::Text(span.of(self.text).to_owned()), notation: Notation::Verbatim };
                let clock = Notation::Clock { separator: Some('.'), width: 2, half: None };
                let time = Reading { value: Value::Time(hour * 60 + minute), notation: clock };
                let ending = self.ending(at + 3, self.digits(at + 2).unwrap_or_default());
                let end = self.past(at + 3, &ending);
                return Some(self.push(at..end, span, vec![text, time], ending));
            }
            return None;
        }
        let text = half.map(|(_, half)| half.of(self.text));
        let value = Value::Time(minutes(hour, minute, text));
        let notation =
            Notation::Clock { separator: Some(separator), width: hours.len(), half: half.map(|(_, half)| half) };
        let readings = vec![Reading { value, notation }];
        if let Some((end, _)) = half {
            return Some(self.push(at..end, span, readings, None));
        }
        let ending = self.ending(at + 3, self.digits(at + 2).unwrap_or_default());
        let end = self.past(at + 3, &ending);
        Some(self.push(at..end, span, readings, ending))
    }

    /// `a.m.` or `pm` at piece `at`: where it ends, and its first letter.
    fn half_day(&self, at: usize) -> Option<(usize, Span)> {
        if !self.row?.half_days {
            return None;
        }
        let at = if self.thin(at).is_some() { at + 1 } else { at };
        let letters = self.letters(at)?;
        let start = self.pieces[at].span.start;
        let half = Span::new(start, start + 1);
        match letters {
            "am" | "pm" | "AM" | "PM" => Some((at + 1, half)),
            "a" | "p" | "A" | "P" if self.mark(at + 1) == Some('.') => {
                matches!(self.letters(at + 2), Some("m" | "M")).then_some((at + 3, half))
            }
            _ => None,
        }
    }

    /// Where groups of two to four digits end that follow one another over single spaces and hyphens, as phone numbers
    /// do, and how many there are. `all`: over brackets, stops and strokes too.
    fn groups(&self, at: usize, all: bool) -> (usize, usize) {
        let (mut end, mut count) = (at + 1, 1);
        loop {
            let mut next = end;
            if all && self.mark(next) == Some(')') {
                next += 1;
            }
            match self.mark(next) {
                Some('-') => next += 1,
                Some('.' | '/') if all => next += 1,
                _ if self.thin(next).is_some() => next += 1,
                _ if next == end => break,
                _ => {}
            }
            if self.digits(next).is_none_or(|digits| !(2..=4).contains(&digits.len())) {
                break;
            }
            (end, count) = (next + 1, count + 1);
        }
        (end, count)
    }

    /// Whether the groups are thousands.
    fn is_grouped(&self, at: usize, end: usize) -> bool {
        let three = (at + 2..end).step_by(2).all(|group| self.digits(group).is_some_and(|digits| digits.len() == 3));
        three && (at + 1..end).step_by(2).all(|sign| self.thin(sign).is_some())
    }

    /// A number with what parts its thousands and its fraction: where it ends and the ways to read it. `None` for what
    /// is no number: 15.1.2.
    fn dotted(&self, at: usize) -> Option<(usize, Vec<Reading>)> {
        let first = self.digits(at)?;
        let mut end = at + 1;
        let plain = |whole: &str| vec![reading(whole.to_owned(), None, None, None)];
        let (mut groups, mut signs) = (vec![first], Vec::new());
        while let (Some(sign @ ('.' | ',' | '\'')), Some(digits)) = (self.mark(end), self.digits(end + 1)) {
            signs.push(sign);
            groups.push(digits);
            end += 2;
        }
        let Some(row) = self.row else {
            return if signs.is_empty() { Some((end, plain(first))) } else { None };
        };
        let may_group = first.len() <= 3 && first != "0";
        if signs.is_empty() {
            let group = self.thin(end).filter(|_| may_group);
            while let Some(c) = group
                && self.thin(end) == Some(c)
                && let Some(digits) = self.digits(end + 1).filter(|digits| digits.len() == 3)
            {
                groups.push(digits);
                end += 2;
            }
            if groups.len() == 1 {
                return Some((end, plain(first)));
            }
            let mut fraction = None;
            if let (Some(sign @ ('.' | ',')), Some(digits)) = (self.mark(end), self.digits(end + 1)) {
                fraction = Some((sign, digits));
                end += 2;
            }
            let digits = fraction.map(|(_, digits)| digits);
            return Some((end, vec![reading(groups.concat(), digits, group, fraction.map(|(sign, _)| sign))]));
        }
        Some((end, signed(row, &groups, &signs)?))
    }
}

/// The ways to read groups of digits with signs between them, the likeliest first; `None` for what is no number.
fn signed(row: &Row, groups: &[&str], signs: &[char]) -> Option<Vec<Reading>> {
    let (first, sign) = (*groups.first()?, *signs.first()?);
    let three = |groups: &[&str]| groups.iter().all(|group| group.len() == 3);
    let may_group = first.len() <= 3 && first != "0";
    let (last, before) = groups.split_last()?;
    let same = signs.iter().all(|other| *other == sign);
    let grouped = || reading(groups.concat(), None, Some(sign), None);
    let decimal = || reading(first.to_owned(), Some(last), None, Some(sign));
    Some(match signs.len() {
        1 if sign == '\'' => match may_group && three(&groups[1..]) {
            true => vec![grouped()],
            false => return None,
        },
        1 if last.len() == 3 && may_group => match row.groups.contains(&sign) {
            true => vec![grouped()],
            false if sign == row.point => vec![decimal(), grouped()],
            false => vec![grouped(), decimal()],
        },
        1 => {
            let time = (sign == '.' && last.len() == 2 && first.len() <= 2)
                .then(|| Some((first.parse::<u16>().ok()?, last.parse::<u16>().ok()?)))
                .flatten()
                .filter(|(hour, minute)| *hour <= 24 && *minute < 60)
                .map(|(hour, minute)| {
                    let notation = Notation::Clock { separator: Some('.'), width: first.len(), half: None };
                    Reading { value: Value::Time(hour * 60 + minute), notation }
                });
            std::iter::once(decimal()).chain(time).collect()
        }
        _ if same && may_group && three(&groups[1..]) => vec![grouped()],
        count if may_group && three(&before[1..]) && signs[..count - 1].iter().all(|other| *other == sign) && !same => {
            vec![reading(before.concat(), Some(last), Some(sign), signs.last().copied())]
        }
        _ => return None,
    })
}

fn reading(whole: String, fraction: Option<&str>, group: Option<char>, point: Option<char>) -> Reading {
    let value = Value::Number(Decimal { negative: false, whole, fraction: fraction.map(str::to_owned) });
    Reading { value, notation: Notation::Digits { group, point } }
}

/// Minutes since midnight; `half` is the first letter of `a.m.` or `p.m.`
fn minutes(hour: u16, minute: u16, half: Option<&str>) -> u16 {
    let hour = match half {
        None => hour,
        Some("p" | "P") => hour % 12 + 12,
        Some(_) => hour % 12,
    };
    hour * 60 + minute
}
