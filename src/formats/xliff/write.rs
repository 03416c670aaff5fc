use super::{
    EXPORT, KEPT,
    codes::{Elements, End, Form, Tag, forms},
    is_priority, kept, of_note,
};
use crate::{
    formats::{
        boundary,
        source::legal,
        xml::{escape_attribute, escape_text},
    },
    lang::Language,
    model::{Code, State, Unit, Variant},
};
use std::{
    collections::{HashMap, HashSet},
    io::{self, Write},
};

/// Writes XLIFF 1.2 of one pair of languages, a `trans-unit` for each alternative of the target.
pub struct Writer<W: Write> {
    to: W,
    source: Language,
    target: Language,
    count: usize,
}

/// The first attribute of each is required. [XLIFF 1.2, strict schema]
const ELEMENTS: Elements = &[
    ("g", &["id", "ctype", "clone", "xid", "ts"], true),
    ("mrk", &["mtype", "comment", "ts"], true),
    ("x", &["id", "ctype", "clone", "xid", "equiv-text", "ts"], false),
    ("bx", &["id", "rid", "ctype", "clone", "xid", "equiv-text", "ts"], false),
    ("ex", &["id", "rid", "xid", "equiv-text", "ts"], false),
];

impl<W: Write> Writer<W> {
    pub fn new(mut to: W, source: Language, target: Language) -> io::Result<Writer<W>> {
        writeln!(
            to,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n\
             <file original=\"{EXPORT}\" source-language=\"{source}\" target-language=\"{target}\" datatype=\"plaintext\">\n\
             <header><tool tool-id=\"yaddash\" tool-name=\"yaddash\" tool-version=\"{}\"/></header>\n<body>",
            env!("CARGO_PKG_VERSION")
        )?;
        Ok(Writer { to, source, target, count: 0 })
    }

