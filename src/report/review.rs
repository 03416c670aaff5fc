//! Beads for review on one page: side by side in the order of the texts, and those in doubt by how much. No script
//! and no other file; each row has an address of its own.

use super::html::escaped;
use crate::lang::Language;
use std::io::{self, Write};

const STYLE: &str = include_str!("review.css");

/// One set for the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewSet {
    pub name: String,
    pub languages: Vec<Language>,
    /// In the order of the texts.
    pub beads: Vec<ReviewBead>,
}

/// One bead: a row of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewBead {
    /// How sure, 0 to 1.
    pub score: f32,
    pub state: ReviewState,
    /// The segments of each language, as tables name them.
    pub numbers: Vec<String>,
    /// As many as the set has languages; empty where a side has no counterpart.
    pub texts: Vec<String>,
    /// Why the sides were joined, a line each.
    pub why: Vec<String>,
}

/// What becomes of a bead where it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// In doubt: it waits as pending.
    Pending,
    /// The aligner is sure enough: published.
    Sure,
    /// A person accepted it: published, and it stays when the texts are edited.
    Accepted,
}

impl ReviewState {
    /// What the page says of it; nothing of what is as it should be.
    fn label(self) -> &'static str {
        match self {
            ReviewState::Pending => "in doubt",
            ReviewState::Sure => "",
            ReviewState::Accepted => "accepted",
        }
    }

    fn class(self) -> &'static str {
        match self {
            ReviewState::Pending => " class=\"doubt\"",
            ReviewState::Sure => "",
            ReviewState::Accepted => " class=\"accepted\"",
        }
    }
}

