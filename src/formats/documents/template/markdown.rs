//! New words in Markdown: what would be markup in them is escaped, and what cannot stand with them gets another form.
//!
//! Whether it came out right is not left to rules alone: the new text is read again, and where a block reads otherwise
//! than it should, its segments are written with all signs escaped and with tags instead of emphasis.

use super::{Change, Edit, Native, Part, Piece, Role, Stretch, Template};
use crate::{
    formats::documents::{
        Builder, markdown,
        trace::{Manner, Mark, Token, What},
    },
    text::Span,
};

/// How often the text is read again at most.
const ROUNDS: usize = 8;

impl Template {
    pub(super) fn markdown(&self, changes: &[Change]) -> Vec<Edit> {
        let mut careful = vec![false; changes.len()];
        for _ in 0..ROUNDS {
            let edits = self.markdown_edits(changes, &careful);
            let doubtful =
                self.doubtful(&self.edited(&edits, Span::new(0, self.source.text.len()), false), changes, &careful);
            if doubtful.is_empty() {
                return edits;
            }
            doubtful.into_iter().for_each(|change| careful[change] = true);
        }
        self.markdown_edits(changes, &vec![true; changes.len()])
    }

    fn markdown_edits(&self, changes: &[Change], careful: &[bool]) -> Vec<Edit> {
        changes.iter().zip(careful).map(|(change, careful)| self.markdown_edit(change, *careful)).collect()
    }

    fn markdown_edit(&self, change: &Change, careful: bool) -> Edit {
        let source = change.stretch.source;
        let text = match change.stretch.manner {
            Manner::Html => return self.html(change),
            Manner::Preformatted => {
                let line = self.line_begin(&change.stretch);
                let quotes = &line[..line.len() - line.trim_start_matches(['>', ' ', '\t']).len()];
                let mut edit = self.html(change);
                for part in &mut edit.parts {
                    if let Part::New(text) = part {
                        *text = text.replace('\n', &format!("\n{quotes}"));
                    }
                }
                return edit;
            }
            Manner::Verbatim { .. } if change.stretch.natives.is_empty() => {
                let line = self.line_begin(&change.stretch).chars();
                let goes_on: String = line.map(|c| if "> \t".contains(c) { c } else { ' ' }).collect();
                change.text.replace('\n', &format!("\n{goes_on}"))
            }
            _ => Writer::new(self, change, careful).write(),
        };
        Edit { span: source, parts: vec![Part::New(text)] }
    }

    /// What stands before all words in the line a segment begins in: the signs of quotes and items around it.
    fn line_begin(&self, stretch: &Stretch) -> &str {
        let at = stretch.source.start;
        let line = self.source.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let tokens = &self.trace.tokens;
        let behind = tokens.partition_point(|token| token.text.end <= stretch.span.start) + 1;
        let is_barrier = |token: &&Token| token.what == What::Barrier;
        let on_line = |token: &&Token| is_barrier(token) || token.source.end > line;
        let tokens = tokens[..behind.min(tokens.len())].iter().rev().take_while(on_line);
        let first = tokens.filter(|token| !is_barrier(token)).last();
        let end = first.map_or(line, |token| token.source.start).max(line);
        &self.source.text[line..end]
    }

