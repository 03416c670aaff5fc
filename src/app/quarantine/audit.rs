//! The audit of units from outside. What it finds is computed whenever it is asked for, and stored nowhere.

use super::{
    characters,
    rules::{self, AuditRule, Fault, Looks, RULES},
};
use crate::{
    app::{
        Unwatched,
        check::{Strides, accepted::Decisions},
    },
    lang::{Language, Reads, Script, TURKISH, reads_otherwise},
    model::{Concept, Context, Level, Rule, State, Unit, UnitId},
    rules::RuleSet,
};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// One thing that is wrong with a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub rule: &'static AuditRule,
    /// Of which text, where it is about one.
    pub language: Option<Language>,
    /// One line, backticks round values.
    pub message: String,
}

/// A unit from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    pub id: UnitId,
    pub unit: Unit,
    /// What its file made of it.
    pub filed: State,
}

/// Audits units in the order of their numbers.
pub(in crate::app) struct Auditor {
    checks: Strides<'static>,
    /// Texts that were met, with the first unit that has them.
    met: FxHashMap<u64, UnitId>,
}

impl Auditor {
    pub fn new(memory: &str, concepts: Vec<Concept>, decisions: Decisions) -> Auditor {
        let wanted: Vec<Rule> = RULES
            .iter()
            .filter_map(|rule| match rule.looks {
                Looks::Check(rule) => Some(rule),
                // That the words are the source's takes a second pair of eyes.
                Looks::Own(Fault::Untranslated) => Some(Rule::Untranslated),
                Looks::Own(_) => None,
            })
            .collect();
        let rules = RuleSet::new(&wanted, &[], &[]);
        let checks = Strides::new(memory.to_owned(), concepts, rules, decisions, &Unwatched);
        Auditor { checks, met: FxHashMap::default() }
    }

    /// Takes note of a unit that is not audited: what stands in it too is doubled.
    pub fn pass(&mut self, id: UnitId, unit: &Unit) {
        self.met.entry(hashed(unit)).or_insert(id);
    }

    /// What is wrong with each of `units`.
    pub fn audit(&mut self, units: &[Waiting]) -> Vec<Vec<Flaw>> {
        let pairs: Vec<(UnitId, Unit)> = units.iter().map(|waiting| (waiting.id, waiting.unit.clone())).collect();
        let mut checked: FxHashMap<UnitId, Vec<(Rule, Level, Language, String)>> = FxHashMap::default();
        for located in self.checks.check(&pairs).into_iter().filter(|located| located.accepted.is_none()) {
            let finding = located.finding;
            if let Some(unit) = finding.unit {
                let told = (finding.rule, finding.level, finding.place.language, finding.message);
                checked.entry(unit).or_default().push(told);
            }
        }
        let mut all: Vec<Vec<Flaw>> = units
            .par_iter()
            .map(|waiting| {
                let found = checked.get(&waiting.id).map_or(&[][..], Vec::as_slice);
                flaws(waiting, found)
            })
            .collect();
        for (waiting, flaws) in units.iter().zip(&mut all) {
            let first = *self.met.entry(hashed(&waiting.unit)).or_insert(waiting.id);
            if first != waiting.id {
                flaws.push(flaw(Fault::Doubled, None, format!("says the same as unit {first}")));
            }
        }
        all
    }
}

fn flaw(fault: Fault, language: Option<Language>, message: String) -> Flaw {
    Flaw { rule: rules::own(fault), language, message }
}

