use super::{
    ATTRIBUTE, CODES, DATES, Encoding, Header, LANGUAGE, SAID, Said, context::context_of, date, header::INHERITED,
};
use crate::{
    formats::{
        Each, Event, FormatError, Item, LOST, MAX_SEGMENT, MAX_UNIT, Source, shortened,
        xml::{Reader, escape_attribute, escape_text},
    },
    lang::Language,
    model::{Code, CodeKind, Note, Prop, Provenance, State, Unit, Variant},
};

/// Reads a TMX of any version up to 1.4b.
///
/// # Errors
/// Where the file is not well-formed or no TMX. A lenient source is read on behind a broken unit, which is
/// skipped and named.
pub fn read(source: Source<'_>, each: &mut Each<'_>) -> Result<Header, FormatError> {
    let disbelieved =
        source.disbelieved().map(|name| format!("declared encoding `{name}`, read as {}", source.encoding()));
    let lenient = source.lenient;
    let mut tmx = TmxReader { xml: Reader::new(source), each, size: 0, too_big: false };
    if let Some(what) = disbelieved {
        tmx.warn(1, what)?;
    }
    let mut header = Header::default();
    tmx.root(&mut header)?;
    let mut behind_fault = false;
    loop {
        let step = if behind_fault { tmx.recovered() } else { tmx.element(&mut header) };
        match step {
            Ok(true) => behind_fault = false,
            Ok(false) => return Ok(header),
            Err(error) if lenient && error.is_broken() => {
                let FormatError::Broken { line, column, what } = &error else { unreachable!("asked above") };
                (tmx.each)(Item::skipped(*line, format!("column {column}: {what}"))).map_err(FormatError::Stopped)?;
                if !tmx.xml.recover(BODY, "tu")? {
                    return Ok(header);
                }
                behind_fault = true;
            }
            Err(error) => return Err(error),
        }
    }
}

/// How deep the body is: `tmx`, `body`.
const BODY: usize = 2;

struct TmxReader<'r, 'e, 'f> {
    xml: Reader<'r>,
    each: &'e mut Each<'f>,
    /// Bytes of the unit being read.
    size: usize,
    too_big: bool,
}

