use super::*;
use crate::segment::{Rules, segment};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::{ZipWriter, write::SimpleFileOptions};

#[test]
fn names_that_tell_the_language() {
    for (path, want) in [
        ("001.en.txt", Some(Language::EN)),
        ("releases/001.az.docx", Some(Language::AZ)),
        ("001.ru", Some(Language::RU)),
        ("az/001.txt", Some(Language::AZ)),
        ("x/AZ/001.html", Some(Language::AZ)),
        ("001.en-GB.txt", Some(Language::EN)),
        ("az/001.en.txt", Some(Language::EN)),
        ("az.txt", None),
        ("notes.old.txt", None),
        ("README.md", None),
        ("001", None),
    ] {
        assert_eq!(language_of(Path::new(path)), want, "{path}");
    }
}

#[test]
fn what_told_the_language_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ru.txt");
    fs::write(&path, "The service was opened in the city.").unwrap();
    let loaded = load(&path, Reading::default()).unwrap();
    assert_eq!((loaded.document.language, loaded.told), (Language::RU, How::Name));
    let loaded = load(&path, Reading { from: Some(Language::AZ), ..Reading::default() }).unwrap();
    assert_eq!((loaded.document.language, loaded.told), (Language::AZ, How::Flag));
    let loaded = load_bytes("-", b"The service was opened in the city.", Reading::default()).unwrap();
    assert_eq!((loaded.document.language, loaded.told), (Language::EN, How::Letters));
    let reading = Reading { encoding: Some("koi8-r".parse().unwrap()), ..Reading::default() };
    let loaded = load_bytes("-", b"\xF3\xCC\xD5\xD6\xC2\xC1 \xCF\xD4\xCB\xD2\xD9\xD4\xC1.", reading).unwrap();
    assert_eq!((&*loaded.document.text, loaded.told), ("Служба открыта.", How::Letters));
    let loaded = load_bytes("-", b"919", Reading::default()).unwrap();
    assert_eq!((loaded.document.language.as_str(), loaded.told), ("und", How::Nothing));
    let loaded = load_bytes("-", b"<html lang=az><p>919", Reading::default()).unwrap();
    assert_eq!((loaded.document.language, loaded.told), (Language::AZ, How::Declaration));
}

#[test]
fn a_text_comes_in_pieces_and_other_documents_whole() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let long = "The service was opened in the city.\n\n".repeat(60_000);
    let pieces = pieces(&put("x.ru.txt", &long), Reading::default()).unwrap();
    assert_eq!((pieces.language, pieces.told), (Language::RU, How::Name));
    let texts: Vec<String> = pieces.map(|piece| piece.unwrap().text).collect();
    assert!(texts.len() > 1 && texts.concat() == long);
    let mut page = super::pieces(&put("x.html", "<html lang=az><p>919"), Reading::default()).unwrap();
    assert_eq!((page.language, page.told), (Language::AZ, How::Declaration));
    assert_eq!(page.next().unwrap().unwrap().text, "919");
    assert!(page.next().is_none());
}

#[test]
fn errors_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let told = |path: &Path| {
        let error = load(path, Reading::default()).unwrap_err().to_string();
        assert_eq!(pieces(path, Reading::default()).err().unwrap().to_string(), error);
        error
    };
    assert!(told(folder.path()).ends_with("this is a folder, not a file"));
    assert!(told(&folder.path().join("none.txt")).ends_with("none.txt: there is no such file"));
}

/// Words, stops and inline markup, as (Markdown, HTML, DOCX's runs, ODT).
const PIECES: &[[&str; 4]] = &[
    ["The Service ", "The Service ", "<w:r><w:t xml:space='preserve'>The Service </w:t></w:r>", "The Service "],
    ["opened. ", "opened. ", "<w:r><w:t xml:space='preserve'>opened. </w:t></w:r>", "opened. "],
    ["Dr. ", "Dr.&nbsp;", "<w:r><w:t>Dr.\u{a0}</w:t></w:r>", "Dr. "],
    ["**Mər", "<b>Mər", "<w:r><w:rPr><w:b/></w:rPr><w:t>Mər</w:t></w:r>", "<text:span>Mər"],
    ["kəz** ", "kəz</b> ", "<w:r><w:t xml:space='preserve'>kəz </w:t></w:r>", "kəz</text:span> "],
    [
        "[5 г.](x) ",
        "<a href=x>5 г.</a> ",
        "<w:hyperlink><w:r><w:t>5 г.</w:t></w:r></w:hyperlink>",
        "<text:a>5 г.</text:a> ",
    ],
    ["\\*", "&lt;", "<w:r><w:t>&lt;</w:t></w:r>", "&lt;"],
    // Alone on its line it would begin a block of HTML, whose text CommonMark leaves as it is.
    ["<br>e ", "<br>", "<w:r><w:br/></w:r>", "<text:line-break/>"],
    ["1. ", "1. ", "<w:r><w:t xml:space='preserve'>1. </w:t></w:r>", "1.<text:s/>"],
    ["• ", "• ", "<w:r><w:sym w:font='Symbol' w:char='F0B7'/><w:tab/></w:r>", "•<text:tab/>"],
    ["“Said!” ", "&ldquo;Said!&rdquo; ", "<w:r><w:t xml:space='preserve'>“Said!” </w:t></w:r>", "“Said!” "],
    [
        "`x` ",
        "<code>x</code> ",
        "<w:ins><w:r><w:t xml:space='preserve'>x </w:t></w:r></w:ins>",
        "<text:span>x</text:span> ",
    ],
    ["\n", "\n", "<w:r><w:tab/></w:r>", "<text:tab/>"],
];

