//! What comes back: an XLIFF of any version, as this program, OmegaT or another tool wrote it.

use super::{Done, Mark, Marked, Role, Said, Skeleton};
use crate::{
    formats::{Event, FormatError, MAX_SEGMENT, Source, xml::Reader},
    lang::Language,
};

/// A document in an XLIFF: a `file` of it.
#[derive(Debug, Clone)]
pub struct Returned {
    pub name: String,
    pub source: Language,
    /// `None` where the file does not tell.
    pub target: Option<Language>,
    pub skeleton: Skeleton,
    pub segments: Vec<ReturnedSegment>,
}

/// A unit of a file as it came back.
#[derive(Debug, Clone, Default)]
pub struct ReturnedSegment {
    /// The id of the unit, and behind a stroke that of the segment where a unit has several.
    pub id: String,
    /// Of the file, from 1.
    pub line: usize,
    pub source: Marked,
    /// The segments the source was parted into by another tool, with their `mid`.
    pub parts: Vec<(String, Marked)>,
    pub target: Option<Marked>,
    pub said: Said,
    /// The first match beside it: what it was filled in from.
    pub proposed: Option<Marked>,
    /// Not marked `translate="no"`.
    pub translate: bool,
}

impl ReturnedSegment {
    pub fn done(&self) -> Done {
        self.said.judged(&self.source, self.target.as_ref(), self.proposed.as_ref())
    }

    /// The texts to translate: the parts, or the whole.
    pub fn sources(&self) -> impl Iterator<Item = &Marked> {
        let whole = self.parts.is_empty().then_some(&self.source);
        self.parts.iter().map(|(_, part)| part).chain(whole)
    }
}

/// Bytes of a skeleton as Base64, with its line ends: a little more than what is ever written.
const SKELETON: usize = 12 << 20;

/// The documents of an XLIFF.
///
/// # Errors
/// Where the file is not well-formed, no XLIFF, or does not tell the language of its sources.
pub fn read(source: Source<'_>) -> Result<Vec<Returned>, FormatError> {
    let mut xml = Reader::new(source);
    while xml.next()? != Event::Start {}
    if xml.local() != "xliff" {
        return Err(xml.error("the root element is not `xliff`"));
    }
    let mut file = File {
        languages: (language(&xml, "srcLang")?, language(&xml, "trgLang")?),
        xml,
        out: Vec::new(),
        translate: Vec::new(),
    };
    while file.element()? {}
    Ok(file.out)
}

fn language(xml: &Reader<'_>, attribute: &str) -> Result<Option<Language>, FormatError> {
    match xml.attribute(attribute).filter(|tag| !tag.trim().is_empty()) {
        Some(tag) => tag.parse().map(Some).map_err(|error| xml.error(format!("`{attribute}`: {error}"))),
        None => Ok(None),
    }
}

struct File<'r> {
    xml: Reader<'r>,
    /// Of the file in an XLIFF 2.
    languages: (Option<Language>, Option<Language>),
    out: Vec<Returned>,
    /// Depths of the elements that say `translate`, and what they say.
    translate: Vec<(usize, bool)>,
}

