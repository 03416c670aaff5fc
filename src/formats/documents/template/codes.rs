//! The codes of a segment, and an order of them that is sound whatever a translator makes of it.

use super::docx::Look;
use crate::{
    formats::documents::trace::Mark,
    model::{Code, CodeKind},
    text::Span,
};
use std::collections::HashMap;

/// A code of the source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Native {
    pub source: Span,
    /// Byte place in the segment's text.
    pub at: usize,
    /// How many bytes of the text, from there on, it stands for.
    pub covers: usize,
    pub role: Role,
    pub mark: Mark,
    /// What it is, as TMX names it; empty where nothing is known.
    pub kind: &'static str,
    /// A readable form.
    pub shown: String,
    /// Of a DOCX.
    pub look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Begins what the other code ends.
    Open(usize),
    Close(usize),
    /// Begins or ends something whose other end is outside of the segment.
    Lone {
        opens: bool,
    },
    Alone,
    /// Like a pair, but others may lie across it: a bookmark.
    Start(usize),
    Stop(usize),
}

/// What a new segment is made of, in order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piece<'t> {
    Words(&'t str),
    /// A code, by its number among those of the source.
    Code(usize),
}

/// The codes as the rest of the program knows them.
pub(super) fn told(natives: &[Native]) -> Vec<Code> {
    let mut pairs = 0;
    let mut numbers = HashMap::new();
    let code = |(at, native): (usize, &Native)| {
        let mut attributes = Vec::new();
        let name = match native.role {
            Role::Open(end) => {
                pairs += 1;
                numbers.insert(end, pairs);
                attributes.push(("i".to_owned(), pairs.to_string()));
                "bpt"
            }
            Role::Close(_) => {
                attributes.push(("i".to_owned(), numbers.get(&at).copied().unwrap_or_default().to_string()));
                "ept"
            }
            _ => "ph",
        };
        attributes.push(("x".to_owned(), (at + 1).to_string()));
        if !native.kind.is_empty() && name != "ept" {
            attributes.push(("type".to_owned(), native.kind.to_owned()));
        }
        let content = quick_xml::escape::escape(&native.shown).into_owned();
        Code { at: native.at, kind: CodeKind::Alone, name: name.to_owned(), attributes, content }
    };
    natives.iter().enumerate().map(code).collect()
}

/// Which codes of the source a translator's codes are, with their places in the text: by their number `x`, those that
/// have none by their pair's number `i`, others in order among the codes of their kind.
pub(super) fn matched(natives: &[Native], text: &str, codes: &[Code]) -> Vec<(usize, usize)> {
    let own = told(natives);
    let value = |code: &Code, key: &str| -> Option<String> {
        code.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    };
    let mut used = vec![false; natives.len()];
    let mut found: Vec<Option<usize>> = vec![None; codes.len()];
    // What a code is called may change on its way through other programs: a `ph` may come back as an `it`.
    let is_end = |name: &str| name == "ept";
    let is_begin = |name: &str| name == "bpt";
    let alike = |a: &str, b: &str| is_end(a) == is_end(b) && is_begin(a) == is_begin(b);
    let by_x: HashMap<String, usize> =
        own.iter().enumerate().filter_map(|(at, code)| Some((value(code, "x")?, at))).collect();
    for (code, found) in codes.iter().zip(&mut found) {
        *found = value(code, "x").and_then(|x| by_x.get(&x).copied());
        // A number given twice names both ends of a pair.
        if let Some(at) = *found {
            let other = match natives[at].role {
                Role::Open(other) | Role::Close(other) if !alike(&own[at].name, &code.name) => other,
                _ => at,
            };
            *found = Some(if alike(&own[other].name, &code.name) { other } else { at });
        }
    }
    // The other end of a pair whose one end has a number.
    let mut partner: HashMap<String, usize> = HashMap::new();
    for (code, found) in codes.iter().zip(&found) {
        if let (Some(at), Some(i), true) = (found, value(code, "i"), is_begin(&code.name))
            && let Role::Open(end) = natives[*at].role
        {
            partner.insert(i, end);
        }
    }
    for (code, found) in codes.iter().zip(&mut found).filter(|(code, found)| found.is_none() && is_end(&code.name)) {
        *found = value(code, "i").and_then(|i| partner.get(&i).copied());
    }
    found.iter().flatten().for_each(|at| used[*at] = true);
    let numbered: HashMap<(bool, String), usize> =
        own.iter().enumerate().filter_map(|(at, code)| Some(((is_end(&code.name), value(code, "i")?), at))).collect();
    let class = |name: &str| usize::from(is_begin(name)) + 2 * usize::from(is_end(name));
    let mut next = [0; 3];
    for (code, found) in codes.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
        if value(code, "x").is_some() || code.kind != CodeKind::Alone {
            continue;
        }
        let by_pair = value(code, "i").and_then(|i| numbered.get(&(is_end(&code.name), i)).copied());
        *found = by_pair.filter(|at| !used[*at]).or_else(|| {
            let next = &mut next[class(&code.name)];
            while own.get(*next).is_some_and(|code_there| used[*next] || !alike(&code_there.name, &code.name)) {
                *next += 1;
            }
            own.get(*next).map(|_| *next)
        });
        found.iter().for_each(|at| used[*at] = true);
    }
    let place = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut out: Vec<(usize, usize)> =
        codes.iter().zip(&found).filter_map(|(code, found)| Some((place(code.at), (*found)?))).collect();
    out.sort_by_key(|(at, _)| *at);
    let mut seen = vec![false; natives.len()];
    out.retain(|(_, code)| !std::mem::replace(&mut seen[*code], true));
    out
}

