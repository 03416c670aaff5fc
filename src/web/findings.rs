//! Findings as the pages show them: beside a text as one types, and with the texts of a release.

use super::{error::WebError, office::Office, visit::Frame, words::Words};
use crate::{
    app::check::accepted::{self, By},
    lang::Language,
    memory::Memory,
    model::Rule,
    report::{Accepted, Located},
    rules,
    text::Span,
};
use askama::Template;
use std::sync::Arc;

/// Findings shown on one page; what is beyond is counted.
pub const MOST: usize = 300;
/// Code points of a sentence shown on either side of the mark.
const AROUND: usize = 90;
/// Code points a reason may have.
const REASON: usize = 500;

/// A finding, to be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: String,
    pub rule: &'static str,
    pub level: &'static str,
    /// What the rule finds, and why that matters.
    pub summary: &'static str,
    pub why: &'static str,
    pub language: Language,
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
    pub notes: Vec<String>,
    /// The sentence, with the mark in it.
    pub before: String,
    pub marked: String,
    pub after: String,
    pub counterpart: Option<(Language, String)>,
    pub concept: Option<String>,
    pub fix: Option<Fix>,
    pub accepted: Option<Arc<Accepted>>,
    /// The mark in UTF-16 units of the text, which is how scripts count.
    pub start: usize,
    pub end: usize,
    /// Where the text is to be seen.
    pub address: String,
}

/// What is to stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub text: String,
    pub certain: bool,
    /// It is to be put in somewhere, not in place of the mark.
    pub put_in: bool,
}

/// What is shown of a check.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The form its buttons send.
    pub form: &'static str,
    /// Something was checked.
    pub asked: bool,
    pub entries: Vec<Shown>,
    /// So many more are not shown.
    pub more: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub accepted: usize,
    /// Fixes that are certain, by file.
    pub certain: Vec<(String, usize)>,
    /// What else there is to say: in words of the interface, and what went wrong, in English.
    pub told: Vec<String>,
    pub failed: Vec<String>,
}

impl Listing {
    /// Of findings in the order they have. `address` says where a finding's text is to be seen.
    pub fn of(form: &'static str, found: &[Located], address: impl Fn(&Located) -> String) -> Listing {
        let mut out = Listing { form, asked: true, ..Listing::default() };
        let mut units = Units::default();
        for located in found {
            match located.finding.level.as_str() {
                _ if located.accepted.is_some() => out.accepted += 1,
                "error" => out.errors += 1,
                "warning" => out.warnings += 1,
                _ => out.infos += 1,
            }
            if located.accepted.is_none() && located.certain_fix().is_some() {
                match out.certain.iter_mut().find(|(file, _)| *file == located.source.name) {
                    Some((_, count)) => *count += 1,
                    None => out.certain.push((located.source.name.clone(), 1)),
                }
            }
            if out.entries.len() < MOST {
                out.entries.push(shown(located, &mut units, address(located)));
            } else {
                out.more += 1;
            }
        }
        out
    }

    /// As a part of a page.
    pub fn html(&self, frame: &Frame) -> Result<String, WebError> {
        Part { frame, list: self }.render().map_err(|error| WebError::inside(&error))
    }

    pub fn open(&self) -> usize {
        self.errors + self.warnings + self.infos
    }

    pub fn all_certain(&self) -> usize {
        self.certain.iter().map(|(_, count)| count).sum()
    }
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Part<'p> {
    frame: &'p Frame,
    list: &'p Listing,
}

fn shown(located: &Located, units: &mut Units, address: String) -> Shown {
    let finding = &located.finding;
    let info = rules::info(finding.rule);
    let (before, marked, after) = excerpt(located);
    Shown {
        id: located.id.clone(),
        rule: finding.rule.as_str(),
        level: finding.level.as_str(),
        summary: info.map_or("", |info| info.summary),
        why: info.map_or("", |info| info.why),
        language: finding.place.language,
        file: located.source.name.clone(),
        line: located.line,
        column: located.column,
        message: finding.message.clone(),
        notes: finding.notes.clone(),
        before,
        marked,
        after,
        counterpart: located.counterpart.as_ref().map(|other| (other.language, short(&other.text, 3 * AROUND))),
        concept: finding.concept.clone(),
        fix: finding.fix.as_ref().map(|fix| Fix {
            text: fix.text.clone(),
            certain: fix.certain,
            put_in: finding.rule == Rule::MissingTerm,
        }),
        accepted: located.accepted.clone(),
        start: units.at(located, located.byte_start),
        end: units.at(located, located.byte_end),
        address,
    }
}

/// The sentence of a finding round its mark.
fn excerpt(located: &Located) -> (String, String, String) {
    let text: &str = &located.source.text;
    let mark = Span::new(located.byte_start, located.byte_end);
    let sentence = located.sentence.filter(|sentence| sentence.start <= mark.start && mark.start <= sentence.end);
    let sentence = sentence.unwrap_or(mark);
    let before = text.get(sentence.start..mark.start).unwrap_or_default();
    let after = text.get(mark.end..sentence.end.max(mark.end)).unwrap_or_default();
    let from = before.char_indices().rev().nth(AROUND).map_or(0, |(at, c)| at + c.len_utf8());
    let before = if from > 0 { format!("…{}", &before[from..]) } else { before.to_owned() };
    (before, short(located.surface(), 4 * AROUND), short(after, AROUND))
}

