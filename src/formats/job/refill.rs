//! Targets and matches put into an XLIFF of any maker; every byte else stays as it was.

use super::{
    Marked, Proposal, Role, Status,
    scan::{Tag, TagKind, tags, value, with_attribute, without_attribute},
    xliff1, xliff2,
};
use crate::{
    formats::{self, FormatError, xml::escape_text},
    lang::Language,
    text::Span,
};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::collections::HashMap;

/// What is put into a segment.
#[derive(Debug, Clone, Default)]
pub struct Refill {
    /// In the place of the target that is there.
    pub target: Option<(Marked, Status)>,
    pub proposals: Vec<Proposal>,
}

/// Elements that may stand above a unit.
const ABOVE: &[&str] = &["xliff", "file", "body", "group"];
/// Elements whose content is words.
const PAIRS: &[&str] = &["g", "pc"];
const CODES: &[&str] = &["x", "bx", "ex", "bpt", "ept", "ph", "it", "sc", "ec"];
const CORE_1: &str = "urn:oasis:names:tc:xliff:document:1.2";
const CORE_2: &str = "urn:oasis:names:tc:xliff:document:2.0";
const MATCHES: &str = "urn:oasis:names:tc:xliff:matches:2.0";

/// `text`, an XLIFF that [`super::read`] takes, with the refills put in, one for each segment it gives in their order.
pub fn refilled(text: &str, refills: &[Option<Refill>], languages: (Language, Language)) -> String {
    let mut file = File { text, refills, languages, edits: Vec::new(), next: 0 };
    let all: Vec<Tag<'_>> = tags(text).collect();
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let tag = &all[at];
        match tag.kind {
            TagKind::Close => {
                open.pop();
            }
            TagKind::Open | TagKind::Empty => {
                let above = open.iter().all(|name| ABOVE.contains(name));
                match tag.local() {
                    "trans-unit" if above => {
                        let end = end_of(&all, at);
                        file.trans_unit(&all[at..=end]);
                        at = end + 1;
                        continue;
                    }
                    "unit" if above => {
                        let end = end_of(&all, at);
                        file.unit(&all[at..=end]);
                        at = end + 1;
                        continue;
                    }
                    // A translation needs its language told.
                    "file" | "xliff" => file.target_language(tag),
                    _ => {}
                }
                if tag.kind == TagKind::Open {
                    open.push(tag.local());
                }
            }
        }
        at += 1;
    }
    file.applied()
}

/// The place of the tag that ends the element begun at `start`.
fn end_of(tags: &[Tag<'_>], start: usize) -> usize {
    let mut depth = 0;
    for (at, tag) in tags.iter().enumerate().skip(start) {
        match tag.kind {
            TagKind::Open => depth += 1,
            TagKind::Close => depth -= 1,
            TagKind::Empty => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tags.len() - 1
}

/// An element inside of a unit.
#[derive(Debug, Clone, Copy)]
struct Child<'s, 't> {
    tags: &'s [Tag<'t>],
}

impl<'t> Child<'_, 't> {
    fn first(&self) -> Tag<'t> {
        self.tags[0]
    }

    /// From its first tag to behind its last.
    fn span(&self) -> Span {
        Span::new(self.tags[0].span.start, self.tags[self.tags.len() - 1].span.end)
    }

    /// What it holds.
    fn content(&self) -> Span {
        match self.tags {
            [only] => Span::new(only.span.end, only.span.end),
            [first, .., last] => Span::new(first.span.end, last.span.start),
            [] => Span::new(0, 0),
        }
    }
}

/// The elements directly inside of the one that `tags` begin and end with.
fn children<'s, 't>(tags: &'s [Tag<'t>]) -> Vec<Child<'s, 't>> {
    let mut out = Vec::new();
    let mut at = 1;
    while at + 1 < tags.len() {
        let end = end_of(tags, at);
        out.push(Child { tags: &tags[at..=end] });
        at = end + 1;
    }
    out
}

struct File<'f> {
    text: &'f str,
    refills: &'f [Option<Refill>],
    languages: (Language, Language),
    edits: Vec<(Span, String)>,
    /// The next segment.
    next: usize,
}

