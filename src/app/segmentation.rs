//! The rules documents are segmented by: ours, what the user adds to them, or a user's own SRX file. Built once from
//! the settings and handed to every command that segments.

use super::{in_words, terms::hex};
use crate::{
    formats::{self, FormatError, srx},
    lang::Language,
    segment::{self, AdditionError, Additions, TagPattern, Written},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
};

/// What the user asks of segmentation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// An SRX file in the place of our rules.
    pub srx: Option<PathBuf>,
    /// Behind these a sentence goes on, unless a word follows that begins sentences.
    pub abbreviations: Vec<String>,
    /// In these, and behind them, no segment ends.
    pub no_break: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("{name}: {}", in_words(.error))]
    Unreadable { name: String, error: io::Error },
    #[error("{name}:{error}")]
    Broken { name: String, error: FormatError },
    #[error("{name}: {what}")]
    Unsuitable { name: String, what: String },
    #[error(transparent)]
    Addition(#[from] AdditionError),
}

/// The rules of every language, by the settings.
#[derive(Default)]
pub struct Rules {
    list: Option<List>,
    additions: Additions,
    /// Of the settings and what they name; empty for our own rules.
    fingerprint: String,
    /// The languages asked for so far, where they are not simply ours.
    compiled: Mutex<BTreeMap<Language, segment::Rules>>,
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// A user's SRX file.
struct List {
    name: String,
    srx: srx::Srx,
    /// The patterns of its maps; `None` for one that cannot be run.
    patterns: Vec<Option<TagPattern>>,
    remarks: Vec<String>,
}

impl Rules {
    /// # Errors
    /// An SRX file that cannot be read or is none; an abbreviation that is none.
    pub fn new(settings: &Settings) -> Result<Rules, RulesError> {
        let list = settings.srx.as_deref().map(List::load).transpose()?;
        let additions = Additions::new(&settings.abbreviations, &settings.no_break)?;
        let fingerprint = match settings == &Settings::default() {
            true => String::new(),
            false => {
                let list = settings.srx.as_deref().and_then(|path| fs::read(path).ok()).unwrap_or_default();
                let said = format!("{:?} {:?} ", settings.abbreviations, settings.no_break);
                hex(&Sha256::new().chain_update(said).chain_update(list).finalize())
            }
        };
        Ok(Rules { list, additions, fingerprint, compiled: Mutex::default() })
    }

    /// The rules of `language`, compiled the first time they are asked for.
    pub fn of(&self, language: Language) -> segment::Rules {
        if self.list.is_none() && self.additions.is_empty() {
            return segment::Rules::of(language).clone();
        }
        let mut compiled = self.compiled.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        compiled.entry(language).or_insert_with(|| self.compile(language)).clone()
    }

    /// Equal for rules that give equal segments.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn compile(&self, language: Language) -> segment::Rules {
        match self.list.as_ref().and_then(|list| list.rules(language)) {
            Some(rules) => segment::Rules::written(language, &self.additions, &rules),
            None => segment::Rules::with(language, &self.additions),
        }
    }

    /// What is to be said of the user's SRX file as a whole: maps that lead nowhere.
    pub fn remarks(&self) -> &[String] {
        self.list.as_ref().map_or(&[], |list| &list.remarks)
    }

    /// What is to be said of the user's SRX file where `language` is segmented by it: rules that cannot be run, each
    /// with its place, or that it has no rules for the language.
    pub fn remarks_on(&self, language: Language) -> Vec<String> {
        let Some(list) = &self.list else { return Vec::new() };
        if list.rules(language).is_none() {
            let name = &list.name;
            return vec![format!("{name}: no `languagemap` matches `{language}`: our own rules are used for it")];
        }
        let told =
            |rule: &segment::Unusable| format!("{}:{}: the rule is left out: {}", list.name, rule.line, rule.why);
        self.of(language).unusable().iter().map(told).collect()
    }
}

