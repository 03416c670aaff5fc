//! Units as a person edits them in a text editor: a block of lines a unit.
//!
//! ```text
//! unit 12
//! state = approved
//! en = The {1}new{2} centre opened.
//! az = {1}Yeni{2} mərkəz açılıb.
//! note = seen with the author
//! ```
//!
//! Inline codes are numbered; line feeds, tabs and backslashes in a text stand as `\n`, `\t`, `\\`. Lines that begin
//! with `#` are remarks. A unit whose block is taken out stays as it is.

use super::edit::{Edits, marked};
use crate::{
    lang::Language,
    model::{Note, State, Unit, UnitId},
};

/// What is wrong with a form that was edited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct FormError {
    /// From 1.
    pub line: usize,
    pub what: String,
}

/// The form of these units.
pub fn write(units: &[(UnitId, Unit)]) -> String {
    let mut out = String::from(
        "# Change the texts, the states (pending, imported, approved, published) or the notes, save and close.\n\
         # {1}, {2} are inline codes: keep each one. \\n is a line feed. What begins with # is not read.\n\
         # A unit whose lines you take out stays as it is; `yaddash memory delete` deletes.\n",
    );
    for (id, unit) in units {
        out.push_str(&format!("\nunit {id}\n# from {}\nstate = {}\n", shown(&unit.origin.name), unit.state.as_str()));
        for variant in &unit.variants {
            out.push_str(&format!("{} = {}\n", variant.language, escaped(&marked(variant))));
        }
        for note in &unit.notes {
            out.push_str(&format!("note = {}\n", escaped(&note.text)));
        }
    }
    out
}

fn shown(name: &str) -> &str {
    if name.is_empty() { "nowhere in particular" } else { name }
}

/// The units of an edited form that `known` ones have become; those that did not change are left out.
pub fn read(text: &str, known: &[(UnitId, Unit)]) -> Result<Vec<(UnitId, Unit)>, FormError> {
    let mut out: Vec<(UnitId, Unit)> = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (at, line) in text.lines().enumerate() {
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let number = at + 1;
        let fail = |what: String| FormError { line: number, what };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(id) = line.strip_prefix("unit ") {
            out.extend(open.take().map(Block::end).transpose()?.flatten());
            let id = id.trim().parse().map(UnitId).map_err(|_| fail(format!("`{}` is no number", id.trim())))?;
            if out.iter().any(|(known, _)| *known == id) {
                return Err(fail(format!("unit {id} stands twice")));
            }
            let found = known.iter().find(|(known, _)| *known == id);
            let (_, unit) = found.ok_or_else(|| fail(format!("unit {id} is not among those being edited")))?;
            open = Some(Block { id, unit, line: number, edits: Edits::default(), seen: Vec::new(), notes: Vec::new() });
            continue;
        }
        let Some(block) = &mut open else { return Err(fail("`unit NUMBER` comes first".into())) };
        let (key, value) = line.split_once('=').ok_or_else(|| fail(format!("there is no `=` in `{line}`")))?;
        // One space behind the sign is ours; any other is the text's.
        let value = value.strip_prefix(' ').unwrap_or(value);
        match key.trim() {
            "state" => {
                let state = State::ALL.into_iter().find(|state| state.as_str() == value.trim());
                block.edits.state = Some(state.ok_or_else(|| fail(format!("`{}` is no state", value.trim())))?);
            }
            "note" => block.notes.push(unescaped(value)),
            language => {
                let language: Language = language.parse().map_err(|error| fail(format!("`{language}`: {error}")))?;
                if block.unit.variants.iter().filter(|variant| variant.language == language).count() > 1 {
                    block.seen.push(language);
                    continue; // alternatives of one language stay as they are
                }
                if block.seen.contains(&language) {
                    return Err(fail(format!("{language} stands twice")));
                }
                block.seen.push(language);
                block.edits.texts.push((language, unescaped(value)));
            }
        }
    }
    out.extend(open.map(Block::end).transpose()?.flatten());
    Ok(out)
}

/// The lines of one unit.
struct Block<'u> {
    id: UnitId,
    unit: &'u Unit,
    line: usize,
    edits: Edits,
    seen: Vec<Language>,
    notes: Vec<String>,
}