/// The first code points of a text.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Counts UTF-16 units, from where it was asked last.
#[derive(Debug, Default)]
struct Units {
    text: Option<Arc<str>>,
    byte: usize,
    units: usize,
}

impl Units {
    fn at(&mut self, located: &Located, byte: usize) -> usize {
        let text = &located.source.text;
        if self.text.as_ref().is_none_or(|known| !Arc::ptr_eq(known, text)) {
            *self = Units { text: Some(Arc::clone(text)), byte: 0, units: 0 };
        }
        let count = |from: usize, to: usize| text.get(from..to).map_or(0, |part| part.encode_utf16().count());
        match byte >= self.byte {
            true => self.units += count(self.byte, byte),
            false => self.units -= count(byte, self.byte),
        }
        self.byte = byte;
        self.units
    }
}

/// What a person wants done with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Accept { id: String, reason: String },
    Revoke { id: String },
}

impl Decision {
    /// A reason is one line, and there is one.
    pub fn accept(id: String, reason: &str, words: &Words) -> Result<Decision, WebError> {
        let reason: String = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        match reason.chars().count() {
            0 => Err(WebError::Bad(words.get("findings.no-reason").to_owned())),
            1..=REASON => Ok(Decision::Accept { id, reason }),
            _ => Err(WebError::TooLarge),
        }
    }

    /// Keeps it in the memory. `found` are the findings there are.
    pub fn keep(
        &self,
        memory: &mut Memory,
        found: &[Located],
        who: &str,
        office: &Office,
        gone: &str,
    ) -> Result<(), WebError> {
        let by = By { who, now: office.now(), dry_run: false };
        match self {
            Decision::Accept { id, reason } => {
                let meant = found.iter().find(|located| located.id == *id);
                let meant = meant.ok_or_else(|| WebError::Conflict(gone.to_owned()))?;
                accepted::accept(memory, &[meant], reason, by)?;
            }
            Decision::Revoke { id } => {
                let (done, _) = accepted::revoke(memory, std::slice::from_ref(id), by)?;
                if done == 0 {
                    return Err(WebError::Conflict(gone.to_owned()));
                }
            }
        }
        Ok(())
    }
}

/// What a language is called in itself, where the interface has it, else in English.
pub fn native(language: Language) -> String {
    let own = Words::all().iter().find(|words| words.language == language.as_str());
    own.map_or_else(|| language.name().to_owned(), |words| words.get("language.name").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        Unwatched,
        check::{Input, Job, check},
    };
    use crate::formats::glossary;

    fn found(text: &str) -> Vec<Located> {
        let table = "concept\ten\ten_forbidden\np\tMilli Majlis\tMilli Mejlis\n";
        let concepts = glossary::read("g", table.as_bytes()).unwrap().concepts;
        let inputs = vec![Input::Typed([(Language::EN, text.to_owned())].into())];
        check(Job { inputs, concepts, ..Job::default() }, &Unwatched).findings
    }

    #[test]
    fn places_are_told_as_scripts_count() {
        // A letter beyond the first plane is two units.
        let listing =
            Listing::of("f", &found("𝕏 ə. The Milli Mejlis met.\r\nThe Milli Mejlis sat."), |_| String::new());
        let places: Vec<(usize, usize)> = listing.entries.iter().map(|shown| (shown.start, shown.end)).collect();
        assert_eq!(places, [(10, 22), (32, 44)]);
        assert_eq!((listing.errors, listing.all_certain(), listing.more), (2, 2, 0));
        let first = &listing.entries[0];
        assert_eq!(
            (first.before.as_str(), first.marked.as_str(), first.after.as_str()),
            ("The ", "Milli Mejlis", " met.")
        );
        assert_eq!(first.fix.as_ref().unwrap().text, "Milli Majlis");
        assert!(!first.why.is_empty());
    }

    #[test]
    fn long_sentences_are_cut_and_many_findings_counted() {
        let long = format!("{} Milli Mejlis {}", "so ".repeat(200), "on ".repeat(200));
        let listing = Listing::of("f", &found(&long), |_| String::new());
        let first = &listing.entries[0];
        assert!(first.before.starts_with('…') && first.before.chars().count() == AROUND + 1, "{}", first.before);
        assert!(first.after.ends_with('…'));
        let many = Listing::of("f", &found(&"The Milli Mejlis met.\n\n".repeat(MOST + 5)), |_| String::new());
        assert_eq!((many.entries.len(), many.more, many.errors), (MOST, 5, MOST + 5));
    }

    #[test]
    fn a_reason_is_needed() {
        let words = Words::of("en");
        assert!(Decision::accept("1".into(), " \n", words).is_err());
        assert!(Decision::accept("1".into(), &"x".repeat(REASON + 1), words).is_err());
        let want = Decision::Accept { id: "1".into(), reason: "a title".into() };
        assert_eq!(Decision::accept("1".into(), " a\n title ", words).unwrap(), want);
    }
}
