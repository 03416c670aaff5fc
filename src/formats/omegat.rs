//! OmegaT's project folder: what `omegat.project` says, and units as OmegaT takes them from a TMX.
//!
//! OmegaT 3.6 to 6 read every TMX below `tm`; exact matches of those below `tm/auto` are inserted by OmegaT itself,
//! matches of `tm/penalty-030` count 30 percent less. Files that change are read again while a project is open. [OmegaT
//! manual, Project folder, Translation memories; its classes `ExternalTMX`, `ImportFromAutoTMX`, `ProjectTMX`]

use super::{Event, FormatError, open, xml};
use crate::{
    lang::Language,
    model::{Code, CodeKind, Prop, Unit, Variant},
};
use jiff::Timestamp;

/// The file that makes a folder a project.
pub const PROJECT: &str = "omegat.project";
/// All that the translators of a project have entered, below its folder.
pub const SAVED: &str = "omegat/project_save.tmx";
/// The folders of a project, in OmegaT's default places. It opens no project that lacks one.
pub const FOLDERS: [&str; 6] = ["source", "target", "tm", "glossary", "dictionary", "omegat"];
/// A folder that is where OmegaT puts it by default.
const DEFAULT: &str = "__DEFAULT__";

/// What is read of a project's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The languages, and their tags as the project spells them.
    pub from: Language,
    pub to: Language,
    pub source_tag: String,
    pub target_tag: String,
    /// Where translation memories and glossaries are, below the project's folder or absolute.
    pub tm: String,
    pub glossary: String,
}

impl Project {
    /// A new project with everything in its default place.
    pub fn new(from: Language, to: Language) -> Project {
        let folder = |name: &str| name.to_owned();
        let tag = |language: Language| language.as_str().to_owned();
        Project { from, to, source_tag: tag(from), target_tag: tag(to), tm: folder("tm"), glossary: folder("glossary") }
    }

