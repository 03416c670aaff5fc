//! HTML: what a reader of the page reads.
//!
//! Tokens come from html5ever, so that entities, comments, scripts and broken markup are read as browsers read
//! them. Navigation, forms, scripts and hidden elements are left out; footers are boilerplate; headings, list items,
//! quotes and table cells are blocks of their own. White space collapses except in `pre`; `br` is a line break.

use super::{Builder, Read};
use crate::{lang::Language, model::BlockKind};
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts, states::RawKind,
};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// What an element means for the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Not shown, or not part of the text.
    Hidden,
    /// Text stands in it as outside.
    Inline,
    /// A block of its own, of the kind of what is around it.
    Block,
    Heading,
    Item,
    Quote,
    Footer,
    Cell,
    /// White space is kept.
    Kept,
}

const ROLES: &[(&[&str], Role)] = &[
    (
        &[
            "nav", "script", "style", "head", "noscript", "template", "svg", "math", "iframe", "object", "select",
            "button", "textarea", "canvas", "audio", "video", "dialog", "menu",
        ],
        Role::Hidden,
    ),
    (&["h1", "h2", "h3", "h4", "h5", "h6"], Role::Heading),
    (&["li", "dd", "dt"], Role::Item),
    (&["blockquote"], Role::Quote),
    (&["footer"], Role::Footer),
    (&["td", "th"], Role::Cell),
    (&["pre"], Role::Kept),
    (
        &[
            "p",
            "div",
            "section",
            "article",
            "main",
            "header",
            "aside",
            "body",
            "html",
            "ul",
            "ol",
            "dl",
            "table",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "caption",
            "figure",
            "figcaption",
            "address",
            "form",
            "fieldset",
            "legend",
            "details",
            "summary",
            "hgroup",
            "center",
            "option",
            "hr",
            "title",
        ],
        Role::Block,
    ),
];

const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// An element that begins ends one of the others, as far up as the nearest of the walls.
const IMPLIED: &[(&[&str], &[&str], &[&str])] = &[
    (&["li"], &["li"], &["ul", "ol"]),
    (&["dt", "dd"], &["dt", "dd"], &["dl"]),
    (&["td", "th"], &["td", "th"], &["table"]),
    (&["tr", "tbody", "tfoot", "thead"], &["tr"], &["table"]),
    (&["option"], &["option"], &["select"]),
    (&["body"], &["head"], &[]),
];

fn role(name: &str) -> Role {
    ROLES.iter().find(|(names, _)| names.contains(&name)).map_or(Role::Inline, |(_, role)| *role)
}