impl File<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        self.xml.attribute(name).map(str::to_owned)
    }

    /// The next thing above the units; false at the end.
    fn element(&mut self) -> Result<bool, FormatError> {
        match self.xml.next()? {
            Event::Eof => return Ok(false),
            Event::Text => {}
            Event::End => {
                let depth = self.xml.depth();
                self.translate.retain(|(at, _)| *at < depth);
            }
            Event::Start => {
                let depth = self.xml.depth();
                if let Some(said) = self.xml.attribute("translate") {
                    let said = said != "no";
                    self.translate.push((depth, said));
                }
                match self.xml.local() {
                    "file" => self.file()?,
                    "header" | "skl" | "body" | "group" => {}
                    "internal-file" | "external-file" | "skeleton" => self.skeleton()?,
                    "trans-unit" => self.trans_unit()?,
                    "unit" => self.unit()?,
                    _ => {
                        self.translate.pop_if(|(at, _)| *at == depth);
                        self.xml.skip()?;
                    }
                }
            }
        }
        Ok(true)
    }

    fn file(&mut self) -> Result<(), FormatError> {
        let source = language(&self.xml, "source-language")?.or(self.languages.0);
        let target = language(&self.xml, "target-language")?.or(self.languages.1);
        let Some(source) = source else {
            return Err(self
                .xml
                .error("the file does not tell the language of its sources (`source-language`, `srcLang`)"));
        };
        let name = self.attribute("original").or(self.attribute("id")).unwrap_or_default();
        self.out.push(Returned { name, source, target, skeleton: Skeleton::default(), segments: Vec::new() });
        Ok(())
    }

    fn skeleton(&mut self) -> Result<(), FormatError> {
        let digest = self.attribute("crc").and_then(|crc| crc.strip_prefix("sha256-").map(str::to_owned));
        let referred = self.attribute("href").and_then(|href| href.split_once("#sha256=").map(|(_, d)| d.to_owned()));
        let text = self.xml.whole_text(SKELETON)?;
        // A `data:` URL in XLIFF 2.
        let (head, code) = match text.split_once("base64,") {
            Some((head, code)) => (head, code),
            None => ("", text.as_str()),
        };
        let within = head.split_once("sha256=").map(|(_, digest)| digest.trim_end_matches(';').to_owned());
        let Some(digest) = digest.or(referred).or(within) else { return Ok(()) };
        if let Some(file) = self.out.last_mut() {
            file.skeleton = Skeleton::read(&digest, Some(code).filter(|code| !code.trim().is_empty()));
        }
        Ok(())
    }

    fn push(&mut self, segment: ReturnedSegment) -> Result<(), FormatError> {
        match self.out.last_mut() {
            Some(file) => file.segments.push(segment),
            None => return Err(self.xml.error("a unit outside of any `file`")),
        }
        Ok(())
    }

    fn is_translated(&self) -> bool {
        self.translate.last().is_none_or(|(_, said)| *said)
    }

    /// A `trans-unit` of XLIFF 1.
    fn trans_unit(&mut self) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        let mut out = ReturnedSegment {
            id: self.attribute("id").unwrap_or_default(),
            line: self.xml.line(),
            translate: self.is_translated(),
            ..ReturnedSegment::default()
        };
        out.said.approved = self.xml.attribute("approved").map(|value| value == "yes");
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "source" => out.source = content(&mut self.xml)?.0,
                    "seg-source" => out.parts = content(&mut self.xml)?.1,
                    "target" => {
                        out.said.state = self.attribute("state");
                        out.said.qualifier = self.attribute("state-qualifier");
                        out.target = Some(content(&mut self.xml)?.0);
                    }
                    "alt-trans" => {
                        let found = self.candidate()?;
                        out.proposed = out.proposed.or(found);
                    }
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        self.translate.retain(|(at, _)| *at < depth);
        self.push(out)
    }

    /// A `unit` of XLIFF 2, each segment of it by itself.
    fn unit(&mut self) -> Result<(), FormatError> {
        let depth = self.xml.depth();
        let unit = self.attribute("id").unwrap_or_default();
        let translate = self.is_translated();
        let mut proposed = None;
        let mut segments = Vec::new();
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "matches" => {}
                    "match" => {
                        let found = self.candidate()?;
                        proposed = proposed.or(found);
                    }
                    "segment" => segments.push(self.segment()?),
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        self.translate.retain(|(at, _)| *at < depth);
        let several = segments.len() > 1;
        for (number, mut segment) in segments.into_iter().enumerate() {
            let own = std::mem::take(&mut segment.id);
            segment.id = match (several, own.is_empty()) {
                (false, _) => unit.clone(),
                (true, false) => format!("{unit}/{own}"),
                (true, true) => format!("{unit}/{}", number + 1),
            };
            segment.translate = translate;
            // Which segment a candidate is for matters only where there are several.
            segment.proposed = proposed.clone().filter(|_| !several);
            self.push(segment)?;
        }
        Ok(())
    }

    fn segment(&mut self) -> Result<ReturnedSegment, FormatError> {
        let depth = self.xml.depth();
        let substate = self.xml.attribute("subState").and_then(|said| said.split_once(':'));
        let mut out = ReturnedSegment {
            id: self.attribute("id").unwrap_or_default(),
            line: self.xml.line(),
            said: Said {
                approved: None,
                state: self.attribute("state"),
                qualifier: substate.map(|(_, s)| s.to_owned()),
            },
            ..ReturnedSegment::default()
        };
        loop {
            match self.xml.next()? {
                Event::Start => match self.xml.local() {
                    "source" => out.source = content(&mut self.xml)?.0,
                    "target" => out.target = Some(content(&mut self.xml)?.0),
                    _ => self.xml.skip()?,
                },
                Event::End if self.xml.depth() == depth => return Ok(out),
                _ => {}
            }
        }
    }

    /// The target of an `alt-trans` or `match`.
    fn candidate(&mut self) -> Result<Option<Marked>, FormatError> {
        let depth = self.xml.depth();
        let mut out = None;
        loop {
            match self.xml.next()? {
                Event::Start if self.xml.local() == "target" => {
                    let target = content(&mut self.xml)?.0;
                    out.get_or_insert(target);
                }
                Event::Start => self.xml.skip()?,
                Event::End if self.xml.depth() == depth => return Ok(out),
                _ => {}
            }
        }
    }
}

