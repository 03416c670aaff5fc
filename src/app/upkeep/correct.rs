//! Putting one stretch of a unit's text in the place of another, its inline codes kept.

use crate::{
    model::{Provenance, Unit},
    text::Span,
};

/// One stretch of the text of a variant, and what is to stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Which of the unit's variants.
    pub variant: usize,
    pub span: Span,
    /// What must stand there still.
    pub old: String,
    pub new: String,
}

/// The unit as corrected; `None` where nothing of it can be: the text is another by now, or a code stands in the
/// stretch.
///
/// It keeps its state: the rest of its text nobody has looked at.
pub(super) fn corrected(unit: &Unit, corrections: &[Correction]) -> Option<Unit> {
    let mut new = unit.clone();
    let mut ordered: Vec<&Correction> = corrections.iter().collect();
    // From the end on, so that the places of the others stay true.
    ordered.sort_by_key(|c| std::cmp::Reverse((c.variant, c.span.start)));
    let mut changed = false;
    let mut before: Option<&Correction> = None;
    for correction in ordered {
        let Correction { variant, span, old, new: text } = correction;
        let overlaps = before.is_some_and(|b| b.variant == *variant && b.span.start < span.end);
        let Some(variant) = new.variants.get_mut(*variant).filter(|_| !overlaps) else { continue };
        let inside = |at: usize| span.start < at && at < span.end;
        if variant.text.get(span.range()) != Some(old) || variant.codes.iter().any(|code| inside(code.at)) {
            continue;
        }
        variant.text.replace_range(span.range(), text);
        for code in variant.codes.iter_mut().filter(|code| code.at >= span.end) {
            code.at = code.at - old.len() + text.len();
        }
        changed = true;
        before = Some(correction);
    }
    changed.then(|| {
        new.origin.provenance = Provenance::Edit;
        // The batch's.
        new.origin.date = None;
        new
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lang::Language,
        model::{Code, CodeKind, State, Variant},
    };

    fn unit() -> Unit {
        let mut variant = Variant::new(Language::EN, "the Milli Mejlis and the Milli Mejlis");
        let code = |at: usize| Code {
            at,
            kind: CodeKind::Alone,
            name: "ph".to_owned(),
            attributes: Vec::new(),
            content: String::new(),
        };
        variant.codes = vec![code(4), code(16), code(37)];
        let variants = vec![variant, Variant::new(Language::AZ, "Milli Məclis")];
        Unit { variants, state: State::Imported, ..Unit::default() }
    }

    fn correction(start: usize, old: &str) -> Correction {
        let span = Span::new(start, start + old.len());
        Correction { variant: 0, span, old: old.to_owned(), new: "Milli Majlis’".to_owned() }
    }

    #[test]
    fn codes_stay_where_they_are() {
        let all = [correction(4, "Milli Mejlis"), correction(25, "Milli Mejlis")];
        let new = corrected(&unit(), &all).unwrap();
        assert_eq!(new.variants[0].text, "the Milli Majlis’ and the Milli Majlis’");
        assert_eq!(new.variants[0].codes.iter().map(|code| code.at).collect::<Vec<_>>(), [4, 19, 43]);
        assert_eq!((new.state, new.origin.provenance), (State::Imported, Provenance::Edit));
        assert_eq!(new.variants[1], unit().variants[1]);
    }

    #[test]
    fn what_has_changed_or_holds_a_code_is_left() {
        assert_eq!(corrected(&unit(), &[correction(4, "Milli Mejlit")]), None);
        assert_eq!(corrected(&unit(), &[correction(0, "the Milli")]), None, "a code stands before `Milli`");
        let both = [correction(4, "Milli Mejlis"), correction(10, "Mejlis")];
        assert_eq!(corrected(&unit(), &both).unwrap().variants[0].text, "the Milli Milli Majlis’ and the Milli Mejlis");
    }
}
