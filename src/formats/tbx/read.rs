use super::{FORBIDDEN, status};
use crate::{
    formats::{Each, Event, FormatError, Item, LOST, MAX_SEGMENT, MAX_UNIT, Source, shortened, xml::Reader},
    lang::Language,
    model::{Concept, Status, Term},
};

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
                Event::Start if is_group(self.xml.local()) => {}
                Event::Start => {
                    let (category, value) = self.category()?;
                    self.of_concept(&mut concept, &category, value);
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

    fn of_concept(&mut self, concept: &mut Concept, category: &str, value: String) {
        if value.is_empty() {
            return;
        }
        match category {
            "definition" => add(&mut concept.definition, value),
            "subjectField" => add(&mut concept.domain, value),
            "note" => add(&mut concept.note, value),
            "x-yaddash-id" => concept.id = value,
            "x-yaddash-flag" => concept.do_not_translate |= value == "do-not-translate",
            _ => {}
        }
    }

    /// What a data category is called and what it holds: `<descrip type="definition">`, `<basic:definition>`.
    fn category(&mut self) -> Result<(String, String), FormatError> {
        let name = self.xml.local();
        let by_type = matches!(
            name,
            "descrip" | "descripNote" | "admin" | "adminNote" | "termNote" | "transac" | "transacNote" | "ref" | "xref"
        );
        let category = self.xml.attribute("type").filter(|_| by_type).unwrap_or(name).to_owned();
        let value = self.xml.whole_text(MAX_SEGMENT)?;
        self.size += value.len() + category.len();
        let value = if self.size > MAX_UNIT { String::new() } else { value.trim().to_owned() };
        Ok((category, value))
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
                Event::Start if is_group(self.xml.local()) => {}
                Event::Start => match self.category()? {
                    (category, value) if category == "x-yaddash-exception" => {
                        concept.exceptions.push((language, value))
                    }
                    (category, value) => self.of_concept(concept, &category, value),
                },
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
        let mut term = Term::new("", language, Status::Preferred);
        let mut told = None;
        let mut notes = Vec::new();
        loop {
            match self.xml.next()? {
                Event::Start if is_group(self.xml.local()) => {}
                Event::Start => {
                    let (category, value) = self.category()?;
                    match category.as_str() {
                        "term" => term.text = value,
                        "administrativeStatus" | "normativeAuthorization" | "x-yaddash-status" => {
                            told = status(&value).or(told);
                        }
                        "termType" => {
                            term.abbreviation |= matches!(value.as_str(), "acronym" | "abbreviation" | "initialism");
                        }
                        "x-yaddash-flag" => match value.as_str() {
                            "case-sensitive" => term.case_sensitive = true,
                            "indeclinable" => term.grammar.indeclinable = true,
                            "izafet" => term.grammar.izafet = Some(true),
                            "no-izafet" => term.grammar.izafet = Some(false),
                            _ => {}
                        },
                        "x-yaddash-head" => term.grammar.head = Some(value),
                        "x-yaddash-reading" => term.grammar.reading = Some(value),
                        "x-yaddash-form" => term.grammar.forms.push(value),
                        "note" if value != FORBIDDEN && !value.is_empty() => notes.push(value),
                        "definition" => self.of_concept(concept, "definition", value),
                        _ => {}
                    }
                }
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        if term.text.is_empty() {
            faults.push(format!("an empty term ({language})"));
            return Ok(None);
        }
        let first = concept.terms_in(language).next().is_none();
        term.status = told.unwrap_or(if first { Status::Preferred } else { Status::Admitted });
        for note in notes {
            add(&mut concept.note, format!("{}: {note}", term.text));
        }
        Ok(Some(term))
    }
}

/// Elements that only hold others together.
fn is_group(name: &str) -> bool {
    matches!(name, "termGrp" | "descripGrp" | "adminGrp" | "transacGrp" | "termNoteGrp" | "termCompGrp")
}

fn add(field: &mut Option<String>, value: String) {
    match field {
        Some(text) => {
            text.push('\n');
            text.push_str(&value);
        }
        None => *field = Some(value),
    }
}
