//! `check --gate`, `run --gate`: whether releases may go out, on one screen in plain words.

use super::{CliError, Desk, Exit, check, release};
use crate::{
    app::gate::{Gate, Reason, Verdict, Way},
    app::release::Release,
    lang::Language,
    model::Level,
    report::Located,
};
use anstyle::{AnsiColor, Style};
use serde_json::json;
use std::io::Write;

/// The languages the office's releases have, where the configuration says.
pub(super) fn project_languages(desk: &Desk) -> Result<Vec<Language>, CliError> {
    let own = desk.config.other("project", "languages").or(desk.config.other("gate", "languages"));
    own.unwrap_or_default().iter().map(|tag| tag.parse().map_err(CliError::new)).collect()
}

/// `[gate]` of the configuration.
pub(super) fn configured(desk: &Desk) -> Result<Gate, CliError> {
    let values = |key: &str| desk.config.other("gate", key).unwrap_or_default();
    let wrong = |key: &str, what: &str| CliError::new(format_args!("[gate] {key}: {what}"));
    let way = |key: &str| match values(key).first().map(String::as_str) {
        None | Some("warn") => Ok(Way::Warn),
        Some("stop") => Ok(Way::Stop),
        Some(other) => Err(wrong(key, &format!("`{other}` is neither `stop` nor `warn`"))),
    };
    let level = match values("level").first() {
        None => Level::Error,
        Some(name) => [Level::Info, Level::Warning, Level::Error]
            .into_iter()
            .find(|level| level.as_str() == name)
            .ok_or_else(|| wrong("level", "a level is info, warning or error"))?,
    };
    Ok(Gate {
        level,
        languages: values("languages")
            .iter()
            .map(|tag| tag.parse().map_err(CliError::new))
            .collect::<Result<_, _>>()?,
        states: values("states")
            .iter()
            .map(|name| release::state(name).map_err(|error| wrong("states", &error)))
            .collect::<Result<_, _>>()?,
        stale: way("stale")?,
        missing: way("missing")?,
        rules: values("rules")
            .iter()
            .map(|name| check::rule(name).map_err(|error| wrong("rules", &error)))
            .collect::<Result<_, _>>()?,
    })
}

/// Judges, says so, and how to end.
pub(super) fn tell(
    desk: &mut Desk,
    findings: &[Located],
    releases: &[Release],
    failed: &[String],
    as_json: bool,
) -> Result<Exit, CliError> {
    let verdict = configured(desk)?.judge(findings, releases, failed);
    if as_json {
        writeln!(desk.ui, "{}", json!({ "version": 1, "gate": verdict }))?;
    } else {
        text(desk, &verdict, releases.len())?;
    }
    Ok(match (failed.is_empty(), verdict.may_go_out) {
        (false, _) => Exit::Failed,
        (true, true) => Exit::Done,
        (true, false) => Exit::Found,
    })
}

/// Lines of reasons and of remarks; what is left is counted.
const REASONS: usize = 5;
const REMARKS: usize = 4;

fn text(desk: &mut Desk, verdict: &Verdict, releases: usize) -> Result<(), CliError> {
    let (said, color) = match verdict.may_go_out {
        true => ("MAY GO OUT", AnsiColor::Green),
        false => ("MUST NOT GO OUT", AnsiColor::Red),
    };
    let said = desk.ui.paint(color.on_default().effects(Style::new().bold().get_effects()), said);
    let of = if releases > 0 {
        format!(" ({})", super::run::counted(releases, "release", "releases"))
    } else {
        String::new()
    };
    writeln!(desk.ui, "{said}{of}")?;
    if !verdict.may_go_out {
        writeln!(desk.ui, "\nWhy:")?;
        list(desk, &verdict.reasons, REASONS, true)?;
    }
    if !verdict.remarks.is_empty() {
        writeln!(desk.ui, "\nTo be looked at, though it stops nothing:")?;
        list(desk, &verdict.remarks, REMARKS, false)?;
    }
    if verdict.accepted > 0 {
        let what =
            super::run::counted(verdict.accepted, "finding is accepted and counts", "findings are accepted and count");
        writeln!(desk.ui, "\n{what} for nothing (`yaddash check accepted`).")?;
    }
    if !verdict.may_go_out {
        writeln!(desk.ui, "\nWhat to do:")?;
        for line in advice(&verdict.reasons) {
            writeln!(desk.ui, "  {line}")?;
        }
    }
    Ok(())
}

fn list(desk: &mut Desk, reasons: &[Reason], most: usize, places: bool) -> Result<(), CliError> {
    for reason in reasons.iter().take(most) {
        writeln!(desk.ui, "  {:>4} {}", reason.count, reason.text)?;
        for place in reason.places.iter().filter(|_| places) {
            writeln!(desk.ui, "       {}", super::wrap::visible(place))?;
        }
    }
    if reasons.len() > most {
        writeln!(desk.ui, "       and {} more", super::run::counted(reasons.len() - most, "reason", "reasons"))?;
    }
    Ok(())
}

/// What helps against the reasons there are.
fn advice(reasons: &[Reason]) -> Vec<&'static str> {
    // (the kind of reason, what to do)
    const ADVICE: [(&str, &str); 5] = [
        ("unreadable", "Mend or take away the files that could not be checked."),
        (
            "findings",
            "See all: `yaddash check … --format html -o report.html`; put right what is certain: `yaddash check … --fix`.",
        ),
        ("findings", "What is meant so is accepted by its number: `yaddash check accept NUMBER --reason \"…\"`."),
        ("languages", "Add the texts that are missing, or change `languages` in `[gate]` of yaddash.toml."),
        ("states", "When a text is ready: `yaddash release set NAME --lang LANG --state reviewed`."),
    ];
    const STALE: &str = "Bring the other languages up to date and `yaddash run`; where they need no change: `yaddash release set NAME --lang LANG --state reviewed`.";
    let has = |kind: &str| reasons.iter().any(|reason| reason.kind == kind);
    let mut out: Vec<&str> = ADVICE.into_iter().filter(|(kind, _)| has(kind)).map(|(_, what)| what).collect();
    out.extend(has("stale").then_some(STALE));
    out
}
