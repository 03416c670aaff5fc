use crate::{
    formats::documents::{DocumentError, read},
    lang::Language,
    model::{Anchor, BlockKind, SourceMap},
};
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

const MIME: (&str, &str) = ("mimetype", "application/vnd.oasis.opendocument.text");

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn document(body: &str, automatic: &str, styles: &str) -> Vec<(BlockKind, String)> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:style=\"s\">\
         <office:automatic-styles>{automatic}</office:automatic-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let styles = format!("<office:document-styles>{styles}</office:document-styles>");
    let bytes = package(&[MIME, ("content.xml", &content), ("styles.xml", &styles)]);
    let read = read("a.docx", &bytes, Some(Language::AZ)).unwrap();
    read.blocks.iter().map(|block| (block.kind, block.span.of(&read.text).to_owned())).collect()
}

fn body(paragraphs: &str) -> Vec<(BlockKind, String)> {
    document(paragraphs, "", "")
}

#[test]
fn white_space_is_what_is_written_out() {
    let got = body(
        "\n<text:p>  Yeni\n   <text:span>mərkəz</text:span> <text:span> açıldı</text:span>.<text:s text:c=\"2\"/>İki\
         <text:s/>boşluq<text:tab/>&amp;<text:line-break/>sətir </text:p>\n<text:p/><text:p> </text:p>",
    );
    assert_eq!(got, [(BlockKind::Plain, "Yeni mərkəz açıldı.  İki boşluq\t&\nsətir".to_owned())]);
}

#[test]
fn what_is_not_the_text_is_left_out() {
    let got = document(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Silinib</text:p></text:deletion>\
         </text:changed-region></text:tracked-changes><office:forms><text:p>Forma</text:p></office:forms>\
         <text:p>Bir<text:change text:change-id=\"1\"/><office:annotation><text:p>Qeyd</text:p></office:annotation>\
         <text:span text:style-name=\"T9\"> gizli</text:span><text:change-start/> iki<text:change-end/></text:p>\
         <text:section text:display=\"none\"><text:p>Gizli bölmə</text:p></text:section><text:p>Son</text:p>",
        "<style:style style:name=\"T9\"><style:text-properties text:display=\"none\"/></style:style>",
        "",
    );
    assert_eq!(got, [(BlockKind::Plain, "Bir iki".to_owned()), (BlockKind::Plain, "Son".to_owned())]);
}

#[test]
fn kinds_by_element_and_by_style() {
    let got = document(
        "<text:h text:outline-level=\"1\">Başlıq</text:h><text:p text:style-name=\"P1\">Alt başlıq</text:p>\
         <text:p text:style-name=\"P2\">Sitat</text:p><text:p text:style-name=\"P3\">Mətn\
         <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Haşiyə.</text:p></text:note-body>\
         </text:note> davam edir.</text:p><text:list><text:list-item><text:p>bənd</text:p></text:list-item></text:list>\
         <table:table><table:table-row><table:table-cell><text:p>xana</text:p></table:table-cell>\
         <table:covered-table-cell><text:p>örtülü</text:p></table:covered-table-cell></table:table-row></table:table>\
         <text:table-of-content><text:table-of-content-source><text:index-title-template>Mündəricat\
         </text:index-title-template></text:table-of-content-source><text:index-body><text:p>Başlıq 1</text:p>\
         </text:index-body></text:table-of-content>",
        "<style:style style:name=\"P1\" style:parent-style-name=\"Own\"/>\
         <style:style style:name=\"P2\" style:parent-style-name=\"Quotations\"/>\
         <style:style style:name=\"P3\" style:parent-style-name=\"P4\"/><style:style style:name=\"P4\" style:parent-style-name=\"P3\"/>",
        "<office:styles><style:style style:name=\"Own\" style:parent-style-name=\"Heading_20_2\"/></office:styles>\
         <office:master-styles><style:master-page><style:header><text:p>Xidmət</text:p></style:header>\
         <style:footer><text:p>12</text:p></style:footer></style:master-page></office:master-styles>",
    );
    let want = [
        (BlockKind::Heading, "Başlıq"),
        (BlockKind::Heading, "Alt başlıq"),
        (BlockKind::Quote, "Sitat"),
        (BlockKind::Plain, "Mətn davam edir."),
        (BlockKind::List, "bənd"),
        (BlockKind::Running, "xana"),
        (BlockKind::Boilerplate, "Başlıq 1"),
        (BlockKind::Running, "Haşiyə."),
        (BlockKind::Boilerplate, "Xidmət"),
    ];
    assert_eq!(got, want.map(|(kind, text)| (kind, text.to_owned())));
}

#[test]
fn the_place_is_the_paragraph() {
    let content = "<office:body><text:p/><text:p> Bir</text:p><text:p><text:s/>İki</text:p></office:body>";
    let read = read("a.odt", &package(&[MIME, ("content.xml", content)]), None).unwrap();
    let anchor = |text, line, column| Anchor { text, line, column };
    assert_eq!(read.map, SourceMap::Anchors(vec![anchor(0, 2, 1), anchor(5, 3, 2)]));
}

#[test]
fn damaged_protected_and_oversized_files() {
    let told = |parts: &[(&str, &str)]| read("a.odt", &package(parts), None).unwrap_err().to_string();
    assert_eq!(told(&[MIME]), "a.odt: the file is damaged: `content.xml`: there is no such part");
    assert!(told(&[MIME, ("content.xml", "<a><b></a>")]).starts_with("a.odt: the file is damaged: `content.xml`: "));
    let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    let parts = [MIME, ("META-INF/manifest.xml", manifest), ("content.xml", "?")];
    assert!(told(&parts).contains("protected by a password"));
    let sheet = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
    assert!(told(&[sheet, ("content.xml", "<a/>")]).contains("without a Word or OpenDocument text"));
    let bomb = format!("<text:p>{}</text:p>", " ".repeat(3 << 20));
    let error = read("a.odt", &package(&[MIME, ("content.xml", &bomb)]), None).unwrap_err();
    assert!(matches!(error, DocumentError::TooLarge { .. }), "{error}");
    // One element that stands for too many spaces.
    let spaces = "<office:body><text:p>a<text:s text:c=\"4000000000\"/>b</text:p></office:body>";
    let read = read("a.odt", &package(&[MIME, ("content.xml", spaces)]), None).unwrap();
    assert!(read.text.len() < 2000);
}
