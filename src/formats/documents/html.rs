//! HTML: what a reader of the page reads.
//!
//! Tokens come from html5ever, so that entities, comments, scripts and broken markup are read as browsers read
//! them. Navigation, scripts, controls and hidden elements are left out; footers, sidebars, the page's header and
//! blocks whose class or id says so are boilerplate; headings, list items, quotes and table cells are blocks of their
//! own. White space collapses except in `pre`; `br` is a line break, two of them part paragraphs.

mod attributes;
mod due;
mod elements;

use super::{
    Builder, Read,
    trace::{Manner, Mark, What},
};
use crate::{lang::Language, model::BlockKind, text::Span};
use attributes::Attributes;
use due::Due;
use elements::{IN_HEAD, Implied, Role, VOID, attribute, by_name, implied, role};
use html5ever::{
    LocalName,
    tokenizer::{
        BufferQueue, CharacterTokens, CommentToken, DoctypeToken, EndTag, StartTag, Tag, TagToken, Token, TokenSink,
        TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// The first characters of a file, as far as they can be read, without byte order mark and white space.
pub(super) fn head(bytes: &[u8]) -> String {
    let head = super::encoding::head(bytes);
    let mut head = head.trim_start();
    // XHTML may begin with an XML declaration, pages of all kinds with a comment.
    while let Some(end) = head.strip_prefix("<!--").and_then(|rest| rest.find("-->")) {
        head = head[4 + end + 3..].trim_start();
    }
    head.to_owned()
}

/// The file begins as HTML does.
pub(super) fn begins(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    let declared = lower.strip_prefix("<?xml").and_then(|rest| rest.find("?>").map(|end| rest[end + 2..].trim_start()));
    let lower = declared.unwrap_or(&lower);
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| lower.starts_with(start))
}

/// The element has no end.
pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&&*name.to_ascii_lowercase())
}

/// Reads a page; the text goes to `builder`, which is empty.
pub(super) fn read(source: &str, builder: Builder) -> Read {
    let mut page = Fragment::new(builder, BlockKind::Plain);
    page.feed(source, 0, 1, 1);
    let state = page.end();
    Read { declared: state.declared.map(|(_, language)| language), ..state.finish().finish() }
}

/// HTML that is read piece by piece: a page, or a block of it in another format.
pub(super) struct Fragment {
    tokenizer: Tokenizer<Page>,
    attributes: Attributes,
}

impl Fragment {
    /// The text goes to `builder`, whose last block is closed; blocks are of `kind` where HTML says nothing else.
    pub fn new(builder: Builder, kind: BlockKind) -> Fragment {
        let state = State { builder, outside: kind, ..State::default() };
        let tokenizer = Tokenizer::new(Page { state: RefCell::new(state) }, TokenizerOpts::default());
        Fragment { tokenizer, attributes: Attributes::default() }
    }

    /// Reads `source`, which stands at byte `at`, `line` and `column` of the file.
    pub fn feed(&mut self, source: &str, mut at: usize, mut line: usize, mut column: usize) {
        let queue = BufferQueue::default();
        self.tokenizer.sink.state.borrow_mut().skip_to(at);
        // Piece by piece, so that the words of each token are known by their place in the file.
        for piece in pieces(source) {
            let raw = self.tokenizer.sink.state.borrow().raw;
            self.tokenizer.sink.state.borrow_mut().place(piece, at, line, column, self.attributes.inside());
            at += piece.len();
            let (kept, end) = self.attributes.bounded(piece, raw);
            queue.push_back(kept.into());
            queue.push_back(end.into());
            let _ = self.tokenizer.feed(&queue); // scripts do not run
            match piece.ends_with('\n') {
                true => (line, column) = (line + 1, 1),
                false => column += piece.chars().count(),
            }
        }
    }

    /// The builder, its last block closed.
    pub fn finish(self) -> Builder {
        self.end().finish()
    }

    fn end(self) -> State {
        self.tokenizer.end();
        self.tokenizer.sink.state.into_inner()
    }
}

