//! Smaller automata: character classes in whole blocks, where no language of ours needs more.
//!
//! `\p{L}` is some 650 ranges, and each place it stands at costs thousands of states. Most of them tell apart
//! letters, marks and gaps of scripts that know no capitals and do not use the stops our rules speak of. Beyond the
//! Latin, Greek, Cyrillic, Armenian and Hebrew letters and the common signs a class therefore holds a block as a
//! whole or not at all, by what most of the block's characters are.

use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};
use std::ops::RangeInclusive;

/// Characters that are told apart one by one.
const EXACT: [RangeInclusive<u32>; 3] = [0..=0x5FF, 0x1E00..=0x27FF, 0xFF00..=0xFFFF];
/// Characters of a block.
const BLOCK: u32 = 0x100;
/// A class of fewer ranges is cheap as it is.
const CHEAP: usize = 32;

/// `hir` with its large classes coarse.
pub(super) fn coarse(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Class(Class::Unicode(class)) if class.ranges().len() >= CHEAP => {
            Hir::class(Class::Unicode(coarse_class(&class)))
        }
        HirKind::Class(class) => Hir::class(class),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(coarse(*repetition.sub.clone()));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(capture) => {
            let sub = Box::new(coarse(*capture.sub.clone()));
            Hir::capture(Capture { sub, ..capture })
        }
        HirKind::Concat(all) => Hir::concat(all.into_iter().map(coarse).collect()),
        HirKind::Alternation(all) => Hir::alternation(all.into_iter().map(coarse).collect()),
    }
}

fn coarse_class(class: &ClassUnicode) -> ClassUnicode {
    // How many characters of each block the class holds.
    let mut held = vec![0u32; (char::MAX as u32 / BLOCK + 1) as usize];
    let mut out = Vec::new();
    for range in class.ranges() {
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        for exact in &EXACT {
            out.extend(span(start.max(*exact.start()), end.min(*exact.end())));
        }
        for block in start / BLOCK..=end / BLOCK {
            let (first, last) = (block * BLOCK, block * BLOCK + BLOCK - 1);
            held[block as usize] += end.min(last) - start.max(first) + 1;
        }
    }
    for (block, held) in held.into_iter().enumerate() {
        let first = block as u32 * BLOCK;
        if 2 * held > BLOCK && !EXACT.iter().any(|exact| exact.contains(&first)) {
            out.extend(span(first, first + BLOCK - 1));
        }
    }
    ClassUnicode::new(out)
}

/// A range of characters; surrogates are none, and both ends of what stands between them are characters.
fn span(start: u32, end: u32) -> Option<ClassUnicodeRange> {
    let range = start..=end;
    let (start, end) = (char::from_u32(start)?, char::from_u32(end)?);
    (!range.is_empty()).then(|| ClassUnicodeRange::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(pattern: &str) -> (ClassUnicode, ClassUnicode) {
        let parsed = regex_syntax::parse(pattern).unwrap();
        let HirKind::Class(Class::Unicode(exact)) = parsed.kind().clone() else { panic!("{pattern} is no class") };
        let HirKind::Class(Class::Unicode(coarse)) = coarse(parsed).into_kind() else {
            panic!("{pattern} is no class")
        };
        (exact, coarse)
    }

    fn holds(class: &ClassUnicode, c: char) -> bool {
        class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&c))
    }

    #[test]
    fn nothing_changes_where_our_languages_write() {
        for pattern in
            [r"\p{L}", r"\p{Lu}", r"\p{Ll}", r"\p{N}", r"[^\p{L}\p{N}]", r"[^\p{L}]", r"[\p{Lu}\p{Lt}\p{Lo}\p{N}]"]
        {
            let (exact, coarse) = class(pattern);
            for code in EXACT.into_iter().flatten() {
                let c = char::from_u32(code).unwrap();
                assert_eq!(holds(&coarse, c), holds(&exact, c), "{pattern} {c:?}");
            }
            assert!(coarse.ranges().len() <= exact.ranges().len(), "{pattern}");
        }
    }

    #[test]
    fn letters_of_other_scripts_are_letters_still() {
        let (_, letters) = class(r"\p{L}");
        let (_, others) = class(r"[^\p{L}\p{N}]");
        for c in ['ა', 'ب', 'ک', '中', '国', 'あ', 'ア', '한'] {
            assert!(holds(&letters, c), "{c}");
            assert!(!holds(&others, c), "{c}");
        }
        for c in ['\u{fffd}', '😀', '🏛'] {
            assert!(!holds(&letters, c) && holds(&others, c), "{c}");
        }
    }
}
