//! The form of a document: its blocks fall into paragraphs, each a heading, body, list item, quote or footer.
//!
//! Only the block's own lines are looked at, so that a paragraph means the same wherever it stands.

use crate::{
    model::{Block, BlockKind, Document, Kind},
    text::Span,
};

/// A stretch of text that falls into sentences on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// Without markers and outer white space; never empty.
    pub span: Span,
    pub kind: Kind,
}

impl Paragraph {
    /// One segment, whatever stops it holds.
    pub fn is_whole(self) -> bool {
        matches!(self.kind, Kind::Heading | Kind::Boilerplate)
    }
}

/// Lines longer than this, in characters, were not wrapped by hand or by an old mailer.
const WIDEST_WRAP: usize = 120;
/// Nor were lines of a text whose longest is shorter than this.
const NARROWEST_WRAP: usize = 30;
/// Headings are no longer than this, in words.
const LONGEST_HEADING: usize = 30;

pub(super) fn paragraphs(document: &Document) -> Vec<Paragraph> {
    let text = &document.text;
    let mut out = Vec::new();
    for Block { span, kind } in &document.blocks {
        let whole = |kind| Paragraph { span: span.trimmed(text), kind };
        match kind {
            BlockKind::Plain => plain(text, *span, &mut out),
            BlockKind::Running => out.push(whole(Kind::Body)),
            BlockKind::Heading => out.push(whole(Kind::Heading)),
            BlockKind::List => out.push(whole(Kind::List)),
            BlockKind::Quote => out.push(whole(Kind::Quote)),
            BlockKind::Boilerplate => {
                out.extend(lines(text, *span).map(|line| Paragraph { span: line.span, kind: Kind::Boilerplate }));
            }
        }
    }
    out.retain(|paragraph| !paragraph.span.is_empty());
    out
}

/// A line that is not blank.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// Without outer white space.
    span: Span,
    /// In characters.
    length: usize,
}

fn lines(text: &str, block: Span) -> impl Iterator<Item = Line> {
    let mut at = block.start;
    block.of(text).split('\n').filter_map(move |line| {
        let span = Span::new(at, at + line.len()).trimmed(text);
        at += line.len() + 1;
        (!span.is_empty()).then(|| Line { span, length: span.of(text).chars().count() })
    })
}

/// The paragraphs of a block the format says nothing of.
fn plain(text: &str, block: Span, out: &mut Vec<Paragraph>) {
    let lines: Vec<Line> = lines(text, block).collect();
    let width = lines.iter().map(|line| line.length).max().unwrap_or(0);
    let wrapped = (NARROWEST_WRAP..=WIDEST_WRAP).contains(&width);
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].span;
        at += 1;
        let shown = line.of(text);
        if is_rule(shown) {
            continue;
        }
        if is_footer(shown) {
            out.push(Paragraph { span: line, kind: Kind::Boilerplate });
            continue;
        }
        let (kind, marker) = match (quote_marker(shown), item_marker(shown)) {
            (Some(marker), _) => (Some(Kind::Quote), marker),
            (None, Some(marker)) => (Some(Kind::List), marker),
            (None, None) => (None, 0),
        };
        let mut span = Span::new(line.start + marker, line.end);
        while at < lines.len() && wrapped && joins(text, &lines, at, width) {
            span.end = lines[at].span.end;
            at += 1;
        }
        let span = span.trimmed(text);
        let kind = kind.unwrap_or_else(|| if is_heading(span.of(text)) { Kind::Heading } else { Kind::Body });
        out.push(Paragraph { span, kind });
    }
}

/// Line `at` goes on with the paragraph of the line before it: the line before was ended by its width.
fn joins(text: &str, lines: &[Line], at: usize, width: usize) -> bool {
    let (before, line) = (lines[at - 1], lines[at]);
    let shown = line.span.of(text);
    if is_rule(shown) || is_footer(shown) || item_marker(shown).is_some() || quote_marker(shown).is_some() {
        return false;
    }
    let first_word = shown.split_whitespace().next().map_or(0, |word| word.chars().count());
    if before.length + 1 + first_word <= width {
        return false;
    }
    let before = before.span.of(text);
    // A small letter, or a sentence broken off: the text itself says so.
    if shown.starts_with(char::is_lowercase) || before.ends_with([',', ';', '-', '–', '—']) {
        return true;
    }
    if ends_sentence(before) {
        return true;
    }
    // A name broken in two, perhaps, or a heading above its paragraph: only a block that is prose to its end tells.
    width >= 40 && ends_sentence(lines[lines.len() - 1].span.of(text)) || at + 1 < lines.len() && lines.len() > 3
}

