//! The text of a file, decoded while it is read: gzip undone, the encoding found, illegal characters refused.
//!
//! The encoding is told by the byte order mark, then by the declaration (XML, PO), then it is UTF-8; a
//! declaration that cannot be true (UTF-16 in a file of single bytes) gives way. [XML 1.0 section 4.3.3, App. F]

use super::documents::encoding::guessed;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// The longest file read, in bytes after unpacking.
pub const MAX_FILE: u64 = 4 << 30;
/// How much of a file's beginning tells what it is, in bytes.
const HEAD: usize = 16 << 10;
const CHUNK: usize = 64 << 10;

/// Why a source cannot be read on, and where in the text already decoded.
#[derive(Debug)]
pub enum Fault {
    Io(io::Error),
    /// A byte sequence that is not text in the file's encoding.
    Bytes {
        byte: u64,
        encoding: &'static str,
    },
    /// A character that may stand in no text file: U+0000, U+001F, U+FFFF.
    Character(char),
    /// More than [`MAX_FILE`].
    TooLong,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Io(error) => error.fmt(f),
            Fault::Bytes { byte, encoding } => write!(f, "invalid {encoding} at byte {byte}: the encoding is another"),
            Fault::Character(c) => write!(f, "control character U+{:04X}", *c as u32),
            Fault::TooLong => f.write_str("the file is longer than 4 GiB"),
        }
    }
}

/// A file's text as a stream.
///
/// CRLF and CR come out as LF. With `lenient`, what cannot be decoded and illegal characters come out as
/// U+FFFD, which no reader stores.
pub struct Source<'r> {
    from: Box<dyn Read + Send + 'r>,
    decoder: Decoder,
    encoding: &'static Encoding,
    /// What the declaration said, where it was not believed.
    disbelieved: Option<String>,
    /// Nothing tells the encoding but the text.
    is_guessed: bool,
    raw: Vec<u8>,
    at: usize,
    /// Bytes taken out of `from`.
    taken: u64,
    after_cr: bool,
    ended: bool,
    pub lenient: bool,
}

/// The beginning of a file, and the whole of it to be read from the start.
pub struct Opened<'r> {
    /// Unpacked, at most 16 KiB.
    pub head: Vec<u8>,
    pub gzip: bool,
    from: Box<dyn Read + Send + 'r>,
}

/// Looks at the beginning of a file; a gzip file is unpacked on the way.
pub fn open<'r>(mut from: impl Read + Send + 'r) -> io::Result<Opened<'r>> {
    let head = read_head(&mut from)?;
    let whole = io::Cursor::new(head.clone()).chain(from);
    if !head.starts_with(&[0x1f, 0x8b]) {
        return Ok(Opened { head, gzip: false, from: Box::new(whole) });
    }
    let mut unpacked = flate2::read::MultiGzDecoder::new(whole);
    let head = read_head(&mut unpacked)?;
    Ok(Opened { head: head.clone(), gzip: true, from: Box::new(io::Cursor::new(head).chain(unpacked)) })
}

fn read_head(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    from.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

impl<'r> Opened<'r> {
    /// The text, in the encoding the head tells.
    ///
    /// # Errors
    /// With the name of a declared encoding that is not known.
    pub fn source(self) -> Result<Source<'r>, String> {
        let found = encoding_of(&self.head)?;
        Ok(self.source_in(found, false))
    }

    /// The text of a file that has no declaration: where it has no mark either and is not UTF-8, in the encoding it
    /// clearly is in. [`Source::guessed`] tells of that.
    ///
    /// # Errors
    /// With the name of a declared encoding that is not known.
    pub fn guessed_source(self) -> Result<Source<'r>, String> {
        let (found, is_guessed) = guessed_encoding_of(&self.head)?;
        Ok(self.source_in(found, is_guessed))
    }

    fn source_in(self, found: Found, is_guessed: bool) -> Source<'r> {
        Source {
            from: self.from,
            decoder: found.encoding.new_decoder_with_bom_removal(),
            encoding: found.encoding,
            disbelieved: found.disbelieved,
            is_guessed,
            raw: Vec::new(),
            at: 0,
            taken: 0,
            after_cr: false,
            ended: false,
            lenient: false,
        }
    }

    /// The whole file unpacked, if it has no more than `limit` bytes.
    pub fn bytes(self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        self.from.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
    }

    /// The head as text, with U+FFFD where it is none: enough to tell what the file is.
    pub fn head_text(&self) -> String {
        let encoding = guessed_encoding_of(&self.head).map_or(UTF_8, |(found, _)| found.encoding);
        encoding.decode_with_bom_removal(&self.head).0.into_owned()
    }
}