fn flaws(waiting: &Waiting, checked: &[(Rule, Level, Language, String)]) -> Vec<Flaw> {
    let unit = &waiting.unit;
    let mut out = Vec::new();
    if waiting.filed == State::Pending {
        out.push(flaw(Fault::Unsure, None, "its file marks it as pending".to_owned()));
    }
    for variant in &unit.variants {
        if !variant.text.contains(char::is_alphanumeric) {
            out.push(flaw(Fault::Empty, Some(variant.language), format!("has no words: `{}`", variant.text.trim())));
        }
        if let Some(what) = characters::broken(&variant.text) {
            out.push(flaw(Fault::Characters, Some(variant.language), format!("has broken letters: `{what}`")));
        }
    }
    let has_told =
        |flaw: &Flaw, language: Language| flaw.language == Some(language) || flaw.rule == rules::own(Fault::Swapped);
    out.extend(of_languages(unit));
    for (rule, level, language, message) in checked {
        match rules::of_check(*rule) {
            Some(rule) if *level >= Level::Warning || rule.looks == Looks::Check(Rule::Length) => {
                out.push(Flaw { rule, language: Some(*language), message: message.clone() });
            }
            None if *rule == Rule::Untranslated && !out.iter().any(|flaw| has_told(flaw, *language)) => {
                let same = unit.variants.iter().filter(|v| v.language == *language).any(|v| is_copied(unit, &v.text));
                let fault = if same { Fault::Untranslated } else { Fault::Language };
                out.push(flaw(fault, Some(*language), message.clone()));
            }
            _ => {}
        }
    }
    // In the order of the table, whoever looked.
    out.sort_by_key(|flaw| RULES.iter().position(|rule| std::ptr::eq(rule, flaw.rule)));
    out
}

/// Another language has the very text.
fn is_copied(unit: &Unit, text: &str) -> bool {
    let same = |language: Language, other: &str| language.key(other) == language.key(text);
    let mut languages: Vec<Language> =
        unit.variants.iter().filter(|v| same(v.language, &v.text)).map(|v| v.language).collect();
    languages.dedup();
    languages.len() > 1
}

/// What is wrong with the languages of a unit's texts.
fn of_languages(unit: &Unit) -> Vec<Flaw> {
    let read: Vec<(usize, Reads, Vec<String>)> = unit
        .variants
        .iter()
        .enumerate()
        .filter_map(|(at, variant)| {
            let (reads, words) = reads_otherwise(&variant.text, variant.language)?;
            Some((at, reads, words))
        })
        .collect();
    let tag = |at: usize| unit.variants[at].language;
    let swapped = read.iter().enumerate().find_map(|(number, (at, reads, _))| {
        let other = read[number + 1..]
            .iter()
            .find(|(other, theirs, _)| reads.language() == Some(tag(*other)) && theirs.language() == Some(tag(*at)))?;
        Some((*at, other.0))
    });
    let mut out = Vec::new();
    if let Some((one, other)) = swapped {
        let message = format!("{} reads as {}, {} as {}", tag(one), tag(other).name(), tag(other), tag(one).name());
        out.push(flaw(Fault::Swapped, None, message));
    }
    let swapped = |at: usize| swapped.is_some_and(|(one, other)| at == one || at == other);
    for (at, reads, words) in read.into_iter().filter(|(at, ..)| !swapped(*at)) {
        let language = tag(at);
        if is_copied(unit, &unit.variants[at].text) {
            out.push(flaw(
                Fault::Untranslated,
                Some(language),
                "is not translated: another language has the same text".into(),
            ));
            continue;
        }
        let fault = match reads {
            Reads::As(TURKISH) if language == Language::AZ => Fault::Sister,
            Reads::Unlettered(own) if own == language => Fault::Letters,
            Reads::In(own, _) if own == language => Fault::Script,
            _ => Fault::Language,
        };
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) };
        out.push(flaw(fault, Some(language), format!("reads as {}{words}", named(reads, language))));
    }
    out
}

fn named(reads: Reads, tag: Language) -> String {
    let script = |script: Script| match script {
        Script::Latin => "Latin",
        Script::Cyrillic => "Cyrillic",
    };
    match reads {
        Reads::As(TURKISH) => "Turkish".to_owned(),
        Reads::As(language) => language.name().to_owned(),
        Reads::Unlettered(language) => format!("{} without its letters", language.name()),
        Reads::In(language, of) => format!("{} in {} letters", language.name(), script(of)),
        Reads::Otherwise(of) => format!("no {}, in {} letters", tag.name(), script(of)),
    }
}

