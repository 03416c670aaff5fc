//! What is wrong with the terms of a text or of a pair of texts.

use super::{
    find::{Found, Overlap, Termbase},
    resemble,
    rules::{self, RuleSet},
    words::{TextWord, words},
    write::written,
};
use crate::lang::{
    self, Language,
    forms::{self, Form},
};
use crate::model::{Bead, Bitext, Concept, Finding, Fix, Level, Place, Rule, Segment, Status, Term};
use crate::text::Span;

/// Under this likeness a stretch of the target is not taken for a failed try at the term.
const LIKE: f32 = 0.45;
/// Where the term stands elsewhere in the target, a second try must be this close to be one.
const CLOSE: f32 = 0.84;

/// Checks the terms of each text and, in each bead, those of the source against the other languages. Findings
/// come by language and place.
pub fn check(termbase: &Termbase, bitext: &Bitext, rules: &RuleSet) -> Vec<Finding> {
    let mut out = Vec::new();
    for (language, segments) in &bitext.texts {
        for segment in segments {
            status_findings(termbase, *language, segment, rules, &mut out);
        }
    }
    if rules.has(Rule::MissingTerm) || rules.has(Rule::WrongTerm) {
        for bead in &bitext.beads {
            bead_findings(termbase, bitext, bead, rules, &mut out);
        }
    }
    out.sort_by(|a, b| {
        let key = |f: &Finding| (f.place.language, f.place.span.start, f.place.span.end, f.rule);
        key(a).cmp(&key(b))
    });
    out
}

fn level(rule: Rule) -> Level {
    rules::info(rule).map_or(Level::Warning, |info| info.level)
}

// ---------------------------------------------------------------- forbidden and deprecated

fn status_findings(
    termbase: &Termbase,
    language: Language,
    segment: &Segment,
    rules: &RuleSet,
    out: &mut Vec<Finding>,
) {
    let found = termbase.find(language, &segment.text, Overlap::Longest);
    for (at, one) in found.iter().enumerate() {
        let term = termbase.term_of(one);
        let rule = match term.status {
            Status::Forbidden => Rule::ForbiddenTerm,
            Status::Deprecated => Rule::DeprecatedTerm,
            _ => continue,
        };
        // The same letters may be the approved term of another concept.
        let approved = found.iter().any(|f| f.span == one.span && termbase.term_of(f).status.approved());
        let told = found[..at]
            .iter()
            .any(|f| f.span == one.span && f.concept == one.concept && termbase.term_of(f).status == term.status);
        if !rules.has(rule) || approved || told {
            continue;
        }
        let concept = termbase.concept_of(one);
        let surface = one.span.of(&segment.text);
        let fix = replacement(concept, term, language, surface, &one.forms);
        let what = match rule {
            Rule::ForbiddenTerm => "is a forbidden variant",
            _ => "is out of use",
        };
        let instead = fix.as_ref().map(|fix| format!(": write `{}`", fix.text)).unwrap_or_default();
        out.push(Finding {
            rule,
            level: level(rule),
            message: format!("`{}` {what}{instead}", one_line(surface)),
            place: Place { language, span: one.span.shifted(segment.span.start) },
            concept: Some(concept.id.clone()),
            term: Some(term.text.clone()),
            unit: None,
            fix,
            notes: notes(concept, language),
        });
    }
}

