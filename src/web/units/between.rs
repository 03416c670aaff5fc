//! What differs between two forms of a unit.

use super::state_word;
use crate::{
    lang::Language,
    model::Unit,
    web::marked::{Piece, marked},
};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Between {
    /// Texts that are other now, with what was struck out and put in.
    pub texts: Vec<(Language, Vec<Piece>)>,
    /// The words of states before and after.
    pub state: Option<(&'static str, &'static str)>,
    pub origin: Option<(String, String)>,
    /// Where it stands is other.
    pub place: bool,
    /// Inline codes are other, in texts that are the same.
    pub codes: bool,
    pub notes: Vec<String>,
    pub notes_gone: Vec<String>,
}

/// From `before` to `after`; `None` where there was nothing, or is nothing.
pub(super) fn between(before: Option<&Unit>, after: Option<&Unit>) -> Between {
    let texts = |unit: Option<&Unit>| -> Vec<(Language, String)> {
        unit.into_iter().flat_map(|unit| &unit.variants).map(|v| (v.language, v.text.clone())).collect()
    };
    let (old, new) = (texts(before), texts(after));
    let mut gone: Vec<&(Language, String)> = old.iter().filter(|text| !new.contains(text)).collect();
    let mut out = Between::default();
    for (language, now) in new.iter().filter(|text| !old.contains(text)) {
        let was = gone.iter().position(|(known, _)| known == language).map(|at| gone.remove(at));
        out.texts.push((*language, marked(was.map_or("", |(_, text)| text), now)));
    }
    out.texts.extend(gone.into_iter().map(|(language, was)| (*language, marked(was, ""))));
    if let (Some(before), Some(after)) = (before, after) {
        out.state = (before.state != after.state).then(|| (state_word(&before.state), state_word(&after.state)));
        let origins = (before.origin.name.clone(), after.origin.name.clone());
        out.origin = Some(origins).filter(|(old, new)| old != new);
        out.place = before.context != after.context;
        let lacking = |all: &Unit, of: &Unit| -> Vec<String> {
            of.notes.iter().filter(|note| !all.notes.contains(note)).map(|note| note.text.clone()).collect()
        };
        (out.notes, out.notes_gone) = (lacking(before, after), lacking(after, before));
        let codes = |unit: &Unit| unit.variants.iter().map(|v| v.codes.clone()).collect::<Vec<_>>();
        out.codes = old == new && codes(before) != codes(after);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Note, State, Variant};

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        let before = Unit {
            variants: vec![Variant::new(Language::EN, "Open day"), Variant::new(Language::AZ, "Açıq gün")],
            notes: vec![Note { attributes: Vec::new(), text: "old".into() }],
            ..Unit::default()
        };
        assert_eq!(between(Some(&before), Some(&before)), Between::default());
        let mut after = before.clone();
        after.variants[1].text = "Açıq qapı günü".into();
        after.variants.push(Variant::new(Language::RU, "День"));
        after.state = State::Approved;
        after.notes[0].text = "new".into();
        let told = between(Some(&before), Some(&after));
        let kinds = |at: usize| told.texts[at].1.iter().map(|p| (p.kind, p.text.as_str())).collect::<Vec<_>>();
        assert_eq!(told.texts.iter().map(|(language, _)| *language).collect::<Vec<_>>(), [Language::AZ, Language::RU]);
        assert_eq!(kinds(0), [("same", "Açıq "), ("asked", "gün"), ("stored", "qapı günü")]);
        assert_eq!(kinds(1), [("stored", "День")]);
        assert_eq!(told.state, Some(("units.state-imported", "units.state-approved")));
        assert_eq!((told.notes, told.notes_gone), (vec!["new".to_owned()], vec!["old".to_owned()]));
        let gone = between(Some(&before), None);
        assert_eq!(gone.texts[0].1, [Piece { kind: "asked", text: "Open day".into() }]);
    }
}
