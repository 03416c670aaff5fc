//! The pieces a text is read from: runs of digits, letters, white space, and single marks.

use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lookup::repair) enum PieceKind {
    /// ASCII digits.
    Digits,
    Letters,
    /// Digits of other scripts, fractions, small raised figures.
    OtherDigit,
    Space,
    /// One other character.
    Mark,
}

/// A run of characters of one kind.
#[derive(Debug, Clone, Copy)]
pub(in crate::lookup::repair) struct Piece {
    pub kind: PieceKind,
    pub span: Span,
}

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let combining = ('\u{300}'..='\u{36f}').contains(&c);
        let kind = match c {
            '0'..='9' => PieceKind::Digits,
            c if c.is_alphabetic() => PieceKind::Letters,
            c if c.is_numeric() => PieceKind::OtherDigit,
            c if c.is_whitespace() => PieceKind::Space,
            _ => PieceKind::Mark,
        };
        match out.last_mut() {
            Some(last) if last.kind == PieceKind::Letters && combining => last.span.end = end,
            Some(last) if last.kind == kind && kind != PieceKind::Mark => last.span.end = end,
            _ => out.push(Piece { kind, span: Span::new(start, end) }),
        }
    }
    out
}
