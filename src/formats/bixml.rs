//! Bilingual XML as text: the segments of a TMX or XLIFF with their places in the file.
//!
//! As with a bilingual table all languages share one text, here the segments one a line in file order, and each
//! unit is a bead. Nothing but words is kept: `tmx` and `xliff` read the same files as units.

use super::{Event, FormatError, MAX_SEGMENT, Source, xml::Reader};
use crate::lang::Language;
use crate::model::{Anchor, Bead, Bitext, Kind, Mark, Segment, code_sign};
use crate::text::Span;
use std::collections::BTreeMap;

/// What such a file holds.
#[derive(Debug, Default)]
pub struct Bilingual {
    pub text: String,
    /// The way from `text` back to the file.
    pub anchors: Vec<Anchor>,
    pub bitext: Bitext,
    /// For each segment its inline codes, by what tells them apart.
    pub codes: BTreeMap<Language, Vec<Vec<String>>>,
    /// For each bead its unit.
    pub units: Vec<Place>,
}

/// A unit as people find it in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From 1, in file order.
    pub number: i64,
    /// `tuid`, or the `id` of an XLIFF unit.
    pub id: Option<String>,
}

/// Inline elements whose content is words; that of all others is native code.
const WORDS: &[&str] = &["hi", "g", "mrk", "pc"];
/// States of a target that is no translation yet.
const UNTRANSLATED: &[&str] = &["new", "needs-translation", "initial"];

/// Reads a TMX or XLIFF of any version.
///
/// # Errors
/// Where the file is not well-formed, is neither of the two, or an XLIFF does not tell its languages.
pub fn read(source: Source<'_>) -> Result<Bilingual, FormatError> {
    let mut file = File { xml: Reader::new(source), out: Bilingual::default(), languages: (None, None), id: None };
    while file.xml.next()? != Event::Start {}
    match file.xml.local() {
        "tmx" => file.tmx()?,
        "xliff" => file.xliff()?,
        _ => return Err(file.xml.error("the root element is neither `tmx` nor `xliff`")),
    }
    Ok(file.out)
}

struct File<'r> {
    xml: Reader<'r>,
    out: Bilingual,
    /// Source and target of the part of an XLIFF being read.
    languages: (Option<Language>, Option<Language>),
    /// The `id` of the XLIFF 2 unit being read.
    id: Option<String>,
}

