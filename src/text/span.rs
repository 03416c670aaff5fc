//! Byte spans, and the lines and columns people and CAT tools count.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A half-open range of bytes in some text; both ends lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span ends where it starts or after");
        Span { start, end }
    }

    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The slice of `text` this span marks.
    ///
    /// # Panics
    /// When the span does not lie in `text` on character boundaries.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The same span, counted from a place that lies `offset` bytes earlier.
    pub fn shifted(self, offset: usize) -> Span {
        Span { start: self.start + offset, end: self.end + offset }
    }

    /// The span without white space at either end; an empty span at the start where nothing is left.
    pub fn trimmed(self, text: &str) -> Span {
        let slice = self.of(text);
        let start = self.start + (slice.len() - slice.trim_start().len());
        let end = start.max(self.start + slice.trim_end().len());
        Span { start, end }
    }
}

/// The first `most` bytes of `text`, less what would cut a character.
pub fn prefix(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A line and a column, both counted from 1; the column counts code points (SARIF's `unicodeCodePoints`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Where the lines of a text start, so that a byte offset is turned into a position in logarithmic time
/// (plus the length of its line). Only LF ends a line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        LineIndex { starts }
    }

    /// The position of byte `offset` of `text`, the text the index was made of. An offset past the end
    /// counts as the end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let column = text[self.starts[line]..offset].chars().count() + 1;
        Position { line: line + 1, column }
    }

    /// The line (from 1) that byte `offset` stands in, in logarithmic time.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The bytes of line `line` (from 1), without its line end; `None` past the last line.
    pub fn line(&self, text: &str, line: usize) -> Option<Span> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).map_or(text.len(), |next| next - 1);
        Some(Span { start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points() {
        let text = "Şamaxı\nMilli Məclis\n";
        let index = LineIndex::new(text);
        let at = text.find("Məclis").unwrap();
        assert_eq!(index.position(text, at), Position { line: 2, column: 7 });
        assert_eq!(index.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, text.len()), Position { line: 3, column: 1 });
        assert_eq!(index.line(text, 2).unwrap().of(text), "Milli Məclis");
        assert_eq!(index.line(text, 4), None);
        assert_eq!((index.line_of(0), index.line_of(at), index.line_of(text.len())), (1, 2, 3));
    }

    #[test]
    fn trimming_keeps_inner_space() {
        let text = "  a b \u{a0}";
        assert_eq!(Span::new(0, text.len()).trimmed(text).of(text), "a b");
        assert!(Span::new(0, 2).trimmed(text).is_empty());
    }
}
