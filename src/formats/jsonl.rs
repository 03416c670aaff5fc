//! JSON Lines: one unit a line with all it holds, out and in; what no other format keeps, this one does.
//!
//! Only `variants` with `language` and `text` is needed; what is left out is empty.

use super::{Each, FormatError, Item, LOST, MAX_SEGMENT, MAX_UNIT, Source, source::Fault};
use crate::{
    lang::Language,
    model::{Code, Context, Note, Origin, Prop, Provenance, State, Unit, UnitId, Variant},
};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

#[derive(Serialize, Deserialize)]
struct Record {
    /// The unit's number in its memory, for the reader's eye: another memory gives its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<UnitId>,
    #[serde(default)]
    tuid: Option<String>,
    variants: Vec<VariantRecord>,
    #[serde(default)]
    state: State,
    #[serde(default)]
    origin: OriginRecord,
    #[serde(default)]
    context: ContextRecord,
    #[serde(default)]
    attributes: Vec<(String, String)>,
    #[serde(default)]
    props: Vec<Prop>,
    #[serde(default)]
    notes: Vec<Note>,
}

#[derive(Serialize, Deserialize)]
struct VariantRecord {
    language: Language,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    codes: Vec<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    props: Vec<Prop>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct OriginRecord {
    name: String,
    provenance: Provenance,
    date: Option<String>,
    score: Option<f32>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct ContextRecord {
    previous: Option<String>,
    next: Option<String>,
    document: Option<String>,
    id: Option<String>,
}

/// Reads a file of JSON Lines, unit by unit.
///
/// # Errors
/// A line that is not JSON or holds no unit. A lenient source passes over it.
pub fn read(mut source: Source<'_>, each: &mut Each<'_>) -> Result<(), FormatError> {
    let lenient = source.lenient;
    let (mut buffer, mut at, mut number, mut ended) = (String::new(), 0, 1, false);
    loop {
        let line = match buffer[at..].find('\n') {
            Some(found) => &buffer[at..at + found],
            None if ended => &buffer[at..],
            None => {
                buffer.drain(..at);
                at = 0;
                let broken = |what: String, column| FormatError::Broken { line: number, column, what };
                if buffer.len() > MAX_UNIT {
                    return Err(broken("a line of more than 16 MiB".to_owned(), 1));
                }
                let more = source.more(&mut buffer);
                ended = !more.map_err(|fault| match fault {
                    Fault::Io(error) => FormatError::Io(error),
                    Fault::TooLong => FormatError::Unsuitable(fault.to_string()),
                    fault => {
                        let line = number + buffer.matches('\n').count();
                        let column = buffer[buffer.rfind('\n').map_or(0, |n| n + 1)..].chars().count() + 1;
                        FormatError::Broken { line, column, what: fault.to_string() }
                    }
                })?;
                continue;
            }
        };
        let item = match line.trim().is_empty() {
            true => None,
            false => Some(match serde_json::from_str::<Record>(line) {
                Ok(record) => item(record, number),
                Err(error) if lenient => Item::skipped(number, error.to_string()),
                Err(error) => {
                    let what = error.to_string();
                    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what).to_owned();
                    return Err(FormatError::Broken { line: number, column: error.column().max(1), what });
                }
            }),
        };
        let end = at + line.len();
        if let Some(item) = item {
            each(item).map_err(FormatError::Stopped)?;
        }
        if end == buffer.len() {
            return Ok(());
        }
        at = end + 1;
        number += 1;
    }
}

fn item(record: Record, line: usize) -> Item {
    let variants = record.variants.into_iter().map(|v| Variant {
        language: v.language,
        tag: v.tag,
        codes: v.codes.into_iter().filter(|c| v.text.is_char_boundary(c.at)).collect(),
        text: v.text,
        attributes: v.attributes,
        props: v.props,
        notes: v.notes,
    });
    let date = record.origin.date.as_deref().map(str::parse::<jiff::Timestamp>);
    let (bad_date, date) = (matches!(date, Some(Err(_))), date.and_then(Result::ok));
    let unit = Unit {
        tuid: record.tuid,
        variants: variants.filter(|v| !v.text.trim().is_empty() || !v.codes.is_empty()).collect(),
        context: Context {
            previous: record.context.previous,
            next: record.context.next,
            document: record.context.document,
            id: record.context.id,
        },
        state: record.state,
        origin: Origin {
            name: record.origin.name,
            provenance: record.origin.provenance,
            date,
            score: record.origin.score,
        },
        attributes: record.attributes,
        props: record.props,
        notes: record.notes,
    };
    if unit.variants.len() < 2 {
        return Item::skipped(line, "fewer than two variants that are not empty");
    }
    if unit.variants.iter().any(|v| v.text.len() > MAX_SEGMENT) {
        return Item::skipped(line, "a segment longer than 1 MiB");
    }
    let illegal = |c: char| c == char::REPLACEMENT_CHARACTER || !super::source::legal(c);
    if unit.variants.iter().any(|v| v.text.contains(illegal)) {
        return Item::skipped(line, LOST);
    }
    if bad_date {
        return Item::skipped(line, "`date` is no date");
    }
    Item::Unit(unit)
}

/// Writes units, one a line.
pub struct Writer<W: Write> {
    to: W,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Writer<W> {
        Writer { to }
    }

