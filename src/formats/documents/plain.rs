//! Plain text: the text is the file; a block is what stands between blank lines.

use super::Read;
use crate::{
    model::{Block, BlockKind, SourceMap},
    text::Span,
};

/// A block longer than this, in bytes, ends at the next line end: what stands so far apart makes no one paragraph,
/// and a text of any length can be read block by block.
const LONGEST_BLOCK: usize = 1 << 20;

pub(super) fn read(text: String) -> Read {
    let blocks = blocks(&text);
    Read { text, blocks, map: SourceMap::Same, ..Read::default() }
}

/// Every line that is not blank is one paragraph of running text.
pub(super) fn read_lines(text: String) -> Read {
    let blocks = running(&text);
    Read { text, blocks, map: SourceMap::Same, ..Read::default() }
}

/// What stands between blank lines.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut close = |open: Option<Span>| blocks.extend(open.map(|span| Block { span, kind: BlockKind::Plain }));
    let mut open: Option<Span> = None;
    for line in lines(text) {
        match (&mut open, line.trimmed(text).is_empty()) {
            (Some(block), false) if line.end - block.start <= LONGEST_BLOCK => block.end = line.end,
            (_, false) => close(open.replace(line)),
            (_, true) => close(open.take()),
        }
    }
    close(open);
    blocks
}

/// The lines that are not blank.
pub(super) fn running(text: &str) -> Vec<Block> {
    let filled = lines(text).filter(|line| !line.trimmed(text).is_empty());
    filled.map(|span| Block { span, kind: BlockKind::Running }).collect()
}

/// The lines of `text` without their ends.
fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut at = 0;
    text.split('\n').map(move |line| {
        let span = Span::new(at, at + line.len());
        at = span.end + 1;
        span
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_blocks() {
        let text = "\nHeading\n \u{a0}\nOne line\nand another\n\n";
        let read = read(text.to_owned());
        let texts: Vec<&str> = read.blocks.iter().map(|block| block.span.of(text)).collect();
        assert_eq!(texts, ["Heading", "One line\nand another"]);
        let read = read_lines(text.to_owned());
        let texts: Vec<&str> = read.blocks.iter().map(|block| block.span.of(text)).collect();
        assert_eq!(texts, ["Heading", "One line", "and another"]);
        assert!(read.blocks.iter().all(|block| block.kind == BlockKind::Running));
    }

    #[test]
    fn no_block_is_endless() {
        let line = "One line of many.\n";
        let text = line.repeat(3 * LONGEST_BLOCK / line.len());
        let blocks = blocks(&text);
        assert_eq!(blocks.len(), 3);
        assert!(
            blocks
                .iter()
                .all(|block| block.span.of(&text).starts_with("One")
                    && block.span.end - block.span.start <= LONGEST_BLOCK)
        );
        let one = "x".repeat(LONGEST_BLOCK + 1);
        assert_eq!(super::blocks(&format!("{one}\ny")).len(), 2, "a line is never cut");
    }
}
