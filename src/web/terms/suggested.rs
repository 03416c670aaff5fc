//! Proposals out of the memory: worked out beside the requests, kept, accepted into the glossary or refused.

use super::{Fields, language_of, target};
use crate::{
    app::{
        Watch,
        suggest::{self, Refused, Suggested, key},
        termbase::{Change, Deed, EditError, Given, TermbaseError, commit},
    },
    lang::Language,
    model::{Concept, Status},
    suggest::{Options, Proposal},
    web::{
        Web,
        error::WebError,
        office::Office,
        visit::{Frame, Role, Visit, page as made},
    },
};
use askama::Template;
use axum::{
    Form,
    extract::Query,
    response::{IntoResponse, Redirect, Response},
};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// Proposals on one page.
const ROWS: usize = 20;
/// Proposals worked out.
const MOST: usize = 400;
/// In so many units at least.
const LEAST: usize = 3;
const EXAMPLES: usize = 3;
/// Names tried for a concept whose own is taken.
const NAMES: usize = 100;

/// The proposals of an office.
#[derive(Default)]
pub struct Suggestions(Mutex<State>);

#[derive(Default, Clone)]
enum State {
    #[default]
    Idle,
    Running(Arc<Gauge>),
    Ready(Arc<Ready>),
    /// In words for the user.
    Failed(String),
}

struct Ready {
    found: Suggested,
    /// The newest batch of the memory when it was read.
    batch: i64,
}

/// How far the work is.
#[derive(Default)]
struct Gauge {
    stage: Mutex<&'static str>,
    length: AtomicUsize,
    done: AtomicUsize,
}

impl Watch for Gauge {
    fn begin(&self, what: &'static str, length: usize) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = what;
        self.length.store(length, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
    }

    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Suggestions {
    fn state(&self) -> State {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, state: State) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The watch of a work to be begun; `None` where one is under way.
    fn begin(&self) -> Option<Arc<Gauge>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Running(_)) {
            return None;
        }
        let gauge = Arc::new(Gauge::default());
        *state = State::Running(Arc::clone(&gauge));
        Some(gauge)
    }
}

/// Begins to work the proposals out, where nobody has.
fn begin(office: &Web) {
    let Some(gauge) = office.suggestions.begin() else { return };
    let office = Arc::clone(office);
    tokio::spawn(async move {
        let worked = office
            .read(move |office, reader| {
                let (batch, _) = reader.state()?;
                let concepts = office.concepts(reader)?.to_vec();
                let options = Options { least: LEAST, most: MOST, examples: EXAMPLES };
                let wanted = suggest::Wanted { from: None, to: Vec::new(), options, contradictions: false };
                match suggest::suggest(office.memory(), concepts, &wanted, &*gauge) {
                    Ok(found) => Ok(Ready { found, batch }),
                    Err(suggest::SuggestError::Memory(error)) => Err(error.into()),
                    Err(error) => Err(WebError::bad(error)),
                }
            })
            .await;
        office.suggestions.put(match worked {
            Ok(ready) => State::Ready(Arc::new(ready)),
            Err(WebError::Inside(what)) => {
                (office.setup.complain)(&what);
                State::Failed(String::new())
            }
            Err(error) => State::Failed(error.detail().unwrap_or_default().to_owned()),
        });
    });
}

/// What is asked for, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    page: String,
    /// `list`: the list alone.
    part: String,
    /// The batch just written.
    done: String,
}

#[derive(Template)]
#[template(path = "terms-suggested.html")]
struct Page {
    frame: Frame,
    list: List,
    refused: Vec<Refused>,
    done: Option<i64>,
}

#[derive(Template)]
#[template(path = "terms-suggestions.html")]
struct Part {
    frame: Frame,
    list: List,
}

