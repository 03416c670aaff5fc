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
    /// As many as the set has languages; empty where a side has no counterpart.
    pub texts: Vec<String>,
    /// Why the sides were joined, a line each.
    pub why: Vec<String>,
}

/// Writes the page. Beads below `accept` are in doubt: they are marked, and stand once more in front, the least
/// sure first.
pub fn review(sets: &[ReviewSet], accept: f32, to: &mut dyn Write) -> io::Result<()> {
    let mut doubtful: Vec<(usize, usize)> = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        doubtful.extend((0..set.beads.len()).filter(|row| set.beads[*row].score < accept).map(|row| (at, row)));
    }
    doubtful.sort_by(|x, y| sets[x.0].beads[x.1].score.total_cmp(&sets[y.0].beads[y.1].score).then(x.cmp(y)));
    let all: usize = sets.iter().map(|set| set.beads.len()).sum();
    writeln!(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(to, "<title>Alignment</title>\n<style>\n{}\n</style>\n</head>\n<body>", STYLE.trim_end())?;
    writeln!(to, "<header>\n<h1>Alignment</h1>\n<p>{all} beads, {} below {accept}</p>\n<nav>\n<ul>", doubtful.len())?;
    if !doubtful.is_empty() {
        writeln!(to, "<li><a href=\"#doubt\">In doubt, the least sure first</a></li>")?;
    }
    for (at, set) in sets.iter().enumerate() {
        writeln!(to, "<li><a href=\"#s{at}\">{}</a></li>", escaped(&set.name))?;
    }
    writeln!(to, "</ul>\n</nav>\n</header>\n<main>")?;
    if !doubtful.is_empty() {
        writeln!(to, "<section id=\"doubt\">\n<h2>In doubt, the least sure first</h2>")?;
        // Sets of other languages have other columns: a table ends where these change.
        for run in doubtful.chunk_by(|x, y| sets[x.0].languages == sets[y.0].languages) {
            head(to, &sets[run[0].0].languages)?;
            for (at, row) in run {
                let link = format!("<a href=\"#s{at}b{row}\">{} {}</a>", escaped(&sets[*at].name), row + 1);
                body(to, &sets[*at], *row, accept, &link, None)?;
            }
            writeln!(to, "</tbody>\n</table>")?;
        }
        writeln!(to, "</section>")?;
    }
    for (at, set) in sets.iter().enumerate() {
        writeln!(to, "<section id=\"s{at}\">\n<h2>{}</h2>", escaped(&set.name))?;
        head(to, &set.languages)?;
        for row in 0..set.beads.len() {
            body(to, set, row, accept, &(row + 1).to_string(), Some(format!("s{at}b{row}")))?;
        }
        writeln!(to, "</tbody>\n</table>\n</section>")?;
    }
    writeln!(to, "</main>\n</body>\n</html>")
}

fn head(to: &mut dyn Write, languages: &[Language]) -> io::Result<()> {
    write!(to, "<table>\n<colgroup><col class=\"number\">{}</colgroup>\n", "<col>".repeat(languages.len()))?;
    write!(to, "<thead>\n<tr><th scope=\"col\">bead, score</th>")?;
    for language in languages {
        write!(to, "<th scope=\"col\">{language}</th>")?;
    }
    writeln!(to, "</tr>\n</thead>\n<tbody>")
}

fn body(
    to: &mut dyn Write,
    set: &ReviewSet,
    row: usize,
    accept: f32,
    number: &str,
    id: Option<String>,
) -> io::Result<()> {
    let bead = &set.beads[row];
    let id = id.map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
    let class = if bead.score < accept { " class=\"doubt\"" } else { "" };
    writeln!(to, "<tr{id}{class}><td class=\"number\">{number}<br>{:.2}", bead.score)?;
    if !bead.why.is_empty() {
        write!(to, "<details><summary>why</summary><ul>")?;
        for line in &bead.why {
            write!(to, "<li>{}</li>", escaped(line))?;
        }
        writeln!(to, "</ul></details>")?;
    }
    write!(to, "</td>")?;
    for (language, text) in set.languages.iter().zip(&bead.texts) {
        match text.is_empty() {
            true => write!(to, "<td class=\"none\">no counterpart</td>")?,
            false => write!(to, "<td lang=\"{language}\">{}</td>", escaped(text))?,
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

    fn bead(score: f32, texts: &[&str], why: &[&str]) -> ReviewBead {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        ReviewBead { score, texts: owned(texts), why: owned(why) }
    }

    #[test]
    fn doubtful_beads_come_first_and_lead_to_their_rows() {
        let beads = vec![
            bead(0.99, &["One <b>.", "Bir.", "Один."], &["en-az: words +3.0"]),
            bead(0.5, &["Two.", "İki.", ""], &[]),
            bead(0.2, &["Three.", "", "Три."], &[]),
        ];
        let languages = vec![Language::EN, Language::AZ, Language::RU];
        let page = page(&[ReviewSet { name: "a&b".to_owned(), languages, beads }], 0.9);
        let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what} is not in {page}"));
        assert!(at("<a href=\"#s0b2\">a&amp;b 3</a><br>0.20") < at("<a href=\"#s0b1\">a&amp;b 2</a><br>0.50"));
        assert!(at("<a href=\"#s0b1\">") < at("<tr id=\"s0b0\">"));
        assert!(at("<tr id=\"s0b1\" class=\"doubt\">") < at("<tr id=\"s0b2\" class=\"doubt\">"));
        assert_eq!(page.matches("<td lang=\"az\">İki.</td>").count(), 2);
        assert!(page.contains("<td lang=\"en\">One &lt;b&gt;.</td>") && page.contains("<li>en-az: words +3.0</li>"));
        assert!(page.contains("<p>3 beads, 2 below 0.9</p>") && !page.contains("<script"));
    }

    #[test]
    fn without_doubt_there_is_no_such_section() {
        let beads = vec![bead(0.95, &["One.", "Bir."], &[])];
        let set = ReviewSet { name: "1".to_owned(), languages: vec![Language::EN, Language::AZ], beads };
        assert!(!page(&[set], 0.9).contains("doubt\">"));
    }
}
