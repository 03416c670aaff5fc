//! The rules about a text by itself.

use super::RuleInfo;
use crate::model::{Level, Rule};

pub(super) const RULES: &[RuleInfo] = &[
    RuleInfo {
        rule: Rule::AcronymRedefined,
        level: Level::Warning,
        opt_in: false,
        summary: "An abbreviation is introduced twice in a text, by different words.",
        why: "A reader takes two long forms for two bodies. An abbreviation in brackets is introduced by the words before \
              it whose first letters it is made of. That the same words introduce it once more is told as info.",
        bad: "It was told by the State Migration Service (SMS). The State Mission Service (SMS) and the SMS agreed.",
        good: "It was told by the State Migration Service (SMS). The Service agreed with the SMS.",
    },
    RuleInfo {
        rule: Rule::AcronymUnused,
        level: Level::Info,
        opt_in: true,
        summary: "An abbreviation is introduced and never used again in the text.",
        why: "It is one more thing to remember, for nothing. But many houses introduce the letters of their bodies in every text, so the \
              rule is applied only where it is asked for: `[check] also = [\"acronym-unused\"]`.",
        bad: "The High Council of Ports (HCP) met in Baku.",
        good: "The High Council of Ports (HCP) met in Baku. The HCP has nine members.",
    },
    RuleInfo {
        rule: Rule::RareWord,
        level: Level::Info,
        opt_in: false,
        summary: "A word stands once in all texts, and is a slip away from one that stands often.",
        why: "A letter left out, put in, or in its neighbour's place, or one taken for another it is confused with, makes \
              a form nobody writes. The texts checked together tell which words are frequent, so it needs a folder of \
              releases to find anything. With a Hunspell dictionary (`--dictionary az=az.dic`) words it knows are no \
              findings, and what it does not know is a warning.",
        bad: "migration, migration, migration, migration, migration; the migratoin office",
        good: "migration, migration, migration, migration, migration; the migration office",
    },
    RuleInfo {
        rule: Rule::DoubledWord,
        level: Level::Warning,
        opt_in: false,
        summary: "The same word stands twice in a row.",
        why: "It is left over where a sentence was changed. Words that may rightly stand twice (`had had`) and names are \
              no findings; in a quotation it is info. The fix is certain for function words.",
        bad: "a meeting of the the council",
        good: "a meeting of the council",
    },
    RuleInfo {
        rule: Rule::UnbalancedMarks,
        level: Level::Warning,
        opt_in: false,
        summary: "A quotation mark or a bracket in a paragraph has no partner.",
        why: "Where a quotation ends is then anybody's guess, and whose words they are. A quotation over several \
              paragraphs, with its opening mark before each of them, is no finding, nor are labels such as a).",
        bad: "The minister said: “The work goes on.",
        good: "The minister said: “The work goes on.”",
    },
    RuleInfo {
        rule: Rule::QuoteStyle,
        level: Level::Info,
        opt_in: false,
        summary: "A text has quotation marks of two styles.",
        why: "Which style a house takes is its own matter; within one text it is one. The rarer ones are marked, with the \
              same words in the usual marks as the fix. Quotations in quotations are no findings.",
        bad: "The “first” and the “second” and the \"third\" came.",
        good: "The “first” and the “second” and the “third” came.",
    },
    RuleInfo {
        rule: Rule::FinalPunctuation,
        level: Level::Warning,
        opt_in: false,
        summary: "A paragraph ends without a full stop, or a translation ends otherwise than its source.",
        why: "Something was cut off, or a stop was lost. In a text only paragraphs of six words and more count, and only \
              where most paragraphs end with a mark; headings and lists end as they like. A question that is none in \
              the other language is told as info.",
        bad: "en: The work was finished. / az: İş başa çatdı",
        good: "en: The work was finished. / az: İş başa çatdı.",
    },
    RuleInfo {
        rule: Rule::LeadingCapital,
        level: Level::Warning,
        opt_in: false,
        summary: "A sentence begins with a small letter.",
        why: "A part of it was cut off, or it was joined wrongly. What goes on after a colon or a short form, list items and \
              names that are written so are no findings.",
        bad: "en: The work was finished. / az: iş başa çatdı.",
        good: "en: The work was finished. / az: İş başa çatdı.",
    },
];
