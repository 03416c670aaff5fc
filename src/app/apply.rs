//! Beads a person has gone over in a spreadsheet, read back and checked against the texts.
//!
//! The table is the one `align --format tsv` or `csv` writes. Only its segment numbers and the column `accept` count:
//! rows may be merged, parted, moved; texts and scores are for reading. A row is a person's decision where it is
//! marked in `accept`, or where its segments are no longer those in the column `aligned`; the other rows are left to
//! the aligner. A table without a column `accept` is accepted whole.

use super::align::{self, AlignError, Aligned, Options, Unaligned};
use super::sets::Set;
use super::{Watch, in_words};
use crate::{
    Language,
    memory::Memory,
    model::{Bead, Mark, Segment},
};
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
    #[error("{}: this is a spreadsheet program's own file, not a table of text", .file.display())]
    Workbook { file: PathBuf },
    #[error("{}:{line}: {what}", .file.display())]
    NotCsv { file: PathBuf, line: usize, what: String },
    #[error("{}:1: there is no column `{column}`", .file.display())]
    NoColumn { file: PathBuf, column: String },
    #[error("{}:{line}: there is no set `{set}`", .file.display())]
    NoSet { file: PathBuf, line: usize, set: String },
    #[error("{}:{line}: `{value}` in column `{column}` is no list of segment numbers", .file.display())]
    NotNumbers { file: PathBuf, line: usize, column: String, value: String },
    #[error("{}:{line}: `{value}` in column `accept` is neither yes nor no", .file.display())]
    NotYesOrNo { file: PathBuf, line: usize, value: String },
    #[error("{}:{line}: `{set}` has {count} segments in {language}, no segment {number}", .file.display())]
    NoSegment { file: PathBuf, line: usize, set: String, language: Language, number: usize, count: usize },
    #[error("{}:{line}: segment {number} in {language} of `{set}` stands in line {first} already", .file.display())]
    Doubled { file: PathBuf, line: usize, first: usize, set: String, language: Language, number: usize },
    #[error("{}: segment {number} in {language} of `{set}` is in no line", .file.display())]
    Lost { file: PathBuf, set: String, language: Language, number: usize },
}

/// What a table decides.
#[derive(Debug, Default)]
pub struct Applied {
    pub aligned: Vec<Aligned>,
    /// Sets with a file that could not be read; they are left out.
    pub failed: Vec<AlignError>,
    /// Rows marked in `accept`, or all of a table without that column.
    pub marked: usize,
    /// Rows not marked whose segments were changed.
    pub changed: usize,
    /// Rows left to the aligner.
    pub left: usize,
}

/// The sets that `file` names, aligned between the beads it decides.
///
/// # Errors
/// A table that leaves out, doubles or invents a segment of a set it names, with the line; whatever the memory
/// refuses. Sets the table does not name are left out.
pub fn apply(
    sets: Vec<Set>,
    memory: Option<&Memory>,
    options: &Options,
    file: &Path,
    watch: &dyn Watch,
) -> Result<Applied, ApplyError> {
    let bytes = fs::read(file).map_err(|error| ApplyError::Unreadable { file: file.to_owned(), error })?;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(ApplyError::Workbook { file: file.to_owned() });
    }
    let rows = rows(file, &records(file, &decoded(&bytes))?, &sets)?;
    let named = sets.into_iter().filter(|set| rows.contains_key(&set.name)).collect();
    let (mut sets, failed) = align::read_all(named, options);
    // The numbers of the table are those of the segments as people parted them.
    if let Some(memory) = memory {
        align::recalled(&mut sets, memory, options).map_err(AlignError::from)?;
    }
    let mut out = Applied { failed, ..Applied::default() };
    let mut decided = Vec::new();
    for Unaligned { set, texts, .. } in &sets {
        let rows = &rows[&set.name];
        let mut beads = Vec::new();
        for (row, of_row) in rows.iter().zip(beads_of(file, &set.name, rows, texts)?) {
            let count = match row.decision {
                Decision::Marked => &mut out.marked,
                Decision::Changed => &mut out.changed,
                Decision::None => &mut out.left,
            };
            *count += 1;
            if row.decision != Decision::None {
                beads.extend(of_row);
            }
        }
        decided.push((beads, Vec::new()));
    }
    out.aligned = align::aligned(sets, decided, memory, options, watch).map_err(AlignError::from)?;
    Ok(out)
}

