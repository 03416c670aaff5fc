//! How sentences begin and end.

use super::{
    Pair, Quoted, Text,
    rows::{CLOSING, FINAL},
    stretch,
};
use crate::{
    model::{Finding, Fix, Kind, Level, Rule, Segment},
    rules::RuleSet,
    text::{Span, TokenKind, tokens},
};

/// Words of a paragraph that is a sentence for certain, not a label or a signature.
const WORDS: usize = 6;
/// Of the paragraphs of a text that ends its sentences, so many do; the same of capitals.
const USUAL: f32 = 0.6;

pub(super) fn findings(text: &Text<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    if !text.runs_on {
        return;
    }
    if rules.has(Rule::FinalPunctuation) {
        ends(text, out);
    }
    if rules.has(Rule::LeadingCapital) {
        beginnings(text, out);
    }
}

/// Paragraphs of running text that end without a mark, where most end with one.
fn ends(text: &Text<'_>, out: &mut Vec<Finding>) {
    let last: Vec<&Segment> = text
        .paragraphs()
        .filter_map(<[Segment]>::last)
        .filter(|segment| segment.kind == Kind::Body && words(&segment.text) >= WORDS)
        .collect();
    let ended = last.iter().filter(|segment| end(&segment.text).is_some()).count();
    if last.len() < 3 || (ended as f32) < USUAL * last.len() as f32 {
        return;
    }
    for segment in last.into_iter().filter(|segment| end(&segment.text).is_none()) {
        out.extend(unended(text, segment, "the paragraph ends without a full stop"));
    }
}

/// The remark on a segment whose last character is a letter or digit.
fn unended(text: &Text<'_>, segment: &Segment, message: &str) -> Option<Finding> {
    let body = segment.text.trim_end().trim_end_matches(CLOSING);
    let (at, last) = body.char_indices().next_back().filter(|(_, c)| c.is_alphanumeric())?;
    let word = body[..at].char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
    // Addresses, names of files and times take no stop: 08:36 AM.
    if body[word..].contains(['.', '/', '@', ':', '_', '=']) || matches!(&body[word..], "AM" | "PM") {
        return None;
    }
    let start = if body[word..].chars().count() > 40 || !body.is_char_boundary(word) { at } else { word };
    let span = Span::new(start, at + last.len_utf8());
    let surface = &body[span.range()];
    let mut finding = text.finding(Rule::FinalPunctuation, span.shifted(segment.span.start), message.to_owned());
    let closed = segment.text.trim_end().len() > body.len();
    finding.fix = (!closed).then(|| Fix { text: format!("{surface}."), certain: false });
    Some(finding)
}

/// Sentences that begin with a small letter.
fn beginnings(text: &Text<'_>, out: &mut Vec<Finding>) {
    let first = |segment: &&Segment| segment.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let body = text.segments.iter().filter(|segment| segment.kind == Kind::Body);
    // A text that has no sentences, or writes all in small letters, has its own ways.
    let (all, capital) = (body.clone().count(), body.filter(first).count());
    if capital < 2 || (capital as f32) < USUAL * all as f32 {
        return;
    }
    for part in text.paragraphs() {
        for (at, segment) in part.iter().enumerate().filter(|(_, segment)| segment.kind == Kind::Body) {
            // What goes on after a colon, or after a stop that ended no sentence, is no beginning.
            let fresh = match at.checked_sub(1).map(|before| end(&part[before].text)) {
                None => true,
                Some(mark) => matches!(mark, Some('.' | '!' | '?')) && !abbreviated(&part[at - 1].text),
            };
            if fresh && let Some(span) = small(segment, text.language.row().is_some()) {
                let word = span.of(&segment.text);
                let message = format!("the sentence begins with a small letter: `{word}`");
                let mut finding = text.finding(Rule::LeadingCapital, span.shifted(segment.span.start), message);
                finding = Quoted::new(segment).lowered(finding);
                finding.fix = Some(Fix { text: text.language.capitalised(word), certain: false });
                out.push(finding);
            }
        }
    }
}

