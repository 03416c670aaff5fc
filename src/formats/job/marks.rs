//! Where the inline codes of a text are, and which.

use crate::model::{Code, CodeKind};
use std::collections::HashMap;

/// A text and its inline codes, in order of their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    pub text: String,
    pub marks: Vec<Mark>,
}

/// An inline code at a place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Byte offset in the text; marks at one place keep their order.
    pub at: usize,
    pub role: Role,
    /// Which code of its segment it is; both ends of a pair have the same.
    pub id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Open,
    Close,
    Alone,
}

/// What is wrong with the codes of a translation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    #[error("the code {} of the source is missing: it is put at the end", shown(*.0, .1))]
    Missing(Role, String),
    #[error("the code {} stands there twice: the second is left out", shown(*.0, .1))]
    Doubled(Role, String),
    #[error("the code {} is none of this segment: it is left out", shown(*.0, .1))]
    Foreign(Role, String),
    #[error("the pair of codes {} has lost one end: it is put at the end", shown(Role::Open, .0))]
    Halved(String),
    #[error("the pair of codes {} crosses another pair: they are put in order", shown(Role::Open, .0))]
    Crossing(String),
}

/// What a code is, for people: what it does, in TMX's words, and how the document has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// `bold`, `link`, `lb`; empty where the document does not say.
    pub kind: String,
    pub shown: String,
}

/// Characters of a code that are shown.
const SHOWN: usize = 80;

/// What the codes of a segment are, by their ids.
pub fn meanings(codes: &[Code]) -> HashMap<String, Meaning> {
    let mut out = HashMap::new();
    for (code, (role, id)) in codes.iter().zip(named(codes)) {
        if role == Role::Close {
            continue;
        }
        let content =
            quick_xml::escape::unescape(&code.content).map_or_else(|_| code.content.clone(), |c| c.into_owned());
        let shown = match content.char_indices().nth(SHOWN) {
            Some((at, _)) => format!("{}…", &content[..at]),
            None => content,
        };
        out.insert(id, Meaning { kind: attribute(code, "type").unwrap_or_default().to_owned(), shown });
    }
    out
}

/// `{1}`, `{/1}`, `{2/}`.
pub(super) fn shown(role: Role, id: &str) -> String {
    match role {
        Role::Open => format!("{{{id}}}"),
        Role::Close => format!("{{/{id}}}"),
        Role::Alone => format!("{{{id}/}}"),
    }
}

fn attribute<'c>(code: &'c Code, name: &str) -> Option<&'c str> {
    code.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// What each code is and its id: `x`, and for the end of a pair that of its beginning.
fn named(codes: &[Code]) -> Vec<(Role, String)> {
    let mut open: HashMap<&str, String> = HashMap::new();
    let mut highlights = Vec::new();
    let mut out = Vec::with_capacity(codes.len());
    for (at, code) in codes.iter().enumerate() {
        let own = || attribute(code, "x").map_or_else(|| format!("c{}", at + 1), str::to_owned);
        let pair = attribute(code, "i").unwrap_or_default();
        out.push(match (code.kind, code.name.as_str()) {
            (CodeKind::Open, _) => {
                highlights.push(own());
                (Role::Open, own())
            }
            (CodeKind::Close, _) => (Role::Close, highlights.pop().unwrap_or_else(own)),
            (CodeKind::Alone, "bpt") => {
                open.insert(pair, own());
                (Role::Open, own())
            }
            (CodeKind::Alone, "ept") => (Role::Close, open.remove(pair).unwrap_or_else(own)),
            (CodeKind::Alone, _) => (Role::Alone, own()),
        });
    }
    out
}

impl Marked {
    pub fn plain(text: impl Into<String>) -> Marked {
        Marked { text: text.into(), marks: Vec::new() }
    }

