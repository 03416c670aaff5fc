//! The data categories of the public dialects of version 3, and which elements a file may hold. [TBX-Basic and TBX-Min
//! modules of ISO 30042:2019]

use super::{Dialect, Form};
use crate::{
    lang::Language,
    model::{Content, Element},
};
use std::collections::HashSet;

/// Where in an entry something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Concept = 1,
    Language = 2,
    Term = 4,
}

const C: u8 = Level::Concept as u8;
const L: u8 = Level::Language as u8;
const T: u8 = Level::Term as u8;

pub(super) struct Category {
    pub name: &'static str,
    /// The element that holds it where categories are attributes.
    pub meta: &'static str,
    /// The least dialect that has it.
    pub dialect: Dialect,
    levels: u8,
    /// The values it may have; empty: any.
    values: &'static [&'static str],
}

const fn row(
    name: &'static str,
    meta: &'static str,
    dialect: Dialect,
    levels: u8,
    values: &'static [&'static str],
) -> Category {
    Category { name, meta, dialect, levels, values }
}

const STATUSES: &[&str] =
    &["admittedTerm-admn-sts", "deprecatedTerm-admn-sts", "supersededTerm-admn-sts", "preferredTerm-admn-sts"];
const PLACES: &[&str] = &[
    "checkBox",
    "comboBox",
    "comboBoxElement",
    "dialogBox",
    "groupBox",
    "informativeMessage",
    "interactiveMessage",
    "menuItem",
    "progressBar",
    "pushButton",
    "radioButton",
    "slider",
    "spinBox",
    "tab",
    "tableText",
    "textBox",
    "toolTip",
    "user-definedType",
];
const TYPES: &[&str] = &["fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"];

const CATEGORIES: &[Category] = &[
    row("administrativeStatus", "termNote", Dialect::Min, T, STATUSES),
    row("partOfSpeech", "termNote", Dialect::Min, T, &["adjective", "noun", "other", "verb", "adverb"]),
    row("customerSubset", "admin", Dialect::Min, C | T, &[]),
    row("subjectField", "descrip", Dialect::Min, C, &[]),
    row("externalCrossReference", "xref", Dialect::Min, C | L | T, &[]),
    row("projectSubset", "admin", Dialect::Basic, C | T, &[]),
    row("source", "admin", Dialect::Basic, C | L | T, &[]),
    row("context", "descrip", Dialect::Basic, T, &[]),
    row("definition", "descrip", Dialect::Basic, C | L, &[]),
    row("crossReference", "ref", Dialect::Basic, C | T, &[]),
    row("geographicalUsage", "termNote", Dialect::Basic, T, &[]),
    row("grammaticalGender", "termNote", Dialect::Basic, T, &["masculine", "feminine", "neuter", "other"]),
    row("termLocation", "termNote", Dialect::Basic, T, PLACES),
    row("termType", "termNote", Dialect::Basic, T, TYPES),
    row("transactionType", "transac", Dialect::Basic, C | L | T, &["origination", "modification"]),
    row("responsibility", "transacNote", Dialect::Basic, C | L | T, &[]),
    row("xGraphic", "xref", Dialect::Basic, C | L, &[]),
];

pub(super) fn category(name: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.name == name)
}

/// Whether a file of this form may say `value` under `meta` `name`.
pub(super) fn may_say(form: Form, level: Level, meta: &str, name: &str, value: &str) -> bool {
    let Form::V3 { dialect: Some(dialect), .. } = form else { return true };
    category(name).is_some_and(|category| {
        category.meta == meta
            && category.dialect <= dialect
            && category.levels & level as u8 != 0
            && (category.values.is_empty() || category.values.contains(&value))
    })
}

/// What stands where categories are attributes; all other names are categories as tags.
pub(super) const CORE: &[&str] = &[
    "admin",
    "adminGrp",
    "adminNote",
    "bpt",
    "date",
    "descrip",
    "descripGrp",
    "descripNote",
    "ec",
    "ept",
    "foreign",
    "hi",
    "note",
    "ph",
    "ref",
    "sc",
    "term",
    "termComp",
    "termCompGrp",
    "termCompList",
    "termGrp",
    "termNote",
    "termNoteGrp",
    "transac",
    "transacGrp",
    "transacNote",
    "xref",
];