    pub fn unit(&mut self, id: Option<UnitId>, unit: &Unit) -> io::Result<()> {
        let unit = unit.clone();
        let record = Record {
            unit: id,
            tuid: unit.tuid,
            variants: unit
                .variants
                .into_iter()
                .map(|v| VariantRecord {
                    language: v.language,
                    tag: v.tag,
                    text: v.text,
                    codes: v.codes,
                    attributes: v.attributes,
                    props: v.props,
                    notes: v.notes,
                })
                .collect(),
            state: unit.state,
            origin: OriginRecord {
                name: unit.origin.name,
                provenance: unit.origin.provenance,
                date: unit.origin.date.map(|date| date.to_string()),
                score: unit.origin.score,
            },
            context: ContextRecord {
                previous: unit.context.previous,
                next: unit.context.next,
                document: unit.context.document,
                id: unit.context.id,
            },
            attributes: unit.attributes,
            props: unit.props,
            notes: unit.notes,
        };
        serde_json::to_writer(&mut self.to, &record)?;
        self.to.write_all(b"\n")
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.to.flush()?;
        Ok(self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::open;

    fn items(text: &str, lenient: bool) -> Result<Vec<Item>, String> {
        let mut source = open(text.as_bytes()).unwrap().source()?;
        source.lenient = lenient;
        let mut out = Vec::new();
        let mut each = |item| {
            out.push(item);
            Ok(())
        };
        read(source, &mut each).map_err(|error| error.to_string())?;
        Ok(out)
    }

    #[test]
    fn a_whole_unit_comes_back() {
        let mut unit = Unit { tuid: Some("7".to_owned()), state: State::Approved, ..Unit::default() };
        unit.variants = vec![Variant::new(Language::EN, "One\n\"1\""), Variant::new(Language::AZ, "Bir")];
        unit.variants[1].tag = Some("az-AZ".to_owned());
        unit.context.previous = Some("Zero".to_owned());
        unit.origin = Origin {
            name: "a.tmx".to_owned(),
            provenance: Provenance::Edit,
            date: Some("2024-05-01T10:00:00Z".parse().unwrap()),
            score: Some(0.5),
        };
        unit.attributes.push(("usagecount".to_owned(), "3".to_owned()));
        unit.notes.push(Note { attributes: Vec::new(), text: "checked".to_owned() });
        let mut writer = Writer::new(Vec::new());
        writer.unit(Some(UnitId(4)), &unit).unwrap();
        writer.unit(None, &unit).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert!(text.starts_with("{\"unit\":4,\"tuid\":\"7\",\"variants\":[{\"language\":\"en\",\"text\":"), "{text}");
        assert_eq!(items(&text, false).unwrap(), [Item::Unit(unit.clone()), Item::Unit(unit)]);
    }

    #[test]
    fn lines_that_hold_no_unit() {
        let pair = "{\"variants\":[{\"language\":\"en\",\"text\":\"a\"},{\"language\":\"az\",\"text\":\"b\"}]}";
        assert_eq!(items(&format!("{pair}\n\n{pair}"), false).unwrap().len(), 2);
        assert_eq!(
            items(&format!("{pair}\n{{\"variants\":3}}\n"), false).unwrap_err(),
            "2:13: invalid type: integer `3`, expected a sequence"
        );
        let lenient = items(&format!("{{\n{pair}\n"), true).unwrap();
        assert!(matches!(&lenient[..], [Item::Skipped(r), Item::Unit(_)] if r.line == 1), "{lenient:?}");
        let one = items("{\"variants\":[{\"language\":\"en\",\"text\":\"a\"}]}", false).unwrap();
        assert!(matches!(&one[..], [Item::Skipped(_)]));
    }
}
