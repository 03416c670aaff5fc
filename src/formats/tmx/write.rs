use super::{
    ATTRIBUTE, CODES, DATES, LANGUAGE, OF_TEXT, SAID, Said, Settings, UNIT_ATTRIBUTES, VARIANT_ATTRIBUTES,
    context::context_of, date, header, plain_tag, written,
};
use crate::{
    formats::{
        Event, boundary, open,
        source::legal,
        xml::{Reader, escape_attribute, escape_text},
    },
    model::{Code, CodeKind, Note, Prop, Provenance, State, Unit, Variant},
};
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Writes a TMX 1.4 that is valid by its DTD, unit by unit.
///
/// Every `bpt` has its `ept` (one left alone goes out as `it`), every tag is one that readers know, dates have the
/// standard's form, and what XML may not hold is left out.
pub struct Writer<W: Write> {
    to: W,
    out: String,
    head: header::Written,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W, settings: &Settings) -> io::Result<Writer<W>> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n");
        out.push_str("<tmx version=\"1.4\">\n");
        let head = header::write(settings, &mut out);
        out.push_str("<body>\n");
        Ok(Writer { to, out, head })
    }

    pub fn unit(&mut self, unit: &Unit) -> io::Result<()> {
        let out = &mut self.out;
        out.push_str("<tu");
        if let Some(tuid) = &unit.tuid {
            attribute("tuid", tuid, out);
        }
        let ours = ours(unit, &self.head, out);
        attributes(&unit.attributes, &UNIT_ATTRIBUTES, out);
        out.push_str(">\n");
        notes_and_props(&unit.notes, &unit.props, out);
        notes_and_props(&[], &ours, out);
        for variant in &unit.variants {
            self::variant(variant, out);
        }
        out.push_str("</tu>\n");
        if self.out.len() > (1 << 16) {
            self.to.write_all(self.out.as_bytes())?;
            self.out.clear();
        }
        Ok(())
    }

    /// The end of the file; gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.push_str("</body>\n</tmx>\n");
        self.to.write_all(self.out.as_bytes())?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// The properties that hold what TMX has no place for; a `changedate` that tells ours is written at once.
fn ours(unit: &Unit, head: &header::Written, out: &mut String) -> Vec<Prop> {
    let mut words = Vec::new();
    let mut props = Vec::new();
    let mut add = |kind: &str, value: String| {
        props.push(Prop { kind: kind.to_owned(), attributes: Vec::new(), value });
    };
    if unit.state != State::default() {
        add("x-yaddash-state", unit.state.as_str().to_owned());
    }
    match unit.origin.provenance {
        Provenance::Import => {}
        Provenance::Release => add("x-yaddash-provenance", "release".to_owned()),
        Provenance::Edit => add("x-yaddash-provenance", "edit".to_owned()),
    }
    if !unit.origin.name.is_empty() {
        add("x-yaddash-origin", unit.origin.name.clone());
    }
    if let Some(score) = unit.origin.score {
        add("x-yaddash-score", score.to_string());
    }
    if unit.origin.date != told_date(unit) {
        words.push("date");
        if let Some(date) = unit.origin.date {
            add("x-yaddash-date", date.to_string());
            if !unit.attributes.iter().any(|(name, _)| name == "changedate") {
                words.push("changedate");
                attribute("changedate", &written(date), out);
            }
        }
    }
    if unit.context != context_of(&unit.props, &unit.variants) {
        words.push("context");
        let context = &unit.context;
        let fields = [
            ("x-yaddash-document", &context.document),
            ("x-yaddash-id", &context.id),
            ("prev", &context.previous),
            ("next", &context.next),
            ("x-context-pre", &context.previous),
            ("x-context-post", &context.next),
        ];
        for (kind, value) in fields {
            if let Some(value) = value {
                add(kind, value.clone());
            }
        }
    }
    for (name, value) in head.lost(&unit.origin.name) {
        let value = if name == "srclang" { source_tag(unit, value) } else { Some(value) };
        if let Some(value) = value.filter(|_| !unit.attributes.iter().any(|(own, _)| own == name)) {
            words.push(name);
            attribute(name, value, out);
        }
    }
    props.extend(unwritten(&unit.attributes, &UNIT_ATTRIBUTES));
    props.extend(said(&unit.notes, &unit.props));
    if words.is_empty() && props.is_empty() {
        return props;
    }
    props.insert(0, Prop { kind: "x-yaddash".to_owned(), attributes: Vec::new(), value: words.join(" ") });
    props
}

