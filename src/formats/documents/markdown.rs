//! Markdown (CommonMark, with GitHub's tables, task lists, footnotes and alerts): the words without the markup.
//!
//! Front matter, comments and the targets of links are left out; headings, list items, quotes, footnotes and table
//! cells are blocks of their own; emphasis, links, images and code spans keep their words only. Blocks of HTML are
//! read as HTML. Code blocks stay as plain text.

use super::{Builder, Read, html::Fragment, plain};
use crate::{lang::Language, model::BlockKind};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The parser walks through all open items on every line: a line that opens more than this is no Markdown.
const MOST_ITEMS: usize = 100;

pub(super) fn read(text: String) -> Read {
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
    let mut reader = Reader { place: Place::new(&text), ..Reader::default() };
    for (event, range) in Parser::new_ext(&text[body..], options).into_offset_iter() {
        reader.take(event, body + range.start);
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
    wrapped: Option<usize>,
    /// The block of HTML being read.
    html: Option<Fragment>,
    /// The element of inline HTML whose text is not shown, until it ends.
    unseen: Option<&'static str>,
}

impl Reader<'_> {
    /// Takes one event, which begins at byte `at` of the file.
    fn take(&mut self, event: Event, at: usize) {
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
            Event::Html(source) => {
                if let Some(html) = &mut self.html {
                    let (line, column) = self.place.of(at);
                    html.feed(&source, line, column);
                }
            }
            Event::Start(tag) => {
                if let Some(kind) = kind(&tag) {
                    self.close();
                    self.kinds.push(kind.unwrap_or(self.kind()));
                }
            }
            Event::End(tag) => {
                if !is_inline(&tag) {
                    self.close();
                    self.kinds.pop();
                }
            }
            Event::Text(words) => self.words(&words, at),
            Event::Code(words) => {
                let ticks = self.place.text[at..].bytes().take_while(|b| *b == b'`').count();
                // One space on either side of the words belongs to the markup.
                let inner = &self.place.text[at + ticks..];
                let space = usize::from(inner.starts_with(' ') && !words.starts_with(' '));
                self.words(&words, at + ticks + space);
            }
            Event::InlineMath(words) | Event::DisplayMath(words) => self.words(&words, at),
            Event::SoftBreak => self.wrapped = Some(at),
            Event::HardBreak => self.words("\n", at),
            Event::InlineHtml(tag) => self.inline_html(&tag, at),
            Event::Rule => self.close(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn kind(&self) -> BlockKind {
        self.kinds.last().copied().unwrap_or(BlockKind::Plain)
    }

    fn close(&mut self) {
        self.builder.close(self.kind());
        self.wrapped = None;
        self.unseen = None;
    }

    fn words(&mut self, words: &str, at: usize) {
        if self.unseen.is_some() {
            return;
        }
        if let Some(end) = self.wrapped.take() {
            // Items of a list that nobody told Markdown of.
            if words.starts_with('•') {
                self.close();
            } else if words != "\n" && !self.builder.open().ends_with('\n') {
                let (line, column) = self.place.of(end);
                self.builder.push(" ", line, column);
            }
        }
        let mut at = at;
        for piece in words.split_inclusive('\n') {
            let (line, column) = self.place.of(at);
            self.builder.push(piece, line, column);
            at += piece.len();
        }
    }

    fn inline_html(&mut self, tag: &str, at: usize) {
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
            self.words("\n", at);
        } else if !end {
            self.unseen = ["script", "style", "template"].into_iter().find(|name| is(name));
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
        let read = read(text.to_owned());
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
        assert_eq!(read(deep.clone()).text, deep);
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
            let read = read(source.to_owned());
            assert_eq!((read.declared, &*read.text), (declared, text), "{source}");
        }
    }

    #[test]
    fn anchors_lead_back_to_the_file() {
        let text = "---\na: b\n---\n# Şəhər\n\nBir **iki** üç\nvə `` dörd ``\n\n<p>beş\naltı";
        let read = read(text.to_owned());
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