/// The source cut before `<` and `&`, after `>`, `;` and line ends: no piece holds words on both sides of markup.
fn pieces(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = match rest.as_bytes()[0] {
            b'<' if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) => {
                rest.find(['>', '\n']).map(|at| at + 1)
            }
            b'&' => {
                let name =
                    rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '#').map_or(rest.len(), |at| at + 1);
                Some(name + usize::from(rest[name..].starts_with(';')))
            }
            first => {
                let from = usize::from(first == b'<');
                let end = rest[from..].find(['<', '&', '\n', '>']).map(|at| from + at);
                end.map(|at| at + usize::from(matches!(rest.as_bytes()[at], b'\n' | b'>')))
            }
        };
        let (piece, after) = rest.split_at(cut.unwrap_or(rest.len()));
        rest = after;
        Some(piece)
    })
}

struct Page {
    state: RefCell<State>,
}

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Elements nested deeper are taken for siblings, as browsers do.
const DEEPEST: usize = 512;

#[derive(Default)]
struct State {
    builder: Builder,
    /// What a block outside of all elements is.
    outside: BlockKind,
    open: Vec<Element>,
    /// How many open elements have a name, so that nothing is searched for in vain.
    names: FxHashMap<String, usize>,
    /// How many open elements are hidden, keep their white space, are parts of the text, are the page's header.
    hidden: usize,
    kept: usize,
    parts: usize,
    headers: usize,
    /// The blocks of the page's header, and the highest level of a heading there and elsewhere.
    header_blocks: Vec<usize>,
    header_level: Option<usize>,
    level: Option<usize>,
    /// The language the page declares, and how near to its text.
    declared: Option<(Nearness, Language)>,
    /// Where the piece being read starts in the file.
    line: usize,
    column: usize,
    /// The piece in the source, and where the tag that ends in it begins.
    piece: Span,
    tag: usize,
    /// The words to come.
    due: Due,
    /// White space is due before the next word, and where it stands.
    space: bool,
    space_at: Span,
    /// What follows is the text of a script, a title or the like, with no tags in it.
    raw: bool,
}

/// What declares the language, the stronger the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    Meta,
    Html,
    Body,
    Main,
}

struct Element {
    name: LocalName,
    role: Role,
    /// What the blocks in it are.
    kind: BlockKind,
    /// It is the page's header, not that of a part.
    heads: bool,
    /// What it ends without a tag, and what ends it.
    implied: Implied,
}

impl State {
    /// What is fed next stands at byte `at`; what is passed over belongs to white space before it.
    fn skip_to(&mut self, at: usize) {
        if self.space && self.space_at.end == self.piece.end && self.piece.end < at {
            self.space_at.end = at;
        }
    }

    fn place(&mut self, piece: &str, at: usize, line: usize, column: usize, in_tag: bool) {
        self.piece = Span::new(at, at + piece.len());
        if !in_tag && piece.starts_with('<') {
            self.tag = at;
        }
        (self.line, self.column) = (line, column);
        self.due.push(piece, at, line, column, self.raw);
    }

    /// The kind of a block here, by the nearest element that says something.
    fn kind(&self) -> BlockKind {
        self.open.last().map_or(self.outside, |element| element.kind)
    }

    fn break_block(&mut self) {
        let (block, kind) = (self.builder.blocks.len(), self.kind());
        self.builder.close(kind);
        self.space = false;
        if self.builder.blocks.len() == block {
            return;
        }
        let level = match kind {
            BlockKind::Heading => HEADINGS.iter().position(|name| self.is_open(name)),
            _ => None,
        };
        let best = if self.headers > 0 { &mut self.header_level } else { &mut self.level };
        *best = [*best, level].into_iter().flatten().min();
        if self.headers > 0 {
            self.header_blocks.push(block);
        }
    }

