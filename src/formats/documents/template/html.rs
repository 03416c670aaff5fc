//! New words and other language marks in HTML.

use super::{Change, Edit, Format, Part, Piece, Template};
use crate::{formats::documents::trace::Manner, lang::Language, text::Span};

/// What tags are, in the words of TMX.
const KINDS: &[(&[&str], &str)] = &[
    (&["b", "strong"], "bold"),
    (&["i", "em", "cite", "dfn", "var"], "italic"),
    (&["u", "ins"], "ulined"),
    (&["font"], "font"),
    (&["a"], "link"),
    (&["img"], "image"),
    (&["br"], "lb"),
];

/// The name of the element a tag speaks of, lower case.
pub(super) fn name(tag: &str) -> String {
    let inner = tag.trim_start_matches('<').trim_start_matches('/');
    let end = inner.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(inner.len());
    inner[..end].to_ascii_lowercase()
}

pub(super) fn kind(tag: &str) -> &'static str {
    let name = name(tag);
    KINDS.iter().find(|(names, _)| names.contains(&&*name)).map_or("", |(_, kind)| kind)
}

/// `words` as text of a page.
pub(super) fn escaped(words: &str, manner: Manner, out: &mut String) {
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '\n' if manner == Manner::Html => out.push_str("<br>"),
            // No text has other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
}

impl Template {
    pub(super) fn html(&self, change: &Change) -> Edit {
        let mut parts = Vec::new();
        for piece in &change.pieces {
            match piece {
                Piece::Code(code) => parts.push(Part::Kept(change.stretch.natives[*code].source)),
                Piece::Words(words) => {
                    let mut text = String::new();
                    escaped(words, change.stretch.manner, &mut text);
                    parts.push(Part::New(text));
                }
            }
        }
        Edit { span: change.stretch.source, parts }
    }

    /// The language of the page, and of what is marked as being in its language, made another.
    pub(super) fn language_marks(&self, language: Language) -> Vec<Edit> {
        let mut edits = Vec::new();
        for tag in &self.trace.tags {
            let source = tag.of(&self.source.text);
            let is_page = name(source) == "html" && self.format == Format::Html;
            let attributes = attributes(source);
            let tells = |at: &&Attribute| matches!(&*at.name, "lang" | "xml:lang");
            let edit = |at: &Attribute| {
                let quoted = source[..at.value.start].ends_with(['"', '\'']);
                let new = if quoted || !at.value.is_empty() { language.to_string() } else { format!("\"{language}\"") };
                Edit { span: at.value.shifted(tag.start), parts: vec![Part::New(new)] }
            };
            let is_ours = |at: &&Attribute| at.value.of(source).trim().parse() == Ok(self.document.language);
            match &*name(source) {
                "meta" => {
                    let is_language = |at: &Attribute| {
                        at.name == "http-equiv" && at.value.of(source).eq_ignore_ascii_case("content-language")
                    };
                    if attributes.iter().any(is_language) {
                        edits.extend(attributes.iter().filter(|at| at.name == "content").filter(is_ours).map(edit));
                    }
                }
                _ if is_page && !attributes.iter().any(|at| tells(&at)) => {
                    let at = tag.start + "<html".len();
                    let parts = vec![Part::New(format!(" lang=\"{language}\""))];
                    edits.push(Edit { span: Span::new(at, at), parts });
                }
                _ => edits.extend(attributes.iter().filter(tells).filter(|at| is_page || is_ours(at)).map(edit)),
            }
        }
        edits
    }
}

/// An attribute of a tag, its name lower case.
#[derive(Debug, PartialEq)]
pub(super) struct Attribute {
    pub name: String,
    /// Without quotes.
    pub value: Span,
}