impl TmxReader<'_, '_, '_> {
    fn hand_over(&mut self, item: Item) -> Result<(), FormatError> {
        (self.each)(item).map_err(FormatError::Stopped)
    }

    fn warn(&mut self, line: usize, what: impl Into<String>) -> Result<(), FormatError> {
        self.hand_over(Item::warning(line, what))
    }

    fn root(&mut self, header: &mut Header) -> Result<(), FormatError> {
        while self.xml.next()? != Event::Start {}
        if self.xml.local() != "tmx" {
            let what = format!("the root element is `{}`, not `tmx`", shortened(self.xml.name()));
            return Err(self.xml.error(what));
        }
        header.version = self.xml.attribute("version").unwrap_or_default().to_owned();
        let namespace = self.xml.attributes().find(|(name, _)| *name == "xmlns").map(|(_, value)| value.to_owned());
        let line = self.xml.line();
        if !matches!(header.version.as_str(), "1.0" | "1.1" | "1.2" | "1.3" | "1.4" | "1.4a" | "1.4b") {
            self.warn(line, format!("TMX version `{}` is not known; read as 1.4", shortened(&header.version)))?;
        }
        if let Some(namespace) = namespace {
            self.warn(line, format!("namespace `{}`, which TMX does not have", shortened(&namespace)))?;
        }
        Ok(())
    }

    /// The next thing in `tmx` or `body`; false at the end of the file.
    fn element(&mut self, header: &mut Header) -> Result<bool, FormatError> {
        match self.xml.next()? {
            Event::Eof => return Ok(false),
            Event::Start => match (self.xml.depth(), self.xml.local()) {
                (BODY, "header") => self.header(header)?,
                (BODY, "body") => {}
                (_, "tu") => self.unit()?,
                (_, other) => {
                    let what = format!("element `{}` is no part of TMX here and is passed over", shortened(other));
                    let line = self.xml.line();
                    self.warn(line, what)?;
                    self.xml.skip()?;
                }
            },
            Event::Text if !self.xml.text().trim().is_empty() => {
                let what = format!("text outside of a segment is passed over: `{}`", shortened(self.xml.text().trim()));
                let line = self.xml.line();
                self.warn(line, what)?;
            }
            _ => {}
        }
        Ok(true)
    }

    /// The unit found behind a fault.
    fn recovered(&mut self) -> Result<bool, FormatError> {
        match self.xml.next()? {
            Event::Start => self.unit().map(|()| true),
            _ => Ok(true),
        }
    }

    fn header(&mut self, header: &mut Header) -> Result<(), FormatError> {
        header.attributes = self.attributes(&[]);
        let line = self.xml.line();
        let depth = self.xml.depth();
        let mut maps = 0;
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "prop" => header.props.push(self.prop()?),
                    "note" => header.notes.push(self.note()?),
                    "ude" => {
                        let attributes = self.attributes(&[]);
                        header.encodings.push(Encoding { attributes, maps: Vec::new() });
                    }
                    "map" if !header.encodings.is_empty() => {
                        let map = self.attributes(&[]);
                        maps += 1;
                        header
                            .encodings
                            .iter_mut()
                            .next_back()
                            .into_iter()
                            .for_each(|last| last.maps.push(map.clone()));
                    }
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
            if header.props.len() + header.notes.len() + header.encodings.len() + maps > 10_000 {
                return Err(self.xml.error("a header with more than 10,000 properties"));
            }
        }
        if header.attribute("srclang").is_none_or(str::is_empty) {
            self.warn(line, "the header names no source language (`srclang`); the variants tell theirs")?;
        }
        header.take_carried();
        Ok(())
    }

    fn unit(&mut self) -> Result<(), FormatError> {
        let line = self.xml.line();
        (self.size, self.too_big) = (0, false);
        let mut unit = Unit { tuid: self.xml.attribute("tuid").map(str::to_owned), ..Unit::default() };
        unit.attributes = self.attributes(&["tuid"]);
        let mut faults = Vec::new();
        drop_bad_dates(&mut unit.attributes, &mut faults);
        let depth = self.xml.depth();
        let (mut variants, mut empty) = (0, 0);
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "prop" => {
                        let prop = self.prop()?;
                        self.keep(&mut unit.props, prop);
                    }
                    "note" => {
                        let note = self.note()?;
                        self.keep(&mut unit.notes, note);
                    }
                    "tuv" => {
                        variants += 1;
                        match self.variant(&mut faults)? {
                            Some(variant) if filled(&variant) => self.keep(&mut unit.variants, variant),
                            Some(_) => empty += 1,
                            None => {}
                        }
                    }
                    other => {
                        faults.push(format!("element `{}` is no part of a unit", shortened(other)));
                        self.xml.skip()?;
                    }
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        take_ours(&mut unit);
        let reason = if self.too_big {
            Some("longer than 1 MiB in a segment or 16 MiB in all".to_owned())
        } else if holds_lost(&unit) {
            Some(LOST.to_owned())
        } else if unit.variants.len() < 2 {
            let shape = match (variants, unit.variants.len(), empty) {
                (0, ..) => "no variant at all".to_owned(),
                (_, 0, 0) => "no variant with a language".to_owned(),
                (_, 0, _) => "empty variants only".to_owned(),
                (_, 1, 0) => format!("only one variant ({})", unit.variants[0].language),
                (_, _, _) => format!("only one variant ({}) that is not empty", unit.variants[0].language),
            };
            Some(shape)
        } else {
            None
        };
        let name = unit.tuid.as_deref().map(|id| format!("unit `{}`: ", shortened(id))).unwrap_or_default();
        match reason {
            Some(reason) => {
                faults.insert(0, reason);
                self.hand_over(Item::skipped(line, format!("{name}{}", faults.join("; "))))
            }
            None => {
                for fault in faults {
                    self.warn(line, format!("{name}{fault}"))?;
                }
                self.hand_over(Item::Unit(unit))
            }
        }
    }

    fn keep<T>(&mut self, list: &mut Vec<T>, item: T) {
        self.size += 64;
        self.too_big |= self.size > MAX_UNIT;
        if !self.too_big {
            list.push(item);
        }
    }

    /// The attributes of the element just started but those named.
    fn attributes(&mut self, but: &[&str]) -> Vec<(String, String)> {
        let mut size = 0;
        let kept: Vec<(String, String)> = self
            .xml
            .attributes()
            .filter(|(name, _)| !but.contains(name) && *name != "xml:space" && !name.starts_with("xmlns"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .inspect(|(name, value)| size += name.len() + value.len())
            .collect();
        self.size += size;
        kept
    }

    fn prop(&mut self) -> Result<Prop, FormatError> {
        let kind = self.xml.attribute("type").unwrap_or_default().to_owned();
        let attributes = self.attributes(&["type"]);
        Ok(Prop { kind, attributes, value: self.content()? })
    }

    fn note(&mut self) -> Result<Note, FormatError> {
        let attributes = self.attributes(&[]);
        Ok(Note { attributes, text: self.content()? })
    }

    fn content(&mut self) -> Result<String, FormatError> {
        let text = self.xml.whole_text(MAX_SEGMENT)?;
        self.size += text.len();
        self.too_big |= text.len() > MAX_SEGMENT || self.size > MAX_UNIT;
        Ok(text)
    }

    /// A variant, or nothing where its language is not told.
    fn variant(&mut self, faults: &mut Vec<String>) -> Result<Option<Variant>, FormatError> {
        let tag = self.xml.attribute("xml:lang").or_else(|| self.xml.attribute("lang")).map(str::to_owned);
        let mut variant = Variant::new(Language::EN, "");
        let language = match tag.as_deref().map(str::parse::<Language>) {
            Some(Ok(language)) => Some(language),
            Some(Err(error)) => {
                faults.push(error.to_string());
                None
            }
            None => {
                faults.push("a variant without a language (`xml:lang`)".to_owned());
                None
            }
        };
        variant.language = language.unwrap_or(variant.language);
        variant.tag = tag.filter(|tag| tag != variant.language.as_str());
        variant.attributes = self.attributes(&["xml:lang", "lang"]);
        drop_bad_dates(&mut variant.attributes, faults);
        let depth = self.xml.depth();
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "prop" => {
                        let prop = self.prop()?;
                        self.keep(&mut variant.props, prop);
                    }
                    "note" => {
                        let note = self.note()?;
                        self.keep(&mut variant.notes, note);
                    }
                    "seg" => self.segment(&mut variant, faults)?,
                    other => {
                        faults.push(format!("element `{}` is no part of a variant", shortened(other)));
                        self.xml.skip()?;
                    }
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        take_ours_of(&mut variant);
        if let Some(what) = unpaired(&variant.codes) {
            faults.push(format!("{what} in the {} variant", variant.language));
        }
        Ok(language.map(|_| variant))
    }

    /// Words and codes of a segment.
    fn segment(&mut self, variant: &mut Variant, faults: &mut Vec<String>) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        let mut native = 0;
        let mut foreign = Vec::<Foreign>::new();
        loop {
            if variant.text.len() + native > MAX_SEGMENT {
                self.too_big = true;
                variant.text.clear();
                variant.codes.clear();
                native = 0;
            }
            match self.xml.next()? {
                Event::Text => variant.text.push_str(self.xml.text()),
                Event::Start => {
                    let name = self.xml.local().to_owned();
                    let at = variant.text.len();
                    let mut code = Code {
                        at,
                        kind: CodeKind::Alone,
                        name,
                        attributes: self.attributes(&[]),
                        content: String::new(),
                    };
                    match code.name.as_str() {
                        "bpt" | "ept" | "it" | "ph" | "ut" => code.content = self.native()?,
                        "hi" => code.kind = CodeKind::Open,
                        _ => {
                            faults.push(format!("unknown element `{}` in a segment; its tags became codes", code.name));
                            code = self.foreign(code, &mut foreign);
                        }
                    }
                    native += 64 + code.content.len();
                    variant.codes.push(code);
                }
                Event::End if self.xml.depth() == depth => break,
                Event::End => {
                    let at = variant.text.len();
                    let end = self.xml.depth();
                    if let Some(open) = foreign.pop_if(|f| f.depth == end) {
                        variant.codes.extend(open.end(at));
                    } else {
                        let name = self.xml.local().to_owned();
                        let (kind, attributes, content) = (CodeKind::Close, Vec::new(), String::new());
                        variant.codes.push(Code { at, kind, name, attributes, content });
                    }
                    native += 64;
                }
                Event::Eof => break,
            }
        }
        number_foreign(&mut variant.codes);
        self.size += variant.text.len() + native;
        self.too_big |= self.size > MAX_UNIT;
        Ok(())
    }

    /// The native code inside the inline element just started, as escaped XML.
    fn native(&mut self) -> Result<String, FormatError> {
        let depth = self.xml.depth();
        let mut out = String::new();
        loop {
            match self.xml.next()? {
                Event::Text => escape_text(self.xml.text(), &mut out),
                Event::Start => start_tag(&self.xml, inline(self.xml.local()), &mut out),
                Event::End if self.xml.depth() == depth => return Ok(out),
                Event::End => end_tag(self.xml.local(), inline(self.xml.local()), &mut out),
                Event::Eof => return Ok(out),
            }
            if out.len() > MAX_SEGMENT {
                self.too_big = true;
                out.clear();
            }
        }
    }

    /// Markup that is not TMX's (`<g id="1">`): its tags as codes, what stands between them as words.
    fn foreign(&self, mut code: Code, open: &mut Vec<Foreign>) -> Code {
        let mut tag = String::new();
        start_tag(&self.xml, false, &mut tag);
        code.content = tag;
        if self.xml.is_empty_element() {
            open.push(Foreign { depth: self.xml.depth(), name: None });
            code.name = "ph".to_owned();
        } else {
            open.push(Foreign { depth: self.xml.depth(), name: Some(code.name) });
            code.name = "bpt".to_owned();
        }
        code.attributes.clear();
        code
    }
}