/// UTF-16 by its mark, else UTF-8. What is not is nothing that counts: names, numbers and marks are plain letters, and
/// texts a spreadsheet spoiled are for reading only.
fn decoded(bytes: &[u8]) -> String {
    let encoding = encoding_rs::Encoding::for_bom(bytes).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
    let text = encoding.decode_with_bom_removal(bytes).0;
    if text.contains('\n') { text.into_owned() } else { text.replace('\r', "\n") }
}

/// A record of the table: its line, and its cells.
type Record = (usize, Vec<String>);

/// The records of a table. One with tabs is read line by line, and quotes that a spreadsheet put round a cell are
/// taken off; one with commas or semicolons by RFC 4180.
fn records(file: &Path, text: &str) -> Result<Vec<Record>, ApplyError> {
    // A line that tells Excel the delimiter is no record.
    let (skipped, text) = match text.split_once('\n') {
        Some((first, rest)) if first.to_ascii_lowercase().starts_with("sep=") => (1, rest),
        _ => (0, text),
    };
    let head = text.lines().next().unwrap_or_default();
    if head.contains('\t') {
        let lines = text.lines().enumerate();
        return Ok(lines.map(|(at, line)| (at + 1 + skipped, line.split('\t').map(bare).collect())).collect());
    }
    let count = |delimiter: char| head.matches(delimiter).count();
    let delimiter = if count(';') > count(',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| ApplyError::NotCsv {
            file: file.to_owned(),
            line: error.position().map_or(0, |at| at.line() as usize) + skipped,
            what: error.to_string(),
        })?;
        let line = record.position().map_or(0, |at| at.line() as usize) + skipped;
        out.push((line, record.iter().map(bare).collect()));
    }
    Ok(out)
}

/// A cell without the quotes or the apostrophe that a spreadsheet put there.
fn bare(cell: &str) -> String {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let cell = cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell);
    cell.strip_prefix('\'').unwrap_or(cell).trim().to_owned()
}

/// What a person decided on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Marked,
    Changed,
    None,
}

/// A row of the table: its line, and segment numbers from 1.
#[derive(Debug, PartialEq)]
struct Row {
    line: usize,
    sides: BTreeMap<Language, Vec<usize>>,
    decision: Decision,
}

/// The rows of each set.
fn rows(file: &Path, records: &[Record], sets: &[Set]) -> Result<BTreeMap<String, Vec<Row>>, ApplyError> {
    let header = records.first().map_or(&[][..], |(_, cells)| cells);
    let column = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let needed = |name: &str| {
        column(name).ok_or_else(|| ApplyError::NoColumn { file: file.to_owned(), column: name.to_owned() })
    };
    let set_column = needed("set")?;
    let mut columns: BTreeMap<Language, (usize, String)> = BTreeMap::new();
    for language in sets.iter().flat_map(|set| set.files.keys()) {
        let name = format!("{language}_segments");
        columns.insert(*language, (needed(&name)?, name));
    }
    // Without `aligned` a row that was changed could not be told from one that was not looked at.
    let marks = column("accept").map(|accept| Ok::<_, ApplyError>((accept, needed("aligned")?))).transpose()?;
    let mut out: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (line, cells) in records.iter().skip(1) {
        let line = *line;
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let name = cell(set_column);
        // Empty rows, and remarks beside the table.
        if name.is_empty() && columns.values().all(|(at, _)| cell(*at).is_empty()) {
            continue;
        }
        let Some(set) = sets.iter().find(|set| is_set(&set.name, name)) else {
            return Err(ApplyError::NoSet { file: file.to_owned(), line, set: name.to_owned() });
        };
        let mut sides = BTreeMap::new();
        for (language, (at, column)) in columns.iter().filter(|(language, _)| set.files.contains_key(language)) {
            let numbers = numbers(cell(*at)).ok_or_else(|| ApplyError::NotNumbers {
                file: file.to_owned(),
                line,
                column: column.clone(),
                value: cell(*at).to_owned(),
            })?;
            sides.insert(*language, numbers);
        }
        let decision = match marks {
            None => Decision::Marked,
            Some((accept, aligned)) => match yes_or_no(cell(accept)) {
                Some(true) => Decision::Marked,
                Some(false) => Decision::None,
                None if !cell(accept).is_empty() => {
                    let value = cell(accept).to_owned();
                    return Err(ApplyError::NotYesOrNo { file: file.to_owned(), line, value });
                }
                None if cell(aligned) == shown(&sides) => Decision::None,
                None => Decision::Changed,
            },
        };
        out.entry(set.name.clone()).or_default().push(Row { line, sides, decision });
    }
    Ok(out)
}

