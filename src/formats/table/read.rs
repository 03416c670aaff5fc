use super::is_guarded;
use crate::{
    formats::{
        Each, FormatError, Item, LOST, MAX_SEGMENT, MAX_UNIT, Source, glossary::is_glossary_column, shortened,
        source::Fault,
    },
    lang::Language,
    model::{Note, Prop, Unit, Variant},
};

/// What the columns of a table are.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    pub columns: Vec<Column>,
    pub delimiter: char,
    /// Cells may stand in quotes.
    pub quoted: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// The language and its code as the header spells it.
    Language(Language, String),
    Id,
    Note,
    Other(String),
}

impl Header {
    pub fn languages(&self) -> impl Iterator<Item = Language> {
        self.columns.iter().filter_map(|c| if let Column::Language(l, _) = c { Some(*l) } else { None })
    }

    /// The columns are those of a glossary, not of units.
    pub fn is_glossary(&self) -> bool {
        self.columns.iter().any(|column| matches!(column, Column::Other(name) if is_glossary_column(name)))
    }

    /// The cells of a row are the names of its columns.
    pub(in crate::formats) fn of(cells: &[String], delimiter: char, quoted: bool) -> Option<Header> {
        let columns: Vec<Column> = cells.iter().map(|cell| column(cell.trim())).collect();
        let header = Header { columns, delimiter, quoted };
        let languages = header.languages().count();
        (languages >= 2 || (languages == 1 && header.is_glossary())).then_some(header)
    }
}

/// What people call a language at the head of a column, in that language and others; lower case.
const NAMES: &[(Language, &[&str])] = &[
    (
        Language::EN,
        &["english", "ingilis", "ingiliscə", "ingilis dili", "английский", "английский язык", "по-английски"],
    ),
    (
        Language::AZ,
        &[
            "azerbaijani",
            "azeri",
            "azərbaycan",
            "azərbaycanca",
            "azərbaycan dili",
            "азербайджанский",
            "азербайджанский язык",
            "по-азербайджански",
        ],
    ),
    (Language::RU, &["russian", "rus", "rusca", "rus dili", "русский", "русский язык", "по-русски"]),
];

fn column(name: &str) -> Column {
    // `id` is Indonesian too, but a column of that name is never a language here.
    match name.to_ascii_lowercase().as_str() {
        "id" => return Column::Id,
        "note" | "notes" => return Column::Note,
        _ => {}
    }
    let mut parts = name.split(['-', '_']);
    let ascii = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_code = parts.next().is_some_and(|first| matches!(first.len(), 2 | 3) && ascii(first))
        && parts.all(|part| matches!(part.len(), 2..=4) && ascii(part));
    // Three letters are a code only where they stand for a two-letter one: most short words have three letters.
    let short = |language: &Language| language.as_str().split('-').next().is_some_and(|first| first.len() == 2);
    let lower = name.replace('İ', "i").to_lowercase();
    if let Some((language, _)) = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())) {
        return Column::Language(*language, language.to_string());
    }
    match name.parse::<Language>() {
        Ok(language) if is_code && short(&language) => Column::Language(language, name.to_owned()),
        _ => Column::Other(name.to_owned()),
    }
}

/// The header row at the beginning of `text`, if that is a table of languages.
pub fn header_of(text: &str) -> Option<Header> {
    let text = text.trim_start_matches('\u{feff}');
    let line = text.lines().next()?;
    if line.contains('\t') && !line.contains('"') {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        return Header::of(&cells, '\t', false);
    }
    [';', ',', '\t', '|'].into_iter().find_map(|delimiter| {
        let mut cells = Vec::new();
        let end = record(text, true, delimiter, true, &mut cells).ok()?;
        end.and_then(|_| Header::of(&cells, delimiter, true))
    })
}