/// What the end of an open element says.
enum Open {
    Pair(String),
    Part(String, usize, usize),
    Nothing,
}

/// Segments a source is parted into: their `mid` and content.
type Parts = Vec<(String, Marked)>;

/// The words and codes of the element just started, and its parts; its end is read. Of a segment longer than any that
/// is stored only the beginning is kept.
fn content(xml: &mut Reader<'_>) -> Result<(Marked, Parts), FormatError> {
    let depth = xml.depth();
    let mut out = Marked::default();
    let mut parts = Vec::new();
    let mut open = Vec::new();
    loop {
        match xml.next()? {
            Event::Text if out.text.len() <= MAX_SEGMENT => out.text.push_str(xml.text()),
            Event::Start => {
                let before = open.len();
                open.extend(start(xml, &mut out)?);
                debug_assert!(open.len() <= before + 1);
            }
            Event::End if xml.depth() == depth => return Ok((out, parts)),
            Event::End => match open.pop() {
                Some(Open::Pair(id)) => out.marks.push(Mark { at: out.text.len(), role: Role::Close, id }),
                Some(Open::Part(mid, text, marks)) => {
                    let part = out.text.get(text..).unwrap_or_default().to_owned();
                    let marks = out
                        .marks
                        .iter()
                        .skip(marks)
                        .map(|mark| Mark { at: mark.at.saturating_sub(text), ..mark.clone() });
                    parts.push((mid, Marked { text: part, marks: marks.collect() }));
                }
                Some(Open::Nothing) | None => {}
            },
            Event::Eof => return Ok((out, parts)),
            Event::Text => {}
        }
    }
}

/// Takes in a code. `None` for an element whose end was read.
fn start(xml: &mut Reader<'_>, out: &mut Marked) -> Result<Option<Open>, FormatError> {
    let get = |name: &str| xml.attribute(name).map(str::to_owned);
    let id = get("id").unwrap_or_default();
    let at = out.text.len();
    let mut mark = |role, id: String| {
        // What has no id cannot be told from others.
        if !id.is_empty() {
            out.marks.push(Mark { at, role, id });
        }
    };
    let pair = || get("rid").or(get("startRef")).unwrap_or_else(|| id.clone());
    match xml.local() {
        "g" | "pc" => {
            mark(Role::Open, id.clone());
            return Ok(Some(if id.is_empty() { Open::Nothing } else { Open::Pair(id) }));
        }
        "mrk" if get("mtype").as_deref() == Some("seg") => {
            return Ok(Some(Open::Part(get("mid").unwrap_or_default(), at, out.marks.len())));
        }
        "x" | "ph" | "it" => mark(Role::Alone, id),
        "bx" | "sc" | "bpt" => mark(Role::Open, pair()),
        "ex" | "ec" | "ept" => mark(Role::Close, pair()),
        "cp" => {}
        _ => return Ok(Some(Open::Nothing)),
    }
    // Native code is no text.
    xml.skip()?;
    Ok(None)
}
