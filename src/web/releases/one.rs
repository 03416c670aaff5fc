//! One release: its texts side by side, how far it is, what was found in it, what became of it.

use super::{Shown, address, attention, board::Board, quoted, state_of, state_word, texts};
use crate::{
    app::{
        check::accepted::{By, Decisions},
        release::{self, Release, Saying, State},
    },
    lang::Language,
    memory::{BatchId, BatchInfo, OnConflict, Reader},
    model::{Unit, UnitId},
    report::Located,
    web::{
        Web,
        error::WebError,
        findings::{Decision, Listing, native},
        visit::{Frame, Role, Visit, page},
        words::Words,
    },
};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

/// Batches shown of what became of it.
const HISTORY: usize = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The first bead shown, from 1.
    from: String,
    /// What was just kept, to be taken back.
    kept: String,
}

struct Side {
    tag: Language,
    name: String,
    state: Shown,
    date: String,
    url: String,
    /// The address is one to go to.
    link: bool,
    file: String,
    segments: usize,
    reworded: bool,
}

struct Batch {
    id: i64,
    date: String,
    who: String,
    note: String,
    undone_by: Option<i64>,
    counts: (u64, u64, u64),
}

#[derive(Template)]
#[template(path = "release.html")]
struct Page {
    frame: Frame,
    name: String,
    address: String,
    align: String,
    drafted: String,
    units: usize,
    pending: usize,
    sides: Vec<Side>,
    states: Vec<(&'static str, &'static str)>,
    attention: Vec<String>,
    columns: Vec<(Language, String)>,
    stored: bool,
    rows: Vec<texts::Row>,
    beads: usize,
    before: Option<String>,
    after: Option<String>,
    list: String,
    /// The files have been looked through for findings.
    whole: bool,
    running: bool,
    history: Vec<Batch>,
    kept: Option<i64>,
}

/// What there is of a release.
struct There {
    release: Release,
    found: Vec<Located>,
    whole: bool,
    running: bool,
}

fn there(office: &Web, reader: &Reader<'_>, name: &str) -> Result<There, WebError> {
    let standing = Board::ask(office, reader)?;
    let known = standing.release(name);
    let release = release::now(reader, name, office.setup.drafted, known)?;
    let running = standing.running.is_some();
    let release = match release {
        Some(release) => release,
        // It may be among the files that are still being looked through.
        None if running && standing.known.as_ref().is_none_or(|known| !known.whole) => return Err(WebError::Busy),
        None => return Err(WebError::NotFound),
    };
    let mut found = Vec::new();
    if let Some(known) = &standing.known {
        let files: Vec<&String> = release.sides.values().filter_map(|side| side.file.as_ref()).collect();
        let all = known.overview.findings.iter().chain(&known.overview.accepted);
        found.extend(all.filter(|located| files.contains(&&located.source.name)).cloned());
        found.iter_mut().for_each(|located| located.accepted = None);
        Decisions::of(reader)?.mark(&mut found);
        crate::report::sort(&mut found);
    }
    Ok(There { release, found, whole: standing.known.is_some_and(|known| known.whole), running })
}

pub async fn show(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let (office, own) = (Arc::clone(&visit.office), visit.clone());
    let made = visit.office.read(move |_, reader| made(&office, &own, reader, name, &asked)).await?;
    page(&made)
}