    /// A text with the codes of its document.
    pub fn of(text: &str, codes: &[Code]) -> Marked {
        let marks = codes.iter().zip(named(codes)).map(|(code, (role, id))| Mark { at: code.at, role, id });
        Marked { text: text.to_owned(), marks: marks.collect() }
    }

    /// The marks as codes of no document: told from one another, and nothing else.
    pub fn bare_codes(&self) -> Vec<Code> {
        let code = |mark: &Mark| {
            let (name, pair) = match mark.role {
                Role::Open => ("bpt", true),
                Role::Close => ("ept", true),
                Role::Alone => ("ph", false),
            };
            let number = pair.then(|| ("i".to_owned(), mark.id.clone()));
            let attributes = number.into_iter().chain([("x".to_owned(), mark.id.clone())]).collect();
            Code { at: mark.at, kind: CodeKind::Alone, name: name.to_owned(), attributes, content: String::new() }
        };
        self.marks.iter().map(code).collect()
    }

    /// The marks as codes of a document, by what `source`, the codes of the segment there, says of each; and what is
    /// wrong with them. What is left are codes of the source, none twice, pairs whole.
    pub fn codes(&self, source: &[Code]) -> (Vec<Code>, Vec<Lost>) {
        let known: HashMap<(Role, String), &Code> = named(source).into_iter().zip(source).collect();
        let mut lost = Vec::new();
        let mut seen = Vec::new();
        let mut kept: Vec<&Mark> = Vec::new();
        for mark in &self.marks {
            let key = (mark.role, mark.id.clone());
            if !known.contains_key(&key) {
                lost.push(Lost::Foreign(mark.role, mark.id.clone()));
            } else if seen.contains(&key) {
                lost.push(Lost::Doubled(mark.role, mark.id.clone()));
            } else {
                seen.push(key);
                kept.push(mark);
            }
        }
        let missing = named(source).into_iter().filter(|key| !seen.contains(key));
        lost.extend(missing.map(|(role, id)| Lost::Missing(role, id)));
        while let Some(id) = halved(&kept) {
            kept.retain(|mark| mark.role == Role::Alone || mark.id != id);
            let told = |lost: &Lost| matches!(lost, Lost::Missing(_, missing) if *missing == id);
            if !lost.iter().any(told) {
                lost.push(Lost::Halved(id));
            }
        }
        lost.extend(crossing(&kept).into_iter().map(Lost::Crossing));
        let code = |mark: &Mark| Code { at: mark.at, ..known[&(mark.role, mark.id.clone())].clone() };
        (kept.into_iter().map(code).collect(), lost)
    }

    /// The same where no pair lies across another and none has lost an end: what elements of XML can be made of.
    pub(super) fn nested(&self) -> Marked {
        let mut kept: Vec<&Mark> = Vec::new();
        self.marks.iter().for_each(|mark| {
            if kept.iter().all(|other| (other.role, &other.id) != (mark.role, &mark.id)) {
                kept.push(mark);
            }
        });
        while let Some(id) = halved(&kept).or_else(|| crossing(&kept).into_iter().next()) {
            kept.retain(|mark| mark.role == Role::Alone || mark.id != id);
        }
        Marked { text: self.text.clone(), marks: kept.into_iter().cloned().collect() }
    }

    /// Only what stands for a whole pair or for a lone code, whatever came in.
    pub(super) fn pairs(&self) -> HashMap<&str, (usize, usize)> {
        let mut out = HashMap::new();
        let mut open: HashMap<&str, usize> = HashMap::new();
        for (at, mark) in self.marks.iter().enumerate() {
            match mark.role {
                Role::Open => {
                    open.entry(&mark.id).or_insert(at);
                }
                Role::Close => {
                    if let Some(begin) = open.remove(mark.id.as_str()) {
                        out.entry(mark.id.as_str()).or_insert((begin, at));
                    }
                }
                Role::Alone => {}
            }
        }
        out
    }

