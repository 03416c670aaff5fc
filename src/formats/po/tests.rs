use super::*;
use crate::{
    formats::{Item, open},
    lang::Language,
    model::{Context, Note, Prop, State, Unit, Variant},
};
use proptest::prelude::*;

fn items(text: &str, to: Option<Language>) -> Result<Vec<Item>, String> {
    let mut out = Vec::new();
    let mut each = |item| {
        out.push(item);
        Ok(())
    };
    read(open(text.as_bytes()).unwrap().source()?, None, to, &mut each).map_err(|error| error.to_string())?;
    Ok(out)
}

/// The units, and the remarks with their lines.
fn read_all(text: &str) -> (Vec<Unit>, Vec<String>) {
    let (mut units, mut remarks) = (Vec::new(), Vec::new());
    for item in items(text, None).unwrap() {
        match item {
            Item::Unit(unit) => units.push(unit),
            Item::Skipped(r) | Item::Warning(r) => remarks.push(format!("{}: {}", r.line, r.what)),
            Item::Concept(_) => unreachable!("a PO has no concepts"),
        }
    }
    (units, remarks)
}

fn shown(units: &[Unit]) -> Vec<String> {
    let line = |u: &Unit| format!("{}|{}|{}", u.variants[0].text, u.variants[1].text, u.state.as_str());
    units.iter().map(line).collect()
}

fn written(to: Language, units: &[Unit]) -> (String, usize) {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, Language::EN, to, "2024-05-01T10:30:00Z".parse().unwrap());
    units.iter().for_each(|unit| writer.unit(unit));
    let left_out = writer.finish().unwrap();
    (String::from_utf8(bytes).unwrap(), left_out)
}

const HEADER: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: az\\n\"\n\n";

fn russian(plural: &str) -> String {
    format!("msgid \"\"\nmsgstr \"\"\n\"Language: ru_RU\\n\"\n\"Plural-Forms: {plural}\\n\"\n\n")
}

#[test]
fn entries_of_all_kinds() {
    let body = "# for editors\n#. of the toolbar\n#. and the menu\n#: a.c:7 b.c:9\n#: c.c:1\n#, c-format, no-wrap\n\
                #| msgid \"Opens \"\n#| \"it\"\nmsgctxt \"menu\"\nmsgid \"\"\n\"Open \"\n\"\\\"it\\\"\"\nmsgstr \"Aç\"\n\
                #, c-format, fuzzy\nmsgid\"Two\"\nmsgstr \"Bir\"\n\n#~ msgid \"Old\"\n#~ msgstr \"Köhnə\"\n\
                #~ msgid \"Older\"\n#~ msgstr \"Daha köhnə\"\n\n\
                msgid \"Empty\"\nmsgstr \"\"\n\nmsgid \"Bell\"\nmsgstr \"\\a\"\n";
    let (units, remarks) = read_all(&format!("{HEADER}{body}"));
    assert_eq!(shown(&units), ["Open \"it\"|Aç|imported", "Two|Bir|pending"]);
    assert_eq!(
        remarks,
        [
            "18: a fuzzy entry is stored as pending",
            "22: an obsolete entry",
            "24: an obsolete entry",
            "27: an entry without translation",
            "30: a character was lost (U+FFFD, or a byte or character that may not be there)"
        ]
    );
    let first = &units[0];
    assert_eq!((first.context.id.as_deref(), first.context.document.as_deref()), (Some("menu"), Some("a.c:7")));
    let notes: Vec<_> = first.notes.iter().map(|note| (note.text.as_str(), note.attributes.len())).collect();
    assert_eq!(notes, [("for editors", 0), ("of the toolbar\nand the menu", 1)]);
    let props: Vec<_> = first.props.iter().map(|prop| (prop.kind.as_str(), prop.value.as_str())).collect();
    assert_eq!(
        props,
        [
            ("x-po-references", "a.c:7 b.c:9\nc.c:1"),
            ("x-po-flags", "c-format, no-wrap"),
            ("x-po-previous-msgid", "Opens it")
        ]
    );
    assert_eq!(units[1].props.len(), 1, "{:?}", units[1].props);
}

