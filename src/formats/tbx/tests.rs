use super::*;
use crate::{
    formats::{Item, open},
    lang::{Language, forms::Grammar},
    model::{Concept, Content, Element, Kept, Period, Remarks, Term},
};
use proptest::prelude::*;

fn items(xml: &str, lenient: bool) -> Result<(Vec<Concept>, Vec<String>), String> {
    let mut source = open(xml.as_bytes()).unwrap().source()?;
    source.lenient = lenient;
    let (mut concepts, mut remarks) = (Vec::new(), Vec::new());
    read(source, &mut |item| {
        match item {
            Item::Concept(concept) => concepts.push(concept),
            Item::Skipped(r) => remarks.push(format!("skipped {}: {}", r.line, r.what)),
            Item::Warning(r) => remarks.push(format!("{}: {}", r.line, r.what)),
            Item::Unit(_) => unreachable!("a TBX has no units"),
        }
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    Ok((concepts, remarks))
}

fn martif(entries: &str) -> String {
    format!(
        "<martif type='TBX' xml:lang='en'><martifHeader><fileDesc/></martifHeader><text><body>\n{entries}</body></text></martif>"
    )
}

/// `language text status` of the terms.
fn terms(concept: &Concept) -> Vec<String> {
    concept.terms.iter().map(|t| format!("{} {} {}", t.language, t.text, t.status.as_str())).collect()
}

#[test]
fn version_2_with_tig_and_ntig() {
    let (concepts, remarks) = items(
        &martif(
            "<termEntry id='c1'><descripGrp><descrip type='definition'>The  parliament</descrip></descripGrp><descrip type='subjectField'>law</descrip>\
             <langSet xml:lang='en'><tig><term>Milli Majlis</term><termNote type='administrativeStatus'>preferredTerm-admn-sts</termNote></tig>\
             <tig><term>Milli Mejlis</term><termNote type='administrativeStatus'>deprecatedTerm-admn-sts</termNote><note>seen in 2019</note></tig></langSet>\
             <langSet xml:lang='ru-RU'><ntig><termGrp><term>ММ</term><termNote type='termType'>acronym</termNote></termGrp></ntig>\
             <ntig><termGrp><term>Милли <hi>Меджлис</hi></term></termGrp></ntig></langSet></termEntry>",
        ),
        false,
    )
    .unwrap();
    assert_eq!(remarks, Vec::<String>::new());
    let concept = &concepts[0];
    assert_eq!(
        terms(concept),
        ["en Milli Majlis preferred", "en Milli Mejlis forbidden", "ru ММ preferred", "ru Милли Меджлис admitted"]
    );
    assert!(concept.terms[2].abbreviation && !concept.terms[3].abbreviation);
    assert_eq!(concept.definition.as_deref(), Some("The  parliament"));
    assert_eq!(concept.domain.as_deref(), Some("law"));
    assert_eq!(concept.terms[1].remarks().note.as_deref(), Some("seen in 2019"));
}

#[test]
fn version_3_with_categories_as_attributes_and_as_tags() {
    let head = "<tbx type='TBX-Basic' xmlns='urn:iso:std:iso:30042:ed-2' xmlns:min='u' xml:lang='en'";
    let dca = format!(
        "{head} style='dca'><tbxHeader/><text><body><conceptEntry id='c1'><langSec xml:lang='az'><termSec><term>Məclis</term>\
         <termNote type='administrativeStatus'>supersededTerm-admn-sts</termNote></termSec></langSec></conceptEntry></body></text></tbx>"
    );
    assert_eq!(terms(&items(&dca, false).unwrap().0[0]), ["az Məclis deprecated"]);
    let dct = format!(
        "{head} style='dct'><text><body><conceptEntry id='c1'><min:subjectField>law</min:subjectField><langSec xml:lang='az'><termSec><term>Məclis</term>\
         <min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>"
    );
    let concept = &items(&dct, false).unwrap().0[0];
    assert_eq!(terms(concept), ["az Məclis forbidden"]);
    assert_eq!(concept.domain.as_deref(), Some("law"));
}

#[test]
fn what_is_incomplete_is_named() {
    let (concepts, remarks) = items(
        &martif(
            "<termEntry id='a'><langSet><tig><term>x</term></tig></langSet></termEntry>\n\
             <termEntry><langSet xml:lang='en'><tig><term/></tig></langSet><langSet xml:lang='az'><tig><term>boş</term></tig></langSet></termEntry>",
        ),
        false,
    )
    .unwrap();
    assert_eq!(concepts[0].id, "c2");
    assert_eq!(
        remarks,
        [
            "skipped 2: entry `a`: no term with a language; a language section without a language (`xml:lang`)",
            "3: entry `c2`: an empty term (en)"
        ]
    );
    let broken = martif(
        "<termEntry id='a'><langSet></termEntry>\n<termEntry id='b'><langSet xml:lang='az'><tig><term>x</term></tig></langSet></termEntry>",
    );
    assert_eq!(
        items(&broken, false).unwrap_err(),
        "2:28: end tag `</termEntry>` where `</langSet>` was due (opened on line 2)"
    );
    let (concepts, remarks) = items(&broken, true).unwrap();
    assert_eq!((concepts.len(), concepts[0].id.as_str(), remarks.len()), (1, "b", 1));
}

/// What other tools say comes out again as it was, in the same form and in others.
#[test]
fn what_is_not_understood_is_kept() {
    let inside = "<descripGrp><descrip type=\"example\">Saw <hi>it</hi></descrip><admin type=\"source\">Law</admin></descripGrp>\
        <transacGrp><transac type=\"transactionType\">origination</transac><transacNote type=\"responsibility\">A. B.</transacNote><date>2024-05-01</date></transacGrp>\
        <xref type=\"externalCrossReference\" target=\"https://example.org/a?b=c&amp;d\">see</xref>";
    let xml = martif(&format!(
        "<termEntry id='c1'>{inside}<langSet xml:lang='en'><descrip type='definition'>in English</descrip>\
         <tig id='t1'><term>Majlis</term><termNote type='partOfSpeech'>noun</termNote><termNote type='register'>high</termNote>\
         <termNote type='termType'>fullForm</termNote><admin type='source'>The law</admin><descrip type='context'>The Majlis sat.</descrip>\
         {inside}</tig></langSet></termEntry>"
    ));
    let (concepts, remarks) = items(&xml, false).unwrap();
    assert_eq!(remarks, Vec::<String>::new());
    let concept = &concepts[0];
    assert_eq!(concept.kept.len(), 4, "{:?}", concept.kept);
    assert_eq!(concept.kept[3].language, Some(Language::EN));
    assert_eq!(concept.kept[3].element.said(), "definition: in English");
    let Remarks { source, context, kept, .. } = concept.terms[0].remarks();
    assert_eq!((source.as_deref(), context.as_deref()), (Some("The law"), Some("The Majlis sat.")));
    assert_eq!(kept.len(), 7, "{kept:?}");
    for form in forms() {
        let out = written(form, &concepts);
        assert_eq!(sorted(items(&out, false).unwrap().0), sorted(concepts.clone()), "{form:?}: {out}");
        let has = |what: &str| out.contains(what);
        match form {
            Form::V2 => assert!(has("<transac type=\"transactionType\">") && has("<termNote type=\"register\">high")),
            Form::V3 { dialect: Some(Dialect::Basic), style: Style::Dct } => {
                assert!(has("<basic:transactionType>origination</") && has("<min:partOfSpeech>noun</"), "{out}");
                assert!(has("x-yaddash-kept: &lt;termNote type=\"register\"&gt;high"), "{out}");
            }
            _ => {}
        }
    }
}

#[test]
fn a_definition_and_its_source_are_one_group() {
    let xml = martif(
        "<termEntry id='c1'><descripGrp><descrip type='definition'>D</descrip><admin type='source'>S</admin></descripGrp>\
         <langSet xml:lang='en'><tig><term>x</term></tig></langSet></termEntry>",
    );
    let concept = items(&xml, false).unwrap().0.remove(0);
    assert_eq!((concept.definition.as_deref(), concept.source.as_deref()), (Some("D"), Some("S")));
    let out = written(Form::V2, &[concept]);
    assert!(out.contains(
        "<descripGrp><descrip type=\"definition\">D</descrip>\n<admin type=\"source\">S</admin></descripGrp>"
    ));
}

#[test]
fn entries_are_changed_and_all_else_stays() {
    let head =
        "<?xml version=\"1.0\"?>\r\n<!-- <termEntry id='no'> -->\r\n<martif type='TBX' xml:lang='en'><text><body>\r\n";
    let entry = |id: &str, term: &str| {
        format!(
            "  <termEntry  id='{id}'><langSet xml:lang=\"en\"><ntig><termGrp><term>{term}</term></termGrp></ntig></langSet></termEntry>\r\n"
        )
    };
    let (one, two, three) = (entry("c1", "one"), entry("c2", "two"), entry("c3", "three"));
    let text = format!("{head}{one}{two}{three}</body></text></martif>");
    assert_eq!(entries(&text).len(), 3);
    let changed = Concept {
        id: "c2".to_owned(),
        terms: vec![Term::new("zwei", Language::literal("de"), Status::Preferred)],
        ..Concept::default()
    };
    let new = Concept { id: "c4".to_owned(), ..changed.clone() };
    let patches = [
        Patch { entries: &[1], concept: Some(&changed), behind: None },
        Patch { entries: &[2], concept: None, behind: None },
        Patch { entries: &[], concept: Some(&new), behind: None },
    ];
    let out = patched(&text, &patches).unwrap();
    assert!(out.starts_with(&format!("{head}{one}  <termEntry id=\"c2\">")), "{out}");
    assert!(!out.contains("three"));
    let ids: Vec<String> = items(&out, false).unwrap().0.into_iter().map(|c| c.id).collect();
    assert_eq!(ids, ["c1", "c2", "c4"]);
    assert_eq!(patched("<martif><text/></martif>", &patches[2..]), None);
}

#[test]
fn an_entry_of_version_3_is_changed_in_its_own_style() {
    let min = "xmlns:m='http://www.tbxinfo.net/ns/min'";
    let text = format!(
        "<tbx style='dct' type='TBX-Basic' xml:lang='en' xmlns='urn:iso:std:iso:30042:ed-2' {min} xmlns:own='urn:x'><text><body>\
         <conceptEntry id='c1'><m:subjectField>law</m:subjectField><own:rank>5</own:rank><langSec xml:lang='en'><termSec><term>visa</term></termSec></langSec></conceptEntry>\
         </body></text></tbx>"
    );
    let mut concept = items(&text, false).unwrap().0.remove(0);
    concept.terms[0].status = Status::Admitted;
    let out = patched(&text, &[Patch { entries: &[0], concept: Some(&concept), behind: None }]).unwrap();
    assert!(out.contains("<own:rank>5</own:rank>") && out.contains(":administrativeStatus"), "{out}");
    assert_eq!(items(&out, false).unwrap().0, [concept]);
}

fn forms() -> Vec<Form> {
    let mut out = vec![Form::V2];
    for dialect in Dialect::ALL {
        out.extend([Style::Dca, Style::Dct].map(|style| Form::V3 { dialect: Some(dialect), style }));
    }
    out
}

fn written(form: Form, concepts: &[Concept]) -> String {
    let mut writer = Writer::new(Vec::new(), form).unwrap();
    concepts.iter().for_each(|c| writer.concept(c).unwrap());
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// The order among what is kept is no matter: notes on the term go first.
fn sorted(mut concepts: Vec<Concept>) -> Vec<Concept> {
    let key = |kept: &Kept| (kept.language, format!("{:?}", kept.element));
    for concept in &mut concepts {
        concept.kept.sort_by_key(key);
        concept.terms.iter_mut().for_each(|term| term.remark(|remarks| remarks.kept.sort_by_key(key)));
    }
    concepts
}

fn any_element() -> impl Strategy<Value = Element> {
    let category =
        prop::sample::select(vec!["partOfSpeech", "geographicalUsage", "x-other", "definition", "crossReference"]);
    let name = prop::sample::select(vec!["descrip", "admin", "termNote", "descripGrp", "ref", "own:thing"]);
    (name, category, "[a-z<&]{1,5}( [a-z]{1,5})?", any::<bool>()).prop_map(|(name, category, text, id)| {
        let leaf = |name: &str| {
            let mut attributes = vec![("type".to_owned(), category.to_owned())];
            attributes.extend(id.then(|| ("id".to_owned(), format!("i{}", text.len()))));
            Element { name: name.to_owned(), attributes, content: vec![Content::Text(text.clone())] }
        };
        match name {
            "descripGrp" => {
                let content = ["descrip", "note"].map(|name| Content::Element(leaf(name))).to_vec();
                Element { name: name.to_owned(), attributes: Vec::new(), content }
            }
            name => leaf(name),
        }
    })
}

/// What means nothing here: anything else would be understood.
fn any_kept(concept: bool) -> impl Strategy<Value = Vec<Kept>> {
    let strange = move |element: &Element| {
        let category = element.attribute("type").unwrap_or_default();
        let known = matches!(category, "definition") && concept;
        !known && !element.name.contains(':')
    };
    let kept = any_element().prop_filter("understood", strange);
    prop::collection::vec(kept.prop_map(|element| Kept { language: None, element }), 0..3)
}

fn any_period() -> impl Strategy<Value = Period> {
    let day = || prop::option::of((2000i16..2030, 1i8..13, 1i8..29).prop_map(|(y, m, d)| jiff::civil::date(y, m, d)));
    (day(), day()).prop_map(|(from, until)| Period { from, until })
}

fn any_term() -> impl Strategy<Value = Term> {
    let language = prop::sample::select(vec![Language::EN, Language::AZ, Language::RU]);
    let status = prop::sample::select(Status::ALL.to_vec());
    let forms = prop::collection::vec("[a-zə&<]{1,5}", 0..3);
    let said = || prop::option::of("[a-zə&<]{1,5}( [a-z]{1,5})?");
    let remarks = (said(), said(), said(), any_kept(false));
    ("[a-zəİ&<\"']{1,9}", language, status, any::<[bool; 3]>(), forms, any_period(), remarks).prop_map(
        |(text, language, status, flags, forms, valid, (note, source, context, kept))| {
            let [abbreviation, case_sensitive, indeclinable] = flags;
            let given = |at: usize| forms.get(at).cloned().filter(|_| case_sensitive);
            let izafet = abbreviation.then_some(case_sensitive);
            let grammar = Grammar { indeclinable, head: given(0), izafet, reading: given(1), forms };
            let mut term = Term { abbreviation, case_sensitive, grammar, valid, ..Term::new(text, language, status) };
            term.set_remarks(Remarks { note, source, context, kept });
            term
        },
    )
}

fn any_concept() -> impl Strategy<Value = Concept> {
    let text = || prop::option::of("[a-zə&<]{1,5}( [a-z]{1,5})?");
    let said = (text(), prop::option::of("[a-z]{1,5}(;[a-z]{1,5})?"), text(), text(), any_period(), any_kept(true));
    (
        "[a-z0-9ə ]{0,5}[a-z0-9]",
        prop::collection::vec(any_term(), 1..5),
        said,
        prop::option::of("[a-z]{1,5}"),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(id, mut terms, said, exception, do_not_translate, apart)| {
            let (definition, domain, note, source, valid, mut kept) = said;
            terms.sort_by_key(|t| t.language);
            let id = id.trim().to_owned();
            let exceptions = exception.map(|phrase| (terms[0].language, phrase)).into_iter().collect();
            // Said of a language, one without terms among them; what is said of the concept goes first.
            if apart && let Some(last) = kept.last_mut() {
                last.language = Some(Language::literal("de"));
            }
            Concept { id, terms, definition, domain, note, source, valid, exceptions, do_not_translate, kept }
        })
}

proptest! {
    #[test]
    fn our_export_is_read_back_as_it_was(
        concepts in prop::collection::vec(any_concept(), 1..4),
        form in prop::sample::select(forms()),
    ) {
        let xml = written(form, &concepts);
        let (back, remarks) = items(&xml, false).unwrap();
        prop_assert_eq!(remarks, Vec::<String>::new());
        prop_assert_eq!(sorted(back), sorted(concepts));
    }

    #[test]
    fn no_text_makes_the_patcher_panic(text in "[<>/!\\[\\]?a-z\"'= \n-]{0,80}") {
        let concept = Concept { terms: vec![Term::new("x", Language::EN, Status::Preferred)], ..Concept::default() };
        let _ = patched(&text, &[Patch { entries: &[0], concept: Some(&concept), behind: None }]);
        let _ = patched(&text, &[Patch { entries: &[], concept: Some(&concept), behind: None }]);
    }
}
