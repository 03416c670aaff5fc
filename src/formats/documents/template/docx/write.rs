//! The runs of a segment with new words.

use super::{
    Edit, Look, Mark, Part, Role, Span, Template, What,
    layout::{full, local},
};
use crate::formats::documents::template::{Change, Piece};

/// Where the writer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Beside,
    /// In a run that looks like this one; in an element for words, if so told.
    Run {
        run: usize,
        text: bool,
    },
}

struct Writer<'t> {
    template: &'t Template,
    parts: Vec<Part>,
    at: At,
    /// The formats of what is open, the innermost last; the first is that of the segment.
    looks: Vec<Option<usize>>,
    /// The part that begins the open element for words, if it is ours, and what stands in it so far.
    opening: Option<usize>,
    words: String,
    /// An element for words that was there before is to keep its white space now.
    keep: bool,
}

/// One end of a segment's source.
#[derive(Debug, Clone, Copy)]
struct Edge {
    source: usize,
    at: At,
}

impl Template {
    /// The edits that make of a segment's source what its change says.
    pub(in super::super) fn docx(&self, change: &Change) -> Vec<Edit> {
        let stretch = &change.stretch;
        if stretch.odd {
            return self.in_place(change);
        }
        let (first, last) = (stretch.tokens.start, stretch.tokens.end - 1);
        let begin = self.begin(first, stretch.source.start);
        let end = self.end(last, stretch.source.end);
        let mut writer = Writer {
            template: self,
            parts: Vec::new(),
            at: begin.at,
            looks: vec![stretch.base],
            opening: None,
            words: String::new(),
            keep: false,
        };
        for piece in &change.pieces {
            match piece {
                Piece::Words(words) => writer.write(words),
                Piece::Code(code) => {
                    writer.code(&stretch.natives[*code].role, stretch.natives[*code].mark, stretch.natives[*code].look)
                }
            }
        }
        writer.arrive(end.at);
        let mut edits = vec![Edit { span: Span::new(begin.source, end.source.max(begin.source)), parts: writer.parts }];
        if let (true, Some(text)) = (writer.keep, self.docx.layout.details[first].text) {
            edits.extend(self.keep_space(text));
        }
        edits
    }

    /// Where the segment begins: before its first run if nothing of it stays before the segment.
    fn begin(&self, token: usize, source: usize) -> Edge {
        let detail = &self.docx.layout.details[token];
        let Some(run) = detail.run else { return Edge { source, at: At::Beside } };
        let it = &self.docx.layout.runs[run];
        let (first, text) = match detail.text {
            Some(text) if source == self.docx.layout.texts[text].inner.start => {
                (self.docx.layout.texts[text].tag.start, true)
            }
            Some(_) => (source, true),
            None => (source, false),
        };
        if it.content.is_none_or(|content| content.start >= first) {
            Edge { source: it.span.start, at: At::Beside }
        } else {
            Edge { source, at: At::Run { run, text } }
        }
    }

    /// Where the segment ends: behind its last run if nothing of it follows the segment.
    fn end(&self, token: usize, source: usize) -> Edge {
        let detail = &self.docx.layout.details[token];
        let last = self.docx.layout.items[detail.items.range()].last();
        let Some(run) = last.map_or(detail.run, |item| item.run) else { return Edge { source, at: At::Beside } };
        let it = &self.docx.layout.runs[run];
        let (behind, text) = match detail.text {
            Some(text) if source == self.docx.layout.texts[text].inner.end => (self.docx.layout.texts[text].end, true),
            Some(_) => (source, true),
            None => (source, false),
        };
        if it.content.is_none_or(|content| content.end <= behind) {
            Edge { source: it.span.end, at: At::Beside }
        } else {
            Edge { source, at: At::Run { run, text } }
        }
    }

    /// The edit that has an element for words keep its white space.
    fn keep_space(&self, text: usize) -> Option<Edit> {
        let tag = self.docx.layout.texts[text].tag;
        let source = tag.of(&self.source.text);
        let is_words = !full(source).starts_with("a:") && !full(source).starts_with("m:");
        let at = tag.end - 1;
        (is_words && !source.contains("xml:space"))
            .then(|| Edit { span: Span::new(at, at), parts: vec![Part::New(SPACE.to_owned())] })
    }

    /// All new words where the first of the old ones stood, all else as it is: for paragraphs whose elements are in no
    /// order that is known.
    fn in_place(&self, change: &Change) -> Vec<Edit> {
        let stretch = &change.stretch;
        // What codes stand for stays where they are.
        let mut words = change.text.to_owned();
        for token in &self.trace.tokens[stretch.tokens.clone()] {
            let covered = token.text.of(&self.document.text);
            if let (What::Alone(_), false, Some(at)) = (token.what, covered.is_empty(), words.find(covered)) {
                words.replace_range(at..at + covered.len(), if covered.trim().is_empty() { " " } else { "" });
            }
        }
        let mut text = String::new();
        escape(&words.replace(['\n', '\t'], " "), &mut text);
        let mut edits = Vec::new();
        for at in stretch.tokens.clone() {
            let token = &self.trace.tokens[at];
            let detail = &self.docx.layout.details[at];
            let (What::Words(_), Some(run)) = (token.what, detail.run) else { continue };
            let start = token.source.start.max(stretch.source.start);
            let span = Span::new(start, token.source.end.min(stretch.source.end).max(start));
            let mut new = std::mem::take(&mut text);
            // An element that stands for one character.
            if detail.text.is_none() && !new.is_empty() {
                let prefix = prefix(self.docx.layout.runs[run].tag.of(&self.source.text));
                new = format!("<{prefix}t>{new}</{prefix}t>");
            }
            edits.push(Edit { span, parts: vec![Part::New(new)] });
        }
        edits
    }
}

