//! Documents whose words are put in anew: the file with other words in it and everything else as it was.
//!
//! The readers say where each piece of the text comes from and which marks stand between (`documents::trace`), so that
//! reading and writing cannot disagree. The marks inside a segment are its codes. Where its text changes, its source is
//! written anew from the new words and the codes as they were; all other bytes are copied.

mod codes;
mod docx;
mod html;
mod markdown;
mod source;

use super::{
    Builder, DocumentError, Given, Kind, Told, document, html_text, kind, odt, plain, text,
    trace::{Manner, Mark, Token, Trace, What},
};
use crate::{
    formats::documents::package::Package,
    lang::Language,
    model::{Code, Document, SourceMap},
    text::{Span, prefix},
};
use codes::{Native, Piece, Role, matched, settled, told};
use source::Source;
use std::{cmp::Reverse, collections::HashMap, ops::Range};

/// A document opened so that its words can be put in anew.
#[derive(Debug)]
pub struct Template {
    document: Document,
    told: Told,
    bytes: Vec<u8>,
    format: Format,
    source: Source,
    trace: Trace,
    /// Of a DOCX.
    docx: docx::Document,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Markdown,
    Html,
    Docx,
}

/// A replaced stretch: what stands at `span` of the document's text becomes `text` with `codes`.
#[derive(Debug, Clone, Copy)]
pub struct Replacement<'a> {
    pub span: Span,
    pub text: &'a str,
    pub codes: &'a [Code],
}

/// A segment in the source.
struct Stretch {
    span: Span,
    source: Span,
    tokens: Range<usize>,
    natives: Vec<Native>,
    manner: Manner,
    /// A run of a DOCX, whose format most of its words have.
    base: Option<usize>,
    /// It stands in a paragraph of a DOCX that is not as it should be.
    odd: bool,
    /// Nothing follows it in its block.
    last: bool,
}

/// What is written instead of a stretch of the source.
#[derive(Debug)]
struct Edit {
    span: Span,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// With LF line ends.
    New(String),
    /// As the source has it there, with the edits inside it.
    Kept(Span),
}

