//! The rules of `check`: what each finds, why it matters, and how it reads.

use crate::lang::Language;
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

pub static RULES: &[RuleInfo] = &[
    RuleInfo {
        rule: Rule::ForbiddenTerm,
        level: Level::Error,
        opt_in: false,
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
        opt_in: false,
        summary: "A term stands in the text that is out of use.",
        why: "Older releases hold it rightly; a new one should use the term that has replaced it.",
        bad: "ru: сотрудники Государственного комитета по миграции",
        good: "ru: сотрудники Государственной миграционной службы",
    },
    RuleInfo {
        rule: Rule::MissingTerm,
        level: Level::Warning,
        opt_in: false,
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
        opt_in: false,
        summary: "Where the approved term should stand there is something like it: a misspelling or another word.",
        why: "The source has a term of the glossary, its translation has none of the approved terms for it, but a word \
              or phrase that resembles one. The fix is the approved term in the form that word is in; it is a \
              proposal to be looked at.",
        bad: "en: the Ombudsperson / az: Ombudsmen ilə görüş",
        good: "en: the Ombudsperson / az: Ombudsman ilə görüş",
    },
    RuleInfo {
        rule: Rule::TermCount,
        level: Level::Info,
        opt_in: false,
        summary: "The source has a term more often than its translation has the term for it.",
        why: "Often a pronoun stands for it, and rightly; sometimes a part of the sentence was left out. An \
              abbreviation in brackets behind its long form is not counted.",
        bad: "en: The Ombudsperson met the Ombudsperson of Georgia / az: Ombudsman Gürcüstandakı həmkarı ilə görüşüb",
        good: "en: The Ombudsperson met the Ombudsperson of Georgia / az: Ombudsman Gürcüstan ombudsmanı ilə görüşüb",
    },
    RuleInfo {
        rule: Rule::ExtraTerm,
        level: Level::Info,
        opt_in: false,
        summary: "The translation has a term of the glossary whose concept its source does not name.",
        why: "The translator may have said more plainly what the source calls “it” or “the Service”, which is no \
              fault; or a body was taken for another. What the source said in the two sentences before counts as \
              named.",
        bad: "en: The delegation met the chairman / az: Nümayəndə heyəti Milli Məclisin sədri ilə görüşüb",
        good: "en: The delegation met the chairman / az: Nümayəndə heyəti sədrlə görüşüb",
    },
    RuleInfo {
        rule: Rule::TermForm,
        level: Level::Warning,
        opt_in: false,
        summary: "An ending after a hyphen, an apostrophe or a quotation mark does not suit the word it is put to.",
        why: "In Azerbaijani the ending of an abbreviation follows the way it is read aloud: `DMX-nin`, because its \
              last letter is called xe. A reading of its own stands in the glossary as the flag \
              `reading:az=ABBR>READING`.",
        bad: "az: DMX-nın əməkdaşları",
        good: "az: DMX-nin əməkdaşları",
    },
    RuleInfo {
        rule: Rule::TermCase,
        level: Level::Info,
        opt_in: true,
        summary: "A term is written in other capitals than the glossary writes it in.",
        why: "Which words of a body's name take a capital is a matter of house style, and a text quoted from elsewhere \
              follows its own. So the rule is applied only where it is asked for: `--only term-case`, or \
              `[check] also = [\"term-case\"]`. Headings, words all in capitals and the first word of a sentence are \
              no findings.",
        bad: "ru: сотрудники Государственной Миграционной Службы",
        good: "ru: сотрудники Государственной миграционной службы",
    },
    RuleInfo {
        rule: Rule::AcronymUndefined,
        level: Level::Info,
        opt_in: false,
        summary: "An abbreviation of the glossary stands in a text before its long form has been said.",
        why: "A reader who does not work at the Service must be told once what DMX is. Headings are passed over, and so \
              are tables and the units of a memory, which are no texts. An abbreviation that needs no introduction \
              has the flag `word:az=ABBR` in the glossary.",
        bad: "The SMS announced it.",
        good: "The State Migration Service (SMS) announced it. The SMS added",
    },
    RuleInfo {
        rule: Rule::NameDrift,
        level: Level::Warning,
        opt_in: false,
        summary: "A name is written in two ways, in one document or across documents.",
        why: "A slip in a name is the one a reader writes a letter about. A name seen several times in one spelling and \
              once a letter off is reported at the odd one, with the usual form: in its document, in the other texts \
              checked with it, and in the texts of the memory, with how often the usual one stands there. The names of \
              approved terms are right. It needs no glossary. Distinct acronyms (BMT, BMqT) and inflected forms are no \
              drift.",
        bad: "by Bahar Muradova … to Bahar Muradova … for Bahr Muradova",
        good: "by Bahar Muradova … to Bahar Muradova … for Bahar Muradova",
    },
    RuleInfo {
        rule: Rule::MixedScript,
        level: Level::Warning,
        opt_in: false,
        summary: "A word holds letters of another script that look like its own, or letters of no alphabet.",
        why: "Such a word looks right and is not: search, spelling checkers and other tools do not find it. It comes of \
              two keyboard layouts (Cyrillic а, е, о in a Latin word, İ in an English one), of old fonts (ǝ for ə), of \
              programs that part the dot from an i. Foreign words, names and quotations whole in their own \
              letters are no findings, nor are endings after a hyphen or apostrophe. The fix is certain where all \
              letters are look-alikes.",
        bad: "the Мilli Majlis",
        good: "the Milli Majlis, in Russian Милли Меджлис",
    },
    RuleInfo {
        rule: Rule::GluedWords,
        level: Level::Warning,
        opt_in: false,
        summary: "Words ran together, a space after a stop or comma is missing, or a letter stands on the wrong side of \
                  a space.",
        why: "It happens where text is pasted or line ends are lost. A word is taken for two where a capital stands in \
              it, or where it stands once only and is made of a function word and a word that the texts checked \
              with it hold by itself. Names such as McDonald, WhatsApp and iPhone, initials such as P.Musayev, and \
              addresses are no findings.",
        bad: "in some countriesin the world; in all countries",
        good: "in some countries in the world; in all countries",
    },
];

/// What there is to say of `rule`.
pub fn info(rule: Rule) -> Option<&'static RuleInfo> {
    RULES.iter().find(|info| info.rule == rule)
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
        assert_eq!(RULES.len(), Rule::ALL.len());
    }

    #[test]
    fn asked_for_and_ignored() {
        let set = RuleSet::new(&[Rule::MissingTerm, Rule::WrongTerm], &[], &[Rule::WrongTerm]);
        assert!(set.has(Rule::MissingTerm) && !set.has(Rule::WrongTerm) && !set.has(Rule::ForbiddenTerm));
        let missing = |set: &RuleSet| Rule::ALL.into_iter().filter(|rule| !set.has(*rule)).collect::<Vec<_>>();
        assert_eq!(missing(&RuleSet::default()), [Rule::TermCase]);
        assert_eq!(missing(&RuleSet::new(&[], &[Rule::TermCase], &[])), []);
    }
}
