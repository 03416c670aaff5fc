//! A TBX with some of its entries changed: all else stays letter by letter.

use super::{Dialect, Form, Style, write::Entry};
use crate::model::Concept;
use std::{collections::HashSet, ops::Range};

/// What becomes of one concept of a file.
#[derive(Debug, Clone, Copy)]
pub struct Patch<'c> {
    /// Its entries, counted from 0 in file order; none for a new concept.
    pub entries: &'c [usize],
    /// `None` where it goes.
    pub concept: Option<&'c Concept>,
    /// Of a new one: the entry it is to stand behind; the inner `None` is the first place, the outer the last.
    pub behind: Option<Option<usize>>,
}

/// Where the entries of a well-formed TBX stand, in bytes.
pub fn entries(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for tag in tags(text) {
        if !matches!(tag.local, "termEntry" | "conceptEntry") {
            continue;
        }
        match tag.kind {
            TagKind::Start => start = Some(tag.span.start),
            TagKind::Empty => out.push(tag.span),
            TagKind::End => out.extend(start.take().map(|start| start..tag.span.end)),
        }
    }
    out
}

/// The text with the entries changed; `None` where it has no place for new ones.
pub fn patched(text: &str, patches: &[Patch<'_>]) -> Option<String> {
    let places = entries(text);
    let form = form_of(text);
    let mut ids: HashSet<String> = HashSet::new();
    for tag in tags(text) {
        ids.extend(attribute(&text[tag.span.clone()], "id").map(str::to_owned));
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for patch in patches {
        let mut own = patch.entries.iter().filter_map(|at| places.get(*at).cloned());
        let entry = |ids: &mut HashSet<String>, id: String, concept| {
            Entry { form, own_file: true, ids }.written(&id, concept).trim_end().to_owned()
        };
        match (patch.concept, own.next()) {
            (Some(concept), Some(place)) => {
                let old = attribute(&text[place.clone()], "id").filter(|id| *id == concept.id);
                let id = match old {
                    Some(id) => id.to_owned(),
                    None => match attribute(&text[place.clone()], "id") {
                        // It goes by another name here, and that of the file stays.
                        Some(id) => id.to_owned(),
                        None => super::write::xml_id(&concept.id, &mut ids),
                    },
                };
                edits.push((place, entry(&mut ids, id, concept)));
            }
            (Some(concept), None) => {
                let place = match patch.behind {
                    Some(Some(at)) => places.get(at),
                    _ => places.last(),
                };
                let (at, before) = match place {
                    Some(_) if patch.behind == Some(None) => (places.first().map_or(0, |first| first.start), ""),
                    Some(last) => (last.end, "\n"),
                    None => (tags(text).find(|tag| tag.local == "body" && tag.kind == TagKind::End)?.span.start, ""),
                };
                let after = if before.is_empty() { "\n" } else { "" };
                let id = super::write::xml_id(&concept.id, &mut ids);
                edits.push((at..at, format!("{before}{}{after}", entry(&mut ids, id, concept))));
            }
            (None, Some(place)) => edits.push((with_space_before(text, place), String::new())),
            (None, None) => {}
        }
        // The concept is one entry now.
        edits.extend(own.map(|place| (with_space_before(text, place), String::new())));
    }
    edits.sort_by_key(|(place, _)| (place.start, place.end));
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (place, new) in edits {
        out.push_str(&text[from..place.start]);
        out.push_str(&new);
        from = place.end;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// An entry with the line it begins on.
fn with_space_before(text: &str, place: Range<usize>) -> Range<usize> {
    let before = text[..place.start].trim_end_matches([' ', '\t']);
    let before = before
        .strip_suffix('\n')
        .map_or(text[..place.start].len(), |rest| rest.strip_suffix('\r').unwrap_or(rest).len());
    before..place.end
}

/// What the root element says the file is.
fn form_of(text: &str) -> Form {
    let Some(root) = tags(text).next() else { return Form::V2 };
    if root.local == "martif" {
        return Form::V2;
    }
    let root = &text[root.span];
    let dialect = Dialect::ALL.into_iter().find(|dialect| attribute(root, "type") == Some(dialect.name()));
    let style = if attribute(root, "style") == Some("dct") { Style::Dct } else { Style::Dca };
    Form::V3 { dialect, style }
}

/// The value of an attribute of the tag that `text` begins with, as it is written.
fn attribute<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let tag = &text[..tag_end(text)];
    let mut rest = tag.split_once(char::is_whitespace)?.1;
    loop {
        let (key, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let quote = behind.chars().next()?;
        let (value, after) = behind[quote.len_utf8()..].split_once(quote)?;
        if key.trim() == name {
            return Some(value);
        }
        rest = after;
    }
}

/// The length of the tag that `text` begins with: a `>` in quotes does not end it.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TagKind {
    Start,
    End,
    Empty,
}

struct Tag<'t> {
    span: Range<usize>,
    local: &'t str,
    kind: TagKind,
}

/// The tags of a well-formed text; what stands in comments, CDATA and instructions is none.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            let rest = &text[start..];
            let passed = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
            if let Some((_, end)) = passed.iter().find(|(begin, _)| rest.starts_with(begin)) {
                at = start + rest.find(end)? + end.len();
                continue;
            }
            if rest.starts_with("<!") {
                // A DOCTYPE, with its declarations where it has any.
                let subset = rest.find('[').filter(|open| rest.find('>').is_some_and(|close| *open < close));
                let end = if subset.is_some() { "]>" } else { ">" };
                at = start + rest.find(end)? + end.len();
                continue;
            }
            let end = start + tag_end(rest);
            at = end;
            let inner = text[start + 1..end].trim_end_matches('>');
            let kind = match (inner.starts_with('/'), inner.ends_with('/')) {
                (true, _) => TagKind::End,
                (_, true) => TagKind::Empty,
                _ => TagKind::Start,
            };
            let name = inner.trim_start_matches('/').split([' ', '\t', '\n', '\r', '/']).next().unwrap_or_default();
            let local = name.split_once(':').map_or(name, |(_, local)| local);
            return Some(Tag { span: start..end, local, kind });
        }
    })
}
