//! Edits of the glossary: planned as the command line plans them, shown, and written.

use super::{Fields, address, concept::Tried, language_of, mark, status_class, status_of, status_word, target};
use super::{told::Told, uses};
use crate::{
    app::{
        impact,
        termbase::{self, Change, Deed, Double, Files, Former, Given, Planned, commit, differences, doubles},
    },
    formats::glossary::flags_of,
    memory::BatchId,
    model::{Concept, Rule, Status, Term},
    rules::RuleSet,
    terms::Termbase,
    web::{
        error::WebError,
        office::Office,
        visit::{Frame, Role, Visit, page as made},
        words::Words,
    },
};
use askama::Template;
use axum::{
    Form,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use std::sync::Arc;

/// Units with what is no longer to be written that a preview shows, and those it looks through for them.
const SHOWN: usize = 3;
const WORK: usize = 1_024;

/// What would be written, to be looked at first.
#[derive(Template)]
#[template(path = "terms-preview.html")]
struct Preview {
    frame: Frame,
    /// The form once more, to be sent again.
    fields: Vec<(String, String)>,
    /// Where to go when it is not to be.
    back: String,
    concepts: Vec<(String, Vec<Told>)>,
    doubles: Vec<(Double, String)>,
    impact: Option<uses::Part>,
    /// The concept whose places those are.
    place: String,
    /// What will be written to; empty: the memory's copy alone.
    files: Vec<String>,
}

impl Preview {
    fn class(double: &Double) -> &'static str {
        status_class(double.status)
    }

    fn word(double: &Double) -> &'static str {
        status_word(double.status)
    }
}

/// An edit asked for.
struct Wanted {
    deed: Deed,
    /// What its batch is called: the command's name, and what stands behind the concept's.
    verb: &'static str,
    more: String,
}