/// The prefix of the name in a tag, with its colon.
fn prefix(tag: &str) -> &str {
    let name = full(tag);
    &name[..name.len() - local(name).len()]
}

const SPACE: &str = " xml:space=\"preserve\"";

/// `words` as text of an XML part.
fn escape(words: &str, out: &mut String) {
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if crate::formats::source::legal(c) => out.push(c),
            _ => {}
        }
    }
}

impl Writer<'_> {
    fn look(&self) -> Option<usize> {
        self.looks.iter().rev().find_map(|look| *look)
    }

    fn same_class(&self, a: usize, b: usize) -> bool {
        self.template.class(a) == self.template.class(b)
    }

    fn code(&mut self, role: &Role, mark: Mark, look: Look) {
        if let Some(token) = look.token {
            self.items(token);
        }
        match role {
            Role::Open(_) => self.looks.push(look.run),
            Role::Close(_) if self.looks.len() > 1 => {
                self.looks.pop();
            }
            Role::Lone { .. } if mark != Mark::Format => self.looks = vec![look.run.or(self.looks[0])],
            _ => {}
        }
    }

    /// The pieces of a code, as they are.
    fn items(&mut self, token: usize) {
        let layout = &self.template.docx.layout;
        for item in &layout.items[layout.details[token].items.range()] {
            match item.run {
                Some(run) => self.arrive(At::Run { run, text: false }),
                None => self.arrive(At::Beside),
            }
            self.parts.push(Part::Kept(item.source));
        }
    }

    fn write(&mut self, words: &str) {
        let Some(run) = self.look() else {
            self.arrive(At::Beside);
            let mut text = String::new();
            escape(&words.replace(['\n', '\t'], " "), &mut text);
            self.parts.push(Part::New(format!("<w:r><w:t{SPACE}>{text}</w:t></w:r>")));
            return;
        };
        for piece in words.split_inclusive(['\n', '\t']) {
            let bare = piece.trim_end_matches(['\n', '\t']);
            if !bare.is_empty() {
                self.arrive(At::Run { run, text: true });
                let mut text = String::new();
                escape(bare, &mut text);
                self.words.push_str(bare);
                self.parts.push(Part::New(text));
            }
            let element = match piece[bare.len()..].chars().next() {
                Some('\n') => "br",
                Some(_) => "tab",
                None => continue,
            };
            // Only runs of the text proper have line breaks in them.
            let prefix = self.prefix(run).to_owned();
            if prefix == "a:" || prefix == "m:" {
                self.arrive(At::Run { run, text: true });
                self.words.push(' ');
                self.parts.push(Part::New(" ".to_owned()));
            } else {
                self.arrive(At::Run { run, text: false });
                self.parts.push(Part::New(format!("<{prefix}{element}/>")));
            }
        }
    }

    /// The prefix of the names of a run's elements, with its colon.
    fn prefix(&self, run: usize) -> &str {
        prefix(self.template.docx.layout.runs[run].tag.of(&self.template.source.text))
    }

    /// Ends what is open and begins what is needed to be at `wanted`.
    fn arrive(&mut self, wanted: At) {
        let (here, wanted_text) = match (self.at, wanted) {
            (At::Run { run, text }, At::Run { run: to, text: wanted }) if self.same_class(run, to) => {
                (Some((run, text)), wanted)
            }
            (_, At::Run { text, .. }) => (None, text),
            (_, At::Beside) => (None, false),
        };
        if let Some((run, text)) = here {
            match (text, wanted_text) {
                (true, false) => self.end_text(run),
                (false, true) => self.begin_text(run),
                _ => {}
            }
        } else {
            if let At::Run { run, text } = self.at {
                if text {
                    self.end_text(run);
                }
                let name = full(self.template.docx.layout.runs[run].tag.of(&self.template.source.text));
                self.parts.push(Part::New(format!("</{name}>")));
            }
            if let At::Run { run, text } = wanted {
                let it = &self.template.docx.layout.runs[run];
                self.parts.push(Part::Kept(it.tag));
                self.parts.extend(it.properties.map(Part::Kept));
                if text {
                    self.begin_text(run);
                }
            }
        }
        self.at = match (here, wanted) {
            (Some((run, _)), At::Run { text, .. }) => At::Run { run, text },
            (_, wanted) => wanted,
        };
    }

    fn begin_text(&mut self, run: usize) {
        self.opening = Some(self.parts.len());
        self.words.clear();
        // Unless it turns out to need no space kept, when it is ended.
        let space = if matches!(self.prefix(run), "a:" | "m:") { "" } else { SPACE };
        self.parts.push(Part::New(format!("<{}t{space}>", self.prefix(run))));
    }

    fn end_text(&mut self, run: usize) {
        let edged = |words: &str| words.starts_with([' ', '\t', '\n']) || words.ends_with([' ', '\t', '\n']);
        match self.opening.take() {
            Some(opening) if !edged(&self.words) => {
                self.parts[opening] = Part::New(format!("<{}t>", self.prefix(run)));
            }
            Some(_) => {}
            None => self.keep |= self.words.is_empty() || edged(&self.words),
        }
        self.parts.push(Part::New(format!("</{}t>", self.prefix(run))));
    }
}
