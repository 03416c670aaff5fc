//! What the audit looks for: a row a rule, with a unit that has the fault and one that has not.

use crate::model::Rule;

/// A rule of the audit.
#[derive(Debug, PartialEq, Eq)]
pub struct AuditRule {
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    pub(super) looks: Looks,
    /// Units parted by `¶`, their texts by ` / `; `pending` before one means that its file marks it so. One of them has the
    /// fault.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(super) bad: &'static str,
    /// None of these has any.
    #[cfg_attr(not(test), allow(dead_code))]
    pub(super) good: &'static str,
}

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    /// The audit itself.
    Own(Fault),
    /// A rule of `check`: its findings of level `warning` and above, or all of them.
    Check(Rule),
}

/// What is wrong with a unit as a whole: things that texts written here do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Language,
    Swapped,
    Sister,
    Letters,
    Script,
    Untranslated,
    Characters,
    Empty,
    Doubled,
    Unsure,
}

pub static RULES: &[AuditRule] = &[
    AuditRule {
        name: "wrong-language",
        summary: "A text is not in the language its tag says",
        looks: Looks::Own(Fault::Language),
        bad: "en: The new office was opened in the city. / az: Служба открыла новый центр в городе.",
        good: "en: The new office was opened in the city. / az: Şəhərdə yeni ofis açılıb.",
    },
    AuditRule {
        name: "swapped-sides",
        summary: "Each of two texts stands under the language of the other",
        looks: Looks::Own(Fault::Swapped),
        bad: "az: The new office was opened in the city. / en: Şəhərdə yeni ofis açılıb və xidmət göstərir.",
        good: "az: Şəhərdə yeni ofis açılıb və xidmət göstərir. / en: The new office was opened in the city.",
    },
    AuditRule {
        name: "turkish",
        summary: "Turkish stands where Azerbaijani should",
        looks: Looks::Own(Fault::Sister),
        bad: "en: The Presidency of Migration Management / az: Göç İdaresi Başkanlığı",
        good: "en: The head of the Presidency of Migration Management in Ankara / az: Ankaradakı Göç İdaresi Başkanlığının rəhbəri",
    },
    AuditRule {
        name: "without-letters",
        summary: "Azerbaijani is typed without its letters: `Dovlet`, `sheher`",
        looks: Looks::Own(Fault::Letters),
        bad: "en: State Migration Service / az: Dovlet Miqrasiya Xidmeti",
        good: "en: State Migration Service / az: Dövlət Miqrasiya Xidməti",
    },
    AuditRule {
        name: "cyrillic",
        summary: "Azerbaijani is written in Cyrillic letters",
        looks: Looks::Own(Fault::Script),
        bad: "en: State Migration Service of the country / az: Өлкәнин Дөвләт Миграсија Хидмәти вә онун идарәси",
        good: "en: State Migration Service / az: Dövlət Miqrasiya Xidməti",
    },
    AuditRule {
        name: "untranslated",
        summary: "What should be a translation is the source itself",
        looks: Looks::Own(Fault::Untranslated),
        bad: "en: Please open the door of the office. / az: Please open the door of the office.",
        good: "en: International Organization for Migration (IOM) / az: International Organization for Migration (IOM)",
    },
    AuditRule {
        name: "number-mismatch",
        summary: "A number, date, time or percentage differs",
        looks: Looks::Check(Rule::NumberMismatch),
        bad: "en: 250 people came to the office. / az: Ofisə 205 nəfər gəlib.",
        good: "en: 250,000 people came on the 15th. / az: Ayın on beşində 250 min nəfər gəlib.",
    },
    AuditRule {
        name: "link-mismatch",
        summary: "A link, an e-mail address or a telephone number differs",
        looks: Looks::Check(Rule::LinkMismatch),
        bad: "en: Write to info@migration.gov.az now / az: İndi info@migraton.gov.az ünvanına yazın",
        good: "en: Write to info@migration.gov.az now / az: İndi info@migration.gov.az ünvanına yazın",
    },
    AuditRule {
        name: "forbidden-term",
        summary: "A text has a term that the termbase forbids",
        looks: Looks::Check(Rule::ForbiddenTerm),
        bad: "en: The Migration Board opened it. / az: Onu Miqrasiya Xidməti açıb.",
        good: "en: The Migration Service opened it. / az: Onu Miqrasiya Xidməti açıb.",
    },
    AuditRule {
        name: "inline-codes",
        summary: "A translation lacks an inline code of its source, or has one more",
        looks: Looks::Check(Rule::InlineCodes),
        bad: "en: A {}new office was opened. / az: Yeni ofis açılıb.",
        good: "en: A {}new office was opened. / az: {}Yeni ofis açılıb.",
    },
    AuditRule {
        name: "length",
        summary: "A translation is far longer or shorter than its source",
        looks: Looks::Check(Rule::Length),
        bad: "en: The committee met on Monday to talk about the new law on migration, and heard a report of its chairman on the \
              work that was done in the first half of the year in the districts of the country / az: Komitə toplaşıb",
        good: "en: The committee met on Monday to talk about the new law on migration / az: Komitə bazar ertəsi yeni miqrasiya \
               qanununu müzakirə etmək üçün toplaşıb",
    },
    AuditRule {
        name: "mixed-script",
        summary: "A word holds letters of another script that look like its own",
        looks: Looks::Check(Rule::MixedScript),
        bad: "en: The Мilli Majlis met. / az: Milli Məclis toplaşıb.",
        good: "en: The Milli Majlis met. / az: Milli Məclis toplaşıb.",
    },
    AuditRule {
        name: "broken-characters",
        summary: "Letters were lost or read in a wrong encoding: `Ð¿Ñ€`, `D?vl?t`, `&#601;`",
        looks: Looks::Own(Fault::Characters),
        bad: "en: State Migration Service / ru: Ð¿Ñ€Ð¸Ð²ÐµÑ‚",
        good: "en: Fish & Chips: who? What? / ru: Рыба: кто? Что?",
    },
    AuditRule {
        name: "empty",
        summary: "A text has neither a letter nor a digit",
        looks: Looks::Own(Fault::Empty),
        bad: "en: Read more / az: …",
        good: "en: 112 / az: 112",
    },
    AuditRule {
        name: "doubled",
        summary: "The same texts stand in an earlier unit from outside, at no other place",
        looks: Looks::Own(Fault::Doubled),
        bad: "en: Read more / az: Ətraflı¶en: Read more / az: Ətraflı",
        good: "en: Read more / az: Ətraflı¶en: Read more / az: Daha ətraflı",
    },
    AuditRule {
        name: "unsure",
        summary: "Its own file marks it as fuzzy or pending",
        looks: Looks::Own(Fault::Unsure),
        bad: "pending en: Read more / az: Ətraflı",
        good: "en: Read more / az: Ətraflı",
    },
];

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static AuditRule> {
    RULES.iter().find(|rule| rule.name == name)
}

pub(super) fn own(fault: Fault) -> &'static AuditRule {
    let found = RULES.iter().find(|rule| rule.looks == Looks::Own(fault));
    found.unwrap_or(&RULES[0])
}

pub(super) fn of_check(wanted: Rule) -> Option<&'static AuditRule> {
    RULES.iter().find(|rule| rule.looks == Looks::Check(wanted))
}