fn made(office: &Web, visit: &Visit, reader: &Reader<'_>, name: String, asked: &Asked) -> Result<Page, WebError> {
    let There { release, found, whole, running } = there(office, reader, &name)?;
    let units: Vec<(UnitId, Unit)> = reader.set_units(&name)?;
    let pending = units.iter().filter(|(_, unit)| unit.state == crate::model::State::Pending).count();
    let bitext = texts::of(office, reader, &name, &release)?;
    let languages: Vec<Language> = columns(&release, office.setup.drafted);
    let from = asked.from.parse::<usize>().unwrap_or(1).max(1) - 1;
    let from = from.min(bitext.beads.len().saturating_sub(1)) / texts::PAGE * texts::PAGE;
    let (rows, beads) = texts::rows(&bitext, &languages, &units, &found, office.setup.accept, from);
    let shown: BTreeMap<usize, ()> = rows
        .iter()
        .flat_map(|row| row.cells.iter().flat_map(|cell| &cell.2))
        .filter_map(|piece| piece.mark.as_ref().map(|mark| (mark.0, ())))
        .collect();
    let number = std::cell::Cell::new(0);
    let list = Listing::of("findings", &found, |_| {
        number.set(number.get() + 1);
        if shown.contains_key(&number.get()) { format!("#mark-{}", number.get()) } else { String::new() }
    });
    let list = Listing { asked: whole, ..list };
    let history = reader.history_of_set(&name, HISTORY)?;
    let kept = asked.kept.parse().ok().filter(|kept| {
        history.iter().any(|batch| batch.id.0 == *kept && batch.undone_by.is_none() && batch.undoes.is_none())
    });
    let own = address(&name);
    let other = |from: usize| format!("{own}?from={}", from + 1);
    let frame = visit.frame("releases");
    Ok(Page {
        align: format!("/align/{}", quoted(&name, "/")),
        drafted: release.drafted.map(|language| language.to_string()).unwrap_or_default(),
        units: units.len(),
        pending,
        sides: release.sides.iter().map(|(language, side)| self::side(visit.words, *language, side)).collect(),
        states: State::ALL.map(|state| (state.as_str(), state_word(visit.words, state))).to_vec(),
        attention: attention(visit.words, &release),
        columns: languages.iter().map(|language| (*language, native(*language))).collect(),
        stored: release.sides.values().any(|side| side.stored),
        rows,
        beads,
        before: (from > 0).then(|| other(from.saturating_sub(texts::PAGE))),
        after: (from + texts::PAGE < beads).then(|| other(from + texts::PAGE)),
        list: list.html(&frame)?,
        whole,
        running,
        history: history.iter().map(Batch::of).collect(),
        kept,
        address: own,
        frame,
        name,
    })
}

/// The languages it has a text in, the one drafted in first.
fn columns(release: &Release, drafted: Option<Language>) -> Vec<Language> {
    let there = release.sides.iter().filter(|(_, side)| !side.is_missing());
    let mut languages: Vec<Language> = there.map(|(language, _)| *language).collect();
    let first = release.drafted.or(drafted).or_else(|| crate::lang::lead(languages.iter().copied()));
    languages.sort_by_key(|language| (Some(*language) != first, *language));
    languages
}

fn side(words: &Words, language: Language, side: &release::Side) -> Side {
    let url = side.url.clone().unwrap_or_default();
    Side {
        tag: language,
        name: native(language),
        state: state_of(words, side.state, side.is_missing(), side.said),
        date: side.date.map_or(String::new(), |date| date.to_string()),
        link: url.starts_with("https://") || url.starts_with("http://"),
        url,
        file: side.file.clone().unwrap_or_default(),
        segments: side.segments,
        reworded: side.reworded,
    }
}

impl Batch {
    fn of(info: &BatchInfo) -> Batch {
        Batch {
            id: info.id.0,
            date: info.made.strftime("%F %R").to_string(),
            who: info.who.clone(),
            note: info.note.clone(),
            undone_by: info.undone_by.map(|batch| batch.0),
            counts: (info.added, info.changed, info.removed),
        }
    }
}

/// What one of the buttons of the page asks for.
enum Act {
    Decide(Decision),
    Say(Box<Saying>),
    Undo(i64),
}

