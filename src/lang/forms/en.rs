//! English: plural and possessive of the last word; the forms of a verb given as `to naturalise`.

use super::{Case, Class, Form, Grammar, Number, Stem, Word};

/// What a row's stem may be followed by, and the form that makes. A possessive may follow each.
struct Row {
    name: &'static str,
    endings: &'static [(&'static str, Number)],
    #[cfg_attr(not(test), allow(dead_code))]
    example: (&'static str, &'static str),
}

use Number::{Plural as Pl, Singular as Sg};

static ROWS: &[Row] = &[
    Row { name: "s", endings: &[("", Sg), ("s", Pl)], example: ("migrant", "migrants") },
    Row { name: "es", endings: &[("", Sg), ("es", Pl)], example: ("address", "addresses") },
    Row { name: "y", endings: &[("y", Sg), ("ies", Pl)], example: ("agency", "agencies") },
    Row { name: "f", endings: &[("f", Sg), ("ves", Pl)], example: ("leaf", "leaves") },
    Row { name: "fe", endings: &[("fe", Sg), ("ves", Pl)], example: ("wife", "wives") },
    Row { name: "man", endings: &[("man", Sg), ("men", Pl)], example: ("spokesman", "spokesmen") },
    Row { name: "is", endings: &[("is", Sg), ("es", Pl)], example: ("crisis", "crises") },
    Row { name: "irregular", endings: &[("", Pl)], example: ("person", "people") },
    Row { name: "verb", endings: &[("", Sg), ("s", Sg), ("ed", Sg), ("ing", Sg)], example: ("register", "registered") },
    Row { name: "verb e", endings: &[("e", Sg), ("es", Sg), ("ed", Sg), ("ing", Sg)], example: ("issue", "issuing") },
    Row {
        name: "verb y",
        endings: &[("y", Sg), ("ies", Sg), ("ied", Sg), ("ying", Sg)],
        example: ("verify", "verified"),
    },
];

/// Plurals that no rule gives.
const IRREGULAR: &[(&str, &str)] = &[
    ("person", "people"),
    ("child", "children"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("mouse", "mice"),
    ("goose", "geese"),
    ("datum", "data"),
    ("medium", "media"),
    ("criterion", "criteria"),
    ("phenomenon", "phenomena"),
    ("curriculum", "curricula"),
    ("memorandum", "memoranda"),
    ("ox", "oxen"),
    ("alumnus", "alumni"),
    ("quiz", "quizzes"),
];

fn number(name: &str) -> u8 {
    ROWS.iter().position(|row| row.name == name).map_or(0, |at| at as u8)
}

/// The word's stem and row, by its ending.
fn noun(key: &str) -> (&str, u8) {
    let before = |n: usize| key.chars().rev().nth(n).unwrap_or(' ');
    let consonant = |c: char| c.is_alphabetic() && !"aeiou".contains(c);
    for (ending, row) in [("man", "man"), ("sis", "is"), ("fe", "fe"), ("lf", "f"), ("af", "f")] {
        if key.len() > ending.len() + 1 && key.ends_with(ending) && !key.ends_with("human") && !key.ends_with("german")
        {
            let cut = ROWS[usize::from(number(row))].endings[0].0;
            return (key.strip_suffix(cut).unwrap_or(key), number(row));
        }
    }
    if key.ends_with('y') && consonant(before(1)) {
        return (&key[..key.len() - 1], number("y"));
    }
    let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|end| key.ends_with(end));
    let hero = key.ends_with('o') && consonant(before(1)) && !["photo", "piano", "memo", "euro"].contains(&key);
    if sibilant || hero { (key, number("es")) } else { (key, number("s")) }
}

