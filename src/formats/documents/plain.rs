//! Plain text: the text is the file; a block is what stands between blank lines.

use super::Read;
use crate::{
    model::{Block, BlockKind, SourceMap},
    text::Span,
};

pub(super) fn read(text: String) -> Read {
    let mut blocks = Vec::new();
    let mut open: Option<Span> = None;
    for line in lines(&text) {
        match (&mut open, line.trimmed(&text).is_empty()) {
            (Some(block), false) => block.end = line.end,
            (None, false) => open = Some(line),
            (_, true) => blocks.extend(open.take().map(|span| Block { span, kind: BlockKind::Plain })),
        }
    }
    blocks.extend(open.map(|span| Block { span, kind: BlockKind::Plain }));
    Read { text, blocks, map: SourceMap::Same, declared: None }
}

/// Every line that is not blank is one paragraph of running text.
pub(super) fn read_lines(text: String) -> Read {
    let blocks = lines(&text)
        .filter(|line| !line.trimmed(&text).is_empty())
        .map(|span| Block { span, kind: BlockKind::Running })
        .collect();
    Read { text, blocks, map: SourceMap::Same, declared: None }
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
}