impl Act {
    fn read(form: &[(String, String)], words: &Words) -> Result<Act, WebError> {
        let value = |name: &str| form.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.trim());
        let bad = |key: &str| WebError::Bad(words.get(key).to_owned());
        if let Some(id) = value("accept") {
            let name = format!("reason.{id}");
            let written = form.iter().find(|(own, reason)| *own == name && !reason.trim().is_empty());
            let reason = written.map_or("", |(_, reason)| reason.as_str());
            return Ok(Act::Decide(Decision::accept(id.to_owned(), reason, words)?));
        }
        if let Some(id) = value("revoke") {
            return Ok(Act::Decide(Decision::Revoke { id: id.to_owned() }));
        }
        if let Some(batch) = value("undo") {
            return Ok(Act::Undo(batch.parse().map_err(|_| WebError::NotFound)?));
        }
        let given = |name: &str| value(name).filter(|value| !value.is_empty());
        let languages = form.iter().filter_map(|(name, _)| name.strip_prefix("lang."));
        let saying = Saying {
            languages: languages.map(str::parse).collect::<Result<_, _>>().map_err(WebError::bad)?,
            state: given("state").map(|s| State::named(s).ok_or_else(|| bad("releases.no-state"))).transpose()?,
            date: given("date").map(|day| day.parse().map_err(|_| bad("releases.no-date"))).transpose()?,
            url: given("url").map(str::to_owned),
            drafted: given("drafted").map(str::parse).transpose().map_err(WebError::bad)?,
            clear: value("clear").is_some(),
        };
        if saying.url.as_deref().is_some_and(|url| !release::is_address(url) || url.len() > URL) {
            return Err(bad("releases.no-address"));
        }
        let says = saying.state.is_some() || saying.date.is_some() || saying.url.is_some() || saying.drafted.is_some();
        if !says && !saying.clear {
            return Err(bad("releases.nothing-said"));
        }
        if saying.languages.is_empty() && value("some").is_some() {
            return Err(bad("releases.no-language"));
        }
        Ok(Act::Say(Box::new(saying)))
    }
}

/// Bytes an address may have.
const URL: usize = 2000;

pub async fn act(
    visit: Visit,
    Path(name): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let act = Act::read(&form, visit.words)?;
    visit.may(if matches!(act, Act::Decide(_)) { Role::Translator } else { Role::Editor })?;
    let office = Arc::clone(&visit.office);
    let (who, words) = (visit.person.name.clone(), visit.words);
    let back = address(&name);
    let to = visit
        .office
        .write(move |_, memory| {
            let there = there(&office, &memory.read()?, &name)?;
            let by = By { who: &who, now: office.now(), dry_run: false };
            match act {
                Act::Decide(decision) => {
                    decision.keep(memory, &there.found, &who, &office, words.get("findings.gone"))?;
                    Ok(format!("{back}#found"))
                }
                Act::Say(saying) => {
                    let sides = there.release.sides.iter().filter(|(_, side)| !side.is_missing() || side.said);
                    let meant = vec![(name, sides.map(|(language, _)| *language).collect())];
                    let (_, batch) = release::say(memory, &meant, &saying, by)?;
                    Ok(batch.map_or(back.clone(), |batch| format!("{back}?kept={}", batch.0)))
                }
                Act::Undo(batch) => {
                    let info = memory.read()?.history_of_set(&name, HISTORY)?;
                    let info = info.into_iter().find(|info| info.id.0 == batch).ok_or(WebError::NotFound)?;
                    if info.undone_by.is_some() {
                        return Err(WebError::Conflict(words.get("releases.undone-already").to_owned()));
                    }
                    let undone = memory.undo(BatchId(batch), OnConflict::Keep, office.now(), &who)?;
                    if undone.batch.is_none() {
                        return Err(WebError::Conflict(words.get("releases.nothing-undone").to_owned()));
                    }
                    Ok(format!("{back}#history"))
                }
            }
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &[(&str, &str)]) -> Result<Act, WebError> {
        let form: Vec<(String, String)> = form.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        Act::read(&form, Words::of("en"))
    }

    #[test]
    fn what_the_form_says() {
        let form = [("some", "1"), ("lang.en", "on"), ("state", "reviewed"), ("date", "2026-03-01"), ("url", "")];
        let Ok(Act::Say(saying)) = read(&form) else { panic!() };
        assert_eq!((saying.languages, saying.state), (vec![Language::EN], Some(State::Reviewed)));
        assert_eq!((saying.date.unwrap().to_string(), saying.url), ("2026-03-01".to_owned(), None));
        for wrong in [
            &[("state", "done")][..],
            &[("date", "1.3.2026")],
            &[("url", "javascript:alert(1)")],
            &[("url", "https://a b")],
            &[("lang.!", "on"), ("state", "draft")],
            &[("some", "1"), ("state", "draft")],
            &[("accept", "1"), ("reason.1", " ")],
            &[],
        ] {
            assert!(matches!(read(wrong), Err(WebError::Bad(_))), "{wrong:?}");
        }
        assert!(matches!(read(&[("undo", "x")]), Err(WebError::NotFound)));
        assert!(matches!(read(&[("accept", "1"), ("reason.1", "a title")]), Ok(Act::Decide(_))));
    }
}
