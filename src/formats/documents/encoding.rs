//! Bytes to text: UTF-8, UTF-16 by its mark or its zeros, and older encodings where the text clearly is in one.

use super::DocumentError;
use crate::lang::{Language, guess};
use encoding_rs::{DecoderResult, Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1254};

/// An encoding by any of its names in the WHATWG list: `windows-1251`, `cp1251`, `koi8-r`, `utf-16le`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named(&'static Encoding);

impl std::str::FromStr for Named {
    type Err = String;

    fn from_str(name: &str) -> Result<Named, String> {
        let found = Encoding::for_label(name.as_bytes()).filter(|encoding| *encoding != REPLACEMENT);
        found
            .map(Named)
            .ok_or_else(|| "no encoding known here; `windows-1251`, `koi8-r`, `utf-16le` are some".to_owned())
    }
}

impl Named {
    /// The text of `bytes`, whatever they look like.
    pub(super) fn text(self, name: &str, bytes: &[u8]) -> Result<Decoded, DocumentError> {
        decoded(name, bytes, self.0)
    }
}

/// A text as its bytes have it, line ends and all, without the byte order mark.
#[derive(Debug, Clone)]
pub(super) struct Decoded {
    pub text: String,
    pub encoding: &'static Encoding,
    /// How many bytes the byte order mark takes.
    pub mark: usize,
}

impl Decoded {
    /// The text with its line ends as LF.
    pub fn lines(self) -> String {
        unix_lines(self.text)
    }
}

/// The text of `bytes`.
pub(super) fn text(name: &str, bytes: &[u8], language: Option<Language>) -> Result<Decoded, DocumentError> {
    let as_utf16 = |encoding: &'static Encoding, mark: usize| {
        let text = utf16(name, &bytes[mark..], mark, encoding)?;
        Ok(Decoded { text, encoding, mark })
    };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        return as_utf16(encoding, mark);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return as_utf16(encoding, 0);
    }
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    match std::str::from_utf8(&bytes[mark..]) {
        Ok(text) => match text.bytes().position(is_binary) {
            Some(at) => Err(not_text(name, bytes, mark + at)),
            None => Ok(Decoded { text: text.to_owned(), encoding: UTF_8, mark }),
        },
        Err(error) => older(name, bytes, mark + error.valid_up_to(), language),
    }
}

/// The text of an HTML file: like [`text`], but an encoding the file declares is believed.
pub(super) fn html(name: &str, bytes: &[u8], language: Option<Language>) -> Result<Decoded, DocumentError> {
    if std::str::from_utf8(bytes).is_err()
        && Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = declared(bytes)
    {
        return decoded(name, bytes, encoding);
    }
    text(name, bytes, language)
}

/// The first characters of a file, as far as they can be read, without byte order mark.
pub(super) fn head(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(HEAD)];
    let encoding = unmarked_utf16(head).unwrap_or(UTF_8);
    encoding.decode(head).0.into_owned()
}

const HEAD: usize = 1024;

/// The encoding that the beginning of an HTML file names, if it can be that one: `<meta charset="…">`,
/// `content="text/html; charset=…"`, `<?xml … encoding="…"?>`. What names UTF-16 in single bytes is not believed.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let named = |key: &[u8]| {
        let at = head.windows(key.len()).position(|window| window == key)? + key.len();
        let mut rest = head[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(b)).count();
        Encoding::for_label(&rest[..length])
    };
    let told = named(b"charset").or_else(|| head.starts_with(b"<?xml").then(|| named(b"encoding"))?)?;
    (![UTF_8, UTF_16LE, UTF_16BE, REPLACEMENT].contains(&told)).then_some(told)
}

/// The text of `bytes` in `encoding`.
fn decoded(name: &str, bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, DocumentError> {
    let mark = Encoding::for_bom(bytes).filter(|(marked, _)| *marked == encoding).map_or(0, |(_, mark)| mark);
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or_default();
    let mut out = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(bytes, &mut out, true) {
        (DecoderResult::Malformed(length, after), read) => {
            let at = read.saturating_sub(usize::from(length) + usize::from(after));
            let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
            let byte = bytes.get(at).copied().unwrap_or_default();
            Err(DocumentError::NotEncoded { name: name.to_owned(), encoding: encoding.name(), at, line, byte })
        }
        _ => Ok(Decoded { text: out, encoding, mark }),
    }
}

/// The encoding of a text that is not UTF-8 and has no mark, by its beginning, where that is clear.
pub(in crate::formats) fn guessed(head: &[u8]) -> Option<&'static Encoding> {
    if let Some(encoding) = unmarked_utf16(head) {
        return Some(encoding);
    }
    // A letter may be cut at the end.
    let sound = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    if sound || head.iter().any(|byte| is_binary(*byte)) {
        None
    } else {
        older_encoding(head, None).map(|(found, _)| found)
    }
}

