//! Zip files with XML parts (DOCX, ODT), unpacked within bounds, and what reading their XML needs.

use super::DocumentError;
use quick_xml::events::BytesStart;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// All parts together unpack to no more than this.
const LIMIT: u64 = 256 << 20;
/// A part larger than [`SMALL`] is no more than this times its packed size.
const RATIO: u64 = 200;
const SMALL: u64 = 1 << 20;

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
        let text = super::encoding::text(part, &bytes, None).map_err(|error| damaged(&error))?;
        Ok(Some(text))
    }

    pub fn holds(&self, part: &str) -> bool {
        self.archive.index_for_name(part).is_some()
    }
}

pub(super) fn local(element: &BytesStart) -> String {
    element.local_name().as_ref().to_owned()
}

pub(super) fn attribute(element: &BytesStart, wanted: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == wanted)?;
    Some(found.value.to_string())
}

/// What a character or entity reference stands for; nothing for one XML does not know.
pub(super) fn resolved(reference: &quick_xml::events::BytesRef) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name: &str = reference;
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}
