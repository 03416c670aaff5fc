//! Writing what findings propose, where the right form is certain, into the files they were found in.
//!
//! Nothing but the marked stretch changes: a document is written back by its own format, a table and a bilingual
//! file letter by letter, all in the encoding they have. What cannot be written so is told and left.

use crate::app::save;
use crate::formats::documents::{Given, Replacement, Template};
use crate::formats::xml::escape_text;
use crate::report::Located;
use crate::text::{LineIndex, Span};
use encoding_rs::Encoding;
use std::{collections::BTreeMap, fs, io, path::PathBuf};

/// A file with its fixes put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    pub path: PathBuf,
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Its text before and after, for people to look at: of a DOCX the words without their markup.
    pub old: String,
    pub new: String,
    /// Which of the findings are taken care of.
    pub fixed: Vec<usize>,
}

/// A finding that could not be written, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which of the findings.
    pub finding: usize,
    pub reason: String,
}

/// What can be written of `findings`: file by file, nothing written yet; and what cannot.
pub fn corrections(findings: &[Located]) -> (Vec<Corrected>, Vec<Refused>) {
    corrections_of(findings, &|name| fs::read(name))
}

/// As [`corrections`], of files that `read` gives by their names.
pub fn corrections_of(
    findings: &[Located],
    read: &dyn Fn(&str) -> io::Result<Vec<u8>>,
) -> (Vec<Corrected>, Vec<Refused>) {
    let mut files: BTreeMap<&str, Vec<(usize, &Located)>> = BTreeMap::new();
    for (at, located) in findings.iter().enumerate().filter(|(_, located)| located.certain_fix().is_some()) {
        files.entry(&located.source.name).or_default().push((at, located));
    }
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for (name, mut all) in files {
        all.sort_by_key(|(_, located)| (located.byte_start, located.byte_end));
        // Of two marks that share letters the first is written; the other is seen anew the next time.
        let mut end = 0;
        all.retain(|(_, located)| {
            let free = located.byte_start >= end;
            end = if free { located.byte_end } else { end };
            free
        });
        match corrected(name, read, &all, &mut refused) {
            Ok(Some(file)) => done.push(file),
            Ok(None) => {}
            Err(reason) => refused.extend(all.iter().map(|(at, _)| Refused { finding: *at, reason: reason.clone() })),
        }
    }
    refused.sort_by_key(|refused| refused.finding);
    (done, refused)
}

impl Corrected {
    /// Writes the file: whole, beside its place, then renamed to it.
    pub fn write(&self) -> io::Result<()> {
        save::save(&self.path, &self.bytes)
    }
}

/// The file with the fixes put in; `None` where none can be.
fn corrected(
    name: &str,
    read: &dyn Fn(&str) -> io::Result<Vec<u8>>,
    found: &[(usize, &Located)],
    refused: &mut Vec<Refused>,
) -> Result<Option<Corrected>, String> {
    let Some((_, first)) = found.first() else { return Ok(None) };
    let source = &first.source;
    let bytes =
        read(name).map_err(|error| format!("the file cannot be read again: {}", crate::app::in_words(&error)))?;
    let plain = Plain::new(&bytes);
    let all: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    let file = |bytes: Vec<u8>, old: String, new: String, fixed: Vec<usize>| {
        Ok((!fixed.is_empty()).then(|| Corrected { path: PathBuf::from(name), bytes, old, new, fixed }))
    };
    if let Some(plain) = plain.as_ref().filter(|plain| *plain.text == *source.text) {
        let edits: Vec<(Span, String)> = found.iter().map(|(_, located)| (marked(located), fix(located))).collect();
        let new = edited(&plain.text, &edits);
        return file(plain.bytes(&new), plain.text.clone(), new, all);
    }
    let given = Given { language: Some(source.language), ..Given::default() };
    match Template::open(&source.name, bytes.clone(), given) {
        Ok(template) if template.document().text == *source.text => {
            let (bytes, old, new) = in_document(&template, &bytes, found)?;
            return file(bytes, old, new, all);
        }
        // An XML that is no document of words, or a document that cannot be written back.
        Err(error) if plain.is_none() => return Err(error.to_string()),
        _ => {}
    }
    let Some(plain) = plain else { return Err("the file has changed since it was read".to_owned()) };
    let index = LineIndex::new(&plain.text);
    let mut edits = Vec::new();
    let mut fixed = Vec::new();
    for (at, located) in found {
        let start = offset(&index, &plain.text, located.line, located.column);
        let end = offset(&index, &plain.text, located.end_line, located.end_column);
        let span = start.zip(end).filter(|(start, end)| start <= end).map(|(start, end)| Span::new(start, end));
        match span.filter(|span| plain.text.get(span.range()) == Some(located.surface())) {
            Some(span) => {
                let mut text = String::new();
                escape_text(&fix(located), &mut text);
                edits.push((span, text));
                fixed.push(*at);
            }
            None => {
                let reason = "markup stands in it, or the file has changed since it was read".to_owned();
                refused.push(Refused { finding: *at, reason });
            }
        }
    }
    let new = edited(&plain.text, &edits);
    file(plain.bytes(&new), plain.text.clone(), new, fixed)
}

