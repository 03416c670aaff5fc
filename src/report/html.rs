//! One page for a browser, to be handed round: no other file, no network, which its policy forbids.
//!
//! Everything stands in the page as text; a small script adds filters, counts, a search and keys. A sentence stands
//! once with all its findings, so that ten thousand findings stay below 5 MB; explanations stand once at the end
//! where there are many findings.

use super::{Accepted, Heading, Located, Options, advice, because, excerpt};
use crate::model::{Level, Rule};
use crate::text::Span;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::Arc,
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Characters of a line shown round a mark, where the sentence is not known or longer than this many bytes.
const ROOM: usize = 400;
const LONG: usize = 4000;

/// With more findings than this an explanation that several share stands once, at the end of the page.
const MANY: usize = 400;

/// Sentences in a pack.
const PACK: usize = 16;

const LEVELS: [(Level, &str, &str, &str); 3] = [
    (Level::Error, "e", "error", "errors"),
    (Level::Warning, "w", "warning", "warnings"),
    (Level::Info, "i", "remark", "remarks"),
];

pub(super) fn render(findings: &[Located], heading: &Heading, options: Options, to: &mut dyn Write) -> io::Result<()> {
    let (accepted, open): (Vec<&Located>, Vec<&Located>) = findings.iter().partition(|l| l.accepted.is_some());
    let mut notes = Notes { apart: findings.len() > MANY, list: Vec::new(), numbers: BTreeMap::new() };
    head(heading, to)?;
    writeln!(to, "<a class=\"skip\" href=\"#list\">To the findings</a>\n<div class=\"page\">")?;
    header(&open, &accepted, heading, options, to)?;
    writeln!(to, "<form id=\"filters\" role=\"search\" aria-label=\"Filters\" hidden></form>")?;
    writeln!(to, "<main id=\"list\" tabindex=\"-1\">")?;
    files(&open, "open", "h2", &mut notes, to)?;
    if !accepted.is_empty() {
        writeln!(to, "<div class=\"stand\">\n<h2>Accepted: these may stand</h2>")?;
        files(&accepted, "accepted", "h3", &mut notes, to)?;
        writeln!(to, "</div>")?;
    }
    notes.write(to)?;
    writeln!(to, "</main>\n</div>\n{KEYS}\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

const KEYS: &str = "<dialog id=\"keys\" aria-label=\"Keys\"><dl>\
    <dt><kbd>j</kbd> <kbd>k</kbd><dd>next and previous finding; on a finding the arrows too\
    <dt><kbd>/</kbd><dd>search\
    <dt><kbd>Esc</kbd><dd>show all again\
    <dt><kbd>?</kbd><dd>this list</dl>\
    <form method=\"dialog\"><button autofocus>Close</button></form></dialog>";

fn head(heading: &Heading, to: &mut dyn Write) -> io::Result<()> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        fingerprint(STYLE),
        fingerprint(SCRIPT),
    );
    writeln!(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(to, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")?;
    writeln!(to, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(to, "<meta name=\"referrer\" content=\"no-referrer\">")?;
    let what = if heading.checked.is_empty() { String::new() } else { format!(": {}", heading.checked.join(", ")) };
    writeln!(to, "<title>Findings{}</title>\n<style>{STYLE}</style>\n</head>\n<body>", escaped(&what))
}

/// SHA-256 in base64 (RFC 4648), as a policy names a script.
fn fingerprint(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in Sha256::digest(text).chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// What was checked, when, and how much was found.
fn header(
    open: &[&Located],
    accepted: &[&Located],
    heading: &Heading,
    options: Options,
    to: &mut dyn Write,
) -> io::Result<()> {
    writeln!(to, "<header>\n<h1>Findings</h1>")?;
    let mut about = Vec::new();
    if !heading.checked.is_empty() {
        about.push(format!("Checked: <b>{}</b>", escaped(&heading.checked.join(", "))));
    }
    about.extend(heading.texts.map(|texts| format!("{texts} {}", if texts == 1 { "text" } else { "texts" })));
    about.extend(heading.made.map(|made| made.strftime("%F %H:%M UTC").to_string()));
    about.push(format!("yaddash {}", env!("CARGO_PKG_VERSION")));
    writeln!(to, "<p class=\"about\">{}</p>\n<ul class=\"tally\">", about.join(" · "))?;
    let count = |level: Level| open.iter().filter(|located| located.finding.level == level).count();
    for (level, class, one, more) in LEVELS {
        let count = count(level);
        writeln!(to, "<li class=\"{class}\"><b>{count}</b> {}</li>", if count == 1 { one } else { more })?;
    }
    if !accepted.is_empty() {
        writeln!(to, "<li class=\"a\"><b>{}</b> accepted</li>", accepted.len())?;
    }
    writeln!(to, "</ul>")?;
    if open.is_empty() && accepted.is_empty() {
        return writeln!(to, "<p>Nothing was found.</p>\n</header>");
    }
    by_rule(open, accepted, options, to)?;
    if open.iter().any(|located| !located.id.is_empty()) {
        writeln!(
            to,
            "<p class=\"how\">Each finding ends with its number. To let one stand: \
             <code>yaddash check accept NUMBER --reason \"…\"</code></p>"
        )?;
    }
    writeln!(to, "</header>")
}

/// A table of rules by levels; each number leads to its findings.
fn by_rule(open: &[&Located], accepted: &[&Located], options: Options, to: &mut dyn Write) -> io::Result<()> {
    let mut rules: BTreeMap<Rule, [usize; 4]> = BTreeMap::new();
    let column = |level: Level| LEVELS.iter().position(|(known, ..)| *known == level).unwrap_or_default();
    for located in open {
        rules.entry(located.finding.rule).or_default()[column(located.finding.level)] += 1;
    }
    for located in accepted {
        rules.entry(located.finding.rule).or_default()[LEVELS.len()] += 1;
    }
    let mut rules: Vec<(Rule, [usize; 4])> = rules.into_iter().collect();
    rules.sort_by_key(|(rule, counts)| (std::cmp::Reverse(counts[..3].to_vec()), *rule));
    let some_accepted = !accepted.is_empty();
    let columns = if some_accepted { 4 } else { 3 };
    write!(to, "<table>\n<caption>By rule and level</caption>\n<thead><tr><th scope=\"col\">Rule")?;
    for (_, _, _, more) in LEVELS {
        write!(to, "<th scope=\"col\">{more}")?;
    }
    writeln!(to, "{}</thead>\n<tbody>", if some_accepted { "<th scope=\"col\">accepted" } else { "" })?;
    for (rule, counts) in &rules {
        let name = rule.as_str();
        let what = escaped((options.describe)(*rule));
        write!(to, "<tr><th scope=\"row\"><a href=\"#rule={name}\" title=\"{what}\">{name}</a>")?;
        for (at, count) in counts[..columns].iter().enumerate() {
            let status = match LEVELS.get(at) {
                Some((_, _, one, _)) => format!("status=open&amp;level={one}"),
                None => "status=accepted".to_owned(),
            };
            match count {
                0 => write!(to, "<td>")?,
                _ => write!(to, "<td><a href=\"#rule={name}&amp;{status}\">{count}</a>")?,
            }
        }
        writeln!(to)?;
    }
    write!(to, "</tbody>\n<tfoot><tr><th scope=\"row\">all")?;
    for at in 0..columns {
        write!(to, "<td>{}", rules.iter().map(|(_, counts)| counts[at]).sum::<usize>())?;
    }
    writeln!(to, "</tfoot>\n</table>")
}

/// The findings, file by file in the order the files are first met.
fn files(findings: &[&Located], status: &str, level: &str, notes: &mut Notes, to: &mut dyn Write) -> io::Result<()> {
    let mut order: Vec<(&str, Vec<&Located>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for located in findings {
        let name = located.source.name.as_str();
        let at = *places.entry(name).or_insert_with(|| {
            order.push((name, Vec::new()));
            order.len() - 1
        });
        order[at].1.push(located);
    }
    for (name, found) in order {
        let name = escaped(name);
        writeln!(to, "<section data-status=\"{status}\" data-file=\"{name}\">")?;
        writeln!(to, "<{level}>{name} <small>{}</small></{level}>", found.len())?;
        // A browser leaves alone what is not in sight, a pack at a time.
        for pack in by_sentence(&found).chunks(PACK) {
            writeln!(to, "<div class=pack>")?;
            pack.iter().try_for_each(|together| article(together, notes, to))?;
            writeln!(to, "</div>")?;
        }
        writeln!(to, "</section>")?;
    }
    Ok(())
}

/// The findings of each sentence together, in the order of the first of each.
fn by_sentence<'f>(found: &[&'f Located]) -> Vec<Vec<&'f Located>> {
    let mut out: Vec<Vec<&Located>> = Vec::new();
    let mut known: BTreeMap<(*const super::Source, Span, Option<&str>), usize> = BTreeMap::new();
    for located in found {
        let other = located.counterpart.as_ref().map(|other| other.text.as_str());
        // Nothing is left out of what is shown: a mark that goes on past its sentence stands alone.
        let whole = located.sentence.filter(|sentence| {
            sentence.len() <= LONG && sentence.start <= located.byte_start && located.byte_end <= sentence.end
        });
        let Some(sentence) = whole else {
            out.push(vec![located]);
            continue;
        };
        let at = *known.entry((Arc::as_ptr(&located.source), sentence, other)).or_insert_with(|| {
            out.push(Vec::new());
            out.len() - 1
        });
        out[at].push(located);
    }
    out
}

/// A sentence with its counterpart, and what was found in it.
fn article(together: &[&Located], notes: &mut Notes, to: &mut dyn Write) -> io::Result<()> {
    let Some(first) = together.first() else { return Ok(()) };
    // Attributes without quotes: there are many of them, and none is a text.
    write!(to, "<article><p lang={}>", first.finding.place.language)?;
    match first.sentence.filter(|sentence| {
        sentence.len() <= LONG && sentence.start <= first.byte_start && first.byte_end <= sentence.end
    }) {
        Some(sentence) => marked(together, sentence, to)?,
        None => {
            let part = excerpt(first, ROOM, |_| 1);
            let [cut_before, cut_mark, cut_after] = part.cut.map(|cut| if cut { "…" } else { "" });
            let (before, mark, after) = (escaped(part.before), escaped(part.mark), escaped(part.after));
            write!(to, "{cut_before}{before}<mark>{mark}{cut_mark}</mark>{after}{cut_after}")?;
        }
    }
    if let Some(other) = &first.counterpart {
        write!(to, "<p lang={}>{}", other.language, escaped(&other.text))?;
    }
    write!(to, "<ul>")?;
    for located in together {
        item(located, notes, to)?;
    }
    writeln!(to, "</ul></article>")
}

/// The sentence with all that is marked in it; what is marked as a whole is not.
fn marked(together: &[&Located], sentence: Span, to: &mut dyn Write) -> io::Result<()> {
    let text = &first_source(together).text;
    let mut edges: Vec<usize> = vec![sentence.start, sentence.end];
    let marks: Vec<(usize, Span)> = together
        .iter()
        .enumerate()
        .map(|(at, located)| (at, Span::new(located.byte_start, located.byte_end)))
        .filter(|(_, mark)| mark.len() + 2 < sentence.len() && !mark.is_empty())
        .collect();
    edges.extend(marks.iter().flat_map(|(_, mark)| [mark.start, mark.end]));
    edges.sort_unstable();
    edges.dedup();
    for pair in edges.windows(2) {
        let piece = escaped(text.get(pair[0]..pair[1]).unwrap_or_default());
        let of: Vec<usize> =
            marks.iter().filter(|(_, mark)| mark.start <= pair[0] && pair[1] <= mark.end).map(|(at, _)| *at).collect();
        match of.iter().map(|at| together[*at].finding.level).max() {
            None => write!(to, "{piece}")?,
            Some(_) if together.len() == 1 => write!(to, "<mark>{piece}</mark>")?,
            Some(level) => {
                let of: Vec<String> = of.iter().map(usize::to_string).collect();
                write!(to, "<mark class=\"{}\" data-of=\"{}\">{piece}</mark>", class(level), of.join(" "))?;
            }
        }
    }
    Ok(())
}

fn first_source<'f>(together: &[&'f Located]) -> &'f super::Source {
    &together[0].source
}

