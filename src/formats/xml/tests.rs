use super::{Event, Reader, read::MAX_DEPTH};
use crate::formats::open;

/// The events of `xml` in one line each.
fn events(xml: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::new(open(xml.as_bytes()).unwrap().source().unwrap());
    let mut out = Vec::<String>::new();
    loop {
        let event = reader.next().map_err(|error| error.to_string())?;
        let shown = match event {
            Event::Start => {
                let attributes: Vec<String> = reader.attributes().map(|(n, v)| format!(" {n}={v}")).collect();
                format!("<{}{}", reader.local(), attributes.concat())
            }
            Event::End => format!(">{}", reader.local()),
            Event::Text => match out.last_mut() {
                Some(last) if last.starts_with('"') => {
                    last.push_str(reader.text());
                    continue;
                }
                _ => format!("\"{}", reader.text()),
            },
            Event::Eof => return Ok(out),
        };
        out.push(shown);
    }
}

fn fault(xml: &str) -> String {
    events(xml).expect_err(xml)
}

#[test]
fn elements_text_and_references() {
    let xml = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b \"]>\"><!-- ' -->]>\n<!-- x --><x:a xmlns:x='u' b='1&#10;2\n3' c=\"'\">\
               A <![CDATA[<b> & ]]>B<!-- no -->C<?pi no?>D&lt;&#x259;<d/></x:a>\n<!-- end -->\n";
    let want = ["<a xmlns:x=u b=1\n2 3 c='", "\"A <b> & BCD<ə", "<d", ">d", ">a"];
    assert_eq!(events(xml).unwrap(), want);
}

