use crate::{
    formats::documents::{
        Given, Replacement, Template, read,
        template::tests::{blocks, changed, coded, codes_of, segments, target},
    },
    lang::Language,
    model::Code,
    text::Span,
};
use proptest::prelude::*;
use std::io::{Cursor, Read as _, Write as _};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut out = String::new();
    ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(name).unwrap().read_to_string(&mut out).unwrap();
    out
}

fn document(paragraphs: &str) -> Vec<u8> {
    package(&[("word/document.xml", &format!("<w:document><w:body>{paragraphs}</w:body></w:document>"))])
}

fn open(bytes: &[u8]) -> Template {
    Template::open("a.docx", bytes.to_vec(), Given { language: Some(Language::EN), ..Given::default() }).unwrap()
}

/// The package with words made others; `{2}` stands for the segment's code of that number.
fn translated(bytes: &[u8], words: &[(&str, &str)]) -> Vec<u8> {
    let template = open(bytes);
    let text = &template.document().text;
    let mut at = 0;
    let segments: Vec<_> = words
        .iter()
        .map(|(old, new)| {
            let start = at + text[at..].find(old).unwrap_or_else(|| panic!("{old:?} in {text:?}"));
            at = start + old.len();
            (Span::new(start, at), coded(new, &template.codes(Span::new(start, at))))
        })
        .collect();
    let replacements: Vec<Replacement> =
        segments.iter().map(|(span, (text, codes))| Replacement { span: *span, text, codes }).collect();
    let written = template.write(Language::AZ, &replacements).unwrap();
    read("a.docx", &written, Some(Language::AZ)).unwrap();
    written
}

/// The paragraphs of a document whose words are made others.
fn paragraphs(source: &str, words: &[(&str, &str)]) -> String {
    let written = part(&translated(&document(source), words), "word/document.xml");
    let inner =
        written.strip_prefix("<w:document><w:body>").and_then(|rest| rest.strip_suffix("</w:body></w:document>"));
    inner.unwrap().to_owned()
}

const BOLD: &str = "<w:rPr><w:b/></w:rPr>";

#[test]
fn words_of_one_run() {
    for (source, words, want) in [
        (
            "<w:p><w:r><w:t>One</w:t></w:r></w:p>",
            &[("One", "Bir & <iki>")][..],
            "<w:p><w:r><w:t>Bir &amp; &lt;iki&gt;</w:t></w:r></w:p>",
        ),
        (
            "<w:p w:a='1'><w:pPr/><w:r w:b='2'><w:t xml:space='preserve'> One.  Two. </w:t></w:r></w:p>",
            &[("One.", "Bir."), ("Two.", "İki.")],
            "<w:p w:a='1'><w:pPr/><w:r w:b='2'><w:t xml:space='preserve'> Bir.  İki. </w:t></w:r></w:p>",
        ),
        // Runs that look alike are one; what the spelling checker said of the old words goes.
        (
            "<w:p><w:r><w:rPr><w:lang w:val='en-US'/></w:rPr><w:t>On</w:t></w:r><w:proofErr/><w:r w:rsidR='1'><w:rPr/><w:t>e t</w:t></w:r>\
             <w:r><w:lastRenderedPageBreak/><w:t>wo</w:t></w:r></w:p>",
            &[("One two", "Bir")],
            "<w:p><w:r><w:rPr><w:lang w:val='az-Latn-AZ'/></w:rPr><w:t>Bir</w:t></w:r></w:p>",
        ),
    ] {
        assert_eq!(paragraphs(source, words), want);
    }
}

#[test]
fn runs_of_other_formats_are_codes() {
    let run = |properties: &str, text: &str| format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let bare = |properties: &str, text: &str| format!("<w:r>{properties}<w:t>{text}</w:t></w:r>");
    let source = format!("<w:p>{}{}{}</w:p>", run("", "One "), run(BOLD, "two"), run("", " three. Four."));
    let told = ["4 bpt i=1 x=1 type=bold &lt;w:rPr&gt;&lt;w:b/&gt;&lt;/w:rPr&gt;", "7 ept i=1 x=2 &lt;/w:rPr&gt;"];
    assert_eq!(codes_of("a.docx", document(&source).as_slice(), "One two three."), told);
    let rest = "<w:r><w:t xml:space=\"preserve\"> Four.</w:t></w:r>";
    assert_eq!(
        paragraphs(&source, &[("One two three.", "{1}İki{2} bir üç.")]),
        format!("<w:p>{}<w:r><w:t xml:space=\"preserve\"> bir üç. Four.</w:t></w:r></w:p>", bare(BOLD, "İki"))
    );
    assert_eq!(
        paragraphs(&source, &[("One two three.", "Bir {1}iki.{2}")]),
        format!("<w:p>{}{}{rest}</w:p>", run("", "Bir "), bare(BOLD, "iki."))
    );
    // Without its codes a segment looks as most of it did.
    assert_eq!(
        paragraphs(&source, &[("One two three.", "Bir.")]),
        "<w:p><w:r><w:t xml:space=\"preserve\">Bir. Four.</w:t></w:r></w:p>"
    );
    // A segment that begins inside of a run, and needs another one.
    let source = format!("<w:p>{}{}</w:p>", bare("", "One. Two"), bare(BOLD, "three"));
    assert_eq!(
        paragraphs(&source, &[("Twothree", "{1}üç{2} iki")]),
        format!("<w:p>{}{}{}</w:p>", run("", "One. "), bare(BOLD, "üç"), run("", " iki"))
    );
}

