//! Flags: what the columns of terms do not say.

use crate::lang::{
    Language,
    forms::{self, Grammar},
};
use crate::model::{Concept, Period, Remarks, Term};
use jiff::civil::Date;

/// Capitals beside a long form are its abbreviation.
pub(super) fn mark_abbreviations(concept: &mut Concept) {
    for at in 0..concept.terms.len() {
        concept.terms[at].abbreviation = abbreviates(concept, at);
    }
}

/// Marks what an edit has made an abbreviation, or no longer one; what somebody said otherwise stays.
pub fn marked_anew(before: Option<&Concept>, after: &mut Concept) {
    for at in 0..after.terms.len() {
        let term = &after.terms[at];
        let old = before.and_then(|before| {
            let at = before.terms.iter().position(|t| t.language == term.language && t.text == term.text)?;
            Some(before.terms[at].abbreviation == abbreviates(before, at))
        });
        if old.unwrap_or(true) {
            after.terms[at].abbreviation = abbreviates(after, at);
        }
    }
}

fn abbreviates(concept: &Concept, at: usize) -> bool {
    let term = &concept.terms[at];
    forms::is_acronym(&term.text)
        && concept.terms.iter().any(|t| t.language == term.language && t.text.contains(' ') && t.status.approved())
}

const FLAGS: [&str; 16] = [
    "abbreviation",
    "word",
    "case",
    "indeclinable",
    "head",
    "izafet",
    "no-izafet",
    "reading",
    "form",
    "exception",
    "do-not-translate",
    "from",
    "until",
    "note",
    "source",
    "context",
];

/// `name[:LANG[=TERM]]`
pub fn apply(concept: &mut Concept, flag: &str) -> Result<(), String> {
    let (name, about) = flag.split_once(':').map_or((flag, None), |(name, about)| (name.trim(), Some(about)));
    let (language, value) = match about {
        None => (None, None),
        Some(about) => {
            let (code, value) = about.split_once('=').map_or((about, None), |(code, value)| (code, Some(value.trim())));
            let language: Language = code.trim().parse().map_err(|error| format!("flag `{flag}`: {error}"))?;
            (Some(language), value)
        }
    };
    let mut set = |change: &dyn Fn(&mut Term)| {
        let mut any = false;
        for term in &mut concept.terms {
            if language.is_none_or(|l| l == term.language) && value.is_none_or(|text| text == term.text) {
                change(term);
                any = true;
            }
        }
        if any { Ok(()) } else { Err(format!("flag `{flag}`: the row has no such term")) }
    };
    match name {
        "abbreviation" => set(&|term| term.abbreviation = true),
        "word" => set(&|term| term.abbreviation = false),
        "case" => set(&|term| term.case_sensitive = true),
        "indeclinable" => set(&|term| term.grammar.indeclinable = true),
        "izafet" => set(&|term| term.grammar.izafet = Some(true)),
        "no-izafet" => set(&|term| term.grammar.izafet = Some(false)),
        "do-not-translate" => {
            concept.do_not_translate = true;
            Ok(())
        }
        "exception" => {
            let (Some(language), Some(phrase)) = (language, value) else {
                return Err(format!("flag `{flag}`: an exception is written `exception:en=PHRASE`"));
            };
            concept.exceptions.push((language, phrase.to_owned()));
            Ok(())
        }
        "form" | "head" | "reading" | "from" | "until" | "note" | "source" | "context" => {
            let written = || format!("flag `{flag}`: it is written `{name}:az=TERM>{}`", shape(name));
            let (Some(language), Some(value)) = (language, value) else { return Err(written()) };
            let Some((at, said)) = about_term(concept, language, value) else {
                return Err(match value.contains('>') {
                    true => format!("flag `{flag}`: the row has no such term"),
                    false => written(),
                });
            };
            if said.is_empty() {
                return Err(format!("flag `{flag}`: nothing stands after the `>`"));
            }
            let term = &mut concept.terms[at];
            let date = || said.parse::<Date>().map_err(|_| format!("flag `{flag}`: a day is written `2018-01-31`"));
            let text = Some(said.to_owned());
            match name {
                "form" => term.grammar.forms.push(said.to_owned()),
                "reading" => term.grammar.reading = text,
                "from" => term.valid.from = Some(date()?),
                "until" => term.valid.until = Some(date()?),
                "note" => term.remark(|remarks| remarks.note = text),
                "source" => term.remark(|remarks| remarks.source = text),
                "context" => term.remark(|remarks| remarks.context = text),
                _ if Grammar::may_be_head(&term.text, said) => term.grammar.head = text,
                _ => return Err(format!("flag `{flag}`: `{said}` is no word of the term")),
            }
            Ok(())
        }
        _ => Err(format!("flag `{flag}` is not known: there are {}", FLAGS.join(", "))),
    }
}

