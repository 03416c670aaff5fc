//! What is wrong with a termbase itself: concepts that double or contradict one another, and what is said in it that can
//! have no effect. What is told is what the checking of texts would do with it.

use super::Files;
use crate::{
    formats::glossary::Skipped,
    lang::{Language, forms},
    model::{Concept, Level, Status, Term},
    terms::{Overlap, Termbase},
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::{collections::BTreeSet, path::PathBuf};

/// Something wrong with a concept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind it is: `duplicate-term`.
    pub kind: &'static str,
    pub level: Level,
    /// Empty where it is about a row that is none.
    pub concept: String,
    pub message: String,
    /// What to do.
    pub help: String,
    pub file: Option<PathBuf>,
    pub line: Option<usize>,
}

/// Looks through the concepts of the files, in their order.
pub fn check(files: &Files) -> Vec<Fault> {
    let concepts = files.merged();
    let mut faults = Faults { out: Vec::new() };
    let languages = usual_languages(&concepts);
    let doubled = faults.doubles(&concepts);
    for concept in &concepts {
        faults.of_one(concept, &languages);
    }
    faults.between(&concepts, &doubled);
    let mut out = faults.out;
    for fault in &mut out {
        let place = files.list.iter().find_map(|file| Some((file, *file.lines.get(&fault.concept)?)));
        fault.file = place.map(|(file, _)| file.path.clone());
        fault.line = place.map(|(_, line)| line);
    }
    for file in &files.list {
        out.extend(file.skipped.iter().map(|skipped| of_row(file.path.clone(), skipped)));
    }
    let order = |file: &Option<PathBuf>| files.list.iter().position(|own| Some(&own.path) == file.as_ref());
    out.sort_by(|a, b| (order(&a.file), a.line, a.kind).cmp(&(order(&b.file), b.line, b.kind)));
    out
}

/// What the reader of a file told of a row.
fn of_row(file: PathBuf, skipped: &Skipped) -> Fault {
    let left_out = skipped.column == 0;
    let message = match skipped.column {
        0 => format!("left out: {}", skipped.reason),
        column => format!("column {column}: {}", skipped.reason),
    };
    Fault {
        kind: "unread",
        level: if left_out { Level::Error } else { Level::Warning },
        concept: String::new(),
        message,
        help: "mend the row".to_owned(),
        file: Some(file),
        line: Some(skipped.line),
    }
}

/// The languages in which at least half of the concepts may be written.
fn usual_languages(concepts: &[Concept]) -> Vec<Language> {
    let mut counts: FxHashMap<Language, usize> = FxHashMap::default();
    for concept in concepts {
        for language in concept.languages().into_iter().filter(|language| concept.preferred(*language).is_some()) {
            *counts.entry(language).or_default() += 1;
        }
    }
    let mut out: Vec<Language> =
        counts.into_iter().filter(|(_, count)| count * 2 >= concepts.len()).map(|(language, _)| language).collect();
    out.sort_unstable();
    out
}

/// Concepts that are both met: at some time, in some field.
fn meet(a: &Concept, b: &Concept) -> bool {
    let (own, other): (BTreeSet<&str>, BTreeSet<&str>) = (a.domains().collect(), b.domains().collect());
    a.valid.meets(&b.valid) && (own.is_empty() || other.is_empty() || !own.is_disjoint(&other))
}

/// As the finding of terms compares them: an acronym and a term marked `case` in their own letters.
fn key(term: &Term) -> (Language, String) {
    let cased = term.case_sensitive || term.abbreviation || forms::is_acronym(&term.text);
    (term.language, if cased { term.text.clone() } else { term.language.key(&term.text) })
}

/// Concepts with one term that are compared with one another: of more the first ones tell enough.
const MOST: usize = 32;

