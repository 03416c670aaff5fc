//! Glossaries as TSV or CSV.
//!
//! The first line names the columns: `az` (the terms to write: the first is preferred, more after `;` are
//! admitted too), `az_admitted`, `az_deprecated`, `az_forbidden`, `az_proposed`, for any language; `concept`
//! (without it the first column names the concept), `definition`, `domain`, `note`, `flags`. Other columns are
//! passed over. Rows of one concept are taken together.
//!
//! TSV has one row a line and no quotes; CSV is RFC 4180 with `,` or `;`, told by the first line. UTF-8, or UTF-16
//! with a byte order mark.
//!
//! Flags, parted by `;`. `LANG=TERM` says which term is meant, `LANG` all of the language, neither all:
//!
//! | flag | says |
//! |---|---|
//! | `abbreviation:en=SMS` | may stand for the long form. Capitals beside a long form say so by themselves |
//! | `word:en=NATO` | capitals, but no abbreviation of the term beside it |
//! | `case:en=Service` | found only in these letters' own case |
//! | `indeclinable:ru=Милли` | never inflected |
//! | `head:en=attorney general>attorney` | the word that is inflected; those after it stay |
//! | `izafet:az=miqrasiya xidməti`, `no-izafet:az=elmi nəzəri` | the last word ends in a possessive, or only looks so |
//! | `reading:az=BMqT>be-em-qe-te` | how an abbreviation is read aloud: its endings follow the sound |
//! | `do-not-translate` | stands in every language as it is written |
//! | `form:az=söz>sözcük` | one more form of the term |
//! | `exception:en=SMS message` | in this phrase the letters mean something else |

use super::Opened;
use crate::lang::{
    Language,
    forms::{self, Grammar},
};
use crate::model::{Concept, Status, Term};
use std::collections::HashMap;
use std::io::{self, Write};

/// The longest table, in bytes: it is read whole.
const MAX_FILE: u64 = 64 << 20;

/// What a glossary holds, and the rows that could not be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Glossary {
    pub concepts: Vec<Concept>,
    pub skipped: Vec<Skipped>,
}

/// A row or part of one that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Of the file, from 1.
    pub line: usize,
    /// Of the row, from 1; 0 where the whole row is meant.
    pub column: usize,
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum GlossaryError {
    #[error("{name}: the file is empty")]
    Empty { name: String },
    #[error("{name}: a glossary table of more than 64 MiB")]
    TooLong { name: String },
    #[error("{name}:1: no column is a language: the first line names columns such as `en`, `az` and `ru_forbidden`")]
    NoLanguage { name: String },
    #[error("{name}:1: column {column}: `{column_name}` names a language twice")]
    Twice { name: String, column: usize, column_name: String },
    #[error("{name}: line {line}: the text is not UTF-8, nor UTF-16 with a byte order mark")]
    Encoding { name: String, line: usize },
    #[error("{name}:{line}: {reason}")]
    Csv { name: String, line: u64, reason: String },
    #[error("concept `{concept}`: `{text}` holds `{sign}`, which a glossary table has no room for")]
    Unwritable { concept: String, text: String, sign: char },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Concept,
    /// Terms to write: preferred, then admitted.
    Approved(Language),
    Terms(Language, Status),
    Definition,
    Domain,
    Note,
    Flags,
    Other,
}

const STATUSES: [(&str, Status); 4] = [
    ("admitted", Status::Admitted),
    ("deprecated", Status::Deprecated),
    ("forbidden", Status::Forbidden),
    ("proposed", Status::Proposed),
];

fn column(name: &str) -> Column {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "concept" | "id" => return Column::Concept,
        "definition" => return Column::Definition,
        "domain" => return Column::Domain,
        "note" => return Column::Note,
        "flags" => return Column::Flags,
        _ => {}
    }
    // Before plain codes: `en_admitted` would pass for a tag with a variant.
    for (word, status) in STATUSES {
        if let Some(language) =
            name.strip_suffix(word).and_then(|rest| rest.strip_suffix(['_', '-', ' '])).and_then(tag)
        {
            return Column::Terms(language, status);
        }
    }
    tag(&name).map_or(Column::Other, Column::Approved)
}

