//! Words and codes of a `source` or `target`.

use crate::{
    formats::{
        Event, FormatError, MAX_SEGMENT,
        xml::{Reader, escape_attribute, escape_text},
    },
    model::{Code, CodeKind},
};
use std::collections::HashMap;

/// Words with their codes, and where the segments (`mrk mtype="seg"`) in them are.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Content {
    pub text: String,
    pub codes: Vec<Code>,
    /// The `mid`, and the ranges of text and codes.
    pub segments: Vec<(String, std::ops::Range<usize>, std::ops::Range<usize>)>,
    /// Native code of the file's own stands here, not the tags of codes only.
    pub native: bool,
    /// More than a segment may hold: what is here is not all.
    pub too_long: bool,
}

impl Content {
    /// The words and codes of one segment.
    pub fn part(&self, text: &std::ops::Range<usize>, codes: &std::ops::Range<usize>) -> Content {
        let codes = self.codes[codes.clone()].iter().cloned();
        Content {
            text: self.text[text.clone()].to_owned(),
            codes: codes.map(|code| Code { at: code.at - text.start, ..code }).collect(),
            segments: Vec::new(),
            native: self.native,
            too_long: self.too_long,
        }
    }
}

/// What an open element has to do when it ends.
enum Open {
    /// A pair: its `ept` with this number and native code.
    Pair(usize, String),
    /// A highlight of TMX.
    Highlight,
    Segment(String, usize, usize),
    Nothing,
}

/// Reads the content of the element just started; its end is read too. `data` is the native code kept apart
/// (XLIFF 2 `originalData`).
pub(super) fn content(xml: &mut Reader<'_>, data: &HashMap<String, String>) -> Result<Content, FormatError> {
    let depth = xml.depth();
    let mut out = Content::default();
    let mut open = Vec::new();
    let mut native = 0;
    loop {
        if out.text.len() + native > MAX_SEGMENT {
            let too_long = true;
            out = Content { too_long, ..Content::default() };
            native = 0;
            for o in &mut open {
                *o = Open::Nothing;
            }
        }
        match xml.next()? {
            Event::Text => out.text.push_str(xml.text()),
            Event::Start => {
                let before = out.codes.len();
                // An element whose native code was read has ended already.
                open.extend(start(xml, &mut out, data)?);
                native += out.codes[before..].iter().map(|code| 64 + code.content.len()).sum::<usize>();
            }
            Event::End if xml.depth() == depth => return Ok(out),
            Event::End => match open.pop() {
                Some(Open::Pair(number, content)) => {
                    native += 64 + content.len();
                    let attributes = vec![("i".to_owned(), number.to_string())];
                    push(&mut out, "ept", attributes, content);
                }
                Some(Open::Highlight) => {
                    let at = out.text.len();
                    out.codes.push(highlight(at, CodeKind::Close, Vec::new()));
                }
                Some(Open::Segment(mid, text, codes)) if text <= out.text.len() => {
                    let ranges = (text..out.text.len(), codes..out.codes.len());
                    out.segments.push((mid, ranges.0, ranges.1));
                }
                _ => {}
            },
            Event::Eof => return Ok(out),
        }
    }
}

fn highlight(at: usize, kind: CodeKind, attributes: Vec<(String, String)>) -> Code {
    Code { at, kind, name: "hi".to_owned(), attributes, content: String::new() }
}

/// The `type` of a highlight that this program wrote, where the element just started is one; it may be empty.
fn highlighted(xml: &Reader<'_>) -> Option<String> {
    let in_1 = xml.attribute("ctype").and_then(|kind| kind.strip_prefix("x-hi"));
    let in_2 = (xml.attribute("type") == Some("yaddash:hi")).then(|| xml.attribute("value").unwrap_or_default());
    in_1.map(|kind| kind.strip_prefix('-').unwrap_or(kind)).or(in_2).map(str::to_owned)
}

fn push(out: &mut Content, name: &str, attributes: Vec<(String, String)>, content: String) {
    let at = out.text.len();
    out.codes.push(Code { at, kind: CodeKind::Alone, name: name.to_owned(), attributes, content });
}

