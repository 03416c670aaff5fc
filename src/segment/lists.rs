//! Running lists: `1. The first item 2. The second item`, `a) … b) …`, `• … • …` inside one paragraph.

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
    let mut bullet: Option<usize> = None;
    for word in words(paragraph) {
        let (start, text) = word;
        let end = start + text.len();
        if end == paragraph.len() {
            break;
        }
        let glued = text.starts_with(BULLETS) && text.chars().count() > 1;
        let core = if glued { text.trim_start_matches(BULLETS) } else { text };
        if !glued && text.starts_with(BULLETS) {
            bullet = Some(start);
            let style = Style { bullet: true, open: false, close: None, letter: false };
            out.push(Mark { style, value: 0, start, end });
            continue;
        }
        let bulleted = glued || bullet.is_some();
        let from = bullet.take().unwrap_or(start);
        let Some((open, close, letter, value)) = enumerator(core) else { continue };
        if bulleted && !glued {
            out.pop();
        }
        let style = Style { bullet: bulleted, open, close: Some(close), letter };
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

/// The words of `text` that can be marks (short ones), each with its place.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split_whitespace().filter(|word| word.len() <= 8).map(move |word| (word.as_ptr() as usize - base, word))
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
        ] {
            assert_eq!(items(text, &[]), want, "{text}");
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
        ] {
            assert_eq!(items(text, &[]), [text]);
        }
    }
}
