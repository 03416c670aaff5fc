//! What the source of a text tells of its terms: those that lack their counterpart, that something else stands
//! for, that are said less often, that the source does not have.

use super::{Text, cased_like, notes, one_line};
use crate::lang::{Language, forms};
use crate::model::{Bead, Bitext, Concept, Finding, Fix, Kind, Level, Place, Rule, Segment, Status, Term};
use crate::rules::{self, RuleSet};
use crate::terms::{
    find::{Found, Termbase},
    resemble,
    words::TextWord,
    write::written,
};
use crate::text::{Span, tokens};
use std::{cell::OnceCell, collections::BTreeMap, sync::Arc};

/// Under this likeness a stretch of the target is not taken for a failed try at the term.
const LIKE: f32 = 0.45;
/// Where the term stands elsewhere in the target, a second try must be this close to be one.
const CLOSE: f32 = 0.84;
/// At this likeness it is one for certain.
const SURE: f32 = 0.6;
/// A concept said this many beads before may be meant by a pronoun.
const BACK: usize = 2;

/// Letters by which a word is kin to another.
const ROOT: usize = 4;

/// Whether a word of the term stands in `text` outside `but` as another word of its root: `qayıtması` for `qayıdış`.
fn said_otherwise(language: Language, term: &Term, text: &str, but: Option<Span>) -> bool {
    let root = |word: &str| -> Option<String> {
        let key = language.key(word);
        key.char_indices().nth(ROOT).map(|(at, _)| key[..at].to_owned())
    };
    let roots: Vec<String> = tokens(&term.text).filter_map(|token| root(token.text(&term.text))).collect();
    let outside = tokens(text).filter(|token| but.is_none_or(|but| !but.overlaps(token.span)));
    outside.into_iter().any(|token| root(token.text(text)).is_some_and(|own| roots.contains(&own)))
}

/// The findings of all beads.
pub(super) fn findings(
    termbase: &Termbase,
    bitext: &Bitext,
    texts: &BTreeMap<Language, Text<'_>>,
    runs_on: bool,
    rules: &RuleSet,
    out: &mut Vec<Finding>,
) {
    let wanted = [Rule::MissingTerm, Rule::WrongTerm, Rule::TermCount, Rule::ExtraTerm];
    if !wanted.into_iter().any(|rule| rules.has(rule)) {
        return;
    }
    for (number, bead) in bitext.beads.iter().enumerate() {
        let filled: Vec<Language> = bead.sides.keys().copied().filter(|l| !bead.side(*l).is_empty()).collect();
        let Some(lead) = rules.source_among(filled.iter().copied()) else { continue };
        let before = if runs_on { &bitext.beads[number.saturating_sub(BACK)..number] } else { &[] };
        let side = |language: Language| Side::of(texts.get(&language), bead, before);
        let Some(source) = side(lead) else { continue };
        for language in filled.into_iter().filter(|language| *language != lead) {
            if let Some(target) = side(language) {
                Pair { termbase, source: &source, target: &target, rules }.findings(out);
            }
        }
    }
}

/// One side of a bead and the terms in it.
struct Side<'b> {
    language: Language,
    segments: Vec<&'b Segment>,
    /// Segment, and the term in it.
    found: Vec<(usize, &'b Found)>,
    /// Concepts said a little before.
    before: Vec<usize>,
    /// The words of its segments, once they are asked for.
    said: Vec<OnceCell<resemble::Said<'b>>>,
}