/// A language code as a column's name: two letters, or three of a language that has rows, then perhaps a script
/// and a region; not any word.
fn tag(name: &str) -> Option<Language> {
    let mut parts = name.split(['-', '_']);
    let head = parts.next()?.len();
    let language: Language = name.parse().ok()?;
    let known = head == 2 || (head == 3 && language.row().is_some());
    (known && parts.all(|part| (2..=4).contains(&part.len()))).then_some(language)
}

/// The language a column's name is the code of, region and script aside.
pub(super) fn language_column(name: &str) -> Option<Language> {
    match column(name) {
        Column::Approved(language) => Some(language),
        _ => None,
    }
}

fn delimiter(header: &str) -> char {
    if header.contains('\t') {
        return '\t';
    }
    let count = |sign| header.matches(sign).count();
    if count(';') > count(',') { ';' } else { ',' }
}

/// Whether a column of this name makes a table one of terms, not of units.
pub(super) fn is_glossary_column(name: &str) -> bool {
    matches!(column(name), Column::Terms(..) | Column::Flags) || name.trim().eq_ignore_ascii_case("concept")
}

/// The text of a file that may begin with a byte order mark.
pub(crate) fn decoded(name: &str, bytes: &[u8]) -> Result<String, GlossaryError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return match broken {
            false => Ok(text.into_owned()),
            true => Err(GlossaryError::Encoding { name: name.to_owned(), line: 1 }),
        };
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let upto = &bytes[..error.utf8_error().valid_up_to()];
        let line = upto.iter().filter(|byte| **byte == b'\n').count() + 1;
        GlossaryError::Encoding { name: name.to_owned(), line }
    })
}

/// The cells of a row and the line it begins at.
type Row = (usize, Vec<String>);

fn rows(name: &str, text: &str) -> Result<Vec<Row>, GlossaryError> {
    let header = text.lines().next().unwrap_or_default();
    let delimiter = delimiter(header);
    if delimiter == '\t' {
        let rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        return Ok(rows.map(|(at, line)| (at + 1, line.split('\t').map(str::to_owned).collect())).collect());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter as u8)
        .from_reader(text.as_bytes());
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| GlossaryError::Csv {
            name: name.to_owned(),
            line: error.position().map_or(0, csv::Position::line),
            reason: error.to_string(),
        })?;
        let line = record.position().map_or(0, csv::Position::line) as usize;
        out.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(out)
}

/// Reads a glossary from a file, gzipped or not.
pub fn read_file(name: &str, file: Opened<'_>) -> Result<Glossary, GlossaryError> {
    match file.bytes(MAX_FILE)? {
        Some(bytes) => read(name, &bytes),
        None => Err(GlossaryError::TooLong { name: name.to_owned() }),
    }
}

