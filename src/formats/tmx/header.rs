//! The head of a TMX: what a file says of all its units.

use super::{
    OF_TEXT, plain_tag,
    write::{attribute, attributes, notes_and_props},
    written,
};
use crate::{
    lang::Language,
    model::{Note, Prop},
};
use serde::{Deserialize, Serialize};

/// What the head of a TMX says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Header {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// In file order and spelling.
    pub attributes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Prop>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub encodings: Vec<Encoding>,
    /// The heads that a file of ours brings along for its units, by the name that is their origin.
    #[serde(skip)]
    pub carried: Vec<(String, Header)>,
}

/// A user-defined encoding (`ude`): characters of private use and what they stand for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Encoding {
    pub attributes: Vec<(String, String)>,
    /// The attributes of each `map`.
    pub maps: Vec<Vec<(String, String)>>,
}

/// Of several heads a file has one: those of the files its units came from are carried along in properties.
///
/// | property of the head | holds |
/// |---|---|
/// | `x-yaddash-header-of` | the origin whose head this one is |
/// | `x-yaddash-header` | the head of one origin of several, as JSON |
const HEADER_OF: &str = "x-yaddash-header-of";
const HEADER: &str = "x-yaddash-header";

/// What whoever writes a file says of itself.
const OWN: [&str; 7] =
    ["creationtool", "creationtoolversion", "o-tmf", "changedate", "changeid", "creationdate", "creationid"];

/// What a unit takes from the head where it does not say it itself.
pub(super) const INHERITED: [&str; 3] = ["segtype", "srclang", "datatype"];

#[derive(Serialize, Deserialize)]
struct Carried {
    origin: String,
    #[serde(flatten)]
    header: Header,
}

impl Header {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether it was written by us.
    pub fn is_ours(&self) -> bool {
        self.attribute("creationtool") == Some("yaddash")
    }

    /// Whether two heads say the same of their units, whoever wrote them and when.
    pub fn says_as(&self, other: &Header) -> bool {
        let said = |header: &Header| -> Vec<(String, String)> {
            let mut list: Vec<_> =
                header.attributes.iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect();
            list.sort();
            list
        };
        said(self) == said(other)
            && self.props == other.props
            && self.notes == other.notes
            && self.encodings == other.encodings
    }

    /// Whether the standard has a place for all its notes, properties and encodings.
    fn is_plain(&self) -> bool {
        let fits = |list: &[(String, String)]| list.iter().all(|(name, _)| OF_TEXT.contains(&name.as_str()));
        self.props.iter().all(|prop| fits(&prop.attributes))
            && self.notes.iter().all(|note| fits(&note.attributes))
            && self.encodings.iter().all(Encoding::is_plain)
    }

    /// Takes the heads it brings along out of its properties.
    pub(super) fn take_carried(&mut self) {
        let (ours, props) =
            std::mem::take(&mut self.props).into_iter().partition(|prop| prop.kind == HEADER_OF || prop.kind == HEADER);
        self.props = props;
        let ours: Vec<Prop> = ours;
        for prop in ours {
            if prop.kind == HEADER_OF {
                let own = Header { carried: Vec::new(), ..self.clone() };
                self.carried.push((prop.value, own));
            } else if let Ok(Carried { origin, header }) = serde_json::from_str(&prop.value) {
                self.carried.push((origin, header));
            }
        }
    }
}

/// What the head of an exported TMX says.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The source language; `*all*` where any variant may be the source.
    pub source: Option<Language>,
    /// When the file is written.
    pub date: Option<jiff::Timestamp>,
    /// The heads of the files the units came from, by the origin of the units.
    pub heads: Vec<(String, Header)>,
    /// Whether units of another origin, or of none, go out with them.
    pub mixed: bool,
}

/// The head as written, so far as units inherit from it.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Where there are several: of each origin.
    pub heads: Vec<(String, Header)>,
    inherited: [String; 3],
}

impl Written {
    /// What a unit of this origin takes from the head it came with, and would take otherwise from the one written.
    pub fn lost<'h>(&'h self, origin: &str) -> impl Iterator<Item = (&'static str, &'h str)> {
        let head = self.heads.iter().find(|(name, _)| name == origin).map(|(_, head)| head);
        INHERITED.into_iter().zip(&self.inherited).filter_map(move |(name, written)| {
            let told = head?.attribute(name)?;
            let allowed = name != "segtype" || is_segtype(told);
            (told != written && allowed).then_some((name, told))
        })
    }
}