#[test]
fn all_other_codes_stay() {
    let text = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let field = format!(
        "{}<w:r><w:instrText>DATE</w:instrText></w:r>{}{}{}",
        mark("begin"),
        mark("separate"),
        text("today"),
        mark("end")
    );
    let note = "<w:r><w:footnoteReference w:id=\"1\"/></w:r>";
    let source = format!(
        "<w:p>{}<w:hyperlink r:id=\"a\">{}</w:hyperlink><w:bookmarkStart w:id=\"1\"/>{}{note}<w:bookmarkEnd w:id=\"1\"/>\
         <w:r><w:tab/><w:t>c</w:t></w:r>{field}<w:del><w:r><w:delText>x</w:delText></w:r></w:del>{}</w:p>",
        text("a"),
        text("link"),
        text("b"),
        text("d")
    );
    let codes = codes_of("a.docx", document(&source).as_slice(), "alinkb\tctodayd");
    let kinds: Vec<&str> = codes.iter().map(|code| &code[..code.find(" &lt;").unwrap()]).collect();
    let want = [
        "1 bpt i=1 x=1 type=link",
        "5 ept i=1 x=2",
        "5 ph x=3 type=x-bookmark",
        "6 ph x=4 type=fnote",
        "6 ph x=5 type=x-bookmark",
        "6 ph x=6 type=x-tab",
        "8 bpt i=2 x=7 type=x-field",
        "13 ept i=2 x=8",
        "13 ph x=9 type=x-deleted",
    ];
    assert_eq!(kinds, want);
    let link = |inner: &str| format!("<w:hyperlink r:id=\"a\">{inner}</w:hyperlink>");
    let (start, stop) = ("<w:bookmarkStart w:id=\"1\"/>", "<w:bookmarkEnd w:id=\"1\"/>");
    let del = "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>";
    let begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>DATE</w:instrText><w:fldChar w:fldCharType=\"separate\"/>";
    let end = "<w:fldChar w:fldCharType=\"end\"/>";
    // Out of order, the bookmark's ends changed about, the field without its end, the tab where the tab is.
    assert_eq!(
        paragraphs(&source, &[("alinkb\tctodayd", "{7}A{5}{1}B\tC{2}{3}{4}")]),
        format!(
            "<w:p>{begin}{end}<w:t>A</w:t></w:r>{start}{}{stop}{note_run}{del}</w:p>",
            link("<w:r><w:t>B</w:t><w:tab/><w:t>C</w:t></w:r>"),
            note_run = "<w:r><w:footnoteReference w:id=\"1\"/></w:r>",
        )
    );
    // None of them given.
    assert_eq!(
        paragraphs(&source, &[("alinkb\tctodayd", "A")]),
        format!(
            "<w:p><w:r><w:t>A</w:t></w:r>{}{start}<w:r><w:footnoteReference w:id=\"1\"/></w:r>{stop}{begin}{end}</w:r>{del}</w:p>",
            link("")
        )
    );
}