/// Reads a glossary; `name` is what messages call it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Glossary, GlossaryError> {
    let text = decoded(name, bytes)?;
    let mut rows = rows(name, &text)?.into_iter();
    let Some((_, header)) = rows.next() else { return Err(GlossaryError::Empty { name: name.to_owned() }) };
    let columns: Vec<Column> = header.iter().map(|name| column(name)).collect();
    if !columns.iter().any(|c| matches!(c, Column::Approved(_) | Column::Terms(..))) {
        return Err(GlossaryError::NoLanguage { name: name.to_owned() });
    }
    for (at, column) in columns.iter().enumerate() {
        if matches!(column, Column::Approved(_)) && columns[..at].contains(column) {
            return Err(GlossaryError::Twice {
                name: name.to_owned(),
                column: at + 1,
                column_name: header[at].trim().to_owned(),
            });
        }
    }
    let named = columns.iter().position(|c| *c == Column::Concept).unwrap_or(0);
    let mut out = Glossary::default();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (line, cells) in rows {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let skip = |column, reason: String| Skipped { line, column, reason };
        if cells.len() > columns.len() && cells[columns.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            let reason = format!("{} cells, but the first line names {} columns", cells.len(), columns.len());
            out.skipped.push(skip(0, reason));
            continue;
        }
        let id = match columns[named] {
            Column::Concept => cell(named),
            _ => cell(named).split(';').next().unwrap_or_default().trim(),
        };
        let first_term = || {
            let terms =
                columns.iter().enumerate().filter(|(_, c)| matches!(c, Column::Approved(_) | Column::Terms(..)));
            terms.map(|(at, _)| cell(at)).find(|cell| !cell.is_empty()).map(|c| c.split(';').next().unwrap_or(c).trim())
        };
        let Some(id) = Some(id).filter(|id| !id.is_empty()).or_else(first_term) else {
            out.skipped.push(skip(0, "the row has no term in any language".to_owned()));
            continue;
        };
        let mut concept = Concept { id: id.to_owned(), ..Concept::default() };
        for (at, column) in columns.iter().enumerate() {
            let text = cell(at);
            let some = || (!text.is_empty()).then(|| text.to_owned());
            match column {
                Column::Approved(language) => {
                    for (number, term) in terms(text).enumerate() {
                        let status = if number == 0 { Status::Preferred } else { Status::Admitted };
                        concept.terms.push(Term::new(term, *language, status));
                    }
                }
                Column::Terms(language, status) => {
                    concept.terms.extend(terms(text).map(|term| Term::new(term, *language, *status)));
                }
                Column::Definition => concept.definition = some(),
                Column::Domain => concept.domain = some(),
                Column::Note => concept.note = some(),
                Column::Concept | Column::Flags | Column::Other => {}
            }
        }
        mark_abbreviations(&mut concept);
        for (at, _) in columns.iter().enumerate().filter(|(_, c)| **c == Column::Flags) {
            for flag in terms(cell(at)) {
                if let Err(reason) = apply(&mut concept, flag) {
                    out.skipped.push(skip(at + 1, reason));
                }
            }
        }
        if concept.terms.is_empty() {
            out.skipped.push(skip(0, format!("concept `{id}` has no term in any language")));
            continue;
        }
        match known.get(&concept.id) {
            Some(at) => join(&mut out.concepts[*at], concept),
            None => {
                known.insert(concept.id.clone(), out.concepts.len());
                out.concepts.push(concept);
            }
        }
    }
    Ok(out)
}

fn terms(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|term| !term.is_empty())
}

/// Another row of the same concept.
pub(crate) fn join(into: &mut Concept, more: Concept) {
    into.definition = into.definition.take().or(more.definition);
    into.domain = into.domain.take().or(more.domain);
    into.note = into.note.take().or(more.note);
    for exception in more.exceptions {
        if !into.exceptions.contains(&exception) {
            into.exceptions.push(exception);
        }
    }
    for mut term in more.terms {
        if into.terms.iter().any(|t| t.language == term.language && t.text == term.text) {
            continue;
        }
        if term.status == Status::Preferred && into.preferred(term.language).is_some() {
            term.status = Status::Admitted;
        }
        into.terms.push(term);
    }
}

/// Capitals beside a long form are its abbreviation.
fn mark_abbreviations(concept: &mut Concept) {
    for at in 0..concept.terms.len() {
        concept.terms[at].abbreviation = abbreviates(concept, at);
    }
}

fn abbreviates(concept: &Concept, at: usize) -> bool {
    let term = &concept.terms[at];
    forms::is_acronym(&term.text)
        && concept.terms.iter().any(|t| t.language == term.language && t.text.contains(' ') && t.status.approved())
}

const FLAGS: [&str; 11] = [
    "abbreviation",
    "word",
    "case",
    "indeclinable",
    "head",
    "izafet",
    "no-izafet",
    "reading",
    "form",
    "exception",
    "do-not-translate",
];

