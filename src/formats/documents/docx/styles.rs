//! What the styles of a DOCX say of their paragraphs and runs.

use super::is_on;
use crate::{
    formats::documents::package::{Xml, XmlError, attribute, local},
    model::BlockKind,
};
use quick_xml::events::Event;
use std::collections::{HashMap, HashSet};

/// Styles by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles {
    kinds: HashMap<String, BlockKind>,
    hidden: HashSet<String>,
    /// The document has a part of styles.
    told: bool,
}

impl Styles {
    pub fn read(xml: &str) -> Result<Styles, XmlError> {
        let mut styles = Styles { told: true, ..Styles::default() };
        let mut parents: Vec<(String, String)> = Vec::new();
        let mut id = String::new();
        // In the properties of one part of a table, or of what was before a change.
        let mut skipped = 0usize;
        let mut xml = Xml::new(xml);
        loop {
            match xml.next()? {
                Event::End(_) if skipped > 0 => skipped -= 1,
                Event::Start(_) if skipped > 0 => skipped += 1,
                Event::Empty(_) if skipped > 0 => {}
                event @ (Event::Start(_) | Event::Empty(_)) => {
                    let empty = matches!(event, Event::Empty(_));
                    let (Event::Start(element) | Event::Empty(element)) = event else { continue };
                    let value = || attribute(&element, "val");
                    match local(&element).as_str() {
                        "style" => id = attribute(&element, "styleId").unwrap_or_default(),
                        "name" => {
                            let kind = value().and_then(|name| style_kind(&name));
                            styles.kinds.extend(kind.map(|kind| (id.clone(), kind)));
                        }
                        "basedOn" => parents.push((id.clone(), value().unwrap_or_default())),
                        "outlineLvl" if value().is_some_and(|level| level != "9") => {
                            styles.kinds.insert(id.clone(), BlockKind::Heading);
                        }
                        "numId" if value().is_some_and(|id| id != "0") => {
                            styles.kinds.entry(id.clone()).or_insert(BlockKind::List);
                        }
                        "vanish" if is_on(value()) => {
                            styles.hidden.insert(id.clone());
                        }
                        "tblStylePr" | "rPrChange" | "pPrChange" | "docDefaults" => skipped += usize::from(!empty),
                        _ => {}
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        // A style is what the style it is based on is; chains are short.
        for _ in 0..4 {
            for (id, parent) in &parents {
                if let Some(kind) = styles.kinds.get(parent).copied() {
                    styles.kinds.entry(id.clone()).or_insert(kind);
                }
                if styles.hidden.contains(parent) {
                    styles.hidden.insert(id.clone());
                }
            }
        }
        Ok(styles)
    }

    pub fn kind(&self, style: &str) -> Option<BlockKind> {
        if self.told { self.kinds.get(style).copied() } else { style_kind(style) }
    }

    /// Text in the style is hidden.
    pub fn hides(&self, style: &str) -> bool {
        self.hidden.contains(style)
    }
}

/// The beginnings of names of headings: Word's own, whatever language it speaks, and those other programs write.
const HEADINGS: &[&str] = &["heading", "заголовок", "başlıq"];

/// What a style's name (or, without a part of styles, its id) says: ids are translated in some Words, names are not.
fn style_kind(name: &str) -> Option<BlockKind> {
    let name: String = name.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    if HEADINGS.iter().any(|start| name.starts_with(start)) || name == "title" || name == "subtitle" {
        Some(BlockKind::Heading)
    } else if name.ends_with("quote") || name == "blocktext" {
        Some(BlockKind::Quote)
    } else if name.starts_with("listbullet") || name.starts_with("listnumber") {
        Some(BlockKind::List)
    } else if name.starts_with("toc") && name != "tocheading" {
        Some(BlockKind::Boilerplate)
    } else {
        None
    }
}
