//! Markdown: the words without the markup.
//!
//! Front matter, comments and code fences' rules are left out; headings, list items, quotes and table cells are
//! blocks of their own; emphasis, links and code spans keep their words only. Code blocks stay as plain text.

use super::{Builder, Read};
use crate::{model::BlockKind, text::prefix};
use rustc_hash::FxHashMap;

pub(super) fn read(text: String) -> Read {
    let mut reader = Reader { builder: Builder::default(), kind: BlockKind::Plain, hard: false };
    let mut lines = text.split('\n').enumerate().map(|(n, line)| (n + 1, line)).peekable();
    if let Some(end) = front_matter(&text) {
        while lines.next_if(|(n, _)| *n <= end).is_some() {}
    }
    let mut fence: Option<char> = None;
    while let Some((number, line)) = lines.next() {
        let next = lines.peek().map(|(_, next)| *next);
        let bare = line.trim_start();
        if let Some(mark) = fence_mark(bare) {
            reader.close();
            fence = match fence {
                Some(open) if open == mark => None,
                Some(open) => Some(open),
                None => Some(mark),
            };
        } else if fence.is_some() {
            reader.code(line, number);
        } else if reader.line(line, number, next) {
            lines.next(); // the rule under a heading or a table's head
        }
    }
    reader.close();
    reader.builder.finish()
}

struct Reader {
    builder: Builder,
    /// Of the open block.
    kind: BlockKind,
    /// The last line ended in a break that is meant.
    hard: bool,
}

impl Reader {
    fn close(&mut self) {
        self.builder.close(self.kind);
        self.kind = BlockKind::Plain;
        self.hard = false;
    }

    /// Takes one line; true where the next one is a rule that belongs to it.
    fn line(&mut self, line: &str, number: usize, next: Option<&str>) -> bool {
        let mut rest = line.trim_start();
        let mut quoted = false;
        while let Some(inner) = rest.strip_prefix('>') {
            quoted = true;
            rest = inner.trim_start();
        }
        if quoted && self.kind != BlockKind::Quote || !quoted && self.kind == BlockKind::Quote && is_blank(rest) {
            self.close();
        }
        let at = |rest: &str| column(line, rest);
        if is_blank(rest) || is_rule(rest) || rest.starts_with("<!--") && rest.trim_end().ends_with("-->") {
            self.close();
            return false;
        }
        if let Some(heading) = heading(rest) {
            self.close();
            self.kind = BlockKind::Heading;
            self.inline(heading, number, at(heading));
            self.close();
            return false;
        }
        if is_table_row(rest) && (next.is_some_and(is_table_rule) || self.builder.start.is_none()) {
            self.close();
            // Counted on from cell to cell: a row may be long.
            let (mut from, mut column) = (line, 1);
            for cell in cells(rest) {
                self.kind = BlockKind::Running;
                column += self::column(from, cell) - 1;
                from = &line[offset(line, cell)..];
                self.inline(cell, number, column);
                self.close();
            }
            return next.is_some_and(is_table_rule);
        }
        let item = item(rest);
        if let Some(words) = item {
            self.close();
            self.kind = BlockKind::List;
            rest = words;
        } else if quoted {
            self.kind = BlockKind::Quote;
        }
        let under =
            next.map(str::trim).filter(|next| self.builder.start.is_none() && item.is_none() && is_underline(next));
        if under.is_some() {
            self.kind = BlockKind::Heading;
            self.inline(rest.trim_end(), number, at(rest));
            self.close();
            return true;
        }
        if self.builder.start.is_some() {
            let space = if self.hard { "\n" } else { " " };
            self.builder.push(space, number, at(rest));
        }
        let trimmed = rest.trim_end();
        self.hard = rest.len() - trimmed.len() >= 2 || trimmed.ends_with('\\');
        self.inline(trimmed.strip_suffix('\\').unwrap_or(trimmed), number, at(rest));
        false
    }

    fn code(&mut self, line: &str, number: usize) {
        if self.builder.start.is_some() {
            self.builder.push("\n", number, 1);
        }
        self.builder.push(line, number, 1);
    }

    /// The words of one line's inline markup.
    fn inline(&mut self, text: &str, line: usize, column: usize) {
        let mut inline = Inline { text, pairs: Pairs::of(text), at: 0, from: 0, line, column, counted: 0 };
        inline.run(&mut self.builder);
    }
}

/// Walks one line, pushing the stretches between markup.
struct Inline<'a> {
    text: &'a str,
    pairs: Pairs,
    at: usize,
    /// Where the words not yet pushed start.
    from: usize,
    line: usize,
    /// Of byte `counted`.
    column: usize,
    counted: usize,
}

