//! Patterns written for Java or ICU, as SRX files hold them, in the engine's terms.
//!
//! The engine has neither look-around nor Unicode word boundaries. Both are taken apart where that is exact: what
//! looks over the place itself becomes a condition of the rule, what looks at one character narrows the pattern
//! beside it, and `\b` becomes the two ways in which it can hold. Everything else is refused with a reason.

use super::engine::{Condition, Side};
use regex_syntax::{
    ParserBuilder,
    hir::{Class, ClassUnicode, Hir, HirKind, Look, Repetition},
};
use std::sync::OnceLock;

/// The most ways a pattern is taken apart into.
const MOST_WAYS: usize = 64;
/// The most conditions one rule may have.
const MOST_CONDITIONS: usize = 8;
/// The largest pattern, in states, roughly.
const LARGEST: usize = 1 << 17;

/// One way for a pattern to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub pattern: Hir,
    pub conditions: Vec<Condition>,
}

/// The ways in which `pattern`, which stands on `side` of the place, can match; none where it never can.
///
/// # Errors
/// What about the pattern cannot be run.
pub(super) fn ways(pattern: &str, side: Side) -> Result<Vec<Way>, String> {
    let (core, conditions) = assembled(pieces(pattern)?, side)?;
    let mut out = Vec::new();
    for sequence in sequences(&core)? {
        for mut way in resolved(sequence, side)? {
            way.conditions.extend(conditions.iter().cloned());
            if way.conditions.len() > MOST_CONDITIONS {
                return Err("more look-around than can be kept apart".to_owned());
            }
            if size(&way.pattern) > LARGEST || way.conditions.iter().any(|c| size(&c.pattern) > LARGEST) {
                return Err("the pattern is too large".to_owned());
            }
            out.push(way);
        }
    }
    Ok(out)
}

/// A pattern in the syntax of the `regex` crates, without look-around.
///
/// # Errors
/// What about it is wrong.
pub(super) fn parsed(pattern: &str) -> Result<Hir, String> {
    let parsed = ParserBuilder::new().nest_limit(100).build().parse(pattern);
    parsed.map_err(|error| match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        other => other.to_string(),
    })
}

/// A stretch of a pattern.
enum Piece {
    Text(String),
    Look { side: Side, wanted: bool, pattern: String },
}

/// Words after a backslash that mean the same here under another spelling.
const ESCAPES: &[(char, &str)] = &[
    ('h', r"[ \t\u{A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}]"),
    ('v', r"[\n\x0B\f\r\u{85}\u{2028}\u{2029}]"),
    ('e', r"\x1B"),
    ('R', r"(?:\r\n|[\n\x0B\f\r\u{85}\u{2028}\u{2029}])"),
    ('Z', r"(?:\n?\z)"),
];

/// Names of Java's properties, as Unicode calls them.
const PROPERTIES: &[(&str, &str)] = &[
    ("javaUpperCase", "Uppercase"),
    ("javaLowerCase", "Lowercase"),
    ("javaLetter", "L"),
    ("javaDigit", "Nd"),
    ("javaWhitespace", "White_Space"),
    ("IsAlphabetic", "Alphabetic"),
    ("IsUppercase", "Uppercase"),
    ("IsLowercase", "Lowercase"),
    ("IsPunctuation", "P"),
    ("IsDigit", "Nd"),
];