#[test]
fn every_plural_form_is_a_unit() {
    let day = "msgid \"%d day\"\nmsgid_plural \"%d days\"\nmsgstr[0] \"%d день\"\nmsgstr[1] \"%d дня\"\nmsgstr[2] \"%d дней\"\n";
    let three = russian(
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    );
    let (units, remarks) = read_all(&format!("{three}{day}"));
    let want = ["%d day|%d день|imported", "%d days|%d дня|imported", "%d days|%d дней|imported"];
    assert_eq!((shown(&units), remarks), (want.map(str::to_owned).to_vec(), Vec::new()));
    let forms: Vec<_> =
        units.iter().map(|unit| unit.props.iter().find(|p| p.kind == FORM).unwrap().value.as_str()).collect();
    assert_eq!(forms, ["0", "1", "2"]);
    assert!(units.iter().all(|unit| unit.props.iter().all(|prop| prop.kind != PLURAL_FORMS)), "it is the language's");

    let reversed = russian("nplurals=3; plural=n==1 ? 2 : n<5 ? 1 : 0;");
    let (units, _) = read_all(&format!("{reversed}{day}"));
    assert_eq!(shown(&units)[0], "%d days|%d день|imported");
    assert_eq!(shown(&units)[2], "%d day|%d дней|imported");
    assert_eq!(units[0].props[1].value, "nplurals=3; plural=n==1 ? 2 : n<5 ? 1 : 0;");

    let fewer = russian("nplurals=2; plural=n!=1;");
    assert_eq!(read_all(&format!("{fewer}{day}")).1, ["6: 3 plural forms where the header's `Plural-Forms` has 2"]);

    let one = HEADER.replace("az\\n", "az\\nPlural-Forms: nplurals=1; plural=0;\\n");
    let (units, _) = read_all(&format!("{one}msgid \"%d file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"%d fayl\"\n"));
    assert_eq!(shown(&units), ["%d file|%d fayl|imported", "%d files|%d fayl|imported"], "one form for both");
    let (units, remarks) = read_all(&format!("{HEADER}{}", day.replace("%d дня", "")));
    assert_eq!(shown(&units), ["%d day|%d день|imported", "%d days|%d дней|imported"]);
    assert_eq!(remarks, ["5: the plural form 1 without translation"]);
}

#[test]
fn the_languages_are_told_by_the_header_then_by_somebody() {
    let pair = "msgid \"a\"\nmsgstr \"b\"\n";
    let languages = |text: &str, to| -> Vec<String> {
        let items = items(text, to).unwrap();
        let Item::Unit(unit) = &items[0] else { panic!("{items:?}") };
        unit.variants.iter().map(|v| v.language.to_string()).collect()
    };
    assert_eq!(languages(pair, Some(Language::AZ)), ["en", "az"]);
    assert_eq!(languages(&format!("{HEADER}{pair}"), Some(Language::RU)), ["en", "az"]);
    let told = HEADER.replace("az\\n", "sr@latin\\nX-Source-Language: ru_RU.UTF-8\\n");
    assert_eq!(languages(&format!("{told}{pair}"), None), ["ru", "sr-latn"]);
    assert_eq!(items(pair, None).unwrap_err(), "3:1: the header entry names no `Language`: say with `--to` what it is");
}

#[test]
fn faults_have_their_line() {
    let fault = |text: &str| items(&format!("{HEADER}{text}"), None).unwrap_err();
    assert_eq!(fault("msgid \"a\nmsgstr \"b\"\n"), "5:1: a text in quotes is due: `\"a`");
    assert_eq!(fault("message \"a\"\n"), "5:1: `message` belongs to no PO file");
    assert_eq!(fault("msgid \"a\"\nmsgstr[99] \"b\"\n"), "6:1: `msgstr[99]` belongs to no PO file");
    assert_eq!(fault("\"a\"\n"), "5:1: a text that belongs to no keyword");
}

#[test]
fn a_catalogue_as_gettext_writes_it() {
    let body = "\n# for editors\n#\n# and others\n#. of the menu\n#: a.c:7 b.c:9\n#, fuzzy, c-format\n#| msgid \"Opens\"\n\
                msgctxt \"menu\"\nmsgid \"\"\n\"One\\n\"\n\"two\\\\\\\"\\t\"\nmsgstr \"\"\n\"Bir\\n\"\n\"iki\"\n\n\
                msgid \"%d day\"\nmsgid_plural \"%d days\"\nmsgstr[0] \"%d день\"\nmsgstr[1] \"%d дня\"\nmsgstr[2] \"%d дней\"\n";
    let header = "msgid \"\"\nmsgstr \"\"\n\"Project-Id-Version: yaddash 0.1.0\\n\"\n\"PO-Revision-Date: 2024-05-01 10:30+0000\\n\"\n\
                  \"Last-Translator: \\n\"\n\"Language-Team: \\n\"\n\"Language: ru\\n\"\n\"MIME-Version: 1.0\\n\"\n\
                  \"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Content-Transfer-Encoding: 8bit\\n\"\n\
                  \"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n\"\n\
                  \"X-Source-Language: en\\n\"\n\"X-Generator: yaddash 0.1.0\\n\"\n"
        .replace("0.1.0", env!("CARGO_PKG_VERSION"));
    let (units, _) = read_all(&format!(
        "{}{body}",
        russian("nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;")
    ));
    assert_eq!(written(Language::RU, &units), (format!("{header}{body}"), 0));
}

fn pair(id: &str, text: &str) -> Unit {
    Unit { variants: vec![Variant::new(Language::EN, id), Variant::new(Language::AZ, text)], ..Unit::default() }
}

#[test]
fn one_translation_of_a_text() {
    let mut units = vec![pair("One", "Bir"), pair("One", "Tək"), pair("One", "Bir"), pair("Two", "İki"), pair("", "x")];
    units[1].state = State::Approved;
    units[3].variants.push(Variant::new(Language::AZ, "Cüt"));
    units.push(pair("One", "Yeganə"));
    units[5].context.id = Some("menu".to_owned());
    let (text, left_out) = written(Language::AZ, &units);
    assert_eq!(shown(&read_all(&text).0), ["One|Tək|imported", "Two|İki|imported", "One|Yeganə|imported"]);
    assert_eq!(left_out, 3, "{text}");
}

