//! What becomes of a concept, in words.

use crate::{
    app::termbase::Planned,
    cli::{Ui, wrap::visible},
    formats::glossary::flags_of,
    model::Concept,
};
use std::io::{self, Write};

/// `concept agency: new`, and what is new of it.
pub(super) fn planned(ui: &mut Ui, id: &str, before: Option<&Concept>, after: Option<&Concept>) -> io::Result<()> {
    let what = match (before, after) {
        (None, _) => "new",
        (_, None) => "removed",
        _ => "changed",
    };
    writeln!(ui, "concept {}: {what}", visible(id))?;
    for line in changes(before, after) {
        writeln!(ui, "  {}", visible(&line))?;
    }
    Ok(())
}

/// What two states of a concept differ in, a line each: `+ en Agency (admitted)`, `~ domain: state → people`.
pub(super) fn changes(before: Option<&Concept>, after: Option<&Concept>) -> Vec<String> {
    let none = Concept::default();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let mut out = Vec::new();
    for term in &before.terms {
        let now = after.terms_in(term.language).find(|t| t.text == term.text);
        let (language, text, status) = (term.language, &term.text, term.status.as_str());
        match now {
            None => out.push(format!("- {language} {text} ({status})")),
            Some(now) if now.status != term.status => {
                out.push(format!("~ {language} {text}: {status} → {}", now.status.as_str()));
            }
            Some(_) => {}
        }
    }
    for term in &after.terms {
        if !before.terms_in(term.language).any(|t| t.text == term.text) {
            out.push(format!("+ {} {} ({})", term.language, term.text, term.status.as_str()));
        }
    }
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    for (name, old, new) in [
        ("definition", before.definition.clone(), after.definition.clone()),
        ("domain", before.domain.clone(), after.domain.clone()),
        ("note", before.note.clone(), after.note.clone()),
        ("source", before.source.clone(), after.source.clone()),
        ("valid from", date(before.valid.from), date(after.valid.from)),
        ("valid until", date(before.valid.until), date(after.valid.until)),
    ] {
        match (old, new) {
            (None, Some(new)) => out.push(format!("+ {name}: {new}")),
            (Some(old), None) => out.push(format!("- {name}: {old}")),
            (Some(old), Some(new)) if old != new => out.push(format!("~ {name}: {old} → {new}")),
            _ => {}
        }
    }
    let (old, new) = (flags_of(before), flags_of(after));
    out.extend(old.iter().filter(|flag| !new.contains(flag)).map(|flag| format!("- flag {flag}")));
    out.extend(new.iter().filter(|flag| !old.contains(flag)).map(|flag| format!("+ flag {flag}")));
    let kept = |concept: &Concept| {
        let own = concept.kept.iter().chain(concept.terms.iter().flat_map(|term| &term.remarks().kept));
        own.map(|kept| kept.element.said()).collect::<Vec<_>>()
    };
    let (old, new) = (kept(before), kept(after));
    out.extend(old.iter().filter(|said| !new.contains(said)).map(|said| format!("- {said}")));
    out.extend(new.iter().filter(|said| !old.contains(said)).map(|said| format!("+ {said}")));
    out
}

/// New terms that another concept has already.
pub(super) fn doubles(known: &[Concept], plan: &[Planned]) -> Vec<String> {
    let mut out = Vec::new();
    for planned in plan {
        let Some(after) = &planned.after else { continue };
        for term in &after.terms {
            let mut old = planned.before.iter().flat_map(|before| before.terms_in(term.language));
            if old.any(|old| old.text == term.text) {
                continue;
            }
            let key = term.language.key(&term.text);
            for other in known.iter().filter(|concept| plan.iter().all(|planned| planned.id != concept.id)) {
                if let Some(same) = other.terms_in(term.language).find(|t| t.language.key(&t.text) == key) {
                    let status = same.status.as_str();
                    out.push(format!("`{}` is a term of concept `{}` too, {status} there", term.text, other.id));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        model::{Status, Term},
    };

    #[test]
    fn a_change_is_told_line_by_line() {
        let term = |text: &str, status| Term::new(text, Language::EN, status);
        let before = Concept {
            id: "c".to_owned(),
            terms: vec![term("Old", Status::Preferred), term("Gone", Status::Admitted)],
            domain: Some("state".to_owned()),
            ..Concept::default()
        };
        let after = Concept {
            terms: vec![term("New", Status::Preferred), term("Old", Status::Deprecated)],
            domain: Some("people".to_owned()),
            note: Some("n".to_owned()),
            do_not_translate: true,
            ..before.clone()
        };
        assert_eq!(
            changes(Some(&before), Some(&after)),
            [
                "~ en Old: preferred → deprecated",
                "- en Gone (admitted)",
                "+ en New (preferred)",
                "~ domain: state → people",
                "+ note: n",
                "+ flag do-not-translate"
            ]
        );
        assert!(changes(Some(&before), Some(&before)).is_empty());
    }
}
