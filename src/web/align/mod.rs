//! The review of alignments: the sets with how far each is, and one set bead by bead. Its script takes the beads from
//! [`calls`] and stores every deed there; without scripts the page is for reading.

mod calls;

use super::{
    Web,
    error::WebError,
    visit::{Frame, Visit, page},
};
use crate::{
    app::review::{self, Progress, Review, ReviewError, Row},
    lang::Language,
    model::{Mark, UnitId},
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::get,
};
use serde::Deserialize;

/// Sets on a page of the list, and beads on a page for reading.
const PAGE: usize = 100;

/// What is asked for, as it stands in the address. Pages count from 1.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    page: usize,
    /// Part of the name of a set.
    q: String,
    order: Order,
}

/// The order beads are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    /// The least sure first.
    #[default]
    Doubt,
    /// As in the text.
    Text,
}

/// The pages of a list: which one it is, how many there are.
#[derive(Debug, Clone, Copy)]
struct Pages {
    now: usize,
    all: usize,
}

impl Pages {
    fn of(wanted: usize, count: usize) -> Pages {
        let all = count.div_ceil(PAGE).max(1);
        Pages { now: wanted.clamp(1, all), all }
    }

    fn from(self) -> usize {
        (self.now - 1) * PAGE
    }

    fn before(self) -> Option<usize> {
        (self.now > 1).then(|| self.now - 1)
    }

    fn after(self) -> Option<usize> {
        (self.now < self.all).then(|| self.now + 1)
    }

    fn told(self, frame: &Frame) -> String {
        frame.words.with("align.page", &[("now", &self.now), ("all", &self.all)])
    }
}

#[derive(Template)]
#[template(path = "align.html")]
struct Sets {
    frame: Frame,
    wanted: Wanted,
    pages: Pages,
    sets: Vec<Listed>,
}

/// A set of the list.
struct Listed {
    address: String,
    name: String,
    /// Nothing where it cannot be read.
    progress: Option<Progress>,
}

#[derive(Template)]
#[template(path = "align-set.html")]
struct OneSet {
    frame: Frame,
    order: Order,
    pages: Pages,
    address: String,
    release: String,
    name: String,
    languages: Vec<Language>,
    progress: Progress,
    /// With their numbers in the text, from 1.
    rows: Vec<(usize, Row)>,
    keys: Vec<(&'static [&'static str], &'static str)>,
}

/// What the keys do, for the help.
const KEYS: &[(&[&str], &str)] = &[
    (&["J", "↓"], "align.key.next"),
    (&["K", "↑"], "align.key.before"),
    (&["N", "P"], "align.key.waiting"),
    (&["Tab"], "align.key.side"),
    (&["←", "→"], "align.key.caret"),
    (&["A"], "align.key.accept"),
    (&["Shift+A"], "align.key.all"),
    (&["M"], "align.key.merge"),
    (&["S"], "align.key.split"),
    (&["Alt+↑", "Alt+↓"], "align.key.move"),
    (&["X"], "align.key.unlink"),
    (&["E"], "align.key.edit"),
    (&["R"], "align.key.realign"),
    (&["U", "Ctrl+Z"], "align.key.undo"),
    (&["Shift+U", "Ctrl+Y"], "align.key.redo"),
    (&["O"], "align.key.order"),
    (&["?"], "align.key.keys"),
];

impl Sets {
    fn left(&self, progress: &Progress) -> String {
        self.frame.words.with("align.left", &[("count", &progress.waiting)])
    }

    fn other(&self, page: &usize) -> String {
        format!("/align?page={page}&q={}", address("", &self.wanted.q).replace('/', "%2F"))
    }
}

impl OneSet {
    fn other(&self, page: &usize) -> String {
        let order = if self.order == Order::Text { "text" } else { "doubt" };
        format!("{}?order={order}&page={page}", self.address)
    }

    fn status(&self) -> String {
        let Progress { beads, waiting, accepted, .. } = self.progress;
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("waiting", &waiting), ("accepted", &accepted), ("all", &beads)];
        self.frame.words.with("align.status", &values)
    }

    fn unit(&self, unit: &UnitId) -> String {
        self.frame.words.with("align.unit", &[("unit", unit)])
    }

    fn percent(&self, row: &Row) -> u32 {
        (row.score * 100.0) as u32
    }

    fn text(&self, row: &Row, language: &Language) -> String {
        let read = || row.sides.get(language).map(|segments| segments.join(" "));
        row.edited.get(language).cloned().or_else(read).unwrap_or_default()
    }

    fn accepted(&self, row: &Row) -> bool {
        row.mark == Mark::Accepted
    }
}

