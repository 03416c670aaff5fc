//! Two texts as one with what differs marked word by word, for pages.

use crate::text::diff::{EditKind, edits};

/// A stretch of a text shown: `same`, only in what was asked (`asked`), or only in what is stored (`stored`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub kind: &'static str,
    pub text: String,
}

/// The stored text with what differs from the query: words of the query that it lacks stand before what it has in
/// their place.
pub fn marked(query: &str, stored: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut put = |kind: &'static str, text: &str| match out.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.kind == kind => last.text.push_str(text),
        _ => out.push(Piece { kind, text: text.to_owned() }),
    };
    let mut at = 0;
    for edit in edits(query, stored) {
        put("same", &stored[at..edit.new.start]);
        at = edit.new.end;
        match edit.kind {
            EditKind::Equal => put("same", edit.new.of(stored)),
            _ => {
                put("asked", edit.old.of(query));
                put("stored", edit.new.of(stored));
            }
        }
    }
    put("same", &stored[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_gives_the_stored_text() {
        for (query, stored, shown) in [
            ("Held in Baku.", "Held in Ganja.", "Held in -Baku+Ganja."),
            ("The office", "The old office", "The +old office"),
            ("x", "", "-x"),
            ("", "a b", "+a b"),
        ] {
            let pieces = marked(query, stored);
            let text: String = pieces
                .iter()
                .map(|piece| match piece.kind {
                    "asked" => format!("-{}", piece.text),
                    "stored" => format!("+{}", piece.text),
                    _ => piece.text.clone(),
                })
                .collect();
            assert_eq!(text, shown);
            let without: String = pieces.iter().filter(|p| p.kind != "asked").map(|p| p.text.as_str()).collect();
            assert_eq!(without, stored);
        }
    }
}
