//! Findings the author of a file does not want to hear of, said in a comment of the file:
//! `<!-- yaddash-ignore name-drift -->` for its line and the next one that is not empty,
//! `<!-- yaddash-ignore-file name-drift, glued-words -->` for the whole file. Without a rule all are meant.
//!
//! HTML, Markdown, TMX and XLIFF have such comments; in a plain text it would be part of the text.

use crate::model::Rule;
use crate::report::Located;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A rule named in a comment that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: there is no rule `{rule}` to ignore")]
pub struct NoRule {
    pub file: String,
    pub line: usize,
    pub rule: String,
}

/// What the comments of one file say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Hushed {
    /// For lines from 1; 0 is the whole file. No rule: all.
    lines: BTreeMap<usize, BTreeSet<Option<Rule>>>,
}

impl Hushed {
    fn read(file: &str, text: &str, unknown: &mut Vec<NoRule>) -> Hushed {
        let mut out = Hushed::default();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            for comment in line.split("<!--").skip(1).filter_map(|rest| rest.split("-->").next()) {
                let comment = comment.trim();
                let Some(said) = comment.strip_prefix("yaddash-ignore") else { continue };
                let (said, whole) = match said.strip_prefix("-file") {
                    Some(said) => (said, true),
                    None => (said, false),
                };
                let mut rules = BTreeSet::new();
                for name in said.split([',', ' ', ':', '\t']).filter(|name| !name.is_empty()) {
                    match Rule::ALL.into_iter().find(|rule| rule.as_str() == name) {
                        Some(rule) => {
                            rules.insert(Some(rule));
                        }
                        None => unknown.push(NoRule { file: file.to_owned(), line: at + 1, rule: name.to_owned() }),
                    }
                }
                if said.trim_matches([',', ' ', ':', '\t']).is_empty() {
                    rules.insert(None);
                }
                let next = lines[at + 1..].iter().position(|line| !line.trim().is_empty()).map(|n| at + 2 + n);
                let places = if whole { vec![0] } else { [Some(at + 1), next].into_iter().flatten().collect() };
                for place in places {
                    out.lines.entry(place).or_default().extend(rules.iter().copied());
                }
            }
        }
        out
    }

    fn covers(&self, located: &Located) -> bool {
        [0, located.line]
            .iter()
            .filter_map(|line| self.lines.get(line))
            .any(|rules| rules.contains(&None) || rules.contains(&Some(located.finding.rule)))
    }
}

/// Takes what the files' own comments hush out of `findings`; tells how many, and which rules they name wrongly.
pub fn hush(findings: &mut Vec<Located>) -> (usize, Vec<NoRule>) {
    hush_of(findings, &|name| fs::read(name).unwrap_or_default())
}

/// As [`hush`], of files that `read` gives by their names.
pub fn hush_of(findings: &mut Vec<Located>, read: &dyn Fn(&str) -> Vec<u8>) -> (usize, Vec<NoRule>) {
    let mut unknown = Vec::new();
    let mut files: BTreeMap<String, Hushed> = BTreeMap::new();
    let before = findings.len();
    findings.retain(|located| {
        let name = &located.source.name;
        if !files.contains_key(name) {
            files.insert(name.clone(), comments(name, read, &mut unknown));
        }
        !files[name].covers(located)
    });
    (before - findings.len(), unknown)
}

/// What the file says; nothing where it has no comments or cannot be read.
fn comments(name: &str, read: &dyn Fn(&str) -> Vec<u8>, unknown: &mut Vec<NoRule>) -> Hushed {
    let path = Path::new(name);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let has_comments = ending.is_some_and(|ending| {
        matches!(
            ending.as_str(),
            "md" | "markdown" | "html" | "htm" | "xhtml" | "tmx" | "xlf" | "xliff" | "sdlxliff" | "mqxliff" | "xml"
        )
    });
    let bytes = if has_comments { read(name) } else { Vec::new() };
    match memchr::memmem::find(&bytes, b"yaddash-ignore") {
        Some(_) => Hushed::read(name, &String::from_utf8_lossy(&bytes), unknown),
        None => Hushed::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_say_which_rules_and_where() {
        let mut unknown = Vec::new();
        let text = "# News\n<!-- yaddash-ignore name-drift, glued-words -->\n\nBahr Muradova\n\
                    x <!-- yaddash-ignore -->\ny\n<!-- yaddash-ignore-file: term-case -->\n<!-- yaddash-ignore nam -->\n";
        let read = Hushed::read("a.md", text, &mut unknown);
        let both = BTreeSet::from([Some(Rule::NameDrift), Some(Rule::GluedWords)]);
        let all = BTreeSet::from([None]);
        let lines =
            [(0, BTreeSet::from([Some(Rule::TermCase)])), (2, both.clone()), (4, both), (5, all.clone()), (6, all)];
        let mut want = BTreeMap::from(lines);
        want.insert(8, BTreeSet::new());
        assert_eq!(read, Hushed { lines: want });
        assert_eq!(
            unknown.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["a.md:8: there is no rule `nam` to ignore"]
        );
    }
}
