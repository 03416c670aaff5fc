//! Bilingual tables: a TSV whose first line names languages, one record a line, never quoted.
//!
//! The text of the document is the file itself, so lines and columns of a finding are the file's; each cell is a
//! segment, each row a bead.

use super::glossary;
use crate::lang::Language;
use crate::model::{Bead, Bitext, Kind, Mark, Segment};
use crate::text::Span;
use std::collections::BTreeMap;

/// Whether the first line of `text` is nothing but language codes (and `id`, `note`) parted by tabs, two
/// languages or more.
pub fn is_table(text: &str) -> bool {
    columns(text).is_some()
}

/// The language of each column, in order; `None` where the file is no such table.
pub fn columns(text: &str) -> Option<Vec<Option<Language>>> {
    let header = text.lines().next()?.trim_start_matches('\u{feff}');
    let mut out = Vec::new();
    for name in header.split('\t') {
        match glossary::language_column(name) {
            Some(language) => out.push(Some(language)),
            None if matches!(name.trim().to_lowercase().as_str(), "id" | "note") => out.push(None),
            None => return None,
        }
    }
    let languages: Vec<Language> = out.iter().flatten().copied().collect();
    let distinct = languages.iter().enumerate().all(|(at, language)| !languages[..at].contains(language));
    (languages.len() >= 2 && distinct).then_some(out)
}

/// The cells as segments of `text`, the rows as beads; `None` where `text` is no bilingual table.
pub fn read(text: &str) -> Option<Bitext> {
    let columns = columns(text)?;
    let mut texts: BTreeMap<Language, Vec<Segment>> =
        columns.iter().flatten().map(|language| (*language, Vec::new())).collect();
    let mut beads = Vec::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let mut cell_start = start;
        start += line.len();
        if number == 0 {
            continue;
        }
        let mut sides = BTreeMap::new();
        for (at, cell) in line.trim_end_matches(['\n', '\r']).split('\t').enumerate() {
            let span = Span::new(cell_start, cell_start + cell.len()).trimmed(text);
            cell_start += cell.len() + 1;
            let Some(Some(language)) = columns.get(at) else { continue };
            let Some(segments) = texts.get_mut(language) else { continue };
            if span.is_empty() {
                continue;
            }
            sides.insert(*language, vec![segments.len()]);
            segments.push(Segment { span, text: span.of(text).to_owned(), kind: Kind::Body, paragraph: number });
        }
        if !sides.is_empty() {
            beads.push(Bead { sides, score: 1.0, mark: Mark::Given });
        }
    }
    Some(Bitext { texts, beads })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_segments_of_the_file() {
        let text = "id\ten\taz\n1\tThe law\tQanun \n2\t\tTək\n\n3\tAlone\n";
        let got = read(text).unwrap();
        let az: Vec<&str> = got.texts[&Language::AZ].iter().map(|s| s.span.of(text)).collect();
        assert_eq!(az, ["Qanun", "Tək"]);
        assert_eq!(got.beads.len(), 3);
        assert_eq!(got.beads[0].side(Language::EN), [0]);
        assert_eq!(got.beads[1].side(Language::EN), [0; 0]);
        assert_eq!(got.beads[2].side(Language::EN), [1]);
        assert!(got.texts[&Language::AZ].iter().all(|s| s.text == s.span.of(text)));
    }

    #[test]
    fn other_files_are_no_tables() {
        for text in ["", "en", "The law\tof the land\nen\taz", "en\ten\na\tb", "en, az\nx, y", "en\tcolour\n"] {
            assert!(!is_table(text), "{text:?}");
        }
        assert!(is_table("en\taz\r\nx\ty\r\n"));
        assert!(is_table("az-Latn\tRU\nx\ty"));
    }
}