/// What stands behind the `>`.
fn shape(name: &str) -> String {
    if matches!(name, "from" | "until") { "2018-01-31".to_owned() } else { name.to_uppercase() }
}

/// The term that `TERM>SAID` is about, and what is said of it. Either may hold a `>` itself: of the terms that fit the
/// longest is meant.
fn about_term<'v>(concept: &Concept, language: Language, value: &'v str) -> Option<(usize, &'v str)> {
    let fits = |(at, term): (usize, &Term)| {
        let rest = value.strip_prefix(&*term.text)?.trim_start().strip_prefix('>')?;
        Some((at, rest.trim()))
    };
    let own = concept.terms.iter().enumerate().filter(|(_, term)| term.language == language);
    own.filter_map(fits).max_by_key(|(at, _)| concept.terms[*at].text.len())
}

/// Takes back a flag, as [`flags_of`] writes it.
///
/// # Errors
/// Without a flag of this wording; the message names those there are.
pub fn without(concept: &mut Concept, flag: &str) -> Result<(), String> {
    let mut flags = flags_of(concept);
    let Some(at) = flags.iter().position(|own| own == flag.trim()) else {
        return Err(match flags.is_empty() {
            true => format!("concept `{}` has no flags", concept.id),
            false => format!("concept `{}` has no flag `{flag}`: it has {}", concept.id, flags.join(", ")),
        });
    };
    flags.remove(at);
    concept.exceptions.clear();
    concept.do_not_translate = false;
    for term in &mut concept.terms {
        term.case_sensitive = false;
        term.grammar = Grammar::default();
        term.valid = Period::default();
        term.remark(|remarks| {
            *remarks = Remarks { kept: std::mem::take(&mut remarks.kept), ..Remarks::default() };
        });
    }
    mark_abbreviations(concept);
    flags.iter().try_for_each(|flag| apply(concept, flag))
}

/// What the columns of terms do not say of a concept.
pub fn flags_of(concept: &Concept) -> Vec<String> {
    let mut out = Vec::new();
    for (at, term) in concept.terms.iter().enumerate() {
        let Term { language, text, .. } = term;
        match (term.abbreviation, abbreviates(concept, at)) {
            (true, false) => out.push(format!("abbreviation:{language}={text}")),
            (false, true) => out.push(format!("word:{language}={text}")),
            _ => {}
        }
        if term.case_sensitive {
            out.push(format!("case:{language}={text}"));
        }
        let Grammar { indeclinable, head, izafet, reading, forms } = &term.grammar;
        if *indeclinable {
            out.push(format!("indeclinable:{language}={text}"));
        }
        if let Some(izafet) = izafet {
            out.push(format!("{}:{language}={text}", if *izafet { "izafet" } else { "no-izafet" }));
        }
        let remarks = term.remarks();
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        let mut say = |name: &str, said: Option<&str>| {
            out.extend(said.map(|said| format!("{name}:{language}={text}>{said}")));
        };
        say("head", head.as_deref());
        say("reading", reading.as_deref());
        forms.iter().for_each(|form| say("form", Some(form)));
        say("from", day(term.valid.from).as_deref());
        say("until", day(term.valid.until).as_deref());
        say("note", remarks.note.as_deref());
        say("source", remarks.source.as_deref());
        say("context", remarks.context.as_deref());
    }
    out.extend(concept.exceptions.iter().map(|(language, phrase)| format!("exception:{language}={phrase}")));
    out.extend(concept.do_not_translate.then(|| "do-not-translate".to_owned()));
    out
}