/// An element open in a segment that TMX does not know; no name where it is empty.
struct Foreign {
    depth: usize,
    name: Option<String>,
}

impl Foreign {
    fn end(self, at: usize) -> Option<Code> {
        let mut content = String::new();
        end_tag(&self.name?, false, &mut content);
        Some(Code { at, kind: CodeKind::Alone, name: "ept".to_owned(), attributes: Vec::new(), content })
    }
}

/// Gives the pairs made of foreign markup the numbers (`i`) that pair them.
fn number_foreign(codes: &mut [Code]) {
    let number = |code: &Code| code.attributes.iter().find(|(n, _)| n == "i").and_then(|(_, v)| v.parse::<u64>().ok());
    let mut next = codes.iter().filter_map(number).max().unwrap_or(0).saturating_add(1);
    let mut open = Vec::new();
    for code in codes {
        if !code.attributes.is_empty() || !code.content.starts_with("&lt;") {
            continue;
        }
        let number = match code.name.as_str() {
            "bpt" => {
                open.push(next);
                next += 1;
                open.last().copied()
            }
            "ept" => open.pop(),
            _ => None,
        };
        if let Some(number) = number {
            code.attributes.push(("i".to_owned(), number.to_string()));
        }
    }
}

fn inline(name: &str) -> bool {
    matches!(name, "sub" | "bpt" | "ept" | "it" | "ph" | "hi" | "ut")
}

