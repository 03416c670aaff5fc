use crate::formats::{
    FormatError, Source, shortened,
    source::{Fault, legal},
};

/// Elements inside elements.
const MAX_DEPTH: usize = 256;
/// The longest tag with its attributes, in bytes.
const MAX_TAG: usize = 4 << 20;
/// The longest name of an entity that is still shown in a message.
const MAX_REFERENCE: usize = 64;

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

#[derive(Debug, Clone, Copy)]
enum TextAt {
    Buffer(usize, usize),
    Scratch,
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
    source: Source<'r>,
    buffer: String,
    /// The next byte to look at.
    at: usize,
    /// Where the current event starts.
    event: usize,
    /// Line and column (from 1) of `marked`, a place at or before `event`.
    marked: usize,
    line: usize,
    column: usize,
    open: Vec<Open>,
    names: String,
    /// Declared prefixes with the depth they were declared at.
    prefixes: Vec<(usize, String)>,
    attributes: Vec<Attribute>,
    strings: String,
    text: TextAt,
    scratch: String,
    /// An empty element's end is due.
    end_due: bool,
    /// The last event was the end of the innermost open element.
    ended_last: bool,
    empty: bool,
    in_cdata: bool,
    started: bool,
    root_ended: bool,
}

impl<'r> Reader<'r> {
    pub fn new(source: Source<'r>) -> Reader<'r> {
        Reader {
            source,
            buffer: String::new(),
            at: 0,
            event: 0,
            marked: 0,
            line: 1,
            column: 1,
            open: Vec::new(),
            names: String::new(),
            prefixes: Vec::new(),
            attributes: Vec::new(),
            strings: String::new(),
            text: TextAt::Scratch,
            scratch: String::new(),
            end_due: false,
            ended_last: false,
            empty: false,
            in_cdata: false,
            started: false,
            root_ended: false,
        }
    }

    pub fn source(&self) -> &Source<'r> {
        &self.source
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
        match self.text {
            TextAt::Buffer(start, end) => &self.buffer[start..end],
            TextAt::Scratch => &self.scratch,
        }
    }

    /// The line the current event starts on.
    pub fn line(&mut self) -> usize {
        self.mark(self.event);
        self.line
    }

    /// The line and column, both from 1, the current event starts at; the column counts code points.
    pub fn place(&mut self) -> (usize, usize) {
        self.mark(self.event);
        (self.line, self.column)
    }

    /// An error at the start of the current event.
    pub fn error(&mut self, what: impl Into<String>) -> FormatError {
        self.error_at(self.event, what)
    }

    fn error_at(&mut self, at: usize, what: impl Into<String>) -> FormatError {
        let slice = &self.buffer[self.marked.min(at)..at];
        let (line, column) = advanced(self.line, self.column, slice);
        FormatError::Broken { line, column, what: what.into() }
    }

    fn mark(&mut self, at: usize) {
        if at > self.marked {
            (self.line, self.column) = advanced(self.line, self.column, &self.buffer[self.marked..at]);
            self.marked = at;
        }
    }

    /// More text in the buffer; false at the end of the file.
    fn more(&mut self) -> Result<bool, FormatError> {
        if self.event > (1 << 15) {
            self.mark(self.event);
            let gone = self.event;
            self.buffer.drain(..gone);
            self.at -= gone;
            self.event = 0;
            self.marked = 0;
        }
        self.source.more(&mut self.buffer).map_err(|fault| match fault {
            Fault::Io(error) => FormatError::Io(error),
            Fault::TooLong => FormatError::Unsuitable(fault.to_string()),
            fault => self.error_at(self.buffer.len(), fault.to_string()),
        })
    }

    /// At least `count` bytes from `at` on are in the buffer, or the file ends before.
    fn ensure(&mut self, count: usize) -> Result<(), FormatError> {
        while self.buffer.len() < self.at + count && self.more()? {}
        Ok(())
    }

