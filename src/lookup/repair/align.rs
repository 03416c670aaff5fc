//! Which atom of the query stands for which of the source, and which of the target follow them.

use super::{
    atoms::{Atom, EndingKind, Notation, Reading, Role, Text, Unit, Value, is_number_word},
    rows::CURRENCY_SIGNS,
    write::Change,
};
use crate::{
    lang::{month, stem},
    text::{Span, normal::folded},
};

/// What is compared: an atom, a word or a mark.
pub(super) struct Element {
    pub span: Span,
    atom: Option<usize>,
    /// The key of a word; the folded character of a mark.
    key: String,
    stem: String,
    mark: bool,
}

pub(super) fn elements(text: &Text<'_>) -> Vec<Element> {
    let mut out = Vec::new();
    let mut atoms = text.atoms.iter().enumerate().peekable();
    let mut at = 0;
    while at < text.pieces.len() {
        if let Some((number, atom)) = atoms.next_if(|(_, atom)| atom.pieces.start <= at) {
            let mut end = atom.pieces.end.max(at + 1);
            // 2017-ci il, 2017-ci ildə: the word belongs to the year, wherever in the date that stands.
            if atom.date.is_some()
                && atom.role == Role::Year
                && let Some((word, key)) = text.word_after(end)
                && text.row.is_some_and(|row| row.year.iter().any(|start| key.starts_with(start)))
            {
                end = word + 1;
            }
            let span = Span::new(text.pieces[at].span.start, text.pieces[end - 1].span.end);
            out.push(Element { span, atom: Some(number), key: String::new(), stem: String::new(), mark: false });
            at = end;
            continue;
        }
        let span = text.pieces[at].span;
        if let Some(letters) = text.letters(at) {
            let key = text.language.key(letters);
            let stem = stem(text.language, &key);
            out.push(Element { span, atom: None, key, stem, mark: false });
        } else if let Some(mark) = text.mark(at).and_then(folded) {
            out.push(Element { span, atom: None, key: mark.to_string(), stem: String::new(), mark: true });
        }
        at += 1;
    }
    in_date_order(text, &mut out);
    out
}

/// Puts the parts of each date in one order, so that December 18, 2017 and 18 December 2017 are the same elements.
fn in_date_order(text: &Text<'_>, elements: &mut [Element]) {
    for date in (0..text.atoms.len()).filter(|at| text.atoms[*at].date == Some(*at)) {
        let is_part = |element: &Element| element.atom.filter(|atom| text.atoms[*atom].date == Some(date));
        let places: Vec<usize> = (0..elements.len()).filter(|at| is_part(&elements[*at]).is_some()).collect();
        let mut parts: Vec<usize> = places.iter().filter_map(|at| elements[*at].atom).collect();
        parts.sort_by_key(|atom| text.atoms[*atom].role);
        for (place, atom) in places.into_iter().zip(parts) {
            elements[place].atom = Some(atom);
        }
    }
}

/// In tenths of a word, as in the score.
const WORD: u32 = 10;
const MARK: u32 = 2;
const FORM: u32 = 3;
const VALUE: u32 = 1;
/// Dearer than leaving both out.
const NEVER: u32 = 1000;
/// Elements of a text, and atoms among them: what is longer is a table or a document and not compared.
const LONGEST: usize = 1000;
const MOST_ATOMS: usize = 200;

fn weight(element: &Element) -> u32 {
    if element.mark { MARK } else { WORD }
}

fn substitution(query: (&Text<'_>, &Element), source: (&Text<'_>, &Element)) -> u32 {
    match (query.1.atom, source.1.atom) {
        (Some(a), Some(b)) => {
            let (a, b) = (&query.0.atoms[a], &source.0.atoms[b]);
            match (a.says(b), alike(a, b)) {
                (true, _) => 0,
                (_, true) => VALUE,
                _ => WORD,
            }
        }
        (None, None) if query.1.mark != source.1.mark => NEVER,
        (None, None) if query.1.key == source.1.key => 0,
        (None, None) if query.1.mark => MARK,
        (None, None) if query.1.stem == source.1.stem => FORM,
        (None, None) => WORD,
        _ => NEVER,
    }
}

/// Whether the two are of one kind in one of their readings.
fn alike(a: &Atom, b: &Atom) -> bool {
    a.readings.iter().any(|reading| b.readings.iter().any(|other| other.value.is_like(&reading.value)))
}