    /// Reads an `omegat.project`.
    ///
    /// # Errors
    /// What is no XML, or names no pair of languages.
    pub fn read(bytes: &[u8]) -> Result<Project, FormatError> {
        let unsuitable = |what: String| FormatError::Unsuitable(what);
        let source = open(bytes)?.source().map_err(|name| unsuitable(format!("the encoding `{name}` is not known")))?;
        let mut xml = xml::Reader::new(source);
        let [mut source, mut target, mut tm, mut glossary] = [const { None::<String> }; 4];
        loop {
            match xml.next()? {
                Event::Start => {
                    if xml.depth() == 1 && xml.local() != "omegat" {
                        let what = format!("the root element is `{}`, not `omegat`", super::shortened(xml.name()));
                        return Err(xml.error(what));
                    }
                    let field = match xml.local() {
                        "source_lang" => &mut source,
                        "target_lang" => &mut target,
                        "tm_dir" => &mut tm,
                        "glossary_dir" => &mut glossary,
                        _ => continue,
                    };
                    *field = Some(xml.whole_text(super::MAX_SEGMENT)?.trim().to_owned());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let language = |tag: &Option<String>, element: &str| {
            let tag = tag.as_deref().unwrap_or_default();
            tag.parse::<Language>()
                .map_err(|_| unsuitable(format!("`{element}` names no language: `{}`", super::shortened(tag))))
        };
        let (from, to) = (language(&source, "source_lang")?, language(&target, "target_lang")?);
        let folder = |named: Option<String>, usual: &str| {
            named.filter(|named| !named.is_empty() && named != DEFAULT).unwrap_or_else(|| usual.to_owned())
        };
        Ok(Project {
            from,
            to,
            source_tag: source.unwrap_or_default(),
            target_tag: target.unwrap_or_default(),
            tm: folder(tm, "tm"),
            glossary: folder(glossary, "glossary"),
        })
    }

    /// The `omegat.project` of a project with all folders in their default places.
    pub fn written(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<omegat>\n");
        out.push_str("    <project version=\"1.0\">\n");
        for (element, value) in [
            ("source_dir", DEFAULT),
            ("target_dir", DEFAULT),
            ("tm_dir", DEFAULT),
            ("glossary_dir", DEFAULT),
            ("glossary_file", DEFAULT),
            ("dictionary_dir", DEFAULT),
            ("source_lang", &self.source_tag),
            ("target_lang", &self.target_tag),
            ("sentence_seg", "true"),
            ("support_default_translations", "true"),
            ("remove_tags", "false"),
        ] {
            out.push_str(&format!("        <{element}>"));
            xml::escape_text(value, &mut out);
            out.push_str(&format!("</{element}>\n"));
        }
        out.push_str("    </project>\n</omegat>\n");
        out
    }

    /// The unit as units of one source and one target each, which is all that OmegaT takes: of several targets in a `tu` it
    /// sees one.
    ///
    /// - The words stand without the white space around them: OmegaT looks for a segment without it and puts the
    ///   document's own there.
    /// - Highlighted words are kept between two codes: OmegaT leaves out what stands in `hi`.
    /// - Properties and `tuid` are left out: with some of them OmegaT takes a unit for one that belongs to a place in one
    ///   file. Who made it and when, and notes, stay.
    pub fn pairs(&self, unit: &Unit) -> Vec<Unit> {
        let mut out = Vec::new();
        let side = |language: Language, tag: &str| -> Vec<Variant> {
            let all = unit.variants.iter().filter(|variant| variant.language == language);
            all.map(|variant| taken(variant, tag)).filter(|variant| !variant.text.is_empty()).collect()
        };
        let targets = side(self.to, &self.target_tag);
        for source in side(self.from, &self.source_tag) {
            for target in &targets {
                let mut pair = Unit {
                    variants: vec![source.clone(), target.clone()],
                    attributes: authorship(&unit.attributes),
                    notes: unit.notes.clone(),
                    ..Unit::default()
                };
                // A date the unit's own attributes do not tell.
                let told = [&pair.attributes, &target.attributes].iter().any(|list| has_date(list));
                if let Some(date) = unit.origin.date.filter(|_| !told) {
                    pair.attributes.push(("changedate".to_owned(), super::tmx::written(date)));
                }
                pair.origin.date = super::tmx::told_date(&pair);
                out.push(pair);
            }
        }
        out
    }
}

/// The properties by which OmegaT knows the one place a translation belongs to, if the unit came from OmegaT with
/// them: then it is no default translation.
pub fn place(unit: &Unit) -> Option<Vec<Prop>> {
    let keys = ["file", "id", "prev", "next", "path"];
    let props: Vec<Prop> = unit.props.iter().filter(|prop| keys.contains(&prop.kind.as_str())).cloned().collect();
    props.iter().any(|prop| prop.kind == "file").then_some(props)
}

/// Whether a TMX that begins so was written by OmegaT: a project's own, or one it exports.
pub fn wrote(head: &str) -> bool {
    let Some(header) = head.find("<header").map(|at| &head[at..]) else { return false };
    let header = &header[..header.find('>').unwrap_or(header.len())];
    ["creationtool=\"OmegaT\"", "creationtool='OmegaT'"].iter().any(|said| header.contains(said))
}

/// Java's white space and the no-break space, which OmegaT cuts off around a segment.
fn cut_off(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{2007}' | '\u{202f}' | '\u{85}')
}

fn taken(variant: &Variant, tag: &str) -> Variant {
    let cut = variant.text.len() - variant.text.trim_start_matches(cut_off).len();
    let text = variant.text.trim_matches(cut_off);
    let codes =
        variant.codes.iter().map(|code| Code { at: code.at.saturating_sub(cut).min(text.len()), ..code.clone() });
    let mut codes: Vec<Code> = codes.collect();
    highlights_as_codes(&mut codes);
    Variant {
        tag: Some(tag.to_owned()),
        codes,
        attributes: authorship(&variant.attributes),
        notes: variant.notes.clone(),
        ..Variant::new(variant.language, text)
    }
}

/// `hi` as a pair of codes around the words, with numbers no other pair has.
fn highlights_as_codes(codes: &mut [Code]) {
    let number = |code: &Code| code.attributes.iter().find(|(n, _)| n == "i").and_then(|(_, v)| v.parse::<u64>().ok());
    let mut next = codes.iter().filter_map(number).max().unwrap_or(0).saturating_add(1);
    let mut open = Vec::new();
    for code in codes.iter_mut().filter(|code| code.kind != CodeKind::Alone) {
        let name = match code.kind {
            CodeKind::Open => {
                open.push(next);
                next = next.saturating_add(1);
                "bpt"
            }
            _ => "ept",
        };
        let number = if name == "bpt" { open.last().copied() } else { open.pop() };
        code.kind = CodeKind::Alone;
        code.name = name.to_owned();
        code.attributes = number.map(|number| ("i".to_owned(), number.to_string())).into_iter().collect();
    }
}

fn authorship(attributes: &[(String, String)]) -> Vec<(String, String)> {
    let said = ["creationdate", "creationid", "changedate", "changeid"];
    attributes.iter().filter(|(name, _)| said.contains(&name.as_str())).cloned().collect()
}

fn has_date(attributes: &[(String, String)]) -> bool {
    attributes.iter().any(|(name, _)| matches!(name.as_str(), "changedate" | "creationdate"))
}

/// How far one of several translations is to be preferred as the one OmegaT inserts: those for every place before those
/// of one, then the higher state, then the later date.
pub fn preference(unit: &Unit) -> (bool, crate::model::State, Option<Timestamp>) {
    (place(unit).is_none(), unit.state, unit.origin.date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::State;

    fn en_az() -> Project {
        Project { source_tag: "EN-US".to_owned(), ..Project::new(Language::EN, Language::AZ) }
    }

    fn unit(variants: &[(Language, &str)]) -> Unit {
        let variants = variants.iter().map(|(language, text)| Variant::new(*language, *text)).collect();
        Unit { variants, ..Unit::default() }
    }

    fn code(at: usize, kind: CodeKind, name: &str, i: Option<&str>) -> Code {
        let attributes = i.map(|i| ("i".to_owned(), i.to_owned())).into_iter().collect();
        Code { at, kind, name: name.to_owned(), attributes, content: String::new() }
    }

    #[test]
    fn what_is_written_is_read() {
        let project = en_az();
        assert_eq!(Project::read(project.written().as_bytes()).unwrap(), project);
        let moved = project.written().replacen("<tm_dir>__DEFAULT__", "<tm_dir>../memories &amp; more", 1);
        assert_eq!(Project::read(moved.as_bytes()).unwrap().tm, "../memories & more");
    }

    #[test]
    fn what_is_no_project_is_refused() {
        for (text, want) in [
            ("<tmx/>", "1:1: the root element is `tmx`, not `omegat`"),
            ("<omegat><project/></omegat>", "`source_lang` names no language: ``"),
            ("<omegat><source_lang>EN</source_lang><target_lang>?</target_lang></omegat>", "`target_lang` names no"),
            ("<omegat>", "1:9"),
        ] {
            let error = Project::read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(want), "{text}: {error}");
        }
    }

    #[test]
    fn each_target_is_a_unit_of_its_own() {
        let unit = unit(&[
            (Language::EN, "\u{a0} Thanks. "),
            (Language::RU, "Спасибо."),
            (Language::AZ, " Sağ ol."),
            (Language::AZ, "Təşəkkürlər.\u{202f}"),
            (Language::AZ, " "),
        ]);
        let texts: Vec<String> = en_az()
            .pairs(&unit)
            .iter()
            .map(|pair| {
                let side = |v: &Variant| format!("{}={}", v.tag.as_deref().unwrap(), v.text);
                pair.variants.iter().map(side).collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(texts, ["EN-US=Thanks. az=Sağ ol.", "EN-US=Thanks. az=Təşəkkürlər.\u{202f}"]);
    }

    #[test]
    fn what_would_tie_a_unit_to_a_place_is_left_out() {
        let mut unit = unit(&[(Language::EN, "Edit"), (Language::AZ, "Redaktə")]);
        let prop = |kind: &str| Prop { kind: kind.to_owned(), attributes: Vec::new(), value: "x".to_owned() };
        unit.props = vec![prop("file"), prop("x-client"), prop("prev")];
        unit.tuid = Some("7".to_owned());
        unit.attributes =
            vec![("creationid".to_owned(), "leyla".to_owned()), ("usagecount".to_owned(), "3".to_owned())];
        unit.origin.date = Some("2024-03-12T10:00:00.5Z".parse().unwrap());
        let pair = &en_az().pairs(&unit)[0];
        assert_eq!((&pair.tuid, pair.props.len()), (&None, 0));
        let attributes: Vec<String> = pair.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(attributes, ["creationid=leyla", "changedate=20240312T100000Z"]);
        let kinds: Vec<String> = place(&unit).unwrap().into_iter().map(|prop| prop.kind).collect();
        assert_eq!(kinds, ["file", "prev"]);
        unit.props.remove(0);
        assert_eq!(place(&unit), None, "without a file it is for all places");
    }

    #[test]
    fn highlighted_words_stay_words() {
        let mut unit = unit(&[(Language::EN, " Press OK now"), (Language::AZ, "OK basın")]);
        unit.variants[0].codes = vec![
            code(1, CodeKind::Alone, "bpt", Some("4")),
            code(7, CodeKind::Open, "hi", None),
            code(9, CodeKind::Close, "hi", None),
            code(13, CodeKind::Alone, "ept", Some("4")),
        ];
        let codes: Vec<String> = en_az().pairs(&unit)[0].variants[0]
            .codes
            .iter()
            .map(|code| format!("{}{}@{}", code.name, code.attributes[0].1, code.at))
            .collect();
        assert_eq!(codes, ["bpt4@0", "bpt5@6", "ept5@8", "ept4@12"]);
    }

    #[test]
    fn its_own_files_are_known_by_their_head() {
        for (head, want) in [
            ("<tmx><header creationtool=\"OmegaT\" o-tmf=\"OmegaT TMX\"/>", true),
            ("<tmx><header o-tmf='x' creationtool='OmegaT'>", true),
            ("<tmx><header creationtool=\"yaddash\"/><body><tu creationtool=\"OmegaT\">", false),
            ("<tmx>", false),
        ] {
            assert_eq!(wrote(head), want, "{head}");
        }
    }

    #[test]
    fn the_translation_to_insert() {
        let at = |state, date: &str| {
            let mut unit = Unit { state, ..Unit::default() };
            unit.origin.date = date.parse().ok();
            preference(&unit)
        };
        assert!(at(State::Approved, "") > at(State::Imported, "2024-01-01T00:00:00Z"));
        assert!(at(State::Imported, "2024-01-02T00:00:00Z") > at(State::Imported, "2024-01-01T00:00:00Z"));
    }
}