/// Which UTF-16 it is where no mark tells: Latin letters, and the spaces between all others, have a zero in every
/// second byte and nothing but letters of Europe's scripts comes out.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let encoding = match (zeros(0), zeros(1)) {
        (0, 1..) => UTF_16LE,
        (1.., 0) => UTF_16BE,
        _ => return None,
    };
    // A pair may be cut at the end.
    let (text, _) = encoding.decode_without_bom_handling(head);
    let usual = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{58f}' | '\u{1e00}'..='\u{22ff}');
    let odd = text.chars().filter(|c| !usual(*c)).count();
    (odd * 20 <= text.chars().count()).then_some(encoding)
}

fn utf16(name: &str, bytes: &[u8], mark: usize, encoding: &'static Encoding) -> Result<String, DocumentError> {
    debug_assert!(encoding == UTF_16LE || encoding == UTF_16BE);
    let unit = |pair: &[u8]| match (pair, encoding == UTF_16LE) {
        ([a, b], true) => u16::from_le_bytes([*a, *b]),
        ([a, b], false) => u16::from_be_bytes([*a, *b]),
        _ => 0xD800, // half a unit at the end: as wrong as half a pair
    };
    let broken = |at: usize| DocumentError::NotUtf16 { name: name.to_owned(), at };
    let mut out = String::with_capacity(bytes.len());
    let mut at = mark;
    for decoded in char::decode_utf16(bytes.chunks(2).map(unit)) {
        let c = decoded.map_err(|_| broken(at))?;
        if c == '\0' {
            return Err(broken(at));
        }
        at += 2 * c.len_utf16();
        out.push(c);
    }
    Ok(out)
}

/// Text that is not UTF-8 (from byte `at` on): windows-1251 or windows-1254 where it clearly is.
fn older(name: &str, bytes: &[u8], at: usize, language: Option<Language>) -> Result<Decoded, DocumentError> {
    if let Some(at) = bytes.iter().position(|b| is_binary(*b)) {
        return Err(not_text(name, bytes, at));
    }
    if let Some((encoding, text)) = older_encoding(bytes, language) {
        return Ok(Decoded { text, encoding, mark: 0 });
    }
    let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    Err(DocumentError::NotUtf8 { name: name.to_owned(), at, line, byte: bytes[at] })
}

/// windows-1251 or windows-1254 where it clearly is one of them, and the text.
fn older_encoding(bytes: &[u8], language: Option<Language>) -> Option<(&'static Encoding, String)> {
    // A UTF-8 file with a damaged byte has whole letters too; guessing an encoding would spoil those.
    let whole = String::from_utf8_lossy(bytes);
    let letters = whole.chars().filter(|c| !c.is_ascii() && *c != char::REPLACEMENT_CHARACTER).count();
    let broken = whole.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if letters * 4 <= broken {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let tld = language.map(|language| language.as_str().to_owned());
        let tld = tld.as_deref().filter(|tag| tag.len() == 2 && *tag != "en").map(str::as_bytes);
        let guessed = detector.guess(tld, chardetng::Utf8Detection::Deny);
        for encoding in [WINDOWS_1251, WINDOWS_1254] {
            if guessed != encoding {
                continue;
            }
            let (text, _, failed) = encoding.decode(bytes);
            if !failed && guess(&text).is_some_and(|told| language.is_none_or(|given| given == told)) {
                return Some((encoding, text.into_owned()));
            }
        }
    }
    None
}

fn not_text(name: &str, bytes: &[u8], at: usize) -> DocumentError {
    DocumentError::NotText { name: name.to_owned(), at, byte: bytes[at] }
}

/// Control characters no text holds. Form feeds, escapes and the like do occur in old texts.
pub(super) fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=6 | 14..=25 | 28..=31)
}

