//! Abbreviations and their introduction: `State Migration Service (SMS)`.
//!
//! An abbreviation in brackets is introduced by the words before it whose first letters it is made of; any other one
//! in brackets (of a foreign name, a currency) is passed over. Method: Schwartz and Hearst (2003, "A simple algorithm
//! for identifying abbreviation definitions in biomedical text"), held to first letters.

use super::{Text, shown};
use crate::{
    lang::{Language, forms, stem},
    model::{Finding, Kind, Level, Rule, Segment},
    rules::RuleSet,
    text::{Span, Token, TokenKind, tokens},
};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) fn findings(text: &Text<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    let wanted = [Rule::AcronymUndefined, Rule::AcronymRedefined, Rule::AcronymUnused];
    if !text.runs_on || !wanted.into_iter().any(|rule| rules.has(rule)) {
        return;
    }
    let mut uses: Vec<Use> = Vec::new();
    for segment in text.segments.iter().filter(|segment| segment.kind != Kind::Boilerplate) {
        read(text.language, segment, &mut uses);
    }
    let mut by_acronym: FxHashMap<&str, Vec<&Use>> = FxHashMap::default();
    let mut order: Vec<&str> = Vec::new();
    for one in &uses {
        let list = by_acronym.entry(&one.acronym).or_default();
        if list.is_empty() {
            order.push(&one.acronym);
        }
        list.push(one);
    }
    for acronym in order {
        let all = &by_acronym[acronym];
        let introduced: Vec<&&Use> = all.iter().filter(|one| one.long.is_some()).collect();
        let Some(first) = introduced.first() else { continue };
        let long = first.long.as_ref().map(|long| long.text.as_str()).unwrap_or_default();
        if rules.has(Rule::AcronymUndefined)
            && let Some(early) = all.iter().find(|one| !one.heading && one.span.start < first.span.start)
        {
            let message = format!("`{acronym}` stands here before it is introduced, as `{}`", shown(long));
            out.push(text.finding(Rule::AcronymUndefined, early.span, message));
        }
        if rules.has(Rule::AcronymRedefined) {
            again(text, acronym, &introduced, out);
        }
        if rules.has(Rule::AcronymUnused) && all.len() == 1 {
            let message = format!("`{acronym}` is introduced and never used again");
            out.push(text.finding(Rule::AcronymUnused, first.span, message));
        }
    }
}

/// Introductions after the first.
fn again(text: &Text<'_>, acronym: &str, introduced: &[&&Use], out: &mut Vec<Finding>) {
    let Some(first) = introduced.first().and_then(|one| one.long.as_ref()) else { return };
    let mut told: FxHashSet<&[String]> = FxHashSet::default();
    told.insert(&first.stems);
    for one in &introduced[1..] {
        let Some(long) = &one.long else { continue };
        let same = long.stems == first.stems;
        let message = match same {
            true => format!("`{acronym}` is introduced once more"),
            false => {
                format!("`{acronym}` is introduced as `{}`, but before as `{}`", shown(&long.text), shown(&first.text))
            }
        };
        let mut finding = text.finding(Rule::AcronymRedefined, one.span, message);
        if same {
            finding.level = Level::Info;
        }
        if same || told.insert(&long.stems) {
            out.push(finding);
        }
    }
}

/// An abbreviation at a place.
struct Use {
    acronym: String,
    span: Span,
    heading: bool,
    /// The words it is introduced by.
    long: Option<Long>,
}

struct Long {
    text: String,
    stems: Vec<String>,
}

/// Words in small letters that a long form may hold beside those that give the letters.
const BETWEEN: usize = 2;

fn read(language: Language, segment: &Segment, out: &mut Vec<Use>) {
    let body = &segment.text;
    // A line in capitals has none that could be told from its words.
    if !body.chars().any(char::is_lowercase) {
        return;
    }
    let all: Vec<Token> = tokens(body).collect();
    for (at, token) in all.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Word) {
        let word = token.text(body);
        if word.chars().count() < 2 || !forms::is_acronym(word) || !word.chars().all(char::is_uppercase) {
            continue;
        }
        let mark = |at: Option<usize>| at.and_then(|at| all.get(at)).map(|token| token.text(body));
        // `B.M.T`, `A/B`: part of something longer.
        let parted = [at.checked_sub(1), Some(at + 1)]
            .map(mark)
            .into_iter()
            .flatten()
            .any(|mark| matches!(mark, "." | "/" | "&"));
        let ends = mark(Some(at + 1)) == Some(".")
            && all.get(at + 1).is_none_or(|stop| stop.span.end >= body.trim_end().len());
        if parted && !ends {
            continue;
        }
        let bracketed = mark(at.checked_sub(1)) == Some("(") && matches!(mark(Some(at + 1)), Some(")" | "," | ";"));
        let long = if bracketed { long_form(language, body, &all[..at - 1], word) } else { None };
        // What is only put in brackets for those who know it in another language is no use of it.
        if bracketed && long.is_none() {
            continue;
        }
        let (span, heading) = (token.span.shifted(segment.span.start), segment.kind == Kind::Heading);
        out.push(Use { acronym: word.to_owned(), span, heading, long });
    }
}

/// The words before the bracket whose first letters make `acronym`, the last letter first.
fn long_form(language: Language, body: &str, before: &[Token], acronym: &str) -> Option<Long> {
    let mut letters: Vec<char> = language.lower(acronym).chars().collect();
    let mut words: Vec<&Token> = Vec::new();
    let mut passed = 0;
    for token in before.iter().rev() {
        let text = token.text(body);
        match token.kind {
            TokenKind::Word => {}
            TokenKind::Punctuation if matches!(text, "-" | "‑" | "“" | "”" | "«" | "»" | "\"" | "’" | "'") => {
                continue;
            }
            _ => return None,
        }
        let first = language.lower(text).chars().next()?;
        words.push(token);
        if letters.last() == Some(&first) {
            letters.pop();
            passed = 0;
            if letters.is_empty() {
                break;
            }
        } else if text.chars().next().is_some_and(char::is_lowercase) && passed < BETWEEN {
            passed += 1;
        } else {
            return None;
        }
    }
    let (last, first) = (words.first()?, words.last()?);
    if !letters.is_empty() {
        return None;
    }
    let stems = words.iter().rev().map(|token| stem(language, &language.key(token.text(body)))).collect();
    Some(Long { text: body[first.span.start..last.span.end].to_owned(), stems })
}