/// Splits `pattern` at its look-around and spells the rest as the `regex` crates do.
fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut text = String::new();
    // Flags set for the rest of the pattern, outside of any group.
    let mut flags = String::new();
    let (mut class, mut depth, mut quantified) = (0usize, 0usize, false);
    // The look-around that is open, with the depth it was opened at.
    let mut look: Option<(Side, bool, usize)> = None;
    let mut alternatives = false;
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let here = rest;
        rest = &rest[c.len_utf8()..];
        let after_quantifier = std::mem::take(&mut quantified);
        match c {
            '\\' => rest = escape(rest, class > 0, &mut text)?,
            '[' => {
                class += 1;
                text.push('[');
                if rest.starts_with("^]") || rest.starts_with(']') {
                    return Err("an empty `[]`".to_owned());
                }
            }
            ']' if class > 0 => {
                class -= 1;
                text.push(']');
            }
            _ if class > 0 => text.push(c),
            '(' => {
                let opened = [("(?=", Side::After, true), ("(?!", Side::After, false)];
                let opened = opened.into_iter().chain([("(?<=", Side::Before, true), ("(?<!", Side::Before, false)]);
                if let Some((mark, side, wanted)) = opened.into_iter().find(|(mark, ..)| here.starts_with(mark)) {
                    if depth > 0 || look.is_some() {
                        return Err("look-around inside a group".to_owned());
                    }
                    out.push(Piece::Text(std::mem::replace(&mut text, flags.clone())));
                    look = Some((side, wanted, depth));
                    rest = &here[mark.len()..];
                } else if here.starts_with("(?>") {
                    return Err("an atomic group `(?>…)`".to_owned());
                } else if here.starts_with("(?#") {
                    rest = here.find(')').map_or("", |end| &here[end + 1..]);
                    continue;
                } else if let Some(set) = global_flags(here) {
                    if set.contains('d') || set.contains('x') || set.contains('U') {
                        return Err(format!("the flags `{set}`"));
                    }
                    text.push_str(set);
                    if depth == 0 && look.is_none() {
                        flags.push_str(set);
                    }
                    rest = &here[set.len()..];
                    continue;
                } else {
                    text.push('(');
                }
                depth += 1;
            }
            ')' if look.is_some_and(|(_, _, at)| at + 1 == depth) => {
                depth -= 1;
                if let Some((side, wanted, _)) = look.take() {
                    out.push(Piece::Look { side, wanted, pattern: std::mem::replace(&mut text, flags.clone()) });
                }
            }
            ')' => {
                depth = depth.saturating_sub(1);
                text.push(')');
            }
            '+' if after_quantifier => return Err("a possessive quantifier".to_owned()),
            '*' | '+' | '?' | '}' => {
                // `x*?` is lazy, `x*+` possessive; the mark after these is a quantifier no more.
                quantified = !after_quantifier && !text.ends_with('(');
                text.push(c);
            }
            '|' => {
                alternatives |= depth == 0;
                text.push('|');
            }
            _ => text.push(c),
        }
    }
    if look.is_some() {
        return Err("a look-around is not closed".to_owned());
    }
    out.push(Piece::Text(text));
    if alternatives && out.len() > 1 {
        return Err("look-around in one of several alternatives".to_owned());
    }
    Ok(out)
}

/// `(?i)` and the like at the start of `text`.
fn global_flags(text: &str) -> Option<&str> {
    let end = text.find(')')?;
    let inner = text[..end].strip_prefix("(?")?;
    (!inner.is_empty() && inner.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')).then(|| &text[..=end])
}

/// Spells what follows a backslash; gives what follows it in turn.
fn escape<'p>(rest: &'p str, in_class: bool, out: &mut String) -> Result<&'p str, String> {
    let Some(c) = rest.chars().next() else { return Err("a `\\` at the end".to_owned()) };
    let after = &rest[c.len_utf8()..];
    match c {
        'Q' => {
            let end = after.find("\\E").unwrap_or(after.len());
            out.push_str(&regex_syntax::escape(&after[..end]));
            return Ok(after.get(end + 2..).unwrap_or_default());
        }
        'b' if in_class => out.push_str(r"\x08"),
        'p' | 'P' => {
            out.push('\\');
            out.push(c);
            let Some((name, after)) = after.strip_prefix('{').and_then(|name| name.split_once('}')) else {
                return Ok(after);
            };
            let known = PROPERTIES.iter().find(|(java, _)| *java == name).map(|(_, unicode)| *unicode);
            let name = known.unwrap_or_else(|| name.strip_prefix("Is").unwrap_or(name));
            out.push('{');
            out.push_str(name);
            out.push('}');
            return Ok(after);
        }
        '1'..='9' | 'k' => return Err(format!("a back-reference `\\{c}`")),
        'R' | 'Z' if in_class => return Err(format!("`\\{c}` in brackets")),
        _ if ESCAPES.iter().any(|(escape, _)| *escape == c) => {
            out.extend(ESCAPES.iter().filter(|(escape, _)| *escape == c).map(|(_, spelt)| *spelt));
        }
        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'A' | 'z' | 'a' | 'f' | 'n' | 'r' | 't' | 'u' | 'x' => {
            out.push('\\');
            out.push(c);
        }
        _ if c.is_alphanumeric() => return Err(format!("`\\{c}`")),
        _ => out.push_str(&regex_syntax::escape(c.encode_utf8(&mut [0; 4]))),
    }
    Ok(after)
}

const IN_THE_MIDDLE: &str = "look-around in the middle of the pattern, over more than one character";