/// A ruled line: no letter, no digit.
fn is_rule(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '=' | '*' | '~' | '#' | '.' | '·' | '•' | ' '))
}

/// The length of a quote's `>` with the space after it.
fn quote_marker(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches(['>', ' ']);
    line.starts_with('>').then_some(line.len() - rest.len())
}

/// The length of a bullet or number before a list item, the space after it included.
fn item_marker(line: &str) -> Option<usize> {
    let mark = line.split_whitespace().next()?;
    let rest = line[mark.len()..].trim_start();
    let marker = if is_bullet(mark) || is_number(mark) {
        line.len() - rest.len()
    } else {
        // A bullet may be glued to its item.
        let bullet = line.chars().next().filter(|c| "•⁃▪◦‣●■".contains(*c))?;
        bullet.len_utf8()
    };
    (marker < line.len()).then_some(marker)
}

fn is_bullet(mark: &str) -> bool {
    matches!(mark, "•" | "·" | "⁃" | "▪" | "◦" | "‣" | "●" | "■" | "o" | "-" | "–" | "*" | "✓" | "➢")
}

/// `1.`, `12)`, `1.)`, `(3)`, `a)`, `(b)`, `iv)`; not `1990.` and not an initial.
fn is_number(mark: &str) -> bool {
    let core = mark.strip_prefix('(').unwrap_or(mark);
    let open = core.len() < mark.len();
    let (core, parenthesis) = match core.strip_suffix(')') {
        Some(core) => (core.strip_suffix('.').unwrap_or(core), true),
        None => match core.strip_suffix('.') {
            Some(core) if !open => (core, false),
            _ => return false,
        },
    };
    let digits = (1..=3).contains(&core.len()) && core.bytes().all(|b| b.is_ascii_digit());
    let letters = parenthesis
        && (core.chars().count() == 1 && core.chars().all(char::is_lowercase)
            || (1..=4).contains(&core.len()) && core.bytes().all(|b| b"ivx".contains(&b)));
    digits || letters
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '”', '“', '’', '\'', '»', ')', ']']).ends_with(['.', '!', '?', '…', ':', ';'])
}

/// A line that says what follows: not a sentence, not broken off, no address of any kind.
fn is_heading(paragraph: &str) -> bool {
    let first = paragraph.trim_start_matches(['"', '“', '„', '«', '\'', '‘', '(', '[']).chars().next();
    first.is_some_and(|c| c.is_uppercase() || c.is_numeric())
        && paragraph.chars().any(char::is_alphabetic)
        && !ends_in_stop(paragraph)
        && paragraph.split_whitespace().count() <= LONGEST_HEADING
        && !is_contact(paragraph)
}

fn ends_in_stop(paragraph: &str) -> bool {
    // “… migration” ends in a quotation mark and is a heading; “… migration.” is a sentence.
    ends_sentence(paragraph) && !paragraph.ends_with('?') || paragraph.ends_with([',', '-', '–', '—'])
}

/// Holds an e-mail address, a web address or a telephone number.
fn is_contact(paragraph: &str) -> bool {
    paragraph.split_whitespace().any(|word| {
        word.contains("://") || word.starts_with("www.") || word.contains('@') && word.contains('.') || {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            digits >= 3 && (word.starts_with('+') || word.starts_with("(+"))
        }
    })
}

/// Phrases that only footers hold, in lower case, with an example each.
const FOOTER_PHRASES: &[(&str, &str)] = &[
    ("all rights reserved", "All rights reserved"),
    ("bütün hüquqlar qorunur", "Bütün hüquqlar qorunur"),
    ("все права защищены", "Все права защищены"),
    ("müəllif hüquqları qorunur", "Müəllif hüquqları qorunur"),
];

/// A line of a footer by its form: a copyright sign, a reserved right, a row of links.
fn is_footer(line: &str) -> bool {
    if line.starts_with(['©', 'Ⓒ'])
        || line.starts_with("(c) ")
        || line.starts_with("(C) ")
        || line.starts_with("Copyright")
    {
        return true;
    }
    if line.len() > 400 {
        return false;
    }
    let links = line.split(" | ").count();
    if links > 1
        && !ends_sentence(line)
        && line.split(" | ").all(|link| (1..=5).contains(&link.split_whitespace().count()))
    {
        return true;
    }
    let lower = line.to_lowercase();
    FOOTER_PHRASES.iter().any(|(phrase, _)| lower.contains(phrase) && lower.len() <= phrase.len() + 80)
}
