//! Patterns for names: `*` is anything, `?` one character, `[a-z]` one of these, `[^a-z]` one other, as in SQLite's
//! GLOB, so that a name is asked for in one way everywhere.

/// Whether all of `name` fits `pattern`. Case counts. A `[` without its `]` fits nothing.
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where the last star stands and what it has taken so far: only that one needs another try.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if let Some(next) = one(&pattern, p, name[n]) {
            (p, n) = (next, n + 1);
        } else if let Some((at, taken)) = star {
            (p, n) = (at + 1, taken + 1);
            star = Some((at, taken + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Where the pattern goes on when what stands at `at` fits `c`.
fn one(pattern: &[char], at: usize, c: char) -> Option<usize> {
    match *pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let inverted = pattern.get(at + 1) == Some(&'^');
            let first = at + 1 + usize::from(inverted);
            // A `]` that stands first is one of the characters.
            let end = (first + 1..pattern.len()).find(|end| pattern[*end] == ']')?;
            let mut rest = &pattern[first..end];
            let mut found = false;
            while let Some((low, after)) = rest.split_first() {
                match after {
                    ['-', high, ..] => {
                        found |= (*low..=*high).contains(&c);
                        rest = &after[2..];
                    }
                    _ => {
                        found |= *low == c;
                        rest = after;
                    }
                }
            }
            (found != inverted).then_some(end + 1)
        }
        other => (other == c).then_some(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name, fits) in [
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("mt.tmx", "mt.tmx", true),
            ("mt.tmx", "MT.tmx", false),
            ("mt*", "mt/2024/engine.tmx", true),
            ("*.tmx", "a.tmx.gz", false),
            ("*a*b", "xaxbab", true),
            ("00?", "004", true),
            ("00?", "0041", false),
            ("[0-3]*", "201", true),
            ("[^0-3]*", "201", false),
            ("[]x]", "]", true),
            ("[a-]", "-", true),
            ("[", "[", false),
            ("Mİ?", "Mİİ", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
        assert!(!matches(&"*a".repeat(2000), &"a".repeat(1999)), "many stars end in time");
    }
}
