//! What a text tells by itself: variants that are not to be written, endings and capitals that do not suit, an
//! abbreviation nobody has been told the meaning of.

use super::{Text, cased_like, notes, one_line};
use crate::lang::{
    Language,
    forms::{self, Form, Number},
};
use crate::model::{Concept, Finding, Fix, Kind, Level, Place, Rule, Segment, Status, Term};
use crate::rules::{self, RuleSet};
use crate::terms::{
    find::{Found, Termbase},
    words::words,
    write::written,
};
use crate::text::{Span, quoted};
use rustc_hash::FxHashSet;

/// The findings of one text. `runs_on`: its segments follow one another, as sentences do.
pub(super) fn findings(termbase: &Termbase, text: &Text<'_>, runs_on: bool, rules: &RuleSet, out: &mut Vec<Finding>) {
    // Concepts whose long form has been said, or whose abbreviation has been remarked on.
    let mut introduced: FxHashSet<usize> = FxHashSet::default();
    for (at, segment) in text.segments.iter().enumerate() {
        let found = text.longest(at);
        if found.is_empty() {
            continue;
        }
        let view = View { termbase, language: text.language, segment, found: &found };
        view.status(rules, out);
        if rules.has(Rule::TermForm) {
            view.form(out);
        }
        if rules.has(Rule::TermCase) {
            view.case(out);
        }
        if runs_on && rules.has(Rule::AcronymUndefined) {
            view.introduction(&mut introduced, out);
        }
    }
}

/// A segment and the longest terms in it.
struct View<'v> {
    termbase: &'v Termbase,
    language: Language,
    segment: &'v Segment,
    found: &'v [Found],
}

