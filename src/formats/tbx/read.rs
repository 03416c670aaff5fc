use super::{FORBIDDEN, KEPT, OURS, element, status, status_name};
use crate::{
    formats::{Each, Event, FormatError, Item, LOST, MAX_UNIT, Source, shortened, xml::Reader},
    lang::Language,
    model::{Concept, Content, Element, Kept, Status, Term},
};
use jiff::civil::Date;

/// Reads a TBX of version 2 or 3, concept by concept.
///
/// # Errors
/// Where the file is not well-formed or no TBX. A lenient source is read on behind a broken entry.
pub fn read(source: Source<'_>, each: &mut Each<'_>) -> Result<(), FormatError> {
    let lenient = source.lenient;
    let mut tbx = TbxReader { xml: Reader::new(source), each, entries: 0, size: 0, entry: None };
    tbx.root()?;
    loop {
        match tbx.element() {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) if lenient && error.is_broken() => {
                let FormatError::Broken { line, column, what } = &error else { unreachable!("asked above") };
                (tbx.each)(Item::skipped(*line, format!("column {column}: {what}"))).map_err(FormatError::Stopped)?;
                // The name of the entries is known once one was met.
                let Some((depth, name)) = tbx.entry else { return Ok(()) };
                if !tbx.xml.recover(depth - 1, name)? {
                    return Ok(());
                }
            }
            Err(error) => return Err(error),
        }
    }
}

struct TbxReader<'r, 'e, 'f> {
    xml: Reader<'r>,
    each: &'e mut Each<'f>,
    /// Entries met.
    entries: usize,
    /// Bytes of the entry being read.
    size: usize,
    /// How deep entries are, and what they are called.
    entry: Option<(usize, &'static str)>,
}

