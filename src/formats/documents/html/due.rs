//! Which piece of the source the words come from that the tokenizer gives out: it holds some back, and gives others out
//! letter by letter.

use crate::text::{Span, prefix};
use html5ever::data::NAMED_ENTITIES;
use std::collections::VecDeque;

/// Words that are due, in order.
#[derive(Debug, Default)]
pub(super) struct Due {
    pieces: VecDeque<Piece>,
}

/// Words in the source.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Piece {
    /// How long they are as text, in bytes.
    pub length: usize,
    pub source: Span,
    pub line: usize,
    pub column: usize,
    /// It may be a tag, of which no words come.
    pub tag: bool,
}

impl Piece {
    /// Where bytes `from` to `to` of the words stand. A reference is one whole.
    pub fn part(&self, from: usize, to: usize) -> Span {
        if self.length != self.source.len() {
            return self.source;
        }
        Span::new(self.source.start + from, self.source.start + to)
    }
}

impl Due {
    /// `piece` of the source is read next; it stands at byte `at`. In `raw` text no reference is read.
    pub fn push(&mut self, piece: &str, at: usize, line: usize, column: usize, raw: bool) {
        let mut push = |from: usize, to: usize, length: usize| {
            let source = Span::new(at + from, at + to);
            let column = column + piece[..from].chars().count();
            self.pieces.push_back(Piece { length, source, line, column, tag: piece.starts_with('<') });
        };
        let (end, length) = if raw { (0, 0) } else { reference(piece).unwrap_or_default() };
        if end > 0 {
            push(0, end, length);
        }
        if end < piece.len() {
            push(end, piece.len(), piece.len() - end);
        }
    }

    /// The piece that `words`, or their beginning, come from; `None` for words that nobody knows of.
    pub fn next(&mut self, words: &str) -> Option<Piece> {
        while self.pieces.front().is_some_and(|piece| piece.tag && !words.starts_with('<')) {
            self.pieces.pop_front();
        }
        let piece = self.pieces.front_mut()?;
        let known = prefix(words, piece.length);
        let length = if known.is_empty() { words.chars().next().map_or(0, char::len_utf8) } else { known.len() };
        let (whole, out) = (*piece, Piece { length, ..*piece });
        if length >= piece.length {
            self.pieces.pop_front();
            return Some(out);
        }
        piece.length -= length;
        piece.tag = false;
        if whole.length != whole.source.len() {
            return Some(out);
        }
        piece.source.start += length;
        piece.column += known.chars().count();
        Some(Piece { source: Span::new(whole.source.start, piece.source.start), ..out })
    }

    /// A tag or a comment was read: what stands before it is due no more.
    pub fn clear(&mut self) {
        self.pieces.clear();
    }
}

/// How much of `piece` is a character reference, and how long what it stands for is. [HTML, 13.2.5.72]
fn reference(piece: &str) -> Option<(usize, usize)> {
    let name = piece.strip_prefix('&')?;
    let Some(number) = name.strip_prefix('#') else {
        let ends = (1..=name.len()).take_while(|end| name.is_char_boundary(*end));
        let known = ends.map_while(|end| Some((end, *NAMED_ENTITIES.get(&name[..end])?)));
        let (end, (first, second)) = known.filter(|(_, (first, _))| *first != 0).last()?;
        let length = |code| char::from_u32(code).filter(|c| *c != '\0').map_or(0, char::len_utf8);
        return Some((1 + end, length(first) + length(second)));
    };
    let (digits, base) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits.bytes().take_while(|b| char::from(*b).is_digit(base)).count();
    if length == 0 {
        return None;
    }
    let end = piece.len() - digits.len() + length;
    let end = end + usize::from(piece[end..].starts_with(';'));
    let stands_for = match u32::from_str_radix(&digits[..length], base) {
        // What the numbers of controls meant in windows-1252.
        Ok(code @ 0x80..=0x9F) => html5ever::data::C1_REPLACEMENTS[code as usize - 0x80],
        Ok(0) | Err(_) => None,
        Ok(code) => char::from_u32(code),
    };
    let own = |code: u32| char::from_u32(code).map(char::len_utf8);
    let length = match (stands_for, u32::from_str_radix(&digits[..length], base)) {
        (Some(c), _) => c.len_utf8(),
        (None, Ok(code @ 0x80..=0x9F)) => own(code).unwrap_or(3),
        (None, _) => char::REPLACEMENT_CHARACTER.len_utf8(),
    };
    Some((end, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_what_they_stand_for() {
        for (piece, want) in [
            ("&amp;", Some((5, 1))),
            ("&amp", Some((4, 1))),
            ("&ampx", Some((4, 1))),
            ("&notanentity;", Some((4, 2))),
            ("&notin;", Some((7, 3))),
            ("&nosuch;", None),
            ("&", None),
            ("&;", None),
            ("&#1071;", Some((7, 2))),
            ("&#x42F", Some((6, 2))),
            ("&#x80;", Some((6, 3))),
            ("&#x81;", Some((6, 2))),
            ("&#99999999999999;", Some((17, 3))),
            ("&#xg", None),
            ("&#", None),
            ("&nsubE;", Some((7, 5))),
        ] {
            assert_eq!(reference(piece), want, "{piece}");
        }
    }
}