    /// Whether nothing is there to translate: neither letters nor codes.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.marks.is_empty()
    }

    /// Text with codes as people read and write them: `{1}bold{/1}`, `{2/}`. Braces of the text that stand before a code,
    /// or before what would be taken for one, are doubled.
    pub fn shown(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 8 * self.marks.len());
        let mut at = 0;
        for mark in &self.marks {
            braced(&self.text[at..mark.at], true, &mut out);
            out.push_str(&shown(mark.role, &mark.id));
            at = mark.at;
        }
        braced(&self.text[at..], false, &mut out);
        out
    }

    /// The opposite of [`Marked::shown`].
    pub fn from_shown(text: &str) -> Marked {
        let mut out = Marked::default();
        let mut rest = text;
        while let Some(brace) = rest.find('{') {
            out.text.push_str(&rest[..brace]);
            rest = &rest[brace..];
            let run = rest.len() - rest.trim_start_matches('{').len();
            let (braces, body) = rest.split_at(run);
            rest = body;
            match code_body(body) {
                None => out.text.push_str(braces),
                Some((role, id, length)) => {
                    out.text.push_str(&braces[..run / 2]);
                    if run % 2 == 1 {
                        out.marks.push(Mark { at: out.text.len(), role, id: id.to_owned() });
                        rest = &body[length..];
                    }
                }
            }
        }
        out.text.push_str(rest);
        out
    }

    /// Without white space at its ends, marks kept.
    pub fn trimmed(&self) -> Marked {
        let start = self.text.len() - self.text.trim_start().len();
        let text = self.text.trim();
        let marks =
            self.marks.iter().map(|mark| Mark { at: mark.at.saturating_sub(start).min(text.len()), ..mark.clone() });
        Marked { text: text.to_owned(), marks: marks.collect() }
    }
}

/// The first pair of which an end is missing, or stands first.
fn halved(marks: &[&Mark]) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    for mark in marks {
        match mark.role {
            Role::Open => open.push(&mark.id),
            Role::Close => match open.iter().position(|id| *id == mark.id) {
                Some(at) => {
                    open.remove(at);
                }
                None => return Some(mark.id.clone()),
            },
            Role::Alone => {}
        }
    }
    open.first().map(|id| (*id).to_owned())
}

/// The pairs that end inside of one that began inside of them; all pairs are whole.
fn crossing(marks: &[&Mark]) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut out = Vec::new();
    for mark in marks {
        match mark.role {
            Role::Open => open.push(&mark.id),
            Role::Close => {
                if open.last().is_some_and(|last| *last != mark.id) {
                    out.push(mark.id.clone());
                }
                open.retain(|id| *id != mark.id);
            }
            Role::Alone => {}
        }
    }
    out
}

/// Words as they are shown, with a code behind them or not.
fn braced(words: &str, before_code: bool, out: &mut String) {
    let mut rest = words;
    while let Some(brace) = rest.find('{') {
        out.push_str(&rest[..brace]);
        rest = &rest[brace..];
        let body = rest.trim_start_matches('{');
        let braces = &rest[..rest.len() - body.len()];
        out.push_str(braces);
        if code_body(body).is_some() || (before_code && body.is_empty()) {
            out.push_str(braces);
        }
        rest = body;
    }
    out.push_str(rest);
}

