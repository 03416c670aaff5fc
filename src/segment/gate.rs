//! The places of a text where a breaking rule can hold at all, told by the character before a place and the one
//! behind it. They are few, so that the automata seldom have to be asked: this is what makes the engine fast.

use super::engine::Pattern;
use regex_syntax::{
    hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind},
    utf8::Utf8Sequences,
};

/// Flags of a byte.
const LAST: u8 = 1;
const NEXT: u8 = 2;

/// Which bytes may stand on either side of a place.
///
/// Before it two bytes are looked at where the last one is none of ASCII's: the last byte of a closing quotation mark
/// or of a digit of another script is the last byte of some Cyrillic or Azerbaijani letter too.
pub(super) struct Gate {
    /// By the byte: it may stand last before a place, or first behind one.
    flags: [u8; 256],
    /// By the last byte but one, times 256, plus the last one.
    last_two: Box<[bool]>,
}

impl Gate {
    /// A gate for the rules given, those that break.
    pub fn new<'r>(rules: impl Iterator<Item = &'r Pattern>) -> Gate {
        let mut gate = Gate { flags: [0; 256], last_two: vec![false; 1 << 16].into_boxed_slice() };
        let (mut last, mut next) = (ClassUnicode::empty(), ClassUnicode::empty());
        for rule in rules {
            add_edge(&rule.before, Edge::Last, &mut last);
            add_edge(&rule.after, Edge::First, &mut next);
        }
        for range in last.ranges() {
            for sequence in Utf8Sequences::new(range.start(), range.end()) {
                let ranges = sequence.as_slice();
                let Some(end) = ranges.last() else { continue };
                for byte in end.start..=end.end {
                    gate.flags[usize::from(byte)] |= LAST;
                }
                let Some(before) = ranges.len().checked_sub(2).map(|at| ranges[at]) else { continue };
                for byte in before.start..=before.end {
                    let row = usize::from(byte) << 8;
                    gate.last_two[row | usize::from(end.start)..=row | usize::from(end.end)].fill(true);
                }
            }
        }
        for range in next.ranges() {
            for sequence in Utf8Sequences::new(range.start(), range.end()) {
                let Some(first) = sequence.as_slice().first() else { continue };
                for byte in first.start..=first.end {
                    gate.flags[usize::from(byte)] |= NEXT;
                }
            }
        }
        gate
    }

    /// The first place at or behind `from` (1 or more) where a breaking rule may hold: between two characters of the
    /// UTF-8 text `bytes` are.
    pub fn next_place(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let pairs = bytes.get(from - 1..)?.windows(2).enumerate();
        for (n, pair) in pairs {
            let (last, next) = (usize::from(pair[0]), usize::from(pair[1]));
            if self.flags[last] & LAST != 0 && self.flags[next] & NEXT != 0 {
                let at = from + n;
                if last < 0x80 || at < 2 || self.last_two[usize::from(bytes[at - 2]) << 8 | last] {
                    return Some(at);
                }
            }
        }
        None
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    First,
    Last,
}

/// Adds the characters that can stand at that edge of what `hir` matches; all of them where it can match nothing.
/// They may be too many, never too few.
fn add_edge(hir: &Hir, edge: Edge, to: &mut ClassUnicode) {
    if may_be_nothing(hir, edge, to) {
        to.push(ClassUnicodeRange::new(char::MIN, char::MAX));
    }
}

/// Adds the characters at that edge; whether `hir` can match nothing.
fn may_be_nothing(hir: &Hir, edge: Edge, to: &mut ClassUnicode) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok();
            let mut chars = text.unwrap_or_default().chars();
            match if edge == Edge::First { chars.next() } else { chars.next_back() } {
                Some(c) => to.push(ClassUnicodeRange::new(c, c)),
                // Bytes that are no text: anything.
                None => to.push(ClassUnicodeRange::new(char::MIN, char::MAX)),
            }
            false
        }
        HirKind::Class(Class::Unicode(class)) => {
            to.union(class);
            false
        }
        HirKind::Class(Class::Bytes(_)) => {
            to.push(ClassUnicodeRange::new(char::MIN, char::MAX));
            false
        }
        HirKind::Repetition(repetition) => may_be_nothing(&repetition.sub, edge, to) || repetition.min == 0,
        HirKind::Capture(capture) => may_be_nothing(&capture.sub, edge, to),
        HirKind::Concat(parts) => {
            let mut nothing = |part: &Hir| may_be_nothing(part, edge, to);
            match edge {
                Edge::First => parts.iter().all(&mut nothing),
                Edge::Last => parts.iter().rev().all(&mut nothing),
            }
        }
        HirKind::Alternation(ways) => {
            // Each way counts, so that none may be left out by a short cut.
            let mut any = false;
            for way in ways {
                any |= may_be_nothing(way, edge, to);
            }
            any
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(before: &str, after: &str) -> Gate {
        let parsed = |pattern| regex_syntax::parse(pattern).unwrap();
        let rule = Pattern { breaks: true, before: parsed(before), after: parsed(after), conditions: Vec::new() };
        Gate::new([&rule].into_iter())
    }

    fn places(gate: &Gate, text: &str) -> Vec<usize> {
        let mut out = Vec::new();
        while let Some(at) = gate.next_place(text.as_bytes(), out.last().map_or(1, |last| last + 1)) {
            out.push(at);
        }
        out
    }

    #[test]
    fn places_stand_between_the_characters_asked_for() {
        let text = "А. Б? “Л” Əla. 2. 5";
        let want = |before: &[char], after: &[char]| -> Vec<usize> {
            let chars: Vec<(usize, char)> = text.char_indices().collect();
            let pairs = chars.windows(2).filter(|two| before.contains(&two[0].1) && after.contains(&two[1].1));
            pairs.map(|two| two[1].0).collect()
        };
        assert_eq!(places(&gate(r"[.?]", r"\s"), text), want(&['.', '?'], &[' ']));
        // The last bytes of ” and of Н are the same; a л ends in the last byte of ».
        assert_eq!(places(&gate("[”»]", " "), "НАН МИЛ Ə” ə» x"), [19, 24]);
        assert_eq!(places(&gate(r"a\d*", r"(?:x|\s*)"), "a1ba"), [1, 2]);
        assert_eq!(places(&gate("", ""), "aə”b"), [1, 3, 6]);
        assert_eq!(places(&gate("a$", "b"), "ab ab"), [1, 4]);
        assert!(places(&gate("(?:ab|c)", "d"), "ad bd cd").contains(&4));
        assert_eq!(places(&gate("a", "b"), ""), [] as [usize; 0]);
    }
}
