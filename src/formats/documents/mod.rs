//! Documents of any kind to one shape: text, blocks, and the way back to the file.
//!
//! What a file is, is told by its content before its name: a zip with a Word document in it is DOCX whatever it is
//! called, one that says it is OpenDocument text is ODT; bytes that begin as HTML are HTML. Markdown is
//! told by its name, since any text could be Markdown.

mod docx;
pub(in crate::formats) mod encoding;
mod html;
mod long;
mod markdown;
mod odt;
mod package;
mod plain;
mod template;
mod trace;

use crate::{
    lang::{Language, guess},
    model::{Anchor, Block, BlockKind, Document, SourceMap},
    text::Span,
};
use encoding::Decoded;
pub use encoding::Named as Encoding;
pub use long::LongText;
use package::Package;
pub use template::{Replacement, Template};
use trace::{Manner, Token, Trace, What};

/// A file that cannot be read as a document. Every message begins with the file's name.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("{name}: this is {what}, not a document yaddash reads (txt, md, html, docx, odt)")]
    Unsupported { name: String, what: &'static str },
    #[error("{name}: byte {at} (0x{byte:02X}) is not text: the file is neither UTF-8 nor a known older encoding")]
    NotText { name: String, at: usize, byte: u8 },
    #[error("{name}: not UTF-8 at byte {at} (line {line}, 0x{byte:02X})")]
    NotUtf8 { name: String, at: usize, line: usize, byte: u8 },
    #[error("{name}: not {encoding} at byte {at} (line {line}, 0x{byte:02X})")]
    NotEncoded { name: String, encoding: &'static str, at: usize, line: usize, byte: u8 },
    #[error("{name}: the UTF-16 text is broken at byte {at}")]
    NotUtf16 { name: String, at: usize },
    #[error("{name}: the file is damaged: {what}")]
    Damaged { name: String, what: String },
    #[error("{name}: `{part}` unpacks to more than {limit} MiB or {ratio} times its packed size")]
    TooLarge { name: String, part: String, limit: u64, ratio: u64 },
    #[error("{name}: {what} cannot be written back")]
    Unwritable { name: String, what: &'static str },
    #[error("{name}: the text has no place for a replacement at bytes {start} to {end}")]
    Misplaced { name: String, start: usize, end: usize },
}

/// How the language of a document was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// By whoever asked for the document.
    Given,
    /// The document says so itself (HTML `lang`; what Word writes there is the proofing default, often wrong).
    Declared,
    /// Guessed from letters and words.
    Guessed,
    /// Nothing tells; the language is `und`.
    Unknown,
}

/// What whoever asks for a document knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Given {
    pub language: Option<Language>,
    /// Of a text or a page; DOCX and ODT have their own.
    pub encoding: Option<Encoding>,
}

/// BCP 47's "undetermined".
pub const UNDETERMINED: Language = Language::literal("und");

/// Reads the document `bytes` hold. `name` names it in errors and, by its ending, tells Markdown. The language
/// is the one given, else the one the document declares, else a guess, else [`UNDETERMINED`].
///
/// # Errors
/// Bytes that are not text, or not a kind of document this module reads; a damaged or oversized DOCX or ODT.
pub fn read(name: &str, bytes: &[u8], language: Option<Language>) -> Result<Document, DocumentError> {
    Ok(read_told(name, bytes, Given { language, ..Given::default() })?.0)
}

/// Like [`read`], and says how the language was told.
pub fn read_told(name: &str, bytes: &[u8], given: Given) -> Result<(Document, Told), DocumentError> {
    let read = match kind(name, bytes)? {
        Kind::Package => {
            let mut package = Package::open(name, bytes)?;
            if odt::is(&mut package)? { odt::read(package)? } else { docx::read(package, Builder::default())? }
        }
        Kind::Html => html::read(&html_text(name, bytes, given)?.lines(), Builder::default()),
        Kind::Markdown => markdown::read(text(name, bytes, given)?.lines(), Builder::default()),
        Kind::Plain => plain::read(text(name, bytes, given)?.lines()),
    };
    Ok(document(name, read, given.language))
}

/// Reads a text each line of which is one paragraph of running text, whatever it looks like.
///
/// # Errors
/// Bytes that are not text.
pub fn read_lines(name: &str, bytes: &[u8], given: Given) -> Result<(Document, Told), DocumentError> {
    Ok(document(name, plain::read_lines(text(name, bytes, given)?.lines()), given.language))
}

/// The document of a text that was typed: what it says is what it is, whatever it looks like.
pub fn typed(name: &str, text: String, language: Language) -> Document {
    document(name, plain::read(text), Some(language)).0
}

fn text(name: &str, bytes: &[u8], given: Given) -> Result<Decoded, DocumentError> {
    match given.encoding {
        Some(encoding) => encoding.text(name, bytes),
        None => encoding::text(name, bytes, given.language),
    }
}