#[test]
fn what_msgfmt_would_refuse_is_fuzzy() {
    let form = |text: &str, n: &str, of: &str, source: &str| {
        let mut unit = pair(source, text);
        let prop =
            |kind: &str, value: &str| Prop { kind: kind.to_owned(), attributes: Vec::new(), value: value.to_owned() };
        unit.props = vec![prop(FORM, n), prop(of, if of == MSGID { "%d day" } else { "%d days" })];
        unit
    };
    let (text, left_out) = written(
        Language::AZ,
        &[pair("End\n", "Son"), form("%d gün", "0", MSGID_PLURAL, "%d day"), form("%d günlər", "2", MSGID, "%d days")],
    );
    let body = text.split_once("\n\n").unwrap().1;
    assert_eq!(
        body,
        "#, fuzzy\nmsgid \"End\\n\"\nmsgstr \"Son\"\n\n\
         #, fuzzy\nmsgid \"%d day\"\nmsgid_plural \"%d days\"\nmsgstr[0] \"%d gün\"\nmsgstr[1] \"\"\n"
    );
    assert_eq!(left_out, 1, "az has two forms");
}

/// An entry as a PO file has it: a unit, or one for each plural form.
fn entry() -> impl Strategy<Value = Vec<Unit>> {
    let text = "[\"\\\\a-cə \t]{0,6}[a-zə](\n[b-d]){0,2}";
    let line = "[a-cə,:.|~!]{1,6}";
    let lines = "[a-cə,:.|~!]{1,6}(\n [a-c]|\n\n[,a])?";
    let parts = (
        (prop::option::of(text), text, prop::option::of(text), prop::collection::vec(text, 3)),
        (prop::option::of(lines), prop::option::of(line), any::<bool>()),
        (prop::option::of("[a-c]{1,3} ?[.]c:[0-9]"), prop::option::of("[d-f]{1,3}[.]c( g[.]c)?\nh[.]c")),
        (prop::option::of("c-format(, no-wrap)?"), prop::array::uniform3(prop::option::of(text))),
    );
    parts.prop_map(
        |((context, id, plural, texts), (note, extracted, fuzzy), (document, references), (flags, previous))| {
            let prop = |kind: &str, value: String| Prop { kind: kind.to_owned(), attributes: Vec::new(), value };
            let from = vec![("from".to_owned(), EXTRACTED.to_owned())];
            let unit = |source: &str, text: &str, own: Vec<Prop>| {
                let mut unit = Unit { state: if fuzzy { State::Pending } else { State::Imported }, ..Unit::default() };
                unit.variants = vec![Variant::new(Language::EN, source), Variant::new(Language::RU, text)];
                let first = references.as_ref().map(|lines| lines.split_whitespace().next().unwrap().to_owned());
                let document = first.or(document.clone());
                unit.context = Context { id: context.clone(), document, ..Context::default() };
                unit.notes.extend(note.clone().map(|text| Note { attributes: Vec::new(), text }));
                unit.notes.extend(extracted.clone().map(|text| Note { attributes: from.clone(), text }));
                unit.props = own;
                unit.props.extend(references.clone().map(|lines| prop(REFERENCES, lines)));
                unit.props.extend(flags.clone().map(|flags| prop(FLAGS, flags)));
                let previous = PREVIOUS.iter().zip(&previous);
                unit.props.extend(previous.filter_map(|((_, kind), text)| Some(prop(kind, text.clone()?))));
                unit
            };
            let Some(plural) = plural else { return vec![unit(&id, &texts[0], Vec::new())] };
            let form = |n: usize| match n {
                0 => (&id, prop(MSGID_PLURAL, plural.clone())),
                _ => (&plural, prop(MSGID, id.clone())),
            };
            (0..3).map(|n| unit(form(n).0, &texts[n], vec![prop(FORM, n.to_string()), form(n).1])).collect()
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(mut entries in prop::collection::vec(entry(), 1..6)) {
        // `msgfmt` refuses an entry whose texts differ in line ends at their ends; none here has any there. Entries of one
        // key would be one.
        for (n, units) in entries.iter_mut().enumerate() {
            for unit in units {
                unit.context.id = Some(format!("{n}{}", unit.context.id.take().unwrap_or_default()));
            }
        }
        let units = entries.concat();
        let (text, left_out) = written(Language::RU, &units);
        prop_assert_eq!(left_out, 0);
        prop_assert_eq!(read_all(&text).0, units, "{}", text);
    }

    #[test]
    fn no_bytes_panic(text in "(msg(id|str|ctxt|id_plural|str\\[[0-3]\\])|#[~,:.|=]?|\"|\\\\n?|[ \na{}]){0,60}") {
        let _ = items(&format!("{HEADER}{text}"), None);
        let _ = items(&text, Some(Language::AZ));
    }
}
