//! Bilingual text without a header, whose languages somebody tells: lines of `source<TAB>target`, as cells copied out of
//! Excel or a list of OmegaT, or two files of which line N of one is the translation of line N of the other.

use super::{Each, FormatError, Item, LOST, MAX_SEGMENT, Source, shortened, source::Fault, table::guess_told};
use crate::{
    lang::Language,
    model::{Note, Unit, Variant},
};

/// Words that head the columns of such a list in many tools; no languages.
const HEADS: [&str; 2] = ["source", "target"];

/// More than half of the lines at the beginning of a text have two cells.
pub fn is_tabbed(head: &str) -> bool {
    let whole = head.rfind('\n').map_or(head, |end| &head[..end]);
    let (mut lines, mut pairs) = (0, 0);
    for line in whole.lines().filter(|line| !line.trim().is_empty()) {
        lines += 1;
        let mut cells = line.split('\t');
        let filled = |cell: Option<&str>| cell.is_some_and(|cell| !cell.trim().is_empty());
        pairs += usize::from(filled(cells.next()) && filled(cells.next()));
    }
    pairs * 2 > lines
}

/// Reads lines of `source<TAB>target`, and a note behind another tab. Nothing is quoted.
///
/// # Errors
/// What cannot be decoded.
pub fn read(source: Source<'_>, languages: [Language; 2], each: &mut Each<'_>) -> Result<(), FormatError> {
    let mut lines = Lines::new(source, each)?;
    while let Some(line) = lines.next()? {
        let mut cells = line.split('\t');
        let texts = [cells.next().unwrap_or_default(), cells.next().unwrap_or_default()];
        let (note, more) = (cells.next().unwrap_or_default(), cells.any(|cell| !cell.trim().is_empty()));
        let is_head =
            lines.number == 1 && texts.iter().zip(HEADS).all(|(cell, head)| cell.trim().eq_ignore_ascii_case(head));
        if line.trim().is_empty() || is_head {
            continue;
        }
        let item = match (line.contains('\t'), more) {
            (false, _) => Item::skipped(lines.number, format!("no tab: `{}`", shortened(&line))),
            (_, true) => Item::skipped(lines.number, "more than a source, a target and a note"),
            _ => unit(lines.number, texts, note, languages),
        };
        each(item).map_err(FormatError::Stopped)?;
    }
    Ok(())
}

/// Reads two files line by line; `name` is what the second is called.
///
/// # Errors
/// What cannot be decoded, and a file that ends before the other.
pub fn read_beside(
    source: Source<'_>,
    (name, target): (&str, Source<'_>),
    languages: [Language; 2],
    each: &mut Each<'_>,
) -> Result<(), FormatError> {
    let of_other = |error| match error {
        FormatError::Broken { line, column, what } => {
            FormatError::Unsuitable(format!("{name}:{line}:{column}: {what}"))
        }
        error => error,
    };
    let mut sources = Lines::new(source, each)?;
    let mut targets = Lines::new(target, each).map_err(of_other)?;
    loop {
        let texts = match (sources.next()?, targets.next().map_err(of_other)?) {
            (None, None) => return Ok(()),
            (Some(source), Some(target)) => [source, target],
            (Some(more), None) => {
                let what = format!("{name} ends at line {}, and here is", targets.number);
                return surplus(&mut sources, more, &what);
            }
            (None, Some(more)) => {
                let what = format!("this ends at line {}, and {name} has a", sources.number);
                return surplus(&mut targets, more, &what).map_err(of_other);
            }
        };
        let texts = [texts[0].as_str(), &texts[1]];
        if texts.iter().any(|text| !text.trim().is_empty()) {
            each(unit(sources.number, texts, "", languages)).map_err(FormatError::Stopped)?;
        }
    }
}

/// What stands behind the end of the other file, from `line` on; empty lines are nothing.
fn surplus(lines: &mut Lines<'_>, line: String, what: &str) -> Result<(), FormatError> {
    let mut line = Some(line);
    while let Some(text) = line {
        if !text.trim().is_empty() {
            let (number, text) = (lines.number, shortened(text.trim()));
            let what = format!("{what} line {number}: `{text}`; files read line by line must have equally many lines");
            return Err(FormatError::Unsuitable(what));
        }
        line = lines.next()?;
    }
    Ok(())
}

fn unit(line: usize, texts: [&str; 2], note: &str, languages: [Language; 2]) -> Item {
    if texts.iter().any(|text| text.trim().is_empty()) {
        let empty = if texts[0].trim().is_empty() { languages[0] } else { languages[1] };
        return Item::skipped(line, format!("the text in {empty} is empty"));
    }
    if texts.iter().any(|text| text.len() > MAX_SEGMENT) {
        return Item::skipped(line, "a segment longer than 1 MiB");
    }
    if texts.iter().any(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
        return Item::skipped(line, LOST);
    }
    let variants = languages.iter().zip(texts).map(|(language, text)| Variant::new(*language, text)).collect();
    let notes = Some(note).filter(|note| !note.trim().is_empty());
    let notes = notes.map(|text| Note { attributes: Vec::new(), text: text.to_owned() }).into_iter().collect();
    Item::Unit(Unit { variants, notes, ..Unit::default() })
}

/// The lines of a text.
struct Lines<'r> {
    source: Source<'r>,
    buffer: String,
    at: usize,
    /// Of the line last given, from 1.
    number: usize,
    ended: bool,
}

