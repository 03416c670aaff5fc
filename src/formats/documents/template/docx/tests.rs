use crate::{
    formats::documents::{
        Given, Replacement, Template, read,
        template::tests::{coded, codes_of},
    },
    lang::Language,
    text::Span,
};
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
