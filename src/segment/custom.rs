//! What users bring: abbreviations, words no segment ends behind, and whole lists of rules.

use super::{
    engine::{Condition, Pattern, Side},
    foreign,
    rules::{Listed, escaped, written_out},
};
use crate::lang::Language;
use regex_automata::meta::Regex;
use regex_syntax::hir::{Hir, Look};
use std::borrow::Cow;

/// Abbreviations and phrases of a user's own; they hold in every language and come before all other rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additions {
    abbreviations: Vec<String>,
    no_break: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdditionError {
    #[error("`{0}` is no abbreviation: letters are needed before its stop")]
    Abbreviation(String),
    #[error("an empty text cannot be kept together")]
    Empty,
}

impl Additions {
    /// Abbreviations with or without their last stop (`müd.`, `S.M.S`): a sentence goes on behind them unless a
    /// word follows that begins sentences. Texts to keep together (`Yahoo! Inc.`): no segment ends in them, nor
    /// behind their last stop.
    ///
    /// # Errors
    /// An abbreviation without a letter, a text of nothing.
    pub fn new(abbreviations: &[String], no_break: &[String]) -> Result<Additions, AdditionError> {
        let mut out = Additions::default();
        for abbreviation in abbreviations {
            let core = abbreviation.trim().trim_end_matches('.');
            if !core.ends_with(char::is_alphanumeric) || !core.contains(char::is_alphabetic) {
                return Err(AdditionError::Abbreviation(abbreviation.clone()));
            }
            out.abbreviations.push(core.to_owned());
        }
        for text in no_break {
            let text = text.trim();
            if text.is_empty() {
                return Err(AdditionError::Empty);
            }
            out.no_break.push(text.to_owned());
        }
        Ok(out)
    }

    pub fn is_empty(&self) -> bool {
        self.abbreviations.is_empty() && self.no_break.is_empty()
    }

    /// The rules these make in `language`; `starters` is a pattern for the words that begin its sentences.
    pub(super) fn listed(&self, language: Language, starters: Option<String>) -> Vec<Listed> {
        let mut out = Vec::new();
        let mut push = |name: String, breaks: bool, before: &str, after: &str| {
            let starters = starters.as_deref().unwrap_or_default();
            out.push(Listed {
                name: Cow::Owned(name),
                breaks,
                before: written_out(before, starters),
                after: written_out(after, starters),
            });
        };
        for text in &self.no_break {
            let edge = if text.starts_with(char::is_alphanumeric) { "{edge}" } else { "" };
            // Segments end behind stops, closing marks and white space.
            for (at, _) in text.char_indices().skip(1) {
                if text[..at].ends_with(char::is_alphanumeric) {
                    continue;
                }
                push(format!("no break in `{text}`"), false, &own(edge, &text[..at]), &escaped(&text[at..]));
            }
            let closed = if text.ends_with(['.', '!', '?', '…']) { "" } else { "[.!?…]" };
            push(format!("no break after `{text}`"), false, &format!("{}{closed}", own(edge, text)), "");
        }
        for abbreviation in &self.abbreviations {
            let capital = language.capitalised(abbreviation);
            let before = format!(r"{{apart}}(?:{}|{})\.", braced(&escaped(abbreviation)), braced(&escaped(&capital)));
            if starters.is_some() {
                let name = format!("your abbreviation `{abbreviation}.`: a word follows that begins sentences");
                push(name, true, &format!("{before}{{close}}{{0,3}}"), r"\s+{open}{0,3}{starter}");
            }
            push(format!("your abbreviation `{abbreviation}.`"), false, &before, "");
        }
        out
    }
}

fn own(edge: &str, text: &str) -> String {
    format!("{edge}{}", braced(&escaped(text)))
}

/// Braces of a user's own are no names of parts: `\{edge\}` would read as one once its strokes are gone.
fn braced(escaped: &str) -> String {
    escaped.replace(r"\{", r"\x7B").replace(r"\}", r"\x7D")
}

