//! Quotation marks and brackets: those that lack their partner, and quotations in another style than the rest of the
//! text.

use super::{
    Pair, Text,
    rows::{self, BRACKETS},
};
use crate::{
    model::{Finding, Fix, Rule, Segment},
    rules::RuleSet,
    text::{Span, quoted::MARKS},
};

/// Paragraphs over which one quotation may go on: each begins with the opening mark, the last one closes it.
const GOES_ON: usize = 12;

/// Marks that are open at a time.
const DEEPEST: usize = 16;

pub(super) fn findings(text: &Text<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    let wanted = [Rule::UnbalancedMarks, Rule::QuoteStyle];
    if !wanted.into_iter().any(|rule| rules.has(rule)) {
        return;
    }
    if !text.runs_on {
        return;
    }
    let mut read: Vec<Marks> = text.paragraphs().map(|part| Marks::read(text.text, part)).collect();
    if rules.has(Rule::QuoteStyle) {
        style(text, &read, out);
    }
    if rules.has(Rule::UnbalancedMarks) {
        over_paragraphs(&mut read);
        told(text, &read, out);
    }
}

fn told(text: &Text<'_>, read: &[Marks], out: &mut Vec<Finding>) {
    for alone in read.iter().flat_map(|marks| &marks.alone) {
        let mark = alone.mark;
        let message = match alone.opens {
            true => format!("`{mark}` is never closed"),
            false => format!("`{mark}` closes nothing"),
        };
        out.push(text.finding(Rule::UnbalancedMarks, alone.span(), message));
    }
    for (open, close) in read.iter().flat_map(|marks| &marks.unlike) {
        let message = format!("`{}` closes what `{}` opens", close.mark, open.mark);
        let mut finding = text.finding(Rule::UnbalancedMarks, close.span(), message);
        let right = MARKS.iter().find(|(mark, _)| *mark == open.mark).map_or(open.mark, |(_, closing)| closing[0]);
        finding.fix = Some(Fix { text: right.to_string(), certain: false });
        out.push(finding);
    }
}

/// Units of a table or a memory are cut from texts: a quotation may begin in one and end in another. There the
/// translation must have partners for what its source has them for.
pub(super) fn pair_findings(pair: &Pair<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    if pair.source.runs_on || !rules.has(Rule::UnbalancedMarks) {
        return;
    }
    for (_, [from, to]) in pair.matched() {
        let of = |text: &Text<'_>, side: &[&Segment]| -> Vec<Marks> {
            side.iter().map(|segment| Marks::read(text.text, std::slice::from_ref(*segment))).collect()
        };
        let whole = |read: &[Marks]| read.iter().all(|marks| marks.alone.is_empty() && marks.unlike.is_empty());
        if whole(&of(&pair.source, &from)) {
            told(&pair.target, &of(&pair.target, &to), out);
        }
    }
}

/// A mark without partner.
#[derive(Debug, Clone, Copy)]
struct Alone {
    mark: char,
    at: usize,
    opens: bool,
}

impl Alone {
    fn span(self) -> Span {
        Span::new(self.at, self.at + self.mark.len_utf8())
    }

    fn is_quote(self) -> bool {
        !BRACKETS.iter().any(|(open, close)| self.mark == *open || self.mark == *close)
    }
}

/// The marks of one paragraph, with places in the whole text.
#[derive(Debug, Default)]
struct Marks {
    alone: Vec<Alone>,
    /// Quotations whose marks are no pair: the mark that opens, and the one that closes.
    unlike: Vec<(Alone, Alone)>,
    /// The quotations that stand in no other one, marks included.
    quotations: Vec<(char, Span)>,
    /// The first mark of the paragraph, if it begins with one.
    first: Option<char>,
}

impl Marks {
    fn read(text: &str, part: &[Segment]) -> Marks {
        let (start, end) = (part[0].span.start, part[part.len() - 1].span.end);
        let Some(body) = text.get(start..end) else { return Marks::default() };
        let mut out = Marks { first: body.trim_start().chars().next(), ..Marks::default() };
        let mut open: Vec<Alone> = Vec::new();
        let mut before = ' ';
        let mut chars = body.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map_or(' ', |(_, next)| *next);
            let one = Alone { mark: c, at: start + at, opens: true };
            // A mark that opens and closes alike does what its place tells, else what is due.
            let due = || open.iter().any(|alone| alone.mark == c);
            // A sad face.
            let face = c == '(' && matches!(before, ':' | ';');
            let begins = match c {
                '"' | '“' => opens_by_place(before, next).unwrap_or_else(|| !due()),
                c => opens(c) && !face,
            };
            let top = open.last().copied().filter(|top| closes(top.mark, c) && (!begins || top.mark == '„'));
            if let Some(top) = top {
                open.pop();
                if top.is_quote() && !open.iter().any(|alone| alone.is_quote()) {
                    out.quotations.push((top.mark, Span::new(top.at, one.span().end)));
                }
            } else if begins {
                if open.len() == DEEPEST {
                    out.alone.push(open.remove(0));
                }
                open.push(one);
            } else if closing(c) && !is_label(&body[..at], c, before) && !(c == '"' && before.is_ascii_digit()) {
                // Of what was opened in between nothing was closed.
                match open.iter().rposition(|alone| closes(alone.mark, c)) {
                    Some(depth) => out.alone.extend(open.drain(depth..).skip(1)),
                    None => out.alone.push(Alone { opens: false, ..one }),
                }
            }
            before = c;
        }
        out.alone.extend(open);
        out.alone.sort_by_key(|alone| alone.at);
        out.unlike();
        out
    }

    /// Takes a mark that opens and the next one that closes, of another kind, for one quotation.
    fn unlike(&mut self) {
        let mut at = 0;
        while at + 1 < self.alone.len() {
            let (one, next) = (self.alone[at], self.alone[at + 1]);
            if one.opens && !next.opens && one.is_quote() && next.is_quote() {
                self.unlike.push((one, next));
                self.alone.drain(at..at + 2);
            } else {
                at += 1;
            }
        }
    }
}