/// Writes the page. Beads in doubt are marked, and stand once more in front, the least sure first. `accept` is the
/// confidence below which they are.
pub fn review(sets: &[ReviewSet], accept: f32, to: &mut dyn Write) -> io::Result<()> {
    let mut doubtful: Vec<(usize, usize)> = Vec::new();
    let is = |bead: &ReviewBead, state| bead.state == state;
    for (at, set) in sets.iter().enumerate() {
        let of_set = (0..set.beads.len()).filter(|row| is(&set.beads[*row], ReviewState::Pending));
        doubtful.extend(of_set.map(|row| (at, row)));
    }
    doubtful.sort_by(|x, y| sets[x.0].beads[x.1].score.total_cmp(&sets[y.0].beads[y.1].score).then(x.cmp(y)));
    let all: usize = sets.iter().map(|set| set.beads.len()).sum();
    let accepted = sets.iter().flat_map(|set| &set.beads).filter(|bead| is(bead, ReviewState::Accepted)).count();
    writeln!(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(to, "<title>Alignment</title>\n<style>\n{}\n</style>\n</head>\n<body>", STYLE.trim_end())?;
    write!(to, "<header>\n<h1>Alignment</h1>\n<p>{all} beads, {} in doubt (below {accept})", doubtful.len())?;
    if accepted > 0 {
        write!(to, ", {accepted} accepted by a person")?;
    }
    writeln!(to, "</p>\n<p class=\"how\">To accept or change beads, go over the table of ")?;
    writeln!(
        to,
        "<code>yaddash align --format csv</code> and give it back with <code>--apply FILE --save</code>.</p>"
    )?;
    writeln!(to, "<nav>\n<ul>")?;
    if !doubtful.is_empty() {
        writeln!(to, "<li><a href=\"#doubt\">In doubt, the least sure first</a></li>")?;
    }
    for (at, set) in sets.iter().enumerate() {
        let count = set.beads.iter().filter(|bead| is(bead, ReviewState::Pending)).count();
        let count = if count > 0 { format!(" <span class=\"count\">{count}</span>") } else { String::new() };
        writeln!(to, "<li><a href=\"#s{at}\">{}</a>{count}</li>", escaped(&set.name))?;
    }
    writeln!(to, "</ul>\n</nav>\n</header>\n<main>")?;
    if !doubtful.is_empty() {
        writeln!(to, "<section id=\"doubt\">\n<h2>In doubt, the least sure first</h2>")?;
        // Sets of other languages have other columns: a table ends where these change.
        for run in doubtful.chunk_by(|x, y| sets[x.0].languages == sets[y.0].languages) {
            head(to, &sets[run[0].0].languages)?;
            for (at, row) in run {
                let link = format!("<a href=\"#s{at}b{row}\">{} {}</a>", escaped(&sets[*at].name), row + 1);
                body(to, &sets[*at], *row, &link, None)?;
            }
            writeln!(to, "</tbody>\n</table>")?;
        }
        writeln!(to, "</section>")?;
    }
    for (at, set) in sets.iter().enumerate() {
        writeln!(to, "<section id=\"s{at}\">\n<h2>{}</h2>", escaped(&set.name))?;
        head(to, &set.languages)?;
        for row in 0..set.beads.len() {
            body(to, set, row, &(row + 1).to_string(), Some(format!("s{at}b{row}")))?;
        }
        writeln!(to, "</tbody>\n</table>\n</section>")?;
    }
    writeln!(to, "</main>\n</body>\n</html>")
}

fn head(to: &mut dyn Write, languages: &[Language]) -> io::Result<()> {
    write!(to, "<table>\n<colgroup><col class=\"number\">{}</colgroup>\n", "<col>".repeat(languages.len()))?;
    write!(to, "<thead>\n<tr><th scope=\"col\">Bead</th>")?;
    for language in languages {
        write!(to, "<th scope=\"col\">{}</th>", escaped(language.name()))?;
    }
    writeln!(to, "</tr>\n</thead>\n<tbody>")
}

fn body(to: &mut dyn Write, set: &ReviewSet, row: usize, number: &str, id: Option<String>) -> io::Result<()> {
    let bead = &set.beads[row];
    let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
    write!(to, "<tr{id}{}><td class=\"number\">{number}<br><b>{:.2}</b>", bead.state.class(), bead.score)?;
    if !bead.state.label().is_empty() {
        write!(to, " <span class=\"state\">{}</span>", bead.state.label())?;
    }
    writeln!(to)?;
    if !bead.why.is_empty() {
        write!(to, "<details><summary>why</summary><ul>")?;
        for line in &bead.why {
            write!(to, "<li>{}</li>", escaped(line))?;
        }
        writeln!(to, "</ul></details>")?;
    }
    write!(to, "</td>")?;
    for ((language, text), numbers) in set.languages.iter().zip(&bead.texts).zip(&bead.numbers) {
        match text.is_empty() {
            true => write!(to, "<td class=\"none\">no counterpart</td>")?,
            false => write!(
                to,
                "<td><span class=\"segments\">{}</span> <span lang=\"{language}\">{}</span></td>",
                escaped(numbers),
                escaped(text)
            )?,
        }
    }
    writeln!(to, "</tr>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(sets: &[ReviewSet], accept: f32) -> String {
        let mut out = Vec::new();
        review(sets, accept, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn bead(score: f32, state: ReviewState, texts: &[&str], why: &[&str]) -> ReviewBead {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let numbers = texts.iter().map(|text| if text.is_empty() { "-" } else { "3+4" }.to_owned()).collect();
        ReviewBead { score, state, numbers, texts: owned(texts), why: owned(why) }
    }

    #[test]
    fn doubtful_beads_come_first_and_lead_to_their_rows() {
        let beads = vec![
            bead(0.99, ReviewState::Sure, &["One <b>.", "Bir.", "Один."], &["en-az: words +3.0"]),
            bead(0.5, ReviewState::Pending, &["Two.", "İki.", ""], &[]),
            bead(0.2, ReviewState::Pending, &["Three.", "", "Три."], &[]),
            bead(1.0, ReviewState::Accepted, &["Four.", "Dörd.", "Четыре."], &[]),
        ];
        let languages = vec![Language::EN, Language::AZ, Language::RU];
        let page = page(&[ReviewSet { name: "a&b".to_owned(), languages, beads }], 0.9);
        let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what} is not in {page}"));
        assert!(
            at("<a href=\"#s0b2\">a&amp;b 3</a><br><b>0.20</b>") < at("<a href=\"#s0b1\">a&amp;b 2</a><br><b>0.50</b>")
        );
        assert!(at("<a href=\"#s0b1\">") < at("<tr id=\"s0b0\">"));
        assert!(at("<tr id=\"s0b1\" class=\"doubt\">") < at("<tr id=\"s0b2\" class=\"doubt\">"));
        assert_eq!(page.matches("<span lang=\"az\">İki.</span>").count(), 2);
        assert!(
            page.contains("<span lang=\"en\">One &lt;b&gt;.</span>") && page.contains("<li>en-az: words +3.0</li>")
        );
        assert!(page.contains("<p>4 beads, 2 in doubt (below 0.9), 1 accepted by a person</p>"));
        assert!(page.contains("<tr id=\"s0b3\" class=\"accepted\">"));
        assert!(!page.contains("<script") && !page.contains("http"), "nothing is fetched");
    }

    #[test]
    fn without_doubt_there_is_no_such_section() {
        let beads = vec![bead(0.95, ReviewState::Sure, &["One.", "Bir."], &[])];
        let set = ReviewSet { name: "1".to_owned(), languages: vec![Language::EN, Language::AZ], beads };
        assert!(!page(&[set], 0.9).contains("doubt\">"));
    }
}
