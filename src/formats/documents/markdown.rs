//! Markdown (CommonMark, with GitHub's tables, task lists, footnotes and alerts): the words without the markup.
//!
//! Front matter, comments and the targets of links are left out; headings, list items, quotes, footnotes and table
//! cells are blocks of their own; emphasis, links, images and code spans keep their words only. Blocks of HTML are
//! read as HTML. Code blocks stay as plain text.

use super::{
    Builder, Read,
    html::{self, Fragment},
    plain,
    trace::{Manner, Mark, What},
};
use crate::{lang::Language, model::BlockKind, text::Span};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// The parser walks through all open items on every line: a line that opens more than this is no Markdown.
const MOST_ITEMS: usize = 100;

/// Reads a text, whose words go to `builder`, which is empty.
pub(super) fn read(text: String, builder: Builder) -> Read {
    if text.lines().any(opens_too_many) {
        return plain::read(text);
    }
    let matter = front_matter(&text);
    let body = matter.map_or(0, str::len);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    let mut reader = Reader { builder, place: Place::new(&text), ..Reader::default() };
    for (event, range) in Parser::new_ext(&text[body..], options).into_offset_iter() {
        reader.take(event, Span::new(body + range.start, body + range.end));
    }
    reader.close();
    Read { declared: matter.and_then(language), ..reader.builder.finish() }
}

#[derive(Default)]
struct Reader<'t> {
    builder: Builder,
    place: Place<'t>,
    /// What the open elements make of the blocks in them, the innermost last.
    kinds: Vec<BlockKind>,
    /// The line ended here, and the paragraph goes on with the next one.
    wrapped: Option<Span>,
    /// Where what follows the line's end begins.
    resumed: Option<usize>,
    /// The open elements in a block, as the marks they end with.
    marks: Vec<Mark>,
    /// How many cells of tables are open, and how many blocks of code.
    cells: usize,
    code: usize,
    /// The block of HTML being read.
    html: Option<Fragment>,
    /// The element of inline HTML whose text is not shown, until it ends.
    unseen: Option<&'static str>,
}

