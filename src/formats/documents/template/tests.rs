use super::*;

fn open(name: &str, bytes: &[u8]) -> Template {
    Template::open(name, bytes.to_vec(), Given { language: Some(Language::EN), ..Given::default() }).unwrap()
}

/// The file with each of `words` made another.
fn written(template: &Template, words: &[(&str, &str)]) -> Vec<u8> {
    let text = &template.document().text;
    let mut at = 0;
    let replacements: Vec<Replacement> = words
        .iter()
        .map(|(old, new)| {
            let start = at + text[at..].find(old).unwrap();
            at = start + old.len();
            Replacement { span: Span::new(start, at), text: new, codes: &[] }
        })
        .collect();
    template.write(Language::AZ, &replacements).unwrap()
}

#[test]
fn a_text_keeps_its_encoding_and_line_ends() {
    let words = [("Title", "Başlıq"), ("One line\nand two.", "Bir."), ("End", "Bir\niki")];
    let source = "Title\r\n\r\n  One line\r\nand two.\r\n\r\nEnd\r\n";
    let want = "Başlıq\r\n\r\n  Bir.\r\n\r\nBir\r\niki\r\n";
    let utf16 =
        |text: &str| -> Vec<u8> { format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect() };
    assert_eq!(written(&open("a.txt", source.as_bytes()), &words), want.as_bytes());
    let marked = |text: &str| format!("\u{FEFF}{text}").into_bytes();
    assert_eq!(written(&open("a.txt", &marked(source)), &words), marked(want));
    assert_eq!(written(&open("a.txt", &utf16(source)), &words), utf16(want));
    let same = open("a.txt", b"a\r\nb\nc\r");
    assert_eq!(written(&same, &[("b", "b")]), b"a\r\nb\nc\r");
    assert_eq!(written(&same, &[("b", "B")]), b"a\r\nB\nc\r");
}

#[test]
fn a_letter_the_encoding_lacks() {
    let given = Given { language: None, encoding: Some("windows-1254".parse().unwrap()) };
    let template = Template::open("a.txt", b"Bir \xFEey".to_vec(), given).unwrap();
    assert_eq!(template.document().text, "Bir şey");
    let replacement = |text| [Replacement { span: Span::new(4, 8), text, codes: &[] }];
    assert!(template.encoding_kept(&replacement("ş")));
    assert_eq!(template.write(Language::AZ, &replacement("ş")).unwrap(), b"Bir \xFE");
    assert!(!template.encoding_kept(&replacement("şə")));
    assert_eq!(template.write(Language::AZ, &replacement("şə")).unwrap(), "Bir şə".as_bytes());
}

#[test]
fn misplaced_replacements_are_refused() {
    let template = open("a.txt", "Şəhər one".as_bytes());
    let told = |spans: &[(usize, usize)]| {
        let replacements: Vec<Replacement> = spans
            .iter()
            .map(|(start, end)| Replacement { span: Span::new(*start, *end), text: "x", codes: &[] })
            .collect();
        template.write(Language::AZ, &replacements).unwrap_err().to_string()
    };
    for spans in [&[(0, 1)][..], &[(8, 20)], &[(2, 4), (0, 2)], &[(0, 4), (2, 6)]] {
        assert!(told(spans).starts_with("a.txt: the text has no place for a replacement"), "{spans:?}");
    }
}
