//! Running lists: `1. The first item 2. The second item`, `a) … b) …`, `• … • …` inside one paragraph.

use crate::text::Span;

/// One mark of an item in a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    style: Style,
    /// Its number, or the number of its letter; bullets count nothing.
    value: u32,
    /// Where it starts (a bullet before it included) and ends.
    start: usize,
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    /// A bullet stands before the number or letter, or alone.
    bullet: bool,
    open: bool,
    /// `.`, `)`, `.)`; nothing after a bullet alone.
    close: Option<Close>,
    letter: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    Stop,
    Paren,
    Both,
}

const BULLETS: &[char] = &['•', '⁃', '▪', '◦', '‣', '●', '■'];

/// Puts a boundary before each item of the running lists of `paragraph` and takes away those between an item
/// and its mark. A list whose items end in commas or semicolons is part of its sentence and stays whole.
pub(super) fn amend(paragraph: &str, ends: &mut Vec<usize>) {
    let marks = marks(paragraph);
    if marks.len() < 2 {
        return;
    }
    let items: Vec<Mark> = runs(paragraph, &marks)
        .into_iter()
        .filter(|run| run.len() > 1 && !run[1..].iter().any(|mark| goes_on(&paragraph[..mark.start])))
        .flatten()
        .collect();
    if items.is_empty() {
        return;
    }
    // From the end of the text before a mark to the end of the mark there is one boundary, before the mark.
    let mut places: Vec<(usize, usize)> =
        items.iter().map(|mark| (paragraph[..mark.start].trim_end().len(), mark.end)).collect();
    places.sort_unstable();
    ends.retain(|end| {
        let next = places.partition_point(|(before, _)| before <= end);
        next == 0 || places[next - 1].1 < *end
    });
    ends.extend(places.iter().map(|(before, _)| *before).filter(|before| *before > 0));
    ends.sort_unstable();
    ends.dedup();
}

/// The marks as lists: each run of one style that counts on. A list begins where a sentence may begin.
fn runs(paragraph: &str, marks: &[Mark]) -> Vec<Vec<Mark>> {
    let mut runs: Vec<Vec<Mark>> = Vec::new();
    // The run each style is in; there are but a few styles.
    let mut open: Vec<(Style, usize)> = Vec::new();
    for mark in marks {
        let here = open.iter().position(|(style, _)| *style == mark.style);
        if let Some(at) = here
            && let Some(last) = runs[open[at].1].last()
            && (mark.style.close.is_none() || mark.value == last.value + 1)
        {
            runs[open[at].1].push(*mark);
            continue;
        }
        let before = paragraph[..mark.start].trim_end();
        if !before.is_empty() && !before.ends_with(['.', '!', '?', '…', ':', ';', '"', '”', '»', ')']) {
            continue;
        }
        runs.push(vec![*mark]);
        match here {
            Some(at) => open[at].1 = runs.len() - 1,
            None => open.push((mark.style, runs.len() - 1)),
        }
    }
    runs
}

/// The text before a mark says that the sentence is not over.
fn goes_on(before: &str) -> bool {
    before.trim_end().ends_with([';', ',', ':'])
}

fn marks(paragraph: &str) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    // The last bullet that stands alone, by its place in `out`.
    let mut bullet: Option<usize> = None;
    for text in words(paragraph) {
        let (start, text) = (text.start, text.of(paragraph));
        let end = start + text.len();
        let glued = text.starts_with(BULLETS);
        if glued && text.chars().count() == 1 {
            bullet = Some(out.len());
            let style = Style { bullet: true, open: false, close: None, letter: false };
            out.push(Mark { style, value: 0, start, end });
            continue;
        }
        let Some((open, close, letter, value)) = enumerator(text.trim_start_matches(BULLETS)) else { continue };
        let own = bullet.take().filter(|at| paragraph[out[*at].end..start].trim().is_empty());
        let from = own.map_or(start, |at| out[at].start);
        out.truncate(own.unwrap_or(out.len()));
        let style = Style { bullet: glued || own.is_some(), open, close: Some(close), letter };
        let small = paragraph[end..].trim_start().starts_with(char::is_lowercase);
        let ended = paragraph[..from].trim_end().ends_with(['.', '!', '?', '…', ';']) || from == 0;
        // `the fee for 1. above`: a number with a stop in the midst of a sentence.
        if close == Close::Stop && !letter && small && !ended {
            continue;
        }
        out.push(Mark { style, value, start: from, end });
    }
    out
}

