//! Any bytes under any name are a document or an error; its blocks lie in order and on characters, and its segments
//! are slices of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaddash::{
    formats::documents,
    segment::{Rules, segment},
};

const NAMES: [&str; 5] = ["a.txt", "a.md", "a.html", "a.docx", "a.odt"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let Ok(document) = documents::read(name, rest, None) else { return };
    let mut at = 0;
    for block in &document.blocks {
        assert!(block.span.start >= at && block.span.start < block.span.end);
        assert!(document.text.get(block.span.start..block.span.end).is_some());
        at = block.span.end;
    }
    let mut at = 0;
    for segment in segment(&document, Rules::of(document.language)) {
        assert!(segment.span.start >= at && !segment.text.trim().is_empty());
        assert_eq!(segment.span.of(&document.text), segment.text);
        at = segment.span.end;
    }
});
