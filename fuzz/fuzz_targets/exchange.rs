//! Any bytes as TMX, TBX or a glossary are units, concepts or an error; what was read goes out, and comes back as it
//! was. The first byte tells the format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaddash::{
    Concept, Unit,
    formats::{FormatError, Item, Source, glossary, open, tbx, tmx},
};

/// What a reader hands over.
#[derive(Default)]
struct Read {
    units: Vec<Unit>,
    concepts: Vec<Concept>,
}

fn items(
    bytes: &[u8],
    lenient: bool,
    reader: impl FnOnce(Source<'_>, &mut dyn FnMut(Item) -> Result<(), yaddash::formats::Stop>) -> Result<(), FormatError>,
) -> Option<Read> {
    let mut source = open(bytes).ok()?.source().ok()?;
    source.lenient = lenient;
    let mut read = Read::default();
    let done = reader(source, &mut |item| {
        match item {
            Item::Unit(unit) => read.units.push(unit),
            Item::Concept(concept) => read.concepts.push(concept),
            Item::Skipped(remark) | Item::Warning(remark) => assert!(remark.line > 0 && !remark.what.is_empty()),
        }
        Ok(())
    });
    done.ok().map(|()| read)
}

fn of_tmx(bytes: &[u8], lenient: bool) -> Option<(Read, tmx::Header)> {
    let mut header = tmx::Header::default();
    let read = items(bytes, lenient, |source, each| {
        header = tmx::read(source, each)?;
        Ok(())
    })?;
    Some((read, header))
}

fn tmx(bytes: &[u8], lenient: bool) {
    let Some((Read { units, .. }, header)) = of_tmx(bytes, lenient) else { return };
    let lost = |text: &str| text.contains('\u{fffd}');
    assert!(units.iter().all(|unit| unit.variants.len() > 1 && !unit.variants.iter().any(|v| lost(&v.text))));
    let heads = vec![("file".to_owned(), header.clone())];
    let settings = tmx::Settings { heads, ..tmx::Settings::default() };
    let mut writer = tmx::Writer::new(Vec::new(), &settings).expect("memory takes it");
    units.iter().for_each(|unit| writer.unit(unit).expect("memory takes it"));
    let out = writer.finish().expect("memory takes it");
    let (again, own) = of_tmx(&out, false).expect("our own file is sound");
    assert_eq!(again.units, units, "{}", String::from_utf8_lossy(&out));
    let known = own.carried.iter().rev().find(|(origin, _)| origin == "file").expect("it brings the head along");
    let lost_in_head = header.props.iter().any(|p| lost(&p.value)) || header.notes.iter().any(|n| lost(&n.text));
    assert!(lenient || lost_in_head || known.1.says_as(&header) || !header.carried.is_empty());
}

fn tbx(bytes: &[u8], lenient: bool) {
    let Some(Read { concepts, .. }) = items(bytes, lenient, tbx::read) else { return };
    let mut writer = tbx::Writer::new(Vec::new(), tbx::Form::V2).expect("memory takes it");
    concepts.iter().for_each(|concept| writer.concept(concept).expect("memory takes it"));
    let out = writer.finish().expect("memory takes it");
    let again = items(&out, false, tbx::read).expect("our own file is sound");
    assert_eq!(again.concepts.len(), concepts.len());
    for (again, concept) in again.concepts.iter().zip(&concepts) {
        assert_eq!(again.terms.len(), concept.terms.len());
    }
}

fuzz_target!(|input: (u8, &[u8])| {
    let (first, bytes) = input;
    match first % 5 {
        0 => tmx(bytes, false),
        1 => tmx(bytes, true),
        2 => tbx(bytes, false),
        3 => tbx(bytes, true),
        _ => drop(glossary::read("g", bytes)),
    }
});
