use super::*;
use crate::{
    formats::{Item, open},
    lang::Language,
    model::{Code, CodeKind, Context, Note, Prop, State, Unit, Variant},
};
use proptest::prelude::*;

fn items(xml: &str, lenient: bool) -> Result<(Vec<Unit>, Vec<String>), String> {
    items_said(xml, lenient, [None, None])
}

fn items_said(xml: &str, lenient: bool, said: [Option<Language>; 2]) -> Result<(Vec<Unit>, Vec<String>), String> {
    let mut source = open(xml.as_bytes()).unwrap().source()?;
    source.lenient = lenient;
    let (mut units, mut remarks) = (Vec::new(), Vec::new());
    read(source, said, &mut |item| {
        match item {
            Item::Unit(unit) => units.push(unit),
            Item::Skipped(r) | Item::Warning(r) => remarks.push(format!("{}: {}", r.line, r.what)),
            Item::Concept(_) => unreachable!("an XLIFF has no concepts"),
        }
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    Ok((units, remarks))
}

fn version_1(body: &str) -> String {
    format!(
        "<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'><file original='a.txt' source-language='en-US' \
         target-language='az' datatype='plaintext'><header><skl/></header><body>\n{body}</body></file></xliff>"
    )
}

fn shown(units: &[Unit]) -> Vec<String> {
    let line = |u: &Unit| format!("{}|{}|{}", u.variants[0].text, u.variants[1].text, u.state.as_str());
    units.iter().map(line).collect()
}

#[test]
fn states_decide() {
    let unit = |attributes: &str, target: &str| {
        format!(
            "<trans-unit id='1' {attributes}><source>One.</source>{target}<alt-trans><target>Alt.</target></alt-trans></trans-unit>\n"
        )
    };
    let (units, remarks) = items(
        &version_1(
            &[
                unit("approved='yes'", "<target>Bir.</target>"),
                unit("", "<target state='signed-off'>Bir.</target>"),
                unit("", "<target>Bir.</target>"),
                unit("", "<target state='needs-review-translation'>Bir.</target>"),
                unit("", "<target state='translated' state-qualifier='fuzzy-match'>Bir.</target>"),
                unit("approved='no'", "<target>Bir.</target>"),
                unit("", "<target state='new'>Bir.</target>"),
                unit("translate='no'", "<target>Bir.</target>"),
                unit("", ""),
                unit("", "<target> </target>"),
                unit("", "<target>One.</target>"),
                unit("", "<target><g id='1'> <x id='2'/></g></target>"),
                unit("", "<target><ph id='1'>%s</ph></target>"),
            ]
            .concat(),
        ),
        false,
    )
    .unwrap();
    let states: Vec<&str> = units.iter().map(|u| u.state.as_str()).collect();
    assert_eq!(states, ["approved", "approved", "imported", "pending", "pending", "pending", "imported"]);
    assert_eq!(
        remarks,
        [
            "8: unit `1`: not translated: its state is `new`",
            "9: unit `1`: not to be translated",
            "10: unit `1`: no target",
            "11: unit `1`: no target: it is empty",
            "12: unit `1`: not translated: the target is a copy of the source",
            "13: unit `1`: no target: it is empty"
        ]
    );
}

#[test]
fn segments_pair_by_mid_and_know_their_neighbours() {
    let (units, _) = items(
        &version_1(
            "<trans-unit id='7'><source>One. Two. Three.</source><seg-source><mrk mtype='seg' mid='1'>One.</mrk> \
             <mrk mtype='seg' mid='2'><g id='5'>Two.</g></mrk> <mrk mtype='seg' mid='3'>Three.</mrk></seg-source>\
             <target><mrk mtype='seg' mid='2'><g id='5'>İki.</g></mrk> <mrk mtype='seg' mid='1'>Bir.</mrk></target><note>n</note></trans-unit>\
             <trans-unit id='8'><source>Four.</source><target>Dörd.</target></trans-unit>",
        ),
        false,
    )
    .unwrap();
    assert_eq!(shown(&units), ["One.|Bir.|imported", "Two.|İki.|imported", "Four.|Dörd.|imported"]);
    assert_eq!(units[1].tuid.as_deref(), Some("7/2"));
    assert_eq!(units[1].context.previous.as_deref(), Some("One."));
    assert_eq!(units[1].context.next.as_deref(), Some("Four."));
    assert_eq!(units[1].context.document.as_deref(), Some("a.txt"));
    assert_eq!(units[0].variants[0].tag.as_deref(), Some("en-US"));
    assert_eq!(units[0].notes[0].text, "n");
    let codes: Vec<String> =
        units[1].variants[1].codes.iter().map(|c| format!("{}{}{}", c.at, c.name, c.content)).collect();
    assert_eq!(codes, ["0bpt&lt;g id=\"5\"&gt;", "5ept&lt;/g&gt;"]);
}

#[test]
fn version_2_with_original_data() {
    let (units, remarks) = items(
        "<xliff version='2.0' srcLang='en' trgLang='ru' xmlns='urn:oasis:names:tc:xliff:document:2.0' xmlns:m='u'><file id='f'><unit id='u'>\
         <m:matches><m:match><source>x</source><target>y</target></m:match></m:matches>\
         <notes><note>n</note></notes><originalData><data id='d1'>&lt;b></data></originalData>\
         <segment id='s1' state='final'><source>A <pc id='1' dataRefStart='d1'>bold</pc><ph id='2'/></source><target>Ж <pc id='1' dataRefStart='d1'>ж</pc></target></segment>\
         <ignorable><source> </source></ignorable>\
         <segment state='initial'><source>B</source><target>Б</target></segment><segment><source>C</source></segment></unit></file></xliff>",
        false,
    )
    .unwrap();
    assert_eq!(shown(&units), ["A bold|Ж ж|approved", "B|Б|pending"]);
    assert_eq!(units[0].tuid.as_deref(), Some("u/s1"));
    assert_eq!(units[0].variants[0].codes[0].content, "&lt;b&gt;");
    assert_eq!(units[0].variants[0].codes[2].content, "&lt;ph id=\"2\"/&gt;");
    assert_eq!(remarks, ["1: unit `u/3`: no target"]);
}

#[test]
fn a_file_must_tell_its_languages_and_be_sound() {
    let pair = "<trans-unit id='1'><source>One.</source><target>Bir.</target></trans-unit>";
    let untold = version_1(pair).replace("target-language='az'", "");
    assert!(
        items(&untold, false)
            .unwrap_err()
            .contains("does not tell the language of its translations (`target-language`")
    );
    let said = items_said(&untold, false, [None, Some(Language::AZ)]).unwrap();
    assert_eq!(shown(&said.0), ["One.|Bir.|imported"]);
    // What the file says goes before.
    let said = items_said(&version_1(pair), false, [None, Some(Language::RU)]).unwrap();
    assert_eq!(said.0[0].variants[1].language, Language::AZ);
    let told = untold.replace("<target>", "<target xml:lang='az'>");
    assert_eq!(shown(&items(&told, false).unwrap().0), ["One.|Bir.|imported"]);
    let broken = version_1(&format!("<trans-unit id='0'><source>x</trans-unit>\n{pair}"));
    assert_eq!(
        items(&broken, false).unwrap_err(),
        "2:29: end tag `</trans-unit>` where `</source>` was due (opened on line 2)"
    );
    assert_eq!(shown(&items(&broken, true).unwrap().0), ["One.|Bir.|imported"]);
}

#[test]
fn what_is_written_is_read_back() {
    let code = |at, name: &str, attributes: &[(&str, &str)], content: &str| Code {
        at,
        kind: CodeKind::Alone,
        name: name.to_owned(),
        attributes: attributes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        content: content.to_owned(),
    };
    let mut unit = Unit { tuid: Some("t".to_owned()), state: State::Approved, ..Unit::default() };
    unit.variants =
        vec![Variant::new(Language::EN, " A & b\n"), Variant::new(Language::AZ, "Ə"), Variant::new(Language::AZ, "Ç")];
    unit.variants[0].codes = vec![
        code(1, "bpt", &[("i", "4")], "&lt;b&gt;"),
        code(2, "ept", &[("i", "4")], "&lt;/b&gt;"),
        code(2, "ph", &[], "<sub>alt &amp;</sub>"),
        code(5, "it", &[("pos", "end")], "x"),
    ];
    unit.notes.push(Note { attributes: Vec::new(), text: "n <".to_owned() });
    let mut writer = Writer::new(Vec::new(), Language::EN, Language::AZ).unwrap();
    writer.unit(&unit).unwrap();
    let xml = String::from_utf8(writer.finish().unwrap()).unwrap();
    let (units, remarks) = items(&xml, false).unwrap();
    assert_eq!(remarks, Vec::<String>::new());
    assert_eq!(shown(&units), [" A & b\n|Ə|approved", " A & b\n|Ç|approved"]);
    let codes: Vec<String> =
        units[0].variants[0].codes.iter().map(|c| format!("{}{}{}", c.at, c.name, c.content)).collect();
    assert_eq!(codes, ["1bpt&lt;b&gt;", "2ept&lt;/b&gt;", "2ph<sub>alt &amp;</sub>", "5itx"]);
    assert_eq!(units[0].notes[0].text, "n <");
}

#[test]
fn tools_have_words_of_their_own() {
    let studio = "<trans-unit id='a'><source>One. Two. Three. Four.</source>\
        <seg-source><mrk mtype='seg' mid='1'>One.</mrk> <mrk mtype='seg' mid='2'>Two.</mrk> <mrk mtype='seg' mid='3'>Three.</mrk> \
        <mrk mtype='seg' mid='4'>Four.</mrk></seg-source>\
        <target><mrk mtype='seg' mid='3'>Üç.</mrk> <mrk mtype='seg' mid='1'>Bir.</mrk> <mrk mtype='seg' mid='2'>İki.</mrk> \
        <mrk mtype='seg' mid='4'>Dörd<mrk mtype='x-sdl-deleted'> yox</mrk>.</mrk></target>\
        <sdl:seg-defs xmlns:sdl='http://sdl.com/FileTypes/SdlXliff/1.0'><sdl:seg id='1' conf='Translated' origin='interactive'/>\
        <sdl:seg id='2' conf='ApprovedSignOff' origin='mt'/><sdl:seg id='3' conf='Translated' origin='tm' percent='98'>\
        <sdl:value key='x'>y</sdl:value></sdl:seg><sdl:seg id='4'/></sdl:seg-defs></trans-unit>\n";
    let memoq = "<trans-unit id='1' xmlns:mq='MQXliff' mq:status='Proofread'><source>Five.</source><target>Beş.</target>\
        <mq:comments40><mq:comment>why?</mq:comment></mq:comments40></trans-unit>\
        <trans-unit id='2' xmlns:mq='MQXliff' mq:status='PreTranslated'><source>Six.</source><target>Altı.</target></trans-unit>\n";
    let phrase = "<group xmlns:m='http://www.memsource.com/mxlf/2.0'><context-group><context context-type='x-key'>k.7</context></context-group>\
        <trans-unit id='t:1' m:confirmed='1' m:trans-origin='mt'><source>Seven.</source><target>Yeddi.</target></trans-unit>\
        <trans-unit id='t:2' m:confirmed='0' m:gross-score='1.0'><source>Eight.</source><target>Səkkiz.</target></trans-unit></group>";
    let (units, remarks) = items(&version_1(&format!("{studio}{memoq}{phrase}")), false).unwrap();
    assert_eq!(
        shown(&units),
        [
            "One.|Bir.|imported",
            "Two.|İki.|approved",
            "Three.|Üç.|pending",
            "Four.|Dörd.|pending",
            "Five.|Beş.|approved",
            "Six.|Altı.|pending",
            "Seven.|Yeddi.|imported",
            "Eight.|Səkkiz.|pending"
        ]
    );
    assert_eq!(remarks, Vec::<String>::new());
    assert_eq!(units[4].notes[0].text, "why?");
    assert_eq!((units[6].props[0].kind.as_str(), units[6].props[0].value.as_str()), ("x-xliff-key", "k.7"));
}

#[test]
fn what_is_said_of_a_unit_stays() {
    let (units, _) = items(
        &version_1(
            "<trans-unit id='1' resname='title' maxwidth='20' size-unit='char'><source>One.</source><target>Bir.</target>\
             <context-group purpose='location'><context context-type='sourcefile'>a.c</context>\
             <context context-type='linenumber'>7</context></context-group>\
             <note from='pm' priority='2' annotates='source' id='x'>short!</note></trans-unit>",
        ),
        false,
    )
    .unwrap();
    let props: Vec<_> = units[0].props.iter().map(|prop| format!("{}={}", prop.kind, prop.value)).collect();
    assert_eq!(
        props,
        [
            "x-xliff-resname=title",
            "x-xliff-maxwidth=20",
            "x-xliff-size-unit=char",
            "x-xliff-sourcefile=a.c",
            "x-xliff-linenumber=7"
        ]
    );
    let attribute = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let attributes = vec![attribute("from", "pm"), attribute("priority", "2"), attribute("annotates", "source")];
    assert_eq!(units[0].notes, [Note { attributes, text: "short!".to_owned() }]);
    let (units, _) = items(
        "<xliff version='2.1' srcLang='en' trgLang='az' xmlns:slr='s'><file id='f'><unit id='u' name='title' slr:sizeRestriction='20'>\
         <segment><source>One.</source><target>Bir.</target></segment></unit></file></xliff>",
        false,
    )
    .unwrap();
    let props: Vec<_> = units[0].props.iter().map(|prop| format!("{}={}", prop.kind, prop.value)).collect();
    assert_eq!(props, ["x-xliff-name=title", "x-xliff-sizeRestriction=20"]);
}

/// As the named version writes it.
fn written(version: u8, units: &[Unit]) -> String {
    let bytes = if version == 1 {
        let mut writer = Writer::new(Vec::new(), Language::EN, Language::AZ).unwrap();
        units.iter().for_each(|unit| writer.unit(unit).unwrap());
        writer.finish()
    } else {
        let mut writer = Writer2::new(Vec::new(), Language::EN, Language::AZ).unwrap();
        units.iter().for_each(|unit| writer.unit(unit).unwrap());
        writer.finish()
    };
    String::from_utf8(bytes.unwrap()).unwrap()
}

#[test]
fn codes_of_other_forms_in_both_versions() {
    let code = |at, kind, name: &str, attributes: &[(&str, &str)], content: &str| Code {
        at,
        kind,
        name: name.to_owned(),
        attributes: attributes.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        content: content.to_owned(),
    };
    use CodeKind::{Alone, Close, Open};
    let mut unit =
        Unit { variants: vec![Variant::new(Language::EN, "abcd"), Variant::new(Language::AZ, "x")], ..Unit::default() };
    unit.variants[0].codes = vec![
        code(0, Open, "hi", &[("x", "9"), ("type", "bold")], ""),
        code(1, Alone, "bpt", &[("i", "1")], "&lt;b&gt;"),
        code(2, Alone, "bpt", &[("i", "2")], "&lt;i&gt;"),
        code(2, Close, "hi", &[], ""),
        code(3, Alone, "ept", &[("i", "1")], "&lt;/b&gt;"),
        code(3, Alone, "ept", &[("i", "2")], "&lt;/i&gt;"),
        code(4, Alone, "ept", &[("i", "3")], "stray"),
        code(4, Alone, "ph", &[], "<sub type='x'>alt</sub>&lt;/pc&gt;"),
    ];
    let first = written(1, std::slice::from_ref(&unit));
    assert!(
        first.contains(
            "<source><g id=\"9\" ctype=\"x-hi-bold\">a<bpt id=\"c1\" rid=\"c1\">&lt;b&gt;</bpt>b<bpt id=\"c2\" rid=\"c2\">&lt;i&gt;</bpt></g>\
             c<ept id=\"c4\" rid=\"c1\">&lt;/b&gt;</ept><ept id=\"c5\" rid=\"c2\">&lt;/i&gt;</ept>d\
             <it id=\"c6\" pos=\"close\">stray</it><ph id=\"c7\"><sub>alt</sub>&lt;/pc&gt;</ph></source>"
        ),
        "{first}"
    );
    let second = written(2, std::slice::from_ref(&unit));
    assert!(
        second.contains(
            "<source><sm id=\"9\" type=\"yaddash:hi\" value=\"bold\"/>a<sc id=\"c1\" dataRef=\"d1\"/>b\
             <pc id=\"c2\" dataRefStart=\"d2\" dataRefEnd=\"d3\"><em startRef=\"9\"/>c\
             <ec startRef=\"c1\" dataRef=\"d4\"/></pc>d<ec id=\"c6\" isolated=\"yes\" dataRef=\"d5\"/>"
        ),
        "{second}"
    );
    for text in [first, second] {
        let (units, remarks) = items(&text, false).unwrap();
        assert_eq!(remarks, Vec::<String>::new());
        assert_eq!(units[0].variants[0].text, "abcd");
        let contents: Vec<_> = units[0].variants[0].codes.iter().map(|c| c.content.as_str()).collect();
        let want = ["&lt;b&gt;", "&lt;i&gt;", "&lt;/b&gt;", "&lt;/i&gt;", "stray"];
        assert!(want.iter().all(|w| contents.contains(w)), "{contents:?}");
    }
}

/// The content of a `source` in one of the versions; `#` stands where an id of its own belongs.
fn content(version: u8) -> BoxedStrategy<String> {
    let leaf = match version {
        1 => prop_oneof![
            "[a-c ə]{0,3}(&amp;|&lt;)?",
            Just("<x id='#' ctype='x-a&quot;b'/>".to_owned()),
            Just("<bx id='#'/>".to_owned()),
            Just("<ex id='#' rid='5'/>".to_owned()),
            Just("<ph id='#'>&lt;br/></ph>".to_owned()),
            Just("<it id='#' pos='close'>&lt;/i></it>".to_owned()),
            Just("<ph id='#'>a<sub>alt</sub></ph>".to_owned()),
            Just("<bpt id='p@' rid='p@'>&lt;b></bpt>b<x id='#'/><ept id='q@' rid='p@'>&lt;/b></ept>".to_owned()),
        ]
        .boxed(),
        _ => prop_oneof![
            "[a-c ə]{0,3}(&amp;|&lt;)?",
            Just("<ph id='#'/>".to_owned()),
            Just("<ph id='#' dataRef='d1'/>".to_owned()),
            Just("<sc id='#' isolated='yes'/>".to_owned()),
            Just("<cp hex='001A'/>".to_owned()),
            Just("<sm id='#' type='comment' value='&lt;'/>".to_owned()),
        ]
        .boxed(),
    };
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let inside = prop::collection::vec(inner, 0..4).prop_map(|parts| parts.concat());
        (inside, 0..3usize).prop_map(move |(inside, kind)| match (version, kind) {
            (1, 0) => format!("<g id='#'>{inside}</g>"),
            (1, _) => format!("<mrk mtype='term' comment='t'>{inside}</mrk>"),
            (_, 0) => format!("<pc id='#' canOverlap='no'>{inside}</pc>"),
            (_, 1) => format!("<pc id='#' dataRefStart='d1' dataRefEnd='d2'>{inside}</pc>"),
            _ => format!("<mrk id='#' type='term'>{inside}</mrk>"),
        })
    })
    .boxed()
}

