use super::*;
use crate::{
    formats::documents::{read, tests::markup},
    model::BlockKind,
};
use proptest::prelude::*;

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

/// Every block's words in threes, each of them a segment.
pub(super) fn segments(template: &Template) -> Vec<Span> {
    let text = &template.document().text;
    let mut out = Vec::new();
    for block in &template.document().blocks {
        let mut words = 0;
        let mut start = block.span.start;
        for (at, c) in block.span.of(text).char_indices().map(|(at, c)| (block.span.start + at, c)) {
            words += usize::from(c == ' ');
            if words == 3 {
                out.push(Span::new(start, at));
                (words, start) = (0, at + 1);
            }
        }
        out.push(Span::new(start, block.span.end));
    }
    out.retain(|span| !span.of(text).trim().is_empty());
    out.into_iter().map(|span| span.trimmed(text)).collect()
}

fn squashed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The blocks of a file, words only.
pub(super) fn blocks(name: &str, bytes: &[u8]) -> Vec<(BlockKind, String)> {
    let document = read(name, bytes, Some(Language::EN)).unwrap();
    document.blocks.iter().map(|block| (block.kind, squashed(block.span.of(&document.text)))).collect()
}

/// A segment made another by `change`, with its codes between the same words.
pub(super) fn target(text: &str, mut codes: Vec<Code>, change: impl Fn(&str) -> String) -> (String, Vec<Code>) {
    let mut out = String::new();
    let mut at = 0;
    for code in &mut codes {
        out.push_str(&change(&text[at..code.at]));
        (at, code.at) = (code.at, out.len());
    }
    out.push_str(&change(&text[at..]));
    (out, codes)
}

/// The file with every segment made another by `change`, its codes as they were.
pub(super) fn changed(template: &Template, change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = &template.document().text;
    let segments = segments(template);
    let targets: Vec<(String, Vec<Code>)> =
        segments.iter().map(|span| target(span.of(text), template.codes(*span), &change)).collect();
    let replacements: Vec<Replacement> =
        segments.iter().zip(&targets).map(|(span, (text, codes))| Replacement { span: *span, text, codes }).collect();
    template.write(Language::EN, &replacements).unwrap()
}

/// What tokens must be for a file to be put together again.
fn assert_sound(template: &Template) {
    let source = &template.source.text;
    let mut end = 0;
    for token in &template.trace.tokens {
        if let (What::Words(_), true) = (token.what, token.is_plain()) {
            let plain = |text: &str| text.replace(['\n', '\t', '\r'], " ");
            assert_eq!(plain(token.source.of(source)), plain(token.text.of(&template.document.text)), "{source:?}");
        }
        assert!(token.source.start >= end, "{token:?} in {source:?}");
        end = token.source.end;
    }
}

proptest! {
    #[test]
    fn what_says_the_same_is_the_same(source in markup()) {
        for name in ["a.md", "a.txt", "a.html"] {
            let source = if name == "a.html" { format!("<html>{source}") } else { source.clone() };
            let template = open(name, source.as_bytes());
            prop_assert_eq!(template.document(), &read(name, source.as_bytes(), Some(Language::EN)).unwrap());
            assert_sound(&template);
            let same = changed(&template, str::to_owned);
            prop_assert_eq!(std::str::from_utf8(&same).unwrap(), source);
        }
    }

    #[test]
    fn new_words_are_read_again(source in markup()) {
        for name in ["a.md", "a.txt", "a.html"] {
            let source = if name == "a.html" { format!("<html>{source}") } else { source.clone() };
            let template = open(name, source.as_bytes());
            let written = changed(&template, |words| words.replace("word", "şəhər").replace('b', "Ş"));
            let want: Vec<(BlockKind, String)> = blocks(name, source.as_bytes())
                .into_iter()
                .map(|(kind, words)| (kind, words.replace("word", "şəhər").replace('b', "Ş")))
                .collect();
            // Signs that are no markup where they stand may become some beside new words.
            if name != "a.md" {
                prop_assert_eq!(blocks(name, &written), want, "{}", String::from_utf8_lossy(&written));
            }
        }
    }

    #[test]
    fn new_words_in_markdown_as_people_write_it(source in sane_markdown(), signs in "[a-zşə*_#`~<>&|+.1)\\[\\]-][a-zşə*_#`~<>&|+.1)\\[\\] -]{1,12}") {
        let template = open("a.md", source.as_bytes());
        prop_assert_eq!(changed(&template, str::to_owned), source.as_bytes());
        let new = |words: &str| words.replace("word", "şəhər").replace("one", signs.trim());
        let written = changed(&template, new);
        let want: Vec<(BlockKind, String)> = blocks("a.md", source.as_bytes())
            .into_iter()
            .map(|(kind, words)| (kind, squashed(&new(&words))))
            .collect();
        prop_assert_eq!(blocks("a.md", &written), want, "{}", String::from_utf8_lossy(&written));
    }
}

