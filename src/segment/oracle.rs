//! Patterns taken apart ([`super::foreign`]) against an engine that knows word boundaries itself, place by place.

use super::{Additions, Rules, Written};
use crate::lang::Language;
use proptest::prelude::*;
use regex_automata::{
    Anchored, Input, MatchKind,
    nfa::thompson::pikevm::{self, PikeVM},
};

fn vm(pattern: &str) -> PikeVM {
    PikeVM::builder().configure(pikevm::Config::new().match_kind(MatchKind::All)).build(pattern).unwrap()
}

/// The longest match in `from..to`, anchored at `from`, ends there.
fn matches(vm: &PikeVM, text: &str, from: usize, to: usize, whole: bool) -> bool {
    let input = Input::new(text).range(from..to).anchored(Anchored::Yes);
    vm.find(&mut vm.create_cache(), input).is_some_and(|found| !whole || found.end() == to)
}

fn patterns() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        r"\b",
        r"\B",
        "a",
        r"\.",
        r"\s",
        "[aə]?",
        r"(?:a|\.)",
        r"(?:\b|ə)",
        r"\w+",
        "ə",
        r"(?:a\b)?",
        "[^a]",
        "^",
        "$",
        "(?:ə|)",
        r"(?:\.a){1,2}",
    ]);
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn places_are_those_of_the_pattern(
        before in patterns(),
        after in patterns(),
        text in prop::collection::vec(prop::sample::select(vec!["a", "ə", ".", " ", "—"]), 0..12),
    ) {
        let text = text.concat();
        let rule = Written { name: String::new(), line: 1, breaks: true, before: before.clone(), after: after.clone() };
        let rules = Rules::written(Language::AZ, &Additions::default(), &[rule]);
        if !rules.unusable().is_empty() {
            return Ok(());
        }
        let (before_vm, after_vm) = (vm(&before), vm(&after));
        let want: Vec<usize> = (1..text.len())
            .filter(|at| text.is_char_boundary(*at))
            .filter(|at| (0..=*at).any(|from| text.is_char_boundary(from) && matches(&before_vm, &text, from, *at, true)))
            .filter(|at| matches(&after_vm, &text, *at, text.len(), false))
            .collect();
        prop_assert_eq!(rules.boundaries(&text), want, "{} | {} in {:?}", before, after, text);
    }
}