/// A spreadsheet takes `001` for the number 1.
fn is_set(name: &str, cell: &str) -> bool {
    let number = |text: &str| -> Option<u64> { text.parse().ok() };
    name == cell || (number(name).is_some() && number(name) == number(cell))
}

/// What people write for yes, and for no.
const YES: &[&str] = &["x", "х", "yes", "y", "1", "true", "+", "✓", "ok", "hə", "bəli", "да"];
const NO: &[&str] = &["no", "n", "0", "false", "-", "yox", "xeyr", "нет"];

fn yes_or_no(cell: &str) -> Option<bool> {
    let cell = cell.to_lowercase();
    match cell.as_str() {
        yes if YES.contains(&yes) => Some(true),
        no if NO.contains(&no) => Some(false),
        _ => None,
    }
}

/// `3+4`; people write `3,4`, `3 4` or `3;4` too. `-` and nothing are no segment. What a spreadsheet has made a number
/// or date of is none of them: `3.4`, `04.mar`.
fn numbers(cell: &str) -> Option<Vec<usize>> {
    let cell = cell.strip_suffix(".0").unwrap_or(cell);
    let parts = cell.split(['+', ',', ';', ' ']).filter(|part| !part.is_empty() && *part != "-");
    parts.map(|part| part.parse().ok().filter(|number| *number > 0)).collect()
}

/// The segments of a row as the column `aligned` shows them: `en 3+4, az 5`. Numbers from 1.
pub fn shown(sides: &BTreeMap<Language, Vec<usize>>) -> String {
    let side = |(language, numbers): (&Language, &Vec<usize>)| format!("{language} {}", listed(numbers));
    sides.iter().filter(|(_, numbers)| !numbers.is_empty()).map(side).collect::<Vec<_>>().join(", ")
}

/// Numbers of segments as tables show them: `3+4`, in a form that spreadsheets leave as it is.
pub fn listed(numbers: &[usize]) -> String {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join("+")
}

/// The beads of each row.
fn beads_of(
    file: &Path,
    set: &str,
    rows: &[Row],
    texts: &BTreeMap<Language, Vec<Segment>>,
) -> Result<Vec<Vec<Bead>>, ApplyError> {
    // The line in which each segment stands, 0 for none yet.
    let mut lines: BTreeMap<Language, Vec<usize>> = texts.iter().map(|(l, list)| (*l, vec![0; list.len()])).collect();
    let mut out = Vec::new();
    for Row { line, sides, .. } in rows {
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
        out.push(match bead.values().filter(|side| !side.is_empty()).count() {
            0 => Vec::new(),
            // Segments without counterpart stand alone, whatever row they were put in.
            1 => {
                let languages: Vec<Language> = bead.keys().copied().collect();
                let alone = |language: &Language, at: usize| {
                    let side = |of: &Language| if of == language { vec![at] } else { Vec::new() };
                    accepted(languages.iter().map(|of| (*of, side(of))).collect())
                };
                bead.iter().flat_map(|(language, side)| side.iter().map(|at| alone(language, *at))).collect()
            }
            _ => vec![accepted(bead)],
        });
    }
    for (language, lines) in &lines {
        if let Some(at) = lines.iter().position(|line| *line == 0) {
            let (file, set) = (file.to_owned(), set.to_owned());
            return Err(ApplyError::Lost { file, set, language: *language, number: at + 1 });
        }
    }
    Ok(out)
}

