//! Plain text of any length, read piece by piece: each piece is a [`Document`] of whole blocks, and their texts one
//! after the other are the text.
//!
//! The file is gone through twice: once to know that it is text throughout, so that nothing has been said of a file
//! that turns out to be none, and once for the pieces.

use super::{Kind, document, encoding, kind, plain};
use super::{Read as Whole, Told};
use crate::{
    lang::Language,
    model::{Document, SourceMap},
};
use std::io::{self, Read, Seek};

/// How much is read at a time, in bytes; blocks are no longer than this but for those of one line.
const PIECE: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A text file in UTF-8 on its way.
pub struct LongText<F> {
    file: F,
    name: String,
    language: Language,
    told: Told,
    lines: bool,
    /// What has been read and belongs to no piece yet; LF line ends.
    held: Vec<u8>,
    /// The last byte read was a CR, which stands in `held` as LF.
    after_cr: bool,
    ended: bool,
    piece: usize,
}

impl<F: Read + Seek> LongText<F> {
    /// The text in `file`; `None` where it is no plain text in UTF-8 and has to be read as a whole.
    /// `lines`: each line is one paragraph of running text, whatever it looks like. The language is told as by
    /// [`super::read`].
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn open(file: F, name: &str, language: Option<Language>, lines: bool) -> io::Result<Option<LongText<F>>> {
        LongText::in_pieces(file, name, language, lines, PIECE)
    }