#[test]
fn ends_of_what_lies_outside_stay_in_order() {
    let text = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let bare = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let source = format!(
        "<w:p>{}<w:hyperlink>{}</w:hyperlink><w:ins>{}</w:ins>{}</w:p>",
        text("One "),
        text("two. Three "),
        bare("four. Five"),
        bare(" six")
    );
    let want = format!(
        "<w:p>{}<w:hyperlink>{}{}</w:hyperlink><w:ins>{}</w:ins>{}</w:p>",
        bare("Bir"),
        // What follows in the run of the link goes on behind it.
        "<w:r><w:t xml:space=\"preserve\">iki. Three </w:t></w:r>",
        "",
        bare("four. Five"),
        bare(" six")
    );
    assert_eq!(paragraphs(&source, &[("One two.", "Bir{1}iki.")]), want);
    // A link that ends in a segment, and another one that begins there.
    let source = format!(
        "<w:p><w:hyperlink>{}</w:hyperlink>{}<w:ins>{}</w:ins></w:p>",
        bare("One. two"),
        bare("three"),
        bare("four. five")
    );
    for target in ["{2}üç{1}", "{1}üç{2}"] {
        let got = paragraphs(&source, &[("twothreefour.", target)]);
        assert!(got.contains("One. </w:t></w:r></w:hyperlink><w:r><w:t>üç</w:t></w:r><w:ins>"), "{got}");
        assert!(got.ends_with("<w:ins><w:r><w:t xml:space=\"preserve\"> five</w:t></w:r></w:ins></w:p>"), "{got}");
    }
}

#[test]
fn text_boxes_controls_and_joined_paragraphs() {
    let text = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let drawing = |inner: &str| {
        format!(
            "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{inner}</w:p></w:txbxContent></mc:Choice>\
             <mc:Fallback><w:txbxContent><w:p>{inner}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent>"
        )
    };
    // The words in a box are replaced, and those around it.
    let source = format!("<w:p>{}<w:r>{}</w:r>{}</w:p>", text("one"), drawing(&text("Box")), text("two"));
    let want = format!("<w:p><w:r>{}<w:t>bir</w:t></w:r></w:p>", drawing(&text("Qutu")));
    assert_eq!(paragraphs(&source, &[("Box", "Qutu"), ("onetwo", "{1}bir")]), want);
    let want = format!("<w:p><w:r><w:t>bir</w:t>{}</w:r></w:p>", drawing(&text("Box")));
    assert_eq!(paragraphs(&source, &[("onetwo", "bir")]), want);
    let control =
        |inner: &str| format!("<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>");
    let source = format!("<w:p>{}{}</w:p>", text("a"), control(&text("b")));
    assert_eq!(paragraphs(&source, &[("ab", "{1}x{2}y")]), format!("<w:p>{}{}</w:p>", control(&text("x")), text("y")));
    let source = format!(
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p><w:p><w:pPr><w:jc/></w:pPr>{}</w:p>",
        text("a"),
        text("b")
    );
    let want = source.replace(">a<", ">x<").replace(">b<", ">y<");
    assert_eq!(paragraphs(&source, &[("ab", "x{1}y")]), want);
}

#[test]
fn breaks_tabs_and_signs() {
    let source =
        "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>";
    let text = "a\nb\tc\u{2011}d";
    let run = |inner: &str| format!("<w:p><w:r>{inner}</w:r></w:p>");
    for (target, want) in [
        ("x{1} y{2}z", "<w:t>x</w:t><w:br/><w:t>y</w:t><w:tab/><w:t>z</w:t>"),
        ("x\ny\tz\u{2011}w", "<w:t>x</w:t><w:br/><w:t>y</w:t><w:tab/><w:t>z\u{2011}w</w:t>"),
        ("x\ny\nz", "<w:t>x</w:t><w:br/><w:t>y</w:t><w:br/><w:t>z</w:t>"),
        // At the end of a paragraph a break breaks nothing.
        ("x", "<w:t>x</w:t>"),
    ] {
        assert_eq!(paragraphs(source, &[(text, target)]), run(want), "{target:?}");
    }
    // A formula has its own words.
    let formula = "<m:oMath><m:r><m:t>x2</m:t></m:r></m:oMath>";
    let source = format!("<w:p><w:r><w:t>Let </w:t></w:r>{formula}<w:r><w:t> be.</w:t></w:r></w:p>");
    for (target, before, after) in
        [("{1}x2 olsun.", "", " olsun."), ("Olsun x2.", "Olsun ", "."), ("Olsun.", "Olsun.", "")]
    {
        let run = |text: &str| match text {
            "" => String::new(),
            text if text.trim() == text => format!("<w:r><w:t>{text}</w:t></w:r>"),
            text => format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>"),
        };
        let want = format!("<w:p>{}{formula}{}</w:p>", run(before), run(after));
        assert_eq!(paragraphs(&source, &[("Let x2 be.", target)]), want, "{target}");
    }
}

