//! The decoded text of a file as quick-xml takes it: bounded, and with the place of what was taken.

use super::reference::MAX_REFERENCE;
use crate::formats::{FormatError, Source, source::Fault};
use std::io::{self, BufRead, Read};

/// The longest tag with its attributes, in bytes.
const MAX_TAG: usize = 4 << 20;
/// The longest comment, CDATA section, processing instruction or DOCTYPE, in bytes.
const MAX_MARKUP: usize = 16 << 20;

/// A line and a column, both from 1; the column counts code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    const START: Place = Place { line: 1, column: 1 };

    /// The place behind `text` that starts here.
    pub fn behind(self, text: &str) -> Place {
        let width = |text: &str| text.chars().count();
        match memchr::memrchr(b'\n', text.as_bytes()) {
            Some(last) => {
                let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
                Place { line: self.line + lines, column: width(&text[last + 1..]) + 1 }
            }
            None => Place { column: self.column + width(text), ..self },
        }
    }

    pub fn error(self, what: impl Into<String>) -> FormatError {
        FormatError::Broken { line: self.line, column: self.column, what: what.into() }
    }
}

/// What comes next in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    Text,
    /// `&`
    Reference,
    /// A start or an end.
    Tag,
    /// A comment, CDATA section, processing instruction or DOCTYPE.
    Other,
    /// A `<!` that begins none of them.
    Unknown,
    End,
}

/// Why nothing more is handed over for the piece of markup begun.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file cannot be read on.
    Fault(FormatError),
    /// A `<` inside a tag.
    TagInTag,
    /// More than a tag or other markup may hold.
    TooLong,
}

/// A source with its place. Errors while quick-xml reads are kept aside in `stop`.
pub(super) struct Feed<'r> {
    source: Source<'r>,
    text: String,
    /// The next byte to hand over.
    at: usize,
    place: Place,
    /// What the source said behind the text it gave.
    fault: Option<Fault>,
    in_tag: bool,
    /// The most bytes the markup begun may have.
    limit: usize,
    /// Bytes handed over since [`Feed::begin`].
    taken: usize,
    stop: Option<Stop>,
}

