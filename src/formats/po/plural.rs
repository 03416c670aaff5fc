//! Plural forms: how many a catalogue has, and which of them a number takes. [GNU gettext manual, Plural forms]

use crate::lang::Language;

/// The value of a catalogue's header `Plural-Forms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plural {
    /// How many forms there are.
    pub count: usize,
    /// The expression over `n`, as the file has it.
    rule: String,
}

/// The most forms read; no language has more than six.
pub const MAX_FORMS: usize = 16;

const ONE_FORM: &str = "nplurals=1; plural=0;";
const NOT_ONE: &str = "nplurals=2; plural=(n != 1);";
const ABOVE_ONE: &str = "nplurals=2; plural=(n > 1);";
const EAST_SLAVIC: &str =
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";

/// The languages, the forms they have, and an example: the forms of 0, 1, 2, 5, 11, 21. What GNU gettext's
/// `plural-table.c` has is as it has it, the others are by CLDR 44, cardinal numbers.
const ROWS: &[(&[&str], &str, [usize; 6])] = &[
    (&["az", "en", "tr", "ka", "kk", "ky", "uz", "tk", "tt"], NOT_ONE, [1, 0, 1, 1, 1, 1]),
    (&["de", "nl", "sv", "da", "no", "nb", "nn", "fi", "et", "hu"], NOT_ONE, [1, 0, 1, 1, 1, 1]),
    (&["es", "it", "pt", "ca", "el", "bg", "he", "sq", "eo"], NOT_ONE, [1, 0, 1, 1, 1, 1]),
    (&["fr", "hy", "fa", "hi"], ABOVE_ONE, [0, 0, 1, 1, 1, 1]),
    (&["ja", "ko", "zh", "zh-hans", "zh-hant", "vi", "th", "id", "ms"], ONE_FORM, [0; 6]),
    (&["ru", "uk", "be", "sr", "sr-latn", "hr", "bs"], EAST_SLAVIC, [2, 0, 1, 2, 2, 0]),
    (
        &["pl"],
        "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        [2, 0, 1, 2, 2, 2],
    ),
    (&["cs", "sk"], "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;", [2, 0, 1, 2, 2, 2]),
    (&["lv"], "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);", [2, 0, 1, 1, 1, 0]),
    (
        &["lt"],
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
        [2, 0, 1, 1, 2, 0],
    ),
    (&["ro"], "nplurals=3; plural=n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2;", [1, 0, 1, 1, 1, 2]),
    (&["sl"], "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);", [3, 0, 1, 3, 3, 3]),
    (
        &["ar"],
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
        [0, 1, 2, 3, 4, 4],
    ),
];

impl Plural {
    /// By the value of a header, if that is sound.
    pub fn parse(value: &str) -> Option<Plural> {
        let mut parts = value.splitn(2, ';');
        let count = parts.next()?.trim().strip_prefix("nplurals")?.trim_start().strip_prefix('=')?.trim();
        let count = count.parse().ok().filter(|count| (1..=MAX_FORMS).contains(count))?;
        let rule = parts.next()?.trim().strip_prefix("plural")?.trim_start().strip_prefix('=')?;
        let rule = rule.trim().trim_end_matches(';').trim().to_owned();
        let plural = Plural { count, rule };
        (0..200).all(|n| plural.form(n).is_some()).then_some(plural)
    }

    /// What the language has; where that is not known, the two forms most languages have.
    pub fn of(language: Language) -> Plural {
        let row = ROWS.iter().find(|(languages, ..)| languages.contains(&language.as_str()));
        Plural::parse(row.map_or(NOT_ONE, |(_, value, _)| value)).expect("the rows are tested")
    }

    /// The form of a number, below `count`.
    pub fn form(&self, n: u64) -> Option<usize> {
        let mut expression = Expression { rest: self.rule.as_bytes(), n, depth: 0 };
        let form = expression.choice()?;
        expression.spaces();
        usize::try_from(form).ok().filter(|form| expression.rest.is_empty() && *form < self.count)
    }

    /// Whether both have the same forms of all numbers.
    pub fn same(&self, other: &Plural) -> bool {
        self.count == other.count && (0..200).all(|n| self.form(n) == other.form(n))
    }

    /// The form that stands for the singular of the source.
    pub fn singular(&self) -> usize {
        self.form(1).unwrap_or(0)
    }
}

