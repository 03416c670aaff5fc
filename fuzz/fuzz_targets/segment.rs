//! Running text in any language loses nothing but white space, and what is explained is what is done.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaddash::{
    Language,
    formats::documents::{self, Given},
    segment::{Rules, explain, segment},
};

const LANGUAGES: [&str; 4] = ["en", "az", "ru", "kk"];

fuzz_target!(|input: (u8, &str)| {
    let (first, text) = input;
    let language: Language = LANGUAGES[usize::from(first) % LANGUAGES.len()].parse().expect("the tags are sound");
    let rules = Rules::of(language);
    let given = Given { language: Some(language), ..Given::default() };
    let Ok((document, _)) = documents::read_lines("a.txt", text.as_bytes(), given) else { return };
    let segments = segment(&document, rules);
    let mut rest = String::new();
    let mut at = 0;
    for segment in &segments {
        rest.push_str(&document.text[at..segment.span.start]);
        assert_eq!(segment.span.of(&document.text), segment.text);
        at = segment.span.end;
    }
    rest.push_str(&document.text[at..]);
    assert!(rest.trim().is_empty(), "{rest:?} is lost");
    let ends: Vec<usize> = explain(&document, rules).into_iter().filter(|d| d.breaks).map(|d| d.at).collect();
    assert!(
        segments
            .iter()
            .all(|segment| ends.iter().any(|end| document.text[..*end].trim_end().len() == segment.span.end))
    );
});