/// Markdown of all kinds, without what is no markup though it looks like it.
fn sane_markdown() -> impl Strategy<Value = String> {
    let inline = prop::sample::select(vec![
        "word",
        "one",
        "**word one**",
        "*word*",
        "_one word_",
        "un**word**ed",
        "`word`",
        "[word one](b \"t\")",
        "[word][a]",
        "[one]",
        "![word](c)",
        "<b>word</b>",
        "<br>",
        "\\*",
        "&amp;",
        "word\\\nword",
        "word\nword",
        "<https://example.org>",
        "[^1]",
        "~~word~~",
        "***word***",
    ]);
    let line = prop::collection::vec(inline, 1..6).prop_map(|words| words.join(" "));
    let begin = prop::sample::select(vec!["", "# ", "- ", "> ", "1. ", "- > ", "> - "]);
    let block = (begin, line.clone(), line).prop_map(|(begin, a, b)| match begin {
        "# " => format!("# {}", a.replace('\n', " ")),
        "" => format!("| {} | {} |\n|---|---|\n| {} | x |", "word", "one", a.replace('\n', " ")),
        begin => {
            let goes_on: String = begin.chars().map(|c| if c == '>' { '>' } else { ' ' }).collect();
            format!("{begin}{} {}", a.replace('\n', &format!("\n{goes_on}")), b.replace('\n', &format!("\n{goes_on}")))
        }
    });
    prop::collection::vec(block, 1..4)
        .prop_map(|blocks| format!("{}\n\n[a]: b\n[one]: c\n\n[^1]: word one\n", blocks.join("\n\n")))
}

/// The file with words made others; `{2}` stands for the segment's code of that number.
fn translated(name: &str, source: &str, words: &[(&str, &str)]) -> String {
    let template = open(name, source.as_bytes());
    let text = &template.document().text;
    let mut at = 0;
    let segments: Vec<(Span, String, Vec<Code>)> = words
        .iter()
        .map(|(old, new)| {
            let start = at + text[at..].find(old).unwrap_or_else(|| panic!("{old:?} in {text:?}"));
            at = start + old.len();
            let (new, codes) = coded(new, &template.codes(Span::new(start, at)));
            (Span::new(start, at), new, codes)
        })
        .collect();
    let replacements: Vec<Replacement> =
        segments.iter().map(|(span, text, codes)| Replacement { span: *span, text, codes }).collect();
    String::from_utf8(template.write(Language::AZ, &replacements).unwrap()).unwrap()
}

/// A text in which `{2}` stands for the code of that number.
pub(super) fn coded(text: &str, own: &[Code]) -> (String, Vec<Code>) {
    let mut out = String::new();
    let mut codes = Vec::new();
    for (at, piece) in text.split('{').enumerate() {
        let words = match piece.split_once('}') {
            Some((number, words)) if at > 0 => {
                let code = own[number.parse::<usize>().unwrap() - 1].clone();
                codes.push(Code { at: out.len(), ..code });
                words
            }
            _ => piece,
        };
        out.push_str(words);
    }
    (out, codes)
}

/// The codes of the first of `words` in a file, as `(at, name, i, x, type, content)`.
pub(super) fn codes_of(name: &str, source: impl AsRef<[u8]>, words: &str) -> Vec<String> {
    let template = open(name, source.as_ref());
    let start = template.document().text.find(words).unwrap();
    let value = |code: &Code, key: &str| {
        code.attributes
            .iter()
            .find(|(name, _)| name == key)
            .map_or(String::new(), |(_, value)| format!(" {key}={value}"))
    };
    let told = |code: &Code| {
        let attributes: String = ["i", "x", "type"].iter().map(|key| value(code, key)).collect();
        format!("{} {}{attributes} {}", code.at, code.name, code.content)
    };
    template.codes(Span::new(start, start + words.len())).iter().map(told).collect()
}