impl<'b> Side<'b> {
    fn of(text: Option<&'b Text<'b>>, bead: &Bead, before: &[Bead]) -> Option<Side<'b>> {
        let text = text?;
        let known = |at: &usize| *at < text.segments.len();
        let own: Vec<usize> = bead.side(text.language).iter().copied().filter(known).collect();
        let segments: Vec<&Segment> = own.iter().map(|at| &text.segments[*at]).collect();
        let said = segments.iter().map(|_| OnceCell::new()).collect();
        let found = own.iter().enumerate().flat_map(|(n, at)| text.found[*at].iter().map(move |f| (n, f))).collect();
        let earlier = before.iter().flat_map(|bead| bead.side(text.language)).copied().filter(known);
        let before = earlier.flat_map(|at| text.found[at].iter().map(|f| f.concept)).collect();
        Some(Side { language: text.language, segments, found, before, said })
    }

    fn said(&self, at: usize) -> &resemble::Said<'b> {
        self.said[at].get_or_init(|| resemble::Said::new(self.language, &self.segments[at].text))
    }

    /// From its first segment to its last.
    fn span(&self) -> Option<Span> {
        let (first, last) = (self.segments.first()?, self.segments.last()?);
        Some(Span::new(first.span.start, last.span.end.max(first.span.start)))
    }

    fn is_heading(&self) -> bool {
        self.segments.iter().all(|segment| segment.kind == Kind::Heading)
    }

    /// The terms already found in a segment.
    fn taken(&self, at: usize) -> Vec<Span> {
        self.found.iter().filter(|(n, _)| *n == at).map(|(_, f)| f.span).collect()
    }
}

/// How often some terms of a side are said: an abbreviation in brackets behind its long form says nothing new.
fn mentions(side: &Side<'_>, counts: impl Fn(usize, &Found) -> bool) -> usize {
    let mut count = 0;
    let mut last: Option<(usize, Span)> = None;
    for (at, found) in side.found.iter().filter(|(at, found)| counts(*at, found)) {
        let told = last.is_some_and(|(segment, span)| {
            let text = &side.segments[segment].text;
            let between = || text.get(span.end..found.span.start).unwrap_or("-");
            segment == *at && (span.contains(found.span) || between().trim_matches([' ', '"', '”', '»']) == "(")
        });
        count += usize::from(!told);
        // Of one in another the longer one stays.
        if last.is_none_or(|(segment, span)| segment != *at || !span.contains(found.span)) {
            last = Some((*at, found.span));
        }
    }
    count
}

struct Pair<'p, 'b> {
    termbase: &'p Termbase,
    source: &'p Side<'b>,
    target: &'p Side<'b>,
    rules: &'p RuleSet,
}

impl Pair<'_, '_> {
    fn findings(&self, out: &mut Vec<Finding>) {
        let Pair { termbase, source, target, .. } = *self;
        // How often the concepts of each term are said in the target. One form of letters may name several: any of
        // them will do.
        let there: Vec<usize> = source
            .found
            .iter()
            .map(|(at, found)| {
                let alike = source.found.iter().filter(|(other, f)| other == at && f.span == found.span);
                let concepts: Vec<usize> = alike.map(|(_, f)| f.concept).collect();
                mentions(target, |_, f| concepts.contains(&f.concept) && self.counts(f))
            })
            .collect();
        // A term that stands in the target answers for the shorter ones inside it.
        let answered = |at: usize, found: &Found| {
            source.found.iter().zip(&there).any(|((n, longer), there)| {
                *there > 0 && *n == at && longer.span.contains(found.span) && longer.span != found.span
            })
        };
        let mut seen: Vec<usize> = Vec::new();
        for ((at, found), there) in source.found.iter().zip(&there) {
            let there = *there;
            if answered(*at, found) || seen.contains(&found.concept) {
                continue;
            }
            seen.push(found.concept);
            let due = mentions(source, |at, f| f.concept == found.concept && !answered(at, f));
            let concept = termbase.concept_of(found);
            if there >= due || concept.preferred(target.language).is_none() {
                continue;
            }
            let lacking = Lacking { concept, found, at: *at, due, there };
            out.extend(self.judged(&lacking));
        }
        if self.rules.has(Rule::ExtraTerm) {
            self.extra(out);
        }
    }

    /// A wrong variant has a finding of its own, if its rule is asked for.
    fn counts(&self, found: &Found) -> bool {
        match self.termbase.term_of(found).status {
            Status::Forbidden => self.rules.has(Rule::ForbiddenTerm),
            Status::Deprecated => self.rules.has(Rule::DeprecatedTerm),
            _ => true,
        }
    }

