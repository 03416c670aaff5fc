//! New words in DOCX: runs are written anew with the formats they had, codes as they were.

mod layout;
mod write;

use super::{Edit, Native, Part, Role, Source, Template, html};
use crate::{
    formats::documents::{
        Builder, DocumentError, Read,
        docx::{SEPARATOR, read_parts},
        encoding::Decoded,
        package::{Package, Xml},
        trace::{Mark, What},
    },
    lang::Language,
    text::{Span, prefix},
};
pub(super) use layout::Layout;
use layout::{full, local};
use quick_xml::events::Event;
use std::{
    collections::HashMap,
    io::{Cursor, Write as _},
    ops::Range,
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The parts of a package whose text may change, and how their tokens stand in them.
#[derive(Debug, Default)]
pub(super) struct Document {
    parts: Vec<PackagePart>,
    pub layout: Layout,
}

impl Document {
    /// What is written twice reads the same in both places.
    pub fn twins(&self) -> impl Iterator<Item = Edit> {
        self.layout.twins.iter().map(|(second, first)| Edit { span: *second, parts: vec![Part::Kept(*first)] })
    }
}

#[derive(Debug)]
struct PackagePart {
    name: String,
    /// In the source that all parts make together.
    span: Span,
    /// Its encoding; without its text.
    source: Source,
}

/// A document read with the way back to its parts.
pub(super) fn open(name: &str, bytes: &[u8]) -> Result<(Read, Source, Document), DocumentError> {
    let (mut read, names) = read_parts(Package::open(name, bytes)?, Builder::traced())?;
    let mut package = Package::open(name, bytes)?;
    let mut whole = String::new();
    let mut parts = Vec::new();
    let mut at = 0;
    for name in names {
        let name = name.trim_start_matches('/').to_owned();
        let nothing = || Decoded { text: String::new(), encoding: encoding_rs::UTF_8, mark: 0 };
        let decoded = package.decoded(&name)?.unwrap_or_else(nothing);
        let source = Source::new(Decoded { text: decoded.text.clone(), ..decoded });
        whole.push_str(&decoded.text);
        whole.push_str(SEPARATOR);
        let span = Span::new(at, at + source.text.len());
        at = span.end + SEPARATOR.len();
        parts.push(PackagePart { name, span, source: source.without_text() });
    }
    let source = Source::new(Decoded { text: whole, encoding: encoding_rs::UTF_8, mark: 0 });
    let (tokens, layout) = Layout::arrange(std::mem::take(&mut read.trace.tokens), &source.text);
    read.trace.tokens = tokens;
    Ok((read, source, Document { parts, layout }))
}

/// What a code of a DOCX adds to one of another format.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Look {
    /// The run whose format words have behind it; for an end, that of what it ends.
    pub run: Option<usize>,
    /// Its token; none for a change of format.
    pub token: Option<usize>,
}