    /// Nothing but quotes and white space stands before byte `at` in its line.
    fn begins_line(&self, at: usize) -> bool {
        let before = self.source.text[..at].trim_end_matches(['>', ' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// The changes, not yet made carefully, in blocks of `written` that do not read as they should.
    fn doubtful(&self, written: &str, changes: &[Change], careful: &[bool]) -> Vec<usize> {
        let read = markdown::read(written.to_owned(), Builder::default());
        let got = read.blocks.iter().map(|block| (block.kind, squashed(block.span.of(&read.text))));
        let mut out = Vec::new();
        let mut next = 0;
        let same_count = read.blocks.len() == self.document.blocks.len();
        let mut got = got.fuse();
        for block in &self.document.blocks {
            let first = next;
            while changes.get(next).is_some_and(|change| change.stretch.span.start < block.span.end) {
                next += 1;
            }
            let want = (block.kind, self.wanted(block.span, &changes[first..next]));
            if got.next().as_ref() == Some(&want) {
                continue;
            }
            out.extend((first..next).filter(|change| !careful[*change]));
            // Behind a block too many or too few nothing fits any more.
            if !same_count {
                let before = first.checked_sub(1).filter(|_| out.is_empty());
                out.extend(before.filter(|change| !careful[*change]));
                break;
            }
        }
        out
    }

    /// How a block should read with the changes in it.
    fn wanted(&self, block: Span, changes: &[Change]) -> String {
        let text = &self.document.text;
        let mut out = String::new();
        let mut at = block.start;
        for Change { stretch, pieces, .. } in changes {
            out.push_str(&text[at..stretch.span.start]);
            for piece in pieces {
                match piece {
                    Piece::Words(words) => out.push_str(words),
                    Piece::Code(code) => {
                        let native = &stretch.natives[*code];
                        let start = stretch.span.start + native.at;
                        out.push_str(&text[start..start + native.covers]);
                    }
                }
            }
            at = stretch.span.end;
        }
        out.push_str(&text[at..block.end]);
        squashed(&out)
    }
}

/// The words with one space between, whatever white space there was.
fn squashed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How an emphasis is written.
#[derive(Clone, Copy)]
enum Form {
    Sign(char),
    Tag,
    /// Nothing is in it: the signs alone would be words.
    Nothing,
}

struct Writer<'t, 'c> {
    template: &'t Template,
    change: &'c Change<'c>,
    careful: bool,
    pieces: Vec<Piece<'c>>,
    /// By the number of a code: its piece.
    places: Vec<Option<usize>>,
    forms: Vec<Form>,
    out: String,
    /// The segment begins a line.
    begins: bool,
    links: usize,
    cell: bool,
    /// In a span of code whose other end is outside of the segment: how many backticks end it.
    in_code: Option<usize>,
}

impl<'t, 'c> Writer<'t, 'c> {
    fn new(template: &'t Template, change: &'c Change<'c>, careful: bool) -> Writer<'t, 'c> {
        let natives = &change.stretch.natives;
        let pieces = without_inner_space(change);
        let mut places = vec![None; natives.len()];
        for (at, piece) in pieces.iter().enumerate() {
            if let Piece::Code(code) = piece {
                places[*code] = Some(at);
            }
        }
        let span = change.stretch.span;
        let heads = template.document.blocks.binary_search_by_key(&span.start, |block| block.span.start).is_ok();
        let cell = matches!(change.stretch.manner, Manner::Cell | Manner::Verbatim { cell: true });
        let begins = heads && !cell || template.begins_line(change.stretch.source.start);
        let forms = vec![Form::Nothing; natives.len()];
        let ends_code = |native: &&Native| native.mark == Mark::Code && native.role == Role::Lone { opens: false };
        let in_code = natives.iter().find(ends_code).map(|native| ticks(native.source.of(&template.source.text)));
        Writer { template, change, careful, pieces, places, forms, out: String::new(), begins, links: 0, cell, in_code }
    }

    fn write(mut self) -> String {
        let natives = &self.change.stretch.natives;
        let mut at = 0;
        while at < self.pieces.len() {
            match self.pieces[at] {
                Piece::Words(words) => match self.in_code {
                    Some(ticks) => {
                        let mut code = String::new();
                        without_ticks(words, ticks, &mut code);
                        self.out.push_str(&if self.cell { code.replace('|', "\\|") } else { code });
                    }
                    None => self.words(words, at),
                },
                Piece::Code(code) => match (natives[code].mark, natives[code].role) {
                    (Mark::Emphasis | Mark::Strong | Mark::Strike, Role::Open(end)) => {
                        self.forms[code] = self.form(code, at, end);
                        self.forms[end] = self.forms[code];
                        self.emphasis(code, true);
                    }
                    (Mark::Emphasis | Mark::Strong | Mark::Strike, Role::Close(_)) => self.emphasis(code, false),
                    (Mark::Code, Role::Open(end)) => {
                        let end = self.places[end].unwrap_or(at).max(at);
                        self.verbatim(code, at + 1..end);
                        at = end;
                    }
                    (Mark::Named | Mark::NamedImage, Role::Close(start)) => {
                        self.links -= 1;
                        // The words were the name of the target: now it is told beside them.
                        let label = Span::new(natives[start].source.end, natives[code].source.start);
                        self.out.push_str(&format!("][{}]", label.of(&self.template.source.text)));
                    }
                    (mark, role) => {
                        match (mark, role) {
                            (mark, Role::Open(_)) if is_bracketed(mark) => self.links += 1,
                            (mark, Role::Close(_)) if is_bracketed(mark) => self.links -= 1,
                            (Mark::Code, Role::Lone { opens }) => {
                                let ticks = ticks(natives[code].source.of(&self.template.source.text));
                                self.in_code = Some(ticks).filter(|_| opens);
                            }
                            _ => {}
                        }
                        self.out.push_str(natives[code].source.of(&self.template.source.text));
                    }
                },
            }
            at += 1;
        }
        self.out
    }

    /// The character before what is written next, and whether it begins a line.
    fn before(&self) -> Option<char> {
        let outside = || self.template.source.text[..self.change.stretch.source.start].chars().next_back();
        self.out.chars().next_back().or_else(outside)
    }

    fn begins_line(&self) -> bool {
        match self.out.rsplit_once('\n') {
            Some((_, line)) => line.trim_matches(['>', ' ', '\t']).is_empty(),
            None => self.begins && self.out.trim().is_empty(),
        }
    }

    /// The first character written from piece `at` on; `words_only` where marks of emphasis are looked through.
    fn after(&self, at: usize, words_only: bool) -> Option<char> {
        let natives = &self.change.stretch.natives;
        let source = &self.template.source.text;
        self.pieces[at.min(self.pieces.len())..]
            .iter()
            .find_map(|piece| match piece {
                Piece::Words(words) => words.chars().next(),
                Piece::Code(code) => {
                    let native = &natives[*code];
                    let is_emphasis = matches!(native.mark, Mark::Emphasis | Mark::Strong | Mark::Strike);
                    if words_only && is_emphasis { None } else { native.source.of(source).chars().next() }
                }
            })
            .or_else(|| source[self.change.stretch.source.end..].chars().next())
    }

    /// The form of the pair that opens at piece `at`.
    fn form(&self, code: usize, at: usize, end: usize) -> Form {
        let natives = &self.change.stretch.natives;
        let Some(close) = self.places[end] else { return Form::Nothing };
        let is_emphasis = |code: usize| matches!(natives[code].mark, Mark::Emphasis | Mark::Strong | Mark::Strike);
        let filled = |piece: &Piece| match piece {
            Piece::Words(words) => !words.trim().is_empty(),
            Piece::Code(code) => !is_emphasis(*code),
        };
        if !self.pieces[at + 1..close].iter().any(filled) {
            return Form::Nothing;
        }
        // Signs of one kind that touch are one run of signs.
        let touches = at.checked_sub(1).is_some_and(|before| match self.pieces[before] {
            Piece::Code(code) => is_emphasis(code) && matches!(natives[code].role, Role::Close(_)),
            Piece::Words(_) => false,
        });
        let before = self.out.trim_end_matches(['*', '_', '~']).chars().next_back().or_else(|| self.before());
        let last = self.pieces[at + 1..close].iter().rev().find_map(|piece| match piece {
            Piece::Words(words) => words.chars().next_back(),
            Piece::Code(code) if is_emphasis(*code) => None,
            Piece::Code(_) => Some(')'),
        });
        let (first, after) = (self.after(at + 1, true), self.after(close + 1, true));
        let own = natives[code].source.of(&self.template.source.text).chars().next().unwrap_or('*');
        let stands = |sign: char| !touches && flanks(sign, before, first) && flanks(sign, after, last);
        match own {
            _ if self.careful => Form::Tag,
            sign if stands(sign) => Form::Sign(sign),
            '_' if stands('*') => Form::Sign('*'),
            _ => Form::Tag,
        }
    }

    fn emphasis(&mut self, code: usize, opens: bool) {
        let native = &self.change.stretch.natives[code];
        let (tag, width) = match native.mark {
            Mark::Emphasis => ("em", 1),
            Mark::Strong => ("strong", 2),
            _ => ("del", native.source.len()),
        };
        match self.forms[code] {
            Form::Sign(sign) => self.out.extend(std::iter::repeat_n(sign, width)),
            Form::Tag => self.out.push_str(&format!("<{}{tag}>", if opens { "" } else { "/" })),
            Form::Nothing => {}
        }
    }

    /// A span of code; other codes in it follow it.
    fn verbatim(&mut self, code: usize, range: std::ops::Range<usize>) {
        let natives = &self.change.stretch.natives;
        let mut inner = String::new();
        let mut codes = String::new();
        for piece in &self.pieces[range] {
            match piece {
                Piece::Words(words) => inner.push_str(&words.replace('\n', " ")),
                Piece::Code(code) => codes.push_str(natives[*code].source.of(&self.template.source.text)),
            }
        }
        if !inner.trim().is_empty() {
            if self.cell {
                inner = inner.replace('|', "\\|");
            }
            let runs: Vec<usize> = inner.split(|c| c != '`').map(str::len).collect();
            let own = ticks(natives[code].source.of(&self.template.source.text));
            let length = std::iter::once(own).chain(1..).find(|length| !runs.contains(length));
            let ticks = "`".repeat(length.unwrap_or(own));
            let room = if inner.starts_with('`') || inner.ends_with('`') { " " } else { "" };
            self.out.extend([&ticks, room, &inner, room, &ticks]);
        }
        self.out.push_str(&codes);
    }

    fn words(&mut self, words: &str, at: usize) {
        let next_is_link = matches!(self.pieces.get(at + 1), Some(Piece::Code(code))
            if matches!(self.change.stretch.natives[*code].mark, Mark::Link | Mark::Named));
        let context = Context {
            before: self.before(),
            after: self.after(at + 1, false),
            begins: self.begins_line(),
            in_link: self.links > 0,
            next_is_link,
            cell: self.cell,
            all: self.careful,
        };
        let words = if context.begins { words.trim_start() } else { words };
        escape(words, &context, &mut self.out);
    }
}

/// The pieces with the white space at the inner edges of emphasis outside of it, where it ends none.
fn without_inner_space<'c>(change: &Change<'c>) -> Vec<Piece<'c>> {
    let natives = &change.stretch.natives;
    let is = |piece: &Piece, opens: bool| match piece {
        Piece::Code(code) => {
            matches!(natives[*code].mark, Mark::Emphasis | Mark::Strong | Mark::Strike)
                && matches!((natives[*code].role, opens), (Role::Open(_), true) | (Role::Close(_), false))
        }
        Piece::Words(_) => false,
    };
    // From behind for what opens, in order for what closes: white space goes past several marks at once.
    let mut out: Vec<Piece> = Vec::with_capacity(change.pieces.len());
    for piece in change.pieces.iter().rev() {
        match (out.last().copied(), is(piece, true)) {
            (Some(Piece::Words(words)), true) if words.starts_with(char::is_whitespace) => {
                let rest = words.trim_start();
                out.pop();
                out.extend(Some(Piece::Words(rest)).filter(|_| !rest.is_empty()));
                out.extend([*piece, Piece::Words(&words[..words.len() - rest.len()])]);
            }
            _ => out.push(*piece),
        }
    }
    let mut moved: Vec<Piece> = Vec::with_capacity(out.len());
    for piece in out.into_iter().rev() {
        match (moved.last().copied(), is(&piece, false)) {
            (Some(Piece::Words(words)), true) if words.ends_with(char::is_whitespace) => {
                let rest = words.trim_end();
                moved.pop();
                moved.extend(Some(Piece::Words(rest)).filter(|_| !rest.is_empty()));
                moved.extend([piece, Piece::Words(&words[rest.len()..])]);
            }
            _ => moved.push(piece),
        }
    }
    moved
}

fn is_bracketed(mark: Mark) -> bool {
    matches!(mark, Mark::Link | Mark::Named | Mark::Image | Mark::NamedImage)
}

fn ticks(mark: &str) -> usize {
    mark.bytes().filter(|b| *b == b'`').count()
}

/// `words` in a span of code that so many backticks end.
fn without_ticks(words: &str, ticks: usize, out: &mut String) {
    let mut rest = words;
    while let Some(at) = rest.find(['`', '\n']) {
        let (before, from) = rest.split_at(at);
        let behind = from.trim_start_matches('`');
        let run = from.len() - behind.len();
        let sign = if run == ticks { "'" } else { "`" };
        out.push_str(before);
        out.push_str(&sign.repeat(run));
        rest = behind.strip_prefix('\n').filter(|_| run == 0).inspect(|_| out.push(' ')).unwrap_or(behind);
    }
    out.push_str(rest);
}

fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// A sign between `outer` and `inner` begins or ends an emphasis. [CommonMark 0.31, 6.2]
fn flanks(sign: char, outer: Option<char>, inner: Option<char>) -> bool {
    let Some(inner) = inner.filter(|c| !c.is_whitespace()) else { return false };
    let apart = outer.is_none_or(|c| c.is_whitespace() || is_punctuation(c));
    apart || !is_punctuation(inner) && sign == '*'
}

/// Where words stand.
struct Context {
    before: Option<char>,
    after: Option<char>,
    /// At the beginning of a line.
    begins: bool,
    in_link: bool,
    next_is_link: bool,
    cell: bool,
    /// Every sign is to be escaped.
    all: bool,
}

/// `words` with what would be markup escaped.
fn escape(words: &str, context: &Context, out: &mut String) {
    let marker = if context.begins { line_marker(words) } else { None };
    let chars: Vec<(usize, char)> = words.char_indices().collect();
    let has_link = words.contains("](") || words.contains("][");
    for (index, &(at, c)) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map_or(context.before, |index| Some(chars[index].1));
        let after = chars.get(index + 1).map_or(context.after, |(_, c)| Some(*c));
        let rest = &words[at..];
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let marks = match c {
            '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
            '`' => true,
            '*' => !(blank(before) && blank(after)),
            '_' => !(blank(before) && blank(after) || inside(before) && inside(after)),
            '[' => context.in_link || context.begins && at == 0 || has_link || after == Some('^'),
            ']' => context.in_link,
            '!' => rest.len() == 1 && context.next_is_link,
            '<' => after.is_some_and(|c| c.is_ascii_alphabetic() || "/!?".contains(c)),
            '&' => is_reference(rest),
            '~' => after == Some('~') || before == Some('~'),
            '|' => context.cell,
            _ => false,
        };
        match c {
            '\n' => out.push_str("<br>"),
            '\u{a0}' | '\t' => out.push(c),
            c if c.is_control() => {}
            // A backslash does not keep it from ending a span of code that begins elsewhere.
            '`' if context.all => out.push_str("&#96;"),
            c => {
                if marks || marker == Some(at) || context.all && c.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
}

/// The place of the sign that makes of a line's beginning a heading, an item, a quote, a ruled line, a block of code or
/// the like.
fn line_marker(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let run = line.len() - line.trim_start_matches(first).len();
    let behind = line[run..].chars().next();
    let ends = behind.is_none_or(char::is_whitespace);
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marks = match first {
        '#' => run <= 6 && ends,
        '>' => true,
        '-' | '+' | '*' => run == 1 && ends || line.chars().all(|c| c == first || c == ' '),
        '_' | '=' => line.chars().all(|c| c == first || c == ' '),
        '~' => run >= 3,
        ':' => ends,
        '•' => false,
        '0'..='9' => {
            let sign = line[digits..].chars().next();
            let next = line[digits..].chars().nth(1);
            let is_item =
                digits <= 9 && sign.is_some_and(|c| c == '.' || c == ')') && next.is_none_or(char::is_whitespace);
            return is_item.then_some(digits);
        }
        _ => false,
    };
    marks.then_some(0)
}

/// The text begins with a character reference, as far as its form goes.
fn is_reference(text: &str) -> bool {
    let Some((name, _)) = text[1..].split_once(';') else { return false };
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BlockKind;

    #[test]
    fn only_what_would_be_markup_is_escaped() {
        for (words, want) in [
            ("2 * 3 and 5*", "2 * 3 and 5\\*"),
            ("*a* _b_ snake_case", "\\*a\\* \\_b\\_ snake_case"),
            ("# a", "\\# a"),
            ("#a and # b", "#a and # b"),
            ("1. a 2. b", "1\\. a 2. b"),
            ("2024) x", "2024\\) x"),
            ("1.5 km", "1.5 km"),
            ("- a - b", "\\- a - b"),
            ("-5 C", "-5 C"),
            ("---", "\\---"),
            ("> a > b", "\\> a > b"),
            ("a `b`", "a \\`b\\`"),
            ("x [y] z", "x [y] z"),
            ("x [y](z)", "x \\[y](z)"),
            ("[x]: y", "\\[x]: y"),
            ("a < b <c> </d", "a < b \\<c> \\</d"),
            ("R&D &amp; &x", "R&D \\&amp; &x"),
            ("C:\\dir \\*", "C:\\dir \\\\\\*"),
            ("~5 ~~x~~", "~5 \\~\\~x\\~\\~"),
            ("a\nb", "a<br>b"),
            ("a | b", "a | b"),
        ] {
            let context = Context {
                before: None,
                after: None,
                begins: true,
                in_link: false,
                next_is_link: false,
                cell: false,
                all: false,
            };
            let mut out = String::new();
            escape(words, &context, &mut out);
            assert_eq!(out, want);
            out.clear();
            escape(words, &Context { all: true, ..context }, &mut out);
            let read = markdown::read(out.clone(), Builder::default());
            assert_eq!((squashed(&read.text), read.blocks[0].kind), (squashed(words), BlockKind::Plain), "{out}");
        }
    }
}