impl Block<'_> {
    fn end(mut self) -> Result<Option<(UnitId, Unit)>, FormError> {
        let languages = self.unit.variants.iter().map(|variant| variant.language);
        self.edits.removed = languages.filter(|language| !self.seen.contains(language)).collect();
        // A state that was left alone follows from what else was changed.
        self.edits.state = self.edits.state.filter(|state| *state != self.unit.state);
        let fail = |what: String| FormError { line: self.line, what: format!("unit {}: {what}", self.id) };
        let edited = self.edits.apply(self.unit).map_err(|error| fail(error.to_string()))?;
        let mut unit = edited.unwrap_or_else(|| self.unit.clone());
        // Notes that stay keep what else is known of them.
        let old = |text: &String| self.unit.notes.iter().find(|note| note.text == *text).cloned();
        unit.notes = self
            .notes
            .iter()
            .map(|text| old(text).unwrap_or_else(|| Note { attributes: Vec::new(), text: text.clone() }))
            .collect();
        Ok((unit != *self.unit).then_some((self.id, unit)))
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, (c == '\\').then(|| chars.clone().next()).flatten()) {
            ('\\', Some(next @ ('n' | 't' | 'r' | '\\'))) => {
                chars.next();
                out.push(match next {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Variant;
    use proptest::prelude::*;

    fn unit(en: &str, az: &str) -> Unit {
        Unit { variants: vec![Variant::new(Language::EN, en), Variant::new(Language::AZ, az)], ..Unit::default() }
    }

    #[test]
    fn what_is_changed_comes_back() {
        let known = [(UnitId(3), unit("Open\nday", "Açıq qapı")), (UnitId(5), unit("A", "Ə"))];
        let form = write(&known);
        assert!(
            form.contains("unit 3\n# from nowhere in particular\nstate = imported\nen = Open\\nday\naz = Açıq qapı\n")
        );
        assert_eq!(read(&form, &known).unwrap(), []);
        let edited = form.replace("Açıq qapı", "Açıq qapı günü\nnote = by phone\nru = День");
        let got = read(&edited, &known).unwrap();
        assert_eq!(got.len(), 1);
        let texts: Vec<&str> = got[0].1.variants.iter().map(|variant| variant.text.as_str()).collect();
        assert_eq!((got[0].0, texts), (UnitId(3), vec!["Open\nday", "Açıq qapı günü", "День"]));
        assert_eq!(got[0].1.notes[0].text, "by phone");
        assert_eq!(got[0].1.state, State::Approved);
        // A unit left out stays; a language left out goes.
        assert_eq!(read("unit 5\nstate = approved\nen = A\naz = Ə\n", &known).unwrap()[0].1.state, State::Approved);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let known = [(UnitId(5), unit("A", "Ə"))];
        for (form, want) in [
            ("en = A\n", "line 1: `unit NUMBER` comes first"),
            ("unit x\n", "line 1: `x` is no number"),
            ("unit 6\n", "line 1: unit 6 is not among those being edited"),
            ("# x\nunit 5\nstate = done\n", "line 3: `done` is no state"),
            ("unit 5\nhello\n", "line 2: there is no `=` in `hello`"),
            ("unit 5\nen = A\nen = B\naz = Ə\n", "line 3: en stands twice"),
            ("unit 5\nen = A\n", "line 1: unit 5: it would be left with fewer than two texts"),
            ("unit 5\nen = A\naz = Ə!\nunit 5\n", "line 4: unit 5 stands twice"),
        ] {
            assert_eq!(read(form, &known).unwrap_err().to_string(), want, "{form}");
        }
    }

    proptest! {
        #[test]
        fn a_form_left_alone_changes_nothing(en in "[a-z{}\\\\\n\t#= ]{1,12}", az in "[ə{}1\\\\ ]{1,9}x") {
            prop_assume!(!en.trim().is_empty());
            let known = [(UnitId(1), unit(&en, &az))];
            prop_assert_eq!(read(&write(&known), &known).unwrap(), []);
        }
    }
}