#[test]
fn hidden_words_and_odd_markup_stay() {
    let hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>";
    let source = format!("<w:p><w:r><w:t>a</w:t></w:r>{hidden}<w:r><w:t>b</w:t></w:r></w:p>");
    assert_eq!(paragraphs(&source, &[("ab", "x")]), format!("<w:p><w:r><w:t>x</w:t></w:r>{hidden}</w:p>"));
    // Words outside of runs: the new ones stand where the first of them stood.
    let source = "<w:p><w:odd><w:r><w:t>a</w:t></w:r></w:odd><w:t>b</w:t><w:r><w:t>c</w:t></w:r></w:p>";
    let got = paragraphs(source, &[("abc", "x")]);
    assert!(got.contains(">x<") && got.contains("<w:odd>"), "{got}");
}

#[test]
fn language_marks_of_all_parts() {
    let document = "<w:document><w:p><w:r><w:rPr><w:lang w:val=\"en-GB\" w:bidi=\"en-US\"/></w:rPr><w:t>One</w:t></w:r>\
        <w:r><w:rPr><w:lang w:val=\"fr-FR\"/></w:rPr><w:t> un</w:t></w:r></w:p></w:document>";
    let relations = "<r><Relationship Id=\"a\" Type=\"x/styles\" Target=\"styles.xml\"/>\
        <Relationship Id=\"b\" Type=\"x/settings\" Target=\"settings.xml\"/></r>";
    let bytes = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations),
        ("word/styles.xml", "<?xml version=\"1.0\"?>\r\n<w:styles><w:lang w:val=\"en-US\"/></w:styles>"),
        ("word/settings.xml", "<w:settings><w:themeFontLang w:val=\"en-US\"/></w:settings>"),
    ]);
    let template = open(&bytes);
    let written = template.write(Language::AZ, &[]).unwrap();
    assert_eq!(part(&written, "word/document.xml"), document.replace("en-GB", "az-Latn-AZ"));
    let styles = "<?xml version=\"1.0\"?>\r\n<w:styles><w:lang w:val=\"az-Latn-AZ\"/></w:styles>";
    assert_eq!(part(&written, "word/styles.xml"), styles);
    assert_eq!(part(&written, "word/settings.xml"), "<w:settings><w:themeFontLang w:val=\"az-Latn-AZ\"/></w:settings>");
    // Parts that stay are copied as they are packed.
    let raw = |bytes: &[u8], name: &str| {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut out = Vec::new();
        let index = archive.index_for_name(name).unwrap();
        archive.by_index_raw(index).unwrap().read_to_end(&mut out).unwrap();
        out
    };
    for name in ["[Content_Types].xml", "word/_rels/document.xml.rels"] {
        assert_eq!(raw(&written, name), raw(&bytes, name));
    }
    assert_eq!(template.write(Language::EN, &[]).unwrap(), bytes);
}