impl Template {
    /// The codes of a segment that is made of these tokens, and the run whose format most of its words have.
    pub(super) fn docx_natives(&self, range: Range<usize>, span: Span) -> (Vec<Native>, Option<usize>) {
        let partners = self.partners(range.clone());
        let regions = self.regions(&range, &partners);
        let mut out: Vec<Native> = Vec::new();
        let mut numbers = vec![0; range.len()];
        // The next token that is no code for itself.
        let mut next = vec![range.end; range.len()];
        for at in range.clone().rev().skip(1) {
            let behind = at + 1;
            let is_alone = matches!(self.trace.tokens[behind].what, What::Alone(_));
            next[at - range.start] = if is_alone { next[behind - range.start] } else { behind };
        }
        // An open change of format: the number of its code, and of the run.
        let mut format: Option<(usize, usize)> = None;
        for at in range.clone() {
            let token = &self.trace.tokens[at];
            let from = token.text.start.clamp(span.start, span.end);
            let to = token.text.end.clamp(from, span.end);
            let place = from - span.start;
            let detail = &self.docx.layout.details[at];
            let region = &regions.list[regions.of[at - range.start]];
            let differs = |run: usize| region.base.is_some_and(|base| self.class(base) != self.class(run));
            let new = match token.what {
                What::Words(_) => detail.run.filter(|run| differs(*run) && self.shows(*run, Span::new(from, to))),
                // What stands among words of one format does not part them.
                What::Alone(_) => format.map(|(_, run)| run).filter(|run| {
                    let next = next[at - range.start];
                    let words = Some(next)
                        .filter(|next| *next < range.end && matches!(self.trace.tokens[*next].what, What::Words(_)));
                    let after = words.and_then(|next| self.docx.layout.details[next].run);
                    after.is_some_and(|after| self.class(after) == self.class(*run))
                }),
                _ => None,
            };
            if let Some((open, run)) = format
                && new.is_none_or(|new| self.class(new) != self.class(run))
            {
                let end = out.len();
                out[open].role = Role::Open(end);
                out.push(self.format_native(place, Role::Close(open), run, region.base));
                format = None;
            }
            if let (Some(run), None) = (new, format) {
                format = Some((out.len(), run));
                out.push(self.format_native(place, Role::Lone { opens: true }, run, region.base));
            }
            numbers[at - range.start] = out.len();
            let (mark, role, covers) = match token.what {
                What::Open(mark) => (mark, Role::Lone { opens: true }, 0),
                What::Close(mark) => (mark, Role::Lone { opens: false }, 0),
                // What is cut belongs to the segment it begins in.
                What::Alone(mark) if token.text.is_empty() || token.text.start >= span.start => {
                    (mark, Role::Alone, to - from)
                }
                _ => continue,
            };
            // The region behind what opens is that of the next token.
            let region = regions.of.get(at + 1 - range.start).or(regions.of.last());
            let run = region.and_then(|region| regions.list[*region].base);
            out.push(self.docx_native(
                at,
                Native {
                    source: token.source,
                    at: place,
                    covers,
                    role,
                    mark,
                    kind: "",
                    shown: String::new(),
                    look: Look { run, token: Some(at) },
                },
            ));
        }
        if let Some((open, run)) = format {
            let end = out.len();
            out[open].role = Role::Open(end);
            let base = regions.list.last().and_then(|region| region.base);
            out.push(self.format_native(span.len(), Role::Close(open), run, base));
        }
        for (at, partner) in partners.iter().enumerate() {
            if let Some(partner) = partner.map(|partner| numbers[partner - range.start]) {
                let role = if numbers[at] < partner { Role::Open(partner) } else { Role::Close(partner) };
                out[numbers[at]].role = role;
            }
        }
        self.ranges(&mut out);
        (out, regions.list[0].base)
    }

    fn class(&self, run: usize) -> usize {
        self.docx.layout.runs[run].class
    }

    /// The format of a run can be seen in these words.
    fn shows(&self, run: usize, words: Span) -> bool {
        let blank = words.of(&self.document.text).trim().is_empty();
        let properties = self.docx.layout.runs[run].properties.map_or("", |span| span.of(&self.source.text));
        !blank || ["<w:u ", "<w:highlight ", "<w:shd ", "<w:strike"].iter().any(|mark| properties.contains(mark))
    }

