use super::inline::{Content, content};
use crate::{
    formats::{Each, Event, FormatError, Item, LOST, MAX_SEGMENT, Source, shortened, xml::Reader},
    lang::Language,
    model::{Context, Note, State, Unit, Variant},
};
use std::collections::HashMap;

/// Reads an XLIFF of any version.
///
/// # Errors
/// Where the file is not well-formed, no XLIFF, or does not tell the languages of a translation. A lenient source
/// is read on behind a broken unit.
pub fn read(source: Source<'_>, each: &mut Each<'_>) -> Result<(), FormatError> {
    let lenient = source.lenient;
    let mut xliff = XliffReader {
        xml: Reader::new(source),
        each,
        languages: (None, None),
        document: String::new(),
        translate: Vec::new(),
        unit: None,
        previous: None,
        held: None,
    };
    xliff.root()?;
    loop {
        match xliff.element() {
            Ok(true) => {}
            Ok(false) => return xliff.release(None),
            Err(error) if lenient && error.is_broken() => {
                let FormatError::Broken { line, column, what } = &error else { unreachable!("asked above") };
                xliff.hand_over(Item::skipped(*line, format!("column {column}: {what}")))?;
                let found = match xliff.unit {
                    Some((depth, name)) => xliff.xml.recover(depth - 1, name)?,
                    None => false,
                };
                if !found {
                    return xliff.release(None);
                }
            }
            Err(error) => return Err(error),
        }
    }
}

struct XliffReader<'r, 'e, 'f> {
    xml: Reader<'r>,
    each: &'e mut Each<'f>,
    /// Source and target as spelled in the file.
    languages: (Option<String>, Option<String>),
    /// The `original` of the file being read.
    document: String,
    /// Depths of the elements that say `translate`, and what they say.
    translate: Vec<(usize, bool)>,
    /// How deep the last unit was, and what it is called.
    unit: Option<(usize, &'static str)>,
    /// The source text before.
    previous: Option<String>,
    /// The last unit, until it is known what follows.
    held: Option<Unit>,
}

/// A source with its target and all that is said of them.
#[derive(Default)]
struct Pair {
    id: String,
    source: Content,
    target: Option<Content>,
    target_language: Option<String>,
    state: Option<String>,
    qualifier: Option<String>,
    approved: Option<bool>,
}