impl View<'_> {
    fn surface(&self, found: &Found) -> &str {
        found.span.of(&self.segment.text)
    }

    fn finding(&self, rule: Rule, found: &Found, message: String, fix: Option<Fix>) -> Finding {
        let concept = self.termbase.concept_of(found);
        Finding {
            rule,
            level: rules::level(rule),
            message,
            place: Place { language: self.language, span: found.span.shifted(self.segment.span.start) },
            concept: Some(concept.id.clone()),
            term: Some(self.termbase.term_of(found).text.clone()),
            unit: None,
            fix,
            notes: notes(concept, self.language),
        }
    }

    /// The same letters are the approved term of another concept, or of this one.
    fn is_approved(&self, span: Span) -> bool {
        self.found.iter().any(|f| f.span == span && self.termbase.term_of(f).status.approved())
    }

    /// Forbidden and deprecated terms.
    fn status(&self, rules: &RuleSet, out: &mut Vec<Finding>) {
        let quotations = std::cell::OnceCell::new();
        for (at, one) in self.found.iter().enumerate() {
            let term = self.termbase.term_of(one);
            let (rule, what) = match term.status {
                Status::Forbidden => (Rule::ForbiddenTerm, "is a forbidden variant"),
                Status::Deprecated => (Rule::DeprecatedTerm, "is out of use"),
                _ => continue,
            };
            let told = self.found[..at].iter().any(|f| {
                f.span == one.span && f.concept == one.concept && self.termbase.term_of(f).status == term.status
            });
            if !rules.has(rule) || told || self.is_approved(one.span) {
                continue;
            }
            let surface = self.surface(one);
            let fix = replacement(self.termbase.concept_of(one), term, self.language, surface, &one.forms);
            let instead = fix.as_ref().map(|fix| format!(": write `{}`", fix.text)).unwrap_or_default();
            let mut finding = self.finding(rule, one, format!("`{}` {what}{instead}", one_line(surface)), fix);
            let quotations = quotations.get_or_init(|| quoted::quotations(&self.segment.text));
            if self.segment.kind == Kind::Quote || quotations.iter().any(|span| span.contains(one.span)) {
                // Somebody else's words: an editor decides, no program does.
                finding.level = Level::Info;
                finding.fix = finding.fix.map(|fix| Fix { certain: false, ..fix });
                finding.notes.push("it stands in a quotation".to_owned());
            } else if rule == Rule::DeprecatedTerm && quoted::is_quoted(&self.segment.text, one.span) {
                // A film called “Alien” keeps its title.
                finding.fix = finding.fix.map(|fix| Fix { certain: false, ..fix });
            }
            out.push(finding);
        }
    }

    /// Endings that stand apart and do not suit: `DMX-nın`.
    fn form(&self, out: &mut Vec<Finding>) {
        let mut told: Vec<Span> = Vec::new();
        for one in self.found.iter().filter(|one| !one.forms.is_empty()) {
            let term = self.termbase.term_of(one);
            let surface = self.surface(one);
            let Some((stem, sign, ending)) = parted(surface) else { continue };
            if told.contains(&one.span) || !term.status.approved() {
                continue;
            }
            let all = words(self.language, stem);
            let Some(last) = all.last() else { continue };
            let word = forms::Word { text: last.span.of(stem), key: &last.key, hyphen: last.hyphen };
            let key = self.language.key(ending);
            let Some(right) = forms::apart_spelt(self.language, &word, &term.grammar, &key) else { continue };
            let capitals = ending.chars().all(|c| !c.is_lowercase());
            let right = if capitals { self.language.upper(&right) } else { right };
            told.push(one.span);
            let text = format!("{stem}{sign}{right}");
            let message = format!("`{}` has an ending that does not suit: write `{text}`", one_line(surface));
            out.push(self.finding(Rule::TermForm, one, message, Some(Fix { text, certain: true })));
        }
    }

    /// Terms in other capitals than the glossary's.
    fn case(&self, out: &mut Vec<Finding>) {
        let text = &self.segment.text;
        for (at, one) in self.found.iter().enumerate() {
            let surface = self.surface(one);
            let capitals = !surface.contains(char::is_lowercase);
            let first = self.found[..at].iter().all(|f| f.span != one.span);
            if capitals || self.segment.kind == Kind::Heading || !first || !self.is_approved(one.span) {
                continue;
            }
            let begins = !text[..one.span.start].contains(char::is_alphanumeric);
            let mut wanted: Vec<String> = Vec::new();
            let alike = self.found.iter().filter(|f| f.span == one.span);
            for (term, readings) in alike.map(|f| (self.termbase.term_of(f), &f.forms)) {
                let citation = [Form::default()];
                for form in if readings.is_empty() { &citation[..] } else { readings } {
                    let Some(text) = written(term, *form) else { continue };
                    if self.language.key(&text) == self.language.key(surface) && !wanted.contains(&text) {
                        wanted.push(text);
                    }
                }
            }
            let suits = |wanted: &String| {
                same_case(wanted, surface) || begins && same_case(&self.language.capitalised(wanted), surface)
            };
            if wanted.is_empty() || wanted.iter().any(suits) {
                continue;
            }
            let certain = wanted.len() == 1;
            let fix = Fix { text: recased(&wanted[0], surface), certain };
            let message = format!("`{}` is written `{}`", one_line(surface), fix.text);
            out.push(self.finding(Rule::TermCase, one, message, Some(fix)));
        }
    }

    /// Abbreviations whose long form has not been said before.
    fn introduction(&self, introduced: &mut FxHashSet<usize>, out: &mut Vec<Finding>) {
        let long = |found: &Found| self.is_long(self.termbase.concept_of(found), self.termbase.term_of(found));
        // `Dövlət Miqrasiya Xidməti (DMX)`, and the other way round.
        introduced.extend(self.found.iter().filter(|found| long(found)).map(|found| found.concept));
        if self.segment.kind == Kind::Heading {
            return;
        }
        for one in self.found {
            let (concept, term) = (self.termbase.concept_of(one), self.termbase.term_of(one));
            let full = concept.terms_in(self.language).find(|t| t.status.approved() && self.is_long(concept, t));
            let Some(full) = full.filter(|_| term.abbreviation && term.status.approved()) else { continue };
            if !introduced.insert(one.concept) {
                continue;
            }
            let form = one.forms.first().copied().unwrap_or_default();
            let text = written(full, form).unwrap_or_else(|| full.text.clone());
            let fix = Fix { text: format!("{text} ({})", term.text), certain: false };
            let message = format!("`{}` has not been introduced: `{}` is not said before it", term.text, full.text);
            out.push(self.finding(Rule::AcronymUndefined, one, message, Some(fix)));
        }
    }

    fn is_long(&self, concept: &Concept, term: &Term) -> bool {
        !term.abbreviation && concept.terms_in(self.language).any(|t| t.abbreviation)
    }
}