    fn rest(&self) -> &str {
        &self.buffer[self.at..]
    }

    fn starts_with(&mut self, text: &str) -> Result<bool, FormatError> {
        self.ensure(text.len())?;
        Ok(self.rest().starts_with(text))
    }

    /// The next event.
    #[allow(clippy::should_implement_trait)] // an event borrows nothing, its details borrow the reader
    pub fn next(&mut self) -> Result<Event, FormatError> {
        loop {
            if self.end_due {
                self.end_due = false;
                self.ended_last = true;
                return Ok(Event::End);
            }
            self.leave_ended();
            self.event = self.at;
            if self.in_cdata {
                if self.cdata()? {
                    return Ok(Event::Text);
                }
                continue;
            }
            if self.rest().is_empty() && !self.more()? {
                return self.end_of_file();
            }
            match self.buffer.as_bytes()[self.at] {
                b'<' => {
                    if let Some(event) = self.markup()? {
                        return Ok(event);
                    }
                }
                b'&' if !self.open.is_empty() => {
                    self.reference()?;
                    return Ok(Event::Text);
                }
                _ => {
                    if self.words()? {
                        return Ok(Event::Text);
                    }
                }
            }
        }
    }

    /// The element whose end was the last event is open no more.
    fn leave_ended(&mut self) {
        if self.ended_last {
            self.ended_last = false;
            if let Some(open) = self.open.pop() {
                self.names.truncate(open.name);
            }
            let depth = self.open.len();
            while self.prefixes.last().is_some_and(|(at, _)| *at > depth) {
                self.prefixes.pop();
            }
            self.root_ended |= depth == 0;
        }
    }

    fn end_of_file(&mut self) -> Result<Event, FormatError> {
        match self.open.last().copied() {
            Some(open) => {
                let what =
                    format!("the file ends inside `<{}>`, opened on line {}", &self.names[open.name..], open.line);
                Err(self.error(what))
            }
            None if !self.root_ended => Err(self.error("the file is empty: there is no root element")),
            None => Ok(Event::Eof),
        }
    }

    /// Text up to the next `<` or `&`; false where there is nothing to tell.
    fn words(&mut self) -> Result<bool, FormatError> {
        loop {
            let rest = self.rest();
            let found = rest.bytes().position(|b| b == b'<' || b == b'&');
            let mut end = found.unwrap_or(rest.len());
            if self.open.is_empty() {
                let blank = rest[..end].len() - rest[..end].trim_start_matches([' ', '\t', '\n', '\u{feff}']).len();
                if blank < end || rest.starts_with('&') {
                    let where_ = if self.root_ended { "after the root element" } else { "before the root element" };
                    return Err(self.error_at(self.at + blank, format!("text {where_}: this is not XML")));
                }
                self.at += end;
                return Ok(false);
            }
            if let Some(at) = rest[..end].find("]]>") {
                return Err(self.error_at(self.at + at, "`]]>` in text, where it must be written `]]&gt;`"));
            }
            if found.is_none() {
                // A `]]>` may be cut in two by the end of the buffer.
                end = rest.trim_end_matches(']').len();
                if end == 0 && rest.len() < MAX_TAG {
                    if self.more()? {
                        continue;
                    }
                    end = self.rest().len();
                }
            }
            self.text = TextAt::Buffer(self.at, self.at + end);
            self.at += end;
            return Ok(end > 0);
        }
    }

    /// A piece of a CDATA section; false at its end.
    fn cdata(&mut self) -> Result<bool, FormatError> {
        self.ensure(3)?;
        let rest = self.rest();
        let (end, over) = match rest.find("]]>") {
            Some(0) => {
                self.at += 3;
                self.in_cdata = false;
                return Ok(false);
            }
            Some(end) => (end, true),
            None => (rest.trim_end_matches(']').len(), false),
        };
        if end == 0 && !over {
            if !self.more()? {
                return Err(self.error("the file ends inside a CDATA section"));
            }
            return Ok(false);
        }
        self.text = TextAt::Buffer(self.at, self.at + end);
        self.at += end;
        Ok(true)
    }

