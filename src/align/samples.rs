//! Small texts of the kind the aligner meets, and what it should make of them.

use super::*;
use crate::text::Span;

const EN: Language = Language::EN;
const AZ: Language = Language::AZ;
const RU: Language = Language::RU;

/// Segments from lines; an empty line parts paragraphs.
fn text(lines: &str) -> Vec<Segment> {
    let mut paragraph = 1;
    let mut out = Vec::new();
    for line in lines.lines().map(str::trim) {
        match line {
            "" => paragraph += 1,
            line => out.push(Segment { span: Span::new(0, 0), text: line.to_owned(), kind: Kind::Body, paragraph }),
        }
    }
    out
}

const ENGLISH: &str = "A new service centre has opened in Ganja
    The State Migration Service opened its fourth regional centre in Ganja on 14 June.
    The head of the Service, Vusal Huseynov, attended the ceremony.

    He said that 27,400 foreigners had applied to the regional offices since January.
    Applications can also be made at www.migration.gov.az.

    Representatives of IOM and UNHCR toured the building.
    The ceremony ended with a concert.";

const AZERBAIJANI: &str = "Gəncədə yeni xidmət mərkəzi açılıb
    Dövlət Miqrasiya Xidmətinin dördüncü regional mərkəzi iyunun 14-də Gəncədə açılıb, tədbirdə Xidmətin rəisi Vüsal \
    Hüseynov iştirak edib.

    O bildirib ki, yanvar ayından regional idarələrə 27 400 əcnəbi müraciət edib.
    Müraciətlər www.migration.gov.az saytında da qəbul olunur.

    BMqT və BMT QAK nümayəndələri binaya baxıblar.
    Sonda konsert olub.";

const RUSSIAN: &str = "В Гяндже открылся новый сервисный центр
    Государственная миграционная служба открыла 14 июня четвертый региональный центр в Гяндже.
    В церемонии участвовал начальник Службы Вюсал Гусейнов.

    Представители МОМ и УВКБ осмотрели здание.
    Церемония завершилась концертом.

    Он сказал, что с января в региональные отделения обратились 27 400 иностранцев.
    Обратиться можно и на сайте www.migration.gov.az.";

fn shown(beads: &[Bead], languages: &[Language]) -> Vec<String> {
    let side = |bead: &Bead, l| bead.side(l).iter().map(|at| (at + 1).to_string()).collect::<Vec<_>>().join(",");
    beads.iter().map(|bead| languages.iter().map(|l| side(bead, *l)).collect::<Vec<_>>().join(" = ")).collect()
}

#[test]
fn two_sentences_in_one() {
    let texts = BTreeMap::from([(EN, text(ENGLISH)), (AZ, text(AZERBAIJANI))]);
    let beads = align(&texts, &Evidence::default());
    assert_eq!(shown(&beads, &[EN, AZ]), ["1 = 1", "2,3 = 2", "4 = 3", "5 = 4", "6 = 5", "7 = 6"]);
    assert!(beads.iter().all(|bead| bead.score > 0.5), "{beads:?}");
}

#[test]
fn a_paragraph_that_moved() {
    let texts = BTreeMap::from([(EN, text(ENGLISH)), (RU, text(RUSSIAN))]);
    let beads = align(&texts, &Evidence::default());
    assert_eq!(shown(&beads, &[EN, RU]), ["1 = 1", "2 = 2", "3 = 3", "4 = 6", "5 = 7", "6 = 4", "7 = 5"]);
}

#[test]
fn three_languages_agree() {
    let texts = BTreeMap::from([(EN, text(ENGLISH)), (AZ, text(AZERBAIJANI)), (RU, text(RUSSIAN))]);
    let beads = align(&texts, &Evidence::default());
    assert_eq!(
        shown(&beads, &[EN, AZ, RU]),
        ["1 = 1 = 1", "2,3 = 2 = 2,3", "4 = 3 = 6", "5 = 4 = 7", "6 = 5 = 4", "7 = 6 = 5"]
    );
}

#[test]
fn a_footer_answers_a_footer() {
    let mut english = text(ENGLISH);
    let mut azerbaijani = text(AZERBAIJANI);
    for (list, footer) in [(&mut english, "© 2019 State Migration Service"), (&mut azerbaijani, "© 2019 DMX")] {
        let footer = Segment { span: Span::new(0, 0), text: footer.to_owned(), kind: Kind::Boilerplate, paragraph: 9 };
        list.insert(0, footer);
    }
    azerbaijani.pop();
    let texts = BTreeMap::from([(EN, english), (AZ, azerbaijani)]);
    let beads = align(&texts, &Evidence::default());
    assert_eq!(shown(&beads, &[EN, AZ]), ["1 = 1", "2 = 2", "3,4 = 3", "5 = 4", "6 = 5", "7 = 6", "8 = "]);
}

#[test]
fn the_glossary_and_the_lexicon_tell() {
    use crate::model::{Status, Term};
    // Nothing but the words tells which of the two answers.
    let texts = BTreeMap::from([
        (EN, text("The stateless persons were given documents there.")),
        (AZ, text("Hava orada günəşli və çox isti keçmişdir.\n\nVətəndaşlığı olmayan şəxslərə sənədlər verildi.")),
    ]);
    let concept = crate::model::Concept {
        id: "stateless".to_owned(),
        terms: vec![
            Term::new("stateless person", EN, Status::Preferred),
            Term::new("vətəndaşlığı olmayan şəxs", AZ, Status::Preferred),
        ],
        ..Default::default()
    };
    let told = align(&texts, &Evidence { concepts: vec![concept], ..Evidence::default() });
    assert!(shown(&told, &[EN, AZ]).contains(&"1 = 2".to_owned()), "{told:?}");

    let mut lexicon = Lexicon::default();
    lexicon.learn(
        EN,
        AZ,
        [
            ("The documents were ready.", "Sənədlər hazır idi."),
            ("New documents are needed.", "Yeni sənədlər lazımdır."),
            ("These persons came.", "Bu şəxslər gəldi."),
            ("Two persons were given help.", "İki şəxsə kömək verildi."),
        ],
    );
    let told = align(&texts, &Evidence { lexicon, ..Evidence::default() });
    assert!(shown(&told, &[EN, AZ]).contains(&"1 = 2".to_owned()), "{told:?}");
}