impl Reader<'_> {
    /// Takes one event, which stands at `source` in the file.
    fn take(&mut self, event: Event, source: Span) {
        let at = source.start;
        if let Some(wrapped) = self.wrapped {
            let next = match event {
                Event::End(_) => wrapped.end,
                Event::Text(_) => at - usize::from(self.place.text[..at].ends_with('\\')),
                _ => at,
            };
            self.resumed.get_or_insert(next.max(wrapped.end));
        }
        match event {
            Event::Start(Tag::HtmlBlock) => {
                self.close();
                self.html = Some(Fragment::new(std::mem::take(&mut self.builder), self.kind()));
            }
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(html) = self.html.take() {
                    self.builder = html.finish();
                }
            }
            Event::Html(words) => {
                if let Some(html) = &mut self.html {
                    let (line, column) = self.place.of(at);
                    html.feed(&words, at, line, column);
                }
            }
            Event::Start(tag) => match kind(&tag) {
                Some(kind) => {
                    self.close();
                    self.kinds.push(kind.unwrap_or(self.kind()));
                    self.count(&tag.to_end(), true);
                }
                None => self.open(&tag, source),
            },
            Event::End(tag) => {
                if is_inline(&tag) {
                    self.end(source.end);
                } else {
                    self.close();
                    self.kinds.pop();
                    self.count(&tag, false);
                }
            }
            Event::Text(words) => {
                let begin = self.escaped(&words, source);
                self.words(&words[begin..], Span::new(source.start + begin, source.end));
            }
            Event::Code(words) => self.inline_code(&words, source),
            Event::InlineMath(words) | Event::DisplayMath(words) => self.words(&words, source),
            Event::SoftBreak if self.unseen.is_some() => {}
            Event::SoftBreak => (self.wrapped, self.resumed) = (Some(source), None),
            Event::HardBreak => self.line_break(source, Mark::Break),
            Event::InlineHtml(tag) => self.inline_html(&tag, source),
            Event::Rule => self.close(),
            Event::FootnoteReference(_) => self.note(source, What::Alone(Mark::Note)),
            Event::TaskListMarker(_) => {}
        }
    }

    fn count(&mut self, tag: &TagEnd, opens: bool) {
        let counter = match tag {
            TagEnd::TableCell => &mut self.cells,
            TagEnd::CodeBlock => &mut self.code,
            _ => return,
        };
        *counter = if opens { *counter + 1 } else { counter.saturating_sub(1) };
    }

    /// How words are written here.
    fn manner(&self) -> Manner {
        match (self.code, self.cells) {
            (1.., cells) => Manner::Verbatim { cell: cells > 0 },
            (0, 1..) => Manner::Cell,
            _ => Manner::Markdown,
        }
    }

    /// Notes a mark among the words.
    fn note(&mut self, source: Span, what: What) {
        if self.unseen.is_none() {
            self.builder.trace(0, source, what);
        }
    }

    /// An element in a block begins; all of them say by themselves how long their opening mark is.
    fn open(&mut self, tag: &Tag, source: Span) {
        let begins = |mark: &str| self.place.text[source.start..].starts_with(mark);
        let (mark, length) = match tag {
            Tag::Emphasis => (Mark::Emphasis, 1),
            Tag::Strong => (Mark::Strong, 2),
            Tag::Strikethrough => (Mark::Strike, if begins("~~") { 2 } else { 1 }),
            Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => (Mark::Address, 0),
            Tag::Link { link_type: LinkType::Collapsed | LinkType::Shortcut, .. } => (Mark::Named, 1),
            Tag::Image { link_type: LinkType::Collapsed | LinkType::Shortcut, .. } => (Mark::NamedImage, 2),
            Tag::Image { .. } => (Mark::Image, 2),
            _ => (Mark::Link, 1),
        };
        self.marks.push(mark);
        if mark != Mark::Address {
            self.note(Span::new(source.start, source.start + length), What::Open(mark));
        }
    }

    /// The innermost element in a block ends at byte `end`; emphasis ends as it began, links with their target.
    fn end(&mut self, end: usize) {
        let Some(mark) = self.marks.pop() else { return };
        // The parser leaves the empty brackets of `[name][]` out.
        let is_collapsed = matches!(mark, Mark::Named | Mark::NamedImage) && self.place.text[end..].starts_with("[]");
        let end = end + if is_collapsed { "[]".len() } else { 0 };
        let start = match mark {
            Mark::Emphasis => end.saturating_sub(1),
            Mark::Strong => end.saturating_sub(2),
            Mark::Strike if self.place.text[..end].ends_with("~~") => end - 2,
            Mark::Strike => end.saturating_sub(1),
            Mark::Address => return,
            _ => self.builder.traced_to().unwrap_or(0).max(self.wrapped.map_or(0, |line_end| line_end.end)).min(end),
        };
        self.note(Span::new(start, end), What::Close(mark));
    }

    fn inline_code(&mut self, words: &str, source: Span) {
        let whole = source.of(self.place.text);
        let ticks = whole.bytes().take_while(|b| *b == b'`').count().min(whole.len() / 2);
        let inner = &whole[ticks..whole.len() - ticks];
        // One space or line end on either side of the words belongs to the markup.
        let outer = usize::from(inner.starts_with([' ', '\n']));
        let reads_as = |from: usize| {
            let there = inner.as_bytes().get(from..from + words.len());
            there.is_some_and(|there| there.iter().zip(words.bytes()).all(|(a, b)| *a == b || *a == b'\n' && b == b' '))
        };
        // Where something in it is escaped or stands in a quote, the words stand for the whole.
        let (from, to) = match (0..=outer).find(|from| reads_as(*from)) {
            Some(from) => (from, from + words.len()),
            None => (0, inner.len()),
        };
        let at = source.start + ticks;
        self.note(Span::new(source.start, at + from), What::Open(Mark::Code));
        self.code += 1;
        self.words(words, Span::new(at + from, at + to));
        self.code -= 1;
        self.note(Span::new(at + to, source.end), What::Close(Mark::Code));
    }

    fn kind(&self) -> BlockKind {
        self.kinds.last().copied().unwrap_or(BlockKind::Plain)
    }

    fn close(&mut self) {
        self.builder.close(self.kind());
        self.wrapped = None;
        self.unseen = None;
    }

    /// The white space of a line's end is due before what follows.
    fn resume(&mut self, next: &str, at: usize) {
        let Some(Span { start, end }) = self.wrapped.take() else { return };
        // Items of a list that nobody told Markdown of.
        if next.starts_with('•') {
            self.close();
        } else if next != "\n" && !self.builder.open().ends_with('\n') {
            let (line, column) = self.place.of(start);
            let white = Span::new(start, self.resumed.unwrap_or(at).max(end));
            self.builder.push_from(" ", line, column, white, self.manner());
        }
    }

    fn words(&mut self, words: &str, source: Span) {
        if self.unseen.is_some() {
            return;
        }
        self.resume(words, source.start);
        let manner = self.manner();
        let mut at = source.start;
        for piece in words.split_inclusive('\n') {
            let (line, column) = self.place.of(at);
            // Text that is not as long as what is written for it stands for the whole.
            let piece_at = if words.len() == source.len() { Span::new(at, at + piece.len()) } else { source };
            match self.marks.last() {
                Some(Mark::Address) => {
                    let address = Span::new(piece_at.start.saturating_sub(1), piece_at.end + 1);
                    self.builder.push(piece, line, column);
                    self.builder.trace(piece.len(), address, What::Alone(Mark::Address));
                }
                _ => self.builder.push_from(piece, line, column, piece_at, manner),
            }
            at += piece.len();
        }
    }

    /// Reads the first character of `words` where it is escaped, with the backslash as a part of its source; returns its
    /// length.
    fn escaped(&mut self, words: &str, source: Span) -> usize {
        let before = source.start.wrapping_sub(1);
        let first = words.chars().next().filter(|_| words.len() == source.len()).map_or(0, char::len_utf8);
        let is_escaped = self.place.text.as_bytes().get(before) == Some(&b'\\')
            && self.builder.traced_to().is_some_and(|end| end <= before);
        if first == 0 || !is_escaped || self.unseen.is_some() {
            return 0;
        }
        self.resume(words, before);
        let (line, column) = self.place.of(source.start);
        let manner = self.manner();
        self.builder.push_from(&words[..first], line, column, Span::new(before, source.start + first), manner);
        first
    }

    fn line_break(&mut self, source: Span, mark: Mark) {
        if self.unseen.is_some() {
            return;
        }
        self.resume("\n", source.start);
        let (line, column) = self.place.of(source.start);
        self.builder.push("\n", line, column);
        self.builder.trace(1, source, What::Alone(mark));
    }

    fn inline_html(&mut self, tag: &str, source: Span) {
        let inner = tag.trim_start_matches('<');
        let end = inner.starts_with('/');
        let name = inner.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        if let Some(open) = self.unseen {
            if end && is(open) {
                self.unseen = None;
            }
        } else if is("br") {
            self.wrapped = None;
            self.line_break(source, Mark::Tag);
        } else if end {
            self.note(source, What::Close(Mark::Tag));
        } else {
            self.unseen = ["script", "style", "template"].into_iter().find(|name| is(name));
            let alone = name.is_empty() || tag.ends_with("/>") || html::is_void(name);
            self.note(source, if alone { What::Alone(Mark::Tag) } else { What::Open(Mark::Tag) });
        }
    }
}

