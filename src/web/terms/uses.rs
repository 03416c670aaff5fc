//! Where the memory says a concept, with what is wrong there marked in its sentence.

use super::status_class;
use crate::{
    app::impact::{self, Use, Uses},
    lang::Language,
    memory::Reader,
    model::{Rule, UnitId},
    report::Located,
    rules::RuleSet,
    terms::Termbase,
    text::Span,
    web::{error::WebError, marked::Piece},
};
use std::sync::Arc;

/// Units shown at a time.
const SHOWN: usize = 20;
/// Units looked through for one part of a page.
const WORK: usize = 2_048;

/// A part of the units that say a concept.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Only where something is wrong.
    pub wrong: bool,
    pub units: Vec<Shown>,
    pub candidates: usize,
    pub looked: usize,
    /// The unit to go on from.
    pub next: Option<i64>,
}

/// A unit with what is marked in it.
#[derive(Debug)]
pub(super) struct Shown {
    pub id: i64,
    pub date: String,
    pub origin: String,
    pub texts: Vec<(Language, Vec<Piece>)>,
    pub wrong: Vec<Wrong>,
}

/// One thing that is wrong.
#[derive(Debug)]
pub(super) struct Wrong {
    pub word: &'static str,
    /// Whether it is an error.
    pub error: bool,
    pub language: Language,
    pub surface: String,
    /// What to write instead, and whether that is certain.
    pub fix: Option<(String, bool)>,
    /// Why somebody let it stand.
    pub accepted: Option<String>,
    /// In English, as the command line says it.
    pub message: String,
}

/// The next part.
pub(super) fn part(
    reader: &Reader<'_>,
    termbase: &Arc<Termbase>,
    concept: &str,
    rules: &RuleSet,
    wrong: bool,
    before: Option<i64>,
) -> Result<Part, WebError> {
    let wanted = impact::Wanted { wrong, before: before.map(UnitId), most: SHOWN, work: WORK };
    let found = impact::uses(reader, termbase, concept, rules, wanted)?;
    Ok(Part::new(found, wrong))
}

impl Part {
    pub fn new(found: Uses, wrong: bool) -> Part {
        let Uses { units, candidates, looked, next } = found;
        let units = units.into_iter().map(Shown::new).collect();
        Part { wrong, units, candidates, looked, next: next.map(|id| id.0) }
    }
}

impl Shown {
    /// Whether something is wrong in its text of this language.
    pub fn is_wrong(&self, language: &Language) -> bool {
        self.wrong.iter().any(|wrong| wrong.language == *language)
    }

    fn new(used: Use) -> Shown {
        let Use { id, unit, spans, wrong } = used;
        let mut texts = Vec::new();
        for (number, (variant, terms)) in unit.variants.iter().zip(&spans).enumerate() {
            let mut marks: Vec<(Span, &'static str)> = Vec::new();
            // Findings count their places from the first text of the language on.
            let first = unit.variants.iter().position(|other| other.language == variant.language) == Some(number);
            let own = wrong.iter().filter(|located| first && located.finding.place.language == variant.language);
            for located in own.filter(|located| located.accepted.is_none()) {
                let span = Span::new(located.byte_start, located.byte_end);
                // One about the whole sentence marks nothing.
                if span.end <= variant.text.len() && span.len() < variant.text.trim().len() {
                    marks.push((span, "bad"));
                }
            }
            marks.extend(terms.iter().map(|(span, status)| match status_class(*status) {
                "" => (*span, "good"),
                class => (*span, class),
            }));
            texts.push((variant.language, pieces(&variant.text, marks)));
        }
        let date = unit.origin.date.map(|date| date.strftime("%F").to_string()).unwrap_or_default();
        let wrong = wrong.iter().map(Wrong::new).collect();
        Shown { id: id.0, date, origin: unit.origin.name.clone(), texts, wrong }
    }
}

impl Wrong {
    fn new(located: &Located) -> Wrong {
        let finding = &located.finding;
        let whole = located.surface().len() >= located.source.text.trim().len();
        Wrong {
            word: rule_word(finding.rule),
            error: finding.level == crate::model::Level::Error,
            language: finding.place.language,
            surface: if whole { String::new() } else { located.surface().to_owned() },
            fix: finding.fix.as_ref().map(|fix| (fix.text.clone(), fix.certain)),
            accepted: located.accepted.as_ref().map(|accepted| accepted.reason.clone()),
            message: finding.message.clone(),
        }
    }
}

/// The word of the interface for a rule of terms.
fn rule_word(rule: Rule) -> &'static str {
    match rule {
        Rule::ForbiddenTerm => "terms.rule.forbidden-term",
        Rule::DeprecatedTerm => "terms.rule.deprecated-term",
        Rule::MissingTerm => "terms.rule.missing-term",
        Rule::WrongTerm => "terms.rule.wrong-term",
        Rule::TermCount => "terms.rule.term-count",
        Rule::ExtraTerm => "terms.rule.extra-term",
        Rule::TermForm => "terms.rule.term-form",
        _ => "terms.rule.term-case",
    }
}

/// A text with stretches of it marked; of those that overlap the first given counts.
fn pieces(text: &str, marks: Vec<(Span, &'static str)>) -> Vec<Piece> {
    let mut kept: Vec<(Span, &'static str)> = Vec::new();
    for (span, class) in marks {
        let inside = text.get(span.start..span.end).is_some_and(|part| !part.is_empty());
        if inside && !kept.iter().any(|(known, _)| known.overlaps(span)) {
            kept.push((span, class));
        }
    }
    kept.sort_unstable_by_key(|(span, _)| span.start);
    let mut out = Vec::new();
    let mut at = 0;
    let mut put = |kind: &'static str, text: &str| {
        if !text.is_empty() {
            out.push(Piece { kind, text: text.to_owned() });
        }
    };
    for (span, class) in kept {
        put("", &text[at..span.start]);
        put(class, span.of(text));
        at = span.end;
    }
    put("", &text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_once_and_never_cut_a_letter() {
        let shown = |marks: &[(usize, usize, &'static str)]| {
            let marks = marks.iter().map(|(start, end, class)| (Span::new(*start, *end), *class)).collect();
            let pieces = pieces("Şəki və Bakı", marks);
            pieces.iter().map(|piece| format!("{}[{}]", piece.kind, piece.text)).collect::<String>()
        };
        assert_eq!(shown(&[]), "[Şəki və Bakı]");
        assert_eq!(shown(&[(11, 16, "good"), (0, 6, "bad"), (0, 16, "warn")]), "bad[Şəki][ və ]good[Bakı]");
        // Half of a letter, beyond the end, empty.
        assert_eq!(shown(&[(1, 3, "bad"), (0, 99, "bad"), (2, 2, "bad")]), "[Şəki və Bakı]");
    }
}
