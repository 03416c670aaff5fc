//! What the languages say of numbers, dates and their company: a row a language, each with its examples.

mod az;
mod en;
mod ru;

use crate::lang::Language;
use std::sync::LazyLock;

/// Which whole numbers a row is for, by how their digits end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// These numbers, ...
    pub is: &'static [&'static str],
    /// ... and those that end so, ...
    pub ends: &'static [&'static str],
    /// ... but not so.
    pub but: &'static [&'static str],
}

const fn rule(is: &'static [&'static str], ends: &'static [&'static str], but: &'static [&'static str]) -> Rule {
    Rule { is, ends, but }
}

/// All numbers.
const ANY: Rule = rule(&[], &[""], &[]);

impl Rule {
    pub fn holds(self, whole: &str) -> bool {
        let ends = |with: &&str| whole.ends_with(with);
        self.is.contains(&whole) || (self.ends.iter().any(ends) && !self.but.iter().any(ends))
    }
}

/// Endings of which one stands after the digits, as the number asks.
pub(super) struct Set {
    /// After a hyphen; else straight after the digits.
    pub hyphen: bool,
    pub endings: &'static [(&'static str, Rule)],
    /// Of each ending in order: a number that has it.
    #[cfg_attr(not(test), allow(dead_code))]
    pub examples: &'static [&'static str],
}

/// A suffix with vowel harmony as the tables of `lang::forms` write it, and a word it stands after.
pub(super) struct Suffix {
    pub letters: &'static str,
    #[cfg_attr(not(test), allow(dead_code))]
    pub example: (&'static str, &'static str),
}

const fn suffix(letters: &'static str, word: &'static str, spelt: &'static str) -> Suffix {
    Suffix { letters, example: (word, spelt) }
}

/// How the last word of a number is said: what a suffix after its digits agrees with.
pub(super) struct Spoken {
    pub zero: &'static str,
    pub units: [&'static str; 9],
    pub tens: [&'static str; 9],
    pub hundred: &'static str,
    /// 1,000, 1,000,000 and so on.
    pub powers: &'static [&'static str],
}

impl Spoken {
    /// The last word of the number with these digits; `None` where it has no name here.
    pub fn last(&self, digits: &str) -> Option<&'static str> {
        let bare = digits.trim_end_matches('0');
        let Some(digit) = bare.bytes().last() else { return Some(self.zero) };
        let digit = usize::from(digit.checked_sub(b'1')?);
        match digits.len() - bare.len() {
            0 => self.units.get(digit).copied(),
            1 => self.tens.get(digit).copied(),
            2 => Some(self.hundred),
            zeros => self.powers.get(zeros / 3 - 1).copied(),
        }
    }
}

/// A number in words, in the forms a text has it in. Forms of one column stand for one another.
pub(super) struct Spelled {
    pub value: &'static str,
    pub forms: &'static [&'static str],
}

const fn spelled(value: &'static str, forms: &'static [&'static str]) -> Spelled {
    Spelled { value, forms }
}

/// A short word whose form depends on how the number after it is said.
pub(super) struct Junction {
    pub words: &'static [&'static str],
    pub starts: &'static [Start],
    /// A number that is among `starts`, and one that is not.
    #[cfg_attr(not(test), allow(dead_code))]
    pub example: (&'static str, &'static str),
}

/// How the digits of a number begin.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    /// With these and no more.
    Only(&'static str),
    /// With these, however many follow.
    Any(&'static str),
    /// With these, and groups of three may follow.
    Groups(&'static str),
    /// With this digit as hundreds.
    Hundreds(&'static str),
}

impl Start {
    pub fn holds(self, whole: &str) -> bool {
        match self {
            Start::Only(digits) => whole == digits,
            Start::Any(digits) => whole.starts_with(digits),
            Start::Groups(digits) => whole.strip_prefix(digits).is_some_and(|rest| rest.len().is_multiple_of(3)),
            Start::Hundreds(digits) => whole.starts_with(digits) && whole.len().is_multiple_of(3),
        }
    }
}

/// Where the day stands beside a month in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayPlace {
    /// 18 December, December 18.
    BeforeOrAfter,
    /// 18 декабря.
    Before,
    /// 18 dekabr; after a month with one of these suffixes: dekabrın 18-də.
    AfterSuffix(&'static str),
}

pub(super) struct Row {
    pub language: Language,
    /// The signs that part thousands and nothing else. The first is written where the target shows none.
    pub groups: &'static [char],
    pub point: char,
    /// January to December, each in the same columns: forms that stand for one another. An empty cell: no such form.
    pub months: &'static [&'static [&'static str]; 12],
    /// Other spellings of the cells: (as met, the column it belongs to, the month).
    pub month_spellings: &'static [(&'static str, usize, u8)],
    /// Months that are words or names as well: read as months only beside a number or after one of `before_month`.
    pub doubtful_months: &'static [u8],
    pub before_month: &'static [&'static str],
    pub day: DayPlace,
    /// What may stand between the day and the month.
    pub of: &'static [&'static str],
    /// Beginnings of the word for year, where it may stand between the year and the month.
    pub year: &'static [&'static str],
    /// Words after a year that tell it from a count, where counts ask for forms: 2017 года, but 2017 граждан.
    pub years: &'static [&'static str],
    /// Whether a clock of twelve hours is used: `5 p.m.`
    pub half_days: bool,
    pub sets: &'static [Set],
    /// How words begin into which the ending of a number has slipped, `5-тилетний`: they depend on the number. Other words
    /// after a hyphen do not: `5-летний`.
    pub slipped: &'static [&'static str],
    pub suffixes: &'static [Suffix],
    pub spoken: Option<&'static Spoken>,
    pub spelled: &'static [Spelled],
    /// The plural classes of whole numbers, of which the first that holds counts. None: words do not agree.
    pub plurals: &'static [Rule],
    /// Words after a number that are the same for all of them; `*` for any ending.
    pub unchanging: &'static [&'static str],
    /// Endings of words that are the same for all classes but the first.
    pub oblique: &'static [&'static str],
    /// Words that no number counts; a number before one stands by itself.
    pub particles: &'static [&'static str],
    pub junctions: &'static [Junction],
    /// Words before a number that only names something: `Article 5`.
    pub labels: &'static [&'static str],
    pub percent: &'static [&'static str],
    /// Thousand and more in words.
    pub scales: &'static [&'static str],
    pub currencies: &'static [(&'static str, &'static [&'static str])],
}

