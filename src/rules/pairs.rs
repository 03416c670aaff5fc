//! The rules about texts side by side.

use super::RuleInfo;
use crate::model::{Level, Rule};

pub(super) const RULES: &[RuleInfo] = &[
    RuleInfo {
        rule: Rule::MissingPassage,
        level: Level::Warning,
        opt_in: false,
        summary: "A sentence, heading or list item of the source has no counterpart in a translation.",
        why: "Readers of one language are told less than those of another. It is marked in the source. Sentences next to \
              one another are one finding; of an abridged translation (over two fifths left out) the first one is \
              marked and the rest counted. Where the aligner is not sure it is info.",
        bad: "en: The committee met on Monday in Baku.¶Nine members of the committee spoke about the new law.¶The next \
              meeting will be held in Ganja on 12 May.¶Guests were given 25 books. / az: Komitə bazar ertəsi Bakıda \
              toplaşıb.¶Növbəti iclas mayın 12-də Gəncədə keçiriləcək.¶Qonaqlara 25 kitab verilib.",
        good: "en: The committee met on Monday in Baku.¶The next meeting will be held in Ganja on 12 May.¶Guests were given \
              25 books. / az: Komitə bazar ertəsi Bakıda toplaşıb.¶Növbəti iclas mayın 12-də Gəncədə \
              keçiriləcək.¶Qonaqlara 25 kitab verilib.",
    },
    RuleInfo {
        rule: Rule::AddedPassage,
        level: Level::Warning,
        opt_in: false,
        summary: "A translation has a sentence, heading or list item that its source does not have.",
        why: "Somebody added what the other languages do not say, or a sentence was dropped from the source after it was \
              translated. It is marked in the translation, by the rules of `missing-passage`.",
        bad: "en: The committee met on Monday in Baku.¶The next meeting will be held in Ganja on 12 May.¶Guests were given \
              25 books. / az: Komitə bazar ertəsi Bakıda toplaşıb.¶Doqquz üzv yeni qanun barədə geniş çıxış \
              edib.¶Növbəti iclas mayın 12-də Gəncədə keçiriləcək.¶Qonaqlara 25 kitab verilib.",
        good: "en: The committee met on Monday in Baku.¶The next meeting will be held in Ganja on 12 May.¶Guests were given \
              25 books. / az: Komitə bazar ertəsi Bakıda toplaşıb.¶Növbəti iclas mayın 12-də Gəncədə \
              keçiriləcək.¶Qonaqlara 25 kitab verilib.",
    },
    RuleInfo {
        rule: Rule::NumberMismatch,
        level: Level::Warning,
        opt_in: false,
        summary: "A number, date, time or percentage differs between a text and its translation.",
        why: "It is the slip that readers quote. What stands in figures on one side must stand on the other, in figures or \
              in words, here or in the sentence beside it: `250,000` is `250 min`, `15th` is `on beşinci`, `5 p.m.` is \
              `17:00`, miles may become kilometres. A figure that the other side does not say at all is told as info.",
        bad: "en: 250 people came / az: 205 nəfər gəlib",
        good: "en: 250 people came / az: 250 nəfər gəlib",
    },
    RuleInfo {
        rule: Rule::LinkMismatch,
        level: Level::Warning,
        opt_in: false,
        summary: "A link, an e-mail address or a telephone number differs between a text and its translation.",
        why: "A letter lost in an address leads nowhere. The part of a link that names its language (`/en/`) may differ. \
              One that only one side has is told as info.",
        bad: "en: Write to info@migration.gov.az now / az: İndi info@migraton.gov.az ünvanına yazın",
        good: "en: Write to info@migration.gov.az now / az: İndi info@migration.gov.az ünvanına yazın",
    },
    RuleInfo {
        rule: Rule::Untranslated,
        level: Level::Warning,
        opt_in: false,
        summary: "What should be a translation is the source itself, or is in another language.",
        why: "A sentence was overlooked, or pasted into the wrong file. Names and titles are the same everywhere, so it \
              takes five words, three of them in small letters.",
        bad: "en: The committee met on Monday to talk about it / az: The committee met on Monday to talk about it",
        good: "en: The committee met on Monday to talk about it / az: Komitə bunu müzakirə etmək üçün toplaşıb",
    },
    RuleInfo {
        rule: Rule::Length,
        level: Level::Info,
        opt_in: false,
        summary: "A translation is far longer or shorter than its source.",
        why: "Part of a sentence was left out, or added. How long a translation is to be expected, the language pair tells \
              (Gale and Church 1993); what is five deviations off is told. Short texts are passed over.",
        bad: "en: The committee met on Monday to talk about the new law on migration, and heard a report of its chairman \
              on the work that was done in the first half of the year in the districts of the country / az: Komitə toplaşıb",
        good: "en: The committee met on Monday to talk about the new law on migration / az: Komitə bazar ertəsi yeni \
              miqrasiya qanununu müzakirə etmək üçün toplaşıb",
    },
    RuleInfo {
        rule: Rule::InlineCodes,
        level: Level::Error,
        opt_in: false,
        summary: "A translation lacks an inline code of its source, or has one more.",
        why: "The codes carry bold type, links and places to fill in; a file without one of them may not open. It looks at \
              TMX, XLIFF and the units of the memory; their order may differ.",
        bad: "en: A <ph id=\"1\"/>new office was opened / az: Yeni ofis açılıb",
        good: "en: A <ph id=\"1\"/>new office was opened / az: <ph id=\"1\"/>Yeni ofis açılıb",
    },
    RuleInfo {
        rule: Rule::InconsistentTarget,
        level: Level::Warning,
        opt_in: false,
        summary: "The same source is translated in two ways.",
        why: "Readers who compare two releases wonder what changed. The rarer translation is marked, with how often each \
              stands. Endings, numbers and punctuation make no other translation; texts under three words are passed \
              over.",
        bad: "en: The office opens on Monday. / az: Ofis bazar ertəsi açılır.¶en: The office opens on Monday. / az: İdarə \
              birinci gün işə başlayır.",
        good: "en: The office opens on Monday. / az: Ofis bazar ertəsi açılır.¶en: The office opens on Monday. / az: Ofis \
              bazar ertəsi açılır.",
    },
    RuleInfo {
        rule: Rule::InconsistentSource,
        level: Level::Info,
        opt_in: false,
        summary: "One translation stands for two different sources.",
        why: "Two texts that say different things are told alike in the other language: one of them was translated by a \
              match that was not looked at. Often it is only said in other words, so it is info.",
        bad: "en: The office opens on Monday. / az: Ofis bazar ertəsi açılır.¶en: The centre closes on Friday. / az: Ofis bazar \
              ertəsi açılır.",
        good: "en: The office opens on Monday. / az: Ofis bazar ertəsi açılır.¶en: The centre closes on Friday. / az: Mərkəz \
              cümə günü bağlanır.",
    },
    RuleInfo {
        rule: Rule::StaleTranslation,
        level: Level::Warning,
        opt_in: false,
        summary: "One language of a release was corrected after the others.",
        why: "A correction that reaches one language leaves the others saying what is no longer true. The memory's history \
              tells which language of a unit changed last, and the file is held against what `run` has stored of it.",
        bad: "memory: en, az and ru stored by `run`; then 1.en.txt is changed and stored again, 1.az.txt is not",
        good: "memory: en, az and ru stored by `run`; then all three are changed and stored again",
    },
];
