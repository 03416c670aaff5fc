//! Several units at once: first what would be done, then done.

use super::{
    Wanted,
    between::{Between, between},
    forbidding, state_word,
};
use crate::{
    app::{
        Unwatched, quarantine,
        upkeep::{self, Changed, Deed, Done, Job, Selection, Taken},
    },
    memory::{BatchId, Filter, Memory, MemoryError},
    model::{State, Unit, UnitId},
    web::{
        error::WebError,
        office::Office,
        visit::{Frame, Role, Visit, page},
    },
};
use askama::Template;
use axum::{
    Form,
    response::{IntoResponse, Redirect, Response},
};

/// Changes shown before they are made.
const SHOWN: usize = 50;

/// What can be done to several units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Approve,
    Delete,
    /// Out of quarantine into the memory.
    Accept,
    /// Out of quarantine and out of the memory.
    Refuse,
    Dedupe,
}

/// Its name in forms and in the history, and its words.
const WAYS: &[(Way, &str, &str)] = &[
    (Way::Approve, "approve", "units.approve"),
    (Way::Delete, "delete", "units.delete"),
    (Way::Accept, "accept", "units.accept"),
    (Way::Refuse, "refuse", "units.refuse"),
    (Way::Dedupe, "dedupe", "units.dedupe"),
];

/// What a form asks for.
#[derive(Debug, Clone)]
struct Order {
    way: Way,
    name: &'static str,
    word: &'static str,
    /// These units; none: all that are wanted.
    units: Vec<UnitId>,
    wanted: Wanted,
    /// The newest batch when the user last looked.
    seen: i64,
}

impl Order {
    /// The fields of a form: `unit` comes once for each.
    fn of(fields: &[(String, String)]) -> Result<Order, WebError> {
        let field = |name: &str| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
        let named = |(_, name, _): &&(Way, &str, &str)| *name == field("deed");
        let (way, name, word) =
            *WAYS.iter().find(named).ok_or_else(|| WebError::bad(format!("`{}` cannot be done", field("deed"))))?;
        let all = field("all") == "1";
        let mut units = Vec::new();
        for (_, value) in fields.iter().filter(|(name, _)| name == "unit" && !all) {
            units.push(UnitId(value.parse().map_err(|_| WebError::bad(format!("`{value}` is no number of a unit")))?));
        }
        if units.is_empty() && !all && way != Way::Dedupe {
            return Err(WebError::bad("no units are chosen"));
        }
        let of = |name: &str| field(name).to_owned();
        let wanted = Wanted {
            q: of("q"),
            form: of("form"),
            language: of("language"),
            origin: of("origin"),
            set: of("set"),
            state: of("state"),
            since: of("since"),
            before: of("before"),
            waiting: of("waiting"),
            fault: of("fault"),
            after: String::new(),
        };
        Ok(Order { way, name, word, units, wanted, seen: field("seen").parse().unwrap_or(0) })
    }

    fn deed(&self) -> Deed {
        match self.way {
            Way::Approve => Deed::Approve(State::Approved),
            Way::Accept => Deed::Approve(State::Imported),
            Way::Delete | Way::Refuse | Way::Dedupe => Deed::Delete,
        }
    }

    /// The units meant, and how many that wait go on waiting since their own file was not sure of them.
    fn selection(&self, office: &Office, memory: &Memory) -> Result<(Selection, usize), WebError> {
        if matches!(self.way, Way::Accept | Way::Refuse) {
            let reader = memory.read()?;
            let sought = quarantine::Sought { numbered: self.units.clone(), ..self.wanted.sought()? };
            let concepts = forbidding(office, &reader)?;
            let name = office.memory().display().to_string();
            let unsure = self.way == Way::Refuse;
            let chosen = quarantine::choose(&reader, &name, concepts, &sought, unsure, &Unwatched);
            let chosen = chosen.map_err(|error| match error {
                MemoryError::NotWaiting(_) => WebError::Conflict(error.to_string()),
                error => error.into(),
            })?;
            if chosen.units.is_empty() {
                return Err(WebError::Bad("no waiting unit is so".to_owned()));
            }
            return Ok((Selection { numbered: chosen.units, ..Selection::default() }, chosen.unsure));
        }
        if self.units.is_empty() {
            return Ok((self.wanted.selection()?, 0));
        }
        Ok((Selection { numbered: self.units.clone(), ..Selection::default() }, 0))
    }
}

/// What a trial tells.
#[derive(Debug, Clone, Default)]
struct Trial {
    shown: Vec<Row>,
    /// Units that would be changed.
    count: usize,
    same: usize,
    unsure: usize,
    /// Units of the same texts that stay.
    elsewhere: usize,
    seen: i64,
}

#[derive(Debug, Clone)]
struct Row {
    id: UnitId,
    unit: Unit,
    state: &'static str,
    between: Between,
    /// Units that it takes in.
    taken: Vec<UnitId>,
}