/// The elements of query and source that stand for one another on the cheapest way from one to the other (Wagner and
/// Fischer 1974). `None` for texts too long for it.
pub(super) fn aligned(query: (&Text<'_>, &[Element]), source: (&Text<'_>, &[Element])) -> Option<Vec<(usize, usize)>> {
    let (a, b) = (query.1, source.1);
    if a.len().max(b.len()) > LONGEST || source.0.atoms.len() > MOST_ATOMS {
        return None;
    }
    let width = b.len() + 1;
    let mut cost = vec![0u32; (a.len() + 1) * width];
    for (at, element) in b.iter().enumerate() {
        cost[at + 1] = cost[at] + weight(element);
    }
    let swap = |i: usize, j: usize| substitution((query.0, &a[i]), (source.0, &b[j]));
    for i in 0..a.len() {
        cost[(i + 1) * width] = cost[i * width] + weight(&a[i]);
        for j in 0..b.len() {
            let least = (cost[i * width + j] + swap(i, j))
                .min(cost[i * width + j + 1] + weight(&a[i]))
                .min(cost[(i + 1) * width + j] + weight(&b[j]));
            cost[(i + 1) * width + j + 1] = least;
        }
    }
    let mut out = Vec::new();
    let (mut i, mut j) = (a.len(), b.len());
    while i > 0 && j > 0 {
        let here = cost[i * width + j];
        if here == cost[(i - 1) * width + j - 1] + swap(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            out.push((i, j));
        } else if here == cost[(i - 1) * width + j] + weight(&a[i - 1]) {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    out.reverse();
    Some(out)
}

/// Two texts of one language side by side.
pub(super) struct Sides<'s, 't> {
    pub query: &'s Text<'t>,
    pub source: &'s Text<'t>,
    pub query_elements: &'s [Element],
    pub source_elements: &'s [Element],
    pub pairs: &'s [(usize, usize)],
}

impl Sides<'_, '_> {
    /// The atom of the query for each of the source, where every atom has its counterpart and those that differ are
    /// certain to be one another's.
    pub fn counterparts(&self) -> Option<Vec<usize>> {
        let (query, source) = (self.query, self.source);
        let mut out = vec![None; source.atoms.len()];
        for (at, (i, j)) in self.pairs.iter().enumerate() {
            if let (Some(a), Some(b)) = (self.query_elements[*i].atom, self.source_elements[*j].atom) {
                let (asked, stored) = (&query.atoms[a], &source.atoms[b]);
                let differs = !asked.says(stored);
                if asked.unit != stored.unit || (differs && !self.is_certain(at, asked, stored)) {
                    return None;
                }
                out[b] = Some(a);
            }
        }
        // A number in words that no row carries, a Roman numeral of one letter, a name that may be a month.
        let number = |text: &Text<'_>, element: &Element| {
            let word = element.span.of(text.text);
            let capital = || word.starts_with(char::is_uppercase) && month(text.language, &element.key).is_some();
            let roman = matches!(word, "I" | "V" | "X");
            element.atom.is_none()
                && !element.mark
                && (roman || is_number_word(text.language, &element.key) || capital())
        };
        let (mut in_query, mut in_source) =
            (vec![false; self.query_elements.len()], vec![false; self.source_elements.len()]);
        for (i, j) in self.pairs {
            let same = self.query_elements[*i].key == self.source_elements[*j].key;
            (in_query[*i], in_source[*j]) = (same, same);
        }
        let lost = |text, elements: &[Element], kept: &[bool]| {
            elements.iter().zip(kept).any(|(element, kept)| !kept && number(text, element))
        };
        if lost(query, self.query_elements, &in_query) || lost(source, self.source_elements, &in_source) {
            return None;
        }
        out.into_iter().collect()
    }

    /// Whether two atoms that differ, the pair at `at`, are of one kind and stand beside the same word.
    fn is_certain(&self, at: usize, asked: &Atom, stored: &Atom) -> bool {
        let day = |atom: &Atom| matches!(atom.role, Role::Day | Role::Month);
        if !alike(asked, stored) || (day(asked) || day(stored)) && asked.role != stored.role {
            return false;
        }
        // Signs of units are told by the unit; all others, as in `>5`, belong to the value.
        let signs = |text: &Text<'_>, atom: &Atom| {
            let unit = |c: char| c == '%' || CURRENCY_SIGNS.iter().any(|(sign, _)| *sign == c);
            let sign = |at: Option<usize>| at.and_then(|at| text.mark(at)).filter(|c| !is_punctuation(*c) && !unit(*c));
            (sign(atom.pieces.start.checked_sub(1)), sign(Some(atom.pieces.end)))
        };
        if signs(self.query, asked) != signs(self.source, stored) {
            return false;
        }
        let dated = asked.date.is_some() && stored.date.is_some();
        if !dated && !self.end_alike(asked, stored) {
            return false;
        }
        let (left, right) = (self.beside(at, false), self.beside(at, true));
        // What a number counts stands after it in all three languages: 50 days are not 50 months.
        let counts = |text: &Text<'_>, atom: &Atom| text.word_after(atom.pieces.end).is_some();
        let (counting, counted) = (counts(self.query, asked), counts(self.source, stored));
        match (asked.role, stored.role) {
            // A year for another number is none, unless the word it counts is the same: 50 persons, 2018 persons.
            (Role::Year, Role::Plain) => right == Some(true) && counting && counted,
            (Role::Year, other) | (other, Role::Year) if other != Role::Year => false,
            (Role::Plain, Role::Plain) if asked.unit == Unit::None && (counting || counted) => {
                counting && counted && right == Some(true)
            }
            _ => left != Some(false) || right != Some(false),
        }
    }

    /// Whether two numbers have the same ending, each as it asks for: the 5th and the 9th, 5-də and 9-da, but not 5 and 9th.
    fn end_alike(&self, asked: &Atom, stored: &Atom) -> bool {
        let (Some(a), Some(b)) = (&asked.ending, &stored.ending) else {
            return asked.ending.is_none() && stored.ending.is_none();
        };
        match (a.kind, b.kind) {
            (EndingKind::Harmony, EndingKind::Harmony) => {
                let stored = self.source.suffixes(stored);
                self.query.suffixes(asked).iter().any(|suffix| stored.contains(suffix))
            }
            (EndingKind::Unknown, EndingKind::Unknown) => a.text == b.text,
            (a, b) => a == b,
        }
    }

    /// Whether the next word on one side of a pair is the same in both texts, over marks and other pairs of atoms.
    /// `None` where both texts end there.
    fn beside(&self, at: usize, right: bool) -> Option<bool> {
        let step = |i: usize| if right { i.checked_add(1) } else { i.checked_sub(1) };
        let (mut i, mut j) = self.pairs[at];
        loop {
            let next = |elements: &[Element], mut k: usize| loop {
                match step(k).filter(|k| *k < elements.len()) {
                    Some(next) if elements[next].mark => k = next,
                    next => break next,
                }
            };
            match (next(self.query_elements, i), next(self.source_elements, j)) {
                (None, None) => return None,
                (Some(a), Some(b)) => {
                    let (asked, stored) = (&self.query_elements[a], &self.source_elements[b]);
                    if self.pairs.binary_search(&(a, b)).is_err() {
                        return Some(false);
                    }
                    match (asked.atom, stored.atom) {
                        (Some(x), Some(y)) if !self.query.atoms[x].says(&self.source.atoms[y]) => (i, j) = (a, b),
                        (Some(_), Some(_)) => return Some(true),
                        _ => return Some(asked.stem == stored.stem),
                    }
                }
                _ => return Some(false),
            }
        }
    }
}