    pub fn unit(&mut self, unit: &Unit) -> io::Result<()> {
        let side = |language: Language| unit.variants.iter().filter(move |v| v.language == language);
        let Some(source) = side(self.source).next() else { return Ok(()) };
        for target in side(self.target) {
            self.count += 1;
            let mut out = format!("<trans-unit id=\"{}\"", self.count);
            if let Some(tuid) = &unit.tuid {
                attribute("resname", tuid, &mut out);
            }
            let (approved, state) = match unit.state {
                State::Pending => ("no", "needs-review-translation"),
                State::Imported => ("", "translated"),
                State::Approved | State::Published => ("yes", "final"),
            };
            if !approved.is_empty() {
                attribute("approved", approved, &mut out);
            }
            out.push_str(" xml:space=\"preserve\">\n<source>");
            segment(source, &mut out);
            out.push_str(&format!("</source>\n<target state=\"{state}\">"));
            segment(target, &mut out);
            out.push_str("</target>\n");
            about(unit, &mut out);
            out.push_str("</trans-unit>\n");
            self.to.write_all(out.as_bytes())?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.to.write_all(b"</body>\n</file>\n</xliff>\n")?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// The contexts and notes.
fn about(unit: &Unit, out: &mut String) {
    let kept = kept(unit);
    if !kept.is_empty() {
        out.push_str("<context-group purpose=\"information\">");
        for (kind, value) in kept {
            out.push_str("<context");
            attribute("context-type", &format!("{KEPT}{kind}"), out);
            out.push('>');
            escape_text(value, out);
            out.push_str("</context>");
        }
        out.push_str("</context-group>\n");
    }
    for note in &unit.notes {
        let whose = |value: &str| matches!(value, "source" | "target" | "general");
        let attributes = [
            ("xml:lang", of_note(note, &["xml:lang"], |tag| tag.parse::<Language>().is_ok())),
            ("from", of_note(note, &["from", "category"], |_| true)),
            ("priority", of_note(note, &["priority"], is_priority)),
            ("annotates", of_note(note, &["annotates", "appliesTo"], whose)),
        ];
        out.push_str("<note");
        for (name, value) in attributes {
            value.iter().for_each(|value| attribute(name, value, out));
        }
        out.push('>');
        escape_text(&note.text, out);
        out.push_str("</note>\n");
    }
}

pub(super) fn attribute(name: &str, value: &str, out: &mut String) {
    out.push_str(&format!(" {name}=\""));
    escape_attribute(value, out);
    out.push('"');
}

pub(super) fn tag(tag: &Tag, out: &mut String) {
    out.push_str(if tag.end == End::Close { "</" } else { "<" });
    out.push_str(&tag.name);
    tag.attributes.iter().for_each(|(name, value)| attribute(name, value, out));
    out.push_str(if tag.end == End::Empty { "/>" } else { ">" });
}

/// Words, and codes as `each` writes them.
pub(super) fn words(variant: &Variant, out: &mut String, mut each: impl FnMut(usize, &Code, &mut String)) {
    let (text, mut written) = (&variant.text, 0);
    for (n, code) in variant.codes.iter().enumerate() {
        let at = boundary(text, code.at).max(written);
        escape_text(&text[written..at], out);
        written = at;
        each(n, code, out);
    }
    escape_text(&text[written..], out);
}

fn segment(variant: &Variant, out: &mut String) {
    let forms = forms(variant, ELEMENTS, false);
    // What pairs are told by, which each pair has its own of.
    let (mut numbers, mut used) = (HashMap::new(), HashSet::new());
    words(variant, out, |n, code, out| {
        let value = |name: &str| code.attributes.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
        match &forms[n] {
            Form::Tag(found) => tag(found, out),
            Form::Open { id } => {
                let kind = value("type").filter(|kind| !kind.contains(char::is_whitespace));
                out.push_str("<g");
                attribute("id", id, out);
                attribute("ctype", &kind.map_or("x-hi".to_owned(), |kind| format!("x-hi-{kind}")), out);
                out.push('>');
            }
            Form::Close => out.push_str("</g>"),
            // It takes turns with no element of this version.
            Form::Half { .. } | Form::Nothing => {}
            Form::Native { id, pair: Some(pair) } => {
                let number = match n < pair.other {
                    true => {
                        let given = value("i").and_then(|i| i.strip_prefix('r')).filter(|i| !i.is_empty());
                        let number = given.filter(|i| used.insert((*i).to_owned())).unwrap_or(&pair.first).to_owned();
                        used.insert(number.clone());
                        numbers.insert(pair.other, number.clone());
                        number
                    }
                    false => numbers.remove(&n).unwrap_or_else(|| pair.first.clone()),
                };
                let name = if n < pair.other { "bpt" } else { "ept" };
                native(name, &[("id", id), ("rid", &number)], code, out);
            }
            Form::Native { id, pair: None } => match (code.name.as_str(), value("pos")) {
                ("ept", _) | ("it", Some("end")) => native("it", &[("id", id), ("pos", "close")], code, out),
                ("bpt" | "it", _) => native("it", &[("id", id), ("pos", "open")], code, out),
                _ => native("ph", &[("id", id)], code, out),
            },
        }
    });
}

/// A code with its native code and the sub-flows in that.
fn native(name: &str, attributes: &[(&str, &str)], code: &Code, out: &mut String) {
    out.push_str(&format!("<{name}"));
    attributes.iter().for_each(|(name, value)| attribute(name, value, out));
    out.push('>');
    match sub_flows(&code.content) {
        Some(content) => out.push_str(&content),
        None => escape_text(&plain(&code.content), out),
    }
    out.push_str(&format!("</{name}>"));
}

/// Native code with sub-flows as bare `sub`, if it is sound.
fn sub_flows(content: &str) -> Option<String> {
    let mut out = String::new();
    let (mut rest, mut open) = (content, 0usize);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let end = at + rest[at..].find('>')?;
        let tag = &rest[at + 1..end];
        match tag.split_ascii_whitespace().next() {
            Some("sub") if !tag.ends_with('/') => {
                open += 1;
                out.push_str("<sub>");
            }
            Some("/sub") => {
                open = open.checked_sub(1)?;
                out.push_str("</sub>");
            }
            _ => {}
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    let references = out.split('&').skip(1).all(|rest| {
        let name = rest.split_once(';').map(|(name, _)| name);
        matches!(name, Some("amp" | "lt" | "gt" | "quot" | "apos"))
    });
    (open == 0 && references && !out.contains("]]>") && out.chars().all(legal)).then_some(out)
}

/// Native code as it means, without the tags of its sub-flows.
pub(super) fn plain(content: &str) -> String {
    let mut inside = false;
    let kept = content.chars().filter(|c| {
        inside |= *c == '<';
        let keep = !inside;
        inside &= *c != '>';
        keep
    });
    let text: String = kept.collect();
    quick_xml::escape::unescape(&text).map_or_else(|_| text.clone(), |meant| meant.into_owned())
}
