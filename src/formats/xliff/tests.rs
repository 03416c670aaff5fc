use super::*;
use crate::{
    formats::{Item, open},
    lang::Language,
    model::{Code, CodeKind, Note, State, Unit, Variant},
};

fn items(xml: &str, lenient: bool) -> Result<(Vec<Unit>, Vec<String>), String> {
    let mut source = open(xml.as_bytes()).unwrap().source()?;
    source.lenient = lenient;
    let (mut units, mut remarks) = (Vec::new(), Vec::new());
    read(source, &mut |item| {
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
            ]
            .concat(),
        ),
        false,
    )
    .unwrap();
    let states: Vec<&str> = units.iter().map(|u| u.state.as_str()).collect();
    assert_eq!(states, ["approved", "approved", "imported", "pending", "pending", "pending"]);
    assert_eq!(
        remarks,
        [
            "8: unit `1`: not translated: its state is `new`",
            "9: unit `1`: not to be translated",
            "10: unit `1`: no target",
            "11: unit `1`: no target: it is empty",
            "12: unit `1`: not translated: the target is a copy of the source"
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
    assert_eq!(codes, ["1bpt&lt;b&gt;", "2ept&lt;/b&gt;", "2phalt &amp;", "5itx"]);
    assert_eq!(units[0].notes[0].text, "n <");
}
