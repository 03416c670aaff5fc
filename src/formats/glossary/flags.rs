//! Flags: what the columns of terms do not say.

use crate::lang::{
    Language,
    forms::{self, Grammar},
};
use crate::model::{Concept, Term};

/// Capitals beside a long form are its abbreviation.
pub(super) fn mark_abbreviations(concept: &mut Concept) {
    for at in 0..concept.terms.len() {
        concept.terms[at].abbreviation = abbreviates(concept, at);
    }
}

fn abbreviates(concept: &Concept, at: usize) -> bool {
    let term = &concept.terms[at];
    forms::is_acronym(&term.text)
        && concept.terms.iter().any(|t| t.language == term.language && t.text.contains(' ') && t.status.approved())
}

const FLAGS: [&str; 11] = [
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
];

/// `name[:LANG[=TERM]]`
pub(super) fn apply(concept: &mut Concept, flag: &str) -> Result<(), String> {
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
        "form" | "head" | "reading" => {
            // A term may hold a `>` itself: the last one parts.
            let parts = value.and_then(|value| value.rsplit_once('>'));
            let (Some(language), Some((text, said))) = (language, parts) else {
                return Err(format!("flag `{flag}`: it is written `{name}:az=TERM>{}`", name.to_uppercase()));
            };
            let (text, said) = (text.trim(), said.trim());
            let term = concept.terms.iter_mut().find(|t| t.language == language && t.text == text);
            let Some(term) = term else { return Err(format!("flag `{flag}`: the row has no such term")) };
            if said.is_empty() {
                return Err(format!("flag `{flag}`: nothing stands after the `>`"));
            }
            match name {
                "form" => term.grammar.forms.push(said.to_owned()),
                "reading" => term.grammar.reading = Some(said.to_owned()),
                _ if Grammar::may_be_head(text, said) => term.grammar.head = Some(said.to_owned()),
                _ => return Err(format!("flag `{flag}`: `{said}` is no word of the term")),
            }
            Ok(())
        }
        _ => Err(format!("flag `{flag}` is not known: there are {}", FLAGS.join(", "))),
    }
}

pub(super) fn flags_of(concept: &Concept) -> Vec<String> {
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
        let said = [("head", head), ("reading", reading)].map(|(name, said)| (name, said.as_ref()));
        for (name, said) in said.into_iter().chain(forms.iter().map(|form| ("form", Some(form)))) {
            out.extend(said.map(|said| format!("{name}:{language}={text}>{said}")));
        }
    }
    out.extend(concept.exceptions.iter().map(|(language, phrase)| format!("exception:{language}={phrase}")));
    out.extend(concept.do_not_translate.then(|| "do-not-translate".to_owned()));
    out
}