/// What a group begins with, and what may follow.
const GROUPS: &[(&str, &str, &[&str])] = &[
    ("descripGrp", "descrip", &["descripNote", "admin", "adminGrp", "transacGrp", "note", "ref", "xref"]),
    ("adminGrp", "admin", &["adminNote", "note", "ref", "xref"]),
    ("transacGrp", "transac", &["transacNote", "date", "note", "ref", "xref"]),
    ("termNoteGrp", "termNote", &["admin", "adminGrp", "transacGrp", "note", "ref", "xref"]),
];

/// Whether a file of this form may hold `element` at `level` as it is. What has an id takes it from `ids` only if
/// all is well.
pub(super) fn may_hold(form: Form, level: Level, element: &Element, ids: &mut HashSet<String>) -> bool {
    let mut own = Vec::new();
    let outer = ["descrip", "descripGrp", "admin", "adminGrp", "transacGrp", "note", "ref", "xref"];
    let fits = (outer.contains(&element.name.as_str())
        || (level == Level::Term && matches!(element.name.as_str(), "termNote" | "termNoteGrp")))
        && part_fits(form, level, element, &mut own);
    let distinct = own.iter().collect::<HashSet<_>>().len() == own.len();
    let free = distinct && own.iter().all(|id| is_xml_id(id) && !ids.contains(id));
    if fits && free {
        ids.extend(own);
    }
    fits && free
}

fn part_fits(form: Form, level: Level, element: &Element, ids: &mut Vec<String>) -> bool {
    let name = element.name.as_str();
    ids.extend(element.attribute("id").map(str::to_owned));
    if let Some((_, head, rest)) = GROUPS.iter().find(|(group, ..)| *group == name) {
        let text = element.content.iter().any(|part| matches!(part, Content::Text(text) if !text.trim().is_empty()));
        let mut parts = element.elements();
        return !text
            && element.attributes.iter().all(|(name, _)| name == "id")
            && parts.next().is_some_and(|first| first.name == *head && part_fits(form, level, first, ids))
            && parts.all(|part| {
                // Version 3 dates no descriptor's transactions inside notes on terms.
                let allowed = !matches!((form, name, &*part.name), (Form::V3 { .. }, "termNoteGrp", "transacGrp"));
                allowed && rest.contains(&part.name.as_str()) && part_fits(form, level, part, ids)
            });
    }
    if element.content.iter().any(|part| matches!(part, Content::Element(_))) {
        return false; // markup in the text: what it may be differs from file to file
    }
    let allowed: &[&str] = match name {
        "note" => &["id", "xml:lang"],
        "date" => &["id"],
        "xref" => &["id", "type", "target"],
        _ => &["id", "xml:lang", "type", "target", "datatype"],
    };
    let lang = element.attribute("xml:lang").is_none_or(|tag| tag.parse::<Language>().is_ok());
    if !lang || !element.attributes.iter().all(|(name, _)| allowed.contains(&name.as_str())) {
        return false;
    }
    // A target inside of the file would have to be in the new file too.
    let target = element.attribute("target");
    let outside = |target: &str| {
        (target.starts_with("http://") || target.starts_with("https://"))
            && target.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&b))
    };
    match (name, target) {
        ("xref", Some(target)) if outside(target) => {}
        ("xref", _) | (_, Some(_)) => return false,
        _ => {}
    }
    match (name, element.attribute("type")) {
        ("note", _) => true,
        ("date", _) => element.text().parse::<jiff::civil::Date>().is_ok(),
        (_, None | Some("")) => false,
        ("adminNote" | "descripNote", _) => !matches!(form, Form::V3 { dialect: Some(_), .. }),
        (meta, Some(category)) => may_say(form, level, meta, category, &element.text()),
    }
}

fn is_xml_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