fn class(level: Level) -> &'static str {
    LEVELS.iter().find(|(known, ..)| *known == level).map_or("i", |(_, class, ..)| class)
}

fn item(located: &Located, notes: &mut Notes, to: &mut dyn Write) -> io::Result<()> {
    let Located { finding, line, column, .. } = located;
    let (class, rule) = (class(finding.level), finding.rule.as_str());
    write!(to, "<li class={class}><i>{rule}</i> <u>{line}:{column}</u> {}", message(&finding.message))?;
    // Most messages name what is due themselves.
    let named = finding.fix.as_ref().is_some_and(|fix| finding.message.contains(&fix.text));
    match (advice(finding), &finding.fix) {
        (Some(_), Some(fix)) if named && fix.certain => {}
        (Some(_), Some(_)) if named => write!(to, " (check the form)")?,
        (Some(advice), _) => write!(to, "; {}", message(&advice))?,
        _ => {}
    }
    if !located.id.is_empty() {
        write!(to, " <code>{}</code>", located.id)?;
    }
    if let Some(accepted) = located.accepted.as_deref() {
        write!(to, "<em>accepted: {}</em>", escaped(&reason(accepted)))?;
    }
    notes.of(&finding.notes, to)?;
    writeln!(to)
}

fn reason(accepted: &Accepted) -> String {
    because(accepted)
}

