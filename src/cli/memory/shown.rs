//! Units and what becomes of them, as people read them.

use crate::{
    app::upkeep::Changed,
    cli::{
        CliError, Ui,
        differences::differences,
        wrap::{Piece, visible, wrapped},
    },
    lang::Language,
    model::{Unit, UnitId},
};
use anstyle::{AnsiColor, Effects, Style};
use std::io::Write;

/// Columns before a text: its language stands there.
const INDENT: usize = 10;

/// `unit 12  approved  004  2024-03-12`, and a line for each text.
pub(super) fn unit(ui: &mut Ui, id: UnitId, unit: &Unit) -> Result<(), CliError> {
    head(ui, id, unit, "")?;
    for variant in &unit.variants {
        text(ui, variant.language, &[(Style::new(), visible(&variant.text))])?;
    }
    Ok(())
}

pub(super) fn head(ui: &mut Ui, id: UnitId, unit: &Unit, what: &str) -> Result<(), CliError> {
    let bold = Style::new().effects(Effects::BOLD);
    let name = ui.paint(bold, &format!("unit {id}"));
    let date = unit.origin.date.map(|date| format!("  {}", date.strftime("%F"))).unwrap_or_default();
    let score = unit.origin.score.map(|score| format!("  {score:.2}")).unwrap_or_default();
    let what = if what.is_empty() { String::new() } else { format!(" {what}") };
    let origin = visible(&unit.origin.name);
    writeln!(ui, "{name}{what}  {}  {origin}{date}{score}", unit.state.as_str())?;
    Ok(())
}

/// A change: what differs in each text, and in the rest.
pub(super) fn changed(ui: &mut Ui, changed: &Changed, what: &str) -> Result<(), CliError> {
    match &changed.after {
        None => {
            head(ui, changed.unit, &changed.before, what)?;
            changed
                .before
                .variants
                .iter()
                .try_for_each(|variant| text(ui, variant.language, &[(Style::new(), visible(&variant.text))]))
        }
        Some(after) => {
            head(ui, changed.unit, after, what)?;
            // Whoever only raises a state wants to see of what.
            if after.variants == changed.before.variants {
                for variant in &after.variants {
                    text(ui, variant.language, &[(Style::new(), visible(&variant.text))])?;
                }
            }
            between(ui, Some(&changed.before), Some(after))
        }
    }
}

/// What differs between two forms of a unit.
pub(super) fn between(ui: &mut Ui, before: Option<&Unit>, after: Option<&Unit>) -> Result<(), CliError> {
    let color = ui.color();
    let texts = |unit: Option<&Unit>| -> Vec<(Language, String)> {
        unit.into_iter().flat_map(|unit| &unit.variants).map(|v| (v.language, v.text.clone())).collect()
    };
    let (old, new) = (texts(before), texts(after));
    let mut gone: Vec<&(Language, String)> = old.iter().filter(|text| !new.contains(text)).collect();
    for (language, now) in new.iter().filter(|text| !old.contains(text)) {
        let was = gone.iter().position(|(known, _)| known == language).map(|at| gone.remove(at));
        let was = was.map_or("", |(_, text)| text);
        text(ui, *language, &differences(color, was, now))?;
    }
    for (language, was) in gone {
        text(ui, *language, &differences(color, was, ""))?;
    }
    if let (Some(before), Some(after)) = (before, after) {
        for (what, old, new) in [
            ("state", before.state.as_str(), after.state.as_str()),
            ("origin", before.origin.name.as_str(), after.origin.name.as_str()),
        ] {
            if old != new {
                writeln!(ui, "  {what:<8}{} -> {}", visible(old), visible(new))?;
            }
        }
        if before.context != after.context {
            writeln!(ui, "  {:<8}changed", "place")?;
        }
        for note in after.notes.iter().filter(|note| !before.notes.contains(note)) {
            writeln!(ui, "  {:<8}{}", "note", visible(&note.text))?;
        }
        for note in before.notes.iter().filter(|note| !after.notes.contains(note)) {
            writeln!(ui, "  {:<8}[-{}-]", "note", visible(&note.text))?;
        }
        let codes = |unit: &Unit| unit.variants.iter().map(|v| v.codes.clone()).collect::<Vec<_>>();
        if old == new && codes(before) != codes(after) {
            writeln!(ui, "  {:<8}changed", "codes")?;
        }
    }
    Ok(())
}

/// A text behind the tag of its language, broken to the terminal's width.
pub(super) fn text(ui: &mut Ui, language: Language, pieces: &[Piece]) -> Result<(), CliError> {
    let width = ui.width().saturating_sub(INDENT).max(30);
    let tag = ui.paint(AnsiColor::Cyan.on_default(), &format!("{:<8}", language.as_str()));
    for (number, line) in wrapped(pieces, width).into_iter().enumerate() {
        let line: String = line.iter().map(|(style, text)| ui.paint(*style, text)).collect();
        match number {
            0 => writeln!(ui, "  {tag}{line}")?,
            _ => writeln!(ui, "{:INDENT$}{line}", "")?,
        }
    }
    Ok(())
}