fn start(xml: &mut Reader<'_>, out: &mut Content, data: &HashMap<String, String>) -> Result<Option<Open>, FormatError> {
    let name = xml.local().to_owned();
    let get = |attribute: &str| xml.attribute(attribute).map(str::to_owned);
    let id = get("id");
    // The number of a pair is free where no other code has it: codes are counted.
    let number = out.codes.len() + 1;
    let x = || id.clone().map(|id| ("x".to_owned(), id)).into_iter();
    let kept = |reference: &str| {
        let code = get(reference).and_then(|id| data.get(&id))?;
        let mut escaped = String::new();
        escape_text(code, &mut escaped);
        Some(escaped)
    };
    let tag = |end: &str| {
        let mut tag = format!("<{}", xml.name());
        for (name, value) in xml.attributes() {
            tag.push_str(&format!(" {name}=\""));
            escape_attribute(value, &mut tag);
            tag.push('"');
        }
        tag.push_str(end);
        let mut escaped = String::new();
        escape_text(&tag, &mut escaped);
        escaped
    };
    match name.as_str() {
        "g" | "mrk" if highlighted(xml).is_some() => {
            let kind = highlighted(xml).filter(|kind| !kind.is_empty()).map(|kind| ("type".to_owned(), kind));
            out.codes.push(highlight(out.text.len(), CodeKind::Open, x().chain(kind).collect()));
            Ok(Some(Open::Highlight))
        }
        "mrk" if get("mtype").as_deref() == Some("seg") => {
            Ok(Some(Open::Segment(get("mid").unwrap_or_default(), out.text.len(), out.codes.len())))
        }
        // Words that a tracked change of Trados Studio has taken out.
        "mrk" if get("mtype").as_deref() == Some("x-sdl-deleted") => {
            xml.skip()?;
            Ok(None)
        }
        "g" | "pc" | "mrk" => {
            let begin = kept("dataRefStart").unwrap_or_else(|| tag(">"));
            let end = kept("dataRefEnd").unwrap_or_else(|| format!("&lt;/{}&gt;", xml.name()));
            let attributes = std::iter::once(("i".to_owned(), number.to_string())).chain(x()).collect();
            push(out, "bpt", attributes, begin);
            Ok(Some(Open::Pair(number, end)))
        }
        "x" | "bx" | "ex" | "sc" | "ec" | "cp" | "sm" | "em" => {
            let content = kept("dataRef").unwrap_or_else(|| tag("/>"));
            let pos = match name.as_str() {
                "bx" | "sc" | "sm" => Some("begin"),
                "ex" | "ec" | "em" => Some("end"),
                _ => None,
            };
            let pos = pos.map(|pos| ("pos".to_owned(), pos.to_owned()));
            let code = if pos.is_some() { "it" } else { "ph" };
            // An end is told by what it ends.
            let of = get("startRef").filter(|_| id.is_none()).map(|id| ("x".to_owned(), id));
            let attributes = pos.into_iter().chain(x()).chain(of).collect();
            push(out, code, attributes, content);
            Ok(Some(Open::Nothing))
        }
        "ph" | "bpt" | "ept" | "it" => {
            let pos = (name == "it").then(|| {
                let pos = if matches!(get("pos").as_deref(), Some("close" | "end")) { "end" } else { "begin" };
                ("pos".to_owned(), pos.to_owned())
            });
            // Pairs of a file have numbers of their own, behind a letter that ours never have.
            let pair = matches!(name.as_str(), "bpt" | "ept").then(|| get("rid").or(id.clone())).flatten();
            let pair = pair.map(|rid| ("i".to_owned(), format!("r{rid}")));
            let attributes = pair.into_iter().chain(pos).chain(x().filter(|_| name != "ept")).collect();
            let data = kept("dataRef").or_else(|| xml.is_empty_element().then(|| tag("/>")));
            let content = native(xml)?;
            out.native |= !content.trim().is_empty();
            push(out, &name, attributes, data.unwrap_or(content));
            Ok(None)
        }
        _ => Ok(Some(Open::Nothing)),
    }
}

/// The native code inside the element just started, as escaped text with its sub-flows as TMX has them; its end is read.
fn native(xml: &mut Reader<'_>) -> Result<String, FormatError> {
    let depth = xml.depth();
    let mut out = String::new();
    let mut subs = Vec::new();
    loop {
        match xml.next()? {
            Event::Text if out.len() <= MAX_SEGMENT => escape_text(xml.text(), &mut out),
            Event::Text => {}
            // Marks inside of marks of a sub-flow have no place in TMX's.
            Event::Start if xml.local() == "sub" => {
                subs.push(xml.depth());
                out.push_str("<sub>");
            }
            Event::Start => {}
            Event::End if xml.depth() == depth => return Ok(out),
            Event::End => {
                if subs.pop_if(|at| *at == xml.depth()).is_some() {
                    out.push_str("</sub>");
                }
            }
            Event::Eof => return Ok(out),
        }
    }
}
