//! Writing a value of the query into the stored target, in the target's own notation.

use super::{
    atoms::{Atom, Decimal, EndingKind, Notation, Reading, Role, Text, Unit, Value},
    rows::{Row, SPACES, listed},
};
use crate::{
    lang::{Language, forms},
    text::Span,
};

/// A value to carry: an atom of the target, how it is read, and the atoms of the source and of the query that it follows.
pub(super) struct Change<'c> {
    pub atom: usize,
    pub old: &'c Reading,
    pub source: (&'c Atom, &'c Reading),
    pub query: (&'c Atom, &'c Reading),
}

/// The stretches of the target to write anew; `None` where that is not certain. `others` is how its atoms are read.
pub(super) fn edits(target: &Text<'_>, others: &[&Reading], change: &Change<'_>) -> Option<Vec<(Span, String)>> {
    let atom = &target.atoms[change.atom];
    let new = &change.query.1.value;
    let mut out = Vec::new();
    let said = match (&change.old.value, new) {
        (Value::Number(old), Value::Number(new)) => {
            if old.negative != new.negative || !is_in_place(target, change, old, new) {
                return None;
            }
            out.push((atom.span, number(target, others, change, old, new)?));
            let said = |number: &Decimal| number.fraction.clone().unwrap_or_else(|| number.whole.clone());
            vec![(said(old), said(new))]
        }
        (Value::Month(old), Value::Month(new)) => {
            out.push((atom.span, month(target, change, *new)?));
            let name = |month: u8| target.row.map(|row| row.months[usize::from(month) - 1][0].to_owned());
            name(*old).zip(name(*new)).into_iter().collect()
        }
        (Value::Time(old), Value::Time(new)) => {
            time(target, change, *old, *new, &mut out)?;
            // 15:00-da by its noughts, 15:00-də by its hour: whichever the target follows.
            let minutes = |time: u16| format!("{:02}", time % 60);
            let by_hour = |time: u16| if time.is_multiple_of(60) { (time / 60).to_string() } else { minutes(time) };
            vec![(minutes(*old), minutes(*new)), (by_hour(*old), by_hour(*new))]
        }
        (Value::Text(_), Value::Text(new)) => {
            out.push((atom.span, new.clone()));
            Vec::new()
        }
        _ => return None,
    };
    if let Some(ending) = &atom.ending {
        let word = |said: &str| match new {
            Value::Month(_) => Some(said.to_owned()),
            _ => target.row?.spoken?.last(said).map(str::to_owned),
        };
        let text = match ending.kind {
            EndingKind::Unknown => return None,
            EndingKind::Set(set) => {
                let Value::Number(Decimal { whole, fraction: None, .. }) = new else { return None };
                let mut endings = target.row?.sets.get(set)?.endings.iter();
                endings.find(|(_, rule)| rule.holds(whole)).map(|(ending, _)| (*ending).to_owned())?
            }
            EndingKind::Harmony => said.iter().find_map(|(old, new)| {
                harmonised(target.language, target.row?, &word(old)?, &word(new)?, &ending.text)
            })?,
        };
        out.push((ending.span, cased(target.language, ending.span.of(target.text), &text)));
    }
    out.retain(|(span, text)| span.of(target.text) != text);
    Some(out)
}

/// The suffixes of the rows that `ending` can be after `word`; where none suits its vowels, those that suit its other
/// letters: 2009-ci is met as well as 2009-cu.
pub(super) fn suffixes(language: Language, row: &Row, word: &str, ending: &str) -> Vec<&'static str> {
    let alike = |same: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
        let spelt = |letters: &str| forms::suffix(language, letters, word).is_some_and(|spelt| same(&spelt));
        row.suffixes.iter().map(|suffix| suffix.letters).filter(|letters| spelt(letters)).collect()
    };
    let strict = alike(&|spelt| spelt == ending);
    if !strict.is_empty() {
        return strict;
    }
    let flat = |text: &str| -> String {
        text.chars()
            .map(|c| {
                if c == 'ə' {
                    'a'
                } else if "iuü".contains(c) {
                    'ı'
                } else {
                    c
                }
            })
            .collect()
    };
    alike(&|spelt| flat(spelt) == flat(ending))
}