impl TbxReader<'_, '_, '_> {
    fn hand_over(&mut self, item: Item) -> Result<(), FormatError> {
        (self.each)(item).map_err(FormatError::Stopped)
    }

    fn root(&mut self) -> Result<(), FormatError> {
        while self.xml.next()? != Event::Start {}
        match self.xml.local() {
            "martif" | "tbx" | "TBX" => Ok(()),
            _ => {
                let what = format!("the root element is `{}`, not `martif` or `tbx`", shortened(self.xml.name()));
                Err(self.xml.error(what))
            }
        }
    }

    /// The next thing above the entries; false at the end of the file.
    fn element(&mut self) -> Result<bool, FormatError> {
        match self.xml.next()? {
            Event::Eof => return Ok(false),
            Event::Start => match self.xml.local() {
                "martifHeader" | "tbxHeader" | "back" => self.xml.skip()?,
                "termEntry" => self.concept("termEntry")?,
                "conceptEntry" => self.concept("conceptEntry")?,
                _ => {}
            },
            _ => {}
        }
        Ok(true)
    }

    fn concept(&mut self, name: &'static str) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        self.entry = Some((depth, name));
        self.entries += 1;
        self.size = 0;
        let line = self.xml.line();
        let id = self.xml.attribute("id").unwrap_or_default().trim().to_owned();
        let mut concept = Concept { id, ..Concept::default() };
        if concept.id.is_empty() {
            concept.id = format!("c{}", self.entries);
        }
        let mut faults = Vec::new();
        loop {
            match self.xml.next()? {
                Event::Start if matches!(self.xml.local(), "langSet" | "langSec") => {
                    self.language(&mut concept, &mut faults)?;
                }
                Event::Start => {
                    let element = element::read(&mut self.xml, &mut self.size)?;
                    of_concept(&mut concept, element);
                }
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        let lost = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
        let texts = [&concept.definition, &concept.domain, &concept.note];
        let reason = if concept.terms.is_empty() {
            Some("no term with a language")
        } else if self.size > MAX_UNIT {
            Some("an entry of more than 16 MiB")
        } else if concept.terms.iter().any(|t| lost(&t.text))
            || texts.iter().any(|text| text.as_ref().is_some_and(lost))
        {
            Some(LOST)
        } else {
            None
        };
        let entry = format!("entry `{}`", shortened(&concept.id));
        if let Some(reason) = reason {
            faults.insert(0, reason.to_owned());
            return self.hand_over(Item::skipped(line, format!("{entry}: {}", faults.join("; "))));
        }
        for fault in faults {
            self.hand_over(Item::warning(line, format!("{entry}: {fault}")))?;
        }
        self.hand_over(Item::Concept(concept))
    }

    /// The terms of one language.
    fn language(&mut self, concept: &mut Concept, faults: &mut Vec<String>) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        let language = match self.xml.attribute("xml:lang").or_else(|| self.xml.attribute("lang")) {
            Some(tag) => tag.parse::<Language>().map_err(|error| error.to_string()),
            None => Err("a language section without a language (`xml:lang`)".to_owned()),
        };
        let language = match language {
            Ok(language) => language,
            Err(fault) => {
                faults.push(fault);
                return self.xml.skip();
            }
        };
        loop {
            match self.xml.next()? {
                Event::Start if matches!(self.xml.local(), "tig" | "ntig" | "termSec") => {
                    if let Some(term) = self.term(language, concept, faults)? {
                        concept.terms.push(term);
                    }
                }
                Event::Start => {
                    let element = element::read(&mut self.xml, &mut self.size)?;
                    match said(&element) {
                        Some((category, value)) if category == "x-yaddash-exception" => {
                            concept.exceptions.push((language, value));
                        }
                        Some((category, value)) if category == KEPT => {
                            let element = element::parsed(&value);
                            concept.kept.extend(element.map(|element| Kept { language: Some(language), element }));
                        }
                        _ => concept.kept.push(Kept { language: Some(language), element }),
                    }
                }
                Event::End if self.xml.depth() == depth => return Ok(()),
                _ => {}
            }
        }
    }

    fn term(
        &mut self,
        language: Language,
        concept: &mut Concept,
        faults: &mut Vec<String>,
    ) -> Result<Option<Term>, FormatError> {
        let depth = self.xml.depth();
        let mut reading = TermReading { term: Term::new("", language, Status::Preferred), told: None };
        if let Some(id) = self.xml.attribute("id") {
            let content = vec![Content::Text(id.to_owned())];
            let element = Element { name: "id".to_owned(), attributes: Vec::new(), content };
            reading.term.remark(|remarks| remarks.kept.push(Kept { language: None, element }));
        }
        loop {
            match self.xml.next()? {
                Event::Start if self.xml.local() == "termGrp" => {}
                Event::Start => {
                    let element = element::read(&mut self.xml, &mut self.size)?;
                    reading.take(element);
                }
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        let TermReading { mut term, told } = reading;
        if term.text.is_empty() {
            faults.push(format!("an empty term ({language})"));
            return Ok(None);
        }
        let first = concept.terms_in(language).next().is_none();
        term.status = told.unwrap_or(if first { Status::Preferred } else { Status::Admitted });
        Ok(Some(term))
    }
}

/// What one data category says: `<descrip type="definition">`, `<note>`, or a note of ours that stands for a category
/// its file has no place for. `None` for groups and for what says nothing.
fn said(element: &Element) -> Option<(String, String)> {
    let text = element.text();
    if text.is_empty() || GROUPS.contains(&element.name.as_str()) {
        return None;
    }
    match element.name.as_str() {
        "note" => Some(match text.strip_prefix(OURS).and_then(|rest| rest.split_once(": ")) {
            Some((category, value)) => (format!("{OURS}{category}"), value.to_owned()),
            None => ("note".to_owned(), text),
        }),
        name => Some((element.attribute("type").unwrap_or(name).to_owned(), text)),
    }
}

/// Elements that only hold others together.
const GROUPS: &[&str] = &["descripGrp", "adminGrp", "transacGrp", "termNoteGrp", "termCompGrp", "termCompList"];

/// What a group of two says where it is a text and its source.
fn with_source(element: &Element, of: &str) -> Option<(String, String)> {
    let parts: Vec<(String, String)> = element.elements().map(said).collect::<Option<_>>()?;
    match &parts[..] {
        [(category, text)] if element.name == "descripGrp" && category == of => Some((text.clone(), String::new())),
        [(category, text), (source, from)] if category == of && source == "source" => {
            Some((text.clone(), from.clone()))
        }
        _ => None,
    }
}

/// Takes what an element of the entry says, else keeps it.
fn of_concept(concept: &mut Concept, element: Element) {
    if concept.definition.is_none()
        && let Some((text, source)) = with_source(&element, "definition")
        && (source.is_empty() || concept.source.is_none())
    {
        concept.definition = Some(text);
        concept.source = Some(source).filter(|source| !source.is_empty()).or(concept.source.take());
        return;
    }
    let (category, value) = match said(&element) {
        Some(said) => said,
        None if element.content.is_empty() && element.attributes.len() < 2 => return,
        None => (String::new(), String::new()),
    };
    match category.as_str() {
        "definition" | "x-yaddash-definition" => add(&mut concept.definition, value, "\n"),
        "subjectField" | "x-yaddash-subjectField" => add(&mut concept.domain, value, ";"),
        "note" => add(&mut concept.note, value, "\n"),
        "source" | "x-yaddash-source" => add(&mut concept.source, value, "\n"),
        "x-yaddash-valid-from" if value.parse::<Date>().is_ok() => concept.valid.from = value.parse().ok(),
        "x-yaddash-valid-until" if value.parse::<Date>().is_ok() => concept.valid.until = value.parse().ok(),
        "x-yaddash-id" => concept.id = value,
        "x-yaddash-flag" if value == "do-not-translate" => concept.do_not_translate = true,
        KEPT => match element::parsed(&value) {
            // What stood beside the terms of a language that has none here.
            Some(section) if section.name == "langSet" => {
                let language = section.attribute("xml:lang").and_then(|tag| tag.parse().ok());
                concept.kept.extend(section.elements().map(|element| Kept { language, element: element.clone() }));
            }
            Some(element) => concept.kept.push(Kept { language: None, element }),
            None => concept.kept.push(Kept { language: None, element }),
        },
        _ => concept.kept.push(Kept { language: None, element }),
    }
}

struct TermReading {
    term: Term,
    /// The status it is said to have.
    told: Option<Status>,
}

impl TermReading {
    /// Takes what an element of a term says, else keeps it.
    fn take(&mut self, element: Element) {
        let term = &mut self.term;
        let (category, value) = match said(&element) {
            Some(said) => said,
            None if element.content.is_empty() && element.attributes.len() < 2 => return,
            None => (String::new(), String::new()),
        };
        let mut keep = false;
        match category.as_str() {
            "term" => term.text = value,
            "administrativeStatus"
            | "normativeAuthorization"
            | "x-yaddash-status"
            | "x-yaddash-administrativeStatus" => {
                let known = status(&value);
                self.told = known.or(self.told);
                // In words of its own, or of another category: they go out again while they are true.
                keep = category == "normativeAuthorization"
                    || !category.starts_with(OURS) && known.and_then(status_name) != Some(&*value);
            }
            "termType" | "x-yaddash-termType" => {
                term.abbreviation |= matches!(value.as_str(), "acronym" | "abbreviation" | "initialism");
                keep = value != "acronym";
            }
            "x-yaddash-flag" => match value.as_str() {
                "case-sensitive" => term.case_sensitive = true,
                "indeclinable" => term.grammar.indeclinable = true,
                "izafet" => term.grammar.izafet = Some(true),
                "no-izafet" => term.grammar.izafet = Some(false),
                _ => keep = true,
            },
            "x-yaddash-head" => term.grammar.head = Some(value),
            "x-yaddash-reading" => term.grammar.reading = Some(value),
            "x-yaddash-form" => term.grammar.forms.push(value),
            "x-yaddash-valid-from" if value.parse::<Date>().is_ok() => term.valid.from = value.parse().ok(),
            "x-yaddash-valid-until" if value.parse::<Date>().is_ok() => term.valid.until = value.parse().ok(),
            "note" if value == FORBIDDEN => {}
            "note" => term.remark(|remarks| add(&mut remarks.note, value, "\n")),
            "source" | "x-yaddash-source" => term.remark(|remarks| add(&mut remarks.source, value, "\n")),
            "context" | "x-yaddash-context" => term.remark(|remarks| add(&mut remarks.context, value, "\n")),
            KEPT => {
                let element = element::parsed(&value).unwrap_or(element);
                return term.remark(|remarks| remarks.kept.push(Kept { language: None, element }));
            }
            _ => keep = true,
        }
        if keep {
            term.remark(|remarks| remarks.kept.push(Kept { language: None, element }));
        }
    }
}

/// One more value of a field that holds them all.
fn add(field: &mut Option<String>, value: String, between: &str) {
    match field {
        Some(text) => {
            text.push_str(between);
            text.push_str(&value);
        }
        None => *field = Some(value),
    }
}
