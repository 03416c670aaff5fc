use super::is_guarded;
use crate::{lang::Language, model::Unit};
use std::io::{self, Write};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180 with commas and CRLF, with a byte order mark, for without it Excel reads no Azerbaijani.
    Csv,
    /// Never quoted: tabs and line feeds in a text become spaces.
    Tsv,
}

/// Writes units as rows: `id`, the languages, `note`. Inline codes are left out.
///
/// A unit with alternatives in a language takes a row for each.
pub struct Writer<W: Write> {
    to: W,
    form: Form,
    languages: Vec<Language>,
    row: String,
}

/// The names of the columns.
pub fn head(languages: &[Language]) -> Vec<String> {
    let languages = languages.iter().map(|language| language.as_str());
    std::iter::once("id").chain(languages).chain(["note"]).map(str::to_owned).collect()
}

/// The rows of a unit: one for each alternative of the language that has most.
pub fn rows(unit: &Unit, languages: &[Language]) -> Vec<Vec<String>> {
    let texts = |language: Language| unit.variants.iter().filter(move |v| v.language == language);
    let count = languages.iter().map(|l| texts(*l).count()).max().unwrap_or(0);
    let notes: Vec<&str> = unit.notes.iter().map(|note| note.text.as_str()).collect();
    let row = |n: usize| {
        let text = |language: &Language| {
            let variant = texts(*language).nth(n).or_else(|| texts(*language).next());
            variant.map_or(String::new(), |v| v.text.clone())
        };
        let id = unit.tuid.clone().unwrap_or_default();
        std::iter::once(id).chain(languages.iter().map(text)).chain([notes.join(" | ")]).collect()
    };
    (0..count).map(row).collect()
}

impl<W: Write> Writer<W> {
    pub fn new(mut to: W, form: Form, languages: Vec<Language>) -> io::Result<Writer<W>> {
        if form == Form::Csv {
            to.write_all("\u{feff}".as_bytes())?;
        }
        let row = head(&languages);
        let mut writer = Writer { to, form, languages, row: String::new() };
        writer.row(&row)?;
        Ok(writer)
    }

    pub fn unit(&mut self, unit: &Unit) -> io::Result<()> {
        rows(unit, &self.languages).iter().try_for_each(|row| self.row(row))
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        cells.iter().enumerate().for_each(|(n, cell)| self.cell(cell, n == 0));
        self.end_row()
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.to.flush()?;
        Ok(self.to)
    }

    fn cell(&mut self, text: &str, first: bool) {
        match self.form {
            Form::Tsv => {
                if !first {
                    self.row.push('\t');
                }
                self.row.extend(text.chars().map(|c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { c }));
            }
            Form::Csv => {
                if !first {
                    self.row.push(',');
                }
                let guard = if is_guarded(text) { "'" } else { "" };
                let quote = text.contains([',', ';', '\t', '"', '\n', '\r']) || text.trim().len() < text.len();
                if quote {
                    self.row.push('"');
                    self.row.push_str(guard);
                    self.row.push_str(&text.replace('"', "\"\""));
                    self.row.push('"');
                } else {
                    self.row.push_str(guard);
                    self.row.push_str(text);
                }
            }
        }
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.row.push_str(if self.form == Form::Csv { "\r\n" } else { "\n" });
        self.to.write_all(self.row.as_bytes())?;
        self.row.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        formats::{Item, open, table},
        model::{Note, Variant},
    };
    use proptest::prelude::*;

    fn unit(texts: &[(Language, &str)]) -> Unit {
        Unit { variants: texts.iter().map(|(l, t)| Variant::new(*l, *t)).collect(), ..Unit::default() }
    }

    fn written(form: Form, units: &[Unit]) -> String {
        let mut writer = Writer::new(Vec::new(), form, vec![Language::EN, Language::AZ]).unwrap();
        units.iter().for_each(|u| writer.unit(u).unwrap());
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    fn read(text: &str) -> Vec<Unit> {
        let mut out = Vec::new();
        table::read(open(text.as_bytes()).unwrap().source().unwrap(), &mut |item| {
            match item {
                Item::Unit(unit) => out.push(unit),
                other => panic!("{other:?}"),
            }
            Ok(())
        })
        .unwrap();
        out
    }

    #[test]
    fn rows_and_alternatives() {
        let mut twice = unit(&[(Language::EN, "Two, \"2\""), (Language::AZ, "İki"), (Language::AZ, "=İki\n")]);
        twice.tuid = Some("7".to_owned());
        twice.notes.push(Note { attributes: Vec::new(), text: "checked".to_owned() });
        let two = "\"Two, \"\"2\"\"\"";
        let csv = format!("\u{feff}id,en,az,note\r\n7,{two},İki,checked\r\n7,{two},\"'=İki\n\",checked\r\n");
        assert_eq!(written(Form::Csv, &[twice.clone()]), csv);
        let tsv = "id\ten\taz\tnote\n7\tTwo, \"2\"\tİki\tchecked\n7\tTwo, \"2\"\t=İki \tchecked\n";
        assert_eq!(written(Form::Tsv, &[twice]), tsv);
    }

    proptest! {
        #[test]
        fn csv_gives_every_text_back(
            texts in prop::collection::vec(("[-'=+@;,\"\t\n a-cəş]{0,8}[a-z]", "['=@\" ]{0,3}[а-яё][\n\"]?"), 1..8)
        ) {
            let units: Vec<Unit> =
                texts.iter().map(|(en, az)| unit(&[(Language::EN, en), (Language::AZ, az)])).collect();
            prop_assert_eq!(read(&written(Form::Csv, &units)), units);
        }
    }
}