impl File<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        self.xml.attribute(name).map(str::to_owned)
    }

    fn language(&self, attribute: &str) -> Option<Language> {
        self.xml.attribute(attribute)?.parse().ok()
    }

    fn tmx(&mut self) -> Result<(), FormatError> {
        // The language of the variant being read.
        let mut language = None;
        loop {
            match self.xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start => match self.xml.local() {
                    "tu" => {
                        let id = self.attribute("tuid");
                        self.unit(id);
                    }
                    "tuv" => language = self.language("xml:lang").or_else(|| self.language("lang")),
                    "seg" => self.segment(language)?,
                    "body" => {}
                    _ => self.xml.skip()?,
                },
                _ => {}
            }
        }
    }

    fn xliff(&mut self) -> Result<(), FormatError> {
        self.languages = (self.language("srcLang"), self.language("trgLang"));
        let mut untranslated = false;
        loop {
            match self.xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start => match self.xml.local() {
                    "file" => {
                        if let Some(source) = self.language("source-language") {
                            self.languages = (Some(source), self.language("target-language"));
                        }
                    }
                    "unit" => self.id = self.attribute("id"),
                    // The unit of version 1, and what is aligned inside the unit of version 2.
                    name @ ("trans-unit" | "segment") => {
                        let id = if name == "segment" { self.id.clone() } else { self.attribute("id") };
                        untranslated = self.is_untranslated();
                        self.unit(id);
                    }
                    "source" => {
                        if self.languages.0.is_none() {
                            return Err(self.xml.error("the file does not tell the language of its sources"));
                        }
                        self.segment(self.languages.0)?;
                    }
                    "target" if untranslated || self.is_untranslated() => self.xml.skip()?,
                    "target" => {
                        let language = self.languages.1.or(self.language("xml:lang"));
                        self.segment(language)?;
                    }
                    "body" | "group" => {}
                    _ => self.xml.skip()?,
                },
                _ => {}
            }
        }
    }

    fn is_untranslated(&self) -> bool {
        self.xml.attribute("state").is_some_and(|state| UNTRANSLATED.contains(&state))
    }

    fn unit(&mut self, id: Option<String>) {
        let number = self.out.units.len() as i64 + 1;
        self.out.units.push(Place { number, id });
        self.out.bitext.beads.push(Bead { sides: Default::default(), score: 1.0, mark: Mark::Given });
    }

    /// The words of the element just started, as a segment of the unit being read; without language they are
    /// passed over, and so is a segment longer than any that is stored.
    fn segment(&mut self, language: Option<Language>) -> Result<(), FormatError> {
        let Some(language) = language.filter(|_| !self.out.bitext.beads.is_empty()) else {
            return self.xml.skip();
        };
        let depth = self.xml.depth();
        let start = self.out.text.len();
        let anchors = self.out.anchors.len();
        let mut codes = Vec::new();
        loop {
            match self.xml.next()? {
                Event::Text if self.out.text.len() - start <= MAX_SEGMENT => {
                    let (line, column) = self.xml.place();
                    self.out.anchors.push(Anchor { text: self.out.text.len(), line, column });
                    self.out.text.push_str(self.xml.text());
                }
                Event::Start => {
                    let name = self.xml.local();
                    // A remark on words is no markup of them.
                    if name != "mrk" {
                        let number = self.attribute("x").or_else(|| self.attribute("id"));
                        codes.push(code_sign(self.xml.local(), number.as_deref()));
                    }
                    if !WORDS.contains(&self.xml.local()) {
                        self.xml.skip()?;
                    }
                }
                Event::End if self.xml.depth() == depth => break,
                _ => {}
            }
        }
        let span = Span::new(start, self.out.text.len()).trimmed(&self.out.text);
        if span.is_empty() || self.out.text.len() - start > MAX_SEGMENT {
            self.out.text.truncate(start);
            self.out.anchors.truncate(anchors);
            return Ok(());
        }
        let segments = self.out.bitext.texts.entry(language).or_default();
        if let Some(bead) = self.out.bitext.beads.last_mut() {
            bead.sides.entry(language).or_default().push(segments.len());
        }
        let paragraph = self.out.units.len();
        segments.push(Segment { span, text: span.of(&self.out.text).to_owned(), kind: Kind::Body, paragraph });
        self.out.codes.entry(language).or_default().push(codes);
        self.out.text.push('\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats;

    fn of(file: &str) -> Result<Bilingual, FormatError> {
        read(formats::open(file.as_bytes()).unwrap().source().unwrap())
    }

    /// Text, line and column of each segment of a language.
    fn segments(file: &Bilingual, language: Language) -> Vec<(&str, usize, usize)> {
        let place = |segment: &Segment| {
            let at = file.anchors.partition_point(|anchor| anchor.text <= segment.span.start) - 1;
            let Anchor { text, line, column } = file.anchors[at];
            (line, column + file.text[text..segment.span.start].chars().count())
        };
        let shown = |segment: &'_ Segment| (segment.span, place(segment));
        file.bitext.texts[&language].iter().map(shown).map(|(span, (l, c))| (span.of(&file.text), l, c)).collect()
    }

    #[test]
    fn units_of_a_tmx() {
        let file = of("<tmx version='1.4'><header srclang='en'><prop type='x'>p</prop></header><body>\n\
             <tu tuid='a'><note>n</note>\n <tuv xml:lang='en-GB'><seg>The <hi>law</hi> &amp; order</seg></tuv>\n\
             <tuv xml:lang='az'><seg>Qanun<ph>&lt;br/></ph> və</seg></tuv></tu>\n\
             <tu><tuv xml:lang='en'><seg> </seg></tuv><tuv xml:lang='az'><seg>Şəhər\nvə kənd</seg></tuv></tu></body></tmx>")
        .unwrap();
        assert_eq!(segments(&file, Language::EN), [("The law & order", 3, 29)]);
        assert_eq!(segments(&file, Language::AZ), [("Qanun və", 4, 25), ("Şəhər\nvə kənd", 5, 66)]);
        assert_eq!(file.bitext.beads[0].side(Language::AZ), [0]);
        assert_eq!(
            (file.bitext.beads[1].side(Language::EN), file.bitext.beads[1].side(Language::AZ)),
            (&[][..], &[1][..])
        );
        let ids: Vec<_> = file.units.iter().map(|unit| (unit.number, unit.id.as_deref())).collect();
        assert_eq!(ids, [(1, Some("a")), (2, None)]);
    }

    #[test]
    fn units_of_both_versions_of_xliff() {
        let first = of("<xliff version='1.2'><file source-language='en' target-language='az'><header><note>x</note></header>\
             <body><group><trans-unit id='1'><source>A <g id='1'>law</g><x id='2'/></source><seg-source>no</seg-source>\n\
             <target>Qanun</target><alt-trans><source>no</source></alt-trans></trans-unit>\
             <trans-unit id='2'><source>New</source><target state='new'>New</target></trans-unit></group></body>\
             </file></xliff>")
        .unwrap();
        assert_eq!(segments(&first, Language::EN).iter().map(|s| s.0).collect::<Vec<_>>(), ["A law", "New"]);
        assert_eq!(segments(&first, Language::AZ), [("Qanun", 2, 9)]);
        let second = of("<xliff version='2.0' srcLang='en' trgLang='ru'><file id='f'><unit id='u'>\
             <originalData><data id='d'>no</data></originalData>\n<segment><source>The law</source>\
             <target>Закон</target></segment><ignorable><source>no</source></ignorable>\
             <segment state='initial'><source>New</source><target>New</target></segment></unit></file></xliff>")
        .unwrap();
        assert_eq!(segments(&second, Language::RU), [("Закон", 2, 42)]);
        assert_eq!(second.units[1], Place { number: 2, id: Some("u".to_owned()) });
        assert_eq!(second.bitext.beads[1].filled(), 1);
    }

    #[test]
    fn broken_files_are_told() {
        for (file, told) in [
            ("<tmx><body><tu></body></tmx>", "1:16"),
            ("<html></html>", "1:1: the root element is neither"),
            (
                "<xliff><file><unit><segment><source>x</source></segment></unit></file></xliff>",
                "1:29: the file does not",
            ),
        ] {
            let error = of(file).unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
        }
    }
}