impl Inline<'_> {
    fn run(&mut self, builder: &mut Builder) {
        // Where links' ends stand: (the bracket, the end of the target).
        let mut targets: Vec<(usize, usize)> = Vec::new();
        let mut failed_code = false;
        while let Some(c) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            match c {
                '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                    self.skip(builder, 1);
                    self.at += 1;
                }
                '`' if !failed_code => {
                    let ticks = rest.len() - rest.trim_start_matches('`').len();
                    match rest[ticks..].find(&rest[..ticks]) {
                        Some(end) => {
                            self.skip(builder, ticks);
                            self.at += end;
                            self.skip(builder, ticks);
                        }
                        None => {
                            failed_code = true;
                            self.at += ticks;
                        }
                    }
                }
                '!' if rest[1..].starts_with('[') && self.pairs.link(self.text, self.at + 1).is_some() => {
                    targets.extend(self.pairs.link(self.text, self.at + 1));
                    self.skip(builder, 2);
                }
                '[' => match self.pairs.link(self.text, self.at) {
                    Some(link) => {
                        targets.push(link);
                        self.skip(builder, 1);
                    }
                    None => self.at += 1,
                },
                ']' if targets.last().is_some_and(|(bracket, _)| *bracket == self.at) => {
                    let (_, end) = targets.pop().expect("the match arm saw one");
                    self.skip(builder, end - self.at);
                }
                '<' => match autolink(rest) {
                    Some(Angle::Link(end)) => {
                        self.skip(builder, 1);
                        self.at += end - 2;
                        self.skip(builder, 1);
                    }
                    Some(Angle::Tag(end)) => self.skip(builder, end),
                    None => self.at += 1,
                },
                '*' | '_' | '~' => {
                    let run = rest.len() - rest.trim_start_matches(c).len();
                    if self.is_emphasis(c, run) { self.skip(builder, run) } else { self.at += run }
                }
                '&' => match entity(rest) {
                    Some((length, value)) => {
                        self.flush(builder);
                        let column = self.column_of(self.at);
                        builder.push(value, self.line, column);
                        self.at += length;
                        self.from = self.at;
                    }
                    None => self.at += 1,
                },
                c => self.at += c.len_utf8(),
            }
        }
        self.flush(builder);
    }

    /// Leaves out the next `length` bytes.
    fn skip(&mut self, builder: &mut Builder, length: usize) {
        self.flush(builder);
        self.at += length;
        self.from = self.at;
    }

    fn flush(&mut self, builder: &mut Builder) {
        if self.from < self.at {
            let column = self.column_of(self.from);
            builder.push(&self.text[self.from..self.at], self.line, column);
        }
    }

    fn column_of(&mut self, at: usize) -> usize {
        self.column += self.text[self.counted..at].chars().count();
        self.counted = at;
        self.column
    }

    /// A run of `mark` here opens or closes emphasis: it touches a word, and `_` not from inside one.
    fn is_emphasis(&self, mark: char, run: usize) -> bool {
        let before = self.text[..self.at].chars().next_back();
        let after = self.text[self.at + run..].chars().next();
        let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match mark {
            '~' => run == 2,
            _ if space(before) && space(after) || run > 3 => false,
            '_' => !(word(before) && word(after)),
            _ => true,
        }
    }
}

/// The lines of a front matter, if the text begins with one: `---`, keys, `---`.
fn front_matter(text: &str) -> Option<usize> {
    let mut lines = text.split('\n');
    let rule = lines.next()?.trim_end();
    if rule != "---" && rule != "+++" {
        return None;
    }
    let end = lines.position(|line| line.trim_end() == rule || rule == "---" && line.trim_end() == "...")?;
    let keys = text.split('\n').skip(1).take(end);
    let sound = keys.clone().all(|line| {
        line.is_empty() || line.starts_with([' ', '\t', '#', '-', '[']) || line.contains(':') || line.contains('=')
    });
    (end > 0 && sound).then_some(end + 2)
}

/// The byte of `line` at which `rest`, a slice of it, starts.
fn offset(line: &str, rest: &str) -> usize {
    rest.as_ptr() as usize - line.as_ptr() as usize
}

