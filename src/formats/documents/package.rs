//! Zip files with XML parts (DOCX, ODT), unpacked within bounds, and what reading their XML needs.

use super::{DocumentError, encoding::Decoded};
use crate::text::Span;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// All parts together unpack to no more than this.
const LIMIT: u64 = 256 << 20;
/// A part larger than [`SMALL`] is no more than this times its packed size.
const RATIO: u64 = 200;
const SMALL: u64 = 1 << 20;
/// Word writes some forty elements for a text box in a table in a text box.
const DEEPEST: usize = 1000;

/// The zip file, unpacked within bounds.
pub(super) struct Package<'a> {
    pub name: &'a str,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    unpacked: u64,
}

impl<'a> Package<'a> {
    pub fn open(name: &'a str, bytes: &'a [u8]) -> Result<Package<'a>, DocumentError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| DocumentError::Damaged { name: name.to_owned(), what: error.to_string() })?;
        Ok(Package { name, archive, unpacked: 0 })
    }

    pub fn damaged(&self, part: &str, error: impl std::fmt::Display) -> DocumentError {
        DocumentError::Damaged { name: self.name.to_owned(), what: format!("`{part}`: {error}") }
    }

    /// The text of a part; `None` where the package has none of that name.
    pub fn part(&mut self, part: &str) -> Result<Option<String>, DocumentError> {
        Ok(self.decoded(part)?.map(Decoded::lines))
    }

    /// The text of a part as its bytes have it.
    pub fn decoded(&mut self, part: &str) -> Result<Option<Decoded>, DocumentError> {
        let part = part.trim_start_matches('/');
        let too_large = || DocumentError::TooLarge {
            name: self.name.to_owned(),
            part: part.to_owned(),
            limit: LIMIT >> 20,
            ratio: RATIO,
        };
        let damaged = |error: &dyn std::fmt::Display| DocumentError::Damaged {
            name: self.name.to_owned(),
            what: format!("`{part}`: {error}"),
        };
        let file = match self.archive.by_name(part) {
            Ok(file) => file,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(&error)),
        };
        let limit = (LIMIT - self.unpacked).min(file.compressed_size().saturating_mul(RATIO).max(SMALL));
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        self.unpacked += bytes.len() as u64;
        // The error names the part, as it names a file elsewhere.
        let text = super::encoding::text(&format!("`{part}`"), &bytes, None);
        text.map(Some).map_err(|error| DocumentError::Damaged { name: self.name.to_owned(), what: error.to_string() })
    }

    pub fn holds(&self, part: &str) -> bool {
        self.archive.index_for_name(part).is_some()
    }
}

/// The events of one part, which must be well-formed to its end.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
    depth: usize,
    /// Where the last event begins.
    start: usize,
}

/// What is wrong with the XML of a part.
#[derive(Debug, thiserror::Error)]
pub(super) enum XmlError {
    #[error(transparent)]
    Syntax(#[from] quick_xml::Error),
    #[error("elements nested more than {DEEPEST} deep")]
    Deep,
    #[error("it ends inside of an element")]
    Cut,
    #[error("entity `&{0};` is none of the five of XML (those a file declares are not expanded)")]
    Entity(String),
}

impl<'x> Xml<'x> {
    pub fn new(xml: &'x str) -> Xml<'x> {
        Xml { reader: Reader::from_str(xml), depth: 0, start: 0 }
    }

    /// Where the last event stands in the part.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.position().max(self.start))
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    pub fn next(&mut self) -> Result<Event<'x>, XmlError> {
        self.start = self.position();
        let event = self.reader.read_event()?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(XmlError::Cut),
            _ => {}
        }
        if self.depth > DEEPEST { Err(XmlError::Deep) } else { Ok(event) }
    }
}

pub(super) fn local(element: &BytesStart) -> String {
    element.local_name().as_ref().to_owned()
}

pub(super) fn attribute(element: &BytesStart, wanted: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == wanted)?;
    Some(found.value.to_string())
}

/// What a character or entity reference stands for.
pub(super) fn resolved(reference: &quick_xml::events::BytesRef) -> Result<char, XmlError> {
    if let Some(c) = reference.resolve_char_ref()? {
        return Ok(c);
    }
    let name: &str = reference;
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(XmlError::Entity(crate::formats::shortened(name))),
    }
}
