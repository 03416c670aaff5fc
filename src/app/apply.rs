//! Beads a person has gone over in a spreadsheet, read back and checked against the texts.
//!
//! The table is the one `align --format tsv` writes. Only its segment numbers count: rows may be merged, parted,
//! moved; texts and scores are for reading.

use super::align::{AlignError, Aligned, Texts, read};
use super::in_words;
use super::segmentation::Rules;
use super::sets::Set;
use crate::{
    Bitext, Language,
    model::{Bead, Mark, Segment},
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Align(#[from] AlignError),
    #[error("{}: {}", .file.display(), in_words(.error))]
    Unreadable { file: PathBuf, error: io::Error },
    #[error("{}: this is not UTF-8", .file.display())]
    NotUtf8 { file: PathBuf },
    #[error("{}:1: there is no column `{column}`", .file.display())]
    NoColumn { file: PathBuf, column: String },
    #[error("{}:{line}: there is no set `{set}`", .file.display())]
    NoSet { file: PathBuf, line: usize, set: String },
    #[error("{}:{line}: `{value}` in column `{column}` is no list of segment numbers", .file.display())]
    NotNumbers { file: PathBuf, line: usize, column: String, value: String },
    #[error("{}:{line}: `{set}` has {count} segments in {language}, no segment {number}", .file.display())]
    NoSegment { file: PathBuf, line: usize, set: String, language: Language, number: usize, count: usize },
    #[error("{}:{line}: segment {number} in {language} of `{set}` stands in line {first} already", .file.display())]
    Doubled { file: PathBuf, line: usize, first: usize, set: String, language: Language, number: usize },
    #[error("{}: segment {number} in {language} of `{set}` is in no line", .file.display())]
    Lost { file: PathBuf, set: String, language: Language, number: usize },
}

/// The sets with the beads of `file`, all of them accepted.
///
/// # Errors
/// Sets that cannot be read, and a table that leaves out, doubles or invents a segment of a set it names, with the
/// line. Sets the table does not name are left out.
pub fn apply(sets: Vec<Set>, texts: Texts, rules: &Rules, file: &Path) -> Result<Vec<Aligned>, ApplyError> {
    let bytes = fs::read(file).map_err(|error| ApplyError::Unreadable { file: file.to_owned(), error })?;
    let table = String::from_utf8(bytes).map_err(|_| ApplyError::NotUtf8 { file: file.to_owned() })?;
    let rows = rows(file, table.strip_prefix('\u{feff}').unwrap_or(&table), &sets)?;
    let read: Vec<_> = sets.par_iter().map(|set| read(set, texts, rules)).collect::<Result<_, AlignError>>()?;
    let mut out = Vec::new();
    for (set, (documents, texts)) in sets.into_iter().zip(read) {
        let Some(rows) = rows.get(set.name.as_str()) else { continue };
        let beads = beads(file, &set.name, rows, &texts)?;
        out.push(Aligned { set, documents, bitext: Bitext { texts, beads }, reasons: Vec::new() });
    }
    Ok(out)
}

/// A row of the table: its line, and segment numbers from 1.
#[derive(Debug, PartialEq)]
struct Row {
    line: usize,
    sides: BTreeMap<Language, Vec<usize>>,
}

/// The rows of each set.
fn rows<'t>(file: &Path, table: &'t str, sets: &[Set]) -> Result<BTreeMap<&'t str, Vec<Row>>, ApplyError> {
    let mut lines = table.lines().enumerate().map(|(at, line)| (at + 1, line.split('\t').collect::<Vec<_>>()));
    let header = lines.next().map(|(_, cells)| cells).unwrap_or_default();
    let column = |name: &str| header.iter().position(|cell| cell.trim() == name);
    let missing = |column: &str| ApplyError::NoColumn { file: file.to_owned(), column: column.to_owned() };
    let name_column = column("set").ok_or_else(|| missing("set"))?;
    let mut columns: BTreeMap<Language, (usize, String)> = BTreeMap::new();
    for language in sets.iter().flat_map(|set| set.files.keys()) {
        let name = format!("{language}_segments");
        columns.insert(*language, (column(&name).ok_or_else(|| missing(&name))?, name));
    }
    let mut out: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for (line, cells) in lines.filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty())) {
        let name = cells.get(name_column).copied().unwrap_or_default();
        let Some(set) = sets.iter().find(|set| set.name == name) else {
            return Err(ApplyError::NoSet { file: file.to_owned(), line, set: name.to_owned() });
        };
        let mut sides = BTreeMap::new();
        for (language, (at, column)) in columns.iter().filter(|(language, _)| set.files.contains_key(language)) {
            let value = cells.get(*at).copied().unwrap_or_default().trim();
            let numbers = numbers(value).ok_or_else(|| ApplyError::NotNumbers {
                file: file.to_owned(),
                line,
                column: column.clone(),
                value: value.to_owned(),
            })?;
            sides.insert(*language, numbers);
        }
        out.entry(name).or_default().push(Row { line, sides });
    }
    Ok(out)
}

/// `3,4`: spreadsheets may have put quotes round it; people write `3 4` or `3;4` too. `-` and nothing are no segment.
fn numbers(cell: &str) -> Option<Vec<usize>> {
    let cell = cell.trim_matches('"');
    let parts = cell.split([',', ';', ' ']).filter(|part| !part.is_empty() && *part != "-");
    parts.map(|part| part.parse().ok().filter(|number| *number > 0)).collect()
}