/// The start tag just read, as markup or as escaped text.
fn start_tag(xml: &Reader<'_>, markup: bool, out: &mut String) {
    let mut tag = format!("<{}", xml.local());
    for (name, value) in xml.attributes() {
        tag.push_str(&format!(" {name}=\""));
        escape_attribute(value, &mut tag);
        tag.push('"');
    }
    let whole = if markup || !xml.is_empty_element() { ">" } else { "/>" };
    tag.push_str(whole);
    if markup { out.push_str(&tag) } else { escape_text(&tag, out) }
}

fn end_tag(name: &str, markup: bool, out: &mut String) {
    let tag = format!("</{name}>");
    if markup { out.push_str(&tag) } else { escape_text(&tag, out) }
}

/// A variant with something in it: words, or codes with native code.
fn filled(variant: &Variant) -> bool {
    !variant.text.trim().is_empty() || variant.codes.iter().any(|code| !code.content.trim().is_empty())
}

fn holds_lost(unit: &Unit) -> bool {
    let lost = |text: &str| text.contains(char::REPLACEMENT_CHARACTER);
    let in_attributes = |list: &[(String, String)]| list.iter().any(|(_, value)| lost(value));
    let in_lists =
        |props: &[Prop], notes: &[Note]| props.iter().any(|p| lost(&p.value)) || notes.iter().any(|n| lost(&n.text));
    unit.tuid.as_deref().is_some_and(lost)
        || in_attributes(&unit.attributes)
        || in_lists(&unit.props, &unit.notes)
        || unit.variants.iter().any(|v| {
            lost(&v.text)
                || v.codes.iter().any(|c| lost(&c.content) || in_attributes(&c.attributes))
                || in_attributes(&v.attributes)
                || in_lists(&v.props, &v.notes)
        })
}

