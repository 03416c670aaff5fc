use super::{
    feed::{Ahead, Feed, Place, Stop},
    reference::{MAX_REFERENCE, NO_REFERENCE, resolve, unescape_attribute},
};
use crate::formats::{FormatError, Source, shortened};
use quick_xml::{
    Error,
    errors::{IllFormedError, SyntaxError},
    events::{self, BytesStart, attributes::AttrError},
    name::{Namespace, NamespaceResolver, QName, ResolveResult},
};

/// Elements inside elements.
pub(super) const MAX_DEPTH: usize = 256;
const SPACE: [char; 3] = [' ', '\t', '\n'];

/// What [`Reader::next`] has come to; the reader itself tells the rest ([`Reader::local`], [`Reader::text`], …).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A start tag; an empty element gives a start and an end.
    Start,
    End,
    /// A piece of text: what stands between two tags may come in several.
    Text,
    /// The end of a file whose root has ended.
    Eof,
}

#[derive(Debug, Clone, Copy, Default)]
struct Attribute {
    name: (usize, usize),
    value: (usize, usize),
}

/// An open element: where its name starts in `names`, and the line it opened on.
#[derive(Debug, Clone, Copy)]
struct Open {
    name: usize,
    line: usize,
}

/// A pull reader. Names are compared without their prefix.
pub struct Reader<'r> {
    feed: Feed<'r>,
    /// The markup that quick-xml is reading.
    buffer: Vec<u8>,
    /// The tag being read, where quick-xml is not asked.
    tag: String,
    /// Where the current event starts.
    place: Place,
    open: Vec<Open>,
    names: String,
    namespaces: NamespaceResolver,
    attributes: Vec<Attribute>,
    strings: String,
    text: String,
    /// An empty element's end is due.
    end_due: bool,
    /// The last event was the end of the innermost open element.
    ended_last: bool,
    empty: bool,
    started: bool,
    root_ended: bool,
}

