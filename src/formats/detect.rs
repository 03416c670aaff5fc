//! What a file is, told by its content before its name.

use super::{Opened, table};

/// The kinds of file met at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Tmx,
    Tbx,
    Xliff,
    /// CSV or TSV whose header row has language codes.
    Table,
    /// The same with columns of a glossary: `concept`, `az_forbidden`.
    Glossary,
    Po,
    JsonLines,
    /// DOCX, XLSX, ODT or any other archive: its directory tells which.
    Zip,
    Html,
    /// XML with another root element.
    Xml(String),
    /// None of these: plain text, or a table without a header of languages.
    Text,
    Empty,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Tmx => "TMX",
            Kind::Tbx => "TBX",
            Kind::Xliff => "XLIFF",
            Kind::Table => "a table with language codes in its header",
            Kind::Glossary => "a glossary table",
            Kind::Po => "PO",
            Kind::JsonLines => "JSON Lines",
            Kind::Zip => "a zip archive",
            Kind::Html => "an HTML page",
            Kind::Xml(root) => return write!(f, "XML with the root element `{root}`"),
            Kind::Text => "plain text, or a table without language codes in its header row",
            Kind::Empty => "empty",
        })
    }
}

/// Endings of names, and the kinds of file people give them to; `.txt` and `.xml` may hold anything.
const ENDINGS: &[(&str, &[Kind])] = &[
    ("tmx", &[Kind::Tmx]),
    ("tbx", &[Kind::Tbx]),
    ("xliff", &[Kind::Xliff]),
    ("xlf", &[Kind::Xliff]),
    ("sdlxliff", &[Kind::Xliff]),
    ("mqxliff", &[Kind::Xliff]),
    ("mxliff", &[Kind::Xliff]),
    ("csv", &[Kind::Table, Kind::Glossary, Kind::Text]),
    ("tsv", &[Kind::Table, Kind::Glossary, Kind::Text]),
    ("po", &[Kind::Po]),
    ("pot", &[Kind::Po]),
    ("jsonl", &[Kind::JsonLines]),
    ("xlsx", &[Kind::Zip]),
];

/// Whether the name promises another kind of file.
pub fn is_misnamed(name: &str, kind: &Kind) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.trim_end_matches(".gz").rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|(known, kinds)| *known == ending && !kinds.contains(kind))
}

/// The kind of the file whose beginning has been read.
pub fn detect(file: &Opened<'_>) -> Kind {
    if file.head.starts_with(b"PK\x03\x04") || file.head.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    of_text(&file.head_text())
}

fn of_text(head: &str) -> Kind {
    let text = head.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Kind::Empty;
    }
    if text.starts_with('<') {
        return of_xml(text);
    }
    if text.starts_with('{') {
        return Kind::JsonLines;
    }
    let is_po = |line: &str| line.starts_with("msgid \"") || line.starts_with("msgctxt \"");
    if text.lines().map(str::trim_start).find(|l| !l.starts_with('#') && !l.is_empty()).is_some_and(is_po) {
        return Kind::Po;
    }
    match table::header_of(text) {
        Some(header) if header.is_glossary() => Kind::Glossary,
        Some(_) => Kind::Table,
        None => Kind::Text,
    }
}

/// By the root element, behind the declaration, comments, instructions and the DOCTYPE.
fn of_xml(mut text: &str) -> Kind {
    let html = |name: &str| name.eq_ignore_ascii_case("html");
    loop {
        text = text.trim_start();
        let end = if text.starts_with("<!--") {
            "-->"
        } else if text.starts_with("<?") {
            "?>"
        } else if let Some(doctype) = text.get(..9).filter(|t| t.eq_ignore_ascii_case("<!doctype")) {
            let name = text[doctype.len()..].trim_start();
            if name.get(..4).is_some_and(html) {
                return Kind::Html;
            }
            let subset = text.find('[').filter(|open| text.find('>').is_some_and(|close| *open < close));
            if subset.is_some() { "]>" } else { ">" }
        } else {
            break;
        };
        match text.find(end) {
            Some(at) => text = &text[at + end.len()..],
            None => return Kind::Xml(String::new()),
        }
    }
    let name = text.strip_prefix('<').unwrap_or_default();
    let name = &name[..name.find([' ', '\t', '\n', '\r', '>', '/']).unwrap_or(name.len())];
    match name.split_once(':').map_or(name, |(_, local)| local) {
        "tmx" => Kind::Tmx,
        "martif" | "tbx" | "TBX" => Kind::Tbx,
        "xliff" => Kind::Xliff,
        local if html(local) => Kind::Html,
        local => Kind::Xml(super::shortened(local)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_promise() {
        for (name, kind, want) in [
            ("release.csv", Kind::Tmx, true),
            ("release.TMX.gz", Kind::Tmx, false),
            ("release.tmx", Kind::Table, true),
            ("list.csv", Kind::Text, false),
            ("list.txt", Kind::Xliff, false),
            ("job.sdlxliff", Kind::Xliff, false),
            ("no-ending", Kind::Po, false),
        ] {
            assert_eq!(is_misnamed(name, &kind), want, "{name} {kind}");
        }
    }

    #[test]
    fn kinds_by_content() {
        for (text, want) in [
            (
                "<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version='1.4'>",
                Kind::Tmx,
            ),
            ("<!DOCTYPE tmx [<!ENTITY a \">\">]><tmx>", Kind::Tmx),
            ("\u{feff}<martif type='TBX'>", Kind::Tbx),
            ("<tbx>", Kind::Tbx),
            ("<x:xliff version='1.2'>", Kind::Xliff),
            ("<!doctype HTML>\n<html>", Kind::Html),
            ("<HTML lang='en'>", Kind::Html),
            ("<svg/>", Kind::Xml("svg".to_owned())),
            ("en\taz\nOne\tBir\n", Kind::Table),
            ("\"az-AZ\";\"ru\";id;note\n", Kind::Table),
            ("concept,en,az,az_forbidden\n", Kind::Glossary),
            ("# a comment\nmsgid \"\"\nmsgstr \"\"\n", Kind::Po),
            ("{\"variants\":[]}\n", Kind::JsonLines),
            ("The Service held a briefing, and\n", Kind::Text),
            ("name,age\n", Kind::Text),
            (" \n", Kind::Empty),
        ] {
            assert_eq!(of_text(text), want, "{text}");
        }
    }
}
