//! Writing fixes, or showing what would be written.

use crate::app::{
    check::{UnitFix, correct_units, corrections},
    upkeep::{Changed, Job},
};
use crate::cli::{CliError, Desk, memory, run::counted, ui::Bars};
use crate::report::Located;
use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use similar::TextDiff;
use std::{collections::BTreeSet, io::Write, path::Path};

/// Writes the certain fixes into the files and takes them out of `findings`; with `diff` shows them only. Tells
/// whether all that was to be written is.
pub(in crate::cli) fn files(desk: &mut Desk, findings: &mut Vec<Located>, diff: bool) -> Result<bool, CliError> {
    let (files, refused) = corrections(findings);
    let mut fixed: BTreeSet<usize> = BTreeSet::new();
    let mut sound = true;
    for file in &files {
        if diff {
            let name = file.path.display().to_string();
            patch(desk, &name, &file.old, &file.new)?;
        } else if let Err(error) = file.write() {
            desk.ui.complain(&CliError::io(&file.path, &error));
            sound = false;
            continue;
        }
        fixed.extend(&file.fixed);
    }
    for refused in &refused {
        let Located { source, line, column, finding, .. } = &findings[refused.finding];
        let place = format!("{}:{line}:{column}", source.name);
        desk.ui.warn(format_args!("{place}: {} is not fixed: {}", finding.rule.as_str(), refused.reason));
    }
    let fixes = counted(fixed.len(), "fix", "fixes");
    let place = counted(files.len(), "file", "files");
    match diff {
        true => desk.ui.remark(format_args!("{fixes} could be written into {place}")),
        false if fixed.is_empty() => desk.ui.remark("no fix is certain: nothing was written"),
        false => desk.ui.remark(format_args!("{fixes} written into {place}")),
    }
    let mut at = 0;
    findings.retain(|_| {
        at += 1;
        !fixed.contains(&(at - 1))
    });
    Ok(sound)
}

/// The same for units of the memory: one batch that can be undone.
pub(in crate::cli) fn units(desk: &mut Desk, fixes: &[UnitFix], note: &str, diff: bool) -> Result<(), CliError> {
    if fixes.is_empty() {
        return Ok(());
    }
    let mut store = memory::open_existing(desk, diff)?;
    let who = memory::who();
    let bars = Bars::new(&desk.ui);
    let job = Job { note, who: &who, now: Timestamp::now(), dry_run: diff, watch: &bars };
    let mut shown = Ok(());
    let done = correct_units(&mut store, fixes, &job, &mut |changed: &Changed| {
        if diff && shown.is_ok() {
            shown = unit_patch(desk, changed);
        }
    })?;
    drop(bars);
    shown?;
    if done.same > 0 {
        let units = counted(done.same, "unit", "units");
        desk.ui
            .warn(format_args!("{units} left as they are: an inline code stands in the term, or the text has changed"));
    }
    for id in &done.overtaken {
        desk.ui.warn(format_args!("unit {id} was changed by somebody else meanwhile, and left as it is"));
    }
    memory::told(desk, done.batch, diff, &format!("fixes in {}", counted(done.changed, "unit", "units")));
    Ok(())
}

fn unit_patch(desk: &mut Desk, changed: &Changed) -> Result<(), CliError> {
    let Some(after) = &changed.after else { return Ok(()) };
    for (old, new) in changed.before.variants.iter().zip(&after.variants).filter(|(old, new)| old.text != new.text) {
        let name = format!("unit {} {}", changed.unit, old.language);
        patch(desk, &name, &format!("{}\n", old.text), &format!("{}\n", new.text))?;
    }
    Ok(())
}

/// A unified diff, as `patch` and other tools read it.
fn patch(desk: &mut Desk, name: &str, old: &str, new: &str) -> Result<(), CliError> {
    // A name must not be taken for more than one line.
    let name = Path::new(name).display().to_string().replace(['\n', '\r'], " ");
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().context_radius(1).header(&name, &name).to_string();
    for line in text.split_inclusive('\n') {
        let style = match line.as_bytes() {
            [b'-', b'-', b'-', ..] | [b'+', b'+', b'+', ..] => Style::new().bold(),
            [b'-', ..] => AnsiColor::Red.on_default(),
            [b'+', ..] => AnsiColor::Green.on_default(),
            [b'@', ..] => AnsiColor::Cyan.on_default(),
            _ => Style::new(),
        };
        let bare = line.trim_end_matches('\n');
        let painted = desk.ui.paint(style, bare);
        write!(desk.ui, "{painted}{}", &line[bare.len()..])?;
    }
    Ok(())
}
