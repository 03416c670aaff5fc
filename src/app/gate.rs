//! The gate: whether what was checked may go out, by the office's own settings, and why not.

use super::release::{Release, State};
use crate::{
    lang::Language,
    model::{Level, Rule},
    report::Located,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of something that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    Stop,
    /// It is said, and goes out.
    #[default]
    Warn,
}

/// By what the gate judges: `[gate]` in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Findings of this level and above stop a release.
    pub level: Level,
    /// Languages each release must have.
    pub languages: Vec<Language>,
    /// States each language must be in; none: any will do.
    pub states: Vec<State>,
    /// One language was changed and others were not, or a file is not as the memory has it.
    pub stale: Way,
    /// A language others have is missing, where `languages` does not say which there must be.
    pub missing: Way,
    /// Rules whose findings stop a release whatever their level.
    pub rules: Vec<Rule>,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate {
            level: Level::Error,
            languages: Vec::new(),
            states: Vec::new(),
            stale: Way::Warn,
            missing: Way::Warn,
            rules: Vec::new(),
        }
    }
}

/// One reason, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `findings`, `unreadable`, `languages`, `states`, `stale`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
    pub count: usize,
    /// The first places or releases.
    pub places: Vec<String>,
}

/// What the gate says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verdict {
    pub may_go_out: bool,
    /// Why not.
    pub reasons: Vec<Reason>,
    /// What is to be looked at and stops nothing.
    pub remarks: Vec<Reason>,
    pub accepted: usize,
}

/// Places told of one reason.
const PLACES: usize = 3;

impl Gate {
    /// Judges `findings` (those let stand too, which count for nothing), `releases` where they are known, and what
    /// could not be read.
    pub fn judge(&self, findings: &[Located], releases: &[Release], failed: &[String]) -> Verdict {
        let mut verdict = Verdict::default();
        if !failed.is_empty() {
            verdict.reasons.push(Reason {
                kind: "unreadable",
                text: "files could not be checked".to_owned(),
                count: failed.len(),
                places: first(failed.iter().cloned()),
            });
        }
        let (open, accepted): (Vec<&Located>, Vec<&Located>) = findings.iter().partition(|l| l.accepted.is_none());
        verdict.accepted = accepted.len();
        let stops =
            |located: &&Located| located.finding.level >= self.level || self.rules.contains(&located.finding.rule);
        let (stopping, rest): (Vec<&Located>, Vec<&Located>) = open.into_iter().partition(stops);
        verdict.reasons.extend(by_level(&stopping));
        verdict.remarks.extend(by_level(&rest));
        self.judge_releases(releases, &mut verdict);
        verdict.may_go_out = verdict.reasons.is_empty();
        verdict
    }

    fn judge_releases(&self, releases: &[Release], verdict: &mut Verdict) {
        let mut missing: BTreeMap<Language, Vec<&str>> = BTreeMap::new();
        let mut wrong: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut stale: Vec<String> = Vec::new();
        for release in releases {
            let required: BTreeSet<Language> = match &self.languages[..] {
                [] => release.sides.keys().copied().collect(),
                some => some.iter().copied().collect(),
            };
            for language in &required {
                let side = release.sides.get(language);
                if side.is_none_or(|side| side.is_missing()) {
                    missing.entry(*language).or_default().push(&release.name);
                    continue;
                }
                let state = side.and_then(|side| side.state).unwrap_or(State::InTranslation);
                if !self.states.is_empty() && !self.states.contains(&state) {
                    wrong.entry(state.as_str()).or_default().push(format!("{} {language}", release.name));
                }
            }
            if release.is_stale() {
                let why: Vec<String> = release.attention().into_iter().filter(|text| is_of_texts(text)).collect();
                stale.push(format!("{}: {}", release.name, why.join("; ")));
            }
        }
        let must = !self.languages.is_empty() || self.missing == Way::Stop;
        for (language, names) in missing {
            let reason = Reason {
                kind: "languages",
                text: format!("without a text in {}", language.name()),
                count: names.len(),
                places: first(names.into_iter().map(str::to_owned)),
            };
            if must { verdict.reasons.push(reason) } else { verdict.remarks.push(reason) }
        }
        for (state, places) in wrong {
            let text = format!("texts that are {state}");
            verdict.reasons.push(Reason { kind: "states", text, count: places.len(), places: first(places) });
        }
        if !stale.is_empty() {
            let text = "changed in one language and not in the others, or not as in the memory".to_owned();
            let reason = Reason { kind: "stale", text, count: stale.len(), places: first(stale) };
            match self.stale {
                Way::Stop => verdict.reasons.push(reason),
                Way::Warn => verdict.remarks.push(reason),
            }
        }
    }
}

fn is_of_texts(text: &str) -> bool {
    text.contains(" behind ") || text.contains("not as in the memory")
}

fn first(all: impl IntoIterator<Item = String>) -> Vec<String> {
    all.into_iter().take(PLACES).collect()
}

/// One reason a level and rule, the gravest and most frequent first.
fn by_level(findings: &[&Located]) -> Vec<Reason> {
    let mut groups: BTreeMap<(Level, Rule), Vec<&Located>> = BTreeMap::new();
    for located in findings {
        groups.entry((located.finding.level, located.finding.rule)).or_default().push(located);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((level, rule), found)| (std::cmp::Reverse((*level, found.len())), *rule));
    let told = |((level, rule), found): ((Level, Rule), Vec<&Located>)| {
        let what = match level {
            Level::Error => "errors",
            Level::Warning => "warnings",
            Level::Info => "remarks",
        };
        let place = |l: &&Located| format!("{}:{}:{} {} [{}]", l.source.name, l.line, l.column, l.finding.message, l.id);
        Reason {
            kind: "findings",
            text: format!("{what} of the rule {}", rule.as_str()),
            count: found.len(),
            places: first(found.iter().map(place)),
        }
    };
    groups.into_iter().map(told).collect()
}
