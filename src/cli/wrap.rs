//! Text for people: control characters made visible, lines broken between words.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

/// A stretch of text in one style.
pub(super) type Piece = (Style, String);

/// `text` with control characters, and those that turn the direction of writing, as they are written in Rust: `\t`,
/// `\u{1b}`. So no stored text can steer the terminal or break a line.
pub(super) fn visible(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if steers(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// `text` on one line, at most `most` characters of it, with an ellipsis where more stood.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = visible(text);
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
    }
}

/// Lines of at most `width` columns; a longer word has a line of its own. No line ends or begins with a space.
pub(super) fn wrapped(pieces: &[Piece], width: usize) -> Vec<Vec<Piece>> {
    let mut lines = Lines { done: vec![Vec::new()], column: 0, width };
    let (mut gap, mut word): (Vec<Piece>, Vec<Piece>) = (Vec::new(), Vec::new());
    for (style, text) in pieces {
        for (number, part) in text.split(' ').enumerate() {
            if number > 0 {
                lines.add(&mut gap, &mut word);
                gap.push((*style, " ".to_owned()));
            }
            if !part.is_empty() {
                word.push((*style, part.to_owned()));
            }
        }
    }
    lines.add(&mut gap, &mut word);
    lines.done
}

struct Lines {
    done: Vec<Vec<Piece>>,
    column: usize,
    width: usize,
}

impl Lines {
    /// Puts a word after the space before it, or on the next line. Without a word the space waits for one.
    fn add(&mut self, gap: &mut Vec<Piece>, word: &mut Vec<Piece>) {
        if word.is_empty() {
            return;
        }
        let wide = |pieces: &[Piece]| pieces.iter().map(|(_, text)| text.width()).sum::<usize>();
        if self.column > 0 && self.column + wide(gap) + wide(word) > self.width {
            self.done.push(Vec::new());
            self.column = 0;
        }
        if self.column == 0 {
            gap.clear();
        }
        let line = self.done.last_mut().expect("there is a first line");
        for (style, text) in gap.drain(..).chain(word.drain(..)) {
            self.column += text.width();
            match line.last_mut() {
                Some((last, known)) if *last == style => known.push_str(&text),
                _ => line.push((style, text)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstyle::AnsiColor;

    fn lines(pieces: &[Piece], width: usize) -> Vec<String> {
        wrapped(pieces, width).iter().map(|line| line.iter().map(|(_, text)| text.as_str()).collect()).collect()
    }

    #[test]
    fn lines_break_between_words() {
        let plain = |text: &str| [(Style::new(), text.to_owned())];
        assert_eq!(lines(&plain("one two  three"), 8), ["one two", "three"]);
        assert_eq!(lines(&plain("one  two "), 20), ["one  two"]);
        assert_eq!(lines(&plain("a unbreakable b"), 5), ["a", "unbreakable", "b"]);
        assert_eq!(lines(&plain(""), 5), [""]);
        assert_eq!(lines(&plain("əçğ шщю"), 7), ["əçğ шщю"], "columns, not bytes");
        assert_eq!(lines(&plain("30\u{a0}manat az"), 8), ["30\u{a0}manat", "az"], "a no-break space holds");
    }

    #[test]
    fn a_word_in_two_styles_stays_whole() {
        let red = AnsiColor::Red.on_default();
        let pieces = [(Style::new(), "in [-".to_owned()), (red, "a b".to_owned()), (Style::new(), "-].".to_owned())];
        assert_eq!(lines(&pieces, 6), ["in [-a", "b-]."]);
        assert_eq!(wrapped(&pieces, 80)[0].len(), 3);
    }

    #[test]
    fn controls_are_visible() {
        assert_eq!(visible("a\tb\u{1b}[31m\nc"), r"a\tb\u{1b}[31m\nc");
        assert_eq!(visible("x\u{202e}y"), r"x\u{202e}y");
        assert_eq!(visible("Bakı"), "Bakı");
        assert_eq!(cut("one two three", 8), "one two…");
        assert_eq!(cut("one", 3), "one");
    }
}