/// The approved term in the form `wrong` stands in.
fn replacement(concept: &Concept, wrong: &Term, language: Language, surface: &str, readings: &[Form]) -> Option<Fix> {
    // An abbreviation is replaced by one, if there is one.
    let right = concept
        .terms_in(language)
        .find(|t| wrong.abbreviation && t.abbreviation && t.status.approved())
        .or_else(|| concept.preferred(language))?;
    let order = forms::forms(language);
    let mut readings = match readings {
        [] => vec![Form::default()],
        readings => readings.to_vec(),
    };
    readings.sort_by_key(|form| order.iter().position(|known| known == form).unwrap_or(order.len()));
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

/// `text` in capitals where `surface` is, with a capital first letter where `surface` has one.
fn cased_like(language: Language, text: String, surface: &str) -> String {
    let letters: Vec<char> = surface.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.len() > 1 && letters.iter().all(|c| c.is_uppercase());
    let first = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    if capitals && !forms::is_acronym(surface.split(['-', '’', '\'']).next().unwrap_or_default()) {
        language.upper(&text)
    } else if first(surface) && !first(&text) {
        language.capitalised(&text)
    } else {
        text
    }
}

// ---------------------------------------------------------------- missing and wrong

fn bead_findings(termbase: &Termbase, bitext: &Bitext, bead: &Bead, rules: &RuleSet, out: &mut Vec<Finding>) {
    let filled: Vec<Language> = bead.sides.keys().copied().filter(|l| !bead.side(*l).is_empty()).collect();
    let wished = rules.source.filter(|source| filled.contains(source));
    let source = wished.or_else(|| lang::lead(filled.iter().copied()));
    let Some(source) = source else { return };
    let said = Said::of(termbase, bitext, bead, source, Overlap::All);
    if said.found.is_empty() {
        return;
    }
    for target in filled.into_iter().filter(|l| *l != source) {
        let text = Said::of(termbase, bitext, bead, target, Overlap::All);
        compare(termbase, &said, &text, rules, out);
    }
}

/// One side of a bead and the terms in it.
struct Said<'b> {
    language: Language,
    segments: Vec<&'b Segment>,
    /// Segment, and the term in it.
    found: Vec<(usize, Found)>,
}

