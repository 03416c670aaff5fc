//! Escaping for XML; characters XML may not hold are left out, for one of them makes a whole file unreadable.

use crate::formats::source::legal;

/// Appends `text` as element content.
///
/// CR is written as a reference, or it would come back as LF. [XML 1.0 section 2.11]
pub fn escape_text(text: &str, out: &mut String) {
    escape(text, out, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        _ => None,
    });
}

/// Appends `value` as the content of a double-quoted attribute; white space other than spaces survives.
pub fn escape_attribute(value: &str, out: &mut String) {
    escape(value, out, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        _ => None,
    });
}

fn escape(text: &str, out: &mut String, written: impl Fn(char) -> Option<&'static str>) {
    let plain = |b: u8| b >= 0x20 && !matches!(b, b'&' | b'<' | b'>' | b'"') && b != 0xef;
    if text.bytes().all(plain) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match written(c) {
            Some(reference) => out.push_str(reference),
            None if legal(c) => out.push(c),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_plainly() {
        let mut out = String::new();
        escape_text("a<b & \"c\"\u{1f}\u{ffff}\r\n\tə]]>", &mut out);
        assert_eq!(out, "a&lt;b &amp; \"c\"&#13;\n\tə]]&gt;");
        out.clear();
        escape_attribute("a\"b\n\t'", &mut out);
        assert_eq!(out, "a&quot;b&#10;&#9;'");
    }
}