/// `name[:LANG[=TERM]]`
fn apply(concept: &mut Concept, flag: &str) -> Result<(), String> {
    let (name, about) = flag.split_once(':').map_or((flag, None), |(name, about)| (name.trim(), Some(about)));
    let (language, value) = match about {
        None => (None, None),
        Some(about) => {
            let (code, value) = about.split_once('=').map_or((about, None), |(code, value)| (code, Some(value.trim())));
            let language: Language = code.trim().parse().map_err(|error| format!("flag `{flag}`: {error}"))?;
            (Some(language), value)
        }
    };
    let mut set = |change: &dyn Fn(&mut Term)| {
        let mut any = false;
        for term in &mut concept.terms {
            if language.is_none_or(|l| l == term.language) && value.is_none_or(|text| text == term.text) {
                change(term);
                any = true;
            }
        }
        if any { Ok(()) } else { Err(format!("flag `{flag}`: the row has no such term")) }
    };
    match name {
        "abbreviation" => set(&|term| term.abbreviation = true),
        "word" => set(&|term| term.abbreviation = false),
        "case" => set(&|term| term.case_sensitive = true),
        "indeclinable" => set(&|term| term.grammar.indeclinable = true),
        "izafet" => set(&|term| term.grammar.izafet = Some(true)),
        "no-izafet" => set(&|term| term.grammar.izafet = Some(false)),
        "do-not-translate" => {
            concept.do_not_translate = true;
            Ok(())
        }
        "exception" => {
            let (Some(language), Some(phrase)) = (language, value) else {
                return Err(format!("flag `{flag}`: an exception is written `exception:en=PHRASE`"));
            };
            concept.exceptions.push((language, phrase.to_owned()));
            Ok(())
        }
        "form" | "head" | "reading" => {
            // A term may hold a `>` itself: the last one parts.
            let parts = value.and_then(|value| value.rsplit_once('>'));
            let (Some(language), Some((text, said))) = (language, parts) else {
                return Err(format!("flag `{flag}`: it is written `{name}:az=TERM>{}`", name.to_uppercase()));
            };
            let (text, said) = (text.trim(), said.trim());
            let term = concept.terms.iter_mut().find(|t| t.language == language && t.text == text);
            let Some(term) = term else { return Err(format!("flag `{flag}`: the row has no such term")) };
            if said.is_empty() {
                return Err(format!("flag `{flag}`: nothing stands after the `>`"));
            }
            match name {
                "form" => term.grammar.forms.push(said.to_owned()),
                "reading" => term.grammar.reading = Some(said.to_owned()),
                _ if text.split([' ', '-', '\u{a0}']).any(|word| word == said) => {
                    term.grammar.head = Some(said.to_owned())
                }
                _ => return Err(format!("flag `{flag}`: `{said}` is no word of the term")),
            }
            Ok(())
        }
        _ => Err(format!("flag `{flag}` is not known: there are {}", FLAGS.join(", "))),
    }
}

fn flags_of(concept: &Concept) -> Vec<String> {
    let mut out = Vec::new();
    for (at, term) in concept.terms.iter().enumerate() {
        let Term { language, text, .. } = term;
        match (term.abbreviation, abbreviates(concept, at)) {
            (true, false) => out.push(format!("abbreviation:{language}={text}")),
            (false, true) => out.push(format!("word:{language}={text}")),
            _ => {}
        }
        if term.case_sensitive {
            out.push(format!("case:{language}={text}"));
        }
        let Grammar { indeclinable, head, izafet, reading, forms } = &term.grammar;
        if *indeclinable {
            out.push(format!("indeclinable:{language}={text}"));
        }
        if let Some(izafet) = izafet {
            out.push(format!("{}:{language}={text}", if *izafet { "izafet" } else { "no-izafet" }));
        }
        let said = [("head", head), ("reading", reading)].map(|(name, said)| (name, said.as_ref()));
        for (name, said) in said.into_iter().chain(forms.iter().map(|form| ("form", Some(form)))) {
            out.extend(said.map(|said| format!("{name}:{language}={text}>{said}")));
        }
    }
    out.extend(concept.exceptions.iter().map(|(language, phrase)| format!("exception:{language}={phrase}")));
    out.extend(concept.do_not_translate.then(|| "do-not-translate".to_owned()));
    out
}