/// What follows the brace of a code, at the beginning of `text`, and how long that is.
fn code_body(text: &str) -> Option<(Role, &str, usize)> {
    let inner = &text[..text.find(['{', '}'])?];
    if !text[inner.len()..].starts_with('}') {
        return None;
    }
    let (role, id) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
        (Some(id), _) => (Role::Close, id),
        (None, Some(id)) => (Role::Alone, id),
        (None, None) => (Role::Open, inner),
    };
    let digits = id.strip_prefix('c').unwrap_or(id);
    let sound = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then_some((role, id, inner.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn code(name: &str, at: usize, attributes: &[(&str, &str)]) -> Code {
        Code {
            at,
            kind: CodeKind::Alone,
            name: name.to_owned(),
            attributes: attributes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            content: format!("{name}{at}"),
        }
    }

    /// `a<b>b</b>c<br/>`.
    fn source() -> Vec<Code> {
        vec![code("bpt", 1, &[("i", "1"), ("x", "1")]), code("ept", 2, &[("i", "1")]), code("ph", 3, &[("x", "2")])]
    }

    #[test]
    fn codes_are_shown_and_read() {
        let marked = Marked::of("abc", &source());
        assert_eq!(marked.shown(), "a{1}b{/1}c{2/}");
        assert_eq!(Marked::from_shown("a{1}b{/1}c{2/}"), marked);
        let braces = Marked::plain("{1} {x} {{2/}");
        assert_eq!(braces.shown(), "{{1} {x} {{{{2/}");
        assert_eq!(Marked::from_shown("{{1} {x} {{{{2/}"), braces);
    }

    #[test]
    fn codes_lost_doubled_and_crossing_are_told() {
        let told = |text: &str| {
            let (codes, lost) = Marked::from_shown(text).codes(&source());
            let shown: Vec<(usize, String)> = codes.into_iter().map(|c| (c.at, c.content)).collect();
            (shown, lost.iter().map(Lost::to_string).collect::<Vec<_>>())
        };
        let whole = |places: [usize; 3]| {
            vec![(places[0], "bpt1".to_owned()), (places[1], "ept2".to_owned()), (places[2], "ph3".to_owned())]
        };
        assert_eq!(told("x{2/}{1}y{/1}").1, Vec::<String>::new());
        assert_eq!(told("x{1}y{/1}{2/}").0, whole([1, 2, 2]));
        assert_eq!(
            told("x{1}y{/1}"),
            (
                whole([1, 2, 0])[..2].to_vec(),
                vec!["the code {2/} of the source is missing: it is put at the end".into()]
            )
        );
        let (codes, lost) = told("{1}y{2/}");
        assert_eq!(codes, [(1, "ph3".to_owned())]);
        assert_eq!(lost, ["the code {/1} of the source is missing: it is put at the end"]);
        assert_eq!(told("{2/}{1}y{/1}{2/}").1, ["the code {2/} stands there twice: the second is left out"]);
        assert_eq!(told("{1}y{/1}{2/}{7/}").1, ["the code {7/} is none of this segment: it is left out"]);
        assert_eq!(told("{/1}y{1}{2/}").1, ["the pair of codes {1} has lost one end: it is put at the end"]);
    }

    #[test]
    fn a_pair_that_crosses_another_is_told() {
        let source = [
            code("bpt", 0, &[("i", "1"), ("x", "1")]),
            code("bpt", 0, &[("i", "2"), ("x", "2")]),
            code("ept", 1, &[("i", "2")]),
            code("ept", 1, &[("i", "1")]),
        ];
        let crossing = Marked::from_shown("{1}a{2}b{/1}c{/2}");
        let (codes, lost) = crossing.codes(&source);
        assert_eq!(codes.len(), 4);
        assert_eq!(crossing.nested().shown(), "a{2}bc{/2}");
        assert_eq!(lost, [Lost::Crossing("1".to_owned())]);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(text in "[{}/1ac ə]{0,12}", places in prop::collection::vec((0usize..13, 0u8..3, 1u8..4), 0..4)) {
            let mut marks: Vec<Mark> = places
                .into_iter()
                .map(|(at, role, id)| Mark {
                    at: crate::formats::boundary(&text, at),
                    role: [Role::Open, Role::Close, Role::Alone][usize::from(role)],
                    id: id.to_string(),
                })
                .collect();
            marks.sort_by_key(|mark| mark.at);
            let marked = Marked { text, marks };
            prop_assert_eq!(Marked::from_shown(&marked.shown()), marked);
        }
    }
}