/// The tag of the source as the unit's variant has it: of `srclang="en-US"` beside `xml:lang="en"`, Translate Toolkit
/// makes a unit without a source.
fn source_tag<'u>(unit: &'u Unit, told: &'u str) -> Option<&'u str> {
    let language = told.parse().ok();
    match unit.variants.iter().find(|variant| Some(variant.language) == language) {
        Some(variant) => Some(tag(variant)),
        None => (told == "*all*").then_some(told),
    }
}

/// The date a reader takes from the unit's own attributes.
pub(in crate::formats) fn told_date(unit: &Unit) -> Option<jiff::Timestamp> {
    let dated = |attributes: &[(String, String)]| {
        let get = |name: &str| attributes.iter().find(|(n, _)| n == name).and_then(|(_, v)| date(v));
        get("changedate").or_else(|| get("creationdate"))
    };
    dated(&unit.attributes).or_else(|| unit.variants.iter().filter_map(|v| dated(&v.attributes)).max())
}

pub(super) fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_attribute(value, out);
    out.push('"');
}

/// Those the DTD allows, each once, with values the standard allows.
pub(super) fn attributes(list: &[(String, String)], allowed: &[&str], out: &mut String) {
    for at in 0..list.len() {
        if let Some(value) = as_written(list, at, allowed) {
            attribute(&list[at].0, &value, out);
        }
    }
}

/// The value with which an attribute goes out, if it does.
fn as_written<'a>(list: &'a [(String, String)], at: usize, allowed: &[&str]) -> Option<Cow<'a, str>> {
    let (name, value) = &list[at];
    if !allowed.contains(&name.as_str()) || list[..at].iter().any(|(n, _)| n == name) {
        return None;
    }
    match name.as_str() {
        name if DATES.contains(&name) => date(value).map(|date| written(date).into()),
        "usagecount" if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) => None,
        "segtype" if !header::is_segtype(value) => None,
        _ => Some(value.into()),
    }
}

/// Properties for the attributes that go out otherwise than they are, or not at all.
fn unwritten(list: &[(String, String)], allowed: &[&str]) -> Vec<Prop> {
    let told = |at: usize| as_written(list, at, allowed).as_deref() == Some(list[at].1.as_str());
    // Of one that is there twice, both: the reader takes all of the name out first.
    let twice = |at: usize| list.iter().filter(|(name, _)| *name == list[at].0).count() > 1;
    (0..list.len())
        .filter(|at| !told(*at) || twice(*at))
        .map(|at| Prop {
            kind: ATTRIBUTE.to_owned(),
            attributes: Vec::new(),
            value: format!("{at} {}={}", list[at].0, list[at].1),
        })
        .collect()
}

/// A property for notes and properties of which one has an attribute that does not go out.
fn said(notes: &[Note], props: &[Prop]) -> Option<Prop> {
    let mut lists = notes.iter().map(|note| &note.attributes).chain(props.iter().map(|prop| &prop.attributes));
    let told = |list: &Vec<(String, String)>| (0..list.len()).all(|at| as_written(list, at, &OF_TEXT).is_some());
    if lists.all(told) {
        return None;
    }
    let value = serde_json::to_string(&Said { notes: notes.into(), props: props.into() }).ok()?;
    Some(Prop { kind: SAID.to_owned(), attributes: Vec::new(), value })
}

pub(super) fn notes_and_props(notes: &[Note], props: &[Prop], out: &mut String) {
    for note in notes {
        out.push_str("<note");
        attributes(&note.attributes, &OF_TEXT, out);
        out.push('>');
        escape_text(&note.text, out);
        out.push_str("</note>\n");
    }
    for prop in props {
        out.push_str("<prop");
        attribute("type", &prop.kind, out);
        attributes(&prop.attributes, &OF_TEXT, out);
        out.push('>');
        escape_text(&prop.value, out);
        out.push_str("</prop>\n");
    }
}