/// The rows in the order wanted, with their numbers.
fn in_order(review: &Review, order: Order) -> Vec<(usize, Row)> {
    let mut rows: Vec<(usize, &Row)> = review.rows.iter().enumerate().map(|(at, row)| (at + 1, row)).collect();
    if order == Order::Doubt {
        let rank = |row: &Row| match row {
            row if row.waits => 0,
            row if row.footer => 3,
            row if row.mark == Mark::Accepted => 2,
            _ => 1,
        };
        rows.sort_by(|(_, a), (_, b)| rank(a).cmp(&rank(b)).then(a.score.total_cmp(&b.score)));
    }
    rows.into_iter().map(|(number, row)| (number, row.clone())).collect()
}

/// The address of a set below `/align/` or `/releases/`.
fn address(base: &str, name: &str) -> String {
    let encoded = name.bytes().map(|byte| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    });
    format!("{base}{}", encoded.collect::<String>())
}

async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let asked = wanted.clone();
    let (pages, sets) = visit
        .office
        .read(move |office, reader| {
            let sizes = reader.set_sizes()?;
            let part = asked.q.trim().to_lowercase();
            let mut names: Vec<String> = reader.sets()?.into_iter().map(|(name, _)| name).collect();
            names.retain(|name| name.to_lowercase().contains(&part));
            // Those with most to do first.
            names.sort_by_key(|name| std::cmp::Reverse(sizes.get(name).map_or(0, |(_, pending)| *pending)));
            let pages = Pages::of(asked.page, names.len());
            let mut sets = Vec::new();
            for name in names.into_iter().skip(pages.from()).take(PAGE) {
                let progress = review::progress(reader, &name, office.setup.accept)?;
                sets.push(Listed { address: address("/align/", &name), name, progress });
            }
            Ok((pages, sets))
        })
        .await?;
    page(&Sets { frame: visit.frame("align"), wanted, pages, sets })
}

async fn one(visit: Visit, Path(name): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let words = visit.words;
    let (review, progress) = visit
        .office
        .read(move |office, reader| {
            let accept = office.setup.accept;
            let review = review::open(reader, &name, accept).map_err(|error| told(error, words))?;
            let progress = review::progress(reader, &name, accept)?.unwrap_or_default();
            Ok((review, progress))
        })
        .await?;
    let pages = Pages::of(wanted.page, review.rows.len());
    let rows = in_order(&review, wanted.order).into_iter().skip(pages.from()).take(PAGE).collect();
    page(&OneSet {
        frame: visit.frame("align"),
        order: wanted.order,
        pages,
        address: address("/align/", &review.name),
        release: address("/releases/", &review.name),
        name: review.name,
        languages: review.languages,
        progress,
        rows,
        keys: KEYS.to_vec(),
    })
}

/// What went wrong, in the language of the interface.
fn told(error: ReviewError, words: &super::words::Words) -> WebError {
    use review::NotTaken;
    let key = match &error {
        ReviewError::NoSet(_) => return WebError::NotFound,
        ReviewError::Memory(_) => return WebError::inside(&error),
        ReviewError::NotEdited(_) => return WebError::bad(error),
        ReviewError::Stale => return WebError::Conflict(words.get("align.not.stale").to_owned()),
        ReviewError::Overtaken => return WebError::Conflict(words.get("align.not.overtaken").to_owned()),
        ReviewError::NotYours(who) => return WebError::Bad(words.with("align.not.yours", &[("who", who)])),
        ReviewError::Unreadable(_) => "align.not.read",
        ReviewError::NothingToUndo => "align.not.undo",
        ReviewError::NothingToRedo => "align.not.redo",
        ReviewError::NotTaken(not) => match not {
            NotTaken::NoBead | NotTaken::NoSegment => "align.not.there",
            NotTaken::Last => "align.not.last",
            NotTaken::NothingToPart => "align.not.part",
            NotTaken::NoCounterpart => "align.not.counterpart",
            NotTaken::Alone => "align.not.alone",
            NotTaken::Footer => "align.not.footer",
            NotTaken::SameBead | NotTaken::Nothing => "align.not.nothing",
            NotTaken::NoUnit => "align.not.unit",
        },
    };
    WebError::Bad(words.get(key).to_owned())
}

pub fn routes() -> Router<Web> {
    Router::new().route("/align", get(list)).route("/align/{*name}", get(one)).merge(calls::routes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_within_bounds() {
        let pages = |wanted, count| {
            let pages = Pages::of(wanted, count);
            (pages.now, pages.all, pages.from(), pages.before(), pages.after())
        };
        assert_eq!(pages(0, 0), (1, 1, 0, None, None));
        assert_eq!(pages(2, 250), (2, 3, 100, Some(1), Some(3)));
        assert_eq!(pages(usize::MAX, 200), (2, 2, 100, Some(1), None));
    }

    #[test]
    fn names_become_addresses() {
        assert_eq!(address("/align/", "news/2025/017"), "/align/news/2025/017");
        assert_eq!(address("/align/", "a b?ç#"), "/align/a%20b%3F%C3%A7%23");
    }
}
