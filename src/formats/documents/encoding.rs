//! Bytes to text: UTF-8, UTF-16 by its mark, and older encodings where the text clearly is in one.

use super::DocumentError;
use crate::lang::{Language, guess};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1254};

/// The text of `bytes` without byte order mark, line ends as LF.
pub(super) fn text(name: &str, bytes: &[u8], language: Option<Language>) -> Result<String, DocumentError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        return utf16(name, &bytes[mark..], mark, encoding).map(unix_lines);
    }
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    match std::str::from_utf8(&bytes[mark..]) {
        Ok(text) => match text.bytes().position(is_binary) {
            Some(at) => Err(not_text(name, bytes, mark + at)),
            None => Ok(unix_lines(text.to_owned())),
        },
        Err(error) => older(name, bytes, mark + error.valid_up_to(), language).map(unix_lines),
    }
}

/// The text of an HTML file: like [`text`], but an encoding the file declares is believed.
pub(super) fn html(name: &str, bytes: &[u8], language: Option<Language>) -> Result<String, DocumentError> {
    if std::str::from_utf8(bytes).is_err()
        && Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = declared(bytes)
        && encoding != UTF_8
    {
        return Ok(unix_lines(encoding.decode_without_bom_handling(bytes).0.into_owned()));
    }
    text(name, bytes, language)
}

/// The `charset` among the first bytes of an HTML file.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024)];
    let at = head.windows(8).position(|window| window.eq_ignore_ascii_case(b"charset="))? + 8;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        .collect();
    Encoding::for_label(&label)
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
fn older(name: &str, bytes: &[u8], at: usize, language: Option<Language>) -> Result<String, DocumentError> {
    if let Some(at) = bytes.iter().position(|b| is_binary(*b)) {
        return Err(not_text(name, bytes, at));
    }
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
                return Ok(text.into_owned());
            }
        }
    }
    let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
    Err(DocumentError::NotUtf8 { name: name.to_owned(), at, line, byte: bytes[at] })
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
            assert_eq!(text("a.txt", bytes, None).unwrap(), want);
        }
    }

    #[test]
    fn what_is_no_text_is_named_with_its_place() {
        let mut damaged = "Bir şəhər.\nİkinci sətir ə".to_owned().into_bytes();
        damaged.pop();
        let error = text("a.txt", &damaged, None).unwrap_err().to_string();
        assert_eq!(error, "a.txt: not UTF-8 at byte 29 (line 2, 0xC9)");
        let error = text("b.txt", b"ab\0c", None).unwrap_err().to_string();
        assert!(error.starts_with("b.txt: byte 2 (0x00) is not text"), "{error}");
        let error = text("c.txt", b"\xFF\xFEa\0\x00\xD8", None).unwrap_err().to_string();
        assert_eq!(error, "c.txt: the UTF-16 text is broken at byte 4");
        assert!(text("d.txt", b"caf\xE9", None).is_err());
    }
}
