//! What an edit makes of a concept.

use super::{Files, Planned, TermbaseError};
use crate::{
    app::terms,
    formats::glossary::{self, apply_flag, marked_anew, without_flag},
    lang::Language,
    model::{Concept, Period, Status, Term},
};
use jiff::civil::Date;

/// A term as somebody names it: in a language, perhaps with a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub language: Language,
    pub status: Option<Status>,
    pub text: String,
}

impl std::fmt::Display for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.language, self.text)
    }
}

/// What becomes of a preferred term when another one takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Former {
    /// It may still be written.
    #[default]
    Admitted,
    Deprecated,
    Forbidden,
    Removed,
}

/// What is to be changed of a concept. Of what a concept has once, the inner `None` takes it away.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Of a term without a status: the preferred one.
    pub terms: Vec<Given>,
    pub former: Former,
    pub definition: Option<Option<String>>,
    pub domain: Option<Option<String>>,
    pub note: Option<Option<String>>,
    pub source: Option<Option<String>>,
    pub valid_from: Option<Option<Date>>,
    pub valid_until: Option<Option<Date>>,
    /// As the column `flags` has them.
    pub flags: Vec<String>,
    pub flags_gone: Vec<String>,
}

#[derive(Debug, Clone)]
pub enum Deed {
    /// A new concept: of a language without a status, the first term is preferred, the others are admitted. `file`: which
    /// of the files gets it.
    Add {
        id: Option<String>,
        change: Change,
        file: usize,
    },
    Edit {
        concept: String,
        change: Change,
    },
    /// Terms that are wrong, or only out of use.
    Forbid {
        concept: String,
        terms: Vec<Given>,
        deprecate: bool,
    },
    /// The whole concept, or terms of it.
    Remove {
        concept: String,
        terms: Vec<Given>,
    },
    /// All the second has joins the first.
    Merge {
        keep: String,
        other: String,
    },
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EditError {
    #[error("concept `{0}` is there already")]
    Known(String),
    #[error("give at least one term, as in en=\"State Agency\"")]
    NoTerms,
    #[error("concept `{id}` has no term {term}: it has {}", .has.join(", "))]
    NoTerm { id: String, term: String, has: Vec<String> },
    #[error(
        "{term} is the preferred term of concept `{id}`: give another first, `yaddash term edit {id} {language}=…`"
    )]
    Preferred { id: String, term: String, language: Language },
    #[error("concept `{0}` would have no terms left: leave out the terms to remove all of it")]
    Emptied(String),
    #[error("`{0}` holds no letter of which an id could be made: give one with --id")]
    NoId(String),
    #[error("`{0}` cannot be merged with itself")]
    Itself(String),
    #[error("the term {0} is empty")]
    EmptyTerm(String),
    #[error("{0}")]
    Flag(String),
    #[error("it is valid until {until}, before {from}, from which it is valid")]
    Backwards { from: Date, until: Date },
}

impl Deed {
    /// What the deed makes of the concepts: nothing where all is so already.
    pub fn planned(&self, files: &Files) -> Result<Vec<Planned>, TermbaseError> {
        let mut out = Vec::new();
        let mut plan = |file: usize, before: Option<&Concept>, after: Option<Concept>| {
            if before != after.as_ref() {
                let id = before.or(after.as_ref()).map(|concept| concept.id.clone()).unwrap_or_default();
                out.push(Planned { file, id, before: before.cloned(), after, behind: None });
            }
        };
        match self {
            Deed::Add { id, change, file } => {
                let mut concept = Concept::default();
                change.add_to(&mut concept)?;
                concept.id = match id {
                    Some(id) => id.clone(),
                    None => new_id(&concept)?,
                };
                if files.named(&concept.id).is_some() {
                    return Err(EditError::Known(concept.id).into());
                }
                checked(&concept)?;
                plan(*file, None, Some(concept));
            }
            Deed::Edit { concept, change } => {
                let (file, before) = files.concept(concept)?;
                let mut after = before.clone();
                change.apply(&mut after)?;
                marked_anew(Some(before), &mut after);
                checked(&after)?;
                plan(file, Some(before), Some(after));
            }
            Deed::Forbid { concept, terms, deprecate } => {
                let (file, before) = files.concept(concept)?;
                let status = if *deprecate { Status::Deprecated } else { Status::Forbidden };
                let mut after = before.clone();
                for given in terms {
                    let known = after.terms.iter().find(|t| t.language == given.language && t.text == given.text);
                    if known.is_some_and(|term| term.status == Status::Preferred) {
                        let (id, term) = (before.id.clone(), given.to_string());
                        return Err(EditError::Preferred { id, term, language: given.language }.into());
                    }
                    put(&mut after, given, status)?;
                }
                marked_anew(Some(before), &mut after);
                plan(file, Some(before), Some(after));
            }
            Deed::Remove { concept, terms } if terms.is_empty() => {
                let (_, before) = files.concept(concept)?;
                for (file, own) in files.all_named(&before.id) {
                    plan(file, Some(own), None);
                }
            }
            Deed::Remove { concept, terms } => {
                let (file, before) = files.concept(concept)?;
                let mut after = before.clone();
                for given in terms {
                    let wanted = |t: &Term| {
                        t.language == given.language
                            && t.text == given.text
                            && given.status.is_none_or(|status| status == t.status)
                    };
                    if !after.terms.iter().any(wanted) {
                        let has = before.terms_in(given.language).map(|t| format!("{}={}", t.language, t.text));
                        let has = Some(has.collect::<Vec<_>>()).filter(|has| !has.is_empty());
                        let has = has.unwrap_or_else(|| vec![format!("none in {}", given.language)]);
                        return Err(EditError::NoTerm { id: before.id.clone(), term: given.to_string(), has }.into());
                    }
                    after.terms.retain(|term| !wanted(term));
                }
                if after.terms.is_empty() {
                    return Err(EditError::Emptied(before.id.clone()).into());
                }
                marked_anew(Some(before), &mut after);
                plan(file, Some(before), Some(after));
            }
            Deed::Merge { keep, other } => {
                let (file, kept) = files.concept(keep)?;
                let (from, gone) = files.concept(other)?;
                if kept.id == gone.id && file == from {
                    return Err(EditError::Itself(kept.id.clone()).into());
                }
                let mut after = kept.clone();
                glossary::join(&mut after, gone.clone());
                plan(file, Some(kept), Some(after));
                plan(from, Some(gone), None);
            }
        }
        Ok(out)
    }
}

