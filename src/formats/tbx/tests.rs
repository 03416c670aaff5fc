use super::*;
use crate::{
    formats::{Item, open},
    lang::{Language, forms::Grammar},
    model::{Concept, Term},
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
    assert_eq!(concept.note.as_deref(), Some("Milli Mejlis: seen in 2019"));
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

fn any_term() -> impl Strategy<Value = Term> {
    let language = prop::sample::select(vec![Language::EN, Language::AZ, Language::RU]);
    let status = prop::sample::select(Status::ALL.to_vec());
    let forms = prop::collection::vec("[a-zə&<]{1,5}", 0..3);
    ("[a-zəİ&<\"']{1,9}", language, status, any::<[bool; 3]>(), forms).prop_map(
        |(text, language, status, flags, forms)| {
            let [abbreviation, case_sensitive, indeclinable] = flags;
            let given = |at: usize| forms.get(at).cloned().filter(|_| case_sensitive);
            let izafet = abbreviation.then_some(case_sensitive);
            let grammar = Grammar { indeclinable, head: given(0), izafet, reading: given(1), forms };
            Term { text, language, status, abbreviation, case_sensitive, grammar }
        },
    )
}

fn any_concept() -> impl Strategy<Value = Concept> {
    let text = || prop::option::of("[a-zə&<]{1,5}( [a-z]{1,5})?");
    (
        "[a-z0-9ə ]{0,5}[a-z0-9]",
        prop::collection::vec(any_term(), 1..5),
        text(),
        text(),
        text(),
        prop::option::of("[a-z]{1,5}"),
        any::<bool>(),
    )
        .prop_map(|(id, mut terms, definition, domain, note, exception, do_not_translate)| {
            terms.sort_by_key(|t| t.language);
            let id = id.trim().to_owned();
            let exceptions = exception.map(|phrase| (terms[0].language, phrase)).into_iter().collect();
            Concept { id, terms, definition, domain, note, exceptions, do_not_translate }
        })
}

proptest! {
    #[test]
    fn our_export_is_read_back_as_it_was(concepts in prop::collection::vec(any_concept(), 1..4)) {
        let mut writer = Writer::new(Vec::new()).unwrap();
        concepts.iter().for_each(|c| writer.concept(c).unwrap());
        let xml = String::from_utf8(writer.finish().unwrap()).unwrap();
        let (back, remarks) = items(&xml, false).unwrap();
        prop_assert_eq!(remarks, Vec::<String>::new());
        prop_assert_eq!(back, concepts);
    }
}
