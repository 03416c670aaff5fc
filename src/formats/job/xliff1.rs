//! XLIFF 1.2. [OASIS, XLIFF 1.2 specification, 2008]

use super::{Job, Marked, Meaning, Proposal, ProposalKind, Role, Segment, Status};
use crate::{
    formats::xml::{escape_attribute, escape_text},
    lang::Language,
};
use std::collections::{HashMap, HashSet};

/// How a place of the document and what was used to fill it in is called in the file.
pub(super) const TOOL: &str = "yaddash";

pub fn written(job: &Job) -> String {
    let mut out = String::with_capacity(1 << 16);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n<file");
    attribute("original", &job.name, &mut out);
    attribute("source-language", job.source.as_str(), &mut out);
    attribute("target-language", job.target.as_str(), &mut out);
    attribute("datatype", datatype(&job.name), &mut out);
    out.push_str(">\n<header>\n");
    skeleton(job, &mut out);
    let version = env!("CARGO_PKG_VERSION");
    out.push_str(&format!("<tool tool-id=\"{TOOL}\" tool-name=\"{TOOL}\" tool-version=\"{version}\"/>\n"));
    for note in &job.notes {
        self::note(note.from, &note.text, &mut out);
    }
    out.push_str("</header>\n<body>\n");
    for segment in &job.segments {
        unit(job, segment, &mut out);
    }
    out.push_str("</body>\n</file>\n</xliff>\n");
    out
}

fn datatype(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "html" | "htm" | "xhtml" => "html",
        "md" | "markdown" | "mdown" => "x-markdown",
        "docx" => "x-docx",
        "odt" => "x-odt",
        _ => "plaintext",
    }
}

/// The digest stands where the file format has a check of the content.
fn skeleton(job: &Job, out: &mut String) {
    let digest = format!("sha256-{}", job.skeleton.sha256);
    match job.skeleton.encoded() {
        Some(code) => {
            out.push_str("<skl><internal-file form=\"base64\"");
            attribute("crc", &digest, out);
            out.push_str(">\n");
            out.push_str(&code);
            out.push_str("\n</internal-file></skl>\n");
        }
        None => {
            out.push_str("<skl><external-file");
            attribute("href", &job.name, out);
            attribute("crc", &digest, out);
            out.push_str("/></skl>\n");
        }
    }
}

fn unit(job: &Job, segment: &Segment, out: &mut String) {
    let status = segment.target.as_ref().map(|target| target.status);
    out.push_str(&format!("<trans-unit id=\"{}\"", segment.number));
    if status == Some(Status::Approved) {
        out.push_str(" approved=\"yes\"");
    }
    out.push_str(" xml:space=\"preserve\">\n<source>");
    content(&segment.source, &segment.codes, out);
    out.push_str("</source>\n<target");
    let (state, qualifier) = status.map_or(("needs-translation", ""), state);
    attribute("state", state, out);
    if !qualifier.is_empty() {
        attribute("state-qualifier", qualifier, out);
    }
    out.push('>');
    content(segment.target.as_ref().map_or(&segment.source, |target| &target.text), &segment.codes, out);
    out.push_str("</target>\n<context-group purpose=\"location\">");
    for (kind, value) in [
        ("sourcefile", job.name.as_str()),
        ("x-segment", &segment.number.to_string()),
        ("x-paragraph", &segment.paragraph.to_string()),
        ("x-kind", segment.kind.as_str()),
    ] {
        out.push_str(&format!("<context context-type=\"{kind}\">"));
        escape_text(value, out);
        out.push_str("</context>");
    }
    out.push_str("</context-group>\n");
    for note in &segment.notes {
        self::note(note.from, &note.text, out);
    }
    for term in &segment.terms {
        note("glossary", &term.told(), out);
    }
    for proposal in &segment.proposals {
        alternative((job.source, job.target), proposal, &[("tool-id", TOOL)], out);
        out.push('\n');
    }
    out.push_str("</trans-unit>\n");
}

/// The names of a status in `state` and `state-qualifier`.
pub(super) fn state(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Fuzzy => ("needs-review-translation", "fuzzy-match"),
        Status::Exact => ("translated", "exact-match"),
        Status::Context => ("translated", "id-match"),
        Status::Translated => ("translated", ""),
        Status::Approved => ("final", ""),
    }
}

