use super::FORBIDDEN;
use crate::{
    formats::xml::{escape_attribute, escape_text},
    lang::{Language, forms::Grammar},
    model::{Concept, Status, Term},
};
use std::{
    collections::HashSet,
    io::{self, Write},
};

/// Writes TBX version 2, concept by concept: the version that OmegaT and translate-toolkit read.
pub struct Writer<W: Write> {
    to: W,
    ids: HashSet<String>,
}

impl<W: Write> Writer<W> {
    pub fn new(mut to: W) -> io::Result<Writer<W>> {
        to.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE martif SYSTEM \"TBXcoreStructV02.dtd\">\n\
              <martif type=\"TBX\" xml:lang=\"en\">\n<martifHeader><fileDesc><sourceDesc><p>Exported by yaddash</p>\
              </sourceDesc></fileDesc></martifHeader>\n<text><body>\n",
        )?;
        Ok(Writer { to, ids: HashSet::new() })
    }

    /// A concept without terms is left out: an entry needs a language.
    pub fn concept(&mut self, concept: &Concept) -> io::Result<()> {
        let mut languages: Vec<Language> = Vec::new();
        for term in &concept.terms {
            if !languages.contains(&term.language) {
                languages.push(term.language);
            }
        }
        if languages.is_empty() {
            return Ok(());
        }
        let mut out = String::new();
        let id = self.xml_id(&concept.id);
        out.push_str(&format!("<termEntry id=\"{id}\">\n"));
        if id != concept.id {
            element("admin", "x-yaddash-id", &concept.id, &mut out);
        }
        for (category, value) in [("subjectField", &concept.domain), ("definition", &concept.definition)] {
            if let Some(value) = value {
                element("descrip", category, value, &mut out);
            }
        }
        if let Some(note) = &concept.note {
            plain("note", note, &mut out);
        }
        if concept.do_not_translate {
            element("admin", "x-yaddash-flag", "do-not-translate", &mut out);
        }
        for language in languages {
            out.push_str(&format!("<langSet xml:lang=\"{language}\">\n"));
            for (_, phrase) in concept.exceptions.iter().filter(|(l, _)| *l == language) {
                element("descrip", "x-yaddash-exception", phrase, &mut out);
            }
            concept.terms_in(language).for_each(|term| self::term(term, &mut out));
            out.push_str("</langSet>\n");
        }
        out.push_str("</termEntry>\n");
        self.to.write_all(out.as_bytes())
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.to.write_all(b"</body></text>\n</martif>\n")?;
        self.to.flush()?;
        Ok(self.to)
    }

    /// `id` as an XML id that was not given before: letters, digits, `-`, `_`, `.`; no digit first.
    fn xml_id(&mut self, id: &str) -> String {
        let mut out: String = id
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
            .collect();
        if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            out.insert_str(0, "c_");
        }
        let base = out.clone();
        let mut n = 2;
        while !self.ids.insert(out.clone()) {
            out = format!("{base}-{n}");
            n += 1;
        }
        out
    }
}

fn term(term: &Term, out: &mut String) {
    out.push_str("<tig>");
    plain("term", &term.text, out);
    let status = match term.status {
        Status::Preferred => Some("preferredTerm-admn-sts"),
        Status::Admitted => Some("admittedTerm-admn-sts"),
        Status::Deprecated => Some("supersededTerm-admn-sts"),
        Status::Forbidden => Some("deprecatedTerm-admn-sts"),
        Status::Proposed => None,
    };
    match status {
        Some(status) => element("termNote", "administrativeStatus", status, out),
        None => element("termNote", "x-yaddash-status", "proposed", out),
    }
    if term.abbreviation {
        element("termNote", "termType", "acronym", out);
    }
    let Grammar { indeclinable, head, izafet, reading, forms } = &term.grammar;
    for (set, flag) in [
        (term.case_sensitive, "case-sensitive"),
        (*indeclinable, "indeclinable"),
        (*izafet == Some(true), "izafet"),
        (*izafet == Some(false), "no-izafet"),
    ] {
        if set {
            element("termNote", "x-yaddash-flag", flag, out);
        }
    }
    for (category, value) in [("x-yaddash-head", head), ("x-yaddash-reading", reading)] {
        if let Some(value) = value {
            element("termNote", category, value, out);
        }
    }
    for form in forms {
        element("termNote", "x-yaddash-form", form, out);
    }
    if term.status == Status::Forbidden {
        plain("note", FORBIDDEN, out);
    }
    out.push_str("</tig>\n");
}

fn element(name: &str, category: &str, value: &str, out: &mut String) {
    out.push_str(&format!("<{name} type=\""));
    escape_attribute(category, out);
    out.push_str("\">");
    escape_text(value, out);
    out.push_str(&format!("</{name}>\n"));
}

fn plain(name: &str, value: &str, out: &mut String) {
    out.push_str(&format!("<{name}>"));
    escape_text(value, out);
    out.push_str(&format!("</{name}>\n"));
}
