//! What translators' tools say of a translation in words of their own, beside or instead of XLIFF's.

use crate::model::State;

/// The attribute without its prefix, its value, and the state.
///
/// Trados Studio: `<sdl:seg id="1" conf="Translated" origin="tm" percent="98">`, for each `mid`. memoQ:
/// `<trans-unit id="1" mq:status="ManuallyConfirmed">`. Phrase, once Memsource: `<trans-unit id="a:1" m:confirmed="1"
/// m:trans-origin="mt">`, where the number is the step of the workflow that has confirmed it.
const STATES: &[(&str, &str, State)] = &[
    // Its name for what nobody has translated is no name at all.
    ("conf", "", State::Pending),
    ("conf", "Draft", State::Pending),
    ("conf", "Translated", State::Imported),
    ("conf", "RejectedTranslation", State::Pending),
    ("conf", "ApprovedTranslation", State::Approved),
    ("conf", "RejectedSignOff", State::Pending),
    ("conf", "ApprovedSignOff", State::Approved),
    ("status", "NotStarted", State::Pending),
    ("status", "PreTranslated", State::Pending),
    ("status", "Pretranslated", State::Pending),
    ("status", "AssembledFromFragments", State::Pending),
    ("status", "MachineTranslated", State::Pending),
    ("status", "PartiallyEdited", State::Pending),
    ("status", "Edited", State::Pending),
    ("status", "Rejected", State::Pending),
    ("status", "ManuallyConfirmed", State::Imported),
    ("status", "ConfirmedTranslator", State::Imported),
    ("status", "Confirmed", State::Imported),
    ("status", "ConfirmedReviewer1", State::Approved),
    ("status", "ConfirmedReviewer2", State::Approved),
    ("status", "Reviewer1Confirmed", State::Approved),
    ("status", "Proofread", State::Approved),
    ("confirmed", "0", State::Pending),
    ("confirmed", "1", State::Imported),
    ("confirmed", "2", State::Approved),
    ("confirmed", "3", State::Approved),
];

/// Where Trados Studio took a translation from by machine; what somebody changed is `interactive`.
const MACHINES: &[&str] = &["mt", "nmt", "amt", "auto-translated"];

/// The state of an attribute of a `trans-unit` by a tool's table, if it is one.
pub fn state(attribute: &str, value: &str) -> Option<State> {
    let (_, local) = attribute.split_once(':')?;
    by_name(local, value)
}

fn by_name(name: &str, value: &str) -> Option<State> {
    STATES.iter().find(|(known, said, _)| *known == name && *said == value).map(|row| row.2)
}

/// The state of a segment of Trados Studio by its `sdl:seg`.
pub fn studio(conf: Option<&str>, origin: Option<&str>, percent: Option<&str>) -> State {
    let state = by_name("conf", conf.unwrap_or_default()).unwrap_or(State::Pending);
    let fuzzy = origin == Some("tm") && percent.and_then(|p| p.trim().parse::<f32>().ok()).is_some_and(|p| p < 100.0);
    let guessed = fuzzy || origin.is_some_and(|origin| MACHINES.contains(&origin));
    if guessed && state == State::Imported { State::Pending } else { state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_once() {
        for (n, (name, value, state)) in STATES.iter().enumerate() {
            assert_eq!(by_name(name, value), Some(*state), "{name} {value} twice");
            assert!(STATES[n + 1..].iter().all(|row| (row.0, row.1) != (*name, *value)), "{name} {value}");
        }
        assert_eq!(state("mq:status", "Proofread"), Some(State::Approved));
        assert_eq!(state("status", "Proofread"), None, "XLIFF has no such attribute");
        assert_eq!(state("mq:status", "Unheard"), None);
    }

    #[test]
    fn what_nobody_looked_at_is_pending() {
        for (conf, origin, percent, want) in [
            (Some("Translated"), Some("interactive"), None, State::Imported),
            (Some("Translated"), Some("mt"), None, State::Pending),
            (Some("Translated"), Some("tm"), Some("98"), State::Pending),
            (Some("Translated"), Some("tm"), Some("100"), State::Imported),
            (Some("ApprovedTranslation"), Some("mt"), None, State::Approved),
            (None, Some("interactive"), None, State::Pending),
        ] {
            assert_eq!(studio(conf, origin, percent), want, "{conf:?} {origin:?} {percent:?}");
        }
    }
}
