//! The rules of `check`: what each finds, why it matters, and how it reads. A table a kind.
//!
//! The tests run the examples of every rule: the bad one makes a finding, the good one none.

mod letters;
mod pairs;
mod terms;
mod texts;

use crate::lang::{self, Language};
use crate::model::{Finding, Level, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// What there is to say of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    pub rule: Rule,
    /// The level its findings have, if nothing about the place lowers it.
    pub level: Level,
    /// A matter of house style: applied only where it is asked for.
    pub opt_in: bool,
    /// One sentence.
    pub summary: &'static str,
    /// Why it matters, and what it does not find.
    pub why: &'static str,
    pub bad: &'static str,
    pub good: &'static str,
}

/// All rules, kind by kind.
pub fn all() -> impl Iterator<Item = &'static RuleInfo> {
    [terms::RULES, letters::RULES, texts::RULES, pairs::RULES].into_iter().flatten()
}

/// What there is to say of `rule`.
pub fn info(rule: Rule) -> Option<&'static RuleInfo> {
    all().find(|info| info.rule == rule)
}

/// The level `rule` has by itself.
pub fn level(rule: Rule) -> Level {
    info(rule).map_or(Level::Warning, |info| info.level)
}

/// Which rules are asked for, which language is the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    rules: BTreeSet<Rule>,
    /// The language the texts were drafted in: what it says must stand in the others. `None`: English if it is
    /// there, else the first.
    pub source: Option<Language>,
    /// Levels other than the rules' own.
    pub levels: BTreeMap<Rule, Level>,
}

impl Default for RuleSet {
    fn default() -> RuleSet {
        RuleSet::new(&[], &[], &[])
    }
}

impl RuleSet {
    /// The rules of `only` (where it is empty, all but those of house style that `also` does not name) without
    /// those of `ignore`.
    pub fn new(only: &[Rule], also: &[Rule], ignore: &[Rule]) -> RuleSet {
        let opt_in = |rule: Rule| info(rule).is_some_and(|info| info.opt_in);
        let asked = Rule::ALL.into_iter().filter(|rule| match only {
            [] => !opt_in(*rule) || also.contains(rule),
            only => only.contains(rule),
        });
        RuleSet { rules: asked.filter(|rule| !ignore.contains(rule)).collect(), source: None, levels: BTreeMap::new() }
    }

    /// Which of `languages` the others are held against: the one drafted in if it is there, else English, else the first.
    pub fn source_among(&self, languages: impl Iterator<Item = Language> + Clone) -> Option<Language> {
        self.source
            .filter(|source| languages.clone().any(|language| language == *source))
            .or_else(|| lang::lead(languages))
    }

    /// Gives a finding the level asked for; one whose place has lowered it keeps the lower one.
    pub fn settle(&self, finding: &mut Finding) {
        let own = info(finding.rule).map(|info| info.level);
        if let Some(level) =
            self.levels.get(&finding.rule).filter(|level| own == Some(finding.level) || **level < finding.level)
        {
            finding.level = *level;
        }
    }

    /// The same without one.
    pub fn without(&self, rule: Rule) -> RuleSet {
        let mut out = self.clone();
        out.rules.remove(&rule);
        out
    }

    pub fn has(&self, rule: Rule) -> bool {
        self.rules.contains(&rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_explains_itself() {
        for rule in Rule::ALL {
            let info = info(rule).unwrap_or_else(|| panic!("{} has no entry", rule.as_str()));
            assert!(info.summary.ends_with('.') && info.why.len() > 60, "{}", rule.as_str());
            assert_ne!(info.bad, info.good);
        }
        assert_eq!(all().count(), Rule::ALL.len());
    }

    #[test]
    fn asked_for_and_ignored() {
        let set = RuleSet::new(&[Rule::MissingTerm, Rule::WrongTerm], &[], &[Rule::WrongTerm]);
        assert!(set.has(Rule::MissingTerm) && !set.has(Rule::WrongTerm) && !set.has(Rule::ForbiddenTerm));
        let missing = |set: &RuleSet| Rule::ALL.into_iter().filter(|rule| !set.has(*rule)).collect::<Vec<_>>();
        assert_eq!(missing(&RuleSet::default()), [Rule::TermCase, Rule::AcronymUnused]);
        assert_eq!(missing(&RuleSet::new(&[], &[Rule::TermCase, Rule::AcronymUnused], &[])), []);
    }
}
