use super::{
    EXPORT, KEPT, NOTE_ATTRIBUTES, PROP, UNIT_ATTRIBUTES,
    inline::{Content, content},
    said,
};
use crate::{
    formats::{Each, Event, FormatError, Item, LOST, MAX_SEGMENT, Source, shortened, xml::Reader},
    lang::Language,
    model::{Context, Note, Prop, State, Unit, Variant},
};
use std::collections::HashMap;

/// Segments of one `trans-unit` whose states are read.
const MAX_SEGMENTS: usize = 100_000;

/// Reads an XLIFF of any version. What it does not tell of its source and target language is as `said`.
///
/// # Errors
/// Where the file is not well-formed, no XLIFF, or does not tell the languages of a translation. A lenient source
/// is read on behind a broken unit.
pub fn read(source: Source<'_>, said: [Option<Language>; 2], each: &mut Each<'_>) -> Result<(), FormatError> {
    let lenient = source.lenient;
    let mut xliff = XliffReader {
        xml: Reader::new(source),
        each,
        languages: (None, None),
        said,
        document: String::new(),
        is_export: false,
        translate: Vec::new(),
        places: Vec::new(),
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
    /// What they are where the file does not say.
    said: [Option<Language>; 2],
    /// The `original` of the file being read.
    document: String,
    /// It is an export of this program: units beside each other are no neighbours in a text.
    is_export: bool,
    /// Depths of the elements that say `translate`, and what they say.
    translate: Vec<(usize, bool)>,
    /// What the groups around say of places, and how deep they are.
    places: Vec<(usize, Vec<Prop>)>,
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
    /// What the tool says in words of its own, which then decide.
    said: Option<State>,
}

/// What is said of a unit as a whole.
#[derive(Default)]
struct About {
    name: Option<String>,
    props: Vec<Prop>,
    notes: Vec<Note>,
    /// Only of exports.
    context: Context,
    size: usize,
}

impl About {
    fn prop(&mut self, kind: String, value: &str) {
        self.size += kind.len() + value.len();
        if !value.trim().is_empty() && self.size <= MAX_SEGMENT && self.props.len() < 1000 {
            self.props.push(Prop { kind, attributes: Vec::new(), value: value.to_owned() });
        }
    }

    /// A thing of the kind this program writes: context and properties of a unit.
    fn kept(&mut self, kind: &str, value: String) {
        match kind {
            "previous" => self.context.previous = Some(value),
            "next" => self.context.next = Some(value),
            "document" => self.context.document = Some(value),
            "id" => self.context.id = Some(value),
            kind => {
                if let Some(kind) = kind.strip_prefix(PROP) {
                    self.prop(kind.to_owned(), &value);
                }
            }
        }
    }
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
                        self.is_export = self.document == EXPORT;
                        if let Some(source) = self.attribute("source-language") {
                            self.languages = (Some(source), self.attribute("target-language"));
                        }
                        self.translates(depth);
                    }
                    "group" | "body" => self.translates(depth),
                    "context-group" => {
                        let mut about = About::default();
                        self.contexts(&mut about)?;
                        self.places.push((depth - 1, about.props));
                    }
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
                self.places.retain(|(at, _)| *at < depth);
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

    fn note(&mut self, about: &mut About) -> Result<(), FormatError> {
        let kept = |(name, _): &(&str, &str)| NOTE_ATTRIBUTES.contains(name);
        let attributes = self.xml.attributes().filter(kept).map(|(name, value)| (name.to_owned(), value.to_owned()));
        let attributes: Vec<_> = attributes.collect();
        let text = self.xml.whole_text(MAX_SEGMENT)?;
        about.size += text.len();
        if !text.trim().is_empty() && about.size <= MAX_SEGMENT && about.notes.len() < 100 {
            about.notes.push(Note { attributes, text });
        }
        Ok(())
    }

    /// What the attributes of a unit say that a translator may need: its size, its name in the program.
    fn attributes_of_unit(&mut self) -> About {
        let mut about = About::default();
        for (name, value) in self.xml.attributes() {
            let local = name.split_once(':').map_or(name, |(_, local)| local);
            match local {
                "resname" | "name" if self.is_export => about.name = Some(value.to_owned()),
                local if UNIT_ATTRIBUTES.contains(&local) => about.prop(format!("x-xliff-{local}"), value),
                _ => {}
            }
        }
        let around = self.places.iter().flat_map(|(_, props)| props).cloned();
        about.props.extend(around);
        about
    }

    /// The contexts of the group just started: of an export what it keeps, else places in the program.
    fn contexts(&mut self, about: &mut About) -> Result<(), FormatError> {
        self.each_of("context", "context-type", |kind, value, is_export| match kind.strip_prefix(KEPT) {
            Some(kind) if is_export => about.kept(kind, value),
            _ => about.prop(format!("x-xliff-{}", kind.strip_prefix("x-").unwrap_or(kind)), &value),
        })
    }

    /// Hands over the elements of that name in the element just started: what their attribute says, and their text.
    fn each_of(
        &mut self,
        name: &str,
        attribute: &str,
        mut take: impl FnMut(&str, String, bool),
    ) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        loop {
            match self.xml.next()? {
                Event::Start if self.xml.local() == name => {
                    let kind = self.attribute(attribute).unwrap_or_default();
                    let value = self.xml.whole_text(MAX_SEGMENT)?;
                    if !kind.is_empty() && value.len() <= MAX_SEGMENT {
                        take(&kind, value, self.is_export);
                    }
                }
                Event::End if self.xml.depth() == depth => return Ok(()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The states of Trados Studio by the segments' numbers, in the `sdl:seg-defs` just started.
    fn studio(&mut self) -> Result<HashMap<String, State>, FormatError> {
        let depth = self.xml.depth();
        let mut out = HashMap::new();
        loop {
            match self.xml.next()? {
                Event::Start if self.xml.local() == "seg" => {
                    let get = |name: &str| self.xml.attribute(name);
                    let state = said::studio(get("conf"), get("origin"), get("percent"));
                    if let Some(id) = get("id").filter(|_| out.len() < MAX_SEGMENTS) {
                        out.insert(id.to_owned(), state);
                    }
                    self.xml.skip()?;
                }
                Event::End if self.xml.depth() == depth => return Ok(out),
                Event::Eof => return Ok(out),
                _ => {}
            }
        }
    }

    /// A `trans-unit` of XLIFF 1.
    fn trans_unit(&mut self) -> Result<(), FormatError> {
        let line = self.xml.line();
        let depth = self.xml.depth();
        let translated = self.translated_here();
        let id = self.attribute("id").unwrap_or_default();
        let approved = self.attribute("approved").map(|value| value == "yes");
        let said = self.xml.attributes().find_map(|(name, value)| said::state(name, value));
        let mut whole = Pair { id, approved, said, ..Pair::default() };
        let mut segmented = None;
        let mut about = self.attributes_of_unit();
        let mut studio = HashMap::new();
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
                    // `m:comment` of Phrase, `mq:comment` of memoQ.
                    "note" | "comment" => self.note(&mut about)?,
                    "comments" | "comments40" => {}
                    "context-group" => self.contexts(&mut about)?,
                    "seg-defs" => studio = self.studio()?,
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
            (Some(source), Some(target)) => by_mid(source, target, &whole, &studio),
            _ => Vec::new(),
        };
        if pairs.is_empty() {
            // One state for all of it: the lowest.
            whole.said = studio.into_values().min().or(whole.said);
            return self.pair(line, whole, &about);
        }
        pairs.into_iter().try_for_each(|pair| self.pair(line, pair, &about))
    }

    /// A `unit` of XLIFF 2.
    fn unit_of_2(&mut self) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        let translated = self.translated_here();
        let unit_id = self.attribute("id").unwrap_or_default();
        let mut data = HashMap::new();
        let mut about = self.attributes_of_unit();
        let mut pairs = Vec::<(usize, Pair)>::new();
        let (mut size, mut count) = (0, 0);
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "notes" | "originalData" => {}
                    "note" => self.note(&mut about)?,
                    "metadata" if self.is_export => {
                        self.each_of("meta", "type", |kind, value, _| about.kept(kind, value))?
                    }
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
                self.pair(line, pair, &about)?;
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
    fn pair(&mut self, line: usize, pair: Pair, about: &About) -> Result<(), FormatError> {
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
        let [from, to] = self.said;
        let source = self.language(self.languages.0.clone(), from, names.0)?;
        let target = self.language(target_tag, to, names.1)?;
        let variant = |(language, tag): (Language, String), content: Content| {
            let mut variant = Variant::new(language, content.text);
            variant.tag = (tag != language.as_str()).then_some(tag);
            variant.codes = content.codes;
            variant
        };
        let target_content = pair.target.unwrap_or_default();
        let mut unit = Unit {
            tuid: Some(pair.id.clone()).filter(|id| !id.is_empty()),
            variants: vec![variant(source, pair.source), variant(target, target_content)],
            context: Context {
                previous,
                next: None,
                document: Some(self.document.clone()).filter(|name| !name.is_empty()),
                id: Some(pair.id).filter(|id| !id.is_empty()),
            },
            state,
            props: about.props.clone(),
            notes: about.notes.clone(),
            ..Unit::default()
        };
        if self.is_export {
            unit.tuid = about.name.clone();
            unit.context = about.context.clone();
            return self.hand_over(Item::Unit(unit));
        }
        self.held = Some(unit);
        Ok(())
    }

    fn language(
        &mut self,
        tag: Option<String>,
        said: Option<Language>,
        attribute: &str,
    ) -> Result<(Language, String), FormatError> {
        let Some(tag) = tag.or(said.map(|language| language.to_string())) else {
            let (whose, flag) = match attribute {
                "srcLang" | "source-language" => ("sources", "--from"),
                _ => ("translations", "--to"),
            };
            let what = format!("the file does not tell the language of its {whose} (`{attribute}`)");
            return Err(self.xml.error(format!("{what}: say with `{flag}` what it is")));
        };
        match tag.parse() {
            Ok(language) => Ok((language, tag)),
            Err(error) => Err(self.xml.error(format!("`{attribute}`: {error}"))),
        }
    }
}

/// The segments that have the same `mid` on both sides.
fn by_mid(source: &Content, target: &Content, whole: &Pair, said: &HashMap<String, State>) -> Vec<Pair> {
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
                said: said.get(mid).copied().or(whole.said),
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
        _ if pair.said.is_some() => pair.said.unwrap_or_default(),
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
    let guessed = guessed && pair.said.is_none();
    Ok(if guessed && state == State::Imported { State::Pending } else { state })
}