fn variant(variant: &Variant, out: &mut String) {
    out.push_str("<tuv");
    let tag = tag(variant);
    attribute("xml:lang", tag, out);
    attributes(&variant.attributes, VARIANT_ATTRIBUTES, out);
    out.push('>');
    notes_and_props(&variant.notes, &variant.props, out);
    let mut ours = unwritten(&variant.attributes, VARIANT_ATTRIBUTES);
    ours.extend(said(&variant.notes, &variant.props));
    let mut add = |kind: &str, value: String| ours.push(Prop { kind: kind.to_owned(), attributes: Vec::new(), value });
    if let Some(own) = variant.tag.as_ref().filter(|own| *own != tag) {
        add(LANGUAGE, own.clone());
    }
    if !exact(&variant.text, &variant.codes)
        && let Ok(json) = serde_json::to_string(&variant.codes)
    {
        add(CODES, json);
    }
    notes_and_props(&[], &ours, out);
    out.push_str("<seg>");
    segment(&variant.text, &variant.codes, out);
    out.push_str("</seg></tuv>\n");
}

/// The tag as the file spelled it where readers know it so, else the plain one.
fn tag(variant: &Variant) -> &str {
    let plain = |tag: &str| plain_tag(tag) && tag.parse() == Ok(variant.language);
    variant.tag.as_deref().filter(|tag| plain(tag)).unwrap_or(variant.language.as_str())
}

/// Whether the codes go out as they are: elements of the standard with its attributes, pairs whole and nested, native
/// code that may stand there.
fn exact(text: &str, codes: &[Code]) -> bool {
    let (mut open, mut last) = (0usize, 0);
    let paired = paired(codes);
    let fine = codes.iter().zip(paired).all(|(code, paired)| {
        let placed = code.at >= last && text.is_char_boundary(code.at);
        last = code.at;
        let (allowed, needed): (&[&str], bool) = match (code.kind, code.name.as_str()) {
            (CodeKind::Open, "hi") => {
                open += 1;
                (&["x", "type"], true)
            }
            (CodeKind::Close, "hi") => {
                let begun = open > 0;
                open = open.saturating_sub(1);
                (&[], begun)
            }
            (CodeKind::Alone, "bpt") => (&["i", "x", "type"], paired),
            (CodeKind::Alone, "ept") => (&["i"], paired),
            (CodeKind::Alone, "it") => (&["pos", "x", "type"], pos(code).is_some()),
            (CodeKind::Alone, "ut") => (&["x"], true),
            (CodeKind::Alone, "ph") => (&["x", "type", "assoc"], true),
            _ => (&[], false),
        };
        let plain = code.kind == CodeKind::Alone || code.content.is_empty();
        let told = |at: usize| as_written(&code.attributes, at, allowed).is_some();
        placed && needed && plain && (0..code.attributes.len()).all(told) && sound(&code.content)
    });
    fine && open == 0
}

/// Words and codes of a segment as its content.
fn segment(text: &str, codes: &[Code], out: &mut String) {
    if codes.is_empty() {
        return escape_text(text, out);
    }
    let paired = paired(codes);
    let mut highlights = 0usize;
    let mut written = 0;
    for (code, paired) in codes.iter().zip(paired) {
        let at = boundary(text, code.at.max(written));
        escape_text(&text[written.min(at)..at], out);
        written = written.max(at);
        match (code.kind, code.name.as_str()) {
            (CodeKind::Open, _) => {
                highlights += 1;
                out.push_str("<hi");
                attributes(&code.attributes, &["x", "type"], out);
                out.push('>');
            }
            (CodeKind::Close, _) if highlights > 0 => {
                highlights -= 1;
                out.push_str("</hi>");
            }
            (CodeKind::Close, _) => {}
            (CodeKind::Alone, "bpt") if paired => element("bpt", &["i", "x", "type"], None, code, out),
            (CodeKind::Alone, "ept") if paired => element("ept", &["i"], None, code, out),
            (CodeKind::Alone, "bpt") => element("it", &["x", "type"], Some("begin"), code, out),
            (CodeKind::Alone, "ept") => element("it", &["x", "type"], Some("end"), code, out),
            (CodeKind::Alone, "it") => match pos(code) {
                Some(_) => element("it", &["pos", "x", "type"], None, code, out),
                None => element("it", &["x", "type"], Some("begin"), code, out),
            },
            (CodeKind::Alone, "ut") => element("ut", &["x"], None, code, out),
            (CodeKind::Alone, _) => element("ph", &["x", "type", "assoc"], None, code, out),
        }
    }
    escape_text(&text[written..], out);
    out.push_str(&"</hi>".repeat(highlights));
}

