//! Elements as trees: read, written in either style, and as text in a note.

use super::{
    Form, Style,
    categories::{CORE, category},
};
use crate::{
    formats::{
        Event, FormatError, MAX_UNIT, open,
        xml::{Reader, escape_attribute, escape_text},
    },
    model::{Content, Element},
};

/// How deep what is kept may nest; what is inside of more counts as text.
const MAX_NESTED: usize = 16;

/// Reads the element just started, to its end. `size` counts its bytes; of one that is too large nothing more is held.
pub(super) fn read(xml: &mut Reader<'_>, size: &mut usize) -> Result<Element, FormatError> {
    let outer = xml.depth();
    let mut open: Vec<Element> = vec![started(xml, size)];
    loop {
        match xml.next()? {
            Event::Start if xml.depth() - outer < MAX_NESTED => open.push(started(xml, size)),
            Event::Text => {
                *size += xml.text().len();
                if *size <= MAX_UNIT
                    && let Some(element) = open.last_mut()
                {
                    match element.content.last_mut() {
                        Some(Content::Text(text)) => text.push_str(xml.text()),
                        _ => element.content.push(Content::Text(xml.text().to_owned())),
                    }
                }
            }
            Event::End if xml.depth() - outer < MAX_NESTED => {
                let Some(mut done) = open.pop() else { return Ok(Element::default()) };
                tidied(&mut done);
                match open.last_mut() {
                    Some(around) => around.content.push(Content::Element(done)),
                    None => return Ok(done),
                }
            }
            Event::Eof => return Ok(open.swap_remove(0)),
            _ => {}
        }
    }
}

/// White space between the parts of a group is the file's layout.
fn tidied(element: &mut Element) {
    let blank = |part: &Content| matches!(part, Content::Text(text) if text.trim().is_empty());
    let texts = element.content.iter().any(|part| matches!(part, Content::Text(_)) && !blank(part));
    if !texts {
        element.content.retain(|part| !blank(part));
    } else if let [Content::Text(text)] = &mut element.content[..] {
        *text = text.trim().to_owned();
    }
}

fn started(xml: &Reader<'_>, size: &mut usize) -> Element {
    let local = xml.local();
    let attributes = xml.attributes().filter(|(name, _)| !name.starts_with("xmlns") && *name != "metaType");
    let mut attributes: Vec<(String, String)> =
        attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    *size += local.len() + attributes.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    if *size > MAX_UNIT {
        attributes.clear();
    }
    let name = if CORE.contains(&local) {
        local
    } else if let Some(category) = category(local) {
        attributes.insert(0, ("type".to_owned(), local.to_owned()));
        category.meta
    } else {
        // Of a module that is not known: its own name with its prefix.
        xml.name()
    };
    Element { name: name.to_owned(), attributes, content: Vec::new() }
}

/// Appends `element` as a file of `form` writes it. `declared`: the file's root declares the modules' prefixes.
pub(super) fn write(element: &Element, form: Form, declared: bool, out: &mut String) {
    let tag = matches!(form, Form::V3 { style: Style::Dct, .. })
        .then(|| element.attribute("type").and_then(category))
        .flatten()
        .filter(|category| category.meta == element.name);
    let (name, namespace) = match tag {
        Some(category) => {
            let module = category.dialect.module();
            (format!("{module}:{}", category.name), Some(module).filter(|_| !declared))
        }
        None => (element.name.clone(), None),
    };
    out.push('<');
    out.push_str(&name);
    if let Some(module) = namespace {
        out.push_str(&format!(" xmlns:{module}=\"{}{module}\"", super::MODULES));
    }
    for (name, value) in &element.attributes {
        if tag.is_some() && name == "type" {
            continue;
        }
        out.push_str(&format!(" {name}=\""));
        escape_attribute(value, out);
        out.push('"');
    }
    if element.content.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for part in &element.content {
        match part {
            Content::Text(text) => escape_text(text, out),
            Content::Element(inner) => write(inner, form, declared, out),
        }
    }
    out.push_str(&format!("</{name}>"));
}

/// The element a text holds, as [`write`] wrote it; `None` where it holds none.
pub(super) fn parsed(text: &str) -> Option<Element> {
    let mut xml = Reader::new(open(text.as_bytes()).ok()?.source().ok()?);
    while xml.next().ok()? != Event::Start {}
    let element = read(&mut xml, &mut 0).ok()?;
    (xml.next().ok()? == Event::Eof).then_some(element)
}