/// A bead a person made; a language with an empty list has no counterpart in it.
fn accepted(sides: BTreeMap<Language, Vec<usize>>) -> Bead {
    Bead { sides, score: 1.0, mark: Mark::Accepted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Unwatched, align::Texts};

    const EN: Language = Language::EN;
    const AZ: Language = Language::AZ;

    /// What becomes of a table for two texts of three and two segments.
    fn applied(table: impl AsRef<[u8]>) -> Result<Applied, ApplyError> {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        let english = b"The office opened on 5 May.\nIt has 12 rooms.\nA concert ended the day.\n";
        let azerbaijani = "İdarə 5 mayda açılıb.\nOnun 12 otağı var.\n".as_bytes();
        let files = BTreeMap::from([(EN, put("001.en.txt", english)), (AZ, put("001.az.txt", azerbaijani))]);
        let table = put("beads.tsv", table.as_ref());
        let options = Options { texts: Texts::Segmented, accept: 0.9, ..Options::default() };
        apply(vec![Set { name: "001".to_owned(), files }], None, &options, &table, &Unwatched)
    }

    fn sides(applied: &Applied) -> Vec<(Vec<usize>, Vec<usize>, Mark)> {
        let beads = &applied.aligned[0].bitext.beads;
        beads.iter().map(|bead| (bead.side(EN).to_vec(), bead.side(AZ).to_vec(), bead.mark)).collect()
    }

    fn message(table: impl AsRef<[u8]>) -> String {
        let message = applied(table).unwrap_err().to_string();
        message[message.find("beads.tsv").unwrap()..].to_owned()
    }

    #[test]
    fn a_table_without_marks_is_accepted_whole_and_put_in_order() {
        let got = applied(
            "set\ten_segments\taz_segments\ten\tscore\n001\t3\t-\tC.\t0.2\n001\t\"2,1\"\t2\tA.\t0.4\n\n001\t-\t1\t\t\n",
        )
        .unwrap();
        assert_eq!(
            sides(&got),
            [
                (vec![], vec![0], Mark::Accepted),
                (vec![0, 1], vec![1], Mark::Accepted),
                (vec![2], vec![], Mark::Accepted)
            ]
        );
        assert!(got.aligned[0].bitext.beads.iter().all(|bead| bead.score == 1.0));
        assert_eq!((got.marked, got.changed, got.left), (3, 0, 0));
    }

    #[test]
    fn rows_neither_marked_nor_changed_are_left_to_the_aligner() {
        let head = "set\taccept\ten_segments\taz_segments\taligned\n";
        let plain = format!("{head}001\t\t1\t1\taz 1, en 1\n001\t\t2\t2\taz 2, en 2\n001\t\t3\t\ten 3\n");
        let got = applied(&plain).unwrap();
        assert_eq!((got.marked, got.changed, got.left), (0, 0, 3));
        assert!(sides(&got).iter().all(|(.., mark)| *mark == Mark::Computed));
        // The third row was joined with the second, and not marked; the first is marked.
        let edited = format!("{head}001\tx\t1\t1\taz 1, en 1\n001\t\t2+3\t2\taz 2, en 2\n");
        let got = applied(&edited).unwrap();
        assert_eq!((got.marked, got.changed, got.left), (1, 1, 0));
        assert_eq!(sides(&got)[1], (vec![1, 2], vec![1], Mark::Accepted));
        // `no` leaves a changed row to the aligner.
        let got = applied(edited.replace("001\t\t2+3", "001\tno\t2+3")).unwrap();
        assert_eq!((got.marked, got.left), (1, 1));
        assert_eq!(sides(&got)[1], (vec![1], vec![1], Mark::Computed));
    }

    #[test]
    fn several_without_counterpart_stand_alone() {
        let got = applied("set\ten_segments\taz_segments\n001\t1 2 3\t\n001\t\t1;2\n").unwrap();
        assert_eq!(got.aligned[0].bitext.beads.len(), 5);
        assert!(got.aligned[0].bitext.beads.iter().all(|bead| bead.filled() == 1 && bead.mark == Mark::Accepted));
    }

    #[test]
    fn what_spreadsheets_make_of_a_table_is_read() {
        let want = [(vec![0], vec![0], Mark::Accepted), (vec![1, 2], vec![1], Mark::Accepted)];
        let plain = "set\ten_segments\taz_segments\ten\n001\t1\t1\t\"A\n001\t2+3\t2\tB\n";
        let utf16: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(plain.replace('\n', "\r\n").encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let tables: [Vec<u8>; 9] = [
            plain.into(),
            utf16,
            plain.replace('\n', "\r\n").into(),
            format!("\u{feff}{}", plain.replace('\t', ";").replace('"', "")).into(),
            plain.replace('\t', ",").replace("\"A", "\"Ə, \"\"B\"\"\"").into(),
            format!("sep=;\n{}", plain.replace('\t', ";").replace('"', "")).into(),
            // Rows in another order, one empty, empty columns, the set's name a number, numbers with a fraction.
            "set\t\ten_segments\taz_segments\t\t\n1\t\t2+3\t2.0\t\t\n\t\t\t\t\t\n1\t\t1.0\t1\t\t\n".into(),
            "SET\tEN_segments\taz_segments\n\"001\"\t\"2, 3\"\t\"2\"\n001\t1\t1\n".into(),
            [plain.as_bytes(), b"\t\t\t\xc7\xe4\n"].concat(),
        ];
        for table in tables {
            let got = applied(&table).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&table)));
            assert_eq!(sides(&got), want, "{}", String::from_utf8_lossy(&table));
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let head = "set\ten_segments\taz_segments\n";
        for (table, want) in [
            (
                format!("{head}001\t1,2\t1\n001\t2,3\t2\n"),
                "beads.tsv:3: segment 2 in en of `001` stands in line 2 already",
            ),
            (format!("{head}001\t1,2\t1\n001\t\t2\n"), "beads.tsv: segment 3 in en of `001` is in no line"),
            (format!("{head}001\t4\t1\n"), "beads.tsv:2: `001` has 3 segments in en, no segment 4"),
            (
                format!("{head}001\t1.2\t1\n"),
                "beads.tsv:2: `1.2` in column `en_segments` is no list of segment numbers",
            ),
            (
                format!("{head}001\t02.Jan\t1\n"),
                "beads.tsv:2: `02.Jan` in column `en_segments` is no list of segment numbers",
            ),
            (format!("{head}2\t1\t1\n"), "beads.tsv:2: there is no set `2`"),
            ("set\ten_segments\n".to_owned(), "beads.tsv:1: there is no column `az_segments`"),
            ("set\taccept\ten_segments\taz_segments\n".to_owned(), "beads.tsv:1: there is no column `aligned`"),
            (
                "set\taccept\ten_segments\taz_segments\taligned\n001\tmaybe\t1\t1\t\n".to_owned(),
                "beads.tsv:2: `maybe` in column `accept` is neither yes nor no",
            ),
            (String::new(), "beads.tsv:1: there is no column `set`"),
        ] {
            assert_eq!(message(&table), want);
        }
        assert!(message(b"PK\x03\x04").ends_with("this is a spreadsheet program's own file, not a table of text"));
    }
}
