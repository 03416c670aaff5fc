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

/// Which end of a pair a code is, by its name; a lone code may come back from other programs under another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Side {
    Begin,
    End,
    Neither,
}

impl Side {
    const ALL: [Side; 3] = [Side::Begin, Side::End, Side::Neither];

    fn named(name: &str) -> Side {
        match name {
            "bpt" => Side::Begin,
            "ept" => Side::End,
            _ => Side::Neither,
        }
    }

    fn of(role: Role) -> Side {
        match role {
            Role::Open(_) => Side::Begin,
            Role::Close(_) => Side::End,
            _ => Side::Neither,
        }
    }
}

/// The numbers of pairs, by code.
fn pairs(natives: &[Native]) -> Vec<Option<usize>> {
    let mut out = vec![None; natives.len()];
    let mut count = 0;
    for (at, native) in natives.iter().enumerate() {
        if let Role::Open(end) = native.role {
            count += 1;
            (out[at], out[end]) = (Some(count), Some(count));
        }
    }
    out
}

/// The codes as the rest of the program knows them.
pub(super) fn told(natives: &[Native]) -> Vec<Code> {
    let pairs = pairs(natives);
    let code = |(at, native): (usize, &Native)| {
        let end = Side::of(native.role);
        let name = match end {
            Side::Begin => "bpt",
            Side::End => "ept",
            Side::Neither => "ph",
        };
        let kind = Some(native.kind).filter(|kind| !kind.is_empty() && end != Side::End);
        let attributes = [
            ("i", pairs[at].map(|number| number.to_string())),
            ("x", Some((at + 1).to_string())),
            ("type", kind.map(str::to_owned)),
        ];
        let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        let content = quick_xml::escape::escape(&native.shown).into_owned();
        Code { at: native.at, kind: CodeKind::Alone, name: name.to_owned(), attributes, content }
    };
    natives.iter().enumerate().map(code).collect()
}

/// Which codes of the source a translator's codes are, with their places in the text, each of them once: by their
/// number `x`, those that have none by their pair's number `i`, others in order among the codes of their kind.
pub(super) fn matched(natives: &[Native], text: &str, codes: &[Code]) -> Vec<(usize, usize)> {
    let found = by_order(natives, codes, by_number(natives, codes));
    let place = |at: usize| crate::formats::boundary(text, at);
    let mut out: Vec<(usize, usize)> =
        codes.iter().zip(found).filter_map(|(code, found)| Some((place(code.at), found?))).collect();
    out.sort_by_key(|(at, _)| *at);
    let mut seen = vec![false; natives.len()];
    out.retain(|(_, code)| !std::mem::replace(&mut seen[*code], true));
    out
}

fn value<'c>(code: &'c Code, key: &str) -> Option<&'c str> {
    code.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

/// The codes told by their `x`, and the ends of pairs whose beginnings are.
fn by_number(natives: &[Native], codes: &[Code]) -> Vec<Option<usize>> {
    let mut ends: HashMap<&str, usize> = HashMap::new();
    let number = |code: &Code| {
        let at = value(code, "x")?.parse::<usize>().ok()?.checked_sub(1)?;
        // Some programs have one number for both ends of a pair.
        let end = Side::named(&code.name);
        Some(match natives.get(at)?.role {
            Role::Open(other) if end == Side::End => other,
            Role::Close(other) if end == Side::Begin => other,
            _ => at,
        })
    };
    let mut out: Vec<Option<usize>> = codes.iter().map(number).collect();
    for (code, found) in codes.iter().zip(&out) {
        if let (Some(at), Some(i), Side::Begin) = (found, value(code, "i"), Side::named(&code.name))
            && let Role::Open(end) = natives[*at].role
        {
            ends.insert(i, end);
        }
    }
    for (code, found) in codes.iter().zip(&mut out).filter(|(_, found)| found.is_none()) {
        if Side::named(&code.name) == Side::End {
            *found = value(code, "i").and_then(|i| ends.get(i).copied());
        }
    }
    out
}

/// The codes that have no number, by that of their pair or in order.
fn by_order(natives: &[Native], codes: &[Code], mut out: Vec<Option<usize>>) -> Vec<Option<usize>> {
    let mut used = vec![false; natives.len()];
    out.iter().flatten().for_each(|at| used[*at] = true);
    let pairs = pairs(natives);
    let numbered: HashMap<(Side, String), usize> = natives
        .iter()
        .enumerate()
        .filter_map(|(at, native)| Some(((Side::of(native.role), pairs[at]?.to_string()), at)))
        .collect();
    let mut rest = Side::ALL.map(|end| (end, (0..natives.len()).filter(move |at| Side::of(natives[*at].role) == end)));
    for (code, found) in codes.iter().zip(&mut out).filter(|(_, found)| found.is_none()) {
        if value(code, "x").is_some() || code.kind != CodeKind::Alone {
            continue;
        }
        let end = Side::named(&code.name);
        let by_pair = value(code, "i").and_then(|i| numbered.get(&(end, i.to_owned())).copied());
        *found = by_pair.filter(|at| !used[*at]).or_else(|| {
            let (_, rest) = rest.iter_mut().find(|(its, _)| *its == end)?;
            rest.find(|at| !used[*at])
        });
        found.iter().for_each(|at| used[*at] = true);
    }
    out
}