pub(super) fn stems(words: &[Word<'_>], _: &Grammar) -> Vec<Vec<Stem>> {
    let mut out: Vec<Vec<Stem>> = words.iter().map(super::fixed).collect();
    let verb = words.len() > 1 && words[0].key == "to";
    let at = if verb { 1 } else { words.len().wrapping_sub(1) };
    let Some(word) = words.get(at) else { return out };
    let stem = |text: &str, row: u8| Stem { text: text.to_owned(), class: Class { row, cells: 0 } };
    if verb {
        out[0].clear();
    }
    out[at] = if verb {
        match word.key.strip_suffix('e') {
            Some(cut) => vec![stem(cut, number("verb e"))],
            None => match word.key.strip_suffix('y') {
                Some(cut) => vec![stem(cut, number("verb y"))],
                None => vec![stem(word.key, number("verb"))],
            },
        }
    } else {
        let (text, row) = noun(word.key);
        let mut stems = vec![stem(text, row), stem(word.key, number("s"))];
        if let Some((_, plural)) = IRREGULAR.iter().find(|(one, _)| *one == word.key) {
            stems.push(stem(plural, number("irregular")));
        }
        stems.dedup();
        stems
    };
    out
}

pub(super) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    let rest = &word[at..];
    let Some(row) = ROWS.get(usize::from(class.row)) else { return };
    for (ending, number) in row.endings {
        let Some(tail) = rest.strip_prefix(ending) else { continue };
        let case = match tail {
            "" => Case::Nominative,
            "'s" => Case::Genitive,
            "'" if word[..word.len() - 1].ends_with('s') => Case::Genitive,
            _ => continue,
        };
        let form = Form::new(*number, case);
        if !out.contains(&form) {
            out.push(form);
        }
    }
}

pub(super) fn write(words: &[Word<'_>], _: &Grammar, form: Form) -> Option<Vec<String>> {
    let (last, before) = words.split_last()?;
    if form.possessor != Default::default() || form.tail[0].is_some() {
        return None;
    }
    let mut text = last.text.to_owned();
    if form.number == Pl {
        let (stem, row) = noun(last.key);
        let row = &ROWS[usize::from(row)];
        match IRREGULAR.iter().find(|(one, _)| *one == last.key) {
            Some((_, plural)) => text = plural.to_string(),
            None => {
                let (_, ending) = (stem, row.endings.iter().find(|(_, n)| *n == Pl)?.0);
                let cut = row.endings[0].0.len();
                text.truncate(text.len().checked_sub(cut)?);
                text.push_str(ending);
            }
        }
    }
    match form.case {
        Case::Nominative => {}
        Case::Genitive if form.number == Pl && text.ends_with('s') => text.push('’'),
        Case::Genitive => text.push_str("’s"),
        _ => return None,
    }
    let mut out: Vec<String> = before.iter().map(|w| w.text.to_owned()).collect();
    out.push(text);
    Some(out)
}

pub(super) fn forms() -> Vec<Form> {
    [(Sg, Case::Nominative), (Pl, Case::Nominative), (Sg, Case::Genitive), (Pl, Case::Genitive)]
        .map(|(number, case)| Form::new(number, case))
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_makes_its_example() {
        for row in ROWS {
            let (word, form) = row.example;
            let stem = match IRREGULAR.iter().find(|(one, _)| *one == word) {
                Some((_, plural)) => plural,
                None => word.strip_suffix(row.endings[0].0).unwrap(),
            };
            assert!(row.endings.iter().any(|(ending, _)| format!("{stem}{ending}") == form), "{}", row.name);
        }
    }

    #[test]
    fn plurals_and_possessives() {
        let form = |word: &'static str, number, case| {
            write(&[Word { text: word, key: word, hyphen: false }], &Grammar::default(), Form::new(number, case))
                .unwrap()
                .concat()
        };
        assert_eq!(form("agency", Pl, Case::Nominative), "agencies");
        assert_eq!(form("spokesman", Pl, Case::Genitive), "spokesmen’s");
        assert_eq!(form("refugee", Pl, Case::Genitive), "refugees’");
        assert_eq!(form("person", Pl, Case::Nominative), "people");
        assert_eq!(form("day", Pl, Case::Nominative), "days");
    }
}
