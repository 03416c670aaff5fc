//! Two texts as one, with what differs between them marked word by word.

use super::wrap::{Piece, visible};
use crate::text::diff::{EditKind, edits};
use anstyle::{AnsiColor, Effects, Style};

/// The second text with what differs from the first marked: `[-only first-]{+only second+}`; in colour where there is
/// colour.
pub(super) fn differences(color: bool, query: &str, source: &str) -> Vec<Piece> {
    let plain = Style::new();
    let (asked_style, stored_style) = match color {
        true => (
            AnsiColor::Red.on_default().effects(Effects::STRIKETHROUGH),
            AnsiColor::Green.on_default().effects(Effects::UNDERLINE),
        ),
        false => (plain, plain),
    };
    let mark = |before: &str, text: &str, after: &str| match (color, text.is_empty()) {
        (_, true) => String::new(),
        (true, _) => visible(text),
        (false, _) => format!("{before}{}{after}", visible(text)),
    };
    let mut out: Vec<Piece> = Vec::new();
    let ends_in_space = |out: &[Piece]| out.last().is_none_or(|(_, text)| text.ends_with(' '));
    let mut at = 0;
    for edit in edits(query, source) {
        out.push((plain, visible(&source[at..edit.new.start])));
        at = edit.new.end;
        let (asked, stored) = (edit.old.of(query), edit.new.of(source));
        if edit.kind == EditKind::Equal {
            out.push((plain, visible(stored)));
            continue;
        }
        out.retain(|(_, text)| !text.is_empty());
        let spaced = |text: Option<char>| text.is_some_and(char::is_whitespace);
        // What is only in the query has its spaces from there.
        if stored.is_empty() && spaced(query[..edit.old.start].chars().next_back()) && !ends_in_space(&out) {
            out.push((plain, " ".to_owned()));
        }
        out.push((asked_style, mark("[-", asked, "-]")));
        if color && !asked.is_empty() && !stored.is_empty() {
            out.push((plain, " ".to_owned()));
        }
        out.push((stored_style, mark("{+", stored, "+}")));
        let goes_on = at < source.len() && !spaced(source[at..].chars().next());
        if stored.is_empty() && goes_on && spaced(query[edit.old.end..].chars().next()) {
            out.push((plain, " ".to_owned()));
        }
    }
    out.push((plain, visible(&source[at..])));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(query: &str, source: &str) -> String {
        differences(false, query, source).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn differences_are_marked_with_their_spaces() {
        for (query, source, shown) in [
            ("Held in Baku.", "Held in Ganja.", "Held in [-Baku-]{+Ganja+}."),
            ("The big office", "The office", "The [-big-] office"),
            ("The office now", "The office", "The office [-now-]"),
            ("Now the office", "the office", "[-Now-] the office"),
            ("The office", "The old office", "The {+old+} office"),
            ("The office", "The office.", "The office{+.+}"),
            ("The office.", "The office", "The office[-.-]"),
            ("x", "a\tb", r"[-x-]{+a\tb+}"),
            ("", "", ""),
        ] {
            assert_eq!(marked(query, source), shown, "{query} / {source}");
        }
    }

    #[test]
    fn colour_marks_without_brackets() {
        let pieces = differences(true, "Held in Baku.", "Held in Ganja.");
        let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(text, "Held in Baku Ganja.");
    }
}