impl std::fmt::Display for Plural {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "nplurals={}; plural={};", self.count, self.rule)
    }
}

/// An expression of C over `n`, worked out as it is read.
struct Expression<'t> {
    rest: &'t [u8],
    n: u64,
    depth: usize,
}

/// Operators of two sides from the loosest to the tightest.
const OPERATORS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Expression<'_> {
    fn spaces(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.spaces();
        match self.rest.strip_prefix(token.as_bytes()) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `a ? b : c`.
    fn choice(&mut self) -> Option<u64> {
        self.depth += 1;
        if self.depth > 50 {
            return None;
        }
        let condition = self.sides(0)?;
        let value = if self.take("?") {
            let yes = self.choice()?;
            if !self.take(":") {
                return None;
            }
            let no = self.choice()?;
            if condition != 0 { yes } else { no }
        } else {
            condition
        };
        self.depth -= 1;
        Some(value)
    }

    fn sides(&mut self, level: usize) -> Option<u64> {
        let Some(operators) = OPERATORS.get(level) else { return self.one() };
        let mut left = self.sides(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.take(operator)) {
            let right = self.sides(level + 1)?;
            left = match *operator {
                "||" => u64::from(left != 0 || right != 0),
                "&&" => u64::from(left != 0 && right != 0),
                "==" => u64::from(left == right),
                "!=" => u64::from(left != right),
                "<=" => u64::from(left <= right),
                ">=" => u64::from(left >= right),
                "<" => u64::from(left < right),
                ">" => u64::from(left > right),
                "+" => left.checked_add(right)?,
                "-" => left.checked_sub(right)?,
                "*" => left.checked_mul(right)?,
                "/" => left.checked_div(right)?,
                _ => left.checked_rem(right)?,
            };
        }
        Some(left)
    }

    fn one(&mut self) -> Option<u64> {
        let mut negations = 0;
        while self.take("!") {
            negations += 1;
        }
        let value = if self.take("(") {
            let value = self.choice()?;
            self.take(")").then_some(value)?
        } else if self.take("n") {
            self.n
        } else {
            let digits = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            std::str::from_utf8(number).ok()?.parse().ok()?
        };
        Some(match negations {
            0 => value,
            _ => u64::from((value == 0) == (negations % 2 == 1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_the_rows() {
        for (languages, value, forms) in ROWS {
            let plural = Plural::parse(value).unwrap_or_else(|| panic!("{value}"));
            let found = [0, 1, 2, 5, 11, 21].map(|n| plural.form(n).unwrap());
            assert_eq!(&found, forms, "{languages:?}");
            for language in *languages {
                assert_eq!(Plural::of(language.parse().unwrap()), plural, "{language}");
            }
        }
        assert_eq!(Plural::of(Language::literal("x-klingon")).count, 2);
    }

    #[test]
    fn expressions_of_real_headers() {
        let russian = "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : \
                       n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);";
        let plural = Plural::parse(russian).unwrap();
        assert_eq!([1, 3, 5, 12, 21].map(|n| plural.form(n).unwrap()), [0, 1, 2, 2, 0]);
        assert_eq!(Plural::parse("nplurals = 2 ; plural = n != 1").unwrap().form(1), Some(0));
        assert_eq!(Plural::parse("nplurals=2; plural=!(n-n+1==n)").unwrap().form(1), Some(0));
        let reversed = Plural::parse("nplurals=3; plural=n==0 ? 0 : n==1 ? 2 : 1;").unwrap();
        assert_eq!(reversed.singular(), 2);
        assert_eq!(reversed.to_string(), "nplurals=3; plural=n==0 ? 0 : n==1 ? 2 : 1;");
    }

    #[test]
    fn what_is_no_rule() {
        let deep = format!("nplurals=1; plural={}n{}", "(".repeat(5000), ")".repeat(5000));
        for value in [
            "",
            "nplurals=INTEGER; plural=EXPRESSION;",
            "nplurals=0; plural=0;",
            "nplurals=2; plural=n;",
            "nplurals=2; plural=n != 1 ?;",
            "nplurals=2; plural=1/n;",
            "nplurals=2; plural=n != 1; x",
            deep.as_str(),
        ] {
            assert_eq!(Plural::parse(value), None, "{value:.60}");
        }
    }
}
