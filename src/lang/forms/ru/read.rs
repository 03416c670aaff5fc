//! Reading: an ending of a row to the cells it stands in. The tables are turned round once.

use super::tables::{ADJECTIVES, Gender, IRREGULAR, NOUNS, NounRow};
use super::{
    ACCUSATIVE, ACCUSATIVE_PLURAL, ADJECTIVE, ANIMATE, ANIMATE_ADJECTIVE, ANY_GENDER, EVERY_CASE, GENDERS, INANIMATE,
    LISTED, REFLEXIVE, VERB, form_of, verbs,
};
use crate::lang::forms::{Class, Form};
use std::sync::LazyLock;

/// An ending (or a whole word) and the cells it stands in, a bit each; the accusatives that are a nominative or a genitive
/// stand in bits of their own.
type Cells = Vec<(&'static str, u16)>;

/// The accusative of things, singular and plural; of persons and animals.
const OF_THINGS: [usize; 2] = [12, 14];
const OF_PERSONS: [usize; 2] = [13, 15];

static NOUN_CELLS: LazyLock<Vec<Cells>> = LazyLock::new(|| {
    let of = |row: &NounRow| {
        let mut out = Cells::new();
        for cell in 0..12 {
            if row.cells[cell] == "*" {
                let plural = usize::from(cell >= 6);
                endings(row, cell - 3).for_each(|ending| note(&mut out, ending, OF_THINGS[plural]));
                endings(row, cell - 2).for_each(|ending| note(&mut out, ending, OF_PERSONS[plural]));
            } else {
                endings(row, cell).for_each(|ending| note(&mut out, ending, cell));
            }
        }
        out
    };
    NOUNS.iter().map(of).collect()
});

/// By row and gender: masculine, feminine, neuter, plural.
static ADJECTIVE_CELLS: LazyLock<Vec<[Cells; 4]>> = LazyLock::new(|| {
    let mut out = Vec::new();
    for row in ADJECTIVES {
        let mut genders: [Cells; 4] = Default::default();
        for gender in row.genders {
            for (cell, endings) in gender.cells.iter().enumerate() {
                let two = cell == ACCUSATIVE && matches!(gender.gender, Gender::Masculine | Gender::Plural);
                let plural = usize::from(gender.gender == Gender::Plural);
                for (at, ending) in endings.split('/').enumerate() {
                    let cell = match (two, at) {
                        (false, _) => gender.first + cell,
                        (true, 0) => OF_THINGS[plural],
                        (true, _) => OF_PERSONS[plural],
                    };
                    note(&mut genders[gender.gender as usize], ending, cell);
                }
            }
        }
        out.push(genders);
    }
    out
});

static IRREGULAR_CELLS: LazyLock<Vec<Cells>> = LazyLock::new(|| {
    let of = |cells: &[&'static str; 12]| {
        let mut out = Cells::new();
        for (cell, forms) in cells.iter().enumerate() {
            forms.split('/').filter(|form| *form != "-").for_each(|form| note(&mut out, form, cell));
        }
        out
    };
    IRREGULAR.iter().map(of).collect()
});

fn note(cells: &mut Cells, ending: &'static str, cell: usize) {
    match cells.iter_mut().find(|(known, _)| *known == ending) {
        Some((_, known)) => *known |= 1 << cell,
        None => cells.push((ending, 1 << cell)),
    }
}

fn endings(row: &NounRow, cell: usize) -> impl Iterator<Item = &'static str> + use<> {
    row.cells[cell].split('/').filter(|ending| *ending != "-")
}

fn cells(table: &Cells, rest: &str) -> u16 {
    table.iter().find(|(ending, _)| *ending == rest).map_or(0, |(_, cells)| *cells)
}

pub(in crate::lang::forms) fn read(class: Class, word: &str, at: usize, out: &mut Vec<Form>) {
    let rest = &word[at..];
    let (mut found, animacy) = match class.row {
        VERB.. if class.row != EVERY_CASE => return verbs::read(class, rest, out),
        EVERY_CASE if rest.is_empty() => (class.cells, None),
        EVERY_CASE => (0, None),
        LISTED.. => (IRREGULAR_CELLS.get(usize::from(class.row - LISTED)).map_or(0, |table| cells(table, word)), None),
        ADJECTIVE.. if class.cells & ANY_GENDER == ANY_GENDER => (adjective(class, rest), None),
        ADJECTIVE.. => (adjective(class, rest), Some(class.cells & ANIMATE_ADJECTIVE != 0)),
        row => {
            let animacy = match class.cells & (ANIMATE | INANIMATE) {
                ANIMATE => Some(true),
                INANIMATE => Some(false),
                _ => None,
            };
            (NOUN_CELLS.get(usize::from(row)).map_or(0, |table| cells(table, rest)), animacy)
        }
    };
    if class.row < LISTED {
        for (plural, cell) in [ACCUSATIVE, ACCUSATIVE_PLURAL].into_iter().enumerate() {
            let things = found & (1 << OF_THINGS[plural]) != 0 && animacy != Some(true);
            let persons = found & (1 << OF_PERSONS[plural]) != 0 && animacy != Some(false);
            found |= u16::from(things || persons) << cell;
        }
    }
    let mut left = found & class.cells & super::ALL;
    while left != 0 {
        let form = form_of(left.trailing_zeros() as usize);
        if !out.contains(&form) {
            out.push(form);
        }
        left &= left - 1;
    }
}

fn adjective(class: Class, rest: &str) -> u16 {
    let reflexive = class.row >= REFLEXIVE;
    let rest = match (reflexive, rest.strip_suffix("ся")) {
        (true, Some(rest)) => rest,
        (true, None) => return 0,
        (false, _) => rest,
    };
    let row = usize::from(class.row - if reflexive { REFLEXIVE } else { ADJECTIVE });
    let Some(genders) = ADJECTIVE_CELLS.get(row) else { return 0 };
    let plural = cells(&genders[Gender::Plural as usize], rest);
    let own = GENDERS.iter().enumerate().filter(|(_, bit)| class.cells & **bit != 0);
    own.map(|(gender, _)| cells(&genders[gender], rest)).fold(plural, |a, b| a | b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_in_its_place_and_makes_its_example() {
        for (at, noun) in NOUNS.iter().enumerate() {
            assert_eq!(noun.row as usize, at);
            let (stem, cell, form) = noun.example;
            let made = endings(noun, cell).any(|ending| format!("{stem}{ending}") == form);
            assert!(made, "{:?}: {stem} does not make {form}", noun.row);
        }
        for (at, adjective) in ADJECTIVES.iter().enumerate() {
            assert_eq!(adjective.row as usize, at);
            let (stem, gender, cell, form) = adjective.example;
            let made = adjective.genders[gender].cells[cell].split('/').any(|end| format!("{stem}{end}") == form);
            assert!(made, "{:?}: {stem} does not make {form}", adjective.row);
            assert!(adjective.genders.iter().enumerate().all(|(at, row)| row.gender as usize == at));
        }
        assert!(NOUNS.len() <= usize::from(ADJECTIVE) && IRREGULAR.len() <= usize::from(VERB - LISTED));
        assert!(ADJECTIVES.len() <= usize::from(REFLEXIVE - ADJECTIVE));
    }
}