/// A unit whose texts are those of this content.
fn unit_of(version: u8, texts: [&str; 2]) -> Unit {
    let numbered = |text: &str| {
        let mut out = String::new();
        let (mut ids, mut pairs) = (0, 0);
        for c in text.chars() {
            match c {
                '#' => {
                    out.push_str(&ids.to_string());
                    ids += 1;
                }
                // Four in each pair.
                '@' => {
                    out.push_str(&(pairs / 4).to_string());
                    pairs += 1;
                }
                c => out.push(c),
            }
        }
        out
    };
    let [source, target] = texts.map(numbered);
    let file = match version {
        1 => {
            version_1(&format!("<trans-unit id='1'><source>S{source}</source><target>T{target}</target></trans-unit>"))
        }
        _ => format!(
            "<xliff version='2.1' srcLang='en' trgLang='az'><file id='f'><unit id='u'><originalData><data id='d1'>&lt;b></data>\
             <data id='d2'/></originalData><segment><source>S{source}</source><target>T{target}</target></segment></unit></file></xliff>"
        ),
    };
    let (units, _) = items(&file, false).unwrap_or_else(|error| panic!("{error} in {file}"));
    let mut unit = units.into_iter().next().unwrap();
    unit.variants[0].tag = None;
    unit
}

proptest! {
    #[test]
    fn what_both_versions_hold_comes_back(
        (version, source, target) in (1..3u8).prop_flat_map(|version| (Just(version), content(version), content(version))),
        (tuid, state, priority) in (prop::option::of("[a<\"é]{1,3}"), 0..3usize, 1..11u8),
        (previous, id, note, prop) in ("[a&]{0,2}", prop::option::of("[a-c/]{1,3}"), "[n\n]{0,2}n", "[v<]{1,2}"),
    ) {
        let mut unit = unit_of(version, [&source, &target]);
        unit.tuid = tuid;
        unit.state = State::ALL[state];
        let previous = Some(previous).filter(|text| !text.is_empty());
        unit.context = Context { previous, next: None, document: Some("a b.docx".to_owned()), id };
        unit.props.push(Prop { kind: "x-po-form".to_owned(), attributes: Vec::new(), value: prop });
        let names = if version == 1 { ["from", "priority", "annotates"] } else { ["appliesTo", "category", "priority"] };
        let attributes = names.map(|name| (name.to_owned(), match name {
            "priority" => priority.to_string(),
            "from" | "category" => "pm".to_owned(),
            _ => "source".to_owned(),
        }));
        unit.notes.push(Note { attributes: attributes.to_vec(), text: note });
        let text = written(version, &[unit.clone(), unit.clone()]);
        let (units, remarks) = items(&text, false).unwrap();
        prop_assert_eq!(remarks, Vec::<String>::new());
        prop_assert_eq!(units, [unit.clone(), unit], "{}", text);
    }
}
