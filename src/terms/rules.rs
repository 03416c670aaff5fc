//! The rules of `check`: what each finds, why it matters, and how it reads.

use crate::lang::Language;
use crate::model::{Level, Rule};
use std::collections::BTreeSet;

/// What there is to say of a rule.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    pub rule: Rule,
    /// The level its findings have.
    pub level: Level,
    /// One sentence.
    pub summary: &'static str,
    /// Why it matters, and what it does not find.
    pub why: &'static str,
    pub bad: &'static str,
    pub good: &'static str,
}

pub static RULES: &[RuleInfo] = &[
    RuleInfo {
        rule: Rule::ForbiddenTerm,
        level: Level::Error,
        summary: "A term stands in the text that the glossary forbids, in whatever form.",
        why: "A name of a body written in two ways reads as two bodies, and journalists copy both. The glossary lists \
              the variants that have crept in; each is found in every inflected form, across line breaks, in \
              capitals, and with look-alike letters of another script. The proposal is the \
              approved term in the form the wrong one stands in.",
        bad: "a meeting of the Milli Mejlis",
        good: "a meeting of the Milli Majlis",
    },
    RuleInfo {
        rule: Rule::DeprecatedTerm,
        level: Level::Warning,
        summary: "A term stands in the text that is out of use.",
        why: "Older releases hold it rightly; a new one should use the term that has replaced it.",
        bad: "сотрудники Государственного комитета по миграции",
        good: "сотрудники Государственной миграционной службы",
    },
    RuleInfo {
        rule: Rule::MissingTerm,
        level: Level::Warning,
        summary: "The source has a term of the glossary, its translation has none of the approved terms for it.",
        why: "Readers of the three languages must be told of the same thing by its one name. Any approved term of the \
              concept will do, in any form, the abbreviation too; a word derived from it counts. It is marked on the \
              whole segment, because nothing in it shows where the term should stand.",
        bad: "en: The State Migration Service announced … / az: Qurum elan edib …",
        good: "en: The State Migration Service announced … / az: Dövlət Miqrasiya Xidməti elan edib …",
    },
    RuleInfo {
        rule: Rule::WrongTerm,
        level: Level::Warning,
        summary: "Where the approved term should stand there is something like it: a misspelling or another word.",
        why: "The source has a term of the glossary, its translation has none of the approved terms for it, but a word \
              or phrase that resembles one. The fix is the approved term in the form that word is in; it is a \
              proposal to be looked at.",
        bad: "en: the Ombudsperson / az: Ombudsmen ilə görüş",
        good: "en: the Ombudsperson / az: Ombudsman ilə görüş",
    },
    RuleInfo {
        rule: Rule::NameDrift,
        level: Level::Warning,
        summary: "A name is written in two ways in one document.",
        why: "A slip in a name is the one a reader writes a letter about. A name seen several times in one spelling and \
              once a letter off is reported at the odd one, with the usual form. It needs no glossary. \
              Distinct acronyms (BMT, BMqT) and inflected forms are no drift.",
        bad: "by Bahar Muradova … to Bahar Muradova … for Bahr Muradova",
        good: "by Bahar Muradova … to Bahar Muradova … for Bahar Muradova",
    },
    RuleInfo {
        rule: Rule::MixedScript,
        level: Level::Warning,
        summary: "A word holds letters of another script that look like its own, or letters of no alphabet.",
        why: "Such a word looks right and is not: search, spelling checkers and other tools do not find it. It comes of               two keyboard layouts (Cyrillic а, е, о in a Latin word, İ in an English one), of old fonts (ǝ for ə), of               programs that part the dot from an i. Foreign words, names and quotations whole in their own               letters are no findings, nor are endings after a hyphen or apostrophe. The fix is certain where all               letters are look-alikes.",
        bad: "the Мilli Majlis",
        good: "the Milli Majlis, in Russian Милли Меджлис",
    },
    RuleInfo {
        rule: Rule::GluedWords,
        level: Level::Warning,
        summary: "Words ran together, a space after a stop or comma is missing, or a letter stands on the wrong side of \
                  a space.",
        why: "It happens where text is pasted or line ends are lost. A word is taken for two where a capital stands in               it, or where it stands once only and is made of a function word and a word that the texts checked               with it hold by itself. Names such as McDonald, WhatsApp and iPhone, initials such as P.Musayev, and               addresses are no findings.",
        bad: "in some countriesin the world; in all countries",
        good: "in some countries in the world; in all countries",
    },
];

/// What there is to say of `rule`.
pub fn info(rule: Rule) -> Option<&'static RuleInfo> {
    RULES.iter().find(|info| info.rule == rule)
}

/// Which rules are asked for, and which language is the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    rules: BTreeSet<Rule>,
    /// The language the texts were drafted in: what it says must stand in the others. `None`: English if it is
    /// there, else the first.
    pub source: Option<Language>,
}

impl Default for RuleSet {
    fn default() -> RuleSet {
        RuleSet { rules: Rule::ALL.into_iter().collect(), source: None }
    }
}

impl RuleSet {
    /// The rules of `only` (all where it is empty) without those of `ignore`.
    pub fn new(only: &[Rule], ignore: &[Rule]) -> RuleSet {
        let asked = Rule::ALL.into_iter().filter(|rule| only.is_empty() || only.contains(rule));
        RuleSet { rules: asked.filter(|rule| !ignore.contains(rule)).collect(), source: None }
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
        assert_eq!(RULES.len(), Rule::ALL.len());
    }

    #[test]
    fn asked_for_and_ignored() {
        let set = RuleSet::new(&[Rule::MissingTerm, Rule::WrongTerm], &[Rule::WrongTerm]);
        assert!(set.has(Rule::MissingTerm) && !set.has(Rule::WrongTerm) && !set.has(Rule::ForbiddenTerm));
        assert!(Rule::ALL.into_iter().all(|rule| RuleSet::default().has(rule)));
    }
}
