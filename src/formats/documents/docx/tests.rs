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
    let read = read(Package::open("a.docx", &package(parts)).unwrap()).unwrap();
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
    let read = read(Package::open("a.docx", &package(&[("word/document.xml", xml)])).unwrap()).unwrap();
    assert_eq!(read.map, SourceMap::Anchors(vec![Anchor { text: 0, line: 2, column: 3 }]));
}

#[test]
fn what_is_broken_or_too_large_is_named() {
    let told = |bytes: &[u8]| Package::open("a.docx", bytes).and_then(read).unwrap_err().to_string();
    assert!(told(&package(&[("x.txt", "x")])).contains("a zip archive without a Word"));
    assert!(told(b"PK\x03\x04broken").starts_with("a.docx: the file is damaged"));
    let bomb = format!("<w:document>{}</w:document>", " ".repeat(8 << 20));
    assert!(told(&package(&[("word/document.xml", &bomb)])).contains("`word/document.xml` unpacks to more than"));
    let cut = package(&[("word/document.xml", "<w:document><w:body></w:p>")]);
    assert!(told(&cut).contains("`word/document.xml`"), "{}", told(&cut));
}