/// Explanations under findings, or once at the end where there are many.
struct Notes {
    apart: bool,
    list: Vec<Vec<String>>,
    numbers: BTreeMap<Vec<String>, usize>,
}

impl Notes {
    fn of(&mut self, notes: &[String], to: &mut dyn Write) -> io::Result<()> {
        if notes.is_empty() {
            return Ok(());
        }
        if !self.apart {
            return notes.iter().try_for_each(|note| write!(to, "<small>{}</small>", message(note)));
        }
        let number = match self.numbers.get(notes) {
            Some(number) => *number,
            None => {
                self.list.push(notes.to_vec());
                self.numbers.insert(notes.to_vec(), self.list.len());
                self.list.len()
            }
        };
        write!(to, " <a href=#n{number}>note {number}</a>")
    }

    fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.list.is_empty() {
            return Ok(());
        }
        writeln!(to, "<div class=\"notes\">\n<h2>Notes</h2>\n<ol>")?;
        for (at, notes) in self.list.iter().enumerate() {
            let lines: Vec<String> = notes.iter().map(|note| message(note)).collect();
            writeln!(to, "<li id=\"n{}\" tabindex=\"-1\">{}", at + 1, lines.join("<br>"))?;
        }
        writeln!(to, "</ol>\n</div>")
    }
}

