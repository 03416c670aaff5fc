use super::*;
use crate::{
    lang::Language,
    model::{Block, BlockKind, SourceMap},
};
use proptest::prelude::*;

/// A document of one block a chunk between blank lines, as plain text is read.
fn document(text: &str, language: Language, kind: BlockKind) -> Document {
    let mut blocks = Vec::new();
    let mut at = 0;
    for chunk in text.split("\n\n") {
        let span = Span::new(at, at + chunk.len());
        at = span.end + 2;
        if !span.trimmed(text).is_empty() {
            blocks.push(Block { span, kind });
        }
    }
    Document { name: "test".to_owned(), language, text: text.to_owned(), blocks, map: SourceMap::Same }
}

fn segments(text: &str, language: Language) -> Vec<(Kind, String)> {
    let document = document(text, language, BlockKind::Plain);
    segment(&document, Rules::of(language)).into_iter().map(|segment| (segment.kind, segment.text)).collect()
}

#[test]
fn a_release_falls_into_its_parts() {
    let text = "New centre opened in Sumgait\n\nThe Service opened a centre. It has ten rooms.\n• passports\n\
                • permits\n2. Visas\n\n> Welcome to all.\n\nCall 919 or write to info@example.org\n\n----\n\n\
                © 2024 The Service\nTerms | Privacy Policy | All rights reserved";
    let want = [
        (Kind::Heading, "New centre opened in Sumgait"),
        (Kind::Body, "The Service opened a centre."),
        (Kind::Body, "It has ten rooms."),
        (Kind::List, "passports"),
        (Kind::List, "permits"),
        (Kind::List, "Visas"),
        (Kind::Quote, "Welcome to all."),
        (Kind::Body, "Call 919 or write to info@example.org"),
        (Kind::Boilerplate, "© 2024 The Service"),
        (Kind::Boilerplate, "Terms | Privacy Policy | All rights reserved"),
    ];
    assert_eq!(segments(text, Language::EN), want.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn hard_wrapped_lines_are_one_paragraph() {
    let text = "Xidmət Sumqayıt şəhərində yeni mərkəz açıb və\nvətəndaşları qəbul etməyə başlayıb. Mərkəzdə on\n\
                otaq var və orada iyirmi əməkdaş çalışır.";
    let want = [
        "Xidmət Sumqayıt şəhərində yeni mərkəz açıb və\nvətəndaşları qəbul etməyə başlayıb.",
        "Mərkəzdə on\notaq var və orada iyirmi əməkdaş çalışır.",
    ];
    assert_eq!(segments(text, Language::AZ), want.map(|text| (Kind::Body, text.to_owned())));
}

#[test]
fn one_line_is_one_paragraph_where_lines_are_long_or_uneven() {
    let long = "The Service opened a centre in the city of Sumgait last week and received the first visitors there";
    let text = format!("A heading\n{long} {long}.\nShort line here.\nAnother one follows.");
    let got = segments(&text, Language::EN);
    assert_eq!(got.len(), 4, "{got:?}");
    assert_eq!(got[0], (Kind::Heading, "A heading".to_owned()));
    let paragraphs: Vec<usize> = segment(&document(&text, Language::EN, BlockKind::Plain), Rules::of(Language::EN))
        .iter()
        .map(|segment| segment.paragraph)
        .collect();
    assert_eq!(paragraphs, [1, 2, 3, 4]);
}

#[test]
fn running_text_has_no_forms() {
    let text = "• One. Two.\n\n© 2024 Us";
    let document = document(text, Language::EN, BlockKind::Running);
    let got: Vec<_> = segment(&document, Rules::of(Language::EN)).into_iter().map(|s| (s.kind, s.text)).collect();
    let want = ["• One.", "Two.", "© 2024 Us"].map(|text| (Kind::Body, text.to_owned()));
    assert_eq!(got, want);
}

#[test]
fn a_language_without_rows_has_the_common_ones() {
    let kazakh: Language = "kk".parse().unwrap();
    let got = segments("Қызмет ашылды. А. Ахметов сөйледі. Келушілер көп.", kazakh);
    assert_eq!(got.len(), 3, "{got:?}");
    assert_eq!(Rules::of(kazakh).language(), None);
}

#[test]
fn a_decision_names_what_decided() {
    let text = "New fees in No. 5\n\nAsk Mr. Hill. He knows.\n- It is open. Free of charge.\n© The U.S. Embassy. Us";
    let document = document(text, Language::EN, BlockKind::Plain);
    let got: Vec<_> = explain(&document, Rules::of(Language::EN))
        .into_iter()
        .map(|d| (text[..d.at].split_whitespace().next_back().unwrap(), d.breaks, d.why))
        .collect();
    let want = [
        ("No.", false, "a heading is one segment"),
        ("5", true, "a heading ends"),
        ("Mr.", false, "abbreviation `Mr.`: a name follows a title"),
        ("Hill.", true, "end of a sentence"),
        ("knows.", true, "a paragraph ends"),
        ("open.", true, "end of a sentence"),
        ("charge.", true, "an item of a list ends"),
        ("U.S.", false, "a line of a footer is one segment"),
        ("Embassy.", false, "a line of a footer is one segment"),
        ("Us", true, "a line of a footer ends"),
    ];
    assert_eq!(got, want.map(|(word, breaks, why)| (word, breaks, why.to_owned())));
}

/// Texts with noise in them, `‖` where a sentence ends.
const NOISY: &[(Language, &str, &str)] = &[
    (Language::AZ, "Görüş olub.\u{a0}‖Sonra qonaqlar gedib.", "no-break space after a stop"),
    (Language::AZ, "Görüş olub.  ‖Sonra  qonaqlar gedib.", "doubled spaces"),
    (Language::AZ, "Görüş olub.\u{200b} ‖Sonra qonaqlar gedib.", "no width before the space"),
    (Language::AZ, "Görüş olub. ‖\u{200b}Sonra qonaqlar gedib.", "no width after the space"),
    (Language::AZ, "Görüş ol\u{ad}ub. ‖\u{ad}Son\u{ad}ra qonaqlar gedib.", "soft hyphens"),
    (Language::AZ, "Görüş olub. ‖Аzərbaycan qonaqları gəlib. ‖Оnlar sonra gedib.", "Cyrillic letters begin sentences"),
    (Language::AZ, "Görüş оlub. ‖Qonaqlar gəlіb? ‖Sonra gediblәr! ‖Axşam idi.", "Cyrillic letters end sentences"),
    (
        Language::AZ,
        "Nazir prоf. Əliyev gəlib. ‖А. Əliyev də gəlib. ‖Tеl. 919.",
        "abbreviations and initials in Cyrillic",
    ),
    (Language::AZ, "\"Görüş olub.\" ‖Sonra “axşam idi.” ‖O gedib.", "straight and curly quotes"),
    (Language::AZ, "Görüş “Elm”\u{200b}də olub. ‖Sonra gedib.", "no width in a word"),
    (
        Language::EN,
        "Ask Мr. Hill. ‖Тhe end. ‖Dr.\u{ad} Hill came.\u{a0} ‖He left.",
        "titles in Cyrillic, a soft hyphen",
    ),
    (
        Language::EN,
        "V.\u{a0}Huseynov spoke. ‖Mr.\u{a0}Hill and Mr.\u{200b} May left. ‖İn 2018 they met.",
        "after titles",
    ),
    (
        Language::RU,
        "В 1990\u{a0}г. цены росли.\u{a0}‖Потом упали. ‖C 1 января новые.",
        "no-break spaces, a Latin letter",
    ),
    (Language::RU, "А.\u{a0}С.\u{a0}Пушкин жил здесь. ‖A. Гусейнов приехал. ‖«Да.» ‖\u{feff}Он ушёл.", "initials"),
];

#[test]
fn noise_moves_no_boundary() {
    for (language, marked, why) in NOISY {
        let text = marked.replace('‖', "");
        let document = document(&text, *language, BlockKind::Running);
        let got: Vec<String> = segment(&document, Rules::of(*language)).into_iter().map(|s| s.text).collect();
        let want: Vec<&str> = marked.split('‖').map(str::trim).collect();
        assert_eq!(got, want, "{why}");
    }
}

#[test]
fn hostile_text_is_linear() {
    // Each of these went quadratic in some segmenter; a regression shows as a test that does not end.
    for piece in [".", ". ", ".\"", "A. ", "т. ", ". (", "1. a ", "• a ", "a\n", "Abc def\n", ". \u{a0}", "1) A 2) B "]
    {
        let text = piece.repeat(200_000 / piece.len());
        for kind in [BlockKind::Plain, BlockKind::Running] {
            let document = document(&text, Language::RU, kind);
            let got = segment(&document, Rules::of(Language::RU));
            assert!(got.iter().all(|segment| segment.span.of(&text) == segment.text));
        }
    }
}

/// Texts of the pieces that rules and forms look at.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "The Service",
        "opened",
        "Mərkəz",
        "г.",
        "Dr.",
        "etc.",
        "No.",
        "5",
        "2024",
        ".",
        ". ",
        "! ",
        "?",
        "…",
        "\u{a0}",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        "\n\n",
        "• ",
        "- ",
        "1. ",
        "2. ",
        "a) ",
        "b) ",
        "> ",
        "© ",
        " | ",
        "---",
        "“",
        "”",
        "«",
        "»",
        "(",
        ")",
        "V.",
        "ə",
        "Я",
        "😀",
        "e\u{301}",
        "\t",
        "https://a.az/b.c",
        ":",
        ";",
        ",",
        "All rights reserved",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_is_lost(text in texts(), running in any::<bool>()) {
        let kind = if running { BlockKind::Running } else { BlockKind::Plain };
        let document = document(&text, Language::EN, kind);
        let mut at = 0;
        let mut left = String::new();
        for segment in segment(&document, Rules::of(Language::EN)) {
            prop_assert!(segment.span.start >= at);
            prop_assert_eq!(segment.span.of(&text), &segment.text);
            prop_assert_eq!(segment.text.trim(), &segment.text);
            prop_assert!(!segment.text.is_empty());
            left.push_str(&text[at..segment.span.start]);
            left.push('\n');
            at = segment.span.end;
        }
        left.push_str(&text[at..]);
        for word in left.split_whitespace() {
            prop_assert!(!running, "{word:?} is lost");
            let marker = word.chars().all(|c| "•-–>*=_~#.·".contains(c)) || form::is_marker(word);
            prop_assert!(marker, "{word:?} is lost from {text:?}");
        }
    }

    #[test]
    fn neighbours_do_not_matter(one in texts(), two in texts()) {
        let (one, two) = (one.trim(), two.trim());
        let both = format!("{one}\n\n{two}");
        let mut apart = segments(one, Language::AZ);
        apart.extend(segments(two, Language::AZ));
        prop_assert_eq!(segments(&both, Language::AZ), apart);
    }

    /// A list in running text is told by all of its paragraph, so no marks of items are among the pieces here.
    #[test]
    fn a_segment_is_one_segment(text in texts()) {
        let text = ["• ", "1. ", "2. ", "a) ", "b) "].iter().fold(text, |text, mark| text.replace(mark, " "));
        for language in [Language::EN, Language::AZ, Language::RU] {
            let whole = document(&text, language, BlockKind::Running);
            for segment in segment(&whole, Rules::of(language)) {
                let alone = document(&segment.text, language, BlockKind::Running);
                let again = super::segment(&alone, Rules::of(language));
                prop_assert_eq!(again.len(), 1, "{:?} of {:?}", segment.text, text);
            }
        }
    }

    #[test]
    fn any_text_at_all(text in "\\PC{0,200}") {
        for language in [Language::EN, Language::AZ, Language::RU] {
            let document = document(&text, language, BlockKind::Plain);
            explain(&document, Rules::of(language));
            segment(&document, Rules::of(language));
        }
    }
}