impl<'r> Feed<'r> {
    pub fn new(source: Source<'r>) -> Feed<'r> {
        Feed {
            source,
            text: String::new(),
            at: 0,
            place: Place::START,
            fault: None,
            in_tag: false,
            limit: 0,
            taken: 0,
            stop: None,
        }
    }

    pub fn lenient(&self) -> bool {
        self.source.lenient
    }

    /// Where the next byte is.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Looks at what comes next and makes ready to hand it over.
    pub fn begin(&mut self) -> Result<Ahead, FormatError> {
        (self.taken, self.in_tag, self.stop) = (0, false, None);
        self.ensure("<![CDATA[".len())?;
        let rest = self.rest();
        let ahead = match rest.as_bytes() {
            [] => Ahead::End,
            [b'&', ..] => Ahead::Reference,
            [b'<', b'?', ..] => Ahead::Other,
            [b'<', b'!', ..] => {
                let known = ["<!--", "<![CDATA[", "<!DOCTYPE", "<!doctype"];
                if known.iter().any(|begin| rest.starts_with(begin)) { Ahead::Other } else { Ahead::Unknown }
            }
            [b'<', ..] => Ahead::Tag,
            _ => Ahead::Text,
        };
        self.in_tag = ahead == Ahead::Tag;
        self.limit = match ahead {
            Ahead::Tag => MAX_TAG,
            Ahead::Reference => MAX_REFERENCE,
            _ => MAX_MARKUP,
        };
        Ok(ahead)
    }

    /// The tag that begins here, where all of it is at hand and its brackets and quotes are in order. quick-xml says
    /// what is wrong with any other.
    pub fn tag(&self) -> Option<&str> {
        let bytes = self.rest().as_bytes();
        let mut at = 1;
        let end = loop {
            let found = at + memchr::memchr3(b'>', b'"', b'\'', bytes.get(at..)?)?;
            match bytes[found] {
                b'>' => break found + 1,
                quote => at = found + 2 + memchr::memchr(quote, &bytes[found + 1..])?,
            }
        };
        let whole = end <= MAX_TAG && memchr::memchr(b'<', &bytes[1..end]).is_none();
        whole.then(|| &self.rest()[..end])
    }

    /// The text at hand up to the next `<` or `&`; no `]]>` is cut in two. Never empty where text is ahead.
    pub fn words(&mut self) -> Result<&str, FormatError> {
        loop {
            let rest = self.rest();
            let found = memchr::memchr2(b'<', b'&', rest.as_bytes());
            let end = found.unwrap_or_else(|| {
                let brackets = rest.bytes().rev().take(2).take_while(|b| *b == b']').count();
                rest.len() - brackets
            });
            if end > 0 {
                return Ok(&self.text[self.at..self.at + end]);
            }
            if !self.more()? {
                return Ok(self.rest());
            }
        }
    }

    /// Goes over the next `count` bytes.
    pub fn pass(&mut self, count: usize) {
        let end = self.at + count;
        self.place = self.place.behind(&self.text[self.at..end]);
        self.at = end;
        self.taken += count;
    }

    /// Goes to the next start tag of the name given; false where there is none.
    pub fn seek(&mut self, name: &str) -> Result<bool, FormatError> {
        let tag = format!("<{name}");
        loop {
            let rest = self.rest();
            match rest.find('<') {
                Some(found) => {
                    self.pass(found);
                    self.ensure(tag.len() + 1)?;
                    let behind = self.rest().strip_prefix(&tag);
                    if behind.is_some_and(|b| b.starts_with([' ', '\t', '\n', '>', '/'])) {
                        return Ok(true);
                    }
                    self.pass(1);
                }
                None => {
                    self.pass(rest.len());
                    if !self.more()? {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Why quick-xml was given no more.
    pub fn stopped(&mut self) -> Option<Stop> {
        self.stop.take()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// At least `count` bytes are at hand, or the file ends before.
    fn ensure(&mut self, count: usize) -> Result<(), FormatError> {
        while self.rest().len() < count {
            // What stands before a fault is handed over first.
            if self.fault.is_some() && !self.rest().is_empty() || !self.more()? {
                break;
            }
        }
        Ok(())
    }

    /// More text at hand; false at the end of the file.
    fn more(&mut self) -> Result<bool, FormatError> {
        self.text.drain(..self.at);
        self.at = 0;
        if self.fault.is_none() {
            let before = self.text.len();
            match self.source.more(&mut self.text) {
                Ok(more) => return Ok(more),
                Err(fault) => self.fault = Some(fault),
            }
            if self.text.len() > before {
                return Ok(true);
            }
        }
        Err(match self.fault.take() {
            None => return Ok(false),
            Some(Fault::Io(error)) => FormatError::Io(error),
            Some(Fault::TooLong) => FormatError::Unsuitable(Fault::TooLong.to_string()),
            Some(fault) => self.place.behind(&self.text).error(fault.to_string()),
        })
    }

    fn stop(&mut self, why: Stop) -> io::Error {
        self.stop = Some(why);
        io::Error::other("stopped")
    }
}

/// What quick-xml asks for.
impl BufRead for Feed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > self.limit {
            return Err(self.stop(Stop::TooLong));
        }
        if self.rest().is_empty()
            && let Err(error) = self.more()
        {
            return Err(self.stop(Stop::Fault(error)));
        }
        let mut end = self.text.len();
        if self.in_tag && end > self.at {
            let from = self.at + usize::from(self.taken == 0);
            end = memchr::memchr(b'<', &self.text.as_bytes()[from..]).map_or(end, |found| from + found);
            if end == self.at {
                return Err(self.stop(Stop::TagInTag));
            }
        }
        Ok(&self.text.as_bytes()[self.at..end])
    }

    fn consume(&mut self, count: usize) {
        self.pass(count);
    }
}

impl Read for Feed<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(to)?;
        self.consume(count);
        Ok(count)
    }
}