/// Like [`text`], for a page, which may say what it is encoded in.
fn html_text(name: &str, bytes: &[u8], given: Given) -> Result<Decoded, DocumentError> {
    match given.encoding {
        Some(encoding) => encoding.text(name, bytes),
        None => encoding::html(name, bytes, given.language),
    }
}

/// What the readers of this module make of a file.
#[derive(Debug, Default, PartialEq)]
struct Read {
    text: String,
    blocks: Vec<Block>,
    map: SourceMap,
    declared: Option<Language>,
    /// Empty unless it was asked for.
    trace: Trace,
}

fn document(name: &str, read: Read, given: Option<Language>) -> (Document, Told) {
    let Read { text, blocks, map, declared, trace: _ } = read;
    let (language, told) = if let Some(language) = given {
        (language, Told::Given)
    } else if let Some(language) = declared {
        (language, Told::Declared)
    } else if let Some(language) = guess(&text) {
        (language, Told::Guessed)
    } else {
        (UNDETERMINED, Told::Unknown)
    };
    (Document { name: name.to_owned(), language, text, blocks, map }, told)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Markdown,
    Html,
    /// A zip file with parts.
    Package,
}

/// Files people may give that are no documents, by their first bytes.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF"),
    (COMPOUND, "an old Word, Excel or PowerPoint file (save it as .docx)"),
    (b"{\\rtf", "RTF (save it as .docx or .txt)"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
];

/// How old Office files begin, and the stream that makes one of them a new file under a password. [MS-OFFCRYPTO]
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

fn kind(name: &str, bytes: &[u8]) -> Result<Kind, DocumentError> {
    let unsupported = |what| Err(DocumentError::Unsupported { name: name.to_owned(), what });
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Package);
    }
    if bytes.starts_with(COMPOUND) && bytes.windows(ENCRYPTED.len()).any(|window| window == ENCRYPTED) {
        return unsupported("protected by a password (save it without one)");
    }
    if let Some((_, what)) = FOREIGN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return unsupported(what);
    }
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let head = html::head(bytes);
    if html::begins(&head) || ends(&[".html", ".htm", ".xhtml"]) && head.contains('<') {
        return Ok(Kind::Html);
    }
    if head.starts_with("<?xml") {
        return unsupported("XML");
    }
    Ok(if ends(&[".md", ".markdown", ".mdown"]) { Kind::Markdown } else { Kind::Plain })
}

/// Builds a text block by block, with anchors back to the file.
#[derive(Debug, Default)]
struct Builder {
    text: String,
    blocks: Vec<Block>,
    anchors: Vec<Anchor>,
    /// Where the open block starts.
    start: Option<usize>,
    /// Where the last piece ends in the text, and where in the file.
    end: usize,
    next: (usize, usize),
    /// Where the way back to every piece of the source is asked for.
    trace: Option<Trace>,
}

impl Builder {
    /// A builder that keeps the way back to the source.
    fn traced() -> Builder {
        Builder { trace: Some(Trace::default()), ..Builder::default() }
    }

    /// [`Builder::push`] of what stands at `source`.
    fn push_from(&mut self, piece: &str, line: usize, column: usize, source: Span, manner: Manner) {
        self.push(piece, line, column);
        self.trace(piece.len(), source, What::Words(manner));
    }

    /// Notes that the last `length` bytes of the text, or none of it, stand for `source`.
    fn trace(&mut self, length: usize, source: Span, what: What) {
        if let Some(trace) = &mut self.trace {
            let text = Span::new(self.text.len() - length, self.text.len());
            trace.push(Token { text, source, what });
        }
    }

    /// Appends `piece` to the open block, opening one where there is none. The piece stands at `line` and
    /// `column` of the file.
    fn push(&mut self, piece: &str, line: usize, column: usize) {
        if piece.is_empty() {
            return;
        }
        if self.start.is_none() {
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            self.start = Some(self.text.len());
        }
        // Words that follow one another in the file need no anchor of their own.
        if self.next != (line, column) || self.text.len() != self.end {
            self.anchors.push(Anchor { text: self.text.len(), line, column });
        }
        self.text.push_str(piece);
        self.end = self.text.len();
        self.next = (line, column + piece.chars().count());
    }

    /// Where the last thing noted ends in the source, if anything is noted.
    fn traced_to(&self) -> Option<usize> {
        self.trace.as_ref().map(|trace| trace.tokens.last().map_or(0, |token| token.source.end))
    }

    /// The open block's text so far.
    fn open(&self) -> &str {
        &self.text[self.start.unwrap_or(self.text.len())..]
    }

    /// Ends the open block; a blank one leaves nothing behind.
    fn close(&mut self, kind: BlockKind) {
        self.close_text(kind);
        if let Some(trace) = &mut self.trace {
            trace.barrier(self.text.len());
        }
    }

