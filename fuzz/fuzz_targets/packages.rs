//! Any XML in the parts of a DOCX or ODT is a document or an error. The first byte tells which, the rest is the
//! document's part and, behind a line of `%`, the styles'.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use yaddash::formats::documents;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="x/styles" Target="styles.xml"/>
<Relationship Id="r2" Type="x/footnotes" Target="notes.xml"/><Relationship Id="r3" Type="x/footer" Target="notes.xml"/>
</Relationships>"#;

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        zip.start_file(*name, stored).expect("memory takes it");
        zip.write_all(content.as_bytes()).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fuzz_target!(|input: (u8, &str)| {
    let (first, text) = input;
    let (body, styles) = text.split_once("\n%\n").unwrap_or((text, ""));
    let bytes = match first % 4 {
        0 => package(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", &format!("<x><office:body>{body}</office:body></x>")),
            ("styles.xml", styles),
        ]),
        1 => package(&[("content.xml", body), ("styles.xml", styles), ("META-INF/manifest.xml", "")]),
        2 => package(&[("word/document.xml", body)]),
        _ => package(&[
            ("word/document.xml", &format!("<w:document><w:body>{body}</w:body></w:document>")),
            ("word/_rels/document.xml.rels", RELATIONS),
            ("word/styles.xml", styles),
            ("word/notes.xml", body),
        ]),
    };
    if let Ok(document) = documents::read("a.docx", &bytes, None) {
        common::check(&document);
    }
});