/// Writes concepts as TSV (`delimiter` a tab) or CSV. Of several preferred terms in one language the first stays
/// preferred, the others become admitted.
pub fn write(concepts: &[Concept], delimiter: char, to: &mut dyn Write) -> Result<(), GlossaryError> {
    let mut languages: Vec<Language> = Vec::new();
    for term in concepts.iter().flat_map(|c| &c.terms) {
        if !languages.contains(&term.language) {
            languages.push(term.language);
        }
    }
    let mut header = vec!["concept".to_owned()];
    for language in &languages {
        header.push(language.to_string());
        header.extend(STATUSES.iter().map(|(word, _)| format!("{language}_{word}")));
    }
    header.extend(["definition", "domain", "note", "flags"].map(str::to_owned));
    let mut rows = vec![header];
    for concept in concepts {
        let refuse =
            |text: &str, sign| GlossaryError::Unwritable { concept: concept.id.clone(), text: text.to_owned(), sign };
        let mut cells = vec![concept.id.clone()];
        for language in &languages {
            let of = |status| concept.terms_in(*language).filter(move |t| t.status == status);
            cells.push(of(Status::Preferred).map(|t| t.text.as_str()).collect::<Vec<_>>().join(";"));
            for (_, status) in STATUSES {
                cells.push(of(status).map(|t| t.text.as_str()).collect::<Vec<_>>().join(";"));
            }
        }
        for text in [&concept.definition, &concept.domain, &concept.note] {
            cells.push(text.clone().unwrap_or_default());
        }
        let flags = flags_of(concept);
        let parts = concept.terms.iter().map(|t| &t.text).chain(&flags);
        if let Some(text) = parts.into_iter().find(|text| text.contains(';')) {
            return Err(refuse(text, ';'));
        }
        cells.push(flags.join(";"));
        if delimiter == '\t'
            && let Some((text, sign)) = cells.iter().find_map(|c| Some((c, c.chars().find(|c| "\t\n\r".contains(*c))?)))
        {
            return Err(refuse(text, sign));
        }
        rows.push(cells);
    }
    if delimiter == '\t' {
        for row in rows {
            writeln!(to, "{}", row.join("\t"))?;
        }
        return Ok(());
    }
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter as u8).from_writer(to);
    for row in rows {
        writer.write_record(&row).map_err(|error| io::Error::other(error.to_string()))?;
    }
    Ok(writer.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Glossary {
        read("g.tsv", text.as_bytes()).unwrap()
    }

    #[test]
    fn columns_say_language_and_status() {
        let got = of("concept\ten\ten_admitted\taz\taz_forbidden\tnote\tcolour\n\
             parliament\tMilli Majlis\tNational Assembly\tMilli Məclis\tMilli Mejlis;Mejlis\tsince 1995\tred\n");
        let concept = &got.concepts[0];
        assert_eq!(concept.id, "parliament");
        let terms: Vec<_> = concept.terms.iter().map(|t| (t.language.as_str(), t.text.as_str(), t.status)).collect();
        assert_eq!(
            terms,
            [
                ("en", "Milli Majlis", Status::Preferred),
                ("en", "National Assembly", Status::Admitted),
                ("az", "Milli Məclis", Status::Preferred),
                ("az", "Milli Mejlis", Status::Forbidden),
                ("az", "Mejlis", Status::Forbidden),
            ]
        );
        assert_eq!(concept.note.as_deref(), Some("since 1995"));
        assert!(got.skipped.is_empty());
    }

    #[test]
    fn the_first_column_names_the_concept() {
        let got = of("en\taz\nrefugee;asylee\tqaçqın\n\tmiqrant\n");
        assert_eq!(got.concepts.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["refugee", "miqrant"]);
    }

    #[test]
    fn csv_with_quotes_and_either_delimiter() {
        let got = read("g.csv", "\u{feff}concept;en;az\r\n1;\"a \"\"b\"\"\";\"x\"\r\n".as_bytes()).unwrap();
        assert_eq!(got.concepts[0].terms[0].text, "a \"b\"");
        let got = read("g.csv", b"concept,en,az\n1,\"one\",bir\n").unwrap();
        assert_eq!(got.concepts[0].terms[1].text, "bir");
    }

    #[test]
    fn utf_16() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("az\nqaçqın\n".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read("g.tsv", &bytes).unwrap().concepts[0].terms[0].text, "qaçqın");
    }

    #[test]
    fn flags() {
        let got =
            of("concept\ten\tflags\nservice\tState Migration Service;SMS\texception:en=SMS message;case:en=SMS\n");
        let concept = &got.concepts[0];
        assert_eq!(concept.exceptions, [(Language::EN, "SMS message".to_owned())]);
        assert!(concept.terms[1].abbreviation && concept.terms[1].case_sensitive);
        assert!(!concept.terms[0].abbreviation && !concept.terms[0].case_sensitive);
        let got = of("concept\ten\tflags\nx\tword\tcaase:en=word\n");
        assert_eq!((got.skipped[0].line, got.skipped[0].column), (2, 3));
        assert!(got.skipped[0].reason.contains("`caase:en=word`"));
        assert_eq!(got.concepts.len(), 1, "a bad flag leaves its row");
    }

    #[test]
    fn bad_files_and_rows_are_named() {
        assert_eq!(read("g.tsv", b"").unwrap_err().to_string(), "g.tsv: the file is empty");
        assert!(read("g.tsv", b"foo\tbarbar\nx\ty\n").unwrap_err().to_string().starts_with("g.tsv:1: no column"));
        assert!(read("g.tsv", b"az\nok\n\xff\n").unwrap_err().to_string().starts_with("g.tsv: line 3"));
        let got = of("az\ten\nbir\tone\textra\niki\ttwo\n");
        assert_eq!(got.concepts.len(), 1);
        assert_eq!(
            got.skipped,
            [Skipped { line: 2, column: 0, reason: "3 cells, but the first line names 2 columns".to_owned() }]
        );
    }

    fn concepts() -> impl Strategy<Value = Vec<Concept>> {
        let text = "[a-zəğıİş][a-zA-ZəğıİşЖж'-]{0,8}( [a-zA-ZБщ]{1,6}){0,2}|[A-Z]{3}";
        let language = prop::sample::select(vec![Language::EN, Language::AZ, Language::RU]);
        let status =
            prop::sample::select(vec![Status::Admitted, Status::Deprecated, Status::Forbidden, Status::Proposed]);
        let term = (text, language.clone(), status, any::<[bool; 3]>(), prop::option::of("[a-z]{1,5}")).prop_map(
            |(text, language, status, [a, c, i], form)| Term {
                abbreviation: a,
                case_sensitive: c,
                grammar: Grammar {
                    indeclinable: i,
                    izafet: a.then_some(c),
                    reading: form.clone().filter(|_| i),
                    forms: form.into_iter().collect(),
                    ..Grammar::default()
                },
                ..Term::new(text, language, status)
            },
        );
        let concept = (
            prop::collection::vec(term, 1..5),
            prop::option::of("[a-z]{1,9}"),
            prop::collection::vec((language, "[a-z]{2,6}( [a-z]{2,4})?"), 0..2),
        );
        prop::collection::vec(concept, 1..5).prop_map(|all| {
            all.into_iter()
                .enumerate()
                .map(|(at, (mut terms, note, exceptions))| {
                    for language in [Language::EN, Language::AZ, Language::RU] {
                        if let Some(first) = terms.iter_mut().find(|t| t.language == language) {
                            first.status = Status::Preferred;
                        }
                    }
                    let mut seen = Vec::new();
                    terms.retain(|t| {
                        let fresh = !seen.contains(&(t.language, t.text.clone()));
                        seen.push((t.language, t.text.clone()));
                        fresh
                    });
                    let mut concept = Concept { id: format!("c{at}"), terms, note, exceptions, ..Concept::default() };
                    order(&mut concept);
                    concept
                })
                .collect()
        })
    }

    /// Terms by language and status: a table keeps no other order.
    fn order(concept: &mut Concept) {
        concept.terms.sort_by_key(|t| (t.language, t.status as u8));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(concepts in concepts(), delimiter in prop::sample::select(vec!['\t', ',', ';'])) {
            let mut bytes = Vec::new();
            write(&concepts, delimiter, &mut bytes).unwrap();
            let mut got = read("g", &bytes).unwrap();
            got.concepts.iter_mut().for_each(order);
            prop_assert_eq!(&got.skipped, &[]);
            prop_assert_eq!(got.concepts, concepts);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read("g", &bytes);
        }
    }
}