    fn in_pieces(
        mut file: F,
        name: &str,
        language: Option<Language>,
        lines: bool,
        piece: usize,
    ) -> io::Result<Option<LongText<F>>> {
        if !is_text(&mut file)? {
            return Ok(None);
        }
        file.rewind()?;
        let (told, after_cr, ended) = (Told::Unknown, false, false);
        let (name, held) = (name.to_owned(), Vec::new());
        let mut out = LongText { file, name, language: super::UNDETERMINED, told, lines, held, after_cr, ended, piece };
        out.fill(piece)?;
        let plain = lines || matches!(kind(&out.name, &out.held), Ok(Kind::Plain));
        if out.held.starts_with(BYTE_ORDER_MARK) {
            out.held.drain(..BYTE_ORDER_MARK.len());
        }
        let head = String::from_utf8_lossy(&out.held).into_owned();
        let (head, told) = document(&out.name, Whole { text: head, ..Whole::default() }, language);
        (out.language, out.told) = (head.language, told);
        Ok(plain.then_some(out))
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// What told the language.
    pub fn told(&self) -> Told {
        self.told
    }

    /// Reads on until at least `most` bytes are held or the file ends.
    fn fill(&mut self, most: usize) -> io::Result<()> {
        while self.held.len() < most && !self.ended {
            let from = self.held.len();
            self.ended = (&mut self.file).take((most - from) as u64).read_to_end(&mut self.held)? == 0;
            self.unify_line_ends(from);
        }
        Ok(())
    }

    /// Turns the line ends of what is held from byte `from` on into LF.
    fn unify_line_ends(&mut self, from: usize) {
        let skip = usize::from(self.after_cr && self.held.get(from) == Some(&b'\n'));
        if let Some(last) = self.held[from..].last() {
            self.after_cr = *last == b'\r';
        }
        if skip == 0 && !self.held[from..].contains(&b'\r') {
            return;
        }
        let mut to = from;
        let mut after_cr = false;
        for at in from + skip..self.held.len() {
            let byte = self.held[at];
            if byte == b'\n' && after_cr {
                after_cr = false;
                continue;
            }
            after_cr = byte == b'\r';
            self.held[to] = if after_cr { b'\n' } else { byte };
            to += 1;
        }
        self.held.truncate(to);
    }

    fn next_piece(&mut self) -> io::Result<Option<Document>> {
        let mut most = self.piece;
        loop {
            self.fill(most)?;
            if self.held.is_empty() {
                return Ok(None);
            }
            let known = match std::str::from_utf8(&self.held) {
                Ok(text) => text,
                // The file may end in the middle of what was read; not the text.
                Err(error) if error.error_len().is_none() && !self.ended => {
                    std::str::from_utf8(&self.held[..error.valid_up_to()]).unwrap_or_default()
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            };
            let mut blocks = if self.lines { plain::running(known) } else { plain::blocks(known) };
            let mut end = known.len();
            if !self.ended {
                // The last block may go on, and so may a line that is blank so far.
                end = blocks.pop().map_or_else(|| known.rfind('\n').map_or(0, |at| at + 1), |last| last.span.start);
                if end == 0 {
                    most = most.max(self.held.len()) * 2;
                    continue;
                }
            }
            let text = known[..end].to_owned();
            self.held.drain(..end);
            let (name, language) = (self.name.clone(), self.language);
            return Ok(Some(Document { name, language, text, blocks, map: SourceMap::Same }));
        }
    }
}

impl<F: Read + Seek> Iterator for LongText<F> {
    type Item = io::Result<Document>;

    fn next(&mut self) -> Option<io::Result<Document>> {
        let next = self.next_piece();
        if next.is_err() {
            (self.ended, self.held) = (true, Vec::new());
        }
        next.transpose()
    }
}

/// All of it is UTF-8 without bytes no text holds.
fn is_text(file: &mut impl Read) -> io::Result<bool> {
    let mut buffer = vec![0; 1 << 16];
    let mut held = 0;
    loop {
        let count = match file.read(&mut buffer[held..]) {
            Ok(0) => return Ok(held == 0),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let known = &buffer[..held + count];
        if known[held..].iter().any(|byte| encoding::is_binary(*byte)) {
            return Ok(false);
        }
        let valid = match std::str::from_utf8(known) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Ok(false),
        };
        // A character cut in two waits for its other half.
        let end = held + count;
        buffer.copy_within(valid..end, 0);
        held = end - valid;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn long(bytes: &[u8], lines: bool, piece: usize) -> Option<Vec<Document>> {
        let text = LongText::in_pieces(Cursor::new(bytes), "a.txt", None, lines, piece).unwrap()?;
        Some(text.map(Result::unwrap).collect())
    }

    /// The text of the pieces, and their blocks in it.
    fn joined(pieces: &[Document]) -> (String, Vec<crate::model::Block>) {
        let (mut text, mut blocks) = (String::new(), Vec::new());
        for piece in pieces {
            for block in &piece.blocks {
                blocks.push(crate::model::Block { span: block.span.shifted(text.len()), kind: block.kind });
            }
            text.push_str(&piece.text);
        }
        (text, blocks)
    }

    fn texts() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a",
            "ə",
            "“Ещё.” ",
            "\n",
            "\r\n",
            "\r",
            "\n\n",
            " ",
            "\u{a0}",
            "word. Word",
            "😀",
            "- item",
        ]);
        prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn pieces_are_the_whole(text in texts(), lines in any::<bool>(), piece in 1usize..40) {
            let (whole, told) = match lines {
                true => super::super::read_lines("a.txt", text.as_bytes(), super::super::Given::default()),
                false => super::super::read_told("a.txt", text.as_bytes(), super::super::Given::default()),
            }
            .unwrap();
            let pieces = long(text.as_bytes(), lines, piece).unwrap();
            prop_assert_eq!(joined(&pieces), (whole.text, whole.blocks));
            let same = LongText::open(Cursor::new(text.as_bytes()), "a.txt", None, lines).unwrap().unwrap();
            prop_assert_eq!((same.language(), same.told()), (whole.language, told));
        }

        #[test]
        fn line_ends_are_the_same_wherever_reading_stops(text in texts(), cut in 0usize..200) {
            let bytes = text.as_bytes();
            let cut = cut.min(bytes.len());
            let mut long = LongText::open(Cursor::new(b""), "a.txt", None, false).unwrap().unwrap();
            for part in [&bytes[..cut], &bytes[cut..]] {
                let from = long.held.len();
                long.held.extend_from_slice(part);
                long.unify_line_ends(from);
            }
            prop_assert_eq!(String::from_utf8(long.held).unwrap(), text.replace("\r\n", "\n").replace('\r', "\n"));
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let (text, blocks) = joined(&long("\u{feff}One.\n\nTwo.".as_bytes(), false, 5).unwrap());
        assert_eq!((text.as_str(), blocks.len()), ("One.\n\nTwo.", 2));
    }

    #[test]
    fn what_is_no_utf_8_text_is_left_to_others() {
        let long_ago = [b"x".repeat(70_000).as_slice(), b"\xff"].concat();
        for bytes in [b"\xFF\xFEa\0".as_slice(), b"a\0b", b"caf\xE9", b"<html><p>x", b"PK\x03\x04", &long_ago] {
            assert!(long(bytes, false, 10).is_none(), "{:?}", &bytes[..4]);
        }
        let cut = ["ə".repeat(40_000).as_bytes(), b"\xC9"].concat();
        assert!(long(&cut, false, 10).is_none(), "half a letter at the end");
    }
}
