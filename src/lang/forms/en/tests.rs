use super::*;
use proptest::prelude::*;

/// The forms `text`, a key, is read in as the last word of `term`.
fn read_as(term: &[&str], text: &str) -> Vec<Form> {
    let words: Vec<Word<'_>> = term.iter().map(|word| Word { text: word, key: word, hyphen: false }).collect();
    let mut out = Vec::new();
    for stem in stems(&words, &Grammar::default()).pop().unwrap_or_default() {
        if text.starts_with(&stem.text) {
            read(stem.class, text, stem.text.len(), &mut out);
        }
    }
    out
}

#[test]
fn derivations_are_other_words() {
    for (term, others) in [
        (&["office"][..], "officer official officious"),
        (&["migrant"], "migration migrate"),
        (&["news"], "new newsy"),
        (&["state"], "stateless statement stated"),
        (&["man"], "many manner manned"),
        (&["visa"], "visage visual"),
        (&["to", "deport"], "deportation deportee port"),
        (&["to", "act"], "active actor action"),
    ] {
        for other in others.split(' ') {
            assert_eq!(read_as(term, other), [], "{other} is no form of {term:?}");
        }
    }
}

proptest! {
    #[test]
    fn made_up_words_are_read_in_all_forms_written(
        stem in "[bdfgklmnprst]{1,2}[aeiou][bcdfgklmnprst]{1,2}",
        ends in prop::sample::select(vec!["", "s", "y", "e", "er", "tion", "man", "ch", "o", "ie", "ee", "um", "us", "sis", "fe", "ise"]),
    ) {
        let word = format!("{stem}{ends}");
        let words = [Word { text: &word, key: &word, hyphen: false }];
        let number = |form: &Form| form.number;
        for form in forms() {
            let Some(text) = write(&words, &Grammar::default(), form).map(|words| words.concat()) else { continue };
            let read = read_as(&[&word], &text.replace('’', "'"));
            let plural = read.iter().map(number).all(|number| number == Pl);
            let asked = Form { number: if plural { Pl } else { form.number }, ..form };
            prop_assert!(read.contains(&asked), "{} as {:?} of {} is read as {:?}", text, form, word, read);
        }
        for (at, made) in verbs::forms(&word).into_iter().enumerate() {
            for text in made {
                prop_assert!(read_as(&["to", &word], &text).contains(&verb_form(at as u8 + 1)), "{} of to {}", text, word);
            }
        }
    }
}

#[test]
fn every_row_stands_in_its_place_and_makes_its_example() {
    for (at, row) in ROWS.iter().enumerate() {
        assert_eq!(row.row as usize, at);
        let (word, form) = row.example;
        let stem = word.strip_suffix(row.endings[0].0).unwrap();
        assert!(row.endings.iter().any(|(ending, _)| format!("{stem}{ending}") == form), "{form}");
    }
}

fn written(term: &str, number: Number, case: Case) -> String {
    let keys: Vec<String> = term.split([' ', '-']).map(str::to_lowercase).collect();
    let mut from = 0;
    let mut words = Vec::new();
    for (text, key) in term.split([' ', '-']).zip(&keys) {
        let hyphen = from > 0 && term.as_bytes()[from - 1] == b'-';
        words.push(Word { text, key, hyphen });
        from += text.len() + 1;
    }
    write(&words, &Grammar::default(), Form::new(number, case)).unwrap_or_default().join(" ")
}

#[test]
fn plurals_and_possessives() {
    for (term, number, case, form) in [
        ("agency", Pl, Case::Nominative, "agencies"),
        ("spokesman", Pl, Case::Genitive, "spokesmen’s"),
        ("refugee", Pl, Case::Genitive, "refugees’"),
        ("person", Pl, Case::Nominative, "people"),
        ("day", Pl, Case::Nominative, "days"),
        ("gulf", Pl, Case::Nominative, "gulfs"),
        ("human", Pl, Case::Nominative, "humans"),
        ("child", Pl, Case::Nominative, "children"),
        ("embargo", Pl, Case::Nominative, "embargoes"),
        ("photo", Pl, Case::Nominative, "photos"),
        ("Foot", Pl, Case::Nominative, "Feet"),
        ("series", Pl, Case::Nominative, "series"),
        ("sanctions", Pl, Case::Genitive, "sanctions’"),
        ("human rights", Sg, Case::Genitive, "human rights’"),
        ("IDP", Pl, Case::Nominative, "IDPs"),
        ("attorney general", Pl, Case::Nominative, "attorneys general"),
        ("commander-in-chief", Pl, Case::Nominative, "commanders in chief"),
        ("commander-in-chief", Sg, Case::Genitive, "commander in chief’s"),
        ("passer-by", Pl, Case::Nominative, "passers by"),
        ("follow-up", Pl, Case::Nominative, "follow ups"),
        ("visa on arrival", Pl, Case::Nominative, "visas on arrival"),
        ("Ministry of Labour", Pl, Case::Nominative, "Ministries of Labour"),
        ("state-of-the-art unit", Pl, Case::Nominative, "state of the art units"),
    ] {
        assert_eq!(written(term, number, case), form);
    }
}

#[test]
fn a_named_head_inflects() {
    let words = ["border", "guard"].map(|text| Word { text, key: text, hyphen: false });
    let grammar = Grammar { head: Some("guard".to_owned()), ..Grammar::default() };
    let to = ["to", "do"].map(|text| Word { text, key: text, hyphen: false });
    let named = Grammar { head: Some("do".to_owned()), ..Grammar::default() };
    assert_eq!(head(&words, &grammar), Some(Head::Noun(1)));
    assert_eq!(head(&to, &named), Some(Head::Noun(1)));
    assert_eq!(head(&to, &Grammar::default()), Some(Head::Verb(1)));
}