/// The pattern without its look-around, and the conditions that stand for it.
fn assembled(pieces: Vec<Piece>, side: Side) -> Result<(Hir, Vec<Condition>), String> {
    // A text, then the looks behind it, then the next text, …
    let mut texts = Vec::new();
    let mut looks: Vec<Vec<(Side, bool, Hir)>> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let text = parsed(&text)?;
                match texts.last_mut() {
                    // Two looks beside one another, or a bare `^` before them.
                    Some(last) if text.properties().maximum_len() == Some(0) && !ends(&text) => {
                        *last = chain(vec![std::mem::replace(last, Hir::empty()), text]);
                    }
                    _ => {
                        texts.push(text);
                        looks.push(Vec::new());
                    }
                }
            }
            Piece::Look { side, wanted, pattern } => {
                if let Some(looks) = looks.last_mut() {
                    looks.push((side, wanted, parsed(&pattern)?));
                }
            }
        }
    }
    let mut conditions = Vec::new();
    let mut whole = Hir::empty();
    let count = texts.len();
    let mut left = texts.remove(0);
    let mut texts = texts.into_iter();
    for (n, looks) in looks.into_iter().enumerate() {
        let mut right = texts.next();
        // Nothing but assertions stands before the looks: they look from where the pattern starts.
        let at_start = n == 0 && left.properties().maximum_len() == Some(0);
        let at_end = n + 1 == count;
        for (ahead, wanted, pattern) in looks {
            if has_word_look(&pattern) {
                return Err(r"`\b` inside a look-around".to_owned());
            }
            let at_place = match side {
                Side::Before => at_end,
                Side::After => at_start,
            };
            let one = character(&pattern).map(|class| if wanted { class } else { complement(class) });
            match ahead {
                _ if at_place => conditions.push(Condition { side: ahead, wanted, pattern }),
                Side::After if at_end => {
                    let then = if wanted { pattern } else { or_look(one.ok_or(IN_THE_MIDDLE)?, Look::End) };
                    left = chain(vec![left, then]);
                }
                Side::Before if at_start => {
                    let then = if wanted { pattern } else { or_look(one.ok_or(IN_THE_MIDDLE)?, Look::Start) };
                    left = chain(vec![then, left]);
                }
                Side::After => {
                    let next = right.take().filter(|next| !nullable(next)).ok_or(IN_THE_MIDDLE)?;
                    right = Some(edged(&next, Edge::First, &one.ok_or(IN_THE_MIDDLE)?));
                }
                Side::Before if !nullable(&left) => {
                    left = edged(&left, Edge::Last, &one.ok_or(IN_THE_MIDDLE)?);
                }
                Side::Before => return Err(IN_THE_MIDDLE.to_owned()),
            }
        }
        whole = chain(vec![whole, left]);
        left = right.unwrap_or_else(Hir::empty);
    }
    Ok((whole, conditions))
}

/// The assertion is one of the end of the text.
fn ends(hir: &Hir) -> bool {
    hir.properties().look_set().contains(Look::End) || hir.properties().look_set().contains(Look::EndLF)
}

/// The characters a pattern of exactly one character matches.
fn character(hir: &Hir) -> Option<ClassUnicode> {
    match hir.kind() {
        HirKind::Class(class) => unicode(class),
        HirKind::Literal(literal) => {
            let mut chars = std::str::from_utf8(&literal.0).ok()?.chars();
            let c = chars.next().filter(|_| chars.next().is_none())?;
            Some(ClassUnicode::new([regex_syntax::hir::ClassUnicodeRange::new(c, c)]))
        }
        HirKind::Capture(capture) => character(&capture.sub),
        _ => None,
    }
}

fn unicode(class: &Class) -> Option<ClassUnicode> {
    match class {
        Class::Unicode(class) => Some(class.clone()),
        Class::Bytes(class) => class.to_unicode_class(),
    }
}