    fn push(&mut self, name: &LocalName, mut role: Role) {
        while self.open.len() >= DEEPEST {
            self.pop();
        }
        match role {
            Role::Header if self.parts > 0 => role = Role::Block,
            Role::Aside => role = if self.parts > 0 { Role::Block } else { Role::Boilerplate },
            // Who said it, under what was said.
            Role::Boilerplate if self.kind() == BlockKind::Quote => role = Role::Block,
            _ => {}
        }
        let kind = match (role, self.kind()) {
            (Role::Main, _) => BlockKind::Plain,
            (_, BlockKind::Boilerplate) | (Role::Boilerplate, _) => BlockKind::Boilerplate,
            (Role::Heading, _) => BlockKind::Heading,
            (Role::Quote, _) => BlockKind::Quote,
            (Role::Item, _) => BlockKind::List,
            (Role::Cell, _) => BlockKind::Running,
            (_, kind) => kind,
        };
        let element = Element { name: name.clone(), role, kind, heads: role == Role::Header, implied: implied(name) };
        self.count(&element, true);
        self.open.push(element);
    }

    fn pop(&mut self) {
        if self.open.last().is_some_and(|element| element.role != Role::Inline) && self.hidden == 0 {
            self.break_block();
        }
        if let Some(element) = self.open.pop() {
            self.count(&element, false);
        }
    }

    fn count(&mut self, element: &Element, opens: bool) {
        let counted = |counter: &mut usize, counts: bool| match opens {
            true => *counter += usize::from(counts),
            false => *counter -= usize::from(counts),
        };
        counted(&mut self.hidden, element.role == Role::Hidden);
        counted(&mut self.kept, element.role == Role::Kept);
        counted(&mut self.parts, matches!(element.role, Role::Main | Role::Part));
        counted(&mut self.headers, element.heads);
        match self.names.get_mut(&*element.name) {
            Some(count) => counted(count, true),
            None => {
                self.names.insert(element.name.to_string(), 1);
            }
        }
    }