impl<'r> Reader<'r> {
    pub fn new(source: Source<'r>) -> Reader<'r> {
        let feed = Feed::new(source);
        Reader {
            place: feed.place(),
            feed,
            buffer: Vec::new(),
            tag: String::new(),
            open: Vec::new(),
            names: String::new(),
            namespaces: NamespaceResolver::default(),
            attributes: Vec::new(),
            strings: String::new(),
            text: String::new(),
            end_due: false,
            ended_last: false,
            empty: false,
            started: false,
            root_ended: false,
        }
    }

    /// The name of the element just started or ended, without its prefix.
    pub fn local(&self) -> &str {
        let name = self.name();
        name.split_once(':').map_or(name, |(_, local)| local)
    }

    /// The name as the file writes it.
    pub fn name(&self) -> &str {
        let open = self.open.last().expect("asked after a start or an end only");
        &self.names[open.name..]
    }

    /// The element just started has no content: `<x/>`.
    pub fn is_empty_element(&self) -> bool {
        self.empty
    }

    /// Elements open, the current one included.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The attributes of the element just started, names as the file writes them, in file order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|a| (&self.strings[a.name.0..a.name.1], &self.strings[a.value.0..a.value.1]))
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The piece of text just read, references resolved.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line the current event starts on.
    pub fn line(&self) -> usize {
        self.place.line
    }

    /// The line and column, both from 1, the current event starts at; the column counts code points.
    pub fn place(&self) -> (usize, usize) {
        (self.place.line, self.place.column)
    }

    /// An error at the start of the current event.
    pub fn error(&self, what: impl Into<String>) -> FormatError {
        self.place.error(what)
    }

    /// The next event.
    #[allow(clippy::should_implement_trait)] // an event borrows nothing, its details borrow the reader
    pub fn next(&mut self) -> Result<Event, FormatError> {
        if self.end_due {
            self.end_due = false;
            self.ended_last = true;
            return Ok(Event::End);
        }
        self.leave_ended();
        loop {
            self.place = self.feed.place();
            let event = match self.feed.begin()? {
                Ahead::End => return self.end_of_file(),
                Ahead::Text => self.words()?,
                Ahead::Reference if self.open.is_empty() => return Err(self.outside(self.place)),
                Ahead::Unknown => return Err(self.error(UNKNOWN)),
                Ahead::Tag => match self.whole_tag() {
                    Some(event) => Some(event?),
                    None => self.markup()?,
                },
                Ahead::Reference | Ahead::Other => self.markup()?,
            };
            if let Some(event) = event {
                return Ok(event);
            }
        }
    }

    /// The element whose end was the last event is open no more.
    fn leave_ended(&mut self) {
        if self.ended_last {
            self.ended_last = false;
            self.leave(self.open.len().saturating_sub(1));
            self.root_ended |= self.open.is_empty();
        }
    }

    /// Only the `depth` outermost elements are open.
    fn leave(&mut self, depth: usize) {
        if let Some(open) = self.open.get(depth) {
            self.names.truncate(open.name);
            self.open.truncate(depth);
        }
        self.namespaces.set_level(level(depth));
    }

    fn end_of_file(&self) -> Result<Event, FormatError> {
        match self.open.last() {
            Some(open) => {
                let name = &self.names[open.name..];
                Err(self.error(format!("the file ends inside `<{name}>`, opened on line {}", open.line)))
            }
            None if !self.root_ended => Err(self.error("the file is empty: there is no root element")),
            None => Ok(Event::Eof),
        }
    }

    /// Text up to the next `<` or `&`, or a piece of it; nothing to tell outside of the root.
    fn words(&mut self) -> Result<Option<Event>, FormatError> {
        let words = self.feed.words()?;
        let length = words.len();
        if self.open.is_empty() {
            let inked = words.trim_start_matches(SPACE).trim_start_matches('\u{feff}').trim_start_matches(SPACE);
            if !inked.is_empty() {
                let place = self.place.behind(&words[..length - inked.len()]);
                return Err(self.outside(place));
            }
            self.feed.pass(length);
            return Ok(None);
        }
        let bracket = memchr::memchr(b']', words.as_bytes());
        if let Some(at) = bracket.and_then(|from| Some(from + words[from..].find("]]>")?)) {
            let place = self.place.behind(&words[..at]);
            return Err(place.error("`]]>` in text, where it must be written `]]&gt;`"));
        }
        words.clone_into(&mut self.text);
        self.feed.pass(length);
        Ok(Some(Event::Text))
    }

    fn outside(&self, place: Place) -> FormatError {
        let side = if self.root_ended { "after" } else { "before" };
        place.error(format!("text {side} the root element: this is not XML"))
    }

    /// The tag that comes next, where it is one as they mostly are; quick-xml looks at the others.
    fn whole_tag(&mut self) -> Option<Result<Event, FormatError>> {
        let tag = self.feed.tag()?;
        if let Some(name) = tag.strip_prefix("</") {
            let open = self.open.last()?;
            if name.strip_suffix('>')? != &self.names[open.name..] {
                return None;
            }
            self.feed.pass(tag.len());
            self.ended_last = true;
            return Some(Ok(Event::End));
        }
        let mut buffer = std::mem::take(&mut self.tag);
        buffer.clear();
        buffer.push_str(tag);
        self.feed.pass(buffer.len());
        let inner = &buffer[1..buffer.len() - 1];
        let (inner, empty) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let name = inner.find(SPACE).unwrap_or(inner.len());
        let event = self.start(&BytesStart::from_content(inner, name), empty);
        self.tag = buffer;
        Some(event)
    }

    /// One piece of markup by quick-xml. Comments, instructions and the DOCTYPE give no event.
    fn markup(&mut self) -> Result<Option<Event>, FormatError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        // Its account of what is open is not used, so a fault leaves nothing behind in it.
        let mut xml = quick_xml::Reader::from_reader(&mut self.feed);
        xml.config_mut().allow_unmatched_ends = true;
        xml.config_mut().check_end_names = false;
        let event = match xml.read_event_into(&mut buffer) {
            Ok(event) => self.taken(&event),
            Err(error) => Err(self.refused(&error, &buffer)),
        };
        self.buffer = buffer;
        event
    }