/// The rows as beads, in the order of the set's first language.
fn beads(
    file: &Path,
    set: &str,
    rows: &[Row],
    texts: &BTreeMap<Language, Vec<Segment>>,
) -> Result<Vec<Bead>, ApplyError> {
    // The line in which each segment stands, 0 for none yet.
    let mut lines: BTreeMap<Language, Vec<usize>> = texts.iter().map(|(l, list)| (*l, vec![0; list.len()])).collect();
    let mut beads = Vec::new();
    for Row { line, sides } in rows {
        let mut bead: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
        for (language, numbers) in sides {
            let Some(lines) = lines.get_mut(language) else { continue };
            for number in numbers {
                let (file, set, count) = (file.to_owned(), set.to_owned(), lines.len());
                match lines.get_mut(number - 1) {
                    None => {
                        let (line, language, number) = (*line, *language, *number);
                        return Err(ApplyError::NoSegment { file, line, set, language, number, count });
                    }
                    Some(0) => lines[number - 1] = *line,
                    Some(first) => {
                        let (line, first, language, number) = (*line, *first, *language, *number);
                        return Err(ApplyError::Doubled { file, line, first, set, language, number });
                    }
                }
            }
            let mut side: Vec<usize> = numbers.iter().map(|number| number - 1).collect();
            side.sort_unstable();
            bead.insert(*language, side);
        }
        match bead.values().filter(|side| !side.is_empty()).count() {
            // Segments without counterpart stand alone, whatever row they were put in.
            1 => {
                beads.extend(bead.iter().flat_map(|(language, side)| {
                    side.iter().map(|at| accepted(BTreeMap::from([(*language, vec![*at])])))
                }))
            }
            _ => beads.push(accepted(bead)),
        }
    }
    for (language, lines) in &lines {
        if let Some(at) = lines.iter().position(|line| *line == 0) {
            let (file, set) = (file.to_owned(), set.to_owned());
            return Err(ApplyError::Lost { file, set, language: *language, number: at + 1 });
        }
    }
    beads.retain(|bead| bead.filled() > 0);
    let lengths = texts.iter().map(|(language, list)| (*language, list.len())).collect();
    Ok(crate::align::in_order(beads, &lengths))
}

fn accepted(mut sides: BTreeMap<Language, Vec<usize>>) -> Bead {
    sides.retain(|_, side| !side.is_empty());
    Bead { sides, score: 1.0, mark: Mark::Accepted }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;

    /// What becomes of a table for two texts of three and two segments.
    fn applied(table: &str) -> Result<Vec<Aligned>, ApplyError> {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let files = BTreeMap::from([(EN, put("1.en.txt", "A.\nB.\nC.\n")), (AZ, put("1.az.txt", "D.\nE.\n"))]);
        let table = put("beads.tsv", table);
        apply(vec![Set { name: "1".to_owned(), files }], Texts::Segmented, &Rules::default(), &table)
    }

    fn message(table: &str) -> String {
        let message = applied(table).unwrap_err().to_string();
        message[message.find("beads.tsv").unwrap()..].to_owned()
    }

    #[test]
    fn rows_become_accepted_beads_in_order() {
        let table =
            "set\ten_segments\taz_segments\ten\tscore\n1\t3\t-\tC.\t0.2\n1\t\"2,1\"\t2\tA. B.\t0.4\n\n1\t-\t1\t\t\n";
        let got = applied(table).unwrap();
        let sides: Vec<(&[usize], &[usize])> =
            got[0].bitext.beads.iter().map(|bead| (bead.side(EN), bead.side(AZ))).collect();
        assert_eq!(sides, [(&[][..], &[0][..]), (&[0, 1], &[1]), (&[2], &[])]);
        assert!(got[0].bitext.beads.iter().all(|bead| bead.mark == Mark::Accepted && bead.score == 1.0));
    }

    #[test]
    fn several_without_counterpart_stand_alone() {
        let got = applied("set\ten_segments\taz_segments\n1\t1 2 3\t\n1\t\t1;2\n").unwrap();
        assert_eq!(got[0].bitext.beads.len(), 5);
        assert!(got[0].bitext.beads.iter().all(|bead| bead.filled() == 1));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let head = "set\ten_segments\taz_segments\n";
        for (table, want) in [
            (format!("{head}1\t1,2\t1\n1\t2,3\t2\n"), "beads.tsv:3: segment 2 in en of `1` stands in line 2 already"),
            (format!("{head}1\t1,2\t1\n1\t\t2\n"), "beads.tsv: segment 3 in en of `1` is in no line"),
            (format!("{head}1\t4\t1\n"), "beads.tsv:2: `1` has 3 segments in en, no segment 4"),
            (format!("{head}1\tone\t1\n"), "beads.tsv:2: `one` in column `en_segments` is no list of segment numbers"),
            (format!("{head}2\t1\t1\n"), "beads.tsv:2: there is no set `2`"),
            ("set\ten_segments\n".to_owned(), "beads.tsv:1: there is no column `az_segments`"),
            (String::new(), "beads.tsv:1: there is no column `set`"),
        ] {
            assert_eq!(message(&table), want);
        }
    }
}