pub(super) fn row(language: Language) -> Option<&'static Row> {
    ROWS.into_iter().find(|row| row.language == language)
}

/// A form of a month, as a key.
pub(super) struct MonthName {
    pub language: Language,
    pub key: String,
    /// 1 to 12.
    pub month: u8,
    pub column: usize,
}

/// The cells and spellings of all rows.
pub(super) static MONTHS: LazyLock<Vec<MonthName>> = LazyLock::new(|| {
    let name = |row: &Row, form: &str, month: u8, column: usize| MonthName {
        language: row.language,
        key: row.language.key(form),
        month,
        column,
    };
    let mut out = Vec::new();
    for row in ROWS {
        out.extend(row.month_spellings.iter().map(|(form, column, month)| name(row, form, *month, *column)));
        for (month, cells) in (1..).zip(row.months) {
            let cells = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
            out.extend(cells.map(|(column, cell)| name(row, cell, month, column)));
        }
    }
    out
});

/// Whether `key` is one of `words`, of which those with a `*` take any ending.
pub(super) fn listed(words: &[&str], key: &str) -> bool {
    words.iter().any(|word| match word.strip_suffix('*') {
        Some(stem) => key.starts_with(stem),
        None => *word == key,
    })
}

/// Signs and codes of currencies that all languages use.
pub(super) static CURRENCY_SIGNS: &[(char, &str)] =
    &[('$', "USD"), ('€', "EUR"), ('£', "GBP"), ('₼', "AZN"), ('₽', "RUB"), ('₺', "TRY"), ('¥', "JPY")];
pub(super) static CURRENCY_CODES: &[&str] = &["USD", "EUR", "GBP", "AZN", "RUB", "TRY", "JPY", "CHF", "GEL"];

/// Spaces that part thousands.
pub(super) const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

pub(super) static ROWS: [&Row; 3] = [&en::ROW, &az::ROW, &ru::ROW];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::forms;

    #[test]
    fn every_row_is_whole_and_makes_its_examples() {
        for row in ROWS {
            let columns = row.months[0].len();
            assert!(row.months.iter().all(|month| month.len() == columns), "{}", row.language);
            for suffix in row.suffixes {
                let (word, spelt) = suffix.example;
                assert_eq!(
                    forms::suffix(row.language, suffix.letters, word).as_deref(),
                    Some(spelt),
                    "{}",
                    suffix.letters
                );
            }
            for set in row.sets {
                assert_eq!(set.endings.len(), set.examples.len());
                for ((ending, _), number) in set.endings.iter().zip(set.examples) {
                    let first = set.endings.iter().find(|(_, rule)| rule.holds(number));
                    assert_eq!(first.map(|(ending, _)| ending), Some(ending), "{number}");
                }
            }
            for junction in row.junctions {
                let among = |number: &str| {
                    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
                    junction.starts.iter().any(|start| start.holds(&digits))
                };
                assert!(among(junction.example.0) && !among(junction.example.1), "{:?}", junction.words);
            }
            let forms = row.spelled.iter().map(|spelled| spelled.forms.len()).max();
            assert!(row.spelled.iter().all(|spelled| Some(spelled.forms.len()) == forms));
        }
    }

    #[test]
    fn last_words_of_numbers() {
        let spoken = row(Language::AZ).unwrap().spoken.unwrap();
        for (digits, word) in [
            ("0", "sıfır"),
            ("2018", "səkkiz"),
            ("40", "qırx"),
            ("1900", "yüz"),
            ("2000", "min"),
            ("15000000", "milyon"),
            ("3100000000", "milyon"),
            ("00", "sıfır"),
        ] {
            assert_eq!(spoken.last(digits), Some(word), "{digits}");
        }
        assert_eq!(spoken.last("1000000000000000"), None);
    }

    #[test]
    fn plural_classes() {
        let class = |language, whole: &str| row(language).unwrap().plurals.iter().position(|rule| rule.holds(whole));
        for (whole, en, ru) in [("1", 0, 0), ("21", 1, 0), ("111", 1, 2), ("2", 1, 1), ("12", 1, 2), ("1250", 1, 2)] {
            assert_eq!(class(Language::EN, whole), Some(en), "{whole}");
            assert_eq!(class(Language::RU, whole), Some(ru), "{whole}");
        }
    }
}