/// Appends the `header` element.
pub(super) fn write(settings: &Settings, out: &mut String) -> Written {
    let only = match &settings.heads[..] {
        [(origin, header)] if !settings.mixed => Some((origin, header)),
        _ => None,
    };
    let said = |name: &str| only.and_then(|(_, header)| header.attribute(name));
    let told = |name: &str| said(name).filter(|value| !value.is_empty());
    let segtype = told("segtype").filter(|value| is_segtype(value)).unwrap_or("sentence").to_owned();
    let known = told("srclang").and_then(|tag| match tag {
        "*all*" => Some(tag.to_owned()),
        tag if plain_tag(tag) => Some(tag.to_owned()),
        tag => tag.parse::<Language>().ok().map(|language| language.to_string()),
    });
    let source = settings.source.as_ref().map(Language::to_string);
    let source = match (source, known) {
        // The tag of the file, where it is of this language.
        (Some(source), Some(known)) if known.parse::<Language>().ok() == source.parse().ok() => known,
        (Some(source), _) => source,
        (None, known) => known.unwrap_or_else(|| "*all*".to_owned()),
    };
    let datatype = said("datatype").unwrap_or("plaintext").to_owned();
    let date = settings.date.map(written);
    let own: Vec<(&str, &str)> = [
        ("creationtool", Some("yaddash")),
        ("creationtoolversion", Some(env!("CARGO_PKG_VERSION"))),
        ("segtype", Some(segtype.as_str())),
        ("o-tmf", Some("yaddash")),
        ("adminlang", Some(said("adminlang").unwrap_or("en"))),
        ("srclang", Some(source.as_str())),
        ("datatype", Some(datatype.as_str())),
        ("o-encoding", told("o-encoding")),
        ("creationdate", told("creationdate").filter(|text| super::date(text).is_some()).or(date.as_deref())),
        ("creationid", told("creationid")),
        ("changedate", date.as_deref().filter(|_| only.is_some())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect();
    out.push_str("<header");
    own.iter().for_each(|(name, value)| attribute(name, value, out));
    let mut inner = String::new();
    if let Some((origin, header)) = only {
        notes_and_props(&header.notes, &header.props, &mut inner);
        for encoding in &header.encodings {
            encoding.write(&mut inner);
        }
        let named = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let written = Header { attributes: own.iter().map(named).collect(), ..header.clone() };
        if header.is_plain() && written.says_as(header) {
            ours(HEADER_OF, origin, &mut inner);
        } else {
            carry(origin, header, &mut inner);
        }
    }
    let heads = if only.is_some() { Vec::new() } else { settings.heads.clone() };
    for (origin, header) in &heads {
        carry(origin, header, &mut inner);
    }
    match inner.is_empty() {
        true => out.push_str("/>\n"),
        false => {
            out.push_str(">\n");
            out.push_str(&inner);
            out.push_str("</header>\n");
        }
    }
    Written { heads, inherited: [segtype, source, datatype] }
}

fn carry(origin: &str, header: &Header, out: &mut String) {
    let carried = Carried { origin: origin.to_owned(), header: header.clone() };
    if let Ok(json) = serde_json::to_string(&carried) {
        ours(HEADER, &json, out);
    }
}

impl Encoding {
    const OWN: [&str; 2] = ["name", "base"];
    const OF_MAP: [&str; 4] = ["unicode", "code", "ent", "subst"];

    /// Whether it goes out as it is: it has a name and maps, each with the character it is about, and nothing else.
    fn is_plain(&self) -> bool {
        let fits = |list: &[(String, String)], names: &[&str]| {
            list.iter().all(|(name, _)| names.contains(&name.as_str())) && has(list, names[0])
        };
        fits(&self.attributes, &Encoding::OWN)
            && !self.maps.is_empty()
            && self.maps.iter().all(|map| fits(map, &Encoding::OF_MAP))
    }

    /// A `ude`, unless the DTD would refuse it.
    fn write(&self, out: &mut String) {
        let maps: Vec<_> = self.maps.iter().filter(|map| has(map, Encoding::OF_MAP[0])).collect();
        if maps.is_empty() || !has(&self.attributes, Encoding::OWN[0]) {
            return;
        }
        out.push_str("<ude");
        attributes(&self.attributes, &Encoding::OWN, out);
        out.push_str(">\n");
        for map in maps {
            out.push_str("<map");
            attributes(map, &Encoding::OF_MAP, out);
            out.push_str("/>\n");
        }
        out.push_str("</ude>\n");
    }
}

pub(super) fn is_segtype(value: &str) -> bool {
    matches!(value, "block" | "paragraph" | "sentence" | "phrase")
}

fn has(list: &[(String, String)], name: &str) -> bool {
    list.iter().any(|(own, _)| own == name)
}

fn ours(kind: &str, value: &str, out: &mut String) {
    let prop = Prop { kind: kind.to_owned(), attributes: Vec::new(), value: value.to_owned() };
    notes_and_props(&[], &[prop], out);
}