/// And whether it is guessed. XML says what it is in, and JSON is UTF-8.
fn guessed_encoding_of(head: &[u8]) -> Result<(Found, bool), String> {
    let found = encoding_of(head)?;
    let is_told = found.encoding != UTF_8 || found.disbelieved.is_some() || Encoding::for_bom(head).is_some();
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    match guessed(head).filter(|_| !is_told && !matches!(first, Some(b'<' | b'{'))) {
        Some(encoding) => Ok((Found { encoding, disbelieved: None }, true)),
        None => Ok((found, false)),
    }
}

struct Found {
    encoding: &'static Encoding,
    disbelieved: Option<String>,
}

fn encoding_of(head: &[u8]) -> Result<Found, String> {
    let sure = |encoding| Ok(Found { encoding, disbelieved: None });
    let by_mark = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    let wide = match head {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    let declared = declared(head);
    match (by_mark.or(wide), declared) {
        (Some(mark), Some(name)) => {
            let agrees = by_name(&name).is_none_or(|e| e == mark || (is_wide(e) && is_wide(mark)));
            Ok(Found { encoding: mark, disbelieved: (!agrees).then_some(name) })
        }
        (Some(mark), None) => sure(mark),
        (None, Some(name)) => match by_name(&name) {
            Some(encoding) if is_wide(encoding) => Ok(Found { encoding: UTF_8, disbelieved: Some(name) }),
            Some(encoding) => sure(encoding),
            None => Err(name),
        },
        (None, None) => sure(UTF_8),
    }
}

fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn by_name(name: &str) -> Option<&'static Encoding> {
    // The web reads `us-ascii` as windows-1252; bytes above 7F are an error in it, as they mostly are in UTF-8.
    match name.to_ascii_lowercase().as_str() {
        "us-ascii" | "ascii" => Some(UTF_8),
        "utf-16" | "utf16" | "ucs-2" | "unicode" => Some(UTF_16LE),
        _ => Encoding::for_label(name.as_bytes()),
    }
}

/// The encoding an XML declaration or a PO header names, read as ASCII.
fn declared(head: &[u8]) -> Option<String> {
    let ascii: String =
        head.iter().take(4096).filter(|b| **b != 0).map(|b| if b.is_ascii() { *b as char } else { '?' }).collect();
    let text = ascii.trim_start_matches('?');
    let name = if let Some(rest) = text
        .find("<?xml")
        .map(|at| &text[at + 5..])
        .filter(|_| text.len() < 5 || text.trim_start().starts_with("<?xml"))
    {
        let declaration = &rest[..rest.find("?>")?];
        let value = &declaration[declaration.find("encoding")? + "encoding".len()..];
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()?
    } else if text.contains("msgid") {
        let rest = &text[text.find("charset=")? + "charset=".len()..];
        rest.split(['\\', '"', '\n', ' ', ';']).next()?
    } else {
        return None;
    };
    // The template of a PO file that nobody filled in.
    (!name.is_empty() && name != "CHARSET").then(|| name.to_owned())
}