fn complement(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

fn or_look(class: ClassUnicode, look: Look) -> Hir {
    either(vec![Hir::look(look), Hir::class(Class::Unicode(class))])
}

/// Alternatives; those that never match are left out, for the library takes the whole for one of them.
fn either(all: Vec<Hir>) -> Hir {
    Hir::alternation(all.into_iter().filter(|one| !is_never(one)).collect())
}

/// One after the other.
fn chain(all: Vec<Hir>) -> Hir {
    if all.iter().any(is_never) { Hir::fail() } else { Hir::concat(all) }
}

fn nullable(hir: &Hir) -> bool {
    hir.properties().minimum_len() == Some(0)
}

fn is_never(hir: &Hir) -> bool {
    hir.properties().minimum_len().is_none()
}

fn has_word_look(hir: &Hir) -> bool {
    hir.properties().look_set().contains_word()
}

/// How many states a pattern takes, roughly.
pub(super) fn size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(class) => match class {
            Class::Unicode(class) => 2 * class.ranges().len(),
            Class::Bytes(_) => 1,
        },
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(repetition.min).max(1);
            size(&repetition.sub).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => size(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => {
            all.iter().map(size).fold(1, |sum, size| sum.saturating_add(size))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// The part of `hir` that matches a text whose first or last character is of `class`; never the empty text.
fn edged(hir: &Hir, edge: Edge, class: &ClassUnicode) -> Hir {
    let in_order = |one: Hir, rest: Vec<Hir>| match edge {
        Edge::First => chain([vec![one], rest].concat()),
        Edge::Last => chain([rest, vec![one]].concat()),
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::fail(),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).unwrap_or_default();
            let c = if edge == Edge::First { text.chars().next() } else { text.chars().next_back() };
            let holds = |c| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&c));
            if c.is_some_and(holds) { hir.clone() } else { Hir::fail() }
        }
        HirKind::Class(own) => match unicode(own) {
            Some(mut own) => {
                own.intersect(class);
                Hir::class(Class::Unicode(own))
            }
            None => Hir::fail(),
        },
        HirKind::Capture(capture) => edged(&capture.sub, edge, class),
        HirKind::Repetition(Repetition { max: Some(0), .. }) => Hir::fail(),
        HirKind::Repetition(repetition) => {
            let rest = Hir::repetition(Repetition {
                min: repetition.min.saturating_sub(1),
                max: repetition.max.map(|max| max - 1),
                ..repetition.clone()
            });
            in_order(edged(&repetition.sub, edge, class), vec![rest])
        }
        HirKind::Alternation(all) => either(all.iter().map(|one| edged(one, edge, class)).collect()),
        HirKind::Concat(all) => {
            let mut ways = Vec::new();
            // What stands before the first text, or after the last one, matches nothing; its assertions hold on.
            let mut outer: Vec<Hir> = Vec::new();
            for n in 0..all.len() {
                let at = if edge == Edge::First { n } else { all.len() - 1 - n };
                let inner = if edge == Edge::First { &all[at + 1..] } else { &all[..at] };
                let one = edged(&all[at], edge, class);
                ways.push(match edge {
                    Edge::First => chain([outer.clone(), vec![one], inner.to_vec()].concat()),
                    Edge::Last => chain([inner.to_vec(), vec![one], outer.clone()].concat()),
                });
                if !nullable(&all[at]) {
                    break;
                }
                let at_edge = if edge == Edge::First { outer.len() } else { 0 };
                outer.insert(at_edge, emptied(&all[at]));
            }
            either(ways)
        }
    }
}

/// The part of `hir` that matches the empty text.
fn emptied(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => hir.clone(),
        HirKind::Literal(_) | HirKind::Class(_) => Hir::fail(),
        HirKind::Capture(capture) => emptied(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min == 0 => Hir::empty(),
        HirKind::Repetition(repetition) => emptied(&repetition.sub),
        HirKind::Alternation(all) => either(all.iter().map(emptied).collect()),
        HirKind::Concat(all) => chain(all.iter().map(emptied).collect()),
    }
}

/// `hir` as alternatives in which word boundaries stand in no group.
fn sequences(hir: &Hir) -> Result<Vec<Vec<Hir>>, String> {
    let out = match hir.kind() {
        _ if !has_word_look(hir) => vec![vec![hir.clone()]],
        HirKind::Capture(capture) => sequences(&capture.sub)?,
        HirKind::Alternation(all) => {
            let mut out = Vec::new();
            for one in all {
                out.extend(sequences(one)?);
            }
            out
        }
        HirKind::Concat(all) => {
            let mut out = vec![Vec::new()];
            for one in all {
                let ways = sequences(one)?;
                if out.len() * ways.len() > MOST_WAYS {
                    return Err(r"too many `\b` in groups".to_owned());
                }
                out = out.iter().flat_map(|before| ways.iter().map(move |way| [&before[..], way].concat())).collect();
            }
            out
        }
        HirKind::Repetition(repetition) if repetition.min == 0 && repetition.max == Some(1) => {
            let mut out = sequences(&repetition.sub)?;
            out.push(Vec::new());
            out
        }
        HirKind::Repetition(_) => return Err(r"`\b` in a repeated group".to_owned()),
        _ => vec![vec![hir.clone()]],
    };
    if out.len() > MOST_WAYS { Err(r"too many `\b` in groups".to_owned()) } else { Ok(out) }
}