    /// An element of this name is open.
    fn is_open(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|count| *count > 0)
    }

    /// The tag just read, in the source.
    fn tag(&self) -> Span {
        Span::new(self.tag.min(self.piece.end), self.piece.end)
    }

    fn start(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        self.declare(tag);
        self.note_language(tag);
        if name == "br" {
            self.break_line();
            return;
        }
        if self.open.last().is_some_and(|element| &*element.name == "head") && !IN_HEAD.contains(&name) {
            self.pop();
        }
        let named = by_name(name);
        if named != Role::Inline {
            if self.hidden == 0 {
                self.break_block();
            }
            if self.open.last().is_some_and(|element| &*element.name == "p") {
                self.pop();
            }
        }
        let implied = implied(name);
        for row in (0..u8::BITS).map(|row| 1 << row).filter(|row| implied.ends & row != 0) {
            let nearest =
                self.open.iter().rposition(|element| (element.implied.ended | element.implied.wall) & row != 0);
            if let Some(at) = nearest.filter(|at| self.open[*at].implied.ended & row != 0) {
                while self.open.len() > at {
                    self.pop();
                }
            }
        }
        // A slash ends an element of SVG or MathML only, and those are left out whole.
        let ended = tag.self_closing && self.hidden > 0;
        if VOID.contains(&name) {
            self.note(What::Alone(Mark::Tag), named);
        } else if !ended {
            let role = role(tag);
            self.note(What::Open(Mark::Tag), role);
            self.push(&tag.name, role);
        }
    }

    /// Notes a tag that stands among words.
    fn note(&mut self, what: What, role: Role) {
        if self.hidden == 0 && role == Role::Inline {
            self.builder.trace(0, self.tag(), what);
        }
    }

    /// Notes a tag that may have to change with the language of the page or its encoding.
    fn note_language(&mut self, tag: &Tag) {
        let span = self.tag();
        if let Some(trace) = &mut self.builder.trace {
            let tells = |key| attribute(tag, key).is_some();
            if matches!(&*tag.name, "html" | "meta") || tells("lang") || tells("xml:lang") {
                trace.tags.push(span);
            }
        }
    }

    /// One break ends a line; another one behind it ends the paragraph.
    fn break_line(&mut self) {
        if self.hidden > 0 {
            return;
        }
        self.space = false;
        if self.kept == 0 && self.builder.open().ends_with('\n') {
            self.break_block();
        } else if !self.builder.open().is_empty() {
            self.builder.push("\n", self.line, self.column);
            self.builder.trace(1, self.tag(), What::Alone(Mark::Tag));
        }
    }

    fn declare(&mut self, tag: &Tag) {
        let (nearness, key) = match &*tag.name {
            "main" => (Nearness::Main, "lang"),
            "body" => (Nearness::Body, "lang"),
            "html" => (Nearness::Html, "lang"),
            "meta" if attribute(tag, "http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("content-language")) => {
                (Nearness::Meta, "content")
            }
            _ => return,
        };
        let told = attribute(tag, key).or_else(|| attribute(tag, "xml:lang")).and_then(|tag| tag.trim().parse().ok());
        if let Some(language) = told
            && self.declared.is_none_or(|(known, _)| known < nearness)
        {
            self.declared = Some((nearness, language));
        }
    }

    fn end(&mut self, name: &str) {
        if self.is_open(name)
            && let Some(at) = self.open.iter().rposition(|element| &*element.name == name)
        {
            let role = self.open[at].role;
            while self.open.len() > at {
                self.pop();
            }
            self.note(What::Close(Mark::Tag), role);
        } else if name == "br" {
            self.break_line();
        } else if by_name(name) != Role::Inline && self.hidden == 0 {
            self.break_block();
        }
    }

    fn words(&mut self, mut words: &str) {
        if self.open.last().is_some_and(|element| &*element.name == "head")
            && words.contains(|c: char| !c.is_ascii_whitespace())
        {
            self.pop();
        }
        while !words.is_empty() {
            let unknown = due::Piece {
                length: words.len(),
                source: self.piece,
                line: self.line,
                column: self.column,
                ..due::Piece::default()
            };
            let piece = self.due.next(words).unwrap_or(unknown);
            let (these, rest) = words.split_at(piece.length);
            if self.hidden == 0 {
                self.words_of(these, piece);
            }
            words = rest;
        }
    }

    fn words_of(&mut self, words: &str, piece: due::Piece) {
        let (line, mut column) = (piece.line, piece.column);
        if self.kept > 0 {
            self.builder.push_from(words, line, column, piece.source, Manner::Preformatted);
            return;
        }
        let mut at = 0;
        // NBSP does not collapse.
        for word in words.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let bare = word.trim_end_matches(|c: char| c.is_ascii_whitespace());
            if !bare.is_empty() {
                if self.space && !self.builder.open().is_empty() && !self.builder.open().ends_with('\n') {
                    self.builder.push_from(" ", line, column.saturating_sub(1).max(1), self.space_at, Manner::Html);
                }
                self.builder.push_from(bare, line, column, piece.part(at, at + bare.len()), Manner::Html);
                self.space = false;
            }
            if bare.len() < word.len() {
                let white = piece.part(at + bare.len(), at + word.len());
                match self.space && self.space_at.end == white.start {
                    true => self.space_at.end = white.end,
                    false if !self.space => self.space_at = white,
                    false => {}
                }
                self.space = true;
            }
            column += word.chars().count();
            at += word.len();
        }
    }

    /// The builder, with the blocks of the page's header told from the text: they are boilerplate, unless the page's
    /// highest heading is among them and nowhere else.
    fn finish(mut self) -> Builder {
        while !self.open.is_empty() {
            self.pop();
        }
        self.break_block();
        let titled = self.header_level.is_some_and(|level| self.level.is_none_or(|other| level < other));
        for block in self.header_blocks.iter().filter(|_| !titled) {
            self.builder.blocks[*block].kind = BlockKind::Boilerplate;
        }
        self.builder
    }
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        if matches!(token, TagToken(_) | CommentToken(_) | DoctypeToken(_)) {
            state.due.clear();
        }
        match token {
            CharacterTokens(words) => state.words(&words),
            TagToken(tag) if tag.kind == StartTag => {
                state.start(&tag);
                let kind = match &*tag.name {
                    "script" => RawKind::ScriptData,
                    "style" | "iframe" | "noembed" | "noframes" | "xmp" => RawKind::Rawtext,
                    "textarea" | "title" => RawKind::Rcdata,
                    _ => return TokenSinkResult::Continue,
                };
                state.raw = true;
                return TokenSinkResult::RawData(kind);
            }
            TagToken(tag) if tag.kind == EndTag => {
                state.raw = false;
                state.end(&tag.name);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests;
