//! XLIFF 2.1. [OASIS, XLIFF 2.1, 2018]

use super::{
    EXPORT,
    codes::{Elements, Form, forms},
    is_priority, kept, of_note,
    write::{attribute, plain, tag, words},
};
use crate::{
    formats::xml::escape_text,
    lang::Language,
    model::{State, Unit, Variant},
};
use std::{
    collections::HashMap,
    io::{self, Write},
};

/// Writes XLIFF 2.1 of one pair of languages, a `unit` of one segment for each alternative of the target.
pub struct Writer<W: Write> {
    to: W,
    source: Language,
    target: Language,
    count: usize,
}

/// The first attribute of each is required.
const ELEMENTS: Elements = &[
    (
        "pc",
        &[
            "id",
            "canCopy",
            "canDelete",
            "canOverlap",
            "canReorder",
            "dir",
            "dispEnd",
            "dispStart",
            "equivEnd",
            "equivStart",
            "subType",
            "type",
        ],
        true,
    ),
    ("mrk", &["id", "translate", "type", "value"], true),
    ("ph", &["id", "canCopy", "canDelete", "canReorder", "disp", "equiv", "subType", "type"], false),
    (
        "sc",
        &[
            "id",
            "canCopy",
            "canDelete",
            "canOverlap",
            "canReorder",
            "dir",
            "disp",
            "equiv",
            "isolated",
            "subType",
            "type",
        ],
        false,
    ),
    (
        "ec",
        &["startRef", "canCopy", "canDelete", "canOverlap", "canReorder", "disp", "equiv", "subType", "type"],
        false,
    ),
    ("cp", &["hex"], false),
    ("sm", &["id", "translate", "type", "value"], false),
    ("em", &["startRef"], false),
];

/// Native code of a unit, each once.
#[derive(Default)]
struct Data {
    written: String,
    known: HashMap<String, String>,
}

impl Data {
    fn id(&mut self, content: &str) -> String {
        let content = plain(content);
        if let Some(id) = self.known.get(&content) {
            return id.clone();
        }
        let id = format!("d{}", self.known.len() + 1);
        self.written.push_str(&format!("<data id=\"{id}\">"));
        escape_text(&content, &mut self.written);
        self.written.push_str("</data>");
        self.known.insert(content, id.clone());
        id
    }
}

impl<W: Write> Writer<W> {
    pub fn new(mut to: W, source: Language, target: Language) -> io::Result<Writer<W>> {
        writeln!(
            to,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <xliff version=\"2.1\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" \
             xmlns:mda=\"urn:oasis:names:tc:xliff:metadata:2.0\" srcLang=\"{source}\" trgLang=\"{target}\">\n\
             <file id=\"f1\" original=\"{EXPORT}\">"
        )?;
        Ok(Writer { to, source, target, count: 0 })
    }

    pub fn unit(&mut self, unit: &Unit) -> io::Result<()> {
        let side = |language: Language| unit.variants.iter().filter(move |v| v.language == language);
        let Some(source) = side(self.source).next() else { return Ok(()) };
        for target in side(self.target) {
            self.count += 1;
            let mut data = Data::default();
            let state = match unit.state {
                State::Pending => "initial",
                State::Imported => "translated",
                State::Approved | State::Published => "final",
            };
            let mut texts = format!("<segment id=\"s1\" state=\"{state}\">\n<source>");
            segment(source, &mut data, &mut texts);
            texts.push_str("</source>\n<target>");
            segment(target, &mut data, &mut texts);
            texts.push_str("</target>\n</segment>\n</unit>\n");
            let mut out = format!("<unit id=\"u{}\"", self.count);
            if let Some(tuid) = &unit.tuid {
                attribute("name", tuid, &mut out);
            }
            out.push_str(" xml:space=\"preserve\">\n");
            about(unit, &mut out);
            if !data.written.is_empty() {
                out.push_str(&format!("<originalData>{}</originalData>\n", data.written));
            }
            out.push_str(&texts);
            self.to.write_all(out.as_bytes())?;
        }
        Ok(())
    }