pub(super) async fn post(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, WebError> {
    visit.may(Role::Translator)?;
    let fields = Fields(fields);
    if fields.one("deed") == "undo" {
        return undo(visit, fields).await;
    }
    let write = fields.one("step") == "write";
    let (role, words, who) = (visit.person.role, visit.words, visit.person.name.clone());
    let frame = visit.frame("terms");
    let sent = fields.clone();
    let job = move |office: &Office| {
        let read = target(office).read()?;
        let wanted = wanted(&sent, &read, words, role)?;
        let plan = wanted.deed.planned(&read)?;
        Ok::<_, WebError>((wanted, plan, read))
    };
    if !write {
        let preview = visit
            .office
            .read(move |office, reader| {
                let (_, plan, read) = job(office)?;
                let impact = impact_of(reader, &plan)?;
                Ok(shown(office, frame, &fields, &plan, &read, impact))
            })
            .await?;
        return made(&preview);
    }
    let (id, batch) = visit
        .office
        .write(move |office, _| {
            let (wanted, plan, _) = job(office)?;
            let Some(first) = plan.first() else { return Ok((fields.one("concept").to_owned(), None)) };
            let note = format!("term {} {}{}", wanted.verb, first.id, wanted.more);
            let done = commit(target(office), &plan, &note, office.now(), &who)?;
            Ok((first.id.clone(), done.batch))
        })
        .await?;
    Ok(back_to(&address(&id), batch).into_response())
}

/// The page of the concept, with the batch just written.
fn back_to(place: &str, batch: Option<BatchId>) -> Redirect {
    let sign = if place.contains('?') { '&' } else { '?' };
    Redirect::to(&batch.map_or_else(|| place.to_owned(), |batch| format!("{place}{sign}done={batch}")))
}

/// What the form asks for.
fn wanted(fields: &Fields, read: &Files, words: &Words, role: Role) -> Result<Wanted, WebError> {
    let asked = |deed: Deed, verb: &'static str| Wanted { deed, verb, more: String::new() };
    let kind = fields.one("deed");
    if kind == "add" {
        let mut change = said(fields)?;
        change.terms = given(fields)?;
        if role < Role::Editor {
            proposals(&mut change.terms);
        }
        let id = Some(fields.one("id").to_owned()).filter(|id| !id.is_empty());
        let file = fields.number("file").unwrap_or(0);
        if file > 0 && file >= read.list.len() {
            return Err(WebError::Bad(words.get("terms.no-file").to_owned()));
        }
        return Ok(asked(Deed::Add { id, change, file }, "add"));
    }
    let (id, known) = (fields.one("concept").to_owned(), read.merged());
    let Some(concept) = known.iter().find(|concept| concept.id == id) else {
        return Err(WebError::Conflict(words.with("terms.gone", &[("id", &id)])));
    };
    if fields.one("seen") != mark(concept) {
        return Err(WebError::Conflict(words.with("terms.changed-since", &[("id", &id)])));
    }
    let edit = |change: Change| asked(Deed::Edit { concept: id.clone(), change }, "edit");
    let term = || {
        let term = fields.number("term").and_then(|at: usize| concept.terms.get(at));
        term.ok_or_else(|| WebError::Bad(words.get("terms.no-term").to_owned()))
    };
    if role < Role::Editor && kind != "term" {
        return Err(WebError::Forbidden);
    }
    Ok(match kind {
        "term" => {
            let mut terms = given(fields)?;
            if role < Role::Editor {
                proposals(&mut terms);
                // A proposal changes nothing of what is there.
                let there = |given: &Given| concept.terms_in(given.language).any(|term| term.text == given.text);
                if terms.iter().any(there) {
                    return Err(WebError::Forbidden);
                }
            }
            edit(Change { terms, former: former(fields), ..Change::default() })
        }
        "status" => {
            let term = term()?;
            let given = |status: Option<Status>| Given { language: term.language, status, text: term.text.clone() };
            match fields.one("to") {
                "removed" => {
                    asked(Deed::Remove { concept: id.clone(), terms: vec![given(Some(term.status))] }, "remove")
                }
                to => {
                    let to = status_of(to).ok_or_else(|| WebError::Bad(format!("`{to}`")))?;
                    let wrong = matches!(to, Status::Deprecated | Status::Forbidden);
                    if wrong && term.status != Status::Preferred {
                        let (terms, deprecate) = (vec![given(None)], to == Status::Deprecated);
                        asked(Deed::Forbid { concept: id.clone(), terms, deprecate }, "forbid")
                    } else {
                        if term.status == Status::Preferred && !has_another(concept, term) {
                            return Err(WebError::Bad(words.with("terms.another-first", &[("term", &term.text)])));
                        }
                        edit(Change { terms: vec![given(Some(to))], former: former(fields), ..Change::default() })
                    }
                }
            }
        }
        "fields" => edit(said(fields)?),
        "grammar" => {
            let term = term()?;
            let tried = Tried {
                try_out: String::new(),
                head: fields.one("head").to_owned(),
                izafet: fields.one("izafet").to_owned(),
                reading: fields.one("reading").to_owned(),
                indeclinable: fields.one("indeclinable").to_owned(),
                case_sensitive: fields.one("case_sensitive").to_owned(),
                more: fields.one("more").to_owned(),
            };
            let mut after = concept.clone();
            after.terms.iter_mut().filter(|own| *own == term).for_each(|own| *own = tried.of(term));
            let (old, new) = (flags_of(concept), flags_of(&after));
            edit(Change {
                flags: new.iter().filter(|flag| !old.contains(flag)).cloned().collect(),
                flags_gone: old.iter().filter(|flag| !new.contains(flag)).cloned().collect(),
                ..Change::default()
            })
        }
        "flag" => edit(Change {
            flags: fields.all("flag").filter(|flag| !flag.is_empty()).map(str::to_owned).collect(),
            flags_gone: fields.all("gone").filter(|flag| !flag.is_empty()).map(str::to_owned).collect(),
            ..Change::default()
        }),
        "remove" => asked(Deed::Remove { concept: id.clone(), terms: Vec::new() }, "remove"),
        "merge" => {
            let other = crate::app::terms::concept(&known, fields.one("other"))?.id.clone();
            let more = format!(" with {other}");
            Wanted { deed: Deed::Merge { keep: id.clone(), other }, verb: "merge", more }
        }
        other => return Err(WebError::Bad(format!("`{other}`"))),
    })
}

/// Whether a language has another term that may be written.
fn has_another(concept: &Concept, term: &Term) -> bool {
    concept.terms_in(term.language).any(|other| other.text != term.text && other.status.approved())
}

fn proposals(terms: &mut [Given]) {
    terms.iter_mut().for_each(|given| given.status = Some(Status::Proposed));
}

/// The terms of a form: `language`, `status` and `text` once each a row; rows without a text are empty.
fn given(fields: &Fields) -> Result<Vec<Given>, WebError> {
    let rows = fields.all("language").zip(fields.all("status")).zip(fields.all("text"));
    let rows = rows.filter(|(_, text)| !text.is_empty());
    rows.map(|((language, status), text)| {
        Ok(Given { language: language_of(language)?, status: status_of(status), text: text.to_owned() })
    })
    .collect()
}

/// What is said of a concept beside its terms: of each field the form has.
fn said(fields: &Fields) -> Result<Change, WebError> {
    let text = |name: &str| fields.has(name).then(|| Some(fields.one(name).to_owned()).filter(|text| !text.is_empty()));
    let day = |name: &str| -> Result<Option<Option<Date>>, WebError> {
        match fields.one(name) {
            _ if !fields.has(name) => Ok(None),
            "" => Ok(Some(None)),
            day => Ok(Some(Some(day.parse().map_err(|_| WebError::Bad(format!("`{day}`: 2018-01-31")))?))),
        }
    };
    Ok(Change {
        definition: text("definition"),
        domain: text("domain"),
        note: text("note"),
        source: text("source"),
        valid_from: day("valid_from")?,
        valid_until: day("valid_until")?,
        ..Change::default()
    })
}

fn former(fields: &Fields) -> Former {
    match fields.one("former") {
        "deprecated" => Former::Deprecated,
        "forbidden" => Former::Forbidden,
        "removed" => Former::Removed,
        _ => Former::Admitted,
    }
}

/// Where the memory says what is no longer to be written after the plan; `None` where nothing is new of that.
fn impact_of(reader: &crate::memory::Reader<'_>, plan: &[Planned]) -> Result<Option<uses::Part>, WebError> {
    let Some(concept) = plan.iter().find_map(newly_wrong) else { return Ok(None) };
    let id = concept.id.clone();
    let termbase = Arc::new(Termbase::new(vec![concept]));
    let rules = RuleSet::new(&[Rule::ForbiddenTerm, Rule::DeprecatedTerm], &[], &[]);
    let wanted = impact::Wanted { wrong: true, before: None, most: SHOWN, work: WORK };
    let found = impact::uses(reader, &termbase, &id, &rules, wanted)?;
    Ok(Some(uses::Part::new(found, true)))
}

/// The concept with what was right or unknown before it and is wrong behind it, and what is to be written instead.
fn newly_wrong(planned: &Planned) -> Option<Concept> {
    let after = planned.after.as_ref()?;
    let is_wrong = |status: Status| matches!(status, Status::Deprecated | Status::Forbidden);
    let before = |term: &Term| {
        let mut old = planned.before.iter().flat_map(|concept| concept.terms_in(term.language));
        old.find(|old| old.text == term.text).map(|old| old.status)
    };
    let mut out = after.clone();
    out.terms.retain(|term| term.status.approved() || is_wrong(term.status) && !before(term).is_some_and(is_wrong));
    for old in planned.before.iter().flat_map(|concept| &concept.terms).filter(|term| term.status.approved()) {
        if !after.terms_in(old.language).any(|term| term.text == old.text) {
            out.terms.push(Term { status: Status::Deprecated, ..old.clone() });
        }
    }
    out.terms.iter().any(|term| is_wrong(term.status)).then_some(out)
}

fn shown(
    office: &Office,
    frame: Frame,
    fields: &Fields,
    plan: &[Planned],
    read: &Files,
    impact: Option<uses::Part>,
) -> Preview {
    let words = frame.words;
    let told = |planned: &Planned| {
        let differences = differences(planned.before.as_ref(), planned.after.as_ref());
        (planned.id.clone(), Told::all(words, &differences))
    };
    let sent = fields.0.iter().filter(|(name, _)| name != "step").cloned().collect();
    let twice = doubles(&read.merged(), plan).into_iter().map(|double| {
        let place = address(&double.concept);
        (double, place)
    });
    let mut files: Vec<String> = plan
        .iter()
        .filter_map(|planned| office.setup.glossary.get(planned.file))
        .map(|file| file.display().to_string())
        .collect();
    files.dedup();
    let place = plan.first().map(|planned| address(&planned.id)).unwrap_or_default();
    let back = match fields.one("concept") {
        "" if fields.one("back").starts_with("/terms") => fields.one("back").to_owned(),
        "" => "/terms".to_owned(),
        id => address(id),
    };
    Preview {
        frame,
        fields: sent,
        back,
        concepts: plan.iter().map(told).collect(),
        doubles: twice.collect(),
        impact,
        place,
        files,
    }
}

/// Takes back a batch of edits, or shows what that would change.
async fn undo(visit: Visit, fields: Fields) -> Result<Response, WebError> {
    visit.may(Role::Editor)?;
    let batch: BatchId = BatchId(fields.number("batch").ok_or(WebError::NotFound)?);
    let who = visit.person.name.clone();
    if fields.one("step") != "write" {
        let frame = visit.frame("terms");
        let preview = visit
            .office
            .read(move |office, reader| {
                let now = office.now();
                let (_, plan, _) = termbase::undo(target(office), Some(batch), now, &who, true)?;
                let impact = impact_of(reader, &plan)?;
                // What comes back was there: it doubles nothing that is new.
                Ok(shown(office, frame, &fields, &plan, &Files::default(), impact))
            })
            .await?;
        return made(&preview);
    }
    let wanted_back = fields.one("back").to_owned();
    let place = visit
        .office
        .write(move |office, _| {
            let (_, plan, _) = termbase::undo(target(office), Some(batch), office.now(), &who, false)?;
            let stays = plan.iter().find(|planned| planned.after.is_some()).or(plan.first());
            Ok(stays.map_or_else(|| "/terms".to_owned(), |planned| address(&planned.id)))
        })
        .await?;
    let place = if wanted_back == "/terms/suggested" { wanted_back } else { place };
    Ok(Redirect::to(&place).into_response())
}