#[test]
fn codes_of_a_page() {
    let page = "<p>See <b>the <a href='x'>site</a></b><img src=a><br> of <!-- a -->us.<b> More</b>";
    let want = [
        "4 bpt i=1 x=1 type=bold &lt;b&gt;",
        "8 bpt i=2 x=2 type=link &lt;a href=&apos;x&apos;&gt;",
        "12 ept i=2 x=3 &lt;/a&gt;",
        "12 ept i=1 x=4 &lt;/b&gt;",
        "12 ph x=5 type=image &lt;img src=a&gt;",
        "12 ph x=6 type=lb &lt;br&gt;",
        "16 ph x=7 &lt;!-- a --&gt;",
    ];
    assert_eq!(codes_of("a.html", page, "See the site\nof us."), want);
    // A pair that begins right before a segment belongs to it, if it ends in it.
    let page = "<p><i><b>Bold</b> text.</i> <u>More</u> <s><b>x</b></s>";
    assert_eq!(codes_of("a.html", page, "Bold text.").len(), 2);
    assert_eq!(codes_of("a.html", page, "More").len(), 0);
    assert_eq!(codes_of("a.html", page, "Bold text. More").len(), 6);
}

#[test]
fn a_page_with_other_words() {
    for (source, words, want) in [
        (
            "<html lang='en-GB'><p lang=en>One <b>two</b>.</p><p lang=fr>Un &amp; deux</html>",
            &[("One two.", "{1}İki{2} & <bir>\u{a0}."), ("Un & deux", "Un & deux")][..],
            "<html lang='az'><p lang=az><b>İki</b> &amp; &lt;bir&gt;&nbsp;.</p><p lang=fr>Un &amp; deux</html>",
        ),
        ("<html class=x><p>One\n  two", &[("One two", "Bir")], "<html lang=\"az\" class=x><p>Bir"),
        (
            "<html xml:lang=\"en\" lang=\"en\"><meta http-equiv=content-language content=en><p>One</p>",
            &[],
            "<html xml:lang=\"az\" lang=\"az\"><meta http-equiv=content-language content=az><p>One</p>",
        ),
        ("<p>One<br>two</p> <!-- x -->", &[("One\ntwo", "Bir{1} iki")], "<p>Bir<br>iki</p> <!-- x -->"),
        ("<p>One<br>two</p>", &[("One\ntwo", "Bir\niki")], "<p>Bir<br>iki</p>"),
        ("<p>One<br/>two</p>", &[("One\ntwo", "Bir iki")], "<p>Bir iki</p>"),
        ("<p>One<br/>two. Three</p>", &[("One\ntwo.", "Bir iki.")], "<p>Bir iki.<br/> Three</p>"),
        ("<pre>One\n two</pre>", &[("One\n two", "Bir\n  <iki>")], "<pre>Bir\n  &lt;iki&gt;</pre>"),
        // Codes that are missing, given twice, out of order.
        ("<p>a <b>b</b> <img> c", &[("a b c", "ş")], "<p>ş<b></b><img>"),
        ("<p>a <b>b</b> c", &[("a b c", "{2}ş{1} ə{1}")], "<p><b>ş</b> ə"),
        ("<p>a <b>b</b> <i>c</i>", &[("a b c", "{1}x{3}y{2}z{4}")], "<p><b>x<i>y</i></b>z"),
        ("<p>a <b>b</b> c", &[("a b c", "x{1}y")], "<p>x<b></b>y"),
        // A segment for itself, its neighbours as they are.
        ("<p>One &lt; <b>two.</b> Three &gt; four.", &[("Three > four.", "Üç.")], "<p>One &lt; <b>two.</b> Üç."),
        ("<p>One. <b>Two</b> three.", &[("Two three.", "{1}İki{2} üç.")], "<p>One. <b>İki</b> üç."),
        ("<p>A <b>b. C</b> d.", &[("A b.", "Ə {1}b."), ("C d.", "C{1} d.")], "<p>Ə <b>b. C</b> d."),
    ] {
        let source = if source.starts_with("<html") { source.to_owned() } else { format!("<body>{source}") };
        let want = if want.starts_with("<html") { want.to_owned() } else { format!("<body>{want}") };
        assert_eq!(translated("a.html", &source, words), want);
    }
}

#[test]
fn a_page_in_an_encoding_that_lacks_a_letter() {
    let page = b"<meta charset=windows-1254><p>\xFEey";
    let template = open("a.html", &[b"<html lang=tr>".as_slice(), page].concat());
    let replacement = Replacement { span: Span::new(0, 4), text: "şəy", codes: &[] };
    assert!(!template.encoding_kept(&[replacement]));
    let written = template.write(Language::EN, &[replacement]).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), "<html lang=tr><meta charset=utf-8><p>şəy");
}