    /// The finding for a concept the target lacks or has less often than the source, if there is one.
    fn judged(&self, lacking: &Lacking<'_>) -> Option<Finding> {
        let Pair { source, target, .. } = *self;
        let Lacking { concept, found, at, due, there } = *lacking;
        let (language, elsewhere) = (target.language, there > 0);
        let preferred = concept.preferred(language)?;
        let said = &source.segments[at].text;
        let approved = approved(self.termbase, found.concept, language);
        let mut best: Option<(usize, resemble::Likeness, &Term)> = None;
        for at in 0..target.segments.len() {
            let text = target.said(at);
            if approved.iter().any(|(term, _)| is_derived(language, term, &text.words)) {
                return None;
            }
            let taken = target.taken(at);
            for (term, wanted) in &approved {
                let least = if elsewhere { CLOSE } else { LIKE };
                if let Some(like) = resemble::likest(wanted, text, &taken, least)
                    && best.as_ref().is_none_or(|(_, known, _)| like.score > known.score + 1e-4)
                {
                    best = Some((at, like, term));
                }
            }
        }
        if best.is_none() && !elsewhere {
            for at in 0..target.segments.len() {
                let taken = target.taken(at);
                let from = (source.language, said.as_str());
                let own = approved.iter().find(|(term, _)| *term == preferred);
                let like = own.and_then(|(_, own)| resemble::unexplained(own, target.said(at), &taken, from));
                if let Some(like) = like {
                    best = Some((at, like, preferred));
                    break;
                }
            }
        }
        // The term itself with an ending that does not suit it: a slip, but not of the term.
        if best.as_ref().is_some_and(|(_, like, _)| like.exact) {
            return None;
        }
        let says = format!("{} `{}`", source.language, one_line(found.span.of(said)));
        if self.rules.has(Rule::WrongTerm)
            && let Some((at, like, term)) = best
        {
            let segment = target.segments[at];
            let wrong = one_line(like.span.of(&segment.text));
            let text = like_written(language, term, &like, &segment.text);
            let message = match like.score > 0.0 {
                true => format!("`{wrong}` stands for {says}: the term is `{}`", term.text),
                false => format!("no term for {says}, `{wrong}` may stand for it: the term is `{}`", term.text),
            };
            let span = like.span.shifted(segment.span.start);
            let mut finding = self.finding(Rule::WrongTerm, concept, term, span, message, Some(text));
            let doubtful = like.score < SURE
                || (0..target.segments.len()).any(|other| {
                    let but = (other == at).then_some(like.span);
                    said_otherwise(language, term, &target.segments[other].text, but)
                });
            if doubtful {
                finding.level = Level::Info;
                finding.notes.push("it may be said in other words".to_owned());
            }
            return Some(finding);
        }
        let all = target.span()?;
        if elsewhere {
            let message = format!("{says} stands {} here, its term in {language} {}", times(due), times(there));
            let counted = self.rules.has(Rule::TermCount);
            return counted.then(|| self.finding(Rule::TermCount, concept, preferred, all, message, None));
        }
        if !self.rules.has(Rule::MissingTerm) {
            return None;
        }
        let message = match concept.do_not_translate {
            true => format!("{says} is not translated, but `{}` is missing", preferred.text),
            false => format!("no term for {says}: `{}` is missing", preferred.text),
        };
        let fix = Some(preferred.text.clone());
        let mut finding = self.finding(Rule::MissingTerm, concept, preferred, all, message, fix);
        if source.is_heading() || target.is_heading() {
            finding.level = Level::Info;
            finding.notes.push("headings are often shortened".to_owned());
        } else if target.before.contains(&found.concept) {
            finding.level = Level::Info;
            finding.notes.push("it is said just before: a pronoun may stand for it".to_owned());
        }
        Some(finding)
    }