/// Of the texts of a unit and of the place they stand at.
fn hashed(unit: &Unit) -> u64 {
    let mut texts: Vec<(Language, String)> = unit
        .variants
        .iter()
        .map(|variant| (variant.language, variant.text.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();
    texts.sort_unstable();
    let Context { previous, next, document, id } = &unit.context;
    let mut hash = FxHasher::default();
    (texts, previous, next, document, id).hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, CodeKind, Status, Term, Variant};

    /// Forbids `Migration Board`.
    fn concepts() -> Vec<Concept> {
        let term = |language, text: &str, status| Term::new(text, language, status);
        let terms = vec![
            term(Language::EN, "Migration Service", Status::Preferred),
            term(Language::EN, "Migration Board", Status::Forbidden),
            term(Language::AZ, "Miqrasiya Xidməti", Status::Preferred),
        ];
        vec![Concept { id: "service".into(), terms, ..Concept::default() }]
    }

    fn variant(text: &str) -> Variant {
        let (language, text) = text.trim().split_once(": ").unwrap();
        let mut variant = Variant::new(language.parse().unwrap(), text.replace("{}", ""));
        variant.codes.extend(text.find("{}").map(|at| Code {
            at,
            kind: CodeKind::Alone,
            name: "ph".into(),
            attributes: vec![("x".into(), "1".into())],
            content: "<b>".into(),
        }));
        variant
    }

    fn audited(example: &str) -> Vec<Vec<&'static str>> {
        let units = example.split('¶').zip(1..).map(|(text, number)| {
            let (filed, text) = match text.strip_prefix("pending ") {
                Some(text) => (State::Pending, text),
                None => (State::Imported, text),
            };
            let unit = Unit { variants: text.split(" / ").map(variant).collect(), ..Unit::default() };
            Waiting { id: UnitId(number), unit, filed }
        });
        let units: Vec<Waiting> = units.collect();
        let mut auditor = Auditor::new("m.db", concepts(), Decisions::default());
        let names = |flaws: Vec<Flaw>| flaws.into_iter().map(|flaw| flaw.rule.name).collect();
        auditor.audit(&units).into_iter().map(names).collect()
    }

    #[test]
    fn the_examples_of_the_rules_are_true() {
        for rule in RULES {
            let bad = audited(rule.bad);
            assert!(bad.iter().flatten().any(|name| *name == rule.name), "{}: {bad:?}", rule.name);
            let good = audited(rule.good);
            assert_eq!(good.concat(), [""; 0], "{}", rule.name);
            assert!(rules::rule(rule.name).is_some_and(|found| std::ptr::eq(found, rule)), "{}", rule.name);
        }
    }

    #[test]
    fn one_fault_is_told_once() {
        for (example, faults) in [
            ("en: The office was opened here today. / az: The office was opened here today.", &["untranslated"][..]),
            ("en: Save changes / az: Dəyişiklikləri saxla / ru: Сохранить изменения", &[]),
            ("en: The office was opened in the city. / az: Dovlet Miqrasiya Xidmeti", &["without-letters"]),
            ("en: Bakı / az: Bakı", &[]),
            (
                "az: The office was opened in the city. / en: Xidmet seherde vetendaslar ucun yeni merkez acib.",
                &["swapped-sides"],
            ),
        ] {
            assert_eq!(audited(example).concat(), faults, "{example}");
        }
    }

    #[test]
    fn the_same_texts_at_another_place_are_not_doubled() {
        let unit = |previous: &str| Waiting {
            id: UnitId(previous.len() as i64),
            unit: Unit {
                variants: vec![variant("en: Read more"), variant("az: Ətraflı")],
                context: Context { previous: Some(previous.into()), ..Context::default() },
                ..Unit::default()
            },
            filed: State::Imported,
        };
        let mut auditor = Auditor::new("m.db", Vec::new(), Decisions::default());
        let found = auditor.audit(&[unit("A"), unit("BB")]);
        assert!(found.concat().is_empty());
        let again = Waiting { id: UnitId(9), ..unit("A") };
        assert_eq!(auditor.audit(&[again])[0][0].message, "says the same as unit 1");
    }
}
