//! Writing concepts as TBX of either version.

use super::{
    CORE_NAMESPACE, Dialect, FORBIDDEN, Form, KEPT, MODULES, OURS, Style,
    categories::{Level, may_hold, may_say},
    element, status, status_name,
};
use crate::{
    lang::{Language, forms::Grammar},
    model::{Concept, Content, Element, Kept, Period, Status, Term},
};
use std::{
    collections::HashSet,
    io::{self, Write},
};

/// Writes a TBX, concept by concept.
pub struct Writer<W: Write> {
    to: W,
    form: Form,
    ids: HashSet<String>,
}

impl<W: Write> Writer<W> {
    pub fn new(mut to: W, form: Form) -> io::Result<Writer<W>> {
        to.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        match form {
            Form::V2 => to.write_all(
                b"<!DOCTYPE martif SYSTEM \"TBXcoreStructV02.dtd\">\n\
                  <martif type=\"TBX\" xml:lang=\"en\">\n<martifHeader><fileDesc><sourceDesc><p>Exported by yaddash</p>\
                  </sourceDesc></fileDesc></martifHeader>\n<text><body>\n",
            )?,
            Form::V3 { dialect, style } => {
                let dialect = dialect.unwrap_or(Dialect::Basic);
                let (style, modules) = match style {
                    Style::Dca => ("dca", &[][..]),
                    Style::Dct => ("dct", &[Dialect::Min, Dialect::Basic][..]),
                };
                let modules = modules.iter().filter(|module| **module <= dialect).map(|module| module.module());
                let modules: String = modules.map(|module| format!(" xmlns:{module}=\"{MODULES}{module}\"")).collect();
                write!(
                    to,
                    "<tbx type=\"{}\" style=\"{style}\" xml:lang=\"en\" xmlns=\"{CORE_NAMESPACE}\"{modules}>\n\
                     <tbxHeader><fileDesc><sourceDesc><p>Exported by yaddash</p></sourceDesc></fileDesc></tbxHeader>\n\
                     <text><body>\n",
                    dialect.name()
                )?;
            }
        }
        Ok(Writer { to, form, ids: HashSet::new() })
    }

    /// A concept without terms is left out: an entry needs a language.
    pub fn concept(&mut self, concept: &Concept) -> io::Result<()> {
        if concept.terms.is_empty() {
            return Ok(());
        }
        let id = xml_id(&concept.id, &mut self.ids);
        let entry = Entry { form: self.form, own_file: false, ids: &mut self.ids };
        self.to.write_all(entry.written(&id, concept).as_bytes())
    }

    pub fn finish(mut self) -> io::Result<W> {
        let end = if self.form == Form::V2 { "martif" } else { "tbx" };
        writeln!(self.to, "</body></text>\n</{end}>")?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// `id` as an XML id that was not given before: letters, digits, `-`, `_`, `.`; no digit first.
pub(super) fn xml_id(id: &str, given: &mut HashSet<String>) -> String {
    let mut out: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        out.insert_str(0, "c_");
    }
    let base = out.clone();
    let mut n = 2;
    while !given.insert(out.clone()) {
        out = format!("{base}-{n}");
        n += 1;
    }
    out
}

/// How one entry is written.
pub(super) struct Entry<'i> {
    pub form: Form,
    /// It takes the place of what stood in the same file: what was kept of that may stand again.
    pub own_file: bool,
    pub ids: &'i mut HashSet<String>,
}

/// What stands in a section beside its parts: notes on the term go first.
#[derive(Default)]
struct Section {
    term_notes: String,
    rest: String,
}

