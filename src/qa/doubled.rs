//! The same word twice in a row.

use super::{Quoted, Text, rows};
use crate::{
    model::{Finding, Fix, Rule},
    rules::RuleSet,
    text::{Span, TokenKind, tokens},
};

pub(super) fn findings(text: &Text<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    if !rules.has(Rule::DoubledWord) {
        return;
    }
    let row = rows::row(text.language);
    for segment in text.segments {
        let quoted = Quoted::new(segment);
        let mut before: Option<(Span, &str)> = None;
        for token in tokens(&segment.text) {
            let now = token.text(&segment.text);
            let known = before.replace((token.span, now));
            let Some((first, word)) = known.filter(|_| token.kind == TokenKind::Word) else { continue };
            let gap = &segment.text[first.end..token.span.start];
            if gap.is_empty() || !gap.chars().all(char::is_whitespace) || word.len() != now.len() {
                continue;
            }
            let key = text.language.key(now);
            if text.language.key(word) != key || row.is_some_and(|row| row.doubled.contains(&key.as_str())) {
                continue;
            }
            // Names and initials: Duran Duran, P P; letters that are headings of a list.
            let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
            if capital(now) || now.chars().any(|c| c.is_numeric()) {
                continue;
            }
            // An ending after an apostrophe or hyphen goes with the word: да-да да.
            let after = segment.text[token.span.end..].chars().next();
            let ahead = segment.text[..first.start].chars().next_back();
            if [after, ahead].into_iter().flatten().any(|c| matches!(c, '-' | '‑' | '’' | '\'')) {
                continue;
            }
            let span = Span::new(first.start, token.span.end);
            let certain = row.is_some_and(|row| row.function.contains(&key.as_str()));
            let message = format!("`{now}` stands twice in a row");
            let mut finding = text.finding(Rule::DoubledWord, span.shifted(segment.span.start), message);
            finding = quoted.lowered(finding);
            let certain = certain && finding.notes.is_empty();
            finding.fix = Some(Fix { text: word.to_owned(), certain });
            out.push(finding);
        }
    }
}