fn run(
    office: &Office,
    memory: &mut Memory,
    order: &Order,
    trial: bool,
    who: &str,
) -> Result<(Trial, Option<BatchId>), WebError> {
    let mut out = Trial { seen: memory.read()?.state()?.0, ..Trial::default() };
    if order.way == Way::Dedupe {
        let filter: Filter = order.wanted.selection()?.filter;
        let job = Job { note: "dedupe", who, now: office.now(), dry_run: trial, watch: &Unwatched };
        let done = upkeep::dedupe(memory, &filter, &job, &mut |taken: &Taken| {
            if out.shown.len() < SHOWN {
                let unit = taken.unit.clone();
                let ids = taken.taken.iter().map(|(id, _)| *id).collect();
                let state = state_word(&unit.state);
                out.shown.push(Row { id: taken.stays, unit, state, between: Between::default(), taken: ids });
            }
        })?;
        (out.count, out.elsewhere) = (done.gone, done.elsewhere);
        return Ok((out, done.batch));
    }
    let (selection, unsure) = order.selection(office, memory)?;
    let note = format!("{} {}", order.name, selection.told());
    let job = Job { note: &note, who, now: office.now(), dry_run: trial, watch: &Unwatched };
    let Done { batch, changed, same, .. } =
        upkeep::act(memory, &selection, &order.deed(), &job, &mut |changed: &Changed| {
            if out.shown.len() < SHOWN {
                let unit = changed.after.as_ref().unwrap_or(&changed.before).clone();
                let between = changed.after.as_ref().map(|after| between(Some(&changed.before), Some(after)));
                let state = state_word(&unit.state);
                let between = between.unwrap_or_default();
                out.shown.push(Row { id: changed.unit, unit, state, between, taken: Vec::new() });
            }
        })?;
    (out.count, out.same, out.unsure) = (changed, same, unsure);
    Ok((out, batch))
}

#[derive(Template)]
#[template(path = "units-preview.html")]
struct Page {
    frame: Frame,
    order: Order,
    trial: Trial,
    /// The memory is no longer as it was when the user said yes.
    overtaken: bool,
}

impl Page {
    fn dangerous(&self) -> bool {
        matches!(self.order.way, Way::Delete | Way::Refuse)
    }
}

/// Shows what would be done.
pub(super) async fn preview(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, WebError> {
    visit.may(Role::Editor)?;
    let order = Order::of(&fields)?;
    shown(&visit, order, false).await
}

async fn shown(visit: &Visit, order: Order, overtaken: bool) -> Result<Response, WebError> {
    let (asked, who) = (order.clone(), visit.person.name.clone());
    let (trial, _) = visit.office.write(move |office, memory| run(office, memory, &asked, true, &who)).await?;
    page(&Page { frame: visit.frame("units"), order, trial, overtaken })
}

/// Does it, unless the memory has changed since it was shown: then what would be done now is shown.
pub(super) async fn act(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, WebError> {
    visit.may(Role::Editor)?;
    let order = Order::of(&fields)?;
    let (asked, who) = (order.clone(), visit.person.name.clone());
    let done = visit
        .office
        .write(move |office, memory| {
            if memory.read()?.state()?.0 != asked.seen {
                return Ok(None);
            }
            Ok(Some(run(office, memory, &asked, false, &who)?.1))
        })
        .await?;
    match done {
        None => {
            let mut response = shown(&visit, order, true).await?;
            *response.status_mut() = WebError::Conflict(String::new()).status();
            Ok(response)
        }
        Some(Some(batch)) => Ok(Redirect::to(&format!("/history/{batch}")).into_response()),
        Some(None) => Ok(Redirect::to(&format!("/units?{}", order.wanted.query())).into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(fields: &[(&str, &str)]) -> Result<Order, WebError> {
        let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Order::of(&fields)
    }

    #[test]
    fn a_form_says_what_and_to_which() {
        let approved = order(&[("unit", "3"), ("deed", "approve"), ("unit", "5"), ("seen", "7")]).unwrap();
        assert_eq!((approved.way, approved.units, approved.seen), (Way::Approve, vec![UnitId(3), UnitId(5)], 7));
        // All that are wanted, whatever is ticked.
        let all = order(&[("unit", "3"), ("deed", "delete"), ("all", "1"), ("origin", "a*")]).unwrap();
        assert_eq!((all.units.len(), all.wanted.origin.as_str()), (0, "a*"));
        for (fields, part) in [
            (&[("deed", "wipe")][..], "`wipe` cannot be done"),
            (&[], "`` cannot be done"),
            (&[("deed", "delete")], "no units are chosen"),
            (&[("deed", "delete"), ("unit", "x")], "`x` is no number"),
            (&[("deed", "delete"), ("unit", "99999999999999999999")], "is no number"),
        ] {
            let Err(WebError::Bad(text)) = order(fields) else { panic!("{fields:?}") };
            assert!(text.contains(part), "{text}");
        }
    }
}