    /// Terms of the target whose concept the source does not name.
    fn extra(&self, out: &mut Vec<Finding>) {
        let Pair { termbase, source, target, .. } = *self;
        let mut seen: Vec<usize> = Vec::new();
        let mut answered: Vec<(usize, Span)> = Vec::new();
        for (at, found) in &target.found {
            let concept = termbase.concept_of(found);
            let alike = target.found.iter().filter(|(other, f)| other == at && f.span == found.span);
            let said = alike.map(|(_, f)| f.concept).any(|c| source.found.iter().any(|(_, f)| f.concept == c));
            let inside = answered.iter().any(|(n, span)| n == at && span.contains(found.span));
            answered.push((*at, found.span));
            if said || inside || seen.contains(&found.concept) || !termbase.term_of(found).status.approved() {
                continue;
            }
            seen.push(found.concept);
            let Some(term) = concept.preferred(source.language) else { continue };
            let own = approved(termbase, found.concept, source.language);
            let told = (0..source.segments.len()).map(|at| source.said(at)).any(|said| {
                own.iter().any(|(term, wanted)| {
                    is_derived(source.language, term, &said.words)
                        || resemble::likest(wanted, said, &[], CLOSE).is_some()
                })
            });
            if told || source.before.contains(&found.concept) {
                continue;
            }
            let segment = target.segments[*at];
            let surface = one_line(found.span.of(&segment.text));
            let message = format!("`{surface}` stands here, but no `{}` in {}", term.text, source.language);
            let span = found.span.shifted(segment.span.start);
            out.push(self.finding(Rule::ExtraTerm, concept, termbase.term_of(found), span, message, None));
        }
    }

    fn finding(
        &self,
        rule: Rule,
        concept: &Concept,
        term: &Term,
        span: Span,
        message: String,
        fix: Option<String>,
    ) -> Finding {
        let language = self.target.language;
        Finding {
            rule,
            level: rules::level(rule),
            message,
            place: Place { language, span },
            concept: Some(concept.id.clone()),
            term: Some(term.text.clone()),
            unit: None,
            fix: fix.map(|text| Fix { text, certain: false }),
            notes: notes(concept, language),
        }
    }
}

/// A concept of the source that the target has too seldom.
struct Lacking<'p> {
    concept: &'p Concept,
    /// Where it stands first in the source, and in which segment.
    found: &'p Found,
    at: usize,
    due: usize,
    there: usize,
}

/// The approved terms of a concept in a language, each taken apart.
fn approved(termbase: &Termbase, concept: usize, language: Language) -> Vec<(&Term, Arc<resemble::Wanted>)> {
    let terms = termbase.concepts()[concept].terms.iter().enumerate();
    let own = terms.filter(|(_, term)| term.language == language && term.status.approved());
    own.map(|(at, term)| (term, termbase.wanted(concept, at))).collect()
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// `term` in the form of what resembles it, an ending that stood apart standing apart again.
fn like_written(language: Language, term: &Term, like: &resemble::Likeness, text: &str) -> String {
    let wrong = like.span.of(text);
    if let Some(apart) = like.apart {
        let ending = Span::new(apart, like.span.end).of(text);
        // The writer of an acronym knew how the right one sounds.
        if forms::is_acronym(&term.text) {
            return format!("{}{ending}", term.text);
        }
        let sign: String = ending.chars().take(1).collect();
        if let Some(text) = written(term, like.form)
            && let Some(own) = text.strip_prefix(&term.text)
        {
            return cased_like(language, format!("{}{sign}{own}", term.text), wrong);
        }
    }
    let text = written(term, like.form).unwrap_or_else(|| term.text.clone());
    cased_like(language, text, wrong)
}

/// A word made from the term stands there: `вашингтонский` for `Вашингтон`.
fn is_derived(language: Language, term: &Term, words: &[TextWord]) -> bool {
    let key = language.key(&term.text);
    !key.contains(' ')
        && !forms::is_acronym(&term.text)
        && key.chars().count() >= 5
        && words.iter().any(|word| word.key.len() > key.len() && word.key.starts_with(&key))
}
