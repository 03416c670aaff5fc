//! DOCX (ECMA-376, WordprocessingML): the text as it stands with all tracked changes accepted.
//!
//! Runs are joined whatever their formatting; insertions are in, deletions out; links, content controls, text
//! boxes and fields' results are in. Table cells are blocks; footnotes and endnotes follow the body; headers and
//! footers that a section uses are boilerplate. The place of a word is its paragraph's number in the file's order
//! and its column in the paragraph.

use super::{
    Builder, DocumentError, Read,
    package::{Package, attribute, local, resolved},
};
use crate::model::BlockKind;
use quick_xml::{Reader, events::Event};
use std::collections::HashMap;

pub(super) fn read(mut package: Package) -> Result<Read, DocumentError> {
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
    let mut styles = HashMap::new();
    if let Some(part) = target("/styles")
        && let Some(xml) = package.part(&part)?
    {
        styles = read_styles(&xml).map_err(|error| package.damaged(&part, error))?;
    }
    let mut body = Body { builder: Builder::default(), styles, paragraph: 0, edges: Vec::new() };
    let xml = package.part(&main)?.unwrap_or_default();
    body.read(&xml, None).map_err(|error| package.damaged(&main, error))?;
    for kind in ["/footnotes", "/endnotes"] {
        if let Some(part) = target(kind)
            && let Some(xml) = package.part(&part)?
        {
            body.read(&xml, Some(BlockKind::Running)).map_err(|error| package.damaged(&part, error))?;
        }
    }
    let edges = std::mem::take(&mut body.edges);
    for relation in relations.iter().filter(|relation| edges.contains(&relation.id)) {
        if let Some(xml) = package.part(&relation.target)? {
            body.read(&xml, Some(BlockKind::Boilerplate)).map_err(|error| package.damaged(&relation.target, error))?;
        }
    }
    Ok(body.builder.finish())
}

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