    /// Stretches of tokens with one format of their own: the segment, each pair in it, and what follows a code whose other
    /// end is outside.
    fn regions(&self, range: &Range<usize>, partners: &[Option<usize>]) -> Regions {
        let mut list: Vec<Region> = vec![Region::default()];
        let mut of = Vec::with_capacity(range.len());
        let mut stack = vec![0];
        for at in range.clone() {
            let token = &self.trace.tokens[at];
            let partner = partners[at - range.start];
            let last = stack.last().copied().unwrap_or(0);
            match (token.what, partner) {
                (What::Open(_), Some(_)) => {
                    of.push(last);
                    stack.push(list.len());
                    list.push(Region { outer: Some(last), ..Region::default() });
                }
                (What::Close(_), Some(_)) => {
                    stack.pop();
                    of.push(stack.last().copied().unwrap_or(0));
                }
                (What::Open(_) | What::Close(_), None) => {
                    of.push(last);
                    stack = vec![list.len()];
                    list.push(Region { outer: Some(last), ..Region::default() });
                }
                _ => of.push(last),
            }
            if let (What::Words(_), Some(run)) = (token.what, self.docx.layout.details[at].run) {
                let class = self.class(run);
                let counts = &mut list[last].counts;
                match counts.iter_mut().find(|(counted, _)| self.class(*counted) == class) {
                    Some((_, count)) => *count += token.text.len(),
                    None => counts.push((run, token.text.len())),
                }
            }
        }
        for at in 0..list.len() {
            let most = list[at].counts.iter().map(|(_, count)| *count).max();
            let own = list[at].counts.iter().find(|(_, count)| Some(*count) == most).map(|(run, _)| *run);
            list[at].base = own.or_else(|| list[at].outer.and_then(|outer| list[outer].base));
        }
        // A segment that is one link has no words beside it, one that is a sign has none at all.
        if list[0].base.is_none() {
            let any = || self.docx.layout.details[range.clone()].iter().find_map(|detail| detail.run);
            list[0].base = list.iter().find_map(|region| region.base).or_else(any);
        }
        Regions { list, of }
    }

    fn format_native(&self, at: usize, role: Role, run: usize, base: Option<usize>) -> Native {
        let properties =
            |run: usize| self.docx.layout.runs[run].properties.map_or("", |span| span.of(&self.source.text));
        let (own, other) = (properties(run), base.map_or("", properties));
        let is = |mark: &str| own.contains(mark) && !other.contains(mark);
        let kind = match () {
            () if is("<w:b/>") => "bold",
            () if is("<w:i/>") => "italic",
            () if is("<w:u ") => "ulined",
            () => "font",
        };
        let shown = if matches!(role, Role::Close(_)) { "</w:rPr>" } else { prefix(own, super::SHOWN) };
        let source = self.docx.layout.runs[run].tag;
        let look = Look { run: Some(run), token: None };
        Native { source, at, covers: 0, role, mark: Mark::Format, kind, shown: shown.to_owned(), look }
    }

    /// A code with what is known of its token.
    fn docx_native(&self, token: usize, native: Native) -> Native {
        let items = &self.docx.layout.items[self.docx.layout.details[token].items.range()];
        let shown = items.first().map_or("", |item| item.source.of(&self.source.text));
        let kind = match native.mark {
            Mark::Field => "x-field",
            Mark::Control => "x-control",
            Mark::Join => "x-joined",
            _ => kind(shown),
        };
        Native { kind, shown: prefix(shown, super::SHOWN).to_owned(), ..native }
    }

    /// Bookmarks and the like begin before they end.
    fn ranges(&self, natives: &mut [Native]) {
        let mut begun: HashMap<(String, String), usize> = HashMap::new();
        for at in 0..natives.len() {
            if natives[at].role != Role::Alone || natives[at].covers > 0 {
                continue;
            }
            let tag = natives[at].source.of(&self.source.text);
            let name = local(tag);
            let id = html::attribute(tag, "w:id").unwrap_or_default();
            if let Some(name) = name.strip_suffix("Start") {
                begun.insert((name.to_owned(), id), at);
            } else if let Some(start) = name.strip_suffix("End").and_then(|name| begun.remove(&(name.to_owned(), id))) {
                natives[start].role = Role::Start(at);
                natives[at].role = Role::Stop(start);
            }
        }
    }

