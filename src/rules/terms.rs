//! The rules about terms and names.

use super::RuleInfo;
use crate::model::{Level, Rule};

pub(super) const RULES: &[RuleInfo] = &[
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
];