impl Source<'_> {
    /// The name of the encoding in use.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// The encoding the file declares but cannot have.
    pub fn disbelieved(&self) -> Option<&str> {
        self.disbelieved.as_deref()
    }

    /// The encoding, where nothing but the text tells it.
    pub fn guessed(&self) -> Option<&'static str> {
        self.is_guessed.then(|| self.encoding())
    }

    /// Appends more text to `out`; false at the end of the file. What stands before a fault is in `out`.
    pub fn more(&mut self, out: &mut String) -> Result<bool, Fault> {
        while !self.ended {
            let before = out.len();
            if self.at == self.raw.len() {
                self.fill()?;
            }
            let last = self.raw.is_empty();
            let src = &self.raw[self.at..];
            out.reserve(self.decoder.max_utf8_buffer_length_without_replacement(src.len()).unwrap_or(CHUNK));
            let (result, read) = self.decoder.decode_to_string_without_replacement(src, out, last);
            self.at += read;
            self.settle(out, before)?;
            match result {
                DecoderResult::Malformed(bad, extra) => {
                    if !self.lenient {
                        let behind = self.raw.len() - self.at + usize::from(bad) + usize::from(extra);
                        let byte = self.taken.saturating_sub(behind as u64);
                        return Err(Fault::Bytes { byte, encoding: self.encoding.name() });
                    }
                    out.push(char::REPLACEMENT_CHARACTER);
                }
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
            if out.len() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn fill(&mut self) -> Result<(), Fault> {
        self.raw.resize(CHUNK, 0);
        self.at = 0;
        let mut filled = 0;
        while filled < CHUNK {
            match self.from.read(&mut self.raw[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Io(error)),
            }
        }
        self.raw.truncate(filled);
        self.taken += filled as u64;
        if self.taken > MAX_FILE { Err(Fault::TooLong) } else { Ok(()) }
    }

    /// Line ends to LF, illegal characters found, in what was appended after `before`.
    fn settle(&mut self, out: &mut String, before: usize) -> Result<(), Fault> {
        let fresh = &out[before..];
        if fresh.is_empty() {
            return Ok(());
        }
        if self.after_cr || memchr::memchr(b'\r', fresh.as_bytes()).is_some() {
            let fresh = if self.after_cr { fresh.strip_prefix('\n').unwrap_or(fresh) } else { fresh };
            self.after_cr = fresh.ends_with('\r');
            let ended = fresh.replace("\r\n", "\n").replace('\r', "\n");
            out.truncate(before);
            out.push_str(&ended);
        }
        // Bytes first: the whole text is looked through, and almost none of it is suspect.
        let suspect = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n')) || b == 0xef;
        if !out.as_bytes()[before..].iter().fold(false, |any, b| any | suspect(*b)) {
            return Ok(());
        }
        let Some((at, c)) = out[before..].char_indices().find(|(_, c)| !legal(*c)) else { return Ok(()) };
        if !self.lenient {
            out.truncate(before + at);
            return Err(Fault::Character(c));
        }
        let mended: String =
            out[before..].chars().map(|c| if legal(c) { c } else { char::REPLACEMENT_CHARACTER }).collect();
        out.truncate(before);
        out.push_str(&mended);
        Ok(())
    }
}

/// May stand in XML 1.0, and so in any file we write. [XML 1.0 section 2.2]
pub fn legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], lenient: bool) -> Result<String, String> {
        let mut source = open(bytes).unwrap().source()?;
        source.lenient = lenient;
        let mut out = String::new();
        while source.more(&mut out).map_err(|fault| fault.to_string())? {}
        Ok(out)
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn encodings_by_mark_and_declaration() {
        let xml = "<?xml version='1.0' encoding='UTF-16'?><a>Şamaxı — Шемаха</a>";
        let mut marked = vec![0xff, 0xfe];
        marked.extend(utf16(xml));
        assert_eq!(read(&marked, false).unwrap(), xml);
        assert_eq!(read(&utf16(xml), false).unwrap(), xml, "UTF-16 without a mark");
        assert_eq!(read(xml.as_bytes(), false).unwrap(), xml, "declared UTF-16, but single bytes");
        let (koi, ..) = encoding_rs::KOI8_R.encode("<?xml version=\"1.0\" encoding=\"koi8-r\"?><a>Шемаха</a>");
        assert!(read(&koi, false).unwrap().ends_with("<a>Шемаха</a>"));
        assert_eq!(read("\u{feff}en;az".as_bytes(), false).unwrap(), "en;az");
        assert_eq!(read(b"<?xml version='1.0' encoding='x-none'?><a/>", false), Err("x-none".to_owned()));
    }

    #[test]
    fn a_bad_byte_is_named_and_never_stored() {
        assert_eq!(read(b"abc\xffdef", false).unwrap_err(), "invalid UTF-8 at byte 3: the encoding is another");
        assert_eq!(read(b"abc\xffdef", true).unwrap(), "abc\u{fffd}def");
        assert_eq!(read(b"abc\xc3", false).unwrap_err(), "invalid UTF-8 at byte 3: the encoding is another");
        assert_eq!(read(b"a\x0bc", false).unwrap_err(), "control character U+000B");
        assert_eq!(read(b"a\x00c", true).unwrap(), "a\u{fffd}c");
        assert_eq!(read("a\u{ffff}".as_bytes(), false).unwrap_err(), "control character U+FFFF");
        assert_eq!(read("a\u{feff}b".as_bytes(), false).unwrap(), "a\u{feff}b");
    }

    #[test]
    fn line_ends_become_lf_across_chunks() {
        let long = "x".repeat(CHUNK - 1);
        assert_eq!(read(format!("{long}\r\ny\rz\r\n").as_bytes(), false).unwrap(), format!("{long}\ny\nz\n"));
    }

    #[test]
    fn gzip_is_undone() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all("salam".as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(read(&packed, false).unwrap(), "salam");
        assert_eq!(open(&packed[..]).unwrap().bytes(5).unwrap().as_deref(), Some(&b"salam"[..]));
        assert_eq!(open(&packed[..]).unwrap().bytes(4).unwrap(), None);
    }
}
