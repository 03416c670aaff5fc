//! What becomes of a concept, in words.

use crate::{
    app::termbase::differences,
    cli::{Ui, wrap::visible},
    model::Concept,
};
use std::io::{self, Write};

/// `concept agency: new`, and what is new of it.
pub(super) fn planned(ui: &mut Ui, id: &str, before: Option<&Concept>, after: Option<&Concept>) -> io::Result<()> {
    let what = match (before, after) {
        (None, _) => "new",
        (_, None) => "removed",
        _ => "changed",
    };
    writeln!(ui, "concept {}: {what}", visible(id))?;
    for line in differences(before, after) {
        writeln!(ui, "  {}", visible(&line.to_string()))?;
    }
    Ok(())
}