/// A rule of a user's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it is called where it decides.
    pub name: String,
    /// Where it stands in its file, from 1.
    pub line: usize,
    pub breaks: bool,
    /// Patterns for Java or ICU; an empty one matches anywhere.
    pub before: String,
    pub after: String,
}

/// A pattern of language tags, as SRX files hold them; it speaks of whole tags, whatever their case.
pub struct TagPattern {
    /// What matches the whole tag, and what must hold at its start besides.
    ways: Vec<(Regex, Vec<(bool, Regex)>)>,
}

impl TagPattern {
    /// # Errors
    /// What about `pattern` cannot be run.
    pub fn new(pattern: &str) -> Result<TagPattern, String> {
        let start = || Hir::look(Look::Start);
        let built = |parts| Regex::builder().build_from_hir(&Hir::concat(parts)).map_err(|error| error.to_string());
        let mut ways = Vec::new();
        for way in foreign::ways(&format!("(?i){pattern}"), Side::After)? {
            let whole = built(vec![start(), way.pattern, Hir::look(Look::End)])?;
            let mut conditions = Vec::new();
            for Condition { side, wanted, pattern } in way.conditions {
                let parts = match side {
                    Side::After => vec![start(), pattern],
                    // Nothing stands before a tag.
                    Side::Before => vec![start(), pattern, start()],
                };
                conditions.push((wanted, built(parts)?));
            }
            ways.push((whole, conditions));
        }
        Ok(TagPattern { ways })
    }

    pub fn matches(&self, language: Language) -> bool {
        let tag = language.as_str();
        let holds = |(wanted, regex): &(bool, Regex)| regex.is_match(tag) == *wanted;
        self.ways.iter().any(|(whole, conditions)| whole.is_match(tag) && conditions.iter().all(holds))
    }
}

/// A rule that cannot be run, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    pub name: String,
    /// From 1.
    pub line: usize,
    pub why: String,
}

/// The most states all patterns of a list may take together.
const LARGEST_LIST: usize = 1 << 23;

/// Appends the rules of `list` that can be run, and names the others.
pub(super) fn translate(
    list: &[Written],
    names: &mut Vec<Cow<'static, str>>,
    patterns: &mut Vec<Pattern>,
    unusable: &mut Vec<Unusable>,
) {
    let mut room = LARGEST_LIST;
    for rule in list {
        let mut refuse = |why: String| {
            unusable.push(Unusable { name: rule.name.clone(), line: rule.line, why });
        };
        let before = match foreign::ways(&rule.before, Side::Before) {
            Ok(ways) => ways,
            Err(why) => {
                refuse(format!("in `beforebreak`: {why}"));
                continue;
            }
        };
        let after = match foreign::ways(&rule.after, Side::After) {
            Ok(ways) => ways,
            Err(why) => {
                refuse(format!("in `afterbreak`: {why}"));
                continue;
            }
        };
        let ways: Vec<Pattern> = before
            .iter()
            .flat_map(|before| after.iter().map(move |after| (before, after)))
            .map(|(before, after)| Pattern {
                breaks: rule.breaks,
                before: before.pattern.clone(),
                after: after.pattern.clone(),
                conditions: [&before.conditions[..], &after.conditions].concat(),
            })
            .collect();
        let size = ways.iter().fold(0usize, |sum, way| sum.saturating_add(weight(way)));
        if size > room {
            refuse("the rules of the file are too large together".to_owned());
            continue;
        }
        room -= size;
        names.extend(ways.iter().map(|_| Cow::Owned(rule.name.clone())));
        patterns.extend(ways);
    }
}

fn weight(pattern: &Pattern) -> usize {
    let conditions = pattern.conditions.iter().map(|condition| &condition.pattern);
    conditions.chain([&pattern.before, &pattern.after]).map(|hir: &Hir| foreign::size(hir)).sum()
}