    fn reference(&mut self) -> Result<(), FormatError> {
        self.ensure(MAX_REFERENCE)?;
        let rest = &self.buffer[self.at + 1..];
        let end = rest.bytes().take(MAX_REFERENCE).position(|b| b == b';');
        let Some(end) = end else {
            return Err(self.error("`&` that begins no reference: it must be written `&amp;`"));
        };
        let name = &rest[..end];
        let resolved = resolve(name);
        match resolved {
            Ok(c) => {
                self.scratch.clear();
                self.scratch.push(c);
            }
            Err(_) if self.source.lenient => {
                self.scratch.clear();
                self.scratch.push(char::REPLACEMENT_CHARACTER);
            }
            Err(what) => return Err(self.error(what)),
        }
        self.at += end + 2;
        self.text = TextAt::Scratch;
        Ok(())
    }

    /// Behind a `<`. Comments, instructions and the DOCTYPE give no event.
    fn markup(&mut self) -> Result<Option<Event>, FormatError> {
        self.ensure(9)?;
        let rest = self.rest();
        if rest.starts_with("</") {
            return self.end_tag().map(Some);
        }
        if rest.starts_with("<!--") {
            self.at += 4;
            self.pass("--", "a comment")?;
            if !self.starts_with(">")? {
                return Err(self.error_at(self.at, "`--` inside a comment"));
            }
            self.at += 1;
        } else if rest.starts_with("<![CDATA[") && !self.open.is_empty() {
            self.at += 9;
            self.in_cdata = true;
        } else if rest.starts_with("<!DOCTYPE") && !self.started {
            self.at += 9;
            self.doctype()?;
        } else if rest.starts_with("<?") {
            let declaration = rest.starts_with("<?xml") && rest[5..].starts_with([' ', '\t', '\n']);
            if declaration && !(self.line == 1 && self.column == 1 && self.event == 0 && self.marked == 0) {
                return Err(self.error("an XML declaration that is not at the very beginning of the file"));
            }
            self.at += 2;
            self.pass("?>", "a processing instruction")?;
        } else if rest.starts_with("<!") {
            return Err(self.error("`<!` that begins neither a comment nor a CDATA section"));
        } else {
            return self.start_tag().map(Some);
        }
        Ok(None)
    }

    /// Goes behind the next `end`, holding nothing.
    fn pass(&mut self, end: &str, what: &str) -> Result<(), FormatError> {
        let opened = self.line();
        loop {
            if let Some(found) = self.rest().find(end) {
                self.at += found + end.len();
                return Ok(());
            }
            let keep = end.len() - 1;
            let mut to = self.buffer.len().saturating_sub(keep).max(self.at);
            while !self.buffer.is_char_boundary(to) {
                to += 1;
            }
            self.at = to;
            self.event = to;
            if !self.more()? {
                return Err(self.error(format!("the file ends inside {what} that begins on line {opened}")));
            }
        }
    }