struct Faults {
    out: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, kind: &'static str, level: Level, concept: &Concept, message: String, help: impl Into<String>) {
        let (concept, help) = (concept.id.clone(), help.into());
        self.out.push(Fault { kind, level, concept, message, help, file: None, line: None });
    }

    /// The same concept twice: preferred terms in common in two languages, or in the only one they have. Tells which.
    fn doubles(&mut self, concepts: &[Concept]) -> FxHashSet<(usize, usize)> {
        let mut of_term: FxHashMap<(Language, String), Vec<usize>> = FxHashMap::default();
        for (at, concept) in concepts.iter().enumerate() {
            for language in concept.languages() {
                let own = concept.terms_in(language).find(|term| term.status == Status::Preferred);
                if let Some(term) = own {
                    of_term.entry(key(term)).or_default().push(at);
                }
            }
        }
        let mut common: FxHashMap<(usize, usize), BTreeSet<Language>> = FxHashMap::default();
        for ((language, _), all) in &of_term {
            let all = &all[..all.len().min(MOST)];
            for (nth, a) in all.iter().enumerate() {
                for b in &all[nth + 1..] {
                    common.entry((*a, *b)).or_default().insert(*language);
                }
            }
        }
        let mut out = FxHashSet::default();
        for ((a, b), languages) in common {
            let (first, second) = (&concepts[a], &concepts[b]);
            let fewest = first.languages().len().min(second.languages().len());
            if !meet(first, second) || (languages.len() < 2 && languages.len() < fewest) {
                continue;
            }
            out.insert((a, b));
            let message =
                format!("concept `{}` is concept `{}` again: they have preferred terms in common", second.id, first.id);
            let help = format!(
                "`yaddash term merge {} {}`, or give them domains or dates that part them",
                first.id, second.id
            );
            self.add("duplicate-concept", Level::Error, second, message, help);
        }
        out
    }

    /// What two concepts say of one term.
    fn between(&mut self, concepts: &[Concept], doubled: &FxHashSet<(usize, usize)>) {
        let mut of_term: FxHashMap<(Language, String), Vec<(usize, &Term)>> = FxHashMap::default();
        for (at, concept) in concepts.iter().enumerate() {
            for term in &concept.terms {
                of_term.entry(key(term)).or_default().push((at, term));
            }
        }
        for all in of_term.values().filter(|all| all.len() > 1) {
            let all = &all[..all.len().min(MOST)];
            for (nth, (a, first)) in all.iter().enumerate() {
                for (b, second) in &all[nth + 1..] {
                    let pair = (*a.min(b), *a.max(b));
                    if a == b || doubled.contains(&pair) || !first.valid.meets(&second.valid) {
                        continue;
                    }
                    let (one, other) = (&concepts[*a], &concepts[*b]);
                    if !meet(one, other) {
                        continue;
                    }
                    self.both(one, first, other, second);
                }
            }
        }
    }

    fn both(&mut self, one: &Concept, first: &Term, other: &Concept, second: &Term) {
        let said = |term: &Term| format!("`{}` ({})", term.text, term.language);
        let wrong = |term: &Term| matches!(term.status, Status::Forbidden | Status::Deprecated);
        if first.status.approved() && second.status.approved() {
            let message = format!("{} is a term of concept `{}` too", said(second), one.id);
            let help =
                "a text does not tell which is meant: take it out of one, or give the concepts domains that part them";
            return self.add("duplicate-term", Level::Warning, other, message, help);
        }
        let (ruling, bad, right) = match (wrong(first), wrong(second)) {
            (true, false) if second.status.approved() => (one, first, other),
            (false, true) if first.status.approved() => (other, second, one),
            _ => return,
        };
        let level = if bad.status == Status::Forbidden { Level::Error } else { Level::Warning };
        let status = bad.status.as_str();
        let message = format!("{} is {status} here, and a term to write of concept `{}`", said(bad), right.id);
        let help = format!(
            "one of them is wrong: `yaddash term remove {} {}=\"{}\"`, or part them by domains",
            ruling.id, bad.language, bad.text
        );
        self.add("approved-elsewhere", level, ruling, message, help);
    }

    fn of_one(&mut self, concept: &Concept, languages: &[Language]) {
        self.dates(concept);
        self.statuses(concept);
        self.inflected(concept);
        self.exceptions(concept);
        self.idle_flags(concept);
        let lacking: Vec<&str> = languages
            .iter()
            .filter(|language| !concept.do_not_translate && concept.preferred(**language).is_none())
            .map(|language| language.as_str())
            .collect();
        if !lacking.is_empty() && concept.terms.iter().any(|term| term.status.approved()) {
            let message = format!("no term to write in {}, which most concepts have", lacking.join(", "));
            let help = format!(
                "`yaddash term edit {} {}=\"…\"`; a name that stays as it is has the flag `do-not-translate`",
                concept.id, lacking[0]
            );
            self.add("missing-language", Level::Warning, concept, message, help);
        }
    }

    fn dates(&mut self, concept: &Concept) {
        let periods = std::iter::once((None, concept.valid)).chain(concept.terms.iter().map(|t| (Some(t), t.valid)));
        for (term, period) in periods {
            let name = term.map_or("the concept".to_owned(), |term| format!("`{}`", term.text));
            if let Some((from, until)) = period.from.zip(period.until).filter(|(from, until)| until < from) {
                let message = format!("{name} is valid until {until}, before {from}, from which it is valid");
                self.add(
                    "dates-reversed",
                    Level::Error,
                    concept,
                    message,
                    "it is never in force: mend one of the days",
                );
            } else if !period.meets(&concept.valid) {
                let message = format!("{name} has its status on no day on which the concept is valid");
                self.add("idle-dates", Level::Warning, concept, message, "mend the days of the term or of the concept");
            }
        }
    }

    fn statuses(&mut self, concept: &Concept) {
        for language in concept.languages() {
            let own: Vec<&Term> = concept.terms_in(language).collect();
            let preferred: Vec<String> = own
                .iter()
                .filter(|term| term.status == Status::Preferred)
                .map(|term| format!("`{}`", term.text))
                .collect();
            if preferred.len() > 1 {
                let message = format!("several preferred terms in {language}: {}", preferred.join(", "));
                let help = format!(
                    "the first is written: make the others admitted, `yaddash term edit {} {language}:admitted=\"…\"`",
                    concept.id
                );
                self.add("two-preferred", Level::Warning, concept, message, help);
            }
            let approved: Vec<&&Term> = own.iter().filter(|term| term.status.approved()).collect();
            let wrong = own.iter().filter(|t| matches!(t.status, Status::Forbidden | Status::Deprecated));
            if approved.is_empty() && wrong.clone().next().is_some() && !concept.do_not_translate {
                let message = format!("terms not to be written in {language}, and none to write in their place");
                let help = format!("`yaddash term edit {} {language}=\"…\"`", concept.id);
                self.add("nothing-to-write", Level::Warning, concept, message, help);
            }
            for bad in wrong {
                let same = approved.iter().find(|right| right.valid.meets(&bad.valid) && key(right) == key(bad));
                if let Some(right) = same {
                    let status = bad.status.as_str();
                    let message = format!(
                        "`{}` is {status}, and `{}` is {} in the same concept",
                        bad.text,
                        right.text,
                        right.status.as_str()
                    );
                    let help =
                        "they differ in nothing that is compared: take one out, or mark the wrong one with `case`";
                    self.add("contradiction", Level::Error, concept, message, help);
                }
            }
            let long = approved.iter().any(|term| !term.abbreviation);
            if let Some(short) = own.iter().find(|term| term.abbreviation && term.status.approved() && !long) {
                let message = format!("the abbreviation `{}` ({language}) has no long form beside it", short.text);
                let help = format!(
                    "`yaddash term edit {} {language}=\"…\"`, or say that it is a word: `--flag 'word:{language}={}'`",
                    concept.id, short.text
                );
                self.add("abbreviation-alone", Level::Warning, concept, message, help);
            }
        }
    }

    /// Wrong terms that are a form of a right one.
    fn inflected(&mut self, concept: &Concept) {
        let wrong: Vec<&Term> =
            concept.terms.iter().filter(|t| matches!(t.status, Status::Forbidden | Status::Deprecated)).collect();
        if wrong.is_empty() {
            return;
        }
        let mut right = concept.clone();
        right.exceptions.clear();
        right.terms.retain(|term| term.status.approved());
        let termbase = Termbase::new(vec![right]);
        for bad in wrong {
            let form = termbase.find(bad.language, &bad.text, Overlap::All).into_iter().find(|found| {
                let own = termbase.term_of(found);
                found.span.start == 0
                    && found.span.end == bad.text.len()
                    && key(own) != key(bad)
                    && own.valid.meets(&bad.valid)
            });
            let Some(found) = form else { continue };
            let right = termbase.term_of(&found);
            let differ = right.language.key(&right.text) != bad.language.key(&bad.text);
            if !differ {
                continue; // the same in other capitals, which a flag has made two
            }
            let level = if bad.status == Status::Forbidden { Level::Error } else { Level::Warning };
            let message = format!(
                "the {} `{}` is a form of `{}`, which is to be written",
                bad.status.as_str(),
                bad.text,
                right.text
            );
            let help = format!(
                "texts that say so count as right, so it is never told: `yaddash term remove {} {}=\"{}\"`",
                concept.id, bad.language, bad.text
            );
            self.add("inflected-form", level, concept, message, help);
        }
    }

    /// Exceptions in which no term stands, and those that leave nothing of a term.
    fn exceptions(&mut self, concept: &Concept) {
        if concept.exceptions.is_empty() {
            return;
        }
        let mut plain = concept.clone();
        plain.exceptions.clear();
        let termbase = Termbase::new(vec![plain]);
        let mut seen = FxHashSet::default();
        for (language, phrase) in &concept.exceptions {
            let found = termbase.find(*language, phrase, Overlap::All);
            let help = format!("`yaddash term edit {} --no-flag 'exception:{language}={phrase}'`", concept.id);
            if !seen.insert((language, phrase)) {
                let message = format!("the exception `{phrase}` ({language}) stands twice");
                self.add("idle-exception", Level::Warning, concept, message, help);
            } else if found.is_empty() {
                let message = format!("the exception `{phrase}` ({language}) holds no term of the concept");
                self.add("idle-exception", Level::Warning, concept, message, help);
            } else if let Some(whole) = found.iter().find(|found| found.span.of(phrase).trim() == phrase.trim()) {
                let term = termbase.term_of(whole);
                let message = format!(
                    "the exception `{phrase}` ({language}) is the term `{}` itself, which is then found nowhere",
                    term.text
                );
                self.add("exception-of-all", Level::Error, concept, message, help);
            }
        }
    }

    /// What is said of terms that changes nothing.
    fn idle_flags(&mut self, concept: &Concept) {
        let cased = |text: &str| text.chars().any(|c| c.is_uppercase() || c.is_lowercase());
        let marked: Vec<&Term> = concept.terms.iter().filter(|term| term.case_sensitive).collect();
        let idle = |term: &&&Term| !cased(&term.text) || forms::is_acronym(&term.text);
        if !marked.is_empty() && marked.iter().filter(idle).count() == marked.len() {
            let message =
                format!("`case` says nothing of `{}`: it is found in its own letters only anyway", marked[0].text);
            self.idle(concept, message, "case", marked[0]);
        }
        for term in &concept.terms {
            let (language, text) = (term.language, &term.text);
            let grammar = &term.grammar;
            let inflects = forms::forms(language).len() > 1;
            if grammar.indeclinable && !inflects {
                let message = format!("`indeclinable` says nothing of `{text}`: no inflection of {language} is known");
                self.idle(concept, message, "indeclinable", term);
            }
            if grammar.izafet.is_some() && language != Language::AZ {
                let message = format!("`izafet` says nothing of `{text}`: it is about Azerbaijani");
                self.idle(concept, message, "izafet", term);
            }
            if grammar.reading.is_some() && !text.split_whitespace().any(forms::is_acronym) {
                let message = format!("the reading of `{text}` says nothing: it holds no abbreviation");
                self.idle(concept, message, "reading", term);
            }
            if grammar.indeclinable && grammar.head.is_some() {
                let message = format!("`{text}` is never inflected, so its head says nothing");
                self.idle(concept, message, "head", term);
            }
        }
        let texts: BTreeSet<&str> =
            concept.terms.iter().filter(|t| t.status == Status::Preferred).map(|t| t.text.as_str()).collect();
        if concept.do_not_translate && texts.len() > 1 {
            let all: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
            let message = format!("it is not translated, and yet there are several terms to write: {}", all.join(", "));
            let help = format!("`yaddash term edit {} --no-flag do-not-translate`, or leave one", concept.id);
            self.add("idle-flag", Level::Warning, concept, message, help);
        }
    }

    fn idle(&mut self, concept: &Concept, message: String, flag: &str, term: &Term) {
        let help = format!(
            "take back the flag `{flag}` of {}={} (`yaddash term edit {} --no-flag …`)",
            term.language, term.text, concept.id
        );
        self.add("idle-flag", Level::Info, concept, message, help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds of what is wrong with a table, with the concept.
    fn kinds(table: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g.csv");
        std::fs::write(&path, table).unwrap();
        let files = Files::read(&[path]).unwrap();
        check(&files)
            .iter()
            .map(|f| format!("{} {} {} {}", f.line.unwrap_or(0), f.level.as_str(), f.kind, f.concept))
            .collect()
    }

    #[test]
    fn each_kind_is_told_and_nothing_else() {
        for (rows, want) in [
            // A sound glossary.
            ("a,visa,,viza,,law,,,\nb,asylum,asylem,sığınacaq,,law,,,", vec![]),
            // The same concept twice, and one term in two.
            ("a,visa,,viza,,law,,,\nb,Visa,,Viza,,law,,,", vec!["3 error duplicate-concept b"]),
            ("a,visa,,viza,,law,,,\nb,visa,,icazə,,law,,,", vec!["3 warning duplicate-term b"]),
            ("a,visa,,viza,,law,,,\nb,visa,,icazə,,travel,,,", vec![]),
            ("a,SMS,,DMX,,law,,,\nb,sms,,ismarıc,,law,,,", vec![]),
            ("a,Anar Bayov,,Anar Bayov,,,,2018-01-31,\nb,Anar Bayov,,Anar Bayov,,,2018-02-01,,", vec![]),
            // What is wrong here and right there.
            ("a,visa,permit,viza,,law,,,\nb,permit,,icazə,,law,,,", vec!["2 error approved-elsewhere a"]),
            ("a,visa,,viza,,law,,,case:en=visa\nb,asylum,Asylum,sığınacaq,,law,,,", vec!["3 error contradiction b"]),
            ("a,asylum,Asylum,sığınacaq,,law,,,case:en=Asylum", vec![]),
            ("a,visa,,viza,vizanın,law,,,", vec!["2 error inflected-form a"]),
            // Exceptions.
            ("a,visa,,viza,,law,,,exception:en=credit card", vec!["2 warning idle-exception a"]),
            ("a,visa,,viza,,law,,,exception:en=Visa card;exception:en=visas", vec!["2 error exception-of-all a"]),
            // What lacks, dates, flags.
            ("a,visa,,viza,,law,,,\nb,asylum,,,,law,,,", vec!["3 warning missing-language b"]),
            (
                "a,visa,,,wiza,law,,,\nb,asylum,,sığınacaq,,law,,,",
                vec!["2 warning missing-language a", "2 warning nothing-to-write a"],
            ),
            ("a,visa,,viza,,law,2020-01-01,2019-01-01,", vec!["2 error dates-reversed a"]),
            ("a,visa,,viza,,law,2020-01-01,,until:en=visa>2019-01-01", vec!["2 warning idle-dates a"]),
            ("a,visa,,viza,,law,,,abbreviation:en=visa", vec!["2 warning abbreviation-alone a"]),
            ("a,visa,,viza,,law,,,izafet:en=visa;case:en=visa", vec!["2 info idle-flag a"]),
            ("a,visa,,viza,,law,,,do-not-translate", vec!["2 warning idle-flag a"]),
            ("a,visa,,viza,,law,,,odd", vec!["2 warning unread "]),
        ] {
            let table =
                format!("concept,en,en_forbidden,az,az_forbidden,domain,valid_from,valid_until,flags\n{rows}\n");
            assert_eq!(kinds(&table), want, "{rows}");
        }
    }
}
