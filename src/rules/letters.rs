//! The rules about letters and words of a text.

use super::RuleInfo;
use crate::model::{Level, Rule};

pub(super) const RULES: &[RuleInfo] = &[
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