fn unix_lines(text: String) -> String {
    if !text.as_bytes().contains(&b'\r') {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let want = "Служба открыта.\nОна работает на всей территории страны и за её пределами.";
        let crlf = want.replace('\n', "\r\n");
        let utf16 = |swap: bool| -> Vec<u8> {
            let units = std::iter::once(0xFEFF).chain(crlf.encode_utf16());
            units.flat_map(|u| if swap { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let marked = format!("\u{FEFF}{crlf}").into_bytes();
        let (old, _, _) = WINDOWS_1251.encode(&crlf);
        for bytes in [want.as_bytes(), crlf.as_bytes(), &marked, &utf16(false), &utf16(true), &old] {
            assert_eq!(text("a.txt", bytes, None).unwrap().lines(), want);
        }
        for bytes in [utf16(false), utf16(true)] {
            assert_eq!(text("a.txt", &bytes[2..], None).unwrap().lines(), want, "no mark");
        }
    }

    #[test]
    fn a_page_is_read_as_it_declares() {
        let page = |head: &str, encoding: &'static Encoding| {
            encoding.encode(&format!("{head}<p>Şəhər “Город”")).0.into_owned()
        };
        for (head, bytes, want) in [
            ("<meta charset=windows-1251>", WINDOWS_1251, "Город”"),
            ("<META http-equiv=Content-Type content=\"text/html; Charset = Windows-1251\">", WINDOWS_1251, "Город”"),
            ("<?xml version='1.0' encoding='windows-1251'?>", WINDOWS_1251, "Город”"),
            ("<meta charset='iso-8859-9'>", WINDOWS_1254, "Ş"),
        ] {
            let text = html("a.html", &page(head, bytes), None).unwrap().text;
            assert!(text.contains(want), "{text}");
        }
        let error = html("a.html", b"<meta charset=windows-1253>\n\xC3\xD2", None).unwrap_err().to_string();
        assert_eq!(error, "a.html: not windows-1253 at byte 29 (line 2, 0xD2)");
        // No file of single bytes is UTF-16, whatever it says.
        assert!(html("a.html", b"<meta charset=utf-16>caf\xE9", None).is_err());
        let utf16: Vec<u8> = "<html><p>Şəhər</p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(head(&utf16).starts_with("<html>"));
        assert_eq!(html("a.html", &utf16, None).unwrap().text, "<html><p>Şəhər</p>");
    }

    #[test]
    fn a_given_encoding_is_believed() {
        let koi8: Named = "koi8-r".parse().unwrap();
        assert_eq!(koi8.text("a.txt", b"\xE4\xC1.\r\n").unwrap().lines(), "Да.\n");
        let utf8: Named = "UTF-8".parse().unwrap();
        assert_eq!(utf8.text("a.txt", b"\xEF\xBB\xBF\xC3\xA9").unwrap().text, "é");
        let error = utf8.text("a.txt", b"\xEF\xBB\xBFa\n\xE9").unwrap_err().to_string();
        assert_eq!(error, "a.txt: not UTF-8 at byte 5 (line 2, 0xE9)");
        assert!("cp-9999".parse::<Named>().unwrap_err().starts_with("no encoding known here"));
    }

    #[test]
    fn what_is_no_text_is_named_with_its_place() {
        let mut damaged = "Bir şəhər.\nİkinci sətir ə".to_owned().into_bytes();
        damaged.pop();
        let error = text("a.txt", &damaged, None).unwrap_err().to_string();
        assert_eq!(error, "a.txt: not UTF-8 at byte 29 (line 2, 0xC9)");
        let mut cut: Vec<u8> = "Şəhər və kənd".encode_utf16().flat_map(u16::to_le_bytes).collect();
        cut.pop();
        let error = text("a.txt", &cut, None).unwrap_err().to_string();
        assert_eq!(error, "a.txt: the UTF-16 text is broken at byte 24");
        let error = text("b.txt", b"ab\0c", None).unwrap_err().to_string();
        assert!(error.starts_with("b.txt: byte 2 (0x00) is not text"), "{error}");
        let error = text("c.txt", b"\xFF\xFEa\0\x00\xD8", None).unwrap_err().to_string();
        assert_eq!(error, "c.txt: the UTF-16 text is broken at byte 4");
        assert!(text("d.txt", b"caf\xE9", None).is_err());
    }
}