fn drop_bad_dates(attributes: &mut Vec<(String, String)>, faults: &mut Vec<String>) {
    attributes.retain(|(name, value)| {
        let keep = !DATES.contains(&name.as_str()) || date(value).is_some();
        if !keep {
            faults.push(format!("`{name}` is no date and is left out: `{}`", shortened(value)));
        }
        keep
    });
}

/// The first code of a pair whose other half is missing, in words.
pub(super) fn unpaired(codes: &[Code]) -> Option<String> {
    let mut open = Vec::<&str>::new();
    let mut known = Vec::<&str>::new();
    for code in codes {
        let number = code.attributes.iter().find(|(n, _)| n == "i").map(|(_, v)| v.as_str());
        match (code.name.as_str(), number) {
            ("bpt" | "ept", None) => return Some(format!("a code `{}` without `i`", code.name)),
            ("bpt", Some(i)) if known.contains(&i) => return Some(format!("two codes `bpt` with i={}", shortened(i))),
            ("bpt", Some(i)) => {
                open.push(i);
                known.push(i);
            }
            ("ept", Some(i)) => match open.iter().position(|o| *o == i) {
                Some(at) => {
                    open.remove(at);
                }
                None => return Some(format!("a code `ept` without its `bpt` (i={})", shortened(i))),
            },
            _ => {}
        }
    }
    open.first().map(|i| format!("a code `bpt` without its `ept` (i={})", shortened(i)))
}