/// Whether a mark opens, by what stands on its sides; `None` where they do not tell.
fn opens_by_place(before: char, next: char) -> Option<bool> {
    let left = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '“' | '«');
    let right = next.is_whitespace() || matches!(next, '.' | ',' | ')' | ']' | ';' | ':' | '?' | '!' | '—' | '–' | '-');
    (left != right).then_some(left)
}

fn opens(c: char) -> bool {
    MARKS.iter().any(|(mark, _)| *mark == c) || BRACKETS.iter().any(|(mark, _)| *mark == c)
}

fn closes(open: char, c: char) -> bool {
    MARKS.iter().any(|(mark, closing)| *mark == open && closing.contains(&c))
        || BRACKETS.iter().any(|(mark, closing)| *mark == open && *closing == c)
}

/// Whether `c` closes something, even where nothing is open; `“` does so only where something is.
fn closing(c: char) -> bool {
    matches!(c, '”' | '»' | '›' | ')' | ']' | '}' | '"')
}

/// `a)`, `12)`, `1.2)` at the beginning of a list item or after a space, and faces `:)`.
fn is_label(before: &str, c: char, last: char) -> bool {
    if c != ')' {
        return false;
    }
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let label = !word.is_empty() && word.chars().count() <= 4 && word.chars().all(|c| c.is_alphanumeric() || c == '.');
    label || matches!(last, ':' | ';' | '-')
}

/// Takes out the marks of quotations that go on over paragraphs.
fn over_paragraphs(read: &mut [Marks]) {
    for at in 0..read.len() {
        // The innermost first.
        while let Some(open) = read[at].alone.iter().rposition(|alone| alone.opens && alone.is_quote()) {
            let mark = read[at].alone[open].mark;
            let last = read.len().min(at + GOES_ON);
            // The next paragraph repeats the mark, or a later one closes it.
            let end = (at + 1..last).find_map(|next| {
                let closes = read[next].alone.iter().position(|a| !a.opens && closes(mark, a.mark));
                let which = closes.map(|which| (next, Some(which)));
                which.or_else(|| (read[next].first == Some(mark)).then_some((next, None)))
            });
            let Some((next, which)) = end else { break };
            read[at].alone.remove(open);
            if let Some(which) = which {
                read[next].alone.remove(which);
            }
        }
    }
}

/// Quotations in another style than most of the text.
fn style(text: &Text<'_>, read: &[Marks], out: &mut Vec<Finding>) {
    let Some(row) = rows::row(text.language).filter(|_| text.runs_on) else { return };
    let count = |mark: char| read.iter().flat_map(|marks| &marks.quotations).filter(|(open, _)| *open == mark).count();
    let styles: Vec<((char, char), usize)> = row.quotes.iter().map(|pair| (*pair, count(pair.0))).collect();
    // The first of the row where two are as frequent.
    let Some(((open, close), most)) = styles.iter().rev().max_by_key(|(_, count)| *count).copied() else { return };
    for (mark, span) in read.iter().flat_map(|marks| &marks.quotations) {
        let Some(((_, _), times)) = styles.iter().find(|((known, _), _)| known == mark && *known != open) else {
            continue;
        };
        let surface = span.of(text.text);
        let inner = surface[mark.len_utf8()..].trim_end_matches(|c| closes(*mark, c) || c == '"');
        let message = format!(
            "quotation marks of two styles: {}, {} here",
            in_words((open, close), most),
            if *times == 1 { "once so as".to_owned() } else { format!("{times} times so as") },
        );
        let mut finding = text.finding(Rule::QuoteStyle, *span, message);
        let plain = inner.chars().all(|c| c != open && c != close);
        finding.fix = Some(Fix { text: format!("{open}{inner}{close}"), certain: plain });
        out.push(finding);
    }
}

fn in_words((open, close): (char, char), times: usize) -> String {
    format!("`{open}…{close}` {}", if times == 1 { "once".to_owned() } else { format!("{times} times") })
}