/// The column of `line` at which `rest`, a slice of it, starts.
fn column(line: &str, rest: &str) -> usize {
    line[..offset(line, rest)].chars().count() + 1
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn fence_mark(line: &str) -> Option<char> {
    ['`', '~'].into_iter().find(|mark| {
        line.chars().take_while(|c| c == mark).count() >= 3 && !line.trim_start_matches(*mark).contains('`')
    })
}

/// `---`, `***`, `_ _ _`.
fn is_rule(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    marks.len() >= 3 && matches!(marks[0], '-' | '*' | '_') && marks.iter().all(|c| *c == marks[0])
}

/// The line under a heading.
fn is_underline(line: &str) -> bool {
    line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

/// The words of `## Words ##`.
fn heading(line: &str) -> Option<&str> {
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    if !(1..=6).contains(&level) || !(words.is_empty() || words.starts_with([' ', '\t'])) {
        return None;
    }
    let words = words.trim();
    let closed = words.trim_end_matches('#');
    Some(if closed.is_empty() || closed.ends_with(' ') { closed.trim_end() } else { words })
}

/// The words of a list item, its bullet or number and a task's box left out.
fn item(line: &str) -> Option<&str> {
    let mark = line.split([' ', '\t']).next()?;
    let digits = mark.strip_suffix(['.', ')']).unwrap_or("");
    let numbered = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !numbered && !matches!(mark, "-" | "*" | "+" | "•") || mark.len() == line.len() {
        return None;
    }
    let words = line[mark.len()..].trim_start();
    let boxed = ["[ ] ", "[x] ", "[X] "].into_iter().find_map(|mark| words.strip_prefix(mark));
    Some(boxed.unwrap_or(words))
}

fn is_table_row(line: &str) -> bool {
    let line = line.trim();
    line.len() > 2 && line.starts_with('|') && line.ends_with('|')
}

/// `| --- | :-: |`
fn is_table_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' '))
}

fn cells(row: &str) -> impl Iterator<Item = &str> {
    row.trim().trim_matches('|').split('|').map(str::trim).filter(|cell| !cell.is_empty())
}

/// Where the brackets and parentheses of a line close.
#[derive(Default)]
struct Pairs(FxHashMap<usize, usize>);

impl Pairs {
    fn of(text: &str) -> Pairs {
        let mut pairs = FxHashMap::default();
        if text.contains("](") || text.contains("][") {
            let (mut brackets, mut parentheses) = (Vec::new(), Vec::new());
            for (at, byte) in text.bytes().enumerate() {
                let opened = match byte {
                    b'[' => {
                        brackets.push(at);
                        None
                    }
                    b'(' => {
                        parentheses.push(at);
                        None
                    }
                    b']' => brackets.pop(),
                    b')' => parentheses.pop(),
                    _ => None,
                };
                pairs.extend(opened.map(|open| (open, at)));
            }
        }
        Pairs(pairs)
    }

    /// `[words](target)` or `[words][label]` beginning at `at`: the bracket that ends the words, the end of all.
    fn link(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        let bracket = *self.0.get(&at)?;
        if !text[bracket + 1..].starts_with(['(', '[']) {
            return None;
        }
        Some((bracket, self.0.get(&(bracket + 1))? + 1))
    }
}

enum Angle {
    /// `<https://…>`, an address: its length.
    Link(usize),
    /// Inline HTML: its length.
    Tag(usize),
}

fn autolink(text: &str) -> Option<Angle> {
    let end = prefix(text, 1000).find('>')? + 1;
    let inner = &text[1..end - 1];
    if inner.contains("://") && !inner.contains(' ') || inner.contains('@') && !inner.contains([' ', '=']) {
        return Some(Angle::Link(end));
    }
    let name = inner.trim_start_matches('/');
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) || inner.starts_with("!--")).then_some(Angle::Tag(end))
}

/// Character references people write in Markdown.
const ENTITIES: &[(&str, &str)] = &[
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&nbsp;", "\u{a0}"),
    ("&copy;", "©"),
    ("&ndash;", "–"),
    ("&mdash;", "—"),
    ("&laquo;", "«"),
    ("&raquo;", "»"),
    ("&ldquo;", "“"),
    ("&rdquo;", "”"),
    ("&bdquo;", "„"),
    ("&hellip;", "…"),
];

fn entity(text: &str) -> Option<(usize, &'static str)> {
    ENTITIES.iter().find(|(name, _)| text.starts_with(name)).map(|(name, value)| (name.len(), *value))
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
            ("![a map](map.png) of the city", "a map of the city"),
            ("[![logo](l.png)](https://example.org) text", "logo text"),
            (
                "Write to <info@example.org> or see <https://example.org>.",
                "Write to info@example.org or see https://example.org.",
            ),
            ("A<br>line and `x*y*z`", "Aline and x*y*z"),
            ("2 \\* 3 * 4 &amp; more", "2 * 3 * 4 & more"),
            ("A ~~struck~~ word [not a link]", "A struck word [not a link]"),
        ] {
            assert_eq!(blocks(source), [(BlockKind::Plain, want.to_owned())], "{source}");
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
    fn anchors_lead_back_to_the_file() {
        let read = read("# Şəhər\n\nBir **iki** üç".to_owned());
        let SourceMap::Anchors(anchors) = &read.map else { panic!("markup has anchors") };
        let words: Vec<(&str, usize, usize)> = anchors
            .iter()
            .enumerate()
            .map(|(n, a)| {
                let end = anchors.get(n + 1).map_or(read.text.len(), |next| next.text);
                (read.text[a.text..end].trim(), a.line, a.column)
            })
            .collect();
        assert_eq!(words, [("Şəhər", 1, 3), ("Bir", 3, 1), ("iki", 3, 7), ("üç", 3, 12)]);
    }
}
