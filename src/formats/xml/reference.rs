//! Character references and the five entities.

use crate::formats::{shortened, source::legal};

/// The longest name of an entity that is still one, in bytes.
pub(super) const MAX_REFERENCE: usize = 64;

pub(super) const NO_REFERENCE: &str = "`&` that begins no reference: it must be written `&amp;`";

/// What `&name;` stands for.
pub(super) fn resolve(name: &str) -> Result<char, String> {
    let number = match name.strip_prefix('#') {
        None => {
            return match name {
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "amp" => Ok('&'),
                "quot" => Ok('"'),
                "apos" => Ok('\''),
                _ if name.contains([' ', '\t', '\n']) => Err(NO_REFERENCE.to_owned()),
                _ => Err(format!(
                    "entity `&{};` is none of the five of XML (those a file declares are not expanded)",
                    shortened(name)
                )),
            };
        }
        Some(hex) if hex.starts_with('x') => u32::from_str_radix(&hex[1..], 16),
        Some(decimal) => decimal.parse(),
    };
    match number.ok().map(|n| (n, char::from_u32(n))) {
        Some((_, Some(c))) if legal(c) && !name.contains('+') => Ok(c),
        Some((n, _)) => Err(format!("character reference `&{name};`: U+{n:04X} is not a character XML may hold")),
        None => Err(format!("`&{};` is not a character reference", shortened(name))),
    }
}

/// Appends an attribute's value to `out`: references resolved, white space as spaces. [XML 1.0 section 3.3.3]
pub(super) fn unescape_attribute(value: &str, lenient: bool, out: &mut String) -> Result<(), (usize, String)> {
    if !value.bytes().any(|b| matches!(b, b'<' | b'&' | b'\n' | b'\t')) {
        out.push_str(value);
        return Ok(());
    }
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let offset = value.len() - rest.len();
        rest = &rest[c.len_utf8()..];
        match c {
            '<' if !lenient => return Err((offset, "`<` in an attribute: it must be written `&lt;`".to_owned())),
            '&' => {
                let name = rest.split_once(';').filter(|(name, _)| name.len() <= MAX_REFERENCE);
                match name.map(|(name, behind)| (resolve(name), behind)) {
                    Some((Ok(c), behind)) => {
                        out.push(c);
                        rest = behind;
                    }
                    Some((Err(_), behind)) if lenient => {
                        out.push(char::REPLACEMENT_CHARACTER);
                        rest = behind;
                    }
                    Some((Err(what), _)) => return Err((offset, what)),
                    None => {
                        return Err((offset, NO_REFERENCE.to_owned()));
                    }
                }
            }
            '\n' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    Ok(())
}
