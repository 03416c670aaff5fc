use super::*;
use crate::model::SourceMap;

fn blocks(source: &str) -> Vec<(BlockKind, String)> {
    let read = read(source, Builder::default());
    read.blocks.iter().map(|block| (block.kind, block.span.of(&read.text).to_owned())).collect()
}

#[test]
fn blocks_of_every_kind() {
    use BlockKind::*;
    let page = "<html lang=az><head><title>x</title><style>p{}</style></head><nav><ul><li>Home</ul></nav>\
        <h1>One</h1><p>Two <b>bold</b>\n  words<br>broken<p>three<ul><li>a<li>b <i>c</i></ul>\
        <blockquote><p>Said.</p></blockquote><table><tr><td>x<td>y</table>\
        <p hidden>not shown<div style='display: none'>nor this</div>\
        <script>if (a < b) document.write('<p>no</p>')</script><!-- no -->\
        <footer><div>&copy; 2024 Service</div></footer>";
    let want = [
        (Heading, "One"),
        (Plain, "Two bold words\nbroken"),
        (Plain, "three"),
        (List, "a"),
        (List, "b c"),
        (Quote, "Said."),
        (Running, "x"),
        (Running, "y"),
        (Boilerplate, "© 2024 Service"),
    ];
    assert_eq!(blocks(page), want.map(|(kind, text)| (kind, text.to_owned())));
    assert_eq!(read(page, Builder::default()).declared, Some(Language::AZ));
}