    /// A file needs a unit: without any, the document has none either.
    pub fn finish(mut self) -> io::Result<W> {
        if self.count == 0 {
            self.to.write_all(b"<group id=\"g1\"/>\n")?;
        }
        self.to.write_all(b"</file>\n</xliff>\n")?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// Metadata and notes.
fn about(unit: &Unit, out: &mut String) {
    let kept = kept(unit);
    if !kept.is_empty() {
        out.push_str("<mda:metadata><mda:metaGroup>");
        for (kind, value) in kept {
            out.push_str("<mda:meta");
            attribute("type", &kind, out);
            out.push('>');
            escape_text(value, out);
            out.push_str("</mda:meta>");
        }
        out.push_str("</mda:metaGroup></mda:metadata>\n");
    }
    if unit.notes.is_empty() {
        return;
    }
    out.push_str("<notes>");
    for note in &unit.notes {
        let attributes = [
            ("appliesTo", of_note(note, &["appliesTo", "annotates"], |whose| matches!(whose, "source" | "target"))),
            ("category", of_note(note, &["category", "from"], |_| true)),
            ("priority", of_note(note, &["priority"], is_priority)),
        ];
        out.push_str("<note");
        for (name, value) in attributes {
            value.iter().for_each(|value| attribute(name, value, out));
        }
        out.push('>');
        escape_text(&note.text, out);
        out.push_str("</note>");
    }
    out.push_str("</notes>\n");
}

fn segment(variant: &Variant, data: &mut Data, out: &mut String) {
    let forms = forms(variant, ELEMENTS, true);
    words(variant, out, |n, code, out| {
        let value = |name: &str| code.attributes.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
        let mut element = |name: &str, attributes: &[(&str, &str)], end: &str| {
            out.push_str(&format!("<{name}"));
            attributes.iter().for_each(|(name, value)| attribute(name, value, out));
            out.push_str(end);
        };
        let kept = |data: &mut Data| data.id(&code.content);
        match &forms[n] {
            Form::Tag(found) => tag(found, out),
            Form::Open { id } => match value("type") {
                Some(kind) => element("mrk", &[("id", id), ("type", "yaddash:hi"), ("value", kind)], ">"),
                None => element("mrk", &[("id", id), ("type", "yaddash:hi")], ">"),
            },
            Form::Close => out.push_str("</mrk>"),
            Form::Half { id, opens: true } => {
                let kind = [("value", value("type").unwrap_or_default())];
                let attributes = [("id", id.as_str()), ("type", "yaddash:hi")];
                let kind = kind.into_iter().filter(|(_, kind)| !kind.is_empty());
                element("sm", &attributes.into_iter().chain(kind).collect::<Vec<_>>(), "/>");
            }
            Form::Half { id, .. } => element("em", &[("startRef", id)], "/>"),
            Form::Nothing => {}
            Form::Native { id, pair: Some(pair) } => match (pair.nested, n < pair.other) {
                (true, true) => {
                    let (start, end) = (kept(data), data.id(&variant.codes[pair.other].content));
                    element("pc", &[("id", id), ("dataRefStart", &start), ("dataRefEnd", &end)], ">");
                }
                (true, false) => out.push_str("</pc>"),
                (false, true) => element("sc", &[("id", id), ("dataRef", &kept(data))], "/>"),
                (false, false) => element("ec", &[("startRef", &pair.first), ("dataRef", &kept(data))], "/>"),
            },
            Form::Native { id, pair: None } => {
                let isolated = [("id", id.as_str()), ("isolated", "yes"), ("dataRef", &kept(data))];
                match (code.name.as_str(), value("pos")) {
                    ("ept", _) | ("it", Some("end")) => element("ec", &isolated, "/>"),
                    ("bpt" | "it", _) => element("sc", &isolated, "/>"),
                    _ => element("ph", &[("id", id), ("dataRef", &kept(data))], "/>"),
                }
            }
        }
    });
}