/// A message with the values between its backticks set apart.
fn message(text: &str) -> String {
    let mut out = String::new();
    let mut parts = text.split('`').peekable();
    let mut inside = false;
    while let Some(part) = parts.next() {
        match inside && parts.peek().is_some() {
            true => out.push_str(&format!("<b>{}</b>", escaped(part))),
            false if inside => out.push_str(&format!("`{}", escaped(part))), // without its second backtick
            false => out.push_str(&escaped(part)),
        }
        inside = !inside;
    }
    out
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && !c.is_whitespace() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        report::{Form, render as any, tests::*},
    };

    fn page(findings: &[Located]) -> String {
        let heading = Heading {
            checked: vec!["releases".into()],
            texts: Some(2),
            made: Some("2026-03-02T09:30:00Z".parse().unwrap()),
        };
        let options = Options { describe: |_| "what a rule finds", ..Options::default() };
        let mut out = Vec::new();
        render(findings, &heading, options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn snapshot() {
        // The style and the script are files of their own, and their fingerprints change with them.
        let page = page(&sample()).replace(STYLE, "STYLE").replace(SCRIPT, "SCRIPT");
        let page = page.replace(&fingerprint(STYLE), "STYLE").replace(&fingerprint(SCRIPT), "SCRIPT");
        let page = page.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/page_snapshot.html");
            std::fs::write(file, &page).unwrap();
            return;
        }
        assert_eq!(page.replace("\r\n", "\n"), include_str!("page_snapshot.html").replace("\r\n", "\n"));
    }

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escaped("<a href='x'>\"&\u{0}"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;\u{fffd}");
        assert_eq!(message("`a<` and `b`, `c"), "<b>a&lt;</b> and <b>b</b>, `c");
        let evil = "</script><img src=x onerror=alert(1)>\" onload='x' <!--";
        let mut found = placed(evil, Language::EN, evil, "<img", finding(Rule::NameDrift, Level::Error, evil));
        found.finding.notes = vec![evil.into()];
        found = found.with_counterpart(Language::AZ, evil);
        let accepted =
            Accepted { reason: evil.into(), who: evil.into(), date: "2026-03-02T09:30:00Z".parse().unwrap() };
        found.accepted = Some(Arc::new(accepted));
        let page = page(&[found]);
        assert_eq!(page.matches("<img").count(), 0);
        assert_eq!(page.matches("</script").count(), 1);
        assert_eq!(page.matches("<!--").count(), 0);
        // In attributes no quote ends one: after each tag's name only those that are written here.
        assert!(!page.contains("\" onload"), "a text has got into an attribute");
    }

    #[test]
    fn a_sentence_stands_once_with_all_its_findings() {
        let text = "Once. The Milli Mejlis met in Bakı.";
        let place = |mark: &str, rule| {
            let mut found = placed("x.en.txt", Language::EN, text, mark, finding(rule, Level::Error, "m"));
            found.sentence = Some(Span::new(6, text.len()));
            found
        };
        let one = place("Milli Mejlis", Rule::ForbiddenTerm);
        let mut two = place("Mejlis met", Rule::NameDrift);
        two.source = Arc::clone(&one.source);
        let mut whole = place(&text[6..], Rule::MissingTerm);
        whole.source = Arc::clone(&one.source);
        let page = page(&[one, two, whole]);
        assert_eq!(page.matches("<article>").count(), 1);
        assert_eq!(page.matches("<li class=e><i>").count(), 3);
        let shown = "The <mark class=\"e\" data-of=\"0\">Milli </mark><mark class=\"e\" data-of=\"0 1\">Mejlis</mark>\
                     <mark class=\"e\" data-of=\"1\"> met</mark> in Bakı.";
        assert!(page.contains(shown), "{page}");
    }

    #[test]
    fn explanations_of_many_findings_stand_once() {
        let mut found = sample()[..1].to_vec();
        assert!(page(&found).contains("<small>concept: parliament"));
        found = vec![found.remove(0); MANY + 1];
        let page = page(&found);
        assert_eq!(page.matches("concept: parliament").count(), 1);
        assert_eq!(page.matches("<a href=#n1>").count(), MANY + 1);
    }

    #[test]
    fn a_policy_names_what_the_page_holds() {
        assert_eq!(fingerprint(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
        for used in ["http:", "https:", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
            assert!(!SCRIPT.contains(used), "{used}");
        }
        let mut out = Vec::new();
        any(&[], Form::Html, Options::default(), &mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("<p>Nothing was found.</p>"));
    }
}