    fn taken(&mut self, event: &events::Event<'_>) -> Result<Option<Event>, FormatError> {
        match event {
            events::Event::Start(tag) => return self.start(tag, false).map(Some),
            events::Event::Empty(tag) => return self.start(tag, true).map(Some),
            events::Event::End(tag) => return self.end(tag.name().into_inner()).map(Some),
            events::Event::GeneralRef(name) if name.len() > MAX_REFERENCE => return Err(self.error(NO_REFERENCE)),
            events::Event::GeneralRef(reference) => {
                let character = match resolve(reference) {
                    Ok(c) => c,
                    Err(_) if self.feed.lenient() => char::REPLACEMENT_CHARACTER,
                    Err(what) => return Err(self.error(what)),
                };
                self.text.clear();
                self.text.push(character);
                return Ok(Some(Event::Text));
            }
            events::Event::Text(text) => {
                (**text).clone_into(&mut self.text);
                return Ok(Some(Event::Text));
            }
            events::Event::CData(_) if self.open.is_empty() => return Err(self.error(UNKNOWN)),
            events::Event::CData(text) => {
                (**text).clone_into(&mut self.text);
                return Ok(Some(Event::Text).filter(|_| !text.is_empty()));
            }
            events::Event::Comment(text) => {
                let hyphens = text.find("--").map(|at| at + 2).or_else(|| text.ends_with('-').then_some(text.len()));
                if let Some(behind) = hyphens {
                    let place = self.place.behind("<!--").behind(&text[..behind]);
                    return Err(place.error("`--` inside a comment"));
                }
            }
            events::Event::Decl(_) if (self.place.line, self.place.column) != (1, 1) => {
                return Err(self.error("an XML declaration that is not at the very beginning of the file"));
            }
            events::Event::DocType(_) if self.started => return Err(self.error(UNKNOWN)),
            events::Event::Decl(_) | events::Event::PI(_) | events::Event::DocType(_) | events::Event::Eof => {}
        }
        Ok(None)
    }

    /// What quick-xml found wrong in the markup it has read so far.
    fn refused(&mut self, error: &Error, markup: &[u8]) -> FormatError {
        let ended = |what: &str| self.feed.place().error(format!("the file ends inside {what}"));
        let begun = |what: &str| ended(&format!("{what} that begins on line {}", self.place.line));
        match error {
            Error::Io(_) => match self.feed.stopped() {
                Some(Stop::Fault(error)) => error,
                Some(Stop::TagInTag) if ends_quoted(markup) => {
                    self.feed.place().error("`<` in an attribute: it must be written `&lt;`")
                }
                Some(Stop::TagInTag) => self.error(NO_TAG),
                Some(Stop::TooLong) => match markup {
                    [b'&', ..] => self.error(NO_REFERENCE),
                    [b'<', b'!' | b'?', ..] => {
                        self.error("a comment, CDATA section, instruction or DOCTYPE of more than 16 MiB")
                    }
                    _ => self.error("a tag of more than 4 MiB"),
                },
                None => self.error(error.to_string()),
            },
            Error::IllFormed(IllFormedError::UnclosedReference) => self.error(NO_REFERENCE),
            Error::Syntax(SyntaxError::UnclosedComment) => begun("a comment"),
            Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => begun("a processing instruction"),
            Error::Syntax(SyntaxError::UnclosedDoctype) => ended("the DOCTYPE"),
            Error::Syntax(SyntaxError::UnclosedCData) => ended("a CDATA section"),
            Error::Syntax(
                SyntaxError::UnclosedTag
                | SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) => self.error("the file ends inside a tag"),
            error => self.error(error.to_string()),
        }
    }