/// `ending`, met after `old`, as it is spelt after `new`; `None` where its readings differ there.
fn harmonised(language: Language, row: &Row, old: &str, new: &str, ending: &str) -> Option<String> {
    let mut spelt =
        suffixes(language, row, old, ending).into_iter().map(|letters| forms::suffix(language, letters, new));
    let first = spelt.next()??;
    spelt.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// Whether the words round the number stay as they are: those that agree with it, and those that change before it.
fn is_in_place(target: &Text<'_>, change: &Change<'_>, old: &Decimal, new: &Decimal) -> bool {
    let Some(row) = target.row else { return true };
    let atom = &target.atoms[change.atom];
    if let Some(word) = target.word_before(atom.pieces.start) {
        let among = |starts: &[super::rows::Start], whole: &str| starts.iter().any(|start| start.holds(whole));
        let mut junctions = row.junctions.iter().filter(|junction| junction.words.contains(&word.as_str()));
        if junctions.any(|junction| among(junction.starts, &old.whole) != among(junction.starts, &new.whole)) {
            return false;
        }
    }
    let class = |number: &Decimal| match number.fraction {
        Some(_) => row.plurals.len(),
        None => row.plurals.iter().position(|rule| rule.holds(&number.whole)).unwrap_or(0),
    };
    let (before, after) = (class(old), class(new));
    let end = atom.pieces.end;
    let next = target.word_after(end).filter(|(_, word)| !row.particles.contains(&word.as_str()));
    let named = match atom.role {
        Role::Plain => false,
        // A year by its looks may be a count.
        Role::Year if atom.date.is_none() => next.as_ref().is_none_or(|(_, word)| listed(row.years, word)),
        _ => true,
    };
    if before == after || row.plurals.is_empty() || atom.ending.is_some() || named {
        return true;
    }
    // Few and many differ in what is counted alone; one and the others in the verb as well.
    let plural = before > 0 && after > 0;
    match next {
        Some((_, word)) => {
            listed(row.unchanging, &word) || (plural && row.oblique.iter().any(|ending| word.ends_with(ending)))
        }
        // 25 %, 5-летний, and what stands for itself: (5), Всего: 5.
        None => {
            let percent = atom.unit == Unit::Percent;
            let compound = target.mark(end) == Some('-') && target.letters(end + 1).is_some();
            plural || percent || compound || target.word_before(atom.pieces.start).is_none()
        }
    }
}

fn number(target: &Text<'_>, others: &[&Reading], change: &Change<'_>, old: &Decimal, new: &Decimal) -> Option<String> {
    let original = target.atoms[change.atom].span.of(target.text);
    match &change.old.notation {
        Notation::Field(width) => {
            let fits = new.fraction.is_none() && new.whole.len() <= (*width).max(2);
            fits.then(|| format!("{:0>width$}", new.whole, width = *width))
        }
        Notation::Spelled(column) if matches!(change.query.1.notation, Notation::Spelled(_)) => {
            let row = target.row?.spelled.iter().find(|row| row.value == new.whole)?;
            Some(cased(target.language, original, row.forms.get(*column)?))
        }
        Notation::Spelled(_) => digits(target, others, change, (old, new), (None, None)),
        Notation::Digits { group, point } => digits(target, others, change, (old, new), (*group, *point)),
        _ => None,
    }
}

fn digits(
    target: &Text<'_>,
    others: &[&Reading],
    change: &Change<'_>,
    (old, new): (&Decimal, &Decimal),
    (group, point): (Option<char>, Option<char>),
) -> Option<String> {
    let atom = &target.atoms[change.atom];
    let label = [atom, change.source.0, change.query.0].iter().any(|atom| atom.role == Role::Label);
    let mut out = match grouped(change, old, new, group, others) {
        false => new.whole.clone(),
        true => {
            let Notation::Digits { group: asked, .. } = change.query.1.notation else { return None };
            let of_target = others.iter().find_map(|other| match other.notation {
                Notation::Digits { group, .. } => group,
                _ => None,
            });
            let default = || {
                let row = target.row?;
                // Any space will do where the language parts by spaces: then the one of the query.
                asked.filter(|sign| SPACES.contains(sign) && row.groups.contains(sign)).or(row.groups.first().copied())
            };
            part(&new.whole, group.or(of_target).or_else(default)?)
        }
    };
    if let Some(fraction) = &new.fraction {
        if old.fraction.is_none() && !label && (atom.ending.is_some() || atom.role != Role::Plain) {
            return None;
        }
        let of_target = || {
            others.iter().find_map(|other| match other.notation {
                Notation::Digits { point, .. } => point,
                _ => None,
            })
        };
        let own = if label { point.or(Some('.')) } else { point.or_else(of_target) };
        out.push(own.or(target.row.map(|row| row.point))?);
        out.push_str(fraction);
    }
    Some(out)
}

/// Whether the thousands of the new number are parted: as in the target where it shows, else as in the query.
fn grouped(change: &Change<'_>, old: &Decimal, new: &Decimal, group: Option<char>, others: &[&Reading]) -> bool {
    let asked = matches!(change.query.1.notation, Notation::Digits { group: Some(_), .. });
    let four = |number: &Decimal| number.whole.len() == 4;
    if new.whole.len() < 4 {
        return false;
    }
    if group.is_some() {
        return true;
    }
    if old.whole.len() > 3 {
        // Four digits solid say nothing of five: Russian books part those alone.
        return asked && four(old) && !four(new);
    }
    let solid = |other: &Reading| match (&other.value, &other.notation) {
        (Value::Number(number), Notation::Digits { group: None, .. }) => {
            four(number) && !number.whole.starts_with("19") && !number.whole.starts_with("20")
        }
        _ => false,
    };
    asked && !(four(new) && others.iter().copied().any(solid))
}

/// `12345678` as `12 345 678`.
fn part(digits: &str, sign: char) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * sign.len_utf8());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(sign);
        }
        out.push(digit);
    }
    out
}

