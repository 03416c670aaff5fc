//! The tags of an XML text that is known to be well-formed, by their places: for putting something in and leaving all
//! else as it is.

use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    Open,
    Close,
    Empty,
}

/// A tag, from its `<` to behind its `>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'t> {
    pub kind: TagKind,
    /// With its prefix.
    pub name: &'t str,
    pub span: Span,
}

impl<'t> Tag<'t> {
    pub fn local(&self) -> &'t str {
        self.name.split_once(':').map_or(self.name, |(_, local)| local)
    }

    /// The prefix with its colon, or nothing.
    pub fn prefix(&self) -> &'t str {
        &self.name[..self.name.len() - self.local().len()]
    }
}

/// The tags of `text` in order; comments, instructions, CDATA sections and the DOCTYPE are passed over.
pub fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            let rest = &text[start..];
            let past = |end: &str| rest.find(end).map_or(text.len(), |found| start + found + end.len());
            if rest.starts_with("<!--") {
                at = past("-->");
            } else if rest.starts_with("<![CDATA[") {
                at = past("]]>");
            } else if rest.starts_with("<?") {
                at = past("?>");
            } else if rest.starts_with("<!") {
                at = start + doctype(rest);
            } else {
                let end = start + tag_end(rest);
                at = end;
                let inner = &text[start + 1..end - 1];
                let (kind, inner) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
                    (Some(inner), _) => (TagKind::Close, inner),
                    (None, Some(inner)) => (TagKind::Empty, inner),
                    (None, None) => (TagKind::Open, inner),
                };
                let name = &inner[..inner.find(char::is_whitespace).unwrap_or(inner.len())];
                return Some(Tag { kind, name, span: Span::new(start, end) });
            }
        }
    })
}

/// The length of the tag `text` begins with: a `>` in quotes does not end it.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            (None, _) => {}
        }
    }
    text.len()
}

/// The length of the DOCTYPE `text` begins with, its subset in brackets included.
fn doctype(text: &str) -> usize {
    let end = text.find('>').unwrap_or(text.len() - 1) + 1;
    match text.find('[').filter(|open| *open < end) {
        Some(open) => {
            let close = text[open..].find(']').map_or(text.len(), |close| open + close);
            close + text[close..].find('>').map_or(text.len() - close, |end| end + 1)
        }
        None => end,
    }
}

/// The tag written in `text` with an attribute set: in the place of the one it has, else behind the name.
pub fn with_attribute(text: &str, name: &str, value: &str) -> String {
    let mut written = String::new();
    super::xliff1::attribute(name, value, &mut written);
    match attribute(text, name) {
        Some(span) => format!("{}{}{}", &text[..span.start], written.trim_start(), &text[span.end..]),
        None => {
            let end =
                text[1..].find(|c: char| c.is_whitespace() || c == '/' || c == '>').map_or(text.len(), |at| at + 1);
            format!("{}{written}{}", &text[..end], &text[end..])
        }
    }
}

/// The value of an attribute of the tag written in `text`, references resolved.
pub fn value(text: &str, name: &str) -> Option<String> {
    let span = attribute(text, name)?;
    let written = span.of(text);
    let start = written.find(['"', '\''])? + 1;
    let mut out = String::new();
    let mut rest = written.get(start..written.len() - 1)?;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').map_or(rest.len(), |end| end + 1);
        let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        let name = rest[1..end].trim_end_matches(';');
        let c = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
                (Some(digits), _) => number(digits, 16),
                (None, Some(digits)) => number(digits, 10),
                (None, None) => None,
            },
        };
        out.extend(c);
        rest = &rest[end..];
    }
    out.push_str(rest);
    Some(out)
}

/// The tag written in `text` without an attribute and the space before it.
pub fn without_attribute(text: &str, name: &str) -> String {
    match attribute(text, name) {
        Some(span) => format!("{}{}", text[..span.start].trim_end(), &text[span.end..]),
        None => text.to_owned(),
    }
}

/// Where an attribute stands in a tag, from its name to behind its value.
fn attribute(text: &str, name: &str) -> Option<Span> {
    let bytes = text.as_bytes();
    let mut at = text.find(char::is_whitespace)?;
    while at < bytes.len() {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let equals = at + text[at..].find('=')?;
        let quote = equals + text[equals..].find(['"', '\''])?;
        let end = quote + 1 + text[quote + 1..].find(char::from(bytes[quote]))? + 1;
        if text[at..equals].trim_end() == name {
            return Some(Span::new(at, end));
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_by_their_places() {
        let text =
            "<?xml?><!DOCTYPE a [<!ENTITY b \"<c>\">]><!-- <no> --><x:a b='>' c=\"/\"><d/>t<![CDATA[<no>]]></x:a >";
        let told: Vec<(TagKind, &str, &str)> =
            tags(text).map(|tag| (tag.kind, tag.local(), tag.span.of(text))).collect();
        assert_eq!(
            told,
            [
                (TagKind::Open, "a", "<x:a b='>' c=\"/\">"),
                (TagKind::Empty, "d", "<d/>"),
                (TagKind::Close, "a", "</x:a >")
            ]
        );
        assert_eq!(tags(text).next().unwrap().prefix(), "x:");
    }

    #[test]
    fn attributes_are_set_and_taken_out() {
        assert_eq!(with_attribute("<target/>", "state", "new"), "<target state=\"new\"/>");
        assert_eq!(
            with_attribute("<t a = 'x'  state='old' b=\"=\">", "state", "n&w"),
            "<t a = 'x'  state=\"n&amp;w\" b=\"=\">"
        );
        assert_eq!(with_attribute("<t a='state=\"x\"'>", "state", "y"), "<t state=\"y\" a='state=\"x\"'>");
        assert_eq!(without_attribute("<t a='1' state='old' b='2'>", "state"), "<t a='1' b='2'>");
        assert_eq!(without_attribute("<t>", "state"), "<t>");
        assert_eq!(value("<t a='&lt;&#x41;&#66;\"' b=\"\">", "a").as_deref(), Some("<AB\""));
        assert_eq!(value("<t a='' b=\"\">", "c"), None);
    }
}