/// How a paragraph, a heading, an item and a quote begin and end in each format.
const BLOCKS: &[[(&str, &str); 4]] = &[
    [("", ""), ("<p>", "</p>"), ("<w:p>", "</w:p>"), ("<text:p>", "</text:p>")],
    [
        ("## ", ""),
        ("<h2>", "</h2>"),
        ("<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr>", "</w:p>"),
        ("<text:h>", "</text:h>"),
    ],
    [
        ("- ", ""),
        ("<ul><li>", "</ul>"),
        ("<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>", "</w:p>"),
        ("<text:list><text:list-item><text:p>", "</text:p></text:list-item></text:list>"),
    ],
    [
        ("> ", ""),
        ("<blockquote>", "</blockquote>"),
        ("<w:tbl><w:tr><w:tc><w:p>", "</w:p></w:tc></w:tr></w:tbl>"),
        ("<table:table-cell><text:p>", "</text:p></table:table-cell>"),
    ],
];

const NAMES: [&str; 4] = ["a.md", "a.html", "a.docx", "a.odt"];

/// A block: its kind, and its pieces in order. A piece that opens is always followed by the one that closes.
type Written = (usize, Vec<usize>);

fn written() -> impl Strategy<Value = Vec<Written>> {
    prop::collection::vec((0..BLOCKS.len(), prop::collection::vec(0..PIECES.len(), 1..9)), 1..6)
}

/// The blocks as a file of format `format`.
fn file(blocks: &[Written], format: usize) -> Vec<u8> {
    let mut body = String::new();
    for (kind, pieces) in blocks {
        let (begin, end) = BLOCKS[*kind][format];
        body.push_str(begin);
        for piece in pieces {
            // Together, so that markup is closed where it was opened.
            let pieces = if matches!(piece, 3 | 4) { 3..5 } else { *piece..*piece + 1 };
            body.extend(pieces.map(|piece| PIECES[piece][format]));
        }
        body.push_str(end);
        body.push_str(if format == 0 { "\n\n<!-- -->\n\n" } else { "\n" });
    }
    let parts: &[(&str, String)] = &match format {
        0 => return body.into_bytes(),
        1 => return format!("<!DOCTYPE html><body>{body}").into_bytes(),
        2 => [("word/document.xml", format!("<w:document>{body}</w:document>")), ("x", String::new())],
        _ => [
            ("mimetype", "application/vnd.oasis.opendocument.text".to_owned()),
            ("content.xml", format!("<office:body>{body}</office:body>")),
        ],
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn segments(blocks: &[Written], format: usize) -> Vec<String> {
    let document = documents::read(NAMES[format], &file(blocks, format), Some(Language::EN)).unwrap();
    segment(&document, Rules::of(Language::EN)).into_iter().map(|segment| segment.text).collect()
}

proptest! {
    #[test]
    fn segments_and_markers_are_the_text_of_every_format(blocks in written(), format in 0..NAMES.len()) {
        let document = documents::read(NAMES[format], &file(&blocks, format), Some(Language::EN)).unwrap();
        let mut left = String::new();
        let mut at = 0;
        for segment in segment(&document, Rules::of(Language::EN)) {
            prop_assert!(segment.span.start >= at);
            prop_assert_eq!(segment.span.of(&document.text), &segment.text);
            left.push_str(&document.text[at..segment.span.start]);
            left.push(' ');
            at = segment.span.end;
        }
        left.push_str(&document.text[at..]);
        let lost: Vec<&str> = left.split_whitespace().filter(|word| !word.chars().all(|c| "•*.1".contains(c))).collect();
        prop_assert!(lost.is_empty(), "{lost:?} of {:?}", document.text);
        prop_assert!(!document.text.contains("<w:") && !document.text.contains("&lt;") && !document.text.contains("](x)"));
    }

    #[test]
    fn blocks_do_not_depend_on_their_neighbours(one in written(), two in written(), format in 0..NAMES.len()) {
        let both: Vec<Written> = one.iter().chain(&two).cloned().collect();
        let mut apart = segments(&one, format);
        apart.extend(segments(&two, format));
        prop_assert_eq!(segments(&both, format), apart);
    }
}