/// The new segment: every code of the source once, pairs around one another and in order, ends of what is outside in
/// their order. Codes that are missing follow at the end.
///
/// `of` is the source's text. What a code stands for is not written again as words. A code that stands for words and is
/// missing goes where these words are; a pair around all words stays around them; a line break or tab that is missing is
/// left out where `last` says that nothing follows the segment in its block.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    /// Codes of these roles, each behind one letter more.
    fn natives(roles: &[Role]) -> Vec<Native> {
        let native = |(at, role): (usize, &Role)| Native {
            source: Span::default(),
            at,
            covers: 0,
            role: *role,
            mark: Mark::Tag,
            kind: "",
            shown: String::new(),
            look: Look::default(),
        };
        roles.iter().enumerate().map(native).collect()
    }

    fn code(name: &str, attributes: &[(&str, &str)]) -> Code {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Code { at: 0, kind: CodeKind::Alone, name: name.to_owned(), attributes, content: String::new() }
    }

    #[test]
    fn codes_are_told_by_number_by_pair_and_by_order() {
        let own = natives(&[Role::Open(2), Role::Alone, Role::Close(0), Role::Open(5), Role::Alone, Role::Close(3)]);
        let cases: &[(&[Code], &[usize])] = &[
            (&[code("ph", &[("x", "5")]), code("ph", &[("x", "2")])], &[4, 1]),
            // As XLIFF has them: the pair's number is another one.
            (
                &[code("bpt", &[("i", "r4"), ("x", "4")]), code("ept", &[("i", "r4")]), code("it", &[("x", "1")])],
                &[3, 5, 0],
            ),
            (&[code("bpt", &[("x", "1")]), code("ept", &[("x", "1")])], &[0, 2]),
            (&[code("ept", &[("i", "2")]), code("bpt", &[("i", "2")]), code("ph", &[])], &[5, 3, 1]),
            (
                &[code("bpt", &[("i", "7")]), code("ept", &[("i", "7")]), code("ph", &[]), code("ph", &[])],
                &[0, 2, 1, 4],
            ),
            // Given twice, and unknown.
            (&[code("ph", &[("x", "2")]), code("ph", &[("x", "2")]), code("ph", &[("x", "99")])], &[1]),
            (&[code("ph", &[]), code("ph", &[]), code("ph", &[])], &[1, 4]),
        ];
        for (codes, want) in cases {
            let got: Vec<usize> = matched(&own, "", codes).into_iter().map(|(_, code)| code).collect();
            assert_eq!(got, *want, "{codes:?}");
        }
    }

    #[test]
    fn every_code_is_written_once_and_in_order() {
        let (open, close) = (Role::Lone { opens: true }, Role::Lone { opens: false });
        let cases: &[(&[Role], &[usize], &[usize])] = &[
            // A pair lies across another one; its end comes first; it is missing in part.
            (&[Role::Open(1), Role::Close(0), Role::Open(3), Role::Close(2)], &[0, 2, 1, 3], &[0, 2, 3, 1]),
            (&[Role::Open(1), Role::Close(0), Role::Alone], &[1, 2, 0], &[0, 2, 1]),
            (&[Role::Alone, Role::Open(2), Role::Close(1)], &[2], &[1, 2, 0]),
            // Ends of what is outside.
            (&[close, Role::Open(2), Role::Close(1), open], &[3, 1, 0, 2], &[0, 1, 2, 3]),
            // A bookmark lies across a pair and ends behind its beginning.
            (&[Role::Start(1), Role::Stop(0), Role::Open(3), Role::Close(2)], &[2, 1, 3, 0], &[2, 0, 3, 1]),
        ];
        for (roles, order, want) in cases {
            let own = natives(roles);
            let places: Vec<(usize, usize)> = order.iter().map(|code| (1, *code)).collect();
            let pieces = settled(&own, "source", "ab", &places, false);
            let got: Vec<usize> = pieces
                .iter()
                .filter_map(|piece| if let Piece::Code(code) = piece { Some(*code) } else { None })
                .collect();
            assert_eq!(got, *want, "{roles:?} {order:?}");
        }
    }
}