impl<'f> File<'f> {
    fn take(&mut self) -> Option<&'f Refill> {
        let refill = self.refills.get(self.next).and_then(Option::as_ref);
        self.next += 1;
        refill
    }

    fn insert(&mut self, at: usize, text: String) {
        self.edits.push((Span::new(at, at), text));
    }

    fn applied(mut self) -> String {
        self.edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut out = String::with_capacity(self.text.len() + self.edits.iter().map(|(_, t)| t.len()).sum::<usize>());
        let mut at = 0;
        for (span, text) in &self.edits {
            out.push_str(&self.text[at..span.start]);
            out.push_str(text);
            at = span.end;
        }
        out.push_str(&self.text[at..]);
        out
    }

    fn target_language(&mut self, tag: &Tag<'_>) {
        let written = tag.span.of(self.text);
        let name = match tag.local() {
            "xliff" if value(written, "srcLang").is_some() => "trgLang",
            "file" if value(written, "source-language").is_some() => "target-language",
            _ => return,
        };
        if value(written, name).is_none() && self.refills.iter().flatten().any(|refill| refill.target.is_some()) {
            let before = if name == "trgLang" { "srcLang" } else { "source-language" };
            // Beside the language of the sources, where people look for it.
            let mut told = String::new();
            xliff1::attribute(name, self.languages.1.as_str(), &mut told);
            let source = value(written, before).unwrap_or_default();
            let mut both = String::new();
            xliff1::attribute(before, &source, &mut both);
            self.edits.push((
                tag.span,
                with_attribute(written, before, &source).replacen(&both, &format!("{both}{told}"), 1),
            ));
        }
    }

    /// White space before a tag: what is put in stands as the file's own elements do.
    fn indent(&self, at: usize) -> &'f str {
        let before = &self.text[..at];
        &self.text[before.trim_end_matches([' ', '\t', '\n', '\r']).len()..at]
    }

    /// A `trans-unit` of XLIFF 1.
    fn trans_unit(&mut self, tags: &[Tag<'f>]) {
        let Some(refill) = self.take() else { return };
        let children = children(tags);
        let named = |name: &str| children.iter().find(|child| child.first().local() == name);
        let Some(source) = named("source") else { return };
        let behind = named("seg-source").unwrap_or(source);
        let indent = self.indent(source.span().start);
        if let Some((target, status)) = &refill.target {
            let (state, qualifier) = xliff1::state(*status);
            let mut tag = match named("target") {
                Some(target) => opened(target.first().span.of(self.text)),
                None => format!("<{}target>", source.first().prefix()),
            };
            tag = with_attribute(&without_attribute(&tag, "state-qualifier"), "state", state);
            if !qualifier.is_empty() {
                tag = with_attribute(&tag, "state-qualifier", qualifier);
            }
            let content = self.content(target, source.content());
            let content = match self.part(behind) {
                Some((begin, end)) => format!("{begin}{content}{end}"),
                None => content,
            };
            let whole = format!("{tag}{content}</{}target>", source.first().prefix());
            match named("target") {
                Some(target) => self.edits.push((target.span(), whole)),
                None => self.insert(behind.span().end, format!("{indent}{whole}")),
            }
        }
        // Behind the target, before what other tools keep in elements of their own.
        let last = named("target").map_or(behind, |target| target).span().end;
        let namespace = Some(("xmlns", CORE_1)).filter(|_| !source.first().prefix().is_empty());
        for proposal in &refill.proposals {
            let mut out = indent.to_owned();
            xliff1::alternative(self.languages, proposal, namespace.as_slice(), &mut out);
            self.insert(last, out);
        }
    }

    /// The tags of the one segment a `seg-source` holds, which its target has as well.
    fn part(&self, source: &Child<'_, 'f>) -> Option<(String, String)> {
        let inner = children(source.tags);
        let part =
            inner.first().filter(|part| source.first().local() == "seg-source" && part.first().local() == "mrk")?;
        let begin = part.first();
        (begin.kind == TagKind::Open).then(|| (begin.span.of(self.text).to_owned(), format!("</{}>", begin.name)))
    }

    /// A `unit` of XLIFF 2.
    fn unit(&mut self, tags: &[Tag<'f>]) {
        let children = children(tags);
        let mut found = String::new();
        let own = children.iter().find(|child| child.first().local() == "matches");
        let declared = format!(" xmlns:mtc=\"{MATCHES}\"");
        let prefixed = !tags[0].prefix().is_empty();
        let namespace = if prefixed { format!(" xmlns=\"{CORE_2}\"") } else { String::new() };
        let indent = children.first().map_or("", |child| self.indent(child.span().start));
        for (number, segment) in children.iter().filter(|child| child.first().local() == "segment").enumerate() {
            let Some(refill) = self.take() else { continue };
            let tag = segment.first().span.of(self.text);
            let mut changed = tag.to_owned();
            let id = value(tag, "id").unwrap_or_else(|| format!("yaddash-s{}", number + 1));
            if !refill.proposals.is_empty() {
                changed = if value(tag, "id").is_none() { with_attribute(&changed, "id", &id) } else { changed };
                for proposal in &refill.proposals {
                    found.push_str(indent);
                    let more = if own.is_some() { format!("{declared}{namespace}") } else { String::new() };
                    xliff2::candidate(proposal, &id, &more, &mut found);
                }
            }
            if let Some((target, status)) = &refill.target {
                changed = self.segment(segment, &changed, target, *status);
            }
            if changed != tag {
                self.edits.push((segment.first().span, changed));
            }
        }
        if found.is_empty() {
            return;
        }
        match own {
            Some(own) if own.first().kind == TagKind::Open => self.insert(own.content().end, found),
            // An empty `matches` is not valid; a new one beside it would not be either.
            Some(_) => {}
            None => self.insert(
                tags[0].span.end,
                format!("{indent}<mtc:matches{declared}{namespace}>{found}{indent}</mtc:matches>"),
            ),
        }
    }

    /// Puts the target into a segment of XLIFF 2, and gives the segment's tag.
    fn segment(&mut self, segment: &Child<'_, 'f>, tag: &str, target: &Marked, status: Status) -> String {
        let inner = children(segment.tags);
        let named = |name: &str| inner.iter().find(|child| child.first().local() == name);
        let Some(source) = named("source") else { return tag.to_owned() };
        let content = self.content(target, source.content());
        let prefix = source.first().prefix();
        match named("target") {
            Some(there) => {
                let begin = opened(there.first().span.of(self.text));
                self.edits.push((there.span(), format!("{begin}{content}</{prefix}target>")));
            }
            None => {
                let indent = self.indent(source.span().start);
                self.insert(source.span().end, format!("{indent}<{prefix}target>{content}</{prefix}target>"));
            }
        }
        let (state, qualifier) = xliff2::state(status);
        let tag = with_attribute(&without_attribute(tag, "subState"), "state", state);
        match qualifier.is_empty() {
            true => tag,
            false => with_attribute(&tag, "subState", &format!("{}:{qualifier}", xliff1::TOOL)),
        }
    }

    /// Words with the codes of the source as the file writes them.
    fn content(&self, target: &Marked, source: Span) -> String {
        let codes = self.codes(source);
        // Elements that cross make no XML.
        let target = target.nested();
        let mut out = String::new();
        let mut at = 0;
        for mark in &target.marks {
            escape_text(&target.text[at..mark.at], &mut out);
            at = mark.at;
            if let Some(code) = codes.get(&(mark.role, mark.id.clone())) {
                out.push_str(code);
            }
        }
        escape_text(&target.text[at..], &mut out);
        out
    }

    /// The codes in a source, each as it is written.
    fn codes(&self, source: Span) -> HashMap<(Role, String), &'f str> {
        let inner = source.of(self.text);
        let all: Vec<Tag<'f>> = tags(inner).collect();
        let mut out = HashMap::new();
        let mut pairs: Vec<Option<String>> = Vec::new();
        let mut at = 0;
        while at < all.len() {
            let tag = &all[at];
            let written = tag.span.of(inner);
            let id = value(written, "id").unwrap_or_default();
            let name = tag.local();
            if CODES.contains(&name) && tag.kind != TagKind::Close {
                let end = end_of(&all, at);
                let whole = Span::new(tag.span.start, all[end].span.end).of(inner);
                let pair = value(written, "rid").or(value(written, "startRef")).unwrap_or_else(|| id.clone());
                let key = match name {
                    "bx" | "sc" | "bpt" => (Role::Open, pair),
                    "ex" | "ec" | "ept" => (Role::Close, pair),
                    _ => (Role::Alone, id),
                };
                out.entry(key).or_insert(whole);
                at = end + 1;
                continue;
            }
            match tag.kind {
                TagKind::Open => {
                    let pair = PAIRS.contains(&name).then(|| id.clone());
                    if pair.is_some() {
                        out.entry((Role::Open, id)).or_insert(written);
                    }
                    pairs.push(pair);
                }
                TagKind::Close => {
                    if let Some(Some(id)) = pairs.pop() {
                        out.entry((Role::Close, id)).or_insert(written);
                    }
                }
                TagKind::Empty if PAIRS.contains(&name) => {
                    // One tag for both ends, which stand together or the pair is none.
                    out.entry((Role::Open, id)).or_insert(written);
                }
                TagKind::Empty => {}
            }
            at += 1;
        }
        out
    }
}