fn is_punctuation(c: char) -> bool {
    folded(c).is_none_or(|c| ".,;:!?\"'()[]-".contains(c)) || c == '…'
}

/// The changes the target needs; `None` where any is not certain.
pub(super) fn changes<'c>(
    query: &'c Text<'_>,
    source: &'c Text<'_>,
    target: &'c Text<'_>,
    counterparts: &[usize],
) -> Option<Vec<Change<'c>>> {
    let asked = |at: usize| &query.atoms[counterparts[at]];
    let (source, target) = (&Dated::new(source), &Dated::new(target));
    let mut follows: Vec<Option<usize>> = vec![None; target.text.atoms.len()];
    for (at, atom) in source.text.atoms.iter().enumerate() {
        if atom.says(asked(at)) {
            continue;
        }
        for place in places(source, target, at, &|a, b| asked(a).says(asked(b)))? {
            let leader = follows[place].get_or_insert(at);
            if !asked(*leader).says(asked(at)) {
                return None;
            }
        }
    }
    let mut out = Vec::new();
    for (place, at) in follows.iter().enumerate().filter_map(|(place, at)| at.map(|at| (place, at))) {
        let (from, atom) = (&source.text.atoms[at], &target.text.atoms[place]);
        let (reading, old) = from
            .readings
            .iter()
            .find_map(|reading| Some((reading, atom.readings.iter().find(|old| old.value == reading.value)?)))?;
        if against(from, atom) {
            return None;
        }
        let query = (asked(at), of_kind(asked(at), reading)?);
        out.push(Change { atom: place, old, source: (from, reading), query });
    }
    Some(out)
}

/// A text and, of each of its atoms, the date it belongs to.
struct Dated<'c, 't> {
    text: &'c Text<'t>,
    /// Day, month and year, as far as the text says them; empty for what is no date.
    dates: Vec<Vec<(Role, Value)>>,
}