/// A page of proposals, or how far they are.
#[derive(Default)]
struct List {
    /// The stage, and the parts of a hundred done of it.
    running: Option<(&'static str, usize)>,
    failed: Option<String>,
    rows: Vec<Row>,
    count: usize,
    units: usize,
    page: usize,
    pages: usize,
    /// The memory has changed since.
    stale: bool,
}

struct Row {
    units: usize,
    documents: usize,
    terms: Vec<Term>,
    examples: Vec<Example>,
}

struct Term {
    language: Language,
    text: String,
    units: usize,
    short: Option<String>,
    others: Vec<(String, usize)>,
}

/// A unit's texts.
type Example = Vec<(Language, String)>;

impl Row {
    fn new(proposal: &Proposal, found: &Suggested) -> Row {
        let terms = proposal.terms.iter().map(|term| Term {
            language: term.language,
            text: term.text.clone(),
            units: term.units,
            short: term.abbreviation.as_ref().map(|short| short.text.clone()),
            others: term.others.iter().map(|other| (other.text.clone(), other.units)).collect(),
        });
        let examples = proposal.examples.iter().filter_map(|unit| {
            let texts = found.examples.get(unit)?;
            let own = found.languages.iter().filter_map(|own| Some((*own, texts.get(own)?.clone())));
            Some(own.collect::<Example>())
        });
        Row {
            units: proposal.units,
            documents: proposal.documents,
            terms: terms.collect(),
            examples: examples.collect(),
        }
    }

    /// Its leading term: the others of one page have other ones.
    fn lead(&self) -> String {
        self.terms.first().map(|term| key(term.language, &term.text)).unwrap_or_default()
    }
}

/// The proposals that are neither refused nor in the glossary by now.
fn standing<'p>(
    ready: &'p Ready,
    refused: &[Refused],
    concepts: &[Concept],
) -> impl Iterator<Item = &'p Proposal> + use<'p> {
    let mut settled: FxHashSet<String> = FxHashSet::default();
    for (language, text) in refused.iter().flat_map(|refused| &refused.terms) {
        settled.insert(key(*language, text));
    }
    let leads: FxHashSet<String> =
        ready.found.proposals.iter().map(|proposal| key(proposal.terms[0].language, &proposal.terms[0].text)).collect();
    for term in concepts.iter().flat_map(|concept| &concept.terms) {
        let key = key(term.language, &term.text);
        if leads.contains(&key) {
            settled.insert(key);
        }
    }
    let stands =
        move |proposal: &&Proposal| !settled.contains(&key(proposal.terms[0].language, &proposal.terms[0].text));
    ready.found.proposals.iter().filter(stands)
}

pub(super) async fn page(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    if matches!(visit.office.suggestions.state(), State::Idle) {
        begin(&visit.office);
    }
    let asked = wanted.page.parse().unwrap_or(1usize);
    let (list, refused) = visit
        .office
        .read(move |office, reader| {
            let refused = suggest::refused(reader)?;
            let list = match office.suggestions.state() {
                State::Idle => List::default(),
                State::Failed(what) => List { failed: Some(what), ..List::default() },
                State::Running(gauge) => {
                    let stage = *gauge.stage.lock().unwrap_or_else(PoisonError::into_inner);
                    let (done, length) = (gauge.done.load(Ordering::Relaxed), gauge.length.load(Ordering::Relaxed));
                    List {
                        running: Some((stage, (done * 100).checked_div(length).unwrap_or(0).min(100))),
                        ..List::default()
                    }
                }
                State::Ready(ready) => {
                    let glossary = office.glossary(reader)?;
                    let all: Vec<&Proposal> = standing(&ready, &refused, &glossary.all).collect();
                    let pages = all.len().div_ceil(ROWS).max(1);
                    let page = asked.clamp(1, pages);
                    let shown = all.iter().skip((page - 1) * ROWS).take(ROWS);
                    List {
                        rows: shown.map(|proposal| Row::new(proposal, &ready.found)).collect(),
                        count: all.len(),
                        units: ready.found.units,
                        page,
                        pages,
                        stale: reader.state()?.0 != ready.batch,
                        ..List::default()
                    }
                }
            };
            Ok((list, refused))
        })
        .await?;
    let frame = visit.frame("terms");
    match wanted.part.as_str() {
        "list" => made(&Part { frame, list }),
        _ => made(&Page { frame, list, refused, done: wanted.done.parse().ok() }),
    }
}

