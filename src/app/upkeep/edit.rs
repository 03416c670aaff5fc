//! What a person changes in a unit.

use crate::{
    lang::Language,
    model::{Code, Note, Provenance, State, Unit, Variant},
};

/// New texts and the like for a unit. Inline codes stand in a text as `{1}`, `{2}` in the order they have in the unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    pub texts: Vec<(Language, String)>,
    /// Languages whose variants go.
    pub removed: Vec<Language>,
    pub state: Option<State>,
    /// Added to the unit's notes.
    pub note: Option<String>,
    /// Texts may leave inline codes out.
    pub drop_codes: bool,
}

/// Why a unit cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotEdited {
    #[error("the {} text has {count} inline codes: write {} where they stand, or drop them", .language.name(), listed(*.count))]
    CodesMissing { language: Language, count: usize },
    #[error("the {} text has no inline code {{{number}}}", .language.name())]
    NoCode { language: Language, number: usize },
    #[error("it would be left with fewer than two texts")]
    TooFew,
    #[error("the {} text is empty", .0.name())]
    Empty(Language),
}

fn listed(count: usize) -> String {
    let all: Vec<String> = (1..=count.min(9)).map(|n| format!("{{{n}}}")).collect();
    all.join(" ")
}

impl Edits {
    /// The unit as edited; `None` where that changes nothing.
    ///
    /// What a person has written is approved at least, and what was published stays so.
    pub fn apply(&self, unit: &Unit) -> Result<Option<Unit>, NotEdited> {
        let mut new = unit.clone();
        for (language, marked) in &self.texts {
            if marked.trim().is_empty() {
                return Err(NotEdited::Empty(*language));
            }
            match new.variants.iter_mut().find(|variant| variant.language == *language) {
                Some(variant) => (variant.text, variant.codes) = unmarked(marked, variant, self.drop_codes)?,
                None => new.variants.push(Variant::new(*language, marked.as_str())),
            }
        }
        new.variants.retain(|variant| !self.removed.contains(&variant.language));
        if new.variants.len() < 2 {
            return Err(NotEdited::TooFew);
        }
        new.notes.extend(self.note.iter().map(|text| Note { attributes: Vec::new(), text: text.clone() }));
        if let Some(state) = self.state {
            new.state = state;
        }
        Ok(became(unit, &new).map(|mut edited| {
            if let Some(state) = self.state {
                edited.state = state;
            }
            edited
        }))
    }
}

/// `new` as the work of a person on `old`; `None` where nothing differs.
pub(super) fn became(old: &Unit, new: &Unit) -> Option<Unit> {
    let texts = old.variants != new.variants;
    if !texts && old.notes == new.notes && old.state == new.state {
        return None;
    }
    let mut edited = new.clone();
    if texts {
        edited.state = new.state.max(State::Approved);
        edited.origin.provenance = Provenance::Edit;
        // The batch's.
        edited.origin.date = None;
    }
    Some(edited)
}

/// The text of a variant with its inline codes as `{1}`, `{2}`. One without codes is its plain text.
pub fn marked(variant: &Variant) -> String {
    if variant.codes.is_empty() {
        return variant.text.clone();
    }
    let mut out = String::new();
    let mut done = 0;
    for (n, code) in variant.codes.iter().enumerate() {
        let at = (done..=code.at.min(variant.text.len())).rev().find(|at| variant.text.is_char_boundary(*at));
        let at = at.unwrap_or(done);
        out.push_str(&variant.text[done..at]);
        out.push_str(&format!("{{{}}}", n + 1));
        done = at;
    }
    out.push_str(&variant.text[done..]);
    out
}

