//! Any bytes are units or an error to the readers of exchange formats, strict and lenient; units that are read can be
//! written, and an XLIFF of them says the same texts. The first byte tells the format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use yaddash::{
    Language, Unit,
    formats::{self, FormatError, Item, jsonl, pairs, po, table, tmx, xliff, xlsx},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A workbook whose sheet is the text, and behind a line of `%` its shared texts.
fn workbook(text: &str) -> Vec<u8> {
    let (sheet, strings) = text.split_once("\n%\n").unwrap_or((text, ""));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    for (name, content) in
        [("xl/workbook.xml", ""), ("xl/sharedStrings.xml", strings), ("xl/worksheets/sheet1.xml", &sheet)]
    {
        zip.start_file(name, stored).expect("memory takes it");
        zip.write_all(content.as_bytes()).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn read(format: u8, bytes: &[u8], lenient: bool) -> Option<Vec<Unit>> {
    let mut out = Vec::new();
    let mut each = |item| {
        if let Item::Unit(unit) = item {
            out.push(unit);
        }
        Ok(())
    };
    if format == 5 {
        let file = Cursor::new(workbook(&String::from_utf8_lossy(bytes)));
        return xlsx::read(file, lenient, &mut each).ok().map(|()| out);
    }
    let mut source = formats::open(bytes).expect("memory is read").guessed_source().ok()?;
    source.lenient = lenient;
    let languages = [Language::EN, Language::AZ];
    let done: Result<(), FormatError> = match format {
        1 => po::read(source, None, Some(Language::AZ), &mut each),
        2 => xliff::read(source, [None, None], &mut each),
        3 => table::read(source, &mut each).map(drop),
        4 => jsonl::read(source, &mut each),
        _ => pairs::read(source, languages, &mut each),
    };
    done.ok().map(|()| out)
}

fuzz_target!(|input: (u8, &[u8])| {
    let (first, bytes) = input;
    let Some(units) = read(first % 6, bytes, first / 6 % 2 == 1) else { return };
    for unit in &units {
        assert!(unit.variants.len() >= 2);
        for variant in &unit.variants {
            assert!(variant.codes.iter().all(|code| variant.text.is_char_boundary(code.at)));
            assert!(!variant.text.contains(char::REPLACEMENT_CHARACTER));
        }
    }
    let Some(first) = units.first() else { return };
    let pair = [first.variants[0].language, first.variants[1].language];
    if pair[0] == pair[1] {
        return;
    }
    let settings = tmx::Settings { source: Some(pair[0]), ..tmx::Settings::default() };
    let mut writer = tmx::Writer::new(Vec::new(), &settings).expect("memory takes it");
    units.iter().for_each(|unit| writer.unit(unit).expect("memory takes it"));
    let mut catalogue = Vec::new();
    let mut writer = po::Writer::new(&mut catalogue, pair[0], pair[1], Default::default());
    units.iter().for_each(|unit| writer.unit(unit));
    writer.finish().expect("memory takes it");
    read(1, &catalogue, false).expect("a catalogue is sound");
    let mut writer = xliff::Writer::new(Vec::new(), pair[0], pair[1]).expect("memory takes it");
    units.iter().for_each(|unit| writer.unit(unit).expect("memory takes it"));
    read(2, &writer.finish().expect("memory takes it"), false).expect("an XLIFF is sound");
    let mut writer = xliff::Writer2::new(Vec::new(), pair[0], pair[1]).expect("memory takes it");
    units.iter().for_each(|unit| writer.unit(unit).expect("memory takes it"));
    read(2, &writer.finish().expect("memory takes it"), false).expect("an XLIFF is sound");
});
