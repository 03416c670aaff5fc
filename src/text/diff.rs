//! Word edits between two strings, for showing what differs between a query and a stored source.

use super::{Span, tokens};
use serde::Serialize;
use similar::{
    DiffOp,
    algorithms::{Capture, Replace, myers},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EditKind {
    Equal,
    /// In the first text only.
    Delete,
    /// In the second text only.
    Insert,
    /// One stretch stands where another stood.
    Replace,
}

/// One step from the first text to the second; the spans cover whole tokens and the space between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub kind: EditKind,
    pub old: Span,
    pub new: Span,
}

/// The word edits that lead from `old` to `new`, in order.
pub fn edits(old: &str, new: &str) -> Vec<Edit> {
    let a: Vec<Span> = tokens(old).map(|t| t.span).collect();
    let b: Vec<Span> = tokens(new).map(|t| t.span).collect();
    let words_a: Vec<&str> = a.iter().map(|s| s.of(old)).collect();
    let words_b: Vec<&str> = b.iter().map(|s| s.of(new)).collect();
    let span = |spans: &[Span], from: usize, len: usize, text: &str| match len {
        0 => {
            let at = spans.get(from).map_or(text.len(), |s| s.start);
            Span::new(at, at)
        }
        _ => Span::new(spans[from].start, spans[from + len - 1].end),
    };
    let mut found = Replace::new(Capture::new());
    let Ok(()) = myers::diff(&mut found, &words_a, 0..words_a.len(), &words_b, 0..words_b.len());
    found
        .into_inner()
        .into_ops()
        .into_iter()
        .map(|op| {
            let (kind, from_a, len_a, from_b, len_b) = match op {
                DiffOp::Equal { old_index, new_index, len } => (EditKind::Equal, old_index, len, new_index, len),
                DiffOp::Delete { old_index, old_len, new_index } => {
                    (EditKind::Delete, old_index, old_len, new_index, 0)
                }
                DiffOp::Insert { old_index, new_index, new_len } => {
                    (EditKind::Insert, old_index, 0, new_index, new_len)
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    (EditKind::Replace, old_index, old_len, new_index, new_len)
                }
            };
            Edit { kind, old: span(&a, from_a, len_a, old), new: span(&b, from_b, len_b, new) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_differs() {
        let (old, new) = ("The event was held in Baku.", "The event was held in Ganja.");
        let got: Vec<_> = edits(old, new).into_iter().map(|e| (e.kind, e.old.of(old), e.new.of(new))).collect();
        assert_eq!(
            got,
            [
                (EditKind::Equal, "The event was held in", "The event was held in"),
                (EditKind::Replace, "Baku", "Ganja"),
                (EditKind::Equal, ".", "."),
            ]
        );
        assert!(edits("", "").is_empty());
    }
}
