//! Any bytes are an SRX file or an error, and any pattern is run or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use yaddash::{
    Language,
    formats::{self, srx},
    segment::{Additions, Rules, TagPattern, Written},
};

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (before, after, file) = input;
    if let Ok(opened) = formats::open(file)
        && let Ok(source) = opened.source()
    {
        let _ = srx::read(source);
    }
    let _ = TagPattern::new(before);
    let rule =
        Written { name: String::new(), line: 1, breaks: true, before: before.to_owned(), after: after.to_owned() };
    let rules = Rules::written(Language::EN, &Additions::default(), &[rule]);
    let text = "Mr. Hill came. He sat — “so.” 5 кг. Ölkə…";
    assert!(rules.boundaries(text).into_iter().all(|at| text.is_char_boundary(at)));
});