    fn end(&mut self, name: &str) -> Result<Event, FormatError> {
        match self.open.last() {
            Some(open) if &self.names[open.name..] == name => {
                self.ended_last = true;
                Ok(Event::End)
            }
            Some(open) => Err(self.error(format!(
                "end tag `</{}>` where `</{}>` was due (opened on line {})",
                shortened(name),
                &self.names[open.name..],
                open.line
            ))),
            None => Err(self.error(format!("end tag `</{}>` without a start", shortened(name)))),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<Event, FormatError> {
        let name = tag.name().into_inner();
        if name_length(name) == 0 {
            return Err(self.error(NO_TAG));
        }
        if name_length(name) < name.len() {
            return Err(self.error(format!("`{}` is no name of an element", shortened(name))));
        }
        if self.open.is_empty() && self.root_ended {
            return Err(self.error("a second root element"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(format!("elements nested more than {MAX_DEPTH} deep")));
        }
        self.read_attributes(tag)?;
        self.open.push(Open { name: self.names.len(), line: self.place.line });
        self.names.push_str(name);
        self.started = true;
        self.empty = empty;
        self.end_due = empty;
        self.check_prefixes()?;
        Ok(Event::Start)
    }

    fn read_attributes(&mut self, tag: &BytesStart<'_>) -> Result<(), FormatError> {
        self.attributes.clear();
        self.strings.clear();
        let whole: &str = tag;
        let begin = self.place.behind("<");
        let place = |at: usize| begin.behind(&whole[..at]);
        let mut behind = tag.name().into_inner().len();
        for attribute in tag.attributes() {
            let rest = whole[behind..].trim_start_matches(SPACE);
            let at = whole.len() - rest.len();
            if at == behind {
                return Err(place(at).error("no space before an attribute"));
            }
            let (key, value) = match &attribute {
                Ok(a) if name_length(a.key.0) == a.key.0.len() => (a.key.0, &*a.value),
                Err(AttrError::Duplicated(..)) => {
                    let name = &rest[..name_length(rest)];
                    return Err(place(at).error(format!("duplicate attribute `{name}`")));
                }
                _ => {
                    let what = format!("`{}` is no attribute: `name=\"value\"` is due", shortened(rest));
                    return Err(place(at).error(what));
                }
            };
            let value_at = value.as_ptr() as usize - whole.as_ptr() as usize;
            behind = value_at + value.len() + 1;
            let name_at = self.strings.len();
            self.strings.push_str(key);
            let start = self.strings.len();
            if let Err((offset, what)) = unescape_attribute(value, self.feed.lenient(), &mut self.strings) {
                return Err(place(value_at + offset).error(what));
            }
            self.attributes.push(Attribute { name: (name_at, start), value: (start, self.strings.len()) });
        }
        Ok(())
    }

    /// Every prefix in use must be declared. [Namespaces in XML 1.0, section 5]
    fn check_prefixes(&mut self) -> Result<(), FormatError> {
        if self.feed.lenient() {
            return Ok(());
        }
        self.namespaces.set_level(level(self.open.len()));
        let attributes = || self.attributes.iter().map(|a| (&self.strings[a.name.0..a.name.1], a.value));
        for (name, value) in attributes() {
            if let Some(prefix) = QName(name).as_namespace_binding() {
                let bound = self.namespaces.add(prefix, Namespace(&self.strings[value.0..value.1]));
                bound.map_err(|error| self.place.error(error.to_string()))?;
            }
        }
        let unknown = std::iter::once(self.name()).chain(attributes().map(|(name, _)| name)).find_map(|name| {
            let prefix = QName(name).prefix()?;
            match self.namespaces.resolve_prefix(Some(prefix), false) {
                ResolveResult::Unknown(prefix) => Some(prefix),
                _ => None,
            }
        });
        match unknown {
            Some(prefix) => Err(self.error(format!("namespace prefix `{prefix}` is not declared"))),
            None => Ok(()),
        }
    }

    /// Behind a fault, goes to the next start tag of the name given, as if the element now `depth` deep were the
    /// innermost one open. False where there is none.
    ///
    /// Nothing that was taken of the broken markup is looked at again, and no tag has a tag in it, so a file full
    /// of faults is still read once.
    pub fn recover(&mut self, depth: usize, name: &str) -> Result<bool, FormatError> {
        self.end_due = false;
        self.ended_last = false;
        self.leave(depth);
        self.feed.seek(name)
    }

    /// Passes over the element just started, its content and its end.
    pub fn skip(&mut self) -> Result<(), FormatError> {
        let depth = self.depth();
        while !(self.next()? == Event::End && self.depth() == depth) {}
        Ok(())
    }

    /// Everything written inside the element just started, tags left out, up to `limit` bytes; its end is read.
    pub fn whole_text(&mut self, limit: usize) -> Result<String, FormatError> {
        let depth = self.depth();
        let mut out = String::new();
        loop {
            match self.next()? {
                Event::Text if out.len() <= limit => out.push_str(self.text()),
                Event::End if self.depth() == depth => return Ok(out),
                _ => {}
            }
        }
    }
}

const UNKNOWN: &str = "`<!` that begins neither a comment nor a CDATA section";
const NO_TAG: &str = "`<` that begins no tag: it must be written `&lt;`";

/// A depth, which is at most [`MAX_DEPTH`], as quick-xml counts it.
fn level(depth: usize) -> u16 {
    u16::try_from(depth).unwrap_or(u16::MAX)
}

/// A piece of a tag that ends inside of an attribute's quotes.
fn ends_quoted(tag: &[u8]) -> bool {
    let mut quote = None;
    for byte in tag {
        match quote {
            Some(open) if open == byte => quote = None,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            _ => {}
        }
    }
    quote.is_some()
}

/// The length of the name `text` begins with; 0 for none.
fn name_length(text: &str) -> usize {
    let starts = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b':') || b >= 0x80;
    let goes_on = |b: u8| starts(b) || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    match text.as_bytes().first() {
        Some(b) if starts(*b) => text.bytes().position(|b| !goes_on(b)).unwrap_or(text.len()),
        _ => 0,
    }
}