    /// The language of runs, styles and settings, where it is the document's, made another.
    pub(super) fn docx_language_marks(&self, language: Language) -> Result<Vec<Edit>, DocumentError> {
        let mut edits = Vec::new();
        for part in &self.docx.parts {
            let mut xml = Xml::new(part.span.of(&self.source.text));
            loop {
                let damaged = |error: &dyn std::fmt::Display| DocumentError::Damaged {
                    name: self.document.name.clone(),
                    what: format!("`{}`: {error}", part.name),
                };
                match xml.next().map_err(|error| damaged(&error))? {
                    Event::Start(_) | Event::Empty(_) => {
                        let tag = xml.span().shifted(part.span.start);
                        let source = tag.of(&self.source.text);
                        let key = match local(source) {
                            "lang" | "themeFontLang" => "val",
                            "rPr" | "endParaRPr" | "defRPr" => "lang",
                            _ => continue,
                        };
                        let ours = html::attributes(source).into_iter().find(|attribute| {
                            let value = attribute.value.of(source);
                            attribute.name.rsplit(':').next() == Some(key)
                                && value.parse() == Ok(self.document.language)
                        });
                        if let Some(attribute) = ours {
                            let span = attribute.value.shifted(tag.start);
                            edits.push(Edit { span, parts: vec![Part::New(language.locale().to_owned())] });
                        }
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
        }
        Ok(edits)
    }

    /// The package with the edits made; parts without any as they are, packed as they were.
    pub(super) fn packed(&self, edits: &[Edit]) -> Result<Vec<u8>, DocumentError> {
        let mut changed: HashMap<&str, Vec<u8>> = HashMap::new();
        for part in &self.docx.parts {
            let text = self.edited(edits, part.span, true);
            if text != self.source.raw(part.span) {
                changed.entry(&part.name).or_insert_with(|| part.source.xml_bytes(&text));
            }
        }
        if changed.is_empty() {
            return Ok(self.bytes.clone());
        }
        let damaged = |error: &dyn std::fmt::Display| DocumentError::Damaged {
            name: self.document.name.clone(),
            what: error.to_string(),
        };
        let mut archive = ZipArchive::new(Cursor::new(&self.bytes)).map_err(|error| damaged(&error))?;
        let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(self.bytes.len())));
        out.set_raw_comment(archive.comment().into()).map_err(|error| damaged(&error))?;
        for index in 0..archive.len() {
            let file = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
            let name = file.name().map_err(|error| damaged(&error))?.into_owned();
            let Some(bytes) = changed.get(&*name) else {
                out.raw_copy_file(file).map_err(|error| damaged(&error))?;
                continue;
            };
            let method = match file.compression() {
                CompressionMethod::Stored => CompressionMethod::Stored,
                _ => CompressionMethod::Deflated,
            };
            let mut options = SimpleFileOptions::default().compression_method(method);
            if let Some(time) = file.last_modified() {
                options = options.last_modified_time(time);
            }
            out.start_file(name, options).map_err(|error| damaged(&error))?;
            out.write_all(bytes).map_err(|error| damaged(&error))?;
        }
        Ok(out.finish().map_err(|error| damaged(&error))?.into_inner())
    }
}

#[derive(Debug, Default)]
struct Region {
    outer: Option<usize>,
    /// A run of each class, and how many bytes its class has.
    counts: Vec<(usize, usize)>,
    base: Option<usize>,
}

struct Regions {
    list: Vec<Region>,
    /// By token, from the first one on.
    of: Vec<usize>,
}

/// What elements are, in the words of TMX where it has any.
const KINDS: &[(&[&str], &str)] = &[
    (&["hyperlink"], "link"),
    (&["br", "cr"], "lb"),
    (&["tab", "ptab"], "x-tab"),
    (&["footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef"], "fnote"),
    (&["drawing", "pict", "object", "AlternateContent"], "image"),
    (&["bookmarkStart", "bookmarkEnd"], "x-bookmark"),
    (&["commentRangeStart", "commentRangeEnd", "commentReference"], "x-comment"),
    (&["ins", "moveTo"], "x-inserted"),
    (&["del", "moveFrom"], "x-deleted"),
    (&["fldSimple"], "x-field"),
    (&["oMath", "oMathPara"], "x-formula"),
];

fn kind(tag: &str) -> &'static str {
    if full(tag).ends_with(":br") && tag.contains("\"page\"") {
        return "pb";
    }
    let name = local(tag);
    KINDS.iter().find(|(names, _)| names.contains(&name)).map_or("", |(_, kind)| kind)
}

#[cfg(test)]
mod tests;