/// The text and codes that `marked` stands for: its numbers are those of the variant's codes.
fn unmarked(marked: &str, variant: &Variant, drop: bool) -> Result<(String, Vec<Code>), NotEdited> {
    let count = variant.codes.len();
    if count == 0 {
        return Ok((marked.to_owned(), Vec::new()));
    }
    let language = variant.language;
    let (mut text, mut codes) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some(open) = rest.find('{') {
        let number = rest[open + 1..].split_once('}').and_then(|(inner, _)| inner.parse::<usize>().ok());
        text.push_str(&rest[..open]);
        let Some(number) = number else {
            text.push('{');
            rest = &rest[open + 1..];
            continue;
        };
        let code = number.checked_sub(1).and_then(|at| variant.codes.get(at));
        let code = code.ok_or(NotEdited::NoCode { language, number })?;
        codes.push((number, Code { at: text.len(), ..code.clone() }));
        rest = rest[open..].split_once('}').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let all = (1..=count).all(|number| codes.iter().filter(|(known, _)| *known == number).count() == 1);
    if !all && !drop {
        return Err(NotEdited::CodesMissing { language, count });
    }
    Ok((text, codes.into_iter().map(|(_, code)| code).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CodeKind, Context, Origin};

    fn unit() -> Unit {
        let code = |at: usize, name: &str| Code {
            at,
            kind: CodeKind::Alone,
            name: name.into(),
            attributes: vec![("i".into(), "1".into())],
            content: "x".into(),
        };
        let mut az = Variant::new(Language::AZ, "Yeni mərkəz");
        az.codes = vec![code(0, "bpt"), code(4, "ept")];
        Unit {
            variants: vec![Variant::new(Language::EN, "New centre {1}"), az],
            context: Context { document: Some("004".into()), ..Context::default() },
            origin: Origin { name: "004".into(), provenance: Provenance::Release, ..Origin::default() },
            ..Unit::default()
        }
    }

    fn texts(language: Language, text: &str) -> Edits {
        Edits { texts: vec![(language, text.into())], ..Edits::default() }
    }

    #[test]
    fn codes_stand_as_numbers() {
        let unit = unit();
        assert_eq!(marked(&unit.variants[1]), "{1}Yeni{2} mərkəz");
        assert_eq!(marked(&unit.variants[0]), "New centre {1}", "no codes, no numbers");
        let edited = texts(Language::AZ, "Bizim {1}yeni{2} {mərkəz}").apply(&unit).unwrap().unwrap();
        let az = &edited.variants[1];
        assert_eq!(az.text, "Bizim yeni {mərkəz}");
        assert_eq!(az.codes.iter().map(|c| (c.at, c.name.as_str())).collect::<Vec<_>>(), [(6, "bpt"), (10, "ept")]);
        assert_eq!((edited.state, edited.origin.provenance), (State::Approved, Provenance::Edit));
        assert_eq!(edited.context, unit.context);
        let missing = texts(Language::AZ, "Yeni {1}mərkəz").apply(&unit).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "the Azerbaijani text has 2 inline codes: write {1} {2} where they stand, or drop them"
        );
        assert_eq!(
            texts(Language::AZ, "{1}{2}{3}").apply(&unit).unwrap_err(),
            NotEdited::NoCode { language: Language::AZ, number: 3 }
        );
        let dropped = Edits { drop_codes: true, ..texts(Language::AZ, "Yeni mərkəz") }.apply(&unit).unwrap().unwrap();
        assert!(dropped.variants[1].codes.is_empty());
    }

    #[test]
    fn what_changes_nothing_is_no_edit() {
        let unit = unit();
        assert_eq!(texts(Language::AZ, "{1}Yeni{2} mərkəz").apply(&unit).unwrap(), None);
        assert_eq!(Edits { state: Some(State::Imported), ..Edits::default() }.apply(&unit).unwrap(), None);
        let lowered = Edits { state: Some(State::Pending), ..Edits::default() }.apply(&unit).unwrap().unwrap();
        assert_eq!((lowered.state, lowered.origin.provenance), (State::Pending, Provenance::Release));
        let published = Unit { state: State::Published, ..unit.clone() };
        assert_eq!(texts(Language::EN, "Another").apply(&published).unwrap().unwrap().state, State::Published);
        let third = texts(Language::RU, "Новый центр").apply(&unit).unwrap().unwrap();
        assert_eq!(third.variants.len(), 3);
        let gone = Edits { removed: vec![Language::AZ], ..Edits::default() };
        assert_eq!(gone.apply(&unit).unwrap_err(), NotEdited::TooFew);
        assert_eq!(gone.apply(&third).unwrap().unwrap().variants.len(), 2);
        assert_eq!(texts(Language::EN, " ").apply(&unit).unwrap_err(), NotEdited::Empty(Language::EN));
    }
}