fn month(target: &Text<'_>, change: &Change<'_>, new: u8) -> Option<String> {
    let atom = &target.atoms[change.atom];
    let original = atom.span.of(target.text);
    match &change.old.notation {
        Notation::Field(width) => Some(format!("{new:0>width$}", width = *width)),
        Notation::Name(column) => {
            let row = target.row?;
            let name = row.months.get(usize::from(new) - 1)?.get(*column).filter(|name| !name.is_empty())?;
            let name = target.language.lower(name);
            // Only who writes ё in the old one wants it in the new one.
            let name = if original.contains(['ё', 'Ё']) { name } else { name.replace('ё', "е") };
            Some(cased(target.language, original, &name))
        }
        _ => None,
    }
}

fn time(target: &Text<'_>, change: &Change<'_>, old: u16, new: u16, out: &mut Vec<(Span, String)>) -> Option<()> {
    let atom = &target.atoms[change.atom];
    let Notation::Clock { separator, width, half } = &change.old.notation else { return None };
    let (mut hour, minute) = (new / 60, new % 60);
    if let Some(half) = half {
        let letter = half.of(target.text);
        let new_letter = match (hour % 24 < 12, letter.chars().all(char::is_uppercase)) {
            (true, false) => "a",
            (false, false) => "p",
            (true, true) => "A",
            (false, true) => "P",
        };
        out.push((*half, new_letter.to_owned()));
        hour = (hour + 11) % 12 + 1;
    }
    // One digit, or a nought before one, shows how hours are written; two digits from ten on do not: then the query shows.
    let shown = if half.is_some() { old / 60 % 12 } else { old / 60 };
    let width = match (&change.query.1.notation, *width) {
        (_, 2) if (1..10).contains(&shown) || shown == 0 => 2,
        (Notation::Clock { width, half: None, .. }, 2) if half.is_none() => *width,
        _ => 1,
    };
    let hour = format!("{hour:0>width$}");
    let text = match separator {
        Some(sign) => format!("{hour}{sign}{minute:02}"),
        None if minute == 0 => hour,
        None => format!("{hour}:{minute:02}"),
    };
    out.push((atom.span, text));
    Some(())
}

/// `text`, in lower case, with capitals where `like` has them.
fn cased(language: Language, like: &str, text: &str) -> String {
    let mut letters = like.chars().filter(|c| c.is_alphabetic());
    let first = letters.next().is_some_and(char::is_uppercase);
    let mut rest = letters.peekable();
    let all = first && rest.peek().is_some() && rest.all(char::is_uppercase);
    match (all, first) {
        (true, _) => language.upper(text),
        (_, true) if like.starts_with(char::is_alphabetic) => language.capitalised(text),
        _ => text.to_owned(),
    }
}