/// Paragraphs of what Word writes, cut anyhow but well-formed.
fn content() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![
        "word",
        " ",
        "Two words. ",
        "&amp;",
        "&#x41;",
        "x\n y",
        "ə",
        "&lt;b>",
        "",
        "end. Next one",
    ]);
    let look = prop::sample::select(vec![
        "",
        "<w:rPr><w:b/></w:rPr>",
        "<w:rPr/>",
        "<w:rPr><w:u w:val=\"single\"/><w:lang w:val=\"en-US\"/></w:rPr>",
        "<w:rPr><w:vanish/></w:rPr>",
        "<w:rPr><w:rPrChange><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr>",
    ]);
    let thing = prop::sample::select(vec![
        "<w:tab/>",
        "<w:br/>",
        "<w:noBreakHyphen/>",
        "<w:sym w:font=\"Symbol\" w:char=\"F0B0\"/>",
        "<w:footnoteReference w:id=\"2\"/>",
        "<w:lastRenderedPageBreak/>",
        "<w:fldChar w:fldCharType=\"begin\"/>",
        "<w:fldChar w:fldCharType=\"begin\"><w:ffData/></w:fldChar>",
        "<w:instrText>PAGE</w:instrText>",
        "<w:fldChar w:fldCharType=\"separate\"/>",
        "<w:fldChar w:fldCharType=\"end\"/>",
        "<w:drawing><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></w:drawing>",
        "<w:ruby><w:rt><w:r><w:t>no</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby>",
    ]);
    let piece = prop_oneof![
        3 => (text.clone(), any::<bool>()).prop_map(|(text, keeps)| match keeps {
            true => format!("<w:t xml:space=\"preserve\">{text}</w:t>"),
            false => format!("<w:t>{text}</w:t>"),
        }),
        1 => thing.prop_map(str::to_owned),
    ];
    let run = (look, prop::collection::vec(piece, 0..4))
        .prop_map(|(look, inner)| format!("<w:r>{look}{}</w:r>", inner.concat()));
    let beside = prop::sample::select(vec![
        "<w:proofErr w:type=\"spellStart\"/>",
        "<w:bookmarkStart w:id=\"1\"/>",
        "<w:bookmarkEnd w:id=\"1\"/>",
        "<w:del w:id=\"3\"><w:r><w:delText>gone</w:delText></w:r></w:del>",
        "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>",
        "<w:t>loose</w:t>",
    ]);
    let leaf = prop_oneof![5 => run, 1 => beside.prop_map(str::to_owned)];
    let inline = leaf.prop_recursive(3, 12, 4, |inner| {
        let around = prop::sample::select(vec![
            ("<w:hyperlink r:id=\"a\">", "</w:hyperlink>"),
            ("<w:ins w:id=\"4\">", "</w:ins>"),
            ("<w:sdt><w:sdtPr><w:tag/></w:sdtPr><w:sdtContent>", "</w:sdtContent></w:sdt>"),
            ("<w:smartTag><w:smartTagPr><w:x/></w:smartTagPr>", "</w:smartTag>"),
            ("<w:unknown>", "</w:unknown>"),
        ]);
        (around, prop::collection::vec(inner, 1..4))
            .prop_map(|((open, close), inner)| format!("{open}{}{close}", inner.concat()))
    });
    let properties = prop::sample::select(vec!["", "<w:pPr><w:jc/></w:pPr>", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"]);
    let paragraph = (properties, prop::collection::vec(inline, 0..6))
        .prop_map(|(own, inner)| format!("<w:p>{own}{}</w:p>", inner.concat()));
    prop::collection::vec(paragraph, 1..4).prop_map(|paragraphs| paragraphs.concat())
}

proptest! {
    #[test]
    fn new_words_and_any_codes(
        source in content(),
        order in prop::collection::vec((0..20usize, 0..20usize), 0..12),
        keeps in any::<bool>(),
    ) {
        let bytes = document(&source);
        let template = open(&bytes);
        prop_assert_eq!(template.document(), &read("a.docx", &bytes, Some(Language::EN)).unwrap());
        let same = changed(&template, str::to_owned);
        prop_assert_eq!(part(&same, "word/document.xml"), part(&bytes, "word/document.xml"));
        // Codes between the same words, or anywhere, doubled, left out.
        let text = &template.document().text;
        let targets: Vec<(Span, String, Vec<Code>)> = segments(&template)
            .into_iter()
            .map(|span| {
                let own = template.codes(span);
                if keeps {
                    let (text, codes) = target(span.of(text), own, |words| words.replace("word", "şəhər"));
                    return (span, text, codes);
                }
                let new = "Bir <iki> & üç dörd.".to_owned();
                let places: Vec<usize> = new.char_indices().map(|(at, _)| at).collect();
                let code = |(code, at): &(usize, usize)| {
                    Some(Code { at: places[at % places.len()], ..own.get(*code)?.clone() })
                };
                (span, new.clone(), order.iter().filter_map(code).collect())
            })
            .collect();
        let replacements: Vec<Replacement> =
            targets.iter().map(|(span, text, codes)| Replacement { span: *span, text, codes }).collect();
        let written = template.write(Language::RU, &replacements).unwrap();
        let xml = part(&written, "word/document.xml");
        let again = blocks("a.docx", &written);
        let old = blocks("a.docx", &bytes);
        prop_assert_eq!(again.len(), old.len(), "{}", xml);
        for ((kind, words), (old_kind, old_words)) in again.iter().zip(&old) {
            prop_assert_eq!(kind, old_kind);
            if !template.docx.layout.odd.is_empty() {
                continue;
            }
            if keeps {
                prop_assert_eq!(words.replace(' ', ""), old_words.replace("word", "şəhər").replace(' ', ""), "{}", xml);
            } else {
                prop_assert!(words.contains("Bir <iki> & üç dörd.") || !order.is_empty(), "{} in {}", words, xml);
            }
        }
        // Nothing that is not words is lost.
        for mark in ["footnoteReference", "instrText", "delText", "bookmarkStart", "bookmarkEnd", "hyperlink r:", "drawing>", "vanish"] {
            let count = |xml: &str| xml.matches(&format!("<w:{mark}")).count();
            if mark != "vanish" {
                prop_assert_eq!(count(&xml), count(&source), "{} in {}", mark, xml);
            }
        }
        let twice = Template::open("a.docx", written, Given::default()).unwrap();
        prop_assert!(twice.document().blocks.len() == old.len());
    }
}
