//! XLIFF 2.1 with the modules Translation Candidates and Glossary. [OASIS, XLIFF 2.1, 2018]

use super::{
    Job, Marked, Meaning, Proposal, ProposalKind, Role, Segment, Status, TermNote,
    xliff1::{TOOL, attribute, nested},
};
use crate::formats::xml::escape_text;
use std::collections::{HashMap, HashSet};

pub fn written(job: &Job) -> String {
    let mut out = String::with_capacity(1 << 16);
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"2.1\" \
         xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\" \
         xmlns:gls=\"urn:oasis:names:tc:xliff:glossary:2.0\"",
    );
    attribute("srcLang", job.source.as_str(), &mut out);
    attribute("trgLang", job.target.as_str(), &mut out);
    out.push_str(">\n<file id=\"f1\"");
    attribute("original", &job.name, &mut out);
    out.push_str(">\n");
    skeleton(job, &mut out);
    notes(job.notes.iter().map(|note| (note.from, note.text.clone())), &mut out);
    for segment in &job.segments {
        unit(segment, &mut out);
    }
    out.push_str("</file>\n</xliff>\n");
    out
}

/// Inside of the file as a `data:` URL, else as a reference with the digest behind it.
fn skeleton(job: &Job, out: &mut String) {
    let digest = &job.skeleton.sha256;
    match job.skeleton.encoded() {
        Some(code) => {
            out.push_str(&format!(
                "<skeleton>data:application/octet-stream;sha256={digest};base64,\n{code}\n</skeleton>\n"
            ));
        }
        None => {
            // The reference is an address: what may not stand in one is left out of the name.
            let name: String =
                job.name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
            out.push_str("<skeleton");
            attribute("href", &format!("{name}#sha256={digest}"), out);
            out.push_str("/>\n");
        }
    }
}

fn notes(notes: impl Iterator<Item = (&'static str, String)>, out: &mut String) {
    let mut any = false;
    for (from, text) in notes {
        if !std::mem::replace(&mut any, true) {
            out.push_str("<notes>");
        }
        out.push_str("<note");
        attribute("category", from, out);
        out.push('>');
        escape_text(&text, out);
        out.push_str("</note>");
    }
    if any {
        out.push_str("</notes>\n");
    }
}

fn unit(segment: &Segment, out: &mut String) {
    out.push_str(&format!("<unit id=\"{}\" xml:space=\"preserve\">\n", segment.number));
    if !segment.proposals.is_empty() {
        out.push_str("<mtc:matches>\n");
        for proposal in &segment.proposals {
            candidate(proposal, "s1", "", out);
            out.push('\n');
        }
        out.push_str("</mtc:matches>\n");
    }
    glossary(&segment.terms, out);
    let place = format!("segment {}, paragraph {}, {}", segment.number, segment.paragraph, segment.kind.as_str());
    let own = segment.notes.iter().map(|note| (note.from, note.text.clone()));
    // An entry of the glossary needs a translation.
    let bare = segment.terms.iter().filter(|term| term.write.is_empty());
    notes(std::iter::once(("place", place)).chain(own).chain(bare.map(|term| ("glossary", term.told()))), out);
    out.push_str("<segment id=\"s1\"");
    let status = segment.target.as_ref().map(|target| target.status);
    let (state, qualifier) = status.map_or(("initial", ""), state);
    attribute("state", state, out);
    if !qualifier.is_empty() {
        attribute("subState", &format!("{TOOL}:{qualifier}"), out);
    }
    out.push_str(">\n<source>");
    content(&segment.source, &segment.codes, out);
    out.push_str("</source>\n");
    if let Some(target) = &segment.target {
        out.push_str("<target>");
        content(&target.text, &segment.codes, out);
        out.push_str("</target>\n");
    }
    out.push_str("</segment>\n</unit>\n");
}

/// The names of a status in `state` and `subState`.
pub(super) fn state(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Fuzzy => ("initial", "fuzzy-match"),
        Status::Exact => ("translated", "exact-match"),
        Status::Context => ("translated", "id-match"),
        Status::Translated => ("translated", ""),
        Status::Approved => ("final", ""),
    }
}