/// Reads a table, unit by unit.
///
/// # Errors
/// Where a quoted cell does not end or the text cannot be decoded. A lenient source passes over such a row.
pub fn read(mut source: Source<'_>, each: &mut Each<'_>) -> Result<Header, FormatError> {
    let lenient = source.lenient;
    if let Some(encoding) = source.guessed() {
        each(Item::warning(1, guess_told(encoding))).map_err(FormatError::Stopped)?;
    }
    let mut rows = Rows { source: &mut source, buffer: String::new(), at: 0, line: 1, ended: false };
    while rows.buffer.len() < 16 << 10 && rows.more()? {}
    let Some(header) = header_of(&rows.buffer) else {
        let what = "the header row names no two languages, as in `en,az,ru`";
        return Err(FormatError::Broken { line: 1, column: 1, what: what.to_owned() });
    };
    let mut hand_over = |item: Item| each(item).map_err(FormatError::Stopped);
    if rows.buffer.starts_with('\u{feff}') {
        rows.buffer.remove(0);
    }
    let mut cells = Vec::new();
    rows.next(&header, &mut cells)?;
    loop {
        cells.clear();
        let line = rows.line;
        match rows.next(&header, &mut cells) {
            Ok(false) => return Ok(header),
            Ok(true) => {}
            Err(FormatError::Broken { line, column, what }) if lenient => {
                hand_over(Item::skipped(line, format!("column {column}: {what}")))?;
                rows.pass_line()?;
                continue;
            }
            Err(error) => return Err(error),
        }
        let (unit, faults) = unit(&header, &cells);
        match unit {
            _ if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(unit) => {
                for fault in faults {
                    hand_over(Item::warning(line, fault))?;
                }
                hand_over(Item::Unit(unit))?;
            }
            Err(reason) => hand_over(Item::skipped(line, reason))?,
        }
    }
}

/// What is to be said where nothing tells an encoding but the text.
pub(in crate::formats) fn guess_told(encoding: &str) -> String {
    format!(
        "the file does not tell its encoding and is no UTF-8: read as {encoding}; if letters are wrong, save it as UTF-8"
    )
}

/// The unit of a row, or why there is none; and what is to be said of it.
pub(in crate::formats) fn unit(header: &Header, cells: &[String]) -> (Result<Unit, String>, Vec<String>) {
    let mut faults = Vec::new();
    let (have, want) = (cells.len(), header.columns.len());
    let surplus = cells.iter().skip(want).any(|cell| !cell.trim().is_empty());
    if surplus {
        return (Err(format!("{have} cells where the header has {want}")), faults);
    }
    if have < want {
        faults.push(format!("{have} cells where the header has {want}; those missing count as empty"));
    }
    if cells.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
        return (Err(LOST.to_owned()), faults);
    }
    if cells.iter().any(|cell| cell.len() > MAX_SEGMENT) {
        return (Err("a cell longer than 1 MiB".to_owned()), faults);
    }
    let mut unit = Unit::default();
    for (cell, column) in cells.iter().zip(&header.columns) {
        let text = if header.quoted && is_guarded(cell) { cell.strip_prefix('\'').unwrap_or(cell) } else { cell };
        if text.trim().is_empty() {
            continue;
        }
        match column {
            Column::Language(language, spelled) => {
                let mut variant = Variant::new(*language, text);
                variant.tag = (spelled != language.as_str()).then(|| spelled.clone());
                unit.variants.push(variant);
            }
            Column::Id => unit.tuid = Some(text.to_owned()),
            Column::Note => unit.notes.push(Note { attributes: Vec::new(), text: text.to_owned() }),
            Column::Other(name) => {
                unit.props.push(Prop { kind: name.clone(), attributes: Vec::new(), value: text.to_owned() });
            }
        }
    }
    match &unit.variants[..] {
        [] => (Err("all languages are empty".to_owned()), faults),
        [one] => (Err(format!("only one language ({}) is filled", one.language)), faults),
        _ => (Ok(unit), faults),
    }
}

struct Rows<'s, 'r> {
    source: &'s mut Source<'r>,
    buffer: String,
    /// Where the next row starts.
    at: usize,
    /// The line it starts on.
    line: usize,
    ended: bool,
}