impl Entry<'_> {
    pub fn written(mut self, id: &str, concept: &Concept) -> String {
        let v2 = self.form == Form::V2;
        let (entry, section, term) =
            if v2 { ("termEntry", "langSet", "tig") } else { ("conceptEntry", "langSec", "termSec") };
        let namespace = if self.own_file && !v2 { format!(" xmlns=\"{CORE_NAMESPACE}\"") } else { String::new() };
        let mut out = format!("<{entry} id=\"{id}\"{namespace}>\n{}", self.of_concept(id, concept));
        for language in concept.languages() {
            out.push_str(&format!("<{section} xml:lang=\"{language}\">\n{}", self.of_language(language, concept)));
            for given in concept.terms_in(language) {
                self.term(term, given, &mut out);
            }
            out.push_str(&format!("</{section}>\n"));
        }
        out.push_str(&format!("</{entry}>\n"));
        out
    }

    fn of_concept(&mut self, id: &str, concept: &Concept) -> String {
        let mut out = Section::default();
        if id != concept.id {
            self.say(Level::Concept, "admin", "x-yaddash-id", &concept.id, &mut out);
        }
        for domain in concept.domains() {
            self.say(Level::Concept, "descrip", "subjectField", domain, &mut out);
        }
        match (&concept.definition, &concept.source) {
            (Some(definition), Some(source))
                if may_say(self.form, Level::Concept, "descrip", "definition", definition) =>
            {
                out.rest.push_str("<descripGrp>");
                self.say(Level::Concept, "descrip", "definition", definition, &mut out);
                self.say(Level::Concept, "admin", "source", source, &mut out);
                out.rest.truncate(out.rest.trim_end().len());
                out.rest.push_str("</descripGrp>\n");
            }
            (definition, source) => {
                for (meta, category, value) in [("descrip", "definition", definition), ("admin", "source", source)] {
                    if let Some(value) = value {
                        self.say(Level::Concept, meta, category, value, &mut out);
                    }
                }
            }
        }
        if let Some(note) = &concept.note {
            plain("note", note, &mut out.rest);
        }
        self.dates(Level::Concept, "admin", concept.valid, &mut out);
        if concept.do_not_translate {
            self.say(Level::Concept, "admin", "x-yaddash-flag", "do-not-translate", &mut out);
        }
        let languages = concept.languages();
        for Kept { language, element } in &concept.kept {
            match language {
                None => self.keep(Level::Concept, element, &mut out),
                Some(language) if !languages.contains(language) => {
                    let section = Element {
                        name: "langSet".to_owned(),
                        attributes: vec![("xml:lang".to_owned(), language.to_string())],
                        content: vec![Content::Element(element.clone())],
                    };
                    self.in_note(&section, &mut out);
                }
                Some(_) => {}
            }
        }
        out.rest
    }

    fn of_language(&mut self, language: Language, concept: &Concept) -> String {
        let mut out = Section::default();
        for (_, phrase) in concept.exceptions.iter().filter(|(l, _)| *l == language) {
            self.say(Level::Language, "descrip", "x-yaddash-exception", phrase, &mut out);
        }
        for kept in concept.kept.iter().filter(|kept| kept.language == Some(language)) {
            self.keep(Level::Language, &kept.element, &mut out);
        }
        out.rest
    }

    fn term(&mut self, name: &str, term: &Term, to: &mut String) {
        let mut out = Section::default();
        let remarks = term.remarks();
        let kept = |category: &str| {
            remarks.kept.iter().map(|kept| &kept.element).find(|e| e.attribute("type") == Some(category))
        };
        let own_status = kept("administrativeStatus").filter(|e| status(&e.text()) == Some(term.status));
        match status_name(term.status) {
            // The status in the words of another tool stands among what is kept.
            _ if own_status.is_some() => {}
            Some(name) => self.say(Level::Term, "termNote", "administrativeStatus", name, &mut out),
            None => self.say(Level::Term, "termNote", "x-yaddash-status", "proposed", &mut out),
        }
        if term.abbreviation && kept("termType").is_none() {
            self.say(Level::Term, "termNote", "termType", "acronym", &mut out);
        }
        let Grammar { indeclinable, head, izafet, reading, forms } = &term.grammar;
        for (set, flag) in [
            (term.case_sensitive, "case-sensitive"),
            (*indeclinable, "indeclinable"),
            (*izafet == Some(true), "izafet"),
            (*izafet == Some(false), "no-izafet"),
        ] {
            if set {
                self.say(Level::Term, "termNote", "x-yaddash-flag", flag, &mut out);
            }
        }
        for (category, value) in [("x-yaddash-head", head), ("x-yaddash-reading", reading)] {
            if let Some(value) = value {
                self.say(Level::Term, "termNote", category, value, &mut out);
            }
        }
        for form in forms {
            self.say(Level::Term, "termNote", "x-yaddash-form", form, &mut out);
        }
        self.dates(Level::Term, "termNote", term.valid, &mut out);
        if term.status == Status::Forbidden {
            plain("note", FORBIDDEN, &mut out.rest);
        }
        if let Some(note) = &remarks.note {
            plain("note", note, &mut out.rest);
        }
        for (meta, category, value) in [("descrip", "context", &remarks.context), ("admin", "source", &remarks.source)]
        {
            if let Some(value) = value {
                self.say(Level::Term, meta, category, value, &mut out);
            }
        }
        let mut id = None;
        for Kept { element, .. } in &remarks.kept {
            let category = element.attribute("type");
            let stale = category == Some("administrativeStatus") && own_status.is_none()
                || category == Some("normativeAuthorization")
                    && status(&element.text()).is_some_and(|s| s != term.status)
                || category == Some("termType") && !term.abbreviation && is_abbreviation(&element.text());
            match element.name.as_str() {
                "id" if self.own_file || self.ids.insert(element.text()) => id = Some(element.text()),
                "id" => {}
                _ if stale => {}
                _ => self.keep(Level::Term, element, &mut out),
            }
        }
        // Version 2 has groups of notes in its longer form of a term only.
        let long = self.form == Form::V2
            && ["<termNoteGrp", "<termCompList"].iter().any(|group| out.term_notes.contains(group));
        let (name, group) = if long { ("ntig", "termGrp") } else { (name, "") };
        to.push_str(&format!("<{name}"));
        if let Some(id) = id {
            attribute("id", &id, to);
        }
        to.push('>');
        if long {
            to.push_str(&format!("<{group}>"));
        }
        plain("term", &term.text, to);
        to.push_str(&out.term_notes);
        if long {
            to.push_str(&format!("</{group}>\n"));
        }
        to.push_str(&out.rest);
        to.push_str(&format!("</{name}>\n"));
    }

    fn dates(&self, level: Level, meta: &str, period: Period, out: &mut Section) {
        for (category, date) in [("x-yaddash-valid-from", period.from), ("x-yaddash-valid-until", period.until)] {
            if let Some(date) = date {
                self.say(level, meta, category, &date.to_string(), out);
            }
        }
    }

    /// Says something under its data category, or in a note where the file has no such category.
    fn say(&self, level: Level, meta: &str, category: &str, value: &str, out: &mut Section) {
        if may_say(self.form, level, meta, category, value) {
            let element = Element {
                name: meta.to_owned(),
                attributes: vec![("type".to_owned(), category.to_owned())],
                content: vec![Content::Text(value.to_owned())],
            };
            self.put(&element, out);
        } else {
            let category = category.strip_prefix(OURS).unwrap_or(category);
            plain("note", &format!("{OURS}{category}: {value}"), &mut out.rest);
        }
    }

    fn keep(&mut self, level: Level, element: &Element, out: &mut Section) {
        if self.own_file || may_hold(self.form, level, element, self.ids) {
            self.put(element, out);
        } else {
            self.in_note(element, out);
        }
    }

    fn put(&self, element: &Element, out: &mut Section) {
        let to = match element.name.as_str() {
            "termNote" | "termNoteGrp" | "termCompList" => &mut out.term_notes,
            _ => &mut out.rest,
        };
        element::write(element, self.form, !self.own_file, to);
        to.push('\n');
    }

    fn in_note(&self, element: &Element, out: &mut Section) {
        let mut text = format!("{KEPT}: ");
        element::write(element, Form::V2, true, &mut text);
        plain("note", &text, &mut out.rest);
    }
}

fn is_abbreviation(kind: &str) -> bool {
    matches!(kind, "acronym" | "abbreviation" | "initialism")
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push_str(&format!(" {name}=\""));
    crate::formats::xml::escape_attribute(value, out);
    out.push('"');
}

fn plain(name: &str, value: &str, out: &mut String) {
    out.push_str(&format!("<{name}>"));
    crate::formats::xml::escape_text(value, out);
    out.push_str(&format!("</{name}>\n"));
}
