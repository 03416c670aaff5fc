//! Check: texts as one types them, and files; what is wrong with them, put right by a click or let stand for a reason.

mod given;

use super::{
    Web,
    error::WebError,
    findings::{self, Decision, Listing},
    guard,
    office::Office,
    visit::{Frame, Role, Visit, page},
    words::Words,
};
use crate::{
    app::{
        Unwatched,
        check::{self, Checked, Job, corrections_of, hush_of},
        segmentation,
        sift::Sifting,
    },
    lang::{self, Language},
    memory::Reader,
    report::Located,
};
use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartRejection},
    http::header,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use given::{Act, Given};
use std::{io, sync::Arc};

type Form = Result<Multipart, MultipartRejection>;

/// Where a text is written.
struct Editor {
    language: Language,
    name: String,
    text: String,
}

#[derive(Template)]
#[template(path = "check.html")]
struct Page {
    frame: Frame,
    editors: Vec<Editor>,
    /// What was found in the texts, and in the files: parts, made already.
    typed: String,
    filed: String,
    together: bool,
}

async fn empty(visit: Visit) -> Result<Response, WebError> {
    shown(&visit, Given::default(), Listing::default()).await
}

/// The page with what was found, for browsers without scripts.
async fn posted(visit: Visit, form: Form) -> Result<Response, WebError> {
    let given = Given::read(form, visit.words).await?;
    let (given, list) = look(&visit, given).await?;
    shown(&visit, given, list).await
}

/// What was found, without the page around it.
async fn found(visit: Visit, form: Form) -> Result<Response, WebError> {
    let given = Given::read(form, visit.words).await?;
    let (_, list) = look(&visit, given).await?;
    Ok(Html(list.html(&visit.frame("check"))?).into_response())
}

async fn shown(visit: &Visit, given: Given, list: Listing) -> Result<Response, WebError> {
    let languages = visit.office.read(languages).await?;
    let more = given.typed.keys().filter(|language| !languages.contains(language)).copied();
    let all: Vec<Language> = languages.iter().copied().chain(more).collect();
    let editor = |language: Language| Editor {
        language,
        name: findings::native(language),
        text: given.typed.get(&language).cloned().unwrap_or_default(),
    };
    let editors = all.into_iter().map(editor).collect();
    let (typed, filed) = match given.files.is_empty() {
        true => (list, Listing { form: FILES, ..Listing::default() }),
        false => (Listing { form: TEXTS, ..Listing::default() }, list),
    };
    let frame = visit.frame("check");
    let (typed, filed) = (typed.html(&frame)?, filed.html(&frame)?);
    page(&Page { frame, editors, typed, filed, together: given.together })
}

/// The forms of the page.
const TEXTS: &str = "texts";
const FILES: &str = "files";

/// Languages there is room for on a page.
const EDITORS: usize = 6;

/// The languages texts are written in: those of the office, else those of the memory, else those of the interface.
fn languages(office: &Office, reader: &Reader<'_>) -> Result<Vec<Language>, WebError> {
    let mut all = office.setup.languages.clone();
    if all.is_empty() {
        all = reader.languages()?;
    }
    if all.is_empty() {
        all = Words::all().iter().filter_map(|words| words.language.parse().ok()).collect();
    }
    in_order(&mut all, office.setup.drafted);
    all.truncate(EDITORS);
    Ok(all)
}

/// The language drafted in first.
fn in_order(languages: &mut [Language], drafted: Option<Language>) {
    let there = languages.iter().copied();
    let first = drafted.filter(|drafted| there.clone().any(|l| l == *drafted)).or_else(|| lang::lead(there));
    languages.sort_by_key(|language| (Some(*language) != first, *language));
}

/// Does what is to be done, and looks.
async fn look(visit: &Visit, mut given: Given) -> Result<(Given, Listing), WebError> {
    let act = given.act.take();
    if matches!(act, Some(Act::Decide(_))) {
        visit.may(Role::Translator)?;
    }
    let given = Arc::new(given);
    let mut checked = check(visit, &given).await?;
    let mut given = Arc::try_unwrap(given).map_err(|_| WebError::Inside("a check has not ended".to_owned()))?;
    match act {
        None => {}
        Some(Act::Decide(decision)) => {
            checked.findings = decided(visit, decision, checked.findings).await?;
        }
        Some(Act::Fix(id)) => {
            let meant = checked.findings.iter().filter(|located| located.id == id && located.finding.fix.is_some());
            fixed(&mut given, &meant.take(1).collect::<Vec<_>>());
            return Box::pin(look(visit, given)).await;
        }
        Some(Act::FixAll) => {
            let open = checked.findings.iter().filter(|located| located.accepted.is_none());
            fixed(&mut given, &open.filter(|located| located.certain_fix().is_some()).collect::<Vec<_>>());
            return Box::pin(look(visit, given)).await;
        }
    }
    let mut typed: Vec<Language> = given.typed.keys().copied().collect();
    in_order(&mut typed, visit.office.setup.drafted);
    let order = |located: &Located| typed.iter().position(|language| *language == located.finding.place.language);
    // As the texts stand on the page; those of files have their order.
    checked.findings.sort_by_key(order);
    let list = listing(visit.words, &given, checked);
    Ok((given, list))
}

