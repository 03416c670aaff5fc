//! The list of concepts, found as one types, page by page.

use super::{Finder, address, concept, find::Sought, quoted, status_class, status_of, status_word};
use crate::{
    lang::Language,
    model::{Concept, Status, Term},
    web::{
        error::WebError,
        visit::{Frame, Visit, page as made},
    },
};
use askama::Template;
use axum::{extract::Query, response::Response};
use jiff::civil::Date;
use serde::Deserialize;

/// Concepts on one page.
const ROWS: usize = 50;
/// Languages with a column of their own.
const COLUMNS: usize = 4;
/// Terms of a cell beside the one to write.
const OTHERS: usize = 4;

/// What is asked for, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    domain: String,
    status: String,
    language: String,
    page: String,
    /// `list`: the list alone.
    part: String,
    /// One concept, where its id cannot stand in a path.
    id: String,
    #[serde(flatten)]
    asked: concept::Asked,
}

#[derive(Template)]
#[template(path = "terms.html")]
struct Page {
    frame: Frame,
    wanted: Wanted,
    domains: Vec<(String, usize)>,
    languages: Vec<Language>,
    /// With none the page says how to begin.
    concepts: usize,
    /// Files, where the glossary has any: a new concept goes into one of them.
    files: Vec<String>,
    list: List,
}

#[derive(Template)]
#[template(path = "terms-list.html")]
struct Part {
    frame: Frame,
    list: List,
}

/// A page of the list.
struct List {
    columns: Vec<Language>,
    rows: Vec<Row>,
    /// Of all pages.
    found: usize,
    /// From 1.
    page: usize,
    pages: usize,
    /// What the address says beside the page.
    rest: String,
}

struct Row {
    address: String,
    id: String,
    /// One of each column.
    cells: Vec<Cell>,
    domain: String,
    proposed: bool,
    /// It is not in force today.
    out_of_date: bool,
}

/// The terms of one language.
struct Cell {
    language: Language,
    first: Option<String>,
    others: Vec<(String, Status)>,
    more: usize,
}

impl List {
    /// The word and the look of a status, for the template.
    fn class(status: &Status) -> &'static str {
        status_class(*status)
    }

    fn word(status: &Status) -> &'static str {
        status_word(*status)
    }
}

impl Cell {
    fn new(concept: &Concept, language: Language) -> Cell {
        let first = concept.preferred(language);
        let is_first = |term: &&Term| first.is_none_or(|first| !std::ptr::eq(first, *term));
        let mut others: Vec<&Term> = concept.terms_in(language).filter(is_first).collect();
        others.sort_by_key(|term| term.status);
        let more = others.len().saturating_sub(OTHERS);
        let others = others.into_iter().take(OTHERS).map(|term| (term.text.clone(), term.status)).collect();
        Cell { language, first: first.map(|term| term.text.clone()), others, more }
    }
}

pub(super) async fn page(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    if !wanted.id.is_empty() {
        let Wanted { id, part, mut asked, .. } = wanted;
        asked.part = part;
        return concept::shown(visit, id, asked).await;
    }
    let asked = wanted.clone();
    let (list, domains, languages, concepts) = visit
        .office
        .read(move |office, reader| {
            let glossary = office.glossary(reader)?;
            let finder = glossary.finder();
            let list = listed(&asked, finder, &glossary.all, glossary.day, || glossary.termbase());
            let domains = finder.domains.iter().map(|(name, count)| (name.clone(), *count)).collect();
            Ok((list, domains, finder.languages.clone(), glossary.all.len()))
        })
        .await?;
    let frame = visit.frame("terms");
    if wanted.part == "list" {
        return made(&Part { frame, list });
    }
    let files = visit.office.setup.glossary.iter().map(|file| file.display().to_string()).collect();
    made(&Page { frame, wanted, domains, languages, concepts, files, list })
}

fn listed(
    asked: &Wanted,
    finder: &Finder,
    all: &[Concept],
    day: Date,
    termbase: impl FnOnce() -> std::sync::Arc<crate::terms::Termbase>,
) -> List {
    let language: Option<Language> = asked.language.parse().ok();
    let sought = Sought {
        text: asked.q.clone(),
        domain: asked.domain.trim().to_owned(),
        status: status_of(&asked.status),
        language,
    };
    let found = finder.find(&sought, termbase);
    let pages = found.len().div_ceil(ROWS).max(1);
    let page = asked.page.parse().unwrap_or(1usize).clamp(1, pages);
    let mut columns: Vec<Language> = finder.languages.iter().copied().take(COLUMNS).collect();
    // In the order all pages have them.
    let order: Vec<Language> = Language::with_rows().collect();
    columns.sort_by_key(|language| order.iter().position(|own| own == language).unwrap_or(order.len()));
    if let Some(language) = language.filter(|own| !columns.contains(own) && finder.languages.contains(own)) {
        columns.pop();
        columns.insert(0, language);
    }
    let row = |at: &usize| {
        let concept = &all[*at];
        Row {
            address: address(&concept.id),
            id: concept.id.clone(),
            cells: columns.iter().map(|language| Cell::new(concept, *language)).collect(),
            domain: concept.domains().collect::<Vec<_>>().join(", "),
            proposed: concept.terms.iter().any(|term| term.status == Status::Proposed),
            out_of_date: !concept.valid.holds(day) || !concept.terms.iter().any(|term| term.valid.holds(day)),
        }
    };
    let rows = found.iter().skip((page - 1) * ROWS).take(ROWS).map(row).collect();
    let kept = [("q", &asked.q), ("domain", &asked.domain), ("status", &asked.status), ("language", &asked.language)];
    let kept = kept.iter().filter(|(_, value)| !value.is_empty());
    let rest: String = kept.map(|(name, value)| format!("{name}={}&", quoted(value))).collect();
    List { rows, found: found.len(), page, pages, rest, columns }
}