/// The new segment: every code of the source once, pairs around one another and in order, ends of what is outside in
/// their order. Codes that are missing follow at the end.
///
/// `of` is the source's text. What a code stands for is not written again as words. A code that stands for words and is
/// missing goes where these words are, a pair around all words stays around them; a line break or tab that is missing is left out where `last` says that nothing
/// follows the segment in its block.
pub(super) fn settled<'t>(
    natives: &[Native],
    of: &str,
    text: &'t str,
    matched: &[(usize, usize)],
    last: bool,
) -> Vec<Piece<'t>> {
    let covered = |code: usize| &of[natives[code].at..natives[code].at + natives[code].covers];
    let mut places = matched.to_vec();
    let mut present = vec![false; natives.len()];
    places.iter().for_each(|(_, code)| present[*code] = true);
    place_by_words(natives, text, &mut places, &mut present, covered);
    complete_pairs(natives, &mut places, &mut present);
    embrace(natives, of.len(), text.len(), &mut places, &mut present);
    for code in (0..natives.len()).filter(|code| !present[*code]) {
        let blank = natives[code].covers > 0 && covered(code).trim().is_empty();
        if !(blank && last) {
            places.push((text.len(), code));
        }
    }
    order_lone(natives, &mut places);
    pieces(natives, text, &nested(natives, &places), covered)
}

/// Codes that stand for words and are missing, where these words are.
fn place_by_words<'n>(
    natives: &[Native],
    text: &str,
    places: &mut Vec<(usize, usize)>,
    present: &mut [bool],
    covered: impl Fn(usize) -> &'n str,
) {
    // Behind which place the next of the same words is looked for.
    let mut from: HashMap<&str, usize> = HashMap::new();
    let placed: HashMap<usize, usize> = places.iter().map(|(at, code)| (*code, *at)).collect();
    for code in (0..natives.len()).filter(|code| natives[*code].covers > 0) {
        let words = covered(code);
        let start = from.get(words).copied().unwrap_or(0).min(text.len());
        let next = match placed.get(&code) {
            Some(at) => start.max(at + words.len()),
            None => match text.get(start..).and_then(|rest| rest.find(words)) {
                Some(found) => {
                    places.push((start + found, code));
                    present[code] = true;
                    start + found + words.len()
                }
                None => text.len(),
            },
        };
        from.insert(words, next);
    }
    places.sort_by_key(|(at, _)| *at);
}

/// Both ends of each pair are there or none, the first one first.
fn complete_pairs(natives: &[Native], places: &mut Vec<(usize, usize)>, present: &mut [bool]) {
    let mut index = vec![None; natives.len()];
    places.iter().enumerate().for_each(|(at, (_, code))| index[*code] = Some(at));
    for code in 0..natives.len() {
        let (Role::Open(end) | Role::Start(end)) = natives[code].role else { continue };
        if let (Some(open), Some(close)) = (index[code], index[end])
            && close < open
        {
            (places[close].1, places[open].1) = (code, end);
        }
    }
    let mut out = Vec::with_capacity(places.len());
    for &(at, code) in places.iter() {
        let missing = |other: usize| index[other].is_none();
        match natives[code].role {
            Role::Open(end) if missing(end) => {
                out.extend([(at, code), (at, end)]);
                present[end] = true;
            }
            Role::Close(start) | Role::Stop(start) if missing(start) => {
                out.extend([(at, start), (at, code)]);
                present[start] = true;
            }
            _ => out.push((at, code)),
        }
    }
    *places = out;
}