impl XliffReader<'_, '_, '_> {
    fn hand_over(&mut self, item: Item) -> Result<(), FormatError> {
        (self.each)(item).map_err(FormatError::Stopped)
    }

    /// The unit held goes out; `next` is the source text behind it.
    fn release(&mut self, next: Option<&str>) -> Result<(), FormatError> {
        match self.held.take() {
            Some(mut unit) => {
                unit.context.next = next.map(str::to_owned);
                self.hand_over(Item::Unit(unit))
            }
            None => Ok(()),
        }
    }

    fn attribute(&self, name: &str) -> Option<String> {
        self.xml.attribute(name).map(str::to_owned)
    }

    fn root(&mut self) -> Result<(), FormatError> {
        while self.xml.next()? != Event::Start {}
        if self.xml.local() != "xliff" {
            let what = format!("the root element is `{}`, not `xliff`", shortened(self.xml.name()));
            return Err(self.xml.error(what));
        }
        self.languages = (self.attribute("srcLang"), self.attribute("trgLang"));
        Ok(())
    }

    /// The next thing above the units; false at the end of the file.
    fn element(&mut self) -> Result<bool, FormatError> {
        match self.xml.next()? {
            Event::Eof => return Ok(false),
            Event::Start => {
                let depth = self.xml.depth();
                match self.xml.local() {
                    "file" => {
                        self.release(None)?;
                        self.previous = None;
                        self.document = self.attribute("original").or(self.attribute("id")).unwrap_or_default();
                        if let Some(source) = self.attribute("source-language") {
                            self.languages = (Some(source), self.attribute("target-language"));
                        }
                        self.translates(depth);
                    }
                    "group" | "body" => self.translates(depth),
                    "trans-unit" => {
                        self.unit = Some((depth, "trans-unit"));
                        self.trans_unit()?;
                    }
                    "unit" => {
                        self.unit = Some((depth, "unit"));
                        self.unit_of_2()?;
                    }
                    _ => self.xml.skip()?,
                }
            }
            Event::End => {
                let depth = self.xml.depth();
                self.translate.retain(|(at, _)| *at < depth);
            }
            Event::Text => {}
        }
        Ok(true)
    }

    fn translates(&mut self, depth: usize) {
        if let Some(value) = self.attribute("translate") {
            self.translate.push((depth, value != "no"));
        }
    }

    fn translated_here(&self) -> bool {
        match self.xml.attribute("translate") {
            Some(value) => value != "no",
            None => self.translate.last().is_none_or(|(_, value)| *value),
        }
    }

    fn notes(&mut self, notes: &mut Vec<Note>) -> Result<(), FormatError> {
        let text = self.xml.whole_text(MAX_SEGMENT)?;
        if !text.trim().is_empty() && text.len() <= MAX_SEGMENT && notes.len() < 100 {
            notes.push(Note { attributes: Vec::new(), text });
        }
        Ok(())
    }

    /// A `trans-unit` of XLIFF 1.
    fn trans_unit(&mut self) -> Result<(), FormatError> {
        let line = self.xml.line();
        let depth = self.xml.depth();
        let translated = self.translated_here();
        let id = self.attribute("id").unwrap_or_default();
        let approved = self.attribute("approved").map(|value| value == "yes");
        let mut whole = Pair { id, approved, ..Pair::default() };
        let mut segmented = None;
        let mut notes = Vec::new();
        let none = HashMap::new();
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "source" => whole.source = content(&mut self.xml, &none)?,
                    "seg-source" => segmented = Some(content(&mut self.xml, &none)?),
                    "target" => {
                        whole.target_language = self.attribute("xml:lang");
                        whole.state = self.attribute("state");
                        whole.qualifier = self.attribute("state-qualifier");
                        whole.target = Some(content(&mut self.xml, &none)?);
                    }
                    "note" => self.notes(&mut notes)?,
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        if !translated {
            return self
                .hand_over(Item::skipped(line, format!("unit `{}`: not to be translated", shortened(&whole.id))));
        }
        let pairs = match (&segmented, &whole.target) {
            (Some(source), Some(target)) => by_mid(source, target, &whole),
            _ => Vec::new(),
        };
        if pairs.is_empty() {
            return self.pair(line, whole, &notes);
        }
        pairs.into_iter().try_for_each(|pair| self.pair(line, pair, &notes))
    }

    /// A `unit` of XLIFF 2.
    fn unit_of_2(&mut self) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        let translated = self.translated_here();
        let unit_id = self.attribute("id").unwrap_or_default();
        let mut data = HashMap::new();
        let (mut notes, mut pairs) = (Vec::new(), Vec::<(usize, Pair)>::new());
        let (mut size, mut count) = (0, 0);
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "notes" | "originalData" => {}
                    "note" => self.notes(&mut notes)?,
                    "data" => {
                        let id = self.attribute("id").unwrap_or_default();
                        let text = self.xml.whole_text(MAX_SEGMENT)?;
                        size += id.len() + text.len();
                        if size <= MAX_SEGMENT {
                            data.insert(id, text);
                        }
                    }
                    "segment" => {
                        let line = self.xml.line();
                        count += 1;
                        let segment = self.attribute("id").unwrap_or_else(|| count.to_string());
                        let mut pair = self.segment(&data)?;
                        pair.id = segment;
                        pairs.push((line, pair));
                    }
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        let several = pairs.len() > 1;
        for (line, mut pair) in pairs {
            pair.id = if several { format!("{unit_id}/{}", pair.id) } else { unit_id.clone() };
            if translated {
                self.pair(line, pair, &notes)?;
            } else {
                let what = format!("unit `{}`: not to be translated", shortened(&pair.id));
                self.hand_over(Item::skipped(line, what))?;
            }
        }
        Ok(())
    }

    fn segment(&mut self, data: &HashMap<String, String>) -> Result<Pair, FormatError> {
        let depth = self.xml.depth();
        let mut pair = Pair { state: self.attribute("state"), ..Pair::default() };
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "source" => pair.source = content(&mut self.xml, data)?,
                    "target" => {
                        pair.target_language = self.attribute("xml:lang");
                        pair.target = Some(content(&mut self.xml, data)?);
                    }
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => return Ok(pair),
                _ => {}
            }
        }
    }

    /// Makes a unit of a pair, or says why not.
    fn pair(&mut self, line: usize, pair: Pair, notes: &[Note]) -> Result<(), FormatError> {
        let source_text = pair.source.text.trim();
        if !source_text.is_empty() {
            self.release(Some(source_text))?;
        }
        let previous = std::mem::replace(&mut self.previous, Some(source_text.to_owned()).filter(|t| !t.is_empty()));
        let state = match judged(&pair) {
            Ok(state) => state,
            Err(reason) => {
                let what = format!("unit `{}`: {reason}", shortened(&pair.id));
                return self.hand_over(Item::skipped(line, what));
            }
        };
        let target_tag = self.languages.1.clone().or(pair.target_language);
        let names = match self.unit {
            Some((_, "unit")) => ("srcLang", "trgLang"),
            _ => ("source-language", "target-language"),
        };
        let source = self.language(self.languages.0.clone(), names.0)?;
        let target = self.language(target_tag, names.1)?;
        let variant = |(language, tag): (Language, String), content: Content| {
            let mut variant = Variant::new(language, content.text);
            variant.tag = (tag != language.as_str()).then_some(tag);
            variant.codes = content.codes;
            variant
        };
        let target_content = pair.target.unwrap_or_default();
        self.held = Some(Unit {
            tuid: Some(pair.id.clone()).filter(|id| !id.is_empty()),
            variants: vec![variant(source, pair.source), variant(target, target_content)],
            context: Context {
                previous,
                next: None,
                document: Some(self.document.clone()).filter(|name| !name.is_empty()),
                id: Some(pair.id).filter(|id| !id.is_empty()),
            },
            state,
            notes: notes.to_vec(),
            ..Unit::default()
        });
        Ok(())
    }

    fn language(&mut self, tag: Option<String>, attribute: &str) -> Result<(Language, String), FormatError> {
        let Some(tag) = tag else {
            let what = if matches!(attribute, "srcLang" | "source-language") {
                format!("the file does not tell the language of its sources (`{attribute}`)")
            } else {
                format!("the file does not tell the language of its translations (`{attribute}`)")
            };
            return Err(self.xml.error(what));
        };
        match tag.parse() {
            Ok(language) => Ok((language, tag)),
            Err(error) => Err(self.xml.error(format!("`{attribute}`: {error}"))),
        }
    }
}

