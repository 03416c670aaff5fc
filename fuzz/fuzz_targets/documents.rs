//! Any bytes under any name are a document or an error.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use yaddash::formats::documents;

const NAMES: [&str; 5] = ["a.txt", "a.md", "a.html", "a.docx", "a.odt"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    if let Ok(document) = documents::read(name, rest, None) {
        common::check(&document);
    }
});