/// Word characters as Unicode has them.
fn word() -> &'static ClassUnicode {
    static WORD: OnceLock<ClassUnicode> = OnceLock::new();
    WORD.get_or_init(|| match parsed(r"\w").map(|hir| hir.into_kind()) {
        Ok(HirKind::Class(Class::Unicode(class))) => class,
        _ => ClassUnicode::empty(),
    })
}

/// The ways in which a sequence with word boundaries can match.
fn resolved(sequence: Vec<Hir>, side: Side) -> Result<Vec<Way>, String> {
    let mut items = sequence.into_iter();
    let mut ways = vec![Way { pattern: Hir::empty(), conditions: Vec::new() }];
    let mut look: Option<bool> = None;
    let mut stretch: Vec<Hir> = Vec::new();
    let mut first = true;
    loop {
        let item = items.next();
        let next = match &item {
            Some(item) if !has_word_look(item) => {
                stretch.push(item.clone());
                continue;
            }
            Some(item) => match item.kind() {
                HirKind::Look(Look::WordUnicode | Look::WordAscii) => Some(true),
                HirKind::Look(Look::WordUnicodeNegate | Look::WordAsciiNegate) => Some(false),
                _ => return Err("a word boundary of another kind".to_owned()),
            },
            None => None,
        };
        let text = chain(std::mem::take(&mut stretch));
        ways = match look {
            None => ways.into_iter().map(|way| joined(way, text.clone())).collect(),
            Some(parted) => {
                let mut out = Vec::new();
                for way in &ways {
                    out.extend(parted_ways(way, &text, parted, side, first, item.is_none())?);
                }
                first = false;
                out
            }
        };
        ways.retain(|way| !is_never(&way.pattern));
        if ways.len() > MOST_WAYS {
            return Err(r"too many `\b`".to_owned());
        }
        if item.is_none() {
            return Ok(ways);
        }
        look = next;
    }
}

fn joined(way: Way, text: Hir) -> Way {
    Way { pattern: chain(vec![way.pattern, text]), conditions: way.conditions }
}

/// `left`, a place that parts a word from what is none (or, unless `parted`, does not), and `right`.
/// `first` says that `left` is the pattern's beginning, `last` that `right` is its end.
fn parted_ways(left: &Way, right: &Hir, parted: bool, side: Side, first: bool, last: bool) -> Result<Vec<Way>, String> {
    let beside = r"`\b` beside something that may be empty";
    let mut out = Vec::new();
    for (before, after) in [(true, !parted), (false, parted)] {
        let class = |is_word: bool| if is_word { word().clone() } else { complement(word().clone()) };
        let mut lefts = vec![Way {
            pattern: edged(&left.pattern, Edge::Last, &class(before)),
            conditions: left.conditions.clone(),
        }];
        if nullable(&left.pattern) {
            if !first {
                return Err(beside.to_owned());
            }
            // What stands before the pattern counts.
            let empty = emptied(&left.pattern);
            let char_before =
                if before { Hir::class(Class::Unicode(class(true))) } else { or_look(class(false), Look::Start) };
            lefts.push(match side {
                Side::Before => Way { pattern: chain(vec![char_before, empty]), conditions: vec![] },
                Side::After => Way {
                    pattern: empty,
                    conditions: vec![Condition { side: Side::Before, wanted: true, pattern: char_before }],
                },
            });
        }
        let mut rights = vec![Way { pattern: edged(right, Edge::First, &class(after)), conditions: vec![] }];
        if nullable(right) {
            if !last {
                return Err(beside.to_owned());
            }
            let empty = emptied(right);
            let char_after =
                if after { Hir::class(Class::Unicode(class(true))) } else { or_look(class(false), Look::End) };
            rights.push(match side {
                Side::After => Way { pattern: chain(vec![empty, char_after]), conditions: vec![] },
                Side::Before => Way {
                    pattern: empty,
                    conditions: vec![Condition { side: Side::After, wanted: true, pattern: char_after }],
                },
            });
        }
        for left in &lefts {
            for right in &rights {
                let pattern = chain(vec![left.pattern.clone(), right.pattern.clone()]);
                if !is_never(&pattern) {
                    out.push(Way { pattern, conditions: [&left.conditions[..], &right.conditions].concat() });
                }
            }
        }
    }
    Ok(out)
}