fn relations(xml: &str, folder: &str) -> Result<Vec<Relation>, quick_xml::Error> {
    let mut out = Vec::new();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event()? {
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

/// What each paragraph style is, by its name: the ids are translated in some Words, the names are not.
fn read_styles(xml: &str) -> Result<HashMap<String, BlockKind>, quick_xml::Error> {
    let mut kinds = HashMap::new();
    let mut based: Vec<(String, String)> = Vec::new();
    let mut id = String::new();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event()? {
            Event::Start(element) | Event::Empty(element) => match local(&element).as_str() {
                "style" => id = attribute(&element, "styleId").unwrap_or_default(),
                "name" => {
                    let kind = attribute(&element, "val").and_then(|name| style_kind(&name));
                    kinds.extend(kind.map(|kind| (id.clone(), kind)));
                }
                "basedOn" => based.push((id.clone(), attribute(&element, "val").unwrap_or_default())),
                "outlineLvl" if attribute(&element, "val").is_some_and(|level| level != "9") => {
                    kinds.insert(id.clone(), BlockKind::Heading);
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    // A style is what the style it is based on is; chains are short.
    for _ in 0..4 {
        for (id, base) in &based {
            if let Some(kind) = kinds.get(base).copied()
                && kind != BlockKind::List
            {
                kinds.entry(id.clone()).or_insert(kind);
            }
        }
    }
    Ok(kinds)
}

/// What a style's name (or, without a styles part, its id) says.
fn style_kind(name: &str) -> Option<BlockKind> {
    let name: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    if name.starts_with("heading") || name == "title" || name == "subtitle" {
        Some(BlockKind::Heading)
    } else if name.ends_with("quote") {
        Some(BlockKind::Quote)
    } else if name.starts_with("listbullet") || name.starts_with("listnumber") {
        Some(BlockKind::List)
    } else if name.starts_with("toc") && name != "tocheading" {
        Some(BlockKind::Boilerplate)
    } else {
        None
    }
}

struct Body {
    builder: Builder,
    styles: HashMap<String, BlockKind>,
    /// How many paragraphs began so far.
    paragraph: usize,
    /// The relations of the headers and footers that sections use.
    edges: Vec<String>,
}

/// An open paragraph. A text box opens another one inside.
#[derive(Default)]
struct Paragraph {
    number: usize,
    pieces: String,
    kind: Option<BlockKind>,
    listed: bool,
    /// Its end mark is deleted: it goes on with the next paragraph.
    joined: bool,
}

impl Body {
    /// Reads one part. `all` is what every paragraph in it is, where the part says so.
    fn read(&mut self, xml: &str, all: Option<BlockKind>) -> Result<(), quick_xml::Error> {
        let mut reader = Reader::from_str(xml);
        let mut open: Vec<Paragraph> = Vec::new();
        // How deep in elements whose text is not part of the document, in tables, in properties.
        let (mut skipped, mut cells, mut properties) = (0usize, 0usize, 0usize);
        let mut hidden = false;
        let mut in_text = false;
        loop {
            let event = reader.read_event()?;
            let empty = matches!(event, Event::Empty(_));
            match &event {
                Event::Start(element) | Event::Empty(element) => {
                    let name = local(element);
                    let value = || attribute(element, "val");
                    if is_skipped(&name) && properties == 0 || skipped > 0 {
                        skipped += usize::from(!empty);
                        continue;
                    }
                    match name.as_str() {
                        "p" => {
                            self.paragraph += 1;
                            let joined = open.last().is_some_and(|p| p.joined);
                            if !joined {
                                open.push(Paragraph { number: self.paragraph, ..Paragraph::default() });
                            } else if let Some(paragraph) = open.last_mut() {
                                paragraph.joined = false;
                            }
                            if empty {
                                self.close(&mut open, all, cells > 0);
                            }
                        }
                        "tc" if !empty => cells += 1,
                        "pPr" | "rPr" | "sectPr" if !empty => properties += 1,
                        "r" => hidden = false,
                        "t" => in_text = !empty,
                        "vanish" if !value().is_some_and(|v| v == "0" || v == "false") => {
                            hidden = open.last().is_some()
                        }
                        "footnote" | "endnote" if attribute(element, "type").is_some_and(|t| t != "normal") => {
                            skipped += usize::from(!empty);
                        }
                        "headerReference" | "footerReference" => self.edges.extend(attribute(element, "id")),
                        _ => {}
                    }
                    let Some(paragraph) = open.last_mut() else { continue };
                    match name.as_str() {
                        "pStyle" => {
                            let style = value().unwrap_or_default();
                            let kind = self.styles.get(&style).copied();
                            paragraph.kind =
                                kind.or_else(|| if self.styles.is_empty() { style_kind(&style) } else { None });
                        }
                        "outlineLvl" if value().is_some_and(|level| level != "9") => {
                            paragraph.kind = Some(BlockKind::Heading);
                        }
                        "numId" => paragraph.listed = value().is_some_and(|id| id != "0"),
                        "del" | "moveFrom" if properties > 1 => paragraph.joined = true,
                        "tab" if properties == 0 => paragraph.pieces.push('\t'),
                        "br" | "cr" => paragraph.pieces.push('\n'),
                        "noBreakHyphen" => paragraph.pieces.push('\u{2011}'),
                        "softHyphen" => paragraph.pieces.push('\u{ad}'),
                        _ => {}
                    }
                }
                Event::End(element) => {
                    if skipped > 0 {
                        skipped -= 1;
                        continue;
                    }
                    match element.local_name().as_ref() {
                        "p" => self.close(&mut open, all, cells > 0),
                        "tc" => cells = cells.saturating_sub(1),
                        "pPr" | "rPr" | "sectPr" => properties = properties.saturating_sub(1),
                        "r" => hidden = false,
                        "t" => in_text = false,
                        _ => {}
                    }
                }
                Event::Text(text) if in_text && skipped == 0 && !hidden => {
                    if let Some(paragraph) = open.last_mut() {
                        paragraph.pieces.push_str(text);
                    }
                }
                Event::CData(text) if in_text && skipped == 0 && !hidden => {
                    if let Some(paragraph) = open.last_mut() {
                        paragraph.pieces.push_str(text);
                    }
                }
                Event::GeneralRef(reference) if in_text && skipped == 0 && !hidden => {
                    if let Some(paragraph) = open.last_mut() {
                        paragraph.pieces.push_str(&resolved(reference));
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        while !open.is_empty() {
            open.iter_mut().for_each(|paragraph| paragraph.joined = false);
            self.close(&mut open, all, false);
        }
        Ok(())
    }

    fn close(&mut self, open: &mut Vec<Paragraph>, all: Option<BlockKind>, in_cell: bool) {
        if open.last().is_none_or(|paragraph| paragraph.joined) {
            return;
        }
        let Some(paragraph) = open.pop() else { return };
        // A page number alone is no text.
        if all == Some(BlockKind::Boilerplate) && !paragraph.pieces.contains(char::is_alphabetic) {
            return;
        }
        let kind = match paragraph.kind {
            _ if all.is_some() => all.unwrap_or(BlockKind::Plain),
            Some(kind) => kind,
            None if paragraph.listed => BlockKind::List,
            None if in_cell => BlockKind::Running,
            None => BlockKind::Plain,
        };
        let trimmed = paragraph.pieces.trim_start();
        let column = paragraph.pieces[..paragraph.pieces.len() - trimmed.len()].chars().count() + 1;
        self.builder.push(trimmed, paragraph.number, column);
        self.builder.close(kind);
    }
}

/// Elements whose text is not the document's: deleted, moved away, or there twice.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "del" | "moveFrom" | "Fallback" | "instrText" | "delText" | "delInstrText" | "rPrChange" | "pPrChange"
    )
}

#[cfg(test)]
mod tests;
