//! A bound on the attributes of a tag: the tokenizer compares each with all before it.

/// No page has so many attributes in one tag; what follows them in the tag is left out.
const MOST: usize = 1000;

/// Follows the source through its tags.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    inside: bool,
    /// Of a value that is being read.
    quote: Option<u8>,
    after_equals: bool,
    /// Marks that may end an attribute: white space, slashes, the ends of quoted values.
    count: usize,
}

impl Attributes {
    /// What comes next is inside of a tag.
    pub fn inside(&self) -> bool {
        self.inside
    }

    /// What to read of `piece`, the next of the source, and what to read behind that. A piece begins with `<` where it
    /// begins a tag; in `raw` text no tag begins.
    pub fn bounded<'s>(&mut self, piece: &'s str, raw: bool) -> (&'s str, &'s str) {
        let begins = piece.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        if !self.inside {
            if raw || !begins {
                return (piece, "");
            }
            *self = Attributes { inside: true, ..Attributes::default() };
        }
        let mut kept = if self.count < MOST { piece.len() } else { 0 };
        for (at, byte) in piece.bytes().enumerate() {
            match (self.quote, byte) {
                (Some(quote), _) if byte == quote => {
                    self.quote = None;
                    self.count += 1;
                }
                (Some(_), _) => {}
                (None, b'>') => {
                    self.inside = false;
                    return if kept < piece.len() { (&piece[..kept], ">") } else { (piece, "") };
                }
                (None, b'"' | b'\'') if self.after_equals => self.quote = Some(byte),
                (None, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/') => self.count += 1,
                _ => {}
            }
            self.after_equals = byte == b'=' || self.after_equals && byte.is_ascii_whitespace();
            if self.count >= MOST {
                kept = kept.min(at);
            }
        }
        (&piece[..kept], "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&str]) -> String {
        let mut attributes = Attributes::default();
        pieces.iter().flat_map(|piece| <[&str; 2]>::from(attributes.bounded(piece, false))).collect()
    }

    #[test]
    fn a_tag_of_too_many_attributes_ends_early() {
        for piece in [" a", "/a", "a=\"\"", " a = '>'"] {
            let got =
                read(&["<p", &piece.repeat(3000), "\n", &piece.repeat(3000), " b=\"", ">", "\"", ">", "text <p>"]);
            assert!(got.len() < 1100 * piece.len() && got.starts_with("<p") && got.ends_with(">text <p>"), "{got}");
        }
    }

    #[test]
    fn other_pages_are_as_they_are() {
        let words = "word / ' ".repeat(2000);
        for pieces in
            [["<p a=b>", &words, "<b it's>", &words], ["a < b", &words, "<!-- x", &words], ["</p", " x", ">", &words]]
        {
            assert_eq!(read(&pieces), pieces.concat());
        }
        let data = format!("<img src=\"{words}\">");
        assert_eq!(read(&[&data]), data);
    }
}
