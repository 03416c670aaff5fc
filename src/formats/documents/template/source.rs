//! A text of a file, and the way from it back to the file's bytes.

use crate::{formats::documents::encoding::Decoded, text::Span};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A text as its reader sees it, with LF line ends and no byte order mark, and as its file has it.
#[derive(Debug)]
pub(super) struct Source {
    pub text: String,
    /// The text with the line ends of the file, where those are others.
    raw: Option<String>,
    /// The line ends of `text` that two bytes stand for in `raw`.
    double: Vec<usize>,
    pub encoding: &'static Encoding,
    /// The file has a byte order mark.
    marked: bool,
}

impl Source {
    pub fn new(decoded: Decoded) -> Source {
        let Decoded { text, encoding, mark } = decoded;
        let marked = mark > 0;
        if !text.as_bytes().contains(&b'\r') {
            return Source { text, raw: None, double: Vec::new(), encoding, marked };
        }
        let mut lines = String::with_capacity(text.len());
        let mut double = Vec::new();
        for piece in text.split_inclusive("\r\n") {
            let bare = piece.strip_suffix("\r\n");
            lines.push_str(&bare.unwrap_or(piece).replace('\r', "\n"));
            if bare.is_some() {
                double.push(lines.len());
                lines.push('\n');
            }
        }
        Source { text: lines, raw: Some(text), double, encoding, marked }
    }

    /// What the file has at `span` of the text.
    pub fn raw(&self, span: Span) -> &str {
        let Some(raw) = &self.raw else { return span.of(&self.text) };
        let place = |at: usize| at + self.double.partition_point(|end| *end < at);
        &raw[place(span.start)..place(span.end)]
    }

    /// How most lines of the file end.
    pub fn line_end(&self) -> &'static str {
        let ends = self.text.bytes().filter(|b| *b == b'\n').count();
        match &self.raw {
            Some(_) if 2 * self.double.len() >= ends => "\r\n",
            Some(raw) if !raw.contains('\n') => "\r",
            _ => "\n",
        }
    }

    /// The encoding can say all of `text`.
    pub fn holds(&self, text: &str) -> bool {
        let unicode = [UTF_8, UTF_16LE, UTF_16BE].contains(&self.encoding);
        unicode || text.is_ascii() || !self.encoding.encode(text).2
    }

    /// The encoding alone.
    pub fn without_text(self) -> Source {
        Source { text: String::new(), raw: None, double: Vec::new(), ..self }
    }

    /// The bytes of an XML part that has `text`, in the encoding of this one; what that lacks as a reference.
    pub fn xml_bytes(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            encoding if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) => self.bytes(text),
            encoding => encoding.encode(text).0.into_owned(),
        }
    }

    /// The bytes of a file that has `text`, in the encoding of this one where that holds it, else in UTF-8.
    pub fn bytes(&self, text: &str) -> Vec<u8> {
        let marked = if self.marked { "\u{FEFF}" } else { "" };
        let units = || marked.encode_utf16().chain(text.encode_utf16());
        if self.encoding == UTF_16LE {
            units().flat_map(u16::to_le_bytes).collect()
        } else if self.encoding == UTF_16BE {
            units().flat_map(u16::to_be_bytes).collect()
        } else if self.encoding != UTF_8 && self.holds(text) {
            self.encoding.encode(text).0.into_owned()
        } else {
            [marked, text].concat().into_bytes()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new(Decoded { text: text.to_owned(), encoding: UTF_8, mark: 0 })
    }

    #[test]
    fn line_ends_lead_back_to_the_file() {
        for (raw, lines, end) in [
            ("a\nb", "a\nb", "\n"),
            ("a\r\nbc\r\n\r\nd", "a\nbc\n\nd", "\r\n"),
            ("a\rb\r", "a\nb\n", "\r"),
            ("\r\r\na\nb\n\nc", "\n\na\nb\n\nc", "\n"),
            ("ə\r\n\r", "ə\n\n", "\r\n"),
        ] {
            let source = source(raw);
            assert_eq!((&*source.text, source.line_end()), (lines, end), "{raw:?}");
            assert_eq!(source.raw(Span::new(0, lines.len())), raw);
            let places: Vec<usize> = lines.char_indices().map(|(at, _)| at).chain([lines.len()]).collect();
            let pieces: String = places.windows(2).map(|two| source.raw(Span::new(two[0], two[1]))).collect();
            assert_eq!(pieces, raw);
        }
    }

    #[test]
    fn an_encoding_that_lacks_a_letter_gives_way_to_utf8() {
        let turkish = Source { encoding: encoding_rs::WINDOWS_1254, ..source("şəhər") };
        assert!(!turkish.holds("şəhər") && turkish.holds("şehir"));
        assert_eq!(turkish.bytes("şəhər"), "şəhər".as_bytes());
        assert_eq!(turkish.bytes("şe"), b"\xFEe");
        let wide = Source { encoding: UTF_16BE, marked: true, ..source("") };
        assert_eq!(wide.bytes("ə"), b"\xFE\xFF\x02\x59");
    }
}