    /// The DOCTYPE with its internal subset, which is looked through for its end and otherwise ignored.
    fn doctype(&mut self) -> Result<(), FormatError> {
        let mut brackets = 0usize;
        let mut quote = None;
        loop {
            if self.rest().is_empty() && !self.more()? {
                return Err(self.error("the file ends inside the DOCTYPE"));
            }
            self.ensure(4)?;
            let rest = self.rest();
            let byte = rest.as_bytes()[0];
            match (quote, byte) {
                (Some(q), b) if b == q => quote = None,
                (Some(_), _) => {}
                (None, b'<') if rest.starts_with("<!--") => {
                    self.at += 4;
                    self.pass("-->", "a comment")?;
                    continue;
                }
                (None, b'<') if rest.starts_with("<?") => {
                    self.at += 2;
                    self.pass("?>", "a processing instruction")?;
                    continue;
                }
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'[' | b'<') => brackets += 1,
                (None, b']') => brackets = brackets.saturating_sub(1),
                (None, b'>') if brackets == 0 => {
                    self.at += 1;
                    return Ok(());
                }
                (None, b'>') => brackets -= 1,
                (None, _) => {}
            }
            self.at += rest.chars().next().map_or(1, char::len_utf8);
            self.event = self.at;
        }
    }

    fn end_tag(&mut self) -> Result<Event, FormatError> {
        let end = self.tag_end()?;
        let name = self.buffer[self.at + 2..end].trim_end_matches([' ', '\t', '\n']);
        match self.open.last() {
            Some(open) if &self.names[open.name..] == name => {
                self.at = end + 1;
                self.ended_last = true;
                Ok(Event::End)
            }
            Some(open) => {
                let what = format!(
                    "end tag `</{}>` where `</{}>` was due (opened on line {})",
                    shortened(name),
                    &self.names[open.name..],
                    open.line
                );
                Err(self.error(what))
            }
            None => {
                let what = format!("end tag `</{}>` without a start", shortened(name));
                Err(self.error(what))
            }
        }
    }

    /// Where the `>` of the tag at `at` is.
    fn tag_end(&mut self) -> Result<usize, FormatError> {
        let mut quote = None;
        let mut seen = self.at + 1;
        loop {
            for (i, b) in self.buffer.as_bytes()[seen..].iter().enumerate() {
                match (quote, *b) {
                    (Some(q), b) if b == q => quote = None,
                    (Some(_), _) => {}
                    (None, b'"' | b'\'') => quote = Some(*b),
                    (None, b'>') => return Ok(seen + i),
                    (None, b'<') => return Err(self.error("`<` that begins no tag: it must be written `&lt;`")),
                    (None, _) => {}
                }
            }
            let length = self.buffer.len() - self.at;
            if length > MAX_TAG {
                return Err(self.error("a tag of more than 4 MiB"));
            }
            if !self.more()? {
                return Err(self.error("the file ends inside a tag"));
            }
            seen = self.at + length;
        }
    }

    fn start_tag(&mut self) -> Result<Event, FormatError> {
        let end = self.tag_end()?;
        let mut inner = (self.at + 1, end);
        self.empty = self.buffer[inner.0..inner.1].ends_with('/');
        inner.1 -= usize::from(self.empty);
        let name_end = inner.0 + name_length(&self.buffer[inner.0..inner.1]);
        if name_end == inner.0 {
            return Err(self.error("`<` that begins no tag: it must be written `&lt;`"));
        }
        if self.open.is_empty() && self.root_ended {
            return Err(self.error("a second root element"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(format!("elements nested more than {MAX_DEPTH} deep")));
        }
        self.read_attributes(name_end, inner.1)?;
        let line = self.line();
        self.open.push(Open { name: self.names.len(), line });
        self.names.push_str(&self.buffer[inner.0..name_end]);
        self.started = true;
        self.at = end + 1;
        self.end_due = self.empty;
        self.check_prefixes()?;
        Ok(Event::Start)
    }
    fn read_attributes(&mut self, from: usize, to: usize) -> Result<(), FormatError> {
        self.attributes.clear();
        self.strings.clear();
        let mut at = from;
        loop {
            let rest = &self.buffer[at..to];
            let trimmed = rest.trim_start_matches([' ', '\t', '\n']);
            if trimmed.is_empty() {
                return Ok(());
            }
            if trimmed.len() == rest.len() {
                return Err(self.error_at(at, "no space before an attribute"));
            }
            at = to - trimmed.len();
            let length = name_length(trimmed);
            let name = (self.strings.len(), self.strings.len() + length);
            let value = trimmed[length..].trim_start_matches([' ', '\t', '\n']).strip_prefix('=');
            let value = value.map(|v| v.trim_start_matches([' ', '\t', '\n']));
            let quoted = value.and_then(|v| {
                let quote = v.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                v[1..].split_once(quote)
            });
            let (true, Some((value, _))) = (length > 0, quoted) else {
                let what = format!("`{}` is no attribute: `name=\"value\"` is due", shortened(trimmed));
                return Err(self.error_at(at, what));
            };
            self.strings.push_str(&trimmed[..length]);
            let value_at = value.as_ptr() as usize - self.buffer.as_ptr() as usize;
            let value_end = value_at + value.len();
            let start = self.strings.len();
            let fault = unescape_attribute(value, self.source.lenient, &mut self.strings);
            if let Err((offset, what)) = fault {
                return Err(self.error_at(value_at + offset, what));
            }
            let spelled = &self.strings[name.0..name.1];
            if self.attributes.iter().any(|a| &self.strings[a.name.0..a.name.1] == spelled) {
                let what = format!("duplicate attribute `{spelled}`");
                return Err(self.error_at(at, what));
            }
            self.attributes.push(Attribute { name, value: (start, self.strings.len()) });
            at = value_end + 1;
        }
    }

    /// Every prefix in use must be declared. [Namespaces in XML 1.0, section 5]
    fn check_prefixes(&mut self) -> Result<(), FormatError> {
        let depth = self.open.len();
        for a in &self.attributes {
            if let Some(prefix) = self.strings[a.name.0..a.name.1].strip_prefix("xmlns:") {
                self.prefixes.push((depth, prefix.to_owned()));
            }
        }
        if self.source.lenient {
            return Ok(());
        }
        let open = self.open.last().expect("an element has just been opened");
        let attributes = self.attributes.iter().map(|a| &self.strings[a.name.0..a.name.1]);
        let unknown = std::iter::once(&self.names[open.name..]).chain(attributes).find_map(|name| {
            let (prefix, _) = name.split_once(':')?;
            let known = matches!(prefix, "xml" | "xmlns") || self.prefixes.iter().any(|(_, p)| p == prefix);
            (!known).then(|| prefix.to_owned())
        });
        match unknown {
            Some(prefix) => Err(self.error(format!("namespace prefix `{prefix}` is not declared"))),
            None => Ok(()),
        }
    }

    /// Behind a fault, goes to the next start tag of the name given, as if the element now `depth` deep were the
    /// innermost one open. False where there is none.
    pub fn recover(&mut self, depth: usize, name: &str) -> Result<bool, FormatError> {
        self.end_due = false;
        self.ended_last = false;
        self.in_cdata = false;
        if let Some(open) = self.open.get(depth) {
            self.names.truncate(open.name);
        }
        self.open.truncate(depth);
        self.prefixes.retain(|(at, _)| *at <= depth);
        let tag = format!("<{name}");
        // The fault may be in the tag itself.
        self.at = (self.event + 1).min(self.buffer.len()).max(self.at.min(self.buffer.len()));
        while !self.buffer.is_char_boundary(self.at) {
            self.at += 1;
        }
        loop {
            self.ensure(tag.len() + 1)?;
            match self.rest().find(&tag) {
                Some(found) => {
                    self.at += found;
                    self.event = self.at;
                    self.ensure(tag.len() + 1)?;
                    if self.rest()[tag.len()..].starts_with([' ', '\t', '\n', '>', '/']) {
                        return Ok(true);
                    }
                    self.at += tag.len();
                }
                None => {
                    let mut to = self.buffer.len().saturating_sub(tag.len()).max(self.at);
                    while !self.buffer.is_char_boundary(to) {
                        to += 1;
                    }
                    self.at = to;
                    self.event = to;
                    if !self.more()? {
                        return Ok(false);
                    }
                }
            }
        }
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

/// Line and column behind `slice`, which starts at those given.
fn advanced(line: usize, column: usize, slice: &str) -> (usize, usize) {
    let lines = slice.bytes().filter(|b| *b == b'\n').count();
    match slice.rfind('\n') {
        Some(last) => (line + lines, slice[last + 1..].chars().count() + 1),
        None => (line, column + slice.chars().count()),
    }
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

/// What `&name;` stands for.
fn resolve(name: &str) -> Result<char, String> {
    let number = match name.strip_prefix('#') {
        None => {
            return match name {
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "amp" => Ok('&'),
                "quot" => Ok('"'),
                "apos" => Ok('\''),
                _ => Err(format!(
                    "entity `&{};` is none of the five of XML (those a file declares are not expanded)",
                    shortened(name)
                )),
            };
        }
        Some(hex) if hex.starts_with('x') => u32::from_str_radix(&hex[1..], 16),
        Some(decimal) => decimal.parse(),
    };
    match number.ok().map(|n| (n, char::from_u32(n))) {
        Some((_, Some(c))) if legal(c) && !name.contains('+') => Ok(c),
        Some((n, _)) => Err(format!("character reference `&{name};`: U+{n:04X} is not a character XML may hold")),
        None => Err(format!("`&{};` is not a character reference", shortened(name))),
    }
}

/// Appends an attribute's value to `out`: references resolved, white space as spaces. [XML 1.0 section 3.3.3]
fn unescape_attribute(value: &str, lenient: bool, out: &mut String) -> Result<(), (usize, String)> {
    if !value.bytes().any(|b| matches!(b, b'<' | b'&' | b'\n' | b'\t')) {
        out.push_str(value);
        return Ok(());
    }
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let offset = value.len() - rest.len();
        rest = &rest[c.len_utf8()..];
        match c {
            '<' if !lenient => return Err((offset, "`<` in an attribute: it must be written `&lt;`".to_owned())),
            '&' => {
                let name = rest.split_once(';').filter(|(name, _)| name.len() <= MAX_REFERENCE);
                match name.map(|(name, behind)| (resolve(name), behind)) {
                    Some((Ok(c), behind)) => {
                        out.push(c);
                        rest = behind;
                    }
                    Some((Err(_), behind)) if lenient => {
                        out.push(char::REPLACEMENT_CHARACTER);
                        rest = behind;
                    }
                    Some((Err(what), _)) => return Err((offset, what)),
                    None => {
                        return Err((offset, "`&` that begins no reference: it must be written `&amp;`".to_owned()));
                    }
                }
            }
            '\n' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::open;

    /// The events of `xml` in one line each.
    fn events(xml: &str) -> Result<Vec<String>, String> {
        let mut reader = Reader::new(open(xml.as_bytes()).unwrap().source().unwrap());
        let mut out = Vec::<String>::new();
        loop {
            let event = reader.next().map_err(|error| error.to_string())?;
            let shown = match event {
                Event::Start => {
                    let attributes: Vec<String> = reader.attributes().map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("<{}{}", reader.local(), attributes.concat())
                }
                Event::End => format!(">{}", reader.local()),
                Event::Text => match out.last_mut() {
                    Some(last) if last.starts_with('"') => {
                        last.push_str(reader.text());
                        continue;
                    }
                    _ => format!("\"{}", reader.text()),
                },
                Event::Eof => return Ok(out),
            };
            out.push(shown);
        }
    }

    fn fault(xml: &str) -> String {
        events(xml).expect_err(xml)
    }

    #[test]
    fn elements_text_and_references() {
        let xml = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"]>\"><!-- ' -->]>\n<!-- x --><x:a xmlns:x='u' b='1&#10;2\n3' c=\"'\">\
                   A <![CDATA[<b> & ]]>B<!-- no -->C<?pi no?>D&lt;&#x259;<d/></x:a>\n<!-- end -->\n";
        let want = ["<a xmlns:x=u b=1\n2 3 c='", "\"A <b> & BCD<ə", "<d", ">d", ">a"];
        assert_eq!(events(xml).unwrap(), want);
    }

    #[test]
    fn faults_have_their_place() {
        for (xml, want) in [
            ("<a>\n<b>ə</c></a>", "2:5: end tag `</c>` where `</b>` was due (opened on line 2)"),
            ("<a>\n<b>", "2:4: the file ends inside `<b>`, opened on line 2"),
            ("", "1:1: the file is empty: there is no root element"),
            ("<a/>x", "1:5: text after the root element: this is not XML"),
            ("en,az", "1:1: text before the root element: this is not XML"),
            ("<a/><b/>", "1:5: a second root element"),
            ("<a b='1' b='2'/>", "1:10: duplicate attribute `b`"),
            ("<a b=1/>", "1:4: `b=1` is no attribute: `name=\"value\"` is due"),
            ("<a b='1'c='2'/>", "1:9: no space before an attribute"),
            ("<a b='x<y'/>", "1:8: `<` in an attribute: it must be written `&lt;`"),
            ("<a>AT&T</a>", "1:6: `&` that begins no reference: it must be written `&amp;`"),
            (
                "<a>&nbsp;</a>",
                "1:4: entity `&nbsp;` is none of the five of XML (those a file declares are not expanded)",
            ),
            ("<a>x&#x1F;</a>", "1:5: character reference `&#x1F;`: U+001F is not a character XML may hold"),
            ("<a>&#xD83D;</a>", "1:4: character reference `&#xD83D;`: U+D83D is not a character XML may hold"),
            ("<a>&#x110000;</a>", "1:4: character reference `&#x110000;`: U+110000 is not a character XML may hold"),
            ("<a>&#+65;</a>", "1:4: character reference `&#+65;`: U+0041 is not a character XML may hold"),
            ("<a>x]]>y</a>", "1:5: `]]>` in text, where it must be written `]]&gt;`"),
            ("<a><m:b/></a>", "1:4: namespace prefix `m` is not declared"),
            ("<a><!-- x -- y --></a>", "1:13: `--` inside a comment"),
            ("<a>\u{b}</a>", "1:4: control character U+000B"),
            (" <?xml version='1.0'?><a/>", "1:2: an XML declaration that is not at the very beginning of the file"),
            ("<a><", "1:4: the file ends inside a tag"),
            ("<a><![CDATA[x", "1:14: the file ends inside a CDATA section"),
        ] {
            assert_eq!(fault(xml), want, "{xml}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
        assert!(events(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(fault(&deep(MAX_DEPTH + 1)), format!("1:{}: elements nested more than 256 deep", MAX_DEPTH * 3 + 1));
    }

    #[test]
    fn long_files_keep_their_places() {
        let body: String = (0..20_000).map(|i| format!("<b n='{i}'>mətn ]] {i}</b>\n")).collect();
        assert_eq!(events(&format!("<a>\n{body}</a>")).unwrap().len(), 20_000 * 4 + 3);
        assert_eq!(
            fault(&format!("<a>\n{body}</b>")),
            "20002:1: end tag `</b>` where `</a>` was due (opened on line 1)"
        );
        let comment = "-\n".repeat(100_000);
        assert_eq!(fault(&format!("<a><!--{comment}--></b>")).split(": ").next(), Some("100001:4"));
    }

    #[test]
    fn reading_goes_on_behind_a_fault() {
        let mut reader = Reader::new(open("<a><u>1</v></u><up/><u>2</u></a>".as_bytes()).unwrap().source().unwrap());
        while reader.next().is_ok() {}
        assert!(reader.recover(1, "u").unwrap());
        assert_eq!(reader.next().unwrap(), Event::Start);
        assert_eq!(reader.whole_text(9).unwrap(), "2");
        assert_eq!((reader.next().unwrap(), reader.next().unwrap()), (Event::End, Event::Eof));
    }
}