/// A match for the segment called `of`; `more` is written behind the name.
pub(super) fn candidate(proposal: &Proposal, of: &str, more: &str, out: &mut String) {
    out.push_str("<mtc:match");
    out.push_str(more);
    attribute("ref", &format!("#{of}"), out);
    attribute("similarity", &proposal.percent(), out);
    attribute("matchQuality", &proposal.percent(), out);
    attribute("origin", &proposal.told(), out);
    attribute("type", if proposal.kind == ProposalKind::Context { "icm" } else { "tm" }, out);
    out.push_str("><source>");
    escape_text(&proposal.source, out);
    out.push_str("</source><target>");
    content(&proposal.target, &HashMap::new(), out);
    out.push_str("</target></mtc:match>");
}

fn glossary(terms: &[TermNote], out: &mut String) {
    let mut any = false;
    for term in terms.iter().filter(|term| !term.write.is_empty()) {
        if !std::mem::replace(&mut any, true) {
            out.push_str("<gls:glossary>\n");
        }
        out.push_str("<gls:glossEntry><gls:term>");
        escape_text(&term.term, out);
        out.push_str("</gls:term>");
        for word in &term.write {
            out.push_str("<gls:translation>");
            escape_text(word, out);
            out.push_str("</gls:translation>");
        }
        let avoid = (!term.avoid.is_empty()).then(|| format!("not: {}", term.avoid.join("; ")));
        let said: Vec<String> = avoid.into_iter().chain(term.note.clone()).collect();
        if !said.is_empty() {
            out.push_str("<gls:definition>");
            escape_text(&said.join(" — "), out);
            out.push_str("</gls:definition>");
        }
        out.push_str("</gls:glossEntry>\n");
    }
    if any {
        out.push_str("</gls:glossary>\n");
    }
}

/// Words and codes: pairs as `pc`, those that cross as `sc` and `ec`, lone ones as `ph`.
fn content(marked: &Marked, codes: &HashMap<String, Meaning>, out: &mut String) {
    let (pairs, nested) = (marked.pairs(), nested(marked));
    let mut at = 0;
    let mut alone = HashSet::new();
    for (number, mark) in marked.marks.iter().enumerate() {
        escape_text(&marked.text[at..mark.at], out);
        at = mark.at;
        let id = mark.id.as_str();
        let whole = pairs.get(id).filter(|(begin, end)| number == *begin || number == *end).is_some();
        let (name, key, end) = match mark.role {
            Role::Open if whole && nested.contains(id) => ("pc", "id", ">"),
            Role::Close if whole && nested.contains(id) => {
                out.push_str("</pc>");
                continue;
            }
            Role::Open if whole => ("sc", "id", "/>"),
            Role::Close if whole => ("ec", "startRef", "/>"),
            Role::Alone if alone.insert(id) => ("ph", "id", "/>"),
            _ => continue,
        };
        out.push_str(&format!("<{name}"));
        attribute(key, id, out);
        if let Some(meaning) = codes.get(id).filter(|_| key == "id") {
            self::meaning(name, meaning, out);
        }
        out.push_str(end);
    }
    escape_text(&marked.text[at..], out);
}

/// TMX's words for what a code does and XLIFF's, for `type` and `subType`. [XLIFF 2.1, inline elements]
const KINDS: &[(&str, &str, &str)] = &[
    ("bold", "fmt", "xlf:b"),
    ("italic", "fmt", "xlf:i"),
    ("ulined", "fmt", "xlf:u"),
    ("lb", "fmt", "xlf:lb"),
    ("pb", "fmt", "xlf:pb"),
    ("link", "link", ""),
    ("image", "image", ""),
];

fn meaning(element: &str, Meaning { kind, shown }: &Meaning, out: &mut String) {
    if let Some((_, kind, subkind)) = KINDS.iter().find(|(tmx, ..)| tmx == kind) {
        attribute("type", kind, out);
        if !subkind.is_empty() {
            attribute("subType", subkind, out);
        }
    }
    if !shown.is_empty() {
        attribute(if element == "pc" { "dispStart" } else { "disp" }, shown, out);
    }
}
