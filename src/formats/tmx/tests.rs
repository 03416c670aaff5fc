use super::*;
use crate::{
    formats::{Item, open},
    lang::Language,
    model::{Code, CodeKind, Context, Note, Origin, Prop, Provenance, State, Unit, Variant},
};
use proptest::prelude::*;

fn items(xml: &[u8], lenient: bool) -> Result<(Header, Vec<Item>), String> {
    let mut source = open(xml).unwrap().source()?;
    source.lenient = lenient;
    let mut out = Vec::new();
    let header = read(source, &mut |item| {
        out.push(item);
        Ok(())
    });
    Ok((header.map_err(|error| error.to_string())?, out))
}

fn body(units: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<tmx version=\"1.4\"><header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" \
         o-tmf=\"x\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/><body>\n{units}</body></tmx>"
    )
}

/// Units, and remarks as `line: what`.
fn sorted(items: Vec<Item>) -> (Vec<Unit>, Vec<String>) {
    let (mut units, mut remarks) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Unit(unit) => units.push(unit),
            Item::Skipped(r) => remarks.push(format!("skipped {}: {}", r.line, r.what)),
            Item::Warning(r) => remarks.push(format!("{}: {}", r.line, r.what)),
            Item::Concept(_) => unreachable!("a TMX has no concepts"),
        }
    }
    (units, remarks)
}

fn units(xml: &str) -> (Vec<Unit>, Vec<String>) {
    sorted(items(body(xml).as_bytes(), false).unwrap().1)
}

