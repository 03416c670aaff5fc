//! What a text says in figures, for who compares two languages: the atoms of repair with their values as numbers.

use super::atoms::{Atom, Decimal, Notation, Role, Text, Unit, Value};
use super::{rows::listed, write::suffixes};
use crate::{lang::Language, lang::anchors::ANCHORS, text::Span};
use std::sync::LazyLock;

/// A number, a month or a time in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub span: Span,
    pub kind: FactKind,
    /// What it may say: `1.250` is 1.25 or 1250, `250 thousand` 250 or 250,000. Never empty.
    pub values: Vec<f64>,
    /// In figures, not in words.
    pub figures: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    Number,
    Percent,
    /// Part of a date.
    Day,
    /// 1 to 12.
    Month,
    Year,
    /// Minutes since midnight.
    Time,
    /// Only names: Article 5.
    Label,
}

/// The facts of `text` in order. Codes with digits in them, addresses and telephone numbers are none; nor are numbers
/// in words that are no single atom (twenty-five, the fifth).
pub fn facts(language: Language, text: &str) -> Vec<Fact> {
    let text = Text::new(language, text);
    text.atoms.iter().filter_map(|atom| fact(&text, atom)).collect()
}

fn fact(text: &Text<'_>, atom: &Atom) -> Option<Fact> {
    let mut values: Vec<f64> = Vec::new();
    let mut kind = match (atom.unit, atom.role) {
        (Unit::Percent, _) => FactKind::Percent,
        (_, Role::Day) => FactKind::Day,
        (_, Role::Month) => FactKind::Month,
        (_, Role::Year) => FactKind::Year,
        (_, Role::Label) => FactKind::Label,
        _ => FactKind::Number,
    };
    for reading in &atom.readings {
        match &reading.value {
            Value::Number(number) => values.extend(value(number)),
            Value::Month(number) => {
                kind = FactKind::Month;
                values.push(f64::from(*number));
            }
            // 3.26 is a number first; that it may be a time as well says nothing.
            Value::Time(_) if !values.is_empty() => {}
            Value::Time(minutes) => {
                kind = FactKind::Time;
                values.push(f64::from(*minutes));
            }
            Value::Text(_) => {}
        }
    }
    if matches!(kind, FactKind::Number | FactKind::Percent)
        && let Some(factor) = scale(text, atom.pieces.end)
    {
        let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
        values.extend(scaled);
    }
    let figures = !matches!(atom.readings[0].notation, Notation::Spelled(_));
    (!values.is_empty()).then_some(Fact { span: atom.span, kind, values, figures })
}

fn value(number: &Decimal) -> Option<f64> {
    let sign = if number.negative { "-" } else { "" };
    let fraction = number.fraction.as_deref().unwrap_or("0");
    format!("{sign}{}.{fraction}", number.whole).parse().ok()
}

/// What the words after piece `at` multiply a number by: thousand, million.
fn scale(text: &Text<'_>, at: usize) -> Option<f64> {
    let at = if text.mark(at) == Some('-') { at + 1 } else { at };
    let (_, word) = text.word_after(at)?;
    let is = |form: &str| {
        listed(&[form], &word)
            || word
                .strip_prefix(form)
                .zip(text.row)
                .is_some_and(|(rest, row)| !suffixes(text.language, row, form, rest).is_empty())
    };
    let mut forms = FORMS.iter().filter(|(language, ..)| *language == text.language);
    forms.find(|(_, form, _)| is(form)).map(|(.., factor)| *factor)
}

/// The forms of all scales.
static FORMS: LazyLock<Vec<(Language, &'static str, f64)>> = LazyLock::new(|| {
    let of = |(key, factor, short): &Scale| {
        let forms = ANCHORS.iter().filter(|anchor| anchor.key == *key).flat_map(|anchor| &anchor.forms);
        forms.chain(*short).map(|(language, form)| (*language, *form, *factor)).collect::<Vec<_>>()
    };
    SCALES.iter().flat_map(of).collect()
});

/// A row of anchors that is a scale, what it multiplies by, and how else it is written after figures.
type Scale = (&'static str, f64, &'static [(Language, &'static str)]);

const SCALES: &[Scale] = &[
    ("100", 1e2, &[]),
    ("1000", 1e3, &[(Language::RU, "тыс"), (Language::EN, "k")]), // 350 тыс. человек
    ("million", 1e6, &[(Language::AZ, "mln"), (Language::EN, "m"), (Language::EN, "mln")]), // 2,5 mln manat
    ("billion", 1e9, &[(Language::AZ, "mlrd"), (Language::EN, "bn")]),
    ("trillion", 1e12, &[(Language::EN, "trillion"), (Language::AZ, "trilyon"), (Language::RU, "трлн")]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use FactKind::*;

    #[test]
    fn numbers_dates_and_times_by_value() {
        let of = |language, text| -> Vec<(FactKind, Vec<f64>, bool)> {
            facts(language, text).into_iter().map(|fact| (fact.kind, fact.values, fact.figures)).collect()
        };
        let (en, az, ru) = (Language::EN, Language::AZ, Language::RU);
        assert_eq!(of(en, "about 1,250 people"), [(Number, vec![1250.0], true)]);
        assert_eq!(of(az, "250 min nəfər"), [(Number, vec![250.0, 250_000.0], true)]);
        assert_eq!(of(ru, "2,5 млн человек"), [(Number, vec![2.5, 2_500_000.0], true)]);
        assert_eq!(of(az, "30 mindən çox"), [(Number, vec![30.0, 30_000.0], true)]);
        assert_eq!(of(ru, "350 тыс. долларов"), [(Number, vec![350.0, 350_000.0], true)]);
        assert_eq!(of(en, "3.26 million viewers"), [(Number, vec![3.26, 3_260_000.0], true)]);
        assert_eq!(of(en, "15 percent"), [(Percent, vec![15.0], true)]);
        let date = [(Day, vec![18.0], true), (Month, vec![12.0], true), (Year, vec![2018.0], true)];
        assert_eq!(of(ru, "18 декабря 2018 года"), date);
        assert_eq!(of(en, "at 5 p.m."), [(Time, vec![1020.0], true)]);
        assert_eq!(of(en, "Article 5"), [(Label, vec![5.0], true)]);
        assert_eq!(of(az, "beş nəfər"), [(Number, vec![5.0], false)]);
        assert_eq!(of(en, "AZ1114 and info@migration.gov.az"), []);
    }
}