#[test]
fn codes_of_markdown() {
    let source = "> See **the *site*** [here](b\n> \"t\"), ![map](m) and `x`<br>\\\n> on [^1] <a@b.c>.\n\n[^1]: x";
    let want = [
        "4 bpt i=1 x=1 type=bold **",
        "8 bpt i=2 x=2 type=italic *",
        "12 ept i=2 x=3 *",
        "12 ept i=1 x=4 **",
        "13 bpt i=3 x=5 type=link [",
        "17 ept i=3 x=6 ](b\n&gt; &quot;t&quot;)",
        "19 bpt i=4 x=7 type=image ![",
        "22 ept i=4 x=8 ](m)",
        "27 bpt i=5 x=9 `",
        "28 ept i=5 x=10 `",
        "28 ph x=11 type=lb &lt;br&gt;",
        "29 ph x=12 type=lb \\\n",
        "33 ph x=13 type=fnote [^1]",
        "34 ph x=14 type=link &lt;a@b.c&gt;",
    ];
    assert_eq!(codes_of("a.md", source, "See the site here, map and x\n\non  a@b.c."), want);
}

#[test]
fn markdown_with_other_words() {
    for (source, words, want) in [
        (
            "---\nlang: en\n---\n# One *two* #\n",
            &[("One two", "{1}İki{2} # bir")][..],
            "---\nlang: en\n---\n# *İki* # bir #\n",
        ),
        ("> - One\n>   two\n>   three. Four", &[("One two three.", "Bir."), ("Four", "Dörd")], "> - Bir. Dörd"),
        (
            "| a | b |\n|---|---|\n| c | *d* |\n",
            &[("c", "x | y"), ("d", "ş")],
            "| a | b |\n|---|---|\n| x \\| y | *ş* |\n",
        ),
        ("| a | `b\\|` |\n|---|---|\n", &[("b|", "x|y")], "| a | `x\\|y` |\n|---|---|\n"),
        ("One  \ntwo", &[("One\ntwo", "Bir{1}\niki")], "Bir  \niki"),
        ("One _two_ three", &[("One two three", "un{1}iki{2}ed")], "un*iki*ed"),
        ("One **two** three", &[("One two three", "un{1}(iki){2}ed")], "un<strong>(iki)</strong>ed"),
        ("One **two** three", &[("One two three", "Bir{1} iki {2}üç")], "Bir **iki** üç"),
        ("One **two** three", &[("One two three", "Bir")], "Bir"),
        ("One `two` three", &[("One two three", "{1}a`*b{2} *üç")], "``a`*b`` \\*üç"),
        ("See [the site](u \"t\").", &[("See the site.", "{1}Sayta{2} bax.")], "[Sayta](u \"t\") bax."),
        ("See [the site](u).", &[("See the site.", "Sayta bax.")], "Sayta bax.[](u)"),
        ("See [one].\n\n[one]: u", &[("See one.", "{1}Birə{2} bax.")], "[Birə][one] bax.\n\n[one]: u"),
        (
            "A [![one]][two] b\n\n[one]: u\n[two]: v",
            &[("A one b", "Ə {1}{2}x{3}{4}")],
            "Ə [![x][one]][two]\n\n[one]: u\n[two]: v",
        ),
        ("See [one][] x.\n\n[one]: u", &[("See one x.", "{1}Birə{2} bax.")], "[Birə][one] bax.\n\n[one]: u"),
        ("[one]\n\n[one]: u", &[("one", "bir")], "[bir][one]\n\n[one]: u"),
        ("Text.", &[("Text.", "1. # *x*")], "1\\. # \\*x\\*"),
        ("One. Two.", &[("Two.", "# two")], "One. # two"),
        ("One.\nTwo.", &[("Two.", "# two")], "One.\n\\# two"),
        ("2 \\* 3 is\n> x", &[("2 * 3 is", "2 * 3 = 6")], "2 * 3 = 6\n> x"),
        ("```\na *b*\nc\n```\n", &[("a *b*", "# *x*")], "```\n# *x*\nc\n```\n"),
        ("<p>a <b>b</b>\n\n*c*", &[("a b", "{1}&{2}"), ("c", "<c>")], "<p><b>&amp;</b>\n\n*\\<c>*"),
        (
            "See <https://example.org>.",
            &[("See https://example.org.", "https://example.org bax.")],
            "<https://example.org> bax.",
        ),
    ] {
        assert_eq!(translated("a.md", source, words), want);
    }
    let crlf = "One\r\ntwo\r\n\r\nthree\r\n";
    assert_eq!(translated("a.md", crlf, &[("One two", "Bir")]), "Bir\r\n\r\nthree\r\n");
}
