//! SARIF 2.1.0 (OASIS), as code hosts and editors read it. Columns count code points.

use super::{Located, Options, advice, because};
use crate::model::{Level, Rule};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    io::{self, Write},
};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(findings: &[Located], options: Options, to: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Rule> = findings.iter().map(|l| l.finding.rule).collect::<BTreeSet<_>>().into_iter().collect();
    let listed: Vec<Value> = rules.iter().map(|rule| described(*rule, options)).collect();
    let results: Vec<Value> = findings.iter().map(|located| result(located, &rules)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "yaddash", "version": env!("CARGO_PKG_VERSION"), "rules": listed } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *to, &log)?;
    writeln!(to)
}

fn described(rule: Rule, options: Options) -> Value {
    let mut out = json!({ "id": rule.as_str() });
    let text = (options.describe)(rule);
    if !text.is_empty() {
        out["shortDescription"] = json!({ "text": text });
    }
    let why = (options.explain)(rule);
    if !why.is_empty() {
        out["help"] = json!({ "text": why });
    }
    out
}

fn result(located: &Located, rules: &[Rule]) -> Value {
    let Located { finding, source, line, column, end_line, end_column, .. } = located;
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    };
    let text = match advice(finding) {
        Some(advice) => format!("{}; {advice}", finding.message),
        None => finding.message.clone(),
    };
    let file = json!({ "uri": uri(&source.name) });
    let region = json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
    let mut marked = region.clone();
    marked["snippet"] = json!({ "text": located.surface() });
    let mut out = json!({
        "ruleId": finding.rule.as_str(),
        "ruleIndex": rules.iter().position(|rule| *rule == finding.rule),
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": { "artifactLocation": file, "region": marked } }],
    });
    if !located.id.is_empty() {
        out["partialFingerprints"] = json!({ "yaddash/v1": located.id });
    }
    // Without any the reader cannot tell whether findings could be let stand at all.
    out["suppressions"] = match located.accepted.as_deref() {
        Some(accepted) => {
            json!([{ "kind": "external", "status": "accepted", "justification": because(accepted) }])
        }
        None => json!([]),
    };
    // The fix of a missing term is no replacement for the marked text.
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.certain && finding.rule != Rule::MissingTerm) {
        out["fixes"] = json!([{
            "description": { "text": advice(finding) },
            "artifactChanges": [{
                "artifactLocation": file,
                "replacements": [{ "deletedRegion": region, "insertedContent": { "text": fix.text } }],
            }],
        }]);
    }
    out
}

/// A path as a URI reference (RFC 3986): slashes, and percent signs for what a path may not hold.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut out = String::with_capacity(path.len());
    // `C:/…` would read as a scheme.
    if path.as_bytes().get(1) == Some(&b':') {
        out.push_str("file:///");
    } else if path.starts_with('/') {
        out.push_str("file://");
    }
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            b':' if at == 1 => out.push(':'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Form, tests::*};

    #[test]
    fn snapshot() {
        let options = Options { describe: |_| "a rule", explain: |_| "why", ..Options::default() };
        let text = rendered(&sample(), Form::Sarif, options);
        let log: Value = serde_json::from_str(&text).unwrap();
        let en = json!({ "uri": "releases/004.en.txt" });
        let expected = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "yaddash", "version": env!("CARGO_PKG_VERSION"), "rules": [
                    { "id": "forbidden-term", "shortDescription": { "text": "a rule" }, "help": { "text": "why" } },
                    { "id": "deprecated-term", "shortDescription": { "text": "a rule" }, "help": { "text": "why" } },
                ] } },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "forbidden-term",
                        "ruleIndex": 0,
                        "level": "error",
                        "message": { "text": "`Milli Mejlis` is a forbidden variant; use `Milli Majlis`" },
                        "locations": [{ "physicalLocation": { "artifactLocation": en, "region": {
                            "startLine": 3, "startColumn": 118, "endLine": 3, "endColumn": 130,
                            "snippet": { "text": "Milli Mejlis" },
                        } } }],
                        "partialFingerprints": { "yaddash/v1": "3fa9c1d2" },
                        "suppressions": [],
                        "fixes": [{
                            "description": { "text": "use `Milli Majlis`" },
                            "artifactChanges": [{ "artifactLocation": en, "replacements": [{
                                "deletedRegion":
                                    { "startLine": 3, "startColumn": 118, "endLine": 3, "endColumn": 130 },
                                "insertedContent": { "text": "Milli Majlis" },
                            }] }],
                        }],
                    },
                    {
                        "ruleId": "deprecated-term",
                        "ruleIndex": 1,
                        "level": "warning",
                        "message": {
                            "text": "`=mühacir` is <out> of use: 100%\nfor good; use `miqrant` (check the form)",
                        },
                        "locations": [{ "physicalLocation": {
                            "artifactLocation": { "uri": "releases/004.az.txt" },
                            "region": {
                                "startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 17,
                                "snippet": { "text": "=mühacir" },
                            },
                        } }],
                        "partialFingerprints": { "yaddash/v1": "07bb21e0" },
                        "suppressions": [{
                            "kind": "external",
                            "status": "accepted",
                            "justification": "A title. (leyla, 2026-03-01)",
                        }],
                    },
                ],
            }],
        });
        assert_eq!(log, expected);
    }

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("releases/001 az.txt"), "releases/001%20az.txt");
        assert_eq!(uri("buraxılış\\1.txt"), "burax%C4%B1l%C4%B1%C5%9F/1.txt");
        assert_eq!(uri("C:\\a:b.txt"), "file:///C:/a%3Ab.txt");
        assert_eq!(uri("/tmp/x.txt"), "file:///tmp/x.txt");
    }
}