async fn check(visit: &Visit, given: &Arc<Given>) -> Result<Checked, WebError> {
    let given = Arc::clone(given);
    visit
        .office
        .read(move |office, reader| {
            let job = Job {
                inputs: given.inputs(),
                termbase: Some(office.glossary(reader)?.termbase()),
                rules: office.setup.rules.clone(),
                memory: Some(office.memory().to_owned()),
                segmenting: segmentation::Rules::new(&office.setup.segmenting).map_err(WebError::bad)?,
                sifting: Sifting::default(),
                together: given.together,
                ..Job::default()
            };
            let mut checked = check::check(job, &Unwatched);
            hush_of(&mut checked.findings, &|name| given.file(name).unwrap_or_default().to_vec());
            Ok(checked)
        })
        .await
}

/// Keeps a decision, and marks the findings by all that are kept.
async fn decided(visit: &Visit, decision: Decision, mut found: Vec<Located>) -> Result<Vec<Located>, WebError> {
    let (who, gone) = (visit.person.name.clone(), visit.words.get("findings.gone"));
    visit
        .office
        .write(move |office, memory| {
            decision.keep(memory, &found, &who, office, gone)?;
            found.iter_mut().for_each(|located| located.accepted = None);
            check::accepted::Decisions::of(&memory.read()?)?.mark(&mut found);
            Ok(found)
        })
        .await
}

/// Puts fixes into the texts that were typed, the last first. Of two that share letters the first is put in.
fn fixed(given: &mut Given, found: &[&Located]) {
    for (language, text) in &mut given.typed {
        let mut own: Vec<&&Located> = found
            .iter()
            .filter(|located| located.finding.place.language == *language && *located.source.text == **text)
            .collect();
        own.sort_by_key(|located| located.byte_start);
        let mut end = 0;
        own.retain(|located| {
            let free = located.byte_start >= end;
            end = if free { located.byte_end } else { end };
            free
        });
        for located in own.into_iter().rev() {
            if let Some(fix) = &located.finding.fix {
                text.replace_range(located.byte_start..located.byte_end, &fix.text);
            }
        }
    }
}

fn listing(words: &Words, given: &Given, checked: Checked) -> Listing {
    let form = if given.files.is_empty() { TEXTS } else { FILES };
    let address = |located: &Located| match form {
        TEXTS => format!("#text-{}", located.finding.place.language),
        _ => String::new(),
    };
    let mut list = Listing::of(form, &checked.findings, address);
    list.asked = !given.typed.is_empty() || !given.files.is_empty();
    let guess = |(file, language): &(String, Language)| {
        words.with("check.guessed", &[("file", file), ("language", &findings::native(*language))])
    };
    list.told = checked.guessed.iter().map(guess).collect();
    list.failed = checked.failed.iter().map(ToString::to_string).collect();
    list.failed.extend(checked.passed_over.iter().map(ToString::to_string));
    list
}

/// A file with the fixes that are certain put in.
async fn corrected(visit: Visit, form: Form) -> Result<Response, WebError> {
    let given = Given::read(form, visit.words).await?;
    let only = match (&given.only, given.files.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [(name, _)]) => name.clone(),
        (None, []) => return Err(WebError::Bad(visit.words.get("check.no-file").to_owned())),
        (None, _) => return Err(WebError::Bad(visit.words.get("check.one-file").to_owned())),
    };
    let given = Arc::new(given);
    let checked = check(&visit, &given).await?;
    let nothing = visit.words.get("check.nothing-certain");
    visit
        .office
        .work(move || {
            let open: Vec<Located> = checked
                .findings
                .into_iter()
                .filter(|located| located.accepted.is_none() && located.source.name == only)
                .collect();
            let read = |name: &str| given.file(name).map(<[u8]>::to_vec).ok_or(io::ErrorKind::NotFound.into());
            let (files, refused) = corrections_of(&open, &read);
            let Some(file) = files.into_iter().next() else {
                let why = refused.into_iter().next().map_or(nothing.to_owned(), |refused| refused.reason);
                return Err(WebError::Bad(why));
            };
            let name = only.rsplit('/').next().unwrap_or(&only);
            let disposition = format!("attachment; filename*=UTF-8''{}", quoted(name));
            let about = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
            ];
            Ok((about, file.bytes).into_response())
        })
        .await
}

/// As a header has it (RFC 8187).
fn quoted(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    name.bytes().map(byte).collect()
}

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/check", get(empty).post(posted))
        .route("/check/found", post(found))
        .route("/check/corrected", post(corrected))
        .route_layer(DefaultBodyLimit::max(guard::FILE))
}
