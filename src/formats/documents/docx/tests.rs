use super::*;
use crate::model::{Anchor, SourceMap};
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#;

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn blocks(parts: &[(&str, &str)]) -> Vec<(BlockKind, String)> {
    let read = read(Package::open("a.docx", &package(parts)).unwrap(), Builder::default()).unwrap();
    read.blocks.iter().map(|block| (block.kind, block.span.of(&read.text).to_owned())).collect()
}

fn body(paragraphs: &str) -> Vec<(BlockKind, String)> {
    let xml = format!(r#"<w:document xmlns:w="w"><w:body>{paragraphs}</w:body></w:document>"#);
    blocks(&[("_rels/.rels", ROOT), ("word/document.xml", &xml)])
}

#[test]
fn changes_are_accepted() {
    let got = body(
        "<w:p><w:r><w:t>Şə</w:t></w:r><w:r><w:t xml:space=\"preserve\">hər </w:t></w:r>\
         <w:ins w:id=\"1\"><w:r><w:t>yeni</w:t></w:r></w:ins><w:del w:id=\"2\"><w:r><w:delText>köhnə</w:delText></w:r></w:del>\
         <w:moveFrom w:id=\"3\"><w:r><w:t>getdi</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>gizli</w:t></w:r>\
         <w:hyperlink><w:r><w:tab/><w:t>&amp; keçid</w:t></w:r></w:hyperlink><w:r><w:br/><w:t>sətir</w:t></w:r></w:p>",
    );
    assert_eq!(got, [(BlockKind::Plain, "Şəhər yeni\t& keçid\nsətir".to_owned())]);
}

#[test]
fn a_deleted_paragraph_mark_joins_two() {
    let got = body(
        "<w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">One </w:t></w:r></w:p>\
         <w:p><w:r><w:t>two</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>three</w:t></w:r></w:p>",
    );
    assert_eq!(got, [(BlockKind::Plain, "One two".to_owned()), (BlockKind::Plain, "three".to_owned())]);
}

#[test]
fn parts_and_styles() {
    let document = r#"<w:document xmlns:w="w" xmlns:r="r"><w:body>
        <w:p><w:pPr><w:pStyle w:val="1"/></w:pPr><w:r><w:t>Head</w:t></w:r></w:p>
        <w:p><w:pPr><w:pStyle w:val="2"/></w:pPr><w:r><w:t>Own head</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>item</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
        <w:p><w:r><w:t>Body</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>
        <w:sectPr><w:footerReference r:id="r3"/></w:sectPr></w:body></w:document>"#;
    let relations = r#"<Relationships>
        <Relationship Id="r1" Type="http://x/styles" Target="styles.xml"/>
        <Relationship Id="r2" Type="http://x/footnotes" Target="/word/footnotes.xml"/>
        <Relationship Id="r3" Type="http://x/footer" Target="footer1.xml"/>
        <Relationship Id="r4" Type="http://x/header" Target="header1.xml"/></Relationships>"#;
    let styles = r#"<w:styles><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
        <w:style w:styleId="2"><w:name w:val="Ours"/><w:basedOn w:val="1"/></w:style></w:styles>"#;
    let notes = r#"<w:footnotes><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>no</w:t></w:r></w:p></w:footnote>
        <w:footnote w:id="2"><w:p><w:r><w:t>Note</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
    let footer = r#"<w:ftr><w:p><w:r><w:t>12</w:t></w:r></w:p><w:p><w:r><w:t>The Service</w:t></w:r></w:p></w:ftr>"#;
    let header = r#"<w:hdr><w:p><w:r><w:t>unused</w:t></w:r></w:p></w:hdr>"#;
    let got = blocks(&[
        ("_rels/.rels", ROOT),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations),
        ("word/styles.xml", styles),
        ("word/footnotes.xml", notes),
        ("word/footer1.xml", footer),
        ("word/header1.xml", header),
    ]);
    let want = [
        (BlockKind::Heading, "Head"),
        (BlockKind::Heading, "Own head"),
        (BlockKind::List, "item"),
        (BlockKind::Running, "cell"),
        (BlockKind::Plain, "Body"),
        (BlockKind::Running, "Note"),
        (BlockKind::Boilerplate, "The Service"),
    ];
    assert_eq!(got, want.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn places_are_paragraph_and_column() {
    let xml = "<w:document><w:body><w:p/><w:p><w:r><w:t>  One</w:t></w:r></w:p></w:body></w:document>";
    let read =
        read(Package::open("a.docx", &package(&[("word/document.xml", xml)])).unwrap(), Builder::default()).unwrap();
    assert_eq!(read.map, SourceMap::Anchors(vec![Anchor { text: 0, line: 2, column: 3 }]));
}

#[test]
fn what_is_broken_or_too_large_is_named() {
    let told = |bytes: &[u8]| {
        Package::open("a.docx", bytes).and_then(|package| read(package, Builder::default())).unwrap_err().to_string()
    };
    assert!(told(&package(&[("x.txt", "x")])).contains("a zip archive without a Word"));
    assert!(told(b"PK\x03\x04broken").starts_with("a.docx: the file is damaged"));
    let bomb = format!("<w:document>{}</w:document>", " ".repeat(8 << 20));
    assert!(told(&package(&[("word/document.xml", &bomb)])).contains("`word/document.xml` unpacks to more than"));
    let cut = package(&[("word/document.xml", "<w:document><w:body></w:p>")]);
    assert!(told(&cut).contains("`word/document.xml`"), "{}", told(&cut));
}

/// The paragraphs of a body with these styles, as `(kind, text)`.
fn styled(paragraphs: &str, styles: &str) -> Vec<(BlockKind, String)> {
    let document = format!("<w:document><w:body>{paragraphs}</w:body></w:document>");
    let styles = format!("<w:styles>{styles}</w:styles>");
    let relations =
        r#"<Relationships><Relationship Id="r1" Type="http://x/styles" Target="styles.xml"/></Relationships>"#;
    blocks(&[
        ("word/document.xml", &document),
        ("word/_rels/document.xml.rels", relations),
        ("word/styles.xml", &styles),
    ])
}

#[test]
fn what_a_reader_of_the_page_sees() {
    use BlockKind::*;
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let (begin, separate, end) = (mark("begin"), mark("separate"), mark("end"));
    let cases: &[(String, &[(BlockKind, &str)])] = &[
        // The text of a field's instruction, a field inside it among that, is not shown.
        (
            format!(
                "<w:p>{begin}{}{begin}{}{separate}{}{end}{separate}{}{end}{}</w:p>",
                run("IF "),
                run("PAGE"),
                run("7"),
                run("shown"),
                run(" too")
            ),
            &[(Plain, "shown too")],
        ),
        // A field that never ends swallows nothing beyond its paragraph.
        (format!("<w:p>{begin}{}</w:p><w:p>{}</w:p>", run("PAGE"), run("Text")), &[(Plain, "Text")]),
        (format!("<w:p><w:fldSimple w:instr=\"DATE\">{}</w:fldSimple></w:p>", run("12 May")), &[(Plain, "12 May")]),
        // What a paragraph or a run was before a change of its format.
        (
            "<w:p><w:pPr><w:pPrChange><w:pPr><w:pStyle w:val=\"Heading1\"/><w:numPr><w:numId w:val=\"1\"/></w:numPr>\
                 </w:pPr></w:pPrChange></w:pPr><w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>\
                 <w:t>Text</w:t></w:r></w:p>"
                .to_owned(),
            &[(Plain, "Text")],
        ),
        // A text box is written twice; its paragraphs are none of the one around it.
        (
            format!(
                "<w:p>{}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{}</w:p></w:txbxContent></mc:Choice>\
                 <mc:Fallback><w:txbxContent><w:p>{}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>{}</w:p>",
                run("One "),
                run("Box"),
                run("Box"),
                run("two")
            ),
            &[(Plain, "Box"), (Plain, "One two")],
        ),
        // A text box in a hidden run shows its own runs; what follows it in the run is as hidden as what is before.
        (
            format!(
                "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t><w:txbxContent><w:p>{}</w:p></w:txbxContent><w:t>no</w:t>\
                 </w:r>{}</w:p>",
                run("Box"),
                run("Text")
            ),
            &[(Plain, "Box"), (Plain, "Text")],
        ),
        (
            "<w:p><w:r><w:t>20</w:t><w:sym w:font=\"Symbol\" w:char=\"F0B0\"/><w:t>C</w:t><w:noBreakHyphen/>\
             <w:t>x</w:t><w:ptab/><w:t>a\n  b</w:t></w:r></w:p>"
                .to_owned(),
            &[(Plain, "20°C\u{2011}x\ta   b")],
        ),
        (
            format!(
                "<w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent><w:p><w:sdt><w:sdtContent>{}</w:sdtContent>\
                 </w:sdt><w:smartTag>{}</w:smartTag></w:p></w:sdtContent></w:sdt>",
                run("In "),
                run("controls")
            ),
            &[(Plain, "In controls")],
        ),
        // A deleted end mark joins no cells.
        (
            format!(
                "<w:tbl><w:tr><w:tc><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p></w:tc><w:tc><w:p>{}</w:p>\
                 <w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
                run("a"),
                run("b"),
                run("c")
            ),
            &[(Running, "a"), (Running, "b"), (Running, "c")],
        ),
    ];
    for (source, want) in cases {
        let want: Vec<_> = want.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
        assert_eq!(body(source), want, "{source}");
    }
}

#[test]
fn kinds_by_styles_of_any_word() {
    use BlockKind::*;
    let styles = "<w:style w:styleId=\"10\"><w:name w:val=\"heading 1\"/></w:style>\
        <w:style w:styleId=\"a3\"><w:name w:val=\"Заголовок раздела\"/></w:style>\
        <w:style w:styleId=\"l\"><w:name w:val=\"Bənd\"/><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr></w:style>\
        <w:style w:styleId=\"l2\"><w:basedOn w:val=\"l\"/></w:style>\
        <w:style w:styleId=\"h\"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId=\"h2\"><w:basedOn w:val=\"h\"/></w:style>\
        <w:style w:styleId=\"t\"><w:tblStylePr><w:rPr><w:vanish/></w:rPr></w:tblStylePr></w:style>";
    let paragraph = |style: &str, more: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}</w:pPr><w:r><w:t>{style}</w:t></w:r></w:p>")
    };
    let run = |style: &str| {
        format!("<w:p><w:r><w:rPr><w:rStyle w:val=\"{style}\"/></w:rPr><w:t>run {style}</w:t></w:r></w:p>")
    };
    let shown = "<w:p><w:r><w:rPr><w:rStyle w:val=\"h\"/><w:vanish w:val=\"off\"/></w:rPr><w:t>shown</w:t></w:r></w:p>";
    let source = [
        paragraph("10", "<w:numPr><w:numId w:val=\"1\"/></w:numPr>"),
        paragraph("a3", ""),
        paragraph("l", ""),
        paragraph("l2", ""),
        paragraph("l2", "<w:numPr><w:numId w:val=\"0\"/></w:numPr>"),
        paragraph("h2", ""),
        paragraph("t", ""),
        run("h"),
        run("10"),
        shown.to_owned(),
    ];
    let want = [
        (Heading, "10"),
        (Heading, "a3"),
        (List, "l"),
        (List, "l2"),
        (Plain, "l2"),
        (Plain, "t"),
        (Plain, "run 10"),
        (Plain, "shown"),
    ];
    assert_eq!(styled(&source.concat(), styles), want.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn a_header_that_sections_share_is_read_once() {
    let document = "<w:document><w:body><w:p><w:r><w:t>Text</w:t></w:r></w:p><w:sectPr><w:headerReference r:id=\"a\"/>\
        <w:headerReference r:id=\"b\"/></w:sectPr></w:body></w:document>";
    let relations = "<r><Relationship Id=\"a\" Type=\"x/header\" Target=\"h.xml\"/>\
        <Relationship Id=\"b\" Type=\"x/header\" Target=\"h.xml\"/></r>";
    let header = "<w:hdr><w:p><w:r><w:t>Head</w:t></w:r></w:p></w:hdr>";
    let got =
        blocks(&[("word/document.xml", document), ("word/_rels/document.xml.rels", relations), ("word/h.xml", header)]);
    assert_eq!(got, [(BlockKind::Plain, "Text".to_owned()), (BlockKind::Boilerplate, "Head".to_owned())]);
}

#[test]
fn xml_that_is_not_sound() {
    let told = |xml: &str| {
        let bytes = package(&[("word/document.xml", xml)]);
        Package::open("a.docx", &bytes).and_then(|package| read(package, Builder::default())).unwrap_err().to_string()
    };
    let damaged = |what: &str| format!("a.docx: the file is damaged: `word/document.xml`: {what}");
    assert_eq!(told("<w:document><w:p><w:r><w:t>x"), damaged("it ends inside of an element"));
    assert_eq!(told(&"<w:p>".repeat(2000)), damaged("elements nested more than 1000 deep"));
    let entity = "<!DOCTYPE d [<!ENTITY e 'x'>]><w:p><w:r><w:t>&e;</w:t></w:r></w:p>";
    assert_eq!(
        told(entity),
        damaged("entity `&e;` is none of the five of XML (those a file declares are not expanded)")
    );
}
