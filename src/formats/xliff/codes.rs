//! How the codes of a text go out: as the file's own tags where they came in as such, else as native code.

use crate::model::{Code, CodeKind, Variant};
use quick_xml::escape::unescape;
use std::collections::{HashMap, HashSet};

/// A tag with its attributes' values as they mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// `<g>`
    Start,
    /// `</g>`
    Close,
    /// `<x/>`
    Empty,
}

/// The elements of codes in a version of XLIFF, the attributes they may have, and whether they stand around text.
pub(super) type Elements = &'static [(&'static str, &'static [&'static str], bool)];

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    Tag(Tag),
    /// Native code of a pair, or alone; and the id it is to have. `nested`: an element around text could stand for the
    /// pair.
    Native {
        id: String,
        pair: Option<Pair>,
    },
    /// Begins a highlight.
    Open {
        id: String,
    },
    Close,
    /// An end of a highlight that crosses other elements; it begins under this id.
    Half {
        id: String,
        opens: bool,
    },
    /// Of a highlight that ends nowhere.
    Nothing,
}

/// The other half of a code.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    /// The id of its beginning.
    pub first: String,
    /// Its place among the codes.
    pub other: usize,
    pub nested: bool,
}

/// What is to be written for each code of a text.
///
/// `around`: native pairs are elements around text too, where they are nested.
pub(super) fn forms(variant: &Variant, elements: Elements, around: bool) -> Vec<Form> {
    let codes = &variant.codes;
    let partners = partners(codes);
    let mut used = HashSet::new();
    let mut begun = HashSet::new();
    // Tags first: their ids are given.
    let mut tags: Vec<Option<Tag>> = codes.iter().map(|code| tag(code, elements)).collect();
    for n in 0..codes.len() {
        let Some(found) = &tags[n] else { continue };
        let keep = match found.end {
            End::Close => partners[n].is_some_and(|first| tags[first].as_ref().is_some_and(|t| t.name == found.name)),
            End::Start => {
                let same =
                    |other: usize| tags[other].as_ref().is_some_and(|t| t.name == found.name && t.end == End::Close);
                partners[n].is_some_and(same) && is_free(found, &mut used)
            }
            End::Empty => {
                let of = found.attributes.iter().find(|(name, _)| name == "startRef").map(|(_, id)| id);
                let known = of.is_none_or(|id| begun.contains(id));
                let free = known && is_free(found, &mut used);
                begun
                    .extend(found.attributes.iter().filter(|(name, _)| free && name == "id").map(|(_, id)| id.clone()));
                free
            }
        };
        if !keep {
            tags[n] = None;
            if let Some(other) = partners[n] {
                tags[other] = None;
            }
        }
    }
    let stands_around = |n: usize| around || tags[n].is_some() || codes[n].kind != CodeKind::Alone;
    let nested = nested(codes, &partners, stands_around);
    let mut count = 0;
    let mut ids: Vec<String> = Vec::with_capacity(codes.len());
    for code in codes {
        let wanted = code.attributes.iter().find(|(name, _)| name == "x").map(|(_, x)| x.clone());
        let wanted =
            wanted.filter(|x| !x.is_empty() && x.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c)));
        ids.push(match wanted.filter(|x| used.insert(x.clone())) {
            Some(x) => x,
            None => loop {
                count += 1;
                let id = format!("c{count}");
                if used.insert(id.clone()) {
                    break id;
                }
            },
        });
    }
    (0..codes.len())
        .map(|n| match (codes[n].kind, tags[n].take()) {
            (CodeKind::Open, _) if nested[n] => Form::Open { id: ids[n].clone() },
            (CodeKind::Close, _) if nested[n] => Form::Close,
            (CodeKind::Open | CodeKind::Close, _) => match partners[n] {
                Some(other) => Form::Half { id: ids[n.min(other)].clone(), opens: n < other },
                None => Form::Nothing,
            },
            (CodeKind::Alone, Some(tag)) if tag.end == End::Empty || nested[n] => Form::Tag(tag),
            (CodeKind::Alone, _) => {
                let pair = partners[n].map(|other| Pair { first: ids[n.min(other)].clone(), other, nested: nested[n] });
                Form::Native { id: ids[n].clone(), pair }
            }
        })
        .collect()
}

/// The ids of a tag are no other's; they are taken.
fn is_free(tag: &Tag, used: &mut HashSet<String>) -> bool {
    tag.attributes.iter().filter(|(name, _)| name == "id").all(|(_, id)| !id.is_empty() && used.insert(id.clone()))
}

/// The other half of each code: of pairs by their number `i`, of highlights by their order.
fn partners(codes: &[Code]) -> Vec<Option<usize>> {
    let mut out = vec![None; codes.len()];
    let mut highlights = Vec::new();
    let mut begun: HashMap<&str, usize> = HashMap::new();
    for (n, code) in codes.iter().enumerate() {
        let number = code.attributes.iter().find(|(name, _)| name == "i").map_or("", |(_, value)| value.as_str());
        let first = match (code.kind, code.name.as_str()) {
            (CodeKind::Open, _) => {
                highlights.push(n);
                None
            }
            (CodeKind::Close, _) => highlights.pop(),
            (_, "bpt") => {
                begun.insert(number, n);
                None
            }
            (_, "ept") => begun.remove(number),
            _ => None,
        };
        if let Some(first) = first {
            out[first] = Some(n);
            out[n] = Some(first);
        }
    }
    out
}

/// Which of the pairs that stand around text cross no other.
fn nested(codes: &[Code], partners: &[Option<usize>], around: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut out = vec![false; codes.len()];
    let mut open = Vec::new();
    for n in 0..codes.len() {
        let Some(other) = partners[n].filter(|other| around(n) && around(*other)) else { continue };
        if other > n {
            open.push(n);
        } else if open.last() == Some(&other) {
            open.pop();
            out[n] = true;
            out[other] = true;
        } else if let Some(at) = open.iter().rposition(|first| *first == other) {
            // It crosses what was opened behind it and is open yet: it is none.
            open.remove(at);
        }
    }
    out
}

/// The tag that the native code of a code is, if it is one of these elements with none but their attributes.
fn tag(code: &Code, elements: Elements) -> Option<Tag> {
    let text = unescape(&code.content).ok().filter(|text| text.len() < 10_000)?;
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let (inner, end) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
        (Some(name), _) => (name, End::Close),
        (_, Some(inner)) => (inner, End::Empty),
        _ => (inner, End::Start),
    };
    let (name, mut rest) = inner.split_at(inner.find(' ').unwrap_or(inner.len()));
    let (_, allowed, around) = elements.iter().find(|(known, ..)| *known == name)?;
    let fits = match end {
        End::Start => *around && code.name == "bpt",
        End::Close => *around && code.name == "ept" && rest.is_empty(),
        End::Empty => !*around && matches!(code.name.as_str(), "ph" | "it"),
    };
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let (name, value) = rest.trim_start().split_once("=\"")?;
        let (value, behind) = value.split_once('"')?;
        attributes.push((name.to_owned(), unescape(value).ok()?.into_owned()));
        rest = behind;
    }
    let known = attributes.iter().all(|(name, _)| allowed.contains(&name.as_str()));
    // The first attribute of the list is one the element must have.
    let whole =
        end == End::Close || allowed.first().is_none_or(|first| attributes.iter().any(|(name, _)| name == first));
    (fits && known && whole).then(|| Tag { name: name.to_owned(), attributes, end })
}