/// Takes out what a variant holds beyond the standard.
fn take_ours_of(variant: &mut Variant) {
    let (ours, props) = std::mem::take(&mut variant.props)
        .into_iter()
        .partition(|prop| matches!(prop.kind.as_str(), ATTRIBUTE | LANGUAGE | CODES | SAID));
    variant.props = props;
    let ours: Vec<Prop> = ours;
    put_in(&ours, &mut variant.attributes);
    for prop in ours {
        match prop.kind.as_str() {
            SAID => put_back(&prop, &mut variant.notes, &mut variant.props),
            LANGUAGE if prop.value.parse() == Ok(variant.language) => variant.tag = Some(prop.value),
            CODES => {
                let fits = |codes: &Vec<Code>| codes.iter().all(|code| variant.text.is_char_boundary(code.at));
                if let Some(codes) = serde_json::from_str::<Vec<Code>>(&prop.value).ok().filter(fits) {
                    variant.codes = codes;
                }
            }
            _ => {}
        }
    }
}

/// Puts the notes and properties in the places of those that go without some of their attributes.
fn put_back(said: &Prop, notes: &mut Vec<Note>, props: &mut Vec<Prop>) {
    if let Ok(said) = serde_json::from_str::<Said<'_>>(&said.value) {
        *notes = said.notes.into_owned();
        *props = said.props.into_owned();
    }
}

/// Puts attributes back that the standard has otherwise or not at all: `2 status=old` at its place from 0.
fn put_in(ours: &[Prop], attributes: &mut Vec<(String, String)>) {
    let told = ours.iter().filter(|prop| prop.kind == ATTRIBUTE).filter_map(|prop| {
        let (at, said) = prop.value.split_once(' ')?;
        let (name, value) = said.split_once('=')?;
        Some((at.parse::<usize>().ok()?, name, value))
    });
    let told: Vec<_> = told.collect();
    attributes.retain(|(own, _)| told.iter().all(|(_, name, _)| own != name));
    for (at, name, value) in told {
        attributes.insert(at.min(attributes.len()), (name.to_owned(), value.to_owned()));
    }
}

/// Takes the state, origin and context out of the properties: those behind our marker are ours alone.
fn take_ours(unit: &mut Unit) {
    let dated = |attributes: &[(String, String)]| {
        let get = |name: &str| attributes.iter().find(|(n, _)| n == name).and_then(|(_, v)| date(v));
        get("changedate").or_else(|| get("creationdate"))
    };
    let Some(marker) = unit.props.iter().position(|p| p.kind == "x-yaddash") else {
        unit.context = context_of(&unit.props, &unit.variants);
        unit.origin.date =
            dated(&unit.attributes).or_else(|| unit.variants.iter().filter_map(|v| dated(&v.attributes)).max());
        return;
    };
    let ours = unit.props.split_off(marker);
    let words: Vec<&str> = ours[0].value.split(' ').collect();
    let value = |kind: &str| ours.iter().find(|p| p.kind == kind).map(|p| p.value.as_str());
    unit.context =
        if words.contains(&"context") { context_of(&ours, &[]) } else { context_of(&unit.props, &unit.variants) };
    unit.origin.date = if words.contains(&"date") {
        value("x-yaddash-date").and_then(|text| text.parse().ok())
    } else {
        dated(&unit.attributes).or_else(|| unit.variants.iter().filter_map(|v| dated(&v.attributes)).max())
    };
    for name in INHERITED.into_iter().chain(["changedate"]).filter(|name| words.contains(name)) {
        unit.attributes.retain(|(own, _)| own != name);
    }
    put_in(&ours, &mut unit.attributes);
    if let Some(prop) = ours.iter().find(|prop| prop.kind == SAID) {
        put_back(prop, &mut unit.notes, &mut unit.props);
    }
    let state = value("x-yaddash-state");
    unit.state = State::ALL.into_iter().find(|s| Some(s.as_str()) == state).unwrap_or_default();
    unit.origin.provenance = match value("x-yaddash-provenance") {
        Some("release") => Provenance::Release,
        Some("edit") => Provenance::Edit,
        _ => Provenance::Import,
    };
    unit.origin.name = value("x-yaddash-origin").unwrap_or_default().to_owned();
    unit.origin.score = value("x-yaddash-score").and_then(|s| s.parse().ok()).filter(|s: &f32| s.is_finite());
}