/// The longest word that can be a mark, in bytes.
const LONGEST_MARK: usize = 8;

/// The words of `text` that can be marks, told by their first or last character: bullets that stand alone, and short
/// words that end in a stop or a parenthesis. The last word of a text marks nothing.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let in_word = |c: char| !c.is_whitespace();
    // This runs over every byte of a text: what it can tell by bytes it does.
    bytes.iter().enumerate().filter_map(move |(at, byte)| match byte {
        b'.' | b')' => {
            if bytes.get(at + 1)?.is_ascii_graphic() || text[at + 1..].starts_with(in_word) {
                return None;
            }
            let mut from = at.saturating_sub(LONGEST_MARK);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            let start = match text[from..at].rfind(char::is_whitespace) {
                Some(space) => from + space + text[from + space..].chars().next().map_or(0, char::len_utf8),
                None if from == 0 => 0,
                None => return None,
            };
            (at + 1 - start <= LONGEST_MARK).then(|| Span::new(start, at + 1))
        }
        // All bullets begin with this byte.
        0xE2 if text[at..].starts_with(BULLETS) => {
            let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
            let alone = end < text.len() && !text[end..].starts_with(in_word) && !text[..at].ends_with(in_word);
            alone.then(|| Span::new(at, end))
        }
        _ => None,
    })
}

/// `(a)`, `1.`, `1)`, `1.)`: an opening parenthesis, how it closes, a letter, its number.
fn enumerator(word: &str) -> Option<(bool, Close, bool, u32)> {
    let open = word.starts_with('(');
    let core = word.strip_prefix('(').unwrap_or(word);
    let (core, close) = if let Some(core) = core.strip_suffix(".)") {
        (core, Close::Both)
    } else if let Some(core) = core.strip_suffix(')') {
        (core, Close::Paren)
    } else {
        (core.strip_suffix('.')?, Close::Stop)
    };
    if open && close == Close::Stop {
        return None;
    }
    if (1..=2).contains(&core.len()) && core.bytes().all(|b| b.is_ascii_digit()) {
        return core.parse().ok().map(|value| (open, close, false, value));
    }
    let mut chars = core.chars();
    match (chars.next(), chars.next()) {
        (Some(letter), None) if letter.is_lowercase() => Some((open, close, true, u32::from(letter))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items<'a>(text: &'a str, ends: &[usize]) -> Vec<&'a str> {
        let mut ends = ends.to_vec();
        amend(text, &mut ends);
        let mut start = 0;
        let mut out = Vec::new();
        for end in ends.into_iter().chain([text.len()]) {
            out.push(text[start..end].trim());
            start = end;
        }
        out
    }

    #[test]
    fn items_of_every_style() {
        for (text, want) in [
            ("1. The first 2. The second", vec!["1. The first", "2. The second"]),
            ("1.) The first 2.) The second", vec!["1.) The first", "2.) The second"]),
            ("Bring: a) a form b) a photo", vec!["Bring:", "a) a form", "b) a photo"]),
            ("(1) Forms (2) Photos (3) Fees", vec!["(1) Forms", "(2) Photos", "(3) Fees"]),
            ("• Forms • Photos", vec!["• Forms", "• Photos"]),
            ("• 9. Forms • 10. Photos", vec!["• 9. Forms", "• 10. Photos"]),
            ("•9. Forms •10. Photos", vec!["•9. Forms", "•10. Photos"]),
            ("1)\u{a0}Formalar 2)\u{a0}Şəkillər", vec!["1)\u{a0}Formalar", "2)\u{a0}Şəkillər"]),
        ] {
            assert_eq!(items(text, &[]), want, "{text}");
        }
    }

    #[test]
    fn every_bullet_is_found_by_its_first_byte() {
        for bullet in BULLETS {
            assert_eq!(bullet.to_string().as_bytes()[0], 0xE2);
        }
    }

    #[test]
    fn a_mark_is_not_parted_from_its_item() {
        let text = "1. The first 2. The second";
        assert_eq!(items(text, &[2, 15]), ["1. The first", "2. The second"]);
    }

    #[test]
    fn what_is_no_list_stays() {
        for text in [
            "a) a form; b) a copy; c) two photos",
            "The fee for 1. above and the fee for 2. above differ",
            "She scored 1. He scored nothing",
            "Items 1) and 2) are due",
            "Ştatlar(a) və qurumlar(b)",
        ] {
            assert_eq!(items(text, &[]), [text]);
        }
    }
}