impl Rows<'_, '_> {
    fn more(&mut self) -> Result<bool, FormatError> {
        if self.at > (1 << 15) {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let more = self.source.more(&mut self.buffer).map_err(|fault| match fault {
            Fault::Io(error) => FormatError::Io(error),
            Fault::TooLong => FormatError::Unsuitable(fault.to_string()),
            fault => {
                let what = fault.to_string();
                broken(self.line, &self.buffer[self.at..], what)
            }
        })?;
        self.ended = !more;
        Ok(more)
    }

    /// The cells of the next row; false at the end.
    fn next(&mut self, header: &Header, cells: &mut Vec<String>) -> Result<bool, FormatError> {
        let mut wanted = 0;
        loop {
            cells.clear();
            // A row is looked at again only when the buffer has doubled, so that a long one costs no more than its length.
            let length = self.buffer.len() - self.at;
            if length >= wanted || self.ended {
                match record(&self.buffer[self.at..], self.ended, header.delimiter, header.quoted, cells) {
                    Ok(Some(end)) => {
                        self.line += self.buffer[self.at..self.at + end].matches('\n').count();
                        self.at += end;
                        return Ok(true);
                    }
                    Ok(None) if self.ended => return Ok(false),
                    Ok(None) => {}
                    Err((at, what)) => return Err(broken(self.line, &self.buffer[self.at..self.at + at], what)),
                }
                if length > MAX_UNIT {
                    let what = "a row of more than 16 MiB: is a quote left open?".to_owned();
                    return Err(FormatError::Broken { line: self.line, column: 1, what });
                }
                wanted = length * 2;
            }
            self.more()?;
        }
    }

    /// Goes behind the line a broken row starts on.
    fn pass_line(&mut self) -> Result<(), FormatError> {
        loop {
            if let Some(found) = self.buffer[self.at..].find('\n') {
                self.at += found + 1;
                self.line += 1;
                return Ok(());
            }
            self.at = self.buffer.len();
            if !self.more()? {
                return Ok(());
            }
        }
    }
}

/// A fault behind `before`, the text from the beginning of `line` on.
fn broken(line: usize, before: &str, what: String) -> FormatError {
    let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
    FormatError::Broken { line: line + before.matches('\n').count(), column, what }
}

/// The cells of the record `text` begins with, and where the next one starts; nothing where more text is needed or
/// none is left. An error has its place.
fn record(
    text: &str,
    ended: bool,
    delimiter: char,
    quoted: bool,
    cells: &mut Vec<String>,
) -> Result<Option<usize>, (usize, String)> {
    let mut at = 0;
    if text.is_empty() {
        return Ok(None);
    }
    loop {
        let rest = &text[at..];
        if quoted && rest.starts_with('"') {
            let mut cell = String::new();
            let mut from = at + 1;
            let behind = loop {
                match text[from..].find('"') {
                    None if ended => {
                        return Err((
                            at,
                            format!(
                                "a quote is opened here and never closed: `{}`",
                                shortened(rest.lines().next().unwrap_or_default())
                            ),
                        ));
                    }
                    None => return Ok(None),
                    Some(found) => {
                        cell.push_str(&text[from..from + found]);
                        from += found + 1;
                        if !text[from..].starts_with('"') {
                            break from;
                        }
                        cell.push('"');
                        from += 1;
                    }
                }
            };
            cells.push(cell);
            match text[behind..].chars().next() {
                None if ended => return Ok(Some(behind)),
                None => return Ok(None),
                Some('\n') => return Ok(Some(behind + 1)),
                Some(c) if c == delimiter => at = behind + 1,
                Some(_) => {
                    return Err((
                        behind,
                        "text behind a closing quote: a quote inside a cell is written twice".to_owned(),
                    ));
                }
            }
            continue;
        }
        match rest.find([delimiter, '\n']) {
            Some(found) => {
                cells.push(rest[..found].to_owned());
                let newline = rest[found..].starts_with('\n');
                at += found + 1;
                if newline {
                    return Ok(Some(at));
                }
            }
            None if ended => {
                cells.push(rest.to_owned());
                return Ok(Some(text.len()));
            }
            None => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{Remark, open};

    fn items(text: &str, lenient: bool) -> Result<Vec<Item>, String> {
        let mut source = open(text.as_bytes()).unwrap().source().unwrap();
        source.lenient = lenient;
        let mut out = Vec::new();
        read(source, &mut |item| {
            out.push(item);
            Ok(())
        })
        .map_err(|error| error.to_string())?;
        Ok(out)
    }

    /// `en|az` texts of the units, and remarks as `!line: what`.
    fn shown(text: &str) -> Vec<String> {
        let show = |item| match item {
            Item::Unit(unit) => unit.variants.into_iter().map(|v| v.text).collect::<Vec<_>>().join("|"),
            Item::Skipped(Remark { line, what }) | Item::Warning(Remark { line, what }) => format!("!{line}: {what}"),
            Item::Concept(_) => unreachable!("a table of units"),
        };
        items(text, false).unwrap().into_iter().map(show).collect()
    }

    #[test]
    fn quotes_delimiters_and_line_ends() {
        assert_eq!(shown("\u{feff}en;az\r\n\"a; \"\"b\"\"\r\nc\";ç\r\n\r\nd;\"e\""), ["a; \"b\"\nc|ç", "d|e"]);
        assert_eq!(shown("en\taz\n\"One\" two\t\"Bir\n"), ["\"One\" two|\"Bir"], "TSV is never quoted");
        assert_eq!(shown("en,az\n'=A1,'plain\n'''-x,y\n"), ["=A1|'plain", "''-x|y"]);
    }

    #[test]
    fn bars_part_cells_too() {
        assert_eq!(shown("en|az\n\"a|b\"|c\n"), ["a|b|c"]);
    }

    #[test]
    fn columns_that_name_no_language() {
        let items = items("id,EN-US,aze,note,client\n7,One,Bir,checked,DMX\n", false).unwrap();
        let [Item::Unit(unit)] = &items[..] else { panic!("{items:?}") };
        assert_eq!(unit.tuid.as_deref(), Some("7"));
        assert_eq!(unit.variants[0].language, Language::EN);
        assert_eq!(unit.variants[0].tag.as_deref(), Some("EN-US"));
        assert_eq!(unit.variants[1].language, Language::AZ);
        assert_eq!(unit.notes[0].text, "checked");
        assert_eq!((unit.props[0].kind.as_str(), unit.props[0].value.as_str()), ("client", "DMX"));
    }

    #[test]
    fn languages_by_their_names() {
        for (name, language) in
            NAMES.iter().flat_map(|(language, names)| names.iter().map(move |name| (name, language)))
        {
            assert_eq!(column(name), Column::Language(*language, language.to_string()), "{name}");
        }
        assert_eq!(shown("English;İngilis;Русский;AZƏRBAYCAN DİLİ\na;;b;c\n"), ["a|b|c"]);
        assert_eq!(column("rus"), Column::Language(Language::RU, "ru".to_owned()));
        assert_eq!(column("Englishman"), Column::Other("Englishman".to_owned()));
    }

    #[test]
    fn encodings_nobody_tells() {
        let rows =
            "en;ru\nThe head of the service;Начальник службы встретился с послом\nA law;Закон о защите прав граждан\n";
        let read_in = |bytes: Vec<u8>| {
            let mut out = Vec::new();
            read(open(&bytes[..]).unwrap().guessed_source().unwrap(), &mut |item| {
                out.push(item);
                Ok(())
            })
            .map(|_| out)
            .map_err(|error| error.to_string())
        };
        let utf16: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let old = encoding_rs::WINDOWS_1251.encode(rows).0.into_owned();
        for (bytes, name) in [(utf16, "UTF-16LE"), (old, "windows-1251")] {
            let items = read_in(bytes).unwrap();
            let [Item::Warning(told), Item::Unit(_), Item::Unit(unit)] = &items[..] else { panic!("{items:?}") };
            assert!(told.what.contains(&format!("read as {name};")), "{}", told.what);
            assert_eq!(unit.variants[1].text, "Закон о защите прав граждан");
        }
        let damaged = [rows.as_bytes(), b"x;\xff\n"].concat();
        assert_eq!(read_in(damaged).unwrap_err(), "4:3: invalid UTF-8 at byte 158: the encoding is another");
        assert_eq!(read_in(rows.as_bytes().to_vec()).unwrap().len(), 2, "UTF-8 needs no word");
    }

    #[test]
    fn rows_that_do_not_fit() {
        assert_eq!(
            shown("en,az,ru\na,b\nc,d,e,f\ng,,\nh,i,j,\n"),
            [
                "!2: 2 cells where the header has 3; those missing count as empty",
                "a|b",
                "!3: 4 cells where the header has 3",
                "!4: only one language (en) is filled",
                "h|i|j"
            ]
        );
    }

    #[test]
    fn faults_have_their_place() {
        let fault = |text| items(text, false).unwrap_err();
        assert_eq!(fault("en,az\na,b\nc,\"d\ne,f\n"), "3:3: a quote is opened here and never closed: `\"d`");
        assert_eq!(
            fault("en,az\n\"a\"b,c\n"),
            "2:4: text behind a closing quote: a quote inside a cell is written twice"
        );
        assert_eq!(fault("one,two\n"), "1:1: the header row names no two languages, as in `en,az,ru`");
        assert_eq!(fault("en,az\na,b\nc\0,d\n"), "3:2: control character U+0000");
        let lenient = items("en,az\na,\"b\nc,d\n", true).unwrap();
        assert!(matches!(&lenient[..], [Item::Skipped(r), Item::Unit(_)] if r.line == 2), "{lenient:?}");
    }

    #[test]
    fn long_tables_stream() {
        let text: String = (0..30_000).map(|i| format!("one {i},bir {i}\n")).collect();
        let rows = shown(&format!("en,az\n{text}x\n"));
        assert_eq!(rows.len(), 30_001);
        assert_eq!(rows[29_999], "one 29999|bir 29999");
        assert!(rows[30_000].starts_with("!30002: only one language"), "{}", rows[30_000]);
    }
}