/// What an element makes of the blocks in it; `Some(None)` for one that leaves them as they are, `None` for one
/// inside a block.
fn kind(tag: &Tag) -> Option<Option<BlockKind>> {
    Some(match tag {
        Tag::Heading { .. } => Some(BlockKind::Heading),
        Tag::BlockQuote(_) => Some(BlockKind::Quote),
        Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => Some(BlockKind::List),
        Tag::TableCell | Tag::FootnoteDefinition(_) => Some(BlockKind::Running),
        Tag::Paragraph
        | Tag::CodeBlock(_)
        | Tag::List(_)
        | Tag::DefinitionList
        | Tag::Table(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::HtmlBlock
        | Tag::MetadataBlock(_) => None,
        Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough
        | Tag::Superscript
        | Tag::Subscript
        | Tag::Link { .. }
        | Tag::Image { .. } => return None,
    })
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// Lines and columns of places that only grow, so that a long line is counted once.
#[derive(Default)]
struct Place<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'t> Place<'t> {
    fn new(text: &'t str) -> Place<'t> {
        Place { text, at: 0, line: 1, column: 1 }
    }

    fn of(&mut self, at: usize) -> (usize, usize) {
        if let Some(passed) = self.text.get(self.at..at) {
            self.line += passed.bytes().filter(|b| *b == b'\n').count();
            match passed.rfind('\n') {
                Some(end) => self.column = passed[end + 1..].chars().count() + 1,
                None => self.column += passed.chars().count(),
            }
            self.at = at;
        }
        (self.line, self.column)
    }
}

/// The line begins with more than [`MOST_ITEMS`] marks of items or quotes, and is not a ruled line of them.
fn opens_too_many(line: &str) -> bool {
    if line.len() <= MOST_ITEMS {
        return false;
    }
    let is_mark = |word: &&str| {
        let digits = word.trim_end_matches(['.', ')']);
        word.bytes().all(|b| b"-*+>".contains(&b))
            || digits.len() < word.len() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let marks = line.split_ascii_whitespace().take_while(is_mark).count();
    let ruled = line.bytes().filter(|b| !b.is_ascii_whitespace()).all(|b| b == b'-' || b == b'*');
    marks > MOST_ITEMS && !ruled
}

/// The front matter, if the text begins with one: `---`, keys, `---`.
fn front_matter(text: &str) -> Option<&str> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let rule = first.trim_end();
    if rule != "---" && rule != "+++" {
        return None;
    }
    let mut length = first.len();
    let mut keys = false;
    for line in lines {
        length += line.len();
        let bare = line.trim_end();
        if bare == rule || rule == "---" && bare == "..." {
            return keys.then(|| &text[..length]);
        }
        let sound = bare.is_empty() || bare.starts_with([' ', '\t', '#', '-', '[', ']', '}']);
        if !sound && !bare.contains([':', '=']) {
            return None;
        }
        keys |= !bare.is_empty();
    }
    None
}

/// The language a front matter declares: `lang: az`, `language = "az"`.
fn language(matter: &str) -> Option<Language> {
    matter.lines().find_map(|line| {
        let (key, value) = line.split_once([':', '='])?;
        let value = value.trim().trim_matches(['"', '\'']);
        ["lang", "language", "locale"].contains(&key.trim_end()).then(|| value.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceMap;

    fn blocks(text: &str) -> Vec<(BlockKind, String)> {
        let read = read(text.to_owned(), Builder::default());
        read.blocks.iter().map(|block| (block.kind, block.span.of(&read.text).to_owned())).collect()
    }

    #[test]
    fn inline_markup_goes_and_words_stay() {
        for (source, want) in [
            ("**Bold** and *slanted* and ***both***", "Bold and slanted and both"),
            ("snake_case_name and _slanted_", "snake_case_name and slanted"),
            ("See [the site](https://example.org \"title\").", "See the site."),
            ("See [the\nsite](https://example.org/a_(b)).", "See the site."),
            ("[One][1], [two][] and [three].\n\n[1]: /a 'A'\n[two]: <b>\n[three]:\n  /c", "One, two and three."),
            ("![a map](map.png) of the city", "a map of the city"),
            ("[![logo](l.png)](https://example.org) text", "logo text"),
            (
                "Write to <info@example.org> or see <https://example.org>.",
                "Write to info@example.org or see https://example.org.",
            ),
            ("A<br>line and `x*y*z`", "A\nline and x*y*z"),
            ("A  \nline\\\nand<br/>\nmore", "A\nline\nand\nmore"),
            ("2 \\* 3 * 4 &amp; more &#8211; &bdquo;x&ldquo;", "2 * 3 * 4 & more – „x“"),
            ("5 AZN* a day, 2*3 and un**broken**", "5 AZN* a day, 2*3 and unbroken"),
            ("**bold\nover lines** and `code\nover lines`", "bold over lines and code over lines"),
            ("A ~~struck~~ word [not a link]", "A struck word [not a link]"),
            ("A <b class=\"x\">tag</b>, <!-- a remark --> 1 < 2 > 0", "A tag,  1 < 2 > 0"),
            ("``a ` b`` <script>x</script>c", "a ` b c"),
            ("Its [^1] note", "Its [^1] note"),
        ] {
            let got = blocks(source);
            assert_eq!(got.first(), Some(&(BlockKind::Plain, want.to_owned())), "{source}");
        }
    }

    #[test]
    fn blocks_of_every_kind() {
        let text = "---\ntitle: x\n---\n# One #\n\nTwo\nlines  \nbroken\n\n- a\n- b\n  more\n\n1. c\n\n> d\n> e\n\n| f | g |\n|---|---|\n| h | i |\n\nJ\n===\n***\n```\ncode\n```\n";
        use BlockKind::*;
        let want = [
            (Heading, "One"),
            (Plain, "Two lines\nbroken"),
            (List, "a"),
            (List, "b more"),
            (List, "c"),
            (Quote, "d e"),
            (Running, "f"),
            (Running, "g"),
            (Running, "h"),
            (Running, "i"),
            (Heading, "J"),
            (Plain, "code"),
        ];
        assert_eq!(blocks(text), want.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn blocks_inside_blocks() {
        use BlockKind::*;
        let cases: &[(&str, &[(BlockKind, &str)])] = &[
            (
                "- a\n  - b\n    > c\n  - [x] d\n\n    e",
                &[(List, "a"), (List, "b"), (Quote, "c"), (List, "d"), (List, "e")],
            ),
            (
                "> # Head\n>\n> - one\n>   goes on\n> said\nlazily",
                &[(Heading, "Head"), (List, "one goes on said lazily")],
            ),
            ("> [!NOTE]\n> Said.", &[(Quote, "Said.")]),
            ("Two lines\nof a heading\n---\ntext", &[(Heading, "Two lines of a heading"), (Plain, "text")]),
            (
                "a | b \\| c\n--- | ---\n*1* | `2`\n",
                &[(Running, "a"), (Running, "b | c"), (Running, "1"), (Running, "2")],
            ),
            (
                "Text[^1] here.\n\n[^1]: The note.\n\nMore",
                &[(Plain, "Text here."), (Running, "The note."), (Plain, "More")],
            ),
            ("Term\n: What it is.", &[(List, "Term"), (List, "What it is.")]),
            ("````\n```\n````\nText", &[(Plain, "```"), (Plain, "Text")]),
            ("<!-- not\n\nshown -->\n\nText", &[(Plain, "Text")]),
            ("<div align=center>\n<p>In <b>HTML</b><p hidden>no</div>\n\n*x*", &[(Plain, "In HTML"), (Plain, "x")]),
            ("> <ul><li>a\n> <li>b</ul>", &[(List, "a"), (List, "b")]),
            ("Bring:\n• a form\n• a photo", &[(Plain, "Bring:"), (Plain, "• a form"), (Plain, "• a photo")]),
            ("# Head {#id}\n\n# Head \\#", &[(Heading, "Head"), (Heading, "Head #")]),
        ];
        for (source, want) in cases {
            let want: Vec<_> = want.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
            assert_eq!(blocks(source), want, "{source}");
        }
    }

    #[test]
    fn what_nests_too_deep_is_plain_text() {
        let deep = format!("{}a\n\n**b**", "- 1. > ".repeat(40));
        assert_eq!(read(deep.clone(), Builder::default()).text, deep);
        let rule = "- ".repeat(200);
        assert_eq!(blocks(&format!("{rule}\n\n**b**")), [(BlockKind::Plain, "b".to_owned())]);
    }

    #[test]
    fn front_matter_is_no_text_and_may_tell_the_language() {
        for (source, declared, text) in [
            ("---\ntitle: x\nlang: az\n---\nMətn", Some(Language::AZ), "Mətn"),
            ("+++\nlanguage = \"ru\"\n+++\nТекст", Some(Language::RU), "Текст"),
            ("---\ntags:\n- a\n  lang: az\n...\nText", None, "Text"),
            ("---\nNo keys here\n---\nText", None, "No keys here\n\nText"),
            ("---\n---\nText", None, "Text"),
        ] {
            let read = read(source.to_owned(), Builder::default());
            assert_eq!((read.declared, &*read.text), (declared, text), "{source}");
        }
    }

    #[test]
    fn anchors_lead_back_to_the_file() {
        let text = "---\na: b\n---\n# Şəhər\n\nBir **iki** üç\nvə `` dörd ``\n\n<p>beş\naltı";
        let read = read(text.to_owned(), Builder::default());
        let SourceMap::Anchors(anchors) = &read.map else { panic!("markup has anchors") };
        let words: Vec<(&str, usize, usize)> = anchors
            .iter()
            .enumerate()
            .map(|(n, a)| {
                let end = anchors.get(n + 1).map_or(read.text.len(), |next| next.text);
                (read.text[a.text..end].trim(), a.line, a.column)
            })
            .filter(|(words, ..)| !words.is_empty())
            .collect();
        let want = [
            ("Şəhər", 4, 3),
            ("Bir", 6, 1),
            ("iki", 6, 7),
            ("üç", 6, 12),
            ("və", 7, 1),
            ("dörd", 7, 7),
            ("beş", 9, 4),
            ("altı", 10, 1),
        ];
        assert_eq!(words, want);
    }
}