/// The segments that have the same `mid` on both sides.
fn by_mid(source: &Content, target: &Content, whole: &Pair) -> Vec<Pair> {
    let several = source.segments.len() > 1;
    let in_target: HashMap<&str, _> = target.segments.iter().map(|(mid, t, c)| (mid.as_str(), (t, c))).collect();
    source
        .segments
        .iter()
        .filter_map(|(mid, text, codes)| {
            let (target_text, target_codes) = in_target.get(mid.as_str())?;
            Some(Pair {
                id: if several { format!("{}/{mid}", whole.id) } else { whole.id.clone() },
                source: source.part(text, codes),
                target: Some(target.part(target_text, target_codes)),
                target_language: whole.target_language.clone(),
                state: whole.state.clone(),
                qualifier: whole.qualifier.clone(),
                approved: whole.approved,
            })
        })
        .collect()
}

/// How far the pair can be trusted, or why it is none.
fn judged(pair: &Pair) -> Result<State, String> {
    let Some(target) = &pair.target else { return Err("no target".to_owned()) };
    let blank = |content: &Content| content.text.trim().is_empty() && !content.native;
    if pair.source.too_long || target.too_long {
        return Err("a segment longer than 1 MiB".to_owned());
    }
    if blank(&pair.source) {
        return Err("the source is empty".to_owned());
    }
    if blank(target) {
        return Err("no target: it is empty".to_owned());
    }
    let lost = |content: &Content| {
        content.text.contains(char::REPLACEMENT_CHARACTER)
            || content.codes.iter().any(|c| c.content.contains(char::REPLACEMENT_CHARACTER))
    };
    if lost(&pair.source) || lost(target) {
        return Err(LOST.to_owned());
    }
    let state = pair.state.as_deref().unwrap_or_default();
    let state = match (pair.approved, state) {
        (_, "new" | "needs-translation") => return Err(format!("not translated: its state is `{state}`")),
        (Some(true), _) | (_, "final" | "signed-off" | "reviewed") => State::Approved,
        (Some(false), _) => State::Pending,
        (None, "" | "translated") => State::Imported,
        (None, _) => State::Pending,
    };
    let guessed = matches!(pair.qualifier.as_deref(), Some("fuzzy-match" | "leveraged-mt" | "mt-suggestion"));
    if state != State::Approved && pair.source.text.trim() == target.text.trim() {
        return Err("not translated: the target is a copy of the source".to_owned());
    }
    Ok(if guessed && state == State::Imported { State::Pending } else { state })
}