/// Whether an isolated code begins or ends something, if it says so.
fn pos(code: &Code) -> Option<&str> {
    let value = code.attributes.iter().find(|(name, _)| name == "pos").map(|(_, value)| value.as_str());
    value.filter(|value| matches!(*value, "begin" | "end"))
}

fn element(name: &str, allowed: &[&str], pos: Option<&str>, code: &Code, out: &mut String) {
    out.push('<');
    out.push_str(name);
    if let Some(pos) = pos {
        attribute("pos", pos, out);
    }
    attributes(&code.attributes, allowed, out);
    if code.content.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    if sound(&code.content) {
        out.push_str(&code.content)
    } else {
        escape_text(&code.content, out)
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Which of the codes are a `bpt` with its own number and a later `ept` with the same, or such an `ept`.
fn paired(codes: &[Code]) -> Vec<bool> {
    let mut paired = vec![false; codes.len()];
    let number = |code: &Code| code.attributes.iter().find(|(name, _)| name == "i").map(|(_, value)| value.clone());
    let mut open = std::collections::HashMap::new();
    for (at, code) in codes.iter().enumerate().filter(|(_, c)| c.kind == CodeKind::Alone) {
        let Some(i) = number(code) else { continue };
        match code.name.as_str() {
            "bpt" => {
                open.entry(i).or_insert(Some(at));
            }
            "ept" => {
                if let Some(begin) = open.get_mut(&i).and_then(Option::take) {
                    paired[begin] = true;
                    paired[at] = true;
                }
            }
            _ => {}
        }
    }
    paired
}

/// Native code that may stand in a code element as it is: text with sound references and `sub` elements.
fn sound(content: &str) -> bool {
    if content.contains("]]>") || !content.chars().all(legal) {
        return false;
    }
    if !content.contains('<') {
        let known = |reference: &str| {
            let name = reference.split_once(';').map(|(name, _)| name);
            matches!(name, Some("amp" | "lt" | "gt" | "quot" | "apos"))
        };
        return content.split('&').skip(1).all(known);
    }
    let xml = format!("<x>{content}</x>");
    let Some(source) = open(xml.as_bytes()).ok().and_then(|file| file.source().ok()) else { return false };
    let mut reader = Reader::new(source);
    let mut inside = Vec::<String>::new();
    loop {
        match reader.next() {
            Ok(Event::Start) => {
                let name = reader.name().to_owned();
                let allowed: Option<&[&str]> = match (inside.last().map(String::as_str), name.as_str()) {
                    (None, "x") => Some(&[]),
                    (Some("x" | "bpt" | "ept" | "it" | "ph" | "ut"), "sub") => Some(&["datatype", "type"]),
                    (Some("sub" | "hi"), "bpt") => Some(&["i", "x", "type"]),
                    (Some("sub" | "hi"), "ept") => Some(&["i"]),
                    (Some("sub" | "hi"), "hi") => Some(&["x", "type"]),
                    (Some("sub" | "hi"), "it") => Some(&["pos", "x", "type"]),
                    (Some("sub" | "hi"), "ph") => Some(&["x", "type", "assoc"]),
                    (Some("sub" | "hi"), "ut") => Some(&["x"]),
                    _ => None,
                };
                let has = |wanted: &str| reader.attribute(wanted).is_some();
                let complete = match name.as_str() {
                    "bpt" | "ept" => has("i"),
                    "it" => matches!(reader.attribute("pos"), Some("begin" | "end")),
                    _ => true,
                };
                let Some(allowed) = allowed else { return false };
                if !complete || reader.attributes().any(|(name, _)| !allowed.contains(&name)) {
                    return false;
                }
                inside.push(name);
            }
            Ok(Event::End) => {
                inside.pop();
            }
            Ok(Event::Text) => {}
            Ok(Event::Eof) => return true,
            Err(_) => return false,
        }
    }
}
