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
                text: if failed.len() == 1 { "file could not be checked" } else { "files could not be checked" }
                    .to_owned(),
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
                text: format!("{} without a text in {}", noun(names.len(), "release"), language.name()),
                count: names.len(),
                places: first(names.into_iter().map(str::to_owned)),
            };
            if must { verdict.reasons.push(reason) } else { verdict.remarks.push(reason) }
        }
        for (state, places) in wrong {
            let verb = if places.len() == 1 { "is" } else { "are" };
            let text = format!("{} that {verb} {state}", noun(places.len(), "text"));
            verdict.reasons.push(Reason { kind: "states", text, count: places.len(), places: first(places) });
        }
        if !stale.is_empty() {
            let what = "changed in one language and not in the others, or not as in the memory";
            let text = format!("{} {what}", noun(stale.len(), "release"));
            let reason = Reason { kind: "stale", text, count: stale.len(), places: first(stale) };
            match self.stale {
                Way::Stop => verdict.reasons.push(reason),
                Way::Warn => verdict.remarks.push(reason),
            }
        }
    }
}

fn noun(count: usize, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}s") }
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
        let what = match (level, found.len()) {
            (Level::Error, 1) => "error",
            (Level::Error, _) => "errors",
            (Level::Warning, 1) => "warning",
            (Level::Warning, _) => "warnings",
            (Level::Info, 1) => "remark",
            (Level::Info, _) => "remarks",
        };
        let place =
            |l: &&Located| format!("{}:{}:{} {} [{}]", l.source.name, l.line, l.column, l.finding.message, l.id);
        Reason {
            kind: "findings",
            text: format!("{what} of the rule {}", rule.as_str()),
            count: found.len(),
            places: first(found.iter().map(place)),
        }
    };
    groups.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        Unwatched,
        check::{Input, Job, check},
        release::{Side, Stale},
    };
    use crate::formats::glossary;
    use crate::memory::BatchId;
    use crate::model::UnitId;
    use crate::report::Accepted;
    use std::sync::Arc;

    /// An error and a warning.
    fn findings() -> Vec<Located> {
        let table = "concept\ten\ten_forbidden\ten_deprecated\np\tMilli Majlis\tMilli Mejlis\tParliament House\n";
        let concepts = glossary::read("g", table.as_bytes()).unwrap().concepts;
        let text = "The Milli Mejlis met in the Parliament House.";
        let inputs = vec![Input::Bytes { name: "1.en.txt".into(), bytes: text.into() }];
        check(Job { inputs, concepts, language: Some(Language::EN), ..Job::default() }, &Unwatched).findings
    }

    fn reasons(verdict: &Verdict) -> Vec<(&str, &str, usize)> {
        verdict.reasons.iter().map(|reason| (reason.kind, reason.text.as_str(), reason.count)).collect()
    }

    #[test]
    fn findings_of_the_level_stop() {
        let mut found = findings();
        assert_eq!(found.len(), 2);
        let verdict = Gate::default().judge(&found, &[], &[]);
        assert!(!verdict.may_go_out);
        assert_eq!(reasons(&verdict), [("findings", "error of the rule forbidden-term", 1)]);
        assert_eq!(verdict.remarks[0].text, "warning of the rule deprecated-term");
        assert!(verdict.reasons[0].places[0].starts_with("1.en.txt:1:5 "));
        let strict = Gate { level: Level::Warning, ..Gate::default() };
        assert_eq!(strict.judge(&found, &[], &[]).reasons.len(), 2);
        // What is let stand counts for nothing.
        let date = "2026-03-01T10:00:00Z".parse().unwrap();
        found[0].accepted = Some(Arc::new(Accepted { reason: "x".into(), who: "y".into(), date }));
        let verdict = Gate::default().judge(&found, &[], &[]);
        assert!(verdict.may_go_out);
        assert_eq!(verdict.accepted, 1);
        let rule = Gate { rules: vec![Rule::DeprecatedTerm], ..Gate::default() };
        assert!(!rule.judge(&found, &[], &[]).may_go_out);
        assert!(!Gate::default().judge(&[], &[], &["x: cut short".into()]).may_go_out);
    }

    #[test]
    fn releases_are_judged_by_languages_states_and_what_is_out_of_step() {
        let (en, az) = ((Language::EN, State::Published), (Language::AZ, State::Draft));
        let mut releases = vec![Release::of_test("1", &[en, az]), Release::of_test("2", &[en])];
        assert!(Gate::default().judge(&[], &releases, &[]).may_go_out);
        let gate = Gate { languages: vec![Language::EN, Language::AZ], ..Gate::default() };
        let verdict = gate.judge(&[], &releases, &[]);
        assert_eq!(reasons(&verdict), [("languages", "release without a text in Azerbaijani", 1)]);
        assert_eq!(verdict.reasons[0].places, ["2"]);
        let gate = Gate { states: vec![State::Published], ..Gate::default() };
        let verdict = gate.judge(&[], &releases, &[]);
        assert_eq!(reasons(&verdict), [("states", "text that is draft", 1)]);
        assert_eq!(verdict.reasons[0].places, ["1 az"]);
        releases[0].stale =
            vec![Stale { unit: UnitId(7), changed: vec![Language::AZ], behind: vec![Language::EN], batch: BatchId(2) }];
        let verdict = Gate::default().judge(&[], &releases, &[]);
        assert!(verdict.may_go_out);
        assert_eq!(verdict.remarks[0].places, ["1: en behind az in 1 unit"]);
        assert!(!Gate { stale: Way::Stop, ..Gate::default() }.judge(&[], &releases, &[]).may_go_out);
        releases[1].sides.insert(Language::AZ, Side::default());
        assert!(Gate::default().judge(&[], &releases, &[]).may_go_out);
        assert!(!Gate { missing: Way::Stop, ..Gate::default() }.judge(&[], &releases, &[]).may_go_out);
    }
}