impl List {
    fn load(path: &Path) -> Result<List, RulesError> {
        let name = path.display().to_string();
        let unreadable = |error| RulesError::Unreadable { name: name.clone(), error };
        let opened = formats::open(fs::File::open(path).map_err(unreadable)?).map_err(unreadable)?;
        let source = opened.source().map_err(|encoding| RulesError::Unsuitable {
            name: name.clone(),
            what: format!("the encoding `{encoding}` is not known"),
        })?;
        match srx::read(source) {
            Ok(srx) => Ok(List::new(name, srx)),
            Err(FormatError::Unsuitable(what)) => Err(RulesError::Unsuitable { name, what }),
            Err(FormatError::Io(error)) => Err(RulesError::Unreadable { name, error }),
            Err(error) => Err(RulesError::Broken { name, error }),
        }
    }

    fn new(name: String, srx: srx::Srx) -> List {
        let mut remarks: Vec<String> =
            srx.astray().map(|map| format!("{name}:{}: there are no rules called `{}`", map.line, map.group)).collect();
        let mut patterns = Vec::new();
        for map in &srx.maps {
            let pattern = TagPattern::new(&map.pattern);
            if let Err(why) = &pattern {
                remarks.push(format!("{name}:{}: `languagepattern` is left out: {why}", map.line));
            }
            patterns.push(pattern.ok());
        }
        List { name, srx, patterns, remarks }
    }

    /// The rules for `language`; `None` where no map matches it.
    fn rules(&self, language: Language) -> Option<Vec<Written>> {
        let mut patterns = self.patterns.iter();
        let chosen = self.srx.chosen(|_| patterns.next().and_then(Option::as_ref).is_some_and(|p| p.matches(language)));
        let written = |rule: &srx::Rule| Written {
            name: format!("the rule at line {} of {}", rule.line, self.name),
            line: rule.line,
            breaks: rule.breaks,
            before: rule.before.clone(),
            after: rule.after.clone(),
        };
        (!chosen.is_empty()).then(|| chosen.into_iter().map(written).collect())
    }
}

/// Our rules as an SRX 2.0 file: those of `languages` (of all that have rows where none is named), then those all
/// languages share.
///
/// The patterns are the exact ones; ours take letters of scripts without capitals by whole blocks, which the stops of
/// our languages never meet. White space is spelt so that engines whose `\s` is ASCII's only (Java's) see no-break spaces too.
pub fn exported(languages: &[Language]) -> String {
    let all: Vec<Language> = segment::languages().collect();
    let languages = if languages.is_empty() { &all } else { languages };
    let group = |name: &str, rules: Vec<segment::Listed>| srx::Group {
        name: name.to_owned(),
        rules: rules
            .into_iter()
            .map(|rule| srx::Rule {
                line: 0,
                breaks: rule.breaks,
                before: portable(&rule.before),
                after: portable(&rule.after),
                note: rule.name.into_owned(),
            })
            .collect(),
    };
    let (mut groups, mut maps) = (Vec::new(), Vec::new());
    for language in languages {
        let rules = segment::listed(*language);
        if rules.is_empty() {
            continue;
        }
        let tag = language.as_str();
        maps.push(srx::Map {
            line: 0,
            pattern: format!("({}|{tag}).*", tag.to_uppercase()),
            group: language.name().to_owned(),
        });
        groups.push(group(language.name(), rules));
    }
    let common = "All languages";
    maps.push(srx::Map { line: 0, pattern: ".*".to_owned(), group: common.to_owned() });
    groups.push(group(common, segment::listed_of_all()));
    srx::write(&srx::Srx { cascade: true, groups, maps })
}

fn portable(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut in_class = false;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('s') if in_class => out.push_str(r"\s\p{Z}"),
                Some('s') => out.push_str(r"[\s\p{Z}]"),
                next => out.extend([Some('\\'), next].into_iter().flatten()),
            },
            _ => {
                in_class = c == '[' || in_class && c != ']';
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