/// A document written back by its own format: the bytes, and the texts to show.
fn in_document(
    template: &Template,
    bytes: &[u8],
    found: &[(usize, &Located)],
) -> Result<(Vec<u8>, String, String), String> {
    let document = template.document();
    let edits: Vec<(Span, String)> = found.iter().map(|(_, located)| (marked(located), fix(located))).collect();
    let codes: Vec<_> = edits
        .iter()
        .map(|(span, text)| {
            let mut codes = template.codes(*span);
            let boundary =
                |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            codes.iter_mut().for_each(|code| code.at = boundary(code.at));
            codes
        })
        .collect();
    let replacements: Vec<Replacement<'_>> =
        edits.iter().zip(&codes).map(|((span, text), codes)| Replacement { span: *span, text, codes }).collect();
    if !template.encoding_kept(&replacements) {
        return Err("the encoding of the file has no letters for it: save the file as UTF-8".to_owned());
    }
    let written = template.write(document.language, &replacements).map_err(|error| error.to_string())?;
    let (old, new) = match (std::str::from_utf8(bytes), std::str::from_utf8(&written)) {
        (Ok(old), Ok(new)) => (old.to_owned(), new.to_owned()),
        _ => (document.text.clone(), edited(&document.text, &edits)),
    };
    Ok((written, old, new))
}

/// The byte at a line and a column, both from 1; columns are code points.
fn offset(index: &LineIndex, text: &str, line: usize, column: usize) -> Option<usize> {
    let line = index.line(text, line)?;
    let inside = line.of(text).char_indices().map(|(at, _)| at).chain([line.len()]);
    Some(line.start + inside.into_iter().nth(column.checked_sub(1)?)?)
}

fn marked(located: &Located) -> Span {
    Span::new(located.byte_start, located.byte_end)
}

fn fix(located: &Located) -> String {
    located.finding.fix.as_ref().map_or_else(String::new, |fix| fix.text.clone())
}

/// `text` with each span, in order and apart, replaced.
fn edited(text: &str, edits: &[(Span, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in edits {
        out.push_str(&text[at..span.start]);
        out.push_str(new);
        at = span.end;
    }
    out.push_str(&text[at..]);
    out
}

/// A file that is a text as it stands: UTF-8, or UTF-16 with a byte order mark.
struct Plain {
    text: String,
    encoding: &'static Encoding,
    marked: bool,
}

impl Plain {
    fn new(bytes: &[u8]) -> Option<Plain> {
        let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])?;
        Some(Plain { text: text.into_owned(), encoding, marked: mark > 0 })
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        let mark = if self.marked { "\u{feff}" } else { "" };
        let units = || mark.encode_utf16().chain(text.encode_utf16());
        if self.encoding == encoding_rs::UTF_16LE {
            units().flat_map(u16::to_le_bytes).collect()
        } else if self.encoding == encoding_rs::UTF_16BE {
            units().flat_map(u16::to_be_bytes).collect()
        } else {
            format!("{mark}{text}").into_bytes()
        }
    }
}