pub(super) fn alternative(
    (source, target): (Language, Language),
    proposal: &Proposal,
    more: &[(&str, &str)],
    out: &mut String,
) {
    out.push_str("<alt-trans");
    attribute("match-quality", &format!("{}%", proposal.percent()), out);
    attribute("origin", &proposal.told(), out);
    attribute("alttranstype", "proposal", out);
    more.iter().for_each(|(name, value)| attribute(name, value, out));
    out.push_str("><source");
    attribute("xml:lang", source.as_str(), out);
    out.push('>');
    escape_text(&proposal.source, out);
    out.push_str("</source><target");
    attribute("xml:lang", target.as_str(), out);
    let qualifier = match proposal.kind {
        ProposalKind::Context => "id-match",
        ProposalKind::Exact => "exact-match",
        ProposalKind::Fuzzy | ProposalKind::Labelled(_) => "fuzzy-match",
    };
    attribute("state-qualifier", qualifier, out);
    out.push('>');
    content(&proposal.target, &HashMap::new(), out);
    out.push_str("</target></alt-trans>");
}

fn note(from: &str, text: &str, out: &mut String) {
    out.push_str("<note");
    attribute("from", from, out);
    out.push('>');
    escape_text(text, out);
    out.push_str("</note>\n");
}

pub(super) fn attribute(name: &str, value: &str, out: &mut String) {
    out.push_str(&format!(" {name}=\""));
    escape_attribute(value, out);
    out.push('"');
}

/// The pairs of `marked` of which none crosses another, by their ids.
pub(super) fn nested(marked: &Marked) -> HashSet<&str> {
    let pairs = marked.pairs();
    let crosses =
        |(a, b): &(usize, usize)| pairs.values().any(|(c, d)| (a < c && c < b && b < d) || (c < a && a < d && d < b));
    pairs.iter().filter(|(_, place)| !crosses(place)).map(|(id, _)| *id).collect()
}

/// Words and codes: pairs as `g`, those that cross as `bx` and `ex`, lone ones as `x`.
fn content(marked: &Marked, codes: &HashMap<String, Meaning>, out: &mut String) {
    let (pairs, nested) = (marked.pairs(), nested(marked));
    // A second mark of one name is none: ids are unique in a segment.
    let mut ends: HashMap<usize, bool> = HashMap::new();
    for (id, (begin, end)) in &pairs {
        ends.insert(*begin, nested.contains(id));
        ends.insert(*end, nested.contains(id));
    }
    let mut at = 0;
    let mut alone = HashSet::new();
    for (number, mark) in marked.marks.iter().enumerate() {
        escape_text(&marked.text[at..mark.at], out);
        at = mark.at;
        match (mark.role, ends.get(&number)) {
            (Role::Open, Some(true)) => {
                out.push_str("<g");
                attribute("id", &mark.id, out);
                meaning("g", codes.get(&mark.id), out);
                out.push('>');
            }
            (Role::Close, Some(true)) => out.push_str("</g>"),
            (Role::Open, Some(false)) => half("bx", &mark.id, &mark.id, out),
            (Role::Close, Some(false)) => half("ex", &format!("{}-end", mark.id), &mark.id, out),
            (Role::Alone, _) if alone.insert(&mark.id) => {
                out.push_str("<x");
                attribute("id", &mark.id, out);
                meaning("x", codes.get(&mark.id), out);
                out.push_str("/>");
            }
            _ => {}
        }
    }
    escape_text(&marked.text[at..], out);
}

/// TMX's words for what a code does, the element it is and XLIFF's word, for `ctype`. [XLIFF 1.2, 2.4.4]
const KINDS: &[(&str, &str, &str)] = &[
    ("bold", "g", "bold"),
    ("italic", "g", "italic"),
    ("ulined", "g", "underlined"),
    ("link", "g", "link"),
    ("image", "x", "image"),
    ("lb", "x", "lb"),
    ("pb", "x", "pb"),
];

fn meaning(element: &str, meaning: Option<&Meaning>, out: &mut String) {
    let Some(Meaning { kind, shown }) = meaning else { return };
    if !kind.is_empty() {
        let known = KINDS.iter().find(|(tmx, of, _)| tmx == kind && *of == element);
        let word = known.map_or_else(|| format!("x-{kind}"), |(.., word)| (*word).to_owned());
        attribute("ctype", &word, out);
    }
    if !shown.is_empty() {
        attribute("equiv-text", shown, out);
    }
}

fn half(name: &str, id: &str, rid: &str, out: &mut String) {
    out.push_str(&format!("<{name}"));
    attribute("id", id, out);
    attribute("rid", rid, out);
    out.push_str("/>");
}