impl<'r> Lines<'r> {
    fn new(source: Source<'r>, each: &mut Each<'_>) -> Result<Lines<'r>, FormatError> {
        if let Some(encoding) = source.guessed() {
            each(Item::warning(1, guess_told(encoding))).map_err(FormatError::Stopped)?;
        }
        Ok(Lines { source, buffer: String::new(), at: 0, number: 0, ended: false })
    }

    fn next(&mut self) -> Result<Option<String>, FormatError> {
        let mut from = self.at;
        loop {
            if let Some(found) = self.buffer[from..].find('\n') {
                let line = self.buffer[self.at..from + found].to_owned();
                self.at = from + found + 1;
                self.number += 1;
                return Ok(Some(line));
            }
            if self.ended {
                let line = self.buffer.split_off(self.at);
                self.number += usize::from(!line.is_empty());
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
            self.buffer.drain(..self.at);
            self.at = 0;
            from = self.buffer.len();
            if from > 4 * MAX_SEGMENT {
                let what = "a line of more than 4 MiB".to_owned();
                return Err(FormatError::Broken { line: self.number + 1, column: 1, what });
            }
            let more = self.source.more(&mut self.buffer);
            self.ended = !more.map_err(|fault| match fault {
                Fault::Io(error) => FormatError::Io(error),
                Fault::TooLong => FormatError::Unsuitable(fault.to_string()),
                fault => FormatError::Broken {
                    line: self.number + 1 + self.buffer.matches('\n').count(),
                    column: self.buffer[self.buffer.rfind('\n').map_or(0, |n| n + 1)..].chars().count() + 1,
                    what: fault.to_string(),
                },
            })?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::open;
    use proptest::prelude::*;

    const PAIR: [Language; 2] = [Language::EN, Language::AZ];

    fn source(text: &str) -> Source<'_> {
        open(text.as_bytes()).unwrap().guessed_source().unwrap()
    }

    /// `en|az|notes` of the units, remarks with their lines.
    fn shown(job: impl FnOnce(&mut Each<'_>) -> Result<(), FormatError>) -> Result<Vec<String>, String> {
        let mut out = Vec::new();
        job(&mut |item| {
            out.push(match item {
                Item::Unit(unit) => {
                    let texts = unit.variants.into_iter().map(|v| v.text);
                    texts.chain(unit.notes.into_iter().map(|n| n.text)).collect::<Vec<_>>().join("|")
                }
                Item::Skipped(r) | Item::Warning(r) => format!("!{}: {}", r.line, r.what),
                Item::Concept(_) => unreachable!("lists hold no concepts"),
            });
            Ok(())
        })
        .map_err(|error| error.to_string())?;
        Ok(out)
    }

    fn listed(text: &str) -> Vec<String> {
        shown(|each| read(source(text), PAIR, each)).unwrap()
    }

    fn beside(left: &str, right: &str) -> Result<Vec<String>, String> {
        shown(|each| read_beside(source(left), ("t.az", source(right)), PAIR, each))
    }

    #[test]
    fn cells_of_a_line() {
        assert_eq!(
            listed(
                "Source\tTarget\r\nOne \"1\"\tBir\r\n\r\nTwo\tİki\tchecked\nThree\nFour\t \na\tb\tc\td\n\tbeş\nsource\ttarget"
            ),
            [
                "One \"1\"|Bir",
                "Two|İki|checked",
                "!5: no tab: `Three`",
                "!6: the text in az is empty",
                "!7: more than a source, a target and a note",
                "!8: the text in en is empty",
                "source|target"
            ]
        );
    }

    #[test]
    fn a_list_by_its_first_lines() {
        for (head, want) in [
            ("One\tBir\nTwo\tİki\n", true),
            ("One\tBir", true),
            ("One\tBir\nTwo\tİki\nThree\nFour\tDö", true),
            ("The Service held a briefing,\nand\tthen\nanother.\n", false),
            ("One\nTwo\n", false),
            ("\tBir\n\tİki\n", false),
            ("", false),
        ] {
            assert_eq!(is_tabbed(head), want, "{head}");
        }
    }

    #[test]
    fn line_by_line() {
        assert_eq!(
            beside("One\n\nTwo\nThree\n\n", "Bir\n\nİki\n\n").unwrap(),
            ["One|Bir", "Two|İki", "!4: the text in az is empty"]
        );
        assert_eq!(
            beside("One\nTwo\n\nThree\n", "Bir\nİki\n").unwrap_err(),
            "t.az ends at line 2, and here is line 4: `Three`; files read line by line must have equally many lines"
        );
        assert_eq!(
            beside("One", "Bir\nİki").unwrap_err(),
            "this ends at line 1, and t.az has a line 2: `İki`; files read line by line must have equally many lines"
        );
        assert_eq!(beside("One\n", "B\u{1}r").unwrap_err(), "t.az:1:2: control character U+0001");
        let long: String = (0..40_000).map(|n| format!("line {n}\n")).collect();
        assert_eq!(beside(&long, &long).unwrap().last().unwrap(), "line 39999|line 39999");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(texts in prop::collection::vec(("[a\" é]{0,3}x", "[b' ]{0,3}ə"), 0..20)) {
            let text: String = texts.iter().map(|(a, b)| format!("{a}\t{b}\n")).collect();
            let want: Vec<String> = texts.iter().map(|(a, b)| format!("{a}|{b}")).collect();
            prop_assert_eq!(listed(&text), want);
        }
    }
}
