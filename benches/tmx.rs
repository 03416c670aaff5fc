//! Reading and writing TMX: units a second.

use divan::{Bencher, counter::ItemsCount};
use yaddash::{
    Unit,
    formats::{Item, open, tmx},
};

const UNITS: usize = 20_000;

fn main() {
    divan::main();
}

/// Three languages, a date, a property and an inline code in each unit.
fn sample() -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\"><header creationtool=\"b\" creationtoolversion=\"1\" \
         segtype=\"sentence\" o-tmf=\"b\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/><body>\n",
    );
    for i in 0..UNITS {
        xml.push_str(&format!(
            "<tu tuid=\"{i}\" creationdate=\"20240601T101010Z\"><prop type=\"client\">DMX</prop>\n\
             <tuv xml:lang=\"en\"><seg>The Service answered <bpt i=\"1\">&lt;b&gt;</bpt>{i}<ept i=\"1\">&lt;/b&gt;</ept> questions of citizens.</seg></tuv>\n\
             <tuv xml:lang=\"az\"><seg>Xidmət vətəndaşların {i} sualını cavablandırıb.</seg></tuv>\n\
             <tuv xml:lang=\"ru\"><seg>Служба ответила на {i} вопросов граждан.</seg></tuv></tu>\n"
        ));
    }
    xml.push_str("</body></tmx>\n");
    xml.into_bytes()
}

fn units(xml: &[u8]) -> Vec<Unit> {
    let mut out = Vec::new();
    let source = open(xml).expect("memory can be read").source().expect("UTF-8 is known");
    tmx::read(source, &mut |item| {
        if let Item::Unit(unit) = item {
            out.push(unit);
        }
        Ok(())
    })
    .expect("the sample is sound");
    out
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let xml = sample();
    bencher.counter(ItemsCount::new(UNITS)).bench(|| {
        let source = open(&xml[..]).expect("memory can be read").source().expect("UTF-8 is known");
        let mut count = 0;
        tmx::read(source, &mut |item| {
            count += usize::from(matches!(item, Item::Unit(_)));
            Ok(())
        })
        .expect("the sample is sound");
        assert_eq!(count, UNITS);
    });
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let units = units(&sample());
    bencher.counter(ItemsCount::new(UNITS)).bench(|| {
        let mut writer = tmx::Writer::new(Vec::new(), &tmx::Settings::default()).expect("memory can be written");
        for unit in &units {
            writer.unit(unit).expect("memory can be written");
        }
        writer.finish().expect("memory can be written")
    });
}