pub(super) async fn post(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, WebError> {
    visit.may(Role::Translator)?;
    let fields = Fields(fields);
    let batch = match fields.one("deed") {
        "again" => {
            begin(&visit.office);
            None
        }
        "accept" => accept(&visit, fields, Status::Preferred).await?,
        "propose" => accept(&visit, fields, Status::Proposed).await?,
        "refuse" => refuse(&visit, fields, true).await?,
        "back" => {
            refuse(&visit, fields, false).await?;
            None
        }
        other => return Err(WebError::Bad(format!("`{other}`"))),
    };
    let place = batch.map_or_else(|| "/terms/suggested".to_owned(), |batch| format!("/terms/suggested?done={batch}"));
    Ok(Redirect::to(&place).into_response())
}

/// The terms of a proposal as the form has them: `language` and `text` once each a row.
fn rows(fields: &Fields) -> Result<Vec<(Language, String)>, WebError> {
    let rows = fields.all("language").zip(fields.all("text")).filter(|(_, text)| !text.is_empty());
    rows.map(|(language, text)| Ok((language_of(language)?, text.to_owned()))).collect()
}

/// Takes a proposal into the glossary, under the first free name of its own.
async fn accept(visit: &Visit, fields: Fields, status: Status) -> Result<Option<i64>, WebError> {
    if status != Status::Proposed {
        visit.may(Role::Editor)?;
    }
    let mut terms: Vec<Given> = Vec::new();
    for (language, text) in rows(&fields)? {
        // The first of a language is the one to write, its abbreviation may be written.
        let more = terms.iter().any(|known| known.language == language);
        let own = if more && status == Status::Preferred { Status::Admitted } else { status };
        terms.push(Given { language, status: Some(own), text });
    }
    let domain = Some(fields.one("domain").to_owned()).filter(|domain| !domain.is_empty());
    let change = Change { terms, domain: domain.map(Some), ..Change::default() };
    let who = visit.person.name.clone();
    visit
        .office
        .write(move |office: &Office, _| {
            let read = target(office).read()?;
            let mut id = None;
            for number in 1..=NAMES {
                let deed = Deed::Add { id: id.clone(), change: change.clone(), file: 0 };
                let plan = match deed.planned(&read) {
                    Err(TermbaseError::Edit(EditError::Known(known))) if number < NAMES => {
                        let base = known.strip_suffix(&format!("-{number}")).unwrap_or(&known);
                        id = Some(format!("{base}-{}", number + 1));
                        continue;
                    }
                    plan => plan?,
                };
                let Some(first) = plan.first() else { return Ok(None) };
                let note = format!("term add {}", first.id);
                let done = commit(target(office), &plan, &note, office.now(), &who)?;
                return Ok(done.batch.map(|batch| batch.0));
            }
            Ok(None)
        })
        .await
}

/// Refuses a proposal, or takes that back.
async fn refuse(visit: &Visit, fields: Fields, refused: bool) -> Result<Option<i64>, WebError> {
    visit.may(Role::Editor)?;
    let terms = rows(&fields)?;
    let who = visit.person.name.clone();
    visit
        .office
        .write(move |office, memory| {
            let Some((language, text)) = terms.first().cloned() else { return Err(WebError::NotFound) };
            let refusal =
                Refused { terms, reason: fields.one("reason").to_owned(), who: who.clone(), date: office.now() };
            let refusal = refused.then_some(&refusal);
            suggest::refuse(memory, (language, &text), refusal, office.now(), &who)?;
            Ok(None)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model, suggest::Proposed};

    #[test]
    fn what_is_refused_or_taken_in_is_no_proposal_any_more() {
        let proposal = |en: &str| {
            let term = |language, text: &str| Proposed {
                language,
                text: text.to_owned(),
                units: 3,
                abbreviation: None,
                others: Vec::new(),
            };
            Proposal {
                terms: vec![term(Language::EN, en), term(Language::AZ, "x")],
                units: 3,
                documents: 1,
                score: 1.0,
                examples: Vec::new(),
            }
        };
        let proposals = vec![proposal("Border Guard"), proposal("Open Day"), proposal("Visa Office")];
        let ready = Ready { found: Suggested { proposals, ..Suggested::default() }, batch: 1 };
        let refused = Refused {
            terms: vec![(Language::EN, "open day".to_owned())],
            reason: String::new(),
            who: String::new(),
            date: jiff::Timestamp::UNIX_EPOCH,
        };
        let terms = vec![model::Term::new("Visa Office", Language::EN, Status::Proposed)];
        let concept = Concept { id: "v".to_owned(), terms, ..Concept::default() };
        let left = standing(&ready, &[refused], &[concept]).map(|p| p.terms[0].text.as_str());
        assert_eq!(left.collect::<Vec<_>>(), ["Border Guard"]);
        assert_eq!(standing(&ready, &[], &[]).count(), 3);
    }

    #[test]
    fn a_work_is_begun_once() {
        let suggestions = Suggestions::default();
        let gauge = suggestions.begin().unwrap();
        gauge.begin("reading", 10);
        gauge.step();
        assert!(suggestions.begin().is_none());
        suggestions.put(State::Failed("x".to_owned()));
        assert!(suggestions.begin().is_some());
    }
}
