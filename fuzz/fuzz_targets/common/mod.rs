//! What holds of every document, whatever it was read from.

use yaddash::{
    Document,
    segment::{Rules, explain, segment},
};

/// Blocks lie in order and on characters with nothing but white space between them; segments are slices of the text
/// in order; what is explained is what is done.
pub fn check(document: &Document) {
    let text = &document.text;
    let mut at = 0;
    for block in &document.blocks {
        assert!(block.span.start >= at && block.span.start < block.span.end);
        assert!(text[at..block.span.start].trim().is_empty(), "text between blocks");
        at = block.span.end;
    }
    assert!(text[at..].trim().is_empty(), "text behind the last block");
    let rules = Rules::of(document.language);
    let segments = segment(document, rules);
    let ends: Vec<usize> = explain(document, rules).into_iter().filter(|d| d.breaks).map(|d| d.at).collect();
    let mut at = 0;
    for segment in &segments {
        assert!(segment.span.start >= at && !segment.text.trim().is_empty());
        assert_eq!(segment.span.of(text), segment.text);
        at = segment.span.end;
        assert!(ends.iter().any(|end| text[..*end].trim_end().len() == at), "an end nothing explains");
    }
}
