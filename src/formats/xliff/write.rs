use crate::{
    formats::{
        source::legal,
        xml::{escape_attribute, escape_text},
    },
    lang::Language,
    model::{Code, CodeKind, State, Unit, Variant},
};
use std::{
    collections::HashMap,
    io::{self, Write},
};

/// Writes XLIFF 1.2 of one pair of languages, a `trans-unit` for each alternative of the target.
pub struct Writer<W: Write> {
    to: W,
    source: Language,
    target: Language,
    count: usize,
}

impl<W: Write> Writer<W> {
    pub fn new(mut to: W, source: Language, target: Language) -> io::Result<Writer<W>> {
        writeln!(
            to,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n\
             <file original=\"yaddash\" source-language=\"{source}\" target-language=\"{target}\" datatype=\"plaintext\">\n\
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
            for note in &unit.notes {
                out.push_str("<note>");
                escape_text(&note.text, &mut out);
                out.push_str("</note>\n");
            }
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

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push_str(&format!(" {name}=\""));
    escape_attribute(value, out);
    out.push('"');
}

/// Words and codes. Codes go out with ids of their own, pairs with the same `rid`; a highlight becomes `g`.
fn segment(variant: &Variant, out: &mut String) {
    let (text, mut written, mut highlights) = (&variant.text, 0, 0usize);
    let mut pairs = HashMap::new();
    for (n, code) in variant.codes.iter().enumerate() {
        let id = n + 1;
        let at = text.floor_char_boundary(code.at.max(written));
        escape_text(&text[written.min(at)..at], out);
        written = at.max(written);
        let number = code.attributes.iter().find(|(name, _)| name == "i").map(|(_, value)| value.as_str());
        let pos = code.attributes.iter().find(|(name, _)| name == "pos").map(|(_, value)| value.as_str());
        match (code.kind, code.name.as_str()) {
            (CodeKind::Open, _) => {
                highlights += 1;
                out.push_str(&format!("<g id=\"{id}\">"));
            }
            (CodeKind::Close, _) if highlights > 0 => {
                highlights -= 1;
                out.push_str("</g>");
            }
            (CodeKind::Close, _) => {}
            (CodeKind::Alone, name @ ("bpt" | "ept")) => {
                let rid = *pairs.entry(number).or_insert(id);
                native(&format!("{name} id=\"{id}\" rid=\"{rid}\""), name, code, out);
            }
            (CodeKind::Alone, "it") => {
                let pos = if pos == Some("end") { "close" } else { "open" };
                native(&format!("it id=\"{id}\" pos=\"{pos}\""), "it", code, out);
            }
            (CodeKind::Alone, _) => native(&format!("ph id=\"{id}\""), "ph", code, out),
        }
    }
    escape_text(&text[written..], out);
    out.push_str(&"</g>".repeat(highlights));
}

fn native(start: &str, name: &str, code: &Code, out: &mut String) {
    out.push_str(&format!("<{start}>"));
    // A sub-flow's tags are TMX's own: its text alone goes out.
    let mut inside = false;
    let plain: String = code
        .content
        .chars()
        .filter(|c| {
            inside |= *c == '<';
            let keep = !inside && legal(*c);
            inside &= *c != '>';
            keep
        })
        .collect();
    let sound = plain.split('&').skip(1).all(|rest| {
        let name = rest.split_once(';').map(|(name, _)| name);
        matches!(name, Some("amp" | "lt" | "gt" | "quot" | "apos"))
    });
    if sound && !plain.contains("]]>") {
        out.push_str(&plain)
    } else {
        escape_text(&plain, out)
    }
    out.push_str(&format!("</{name}>"));
}