#[test]
fn faults_have_their_place() {
    for (xml, want) in [
        ("<a>\n<b>ə</c></a>", "2:5: end tag `</c>` where `</b>` was due (opened on line 2)"),
        ("<a>\n<b>", "2:4: the file ends inside `<b>`, opened on line 2"),
        ("", "1:1: the file is empty: there is no root element"),
        ("<a/>x", "1:5: text after the root element: this is not XML"),
        ("en,az", "1:1: text before the root element: this is not XML"),
        ("<a/><b/>", "1:5: a second root element"),
        ("<a b='1' b='2'/>", "1:10: duplicate attribute `b`"),
        ("<a b=1/>", "1:4: `b=1` is no attribute: `name=\"value\"` is due"),
        ("<a b='1'c='2'/>", "1:9: no space before an attribute"),
        ("<a b='x<y'/>", "1:8: `<` in an attribute: it must be written `&lt;`"),
        ("<a>AT&T</a>", "1:6: `&` that begins no reference: it must be written `&amp;`"),
        ("<a>&nbsp;</a>", "1:4: entity `&nbsp;` is none of the five of XML (those a file declares are not expanded)"),
        ("<a>x&#x1F;</a>", "1:5: character reference `&#x1F;`: U+001F is not a character XML may hold"),
        ("<a>&#xD83D;</a>", "1:4: character reference `&#xD83D;`: U+D83D is not a character XML may hold"),
        ("<a>&#x110000;</a>", "1:4: character reference `&#x110000;`: U+110000 is not a character XML may hold"),
        ("<a>&#+65;</a>", "1:4: character reference `&#+65;`: U+0041 is not a character XML may hold"),
        ("<a>x]]>y</a>", "1:5: `]]>` in text, where it must be written `]]&gt;`"),
        ("<a><m:b/></a>", "1:4: namespace prefix `m` is not declared"),
        ("<a><!-- x -- y --></a>", "1:13: `--` inside a comment"),
        ("<a>\u{b}</a>", "1:4: control character U+000B"),
        (" <?xml version='1.0'?><a/>", "1:2: an XML declaration that is not at the very beginning of the file"),
        ("<a><", "1:4: the file ends inside a tag"),
        ("<a><![CDATA[x", "1:14: the file ends inside a CDATA section"),
    ] {
        assert_eq!(fault(xml), want, "{xml}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |n: usize| format!("{}{}", "<a>".repeat(n), "</a>".repeat(n));
    assert!(events(&deep(MAX_DEPTH)).is_ok());
    assert_eq!(fault(&deep(MAX_DEPTH + 1)), format!("1:{}: elements nested more than 256 deep", MAX_DEPTH * 3 + 1));
}

#[test]
fn long_files_keep_their_places() {
    let body: String = (0..20_000).map(|i| format!("<b n='{i}'>mətn ]] {i}</b>\n")).collect();
    assert_eq!(events(&format!("<a>\n{body}</a>")).unwrap().len(), 20_000 * 4 + 3);
    assert_eq!(fault(&format!("<a>\n{body}</b>")), "20002:1: end tag `</b>` where `</a>` was due (opened on line 1)");
    let comment = "-\n".repeat(100_000);
    assert_eq!(fault(&format!("<a><!--{comment}--></b>")).split(": ").next(), Some("100001:4"));
}

#[test]
fn reading_goes_on_behind_a_fault() {
    let mut reader = Reader::new(open("<a><u>1</v></u><up/><u>2</u></a>".as_bytes()).unwrap().source().unwrap());
    while reader.next().is_ok() {}
    assert!(reader.recover(1, "u").unwrap());
    assert_eq!(reader.next().unwrap(), Event::Start);
    assert_eq!(reader.whole_text(9).unwrap(), "2");
    assert_eq!((reader.next().unwrap(), reader.next().unwrap()), (Event::End, Event::Eof));
}

#[test]
fn text_comes_in_pieces_and_faults_are_found_across_them() {
    let long = "uzun mətn ]] ".repeat(100_000);
    assert_eq!(events(&format!("<a>{long}]</a>")).unwrap()[1], format!("\"{long}]"));
    // Whatever the length before it, `]]>` is found: the text comes in chunks of some thousand characters.
    for length in (1 << 14) - 3..(1 << 14) + 3 {
        for chunks in 1..=4 {
            let before = "x".repeat(length * chunks);
            let want = format!("1:{}: `]]>` in text, where it must be written `]]&gt;`", before.len() + 4);
            assert_eq!(fault(&format!("<a>{before}]]>")), want);
        }
    }
}

#[test]
fn markup_is_bounded() {
    let long = |begin: &str, end: &str| format!("<a>\n{begin}{}{end}</a>", "x".repeat(17 << 20));
    assert_eq!(fault(&long("<b c='", "'/>")), "2:1: a tag of more than 4 MiB");
    let other = "2:1: a comment, CDATA section, instruction or DOCTYPE of more than 16 MiB";
    assert_eq!(fault(&long("<!--", "-->")), other);
    assert_eq!(fault(&long("<![CDATA[", "]]>")), other);
    let lone = "2:1: `&` that begins no reference: it must be written `&amp;`";
    assert_eq!(fault(&long("&", ";")), lone);
    assert_eq!(fault(&format!("<a>\n&{};</a>", "x".repeat(65))), lone);
    assert_eq!(events(&long("", "")).unwrap().len(), 3);
}

#[test]
fn more_faults_and_their_places() {
    for (xml, want) in [
        ("<a><!-- x ---></a>", "1:12: `--` inside a comment"),
        ("<a>\n<!-- x", "2:7: the file ends inside a comment that begins on line 2"),
        ("<a><b <c/></b></a>", "1:4: `<` that begins no tag: it must be written `&lt;`"),
        ("<a>\n<b c='ə<d/></a>", "2:8: `<` in an attribute: it must be written `&lt;`"),
        ("<a>2 < 3 > 1</a>", "1:6: `<` that begins no tag: it must be written `&lt;`"),
        ("<a><b,c/></a>", "1:4: `b,c` is no name of an element"),
        ("<a b='1' 2='x'/>", "1:10: `2='x'` is no attribute: `name=\"value\"` is due"),
        (
            "<a b='1' ə='&x;'/>",
            "1:13: entity `&x;` is none of the five of XML (those a file declares are not expanded)",
        ),
        ("<a><!x></a>", "1:4: `<!` that begins neither a comment nor a CDATA section"),
        ("<a/><![CDATA[x]]>", "1:5: `<!` that begins neither a comment nor a CDATA section"),
        ("<a><!DOCTYPE a></a>", "1:4: `<!` that begins neither a comment nor a CDATA section"),
        ("<a/>&amp;", "1:5: text after the root element: this is not XML"),
        (
            "<a>AT&T and all the rest of a sentence that goes on and on until; here</a>",
            "1:6: `&` that begins no reference: it must be written `&amp;`",
        ),
        ("<a><x:b xmlns:x='u'/><x:b/></a>", "1:22: namespace prefix `x` is not declared"),
    ] {
        assert_eq!(fault(xml), want, "{xml}");
    }
}

#[test]
fn a_missing_quote_takes_no_unit_along() {
    let xml = format!("<a>{}<u>2</u></a>", "<u b='1><x/></u>".repeat(1000));
    let mut reader = Reader::new(open(xml.as_bytes()).unwrap().source().unwrap());
    assert_eq!(reader.next().unwrap(), Event::Start);
    let mut faults = 0;
    while reader.next().is_err() {
        faults += 1;
        assert!(reader.recover(1, "u").unwrap());
    }
    assert_eq!(faults, 1000);
    assert_eq!(reader.whole_text(9).unwrap(), "2");
}