/// A surface with an ending that stands apart: what is before it, the sign, the ending.
fn parted(surface: &str) -> Option<(&str, &str, &str)> {
    let at = surface.rfind(['-', '\u{2010}', '\u{2011}', '\'', '’', 'ʼ'])?;
    let sign = surface[at..].chars().next()?.len_utf8();
    let (stem, rest) = surface.split_at(at);
    let (sign, ending) = rest.split_at(sign);
    (!stem.is_empty() && !ending.is_empty()).then_some((stem, sign, ending))
}

/// Whether two spellings that differ at most in typography have the same capitals.
fn same_case(a: &str, b: &str) -> bool {
    let cases = |text: &str| text.chars().filter(|c| c.is_alphabetic()).map(char::is_uppercase).collect::<Vec<_>>();
    cases(a) == cases(b)
}

/// `surface`, its letters in the case those of `wanted` have; `wanted` itself where they do not match one to one.
fn recased(wanted: &str, surface: &str) -> String {
    let letters: Vec<char> = wanted.chars().filter(|c| c.is_alphabetic()).collect();
    if surface.chars().filter(|c| c.is_alphabetic()).count() != letters.len() {
        return wanted.to_owned();
    }
    let mut letters = letters.into_iter();
    surface.chars().map(|c| if c.is_alphabetic() { letters.next().unwrap_or(c) } else { c }).collect()
}

/// The approved term in the form `wrong` stands in.
fn replacement(concept: &Concept, wrong: &Term, language: Language, surface: &str, readings: &[Form]) -> Option<Fix> {
    // An abbreviation is replaced by one, if there is one.
    let right = concept
        .terms_in(language)
        .find(|t| wrong.abbreviation && (t.abbreviation || forms::is_acronym(&t.text)) && t.status.approved())
        .or_else(|| concept.preferred(language))?;
    let mut readings = match readings {
        [] => vec![Form::default()],
        readings => readings.to_vec(),
    };
    // Written as the glossary cites it: `Mejills` is no plural, whatever its last letter says.
    if language.key(surface) == language.key(&wrong.text) {
        readings.retain(|form| form.number == Number::Singular);
        if !readings.contains(&Form::default()) {
            readings.push(Form::default());
        }
    }
    readings.sort_by_key(|form| forms::rank(language, *form));
    // A reading the writer would not spell so is a lenient one; it counts only where there is no other.
    let strict = |form: &Form| written(wrong, *form).is_some_and(|text| language.key(&text) == language.key(surface));
    let spelt_so: Vec<Form> = readings.iter().copied().filter(strict).collect();
    let sure = !spelt_so.is_empty();
    let forms = if sure { spelt_so } else { readings };
    let mut texts: Vec<String> = Vec::new();
    for form in forms {
        if let Some(text) = written(right, form).map(|text| cased_like(language, text, surface))
            && !texts.contains(&text)
        {
            texts.push(text);
        }
    }
    let certain = sure && texts.len() == 1;
    let text = texts.into_iter().next().unwrap_or_else(|| right.text.clone());
    Some(Fix { text, certain })
}