/// The attributes of a tag that have a value. [HTML, 13.1.2.3]
pub(super) fn attributes(tag: &str) -> Vec<Attribute> {
    let mut out: Vec<Attribute> = Vec::new();
    let bytes = tag.as_bytes();
    let skip = |from: usize, while_it: &dyn Fn(u8) -> bool| {
        from + bytes[from.min(bytes.len())..].iter().take_while(|b| while_it(**b)).count()
    };
    let mut at = skip(0, &|b| !b.is_ascii_whitespace() && b != b'>');
    while at < bytes.len() {
        at = skip(at, &|b| b.is_ascii_whitespace() || b == b'/');
        let name_end = skip(at, &|b| !b.is_ascii_whitespace() && !b"/>=".contains(&b)).max(at);
        let name = tag[at..name_end].to_ascii_lowercase();
        let equals = skip(name_end, &|b| b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            // A sign that ends nothing must not hold us up.
            at = name_end.max(at + usize::from(name_end == at));
            while !tag.is_char_boundary(at) {
                at += 1;
            }
            continue;
        }
        let start = skip(equals + 1, &|b| b.is_ascii_whitespace());
        let value = match bytes.get(start) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = skip(start + 1, &|b| b != *quote);
                at = end + 1;
                Span::new(start + 1, end)
            }
            _ => {
                at = skip(start, &|b| !b.is_ascii_whitespace() && b != b'>');
                Span::new(start, at)
            }
        };
        // The first of two counts.
        if !out.iter().any(|known| known.name == name) {
            out.push(Attribute { name, value });
        }
    }
    out
}

/// The value of one attribute of a tag.
pub(super) fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let found = attributes(tag).into_iter().find(|attribute| attribute.name == wanted)?;
    Some(found.value.of(tag).to_owned())
}

/// A page that says it is encoded in UTF-8, where it said something else; with a byte order mark, where it said nothing.
pub(super) fn declared_as_utf8(page: &str) -> String {
    let head_end = crate::text::prefix(page, 1024).len();
    let head = page[..head_end].to_ascii_lowercase();
    let mut found = Vec::new();
    for key in ["charset", "encoding"] {
        for (at, _) in head.match_indices(key) {
            let rest = head[at + key.len()..].trim_start();
            let Some(value) = rest.strip_prefix('=').map(str::trim_start) else { continue };
            let value = value.strip_prefix(['"', '\'']).unwrap_or(value);
            let length = value.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(value.len());
            let start = head.len() - value.len();
            found.extend(encoding_rs::Encoding::for_label(&value.as_bytes()[..length]).map(|_| start..start + length));
        }
    }
    if found.is_empty() {
        return format!("\u{FEFF}{page}");
    }
    found.sort_by_key(|range| range.start);
    let mut out = page.to_owned();
    for range in found.into_iter().rev() {
        out.replace_range(range, "utf-8");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_tags_as_browsers_read_them() {
        for (tag, want) in [
            ("<html lang=en>", &[("lang", "en")][..]),
            ("<HTML LANG = 'en' xml:lang=\"en-US\" hidden>", &[("lang", "en"), ("xml:lang", "en-US")]),
            ("<p title='a > lang=\"x\"' lang=az/>", &[("title", "a > lang=\"x\""), ("lang", "az/")]),
            ("<p a=1 a=2 =b ə=ş b>", &[("a", "1"), ("ə", "ş")]),
            ("<p / / x\n=\n'y", &[("x", "y")]),
            ("<p", &[]),
        ] {
            let got = attributes(tag);
            let got: Vec<(&str, &str)> = got.iter().map(|at| (&*at.name, at.value.of(tag))).collect();
            assert_eq!(got.iter().filter(|(name, _)| !name.is_empty()).copied().collect::<Vec<_>>(), want, "{tag}");
        }
    }

    #[test]
    fn the_encoding_a_page_names_is_the_one_it_is_in() {
        for (page, want) in [
            ("<meta charset=windows-1254>ə", "<meta charset=utf-8>ə"),
            ("<meta content='text/html; charset = cp1251'>", "<meta content='text/html; charset = utf-8'>"),
            (
                "<?xml version='1.0' encoding='iso-8859-9'?><meta charset='iso-8859-9'>",
                "<?xml version='1.0' encoding='utf-8'?><meta charset='utf-8'>",
            ),
            ("<p>charset=nothing", "\u{FEFF}<p>charset=nothing"),
        ] {
            assert_eq!(declared_as_utf8(page), want);
        }
    }

    #[test]
    fn names_and_kinds_of_tags() {
        for (tag, wanted, told) in
            [("<B class=x>", "b", "bold"), ("</a\n>", "a", "link"), ("<br/>", "br", "lb"), ("<!-- x -->", "!--", "")]
        {
            assert_eq!((&*name(tag), kind(tag)), (wanted, told));
        }
    }
}