fn written(units: &[Unit]) -> String {
    let mut writer = Writer::new(Vec::new(), &Settings::default()).unwrap();
    units.iter().for_each(|unit| writer.unit(unit).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// What our own export is read back as.
fn back(units: &[Unit]) -> Vec<Unit> {
    let xml = written(units);
    let (units, remarks) = sorted(items(xml.as_bytes(), false).unwrap_or_else(|e| panic!("{e}\n{xml}")).1);
    assert_eq!(remarks, Vec::<String>::new(), "{xml}");
    units
}

const PAIR: &str = "<tuv xml:lang='en'><seg>One.</seg></tuv><tuv xml:lang='az'><seg>Bir.</seg></tuv>";

#[test]
fn a_unit_with_everything() {
    let (units, remarks) = units(
        "<tu tuid='7' creationdate='20240101T000000Z' changeid='rəis'><note xml:lang='en'>n &amp; m</note>\
         <prop type='client' o-encoding='utf-8'>DMX</prop>\
         <tuv xml:lang='EN-US' usagecount='3'><prop type='p'>q</prop><seg> Press <bpt i='1' x='1'>&lt;b></bpt>OK<ept i='1'>&lt;/b></ept>\
         <hi type='term'>now<ph x='2'><sub type='alt'>sub &amp;</sub></ph></hi>.\n</seg></tuv>\
         <tuv lang='AZ_Latn'><seg>Ə<![CDATA[<]]></seg></tuv><tuv xml:lang='az'><seg>Ç</seg></tuv></tu>",
    );
    assert_eq!(remarks, Vec::<String>::new());
    let unit = &units[0];
    assert_eq!(unit.tuid.as_deref(), Some("7"));
    assert_eq!(unit.attributes[1], ("changeid".to_owned(), "rəis".to_owned()));
    assert_eq!(unit.origin.date.unwrap().to_string(), "2024-01-01T00:00:00Z");
    assert_eq!((unit.notes[0].text.as_str(), unit.notes[0].attributes[0].1.as_str()), ("n & m", "en"));
    assert_eq!((unit.props[0].kind.as_str(), unit.props[0].value.as_str()), ("client", "DMX"));
    let [en, az, second] = &unit.variants[..] else { panic!("{unit:?}") };
    assert_eq!((en.text.as_str(), en.tag.as_deref()), (" Press OKnow.\n", Some("EN-US")));
    assert_eq!(en.attributes, [("usagecount".to_owned(), "3".to_owned())]);
    let codes: Vec<String> = en.codes.iter().map(|c| format!("{}{:?}{}{}", c.at, c.kind, c.name, c.content)).collect();
    assert_eq!(
        codes,
        [
            "7Alonebpt&lt;b&gt;",
            "9Aloneept&lt;/b&gt;",
            "9Openhi",
            "12Aloneph<sub type=\"alt\">sub &amp;</sub>",
            "12Closehi"
        ]
    );
    assert_eq!((az.text.as_str(), az.tag.as_deref(), az.language), ("Ə<", Some("AZ_Latn"), Language::AZ));
    assert_eq!((second.text.as_str(), second.tag.as_deref()), ("Ç", None));
    let again = back(&units);
    assert_eq!(again[0].variants[0], *en);
    assert!(written(&units).contains("<tuv xml:lang=\"az\""), "no reader knows AZ_Latn");
    assert_eq!(again[0].variants[1].tag.as_deref(), Some("AZ_Latn"));
    assert_eq!((&again[0].props, &again[0].notes, &again[0].attributes), (&unit.props, &unit.notes, &unit.attributes));
}

#[test]
fn incomplete_units_are_named() {
    let (units, remarks) = units(&format!(
        "<tu tuid='a'></tu>\n<tu><tuv xml:lang='en'/><tuv xml:lang='az'><seg>B</seg></tuv></tu>\n\
         <tu><tuv><seg>C</seg></tuv><tuv xml:lang='az'><seg>Ç</seg></tuv></tu>\n\
         <tu><tuv xml:lang='en'><seg> </seg></tuv></tu>\n<tu><tuv xml:lang='Azerbaijani (Latin)'><seg>x</seg></tuv>{PAIR}</tu>\n\
         <tu><tuv xml:lang='en'><seg>x\u{fffd}</seg></tuv>{PAIR}</tu>\n<tu creationdate='yesterday'>{PAIR}</tu>\n"
    ));
    assert_eq!(units.len(), 2);
    assert_eq!(units[1].attributes, []);
    assert_eq!(
        remarks,
        [
            "skipped 3: unit `a`: no variant at all",
            "skipped 4: only one variant (az) that is not empty",
            "skipped 5: only one variant (az); a variant without a language (`xml:lang`)",
            "skipped 6: empty variants only",
            "7: `Azerbaijani (Latin)` is not a language tag",
            "skipped 8: a character was lost (U+FFFD, or a byte or character that may not be there)",
            "9: `creationdate` is no date and is left out: `yesterday`",
        ]
    );
}

#[test]
fn a_long_segment_is_skipped_and_named() {
    let long = "uzun ".repeat(crate::formats::MAX_SEGMENT / 5 + 1);
    let (units, remarks) =
        units(&format!("<tu><tuv xml:lang='ru'><seg>{long}</seg></tuv>{PAIR}</tu>\n<tu>{PAIR}</tu>"));
    assert_eq!(units.len(), 1);
    assert_eq!(remarks, ["skipped 3: longer than 1 MiB in a segment or 16 MiB in all"]);
}

#[test]
fn markup_of_other_formats_becomes_codes() {
    let (units, remarks) = units(
        "<tu><tuv xml:lang='en'><seg>Press <g id=\"1\">OK</g><x id=\"2\"/>.</seg></tuv><tuv xml:lang='az'><seg>Bas</seg></tuv></tu>",
    );
    assert_eq!(units[0].variants[0].text, "Press OK.");
    assert_eq!(remarks.len(), 2);
    let xml = written(&units);
    let want = "<seg>Press <bpt i=\"1\">&lt;g id=\"1\"&gt;</bpt>OK<ept i=\"1\">&lt;/g&gt;</ept><ph>&lt;x id=\"2\"/&gt;</ph>.</seg>";
    assert!(xml.contains(want), "{xml}");
    assert_eq!(back(&units)[0].variants, units[0].variants);
}

#[test]
fn codes_without_their_other_half_go_out_as_isolated() {
    let (units, remarks) = units(
        "<tu><tuv xml:lang='en'><seg>a<bpt i='1' x='4'>&lt;b></bpt>b</seg></tuv><tuv xml:lang='az'><seg><ept>y</ept>c</seg></tuv></tu>",
    );
    assert_eq!(
        remarks,
        ["3: a code `bpt` without its `ept` (i=1) in the en variant", "3: a code `ept` without `i` in the az variant"]
    );
    let xml = written(&units);
    assert!(xml.contains("<seg>a<it pos=\"begin\" x=\"4\">&lt;b&gt;</it>b</seg>"), "{xml}");
    assert!(xml.contains("<seg><it pos=\"end\">y</it>c</seg>"), "{xml}");
}

#[test]
fn broken_files_are_refused_with_the_place() {
    let fault = |xml: &str| items(xml.as_bytes(), false).unwrap_err();
    assert_eq!(fault("<html/>"), "1:1: the root element is `html`, not `tmx`");
    assert_eq!(
        fault(&body("<tu><tuv xml:lang='en'><seg>x</tuv></tu>")),
        "3:30: end tag `</tuv>` where `</seg>` was due (opened on line 3)"
    );
    assert!(fault(&body("<tu>&sms;</tu>")).starts_with("3:5: entity `&sms;`"));
    let xml = body(&format!("<tu>{PAIR}</tu>"));
    assert!(fault(&xml[..xml.len() - 30]).contains("the file ends inside"));
}

#[test]
fn a_lenient_reading_goes_on_behind_what_is_broken() {
    let xml = body(&format!(
        "<tu>{PAIR}</tu>\n<tu><tuv xml:lang='en'><seg>x</tuv></tu>\n<tu>{PAIR}</tu>\n<tu><tuv xml:lang='en'><seg>&#x1F;</seg></tuv>{PAIR}</tu>\n<tu>"
    ));
    let (units, remarks) = sorted(items(xml.as_bytes(), true).unwrap().1);
    assert_eq!(units.len(), 2);
    assert_eq!(remarks[0], "skipped 4: column 30: end tag `</tuv>` where `</seg>` was due (opened on line 4)");
    assert!(remarks[1].starts_with("skipped 6: a character was lost"), "{}", remarks[1]);
    assert!(remarks[2].starts_with("skipped 7: column 5: end tag `</body>`"), "{}", remarks[2]);
}

#[test]
fn what_xml_may_not_hold_is_left_out() {
    let mut unit = units(&format!("<tu>{PAIR}</tu>")).0.remove(0);
    unit.variants[0].text = "a\u{1}b\u{ffff}".to_owned();
    unit.variants[0].codes.push(Code {
        at: 99,
        kind: CodeKind::Alone,
        name: "ph".to_owned(),
        attributes: Vec::new(),
        content: "<b>&nbsp;".to_owned(),
    });
    assert!(written(&[unit]).contains("<seg>ab<ph>&lt;b&gt;&amp;nbsp;</ph></seg>"));
}

#[test]
fn an_alternative_of_omegat_keeps_its_context() {
    let (units, _) = units(&format!(
        "<tu><prop type='file'>release.txt</prop><prop type='prev'>Before.</prop><prop type='next'>After.</prop>{PAIR}</tu>"
    ));
    let context = &units[0].context;
    assert_eq!(context.previous.as_deref(), Some("Before."));
    assert_eq!(context.document.as_deref(), Some("release.txt"));
    assert_eq!(units[0].props.len(), 3, "kept to go out as they came in");
    assert!(!written(&units).contains("x-yaddash"));
}

#[test]
fn our_older_files_name_the_place_as_omegat_does() {
    let ours = "<prop type='x-yaddash'>context</prop><prop type='file'>001</prop><prop type='id'>7</prop>";
    let xml = format!("<tmx version='1.4'><header srclang='en'/><body><tu>{ours}{PAIR}</tu></body></tmx>");
    let (units, _) = sorted(items(xml.as_bytes(), false).unwrap().1);
    assert_eq!((units[0].context.document.as_deref(), units[0].context.id.as_deref()), (Some("001"), Some("7")));
    assert!(units[0].props.is_empty());
    let again = written(&units);
    assert!(again.contains("<prop type=\"x-yaddash-document\">001<") && !again.contains("\"file\""), "{again}");
}

#[test]
fn the_head_goes_out_as_it_came() {
    let head = "<header creationtool='SDL' creationtoolversion='8.1' o-tmf='SDL TM8' segtype='paragraph' adminlang='en-US' \
                srclang='en-US' datatype='rtf' o-encoding='windows-1254' creationdate='20160427T121616Z' creationid='li'>\
                <note xml:lang='az'>Qeyd &amp; söz</note><prop type='x-TMName'>press</prop>\
                <ude name='MacRoman' base='Macintosh'><map unicode='#xF8FF' code='#xF0' ent='Apple_logo' subst='[Apple]'/></ude></header>";
    let xml = format!("<tmx version='1.4'>{head}<body><tu>{PAIR}</tu></body></tmx>");
    let (header, read) = items(xml.as_bytes(), false).unwrap();
    assert_eq!(header.encodings[0].maps[0][2], ("ent".to_owned(), "Apple_logo".to_owned()));
    let (units, _) = sorted(read);
    let write = |heads: Vec<(String, Header)>, mixed, units: &[Unit]| {
        let settings = Settings { heads, mixed, ..Settings::default() };
        let mut writer = Writer::new(Vec::new(), &settings).unwrap();
        units.iter().for_each(|unit| writer.unit(unit).unwrap());
        String::from_utf8(writer.finish().unwrap()).unwrap()
    };
    let alone = write(vec![("a.tmx".to_owned(), header.clone())], false, &units);
    assert!(
        alone.contains(
            "<header creationtool=\"yaddash\" creationtoolversion=\"0.1.0\" segtype=\"paragraph\" o-tmf=\"yaddash\" \
             adminlang=\"en-US\" srclang=\"en-US\" datatype=\"rtf\" o-encoding=\"windows-1254\" \
             creationdate=\"20160427T121616Z\" creationid=\"li\">\n<note xml:lang=\"az\">Qeyd &amp; söz</note>\n\
             <prop type=\"x-TMName\">press</prop>\n<ude name=\"MacRoman\" base=\"Macintosh\">\n\
             <map unicode=\"#xF8FF\" code=\"#xF0\" ent=\"Apple_logo\" subst=\"[Apple]\"/>\n</ude>\n\
             <prop type=\"x-yaddash-header-of\">a.tmx</prop>\n</header>"
        ),
        "{alone}"
    );
    let (again, _) = items(alone.as_bytes(), false).unwrap();
    assert!(again.is_ours() && again.props.len() == 1);
    let [(origin, kept)] = &again.carried[..] else { panic!("{again:?}") };
    assert!(origin == "a.tmx" && kept.says_as(&header), "{kept:?}");

    // Among units of other files the head is carried along, and a unit says itself what it took from it.
    let mut two = vec![units[0].clone(), units[0].clone()];
    two[0].origin.name = "a.tmx".to_owned();
    let mixed = write(vec![("a.tmx".to_owned(), header.clone())], true, &two);
    // Readers look for the source by its very tag.
    assert!(mixed.contains("<tu segtype=\"paragraph\" srclang=\"en\" datatype=\"rtf\">"), "{mixed}");
    assert!(mixed.contains("srclang=\"*all*\" datatype=\"plaintext\">"), "{mixed}");
    let (again, read) = items(mixed.as_bytes(), false).unwrap();
    assert_eq!(again.carried, [("a.tmx".to_owned(), header)]);
    assert_eq!(sorted(read).0, two);
}

#[test]
fn a_head_that_the_standard_does_not_know_so_comes_back() {
    for head in [
        "<header srclang='en'/>",
        "<header srclang='' segtype='page' datatype=''/>",
        "<header xmlns:p='u' p:a='b' srclang='en'/>",
        "<header srclang='en'><note x='1'>n</note></header>",
        "<header srclang='en'><prop y='1'>n</prop></header>",
        "<header srclang='en'><ude name='u'><map code='1'/><map unicode='2' code='3'/></ude></header>",
        "<header srclang='en'><ude><map unicode='1'/></ude><ude name='v'/></header>",
        "<header srclang='en'><ude base='w' name='u'><map code='1' unicode='#xF8FF'/></ude></header>",
    ] {
        let xml = format!("<tmx version='1.4'>{head}<body><tu>{PAIR}</tu></body></tmx>");
        let (header, read) = items(xml.as_bytes(), false).unwrap();
        let settings = Settings { heads: vec![("f".to_owned(), header.clone())], ..Settings::default() };
        let mut writer = Writer::new(Vec::new(), &settings).unwrap();
        sorted(read).0.iter().for_each(|unit| writer.unit(unit).unwrap());
        let out = writer.finish().unwrap();
        let (again, _) = items(&out, false).unwrap();
        let [(_, kept)] = &again.carried[..] else { panic!("{head}: {again:?}") };
        assert!(kept.says_as(&header), "{head}\n{}", String::from_utf8_lossy(&out));
    }
}

#[test]
fn what_the_standard_has_no_place_for_comes_back() {
    let xml = body(
        "<tu changedate='2010-01-01T00:00:00' usagecount='often' xmlns:p='u' p:status='old'>\
         <tuv xml:lang='EN_us' p:kind='x' creationid='li'><seg>A<ept i='1'/>b<bpt i='2' x='3'>c</bpt></seg></tuv>\
         <tuv xml:lang='aze'><seg>Ə<it x='1' pos='begin'>d</it></seg></tuv></tu>",
    );
    let (units, _) = sorted(items(xml.as_bytes(), false).unwrap().1);
    let out = written(&units);
    for part in [
        "<tu changedate=\"20100101T000000Z\">",
        "<tuv xml:lang=\"en\" creationid=\"li\">",
        "<seg>A<it pos=\"end\"/>b<it pos=\"begin\" x=\"3\">c</it></seg>",
        "<prop type=\"x-yaddash-attribute\">0 changedate=2010-01-01T00:00:00</prop>",
        "<seg>Ə<it x=\"1\" pos=\"begin\">d</it></seg>",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    assert_eq!(sorted(items(out.as_bytes(), false).unwrap().1).0, units);
}

fn words() -> impl Strategy<Value = String> {
    "[a-zəşçıİа-яё<>&\"' \n\t\u{a0}\u{200b}]{0,12}[a-zə]"
}

fn tokens() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9 &<\"]{0,6}"
}

fn variants() -> impl Strategy<Value = Variant> {
    let language = prop::sample::select(vec![Language::EN, Language::AZ, Language::RU]);
    let tag = prop::sample::select(vec![None, Some("-US"), Some("-Latn-AZ"), Some("_AZ")]);
    let kinds = prop::collection::vec((0usize..16, 0usize..7, words()), 0..4);
    (language, tag, words(), kinds, prop::option::of(tokens())).prop_map(|(language, tag, text, kinds, id)| {
        let mut variant = Variant::new(language, text);
        variant.tag = tag.map(|end| format!("{language}{end}")).filter(|tag| tag.parse() == Ok(language));
        variant.attributes.extend(id.map(|id| ("changeid".to_owned(), id)));
        let mut places: Vec<_> = kinds
            .into_iter()
            .map(|(at, kind, content)| (crate::formats::boundary(&variant.text, at), kind, content))
            .collect();
        places.sort_by_key(|(at, ..)| *at);
        for (i, (at, kind, content)) in places.into_iter().enumerate() {
            let mut escaped = String::new();
            crate::formats::xml::escape_text(&content, &mut escaped);
            let mut add = |kind: CodeKind, name: &str, attributes: &[(&str, String)], content: &str| {
                let attributes = attributes.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
                variant.codes.push(Code { at, kind, name: name.to_owned(), attributes, content: content.to_owned() });
            };
            match kind {
                0 => add(CodeKind::Alone, "ph", &[("x", i.to_string())], &escaped),
                1 => add(CodeKind::Alone, "it", &[("pos", "begin".to_owned())], &escaped),
                2 => {
                    add(CodeKind::Alone, "bpt", &[("i", i.to_string())], &escaped);
                    add(CodeKind::Alone, "ept", &[("i", i.to_string())], &escaped);
                }
                3 => {
                    add(CodeKind::Open, "hi", &[("type", "term".to_owned())], "");
                    add(CodeKind::Close, "hi", &[], "");
                }
                // What no TMX holds so.
                4 => add(CodeKind::Alone, "bpt", &[("i", "1".to_owned()), ("p:q", content)], &escaped),
                5 => add(CodeKind::Close, "hi", &[], ""),
                _ => add(CodeKind::Alone, "ph", &[], "<b>&nbsp;"),
            }
        }
        variant
    })
}

fn any_unit() -> impl Strategy<Value = Unit> {
    let prop =
        (tokens(), words()).prop_map(|(kind, value)| Prop { kind: format!("x-{kind}"), attributes: Vec::new(), value });
    let note = words().prop_map(|text| Note { attributes: vec![("xml:lang".to_owned(), "az".to_owned())], text });
    let context = prop::array::uniform4(prop::option::of(words()));
    let origin = (
        prop::sample::select(vec![Provenance::Import, Provenance::Release, Provenance::Edit]),
        prop::option::of(0i64..2_000_000_000_000),
        prop::option::of(0.0f32..1.0),
        "[a-z0-9.]{0,9}",
    );
    (
        prop::option::of(tokens()),
        prop::collection::vec(variants(), 2..5),
        prop::collection::vec(prop, 0..3),
        prop::collection::vec(note, 0..2),
        context,
        origin,
        prop::sample::select(State::ALL.to_vec()),
        prop::sample::select(vec![None, Some("creationdate"), Some("changedate")]),
        prop::option::of((prop::sample::select(vec!["p:status", "usagecount", "segtype", "datatype"]), words())),
    )
        .prop_map(
            |(tuid, variants, props, notes, [previous, next, document, id], origin, state, dated, strange)| {
                let (provenance, millis, score, name) = origin;
                let date = millis.map(|m| jiff::Timestamp::from_millisecond(m).unwrap());
                let mut attributes: Vec<_> =
                    dated.map(|name| (name.to_owned(), "20240601T101010Z".to_owned())).into_iter().collect();
                attributes.extend(strange.map(|(name, value)| (name.to_owned(), value)));
                Unit {
                    tuid,
                    variants,
                    context: Context { previous, next, document, id },
                    state,
                    origin: Origin { name, provenance, date, score },
                    attributes,
                    props,
                    notes,
                }
            },
        )
}

proptest! {
    #[test]
    fn our_export_is_read_back_as_it_was(units in prop::collection::vec(any_unit(), 1..4)) {
        let xml = written(&units);
        prop_assert_eq!(sorted(items(xml.as_bytes(), false).unwrap().1).0, units, "{}", xml);
    }

    #[test]
    fn no_input_makes_it_panic(cut in 0usize..2000, byte in any::<u8>(), lenient in any::<bool>()) {
        let mut xml = body(&format!(
            "<tu tuid='1' changedate='2010-01-01'><prop type='p'>q</prop><prop type='x-yaddash'>context</prop>\
             <prop type='x-yaddash-attribute'>1 a=b</prop>{PAIR}</tu><!-- c --><tu><tuv xml:lang='en' usagecount='2'>\
             <prop type='x-yaddash-codes'>[]</prop><seg>x<bpt i='1'>&lt;</bpt><hi>y</hi>\
             <ph x='1'>a<sub>b</sub></ph></seg></tuv>{PAIR}</tu>"
        )).into_bytes();
        let at = cut % xml.len();
        xml[at] = byte;
        if let Ok((_, items)) = items(&xml, lenient) {
            let lost = items.iter().any(|i| matches!(i, Item::Unit(u) if u.variants.iter().any(|v| v.text.contains('\u{fffd}'))));
            prop_assert!(!lost);
            let (units, _) = sorted(items);
            let xml = written(&units);
            prop_assert_eq!(sorted(self::items(xml.as_bytes(), false).unwrap().1).0, units, "{}", xml);
        }
    }
}

#[test]
fn dates_as_met() {
    for (text, want) in [
        ("20240229T101112Z", Some("20240229T101112Z")),
        ("20240601T101010UTC", Some("20240601T101010Z")),
        ("2010-01-01T00:00:00", Some("20100101T000000Z")),
        ("2010-01-01T04:00:00+04:00", Some("20100101T000000Z")),
        ("2010-01-01", Some("20100101T000000Z")),
        ("Fri Jan 26 12:34:56 2024", Some("20240126T123456Z")),
        ("2013-02-30", None),
        ("20241399T250000Z", None),
        ("yesterday", None),
        ("", None),
    ] {
        assert_eq!(date(text).map(super::written).as_deref(), want, "{text}");
    }
}
