//! A document that is written back with its own words is the same bytes; with other words and its codes in any order it
//! is a document again. The first two bytes tell which kind it is and how the codes are given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use yaddash::{
    Language,
    formats::documents::{Given, Replacement, Template, read},
    model::Code,
    text::Span,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn package(document: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("word/document.xml", stored).expect("memory takes it");
    zip.write_all(document.as_bytes()).expect("memory takes it");
    zip.finish().expect("memory takes it").into_inner()
}

fuzz_target!(|input: (u8, u8, &str)| {
    let (kind, order, text) = input;
    let (name, bytes) = match kind % 5 {
        0 => ("a.txt", text.as_bytes().to_vec()),
        1 => ("a.md", text.as_bytes().to_vec()),
        2 => ("a.html", format!("<html>{text}").into_bytes()),
        3 => ("a.docx", package(text)),
        _ => ("a.docx", package(&format!("<w:document><w:body>{text}</w:body></w:document>"))),
    };
    let given = Given { language: Some(Language::EN), ..Given::default() };
    let Ok(template) = Template::open(name, bytes.clone(), given) else { return };
    let document = template.document();
    assert_eq!(*document, read(name, &bytes, Some(Language::EN)).expect("it was read before"));
    let spans: Vec<Span> = document.blocks.iter().map(|block| block.span).collect();
    let mut codes: Vec<Vec<Code>> = spans.iter().map(|span| template.codes(*span)).collect();
    let own = replacements(&spans, &codes, |span| span.of(&document.text));
    assert_eq!(template.write(Language::EN, &own).expect("the spans are its own"), bytes);
    for codes in &mut codes {
        let turn = usize::from(order) % codes.len().max(1);
        codes.rotate_left(turn);
        codes.iter_mut().for_each(|code| code.at = code.at * usize::from(order) % 13);
        codes.truncate(codes.len() - usize::from(order % 3).min(codes.len()));
    }
    let other = replacements(&spans, &codes, |_| "Bir <iki> & üç *dörd*");
    let written = template.write(Language::AZ, &other).expect("the spans are its own");
    read(name, &written, Some(Language::AZ)).expect("what is written can be read");
});

fn replacements<'a>(spans: &[Span], codes: &'a [Vec<Code>], text: impl Fn(Span) -> &'a str) -> Vec<Replacement<'a>> {
    spans.iter().zip(codes).map(|(span, codes)| Replacement { span: *span, text: text(*span), codes }).collect()
}