/// A start tag, of an empty element as well.
fn opened(tag: &str) -> String {
    match tag.strip_suffix("/>") {
        Some(begin) => format!("{}>", begin.trim_end()),
        None => tag.to_owned(),
    }
}

/// `bytes`, an XML file, with its text changed: in its encoding, with its byte order mark and line ends.
///
/// # Errors
/// Bytes that are not text.
pub fn recoded(bytes: &[u8], change: impl FnOnce(&str) -> String) -> Result<Vec<u8>, FormatError> {
    let unsuitable = |what: &str| FormatError::Unsuitable(what.to_owned());
    let source = formats::open(bytes)?.source();
    let name =
        source.map_err(|name| unsuitable(&format!("the encoding `{name}` it declares is not known")))?.encoding();
    let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
    let mark = Encoding::for_bom(bytes).map_or(0, |(_, length)| length);
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    let text = text.ok_or_else(|| unsuitable("it is not text in its encoding"))?;
    let changed = change(&text);
    let mut out = bytes[..mark].to_vec();
    if encoding == UTF_16LE {
        out.extend(changed.encode_utf16().flat_map(u16::to_le_bytes));
    } else if encoding == UTF_16BE {
        out.extend(changed.encode_utf16().flat_map(u16::to_be_bytes));
    } else {
        // What the encoding lacks becomes a reference, as it should in XML.
        out.extend_from_slice(&encoding.encode(&changed).0);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::job::{Done, ProposalKind, ReturnedSegment, read};

    fn proposal(text: &str) -> Proposal {
        Proposal {
            tenths: 800,
            kind: ProposalKind::Fuzzy,
            source: "src".to_owned(),
            target: Marked::from_shown(text),
            origin: "a & b".to_owned(),
            repaired: false,
            state: None,
        }
    }

    fn refill(text: &str) -> Option<Refill> {
        Some(Refill { target: Some((Marked::from_shown(text), Status::Fuzzy)), proposals: vec![proposal(text)] })
    }

    fn segments(text: &str) -> Vec<ReturnedSegment> {
        let files = read(formats::open(text.as_bytes()).unwrap().source().unwrap()).unwrap();
        files.into_iter().flat_map(|file| file.segments).collect()
    }

    const LANGUAGES: (Language, Language) = (Language::EN, Language::AZ);

    #[test]
    fn only_what_is_filled_changes_in_xliff_1() {
        let text = "<?xml version='1.0'?>\r\n<xliff version='1.2'  xmlns='urn:oasis:names:tc:xliff:document:1.2'><!-- <trans-unit> -->\r\n\
            <file original='a' source-language='en' datatype='html'><header><note>x &gt; y</note></header><body>\r\n\
            <trans-unit id='1'>\r\n  <source>A <g id='9' ctype='bold'>b</g><ph id='2'>&lt;br/></ph></source>\r\n  <note>n</note>\r\n</trans-unit>\r\n\
            <trans-unit id='2' approved='yes'><source>Two</source><target>İki</target></trans-unit>\r\n\
            <trans-unit id='3'><source>Three</source><target state='new' xml:lang='az'/>\r\n<x:y xmlns:x='z'/></trans-unit>\r\n\
            </body></file></xliff>\r\n";
        assert_eq!(refilled(text, &[None, None, None], LANGUAGES), text);
        let out = refilled(text, &[refill("{9}ə{/9}{2/} < c"), None, refill("Üç")], LANGUAGES);
        let alternative = "<alt-trans match-quality=\"80%\" origin=\"a &amp; b\" alttranstype=\"proposal\"><source xml:lang=\"en\">src</source>\
            <target xml:lang=\"az\" state-qualifier=\"fuzzy-match\">";
        let want = text
            .replace("source-language='en'", "source-language=\"en\" target-language=\"az\"")
            .replace("</source>\r\n  <note>n</note>", &format!(
                "</source>\r\n  <target state-qualifier=\"fuzzy-match\" state=\"needs-review-translation\"><g id='9' ctype='bold'>ə</g>\
                 <ph id='2'>&lt;br/></ph> &lt; c</target>\r\n  {alternative}<g id=\"9\">ə</g><x id=\"2\"/> &lt; c</target></alt-trans>\r\n  <note>n</note>"
            ))
            .replace("<target state='new' xml:lang='az'/>\r\n<x:y xmlns:x='z'/>", &format!(
                "<target state-qualifier=\"fuzzy-match\" state=\"needs-review-translation\" xml:lang='az'>Üç</target>{alternative}Üç</target></alt-trans>\r\n<x:y xmlns:x='z'/>"
            ));
        assert_eq!(out, want);
        let done: Vec<Done> = segments(&out).iter().map(ReturnedSegment::done).collect();
        assert_eq!(done, [Done::Unreviewed, Done::Approved, Done::Unreviewed]);
        assert_eq!(segments(&out)[0].target.as_ref().unwrap().shown(), "{9}ə{/9}{2/} < c");
    }

    #[test]
    fn codes_that_cross_are_not_written() {
        let text = "<xliff version='1.2'><file source-language='en' target-language='az'><body><trans-unit id='1'>\
            <source><g id='1'>a<g id='2'>b</g></g></source></trans-unit></body></file></xliff>";
        let out = refilled(text, &[refill("{1}ə{2}b{/1}c{/2}")], LANGUAGES);
        assert!(out.contains("state=\"needs-review-translation\">ə<g id='2'>bc</g></target>"), "{out}");
    }

    #[test]
    fn prefixes_and_parts_are_kept() {
        let text = "<p:xliff version='1.2' xmlns:p='urn:oasis:names:tc:xliff:document:1.2'><p:file source-language='en' target-language='az'>\
            <p:body><p:bin-unit><p:trans-unit id='0'><p:source>no</p:source></p:trans-unit></p:bin-unit><p:trans-unit id='1'>\
            <p:source>One</p:source><p:seg-source><p:mrk mtype='seg' mid='5'>One</p:mrk></p:seg-source></p:trans-unit></p:body></p:file></p:xliff>";
        let out = refilled(text, &[refill("Bir")], LANGUAGES);
        assert!(
            out.contains(
                "</p:seg-source><p:target state-qualifier=\"fuzzy-match\" state=\"needs-review-translation\">\
            <p:mrk mtype='seg' mid='5'>Bir</p:mrk></p:target><alt-trans"
            ),
            "{out}"
        );
        assert!(out.contains(&format!(" xmlns=\"{CORE_1}\"")), "{out}");
        let found = segments(&out);
        assert_eq!((found.len(), found[0].proposed.as_ref().unwrap().text.as_str()), (1, "Bir"));
    }

    #[test]
    fn only_what_is_filled_changes_in_xliff_2() {
        let text = "<xliff version='2.0' srcLang='en' xmlns='urn:oasis:names:tc:xliff:document:2.0'><file id='f'>\n<unit id='u'>\n \
            <originalData><data id='d'>b</data></originalData>\n <segment><source>A <pc id='1' dataRefStart='d'>b</pc></source></segment>\n \
            <segment id='k' state='final'><source>B</source><target>B</target></segment>\n</unit>\n\
            <unit id='v'><m:matches xmlns:m='urn:oasis:names:tc:xliff:matches:2.0'><m:match ref='#k'><source>x</source><target>y</target></m:match></m:matches>\
            <segment id='k' state='initial' subState='a:b'><source>C</source><target/></segment></unit></file></xliff>";
        assert_eq!(refilled(text, &[None, None, None], LANGUAGES), text);
        let out = refilled(text, &[refill("{1}ə{/1}"), None, refill("Ç")], LANGUAGES);
        assert!(out.contains("srcLang=\"en\" trgLang=\"az\""), "{out}");
        assert!(out.contains("<unit id='u'>\n <mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\">\n <mtc:match ref=\"#yaddash-s1\""), "{out}");
        assert!(out.contains(
            "<segment subState=\"yaddash:fuzzy-match\" state=\"initial\" id=\"yaddash-s1\"><source>A <pc id='1' dataRefStart='d'>b</pc></source>\
             <target><pc id='1' dataRefStart='d'>ə</pc></target></segment>"
        ), "{out}");
        assert!(out.contains("<segment id='k' state='final'><source>B</source><target>B</target></segment>"), "{out}");
        assert!(out.contains("</m:match><mtc:match xmlns:mtc="), "{out}");
        assert!(out.contains("<segment subState=\"yaddash:fuzzy-match\" id='k' state=\"initial\"><source>C</source><target>Ç</target>"), "{out}");
        assert_eq!(segments(&out).len(), 3);
    }

    #[test]
    fn the_encoding_stays() {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\r\n<a>да</a>";
        let bytes = encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
        assert_eq!(recoded(&bytes, str::to_owned).unwrap(), bytes);
        let out = recoded(&bytes, |text| text.replace("да", "hə")).unwrap();
        assert_eq!(out, encoding_rs::WINDOWS_1251.encode(&text.replace("да", "h&#601;")).0.into_owned());
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("<a>ə</a>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(recoded(&wide, str::to_owned).unwrap(), wide);
        assert_eq!(recoded(b"\xef\xbb\xbf<a/>", str::to_owned).unwrap(), b"\xef\xbb\xbf<a/>");
    }
}