/// An id from the first English term, else from the first: small Latin letters, digits and hyphens where it has any,
/// else its own letters.
pub fn new_id(concept: &Concept) -> Result<String, EditError> {
    let english = concept.preferred(Language::EN);
    let Some(term) = english.or(concept.terms.first()) else { return Err(EditError::NoTerms) };
    let mut out = String::new();
    for c in term.text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’' | '.') && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-').to_owned();
    if out.is_empty() { Err(EditError::NoId(term.text.clone())) } else { Ok(out) }
}

fn checked(concept: &Concept) -> Result<(), EditError> {
    let Period { from, until } = concept.valid;
    match from.zip(until).filter(|(from, until)| until < from) {
        Some((from, until)) => Err(EditError::Backwards { from, until }),
        None => Ok(()),
    }
}

/// Gives a concept a term of this status; one it has gets the status.
fn put(concept: &mut Concept, given: &Given, status: Status) -> Result<(), EditError> {
    if given.text.trim().is_empty() {
        return Err(EditError::EmptyTerm(given.to_string()));
    }
    let known = concept.terms.iter_mut().find(|t| t.language == given.language && t.text == given.text);
    match known {
        Some(term) => term.status = status,
        None => {
            // Beside those of its language.
            let place = concept.terms.iter().rposition(|t| t.language == given.language);
            let place = place.map_or(concept.terms.len(), |at| at + 1);
            concept.terms.insert(place, Term::new(given.text.trim(), given.language, status));
        }
    }
    Ok(())
}

impl Change {
    fn add_to(&self, concept: &mut Concept) -> Result<(), EditError> {
        if self.terms.is_empty() {
            return Err(EditError::NoTerms);
        }
        for given in &self.terms {
            let first = concept.preferred(given.language).is_none();
            let status = given.status.unwrap_or(if first { Status::Preferred } else { Status::Admitted });
            put(concept, given, status)?;
        }
        marked_anew(None, concept);
        self.say(concept)
    }

    fn apply(&self, concept: &mut Concept) -> Result<(), EditError> {
        for given in &self.terms {
            let status = given.status.unwrap_or(Status::Preferred);
            put(concept, given, status)?;
            if status != Status::Preferred {
                continue;
            }
            let former =
                |t: &Term| t.language == given.language && t.status == Status::Preferred && t.text != given.text.trim();
            let status = match self.former {
                Former::Admitted => Status::Admitted,
                Former::Deprecated => Status::Deprecated,
                Former::Forbidden => Status::Forbidden,
                Former::Removed => {
                    concept.terms.retain(|term| !former(term));
                    continue;
                }
            };
            concept.terms.iter_mut().filter(|term| former(term)).for_each(|term| term.status = status);
        }
        self.say(concept)
    }

    /// All but the terms.
    fn say(&self, concept: &mut Concept) -> Result<(), EditError> {
        let Concept { definition, domain, note, source, valid, .. } = &mut *concept;
        for (field, new) in
            [(definition, &self.definition), (domain, &self.domain), (note, &self.note), (source, &self.source)]
        {
            if let Some(new) = new {
                *field = new.clone().filter(|text| !text.trim().is_empty());
            }
        }
        valid.from = self.valid_from.unwrap_or(valid.from);
        valid.until = self.valid_until.unwrap_or(valid.until);
        for flag in &self.flags_gone {
            without_flag(concept, flag).map_err(EditError::Flag)?;
        }
        for flag in &self.flags {
            apply_flag(concept, flag).map_err(EditError::Flag)?;
        }
        Ok(())
    }
}

impl Files {
    /// The concept of that id, or the one that holds the term, in the first file that has it.
    pub(super) fn concept(&self, wanted: &str) -> Result<(usize, &Concept), TermbaseError> {
        if let Some(found) = self.named(wanted) {
            return Ok(found);
        }
        let all = self.merged();
        let id = terms::concept(&all, wanted)?.id.clone();
        let missing = || terms::TermsError::NoConcept { wanted: wanted.to_owned(), near: vec![id.clone()] };
        Ok(self.named(&id).ok_or_else(missing)?)
    }

    /// The concept of that id in the first file that has it.
    pub(super) fn named(&self, id: &str) -> Option<(usize, &Concept)> {
        self.list.iter().enumerate().find_map(|(at, file)| Some((at, file.concept(id)?)))
    }

    fn all_named(&self, id: &str) -> Vec<(usize, &Concept)> {
        self.list.iter().enumerate().filter_map(|(at, file)| Some((at, file.concept(id)?))).collect()
    }
}