impl<'c, 't> Dated<'c, 't> {
    fn new(text: &'c Text<'t>) -> Dated<'c, 't> {
        let date = |atom: &Atom| {
            let parts = text.atoms.iter().filter(|part| part.date.is_some() && part.date == atom.date);
            let mut parts: Vec<(Role, Value)> = parts.map(|part| (part.role, part.readings[0].value.clone())).collect();
            parts.sort_by_key(|(role, _)| *role);
            parts
        };
        Dated { text, dates: text.atoms.iter().map(date).collect() }
    }

    fn saying(&self, atom: &Atom) -> Vec<usize> {
        (0..self.text.atoms.len()).filter(|other| self.text.atoms[*other].says(atom)).collect()
    }
}

/// Whether the two can be no counterparts, though they say the same number.
fn against(a: &Atom, b: &Atom) -> bool {
    let counts = |atom: &Atom| atom.unit != Unit::None;
    let dated = |atom: &Atom| matches!(atom.role, Role::Day | Role::Month);
    (counts(a) && counts(b) && a.unit != b.unit) || (counts(a) && dated(b)) || (dated(a) && counts(b))
}

/// How the query's atom is read, where the source's is read so.
fn of_kind<'a>(asked: &'a Atom, source: &Reading) -> Option<&'a Reading> {
    let like: Vec<&Reading> = asked.readings.iter().filter(|reading| reading.value.is_like(&source.value)).collect();
    match like[..] {
        [only] => Some(only),
        _ => {
            let parted = |reading: &&&Reading| reading.notation == source.notation;
            let mut same = like.iter().filter(parted);
            same.next().filter(|_| same.next().is_none()).copied()
        }
    }
}

/// The atoms of the target that follow atom `at` of the source. `same`: whether the query says the same for two of them.
///
/// All that say the value where they are as many as in the source and the query changes them alike; else those of the
/// same role, of the same date; else by order where other values that stand once in either text hold it.
fn places(
    source: &Dated<'_, '_>,
    target: &Dated<'_, '_>,
    at: usize,
    same: &dyn Fn(usize, usize) -> bool,
) -> Option<Vec<usize>> {
    let atom = &source.text.atoms[at];
    let (here, there) = (source.saying(atom), target.saying(atom));
    let alike = |group: &[usize]| group.iter().all(|other| same(at, *other));
    if here.len() != there.len() {
        return None;
    }
    if alike(&here) {
        return Some(there);
    }
    let role = |text: &Dated<'_, '_>, other: usize| {
        let other = &text.text.atoms[other];
        other.role == atom.role && other.unit == atom.unit
    };
    let date = |text: &Dated<'_, '_>, other: usize| role(text, other) && text.dates[other] == source.dates[at];
    for fits in [&role as &dyn Fn(&Dated<'_, '_>, usize) -> bool, &date] {
        let part = |text: &Dated<'_, '_>, group: &[usize]| -> Vec<usize> {
            group.iter().copied().filter(|other| fits(text, *other)).collect()
        };
        let (here, there) = (part(source, &here), part(target, &there));
        if here.len() == there.len() && alike(&here) {
            return Some(there);
        }
    }
    in_order(source.text, target.text, &here, same).then_some(vec![at])
}

/// Whether the atoms of both texts say the same in the same order, and this is no chance: two values that stand once in
/// either stand in that order, and between two places of `group` that the query changes differently stands one.
fn in_order(source: &Text<'_>, target: &Text<'_>, group: &[usize], same: &dyn Fn(usize, usize) -> bool) -> bool {
    let count = source.atoms.len();
    let matched = count == target.atoms.len() && source.atoms.iter().zip(&target.atoms).all(|(a, b)| a.says(b));
    let once = |at: usize| (0..count).all(|other| other == at || !source.atoms[other].says(&source.atoms[at]));
    let anchors: Vec<usize> = (0..count).filter(|at| once(*at)).collect();
    let parted = |pair: &[usize]| same(pair[0], pair[1]) || anchors.iter().any(|at| (pair[0]..pair[1]).contains(at));
    matched && anchors.len() > 1 && group.windows(2).all(parted)
}

/// Whether the text reads as it should after the change.
pub(super) fn reads_as(old: &Text<'_>, new: &Text<'_>, changes: &[Change<'_>]) -> bool {
    let expected = |at: usize| changes.iter().find(|change| change.atom == at).map(|change| &change.query.1.value);
    old.atoms.len() == new.atoms.len()
        && (0..old.atoms.len()).all(|at| match expected(at) {
            Some(value) => new.atoms[at].readings.iter().any(|reading| reading.value == *value),
            None => new.atoms[at].readings[0].value == old.atoms[at].readings[0].value,
        })
        && new.atoms.iter().zip(&old.atoms).all(|(new, old)| {
            let clock = |atom: &Atom| matches!(atom.readings[0].notation, Notation::Clock { .. });
            clock(new) == clock(old)
        })
}
