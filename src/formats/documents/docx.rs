//! DOCX (ECMA-376, WordprocessingML): the text as it stands with all tracked changes accepted.
//!
//! Runs are joined whatever their formatting; insertions are in, deletions and hidden text out; links, content
//! controls, text boxes and fields' results are in, fields' instructions out. Table cells are blocks; footnotes and
//! endnotes follow the body; headers and footers that a section uses are boilerplate. The place of a word is its
//! paragraph's number in the file's order and its column in the paragraph.

mod styles;
mod symbols;

use super::{
    Builder, DocumentError, Read,
    package::{Package, Xml, XmlError, attribute, local, resolved},
    trace::{Manner, Mark, Token, What},
};
use crate::{model::BlockKind, text::Span};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use styles::Styles;

/// Reads a package; the text goes to `builder`, which is empty.
pub(super) fn read(package: Package, builder: Builder) -> Result<Read, DocumentError> {
    Ok(read_parts(package, builder)?.0)
}

/// Like [`read`], with the names of the parts that hold the text, in order. The source of all words is these parts one
/// after the other, with [`SEPARATOR`] between; the parts of styles and settings follow them.
pub(super) fn read_parts(mut package: Package, builder: Builder) -> Result<(Read, Vec<String>), DocumentError> {
    let Some(main) = main_part(&mut package)? else {
        return Err(DocumentError::Unsupported {
            name: package.name.to_owned(),
            what: "a zip archive without a Word or OpenDocument text in it",
        });
    };
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let file = main.rsplit('/').next().unwrap_or(&main).to_owned();
    let relations = match package.part(&format!("{folder}/_rels/{file}.rels"))? {
        Some(xml) => relations(&xml, &folder).map_err(|error| package.damaged(&file, error))?,
        None => Vec::new(),
    };
    let target =
        |wanted: &str| relations.iter().find(|r| r.kind.ends_with(wanted)).map(|relation| relation.target.clone());
    let mut styles = Styles::default();
    if let Some(part) = target("/styles")
        && let Some(xml) = package.part(&part)?
    {
        styles = Styles::read(&xml).map_err(|error| package.damaged(&part, error))?;
    }
    let mut parts = vec![main.clone()];
    let mut body = Body { builder, styles, paragraph: 0, edges: HashSet::new(), base: 0 };
    let xml = package.part(&main)?.unwrap_or_default();
    body.read(&xml, None).map_err(|error| package.damaged(&main, error))?;
    for kind in ["/footnotes", "/endnotes"] {
        if let Some(part) = target(kind)
            && let Some(xml) = package.part(&part)?
        {
            body.read(&xml, Some(BlockKind::Running)).map_err(|error| package.damaged(&part, error))?;
            parts.push(part);
        }
    }
    let edges = std::mem::take(&mut body.edges);
    // Sections may share a header.
    let mut seen = HashSet::new();
    for relation in relations.iter().filter(|relation| edges.contains(&relation.id)) {
        if seen.insert(&relation.target)
            && let Some(xml) = package.part(&relation.target)?
        {
            body.read(&xml, Some(BlockKind::Boilerplate)).map_err(|error| package.damaged(&relation.target, error))?;
            parts.push(relation.target.clone());
        }
    }
    parts.extend(["/styles", "/settings"].into_iter().filter_map(target));
    Ok((body.builder.finish(), parts))
}

/// What stands between two parts where they are read as one source: no line end, which might be one with another.
pub(super) const SEPARATOR: &str = " ";

/// The part that holds the document.
fn main_part(package: &mut Package) -> Result<Option<String>, DocumentError> {
    if let Some(xml) = package.part("_rels/.rels")? {
        let relations = relations(&xml, "").map_err(|error| package.damaged("_rels/.rels", error))?;
        let main = relations.into_iter().find(|relation| relation.kind.ends_with("/officeDocument"));
        if let Some(relation) = main
            && relation.target.starts_with("word/")
        {
            return Ok(Some(relation.target));
        }
    }
    let usual = "word/document.xml";
    Ok(package.holds(usual).then(|| usual.to_owned()))
}

struct Relation {
    id: String,
    kind: String,
    /// The part's name in the package.
    target: String,
}

