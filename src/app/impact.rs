//! What a change of a concept leaves to be done: where the memory and files still say what is not to be written any more.

use super::{
    Unwatched, Watch,
    check::{self, Checked, Input, Job, accepted::Decisions},
    termbase::Given,
    terms,
};
use crate::{
    concordance::units_with_words,
    lang::Language,
    memory::{Memory, MemoryError, Mode, Reader},
    model::{Concept, Rule, State, Status, Term, Unit, UnitId},
    report::Located,
    rules::RuleSet,
    terms::{Overlap, Termbase},
    text::{Span, TokenKind, tokens},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

/// One place that says what is not to be written.
#[derive(Debug)]
pub struct Hit {
    pub located: Located,
    /// Of the unit, or of the file's last change.
    pub date: Option<Timestamp>,
    /// Of the unit.
    pub state: Option<State>,
}

impl Hit {
    /// The line or the text of the unit it stands in.
    pub fn sentence(&self) -> &str {
        let text = &self.located.source.text;
        let (start, end) = (self.located.byte_start.min(text.len()), self.located.byte_end.min(text.len()));
        let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[end..].find('\n').map_or(text.len(), |at| end + at);
        text[from..to].trim()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ImpactError {
    #[error("concept `{0}` has no term that is deprecated or forbidden")]
    Nothing(String),
    #[error("`{term}` is what is to be written of concept `{concept}`")]
    Right { concept: String, term: String },
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// The concept with what is looked for: its deprecated and forbidden terms, and those of `was`, which it had before.
///
/// # Errors
/// Where nothing is to be looked for; where `was` is the preferred term.
pub fn sought(concept: &Concept, was: &[Given]) -> Result<Concept, ImpactError> {
    let mut out = concept.clone();
    out.terms.retain(|term| term.status != Status::Proposed);
    for given in was {
        let key = given.language.key(&given.text);
        let preferred = concept.preferred(given.language);
        if preferred.is_some_and(|term| term.language.key(&term.text) == key) {
            return Err(ImpactError::Right { concept: concept.id.clone(), term: given.text.clone() });
        }
        let known = out.terms.iter_mut().find(|t| t.language == given.language && t.language.key(&t.text) == key);
        match known {
            Some(term) if term.status.approved() => term.status = Status::Deprecated,
            Some(_) => {}
            None => out.terms.push(Term::new(given.text.as_str(), given.language, Status::Deprecated)),
        }
    }
    match out.terms.iter().any(is_wrong) {
        true => Ok(out),
        false => Err(ImpactError::Nothing(concept.id.clone())),
    }
}

fn is_wrong(term: &Term) -> bool {
    matches!(term.status, Status::Deprecated | Status::Forbidden)
}

fn rules() -> RuleSet {
    RuleSet::new(&[Rule::ForbiddenTerm, Rule::DeprecatedTerm], &[], &[])
}

/// The units of the memory that say it, asked by the index, newest first. None where there is no memory.
///
/// # Errors
/// What the memory refuses.
pub fn in_memory(memory: &Path, sought: &Concept, watch: &dyn Watch) -> Result<Vec<Hit>, MemoryError> {
    if !memory.exists() {
        return Ok(Vec::new());
    }
    let name = memory.display().to_string();
    let memory = Memory::open(memory, Mode::Read)?;
    let reader = memory.read()?;
    let mut units: BTreeSet<UnitId> = BTreeSet::new();
    for term in sought.terms.iter().filter(|term| is_wrong(term)) {
        units.extend(candidates(&reader, term)?);
    }
    let units: Vec<UnitId> = units.into_iter().collect();
    let termbase = Arc::new(Termbase::new(vec![sought.clone()]));
    let found = check::check_some_units(&reader, &name, &units, &termbase, &rules(), watch)?;
    let mut out: Vec<Hit> = Vec::new();
    for (unit, found) in found {
        let date = unit.origin.date;
        out.extend(found.into_iter().map(|located| Hit { located, date, state: Some(unit.state) }));
    }
    newest_first(&mut out);
    Ok(out)
}

/// The most words of a term the index is asked for.
const ASKED: usize = 3;

/// The units that may hold a term: all its words, each in one of the forms the term can be in.
fn candidates(reader: &Reader<'_>, term: &Term) -> Result<Vec<UnitId>, MemoryError> {
    let mut texts: Vec<String> = terms::forms_of(term).into_iter().map(|(text, _)| text).collect();
    texts.push(term.text.clone());
    let given = &term.grammar.forms;
    let rows: Vec<Vec<String>> = texts.iter().map(|text| words_in(term.language, text)).collect();
    // A form given by hand may have other words altogether.
    let fewest = rows.iter().map(Vec::len).min().unwrap_or(0);
    let mut out: Option<Vec<UnitId>> = None;
    let mut columns: Vec<usize> = (0..fewest).collect();
    let length = |at: &usize| rows.last().and_then(|row| row.get(*at)).map_or(0, String::len);
    columns.sort_by_key(|at| std::cmp::Reverse(length(at)));
    for at in columns.into_iter().take(ASKED) {
        let words: BTreeSet<String> = rows.iter().filter_map(|row| row.get(at).cloned()).collect();
        let words: Vec<String> = words.into_iter().collect();
        let units = units_with_words(reader, term.language, &words, usize::MAX)?;
        out = Some(match out {
            None => units,
            Some(known) => known.into_iter().filter(|unit| units.binary_search(unit).is_ok()).collect(),
        });
    }
    let mut out = out.unwrap_or_default();
    for form in given {
        let Some(longest) = words_in(term.language, form).into_iter().max_by_key(String::len) else { continue };
        out.extend(units_with_words(reader, term.language, &[longest], usize::MAX)?);
    }
    Ok(out)
}

fn words_in(language: Language, text: &str) -> Vec<String> {
    let words = tokens(text).filter(|token| token.kind == TokenKind::Word);
    words.map(|word| language.key(word.text(text))).collect()
}

/// What of a concept's places in the memory is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Those only where something is wrong, else all.
    pub wrong: bool,
    /// Units with a smaller number than this one; left out, all.
    pub before: Option<UnitId>,
    /// No more units than this are told.
    pub most: usize,
    /// No more units than this are looked through.
    pub work: usize,
}

/// A unit that says a concept.
#[derive(Debug)]
pub struct Use {
    pub id: UnitId,
    pub unit: Unit,
    /// Of each text of the unit: where terms of the concept stand in it, with their status there.
    pub spans: Vec<Vec<(Span, Status)>>,
    /// What is wrong with the concept in it; what somebody let stand is marked so.
    pub wrong: Vec<Located>,
}

/// Units that say a concept, those with the highest numbers first.
#[derive(Debug, Default)]
pub struct Uses {
    pub units: Vec<Use>,
    /// Units that may say it, by the index.
    pub candidates: usize,
    /// Of these, the units looked through up to now, those before [`Wanted::before`] included.
    pub looked: usize,
    /// To go on from; `None` where all has been looked through.
    pub next: Option<UnitId>,
}

/// Units looked through at a time.
const STRIDE: usize = 128;

/// Where the memory says a concept of `termbase`, and what is wrong there by the rules of terms, a part at a time.
///
/// # Errors
/// What the memory refuses.
pub fn uses(
    reader: &Reader<'_>,
    termbase: &Arc<Termbase>,
    concept: &str,
    rules: &RuleSet,
    wanted: Wanted,
) -> Result<Uses, MemoryError> {
    let Some(at) = termbase.concepts().iter().position(|own| own.id == concept) else { return Ok(Uses::default()) };
    let own = &termbase.concepts()[at];
    let mut units: BTreeSet<UnitId> = BTreeSet::new();
    for term in &own.terms {
        units.extend(candidates(reader, term)?);
    }
    let mut out = Uses { candidates: units.len(), ..Uses::default() };
    let rest: Vec<UnitId> = match wanted.before {
        Some(before) => units.range(..before).rev().copied().collect(),
        None => units.iter().rev().copied().collect(),
    };
    out.looked = units.len() - rest.len();
    let others = Rule::ALL.into_iter().filter(|rule| !rule.needs_terms());
    let own_rules = others.fold(rules.clone(), |rules, other| rules.without(other));
    let decisions = Decisions::of(reader)?;
    for stride in rest[..rest.len().min(wanted.work)].chunks(STRIDE) {
        let checked = check::check_some_units(reader, "", stride, termbase, &own_rules, &Unwatched)?;
        let mut found: BTreeMap<UnitId, Vec<Located>> = BTreeMap::new();
        for mut located in checked.into_iter().map(|(_, found)| found) {
            decisions.mark(&mut located);
            located.retain(|located| located.finding.concept.as_deref() == Some(concept));
            if let Some(id) = located.first().and_then(|located| located.finding.unit) {
                found.insert(id, located);
            }
        }
        for id in stride {
            out.looked += 1;
            let wrong = found.remove(id).unwrap_or_default();
            if wanted.wrong && wrong.iter().all(|located| located.accepted.is_some()) {
                continue;
            }
            let Some(unit) = reader.unit(*id)? else { continue };
            let spans: Vec<Vec<(Span, Status)>> = unit
                .variants
                .iter()
                .map(|variant| {
                    let found = termbase.find(variant.language, &variant.text, Overlap::Longest);
                    let own = found.into_iter().filter(|found| found.concept == at);
                    own.map(|found| (found.span, termbase.term_of(&found).status)).collect()
                })
                .collect();
            if wrong.is_empty() && spans.iter().all(Vec::is_empty) {
                continue;
            }
            out.units.push(Use { id: *id, unit, spans, wrong });
            if out.units.len() == wanted.most {
                out.next = Some(*id).filter(|_| out.looked < out.candidates);
                return Ok(out);
            }
        }
        out.next = stride.last().copied().filter(|_| out.looked < out.candidates);
    }
    Ok(out)
}

/// The places in files that say it, newest first, and what could not be read.
pub fn in_files(job: Job, sought: &Concept, watch: &dyn Watch) -> (Vec<Hit>, Checked) {
    let inputs: Vec<Input> = job.inputs;
    let job = Job { inputs, concepts: vec![sought.clone()], rules: rules(), ..job };
    let mut checked = check::check(job, watch);
    let found = std::mem::take(&mut checked.findings);
    let mut out: Vec<Hit> = found
        .into_iter()
        .map(|located| {
            let changed = fs::metadata(&located.source.name).and_then(|file| file.modified()).ok();
            let date = changed.and_then(|time| Timestamp::try_from(time).ok());
            Hit { located, date, state: None }
        })
        .collect();
    newest_first(&mut out);
    (out, checked)
}

/// Newest first, then as they were.
pub fn newest_first(hits: &mut [Hit]) {
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.date));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::Unwatched,
        memory::BatchId,
        model::{Unit, Variant},
    };

    fn concept() -> Concept {
        let mut concept = Concept { id: "parliament".to_owned(), ..Concept::default() };
        for (text, language, status) in [
            ("Milli Majlis", Language::EN, Status::Preferred),
            ("Milli Mejlis", Language::EN, Status::Forbidden),
            ("Milli Məclis", Language::AZ, Status::Preferred),
            ("Parlament", Language::AZ, Status::Admitted),
        ] {
            concept.terms.push(Term::new(text, language, status));
        }
        concept
    }

    fn given(text: &str) -> Given {
        Given { language: Language::AZ, status: None, text: text.to_owned() }
    }

    #[test]
    fn what_a_concept_was_is_sought() {
        let seek = |was: &[Given]| sought(&concept(), was).map(|c| c.terms.iter().filter(|t| is_wrong(t)).count());
        assert_eq!(seek(&[]).unwrap(), 1);
        assert_eq!(seek(&[given("Parlament"), given("Milli Şura")]).unwrap(), 3);
        assert!(matches!(seek(&[given("milli məclis")]), Err(ImpactError::Right { .. })));
        let mut right = concept();
        right.terms.retain(|term| term.status.approved());
        assert_eq!(
            sought(&right, &[]).unwrap_err().to_string(),
            "concept `parliament` has no term that is deprecated or forbidden"
        );
    }

    #[test]
    fn units_are_found_in_every_form_the_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let mut add = |date: &str, en: &str, az: &str| -> BatchId {
            let variants = vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)];
            let unit = Unit { variants, ..Unit::default() };
            let now = date.parse().unwrap();
            memory.write("test", now, "me", |batch| batch.add(&unit).map(|_| batch.id())).unwrap()
        };
        add("2020-01-01T00:00:00Z", "The Milli Mejlis’s session.", "Milli Məclisin iclası.");
        add("2022-01-01T00:00:00Z", "They met.", "Parlamentdəki görüş.");
        add("2021-01-01T00:00:00Z", "The Majlis met.", "Şura toplandı.");
        drop(memory);
        let found = in_memory(&path, &sought(&concept(), &[given("Parlament")]).unwrap(), &Unwatched).unwrap();
        let shown: Vec<String> = found
            .iter()
            .map(|hit| {
                let fix = hit.located.finding.fix.as_ref().map_or("", |fix| &fix.text);
                format!("{} {} → {fix}: {}", hit.date.unwrap().strftime("%Y"), hit.located.surface(), hit.sentence())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "2022 Parlamentdəki → Milli Məclisdəki: Parlamentdəki görüş.",
                "2020 Milli Mejlis’s → Milli Majlis’s: The Milli Mejlis’s session."
            ]
        );
    }

    #[test]
    fn uses_are_told_a_part_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.db");
        let mut memory = Memory::open(&path, Mode::Write).unwrap();
        let now = "2024-05-01T00:00:00Z".parse().unwrap();
        let mut add = |en: &str, az: &str| {
            let variants = vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)];
            let unit = Unit { variants, ..Unit::default() };
            memory.write("test", now, "me", |batch| batch.add(&unit).map(drop)).unwrap();
        };
        add("The Milli Majlis met.", "Milli Məclis toplandı.");
        add("The Milli Mejlis’s session.", "Milli Məclisin iclası.");
        add("They met.", "Onlar görüşdülər.");
        add("The Milli Majlis voted.", "Səs verildi.");
        let reader = memory.read().unwrap();
        let termbase = Arc::new(Termbase::new(vec![concept()]));
        let told = |wrong: bool, before: Option<i64>, most: usize, work: usize| {
            let wanted = Wanted { wrong, before: before.map(UnitId), most, work };
            let found = uses(&reader, &termbase, "parliament", &RuleSet::default(), wanted).unwrap();
            let shown = |used: &Use| {
                let marked = used.unit.variants.iter().zip(&used.spans);
                let marked = marked.flat_map(|(v, spans)| spans.iter().map(|(span, _)| span.of(&v.text)));
                let rules = used.wrong.iter().map(|located| located.finding.rule.as_str());
                format!("{}: {}", used.id, marked.chain(rules).collect::<Vec<_>>().join(", "))
            };
            let units: Vec<String> = found.units.iter().map(shown).collect();
            (units, found.looked, found.next.map(|id| id.0))
        };
        let (all, looked, next) = told(false, None, 10, 10);
        assert_eq!(
            all,
            [
                "4: Milli Majlis, missing-term",
                "2: Milli Mejlis’s, Milli Məclisin, forbidden-term",
                "1: Milli Majlis, Milli Məclis"
            ]
        );
        assert_eq!((looked, next), (3, None));
        assert_eq!(told(true, None, 1, 10), (vec![all[0].clone()], 1, Some(4)));
        assert_eq!(told(true, Some(4), 10, 1), (vec![all[1].clone()], 2, Some(2)));
        assert_eq!(told(true, Some(2), 10, 10), (Vec::new(), 3, None));
    }
}