#[test]
fn entities_and_odd_markup() {
    for (source, want) in [
        ("<p>a &amp; b &lt;c&gt; &ldquo;d&rdquo;&nbsp;e", "a & b <c> “d”\u{a0}e"),
        ("<p>a & b < c</p>", "a & b < c"),
        ("<p>&notanentity; &#1071;</p>", "¬anentity; Я"),
        ("<p>un<b>broken</b> word</p></div></b>", "unbroken word"),
        ("<p>a <span> b </span> c</p>", "a b c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
    ] {
        assert_eq!(blocks(source), [(BlockKind::Plain, want.to_owned())], "{source}");
    }
}

#[test]
fn anchors_lead_back_to_the_file() {
    let read = read("<html>\n<p>Şəhər <b>böyük</b>dür &amp; gözəl\n və təmiz", Builder::default());
    let SourceMap::Anchors(anchors) = &read.map else { panic!("markup has anchors") };
    let at = |word: &str| {
        let offset = read.text.find(word).unwrap();
        let anchor = anchors.iter().rfind(|anchor| anchor.text <= offset).unwrap();
        (anchor.line, anchor.column + read.text[anchor.text..offset].chars().count())
    };
    assert_eq!(at("Şəhər"), (2, 4));
    assert_eq!(at("böyük"), (2, 13));
    assert_eq!(at("dür"), (2, 22));
    assert_eq!(at("&"), (2, 26));
    assert_eq!(at("gözəl"), (2, 32));
    assert_eq!(at("təmiz"), (3, 5));
}

#[test]
fn what_ends_no_reference_keeps_its_place() {
    let read = read("<p>&söz[a](b) &word[a](b)", Builder::default());
    assert_eq!(read.map, SourceMap::Anchors(vec![crate::model::Anchor { text: 0, line: 1, column: 4 }]));
}

/// A block of each kind of `source`, as `(kind, text)`.
fn check(source: &str, want: &[(BlockKind, &str)]) {
    let want: Vec<_> = want.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
    assert_eq!(blocks(source), want, "{source}");
}

#[test]
fn what_surrounds_the_text() {
    use BlockKind::*;
    // A page as content management systems make them.
    check(
        "<!DOCTYPE html><html lang=az><head><title>Xidmət</title><noscript><img src=x></noscript></head>\
         <body class='home with-sidebar'><a class=skip-link href='#c'>Keç</a><header><div>Xidmət</div>\
         <form role=search><label>Axtar</label><button>OK</button></form></header>\
         <div class=breadcrumbs><a>Ana</a> / <a>Xəbərlər</a></div>\
         <main><article><header><h1>Yeni mərkəz</h1><time>1 may</time></header><p>Mərkəz açıldı.</p>\
         <aside>Qeyd.</aside><figure><img alt=x><figcaption>Foto</figcaption></figure><blockquote>Xoş gəldiniz!\
         <footer>Nazir</footer></blockquote><div class='social-share'>Paylaş</div></article></main>\
         <aside><h2>Digər</h2><article><p>Başqa xəbər</p></article></aside>\
         <div id=footer>© 2024</div></body></html>",
        &[
            (Boilerplate, "Xidmət"),
            (Boilerplate, "Ana / Xəbərlər"),
            (Heading, "Yeni mərkəz"),
            (Plain, "1 may"),
            (Plain, "Mərkəz açıldı."),
            (Plain, "Qeyd."),
            (Plain, "Foto"),
            (Quote, "Xoş gəldiniz!"),
            (Quote, "Nazir"),
            (Boilerplate, "Paylaş"),
            (Boilerplate, "Digər"),
            (Boilerplate, "Başqa xəbər"),
            (Boilerplate, "© 2024"),
        ],
    );
    // The title stands in the page's header, where nothing else is a title.
    check("<header><h1>Title</h1></header><div><h2>Part</h2></div>", &[(Heading, "Title"), (Heading, "Part")]);
    check("<header><h2>Site</h2></header><h2>Title</h2>", &[(Boilerplate, "Site"), (Heading, "Title")]);
    check("<div class=menu>Menu<main>Text</main></div>", &[(Boilerplate, "Menu"), (Plain, "Text")]);
}

#[test]
fn a_head_without_an_end() {
    check("<html><head><title>t</title><p>Text</p>", &[(BlockKind::Plain, "Text")]);
    check("<head><meta name=x>\n <b>Text</b>", &[(BlockKind::Plain, "Text")]);
    check("<head>Text", &[(BlockKind::Plain, "Text")]);
    check("<title>t</title><body>Text", &[(BlockKind::Plain, "Text")]);
}

#[test]
fn line_breaks_and_paragraphs() {
    check("<p>a<br>b<br/><br>c</br>d", &[(BlockKind::Plain, "a\nb"), (BlockKind::Plain, "c\nd")]);
    check("<td>a<br><br> b", &[(BlockKind::Running, "a"), (BlockKind::Running, "b")]);
    check("<pre>a<br><br>b</pre>", &[(BlockKind::Plain, "a\n\nb")]);
}

#[test]
fn what_is_not_shown() {
    for source in [
        "<p STYLE='DISPLAY : none'>no</p>yes",
        "<dialog>no</dialog>yes",
        "<div role=navigation><ul><li>no</ul></div>yes",
        "<span aria-hidden=true>no</span>yes",
        "<noframes><p>no</p></noframes>yes",
        "<svg><title>no</title></svg>yes",
        "<template><p>no</template>yes",
        "yes<a role=doc-noteref><sup>1</sup></a>",
        "<select><option>no<option>no</select>yes",
        "<script>'</scrip' + '<p>no'</script>yes",
    ] {
        check(source, &[(BlockKind::Plain, "yes")]);
    }
    check("<p hidden=until-found>yes</p><dialog open>yes</dialog>", &[(BlockKind::Plain, "yes"); 2]);
}

#[test]
fn the_declaration_nearest_to_the_text_counts() {
    for (source, want) in [
        ("<html lang=en><body lang=az>x", Some("az")),
        ("<html lang=en><body><main lang='ru'>x", Some("ru")),
        ("<html><meta http-equiv=Content-Language content='az'><p>x", Some("az")),
        ("<html xml:lang=ru><meta http-equiv=content-language content=en>x", Some("ru")),
        ("<html lang=''><p lang=ru>x", None),
    ] {
        assert_eq!(
            read(source, Builder::default()).declared.map(|language| language.to_string()),
            want.map(str::to_owned),
            "{source}"
        );
    }
}

#[test]
fn deep_markup_loses_no_words() {
    let deep = format!("{}<p>Text</p>{}", "<div>".repeat(5000), "</div>".repeat(5000));
    check(&deep, &[(BlockKind::Plain, "Text")]);
    let page = format!("<html>{}a<li>b", "<b><i>".repeat(3000));
    check(&page, &[(BlockKind::Plain, "a"), (BlockKind::List, "b")]);
}
