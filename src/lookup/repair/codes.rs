//! The inline codes of a query in the stored target.

use super::align::Element;
use crate::model::Code;

fn is_same(a: &Code, b: &Code) -> bool {
    of_kind(a, b) && a.attributes == b.attributes && a.content == b.content
}

fn of_kind(a: &Code, b: &Code) -> bool {
    a.kind == b.kind && a.name == b.name
}

fn alike(a: &[Code], b: &[Code], how: fn(&Code, &Code) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| how(a, b))
}

/// Whether the two are the same codes in the same order, wherever they stand.
pub(super) fn same(a: &[Code], b: &[Code]) -> bool {
    alike(a, b, is_same)
}

/// The target's codes with those of the query in the place of those of the source; `None` where they do not map one to
/// one. Places are as in the stored target. Equal codes give equal codes.
pub(super) fn carried(query: &[Code], source: &[Code], target: &[Code]) -> Option<Vec<Code>> {
    if same(query, source) {
        return Some(target.to_vec());
    }
    if !alike(query, source, of_kind) || source.len() != target.len() {
        return None;
    }
    let once = |code: &Code, of: &[Code], how: fn(&Code, &Code) -> bool| {
        of.iter().filter(|other| how(code, other)).count() == 1
    };
    let by = |how: fn(&Code, &Code) -> bool| {
        source.iter().all(|code| once(code, source, how) && once(code, target, how)).then_some(how)
    };
    let follows: Vec<usize> = if same(source, target) {
        (0..source.len()).collect()
    } else {
        // In another order: each must be told from all others, by what it is or at least by its name.
        let how = by(is_same).or_else(|| by(of_kind))?;
        target.iter().map(|code| source.iter().position(|other| how(other, code))).collect::<Option<_>>()?
    };
    Some(target.iter().zip(follows).map(|(code, from)| Code { at: code.at, ..query[from].clone() }).collect())
}

/// Whether the codes of query and source stand at the same places of the words: between counterparts, or as far into them.
pub(super) fn in_place(query: (&[Code], &[Element]), source: (&[Code], &[Element]), pairs: &[(usize, usize)]) -> bool {
    let before = |elements: &[Element], at: usize| elements.partition_point(|element| element.span.end <= at);
    query.0.len() == source.0.len()
        && query.0.iter().zip(source.0).all(|(asked, stored)| {
            let (i, j) = (before(query.1, asked.at), before(source.1, stored.at));
            let inside = |elements: &[Element], k: usize, at: usize| {
                elements.get(k).and_then(|element| at.checked_sub(element.span.start)).filter(|deep| *deep > 0)
            };
            let ends = i == query.1.len() && j == source.1.len();
            let starts = i == 0 && j == 0;
            inside(query.1, i, asked.at) == inside(source.1, j, stored.at)
                && (ends || starts || pairs.contains(&(i, j)) || (i > 0 && j > 0 && pairs.contains(&(i - 1, j - 1))))
        })
}
