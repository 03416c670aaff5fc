//! Documents whose words are put in anew: the file with other words in it and everything else as it was.

mod source;

use super::{Decoded, DocumentError, Given, Kind, Told, document, html_text, kind, odt, plain, text};
use crate::{
    formats::documents::package::Package,
    lang::Language,
    model::{Code, Document},
    text::Span,
};
use source::Source;

/// A document opened so that its words can be put in anew.
#[derive(Debug)]
pub struct Template {
    document: Document,
    told: Told,
    bytes: Vec<u8>,
    source: Source,
}

/// A replaced stretch: what stands at `span` of the document's text becomes `text` with `codes`.
#[derive(Debug, Clone, Copy)]
pub struct Replacement<'a> {
    pub span: Span,
    pub text: &'a str,
    pub codes: &'a [Code],
}

impl Template {
    /// Opens the document `bytes` hold: the same reading as [`super::read_told`].
    ///
    /// # Errors
    /// What cannot be read, and what can be read but not written back: an ODT.
    pub fn open(name: &str, bytes: Vec<u8>, given: Given) -> Result<Template, DocumentError> {
        let unwritable = |what| Err(DocumentError::Unwritable { name: name.to_owned(), what });
        match kind(name, &bytes)? {
            Kind::Plain => {
                let source = Source::new(text(name, &bytes, given)?);
                let (document, told) = document(name, plain::read(source.text.clone()), given.language);
                Ok(Template { document, told, bytes, source })
            }
            Kind::Package if odt::is(&mut Package::open(name, &bytes)?)? => {
                unwritable("an OpenDocument text (save it as .docx)")
            }
            Kind::Package => unwritable("a Word document"),
            Kind::Html => unwritable("HTML"),
            Kind::Markdown => unwritable("Markdown"),
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    /// How the language of the document was told.
    pub fn told(&self) -> Told {
        self.told
    }

    /// The inline codes inside `span`, a segment of the document; their places are counted in bytes from its start.
    pub fn codes(&self, _span: Span) -> Vec<Code> {
        Vec::new()
    }

    /// The encoding of the file holds all letters of the replacements. Where it does not, [`Template::write`] gives
    /// UTF-8.
    pub fn encoding_kept(&self, replacements: &[Replacement]) -> bool {
        replacements.iter().all(|replacement| self.source.holds(replacement.text))
    }

    /// The file with the replacements put in and its language marks set to `language`; everything else byte for byte
    /// as it was.
    ///
    /// # Errors
    /// Replacements that are out of order, overlap or do not lie in the document's text.
    pub fn write(&self, _language: Language, replacements: &[Replacement]) -> Result<Vec<u8>, DocumentError> {
        self.check(replacements)?;
        let end = self.source.line_end();
        let mut out = String::with_capacity(self.source.text.len());
        let mut at = 0;
        for Replacement { span, text, .. } in replacements {
            if span.of(&self.document.text) != *text {
                out.push_str(self.source.raw(Span::new(at, span.start)));
                out.push_str(&text.replace('\n', end));
                at = span.end;
            }
        }
        if at == 0 {
            return Ok(self.bytes.clone());
        }
        out.push_str(self.source.raw(Span::new(at, self.source.text.len())));
        Ok(self.source.bytes(&out))
    }

    fn check(&self, replacements: &[Replacement]) -> Result<(), DocumentError> {
        let mut at = 0;
        for Replacement { span, .. } in replacements {
            if span.start < at || self.document.text.get(span.range()).is_none() {
                let name = self.document.name.clone();
                return Err(DocumentError::Misplaced { name, start: span.start, end: span.end });
            }
            at = span.end;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