impl<'b> Said<'b> {
    fn of(termbase: &Termbase, bitext: &'b Bitext, bead: &Bead, language: Language, overlap: Overlap) -> Said<'b> {
        let all = bitext.texts.get(&language).map_or(&[][..], Vec::as_slice);
        let segments: Vec<&Segment> = bead.side(language).iter().filter_map(|at| all.get(*at)).collect();
        let mut found = Vec::new();
        for (at, segment) in segments.iter().enumerate() {
            found.extend(termbase.find(language, &segment.text, overlap).into_iter().map(|f| (at, f)));
        }
        Said { language, segments, found }
    }
}

fn compare(termbase: &Termbase, source: &Said<'_>, target: &Said<'_>, rules: &RuleSet, out: &mut Vec<Finding>) {
    let mut seen: Vec<usize> = Vec::new();
    // Longer terms come first; those that stand in the target answer for the shorter ones inside them.
    let mut answered: Vec<(usize, Span)> = Vec::new();
    for (at, found) in &source.found {
        let inside = answered.iter().any(|(n, span)| n == at && span.contains(found.span) && *span != found.span);
        if inside {
            continue;
        }
        // One form of letters may name several concepts: any of them will do.
        let alike = source.found.iter().filter(|(other, f)| other == at && f.span == found.span);
        let concepts: Vec<usize> = alike.map(|(_, f)| f.concept).collect();
        let stands = |f: &Found| {
            let counted = match termbase.term_of(f).status {
                Status::Forbidden => rules.has(Rule::ForbiddenTerm),
                Status::Deprecated => rules.has(Rule::DeprecatedTerm),
                _ => true,
            };
            concepts.contains(&f.concept) && counted
        };
        let there = target.found.iter().filter(|(_, f)| stands(f)).count();
        if there > 0 {
            answered.push((*at, found.span));
        }
        if seen.contains(&found.concept) {
            continue;
        }
        seen.push(found.concept);
        let due = source.found.iter().filter(|(_, f)| f.concept == found.concept).count();
        let concept = termbase.concept_of(found);
        if there >= due || concept.preferred(target.language).is_none() {
            continue;
        }
        let said = &source.segments[*at].text;
        let surface = found.span.of(said);
        out.extend(judged(concept, surface, (source.language, said), target, there > 0, rules));
    }
}

/// The finding for a concept the target lacks (`elsewhere`: has less often than the source), if there is one.
fn judged(
    concept: &Concept,
    surface: &str,
    (source, said): (Language, &str),
    target: &Said<'_>,
    elsewhere: bool,
    rules: &RuleSet,
) -> Option<Finding> {
    let language = target.language;
    let preferred = concept.preferred(language)?;
    let approved: Vec<&Term> = concept.terms_in(language).filter(|t| t.status.approved()).collect();
    let mut best: Option<(usize, resemble::Likeness, &Term)> = None;
    for (at, segment) in target.segments.iter().enumerate() {
        let words = words(language, &segment.text);
        if approved.iter().any(|term| is_derived(language, term, &words)) {
            return None;
        }
        let taken: Vec<Span> = target.found.iter().filter(|(n, _)| *n == at).map(|(_, f)| f.span).collect();
        for term in &approved {
            let least = if elsewhere { CLOSE } else { LIKE };
            if let Some(like) = resemble::likest(term, &segment.text, &words, &taken, least)
                && best.as_ref().is_none_or(|(_, known, _)| like.score > known.score + 1e-4)
            {
                best = Some((at, like, term));
            }
        }
    }
    if best.is_none() && !elsewhere {
        for (at, segment) in target.segments.iter().enumerate() {
            let taken: Vec<Span> = target.found.iter().filter(|(n, _)| *n == at).map(|(_, f)| f.span).collect();
            let like = resemble::unexplained(language, &preferred.text, &segment.text, &taken, (source, said));
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
    let says = format!("{source} `{}`", one_line(surface));
    if rules.has(Rule::WrongTerm)
        && let Some((at, like, term)) = best
    {
        let segment = target.segments[at];
        let wrong = like.span.of(&segment.text);
        let text = like_written(language, term, &like, &segment.text);
        return Some(Finding {
            rule: Rule::WrongTerm,
            level: level(Rule::WrongTerm),
            message: match like.score > 0.0 {
                true => format!("`{}` stands for {says}: the term is `{}`", one_line(wrong), term.text),
                false => {
                    format!("no term for {says}, `{}` may stand for it: the term is `{}`", one_line(wrong), term.text)
                }
            },
            place: Place { language, span: like.span.shifted(segment.span.start) },
            concept: Some(concept.id.clone()),
            term: Some(term.text.clone()),
            unit: None,
            fix: Some(Fix { text, certain: false }),
            notes: notes(concept, language),
        });
    }
    if elsewhere || !rules.has(Rule::MissingTerm) {
        return None;
    }
    let (first, last) = (target.segments.first()?, target.segments.last()?);
    Some(Finding {
        rule: Rule::MissingTerm,
        level: level(Rule::MissingTerm),
        message: format!("no term for {says}: `{}` is missing", preferred.text),
        place: Place { language, span: Span::new(first.span.start, last.span.end.max(first.span.start)) },
        concept: Some(concept.id.clone()),
        term: Some(preferred.text.clone()),
        unit: None,
        fix: Some(Fix { text: preferred.text.clone(), certain: false }),
        notes: notes(concept, language),
    })
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

/// The concept's terms in the other languages, for the reader of a finding.
fn notes(concept: &Concept, language: Language) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for term in &concept.terms {
        if term.language != language && concept.preferred(term.language) == Some(term) {
            others.push(format!("{} {}", term.language, term.text));
        }
    }
    let mut out = match others.is_empty() {
        true => Vec::new(),
        false => vec![format!("concept: {} ({})", concept.id, others.join(", "))],
    };
    out.extend(concept.note.iter().map(|note| format!("note: {note}")));
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Mark};
    use std::collections::BTreeMap;

    /// A term is `lang text`, with `!` before it when forbidden, `~` when deprecated.
    fn concept(id: &str, terms: &[&str]) -> Concept {
        let term = |given: &&str| {
            let (status, given) = match given.strip_prefix('!') {
                Some(rest) => (Status::Forbidden, rest),
                None => given.strip_prefix('~').map_or((Status::Preferred, *given), |rest| (Status::Deprecated, rest)),
            };
            let (language, text) = given.split_once(' ').unwrap();
            let mut term = Term::new(text, language.parse().unwrap(), status);
            term.abbreviation = forms::is_acronym(text);
            term
        };
        Concept { id: id.to_owned(), terms: terms.iter().map(term).collect(), ..Concept::default() }
    }

    fn termbase() -> Termbase {
        Termbase::new(vec![
            concept(
                "parliament",
                &[
                    "en Milli Majlis",
                    "!en Milli Mejlis",
                    "az Milli Məclis",
                    "!az Milli Mejlis",
                    "ru Милли Меджлис",
                    "!ru Милли Мейлис",
                ],
            ),
            concept(
                "service",
                &[
                    "en State Migration Service",
                    "en SMS",
                    "az Dövlət Miqrasiya Xidməti",
                    "az DMX",
                    "!az DMİX",
                    "ru Государственная миграционная служба",
                    "!ru Федеральная миграционная служба",
                    "ru ГМС",
                    "~ru Государственный комитет по миграции",
                ],
            ),
            concept("refugee", &["en refugee", "az qaçqın", "ru беженец"]),
            concept("senator", &["en senator", "az senator", "ru сенатор"]),
            concept("court", &["en Supreme Court", "az Ali Məhkəmə", "ru Верховный суд"]),
            concept("judge", &["en court", "az məhkəmə", "ru суд"]),
            concept("washington", &["en Washington", "az Vaşinqton", "ru Вашингтон"]),
        ])
    }

    fn one_bead(texts: &[(Language, &str)]) -> Bitext {
        let segment = |text: &str| Segment {
            span: Span::new(10, 10 + text.len()),
            text: text.to_owned(),
            kind: Kind::Body,
            paragraph: 1,
        };
        let sides: BTreeMap<_, _> = texts.iter().map(|(language, _)| (*language, vec![0])).collect();
        Bitext {
            texts: texts.iter().map(|(language, text)| (*language, vec![segment(text)])).collect(),
            beads: vec![Bead { sides, score: 1.0, mark: Mark::Given }],
        }
    }

    /// Rule, marked text, fix, whether it is certain.
    fn told<'t>(texts: &[(Language, &'t str)]) -> Vec<(Rule, &'t str, String, bool)> {
        let findings = check(&termbase(), &one_bead(texts), &RuleSet::default());
        let shown = |f: Finding| {
            let (_, text) = texts.iter().find(|(language, _)| *language == f.place.language).unwrap();
            let fix = f.fix.unwrap();
            (f.rule, &text[f.place.span.start - 10..f.place.span.end - 10], fix.text, fix.certain)
        };
        findings.into_iter().map(shown).collect()
    }

    #[test]
    fn forbidden_variants_are_replaced_in_their_form() {
        for (language, text, wrong, fix) in [
            (Language::EN, "the Milli Mejlis’s session", "Milli Mejlis’s", "Milli Majlis’s"),
            (Language::EN, "THE MILLI MEJLIS MET", "MILLI MEJLIS", "MILLI MAJLIS"),
            (Language::AZ, "Milli Mejlisdə keçirilib", "Milli Mejlisdə", "Milli Məclisdə"),
            (Language::AZ, "MİLLİ MEJLİSİN", "MİLLİ MEJLİSİN", "MİLLİ MƏCLİSİN"),
            (Language::AZ, "Milli Mejlisimizin qərarı", "Milli Mejlisimizin", "Milli Məclisimizin"),
            (Language::RU, "в Милли Мейлисе", "Милли Мейлисе", "Милли Меджлисе"),
            (
                Language::RU,
                "руководством Федеральной миграционной службой",
                "Федеральной миграционной службой",
                "Государственной миграционной службой",
            ),
        ] {
            assert_eq!(told(&[(language, text)]), [(Rule::ForbiddenTerm, wrong, fix.to_owned(), true)]);
        }
    }

    #[test]
    fn an_abbreviation_is_replaced_by_one() {
        assert_eq!(
            told(&[(Language::AZ, "DMİX-nin əməkdaşı")]),
            [(Rule::ForbiddenTerm, "DMİX-nin", "DMX-nin".to_owned(), true)]
        );
    }

    #[test]
    fn what_is_ambiguous_is_not_certain() {
        // Genitive, dative or prepositional: the feminine tells none of them apart, nor does the fix.
        let same = told(&[(Language::RU, "Федеральной миграционной службы")]);
        assert_eq!((same[0].2.as_str(), same[0].3), ("Государственной миграционной службы", true));
        // The masculine has two forms where the feminine has one.
        let found = told(&[(Language::RU, "о Государственном комитете по миграции")]);
        assert_eq!(found[0].0, Rule::DeprecatedTerm);
        assert_eq!(found[0].2, "Государственной миграционной службе");
    }

    #[test]
    fn any_approved_term_in_any_form_will_do() {
        let en = (Language::EN, "The State Migration Service told a senator.");
        assert_eq!(told(&[en, (Language::AZ, "DMX-nin məlumatı senatora çatıb.")]), []);
        assert_eq!(told(&[en, (Language::RU, "Сенатору сообщили в Государственной миграционной службе.")]), []);
    }

    #[test]
    fn a_term_before_a_noun_stands() {
        assert_eq!(
            told(&[
                (Language::EN, "Children from refugee families received gifts."),
                (Language::AZ, "Qaçqın ailələrindən olan uşaqlara hədiyyələr təqdim olunub."),
                (Language::RU, "Дети из семей беженцев получили подарки."),
            ]),
            []
        );
    }

    #[test]
    fn a_term_of_its_own_case_stands_in_any_form() {
        let mut authority =
            concept("authority", &["en Executive Authority", "az İcra Hakimiyyəti", "ru Исполнительная власть"]);
        authority.terms.iter_mut().for_each(|term| term.case_sensitive = true);
        let termbase = Termbase::new(vec![authority]);
        let bitext = one_bead(&[
            (Language::EN, "With the support of the Executive Authority and of the Executive Authority of Shaki"),
            (Language::AZ, "İcra Hakimiyyətinin və Şəki İcra Hakimiyyətinin dəstəyi ilə"),
            (Language::RU, "При поддержке Исполнительной власти и Исполнительной власти Шеки"),
        ]);
        assert_eq!(check(&termbase, &bitext, &RuleSet::default()), []);
    }

    #[test]
    fn missing_terms_mark_the_segment() {
        let got = told(&[(Language::EN, "The senator left."), (Language::AZ, "O, getdi.")]);
        assert_eq!(got, [(Rule::MissingTerm, "O, getdi.", "senator".to_owned(), false)]);
    }

    #[test]
    fn what_stands_in_the_place_of_a_term_is_marked() {
        let got = told(&[(Language::EN, "Several senators left."), (Language::AZ, "Bir neçə sinatorlar getdi.")]);
        assert_eq!(got, [(Rule::WrongTerm, "sinatorlar", "senatorlar".to_owned(), false)]);
        let got = told(&[(Language::EN, "The Supreme Court ruled."), (Language::RU, "Решение Верхового суда.")]);
        assert_eq!(got, [(Rule::WrongTerm, "Верхового суда", "Верховного суда".to_owned(), false)]);
        let got =
            told(&[(Language::EN, "Said the State Migration Service (SMS)."), (Language::AZ, "DXM-dən bildirilib.")]);
        assert_eq!(got, [(Rule::WrongTerm, "DXM-dən", "DMX-dən".to_owned(), false)]);
    }

    #[test]
    fn a_longer_term_answers_for_the_shorter_one_in_it() {
        assert_eq!(told(&[(Language::EN, "The Supreme Court ruled."), (Language::AZ, "Ali Məhkəmənin qərarı.")]), []);
    }

    #[test]
    fn a_word_derived_from_the_term_counts() {
        assert_eq!(told(&[(Language::EN, "A Washington court."), (Language::RU, "Вашингтонский суд.")]), []);
    }

    #[test]
    fn only_the_rules_asked_for() {
        let bitext = one_bead(&[(Language::EN, "The senator of the Milli Mejlis"), (Language::AZ, "O gəldi.")]);
        let rules = RuleSet::new(&[], &[Rule::ForbiddenTerm, Rule::WrongTerm]);
        let found: Vec<Rule> = check(&termbase(), &bitext, &rules).into_iter().map(|f| f.rule).collect();
        assert_eq!(found, [Rule::MissingTerm, Rule::MissingTerm]);
    }

    #[test]
    fn findings_tell_the_concept() {
        let bitext = one_bead(&[(Language::AZ, "Milli Mejlis")]);
        let found = &check(&termbase(), &bitext, &RuleSet::default())[0];
        assert_eq!(found.concept.as_deref(), Some("parliament"));
        assert_eq!(found.term.as_deref(), Some("Milli Mejlis"));
        assert_eq!(found.notes, ["concept: parliament (en Milli Majlis, ru Милли Меджлис)"]);
        assert_eq!(found.message, "`Milli Mejlis` is a forbidden variant: write `Milli Məclis`");
    }
}