/// A pair around all words of the source that is missing is around all words.
fn embrace(natives: &[Native], of: usize, text: usize, places: &mut Vec<(usize, usize)>, present: &mut [bool]) {
    let mut outer = Vec::new();
    let mut ends = Vec::new();
    for (code, native) in natives.iter().enumerate().filter(|(code, _)| !present[*code]) {
        if let Role::Open(end) = native.role
            && native.at == 0
            && natives[end].at == of
            && !present[end]
        {
            outer.push((0, code));
            ends.push((text, end));
        }
    }
    outer.iter().chain(&ends).for_each(|(_, code)| present[*code] = true);
    outer.append(places);
    outer.extend(ends.into_iter().rev());
    *places = outer;
}

/// Ends of what is outside keep their order.
fn order_lone(natives: &[Native], places: &mut [(usize, usize)]) {
    let slots: Vec<usize> =
        (0..places.len()).filter(|at| matches!(natives[places[*at].1].role, Role::Lone { .. })).collect();
    let mut codes: Vec<usize> = slots.iter().map(|at| places[*at].1).collect();
    codes.sort_unstable();
    for (slot, code) in slots.into_iter().zip(codes) {
        places[slot].1 = code;
    }
}

/// No pair lies across another one or across an end of what is outside.
fn nested(natives: &[Native], places: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut out = Vec::with_capacity(places.len());
    let mut open: Vec<usize> = Vec::new();
    let close_to = |open: &mut Vec<usize>, out: &mut Vec<(usize, usize)>, depth: usize, at: usize| {
        while open.len() > depth {
            if let Some(Role::Open(end)) = open.pop().map(|code| natives[code].role) {
                out.push((at, end));
            }
        }
    };
    for &(at, code) in places {
        match natives[code].role {
            Role::Open(_) => {
                // No link stands in a link.
                let is_link = |code: usize| matches!(natives[code].mark, Mark::Link | Mark::Named);
                if is_link(code)
                    && let Some(depth) = open.iter().position(|code| is_link(*code))
                {
                    close_to(&mut open, &mut out, depth, at);
                }
                open.push(code);
                out.push((at, code));
            }
            Role::Close(start) => {
                if let Some(depth) = open.iter().rposition(|code| *code == start) {
                    close_to(&mut open, &mut out, depth, at);
                }
            }
            Role::Lone { .. } => {
                close_to(&mut open, &mut out, 0, at);
                out.push((at, code));
            }
            Role::Alone | Role::Start(_) | Role::Stop(_) => out.push((at, code)),
        }
    }
    let end = places.last().map_or(0, |(at, _)| *at);
    close_to(&mut open, &mut out, 0, end);
    out
}

/// Words and codes in turn, the words without those that codes stand for.
fn pieces<'t, 'n>(
    natives: &[Native],
    text: &'t str,
    places: &[(usize, usize)],
    covered: impl Fn(usize) -> &'n str,
) -> Vec<Piece<'t>> {
    let mut out = Vec::new();
    let mut from = 0;
    for &(at, code) in places {
        if at > from {
            out.push(Piece::Words(&text[from..at]));
            from = at;
        }
        let words = covered(code);
        if natives[code].covers > 0 {
            let blank = words.trim().is_empty();
            let first = text[from..].chars().next();
            if text[from..].starts_with(words) {
                from += words.len();
            } else if let (true, Some(white)) = (blank, first.filter(|c| c.is_whitespace())) {
                from += white.len_utf8();
            } else if let Some(Piece::Words(before)) = out.last_mut()
                && let Some(rest) = before.strip_suffix(words)
            {
                *before = rest;
            }
        }
        out.push(Piece::Code(code));
    }
    if from < text.len() {
        out.push(Piece::Words(&text[from..]));
    }
    out
}