fn relations(xml: &str, folder: &str) -> Result<Vec<Relation>, XmlError> {
    let mut out = Vec::new();
    let mut reader = Xml::new(xml);
    loop {
        match reader.next()? {
            Event::Start(element) | Event::Empty(element) if local(&element) == "Relationship" => {
                let value = |key| attribute(&element, key).unwrap_or_default();
                let target = value("Target");
                let target = match target.strip_prefix('/') {
                    Some(absolute) => absolute.to_owned(),
                    None if folder.is_empty() => target,
                    None => format!("{folder}/{target}"),
                };
                out.push(Relation { id: value("Id"), kind: value("Type"), target });
            }
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

struct Body {
    builder: Builder,
    styles: Styles,
    /// How many paragraphs began so far.
    paragraph: usize,
    /// The relations of the headers and footers that sections use.
    edges: HashSet<String>,
    /// Where the part being read begins in the source.
    base: usize,
}

impl Body {
    /// Reads one part. `all` is what every paragraph in it is, where the part says so.
    fn read(&mut self, xml: &str, all: Option<BlockKind>) -> Result<(), XmlError> {
        let base = self.base;
        self.base += xml.len() + SEPARATOR.len();
        let mut xml = Xml::new(xml);
        let traced = self.builder.trace.is_some();
        let mut part = Part { body: self, all, at: At::default(), open: Vec::new(), traced };
        loop {
            let event = xml.next()?;
            let source = xml.span().shifted(base);
            match event {
                Event::Start(element) => {
                    let opens = element.local_name().as_ref() == "p";
                    let length = part.length();
                    part.start(&element, false);
                    part.note(if opens { part.length() } else { length }, source, What::Open(Mark::Tag));
                }
                Event::Empty(element) => {
                    let length = part.length();
                    part.start(&element, true);
                    part.note(length, source, What::Alone(Mark::Tag));
                }
                Event::End(element) => {
                    part.note(part.length(), source, What::Close(Mark::Tag));
                    part.end(element.local_name().as_ref());
                }
                Event::Text(text) => part.words(&text, source),
                Event::CData(text) => part.words(&text, source),
                Event::GeneralRef(reference) => {
                    let mut buffer = [0; 4];
                    part.words(resolved(&reference)?.encode_utf8(&mut buffer), source);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        while !part.open.is_empty() {
            part.close();
        }
        Ok(())
    }
}

/// Where the reader is in a part.
#[derive(Debug, Default)]
struct At {
    /// Open elements since one whose text is not part of the document, that one included.
    skipped: usize,
    cells: usize,
    properties: usize,
    /// In `w:t`.
    text: bool,
    /// In a run, and one that is hidden.
    run: bool,
    hidden: bool,
    /// The same of the runs around it: a word with its reading above it has runs of its own.
    outer: Vec<(bool, bool)>,
    /// The open fields: what stands before a field's separator is its instruction.
    fields: Vec<Field>,
    /// How many of them are at their instruction.
    instructions: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Instruction,
    Result,
}

/// An open paragraph. A text box opens another one inside.
#[derive(Debug, Default)]
struct Paragraph {
    number: usize,
    text: String,
    kind: Option<BlockKind>,
    /// What its own numbering says.
    listed: Option<bool>,
    hidden: bool,
    /// Its end mark is deleted: it goes on with the next paragraph.
    unmarked: bool,
    /// It is unmarked and its end was read.
    ended: bool,
    /// The run around it, and whether that is hidden: a text box stands in a run.
    outer: (bool, bool),
    /// What was seen in it, with places in its own text.
    tokens: Vec<Token>,
}

struct Part<'b> {
    body: &'b mut Body,
    all: Option<BlockKind>,
    at: At,
    open: Vec<Paragraph>,
    /// The way back to the source is asked for.
    traced: bool,
}

impl Part<'_> {
    /// How long the text of the open paragraph is so far.
    fn length(&self) -> usize {
        self.open.last().map_or(0, |paragraph| paragraph.text.len())
    }

    /// Notes what stands at `source` of the open paragraph; its text is what came since it was `length` long.
    fn note(&mut self, length: usize, source: Span, what: What) {
        // What follows a paragraph that waits to be joined with the next is between the two.
        if let Some(paragraph) = self.open.last_mut().filter(|paragraph| self.traced && !paragraph.ended) {
            let text = Span::new(length.min(paragraph.text.len()), paragraph.text.len());
            paragraph.tokens.push(Token { text, source, what });
        }
    }

    fn words(&mut self, words: &str, source: Span) {
        let length = self.length();
        self.text(words);
        if self.length() > length {
            self.note(length, source, What::Words(Manner::Xml));
        }
    }

    fn start(&mut self, element: &BytesStart, empty: bool) {
        let name = element.local_name();
        let name: &str = name.as_ref();
        let value = || attribute(element, "val");
        // In properties, `del` speaks of the paragraph's mark.
        if self.at.skipped > 0 || is_skipped(name) && !(self.at.properties > 0 && is_change(name)) {
            self.at.skipped += usize::from(!empty);
            return;
        }
        match name {
            "p" => {
                self.begin();
                if empty {
                    self.finish();
                }
            }
            "tbl" | "tc" => {
                self.settle();
                self.at.cells += usize::from(name == "tc" && !empty);
            }
            "pPr" | "rPr" | "sectPr" if !empty => self.at.properties += 1,
            "r" if !empty => {
                self.at.outer.push((self.at.run, self.at.hidden));
                (self.at.run, self.at.hidden) = (true, self.at.run && self.at.hidden);
            }
            "t" => self.at.text = !empty,
            "rStyle" if self.at.run => self.at.hidden |= value().is_some_and(|style| self.body.styles.hides(&style)),
            "vanish" if self.at.run => self.at.hidden = is_on(value()),
            "footnote" | "endnote" if attribute(element, "type").is_some_and(|kind| kind != "normal") => {
                self.at.skipped += usize::from(!empty);
            }
            "headerReference" | "footerReference" => self.body.edges.extend(attribute(element, "id")),
            "fldChar" => self.field(attribute(element, "fldCharType").as_deref()),
            "tab" if self.at.properties == 0 => self.push("\t"),
            "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("\u{2011}"),
            "softHyphen" => self.push("\u{ad}"),
            "sym" => {
                let font = attribute(element, "font").unwrap_or_default();
                let code = attribute(element, "char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                if let Some(symbol) = code.and_then(|code| symbols::symbol(&font, code)) {
                    self.push(symbol.encode_utf8(&mut [0; 4]));
                }
            }
            _ => self.property(name, value),
        }
    }

    /// What the properties say of the open paragraph.
    fn property(&mut self, name: &str, value: impl Fn() -> Option<String>) {
        let Some(paragraph) = self.open.last_mut() else { return };
        match name {
            "pStyle" => {
                let style = value().unwrap_or_default();
                paragraph.kind = self.body.styles.kind(&style);
                paragraph.hidden = self.body.styles.hides(&style);
            }
            "outlineLvl" if value().is_some_and(|level| level != "9") => paragraph.kind = Some(BlockKind::Heading),
            "numId" => paragraph.listed = Some(value().is_some_and(|id| id != "0")),
            "del" | "moveFrom" if self.at.properties > 1 => paragraph.unmarked = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.at.skipped > 0 {
            self.at.skipped -= 1;
            return;
        }
        match name {
            "p" => self.finish(),
            "tc" => {
                self.settle();
                self.at.cells = self.at.cells.saturating_sub(1);
            }
            "txbxContent" | "footnote" | "endnote" => self.settle(),
            "pPr" | "rPr" | "sectPr" => self.at.properties = self.at.properties.saturating_sub(1),
            "r" => (self.at.run, self.at.hidden) = self.at.outer.pop().unwrap_or_default(),
            "t" => self.at.text = false,
            _ => {}
        }
    }

    fn field(&mut self, kind: Option<&str>) {
        match kind {
            Some("begin") => {
                self.at.fields.push(Field::Instruction);
                self.at.instructions += 1;
            }
            Some("separate") => {
                if let Some(field @ Field::Instruction) = self.at.fields.last_mut() {
                    *field = Field::Result;
                    self.at.instructions -= 1;
                }
            }
            Some("end") => {
                let ended = self.at.fields.pop();
                self.at.instructions -= usize::from(ended == Some(Field::Instruction));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.at.text || self.at.skipped > 0 {
            return;
        }
        // Line ends and tabs are elements; those in the text are the file's own.
        if text.contains(['\n', '\r', '\t']) {
            self.push(&text.split(['\n', '\r', '\t']).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" "));
        } else {
            self.push(text);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut()
            && !self.at.hidden
            && !paragraph.hidden
            && self.at.instructions == 0
        {
            paragraph.text.push_str(text);
        }
    }

    fn begin(&mut self) {
        self.body.paragraph += 1;
        let outer = (std::mem::take(&mut self.at.run), std::mem::take(&mut self.at.hidden));
        match self.open.last_mut() {
            // The joined paragraph is what the last of its parts is.
            Some(joined) if joined.ended => {
                *joined = Paragraph {
                    number: joined.number,
                    text: std::mem::take(&mut joined.text),
                    tokens: std::mem::take(&mut joined.tokens),
                    outer,
                    ..Paragraph::default()
                };
            }
            _ => self.open.push(Paragraph { number: self.body.paragraph, outer, ..Paragraph::default() }),
        }
    }

    /// The end of a paragraph's element.
    fn finish(&mut self) {
        // A field whose instruction goes on has no end, or an end that is lost.
        self.at.fields.retain(|field| *field == Field::Result);
        self.at.instructions = 0;
        if let Some(paragraph) = self.open.last() {
            (self.at.run, self.at.hidden) = paragraph.outer;
        }
        match self.open.last_mut() {
            Some(paragraph) if paragraph.unmarked => paragraph.ended = true,
            _ => self.close(),
        }
    }

    /// Closes a paragraph that waits to be joined with one that does not come.
    fn settle(&mut self) {
        if self.open.last().is_some_and(|paragraph| paragraph.ended) {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(paragraph) = self.open.pop() else { return };
        let listed = paragraph.listed;
        let kind = match (self.all, paragraph.kind) {
            // A page number alone is no text.
            (Some(BlockKind::Boilerplate), _) if !paragraph.text.contains(char::is_alphabetic) => return,
            (Some(kind), _) => kind,
            (None, Some(BlockKind::List)) if listed != Some(false) => BlockKind::List,
            (None, Some(kind)) if kind != BlockKind::List => kind,
            _ if listed == Some(true) => BlockKind::List,
            _ if self.at.cells > 0 => BlockKind::Running,
            _ => BlockKind::Plain,
        };
        let trimmed = paragraph.text.trim_start();
        let lead = paragraph.text.len() - trimmed.len();
        let column = paragraph.text[..lead].chars().count() + 1;
        self.body.builder.push(trimmed, paragraph.number, column);
        if let Some(trace) = self.body.builder.trace.as_mut().filter(|_| !trimmed.is_empty()) {
            let begin = self.body.builder.text.len() - trimmed.len();
            for mut token in paragraph.tokens {
                let cut = lead.saturating_sub(token.text.start).min(token.text.len());
                if token.is_plain() && matches!(token.what, What::Words(_)) {
                    token.source.start += cut;
                }
                let start = token.text.start.max(lead) - lead;
                let end = token.text.end.max(lead) - lead;
                token.text = Span::new(begin + start, begin + end);
                if !(token.text.is_empty() && matches!(token.what, What::Words(_))) {
                    trace.push(token);
                }
            }
        }
        self.body.builder.close(kind);
    }
}

/// Elements whose text is not the document's: deleted, moved away, there twice, or as it was before.
fn is_skipped(name: &str) -> bool {
    is_change(name)
        || name.ends_with("PrChange")
        || matches!(name, "Fallback" | "instrText" | "delText" | "delInstrText" | "rt" | "numberingChange")
}

fn is_change(name: &str) -> bool {
    matches!(name, "del" | "moveFrom")
}

/// A switch that is there is on, unless it says otherwise.
fn is_on(value: Option<String>) -> bool {
    !value.is_some_and(|value| matches!(&*value, "0" | "false" | "off"))
}

#[cfg(test)]
mod tests;