    fn close_text(&mut self, kind: BlockKind) {
        let Some(start) = self.start.take() else { return };
        let end = self.text.trim_end().len().max(start);
        self.text.truncate(end);
        let span = Span::new(start, end).trimmed(&self.text);
        if span.is_empty() {
            self.text.truncate(self.blocks.last().map_or(0, |block| block.span.end));
        } else {
            self.blocks.push(Block { span, kind });
        }
        let length = self.text.len();
        while self.anchors.last().is_some_and(|anchor| anchor.text >= length) {
            self.anchors.pop();
        }
    }

    fn finish(mut self) -> Read {
        self.close(BlockKind::Plain);
        Read {
            text: self.text,
            blocks: self.blocks,
            map: SourceMap::Anchors(self.anchors),
            declared: None,
            trace: self.trace.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(kind("a.txt", b"<!DOCTYPE html><p>x").unwrap(), Kind::Html);
        assert_eq!(kind("a.txt", b"\xEF\xBB\xBF <html lang=az>").unwrap(), Kind::Html);
        assert_eq!(kind("a.md", b"# x").unwrap(), Kind::Markdown);
        assert_eq!(kind("a.html", b"just text").unwrap(), Kind::Plain);
        let told = |name, bytes| kind(name, bytes).unwrap_err().to_string();
        assert!(told("a.txt", b"%PDF-1.7").starts_with("a.txt: this is a PDF"));
        assert!(told("a.txt", b"<?xml version='1.0'?><tmx/>").contains("this is XML"));
        assert!(told("a.doc", COMPOUND).contains("an old Word"));
        assert!(told("a.docx", &[COMPOUND, b"..", ENCRYPTED].concat()).contains("protected by a password"));
    }

    #[test]
    fn a_blank_block_leaves_nothing() {
        let mut builder = Builder::default();
        builder.push("One", 1, 1);
        builder.close(BlockKind::Plain);
        builder.push("  ", 2, 1);
        builder.close(BlockKind::Plain);
        builder.push("Two ", 3, 1);
        let read = builder.finish();
        assert_eq!(read.text, "One\n\nTwo");
        let texts: Vec<&str> = read.blocks.iter().map(|block| block.span.of(&read.text)).collect();
        assert_eq!(texts, ["One", "Two"]);
        let anchor = |text, line| Anchor { text, line, column: 1 };
        assert_eq!(read.map, SourceMap::Anchors(vec![anchor(0, 1), anchor(5, 3)]));
    }

    /// Markup cut anyhow.
    pub(super) fn markup() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<br>",
            "<li>",
            "<ul>",
            "</ul>",
            "<td>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<div hidden>",
            "</div>",
            "<pre>",
            "</pre>",
            "<footer>",
            "&amp;",
            "&amp",
            "&#x41;",
            "&",
            "<",
            ">",
            "\"",
            " ",
            "\n",
            "\n\n",
            "# ",
            "- ",
            "1. ",
            "> ",
            "**",
            "_",
            "`",
            "```\n",
            "[a](b)",
            "[",
            "](",
            ")",
            "| a | b |\n",
            "|---|---|\n",
            "---\n",
            "\\",
            "word",
            "ə",
            "\u{a0}",
            "😀",
            "\t",
        ]);
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_markup_gives_blocks_in_order(source in markup()) {
            for name in ["a.md", "a.txt", "a.html"] {
                let source = if name == "a.html" { format!("<html>{source}") } else { source.clone() };
                let document = read(name, source.as_bytes(), Some(Language::EN)).unwrap();
                let mut at = 0;
                for block in &document.blocks {
                    prop_assert!(block.span.start >= at && !block.span.is_empty());
                    prop_assert!(document.text[at..block.span.start].trim().is_empty());
                    prop_assert!(!block.span.of(&document.text).trim().is_empty());
                    at = block.span.end;
                }
                prop_assert!(document.text[at..].trim().is_empty());
                if let SourceMap::Anchors(anchors) = &document.map {
                    prop_assert!(anchors.windows(2).all(|two| two[0].text < two[1].text));
                    // Every anchor stands where the file has the letter it speaks of.
                    let lines: Vec<Vec<char>> = source.split('\n').map(|line| line.chars().collect()).collect();
                    for anchor in anchors {
                        prop_assert!(anchor.line >= 1 && anchor.line <= lines.len() && anchor.column >= 1);
                        let shown = document.text[anchor.text..].chars().next();
                        if let Some(shown) = shown.filter(|c| c.is_alphabetic() && *c != 'A') {
                            let there = lines[anchor.line - 1].get(anchor.column - 1);
                            prop_assert_eq!(there, Some(&shown), "{} in {:?}", name, source);
                        }
                    }
                }
            }
        }

        #[test]
        fn any_bytes_give_a_document_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200), zip in any::<bool>()) {
            let bytes = if zip { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
            match read("a.txt", &bytes, None) {
                Ok(document) => prop_assert!(document.blocks.iter().all(|block| block.span.end <= document.text.len())),
                Err(error) => prop_assert!(error.to_string().starts_with("a.txt: ")),
            }
        }
    }
}