impl Template {
    /// Opens the document `bytes` hold: the same reading as [`super::read_told`].
    ///
    /// # Errors
    /// What cannot be read, and what can be read but not written back: an ODT.
    pub fn open(name: &str, bytes: Vec<u8>, given: Given) -> Result<Template, DocumentError> {
        let mut parts = docx::Document::default();
        let (mut read, format, source) = match kind(name, &bytes)? {
            Kind::Plain => {
                let source = Source::new(text(name, &bytes, given)?);
                (plain::read(source.text.clone()), Format::Plain, source)
            }
            Kind::Markdown => {
                let source = Source::new(text(name, &bytes, given)?);
                (super::markdown::read(source.text.clone(), Builder::traced()), Format::Markdown, source)
            }
            Kind::Html => {
                let source = Source::new(html_text(name, &bytes, given)?);
                (super::html::read(&source.text, Builder::traced()), Format::Html, source)
            }
            Kind::Package if odt::is(&mut Package::open(name, &bytes)?)? => {
                let what = "an OpenDocument text (save it as .docx)";
                return Err(DocumentError::Unwritable { name: name.to_owned(), what });
            }
            Kind::Package => {
                let (read, source, document) = docx::open(name, &bytes)?;
                parts = document;
                (read, Format::Docx, source)
            }
        };
        let trace = std::mem::take(&mut read.trace);
        let (document, told) = document(name, read, given.language);
        Ok(Template { document, told, bytes, format, source, trace, docx: parts })
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    /// How the language of the document was told.
    pub fn told(&self) -> Told {
        self.told
    }

    /// The inline codes inside `span`, a segment of the document; their places are counted in bytes from its start.
    ///
    /// What has both ends in the segment is a `bpt` and an `ept` with the same `i`, all else a `ph`. `x` numbers the
    /// codes of the segment, `content` shows what they are, `type` says it in TMX's words where these have one. A line
    /// break or tab that is markup is a code right before the LF or tab in the text. A span that is no part of one
    /// block has none.
    pub fn codes(&self, span: Span) -> Vec<Code> {
        self.stretch(span).map_or_else(Vec::new, |stretch| told(&stretch.natives))
    }

    /// The encoding of the file holds all letters of the replacements. Where it does not, [`Template::write`] gives
    /// UTF-8.
    pub fn encoding_kept(&self, replacements: &[Replacement]) -> bool {
        replacements.iter().all(|replacement| self.source.holds(replacement.text))
    }

    /// The file with the replacements put in and its language marks set to `language`; everything else byte for byte
    /// as it was. The replacements are in order of their spans, each a part of one block.
    ///
    /// Codes are those of [`Template::codes`], told by their `x`, else by their `i`, else by their order. Those that are
    /// missing are put at the end of the segment, those given twice or unknown are left out, and pairs that lie across one
    /// another are put in order.
    ///
    /// # Errors
    /// Replacements that are out of order, overlap or do not lie in a block of the document's text.
    pub fn write(&self, language: Language, replacements: &[Replacement]) -> Result<Vec<u8>, DocumentError> {
        let changes = self.changes(replacements)?;
        let mut edits: Vec<Edit> = match self.format {
            Format::Plain => changes.iter().map(Change::plain).collect(),
            Format::Html => changes.iter().map(|change| self.html(change)).collect(),
            Format::Markdown => self.markdown(&changes),
            Format::Docx => changes.iter().flat_map(|change| self.docx(change)).collect(),
        };
        if language != self.document.language {
            edits.extend(match self.format {
                Format::Docx => self.docx_language_marks(language)?,
                _ => self.language_marks(language),
            });
        }
        if self.format == Format::Docx {
            edits.extend(self.docx.twins());
            return self.packed(&edits);
        }
        let mut out = self.edited(&edits, Span::new(0, self.source.text.len()), true);
        if out == self.source.raw(Span::new(0, self.source.text.len())) {
            return Ok(self.bytes.clone());
        }
        if self.format == Format::Html && !self.source.holds(&out) {
            out = html::declared_as_utf8(&out);
        }
        Ok(self.source.bytes(&out))
    }

    /// What of the replacements says something new.
    fn changes<'r>(&self, replacements: &'r [Replacement]) -> Result<Vec<Change<'r>>, DocumentError> {
        let mut at = 0;
        let mut out = Vec::new();
        for Replacement { span, text, codes } in replacements {
            let misplaced =
                || DocumentError::Misplaced { name: self.document.name.clone(), start: span.start, end: span.end };
            let old = self.document.text.get(span.range()).filter(|_| span.start >= at).ok_or_else(misplaced)?;
            at = span.end;
            let Some(stretch) = self.stretch(*span) else {
                if old == *text {
                    continue;
                }
                return Err(misplaced());
            };
            let matched = matched(&stretch.natives, text, codes);
            let same = matched.iter().copied().eq(stretch.natives.iter().enumerate().map(|(n, code)| (code.at, n)));
            if !same || old != *text {
                let pieces = settled(&stretch.natives, old, text, &matched, stretch.last);
                out.push(Change { stretch, text, pieces });
            }
        }
        Ok(out)
    }

    /// `None` where `span` is no part of one block.
    fn stretch(&self, span: Span) -> Option<Stretch> {
        self.document.text.get(span.range()).filter(|text| !text.is_empty())?;
        if self.document.map == SourceMap::Same {
            return Some(Stretch {
                span,
                source: span,
                tokens: 0..0,
                natives: Vec::new(),
                manner: Manner::Verbatim { cell: false },
                base: None,
                odd: false,
                last: true,
            });
        }
        let tokens = &self.trace.tokens;
        let first = tokens.partition_point(|token| token.text.end <= span.start);
        let behind = tokens.partition_point(|token| token.text.start < span.end);
        let range = first..behind;
        let inside = tokens.get(range.clone()).filter(|inside| !inside.is_empty())?;
        if inside.iter().any(|token| token.what == What::Barrier) {
            return None;
        }
        // A span of code in a paragraph makes no code of it.
        let manners =
            || inside.iter().filter_map(|token| if let What::Words(manner) = token.what { Some(manner) } else { None });
        let manner = manners().find(|manner| !matches!(manner, Manner::Verbatim { .. })).or_else(|| manners().next());
        let odd = self.docx.layout.is_odd(&tokens[behind..], behind);
        let range = if odd { range } else { self.whole(range, span) };
        let mut source = Span::new(tokens[range.start].source.start, tokens[range.end - 1].source.end);
        if range.start == first {
            source.start = self.cut(first, span.start);
        }
        if range.end == behind {
            source.end = self.cut(behind - 1, span.end).max(source.start);
        }
        let (natives, base) = match self.format {
            Format::Docx if odd => (Vec::new(), None),
            Format::Docx => self.docx_natives(range.clone(), span),
            _ => (self.natives(range.clone(), source, span), None),
        };
        let last = tokens[behind..].iter().find(|token| token.what == What::Barrier || !token.text.is_empty());
        let last = tokens[behind - 1].text.end <= span.end && last.is_none_or(|token| token.what == What::Barrier);
        let manner = manner.unwrap_or(Manner::Markdown);
        Some(Stretch { span, source, tokens: range, natives, manner, base, odd, last })
    }

    /// The place in the source of byte `at` of the text, which lies in a token or at one of its ends. A token that
    /// stands for its source as a whole belongs to what it begins in.
    fn cut(&self, token: usize, at: usize) -> usize {
        let token = &self.trace.tokens[token];
        if at <= token.text.start {
            token.source.start
        } else if at < token.text.end && token.is_plain() {
            token.source.start + (at - token.text.start)
        } else {
            token.source.end
        }
    }

    /// The tokens of a segment and, before and behind it, those that open what is closed in it and close what is opened
    /// in it.
    fn whole(&self, range: Range<usize>, span: Span) -> Range<usize> {
        let tokens = &self.trace.tokens;
        let is_mark = |token: &&Token| token.text.is_empty() && token.what != What::Barrier;
        // A token that is cut has nothing around it.
        let begins = tokens[range.start].text.start >= span.start;
        let ends = tokens[range.end - 1].text.end <= span.end;
        let before = tokens[..range.start].iter().rev().take_while(|token| begins && is_mark(token)).count();
        let before = range.start - before;
        let after = range.end + tokens[range.end..].iter().take_while(|token| ends && is_mark(token)).count();
        let partners = self.partners(before..after);
        let partner = |at: usize| partners[at - before];
        // A reference that is named by its words, and code, are no longer what they are with other words in the same marks.
        let depends = |at: usize| match tokens[at].what {
            What::Open(mark) | What::Close(mark) => matches!(mark, Mark::Named | Mark::NamedImage | Mark::Code),
            _ => false,
        };
        let joins = |at: &usize| partner(*at).is_some_and(|other| range.contains(&other) || depends(*at));
        // What has its other end beyond the gap belongs to the neighbour on that side.
        let opens = |at: &usize| matches!(tokens[*at].what, What::Open(_)) && partner(*at).is_none();
        let closes = |at: &usize| matches!(tokens[*at].what, What::Close(_)) && partner(*at).is_none();
        let from = (before..range.start).rfind(closes).map_or(before, |at| at + 1);
        let to = (range.end..after).find(opens).unwrap_or(after);
        let start = (from..range.start).find(joins).unwrap_or(range.start);
        let end = (range.end..to).rfind(joins).map_or(range.end, |at| at + 1);
        start..end
    }

    /// The other end of each of the tokens that has one among them.
    fn partners(&self, range: Range<usize>) -> Vec<Option<usize>> {
        let mut out = vec![None; range.len()];
        let mut open: Vec<(usize, Key)> = Vec::new();
        let mut counts: HashMap<Key, usize> = HashMap::new();
        for at in range.clone() {
            let token = &self.trace.tokens[at];
            match token.what {
                What::Open(mark) => {
                    let key = self.key(token, mark);
                    *counts.entry(key.clone()).or_default() += 1;
                    open.push((at, key));
                }
                What::Close(mark) => {
                    let key = self.key(token, mark);
                    if counts.get(&key).is_none_or(|count| *count == 0) {
                        continue;
                    }
                    while let Some((opened, its)) = open.pop() {
                        counts.entry(its.clone()).and_modify(|count| *count -= 1);
                        if its == key {
                            out[opened - range.start] = Some(at);
                            out[at - range.start] = Some(opened);
                            break;
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// What an opening and a closing mark have in common.
    fn key(&self, token: &Token, mark: Mark) -> Key {
        let name = if mark == Mark::Tag { html::name(token.source.of(&self.source.text)) } else { String::new() };
        (std::mem::discriminant(&mark), name)
    }

    /// The codes of a segment that is made of these tokens.
    fn natives(&self, range: Range<usize>, source: Span, span: Span) -> Vec<Native> {
        let partners = self.partners(range.clone());
        let mut numbers = vec![0; range.len()];
        let mut out: Vec<Native> = Vec::new();
        let mut from = source.start;
        for (token, number) in self.trace.tokens[range.clone()].iter().zip(&mut numbers) {
            let at = token.text.start.clamp(span.start, span.end) - span.start;
            if let Some(rest) = self.unread(from, token, out.last_mut().filter(|last| last.source.end == from)) {
                out.push(self.native(rest, at, 0, Role::Alone, Mark::Tag));
            }
            from = token.source.end.max(from);
            *number = out.len();
            match token.what {
                // The other end is told below, when its number is known. Tags in Markdown need none.
                What::Open(Mark::Tag) | What::Close(Mark::Tag) if self.format == Format::Markdown => {
                    out.push(self.native(token.source, at, 0, Role::Alone, Mark::Tag));
                }
                What::Open(mark) => out.push(self.native(token.source, at, 0, Role::Lone { opens: true }, mark)),
                What::Close(mark) => out.push(self.native(token.source, at, 0, Role::Lone { opens: false }, mark)),
                What::Alone(mark) if token.text.start >= span.start || token.text.is_empty() => {
                    let end = token.text.end.clamp(span.start, span.end) - span.start;
                    out.push(self.native(token.source, at, end - at, Role::Alone, mark));
                }
                _ => {}
            }
        }
        for (at, partner) in partners.iter().enumerate() {
            if let Some(partner) = partner.map(|partner| numbers[partner - range.start]) {
                let role = if numbers[at] < partner { Role::Open(partner) } else { Role::Close(partner) };
                out[numbers[at]].role = role;
            }
        }
        out
    }

    /// What stands in the source before `token` and no token speaks of: a comment, something hidden. `before` is the
    /// code right before it.
    fn unread(&self, from: usize, token: &Token, before: Option<&mut Native>) -> Option<Span> {
        let gap = Span::new(from.min(token.source.start), token.source.start).trimmed(&self.source.text);
        let unread = gap.of(&self.source.text);
        if unread.is_empty() && !matches!(before, Some(Native { mark: Mark::Break, .. })) {
            return None;
        }
        if self.format == Format::Markdown {
            // The quote and the item go on in the line behind a break.
            if let Some(before) = before.filter(|before| before.mark == Mark::Break) {
                before.source.end = token.source.start;
                return None;
            }
            // What begins a line in a quote.
            if unread.trim_matches(['>', ' ', '\t']).is_empty() {
                return None;
            }
        }
        Some(gap)
    }

    fn native(&self, source: Span, at: usize, covers: usize, role: Role, mark: Mark) -> Native {
        let shown = prefix(source.of(&self.source.text), SHOWN);
        let kind = match mark {
            Mark::Tag => html::kind(shown),
            Mark::Emphasis => "italic",
            Mark::Strong => "bold",
            Mark::Link | Mark::Named | Mark::Address => "link",
            Mark::Image | Mark::NamedImage => "image",
            Mark::Note => "fnote",
            Mark::Break => "lb",
            _ => "",
        };
        Native { source, at, covers, role, mark, kind, shown: shown.to_owned(), look: docx::Look::default() }
    }

    /// What stands at `span` of the source, with the edits made; with the line ends of the file, or as the readers see it.
    fn edited(&self, edits: &[Edit], span: Span, raw: bool) -> String {
        let mut sorted: Vec<&Edit> = edits.iter().collect();
        sorted.sort_by_key(|edit| (edit.span.start, Reverse(edit.span.end)));
        let mut copy = Copy {
            source: &self.source,
            edits: sorted,
            raw,
            line_end: if raw { self.source.line_end() } else { "\n" },
            out: String::with_capacity(span.len()),
            active: Vec::new(),
        };
        copy.copy(span);
        copy.out
    }
}

/// A source on its way to a new one.
struct Copy<'s> {
    source: &'s Source,
    edits: Vec<&'s Edit>,
    raw: bool,
    line_end: &'static str,
    out: String,
    /// The edits being made, each inside of the one before.
    active: Vec<usize>,
}

impl Copy<'_> {
    fn copy(&mut self, span: Span) {
        let mut at = span.start;
        let mut next = self.edits.partition_point(|edit| edit.span.start < span.start);
        while let Some(edit) = self.edits.get(next).copied().filter(|edit| edit.span.start < span.end) {
            next += 1;
            // An edit inside of another one is made with what is kept there.
            if edit.span.start < at || edit.span.end > span.end || self.active.contains(&(next - 1)) {
                continue;
            }
            self.active.push(next - 1);
            self.keep(Span::new(at, edit.span.start));
            for part in &edit.parts {
                match part {
                    Part::New(text) => self.out.push_str(&text.replace('\n', self.line_end)),
                    Part::Kept(span) => self.copy(*span),
                }
            }
            self.active.pop();
            at = edit.span.end;
        }
        self.keep(Span::new(at, span.end));
    }

    fn keep(&mut self, span: Span) {
        self.out.push_str(if self.raw { self.source.raw(span) } else { span.of(&self.source.text) });
    }
}

/// Marks that may belong together: of one kind and, where they are tags, of one name.
type Key = (std::mem::Discriminant<Mark>, String);

/// How much of a code is shown, in bytes.
const SHOWN: usize = 200;

/// A segment that says something new.
struct Change<'t> {
    stretch: Stretch,
    text: &'t str,
    pieces: Vec<Piece<'t>>,
}

impl Change<'_> {
    fn plain(&self) -> Edit {
        Edit { span: self.stretch.source, parts: vec![Part::New(self.text.to_owned())] }
    }
}

#[cfg(test)]
mod tests;
