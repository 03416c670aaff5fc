//! Links, e-mail addresses and telephone numbers, which a translation gives as its source does.

use super::{Pair, Text};
use crate::{
    model::{Finding, Kind, Level, Rule},
    rules::RuleSet,
    text::Span,
};
use std::collections::BTreeSet;

pub(super) fn findings(pair: &Pair<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    if !rules.has(Rule::LinkMismatch) {
        return;
    }
    if pair.source.runs_on {
        // An address may stand in another sentence; it must stand somewhere.
        let all = |text: &Text<'_>| -> Vec<Link> {
            let segments = text.segments.iter().filter(|segment| segment.kind != Kind::Boilerplate);
            segments.flat_map(|segment| links(segment.span.start, &segment.text)).collect()
        };
        compare(pair, all(&pair.source), all(&pair.target), out);
    } else {
        for (_, sides) in pair.matched() {
            let [from, to] = sides.map(|side| {
                side.iter().flat_map(|segment| links(segment.span.start, &segment.text)).collect::<Vec<_>>()
            });
            compare(pair, from, to, out);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Link,
    Mail,
    Phone,
}

#[derive(Debug, Clone)]
struct Link {
    what: What,
    span: Span,
    /// What is compared: no scheme, no `www.`, no part that names a language; of a telephone number its digits.
    key: String,
}

fn compare(pair: &Pair<'_>, from: Vec<Link>, to: Vec<Link>, out: &mut Vec<Finding>) {
    let keys = |links: &[Link]| -> BTreeSet<String> { links.iter().map(|link| link.key.clone()).collect() };
    let (there, here) = (keys(&from), keys(&to));
    let mut lacking: Vec<Link> = from.into_iter().filter(|link| !here.contains(&link.key)).collect();
    for link in to.into_iter().filter(|link| !there.contains(&link.key)) {
        let surface = link.span.of(pair.target.text);
        let near = lacking.iter().position(|other| other.what == link.what && close(&other.key, &link.key));
        let mut finding = match near {
            Some(at) => {
                let other = lacking.remove(at);
                let message =
                    format!("`{surface}` here, `{}` in {}", other.span.of(pair.source.text), pair.source.language);
                pair.target.finding(Rule::LinkMismatch, link.span, message)
            }
            None => one_sided(&pair.target, &pair.source, link.span, surface),
        };
        if near.is_none() {
            finding.level = Level::Info;
        }
        out.push(finding);
    }
    for link in lacking {
        out.push(one_sided(&pair.source, &pair.target, link.span, link.span.of(pair.source.text)));
    }
}

fn one_sided(own: &Text<'_>, other: &Text<'_>, span: Span, surface: &str) -> Finding {
    let message = format!("`{surface}` does not stand in {}", other.language.name());
    let mut finding = own.finding(Rule::LinkMismatch, span, message);
    finding.level = Level::Info;
    finding
}

/// A slip in one address, not two addresses: few letters differ.
fn close(a: &str, b: &str) -> bool {
    let most = a.chars().count().max(b.chars().count());
    strsim::osa_distance(a, b) <= (most / 5).clamp(1, 4)
}

/// The addresses of a text; `start` is where it stands.
fn links(start: usize, text: &str) -> Vec<Link> {
    let mut out = Vec::new();
    let mut at = 0;
    for chunk in text.split(char::is_whitespace) {
        let place = at;
        at += chunk.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
        let bare = chunk.trim_matches(|c: char| !(c.is_alphanumeric() || c == '/'));
        let offset = place + (bare.as_ptr() as usize - chunk.as_ptr() as usize);
        let span = Span::new(start + offset, start + offset + bare.len());
        if let Some((what, key)) = address(bare) {
            out.push(Link { what, span, key });
        }
    }
    phones(start, text, &mut out);
    out
}

/// Ends of host names that tell an address without `www.`
const DOMAINS: &[&str] = &["az", "ru", "com", "org", "net", "gov", "int", "eu", "info", "edu", "ge", "tr", "uk"];
/// Parts of paths that name a language.
const LANGUAGES: &[&str] = &["en", "az", "ru", "eng", "aze", "rus"];

fn address(chunk: &str) -> Option<(What, String)> {
    let lower = chunk.to_lowercase();
    if let Some((name, host)) = lower.split_once('@') {
        // An ending after a hyphen or apostrophe is none of the address: info@migration.gov.az-a.
        let host = host.split(['-', '’', '\'']).next().unwrap_or_default();
        return (!name.is_empty() && host.contains('.')).then(|| (What::Mail, format!("{name}@{host}")));
    }
    let (scheme, rest) = match lower.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, lower.as_str()),
    };
    let rest = rest.strip_prefix("www.").map_or((scheme, rest), |rest| (true, rest));
    let (named, rest) = rest;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (labels, last) = host.rsplit_once('.')?;
    let last = last.split(['-', '’', '\'']).next().unwrap_or_default();
    let plain = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !labels.split('.').all(plain)
        || !(named || DOMAINS.contains(&last))
        || labels.chars().all(|c| c.is_ascii_digit())
    {
        return None;
    }
    let path = rest[host.len()..].split('/').filter(|part| !part.is_empty() && !LANGUAGES.contains(part));
    let mut key = format!("{labels}.{last}");
    for part in path {
        key.push('/');
        key.push_str(part);
    }
    Some((What::Link, key))
}

/// Digits of a telephone number.
const PHONE: std::ops::RangeInclusive<usize> = 9..=15;

/// Runs of digits, spaces, hyphens and brackets that begin with `+`, `(` or 0 and have the digits of a number.
fn phones(start: usize, text: &str, out: &mut Vec<Link>) {
    let mut from = 0;
    while let Some(at) = text[from..].find(['+', '(', '0']).map(|at| from + at) {
        let touched =
            text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '/' | '-'));
        let rest = &text[at..];
        let end = rest
            .char_indices()
            .find(|(_, c)| !(c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | ' ' | '\u{a0}' | '–')))
            .map_or(rest.len(), |(end, _)| end);
        let body = rest[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let key: String = body.chars().filter(char::is_ascii_digit).collect();
        if !touched && PHONE.contains(&key.len()) {
            let span = Span::new(start + at, start + at + body.len());
            out.push(Link { what: What::Phone, span, key });
        }
        from = at + end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_their_language() {
        let of = |text: &'static str| {
            links(0, text).into_iter().map(|link| (link.key, link.span.of(text))).collect::<Vec<_>>()
        };
        assert_eq!(
            of("see https://www.migration.gov.az/en/news, or (info@migration.gov.az)."),
            [
                ("migration.gov.az/news".to_owned(), "https://www.migration.gov.az/en/news"),
                ("info@migration.gov.az".to_owned(), "info@migration.gov.az")
            ]
        );
        assert_eq!(of("migration.gov.az-a müraciət"), [("migration.gov.az".to_owned(), "migration.gov.az-a")]);
        assert_eq!(
            of("(+994 12) 919-22-82 or 2,500 people, 3.5 and P.Musayev"),
            [("994129192282".to_owned(), "(+994 12) 919-22-82")]
        );
    }

    #[test]
    fn a_slip_is_near_another_site_is_not() {
        assert!(close("migration.gov.az", "migraton.gov.az"));
        assert!(!close("migration.gov.az", "asan.gov.az"));
    }
}