/// The first characters of a file, as far as they can be read, without byte order mark and white space.
pub(super) fn head(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
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

pub(super) fn read(source: &str) -> Read {
    let page = Page { state: RefCell::new(State::default()) };
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let (mut line, mut column) = (1, 1);
    // Piece by piece, so that the words of each token are known by their place in the file.
    for piece in pieces(source) {
        tokenizer.sink.state.borrow_mut().place(piece, line, column);
        queue.push_back(piece.into());
        let _ = tokenizer.feed(&queue); // scripts do not run
        match piece.ends_with('\n') {
            true => (line, column) = (line + 1, 1),
            false => column += piece.chars().count(),
        }
    }
    tokenizer.end();
    tokenizer.sink.state.into_inner().finish()
}

/// The source cut before `<` and `&`, after `>`, `;` and line ends: no piece holds words on both sides of markup.
fn pieces(source: &str) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = match rest.as_bytes()[0] {
            b'<' => rest.find(['>', '\n']).map(|at| at + 1),
            b'&' => rest[1..]
                .find(['<', '&', ';', '\n', ' '])
                .map(|at| at + 1 + usize::from(matches!(rest.as_bytes()[at + 1], b';' | b'\n'))),
            _ => {
                rest.find(['<', '&', '\n', '>']).map(|at| at + usize::from(matches!(rest.as_bytes()[at], b'\n' | b'>')))
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

#[derive(Default)]
struct State {
    builder: Builder,
    open: Vec<Element>,
    /// How many open elements have a name, so that nothing is searched for in vain.
    names: FxHashMap<String, usize>,
    /// How many open elements are hidden, keep their white space, and so on.
    hidden: usize,
    kept: usize,
    declared: Option<Language>,
    /// Where the piece being read starts, and where the one before it did.
    line: usize,
    column: usize,
    /// Words came from this piece already; how many characters.
    taken: usize,
    /// The place of a character reference the tokenizer has not given out yet: it waits for what follows.
    held: Option<(usize, usize)>,
    /// The piece is a character reference.
    reference: bool,
    /// White space is due before the next word.
    space: bool,
}

struct Element {
    name: String,
    role: Role,
    /// What the blocks in it are.
    kind: BlockKind,
}

impl State {
    fn place(&mut self, piece: &str, line: usize, column: usize) {
        if !piece.starts_with('&') && self.taken == 0 && self.reference {
            self.held = Some((self.line, self.column));
        }
        (self.line, self.column, self.taken) = (line, column, 0);
        self.reference = piece.starts_with('&');
    }

    /// The kind of a block here, by the nearest element that says something.
    fn kind(&self) -> BlockKind {
        self.open.last().map_or(BlockKind::Plain, |element| element.kind)
    }

    fn break_block(&mut self) {
        self.builder.close(self.kind());
        self.space = false;
    }

    fn push(&mut self, name: &str, role: Role) {
        self.hidden += usize::from(role == Role::Hidden);
        self.kept += usize::from(role == Role::Kept);
        let kind = match (role, self.kind()) {
            (_, BlockKind::Boilerplate) | (Role::Footer, _) => BlockKind::Boilerplate,
            (Role::Heading, _) => BlockKind::Heading,
            (Role::Quote, _) => BlockKind::Quote,
            (Role::Item, _) => BlockKind::List,
            (Role::Cell, _) => BlockKind::Running,
            (_, kind) => kind,
        };
        *self.names.entry(name.to_owned()).or_default() += 1;
        self.open.push(Element { name: name.to_owned(), role, kind });
    }

    fn pop(&mut self) {
        if self.open.last().is_some_and(|element| element.role != Role::Inline) && self.hidden == 0 {
            self.break_block();
        }
        if let Some(element) = self.open.pop() {
            self.hidden -= usize::from(element.role == Role::Hidden);
            self.kept -= usize::from(element.role == Role::Kept);
            if let Some(count) = self.names.get_mut(&element.name) {
                *count -= 1;
            }
        }
    }

    /// An element of this name is open.
    fn is_open(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|count| *count > 0)
    }

    fn start(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        let attribute = |wanted: &str| tag.attrs.iter().find(|a| &*a.name.local == wanted).map(|a| &*a.value);
        if name == "html" && self.declared.is_none() {
            self.declared = attribute("lang").or_else(|| attribute("xml:lang")).and_then(|tag| tag.parse().ok());
        }
        if name == "br" && self.hidden == 0 {
            self.space = false;
            if !self.builder.open().is_empty() {
                self.builder.push("\n", self.line, self.column);
            }
            return;
        }
        let mut role = role(name);
        if role != Role::Inline {
            if self.hidden == 0 {
                self.break_block();
            }
            if self.open.last().is_some_and(|element| element.name == "p") {
                self.pop();
            }
        }
        for (starting, ended, walls) in IMPLIED {
            if starting.contains(&name)
                && ended.iter().any(|name| self.is_open(name))
                && let Some(at) = self.open.iter().rposition(|e| ended.contains(&&*e.name) || walls.contains(&&*e.name))
                && ended.contains(&&*self.open[at].name)
            {
                while self.open.len() > at {
                    self.pop();
                }
            }
        }
        if VOID.contains(&name) {
            return;
        }
        let style: String = attribute("style").unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect();
        let hidden = attribute("hidden").is_some_and(|value| value != "until-found")
            || attribute("aria-hidden") == Some("true")
            || style.contains("display:none")
            || style.contains("visibility:hidden");
        if hidden || attribute("role") == Some("navigation") {
            role = Role::Hidden;
        } else if attribute("role") == Some("contentinfo") {
            role = Role::Footer;
        }
        // A slash ends an element of SVG or MathML only, and those are left out whole.
        if !(tag.self_closing && self.hidden > 0) {
            self.push(name, role);
        }
    }

    fn end(&mut self, name: &str) {
        if self.is_open(name)
            && let Some(at) = self.open.iter().rposition(|element| element.name == name)
        {
            while self.open.len() > at {
                self.pop();
            }
        } else if role(name) != Role::Inline && self.hidden == 0 {
            self.break_block();
        }
    }

    fn words(&mut self, words: &str) {
        if self.hidden > 0 {
            return;
        }
        let mut from = 0;
        let here = (self.line, self.column + self.taken);
        let (line, column) = self.held.unwrap_or(here);
        let column_of = |at: usize| column + words[..at].chars().count();
        if self.kept > 0 {
            self.builder.push(words, line, column);
        } else {
            // NBSP does not collapse.
            for (at, c) in words.char_indices().chain([(words.len(), ' ')]) {
                if !c.is_ascii_whitespace() {
                    continue;
                }
                if from < at {
                    if self.space && !self.builder.open().is_empty() && !self.builder.open().ends_with('\n') {
                        self.builder.push(" ", line, column_of(from).saturating_sub(1).max(1));
                    }
                    self.builder.push(&words[from..at], line, column_of(from));
                    self.space = false;
                }
                self.space |= at < words.len();
                from = at + 1;
            }
        }
        if self.held.take().is_none() {
            self.taken += words.chars().count();
        }
    }

    fn finish(mut self) -> Read {
        while !self.open.is_empty() {
            self.pop();
        }
        Read { declared: self.declared, ..self.builder.finish() }
    }
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            CharacterTokens(words) => state.words(&words),
            TagToken(tag) if tag.kind == StartTag => {
                state.start(&tag);
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "iframe" | "noembed" | "noframes" | "xmp" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            TagToken(tag) if tag.kind == EndTag => state.end(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceMap;

    fn blocks(source: &str) -> Vec<(BlockKind, String)> {
        let read = read(source);
        read.blocks.iter().map(|block| (block.kind, block.span.of(&read.text).to_owned())).collect()
    }

    #[test]
    fn blocks_of_every_kind() {
        use BlockKind::*;
        let page = "<html lang=az><head><title>x</title><style>p{}</style></head><nav><ul><li>Home</ul></nav>\
            <h1>One</h1><p>Two <b>bold</b>\n  words<br>broken<p>three<ul><li>a<li>b <i>c</i></ul>\
            <blockquote><p>Said.</p></blockquote><table><tr><td>x<td>y</table>\
            <p hidden>not shown<div style='display: none'>nor this</div>\
            <script>if (a < b) document.write('<p>no</p>')</script><!-- no -->\
            <footer><div>&copy; 2024 Service</div></footer>";
        let want = [
            (Heading, "One"),
            (Plain, "Two bold words\nbroken"),
            (Plain, "three"),
            (List, "a"),
            (List, "b c"),
            (Quote, "Said."),
            (Running, "x"),
            (Running, "y"),
            (Boilerplate, "© 2024 Service"),
        ];
        assert_eq!(blocks(page), want.map(|(kind, text)| (kind, text.to_owned())));
        assert_eq!(read(page).declared, Some(Language::AZ));
    }

    #[test]
    fn entities_and_odd_markup() {
        for (source, want) in [
            ("<p>a &amp; b &lt;c&gt; &ldquo;d&rdquo;&nbsp;e", "a & b <c> “d”\u{a0}e"),
            ("<p>a & b < c</p>", "a & b < c"),
            ("<p>&notanentity; &#1071;</p>", "¬anentity; Я"),
            ("<p>un<b>broken</b> word</p></div></b>", "unbroken word"),
            ("<p>a <span> b </span> c</p>", "a b c"),
            ("<pre>a\n  b</pre>", "a\n  b"),
        ] {
            assert_eq!(blocks(source), [(BlockKind::Plain, want.to_owned())], "{source}");
        }
    }

    #[test]
    fn anchors_lead_back_to_the_file() {
        let read = read("<html>\n<p>Şəhər <b>böyük</b>dür &amp; gözəl\n və təmiz");
        let SourceMap::Anchors(anchors) = &read.map else { panic!("markup has anchors") };
        let at = |word: &str| {
            let offset = read.text.find(word).unwrap();
            let anchor = anchors.iter().rfind(|anchor| anchor.text <= offset).unwrap();
            (anchor.line, anchor.column + read.text[anchor.text..offset].chars().count())
        };
        assert_eq!(at("Şəhər"), (2, 4));
        assert_eq!(at("böyük"), (2, 13));
        assert_eq!(at("dür"), (2, 22));
        assert_eq!(at("&"), (2, 26));
        assert_eq!(at("gözəl"), (2, 32));
        assert_eq!(at("təmiz"), (3, 5));
    }
}