/// The first word, where it is one in small letters that would have a capital.
fn small(segment: &Segment, capitals: bool) -> Option<Span> {
    let text = &segment.text;
    let first = text.chars().find(|c| !CLOSING.contains(c) && !matches!(c, '«' | '„' | '(' | '[' | '‘'))?;
    if !capitals || !first.is_lowercase() {
        return None;
    }
    let token = tokens(text).find(|token| token.kind != TokenKind::Punctuation)?;
    let word = token.text(text);
    let rest = text[token.span.end..].chars().next();
    let plain = word.chars().all(char::is_lowercase) && !matches!(rest, Some('.' | ')' | '@' | '/' | '-' | '_' | ':'));
    (plain && word.chars().count() > 1 && words(text) >= 3).then_some(token.span)
}

/// Whether the last stop may belong to a short word: `No.`, `т. е.`
fn abbreviated(text: &str) -> bool {
    let body = text.trim_end().trim_end_matches(['.', '!', '?']);
    let last = body.rsplit(|c: char| c.is_whitespace() || c == '.').next().unwrap_or_default();
    last.chars().count() <= 3
}

/// The mark at the end of a text, closing marks aside; `None` where it ends otherwise.
fn end(text: &str) -> Option<char> {
    text.trim_end().trim_end_matches(CLOSING).chars().next_back().filter(|c| FINAL.contains(c))
}

fn words(text: &str) -> usize {
    tokens(text).filter(|token| token.kind == TokenKind::Word).count()
}

/// Ends and beginnings of a translation that are not those of its source.
pub(super) fn pair_findings(pair: &Pair<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    for (_, [source, target]) in pair.matched() {
        let ([source], [target]) = (&source[..], &target[..]) else { continue };
        let same = source.kind == target.kind && source.kind != Kind::Boilerplate;
        if !same || words(&source.text).min(words(&target.text)) < 3 {
            continue;
        }
        if rules.has(Rule::FinalPunctuation) {
            ending(pair, source, target, out);
        }
        if rules.has(Rule::LeadingCapital) && !pair.target.runs_on {
            let begins = |text: &str| text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
            if begins(&source.text)
                && let Some(span) = small(target, pair.target.language.row().is_some())
            {
                let word = span.of(&target.text);
                let message = format!("begins with a small letter, its source with a capital: `{word}`");
                let place = span.shifted(target.span.start);
                let mut finding = pair.target.finding(Rule::LeadingCapital, place, message);
                finding.fix = Some(Fix { text: pair.target.language.capitalised(word), certain: false });
                out.push(finding);
            }
        }
    }
}

fn ending(pair: &Pair<'_>, source: &Segment, target: &Segment, out: &mut Vec<Finding>) {
    let (there, here) = (end(&source.text), end(&target.text));
    // A paragraph that goes on ends elsewhere; marks that end no sentence may be what the language uses here.
    match (there, here) {
        (Some('.' | '!' | '?'), None) if !pair.target.runs_on => {
            let message = format!("ends without a full stop, its source with `{}`", there.unwrap_or('.'));
            out.extend(unended(&pair.target, target, &message));
        }
        (Some('?'), Some('.')) | (Some('.'), Some('?')) => {
            let (there, here) = (there.unwrap_or('.'), here.unwrap_or('.'));
            let at = target.text.rfind(here).unwrap_or(0);
            let span = Span::new(at, at + here.len_utf8()).shifted(target.span.start);
            let message = format!("ends with `{here}`, its source with `{there}`");
            let mut finding = pair.target.finding(Rule::FinalPunctuation, span, message);
            finding.level = Level::Info;
            finding.notes.push(format!("source: {}", super::shown(stretch(&[source]).of(pair.source.text))));
            out.push(finding);
        }
        _ => {}
    }
}
