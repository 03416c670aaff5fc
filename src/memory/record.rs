//! Units as rows, and as JSON for the history.

use super::{MemoryError, hash::StableHash};
use crate::{
    lang::Language,
    model::{Code, Context, Note, Origin, Prop, Provenance, State, Unit, Variant},
};
use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use serde::{Deserialize, Serialize};

/// What few units have; NULL in the row when all of it is empty.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct UnitExtra {
    #[serde(default, skip_serializing_if = "is_default")]
    pub context: Context,
    #[serde(default, skip_serializing_if = "is_default")]
    pub attributes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub props: Vec<Prop>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Vec<Note>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct VariantExtra {
    #[serde(default, skip_serializing_if = "is_default")]
    pub codes: Vec<Code>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub attributes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub props: Vec<Prop>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Vec<Note>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The JSON of `extra`, or NULL where there is nothing in it.
pub(super) fn json<T: Default + PartialEq + Serialize>(extra: &T) -> Result<Option<String>, MemoryError> {
    if is_default(extra) { Ok(None) } else { Ok(Some(serde_json::to_string(extra)?)) }
}

pub(super) fn unjson<T: Default + for<'d> Deserialize<'d>>(text: Option<&str>) -> Result<T, MemoryError> {
    text.map_or(Ok(T::default()), |text| Ok(serde_json::from_str(text)?))
}

impl UnitExtra {
    pub fn of(unit: &Unit) -> UnitExtra {
        UnitExtra {
            context: unit.context.clone(),
            attributes: unit.attributes.clone(),
            props: unit.props.clone(),
            notes: unit.notes.clone(),
        }
    }
}

impl VariantExtra {
    pub fn of(variant: &Variant) -> VariantExtra {
        VariantExtra {
            codes: variant.codes.clone(),
            attributes: variant.attributes.clone(),
            props: variant.props.clone(),
            notes: variant.notes.clone(),
        }
    }
}

pub(super) fn extra_json(unit: &Unit) -> Result<Option<String>, MemoryError> {
    let plain = unit.attributes.is_empty() && unit.props.is_empty() && unit.notes.is_empty();
    if plain && is_default(&unit.context) { Ok(None) } else { json(&UnitExtra::of(unit)) }
}

pub(super) fn variant_extra_json(variant: &Variant) -> Result<Option<String>, MemoryError> {
    let plain = variant.codes.is_empty() && variant.attributes.is_empty();
    if plain && variant.props.is_empty() && variant.notes.is_empty() {
        return Ok(None);
    }
    json(&VariantExtra::of(variant))
}

/// A unit with what the memory adds to it, as the history keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredUnit {
    pub revision: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tuid: Option<String>,
    state: State,
    origin: String,
    provenance: Provenance,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    #[serde(flatten)]
    extra: UnitExtra,
    variants: Vec<StoredVariant>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct StoredVariant {
    language: Language,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    text: String,
    #[serde(flatten)]
    extra: VariantExtra,
}

impl StoredUnit {
    pub fn new(unit: Unit, revision: i64, release: Option<String>) -> StoredUnit {
        StoredUnit {
            revision,
            release,
            tuid: unit.tuid,
            state: unit.state,
            origin: unit.origin.name,
            provenance: unit.origin.provenance,
            date: unit.origin.date.map(|date| date.to_string()),
            score: unit.origin.score,
            extra: UnitExtra {
                context: unit.context,
                attributes: unit.attributes,
                props: unit.props,
                notes: unit.notes,
            },
            variants: unit
                .variants
                .into_iter()
                .map(|v| StoredVariant {
                    language: v.language,
                    tag: v.tag,
                    text: v.text,
                    extra: VariantExtra { codes: v.codes, attributes: v.attributes, props: v.props, notes: v.notes },
                })
                .collect(),
        }
    }

    pub fn unit(self) -> Unit {
        Unit {
            tuid: self.tuid,
            state: self.state,
            origin: Origin {
                name: self.origin,
                provenance: self.provenance,
                date: self.date.and_then(|date| date.parse().ok()),
                score: self.score,
            },
            context: self.extra.context,
            attributes: self.extra.attributes,
            props: self.extra.props,
            notes: self.extra.notes,
            variants: self
                .variants
                .into_iter()
                .map(|v| Variant {
                    language: v.language,
                    tag: v.tag,
                    text: v.text,
                    codes: v.extra.codes,
                    attributes: v.extra.attributes,
                    props: v.extra.props,
                    notes: v.extra.notes,
                })
                .collect(),
        }
    }
}

/// The hash of all that makes two units the same: texts, codes, attributes, props, notes, context, id. State
/// and origin are what the memory knows about a unit, not the unit.
pub(super) fn hash(unit: &Unit) -> i64 {
    let mut hash = StableHash::new();
    let text = |hash: &mut StableHash, text: Option<&str>| match text {
        Some(text) => hash.bytes(text.as_bytes()),
        None => hash.number(u64::MAX),
    };
    let attributes = |hash: &mut StableHash, list: &[(String, String)]| {
        hash.number(list.len() as u64);
        list.iter().flat_map(|(name, value)| [name, value]).for_each(|part| hash.bytes(part.as_bytes()));
    };
    let props = |hash: &mut StableHash, props: &[Prop], notes: &[Note]| {
        hash.number(props.len() as u64);
        for prop in props {
            hash.bytes(prop.kind.as_bytes());
            attributes(hash, &prop.attributes);
            hash.bytes(prop.value.as_bytes());
        }
        hash.number(notes.len() as u64);
        for note in notes {
            attributes(hash, &note.attributes);
            hash.bytes(note.text.as_bytes());
        }
    };
    text(&mut hash, unit.tuid.as_deref());
    for part in [&unit.context.previous, &unit.context.next, &unit.context.document, &unit.context.id] {
        text(&mut hash, part.as_deref());
    }
    attributes(&mut hash, &unit.attributes);
    props(&mut hash, &unit.props, &unit.notes);
    hash.number(unit.variants.len() as u64);
    for variant in &unit.variants {
        hash.bytes(variant.language.as_str().as_bytes());
        text(&mut hash, variant.tag.as_deref());
        hash.bytes(variant.text.as_bytes());
        hash.number(variant.codes.len() as u64);
        for code in &variant.codes {
            hash.number(code.at as u64);
            hash.number(code.kind as u64);
            hash.bytes(code.name.as_bytes());
            attributes(&mut hash, &code.attributes);
            hash.bytes(code.content.as_bytes());
        }
        attributes(&mut hash, &variant.attributes);
        props(&mut hash, &variant.props, &variant.notes);
    }
    hash.finish()
}

/// Whether two units are the same in all that [`hash`] covers.
pub(super) fn same(a: &Unit, b: &Unit) -> bool {
    a.variants == b.variants
        && a.tuid == b.tuid
        && a.context == b.context
        && a.attributes == b.attributes
        && a.props == b.props
        && a.notes == b.notes
}

pub(super) fn state_number(state: State) -> i64 {
    State::ALL.iter().position(|s| *s == state).expect("all states are listed") as i64
}

pub(super) fn state(number: i64) -> State {
    usize::try_from(number).ok().and_then(|n| State::ALL.get(n).copied()).unwrap_or_default()
}

const PROVENANCES: [Provenance; 3] = [Provenance::Release, Provenance::Import, Provenance::Edit];

pub(super) fn provenance_number(provenance: Provenance) -> i64 {
    PROVENANCES.iter().position(|p| *p == provenance).expect("all are listed") as i64
}

pub(super) fn provenance(number: i64) -> Provenance {
    usize::try_from(number).ok().and_then(|n| PROVENANCES.get(n).copied()).unwrap_or_default()
}

/// A date in a column: nanoseconds where they fit, else its text.
pub(super) struct Date(pub Timestamp);

impl ToSql for Date {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match i64::try_from(self.0.as_nanosecond()) {
            Ok(nanoseconds) => Value::Integer(nanoseconds),
            Err(_) => Value::Text(self.0.to_string()),
        }))
    }
}

impl FromSql for Date {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Date> {
        match value {
            ValueRef::Integer(n) => Timestamp::from_nanosecond(i128::from(n)),
            _ => value.as_str()?.parse(),
        }
        .map(Date)
        .map_err(FromSqlError::other)
    }
}
